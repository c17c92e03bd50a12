"""Claims → incidents: the claims of all reports that tell of one happening, with its days, sides, tolls and number of informants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from khabar.contract import Json, digest
from khabar.evidence import Area, Party, Ties, chain, table
from khabar.model import Modality, Span
from khabar.record import Told


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim of an incident. `counts`: it says that it happened; a denial, or "may have", is kept and not counted."""

    claim_id: str
    report_id: str
    start: int
    end: int
    trigger: Span
    modality: Modality
    informant: str
    known: date | None

    @property
    def counts(self) -> bool:
        return self.modality in COUNTED


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, by UCDP's three estimates; None: nobody set that bound. `said`: the claims that it rests on."""

    unit: str
    low: int | None
    best: int | None
    high: int | None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """Claims about one happening. `informants`: how many independent ones say that it happened."""

    id: str
    title: str
    kind: str
    date_start: date | None
    date_end: date | None
    place: Area | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    figures: tuple[Figure, ...]
    informants: int
    claims: tuple[Telling, ...]


COUNTED = frozenset({"asserted", "background"})
TOLD = frozenset({"asserted", "background", "denied", "possible"})


@cache
def words() -> Any:
    """The lists of incidents.yaml."""
    return table("incidents")


@cache
def families() -> dict[str, str]:
    return {kind: family for family, kinds in words()["families"].items() for kind in kinds}


def incidents(told: Iterable[Told], ties: Ties) -> list[Incident]:
    """All incidents, in the order of their days; the same for claims in any order."""
    blocks: dict[tuple[str, str, str], list[Told]] = {}
    for item in told:
        if item.claim.kind in families() and item.claim.modality in TOLD and item.claim.section != "comment":
            blocks.setdefault(_block(item, ties), []).append(item)
    found = [_incident(block, ties) for block in blocks.values()]
    return sorted(found, key=lambda one: (one.date_end or date.max, one.date_start or date.min, one.id))


def _block(item: Told, ties: Ties) -> tuple[str, str, str]:
    claim = item.claim
    place = ties.names.area(claim.place).key if claim.place else f"report {claim.report_id}"
    return place, str(claim.date_end or item.known), families()[claim.kind]


def _incident(told: Sequence[Told], ties: Ties) -> Incident:
    told = sorted(told, key=lambda item: (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id))
    tellings = tuple(_telling(item, ties) for item in told)
    claims = [item.claim for item in told]
    kind = min((claim.kind for claim in claims), key=words()["naming"].index)
    place = next((ties.names.area(claim.place) for claim in claims if claim.place), None)
    actors = _parties(ties.party(claim.actor) for claim in claims)
    starts = [claim.date_start for claim in claims if claim.date_start]
    ends = [claim.date_end for claim in claims if claim.date_end]
    return Incident(
        digest(claims[0].claim_id)[:16],
        f"{kind} at {place.name if place else 'an unknown place'}",
        kind,
        min(starts, default=None),
        max(ends, default=None),
        place,
        actors,
        _parties(ties.party(claim.recipient) for claim in claims),
        _figures(told),
        len({telling.informant for telling in tellings if telling.counts}),
        tellings,
    )


def _parties(found: Iterable[Party | None]) -> tuple[Party, ...]:
    return tuple({party.key: party for party in found if party}.values())


def _telling(item: Told, ties: Ties) -> Telling:
    claim = item.claim
    parties = [party for party in (ties.party(claim.actor), ties.party(claim.recipient)) if party]
    informant = chain(item, parties, ties)[1]
    return Telling(claim.claim_id, claim.report_id, claim.start, claim.end, claim.trigger, claim.modality, informant, item.known)


def _figures(told: Sequence[Told]) -> tuple[Figure, ...]:
    units: dict[str, list[Told]] = {}
    for item in told:
        if item.claim.quantity and item.claim.modality in COUNTED:
            units.setdefault(item.claim.quantity.unit, []).append(item)
    return tuple(_figure(unit, group) for unit, group in sorted(units.items()))


def _figure(unit: str, told: Sequence[Told]) -> Figure:
    counted = [item.claim.quantity for item in told if item.claim.quantity]
    lows = [q.low if q.low is not None else q.high for q in counted]
    highs = [q.high if q.high is not None else q.low for q in counted]
    low, high = min(n for n in lows if n is not None), max(n for n in highs if n is not None)
    return Figure(unit, low, low, high, tuple(item.claim.claim_id for item in told))


def incident_json(incident: Incident) -> Json:
    """One line of `khabar events --json`."""
    place = incident.place
    fields = ("id", "name", "latitude", "longitude", "precision", "country", "admin1")
    return {
        "id": incident.id,
        "title": incident.title,
        "kind": incident.kind,
        "date_start": incident.date_start,
        "date_end": incident.date_end,
        "place": {name: getattr(place, name) for name in fields} if place else None,
        "actors": [{"id": party.id, "name": party.name} for party in incident.actors],
        "recipients": [{"id": party.id, "name": party.name} for party in incident.recipients],
        "figures": [{name: getattr(figure, name) for name in ("unit", "low", "best", "high")} for figure in incident.figures],
        "informants": incident.informants,
        "claims": [
            {
                "claim_id": telling.claim_id,
                "report_id": telling.report_id,
                "start": telling.start,
                "end": telling.end,
                "trigger": list(telling.trigger),
                "modality": telling.modality,
            }
            for telling in incident.claims
        ],
    }
