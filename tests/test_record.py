"""The record keeps what was said, once, whatever the order and however often it arrives."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import invented
from khabar.bundling import merge
from khabar.errors import RecordError
from khabar.model import ActorMention, Failure, Reading, Report, Speaker
from khabar.record import Record

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS = [
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "military source"]],
    ["post-5", "clash", "Green Front", "Red Army", "Oakford", "..2031-05-05", []],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["gazette-9", "control_state", "Green Front", None, "Oakford", "2031-05-09", ["War Watch"]],
]
READINGS = invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"])


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record.create(tmp_path / "war.khabar")


def dump_of(readings: list[Reading], folder: Path) -> list[str]:
    path = folder / f"{len(list(folder.iterdir()))}.khabar"
    with Record.create(path) as record:
        for reading in readings:
            record.add(reading)
        return list(record.dump())


def test_claims_come_back_as_they_were(record: Record) -> None:
    record.add(READINGS[0])
    assert tuple(item.claim for item in record.told()) == READINGS[0].claims
    assert record.told()[0].sentence == READINGS[0].report.text[: READINGS[0].claims[0].end]
    assert record.reports() == [READINGS[0].report]


def learnt(confidence: float | None) -> Reading:
    """The first reading, as if the model alone had made its first claim."""
    first, *others = READINGS[0].claims
    return replace(READINGS[0], claims=(replace(first, rule="capture.learnt", confidence=confidence), *others))


def test_a_learnt_claim_comes_back_with_how_likely_the_model_held_it(record: Record, tmp_path: Path) -> None:
    record.add(learnt(0.97))
    assert [item.claim.confidence for item in record.told()] == [0.97, None]
    with Record.create(tmp_path / "other.khabar") as other:
        merge(other, record)
        assert [item.claim.confidence for item in other.told()] == [0.97, None]
        assert list(other.dump()) == list(record.dump())
    assert [line.count('"confidence":0.97') for line in record.dump()].count(1) == 1


def test_how_likely_the_model_holds_a_claim_is_part_of_what_was_read_and_not_of_which_claim_it_is(record: Record) -> None:
    record.add(learnt(None))
    assert record.add(learnt(0.64))
    assert not record.add(learnt(0.64))
    assert record.add(learnt(0.97))
    [told, _] = record.told()
    assert (told.claim.claim_id, told.claim.confidence) == (READINGS[0].claims[0].claim_id, 0.97)


@pytest.mark.parametrize("confidence", [-0.1, 1.5])
def test_a_confidence_is_a_probability(record: Record, confidence: float) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        record.add(learnt(confidence))


def test_reading_the_same_report_twice_changes_nothing(record: Record) -> None:
    assert record.add(READINGS[0])
    once = list(record.dump())
    assert not record.add(READINGS[0])
    assert list(record.dump()) == once


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(READINGS * 2))
def test_the_order_of_arrival_never_matters(order: list[Reading], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("orders")
    assert dump_of(order, folder) == dump_of(READINGS, folder)


def test_a_claim_that_is_read_twice_in_a_report_is_kept_once(record: Record) -> None:
    record.add(replace(READINGS[0], claims=(*READINGS[0].claims, READINGS[0].claims[0])))
    assert tuple(item.claim for item in record.told()) == READINGS[0].claims


def test_a_new_reading_supersedes_the_old_one_and_keeps_its_claims(record: Record) -> None:
    record.add(READINGS[0])
    record.add(replace(READINGS[0], claims=READINGS[0].claims[:1]))
    assert [item.claim for item in record.told()] == [READINGS[0].claims[0]]
    assert record.connection.execute("SELECT count(*) FROM claims").fetchone()[0] == 3
    record.add(READINGS[0])  # the old program again: its reading counts once more, and nothing is written twice
    assert len(record.told()) == 2
    assert record.connection.execute("SELECT count(*) FROM claims").fetchone()[0] == 3


def test_the_same_address_with_another_text_is_a_version_known_from_its_own_day(record: Record) -> None:
    first = READINGS[0]
    text = first.report.text.replace("Oakford", "Oakmere")
    second = replace(first, report=replace(first.report, text=text, published=date(2031, 5, 8)))
    record.add(first)
    record.add(second)

    def sentences(on: date | None) -> set[str]:
        return {"Oakmere" if "Oakmere" in item.sentence else "Oakford" for item in record.told() if item.is_known_by(on)}

    assert sentences(date(2031, 5, 4)) == set()
    assert sentences(date(2031, 5, 7)) == {"Oakford"}
    assert sentences(date(2031, 5, 8)) == {"Oakmere"}
    assert sentences(None) == {"Oakmere"}


def test_a_report_without_a_day_is_never_known_by_one(record: Record) -> None:
    record.add(replace(READINGS[0], report=replace(READINGS[0].report, published=None)))
    assert not any(item.is_known_by(date(2099, 1, 1)) for item in record.told())
    assert all(item.is_known_by(None) for item in record.told())
    assert record.undated() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE claims SET kind = 'clash'",
        "DELETE FROM claims",
        "UPDATE reports SET text = 'x'",
        "DELETE FROM speakers",
        "UPDATE readings SET version = 'x'",
    ],
)
def test_what_was_said_is_never_altered(record: Record, change: str) -> None:
    record.add(READINGS[0])
    with pytest.raises(sqlite3.IntegrityError):
        record.connection.execute(change)


@pytest.mark.parametrize("missing", ["sentence", "attribution"])
def test_no_claim_without_its_sentence_and_its_chain(record: Record, missing: str) -> None:
    record.add(READINGS[0])
    row = dict(record.connection.execute("SELECT * FROM claims LIMIT 1").fetchone())
    for computed in ("actor_id", "recipient_id", "place_id"):
        del row[computed]
    row |= {"claim_id": "another"}
    marks = ", ".join(f":{name}" for name in row)
    with pytest.raises(sqlite3.IntegrityError):
        record.connection.execute(f"INSERT INTO claims ({', '.join(row)}) VALUES ({marks})", row | {missing: None})
    with pytest.raises(sqlite3.IntegrityError):
        record.connection.execute(f"INSERT INTO claims ({', '.join(row)}) VALUES ({marks})", row | {missing: '{"not": "a chain"}'})


def test_the_links_of_a_chain_are_rows_of_their_own(record: Record) -> None:
    record.add(READINGS[0])
    rows = record.connection.execute("SELECT position, text, speaker_id FROM speakers ORDER BY position").fetchall()
    assert [tuple(row) for row in rows] == [(0, "Wire Agency", "wire"), (1, "military source", None)]


def test_search_finds_words_without_their_accents(record: Record) -> None:
    text = "Rebels entered Jarābulus. جيش الفتح"
    record.add(Reading(Report("r", text, published=date(2031, 5, 5))), sentences=[(0, 25), (26, len(text))])
    for words in ("jarabulus", "الفتح"):
        assert record.connection.execute("SELECT count(*) FROM search WHERE search MATCH ?", (words,)).fetchone()[0] == 1


def test_originals_are_kept_under_their_hash(record: Record) -> None:
    report = replace(READINGS[0].report, sha256="a" * 64, original=b"\x00bytes")
    record.add(replace(READINGS[0], report=report))
    assert record.connection.execute("SELECT bytes FROM originals WHERE sha256 = ?", ("a" * 64,)).fetchone()[0] == b"\x00bytes"


def test_failures_are_kept_once(record: Record) -> None:
    failure = Failure("r9", "empty", "no text", "r9.txt")
    record.add_failure(failure)
    record.add_failure(failure)
    assert record.failures() == [failure]


def test_a_report_is_written_whole_or_not_at_all(record: Record) -> None:
    broken = replace(READINGS[1].claims[0], attribution=(Speaker(""),))
    mention = ActorMention(0, 3, "Red")
    with pytest.raises(sqlite3.IntegrityError):
        record.add(replace(READINGS[1], mentions=(mention,), claims=(broken,)))
    assert record.reports() == []
    assert list(record.dump()) == []


def test_a_file_that_is_no_record_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="khabar build"):
        Record.open(tmp_path / "none.khabar")
    (tmp_path / "text.khabar").write_text("not a database, but long enough to be looked at as one" * 20)
    with pytest.raises(RecordError, match="cannot be opened"):
        Record.open(tmp_path / "text.khabar")
    sqlite3.connect(tmp_path / "other.khabar").execute("CREATE TABLE t (x)").connection.close()
    with pytest.raises(RecordError, match="form 0"):
        Record.open(tmp_path / "other.khabar")


def test_a_record_answers_from_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "war.khabar"
    with Record.create(path) as record:
        record.add(READINGS[0])
    monkeypatch.setattr("khabar.record.os.access", lambda *_: False)
    with Record.open(path) as record:
        assert len(record.told()) == 2


def test_a_record_that_another_build_writes_to_says_so(tmp_path: Path) -> None:
    with Record.create(tmp_path / "war.khabar") as first, Record.create(tmp_path / "war.khabar") as second:
        second.connection.execute("PRAGMA busy_timeout = 10")
        first.connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(RecordError, match="another build"):
            second.add(READINGS[0])
