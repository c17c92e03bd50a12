"""A PDF → Arrival with its running text: lines joined to paragraphs, running heads and page numbers left out.

The order of columns is that in which the file draws them, which is the order of reading in what newsrooms and ministries publish.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from khabar.errors import InputError
from khabar.feeds import confined
from khabar.feeds.arrivals import MAX_CHARACTERS, Arrival, squeezed, told

MAX_PAGES = 2_000

_PAGE_NUMBER = re.compile(r"[-–—|\s]*((page|p\.)\s*)?\d{1,4}(\s*(/|of|\|)\s*\d{1,4})?[-–—|\s]*", re.I)
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"(?P<first>[^\W\d_]+)[-\u00ad\u2010]$")
# Words that keep their hyphen when a line ends in it; of others only what the text itself writes with a hyphen.
_PREFIXES = re.compile(r"al|el|ex|anti|pro|non|self|semi|co|counter|cross|mid|multi|inter|pre|post|so|vice|north|south|east|west|u", re.I)


@dataclass(frozen=True, slots=True)
class _Line:
    """Words at one height of a page. `left`, `height`, `size` in points; `height` is counted from the foot."""

    text: str
    left: float
    height: float
    size: float


def fill(arrival: Arrival) -> None:
    """The text of a PDF, read in a process of its own."""
    found = confined.parse(__name__, arrival.original)
    arrival.text = found["text"]
    arrival.fields = {**({"title": found["title"]} if found["title"] else {}), **arrival.fields}


def parse(raw: bytes) -> dict[str, Any]:
    """{"text", "title"}; InputError for a scan, or a file that needs a password."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return _parsed(PdfReader(io.BytesIO(raw)))
    except PyPdfError as error:
        raise InputError(f"is damaged, or no PDF: {told(error)}; open it and print it to a new PDF", code="broken") from error


def _parsed(reader: Any) -> dict[str, Any]:
    if reader.is_encrypted:
        _unlock(reader)
    if len(reader.pages) > MAX_PAGES:
        raise InputError(f"has {len(reader.pages):,} pages; expected one report of at most {MAX_PAGES:,}; split it", code="size")
    pages, characters = [], 0
    for page in reader.pages:
        lines = list(_lines(_pieces(page)))
        characters += sum(len(line.text) for line in lines)
        if characters > 2 * MAX_CHARACTERS:
            raise InputError(f"has more than {MAX_CHARACTERS:,} characters; expected one report; split it", code="size")
        pages.append(lines)
    # Ten letters a page: what a scanner stamps on its pictures.
    if characters < 10 * len(pages):
        told = f"a PDF of {len(pages)} pages without text, perhaps a scan; make its text readable first (for example with ocrmypdf)"
        raise InputError(told, code="empty")
    return {"text": running_text(_without_heads(pages)), "title": _title(reader)}


def _unlock(reader: Any) -> None:
    from pypdf.errors import DependencyError, PdfReadError

    try:
        if reader.decrypt(""):
            return
    except (DependencyError, PdfReadError, NotImplementedError):
        pass
    raise InputError("is encrypted; open it with its password and print it to a new PDF, or save its text as .txt", code="encrypted")


def _title(reader: Any) -> str | None:
    """The title that the file gives itself, None where a word processor left the name of its own file there."""
    metadata = reader.metadata
    title = metadata.title if metadata is not None else None
    words = squeezed(str(title)) if title else ""
    is_file = re.search(r"\.\w{2,4}$|^Microsoft |^untitled|^about:|^https?:", words, re.I)
    return words if len(words.split()) >= 3 and len(words) <= 200 and not is_file else None


# -- from a page to lines ------------------------------------------------------------------------------------------------------------

_Piece = tuple[str, float, float, float]


def _pieces(page: Any) -> list[_Piece]:
    """Words as they are drawn, each with where it begins."""
    pieces: list[_Piece] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        if text.strip("\n"):
            left, height = (cm[0] * tm[4] + cm[2] * tm[5] + cm[4], cm[1] * tm[4] + cm[3] * tm[5] + cm[5])
            pieces.append((text, left, height, abs(size * (tm[3] or 1) * (cm[3] or 1))))

    page.extract_text(visitor_text=visit)
    return pieces


def _lines(pieces: Iterable[_Piece]) -> Iterator[_Line]:
    words, first = "", None
    for text, left, height, size in pieces:
        if first is not None and abs(height - first[2]) > 0.5 * max(size, 1):
            yield from _line(words, first)
            words, first = "", None
        words += text
        first = first or (text, left, height, size)
    yield from _line(words, first)


def _line(words: str, first: _Piece | None) -> Iterator[_Line]:
    if first is not None and (text := squeezed(words)):
        yield _Line(text, *first[1:])


# -- from lines to text --------------------------------------------------------------------------------------------------------------


def _without_heads(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """Pages without the lines that stand at one height at the head or foot of many of them, and without their numbers."""
    count = Counter(key for lines in pages for key in {_repeated(line) for line in _edges(lines)})
    heads = {key for key, number in count.items() if number >= 2 and number >= 0.4 * len(pages)}

    def is_head(line: _Line, lines: list[_Line]) -> bool:
        return line in _edges(lines) and (_repeated(line) in heads or _PAGE_NUMBER.fullmatch(line.text) is not None)

    return [[line for line in lines if not is_head(line, lines)] for lines in pages]


def _edges(lines: list[_Line]) -> list[_Line]:
    """The two highest and the three lowest lines of a page, in whatever order it draws them."""
    ordered = sorted(lines, key=lambda line: -line.height)
    return [*ordered[:2], *ordered[-3:]]


def _repeated(line: _Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.lower()), round(line.height / 3)


def running_text(pages: Sequence[list[_Line]]) -> str:
    """Paragraphs between blank lines."""
    lines = [line for page in pages for line in page]
    hyphenated = {word.lower() for line in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line.text)}
    gaps = [before.height - line.height for before, line in pairwise(lines) if 0 < before.height - line.height < 60]
    usual = median(gaps) if gaps else 0.0
    body = Counter(round(line.size, 1) for line in lines for _ in range(len(line.text))).most_common(1)
    paragraphs: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or _begins_paragraph(before, line, usual, body[0][0]):
            paragraphs.append(line.text)
        else:
            paragraphs[-1] = _joined(paragraphs[-1], line.text, hyphenated)
    return "\n\n".join(paragraphs).replace("\u00ad", "")


def _begins_paragraph(before: _Line, line: _Line, usual: float, body: float) -> bool:
    gap = before.height - line.height
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size):
        return True
    if re.match(r"[•‣▪●∙■–—]\s|\(?\d{1,2}[.)]\s", line.text):
        return True
    if gap > 60:  # a picture stands between
        return not line.text[0].islower()
    # At the top of a column or a page the sentence decides: it goes on unless it had ended.
    if gap < 0:
        return _ENDS_SENTENCE.search(before.text) is not None or before.size > 1.12 * body
    return gap > max(1.35 * usual, 1.3 * line.size) or (line.left - before.left > 6 and _ENDS_SENTENCE.search(before.text) is not None)


def _joined(before: str, line: str, hyphenated: set[str]) -> str:
    """Two lines as one, and a word that was parted at the end of the first as one word."""
    found = _HYPHEN.search(before)
    following = re.match(r"[^\W\d_]+", line)
    if not found or not following:
        return f"{before} {line}"
    keep = (
        following[0][0].isupper()
        or _PREFIXES.fullmatch(found["first"]) is not None
        or f"{found['first']}-{following[0]}".lower() in hyphenated
    ) and not before.endswith("\u00ad")
    return f"{before[:-1]}{'-' if keep else ''}{line}"
