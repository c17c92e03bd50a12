"""From the words of a report to who held a place, through the whole program. The sentences are invented; the places and parties are not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from khabar import holdings
from khabar.model import Report
from khabar.reading import load_knowledge, read
from khabar.record import Record
from khabar.sections import split
from khabar.view import View

ON = date(2015, 6, 10)
REBELS = "Syrian opposition armed groups (unspecified)"


def answer(text: str, place: str = "Homs") -> dict[str, Any]:
    knowledge = load_knowledge()
    reading = read(Report("example", text, outlet="Daily Wire", published=ON, sections=split(text)), knowledge)
    with Record.scratch() as record:
        record.add(reading)
        return holdings.control(View(record, knowledge.registry), place, ON)


def said(text: str, place: str = "Homs") -> tuple[str, str | None, str | None, list[str]]:
    """Status, holder, standing and who disputes it."""
    found = answer(text, place)
    holder = found["holder"] and found["holder"]["name"]
    return found["status"], holder, found["standing"], [party["name"] for party in found["disputed_by"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A rebel spokesman said on Tuesday that government troops had been driven out of Homs.", ("held", "rebels", "claimed", [])),
        (
            "The Free Syrian Army said that regime forces had been expelled from Homs.",
            ("held", "Free Syrian Army", "claimed", []),
        ),
        ("State television said Homs had been cleared of terrorists.", ("held", "Syrian government (Ba'athist)", "claimed", [])),
        ("The rebels gave Homs up to the Syrian army.", ("held", "Syrian Arab Army", "assessed", [])),
        ("The Syrian army abandoned Homs to the rebels.", ("held", REBELS, "assessed", [])),
        ("Homs remains under the Syrian government.", ("held", "Syrian government (Ba'athist)", "assessed", [])),
        (
            "The rebels claimed to have captured Homs, but residents said that soldiers of the Syrian army were still in the city.",
            ("held", "Syrian Arab Army", "assessed", []),
        ),
        (
            "The rebels took the city of Homs in March. They lost it to the Syrian army in May.",
            ("held", "Syrian Arab Army", "assessed", []),
        ),
        (
            "The rebels entered the city of Homs in March, before the Syrian army drove them out in May.",
            ("held", "Syrian Arab Army", "assessed", []),
        ),
        ("The rebels had held Homs since March, until the Syrian army drove them out of it.", ("held", "Syrian Arab Army", "assessed", [])),
    ],
    ids=[
        "driven out, say rebels",
        "expelled, says a side",
        "cleared, says the state",
        "given up",
        "abandoned to",
        "under",
        "still there",
        "lost it",
        "drove them out",
        "out of it",
    ],
)
def test_who_holds_it_now(text: str, expected: tuple[str, str | None, str | None, list[str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("The Syrian army said it had taken Homs on Monday, which the rebels denied.", "rebels"),
        ("The Syrian army said it had taken Homs on Monday. The Free Syrian Army called it a lie.", "Free Syrian Army"),
        ("The Syrian army said it had taken Homs on Monday. The Free Syrian Army said the claim was false.", "Free Syrian Army"),
        ("The Syrian army said it had taken Homs on Monday. The Free Syrian Army described this as pure invention.", "Free Syrian Army"),
        ('The Syrian army said it had taken Homs on Monday. "Lies," said a Free Syrian Army spokesman.', "Free Syrian Army"),
        (
            "The Syrian army said it had taken Homs on Monday. The Free Syrian Army said its fighters had never left Homs.",
            "Free Syrian Army",
        ),
        ("The Syrian army said it had taken Homs on Monday. The rebels said the city was still in their hands.", REBELS),
        ("The Syrian army says it holds Homs. The Free Syrian Army says it holds Homs.", "Free Syrian Army"),
    ],
)
def test_the_other_sides_word_leaves_it_disputed(text: str, by: str) -> None:
    """A party's denial is no bystander's, which would undo the claim; and "we hold it" denies that others do."""
    assert said(text) == ("contested", "Syrian Arab Army", "claimed", [by])


@pytest.mark.parametrize(
    "text",
    [
        "Homs is divided between the Syrian army and the Free Syrian Army.",
        "The Syrian army holds the west of Homs and the Free Syrian Army holds the east.",
        "The Free Syrian Army holds the western half of Homs. The Syrian army holds the eastern half.",
    ],
)
def test_a_town_that_both_hold_shares_of_is_contested(text: str) -> None:
    assert answer(f"Shells fell on the city of Homs in Syria. {text}")["status"] == "contested"


@pytest.mark.parametrize("text", ["Neither the Syrian army nor the Free Syrian Army controls Homs.", "No one controls Homs."])
def test_nobody_holds_what_neither_controls(text: str) -> None:
    assert answer(f"Shells fell on the city of Homs in Syria. {text}")["holder"] is None


def test_a_noose_around_a_town_besieges_it() -> None:
    assert answer("The Syrian army has tightened the noose around Homs.")["status"] == "besieged"


def test_each_item_of_a_digest_is_about_the_place_over_it() -> None:
    text = "BAIJI - Clashes went on.\nRAMADI - Islamic State still holds the city.\nHIT - The Iraqi army captured the town on Monday."
    assert said(text, "Ramadi")[:2] == ("held", "Islamic State")
    assert said(text, "Hit")[:2] == ("held", "Iraqi Armed Forces")


def test_a_provinces_capital_is_not_the_province() -> None:
    """Else whoever took it would hold every town that lies there."""
    told = "Jihadists of the Islamic State overran the capital of Anbar province on Monday. Aircraft struck a post near Rutba."
    assert said(told, "Rutba")[:2] == ("unknown", None)


def test_who_was_driven_out_of_where_the_story_stands_has_left_it() -> None:
    told = "The Islamic State entered Ramadi on Monday. The militants were driven out on Tuesday, the Iraqi army said."
    assert said(told, "Ramadi") == ("held", "Iraqi Armed Forces", "claimed", [])
