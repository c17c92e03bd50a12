"""Crowds, captives and booty: what a reader finds in reports of unrest. The sentences are invented."""

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 5), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Teachers held a sit-in outside the ministry in Karsa.", "protest"),
        ("Sit-ins were held in five towns on Tuesday.", "protest"),
        ("Two policemen died in a shoot-out with bandits near Karsa.", "clash"),
        ("Several hundred people turned out in Karsa to demand the release of jailed teachers.", "protest"),
        ("Crowds walked through the capital and demanded the return of the elected government.", "protest"),
        ("A mob set the police station ablaze.", "looting_destruction"),
        ("Soldiers have taken three shepherds from several hamlets around Karsa.", "abduction"),
        ("Investigators said the alleged rapes and murders of village girls had no basis.", "sexual_violence"),
        ("Villagers near Karsa were attacked with suspected poisonous gas.", "chemical_attack"),
        ("Soldiers discovered an underground store of weapons and ammunition.", "equipment_captured"),
        ("Deminers cleared 60 mines from the field.", "equipment_captured"),
        ("Hundreds of fighters mobilised in the valley to defend their villages.", "redeployment"),
    ],
)
def test_a_kind_is_told(text: str, told: str) -> None:
    assert told in [claim.kind for claim in claims_of(text)]


@pytest.mark.parametrize(
    ("text", "not_told"),
    [
        ("A mob set the police station ablaze.", "base_established"),
        ("Deminers cleared 60 mines from the field.", "capture"),
        ("Medics have taken three shepherds from the village to hospital.", "abduction"),
        ("A soldier who was supporting Operation Desert Lamp has died.", "allied_with"),
        ("Armies and rebels traded blows near Karsa.", "riot"),
    ],
)
def test_a_kind_is_not_told(text: str, not_told: str) -> None:
    assert not_told not in [claim.kind for claim in claims_of(text)]


def test_an_injury_count_counts_the_injured() -> None:
    tolls = [c.quantity for c in claims_of("Another post put the injury count at 18.") if c.kind == "casualties"]
    assert [(q.low, q.high, q.unit) for q in tolls if q] == [(18, 18, "injured")]


@pytest.mark.parametrize(
    ("text", "kind", "recipient"),
    [
        ("Chad has refused to commit to any assistance to the war against Sudan.", "statement", "Sudan"),
        ("Nigeria announced that it will withdraw its force from Chad.", "statement", "Chad"),
        ("Prisoners began a hunger strike in Karsa to demand the return of land seized by the Sudanese army.", "protest", "Sudanese army"),
        ("Hundreds of residents rallied in Chad on Monday.", "protest", None),
        ("Chad threatened to shut its border, a Sudanese paper reported.", "statement", None),
        ("Chad has threatened to call up its army.", "statement", None),
    ],
)
def test_what_is_said_or_demanded_is_about_the_first_party_that_it_names(text: str, kind: str, recipient: str | None) -> None:
    told = next(claim for claim in claims_of(text) if claim.kind == kind)
    assert (told.recipient.text if told.recipient else None) == recipient
