"""Claims → the rows in which answers show them: each with its sentence, its outlet, its day and what an analyst said of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from khabar.contract import Json, claim_json, iso
from khabar.record import Told
from khabar.view import View


def told_once(told: Iterable[Told]) -> list[Json]:
    once = {item.claim.claim_id: item for item in told}
    ordered = sorted(once.values(), key=lambda item: (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id))
    return [told_json(item) for item in ordered]


def claim_row(view: View, item: Told) -> Json:
    return told_json(item) | view.translations.beside(item)


def told_json(item: Told) -> Json:
    """A claim of the contract with its sentence and where it was published."""
    source = {"sentence": item.sentence, "outlet": item.outlet, "published": iso(item.known), "url": item.url}
    found = item.review
    ruled = (
        {"review": {"verdict": found.verdict, "signed_by": found.signed_by, "signed_at": found.signed_at, "reason": found.reason}}
        if found
        else {}
    )
    return claim_json(item.claim) | source | ruled
