"""A record and what is sought → the claims that match all of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from khabar.actorfiles import Actor
from khabar.bearings import Bearings
from khabar.contract import Json
from khabar.model import Place, Speaker
from khabar.naming import names_of
from khabar.quoting import claim_row
from khabar.record import Told
from khabar.spellings import loose, normal
from khabar.ties import Ties
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
    """Claims that match all that is sought, each with its sentence, outlet and day of publication."""
    return [claim_row(view, item) for item in matching(view, sought)]


def matching(view: View, sought: Sought) -> list[Told]:
    """Claims that match all that is sought, in the order of publication."""
    where, values = _condition(sought)
    place = sought.place
    by_id = place is not None and ":" in place and not names_of(view.record.connection)
    if place and by_id:  # without reading all claims
        where, values = f"{where} AND {_MAY_BE}", [*values, place, json.dumps(_spelt(view, place))]
    found = view.record.told_by(view.known_by, where, values)
    names = Ties(view.registry, found)
    if place is not None:
        found = [item for item in found if item.claim.place and _same_place(view.bearing if by_id else names, item.claim.place, place)]
    if sought.actor is not None:
        found = [item for item in found if _takes_part(view, names, item, sought.actor)]
    if sought.speaker is not None:
        found = [item for item in found if _says(view, item, sought.speaker)]
    return [item for item in found if _overlaps(item, sought.first, sought.last)]


def _condition(sought: Sought) -> tuple[str, list[object]]:
    parts: list[tuple[str, object]] = [("kind = ?", sought.kind), ("modality = ?", sought.modality)]
    # Each word in quotation marks, or FTS5 would read AND, NOT or a hyphen as its own language.
    quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in (sought.search or "").replace("\0", " ").split())
    parts.append(("sentence IN (SELECT rowid FROM search WHERE search MATCH ?)", quoted))
    parts.append(("claim_id IN (SELECT value FROM json_each(?))", json.dumps(sought.ids) if sought.ids else None))
    asked = [(condition, value) for condition, value in parts if value]
    return " AND ".join(condition for condition, _ in asked) or "1", [value for _, value in asked]


# Claims whose place has that id, those of no gazetteer's that are spelt so, and those that somebody corrected.
_UNPLACED = "place IS NOT NULL AND (place_id IS NULL OR place_id BETWEEN 'name:' AND 'name;')"


_MAY_BE = f"""claim_id IN (
    SELECT claim_id FROM claims WHERE place_id = ? UNION SELECT claim_id FROM reviews
    UNION SELECT claim_id FROM claims WHERE {_UNPLACED} AND json_extract(place, '$.text') IN (SELECT value FROM json_each(?)))"""


def _spelt(view: View, id: str) -> list[str]:
    """What reports call that place where no gazetteer's was found for their words."""
    query = f"SELECT DISTINCT json_extract(place, '$.text'), json_extract(place, '$.name') FROM claims WHERE {_UNPLACED}"
    found = view.record.connection.execute(query).fetchall()
    return sorted({text for text, name in found if view.bearing.names.places.get(normal(name or text)) == id})


def _same_place(ties: Ties | Bearings, place: Place, name: str) -> bool:
    area = ties.names.area(place)
    spellings = {area.name, place.text}
    return name in (area.key, area.id) or any(normal(name) == normal(s) or loose(name) == loose(s) for s in spellings)


def _takes_part(view: View, ties: Ties, item: Told, name: str) -> bool:
    known = view.registry.actor(name) or view.registry.resolve(name, on=item.known)
    for participant in (item.claim.actor, item.claim.recipient):
        party = ties.party(participant)
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
