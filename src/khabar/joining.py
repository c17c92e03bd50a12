"""A record → its accounts, joined; kept beside it, so that what arrives is joined to what it touches and the rest stays as it lies.

    tellings of reports ─► accounts of each ─► filed by place, party and day ─► joined

Accounts are joined one after the other, those that say most first (`grouping.joins`). To which incident one is joined follows from those
that it finds under its keys and days, as they are when its turn comes (`rejoining`). What all reports together decide (which place stands
for a place, what is written without a capital, how rare a name is) is counted here, and what rests on a count that changed is done again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from sqlite3 import Connection
from sys import intern
from typing import Any

from khabar import beside
from khabar.accounts import Places, Reasons
from khabar.all_joined import AllAccounts, Join, all_joined, joins_of, packed, unpacked
from khabar.areas import Area
from khabar.bearings import Bearings, Spreading
from khabar.filing import Kept, Made, kept, made_of, rows_in, rows_of
from khabar.grouping import Order
from khabar.hearing import AREA, DESCRIBED, NAME, NAMED, shown_by
from khabar.judging import Judge
from khabar.keeping import telling_of, thing_of, unshelved, written
from khabar.matters import Answer, Matters
from khabar.rejoining import Replay
from khabar.tellings import Telling
from khabar.ties import Ties
from khabar.workers import Meanwhile

Member = tuple[int, str, Reasons]
"""An account of an incident: the edition of its report, its row, what joined it."""
Group = tuple[int, Sequence[Member]]  # an incident: the account that came first in it, and all of them as they were joined


@dataclass(slots=True)
class Report:
    """A report that tells of incidents; what it tells is read when it is its turn, since that of all does not go into memory. `before`: the
    numbers of the tellings, and of the claims of plans and forecasts after them, that another report says in the same words."""

    number: int
    version: str
    report: str
    edition: int
    before: list[int] = field(default_factory=list)


class Joining:
    """Accounts that are joined as all reports that stand today tell. Within the caller's transaction."""

    def __init__(self, bearings: Bearings, spread: Spreading, *, meanwhile: Meanwhile) -> None:
        """`meanwhile`: see `chronicle.Chronicle`."""
        self.run, self.ties, self.spread, self._meanwhile = bearings.index.run, bearings.ties, spread, meanwhile
        self.is_first = not self.run.execute("SELECT 1 FROM derived.joined LIMIT 1").fetchone()
        self.old_keys: dict[int, Sequence[str]] = {}  # of reports that are grouped again, or stand no more
        self.is_many = False  # are so many reports grouped that it pays to start processes?
        self.regrouped: set[int] = set()  # the numbers of all that are new, grouped again or stand no more
        self.fresh: list[Kept] = []
        self.packed: list[bytes] = []  # accounts that are fresh, where all are
        self.shelves: list[tuple[int, bytes]] = []  # under what those that are fresh are filed
        self.gone: list[Kept] = []
        self.rebound: set[int] = set()  # accounts whose parties belong to others now

    def update(self) -> Iterator[Group] | set[int]:
        """Bring them up to date with the tellings. → all incidents, where it is sooner to join all accounts anew, or else those that are
        not what they were, or are no more, by the account that came first in them."""
        with beside.filling(self.run, "accounts"):
            judge, stirred = self._grouped()
            before = self._ties_before()
            if self.is_first:
                return self._from_nothing(judge)
            self._shelve()
            if MANY * (len(self.fresh) + len(self.gone) + len(stirred | self.rebound)) > self._number():
                return self._anew(judge)
        touched = Replay(self.run, judge, judge.with_ties(before)).done(self.fresh, self.gone, stirred, self.rebound)
        self._keep_answers(judge.matters.answers)
        return touched | self._incidents(self.rebound)  # by its ties an incident is put into words, too

    def _grouped(self) -> tuple[Judge, set[int]]:
        """Group what is new within each report. → who judges across them, and accounts that may be joined otherwise although they tell what
        they told. What the reports tell is held no longer than this takes."""
        changed, left, no_more_shown = self._changed()
        shown = _Shown(self.run)
        shows = {report.number: self._shows(report) for report in changed}
        shown.change(chain.from_iterable(shows.values()), no_more_shown)
        places, moved = shown.places(self.is_first)
        changed += self._again(self._showing(moved))
        matters = shown.matters(
            {report.version: _names(shows.get(report.number) or self._shows(report)) for report in changed}, self.is_first
        )
        changed += self._again(self._renamed(shown, matters))
        self.regrouped |= {report.number for report in changed}
        self._group([(report, shows.get(report.number) or self._shows(report)) for report in changed], left, places, matters)
        stirred = set() if self.is_first else {*self._described_otherwise(shown), *self._of_other_matters(shown, matters)}
        return Judge.knowing(self.ties, shown.described(), matters), stirred

    def groups(self, incidents: Iterable[int] | None = None) -> Iterator[Group]:
        """Incidents as they are kept, all or some, in the order of the accounts that came first in them."""
        of_some = [(id,) for id in sorted(incidents)] if incidents is not None else [()]
        where = "WHERE incident = ?" if incidents is not None else ""
        query = f"SELECT account, told, incident, why, fitted, edition FROM derived.accounts JOIN derived.joined USING (number) {where}"
        members: dict[int, list[tuple[Kept, int]]] = {}
        for id in of_some:
            for account, told, *joined, edition in self.run.execute(query, id):
                members.setdefault(joined[0], []).append((kept(account, told, (), *joined), edition))
        groups = sorted((sorted(some, key=_turn) for some in members.values()), key=lambda some: some[0][0].order)
        return ((some[0][0].id, [(edition, one.told, one.why) for one, edition in some]) for some in groups)

    def _ties_before(self) -> Ties:
        """Who belonged to whom when the accounts were joined last; what does now is kept in its place."""
        rows = self.run.execute("SELECT member, body, first, last FROM derived.bound")
        before = self.ties.bound_by((who, whom, _day(first), _day(last)) for who, whom, first, last in rows)
        if before.bindings != self.ties.bindings:
            self.run.execute("DELETE FROM derived.bound")
            now = sorted((who, whom, str(first or ""), str(last or "")) for who, whom, first, last in self.ties.bindings)
            self.run.executemany("INSERT INTO derived.bound VALUES (?, ?, ?, ?)", now)
        return before

    def _number(self) -> int:
        return int(self.run.execute("SELECT count(*) FROM derived.accounts").fetchone()[0])

    def _incidents(self, accounts: Iterable[int]) -> set[int]:
        query = "SELECT incident FROM derived.accounts WHERE account = ?"
        return {self.run.execute(query, (id,)).fetchone()[0] for id in accounts}

    # --- which reports

    def _changed(self) -> tuple[list[Report], list[int], list[str]]:
        """Reports of which something is new, those that stand no more, and what they all were held to show."""
        new = {row[0] for row in self.run.execute(f"{_STANDING} EXCEPT {_JOINED}")}
        old = {row[0] for row in self.run.execute(f"{_JOINED} EXCEPT {_STANDING}")}
        reports = self._told() if self.is_first else self._told(self._ids(new | old))
        _say_once(reports, self._says)
        held = {report.number: before for report in reports if (before := self._before(report.number)) is not None}
        changed = [report for report in reports if report.number in new or report.before != held[report.number]]
        left = sorted(old - {report.number for report in changed})
        shown = [
            thing for number in sorted({*left, *held} & {*left, *(one.number for one in changed)}) for thing in self._forgotten(number)
        ]
        return changed, left, shown

    def _told(self, ids: Iterable[str] | None = None) -> list[Report]:
        """Standing reports of these ids, or all, in the order of publication."""
        if ids is None:
            return [Report(*row) for row in self.run.execute(f"{_TOLD} {_IN_ORDER}")]
        return [Report(*row) for id in sorted(ids) for row in self.run.execute(f"{_TOLD} AND report_id = ? {_IN_ORDER}", (id,))]

    def _says(self, report: Report) -> str:
        """What it tells, as it is kept."""
        return str(self.run.execute("SELECT told FROM derived.tellings WHERE number = ?", (report.number,)).fetchone()[0])

    def _shows(self, report: Report) -> list[str]:
        """What it adds to what all reports together show."""
        if report.before:
            return shown_by(told_in(self._says(report), report.before))
        shown = self.run.execute("SELECT shows FROM derived.tellings WHERE number = ?", (report.number,)).fetchone()[0]
        return [intern(thing) for thing in json.loads(shown)]

    def _ids(self, numbers: Iterable[int]) -> set[str]:
        query = "SELECT report_id FROM derived.versions WHERE number = ?1 UNION SELECT report FROM derived.joined WHERE number = ?1"
        return {row[0] for number in sorted(numbers) for row in self.run.execute(query, (number,))}

    def _before(self, number: int) -> list[int] | None:
        row = self.run.execute("SELECT before FROM derived.joined WHERE number = ?", (number,)).fetchone()
        return json.loads(row[0]) if row else None

    def _forgotten(self, number: int) -> list[str]:
        """Take a report out of those that are joined; → what it showed."""
        query = "DELETE FROM derived.joined WHERE number = ? RETURNING shows, keys"
        shows, keys = self.run.execute(query, (number,)).fetchone()
        self.regrouped.add(number)
        self.old_keys[number] = json.loads(keys)
        return list(json.loads(shows))

    def _again(self, numbers: Iterable[int]) -> list[Report]:
        """Reports that tell what they told, and are to be grouped again."""
        found = []
        for number in sorted(numbers):
            report = Report(*self.run.execute(f"{_TOLD} AND number = ?", (number,)).fetchone())
            report.before = self._before(number) or []
            self._forgotten(number)
            found.append(report)
        return found

    def _showing(self, things: Iterable[str]) -> set[int]:
        """Reports that are joined and show any of these."""
        if not (wanted := written(sorted(things))) or wanted == "[]":
            return set()
        query = (
            "SELECT DISTINCT number FROM derived.joined, json_each(shows) AS shown WHERE shown.value IN (SELECT value FROM json_each(?))"
        )
        return {row[0] for row in self.run.execute(query, (wanted,))}

    def _renamed(self, shown: _Shown, matters: Matters) -> set[int]:
        """Reports whose rarest names are others now, as some name is more or less rare."""
        found = set()
        names = (thing for thing, counts in shown.changed.items() if thing.startswith(NAME) and any(map(matters.is_key, counts)))
        for number in sorted(self._showing(names)):
            row = self.run.execute("SELECT version, keys FROM derived.joined WHERE number = ?", (number,)).fetchone()
            if matters.keys(row[0]) != json.loads(row[1]):
                found.add(number)
        return found

    # --- which accounts

    def _group(self, reports: Sequence[tuple[Report, list[str]]], left: Iterable[int], places: Places, matters: Matters) -> None:
        """Make the accounts of these reports, each with what it shows; those that are what they were stay where they are."""
        self.is_many = len(reports) >= MANY_REPORTS
        id = self.run.execute("SELECT ifnull(max(account), 0) FROM derived.accounts").fetchone()[0]
        keys = {report.number: matters.keys(report.version) for report, _ in reports}
        batches = [reports[start : start + BATCH] for start in range(0, len(reports), BATCH)]
        work = (_Work.of([(report, self._says(report), shows) for report, shows in batch], keys, places) for batch in batches)
        for batch, made in zip(batches, self.spread(_made, work, many=self.is_many), strict=True):
            rows: list[tuple[Any, ...]] = []
            kept_of_each, accounts = made
            if self.is_first:
                self.packed.append(accounts)
            fresh = iter([] if self.is_first else unpacked(accounts))
            for (report, _), some in zip(batch, kept_of_each, strict=True):
                held: dict[bytes, tuple[int, bytes]] = {}
                if not self.is_first:
                    held = {content: (one, bonds) for content, one, bonds in self.run.execute(_CONTENT, (report.number,))}
                for one in some:
                    account = next(fresh, None)
                    if same := held.pop(one.content, None):
                        self._bind(*same, one.bonds)
                        continue
                    id += 1
                    rows.append((id, report.number, id, "[]", 0, one.kinds, one.heard, one.told, one.content, one.bonds))
                    self.shelves.append((id, one.shelves))
                    if account is not None:
                        self.fresh.append(Kept(id, account, one.told, keys[report.number], id, (), 0))
                self._take_out(report.number, [same[0] for same in held.values()])
            self.run.executemany("INSERT INTO derived.accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self.run.executemany(_JOIN, [_joined(report, shows, keys[report.number]) for report, shows in batch])
        for number in left:
            self._take_out(number, [row[1] for row in self.run.execute(_CONTENT, (number,))])

    def _shelve(self) -> None:
        """File the accounts that are fresh, for those that will seek them."""
        for start in range(0, len(self.shelves), SHELVED):
            rows = sorted((*row, id) for id, some in self.shelves[start : start + SHELVED] for row in rows_in(some))
            self.run.executemany("INSERT INTO derived.shelves VALUES (?, ?, ?, ?)", rows)
        self.shelves = []

    def _bind(self, id: int, before: bytes, bonds: bytes) -> None:
        """One that tells what it told is to be joined again if its parties belong to others now."""
        if bonds != before:
            self.run.execute("UPDATE derived.accounts SET bonds = ? WHERE account = ?", (bonds, id))
            self.rebound.add(id)

    def _take_out(self, number: int, ids: Iterable[int]) -> None:
        for id in ids:
            told, *joined = self.run.execute(_TAKE_OUT, (id,)).fetchone()
            gone = kept(id, told, self.old_keys[number], *joined)
            shelves = [(*at, id) for at in rows_of(gone.account, gone.keys)]
            self.run.executemany("DELETE FROM derived.shelves WHERE key = ? AND shelf = ? AND day = ? AND account = ?", shelves)
            self.gone.append(gone)

    def _described_otherwise(self, shown: _Shown) -> Iterator[int]:
        """Accounts of parties that some report writes without a capital now, or none does any more."""
        for key in sorted(thing.removeprefix(DESCRIBED) for thing in shown.flipped if thing.startswith(DESCRIBED)):
            query = "SELECT account, told FROM derived.tells JOIN derived.accounts USING (number) WHERE mark = ?"
            for id, told in self.run.execute(query, (beside.number_of(f"party {key}"),)).fetchall():
                if any(type(thing).__name__ == "Party" and thing.key == key for thing in unshelved(json.loads(told)[1])):
                    yield id

    def _of_other_matters(self, shown: _Shown, matters: Matters) -> Iterator[int]:
        """Accounts of reports of which it was asked whether they are about one matter, where the answer is another now."""
        if not any(thing.startswith(NAME) for thing in shown.changed):
            return
        for one, other, answer, *versions in self.run.execute(_ASKED, (written(sorted(self.regrouped)),)).fetchall():
            now = matters.are_one(*versions) if all(versions) else None
            if now is not (None if answer is None else bool(answer)):
                query = "SELECT account FROM derived.accounts WHERE number IN (?, ?)"
                yield from (row[0] for row in self.run.execute(query, (one, other)).fetchall())

    # --- joining

    def _from_nothing(self, judge: Judge) -> Iterator[Group]:
        """All accounts of a record of which none was joined before."""
        every = AllAccounts(self.packed, judge.kinship.described, judge.matters)
        self.packed = []
        self.spread.rest()  # the one process that joins them needs the memory that the others hold
        made = self.spread(all_joined, [every], many=self.is_many)
        wait = self._meanwhile()
        self._shelve()
        wait()
        joins, answers = next(made)
        self.spread.rest()
        self._keep_answers(answers)
        return self._kept_as(joins, {})

    def _anew(self, judge: Judge) -> Iterator[Group]:
        """All accounts joined, one after the other."""
        fresh = {one.id for one in self.fresh}
        query = "SELECT account, told, keys, incident, why, fitted FROM derived.accounts JOIN derived.joined USING (number)"
        rest = [kept(id, told, json.loads(keys), *joined) for id, told, keys, *joined in self.run.execute(query) if id not in fresh]
        joins = joins_of({one.account: one.id for one in (*self.fresh, *rest)}, judge)
        self._keep_answers(judge.matters.answers)
        return self._kept_as(joins, {one.id: (one.incident, one.why, one.fitted) for one in rest})

    def _kept_as(self, joins: Iterable[Join], before: Mapping[int, tuple[int, Reasons, int]]) -> Iterator[Group]:
        """Keep these joins of all accounts. `before`: as they were, of those that are not fresh."""
        members: dict[int, list[tuple[int, Reasons]]] = {}
        otherwise = []
        for id, incident, why, fitted in joins:
            members.setdefault(incident, []).append((id, why))
            if (incident, why, fitted) != before.get(id, (id, (), 0)):
                otherwise.append((incident, written(why), fitted, id))
        otherwise.sort(key=itemgetter(-1))  # as they lie, and so they are read, too: else each page is looked for many times
        self.run.executemany("UPDATE derived.accounts SET incident = ?, why = ?, fitted = ? WHERE account = ?", otherwise)
        return self._told_by({incident: members[incident] for incident in sorted(members)})

    def _told_by(self, members: Mapping[int, Sequence[tuple[int, Reasons]]]) -> Iterator[Group]:
        """The incidents of these accounts, some read at a time: a million are not held at once."""
        query = (
            "SELECT account, edition, told FROM json_each(?) CROSS JOIN derived.accounts ON account = value "
            "JOIN derived.joined USING (number)"
        )
        rest = iter(members.items())
        while groups := list(islice(rest, BATCH)):
            ids = json.dumps([id for _, some in groups for id, _ in some])
            told = {account: row for account, *row in self.run.execute(query, (ids,))}
            yield from ((incident, [(*told[id], why) for id, why in some]) for incident, some in groups)

    def _keep_answers(self, answers: Mapping[tuple[str, str], Answer]) -> None:
        asked = written(sorted({version for pair in answers for version in pair}))
        query = "SELECT version, number FROM json_each(?) CROSS JOIN derived.joined ON version = value"
        numbers = dict(map(tuple, self.run.execute(query, (asked,))))
        there = ((pair, answer) for pair, answer in answers.items() if pair[0] in numbers and pair[1] in numbers)  # others stand no more
        rows = sorted((numbers[one], numbers[other], *answer) for (one, other), answer in there)
        self.run.executemany("INSERT OR REPLACE INTO derived.matters VALUES (?, ?, ?, ?)", rows)


MANY = 4  # of how many accounts one may have changed, for all to be joined anew
BATCH = 500  # reports to be grouped and written, and incidents to be read, at a time
SHELVED = 50_000  # accounts to be filed at a time, by hash: of three million rows, 200,000 at a time take 3.3 s, and 16,000 at a time 5.8 s
MANY_REPORTS = 3000  # for which it pays to start processes

_ASKED = (  # what may have another answer now: what a report names is told by nothing but itself
    "WITH regrouped AS (SELECT value FROM json_each(?)) SELECT one, other, answer, ours.version, theirs.version FROM derived.matters "
    "LEFT JOIN derived.joined AS ours ON ours.number = one LEFT JOIN derived.joined AS theirs ON theirs.number = other "
    "WHERE hangs OR one IN regrouped OR other IN regrouped"
)
_STANDING = "SELECT number, edition FROM derived.tellings JOIN derived.versions USING (number) WHERE outdated = ''"
_JOINED = "SELECT number, edition FROM derived.joined"
_TOLD = "SELECT number, version, report_id, edition FROM derived.versions JOIN derived.tellings USING (number) WHERE outdated = ''"
_IN_ORDER = "ORDER BY published IS NULL, published, report_id, version"
_TAKE_OUT = "DELETE FROM derived.accounts WHERE account = ? RETURNING told, incident, why, fitted"
_CONTENT = "SELECT content, account, bonds FROM derived.accounts WHERE number = ?"


_JOIN = "INSERT INTO derived.joined VALUES (?, ?, ?, ?, ?, ?, ?)"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _turn(one: tuple[Kept, int]) -> Order:
    return one[0].order


def _joined(report: Report, shows: list[str], keys: list[str]) -> tuple[Any, ...]:
    """Of the table joined."""
    return (report.number, report.version, report.report, report.edition, written(report.before), written(shows), written(keys))


def told_in(told: str, before: Iterable[int]) -> list[Telling]:
    """The tellings of a row of the table tellings, without those that another report has said before."""
    rows, shelf, _ = json.loads(told)
    things, left_out = unshelved(shelf), set(before)
    return [telling_of(row, things) for number, row in enumerate(rows) if number not in left_out]


@dataclass(frozen=True, slots=True)
class _Work:
    """Reports whose accounts are to be made, each with what is kept of its tellings, which of them are left out, and its rarest names;
    and what stands for each place in them."""

    reports: Sequence[tuple[str, list[int], list[str]]]
    roots: Mapping[str, str]

    @classmethod
    def of(cls, reports: Sequence[tuple[Report, str, list[str]]], keys: Mapping[int, list[str]], places: Places) -> _Work:
        """Of reports, each with what it tells and shows."""
        areas = {thing for *_, shows in reports for thing in shows if thing.startswith(AREA)}
        told = [(told, report.before, keys[report.number]) for report, told, _ in reports]
        return cls(told, {thing: places.root(_area(thing)) for thing in areas})


def _made(bearings: Bearings, work: _Work) -> tuple[list[list[Made]], bytes]:
    """What is kept of the accounts of each report; and all these accounts, packed."""
    judge, roots = Judge(bearings.ties), {_area(thing): root for thing, root in work.roots.items()}
    made = [list(made_of(told_in(told, before), keys, judge, roots.__getitem__)) for told, before, keys in work.reports]
    return [[row for _, row in some] for some in made], packed([account for some in made for account, _ in some])


def _say_once(reports: Sequence[Report], says: Callable[[Report], str]) -> None:
    """Leave out what another of them says in the same words, as `record.once` chooses between them. A claim's id names its report."""
    found: list[set[int]] = [set() for _ in reports]
    held: dict[tuple[Any, ...], tuple[int, int, bool]] = {}
    times = Counter(report.report for report in reports)
    for place, report in enumerate(reports):
        keys = json.loads(says(report))[2] if times[report.report] > 1 else ()
        for number, (*key, by_coder) in enumerate(keys):
            one = held.setdefault(tuple(key), (place, number, by_coder))
            if one[:2] != (place, number):
                this = (place, number, by_coder)
                dropped, held[tuple(key)] = (one, this) if one[2] else (this, one)
                found[dropped[0]].add(dropped[1])
    for report, before in zip(reports, found, strict=True):
        report.before = sorted(before)


# --- what all reports together show


class _Shown:
    """Places, spellings without a capital and names, with the number of reports that show each. `changed`: those that more or fewer show
    now, with how many did and do; `flipped`: of these, those that none showed before, or none does any more."""

    def __init__(self, run: Connection) -> None:
        self.run = run
        self.changed: dict[str, tuple[int, int]] = {}
        self.flipped: set[str] = set()

    def change(self, more: Iterable[str], less: Iterable[str]) -> None:
        counts = Counter(more)
        counts.subtract(less)
        add = (
            "INSERT INTO derived.shown_by_all VALUES (?, ?) "
            "ON CONFLICT (thing) DO UPDATE SET count = count + excluded.count RETURNING count"
        )
        for thing, count in sorted(counts.items()):
            if count:
                now = self.run.execute(add, (thing, count)).fetchone()[0]
                self.changed[thing] = (now - count, now)
                if now == 0 or now == count:
                    self.flipped.add(thing)
        self.run.execute("DELETE FROM derived.shown_by_all WHERE count = 0")

    def _all(self, what: str) -> set[str]:
        query = "SELECT thing FROM derived.shown_by_all WHERE thing >= ? AND thing < ?"
        return {row[0] for row in self.run.execute(query, (what, what[:-1] + "!"))}

    def places(self, is_first: bool) -> tuple[Places, set[str]]:
        """What stands for each place, and the places for which another stands now than before."""
        now = {thing: _area(thing) for thing in sorted(self._all(AREA))}
        places = Places(now.values())
        flipped = {thing for thing in self.flipped if thing.startswith(AREA)}
        if is_first or not flipped:
            return places, set()
        before = {thing: _area(thing) for thing in sorted(now.keys() ^ flipped)}
        held = Places(before.values())
        return places, {thing for thing in now.keys() & before.keys() if places.root(now[thing]) != held.root(before[thing])}

    def described(self) -> frozenset[str]:
        return frozenset(thing.removeprefix(DESCRIBED) for thing in self._all(DESCRIBED))

    def matters(self, known: dict[str, frozenset[str]], is_first: bool) -> Matters:
        """`known`: names by version."""

        def names(version: str) -> frozenset[str]:
            if version not in known:
                row = self.run.execute("SELECT shows FROM derived.joined WHERE version = ?", (version,)).fetchone()
                known[version] = _names(json.loads(row[0])) if row else frozenset()
            return known[version]

        def count(name: str) -> int:
            if name not in counts:
                counts[name] = self._count(f"{NAME}{name}")
            return counts[name]

        counts: dict[str, int] = {}
        if is_first:  # all of it, and so it can be told to another process
            query = "SELECT substr(thing, ?), count FROM derived.shown_by_all WHERE thing >= ? AND thing < ?"
            counts.update(map(tuple, self.run.execute(query, (len(NAME) + 1, NAME, NAME[:-1] + "!"))))
            return Matters(known.__getitem__, counts.__getitem__, self._count(NAMED))
        return Matters(names, count, self._count(NAMED))

    def _count(self, thing: str) -> int:
        row = self.run.execute("SELECT count FROM derived.shown_by_all WHERE thing = ?", (thing,)).fetchone()
        return row[0] if row else 0


def _names(things: Iterable[str]) -> frozenset[str]:
    return frozenset(intern(thing.removeprefix(NAME)) for thing in things if thing.startswith(NAME))


@lru_cache(maxsize=50_000)
def _area(thing: str) -> Area:
    found = thing_of(*json.loads(thing.removeprefix(AREA)))
    assert isinstance(found, Area)
    return found
