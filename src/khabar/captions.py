"""Blocks → captions: names of picture files, lines that speak of the picture beside them, and who took it."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.blocks import CAPTION, WORD, Block, Labels
from khabar.pagecues import opens_caption, whole, within

LONGEST_CAPTION = 400


def label_pictures(blocks: Sequence[Block], labels: Labels) -> None:
    for index, block in enumerate(blocks):
        if whole("picture_name", block.text):
            labels[index] = CAPTION


def label_captions(blocks: Sequence[Block], labels: Labels) -> None:
    about_pictures = any(opens_caption(block.text) or labels.get(i) == CAPTION for i, block in enumerate(blocks))
    for index, block in enumerate(blocks):
        if index not in labels and _is_caption(blocks, labels, index):
            labels[index] = CAPTION
            _picture_beside(blocks, labels, index)
        elif index not in labels and about_pictures and _introduces_alt_text(blocks, labels, index):
            labels[index] = labels[index + 1] = CAPTION
        elif index and index not in labels and block.text == blocks[index - 1].text and not block.finished:
            labels[index] = CAPTION


def _is_caption(blocks: Sequence[Block], labels: Labels, index: int) -> bool:
    block = blocks[index]
    if len(block.text) > LONGEST_CAPTION or len(blocks) == 1:
        return False
    if any(within("credit", block.text)):
        return True
    before_picture = index + 1 < len(blocks) and labels.get(index + 1) == CAPTION
    if block.text.endswith(":") and before_picture:
        return True
    found = opens_caption(block.text)
    return found is not None and (found == "strong" or before_picture or block.text.endswith(":") or not block.finished)


def _picture_beside(blocks: Sequence[Block], labels: Labels, index: int) -> None:
    """The alternative text of the picture that a caption stands with: the line before that it repeats, the short line after its colon."""
    block = blocks[index]
    before = index - 1
    if before >= 0 and before not in labels and len(blocks[before].text) <= LONGEST_CAPTION:
        credit_alone = block.words <= 6 and block.gap == 1 and any(within("credit", block.text)) and before > 0
        if block.text.startswith(blocks[before].text) or credit_alone:
            labels[before] = CAPTION
    after = index + 1
    if block.text.endswith(":") and after < len(blocks) and after not in labels and _alone(blocks, after):
        labels[after] = CAPTION


def _alone(blocks: Sequence[Block], index: int) -> bool:
    """A short line that is no item of a list: no other short line follows it."""
    return blocks[index].short and not (index + 1 < len(blocks) and blocks[index + 1].short)


def _introduces_alt_text(blocks: Sequence[Block], labels: Labels, index: int) -> bool:
    """Among pictures: "Fighters in the village of A:" and then "Fighters inside A"."""
    block = blocks[index]
    if not block.text.endswith(":") or block.words > 25 or index + 1 >= len(blocks) or index + 1 in labels:
        return False
    shared = set(WORD.findall(block.text.lower())) & set(WORD.findall(blocks[index + 1].text.lower()))
    return blocks[index + 1].short and sum(len(word) > 3 for word in shared) >= 2
