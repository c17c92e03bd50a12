"""Sentences → words, sketches that copies share, and how alike two sentences are.

A sketch is a few MinHashes (Broder 1997): numbers that two sentences share with the more chance the more of their words they share, in
whatever order. It finds what is worth comparing; `is_copy` compares.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from hashlib import blake2b
from operator import or_, xor
from struct import unpack
from sys import intern

# Measured with benchmarks/bench_copies.py, three seeds; adjusted Rand index of sentences 0.97 to 0.98 with these.
BANDS, ROWS = 6, 2  # 4 bands lose 0.003 and save a third of the space; 8 gain 0.002; single words find too much that is no copy: −0.05
LEAST = 8  # words; two desks may well both write "Rebels captured Oakford on Sunday"
COPIED = 0.7  # flat from 0.6 to 0.7, −0.01 at 0.8; below 0.7 the true pairs of the articles begin to be the set phrases of one ministry
IN_COMPANY = 0.5  # flat from 0.4 to 0.6
SHORT_IN_COMPANY = 0.6  # flat from 0.5 to 0.7


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is compared. `firm`: its numbers and names, which rewording leaves alone. `spread`: a bit for each word, by which
    most sentences that share a number of a sketch by chance are told apart."""

    words: tuple[str, ...]
    firm: frozenset[str]
    spread: int

    @classmethod
    @lru_cache(maxsize=50_000)  # one object for what many reports print
    def of(cls, text: str) -> Sentence:
        found = re.findall(r"\w+", text)
        words = tuple([intern(word.casefold()) for word in found])
        firm = frozenset(words[i] for i, word in enumerate(found) if word[0].isdigit() or (i and word[0].isupper()))
        return cls(words, firm, reduce(or_, map(_bit, words), 0))

    def may_be_like(self, spread: int, length: int) -> bool:
        """Can a sentence of so many words be a copy of this one, or this one of it? Each bit that one alone has is a word that the other
        has not: what is refused here `alike` would put below IN_COMPANY."""
        mine = len(self.words)
        both = min(mine - (self.spread & ~spread).bit_count(), length - (spread & ~self.spread).bit_count())
        return 2 * both >= IN_COMPANY * (mine + length)


def sketches(sentences: Sequence[Sentence]) -> list[tuple[int, ...]]:
    """For each, numbers to look for copies by; none for a sentence of few words."""
    return [_sketch(sentence.words) if len(sentence.words) >= LEAST else () for sentence in sentences]


def _sketch(words: Sequence[str]) -> tuple[int, ...]:
    telling = {word for word in words if len(word) > 3 or word.isdigit()} or set(words)
    least = [min(column) for column in zip(*map(_hashes, telling), strict=True)]
    return tuple(reduce(xor, least[row : row + ROWS]) for row in range(0, len(least), ROWS))


@lru_cache(maxsize=200_000)
def _hashes(word: str) -> tuple[int, ...]:
    """One number for each MinHash; signed, as SQLite keeps them."""
    found: list[int] = []
    while len(found) < BANDS * ROWS:
        found += unpack("<8q", blake2b(word.encode("utf-8", "replace"), salt=bytes([len(found)])).digest())
    return tuple(found[: BANDS * ROWS])


@lru_cache(maxsize=200_000)
def _bit(word: str) -> int:
    return 1 << _hashes(word)[0] % 63


def alike(first: Sentence, second: Sentence, *, least: float = 0.0) -> float:
    """Share of the words that both have in the same order, 0 to 1; 0 below `least`."""
    from rapidfuzz.distance import Indel  # only where reports arrived: a question does without

    return Indel.normalized_similarity(first.words, second.words, score_cutoff=least)


def is_copy(first: Sentence, second: Sentence, *, in_company: bool = False) -> float:
    """How alike the two are if one is copied from the other, else 0. `in_company`: their reports share other sentences."""
    return degrees(first, second)[in_company]


def degrees(first: Sentence, second: Sentence) -> tuple[float, float]:
    """The same on its own, and in company.

    Where a number or a name stands in place of another, it takes both: "shelling killed 3 in Oakford" and "shelling killed 5 in Pinewell"
    are two reports, unless all around them is the same.
    """
    found = alike(first, second, least=IN_COMPANY)
    if not found:
        return 0.0, 0.0
    short = min(len(first.words), len(second.words)) < LEAST
    exchanged = bool(first.firm - second.firm and second.firm - first.firm)
    alone = found if found >= COPIED and not short and not exchanged else 0.0
    return alone, found if found >= (SHORT_IN_COMPANY if short else COPIED if exchanged else IN_COMPANY) else 0.0
