"""Tellings and incidents → rows of JSON that a file can keep, and back: of a million claims, each is written and read in microseconds.

A row is a list. Areas and parties, which many tellings share, are numbered in the row; days are ordinals.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from khabar.areas import Area
from khabar.figures import Count, Figure
from khabar.incidents import Incident
from khabar.model import Quantity
from khabar.parties import Party
from khabar.tellings import Telling

Row = list[Any]


class Shelf:
    """Numbers for the areas and parties of a row."""

    def __init__(self) -> None:
        self.things: dict[Area | Party, int] = {}

    def put(self, thing: Area | Party | None) -> int | None:
        return None if thing is None else self.things.setdefault(thing, len(self.things))

    def row(self) -> Row:
        return [fields_of(thing) for thing in self.things]


def unshelved(row: Iterable[Sequence[Any]]) -> list[Any]:
    """The areas and parties of a row; one object for what many rows name."""
    return [thing_of(*fields) for fields in row]


@lru_cache(maxsize=200_000, typed=True)  # 33 is not 33.0: an answer must not depend on what was read before
def thing_of(*fields: Any) -> Area | Party:
    return Party(*fields) if len(fields) == PARTY else Area(*fields)


_party_fields: Callable[[Any], Sequence[Any]] = attrgetter(*Party.__dataclass_fields__)  # dataclasses.astuple takes ten times as long
_area_fields: Callable[[Any], Sequence[Any]] = attrgetter(*Area.__dataclass_fields__)
PARTY = len(Party.__dataclass_fields__)  # fewer than an area has


def fields_of(thing: Area | Party) -> Sequence[Any]:
    return _party_fields(thing) if isinstance(thing, Party) else _area_fields(thing)


written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""As short as JSON can be."""


def telling_row(told: Telling, shelf: Shelf) -> Row:
    number = told.quantity
    return [
        told.claim_id, told.report_id, told.version, told.start, told.end, *told.trigger, told.kind, told.modality,
        _number(told.known), _number(told.first), _number(told.last),
        shelf.put(told.actor), shelf.put(told.recipient), shelf.put(told.area),
        [number.low, number.high, number.unit, number.approximate] if number else None,
        told.informant, told.independent, told.letters, told.is_apart, told.is_vague, sorted(told.names), told.is_rejected, told.is_coded,
        told.is_part,
    ]  # fmt: skip


def telling_of(row: Row, things: Sequence[Any]) -> Telling:
    (
        id, report, version, start, end, begins, ends, kind, modality, known, first, last, actor, recipient, area, number,
        informant, independent, letters, is_apart, is_vague, names, is_rejected, is_coded, is_part,
    ) = row  # fmt: skip
    return Telling(
        id, report, version, start, end, (begins, ends), kind, modality, _day(known), _day(first), _day(last),
        None if actor is None else things[actor], None if recipient is None else things[recipient], None if area is None else things[area],
        Quantity(*number) if number else None, informant, independent, letters, is_apart, is_vague, _names(*names), is_rejected, is_coded,
        is_part,
    )  # fmt: skip


def incident_row(one: Incident) -> str:
    shelf = Shelf()
    return written(
        [
            [one.id, one.title, one.kind, _number(one.date_start), _number(one.date_end), shelf.put(one.place)],
            [shelf.put(party) for party in one.actors],
            [shelf.put(party) for party in one.recipients],
            [_figure_row(figure) for figure in one.figures],
            one.informants,
            [telling_row(told, shelf) for told in one.claims],
            one.why,
            one.because,
            shelf.row(),
        ]
    )


def incident_of(text: str) -> Incident:
    (id, title, kind, start, end, place), actors, recipients, figures, informants, claims, why, because, shelf = json.loads(text)
    things = unshelved(shelf)
    return Incident(
        id,
        title,
        kind,
        _day(start),
        _day(end),
        None if place is None else things[place],
        tuple(things[number] for number in actors),
        tuple(things[number] for number in recipients),
        tuple(_figure(*figure) for figure in figures),
        informants,
        tuple(telling_of(row, things) for row in claims),
        tuple(map(tuple, why)),
        tuple(because),
    )


def _figure_row(figure: Figure) -> Row:
    said = [[one.informant, one.independent, one.coded, _number(one.known), one.low, one.high, one.claims] for one in figure.said]
    return [figure.unit, figure.low, figure.best, figure.high, said]


def _figure(unit: str, low: int, best: int, high: int, said: Sequence[Sequence[Any]]) -> Figure:
    counts = (Count(who, free, coded, _day(known), least, most, tuple(ids)) for who, free, coded, known, least, most, ids in said)
    return Figure(unit, low, best, high, tuple(counts))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a question asks of an incident before it is read. `place`, `parties`: also those that only a claim of it names."""

    id: str
    kinds: frozenset[str]
    date_start: date | None
    date_end: date | None
    informants: int
    place: Area | None
    parties: tuple[Party, ...]


def outline_row(one: Incident) -> tuple[str, int | None, int | None, int, str]:
    """Columns id, first, last, informants, outline."""
    told = (party for telling in one.claims for party in (telling.actor, telling.recipient) if party)
    parties = dict.fromkeys((*one.actors, *one.recipients, *told))
    outline = [sorted({telling.kind for telling in one.claims}), fields_of(one.place) if one.place else None, list(map(fields_of, parties))]
    return one.id, _number(one.date_start), _number(one.date_end), one.informants, written(outline)


def outline_of(id: str, first: int | None, last: int | None, informants: int, text: str) -> Outline:
    kinds, place, parties = json.loads(text)
    where = thing_of(*place) if place else None
    who = tuple(unshelved(parties))
    assert where is None or isinstance(where, Area)
    return Outline(id, _names(*kinds), _day(first), _day(last), informants, where, who)


def _number(day: date | None) -> int | None:
    return day.toordinal() if day else None


_from_ordinal: Callable[[int], date] = lru_cache(maxsize=20_000)(date.fromordinal)


def _day(number: int | None) -> date | None:
    return None if number is None else _from_ordinal(number)


@lru_cache(maxsize=50_000)
def _names(*names: str) -> frozenset[str]:
    return frozenset(names)
