"""Places told in one breath → each of them, or all as one: "A, B and C villages", "those two towns"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.matching import TOLLS, VIOLENCE, Match
from khabar.model import Place, PlaceMention
from khabar.scene import Scene
from khabar.sites import listed_with, named_before, named_place

if TYPE_CHECKING:
    from khabar.doc import Token

LISTED = 120  # characters of a list of places that are named as one
LIST_JOINTS = (" ", " and ", ", ", ", and ")
POINTING = {"the", "those", "these", "both", "same"}
COUNTED = {"two", "three", "four", "five", "all"}


def joined(places: Sequence[Place | None], scene: Scene) -> Place | None:
    """The one place of a toll that was taken in several: "A and B", without an id where they are two."""
    named = [p for p in places if p is not None and p.start is not None and p.end is not None]
    if len(named) < 2 or len(named) < len(places):
        return places[0]
    start, end = min(p.start or 0 for p in named), max(p.end or 0 for p in named)
    text = scene.report.text[start:end]
    return Place(text, start, end, country=named[0].country) if len(text) <= LISTED and "\n" not in text else named[0]


def together(match: Match, token: Token, scene: Scene) -> Sequence[Place | None]:
    """What "the villages", "those two towns", "the same areas" stand for: the places last named in one breath, for violence as one."""
    listed = _listed_with_plural(token, scene)
    if len(listed) > 1:
        named = [named_place(scene, m) for m in listed]
        return named if match.rule.kind not in TOLLS else [joined(named, scene)]
    beside = {c.lower_ for c in token.lefts if c.pos_ != "ADP"}
    pointed_at = beside & POINTING and not beside - POINTING - COUNTED and not any(token.rights)
    if token.tag_ != "NNS" or not scene.is_class(token, "locality") or not pointed_at:
        return []
    found = next((named for named in (listed_with(scene, word) for word in named_before(scene, token)) if len(named) > 1), [])
    as_one = joined(found, scene) if found and match.rule.kind in (*VIOLENCE, *TOLLS) else None
    return [as_one] if as_one else found


def _listed_with_plural(token: Token, scene: Scene) -> list[PlaceMention]:
    """The names that one plural noun after them is told of: "Karsa, Tina and Marou neighbourhoods"; a page may have lost its commas."""
    noun = token if token.tag_ == "NNS" else _plural_after(token, scene)
    if noun is None or not scene.is_class(noun, "locality"):
        return []
    found: list[PlaceMention] = []
    end, named = noun.idx, [m for m in scene.place_names if not m.near]
    while before := [m for m in named if m.end < end and scene.report.text[m.end : end] in LIST_JOINTS[: None if found else 1]]:
        found.append(min(before, key=lambda m: m.start))
        end = found[-1].start
    return found[::-1] if found and found[-1].start <= token.idx else []


def _plural_after(name: Token, scene: Scene) -> Token | None:
    """The plural noun with which a list ends that begins with a name: "A, B and C | villages"."""
    if name.pos_ != "PROPN":
        return None
    after = next((t for t in name.doc[name.i + 1 : name.sent.end] if t.pos_ not in ("PROPN", "PUNCT", "CCONJ")), None)
    listed = after is not None and (after.tag_ == "NNS" or any(t.lower_ == "and" for t in name.doc[name.i + 1 : after.i]))
    return after if listed else None  # "in Karsa, Dera district": of one noun the second says where the first lies
