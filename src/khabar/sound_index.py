"""a name, a gazetteer file → the places of the file that sound like it, with how alike.

The whole name and each word of it lead to names of the same consonants; where none of these is nearly the same, also to names that differ
by one consonant. What is found is compared sound by sound.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from rapidfuzz import fuzz, process

from khabar.gazetteer_store import pieces_of, unwritten
from khabar.likeness import NEARLY_THE_SAME, differences, likeness
from khabar.romanising import Sounds, bones, near_bones, roughly, sounds, without_feature
from khabar.spellings import plain

MANY, COMPARED = 2000, 30
"""Names that one look-up fetches, and those by each of two rough measures that it compares in full."""
BEHIND = 35
"""Percent by which a name may be behind the likest by such a measure to be compared in full."""
LETTERS = 0.04
"""What a name loses that sounds the same and has no letter in common. Top-1 on variants/syria is 0.903 from 0.02 to 0.06, 0.901 without."""
PART = 0.03
"""What a name loses that is only a part of the one in the list."""
_FETCH = "SELECT DISTINCT n.number, n.place, n.text, n.heard, n.sort FROM sound k JOIN name n ON n.number = k.name WHERE k.key IN ({})"
_AREAS = "SELECT country, coalesce(admin1, '') || '|' || coalesce(areas, '') FROM place WHERE number = ?"
_Name = tuple[int, int, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A place by its number in the file, the spelling that is likest to the name, how alike they are, and what sets them apart."""

    place: int
    spelling: str
    score: float
    reasons: tuple[str, ...]


class SoundIndex:
    """The sounds of one gazetteer file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._common: dict[tuple[str, str], float] = {}

    def find(self, text: str, countries: Sequence[str], *, limit: int, cutoff: float) -> list[Found]:
        """The likest places of those countries (of all, where none is given), the likest first."""
        best: dict[int, tuple[float, str, Sounds]] = {}
        for piece in pieces_of(without_feature(text)):
            query = sounds(piece)
            for place, spelling, alike in self._compared(query, countries):
                score = alike - LETTERS * _other_letters(piece, spelling)
                if score >= cutoff and (place not in best or score > best[place][0]):
                    best[place] = score, spelling, query
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
        return [Found(place, spelling, score, differences(query, sounds(spelling))) for place, (score, spelling, query) in ranked]

    def _compared(self, query: Sounds, countries: Sequence[str]) -> Iterator[tuple[int, str, float]]:
        best = 0.0
        for keys in search_keys(query):
            if best >= NEARLY_THE_SAME:
                return
            for _, place, spelling, heard, sort in _likest(query, self._names(keys, countries)):
                country, areas = self._run(_AREAS, (place,)).fetchone()
                score = likeness(query, unwritten(heard), partial(self._weight, country or "", areas)) - (PART if sort == "part" else 0.0)
                best = max(best, score)
                yield place, spelling, score

    def _names(self, keys: Sequence[str], countries: Sequence[str]) -> list[_Name]:
        sql = _FETCH.format(",".join("?" * len(keys)))
        if countries:
            sql += f" AND k.country IN ({','.join('?' * len(countries))})"
        return self._run(f"{sql} LIMIT {MANY}", (*keys, *countries)).fetchall()

    def _weight(self, country: str, areas: str, word: str) -> float:
        """How much a word of a name tells, 0 to 1: little where many names of the country have it, or where it names the area around."""
        key = bones(word), country
        if key[0] in _area_words(areas):
            return 0.1
        if key not in self._common:
            (names,) = self._run("SELECT sum(names) FROM common WHERE key = ? AND country = ?", key).fetchone()
            self._common[key] = max(0.3, 1 - 0.14 * math.log2(names / 1.5)) if names else 1.0
        return self._common[key]


def _other_letters(one: str, other: str) -> float:
    """0 to 1; half between two scripts, where nothing can be said."""
    here, there = plain(one), plain(other)
    return 1 - fuzz.ratio(here, there) / 100 if here.isascii() == there.isascii() else 0.5


def _likest(query: Sounds, names: list[_Name]) -> list[_Name]:
    """Those that a rough measure finds likest, vowels being all the same to it: as a whole, and as words among others."""
    if len(names) <= COMPARED:
        return names
    spoken, choices = roughly(" ".join(query.words)), [roughly(name[3].partition("|")[0]) for name in names]
    kept: dict[int, None] = {}
    for scorer in (fuzz.ratio, fuzz.token_set_ratio):
        found = process.extract(spoken, choices, scorer=scorer, limit=COMPARED)
        kept |= dict.fromkeys(index for _, alike, index in found if alike > found[0][1] - BEHIND)
    return [names[index] for index in kept]


@lru_cache(maxsize=20_000)
def _area_words(areas: str) -> frozenset[str]:
    words = {bones(word) for area in areas.split("|") if area for word in sounds(area).words}
    # An article that was written as part of the word: "Elatareb".
    return frozenset(words | {f"al{word[1:]}" for word in words if word.startswith("a")})


def search_keys(query: Sounds) -> Iterator[tuple[str, ...]]:
    """Keys of names that sound alike: of the whole name and its words; then what differs by one consonant from it or its longest word."""
    words = [bones(word) for word in query.words]
    exact = tuple(dict.fromkeys(["".join(words), *(word for word in words if len(word) > 1)]))
    yield exact
    nearby = dict.fromkeys([exact[0], max(words, key=len)]) if words else ()
    yield tuple(dict.fromkeys(near for key in nearby if len(key) > 1 for near in _neighbours(key)))


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
