"""A record's incidents and a dataset's events → which tell of the same, what each lacks, and how their tolls differ. Nothing is written.

One event is paired with one incident, the closest first. Two can be one if no more than so many days and kilometres lie between them, if
their kinds share a family (incidents.yaml), and unless all the actors that both name are known to be others.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

from khabar.contract import Json
from khabar.dataset_claims import actor_called, bare_name
from khabar.datasets import NAMES, Dataset, Event, known
from khabar.gazetteer import distance
from khabar.incidents import Incident
from khabar.kinship import Kinship
from khabar.model import Participant
from khabar.parties import Party
from khabar.view import View

Actors = Literal["same", "may be", "unknown", "other"]


@dataclass(frozen=True, slots=True)
class Pair:
    """An event and an incident that can be one: what lies between them."""

    event: Event
    incident: Incident
    days: int
    km: float
    same_kind: bool
    actors: Actors

    @property
    def order(self) -> tuple[object, ...]:
        """The closest first; a toll in common tells two raids of one day apart."""
        toll = _toll(self.incident)
        apart = abs(self.event.killed[1] - toll[1]) if self.event.killed and toll else math.inf
        wide = ("same", "may be", "unknown", "other").index(self.actors)
        return (not self.same_kind, wide, self.days, round(self.km, 1), apart, self.event.row, self.incident.id)


def compare(view: View, found: Sequence[Incident], dataset: Dataset, *, days: int = 2, km: float = 25.0) -> Json:
    """Matched pairs, what the dataset and the record have alone, and what was left out of the comparison and why."""
    left_out: Counter[str] = Counter()
    ours = [one for one in found if not _counted(_not_comparable(one, dataset), left_out)]
    window = Frame.of([(_days(one), _point(one)) for one in ours]), Frame.of([(_span(one), _spot(one)) for one in dataset.events])
    theirs = [one for one in dataset.events if not _counted(window[0].without(_span(one), _spot(one), days, km, "events"), left_out)]
    ours = [one for one in ours if not _counted(window[1].without(_days(one), _point(one), days, km, "incidents"), left_out)]
    pairs = sorted(_pairs(view, ours, theirs, days, km), key=lambda pair: pair.order)
    matched = list(_one_to_one(pairs))
    taken = {pair.event.row for pair in matched}, {pair.incident.id for pair in matched}
    near = {pair.event.row for pair in pairs}, {pair.incident.id for pair in pairs}
    return {
        "dataset": NAMES[dataset.layout],
        "days": days,
        "km": km,
        "counts": {
            "dataset": len(theirs),
            "record": len(ours),
            "matched": len(matched),
            "dataset_only": len(theirs) - len(matched),
            "record_only": len(ours) - len(matched),
        },
        "tolls": _tolls(matched),
        "matched": [_matched_json(pair) for pair in sorted(matched, key=lambda pair: (pair.event.date_end, pair.event.row))],
        "dataset_only": [one.json() | {"beside": one.row in near[0]} for one in theirs if one.row not in taken[0]],
        "record_only": [_incident_json(one) | {"beside": one.id in near[1]} for one in ours if one.id not in taken[1]],
        "left_out": dict(left_out),
        "refused": [{"row": row, "reason": reason} for row, reason in dataset.refused],
    }


# --- what can be compared


def _counted(reason: str | None, left_out: Counter[str]) -> bool:
    if reason:
        left_out[reason] += 1
    return reason is not None


def _not_comparable(one: Incident, dataset: Dataset) -> str | None:
    """Why the dataset could not hold the incident."""
    if one.date_end is None:
        return "incidents without a day"
    if one.place is None or one.place.latitude is None or one.place.longitude is None:
        return "incidents without a point"
    if dataset.layout == "ged" and one.kind not in known("layouts")["violent"]:
        return "incidents that are no violence"
    if dataset.layout == "ged" and not (_toll(one) or (0, 0, 0))[2]:
        return "incidents without a count of the dead"
    if dataset.layout == "acled" and not _families([one.kind]) & _families(_acled_matter()):
        return "incidents of a kind that ACLED does not hold"
    return None


def _acled_matter() -> Iterable[str]:
    return [kind for kind, books in known("codebooks")["kinds"].items() if books["acled"]]


Days = tuple[date, date]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The days and the box of degrees within which all of one side lies: nothing outside it could have been told there."""

    days: Days
    south_west: Point
    north_east: Point

    @classmethod
    def of(cls, found: Sequence[tuple[Days, Point]]) -> Frame:
        if not found:
            return cls((date.max, date.min), (math.inf, math.inf), (-math.inf, -math.inf))
        (firsts, lasts), (lats, lons) = (zip(*part, strict=True) for part in zip(*found, strict=True))
        return cls((min(firsts), max(lasts)), (min(lats), min(lons)), (max(lats), max(lons)))

    def without(self, span: Days, point: Point, days: int, km: float, what: str) -> str | None:
        """Why that lies outside, None where it does not."""
        if _gap(span, self.days) > days:
            return f"{what} outside the days of the other side"
        box = zip(point, self.south_west, self.north_east, _degrees(point, km), strict=True)
        return None if all(low - room <= at <= high + room for at, low, high, room in box) else f"{what} outside the area of the other side"


def _degrees(point: Point, km: float) -> Point:
    return km / 111.2, km / (111.2 * max(math.cos(math.radians(point[0])), 0.01))


def _span(one: Event) -> Days:
    return one.date_start, one.date_end


def _spot(one: Event) -> Point:
    return one.latitude, one.longitude


def _days(one: Incident) -> Days:
    """What is told without a first day is news of the last."""
    assert one.date_end is not None  # else it is not comparable
    return one.date_start or one.date_end, one.date_end


def _point(one: Incident) -> Point:
    assert one.place is not None  # else it is not comparable
    assert one.place.latitude is not None
    assert one.place.longitude is not None
    return one.place.latitude, one.place.longitude


def _gap(one: Days, other: Days) -> int:
    """Days between two spans; 0 where they share one. An empty span is far from all."""
    return max((other[0] - one[1]).days, (one[0] - other[1]).days, 0)


# --- which are one


def _pairs(view: View, ours: Sequence[Incident], theirs: Sequence[Event], days: int, km: float) -> Iterator[Pair]:
    """All that can be one. The incidents are looked up in bands of latitude as high as the distance."""
    parties = Parties(view)
    height = max(km, 1.0) / 111.2
    bands: dict[int, list[Incident]] = defaultdict(list)
    for one in ours:
        bands[math.floor(_point(one)[0] / height)].append(one)
    for event in theirs:
        band = math.floor(event.latitude / height)
        for one in (one for near in (band - 1, band, band + 1) for one in bands.get(near, ())):
            gap = _gap(_span(event), _days(one))
            if gap > days or (away := distance(_spot(event), _point(one))) > km or not _akin(event, one):
                continue
            actors = parties.compared(event, one)
            if actors != "other":
                yield Pair(event, one, gap, away, one.kind in event.kinds, actors)


def _one_to_one(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The closest pairs of which no half is taken."""
    events, incidents = set(), set()
    for pair in pairs:
        if pair.event.row not in events and pair.incident.id not in incidents:
            events.add(pair.event.row)
            incidents.add(pair.incident.id)
            yield pair


def _akin(event: Event, one: Incident) -> bool:
    """Of one family; a type that we do not know may be any."""
    narrow = [
        kind for kind in event.kinds if len(_families([kind])) < 3
    ] or event.kinds  # ACLED's clash may be our attack, whose family is any
    return not event.kinds or one.kind in event.kinds or bool(_families(narrow) & _families([one.kind]))


def _families(kinds: Iterable[str]) -> set[str]:
    return {family for kind in kinds for family in known("incidents")["families"].get(kind, ())}


class Parties:
    """Names as a dataset writes them, as parties of the record."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._kinship = Kinship(view.ties)
        self._named: dict[tuple[str, date], Party | None] = {}

    def compared(self, event: Event, one: Incident) -> Actors:
        """The best that holds of any two. Who is known to neither registry nor record may be anyone."""
        ours = [party for party in (*one.actors, *one.recipients) if not party.is_generic]
        theirs = [party for name in event.sides if (party := self._party(name, event.date_end))]
        on = event.date_end.toordinal()
        relations = {self._kinship.relation(party, other, on) for party in ours for other in theirs}
        if "same" in relations:
            return "same"
        if "may be" in relations:
            return "may be"
        is_known = any(party.id for party in ours) and any(party.id for party in theirs)
        return "other" if is_known and all(party.id for party in (*ours, *theirs)) else "unknown"

    def _party(self, name: str, on: date) -> Party | None:
        """ "HTS: Hayat Tahrir al-Sham (2017-)" without its years and its short form; the forces of a state by their country."""
        if (name, on) not in self._named:
            bare = bare_name(name)
            actor = actor_called(self._view.registry, bare, on)
            words = Participant(bare, id=actor.id if actor else None, name=actor.name if actor else None)
            self._named[name, on] = self._view.ties.names.party(words)
        return self._named[name, on]


# --- what is told of them


def _toll(one: Incident) -> tuple[int, int, int] | None:
    return next(((figure.low, figure.best, figure.high) for figure in one.figures if figure.unit == "killed"), None)


def _tolls(matched: Sequence[Pair]) -> Json:
    """Of the pairs of which both give the dead: how many agree on the number, how many on a range, and the median difference."""
    both = [(pair.event.killed, toll) for pair in matched if pair.event.killed and (toll := _toll(pair.incident))]
    return {
        "both": len(both),
        "same": sum(theirs[1] == ours[1] for theirs, ours in both),
        "overlap": sum(theirs[0] <= ours[2] and ours[0] <= theirs[2] for theirs, ours in both),
        "median_difference": median(abs(theirs[1] - ours[1]) for theirs, ours in both) if both else None,
        "dataset_sum": sum(theirs[1] for theirs, _ in both),
        "record_sum": sum(ours[1] for _, ours in both),
    }


def _matched_json(pair: Pair) -> Json:
    theirs, ours = pair.event.killed, _toll(pair.incident)
    return {
        "event": pair.event.json(),
        "incident": _incident_json(pair.incident),
        "days_apart": pair.days,
        "km_apart": round(pair.km, 1),
        "same_kind": pair.same_kind,
        "actors": pair.actors,
        "killed_difference": theirs[1] - ours[1] if theirs and ours else None,
    }


def _incident_json(one: Incident) -> Json:
    place = one.place.name if one.place else None
    fields = {name: getattr(one, name) for name in ("id", "title", "kind", "date_start", "date_end", "informants")}
    return fields | {"place": place, "killed": _toll(one), "claims": [telling.claim_id for telling in one.claims]}
