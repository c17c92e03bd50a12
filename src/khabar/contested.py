"""A record as it is today → all that its speakers disagree on, kept beside it, each until something arrives that it rests on.

What is kept of a place goes when its history is made anew (`histories`); what is kept of incidents, when one of them is no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sqlite3 import Connection
from typing import overload

from khabar import beside
from khabar.contested_incidents import over_incidents
from khabar.contested_places import over_place
from khabar.contract import Json, line
from khabar.disputes import consequence, dispute_json, disputes
from khabar.errors import OutdatedError
from khabar.happenings import without_rejected
from khabar.positions import Dispute
from khabar.record import locked_or_full
from khabar.view import View


def all_disputes(view: View) -> Sequence[Json]:
    """All of them as `dispute_json` gives them, in the order of `disputes`; those of today are read when they are asked for."""
    if view.known_by or not _keep_up(view):
        return [dispute_json(one) for one in disputes(view)]
    run = view.histories.run
    ranked = sorted((json.loads(row[0]), *row[1:]) for row in run.execute(_RANKED))
    return Kept(run, [(table, key, number) for _, table, key, number in ranked])


def _keep_up(view: View) -> bool:
    """Work out and keep those that are not kept; False where another program has taken something in meanwhile: they would be of two
    states."""
    view.histories.refresh()
    run, groups = view.histories.run, _groups(view)
    held = {row["incidents"] for row in run.execute("SELECT incidents FROM derived.contested_incidents")}
    gone = ((key,) for key in sorted(held - groups.keys()))
    if not _change(view, "DELETE FROM derived.contested_incidents WHERE incidents = ?", gone):
        return False
    missing = [row["place"] for row in run.execute(_PLACES)]
    if not _change(view, "INSERT OR REPLACE INTO derived.contested_places VALUES (?, ?)", _over_places(view, missing)):
        return False
    new = [(key, numbers) for key, numbers in groups.items() if key not in held]
    for start in range(0, len(new), BATCH):  # one after the other: the claims of a large record are not held at once
        found = _over_incidents(view, dict(new[start : start + BATCH]))
        if not _change(view, "INSERT OR REPLACE INTO derived.contested_incidents VALUES (?, ?)", found):
            return False
    return True


BATCH = 1000  # places, or groups of incidents, to a transaction


class Kept(Sequence[Json]):
    """Disputes by the table, the row and the number in it under which they are kept."""

    def __init__(self, run: Connection, rows: Sequence[tuple[str, str, int]]) -> None:
        self.run, self.rows = run, rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> Json: ...
    @overload
    def __getitem__(self, at: slice) -> list[Json]: ...
    def __getitem__(self, at: int | slice) -> Json | list[Json]:
        return [self._read(*row) for row in self.rows[at]] if isinstance(at, slice) else self._read(*self.rows[at])

    def texts(self, at: slice) -> list[str]:
        """Some of them as JSON."""
        return [self._text(*row) for row in self.rows[at]]

    def _read(self, table: str, key: str, number: int) -> Json:
        found: Json = json.loads(self._text(table, key, number))
        return found

    def _text(self, table: str, key: str, number: int) -> str:
        column = "place" if table == "contested_places" else "incidents"
        row = self.run.execute(f"SELECT disputes -> '$[{number}][1]' FROM derived.{table} WHERE {column} = ?", (key,)).fetchone()
        if row is None or row[0] is None:
            raise OutdatedError("the disputes were worked out anew while they were asked for; ask again")
        return str(row[0])


def _change(view: View, query: str, rows: Iterable[tuple[str, ...]]) -> bool:
    """Write the rows, some at a time: a question that is broken off has not worked in vain. False, and no more written, once another
    program has taken something in."""
    run, rows = view.histories.run, iter(rows)
    while some := list(islice(rows, BATCH)):
        with locked_or_full(beside.NAME), run:
            run.execute("BEGIN IMMEDIATE")
            if not view.is_of_one_state():
                return False
            run.executemany(query, some)
    return True


_PLACES = "SELECT place FROM derived.histories WHERE place NOT IN (SELECT place FROM derived.contested_places) ORDER BY place"
_RANKED = " UNION ALL ".join(
    f"SELECT json_extract(one.value, '$[0]'), '{table}', {column}, one.key "
    f"FROM derived.{table}, json_each(disputes) AS one WHERE disputes <> '[]'"
    for table, column in (("contested_places", "place"), ("contested_incidents", "incidents"))
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
