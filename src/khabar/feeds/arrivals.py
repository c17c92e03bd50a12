"""What arrived, with what is said of it → Report, or the Failure that says why not.

Every way in makes an `Arrival` of each text that it finds and hands it to `settled` with the function that fills it.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from khabar.errors import InputError
from khabar.feeds.days import day_of
from khabar.feeds.encodings import clean, whole_characters
from khabar.feeds.english import language_of
from khabar.headlines import LONGEST_HEADLINE
from khabar.model import Failure, Report, Section
from khabar.sections import split

if TYPE_CHECKING:
    from khabar.feeds.fetching import Fetcher

MAX_CHARACTERS = 1_000_000
# Bytes of one report as it arrives: a million characters escaped in JSON, or an HTML page eight times its text.
MAX_BYTES = 8_000_000
# Bytes of what may hold pictures and attachments beside its text.
MAX_BULKY_BYTES = 64_000_000

# What parsers of other people's formats raise on input that does not follow them.
PARSER_FAULTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    RuntimeError,
    NameError,
    EOFError,
    MemoryError,
    OSError,
    SyntaxError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
)

_STRINGS = ("title", "url", "outlet", "author", "language", "original_text", "translated_by")


@dataclass(frozen=True, slots=True)
class Read:
    """A report, where it stood, and the doubts with which it was read."""

    source: str
    report: Report
    warnings: tuple[Failure, ...]


Item = Read | Failure


@dataclass(frozen=True, slots=True)
class Given:
    """What the options say: of texts that do not say it themselves, and of what may be opened and fetched. `fetcher`: None in a folder,
    where nothing is fetched."""

    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    attachments: bool = False
    fetcher: Fetcher | None = None


@dataclass(slots=True)
class Arrival:
    """One text with what is said of it, before it is checked. `source`: where it stood, for messages."""

    source: str
    original: bytes
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    comments: tuple[tuple[str | None, str], ...] = ()
    captions: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    charset: str | None = None
    warnings: list[Failure] = field(default_factory=list)

    def warn(self, code: str, message: str) -> None:
        warning = failure(self.source, code, message, id=self.label, warning=True)
        if warning not in self.warnings:
            self.warnings.append(warning)

    @property
    def label(self) -> str:
        """The id that a failure carries: the report's own, else where it stood."""
        given = self.fields.get("id")
        return whole_characters(str(given)) if isinstance(given, str | int) and given != "" else self.source


Fill = Callable[[Arrival], None]
"""Sets text, fields and comments from the original; raises InputError where there is nothing to read."""

Reader = Callable[[IO[bytes], str, Given], Iterator[Item]]
"""A stream, its name and the options → what stands in it."""


def settled(arrival: Arrival, given: Given, fill: Fill) -> Item:
    """The report that `fill` makes of the arrival, or why there is none."""
    try:
        fill(arrival)
        report = _report(arrival, given)
    except InputError as error:
        return failure(arrival.source, error.code, str(error), id=arrival.label)
    except PARSER_FAULTS as error:
        return failure(arrival.source, "broken", f"is damaged, or not what its name says: {told(error)}", id=arrival.label)
    return Read(arrival.source, report, tuple(replace(warning, id=report.id) for warning in arrival.warnings))


def filled(_: Arrival) -> None:
    """For an arrival whose text is known already."""


def failure(source: str, code: str, message: str, *, id: str | None = None, warning: bool = False) -> Failure:
    """A failure or a warning whose message begins with where it was met."""
    source = whole_characters(source)
    return Failure(id or source, code, whole_characters(f"{source}: {squeezed(message)[:1000]}"), source, warning=warning)


def told(error: BaseException) -> str:
    """One line of what a parser says."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}{': ' + lines[0][:200] if lines else ''}"


def whole(stream: IO[bytes], limit: int, *, expected: str) -> bytes:
    """All bytes of a stream; InputError where they are more than one document can have."""
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise InputError(f"is larger than {limit:,} bytes; {expected}", code="size")
    return raw


def report_id(*, outlet: str | None, published: date | None, url: str | None, text: str) -> str:
    """SHA-256 of outlet, published (ISO), url and text as a JSON array without spaces, in UTF-8, unknown values null.

    An array cannot be misread: a separator between bare values could stand in one of them.
    """
    values = [outlet, published.isoformat() if published else None, url, text]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def squeezed(words: str) -> str:
    """One line."""
    return " ".join(words.split())


# -- from an arrival to a report -----------------------------------------------------------------------------------------------------


def _report(arrival: Arrival, given: Given) -> Report:
    main = clean(arrival.text, arrival.warn)
    if not main.strip():
        raise InputError("no text in it; expected at least a sentence", code="empty")
    comments = [(author, clean(words, arrival.warn)) for author, words in arrival.comments]
    text = main + "".join(words for _, words in comments)
    if len(text) > MAX_CHARACTERS:
        message = f"{len(text):,} characters; expected one report of at most {MAX_CHARACTERS:,}; split it into its reports"
        raise InputError(message, code="size")
    said = _strings(arrival)
    # Of a translation the row may say the language of the original: what counts is that of the text.
    language = language_of(main, None if said.get("original_text") else said.get("language"))
    published = _published(arrival, given)
    outlet, url = said.get("outlet") or given.outlet, said.get("url") or given.url
    sections = (
        *split(main, title=said.get("title"), captions=arrival.captions, headings=arrival.headings),
        *_comment_sections(len(main), comments),
    )
    return Report(
        id=_own_id(arrival) or report_id(outlet=outlet, published=published, url=url, text=text),
        text=text,
        title=said.get("title") or _headline(main, sections),
        url=url,
        outlet=outlet,
        author=said.get("author"),
        published=published,
        language=language,
        sections=sections,
        sha256=hashlib.sha256(arrival.original).hexdigest(),
        original=arrival.original,
        original_text=said.get("original_text") or None,
        translated_by=said.get("translated_by") or None,
        revised=_revised(arrival, published),
        source=whole_characters(arrival.source),
    )


def _strings(arrival: Arrival) -> dict[str, str]:
    said: dict[str, str] = {}
    for key in _STRINGS:
        value = arrival.fields.get(key)
        if isinstance(value, str):
            said[key] = clean(value, arrival.warn).strip()
        elif value is not None:
            arrival.warn("type", f"{key} is {value!r:.100}; expected a string; left unknown")
    if len(said.get("original_text", "")) > MAX_CHARACTERS:
        raise InputError(f"original_text has more than {MAX_CHARACTERS:,} characters; split it into its reports", code="size")
    return said


def _own_id(arrival: Arrival) -> str | None:
    value = arrival.fields.get("id")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"id is {value!r:.100}; expected a string", code="type")
    return whole_characters(str(value))


def _published(arrival: Arrival, given: Given) -> date | None:
    value = arrival.fields.get("published")
    if value is None or value == "":
        value = given.published
    if value is None:
        arrival.warn("date", "no day of publication (give --published, or published in the row, or between --- at the top of the text)")
        return None
    if (day := day_of(value)) is None:
        arrival.warn("date", f"published is {value!r:.100}; expected a day like 2015-06-08; read without a day")
    return day


def _revised(arrival: Arrival, published: date | None) -> date | None:
    """The day of this very text, where it is a later one than that of its publication."""
    day = day_of(arrival.fields.get("revised"))
    return day if day and published and day > published else None


def _headline(text: str, sections: Iterable[Section]) -> str | None:
    first = next(iter(sections), None)
    if first is None or first.kind != "headline" or first.end - first.start > LONGEST_HEADLINE + 20:
        return None
    return squeezed(text[first.start : first.end])


def _comment_sections(start: int, comments: Iterable[tuple[str | None, str]]) -> Iterator[Section]:
    """One section a comment: a paragraph that only follows on (a single line break) lengthens the one before."""
    section: Section | None = None
    for author, words in comments:
        if section and not words.startswith("\n\n"):
            section = replace(section, end=start + len(words))
        else:
            if section:
                yield section
            section = Section("comment", start, start + len(words), author)
        start += len(words)
    if section:
        yield section
