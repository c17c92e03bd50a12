"""Sentences in which several could have done it, or suffered it: who is it, where, and who tells? All places and bodies are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.parties import Party
from khabar.reading import load_knowledge, read

Told = tuple[str, str | None, str | None, str | None]


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("told", text, published=date(2016, 10, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def told(text: str, kind: str) -> list[Told]:
    """Kind, actor, place and innermost speaker of the claims of one kind."""
    return [
        (c.kind, c.actor and c.actor.text, c.place and c.place.text, c.attribution[-1].text if c.attribution else None)
        for c in claims_of(text)
        if c.kind == kind
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Two people were injured as the Sabra Front targeted with rocket shells the town of Karsa.",
            ("shelling", "Sabra Front", "Karsa", None),
            id="with-what-before-whom",
        ),
        pytest.param("The jets struck on Sunday evening the villages of Dovo.", ("airstrike", "jets", "Dovo", None), id="when-before-whom"),
        pytest.param(
            "The rebel groups on Friday targeted with rocket shells the cities of Karsa and Dovo.",
            ("shelling", "rebel groups", "Karsa", None),
            id="when-and-with-what-before-whom",
        ),
        pytest.param(
            "Three civilians were killed in mortar shelling by Sabra Front fighters on the town of Karsa.",
            ("casualties", "Sabra Front fighters", "Karsa", None),
            id="a-gerund-that-is-a-noun",
        ),
        pytest.param(
            "Rebels led by the Sabra Front captured Karsa.", ("capture", "Rebels led by the Sabra Front", "Karsa", None), id="led-by"
        ),
        pytest.param(
            "Units of the army and armed forces destroyed two tanks in Karsa.",
            ("equipment_destroyed", "Units of the army and armed forces", "Karsa", None),
            id="units-of-two",
        ),
        pytest.param(
            "Army units together with fighters of the Sabra Front stormed Karsa.",
            ("attack", "Army units together with fighters of the Sabra Front", "Karsa", None),
            id="together-with",
        ),
        pytest.param("Jets bombed on Sunday army posts in Karsa.", ("airstrike", "Jets", "Karsa", None), id="a-day-is-no-sort-of-posts"),
        pytest.param(
            "A helicopter belonging to the regime dropped a barrel bomb on Karsa.",
            ("airstrike", "regime", "Karsa", None),
            id="belonging-to",
            marks=pytest.mark.rules_alone,
        ),
        pytest.param(
            "Fourteen soldiers were killed when the army tried to storm Karsa.",
            ("casualties", None, "Karsa", None),
            id="soldiers-of-the-army",
        ),
        pytest.param(
            "Rockets hit two villages which are held by the Sabra Front residents said.",
            ("control_state", "Sabra Front", "two villages", "residents"),
            id="lost-comma-before-the-speaker",
        ),
        pytest.param(
            "Shells hit three towns which are held by the Marou Front residents said.",
            ("control_state", "Marou Front", "three towns", "residents"),
            id="lost-comma-before-residents",
        ),
        pytest.param(
            "The army gave the militia three days to leave the base at Karsa.",
            ("withdrawal", "militia", "base at Karsa", None),
            id="who-is-given-days-to-leave",
        ),
        pytest.param("The army has Camp Bula.", ("control_state", "army", "Camp Bula", None), id="a-camp-by-its-name"),
        pytest.param("The twin terrorist bombings hit a school in Karsa.", ("bombing", "terrorist", "Karsa", None), id="twin-is-no-doer"),
        pytest.param(
            "BEIRUT Syrian and Russian warplanes have bombed Karsa.",
            ("airstrike", "Syrian and Russian warplanes", "Karsa", None),
            id="seat-of-the-agency",
        ),
        pytest.param(
            "Dovo lies near the Sabra Front stronghold of Karsa.", ("control_state", "Sabra Front", "Karsa", None), id="stronghold-of"
        ),
    ],
)
def test_the_one_who_did_it_is_told_with_the_place_where(text: str, expected: Told) -> None:
    assert [expected] == [one for one in told(text, expected[0]) if one[2] == expected[2]]


def test_whoever_is_asked_to_keep_a_truce_is_its_party_and_not_who_asks() -> None:
    text = "The council called on the militia to respect the ceasefire in Karsa."
    assert [one[1] for one in told(text, "agreement")] == ["militia"]


def test_of_those_killed_and_wounded_each_has_its_own_number() -> None:
    tolls = [
        (c.quantity.low, c.quantity.unit)
        for c in claims_of("At least six people were killed and 20 others wounded in a car bomb attack in Karsa.")
        if c.kind == "casualties" and c.quantity
    ]
    assert tolls == [(6, "killed"), (20, "injured")]


def test_those_among_whom_some_were_are_the_dead() -> None:
    text = "Three children were among at least 19 civilians killed in an air raid on a village held by the Sabra Front."
    numbers = [c.quantity.low for c in claims_of(text) if c.kind == "casualties" and c.quantity]
    assert 19 in numbers
    assert told(text, "airstrike") == [("airstrike", None, "village held by the Sabra Front", None)]


def test_shells_that_land_in_houses_move_no_forces() -> None:
    assert told("Militants targeted Karsa with mortar shells, leaving damage to the houses they landed in.", "redeployment") == []


def test_what_began_with_a_war_runs_to_publication() -> None:
    (claim,) = [c for c in claims_of("She joined the five million who have left Syria since the war broke out in 2011.") if c.quantity]
    assert (claim.date_start, claim.date_end) == (date(2011, 1, 1), date(2016, 10, 5))


def test_a_person_of_the_story_is_no_place() -> None:
    text = (
        "Noha is from Karsa. Samira lived in Dovo. A bomb killed 120 people near Karsa. Reuters lost contact with Noha after the blast. "
        "Noha said she was afraid. Noha's husband had been killed. Noha also told Reuters that Samira was afraid."
    )
    assert "Noha" not in {c.place.text for c in claims_of(text) if c.place}


def test_counted_members_of_a_body_are_no_news_of_membership() -> None:
    assert told("The dead include 71 civilians, 241 members of the security forces and 150 fighters of the militia.", "membership") == []


def test_troops_called_loyal_to_a_president_are_told_as_his_troops() -> None:
    assert told("Troops loyal to President Doe shelled Karsa.", "allied_with") == []
    assert told("Militants loyal to Chad shelled Karsa.", "allied_with") == [("allied_with", "Militants", None, None)]


@pytest.mark.parametrize(("name", "generic"), [("Brigade 17", False), ("Islamist insurgents", True), ("Sabra Front", False)])
def test_a_number_makes_a_name(name: str, generic: bool) -> None:
    assert Party(name, None, name).is_generic is generic


@pytest.mark.parametrize("day", ["Oct 4 2021", "On 12 May 2024"])
def test_a_dash_behind_a_day_makes_no_range_with_what_is_counted(day: str) -> None:
    [toll] = claims_of(f"{day} - nine people were killed in Karsa.")
    assert toll.quantity
    assert (toll.quantity.low, toll.quantity.high) == (9, 9)


def test_a_number_before_two_nouns_counts_both() -> None:
    [claim] = [c for c in claims_of("The attack killed 14 soldiers and allied tribesmen in Karsa.") if c.kind == "casualties"]
    assert (claim.recipient and claim.recipient.text, claim.quantity and claim.quantity.low) == ("soldiers and allied tribesmen", 14)


def test_what_has_a_number_of_its_own_is_a_toll_of_its_own() -> None:
    found = [c for c in claims_of("The raid killed five soldiers and two civilians in Karsa.") if c.kind == "casualties"]
    assert [(c.recipient and c.recipient.text, c.quantity and c.quantity.low) for c in found] == [("soldiers", 5), ("civilians", 2)]


def test_missiles_go_on_with_an_air_raid_that_was_told() -> None:
    found = claims_of("A US drone strike killed several fighters near Karsa on Friday. Missiles hit a camp there.")
    assert [c.kind for c in found if c.kind in ("airstrike", "shelling")] == ["airstrike", "airstrike"]


def test_where_the_hurt_are_looked_after_is_not_where_they_were_hurt() -> None:
    text = (
        "Shells hit the Dovo district on Monday. A source at Karsa hospital said the bodies of six persons and 61 wounded were brought in."
    )
    places = {c.place.text for c in claims_of(text) if c.place}
    assert places == {"Dovo district"}


def test_a_number_that_begins_with_nought_counts_only_where_it_is_short() -> None:
    found = [c for c in claims_of("The raid on Karsa killed 07 men. At Dovo, 0117 men died.") if c.kind == "casualties"]
    assert [c.quantity and c.quantity.low for c in found] == [7, None]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("Militants opened artillery fire on Karsa.", {"shelling"}, id="artillery-fire"),
        pytest.param("Gunmen opened fire on Karsa.", {"attack"}, id="fire"),
        pytest.param("Nine tunnels were hit from the air in Karsa.", {"airstrike"}, id="from-the-air"),
        pytest.param("Rebel fighters moved into Karsa on Monday.", {"advance"}, id="into"),
        pytest.param("Reinforcements moved into Karsa on Monday.", {"redeployment"}, id="reinforcements"),
    ],
)
def test_how_it_is_told_says_of_what_kind_it_is(text: str, kinds: set[str]) -> None:
    assert {c.kind for c in claims_of(text)} == kinds


def test_a_deal_agreed_between_two_is_theirs() -> None:
    [deal] = [c for c in claims_of("A deal was agreed between Chad and Sudan.") if c.kind == "agreement"]
    assert (deal.actor and deal.actor.text, deal.recipient and deal.recipient.text, deal.place) == ("Chad", "Sudan", None)


def test_what_was_shot_at_was_not_shot_down() -> None:
    assert "equipment_destroyed" not in {c.kind for c in claims_of("Two soldiers were wounded when a helicopter was shot at in Karsa.")}


@pytest.mark.parametrize(
    ("text", "sufferer"),
    [
        ("A 14-year-old boy was killed by a stray bullet in Karsa on Sunday.", "14-year-old boy"),
        ("Police killed a 16-year-old Ghanaian in Karsa on Sunday.", "16-year-old Ghanaian"),
    ],
)
def test_an_age_counts_nobody(text: str, sufferer: str) -> None:
    [toll] = [c for c in claims_of(text) if c.kind == "casualties"]
    assert (toll.recipient and toll.recipient.text, toll.quantity and toll.quantity.low) == (sufferer, 1)


def test_what_an_army_moves_are_its_forces() -> None:
    [move] = claims_of("The army moved its forces to Karsa on Friday.")
    assert (move.actor and move.actor.text, move.recipient and move.recipient.text) == ("army", "forces")


def test_who_blew_up_a_car_bomb_did_the_bombing() -> None:
    told = [c for c in claims_of("A suicide bomber blew up a car bomb near a barracks in Karsa.") if c.kind == "bombing"]
    assert {c.actor and c.actor.text for c in told} == {"suicide bomber"}


def test_the_killed_and_the_injured_are_counted_apart() -> None:
    told = [c for c in claims_of("Two civilians were killed and five injured on Tuesday in shelling of Karsa.") if c.kind == "casualties"]
    assert [(c.quantity and c.quantity.low, c.quantity and c.quantity.unit) for c in told] == [(2, "killed"), (5, "injured")]


def test_what_an_act_cost_is_not_the_word_of_who_denies_it() -> None:
    [toll] = [
        c for c in claims_of("The militia denied responsibility for the shelling of Karsa, which killed eight.") if c.kind == "casualties"
    ]
    assert toll.attribution == ()


def test_of_nobody_hurt_there_is_no_toll() -> None:
    text = "Drones struck an oil refinery in Karsa on Tuesday, the governor said, adding that nobody was hurt."
    assert not [c for c in claims_of(text) if c.kind == "casualties" and c.modality == "asserted"]


def test_a_number_before_a_comma_counts_those_before_it() -> None:
    text = "Soldiers opened fire on protesters in Karsa on Thursday, killing seven, civil society groups said."
    [toll] = [c for c in claims_of(text) if c.kind == "casualties"]
    assert toll.quantity is not None
    assert (toll.quantity.low, [s.text for s in toll.attribution]) == (7, ["civil society groups"])


def test_who_is_given_time_to_leave_leaves() -> None:
    [left] = [c for c in claims_of("The rebels gave the army 48 hours to leave the town of Karsa.") if c.kind == "withdrawal"]
    assert left.actor is not None
    assert (left.actor.text, left.modality) == ("army", "planned")


def test_a_chief_of_staff_leads_the_army_and_no_staff() -> None:
    [leads] = [c for c in claims_of("Omar Hadid, the army's chief of staff, visited Karsa.") if c.kind == "commands"]
    assert leads.recipient is not None
    assert leads.recipient.text == "army"


def test_who_denied_it_accuses_them() -> None:
    found = claims_of("The army denied that the air force had struck Karsa and accused the rebels of hiding among civilians.")
    assert [(c.actor and c.actor.text, c.modality) for c in found if c.kind == "statement"] == [("army", "asserted")]


def test_what_is_done_behind_the_speaker_is_not_his_deed() -> None:
    text = "Northern insurgents captured the al-Sabra military camp on Tuesday, fighters and a monitoring group said, "
    found = claims_of(text + "driving government forces from their largest remaining base in the northern province of Karsa.")
    assert {c.actor.text for c in found if c.kind == "capture" and c.actor} == {"Northern insurgents"}
    assert len([c for c in found if c.kind == "capture"]) == 2


def test_an_attack_told_after_air_strikes_is_no_more_of_them_where_the_model_holds_that_it_is_none() -> None:
    text = "Helicopters struck the camp near Oakford on Monday. In neighbouring Chad, a convoy was ambushed near Karsa on Tuesday."
    told = [(c.kind, c.place and c.place.text) for c in claims_of(text)]
    assert told == [("airstrike", "camp near Oakford"), ("attack", "near Karsa")]
