"""A toll told of one place and its claims → with those of the places that follow, for which the verb is left out.

"Five people were killed in Karsa, three in Tina and one near Dovo": parsers hang such numbers on one word or another, but the line always
runs place, joint, number, preposition, place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.contract import changed, with_parties
from khabar.counts import quantity_of
from khabar.matching import Match
from khabar.model import Claim, Participant, Place, PlaceMention, Quantity
from khabar.participants import participant
from khabar.scene import Scene
from khabar.sites import place_at_word

if TYPE_CHECKING:
    from khabar.doc import Token

AT = ("in", "at", "near", "on", "outside")
JOINTS = ("and", ",", ";")
ONE = ("another", "one")
SHARED = ("casualties", "arrest", "abduction")
Share = tuple[Place, Quantity, Participant | None]


def with_shares(match: Match, claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """The claims of one match; of a toll that is shared out among places one for each, with its number."""
    told = [c for c in claims if c.kind in SHARED and match.rule.unit in ("killed", "injured", "detained", "people")]
    numbers = [t for t in match.trigger.sent if t.i > match.trigger.i] if told else []
    found = [(before, share) for t in numbers if (before := _place_before(t, scene)) and (share := _share(match, t, scene))]
    own = _place_of(found[0][0], scene) if found and _is_own(match, found[0][0]) else None
    if own is None:
        return list(claims)
    first = changed(told[0], place=own)
    shared = [replace(with_parties(first, first.actor, who or first.recipient), quantity=number) for _, (_, number, who) in found]
    rest = [changed(claim, place=place) for claim, (_, (place, _, _)) in zip(shared, found, strict=True)]
    return [first, *rest, *(c for c in claims if c not in told)]


def _share(match: Match, number: Token, scene: Scene) -> Share | None:
    """What a number begins: "three farmers in Tina", "one near Dovo"."""
    if number.pos_ != "NUM" and number.lower_ not in ONE:
        return None
    counted = _next(number)
    victim = counted if counted is not None and scene.is_class(counted, "people") and counted.pos_ != "ADP" else None
    case = counted if victim is None else _next(victim)
    place = _place_after(case, scene) if case is not None and case.lower_ in AT else None
    unit = match.rule.unit or "people"
    quantity = Quantity(1, 1, unit) if number.lower_ in ONE else quantity_of(scene, number, unit)
    if place is None or quantity is None:
        return None
    named = victim is not None and victim.lemma_ != "other"
    return place, quantity, participant(scene, [victim], suffers=True) if victim is not None and named else None


def _is_own(match: Match, place: PlaceMention) -> bool:
    """Is a place where the verb's own toll was taken, with no other verb in between?"""
    between = (t for t in match.trigger.sent if t.i > match.trigger.i and t.idx < place.start)
    return all(t.pos_ != "VERB" for t in between)


def _place_before(number: Token, scene: Scene) -> PlaceMention | None:
    """The place named right before a number, but for a comma or "and"."""
    before = [t for t in number.sent if t.i < number.i]
    while before and before[-1].lower_ in JOINTS:
        before.pop()
    if not before or before[-1].i == number.i - 1:
        return None
    end = before[-1].idx + len(before[-1])
    return next((m for m in scene.mentions if isinstance(m, PlaceMention) and m.end == end), None)


def _place_after(case: Token, scene: Scene) -> Place | None:
    following = next((t for t in case.sent if t.i > case.i and t.pos_ != "DET"), case)
    return next((_place_of(m, scene) for m in _mentions_at(following, scene)), None)


def _mentions_at(token: Token, scene: Scene) -> Iterator[PlaceMention]:
    return (m for m in scene.mentions if isinstance(m, PlaceMention) and m.start <= token.idx < m.end)


def _place_of(m: PlaceMention, scene: Scene) -> Place | None:
    root = scene.root(m.start, m.end)
    return place_at_word(scene, root) if root is not None else None


def _next(token: Token) -> Token | None:
    return token.nbor() if token.i + 1 < token.sent.end else None
