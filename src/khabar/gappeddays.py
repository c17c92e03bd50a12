"""A claim of one place and day → with those of the places and days that follow, for which the verb is left out.

"Rebels took Karsa on Monday and Dovo on Tuesday": the tree hangs the second place on one word or another, but the line always runs place,
time, joint, place, time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace

from khabar.contract import with_place
from khabar.matching import TOLLS, Match
from khabar.model import Claim, PlaceMention, TimeMention
from khabar.placing import WIDE
from khabar.scene import Scene
from khabar.sites import named_place

NOT_SO = ("control_state", "agreement", "statement", "clash", *TOLLS)
Told = tuple[PlaceMention, TimeMention]
_TO_TIME = re.compile(r",? (?:(?:late |early )?(?:on|in|at|by) )?(?:the )?")
_TO_NEXT = re.compile(r"(?:,|;|,? and|; and)(?: then)? (?:(?:in|at|on) )?(?:the \w+ of )?")


def with_days_of_others(match: Match, claims: Sequence[Claim], scene: Scene, basis: MutableMapping[str, str]) -> list[Claim]:
    """The claims of one match, and one for each further place that is told with its own day; none of a claim that told it with another's.
    `basis`: what dated a claim, by its id."""
    first = next((c for c in claims if c.place and c.place.start is not None and c.kind not in NOT_SO), None)
    told = list(_told(match, first, scene)) if first is not None and match.trigger.pos_ == "VERB" else []
    if first is None or not told:
        return list(claims)
    others = {place.start for place, _ in told}
    kept = [c for c in claims if c.place is None or c.place.start not in others]
    found = [
        replace(with_place(first, named_place(scene, place)), date_start=time.date_start, date_end=time.date_end, date_text=time.text)
        for place, time in told
    ]
    basis.update({claim.claim_id: "gapped" for claim in found})
    return [*kept, *found]


def _told(match: Match, first: Claim, scene: Scene) -> Iterator[Told]:
    """The places after that of the claim with their days, where each stands right behind the one before."""
    sentence = match.trigger.sent
    own = next((m for m in scene.place_names if first.place and m.start == first.place.start), None)
    time = _time_after(own, scene) if own is not None and own.start > match.trigger.idx else None
    while time is not None and time.end < sentence.end_char:
        gap = _TO_NEXT.match(scene.report.text, time.end)
        place = next((m for m in scene.place_names if gap and m.start == gap.end() and m.precision not in WIDE), None)
        time = _time_after(place, scene) if place is not None else None
        if place is None or time is None or time.end > sentence.end_char:
            return
        yield place, time


def _time_after(place: PlaceMention, scene: Scene) -> TimeMention | None:
    """The day told right behind a place; "Dovo on Tuesday" and not "Dovo on Tuesday's market"."""
    gap = _TO_TIME.match(scene.report.text, place.end)
    return next((t for t in scene.times if gap and t.start == gap.end() and t.date_end and t.timex != "DURATION"), None)
