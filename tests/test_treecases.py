"""What a preposition or a particle belongs to tells who does what to whom, whichever way the parser took it."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    report = Report("example", text, published=date(2020, 6, 9), sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def told(text: str) -> list[str]:
    """ "kind: actor > recipient @ place, modality", a dash for what is not told."""
    found = []
    for claim in claims_of(text):
        who, whom, where = (part.text if part else "-" for part in (claim.actor, claim.recipient, claim.place))
        found.append(f"{claim.kind}: {who} > {whom} @ {where}, {claim.modality}")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The officers were shot at by gunmen in Karsa.", ["attack: gunmen > officers @ Karsa, asserted"]),
        ("Army units cut off the hill base.", ["siege: Army units > - @ hill base, asserted"]),
        ("A military court acquitted two officers of killing four villagers.", ["casualties: officers > villagers @ -, denied"]),
        (
            "The judge acquitted the commander of torturing prisoners in Karsa.",
            ["attack: commander > prisoners @ Karsa, denied"],
        ),
        ("The judge convicted the officer of torturing prisoners.", ["attack: officer > prisoners @ -, asserted"]),
    ],
    ids=["shot at", "cut off", "acquitted of", "acquitted of, somewhere", "convicted of"],
)
def test_a_preposition_goes_with_its_verb(text: str, expected: list[str]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A shell struck a school in Karsa, said Samir Kanto, who blamed the militia for the shelling.",
        "A shell struck a school in Karsa said Samir Kanto who blamed the militia for the shelling.",
    ],
    ids=["with commas", "without"],
)
def test_for_what_somebody_is_blamed_is_told_by_who_blames_him(text: str) -> None:
    [blamed] = [c for c in claims_of(text) if c.kind == "shelling" and c.rule.endswith("noun")]
    assert blamed.actor is not None
    assert (blamed.actor.text, [who.text for who in blamed.attribution]) == ("militia", ["Samir Kanto"])
