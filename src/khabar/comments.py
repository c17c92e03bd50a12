"""Blocks → readers' comments, each with its author: where they begin, whose each is, where they end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khabar.blocks import BOILERPLATE, HEADLINE, Block, Label, Labels
from khabar.boilerplate import navigation
from khabar.pagecues import comment_author, whole


def label_comments(blocks: Sequence[Block], labels: Labels) -> None:
    # What a document sets as a heading parts its own words: "Comments" there is what the writers think.
    header = next((i for i, block in enumerate(blocks) if labels.get(i) != HEADLINE and _opens_comments(blocks, i, block)), None)
    starts = _comment_starts(blocks, labels, header)
    if header is None and not starts:
        return
    if header is not None:
        labels[header] = BOILERPLATE
    first = min(starts, default=len(blocks)) if header is None else header + 1
    bullet = next((blocks[i].bullet for i in starts if blocks[i].bullet), None)
    first = _unnamed_before(blocks, labels, first, bullet)
    _fill_comments(blocks, labels, first, starts, bullet)
    navigation(blocks, labels, first + 1)


def _opens_comments(blocks: Sequence[Block], index: int, block: Block) -> bool:
    # Two paragraphs of story: "Comments" at the head of a page is a link.
    return whole("comments_header", block.text) and index + 1 < len(blocks) and sum(earlier.prose for earlier in blocks[:index]) >= 2


def _comment_starts(blocks: Sequence[Block], labels: Labels, header: int | None) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for index, block in enumerate(blocks):
        if index < 2 or (header is not None and index < header):
            continue
        bulleted = block.bullet is not None or header is not None
        if author := comment_author(block.text, bulleted=bulleted):
            found[index] = author
    if header is not None:
        # Without any form, all that follows is one comment whose author nobody knows.
        return {header + 1: None} | (found or _named_lines(blocks, header))
    if not found or _spoken_of(blocks, found) or not (len(found) > 1 or _late(blocks, labels, min(found))):
        return {}
    return found


def _late(blocks: Sequence[Block], labels: Labels, index: int) -> bool:
    """The story has ended before this block: boilerplate or a wide gap stands between."""
    return blocks[index].gap > 2 or any(labels.get(i) == BOILERPLATE for i in range(max(1, index - 3), index))


def _spoken_of(blocks: Sequence[Block], starts: dict[int, str | None]) -> bool:
    """Half of the names are in the story: then these are its sources ("• The minister says:"), not its readers."""
    story = " ".join(block.text for block in blocks[: min(starts)])
    names = [author for author in starts.values() if author]
    return sum(re.search(rf"\b{re.escape(name)}\b", story) is not None for name in names) * 2 >= max(1, len(names))


def _named_lines(blocks: Sequence[Block], header: int) -> dict[int, str | None]:
    """Names in comments that have no form of their own: a few words before a date or after "Reply"; failing these, before a long line."""
    few = [i for i in range(header + 1, len(blocks) - 1) if blocks[i].words <= 4 and not _known_line(blocks[i].text)]
    marked = [i for i in few if whole("comment_date", blocks[i + 1].text) or whole("comment_mark", blocks[i - 1].text)]
    named = marked or [i for i in few if not blocks[i].finished and blocks[i + 1].words > 5]
    return {i: blocks[i].text for i in named}


def _known_line(text: str) -> bool:
    return any(whole(name, text) for name in ("comment_mark", "comment_date", "line"))


def _unnamed_before(blocks: Sequence[Block], labels: Labels, first: int, bullet: str | None) -> int:
    """Bulleted comments without a name that stand before the first named one."""
    index = first
    while bullet and index > 1 and blocks[index - 1].bullet == bullet and index - 1 not in labels:
        index -= 1
    return index if index < first and _late(blocks, labels, index) else first


def _fill_comments(blocks: Sequence[Block], labels: Labels, first: int, starts: dict[int, str | None], bullet: str | None) -> None:
    current: Label | None = None
    for index in range(first, len(blocks)):
        block = blocks[index]
        if index in starts or (bullet and block.bullet == bullet and labels.get(index) != BOILERPLATE):
            author = starts.get(index)
            labels[index] = Label("comment", author, opens=True)
            current = Label("comment", author)
        elif whole("comment_mark", block.text) or whole("comment_date", block.text):
            labels[index] = current or BOILERPLATE
        elif labels.get(index) == BOILERPLATE or current is None:
            # What follows the comment form is another part of the page: the story never goes on behind its readers.
            labels[index], current = BOILERPLATE, None
        else:
            labels[index] = current


def is_comments_header(line: str) -> bool:
    """A line that only says that readers' comments follow."""
    return whole("comments_header", line.strip())
