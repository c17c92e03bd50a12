"""A record and a report of it → the record without its words, or without a name in them, and a signed tombstone in their place.

What is blanked keeps its length, so that every offset still holds. What the claims were coded as (kind, days, numbers, ids of the registry
and the gazetteer) stays; the words they were read from do not. The file is written anew, so that the bytes are gone from it and its log.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from khabar import beside
from khabar.contract import canonical, digest
from khabar.errors import QuestionError, RecordError
from khabar.feeds.package import words_within
from khabar.journal import enter
from khabar.record import Record
from khabar.tombstones import Redaction, redactions, sha256_of

BLANK = "█"


def redact(record: Record, id: str, *, reason: str, by: str, name: str | None = None) -> list[Redaction]:
    """Blank the text of a report, or a `name` wherever it stands in it, for good; the new tombstones, none where it was done before.

    `id`: of the report, its version or its address; "all" with a name: every report that has it. QuestionError where there is none, or
    the name is nowhere; RecordError where another program holds the record open.
    """
    connection = record.connection
    blank = _Blank.of(name)
    if not reason.strip() or not by.strip() or (name and blank(reason) != reason):
        raise QuestionError("a redaction needs a reason, without the name itself, and the name of the one who signs it")
    meant = _meant(connection, id, name)
    versions = [version for version in meant if _stands_in(connection, version, blank)]
    if not versions and not _was_redacted(connection, meant):
        raise QuestionError(f"{name!r} stands in no report that {id!r} means" if name else f"this record has no report {id!r}")
    connection.create_function("blank", 1, lambda value: blank(value) if isinstance(value, str) else value)
    connection.execute("PRAGMA secure_delete = ON")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        kept = _kept(connection)
        with _writable(connection):
            made = [_redact(connection, version, blank, reason.strip(), by.strip()) for version in versions]
            _blank_around(connection, blank, kept)
            _empty_derived(connection, kept)
            connection.execute("INSERT INTO search (search) VALUES ('rebuild')")
    _rewrite(connection)
    beside.forget(connection)
    return made


# -- what is blanked -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Blank:
    """Words → the same with █ in place of each character: all of them, or those that match."""

    pattern: re.Pattern[str] | None = None

    @classmethod
    def of(cls, name: str | None) -> _Blank:
        """`name`: in any case, and with anything but letters between its words."""
        if name is None:
            return cls()
        if not (parts := re.findall(r"\w+", name)):
            raise QuestionError(f"{name!r} is no name: it has no letter")
        return cls(re.compile(r"(?<!\w)" + r"[^\w]+".join(map(re.escape, parts)) + r"(?!\w)", re.I))

    def __call__(self, words: str) -> str:
        return self.pattern.sub(lambda found: BLANK * len(found[0]), words) if self.pattern else BLANK * len(words)

    def label(self, words: str | None) -> str | None:
        """An id, an address or an outlet: they stay with a text that is blanked whole, and lose a name that is."""
        return self(words) if words and self.pattern else words


def _meant(connection: sqlite3.Connection, id: str, name: str | None) -> list[str]:
    if id == "all" and name is not None:
        return [row[0] for row in connection.execute("SELECT version FROM reports ORDER BY version")]
    rows = connection.execute("SELECT version FROM reports WHERE ? IN (version, report_id, url) ORDER BY version", (id,)).fetchall()
    if not rows and (
        claim := connection.execute(
            "SELECT report_id FROM claims JOIN readings USING (reading) JOIN reports USING (version) WHERE claim_id = ?", (id,)
        ).fetchone()
    ):
        raise QuestionError(f"{id!r} is a claim; give the id of its report, {claim['report_id']}, and --name for words in it")
    return [row["version"] for row in rows]


_WORDS = """
SELECT text FROM reports WHERE version = :version
UNION ALL SELECT report_id FROM reports WHERE version = :version
UNION ALL SELECT url FROM reports WHERE version = :version AND url IS NOT NULL
UNION ALL SELECT ifnull(title, '') || char(10) || ifnull(author, '') || char(10) || sections FROM readings WHERE version = :version
UNION ALL SELECT value FROM particulars WHERE version = :version
UNION ALL SELECT bytes FROM originals JOIN reports USING (sha256) WHERE version = :version
"""


def _stands_in(connection: sqlite3.Connection, version: str, blank: _Blank) -> bool:
    """Whether there is something left to blank."""
    if blank.pattern is None:
        return set(connection.execute("SELECT text FROM reports WHERE version = ?", (version,)).fetchone()[0]) != {BLANK}
    found = (row[0] for row in connection.execute(_WORDS, {"version": version}))
    words = (told for part in found for told in (words_within(part) if isinstance(part, bytes) else [part]))
    return any(blank(part) != part for part in words)


def _was_redacted(connection: sqlite3.Connection, versions: list[str]) -> bool:
    return any(one.version in versions for one in redactions(connection))


def _redact(connection: sqlite3.Connection, version: str, blank: _Blank, reason: str, by: str) -> Redaction:
    report = connection.execute("SELECT * FROM reports WHERE version = ?", (version,)).fetchone()
    text = blank(report["text"])
    labels = [blank.label(report[key]) for key in ("report_id", "url", "outlet")]
    connection.execute("UPDATE reports SET text = ?, report_id = ?, url = ?, outlet = ? WHERE version = ?", (text, *labels, version))
    connection.execute("UPDATE originals SET bytes = x'' WHERE sha256 = ?", (report["sha256"],))
    connection.execute("UPDATE particulars SET value = blank(value) WHERE version = ? AND name <> 'revised'", (version,))
    for row in connection.execute("SELECT reading, sections FROM readings WHERE version = ?", (version,)).fetchall():
        _blank_reading(connection, row["reading"], json.loads(row["sections"]), text, blank)
    return _signed(connection, report, blank, reason, by)


def _blank_reading(connection: sqlite3.Connection, reading: str, sections: list[list[Any]], text: str, blank: _Blank) -> None:
    run, of_it = connection.execute, " WHERE reading = ?"
    authors = canonical([[*span, blank(author) if author else None] for *span, author in sections])
    run("UPDATE readings SET title = blank(title), author = blank(author), sections = ?" + of_it, (authors, reading))
    for sentence, start, end in map(tuple, run('SELECT sentence, start, "end" FROM sentences' + of_it, (reading,)).fetchall()):
        run("UPDATE sentences SET text = ? WHERE sentence = ?", (text[start:end], sentence))
    for rowid, detail in map(tuple, run("SELECT rowid, detail FROM mentions" + of_it, (reading,)).fetchall()):
        part = _blank_part(json.loads(detail), text, blank)
        values = (part["text"], part["id"], part["name"], canonical(part), rowid)
        run("UPDATE mentions SET text = ?, id = ?, name = ?, detail = ? WHERE rowid = ?", values)
    for claim in run("SELECT claim_id, actor, recipient, place, attribution FROM claims" + of_it, (reading,)).fetchall():
        parts = [canonical(_blank_part(json.loads(part), text, blank)) if part else None for part in tuple(claim)[1:4]]
        chain = canonical(
            [{**link, "text": blank(link["text"]), "id": blank.label(link["id"])} for link in json.loads(claim["attribution"])]
        )
        run(
            "UPDATE claims SET actor = ?, recipient = ?, place = ?, attribution = ?, date_text = blank(date_text) "
            "WHERE reading = ? AND claim_id = ?",
            (*parts, chain, reading, claim["claim_id"]),
        )
    label = "blank(speaker_id)" if blank.pattern else "speaker_id"
    run(f"UPDATE speakers SET text = blank(text), speaker_id = {label}" + of_it, (reading,))


def _blank_part(part: dict[str, Any], text: str, blank: _Blank) -> dict[str, Any]:
    """A mention or a participant: its words as they stand in the text now, else blanked by themselves. The name of what the registry or
    the gazetteer knows is theirs, and stays with a text that is blanked whole."""
    start, end, name = part.get("start"), part.get("end"), part.get("name")
    words = blank(part["text"]) if start is None or end is None else text[start:end]
    known = part.get("id") is not None and blank.pattern is None
    return {**part, "text": words, "name": name if known or not name else blank(name), "id": blank.label(part.get("id"))}


def _blank_around(connection: sqlite3.Connection, blank: _Blank, kept: set[str]) -> None:
    """A name in what was said of inputs that could not be read, and in what persons wrote and signed."""
    for table in sorted(kept - _READ_FROM_TEXTS) if blank.pattern else ():
        columns = [row["name"] for row in connection.execute(f'PRAGMA table_info ("{table}")')]
        changes = ", ".join(f'"{column}" = blank("{column}")' for column in columns if column != "signed_by")
        connection.execute(f'UPDATE OR REPLACE "{table}" SET {changes}')


def _signed(connection: sqlite3.Connection, report: sqlite3.Row, blank: _Blank, reason: str, by: str) -> Redaction:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    extent, hashes = "name" if blank.pattern else "text", (sha256_of(report["text"]), report["sha256"])
    id = digest([report["version"], extent, *hashes, reason, by, at])[:16]
    made = Redaction(id, report["version"], extent, *hashes, reason, by, at)
    values = [getattr(made, name) for name in Redaction.__slots__]
    if connection.execute("INSERT OR IGNORE INTO redactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values).rowcount:
        enter(connection, "redaction", id)
    return made


# -- how the file lets go of it ------------------------------------------------------------------------------------------------------


@contextmanager
def _writable(connection: sqlite3.Connection) -> Iterator[None]:
    """Without the triggers that keep everything as it is, inside this transaction only."""
    kept = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for trigger in kept:
        connection.execute(f'DROP TRIGGER "{trigger["name"]}"')
    yield
    for trigger in kept:
        connection.execute(trigger["sql"])


_READ_FROM_TEXTS = frozenset(
    {
        "originals",
        "reports",
        "readings",
        "sentences",
        "mentions",
        "claims",
        "speakers",
        "particulars",
        "arrivals",
        "redactions",
        "imported",
    }
)


def _kept(connection: sqlite3.Connection) -> set[str]:
    """Tables with what arrived and what was signed: these the record has, and those that nothing may be deleted from."""
    guarded = {
        row[0] for row in connection.execute("SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
    }
    return {*_READ_FROM_TEXTS, "failures", *guarded}


def _empty_derived(connection: sqlite3.Connection, kept: set[str]) -> None:
    """What was worked out from the words is worked out again. The tables stay: another program may be reading them."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        if table not in kept and not table.startswith(("search", "sqlite_")):
            connection.execute(f'DELETE FROM "{table}"')


def _rewrite(connection: sqlite3.Connection) -> None:
    """The file and its log without the pages that held the words."""
    try:
        connection.execute("VACUUM")
        busy = connection.execute("PRAGMA wal_checkpoint (TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise RecordError(f"the words are blanked, but the file could not be written anew: {error}; run the command again") from error
    if busy:
        raise RecordError(
            "the words are blanked, but another program holds the record open and its log has them; close it and run the command again"
        )
