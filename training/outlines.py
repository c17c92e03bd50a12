"""Natural Earth's countries and places (GeoJSON, public domain) → src/khabar/page/outlines.json, the base of every map.

    python training/outlines.py world_countries.geojson world_places.geojson src/khabar/page/outlines.json

Coordinates become whole hundredths of a degree (1.1 km, finer than the source's 1:50 million) and each ring a list of steps, which keeps
the file under a megabyte. Nothing is smoothed or dropped but points that fall on their neighbour.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

STEPS_PER_DEGREE = 100


def main(countries: Path, places: Path, output: Path) -> None:
    compact = {
        "credit": "Natural Earth 1:50m, public domain",
        "steps_per_degree": STEPS_PER_DEGREE,
        "countries": sorted(filter(lambda c: c["rings"], map(country, features(countries))), key=lambda c: str(c["name"])),
        "towns": sorted({town(feature) for feature in features(places)}),
    }
    output.write_text(json.dumps(compact, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def features(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return found


def country(feature: dict[str, Any]) -> dict[str, Any]:
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    rings = [steps(ring) for polygon in polygons for ring in polygon]
    return {"name": feature["properties"]["NAME"], "rings": [ring for ring in rings if len(ring) >= 8]}


def steps(ring: list[list[float]]) -> list[int]:
    """x, y of the first point, then the differences, in hundredths of a degree."""
    grid = [(round(point[0] * STEPS_PER_DEGREE), round(point[1] * STEPS_PER_DEGREE)) for point in ring]
    kept = [point for i, point in enumerate(grid) if i == 0 or point != grid[i - 1]]
    out = list(kept[0])
    for (x0, y0), (x1, y1) in pairwise(kept):
        out += [x1 - x0, y1 - y0]
    return out


def town(feature: dict[str, Any]) -> tuple[int, str, float, float]:
    """(rank, name, longitude, latitude); the lower the rank, the larger the town."""
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    return int(feature["properties"]["scalerank"]), feature["properties"]["name"], round(longitude, 3), round(latitude, 3)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
