"""Accounts that came, went or may be joined otherwise → the joins of those that they touch, done again in the order of all.

An account that came, went or was joined to another incident alters what others find: the incidents that it is, or was, a part of are from
there on not what they were. Whoever comes later in the order, may find one of these, and did not belong to it is weighed against it, as it
was and as it is: where neither fits, and it puts nothing out of his sight, he stays where he is. Else he is asked again. All others
would find what they found. So the joins are those of joining all anew.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import groupby
from sqlite3 import Connection

from khabar.accounts import Account, Reasons
from khabar.beside import number_of
from khabar.filing import (
    ALL_KINDS,
    DAY,
    LAST,
    LONG,
    SPAN,
    UNDATED,
    WHOLE_DAY,
    WHOLE_SPAN,
    Kept,
    Sight,
    bits,
    days_before,
    days_told,
    filed_on,
    kept,
    number_on,
    rows_of,
    seekers,
)
from khabar.grouping import SEVERAL, Drawer, Kinds, Order, Shelves, best, shelf_of, sought
from khabar.judging import Judge
from khabar.keeping import written
from khabar.tellings import words


@dataclass(slots=True)
class _State:
    """An incident as it is, or was, at this point of the order; `coming`: what is joined to it later, the last one first. What one account
    alone tells is not copied before another is joined to it."""

    account: Account
    coming: list[Kept]
    is_copy: bool = False

    @classmethod
    def of(cls, first: Kept, others: Iterable[Kept]) -> _State:
        return cls(first.account, sorted(others, key=_turn, reverse=True))

    def due(self, now: Order) -> Iterator[Kept]:
        """Those whose turn has come, the first one first."""
        while self.coming and self.coming[-1].order < now:
            yield self.coming.pop()

    def absorb(self, one: Account, why: Reasons) -> None:
        if not self.is_copy:
            self.account, self.is_copy = self.account.copy(), True
        self.account.absorb(one, why)


class Replay(Shelves):
    """Joins in the order of all accounts, as far as something is touched."""

    def __init__(self, run: Connection, judge: Judge, held: Judge) -> None:
        """`held`: who judged as the parties belonged to each other then."""
        self.run, self.judge, self.held = run, judge, held
        self._kept: dict[int, Kept] = {}
        self._states: dict[int, _State] = {}
        self._ids: dict[Account, int] = {}  # of the incidents at hand
        self._joined: dict[int, tuple[int, Reasons]] = {}  # accounts that were asked again: incident, why
        self._were: dict[int, _State] = {}  # incidents as they were before
        self._left: dict[int, list[Kept]] = defaultdict(list)  # those that were joined to an incident, and are to another
        self._gone: dict[int, list[Kept]] = defaultdict(list)  # by incident
        self._gone_ids: set[int] = set()
        self._emptied: dict[int, list[tuple[int, int]]] = defaultdict(list)  # by key: shelves and days of what is filed there no more
        self._altered: set[int] = set()  # incidents from which some account went, or to which one came
        self._unlike: set[int] = set()  # of these, and of others, those of which it is not known how they were judged
        self._suspects: dict[int, set[int]] = defaultdict(set)  # by account: incidents that it may find, and that are not what they were
        self._days: dict[tuple[Hashable, int], list[int]] = {}
        self._new: set[int] = set()
        self._stirred: Collection[int] = ()
        self._disturbed: dict[int, tuple[bool, frozenset[str]]] = {}  # what is not what it was: does it tell of a whole place; kinds
        self._waiting: list[tuple[Order, int]] = []
        self._asked: set[int] = set()
        self._now: Kept | None = None
        self._touched: set[int] = set()

    def done(self, fresh: Sequence[Kept], gone: Sequence[Kept], stirred: Collection[int], rebound: Collection[int]) -> set[int]:
        """Join again what these touch; → incidents that are not what they were, or are no more. `stirred`: accounts that may be joined
        otherwise although they tell what they told; `rebound`: those whose parties belong to others now, at least on some day."""
        self._kept = {one.id: one for one in fresh}
        self._new, self._stirred = set(self._kept), stirred
        for one in gone:
            self._gone[one.incident].append(one)
            self._gone_ids.add(one.id)
            self._unlike.add(one.incident)
            for key, *at in rows_of(one.account, one.keys):
                self._emptied[key].append((at[0], at[1]))
        for one in sorted(gone, key=lambda one: one.order):
            self._touched.add(one.incident)
            self._alter(one, one.incident)
        for id in sorted({*self._new, *stirred, *rebound} - self._asked):
            self._ask(id)
        while self._waiting:
            _, id = heappop(self._waiting)
            self._now = self._load(id)
            if id in self._new or id in stirred or self._may_differ(self._now, is_rebound=id in rebound):
                self._join(self._now)
            if id in rebound:
                self._bind(self._now)
        return self._touched

    def _join(self, one: Kept) -> None:
        found, fitted = best(one.account, self, self.judge)
        incident, why = (self._ids[found[0]], found[1]) if found else (one.id, ())
        self._joined[one.id] = (incident, why)
        if (incident, why, fitted) != (one.incident, one.why, one.fitted):
            query = "UPDATE derived.accounts SET incident = ?, why = ?, fitted = ? WHERE account = ?"
            self.run.execute(query, (incident, written(why), fitted, one.id))
        if found:
            self._absorb(incident, one, why)
        is_new, is_stirred = one.id in self._new, one.id in self._stirred
        before = incident if is_new else one.incident
        if incident != before:
            self._left[before].append(one)
        if is_stirred:
            self._unlike |= {incident, before}
        if is_new or (incident, why) != (one.incident, one.why):
            self._touched |= {incident, before}
        if is_new or is_stirred or incident != before:
            for altered in dict.fromkeys((incident, before)):
                self._alter(one, altered)

    # --- who is touched

    def _alter(self, one: Kept, incident: int) -> None:
        """The incident is not what it was from here on, as this one came or went: ask again all who may find it."""
        self._altered.add(incident)
        members = [*self._members(incident), *self._gone.get(incident, ()), one]
        seen = any(other.account.whole for other in members), frozenset().union(*(other.account.kinds for other in members))
        for other in [one] if seen == self._disturbed.get(incident) else members:
            self._ask_seekers(other, incident, one.order, *seen)
        self._disturbed[incident] = seen

    def _bind(self, one: Kept) -> None:
        """Its incident is judged otherwise from here on: ask again those who may find it, on whose days it is. Also where one came to it
        or went: that may have been later."""
        incident = self._joined[one.id][0] if one.id in self._joined else one.incident
        members = self._members(incident)
        seen = any(other.account.whole for other in members), frozenset().union(*(other.account.kinds for other in members))
        for other in members:
            self._ask_seekers(other, incident, one.order, *seen, rebound=one.account)

    def _ask_seekers(
        self, one: Kept, incident: int, since: Order, whole: bool, kinds: frozenset[str], *, rebound: Account | None = None
    ) -> None:
        for id, sight in set(seekers(self.run, one.account, one.keys, whole=whole)):
            if incident in self._suspects[id] or not (seeker := self._load(id)).order > since or not self._looks_at(seeker, sight, kinds):
                continue
            if rebound is None or (whole and seeker.account.whole) or self._is_bound_otherwise(rebound, seeker.account.last):
                self._suspects[id].add(incident)
                self._ask(id)

    def _is_bound_otherwise(self, account: Account, on: int | None) -> bool:
        """Do its parties belong to others that day, or if there is none, any day? Of victims by name no day is asked."""
        parties = (*account.actors.values(), *account.recipients.values(), *account.victims.values())
        was, now = self.held.ties, self.judge.ties
        if on is None or account.victims:
            return any(was.bonds(party.key) != now.bonds(party.key) for party in parties)
        day = date.fromordinal(on)
        return any(was.above(party, day) != now.above(party, day) for party in parties)

    def _ask(self, id: int) -> None:
        if id not in self._asked:
            self._asked.add(id)
            heappush(self._waiting, (self._load(id).order, id))

    def _looks_at(self, seeker: Kept, sight: Sight | None, kinds: frozenset[str]) -> bool:
        """Does one that has no day look at what is seen so, of these kinds? Not where enough that is as it was lies between the two."""
        if sight is None:
            return True
        (key, day), last = sight, seeker.account.last
        if not seeker.account.kinds & kinds or (last is not None and day >= last):
            return False
        alike = (key, bits(seeker.account.kinds))
        if alike not in self._days:
            self._days[alike] = days_told(self.run, *alike, min(self._new, default=LAST_ACCOUNT))
        days = self._days[alike]
        between = (bisect_left(days, last) if last is not None else len(days)) - bisect_right(days, day)
        return between < int(words()["remembered"])

    def _may_differ(self, one: Kept, *, is_rebound: bool) -> bool:
        """Can it be joined to another, or for other reasons, as some that it may find are not what they were?"""
        if is_rebound and self._is_bound_otherwise(one.account, one.account.last):
            return True
        suspects = self._suspects[one.id]
        altered = suspects & self._altered
        if one.incident in altered or not (self._is_sure(one) or suspects.isdisjoint(self._unlike)):
            return True
        if (one.fitted or any(map(self._is_less, altered))) and altered and self._is_shortsighted(one):
            return True
        return any(self._bears_on(incident, one) for incident in altered) or any(
            self._is_judged_otherwise(incident, one) for incident in suspects - altered
        )

    def _is_sure(self, one: Kept) -> bool:
        """Would it find the same without what it did not join: does it fit none, or one alone?"""
        return not one.fitted or (one.fitted < SEVERAL and not one.account.whole)

    def _is_shortsighted(self, one: Kept) -> bool:
        """Does it not look at all that it may find, so that what comes may put out of its sight what it fits, and what goes bring it in?"""
        account = one.account
        has_days = account.first is not None and account.last is not None
        return (account.shape == "within" or not has_days) and any(self._is_crowded(key, account) for key in sought(account, one.keys))

    def _is_crowded(self, key: Hashable, account: Account) -> bool:
        """Is, or was, more filed there, of the days that it looks at, than it counts off?"""
        if account.first is None or account.last is None:
            number = max(self._most_on(key, (DAY, WHOLE_DAY), 0, account.last or LAST), self._most_on(key, (UNDATED,)))
        else:
            number = self._most_on(key, (DAY, WHOLE_DAY), account.first, account.last)
        return number >= int(words()["remembered"])

    def _most_on(self, key: Hashable, shelves: Sequence[int], first: int = 0, last: int = LAST) -> int:
        """No fewer than are, or were, filed there."""
        emptied = sum(shelf in shelves and first <= day <= last for shelf, day in self._emptied[number_of(key)])
        return number_on(self.run, key, shelves, first, last) + emptied

    def _is_less(self, incident: int) -> bool:
        """Is it seen on fewer days, later or for fewer kinds than it was at this point? Then it may leave room for others."""
        if incident in self._gone:
            return True
        was = self._as_was(incident)
        if was is None:
            return False
        if not self._stands(incident) or self._left[incident] or not was.kinds <= self._as_now(incident).kinds:
            return True
        came = (one for one in self._members(incident) if one.id in self._new or one.incident != incident)
        return any(shelf_of(one.account) == "undated" for one in came)  # of those, the last filed are looked at

    def _bears_on(self, incident: int, one: Kept) -> bool:
        """Did the incident fit it as it was, where that is known, or does it as it is; or may it have taken the place between two captures
        that fit?"""
        states = []
        if incident not in self._unlike and (was := self._as_was(incident)):
            states.append((was, self.held))
        if self._stands(incident):
            states.append((self._as_now(incident), self.judge))
        return any(self._fits(*state, one) or (one.fitted and state[0].whole and one.account.whole) for state in states)

    def _is_judged_otherwise(self, incident: int, one: Kept) -> bool:
        """The same, where nobody came or went."""
        state = self._as_now(incident)
        if one.fitted and state.whole and one.account.whole:
            return True
        return self._fits(state, self.held, one) != self._fits(state, self.judge, one)

    def _fits(self, state: Account, judge: Judge, one: Kept) -> tuple[float, Reasons] | None:
        weighed = judge.weigh(state, one.account)
        return weighed if weighed and weighed[0] >= judge.enough else None

    def _members(self, incident: int) -> list[Kept]:
        """All that are joined to it, now or, where they are not asked again yet, as they were."""
        rows = self.run.execute("SELECT account FROM derived.accounts WHERE incident = ? ORDER BY account", (incident,)).fetchall()
        return [self._load(id) for (id,) in rows if id in self._joined or id not in self._new]

    # --- what they find

    def keys(self, account: Account) -> Sequence[str]:
        assert self._now
        return self._now.keys

    def of_days(self, key: Hashable, first: int, last: int, kinds: Kinds, most: int | None = None) -> Iterator[tuple[int, Drawer]]:
        counted_off = most is not None and number_on(self.run, key, (DAY, WHOLE_DAY), first, last) > most
        return self._by_day(filed_on(self.run, key, (DAY, WHOLE_DAY), first, last, ALL_KINDS if counted_off else bits(kinds)))

    def of_spans(self, key: Hashable, first: int, last: int, kinds: Kinds) -> Iterator[Drawer]:
        return (drawer for _, drawer in self._by_day(filed_on(self.run, key, (SPAN, WHOLE_SPAN, LONG), first, last, bits(kinds))))

    def before(self, key: Hashable, last: int | None, kinds: Kinds) -> Iterator[Drawer]:
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
        now, joined = self._now.order, self._joined
        earlier = sorted((one for id in ids if (one := self._load(id)).order < now), key=_turn)
        return dict.fromkeys(self._as_now(joined[one.id][0] if one.id in joined else one.incident) for one in earlier)

    def _as_now(self, incident: int) -> Account:
        assert self._now
        state = self._states.get(incident)
        if state is None:
            later = [one for one in self._members(incident) if one.id != incident and one.id not in self._joined]
            state = self._states[incident] = _State.of(self._load(incident), later)
            self._ids[state.account] = incident
        if state.coming:
            for one in state.due(self._now.order):
                if one.id not in self._joined:
                    self._absorb(incident, one, one.why)
        return state.account

    def _absorb(self, incident: int, one: Kept, why: Reasons) -> None:
        state = self._states[incident]
        state.absorb(one.account, why)
        self._ids[state.account] = incident

    def _stands(self, incident: int) -> bool:
        """Is the account that came first in it there, and the first one still?"""
        return (
            incident not in self._gone_ids
            and (self._joined[incident][0] if incident in self._joined else self._load(incident).incident) == incident
        )

    def _as_was(self, incident: int) -> Account | None:
        """None where there was none."""
        assert self._now
        if incident in self._new:
            return None
        if incident not in self._were:
            now = [one for one in self._members(incident) if one.incident == incident and one.id not in self._new]
            others = [one for one in (*now, *self._left[incident]) if one.id != incident]
            self._were[incident] = _State.of(self._load(incident), others)
        state = self._were[incident]
        for one in state.due(self._now.order):
            state.absorb(one.account, one.why)
        return state.account

    # --- what is kept

    def _load(self, id: int) -> Kept:
        one = self._kept.get(id)
        if one is None:
            keys, told, *joined = self.run.execute(_ACCOUNT, (id,)).fetchone()
            one = self._kept[id] = kept(id, told, json.loads(keys), *joined)
        return one


def _turn(one: Kept) -> Order:
    return one.order


_ACCOUNT = "SELECT keys, told, incident, why, fitted FROM derived.accounts JOIN derived.joined USING (number) WHERE account = ?"
LAST_ACCOUNT = 1 << 62  # later than any
