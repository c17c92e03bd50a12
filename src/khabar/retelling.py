"""The claims of a report and what dated each → the same, with one date for an event that is told twice.

A toll and the act that took it are one event, whichever of the two the sentence dates. A lead that only dates its saying ("a monitor said
on Friday") is dated by the sentence after it that tells the same in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from khabar.matching import TOLLS, VIOLENCE
from khabar.model import Claim

SURE = ("own", "lasted", "since")
UNDATED = ("said", "nothing told")  # a lead that gives no day of its own
WEEK = 7
NEXT = 3  # it is told again in full in one of the two sentences after it
UNSURE = ("nothing told", "perfect", "present", "wide")
OTHER_HALF = dict.fromkeys(TOLLS, VIOLENCE) | dict.fromkeys(VIOLENCE, TOLLS)


def dated_together(claims: Sequence[Claim], basis: Mapping[str, str]) -> list[Claim]:
    """The claims in their order. `basis`: the rule of dating.py that dated each, by claim id."""
    shared = [_dated_by_its_other_half(c, claims, basis, UNSURE) for c in claims]
    told = [_dated_by_the_next_sentences(c, shared, basis) for c in shared]
    known = dict(basis) | {new.claim_id: "own" for old, new in zip(shared, told, strict=True) if new is not old}
    return [_dated_by_its_other_half(c, told, known, ("said",)) for c in told]


def _dated_by_its_other_half(claim: Claim, claims: Sequence[Claim], basis: Mapping[str, str], unsure: tuple[str, ...]) -> Claim:
    """ "air strikes which killed eight on Sunday" were on Sunday."""
    if basis.get(claim.claim_id) not in unsure or claim.kind not in OTHER_HALF:
        return claim
    others = [c for c in claims if c.start == claim.start and c.kind in OTHER_HALF[claim.kind] and basis.get(c.claim_id) in SURE]
    return _with_date_of(claim, others[0]) if len({(c.date_start, c.date_end) for c in others}) == 1 else claim


def _dated_by_the_next_sentences(claim: Claim, claims: Sequence[Claim], basis: Mapping[str, str]) -> Claim:
    """ "killed 20, a monitor said on Friday. The strikes, on Thursday, …"."""
    starts = sorted({c.start for c in claims})
    if claim.start != starts[0] or basis.get(claim.claim_id) not in UNDATED or claim.kind not in (*VIOLENCE, *TOLLS):
        return claim
    after = (c for c in claims if c.start in starts[1:NEXT] and c.kind == claim.kind and c.modality != "background")
    same = [c for c in after if basis.get(c.claim_id) in SURE]
    days = (claim.date_end - same[0].date_end).days if same and same[0].date_end and claim.date_end else -1
    return _with_date_of(claim, same[0]) if 0 <= days <= WEEK else claim


def _with_date_of(claim: Claim, other: Claim) -> Claim:
    return replace(claim, date_start=other.date_start, date_end=other.date_end, date_text=other.date_text)
