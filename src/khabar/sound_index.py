"""a name, a gazetteer file → the places of the file that sound like it, with how alike.

The whole name and each word of it lead to names of the same consonants; where none of these is nearly the same, also to names that differ
by one consonant. What is found is compared sound by sound.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from rapidfuzz import fuzz, process

from khabar.gazetteer_store import pieces_of, unwritten
from khabar.likeness import NEARLY_THE_SAME, likenesses
from khabar.romanising import Sounds, bones, near_bones, roughly, sounds, without_feature
from khabar.spellings import plain

MANY, COMPARED = 600, 30
"""Names that one look-up fetches, and those by each of two rough measures that it compares in full."""
BEHIND = 0.9
"""A name is compared in full where such a measure has it no further behind the likest than the cutoff lies below this. From 0.85 to 0.94
`benchmarks/bench_places.py` finds the same at a cutoff of 0.7, and variants/syria has a top-5 of 0.951 at 0.4 (0.949 with 0.82); at 0.7
two of its 548 are lost from 0.94 to 0.85. 0.94 compares a third more names."""
LETTERS = 0.04
"""What a name loses that sounds the same and has no letter in common. Top-1 on variants/syria is 0.903 from 0.02 to 0.06, 0.901 without."""
PART = 0.03
"""What a name loses that is only a part of the one in the list."""
_FETCH = "SELECT k.name, k.rough FROM json_each(?1) AS j CROSS JOIN sound k ON k.key = j.value"
_FETCH_IN = f"{_FETCH} WHERE k.country IN (SELECT value FROM json_each(?2))"
_NAMES = """
SELECT n.place, n.text, n.heard, n.sort, coalesce(p.country, ''), coalesce(p.admin1, '') || '|' || coalesce(p.areas, '')
FROM json_each(?) AS j CROSS JOIN name n ON n.number = j.value CROSS JOIN place p ON p.number = n.place
"""


class Found(NamedTuple):
    """A place by its number in the file, the spelling that is likest to the name asked for, and how alike they are."""

    place: int
    spelling: str
    score: float
    asked: str


class SoundIndex:
    """The sounds of one gazetteer file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._common: dict[str, dict[str, int]] = {}
        self._told_by = lru_cache(maxsize=50_000)(self._told)

    def find(self, text: str, countries: Sequence[str], *, limit: int, cutoff: float) -> list[Found]:
        """The likest places of those countries (of all, where none is given), the likest first."""
        best: dict[int, Found] = {}
        for piece in pieces_of(without_feature(text)):
            for place, spelling, alike in self._compared(sounds(piece), countries, cutoff):
                if alike < cutoff:
                    continue
                score = alike - LETTERS * _other_letters(piece, spelling)
                if score >= cutoff and (place not in best or score > best[place].score):
                    best[place] = Found(place, spelling, score, piece)
        return sorted(best.values(), key=lambda found: (-found.score, found.place))[:limit]

    def _compared(self, query: Sounds, countries: Sequence[str], cutoff: float) -> Iterator[tuple[int, str, float]]:
        best = 0.0
        for keys in self._ways(query, countries):
            names = self._run(_NAMES, (json.dumps(_likest(query, self._rough(keys, countries), cutoff)),)).fetchall()
            heard = [unwritten(name[2]) for name in names]
            weights = [partial(self._weight, country, areas) for *_, country, areas in names]
            for (place, spelling, _, sort, *_), alike in zip(names, likenesses(query, heard, weights), strict=True):
                score = alike - PART if sort == "part" else alike
                best = max(best, score)
                yield place, spelling, score
            if best >= NEARLY_THE_SAME:
                return

    def _ways(self, query: Sounds, countries: Sequence[str]) -> Iterator[Sequence[str]]:
        """Keys of names that sound alike, the rarest first, as no more than `MANY` names are fetched; then of those nearly so."""
        yield sorted(exact_keys(query), key=lambda key: -min((self._told_by(key, country) for country in countries), default=0.0))
        yield near_keys(query)

    def _rough(self, keys: Sequence[str], countries: Sequence[str]) -> dict[int, str]:
        """Names that the keys lead to, by their numbers, as they roughly sound."""
        asked = [json.dumps(some) for some in (keys, countries) if some]
        return dict(self._run(f"{_FETCH_IN if countries else _FETCH} LIMIT {MANY}", asked)) if keys else {}

    def _weight(self, country: str, areas: str, word: str) -> float:
        """How much a word of a name tells, 0 to 1: little where many names of the country have it, or where it names the area around."""
        key = bones(word)
        return 0.1 if key in _area_words(areas) else self._told_by(key, country)

    def _told(self, key: str, country: str) -> float:
        names = self._common_words(country).get(key)
        return max(0.3, 1 - 0.14 * math.log2(names / 1.5)) if names else 1.0

    def _common_words(self, country: str) -> dict[str, int]:
        """Word of several names of a country → how many."""
        if country not in self._common:
            rows = self._run("SELECT key, sum(names) FROM common WHERE country = ? GROUP BY key", (country,))
            self._common[country] = dict(rows)
        return self._common[country]


def _other_letters(one: str, other: str) -> float:
    """0 to 1; half between two scripts, where nothing can be said."""
    here, there = plain(one), plain(other)
    return 1 - fuzz.ratio(here, there) / 100 if here.isascii() == there.isascii() else 0.5


def _likest(query: Sounds, names: Mapping[int, str], cutoff: float) -> list[int]:
    """Those that a rough measure finds likest, vowels being all the same to it: as a whole, and as words among others."""
    spoken = roughly(" ".join(query.words))
    kept: dict[int, None] = {}
    for scorer in (fuzz.ratio, fuzz.token_set_ratio):
        found = process.extract(spoken, names, scorer=scorer, limit=COMPARED)
        kept |= dict.fromkeys(number for _, alike, number in found if alike > found[0][1] - 100 * max(BEHIND - cutoff, 0.1))
    return list(kept)


@lru_cache(maxsize=20_000)
def _area_words(areas: str) -> frozenset[str]:
    words = {bones(word) for area in areas.split("|") if area for word in sounds(area).words}
    # An article that was written as part of the word: "Elatareb".
    return frozenset(words | {f"al{word[1:]}" for word in words if word.startswith("a")})


def exact_keys(query: Sounds) -> list[str]:
    """Keys of names with the consonants of the whole name or of one of its words."""
    words = [bones(word) for word in query.words]
    return list(dict.fromkeys(key for key in ("".join(words), *(word for word in words if len(word) > 1)) if key))


def near_keys(query: Sounds) -> list[str]:
    """Keys that differ by one consonant from the whole name's or from its longest word's."""
    words = [bones(word) for word in query.words]
    nearby = dict.fromkeys(["".join(words), max(words, key=len, default="")])
    return list(dict.fromkeys(near for key in nearby if len(key) > 1 for near in _neighbours(key)))


def _neighbours(key: str) -> Iterator[str]:
    for i, sound in enumerate(key):
        for other in near_bones().get(sound, ""):
            yield key[:i] + other + key[i + 1 :]
        if len(key) > 2:
            yield key[:i] + key[i + 1 :]
    for i in range(len(key) + 1):
        for sound in _BONES if len(key) > 2 else _WEAK:
            yield key[:i] + sound + key[i:]


_BONES, _WEAK = "abdfghjklmnrstxz$", "ahn"
