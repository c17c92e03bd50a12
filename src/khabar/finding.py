"""What a person calls a place or an actor → which of the record's it is; a message with near alternatives where it is none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from khabar.areas import WIDE, Area
from khabar.contract import mention_from_json
from khabar.errors import QuestionError
from khabar.model import Place, PlaceMention
from khabar.parties import Party
from khabar.spellings import loose, normal
from khabar.view import View


def find_place(view: View, name: str) -> Area:
    """The place of the record that a name means: its id, any spelling in the reports, or a spelling that the gazetteer knows it by.

    The name may be one that was first reported after `known_by`: the place was there before, and nobody had written of it.
    """
    whole = View(view.record, view.registry, None, view.gazetteer) if view.known_by else view
    for known in (view, whole):
        if area := _area_named(known, name):
            return area
    raise QuestionError(f"no report in this record names a place {name!r}{near(name, [area.name for area in whole.areas.values()])}")


def _area_named(view: View, name: str) -> Area | None:
    if area := view.bearing.area(name):
        return area
    found = list(view.bearing.areas_called(name).values())
    if not found and view.gazetteer:
        found = [area for id in view.gazetteer(name) if (area := view.bearing.area(id))][:1]
    if not found and view.known_by is None:
        found = _places_mentioned(view, name)
    return min(found, key=lambda area: (area.precision in WIDE, area.parent is not None, area.latitude is None, area.key), default=None)


def _places_mentioned(view: View, name: str) -> list[Area]:
    """Places that reports speak of without claiming anything: their holder is unknown, which is an answer."""
    rows = view.record.connection.execute(
        "SELECT DISTINCT detail FROM mentions JOIN readings USING (reading) "
        "WHERE kind = 'place' AND current = 1 AND (lower(mentions.text) = lower(?1) OR mentions.name = ?1 OR mentions.id = ?1)",
        (name,),
    )
    found = [mention_from_json(json.loads(row["detail"])) for row in rows]
    return [_mentioned(view, place) for place in found if isinstance(place, PlaceMention)]


def _mentioned(view: View, mention: PlaceMention) -> Area:
    names = set(Place.__dataclass_fields__) & set(PlaceMention.__dataclass_fields__)
    area = view.bearing.names.area(Place(**{name: getattr(mention, name) for name in names}))
    return view.bearing.area(area.key) or area


def find_actor(view: View, name: str, on: date | None = None) -> Party:
    """The actor that a name means on that day: an id, a spelling of the registry, or one of the reports."""
    known = view.registry.actor(name) or view.registry.resolve(name, on=on)
    if known:
        return Party(known.id, known.id, known.name)
    parties = view.spelt
    for key_of in (normal, loose):
        for spelling, party in sorted(parties.items()):
            if key_of(spelling) == key_of(name):
                return party
    raise QuestionError(f"neither the registry nor this record names an actor {name!r}{near(name, parties)}")


LETTERS = 6
"""Of an id, from which its beginning stands for it."""


def begun(id: str, ids: Iterable[str]) -> list[str]:
    """The ids that this is, or is the beginning of.

    >>> begun("i-811b50", ["i-811b50227f9d15c3", "i-811b5f00d1e2b3aa"])
    ['i-811b50227f9d15c3']
    """
    known = set(ids)
    long_enough = len(id.removeprefix("i-")) >= LETTERS
    return [id] if id in known else sorted(one for one in known if one.startswith(id)) if long_enough else []


def near(name: str, spellings: Iterable[str]) -> str:
    """Near alternatives, for the end of a message."""
    from rapidfuzz import fuzz, process  # only where a name was not found

    # 70: below it rapidfuzz offers names that share no more than an article; not measured.
    close = process.extract(name, sorted(set(spellings)), scorer=fuzz.WRatio, limit=3, score_cutoff=70)
    return f"; did you mean {' or '.join(choice for choice, *_ in close)}?" if close else ""
