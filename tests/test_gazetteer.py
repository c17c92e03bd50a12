"""What a user must be able to rely on when a place is looked up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import villages
from khabar.errors import KnowledgeError
from khabar.gazetteer import Gazetteer, load_gazetteer
from khabar.gazetteer_store import write_places
from khabar.romanising import skeleton, unresolved_id
from khabar.shipped_places import _read_csv
from villages import ids, village


@pytest.fixture
def invented(tmp_path: Path) -> Gazetteer:
    return villages.gazetteer(tmp_path)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhambel", "Mhambal"),
        ("A’yn al Hamra", "Ein Elhamra"),
        ("Ash-Shaykh", "Sheikh"),
        ("Qaryat Jdid", "Karyat Djedid"),
        ("Ward al-Gharbiyeh", "Western Ward"),
    ],
)
def test_romanisations_of_one_name_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_names_of_other_consonants_do_not() -> None:
    assert len({skeleton(name) for name in ("Saraqib", "Sarmin", "Salqin", "Ariha")}) == 4


def test_an_exact_spelling_in_any_script_finds_the_place(invented: Gazetteer) -> None:
    assert ids(*invented.exact("تل الورد")) == ["test:1"]
    assert ids(*invented.exact("tell AL WARD")) == ["test:1"]


def test_the_users_gazetteer_comes_first(tmp_path: Path) -> None:
    write_places(tmp_path / "own.sqlite", [village("own", "Mhambal", 35.787, 36.471)], source="own", licence="none")
    write_places(tmp_path / "other.sqlite", [village("other", "Muhambal", 35.787, 36.472, "Muhambel")], source="other", licence="none")
    gazetteer = Gazetteer([tmp_path / "own.sqlite", tmp_path / "other.sqlite"])
    assert ids(*gazetteer.exact("Muhambel")) == ["test:own"], "spelled as in the second, it is the place of the first"


def test_a_gazetteer_of_another_form_says_what_to_do(tmp_path: Path) -> None:
    store = tmp_path / "places.sqlite"
    write_places(store, [village("1", "Mhambal", 35.787, 36.471)], source="own", licence="none")
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 2")
    with pytest.raises(KnowledgeError, match="import the lists again"):
        load_gazetteer(store)


def test_spellings_of_an_unlisted_place_share_an_id_within_a_country() -> None:
    assert unresolved_id("Kafr Zanbur", "SY") == unresolved_id("Kafar al-Zanbour", "SY") != unresolved_id("Kafr Zanbur", "IQ")


@pytest.mark.parametrize(
    ("town", "area"),
    [
        ("El Fasher", "North Darfur"),
        ("Kherson", "Kherson"),
        ("Simferopol", "Crimea"),
        ("Timbuktu", "Timbuktu"),
        ("Najaf", "An-Najaf"),
        ("Hargeysa", "Woqooyi Galbeed"),
        ("Hpa-An", "Kayin"),
        ("Bangassou", "Mbomou"),
        ("Bunia", "Orientale"),
        ("Xai-Xai", "Gaza"),
    ],
)
def test_a_town_lies_in_the_first_level_area_that_has_its_code(town: str, area: str) -> None:
    found = [place for place in load_gazetteer().exact(town) if place.precision == "town" and place.name == town]
    assert area in {place.admin1 for place in found}


def test_no_code_of_geonames_stands_for_two_areas() -> None:
    codes = [code for row in _read_csv("admin1.csv") for code in row["geonames"].split()]
    assert sorted(codes) == sorted(set(codes))
