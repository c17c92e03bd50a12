"""Names of places that stand beside each other → each by itself, where a list has lost its commas: "Karsa Tel Amara and Marou"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from khabar.ground import Ground, tokens_of
from khabar.lexicon import table
from khabar.model import Span
from khabar.toponym_extents import KNOWN

if TYPE_CHECKING:
    from khabar.doc import Token

JOINED = (" and ", " or ", " as well as ")


def listed_apart(spans: Sequence[Span], ground: Ground) -> list[Span]:
    """The spans, those in a list cut where the tree begins another of its members; a name that a gazetteer has stays whole."""
    cut = [part for run in _runs(spans, ground) for part in _members(run, ground)]
    return sorted(set(cut))


def _runs(spans: Sequence[Span], ground: Ground) -> Iterator[list[Span]]:
    """Names with nothing but a blank between them."""
    run: list[Span] = []
    for span in sorted(spans):
        if run and ground.text[run[-1][1] : span[0]] != " ":
            yield run
            run = []
        run.append(span)
    if run:
        yield run


def _members(run: Sequence[Span], ground: Ground) -> list[Span]:
    start, end = run[0][0], run[-1][1]
    words = tokens_of(ground.doc, (start, end))
    listed = any(ground.text.startswith(joint, end) for joint in JOINED)
    if not listed or len(words) < 2 or any(not word.text[0].isupper() for word in words) or ground.is_known(ground.words((start, end))):
        return list(run)
    begins = [at for at in range(1, len(words)) if _begins(words, at)]
    if not begins and not all(word.dep_ == "flat" for word in words[1:]):
        return list(run)
    edges = _known(words, ground) or [0, *begins, len(words)]
    return [(words[a].idx, words[b - 1].idx + len(words[b - 1])) for a, b in pairwise(edges)]


def _begins(words: Sequence[Token], at: int) -> bool:
    """Is a word another member of the list, and not the second word of a name ("Tel | Amara")?"""
    word, before = words[at], words[at - 1]
    return word.dep_ == "conj" and word.head in words[:at] and before.text not in table("place_forms")["name_openers"]


def _known(words: Sequence[Token], ground: Ground) -> list[int]:
    """Where each name begins and the last ends if places are called so in the report's countries all of them; the longest names first."""
    for size in range(len(words), 0, -1):
        name = " ".join(word.text for word in words[:size])
        least = KNOWN if name in table("place_forms")["name_openers"] else -1
        if len(name) < SHORTEST or not ground.is_here(name, above=least):
            continue
        if size == len(words):
            return [0, size]
        rest = _known(words[size:], ground)
        if rest:
            return [0, *(size + edge for edge in rest)]
    return []


SHORTEST = 4
"""Letters of a name that is told from a part of another by the gazetteer alone."""
