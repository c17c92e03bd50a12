"""A record of an older form → the same record in this program's form, and a copy of the old file beside it.

All steps are one transaction: killed at any moment the record has one form or the other. What was said, read and decided is not touched.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from khabar import journal
from khabar.errors import RecordError
from khabar.record import FORM, connect, locked_or_full, quoted
from khabar.versions import install

STEPS: Mapping[int, tuple[str, ...]] = {
    # From that form to the next. 1: readings did not say by which rules of grammar they were made.
    1: ("ALTER TABLE readings ADD COLUMN rules TEXT NOT NULL DEFAULT ''",),
    # 2: claims did not say how likely the model holds them. Those that are there stay without.
    2: ("ALTER TABLE claims ADD COLUMN confidence REAL CHECK (confidence BETWEEN 0 AND 1)",),
}


@dataclass(frozen=True, slots=True)
class Migration:
    """From which form to which; `backup`: the old file, None where there was nothing to do."""

    old: int
    new: int
    backup: Path | None


def migrate(path: Path) -> Migration:
    """Bring a record forward. RecordError where there is none, where it is of a newer form, or not a record; it is then as it was."""
    if not path.is_file():
        raise RecordError(f"no record at {path}")
    with closing(connect(f"file:{quoted(path)}", path)) as connection:
        old = form_of(connection, path)
        if old == FORM:
            return Migration(old, old, None)
        backup = path.with_name(f"{path.name}.form{old}")
        _copy(connection, backup)
        with locked_or_full(str(path)), connection:
            connection.execute("BEGIN IMMEDIATE")
            if form_of(connection, path) == old:  # else another program was faster
                _step(connection, old)
        install(connection)
    return Migration(old, FORM, backup)


def form_of(connection: sqlite3.Connection, path: Path) -> int:
    """The form of a file that this program can bring forward."""
    form = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if form > FORM:
        raise RecordError(f"{path} has form {form}, made by a newer program; this one reads form {FORM}: install a newer khabar")
    if form != FORM and form not in STEPS:
        raise RecordError(f"{path} has form {form}: it is no record, or of a form that this program does not know")
    return form


def _step(connection: sqlite3.Connection, old: int) -> None:
    for form in range(old, FORM):
        for statement in STEPS[form]:
            connection.execute(statement)
    journal.widen(connection)
    journal.enter(connection, "migration", f"form {old} to form {FORM}")
    connection.execute(f"PRAGMA user_version = {FORM}")


def _copy(connection: sqlite3.Connection, backup: Path) -> None:
    """A copy that is whole before it has its name; what a killed migration left is replaced."""
    part = backup.with_name(f"{backup.name}.part")
    part.unlink(missing_ok=True)
    with locked_or_full(str(backup)):
        with closing(sqlite3.connect(part)) as target:
            connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log of its own
        os.replace(part, backup)
