"""A record and a time → the incidents of those days, and the places on whose holder something was told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from khabar.areas import WIDE, Area
from khabar.control import Timeline
from khabar.control_changes import Change
from khabar.evidence import containment
from khabar.incidents import Incident
from khabar.record import Told
from khabar.roles import counted_role, interval
from khabar.view import View


@dataclass(frozen=True)
class Happenings:
    """The incidents of a time, and the claims in them by id."""

    incidents: tuple[Incident, ...]
    claims: Mapping[str, Told]


MARGIN = timedelta(days=31)  # so long before and after a time, claims are looked at that may speak of it


def happenings(view: View, first: date | None, last: date | None) -> Happenings:
    """What happened in those days, as the claims known by the view's day tell it."""
    found = [number for number, one in view.chronicle.outlines() if overlaps(one.date_start, one.date_end, first, last)]
    incidents = [accepted for one in view.chronicle.read(found) if (accepted := without_rejected(one))]
    start, end = (first or date.min + MARGIN) - MARGIN, (last or date.max - MARGIN) + MARGIN
    days = "coalesce(date_end, published, date_start) BETWEEN ? AND ?"
    told = [item for item in view.record.told_by(view.known_by, days, (start.isoformat(), end.isoformat())) if not item.is_rejected]
    claims = {item.claim.claim_id: item for item in reversed(told)}
    others = {telling.claim_id for one in incidents for telling in one.claims} - set(claims)
    return Happenings(tuple(incidents), view.told_by_id(others) | claims)


def without_rejected(incident: Incident) -> Incident | None:
    """The incident without the claims that an analyst rejected; None where no other is left."""
    kept = [pair for pair in zip(incident.claims, incident.why, strict=True) if not pair[0].is_rejected]
    if len(kept) == len(incident.claims):
        return incident
    return replace(incident, claims=tuple(one for one, _ in kept), why=tuple(why for _, why in kept)) if kept else None


def overlaps(start: date | None, end: date | None, first: date | None, last: date | None) -> bool:
    return (first is None or end is None or end >= first) and (last is None or (start or end or last) <= last)


WHOLE_WAR = 20_000  # who is told to have killed so many is counted over years, not in one happening; declared, not measured


def is_total(incident: Incident) -> bool:
    """A count over a long time or a whole country, "280,000 since 2011", and no happening of its days."""
    start, end = incident.date_start, incident.date_end
    wide = incident.place is not None and incident.place.precision in WIDE - {"district"}
    many = any(figure.unit == "killed" and figure.best >= WHOLE_WAR for figure in incident.figures)
    return many or (end - start > MARGIN if start and end else wide or incident.place is None)


def told_of(view: View, told: Iterable[Told], first: date | None, last: date | None) -> list[Area]:
    """Places on whose holder some of these claims tell of those days: their time lines are worth a look, the others need not be drawn."""
    keys: set[str] = set()
    wide: dict[str, tuple[Told, Area]] = {}
    for item in told:
        days, role, place = interval(item), counted_role(item.claim, item.sentence), item.claim.place
        if place and role and days and overlaps(*days, first, last):
            area = view.bearing.ties.names.area(place)
            keys |= {area.key, area.parent or area.key}
            if area.precision in WIDE and role == "gain" and item.claim.actor:
                wide.setdefault(area.key, (item, area))
    return [
        area
        for area in view.areas.values()
        if area.key in keys or any(containment(item.claim, one, area, "gain", item.sentence) == "within" for item, one in wide.values())
    ]


def changes_of_hands(line: Timeline) -> Iterator[Change]:
    """Changes that someone told of, or that two holders imply; not the first sight of a holder."""
    for before, change in zip((None, *line.changes), line.changes, strict=False):
        told = any(piece.role in ("gain", "loss") and piece.settles for piece in change.backing)
        if told or (before and before.holder and change.holder):
            yield change
