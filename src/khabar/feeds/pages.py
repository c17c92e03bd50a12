"""HTML pages, and pages saved whole (.mht) → Arrival with the main text, readers' comments behind it, and what the page says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from khabar.errors import InputError
from khabar.feeds import confined
from khabar.feeds.arrivals import Arrival, squeezed
from khabar.feeds.encodings import decoded_page
from khabar.feeds.mime import parsed

SECONDS = 8.0  # of one page, most take some hundredths


def fill(arrival: Arrival) -> None:
    """The article of an HTML page."""
    fill_from(arrival, decoded_page(arrival.original, arrival.charset, arrival.warn))


def fill_saved(arrival: Arrival) -> None:
    """The article of a page that a browser saved whole, with its pictures, as MIME (.mht, .mhtml)."""
    message = parsed(arrival.original)
    page = next((part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if page is None:
        raise InputError("no HTML in the saved page; save it again as .html", code="empty")
    raw = page.get_payload(decode=True)
    address = page.get("Content-Location") or message.get("Snapshot-Content-Location")
    if isinstance(address, str) and address.startswith("http"):
        arrival.fields = {"url": address.strip(), **arrival.fields}
    fill_from(arrival, decoded_page(raw if isinstance(raw, bytes) else b"", page.get_content_charset(), arrival.warn))


def fill_from(arrival: Arrival, page: str) -> None:
    """Main text and readers' comments. What the row or option says of the page stands; the rest comes from its metadata."""
    found = confined.parse("khabar.feeds.article", page.encode(errors="replace"), seconds=SECONDS)
    arrival.text, arrival.captions = found["text"], tuple(found["captions"])
    arrival.comments = tuple((author, words) for author, words in found["comments"])
    arrival.fields = {**_known(found["fields"]), **_known(arrival.fields)}


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None and value != ""}


# -- HTML that is no page ------------------------------------------------------------------------------------------------------------

_BLOCKS = re.compile(
    r"address|article|aside|blockquote|body|br|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre"
    r"|section|table|tbody|td|th|tr|ul"
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})


def visible_text(html: str) -> str:
    """All words of a fragment that a reader would see, one block to a line: letters and feeds have nothing around their text to leave out.

    >>> visible_text("<h2>Talks fail</h2><p>Both sides <b>left</b>.<br>Nobody spoke.</p>")
    'Talks fail\\n\\nBoth sides left.\\n\\nNobody spoke.'
    """
    from lxml import html as parser

    if not html.strip():
        return ""
    tree = parser.fromstring(f"<div>{html}</div>")
    pieces: list[str] = []
    for event, element in _walk(tree):
        if event == "start" and isinstance(element.tag, str):
            pieces += ["\n"] if _BLOCKS.fullmatch(element.tag) else []
            pieces.append(element.text or "")
        elif event == "end":
            pieces += ["\n"] if _BLOCKS.fullmatch(element.tag) else []
            pieces.append(element.tail or "")
    return "\n\n".join(filter(None, (squeezed(line.replace("\u200c", "")) for line in _joined(pieces).split("\n"))))


def _joined(pieces: list[str]) -> str:
    # Line breaks of the source are spaces; those between blocks are the lone "\n" pieces.
    return "".join(piece if piece == "\n" else re.sub(r"\s+", " ", piece) for piece in pieces)


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    """Elements as they open and close, without those that nobody sees; no recursion, whatever the depth."""
    stack = [(tree, False)]
    while stack:
        element, closing = stack.pop()
        if closing or element.tag in _UNSEEN or _hidden(element):
            yield "end", element
        else:
            yield "start", element
            stack.append((element, True))
            stack += [(child, False) for child in reversed(element)]


def _hidden(element: Any) -> bool:
    """Preview words of newsletters, and pictures of one pixel, stand in elements that are not shown."""
    style = element.get("style") if isinstance(element.tag, str) else None
    return style is not None and re.search(r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0", style) is not None
