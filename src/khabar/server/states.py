"""The histories of a record → who held what on any day, without working it out again."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from khabar.answers import View
from khabar.contract import Json, line
from khabar.drawing import shapes
from khabar.geometry import Point, Shape
from khabar.histories import stretches


def _as_it_is(value: Any) -> Any:
    return value


@dataclass
class Line:
    """A place, the days from which its state is another ('' for the beginning of time), and its state from each of them on, as JSON."""

    key: str
    place: Json
    shape: Shape | None
    starts: Sequence[str]
    states: Sequence[str]
    coarse: Callable[[Any], Any] = _as_it_is
    features: list[bytes | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.features = [None] * len(self.states)  # written when a day is asked for on which they stand

    def state(self, at: int) -> Json:
        """The state from the start of that number on, without what is said of the place itself."""
        found: Json = json.loads(self.states[at])
        for name in ("key", "place", "precision"):
            del found[name]
        return found

    def write(self, at: int) -> None:
        """The state of that number as a GeoJSON feature, in `features`."""
        place = {name: self.place[name] for name in ("id", "name", "latitude", "longitude", "precision")}
        point = None if place["latitude"] is None else {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
        made = self.coarse({"type": "Feature", "id": self.key, "geometry": point, "properties": {"place": place, **self.state(at)}})
        self.features[at] = line(made | {"geometry": self.shape or made["geometry"]}).encode("utf-8", "replace")

    def periods(self) -> list[Json]:
        """All states, each from its first day to its last."""
        ends = [(date.fromisoformat(start) - timedelta(days=1)).isoformat() for start in self.starts[1:]]
        return [
            {"date_start": start or None, "date_end": end, **self.state(at)}
            for at, (start, end) in enumerate(zip(self.starts, [*ends, None], strict=True))
        ]


@dataclass(frozen=True)
class States:
    """Every place with all its states."""

    lines: Sequence[Line]

    @classmethod
    def of(cls, view: View, *, seen: Callable[[Point], Point] = _as_it_is, coarse: Callable[[Any], Any] = _as_it_is) -> States:
        """`seen`: a point as it may be told; `coarse`: an answer in which every point is so."""
        areas = view.areas
        drawn = shapes(areas.values(), seen)
        return cls([_line(known, areas.get(known["key"]), drawn.get(known["key"]), coarse) for known in view.all_histories()])

    def on(self, day: date) -> bytes:
        """A FeatureCollection of that day, with what a map shows of each place; its reasons are asked for one by one."""
        text, written = day.isoformat(), self._of(day.isoformat())
        if None in written:
            for one in self.lines:
                if one.features[at := bisect_right(one.starts, text) - 1] is None:
                    one.write(at)
            written = self._of(text)
        return b'{"type": "FeatureCollection", "on": "%s", "features": [%s]}' % (text.encode(), b",\n".join(filter(None, written)))

    def _of(self, day: str) -> list[bytes | None]:
        return [one.features[bisect_right(one.starts, day) - 1] for one in self.lines]

    def periods(self) -> Json:
        """Every place with all its states, each from its first day to its last."""
        return {"places": [{**one.place, "shape": one.shape, "periods": one.periods()} for one in self.lines]}

    def short(self) -> Json:
        """The same as the page needs it: parties by their number in `parties`, a state as a row of `columns`; a state ends where the next
        begins."""
        parties: dict[str, int] = {}
        named: list[Json] = []

        def number(party: Json | None) -> int | None:
            if party is None:
                return None
            key = f"{party['id']} {party['name']}"
            if key not in parties:
                parties[key] = len(named)
                named.append(party)
            return parties[key]

        def row(start: str, state: Json) -> list[object]:
            sides = [number(state[name]) for name in ("holder", "previous", "besieged_by")]
            disputed = [number(party) for party in state["disputed_by"]]
            return [start or None, state["status"], state["standing"], *sides, disputed, state["last_report"]]

        def rows(one: Line) -> list[list[object]]:
            made = [row(start, one.state(at)) for at, start in enumerate(one.starts)]
            return [now for before, now in zip([[], *made], made, strict=False) if now[1:] != before[1:]]  # alike in all that is shown

        places = [{**one.place, "shape": one.shape, "periods": rows(one)} for one in self.lines]
        return {"columns": COLUMNS, "parties": named, "places": places}


COLUMNS = ("date_start", "status", "standing", "holder", "previous", "besieged_by", "disputed_by", "last_report")


def _line(known: Json, area: object, shape: Shape | None, coarse: Callable[[Any], Any]) -> Line:
    starts, states = zip(*stretches(known), strict=True)
    more = {name: getattr(area, name, None) for name in ("country", "admin1")}
    place = {"key": known["key"], **known["place"], "precision": known["precision"], **more}
    return Line(known["key"], place, shape, starts, states, coarse)
