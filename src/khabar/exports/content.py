"""A record as known by a day, and a window of days → all that an export may write, with what was withheld.

What was published of late is held back, and its places are coarsened, unless the whole is asked for (knowledge/publication.yaml).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from khabar.areas import Area
from khabar.contract import Json
from khabar.control import Timeline
from khabar.incidents import Incident, Telling, incidents
from khabar.model import Place, Report
from khabar.publication import NOTHING, Withholding, withholding
from khabar.reasons import answer, history
from khabar.record import Told
from khabar.roles import is_coded
from khabar.ties import Ties
from khabar.view import View


@dataclass(frozen=True)
class Content:
    """What may be written. `first`, `last`: days of the events that are asked for, None for an open end."""

    view: View
    first: date | None = None
    last: date | None = None
    withheld: Withholding = NOTHING

    @property
    def ties(self) -> Ties:
        return self.view.ties

    @cached_property
    def told(self) -> list[Told]:
        """The claims, comments and what analysts rejected left out, in the order of their reports, as they may be published."""
        return [self._coarse_told(item) for item in self._exact]

    @cached_property
    def _exact(self) -> list[Told]:
        told = self.view.record.told_by(self.view.known_by, "section <> 'comment'")
        every = (item for item in told if not item.is_rejected)
        kept = [item for item in every if self._in_window(item.claim.date_start, item.claim.date_end)]
        return sorted(kept, key=lambda item: (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id))

    @cached_property
    def by_id(self) -> dict[str, Told]:
        return {item.claim.claim_id: item for item in self.told}

    @cached_property
    def incidents(self) -> list[Incident]:
        return [
            replace(one, place=self.area(one.place) if one.place else None)
            for one in incidents(self._exact, self.ties, self.view.regroupings)
        ]

    @cached_property
    def reported(self) -> list[Incident]:
        """The incidents as reports alone tell them: for what calls itself our own data, which the rows of a dataset are not."""
        ours = [item for item in self._exact if not is_coded(item.claim)]
        return [replace(one, place=self.area(one.place) if one.place else None) for one in incidents(ours, self.ties)]

    @cached_property
    def reports(self) -> list[Report]:
        """The reports that the claims come from."""
        cited = {item.claim.report_id for item in self.told}
        return [report for report in self.view.record.reports() if report.id in cited]

    @cached_property
    def holdings(self) -> list[Json]:
        """Who held what, one row for each period of each place: the answer of `khabar control`, with `date_start` and `date_end`."""
        return [row for area in self.view.areas.values() for row in self._periods(self.view.line(area))]

    def _periods(self, line: Timeline) -> Iterator[Json]:
        known = history(line)
        for period in line.periods:
            on = period.first or period.last
            if period.status != "unknown" and on and self._in_window(period.first, period.last):
                row = answer(known, on, known_by=self.view.known_by)
                area = self.area(line.area)
                place = row["place"] | {
                    "latitude": area.latitude,
                    "longitude": area.longitude,
                    "precision": area.precision,
                    "key": area.key,
                }
                yield row | {"place": place, "date_start": period.first, "date_end": period.last}

    def tellings(self, incident: Incident) -> list[tuple[Telling, Told]]:
        """The claims of an incident, with their sentences."""
        return [(telling, self.by_id[telling.claim_id]) for telling in incident.claims]

    def area(self, area: Area) -> Area:
        """The place as it may be published."""
        if area.key not in self._recent or area.latitude is None or area.longitude is None:
            return area
        return replace(area, latitude=self.withheld.grid(area.latitude), longitude=self.withheld.grid(area.longitude))

    @cached_property
    def _recent(self) -> frozenset[str]:
        since = self.withheld.coarse_since
        recent = (item for item in self.view.record.told() if since and (item.known is None or item.known >= since))
        return frozenset(self.ties.names.area(item.claim.place).key for item in recent if item.claim.place)

    def _coarse_told(self, item: Told) -> Told:
        place = item.claim.place
        if not place or place.latitude is None or place.longitude is None or self.ties.names.area(place).key not in self._recent:
            return item
        moved: Place = replace(place, latitude=self.withheld.grid(place.latitude), longitude=self.withheld.grid(place.longitude))
        return replace(item, claim=replace(item.claim, place=moved))

    def _in_window(self, start: date | None, end: date | None) -> bool:
        """Can it lie in the window? What has no date lies in an open one only."""
        if start is None and end is None:
            return self.first is None and self.last is None
        return (self.first is None or end is None or end >= self.first) and (self.last is None or start is None or start <= self.last)


Open = Callable[[date | None], View]


def content(open_view: Open, *, known_by: date | None, first: date | None, last: date | None, today: date | None) -> Content:
    """What may be written. `open_view`: the record as known by a day. `today`: None to hold nothing back."""
    view = open_view(known_by)
    held = withholding([report.published for report in view.record.reports()], today) if today else NOTHING
    if held.known_by and (known_by is None or held.known_by < known_by):
        view = open_view(held.known_by)
    return Content(view, first, last, held)
