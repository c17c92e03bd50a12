"""Every rule of control in stories of a few claims (tests/stories/control.yaml), and what must hold of any claims whatever."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import invented
from khabar.areas import Area, described
from khabar.chains import chain, standing
from khabar.control import Timeline, timeline
from khabar.drawers import Gathered
from khabar.evidence import containment
from khabar.model import Claim, Participant, Place, Speaker
from khabar.parties import Party
from khabar.reasons import answer
from khabar.record import Told
from khabar.registry import load_registry
from khabar.ties import Ties

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
SETTING = {name: BOOK[name] for name in ("world", "reports", "places")}
QUESTIONS = [
    pytest.param(story, question, id=f"{story['name']}-{i}") for story in BOOK["stories"] for i, question in enumerate(story["ask"])
]


def lines(told: list[Told]) -> dict[str, Timeline]:
    ties = Ties(invented.registry(BOOK["world"]), told)
    bearing = Gathered.of(told, ties)
    areas = described((item.claim.place for item in told if item.claim.place), ties.names.area)
    return {key: timeline(area, bearing) for key, area in areas.items()}


@pytest.mark.parametrize(("story", "question"), QUESTIONS)
def test_a_story_is_answered(story: dict[str, Any], question: dict[str, Any]) -> None:
    told = invented.told(invented.readings(story["claims"], **SETTING))
    known = invented.ruled(told, story.get("reviews", []), question.get("known_by"))
    line = lines(known)[invented.key_of(question["place"], BOOK["places"])]
    got = answer(line, question["day"], known_by=question.get("known_by"))
    assert shown(got, question) == question, "\n".join(got["because"])


def shown(got: dict[str, Any], question: dict[str, Any]) -> dict[str, Any]:
    """The answer, in the words of the question."""
    seen: dict[str, Any] = {"place": question["place"], "day": question["day"], "known_by": question.get("known_by")}
    for name in ("status", "standing", "informants"):
        seen[name] = got[name]
    for name in ("holder", "previous", "besieged_by"):
        seen[name] = got[name]["name"] if got[name] else None
    for name in ("disputed_by", "members"):
        seen[name] = sorted(party["name"] for party in got[name])
    for name in ("for", "against", "listed", "left_out"):
        seen[name] = len(got[name])
    for name in ("since", "until"):
        seen[name] = f"{got[name]['date_start'] or ''}..{got[name]['date_end']}" if got[name] else None
    coming = got["possible_change"]
    seen["possible"] = (coming["holder"] or {"name": "nobody named"})["name"] if coming else None
    seen["last_report"] = date.fromisoformat(got["last_report"]) if got["last_report"] else None
    seen["rules"] = [rule for rule in question.get("rules", []) if rule in got["rules"]]
    seen["words"] = question.get("words") if any(question.get("words", "") in words for words in got["because"]) else None
    return {name: seen[name] for name in question}


def test_every_rule_of_the_design_decides_some_story() -> None:
    ruled = {rule for story in BOOK["stories"] for question in story["ask"] for rule in question.get("rules", [])}
    assert ruled == {
        "chain",
        "own-side",
        "against-interest",
        "copies",
        "denial",
        "containment",
        "coalition",
        "final-acquisition",
        "silence",
        "analyst",
    }


DAYS = st.dates(date(2031, 4, 28), date(2031, 5, 24))
ACTORS = st.sampled_from(["Red Army", "Green Front", "Dawn Coalition", "Grey Host", None])
ROWS = st.tuples(
    st.sampled_from(sorted(set(BOOK["reports"]) - {"undated"})),
    st.sampled_from(["capture", "control_state", "withdrawal", "siege", "clash", "transfer", "redeployment"]),
    ACTORS,
    ACTORS,
    st.sampled_from(["Oakford", "Westmark", "Oakford mill"]),
    st.one_of(DAYS.map(str), DAYS.map(lambda day: f"..{day}")),
    st.sampled_from([[], ["Red Army"], ["Wire Agency", "military source"], ["Green Front"]]),
    st.fixed_dictionaries({"modality": st.sampled_from(["asserted", "asserted", "denied", "background", "predicted"])}),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8))
def test_the_periods_of_a_place_tile_the_time_line(rows: list[Any]) -> None:
    for line in lines(invented.told(invented.readings(rows, **SETTING))).values():
        assert line.periods[0].first is None
        assert line.periods[-1].last is None
        for before, after in zip(line.periods, line.periods[1:], strict=False):
            assert before.last is not None
            assert after.first == before.last + timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8), DAYS)
def test_every_answer_rests_on_claims_and_gives_its_reason(rows: list[Any], on: date) -> None:
    told = invented.told(invented.readings(rows, **SETTING))
    ids = {item.claim.claim_id for item in told}
    for line in lines(told).values():
        got = answer(line, on)
        assert {*got["for"], *got["against"], *got["listed"]} <= ids
        assert got["because"]
        if got["holder"]:
            assert got["for"]
            assert got["since"]["date_end"] <= on.isoformat()


@settings(max_examples=100, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8), DAYS)
def test_what_is_published_later_never_changes_what_was_known(rows: list[Any], known_by: date) -> None:
    told = invented.told(invented.readings(rows, **SETTING))
    early = invented.told(invented.readings([row for row in rows if BOOK["reports"][row[0]][1] <= known_by], **SETTING))
    known = [item for item in told if item.is_known_by(known_by)]
    for key, line in lines(known).items():
        assert answer(line, known_by) == answer(lines(early)[key], known_by)


def test_the_army_of_another_war_is_no_enemy_whose_word_would_be_an_admission() -> None:
    registry = load_registry()
    ties = Ties(registry, [])
    parties = [Party(actor.id, actor.id, actor.name) for id in ("tatmadaw", "sudan-government") if (actor := registry.actor(id))]
    assert len(parties) == 2
    assert not ties.opposed(*parties, date(2023, 5, 1))


@pytest.mark.parametrize(
    ("speaker", "words", "how"),
    [
        ("Syrian information minister", "the Syrian information minister said.", "own"),
        ("Mevlana Roe", "Turkish Foreign Minister Mevlana Roe said.", "independent"),
        ("US official", "a US official said.", "independent"),
        ("military source", "a military source said.", "own"),
        ("provincial governor", "the provincial governor said.", "own"),
        ("Omar Sala [Idlib province]", "the governor of Idlib province, Omar Sala, said.", "own"),
    ],
)
def test_an_official_speaks_for_the_country_that_is_named(speaker: str, words: str, how: str) -> None:
    army = Party("syrian-arab-army", "syrian-arab-army", "Syrian Arab Army")
    day = date(2015, 6, 8)
    claim = Claim("c", "r", 0, 9, "body", "capture", (0, 1), Participant(army.name, id=army.id), attribution=(Speaker(speaker),))
    told = Told(claim, f"The Syrian army took the town, {words}", "v", "Harbour Post", day)
    ties = Ties(load_registry(), [told])
    party, _, _ = chain(told, [army], ties)
    assert standing("gain", army, None, party, ties, day).replace("admission", "independent") == how


@pytest.mark.parametrize(
    ("speaker", "id", "how"),
    [
        ("Defence Ministry", "russian-armed-forces", "own"),
        ("Defence Ministry", "syrian-arab-army", "own"),
        ("Houthi's television", "houthis", "own"),
        ("Houthi-run television", "houthis", "own"),
        ("Lebanon's Red Cross", "hezbollah", "independent"),
    ],
)
def test_a_ministry_or_a_side_s_radio_speaks_for_it(speaker: str, id: str, how: str) -> None:
    registry, day = load_registry(), date(2019, 6, 8)
    actor = registry.actor(id)
    assert actor
    party = Party(actor.id, actor.id, actor.name)
    claim = Claim("c", "r", 0, 9, "body", "capture", (0, 1), Participant(actor.name, id=id), attribution=(Speaker(speaker),))
    told = Told(claim, f"Troops took the town, the {speaker} said.", "v", "Harbour Post", day)
    ties = Ties(registry, [told])
    said_by, _, _ = chain(told, [party], ties)
    assert standing("gain", party, None, said_by, ties, day) == how


@pytest.mark.parametrize(
    ("sentence", "reach"),
    [
        ("The Red Army holds about 40 percent of Oakford.", "part"),
        ("The Red Army holds two thirds of the town of Oakford.", "part"),
        ("The Red Army holds half of the town.", "part"),
        ("The Red Army holds 95 percent of the town.", "here"),
        ("The Red Army, half of whose men fell, holds Oakford.", "here"),
    ],
)
def test_a_share_of_a_town_is_not_the_town(sentence: str, reach: str) -> None:
    start = sentence.find("Oakford")
    place = Place("Oakford", start + 100 if start >= 0 else 0, start + 107 if start >= 0 else 7)
    claim = Claim("c", "r", 100, 100 + len(sentence), "body", "control_state", (104, 112), Participant("Red Army"), place=place)
    area = Area("oakford", None, "Oakford", None, None, None, None, None, None)
    assert containment(claim, area, area, "presence", sentence) == reach


def test_a_denial_of_a_loss_is_in_the_loser_s_interest() -> None:
    red, ties = Party("red-army", "red-army", "Red Army"), Ties(invented.registry(BOOK["world"]), [])
    assert standing("loss", red, None, red, ties, date(2031, 5, 5)) == "admission"
    assert standing("loss", red, None, red, ties, date(2031, 5, 5), denied=True) == "own"
    assert standing("gain", None, None, red, ties, date(2031, 5, 5), denied=True) == "own"  # "denied that the town had fallen"
