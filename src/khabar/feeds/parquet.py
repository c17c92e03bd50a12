"""Parquet, one report a row → Items, read batch by batch; the columns are called what those of a spreadsheet are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import rows, sheets
from khabar.feeds.arrivals import PARSER_FAULTS, Arrival, Given, Item, failure, settled, told

BATCH = 64  # rows; a row may be a page of megabytes


def read(stream: IO[bytes], source: str, given: Given, *, first: int = 1, last: int | None = None) -> Iterator[Item]:
    """The rows from `first` to `last`, which count from one; None: to the end."""
    try:
        file = opened(stream)
        names = sheets.fields_of(file.schema_arrow.names)
        for number, row in _rows(file, first, last):
            fields = {name: found for name, value in zip(names, row, strict=True) if name and (found := sheets.plain(value)) is not None}
            original = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str).encode(errors="surrogatepass")

            def fill(arrival: Arrival, fields: dict[str, Any] = fields) -> None:
                rows.fill_from(arrival, fields)

            yield settled(Arrival(f"{source}:{number}", original), given, fill)
        if not file.metadata.num_rows:
            raise InputError("no row in it; expected one report a row", code="empty")
    except InputError as error:
        yield failure(source, error.code, str(error))
    except PARSER_FAULTS as error:
        yield failure(source, "broken", f"is damaged, or not what its name says: {told(error)}")


def opened(stream: IO[bytes]) -> Any:
    """The `ParquetFile` of a stream."""
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError('Parquet needs one more package: pip install "khabar[parquet]"', code="unsupported") from error
    return ParquetFile(stream)


def _rows(file: Any, first: int, last: int | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Numbered rows of a stretch; groups of rows before and after it are not opened."""
    number = 1
    for group in range(file.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if number + size > first and (last is None or number <= last):
            yield from _group(file, group, number, first, last)
        number += size


def _group(file: Any, group: int, number: int, first: int, last: int | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for batch in file.iter_batches(batch_size=BATCH, row_groups=[group]):
        if number + batch.num_rows > first and (last is None or number <= last):
            for at, row in enumerate(zip(*(column.to_pylist() for column in batch.columns), strict=True), number):
                if at >= first and (last is None or at <= last):
                    yield at, row
        number += batch.num_rows
