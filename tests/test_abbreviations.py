"""Which abbreviations are places, and which are words, titles and initials."""

from __future__ import annotations

import pytest

from khabar.abbreviations import find_abbreviations


def found(text: str) -> dict[str, str]:
    return {text[start:end]: area.name for (start, end), area in find_abbreviations(text).items()}


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("A fire in Oakford, Tex., killed two.", {"Tex.": "Texas"}),
        ("Floods hit the W.Va. coalfields.", {"W.Va.": "West Virginia"}),
        ("He rode from Oakford Mo. to Santa Fe, N. Mex. that week.", {"Mo.": "Missouri", "N. Mex.": "New Mexico"}),
        ("HEADQUARTERS, OAKFORD, ARIZ. TER.", {"ARIZ.": "Arizona"}),
        ("She lives in Oakford, TX, with her son.", {"TX": "Texas"}),
    ],
)
def test_an_abbreviated_state_is_a_place(text: str, areas: dict[str, str]) -> None:
    assert found(text) == areas


@pytest.mark.parametrize(
    "text",
    ["Miss. Carter spoke.", "Tell me. It fell in.", "The GUR MO said so.", "He is OK, and in OR, he said.", "The war in col. Diaz's words"],
)
def test_titles_and_words_are_none(text: str) -> None:
    assert found(text) == {}
