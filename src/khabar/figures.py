"""Tellings of one incident → its tolls: UCDP's low, best and high estimate of each, and who said which.

The low and the high are the lowest and the highest that any informant stands for. The best is the latest count of an informant who takes no
part; where two are as late, the lower, as ACLED takes the most conservative. A dataset comes after those, as it was
counted from reports; parties are believed only where nobody else counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khabar.tellings import Telling, words


@dataclass(frozen=True, slots=True)
class Count:
    """What one informant last said: the sum of the parts where it counts the sides apart. None: that bound was not set."""

    informant: str
    independent: bool
    coded: bool
    known: date | None
    low: int | None
    high: int | None
    claims: tuple[str, ...]

    @property
    def least(self) -> int:
        return self.low if self.low is not None else self.high or 0

    @property
    def most(self) -> int:
        return self.high if self.high is not None else self.low or 0


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of a unit, by UCDP's three estimates; `said` from the one that the best is taken from to the least good."""

    unit: str
    low: int
    best: int
    high: int
    said: tuple[Count, ...]


def figures(tellings: Sequence[Telling], informants: Mapping[str, str]) -> tuple[Figure, ...]:
    """One figure for each unit that is counted. `informants`: claim id → who is counted for it."""
    units: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        if telling.quantity and telling.counts:
            units[telling.quantity.unit].append(telling)
    return tuple(_figure(unit, _counts(told, informants)) for unit, told in sorted(units.items()))


def _figure(unit: str, counts: Sequence[Count]) -> Figure:
    ranked = sorted(
        counts, key=lambda one: (not one.independent, not one.coded, -(one.known or date.min).toordinal(), one.least, one.informant)
    )
    return Figure(unit, min(one.least for one in counts), ranked[0].least, max(one.most for one in counts), tuple(ranked))


def _counts(told: Iterable[Telling], informants: Mapping[str, str]) -> list[Count]:
    """The last word of each informant, from the last report that has one."""
    said: dict[str, list[Telling]] = defaultdict(list)
    for telling in told:
        said[informants[telling.claim_id]].append(telling)
    return [_last_word(informant, heard) for informant, heard in said.items()]


def _last_word(informant: str, heard: Sequence[Telling]) -> Count:
    latest = max(heard, key=lambda one: (one.known or date.min, one.report_id))
    last = [one for one in heard if one.version == latest.version]
    last = [one for one in last if not one.is_part] or last  # "nine villagers, four of them children" are nine
    parts: dict[str, Telling] = {}
    for one in sorted(last, key=lambda one: (_low(one), one.claim_id)):
        parts[_who(one)] = one  # of two counts of the same people, the higher: a toll that is told grows
    everyone = [one for who, one in parts.items() if who in words()["everyone"]]
    sides = [one for who, one in parts.items() if who not in words()["everyone"]]
    total = max((everyone, sides), key=lambda some: sum(map(_low, some)))
    lows, highs = [one.quantity.low for one in total if one.quantity], [one.quantity.high for one in total if one.quantity]
    return Count(
        informant,
        any(one.independent for one in last),
        all(one.is_coded for one in last),
        latest.known,
        sum(n for n in lows if n is not None) if any(n is not None for n in lows) else None,
        sum(n for n in highs if n is not None) if all(n is not None for n in highs) else None,
        tuple(sorted({one.claim_id for one in heard})),
    )


def _who(telling: Telling) -> str:
    return telling.recipient.name.casefold() if telling.recipient else ""


def _low(telling: Telling) -> int:
    assert telling.quantity
    return telling.quantity.low if telling.quantity.low is not None else telling.quantity.high or 0
