"""Who speaks in the forms of prose: headlines, counts, versions, and speakers set between commas."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Report, TimeMention
from khabar.reading import load_knowledge, read


def _speakers(text: str, words: str) -> list[str]:
    reading = read(Report("r", text, published=date(2024, 5, 15)), load_knowledge())
    at = text.index(words)
    told = [a for a in reading.attributions if any(start <= at < end for start, end in a.content) and a.chain]
    return [speaker.text for speaker in min(told, key=lambda a: sum(e - s for s, e in a.content)).chain] if told else []


@pytest.mark.parametrize(
    ("text", "words", "speakers"),
    [
        ("Army: 12 rebels killed in raid on Karsa", "killed", ["Army"]),
        ("Army jet bombs camp near Karsa, kills scores – Sources", "bombs", ["Sources"]),
        ("Two villages were taken: Karsa and Dorn.", "taken", []),
        ("Rebels clashed with soldiers near Karsa on Wednesday, residents said, in fighting that cut the road.", "clashed", ["residents"]),
        ("Rebels clashed with soldiers near Karsa, residents said, as others fled the town.", "fled", ["residents"]),
        ("More than 60 people have died this year by the army's count.", "died", ["army"]),
        ("The hospital counted 37 dead, and then stopped.", "dead", ["hospital"]),
        ("The monitor calculates that 54 people have died in Karsa.", "died", ["monitor"]),
        (
            "Soldiers lost three villages near Karsa on Sunday, activists said as rebels pressed on for a second day.",
            "pressed",
            ["activists"],
        ),
        ("Nine were killed when rebels hit posts in Karsa, the army said a day after the mayor vowed to stay.", "killed", ["army"]),
        ("A shell hit a school in Karsa, killing seven pupils, a nurse who asked not to be named said.", "hit", ["nurse"]),
        ("The KDC, an alliance of northern rebels, said it had lost 15 men in the battle for Karsa.", "lost", ["KDC"]),
        (
            "The Karsa Monitor said 25 civilians died in raids on Monday and that fighting for Dorn has killed 84.",
            "fighting",
            ["Karsa Monitor"],
        ),
        (
            "At least nine villagers were killed when a jet bombed the market of Karsa on Monday,"
            " a resident who asked not to be named said.",
            "killed",
            ["resident"],
        ),
        ("A statement of the Chadian military said that jets struck a camp near Karsa.", "struck", ["Chadian military"]),
    ],
)
def test_the_one_who_speaks_is_found(text: str, words: str, speakers: list[str]) -> None:
    assert _speakers(text, words) == speakers


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("They fought from 2 May, and Karsa was shelled on the 14th.", date(2024, 5, 14)),
        ("Karsa was shelled on the 20th.", date(2024, 4, 20)),
        ("At 2130 hrs on 24/04 two shells hit Karsa.", date(2024, 4, 24)),
    ],
)
def test_a_day_is_told_by_its_number(text: str, day: date) -> None:
    reading = read(Report("r", text, published=date(2024, 5, 15)), load_knowledge())
    assert day in [m.date_start for m in reading.mentions if isinstance(m, TimeMention)]


def test_a_brigade_is_no_day() -> None:
    reading = read(Report("r", "The 12th Brigade took Karsa.", published=date(2024, 5, 15)), load_knowledge())
    assert not [m for m in reading.mentions if isinstance(m, TimeMention)]


def test_what_follows_a_denial_of_this_is_not_denied() -> None:
    text = (
        "The army denied this: soldiers of the 29th Brigade entered Argelia at dawn and control the main square,"
        " its commander told reporters."
    )
    claims = read(Report("r", text, published=date(2024, 5, 15)), load_knowledge()).claims
    assert {(c.kind, c.modality) for c in claims if c.kind == "advance"} == {("advance", "asserted")}
