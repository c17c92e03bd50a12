"""two names → how alike they sound, from 0 to 1, and what sets them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

from khabar.romanising import Sounds, exchange_cost, loss_cost

COMMON = 0.35
Weigh = Callable[[str], float]


@lru_cache(maxsize=200_000)
def word_distance(one: str, other: str) -> float:
    """Cost of turning the sounds of one word into those of the other."""
    above = [0.0]
    for b in other:
        above.append(above[-1] + loss_cost(b))
    for a in one:
        drop = loss_cost(a)
        row = [above[0] + drop]
        for j, b in enumerate(other):
            row.append(min(above[j] + exchange_cost(a, b), above[j + 1] + drop, row[j] + loss_cost(b)))
        above = row
    return above[-1]


@lru_cache(maxsize=100_000)
def mass(word: str) -> float:
    return sum(0.4 if c in "aeiouEOWY" else 0.6 if c in "hwyA" else 1.0 for c in word)


@lru_cache(maxsize=200_000)
def word_likeness(one: str, other: str) -> float:
    whole = (mass(one) + mass(other)) / 2
    return max(0.0, 1 - word_distance(one, other) / whole) if whole else float(one == other)


def likeness(one: Sounds, other: Sounds, weigh: Weigh = lambda word: 1.0) -> float:
    score = max(word_likeness("".join(one.words), "".join(other.words)), _aligned(one.words, other.words, weigh))
    return score - _apart(one.meanings, other.meanings)


def _apart(one: frozenset[str], other: frozenset[str]) -> float:
    if one == other:
        return 0.0
    if one and other and not one & other:
        return 0.2
    return 0.06 * len(one ^ other)


def _aligned(one: Sequence[str], other: Sequence[str], weigh: Weigh) -> float:
    if len(one) == 1 and len(other) == 1:
        return 0.0
    pairs = sorted(((word_likeness(a, b), i, j) for (i, a), (j, b) in product(enumerate(one), enumerate(other))), reverse=True)
    left, right = set(range(len(one))), set(range(len(other)))
    matched = order = 0.0
    for alike, i, j in pairs:
        if alike > 0.5 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            matched += alike * (mass(one[i]) * weigh(one[i]) + mass(other[j]) * weigh(other[j]))
            order += i != j
    total = sum(mass(w) * weigh(w) for w in (*one, *other))
    spare = sum(mass(other[j]) * weigh(other[j]) for j in right) * 0.3
    return matched / (total - spare) if total else 0.0


def differences(one: Sounds, other: Sounds) -> tuple[str, ...]:
    return ()
