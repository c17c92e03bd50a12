"""Files, folders, standard input → Report or Failure, one after another in input order.

Nothing is fetched, and nothing larger than one report is held: a file of JSON lines is read line by line. One bad input never stops a run:
a `Failure` takes its place, or, with `warning`, comes just before the report that was read with a doubt. Failure codes:

    missing, unreadable, folder, url, unsupported   there is no text to read here
    empty, binary, language, size                   a text that cannot be read
    json, type, duplicate                           a row of JSON lines that does not follow the contract (or, warning, one read twice)
    encoding, date                                  warnings only: how it was read, what is not known
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any

import yaml

from khabar.errors import InputError
from khabar.model import Failure, Report, Section
from khabar.sections import LONGEST_HEADLINE, is_comments_header, split

MAX_CHARACTERS = 1_000_000
# Bytes of one report as it arrives: a million characters escaped in JSON, or an HTML page eight times its text.
MAX_BYTES = 8_000_000

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
ROW_SUFFIXES = frozenset({".jsonl", ".ndjson"})
LATER_SUFFIXES = frozenset({".pdf", ".eml", ".warc"})
# They stand in every folder and report nothing.
NOT_REPORTS = frozenset({"readme", "license", "licence", "copying", "changelog", "notice"})

_STRINGS = ("title", "url", "outlet", "author", "language")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<fields>.*?)^---[ \t]*(?:\r?\n|\Z)\s*", re.S | re.M)
_FRONT_FIELDS = frozenset({"title", "outlet", "published", "url", "author", "language", "id"})
# UTF-32 before UTF-16: its mark begins with the other's.
_MARKS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
# extensive_search would take any date in the text for the date of publication.
_DATE_IN_METADATA = {"original_date": True, "extensive_search": False}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LETTER_RUN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Read:
    """A report, where it stood, and the doubts with which it was read."""

    source: str
    report: Report
    warnings: tuple[Failure, ...]


_Item = _Read | Failure


@dataclass(frozen=True, slots=True)
class _Given:
    """What the options say of texts that do not say it themselves."""

    outlet: str | None = None
    published: str | None = None
    url: str | None = None


@dataclass(slots=True)
class _Arrival:
    """One text with what is said of it, before it is checked. `source`: where it stood, for messages."""

    source: str
    original: bytes
    text: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    comments: tuple[tuple[str | None, str], ...] = ()
    warnings: list[Failure] = field(default_factory=list)

    def warn(self, code: str, message: str) -> None:
        warning = Failure(self.label, code, f"{self.source}: {message}", self.source, warning=True)
        if warning not in self.warnings:
            self.warnings.append(warning)

    @property
    def label(self) -> str:
        """The id that a failure carries: the report's own, else where it stood."""
        given = self.fields.get("id")
        return _whole_characters(str(given)) if isinstance(given, str | int) and given != "" else self.source


def read_inputs(
    inputs: Iterable[str | Path],
    *,
    outlet: str | None = None,
    published: date | str | None = None,
    url: str | None = None,
    stdin: IO[bytes] | None = None,
) -> Iterator[Report | Failure]:
    """Every report of the inputs in order, failures in their places.

    `inputs`: files (.txt .md .html .jsonl), folders (walked in sorted order), or "-" for standard input (plain text, HTML or JSON lines).
    `outlet`, `published`, `url` fill only what a text does not say of itself. `stdin`: read in place of the process's standard input.
    Raises InputError where `published` is no ISO date; everything that is wrong with an input is a Failure.
    """
    given = _Given(outlet, _option_date(published), url)
    return _once_each(item for entry in inputs for item in _read_input(entry, given, stdin))


def typed(text: str, *, outlet: str | None = None, published: date | None = None, url: str | None = None) -> Report:
    """A report of words given by hand, all of them body; a single sentence is too little to tell language and headline by."""
    id = report_id(outlet=outlet, published=published, url=url, text=text)
    return Report(id, text, url=url, outlet=outlet, published=published, sections=(Section("body", 0, len(text)),))


def report_id(*, outlet: str | None, published: date | None, url: str | None, text: str) -> str:
    """SHA-256 of outlet, published (ISO), url and text as a JSON array without spaces, in UTF-8, unknown values null.

    An array cannot be misread: a separator between bare values could stand in one of them.
    """
    values = [outlet, published.isoformat() if published else None, url, text]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _option_date(published: date | str | None) -> str | None:
    if published is None or isinstance(published, date):
        return published.isoformat() if published else None
    if (day := _day(published)) is None:
        raise InputError(f"published is {published!r}; expected a day like 2015-06-08", code="date")
    return day.isoformat()


# -- where reports come from ---------------------------------------------------------------------------------------------------------


def _read_input(entry: str | Path, given: _Given, stdin: IO[bytes] | None) -> Iterator[_Item]:
    name = str(entry)
    if name == "-":
        yield from _read_stream(stdin or sys.stdin.buffer, "standard input", given)
    elif re.match(r"[a-z][a-z0-9+.-]+://", name, re.I):
        yield _failure(
            name, "url", "is an address, and nothing is fetched; save the page and give the .html file (--url keeps its address)"
        )
    elif (path := Path(name)).is_dir():
        yield from _read_folder(path, given)
    else:
        yield from _read_file(path, given)


def _read_folder(folder: Path, given: _Given) -> Iterator[_Item]:
    found = False
    for path in _walk(folder):
        found = True
        yield from _read_file(path, given)
    if not found:
        wanted = " ".join(sorted(TEXT_SUFFIXES | HTML_SUFFIXES | ROW_SUFFIXES))
        yield _failure(str(folder), "folder", f"a folder without a report in it; expected files ending in {wanted}")


def _walk(folder: Path) -> Iterator[Path]:
    """The files that may hold reports, in the order of their names at every level, so that a run can be repeated."""
    readable = TEXT_SUFFIXES | HTML_SUFFIXES | ROW_SUFFIXES | LATER_SUFFIXES
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(root, name) for name in sorted(names)):
            if path.suffix.lower() in readable and not path.name.startswith(".") and path.stem.lower() not in NOT_REPORTS:
                yield path


def _read_file(path: Path, given: _Given) -> Iterator[_Item]:
    name, suffix = _whole_characters(str(path)), path.suffix.lower()
    if suffix in LATER_SUFFIXES:
        yield _failure(name, "unsupported", f"{suffix} is not read yet; expected .txt, .html or .jsonl: save its text as one of them")
        return
    if suffix == ".url":
        yield _failure(name, "url", "is a link, and nothing is fetched; save the page and give the .html file")
        return
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, name, given, suffix=suffix)
    except FileNotFoundError:
        hint = "; to read these words themselves, write them after --sentence" if " " in name else ""
        yield _failure(name, "missing", f"there is no such file or folder{hint}")
    except OSError as error:
        yield _failure(name, "unreadable", f"cannot be opened: {error.strerror or error}")


def _read_stream(stream: IO[bytes], source: str, given: _Given, *, suffix: str = "") -> Iterator[_Item]:
    """`suffix` decides what the bytes are; without a known one, their beginning does."""
    head = stream.readline(MAX_BYTES)
    if suffix in ROW_SUFFIXES or (suffix not in TEXT_SUFFIXES | HTML_SUFFIXES and _looks_like_row(head)):
        yield from _read_rows(stream, head, source, given)
        return
    original = head + stream.read(MAX_BYTES + 1 - len(head))
    if len(original) > MAX_BYTES:
        yield _failure(source, "size", f"is larger than {MAX_BYTES:,} bytes; expected one report; split it, or give JSON lines")
        return
    arrival = _Arrival(source, original)
    is_html = suffix in HTML_SUFFIXES or (suffix not in TEXT_SUFFIXES and _looks_like_html(head))
    yield _settled(arrival, given, _read_html_file if is_html else _read_text_file)


def _looks_like_row(head: bytes) -> bool:
    return re.match(rb"(\xef\xbb\xbf)?\s*\{\s*\"", head) is not None


def _looks_like_html(head: bytes) -> bool:
    return re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|\?xml)\b", head, re.I) is not None


def _read_rows(stream: IO[bytes], head: bytes, source: str, given: _Given) -> Iterator[_Item]:
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield _failure(source, "json", "is UTF-16; JSON lines are UTF-8 (iconv -f UTF-16 -t UTF-8)")
        return
    number, line = 1, head.removeprefix(BOM_UTF8)
    while line:
        if len(line) >= MAX_BYTES and not line.endswith(b"\n"):
            _skip_line(stream)
            yield _failure(f"{source}:{number}", "size", f"a line longer than {MAX_BYTES:,} bytes; expected one report a line")
        elif line.strip():
            arrival = _Arrival(f"{source}:{number}", line.rstrip(b"\r\n"))
            yield _settled(arrival, given, _read_row)
        number, line = number + 1, stream.readline(MAX_BYTES)


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
        pass


# -- from bytes to an arrival --------------------------------------------------------------------------------------------------------


def _read_text_file(arrival: _Arrival) -> None:
    text = _decoded(arrival)
    if match := _FRONT_MATTER.match(text):
        fields = _front_matter(match["fields"], arrival)
        if fields is not None:
            arrival.fields, text = fields, text[match.end() :]
    arrival.text = text


def _front_matter(words: str, arrival: _Arrival) -> dict[str, Any] | None:
    """The fields at the head of a text, None where the dashes are only dashes."""
    try:
        # Everything is a string there: the day is checked once, where all days are, and an id may look like a number.
        fields = yaml.load(words, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        arrival.warn("type", f"the block between --- lines is read as text, because it is no YAML: {str(error).splitlines()[0]}")
        return None
    if not isinstance(fields, dict) or not fields.keys() & _FRONT_FIELDS:
        return None
    return {key: None if value in ("null", "~", "") else value for key, value in fields.items()}


def _read_html_file(arrival: _Arrival) -> None:
    if _is_binary(arrival.original) and not arrival.original.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(f"{len(arrival.original):,} bytes that are no HTML", code="binary")
    _read_html(arrival, arrival.original)


def _read_html(arrival: _Arrival, page: bytes | str) -> None:
    """Main text and, behind it, readers' comments. What the row or option says of the page stands; the rest comes from its metadata."""
    from trafilatura import bare_extraction, load_html  # 0.6 s: only a run that has HTML in it pays

    tree = load_html(page)
    found = None if tree is None else bare_extraction(tree, with_metadata=True, date_extraction_params=_DATE_IN_METADATA)
    if found is None or isinstance(found, dict):
        raise InputError("no article text found in the HTML; save the text of the report as .txt", code="empty")
    arrival.text = found.text or ""
    arrival.comments = tuple(_html_comments(load_html(page), found.comments or ""))
    said = {"title": found.title, "author": found.author, "outlet": found.sitename, "url": found.url, "published": found.date}
    arrival.fields = {**{key: value for key, value in said.items() if value}, **_known(arrival.fields)}


def _html_comments(tree: Any, comments: str) -> Iterator[tuple[str | None, str]]:
    """Each comment with its author. A paragraph belongs to the nearest element around it that is called a comment."""
    authors = {_plain(element): _html_author(element) for element in tree.iter("p", "blockquote", "div", "li")}
    before: object = None
    for line in map(str.strip, comments.split("\n")):
        if not line or is_comments_header(line):
            continue
        holder, author = authors.get(_squeezed(line), (None, None))
        yield author, ("\n\n" if holder is None or holder is not before else "\n") + line
        before = holder


def _html_author(element: Any) -> tuple[Any, str | None]:
    for holder in element.iterancestors("li", "article", "div", "section"):
        if re.search(
            r"\bcomment\b|\bcomment-\d|\bcomment[-_]?(item|body|wrap)|\breply\b", f"{holder.get('class')} {holder.get('id')}", re.I
        ):
            names = holder.xpath(
                ".//cite | .//*[contains(@class, 'fn') or contains(@class, 'author-name') or contains(@class, 'username')"
                " or contains(@class, 'comment-author') or contains(@class, 'comment__author') or @itemprop='author']"
            )
            # The innermost: a box around the name also says "says:" or a date.
            found = sorted((name for name in map(_plain, names) if 0 < len(name) <= 60), key=len)
            return holder, found[0] if found else None
    return None, None


def _plain(element: Any) -> str:
    return _squeezed("".join(element.itertext()))


def _squeezed(words: str) -> str:
    return " ".join(words.split())


def _read_row(arrival: _Arrival) -> None:
    line = _decoded(arrival)
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"no valid JSON: {error.msg} at column {error.colno}; expected one object a line", code="json") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"no valid JSON: {error}; expected one object a line", code="json") from error
    if not isinstance(row, dict):
        raise InputError(f'a JSON {_kind(row)}; expected an object like {{"text": "…", "published": "2015-06-08"}}', code="json")
    arrival.fields = {key: value for key, value in row.items() if key not in ("text", "html")}
    _row_text(arrival, row)


def _row_text(arrival: _Arrival, row: dict[str, Any]) -> None:
    key = "text" if row.get("text") is not None else "html"
    value = row.get(key)
    if value is None:
        names = ", ".join(sorted(row)) or "none"
        raise InputError(f"a row without text; found the fields {names}; expected text (or html)", code="type")
    if not isinstance(value, str):
        raise InputError(f"{key} is a JSON {_kind(value)}; expected a string", code="type")
    if key == "html":
        _read_html(arrival, value)
    else:
        arrival.text = value


def _kind(value: object) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "true or false", int: "number", float: "number", type(None): "null"}
    return names[type(value)]


# -- bytes to characters -------------------------------------------------------------------------------------------------------------


def _decoded(arrival: _Arrival) -> str:
    """Text of the bytes: by their mark, as UTF-8, as UTF-16 without a mark, else as Windows-1252, which is a guess and said so."""
    raw = arrival.original
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if name := _unmarked_utf16(raw):
        return raw.decode(name, "replace")
    if _is_binary(raw):
        raise InputError(f"{len(raw):,} bytes that are no text; expected plain text, HTML or JSON lines", code="binary")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return _guessed(arrival, error)


def _guessed(arrival: _Arrival, error: UnicodeDecodeError) -> str:
    """UTF-8 with damage where most of what is not ASCII is good UTF-8, else Windows-1252."""
    raw = arrival.original
    mended = raw.decode(errors="replace")
    bad = mended.count("\ufffd")
    good = sum(character > "\x7f" for character in mended) - bad
    name = "UTF-8 with damaged characters replaced" if good > bad else "Windows-1252"
    arrival.warn("encoding", f"byte {error.start} is no UTF-8; read as {name}: check accented letters and quotation marks")
    return mended if good > bad else raw.decode("cp1252", "replace")


def _unmarked_utf16(raw: bytes) -> str | None:
    """Text in Latin letters has a zero in every second byte."""
    even, odd = raw[:4000:2], raw[1:4000:2]
    if len(odd) < 8:
        return None
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if max(zeros) < 0.7 or min(zeros) > 0.1:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def _is_binary(raw: bytes) -> bool:
    if raw.startswith(
        (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3\0", b"\xd0\xcf\x11\xe0")
    ):
        return True
    sample = raw[:65_536]
    control = sum(sample.count(bytes([value])) for value in range(32) if value not in (9, 10, 12, 13))
    # 2 %: text has none; compressed or compiled bytes have ten and more in a hundred.
    return control > 0.02 * len(sample) if sample else False


# -- from an arrival to a report -----------------------------------------------------------------------------------------------------


def _settled(arrival: _Arrival, given: _Given, read: Callable[[_Arrival], None]) -> _Item:
    try:
        read(arrival)
        report = _report(arrival, given)
    except InputError as error:
        return Failure(arrival.label, error.code, _whole_characters(f"{arrival.source}: {error}"), arrival.source)
    return _Read(arrival.source, report, tuple(replace(warning, id=report.id) for warning in arrival.warnings))


def _report(arrival: _Arrival, given: _Given) -> Report:
    main = _clean(arrival, arrival.text)
    if not main.strip():
        raise InputError("no text in it; expected at least a sentence", code="empty")
    comments = [(author, _clean(arrival, words)) for author, words in arrival.comments]
    text = main + "".join(words for _, words in comments)
    if len(text) > MAX_CHARACTERS:
        message = f"{len(text):,} characters; expected one report of at most {MAX_CHARACTERS:,}; split it into its reports"
        raise InputError(message, code="size")
    said = _strings(arrival)
    language = _language(main, said.get("language"))
    published = _published(arrival, given)
    outlet, url = said.get("outlet") or given.outlet, said.get("url") or given.url
    sections = (*split(main, title=said.get("title")), *_comment_sections(len(main), comments))
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
    )


def _clean(arrival: _Arrival, text: str) -> str:
    """Characters that no text has, replaced one for one, so that offsets hold."""
    if _SURROGATE.search(text):
        arrival.warn("encoding", "half characters (lone surrogates) are replaced by U+FFFD")
        text = _whole_characters(text)
    return _CONTROL.sub(" ", text)


def _whole_characters(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None and value != ""}


def _strings(arrival: _Arrival) -> dict[str, str]:
    said: dict[str, str] = {}
    for key in _STRINGS:
        value = arrival.fields.get(key)
        if isinstance(value, str):
            said[key] = _clean(arrival, value).strip()
        elif value is not None:
            arrival.warn("type", f"{key} is {value!r}; expected a string; left unknown")
    return said


def _own_id(arrival: _Arrival) -> str | None:
    value = arrival.fields.get("id")
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"id is {value!r}; expected a string", code="type")
    return _whole_characters(str(value))


def _published(arrival: _Arrival, given: _Given) -> date | None:
    value = arrival.fields.get("published")
    if value is None or value == "":
        value = given.published
    if value is None:
        arrival.warn("date", "no date of publication; read with an unknown date (give --published, or published in the row)")
        return None
    if (day := _day(value)) is None:
        arrival.warn("date", f"published is {value!r}; expected a day like 2015-06-08; read with an unknown date")
    return day


def _day(value: object) -> date | None:
    """The day as written; an hour and its zone are left aside, None where it is no ISO date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.match(r"\s*\d{4}-\d{2}-\d{2}(?!\d)", value):
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None


def _headline(text: str, sections: Iterable[Section]) -> str | None:
    first = next(iter(sections), None)
    if first is None or first.kind != "headline" or first.end - first.start > LONGEST_HEADLINE + 20:
        return None
    return _squeezed(text[first.start : first.end])


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


# -- language ------------------------------------------------------------------------------------------------------------------------

# Words of English that are none in other languages in Latin letters ("in", "is", "was", "on", "a" are), and the share of a text that they
# make up: 0.21 to 0.26 at the median of seven sets of reports, 0.06 or more in 99 of 100; what has less is left to the identifier.
_ENGLISH = frozenset(
    """the of and to that for with from by are were has have been its they their which this but not said who""".split()  # noqa: SIM905
)
_ENOUGH_ENGLISH = 0.06
# Measured with both: of some 15,000 English texts in fourteen sets none is refused, while one sentence of another language is.
_ENOUGH_LETTERS = 80


def _language(text: str, declared: str | None) -> str:
    """ "en". Raises InputError for a text that is surely something else; a text too short to be sure of is read."""
    words = [word.lower() for word in _LETTER_RUN.findall(text[:20_000])]
    if len(words) >= 5 and sum(word in _ENGLISH for word in words) >= _ENOUGH_ENGLISH * len(words):
        return "en"
    found = _other_language(words) or _declared_other(words, declared)
    if found:
        message = (
            f"the text is in another language ({found}); only English is read now: give a translation, and name the translator as author"
        )
        raise InputError(message, code="language")
    return "en"


def _other_language(words: list[str]) -> str | None:
    letters = "".join(words)
    foreign = sum(letter > "\u024f" for letter in letters)
    sure = len(letters) >= _ENOUGH_LETTERS
    if not letters or not (sure or foreign > 0.5 * len(letters)):
        return None
    name, probability = _identifier().classify(" ".join(words))
    if name != "en" and (probability >= 0.95 or foreign > 0.5 * len(letters)):
        return str(name)
    return f"in letters that are not Latin, perhaps {name}" if foreign > 0.5 * len(letters) else None


def _declared_other(words: list[str], declared: str | None) -> str | None:
    """What the row says of itself decides where the text has too few English words to deny it."""
    if not declared or declared.lower().startswith("en") or any(word in _ENGLISH for word in words):
        return None
    return declared


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # English text seldom needs it

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


# -- once each -----------------------------------------------------------------------------------------------------------------------


def _once_each(items: Iterable[_Item]) -> Iterator[Report | Failure]:
    """A report read twice in one run is skipped with a warning; another text under the same id is a failure."""
    seen: dict[bytes, tuple[bytes, str]] = {}
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        # Half a digest each, some 300 bytes a report: a run of millions holds its ids and not its texts.
        key, content = (hashlib.sha256(words.encode()).digest()[:16] for words in (item.report.id, item.report.text))
        first_content, first_source = seen.setdefault(key, (content, item.source))
        if first_source == item.source:
            yield from item.warnings
            yield item.report
        else:
            yield _duplicate(item, first_source, same=content == first_content)


def _duplicate(item: _Read, first_source: str, *, same: bool) -> Failure:
    name = item.report.id
    if same:
        message = f"{item.source}: the same report as {first_source} (id {name}); skipped"
        return Failure(name, "duplicate", message, item.source, warning=True)
    message = f"{item.source}: id {name} stands at {first_source} with another text; expected one id for one report; not read"
    return Failure(name, "duplicate", message, item.source)


def _failure(source: str, code: str, message: str) -> Failure:
    return Failure(source, code, f"{source}: {message}", source)
