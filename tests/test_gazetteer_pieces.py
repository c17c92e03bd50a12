"""Names of a gazetteer that hold two: "A - B", as lists of settlements write them."""

from pathlib import Path

import pytest

from khabar.gazetteer import Gazetteer
from khabar.gazetteer_store import Row, write_places


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    store = tmp_path / "places.sqlite"
    official = [
        Row("t:1", "Lower Karsa", 36.800, 38.020, "SY", "Westmark", "town", 0, ("Lower Karsah",), ("Karsa",)),
        Row("t:2", "Karsah", 36.819, 38.010, "SY", "Westmark", "town", 0, (), ("Karsa",)),
        Row("t:3", "Duna - Karsa", 36.900, 38.200, "SY", "Westmark", "town", 0, (), ("Karsa",)),
        Row("t:4", "Sabra - Old Mill", 36.700, 38.300, "SY", "Westmark", "town", 0, (), ("Karsa",)),
    ]
    other = tmp_path / "other.sqlite"
    write_places(store, official, source="official", licence="test")
    write_places(other, [Row("g:9", "Karsa", 36.809, 38.016, "SY", "Westmark", "town", 24_000, (), ())], source="world", licence="test")
    return Gazetteer((store, other))


def test_a_town_is_joined_with_its_namesake_and_not_with_lower_town(gazetteer: Gazetteer) -> None:
    first = gazetteer.candidates("Karsa", ("SY",))[0]
    assert (first.id, first.population) == ("t:2", 24_000)


def test_the_district_after_a_dash_is_no_name_of_the_village(gazetteer: Gazetteer) -> None:
    assert "t:3" not in [entry.id for entry in gazetteer.exact("Karsa")]
    assert [entry.id for entry in gazetteer.exact("Duna")] == ["t:3"]


def test_other_second_names_count(gazetteer: Gazetteer) -> None:
    assert [entry.id for entry in gazetteer.exact("Old Mill")] == ["t:4"]
