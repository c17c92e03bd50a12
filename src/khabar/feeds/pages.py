"""HTML pages, and pages saved whole (.mht) → Arrival with the main text, readers' comments behind it, and what the page says of itself."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

from khabar.errors import InputError
from khabar.feeds.arrivals import Arrival, squeezed
from khabar.feeds.days import day_of
from khabar.feeds.encodings import decoded_page
from khabar.feeds.layout import open_tables, plain, set_captions, take_comments
from khabar.feeds.mime import parsed
from khabar.sections import is_comments_header

# extensive_search would take any date in the text for the date of publication.
_DATE_IN_METADATA = {"original_date": True, "extensive_search": False}
NO_ARTICLE = "no article text found in the HTML; save the text of the report as .txt"


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
    from trafilatura import bare_extraction, load_html  # 0.6 s: only a run that has HTML in it pays

    # It says on standard error what the failure says better.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = load_html(page)
    if tree is None:
        raise InputError(NO_ARTICLE, code="empty")
    revised, headings = _modified(tree), [plain(heading) for heading in tree.iter("h1")]
    comments, captions = take_comments(tree), set_captions(tree)
    open_tables(tree)
    found = bare_extraction(tree, with_metadata=True, include_comments=True, date_extraction_params=_DATE_IN_METADATA)
    if found is None or isinstance(found, dict):
        raise InputError(NO_ARTICLE, code="empty")
    # The headline often stands in a part of its own; what only the metadata call so is nobody's words.
    is_left_out = found.title in headings and found.title not in (found.text or "").split("\n")[:3]
    arrival.text = f"{found.title}\n{found.text}" if is_left_out else found.text or ""
    arrival.captions = captions
    unseen = [line for line in map(squeezed, (found.comments or "").split("\n")) if line and not is_comments_header(line)]
    arrival.comments = (*comments, *((None, f"\n\n{line}") for line in unseen))
    said = {"title": found.title, "author": found.author, "outlet": found.sitename, "url": found.url, "published": found.date}
    arrival.fields = {**_known({**said, "revised": revised}), **_known(arrival.fields)}


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None and value != ""}


# -- what a page says of itself ------------------------------------------------------------------------------------------------------


def _modified(tree: Any) -> str | None:
    """The day of the last change, which trafilatura leaves aside, as the page writes it."""
    stated = tree.xpath("//meta[@property='article:modified_time' or @property='og:updated_time' or @itemprop='dateModified']/@content")
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        stated += _modified_in(str(script))
    return max((value for value in map(str, stated) if day_of(value)), key=day_of, default=None)  # type: ignore[arg-type]


def _modified_in(script: str) -> list[str]:
    try:
        found = json.loads(script)
    except (ValueError, RecursionError):
        return []
    graph = found.get("@graph", [found]) if isinstance(found, dict) else found
    nodes = [node for node in graph if isinstance(node, dict)] if isinstance(graph, list) else []
    # Of the page's other nodes (the site, its pictures) the change is none of the text.
    return [node["dateModified"] for node in nodes if "Article" in str(node.get("@type")) and isinstance(node.get("dateModified"), str)]


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
