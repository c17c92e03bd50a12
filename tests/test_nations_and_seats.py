"""Countries of two words, towns after "at", the town where the writer sat → whom and where a claim means."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.names import match_names
from khabar.reading import load_knowledge, read
from khabar.sections import split


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report(id="r", text=text, published=date(2026, 3, 17), sections=split(text)), load_knowledge()).claims


def test_no_army_of_a_country_is_a_rebel_group() -> None:
    registry = load_knowledge().registry
    for country in registry.countries.values():
        for words in (f"{country.name} army", f"{country.name}'s army"):
            found = registry.resolve(words)
            assert found is None or found.kind in ("state forces", "external forces"), f"{words} is {found.id if found else None}"


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("South Sudan's army retook Torit.", "sspdf"),
        ("The South Sudanese army retook Torit.", "sspdf"),
        ("South Korea's army entered Torit.", "kr-army"),
        ("Sudan's army retook Wad Madani.", "sudanese-armed-forces"),
    ],
)
def test_the_longest_name_of_a_country_is_meant(text: str, id: str) -> None:
    (claim,) = claims_of(text)
    assert claim.actor is not None
    assert claim.actor.id == id


@pytest.mark.parametrize("town", ["Torit", "Taftanaz", "Tikrit"])
def test_at_before_a_town_is_no_article(town: str) -> None:
    text = f"Fighters captured the garrison at {town} on Saturday."
    knowledge = load_knowledge()
    found = [text[m.start : m.end] for m in match_names(text, knowledge.registry, knowledge.gazetteer)]
    assert town in found
    (claim,) = claims_of(text)
    assert (claim.kind, claim.place and claim.place.text) == ("capture", f"garrison at {town}")


def test_the_town_is_not_that_where_the_writer_sat() -> None:
    text = (
        "JUBA, 14 March 2026 (Nile Wire) - Rebels attacked the garrison at Torit on Saturday.\n\nThe army denied that the town had fallen."
    )
    denied = next(c for c in claims_of(text) if c.kind == "capture")
    assert denied.place is not None
    assert denied.place.text == "Torit"


def test_the_police_are_not_the_police_union_official_who_spoke_before() -> None:
    text = "Gunmen overran a post at Torit, a police union official said.\n\nThe national police denied that the post had been lost."
    denied = next(c for c in claims_of(text) if c.modality == "denied")
    assert [speaker.text for speaker in denied.attribution] == ["national police"]
