"""places → the SQLite file that a gazetteer looks them up in.

`exact` leads from the hash of a spelling to a name, `sound` from the consonants of a whole name or of one of its words, with how the name
sounds roughly, so that hundreds of names are weighed without fetching them. A word that thousands of names of a country share leads
nowhere; how common a word is stands in `common`, so that it weighs little in a comparison.
"""

from __future__ import annotations

import gc
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from khabar.errors import InputError, KnowledgeError
from khabar.model import Precision
from khabar.romanising import NO_MEANING, Sounds, bones, roughly, sounds, sounds_of
from khabar.spellings import normal

FORM = 3
"""Of the file: one of another form has to be made again."""
_PLACE_ID = "CREATE UNIQUE INDEX IF NOT EXISTS place_id ON place (id, source)"
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS source (
  number INTEGER PRIMARY KEY, name TEXT UNIQUE, licence TEXT, imported TEXT, places INTEGER, names INTEGER, towns INTEGER
);
CREATE TABLE IF NOT EXISTS place (
  number INTEGER PRIMARY KEY, id TEXT, name TEXT, latitude REAL, longitude REAL, country TEXT, admin1 TEXT, areas TEXT,
  precision TEXT, feature TEXT, population INTEGER, source INTEGER, first_name INTEGER, last_name INTEGER
);
{_PLACE_ID};
CREATE TABLE IF NOT EXISTS outline (place INTEGER PRIMARY KEY, shape TEXT);
CREATE TABLE IF NOT EXISTS name (number INTEGER PRIMARY KEY, place INTEGER, text TEXT, heard TEXT, language TEXT, sort TEXT);
CREATE TABLE IF NOT EXISTS exact (hash INTEGER, name INTEGER, PRIMARY KEY (hash, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sound (key TEXT, country TEXT, name INTEGER, rough TEXT, PRIMARY KEY (key, country, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS common (country TEXT, key TEXT, source INTEGER, names INTEGER, PRIMARY KEY (country, key, source)) WITHOUT ROWID;
CREATE TEMP TABLE spelled (hash INTEGER, name INTEGER);
CREATE TEMP TABLE heard (key TEXT, country TEXT, name INTEGER, rough TEXT, sort INTEGER);
"""
_WORD, _ALONE, _WHOLE = 0, 1, 2
"""What is heard: one word of several; the one word of a name; the words of a name together."""
COMMON_FROM = 6
"""Names of a country that share a word before it counts as common."""
FOUND_UP_TO = 3000
"""Names of a country that share a word before it no longer leads to them."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name of a place; `sort` is "historic", "colloquial", "short", or "part" for a piece of a longer name."""

    text: str
    language: str | None = None
    sort: str | None = None


@dataclass(slots=True)
class Row:
    """A place on its way into the file. `areas`: what contains it below `admin1`, the larger first; `outline`: GeoJSON, to draw it."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    country: str | None
    admin1: str | None = None
    precision: Precision = "town"
    population: int = 0
    names: Sequence[str | Spelling] = ()
    areas: tuple[str, ...] = ()
    feature: str = ""
    outline: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A list of places in a gazetteer file."""

    name: str
    licence: str
    imported: date
    places: int
    names: int


def write_places(store: Path, rows: Iterable[Row], *, source: str, licence: str) -> int:
    """Put a source into a gazetteer file, made if absent, in place of an earlier source of that name; how many places.

    A row whose id the source has already is left out. All is written, or, where the rows raise, nothing.
    """
    store.parent.mkdir(parents=True, exist_ok=True)
    with closing(_opened(store)) as connection, connection, _no_collection():
        connection.execute("BEGIN")
        values = (_delete(connection, source), source, licence, date.today().isoformat())
        (number,) = connection.execute(
            "INSERT INTO source (number, name, licence, imported) VALUES (?,?,?,?) RETURNING number", values
        ).fetchone()
        _Writer(connection, number).write(rows)
        (count,) = connection.execute("SELECT places FROM source WHERE number = ?", (number,)).fetchone()
    return int(count)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of rows come and go, none of them in a cycle: looking for cycles among them takes a tenth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _opened(store: Path) -> sqlite3.Connection:
    fresh = not store.exists() or not store.stat().st_size
    if not fresh:
        check_store(store)
    connection = sqlite3.connect(store, isolation_level=None)
    connection.executescript(SCHEMA)
    if fresh:
        connection.execute(f"PRAGMA user_version = {FORM}")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


class _Writer:
    """Writes the places and names of one source, in batches."""

    def __init__(self, connection: sqlite3.Connection, source: int) -> None:
        self._connection = connection
        self._source = source
        self._waiting: dict[str, list[tuple[Any, ...]]] = {
            table: [] for table in ("place", "outline", "name", "temp.spelled", "temp.heard")
        }
        self._ids: set[int] = set()
        (self._name,) = connection.execute("SELECT coalesce(max(number), 0) FROM name").fetchone()
        (self._place,) = connection.execute("SELECT coalesce(max(number), 0) FROM place").fetchone()

    def write(self, rows: Iterable[Row]) -> None:
        """Places and names as they come; then the ways to them, in their order, which is many times faster than one by one."""
        before, towns = self._name, 0
        run = self._connection.execute
        first = not self._place
        if first:
            run("DROP INDEX place_id")
        for row in rows:
            if (id := hash(row.id)) not in self._ids:
                self._ids.add(id)
                self._write_place(row)
                towns += row.precision == "town"
            if len(self._waiting["name"]) > 10_000:
                self._flush()
        self._flush()
        if first:
            run(_PLACE_ID)
        run(
            "INSERT INTO common SELECT country, key, ?, count(*) FROM temp.heard WHERE sort < ? GROUP BY key, country HAVING count(*) >= ?",
            (self._source, _WHOLE, COMMON_FROM),
        )
        run("INSERT INTO exact SELECT hash, name FROM temp.spelled ORDER BY hash, name")
        run(
            "INSERT OR IGNORE INTO sound SELECT key, country, name, rough FROM temp.heard h WHERE sort OR NOT EXISTS"
            " (SELECT 1 FROM common c WHERE c.key = h.key AND c.country = h.country AND c.source = ? AND c.names > ?)"
            " ORDER BY key, country, name",
            (self._source, FOUND_UP_TO),
        )
        run("DROP TABLE temp.spelled")
        run("DROP TABLE temp.heard")
        counts = len(self._ids), self._name - before, towns, self._source
        run("UPDATE source SET places = ?, names = ?, towns = ? WHERE number = ?", counts)

    def _flush(self) -> None:
        for table, waiting in self._waiting.items():
            if waiting:
                self._connection.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(waiting[0]))})", waiting)
                waiting.clear()

    def _write_place(self, row: Row) -> None:
        spellings: dict[str, Spelling | str] = {}
        for given in (*row.names, row.name):
            text = given if isinstance(given, str) else given.text
            if key := normal(text):
                spellings.setdefault(key, given)
            for piece in _own_pieces(given, row) if _PARTS.search(text) else ():
                if key := normal(piece.text):
                    spellings.setdefault(key, piece)
        self._place += 1
        fields = (self._place, row.id, row.name, row.latitude, row.longitude, row.country, row.admin1, "|".join(row.areas) or None)
        more = (row.precision, row.feature or None, row.population, self._source, self._name + 1, self._name + len(spellings))
        self._waiting["place"].append((*fields, *more))
        if row.outline:
            self._waiting["outline"].append((self._place, row.outline))
        for key, spelling in spellings.items():
            self._write_name(key, spelling, row.country or "")

    def _write_name(self, key: str, given: Spelling | str, country: str) -> None:
        self._name = name = self._name + 1
        text, language, sort = (given, None, None) if isinstance(given, str) else (given.text, given.language, given.sort)
        heard = sounds_of(key)
        self._waiting["name"].append((name, self._place, text, written(heard), language, sort))
        self._waiting["temp.spelled"].append((spelling_hash(key), name))
        words = [word for word in map(bones, heard.words) if word]
        if not words:
            return
        ways, rough = self._waiting["temp.heard"], roughly(" ".join(heard.words))
        if len(words) == 1:
            ways.append((words[0], country, name, rough, _ALONE))
        else:
            ways.append(("".join(words), country, name, rough, _WHOLE))
            ways += [(word, country, name, rough, _WORD) for word in words if len(word) > 1]


_PARTS = re.compile(r"[_/()]|\s[-–]\s")


def _pieces(given: Spelling | str) -> Iterator[Spelling]:
    """What stands in a name on either side of a dash or slash: "Bayda - Aghja" is also "Bayda"."""
    text, language = (given, None) if isinstance(given, str) else (given.text, given.language)
    if _PARTS.search(text):
        yield from (Spelling(piece.strip(), language, "part") for piece in _PARTS.split(text) if len(piece.strip()) > 2)


def _own_pieces(given: Spelling | str, row: Row) -> list[Spelling]:
    """Without those after the first that only say where it lies: "Abin - Efrin", in the district of Afrin, is not called Efrin."""
    pieces = list(_pieces(given))
    areas = {whole_key(sounds(area)) for area in (row.admin1, *row.areas) if area} if pieces else set()
    return [piece for at, piece in enumerate(pieces) if at == 0 or whole_key(sounds(piece.text)) not in areas]


def pieces_of(text: str) -> list[str]:
    """A name as a report writes it, and its alternatives: "Duniq/Dowaibeq", "Kobane (Ayn al-Arab)"."""
    return [text, *(spelling.text for spelling in _pieces(text))]


@lru_cache(maxsize=100_000)
def whole_key(heard: Sounds) -> str:
    return "".join(map(bones, heard.words))


def written(heard: Sounds) -> str:
    """Sounds in one column: words, then the meanings behind a bar."""
    return " ".join(heard.words) + ("|" + " ".join(sorted(heard.meanings)) if heard.meanings else "")


@lru_cache(maxsize=100_000)
def unwritten(heard: str) -> Sounds:
    words, _, meanings = heard.partition("|")
    return Sounds(tuple(words.split()), frozenset(meanings.split()) if meanings else NO_MEANING)


def spelling_hash(key: str) -> int:
    """A whole number for a normal spelling, the same on every machine."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


# --- sources


def sources(store: Path) -> list[Source]:
    """The lists in a gazetteer file, in the order in which they answer."""
    if not store.exists():
        return []
    check_store(store)
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT name, licence, imported, places, names FROM source ORDER BY number").fetchall()
    return [Source(name, licence, date.fromisoformat(day), places, names) for name, licence, day, places, names in rows]


def remove_source(store: Path, source: str) -> int:
    """Take a source out of a gazetteer file; how many places it had. Raises InputError where there is none of that name."""
    known = {found.name: found.places for found in sources(store)}
    if source not in known:
        raise InputError(f"no source {source!r} in your gazetteer; there is {', '.join(known) or 'none'}", code="source")
    with closing(_opened(store)) as connection:
        with connection:
            connection.execute("BEGIN")
            _delete(connection, source)
        connection.execute("VACUUM")
    return known[source]


def _delete(connection: sqlite3.Connection, source: str) -> int | None:
    """Its number, which a new list of that name takes over with its place in the order."""
    found = connection.execute("SELECT number FROM source WHERE name = ?", (source,)).fetchone()
    if not found:
        return None
    within = "n.number BETWEEN p.first_name AND p.last_name"
    connection.execute(f"CREATE TEMP TABLE gone AS SELECT n.number FROM place p JOIN name n ON {within} WHERE p.source = ?", found)
    connection.execute("CREATE UNIQUE INDEX temp.gone_number ON gone (number)")
    for table, column in (("exact", "name"), ("sound", "name"), ("name", "number")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN temp.gone")
    connection.execute("DROP TABLE temp.gone")
    connection.execute("DELETE FROM common WHERE source = ?", found)
    connection.execute("DELETE FROM outline WHERE place IN (SELECT number FROM place WHERE source = ?)", found)
    connection.execute("DELETE FROM place WHERE source = ?", found)
    connection.execute("DELETE FROM source WHERE number = ?", found)
    return int(found[0])


def check_store(store: Path) -> None:
    """Raises KnowledgeError where a file given as gazetteer is not one, or one of another form."""
    try:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            (form,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise KnowledgeError(f"{store}: not a gazetteer of this program ({error})") from error
    if form != FORM:
        raise KnowledgeError(f"{store}: a gazetteer of another form of this program; delete it and import the lists again")
