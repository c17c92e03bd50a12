"""Tolls and violence in news from a war, as a reader takes them. All places and bodies are invented but for the country of a war."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def all_claims(text: str) -> tuple[Claim, ...]:
    report = Report("told", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def tolls(text: str, *, unit: str | None = None) -> list[tuple[str | None, int | None, int | None]]:
    """Who suffered, and the least and the most of them; of one unit where it is given."""
    told = [c for c in all_claims(text) if c.kind in ("casualties", "displacement")]
    told = [c for c in told if unit is None or (c.quantity and c.quantity.unit == unit)]
    return [(c.recipient and c.recipient.text, c.quantity and c.quantity.low, c.quantity and c.quantity.high) for c in told]


def kinds(text: str, among: tuple[str, ...] = ("airstrike", "shelling", "attack", "bombing")) -> list[str]:
    return [c.kind for c in all_claims(text) if c.kind in among]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("At least 20 civilians were killed and dozens more wounded in raids on Karsa.", (24, 99), id="dozens-more"),
        pytest.param("Some 100 civilians were killed and 500 more injured in raids on Karsa.", (500, 500), id="more"),
        pytest.param("The agency said that 13 people were killed and 40 hurt in Karsa.", (40, 40), id="hurt"),
    ],
)
def test_the_number_of_the_wounded_stands_right_before_them(text: str, expected: tuple[int, int]) -> None:
    assert [told[1:] for told in tolls(text, unit="injured")] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The number of those who were killed in Karsa has risen to 7.", 7, id="risen"),
        pytest.param("Friday's raids brought to 49 the number of people killed in Karsa this week.", 49, id="brought"),
        pytest.param("Five men were shot in Karsa, bringing to 272 the number of troops killed since April.", 272, id="bringing"),
    ],
)
def test_the_number_that_a_toll_has_come_to_is_that_of_the_killed(text: str, expected: int) -> None:
    assert expected in [low for _, low, _ in tolls(text, unit="killed")]


def test_losses_of_a_side_are_as_many_as_they_are_put_at() -> None:
    assert tolls("The Observatory put rebel losses at eight fighters.") == [("rebel", 8, 8)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Clashes in Karsa left 13 rebels and five of their opponents dead.", [("rebels", 13, 13), ("opponents", 5, 5)], id="two-sides"
        ),
        pytest.param(
            "A strike on Karsa left 35 people including 22 children dead.", [("people", 35, 35), ("children", 22, 22)], id="including"
        ),
    ],
)
def test_all_who_are_left_dead_are_told_each_with_their_number(text: str, expected: list[object]) -> None:
    assert tolls(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The blast left 43 people dead in Karsa and more than 100 others injured, 29 of them in critical condition.",
            [("people", 43, 43), ("others", 100, None)],
            id="condition",
        ),
        pytest.param(
            "The fighting in Karsa left 20 people dead, most of them children, and 12 injured, two of them seriously.",
            [("people", 20, 20), ("people", 12, 12)],
            id="most-of-them",
        ),
        pytest.param("Rockets hit Karsa, injuring two people one of them a woman.", [("people", 2, 2), ("woman", 1, 1)], id="one-of-them"),
        pytest.param(
            "At least six of those killed in Karsa were rebel fighters while four were foreign volunteers.",
            [("rebel fighters", 6, None), ("foreign volunteers", 4, 4)],
            id="while",
        ),
        pytest.param(
            "A rocket hit a house in Karsa, killing three brothers and injuring a fourth.",
            [("brothers", 3, 3), ("fourth", 1, 1)],
            id="a-fourth",
        ),
    ],
)
def test_parts_of_a_toll_have_their_own_number_and_how_they_are_is_no_toll(text: str, expected: list[object]) -> None:
    assert tolls(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The war in Syria has killed more than 300,000 people and forced millions to flee their homes.", 2_000_000, id="millions"
        ),
        pytest.param("Gunmen torched homes in Karsa, forcing thousands to flee across the border into Chad.", 2000, id="thousands"),
    ],
)
def test_whoever_is_forced_to_flee_is_displaced_once(text: str, expected: int) -> None:
    assert [(c.recipient, c.quantity and c.quantity.low) for c in all_claims(text) if c.kind == "displacement"] == [(None, expected)]


def test_a_toll_that_is_expected_to_rise_is_no_toll_yet() -> None:
    text = "It said the death toll was expected to rise because of the number of people seriously wounded."
    told = [c for c in all_claims(text) if c.kind == "casualties" and c.modality == "asserted"]
    assert [text[slice(*c.trigger)] for c in told] == ["wounded"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A minibus packed with explosives blew up at a checkpoint near Karsa.", id="blew-up"),
        pytest.param("An ambulance rigged with explosives detonated in Karsa.", id="ambulance"),
    ],
)
def test_a_vehicle_full_of_explosives_goes_off(text: str) -> None:
    assert kinds(text) == ["bombing"]


def test_a_role_in_an_attack_is_denied() -> None:
    told = [c for c in all_claims("A bomb exploded in Karsa on Friday. The Sabra Front denied any role.") if c.modality == "denied"]
    assert [(c.kind, c.actor and c.actor.text) for c in told] == [("bombing", "Sabra Front")]


def test_the_blame_is_laid_on_those_who_flew_the_planes() -> None:
    text = "Air strikes hit Karsa on Friday. The government laid the blame on warplanes of the Sabra Front."
    assert [c.actor and c.actor.text for c in all_claims(text) if c.kind == "airstrike"] == [None, "warplanes of the Sabra Front"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Karsa has been pounded by air strikes and artillery since Monday.", ["airstrike", "shelling"], id="pounded"),
        pytest.param("Warplanes and artillery bombarded Karsa.", ["airstrike", "shelling"], id="subjects"),
        pytest.param("Regime forces stepped up aerial and artillery bombardment on Karsa.", ["airstrike", "shelling"], id="bombardment"),
        pytest.param("Air strikes and shelling killed nine people in Karsa.", ["airstrike", "shelling"], id="nouns"),
        pytest.param("Regime forces bombed a market in Karsa with heavy artillery.", ["shelling"], id="bombed-with"),
    ],
)
def test_air_strikes_and_shelling_are_told_apart_by_their_means(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_what_an_attack_destroyed_is_no_second_attack() -> None:
    text = "Warplanes bombed the airport in Karsa, destroying the runway and killing 25 people."
    among = ("airstrike", "looting_destruction")
    assert kinds(text, among) == ["airstrike", "looting_destruction"]


def test_where_shots_had_come_from_is_no_attack_of_those_who_answer_them() -> None:
    assert kinds("The army shelled the sites near Karsa from which the rockets were fired.") == ["shelling"]


def test_a_headline_run_into_the_text_adds_no_toll_without_number_or_victims() -> None:
    text = "Karsa truck bomb kills many At least 85 people have been killed in a blast in Karsa, police say."
    assert len(tolls(text)) == 1
