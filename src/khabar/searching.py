"""A record and what is sought → the claims that match all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from sys import intern
from typing import get_args

from khabar.actorfiles import Actor
from khabar.areas import key_of
from khabar.bearings import Bearings
from khabar.contract import Json, iso
from khabar.errors import QuestionError
from khabar.finding import find_actor, find_place, near
from khabar.lexicon import table
from khabar.model import Modality, Place, Speaker
from khabar.naming import names_of
from khabar.quoting import claim_row
from khabar.record import Told
from khabar.spellings import loose, normal
from khabar.totals import IS_APART, OF_CLAIMS, STANDS, STOOD
from khabar.view import View


@dataclass(frozen=True, slots=True)
class Sought:
    """What a claim must match, None: anything. `place`, `actor`, `speaker`: an id, or a name in any spelling; `first`, `last`: days of the
    event; `search`: words of the sentence; `ids`: one of them, where there are any."""

    place: str | None = None
    actor: str | None = None
    kind: str | None = None
    first: date | None = None
    last: date | None = None
    speaker: str | None = None
    modality: str | None = None
    search: str | None = None
    ids: tuple[str, ...] = ()


def claims(view: View, sought: Sought) -> list[Json]:
    """Claims that match all that is sought, each with its sentence, outlet and day of publication.

    QuestionError for what no claim can be: a kind or a modality that there is not, days in the wrong order; and, where nothing is found,
    for a place, an actor or a speaker that nobody tells of: none are none only of what is known.
    """
    _check(sought)
    found = [claim_row(view, item) for item in matching(view, sought)]
    if not found:
        _check_names(view, sought)
    return found


def _check(sought: Sought) -> None:
    if sought.first and sought.last and sought.first > sought.last:
        raise QuestionError(f"--from {sought.first} is after --to {sought.last}")
    for what, asked, known in (
        ("kind", sought.kind, tuple(table("codebooks")["kinds"])),
        ("modality", sought.modality, get_args(Modality)),
    ):
        if asked is not None and asked not in known:
            raise QuestionError(f"{asked!r} is no {what} of a claim{near(asked, known)}; they are {', '.join(sorted(known))}")


def _check_names(view: View, sought: Sought) -> None:
    if sought.place is not None:
        find_place(view, sought.place)
    if sought.actor is not None:
        find_actor(view, sought.actor)
    if sought.speaker is not None and not keys(view, Sought(speaker=sought.speaker)):
        spoken = {speaker for item in view.record.told() for speaker in (item.outlet, *(link.text for link in item.claim.attribution))}
        raise QuestionError(f"nobody called {sought.speaker!r} speaks in this record{near(sought.speaker, filter(None, spoken))}")


def matching(view: View, sought: Sought) -> list[Told]:
    """Claims that match all that is sought, in the order of publication."""
    return read(view, keys(view, sought))


Key = tuple[str, str, int]
"""Of a claim: its version, its id, and whether it matches by its row alone, where nobody ruled on it."""


def read(view: View, found: Sequence[Key]) -> list[Told]:
    """The claims of these keys, in their order."""
    ids = json.dumps(sorted({id for _, id, _ in found}))
    told = {(item.version, item.claim.claim_id): item for item in view.record.told_by(view.known_by, IS_APART, (ids,))}
    return [told[version, id] for version, id, _ in found]


def keys(view: View, sought: Sought) -> list[Key]:
    """Of the claims that match all that is sought, in the order of publication. Those are read on which an analyst ruled, and all that are
    left where an actor or a speaker is sought; of the others the rows are looked at, once until more arrives."""
    rows = view.of_arrivals(replace(sought, actor=None, speaker=None), partial(_rows, view, sought))
    apart = {(item.version, item.claim.claim_id): _overlaps(item, sought.first, sought.last) for item in view.parts.apart}
    ids = view.parts.ids
    found = [row for row in rows if (apart.get(row[:2]) if row[1] in ids else row[2])]
    if sought.actor is not None:
        found = [key for key, item in zip(found, read(view, found), strict=True) if _takes_part(view, item, sought.actor)]
    if sought.speaker is not None:
        found = [key for key, item in zip(found, read(view, found), strict=True) if _says(view, item, sought.speaker)]
    return found


def _rows(view: View, sought: Sought) -> list[Key]:
    where, values = _condition(view, sought)
    days = {"first": iso(sought.first), "last": iso(sought.last)}
    rows = view.record.connection.execute(_KEYS.format(where=where), {**view.parts.values, **days, **values})
    return [(intern(version), id, matches) for version, id, matches in rows]


_IN_TIME = "(:first IS NULL OR date_end IS NULL OR date_end >= :first) AND (:last IS NULL OR date_start IS NULL OR date_start <= :last)"
_KEYS = f"""
WITH {STOOD} SELECT version, claim_id, {STANDS} AND {_IN_TIME} {OF_CLAIMS} JOIN sentences USING (sentence)
WHERE current = 1 AND {{where}}
ORDER BY published IS NULL, published, report_id, version, sentences.start, trigger_start, claim_id
"""


def _condition(view: View, sought: Sought) -> tuple[str, dict[str, str]]:
    """What a row must be like, of what no review changes, and the values for that."""
    # Each word in quotation marks, or FTS5 would read AND, NOT or a hyphen as its own language.
    quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in (sought.search or "").replace("\0", " ").split())
    texts, places = _places(view, sought.place) if sought.place is not None else ([], [])
    asked = {
        "kind": (sought.kind, "kind = :kind"),
        "modality": (sought.modality, "modality = :modality"),
        "search": (quoted, "sentence IN (SELECT rowid FROM search WHERE search MATCH :search)"),
        "ids": (json.dumps(sought.ids) if sought.ids else None, "claim_id IN (SELECT value FROM json_each(:ids))"),
        "texts": (json.dumps(texts) if sought.place is not None else None, _IN_WORDS),
        "places": (json.dumps(places) if sought.place is not None else None, f"{_PLACE} IN (SELECT value FROM json_each(:places))"),
    }
    conditions = [condition for value, condition in asked.values() if value]
    return " AND ".join(conditions) or "1", {name: value for name, (value, _) in asked.items() if value}


_IN_WORDS = (  # by the index of later.sql
    "claim_id IN (SELECT claim_id FROM claims WHERE json_extract(place, '$.text') IN (SELECT value FROM json_each(:texts)))"
)


# --- places


def _places(view: View, name: str) -> tuple[list[str], list[str]]:
    """The words of claims for the places that a name or an id means, and these places as the rows of claims tell them."""
    called = view.of_arrivals("called", lambda: _called(view))
    spellings = (name, normal(name), loose(name), *view.bearing.spellings(name))
    likely = {row: place for words in spellings for row, place in called.get(words, ())}
    rows = sorted(row for row, place in likely.items() if _same_place(view.bearing, place, name))
    return sorted({json.loads(row)[0] for row in rows}), rows


def _called(view: View) -> dict[str, list[tuple[str, Place]]]:
    """The places that claims tell of, as their rows have them and as they were decided on, by all that they may be called."""
    decided, found = names_of(view.record.connection), dict[str, list[tuple[str, Place]]]()
    for (row,) in view.record.connection.execute(f"SELECT DISTINCT {_PLACE} FROM claims WHERE place IS NOT NULL").fetchall():
        place = decided.placed.applied(Place(**dict(zip(_TOLD, json.loads(row), strict=True))))
        assert place
        names = [place.text, place.name or place.text]
        for words in {place.id or "", key_of(place), *map(normal, names), *map(loose, names)}:
            found.setdefault(words, []).append((row, place))
    return found


_TOLD = ("text", "name", "id", "precision", "parent")
_PLACE = "json_array({})".format(", ".join(f"json_extract(place, '$.{name}')" for name in _TOLD))


def _same_place(bearings: Bearings, place: Place, name: str) -> bool:
    area = bearings.names.area(place)
    spellings = {area.name, place.text}
    return name in (area.key, area.id) or any(normal(name) == normal(s) or loose(name) == loose(s) for s in spellings)


def _takes_part(view: View, item: Told, name: str) -> bool:
    known = view.registry.actor(name) or view.registry.resolve(name, on=item.known)
    for participant in (item.claim.actor, item.claim.recipient):
        party = view.ties.party(participant)
        if participant and party and ((known and known.id == party.id) or normal(name) in (normal(party.name), normal(participant.text))):
            return True
        if (
            participant
            and participant.id is None
            and any(_is_part(view, part, name, known, item) for part in _JOINED.split(participant.text))
        ):
            return True
    return False


_JOINED = re.compile(r",?\s+and\s+(?:the\s+)?|,\s+(?:the\s+)?")


def _is_part(view: View, part: str, name: str, known: Actor | None, item: Told) -> bool:
    """Is it one of the parties of a joint act: "Turkey | and the coalition"?"""
    meant = view.registry.resolve(part, on=item.known)
    return normal(part) == normal(name) or (known is not None and meant is not None and known.id == meant.id)


def _says(view: View, item: Told, name: str) -> bool:
    """Is it a link of the chain, or the outlet where that speaks for itself?"""
    known = view.registry.resolve(name, on=item.known)
    links = item.claim.attribution or ((Speaker(item.outlet),) if item.outlet else ())
    return any((known and known.id == link.id) or normal(name) in normal(link.text) for link in links)


def _overlaps(item: Told, first: date | None, last: date | None) -> bool:
    """Can it have been so in that time? An open end reaches for ever, and what has no date, such as a membership, has two."""
    start, end = item.claim.date_start, item.claim.date_end
    return (first is None or end is None or end >= first) and (last is None or start is None or start <= last)
