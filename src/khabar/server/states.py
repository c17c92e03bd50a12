"""The histories of a record → who held what on any day, without working it out again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np

from khabar.areas import Area
from khabar.contract import Json, canonical, line
from khabar.drawing import shapes
from khabar.geometry import Point, Shape
from khabar.server.packing import Packed, Piece, Shelf
from khabar.view import View


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Line:
    """A place, the days from which its state is another ('' for the beginning of time), and its state from each of them on, as a GeoJSON
    feature; the first bytes of each feature say nothing of the state. `made_of`: a hash of all that it was made of."""

    place: Json
    shape: Shape | None
    starts: Sequence[str]
    features: Sequence[bytes]
    head: int
    made_of: bytes

    def state(self, at: int) -> Json:
        """The state from the start of that number on, without what is said of the place itself."""
        found: Json = json.loads(b"{" + self.features[at][self.head : -1])
        return found

    def periods(self) -> list[Json]:
        """All states, each from its first day to its last."""
        ends = [(date.fromisoformat(start) - timedelta(days=1)).isoformat() for start in self.starts[1:]]
        return [
            {"date_start": start or None, "date_end": end, **self.state(at)}
            for at, (start, end) in enumerate(zip(self.starts, [*ends, None], strict=True))
        ]


LONG = 4_000_000  # more than there are days
PIECE = 64  # places packed together: a day's map is made of pieces, and most pieces are those of the day before. 128: a tenth less to send
KEPT_PACKED = 96_000_000  # bytes of pieces: three quarters of those of 10,000 places that change eight times each in three years


@dataclass(frozen=True)
class States:
    """Every place with all its states. `shelf`: for the pieces of maps, which other States may share."""

    lines: Sequence[Line]
    shelf: Shelf = field(default_factory=lambda: Shelf(KEPT_PACKED))
    areas: Mapping[str, Area] = field(default_factory=dict)
    drawn: Mapping[str, Shape] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        view: View,
        shelf: Shelf | None = None,
        *,
        seen: Callable[[Point], Point] = _as_it_is,
        coarse: Callable[[Any], Any] = _as_it_is,
        before: States | None = None,
    ) -> States:
        """`seen`: a point as it may be told; `coarse`: an answer in which every point is so; `before`: those of the record as it was, told
        with the same `seen` and `coarse`: of a place of which nothing has changed the line is not made again."""
        areas, held = view.areas, {one.made_of: one for one in before.lines} if before else {}
        drawn = before.drawn if before and before.areas == areas else shapes(areas.values(), seen)
        lines = []
        for key, rows in view.all_stretches():
            about = areas.get(key), drawn.get(key)
            made_of = blake2b(repr((key, rows, *about)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            lines.append(held.get(made_of) or _line(rows, *about, coarse, made_of))
        return cls(lines, shelf or Shelf(KEPT_PACKED), areas, drawn)

    def on(self, day: date) -> Packed:
        """A FeatureCollection of that day, with what a map shows of each place; its reasons are asked for one by one."""
        head = b'{"type":"FeatureCollection","on":"%s","features":[' % day.isoformat().encode()
        return Packed.of([Piece.of(head), *self._pieces(day), Piece.of(b"]}")])

    def _pieces(self, day: date) -> Iterator[Piece]:
        """The places by sixty-four; places of which none is in another state are packed as they were."""
        starts, firsts, features = self._in_one_row
        pieces = LONG * np.arange(-(-len(firsts) // PIECE))
        standing = np.searchsorted(self._turns, pieces + day.toordinal(), side="right") - 1
        for piece, since in enumerate((self._turns[standing] - pieces).tolist()):

            def made(first: int = piece * PIECE) -> bytes:
                days = firsts[first : first + PIECE] + day.toordinal()
                told = [features[at] for at in (np.searchsorted(starts, days, side="right") - 1).tolist()]
                return (b",\n" if first else b"") + b",\n".join(told)

            yield self.shelf.piece((self._names[piece], since), made)

    @cached_property
    def _names(self) -> list[tuple[object, ...]]:
        """What each piece is made of: a piece on the shelf is right for whatever record has such places at its number."""
        return [(first, *(line.made_of for line in self.lines[first : first + PIECE])) for first in range(0, len(self.lines), PIECE)]

    @cached_property
    def _turns(self) -> np.ndarray[Any, Any]:
        """The days on which some place of a piece comes into another state, those of each piece above those of the piece before it."""
        starts = self._in_one_row[0]
        return np.unique(starts // LONG // PIECE * LONG + starts % LONG)

    @cached_property
    def _in_one_row(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], list[bytes]]:
        """The first days of all states of all places, each place's days above those of the place before it; where each place's days begin;
        the features. Ten thousand places are looked up in one go."""
        days = [
            LONG * at + (date.fromisoformat(start).toordinal() if start else 0) for at, one in enumerate(self.lines) for start in one.starts
        ]
        return np.array(days, dtype=np.int64), LONG * np.arange(len(self.lines)), [one for line in self.lines for one in line.features]

    def periods(self) -> Packed:
        """{"places": …}, every place with all its states, each from its first day to its last."""
        return Packed.of([Piece.of(b'{"places":['), *self._periods(), Piece.of(b"]}")])

    def _periods(self) -> Iterator[Piece]:
        for piece, name in enumerate(self._names):

            def made(first: int = piece * PIECE) -> bytes:
                places = [{**one.place, "shape": one.shape, "periods": one.periods()} for one in self.lines[first : first + PIECE]]
                return (b",\n" if first else b"") + b",\n".join(line(place).encode("utf-8", "replace") for place in places)

            yield self.shelf.piece((name, "periods"), made)

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


def _line(rows: Sequence[tuple[str, str]], area: Area | None, shape: Shape | None, coarse: Callable[[Any], Any], made_of: bytes) -> Line:
    known = json.loads(rows[0][1])
    more = {name: getattr(area, name, None) for name in ("country", "admin1")}
    place = coarse({"key": known["key"], **known["place"], "precision": known["precision"], **more})
    head = _head(known, place, shape)
    features = [b"%s%s}" % (head, state.encode("utf-8", "replace")) for state in _states(known, (state for _, state in rows))]
    return Line(place, shape, [first for first, _ in rows], features, len(head), made_of)


def _head(known: Json, place: Json, shape: Shape | None) -> bytes:
    """What stands before the state in a feature."""
    named = {name: place[name] for name in ("id", "name", "latitude", "longitude", "precision")}
    point = None if place["latitude"] is None else {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]}
    feature = canonical({"type": "Feature", "id": known["key"], "geometry": shape or point})
    return f'{feature[:-1]},"properties":{{"place":{canonical(named)},'.encode("utf-8", "replace")


def _states(known: Json, states: Iterable[str]) -> Iterator[str]:
    """States as canonical JSON → the same without the first brace, and without what each says of the place, for it stands before them."""
    cuts = [f"{canonical({name: known[name]})[1:-1]}," for name in ("key", "place", "precision")]
    for state in states:
        for cut in cuts:
            state = state.replace(cut, "", 1)
        yield state[1:]
