"""Claims of one version of a report → the rows that they add to the index (`bearings`); a row → marks of the answers that it bears on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from typing import Any

from khabar.areas import is_vague
from khabar.contract import canonical
from khabar.drawers import drawer_of, drawers
from khabar.lexicon import table
from khabar.model import Claim, Participant, Place
from khabar.parties import spellings_in
from khabar.record import Told
from khabar.reviews import in_force, published
from khabar.spellings import loose, normal
from khabar.ties import BELONGING, TIES, speaks_of_ties

FIGHTING = ("clash", "attack", "airstrike", "shelling", "bombing", "suicide_bombing", "repelled_attack", "siege")
RULED = "ties under review"  # a drawer

Row = tuple[str, ...]  # a table of the index, and the columns of a row but the two days and the count
Life = tuple[str, str]  # known, outdated: the days between which a claim counts


def bearing_kinds() -> tuple[str, ...]:
    """Kinds of claims that say something about places held, or about parties."""
    return tuple(dict.fromkeys((*table("control")["roles"], *TIES, "coalition_formed", *FIGHTING)))


def rows_of(told: Sequence[Told], ruled: frozenset[str]) -> Iterator[Row]:
    """What the claims of one version add to the index. `ruled`: claims on which an analyst has ruled."""
    for number, drawer in drawers(told):
        yield "filed", drawer, told[number].claim.claim_id
    for item in told:
        claim = item.claim
        yield from (("shown", *shown) for shown in spellings_in(claim))
        if claim.place and claim.kind in table("control")["roles"] and not is_vague(claim.place):
            yield from _rows_of_place(replace(claim.place, start=None, end=None))
        if TIES.get(claim.kind) in BELONGING and claim.actor and claim.recipient:
            if claim.claim_id in ruled:
                yield "filed", RULED, claim.claim_id
                yield "ruled", _tie_json(claim), ""
            elif speaks_of_ties(claim):
                yield "tied", _tie_json(claim), claim.recipient.id or f"~{normal(claim.recipient.name or claim.recipient.text)}"


@lru_cache(maxsize=50_000)
def _rows_of_place(place: Place) -> tuple[Row, ...]:
    drawer = drawer_of(place)
    spellings = sorted({place.name or place.text, *(() if place.near else (place.text,))})
    called = [("called", f"{kind} {key}", drawer) for text in spellings for kind, key in (("normal", normal(text)), ("loose", loose(text)))]
    return (("described", drawer, canonical(asdict(place))), *called)


def _tie_json(claim: Claim) -> str:
    parties = [[part.text, part.id, part.name] for part in (claim.actor, claim.recipient) if part]
    return canonical([claim.kind, *parties, claim.date_start.isoformat() if claim.date_start else None])


@lru_cache(maxsize=10_000)
def tie_claim(tie: str) -> Claim:
    kind, actor, of, first = json.loads(tie)
    who, whom = (Participant(text, id=id, name=name) for text, id, name in (actor, of))
    return Claim("", "", 0, 0, "body", kind, (0, 0), who, whom, date_start=date.fromisoformat(first) if first else None)


def lives(known: str, outdated: str, reviews: Sequence[Any]) -> list[Life]:
    """The days between which the claims of a version count. One life, unless an analyst has said when it was published: what he said is
    known from the day on which he signed."""
    turns = sorted({review.known for review in reviews if published(review) or review.withdraws})
    found = []
    for start, end in zip([None, *turns], [*turns, None], strict=True):
        said = next((day for review in in_force(reviews, start).values() if start and (day := published(review))), None)
        first = max(said.isoformat(), str(start)) if said else max(known, str(start or "")) if known else ""
        last = min(day for day in (outdated or "9", str(end or "9")))
        if last == "9" or (first and first < last):
            found.append((first, "" if last == "9" else last))
    return found


def counted(rows: Iterable[Row], number: int, days: Sequence[Life], added: Counter[tuple[Row, Life]], count: int) -> None:
    for row in rows:
        if row[0] == "filed":
            added[(*row, str(number)), ("", "")] += count
            continue
        for known, until in days:
            added[row, (known, until)] += count


COLUMNS = {
    "shown": ("kind", "spelling", "id"),
    "described": ("drawer", "place"),
    "called": ("words", "drawer"),
    "tied": ("tie", "body"),
}
# Rows that mark what they bear on whenever they are met: the claim under the same id may say another thing now, or be ruled on.
ALWAYS = frozenset({"filed", "ruled"})

FILE = "INSERT OR IGNORE INTO derived.filed (drawer, claim_id, number) VALUES (?, ?, ?)"
UNFILE = "DELETE FROM derived.filed WHERE drawer = ? AND claim_id = ? AND number = ?"
ADD = {
    table: f"INSERT INTO derived.{table} ({', '.join(columns)}, known, outdated, count) VALUES ({', '.join('?' * (len(columns) + 3))}) "
    "ON CONFLICT DO UPDATE SET count = count + excluded.count"
    for table, columns in COLUMNS.items()
}
DROP = {  # by the whole key: half of a table may begin with the same word
    table: f"DELETE FROM derived.{table} WHERE count = 0 AND {' AND '.join(f'{name} = ?' for name in (*columns, 'known', 'outdated'))}"
    for table, columns in COLUMNS.items()
}


def marks_of(row: Row) -> Iterator[str]:
    """What the answers that a row of the index bears on are made from: a drawer, a spelling, a party."""
    table, *columns = row
    if table == "filed":
        yield f"drawer {columns[0]}"
    elif table == "shown":
        kind, spelling, id = columns
        yield f"{kind} {spelling}"
        if kind == "actor":
            yield from (f"party {spelling}", f"party {id}")
    elif table == "ruled" and (member := tie_claim(columns[0]).actor):
        yield from (f"party {name}" for name in (member.id, normal(member.text), normal(member.name or member.text)) if name)
