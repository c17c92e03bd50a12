"""A party is told by its own words, and its tie to another is a claim of its own."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Report, Section
from khabar.reading import load_knowledge, read


def told(text: str, kind: str) -> list[tuple[str | None, str | None]]:
    report = Report("example", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    claims = [c for c in read(report, load_knowledge()).claims if c.kind == kind]
    return [(c.actor and c.actor.text, c.recipient and c.recipient.text) for c in claims]


@pytest.mark.parametrize(
    ("text", "kind", "parties"),
    [
        ("The Chad-backed militia left.", "allied_with", [("militia", "Chad")]),
        ("Forces loyal to Omar Hadid entered Karsa.", "allied_with", [("Forces", "Omar Hadid")]),
        ("Chad denies arming the Sabra Front.", "allied_with", [("Chad", "Sabra Front")]),
        ("The Sabra militia of Omar Hadid left Karsa.", "commands", [("Omar Hadid", "Sabra militia")]),
        ("Elements of Al-Shabaab attacked Karsa.", "attack", [("Elements of Al-Shabaab", None)]),
    ],
)
def test_a_party_keeps_its_own_words(text: str, kind: str, parties: list[tuple[str, str]]) -> None:
    assert told(text, kind) == parties


def test_a_charge_is_told_as_the_act_it_charges() -> None:
    text = "Chad accused Sudan of shelling the town of Karsa."
    assert [actor for actor, _ in told(text, "shelling")] == ["Sudan"]
    assert told(text, "statement") == []


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("Residents accused the army of burning nine houses in Karsa.", []),
        ("The rebels accused the army of having shelled a market in Karsa.", []),
        ("Rebels accused the army of violating the truce.", [("Rebels", "army")]),
        ("The council accused the militia of looting.", [("council", "militia")]),
    ],
    ids=["burning", "having shelled", "no act that is told", "no object"],
)
def test_a_charge_that_tells_no_act_stays_a_statement(text: str, told_as: list[tuple[str, str]]) -> None:
    assert told(text, "statement") == told_as


@pytest.mark.parametrize("name", ["Omar Sala", "Omar Hadid"])
def test_a_man_whose_first_name_is_a_towns_is_a_man(name: str) -> None:
    assert told(f"{name} is now allied with the Sabra Front.", "allied_with") == [(name, "Sabra Front")]


@pytest.mark.parametrize(("aircraft", "id"), [("helicopters", "sd-air-force"), ("its drones", "sudanese-armed-forces"), ("drones", None)])
def test_aircraft_of_a_report_that_names_one_state_are_its_own_but_for_drones(aircraft: str, id: str | None) -> None:
    text = f"The Sudanese army advanced on Dilling in Sudan. On Wednesday {aircraft} bombed a market in Lagawa."
    [raid] = [c for c in read(Report("r", text, published=date(2025, 3, 14)), load_knowledge()).claims if c.kind == "airstrike"]
    assert raid.actor
    assert (raid.actor.text, raid.actor.id) == ("Sudanese army" if aircraft.startswith("its") else aircraft, id)


def test_a_group_that_fights_in_several_countries_tells_little_of_which_it_is() -> None:
    text = "JNIM fighters overran a base at Djibo in Burkina Faso. JNIM took arms there. JNIM left at noon. The army returned to Djibo."
    claims = read(Report("r", text, published=date(2024, 9, 15)), load_knowledge()).claims
    assert {c.actor.id for c in claims if c.actor and c.actor.text == "army"} == {"burkina-forces"}
