"""What is blanked is gone for good, from the file too; its hash and a signed tombstone stay, and the record still answers."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import test_record
from khabar.cli import app
from khabar.errors import QuestionError, RecordError
from khabar.model import ActorMention, Participant, Place, Reading, Report, Section, Speaker
from khabar.record import Record
from khabar.redaction import redact as redact_in

SECRET = "Zanahary Quibble"
PLACE = Place("Oakford", 41, 48, "gn:1", "Oakford", 35.0, 36.0)
FIRST, SECOND = test_record.READINGS[0], test_record.READINGS[1]


def reading() -> Reading:
    text = f"{SECRET} said that fighters took Oakford.\nzanahary  QUIBBLE's brother left.\n"
    claim = replace(
        FIRST.claims[0],
        start=0, end=text.index("\n"), trigger=(29, 33), report_id="secret",
        actor=Participant(SECRET, 0, len(SECRET), None, SECRET), attribution=(Speaker(SECRET),),
        place=PLACE,
    )  # fmt: skip
    report = Report(
        "secret", text, title=f"What {SECRET} saw", url="https://example.org/zanahary-quibble", outlet="Post", author=SECRET,
        published=date(2031, 5, 5), sections=(Section("comment", 0, len(text), SECRET),), sha256="c" * 64, original=text.encode(),
        original_text=f"Das sah {SECRET}.",
    )  # fmt: skip
    return Reading(report, mentions=(ActorMention(0, len(SECRET), SECRET),), claims=(claim,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    with Record.create(path) as record:
        odd = replace(FIRST, report=replace(FIRST.report, id="odd", sha256="e" * 64, original="café".encode("cp1252")), claims=())
        for one in (FIRST, odd, reading(), SECOND):
            record.add(one, sentences=[(0, len(one.report.text) - 1)] if one.report.id != "secret" else [(50, 80)])
    return path


def bytes_of(path: Path) -> bytes:
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*")).lower()


def redact(path: Path, id: str, **options: str) -> None:
    with Record.create(path) as record:
        redact_in(record, id, reason="a witness in danger", by="Jo Smith", **options)


@pytest.mark.parametrize(("id", "options"), [("secret", {}), ("secret", {"name": SECRET}), ("all", {"name": "quibble"})])
def test_the_bytes_are_gone_from_the_file_and_its_log(path: Path, id: str, options: dict[str, str]) -> None:
    assert b"quibble" in bytes_of(path)
    redact(path, id, **options)
    if not options:  # the address stays with a text that is blanked whole
        assert bytes_of(path).count(b"quibble") == bytes_of(path).count(b"zanahary-quibble")
    else:
        assert b"quibble" not in bytes_of(path)
    assert b"quibble said" not in bytes_of(path)


def test_the_words_are_gone_while_the_record_is_still_open(path: Path) -> None:
    with Record.create(path) as record:
        redact_in(record, "secret", reason="x", by="y", name=SECRET)
        assert b"quibble" not in bytes_of(path)


def test_the_record_still_answers_and_every_offset_holds(path: Path) -> None:
    with Record.open(path) as record:
        before = record.told()
    redact(path, "secret", name=SECRET)
    with Record.open(path) as record:
        [report] = record.reports("report_id = 'secret'")
        told = record.told()
        assert len(told) == len(before)
        [mine] = (item for item in told if item.claim.report_id == "secret")
        assert mine.sentence == report.text[mine.claim.start : mine.claim.end] == f"{'█' * 16} said that fighters took Oakford."
        assert mine.claim.actor is not None
        assert mine.claim.actor.text == report.text[0:16]
        assert (mine.claim.place, mine.claim.kind) == (PLACE, FIRST.claims[0].kind)
        assert report.text.endswith("'s brother left.\n")
        assert record.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert record.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = "SELECT count(*) FROM search WHERE search MATCH ?"
        assert [record.connection.execute(found, (word,)).fetchone()[0] for word in ("quibble", "fighters")] == [0, 1]
    assert CliRunner().invoke(app, ["dump", str(path)]).exit_code == 0
    assert CliRunner().invoke(app, ["control", str(path), "Oakford", "--on", "2031-05-09"]).exit_code == 0


def test_a_text_blanked_whole_keeps_what_its_claims_were_coded_as(path: Path) -> None:
    redact(path, "https://example.org/zanahary-quibble")
    with Record.open(path) as record:
        [report] = record.reports("report_id = 'secret'")
        assert set(report.text) == set(report.title or "") == {"█"}
        assert (report.outlet, report.published) == ("Post", date(2031, 5, 5))
        [item] = record.told("report_id = ?", ("secret",))
        assert item.claim.place is not None
        assert item.claim.place.name == "Oakford"
        assert [speaker.text for speaker in item.claim.attribution] == ["█" * len(SECRET)]


def test_the_tombstone_has_the_hash_the_reason_and_who_signed(path: Path) -> None:
    redact(path, "secret")
    with Record.open(path) as record:
        [line] = [line for line in record.dump() if line.startswith('{"redaction"')]
        with pytest.raises(sqlite3.DatabaseError):
            record.connection.execute("DELETE FROM redactions")
    assert hashlib.sha256(reading().report.text.encode()).hexdigest() in line
    assert all(words in line for words in ("a witness in danger", "Jo Smith", "c" * 64))


def test_what_was_blanked_does_not_come_in_again(path: Path) -> None:
    redact(path, "secret", name=SECRET)
    with Record.create(path) as record:
        before = list(record.dump())
        assert not record.add(reading())
        assert not record.add(replace(reading(), report=replace(reading().report, sha256="d" * 64, outlet="Another")))
        assert list(record.dump()) == before
    assert b"quibble" not in bytes_of(path)


def test_everything_is_append_only_again_afterwards(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        before = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").fetchall()
    redact(path, "secret")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").fetchall() == before
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE reports SET text = 'x'")


def test_what_was_worked_out_is_emptied_and_what_was_signed_is_kept(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(f"CREATE TABLE worked_out (x); INSERT INTO worked_out VALUES ('{SECRET}');")
        connection.executescript(
            f"CREATE TABLE notes (x, signed_by); INSERT INTO notes VALUES ('on {SECRET}', 'Jo');"
            "CREATE TRIGGER notes_are_kept BEFORE DELETE ON notes BEGIN SELECT RAISE (ABORT, 'kept'); END;"
        )
    redact(path, "secret", name=SECRET)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT x FROM notes").fetchone() == (f"on {'█' * 16}",)
        assert connection.execute("SELECT count(*) FROM worked_out").fetchone() == (0,)


def test_nothing_is_changed_where_something_fails(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Record.open(path) as record:
        before = list(record.dump())

    def fail(*_: object) -> None:
        raise sqlite3.IntegrityError("in the middle")

    monkeypatch.setattr("khabar.redaction._blank_around", fail)
    with Record.create(path) as record, pytest.raises(sqlite3.IntegrityError):
        redact_in(record, "secret", reason="x", by="y")
    with Record.open(path) as record:
        assert list(record.dump()) == before
        assert record.connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").fetchone()[0] > 10


@pytest.mark.parametrize(
    ("id", "options", "why"),
    [
        ("nothing", {}, "no report"),
        ("secret", {"name": "Nobody Here"}, "stands in no report"),
        ("secret", {"name": "..."}, "no letter"),
        ("secret", {"reason": " "}, "reason"),
        ("secret", {"name": SECRET, "reason": f"{SECRET} asked"}, "without the name"),
        (FIRST.claims[0].claim_id, {}, "is a claim"),
    ],
)
def test_a_wrong_question_changes_nothing(path: Path, id: str, options: dict[str, str], why: str) -> None:
    with Record.create(path) as record:
        before = list(record.dump())
        with pytest.raises(QuestionError, match=why):
            redact_in(record, id, **{"reason": "x", "by": "y", **options})
        assert list(record.dump()) == before


def test_the_command_asks_first(path: Path) -> None:
    words = ["redact", str(path), "secret", "--reason", "x", "--by", "Jo"]
    assert CliRunner().invoke(app, words, input="n\n").exit_code == 1
    assert b"quibble said" in bytes_of(path)
    done = CliRunner().invoke(app, [*words, "--yes"])
    assert done.exit_code == 0
    assert "by Jo" in done.stdout
    again = CliRunner().invoke(app, [*words, "--yes"])
    assert "nothing was left to blank" in again.stdout


def test_a_program_that_holds_the_record_open_is_told_of_and_the_second_try_finishes(path: Path) -> None:
    with Record.open(path) as reader, Record.create(path) as record:
        reader.connection.execute("BEGIN")
        reader.connection.execute("SELECT count(*) FROM reports").fetchone()
        record.connection.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(RecordError, match="another program"):
            redact_in(record, "secret", reason="x", by="y", name=SECRET)
    redact(path, "secret", name=SECRET)
    assert b"quibble" not in bytes_of(path)
