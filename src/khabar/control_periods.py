"""The changes of a place and its evidence → the periods that tile its time line: who held it, who besieged it, what was fought over.

A siege lasts until something ends it, a fight a week at most; where one begins or ends, or the place changes hands, a period does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import accumulate, pairwise

from khabar.chains import ASSESSED
from khabar.control_changes import Change
from khabar.evidence import ONE_DAY, Evidence, declared_days
from khabar.parties import Party
from khabar.ties import Ties


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends inclusive and None for for ever, on which the answer is the same."""

    first: date | None
    last: date | None
    change: Change | None
    before: Change | None
    coming: Change | None
    siege: Evidence | None = None
    fighting: tuple[Evidence, ...] = ()

    @property
    def holder(self) -> Party | None:
        return self.change.holder if self.change else None

    @property
    def status(self) -> str:
        if self.fighting or (self.change and self.change.is_disputed):
            return "contested"
        if self.siege:
            return "besieged"
        return "held" if self.holder else "unknown"


def periods_of(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> Iterator[Period]:
    """In order, without gap or overlap: the first has no first day, the last no last."""
    here = [piece for piece in evidence if not piece.denied and piece.reach == "here"]
    siege_days = partial(_siege_days, ends=_Ends.of(changes, evidence, ties))
    fight_days = partial(_fight_days, quiet=_Quiet.of(changes, evidence))
    sieges = list(_lasting((piece for piece in here if piece.role == "siege"), siege_days))
    fights = list(_lasting([*(piece for piece in here if piece.role == "fighting"), *_divided(changes, evidence, ties)], fight_days))
    cuts = {change.last for change in changes}
    for _, first, last in (*sieges, *fights):
        cuts |= {first} | ({last + ONE_DAY} if last and last < date.max else set())
    starts: list[date | None] = [None, *sorted(cuts)]
    besieged, fought = _Running(sieges), _Running(fights)
    for start, following in pairwise([*starts, None]):
        index = silence(changes, start) if start else -1
        siege = besieged.on(start) if start else ()
        yield Period(
            start,
            following - ONE_DAY if following else None,
            changes[index] if index >= 0 else None,
            changes[index - 1] if index > 0 else None,
            changes[index + 1] if index + 1 < len(changes) else None,
            siege[0] if siege else None,
            fought.on(start) if start else (),
        )


def _divided(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> Iterator[Evidence]:
    """**containment**: no part settles the whole, but parts that one report tells to be held by hostile sides leave it contested, and so
    does a part of what somebody holds that is told to be his enemy's."""
    told: dict[str, list[Evidence]] = defaultdict(list)
    for piece in evidence:
        if piece.reach == "part" and piece.role in ("gain", "presence") and piece.party and not (piece.denied or piece.is_learnt):
            told[piece.told.claim.report_id].append(piece)
    for parts in told.values():
        for piece in parts:
            holder = changes[i].holder if (i := silence(changes, piece.last)) >= 0 and piece.standing in ASSESSED else None
            if any(ties.opposed(piece.party, other, piece.last) for other in (holder, *(part.party for part in parts)) if other):
                yield piece


def silence(changes: Sequence[Change], on: date) -> int:
    """**silence**: → the number of the change that the day comes after, −1 before the first: unknown then, not unchanged since for ever."""
    return bisect_right(changes, on, key=lambda change: change.last) - 1


Lasting = tuple[Evidence, date, date | None]  # evidence that holds from a day to a day, None for for ever


def _lasting(pieces: Iterable[Evidence], days: Callable[[Evidence], tuple[date, date | None]]) -> Iterator[Lasting]:
    for piece in pieces:
        first, last = days(piece)
        if last is None or first <= last:
            yield piece, first, last


class _Running:
    """What lasts on a day, asked for one day after another."""

    def __init__(self, lasting: Sequence[Lasting]) -> None:
        self.coming = sorted(enumerate(lasting), key=lambda one: one[1][1], reverse=True)
        self.running: list[tuple[int, Lasting]] = []

    def on(self, day: date) -> tuple[Evidence, ...]:
        """In the order of the evidence."""
        while self.coming and self.coming[-1][1][1] <= day:
            insort(self.running, self.coming.pop(), key=lambda one: one[0])
        self.running = [one for one in self.running if one[1][2] is None or day <= one[1][2]]
        return tuple(piece for _, (piece, _, _) in self.running)


@dataclass(frozen=True)
class _Ends:
    """What ends a siege: the place changes hands, the besieger leaves, or someone says that it is over."""

    changed: Sequence[date]
    others: Sequence[Evidence]
    ties: Ties

    @classmethod
    def of(cls, changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> _Ends:
        lifting = [piece for piece in evidence if piece.reach in ("here", "around") and piece.denied == (piece.role == "siege")]
        others = sorted((piece for piece in lifting if piece.role in ("siege", "loss")), key=lambda piece: piece.last)
        return cls([change.last for change in changes], others, ties)

    def after(self, piece: Evidence, start: date) -> Iterator[date]:
        number = bisect_right(self.changed, start)
        yield from self.changed[number : number + 1]
        for other in self.others[bisect_right(self.others, start, key=lambda other: other.last) :]:
            if other.role == "siege" or self.ties.kin(other.party, piece.party, other.last):
                yield other.last
                return


def _siege_days(piece: Evidence, ends: _Ends) -> tuple[date, date | None]:
    start = piece.first or piece.last
    found = list(ends.after(piece, start))
    if piece.first and piece.told.known and piece.last < piece.told.known - ONE_DAY:
        found.append(piece.last + ONE_DAY)  # told with its end
    return start, min(found) - ONE_DAY if found else None


@dataclass(frozen=True)
class _Quiet:
    """What settles a fight: the changes that it was part of, and the days on which someone says who has the place."""

    changes: Sequence[Change]
    ends: Sequence[date]
    earliest: Sequence[date]
    settled: Sequence[date]

    @classmethod
    def of(cls, changes: Sequence[Change], evidence: Sequence[Evidence]) -> _Quiet:
        earliest = least_from([_started(change) for change in changes])
        settled = sorted(piece.last for piece in evidence if piece.settles and not piece.implied)
        return cls(changes, [change.last for change in changes], earliest, settled)

    def during(self, piece: Evidence, start: date) -> date | None:
        """The last day of the last change that the fight was part of."""
        found = None
        for i in range(bisect_left(self.ends, start), len(self.changes)):
            if self.earliest[i] > piece.last:
                break
            if _started(self.changes[i]) <= piece.last:
                found = self.ends[i]
        return found


def least_from(days: Sequence[date]) -> list[date]:
    """The least of each day and all that follow it in the list."""
    return list(accumulate(reversed(days), min))[::-1]


def _started(change: Change) -> date:
    """A change of open date is taken to have begun a week before its last day."""
    return change.first or change.last - min(declared_days("contested_days"), change.last - date.min)


def _fight_days(piece: Evidence, quiet: _Quiet) -> tuple[date, date]:
    """A clash leaves a place contested until someone says who has it, for a week at most. On the days of a change it is part of that."""
    start = piece.first or piece.last
    during = quiet.during(piece, start)
    if during and piece.last <= during:
        return start, start - ONE_DAY if start > date.min else start
    start = max(start, during + ONE_DAY) if during else start
    next_settled = bisect_right(quiet.settled, piece.last)
    week = min(declared_days("contested_days"), date.max - piece.last)
    last = min([piece.last + week, *(day - ONE_DAY for day in quiet.settled[next_settled : next_settled + 1])])
    return start, last
