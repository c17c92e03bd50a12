"""A record and a day → who held each place; a record and a time → what changed hands. Nothing here decides anything: `control` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from khabar.contract import Json, iso
from khabar.errors import QuestionError
from khabar.finding import find_place
from khabar.geometry import Point, road
from khabar.quoting import told_once
from khabar.reasons import answer, state
from khabar.record import Told
from khabar.spellings import normal
from khabar.view import View


def control(view: View, name: str, on: date) -> Json:
    """Who held the place that day; QuestionError for a place that the record does not name."""
    known = view.history(find_place(view, name))
    holder = state(known, on)["holder"]
    ties = view.bearing.ties_of(holder["id"] or normal(holder["name"])) if holder else None
    return {**answer(known, on, known_by=view.known_by, ties=ties), "warnings": view.warnings}


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
    place = found["place"]
    point = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]} if _has_point(place) else None
    geometry = point or road(place["id"] or "", points)
    return {"type": "Feature", "id": found.pop("key"), "geometry": geometry, "properties": found}


def changes(view: View, first: date, last: date) -> list[Json]:
    """What changed hands by a day in that time, from whom to whom, with the sentences that say so; the earliest first."""
    if first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    if view.known_by is None:
        histories: Iterable[Json] = (known for _, known in view.histories.histories(view.histories.changed(first, last)))
    else:
        histories = view.all_histories()
    found = [
        (known, before, change)
        for known in histories
        for before, change in zip([None, *known["changes"]], known["changes"], strict=False)
        if first.isoformat() <= change["date_end"] <= last.isoformat() and _changes_hands(before, change)
    ]
    told = view.told_by_id((id for _, _, change in found for id in (*change["for"], *change["against"])))
    rows = [_change(known, before, change, told, view.known_by) for known, before, change in found]
    return sorted(rows, key=lambda row: (row["date_end"], row["date_start"] or "", row["place"]["name"]))


def _changes_hands(before: Json | None, change: Json) -> bool:
    """Did someone tell of it, or do two holders imply it? The first sight of a holder is no change."""
    return bool(change["is_told"] or (before and before["holder"] and change["holder"]))


def _change(known: Json, before: Json | None, change: Json, told: Mapping[str, Told], known_by: date | None) -> Json:
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
