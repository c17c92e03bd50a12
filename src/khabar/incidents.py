"""Claims → incidents: the claims of all reports that tell of one happening, with its days, sides, tolls and number of informants.

    claims ─► tellings (resolved) ─► accounts (one report's) ─► incidents (all reports')

Followed where they apply: ACLED's unit (one event for each type, place, day and pair of sides) and its final acquisition (a place that
changes hands within a day is one event, named by who held it last); UCDP's three estimates (`figures`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khabar.accounts import SHAPES, Reasons
from khabar.areas import Area
from khabar.contract import Json
from khabar.figures import Figure, figures
from khabar.grouping import group
from khabar.judging import Judge
from khabar.parties import Party
from khabar.record import Told
from khabar.rulings import Ruling, regrouped
from khabar.tellings import Telling, tellings, words
from khabar.ties import Ties
from khabar.titles import title
from khabar.workers import no_collection

__all__ = ["Figure", "Incident", "Telling", "incident_json", "incidents"]


@dataclass(frozen=True, slots=True)
class Incident:
    """Claims about one happening. `informants`: how many independent ones say that it happened; `why`: for each claim, what joined it."""

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
    why: tuple[Reasons, ...] = ()
    because: tuple[str, ...] = ()


def incidents(told: Iterable[Told], ties: Ties, rulings: Sequence[Ruling] = ()) -> list[Incident]:
    """All incidents, in the order of their days; the same for claims in any order. `rulings`: what analysts merged and split."""
    with no_collection():
        heard = list(tellings(told, ties))
        judge = Judge(ties)
        accounts = [list(zip(account.tellings, account.why, strict=True)) for account in group(heard, judge)]
        found = [incident(pairs, judge) for pairs in ruled(accounts, rulings)]
    return sorted(found, key=lambda one: (one.date_end or date.max, one.date_start or date.min, one.id))


def ruled(pairs: list[list[Joined]], rulings: Sequence[Ruling]) -> list[list[Joined]]:
    """The claims of each incident, with what joined them, as analysts merged and split them; those that were moved say so."""
    if not rulings:
        return pairs
    by_claim: dict[str, list[Joined]] = {}
    for pair in (pair for of_one in pairs for pair in of_one):
        by_claim.setdefault(pair[0].claim_id, []).append(pair)
    ids = [list(dict.fromkeys(telling.claim_id for telling, _ in of_one)) for of_one in pairs]
    return [
        [(telling, (ANALYST,) if id in moved else why) for id in held for telling, why in by_claim[id]]
        for held, moved in regrouped(ids, rulings)
    ]


Joined = tuple[Telling, Reasons]
ANALYST = "an analyst's decision"


def incident(joined: Sequence[Joined], judge: Judge) -> Incident:
    """What claims that were joined from all reports come to."""
    pairs = sorted(joined, key=lambda pair: _place_in_text(pair[0]))
    told = [telling for telling, _ in pairs]
    counted = [telling for telling in told if telling.counts]
    basis = counted or told
    kind = min({telling.kind for telling in basis}, key=words()["naming"].index)
    first, until = _days(basis)
    last = last_taker(basis, judge) if kind == "capture" else None
    place = _place(basis, kind)
    actors, recipients = _sides(basis, kind, last, judge, until)
    informants = _informants(counted)
    tolls = figures(counted, informants)
    return Incident(
        f"i-{basis[0].claim_id}",
        title(kind, place, actors, recipients, tolls, mode=_mode(told)),
        kind,
        first,
        until,
        place,
        actors,
        recipients,
        tolls,
        _number(counted, informants),
        tuple(told),
        tuple(why for _, why in pairs),
        tuple(_because(told, last, tolls)),
    )


def _place_in_text(telling: Telling) -> tuple[date, str, int, str]:
    return (telling.known or date.max, telling.report_id, telling.start, telling.claim_id)


def _mode(told: Sequence[Telling]) -> str:
    modes = {"rejected" if telling.is_rejected else telling.modality for telling in told}
    return next(mode for mode in ("asserted", "background", "denied", "possible", "rejected") if mode in modes)


def _days(basis: Sequence[Telling]) -> tuple[date | None, date | None]:
    """The days that most tell of; a length of time whole; of times within which it lies, the narrowest."""
    shape = min((telling.days[2] for telling in basis), key=SHAPES.index)
    shaped = [telling for telling in basis if telling.days[2] == shape]
    firsts, lasts = [one.first for one in shaped if one.first], [one.last for one in shaped if one.last]
    if shape == "lasting":
        return min(firsts), max(lasts)
    if shape == "day":
        days = Counter(zip(firsts, lasts, strict=True))
        return min(days, key=lambda pair: (-days[pair], pair[1] - pair[0], pair[1]))
    first, last = max(firsts, default=None), min(lasts, default=None)
    return (first if first and last and first <= last else None), last


def _place(basis: Sequence[Telling], kind: str) -> Area | None:
    """The place that most name; where the kind is told of one, that one's."""
    told = [one for one in basis if one.kind == kind and one.area] or [one for one in basis if one.area]
    named = Counter(one.area.key for one in told if one.area)
    areas = {one.area for one in told if one.area}
    ranked = sorted(areas, key=lambda area: (-named[area.key], area.latitude is None, area.key, area.name, repr(area)))
    return ranked[0] if ranked else None


def last_taker(basis: Sequence[Telling], judge: Judge) -> Party | None:
    """**final-acquisition**: of enemies who both took the place that day the last, by the order of the last report that tells of both."""
    reports: dict[str, list[Telling]] = {}
    for telling in sorted(basis, key=_place_in_text):
        if telling.kind == "capture" and telling.actor:
            reports.setdefault(telling.version, []).append(telling)
    takers = [[told.actor for told in report if told.actor] for report in reports.values()]
    both = [some for some in takers if any(judge.kinship.relation(some[0], other, None) == "opposed" for other in some)]
    return both[-1][-1] if both else None


def _sides(
    basis: Sequence[Telling], kind: str, last: Party | None, judge: Judge, on: date | None
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Who did it and who suffered it, by the claims of the kind that names the incident; the others fill an empty side."""
    day = on.toordinal() if on else None
    naming = [one for one in basis if one.kind == kind]
    actors = [last] if last else _named((one.actor for one in naming), judge, day)
    recipients = _others(_named((one.recipient for one in naming), judge, day), actors)
    taking = kind in words()["taking"]
    if not last and not actors:
        doers = (one.actor for one in basis if not taking or one.kind in words()["taking"])
        actors = [p for p in _named(doers, judge, day) if not _among(p, recipients, judge, day)]
    if last and not recipients:  # whoever took it before him that day
        recipients = [p for p in _named((one.actor for one in naming), judge, day) if not _among(p, actors, judge, day)]
    if not recipients:
        left = [one.actor for one in basis if taking and one.kind == "withdrawal"]
        suffered = _named((*left, *(one.recipient for one in basis if not taking or one.kind != "withdrawal")), judge, day)
        recipients = [p for p in suffered if (p in left or not p.is_generic) and not _among(p, actors, judge, day)]
    return tuple(actors), tuple(_others(recipients, actors))


def _others(parties: Iterable[Party], side: Sequence[Party]) -> list[Party]:
    return [party for party in parties if all(party.key != one.key for one in side)]


def _among(party: Party, side: Sequence[Party], judge: Judge, day: int | None) -> bool:
    return any(judge.kinship.relation(party, other, day) in ("same", "may be") for other in side)


def _named(parties: Iterable[Party | None], judge: Judge, day: int | None) -> list[Party]:
    """The most told first. "Rebels" go where a name says who they were."""
    told = Counter(party for party in parties if party)
    ranked = sorted(told, key=lambda party: (party.is_generic, -told[party], party.key, party.name))
    kept: list[Party] = []
    for party in ranked:
        named = [other for other in kept if not other.is_generic]
        if all(party.key != other.key for other in kept) and not (party.is_generic and _among(party, named, judge, day)):
            kept.append(party)
    return kept


def _informants(counted: Sequence[Telling]) -> dict[str, str]:
    """Claim id → who is counted for it. A sentence printed word for word by two outlets is the first one's."""
    first: dict[int, str] = {}
    for telling in counted:
        if telling.letters is not None:
            first.setdefault(telling.letters, telling.informant)
    return {one.claim_id: first.get(one.letters, one.informant) if one.letters is not None else one.informant for one in counted}


def _number(counted: Sequence[Telling], informants: Mapping[str, str]) -> int:
    """**dataset**: who reports it; all datasets together for one, and only where nobody does."""
    reporting = {informants[one.claim_id] for one in counted if not one.is_coded}
    return len(reporting) or min(len(counted), 1)


def _because(told: Sequence[Telling], last: Party | None, tolls: Sequence[Figure]) -> Iterable[str]:
    """What decided, where more than joining did; each with the practice that it follows."""
    if last:
        yield f"final-acquisition (ACLED): the place changed hands within the day; {last.name} held it last"
    for figure in tolls:
        if figure.low != figure.high:
            best = figure.said[0]
            why = "the latest of parties, as nobody else counts"
            if best.independent:
                why = "the latest count of one who takes no part"
            elif best.coded:
                why = "a dataset's, as no one counts who reports and takes no part"
            estimates = f"low {figure.low}, best {figure.best}, high {figure.high}"
            yield f"{figure.unit} (UCDP): {estimates}; the best is {why} ({best.informant})"
    if any(telling.is_coded for telling in told):
        yield "dataset: rows of datasets are shown, and count for one informant together where no report tells it"
    rejected = sum(telling.is_rejected for telling in told)
    if rejected:
        yield f"analyst: {rejected} of the claims rejected"
    for mode, one, several in (("denied", "denial", "denials"), ("possible", "mere possibility", "mere possibilities")):
        number = sum(telling.modality == mode for telling in told)
        if number:
            yield f"kept and not counted: {number} {one if number == 1 else several}"


# --- the contract's JSON


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
        "figures": [_figure_json(figure) for figure in incident.figures],
        "informants": incident.informants,
        "claims": [_telling_json(telling, why) for telling, why in zip(incident.claims, incident.why, strict=True)],
        "because": list(incident.because),
    }


def _figure_json(figure: Figure) -> Json:
    said = [
        {"informant": one.informant, "low": one.low, "high": one.high, "published": one.known, "claims": list(one.claims)}
        for one in figure.said
    ]
    return {"unit": figure.unit, "low": figure.low, "best": figure.best, "high": figure.high, "said": said}


def _telling_json(telling: Telling, why: Reasons) -> Json:
    span = {"start": telling.start, "end": telling.end, "trigger": list(telling.trigger)}
    more = {"kind": telling.kind, "modality": telling.modality, "informant": telling.informant, "why": list(why)}
    return {"claim_id": telling.claim_id, "report_id": telling.report_id, **span, **more}
