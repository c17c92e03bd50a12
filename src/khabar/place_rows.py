"""bytes of a place file → lines of text, and rows that may fail one by one."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import IO

from khabar.gazetteer_store import Row

NumberedRow = tuple[int, Callable[[], Row | None]]
"""The number of a row in its file, and what makes a place of it: None where it holds none; raises ValueError where it is faulty."""


def decoded_lines(raw: IO[bytes], encoding: str) -> Iterator[str]:
    """Lines with their ends. What is not of the encoding stands as lone surrogates, so that `lenient` can tell the row; in UTF-16, which
    knows no such escape, as U+FFFD."""
    marked = raw.peek(4)[:4] if hasattr(raw, "peek") else b""
    if marked.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    errors = "replace" if encoding.lower().startswith(("utf-16", "utf16")) else "surrogateescape"
    yield from io.TextIOWrapper(raw, encoding="utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding, errors=errors)


def lenient(make: Callable[[], Row | None]) -> Callable[[], Row | None]:
    """Refuses a place whose text is not of the encoding."""

    def checked() -> Row | None:
        row = make()
        if row and not _is_text(
            "".join(
                [
                    row.id,
                    row.name,
                    row.country or "",
                    row.admin1 or "",
                    row.feature,
                    *row.areas,
                    *[n if isinstance(n, str) else n.text for n in row.names],
                ]
            )
        ):
            raise ValueError("not of the file's encoding; name it with --encoding, for example windows-1256 or latin-1")
        return row

    return checked


def _is_text(text: str) -> bool:
    return text.isascii() or not _UNREADABLE.search(text)


_UNREADABLE = re.compile("[\ud800-\udfff]")
"""What Python makes of bytes that are not of an encoding."""
