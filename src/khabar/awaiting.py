"""A record → the claims that await an analyst, the most consequential first, and an analyst's review → the record.

What decides who holds a place today, or would, and is not sure: a disputed change, one that only its winner claims, a claim whose days
cannot be, a place that no gazetteer has, what only a dataset says. Of two alike, the one on the place of which more is told, then the
newer, comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date

from khabar.answers import View, find_actor, told_json
from khabar.contract import Json
from khabar.errors import QuestionError, RecordError
from khabar.model import Review
from khabar.record import Record, Told
from khabar.reviews import in_force, signed

REASONS = ("disputed", "claimed by its own side only", "its days cannot be", "the place is in no gazetteer", "only a dataset says so")


def awaiting(view: View, *, limit: int | None = None) -> list[Json]:
    """Claims that no analyst has ruled on, each with `why`, the `place` that it decides, its sentence and its source."""
    ruled = {review.claim_id for review in in_force(view.record.reviews(), view.known_by).values()}
    found: dict[str, tuple[int, int, str, Json]] = {}
    for known in view.all_histories():
        for why, claim, day in _doubts(known):
            rank = (why, -len(known["pieces"]), _backwards(day), known)
            if claim not in ruled and (claim not in found or rank[:3] < found[claim][:3]):
                found[claim] = rank
    ranked = sorted(found, key=lambda claim: (*found[claim][:3], claim))[:limit]
    told = view.told_by_id(ranked)
    return [_row(claim, *found[claim], told[claim]) for claim in ranked if claim in told]


def _doubts(known: Json) -> Iterator[tuple[int, str, str]]:
    """(number of the reason, claim, day) of what is not sure in the last change of a place, or left out of its history."""
    yield from ((2, row["claim_id"], "") for row in known["left_out"] if not row["rejected"])
    if not known["changes"]:
        return
    change = known["changes"][-1]
    for claim in (*change["for"], *change["against"]):
        if change["is_disputed"]:
            yield 0, claim, change["date_end"]
        elif change["standing"] == "claimed":
            yield (1 if "own-side" in change["because"] or "dataset" not in change["because"] else 4), claim, change["date_end"]
        elif known["place"]["id"] is None:
            yield 3, claim, change["date_end"]


def _backwards(day: str) -> str:
    """Sorts the newest day first."""
    return "".join(str(9 - int(letter)) if letter.isdigit() else letter for letter in day)


def _row(claim: str, why: int, told: int, day: str, known: Json, item: Told) -> Json:
    return {"claim_id": claim, "why": REASONS[why], "place": known["place"]["name"], "claim": told_json(item)}


def review(
    view: View,
    record: Record,
    claim_id: str,
    verdict: str,
    *,
    by: str,
    reason: str,
    fields: dict[str, str] | None = None,
    withdraws: str | None = None,
) -> Review:
    """Sign a review and keep it; a claim may be named by the beginning of its id, an actor in any spelling."""
    claim = _claim_named(record, claim_id)
    for name in set(fields or {}) & {"actor", "recipient"}:
        assert fields is not None
        if fields[name]:
            party = find_actor(view, fields[name])
            fields[name] = f"{party.id or ''}|{party.name}"
    meant = [held.review_id for held in record.reviews(claim) if withdraws and held.review_id.startswith(withdraws)]
    taken_back = meant[0] if len(meant) == 1 else withdraws
    made = signed(claim, verdict, by=by, reason=reason, fields=fields, withdraws=taken_back)
    if later := next((held for held in record.reviews(claim) if held.signed_at > made.signed_at), None):
        raise RecordError(
            f"the clock says {made.signed_at}, and review {later.review_id} of this claim was signed at {later.signed_at}: the last one "
            "signed decides, so set the clock right and sign again"
        )
    record.add_review(made)
    return made


def _claim_named(record: Record, id: str) -> str:
    rows = record.connection.execute("SELECT DISTINCT claim_id FROM claims WHERE substr(claim_id, 1, length(?1)) = ?1", (id,)).fetchall()
    if len(rows) != 1 or len(id) < 6:
        many = f"begins the ids of {len(rows)} claims" if rows else "is no claim of this record"
        raise QuestionError(
            f"{id!r} {many}; khabar claims RECORD --json prints ids, of which six letters are enough where they are one's own"
        )
    return str(rows[0]["claim_id"])


def reviews(view: View, claim_id: str | None = None) -> list[Json]:
    """All reviews, or those of one claim, each with whether it `decides` today and whether its claim `stands` in a current reading."""
    found = view.record.reviews(_claim_named(view.record, claim_id) if claim_id else None)
    deciding = {review.review_id for review in in_force(view.record.reviews(), view.known_by).values()}
    standing = set(view.told_by_id(review.claim_id for review in found))
    return [_review_json(review, review.review_id in deciding, review.claim_id in standing) for review in _known(found, view.known_by)]


def _known(found: Iterable[Review], known_by: date | None) -> list[Review]:
    return [review for review in found if known_by is None or review.known <= known_by]


def _review_json(review: Review, decides: bool, stands: bool) -> Json:
    return asdict(review) | {"fields": dict(review.fields), "decides": decides, "stands": stands}
