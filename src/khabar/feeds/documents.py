"""Bytes of one document and what they are said to be → Item: text, an HTML page, a saved page, a PDF, a .docx, an .odt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO

from khabar.errors import InputError
from khabar.feeds import office, pages, pdf, texts
from khabar.feeds.arrivals import MAX_BULKY_BYTES, MAX_BYTES, Arrival, Fill, Given, Item, Reader, failure, settled, whole

MEDIA: Mapping[str, Fill] = {
    "text/plain": texts.fill,
    "text/html": pages.fill,
    "application/xhtml+xml": pages.fill,
    "application/pdf": pdf.fill,
    "application/x-pdf": pdf.fill,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office.fill,
    "application/vnd.oasis.opendocument.text": office.fill,
    "multipart/related": pages.fill_saved,
}
"""What a server or a letter may call a document."""

NAMES: Mapping[str, Fill] = {
    **dict.fromkeys((".txt", ".text", ".md"), texts.fill),
    **dict.fromkeys((".html", ".htm", ".xhtml"), pages.fill),
    **dict.fromkeys((".mht", ".mhtml"), pages.fill_saved),
    ".pdf": pdf.fill,
    **dict.fromkeys((".docx", ".odt"), office.fill),
}
"""How the file of one document ends."""

BULKY = (pdf.fill, office.fill, pages.fill_saved)


def reader(fill: Fill) -> Reader:
    """Reads a stream that holds one document."""

    def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
        try:
            original = whole(stream, MAX_BULKY_BYTES if fill in BULKY else MAX_BYTES, expected="expected one report; split it")
        except InputError as error:
            yield failure(source, error.code, str(error))
            return
        yield settled(Arrival(source, original), given, fill)

    return read


def by_content(head: bytes) -> Fill:
    """What the first bytes show; text where they show nothing else."""
    if re.match(rb"\s{0,20}%PDF-", head[:1024]):
        return pdf.fill
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|\?xml)\b", head, re.I):
        return pages.fill
    if re.match(rb"(From|MIME-Version|Snapshot-Content-Location|Subject): [^\n]*\n", head) and b"multipart/related" in head[:2000]:
        return pages.fill_saved
    return texts.fill
