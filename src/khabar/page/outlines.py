"""A box of degrees → the outlines of countries and the names of towns inside it, from Natural Earth (public domain)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import cos, radians
from typing import Any

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in WGS 84 degrees. Boxes that cross the antimeridian are not made: a map of one war has not needed it."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north

    def framed(self) -> Box:
        """Grown about its middle until no frame that shows all of it, on a phone or a wide screen, shows what lies beyond.

        >>> Box(22, 10, 34, 14).framed()
        Box(west=20.8, south=4.4, east=35.2, north=19.6)
        """
        middle, shrink = (self.south + self.north) / 2, cos(radians((self.south + self.north) / 2))
        wide, tall = self.east - self.west, self.north - self.south
        # map.js leaves a margin of up to 30 % of the width and of 90 pixels of the height; frames are 365 by 300 on a phone, 670 by 480,
        # and 1340 by 480 under the slider.
        more_tall, more_wide = max(0.0, 1.3 * wide * shrink - tall) / 2, max(0.0, 3.5 * tall / shrink - wide) / 2
        return Box(
            round(max(-180.0, self.west - more_wide), 1) if more_wide else self.west,
            round(max(-85.0, middle - tall / 2 - more_tall), 1) if more_tall else self.south,
            round(min(180.0, self.east + more_wide), 1) if more_wide else self.east,
            round(min(85.0, middle + tall / 2 + more_tall), 1) if more_tall else self.north,
        )

    def widened(self, degrees: float) -> Box:
        return Box(
            max(-180.0, self.west - degrees),
            max(-85.0, self.south - degrees),
            min(180.0, self.east + degrees),
            min(85.0, self.north + degrees),
        )


def box_around(points: list[Point]) -> Box | None:
    """The smallest box that holds all (longitude, latitude) points; None where there are none."""
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def outlines_in(box: Box) -> list[dict[str, Any]]:
    """[{"name", "rings": [[longitude, latitude, longitude, latitude, …], …]}], each ring cut off at the edges of the box."""
    found = []
    for name, rings in _countries():
        cut = [clipped(ring, box) for ring in rings]
        kept = [[round(number, 3) for point in ring for number in point] for ring in cut if len(ring) >= 3]
        if kept:
            found.append({"name": name, "rings": kept})
    return found


def towns_in(box: Box, *, at_most: int = 60) -> list[dict[str, Any]]:
    """The largest towns in the box, for orientation only: they carry no state and no claim."""
    inside = [(rank, name, x, y) for rank, name, x, y in _towns() if box.holds(x, y)]
    return [{"name": name, "rank": rank, "longitude": x, "latitude": y} for rank, name, x, y in inside[:at_most]]


def clipped(ring: list[Point], box: Box) -> list[Point]:
    """A polygon ring cut at a rectangle (Sutherland and Hodgman, 1974): one edge of the box after the other."""
    edges = ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1))
    for axis, limit, side in edges:
        ring = _cut(ring, axis, limit, side)
    return ring


def _cut(ring: list[Point], axis: int, limit: float, side: int) -> list[Point]:
    if not ring:
        return []
    kept: list[Point] = []
    for a, b in pairwise([ring[-1], *ring]):
        a_in, b_in = side * (a[axis] - limit) >= 0, side * (b[axis] - limit) >= 0
        if a_in != b_in:
            share = (limit - a[axis]) / (b[axis] - a[axis])
            kept.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
        if b_in:
            kept.append(b)
    return kept


@cache
def _base() -> dict[str, Any]:
    text = files("khabar.page").joinpath("outlines.json").read_text(encoding="utf-8")
    base: dict[str, Any] = json.loads(text)
    return base


@cache
def _countries() -> list[tuple[str, list[list[Point]]]]:
    unit = _base()["steps_per_degree"]
    return [(country["name"], [_walked(steps, unit) for steps in country["rings"]]) for country in _base()["countries"]]


def _walked(steps: list[int], unit: int) -> list[Point]:
    x = y = 0
    ring = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append((x / unit, y / unit))
    return ring


def _towns() -> list[tuple[int, str, float, float]]:
    return [(rank, name, x, y) for rank, name, x, y in _base()["towns"]]
