"""Where a story says where and when it was filed, and who filed it."""

from __future__ import annotations

import time

import pytest

from khabar.openings import dateline, datelines
from khabar.sections import paragraphs, split


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("GOMA, Democratic Republic of Oakland — Soldiers left.", "Soldiers"),
        ("Port Ash, Oakland, 8 June 2015 — The bridge fell.", "The"),
        ("Port Ash (NWS) – The bridge fell.", "The"),
        ("PORT ASH/OAKFORD, 4 May 2020 – The bridge fell.", "The"),
        ("PORT ASH: Rebels left.", "Rebels"),
        ("PORT ASH (NWS) Rebels left.", "Rebels"),
        ("Deir ash-Port, OANA – Rebels left.", "Rebels"),
        ("(NWS) - Rebels left.", "Rebels"),
        ("PORT ASH May 5 (NWS) “We left,” he said.", "“We"),
        ("Tuesday, 3 May 2014 — Rebels left.", "Rebels"),
    ],
)
def test_a_dateline_ends_where_the_story_begins(text: str, first: str) -> None:
    found = dateline(text)
    assert found
    assert text[found.end :].startswith(first)


@pytest.mark.parametrize(
    "text",
    [
        "The army – Rebels say – left.",
        "Port Ash — the old one — fell.",
        "Smith: We will win.",
        "Free Oakland Army (FOA) Rebels left.",
        "Rebels (left) - The picture shows them.",
        "Port Ash (Oakland) is a town.",
        "However — Rebels left.",
        "— Rebels left.",
    ],
)
def test_what_is_no_dateline(text: str) -> None:
    assert dateline(text) is None


def test_the_first_sentence_begins_behind_the_dateline() -> None:
    text = "A bridge falls\n\nGOMA, Democratic Republic of Oakland — Soldiers left the town.\n\nMay 3 was quiet."
    pieces = [text[start:end] for start, end in paragraphs(text, split(text))]
    assert pieces == ["A bridge falls", "GOMA, Democratic Republic of Oakland —", "Soldiers left the town.", "May 3 was quiet."]


def test_only_what_is_surely_a_dateline_says_where_the_writer_sat() -> None:
    text = "PORT ASH (NWS) - Rebels left.\nOakford — Rebels stayed."
    assert [(start, text[start : start + line.places_end]) for start, line in datelines(text)] == [(0, "PORT ASH")]


@pytest.mark.parametrize("text", ["A " * 60, "A, " * 50, "A-a of the " * 20, "May 3, " * 20, "Aa.Aa.Aa'" * 20, "A of the A, A/" * 12])
def test_no_paragraph_takes_long(text: str) -> None:
    start = time.process_time()
    dateline(text)
    assert time.process_time() - start < 0.5
