"""Accounts that came, went or may be joined otherwise → the joins of those that they touch, done again in the order of all.

An account that came, went or was joined to another incident alters what others find: the incidents that it is, or was, a part of are from
there on not what they were. Whoever comes later in the order and may find one of these is asked again; where he is joined as he was, what
he alone tells alters nothing. All others would find what they found. So the joins are those of joining all anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import groupby
from sqlite3 import Connection

from khabar.accounts import Account, Reasons
from khabar.filing import DAY, LONG, SPAN, UNDATED, WHOLE_DAY, WHOLE_SPAN, Kept, bits, days_before, filed_on, kept, seekers
from khabar.grouping import Drawer, Order, Shelves, best
from khabar.judging import Judge
from khabar.keeping import written


@dataclass(slots=True)
class _State:
    """An incident as it is at this point of the order; `coming`: what is joined to it later, the last one first."""

    account: Account
    coming: list[Kept]


class Replay(Shelves):
    """Joins in the order of all accounts, as far as something is touched."""

    def __init__(self, run: Connection, judge: Judge) -> None:
        self.run, self.judge = run, judge
        self._kept: dict[int, Kept] = {}
        self._states: dict[int, _State] = {}
        self._ids: dict[Account, int] = {}  # of the incidents at hand
        self._joined: dict[int, tuple[int, Reasons]] = {}  # accounts that were asked again: incident, why
        self._gone: dict[int, list[Kept]] = defaultdict(list)  # by incident
        self._new: set[int] = set()
        self._disturbed: dict[int, tuple[bool, frozenset[str]]] = {}  # what is not what it was: does it tell of a whole place; kinds
        self._waiting: list[tuple[Order, int]] = []
        self._asked: set[int] = set()
        self._now: Kept | None = None
        self._touched: set[int] = set()

    def done(self, fresh: Sequence[Kept], gone: Sequence[Kept], stirred: Collection[int]) -> set[int]:
        """Join again what these touch; → incidents that are not what they were, or are no more. `stirred`: accounts that may be joined
        otherwise although they tell what they told."""
        self._kept = {one.id: one for one in fresh}
        self._new = set(self._kept)
        for one in gone:
            self._gone[one.incident].append(one)
        for one in sorted(gone, key=lambda one: one.order):
            self._touched.add(one.incident)
            self._disturb(one.incident, one.order)
        for id in sorted({*self._new, *stirred} - self._asked):
            self._ask(id)
        while self._waiting:
            _, id = heappop(self._waiting)
            self._join(self._load(id), is_stirred=id in stirred)
        return self._touched

    def _join(self, one: Kept, *, is_stirred: bool) -> None:
        self._now = one
        found = best(one.account, self, self.judge)
        incident, why = (self._ids[found[0]], found[1]) if found else (one.id, ())
        self._joined[one.id] = (incident, why)
        if (incident, why) != (one.incident, one.why):
            self.run.execute("UPDATE derived.accounts SET incident = ?, why = ? WHERE account = ?", (incident, written(why), one.id))
        if found:
            found[0].absorb(one.account, why)
        is_new = one.id in self._new
        before = incident if is_new else one.incident
        if is_new or (incident, why) != (one.incident, one.why):
            self._touched |= {incident, before}
        if is_new or is_stirred or incident != before:
            self._disturb(incident, one.order, one)
            self._disturb(before, one.order, one)

    # --- who is touched

    def _disturb(self, incident: int, since: Order, *more: Kept) -> None:
        """The incident is not what it was from here on: ask again all who may find it; `more`: who came or went."""
        members = [*self._members(incident), *self._gone.get(incident, ()), *more]
        whole = any(one.account.whole for one in members)
        kinds = frozenset().union(*(one.account.kinds for one in members))
        sought = more if (whole, kinds) == self._disturbed.get(incident) else members
        self._disturbed[incident] = whole, kinds
        for one in sought:
            self._ask_seekers(one, since, whole, kinds)

    def _ask_seekers(self, one: Kept, since: Order, whole: bool, kinds: frozenset[str]) -> None:
        for id, day in sorted(set(seekers(self.run, one.account, one.keys, whole=whole)), key=str):
            if id not in self._asked and (seeker := self._load(id)).order > since and (day is None or _looks_at(seeker, day, kinds)):
                self._ask(id)

    def _ask(self, id: int) -> None:
        self._asked.add(id)
        heappush(self._waiting, (self._load(id).order, id))

    def _members(self, incident: int) -> list[Kept]:
        """All that are joined to it, now or, where they are not asked again yet, as they were."""
        rows = self.run.execute("SELECT account FROM derived.accounts WHERE incident = ? ORDER BY account", (incident,)).fetchall()
        return [self._load(id) for (id,) in rows if id in self._joined or id not in self._new]

    # --- what they find

    def keys(self, account: Account) -> Sequence[str]:
        assert self._now
        return self._now.keys

    def of_days(self, key: Hashable, first: int, last: int) -> Iterator[tuple[int, Drawer]]:
        return self._by_day(filed_on(self.run, key, (DAY, WHOLE_DAY), first, last))

    def of_spans(self, key: Hashable, first: int, last: int) -> Iterator[Drawer]:
        return (drawer for _, drawer in self._by_day(filed_on(self.run, key, (SPAN, WHOLE_SPAN, LONG), first, last)))

    def before(self, key: Hashable, last: int | None, kinds: frozenset[str]) -> Iterator[Drawer]:
        rows = days_before(self.run, key, last, bits(kinds))
        return (self._drawer(id for _, id in of_day) for _, of_day in groupby(rows, key=lambda row: row[0]))

    def undated(self, key: Hashable) -> Drawer:
        return self._drawer(id for _, id in filed_on(self.run, key, (UNDATED,)))

    def _by_day(self, rows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, Drawer]]:
        days: dict[int, list[int]] = defaultdict(list)
        for day, id in rows:
            days[day].append(id)
        return ((day, self._drawer(days[day])) for day in sorted(days))

    def _drawer(self, ids: Iterable[int]) -> Drawer:
        """The incidents of accounts filed there, as they are now."""
        assert self._now
        now = self._now.order
        earlier = sorted((one for id in ids if (one := self._load(id)).order < now), key=lambda one: one.order)
        return dict.fromkeys(self._as_now(self._joined[one.id][0] if one.id in self._joined else one.incident) for one in earlier)

    def _as_now(self, incident: int) -> Account:
        assert self._now
        if incident not in self._states:
            first = self._load(incident)
            later = [one for one in self._members(incident) if one.id != incident and one.id not in self._joined]
            self._states[incident] = _State(first.account.copy(), sorted(later, key=lambda one: one.order, reverse=True))
            self._ids[self._states[incident].account] = incident
        state = self._states[incident]
        while state.coming and state.coming[-1].order < self._now.order:
            one = state.coming.pop()
            if one.id not in self._joined:
                state.account.absorb(one.account, one.why)
        return state.account

    # --- what is kept

    def _load(self, id: int) -> Kept:
        if id not in self._kept:
            keys, told, incident, why = self.run.execute(_ACCOUNT, (id,)).fetchone()
            self._kept[id] = kept(id, told, json.loads(keys), incident, why)
        return self._kept[id]


def _looks_at(seeker: Kept, day: int, kinds: frozenset[str]) -> bool:
    """Does one that has no day look at what happened on that day, of these kinds?"""
    last = seeker.account.last
    return bool(seeker.account.kinds & kinds) and (last is None or day < last)


_ACCOUNT = "SELECT keys, told, incident, why FROM derived.accounts JOIN derived.joined USING (number) WHERE account = ?"
