"""The claims of a report → the same, with the names of places that it first describes and names further on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from khabar.contract import changed
from khabar.lexicon import words
from khabar.matching import TOLLS, VIOLENCE
from khabar.model import Claim, Place, PlaceMention
from khabar.placing import WIDE
from khabar.scene import Scene

TAKEN = ("capture", "advance", "siege")
AHEAD = 6  # claims: best kind+place on claims_train, flat from 4 to 10


def with_places_told_later(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """An event "in a rebel-held town in the north" took place where the next words on such an event say by name; so did all else that is
    told with the same words for the place."""
    named: dict[int, Place] = {}
    for i, claim in enumerate(claims):
        place = claim.place
        if (
            place is not None
            and place.start is not None
            and place.start not in named
            and (later := _told_later(claim, claims[i + 1 :], scene))
        ):
            named[place.start] = later
    told = [changed(c, place=named[c.place.start]) if c.place and c.place.start in named else c for c in claims]
    return _with_place_of_lead(told)


def _with_place_of_lead(claims: Sequence[Claim]) -> list[Claim]:
    """A report may tell what happened before it says where: what comes before the first place has it."""
    at = next((i for i, c in enumerate(claims) if c.place), 0)
    place = claims[at].place if at else None
    if place is None or place.id is None or claims[at].kind not in (*VIOLENCE, *TOLLS):
        return list(claims)
    return [changed(c, place=place) if i < at and c.kind in (*VIOLENCE, *TOLLS) else c for i, c in enumerate(claims)]


def _told_later(claim: Claim, later: Sequence[Claim], scene: Scene) -> Place | None:
    """Where the next claim of its kind that names a town puts an event that a claim only describes the place of."""
    if (
        claim.place is None
        or claim.modality == "denied"
        or claim.kind not in (*VIOLENCE, *TOLLS, *TAKEN)
        or not _is_described(claim.place, scene)
    ):
        return None
    same = [c.place for c in later[:AHEAD] if _is_of_kind(c, claim) and c.place and c.start != claim.start]
    return next((p for p in same if p.id and p.precision not in (*WIDE, "province") and p.text not in claim.place.text), None)


def _is_of_kind(later: Claim, claim: Claim) -> bool:
    """ "captured a strategic town … | Troops entered A after they had left it": who takes a town enters it."""
    return later.kind == claim.kind or (claim.kind == "capture" and later.rule == "advance.enter")


def _is_described(place: Place, scene: Scene) -> bool:
    """Is it a settlement that is not named, or a building told in a region: "a rebel-held Tarvan town near the border"?"""
    if place.id is not None or place.start is None or place.end is None:
        return False
    named = any(isinstance(m, PlaceMention) and (m.start, m.form) == (place.start, "name") and m.end < place.end for m in scene.mentions)
    if not named and _is_one_of("locality", place):
        return True
    end = place.end
    inside = [m for m in scene.mentions if isinstance(m, PlaceMention) and place.start < m.start < m.end <= end and m.form == "name"]
    return _is_one_of("building", place) and bool(inside) and all(m.precision in WIDE for m in inside)


def _is_one_of(noun_class: str, place: Place) -> bool:
    """Do the words of a place begin with a common noun of a class, after lower-case words and a people's name at most?"""
    nouns = "|".join(words("nouns.yaml")[noun_class])
    plain, people = r"(?!same |of |in |the )[a-z-]+ ", r"[A-Z]\w+(?:n|ese|i|ish) "
    return bool(re.match(rf"({plain}){{0,4}}({people})?({plain}){{0,2}}({nouns})(?! of\b|[’'])\b", place.text))
