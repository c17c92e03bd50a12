"""a table's headers and a row of it → a place.

Headers are known by their names, as OCHA, Natural Earth and others write them: `ADM2_AR` is the Arabic name of the second level,
`admin1Pcode` the code of the first. A column can be named instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from khabar.actorfiles import load_countries
from khabar.errors import InputError
from khabar.gazetteer_store import Row, Spelling
from khabar.model import Precision
from khabar.spellings import normal

Point = tuple[float, float]
Record = Mapping[str, str | None]

_HEADERS: dict[str, tuple[str, ...]] = {
    "name": (
        *(
            "name_en",
            "name",
            "place",
            "placename",
            "nam_en_ref",
            "featurename_en",
            "featurename",
            "featurenam",
            "feature_na",
            "featurerefname",
        ),
        *("popplacename_en", "locname", "asciiname", "label", "settlement", "village", "localite", "nom", "nam", "shapename", "name_long"),
    ),
    "names": (
        *(
            "alternatenames",
            "altnames",
            "alternate_names",
            "nameascii",
            "asciiname",
            "namealt",
            "alias",
            "aliases",
            "name_alt",
            "name_local",
        ),
        *("formal_en", "nam_en_ref", "gn_name", "woe_name"),
    ),
    "latitude": ("latitude", "lat", "y", "latitude_y", "point_y", "lat_wgs84", "center_lat", "lat_dd", "ycoord"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitude_x", "point_x", "lon_wgs84", "center_lon", "long_dd", "xcoord"),
    "code": ("pcode", "p_code", "place_code", "popplacepcode", "featurepcode", "ne_id", "id", "code"),
    "geonameid": ("geonameid", "gn_id"),
    "country": ("iso_a2", "iso2", "iso", "country_code", "countrycode", "country", "adm0name", "admin", "name_0", "sov0name"),
    "admin1": ("governorate", "province", "state", "name_1"),
    "population": ("population", "pop", "pop_max", "pop_est"),
    "sort": ("featurecla", "featurecls"),
}
_LEVEL = re.compile(r"adm(?:in)?_?(\d)_?(?:name|nam)?_?(?:alt\d?_?)?([a-z]{2}|ara|\d)?")
_LEVEL_CODE = re.compile(r"adm(?:in)?_?(\d)_?(?:p_?code|code|cod|pcod)")
_IN_LANGUAGE = re.compile(r"(?:feature|popplace|place)?na(?:me?)?_?(?:alt\d?_)?([a-z]{2}|ara)(?:_?ref)?")
_NOT_LANGUAGES = frozenset({"pc", "id", "cd", "rf", "en"})


@dataclass(frozen=True)
class Columns:
    """Which headers say what; `levels` by their number, each with the headers of its name, those of English first."""

    uses: Mapping[str, Sequence[str]]
    languages: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[int, Sequence[str]] = field(default_factory=dict)
    level_codes: Mapping[int, str] = field(default_factory=dict)


def columns_of(path: Path, found: Sequence[str], named: Mapping[str, str], *, located: bool = False) -> Columns:
    """The columns of a table with those headers. `located`: the point comes from elsewhere.

    Raises InputError where there is none for the name or the point, or a named one is not there.
    """
    lower = {header.strip().lower(): header for header in found}
    uses = {use: [lower[known] for known in headers if known in lower] for use, headers in _HEADERS.items()}
    uses |= {use: [header] for use, header in named.items()}
    levels: dict[int, list[str]] = {}
    languages: dict[str, str] = {}
    codes: dict[int, str] = {}
    for low, header in lower.items():
        if match := _LEVEL_CODE.fullmatch(low):
            codes.setdefault(int(match[1]), header)
        elif (match := _LEVEL.fullmatch(low)) and match[2] not in _NOT_LANGUAGES - {"en"}:
            levels.setdefault(int(match[1]), []).append(header)
            languages[header] = _language(match[2])
        elif (match := _IN_LANGUAGE.fullmatch(low)) and match[1] not in _NOT_LANGUAGES:
            languages[header] = _language(match[1])
            uses["names"] = [*uses["names"], header]
    for headers in levels.values():
        headers.sort(key=lambda header: (languages[header] not in ("en", ""), languages[header] != "", header))
    needed = ["name"] if located else ["name", "latitude", "longitude"]
    missing = [use for use in needed if not uses[use] and not (use == "name" and levels)]
    missing += [header for header in named.values() if header not in found]
    if missing:
        garbled = any("\udc80" <= letter <= "\udcff" for header in found for letter in header)
        how = "It is not UTF-8: give its --encoding, like windows-1252" if garbled else "Name them: --column name=HEADER"
        there = ", ".join(found).encode("utf-8", "replace").decode() or "none"
        raise InputError(
            f"{path}: no column for {', '.join(missing)}; found {there}. {how}",
            code="columns",
        )
    return Columns(uses, languages, levels, codes)


def _language(mark: str | None) -> str:
    return {"ara": "ar"}.get(mark or "", mark if mark and mark.isalpha() else "")


def place_row(
    record: Record, columns: Columns, path: Path, *, country: str | None = None, at: Point | None = None, area: bool = False
) -> Row:
    """One place. `country`: where the row does not say; `at`: its point, `area`: it is one, where these come from a geometry.

    Raises ValueError with what is wrong.
    """

    def first(headers: Sequence[str]) -> str | None:
        return next((value.strip() for header in headers if (value := record.get(header)) and value.strip()), None)

    uses = {use: first(headers) for use, headers in columns.uses.items()}
    areas = {level: name for level, headers in sorted(columns.levels.items()) if (name := first(headers))}
    level = max(areas) if areas and not columns.uses["name"] else None
    name = uses["name"] or (areas.pop(level) if level is not None else None)
    if not name:
        raise ValueError("the name is empty")
    point = point_of(*map(str, at)) if at else point_of(uses["latitude"], uses["longitude"])
    codes = {level: value for level, header in columns.level_codes.items() if (value := first([header]))}
    land = country_code(uses["country"], codes.get(0), *codes.values()) or country
    headers = [*columns.uses["name"], *columns.uses["names"]] if level is None else list(columns.levels[level])
    admin1 = uses["admin1"] or areas.get(1)
    return Row(
        id=_place_id(land, uses, codes.get(level if level is not None else -1), name, point, path),
        name=name,
        latitude=point[0],
        longitude=point[1],
        country=land,
        admin1=admin1 or (name if level == 1 else None),
        precision=_precision(level, uses["sort"], area=area, within=admin1 if admin1 and normal(admin1) != normal(name) else None),
        population=_whole(uses["population"]),
        names=[spelling for header in headers for spelling in _spellings(record.get(header), columns.languages.get(header))],
        areas=tuple(area for number, area in areas.items() if number > 1),
    )


def _spellings(value: str | None, language: str | None) -> list[Spelling]:
    parts = re.split(r"[;|]|,(?=\S)", value or "")
    return [Spelling(part.strip(), language or None) for part in parts if part.strip()]


def _precision(level: int | None, sort: str | None, *, area: bool, within: str | None) -> Precision:
    if level is not None:
        return "country" if level == 0 else "province" if level == 1 else "district"
    if sort and "admin-0" in sort.lower() and "capital" not in sort.lower():
        return "country"
    if area:
        return "district" if within else "province"
    return "town"


def _whole(text: str | None) -> int:
    try:
        number = float(text or 0)
    except ValueError:
        return 0
    return int(number) if 0 < number < 1e15 else 0


def point_of(latitude: str | None, longitude: str | None) -> Point:
    """Raises ValueError where these are not degrees on the globe."""
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


def country_code(*marks: str | None) -> str | None:
    """The two letters of a country, from its code, its name, or the code of an area in it: "SY", "Syria", "SY0705"."""
    for mark in filter(None, marks):
        if re.fullmatch(r"[A-Za-z]{2}", mark):
            return mark.upper()
        if code := _countries().get(normal(mark)):
            return code
        if re.match(r"[A-Za-z]{2}\d", mark):
            return mark[:2].upper()
    return None


@cache
def _countries() -> dict[str, str]:
    return {normal(name): country.code for country in load_countries() for name in country.names}


def _place_id(country: str | None, uses: Mapping[str, str | None], level_code: str | None, name: str, point: Point, path: Path) -> str:
    geonames = re.fullmatch(r"(\d{2,9})(?:\.0+)?", uses["geonameid"] or "")
    if geonames:
        return f"geonames:{geonames[1]}"
    scheme = (country or path.stem).lower().replace(" ", "-")
    code = level_code or uses["code"]
    return f"{scheme}:{code}" if code else f"{scheme}:{normal(name).replace(' ', '-')}@{point[0]:.3f},{point[1]:.3f}"
