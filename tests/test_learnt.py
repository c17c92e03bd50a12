"""What the model tells beside the rules reaches the record within bounds, and is named for what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import khabar
from khabar import cli
from khabar.columns import Told
from khabar.model import Claim, Reading, Report
from khabar.reading import STEPS, coded, load_knowledge
from khabar.record import Record

SURE = {"any": 0.99}


def claims(text: str, told: dict[str, Told], *, known: bool = True) -> tuple[Claim, ...]:
    """The claims of a text in which the model tells this of these words, and nothing of all others."""
    knowledge = load_knowledge()
    reading = Reading(Report("r", text, published=date(2031, 5, 6)))
    for step in STEPS[:-1]:
        reading = step(reading, knowledge)
    doc = reading.tree
    doc.user_data["told"] = {t.i: told[t.text] for t in doc if t.text in told}
    doc.user_data["told_kinds"] = frozenset({"any", "attack", "airstrike", "casualties"}) if known else frozenset()
    return coded(replace(reading), knowledge).claims


def told(text: str, kind: str, likely: float, **fillers: dict[int, float]) -> dict[str, Told]:
    return {text: Told({"any": likely, kind: likely}, fillers)}


UNRULED = "The brigade zapped soldiers in Karsa on Monday."
FILLED = {"actor": {1: 0.9}, "recipient": {3: 0.9}}


def test_a_verb_that_no_rule_knows_makes_a_claim_that_says_it_is_learnt() -> None:
    found = claims(UNRULED, told("zapped", "attack", 0.97, **FILLED))
    assert [(c.kind, c.rule, c.actor and c.actor.text, c.recipient and c.recipient.text) for c in found] == [
        ("attack", "attack.learnt", "brigade", "soldiers")
    ]
    assert found[0].date_start == date(2031, 5, 5)


def test_a_learnt_claim_carries_how_likely_the_model_holds_it_and_a_rules_claim_carries_none() -> None:
    told_both = told("zapped", "attack", 0.974, **FILLED)
    assert [claim.confidence for claim in claims(UNRULED, told_both)] == [0.97]
    by_rule = claims("The army attacked rebels in Karsa on Monday.", told("attacked", "attack", 0.4))
    assert [claim.confidence for claim in by_rule] == [None]


def test_whoever_looks_at_a_learnt_claim_of_a_record_is_told_how_likely_the_model_held_it(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    [claim] = claims(UNRULED, told("zapped", "attack", 0.974, **FILLED))
    with Record.create(path) as record:
        record.add(Reading(Report("r", UNRULED, published=date(2031, 5, 6)), claims=(claim,)))
    explained = CliRunner().invoke(cli.app, ["explain", str(path), claim.claim_id])
    assert "rule: attack.learnt, confidence 0.97" in explained.output
    with khabar.open(path) as opened:
        assert [row["confidence"] for row in opened.claims()] == [0.97]
        assert [row["confidence"] for row in opened.table("claims")] == [0.97]


def test_who_denies_what_the_model_alone_tells_is_told_by_a_rule() -> None:
    found = claims(f"{UNRULED} The ministry of defence denied this.", told("zapped", "attack", 0.97, **FILLED))
    assert [(claim.rule, claim.confidence) for claim in found] == [("attack.learnt", 0.97), ("attack.denial", None)]


@pytest.mark.parametrize("likely", [0.3, 0.5])
def test_what_the_model_only_suspects_is_no_claim(likely: float) -> None:
    assert claims(UNRULED, told("zapped", "attack", likely, **FILLED)) == ()


def test_a_rule_is_taken_back_where_the_model_sees_nothing() -> None:
    text = "Rebels attacked on Monday."
    assert [c.kind for c in claims(text, told("attacked", "attack", 0.9))] == ["attack"]
    assert claims(text, {}) == ()


@pytest.mark.parametrize(("likely", "kinds"), [(0.1, ["attack"]), (0.02, [])])
def test_a_claim_that_says_whom_and_where_is_taken_back_only_where_its_kind_is_next_to_impossible(likely: float, kinds: list[str]) -> None:
    assert [c.kind for c in claims("The army attacked rebels in Karsa on Monday.", told("attacked", "attack", likely))] == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Rebels captured Karsa on Monday.", []),
        ("The army sent buses to Karsa on Monday.", []),
        ("The army seized a car in Karsa on Monday.", []),
        ("Rebels did not capture Karsa on Monday.", ["capture"]),
        ("The truce did not take hold in Karsa.", ["agreement"]),
        ("The army patrolled Karsa on Monday.", ["redeployment"]),
    ],
)
def test_what_the_model_sees_nothing_of_stands_only_where_it_is_denied_or_can_mean_nothing_else(text: str, kinds: list[str]) -> None:
    assert [c.kind for c in claims(text, {})] == kinds


def test_a_claim_is_of_its_own_kind_and_not_of_any() -> None:
    assert claims("The army attacked rebels in Karsa on Monday.", {"attacked": Told({"any": 0.9, "attack": 0.02}, {})}) == ()


def test_a_kind_that_the_model_has_seldom_seen_is_never_taken_back() -> None:
    assert [c.kind for c in claims("The army besieged Karsa on Monday.", {})] == ["siege"]


def test_a_claim_of_a_rule_and_of_the_model_is_one_claim() -> None:
    found = claims("The army attacked rebels in Karsa on Monday.", told("attacked", "attack", 0.99, actor={1: 0.9}))
    assert [c.rule for c in found] == ["attack.verb"]


def test_a_bomb_that_is_found_did_not_go_off() -> None:
    found = claims("A bomb was found in Karsa on Monday.", told("bomb", "bombing", 0.9) | told("found", "equipment_captured", 0.3))
    assert [c.kind for c in found] == ["equipment_captured"]


def test_without_heads_in_the_model_file_the_rules_stand_alone() -> None:
    assert [c.kind for c in claims("The army attacked rebels in Karsa on Monday.", {}, known=False)] == ["attack"]


def test_a_party_of_violence_of_whom_a_rule_finds_nothing_is_filled_by_the_model() -> None:
    text = "An attack on a police station in Karsa lasted an hour as the brigade came nearer."
    assert [c.actor for c in claims(text, told("attack", "attack", 0.9)) if c.kind == "attack"] == [None]
    filled = claims(text, told("attack", "attack", 0.9, actor={13: 0.5}))
    assert [c.actor and c.actor.text for c in filled if c.kind == "attack"] == ["brigade"]


def test_a_taker_of_a_place_is_not_filled_by_the_model() -> None:
    text = "The town of Karsa fell on Monday, and the brigade cheered."
    assert [c.actor for c in claims(text, told("fell", "capture", 0.9, actor={10: 0.9})) if c.kind == "capture"] == [None]


@pytest.mark.parametrize(("likely", "doer"), [(0.45, None), (0.7, "brigade")])
def test_who_took_a_toll_must_be_more_likely_than_who_did_an_act(likely: float, doer: str | None) -> None:
    found = claims("Nine soldiers were killed in Karsa as the brigade retreated.", told("killed", "casualties", 0.9, actor={8: likely}))
    assert [c.actor and c.actor.text for c in found if c.kind == "casualties"] == [doer]


def test_words_that_can_mean_nothing_else_are_not_taken_back() -> None:
    assert [c.rule for c in claims("Three soldiers KIA in Karsa on Monday.", {})] == ["casualties.in-action"]
