"""A record and a day → the record as known by that day, and what follows from it, each part worked out when it is first asked for."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from khabar import beside
from khabar.areas import Area
from khabar.bearing_rows import bearing_kinds
from khabar.bearings import Bearings
from khabar.contract import Json, canonical, iso, line
from khabar.control import Timeline, timeline
from khabar.histories import Histories, stretches
from khabar.model import Participant
from khabar.naming import names_of
from khabar.parties import Party
from khabar.reasons import history
from khabar.record import Record, Told, locked_or_full, once
from khabar.rulings import Ruling, regroupings
from khabar.ties import TIES, Registry, Ties
from khabar.totals import Parts, counted
from khabar.translations import Translations

if TYPE_CHECKING:
    from khabar.chronicle import Chronicle

Gazetteer = Callable[[str], Iterable[str]]
"""Ids of the places that a name may mean, the likeliest first."""


Made = TypeVar("Made", bound=Sized)
Shared = OrderedDict[object, tuple[object, Any]]
"""What was made, by its name, and of which state of the record."""
MOST_SHARED = 500_000  # rows: some 100 MB


@dataclass
class View:
    """A record as known by a day (None: all of it), and what follows from it; each part worked out when it is first asked for."""

    record: Record
    registry: Registry
    known_by: date | None = None
    gazetteer: Gazetteer | None = None
    most_lines: int = 10**9  # time lines that are kept; a server that runs for weeks keeps fewer
    shared: Shared = field(default_factory=OrderedDict)  # by views of one record, one after the other
    _lines: dict[str, Timeline] = field(default_factory=dict)
    _turn: str = ""

    @cached_property
    def histories(self) -> Histories:
        """The histories of places as they are today, and the index of the record's claims."""
        histories = Histories(self.record, self.registry)
        self._turn = histories.index.turn
        return histories

    def is_of_one_state(self) -> bool:
        """Within the transaction that keeps what was made of it: is all of it of one state of the file beside the record? It is not where
        another program has taken something in while it was looked at."""
        return self.histories.index.is_as_found() and self.histories.index.turn == self._turn

    def is_at_rest(self) -> bool:
        """Within a transaction, once `histories` and `chronicle` are there: is all that the record holds kept beside it?"""
        return self.histories.is_at_rest() and self.chronicle.is_current()

    @cached_property
    def bearing(self) -> Bearings:
        """What bears on each place, as known by that day."""
        return self.histories.index.as_known_by(self.known_by) if self.known_by else self.histories.today

    @cached_property
    def chronicle(self) -> Chronicle:
        """What happened, as known by that day."""
        from khabar.chronicle import Chronicle  # only where incidents are asked for

        return Chronicle(self.histories.index, self.known_by)

    @cached_property
    def reported(self) -> Chronicle:
        """What happened by what reports tell alone, without the rows of datasets."""
        from khabar.chronicle import Chronicle

        return Chronicle(self.histories.index, self.known_by, reported=True)

    @cached_property
    def translations(self) -> Translations:
        return Translations(self.record)

    @cached_property
    def spelt(self) -> dict[str, Party]:
        """The parties of those claims, by each spelling of them: what the claims write, and what the registry calls the party."""
        found: dict[str, Party] = {}
        decided = self.histories.index.decided  # may make the index anew, which no open question of the record allows
        for role in ("actor", "recipient"):
            for text, id, name in self.record.connection.execute(_SPELT.format(role=role)).fetchall():
                participant = decided.participant(Participant(text, id=id, name=name))
                if party := self.ties.party(participant):
                    found.setdefault(text, party)
                    found.setdefault(party.name, party)
        return found

    def told_of(self, party: Party) -> list[Told]:
        """Those of the claims that may name one party, without a look at the others; what a review put there is among them."""
        kinds, texts = json.dumps(bearing_kinds()), json.dumps([text for text, one in self.spelt.items() if one.key == party.key])
        where = (
            "kind IN (SELECT value FROM json_each(?1)) AND (json_extract(actor, '$.text') IN (SELECT value FROM json_each(?2)) OR "
            "json_extract(recipient, '$.text') IN (SELECT value FROM json_each(?2)) OR claim_id IN (SELECT claim_id FROM reviews))"
        )
        return self.record.told_by(self.known_by, where, (kinds, texts))

    @cached_property
    def ties(self) -> Ties:
        """Who belongs to whom, each tie with the claim that says so."""
        where = f"kind IN ({', '.join('?' * len(TIES))})"
        read = self.of_arrivals("ties", lambda: self.record.every_told(where, tuple(TIES)))
        told = once(item for item in map(self.bearing.rulings.applied, read) if item.is_known_by(self.known_by))
        return Ties(self.registry, told, names=self.bearing.names)

    @cached_property
    def regroupings(self) -> list[Ruling]:
        """What analysts had merged and split by that day."""
        return regroupings(self.record.connection, self.known_by)

    @cached_property
    def areas(self) -> dict[str, Area]:
        """All places that claims on holding name, by key."""
        return self.of_arrivals("areas", self.bearing.areas)

    def line(self, area: Area) -> Timeline:
        """The time line of one place."""
        if area.key not in self._lines:
            while len(self._lines) >= self.most_lines:
                self._lines.pop(next(iter(self._lines)))
            self._lines[area.key] = timeline(area, self.bearing)
        return self._lines[area.key]

    def history(self, area: Area) -> Json:
        """All that can be answered about one place."""
        kept = self.histories.history(area.key) if self.known_by is None else None
        return kept or history(self.line(area))

    def all_histories(self) -> Iterator[Json]:
        """Those of all places, by key."""
        if self.known_by is None:
            yield from (known for _, known in self.histories.histories())
        else:
            yield from (history(timeline(area, self.bearing)) for area in self.areas.values())

    def all_stretches(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """The key of each place, with the days from which it is in another state, and the states (see `stretches`), by key."""
        if self.known_by is None:
            yield from self.histories.stretched()
        else:
            yield from ((known["key"], list(stretches(known))) for known in self.all_histories())

    def kept(self, question: str, answer: Callable[[], list[Json]], *, of_parties: bool = False) -> list[Json]:
        """An answer for which all claims are read: kept beside the record until something arrives; `of_parties`: one in which no more is
        told than who takes part in the claims, until something arrives or somebody is put right."""
        run, asked = self.histories.run, f"{question} {iso(self.known_by) or ''}"
        journal = beside.journal(run, self.regroupings)
        if of_parties:
            put_right = [one.review_id for one in self.record.rulings(self.known_by).claims.values() if one.fields]
            journal = canonical([*json.loads(journal)[:2], sorted(put_right)])
        row = run.execute("SELECT answer FROM derived.answers WHERE question = ? AND journal = ?", (asked, journal)).fetchone()
        if row is None:
            row = (line(answer()),)
            with locked_or_full(beside.NAME), run:
                run.execute("BEGIN IMMEDIATE")
                if not self.is_of_one_state():
                    return list(json.loads(row[0]))
                run.execute("DELETE FROM derived.answers WHERE question GLOB ? AND journal <> ?", (f"{question} *", journal))
                earlier = run.execute("SELECT count(*) FROM derived.answers WHERE question GLOB ?", (f"{question} ?*",)).fetchone()[0]
                if earlier >= beside.DAYS:  # whoever asks for day after day of knowledge must not fill the disk
                    run.execute("DELETE FROM derived.answers WHERE question GLOB ?", (f"{question} ?*",))
                run.execute("INSERT OR REPLACE INTO derived.answers VALUES (?, ?, ?)", (asked, journal, row[0]))
        found: list[Json] = json.loads(row[0])
        return found

    def told_by_id(self, ids: Iterable[str]) -> dict[str, Told]:
        """Claims by id, those of them that count."""
        wanted = json.dumps(sorted(set(ids)))
        found = self.record.told_by(self.known_by, "claim_id IN (SELECT value FROM json_each(?))", (wanted,))
        return {item.claim.claim_id: item for item in reversed(found)}

    def of_arrivals(self, name: object, make: Callable[[], Made]) -> Made:
        """What follows from what arrived, on which days and under which names, and from nothing else that was decided."""
        if name not in self.shared or self.shared[name][0] != self._arrived:
            self.shared[name] = self._arrived, make()
            while len(self.shared) > 1 and sum(len(kept) for _, kept in self.shared.values()) > MOST_SHARED:
                self.shared.popitem(last=False)
        self.shared.move_to_end(name)
        found: Made = self.shared[name][1]
        return found

    @cached_property
    def _arrived(self) -> object:
        query = "SELECT arrival, reading, arrived_at FROM arrivals ORDER BY arrival DESC LIMIT 1"
        rows = map(tuple, self.record.connection.execute(query).fetchall())
        return self.known_by, names_of(self.record.connection).ids, sorted(self.bearing.rulings.dated.items()), *rows

    @cached_property
    def parts(self) -> Parts:
        """The claims that count, in two parts: those that need not be read to be counted, and the others."""
        return counted(self.record, self.known_by)

    @cached_property
    def warnings(self) -> list[str]:
        """What the reader of an answer must know: here, reports that are never known by a day."""
        undated = self.record.undated() - len(self.record.rulings(self.known_by).dated) if self.known_by else 0
        return [f"reports without a day of publication, left out of --known-by: {undated}"] if undated > 0 else []


_SPELT = (
    "SELECT DISTINCT json_extract({role}, '$.text'), json_extract({role}, '$.id'), json_extract({role}, '$.name') FROM claims "
    "WHERE {role} IS NOT NULL AND reading IN (SELECT reading FROM readings WHERE current = 1)"
)
