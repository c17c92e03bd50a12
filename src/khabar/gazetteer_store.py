"""places → the SQLite file that a gazetteer looks them up in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from khabar.errors import KnowledgeError
from khabar.model import Precision
from khabar.romanising import skeleton
from khabar.spellings import normal

SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, latitude REAL, longitude REAL, country TEXT, admin1 TEXT,
  precision TEXT, population INTEGER, source TEXT, licence TEXT
);
CREATE TABLE IF NOT EXISTS name (
  normal TEXT, skeleton TEXT, country TEXT, place INTEGER, text TEXT, PRIMARY KEY (normal, place)
) WITHOUT ROWID;
"""
INDEX = "CREATE INDEX IF NOT EXISTS name_skeleton ON name (country, skeleton)"


_FIELDS = "id, name, latitude, longitude, country, admin1, precision, population, source, licence"


@dataclass(slots=True)
class Row:
    """A place on its way into the file."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    country: str | None
    admin1: str | None = None
    precision: Precision = "town"
    population: int = 0
    names: list[str] = field(default_factory=list)


def write_places(store: Path, rows: Iterable[Row], *, source: str, licence: str) -> int:
    """Put rows into a gazetteer file (created if absent; a row of the same id is replaced); how many."""
    store.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(store)
    count = 0
    with connection:
        connection.executescript(SCHEMA)
        for row in rows:
            _insert(connection, row, source, licence)
            count += 1
        connection.execute(INDEX)
    connection.close()
    return count


def _insert(connection: sqlite3.Connection, row: Row, source: str, licence: str) -> None:
    old = connection.execute("SELECT number FROM place WHERE id = ?", (row.id,)).fetchone()
    if old:
        connection.execute("DELETE FROM name WHERE place = ?", old)
        connection.execute("DELETE FROM place WHERE number = ?", old)
    values = (row.id, row.name, row.latitude, row.longitude, row.country, row.admin1, row.precision, row.population, source, licence)
    number = connection.execute(
        f"INSERT INTO place ({_FIELDS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        values,
    ).lastrowid
    spellings = {key: text for text in [*row.names, row.name] if (key := normal(text))}
    names = [(key, skeleton(text), row.country, number, text) for key, text in spellings.items()]
    connection.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?,?,?)", names)


def check_store(store: Path) -> None:
    """Raises KnowledgeError where a file given as gazetteer is not one."""
    try:
        sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("SELECT 1 FROM place, name LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise KnowledgeError(f"{store}: not a gazetteer of this program ({error})") from error
