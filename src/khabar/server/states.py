"""All time lines of a record → who held what on any day, without working them out again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khabar.answers import View
from khabar.contract import Json
from khabar.control import Period, Timeline
from khabar.evidence import Party
from khabar.reasons import answer, history

LEFT_OUT = frozenset({"because", "rules", "listed", "members", "possible_change", "on", "known_by", "place"})
"""What one place's answer has and the map's features have not: it is asked for when a place is looked at."""


@dataclass(frozen=True)
class _Line:
    area: Json
    starts: Sequence[date]
    states: Sequence[Json]
    reports: Sequence[tuple[date, date]]  # (the last day that the report tells of, its day), in their order


@dataclass(frozen=True)
class States:
    """Every place with its periods."""

    lines: Sequence[_Line]

    @classmethod
    def of(cls, view: View) -> States:
        return cls([_line(view.line(area)) for area in view.areas.values()])

    def on(self, day: date) -> Json:
        """A FeatureCollection of that day, with what a map shows of each place."""
        return {
            "type": "FeatureCollection",
            "on": day,
            "features": [_feature(line, line.states[_at(line, day)], day) for line in self.lines],
        }

    def periods(self) -> Json:
        """Every place with all its states, and the days on which it was reported on: a page moves its slider without asking again."""
        return {"places": [{**line.area, "periods": list(line.states), "reports": list(line.reports)} for line in self.lines]}


def _at(line: _Line, day: date) -> int:
    return max(bisect_right(line.starts, day) - 1, 0)


def _line(line: Timeline) -> _Line:
    area = line.area
    point = {name: getattr(area, name) for name in ("id", "name", "latitude", "longitude", "precision", "country", "admin1")}
    reports = sorted((piece.last, piece.told.known) for piece in line.evidence if piece.told.known)
    known = history(line)
    return _Line(
        {"key": area.key, **point},
        [period.first or date.min for period in line.periods],
        [_state(known, period) for period in line.periods],
        _running(reports),
    )


def _running(known: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """For each day told of, the latest report of all that tell of it or of days before."""
    found: list[tuple[date, date]] = []
    for told, published in known:
        found.append((told, max(published, found[-1][1]) if found else published))
    return found


def _state(known: Json, period: Period) -> Json:
    on = period.first or period.last or date.max
    whole = answer(known, on)
    state = {name: value for name, value in whole.items() if name not in LEFT_OUT and name != "last_report"}
    return {
        "date_start": period.first,
        "date_end": period.last,
        **state,
        "fighting": len(period.fighting),
        "holder_key": _key(period.holder),
    }


def _key(party: Party | None) -> str | None:
    return party.key if party else None


def _feature(line: _Line, state: Json, day: date) -> Json:
    area = line.area
    point = None if area["latitude"] is None else {"type": "Point", "coordinates": [area["longitude"], area["latitude"]]}
    at = bisect_right(line.reports, (day, date.max)) - 1
    last = line.reports[at][1] if at >= 0 else None
    place = {name: area[name] for name in ("id", "name", "latitude", "longitude", "precision")}
    return {"type": "Feature", "id": area["key"], "geometry": point, "properties": {"place": place, **state, "last_report": last}}
