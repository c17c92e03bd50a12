"""A record → the file beside it in which what follows from it is kept, attached to its connection as `derived` (tables: derived.sql).

A question never writes into the record. Where its folder may not be written to, the file lies in the user's cache, and else in memory.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Hashable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b, sha256
from importlib.resources import files
from itertools import repeat
from pathlib import Path
from uuid import uuid4

from khabar.contract import canonical, digest
from khabar.errors import OutdatedError
from khabar.folders import cache_folder
from khabar.naming import Names
from khabar.record import keep_log, quoted
from khabar.rulings import Ruling
from khabar.ties import Registry

# What decides the answers: a file made by another program, or with other knowledge, is made anew.
DECIDING = (
    "accounts.py",
    "all_joined.py",
    "areas.py",
    "bearing_rows.py",
    "bearings.py",
    "beside.py",
    "chains.py",
    "chronicle.py",
    "contested.py",
    "contested_incidents.py",
    "contested_places.py",
    "control.py",
    "copies.py",
    "copies.sql",
    "credits.py",
    "derived.sql",
    "disputes.py",
    "drawers.py",
    "evidence.py",
    "figures.py",
    "filing.py",
    "fingerprints.py",
    "grouping.py",
    "happenings.py",
    "hearing.py",
    "histories.py",
    "incidents.py",
    "informants.py",
    "joining.py",
    "judging.py",
    "keeping.py",
    "kinship.py",
    "matters.py",
    "naming.py",
    "numerals.py",
    "parties.py",
    "positions.py",
    "profiles.py",
    "quoting.py",
    "reasons.py",
    "rejoining.py",
    "record.py",
    "reviews.py",
    "roles.py",
    "rulings.py",
    "spellings.py",
    "tellings.py",
    "ties.py",
    "titles.py",
    "versions.py",
    "weighing.py",
    "wording.py",
)
KNOWING = tuple(f"knowledge/{name}.yaml" for name in ("actor_forms", "control", "copies", "incidents", "numbers", "weights"))


NAME = "the file beside the record"
TRIES = 100
DAYS = 8  # of knowledge, for which answers and incidents are kept
CACHE = 256 * 1024  # kB at most; with SQLite's 2 MB the claims of a large record are read, and their index written, page by page


def attach(connection: sqlite3.Connection) -> None:
    """Open the file, made if absent, as `derived`."""
    if "derived" not in paths(connection):
        _attach(connection)


def begin(connection: sqlite3.Connection, program: str) -> dict[str, str]:
    """What the file says of itself, after a new beginning where another program made it or none did. Within the caller's transaction."""
    if facts(connection).get("program") != program:
        empty(connection, program)
    return facts(connection)


def facts(connection: sqlite3.Connection) -> dict[str, str]:
    """What the file says of itself: who made it, and how far into the record's journal it has come."""
    if not connection.execute("SELECT 1 FROM derived.sqlite_schema WHERE name = 'facts'").fetchone():
        return {}
    return {row["name"]: row["value"] for row in connection.execute("SELECT name, value FROM derived.facts")}


def progress(record: Path) -> tuple[int, int] | None:
    """How many places there are whose histories are not worked out yet, and how many places; None where no file says so."""
    for path in _paths(str(record.resolve())):
        if path and path.exists():
            with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{quoted(path)}?mode=ro", uri=True, timeout=0)) as connection:
                left, places = connection.execute(_PROGRESS).fetchone()
                return left, places
    return None


_PROGRESS = "SELECT (SELECT count(*) FROM stale), (SELECT count(*) FROM (SELECT place FROM stale UNION SELECT place FROM histories))"


def journal(connection: sqlite3.Connection, rulings: Iterable[Ruling]) -> str:
    """How far the record has come, as the index knows it, and what persons decided beside it."""
    known = facts(connection)
    return canonical([*(known[name] for name in ("arrival", "arrived", "reviews")), *(ruling.id for ruling in rulings)])


def note(connection: sqlite3.Connection, **found: str) -> None:
    """Keep such facts."""
    connection.executemany("INSERT OR REPLACE INTO derived.facts VALUES (?, ?)", sorted(found.items()))


def tries() -> Iterator[None]:
    """For what has to be begun again where other programs change the record meanwhile; OutdatedError where they always do."""
    yield from repeat(None, TRIES)
    raise OutdatedError("the record was changed by another program whenever it was looked at; ask again")


def next_turn(connection: sqlite3.Connection) -> str:
    """A name for the state of the file from now on: another one whenever something is taken in, and never given twice."""
    note(connection, turn=(turn := uuid4().hex))
    return turn


def next_edition(connection: sqlite3.Connection) -> int:
    """A number for what is read, or to be grouped, from now on."""
    edition = int(facts(connection).get("edition", 0)) + 1
    note(connection, edition=str(edition))
    return edition


@lru_cache(maxsize=100_000)
def number_of(key: Hashable) -> int:
    """A number for what something is filed under, the same in every run: a row of millions is shorter by it, and sooner filed."""
    return int.from_bytes(blake2b(repr(key).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


@contextmanager
def filling(connection: sqlite3.Connection, table: str) -> Iterator[bool]:
    """Is the table empty? Then its indexes are made once it is filled, in one go: row by row, in no order of theirs, the pages of a large
    one would go in and out of memory again and again. Within the caller's transaction."""
    is_empty = not connection.execute(f"SELECT 1 FROM derived.{table} LIMIT 1").fetchone()
    indexes = connection.execute(_INDEXES, (table,)).fetchall() if is_empty else []
    for name, _ in indexes:
        connection.execute(f"DROP INDEX derived.{name}")
    yield is_empty
    for _, made_by in indexes:
        connection.execute(made_by.replace("INDEX ", "INDEX derived.", 1))


_INDEXES = "SELECT name, sql FROM derived.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"


def empty(connection: sqlite3.Connection, program: str) -> None:
    """Begin anew."""
    for row in connection.execute("SELECT name FROM derived.sqlite_schema WHERE type = 'table'").fetchall():
        connection.execute(f'DROP TABLE derived."{row["name"]}"')
    for statement in files("khabar").joinpath("derived.sql").read_text("utf-8").split(";\n"):
        connection.execute(statement)
    # Numbers of incidents go on after those that another program gave, which a server may still hold: no record makes a thousand a second.
    note(connection, program=program, arrival="0", arrived="", reviews="0", numbers=str(time.time_ns() // 1_000_000))
    next_turn(connection)


def forget(connection: sqlite3.Connection) -> None:
    """Delete the file, wherever it lies; a question makes it anew."""
    attached = paths(connection)
    if "derived" in attached:
        connection.execute("DETACH derived")
    for path in filter(None, _paths(attached["main"])):
        _delete(path)


def _delete(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):  # in this order: beside an empty file SQLite throws a log away
        Path(f"{path}{ending}").unlink(missing_ok=True)


def program(registry: Registry, decided: Names) -> str:
    """A name for the code and the knowledge that decide."""
    here = Path(__file__).parent
    parts = [(here / name).read_bytes() for name in (*DECIDING, *KNOWING)]
    return sha256(b"\0".join([*parts, registry.fingerprint.encode(), *(id.encode() for id in decided.ids)])).hexdigest()


def paths(connection: sqlite3.Connection) -> dict[str, str]:
    """The record (`main`) and the file beside it (`derived`), '' for one in memory."""
    return {row["name"]: row["file"] for row in connection.execute("PRAGMA database_list")}


def _attach(connection: sqlite3.Connection) -> None:
    for path in _paths(paths(connection)["main"]):
        try:
            _open(connection, path)
            if path and not _is_known(connection):
                connection.execute("DETACH derived")
                _delete(path)
                _open(connection, path)
            return
        except (sqlite3.DatabaseError, OSError):
            if "derived" in paths(connection):
                connection.execute("DETACH derived")


def _open(connection: sqlite3.Connection, path: Path | None) -> None:
    connection.execute("ATTACH ? AS derived", (f"file:{quoted(path)}?mode=rwc" if path else ":memory:",))
    keep_log(connection, "derived")
    connection.execute("PRAGMA derived.synchronous = NORMAL")
    hold(connection, CACHE)


def _is_known(connection: sqlite3.Connection) -> bool:
    """Whether it is a file of tables that can be dropped one by one, by this program and by older ones. Others have held a table of
    SQLite's own, which cannot; what a newer one puts there, nobody knows."""
    strange = "type NOT IN ('table', 'index') OR (type = 'table' AND name LIKE 'sqlite%') OR sql LIKE 'CREATE VIRTUAL%'"
    return not connection.execute(f"SELECT 1 FROM derived.sqlite_schema WHERE {strange} LIMIT 1").fetchone()


def hold(connection: sqlite3.Connection, memory: int) -> None:
    """How many kB of each of the two files to keep at hand."""
    for schema in ("derived", "main"):
        connection.execute(f"PRAGMA {schema}.cache_size = {-memory}")


def _paths(main: str) -> Iterator[Path | None]:
    """Where the file may lie, the best place first; None: in memory."""
    if main:
        beside, cached = Path(f"{main}-derived"), cache_folder() / f"derived-{digest(main)[:16]}"
        if os.access(beside.parent, os.W_OK):
            yield beside
        try:
            cached.parent.mkdir(parents=True, exist_ok=True)
            yield cached
        except OSError:
            pass
    yield None
