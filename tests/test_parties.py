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
