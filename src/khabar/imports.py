"""A record → the files that were imported into it, whose word their rows are, and whether they stand or were taken back (imports.sql).

What an import brought stands while some import that has it is in force. Taking one back deletes nothing: its readings are not current
any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from importlib.resources import files

from khabar.contract import digest
from khabar.errors import QuestionError
from khabar.journal import enter, widen

BY_CODER = "coder "
"""What stands before the name of a coder as the rule of a claim that was imported."""


@dataclass(frozen=True, slots=True)
class Import:
    """One file. `sha256`: of its bytes; `layout`: acled, ged or claims; `published`: an ISO day for rows that name none; `is_whole`: the
    rows' originals, one after the other, are the file; `name`: how it was called, which is no part of what it is."""

    sha256: str
    layout: str
    speaker: str
    published: str | None
    is_whole: bool
    name: str

    @property
    def id(self) -> str:
        return digest([self.sha256, self.layout, self.speaker, self.published, int(self.is_whole)])[:16]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A signed decision: an import, or an earlier decision, no longer holds."""

    withdraws: str
    reason: str
    signed_by: str
    signed_at: str

    @property
    def id(self) -> str:
        return digest(list(astuple(self)))[:16]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is imported and decided: by the ids under which it is kept."""

    imports: Mapping[str, Import]
    decisions: Mapping[str, Withdrawal]

    def withdrawal(self, id: str) -> tuple[str, Withdrawal] | None:
        """The decision by which an import, or a decision, no longer holds; the last one signed. None where it stands."""
        later = [(key, one) for key, one in self.decisions.items() if one.withdraws == id and self.withdrawal(key) is None]
        return max(later, key=lambda pair: (pair[1].signed_at, pair[0]), default=None)

    def stands(self, id: str) -> bool:
        return self.withdrawal(id) is None


def install(connection: sqlite3.Connection) -> None:
    """Make the tables, where they are not there; outside a transaction."""
    if not has_imports(connection):
        script = files("khabar").joinpath("imports.sql").read_text("utf-8")
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\n")
        widen(connection)
        connection.execute("COMMIT")


def has_imports(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'imports'").fetchone() is not None


def kept(connection: sqlite3.Connection) -> Kept:
    """All imports and decisions of a record."""
    if not has_imports(connection):
        return Kept({}, {})
    imports = {row["import"]: _import(row) for row in connection.execute("SELECT * FROM imports ORDER BY import")}
    rows = connection.execute("SELECT * FROM import_decisions ORDER BY signed_at, decision")
    names = ("withdraws", "reason", "signed_by", "signed_at")
    return Kept(imports, {row["decision"]: Withdrawal(*(row[name] for name in names)) for row in rows})


def _import(row: sqlite3.Row) -> Import:
    facts = {name: row[name] for name in Import.__slots__}
    return Import(**{**facts, "is_whole": bool(row["is_whole"])})


def imports_of(connection: sqlite3.Connection, claim_id: str) -> list[tuple[str, int]]:
    """Which imports brought a claim that counts, and in which of their rows."""
    if not has_imports(connection):
        return []
    query = (
        "SELECT DISTINCT import, number FROM claims JOIN readings USING (reading) JOIN imported USING (version) "
        "WHERE claim_id = ? AND current = 1 ORDER BY 1, 2"
    )
    return [(row["import"], row["number"]) for row in connection.execute(query, (claim_id,))]


# --- within the caller's transaction


def keep_import(connection: sqlite3.Connection, one: Import) -> bool:
    """Whether it is new."""
    row = {"import": one.id, **asdict(one)}
    marks = ", ".join(f":{column}" for column in row)
    new = connection.execute(f"INSERT OR IGNORE INTO imports ({', '.join(row)}) VALUES ({marks})", row).rowcount > 0
    if new:
        enter(connection, "import", one.id)
    return new


def keep_rows(connection: sqlite3.Connection, id: str, rows: Iterable[tuple[int, str, str | None]]) -> None:
    """Rows of a file: number, SHA-256 of the original, version."""
    connection.executemany("INSERT OR IGNORE INTO imported VALUES (?, ?, ?, ?)", ((id, *row) for row in rows))


def keep_withdrawal(connection: sqlite3.Connection, one: Withdrawal) -> bool:
    """Whether it is new; what was imported is to be `settle`d after it."""
    row = (one.id, *astuple(one))
    new = connection.execute("INSERT OR IGNORE INTO import_decisions VALUES (?, ?, ?, ?, ?)", row).rowcount > 0
    if new:
        enter(connection, "withdrawal", one.id)
    return new


def signed(connection: sqlite3.Connection, id: str, *, by: str, reason: str, at: datetime | None = None) -> Withdrawal:
    """A decision that takes back an import, or another such decision, by its id or the beginning of it."""
    known = kept(connection)
    found = [key for key in (*known.imports, *known.decisions) if id and key.startswith(id)]
    if len(found) != 1:
        told = "several imports or decisions begin so" if found else "this record has no such import"
        raise QuestionError(f"{id!r}: {told}; khabar import RECORD lists them")
    if not by.strip() or not reason.strip():
        raise QuestionError("a withdrawal needs a name (--by) and a reason (--reason)")
    if earlier := known.withdrawal(found[0]):
        raise QuestionError(
            f"{found[0]} was withdrawn already, by {earlier[1].signed_by}: {earlier[1].reason}; to undo that, withdraw {earlier[0]}"
        )
    moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
    return Withdrawal(found[0], reason, by, moment)


def settle(connection: sqlite3.Connection) -> int:
    """Make the readings of imported versions current where an import that has them stands, and else not; how many changed.

    Each that changed is noted as arrived again, so that what is kept beside the record is worked out anew.
    """
    if not has_imports(connection):
        return 0
    known = kept(connection)
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS standing (import TEXT PRIMARY KEY)")
    connection.execute("DELETE FROM standing")
    connection.executemany("INSERT INTO standing VALUES (?)", [(id,) for id in known.imports if known.stands(id)])
    changed = [tuple(row) for row in connection.execute(_UNSETTLED)]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for reading, current in changed:
        connection.execute("UPDATE readings SET current = ? WHERE reading = ?", (current, reading))
        connection.execute("INSERT INTO arrivals (reading, arrived_at) VALUES (?, ?)", (reading, now))
    return len(changed)


# The reading of each imported version that is to be current, the one that came last where there are several; or that is not to be any more.
_UNSETTLED = """
WITH versions AS (SELECT DISTINCT version FROM imported WHERE version IS NOT NULL),
     held AS (
         SELECT version, EXISTS (SELECT 1 FROM imported JOIN standing USING (import) WHERE version = versions.version) AS stands,
                (SELECT reading FROM readings WHERE version = versions.version AND current = 1) AS now
         FROM versions
     )
SELECT now, 0 FROM held WHERE NOT stands AND now IS NOT NULL
UNION ALL
SELECT (SELECT reading FROM readings JOIN arrivals USING (reading) WHERE version = held.version ORDER BY arrival DESC LIMIT 1), 1
FROM held WHERE stands AND now IS NULL
"""


def dumped(connection: sqlite3.Connection) -> Iterator[Mapping[str, object]]:
    """For `khabar dump`: without the names of files, which are not what was imported."""
    known = kept(connection)
    for id, one in known.imports.items():
        facts = {name: value for name, value in asdict(one).items() if name != "name"}
        rows = connection.execute("SELECT number, sha256, version FROM imported WHERE import = ? ORDER BY number", (id,))
        yield {"import": {"import": id, **facts, "rows": digest([list(row) for row in rows])}}
    for id, decision in sorted(known.decisions.items()):
        yield {"import_decision": {"decision": id, **asdict(decision)}}
