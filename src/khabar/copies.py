"""Sentences of a record → which was copied from which earlier one, word for word or reworded, and whom its report credits.

A sentence goes back to the earliest one that it is a copy of, so nothing that is published later changes it, and an answer as known by a
day needs no tables of its own. Reports are compared in the order of publication, each with those that share a number of a sketch with it
(`fingerprints`). What a new report changes is worked out again and nothing else; the result is that of working out everything.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache, partial
from heapq import heapify, heappop, heappush
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from khabar.contract import day
from khabar.credits import credited
from khabar.fingerprints import (
    Mark,
    Sentence,
    Sketches,
    degrees,
    is_copy,
    marks_of,
    may_be_alike,
    may_be_like,
    sentences,
    shared,
    with_others,
)
from khabar.versions import has, standings
from khabar.workers import Crew, at_hand, no_collection

if TYPE_CHECKING:
    from numpy.typing import NDArray

EARLIEST = 8  # how many sentences with one number of a sketch a later one is compared with: what hundreds share is a phrase of the trade
COMPANY, WEAK = 2, 3  # sentences that are copies on their own, or would be in company, that put two reports into each other's company
KIN = 4  # how many such reports are looked through, the earliest ones
CACHE = 256 * 1024  # kB at most: sketches are looked up all over the file, and with SQLite's 2 MB each is read from the disk again
BATCH = 10_000  # reports to one transaction
MANY, PART, PAIRS = (
    3_000,
    500,
    20_000,
)  # reports for which it pays to start processes; reports and pairs of sentences that go to one at a time
APART = ("boilerplate", "comment")  # sections that are no part of the report


@dataclass(frozen=True)
class Line:
    """A sentence of the record, by its number in the table sentences: within a report they follow the text."""

    id: int
    sentence: Sentence


class Near(NamedTuple):
    """A sentence that is like another of a later report, with its `degrees`."""

    rank: int
    id: int
    alone: float
    in_company: float


@dataclass(frozen=True, slots=True)
class Copy:
    """A row of the table copied: sentence `id`, of the report `rank`, is copied from `of`; the line of copies begins with `origin`."""

    id: int
    rank: int
    of: int
    of_rank: int
    origin: int
    alike: float


Fresh = tuple[int, str]  # the rank of a reading, and the reading
Spread = Callable[[Callable[[sqlite3.Connection, Any], Any], Iterable[Any]], Iterator[Any]]
"""What a function makes of each batch, in their order: here, or where they are many in several processes."""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Work in what arrived since the last time. In a record that cannot be written to, everything is worked out aside, for this once."""
    if is_up_to_date(connection):
        return
    _install(connection)
    connection.execute(f"PRAGMA main.cache_size = {-CACHE}")
    path = next(row["file"] for row in connection.execute("PRAGMA database_list") if row["name"] == "main")
    with Crew(partial(_opened, path)) as crew, no_collection():
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            arrived = connection.execute("SELECT ifnull(max(arrival), 0) FROM arrivals").fetchone()[0]
            rank = _Ranks(connection)
            stood = {version: rank(one.known, version) for version, one in standings(connection).items()}
            gone = _stale(connection, stood)
            again = {other for stale in gone for other in _forgotten(connection, stale)}
            fresh = sorted(_fresh(connection, stood, rank))
            in_crew = len(fresh) >= MANY and path and at_hand() > 1 and not _is_aside(connection)
            spread: Spread = crew.made if in_crew else partial(_one_by_one, connection)
            sketched = spread(_sketched, (part for batch in _cut(fresh, BATCH) for part in _cut(batch, PART)))
            alone = partial(_one_by_one, connection)  # others would still see the sketches of those that are gone
            _work_in(connection, alone if gone else spread, fresh[:BATCH], sketched, again)
        for batch in _cut(fresh[BATCH:], BATCH):
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                done = {row[0] for row in connection.execute("SELECT reading FROM sketched")}
                if done.isdisjoint(reading for _, reading in batch):
                    _work_in(connection, spread, batch, sketched)
                    continue
                for _ in _cut(batch, PART):  # another program has worked some of it in, meanwhile
                    next(sketched)
                left = [row for row in batch if row[1] not in done]
                _work_in(connection, spread, left, map(partial(_sketched, connection), _cut(left, PART)))
    connection.execute("INSERT OR IGNORE INTO copied_up_to VALUES (?)", (arrived,))


def _cut(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def _one_by_one(connection: sqlite3.Connection, do: Callable[[sqlite3.Connection, Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    return map(partial(do, connection), batches)


def _opened(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
    connection.row_factory = sqlite3.Row
    return connection


def _is_aside(connection: sqlite3.Connection) -> bool:
    """Has this connection alone the tables?"""
    return connection.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = 'copied'").fetchone() is not None


def _stale(connection: sqlite3.Connection, stood: Mapping[str, int]) -> list[int]:
    """Ranks of readings that others have superseded, and of versions that turned out to be known from another day."""
    rows = connection.execute("SELECT rank, version, current FROM sketched JOIN readings USING (reading)")
    return [row["rank"] for row in rows if not row["current"] or stood.get(row["version"], row["rank"]) != row["rank"]]


def _fresh(connection: sqlite3.Connection, stood: Mapping[str, int], ranked: _Ranks) -> Iterator[Fresh]:
    """Readings that are not worked in."""
    for row in connection.execute(_FRESH):
        yield stood.get(row["version"]) or ranked(day(row["published"]), row["version"]), row["reading"]


_FRESH = (
    "SELECT reading, version, published "
    "FROM readings JOIN reports USING (version) WHERE current = 1 AND reading NOT IN (SELECT reading FROM sketched) "
    "AND language IS NOT 'zxx'"  # rows of datasets: alike in their columns, and copied from nobody
)


def _is_of_this_form(connection: sqlite3.Connection) -> bool:
    """Or was it made by a program that sketched otherwise?"""
    return connection.execute("SELECT 1 FROM pragma_table_info('sketches') WHERE name = 'low'").fetchone() is not None


def is_up_to_date(connection: sqlite3.Connection) -> bool:
    """Whether all that has arrived is worked in."""
    try:
        row = connection.execute(
            "SELECT (SELECT max(arrival) FROM copied_up_to) = (SELECT ifnull(max(arrival), 0) FROM arrivals)"
        ).fetchone()
    except sqlite3.OperationalError:  # no such table: never worked out
        return False
    return bool(row[0])


def _install(connection: sqlite3.Connection) -> None:
    script = files("khabar").joinpath("copies.sql").read_text("utf-8")
    try:
        if connection.execute("SELECT 1 FROM pragma_table_info('sketches')").fetchone() and not _is_of_this_form(connection):
            connection.executescript("DROP TABLE sketched; DROP TABLE sketches; DROP TABLE copied")
        connection.executescript(script)
        connection.execute("DELETE FROM copied_up_to")
    except sqlite3.OperationalError:  # read-only
        connection.executescript(script.replace("CREATE TABLE", "CREATE TEMP TABLE").replace("EXISTS copied_by", "EXISTS temp.copied_by"))


class _Ranks:
    """The order in which texts came to be known, undated ones last, in 22 bits; 41 of the version's hash for the order within a day. A
    report that another coder handed in once more comes last in its day: it is never the origin of what others copied."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        query = "SELECT version FROM imported JOIN imports USING (import) WHERE layout = 'claims'"
        self.again = {row[0] for row in connection.execute(query)} if has(connection, "imported") else set()

    def __call__(self, known: date | None, version: str) -> int:
        within = (1 << 41) - 1 - int(version[:7], 16) if version in self.again else int(version[:16], 16) >> 23
        return (known.toordinal() if known else (1 << 22) - 1) << 41 | within


Sketched = tuple[Sketches, list[str | None]]


def _sketched(connection: sqlite3.Connection, fresh: Sequence[Fresh]) -> Sketched:
    """The sketches of the sentences of these readings, and whom each credits."""
    told = [[(rank, *row) for row in _told(connection, reading)] for rank, reading in fresh]
    made = iter(sentences([text for rows in told for *_, text in rows]))
    credits = (connection.execute(_ENDS, (reading,)).fetchone() for _, reading in fresh)
    return Sketches.of((rank, id, next(made)) for rows in told for rank, id, _ in rows), [credited(*row) for row in credits]


_ENDS = "SELECT substr(text, 1, 600), substr(text, -200), author FROM readings JOIN reports USING (version) WHERE reading = ?"


def _told(connection: sqlite3.Connection, reading: str) -> Iterator[tuple[int, str]]:
    """The sentences of a reading that are a part of its report: number, words; in the order of the text."""
    sections = connection.execute("SELECT sections FROM readings WHERE reading = ?", (reading,)).fetchone()[0]
    apart = [(start, end) for kind, start, end, _ in json.loads(sections) if kind in APART]
    rows = connection.execute("SELECT sentence, start, text FROM sentences WHERE reading = ? ORDER BY start", (reading,))
    return ((id, text) for id, at, text in rows if not any(start <= at < end for start, end in apart))


def _weighed(connection: sqlite3.Connection, pairs: NDArray[Any]) -> list[tuple[int, float, float]]:
    """Of pairs of sentences, by number, those that are alike: which of them, and its `degrees`."""
    query = "SELECT sentence, text FROM json_each(?) CROSS JOIN sentences ON sentence = value"
    rows = connection.execute(query, (json.dumps(sorted({*pairs.reshape(-1).tolist()})),))
    held = {id: Sentence.unsketched(text) for id, text in rows}
    found = ((number, *degrees(held[one], held[other])) for number, (one, other) in enumerate(pairs.tolist()))
    return [row for row in found if row[2]]


def _alike(spread: Spread, pairs: NDArray[Any]) -> Iterator[tuple[int, float, float]]:
    """The same of many; other processes begin at once."""
    parts = enumerate(spread(_weighed, _cut(pairs, PAIRS)))  # type: ignore[arg-type]  # rows of an array
    return ((part * PAIRS + number, *how) for part, found in parts for number, *how in found)


def _work_in(
    connection: sqlite3.Connection, spread: Spread, fresh: Sequence[Fresh], sketched: Iterator[Sketched], again: Iterable[int] = ()
) -> None:
    """`sketched`: what `_sketched` makes of them, part by part, and of what comes after them."""
    last = connection.execute("SELECT ifnull(max(rank), -1) FROM sketched").fetchone()[0]
    made = [next(sketched) for _ in _cut(fresh, PART)]
    credits = [who for _, some in made for who in some]
    rows = [(rank, reading, credit) for (rank, reading), credit in zip(fresh, credits, strict=True)]
    connection.executemany("INSERT INTO sketched (rank, reading, credit) VALUES (?, ?, ?)", rows)
    sketches = Sketches.together([some for some, _ in made])
    marks = marks_of(sketches)
    new = frozenset(rank for rank, _ in fresh)
    shelf = _Shelf(connection, spread, shared(marks))
    found = shelf.sought(new, sketches)  # other processes begin at once, and do not see what is written here meanwhile
    connection.executemany("INSERT OR IGNORE INTO sketches VALUES (?, ?, ?, ?, ?, ?)", zip(*marks.tolist(), strict=True))
    shelf.put(found)
    early: list[Mark] = list(zip(*marks[:, marks[1] < last].tolist(), strict=True))
    _compare(connection, shelf, {*new, *again, *_disturbed(connection, spread, early, new)})


def _disturbed(connection: sqlite3.Connection, spread: Spread, marked: Sequence[Mark], fresh: frozenset[int] = frozenset()) -> set[int]:
    """Later reports for which it may matter that sentences have come, or have gone, each given with its marks: it, or one that it has
    moved out of the EARLIEST with this mark or let in, is like theirs. `fresh`: those that came with them."""
    import numpy as np

    found: set[int] = set()
    times = Counter(mark for mark, *_ in marked)
    for some in _cut(marked, MARKS):
        likely = sorted({pair for mark in some for pair in _likely(connection, mark, fresh, times[mark[0]])})
        pairs = np.array([pair for _, *pair in likely], np.int64).reshape(-1, 2)
        found |= {likely[number][0] for number, *_ in _alike(spread, pairs)}
    return found


MARKS = 10_000  # to be looked up at a time
SKETCHES = 10_000  # sentences for which others are looked up at a time
Pair = tuple[int, int, int]  # a later report, a sentence of it, and one that it may be like


def _likely(connection: sqlite3.Connection, mark: Mark, fresh: frozenset[int], times: int) -> Iterator[Pair]:
    """None where EARLIEST others came before the sentence with this mark; else of it, and of the last of the EARLIEST that were there, as
    many as sentences with this mark come or go (`times`)."""
    number, rank, *marked = mark
    query = "SELECT rank FROM sketches WHERE hash = ? AND rank < ? LIMIT ?"
    before = [row[0] for row in connection.execute(query, (number, rank, EARLIEST))]
    if len(before) == EARLIEST:
        return
    there = EARLIEST - sum(one not in fresh for one in before)
    rows = connection.execute(
        "SELECT rank, sentence, low, high, length FROM sketches WHERE hash = ? AND rank > ? ORDER BY rank, sentence", (number, rank)
    ).fetchall()
    others = islice((row for row in rows if row[0] not in fresh), max(there - times, 0), there)
    moved = [(rank, *marked), *map(tuple, others)]
    for later, id, *shape in map(tuple, rows):
        for other, one, *its in moved:
            if other < later and may_be_like(its, shape):
                yield later, id, one


def _forgotten(connection: sqlite3.Connection, rank: int) -> list[int]:
    """Take a superseded reading out; → the reports that were compared with it."""
    marks: list[Mark] = list(zip(*marks_of(_sketched(connection, [(rank, _reading(connection, rank))])[0]).tolist(), strict=True))
    again = _disturbed(connection, partial(_one_by_one, connection), marks)
    connection.executemany("DELETE FROM sketches WHERE hash = ? AND rank = ?", {mark[:2] for mark in marks})
    connection.execute("DELETE FROM copied WHERE rank = ?", (rank,))
    connection.execute("DELETE FROM sketched WHERE rank = ?", (rank,))
    return [*again, *_leaning(connection, rank)]


def _reading(connection: sqlite3.Connection, rank: int) -> str:
    return str(connection.execute("SELECT reading FROM sketched WHERE rank = ?", (rank,)).fetchone()[0])


def _leaning(connection: sqlite3.Connection, rank: int) -> Iterator[int]:
    return (row[0] for row in connection.execute("SELECT DISTINCT rank FROM copied WHERE of_rank = ?", (rank,)).fetchall())


def _compare(connection: sqlite3.Connection, shelf: _Shelf, ranks: set[int]) -> None:
    """Work out the copies in these reports, the earliest first, and again in those that lean on one where something changed."""
    there = "SELECT 1 FROM sketched WHERE rank = ?"  # of those that leant on a reading that is gone, some are gone too
    waiting = [rank for rank in ranks if connection.execute(there, (rank,)).fetchone()]
    shelf.have(waiting)
    heapify(waiting)
    done = -1
    while waiting:
        rank = heappop(waiting)
        if rank == done:
            continue
        done = rank
        found = {copy.id: copy for copy in _with_origins(connection, shelf.copies(rank))}
        held = {row["sentence"]: Copy(*row) for row in connection.execute("SELECT * FROM copied WHERE rank = ?", (rank,))}
        if found == held:
            continue
        connection.execute("DELETE FROM copied WHERE rank = ?", (rank,))
        connection.executemany("INSERT INTO copied VALUES (?, ?, ?, ?, ?, ?)", map(astuple, found.values()))
        _note(connection, rank, {copy.origin for copy in {*found.values()} ^ {*held.values()}})
        for later in _leaning(connection, rank):
            heappush(waiting, later)


def _note(connection: sqlite3.Connection, rank: int, origins: Iterable[int]) -> None:
    """Keep which versions have other tellers now: the report itself, and, of sentences that it prints on their first day, all who do."""
    ranks = {rank}
    for origin in origins:
        first = connection.execute("SELECT rank FROM sentences JOIN sketched USING (reading) WHERE sentence = ?", (origin,)).fetchone()
        if first and first[0] >> 41 == rank >> 41:
            ranks |= {first[0], *(row[0] for row in connection.execute("SELECT rank FROM copied WHERE origin = ?", (origin,)))}
    connection.executemany(_RECOPIED, sorted((one,) for one in ranks))


_RECOPIED = (
    "INSERT OR REPLACE INTO recopied SELECT version, (SELECT max(arrival) FROM arrivals) "
    "FROM sketched JOIN readings USING (reading) WHERE rank = ?"
)


def _with_origins(connection: sqlite3.Connection, copies: Iterable[Copy]) -> Iterator[Copy]:
    for copy in copies:
        row = connection.execute("SELECT origin FROM copied WHERE sentence = ?", (copy.of,)).fetchone()
        yield Copy(copy.id, copy.rank, copy.of, copy.of_rank, row[0] if row else copy.of, copy.alike)


_FIRST_OF_MARK = f"""
SELECT hash, rank, sentence, low, high, length FROM json_each(?1) CROSS JOIN sketches ON hash = value
WHERE rank <= ifnull((SELECT rank FROM sketches WHERE hash = value ORDER BY rank LIMIT 1 OFFSET {EARLIEST - 1}), ?2)
"""


Found = tuple[int, int, int, int, float, float]
"""A sentence, by the rank of its report and its number, an earlier one that it is like, and how much (see `degrees`)."""


def _found(connection: sqlite3.Connection, asked: tuple[Sketches, NDArray[Any]]) -> list[Found]:
    """The earlier sentences that these are like: of each number of a sketch the EARLIEST that have it are looked at. With the sketches come
    marks of their batch, which other processes do not see yet."""
    sketches, own = asked
    run = connection.cursor()
    run.row_factory = None
    others = run.execute(_FIRST_OF_MARK, (json.dumps(sorted({*sketches.numbers.reshape(-1).tolist()})), 2**63 - 1)).fetchall()
    pairs = may_be_alike(sketches, with_others(own, others), EARLIEST)
    return [(*pairs[number].tolist(), *how) for number, *how in _weighed(connection, pairs[:, (1, 3)])]


class _Shelf:
    """What the sentences of reports are like, and those sentences, by rank; a batch of reports has one. `own`: the marks of the batch that
    more than one of its sentences have."""

    def __init__(self, connection: sqlite3.Connection, spread: Spread, own: NDArray[Any]) -> None:
        self.connection, self.spread, self.own = connection, spread, own
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._near: dict[int, dict[int, list[Near]]] = {}  # of a report: for each of its sentences, those that are like it

    def lines(self, rank: int) -> tuple[Line, ...]:
        if rank not in self._lines:
            told = _told(self.connection, _reading(self.connection, rank))
            self._lines[rank] = tuple(Line(id, Sentence.unsketched(text)) for id, text in told)
        return self._lines[rank]

    def have(self, ranks: Iterable[int]) -> None:
        """Have what these are like at hand."""
        for some in _cut([rank for rank in ranks if rank not in self._near], PART):
            self.put(self.sought(some, _sketched(self.connection, [(rank, _reading(self.connection, rank)) for rank in some])[0]))

    def sought(self, ranks: Iterable[int], sketches: Sketches) -> Iterator[list[Found]]:
        """The earlier sentences that are like those of these reports, to be `put` here."""
        import numpy as np

        self._near.update((rank, {}) for rank in ranks)
        asked = ((some, self.own[:, np.isin(self.own[0], some.numbers)] if self.own.size else self.own) for some in sketches.cut(SKETCHES))
        return self.spread(_found, asked)

    def put(self, sought: Iterable[list[Found]]) -> None:
        for found in sought:
            for rank, mine, other, id, alone, in_company in found:
                self._near[rank].setdefault(mine, []).append(Near(other, id, alone, in_company))

    def copies(self, rank: int) -> Iterator[Copy]:
        """The copied sentences of one report, each with the earliest that it is a copy of; its own origin is not looked up here."""
        self.have([rank])
        found: dict[int, Copy] = {}
        shared, weakly = Counter[int](), Counter[int]()
        for id, near in self._near[rank].items():
            weakly.update({one.rank for one in near})
            sure = [one for one in near if one.alone]
            shared.update({one.rank for one in sure})
            if sure:
                found[id] = Copy(id, rank, sure[0].id, sure[0].rank, sure[0].id, sure[0].alone)
        kin = sorted(r for r, number in weakly.items() if number >= WEAK or shared[r] >= COMPANY)[:KIN]
        for line in (line for line in self.lines(rank) if line.id not in found) if kin else ():
            if best := self._in_company(line, kin):
                found[line.id] = Copy(line.id, rank, best[1].id, best[0], best[1].id, best[2])
        yield from found.values()

    def _in_company(self, line: Line, kin: Iterable[int]) -> tuple[int, Line, float] | None:
        """The sentence of the earliest kindred report that has one like this."""
        for other_rank in kin:
            found = [(is_copy(line.sentence, other.sentence, in_company=True), -other.id, other) for other in self.lines(other_rank)]
            alike, _, other = max(found, key=lambda one: one[:2])
            if alike:
                return other_rank, other, alike
        return None


# --- who told it first

Teller = tuple[str | None, str | None]
"""An outlet, and whom its report credits."""


class Tellers:
    """Who published a sentence, or the one it was copied from, on the first day on which anyone did; the stable order of `rank`.

    Days have no hours: of an agency and the papers that print it on one day, any may be the original.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.run = connection.execute
        self._first = lru_cache(maxsize=10_000)(self._look_up)

    def of(self, origin: int | None, outlet: str | None, credit: str | None) -> tuple[Teller, ...]:
        """By the columns TOLD_FIRST; whoever printed what nobody else did is the first."""
        return ((outlet, credit),) if origin is None else self._first(origin)

    def _look_up(self, origin: int) -> tuple[Teller, ...]:
        return tuple(tuple(row) for row in self.run(_FIRST, {"origin": origin}))


TOLD_FIRST = (
    "sketched.rank IS NOT NULL, sketched.credit, ifnull((SELECT origin FROM copied WHERE copied.sentence = claims.sentence), "
    "(SELECT origin FROM copied WHERE copied.origin = claims.sentence LIMIT 1))"
)
"""Is the reading worked in, whom does it credit, and the sentence where the line of copies begins; of claims LEFT JOIN sketched."""
_FIRST = """
WITH first AS (SELECT rank FROM sentences JOIN sketched USING (reading) WHERE sentence = :origin),
     told AS (SELECT rank FROM first UNION SELECT rank FROM copied WHERE origin = :origin)
SELECT DISTINCT outlet, credit FROM told JOIN sketched USING (rank) JOIN readings USING (reading) JOIN reports USING (version)
WHERE rank >> 41 = (SELECT rank >> 41 FROM first) ORDER BY rank
"""
