"""Files, folders, addresses, standard input → Report or Failure, one after another in input order.

Nothing larger than one report is held where the format allows it. One bad input never stops a run: a `Failure` takes its place, or, with
`warning`, comes just before the report that was read with a doubt. Failure codes:

    missing, unreadable, folder, unsupported        there is no text to read here
    url                                             an address that cannot or may not be fetched
    empty, binary, broken, encrypted, language, size   a text that cannot be read
    json, type, duplicate                           a row that does not follow the contract (or, warning, one read twice)
    encoding, date, attachment, passed, draft       warnings only: how it was read, what is not known, what was not opened
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePath
from typing import IO

from khabar.errors import InputError
from khabar.feeds import addresses, archives, documents, mail, office, parquet, posts, rows, sheets, syndication
from khabar.feeds.arrivals import (
    MAX_BULKY_BYTES,
    MAX_CHARACTERS,
    PARSER_FAULTS,
    Given,
    Item,
    Reader,
    failure,
    report_id,
    told,
    whole,
)
from khabar.feeds.days import day_of
from khabar.feeds.encodings import whole_characters
from khabar.feeds.fetching import PAUSE, Fetcher
from khabar.feeds.once import once_each
from khabar.feeds.package import Package
from khabar.model import Failure, Report, Section

__all__ = ["MAX_CHARACTERS", "READERS", "document", "passed_over", "read_inputs", "report_id", "typed"]

READERS: Mapping[str, Reader] = {
    **{suffix: documents.reader(fill) for suffix, fill in documents.NAMES.items()},
    **dict.fromkeys((".jsonl", ".ndjson"), rows.read),
    ".eml": mail.read,
    ".mbox": mail.read_box,
    **dict.fromkeys((".warc", ".warc.gz"), archives.read),
    **dict.fromkeys((".rss", ".atom", ".xml"), syndication.read),
    **dict.fromkeys((".csv", ".tsv", ".xlsx"), sheets.read),
    ".parquet": parquet.read,
    **dict.fromkeys((".json", ".js"), posts.read),
    ".url": addresses.read,
}
"""How a name ends, and what reads it. The contents decide for other names, and whether a text is a list of addresses."""

# Of these a folder may hold others, which are no reports: there they are read only under the names that the exports give them.
_NAMED = frozenset({".json", ".js", ".csv", ".tsv", ".xlsx", ".xml", ".url"})
# What pages and exports bring along, and what this program makes.
_NO_LOSS = frozenset(
    f".{name}"
    for names in (
        "jpg jpeg png gif webp svg ico bmp tif tiff heic css js mjs map woff woff2 ttf otf eot",
        "mp3 m4a ogg oga wav mp4 m4v webm mov avi swf",
        "khabar khabar-derived khabar-shm khabar-wal py sh yaml yml toml ini db sqlite lock",
    )
    for name in names.split()
)
_EXPORTS = re.compile(r"result\.json|tweets?(-part\d+)?\.js")
# They stand in every folder and report nothing.
_NOT_REPORTS = frozenset({"readme", "license", "licence", "copying", "changelog", "notice"})


def read_inputs(
    inputs: Iterable[str | Path],
    *,
    outlet: str | None = None,
    published: date | str | None = None,
    url: str | None = None,
    attachments: bool = False,
    allow_private: bool = False,
    pause: float = PAUSE,
    stdin: IO[bytes] | None = None,
    gauge: Gauge | None = None,
) -> Iterator[Report | Failure]:
    """Every report of the inputs in order, failures in their places.

    `inputs`: files whose names end as in READERS, folders (walked in sorted order), addresses, or "-" for standard input.
    `outlet`, `published`, `url` fill only what a text does not say of itself. `attachments`: open what letters carry. `allow_private`,
    `pause`: how addresses are fetched (`fetching`). `stdin`: read in place of the process's standard input. `gauge`: told how far the
    reading is.
    Raises InputError where `published` is no ISO date; everything that is wrong with an input is a Failure.
    """
    given = given_by(outlet, published, url, attachments, Fetcher(allow_private=allow_private, pause=pause))
    gauge = gauge or Gauge()
    return once_each(item for entry in inputs for item in _read_input(entry, given, stdin, gauge))


def given_by(outlet: str | None, published: date | str | None, url: str | None, attachments: bool, fetcher: Fetcher | None = None) -> Given:
    """What the options say; InputError where `published` is no day."""
    return Given(outlet, _option_date(published), url, attachments, fetcher)


def typed(text: str, *, outlet: str | None = None, published: date | None = None, url: str | None = None) -> Report:
    """A report of words given by hand, all of them body; a single sentence is too little to tell language and headline by."""
    id = report_id(outlet=outlet, published=published, url=url, text=text)
    return Report(id, text, url=url, outlet=outlet, published=published, sections=(Section("body", 0, len(text)),))


def document(text: str, *, outlet: str | None = None, published: date | None = None, url: str | None = None) -> Report:
    """The report that a text is, plain or HTML: what `khabar read FILE` makes of a file with these words. Nothing is fetched.

    Raises InputError with the reason where it cannot be read.
    """
    original = text.encode("utf-8", "replace")
    read = documents.reader(documents.by_content(original[:4096]))
    (found,) = read(io.BytesIO(original), "the text", Given(outlet, _option_date(published), url))
    if isinstance(found, Failure):
        raise InputError(found.message, code=found.code)
    return found.report


def _option_date(published: date | str | None) -> str | None:
    if published is None or isinstance(published, date):
        return published.isoformat() if published else None
    if (day := day_of(published)) is None:
        raise InputError(f"published is {published!r}; expected a day like 2015-06-08", code="date")
    return day.isoformat()


# -- where reports come from ---------------------------------------------------------------------------------------------------------


class Gauge:
    """Bytes of files that are behind the reading."""

    def __init__(self) -> None:
        self._done = 0
        self._open: IO[bytes] | None = None

    @property
    def passed(self) -> int:
        return self._done + (self._open.tell() if self._open and not self._open.closed else 0)

    @contextmanager
    def over(self, stream: IO[bytes]) -> Iterator[None]:
        self._open = stream
        yield
        self._done, self._open = self.passed, None

    @staticmethod
    def size(inputs: Iterable[str | Path]) -> int:
        """Bytes of all files that the inputs mean."""
        files = (path for entry in inputs for path in (walk(Path(entry)) if is_folder(entry) else [Path(entry)]))
        return sum(os.path.getsize(path) for path in files if os.path.isfile(path))


def _read_input(entry: str | Path, given: Given, stdin: IO[bytes] | None, gauge: Gauge) -> Iterator[Item]:
    name = str(entry)
    if name == "-":
        yield from read_stream(_peekable(stdin or sys.stdin.buffer), "standard input", given)
    elif name.startswith("s3://"):
        yield failure(name, "unsupported", "is in object storage; read it with khabar read --output first, and build from what that writes")
    elif addresses.is_address(name):
        yield from addresses.fetch(name, name, given)
    elif is_folder(name):
        yield from _read_folder(Path(name), replace(given, fetcher=None), gauge)
    else:
        yield from read_file(Path(name), given, gauge)


def is_folder(entry: str | Path) -> bool:
    """Also of words that are no path, because they are too long for one: `Path.is_dir` raises there."""
    return os.path.isdir(entry)


def _read_folder(folder: Path, given: Given, gauge: Gauge) -> Iterator[Item]:
    found = False
    for path in walk(folder):
        found = True
        yield from read_file(path, given, gauge)
    if not found:
        wanted = " ".join(sorted(READERS.keys() - _NAMED))
        yield failure(str(folder), "folder", f"a folder without a report in it; expected files ending in {wanted}")


def walk(folder: Path) -> Iterator[Path]:
    """The files that may hold reports, in the order of their names at every level, so that a run can be repeated."""
    return (path for path in _files_in(folder) if is_report(path.relative_to(folder)))


def passed_over(inputs: Iterable[str | Path]) -> list[Path]:
    """Files in the folders among the inputs that may well be reports and are not read there: sheets and data, which may be anything, and
    what nothing here reads, a document of old Word for one. Pictures, and what else a saved page brings, is no loss."""
    folders = [Path(entry) for entry in inputs if not str(entry).startswith("s3:") and is_folder(entry)]
    return [path for folder in folders for path in _files_in(folder) if not is_report(path.relative_to(folder)) and _may_report(path)]


def _files_in(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))


def _may_report(path: Path) -> bool:
    return suffix_of(path) not in _NO_LOSS and path.stem.lower() not in _NOT_REPORTS


def is_report(path: PurePath) -> bool:
    """Whether a file within a folder is read; hidden folders are not looked into."""
    suffix = suffix_of(path)
    if suffix not in READERS or path.stem.lower() in _NOT_REPORTS or any(part.startswith(".") for part in path.parts):
        return False
    return suffix not in _NAMED or bool(_EXPORTS.fullmatch(path.name))


def suffix_of(path: PurePath) -> str:
    """How the name ends, as in READERS."""
    return ".warc.gz" if path.name.lower().endswith(".warc.gz") else path.suffix.lower()


def read_file(path: Path, given: Given, gauge: Gauge) -> Iterator[Item]:
    """What stands in one file."""
    name = whole_characters(str(path))
    hint = "; to read these words themselves, write them after --sentence" if " " in name else ""
    try:
        with path.open("rb") as stream, gauge.over(stream):
            yield from read_stream(stream, name, given, suffix=suffix_of(path))
    except FileNotFoundError:
        yield failure(name, "missing", f"there is no such file or folder{hint}")
    except OSError as error:
        yield failure(name, "unreadable", f"cannot be opened: {error.strerror or error}{hint}")


def _peekable(stream: IO[bytes]) -> io.BufferedReader:
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[arg-type]


def read_stream(stream: io.BufferedReader, source: str, given: Given, *, suffix: str = "") -> Iterator[Item]:
    """The name decides what the bytes are; of a name that says nothing, and of a text, their beginning does."""
    head = stream.peek(4096)
    known = READERS.get(suffix)
    if known is None or suffix in (".txt", ".text"):
        known = addresses.read if addresses.is_list(head) else known or _by_content(head)
    try:
        yield from known(stream, source, given)
    except PARSER_FAULTS as error:
        yield failure(source, "broken", f"is damaged, or not what its name says: {told(error)}")


def _by_content(head: bytes) -> Reader:
    """What reads a stream that begins so."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if re.match(rb"\{\s*\"", head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").split(b"\n", 1)[0]):
        return rows.read
    if re.match(rb"[\[{]\s*[\"{]|window\.YTD\.", text):
        return posts.read
    if text.startswith(b"WARC/") or (text.startswith(b"\x1f\x8b")):
        return archives.read
    if re.match(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(rss|feed|rdf:RDF)[\s>]", text, re.S):
        return syndication.read
    if text.startswith(b"PK\x03\x04"):
        return _read_zip
    if text.startswith(b"From ") and re.search(rb"\n(From|Date|Received|Return-Path):", text):
        return mail.read_box
    if re.match(rb"(Return-Path|Received|Delivered-To|From|Date|Subject|MIME-Version|Message-ID|X-[\w-]+): ", text) and re.search(
        rb"\n(From|Date|Subject|To): ", text
    ):
        return mail.read if b"Snapshot-Content-Location" not in head else documents.reader(documents.by_content(head))
    return documents.reader(documents.by_content(head))


def _read_zip(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """A document or a workbook under a name that does not say so."""
    try:
        raw = whole(stream, MAX_BULKY_BYTES, expected="expected one report; split it")
        read = sheets.read if Package(raw).kind == "sheet" else documents.reader(office.fill)
    except InputError as error:
        yield failure(source, error.code, str(error))
        return
    yield from read(io.BytesIO(raw), source, given)
