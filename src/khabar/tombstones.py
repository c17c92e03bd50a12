"""A record → what was blanked in it: tombstones, which keep the same words from coming in again."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass

from khabar.model import Report
from khabar.versions import has


@dataclass(frozen=True, slots=True)
class Redaction:
    """A tombstone: what was blanked, why, by whom, and the hash of what stood there."""

    redaction_id: str
    version: str
    extent: str
    text_sha256: str
    sha256: str
    reason: str
    signed_by: str
    signed_at: str


def redactions(connection: sqlite3.Connection) -> list[Redaction]:
    """The tombstones of a record, by id."""
    if not has(connection, "redactions"):
        return []
    return [Redaction(**dict(row)) for row in connection.execute("SELECT * FROM redactions ORDER BY redaction_id")]


def is_redacted(connection: sqlite3.Connection, report: Report) -> bool:
    """Whether the same text, or the same bytes, were blanked before: they do not come in again."""
    row = connection.execute(
        "SELECT count(*) FROM redactions WHERE text_sha256 = ? OR (sha256 = ? AND sha256 <> '')", (sha256_of(report.text), report.sha256)
    ).fetchone()
    return bool(row[0])


def sha256_of(text: str) -> str:
    """The hash of a text that a tombstone keeps."""
    return hashlib.sha256(text.encode()).hexdigest()
