"""Sentences of a record → which was copied from which earlier one, word for word or reworded, and whom its report credits.

A sentence goes back to the earliest one that it is a copy of, so nothing that is published later changes it, and an answer as known by a
day needs no tables of its own. Reports are compared in the order of publication, each with those that share a number of a sketch with it
(`fingerprints`). What a new report changes is worked out again and nothing else; the result is that of working out everything.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import cache, lru_cache
from heapq import heapify, heappop, heappush
from importlib.resources import files
from itertools import islice

from khabar.contract import day
from khabar.fingerprints import IN_COMPANY, Mark, Sentence, alike, degrees, is_copy, marks_of, may_be_alike, may_be_like, sentences
from khabar.lexicon import FOLDER, load
from khabar.openings import dateline, run_in_datelines
from khabar.versions import has, standings

EARLIEST = 8  # how many sentences with one number of a sketch a later one is compared with: what hundreds share is a phrase of the trade
COMPANY, WEAK = 2, 3  # sentences that are copies on their own, or would be in company, that put two reports into each other's company
KIN = 4  # how many such reports are looked through, the earliest ones
CACHE = 256 * 1024  # kB at most: sketches are looked up all over the file, and with SQLite's 2 MB each is read from the disk again
BATCH = 5_000  # reports to one transaction
APART = ("boilerplate", "comment")  # sections that are no part of the report


@dataclass(frozen=True)
class Line:
    """A sentence of the record, by its number in the table sentences: within a report they follow the text."""

    id: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Copy:
    """A row of the table copied: sentence `id`, of the report `rank`, is copied from `of`; the line of copies begins with `origin`."""

    id: int
    rank: int
    of: int
    of_rank: int
    origin: int
    alike: float


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Work in what arrived since the last time. In a record that cannot be written to, everything is worked out aside, for this once."""
    if is_up_to_date(connection):
        return
    _install(connection)
    connection.execute(f"PRAGMA main.cache_size = {-CACHE}")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        arrived = connection.execute("SELECT ifnull(max(arrival), 0) FROM arrivals").fetchone()[0]
        rank = _Ranks(connection)
        stood = {version: rank(one.known, version) for version, one in standings(connection).items()}
        again = {other for stale in _stale(connection, stood) for other in _forgotten(connection, stale)}
        fresh = sorted(_fresh(connection, stood, rank))
        _work_in(connection, fresh[:BATCH], again)
    for at in range(BATCH, len(fresh), BATCH):
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            done = {row[0] for row in connection.execute("SELECT reading FROM sketched")}  # by another program, meanwhile
            _work_in(connection, [row for row in fresh[at : at + BATCH] if row[1] not in done])
    connection.execute("INSERT OR IGNORE INTO copied_up_to VALUES (?)", (arrived,))


def _stale(connection: sqlite3.Connection, stood: Mapping[str, int]) -> list[int]:
    """Ranks of readings that others have superseded, and of versions that turned out to be known from another day."""
    rows = connection.execute("SELECT rank, version, current FROM sketched JOIN readings USING (reading)")
    return [row["rank"] for row in rows if not row["current"] or stood.get(row["version"], row["rank"]) != row["rank"]]


def _fresh(connection: sqlite3.Connection, stood: Mapping[str, int], ranked: _Ranks) -> Iterator[tuple[int, str, str | None]]:
    """Readings that are not worked in: rank, reading, credit."""
    for row in connection.execute(_FRESH):
        rank = stood.get(row["version"]) or ranked(day(row["published"]), row["version"])
        yield rank, row["reading"], credited(row["head"], row["tail"], row["author"])


_FRESH = (
    "SELECT reading, version, published, author, substr(text, 1, 600) AS head, substr(text, -200) AS tail "
    "FROM readings JOIN reports USING (version) WHERE current = 1 AND reading NOT IN (SELECT reading FROM sketched) "
    "AND language IS NOT 'zxx'"  # rows of datasets: alike in their columns, and copied from nobody
)


def _is_of_this_form(connection: sqlite3.Connection) -> bool:
    """Or was it made by a program that sketched otherwise?"""
    return connection.execute("SELECT 1 FROM pragma_table_info('sketches') WHERE name = 'spread'").fetchone() is not None


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


def _work_in(connection: sqlite3.Connection, fresh: list[tuple[int, str, str | None]], again: Iterable[int] = ()) -> None:
    shelf = _Shelf(connection)
    last = connection.execute("SELECT ifnull(max(rank), -1) FROM sketched").fetchone()[0]
    connection.executemany("INSERT INTO sketched (rank, reading, credit) VALUES (?, ?, ?)", fresh)
    shelf.read([rank for rank, *_ in fresh])
    marks = marks_of([(rank, line.id, line.sentence) for rank, *_ in fresh for line in shelf.lines(rank)])
    connection.executemany("INSERT OR IGNORE INTO sketches VALUES (?, ?, ?, ?, ?)", marks)
    new = frozenset(rank for rank, *_ in fresh)
    old = [(mark, rank, shelf.line(id)) for mark, rank, id, *_ in marks if rank < last]
    _compare(connection, shelf, {*new, *again, *_disturbed(connection, shelf, old, new)})


Pair = tuple[int, int, int]  # a later report, a sentence of it, and one that it may be like


def _disturbed(
    connection: sqlite3.Connection, shelf: _Shelf, marked: Sequence[tuple[int, int, Line]], fresh: frozenset[int] = frozenset()
) -> set[int]:
    """Later reports for which it may matter that lines have come, or have gone, each given with a mark of it and its rank: it, or one that
    it has moved out of the EARLIEST with this mark or let in, is like theirs. `fresh`: those that came with them."""
    found: set[int] = set()
    times = Counter(mark for mark, *_ in marked)
    for start in range(0, len(marked), MARKS):
        likely = {pair for one in marked[start : start + MARKS] for pair in _likely(connection, *one, fresh, times[one[0]])}
        shelf.fetch(id for _, *pair in likely for id in pair)
        found |= {later for later, id, one in likely if degrees(shelf.line(one).sentence, shelf.line(id).sentence)[1]}
    return found


MARKS = 10_000  # to be looked up at a time


def _likely(connection: sqlite3.Connection, mark: int, rank: int, line: Line, fresh: frozenset[int], times: int) -> Iterator[Pair]:
    """None where EARLIEST others came before the line with this mark; else of the line, and of the last of the EARLIEST that were there, as
    many as lines with this mark come or go (`times`)."""
    query = "SELECT rank FROM sketches WHERE hash = ? AND rank < ? LIMIT ?"
    before = [row[0] for row in connection.execute(query, (mark, rank, EARLIEST))]
    if len(before) == EARLIEST:
        return
    there = EARLIEST - sum(one not in fresh for one in before)
    rows = connection.execute(
        "SELECT rank, sentence, spread, length FROM sketches WHERE hash = ? AND rank > ? ORDER BY rank, sentence", (mark, rank)
    ).fetchall()
    others = islice((row for row in rows if row[0] not in fresh), max(there - times, 0), there)
    moved = [(rank, line.id, line.sentence.spread, len(line.sentence.letters)), *map(tuple, others)]
    for later, id, *shape in rows:
        for other, one, *its in moved:
            if other < later and may_be_like(*its, *shape):
                yield later, id, one


def _forgotten(connection: sqlite3.Connection, rank: int) -> list[int]:
    """Take a superseded reading out; → the reports that were compared with it."""
    shelf = _Shelf(connection)
    lines = shelf.lines(rank)
    marks = {mark for line in lines for mark in line.sentence.sketch}
    again = _disturbed(connection, shelf, [(mark, rank, line) for line in lines for mark in line.sentence.sketch])
    connection.executemany("DELETE FROM sketches WHERE hash = ? AND rank = ?", [(mark, rank) for mark in marks])
    connection.execute("DELETE FROM copied WHERE rank = ?", (rank,))
    connection.execute("DELETE FROM sketched WHERE rank = ?", (rank,))
    return [*again, *_leaning(connection, rank)]


def _leaning(connection: sqlite3.Connection, rank: int) -> Iterator[int]:
    return (row[0] for row in connection.execute("SELECT DISTINCT rank FROM copied WHERE of_rank = ?", (rank,)).fetchall())


def _compare(connection: sqlite3.Connection, shelf: _Shelf, ranks: set[int]) -> None:
    """Work out the copies in these reports, the earliest first, and again in those that lean on one where something changed."""
    there = "SELECT 1 FROM sketched WHERE rank = ?"  # of those that leant on a reading that is gone, some are gone too
    waiting = [rank for rank in ranks if connection.execute(there, (rank,)).fetchone()]
    shelf.look_up(waiting)
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
SELECT hash, rank, sentence, spread, length FROM json_each(?1) CROSS JOIN sketches ON hash = value
WHERE EXISTS (SELECT 1 FROM sketches WHERE hash = value LIMIT 1 OFFSET 1)
AND rank <= ifnull((SELECT rank FROM sketches WHERE hash = value ORDER BY rank LIMIT 1 OFFSET {EARLIEST - 1}), ?2)
ORDER BY hash, rank, sentence
"""  # of those that more than one sentence has


class _Shelf:
    """The sentences of reports, by rank, and those that are like them; a batch of reports has one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._line: dict[int, Line] = {}
        self._near: dict[int, dict[int, list[tuple[int, Line]]]] = {}  # of a report: for each of its lines, those that are like it

    def line(self, id: int) -> Line:
        if id not in self._line:
            self.fetch([id])
        return self._line[id]

    def lines(self, rank: int) -> tuple[Line, ...]:
        if rank not in self._lines:
            self.read([rank])
        return self._lines[rank]

    def read(self, ranks: Sequence[int]) -> None:
        """Have the sentences of these reports at hand."""
        told = [list(self._told(rank)) for rank in ranks]
        made = iter(sentences([text for rows in told for _, text in rows]))
        for rank, rows in zip(ranks, told, strict=True):
            self._lines[rank] = tuple(Line(id, next(made)) for id, _ in rows)
            self._line.update((line.id, line) for line in self._lines[rank])

    def _told(self, rank: int) -> Iterator[tuple[int, str]]:
        query = "SELECT reading, sections FROM sketched JOIN readings USING (reading) WHERE rank = ?"
        reading, sections = self.connection.execute(query, (rank,)).fetchone()
        apart = [(start, end) for kind, start, end, _ in json.loads(sections) if kind in APART]
        rows = self.connection.execute("SELECT sentence, start, text FROM sentences WHERE reading = ? ORDER BY start", (reading,))
        return ((id, text) for id, at, text in rows if not any(start <= at < end for start, end in apart))

    def fetch(self, ids: Iterable[int]) -> None:
        """Have these sentences at hand, to be compared."""
        wanted = sorted(set(ids) - self._line.keys())
        if not wanted:
            return
        query = "SELECT sentence, text FROM json_each(?) CROSS JOIN sentences ON sentence = value"
        held = dict(map(tuple, self.connection.execute(query, (json.dumps(wanted),))))
        self._line.update((id, Line(id, Sentence.unsketched(text))) for id, text in held.items())

    def copies(self, rank: int) -> Iterator[Copy]:
        """The copied sentences of one report, each with the earliest that it is a copy of; its own origin is not looked up here."""
        if rank not in self._near:
            self.look_up([rank])
        found: dict[int, Copy] = {}
        shared, weakly = Counter[int](), Counter[int]()
        near_of = self._near[rank]
        for line in (line for line in self.lines(rank) if line.id in near_of):
            near = [(r, other, degrees(line.sentence, other.sentence)) for r, other in near_of[line.id]]
            weakly.update({r for r, _, (_, in_company) in near if in_company})
            sure = [(r, other, alone) for r, other, (alone, _) in near if alone]
            shared.update({r for r, *_ in sure})
            if sure:
                r, other, alike = sure[0]
                found[line.id] = Copy(line.id, rank, other.id, r, other.id, alike)
        kin = sorted(r for r, number in weakly.items() if number >= WEAK or shared[r] >= COMPANY)[:KIN]
        for line in (line for line in self.lines(rank) if line.id not in found) if kin else ():
            if best := self._in_company(line, kin):
                found[line.id] = Copy(line.id, rank, best[1].id, best[0], best[1].id, best[2])
        yield from found.values()

    def look_up(self, ranks: Sequence[int]) -> None:
        """Find the earlier sentences that are like those of these reports: of each number of a sketch the EARLIEST that have it."""
        asked = [(rank, line.id, line.sentence) for rank in ranks for line in self.lines(rank)]
        self._near.update((rank, {}) for rank in ranks)
        pairs = may_be_alike(asked, self._first_of({mark for *_, one in asked for mark in one.sketch}), EARLIEST)
        self.fetch(id for _, _, id in pairs)
        for number, other_rank, id in pairs:
            rank, mine, sentence = asked[number]
            other = self._line[id]
            if alike(sentence, other.sentence, least=IN_COMPANY):
                self._near[rank].setdefault(mine, []).append((other_rank, other))

    def _first_of(self, marks: Iterable[int]) -> list[Mark]:
        run = self.connection.cursor()
        run.row_factory = None
        return run.execute(_FIRST_OF_MARK, (json.dumps(sorted(marks)), 2**63 - 1)).fetchall()

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

# --- credits


def credited(head: str, tail: str, author: str | None = None) -> str | None:
    """Whom a report names as the one whose text it prints: in its dateline, its last line, or as its author. Whether that is an agency, the
    registry knows.

    >>> credited("PORT ASH, May 3 (Reuters) - Rebels left.", "")
    'Reuters'
    >>> credited("Rebels left.", "It was quiet again. — AFP")
    'AFP'
    """
    for line in head.splitlines():
        if who := _filed_by(line.strip()):
            return who
    for line in reversed(tail.strip().splitlines()[-3:]):
        for form in _endings():
            if found := form.search(line):
                return found["who"]
    return author


def _filed_by(line: str) -> str | None:
    """The agency of a line's dateline; of "Reuters — " the name before the dash, which may be one."""
    found = dateline(line)
    if found and (found.agency or not found.certain):
        return found.agency or line[: found.places_end]
    return next((run_in.agency for _, run_in in run_in_datelines(line)), None)


@cache
def _endings() -> list[re.Pattern[str]]:
    return [re.compile(row["pattern"]) for row in load(FOLDER / "copies.yaml")["ending"]]
