"""A document of a word processor (.docx, .odt) → Arrival with its running text, its title and its captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from khabar.errors import InputError
from khabar.feeds import confined, docx, odt
from khabar.feeds.arrivals import Arrival, squeezed
from khabar.feeds.encodings import foreign
from khabar.feeds.package import OTHERS, SAVE_AGAIN, Package
from khabar.feeds.paragraphs import Paragraph, running_text

_READERS = {"docx": docx.words_of, "odt": odt.words_of}


def fill(arrival: Arrival) -> None:
    """The text of a document, read in a process of its own. Its day of saving is no day of publication, nor is who saved it its author."""
    found = confined.parse(__name__, arrival.original)
    arrival.text, arrival.captions, arrival.headings = found["text"], tuple(found["captions"]), tuple(found["headings"])
    arrival.fields = {**({"title": found["title"]} if found["title"] else {}), **arrival.fields}
    if found["changed"]:
        arrival.warn("draft", "holds changes that nobody has accepted yet; read as if all were accepted")


def parse(raw: bytes) -> dict[str, Any]:
    """{"text", "title", "headings", "captions", "changed"}; InputError where there is nothing to read."""
    package = _opened(raw)
    if (read := _READERS.get(package.kind)) is None:
        raise InputError(OTHERS[package.kind], code="unsupported")
    words = read(package)
    text, kept = running_text(words.paragraphs)
    if not text:
        told = "a document without text, perhaps pictures of pages; make their text readable first (for example with ocrmypdf, of a PDF)"
        raise InputError(told, code="empty")
    return {
        "text": text,
        "title": _title(kept, words.title, text),
        "headings": [line for one in kept if one.role in ("heading", "title") for line in one.text.split("\n")],
        "captions": [one.text for one in kept if one.role == "caption"],
        "changed": words.changed,
    }


def _opened(raw: bytes) -> Package:
    if raw.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in raw:
        raise InputError("is encrypted; open it with its password and save it without one", code="encrypted")
    if not raw.startswith(b"PK"):
        what = f"is {found}" if (found := foreign(raw)) else f"is no document of Word or OpenDocument; {SAVE_AGAIN}"
        raise InputError(what, code="broken")
    return Package(raw)


def _title(kept: Sequence[Paragraph], stated: str | None, text: str) -> str | None:
    """What is set as the title; else what the file states and prints: files are made from older ones, and keep the titles of those."""
    printed = next((squeezed(one.text) for one in kept if one.role == "title"), None)
    words = squeezed(stated or "")
    return printed or (words if len(words.split()) >= 3 and words.lower() in squeezed(text).lower() else None)
