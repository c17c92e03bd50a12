"""The claims of a report → the same, with the days that the model reads out of the whole report.

From the word that makes a claim the model points at the words of times, each taken in one of several ways, and at ways without any
(`Told.times`). Where it holds other days for much likelier than those of the rules, the claim takes them: bounds are in
`knowledge/learnt.yaml`. Who, to whom and where is chosen by `choosing`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from khabar.learnt import bounds
from khabar.model import Claim, TimeMention
from khabar.placing import HOLDING
from khabar.scene import Scene
from khabar.storywindows import BY_TIME, UNTIMED
from khabar.timeclauses import is_of_another_day

if TYPE_CHECKING:
    from khabar.columns import Told
    from khabar.doc import Token

Days = tuple[date | None, date | None]
IN_WORDS = ("standing", "pictured", "since", "after", "lasted", "entry", "gapped")  # what dates such a claim leaves little open


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
        if i is not None and claim.kind == "control_state" and not claim.start <= scene.doc[i].idx < claim.end:
            continue  # "still in their hands", told after what happened on Monday: a state is of now where its own sentence has no day
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
