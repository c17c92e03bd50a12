"""Incidents → rows in the layouts of ACLED (31 columns), UCDP GED (49) and PLOVER: our own data in their columns, and said so.

The columns follow released files of the datasets; types come from codebooks.yaml, the rest from layouts.yaml. An unknown cell is empty: no
column is filled by a guess, and no id in the manner of the dataset is made up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from khabar.actorfiles import load_countries
from khabar.contract import Json, line
from khabar.exports.content import Content
from khabar.exports.losses import Losses
from khabar.exports.tables import columns, write_rows
from khabar.incidents import Figure, Incident
from khabar.lexicon import table
from khabar.model import Claim
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import is_coded
from khabar.spellings import normal

OURS = "Khabar record, not {} data"


@cache
def rules() -> Mapping[str, Any]:
    """The tables of layouts.yaml."""
    return table("layouts")


EventRow = Callable[[Content, Incident, Losses], dict[str, Any] | None]


def _write_events(content: Content, path: Path, layout: str, make: EventRow) -> Losses:
    """One row for each incident that the layout can hold; the others are told as lost by `make`."""
    losses = Losses(layout)
    rows = [row for one in content.reported if (row := make(content, one, losses))]
    _leave_out_datasets(content, losses)
    write_rows(path, columns(layout), rows)
    losses.kept["events"] = len(rows)
    return losses


def _leave_out_datasets(content: Content, losses: Losses) -> None:
    for item in content.told:
        if is_coded(item.claim):
            losses.lose("rows of datasets", "they are not our own data", item.claim.claim_id)


# --- ACLED


def write_acled(content: Content, path: Path) -> Losses:
    """One CSV of the incidents that ACLED has a type for."""
    return _write_events(content, path, "acled", _acled_row)


def _acled_row(content: Content, one: Incident, losses: Losses) -> dict[str, Any] | None:
    types = table("codebooks")["kinds"].get(one.kind, {}).get("acled") or []
    if reason := (types and _not_an_event(one)) or (not types and (f"incidents of kind {one.kind}", "ACLED has no type for them")):
        losses.lose(*reason, one.id)
        return None
    told, place = [item for telling, item in content.tellings(one) if telling.counts], one.place
    assert place is not None  # else it is not an event
    assert one.date_end is not None
    _flattened(content, one, losses)
    event_type, _, sub_type = _acled_type(content, one, types).partition(" / ")
    sides = _sides(one)
    inters = [_acled_sort(content, side[0], one) if side else "" for side in sides]
    deaths = next((figure for figure in one.figures if figure.unit == "killed"), None)
    return {
        "event_id_cnty": f"khabar-{one.id}",
        "event_date": one.date_end,
        "year": one.date_end.year,
        "time_precision": _graded(_span(one), rules()["acled_days"], 3),
        "disorder_type": _disorder(one.kind),
        "event_type": event_type,
        "sub_event_type": sub_type,
        **_acled_sides(sides, inters),
        "civilian_targeting": "Civilian targeting" if inters[1] == "Civilians" else None,
        "country": _country(place.country),
        "admin1": place.admin1,
        "location": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geo_precision": rules()["acled_place"].get(place.precision or "town"),
        "source": sorted({item.outlet for item in told if item.outlet}),
        "notes": " ".join(dict.fromkeys(item.sentence for item in told)),
        "fatalities": deaths.best if deaths else None,
        "tags": [OURS.format("ACLED"), f"informants={one.informants}"],
        "timestamp": max((_instant(item.known) for item in told if item.known), default=None),
    }


def _acled_sides(sides: Sequence[Sequence[Party]], inters: Sequence[str]) -> Json:
    row: Json = {}
    for number, (side, inter) in enumerate(zip(sides, inters, strict=True), 1):
        row |= {f"actor{number}": side[0].name if side else None, f"inter{number}": inter or None}
        row[f"assoc_actor_{number}"] = [party.name for party in side[1:]]
    return row | {"interaction": "-".join(inter for inter in inters if inter) or None}


def _acled_type(content: Content, one: Incident, types: Sequence[str]) -> str:
    """The first type, but for captures, where it depends on who took the place."""
    state = bool(one.actors) and content.ties.kind(one.actors[0]) in rules()["state"]
    return types[0] if one.kind != "capture" or state else types[-1]


def _acled_sort(content: Content, party: Party, one: Incident) -> str:
    kind = content.ties.kind(party)
    actor = content.view.registry.actor(party.id) if party.id else None
    if kind in rules()["state"] and actor and actor.country and one.place and one.place.country not in (None, actor.country):
        return "External/Other forces"
    if kind is None and _is_civilian(party.name):
        return "Civilians"
    return str(rules()["acled_actors"].get(kind, ""))


def _disorder(kind: str) -> str:
    if kind in rules()["demonstrations"]:
        return "Demonstrations"
    return "Strategic developments" if kind in rules()["strategic"] else "Political violence"


# --- UCDP GED


def write_ged(content: Content, path: Path) -> Losses:
    """One CSV of the violent incidents whose dead were counted."""
    return _write_events(content, path, "ged", _ged_row)


def _ged_row(content: Content, one: Incident, losses: Losses) -> dict[str, Any] | None:
    killed = next((figure for figure in one.figures if figure.unit == "killed" and figure.best), None)
    if reason := _not_deadly(one, killed) or _not_an_event(one):
        losses.lose(*reason, one.id)
        return None
    told, place = [item for telling, item in content.tellings(one) if telling.counts], one.place
    assert killed is not None  # else it is not deadly, or not an event
    assert place is not None
    assert one.date_end is not None
    assert place.latitude is not None
    assert place.longitude is not None
    _flattened(content, one, losses)
    a, b = _sides(one)
    violence = _violence(content, a, b)
    if violence is None:
        losses.lose("the kind of violence", "one of the sides is not known", one.id)
    dead = _deaths(content, one, killed.best or 0, a, b)
    start = one.date_start or one.date_end
    names = [side[0].name if side else None for side in (a, b)]
    return {
        "id": one.id,
        "relid": f"khabar-{one.id}",
        "year": one.date_end.year,
        "code_status": OURS.format("UCDP"),
        "type_of_violence": violence,
        "dyad_name": " - ".join(name or "unknown" for name in names),
        "side_a": names[0],
        "side_b": "Civilians" if violence == 3 else names[1],
        "number_of_sources": one.informants,
        "source_article": list(dict.fromkeys(map(_article, told))),
        "source_office": sorted({item.outlet for item in told if item.outlet}),
        "source_date": sorted({item.known.isoformat() for item in told if item.known}),
        "source_original": sorted({item.claim.attribution[-1].text for item in told if item.claim.attribution}),
        "where_prec": rules()["ged_place"].get(place.precision or "town"),
        "where_coordinates": place.name,
        "where_description": next((item.claim.place.text for item in told if item.claim.place), None),
        "adm_1": place.admin1,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geom_wkt": f"POINT ({place.longitude} {place.latitude})",
        "priogrid_gid": priogrid(place.latitude, place.longitude),
        "country": _country(place.country),
        "event_clarity": 1 if one.date_start == one.date_end else 2,
        "date_prec": _graded(_span(one), rules()["ged_days"], 5),
        "date_start": start,
        "date_end": one.date_end,
        **dead,
        "best": killed.best,
        "high": killed.high if killed.high is not None else killed.best,
        "low": killed.low if killed.low is not None else killed.best,
    }


def _article(item: Told) -> str:
    return f"{item.outlet or 'unnamed outlet'}, {item.known or 'no day'}, {item.url or item.claim.report_id}"


def _violence(content: Content, a: Sequence[Party], b: Sequence[Party]) -> int | None:
    """1 state-based, 2 non-state, 3 one-sided."""
    sorts = [content.ties.kind(side[0]) if side else None for side in (a, b)]
    if not a:
        return None
    if b and (sorts[1] in rules()["civilian"] or _is_civilian(b[0].name)):
        return 3
    if not b or None in sorts:
        return None
    states = [kind in rules()["state"] for kind in sorts]
    return 1 if any(states) else 2


def _deaths(content: Content, one: Incident, best: int, a: Sequence[Party], b: Sequence[Party]) -> Json:
    """The dead of each side, by whom the claims name as killed; the rest of `best` is unknown."""
    keys = {"deaths_a": {party.key for party in a}, "deaths_b": {party.key for party in b}}
    dead = dict.fromkeys(("deaths_a", "deaths_b", "deaths_civilians"), 0)
    for telling, item in content.tellings(one):
        claim, party = item.claim, content.ties.party(item.claim.recipient)
        if not (telling.counts and party and claim.quantity and claim.quantity.unit == "killed"):
            continue
        count = claim.quantity.low if claim.quantity.low is not None else claim.quantity.high or 0
        civil = _is_civilian(party.name) or content.ties.kind(party) in rules()["civilian"]
        column = "deaths_civilians" if civil else next((name for name, side in keys.items() if party.key in side), None)
        if column:
            dead[column] = max(dead[column], count)
    if sum(dead.values()) > best:  # tolls of several tellings, which do not add up
        dead = dict.fromkeys(dead, 0)
    return dead | {"deaths_unknown": best - sum(dead.values())}


def priogrid(latitude: float, longitude: float) -> int:
    """Number of the PRIO-GRID cell of half a degree, counted from the south-west (formula from memory: unverified).

    >>> priogrid(-89.9, -179.9), priogrid(33.5, 36.3)
    (1, 178273)
    """
    row, column = math.floor((latitude + 90) * 2), math.floor((longitude + 180) * 2)
    return min(row, 359) * 720 + min(column, 719) + 1


# --- PLOVER


def write_plover(content: Content, path: Path) -> Losses:
    """One JSON record a line for each claim that PLOVER has a class for."""
    losses = Losses("plover")
    rows = [row for item in content.told if not is_coded(item.claim) and (row := _plover_row(content, item, losses))]
    _leave_out_datasets(content, losses)
    path.write_text("".join(line(row) + "\n" for row in rows), encoding="utf-8")
    losses.kept["records"] = len(rows)
    return losses


def _plover_row(content: Content, item: Told, losses: Losses) -> Json | None:
    claim = item.claim
    classes = table("codebooks")["kinds"].get(claim.kind, {}).get("plover") or []
    if reason := _not_plover(claim, classes):
        losses.lose(*reason, claim.claim_id)
        return None
    assert claim.date_end
    if claim.attribution:
        losses.lose("the chain of speakers", "PLOVER has no field for it; it stands in comment", claim.claim_id)
    event, _, mode = classes[0].rstrip("?").partition(" (")
    return {
        "id": claim.claim_id,
        "date": claim.date_end.isoformat(),
        "actor": _plover_actor(content, content.ties.party(claim.actor)),
        "recipient": _plover_actor(content, content.ties.party(claim.recipient)),
        "event": event,
        "mode": mode.rstrip(")") or None,
        "event_text": item.sentence[claim.trigger[0] - claim.start : claim.trigger[1] - claim.start],
        "event_loc": _plover_place(item),
        "text": item.sentence,
        "text_info": {"start": claim.start, "end": claim.end},
        "size": {"dead": claim.quantity.low} if claim.quantity and claim.quantity.unit == "killed" else None,
        "cite_info": {"citation": item.outlet, "url": item.url, "publication": item.known.isoformat() if item.known else None},
        "coder": OURS.format("POLECAT"),
        "comment": "; ".join(speaker.text for speaker in claim.attribution) or None,
    }


def _not_plover(claim: Claim, classes: Sequence[str]) -> Reason | None:
    if not classes:
        return f"claims of kind {claim.kind}", "PLOVER has no class for them"
    if claim.modality != "asserted":
        return f"claims that are {claim.modality}", "PLOVER codes what happened"
    return ("claims without a day", "PLOVER requires a date") if claim.date_end is None else None


def _plover_actor(content: Content, party: Party | None) -> list[Json]:
    if party is None:
        return []
    actor = content.view.registry.actor(party.id) if party.id else None
    return [
        {
            "code": actor.country if actor else None,
            "sector": actor.kind if actor else None,
            "entity_text": party.name,
            "identifier_id": party.id,
        }
    ]


def _plover_place(item: Told) -> Json | None:
    place = item.claim.place
    if place is None:
        return None
    names = {"extracted_place": place.text, "resolved_place": place.name, "lat": place.latitude, "lon": place.longitude}
    geoname = place.id.removeprefix("geonames:") if place.id and place.id.startswith("geonames:") else None
    return names | {"geonameid": geoname, "province": place.admin1, "country_code": place.country, "resolution": place.precision}


# --- what they share

Reason = tuple[str, str]
"""What is lost, and why."""


def _not_an_event(one: Incident) -> Reason | None:
    """Why an incident is no row: each has a day, a point, and someone who says that it happened."""
    if one.date_end is None:
        return "incidents without a day", "the layout dates every event"
    if not one.place or one.place.latitude is None or one.place.longitude is None:
        return "incidents without a point", "the layout places every event"
    if not any(telling.counts for telling in one.claims):
        return "incidents that are only denied or possible", "the layout has events only, not what is said of them"
    return None


def _not_deadly(one: Incident, killed: Figure | None) -> Reason | None:
    if one.kind not in rules()["violent"]:
        return f"incidents of kind {one.kind}", "GED holds organised violence only"
    return None if killed else ("violent incidents without a count of the dead", "GED holds events with at least one death")


def _flattened(content: Content, one: Incident, losses: Losses) -> None:
    """What every layout of one row an event loses."""
    for telling, item in content.tellings(one):
        if not telling.counts:
            losses.lose(f"claims that are {telling.modality}", "an event has no room for who denies it", telling.claim_id)
        elif item.claim.attribution:
            losses.lose("the chain of speakers", "a row names outlets only", telling.claim_id)
    if one.date_start is None or one.date_start != one.date_end:
        losses.lose("the interval of days", "a row has one day and a grade of precision", one.id)
    if one.place and one.place.precision in ("near_town", "road", "district", "province", "country", "region"):
        losses.lose("that the point is not the place", "a row has a point and a grade of precision", one.id)


def _sides(one: Incident) -> tuple[list[Party], list[Party]]:
    """Who did and who suffered; of a fight told without an object, the first against the others."""
    actors, recipients = list(one.actors), list(one.recipients)
    return (actors[:1], actors[1:]) if len(actors) > 1 and not recipients and one.kind == "clash" else (actors, recipients)


def _is_civilian(name: str) -> bool:
    return bool(set(normal(name).split()) & set(rules()["civilian_words"]))


def _span(one: Incident) -> int | None:
    return (one.date_end - one.date_start).days + 1 if one.date_start and one.date_end else None


def _graded(days: int | None, grades: Mapping[int, int], worst: int) -> int:
    return next((grade for grade, most in sorted(grades.items()) if days is not None and days <= most), worst)


def _instant(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


@cache
def _countries() -> dict[str, str]:
    return {country.code: country.name for country in load_countries()}


def _country(code: str | None) -> str | None:
    return _countries().get(code) if code else None
