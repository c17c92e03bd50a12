"""Blocks → those that belong to the site and not to the story: appeals, links, who wrote it, the navigation at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khabar.blocks import BOILERPLATE, SENTENCE_BORDER, Block, Label, Labels
from khabar.pagecues import BULLET, LONGEST_CUE, begins, whole, within

LONGEST_BIOGRAPHY = 400


def label_appeals(blocks: Sequence[Block], labels: Labels) -> None:
    other_stories = False
    for index, block in enumerate(blocks):
        if index in labels:
            continue
        header = whole("other_stories", block.text)
        if header or whole("line", block.text) or _appeals_to_reader(block) or (other_stories and _is_link(block)):
            labels[index] = BOILERPLATE
        other_stories = header or (other_stories and index in labels)


def _is_link(block: Block) -> bool:
    """May be the headline of another story."""
    return block.words <= 14 and (not block.finished or block.text.endswith("?"))


def _appeals_to_reader(block: Block) -> bool:
    """Half of its sentences, the first among them, turn to the visitor of the site."""
    if len(block.text) > LONGEST_CUE:
        return False
    text = BULLET.sub("", block.text)
    hits = [begins("appeal", sentence) is not None for sentence in SENTENCE_BORDER.split(text)]
    return begins("appeal", text) is not None and sum(hits) * 2 >= len(hits)


def label_endings(blocks: Sequence[Block], labels: Labels) -> None:
    """Who wrote it, and links, where the story ends."""
    end = min((i for i, label in labels.items() if label.kind == "comment"), default=len(blocks))
    if end == len(blocks):
        last_prose = max((i for i, block in enumerate(blocks) if i not in labels and block.prose), default=end)
        navigation(blocks, labels, last_prose + 1)
    # Three: seldom do more than three people sign a report.
    last = [i for i in range(1, end) if i not in labels][-3:]
    for index in reversed(last):
        if not _is_biography(blocks, labels, index):
            return
        labels[index] = BOILERPLATE


def _is_biography(blocks: Sequence[Block], labels: Labels, index: int) -> bool:
    text = blocks[index].text
    if len(text) > LONGEST_BIOGRAPHY or not (match := begins("biography", text)) or any(within("no_biography", text)):
        return False
    surname = match["name"].replace(",", "").split()[-1]
    # The first two blocks may hold the byline.
    story = (block.text for i, block in enumerate(blocks[:index]) if i > 1 and i not in labels)
    return not any(re.search(rf"\b{re.escape(surname)}\b", words) for words in story)


def navigation(blocks: Sequence[Block], labels: Labels, first: int) -> None:
    """The links at the end of a page: short lines that are no sentences, after a wide gap or after boilerplate."""
    start = len(blocks)
    while start > first and blocks[start - 1].short and blocks[start - 1].words <= 5 and not _own_label(labels.get(start - 1)):
        start -= 1
    for index in range(start, len(blocks)):
        if blocks[index].gap > 2 or labels.get(index - 1) == BOILERPLATE:
            labels.update((i, BOILERPLATE) for i in range(index, len(blocks)))
            return


def _own_label(label: Label | None) -> bool:
    return label is not None and label.opens
