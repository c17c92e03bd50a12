"""Evidence holds: what was altered, taken out or put in is found and named; another desk can check it; two desks' records become one."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import invented
from khabar import cli
from khabar.errors import RecordError
from khabar.model import Claim
from khabar.record import Record
from khabar.redaction import redact
from khabar.reviews import signed

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "[a] source"]],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied", "confidence": 0.61}],
]


def build(path: Path, rows: list[list[Any]]) -> Path:
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            original = reading.report.text.encode()
            report = replace(reading.report, original=original, sha256=hashlib.sha256(original).hexdigest())
            kept.add(replace(reading, report=report, claims=tuple(quoting(claim, reading.report.text) for claim in reading.claims)))
    return path


def quoting(claim: Claim, text: str) -> Claim:
    """The invented claim with its place where its words stand."""
    assert claim.place
    start = text.index(claim.place.text, claim.start)
    return replace(claim, place=replace(claim.place, start=start, end=start + len(claim.place.text)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return build(tmp_path / "war.khabar", ROWS)


def run(*words: object, status: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, list(map(str, words)))
    assert result.exit_code == status, (result.output, result.exception)
    return result


def verdict(path: Path, status: int = 0) -> Any:
    return json.loads(run("verify", path, "--json", status=status).stdout)


def tamper(path: Path, *statements: str) -> None:
    """Change the file as someone would who wants it not to show: without the triggers."""
    connection = sqlite3.connect(path)
    kept = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        connection.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        connection.execute(statement)
    for _, sql in kept:
        connection.execute(sql)
    connection.commit()
    connection.close()


def claim_of(path: Path, kind: str) -> str:
    with Record.open(path) as record:
        return next(item.claim.claim_id for item in record.told("kind = ?", (kind,)))


def review(path: Path, claim: str, *, by: str = "J. Doe") -> str:
    made = signed(claim, "accept", by=by, reason="seen on video")
    with Record.create(path) as record:
        record.add_review(made)
    return made.review_id


# --- verify


def test_an_untouched_record_holds_in_all_its_parts(path: Path) -> None:
    told = verdict(path)
    assert told["holds"]
    assert {name: told["checked"][name] for name in ("originals", "reports", "readings", "sentences", "claims", "journal")} == {
        "originals": 3,
        "reports": 3,
        "readings": 3,
        "sentences": 3,
        "claims": 3,
        "journal": 3,
    }
    assert len(told["head"]) == 64


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE originals SET bytes = x'00'", "an original"),
        ("UPDATE reports SET text = replace(text, 'Green', 'White')", "was altered"),
        ("UPDATE reports SET published = '2031-05-04' WHERE report_id = 'post-5'", "was altered"),
        ("UPDATE claims SET kind = 'withdrawal' WHERE kind = 'capture'", "what was read"),
        ("UPDATE claims SET attribution = '[]'", "what was read"),
        ("UPDATE claims SET confidence = 0.99 WHERE confidence = 0.61", "what was read"),
        ("UPDATE claims SET confidence = NULL", "what was read"),
        ("UPDATE sentences SET text = text || '!'", "a sentence does not stand"),
        ("DELETE FROM reviews", "a review is gone"),
        ("UPDATE reviews SET signed_by = 'Someone Else'", "a review was altered"),
        ("UPDATE journal SET at = '2020-01-01T00:00:00+00:00' WHERE number = 2", "the journal is broken"),
        ("DELETE FROM journal WHERE number = 2", "the journal is broken"),
        ("DELETE FROM journal WHERE number = 4", "put in"),
    ],
)
def test_what_was_altered_is_named(path: Path, statement: str, what: str) -> None:
    review(path, claim_of(path, "control_state"))
    assert verdict(path)["holds"]
    tamper(path, statement)
    told = verdict(path, status=1)
    assert what in told["fault"]["what"]


def test_a_report_that_was_taken_out_is_missed(path: Path) -> None:
    with Record.open(path) as record:
        key = record.connection.execute("SELECT reading FROM readings JOIN reports USING (version) WHERE report_id = 'red-6'").fetchone()[0]
    tables = ("speakers", "claims", "sentences", "mentions", "arrivals", "readings")
    tamper(path, *(f"DELETE FROM {table} WHERE reading = '{key}'" for table in tables), "DELETE FROM reports WHERE report_id = 'red-6'")
    told = verdict(path, status=1)
    assert told["fault"]["what"] == "a reading is gone"
    assert told["fault"]["where"] == key


def test_derived_tables_that_were_altered_are_named(path: Path) -> None:
    run("control", path, "Oakford", "--on", "2031-05-06")
    verdict(path)
    derived = sqlite3.connect(f"{path}-derived")
    derived.execute("UPDATE histories SET history = replace(history, 'Green Front', 'White Front')")
    derived.commit()
    derived.close()
    assert "beside the record" in verdict(path, status=1)["fault"]["what"]
    assert json.loads(run("verify", path, "--quick", "--json").stdout)["holds"]


def test_a_redacted_record_still_holds(path: Path) -> None:
    with Record.create(path) as record:
        assert redact(record, "post-5", reason="asked for by the source", by="J. Doe")
    told = verdict(path)
    assert told["holds"]
    assert any("redacted" in note for note in told["notes"])


def test_a_record_from_before_the_journal_says_so(path: Path) -> None:
    connection = sqlite3.connect(path)
    for name in ("journal_stays", "journal_is_kept"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DROP TABLE journal")
    connection.commit()
    connection.close()
    told = verdict(path)
    assert (told["holds"], told["head"]) == (True, None)
    assert any("before records had a journal" in note for note in told["notes"])


def test_the_journal_cannot_be_altered_from_within(path: Path) -> None:
    with Record.create(path) as record, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        record.connection.execute("DELETE FROM journal")


# --- bundle


def test_a_bundle_can_be_verified_by_itself(path: Path, tmp_path: Path) -> None:
    run("bundle", path, "--output", tmp_path / "war.zip")
    assert verdict(tmp_path / "war.zip")["head"] == verdict(path)["head"]


def test_a_bundle_whose_record_was_exchanged_is_refused(path: Path, tmp_path: Path) -> None:
    run("bundle", path, "--output", tmp_path / "war.zip")
    other = build(tmp_path / "other.khabar", ROWS[:1])
    with zipfile.ZipFile(tmp_path / "war.zip") as packed:
        manifest = packed.read("manifest.json")
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as packed:
        packed.writestr("manifest.json", manifest)
        packed.write(other, "record.khabar")
    assert "not the one of its manifest" in run("verify", tmp_path / "forged.zip", status=1).output


def test_a_zip_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
        packed.writestr("photo.jpg", b"")
    assert "no bundle" in run("verify", tmp_path / "photos.zip", status=1).output


# --- merge


def dump(path: Path) -> list[str]:
    with Record.open(path) as record:
        return list(record.dump())


def test_two_desks_halves_make_the_whole(path: Path, tmp_path: Path) -> None:
    one, two = build(tmp_path / "one.khabar", ROWS[:2]), build(tmp_path / "two.khabar", ROWS[1:])
    run("merge", one, two)
    assert dump(one) == dump(path)
    assert verdict(one)["holds"]


def test_neither_desks_reviews_are_lost(tmp_path: Path) -> None:
    one, two = build(tmp_path / "one.khabar", ROWS), build(tmp_path / "two.khabar", ROWS)
    claim = claim_of(one, "control_state")
    made = {review(one, claim, by="First Desk"), review(two, claim, by="Second Desk")}
    run("merge", one, two)
    with Record.open(one) as record:
        assert {held.review_id for held in record.reviews()} == made
    before = dump(one)
    run("merge", one, two)
    assert dump(one) == before


def test_what_one_desk_blanked_is_blanked_in_the_whole(tmp_path: Path) -> None:
    one, two = build(tmp_path / "one.khabar", ROWS), build(tmp_path / "two.khabar", ROWS)
    with Record.create(two) as record:
        redact(record, "post-5", reason="asked for by the source", by="J. Doe")
    run("merge", one, two)
    with Record.open(one) as record:
        (report,) = record.reports("report_id = 'post-5'")
    assert set(report.text) == {"█"}
    assert verdict(one)["holds"]


def test_a_record_is_not_merged_into_itself(path: Path) -> None:
    assert "name another record" in run("merge", path, path, status=1).output


def test_merging_what_is_not_there_changes_nothing(path: Path, tmp_path: Path) -> None:
    before = dump(path)
    run("merge", path, tmp_path / "none.khabar", status=1)
    assert dump(path) == before
    with pytest.raises(RecordError):
        Record.open(tmp_path / "none.khabar")


def test_a_file_whose_last_page_was_cut_does_not_pass_for_whole(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE spare (bytes)")
    connection.execute("INSERT INTO spare VALUES (zeroblob(20000))")
    connection.commit()
    connection.execute("DROP TABLE spare")  # its pages stay in the file, at its end, and hold nothing
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    run("verify", path)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 4000)
    told = run("verify", path, status=1)
    assert "the end of the file is missing" in told.output
