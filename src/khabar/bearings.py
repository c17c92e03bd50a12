"""A record → its claims filed by the places on which they may bear, as known by any day.

    claims of a report ─► what they add to the index ─► the bearing on one place, without a look at the other claims

The index grows by report and shrinks where a reading or a version gives way to another. What it gives for a place is what
`drawers.Gathered` gives from all claims together; a test holds the two to each other. Its tables are in derived.sql.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from khabar import beside
from khabar.areas import Area, described
from khabar.bearing_rows import (
    ADD,
    ALWAYS,
    COLUMNS,
    DROP,
    FILE,
    RULED,
    UNFILE,
    Life,
    Row,
    bearing_kinds,
    counted,
    lives,
    marks_of,
    rows_of,
    tie_claim,
)  # fmt: skip
from khabar.contract import canonical
from khabar.copies import Tellers, bring_up_to_date, is_up_to_date
from khabar.drawers import drawers_of
from khabar.model import Place, Review
from khabar.naming import Names as Decided
from khabar.naming import names_of
from khabar.parties import Names, the_one
from khabar.record import TOLD, Record, Rulings, Told, once, told_of
from khabar.reviews import published
from khabar.spellings import loose, normal
from khabar.ties import Registry, Ties
from khabar.versions import Standing
from khabar.workers import AHEAD, Crew, at_hand

# --- keeping up with the record


class Index:
    """The index of a record, in the file beside it."""

    def __init__(self, record: Record, registry: Registry) -> None:
        self.record, self.registry = record, registry
        self.run = record.connection
        self.tellers = Tellers(self.run)
        self.turn = ""  # in which this connection has found it current
        beside.attach(self.run)

    def as_known_by(self, day: date | None) -> Bearings:
        """What bears on each place, as known by a day; None: today."""
        return Bearings(self, day)

    @cached_property
    def program(self) -> str:
        return beside.program(self.registry, self.decided)

    @cached_property
    def decided(self) -> Decided:
        """What was decided about actors: whoever decides more begins the index anew."""
        return names_of(self.run)

    def is_current(self) -> bool:
        """Has nothing arrived since, and is it this program's?"""
        bring_up_to_date(self.run)
        return self.has_all()

    def has_all(self) -> bool:
        """The same, where nothing is brought up to date first: within a transaction."""
        held = beside.facts(self.run)
        self.turn = held.get("turn", "")
        # The copies last: what arrives meanwhile may be in the index already, put there by another program.
        return held.get("program") == self.program and held == held | self._journal() and is_up_to_date(self.run)

    def is_as_found(self) -> bool:
        """Is it what this connection found current, or has another program taken in more since? What is read of the index and the record,
        statement by statement, is of one state only if it is so before and after. Asked within the transaction that keeps what was made."""
        return beside.facts(self.run).get("turn") == self.turn

    def is_readable(self) -> bool:
        """Within a transaction: does the record hold all that the index has taken in, and know whence it was copied? One that is only
        asked stands as it was when the transaction began, perhaps before another program let go of the file beside it."""
        held, journal = beside.facts(self.run), self._journal()
        there = self._arrived(int(held["arrival"])) == held["arrived"] and int(held["reviews"]) <= int(journal["reviews"])
        return held["program"] == self.program and there and is_up_to_date(self.run)

    def update(self) -> frozenset[str] | None:
        """Take in what has arrived since; → marks of what it may have changed (see `marks_of`), None where all is new. Within the
        caller's transaction, in which the copies are up to date: what is taken in before its copies are known is not taken in again."""
        held = beside.begin(self.run, self.program)
        if self._arrived(int(held["arrival"])) != held["arrived"]:  # another record has taken the place of the old one
            beside.empty(self.run, self.program)
            held = beside.facts(self.run)
        since, journal = int(held["arrival"]), self._journal()
        marks = self._take_in(self._touched(since, reviewed=journal["reviews"] != held["reviews"]), fresh=since == 0)
        self._unsettle(marks)
        self.run.execute("INSERT OR IGNORE INTO derived.reviewed SELECT review_id FROM reviews")
        self.turn = beside.next_turn(self.run)
        beside.note(self.run, **journal)
        return frozenset(marks) if since else None

    def _unsettle(self, marks: Iterable[str]) -> None:
        """What was read of a report (`hearing`) and rests on one of these is read again; or another edition of the same, which is grouped
        again, where no more is new than to whom a party belongs."""
        of_parties = sorted(mark for mark in marks if mark.startswith("party "))
        others = [mark for mark in marks if not mark.startswith(("party ", "drawer "))]
        of_speakers = [f"speaker {mark.removeprefix('party ')}" for mark in of_parties]
        unheard = sorted((beside.number_of(mark),) for mark in (*others, *of_speakers))
        self.run.executemany(f"DELETE FROM derived.tellings {_RESTING}", unheard)
        edition = beside.next_edition(self.run) if of_parties else 0
        regrouped = [(beside.number_of(mark), edition) for mark in of_parties]
        self.run.executemany(f"UPDATE derived.tellings SET edition = ?2 {_RESTING}", regrouped)

    def _journal(self) -> dict[str, str]:
        """How far the record has come."""
        last, reviews = self.run.execute("SELECT (SELECT ifnull(max(arrival), 0) FROM arrivals), (SELECT count(*) FROM reviews)").fetchone()
        return {"arrival": str(last), "arrived": self._arrived(last), "reviews": str(reviews)}

    def _arrived(self, arrival: int) -> str:
        row = self.run.execute("SELECT reading, arrived_at FROM arrivals WHERE arrival = ?", (arrival,)).fetchone()
        return f"{row['reading']} {row['arrived_at']}" if row else ""

    def _touched(self, since: int, *, reviewed: bool) -> list[str]:
        """Versions read since, those under the same address, those whose sentences have another origin now, and those on whose claims an
        analyst has ruled since."""
        if not since:  # all that ever arrived, and so whatever it touched
            return [row["version"] for row in self.run.execute(_ALL_ARRIVED)]
        query = (
            "SELECT version FROM arrivals JOIN readings USING (reading) WHERE arrival > :since UNION "
            "SELECT old.version FROM arrivals JOIN readings USING (reading) JOIN reports AS new USING (version) "
            "JOIN reports AS old ON old.url = new.url AND old.outlet IS new.outlet WHERE arrival > :since UNION "
            "SELECT version FROM recopied WHERE arrival > :since"
        )
        if reviewed:
            query += (
                " UNION SELECT version FROM reviews JOIN claims USING (claim_id) JOIN readings USING (reading) "
                "WHERE review_id NOT IN (SELECT review_id FROM derived.reviewed)"
            )
        ordered = (  # as the claims lie; a version without a current reading was imported and taken back
            f"SELECT touched.version FROM ({query}) AS touched "
            "LEFT JOIN readings ON readings.version = touched.version AND current = 1 ORDER BY reading"
        )
        return [row["version"] for row in self.run.execute(ordered, {"since": since})]

    def _take_in(self, versions: Sequence[str], *, fresh: bool) -> set[str]:
        """Take what some versions added out of the index, and in what they add now."""
        self.tellers = Tellers(self.run)
        bearings = self.as_known_by(None)
        marks: set[str] = set()
        batches = [versions[start : start + BATCH] for start in range(0, len(versions), BATCH)]
        if fresh:
            with beside.filling(self.run, "shown"):
                for batch, laid_out in zip(batches, spread(bearings, _laid_out, batches, many=len(versions) >= MANY), strict=True):
                    self._lay(batch, *laid_out)
            return marks
        for batch in batches:
            added: Counter[tuple[Row, Life]] = Counter()
            for version, content in zip(batch, _contents(bearings, batch), strict=True):
                self._drop(version, added)
                self._add(version, content, added)
            marks |= self._write(added)
        return marks

    def _lay(self, versions: Sequence[str], contents: Sequence[Content | None], rows: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
        """Put what these versions add into an index in which they are not (see `_laid_out`)."""
        numbers = [content and self._numbered(version, content) for version, content in zip(versions, contents, strict=True)]
        for table, some in rows.items():
            if table == "filed":
                self.run.executemany(FILE, [(drawer, claim_id, numbers[int(place)]) for drawer, claim_id, place, *_ in some])
            elif table != "ruled":
                self.run.executemany(ADD[table], some)

    def _drop(self, version: str, added: Counter[tuple[Row, Life]]) -> None:
        held = self.run.execute("SELECT * FROM derived.versions WHERE version = ?", (version,)).fetchone()
        if held is None:
            return
        told, ruled = self.read(held["reading"], {}), frozenset(json.loads(held["ruled"]))
        counted(rows_of(told, ruled), held["number"], json.loads(held["lives"]), added, -1)

    def _add(self, version: str, content: Content | None, added: Counter[tuple[Row, Life]]) -> None:
        if content is None:
            self.run.execute(
                "DELETE FROM derived.tellings WHERE number = (SELECT number FROM derived.versions WHERE version = ?)", (version,)
            )
            self.run.execute("DELETE FROM derived.versions WHERE version = ?", (version,))
            return
        number = self._numbered(version, content)
        self.run.execute("DELETE FROM derived.tellings WHERE number = ?", (number,))
        counted(content.rows, number, content.lives, added, 1)

    def _numbered(self, version: str, content: Content) -> int:
        """Keep the version; → its number."""
        lived = content.known, content.outdated, canonical(content.lives), canonical(content.ruled)
        row = self.run.execute(
            "INSERT INTO derived.versions (version, reading, report_id, published, outlet, url, known, outdated, lives, ruled) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (version) DO UPDATE SET reading = excluded.reading, known = excluded.known, "
            "outdated = excluded.outdated, lives = excluded.lives, "
            "ruled = excluded.ruled RETURNING number",
            (version, content.reading, *content.report, *lived),
        ).fetchone()
        return int(row["number"])

    def read(self, reading: str, stood: Mapping[str, Standing]) -> list[Told]:
        """The claims of a reading that bear on places and parties."""
        marks = ", ".join("?" * len(bearing_kinds()))
        rows = self.run.execute(f"{CLAIMS} WHERE claims.reading = ? AND kind IN ({marks})", (reading, *bearing_kinds()))
        return [told_of(row, stood, self.tellers, self.decided) for row in rows.fetchall()]

    def _write(self, added: Mapping[tuple[Row, Life], int]) -> set[str]:
        """Change the tables; → marks of the rows that came or went."""
        changed = {key: count for key, count in sorted(added.items()) if count and key[0][0] != "ruled"}
        rows = {row for row, _ in added}
        is_tied = any(row[0] == "tied" for row, _ in changed)
        before = self._standing(rows)
        ties = self.as_known_by(None).ties if is_tied else None
        for table, some in groupby(changed.items(), lambda one: one[0][0][0]):
            keys = [((*row[1:], *life), count) for (row, life), count in some]
            if table == "filed":
                keys = [(key[:3], count) for key, count in keys]
                self.run.executemany(FILE, [key for key, count in keys if count > 0])
                self.run.executemany(UNFILE, [key for key, count in keys if count < 0])
            else:
                self.run.executemany(ADD[table], [(*key, count) for key, count in keys])
                self.run.executemany(DROP[table], [key for key, count in keys if count < 0])
        found = {row for row in rows if row[0] in ALWAYS} | (before ^ self._standing(rows))
        rebound = ties.bound_otherwise(self.as_known_by(None).ties) if ties else ()
        return {mark for row in found for mark in marks_of(row)} | {f"party {key}" for key in rebound}

    def _standing(self, rows: Iterable[Row]) -> set[Row]:
        """Which of the rows stand today, whatever their days."""
        found = set()
        for row in rows:
            table, *columns = row
            if table not in ALWAYS:
                where = " AND ".join(f"{name} = ?" for name in COLUMNS[table])
                if self.run.execute(f"SELECT 1 FROM derived.{table} WHERE {where} AND outdated = '' LIMIT 1", columns).fetchone():
                    found.add(row)
        return found


@dataclass(frozen=True)
class Content:
    """What the current reading of a version adds to the index."""

    reading: str
    report: tuple[str, str | None, str | None, str | None]  # its id, day of publication, outlet and address
    known: str
    outdated: str
    lives: Sequence[Life]
    ruled: Sequence[str]
    rows: Sequence[Row]


def _contents(bearings: Bearings, versions: Sequence[str]) -> list[Content | None]:
    return [_content(bearings, version) for version in versions]


def _laid_out(bearings: Bearings, versions: Sequence[str]) -> tuple[list[Content | None], dict[str, list[tuple[Any, ...]]]]:
    """What some versions add to an index in which they are not, and all their rows by table, as they lie in it: in the place of a version's
    number, those of `filed` have its place among these."""
    contents = _contents(bearings, versions)
    added: Counter[tuple[Row, Life]] = Counter()
    for place, content in enumerate(contents):
        if content:
            counted(content.rows, place, content.lives, added, 1)
    rows = {
        table: [(*row[1:], *life, count) for (row, life), count in some]
        for table, some in groupby(sorted(added.items()), lambda one: one[0][0][0])
    }
    return [content and replace(content, rows=()) for content in contents], rows


def _content(bearings: Bearings, version: str) -> Content | None:
    index, stood, reviews = bearings.index, bearings.standings, bearings.reviews
    row = index.run.execute(
        "SELECT reading, report_id, published, outlet, url FROM readings JOIN reports USING (version) WHERE version = ? AND current = 1",
        (version,),
    ).fetchone()
    if row is None:
        return None
    told, own = index.read(row["reading"], stood), stood.get(version)
    known, outdated = (str(own.known or ""), str(own.outdated or "")) if own else (row["published"] or "", "")
    ruled = sorted({item.claim.claim_id for item in told} & set(reviews))
    days = lives(known, outdated, bearings.dating.get(version, ()))
    return Content(row["reading"], tuple(row)[1:], known, outdated, days, ruled, list(rows_of(told, frozenset(ruled))))


_OF_CLAIMS = (
    "SELECT DISTINCT version, claim_id FROM claims JOIN readings USING (reading) "
    "WHERE claim_id IN (SELECT value FROM json_each(?)) ORDER BY claim_id"
)
_RESTING = "WHERE number IN (SELECT number FROM derived.tells WHERE mark = ?1)"
_ALL_ARRIVED = (  # in the order of `_touched`
    "SELECT arrived.version FROM (SELECT DISTINCT version FROM arrivals JOIN readings USING (reading)) AS arrived "
    "LEFT JOIN readings ON readings.version = arrived.version AND current = 1 ORDER BY reading"
)
BATCH = 1000  # versions in memory at a time
MANY = 3000  # versions for which it pays to start processes
CLAIMS = (
    f"SELECT {TOLD} FROM claims JOIN sentences USING (sentence) JOIN readings ON readings.reading = claims.reading "
    "JOIN reports USING (version) LEFT JOIN sketched ON sketched.reading = claims.reading"
)
_AS_KNOWN = "(:day IS NULL AND outdated = '') OR (known <> '' AND known <= :day AND (outdated = '' OR outdated > :day))"


# --- looking things up


class _Ids:
    """The one id of a spelling, as known by a day (see `parties.the_one`)."""

    def __init__(self, bearings: Bearings, kind: str) -> None:
        self.bearings, self.kind = bearings, kind
        self.found: dict[str, str | None] = {}

    def get(self, spelling: str, /) -> str | None:
        if spelling not in self.found:
            query = f"SELECT DISTINCT id FROM derived.shown WHERE kind = :kind AND spelling = :spelling AND ({_AS_KNOWN})"
            self.found[spelling] = the_one(row["id"] for row in self.bearings.rows(query, kind=self.kind, spelling=spelling))
        return self.found[spelling]


class Bearings:
    """What bears on each place, as known by a day (None: today): a `drawers.Bearing` that reads no more than it is asked for."""

    def __init__(self, index: Index, day: date | None) -> None:
        self.index, self.day = index, day
        self._shared: dict[str, list[Told]] = {}
        self._last: tuple[Area, list[Told]] | None = None

    def rows(self, query: str, **values: object) -> Iterator[sqlite3.Row]:
        day = self.day.isoformat() if self.day else None
        return iter(self.index.run.execute(query, {"day": day, **values}))

    @cached_property
    def names(self) -> Names:
        return Names(_Ids(self, "actor"), _Ids(self, "place"))

    @cached_property
    def rulings(self) -> Rulings:
        return self.index.record.rulings(self.day)

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        return self.index.record.standings()

    @cached_property
    def reviews(self) -> Mapping[str, list[Review]]:
        """What persons decided, by claim."""
        found: dict[str, list[Review]] = {}
        for review in self.index.record.reviews():
            found.setdefault(review.claim_id, []).append(review)
        return found

    @cached_property
    def dating(self) -> Mapping[str, list[Review]]:
        """By version, what was decided on those of its claims, of any kind, of which an analyst said when their report was published."""
        ids = [id for id, reviews in self.reviews.items() if any(map(published, reviews))]
        found: dict[str, list[Review]] = {}
        for row in self.index.run.execute(_OF_CLAIMS, (json.dumps(ids),)):
            found.setdefault(row["version"], []).extend(self.reviews[row["claim_id"]])
        return found

    @cached_property
    def ties(self) -> Ties:
        """Who belongs to whom, and so who is on whose side."""
        return self._ties(self.rows(f"SELECT DISTINCT tie FROM derived.tied WHERE {_AS_KNOWN}"))

    def ties_of(self, body: str) -> Ties:
        """No more of them than tell of the members of one body."""
        spelt = self.rows("SELECT DISTINCT spelling FROM derived.shown WHERE kind = 'actor' AND id = :id", id=body)
        bodies = {body, f"~{body}", *(f"~{row['spelling']}" for row in spelt)}
        query = f"SELECT DISTINCT tie FROM derived.tied WHERE body = :body AND ({_AS_KNOWN})"
        return self._ties(row for body in sorted(bodies) for row in self.rows(query, body=body))

    def _ties(self, rows: Iterable[sqlite3.Row]) -> Ties:
        ruled = Ties(self.index.registry, self._in_drawer(RULED), names=self.names)
        said = [tie for row in rows if (tie := ruled.tie(tie_claim(row["tie"])))]
        return Ties(self.index.registry, (), names=self.names, said=(*ruled.said, *said))

    def on(self, area: Area, /) -> list[Told]:
        """The claims that may say something about one place, in the order of publication, report and text."""
        if self._last is None or self._last[0] != area:
            drawers = sorted(drawers_of(area, self.spellings(area.key)))
            found = once(sorted((item for drawer in drawers for item in self._in_drawer(drawer)), key=_order))
            self._last = (area, found)
        return self._last[1]

    def spellings(self, key: str) -> list[str]:
        """How a place is spelt where it is resolved; on whatever day, for more than is needed does no harm."""
        return [
            row["spelling"] for row in self.rows("SELECT DISTINCT spelling FROM derived.shown WHERE kind = 'place' AND id = :id", id=key)
        ]

    def area(self, key: str) -> Area | None:
        """The place of that key, as the claims on holding describe it."""
        return self._areas({key, f"~{key}", *(f"~{spelling}" for spelling in self.spellings(key))}).get(key)

    def areas(self) -> dict[str, Area]:
        """All places that claims on holding name, by key."""
        rows = self.rows(f"SELECT DISTINCT place FROM derived.described WHERE {_AS_KNOWN}")
        return described((_place(row["place"]) for row in rows), self.names.area)

    def areas_in(self, drawers: Iterable[str]) -> dict[str, Area]:
        """The places of some drawers, each described by all that describes it."""
        return {key: area for key in self._areas(drawers) if (area := self.area(key))}

    def areas_called(self, words: str) -> dict[str, Area]:
        """Places that some report calls so; where none does, those whose names differ in no more than vowels."""
        for name in (f"normal {normal(words)}", f"loose {loose(words)}"):
            drawers = [
                row["drawer"]
                for row in self.rows(f"SELECT DISTINCT drawer FROM derived.called WHERE words = :name AND ({_AS_KNOWN})", name=name)
            ]
            if found := self.areas_in(drawers):
                return found
        return {}

    def _areas(self, drawers: Iterable[str]) -> dict[str, Area]:
        query = f"SELECT DISTINCT place FROM derived.described WHERE drawer = :drawer AND ({_AS_KNOWN})"
        rows = [row["place"] for drawer in sorted(set(drawers)) for row in self.rows(query, drawer=drawer)]
        return described(map(_place, rows), self.names.area)

    def _in_drawer(self, drawer: str) -> list[Told]:
        """Claims filed there that count. What is told of whole areas is kept: many places ask for it."""
        if drawer in self._shared:
            return self._shared[drawer]
        found, tellers = [], Tellers(self.index.run)
        for row in self.rows(_FILED, drawer=drawer, dated=json.dumps(sorted(self.rulings.dated))):
            days = (date.fromisoformat(on) if on else None for on in (row["since"], row["until"]))
            item = self.rulings.applied(told_of(row, {row["version"]: Standing(*days)}, tellers, self.index.decided))
            if item.is_known_by(self.day):
                found.append(item)
        if drawer.startswith("in "):
            self._shared[drawer] = found
        return found


Batch = TypeVar("Batch")
Made = TypeVar("Made")


class Spreading:
    """Hands work on a record out, batch by batch: where it is much, to several processes, each with bearings of its own. They are started
    once and stay for all steps within the `with`, in which nothing may change of what they read."""

    def __init__(self, bearings: Bearings, *, spared: int = 0) -> None:
        run, index = bearings.index.run, bearings.index
        held = beside.paths(run)
        aside = run.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = 'copied'").fetchone()  # this connection alone has it
        self._bearings, self._can = bearings, bool(at_hand() > 1 and not aside and held["main"] and held["derived"])
        self._crew = Crew(partial(_opened, Path(held["main"]), _pickled(index.registry), bearings.day), spared=spared)

    def __enter__(self) -> Spreading:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """End the processes, which hold memory, until there is work for them again."""
        self._crew.rest()

    def __call__(
        self, do: Callable[[Bearings, Batch], Made], batches: Iterable[Batch], *, many: bool, ahead: int = AHEAD
    ) -> Iterator[Made]:
        """What a function makes of each batch, in their order; `many`: does it pay to start processes? `ahead`: see `Crew.made`."""
        return self._crew.made(do, batches, ahead=ahead) if many and self._can else map(partial(do, self._bearings), batches)


def spread(bearings: Bearings, do: Callable[[Bearings, Batch], Made], batches: Iterable[Batch], *, many: bool) -> Iterator[Made]:
    """The same for one step."""
    with Spreading(bearings) as spreading:
        yield from spreading(do, batches, many=many)


@lru_cache(maxsize=1)
def _pickled(registry: Registry) -> bytes:
    """Once, and not again for each process."""
    return pickle.dumps(registry)


def _opened(path: Path, registry: bytes, day: date | None) -> Bearings:
    index = Index(Record.open(path), pickle.loads(registry))
    beside.hold(index.run, IN_WORKER)
    return index.as_known_by(day)


IN_WORKER = 32 * 1024  # kB of each of the two files at hand


_FILED = (
    f"SELECT {TOLD}, reports.known AS since, reports.outdated AS until "
    "FROM derived.filed JOIN derived.versions AS reports USING (number) "
    "JOIN claims ON claims.reading = reports.reading AND claims.claim_id = filed.claim_id JOIN sentences USING (sentence) "
    "LEFT JOIN sketched ON sketched.reading = claims.reading "
    "WHERE drawer = :drawer AND (:day IS NULL OR (known <> '' AND known <= :day) "  # what came later is not even read
    "OR reports.version IN (SELECT value FROM json_each(:dated)))"
)


def _order(item: Told) -> tuple[Any, ...]:
    claim = item.claim
    return (item.known is None, item.known or date.max, claim.report_id, item.version, claim.start, claim.trigger[0], claim.claim_id)


@lru_cache(maxsize=50_000)
def _place(text: str) -> Place:
    return Place(**json.loads(text))
