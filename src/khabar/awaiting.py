"""A record → what awaits an analyst, the most consequential first: claims, places that no map has, groups that no registry has.

What decides who holds a place today, or would, and is not sure: a disputed change, one that only its winner claims, a claim whose days
cannot be; then a place without a point, a group of unknown name, and what only a dataset says. Of two alike, the one of which more is
told, then the newer, comes first. `khabar review` prints this queue and the page of `khabar serve` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from khabar.areas import WIDE
from khabar.contract import Json
from khabar.drawing import shapes
from khabar.groups import Group, near, unnamed
from khabar.naming import registry_for
from khabar.quoting import told_json
from khabar.record import Told
from khabar.reviews import in_force
from khabar.rulings import in_force as rulings_in_force
from khabar.rulings import rulings_of
from khabar.view import View

REASONS = (
    "disputed",
    "claimed by its own side only",
    "its days cannot be",
    "the place is on no map",
    "no registry has the group",
    "only a dataset says so",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the queue. `weight`: how much is told of it; `place`: its key; `claim`: the one to read; `group`: of a group, what is told
    of it."""

    why: int
    weight: int
    day: str
    subject: str
    id: str
    name: str
    place: str | None = None
    claim: str | None = None
    group: Group | None = None

    @property
    def rank(self) -> tuple[int, int, str, str]:
        return self.why, -self.weight, _backwards(self.day), self.id


def awaiting(view: View, *, limit: int | None = None, after: int = 0) -> list[Json]:
    """What nobody has decided on, each with `subject` and `id`, `why`, and the claim or the sentences to read."""
    return rows(view, queue(view)[after : None if limit is None else after + limit])


def queue(view: View) -> list[Waiting]:
    """All that awaits an analyst, in its order."""
    rulings = rulings_in_force(rulings_of(view.record.connection))
    left = {(one.said["subject"], one.said["key"]) for one in rulings if one.verdict == "leave"}
    ruled = {review.claim_id for review in in_force(view.record.reviews(), view.known_by).values()}
    found: dict[tuple[str, str], Waiting] = {}
    for one in (*_of_places(view), *_of_groups(view)):
        named = (one.subject, one.id)
        if named not in left and one.id not in ruled and (named not in found or one.rank < found[named].rank):
            found[named] = one
    return sorted(found.values(), key=lambda one: one.rank)


def _of_places(view: View) -> Iterator[Waiting]:
    drawn = {key for key, area in view.areas.items() if area.latitude is not None} | set(shapes(view.areas.values()))
    for known in view.all_histories():
        weight, name = len(known["pieces"]), known["place"]["name"]
        for why, claim, day in _doubts(known):
            yield Waiting(why, weight, day, "claim", claim, name, known["key"], claim)
        area = view.areas.get(known["key"])
        if area and area.key not in drawn and area.precision not in WIDE and known["changes"]:
            change = known["changes"][-1]
            if told := (*change["for"], *change["against"]):
                yield Waiting(3, weight, change["date_end"], "place", known["key"], name, known["key"], told[0])


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
            yield (1 if "own-side" in change["because"] or "dataset" not in change["because"] else 5), claim, change["date_end"]


def _of_groups(view: View) -> Iterator[Waiting]:
    if view.known_by is None:  # groups are gathered over all reports
        yield from (Waiting(4, one.spellings.total(), "", "actor", one.id, one.name, group=one) for one in unnamed(view.record).values())


def _backwards(day: str) -> str:
    """Sorts the newest day first."""
    return "".join(str(9 - int(letter)) if letter.isdigit() else letter for letter in day)


def rows(view: View, waiting: list[Waiting]) -> list[Json]:
    """Rows of the queue with what an analyst reads before deciding."""
    told = view.told_by_id(one.claim for one in waiting if one.claim)
    made = (_row(view, one, told.get(one.claim or "")) for one in waiting)
    return [row for row in made if row["claim"] or row["sentences"]]


def _row(view: View, one: Waiting, item: Told | None) -> Json:
    row: Json = {"subject": one.subject, "id": one.id, "why": REASONS[one.why], "name": one.name, "place": one.place, "told": one.weight}
    row |= {"claim": told_json(item) if item else None, "sentences": [], "near": []}
    if one.group:
        row |= {"sentences": one.group.shown, "near": near(one.group, registry_for(view.record.connection))}
    return row
