"""Who does what to whom, in news as it is written: joint actors, who is accused, whom "the militants" and "the two sides" are. All places
and bodies are invented but for the country of a war."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str, kind: str) -> list[Claim]:
    report = Report("told", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return [c for c in read(report, load_knowledge()).claims if c.kind == kind]


def parties(text: str, kind: str) -> list[tuple[str | None, str | None]]:
    return [(c.actor and c.actor.text, c.recipient and c.recipient.text) for c in claims_of(text, kind)]


def test_a_group_by_its_name_and_another_body_act_together() -> None:
    text = "In May the militant group Sabra Front and the Syrian army retook Dovo from rebels."
    assert parties(text, "capture") == [("Sabra Front and the Syrian army", "rebels")]


def test_groups_are_those_named_after_where_they_are() -> None:
    text = "The main rebel groups in the enclave, the Sabra Front and the Dawn Brigade, responded by shelling Dovo."
    assert parties(text, "shelling") == [("Sabra Front and the Dawn Brigade", None)]


def test_a_led_raid_is_told_of_its_leader_though_the_hyphen_is_lost() -> None:
    assert parties("A Chad led raid killed a local commander in Dovo.", "casualties") == [("Chad led", "local commander")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Shelling wounded a 9 year old girl in Dovo.", [("9 year old girl", 1)], id="girl"),
        pytest.param(
            "On Friday rockets hit a shelter killing seven including a 5 year old child.", [(None, 7), ("5 year old child", 1)], id="child"
        ),
    ],
)
def test_an_age_that_has_lost_its_hyphens_counts_nobody(text: str, expected: list[tuple[str | None, int]]) -> None:
    told = claims_of(text, "casualties")
    assert [(c.recipient and c.recipient.text, c.quantity and c.quantity.low) for c in told] == expected


def test_whom_a_spokesman_accuses_is_not_the_body_for_which_he_speaks() -> None:
    before = "Clashes between the Sabra Front and the army resumed on Monday around Dovo. "
    charge = "Congolese army spokesman Omar Hadid accused them in turn of massacring villagers at Karsa."
    assert [actor for actor, _ in parties(before + charge, "killing")] == ["Sabra Front"]


def test_the_troops_of_a_man_with_a_title_are_accused_and_not_he() -> None:
    text = "The Sabra Front, led by Karim Daho, accused army chief Abdel Hassan al-Mahdi's troops of attacking its camp despite the truce."
    assert parties(text, "attack") == [("army chief Abdel Hassan al-Mahdi's troops", "camp")]


def test_at_whose_hands_they_died() -> None:
    text = "Four soldiers were abducted. Four of them died in March at the hands of Sabra sleeper cells."
    assert [claim.actor and claim.actor.text for claim in claims_of(text, "casualties")][-1:] == ["Sabra sleeper cells"]


def test_who_supports_others_with_troops_is_their_ally_and_the_troops_are_none() -> None:
    assert parties("Russia supports the Sabra Front with troops.", "allied_with") == [("Russia", "Sabra Front")]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        pytest.param(
            "Al Shabaab said it was behind the attack in Mogadishu, Somalia's capital. U.S. air strikes have killed more than 200 "
            "militants in Somalia this year. Drones have killed civilians too. On Monday two soldiers were killed by the militants.",
            "Al Shabaab",
            id="others-so-called-suffered",
        ),
        pytest.param(
            "Islamic State has crushed a revolt in eastern Syria. A Kurdish force, the YPG, holds the hills. The militants are making "
            "rapid advances. In Dovo the militants killed two soldiers on Monday.",
            "Islamic State",
            id="beside-another",
        ),
    ],
)
def test_the_militants_are_the_one_body_of_holy_warriors_that_is_named(text: str, actor: str) -> None:
    assert [doer for doer, _ in parties(text, "casualties")][-1:] == [actor]


def test_a_fight_between_the_two_sides_is_between_those_of_whom_the_sentence_before_told() -> None:
    text = "Kurdish forces attacked the army in Dovo. Clashes between the two sides have rocked the city."
    assert parties(text, "clash") == [("Kurdish forces", "army")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Clashes continue between the army and militiamen loyal to them on one hand, and the rebel factions on the other hand in Dovo.",
            ("army and militiamen", "rebel factions"),
            id="hand",
        ),
        pytest.param(
            "Clashes between the army and allied militias on one side and the Sabra Front on the other shook Dovo.",
            ("army and allied militias", "Sabra Front"),
            id="side",
        ),
    ],
)
def test_those_on_one_hand_fight_those_on_the_other(text: str, expected: tuple[str, str]) -> None:
    assert parties(text, "clash") == [expected]


def test_shelling_that_opens_the_sentence_is_no_word_of_those_who_answer_it() -> None:
    text = "In retaliation for the latest deadly Karsa shelling rebels fired rockets on Dovo killing three civilians."
    assert parties(text, "casualties") == [("rebels", "civilians")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Rescuers had collected 260 bodies in Dovo.", id="bodies"),
        pytest.param("The attack left 55 martyrs in Dovo.", id="martyrs"),
    ],
)
def test_the_dead_of_whom_no_more_is_told_are_nobody_in_particular(text: str) -> None:
    assert [claim.recipient for claim in claims_of(text, "casualties")] == [None]


def test_whose_push_left_people_dead_killed_them() -> None:
    text = "Troops fought battles Sunday with advancing Sabra Front fighters whose three-day push into Dovo has left about 500 people dead."
    assert parties(text, "casualties") == [("advancing Sabra Front fighters", "people")]


@pytest.mark.parametrize(
    ("told", "actor"),
    [
        pytest.param("The group and the Syrian army began an offensive on Karsa on Friday.", "Hezbollah and the Syrian army", id="group"),
        pytest.param("It and the Lebanese army began an offensive on Karsa on Friday.", "Hezbollah and the Lebanese army", id="it"),
    ],
)
def test_a_group_named_before_acts_with_another_named_here(told: str, actor: str) -> None:
    assert [doer for doer, _ in parties(f"Hezbollah leads the war around Dovo. {told}", "attack")] == [actor]


def test_the_men_of_whom_commanders_speak_are_theirs() -> None:
    text = "In May, government troops regained Dovo, although rebel commanders claimed that their men had left the town before that."
    assert parties(text, "withdrawal") == [("rebel commanders", None)]


def test_the_jihadists_are_those_named_whatever_other_rebels_are() -> None:
    text = (
        "The Syrian Democratic Forces (SDF) hold Karsa. Islamic State has 500 men in Dovo. The SDF rested for a week. "
        "On Monday the jihadists shelled Tarva."
    )
    assert [actor for actor, _ in parties(text, "shelling")] == ["Islamic State"]


def test_a_coalition_told_by_its_leader_speaks_for_itself() -> None:
    text = "The Red Cross tweeted that a clinic had received 29 bodies. The Saudi-led coalition said it had killed 12 rebels in Dovo."
    told = [claim for claim in claims_of(text, "casualties") if claim.actor]
    assert ["coalition" in link.text for claim in told for link in claim.attribution] == [True]
