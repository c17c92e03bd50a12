"""Claims → where each is filed, so that all that may bear on a place is found again without a look at the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from khabar.areas import WIDE, Area, bare, is_vague, key_of, may_be_another
from khabar.lexicon import table
from khabar.model import Place
from khabar.parties import spellings_in
from khabar.record import Told
from khabar.roles import Role
from khabar.spellings import normal
from khabar.ties import Ties

OF_AREAS: frozenset[Role] = frozenset({"gain", "loss"})  # a clash in a province is no report on each of its villages


class Bearing(Protocol):
    """What a time line is made from: the claims that may bear on a place, and what all claims together show of names and sides."""

    @property
    def ties(self) -> Ties: ...
    def on(self, area: Area, /) -> Sequence[Told]: ...


@dataclass(frozen=True)
class Gathered:
    """Claims by the place they may bear on, in memory."""

    ties: Ties
    told: Sequence[Told]
    filed: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, told: Sequence[Told], ties: Ties) -> Gathered:
        filed: dict[str, list[int]] = {}
        for number, drawer in drawers(told):
            filed.setdefault(drawer, []).append(number)
        return cls(ties, told, filed)

    def on(self, area: Area) -> list[Told]:
        """Those that may say something about one place, in their order."""
        found = {number for drawer in drawers_of(area, self.spellings.get(area.key, ())) for number in self.filed.get(drawer, ())}
        return [self.told[number] for number in sorted(found)]

    @cached_property
    def spellings(self) -> Mapping[str, set[str]]:
        """How each place is spelt where it is resolved."""
        found: dict[str, set[str]] = {}
        for kind, spelling, id in (shown for item in self.told for shown in spellings_in(item.claim)):
            if kind == "place":
                found.setdefault(id, set()).add(spelling)
        return found


def drawers(told: Sequence[Told]) -> Iterator[tuple[int, str]]:
    """Where to file each claim so that it is found again for every place on which it may bear: (number of the claim, drawer).

    No drawer depends on any other report. A place without an id goes under its spelling, a whole area under what its places name as their
    area, and what left "the area" under the places that the same report tells were taken.
    """
    taken: dict[str, set[str]] = {}
    for item in told:
        if item.claim.place and table("control")["roles"].get(item.claim.kind) == "gain":
            taken.setdefault(item.version, set()).add(drawer_of(item.claim.place))
    for number, item in enumerate(told):
        place, role = item.claim.place, table("control")["roles"].get(item.claim.kind)
        if place is None or role is None:
            continue
        filed = taken.get(item.version, set()) if is_vague(place) else {drawer_of(place)}
        filed = filed | ({place.parent} if place.parent else set())
        for drawer in sorted(filed | (_as_area(place) if role in OF_AREAS else set())):
            yield number, drawer


def drawers_of(area: Area, spellings: Iterable[str]) -> set[str]:
    """The drawers in which to look for what bears on a place that is spelt so."""
    own = {area.key, area.id or area.key, f"~{area.key}", *(f"~{spelling}" for spelling in spellings)}
    around = {part for name in (area.parent, area.admin1) if name for part in (f"in {name}", f"in {bare(name)}")}
    return own | around


def drawer_of(place: Place) -> str:
    """The drawer of what is told of the place itself."""
    if may_be_another(place):
        return f"~{normal(place.name or place.text) or place.name or place.text}"
    return place.id or key_of(place)


def _as_area(place: Place) -> set[str]:
    if place.precision not in WIDE:
        return set()
    names = (place.name or place.text, place.admin1, place.id) if place.precision == "province" else ()
    return {f"in {name}" for name in (place.id, *(bare(name) for name in names if name)) if name}
