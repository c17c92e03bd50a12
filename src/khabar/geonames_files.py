"""GeoNames dumps and files of alternate names, plain or zipped → their places, row by row.

The forms are those of https://download.geonames.org/export/dump/readme.txt: 19 columns a place, 10 an alternate name.
"""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from khabar.errors import InputError
from khabar.gazetteer_store import Row, Spelling
from khabar.model import Precision
from khabar.place_columns import point_of
from khabar.place_rows import NumberedRow, decoded_lines, lenient
from khabar.shipped_places import geonames_areas, without_marks

LICENCE = "CC BY 4.0"
LARGEST = 6_000_000_000
"""Bytes to which a ZIP file may unfold; allCountries has some 1.7 billion."""
MOST_FOLDED = 60
"""Times that a ZIP file may be smaller than its content; GeoNames' are four to eight times smaller, a bomb hundreds."""
_NO_NAMES = frozenset({"link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "phon", "abbr"})
_KINDS: dict[str, Precision] = {
    **dict.fromkeys(("PCL", "PCLI", "PCLD", "PCLF", "PCLS", "TERR"), "country"),
    "ADM1": "province",
    **dict.fromkeys(("ADM2", "ADM3", "ADM4", "ADM5", "ADMD"), "district"),
    **dict.fromkeys(("RGN", "RGNE", "RGNH", "AREA", "VAL", "PLN", "DSRT", "MTS"), "region"),
    "PPLX": "exact",
}
_LEVELS = {"ADM1": 1, "ADM2": 2, "ADM3": 3}
_BY_CLASS: dict[str, Precision] = {"P": "town", "A": "district", "R": "road"}


def is_geonames(path: Path) -> bool:
    """Is this a file of GeoNames, going by its first line?"""
    with _lines(path, "utf-8") as lines:
        first = next(iter(lines), "")
    return len(first.split("\t")) in (10, 19) and first.split("\t")[0].strip("\ufeff").isdigit()


def read_geonames(path: Path, *, encoding: str, known: Mapping[int, Row]) -> Iterator[NumberedRow]:
    """The places of a dump; or the alternate names of the places in `known`, each place of them at its last line."""
    with _lines(path, encoding) as lines:
        first = next(iter(lines), "")
    if len(first.split("\t")) == 10:
        yield from _alternate_names(path, encoding, known)
        return
    areas = _area_names(path, encoding)
    with _lines(path, encoding) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, lenient(partial(_place, line, areas))


def _area_names(path: Path, encoding: str) -> dict[str, str]:
    """Code of an area ("SY.12.1201") → its name, from the rows of the dump that are areas."""
    names: dict[str, str] = {}
    with _lines(path, encoding) as lines:
        for line in lines:
            if "\tADM1\t" in line or "\tADM2\t" in line or "\tADM3\t" in line:
                cells = line.split("\t")
                if len(cells) > 12 and cells[7] in _LEVELS:
                    names[".".join([cells[8], *cells[10 : 10 + _LEVELS[cells[7]]]])] = without_marks(cells[1])
    return names | geonames_areas()


def _place(line: str, areas: Mapping[str, str]) -> Row:
    cells = line.rstrip("\r\n").split("\t")
    if len(cells) < 15:
        raise ValueError(f"{len(cells)} columns; a GeoNames dump has 19, parted by tabs")
    if not _is_number(cells[0].lstrip("\ufeff")):
        raise ValueError(f"{cells[0]!r} is not a GeoNames id")
    if not cells[1]:
        raise ValueError("the name is empty")
    lat, lon = point_of(cells[4], cells[5])
    codes = [cells[8], *cells[10:13]]
    above = [areas.get(".".join(codes[: level + 1])) if codes[level] else None for level in _LEVELS.values()]
    own = _LEVELS.get(cells[7], 9)
    return Row(
        id=f"geonames:{cells[0].lstrip(chr(0xFEFF))}",
        name=without_marks(cells[1]),
        latitude=lat,
        longitude=lon,
        country=cells[8] or None,
        admin1=above[0],
        precision=_KINDS.get(cells[7]) or _BY_CLASS.get(cells[6], "exact"),
        population=int(cells[14]) if _is_number(cells[14]) else 0,
        names=[name for name in (cells[1], cells[2], *cells[3].split(",")) if name and not _is_code(name)],
        areas=tuple(area for level, area in enumerate(above[1:], 2) if area and level < own),
        feature=f"{cells[6]}.{cells[7]}",
    )


def _is_number(cell: str) -> bool:
    return cell.isdecimal() and len(cell) < 16  # SQLite's end at 19 digits


def _is_code(name: str) -> bool:
    return len(name) <= 3 and name.isupper() and name.isascii()


def _alternate_names(path: Path, encoding: str, known: Mapping[int, Row]) -> Iterator[NumberedRow]:
    names: dict[int, list[Spelling]] = defaultdict(list)
    last: dict[int, int] = {}
    if not known:
        raise InputError(f"{path}: alternate names of places that are not there; import the dump of the country first", code="order")
    with _lines(path, encoding) as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\r\n").split("\t")
            if len(cells) < 4 or not _is_number(cells[1]):
                yield number, partial(_refused, f"{len(cells)} columns; a file of alternate names has 10, parted by tabs")
            elif int(cells[1]) in known and cells[2] not in _NO_NAMES and not _is_code(cells[3]):
                names[int(cells[1])].append(_alternate(cells))
                last[int(cells[1])] = number
    for id, spellings in names.items():
        yield last[id], lenient(partial(_renamed, known[id], spellings))


def _refused(reason: str) -> Row:
    raise ValueError(reason)


def _alternate(cells: list[str]) -> Spelling:
    flags = [*cells[4:8], "", "", "", ""]
    sort = "historic" if flags[3] == "1" else "colloquial" if flags[2] == "1" else "short" if flags[1] == "1" else None
    return Spelling(cells[3], cells[2] or None, sort)


def _renamed(place: Row, spellings: list[Spelling]) -> Row:
    return Row(
        place.id, place.name, place.latitude, place.longitude, place.country, place.admin1, place.precision, place.population,
        spellings, place.areas, place.feature,
    )  # fmt: skip


@contextmanager
def _lines(path: Path, encoding: str) -> Iterator[Iterable[str]]:
    if path.suffix.lower() != ".zip":
        with path.open("rb") as raw:
            yield decoded_lines(raw, encoding)
        return
    try:
        with zipfile.ZipFile(path) as archive, archive.open(text_inside(archive, path)) as raw:
            yield decoded_lines(io.BufferedReader(raw), encoding)  # type: ignore[type-var]
    except (zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise InputError(f"{path}: not a ZIP file that can be read: {error}", code="format") from error


def text_inside(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    """The one text of the archive that holds places. Raises InputError where there is none, or the archive is a bomb."""
    texts = [info for info in archive.infolist() if info.filename.lower().endswith(".txt") and "readme" not in info.filename.lower()]
    if not texts:
        raise InputError(f"{path}: no .txt in it; found {', '.join(archive.namelist()[:5]) or 'nothing'}", code="format")
    text = max(texts, key=lambda info: info.file_size)
    if text.file_size > LARGEST or text.file_size > MOST_FOLDED * max(text.compress_size, 100_000):
        raise InputError(f"{path}: would unfold to {text.file_size / 1e6:,.0f} MB: not a gazetteer", code="size")
    return text
