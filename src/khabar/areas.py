"""Places that claims name → areas: which of them are one, how wide they are, what lies in what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from khabar.lexicon import table
from khabar.model import Place
from khabar.spellings import normal

WIDE = frozenset({"district", "province", "country", "region"})
"""Precisions of areas: a claim about one may speak of every place within it."""


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the record: `key` is its id, or its normal spelling where no gazetteer has it."""

    key: str
    id: str | None
    name: str
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None
    country: str | None = None
    admin1: str | None = None
    parent: str | None = None


def key_of(place: Place) -> str:
    """What a place without an id goes by. A part of a city has a key of its own, and so has a province that is named like its city."""
    name = place.name or place.text
    key = normal(name) or name
    if place.parent:
        return f"{place.parent}/{key}"
    return f"{key} ({place.precision})" if place.precision in WIDE else key


def described(places: Iterable[Place], area_of: Callable[[Place], Area]) -> dict[str, Area]:
    """All these places by key, the fullest description of each. What is told of the surroundings of a place describes it only where nothing
    else does; what one description leaves open, another fills."""
    found: dict[str, set[tuple[bool, Area]]] = {}
    for place in places:
        if not is_vague(place):
            area = area_of(place)
            found.setdefault(area.key, set()).add((place.near, area))
    return {key: _fullest(found[key]) for key in sorted(found)}


def _fullest(described: Iterable[tuple[bool, Area]]) -> Area:
    ranked = sorted(described, key=lambda one: (one[0], one[1].latitude is None, one[1].name, repr(one[1])))
    filled: dict[str, Any] = {
        name: next((value for _, area in ranked if (value := getattr(area, name)) is not None), None)
        for name in ("precision", "country", "admin1", "parent")
    }
    return replace(ranked[0][1], **filled)


def lies_in(inner: Area, outer: Area) -> bool:
    if outer.precision not in WIDE:
        return False
    if outer.id and inner.parent == outer.id:
        return True
    if not inner.admin1 or outer.precision != "province" or (inner.country and outer.country and inner.country != outer.country):
        return False
    province = {normal(name) for name in (outer.name, outer.admin1 or outer.name)} | {outer.id}
    return inner.admin1 == outer.id or bare(inner.admin1) in {bare(name) for name in province if name}


def bare(name: str) -> str:
    """A province's name without the word for what it is."""
    return re.sub(r" (province|governorate|region|oblast|state|district)$", "", normal(name))


def is_vague(place: Place) -> bool:
    """Is a place only pointed at or counted ("the area", "eleven villages")? Nobody can ask who holds it: the villages of two reports may
    be others."""
    if not is_made_up(place.id):
        return False
    said = place.text.casefold()
    counted = place.text == said and set(re.findall(r"\w+", said)) & set(table("control")["counted"])
    return said in table("control")["vague"] or bool(counted)


def may_be_another(place: Place) -> bool:
    """Has it no place of a gazetteer of its own, so that a place which other claims resolve under this spelling may be meant?"""
    return is_made_up(place.id) and not place.parent and place.precision not in WIDE


def is_made_up(id: str | None) -> bool:
    """No id, or one like "name:sy:snkr", which `romanising.unresolved_id` makes for a place that no gazetteer has."""
    return id is None or id.startswith("name:")
