"""Which words of a report are places, how far the mention reaches, and where it is."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.gazetteer import load_gazetteer
from khabar.language import parse
from khabar.model import PlaceMention, Report
from khabar.names import find_names
from khabar.places import find_places
from khabar.registry import load_registry

REGISTRY, GAZETTEER = load_registry(), load_gazetteer()
IDLIB, HOMS, ALEPPO = "geonames:169389", "geonames:169577", "geonames:170063"


def places(text: str) -> dict[str, PlaceMention]:
    doc = parse(text, names=find_names(text, REGISTRY, GAZETTEER))
    found = find_places(doc, Report("r", text, published=date(2015, 6, 8)), GAZETTEER, REGISTRY)
    assert all(text[m.start : m.end] == m.text for m in found)
    return {mention.text: mention for mention in found}


@pytest.mark.parametrize(
    ("text", "words", "id", "precision"),
    [
        ("Rebels took Homs in Syria.", "Homs", HOMS, "town"),
        ("Rebels took the city of Homs in Syria.", "city of Homs", HOMS, "town"),
        ("Rebels took most of Idlib province in Syria.", "Idlib province", "ne:SYR-140", "province"),
        ("Rebels took the Syrian province of Idlib.", "Syrian province of Idlib", "ne:SYR-140", "province"),
        ("Rebels advanced on the outskirts of Homs in Syria.", "outskirts of Homs", f"near:{HOMS}", "near_town"),
        ("Shells fell near Homs in Syria.", "near Homs", f"near:{HOMS}", "near_town"),
        ("Shells fell ten kilometres north of Homs in Syria.", "north of Homs", f"near:{HOMS}", "near_town"),
        (
            "The army holds the highway between Homs and Aleppo in Syria.",
            "highway between Homs and Aleppo",
            f"road:{HOMS}+{ALEPPO}",
            "road",
        ),
        ("Fighting went on across Syria.", "Syria", "country:SY", "country"),
    ],
)
def test_a_place_is_found_whole_and_resolved(text: str, words: str, id: str, precision: str) -> None:
    found = places(text)
    matching = [m for m in found.values() if m.text.endswith(words)]
    assert [(m.id, m.precision) for m in matching][:1] == [(id, precision)], found


def test_the_name_within_a_phrase_is_a_mention_too() -> None:
    found = places("Rebels advanced on the outskirts of Homs in Syria.")
    assert {"outskirts of Homs", "Homs"} <= set(found)
    assert found["outskirts of Homs"].near
    assert found["outskirts of Homs"].parent == found["Homs"].id
    assert found["outskirts of Homs"].latitude is None, "what lies around a town is never drawn as the town"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rebels took two villages in the province of Idlib in Syria.", "villages in the province of Idlib"),
        ("Rebels seized several towns and villages in the province of Homs in Syria.", "towns and villages in the province of Homs"),
        ("Shells hit a military airbase in Syria.", "military airbase"),
        ("Clashes shook eastern Homs in Syria.", "eastern Homs"),
        ("The army shelled Homs's central prison in Syria.", "Homs's central prison"),
    ],
)
def test_a_nameless_place_is_given_by_its_words(text: str, words: str) -> None:
    assert any(words in found for found in places(text)), places(text)


def test_a_building_of_a_city_is_part_of_it_and_not_the_city() -> None:
    (prison,) = [m for m in places("The army shelled Homs's central prison in Syria.").values() if m.head_noun == "prison"]
    assert (prison.parent, prison.precision) == (HOMS, "exact")
    assert prison.id != HOMS
    assert prison.latitude is None


def test_a_village_in_no_gazetteer_keeps_its_own_history() -> None:
    one = places("Rebels took the village of Kafr Zanbur near Homs in Syria.")
    other = places("Rebels left the village of Kafar Zanbour near Homs in Syria.")
    ids = {m.id for found in (one, other) for m in found.values() if m.text.startswith("Kaf")}
    assert len(ids) == 1
    assert str(ids.pop()).startswith("name:sy:")


@pytest.mark.parametrize(
    "words",
    ["quarter of Baba Zanbur", "Baba Zanbur neighbourhood", "suburb of Baba Zanbur"],
    ids=["quarter-of", "after-its-name", "suburb-of"],
)
def test_a_quarter_is_what_it_is_called(words: str) -> None:
    found = places(f"Troops took the {words} in Syria. Rebels had left Baba Zanbur.")
    assert found[words].id == found["Baba Zanbur"].id


@pytest.mark.parametrize("words", ["quarter of Homs", "old quarter of Baba Zanbur", "neighbourhood of Baba Zanbur"])
def test_a_quarter_of_a_place_is_not_the_place(words: str) -> None:
    article = "the" if words.startswith("old") else "a"
    found = places(f"Troops took {article} {words} in Syria.")
    assert found[words].id is None or found[words].id != found[words.split(" of ")[1]].id


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bashar al-Assad spoke in Damascus.", "al-Assad"),
        ("Nancy Karimi reported from Damascus.", "Nancy"),
        ("The Islamic State attacked in March.", "March"),
        ("The Army of Islam left Damascus.", "Islam"),
    ],
)
def test_persons_months_and_groups_are_no_places(text: str, words: str) -> None:
    assert words not in places(text)


def test_a_namesake_abroad_is_not_taken() -> None:
    found = places("Rebels took Tripoli's airport in Libya. The Libyan army fled Tripoli.")
    assert found["Tripoli"].country == "LY"
    found = places("Gunmen clashed in Tripoli in northern Lebanon, the Lebanese army said.")
    assert found["Tripoli"].country == "LB"


@pytest.mark.parametrize(
    ("text", "words", "id"),
    [
        ("The sheriff of Boone County, Indiana, told reporters in Indianapolis.", "Boone County", "us:18011"),
        ("Voters in Douglas and Sarpy counties, near Omaha, Nebraska, stayed home.", "Sarpy", "us:31153"),
        ("Texas cities and counties, Houston and Dallas among them, lost money.", "Texas", "ne:USA-3536"),
    ],
)
def test_the_noun_after_a_name_tells_its_sort_only_where_it_names_it(text: str, words: str, id: str) -> None:
    assert places(text)[words].id == id


def test_a_first_level_area_of_a_country_nobody_speaks_of_is_not_taken_for_a_town() -> None:
    assert places("A ship from Portland reached Boston and New York on Monday.")["Portland"].country != "JM"


def test_a_county_is_no_town_of_its_name() -> None:
    assert places("Fire crews in Boone County worked all night.")["Boone County"].id is None, "eight states have one, none is guessed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("General Omar Hadid, Oakdale Pa., wrote twice.", "Oakdale"),
        ("HEADQUARTERS, Rolla Mo., January 22.", "Rolla"),
    ],
)
def test_a_name_before_the_abbreviation_of_an_area_is_a_place(text: str, words: str) -> None:
    assert words in places(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bob Quennelly of Homs fled. The family of Quennelly stayed.", "Quennelly"),
        ("They met at the Homs Wildlife Refuge.", "Wildlife"),
        ("The UNQ told reporters in Homs.", "UNQ"),
    ],
)
def test_pieces_of_other_names_are_no_places(text: str, words: str) -> None:
    assert words not in places(text)
