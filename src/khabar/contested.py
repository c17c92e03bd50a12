"""A record as it is today → all that its speakers disagree on, kept beside it, each until something arrives that it rests on.

What is kept of a place goes when its history is made anew (`histories`); what is kept of incidents, when one of them is no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from khabar import beside
from khabar.contested_incidents import over_incidents
from khabar.contested_places import over_place
from khabar.contract import Json, line
from khabar.disputes import consequence, dispute_json, disputes
from khabar.happenings import without_rejected
from khabar.positions import Dispute
from khabar.record import locked_or_full
from khabar.view import View


def all_disputes(view: View) -> list[Json]:
    """All of them as `dispute_json` gives them, in the order of `disputes`."""
    if view.known_by or not _keep_up(view):
        return [dispute_json(one) for one in disputes(view)]
    found = [pair for row in view.histories.run.execute(_KEPT) for pair in json.loads(row["disputes"])]
    return [dispute for _, dispute in sorted(found, key=lambda pair: pair[0])]


def _keep_up(view: View) -> bool:
    """Work out and keep those that are not kept; False where another program has taken something in meanwhile: they would be of two
    states."""
    view.histories.refresh()
    run, groups = view.histories.run, _groups(view)
    missing = [row["place"] for row in run.execute(_PLACES)]
    held = {row["incidents"] for row in run.execute("SELECT incidents FROM derived.contested_incidents")}
    if missing or held != groups.keys():
        with locked_or_full(beside.NAME), run:
            run.execute("BEGIN IMMEDIATE")
            if not view.is_of_one_state():
                return False
            run.executemany("INSERT OR REPLACE INTO derived.contested_places VALUES (?, ?)", _over_places(view, missing))
            run.executemany("DELETE FROM derived.contested_incidents WHERE incidents = ?", [(key,) for key in sorted(held - groups.keys())])
            new = {key: numbers for key, numbers in groups.items() if key not in held}
            run.executemany("INSERT OR REPLACE INTO derived.contested_incidents VALUES (?, ?)", _over_incidents(view, new))
    return True


_PLACES = "SELECT place FROM derived.histories WHERE place NOT IN (SELECT place FROM derived.contested_places) ORDER BY place"
_KEPT = (
    "SELECT disputes FROM derived.contested_places WHERE disputes <> '[]' UNION ALL "
    "SELECT disputes FROM derived.contested_incidents WHERE disputes <> '[]'"
)


def _groups(view: View) -> dict[str, list[int]]:
    """The incidents of today by number, those of one place and last day together: who did it is asked of all of them at once."""
    assert view.chronicle  # brought up to date
    found: dict[tuple[object, ...], list[int]] = {}
    for number, key, last in view.histories.run.execute(_TODAY):
        found.setdefault((key, last) if key else (number,), []).append(number)
    return {" ".join(map(str, numbers)): numbers for numbers in found.values()}


_TODAY = (
    "SELECT incident, json_extract(outline, '$[1][0]'), last FROM derived.incidents WHERE known_by = '' "
    "ORDER BY last IS NULL, last, first, id"
)


def _over_places(view: View, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    for key in keys:
        if area := view.bearing.area(key):
            yield key, _written(over_place(view.line(area)))


def _over_incidents(view: View, groups: dict[str, list[int]]) -> Iterator[tuple[str, str]]:
    incidents = {key: [kept for one in view.chronicle.read(numbers) if (kept := without_rejected(one))] for key, numbers in groups.items()}
    claims = view.told_by_id(telling.claim_id for several in incidents.values() for one in several for telling in one.claims)
    for key, several in incidents.items():
        yield key, _written(over_incidents(several, claims, view.bearing.ties))


def _written(found: Iterable[Dispute]) -> str:
    return line([[consequence(one), dispute_json(one)] for one in found])
