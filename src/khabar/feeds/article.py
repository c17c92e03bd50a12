"""HTML of a page, in UTF-8 → its main text, comments and captions, and what it says of itself; run in a process of its own (`confined`).

What a page is made of is looked for with other people's regular expressions, and some pages keep one of these busy for ever.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from khabar.comments import is_comments_header
from khabar.errors import InputError
from khabar.feeds.arrivals import squeezed
from khabar.feeds.days import day_of
from khabar.feeds.layout import open_tables, plain, set_captions, take_comments

# extensive_search would take any date in the text for the date of publication.
_DATE_IN_METADATA = {"original_date": True, "extensive_search": False}
NO_ARTICLE = "no article text found in the HTML; save the text of the report as .txt"


def parse(raw: bytes) -> dict[str, Any]:
    """{"text", "captions", "comments": [[author, words]], "fields"}; InputError where there is no article."""
    from trafilatura import bare_extraction, load_html  # 0.6 s: only a run that has HTML in it pays

    # It says on standard error what the failure says better.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = load_html(raw.decode("utf-8", "replace"))
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
    unseen = [line for line in map(squeezed, (found.comments or "").split("\n")) if line and not is_comments_header(line)]
    said = {"title": found.title, "author": found.author, "outlet": found.sitename, "url": found.url, "published": found.date}
    return {
        "text": f"{found.title}\n{found.text}" if is_left_out else found.text or "",
        "captions": captions,
        "comments": [*comments, *((None, f"\n\n{line}") for line in unseen)],
        "fields": {**said, "revised": revised},
    }


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
