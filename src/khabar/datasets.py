"""A file in the layout of ACLED or UCDP GED that the user holds → its events, and the rows that are none.

Columns are read by their names; those that a comparison can do without may be missing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from khabar.contract import Json, day
from khabar.errors import InputError
from khabar.evidence import table

NEEDED: Mapping[str, tuple[str, ...]] = {
    "acled": ("event_id_cnty", "event_date", "event_type", "latitude", "longitude"),
    "ged": ("id", "date_start", "date_end", "latitude", "longitude", "best"),
}
NAMES: Mapping[str, str] = {"acled": "ACLED", "ged": "UCDP"}
SPREAD = {"2": 6, "3": 30}  # days to either side: by ACLED's codebook, time precision 2 is the week, 3 the month


known = cache(table)
"""A YAML file of the package's knowledge, read once: it is asked for each row."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row. `kinds`: the kinds of incident that it may be told as; `type`: the dataset's words for it; `sides`: the actors, as written.

    `killed`: lowest, best and highest estimate, None where the dataset gives none.
    """

    id: str
    row: int
    kinds: frozenset[str]
    type: str
    date_start: date
    date_end: date
    place: str
    latitude: float
    longitude: float
    sides: tuple[str, ...]
    killed: tuple[int, int, int] | None

    def json(self) -> Json:
        names = ("id", "row", "type", "date_start", "date_end", "place", "latitude", "longitude", "sides", "killed")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Dataset:
    """`layout`: acled or ged; `refused`: (number of the row as a spreadsheet counts it, what is wrong with it)."""

    layout: str
    events: tuple[Event, ...]
    refused: tuple[tuple[int, str], ...] = ()


def read_dataset(path: Path, *, first: date | None = None, last: date | None = None) -> Dataset:
    """The events of a file that can lie in those days; InputError where it is no such file or lacks a column that is needed."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not in UTF-8 (byte {error.start}); save it as CSV UTF-8", code="encoding") from error
    head = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        layout = _layout(rows.fieldnames or (), path)
        found = _read(rows, layout)
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: {error}; expected a CSV file", code="csv") from error
    kept = tuple(one for one in found.events if (not first or one.date_end >= first) and (not last or one.date_start <= last))
    return replace(found, events=kept)


def _layout(columns: object, path: Path) -> str:
    """Which dataset's columns they are: the one of which most are there, if none is missing."""
    found = set(columns) if isinstance(columns, list) else set()
    layout = max(NEEDED, key=lambda name: len(found & set(known("columns")[name])))
    missing = [name for name in NEEDED[layout] if name not in found]
    if not found & set(NEEDED[layout]):
        raise InputError(f"{path} has the columns of neither ACLED (event_id_cnty, …) nor UCDP GED (id, date_start, …)", code="columns")
    if missing:
        raise InputError(f"{path} lacks the {NAMES[layout]} column{'s' * (len(missing) > 1)} {', '.join(missing)}", code="columns")
    return layout


def _read(rows: csv.DictReader[str], layout: str) -> Dataset:
    events, refused = [], []
    for number, row in enumerate(rows, 2):  # the heading is row 1
        cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str) and not isinstance(value, list)}
        try:
            events.append(_acled(number, cells) if layout == "acled" else _ged(number, cells))
        except (ValueError, OverflowError) as error:  # a day with a spread beyond the last one
            refused.append((number, str(error)))
    return Dataset(layout, tuple(events), tuple(refused))


def _acled(number: int, row: Mapping[str, str]) -> Event:
    type_, sub = row["event_type"], row.get("sub_event_type", "")
    on, spread = _day(row, "event_date"), timedelta(SPREAD.get(row.get("time_precision", ""), 0))
    dead = _count(row, "fatalities")
    return Event(
        id=row["event_id_cnty"] or f"row {number}",
        row=number,
        kinds=acled_kinds().get(f"{type_} / {sub}") or acled_kinds().get(type_, frozenset()),
        type=" / ".join(part for part in (type_, sub) if part),
        date_start=on - spread,
        date_end=on + spread,
        place=row.get("location", ""),
        latitude=_degrees(row, "latitude", 90),
        longitude=_degrees(row, "longitude", 180),
        sides=tuple(side for column in ("actor1", "assoc_actor_1", "actor2", "assoc_actor_2") for side in _names(row.get(column, ""))),
        killed=None if dead is None else (dead, dead, dead),
    )


def _ged(number: int, row: Mapping[str, str]) -> Event:
    first, last = _day(row, "date_start"), _day(row, "date_end")
    if first > last:
        raise ValueError(f"date_start {first} is after date_end {last}")
    best = _count(row, "best")
    low, high = (_count(row, name) for name in ("low", "high"))
    violence = {"1": "state-based", "2": "non-state", "3": "one-sided"}.get(row.get("type_of_violence", ""), "")
    return Event(
        id=row["id"] or f"row {number}",
        row=number,
        kinds=violence_kinds(),
        type=violence,
        date_start=first,
        date_end=last,
        place=row.get("where_coordinates", ""),
        latitude=_degrees(row, "latitude", 90),
        longitude=_degrees(row, "longitude", 180),
        sides=tuple(row[name] for name in ("side_a", "side_b") if row.get(name)),
        killed=None if best is None else (best if low is None else low, best, best if high is None else high),
    )


@cache
def violence_kinds() -> frozenset[str]:
    """GED's rows are organised violence of any kind."""
    return frozenset(known("layouts")["violent"])


@cache
def acled_kinds() -> Mapping[str, frozenset[str]]:
    """ACLED's "type / sub-type", and its types alone → the kinds of claim that they are in codebooks.yaml."""
    found: dict[str, set[str]] = {}
    for kind, books in known("codebooks")["kinds"].items():
        for name in books["acled"]:
            for key in (name, name.partition(" / ")[0]):
                found.setdefault(key, set()).add(kind)
    return {name: frozenset(kinds) for name, kinds in found.items()}


def _names(cell: str) -> Iterator[str]:
    yield from (name.strip() for name in cell.split(";") if name.strip())


def _day(row: Mapping[str, str], column: str) -> date:
    """As released over the years: 2015-06-05, 2015-06-05 00:00:00.000, 05 June 2015."""
    words = row[column]
    try:
        if re.match(r"\d{4}-\d\d-\d\d(?:[ T]|$)", words):
            return day(words[:10]) or date.min
        return datetime.strptime(words, "%d %B %Y").date()
    except ValueError:
        raise ValueError(f"{column} {words!r} is not a day like 2015-06-05") from None


def _degrees(row: Mapping[str, str], column: str, most: int) -> float:
    try:
        found = float(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r} is not a number of degrees") from None
    if not -most <= found <= most:
        raise ValueError(f"{column} {found} is not between -{most} and {most}")
    return found


def _count(row: Mapping[str, str], column: str) -> int | None:
    words = row.get(column, "")
    if words and not re.fullmatch(r"\d{1,9}(?:\.0)?", words):
        raise ValueError(f"{column} {words!r} is not a number of people")
    return int(float(words)) if words else None
