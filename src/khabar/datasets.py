"""A file in the layout of ACLED or UCDP GED that the user holds → its events, and the rows that are none.

Columns are read by their names; those that a comparison can do without may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import zip_longest
from pathlib import Path

from khabar.contract import Json, day
from khabar.dataset_files import Row, rows_of
from khabar.errors import InputError
from khabar.lexicon import table

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


Cells = Mapping[str, str]
"""The cells of a row under the names of their columns, in the order of the file."""


def read_dataset(path: Path, *, first: date | None = None, last: date | None = None) -> Dataset:
    """The events of a file that can lie in those days; InputError where it is no such file or lacks a column that is needed."""
    rows = rows_of(path)
    columns, layout = headed(rows, path)
    events, refused = [], []
    for row in (row for row in rows if any(row.cells)):
        try:
            event = event_of(named(columns, row), layout, row.number)
        except (ValueError, OverflowError) as error:  # a day before the first
            refused.append((row.number, str(error)))
            continue
        if (not first or event.date_end >= first) and (not last or event.date_start <= last):
            events.append(event)
    return Dataset(layout, tuple(events), tuple(refused))


def headed(rows: Iterator[Row], path: Path) -> tuple[list[str], str]:
    """The columns of a table, and which dataset's they are: the one of which most are there, if none is missing."""
    heading = next(rows, None)
    columns = [name.strip() for name in heading.cells] if heading else []
    layout = max(NEEDED, key=lambda name: len(set(columns) & set(known("columns")[name])))
    missing = [name for name in NEEDED[layout] if name not in columns]
    if not set(columns) & set(NEEDED[layout]):
        raise InputError(f"{path} has the columns of neither ACLED (event_id_cnty, …) nor UCDP GED (id, date_start, …)", code="columns")
    if missing:
        raise InputError(f"{path} lacks the {NAMES[layout]} column{'s' * (len(missing) > 1)} {', '.join(missing)}", code="columns")
    return columns, layout


def named(columns: list[str], row: Row) -> Cells:
    """Cells that a short row lacks are empty; those beyond the columns have no name and are left."""
    return {name: value.strip() for name, value in zip_longest(columns, row.cells[: len(columns)], fillvalue="")}


def event_of(cells: Cells, layout: str, number: int) -> Event:
    """The event of one row; ValueError where it is none."""
    return _acled(number, cells) if layout == "acled" else _ged(number, cells)


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
