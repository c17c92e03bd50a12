"""What goes out as JSON comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khabar.contract import (
    canonical,
    claim_from_json,
    claim_id,
    claim_json,
    day,
    failure_json,
    mention_from_json,
    mention_json,
    reading_json,
    report_from_json,
    report_json,
)
from khabar.errors import InputError
from khabar.model import (
    ActorMention,
    Attribution,
    Claim,
    Failure,
    Participant,
    Place,
    PlaceMention,
    Predicate,
    Quantity,
    QuantityMention,
    Reading,
    Report,
    Section,
    Speaker,
    TimeMention,
)

OFFSETS = st.integers(0, 500)
TEXTS = st.text(min_size=1, max_size=12)
MAYBE = st.none() | TEXTS
DAYS = st.none() | st.dates()
PARTICIPANTS = st.none() | st.builds(Participant, text=TEXTS, start=st.none() | OFFSETS, end=st.none() | OFFSETS, id=MAYBE, name=MAYBE)
PLACES = st.none() | st.builds(
    Place, text=TEXTS, id=MAYBE, latitude=st.none() | st.floats(-90, 90), near=st.booleans(), parent=MAYBE, admin1=MAYBE
)
CLAIMS = st.builds(
    Claim,
    claim_id=TEXTS,
    report_id=TEXTS,
    start=OFFSETS,
    end=OFFSETS,
    section=st.sampled_from(["body", "comment", "caption"]),
    kind=st.sampled_from(["capture", "clash"]),
    trigger=st.tuples(OFFSETS, OFFSETS),
    actor=PARTICIPANTS,
    recipient=PARTICIPANTS,
    place=PLACES,
    date_start=DAYS,
    date_end=DAYS,
    date_text=MAYBE,
    quantity=st.none()
    | st.builds(Quantity, low=st.none() | OFFSETS, high=st.none() | OFFSETS, unit=st.just("people"), approximate=st.booleans()),
    modality=st.sampled_from(["asserted", "denied"]),
    attribution=st.lists(st.builds(Speaker, text=TEXTS, id=MAYBE), max_size=3).map(tuple),
    rule=TEXTS,
)


@given(CLAIMS)
def test_a_claim_survives_json(claim: Claim) -> None:
    assert claim_from_json(json.loads(canonical(claim_json(claim)))) == claim


@pytest.mark.parametrize(
    "mention",
    [
        ActorMention(0, 9, "the group", form="reference", antecedent=(20, 31)),
        PlaceMention(0, 7, "Oakford", "x1", "Oakford", 1.5, 2.5, "town", "XX", "Westmark", near=True),
        TimeMention(0, 6, "Monday", "DATE", "2031-05-05", date(2031, 5, 5), date(2031, 5, 5)),
        QuantityMention(0, 2, "40", 40, 40, "fighters", noun=(3, 11)),
    ],
    ids=lambda mention: type(mention).__name__,
)
def test_a_mention_survives_json(mention: ActorMention) -> None:
    assert mention_from_json(json.loads(canonical(mention_json(mention)))) == mention


def test_a_report_survives_json() -> None:
    report = Report("r", "text", "title", "u", "o", "a", date(2031, 5, 5), "en", (Section("comment", 0, 4, "reader"),), "f" * 64)
    assert report_from_json(json.loads(canonical(report_json(report)))) == report


def test_a_line_of_read_has_the_fields_of_the_contract() -> None:
    chain = (Speaker("Wire", "wire"), Speaker("a source"))
    reading = Reading(
        Report("r", "text", published=date(2031, 5, 5)),
        mentions=(ActorMention(0, 4, "text"),),
        attributions=(Attribution((0, 4), None, ((0, 4),), chain),),
        predicates=(Predicate(0, 4, 2.5),),
    )
    row = json.loads(canonical(reading_json(reading)))
    assert list(row) == sorted(["report", "mentions", "phrases", "attributions", "predicates", "claims", "rules"])
    assert row["attributions"][0] | {"source": [0, 4], "cue": None, "content": [[0, 4]], "speaker": "a source"} == row["attributions"][0]
    assert row["predicates"] == [{"start": 0, "end": 4, "value": 2.5}]
    assert row["report"]["published"] == "2031-05-05"


def test_a_failure_takes_its_reports_place() -> None:
    row = failure_json(Failure("r9", "empty", "no text"))
    assert row == {"report": {"id": "r9"}, "error": {"code": "empty", "message": "no text"}}


def test_a_claims_id_depends_on_what_was_said_and_not_on_how_it_was_read() -> None:
    same = ("r1", "capture", (0, 20), (5, 10), "Red", None, "Oakford", ["Wire"])
    assert claim_id(*same) == claim_id(*same)
    for i, other in enumerate(["r2", "clash", (0, 21), (5, 11), "Reds", "Green", None, ["Wire", "a source"]]):
        assert claim_id(*same[:i], other, *same[i + 1 :]) != claim_id(*same)  # type: ignore[arg-type]


def test_a_claim_without_a_chain_is_refused() -> None:
    row = claim_json(Claim("c", "r", 0, 1, "body", "capture", (0, 1)))
    del row["attribution"]
    with pytest.raises(InputError, match="claim c: KeyError 'attribution'"):
        claim_from_json(row)


@pytest.mark.parametrize("text", ["20310505", "2031-5-5", "2031-02-30", "yesterday", "2031-W19-1"])
def test_only_iso_days_are_days(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        day(text)


def test_names_of_places_stand_apart_from_phrases_and_what_is_no_point_has_a_shape() -> None:
    town = PlaceMention(9, 16, "Oakford", "x:1", "Oakford", 35.0, 36.0, "town")
    around = PlaceMention(0, 16, "north of Oakford", "near:x:1", precision="near_town", near=True, parent="x:1")
    back = PlaceMention(20, 28, "the town", "x:1", "Oakford", 35.0, 36.0, "town", form="reference", antecedent=(9, 16))
    hamlets = PlaceMention(30, 41, "two hamlets", form="generic", precision="town")
    fled = Claim("c", "r", 0, 41, "body", "displacement", (0, 5), place=Place("two hamlets", 30, 41))
    reading = Reading(Report("r", "north of Oakford, … the town, two hamlets"), mentions=(around, town, back, hamlets), claims=(fled,))
    row = reading_json(reading)
    assert [m["text"] for m in row["mentions"]] == ["Oakford", "two hamlets"]
    assert [m["text"] for m in row["phrases"]] == ["north of Oakford", "the town"]
    assert row["phrases"][0]["geometry"]["type"] == "Polygon"
    assert "geometry" not in row["mentions"][0]
    silent = reading_json(replace(reading, claims=()))
    assert [m["text"] for m in silent["mentions"]] == ["Oakford"], "nameless places that no claim is about are mere words"
    assert "two hamlets" in [m["text"] for m in silent["phrases"]]
