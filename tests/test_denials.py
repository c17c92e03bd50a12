"""Denials that only point back: the claim of one speaker, and the word of another against it."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split
from khabar.trace import Trace

MONDAY = date(2014, 3, 10)


def claims_of(text: str, trace: Trace | None = None) -> tuple[Claim, ...]:
    report = Report(id="r", text=text, published=MONDAY, sections=split(text))
    return read(report, load_knowledge(), trace=trace).claims


def denied(text: str) -> list[tuple[str, str | None, str | None, list[str]]]:
    found = [c for c in claims_of(text) if c.modality == "denied"]
    return [(c.kind, c.actor and c.actor.text, c.place and c.place.text, [link.text for link in c.attribution]) for c in found]


@pytest.mark.parametrize(
    "denial",
    [
        "The ministry of defence denied this.",
        "The ministry of defence has denied it.",
        "That was denied by the ministry of defence.",
        "The claim was disputed by the ministry of defence.",
        "The ministry of defence rejected the militants' claims.",
    ],
)
def test_what_was_said_before_is_denied_in_its_own_words(denial: str) -> None:
    (kind, actor, place, chain) = denied(f"Militants said that they had captured Oakford. {denial}")[0]
    assert (kind, place, chain) == ("capture", "Oakford", ["ministry of defence"])
    assert actor == "Militants"


def test_in_one_sentence() -> None:
    text = "On Sunday militants said that they had captured Oakford, but this was denied by the ministry of defence."
    assert [(kind, chain) for kind, _, _, chain in denied(text)] == [("capture", ["ministry of defence"])]


def test_the_day_is_that_of_the_event_and_the_words_are_those_of_the_denial() -> None:
    text = "Militants said that they had captured Oakford on 3 March. On Sunday the ministry of defence denied this."
    boast, denial = (c for c in claims_of(text) if c.kind == "capture")
    assert (denial.date_start, denial.date_end) == (boast.date_start, boast.date_end) == (date(2014, 3, 3), date(2014, 3, 3))
    assert text[denial.start : denial.end] == "On Sunday the ministry of defence denied this."
    assert text[slice(*denial.trigger)] == "denied"
    assert denial.place
    assert denial.place.start is None


@pytest.mark.parametrize(
    "text",
    [
        "Militants captured Oakford. The ministry of defence neither confirmed nor denied this.",
        "Militants captured Oakford. The ministry of defence did not deny it.",
        "Militants captured Oakford. The ministry of defence rejected the proposal.",
        "Militants captured Oakford. The mayor said that the harvest was bad. The ministry of defence denied this.",
        "The army denied this.",
    ],
)
def test_what_is_no_denial_of_it(text: str) -> None:
    assert denied(text) == []


def test_nobody_denies_his_own_word() -> None:
    text = "The ministry of defence said that militants had captured Oakford. Residents fled. The ministry of defence denied the reports."
    assert not [kind for kind, *_ in denied(text) if kind == "capture"]


def test_the_trace_says_where_it_comes_from() -> None:
    trace = Trace()
    denial = next(c for c in claims_of("Militants captured Oakford. The ministry of defence denied this.", trace) if c.modality == "denied")
    attempt = trace.of(denial.rule, denial.trigger)
    assert denial.rule == "capture.denial"
    assert denial.claim_id in attempt.claims
    assert attempt.filled["place"] == "as told before, in what is denied"


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Militants said they had captured Oakford, a claim the army denied.", ["army"]),
        ("Militants said they had captured Oakford, which the army denied.", ["army"]),
        ("Militants said they had captured Oakford, a claim denied by the army.", ["army"]),
    ],
)
def test_behind_a_comma(text: str, chain: list[str]) -> None:
    found = [(c.modality, [link.text for link in c.attribution]) for c in claims_of(text) if c.kind == "capture"]
    assert ("denied", chain) in found


def test_whose_somebody_is_is_not_denied_with_what_he_did() -> None:
    found = denied(
        "Militants said that Oakland, a member of the Northern Alliance, had shelled Oakford. The ministry of defence denied it."
    )
    assert {kind for kind, *_ in found} == {"shelling"}


@pytest.mark.parametrize("comma", [", ", " "])
@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("The rebels killed 30 civilians in Oakford{0}a toll the army disputed.", ["army"]),
        ("Shells killed 12 people in Oakford{0}a figure the rebels rejected.", ["rebels"]),
        ("Doctors said 40 people had died in Oakford{0}a figure that the government disputes.", ["government"]),
        ("Jets killed 60 men in Oakford{0}a figure the rebels dismissed.", ["rebels"]),
        ("The army killed nine people in Oakford{0}an account which the ministry denied.", ["ministry"]),
    ],
)
def test_a_number_that_is_disputed_is_told_and_denied(text: str, chain: list[str], comma: str) -> None:
    tolls = [c for c in claims_of(text.format(comma)) if c.kind == "casualties" and not c.rule.endswith(".toll")]
    assert [c.modality for c in tolls] == ["asserted", "denied"]
    assert [link.text for link in tolls[1].attribution] == chain


def test_who_disputes_a_number_does_not_deny_what_led_to_it() -> None:
    assert [kind for kind, *_ in denied("Shells killed 12 people in Oakford, a figure the rebels rejected.")] == ["casualties"]


def test_a_claim_that_is_denied_is_what_was_claimed() -> None:
    text = "The Lions, which drove out the army a year ago, said that they had captured two soldiers in Oakford, a claim which Chad denied."
    assert [(kind, chain) for kind, _, _, chain in denied(text)] == [("arrest", ["Chad"])]
