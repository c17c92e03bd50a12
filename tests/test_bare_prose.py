"""Prose that has lost its commas: lists, remarks, lots and speakers of reports on violence."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report("r", text, published=date(2017, 6, 10)), load_knowledge()).claims


def speakers(text: str) -> set[tuple[str, ...]]:
    return {tuple(link.text for link in claim.attribution) for claim in claims_of(text)}


def suffered(text: str, modality: str = "asserted") -> set[tuple[str, str | None]]:
    return {(c.kind, c.recipient.text if c.recipient else None) for c in claims_of(text) if c.modality == modality}


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        (
            "Raiders stormed an army post near Karsa killing at least eight recruits Colonel Sami Haddad an army spokesman told Reuters.",
            ("Reuters", "Sami Haddad [army]"),
        ),
        ("They have burned the mill and the school a farmer reached by phone told Reuters.", ("Reuters", "farmer")),
        ("Soldiers raided homes in Karsa arresting nine people among them a lawyer Lebanese sources said.", ("Lebanese sources",)),
        ("Police arrested four men among them a teacher Algerian media reported.", ("Algerian media",)),
        ("Gunmen looted a mill and a clinic aid workers said.", ("aid workers",)),
        ("Students set fire to a bus and a bank witnesses said.", ("witnesses",)),
        ("The blast left four dead and seven missing villagers said.", ("villagers",)),
        ("An ambush near Karsa left six recruits dead and ten missing officials said.", ("officials",)),
        ("Troops lost nine men and a truck near Karsa rebels said.", ("rebels",)),
        ("Shells killed a family of five residents said.", ("residents",)),
        ("Soldiers looted churches and clinics in Karsa witnesses and rights groups said.", ("witnesses and rights groups",)),
        ("Ten recruits were captured in Karsa rebels and local officials said.", ("rebels and local officials",)),
        ("A bomb wounded 13 pupils in Karsa Colonel Chai Suwan the district police chief said.", ("Chai Suwan [police]",)),
        ("Nine fighters were killed in Karsa TASS quoted an officer as saying.", ("TASS", "officer")),
    ],
)
def test_who_speaks_last_is_none_of_those_told_of(text: str, chain: tuple[str, ...]) -> None:
    assert speakers(text) == {chain}


def test_who_speaks_last_did_and_suffered_nothing() -> None:
    text = "Raiders stormed an army post near Karsa killing at least eight recruits Colonel Sami Haddad an army spokesman told Reuters."
    assert {whom for kind, whom in suffered(text) if kind == "casualties"} == {"recruits"}
    captured = claims_of("Ten recruits were captured in Karsa rebels and local officials said.")
    assert [(c.kind, c.actor) for c in captured] == [("arrest", None)]
    assert ("arrest", "teacher") in suffered("Police arrested four men among them a teacher Algerian media reported.")
    assert ("looting_destruction", "clinic") in suffered("Gunmen looted a mill and a clinic aid workers said.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The rebels shelled the village killing a woman and her son a charge the rebels denied.", {"woman", "son", None}),
        ("Soldiers burned the homes in Karsa an accusation the army rejected.", {"homes"}),
        ("Residents said soldiers looted shops in Karsa a charge the army denied.", {"shops"}),
        ("The opposition said two students had been shot dead which police denied.", {"students"}),
    ],
)
def test_a_remark_at_the_end_denies_what_was_told(text: str, told: set[str | None]) -> None:
    assert {whom for _, whom in suffered(text)} == told == {whom for _, whom in suffered(text, "denied")}


def test_behind_which_the_last_act_is_denied() -> None:
    text = "Chad says it hit a depot near Karsa with missiles and that it took the town of Sabra which Sudan denies."
    assert {c.kind for c in claims_of(text) if c.modality == "denied"} == {"capture"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "The army destroyed two tanks an artillery piece and a bridge near Karsa.",
            {("equipment_destroyed", "tanks"), ("equipment_destroyed", "artillery piece"), ("looting_destruction", "bridge")},
        ),
        (
            "Gunners destroyed three trucks a mortar position and a warehouse outside Karsa.",
            {("equipment_destroyed", "trucks"), ("equipment_destroyed", "mortar position"), ("looting_destruction", "warehouse")},
        ),
        (
            "Gang members set fire to two stations a courthouse and a pharmacy in Karsa.",
            {("looting_destruction", "stations"), ("looting_destruction", "courthouse"), ("looting_destruction", "pharmacy")},
        ),
        (
            "A sniper shot dead a child a woman and an old man in Karsa.",
            {("killing", "child"), ("killing", "woman"), ("killing", "old man")},
        ),
    ],
)
def test_each_of_a_list_is_told(text: str, told: set[tuple[str, str]]) -> None:
    assert suffered(text) == told


def test_what_one_did_next_is_his() -> None:
    text = "Survivors told the group that the soldiers went from house to house looted shops and burned homes."
    assert {(c.kind, c.actor.text if c.actor else None) for c in claims_of(text)} == {("looting_destruction", "soldiers")}


def test_a_raid_that_nobody_claimed_took_place() -> None:
    (claim,) = claims_of("No group claimed responsibility for the attack which killed five people in Karsa.")
    assert (claim.kind, claim.actor, claim.modality) == ("casualties", None, "asserted")


def test_the_end_of_a_place_is_no_second_place() -> None:
    places = [c.place.text for c in claims_of("Rebels overran a checkpoint near Karsa killing at least four policemen.") if c.place]
    assert places == ["checkpoint near Karsa"] * 2


def test_who_is_trained_to_do_so_has_not_done_it() -> None:
    assert not suffered("The soldiers were trained to defuse bombs.")


def test_a_body_ends_before_what_it_is() -> None:
    (claim,) = (c for c in claims_of("Rebels of the Northern Shield an umbrella of factions shelled Karsa.") if c.kind == "shelling")
    assert claim.actor is not None
    assert claim.actor.text.endswith("Northern Shield")


def test_a_verb_of_saying_may_open_a_sentence() -> None:
    assert not claims_of("Announced on Monday. Said so.")
