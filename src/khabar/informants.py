"""A record → who says what in it: informants with their grades and outcomes, the grade of each claim, and the copies that were joined.

An outcome is what others in the record say of a claim: in an incident, those who tell of the same happening or deny it; in a change of
hands that is assessed, those on whose word it rests. It is counted and shown; nothing is learnt from it silently.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from khabar import events, provenance
from khabar.chains import chain
from khabar.contract import Json, canonical
from khabar.copies import bring_up_to_date
from khabar.imports import has_imports
from khabar.incidents import Incident, incidents
from khabar.lexicon import table
from khabar.record import Told
from khabar.spellings import normal
from khabar.tellings import families
from khabar.ties import Ties
from khabar.view import View
from khabar.weighing import Grade, grade, reliability, teller

# --- what others say


@dataclass(slots=True)
class Heard:
    """What others say of one claim: independent informants who say so too, and those who deny it."""

    others: set[str] = field(default_factory=set)
    deniers: set[str] = field(default_factory=set)


def heard(found: Iterable[Incident]) -> dict[str, Heard]:
    """For each claim of the incidents, by its id."""
    by_claim: dict[str, Heard] = defaultdict(Heard)
    for one in found:
        saying = {telling.informant for telling in one.claims if telling.counts and telling.independent}
        denying = {telling.informant for telling in one.claims if telling.modality == "denied"}
        for telling in one.claims:
            with_it, against = (denying, saying) if telling.modality == "denied" else (saying, denying)
            both = with_it & against  # who says the one and the other bears out neither
            by_claim[telling.claim_id].others |= with_it - both - {telling.informant}
            by_claim[telling.claim_id].deniers |= against - both - {telling.informant}
    return by_claim


def graded(view: View, rows: Iterable[Json]) -> list[Json]:
    """Claims as they stand in an answer, each with its `grade` and why; of what others say, only that of the same places counts."""
    found = list(rows)
    ids, places = {row["claim_id"] for row in found}, {row["place"]["id"] for row in found if row["place"] and row["place"]["id"]}
    query = "claim_id IN (SELECT value FROM json_each(?)) OR place_id IN (SELECT value FROM json_each(?))"
    told = view.record.told_by(view.known_by, query, (canonical(sorted(ids)), canonical(sorted(places))))
    ties = Ties(view.registry, told)
    by_claim = heard(incidents([item for item in told if item.claim.kind in families()], ties, view.regroupings))
    by_id = {item.claim.claim_id: _grade(item, ties, by_claim) for item in told if item.claim.claim_id in ids}
    return [row | {"grade": str(by_id[row["claim_id"]]), "grade_because": list(by_id[row["claim_id"]].because)} for row in found]


def _grade(item: Told, ties: Ties, by_claim: Mapping[str, Heard]) -> Grade:
    said = by_claim.get(item.claim.claim_id, Heard())
    return grade(item, ties, others=said.others, deniers=said.deniers)


# --- informants


def informants(view: View, *, on: date | None = None, learnt: bool = False) -> list[Json]:
    """Who says what: name, kind and side on a day (None: that of the last report), claims by kind, grades, outcomes; most claims first."""
    rows = view.kept(f"sources {on or ''} {learnt}", partial(_informants, view, on, learnt))
    return [row | {name: row[name] and date.fromisoformat(row[name]) for name in ("first", "last")} for row in rows]


def _informants(view: View, on: date | None, learnt: bool) -> list[Json]:
    told, ties = view.record.told_by(view.known_by), view.ties
    by_claim = heard(view.chronicle.all())
    settled = _settled(view)
    said: dict[str, list[Told]] = defaultdict(list)
    for item in told:
        said[informant_of(item, ties)].append(item)
    rows = [_informant(key, items, ties, by_claim, settled, on, learnt) for key, items in said.items()]
    return sorted(rows, key=lambda row: (-row["claims"], row["name"], row["informant"]))


def informant_of(item: Told, ties: Ties) -> str:
    """Who is counted for a claim."""
    return chain(item, [party for party in (ties.party(item.claim.actor), ties.party(item.claim.recipient)) if party], ties)[1]


def _name(key: str, item: Told, ties: Ties) -> str:
    """A name that tells two military sources apart: by who quotes them."""
    actor, quoted_by = ties.registry.actor(key), key.partition("/")[0]
    if actor or quoted_by == key:
        return actor.name if actor else teller(item, ties)
    known = ties.registry.actor(quoted_by)
    return f"{teller(item, ties)} ({known.name if known else _as_printed(quoted_by, item)})"


def _as_printed(quoted_by: str, item: Told) -> str:
    """The outlet as it writes itself, or a report without one by the beginning of its id."""
    outlets = (outlet for outlet, _ in item.tellers or ((item.outlet, None),) if outlet)
    if quoted_by.startswith("report "):
        return quoted_by[: len("report ") + 12]
    return next((outlet for outlet in outlets if normal(outlet) == quoted_by), quoted_by)


def _informant(
    key: str,
    items: list[Told],
    ties: Ties,
    by_claim: Mapping[str, Heard],
    settled: Mapping[str, bool],
    on: date | None,
    learnt: bool,
) -> Json:
    last = items[-1]
    actor = ties.registry.actor(key)
    day = on or last.known
    letter, why = reliability(last, ties)
    given = Counter(str(_grade(item, ties, by_claim)) for item in items)
    outcomes = [outcome for item in items if (outcome := _outcome(item, by_claim, settled)) is not None]
    row = {
        "informant": key,
        "name": _name(key, last, ties),
        "kind": actor.kind if actor else None,
        "sides": list(ties.registry.sides(actor.id, day)) if actor else [],
        "reliability": letter,
        "because": why,
        "claims": len(items),
        "reports": len({item.version for item in items}),
        "kinds": dict(Counter(item.claim.kind for item in items).most_common()),
        "grades": dict(sorted(given.items())),
        "first": min((item.known for item in items if item.known), default=None),
        "last": max((item.known for item in items if item.known), default=None),
        "borne_out": sum(outcomes),
        "contradicted": len(outcomes) - sum(outcomes),
    }
    return row | ({"learnt": corrected(letter, sum(outcomes), len(outcomes))} if learnt else {})


def _outcome(item: Told, by_claim: Mapping[str, Heard], settled: Mapping[str, bool]) -> bool | None:
    """Did others bear it out? None where nobody else says anything of it."""
    claim = item.claim.claim_id
    if claim in settled:
        return settled[claim]
    said = by_claim.get(claim, Heard())
    if said.others or said.deniers:
        return len(said.others) >= len(said.deniers)
    return None


def _settled(view: View) -> dict[str, bool]:
    """Claims on who held a place, and whether what is assessed in the end rests on them, beside others, or goes against them."""
    found: dict[str, bool] = {}
    for known in view.all_histories():
        for change in (change for change in known["changes"] if change["is_assessed"]):
            found |= dict.fromkeys(change["against"], False)
            if change["informants"] > 1:
                found |= dict.fromkeys(change["for"], True)
    return found


def corrected(letter: str, right: int, judged: int) -> Json:
    """The letter that the outcomes in the record speak for; the declared function of weights.yaml, shown beside the declared letter.

    >>> corrected("D", 9, 10)["reliability"], corrected("D", 1, 3)["reliability"]
    ('C', 'D')
    """
    known, letters = table("weights")["learnt"], "ABCDE"
    at = letters.find(letter)
    if judged < known["least"] or at < 0:
        return {
            "reliability": letter,
            "because": f"{judged} outcomes in the record; {known['least']} are needed, and a letter other than F",
        }
    share = right / judged
    step = -1 if share >= known["better"] else 1 if share <= known["worse"] else 0
    better = letters[min(max(at + step, 0), len(letters) - 1)]
    return {"reliability": better, "because": f"others bore out {right} of {judged} claims that anyone else speaks of"}


# --- down to the sentences


def explain(view: View, id: str, on: date | None = None) -> Json:
    """The answer of `khabar explain`: of an incident with its claims, of a claim with its grade, of a report, a place or an actor."""
    if id.startswith("i-"):
        return events.explain(view, id)
    answer = provenance.explain(view, id, on)
    return answer | {"claim": graded(view, [answer["claim"]])[0]} if answer["type"] == "claim" else answer


# --- copies


def copies(view: View) -> list[Json]:
    """Reports that others were copied from, with who printed how much of them; those that were copied most first."""
    bring_up_to_date(view.record.connection)
    known = view.known_by.isoformat() if view.known_by else None
    reports = {report["report_id"]: dict(report) for report in view.record.connection.execute(_REPORTS)}
    found: dict[str, list[Json]] = defaultdict(list)
    for row in view.record.connection.execute(_COPIES.format(own=_as_coded(view)), {"known": known}):
        found[row["origin"]].append(_copy(row))
    rows = [{"origin": _short(reports[origin]), "copies": printed} for origin, printed in found.items()]
    return sorted(rows, key=lambda row: (-sum(one["sentences"] for one in row["copies"]), row["origin"]["report_id"]))


def _as_coded(view: View) -> str:
    """Condition: the versions are not one text, kept once more with another coder's claims."""
    if not has_imports(view.record.connection):
        return "1"
    coded = "(SELECT version FROM imported WHERE version IS NOT NULL)"
    return f"printing.version NOT IN {coded}"


def _short(report: Json) -> Json:
    return {name: report[name] for name in ("report_id", "outlet", "published", "title", "credit")}


def _copy(row: Json) -> Json:
    names = ("report_id", "outlet", "published", "title", "credit", "sentences", "verbatim", "alike")
    one = {name: row[name] for name in names} | {"of": row["length"], "example": {"printed": row["printed"], "original": row["original"]}}
    share = f"{one['sentences']} of {one['of']} sentences, {one['verbatim']} of them word for word"
    named = f"; it names {row['credit']}" if row["credit"] else ""
    return one | {"alike": round(one["alike"], 2), "because": share + named}


_REPORTS = """
SELECT report_id, outlet, published, title, credit
FROM sketched JOIN readings USING (reading) JOIN reports USING (version) WHERE current = 1
"""
_COPIES = """
SELECT origins.report_id AS origin, printing.report_id, printing.outlet, printing.published, readings.title, sketched.credit,
       count(*) AS sentences, sum(copied.alike = 1) AS verbatim, avg(copied.alike) AS alike,
       (SELECT count(*) FROM sentences AS every WHERE every.reading = readings.reading) AS length,
       min(copied.alike), own.text AS printed, first.text AS original
FROM copied JOIN sketched USING (rank) JOIN readings USING (reading) JOIN reports AS printing USING (version)
JOIN sentences AS own ON own.sentence = copied.sentence JOIN sentences AS first ON first.sentence = copied.origin
JOIN readings AS first_readings ON first_readings.reading = first.reading
JOIN reports AS origins ON origins.version = first_readings.version
WHERE (:known IS NULL OR printing.published <= :known) AND {own}
GROUP BY origins.version, printing.version ORDER BY printing.published, printing.report_id
"""
