"""Web archives (.warc, .warc.gz) → Items: a report for each page that a server answered with, and the day it was saved."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import IO, Any

from khabar.feeds.arrivals import MAX_BULKY_BYTES, MAX_BYTES, PARSER_FAULTS, Arrival, Given, Item, failure, settled, told
from khabar.feeds.documents import BULKY, MEDIA


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """The HTML pages, PDFs and other documents among the answers; requests, pictures, scripts and refusals are passed over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    found, number = False, 0
    try:
        for number, record in enumerate(ArchiveIterator(stream), 1):
            if (item := _page(record, f"{source}#{number}", given)) is not None:
                found = True
                yield item
    except (ArchiveLoadFailed, *PARSER_FAULTS) as error:
        yield failure(source, "broken", f"cannot be read beyond record {number}: {told(error)}")
        return
    if not found:
        yield failure(source, "empty", f"an archive without a page in its {number} records; expected answers with HTML, PDF, .docx or .odt")


def _page(record: Any, source: str, given: Given) -> Item | None:
    kind = _kind(record)
    fill = MEDIA.get(kind.get_content_type()) if kind else None
    address = record.rec_headers.get_header("WARC-Target-URI")
    if kind is None or fill is None or not str(address).startswith("http") or str(address).endswith("/robots.txt"):
        return None
    limit = MAX_BULKY_BYTES if fill in BULKY else MAX_BYTES
    original = record.content_stream().read(limit + 1)
    if len(original) > limit:
        return failure(source, "size", f"{address} has more than {limit:,} bytes; expected one report")
    fields = {"url": address, "revised": record.rec_headers.get_header("WARC-Date")}
    charset = kind.get_param("charset")
    return settled(Arrival(source, original, fields=fields, charset=charset if isinstance(charset, str) else None), given, fill)


def _kind(record: Any) -> Message | None:
    """What the record says its bytes are; None for what is no page that was served."""
    if record.rec_type == "response" and record.http_headers is not None and record.http_headers.get_statuscode() == "200":
        stated = record.http_headers.get_header("Content-Type")
    elif record.rec_type == "resource":
        stated = record.rec_headers.get_header("Content-Type")
    else:
        return None
    message = Message()
    message["Content-Type"] = stated or "application/octet-stream"
    return message
