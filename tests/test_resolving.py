"""What a user must be able to rely on when a name in a report is taken for a place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import villages
from khabar.gazetteer import Gazetteer, load_gazetteer
from khabar.gazetteer_store import write_places
from khabar.resolving import Context, Name, resolve, resolve_all
from villages import ids, village


@pytest.fixture
def invented(tmp_path: Path) -> Gazetteer:
    return villages.gazetteer(tmp_path)


def test_a_spelling_that_no_list_has_finds_the_place_near_the_reports_other_places(invented: Gazetteer) -> None:
    context = Context(("SY",), points=((35.05, 36.05),))
    assert ids(resolve("Kalaat al-Zarqa", context, invented)) == ["test:3"]


def test_a_look_alike_far_from_everything_is_not_taken(invented: Gazetteer) -> None:
    assert resolve("Qalat Zurayq", Context(("SY",), points=((32.0, 40.0),)), invented) is None


def test_of_two_villages_of_one_name_the_text_decides(tmp_path: Path) -> None:
    rows = [village("1", "Ward", 35.0, 36.0, admin1="North"), village("2", "Ward", 32.5, 36.5, admin1="South")]
    write_places(tmp_path / "p.sqlite", rows, source="invented", licence="none")
    gazetteer = Gazetteer([tmp_path / "p.sqlite"])
    assert resolve("Ward", Context(("SY",)), gazetteer) is None, "nothing tells which: no guess"
    assert ids(resolve("Ward", Context(("SY",), within=("South",)), gazetteer)) == ["test:2"]
    assert ids(resolve("Ward", Context(("SY",), points=((35.1, 36.1),)), gazetteer)) == ["test:1"]


def test_the_reports_country_outweighs_a_larger_town_abroad(invented: Gazetteer) -> None:
    assert ids(resolve("Zarzur", Context(("SY",)), invented)) == ["test:6"]
    assert ids(resolve("Zarzur", Context(("LY",)), invented)) == ["test:5"]


def test_a_small_place_abroad_is_left_open(invented: Gazetteer) -> None:
    assert resolve("Qasr", Context(("UA",)), invented) is None


def test_the_users_gazetteer_places_what_another_only_names(tmp_path: Path) -> None:
    write_places(tmp_path / "own.sqlite", [village("own", "Mhambal", 35.787, 36.471)], source="own", licence="none")
    write_places(
        tmp_path / "other.sqlite",
        [replace(village("other", "Muhambel", 0.0, 0.0), latitude=None, longitude=None)],
        source="Khabar sample",
        licence="none",
    )
    gazetteer = Gazetteer([tmp_path / "own.sqlite", tmp_path / "other.sqlite"])
    found = resolve("Muhambel", Context(("SY",), points=((35.8, 36.5),)), gazetteer)
    assert ids(*[found] if found else []) == ["test:own"]


def test_provinces_countries_and_cities_come_without_any_import() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    province = resolve("Idlib", Context(("SY",), precision="province"), gazetteer)
    city = resolve("Idlib", Context(("SY",), precision="town"), gazetteer)
    country = resolve("Syria", Context(), gazetteer)
    assert province is not None
    assert city is not None
    assert country is not None
    assert (province.id, province.precision) == ("ne:SYR-140", "province")
    assert (city.id, city.admin1) == ("geonames:169389", "Idlib")
    assert (country.id, country.precision) == ("country:SY", "country")


def test_the_names_of_a_report_are_decided_together() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    names = [Name("Springfield"), Name("Joplin"), Name("Branson"), Name("Nixa")]
    places, countries = resolve_all(names, ("US",), gazetteer)
    springfield = places[names[0]]
    assert springfield is not None
    assert (springfield.admin1, countries[0]) == ("Missouri", "US")


def test_the_area_that_the_text_names_decides() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    texan, french = Name("Paris", ("Texas",)), Name("Paris")
    places, _ = resolve_all([texan, french], (), gazetteer)
    assert [place.country for place in places.values() if place] == ["US", "FR"]


def test_a_city_goes_before_the_province_of_its_name_and_a_country_before_all() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    homs, asked, mexico = Name("Homs"), Name("Homs", precision="province"), Name("Mexico", country="MX")
    places, _ = resolve_all([homs, asked, mexico], ("SY",), gazetteer)
    assert [place.precision for place in places.values() if place] == ["town", "province", "country"]


def test_another_name_of_a_far_place_needs_support() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    karsa = Name("Karsa")  # one of the other names of Kars in Türkiye
    assert resolve_all([karsa], ("TD",), gazetteer)[0][karsa] is None
    supported = resolve_all([karsa, Name("Erzurum"), Name("Ankara")], ("TR",), gazetteer)[0][karsa]
    assert supported is not None
    assert supported.country == "TR"


def test_a_quarter_is_not_taken_for_a_village_far_away(tmp_path: Path) -> None:
    rows = [village("1", "Zahraba", 36.4, 37.0), village("2", "Oakford", 34.7, 36.7)]
    write_places(tmp_path / "p.sqlite", rows, source="invented", licence="none")
    gazetteer = Gazetteer([tmp_path / "p.sqlite"])
    quarter = Name("Zahraba", quarter=True)
    assert resolve_all([quarter, Name("Oakford")], ("SY",), gazetteer)[0][quarter] is None


def test_a_look_alike_of_a_short_name_needs_nearness(tmp_path: Path) -> None:
    store = tmp_path / "store.sqlite"
    write_places(store, [village("1", "Milh", 32.5, 36.9)], source="test", licence="none")
    gazetteer = Gazetteer([store])
    assert resolve("Melh", Context(("SY",), points=((36.2, 37.1),)), gazetteer) is None
    assert ids(resolve("Melh", Context(("SY",), points=((32.6, 36.8),)), gazetteer)) == ["test:1"]


def test_another_spelling_of_a_place_of_the_report_is_that_place(tmp_path: Path) -> None:
    rows = [village("1", "Zukkar", 35.9, 36.0), replace(village("2", "Zukar", 14.8, 45.7), country="TR")]
    write_places(tmp_path / "p.sqlite", rows, source="invented", licence="none")
    gazetteer = Gazetteer([tmp_path / "p.sqlite"])
    found = resolve_all([Name("Zukkar"), Name("Zukar"), Name("Zarkil")], ("SY", "TR"), gazetteer)[0]
    assert ids(found[Name("Zukar")]) == ["test:1"]
    assert found[Name("Zarkil")] is None
