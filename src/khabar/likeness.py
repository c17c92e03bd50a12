"""two names as they sound → how alike they are, from 0 to 1, and what sets them apart.

A distance over sounds: to write q for k costs little, to leave a vowel out little more, l for r much. Words of the two names are paired, in
any order; a word that only one of them has costs less where it is common in the country, or names the district around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
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
    return likenesses(one, [other], [weigh])[0]


def likenesses(one: Sounds, others: Sequence[Sounds], weights: Sequence[Weigh]) -> list[float]:
    """How alike the name asked for and each of a list are, with how much a word of each tells."""
    wholes = [("".join(one.words), "".join(other.words)) for other in others]
    pairs = dict.fromkeys(wholes)
    for other in others:
        if _is_longer(one, other):
            pairs |= dict.fromkeys(product(one.words, other.words))
    alike = word_likenesses(pairs)
    found = []
    for other, whole, weigh in zip(others, wholes, weights, strict=True):
        score = alike[whole]
        if score < NEARLY_THE_SAME and _is_longer(one, other):
            score = max(score, _by_words(one.words, other.words, alike, weigh))
        found.append(score - _opposition(one.meanings, other.meanings))
    return found


def _is_longer(one: Sounds, other: Sounds) -> bool:
    return len(one.words) + len(other.words) > 2


def _opposition(one: frozenset[str], other: frozenset[str]) -> float:
    return OPPOSED if one and other and not one & other else UNMATCHED * len(one ^ other)


Alike = Mapping[tuple[str, str], float]


def _by_words(one: Sequence[str], other: Sequence[str], alike: Alike, weigh: Weigh) -> float:
    pairs = list(_paired(one, other, alike))
    if not pairs:
        return 0.0
    left, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    here, there = [mass(word) * weigh(word) for word in one], [mass(word) * weigh(word) for word in other]
    matched = sum(score * (here[i] + there[j]) for i, j, score in pairs)
    spare = SPARE_ONE * sum(w for i, w in enumerate(here) if i not in left) + SPARE_OTHER * sum(
        w for j, w in enumerate(there) if j not in right
    )
    total = sum(here) + sum(there) - spare
    return matched / total if total else 0.0


def _paired(one: Sequence[str], other: Sequence[str], alike: Alike) -> Iterator[tuple[int, int, float]]:
    """Words that are alike, the likest first, each once."""
    near = [(score, i, j) for (i, a), (j, b) in product(enumerate(one), enumerate(other)) if (score := alike[a, b]) > LEAST]
    left, right = set(range(len(one))), set(range(len(other)))
    for score, i, j in sorted(near, reverse=True):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            yield i, j, score


def word_likenesses(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """How alike two words in signs for sounds are, for each pair."""
    found = {(one, other): float(one == other) for one, other in pairs}
    unlike = [pair for pair, same in found.items() if not same and all(pair) and _share_consonants(*map(bones, pair))]
    if unlike:
        rows, lost = _distances(unlike)
        lengths = np.array([(len(one), len(other)) for one, other in unlike])
        cost = rows[lengths[:, 0], lengths[:, 1], np.arange(len(unlike))] + lost[-1]
        whole = np.array([mass(one) + mass(other) for one, other in unlike]) * 50
        found |= zip(unlike, np.maximum(0, 1 - cost / whole).tolist(), strict=True)
    return found


def _share_consonants(one: str, other: str) -> bool:
    """Most pairs of words that are compared share next to nothing."""
    return len(one) < 3 or len(other) < 3 or fuzz.ratio(one, other) >= 40


@lru_cache(maxsize=100_000)
def mass(word: str) -> float:
    """How many sounds a word has, vowels counting less."""
    return sum(0.4 if sound in VOWELS and sound != "A" else 0.6 if sound in "hwyA" else 1.0 for sound in word)


Costs = NDArray[np.int32]
"""In hundredths: whole numbers, which add up to the same everywhere."""


def _distances(pairs: Sequence[tuple[str, str]]) -> tuple[Costs, Costs]:
    """For all pairs at once, [i, j, pair] the cost of turning the first i sounds of the one into the first j of the other, less [j, pair]
    what those j cost to add: so the cheapest way along a row is its smallest number so far."""
    exchanges, losses = _cost_tables()
    one, other = (np.array([pair[side] for pair in pairs], "S").view(np.uint8).reshape(len(pairs), -1).T for side in (0, 1))
    added = losses[other]
    change = exchanges[one[:, None], other[None]] - added[None]
    rows = np.zeros((len(one) + 1, len(other) + 1, len(pairs)), np.int32)
    for i, drop in enumerate(losses[one]):
        row = rows[i] + drop
        np.minimum(row[1:], rows[i, :-1] + change[i], out=row[1:])
        np.minimum.accumulate(row, axis=0, out=rows[i + 1])
    lost = np.zeros(rows.shape[1:], np.int32)
    np.cumsum(added, axis=0, out=lost[1:])
    return rows, lost


@cache
def _cost_tables() -> tuple[Costs, Costs]:
    """`sound_costs` by the codes of the letters."""
    costs, losses = sound_costs()
    exchanges, lost = np.zeros((128, 128), np.int32), np.zeros(128, np.int32)
    for sound, others in costs.items():
        lost[ord(sound)] = round(losses[sound] * 100)
        exchanges[ord(sound), list(map(ord, others))] = [round(cost * 100) for cost in others.values()]
    return exchanges, lost


# --- what sets them apart


_SPOKEN = {"x": "kh", "G": "gh", "D": "dh", "T": "th", "S": "sh", "C": "ch", "A": "ayn"}


def differences(one: Sounds, other: Sounds) -> tuple[str, ...]:
    """What a person would name, the name asked for first.

    >>> from khabar.romanising import sounds
    >>> differences(sounds("Qalat Jarmaq"), sounds("Western Kalat Garmak"))
    ('j for g', 'the list adds west')
    """
    if one == other:
        return ()
    words = [("".join(one.words), "".join(other.words))]
    found: list[str] = []
    alike = word_likenesses([*words, *product(one.words, other.words)])
    pairs = list(_paired(one.words, other.words, alike))
    if pairs and _is_longer(one, other) and alike[words[0]] < 0.85:
        words = [(one.words[i], other.words[j]) for i, j, _ in pairs]
        found += [f"the list lacks {_spoken(word)}" for i, word in enumerate(one.words) if i not in {p[0] for p in pairs}]
        found += [f"the list adds {_spoken(word)}" for j, word in enumerate(other.words) if j not in {p[1] for p in pairs}]
    exchanges = dict.fromkeys(exchange for pair in words if pair[0] != pair[1] for exchange in _exchanges(*pair))
    found = [*exchanges, *found]
    found += [f"the list lacks {meaning}" for meaning in sorted(one.meanings - other.meanings)]
    found += [f"the list adds {meaning}" for meaning in sorted(other.meanings - one.meanings)]
    return tuple(found)


def _exchanges(one: str, other: str) -> Iterator[str]:
    """Sounds of the one that stand for sounds of the other, along the cheapest way from one to the other."""
    exchanges, losses = _cost_tables()
    here, there = one.encode(), other.encode()
    table, lost = _distances([(one, other)])
    rows = (table + lost)[:, :, 0].tolist()
    i, j = len(one), len(other)
    found: list[str] = []
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + exchanges[here[i - 1], there[j - 1]]:
            i, j = i - 1, j - 1
            found.append(_named(one[i], other[j]))
        elif i and rows[i][j] == rows[i - 1][j] + losses[here[i - 1]]:
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
