"""Blocks → headlines: the title over a story, and the headings between its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khabar.blocks import BOILERPLATE, HEADLINE, SENTENCE_BORDER, WORD, Block, Labels

LONGEST_HEADLINE = 200


def label_headlines(blocks: Sequence[Block], labels: Labels) -> None:
    if not blocks:
        return
    first = next((index for index in range(len(blocks)) if labels.get(index) != BOILERPLATE), 0)
    if first not in labels and _is_headline(blocks[first:]):
        labels[first] = HEADLINE
    for index in range(first + 1, len(blocks) - 1):
        if index not in labels and _is_heading(blocks, labels, index):
            labels[index] = HEADLINE


def _is_headline(blocks: Sequence[Block]) -> bool:
    """A first line that ends like no sentence, or whose words have capitals like a title's, with something after it."""
    first = blocks[0]
    if len(blocks) == 1 or len(first.text) > LONGEST_HEADLINE or first.bullet or first.text.endswith(":"):
        return False
    long_words = [word for word in WORD.findall(first.text) if len(word) > 3]
    titled = len(long_words) >= 5 and not first.text.isupper() and sum(word[0].isupper() for word in long_words) >= 0.9 * len(long_words)
    one_question = first.text.endswith("?") and SENTENCE_BORDER.search(first.text) is None
    return not first.finished or one_question or titled


def _is_heading(blocks: Sequence[Block], labels: Labels, index: int) -> bool:
    """A short line between paragraphs. Several in a row are a list, which may hold claims: body."""
    block, before, after = blocks[index], blocks[index - 1], blocks[index + 1]
    if not block.short or block.words > 12 or re.match(r"[a-z\[(]|\d{1,2}[:.]\d{2}\b", block.text):
        return False
    if block.words > 6 and block.text[0] in '"“”':  # a quotation set off, not a heading
        return False
    return after.prose and index + 1 not in labels and (before.prose or index - 1 in labels)


def title_end(text: str, title: str | None) -> int | None:
    """Where the title at the head of a text ends, None where it is no line or sentence of its own there.

    Texts that lost their line breaks run on without a full stop ("Rebels take the town of A 3 May 2014 AFP Rebels took"): six words said
    again exactly, before a capital or a figure, are the title all the same.
    """
    words = [word for word in (found.strip("'’-") for found in WORD.findall(title or "")) if word]
    if not words or len(words) > 60:
        return None
    # 45 characters: a weekday, a date and an hour may stand before it.
    found = re.compile(r"[^\r\n]{0,45}?\b" + r"\W++".join(map(re.escape, words)) + r"[\"'”’)]*([.!?…]|(?=[\r\n])|(?= +[A-Z\d]))", re.I)
    match = found.match(text)
    if match is None or (len(words) < 6 and not match[1] and text[match.end()] not in "\r\n"):
        return None
    return match.end()
