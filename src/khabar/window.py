"""A record, days and an area → what lies in them: incidents, places told of, ties that are news, all as known by the view's day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from khabar.actorfiles import load_countries
from khabar.areas import WIDE, Area, bare, lies_in
from khabar.control_changes import Change
from khabar.errors import QuestionError
from khabar.finding import find_place
from khabar.happenings import Happenings, changes_of_hands, happenings, is_total, told_of
from khabar.incidents import Incident
from khabar.record import Told
from khabar.spellings import normal
from khabar.ties import TIES, Tie, Ties
from khabar.view import View
from khabar.wording import plain


@dataclass(frozen=True)
class Window:
    """What a brief looks at. `scope`: the area that it keeps to, None for all."""

    view: View
    first: date
    last: date
    scope: Area | None

    @cached_property
    def happened(self) -> Happenings:
        return happenings(self.view, self.first, self.last)

    @cached_property
    def ties(self) -> Ties:
        return self.view.bearing.ties

    @cached_property
    def incidents(self) -> list[Incident]:
        """Incidents of the time and the area, but for those that only count over years."""
        return [one for one in self.of_time if not is_total(one)]

    @cached_property
    def of_time(self) -> list[Incident]:
        """All incidents of the time and the area."""
        return [one for one in self.happened.incidents if self.inside(one.place) and self.first <= day_of(one, self.first) <= self.last]

    @cached_property
    def places(self) -> list[Area]:
        """Places in the area on whose holder something was told of the time."""
        return [place for place in told_of(self.view, self.happened.claims.values(), self.first, self.last) if self.inside(place)]

    @cached_property
    def changes(self) -> list[tuple[Area, Change]]:
        """What changed hands."""
        found = [(place, change) for place in self.places for change in changes_of_hands(self.view.line(place))]
        return [(place, change) for place, change in found if self.first <= change.last <= self.last]

    @cached_property
    def until(self) -> date:
        """The last day of the time on which something could be known."""
        return min(self.last, self.view.known_by or self.last)

    @cached_property
    def as_of(self) -> date | None:
        """The last day of publication that was looked at."""
        query = "SELECT max(published) FROM reports WHERE published <= ?"
        row = self.view.record.connection.execute(query, ((self.view.known_by or date.max).isoformat(),)).fetchone()
        return date.fromisoformat(row[0]) if row[0] else None

    def told(self, where: str, values: Sequence[object]) -> list[Told]:
        """Claims by an SQL condition, as known by the view's day, of what lies in the area."""
        return [one for one in self.view.record.told_by(self.view.known_by, where, values) if not one.is_rejected and self.holds(one)]

    def holds(self, item: Told) -> bool:
        """Is the claim one of the area?"""
        return self.scope is None or (item.claim.place is not None and self.inside(self.ties.names.area(item.claim.place)))

    def inside(self, place: Area | None) -> bool:
        """Does the place lie in the area?"""
        if self.scope is None:
            return True
        return place is not None and any(_lies_in(one, self.scope) for one in self._up(place))

    def home(self, place: Area | None) -> str | None:
        """The name of the province, or else of the country, that a place lies in; None where neither is known."""
        ups = list(self._up(place)) if place else []
        country = next((_country(one.country) for one in ups if one.country), None)
        own = [plain(one.name) for one in ups if one.precision == "province"]
        province = next((plain(one.admin1) for one in ups if one.admin1), own[0] if own else None)
        return ", ".join(part for part in (province, country) if part) or None

    def _up(self, place: Area) -> Iterator[Area]:
        """The place and what it is a part of."""
        yield place
        parent = self.view.areas.get(place.parent or "")
        if parent and parent.key != place.key:
            yield parent

    def new_ties(self) -> Iterator[tuple[Tie, Told]]:
        """Who is told to have joined, left, led or sided with whom in the time, and was not before; with the claim."""
        told = self.told(f"kind IN ({', '.join('?' * len(TIES))})", tuple(TIES))
        found = [(tie, item, item.claim.date_start or item.known) for item in told if (tie := self.ties.tie(item.claim))]
        before = {bond(tie) for tie, _, day in found if day and day < self.first}
        for tie, item, day in found:
            news = day is not None and self.first <= day <= self.last and bond(tie) not in before
            if news and not tie.actor.is_generic and not tie.of.is_generic and not self._old_friends(tie):
                yield tie, item

    def _old_friends(self, tie: Tie) -> bool:
        """Allies whom the registry has on one side anyhow."""
        known = tie.type == "allied_with" and tie.actor.id is not None and tie.of.id is not None
        return known and self.ties.aligned(tie.actor, tie.of, self.first)


def area_called(view: View, name: str) -> Area:
    """The place of the record that a name means, as `finding.find_place`. "Idlib province" and "Idlib, Syria", as a brief heads its areas,
    are the province, whether a claim names it or only lies in it."""
    wide = name.partition(",")[0]
    inner = next((area for area in view.areas.values() if area.admin1 and bare(area.admin1) == bare(wide)), None)
    province = inner and Area(
        f"{normal(bare(wide))} (province)", None, str(inner.admin1), None, None, "province", inner.country, inner.admin1
    )
    if province and (wide != name or bare(name) != normal(name)):
        return province
    try:
        return find_place(view, name)
    except QuestionError:
        if province:
            return province
        raise


def bond(tie: Tie) -> tuple[str, str, str]:
    """What makes two ties the same."""
    return (tie.type, tie.actor.key, tie.of.key)


def day_of(incident: Incident, otherwise: date) -> date:
    """The last day on which it can have happened."""
    return incident.date_end or max((telling.known for telling in incident.claims if telling.known), default=otherwise)


def is_town(place: Area) -> bool:
    """Is it a place whose holder somebody would ask about: no quarter, no checkpoint, no province?"""
    return place.precision not in WIDE and place.parent is None and place.latitude is not None


def claims_of(told: Iterable[Told]) -> list[Told]:
    """Each claim once."""
    return list({item.claim.claim_id: item for item in told}.values())


def _lies_in(place: Area, scope: Area) -> bool:
    if place.key == scope.key or (place.parent is not None and place.parent in (scope.key, scope.id)):
        return True
    if scope.precision == "country":
        return place.country is not None and place.country == scope.country
    return lies_in(place, scope)


def _country(code: str | None) -> str | None:
    return next((country.name for country in load_countries() if country.code == code), code)
