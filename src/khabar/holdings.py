"""A record and a day → who held each place; a record and a time → what changed hands. Nothing here decides anything: `control` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from khabar.contract import Json, iso
from khabar.errors import QuestionError
from khabar.finding import find_place
from khabar.quoting import told_once
from khabar.reasons import answer, state
from khabar.record import Told
from khabar.spellings import normal
from khabar.view import View
from khabar.workers import no_collection

if TYPE_CHECKING:
    from khabar.geometry import Point


@no_collection()  # nor is a history of megabytes, or a map, a circle
def control(view: View, name: str, on: date) -> Json:
    """Who held the place that day; QuestionError for a place that the record does not name."""
    known = view.history(find_place(view, name))
    holder = state(known, on)["holder"]
    ties = view.bearing.ties_of(holder["id"] or normal(holder["name"])) if holder else None
    return {**answer(known, on, known_by=view.known_by, ties=ties), "warnings": view.warnings}


@no_collection()
def control_map(view: View, on: date, *, reasons: bool = True) -> Json:
    """Every place of the record that day: a GeoJSON FeatureCollection, `geometry` null where no gazetteer has the place. Without
    `reasons` the states alone (see `reasons.state`), which takes a tenth of the time."""
    if reasons:
        states = [
            {"key": known["key"], "precision": known["precision"]} | answer(known, on, known_by=view.known_by, ties=view.bearing.ties)
            for known in view.all_histories()
        ]
    elif view.known_by is None:
        states = [found for _, found in view.histories.states(on)]
    else:
        states = [state(known, on) for known in view.all_histories()]
    day, known_by = on.isoformat(), iso(view.known_by)
    places = [found["place"] for found in states]
    points = {place["id"]: (place["latitude"], place["longitude"]) for place in places if place["id"] and _has_point(place)}
    features = [_feature(found | {"on": day, "known_by": known_by}, points) for found in states]
    return {"type": "FeatureCollection", "on": day, "known_by": known_by, "features": features, "warnings": view.warnings}


def _has_point(place: Json) -> bool:
    return place["latitude"] is not None and place["longitude"] is not None


def _feature(found: Json, points: Mapping[str, Point]) -> Json:
    """`points`: of the places on the map, between which a road is drawn."""
    from khabar.geometry import road  # only for a map

    place = found["place"]
    point = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]} if _has_point(place) else None
    geometry = point or road(place["id"] or "", points)
    return {"type": "Feature", "id": found.pop("key"), "geometry": geometry, "properties": found}


def changes(view: View, first: date, last: date) -> list[Json]:
    """What changed hands by a day in that time, from whom to whom, with the sentences that say so; the earliest first."""
    return change_rows(view, turns(view, first, last))


class Turn(NamedTuple):
    """Where a change stands in the history of a place, in the order in which changes are told."""

    date_end: str
    date_start: str
    name: str
    key: str
    at: int


def turns(view: View, first: date, last: date) -> list[Turn]:
    """The changes that `changes` tells of, the earliest first, before anything is said of them: of a large record a page shows a few."""
    if first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    if view.known_by is None:
        histories: Iterable[Json] = (known for _, known in view.histories.histories(view.histories.changed(first, last)))
    else:
        histories = view.all_histories()
    return sorted(
        Turn(change["date_end"], change["date_start"] or "", known["place"]["name"], known["key"], at)
        for known in histories
        for at, (before, change) in enumerate(zip([None, *known["changes"]], known["changes"], strict=False))
        if first.isoformat() <= change["date_end"] <= last.isoformat() and _changes_hands(before, change)
    )


def change_rows(view: View, found: Sequence[Turn]) -> list[Json]:
    """What `changes` says of these."""
    known = {key: view.history(view.areas[key]) for key in dict.fromkeys(turn.key for turn in found)}
    told = view.told_by_id(id for turn in found for name in ("for", "against") for id in known[turn.key]["changes"][turn.at][name])
    return [_change(known[turn.key], turn.at, told, view.known_by) for turn in found]


def _changes_hands(before: Json | None, change: Json) -> bool:
    """Did someone tell of it, or do two holders imply it? The first sight of a holder is no change."""
    return bool(change["is_told"] or (before and before["holder"] and change["holder"]))


def _change(known: Json, at: int, told: Mapping[str, Told], known_by: date | None) -> Json:
    before, change = known["changes"][at - 1] if at else None, known["changes"][at]
    got = answer(known, date.fromisoformat(change["date_end"]), known_by=known_by)
    return {
        "place": known["place"] | {"precision": known["precision"]},
        "date_start": change["date_start"],
        "date_end": change["date_end"],
        "from": (before and before["holder"]) or change["loser"],
        "to": change["holder"],
        "standing": "assessed" if change["is_assessed"] else "claimed",
        "probability": change["probability"],
        "disputed_by": change["disputed_by"],
        "for": change["for"],
        "against": change["against"],
        "informants": change["informants"],
        "because": got["because"],
        "evidence": told_once(told[id] for id in change["for"]),
        "evidence_against": told_once(told[id] for id in change["against"]),
    }
