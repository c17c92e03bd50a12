"""The claims of a report → the same, with what the model reads out of the whole report: doers that no rule found, places and days.

A rule finds the words that a sentence gives. Who killed the fourteen of whom it tells may stand two sentences before, beside other parties;
there the model points at a word, or at nobody (`Told.story`). It fills what is empty, and overrules two guesses of the rules: a
place taken over from an earlier sentence, where it holds that the claim has none, and one of several places of the sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from khabar.contract import changed, with_place
from khabar.learnt import bounds
from khabar.model import Claim, Participant, Place, TimeMention
from khabar.participants import doer_of
from khabar.placing import HOLDING, WIDE, headline_place, is_building
from khabar.scene import Scene
from khabar.sides import is_same_party
from khabar.sites import place_at_word
from khabar.storywindows import BY_TIME, UNTIMED

if TYPE_CHECKING:
    from khabar.columns import Told
    from khabar.doc import Token

Part = TypeVar("Part", Participant, Place)
Days = tuple[date | None, date | None]
IN_WORDS = ("standing", "pictured", "since", "after", "lasted")  # what dates such a claim leaves little open


def with_doers_pointed_at(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """Who did what is told without a doer, where another sentence names him."""
    return [changed(c, actor=_doer(c, claims, scene)) if c.actor is None else c for c in claims]


def _doer(claim: Claim, claims: Sequence[Claim], scene: Scene) -> Participant | None:
    likely = _story(claim, scene).get("actor", {})
    meant = _meant(likely, lambda word: doer_of(scene, [word]) if scene.is_class(word, "people") else None, scene)
    likeliest = max(meant.values(), key=lambda found: found[0], default=None)
    if likeliest is None or likeliest[0] < bounds()["story"]["doer"]:
        return None
    does = likeliest[1]
    return None if _is_inside(does, claim) or is_same_party(does, claim.recipient) or _has_it(does, claim, claims) else does


def _has_it(taker: Participant, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Did the same party take the place before? "A captured Karsa in March. It was retaken in June.": by another."""
    takes = (c for c in claims if claim.kind == "capture" == c.kind and c.trigger < claim.trigger and c.place and claim.place)
    before = [c for c in takes if c.place and claim.place and _key(c.place) == _key(claim.place)]
    return bool(before) and is_same_party(taker, before[-1].actor)


def _is_inside(part: Participant | Place, claim: Claim) -> bool:
    """Does it stand in the claim's own sentence?"""
    return part.start is not None and claim.start <= part.start < claim.end


def with_places_pointed_at(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """No place for what has none, where one was taken over from another sentence; another of the sentence's for one that is unlikely. Not
    of claims on who holds a place: in the stories of control a tenth of the answers went wrong by it. Nor of "three in A and two in B"."""
    tolls = Counter(trigger for trigger, _ in {(c.trigger, c.quantity) for c in claims})
    fixed = [c.place is None or c.kind in HOLDING or tolls[c.trigger] > 1 for c in claims]
    return [c if kept or c.place is None else with_place(c, _place(c, c.place, scene)) for c, kept in zip(claims, fixed, strict=True)]


def _place(claim: Claim, place: Place, scene: Scene) -> Place | None:
    likely = _story(claim, scene).get("place", {})
    if not _is_inside(place, claim):
        if place.start is None or likely.get(None, 0.0) < bounds()["story"]["nowhere"]:
            return place
        titled = headline_place(scene)  # the model does not see a title
        return place if titled and _key(titled) == _key(place) else None
    root = scene.root(place.start or 0, place.end or 0)
    if root is None or is_building(root, scene):
        return place
    meant = _meant(likely, lambda word: None if root.is_ancestor(word) else _place_at(word, place, scene), scene)
    of_own = sum(p for i, p in likely.items() if i is not None and (place.start or 0) <= scene.doc[i].idx < (place.end or 0))
    likeliest = max(meant.values(), key=lambda found: found[0], default=None)
    if likeliest is None or likeliest[0] < bounds()["story"]["place"] or of_own >= bounds()["unlikely"]:
        return place
    return likeliest[1]


def _place_at(word: Token, other: Place, scene: Scene) -> Place | None:
    """The place of a word, unless it is a wide one, a building, or told in words that the other's are a part of, or have a part in."""
    found = place_at_word(scene, word) if not is_building(word, scene) else None
    if found is None or found.precision in WIDE:
        return None
    apart = (found.end or 0) <= (other.start or 0) or (other.end or 0) <= (found.start or 0)
    return found if apart and _key(found) != _key(other) else None


def with_days_pointed_at(claims: Sequence[Claim], scene: Scene, basis: Mapping[str, str]) -> list[Claim]:
    """Other days than those of the rules, where the model holds them for much likelier. Days that a rule counted from a time stay, and
    those that their own clause gives to claims on who holds a place. `basis`: what dated a claim, by its id."""
    told = {days_meant(way, time, scene.report.published) for time in scene.times for way in BY_TIME}
    told |= {days_meant(way, None, scene.report.published) for way in UNTIMED}
    return [c if _is_surely_dated(c, basis.get(c.claim_id, ""), told) else _dated(c, scene) for c in claims]


def _is_surely_dated(claim: Claim, rule: str, told: Collection[Days]) -> bool:
    return rule in IN_WORDS or (rule == "own" and claim.kind in HOLDING) or (claim.date_start, claim.date_end) not in told


def _dated(claim: Claim, scene: Scene) -> Claim:
    likely, own = days_pointed_at(claim, scene), (claim.date_start, claim.date_end)
    days, (p, text) = max(likely.items(), key=lambda item: item[1][0], default=(own, (0.0, None)))
    least, surer = bounds()["days"]["least"], bounds()["days"]["surer"]
    if days == own or p < max(least, surer * likely.get(own, (0.0, None))[0]):
        return claim
    return replace(claim, date_start=days[0], date_end=days[1], date_text=text)


def days_pointed_at(claim: Claim, scene: Scene) -> dict[Days, tuple[float, str | None]]:
    """The days of a claim as the model has them: how likely, and by which words of the report, None where by none. A history
    tells of days long past, one after the other: nothing took place on that of publication, nor on one told further on."""
    told = _told(claim, scene)
    found: dict[Days, tuple[float, str | None]] = {}
    for (way, i), p in sorted(told.times.items(), key=lambda item: (-item[1], str(item[0]))) if told else ():
        if scene.history and (way == "today" or (i is not None and scene.doc[i].idx >= claim.end)):
            continue
        time = None if i is None else next((m for m in scene.times if _covers(m, scene.doc[i])), None)
        days = days_meant(way, time, scene.report.published)
        if (i is None or (time and days != (None, None))) and not _is_ahead(days, claim, scene.report.published):
            before, text = found.get(days, (0.0, time.text if time else None))
            found[days] = (before + p, text)
    return found


def _is_ahead(days: Days, claim: Claim, published: date | None) -> bool:
    """Do they end before they begin, or begin after the day on which it is told as having happened?"""
    start, end = days
    told = claim.modality in ("asserted", "background")
    return bool(start and ((end and end < start) or (told and published and published < start)))


def _covers(time: TimeMention, word: Token) -> bool:
    return time.start < word.idx + len(word) and word.idx < time.end


def days_meant(way: str, time: TimeMention | None, published: date | None) -> Days:
    """The days of a claim that follow from a time taken in one of the ways of BY_TIME, or from none in one of UNTIMED."""
    if time is None:
        return (published if way == "today" else None, None if way == "never" else published)
    if way == "since":
        return time.date_start, published
    return (time.date_start if way == "on" else None), time.date_end


def _told(claim: Claim, scene: Scene) -> Told | None:
    """What the model reads at the word that makes a claim."""
    told: Mapping[int, Told] = scene.doc.user_data.get("told", {})
    trigger = scene.root(*claim.trigger) if claim.trigger else None
    return told.get(trigger.i) if trigger is not None else None


def _story(claim: Claim, scene: Scene) -> Mapping[str, Mapping[int | None, float]]:
    """Whom and where it points at from there."""
    told = _told(claim, scene)
    return told.story if told else {}


def _meant(likely: Mapping[int | None, float], part_at: Callable[[Token], Part | None], scene: Scene) -> dict[str, tuple[float, Part]]:
    """Who or what is pointed at, by any of its words → how likely in all, and the likeliest of its words."""
    found: dict[str, tuple[float, Part]] = {}
    for i, p in sorted(likely.items(), key=lambda item: (-item[1], -1 if item[0] is None else item[0])):
        part = None if i is None else part_at(scene.doc[i])
        if part is not None:
            before = found.get(_key(part), (0.0, part))
            found[_key(part)] = (before[0] + p, before[1])
    return found


def _key(part: Participant | Place) -> str:
    return part.id or part.text.lower()
