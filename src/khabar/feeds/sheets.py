"""Spreadsheets (.csv, .tsv, .xlsx) with a row for each report → Items: its text, or the page at its address."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import addresses, rows
from khabar.feeds.arrivals import MAX_BULKY_BYTES, PARSER_FAULTS, Arrival, Given, Item, failure, settled, told, whole
from khabar.feeds.encodings import decoded
from khabar.feeds.package import OTHERS, Package

MAX_ROWS = 1_000_000
MAX_UNPACKED_BYTES = 500_000_000

COLUMNS: Mapping[str, str] = {
    heading: name
    for name, headings in {
        "text": "text body content article story full_text post message",
        "html": "html",
        "url": "url link address href web_address source_url permalink uri",
        "title": "title headline heading subject",
        "outlet": "outlet source publisher publication newspaper media channel site",
        "published": "published date day publication_date published_at date_published pubdate",
        "author": "author byline reporter",
        "id": "id report_id",
        "language": "language lang",
        "original_text": "original_text original",
        "translated_by": "translated_by translator",
    }.items()
    for heading in headings.split()
}
"""How people head their columns, and the field of a row that each is."""

Cells = list[Any]


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """Each row under the headings, answered for; a row with an address and no text is fetched."""
    number, found = 1, False
    try:
        raw = whole(stream, MAX_BULKY_BYTES, expected="split the sheet")
        table = workbook(raw) if raw.startswith(b"PK") else _delimited(raw, source)
        names = fields_of(next(table, []))
        for number, cells in enumerate(table, 2):
            if number > MAX_ROWS:
                raise InputError(f"more than {MAX_ROWS:,} rows; split the sheet", code="size")
            if row := {name: value for name, cell in zip(names, cells, strict=False) if name and (value := plain(cell)) is not None}:
                found = True
                yield from _item(row, f"{source}:{number}", given)
        if not found:
            raise InputError("no row under the headings of the columns", code="empty")
    except (InputError, csv.Error, zipfile.BadZipFile, *PARSER_FAULTS) as error:
        code, why = (error.code, str(error)) if isinstance(error, InputError) else ("broken", f"row {number}: {told(error)}")
        yield failure(source, code, why)


def _item(row: dict[str, Any], source: str, given: Given) -> Iterator[Item]:
    if "text" in row or "html" in row:
        original = json.dumps(row, ensure_ascii=False, sort_keys=True, default=str).encode(errors="surrogatepass")
        yield settled(Arrival(source, original), given, lambda arrival: rows.fill_from(arrival, row))
    elif "url" in row:
        yield from addresses.fetch(str(row["url"]), source, given, fields=row | {"url": str(row["url"]).strip()})
    else:
        yield failure(source, "type", f"a row without text or address; found {', '.join(row)}")


def fields_of(headings: Cells) -> list[str | None]:
    """The field of each column, None for a column of the user's own; the first of two that mean the same."""
    names: list[str | None] = []
    for heading in headings:
        name = COLUMNS.get(re.sub(r"\W+", "_", str(heading or "").strip().lower()).strip("_"))
        names.append(None if name in names else name)
    if not {"text", "html", "url"} & set(names):
        found = ", ".join(str(heading) for heading in headings[:12] if heading) or "none"
        raise InputError(f"no column of texts or addresses; found {found:.300}; expected one headed url or text", code="type")
    return names


def plain(cell: Any) -> Any:
    """A cell as a row of JSON has it; None for an empty one."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    return (
        cell.strip()
        if isinstance(cell, str)
        else cell.date().isoformat()
        if isinstance(cell, datetime)
        else cell.isoformat()
        if isinstance(cell, date)
        else str(cell)
    )


def _delimited(raw: bytes, source: str) -> Iterator[Cells]:
    text = decoded(raw, lambda code, message: None)
    head = text.split("\n", 1)[0]
    mark = "\t" if source.endswith(".tsv") else max(",;\t|", key=head.count)
    csv.field_size_limit(8_000_000)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)


def workbook(raw: bytes) -> Iterator[Cells]:
    """The rows of the first sheet."""
    package = Package(raw)
    if package.kind != "sheet":
        raise InputError(OTHERS[package.kind], code="unsupported")
    if package.unpacked > MAX_UNPACKED_BYTES:
        raise InputError(f"unpacks to {package.unpacked:,} bytes; save it as .csv, or split it", code="size")
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError(
            '.xlsx needs one more package: pip install "khabar[sheets]"; or save the sheet as .csv', code="unsupported"
        ) from error
    sheet = load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets[0]
    yield from (list(cells) for cells in sheet.iter_rows(values_only=True))
