"""Claims → the actors and the places that they name, each under one key however it is spelt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from khabar.areas import WIDE, Area, is_made_up, key_of, may_be_another
from khabar.model import Claim, Participant, Place
from khabar.record import Told
from khabar.spellings import normal


@dataclass(frozen=True, slots=True)
class Party:
    """An actor in the record: `key` is its id, or its normal spelling where the registry does not know it."""

    key: str
    id: str | None
    name: str

    @property
    def is_generic(self) -> bool:
        """Fighters of nobody in particular: "jihadists", "Islamist insurgents", or the registry's "rebels"."""
        if self.id is not None:
            return self.id.endswith("-generic")
        first, _, rest = self.name.partition(" ")
        return first[:1].islower() or rest.islower()  # "Islamist insurgents", and not "Brigade 17"

    def __reduce__(self) -> tuple[Callable[..., Party], tuple[str, str | None, str]]:
        return _the_party, (self.key, self.id, self.name)


@lru_cache(maxsize=50_000)
def _the_party(key: str, id: str | None, name: str) -> Party:
    """One object for what a million accounts that come from other processes name: less to hold, and sooner compared."""
    return Party(key, id, name)


class Lookup(Protocol):
    """What is asked of a mapping from spellings to ids: a dict, or an index in a file."""

    def get(self, spelling: str, /) -> str | None: ...


@dataclass(frozen=True)
class Names:
    """Keys for the actors and places of a set of claims: an unresolved spelling joins the one resolved actor or place that is spelt so."""

    actors: Lookup
    places: Lookup

    @classmethod
    def of(cls, told: Iterable[Told]) -> Names:
        found: dict[str, dict[str, set[str]]] = {"actor": {}, "place": {}}
        for item in told:
            for kind, spelling, id in spellings_in(item.claim):
                found[kind].setdefault(spelling, set()).add(id)
        single = ({spelling: one for spelling, ids in found[kind].items() if (one := the_one(ids))} for kind in ("actor", "place"))
        return cls(*single)

    def party(self, participant: Participant | None) -> Party | None:
        """The actor that a participant is."""
        if participant is None:
            return None
        name = participant.name or participant.text
        id = participant.id or self.actors.get(normal(name)) or self.actors.get(normal(participant.text))
        return Party(id or normal(name) or name, id, name)

    def area(self, place: Place) -> Area:
        """The place that a claim's place is. A part of a city has a key of its own, and so has a province that is named like its city."""
        name = place.name or place.text
        id = place.id
        if may_be_another(place):
            id = self.places.get(normal(name)) or id
        key = id or key_of(place)
        return Area(key, id, name, place.latitude, place.longitude, place.precision, place.country, place.admin1, place.parent)


def spellings_in(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """What a claim shows of names: ("actor" or "place", a spelling, the id that it was resolved to)."""
    place = claim.place if claim.place and claim.place.precision not in WIDE else None
    for kind, named in (("actor", claim.actor), ("actor", claim.recipient), ("place", place)):
        if named and named.id:
            common = kind == "actor" and named.text == named.text.lower()  # "troops" are another's in the next report
            for spelling in {normal(named.name or named.text), *(() if common else (normal(named.text),))}:
                yield kind, spelling, named.id


def the_one(ids: Iterable[str]) -> str | None:
    """The one id of a spelling, None where it has several; what was made from the spelling, or from the point in a row of a dataset, gives
    way to what a gazetteer has.

    >>> the_one(["geonames:172994", "point:40.000,50.000", "name:sy:rh"])
    'geonames:172994'
    """
    found = set(ids)
    known = {id for id in found if not is_made_up(id) and not id.startswith("point:")} or found
    return known.pop() if len(known) == 1 else None
