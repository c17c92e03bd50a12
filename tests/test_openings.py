"""Where a story says where and when it was filed, and who filed it."""

from __future__ import annotations

import re
import time

import pytest

from khabar.blocks import paragraphs
from khabar.openings import dateline, datelines, is_seat
from khabar.sections import split


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
        ("PORT ASH (Oakland) (NWS) Rebels left.", "Rebels"),
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


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Bridge Falls Near Old Oakford PORT ASH (Nws) The army left.", "Nws"),
        ("It was quiet. PORT ASH, May 3 (North Wire) - Rebels left.", "North Wire"),
        ("Bridge Falls PORT ASH (Oakland) (NWS) Rebels left.", "NWS"),
    ],
)
def test_a_dateline_is_found_where_a_page_lost_its_lines(text: str, agency: str) -> None:
    ((start, found),) = datelines(text)
    assert text[start:].startswith("PORT ASH")
    assert (found.agency, text[start + found.places_end - 3 : start + found.places_end]) == (agency, "ASH")


@pytest.mark.parametrize("text", ["He joined the FOA (Free Oakland Army) when it left.", "The FOA and the NWS (in Oakford) Rebels left."])
def test_an_abbreviation_in_a_sentence_is_no_dateline(text: str) -> None:
    assert datelines(text) == ()


@pytest.mark.parametrize(
    ("text", "seat"),
    [
        ("PORT ASH, May 3 (NWS) - Rebels left Oakford.", True),
        ("Bridge falls. OAKFORD - Rebels left.", True),
        ("OAKFORD Thirteen rebels left.", True),
        ("OAK Thirteen rebels left.", False),
        ("Rebels left OAKFORD on Monday.", False),
        ("Oakford Thirteen rebels left.", False),
    ],
)
def test_a_place_in_capitals_before_the_story_is_where_the_agency_sits(text: str, seat: bool) -> None:
    found = re.search(r"PORT ASH|OAKFORD|Oakford|OAK", text)
    assert found
    assert is_seat(text, *found.span()) == seat


@pytest.mark.parametrize(
    "text",
    ["A " * 60, "A, " * 50, "A-a of the " * 20, "May 3, " * 20, "Aa.Aa.Aa'" * 20, "A of the A, A/" * 12, "AAA (A " * 18, "A (A) " * 20],
)
def test_no_paragraph_takes_long(text: str) -> None:
    start = time.process_time()
    dateline(text)
    assert time.process_time() - start < 0.5
