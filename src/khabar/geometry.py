"""a place told by a phrase, the points of the places that it names → where it may be, as GeoJSON with its precision.

"15 km north of A" is a disc at that distance, "north of A" a sector, "near A" a ring around A, "the highway between A and B" a line,
"between A and B" a strip, "A's hospital" or "northern A" a stretch of A. `precision_km` says how far the truth may lie from what is drawn.
What is near a town is never the town's point, and a part of a province or country has no shape here: its outline is not known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from khabar.model import Place, PlaceMention

Point = tuple[float, float]
"""Latitude and longitude."""
Shape = dict[str, object]

TOWN, AROUND = 4.0, 12.0
"""Km: how far a town reaches from its point, and how far "near" and "the outskirts of" reach; general knowledge (unverified)."""
ASIDE = 0.15
"""Half the width of what lies "between A and B", as a share of its length."""
CORNERS = 24

_BEARINGS = {
    name: 45.0 * at for at, name in enumerate(["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"])
}
_SIDE = re.compile(r"\b((?:north|south)-?\s?(?:east|west)?|east|west)(?:ern)?\b", re.IGNORECASE)
_DISTANCE = re.compile(r"\b(\d+(?:[.,]\d+)?)\s*[- ]?(km|kilomet(?:er|re)s?|miles?|mi|m|met(?:er|re)s?)\b", re.IGNORECASE)
_UNITS = {"k": 1.0, "mi": 1.609}


def shape(place: PlaceMention | Place, points: Mapping[str, Point], named: Sequence[Point] = ()) -> Shape | None:
    """GeoJSON of a place, None where nothing is known of where it lies. `points`: of places by their ids; `named`: of those whose names
    stand within its words.

    >>> shape(PlaceMention(0, 6, "near A", "near:a", near=True, parent="a", precision="near_town"), {"a": (35.0, 36.0)})["type"]
    'Polygon'
    """
    if place.latitude is not None and place.longitude is not None and not place.near:
        return {"type": "Point", "coordinates": _position((place.latitude, place.longitude))}
    ends = ends_of(place.id, points)
    if len(ends) == 2:
        return _road(ends)
    if len(named) == 2 and re.search(r"\bbetween\b", place.text):
        return _road(named) if place.precision == "road" else _between(*named)
    centre = points.get(place.parent) if place.parent else None
    if centre is None or _is_wide(place.parent):
        return None
    return _beside(place.text, centre) if place.near else _part(place.text, centre)


def ends_of(id: str | None, points: Mapping[str, Point]) -> list[Point]:
    """The points of the two places that a road's id names, as far as they are known."""
    names = id.removeprefix("road:").split("+") if id and id.startswith("road:") else []
    return [points[name] for name in names if name in points]


def road(id: str, points: Mapping[str, Point]) -> Shape | None:
    """The line between the two places of a road, None where one of them has no point."""
    ends = ends_of(id, points)
    return _road(ends) if len(ends) == 2 else None


def _is_wide(id: str | None) -> bool:
    return id is not None and id.startswith(("country:", "ne:", "region:"))


def _road(ends: Sequence[Point]) -> Shape:
    """A straight line: roads bend, by a seventh of their length and more."""
    return {"type": "LineString", "coordinates": [_position(end) for end in ends], "precision_km": round(_km(*ends) / 7, 1)}


def _beside(text: str, centre: Point) -> Shape:
    bearing, away = _bearing(text), _distance(text)
    if away is not None and bearing is not None:
        reach = max(away * 0.25, 1.0)
        return _polygon([_ring(_moved(centre, bearing, away), reach)], reach)
    if away is not None:
        return _polygon([_ring(centre, away * 1.25), _ring(centre, away * 0.75)], away)
    if bearing is not None:
        return _polygon([_sector(centre, bearing, TOWN / 2, AROUND)], AROUND)
    return _polygon([_ring(centre, AROUND), _ring(centre, TOWN / 2)], AROUND)


def _part(text: str, centre: Point) -> Shape:
    bearing = _bearing(text)
    return _polygon([_ring(centre, TOWN) if bearing is None else _sector(centre, bearing, 0.0, TOWN)], TOWN)


def _between(one: Point, other: Point) -> Shape:
    """The strip between two places that no road is told of."""
    length, bearing = _km(one, other), _course(one, other)
    width = length * ASIDE
    corners = [_moved(end, bearing + side, width) for end, side in ((one, 90), (other, 90), (other, -90), (one, -90))]
    return _polygon([[*corners, corners[0]]], width)


def _bearing(text: str) -> float | None:
    found = _SIDE.search(text)
    return _BEARINGS[re.sub(r"[-\s]", "", found[1].lower())] if found else None


def _distance(text: str) -> float | None:
    found = _DISTANCE.search(text)
    if not found:
        return None
    unit = found[2].lower()
    scale = next((km for start, km in _UNITS.items() if unit.startswith(start)), 0.001)
    return float(found[1].replace(",", ".")) * scale


def _ring(centre: Point, radius: float) -> list[Point]:
    ring = [_moved(centre, 360.0 * at / CORNERS, radius) for at in range(CORNERS)]
    return [*ring, ring[0]]


def _sector(centre: Point, bearing: float, inner: float, outer: float) -> list[Point]:
    """A quarter of a disc, or of a ring, around a bearing."""
    sides = [bearing - 45 + 90 * at / 8 for at in range(9)]
    near = [_moved(centre, side, inner) for side in reversed(sides)] if inner else [centre]
    corners = [*(_moved(centre, side, outer) for side in sides), *near]
    return [*corners, corners[0]]


def _polygon(rings: Sequence[Sequence[Point]], precision: float) -> Shape:
    """Rings as GeoJSON wants them: the outer counter-clockwise, holes clockwise; ours run clockwise, as bearings do."""
    turned = [[_position(p) for p in (reversed(ring) if at == 0 else ring)] for at, ring in enumerate(rings)]
    return {"type": "Polygon", "coordinates": turned, "precision_km": round(precision, 1)}


def _position(point: Point) -> list[float]:
    return [round(point[1], 4), round(point[0], 4)]


def _moved(start: Point, bearing: float, km: float) -> Point:
    """The point at a distance and bearing; flat, good to a percent below 100 km."""
    north, east = km * math.cos(math.radians(bearing)), km * math.sin(math.radians(bearing))
    return start[0] + north / 111.2, start[1] + east / (111.2 * max(math.cos(math.radians(start[0])), 0.01))


def _course(one: Point, other: Point) -> float:
    east = (other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.degrees(math.atan2(east, other[0] - one[0]))


def _km(one: Point, other: Point) -> float:
    east = (other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return 111.2 * math.hypot(other[0] - one[0], east)
