"""A record → one file that another desk can verify without us; two desks' records → one that loses nothing of either."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from khabar import derivation, imports, journal
from khabar.contract import Json
from khabar.errors import RecordError
from khabar.naming import decide, decisions_kept, keep_files, own_files_of
from khabar.record import FORM, Record, kept_reading
from khabar.redaction import redact
from khabar.rulings import keep_ruling, rulings_of
from khabar.tombstones import redactions

RECORD, MANIFEST = "record.khabar", "manifest.json"
MOST = 64 * 2**30  # bytes of a record in a bundle
BATCH = 500  # readings to one transaction of a merge


def bundle(record: Record, output: Path) -> Json:
    """Write the record, with its originals and a manifest, into one zip file; the manifest."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / RECORD
        with closing(sqlite3.connect(copy)) as target:
            record.connection.backup(target)  # VACUUM INTO miscounts generated columns of tables without rowid
            target.execute("PRAGMA journal_mode = DELETE")
        manifest = {
            "form": FORM,
            "program": f"khabar {_program()}",
            "name": record.name,
            "sha256": _sha256(copy),
            "journal": journal.head(record.connection),
            "reports": record.connection.execute("SELECT count(*) FROM reports").fetchone()[0],
            "rules": record.rules(),
        }
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
            packed.write(copy, RECORD)
    return manifest


def _program() -> str:
    try:
        return installed("khabar")
    except PackageNotFoundError:  # run from its source
        return "not installed"


def _is_bundle(path: Path) -> bool:
    """A record that keeps a document of Word may end as zip files do, by which they are told."""
    if not zipfile.is_zipfile(path):
        return False
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The record of a bundle, in a folder that goes away; the path itself where it is no bundle.

    RecordError where the bundle's record is not the one of its manifest."""
    if not _is_bundle(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as packed:
        found = Path(folder) / RECORD
        try:
            manifest = json.loads(packed.read(MANIFEST))
            if packed.getinfo(RECORD).file_size > MOST:
                raise RecordError(f"{path}: its record would be larger than {MOST} bytes")
            packed.extract(RECORD, folder)
        except (KeyError, ValueError, zipfile.BadZipFile) as error:
            raise RecordError(f"{path} is no bundle of khabar bundle: {error}") from error
        if _sha256(found) != manifest.get("sha256"):
            raise RecordError(f"{path}: its record is not the one of its manifest, which says {manifest.get('sha256')}")
        yield found


def _sha256(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            found.update(chunk)
    return found.hexdigest()


@dataclass
class Merged:
    """What came from the other record."""

    reports: int = 0
    reviews: int = 0
    decisions: int = 0
    redactions: int = 0
    imports: int = 0
    notes: tuple[str, ...] = ()


def merge(record: Record, other: Record) -> Merged:
    """Take all of another record in. Where both have read one text differently, the reading of this one stays the current."""
    merged = Merged()
    run = other.connection.execute
    blanked = {one.version for one in redactions(other.connection)}
    rows = run("SELECT reading, version FROM readings ORDER BY current DESC, reading").fetchall()
    keys = [row["reading"] for row in rows if row["version"] not in blanked]
    for start in range(0, len(keys), BATCH):
        with record.together():
            merged.reports += sum(_take(record, other, key) for key in keys[start : start + BATCH])
    derivation.taken(record.connection, other.connection)
    for failure in other.failures():
        record.add_failure(failure)
    keep_files(record.connection, own_files_of(other.connection))
    for _, decision in sorted(decisions_kept(other.connection), key=lambda kept: kept[1].signed_at):
        decide(record.connection, decision)
        merged.decisions += 1
    for ruling in sorted(rulings_of(other.connection), key=lambda one: one.signed_at):
        merged.decisions += keep_ruling(record.connection, ruling)
    held = {review.review_id for review in record.reviews()}
    for review in sorted(other.reviews(), key=lambda review: (review.withdraws is not None, review.signed_at)):
        if review.review_id not in held:
            record.add_review(review)
            merged.reviews += 1
    merged.imports = _import_too(record, other)
    merged.redactions, notes = _blank_too(record, other)
    merged.notes = tuple(notes)
    return merged


def _take(record: Record, other: Record, key: str) -> bool:
    reading, sentences = kept_reading(other, key)
    original = other.connection.execute("SELECT bytes FROM originals WHERE sha256 = ?", (reading.report.sha256,)).fetchone()
    report = replace(reading.report, original=original[0] if original else b"")
    return record.add(replace(reading, report=report), sentences=sentences, beside=True)


def _import_too(record: Record, other: Record) -> int:
    """What the other desk imported and took back; its readings are here already, and what stands of them is settled anew."""
    theirs, run = imports.kept(other.connection), other.connection.execute
    if not theirs.imports:
        return 0
    imports.install(record.connection)
    with record.together():
        new = [id for id, one in theirs.imports.items() if imports.keep_import(record.connection, one)]
        for id in theirs.imports:
            for sha256, content in run(_ROWS_ALONE, (id,)):
                record.connection.execute("INSERT OR IGNORE INTO originals VALUES (?, ?)", (sha256, content))
            imports.keep_rows(record.connection, id, run("SELECT number, sha256, version FROM imported WHERE import = ?", (id,)))
        for decision in theirs.decisions.values():
            imports.keep_withdrawal(record.connection, decision)
        imports.settle(record.connection)
    return len(new)


# Headings, and what was refused.
_ROWS_ALONE = "SELECT sha256, bytes FROM originals JOIN imported USING (sha256) WHERE import = ? AND version IS NULL"


def _blank_too(record: Record, other: Record) -> tuple[int, list[str]]:
    """What the other desk blanked whole is blanked here, too. Which name it blanked is not known, so that is told."""
    count, notes = 0, []
    mine = {one.version for one in redactions(record.connection)}
    there = {row[0] for row in record.connection.execute("SELECT version FROM reports")}
    for one in redactions(other.connection):
        if one.version in mine or one.version not in there:
            continue
        if one.extent == "text":
            count += len(redact(record, one.version, reason=one.reason, by=one.signed_by))
        else:
            notes.append(f"the other desk blanked a name in version {one.version}; which, it does not say: {one.reason} ({one.signed_by})")
    return count, notes


def same_file(record: Record, other: Record) -> bool:
    """Are the two one file?"""
    return _file_of(record.connection) == _file_of(other.connection)


def _file_of(connection: sqlite3.Connection) -> str:
    return str(next(row["file"] for row in connection.execute("PRAGMA database_list") if row["name"] == "main"))
