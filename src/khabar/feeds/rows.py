"""JSON lines, one report a line as in the contract → Items, read line by line."""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import pages
from khabar.feeds.arrivals import MAX_BYTES, Arrival, Given, Item, failure, settled
from khabar.feeds.encodings import decoded


def read(stream: IO[bytes], source: str, given: Given, *, first: int = 1) -> Iterator[Item]:
    """Each line of the stream that is not blank, answered for. `first`: the number of its first line in the whole file."""
    number, line = first, stream.readline(MAX_BYTES)
    if line.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield failure(source, "json", "is UTF-16; JSON lines are UTF-8 (iconv -f UTF-16 -t UTF-8)")
        return
    line, found = line.removeprefix(BOM_UTF8), False
    while line:
        name = f"{source}:{number}"
        if len(line) >= MAX_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield failure(name, "size", f"a line longer than {MAX_BYTES:,} bytes; expected one report a line")
        elif line.strip():
            yield settled(Arrival(name, line.rstrip(b"\r\n")), given, fill)
        found = found or bool(line.strip())
        number, line = number + 1, stream.readline(MAX_BYTES)
    if not found:
        yield failure(source, "empty", "no line in it; expected one report a line")


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
        pass


def fill(arrival: Arrival) -> None:
    """One row: the line is the original."""
    line = decoded(arrival.original, arrival.warn)

    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        row = dict(pairs)
        if len(row) < len(pairs):
            twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return row

    try:
        row = json.loads(line, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        if "\r" in line:
            raise InputError("its lines end in CR alone; expected LF (tr '\\r' '\\n' < FILE mends it)", code="json") from error
        raise InputError(f"no valid JSON: {error.msg} at column {error.colno}; expected one object a line", code="json") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"no valid JSON: {error}; expected one object a line", code="json") from error
    if not isinstance(row, dict):
        raise InputError(f'a JSON {_kind(row)}; expected an object like {{"text": "…", "published": "2015-06-08"}}', code="json")
    if twice:
        arrival.warn("type", f"{', '.join(dict.fromkeys(twice)):.300} stands twice in it; the last is read")
    fill_from(arrival, row)


def fill_from(arrival: Arrival, row: dict[str, Any]) -> None:
    """The fields of a row, and its text or page."""
    arrival.fields = {key: value for key, value in row.items() if key not in ("text", "html")}
    key = "text" if row.get("text") is not None else "html"
    value = row.get(key)
    if value is None:
        names = ", ".join(sorted(map(str, row))) or "none"
        found = "found the text null" if "text" in row else f"found the fields {names:.300}"
        raise InputError(f"a row without text; {found}; expected text (or html)", code="type")
    if not isinstance(value, str):
        raise InputError(f"{key} is a JSON {_kind(value)}; expected a string", code="type")
    if key == "html":
        pages.fill_from(arrival, value)
    else:
        arrival.text = value


def _kind(value: object) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "true or false", int: "number", float: "number", type(None): "null"}
    return names[type(value)]
