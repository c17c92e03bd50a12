"""The tree of a page → readers' comments, captions and layout told apart from the story, by what content systems call their parts.

What a reader writes must never pass for the outlet's words, so comments leave the tree before the story is looked for in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from khabar.feeds.arrivals import squeezed

Comment = tuple[str | None, str]

_BOXES = frozenset({"div", "section", "ol", "ul", "li", "aside", "article", "table"})
_PART = r"[-_]{1,2}(area|list|section|wrapper|wrap|container|threads?|box|block|holder|module|region|content|feed|main|panel)"
_ALL_COMMENTS = re.compile(
    rf"(comments?|commentlist|discussion|disqus|disqus_thread|livefyre|responses|replies)({_PART})*"
    r"|(post|article|story|reader|readers|user|entry|node|fb)[-_]{1,2}comments",
    re.I,
)
_ONE_COMMENT = re.compile(
    r"comment([-_]{1,2}(item|body|wrap|wrapper|container|block|box|\d+))?|(li|div|post|reader|user)[-_]comment([-_]\d+)?", re.I
)
_NO_COMMENT = re.compile(
    r"respond|comment[-_]?(form|respond|reply)|reply|(comment[-_]{1,2})?(meta|metadata|author|date|time|header|footer)", re.I
)
_WORDS_OF_ONE = re.compile(r".*(text|content|body|message).*|comment", re.I)
_AUTHOR = (
    ".//cite | .//*[contains(@class, 'fn') or contains(@class, 'author-name') or contains(@class, 'username')"
    " or contains(@class, 'comment-author') or contains(@class, 'comment__author') or @itemprop='author']"
)
_CAPTION = re.compile(r"(wp-|image[-_]+|photo[-_]+|picture[-_]+|media[-_]+|figure[-_]+)?caption([-_]+text)?", re.I)
_INNER = ".//p | .//div | .//ul | .//ol | .//li | .//blockquote | .//article | .//section | .//table"


def plain(element: Any) -> str:
    """The words of an element in one line."""
    return squeezed("".join(element.itertext()))


def _called(element: Any, pattern: re.Pattern[str]) -> bool:
    """Whether its id or one of its classes is such a name."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(pattern.fullmatch(name) is not None for name in names)


# -- comments ------------------------------------------------------------------------------------------------------------------------


def take_comments(tree: Any) -> list[Comment]:
    """Each paragraph of readers' comments with its author; after this the tree has none of them. Before the words of a new comment stands
    a blank line, before a further paragraph of the same a line break."""
    taken = list(_comment_boxes(tree))
    found: list[Comment] = []
    before: object = None
    for box in taken:
        for block in _blocks(box):
            holder, author = _author(block, box)
            found.append((author, ("\n" if holder is before else "\n\n") + plain(block)))
            before = holder
    for box in taken:
        _remove(box)
    return found


def _comment_boxes(tree: Any) -> Iterator[Any]:
    """Elements of comments behind the first paragraph of the story: before it such names belong to counters and to whole pages."""
    from lxml import etree

    told = False
    walk = etree.iterwalk(tree, events=("start",))
    for _, element in walk:
        if element.tag == "p":
            told = told or len(plain(element).split()) >= 12
        elif told and element.tag in _BOXES and _holds_comments(element):
            yield element
            walk.skip_subtree()


def _holds_comments(element: Any) -> bool:
    return (_called(element, _ALL_COMMENTS) or _called(element, _ONE_COMMENT)) and element.find(".//h1") is None


def _blocks(box: Any) -> Iterator[Any]:
    """The elements that hold the words of comments: paragraphs, or boxes of words without any."""
    from lxml import etree

    walk = etree.iterwalk(box, events=("start",))
    for _, element in walk:
        if not isinstance(element.tag, str) or element.tag in ("form", "script", "style") or _called(element, _NO_COMMENT):
            walk.skip_subtree()
        elif element.tag == "p" or (_called(element, _WORDS_OF_ONE) and not element.xpath(f"({_INNER})[1]")):
            if plain(element):
                yield element
            walk.skip_subtree()


def _author(block: Any, box: Any) -> tuple[Any, str | None]:
    """The nearest element that is one comment, and the name in it."""
    holder: Any = None
    for element in block.iterancestors():
        if _called(element, _ONE_COMMENT) or element.tag == "li":
            holder = element
            # The innermost: a box around the name also says "says:" or a date.
            found = sorted((name for name in map(plain, element.xpath(_AUTHOR)) if 0 < len(name) <= 60), key=len)
            if found:
                return holder, found[0]
        if element is box or element.tag == "li":
            break
    return block if holder is None else holder, None


def _remove(element: Any) -> None:
    """Take an element out, but not the words behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


# -- captions and tables -------------------------------------------------------------------------------------------------------------


def set_captions(tree: Any) -> tuple[str, ...]:
    """The captions of pictures, set as paragraphs where the pictures stood: with the pictures they would be thrown away."""
    from lxml import etree

    found = []
    for element in list(tree.iter("figcaption", "div", "p", "span")):
        if (element.tag == "figcaption" or _called(element, _CAPTION)) and 0 < len(words := plain(element)) <= 600:
            figure = next(element.iterancestors("figure"), element)
            paragraph = etree.SubElement(figure.getparent(), "p") if figure.getparent() is not None else None
            if paragraph is not None and element.getparent() is not None:
                paragraph.text = words
                figure.addnext(paragraph)
                paragraph.tail, figure.tail = figure.tail, None
                _remove(element)
                found.append(words)
    return tuple(found)


def open_tables(tree: Any) -> None:
    """Tables that only place the parts of a page, as was done before there were style sheets, become plain boxes."""
    for table in list(tree.iter("table")):
        cells = list(table.iter("td"))
        if any(sum(len(plain(paragraph).split()) >= 20 for paragraph in cell.iter("p")) >= 2 for cell in cells[:200]):
            for element in [table, *table.iter("tbody", "tr", "td", "th")]:
                element.tag = "div"
