"""Two parties and a day → how they stand to each other; asked once for each stretch of days in which the answer cannot change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Literal

from khabar.parties import Party
from khabar.spellings import normal
from khabar.ties import Ties

Relation = Literal["same", "may be", "unclear", "opposed", "other"]
"""One, or member and coalition; as far as the words go, or on one side; a description that says too little; enemies; two others."""

NEVER = date.max.toordinal() + 1

RELATIONS: tuple[Relation, ...] = ("same", "may be", "unclear", "opposed", "other")


class _Pair:
    """How two stand to each other: `found`, from the day `since` on and before the day `until`, as was asked last; of other days it is
    `known` by stretch, between the `turns` on which it may change."""

    __slots__ = ("found", "known", "since", "turns", "until")

    def __init__(self, turns: list[int]) -> None:
        self.turns, self.since, self.until = turns, 0, 0
        self.known: dict[int, Relation] = {}
        self.found: Relation = "other"

    def last(self, stretch: int, found: Relation) -> None:
        """Have at hand what was found of this stretch."""
        self.found = found
        self.since = self.turns[stretch - 1] if stretch > 0 else 0
        self.until = self.turns[stretch] if 0 <= stretch < len(self.turns) else NEVER


class Kinship:
    """Asks `Ties`, and keeps the answers. `described`: keys of what some report writes without a capital, so that "Gunmen" at the
    beginning of a sentence is no name."""

    def __init__(self, ties: Ties, described: frozenset[str] = frozenset()) -> None:
        self._ties, self.described = ties, described
        self._pairs: dict[tuple[str, str, str, str], _Pair] = {}
        self._days: dict[str, frozenset[int]] = {}

    def relation(self, one: Party, other: Party, on: int | None) -> Relation:
        """How they stand to each other on a day, None for any day."""
        if one.key == other.key:
            return "may be" if one.is_generic else "same"
        names = (one.key, one.name, other.key, other.name)
        pair = self._pairs.get(names)
        if pair is None:
            pair = self._pairs[names] = self._pairs[names[2:] + names[:2]] = _Pair(self._turns(one, other))  # either way round
        if on is not None and pair.since <= on < pair.until:  # they are asked of again and again, day by day
            return pair.found
        stretch = bisect_right(pair.turns, on) if on is not None and pair.turns else -1
        found = pair.known.get(stretch)
        if found is None:
            day = date.fromordinal(on) if on is not None else None
            found = pair.known[stretch] = self._asked(self._as_meant(one), self._as_meant(other), day)
        if on is not None:
            pair.last(stretch, found)
        return found

    def _as_meant(self, party: Party) -> Party:
        return Party(party.key, None, party.name.lower()) if party.id is None and party.key in self.described else party

    def _asked(self, one: Party, other: Party, on: date | None) -> Relation:
        generic = one.is_generic or other.is_generic
        stand = self._ties.stand(one, other, on)
        if stand == "kin":
            return "may be" if generic else "same"
        if stand == "aligned":
            return "may be"
        if stand == "opposed":
            return "opposed"
        if generic:
            return "unclear"
        return "same" if _is_short_form(one, other) else "other"

    def _turns(self, one: Party, other: Party) -> list[int]:
        """Days on which how they stand to each other may change."""
        return sorted(self._turns_of(one.key) | self._turns_of(other.key))

    def _turns_of(self, key: str) -> frozenset[int]:
        if key not in self._days:
            self._days[key] = frozenset(day.toordinal() for day in self._ties.turns(key))
        return self._days[key]


def described(parties: Iterable[Party | None]) -> frozenset[str]:
    """Keys of those that are written without a capital."""
    return frozenset(party.key for party in parties if party and party.id is None and party.is_generic)


def _is_short_form(one: Party, other: Party) -> bool:
    """ "Hale" for "Mary Hale", where the registry knows neither."""
    if one.id and other.id:
        return False
    ours, theirs = set(normal(one.name).split()), set(normal(other.name).split())
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)
