"""The claims of a whole report → the same with what only the whole tells: takers named elsewhere, what is background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from khabar.clauses import children
from khabar.contract import changed
from khabar.intervals import Interval, is_background
from khabar.matching import VIOLENCE, Grammar
from khabar.model import Claim, Participant, Place, Reading
from khabar.scene import Scene
from khabar.sides import is_same_party
from khabar.trace import Trace

TAKERS = ("capture", "siege")
SAME = timedelta(days=7)


def with_doers_told_elsewhere(claims: Sequence[Claim]) -> list[Claim]:
    """Who took a place or besieges it, where a sentence leaves it out and all others of the report that tell it name one party."""
    return [changed(c, actor=_taker(c, claims)) if c.actor is None and c.kind in TAKERS else c for c in claims]


def _taker(claim: Claim, claims: Sequence[Claim]) -> Participant | None:
    told = [c for c in claims if c.kind == claim.kind and c.actor and c.modality in ("asserted", "background")]
    told = [c for c in told if not is_same_party(c.actor, claim.recipient)]  # "took A before losing it again": not to itself
    here = [c for c in told if claim.place and c.place and _same_place(c.place, claim.place) and _near_in_time(c, claim)]
    takers = {(c.actor.id or c.actor.text.lower()): c.actor for c in reversed(here or (told if claim.kind == "siege" else ())) if c.actor}
    return next(iter(takers.values())) if len(takers) == 1 else None


def _near_in_time(one: Claim, other: Claim) -> bool:
    """Can two claims tell of one event? A town that changes hands twice has two takers."""
    return one.date_end is None or other.date_end is None or abs(one.date_end - other.date_end) <= SAME


def _same_place(one: Place, other: Place) -> bool:
    return one.text == other.text or (one.id is not None and one.id == other.id)


def with_parties_told_before(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """ "The gunmen", after "gunmen on motorcycles": a doer of whom the report told in more words before. "The attackers" are whoever did
    violence last."""
    told: list[Participant] = []
    doer: Participant | None = None
    full: list[Claim] = []
    for claim in claims:
        before = _told_before(claim.actor, told, doer, scene) if claim.actor else None
        full.append(changed(claim, actor=before) if before else claim)
        told += [part for part in (claim.actor, claim.recipient) if part and part.start is not None]
        doer = full[-1].actor or doer if claim.kind in VIOLENCE else doer
    return full


def _told_before(party: Participant, told: Sequence[Participant], doer: Participant | None, scene: Scene) -> Participant | None:
    noun = scene.root(party.start, party.end) if party.start is not None and party.end is not None else None
    if noun is None or noun.text != party.text or noun.tag_ != "NNS" or scene.is_class(noun, "bystander"):
        return None
    if not any(c.lower_ in ("the", "these", "those") for c in children(noun, "det")) or not scene.is_class(noun, "people"):
        return None
    alike = [p for p in told if (p.start or 0) < noun.idx and " " in p.text and noun.lower_ in p.text.lower().split()]
    return alike[-1] if alike else doer if scene.is_class(noun, "aggressor") else None


def with_background(claims: list[Claim], news: date | None, reading: Reading, grammar: Grammar) -> tuple[Claim, ...]:
    """Events of more than a week before the news are background, unless the report as a whole tells of such a time."""
    standing = {r.name for kind in grammar.kinds for r in kind.rules if r.standing}
    if Scene(reading.report, reading.tree, reading.mentions).history:
        return tuple(claims)
    old = [is_background(Interval(c.date_start, c.date_end, c.date_text), news) for c in claims]
    past = [o and c.modality == "asserted" and c.rule not in standing for c, o in zip(claims, old, strict=True)]
    full = [replace(c, modality="background") if p else c for c, p in zip(claims, past, strict=True)]
    return tuple(noted(full, claims, reading.trace, "modality", "dated more than a week before the news"))


def noted(now: list[Claim], before: Sequence[Claim], trace: Trace | None, part: str, how: str) -> list[Claim]:
    """The claims as they now are; of those told before whose field was filled after all, the trace is told how."""
    for claim, old in zip(now, before, strict=True) if trace is not None else ():
        changed_here = getattr(claim, part, claim) != getattr(old, part, old)
        if trace is not None and changed_here and (attempt := trace.of(claim.rule, claim.trigger)):
            attempt.filled[part] = how
    return now
