"""What a record is counted to hold, and to cover, is what it gives when it is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import invented
from khabar.coverage import coverage
from khabar.record import Record
from khabar.reviews import signed
from khabar.totals import Totals, totals
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS = [
    ["green-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-8", "capture", "Green Front", "Red Army", "Oakford", "..2031-05-07", []],
]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    made = Record.create(tmp_path / "war.khabar")
    for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
        made.add(reading)
    return made


def read(record: Record, known_by: date | None) -> Totals:
    told = record.told_by(known_by)
    reports = [one for one in record.reports() if known_by is None or (one.published and one.published <= known_by)]
    days = sorted(one.published for one in reports if one.published)
    ends = sorted(item.claim.date_end for item in told if item.claim.date_end)
    return Totals(len(reports), len(told), (days[0], days[-1]) if days else (None, None), (ends[0], ends[-1]) if ends else (None, None))


DAYS = [None, date(2031, 5, 6), date(2031, 5, 9), date(2030, 1, 1)]


@pytest.mark.parametrize("known_by", DAYS, ids=str)
def test_what_is_counted_is_what_is_read(record: Record, known_by: date | None) -> None:
    assert totals(record, known_by) == read(record, known_by)


@pytest.mark.parametrize("known_by", DAYS, ids=str)
def test_what_an_analyst_put_counts_as_put(record: Record, known_by: date | None) -> None:
    for number, fields in ((0, {"date_end": "2031-06-30"}), (1, {"published": "2031-05-02"})):
        claim = record.told()[number].claim.claim_id
        record.add_review(signed(claim, "correct", by="J. Doe", reason="seen", fields=fields, at=datetime(2031, 5, 1, tzinfo=UTC)))
    assert totals(record, known_by) == read(record, known_by)
    assert totals(record).events[1] == date(2031, 6, 30)


@pytest.mark.parametrize("known_by", DAYS, ids=str)
def test_a_later_version_takes_the_place_of_the_one_before(record: Record, known_by: date | None) -> None:
    rows = [["again", *ROWS[0][1:]], ["again", *ROWS[1][1:]]]
    outlet = BOOK["reports"]["green-5"][0]
    [later] = invented.readings(rows, world=BOOK["world"], reports={"again": [outlet, date(2031, 5, 9)]}, places=BOOK["places"])
    record.add(replace(later, report=replace(later.report, url="https://example.org/green-5")))
    assert totals(record, known_by) == read(record, known_by)
    assert totals(record).claims == len(ROWS) + 1


def test_coverage_counts_what_is_read(record: Record) -> None:
    assert covered(record) == told(record)


def test_coverage_counts_a_claim_where_and_when_an_analyst_put_it(record: Record) -> None:
    first, second, _ = record.told()
    put = signed(first.claim.claim_id, "correct", by="J. Doe", reason="seen", fields={"published": "2031-05-02"})
    record.add_review(put)
    found = covered(record)
    assert found == told(record)
    assert found[date(2031, 5, 2), "Green Radio"] == 1
    assert found[second.known, second.outlet] == 1


def covered(record: Record) -> Counter[tuple[date | None, str | None]]:
    rows = coverage(View(record, invented.registry(BOOK["world"])))
    return Counter({(row["day"], row["outlet"]): row["claims"] for row in rows if row["country"] is None and row["claims"]})


def told(record: Record) -> Counter[tuple[date | None, str | None]]:
    return Counter((item.known, item.outlet) for item in record.told_by(None))
