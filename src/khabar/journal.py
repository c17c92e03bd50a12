"""What enters a record or is decided in it → a chain of hashes, in which nothing can be changed, left out or put in later (journal.sql)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from khabar.contract import digest

START = "0" * 64
_LAST = "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `kind`: reading, review, decision, actors, redaction, import, withdrawal or migration; `key`: of the row that entered, a
    hash of what it holds; of a migration the two forms."""

    number: int
    kind: str
    key: str
    at: str
    hash: str

    def follows(self, before: str) -> bool:
        """Is this row what it was when it was chained to the one with that hash?"""
        return self.hash == chained(before, self.number, self.kind, self.key, self.at)


def chained(before: str, number: int, kind: str, key: str, at: str) -> str:
    """The hash of a row."""
    return digest([before, number, kind, key, at])


def enter(connection: sqlite3.Connection, kind: str, key: str) -> None:
    """Append a row, within the caller's transaction."""
    try:
        last = connection.execute(_LAST).fetchone()
    except sqlite3.OperationalError:  # none yet
        _install(connection)
        last = None
    number, before = (last[0] + 1, last[1]) if last else (1, START)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", (number, kind, key, at, chained(before, number, kind, key, at)))


def widen(connection: sqlite3.Connection) -> None:
    """Let a journal that an older program began hold the kinds of this one, its rows as they are; within the caller's transaction."""
    made = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'journal'").fetchone()
    if made and "'migration'" not in made[0]:
        connection.execute("CREATE TEMP TABLE journal_before AS SELECT * FROM journal")
        connection.execute("DROP TABLE main.journal")
        _install(connection)
        connection.execute("INSERT INTO journal SELECT * FROM journal_before ORDER BY number")
        connection.execute("DROP TABLE journal_before")


def _install(connection: sqlite3.Connection) -> None:
    for statement in files("khabar").joinpath("journal.sql").read_text("utf-8").split(";\n"):
        connection.execute(statement + (";" if statement.rstrip().endswith("END") else ""))


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """All rows in their order; none where a record was made before it had a journal."""
    if _has(connection):
        yield from (Entry(*row) for row in connection.execute("SELECT number, kind, key, at, hash FROM journal ORDER BY number"))


def head(connection: sqlite3.Connection) -> str | None:
    """The hash of the last row. Who has published it can prove that all before it stood so."""
    last = connection.execute("SELECT hash FROM journal ORDER BY number DESC LIMIT 1").fetchone() if _has(connection) else None
    return str(last[0]) if last else None


def _has(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'journal'").fetchone() is not None
