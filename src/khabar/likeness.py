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
    joined = "".join(one.words)
    wholes = [(joined, "".join(other.words)) for other in others]
    pairs = dict.fromkeys(wholes)
    for other in others:
        if _is_longer(one, other):
            pairs.update(dict.fromkeys(product(one.words, other.words)))
    alike = word_likenesses(pairs)
    found = []
    for other, whole, weigh in zip(others, wholes, weights, strict=True):
        score = alike[whole]
        if score < NEARLY_THE_SAME and _is_longer(one, other):
            score = max(score, _by_words(one.words, other.words, alike, weigh))
        found.append(score - _opposition(one.meanings, other.meanings) if one.meanings or other.meanings else score)
    return found


def _is_longer(one: Sounds, other: Sounds) -> bool:
    return len(one.words) + len(other.words) > 2


def _opposition(one: frozenset[str], other: frozenset[str]) -> float:
    return OPPOSED if one and other and not one & other else UNMATCHED * len(one ^ other)


Alike = Mapping[tuple[str, str], float]


def _by_words(one: Sequence[str], other: Sequence[str], alike: Alike, weigh: Weigh) -> float:
    pairs = _paired(one, other, alike)
    if not pairs:
        return 0.0
    here, there = [mass(word) * weigh(word) for word in one], [mass(word) * weigh(word) for word in other]
    matched = sum([score * (here[i] + there[j]) for score, i, j in pairs])
    left, right = {i for _, i, _ in pairs}, {j for _, _, j in pairs}
    spare = SPARE_ONE * sum([w for i, w in enumerate(here) if i not in left])
    spare += SPARE_OTHER * sum([w for j, w in enumerate(there) if j not in right])
    total = sum(here) + sum(there) - spare
    return matched / total if total else 0.0


def _paired(one: Sequence[str], other: Sequence[str], alike: Alike) -> list[tuple[float, int, int]]:
    """Words that are alike, the likest first, each once: how alike, and where they stand."""
    near = [(score, i, j) for i, a in enumerate(one) for j, b in enumerate(other) if (score := alike[a, b]) > LEAST]
    if len(near) < 2:
        return near
    left, right, kept = set(range(len(one))), set(range(len(other))), []
    for score, i, j in sorted(near, reverse=True):
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            kept.append((score, i, j))
    return kept


def word_likenesses(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """How alike two words in signs for sounds are, for each pair."""
    found = {(one, other): float(one == other) for one, other in pairs}
    unlike = [pair for pair, same in found.items() if not same and all(pair) and _share_consonants(*pair)]
    if unlike:
        saved, spent = _savings(unlike)
        for (one, other), cost in zip(unlike, (spent - saved[-1, -1]).tolist(), strict=True):
            found[one, other] = max(0.0, 1 - cost / ((mass(one) + mass(other)) * 50))
    return found


def _share_consonants(one: str, other: str) -> bool:
    """Most pairs of words that are compared share next to nothing; that of two whole names is not worth asking."""
    if len(one) > LONG or len(other) > LONG:
        return True
    here, there = bones(one), bones(other)
    return len(here) < 3 or len(there) < 3 or fuzz.ratio(here, there) >= 40


LONG = 12
"""Sounds of a word from which it is likely that of several words together."""


@lru_cache(maxsize=100_000)
def mass(word: str) -> float:
    """How many sounds a word has, vowels counting 0.4 and glides 0.6."""
    firm = word.translate(_NO_VOWELS)
    return (4 * len(word) + 2 * len(firm) + 4 * len(firm.translate(_NO_GLIDES))) / 10


_NO_VOWELS = str.maketrans(dict.fromkeys(VOWELS - {"A"}))
_NO_GLIDES = str.maketrans(dict.fromkeys("hwyA"))


Costs = NDArray[np.int32]
"""In hundredths: whole numbers, which add up to the same everywhere."""


def _savings(pairs: Sequence[tuple[str, str]]) -> tuple[Costs, Costs]:
    """For all pairs at once, [i, j, pair] what is saved by turning the first i sounds of the one into the first j of the other at the least
    cost, over leaving out those i and adding those j; and what it costs to leave out and to add them all."""
    gains, losses = _gains()
    one, other = (np.array([pair[side] for pair in pairs], "S").view(np.uint8).reshape(len(pairs), -1).T for side in (0, 1))
    saved = np.zeros((len(one) + 1, len(other) + 1, len(pairs)), np.int32)
    for before, row, gain in zip(saved, saved[1:], gains[one[:, None], other[None]], strict=False):
        np.add(before[:-1], gain, out=row[1:])
        np.maximum(row, before, out=row)
        np.maximum.accumulate(row, axis=0, out=row)
    return saved, losses[one].sum(axis=0) + losses[other].sum(axis=0)


@cache
def _gains() -> tuple[Costs, Costs]:
    """By the codes of two sounds, what is saved by exchanging them over leaving out the one and adding the other; by that of one, what it
    costs to leave it out or to add it. Nothing at 0, which fills the shorter of some words."""
    exchanges, left_out = sound_costs()
    losses, gains = np.zeros(128, np.int32), np.zeros((128, 128), np.int32)
    for sound, cost in left_out.items():
        losses[ord(sound)] = round(cost * 100)
    for sound, others in exchanges.items():
        for other, cost in others.items():
            gains[ord(sound), ord(other)] = losses[ord(sound)] + losses[ord(other)] - round(cost * 100)
    return gains, losses


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
    pairs = _paired(one.words, other.words, alike)
    if pairs and _is_longer(one, other) and alike[words[0]] < 0.85:
        words = [(one.words[i], other.words[j]) for _, i, j in pairs]
        found += [f"the list lacks {_spoken(word)}" for i, word in enumerate(one.words) if i not in {p[1] for p in pairs}]
        found += [f"the list adds {_spoken(word)}" for j, word in enumerate(other.words) if j not in {p[2] for p in pairs}]
    exchanges = dict.fromkeys(exchange for pair in words if pair[0] != pair[1] for exchange in _exchanges(*pair))
    found = [*exchanges, *found]
    found += [f"the list lacks {meaning}" for meaning in sorted(one.meanings - other.meanings)]
    found += [f"the list adds {meaning}" for meaning in sorted(other.meanings - one.meanings)]
    return tuple(found)


def _exchanges(one: str, other: str) -> Iterator[str]:
    """Sounds of the one that stand for sounds of the other, along the cheapest way from one to the other."""
    gains, _ = _gains()
    here, there = one.encode(), other.encode()
    saved = _savings([(one, other)])[0][:, :, 0].tolist()
    i, j = len(one), len(other)
    found: list[str] = []
    while i or j:
        if i and j and saved[i][j] == saved[i - 1][j - 1] + gains[here[i - 1], there[j - 1]]:
            i, j = i - 1, j - 1
            found.append(_named(one[i], other[j]))
        elif i and saved[i][j] == saved[i - 1][j]:
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
