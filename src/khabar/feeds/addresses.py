"""Addresses, and lists of them → Items: each page is fetched and read as what the server says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import syndication
from khabar.feeds.arrivals import MAX_BYTES, Arrival, Given, Item, failure, settled, whole
from khabar.feeds.documents import BULKY, MEDIA, by_content
from khabar.feeds.encodings import decoded

_ADDRESS = re.compile(r"https?://\S+", re.I)
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_XML = ("application/xml", "text/xml")


def is_address(words: str) -> bool:
    """Written like an address of any kind: http, https, ftp, file …"""
    return re.match(r"[a-z][a-z0-9+.-]+://", words, re.I) is not None


def is_list(head: bytes) -> bool:
    """Every line is an address, blank, or a remark after a #; the last line may be cut off."""
    lines = [line.strip() for line in head.decode(errors="replace").lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return bool(lines) and all(_ADDRESS.fullmatch(line.partition(" #")[0].strip()) for line in lines)


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """Each address of a list, in its order."""
    try:
        text = decoded(whole(stream, MAX_BYTES, expected="split the list"), lambda code, message: None)
    except InputError as error:
        yield failure(source, error.code, str(error))
        return
    found = False
    for number, line in enumerate(text.splitlines(), 1):
        # A shortcut of Windows (.url) says URL=… among other lines.
        words = line.strip().removeprefix("URL=").partition(" #")[0].strip()
        if _ADDRESS.fullmatch(words):
            found = True
            yield from fetch(words, f"{source}:{number}", given)
    if not found:
        yield failure(source, "empty", "no address in it; expected one http:// or https:// a line")


def fetch(address: str, source: str, given: Given, *, fields: dict[str, Any] | None = None) -> Iterator[Item]:
    """What stands at an address. `fields`: what is known of it already, which stands over what the page says."""
    name = address if source == address else f"{source} {address}"
    if given.fetcher is None:
        yield failure(name, "url", "is an address, and nothing is fetched for a file in a folder; give the file by its own name")
        return
    try:
        fetched = given.fetcher.fetch(address)
    except InputError as error:
        yield failure(name, error.code, str(error))
        return
    kind = fetched.kind.get_content_type()
    if kind in _FEEDS or (kind in _XML and _is_feed(fetched.body[:2000])):
        yield from syndication.read(BytesIO(fetched.body), name, given)
        return
    fill = MEDIA.get(kind) if kind != "text/plain" else by_content(fetched.body[:2000])
    if fill is None:
        yield failure(name, "url", f"is {kind}; expected HTML, PDF, .docx, .odt, text or a feed")
    elif len(fetched.body) > MAX_BYTES and fill not in BULKY:
        yield failure(name, "size", f"has more than {MAX_BYTES:,} bytes; expected one report")
    else:
        said = {"url": fetched.address, "revised": datetime.now(UTC).date().isoformat(), **(fields or {})}
        charset = fetched.kind.get_param("charset")
        arrival = Arrival(name, fetched.body, fields=said, charset=charset if isinstance(charset, str) else None)
        yield settled(arrival, given, fill)


def _is_feed(head: bytes) -> bool:
    return re.search(rb"<(rss|feed|rdf:RDF)[\s>]", head) is not None
