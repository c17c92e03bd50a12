"""Sentences of wire copy whose words a tree may hang in two ways, and what goes on in the next."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.build import guarded
from khabar.model import Claim, Failure, Report
from khabar.reading import load_knowledge, read


def claims_of(text: str) -> tuple[Claim, ...]:
    return read(Report("r", text, published=date(2017, 6, 10)), load_knowledge()).claims


def told(text: str, kind: str) -> list[tuple[str | None, str | None, str]]:
    """Doer, place and speakers of the claims of a kind."""
    own = [c for c in claims_of(text) if c.kind == kind]
    return [(c.actor and c.actor.text, c.place and c.place.text, ", ".join(s.text for s in c.attribution)) for c in own]


def test_what_is_done_behind_a_speaker_is_not_his() -> None:
    text = "Rebels captured the camp on Tuesday, fighters and a monitor said, driving the army from its last base in Dovo."
    assert [doer for doer, _, _ in told(text, "capture")] == ["Rebels", "Rebels"]
    [(_, _, speakers)] = told("Rebels captured the camp on Tuesday, a monitor said, citing residents.", "capture")
    assert speakers == "monitor, residents"


@pytest.mark.parametrize(
    "text",
    [
        "A fighter reached in the town of Karsa, 7 km to the south, said his unit had left Dovo overnight.",
        "A fighter reached by phone said the rebels had left Dovo.",
    ],
)
def test_who_was_reached_says_so(text: str) -> None:
    assert [speakers for _, _, speakers in told(text, "withdrawal")] == ["fighter"]


def test_who_was_reached_tells_it_behind_what_is_told() -> None:
    text = "The rebels crossed the Oro River at dawn residents reached by phone told the Herald."
    assert [speakers for _, _, speakers in told(text, "advance")] == ["Herald, residents"]


def test_he_who_spoke_last_goes_on() -> None:
    text = (
        "It was a blow to President Omar Hadid's forces. The army has left Dovo, the head of the clinic said."
        " He said at least 30 soldiers had been killed."
    )
    assert [speakers for _, _, speakers in told(text, "casualties")] == ["head of the clinic"]


def test_what_stands_behind_a_slash_says_a_name_again() -> None:
    assert [doer for doer, _, _ in told("Dovo was captured by Russia/ Donetsk PR on 3 May 2017.", "capture")] == ["Russia"]


def test_a_scanned_in_is_in() -> None:
    text = "ln late May 2017, this suburb was under rebel control."
    assert [doer for doer, _, _ in told(text, "control_state")] == [doer for doer, _, _ in told("In" + text[2:], "control_state")]


@pytest.mark.parametrize("noun", ["base", "airport", "bridge"])
def test_the_base_is_the_one_at_a_town(noun: str) -> None:
    text = f"The rebels took the {noun} at Wad Rawah on Tuesday. The army said its men had left the {noun}."
    assert [place for _, place, _ in told(text, "withdrawal")] == [f"{noun} at Wad Rawah"]


def test_goods_are_looted_where_they_are_carried_off() -> None:
    assert told("Gunmen carried off 40 cows from Karsa.", "looting_destruction") == [("Gunmen", "Karsa", "")]
    assert told("A convoy carrying food entered Karsa.", "looting_destruction") == []
    assert told("Residents took food from Karsa to the camps.", "looting_destruction") == []


def test_nothing_said_of_this_is_denied_behind_the_colon() -> None:
    text = "The army denied this: soldiers entered Dovo at dawn and hold the main square, its commander told reporters."
    assert {c.modality for c in claims_of(text) if c.kind == "advance"} == {"asserted"}


def test_a_step_that_runs_out_of_words_stops_no_run() -> None:
    def breaks(report: Report) -> str:
        return next(word for word in () if word)

    assert isinstance(guarded(Report("r", "Rebels took Karsa."), breaks), Failure)


def test_who_is_believed_to_belong_somewhere_did_it() -> None:
    text = "Gunmen believed to belong to JNIM seized the mining town of Tankoro on Sunday."
    assert told(text, "capture") == [("Gunmen", "Tankoro", "")]
