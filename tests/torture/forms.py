"""Records of other programs: an older one without the later tables opens and can be written to; a newer one is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from torture import desk

LATER = (
    "particulars", "redactions", "journal", "actor_decisions", "actor_files", "sketched", "sketches", "copied", "recopied", "copied_up_to",
    "derived_readings", "derivations",
)  # fmt: skip


def run(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    older = folder / "older.khabar"
    first, second = desk.reports(folder, "a", range(4)), desk.reports(folder, "b", range(4, 8))
    desk.done(("build", first, "--record", older))
    dumped = desk.dump(older)
    with closing(sqlite3.connect(older)) as file:
        for table in LATER:
            file.execute(f"DROP TABLE IF EXISTS {table}")
        file.commit()
    desk.copied(older, folder / "asked.khabar")
    assert desk.dump(folder / "asked.khabar") == dumped
    for command in (("verify",), ("claims",), ("control", "--on", "2031-05-05"), ("failures",), ("review",)):
        desk.done((command[0], folder / "asked.khabar", *command[1:]))
    yield "a record without later tables: opens, answers, gives the same dump"
    whole = folder / "whole.khabar"
    desk.done(("build", first, second, "--record", whole), ("build", second, "--record", older))
    desk.holds(older)
    assert desk.dump(older) == desk.dump(whole)
    claim = desk.claims_of(older)[0]
    desk.done(
        ("review", older, claim, "--verdict", "accept", "--by", "A", "--reason", "so"),
        ("redact", older, "a1", "--reason", "so", "--by", "A", "--yes"),
    )
    desk.holds(older)
    yield "it can be built on, reviewed and redacted, and verifies"
    yield from _foreign(folder, older, second)


def _foreign(folder: Path, older: Path, path: Path) -> Iterator[str]:
    """A newer form, and a database of another program: refused, and not a byte of it altered."""
    newer, other = folder / "newer.khabar", folder / "other.sqlite"
    desk.copied(older, newer)
    with closing(sqlite3.connect(newer)) as file:
        file.execute("PRAGMA user_version = 99")
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE sales (day TEXT)")
    for record, words in ((newer, "newer"), (other, "form 0")):
        before = record.read_bytes()
        for command in (
            ("verify", record),
            ("build", path, "--record", record),
            ("redact", record, "a1", "--reason", "s", "--by", "A", "--yes"),
        ):
            found = desk.run(command)
            assert found.said_clearly, found
            assert words in found.output, found
        assert record.read_bytes() == before, f"{record} was altered"
    yield "a newer form and another program's file: refused with one clear line, not a byte altered"
