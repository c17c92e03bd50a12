"""gazetteer files of others → the user's own gazetteer, and the rows that could not be read."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from khabar.actorfiles import load_countries
from khabar.errors import InputError
from khabar.folders import data_folder
from khabar.gazetteer import Point, forget_lookups
from khabar.gazetteer_store import Row, write_places
from khabar.model import Precision
from khabar.spellings import normal


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many places were read, and the rows that were not: (row number, reason)."""

    imported: int
    rejected: tuple[tuple[int, str], ...] = ()


_HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name_en", "name", "place", "nam_en_ref", "admin3name_en", "asciiname", "label", "settlement", "name_1", "shapename"),
    "names": (
        "name_ar",
        "alternatenames",
        "altnames",
        "nam_ar",
        "name_ara",
        "nam_ar_ref",
        "name_local",
        "namealt",
        "nameascii",
        "alias",
        "name_alt",
    ),
    "latitude": ("latitude", "lat", "y", "latitude_y", "point_y", "lat_wgs84"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitude_x", "point_x", "lon_wgs84"),
    "code": ("pcode", "p_code", "place_code", "id", "code", "geonameid", "admin2pcode", "admin1pcode", "adm1_code"),
    "country": ("country", "iso", "iso_a2", "iso2", "country_code", "countrycode", "admin0pcode", "adm0_code"),
    "admin1": ("admin1_en", "admin1", "adm1_en", "governorate", "province", "admin1name_en", "adm1name", "state"),
    "admin1_code": ("admin1_code", "admin1pcode", "admin1_cod", "adm1_pcode"),
    "population": ("population", "pop", "pop_max"),
}


def import_places(
    path: Path, *, store: Path | None = None, columns: Mapping[str, str] | None = None, licence: str = "unknown"
) -> ImportResult:
    """Read a CSV, GeoJSON or GeoNames dump into the user's gazetteer. A bad row is reported with its number and the rest imported.

    `columns` maps name, names, latitude, longitude, code, country, admin1 to the headers of a CSV; the usual ones are guessed.
    Raises InputError where nothing of the file can be read: no such file, not text, no column for the name or the point.
    """
    reader = _reader(path)
    rejected: list[tuple[int, str]] = []
    seen: dict[str, int] = {}

    def rows() -> Iterator[Row]:
        for number, raw in reader(path, columns or {}):
            try:
                row = raw()
            except ValueError as error:
                rejected.append((number, str(error)))
                continue
            if row.id in seen:
                rejected.append((number, f"the id {row.id} stands on row {seen[row.id]} already"))
                continue
            seen[row.id] = number
            yield row

    count = write_places(store or data_folder() / "places.sqlite", rows(), source=path.name, licence=licence)
    forget_lookups()
    if rejected and not count:
        raise InputError(f"{path}: no row could be read; row {rejected[0][0]}: {rejected[0][1]}", code="places")
    return ImportResult(count, tuple(rejected))


RawRows = Iterator[tuple[int, Callable[[], Row]]]


def _reader(path: Path) -> Callable[[Path, Mapping[str, str]], RawRows]:
    if not path.is_file():
        raise InputError(f"{path}: no such file", code="missing")
    suffix = path.suffix.lower()
    if suffix in {".geojson", ".json"}:
        return _read_geojson
    if suffix in {".txt", ".zip"}:
        return _read_geonames
    if suffix in {".csv", ".tsv"}:
        return _read_table
    raise InputError(
        f"{path}: {suffix or 'no suffix'} is not a gazetteer format; expected .csv, .tsv, .geojson, .txt or .zip (GeoNames)", code="format"
    )


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{path}: line {line} is not UTF-8; save the file as UTF-8 and import it again", code="encoding") from error


def _read_table(path: Path, columns: Mapping[str, str]) -> RawRows:
    text = _decoded(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=text.partition("\n")[0].count)
    table = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    headers = _headers(path, list(table.fieldnames or []), columns)
    for record in table:
        yield table.line_num, lambda record=record: _table_row(record, headers, path)  # type: ignore[misc]


def _headers(path: Path, found: Sequence[str], columns: Mapping[str, str]) -> dict[str, list[str]]:
    lower = {name.strip().lower(): name for name in found}
    headers = {use: [lower[h] for h in known if h in lower] for use, known in _HEADERS.items()}
    headers |= {use: [name] for use, name in columns.items()}
    missing = [use for use in ("name", "latitude", "longitude") if not headers[use]]
    strange = [name for name in columns.values() if name not in found]
    if missing or strange:
        lacking = ", ".join([*missing, *strange])
        raise InputError(
            f"{path}: no column for {lacking}; found {', '.join(found) or 'none'}. Name them: --column name=HEADER", code="columns"
        )
    return headers


def _table_row(record: Mapping[str, str | None], headers: Mapping[str, list[str]], path: Path) -> Row:
    def first(use: str) -> str | None:
        return next((value.strip() for h in headers.get(use, []) if (value := record.get(h)) and value.strip()), None)

    name = first("name")
    if not name:
        raise ValueError("the name is empty")
    point = _point(first("latitude"), first("longitude"))
    country = _country_code(first("country"), first("admin1_code"))
    spellings = [value for use in ("name", "names") for h in headers[use] if (value := record.get(h))]
    names = [part.strip() for value in spellings for part in re.split(r"[;|]|,(?=\S)", value) if part.strip()]
    population = first("population")
    return Row(
        id=_place_id(country, first("code"), name, point, path),
        name=name,
        latitude=point[0],
        longitude=point[1],
        country=country,
        admin1=first("admin1"),
        population=int(float(population)) if population and population.replace(".", "").isdigit() else 0,
        names=names,
    )


def _point(latitude: str | None, longitude: str | None) -> Point:
    if not latitude or not longitude:
        raise ValueError("latitude or longitude is empty")
    try:
        lat, lon = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError as error:
        raise ValueError(f"latitude {latitude!r}, longitude {longitude!r}: not decimal degrees") from error
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        raise ValueError(f"latitude {lat} is beyond 90 degrees: latitude and longitude seem to be swapped")
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(f"latitude {lat}, longitude {lon}: not on the globe")
    return lat, lon


def _country_code(country: str | None, area: str | None) -> str | None:
    if country and re.fullmatch(r"[A-Za-z]{2}", country):
        return country.upper()
    if country:
        return next((c.code for c in load_countries() if normal(country) in {normal(n) for n in c.names}), None)
    return area[:2].upper() if area and re.match(r"[A-Za-z]{2}\d", area) else None


def _place_id(country: str | None, code: str | None, name: str, point: Point, path: Path) -> str:
    scheme = (country or path.stem).lower().replace(" ", "-")
    return f"{scheme}:{code}" if code else f"{scheme}:{normal(name).replace(' ', '-')}@{point[0]:.3f},{point[1]:.3f}"


def _read_geojson(path: Path, columns: Mapping[str, str]) -> RawRows:
    try:
        collection = json.loads(_decoded(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: not JSON: {error}", code="json") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise InputError(f"{path}: not a GeoJSON FeatureCollection", code="format")
    for number, feature in enumerate(features, 1):
        yield number, lambda feature=feature: _feature_row(feature, columns, path)  # type: ignore[misc]


def _feature_row(feature: Mapping[str, Any], columns: Mapping[str, str], path: Path) -> Row:
    geometry = feature.get("geometry") or {}
    longitude, latitude = _centre(geometry)
    record = {str(k): None if v is None else str(v) for k, v in (feature.get("properties") or {}).items()}
    record |= {"latitude": str(latitude), "longitude": str(longitude)}
    row = _table_row(record, _headers(path, list(record), columns), path)
    if "Polygon" in geometry["type"]:
        row.precision = "province" if not row.admin1 or normal(row.admin1) == normal(row.name) else "district"
    return row


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
    for (x0, y0, *_), (x1, y1, *_) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(area / 2), (x / (3 * area), y / (3 * area))) if area else (0.0, (ring[0][0], ring[0][1]))


_GEONAMES_KINDS: dict[str, Precision] = {
    "PCLI": "country",
    "ADM1": "province",
    "ADM2": "district",
    "ADM3": "district",
    "RD": "road",
    "AIRB": "exact",
}


def _read_geonames(path: Path, columns: Mapping[str, str]) -> RawRows:
    for number, line in enumerate(_geonames_lines(path), 1):
        if line.strip():
            yield number, lambda line=line: _geonames_row(line)  # type: ignore[misc]


def _geonames_lines(path: Path) -> Iterator[str]:
    if path.suffix.lower() == ".txt":
        yield from _decoded(path).splitlines()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [n for n in archive.namelist() if n.endswith(".txt") and "readme" not in n.lower()]
            for name in inner:
                with archive.open(name) as raw:
                    yield from io.TextIOWrapper(raw, encoding="utf-8")
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: not a ZIP file", code="format") from error


def _geonames_row(line: str) -> Row:
    cells = line.rstrip("\n").split("\t")
    if len(cells) < 15:
        raise ValueError(f"{len(cells)} columns; a GeoNames dump has 19, parted by tabs")
    precision = _GEONAMES_KINDS.get(cells[7], "town" if cells[6] in "PA" else "exact")
    names = [cells[2], *cells[3].split(",")]
    lat, lon = _point(cells[4], cells[5])
    return Row(f"geonames:{cells[0]}", cells[1], lat, lon, cells[8] or None, None, precision, int(cells[14] or 0), [n for n in names if n])
