"""Names in the sentences of reports → whether two reports are about one matter: for what is told without a day or a place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import log

from khabar.tellings import Telling


class Matters:
    """The names that each report uses, and how rare they are in all of them."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        names: dict[str, set[str]] = defaultdict(set)
        for telling in tellings:
            if telling.names:
                names[telling.version] |= telling.names
        self._names: Mapping[str, set[str]] = names
        self._reports = Counter(name for said in names.values() for name in said)

    @cached_property
    def _total(self) -> dict[str, float]:
        return {version: sum(map(self._rarity, sorted(said))) for version, said in self._names.items()}

    def _rarity(self, name: str) -> float:
        return log((len(self._names) + 1) / self._reports[name])

    def keys(self, version: str) -> list[str]:
        """Names that a few other reports use too, those of most of these first."""
        shared = (name for name in self._names.get(version, ()) if 1 < self._reports[name] <= FEW)
        return sorted(shared, key=lambda name: (-self._reports[name], name))[:KEYS]

    def are_one(self, one: str, other: str) -> bool | None:
        """None where either names too little to say."""
        ours, theirs = self._names.get(one, set()), self._names.get(other, set())
        if min(len(ours), len(theirs)) < NAMED:
            return None
        common = ours & theirs
        least = min(self._total[one], self._total[other])
        return len(common) >= NAMED and sum(map(self._rarity, sorted(common))) >= ALIKE * least


FEW = 40  # reports: a name that more of them use brings too many together to be looked through
KEYS = 12  # names by which other reports on the matter of one are sought
NAMED = 2  # one name in common may be a country
ALIKE = 0.3  # of the rarity of the names of the one that has less; declared, not tuned on a set
