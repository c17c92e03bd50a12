"""Bytes of a zip file → what it is (a document, a sheet, an archive of files), and its parts as trees, within bounds."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal

from khabar.errors import InputError

MAX_PART_BYTES = 50_000_000  # of one part, unpacked: a million characters take some ten, pictures lie in parts of their own
MAX_TAGS = 2_000_000  # of one part: a report of 300 pages has a fifth of that, and these take ten seconds
SAVE_AGAIN = "open it in its own program and save it again"

Kind = Literal["docx", "odt", "sheet", "ods", "slides", "book", "archive"]

_FOLDERS: dict[str, Kind] = {"word/": "docx", "xl/": "sheet", "ppt/": "slides"}
_MIMETYPES: dict[bytes, Kind] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "slides",
    b"application/epub+zip": "book",
}
OTHERS: dict[Kind, str] = {
    "docx": "is a document of Word; let its name end in .docx",
    "odt": "is a document of OpenOffice; let its name end in .odt",
    "sheet": "is a workbook; let its name end in .xlsx",
    "ods": "is a sheet of OpenOffice; save it as .csv",
    "slides": "is a presentation; save it as PDF",
    "book": "is a book; save it as PDF, HTML or plain text",
    "archive": "is a zip archive; unpack it and name the folder",
}
"""What a zip file is that was expected to be something else, and what to do with it."""

_TAG = re.compile(r"<[^>]*>")
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError)


class Package:
    """The parts of a zip file."""

    def __init__(self, raw: bytes) -> None:
        """InputError where the bytes are no zip file."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (*_ZIP_FAULTS, ValueError) as error:
            raise InputError(f"is damaged, or no zip file: {error}; {SAVE_AGAIN}", code="broken") from error
        self.names = frozenset(self._zip.namelist())
        self.unpacked = sum(entry.file_size for entry in self._zip.infolist())

    @property
    def kind(self) -> Kind:
        """What its names, or the type that it states first, make it."""
        if found := next((kind for folder, kind in _FOLDERS.items() if any(name.startswith(folder) for name in self.names)), None):
            return found
        stated = self.read("mimetype") if "mimetype" in self.names else b""
        return next((kind for mimetype, kind in _MIMETYPES.items() if stated.startswith(mimetype)), "archive")

    def read(self, name: str) -> bytes:
        """The bytes of a part; InputError where it is not there, locked, damaged or too large."""
        try:
            with self._zip.open(name) as part:
                raw = part.read(MAX_PART_BYTES + 1)
        except KeyError:
            raise InputError(f"has no part {name}; {SAVE_AGAIN}", code="broken") from None
        except RuntimeError as error:
            raise InputError(
                f"its part {name} is encrypted; open it with its password and save it without one", code="encrypted"
            ) from error
        except _ZIP_FAULTS as error:
            raise InputError(f"its part {name} is damaged: {error}; {SAVE_AGAIN}", code="broken") from error
        if len(raw) > MAX_PART_BYTES:
            raise InputError(
                f"its part {name} unpacks to more than {MAX_PART_BYTES:,} bytes; save its text as .txt, or split it", code="size"
            )
        return raw

    def tree(self, name: str) -> Any:
        """The root element of a part. What declares entities is refused: one of a few bytes can stand for gigabytes."""
        from lxml import etree

        raw = self.read(name)
        if raw.count(b"<") > MAX_TAGS:
            raise InputError(f"its part {name} has more than {MAX_TAGS:,} tags; save its text as .txt, or split it", code="size")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(raw, parser)
        except etree.XMLSyntaxError as error:
            raise InputError(f"its part {name} is damaged: {error}; {SAVE_AGAIN}", code="broken") from error
        if root.getroottree().docinfo.doctype:
            raise InputError(f"its part {name} has a DOCTYPE, which no word processor writes; {SAVE_AGAIN}", code="broken")
        return root

    def tree_if_any(self, name: str | None) -> Any:
        """The same, None where there is no such part."""
        return self.tree(name) if name in self.names else None


def words_within(raw: bytes) -> Iterator[str]:
    """All that the bytes may tell: as text and, of a zip file, each part with its tags, without them, and with space for them.

    That is more than a report takes: remarks in the margin, deleted words, who wrote and changed what.
    """
    yield raw.decode(errors="replace")
    if not raw.startswith(b"PK"):
        return
    with suppress(InputError):
        package = Package(raw)
        for name in sorted(package.names):
            yield from _told_in(package, name)


def _told_in(package: Package, name: str) -> Iterator[str]:
    with suppress(InputError):
        part = package.read(name).decode(errors="replace")
        yield from (part, _TAG.sub("", re.sub(r"</\w+:p>", "\n", part)), _TAG.sub(" ", part))


# -- elements ------------------------------------------------------------------------------------------------------------------------


def named(element: Any) -> str:
    """The name of an element without its namespace: of the strict and the usual form of a format, these differ and names do not."""
    return str(element.tag).rpartition("}")[2]


def said(element: Any, name: str) -> str | None:
    """The value of an attribute of that name, in whatever namespace."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), None)


def counted(words: str | None, usual: int) -> int:
    """What an attribute counts; the usual where it is not there, or no number of a table of this world."""
    return int(words) if words and re.fullmatch(r"[0-9]{1,4}", words) else usual


def child(element: Any, *path: str) -> Any:
    """The first element at the end of a path of names; None where there is none, or no element to begin with."""
    for name in path:
        element = next((inner for inner in element if named(inner) == name), None) if element is not None else None
    return element


def children(element: Any, name: str) -> Iterator[Any]:
    """The elements of that name right under one; none of None."""
    return (inner for inner in (element if element is not None else ()) if named(inner) == name)
