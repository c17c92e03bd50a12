"""Reviews and the day of the question → what the analysts decided about claims: the rule *analyst*.

A review outranks the machine: what is rejected decides nothing, what is accepted outranks every speaker, a corrected field replaces what
was read. It is known from the day on which it was signed, and can itself be withdrawn, as can its withdrawal. The last one decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args

from khabar.contract import day, digest
from khabar.errors import QuestionError
from khabar.model import Claim, Modality, Participant, Review

VERDICTS = ("accept", "reject", "correct", "withdraw")
FIELDS = ("actor", "recipient", "date_start", "date_end", "modality", "published")


def signed(
    claim_id: str,
    verdict: str,
    *,
    by: str,
    reason: str,
    fields: Mapping[str, str] | None = None,
    withdraws: str | None = None,
    at: datetime | None = None,
) -> Review:
    """A review with its id, which is the hash of all of it. QuestionError for a verdict or a field that cannot be."""
    if verdict not in VERDICTS or (verdict == "withdraw") != (withdraws is not None) or (verdict == "correct") != bool(fields):
        raise QuestionError(f"verdict {verdict!r}: expected one of {', '.join(VERDICTS)}; correct needs fields, withdraw a review")
    if not by.strip() or not reason.strip():
        raise QuestionError("a review needs a name and a reason")
    for name, value in (fields or {}).items():
        _check(name, value)
    moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
    facts = tuple(sorted((fields or {}).items()))
    id = digest([claim_id, verdict, reason, by, moment, list(map(list, facts)), withdraws])[:16]
    return Review(id, claim_id, verdict, reason, by, moment, facts, withdraws)


def _check(name: str, value: str) -> None:
    if name not in FIELDS:
        raise QuestionError(f"{name!r} cannot be corrected; expected one of {', '.join(FIELDS)}")
    if name == "modality" and value not in get_args(Modality):
        raise QuestionError(f"modality {value!r}: expected one of {', '.join(get_args(Modality))}")
    if name in ("date_start", "date_end", "published"):
        try:
            day(value or None)
        except ValueError as error:
            raise QuestionError(f"{name}: {error}; leave it empty for unknown") from error


def in_force(reviews: Iterable[Review], known_by: date | None = None) -> dict[str, Review]:
    """The review that decides on each claim, as known by a day: the last one signed that is not withdrawn."""
    known = [review for review in reviews if known_by is None or review.known <= known_by]
    withdrawals: dict[str, list[Review]] = {}
    for review in known:
        if review.withdraws:
            withdrawals.setdefault(review.withdraws, []).append(review)

    def is_void(review: Review) -> bool:
        return any(not is_void(later) for later in withdrawals.get(review.review_id, ()))

    decided: dict[str, Review] = {}
    for review in sorted(known, key=lambda review: (review.signed_at, review.review_id)):
        if not review.withdraws and not is_void(review):
            decided[review.claim_id] = review
    return decided


def published(review: Review | None) -> date | None:
    """The day on which an analyst says that the claim's report was published."""
    return day(dict(review.fields).get("published") or None) if review else None


def corrected(claim: Claim, review: Review) -> Claim:
    """The claim as the analyst would have it."""
    made: dict[str, Callable[[str], Any]] = {
        "date_start": lambda value: day(value or None),
        "date_end": lambda value: day(value or None),
        "actor": _participant,
        "recipient": _participant,
        "modality": str,
    }
    return replace(claim, **{name: made[name](value) for name, value in review.fields if name in made})


def _participant(value: str) -> Participant | None:
    """ "red-army|Red Army": an id, where there is one, and a name. Nothing: nobody."""
    id, _, name = value.rpartition("|")
    return Participant(name, id=id or None, name=name) if value else None
