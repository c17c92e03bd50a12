"""A record and an actor → its names, kind, ties, gains and losses on a day; all actors of the record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

from khabar.actorfiles import SPEAKERS, Actor
from khabar.bearing_rows import FIGHTING, bearing_kinds
from khabar.contract import Json, iso
from khabar.errors import QuestionError
from khabar.finding import find_actor
from khabar.lexicon import table
from khabar.naming import names_of
from khabar.parties import Party
from khabar.record import Told
from khabar.spellings import normal
from khabar.ties import BELONGING, Tie
from khabar.view import View

UNSEEN = "unverified"
"""The source of a fact of the registry that its collectors knew and did not see written."""


def actor(view: View, name: str, on: date | None = None, *, first: date | None = None, last: date | None = None) -> Json:
    """Names, kind, members and memberships, leaders, branches, allies and enemies on that day; each fact with its source or its claim.

    `sources` are the registry's, `claims` those of reports. `fought`: by the reports, from `first` to `last`.
    """
    if first and last and first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    party = find_actor(view, name, on)
    known = view.registry.actor(party.id) if party.id else None
    named = view.told_of(party)
    told = [tie for tie in (*_registry_ties(view, party, on), *view.ties.said) if tie.holds(on)]
    ties = [tie for tie in told if view.ties.kind(tie.actor) not in SPEAKERS]
    return {
        "id": party.id,
        "name": party.name,
        "kind": known.kind if known else None,
        "on": on.isoformat() if on else None,
        "names": _names(view, party, known),
        "called": _called(known, on),
        "sides": list(view.registry.sides(party.id, on)) if party.id else [],
        "formed": _formed(view, named, party),
        "members": _facts(ties, party, {"member_of", "part_of"}, of=True),
        "member_of": _facts(told, party, {"member_of", "part_of"}),
        "media": _facts([tie for tie in told if tie not in ties], party, {"member_of", "part_of"}, of=True),
        "led_by": _joined(_facts(ties, party, {"commands"}, of=True), _facts(ties, party, {"led_by"})),
        "leads": _joined(_facts(ties, party, {"commands"}), _facts(ties, party, {"led_by"}, of=True)),
        "branch_of": _facts(ties, party, {"branch_of"}),
        "branches": _facts(ties, party, {"branch_of"}, of=True),
        "allies": _joined(_facts(ties, party, {"allied_with"}), _facts(ties, party, {"allied_with"}, of=True)),
        "enemies": _joined(
            _facts(ties, party, {"opposed_to"}), _facts(ties, party, {"opposed_to"}, of=True), _fought(view, named, party, on)
        ),
        "fought": _fought(view, named, party, on, first=first, last=last),
        "split_from": _facts(ties, party, {"split_from"}),
        "gains": _territory(view, named, party, on, gained=True, window=(first, last)),
        "losses": _territory(view, named, party, on, gained=False, window=(first, last)),
        "warnings": [*view.warnings, *_contradictions(view, party, on)],
    }


def _contradictions(view: View, party: Party, on: date | None) -> Iterator[str]:
    """What cannot all be so of what is told of belonging: two hostile sides, a circle. What it does to other answers is said too."""
    bodies = {tie.of.key: tie.of for tie in view.ties.said if tie.type in BELONGING and tie.actor.key == party.key and tie.holds(on)}
    above = [*bodies.values(), *(view.ties.named(key, key) for key in sorted(view.ties.above(party, on) - set(bodies)))]
    for one, other in combinations(above, 2):
        if view.ties.opposed(one, other, on):
            yield f"{party.name} is told to belong to two hostile sides, {one.name} and {other.name}: where it counts, it speaks for both"
    for body in bodies.values():
        if view.ties.belongs(body, party, on):
            yield f"{party.name} and {body.name} are told to belong to each other: the circle ends where it began"


def actors(view: View) -> list[Json]:
    """The actors of the record with the number of claims they take part in, those with most first."""
    return view.kept("actors", partial(_actors, view), of_parties=True)


def _actors(view: View) -> list[Json]:
    counts: Counter[str] = Counter()
    parties: dict[str, Party] = {}
    kinds = json.dumps(bearing_kinds())
    for item in view.record.told_by(view.known_by, "kind IN (SELECT value FROM json_each(?))", (kinds,)):
        for party in (view.ties.party(item.claim.actor), view.ties.party(item.claim.recipient)):
            if party:
                counts[party.key] += 1
                parties.setdefault(party.key, party)
    ranked = sorted(parties.values(), key=lambda party: (-counts[party.key], party.key))
    return [{"id": party.id, "name": party.name, "kind": view.ties.kind(party), "claims": counts[party.key]} for party in ranked]


def _names(view: View, party: Party, known: Actor | None) -> list[str]:
    """How the reports and the registry spell it."""
    spelt = {party.name, *_spellings(view, party)}
    told = {name.text for name in (known.names if known else ()) if name.verified or normal(name.text) not in map(normal, spelt)}
    return sorted(spelt | told)


def _spellings(view: View, party: Party) -> set[str]:
    """How the reports spell it: names only, not "the group"."""
    rows = view.record.connection.execute(
        "SELECT DISTINCT text FROM mentions JOIN readings USING (reading) "
        "WHERE kind = 'actor' AND current = 1 AND id = ? AND json_extract(detail, '$.form') = 'name'",
        (party.id,),
    )
    names = names_of(view.record.connection)
    decided = view.record.connection.execute(
        "SELECT DISTINCT text FROM mentions JOIN readings USING (reading) WHERE kind = 'actor' AND current = 1 AND mentions.id IS NULL"
    )
    return {row["text"] for row in rows} | {row["text"] for row in decided if names and names.id(None, row["text"]) == party.id}


def _registry_ties(view: View, party: Party, on: date | None) -> Iterator[Tie]:
    for relation in view.registry.relations(party.id, on) if party.id else ():
        first, second = (view.ties.named(id, id) for id in (relation.actor, relation.of))
        yield Tie(relation.type, first, second, relation.period.start, relation.period.end, None, relation.source or UNSEEN)


def _facts(ties: Iterable[Tie], party: Party, types: set[str], *, of: bool = False) -> list[Json]:
    """The other end of each tie; one entry for each of them, with all its sources and claims."""
    found: dict[str, Json] = {}
    for tie in ties:
        mine, other = (tie.of, tie.actor) if of else (tie.actor, tie.of)
        if tie.type in types and mine.key == party.key:
            row = found.setdefault(
                other.key, {"id": other.id, "name": other.name, "date_start": None, "date_end": None, "sources": [], "claims": []}
            )
            _add(row, tie)
    return [found[key] for key in sorted(found)]


def _joined(*lists: list[Json]) -> list[Json]:
    """One entry for each actor."""
    found: dict[str, Json] = {}
    for row in (row for rows in lists for row in rows):
        held = found.setdefault(row["id"] or row["name"], row)
        if held is not row:
            held["sources"] += row["sources"]
            held["claims"] += row["claims"]
    return list(found.values())


def _add(row: Json, tie: Tie) -> None:
    if tie.claim_id:
        row["claims"].append(tie.claim_id)
    else:
        row["sources"].append(tie.source)
    row["date_start"] = row["date_start"] or (tie.first.isoformat() if tie.first else None)
    row["date_end"] = row["date_end"] or (tie.last.isoformat() if tie.last else None)


def _formed(view: View, told: Iterable[Told], party: Party) -> list[Json]:
    found = [item for item in told if item.claim.kind == "coalition_formed" and _counts(item) and is_party(view, item.claim.actor, party)]
    return [
        {
            "date_start": iso(item.claim.date_start),
            "date_end": iso(item.claim.date_end),
            "claims": [item.claim.claim_id],
            "sentence": item.sentence,
        }
        for item in found
    ]


Window = tuple[date | None, date | None]


def _called(known: Actor | None, on: date | None) -> list[Json]:
    """The names of the registry that were in use on that day, each with its time and where it was seen."""
    if known is None:
        return []
    seen = known.sources[0] if known.sources else UNSEEN
    return [
        {"name": name.text, "source": name.source or (seen if name.verified else UNSEEN)}
        | {"date_start": iso(name.period.start), "date_end": iso(name.period.end)}
        for name in known.names
        if name.period.holds(on)
    ]


def _fought(
    view: View, told: Iterable[Told], party: Party, on: date | None, *, first: date | None = None, last: date | None = None
) -> list[Json]:
    """Whom it fought or took places from, by the reports, up to that day and within that time."""
    found: dict[str, Json] = {}
    for item in told:
        claim = item.claim
        sides = (view.ties.party(claim.actor), view.ties.party(claim.recipient))
        if claim.kind not in ("capture", *FIGHTING) or not _counts(item) or not _by(item, on) or None in sides:
            continue
        if not _within(item, first, last) or _is_place(item):
            continue
        for mine, other in (sides, sides[::-1]):
            if mine and other and mine.key == party.key and other.key != party.key:
                row = found.setdefault(
                    other.key, {"id": other.id, "name": other.name, "date_start": None, "date_end": None, "sources": [], "claims": []}
                )
                row["claims"].append(claim.claim_id)
    return [found[key] for key in sorted(found)]


def _is_place(item: Told) -> bool:
    """Is what was hit or taken where it was, and nobody: a market, a camp?"""
    hit, place = item.claim.recipient, item.claim.place
    return hit is not None and place is not None and hit.id is None and normal(hit.text) == normal(place.text)


def _territory(
    view: View, told: Iterable[Told], party: Party, on: date | None, *, gained: bool, window: Window = (None, None)
) -> list[Json]:
    found = []
    for item in told:
        claim = item.claim
        side, other = (claim.actor, claim.recipient) if gained else (claim.recipient, claim.actor)
        timely = _by(item, on) and _within(item, *window)
        if timely and claim.kind in table("control")["within"] and claim.place and _counts(item) and is_party(view, side, party):
            day = {"date_start": iso(claim.date_start), "date_end": iso(claim.date_end)}
            found.append(
                {"place": claim.place.name or claim.place.text, "other": _party(view.ties.party(other)), **day, "claims": [claim.claim_id]}
            )
    return found


def is_party(view: View, participant: Any, party: Party) -> bool:
    named = view.ties.party(participant)
    return named is not None and named.key == party.key


def _counts(item: Told) -> bool:
    claim = item.claim
    return not item.is_rejected and claim.modality in ("asserted", "background") and claim.section in table("control")["sections"]


def _within(item: Told, first: date | None, last: date | None) -> bool:
    """Was it so in that time? A claim without a date is placed by its publication."""
    start, end = item.claim.date_start or item.claim.date_end or item.known, item.claim.date_end or item.known
    return (first is None or end is None or end >= first) and (last is None or start is None or start <= last)


def _by(item: Told, on: date | None) -> bool:
    day = item.claim.date_end or item.claim.date_start or item.known
    return on is None or day is None or day <= on


def _party(party: Party | None) -> Json | None:
    return {"id": party.id, "name": party.name} if party else None
