"""Claims that are looked for by their rows are those that are found by reading all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import invented
from khabar import searching
from khabar.errors import QuestionError
from khabar.record import Record, Told
from khabar.reviews import signed
from khabar.rulings import keep_ruling
from khabar.rulings import signed as ruled
from khabar.searching import Sought, matching
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []],
    ["post-5", "capture", "Green Front", None, "Bald Hill", "..2031-05-05", []],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-8", "airstrike", "Red Army", None, "bald hill", "2031-05-08", []],
    ["post-8", "clash", "Grey Host", "Green Front", "Elmhurst", "2031-05-08", []],
    ["undated", "capture", "Grey Host", None, "Pinewell", "2031-05-02", []],
]
DAYS = [None, date(2031, 5, 5), date(2031, 5, 7)]


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    with Record.create(tmp_path / "war.khabar") as made:
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            made.add(reading)
        yield made


def reviewed(record: Record) -> None:
    """Each in another way, in the order of publication."""
    moment = datetime(2031, 5, 4, tzinfo=UTC)
    said: list[dict[str, str] | None] = [{"date_end": "2031-06-30"}, None, {"actor": "|Blue Brigade"}, {"published": "2031-05-04"}]
    for item, fields in zip(record.told(), said, strict=False):
        verdict = "correct" if fields else "reject"
        record.add_review(signed(item.claim.claim_id, verdict, by="J. Doe", reason="seen", fields=fields, at=moment))


def unruled(record: Record) -> None:
    """Nothing was decided."""


ASKED: list[tuple[Sought, Callable[[Told], bool]]] = [
    (Sought(), lambda item: True),
    (Sought(kind="capture"), lambda item: item.claim.kind == "capture"),
    (Sought(modality="denied"), lambda item: item.claim.modality == "denied"),
    (Sought(first=date(2031, 6, 1)), lambda item: item.claim.date_end is None or item.claim.date_end >= date(2031, 6, 1)),
    (Sought(last=date(2031, 5, 4)), lambda item: item.claim.date_start is None or item.claim.date_start <= date(2031, 5, 4)),
    (Sought(place="Bald Hill"), lambda item: item.claim.place is not None and item.claim.place.text.casefold() == "bald hill"),
    (Sought(place="Oakford", actor="Green Front"), lambda item: on(item, "Oakford") and by(item, "Green Front")),
]


def on(item: Told, place: str) -> bool:
    return item.claim.place is not None and item.claim.place.text == place


def by(item: Told, actor: str) -> bool:
    return actor in {participant.text for participant in (item.claim.actor, item.claim.recipient) if participant}


@pytest.mark.parametrize("known_by", DAYS, ids=str)
@pytest.mark.parametrize("decide", [unruled, reviewed], ids=lambda decide: decide.__name__)
@pytest.mark.parametrize(("sought", "matches"), ASKED, ids=lambda value: str(value) if isinstance(value, Sought) else "")
def test_what_is_found_by_its_row_is_what_is_found_by_reading(
    record: Record, sought: Sought, matches: Callable[[Told], bool], decide: Callable[[Record], None], known_by: date | None
) -> None:
    shared: Any = View(record, invented.registry(BOOK["world"])).shared
    matching(
        View(record, invented.registry(BOOK["world"]), known_by, shared=shared), sought
    )  # what is kept of it must not outlive a review
    decide(record)
    found = matching(View(record, invented.registry(BOOK["world"]), known_by, shared=shared), sought)
    assert found == [item for item in record.told_by(known_by) if matches(item)]


def test_a_place_that_was_put_elsewhere_is_found_where_it_was_put(record: Record) -> None:
    put = {"id": "x:hill", "name": "Hill 40", "latitude": 10.0, "longitude": 20.0, "precision": "exact"}
    keep_ruling(record.connection, ruled("place", {"key": "bald hill", "place": put}, by="J. Doe", reason="on the survey map"))
    view = View(record, invented.registry(BOOK["world"]))
    for name in ("Hill 40", "Bald Hill", "x:hill"):
        assert {item.claim.kind for item in matching(view, Sought(place=name))} == {"capture", "airstrike"}, name
    assert not matching(view, Sought(place="Hill"))


def test_claims_on_a_place_without_an_id_are_found_by_an_index(record: Record) -> None:
    """Not by a look at every row."""
    query = f"EXPLAIN QUERY PLAN SELECT 1 FROM claims WHERE {searching._IN_WORDS}"
    plan = [row["detail"] for row in record.connection.execute(query, {"texts": json.dumps(["Bald Hill"])})]
    assert any("claims_by_place_words" in step for step in plan), plan


@pytest.mark.parametrize(
    ("sought", "told"),
    [
        (Sought(kind="captures"), "'captures' is no kind of a claim; did you mean capture"),
        (Sought(modality="deny"), "'deny' is no modality of a claim; did you mean denied?"),
        (Sought(first=date(2031, 6, 1), last=date(2031, 5, 1)), "--from 2031-06-01 is after --to 2031-05-01"),
        (Sought(place="Oakfjord"), "names a place 'Oakfjord'; did you mean Oakford?"),
        (Sought(actor="Green Fronde"), "names an actor 'Green Fronde'; did you mean"),
        (Sought(speaker="Harbour Past"), "nobody called 'Harbour Past' speaks in this record; did you mean Harbour Post?"),
    ],
)
def test_what_no_claim_can_be_is_said_and_not_answered_with_none(record: Record, sought: Sought, told: str) -> None:
    with pytest.raises(QuestionError, match=re.escape(told)):
        searching.claims(View(record, invented.registry(BOOK["world"]), None), sought)


def test_what_nobody_told_of_what_is_known_is_none(record: Record) -> None:
    view = View(record, invented.registry(BOOK["world"]), None)
    assert searching.claims(view, Sought(place="Elmhurst", kind="capture")) == []
    assert searching.claims(view, Sought(place="Elmhurst", speaker="State Voice")) == []
