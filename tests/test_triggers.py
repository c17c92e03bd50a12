"""What words a claim is shown by, and that a number said of one thing is not said of another."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.explaining import explain
from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def report(text: str) -> Report:
    return Report("r", text, published=date(2031, 5, 6), sections=(Section("body", 0, len(text)),))


def claims_of(text: str, kind: str) -> list[Claim]:
    return [claim for claim in read(report(text), load_knowledge()).claims if claim.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("The army launched a new offensive in Oakford.", "attack", "launched a new offensive"),
        ("Clashes erupted in Oakford on Monday.", "clash", "Clashes erupted"),
        ("Gunmen shot and killed two traders in Oakford.", "casualties", "shot and killed"),
        ("The militia attacked the town of Oakford.", "attack", "attacked"),
        ("The army launched, as had been expected for many long weeks by all, an offensive in Oakford.", "attack", "offensive"),
    ],
    ids=["carried by a verb", "told to have come about", "how and what", "alone", "too far from its verb"],
)
def test_a_claim_is_shown_by_the_words_that_make_it(text: str, kind: str, shown: str) -> None:
    assert [text[slice(*claim.trigger)] for claim in claims_of(text, kind)] == [shown]


def test_a_claim_of_several_words_is_explained() -> None:
    found = explain(report("The army launched a new offensive in Oakford."), load_knowledge())["sentences"][0]["claims"]
    assert [claim["grounds"]["trigger"] for claim in found] == ["“offensive”, noun offensive"]


def test_the_number_of_the_hurt_is_not_that_of_the_dead() -> None:
    tolls = claims_of(
        "It was initially reported that at least three people had been killed and dozens injured in the strike.", "casualties"
    )
    assert [toll.quantity.low for toll in tolls if toll.quantity and toll.quantity.unit == "killed"] == [3]


def test_deaths_are_not_counted_by_the_number_of_the_hurt() -> None:
    tolls = claims_of("Aircraft bombed the house, resulting in fatalities and dozens of injuries.", "casualties")
    assert [toll.quantity.unit for toll in tolls if toll.quantity] == ["injured"]


def test_what_nature_destroys_is_nobodys_act() -> None:
    assert claims_of("The earthquake destroyed 40 houses in Oakford.", "looting_destruction") == []
    assert claims_of("The militia destroyed 40 houses in Oakford.", "looting_destruction") != []
