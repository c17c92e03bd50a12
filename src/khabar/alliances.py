"""A view and a day → who belonged to whom, who was allied, who fought whom: the parties of a record as a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from khabar.actorfiles import SPEAKERS
from khabar.bearing_rows import FIGHTING
from khabar.contract import Json, canonical
from khabar.parties import Party
from khabar.profiles import actors
from khabar.spellings import normal
from khabar.ties import BELONGING
from khabar.view import View

BONDS = frozenset({"member_of", "branch_of", "part_of", "allied_with", "opposed_to"})
MONTHS = timedelta(days=90)  # how long a fight keeps two parties on the graph


def alliances(view: View, on: date, *, most: int = 60) -> Json:
    """Nodes {key, id, name, kind, side, claims} and edges {from, to, type, claims, source} of a day.

    Nodes are the `most` parties with most claims, and those that they belonged to. An edge is said by claims, the registry, or both."""
    rows = [row for row in actors(view) if row["kind"] not in SPEAKERS and view.ties.takes_part(_party(row), on)]
    nodes = {_party(row).key: row for row in rows[:most]}
    edges: dict[tuple[str, str, str], Json] = {}
    for first, second, kind, claim, source in (*_said(view, on), *_registered(view, nodes, on), *_fought(view, on)):
        edge = edges.setdefault((first.key, second.key, kind), {"from": first, "to": second, "type": kind, "claims": [], "source": None})
        edge["claims"] += [claim] if claim else []
        edge["source"] = edge["source"] or source
    bodies = {tie.key for edge in edges.values() if edge["type"] in BELONGING and edge["from"].key in nodes for tie in (edge["to"],)}
    shown = set(nodes) | bodies
    kept = {key: edge for key, edge in edges.items() if {edge["from"].key, edge["to"].key} <= shown}
    parties = {party.key: party for edge in kept.values() for party in (edge["from"], edge["to"])}
    parties |= {key: _party(row) for key, row in nodes.items()}
    counts = Counter({key: row["claims"] for key, row in nodes.items()})
    return {
        "on": on,
        "nodes": [_node(view, parties[key], counts[key], on) for key in sorted(parties)],
        "edges": [edge | {"from": edge["from"].key, "to": edge["to"].key} for _, edge in sorted(kept.items())],
    }


def _named(party: Party) -> Json:
    return {"key": party.key, "id": party.id, "name": party.name}


Bond = tuple[Party, Party, str, str | None, str | None]
"""One, another, the type, the claim that says so, the registry's source."""


def _party(row: Json) -> Party:
    return Party(row["id"] or normal(row["name"]) or row["name"], row["id"], row["name"])


def _node(view: View, party: Party, claims: int, on: date) -> Json:
    sides = view.registry.sides(party.id, on) if party.id else ()
    return {
        "key": party.key,
        "id": party.id,
        "name": party.name,
        "kind": view.ties.kind(party),
        "side": next(iter(sides), None),
        "claims": claims,
    }


def _said(view: View, on: date) -> Iterator[Bond]:
    for tie in view.ties.said:
        if tie.type in BONDS and tie.holds(on):
            yield tie.actor, tie.of, tie.type, tie.claim_id, None


def _registered(view: View, keys: Iterable[str], on: date) -> Iterator[Bond]:
    for key in keys:
        for relation in view.registry.relations(key, on):
            if relation.type in BONDS:
                ends = (view.ties.named(relation.actor, relation.actor), view.ties.named(relation.of, relation.of))
                yield *ends, relation.type, None, relation.source or "registry"


def _fought(view: View, on: date) -> Iterator[Bond]:
    first, last = (on - MONTHS).isoformat(), on.isoformat()
    for day, claim, one, other in view.kept("fought", partial(_fights, view)):
        if first <= day <= last:
            yield Party(*one), Party(*other), "fought", claim, None


def _fights(view: View) -> list[Any]:
    """Rows [day, claim, one party, the other] of all claims by which two fought."""
    kinds = "kind IN (SELECT value FROM json_each(?)) OR claim_id IN (SELECT claim_id FROM reviews)"  # which may have another kind now
    rows = []
    for item in view.record.told_by(view.known_by, kinds, (canonical(FIGHTING),)):
        claim = item.claim
        day = claim.date_end or item.known
        if claim.kind in FIGHTING and claim.modality in ("asserted", "background") and day:
            one, other = view.ties.party(claim.actor), view.ties.party(claim.recipient)
            if one and other and one.key != other.key:
                rows.append([day.isoformat(), claim.claim_id, *([side.key, side.id, side.name] for side in (one, other))])
    return rows
