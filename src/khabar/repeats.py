"""The claims of a sentence → those that say something new."""

from __future__ import annotations

from collections.abc import Sequence

from khabar.model import Claim, Participant, Quantity
from khabar.story import Story
from khabar.trace import Trace

TOLD_ONCE = ("capture", "withdrawal", "advance", "siege", "control_state", "transfer", "suicide_bombing")


def is_new(claim: Claim, story: Story, trace: Trace | None) -> bool:
    """Is a claim the first of its sentence that says this?"""
    texts = (part and part.text for part in (claim.actor, claim.place, claim.recipient))
    key = (claim.kind, *texts, claim.start, claim.attribution, claim.quantity)
    new = key not in story.seen
    story.seen.add(key)
    if not new:
        unsay(claim, trace, "the sentence says the same in other words")
    return new


def unsay(claim: Claim, trace: Trace | None, why: str) -> None:
    attempt = trace.of(claim.rule, claim.trigger) if trace is not None else None
    if attempt is not None:
        attempt.claims.remove(claim.claim_id)
        attempt.dropped.append(why)


def told_once(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a sentence, without those that say less of the same: "overran A, seizing the capital from B" is one capture."""
    return [c for i, c in enumerate(claims) if not any(_says_less(c, o, later=i > j) for j, o in enumerate(claims) if i != j)]


def _says_less(one: Claim, other: Claim, *, later: bool) -> bool:
    """Is `one` the same event as `other`, with no more parties than it (and after it, where both say as much)?"""
    if (one.kind, one.place and one.place.text, one.attribution) != (other.kind, other.place and other.place.text, other.attribution):
        return False
    bare = one.rule.endswith("killed-unnamed") and other.quantity is not None and other.quantity.unit == "killed"
    if not (one.kind in TOLD_ONCE or bare) or one.modality != other.modality or one.place is None:
        return False
    pairs = [(one.actor, other.actor), (one.recipient, other.recipient), (one.quantity, other.quantity)]
    if any(a is not None and (b is None or _words(a) != _words(b)) for a, b in pairs):
        return False
    return later or any(a is None and b is not None for a, b in pairs)


def _words(part: Participant | Quantity) -> object:
    return part.text if isinstance(part, Participant) else part
