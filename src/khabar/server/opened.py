"""A record as known by a day → what the server tells of it, each part worked out when it is first asked for.

Of what a change of the record does not touch, nothing is worked out again: `Earlier` hands it from one opening to the next.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any

from khabar import awaiting, holdings
from khabar.citing import cited
from khabar.contested import Kept, all_disputes
from khabar.contract import Json, line
from khabar.coverage import By, coverage, summed
from khabar.geometry import Point
from khabar.holdings import Turn, turns
from khabar.informants import informants
from khabar.keeping import Outline
from khabar.model import Review
from khabar.naming import registry_for
from khabar.publication import NOTHING, Withholding
from khabar.registry import Registry
from khabar.searching import Key, Sought, keys, read
from khabar.server.packing import Shelf
from khabar.server.rows import Rows
from khabar.server.states import KEPT_PACKED, States
from khabar.ties import Tie
from khabar.view import Shared, View

KEPT_KEYS = 1_000_000  # of claims that were asked for


@dataclass
class Earlier:
    """What was worked out of the record as it was, known by one day: of what a change does not touch nothing is worked out again."""

    shared: Shared = field(default_factory=OrderedDict)  # see View
    outlines: dict[int, Outline] = field(default_factory=dict)
    said: Sequence[Tie] = ()
    turn: int = 0  # of what was said
    states: States | None = None
    told: object = None  # how exactly the states tell of points


@dataclass
class Opened:
    """A record as known by a day, what follows from it, and the points that are not to be told exactly."""

    view: View
    recent: frozenset[Point]
    held: Withholding = NOTHING
    shelf: Shelf = field(default_factory=lambda: Shelf(KEPT_PACKED))
    earlier: Earlier = field(default_factory=Earlier)

    @cached_property
    def states(self) -> States:
        before, told = self.earlier, (self.held, self.recent)
        same = before.states if before.told == told else None
        found = States.of(self.view, self.shelf, seen=self.seen, coarse=self.coarse, before=same)
        before.states, before.told = found, told
        return found

    def seen(self, point: Point) -> Point:
        """A point as it may be told."""
        return (self.held.grid(point[0]), self.held.grid(point[1])) if point in self.recent else point

    def coverage(self, by: By, first: date | None, last: date | None) -> Sequence[Json]:
        """By day, counted once for all questions and pages."""
        if by != "day":
            return summed(coverage(self.view, first=first, last=last), by)
        return [row for row in self._covered if (first or date.min) <= row["day"] <= (last or date.max)]

    @cached_property
    def _covered(self) -> list[Json]:
        return list(coverage(self.view))

    def claims(self, sought: Sought) -> list[Key]:
        """Looked for once for all pages of what is asked, and for some questions at a time; read as they are shown."""
        if sought not in self._found:
            self._found[sought] = keys(self.view, sought)
            while len(self._found) > 1 and sum(map(len, self._found.values())) > KEPT_KEYS:
                self._found.popitem(last=False)
        self._found.move_to_end(sought)
        return self._found[sought]

    _found: OrderedDict[Sought, list[Key]] = field(default_factory=OrderedDict, init=False)

    def changes(self, first: date, last: date) -> list[Turn]:
        """Looked for once, and told of on each page anew; QuestionError where the days are the wrong way round."""
        if first > last:
            return turns(self.view, first, last)
        return [turn for turn in self._turns if first.isoformat() <= turn.date_end <= last.isoformat()]

    def changed(self, found: Sequence[Turn]) -> list[bytes]:
        """What is told of these changes."""

        def make(numbers: list[int]) -> Iterator[tuple[Json, list[str]]]:
            for row in holdings.change_rows(self.view, [found[number] for number in numbers]):
                yield self.coarse(row), [*row["for"], *row["against"]]

        return self._rows("changes").told([(turn, self._editions.get(turn.key, self)) for turn in found], self._reviews, make)

    @cached_property
    def _editions(self) -> dict[str, bytes]:
        """Hashes of the histories of places, as they are kept."""
        if self.view.known_by:
            return {}
        rows = self.view.histories.run.execute("SELECT place, history FROM derived.histories")
        return {place: blake2b(history.encode("utf-8", "surrogatepass"), digest_size=16).digest() for place, history in rows}

    def cited(self, found: Sequence[Key]) -> list[bytes]:
        """These claims, each with its citation, how far its innermost speaker is relied on and why, and the sides that this one is on."""

        def make(numbers: list[int]) -> Iterator[tuple[Json, list[str]]]:
            for item in read(self.view, [found[number] for number in numbers]):
                yield self.coarse(cited(self.view, item)), [item.claim.claim_id]

        return self._rows("claims").told([(key, self._bonds) for key in found], self._reviews, make)

    @cached_property
    def _bonds(self) -> int:
        """Another number once reports tell otherwise of who belongs to whom: by that claims are graded."""
        if self.earlier.said != self.view.ties.said:
            self.earlier.said, self.earlier.turn = self.view.ties.said, self.earlier.turn + 1
        return self.earlier.turn

    def contested(self, at: slice) -> list[bytes]:
        """Some of the disputes."""
        if isinstance(self.disputes, Kept) and not self.recent:
            return [text.encode("utf-8", "replace") for text in self.disputes.texts(at)]
        return [line(self.coarse(one)).encode("utf-8", "replace") for one in self.disputes[at]]

    def _rows(self, name: str) -> Rows:
        return self.view.of_arrivals((name, self.held, self.recent), Rows)

    @property
    def _reviews(self) -> Mapping[str, Review]:
        return self.view.bearing.rulings.claims

    def coarse(self, value: Any) -> Any:
        """An answer as it may be told."""
        return coarsened(value, self.held, self.recent)

    @cached_property
    def _turns(self) -> list[Turn]:
        return turns(self.view, date.min, date.max)

    @cached_property
    def outlines(self) -> list[tuple[int, Outline]]:
        """What a question asks of each incident; an incident of a large record is read when it is shown."""
        found = self.view.chronicle.outlines(self.earlier.outlines)
        self.earlier.outlines = dict(found)
        return found

    @cached_property
    def queue(self) -> list[awaiting.Waiting]:
        return awaiting.queue(self.view)

    @property
    def registry(self) -> Registry:
        return registry_for(self.view.record.connection)

    @cached_property
    def informants(self) -> list[Json]:
        return informants(self.view)

    @cached_property
    def disputes(self) -> Sequence[Json]:
        return all_disputes(self.view)


def points_since(view: View, held: Withholding) -> frozenset[Point]:
    """The points of places told of since the day from which they are coarsened."""
    if held.coarse_since is None:
        return frozenset()
    places = (item.claim.place for item in view.record.told() if item.known is None or item.known >= held.coarse_since)
    return frozenset((p.latitude, p.longitude) for p in places if p and p.latitude is not None and p.longitude is not None)


def coarsened(value: Any, held: Withholding, recent: frozenset[Point]) -> Any:
    """The answer with those points on the grid, wherever they stand in it."""
    if not recent:
        return value
    if isinstance(value, list):
        if len(value) == 2 and isinstance(value[0], float) and (value[1], value[0]) in recent:
            return [held.grid(degrees) for degrees in value]
        return [coarsened(item, held, recent) for item in value]
    if isinstance(value, dict):
        made = {name: coarsened(item, held, recent) for name, item in value.items()}
        if (made.get("latitude"), made.get("longitude")) in recent:
            made |= {name: held.grid(made[name]) for name in ("latitude", "longitude")}
        return made
    return value
