"""A claim → what it says of who holds its place, and of which days; or why it decides nothing."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Literal

from khabar.lexicon import table
from khabar.model import Claim
from khabar.record import Told

Role = Literal["gain", "presence", "loss", "siege", "fighting", "entry", "movement"]

HOLDINGS = ("control_state",)

CODED = "dataset."
"""What the rules begin with that make claims of rows of ACLED or UCDP GED."""


def is_coded(claim: Claim) -> bool:
    """**dataset**: is it a row of a dataset? Whoever coded it read the same press, and does not say which sentence: it is shown beside what
    reports say and bears none of it out."""
    return claim.rule.startswith(CODED)


def counted_role(claim: Claim, sentence: str = "") -> Role | None:
    """What the claim says of its place; None for forecasts, comments and kinds that say nothing of holding it. `sentence`: its own."""
    if claim.modality not in table("control")["modalities"] or claim.section not in table("control")["sections"]:
        return None
    role: Role | None = table("control")["roles"].get(claim.kind)
    if role == "entry":
        return role if claim.rule in table("control")["entering"] else None
    return None if role == "fighting" and not _says_where(claim, sentence) else role


def _says_where(claim: Claim, sentence: str) -> bool:
    """Are the words of the place in the claim's own sentence? Fighting placed only by the story does not make a town contested; but "the
    town was contested" is about a place, as is fighting "for the town" or "there"."""
    if claim.rule in table("control")["about_places"] or _pointing().search(sentence):
        return True
    return claim.place is not None and claim.place.start is not None and claim.start <= claim.place.start < claim.end


def interval(item: Told) -> tuple[date | None, date] | None:
    """The days between which it happened; what has no date at all happened before it was published. None if that is unknown too."""
    claim = item.claim
    last = claim.date_end or item.known or claim.date_start
    if last and item.known and claim.date_start and claim.date_start <= item.known < last:
        last = item.known  # "in 2022", written in July
    return (claim.date_start, last) if last and (claim.date_start is None or claim.date_start <= last) else None


@cache
def _pointing() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('control')['pointing'])})\b", re.IGNORECASE)


def left_out(item: Told) -> str | None:
    """Why a claim decides nothing although it speaks of holding a place; None where it may.

    Rejected by an analyst, or of days that cannot be: they run backwards, or an event told as past lies after the report.
    """
    claim = item.claim
    if item.review and item.is_rejected:
        return f"rejected by {item.review.signed_by} on {item.review.known}: {item.review.reason}"
    if claim.date_start and claim.date_end and claim.date_start > claim.date_end:
        return f"its days run backwards, from {claim.date_start} to {claim.date_end}"
    if item.known and claim.date_start and (claim.date_start - item.known).days > 1 and claim.modality != "denied":  # 1: time zones
        return f"it is told as past and dated {claim.date_start}, after its report of {item.known}"
    if claim.kind in HOLDINGS and claim.modality == "background" and claim.date_start is None and claim.date_end == item.known:
        return "it tells that it was so before, and of no day on which it was"
    if any(found and not _is_of_this_age(found) for found in (claim.date_start, claim.date_end)):
        return f"its days cannot be: {claim.date_start or 'open'} to {claim.date_end or 'open'}"
    return None


def _is_of_this_age(day: date) -> bool:
    return 1000 <= day.year <= 3000  # news of wars; beyond it lie slips of the reading, and days on which a calendar ends
