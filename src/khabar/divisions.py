"""Countries → their first-level areas as the gazetteer has them: a point with a name, and an outline where one was imported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator

from khabar.contract import Json
from khabar.gazetteer import Gazetteer


def divisions(gazetteer: Gazetteer, countries: Collection[str]) -> Json:
    """A FeatureCollection: of each country the areas of one list, the first that has outlines, or else the first that has any."""
    return {"type": "FeatureCollection", "features": [feature for code in sorted(countries) for feature in _of(gazetteer, code)]}


def _of(gazetteer: Gazetteer, country: str) -> list[Json]:
    lists = [found for connection in gazetteer.connections for found in _lists(connection, country)]
    if not lists:
        return []
    rows = next((rows for rows in lists if any(row["shape"] for row in rows)), lists[0])
    return [feature for row in rows for feature in _features(row)]


def _features(row: sqlite3.Row) -> Iterator[Json]:
    about = {"name": row["name"], "country": row["country"]}
    yield {"type": "Feature", "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}, "properties": about}
    if row["shape"]:
        yield {"type": "Feature", "geometry": json.loads(row["shape"]), "properties": about}


def _lists(connection: sqlite3.Connection, country: str) -> list[list[sqlite3.Row]]:
    """The first-level areas of a country, list by list."""
    drawn = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'outline'").fetchone()  # an older file has none
    query = f"""SELECT p.name, p.country, p.latitude, p.longitude, p.source, {"o.shape" if drawn else "NULL AS shape"}
        FROM place p {"LEFT JOIN outline o ON o.place = p.number" if drawn else ""}
        WHERE p.precision = 'province' AND p.country = ? AND p.latitude IS NOT NULL ORDER BY p.source, p.number"""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute(query, (country,)).fetchall()
    return [[row for row in rows if row["source"] == source] for source in dict.fromkeys(row["source"] for row in rows)]
