"""A text → the rows of its tables, each with its cells: "4 May 2019 | Oakford | Gunmen attacked a convoy."

A table stands in a text as its reader wrote it (`khabar.feeds`): a line for each row, a stroke between two cells. Each cell is read by
itself, and what one names alone, a day or a place, is said of all that its row tells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from khabar.model import Span

MARK = re.compile(r"(?<=\s)\|(?=\s)")
NUMERIC = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})\b")
RULE = re.compile(r"[-|: \t]+")  # "|---|---|" under the names of the columns
MARKS, ROWS = 2, 2  # so many strokes make a row, and so many rows in a run a table: one line alone may be a byline


@dataclass(frozen=True, slots=True)
class Row:
    """`cells`: without the space around them; one without words is left out. `table`: where its table begins."""

    start: int
    end: int
    cells: tuple[Span, ...]
    table: int

    @property
    def first(self) -> bool:
        return self.start == self.table


@lru_cache(maxsize=8)
def rows_of(text: str) -> tuple[Row, ...]:
    """
    >>> [[text[s:e] for s, e in row.cells] for text in ["3 May | Karsa | Nine died.\\n4 May | Dera | Two died."] for row in rows_of(text)]
    [['3 May', 'Karsa', 'Nine died.'], ['4 May', 'Dera', 'Two died.']]
    """
    found: list[Row] = []
    run: list[tuple[int, int]] = []
    for line in (*re.finditer(r"[^\n]+", text), None):
        if line is not None and len(MARK.findall(line.group())) >= MARKS:
            run.append(line.span())
            continue
        if line is not None and RULE.fullmatch(line.group()):
            continue
        found += _table(text, run) if len(run) >= ROWS else ()
        run = []
    return tuple(found)


def _table(text: str, lines: Sequence[Span]) -> Iterator[Row]:
    for start, end in lines:
        edges = [start, *(mark.end() for mark in MARK.finditer(text, start, end)), end + 1]
        cells = (_trimmed(text, one, other - 1) for one, other in pairwise(edges))
        yield Row(start, end, tuple(cell for cell in cells if cell[0] < cell[1]), lines[0][0])


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def row_at(text: str, at: int) -> Row | None:
    rows = rows_of(text)
    before = bisect_right(rows, at, key=lambda row: row.start) - 1
    return rows[before] if before >= 0 and at < rows[before].end else None


@lru_cache(maxsize=8)
def day_first(text: str) -> dict[int, bool]:
    """By the table: do its days in numbers begin with the day, "01/06/2021", or with the month? As all of a table are written alike, the
    order is the one in which all are days, and lie nearest together; a table of which that leaves both, or neither, is not there.

    >>> day_first("01/06/2021 | Karsa | Nine died.\\n04/06/2021 | Dera | Two died.")
    {0: True}
    """
    written: dict[int, list[tuple[int, int, int]]] = {}
    for row in rows_of(text):
        for start, end in row.cells:
            if found := NUMERIC.match(text, start, end):
                written.setdefault(row.table, []).append((int(found[1]), int(found[3]), int(found[4])))
    spans = {table: (_span([(b, a, year) for a, b, year in days]), _span(days)) for table, days in written.items()}
    return {table: day < month for table, (day, month) in spans.items() if day != month}


def _span(written: Sequence[tuple[int, int, int]]) -> int:
    """How many days lie between the first and the last of these (month, day, year); more than ever, where one is no day."""
    try:
        days = [date(year, month, day) for month, day, year in written]
    except ValueError:
        return date.max.toordinal()
    return (max(days) - min(days)).days


def numeric_day(text: str, row: Row) -> tuple[date, str] | None:
    """The day in numbers that a cell of a row begins with, and its words; None where its table does not tell the order."""
    day_is_first = day_first(text).get(row.table)
    found = next((found for start, end in row.cells if (found := NUMERIC.match(text, start, end))), None)
    if day_is_first is None or found is None:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    return date(year, *((second, first) if day_is_first else (first, second))), found[0]
