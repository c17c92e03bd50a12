"""The claims of a report → the same, with what the model reads out of the whole report: parties, places and days.

A rule finds the words that a sentence gives. Who killed the fourteen of whom it tells may stand two sentences before, beside other parties;
there the model points at a word, or at nobody (`Told.story`). What it points at fills what is empty, and goes before what the rules chose
where it is sure and holds that for unlikely: bounds by role and by where each stands are in `knowledge/learnt.yaml`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from khabar.contract import with_parties, with_place
from khabar.learnt import NEVER, bounds, is_accuser, is_helped
from khabar.model import Claim, Participant, Place, Span, Speaker, TimeMention
from khabar.participants import doer_of, participant
from khabar.placing import HOLDING, WIDE, headline_place, is_building
from khabar.scene import Scene
from khabar.sides import is_same_party
from khabar.sites import place_at_word
from khabar.storywindows import BY_TIME, UNTIMED
from khabar.tablerows import row_at
from khabar.timeclauses import is_of_another_day

if TYPE_CHECKING:
    from khabar.columns import Told
    from khabar.doc import Token

Part = TypeVar("Part", Participant, Place)
Days = tuple[date | None, date | None]
IN_WORDS = ("standing", "pictured", "since", "after", "lasted", "entry", "gapped")  # what dates such a claim leaves little open


def with_doers_pointed_at(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """Who did it: filled where no rule found one and another sentence names him, taken back where whom a rule found has no part in it."""
    tellers: dict[Span, set[tuple[Speaker, ...]]] = defaultdict(set)
    for claim in claims:
        tellers[claim.trigger].add(claim.attribution)
    found = [(c, _doer(c, claims, scene) if len(tellers[c.trigger]) == 1 else c.actor) for c in claims]  # "both said that they held it"
    return [c if does == c.actor else with_parties(c, does, c.recipient) for c, does in found]


def with_sufferers_pointed_at(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """To whom: the same."""
    told = {(c.kind, c.trigger, c.recipient.start) for c in claims if c.recipient}
    found = [(c, _sufferer(c, scene)) for c in claims]
    found = [
        (c, c.recipient if to and _is_behind(to, c) and (c.kind, c.trigger, to.start) in told else to) for c, to in found
    ]  # "ten, among them two women"
    return [c if to == c.recipient else with_parties(c, c.actor, to) for c, to in found]


def _is_behind(sufferer: Participant, claim: Claim) -> bool:
    return sufferer.start is not None and sufferer.start > claim.trigger[1]


def _doer(claim: Claim, claims: Sequence[Claim], scene: Scene) -> Participant | None:
    def doer_at(word: Token) -> Participant | None:
        blames = is_accuser(word) and claim.kind != "statement"
        return doer_of(scene, [word]) if scene.is_class(word, "people") and not blames else None

    does = _better(claim.actor, "actor", claim, scene, doer_at)
    new = does is not None and does != claim.actor
    amiss = new and (is_same_party(does, claim.recipient) or _has_it(does, claim, claims) or _left_it(does, claim, claims))
    return claim.actor if amiss else does


def _has_it(taker: Participant | None, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Did the same party take the place before? "A captured Karsa in March. It was retaken in June.": by another."""
    takes = (c for c in claims if claim.kind == "capture" == c.kind and c.trigger < claim.trigger and c.place and claim.place)
    before = [c for c in takes if c.place and claim.place and _key(c.place) == _key(claim.place)]
    return bool(before) and is_same_party(taker, before[-1].actor)


def _left_it(taker: Participant | None, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Did the same party leave the place just before? "Soldiers fled Karsa. Officials said the town had fallen": to others."""
    left = (
        c for c in claims if claim.kind == "capture" and c.kind == "withdrawal" and c.trigger < claim.trigger and c.place and claim.place
    )
    return any(c.place and claim.place and _key(c.place) == _key(claim.place) and is_same_party(taker, c.actor) for c in left)


def _sufferer(claim: Claim, scene: Scene) -> Participant | None:
    to = _better(
        claim.recipient, "recipient", claim, scene, lambda word: None if is_helped(word) else participant(scene, [word], suffers=True)
    )
    others = [part for part in (claim.actor, claim.place) if part is not None]
    amiss = is_same_party(to, claim.actor) or (to is not None and not all(_is_apart(to, part) for part in others))
    return claim.recipient if amiss else to


def _better(own: Part | None, role: str, claim: Claim, scene: Scene, part_at: Callable[[Token], Part | None]) -> Part | None:
    """Whom or what the model points at instead, or nobody (None), where it is sure enough of it and much surer than of the claim's own;
    else the claim's own."""
    likely = _story(claim, scene).get(role, {})
    meant = _meant(likely, part_at, scene)
    others = (found for found in meant.values() if own is None or _is_apart(found[1], own))
    p, other = max(others, key=lambda found: found[0], default=(0.0, None))
    nobody, of_own = likely.get(None, 0.0), _likely_as_told(own, likely, meant, scene)
    where = _where(own, claim)
    if nobody >= p:
        return None if nobody >= max(_least(role, where, "nobody", claim.kind), of_own) else own
    return other if p >= max(_least(role, where, _where(other, claim), claim.kind), bounds()["surer"] * of_own) else own


def _likely_as_told(own: Part | None, likely: Mapping[int | None, float], meant: Mapping[str, tuple[float, Part]], scene: Scene) -> float:
    """How likely the model holds the claim's own: by any of its words, here or where else it is named."""
    if own is None:
        return 0.0
    within = sum(p for i, p in likely.items() if i is not None and _covers(own, scene.doc[i]))
    return max(within, meant.get(_key(own), (0.0, own))[0])


def _least(role: str, own: str, other: str, kind: str) -> float:
    """How likely the model must hold what stands there instead of the claim's own, for a claim of a kind."""
    kinds = bounds()["only"].get(role, {}).get(other)
    return float(bounds()["story"][role].get(own, {}).get(other, NEVER)) if kinds is None or kind in kinds else NEVER


def _where(part: Participant | Place | None, claim: Claim) -> str:
    """Where a part of a claim stands, as knowledge/learnt.yaml calls it."""
    if part is None:
        return "nobody"
    return "inside" if part.start is not None and claim.start <= part.start < claim.end else "outside"


def _is_apart(part: Participant | Place, other: Participant | Place) -> bool:
    """Has it no words in common with the other, and is it not the same?"""
    apart = (part.end or 0) <= (other.start or 0) or (other.end or 0) <= (part.start or 0)
    return apart and _key(part) != _key(other)


def with_places_pointed_at(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """No place for what has none, where one was taken over from another sentence; another place for one that is unlikely. Not of claims on
    who holds a place: in the stories of control a tenth of the answers went wrong by it. Nor of what one word tells of several places."""
    places = Counter(trigger for trigger, _ in {(c.trigger, c.place) for c in claims})
    fixed = [c.place is None or c.kind in HOLDING or places[c.trigger] > 1 for c in claims]
    return [c if kept or c.place is None else with_place(c, _place(c, c.place, scene)) for c, kept in zip(claims, fixed, strict=True)]


def _place(claim: Claim, place: Place, scene: Scene) -> Place | None:
    root = scene.root(place.start, place.end) if place.start is not None and place.end is not None else None
    if root is None or is_building(root, scene) or _is_of_row(claim, place, scene):
        return place
    titled = headline_place(scene)  # the model does not see a title
    if titled and _key(titled) == _key(place) and _where(place, claim) == "outside":
        return place
    return _better(place, "place", claim, scene, lambda word: None if root.is_ancestor(word) else _place_at(word, scene))


def _is_of_row(claim: Claim, place: Place, scene: Scene) -> bool:
    """Does another cell of a table's row tell the place?"""
    row = row_at(scene.report.text, claim.start)
    return row is not None and place.start is not None and row.start <= place.start < row.end


def _place_at(word: Token, scene: Scene) -> Place | None:
    """The place of a word, unless it is a wide one or a building."""
    found = place_at_word(scene, word) if not is_building(word, scene) else None
    return None if found is None or found.precision in WIDE else found


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
    told, trigger = _told(claim, scene), scene.root(*claim.trigger) if claim.trigger else None
    found: dict[Days, tuple[float, str | None]] = {}
    for (way, i), p in sorted(told.times.items(), key=lambda item: (-item[1], str(item[0]))) if told else ():
        if scene.history and (way == "today" or (i is not None and scene.doc[i].idx >= claim.end)):
            continue
        if i is not None and trigger is not None and is_of_another_day(trigger, scene.doc[i], begins_open=way != "on"):
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


def _covers(part: TimeMention | Participant | Place, word: Token) -> bool:
    return (part.start or 0) < word.idx + len(word) and word.idx < (part.end or 0)


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
