"""What a person decided about places and incidents → rows that outlive every reading, and what follows from them (table: rulings.sql).

A ruling says where a place is that no gazetteer has, which incidents are one, or which claims of an incident tell of another. Claims are
never altered; rulings are replayed whenever claims are read and incidents made.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from khabar.areas import key_of
from khabar.contract import Json, canonical, digest
from khabar.errors import QuestionError
from khabar.journal import enter
from khabar.model import Place


@dataclass(frozen=True, slots=True)
class Ruling:
    """`verdict`: place, leave (it stays as it is), merge, split, or withdraw, which takes back the ruling that `withdraws` names;
    `content`: canonical JSON."""

    verdict: str
    content: str
    reason: str
    signed_by: str
    signed_at: str
    withdraws: str | None = None

    @property
    def id(self) -> str:
        return digest(list(asdict(self).values()))[:16]

    @property
    def said(self) -> Json:
        return dict(json.loads(self.content))


def signed(verdict: str, content: Mapping[str, Any], *, by: str, reason: str, withdraws: str | None = None) -> Ruling:
    """A ruling of this moment; QuestionError without a name or a reason."""
    if not by.strip() or not reason.strip():
        raise QuestionError("a decision needs a name and a reason")
    return Ruling(verdict, canonical(content), reason, by, datetime.now(UTC).isoformat(timespec="microseconds"), withdraws)


def in_force(rulings: Iterable[Ruling], known_by: date | None = None) -> list[Ruling]:
    """Those that nobody has taken back, as known by a day, in the order in which they were signed."""
    known = [one for one in rulings if known_by is None or one.signed_at[:10] <= known_by.isoformat()]
    withdrawn = {one.withdraws for one in known}
    found = [one for one in known if one.verdict != "withdraw" and one.id not in withdrawn]
    return sorted(found, key=lambda one: (one.signed_at, one.id))


# --- where a place is


class Placed:
    """Where analysts said that places are."""

    def __init__(self, rulings: Iterable[Ruling] = ()) -> None:
        self.rulings = [one for one in in_force(rulings) if one.verdict == "place"]
        self._places: dict[str, Json] = {one.said["key"]: one.said["place"] for one in self.rulings}

    def __bool__(self) -> bool:
        return bool(self._places)

    def applied(self, place: Place | None) -> Place | None:
        """The place as it was put; its words stay."""
        found = self._places.get(place.id or key_of(place)) if place else None
        return replace(place, **found) if place and found else place


# --- which claims are one incident


def regrouped(accounts: Sequence[Sequence[str]], rulings: Iterable[Ruling]) -> list[tuple[list[str], set[str]]]:
    """Claim ids of each incident, as the program grouped them → as the analysts did, with those that were moved. A later ruling decides
    over an earlier one; a claim that is read no more is passed over.

    >>> merge = Ruling("merge", '{"claims":["a","c"]}', "one raid", "J. Doe", "2031-05-01")
    >>> regrouped([["a", "b"], ["c"]], [merge])
    [(['a', 'b', 'c'], {'c'})]
    """
    groups: list[tuple[list[str], set[str]]] = [(list(ids), set()) for ids in accounts]
    for ruling in rulings:
        named = set(ruling.said["claims"])
        touched = [group for group in groups if named & set(group[0])]
        if ruling.verdict == "merge" and len(touched) > 1:
            first, *others = touched
            for ids, moved in others:
                first[0].extend(ids)
                first[1].update(moved, ids)
            groups = [group for group in groups if not any(group is other for other in others)]
        elif ruling.verdict == "split":
            apart = [id for ids, _ in touched for id in ids if id in named]
            if not apart or all(set(ids) <= named for ids, _ in touched):
                continue
            for ids, _ in touched:
                ids[:] = [id for id in ids if id not in named]
            groups = [group for group in groups if group[0]] + [(apart, set(apart))]
    return groups


# --- the table


def rulings_of(connection: sqlite3.Connection) -> list[Ruling]:
    """All rulings that a record keeps; none where it has no such table."""
    return [ruling for _, ruling in rulings_kept(connection)]


def regroupings(connection: sqlite3.Connection, known_by: date | None = None) -> list[Ruling]:
    """What analysts had merged and split by a day (None: today)."""
    return [one for one in in_force(rulings_of(connection), known_by) if one.verdict in ("merge", "split")]


def rulings_kept(connection: sqlite3.Connection) -> list[tuple[str, Ruling]]:
    """The same, each with the id under which it is kept."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'rulings'").fetchone():
        return []
    columns = ", ".join(field.name for field in fields(Ruling))
    query = f"SELECT ruling, {columns} FROM rulings ORDER BY signed_at, ruling"
    return [(row[0], Ruling(*tuple(row)[1:])) for row in connection.execute(query)]


def keep_ruling(connection: sqlite3.Connection, ruling: Ruling) -> bool:
    """Keep a ruling, for ever; False where the very same one is kept already."""
    script = files("khabar").joinpath("rulings.sql").read_text("utf-8")
    connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nCOMMIT;")
    row = {"ruling": ruling.id, **asdict(ruling)}
    marks = ", ".join(f":{column}" for column in row)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute(f"INSERT OR IGNORE INTO rulings ({', '.join(row)}) VALUES ({marks})", row).rowcount:
            return False
        enter(connection, "decision", ruling.id)
    return True
