"""The states of all places on two days and their claims → one HTML file with a before/after map, its evidence inside.

The file asks nothing of any network: outlines, styles and script are in it, and its content security policy forbids the rest. Every word
that came from a report is put on the page as text, never as markup; a link is kept only where it begins with http.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from html import escape
from importlib.resources import files
from math import hypot
from pathlib import Path
from statistics import median
from string import Template
from typing import Any

from khabar.areas import WIDE
from khabar.errors import QuestionError
from khabar.holdings import control_map
from khabar.page.outlines import Box, Point, box_around, outlines_in, towns_in
from khabar.quoting import told_json
from khabar.record import Record
from khabar.registry import Registry, load_registry
from khabar.view import View

State = dict[str, Any]

# Precisions whose coordinates are those of the place itself. A road or a province has no one point, and what happened near a town did not
# happen in it: drawing either as a dot on the town would say more than any claim does.
ON_THE_SPOT = {None, "exact", "town"}


def write_map(
    record: Record, *, before: date, after: date, output: Path, known_by: date | None = None, registry: Registry | None = None
) -> None:
    """Write the page of two days, as known by a day; QuestionError where `before` is not the earlier one."""
    output.write_text(map_of(View(record, registry or load_registry(), known_by), before, after), encoding="utf-8")


def map_of(view: View, before: date, after: date) -> str:
    """The page of two days, or of one where they are the same; QuestionError where `before` is not the earlier one."""
    if before > after:
        raise QuestionError(f"--before {before} is after --after {after}; exchange them")
    old, new = control_map(view, before), control_map(view, after)
    return render(old, new, _claims_cited(view, old, new))


def _claims_cited(view: View, *days: dict[str, Any]) -> dict[str, dict[str, Any]]:
    states = [feature["properties"] for day in days for feature in day["features"]]
    wanted = {id for state in states for id in _of_state(state)}
    return {id: told_json(item) for id, item in view.told_by_id(wanted).items()}


def render(
    before: dict[str, Any],
    after: dict[str, Any],
    claims: dict[str, dict[str, Any]],
    *,
    title: str = "Who held what, and who says so",
    credits: Iterable[str] = ("Places: GeoNames, CC BY 4.0", "Outlines: Natural Earth, public domain"),
) -> str:
    """The page. `before`, `after`: FeatureCollections of `control --geojson`; `claims`: by id, each a claim of the contract with its
    `sentence`, `outlet`, `published` and `url` (and `title`, where known; these four may stand under `report`). A place that is missing on
    one of the two days is unknown on it."""
    payload = evidence(before, after, claims)
    texts = {
        "title": escape(title),
        "days": escape(_days(payload)),
        "rows": "\n".join(_row(place) for place in payload["places"]),
        "credits": escape(" · ".join(credits)),
        "style": _file("map.css"),
        "script": _file("map.js"),
        "payload": _json_in_html(payload),
    }
    return Template(_file("map.html")).substitute(texts)


def evidence(before: dict[str, Any], after: dict[str, Any], claims: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """All that the page shows, as plain values: days, holders in the order of their colours, places with both states, claims, base."""
    places = _places(before, after)
    return {
        "before": _clock(before),
        "after": _clock(after),
        "holders": _holders(places),
        "places": places,
        "claims": {id: _claim(claims[id]) for id in _cited(places) if id in claims},
        "base": _base(places),
    }


def _clock(collection: dict[str, Any]) -> dict[str, str | None]:
    """The day asked about and the day it was known by: of the collection, or of its first place."""
    of_first: dict[str, Any] = next((feature["properties"] for feature in collection["features"]), {})
    return {name: collection.get(name) or of_first.get(name) for name in ("on", "known_by")}


def _days(payload: dict[str, Any]) -> str:
    known = payload["after"]["known_by"]
    days = dict.fromkeys(str(payload[day]["on"]) for day in ("before", "after"))
    return " and ".join(days) + (f", as known by {known}" if known else "")


def _places(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry per place of either day: those that changed first, then by name."""
    old, new = _by_place(before), _by_place(after)
    merged = [_place(key, old.get(key), new.get(key)) for key in {**old, **new}]
    return sorted(merged, key=lambda place: (not place["changed"], str(place["name"]).casefold(), place["key"]))


def _by_place(collection: dict[str, Any]) -> dict[str, State]:
    found = {}
    for feature in collection["features"]:
        state = feature["properties"]
        where = {"precision": state.get("precision")} | state["place"]
        found[str(feature.get("id") or where.get("id") or where.get("name"))] = {**state, "place": where}
    return found


def _place(key: str, old: State | None, new: State | None) -> dict[str, Any]:
    where = ((new or {}).get("place") or {}) or ((old or {}).get("place") or {})
    before, after = _state(old), _state(new)
    return {
        "key": key,
        "name": _called(where, key),
        "latitude": where.get("latitude"),
        "longitude": where.get("longitude"),
        "drawn": _drawn(where),
        "changed": (before["status"], before["holder"]) != (after["status"], after["holder"]),
        "before": before,
        "after": after,
    }


def _called(where: dict[str, Any], key: str) -> str:
    """A province is often named like its capital, and what lies around a town is not the town: the reader must see which is meant."""
    name = str(where.get("name") or key)
    if _drawn(where) == "around":
        return f"around {name}"
    return f"{name} ({where['precision']})" if where.get("precision") in WIDE else name


def _drawn(where: dict[str, Any]) -> str:
    """ "spot": at its coordinates; "around": a wide broken ring; "beside": in the list only."""
    if where.get("latitude") is None or where.get("longitude") is None:
        return "beside"
    if where.get("near") or where.get("precision") == "near_town":
        return "around"
    return "spot" if where.get("precision") in ON_THE_SPOT else "beside"


LISTS = ("disputed_by", "members", "for", "against", "listed", "because")
VALUES = ("possible_change", "holder", "standing", "probability", "since", "until", "previous", "besieged_by", "last_report", "informants")


def _state(state: State | None) -> State:
    found = state or {}
    filled: State = {"status": found.get("status") or "unknown"}
    filled |= {name: found.get(name) for name in VALUES}
    filled |= {name: list(found.get(name) or []) for name in LISTS}
    return filled | {"summary": summary(filled)}


def summary(state: State) -> str:
    """The state in a few words.

    >>> summary({"status": "held", "holder": {"id": "north", "name": "Northern Army"}, "standing": "claimed"})
    'Northern Army (claimed)'
    >>> summary({"status": "unknown", "holder": None})
    'unknown'
    """
    holder, status = _name(state.get("holder")), state["status"]
    if status == "unknown":
        return "unknown"
    words = {"contested": "contested" + (f", held by {holder}" if holder else "")}.get(status, holder or "no known holder")
    besieger = _name(state.get("besieged_by"))
    siege = f", besieged by {besieger}" if besieger else (", besieged" if status == "besieged" else "")
    notes = [note for note in (state.get("standing"), "disputed" if state.get("disputed_by") else None) if note]
    return words + siege + (f" ({', '.join(notes)})" if notes else "")


def _name(actor: dict[str, Any] | None) -> str | None:
    return (actor.get("name") or actor.get("id")) if actor else None


def _holders(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everyone who holds, held, besieges or disputes, most places first: the page gives colours and shapes in this order."""
    count: Counter[tuple[str, str]] = Counter()
    for place in places:
        for state in (place["before"], place["after"]):
            for actor in [state["holder"], state["holder"], state["previous"], state["besieged_by"], *state["disputed_by"]]:
                if actor:
                    count[str(actor.get("id") or actor.get("name")), str(_name(actor))] += 1
    ranked = sorted(count, key=lambda actor: (-count[actor], actor))
    return [{"id": id, "name": name} for id, name in ranked]


def _cited(places: list[dict[str, Any]]) -> list[str]:
    states = [place[day] for place in places for day in ("before", "after")]
    return list(dict.fromkeys(id for state in states for id in _of_state(state)))


def _of_state(state: State) -> list[str]:
    """Ids of all claims that a state names."""
    possible = state.get("possible_change") or {}
    return [*state["for"], *state["against"], *state["listed"], *possible.get("claims", [])]


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """What the panel shows of one claim. A trigger becomes offsets into the sentence, None where the sentence does not hold it."""
    report = claim.get("report") or claim
    return {
        "kind": claim.get("kind"),
        "modality": claim.get("modality"),
        "rule": claim.get("rule"),
        "confidence": claim.get("confidence"),
        "date_start": claim.get("date_start"),
        "date_end": claim.get("date_end"),
        "sentence": claim.get("sentence"),
        "trigger": _trigger(claim),
        "speakers": [link.get("text") for link in claim.get("attribution") or []],
        "outlet": report.get("outlet"),
        "title": report.get("title"),
        "published": report.get("published"),
        "url": safe_url(report.get("url")),
    }


def _trigger(claim: dict[str, Any]) -> list[int] | None:
    start, trigger, sentence = claim.get("start"), claim.get("trigger"), claim.get("sentence")
    if start is None or not trigger or not sentence:
        return None
    first, last = trigger[0] - start, trigger[1] - start
    return [first, last] if 0 <= first < last <= len(sentence) else None


def safe_url(url: str | None) -> str | None:
    """A report's address is a stranger's text: "javascript:…" must not become a link."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _base(places: list[dict[str, Any]]) -> dict[str, Any]:
    """The first view, and the outlines and towns around it and around every drawn place."""
    points = [(float(place["longitude"]), float(place["latitude"])) for place in places if place["drawn"] != "beside"]
    view, reach = box_around(_middle(points)), box_around(points)
    if view is None or reach is None:
        return {"view": None, "reach": None, "countries": [], "towns": []}
    wide = reach.widened(3.0)
    drawn = {str(place["name"]).casefold() for place in places}
    towns = [town for town in towns_in(wide) if town["name"].casefold() not in drawn]
    return {"view": _edges(view), "reach": _edges(reach), "countries": outlines_in(reach.framed().widened(3.0)), "towns": towns}


def _middle(points: list[Point]) -> list[Point]:
    """The points without far outliers: one capital on another continent must not shrink a province to a dot."""
    if len(points) < 4:
        return points
    centre = (median(x for x, _ in points), median(y for _, y in points))
    away = [hypot(x - centre[0], y - centre[1]) for x, y in points]
    # 4 times the median distance keeps every place of an evenly spread war; half a degree keeps those of a single town's fighting.
    limit = max(4 * median(away), 0.5)
    return [point for point, distance in zip(points, away, strict=True) if distance <= limit]


def _edges(box: Box) -> list[float]:
    return [box.west, box.south, box.east, box.north]


def _row(place: dict[str, Any]) -> str:
    """A line of the table of places, which is the whole page to a reader without script and the list beside the map to all others."""
    seen = {"spot": "on the map", "around": "around a place on the map", "beside": "not on the map"}[place["drawn"]]
    cells = [place["before"]["summary"], place["after"]["summary"], seen]
    name = (
        f'<th scope="row"><button type="button" data-place="{escape(place["key"])}" dir="auto">{escape(str(place["name"]))}</button></th>'
    )
    return (
        f'<tr class="{"changed" if place["changed"] else "same"}">{name}' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    )


def _json_in_html(value: object) -> str:
    """JSON that cannot end the script element it stands in, whatever a report says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_iso)
    return (
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} cannot stand on the page: {value!r}")


def _file(name: str) -> str:
    return files("khabar.page").joinpath(name).read_text(encoding="utf-8")
