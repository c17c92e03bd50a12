"""What is kept beside a record equals what all its claims give, whatever came in, in whatever order, and as known by any day."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import invented
import khabar
from khabar import holdings
from khabar.areas import described
from khabar.chronicle import Chronicle
from khabar.contested import all_disputes
from khabar.contract import canonical
from khabar.control import timeline
from khabar.disputes import dispute_json, disputes
from khabar.drawers import Gathered
from khabar.histories import Histories
from khabar.lexicon import table
from khabar.model import Reading
from khabar.reasons import history
from khabar.record import Record
from khabar.reviews import signed
from khabar.ties import Ties
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
PLACES = BOOK["places"] | {
    "Oakford": {"id": "p1", "admin1": "Westmark", "latitude": 1.5, "longitude": 2.5, "precision": "town"},
    "Oak Ford": {"name": "Oakford"},  # the same place, where the reading did not find it
    "Oakford mill": {"parent": "p1", "precision": "exact"},
    "Westmark": {"precision": "province", "id": "w1"},
}
REGISTRY = invented.registry(BOOK["world"])
START = date(2031, 4, 28)
OUTLETS = ["Harbour Post", "Hill Gazette", "State Voice", "Green Radio"]
DAYS = st.integers(0, 20).map(lambda n: START + timedelta(n))

ROWS = st.tuples(
    st.sampled_from(["capture", "capture", "control_state", "withdrawal", "siege", "clash", "membership", "transfer", "redeployment"]),
    st.sampled_from(["Red Army", "Green Front", "Dawn Coalition", "Grey Host", "Blue Brigade", "Blue", "jihadists", None]),
    st.sampled_from(["Red Army", "Green Front", "Dawn Coalition", "Blue Brigade", None]),
    st.sampled_from(["Oakford", "Oak Ford", "Pinewell", "Westmark", "Oakford mill", "the area"]),
    st.one_of(DAYS.map(str), DAYS.map(lambda day: f"..{day}"), st.none()),
    st.sampled_from([[], [], ["Red Army"], ["Wire Agency", "military source"], ["Green Front"]]),
    st.fixed_dictionaries(
        {"modality": st.sampled_from(["asserted", "asserted", "asserted", "denied", "background"])},
        optional={
            "near": st.just(True),
            "actor_id": st.just("blue"),
            "sentence": st.just("The town changed hands on Sunday, as all who saw it say."),
        },
    ),
)
REPORTS = st.tuples(
    st.sampled_from(OUTLETS), st.one_of(DAYS, DAYS, DAYS, st.none()), st.integers(0, 6), st.lists(ROWS, min_size=1, max_size=4)
)


def readings_of(reports: Sequence[Any]) -> list[Reading]:
    """Invented reports; those with one number have one address, and the later is a new version of the earlier."""
    found = []
    for number, (outlet, published, address, rows) in enumerate(reports):
        key = f"r{number}"
        placed = [[key, *row[:6], dict(row[6]) | ({"name": "Oakford"} if row[3] == "Oak Ford" else {})] for row in rows]
        places = {**PLACES, "Oakford": PLACES["Oakford"]}
        reading = invented.readings(placed, world=BOOK["world"], reports={key: [outlet, published]}, places=places)[0]
        claims = tuple(_spelt(claim, row) for claim, row in zip(reading.claims, rows, strict=True))
        found.append(replace(reading, report=replace(reading.report, url=f"https://example.org/{address}"), claims=claims))
    return found


def _spelt(claim: Any, row: Any) -> Any:
    """Some claims know the id of the Blue Brigade, and some only see "Oak Ford"."""
    if row[3] == "Oak Ford":
        claim = replace(
            claim, place=replace(claim.place, id=None, name="Oakford", admin1=None, latitude=None, longitude=None, precision=None)
        )
    if row[6].get("actor_id") and claim.actor and claim.actor.text.startswith("Blue"):
        claim = replace(claim, actor=replace(claim.actor, id="blue", name="Blue Brigade"))
    return claim


def kept(path: Path, readings: Sequence[Reading]) -> Record:
    record = Record.create(path)
    for reading in readings:
        record.add(reading)
    return record


def everything(view: View) -> list[str]:
    """All that can be answered about all places, as bytes, without the day by which it is known."""
    today = START + timedelta(10)
    found = [canonical(known) for known in view.all_histories()]
    rows = [canonical(row) for row in holdings.changes(view, date.min, date.max)]
    states = holdings.control_map(view, today, reasons=False) | {"known_by": None, "warnings": []}
    for feature in states["features"]:
        feature["properties"]["known_by"] = None
    return [*found, *rows, canonical(states)]


def contested(view: View) -> list[str]:
    """All that speakers disagree on, as it is kept, after a look at whether that is what it would be if nothing were kept."""
    found = [canonical(row) for row in all_disputes(view)]
    assert found == [canonical(dispute_json(one)) for one in disputes(view)]
    return found


def by_hand(record: Record, known_by: date | None) -> list[str]:
    """The same histories from all claims together, in memory."""
    told = record.told_by(known_by)
    ties = Ties(REGISTRY, told)
    gathered = Gathered.of(told, ties)
    places = (item.claim.place for item in told if item.claim.place and item.claim.kind in table("control")["roles"])
    named = described(places, ties.names.area)
    return [canonical(history(timeline(area, gathered))) for area in named.values()]


MANY = settings(
    max_examples=int(os.environ.get("KHABAR_EXAMPLES", "7")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@MANY
@given(reports=st.lists(REPORTS, min_size=1, max_size=7), day=st.one_of(st.none(), DAYS))
def test_the_index_gives_what_all_claims_together_give(
    reports: list[Any], day: date | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with kept(tmp_path_factory.mktemp("r") / "war.khabar", readings_of(reports)) as record:
        view = View(record, REGISTRY, day)
        assert [canonical(known) for known in view.all_histories()] == by_hand(record, day)


@MANY
@given(reports=st.lists(REPORTS, min_size=2, max_size=8), data=st.data())
def test_a_record_that_grew_answers_as_one_made_at_once(reports: list[Any], data: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("r")
    readings = readings_of(reports)
    grown = Record.create(folder / "grown.khabar")
    for number, reading in enumerate(readings):
        grown.add(reading)
        if data.draw(st.booleans(), label=f"asked after {number}"):
            view = View(grown, REGISTRY)
            list(view.all_histories())
            contested(view)
        if data.draw(st.integers(0, 3), label="reviewed") == 0 and reading.claims:
            verdict = data.draw(st.sampled_from(["accept", "reject", "correct"]))
            fields = {"published": "2031-05-02"} if verdict == "correct" else None
            at = datetime(2031, 5, 1 + number, tzinfo=UTC)
            grown.add_review(signed(reading.claims[0].claim_id, verdict, by="J. Doe", reason="seen", fields=fields, at=at))
    with grown, kept(folder / "at-once.khabar", readings) as at_once:
        for review in grown.reviews():
            at_once.add_review(review)
        assert everything(View(grown, REGISTRY)) == everything(View(at_once, REGISTRY))
        assert contested(View(grown, REGISTRY)) == contested(View(at_once, REGISTRY))


@MANY
@given(reports=st.lists(REPORTS, min_size=1, max_size=7), data=st.data())
def test_day_by_day_a_record_knows_what_was_published_by_then(
    reports: list[Any], data: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("r")
    readings = readings_of(reports)
    with kept(folder / "all.khabar", readings) as record:
        for number, reading in enumerate(readings):
            if data.draw(st.booleans(), label="reviewed"):
                verdict = data.draw(st.sampled_from(["accept", "reject"]))
                at = datetime(2031, 5, 1 + number, tzinfo=UTC)
                record.add_review(signed(reading.claims[0].claim_id, verdict, by="J. Doe", reason="seen", at=at))
        for n in range(0, 21, 5):
            day = START + timedelta(n)
            by_then = [reading for reading in readings if reading.report.published and reading.report.published <= day]
            with kept(folder / f"{n}.khabar", by_then) as partial:
                claims = {claim.claim_id for reading in by_then for claim in reading.claims}
                for review in record.reviews():
                    if review.known <= day and review.claim_id in claims:
                        partial.add_review(review)
                assert everything(View(record, REGISTRY, day)) == everything(View(partial, REGISTRY))


FIRST = [
    ("Harbour Post", START, 1, [("capture", "Green Front", "Red Army", "Oakford", str(START), [], {})]),
    ("Harbour Post", START, 2, [("capture", "Green Front", None, "Pinewell", str(START), [], {})]),
]
NEXT = ("Hill Gazette", START + timedelta(3), 3, [("capture", "Red Army", None, "Oakford", str(START + timedelta(3)), [], {})])


def test_a_new_report_touches_only_what_it_speaks_of(tmp_path: Path) -> None:
    readings = readings_of([*FIRST, NEXT])
    with kept(tmp_path / "war.khabar", readings[:2]) as record:
        Histories(record, REGISTRY).refresh()
        record.add(readings[2])
        Histories(record, REGISTRY)
        assert [row["place"] for row in record.connection.execute("SELECT place FROM derived.stale")] == ["p1"]


def test_a_tie_that_binds_nobody_touches_nothing(tmp_path: Path) -> None:
    first = ("Harbour Post", START, 1, [("capture", "jihadists", "Red Army", "Oakford", str(START), [], {})])
    tie = ("Hill Gazette", START, 2, [("membership", "jihadists", "Green Front", "Pinewell", None, [], {})])
    readings = readings_of([first, tie])
    with kept(tmp_path / "war.khabar", readings[:1]) as record:
        Histories(record, REGISTRY).refresh()
        record.add(readings[1])
        Histories(record, REGISTRY)
        assert not record.connection.execute("SELECT place FROM derived.stale").fetchall()


def test_a_tie_touches_whom_others_name_in_full(tmp_path: Path) -> None:
    """The report of the tie knows no id of the Blue Brigade; that of the capture does."""
    taken = ("capture", "Blue Brigade", "Red Army", "Oakford", str(START), [], {"actor_id": "blue"})
    held = ("control_state", "Dawn Coalition", None, "Oakford", str(START + timedelta(2)), [], {})
    tie = ("membership", "Blue Brigade", "Dawn Coalition", "Pinewell", None, [], {})
    readings = readings_of([("Harbour Post", START + timedelta(2), 1, [taken, held]), ("Hill Gazette", START + timedelta(3), 2, [tie])])
    with kept(tmp_path / "grown.khabar", readings[:1]) as grown, kept(tmp_path / "at-once.khabar", readings) as at_once:
        alone = everything(View(grown, REGISTRY))
        grown.add(readings[1])
        assert everything(View(grown, REGISTRY)) == everything(View(at_once, REGISTRY)) != alone


def test_a_review_works_out_again_only_the_disputes_that_it_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = readings_of([*FIRST, NEXT])
    drawn: list[str] = []
    with kept(tmp_path / "war.khabar", readings) as record:
        for reading in (readings[0], readings[1]):  # the second alone is touched by the second review
            all_disputes(View(record, REGISTRY))
            drawn.clear()
            monkeypatch.setattr("khabar.contested.over_place", lambda line: drawn.append(line.area.name) or ())
            record.add_review(signed(reading.claims[0].claim_id, "accept", by="J. Doe", reason="seen"))
            all_disputes(View(record, REGISTRY))
    assert drawn == ["Pinewell"]


def test_the_file_beside_a_record_can_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of([*FIRST, NEXT])).connection.close()
    with Record.open(path) as record:
        once = everything(View(record, REGISTRY))
    assert Path(f"{path}-derived").exists()
    for file in tmp_path.glob("*-derived*"):
        file.unlink()
    with Record.open(path) as record:
        assert everything(View(record, REGISTRY)) == once


def test_a_question_leaves_the_record_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    before = path.read_bytes()
    with Record.open(path) as record:
        everything(View(record, REGISTRY))
    assert path.read_bytes() == before


def test_a_record_that_may_not_be_written_beside_is_answered_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shelf" / "war.khabar"
    path.parent.mkdir()
    kept(path, readings_of(FIRST)).connection.close()
    monkeypatch.setattr("khabar.beside.os.access", lambda *_: False)
    monkeypatch.setenv("KHABAR_HOME", str(tmp_path / "home"))
    with Record.open(path) as record:
        assert holdings.control(View(record, REGISTRY), "Oakford", START)["holder"]["name"] == "Green Front"
    assert not Path(f"{path}-derived").exists()


def test_another_record_under_the_same_name_is_not_answered_from_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with Record.open(path) as record:
        holdings.control(View(record, REGISTRY), "Oakford", START)
    for file in tmp_path.glob("war.khabar*"):
        if not file.name.endswith("derived"):
            file.unlink()
    kept(path, readings_of([FIRST[1], NEXT])).connection.close()
    with Record.open(path) as record:
        got = holdings.control(View(record, REGISTRY), "Oakford", START + timedelta(3))
    assert got["holder"]["name"] == "Red Army"
    assert got["previous"] is None


def test_a_damaged_file_beside_the_record_does_not_stop_a_question(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    Path(f"{path}-derived").write_bytes(b"no database at all" * 100)
    with Record.open(path) as record:
        assert holdings.control(View(record, REGISTRY), "Oakford", START)["holder"]["name"] == "Green Front"


def test_two_questions_at_once_do_not_hinder_each_other(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with Record.open(path) as one, Record.open(path) as other:
        first, second = View(one, REGISTRY), View(other, REGISTRY)
        assert everything(first) == everything(second)


def test_several_processes_make_the_same_histories_and_incidents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = readings_of([*FIRST, NEXT])
    with kept(tmp_path / "alone.khabar", readings) as record:
        once, happened = everything(View(record, REGISTRY)), View(record, REGISTRY).chronicle.all()
        rows = rows_beside(record)
    for module in ("bearings", "histories", "hearing", "joining", "chronicle"):
        monkeypatch.setattr(f"khabar.{module}.{'MANY_REPORTS' if module == 'joining' else 'MANY'}", 0)
        monkeypatch.setattr(f"khabar.{module}.BATCH", 1)
    monkeypatch.setattr("khabar.workers.at_hand", lambda: 2)
    monkeypatch.setattr("khabar.bearings.at_hand", lambda: 2)
    monkeypatch.setattr("khabar.joining.SHELVED", 1)
    with kept(tmp_path / "together.khabar", readings) as record:
        assert everything(View(record, REGISTRY)) == once
        assert View(record, REGISTRY).chronicle.all() == happened
        assert rows_beside(record) == rows
        assert all(rows.values())


def rows_beside(record: Record) -> dict[str, list[tuple[Any, ...]]]:
    """What the index holds, and where accounts are filed."""
    tables = ("versions", "filed", "shown", "described", "called", "tells", "shelves")
    return {table: sorted(tuple(row) for row in record.connection.execute(f"SELECT * FROM derived.{table}")) for table in tables}


@pytest.mark.parametrize("processes", [1, 2])
def test_histories_are_worked_out_while_something_else_is_done(processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what another program takes in meanwhile is in them."""
    for limit in ("MANY", "BATCH"):
        monkeypatch.setattr(f"khabar.histories.{limit}", 1)
    for module in ("workers", "bearings"):
        monkeypatch.setattr(f"khabar.{module}.at_hand", lambda: processes)
    readings, path = readings_of([*FIRST, NEXT]), tmp_path / "war.khabar"
    with kept(tmp_path / "at-once.khabar", readings[:2]) as first, kept(tmp_path / "all.khabar", readings) as all_of_them:
        once, then = ([*Histories(record, REGISTRY).histories()] for record in (first, all_of_them))
    with kept(path, readings[:2]) as record:
        histories = Histories(record, REGISTRY)
        with histories.refreshing():
            assert record.connection.execute("SELECT count(*) FROM derived.stale").fetchone()[0] == len(once)
        assert [*histories.histories()] == once != then
        record.add(readings[2])
        histories.update()
        with histories.refreshing(), Record.create(path) as other:
            other.add(late := readings_of([*FIRST, NEXT, ("Hill Gazette", START, 5, NEXT[3])])[3])
            Histories(other, REGISTRY)
        assert not record.connection.execute("SELECT place FROM derived.stale").fetchall()
        with kept(tmp_path / "more.khabar", [*readings, late]) as more:
            assert [*histories.histories()] == [*Histories(more, REGISTRY).histories()] != then


@pytest.mark.parametrize("processes", [1, 2])
def test_very_many_histories_are_worked_out_while_all_accounts_are_joined(
    processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or afterwards, where nothing is joined; and are kept some at a time."""
    readings, kept_at_once = readings_of([*FIRST, NEXT]), []
    with kept(tmp_path / "once.khabar", readings) as record:
        once = [*Histories(record, REGISTRY).histories()]
    for limit in ("MANY", "BATCH", "KEPT"):
        monkeypatch.setattr(f"khabar.histories.{limit}", 1)
    for module in ("workers", "bearings"):
        monkeypatch.setattr(f"khabar.{module}.at_hand", lambda: processes)
    keep = Histories._keep
    monkeypatch.setattr(Histories, "_keep", lambda self, some: kept_at_once.append(len(some)) or keep(self, some))
    for name, is_told in (("joined", True), ("as-they-were", False)):
        with kept(tmp_path / f"{name}.khabar", readings) as record:
            histories = Histories(record, REGISTRY)
            with histories.refreshing() as meanwhile:
                if is_told:
                    Chronicle(histories.index, meanwhile=meanwhile)
                assert kept_at_once == [1] * len(once) * is_told, "kept while this process would wait, in the transaction of the incidents"
            assert not record.connection.execute("SELECT place FROM derived.stale").fetchall()
            assert [*histories.histories()] == once
        assert kept_at_once == [1] * len(once)
        kept_at_once.clear()


def test_tables_that_were_filled_have_their_indexes(tmp_path: Path) -> None:
    """They are made when a table is full, in a new record."""
    with kept(tmp_path / "war.khabar", readings_of([*FIRST, NEXT])) as record:
        Chronicle(Histories(record, REGISTRY).index)
        made = {row[0] for row in record.connection.execute("SELECT name FROM derived.sqlite_schema WHERE type = 'index'")}
    declared = re.findall(r"CREATE INDEX derived\.(\w+)", Path(khabar.__file__).with_name("derived.sql").read_text("utf-8"))
    assert declared
    assert set(declared) <= made


def test_a_script_without_a_guard_may_ask_a_large_record(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of([*FIRST, NEXT])).connection.close()
    script = tmp_path / "script.py"
    script.write_text(
        "import khabar, khabar.bearings, khabar.histories, khabar.workers\n"
        "khabar.bearings.MANY = khabar.histories.MANY = 0\n"
        "khabar.workers.at_hand = khabar.bearings.at_hand = lambda: 2\n"
        f"print(khabar.open({str(path)!r}).control_map('2031-05-20')['features'][0]['properties']['status'])\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["held"], done.stderr


def test_a_copy_of_a_record_starts_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with Record.open(path) as record:
        once = everything(View(record, REGISTRY))
    shutil.copy(path, tmp_path / "copy.khabar")
    with Record.open(tmp_path / "copy.khabar") as record:
        assert everything(View(record, REGISTRY)) == once


def test_no_table_of_the_derived_file_is_in_the_record(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with Record.open(path) as record:
        everything(View(record, REGISTRY))
    with closing(sqlite3.connect(path)) as record_alone:
        names = {row[0] for row in record_alone.execute("SELECT name FROM sqlite_schema")}
    assert not names & {"facts", "filed", "histories", "states"}


def test_an_older_program_can_drop_what_lies_beside_a_record(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with Record.open(path) as record:
        contested(View(record, REGISTRY))
    with closing(sqlite3.connect(f"{path}-derived", isolation_level=None)) as beside:
        for (name,) in beside.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            beside.execute(f"DROP TABLE {name}")
        assert not beside.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE numbered (number INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE VIRTUAL TABLE found USING fts5 (text)",
        "CREATE VIEW v AS SELECT 1",
    ],
    ids=["a table of SQLite's own", "full text", "a view"],
)
def test_a_file_beside_a_record_that_no_program_of_ours_can_empty_is_replaced(made: str, tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    kept(path, readings_of(FIRST)).connection.close()
    with closing(sqlite3.connect(f"{path}-derived")) as beside:
        beside.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        beside.execute(made)
        beside.commit()
    with Record.open(path) as record:
        assert holdings.control(View(record, REGISTRY), "Oakford", START)["holder"]["name"] == "Green Front"
    with closing(sqlite3.connect(f"{path}-derived")) as beside:
        names = {row[0] for row in beside.execute("SELECT name FROM sqlite_schema")}
    assert "histories" in names
    assert not names & {"numbered", "sqlite_sequence", "found", "v"}
