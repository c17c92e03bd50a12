"""Names in the sentences of reports → whether two reports are about one matter: for what is told without a day or a place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Set
from math import log

from khabar.tellings import Telling

Answer = tuple[bool | None, bool]


class Matters:
    """The names that each report uses, and how rare they are in all of them. `names`: of a version; `count`: how many reports use a name;
    `number`: of reports that use any; `answers`: all that was asked of two versions, each with whether it hangs on how rare names
    are."""

    def __init__(self, names: Callable[[str], Set[str]], count: Callable[[str], int], number: int) -> None:
        self._names, self._count, self._number = names, count, number
        self._totals: dict[str, float] = {}
        self._rarities: dict[str, float] = {}
        self.answers: dict[tuple[str, str], Answer] = {}

    @classmethod
    def of(cls, tellings: Iterable[Telling]) -> Matters:
        names: dict[str, set[str]] = defaultdict(set)
        for telling in tellings:
            if telling.names:
                names[telling.version] |= telling.names
        counts = Counter(name for said in names.values() for name in said)
        return cls(lambda version: names.get(version, NONE), counts.__getitem__, len(names))

    def keys(self, version: str) -> list[str]:
        """Names that a few other reports use too: of these, those of most reports."""
        shared = (name for name in self._names(version) if self.is_key(self._count(name)))
        return sorted(sorted(shared, key=lambda name: (-self._count(name), name))[:KEYS])

    def is_key(self, count: int) -> bool:
        """Is a name that so many reports use one that others are sought by?"""
        return 1 < count <= FEW

    def are_one(self, one: str, other: str) -> bool | None:
        """None where either names too little to say."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self.answers:
            self.answers[pair] = ANSWERS[self._are_one(*pair)]
        return self.answers[pair][0]

    def _are_one(self, one: str, other: str) -> Answer:
        ours, theirs = self._names(one), self._names(other)
        if min(len(ours), len(theirs)) < NAMED:
            return None, False
        common = ours & theirs
        if len(common) < NAMED:
            return False, False
        least = min(self._total(one), self._total(other))
        return sum(map(self._rarity, sorted(common))) >= ALIKE * least, True

    def _total(self, version: str) -> float:
        if version not in self._totals:
            self._totals[version] = sum(map(self._rarity, sorted(self._names(version))))
        return self._totals[version]

    def _rarity(self, name: str) -> float:
        if name not in self._rarities:
            self._rarities[name] = log((self._number + 1) / self._count(name))
        return self._rarities[name]


NONE: frozenset[str] = frozenset()
EVERY: tuple[Answer, ...] = ((None, False), (False, False), (False, True), (True, True))
ANSWERS = {answer: answer for answer in EVERY}  # one object for what is answered a million times
FEW = 40  # reports: a name that more of them use brings too many together to be looked through
KEYS = 12  # names by which other reports on the matter of one are sought
NAMED = 2  # one name in common may be a country
ALIKE = 0.3  # of the rarity of the names of the one that has less; declared, not tuned on a set
