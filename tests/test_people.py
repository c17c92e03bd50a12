"""Persons are told where they stand, and play no part in what is claimed."""

from __future__ import annotations

from khabar.contract import reading_json
from khabar.model import Report
from khabar.reading import load_knowledge, read


def test_a_person_without_a_title_is_a_mention_and_no_party() -> None:
    reading = read(Report("r", "Alan Penrose condemned the raid. Rebels shelled Homs, Penrose wrote in London."), load_knowledge())
    people = [m for m in reading_json(reading)["mentions"] if m["kind"] == "actor" and m["id"] is None and "Penrose" in m["text"]]
    assert [m["text"] for m in people] == ["Alan Penrose", "Penrose"]
    assert all("Penrose" not in (claim.actor.text if claim.actor else "") for claim in reading.claims if claim.kind == "shelling")


def test_a_title_that_tells_of_a_person_is_not_told_twice() -> None:
    reading = read(Report("r", "Rebels left Homs, army commander Omar Hadid said."), load_knowledge())
    spans = [(m["start"], m["end"]) for m in reading_json(reading)["mentions"] if m["kind"] == "actor"]
    assert all(a == b or a[1] <= b[0] or b[1] <= a[0] for a in spans for b in spans), spans


def test_its_and_their_stand_among_the_phrases() -> None:
    row = reading_json(read(Report("r", "The Syrian army left Homs. Its soldiers burnt the depot."), load_knowledge()))
    assert "Its" not in [m["text"] for m in row["mentions"]]
    assert "Its" in [m["text"] for m in row["phrases"]]
