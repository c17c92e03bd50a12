"""A record → its incidents, kept beside it: what does not change is not worked out again.

    reports ─► tellings and accounts of each (kept) ─► incidents (kept)

A new report is read; of the others, those are read again that rest on what it changed: a spelling, a membership, a place. Accounts that
may be joined otherwise now are joined again (`joining`), and the incidents that come out as they were are left as they are. As known by an
earlier day, incidents are worked out from the claims of that day, and kept until something arrives. Tables: derived.sql.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import chain, count, islice
from typing import TypeVar

from khabar import beside
from khabar.bearings import Bearings, Index, Spreading
from khabar.copies import bring_up_to_date
from khabar.errors import OutdatedError
from khabar.filing import told_from
from khabar.hearing import hear, of_incidents
from khabar.incidents import Incident, Joined, incident, incidents, ruled
from khabar.joining import Group, Joining, Member
from khabar.judging import Judge
from khabar.keeping import Outline, incident_of, incident_row, outline_of, outline_row
from khabar.record import locked_or_full
from khabar.roles import is_coded
from khabar.rulings import regroupings
from khabar.workers import Meanwhile, no_collection


def _nothing() -> Callable[[], None]:
    """What is begun where nobody has anything to be done."""
    return lambda: None


class Chronicle:
    """The incidents of a record, as known by a day (None: today); `reported`: by what reports tell alone, without the rows of datasets.
    `meanwhile`: begun and waited for within a transaction, while all accounts are joined, which another process does."""

    def __init__(self, index: Index, known_by: date | None = None, *, reported: bool = False, meanwhile: Meanwhile = _nothing) -> None:
        self.index, self.known_by, self.reported, self._meanwhile = index, known_by, reported, meanwhile
        self.run = index.run
        self._day = (known_by.isoformat() if known_by else "") + (" reported" if reported else "")
        self.update()

    def outlines(self, held: Mapping[int, Outline] = {}) -> list[tuple[int, Outline]]:
        """What a question asks of each, with the number under which `read` finds it; in the order of their days. `held`: those that are at
        hand, by number, which is never given twice."""
        rows = self.run.execute(
            "SELECT incident, id, first, last, informants, outline FROM derived.incidents WHERE known_by = ? "
            "ORDER BY last IS NULL, last, first, id", (self._day,)
        )  # fmt: skip
        return [(number, held[number] if number in held else outline_of(*columns)) for number, *columns in rows]

    def read(self, numbers: Iterable[int]) -> list[Incident]:
        """Those of that number, in that order; OutdatedError where one is there no more."""
        return [incident_of(self._body(number)) for number in numbers]

    def _body(self, number: int) -> str:
        row = self.run.execute("SELECT body FROM derived.incident_bodies WHERE incident = ?", (number,)).fetchone()
        if row is None:
            raise OutdatedError("the incidents were worked out anew while they were asked for; ask again")
        return str(row[0])

    def all(self) -> list[Incident]:
        """All of them, in the order of their days."""
        rows = self.run.execute(
            "SELECT body FROM derived.incidents JOIN derived.incident_bodies USING (incident) WHERE known_by = ? "
            "ORDER BY last IS NULL, last, first, id", (self._day,)
        )  # fmt: skip
        return [incident_of(row[0]) for row in rows]

    def called(self, id: str) -> Incident | None:
        """The incident of that id."""
        query = "SELECT incident FROM derived.incidents WHERE known_by = ? AND id = ? ORDER BY last IS NULL, last, first"
        found = self.run.execute(query, (self._day, id)).fetchone()
        return self.read([found[0]])[0] if found else None

    # --- keeping up with the record

    def update(self) -> None:
        """Work out what has changed."""
        for _ in beside.tries():
            if self.is_current():
                return
            bring_up_to_date(self.run)
            with locked_or_full(beside.NAME), self.run, no_collection():
                self.run.execute("BEGIN IMMEDIATE")
                if not self.is_current() and self._is_readable():
                    made = self._as_known() if self._day else self._today()
                    self._write(made)
                    beside.note(self.run, **{f"incidents {self._day}": self.journal})

    def _is_readable(self) -> bool:
        if beside.facts(self.run).get("program") != self.index.program:
            raise OutdatedError("another version of the program, or other knowledge, is asked of this record at the same time; ask again")
        return self.index.is_readable()

    def is_current(self) -> bool:
        """Is it made of all that the index has, and of what was ruled?"""
        self._rulings = regroupings(self.run, self.known_by)
        return beside.facts(self.run).get(f"incidents {self._day}") == self.journal

    @property
    def journal(self) -> str:
        """How far the record has come, as the index knows it."""
        return beside.journal(self.run, self._rulings)

    def _write(self, made: Iterable[Written]) -> None:
        columns = "incident, known_by, id, first, last, informants, outline, made_of, account"
        query = f"INSERT INTO derived.incidents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        numbers = count(int(beside.facts(self.run)["numbers"]) + 1)
        rest = iter(made)
        with beside.filling(self.run, "incidents"):
            while some := list(zip(islice(rest, BATCH), numbers, strict=False)):
                self.run.executemany(
                    query, [(number, self._day, *outline, made_of, account) for (made_of, account, outline, _), number in some]
                )
                self.run.executemany("INSERT INTO derived.incident_bodies VALUES (?, ?)", [(number, body) for (*_, body), number in some])
                beside.note(self.run, numbers=str(some[-1][1]))

    def _as_known(self) -> Iterator[Written]:
        """All that were known by that day; what is kept of other days, where it is too much or outdated, goes."""
        journal = self.journal
        held = {name.partition(" ")[2]: value for name, value in beside.facts(self.run).items() if name.startswith("incidents ")}
        old = sorted(day for day, value in held.items() if day and (value != journal or len(held) > beside.DAYS))
        for day in {*old, self._day}:
            self._forget("known_by = ?", day)
            self.run.execute("DELETE FROM derived.facts WHERE name = ?", (f"incidents {day}",))
        every = self.index.record.told_by(self.known_by, *of_incidents())
        told = [item for item in every if not (self.reported and is_coded(item.claim))]
        for one in incidents(told, self.index.as_known_by(self.known_by).ties, self._rulings):
            yield "", None, outline_row(one), incident_row(one)

    def _today(self) -> Iterator[Written]:
        """Those that are new or not what they were; the others stay, and what is no more goes."""
        bearings = self.index.as_known_by(None)
        with Spreading(bearings) as spread:
            hear(bearings, spread)
            joining = Joining(bearings, spread, meanwhile=self._meanwhile)
            made = joining.update()
            is_ruled = bool(self._rulings or beside.facts(self.run).get("ruled"))
            beside.note(self.run, ruled="yes" if self._rulings else "")
            if isinstance(made, set) and not is_ruled:
                yield from self._in_place_of(made, joining, spread)
            else:
                groups = joining.groups() if isinstance(made, set) or is_ruled else made
                yield from self._among_all(groups, spread, is_ruled=is_ruled)

    def _in_place_of(self, touched: Iterable[int], joining: Joining, spread: Spreading) -> Iterator[Written]:
        """Those that are not what they were, by the account that came first; the old ones go."""
        for id in sorted(touched):
            self._forget("account = ?", id)
        return _written(_rows_of_groups, list(joining.groups(touched)), spread)

    def _among_all(self, groups: Iterable[Group], spread: Spreading, *, is_ruled: bool) -> Iterator[Written]:
        """Of all incidents those that are not kept yet; what is no more goes."""
        held = {row[0] for row in self.run.execute("SELECT made_of FROM derived.incidents WHERE known_by = ''")}
        if not held and not is_ruled:
            return _written(_rows_of_groups, groups, spread)
        every: list[New] = [(made_of, id, joined) for id, members in groups for made_of, joined in (_joined(members),)]
        if self._rulings:
            editions = dict(map(tuple, self.run.execute("SELECT version, edition FROM derived.joined")))
            every = [(_made_of(joined, editions), None, joined) for joined in ruled([joined for *_, joined in every], self._rulings)]
        made = {made_of: (id, joined) for made_of, id, joined in every}
        for gone in sorted(held - set(made)):
            self._forget("known_by = '' AND made_of = ?", gone)
        query = "UPDATE derived.incidents SET account = ? WHERE known_by = '' AND made_of = ?"
        self.run.executemany(query, [(made[key][0], key) for key in sorted(held & set(made))])
        return _written(_rows_of, [(key, id, joined) for key, (id, joined) in made.items() if key not in held], spread)

    def _forget(self, where: str, value: str | int) -> None:
        self.run.execute(
            f"DELETE FROM derived.incident_bodies WHERE incident IN (SELECT incident FROM derived.incidents WHERE {where})", (value,)
        )
        self.run.execute(f"DELETE FROM derived.incidents WHERE {where}", (value,))


New = tuple[str, int | None, list[Joined]]  # what it is made of, the account that came first in it, its claims
Written = tuple[str, int | None, tuple[str, int | None, int | None, int, str], str]  # the same two, its outline, its body


Some = TypeVar("Some")


def _written(do: Callable[[Bearings, Sequence[Some]], list[Written]], new: Iterable[Some], spread: Spreading) -> Iterator[Written]:
    rest = iter(new)
    first = list(islice(rest, MANY))
    every = chain(first, rest)
    for rows in spread(do, iter(lambda: list(islice(every, BATCH)), []), many=len(first) == MANY):
        yield from rows


BATCH, MANY = 1000, 30_000  # incidents to be worked out at a time, and for which it pays to start processes


def _rows_of(bearings: Bearings, new: Sequence[New]) -> list[Written]:
    judge = Judge(bearings.ties)
    found = ((key, id, incident(joined, judge)) for key, id, joined in new)
    return [(key, id, outline_row(one), incident_row(one)) for key, id, one in found]


def _rows_of_groups(bearings: Bearings, groups: Sequence[Group]) -> list[Written]:
    made = ((id, _joined(members)) for id, members in groups)
    return _rows_of(bearings, [(made_of, id, joined) for id, (made_of, joined) in made])


def _joined(members: Iterable[Member]) -> tuple[str, list[Joined]]:
    """What an incident is made of, and its claims; from its accounts, in the order in which they were joined."""
    joined: list[Joined] = []
    editions: dict[str, int] = {}
    for edition, told, why in members:
        tellings, reasons = told_from(told)
        editions[tellings[0].version] = edition
        joined += zip(tellings, [why, *reasons[1:]], strict=True)
    return _made_of(joined, editions), joined


def _made_of(joined: Sequence[Joined], editions: Mapping[str, int]) -> str:
    parts = [(editions[told.version], told.claim_id, why) for told, why in joined]
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
