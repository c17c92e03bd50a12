"""Which stretches of a text are known names, before anything is parsed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from khabar.gazetteer import load_gazetteer
from khabar.model import Report
from khabar.names import find_names, match_names, report_countries
from khabar.registry import load_registry

REGISTRY, GAZETTEER = load_registry(), load_gazetteer()


def names(text: str) -> list[str]:
    return [text[start:end] for start, end in find_names(text, REGISTRY, GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fighters left Deir ez-Zor for Ma'arrat al-Nu'man.", ["Deir ez-Zor", "Ma'arrat al-Nu'man"]),
        ("The Islamic State’s men and Ahrar al-Sham clashed.", ["Islamic State", "Ahrar al-Sham"]),
        ("CLASHES NEAR KHAN SHAYKHUN, SAYS SYRIAN OBSERVATORY FOR HUMAN RIGHTS", ["KHAN SHAYKHUN", "SYRIAN OBSERVATORY FOR HUMAN RIGHTS"]),
        ("The Aleppo Military Academy and the Army of Islam", ["Army of Islam"]),
        ("Shells hit Darra-e-Suf, a Houthi-held hill and an al-Maleh-based unit.", ["Darra-e-Suf", "al-Maleh"]),
    ],
    ids=["places", "actors", "capitals", "the longest wins", "small words between hyphens"],
)
def test_names_of_several_words_are_found_whole(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_phrase_with_a_head_of_its_own_is_not_joined() -> None:
    assert names("Assad's forces and the Syrian government met.") == []


@pytest.mark.parametrize("word", ["March", "Police", "Victory", "Nancy", "Hit", "General", "Will", "Of"])
def test_ordinary_words_and_given_names_are_no_sure_places(word: str) -> None:
    text = f"{word} came."
    assert not [m for m in match_names(text, REGISTRY, GAZETTEER) if m.kind == "place" and not m.ordinary]


def test_a_word_that_stands_in_lower_case_too_is_not_sure() -> None:
    text = "Mare and the mare of the farmer."
    assert not [m for m in match_names(text, REGISTRY, GAZETTEER) if not m.ordinary]


def test_as_at_the_head_of_a_sentence_is_no_article() -> None:
    text = "As Damascus burned, At Tabqa stood."
    assert "As Damascus" not in [text[m.start : m.end] for m in match_names(text, REGISTRY, GAZETTEER)]


def test_a_place_name_within_an_actors_name_is_the_actors() -> None:
    text = "The Islamic State in Iraq and Syria attacked."
    kinds = {text[m.start : m.end]: m.kind for m in match_names(text, REGISTRY, GAZETTEER)}
    assert kinds == {"Islamic State in Iraq and Syria": "actor"}


def test_matches_never_overlap() -> None:
    text = "Jaysh al-Islam, Ahrar al-Sham al-Islamiyya and the Free Syrian Army met in Saraqib in Idlib province on Sunday."
    matches = match_names(text, REGISTRY, GAZETTEER)
    assert all(one.end <= other.start for one, other in pairwise(matches))


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("Russian jets struck rebels near Aleppo and Idlib, Moscow said. Syria's army advanced.", "SY"),
        ("Ukrainian troops held Bakhmut. Russia said it took Soledar. Kyiv denied it.", "UA"),
        ("M23 rebels entered Goma, the Congolese army said. Rwanda denied sending troops.", "CD"),
        ("Rebels withdrew from Gao.", "ML"),  # of two towns of a name the larger tells more
    ],
)
def test_the_main_country_is_where_the_war_is(text: str, main: str) -> None:
    assert report_countries(Report("r", text, published=date(2023, 1, 1)), REGISTRY, GAZETTEER)[0] == main


def test_a_text_without_names_has_no_country() -> None:
    assert report_countries(Report("r", "nothing to see here"), REGISTRY, GAZETTEER) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [("THE ATTACK IS THE FIFTH THIS YEAR, AND THE GOVERNMENT IS WORRIED.", []), ("Fighters of IS attacked the town on Monday.", ["IS"])],
    ids=["the verb", "the body"],
)
def test_in_a_text_all_in_capitals_a_small_word_is_no_name(text: str, found: list[str]) -> None:
    assert [text[m.start : m.end] for m in match_names(text, REGISTRY, GAZETTEER)] == found


def test_where_the_agency_sits_is_not_what_the_report_is_about() -> None:
    text = "BEIRUT, May 29 (NWS) - Rebels stormed a town in northwestern Syria on Thursday, a monitor said."
    assert report_countries(Report("r", text), REGISTRY, GAZETTEER)[0] == "SY"
