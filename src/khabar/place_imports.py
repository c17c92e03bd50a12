"""gazetteer files of others → the user's own gazetteer, and the rows that could not be read.

Which reader takes a file goes by its suffix; GeoNames' files are known by their columns. Each file is one source, replaced when it is
imported again.
"""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from khabar.errors import InputError
from khabar.folders import data_folder
from khabar.gazetteer import forget_lookups
from khabar.gazetteer_store import Row, check_store, write_places
from khabar.geonames_files import LICENCE, is_geonames, read_geonames
from khabar.model import Precision
from khabar.place_features import read_geojson, read_geopackage, read_shapefile
from khabar.place_rows import NumberedRow
from khabar.place_tables import read_table
from khabar.shipped_places import embedded_places

_READERS = {
    ".csv": read_table,
    ".tsv": read_table,
    ".geojson": read_geojson,
    ".json": read_geojson,
    ".shp": read_shapefile,
    ".gpkg": read_geopackage,
}
FORMATS = ".csv, .tsv, .geojson, .shp, .gpkg, or .txt and .zip of GeoNames"
BEYOND = 3.0
"""Degrees by which a place may lie outside of what the embedded gazetteer knows of its country: islands, disputed land."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many places were read, and the rows that were not: (row number, reason)."""

    imported: int
    rejected: tuple[tuple[int, str], ...] = ()


def own_places() -> Path:
    """The user's own gazetteer, which need not exist."""
    return data_folder() / "places.sqlite"


def import_places(
    path: Path,
    *,
    store: Path | None = None,
    columns: Mapping[str, str] | None = None,
    licence: str | None = None,
    name: str | None = None,
    country: str | None = None,
    encoding: str = "utf-8",
) -> ImportResult:
    """Read a file of places into the user's gazetteer as one source. A bad row is reported with its number and the rest imported.

    `columns` maps name, names, latitude, longitude, code, country, admin1, population to the headers of a table; the usual ones are known.
    `name` of the source is the file's where left out, `country` is for rows that do not say theirs.
    Raises InputError where nothing of the file can be read: no such file, no column for the name or the point, another projection.
    """
    store = store or own_places()
    rows, terms = _opened(path, store, dict(columns or {}), country, encoding)
    checked = _Checked(rows)
    count = write_places(store, checked.rows(), source=name or path.name, licence=licence or terms)
    forget_lookups()
    return ImportResult(count, tuple(checked.rejected))


def _opened(path: Path, store: Path, columns: dict[str, str], country: str | None, encoding: str) -> tuple[Iterator[NumberedRow], str]:
    """The rows of a file, and the licence that it is known to be under."""
    if not path.is_file():
        raise InputError(f"{path}: no such file", code="missing")
    suffix = path.suffix.lower()
    try:
        "".encode(encoding)
    except LookupError as error:
        raise InputError(f"{encoding!r} is not an encoding; try utf-8, windows-1256, windows-1252 or latin-1", code="encoding") from error
    if suffix == ".zip" and _holds_shapefile(path):
        return read_shapefile(path, columns, country=country, encoding=encoding), "unknown"
    if suffix in (".txt", ".zip"):
        if not is_geonames(path):
            raise InputError(
                f"{path}: not a file of GeoNames: these have 19 columns, or 10 for alternate names, parted by tabs", code="format"
            )
        return read_geonames(path, encoding=encoding, known=_known(store)), LICENCE
    if suffix not in _READERS:
        raise InputError(f"{path}: {suffix or 'no suffix'} is not a gazetteer format; expected {FORMATS}", code="format")
    return _READERS[suffix](path, columns, country=country, encoding=encoding), "unknown"


def _holds_shapefile(path: Path) -> bool:
    return zipfile.is_zipfile(path) and any(name.lower().endswith(".shp") for name in zipfile.ZipFile(path).namelist())


def _known(store: Path) -> dict[int, Row]:
    """The places of GeoNames in a store, by their number."""
    if not store.exists():
        return {}
    check_store(store)
    sql = (
        "SELECT id, name, latitude, longitude, country, admin1, precision, population, areas, feature FROM place WHERE id LIKE 'geonames:%'"
    )
    with closing(sqlite3.connect(store)) as connection:
        found = {}
        for id, name, lat, lon, country, admin1, precision, population, areas, feature in connection.execute(sql):
            within = tuple(areas.split("|")) if areas else ()
            row = Row(id, name, lat, lon, country, admin1, cast(Precision, precision), population, (), within, feature or "")
            found[int(id.partition(":")[2])] = row
    return found


class _Checked:
    """Rows, with those left out that are faulty, stand there twice, or lie in another country than they say."""

    def __init__(self, rows: Iterator[NumberedRow]) -> None:
        self.rejected: list[tuple[int, str]] = []
        self._rows = rows
        self._seen: dict[int, int] = {}
        self._lands = _lands()

    def rows(self) -> Iterator[Row]:
        count = 0
        for number, make in self._rows:
            try:
                row = make()
                if row:
                    self._check(number, row)
            except ValueError as error:
                self.rejected.append((number, str(error)))
                continue
            if row:
                count += 1
                yield row
        if self.rejected and not count:
            number, reason = self.rejected[0]
            raise InputError(f"no row could be read; row {number}: {reason}", code="places")

    def _check(self, number: int, row: Row) -> None:
        earlier = self._seen.setdefault(hash(row.id), number)
        if earlier != number:
            raise ValueError(f"the id {row.id} stands on row {earlier} already")
        land = self._lands.get(row.country or "")
        if not land or row.latitude is None or row.longitude is None or _inside(land, row.latitude, row.longitude):
            return
        if _inside(land, row.longitude, row.latitude):
            raise ValueError(f"latitude {row.latitude}, longitude {row.longitude}: seem to be swapped, since {row.country} lies elsewhere")
        raise ValueError(f"latitude {row.latitude}, longitude {row.longitude}: not in {row.country}")


_Box = tuple[float, float, float, float]


def _inside(box: _Box, latitude: float, longitude: float) -> bool:
    south, north, west, east = box
    across = west - BEYOND <= longitude <= east + BEYOND or east - west > 180
    return south - BEYOND <= latitude <= north + BEYOND and across


def _lands() -> dict[str, _Box]:
    """Country → its southernmost, northernmost, westernmost and easternmost place."""
    sql = (
        "SELECT country, min(latitude), max(latitude), min(longitude), max(longitude) FROM place WHERE precision = 'town' GROUP BY country"
    )
    with closing(sqlite3.connect(embedded_places())) as connection:
        return {country: (south, north, west, east) for country, south, north, west, east in connection.execute(sql) if country}
