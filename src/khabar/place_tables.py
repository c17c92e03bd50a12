"""a CSV or TSV file → its places, row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from khabar.errors import InputError
from khabar.gazetteer_store import Row
from khabar.place_columns import Columns, columns_of, place_row
from khabar.place_rows import NumberedRow, decoded_lines, lenient

_LONGEST_RECORD = 50
"""Lines that one record may span. An open quotation mark would swallow the rest of the file."""


def read_table(path: Path, named: Mapping[str, str], *, country: str | None, encoding: str) -> Iterator[NumberedRow]:
    """Each record under the number of its first line."""
    with path.open("rb") as raw:
        records = _records(raw, encoding)
        first = next(records, (1, ""))[1].lstrip("\ufeff")
        delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=first.count)
        headers = _headers(first, delimiter, path)
        if not first.strip():
            raise InputError(f"{path}: empty", code="empty")
        columns = columns_of(path, headers, named)
        for number, text in records:
            if text.strip():
                yield number, lenient(partial(_row, text, headers, delimiter, columns, path, country))


def _headers(line: str, delimiter: str, path: Path) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        message = (
            f"{path}: its first line cannot be read as a row of headers ({error}); save it again as CSV with one heading in each column"
        )
        raise InputError(message, code="columns") from error


def _records(raw: IO[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Lines, those joined that a quotation mark holds together."""
    waiting: list[str] = []
    start = 1
    for number, line in enumerate(decoded_lines(raw, encoding), 1):
        if not waiting:
            start = number
        waiting.append(line)
        if '"' not in line and len(waiting) == 1:
            yield start, waiting.pop()
        elif sum(text.count('"') for text in waiting) % 2 == 0 or len(waiting) > _LONGEST_RECORD:
            yield from [(start, "".join(waiting))] if len(waiting) <= _LONGEST_RECORD else enumerate(waiting, start)
            waiting = []
    yield from enumerate(waiting, start)


def _row(text: str, headers: list[str], delimiter: str, columns: Columns, path: Path, country: str | None) -> Row:
    return place_row(_fields(text, headers, delimiter), columns, path, country=country)


def _fields(text: str, headers: list[str], delimiter: str) -> dict[str, str | None]:
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if len(cells) > len(headers) + 1 or len(cells) < 2:
        raise ValueError(f"{len(cells)} cells under {len(headers)} headers")
    return dict(zip(headers, cells, strict=False))
