"""A record and a question → incidents: those that match, each with its sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from khabar.areas import WIDE, Area, bare, lies_in
from khabar.contract import Json
from khabar.errors import QuestionError
from khabar.finding import begun, find_actor, find_place
from khabar.incidents import Incident, incident_json
from khabar.keeping import Outline
from khabar.quoting import told_json
from khabar.spellings import loose, normal
from khabar.tellings import words
from khabar.view import View

Test = Callable[[Outline], bool]


def events(
    view: View,
    *,
    place: str | None = None,
    actor: str | None = None,
    kind: str | None = None,
    first: date | None = None,
    last: date | None = None,
    min_informants: int = 1,
    reported: bool = False,
) -> list[Incident]:
    """Incidents that match all that is asked, in the order of their days.

    With `min_informants` 0 also those that are only denied or held possible; `reported`: by what reports tell alone, without the rows of
    datasets. QuestionError for a place, actor or kind that is not there.
    """
    kept = view.reported if reported else view.chronicle
    return kept.read(
        numbers(view, kept.outlines(), place=place, actor=actor, kind=kind, first=first, last=last, min_informants=min_informants)
    )


def numbers(
    view: View,
    found: Sequence[tuple[int, Outline]],
    *,
    place: str | None = None,
    actor: str | None = None,
    kind: str | None = None,
    first: date | None = None,
    last: date | None = None,
    min_informants: int = 1,
) -> list[int]:
    """The numbers of those incidents that `events` gives, of all outlines: so many of them are read as are shown."""
    if first and last and first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    kinds = words()["naming"]
    if kind and kind not in kinds:
        raise QuestionError(f"{kind!r} is no kind of incident; they are {', '.join(sorted(kinds))}")
    tests: list[Test] = [lambda one: one.informants >= min_informants, lambda one: _overlaps(one, first, last)]
    if kind:
        tests.append(lambda one: kind in one.kinds)
    if place:
        tests.append(_in_place(_asked(view, place, [one for _, one in found])))
    if actor:
        tests.append(_with_party(view, actor, last))
    return [number for number, one in found if all(test(one) for test in tests)]


def _overlaps(incident: Outline, first: date | None, last: date | None) -> bool:
    """Can it have happened in that time? What nobody dated can, at any."""
    start, end = incident.date_start or incident.date_end, incident.date_end
    return (first is None or end is None or end >= first) and (last is None or start is None or start <= last)


def _asked(view: View, name: str, found: Sequence[Outline]) -> Area:
    """The place that a name means: one where something happened, or else one that the record or the gazetteer knows."""
    places = {one.place for one in found if one.place}
    areas = sorted(places, key=lambda area: (area.precision in WIDE, area.parent is not None, area.key, repr(area)))
    for key_of in (normal, loose):
        for area in areas:
            if name in (area.key, area.id) or key_of(area.name) == key_of(name):
                return area
    if any(area.admin1 and bare(area.admin1) == bare(name) for area in areas):
        return Area(f"{name} (province)", None, name, precision="province")  # nobody speaks of it, but of places in it
    return find_place(view, name)


def _in_place(asked: Area) -> Test:
    """There, in a part of it, or within it where it is an area."""

    def test(one: Outline) -> bool:
        place = one.place
        return place is not None and (
            asked.key in (place.key, place.parent) or (asked.id or "") in (place.id, place.parent) or lies_in(place, asked)
        )

    return test


def _with_party(view: View, name: str, on: date | None) -> Test:
    """It, a spelling of it, or a member or branch of it on the day."""
    known = view.registry.actor(name) or view.registry.resolve(name, on=on)
    key, ties = known.id if known else find_actor(view, name, on).key, view.bearing.ties

    def test(one: Outline) -> bool:
        return any(
            party.key == key or normal(party.name) == normal(name) or key in ties.above(party, one.date_end) for party in one.parties
        )

    return test


def explain(view: View, id: str) -> Json:
    """One incident with its claims as they were said, and why each was joined; QuestionError for an id that is not there."""
    whole = begun(id, (outline.id for _, outline in view.chronicle.outlines()))
    if len(whole) > 1:
        raise QuestionError(f"{id!r} begins the ids of several incidents: {', '.join(whole)}")
    one = view.chronicle.called(whole[0]) if whole else None
    if one is None:
        raise QuestionError(f"this record has no incident {id!r}; events lists their ids, of which six letters behind i- are enough")
    marks = ", ".join("?" * len(one.claims))
    said = {item.claim.claim_id: item for item in view.record.told(f"claim_id IN ({marks})", [claim.claim_id for claim in one.claims])}
    row = incident_json(one)
    row["claims"] = [shown | told_json(said[shown["claim_id"]]) for shown in row["claims"]]
    return {"type": "incident", **row}
