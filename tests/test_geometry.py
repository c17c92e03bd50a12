"""Where a place may lie that is told by a phrase: what a map draws, and what it must never draw."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from khabar.geometry import road, shape
from khabar.model import PlaceMention

POINTS = {"a": (35.0, 36.0), "b": (36.0, 37.0), "country:SY": (35.0, 38.0)}


def told(words: str, **fields: Any) -> dict[str, Any] | None:
    return shape(PlaceMention(0, len(words), words, **fields), POINTS)  # type: ignore[return-value]


def bounds(drawn: dict[str, Any] | None) -> tuple[float, float, float, float]:
    """West, south, east, north of the outer ring."""
    assert drawn is not None
    ring = drawn["coordinates"][0]
    return min(p[0] for p in ring), min(p[1] for p in ring), max(p[0] for p in ring), max(p[1] for p in ring)


def holds(ring: list[list[float]], x: float, y: float) -> bool:
    """Does a ring hold a point? Counts the edges to its east."""
    edges = pairwise(ring)
    return sum((y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for (x0, y0), (x1, y1) in edges) % 2 == 1


def test_a_distance_and_a_direction_are_a_disc_there() -> None:
    west, south, east, north = bounds(told("15 km north of A", near=True, parent="a", precision="near_town"))
    assert (south + north) / 2 == pytest.approx(35.0 + 15 / 111.2, abs=0.002)
    assert (west + east) / 2 == pytest.approx(36.0, abs=0.002)
    assert south > 35.05, "the town itself is left out"


@pytest.mark.parametrize("words", ["near A", "outskirts of A", "north of A", "10 miles from A", "ten villages near A"])
def test_what_lies_around_a_town_is_never_drawn_on_the_town(words: str) -> None:
    drawn = told(words, id="near:a", near=True, parent="a", precision="near_town")
    assert drawn is not None
    outer, *holes = drawn["coordinates"]
    assert not holds(outer, 36.0, 35.0) or any(holds(hole, 36.0, 35.0) for hole in holes)


def test_a_direction_alone_is_that_side() -> None:
    _, _, east, north = bounds(told("south-west of A", near=True, parent="a"))
    assert east <= 36.0
    assert north <= 35.0


def test_a_part_and_a_building_of_a_town_lie_in_the_town_and_say_how_exactly() -> None:
    for words in ("eastern A", "A's central prison"):
        west, _, east, _ = bounds(drawn := told(words, parent="a", precision="exact"))
        assert west >= 35.9
        assert east <= 36.1
        assert drawn is not None
        assert drawn["precision_km"] > 1


def test_the_road_between_two_towns_is_a_line_and_what_is_between_them_a_strip() -> None:
    line = told("highway between A and B", id="road:a+b", precision="road")
    assert line is not None
    assert (line["type"], line["coordinates"]) == ("LineString", [[36.0, 35.0], [37.0, 36.0]])
    assert line == road("road:a+b", POINTS)
    words = "villages between A and B"
    strip: Any = shape(PlaceMention(0, len(words), words, parent="a", precision="district"), POINTS, [POINTS["a"], POINTS["b"]])
    assert holds(strip["coordinates"][0], 36.5, 35.5)


def test_an_unknown_place_and_a_part_of_a_country_have_no_shape() -> None:
    assert told("near C", near=True, parent="c") is None
    assert told("road", id="road:a+c", precision="road") is None
    assert told("northern Syria", parent="country:SY", precision="region") is None


def test_outer_rings_run_against_the_clock_as_the_standard_asks() -> None:
    for words in ("near A", "north of A", "15 km east of A"):
        drawn = told(words, near=True, parent="a")
        assert drawn is not None
        ring = drawn["coordinates"][0]
        assert sum((x1 - x0) * (y1 + y0) for (x0, y0), (x1, y1) in pairwise(ring)) < 0
