"""two names as they sound → how alike they are, from 0 to 1, and what sets them apart.

A distance over sounds: to write q for k costs little, to leave a vowel out little more, l for r much. Words of the two names are paired, in
any order; a word that only one of them has costs less where it is common in the country, or names the district around.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, product

from rapidfuzz import fuzz

from khabar.romanising import VOWELS, Sounds, bones, sound_costs

Weigh = Callable[[str], float]
"""How much a word tells, 0 to 1."""
SPARE_ONE, SPARE_OTHER = 0.15, 0.5
"""How much of a word that the other name lacks is forgiven, besides what is because the word is common. On variants/syria top-1 and top-5
change by less than 0.006 from 0 and 0.3 to 0.3 and 0.75."""
NEARLY_THE_SAME = 0.93
"""Likeness from which nothing likelier is looked for in other ways."""
LEAST = 0.5
"""Likeness below which two words have nothing to do with each other."""
OPPOSED, UNMATCHED = 0.2, 0.06
"""Cost of east against west, and of a meaning that only one of the names has."""


def likeness(one: Sounds, other: Sounds, weigh: Weigh = lambda word: 1.0) -> float:
    """How alike the name asked for and one of a list are.

    >>> from khabar.romanising import sounds
    >>> [round(likeness(sounds("Tall Qarah"), sounds(name)), 2) for name in ("Tel Kara", "Tell Gara", "Kara", "Tell Fara")]
    [0.97, 0.94, 0.72, 0.78]
    """
    several = len(one.words) + len(other.words) > 2
    score = _by_words(one.words, other.words, weigh) if several else 0.0
    if score < NEARLY_THE_SAME:
        score = max(score, word_likeness("".join(one.words), "".join(other.words)))
    return score - _opposition(one.meanings, other.meanings)


def _opposition(one: frozenset[str], other: frozenset[str]) -> float:
    return OPPOSED if one and other and not one & other else UNMATCHED * len(one ^ other)


def _by_words(one: Sequence[str], other: Sequence[str], weigh: Weigh) -> float:
    pairs = list(_paired(one, other))
    left, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    here, there = [mass(word) * weigh(word) for word in one], [mass(word) * weigh(word) for word in other]
    matched = sum(alike * (here[i] + there[j]) for i, j, alike in pairs)
    spare = SPARE_ONE * sum(w for i, w in enumerate(here) if i not in left) + SPARE_OTHER * sum(
        w for j, w in enumerate(there) if j not in right
    )
    total = sum(here) + sum(there) - spare
    return matched / total if total else 0.0


def _paired(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Words that are alike, the likest first, each once."""
    left, right = set(range(len(one))), set(range(len(other)))
    for alike, i, j in sorted(((word_likeness(a, b), i, j) for (i, a), (j, b) in product(enumerate(one), enumerate(other))), reverse=True):
        if alike > LEAST and i in left and j in right:
            left.remove(i)
            right.remove(j)
            yield i, j, alike


@lru_cache(maxsize=200_000)
def word_likeness(one: str, other: str) -> float:
    """How alike two words in signs for sounds are."""
    if one == other:
        return 1.0
    here, there = bones(one), bones(other)
    if len(here) > 2 and len(there) > 2 and fuzz.ratio(here, there) < 40:
        return 0.0  # most pairs of words that are compared share next to nothing
    whole = (mass(one) + mass(other)) / 2
    rows = _distances(one, other, whole * (1 - LEAST))
    return max(0.0, 1 - rows[-1][-1] / whole) if len(rows) > len(one) and whole else 0.0


@lru_cache(maxsize=100_000)
def mass(word: str) -> float:
    """How many sounds a word has, vowels counting less."""
    return sum(0.4 if sound in VOWELS and sound != "A" else 0.6 if sound in "hwyA" else 1.0 for sound in word)


def _distances(one: str, other: str, worst: float = math.inf) -> list[list[float]]:
    """Cost of turning each beginning of the one into each of the other; given up, with fewer rows, where it is sure to exceed `worst`."""
    costs, losses = sound_costs()
    lost = [losses[sound] for sound in other]
    rows = [[0.0, *accumulate(lost)]]
    for sound in one:
        exchange, drop, above = costs[sound], losses[sound], rows[-1]
        left = above[0] + drop
        row = [left]
        for changed, add, before, over in zip(other, lost, above, above[1:], strict=False):  # min() would take half of the time
            cost, without, left = before + exchange[changed], over + drop, left + add
            if without < cost:
                cost = without
            if cost < left:
                left = cost
            row.append(left)
        if min(row) > worst:
            break
        rows.append(row)
    return rows


# --- what sets them apart


_SPOKEN = {"x": "kh", "G": "gh", "D": "dh", "T": "th", "S": "sh", "C": "ch", "A": "ayn"}


def differences(one: Sounds, other: Sounds) -> tuple[str, ...]:
    """What a person would name, the name asked for first.

    >>> from khabar.romanising import sounds
    >>> differences(sounds("Qalat Jarmaq"), sounds("Western Kalat Garmak"))
    ('j for g', 'the list adds west')
    """
    words = [("".join(one.words), "".join(other.words))]
    found: list[str] = []
    pairs = list(_paired(one.words, other.words))
    if pairs and len(one.words) + len(other.words) > 2 and word_likeness(*words[0]) < 0.85:
        words = [(one.words[i], other.words[j]) for i, j, _ in pairs]
        found += [f"the list lacks {_spoken(word)}" for i, word in enumerate(one.words) if i not in {p[0] for p in pairs}]
        found += [f"the list adds {_spoken(word)}" for j, word in enumerate(other.words) if j not in {p[1] for p in pairs}]
    exchanges = dict.fromkeys(exchange for pair in words for exchange in _exchanges(*pair))
    found = [*exchanges, *found]
    found += [f"the list lacks {meaning}" for meaning in sorted(one.meanings - other.meanings)]
    found += [f"the list adds {meaning}" for meaning in sorted(other.meanings - one.meanings)]
    return tuple(found)


def _exchanges(one: str, other: str) -> Iterator[str]:
    """Sounds of the one that stand for sounds of the other, along the cheapest way from one to the other."""
    costs, losses = sound_costs()
    rows = _distances(one, other)
    i, j = len(one), len(other)
    found: list[str] = []
    while i or j:
        if i and j and abs(rows[i][j] - rows[i - 1][j - 1] - costs[one[i - 1]][other[j - 1]]) < 1e-9:
            i, j = i - 1, j - 1
            found.append(_named(one[i], other[j]))
        elif i and abs(rows[i][j] - rows[i - 1][j] - losses[one[i - 1]]) < 1e-9:
            i -= 1
            found.append(_named(one[i], ""))
        else:
            j -= 1
            found.append(_named("", other[j]))
    yield from filter(None, reversed(found))


def _named(one: str, other: str) -> str:
    light = VOWELS | {"w", "y", ""}
    if one == other or sound_costs()[0].get(one, {}).get(other, 1.0) <= 0.06:
        return ""
    if one in light and other in light:
        return "other vowels"
    if not other:
        return f"{_spoken(one)} more"
    return f"{_spoken(one)} for {_spoken(other)}" if one else f"{_spoken(other)} less"


def _spoken(heard: str) -> str:
    """Signs for sounds as letters."""
    return "".join(_SPOKEN.get(sound, sound.lower()) for sound in heard)
