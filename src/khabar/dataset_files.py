"""A table that the user holds (CSV, TSV, XLSX, Parquet) → its rows as lists of text, each with the bytes that it came as."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from khabar.errors import InputError

SHEETS = (".xlsx", ".parquet")
SUFFIXES = (".csv", ".tsv", *SHEETS)
BATCH = 10_000  # rows of Parquet in memory at a time


@dataclass(frozen=True, slots=True)
class Row:
    """`number`: as a spreadsheet counts, the heading being 1. `original`: of a CSV the very bytes, line end included; of a workbook or a
    Parquet file, whose rows have no bytes of their own, the cells as a JSON list."""

    number: int
    cells: list[str]
    original: bytes


def rows_of(path: Path) -> Iterator[Row]:
    """All rows, the heading first; InputError where the file is no table. Read as they are asked for: a large file is never in memory."""
    suffix = path.suffix.lower()
    if suffix in SHEETS:
        read = _workbook if suffix == ".xlsx" else _parquet
        for number, values in enumerate(read(path), 1):
            cells = [_text(value) for value in values]
            yield Row(number, cells, json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    else:
        yield from _delimited(path)


def keeps_bytes(path: Path) -> bool:
    """Whether the rows' originals, one after the other, are the file."""
    return path.suffix.lower() not in SHEETS


def sha256_of_file(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while chunk := file.read(2**20):
            found.update(chunk)
    return found.hexdigest()


def _delimited(path: Path) -> Iterator[Row]:
    taken: list[bytes] = []
    with path.open("rb") as file:
        head = file.readline(2**20).decode("utf-8", "replace")
        file.seek(0)
        reader = csv.reader(_lines(file, taken, path), delimiter=max(",;\t", key=head.count))
        try:
            for number, cells in enumerate(reader, 1):
                yield Row(number, cells, b"".join(taken))
                taken.clear()
        except csv.Error as error:
            raise InputError(f"{path}, line {reader.line_num}: {error}; expected a CSV file", code="csv") from error


def _lines(file: Any, taken: list[bytes], path: Path) -> Iterator[str]:
    """Lines as text; the bytes of each go to `taken`, for a cell may run over several."""
    at = 0
    for number, line in enumerate(file):
        taken.append(line)
        try:
            yield line.decode("utf-8" if number else "utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{path} is not in UTF-8 (byte {at + error.start}); save it as CSV UTF-8", code="encoding") from error
        at += len(line)


def _workbook(path: Path) -> Iterator[list[Any]]:
    """Of the first sheet."""
    from khabar.feeds.arrivals import PARSER_FAULTS
    from khabar.feeds.sheets import workbook

    try:
        yield from workbook(path.read_bytes())
    except InputError as error:
        raise InputError(f"{path} is no workbook: it {error}" if error.code == "broken" else f"{path}: {error}", code="xlsx") from error
    except (zipfile.BadZipFile, *PARSER_FAULTS) as error:
        raise InputError(f"{path} is no workbook: {error}", code="xlsx") from error


def _parquet(path: Path) -> Iterator[list[Any]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise InputError('Parquet needs one more package: pip install "khabar[parquet]"; or save it as CSV', code="unsupported") from error
    try:
        table = pq.ParquetFile(path)
        yield list(table.schema_arrow.names)
        for batch in table.iter_batches(BATCH):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is no Parquet file: {error}", code="parquet") from error


def _text(value: Any) -> str:
    """A cell as a CSV would have it: whole numbers without a point, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
