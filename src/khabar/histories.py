"""A record → the history of each of its places, kept beside the record and worked out again only where a new report touches it.

What is kept is what all reports together give today. As known by an earlier day, a history is worked out from the index when it is asked
for, and not kept. The tables are in derived.sql.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from khabar import beside
from khabar.areas import Area
from khabar.bearings import Bearings, Index, Spreading
from khabar.contract import Json, canonical
from khabar.control import Timeline, timeline
from khabar.copies import is_up_to_date
from khabar.drawers import drawers_of
from khabar.naming import names_of
from khabar.parties import Party
from khabar.reasons import history, state, turns
from khabar.record import Record, locked_or_full
from khabar.spellings import normal
from khabar.ties import Registry
from khabar.workers import Meanwhile, no_collection


class Histories:
    """The histories of a record, as they are today."""

    def __init__(self, record: Record, registry: Registry) -> None:
        self.record = record
        self.index = Index(record, registry)
        self.today = self.index.as_known_by(None)
        self.update()

    @property
    def run(self) -> sqlite3.Connection:
        return self.record.connection

    def update(self) -> None:
        """Take in what has arrived in the record since the last time. Which histories that makes stale is noted, and no more is done."""
        for _ in beside.tries():
            if self.index.is_current():
                break
            with locked_or_full(beside.NAME), self.run, no_collection():
                self.run.execute("BEGIN IMMEDIATE")
                if is_up_to_date(self.run):  # nothing has arrived between that and this
                    self._take_in()
                    break
        self.today = self.index.as_known_by(None)

    def _take_in(self) -> None:
        marks = self.index.update()
        self.today = self.index.as_known_by(None)
        stale = set(self.today.areas()) if marks is None else self._touched(marks)
        self.run.executemany("INSERT OR IGNORE INTO derived.stale VALUES (?)", sorted((key,) for key in stale))

    def history(self, key: str) -> Json | None:
        """The history of one place (see `reasons.history`); None where no claim on holding names it."""
        self._refresh("place = ?", key)
        row = self.run.execute("SELECT history FROM derived.histories WHERE place = ?", (key,)).fetchone()
        return json.loads(row["history"]) if row else None

    def histories(self, keys: Iterable[str] | None = None) -> Iterator[tuple[str, Json]]:
        """Histories by key, of some places or of all."""
        self.refresh()
        if keys is None:
            keys = [row["place"] for row in self.run.execute("SELECT place FROM derived.histories")]
        for key in sorted(keys):  # one at a time: those of a large record are not held at once
            row = self.run.execute("SELECT history FROM derived.histories WHERE place = ?", (key,)).fetchone()
            if row:
                yield key, json.loads(row["history"])

    def stretched(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Of each place, by key, what `stretches` gives."""
        self.refresh()
        rows = self.run.execute("SELECT place, first, state FROM derived.states ORDER BY place, first")
        for key, found in groupby(rows, itemgetter("place")):
            yield key, [(row["first"], row["state"]) for row in found]

    def states(self, on: date) -> list[tuple[str, Json]]:
        """The state of each place that day (see `reasons.state`), by key."""
        self.refresh()
        that_day = "SELECT state FROM derived.states WHERE states.place = histories.place AND first <= ? ORDER BY first DESC LIMIT 1"
        query = f"SELECT place, ({that_day}) FROM derived.histories ORDER BY place"
        rows = self.run.execute(query, (on.isoformat(),)).fetchall()
        return list(zip((row[0] for row in rows), json.loads(f"[{','.join(row[1] for row in rows)}]"), strict=True))

    def changed(self, first: date, last: date) -> list[str]:
        """Keys of the places that changed hands by a day in that time."""
        self.refresh()
        rows = self.run.execute(
            "SELECT DISTINCT place FROM derived.changed WHERE day BETWEEN ? AND ? ORDER BY place", (first.isoformat(), last.isoformat())
        )
        return [row["place"] for row in rows]

    def refresh(self) -> None:
        """Work out every stale history."""
        self._refresh("1")

    @contextmanager
    def refreshing(self) -> Iterator[Meanwhile]:
        """Work out every stale history, by the end of the `with`: where they are few, other processes do while the caller works; where they
        are many, from when he says that he will wait, within a transaction of his, in which they are kept."""
        keys = self._stale("1")
        with Spreading(self.today, spared=2) as spread:
            few = self._handed_out(keys, spread) if len(keys) <= KEPT else ()

            def meanwhile() -> Callable[[], None]:
                is_turn = len(keys) > KEPT and self.index.is_as_found()
                many = self._handed_out(keys, spread) if is_turn else ()

                def wait() -> None:
                    """Keep them as a part of the caller's transaction."""
                    for some in _gathered(many):
                        self._keep(some)
                    if is_turn:
                        spread.rest()

                return wait

            yield meanwhile
            self._keep_all(few)
        self.refresh()  # what nobody worked out, or another program has made stale meanwhile

    def is_at_rest(self) -> bool:
        """Within a transaction: is all that the record holds taken in, and no history stale?"""
        decided = names_of(self.run).ids == self.index.decided.ids
        return decided and self.index.has_all() and not self.run.execute("SELECT 1 FROM derived.stale LIMIT 1").fetchone()

    # --- writing

    def _touched(self, marks: frozenset[str]) -> set[str]:
        """Places whose history rests on one of the marks, and those that there were none of before."""
        found: set[str] = set()
        for number in map(beside.number_of, marks):
            found |= {row["place"] for row in self.run.execute("SELECT place FROM derived.rests_on WHERE mark = ?", (number,))}
        drawers = {mark.removeprefix("drawer ") for mark in marks if mark.startswith("drawer ")}
        spelt = {f"~{mark.removeprefix('place ')}" for mark in marks if mark.startswith("place ")}
        return found | set(self.today.areas_in(drawers | spelt))

    def _refresh(self, where: str, *values: str) -> None:
        for _ in beside.tries():
            keys = self._stale(where, *values)
            if not keys:
                return
            with Spreading(self.today) as spread, no_collection():
                if self._keep_all(self._handed_out(keys, spread)):
                    return
            self.update()

    def _stale(self, where: str, *values: str) -> list[str]:
        return [row["place"] for row in self.run.execute(f"SELECT place FROM derived.stale WHERE {where} ORDER BY place", values)]

    def _handed_out(self, keys: Sequence[str], spread: Spreading) -> Iterator[list[Kept]]:
        """What is to be kept of these places: those of most claims first, so that no process is left with one of them at the end."""
        numbers = Counter(dict(self.run.execute(_CLAIMS_ON, (json.dumps(keys),)).fetchall())) if len(keys) > 1 else Counter[str]()
        batches = list(_batches(sorted(keys, key=lambda key: -numbers[key]), numbers))
        return spread(_made, batches, many=len(batches) > 1 and numbers.total() >= MANY, ahead=AHEAD)

    def _keep_all(self, made: Iterable[list[Kept]]) -> bool:
        """Keep these histories; False where another program has taken something in meanwhile: it may bear on what was read before it came,
        and that is not kept."""
        for some in _gathered(made):
            with locked_or_full(beside.NAME), self.run:  # at once: a question that is killed leaves no half of a history
                self.run.execute("BEGIN IMMEDIATE")
                if not self.index.is_as_found():
                    return False
                self._keep(some)
        return True

    def _keep(self, kept: Sequence[Kept]) -> None:
        places = json.dumps([one.place for one in kept])
        held = self.run.execute("SELECT place FROM derived.histories WHERE place IN (SELECT value FROM json_each(?))", (places,)).fetchall()
        for table in ("histories", "states", "changed", "rests_on", "contested_places"):
            self.run.executemany(f"DELETE FROM derived.{table} WHERE place = ?", held)
        self.run.executemany("DELETE FROM derived.stale WHERE place = ?", [(one.place,) for one in kept])
        # In the order of each table, or else half of its pages are altered for every few places.
        rows: dict[str, list[tuple[str | int, ...]]] = {
            "histories": [(one.place, one.history) for one in kept if one.history is not None],
            "states": [(one.place, *state) for one in kept for state in one.states],
            "changed": [(day, one.place) for one in kept for day in one.days],
            "rests_on": [(mark, one.place) for one in kept for mark in one.marks],
        }
        for table, some in rows.items():
            if some:
                self.run.executemany(f"INSERT INTO derived.{table} VALUES ({', '.join('?' * len(some[0]))})", sorted(some))


def _gathered(made: Iterable[list[Kept]]) -> Iterator[list[Kept]]:
    """As many at a time as are kept in one transaction."""
    waiting: list[Kept] = []
    for some in made:
        waiting += some
        if len(waiting) >= KEPT:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


@dataclass(frozen=True)
class Kept:
    """What is kept of one place; no `history` where no claim on holding names it any more."""

    place: str
    history: str | None = None
    states: Sequence[tuple[str, str]] = ()
    days: Sequence[str] = ()
    marks: Sequence[int] = ()


def _made(bearings: Bearings, keys: Sequence[str]) -> list[Kept]:
    return [_kept(key, bearings.area(key), bearings) for key in keys]


def _kept(key: str, area: Area | None, bearings: Bearings) -> Kept:
    if area is None:
        return Kept(key)
    line = timeline(area, bearings)
    known = history(line)
    days = sorted({change["date_end"] for change in known["changes"]})
    return Kept(key, canonical(known), list(stretches(known)), days, [*map(beside.number_of, rests_on(line, bearings))])


def _batches(keys: Iterable[str], numbers: Mapping[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    for key in keys:
        batch.append(key)
        if len(batch) == BATCH or sum(numbers[one] for one in batch) >= CLAIMS:
            yield batch
            batch = []
    if batch:
        yield batch


_CLAIMS_ON = "SELECT drawer, count(*) FROM derived.filed WHERE drawer IN (SELECT value FROM json_each(?)) GROUP BY drawer"
MANY = 6_000  # claims on places for which it pays to start processes
BATCH, CLAIMS = 50, 500  # places to be worked out at a time, and claims on them: as many as either
KEPT = 1000  # places to a transaction: some 40 MB
AHEAD = 25  # batches for each process that may wait for what the caller does meanwhile: some 60 MB


def stretches(known: Json) -> Iterator[tuple[str, str]]:
    """The days from which the state of a place is another, '' for the beginning of time, and the state from then on."""
    last = None
    for first in turns(known):
        found = state(known, date.fromisoformat(first) if first else date.min)
        if found != last:
            yield first or "", canonical(found)
        last = found


def rests_on(line: Timeline, bearings: Bearings) -> set[str]:
    """Marks of all that a history was made from (see `bearing_rows.marks_of`): what changes none of them leaves it as it is."""
    spellings = bearings.spellings(line.area.key)
    found = {f"drawer {drawer}" for drawer in drawers_of(line.area, spellings)}
    found |= {f"place {spelling}" for spelling in (line.area.key, *spellings)}
    parties: set[Party] = {party for piece in line.evidence for party in (piece.party, piece.other, piece.speaker) if party}
    participants = (part for item in bearings.on(line.area) for part in (item.claim.actor, item.claim.recipient) if part)
    for part in {(part.text, part.id, part.name): part for part in participants}.values():
        if party := bearings.ties.party(part):
            parties.add(party)
        if part.id is None:
            found |= {f"actor {normal(text)}" for text in (part.text, part.name or part.text)}
    for party in parties:
        found |= {f"party {key}" for key in (party.key, *bearings.ties.above(party, None))}
    return found
