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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The city of Homs, which had been in rebel hands since March, was recaptured by the Syrian army on Monday.",
            ("held", "Syrian Arab Army", "assessed"),
        ),
        ("The Free Syrian Army left Homs on Monday. The Syrian army was back in the city.", ("held", "Syrian Arab Army", "assessed")),
        ("Troops of the Syrian army came back to Homs on Monday after the rebels pulled out.", ("held", "Syrian Arab Army", "assessed")),
        ("The Syrian army has been in Homs since June 2.", ("held", "Syrian Arab Army", "assessed")),
        ("The Syrian army declared the city of Homs secure on Monday.", ("held", "Syrian Arab Army", "claimed")),
        ("In Homs, the Syrian army is in charge.", ("held", "Syrian Arab Army", "assessed")),
        ('"We control Homs," a rebel commander told the agency.', ("held", REBELS, "claimed")),
        (
            "The Islamic State was driven out of Homs, which the Syrian army said it had captured on Monday.",
            ("held", "Syrian Arab Army", "assessed"),
        ),
    ],
)
def test_who_is_told_to_have_it_now(text: str, expected: tuple[str, str | None, str | None]) -> None:
    assert said(text)[:3] == expected


@pytest.mark.parametrize(
    "text",
    [
        "Half of Homs is held by the Syrian army, the rest by rebels.",
        "The north of Homs is held by the Syrian army and the south by the rebels.",
        "The Free Syrian Army seized the city of Homs on Friday. The Syrian army was fighting on Tuesday to win back the town.",
    ],
)
def test_what_each_holds_half_of_or_fights_for_is_contested(text: str) -> None:
    assert answer(text)["status"] == "contested"


def test_a_battle_that_is_over_contests_nothing() -> None:
    assert answer("The battle for Homs is over.")["status"] == "unknown"


def test_a_holder_whose_own_clause_says_since_when_denies_what_was_told_before() -> None:
    told = "The Syrian army said it had captured Homs on Tuesday. The Free Syrian Army, which has held it since March, denied it."
    assert said(told)[3] == ["Free Syrian Army"]


def answers(reports: list[tuple[str, str, str]], place: str, on: str) -> dict[str, Any]:
    """What a record of several reports (day, outlet, text) says of a place on a day."""
    knowledge = load_knowledge()
    with Record.scratch() as record:
        for day, outlet, text in reports:
            report = Report(f"{outlet} {day}", text, outlet=outlet, published=date.fromisoformat(day), sections=split(text))
            record.add(read(report, knowledge))
        return holdings.control(View(record, knowledge.registry), place, date.fromisoformat(on))


MALAKAL = [
    ("2014-01-14", "Radio One", "Government troops recaptured Malakal on Monday, army spokesman Philip Aguer said."),
    ("2014-01-15", "Radio One", "Rebels said they were still in control of Malakal and had beaten back the attack."),
    ("2014-01-21", "Radio Two", "Malakal is back in the hands of government forces after rebels withdrew overnight, the UN mission said."),
    ("2014-02-20", "Radio Two", "The rebels now control Malakal, a UN official said."),
]


def test_a_boast_that_was_answered_is_not_the_capture_that_others_tell_of_later() -> None:
    boast, taken = (answers(MALAKAL, "Malakal", day) for day in ("2014-01-14", "2014-01-22"))
    assert boast["standing"] == "claimed"
    assert [party["id"] for party in boast["disputed_by"]] == ["spla-io"]
    assert (taken["standing"], taken["since"]["date_start"]) == ("assessed", "2014-01-21")


def test_a_change_comes_after_the_last_day_on_which_the_holder_was_seen_there() -> None:
    assert answers(MALAKAL, "Malakal", "2014-02-21")["since"] == {"date_start": "2014-01-21", "date_end": "2014-02-20"}


def test_a_part_that_is_told_to_be_his_enemys_leaves_a_town_contested() -> None:
    told = [*MALAKAL[:3], ("2014-02-19", "Radio Two", "Rebels control the northern part of Malakal, witnesses said.")]
    assert answers(told, "Malakal", "2014-02-18")["status"] == "held"
    assert answers(told, "Malakal", "2014-02-19")["status"] == "contested"


def test_a_joint_holder_stays_where_one_of_the_two_is_seen() -> None:
    told = [
        ("2013-06-05", "Wire", "Syrian government forces and Hezbollah fighters seized the town of Qusayr on Wednesday."),
        ("2013-06-09", "Wire", "Hezbollah fighters were still in Qusayr on Sunday."),
    ]
    found = answers(told, "Qusayr", "2013-06-10")
    assert found["holder"]["name"] == "Syrian government forces and Hezbollah fighters"
    assert found["since"] == {"date_start": "2013-06-05", "date_end": "2013-06-05"}


def test_what_a_ministrys_troops_took_is_lost_when_its_state_says_so() -> None:
    told = [
        ("2022-05-28", "Wire", "Russia's defence ministry said on Saturday that its troops had completely liberated Lyman."),
        ("2022-10-01", "Wire", "Russia said on Saturday it had withdrawn its troops from Lyman."),
    ]
    assert answers(told, "Lyman", "2022-05-29")["standing"] == "claimed"
    assert answers(told, "Lyman", "2022-10-02")["status"] == "unknown"


def test_months_before_it_was_retaken_it_was_lost() -> None:
    """Else the loss backs whoever comes next."""
    told = [
        ("2016-12-11", "Wire", "Islamic State retook Palmyra on Sunday, nine months after it was driven out."),
        ("2017-03-02", "Wire", "Syria's army said it had recaptured Palmyra on Thursday."),
    ]
    assert answers(told, "Palmyra", "2017-03-03")["standing"] == "claimed"


def test_those_who_are_told_to_leave_what_the_same_report_had_them_take_hold_it_no_more() -> None:
    told = (
        "The junta's troops returned to their base in Myawaddy on Monday after the Karen rebels who had seized it two weeks ago withdrew."
    )
    assert said(told, "Myawaddy")[:2] == ("unknown", None)


def test_who_fled_is_not_who_took_what_fell() -> None:
    told = (
        "Iraqi security forces fled Ramadi on Sunday and Islamic State said it was in full control of the city. A spokesman for the"
        " governor confirmed that the city had fallen."
    )
    assert said(told, "Ramadi")[:3] == ("held", "Islamic State", "assessed")


@pytest.mark.parametrize(
    ("speaker", "standing"),
    [("foreign ministry spokesman", "claimed"), ("health ministry official", "claimed"), ("western diplomat", "assessed")],
)
def test_a_ministry_of_foreign_affairs_is_no_bystander(speaker: str, standing: str) -> None:
    assert said(f"A {speaker} said the army was in full control of Homs.")[:3] == ("held", "Syrian Arab Army", standing)


def test_who_calls_it_a_lie_and_goes_on_denies_it() -> None:
    told = (
        "Jihadists held the town of Ansongo on Monday, residents said. The army spokesman in Bamako called the report a lie and said that"
        " soldiers were patrolling the town."
    )
    reading = read(Report("example", told, published=ON, sections=split(told)), load_knowledge())
    assert [claim.kind for claim in reading.claims if claim.modality == "denied"] == ["control_state"]
