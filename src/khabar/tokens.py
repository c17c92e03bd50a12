"""text, offsets of paragraphs and of known names → offsets of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import spacy
from spacy.tokens import Doc

from khabar.lexicon import words

Span = tuple[int, int]
LONGEST_WORD = 200  # characters; longer stretches without a blank are cut before the tokenizer sees them


@dataclass(frozen=True)
class Words:
    """Offsets of the words of a text (no white space), and the index of each block's first word."""

    spans: list[Span]
    block_starts: list[int]


def paragraphs(text: str) -> list[Span]:
    """Offsets of paragraphs: parted by blank lines, and by single line breaks too unless the lines look hard-wrapped.

    >>> paragraphs("Army retakes town\\nRebels fled.\\n\\nMore soon.")
    [(0, 17), (18, 30), (32, 42)]
    """
    found: list[Span] = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = match.start(), match.start() + len(match.group().rstrip())
        lines = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text[start:end])]
        found += [(start, end)] if hard_wrapped([text[s:e] for s, e in lines]) else lines
    return found


def hard_wrapped(lines: list[str]) -> bool:
    """Lines of much the same length, most of which do not end a sentence."""
    full = lines[:-1]
    if not full:
        return True
    even = sum(45 <= len(line) <= 100 for line in full) >= 0.8 * len(full)
    ended = sum(line.rstrip().endswith((".", "!", "?", '"', "”", ":")) for line in full)
    return even and ended <= 0.5 * len(full)


def words_of(text: str, blocks: Sequence[Span], names: Sequence[Span], lost: Collection[int] = ()) -> Words:
    spans: list[Span] = []
    starts: list[int] = []
    for block in covering(blocks, len(text)):
        own = [part for span in tokens(text, *block) for part in parted(span, lost)]
        if own:
            starts.append(len(spans))
            spans += own
    return joined(spans, starts, names)


def parted(span: Span, lost: Collection[int]) -> tuple[Span, ...]:
    """A word, and apart from it the "s" of a possessive that has lost its apostrophe."""
    start, end = span
    return ((start, end - 1), (end - 1, end)) if end - 1 in lost and end - 1 > start else (span,)


def covering(blocks: Sequence[Span], length: int) -> Iterator[Span]:
    """The blocks in order, and what lies between them; overlaps are cut off, so that every character is in exactly one."""
    at = 0
    for start, end in sorted(blocks):
        start, end = max(start, at), min(end, length)
        if start > at:
            yield at, start
        if end > start:
            yield start, end
        at = max(at, end)
    if at < length:
        yield at, length


def tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Offsets of the block's words by spaCy's English rules."""
    for match in re.finditer(rf"\S{{1,{LONGEST_WORD}}}(?:\s+\S{{1,{LONGEST_WORD}}}){{0,2000}}", text[start:end]):
        for token in tokenizer()(match.group()):
            at = start + match.start() + token.idx
            if not token.is_space and not is_tag_mark(text, at, at + len(token)):
                yield at, at + len(token)


def is_tag_mark(text: str, start: int, end: int) -> bool:
    """The sign of "#Karsa", which is no word."""
    return text[start:end] == "#" and text[end : end + 1].isalpha()


@cache
def tokenizer() -> Callable[[str], Doc]:
    """spaCy's English rules, which part "rebel-held", but leave "U.S.-backed", "Su-24M", "Maj." and "A/" whole and part "sit-in"."""
    english = spacy.blank("en")
    infixes = [*(english.Defaults.infixes or ()), r"(?<=\.)[-–‑](?=[a-z])"]
    rules: Any = english.tokenizer
    rules.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    rules.suffix_search = spacy.util.compile_suffix_regex([*(english.Defaults.suffixes or ()), r"(?<=[a-zA-Z])/"]).search
    rules.token_match = re.compile(r"[A-Z][A-Za-z]{0,2}-\d{1,3}[A-Z]{1,3}\d?$").match
    for word in words("nouns.yaml")["unparted"]:
        for form in (word, f"{word}s", word.capitalize(), f"{word}s".capitalize()):
            rules.add_special_case(form, [{"ORTH": form}])
    for rank in words("nouns.yaml")["ranks"]:
        rules.add_special_case(rank, [{"ORTH": rank}])
    typed: Callable[[str], Doc] = rules
    return typed


def joined(spans: list[Span], starts: list[int], names: Sequence[Span]) -> Words:
    """The words with each name of several words made one; longer names first, a name over a block's edge or another name left."""
    begins = np.array([s for s, _ in spans] or [0])
    ends = np.array([e for _, e in spans] or [0])
    taken: dict[int, int] = {}
    inside: set[int] = set()
    edges = set(starts)
    for start, end in sorted(set(names), key=lambda n: (n[0] - n[1], n)):
        first, last = int(np.searchsorted(ends, start, "right")), int(np.searchsorted(begins, end, "left")) - 1
        own = set(range(first, last + 1))
        if first < last < len(spans) and not own & inside and not edges & (own - {first}):
            taken[first] = last
            inside |= own
    return renumbered(spans, edges, taken, inside)


def renumbered(spans: list[Span], edges: set[int], taken: dict[int, int], inside: set[int]) -> Words:
    found: list[Span] = []
    starts: list[int] = []
    for i, (start, end) in enumerate(spans):
        if i in inside and i not in taken:
            continue
        if i in edges:
            starts.append(len(found))
        found.append((start, spans[taken[i]][1] if i in taken else end))
    return Words(found, starts)
