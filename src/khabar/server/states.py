"""The histories of a record → who held what on any day, without working it out again."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from khabar.answers import View
from khabar.contract import Json
from khabar.histories import stretches


@dataclass(frozen=True)
class _Line:
    place: Json
    starts: Sequence[str]
    states: Sequence[Json]


@dataclass(frozen=True)
class States:
    """Every place with all its states."""

    lines: Sequence[_Line]

    @classmethod
    def of(cls, view: View) -> States:
        areas = view.areas
        return cls([_line(known, areas.get(known["key"])) for known in view.all_histories()])

    def on(self, day: date) -> Json:
        """A FeatureCollection of that day, with what a map shows of each place; its reasons are asked for one by one."""
        return {"type": "FeatureCollection", "on": day, "features": [_feature(line, day) for line in self.lines]}

    def periods(self) -> Json:
        """Every place with all its states, each from its first day to its last: a page moves its slider without asking again."""
        return {"places": [{**line.place, "periods": _periods(line)} for line in self.lines]}


def _line(known: Json, area: object) -> _Line:
    found = [(first, json.loads(state)) for first, state in stretches(known)]
    more = {name: getattr(area, name, None) for name in ("country", "admin1")}
    place = {"key": known["key"], **known["place"], "precision": known["precision"], **more}
    for _, state in found:
        del state["key"], state["place"], state["precision"]
    return _Line(place, [first for first, _ in found], [state for _, state in found])


def _feature(line: _Line, day: date) -> Json:
    place = {name: line.place[name] for name in ("id", "name", "latitude", "longitude", "precision")}
    point = None if place["latitude"] is None else {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    state = line.states[bisect_right(line.starts, day.isoformat()) - 1]
    return {"type": "Feature", "id": line.place["key"], "geometry": point, "properties": {"place": place, **state}}


def _periods(line: _Line) -> list[Json]:
    ends = [(date.fromisoformat(start) - timedelta(days=1)).isoformat() for start in line.starts[1:]]
    return [
        {"date_start": start or None, "date_end": end, **state}
        for start, end, state in zip(line.starts, [*ends, None], line.states, strict=True)
    ]
