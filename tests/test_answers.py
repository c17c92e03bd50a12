"""Questions to a record of invented reports, and what a person must be able to learn from the answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import invented
from khabar import finding, holdings, profiles, provenance, reasons
from khabar.errors import QuestionError
from khabar.model import ActorMention, PlaceMention, Reading, Report
from khabar.record import Record
from khabar.searching import Sought, claims
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
PLACES = BOOK["places"] | {"Oakford": {"id": "p1", "admin1": "Westmark", "latitude": 1.5, "longitude": 2.5, "precision": "town"}}
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Dawn Coalition", "Red Army", "Oakford", "2031-05-05", []],
    ["post-5", "withdrawal", "Red Army", None, "Oakford", "2031-05-05", ["Wire Agency", "military source"]],
    ["post-5", "capture", "Green Front", None, "Óak-Hamra", "2031-05-05", ["Green Front"]],
    ["post-5", "coalition_formed", "Dawn Coalition", None, None, "2031-04-24", []],
    ["post-5", "commands", "Green Front", "Dawn Coalition", None, None, []],
    ["post-5", "membership", "Blue Brigade", "Dawn Coalition", None, None, []],
    ["post-5", "branch_of", "Green Front", "World Front", None, None, []],
    ["post-8", "clash", "Grey Host", "Green Front", "Pinewell", "2031-05-08", []],
    ["post-8", "capture", "Red Army", None, "Pinewell", "2031-05-20", [], {"modality": "predicted"}],
    ["undated", "capture", "Grey Host", None, "Pinewell", "2031-05-02", []],
]
EXTRA = Reading(
    Report("spoken", "The Dawn Coalitian spoke of Elmhurst.", outlet="Hill Gazette", published=date(2031, 5, 3)),
    mentions=(ActorMention(4, 18, "Dawn Coalitian", "dawn-coalition", "Dawn Coalition"), PlaceMention(28, 36, "Elmhurst", name="Elmhurst")),
)
FIFTH, EIGHTH = date(2031, 5, 5), date(2031, 5, 8)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("record") / "war.khabar"
    with Record.create(path) as record:
        for reading in [*invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=PLACES), EXTRA]:
            record.add(reading, sentences=[(0, 37)] if reading is EXTRA else [])
    return path


@pytest.fixture
def view(path: Path) -> Iterator[View]:
    with Record.open(path) as record:
        yield View(record, invented.registry(BOOK["world"]))


def known_by(view: View, day: date) -> View:
    return View(view.record, view.registry, day)


def names(rows: list[Any]) -> set[str]:
    return {row["name"] for row in rows}


@pytest.mark.parametrize("name", ["Oakford", "oakford", "p1", "OAKFORD"])
def test_a_place_is_found_under_its_spellings(view: View, name: str) -> None:
    assert holdings.control(view, name, FIFTH)["holder"]["name"] == "Dawn Coalition"


@pytest.mark.parametrize("name", ["Oak Hamra", "Oak al-Hamra", "oak hamra"])
def test_a_place_in_no_gazetteer_has_its_history_under_its_own_name(view: View, name: str) -> None:
    got = holdings.control(view, name, FIFTH)
    assert got["place"] == {"id": None, "name": "Óak-Hamra", "latitude": None, "longitude": None}
    assert got["holder"]["name"] == "Green Front"


def test_an_unknown_place_gets_near_alternatives(view: View) -> None:
    with pytest.raises(QuestionError, match="did you mean Oakford"):
        holdings.control(view, "Oakfrod", FIFTH)


def test_a_gazetteer_finds_a_place_under_a_spelling_that_no_report_has(view: View) -> None:
    view.gazetteer = {"Eichenfurt": ["elsewhere", "p1"]}.__getitem__
    assert holdings.control(view, "Eichenfurt", FIFTH)["place"]["id"] == "p1"


def test_a_place_that_is_only_mentioned_is_unknown(view: View) -> None:
    got = holdings.control(view, "Elmhurst", FIFTH)
    assert (got["status"], got["holder"], got["last_report"]) == ("unknown", None, None)


def test_a_place_that_is_only_mentioned_inherits_nothing_but_what_was_claimed_of_its_whole_area(tmp_path: Path) -> None:
    rows = [
        ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []],
        ["post-8", "capture", "Green Front", "Red Army", "Westmark", "2031-05-08", []],
    ]
    readings = invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=PLACES)
    walk = Report("walk", "Elmhurst and Farhurst lie apart.", outlet="Hill Gazette", published=date(2031, 5, 3))
    named = (
        PlaceMention(0, 8, "Elmhurst", "e1", "Elmhurst", admin1="Westmark"),
        PlaceMention(13, 21, "Farhurst", "f1", "Farhurst", admin1="Eastmark"),
    )
    with Record.create(tmp_path / "war.khabar") as record:
        for reading in (*readings, Reading(walk, mentions=named)):
            record.add(reading)
        view = View(record, invented.registry(BOOK["world"]))
        assert holdings.control(view, "Elmhurst", date(2031, 5, 7))["status"] == "unknown"
        assert holdings.control(view, "Elmhurst", EIGHTH)["holder"]["name"] == "Green Front"
        assert holdings.control(view, "Farhurst", EIGHTH)["status"] == "unknown"


def test_a_place_first_named_later_was_unknown_before(view: View) -> None:
    assert holdings.control(known_by(view, date(2031, 5, 1)), "Óak-Hamra", FIFTH)["status"] == "unknown"


def test_undated_reports_are_counted_in_a_warning_and_never_known_by(view: View) -> None:
    assert holdings.control(view, "Pinewell", date(2031, 5, 2))["holder"]["name"] == "Grey Host"
    got = holdings.control(known_by(view, date(2031, 6, 1)), "Pinewell", date(2031, 5, 2))
    assert got["holder"] is None
    assert got["warnings"] == ["reports without a day of publication, left out of --known-by: 1"]


def test_the_map_has_every_place_and_null_for_those_without_coordinates(view: View) -> None:
    got = holdings.control_map(view, FIFTH)
    shown = {feature["properties"]["place"]["name"]: feature for feature in got["features"]}
    assert shown["Oakford"]["geometry"] == {"type": "Point", "coordinates": [2.5, 1.5]}
    assert shown["Óak-Hamra"]["geometry"] is None
    assert shown["Óak-Hamra"]["properties"]["holder"]["name"] == "Green Front"
    assert shown["Óak-Hamra"]["properties"]["standing"] == "claimed"


def test_changes_tell_from_whom_to_whom_with_their_sentences(view: View) -> None:
    rows = {row["place"]["name"]: row for row in holdings.changes(view, date(2031, 5, 2), FIFTH)}
    oakford = rows["Oakford"]
    assert (oakford["from"]["name"], oakford["to"]["name"], oakford["standing"]) == ("Red Army", "Dawn Coalition", "assessed")
    assert oakford["informants"] == 2
    assert all(claim["sentence"] and claim["outlet"] for claim in oakford["evidence"])
    assert {claim["claim_id"] for claim in oakford["evidence"]} == set(oakford["for"])
    assert rows["Óak-Hamra"]["from"] is None


def test_changes_leave_out_what_lies_outside_the_time_and_the_first_sight_of_a_holder(view: View) -> None:
    assert holdings.changes(view, EIGHTH, date(2031, 6, 1)) == []
    assert {row["place"]["name"] for row in holdings.changes(view, date(2031, 5, 1), date(2031, 5, 4))} == {"Pinewell"}
    with pytest.raises(QuestionError, match="after"):
        holdings.changes(view, EIGHTH, FIFTH)


@pytest.mark.parametrize("name", ["Dawn Coalition", "the Dawn Coalition", "dawn-coalition"])
def test_an_actor_is_answered_with_facts_and_where_each_is_from(view: View, name: str) -> None:
    got = profiles.actor(view, name, EIGHTH)
    assert got["id"] == "dawn-coalition"
    assert "Dawn Coalitian" in got["names"]
    assert names(got["members"]) == {"Blue Brigade", "Green Front"}
    by_name = {row["name"]: row for row in got["members"]}
    assert by_name["Blue Brigade"]["claims"]
    assert not by_name["Blue Brigade"]["sources"]
    assert by_name["Green Front"]["sources"] == ["invented"]
    assert names(got["media"]) == {"Green Radio"}
    assert names(got["led_by"]) == {"Green Front"}
    assert names(got["enemies"]) == {"Red Army"}
    assert got["formed"][0]["date_start"] == "2031-04-24"
    assert [row["place"] for row in got["gains"]] == ["Oakford"]


def test_a_market_that_was_hit_is_no_enemy(tmp_path: Path) -> None:
    rows = [
        ["post-5", "airstrike", "Red Army", "Oakford mill", "Oakford mill", "2031-05-04", []],
        ["post-5", "attack", "Red Army", "Hill Guards", "Oakford", "2031-05-04", []],
    ]
    with Record.create(tmp_path / "war.khabar") as record:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            record.add(reading)
        answer = profiles.actor(View(record, invented.registry(BOOK["world"])), "Red Army")
    assert [row["name"] for row in answer["fought"]] == ["Hill Guards"]
    assert "Oakford mill" not in [row["name"] for row in answer["enemies"]]


def test_a_group_that_no_registry_has_is_answered_from_the_reports(view: View) -> None:
    got = profiles.actor(view, "blue brigade", EIGHTH)
    assert (got["id"], got["name"], got["kind"]) == (None, "Blue Brigade", None)
    assert names(got["member_of"]) == {"Dawn Coalition"}
    assert names(profiles.actor(view, "Green Front")["branch_of"]) == {"World Front"}


def test_what_is_told_later_is_not_yet_said_of_an_actor(view: View) -> None:
    assert names(profiles.actor(known_by(view, date(2031, 5, 1)), "Dawn Coalition")["members"]) == {"Green Front"}


def test_an_unknown_actor_gets_near_alternatives(view: View) -> None:
    with pytest.raises(QuestionError, match="did you mean Blue Brigade"):
        profiles.actor(view, "Blue Brigades")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 11),
        ({"place": "oakford"}, 3),
        ({"actor": "Red Army"}, 4),
        ({"kind": "clash"}, 1),
        ({"modality": "predicted"}, 1),
        ({"speaker": "Wire Agency"}, 1),
        ({"speaker": "military source"}, 1),
        ({"first": EIGHTH}, 5),
        ({"last": date(2031, 5, 1)}, 5),
        ({"search": "oak hamra"}, 1),
        ({"search": 'AND "'}, 0),
        ({"place": "Oakford", "kind": "withdrawal"}, 1),
    ],
    ids=str,
)
def test_claims_are_found_by_all_that_is_asked(view: View, asked: dict[str, Any], count: int) -> None:
    found = claims(view, Sought(**asked))
    assert len(found) == count
    assert all(claim["sentence"] for claim in found)


def test_an_outlet_that_only_passes_on_is_not_the_speaker(view: View) -> None:
    assert all(not claim["attribution"] for claim in claims(view, Sought(speaker="Harbour Post")))


def test_a_claim_is_explained_down_to_its_sentence_speakers_and_report(view: View) -> None:
    claim = claims(view, Sought(kind="withdrawal"))[0]
    got = provenance.explain(view, claim["claim_id"][:8])
    assert got["type"] == "claim"
    assert got["chain"] == ["Wire Agency", "military source"]
    assert got["counted"] | {"role": "loss", "standing": "admission", "reach": "here", "settles": True} == got["counted"]
    assert got["report"]["outlet"] == "Harbour Post"


@pytest.mark.parametrize(("id", "kind"), [("post-5", "report"), ("p1", "place"), ("Pinewell", "place"), ("green-front", "actor")])
def test_every_id_leads_to_quoted_sentences(view: View, id: str, kind: str) -> None:
    got = provenance.explain(view, id)
    assert got["type"] == kind
    assert all(claim["sentence"] for claim in got["claims"])
    assert got["claims"]


def test_an_unknown_id_is_said_to_be_unknown(view: View) -> None:
    with pytest.raises(QuestionError, match="no claim, report, place or actor"):
        provenance.explain(view, "nothing")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Blue Brigade", "Dawn Coalition"), ("Blue Brigade", "Red Army")], "two hostile sides, Dawn Coalition and Red Army"),
        ([("Blue Brigade", "Iron Brigade"), ("Iron Brigade", "Blue Brigade")], "belong to each other: the circle ends where it began"),
    ],
)
def test_what_cannot_all_be_so_of_belonging_is_said(rows: list[tuple[str, str]], said: str, tmp_path: Path) -> None:
    told = [["post-5", "membership", member, body, None, None, []] for member, body in rows]
    with Record.create(tmp_path / "war.khabar") as record:
        for reading in invented.readings(told, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            record.add(reading)
        warnings = profiles.actor(View(record, invented.registry(BOOK["world"])), "Blue Brigade")["warnings"]
    assert any(said in warning for warning in warnings), warnings


def test_a_place_that_no_gazetteer_has_is_answered_and_has_no_point(view: View) -> None:
    found = {feature["properties"]["place"]["name"]: feature for feature in holdings.control_map(view, EIGHTH)["features"]}
    assert found["Pinewell"]["geometry"] is None
    assert found["Pinewell"]["properties"]["status"] == "contested"


def test_a_place_is_found_by_its_id_as_by_its_name(view: View) -> None:
    """By the id without reading all claims."""
    ids = {item.claim.place.id for item in view.record.told() if item.claim.place and item.claim.place.id}
    assert ids
    for id in ids:
        area = view.areas[id]
        named = {claim["claim_id"] for claim in claims(view, Sought(place=area.name))}
        assert {claim["claim_id"] for claim in claims(view, Sought(place=id))} <= named
    assert len(claims(view, Sought(place=finding.find_place(view, "Oakford").id))) == 3


def test_a_view_that_keeps_few_time_lines_answers_the_same(view: View) -> None:
    few = View(view.record, view.registry, most_lines=1)
    for area in view.areas.values():
        assert reasons.history(few.line(area)) == reasons.history(view.line(area))
    assert len(few._lines) == 1
