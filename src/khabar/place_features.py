"""GeoJSON, shapefile or GeoPackage → their places, feature by feature.

Areas are kept as the centroid of their largest ring; those of the first level with their outline, too, for a map. Coordinates have to be
degrees of longitude and latitude (WGS 84).
"""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from khabar.errors import InputError
from khabar.gazetteer_store import Row
from khabar.place_columns import Columns, Point, columns_of, place_row
from khabar.place_rows import NumberedRow, lenient

Feature = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Properties and geometry, as GeoJSON has them."""


def read_geojson(path: Path, named: Mapping[str, str], *, country: str | None, encoding: str) -> Iterator[NumberedRow]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig" if encoding == "utf-8" else encoding, errors="surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}", code="json") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise InputError(f"{path}: not a GeoJSON FeatureCollection", code="format")
    pairs = ((f.get("properties") or {}, f.get("geometry") or {}) for f in features if isinstance(f, dict))
    yield from _rows(path, pairs, named, country)


def read_shapefile(path: Path, named: Mapping[str, str], *, country: str | None, encoding: str) -> Iterator[NumberedRow]:
    """A .shp with its files beside it, or all in one ZIP. Raises InputError without the extra `gis`, or for another projection."""
    try:
        from pyogrio.errors import DataSourceError
        from pyogrio.raw import read
    except ImportError as error:
        lacking = "shapefiles need an extra: pip install 'khabar[gis]'. Or convert the file to GeoPackage, GeoJSON or CSV"
        raise InputError(f"{path}: {lacking}", code="extra") from error
    try:
        found, _, shapes, values = read(path, encoding=encoding)
    except (DataSourceError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not a shapefile that can be read in {encoding}: {error}", code="format") from error
    _refuse_projection(path, found["crs"])
    records = zip(*values, strict=True) if len(values) else ()
    pairs = ((dict(zip(found["fields"], record, strict=True)), _geometry(shape)) for record, shape in zip(records, shapes, strict=True))
    yield from _rows(path, pairs, named, country)


def _refuse_projection(path: Path, told: str | None) -> None:
    if told and told.upper() not in ("EPSG:4326", "OGC:CRS84") and not told.upper().startswith("GEOGCS"):
        raise InputError(f"{path}: not in degrees but in {told[:40]}; convert it to WGS 84 (EPSG:4326)", code="projection")


def read_geopackage(path: Path, named: Mapping[str, str], *, country: str | None, encoding: str) -> Iterator[NumberedRow]:
    """All layers of features, one after the other."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            layers = connection.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns").fetchall()
            for table, column, projection in layers:
                if projection not in (4326, 0, -1):
                    raise InputError(f"{path}: layer {table} is not in degrees; convert it to WGS 84 (EPSG:4326)", code="projection")
                name = table.replace('"', '""')
                pairs = (_unpacked(row, column) for row in connection.execute(f'SELECT * FROM "{name}"'))
                yield from _rows(path, pairs, named, country)
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path}: not a GeoPackage: {error}", code="format") from error


def _unpacked(row: sqlite3.Row, column: str) -> Feature:
    blob = row[column] or b""
    # A header of 8 bytes and an envelope stand before the geometry: OGC 12-128r18, 2.1.3.
    envelope = (0, 32, 48, 48, 64)[min(4, blob[3] >> 1 & 7)] if len(blob) > 3 else 0
    return {key: row[key] for key in row.keys() if key != column}, _geometry(blob[8 + envelope :])  # noqa: SIM118


def _geometry(blob: bytes | None) -> dict[str, Any]:
    """Well-known binary (OGC 06-103r4, 8.2) as GeoJSON has it."""
    try:
        return _well_known(blob, 0)[0] if blob else {}
    except (struct.error, KeyError, IndexError):
        return {"type": "a faulty geometry"}


_KINDS = {1: "Point", 2: "LineString", 3: "Polygon", 4: "MultiPoint", 5: "MultiLineString", 6: "MultiPolygon"}


def _well_known(blob: bytes, at: int) -> tuple[dict[str, Any], int]:
    order = "<" if blob[at] else ">"
    (code,) = struct.unpack_from(f"{order}I", blob, at + 1)
    size = 2 + (code // 1000 in (1, 2)) + 2 * (code // 1000 == 3)
    kind, at = _KINDS[code % 1000], at + 5
    if kind == "Point":
        return {"type": kind, "coordinates": struct.unpack_from(f"{order}{size}d", blob, at)[:2]}, at + 8 * size
    (count,) = struct.unpack_from(f"{order}I", blob, at)
    at += 4
    if kind == "LineString":
        line, at = _line(blob, at, order, count, size)
        return {"type": kind, "coordinates": line}, at
    parts: list[Any] = []
    for _ in range(count):
        if kind == "Polygon":
            (points,) = struct.unpack_from(f"{order}I", blob, at)
            ring, at = _line(blob, at + 4, order, points, size)
            parts.append(ring)
        else:
            part, at = _well_known(blob, at)
            parts.append(part["coordinates"])
    return {"type": kind, "coordinates": parts}, at


def _line(blob: bytes, at: int, order: str, count: int, size: int) -> tuple[list[tuple[float, ...]], int]:
    numbers = struct.unpack_from(f"{order}{count * size}d", blob, at)
    return [numbers[i : i + 2] for i in range(0, len(numbers), size)], at + 8 * count * size


def _rows(path: Path, features: Iterator[Feature], named: Mapping[str, str], country: str | None) -> Iterator[NumberedRow]:
    known: dict[tuple[str, ...], Columns | InputError] = {}
    for number, (properties, geometry) in enumerate(features, 1):
        headers = tuple(map(str, properties))
        if headers not in known:
            known[headers] = _columns(path, headers, named)
        yield number, lenient(partial(_row, path, properties, geometry, known[headers], country))


def _columns(path: Path, headers: tuple[str, ...], named: Mapping[str, str]) -> Columns | InputError:
    """Each feature has headers of its own: one that lacks a name is a bad row, and no bad file."""
    try:
        return columns_of(path, headers, named, located=True)
    except InputError as error:
        return error


def _row(path: Path, properties: Mapping[str, Any], geometry: Mapping[str, Any], columns: Columns | InputError, country: str | None) -> Row:
    if isinstance(columns, InputError):
        raise ValueError(str(columns).removeprefix(f"{path}: "))
    longitude, latitude = _centre(geometry)
    record = {str(key): None if value is None else str(value) for key, value in properties.items()}
    row = place_row(record, columns, path, country=country, at=(latitude, longitude), area="Polygon" in geometry["type"])
    return replace(row, outline=_outline(geometry)) if row.precision == "province" and "Polygon" in geometry["type"] else row


FINE = 0.005  # degrees, half a kilometre: what a line may be off by on a map of a war


def _outline(geometry: Mapping[str, Any]) -> str:
    """The outer rings, with no more corners than a map needs."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [_plainer([(float(x), float(y)) for x, y, *_ in polygon[0]]) for polygon in polygons]
    return json.dumps({"type": "MultiPolygon", "coordinates": [[ring] for ring in rings if len(ring) > 3]})


def _plainer(line: Sequence[Point]) -> list[Point]:
    """Douglas and Peucker's: a corner stays where the line without it would be off by more."""
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        start, end = waiting.pop()
        off, at = max(((_off(line[i], line[start], line[end]), i) for i in range(start + 1, end)), default=(0.0, 0))
        if off > FINE:
            kept.add(at)
            waiting += [(start, at), (at, end)]
    return [(round(line[i][0], 4), round(line[i][1], 4)) for i in sorted(kept)]


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from a line, in degrees."""
    (x, y), (dx, dy) = (point[0] - start[0], point[1] - start[1]), (end[0] - start[0], end[1] - start[1])
    along = max(0.0, min(1.0, (x * dx + y * dy) / (dx * dx + dy * dy))) if dx or dy else 0.0
    return math.hypot(x - along * dx, y - along * dy)


def _centre(geometry: Mapping[str, Any]) -> Point:
    """Longitude and latitude that stand for a geometry: of a polygon, the centroid of its largest ring."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point" and coordinates:
        return float(coordinates[0]), float(coordinates[1])
    if kind == "MultiPoint" and coordinates:
        return float(coordinates[0][0]), float(coordinates[0][1])
    if kind in {"Polygon", "MultiPolygon"} and coordinates:
        rings = [polygon[0] for polygon in (coordinates if kind == "MultiPolygon" else [coordinates])]
        return max((_centroid(ring) for ring in rings), key=lambda found: found[0])[1]
    raise ValueError(f"geometry {kind!r} is not a point or polygon")


def _centroid(ring: Sequence[Sequence[float]]) -> tuple[float, Point]:
    area = x = y = 0.0
    # Taken from the first corner: degrees far from zero would lose digits.
    x_first, y_first = float(ring[0][0]), float(ring[0][1])
    for (x0, y0), (x1, y1) in pairwise((float(px) - x_first, float(py) - y_first) for px, py, *_ in ring):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(area / 2), (x_first + x / (3 * area), y_first + y / (3 * area))) if area else (0.0, (x_first, y_first))
