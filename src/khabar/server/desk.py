"""A record file → answers as bytes, worked out once and kept until the file changes.

All reading of the record is done in one thread: SQLite's connections do not cross threads, and two derivations at once are slower than one
after the other. Answers that are kept are served without it; those who ask the same wait for one working-out. Where another program writes
while many read, an answer that takes long is given for some seconds more as it was, and what readers have to wait for is worked out first.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from khabar import awaiting, beside, holdings
from khabar.citing import cited
from khabar.contested import Kept, all_disputes
from khabar.contract import Json, line
from khabar.coverage import By, coverage, summed
from khabar.errors import OutdatedError
from khabar.gazetteer import ids_called
from khabar.holdings import Turn, turns
from khabar.informants import informants
from khabar.keeping import Outline
from khabar.model import Review
from khabar.naming import registry_for
from khabar.publication import NOTHING, Withholding, withholding
from khabar.record import Record, quoted
from khabar.registry import Registry
from khabar.searching import Key, Sought, keys, read
from khabar.server.elsewhere import Elsewhere
from khabar.server.packing import Packed, Shelf, packed
from khabar.server.rows import Rows
from khabar.server.states import KEPT_PACKED, States
from khabar.server.turns import Turns
from khabar.ties import Tie
from khabar.view import Shared, View

KEPT_BYTES = 32_000_000  # of answers in memory: fifty maps of a day of 10,000 places
KEPT_BESIDE = 1_000  # bytes of memory that an answer takes beside its own: who asks for a million short ones must not fill it
KEPT_VIEWS = 4  # days of knowledge that stay derived; each of a record of 10⁵ claims takes some 300 MB
KEPT_LINES = 2_000  # places of a view whose evidence stays weighed
SMALL = 1_000  # bytes below which compression costs more than it saves

Asking = tuple[Hashable, date | None]
"""The address of an answer, and the day by which what it tells was known."""
Point = tuple[float, float]
Made = TypeVar("Made")

KEPT_KEYS = 1_000_000  # of claims that were asked for
PATIENCE = 0.1  # seconds that a reader waits for a new answer while there is one that was right LATE seconds ago; of many, shared
LATE = 30.0


@dataclass(frozen=True)
class Body:
    """An answer, ready to send: as it is where it is short, packed where it is long. `tag` identifies its bytes."""

    content: bytes
    is_packed: bool
    tag: str

    @classmethod
    def of(cls, value: object) -> Body:
        if isinstance(value, Packed):
            content, is_packed = value.content, True
        else:
            plain = value if isinstance(value, bytes) else line(value).encode("utf-8", "replace")
            is_packed = len(plain) > SMALL
            content = packed(plain) if is_packed else plain
        return cls(content, is_packed, hashlib.sha256(content).hexdigest()[:32])

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.content) if self.is_packed else self.content


@dataclass
class Earlier:
    """What was worked out of the record as it was, known by one day: of what a change does not touch nothing is worked out again."""

    shared: Shared = field(default_factory=OrderedDict)  # see View
    outlines: dict[int, Outline] = field(default_factory=dict)
    said: Sequence[Tie] = ()
    turn: int = 0  # of what was said
    states: States | None = None
    told: object = None  # how exactly the states tell of points


@dataclass
class Opened:
    """A record as known by a day, what follows from it, and the points that are not to be told exactly."""

    view: View
    recent: frozenset[Point]
    held: Withholding = NOTHING
    shelf: Shelf = field(default_factory=lambda: Shelf(KEPT_PACKED))
    earlier: Earlier = field(default_factory=Earlier)

    @cached_property
    def states(self) -> States:
        before, told = self.earlier, (self.held, self.recent)
        same = before.states if before.told == told else None
        found = States.of(self.view, self.shelf, seen=self.seen, coarse=self.coarse, before=same)
        before.states, before.told = found, told
        return found

    def seen(self, point: Point) -> Point:
        """A point as it may be told."""
        return (self.held.grid(point[0]), self.held.grid(point[1])) if point in self.recent else point

    def coverage(self, by: By, first: date | None, last: date | None) -> Sequence[Json]:
        """By day, counted once for all questions and pages."""
        if by != "day":
            return summed(coverage(self.view, first=first, last=last), by)
        return [row for row in self._covered if (first or date.min) <= row["day"] <= (last or date.max)]

    @cached_property
    def _covered(self) -> list[Json]:
        return list(coverage(self.view))

    def claims(self, sought: Sought) -> list[Key]:
        """Looked for once for all pages of what is asked, and for some questions at a time; read as they are shown."""
        if sought not in self._found:
            self._found[sought] = keys(self.view, sought)
            while len(self._found) > 1 and sum(map(len, self._found.values())) > KEPT_KEYS:
                self._found.popitem(last=False)
        self._found.move_to_end(sought)
        return self._found[sought]

    _found: OrderedDict[Sought, list[Key]] = field(default_factory=OrderedDict, init=False)

    def changes(self, first: date, last: date) -> list[Turn]:
        """Looked for once, and told of on each page anew; QuestionError where the days are the wrong way round."""
        if first > last:
            return turns(self.view, first, last)
        return [turn for turn in self._turns if first.isoformat() <= turn.date_end <= last.isoformat()]

    def changed(self, found: Sequence[Turn]) -> list[bytes]:
        """What is told of these changes."""

        def make(numbers: list[int]) -> Iterator[tuple[Json, list[str]]]:
            for row in holdings.change_rows(self.view, [found[number] for number in numbers]):
                yield self.coarse(row), [*row["for"], *row["against"]]

        return self._rows("changes").told([(turn, self._editions.get(turn.key, self)) for turn in found], self._reviews, make)

    @cached_property
    def _editions(self) -> dict[str, bytes]:
        """Hashes of the histories of places, as they are kept."""
        if self.view.known_by:
            return {}
        rows = self.view.histories.run.execute("SELECT place, history FROM derived.histories")
        return {place: blake2b(history.encode("utf-8", "surrogatepass"), digest_size=16).digest() for place, history in rows}

    def cited(self, found: Sequence[Key]) -> list[bytes]:
        """These claims, each with its citation, how far its innermost speaker is relied on and why, and the sides that this one is on."""

        def make(numbers: list[int]) -> Iterator[tuple[Json, list[str]]]:
            for item in read(self.view, [found[number] for number in numbers]):
                yield self.coarse(cited(self.view, item)), [item.claim.claim_id]

        return self._rows("claims").told([(key, self._bonds) for key in found], self._reviews, make)

    @cached_property
    def _bonds(self) -> int:
        """Another number once reports tell otherwise of who belongs to whom: by that claims are graded."""
        if self.earlier.said != self.view.ties.said:
            self.earlier.said, self.earlier.turn = self.view.ties.said, self.earlier.turn + 1
        return self.earlier.turn

    def contested(self, at: slice) -> list[bytes]:
        """Some of the disputes."""
        if isinstance(self.disputes, Kept) and not self.recent:
            return [text.encode("utf-8", "replace") for text in self.disputes.texts(at)]
        return [line(self.coarse(one)).encode("utf-8", "replace") for one in self.disputes[at]]

    def _rows(self, name: str) -> Rows:
        return self.view.of_arrivals((name, self.held, self.recent), Rows)

    @property
    def _reviews(self) -> Mapping[str, Review]:
        return self.view.bearing.rulings.claims

    def coarse(self, value: Any) -> Any:
        """An answer as it may be told."""
        return _coarse(value, self.held, self.recent)

    @cached_property
    def _turns(self) -> list[Turn]:
        return turns(self.view, date.min, date.max)

    @cached_property
    def outlines(self) -> list[tuple[int, Outline]]:
        """What a question asks of each incident; an incident of a large record is read when it is shown."""
        found = self.view.chronicle.outlines(self.earlier.outlines)
        self.earlier.outlines = dict(found)
        return found

    @cached_property
    def queue(self) -> list[awaiting.Waiting]:
        return awaiting.queue(self.view)

    @property
    def registry(self) -> Registry:
        return registry_for(self.view.record.connection)

    @cached_property
    def informants(self) -> list[Json]:
        return informants(self.view)

    @cached_property
    def disputes(self) -> Sequence[Json]:
        return all_disputes(self.view)


@dataclass
class Asked:
    """An answer that is being worked out. `stamp`: of the record that it is worked out from, None while it waits for its turn.
    `is_awaited`: does a reader wait who was given no earlier one?"""

    stamp: object = None
    is_awaited: bool = False
    task: asyncio.Task[Body] = field(init=False)


@dataclass
class Desk:
    """What the server asks. `public`: what is recent is held back, and nothing can be written."""

    path: Path
    public: bool = True
    today: Callable[[], date] = date.today
    elsewhere: Elsewhere | None = None  # where answers are worked out, if not here
    late: float = LATE
    most: int = KEPT_BYTES
    _worker: ThreadPoolExecutor | None = None
    _line: Turns = field(default_factory=Turns)  # of those who would have the worker
    _packer: ThreadPoolExecutor | None = None  # one: each thread that packs keeps a heap of its own
    _kept: OrderedDict[object, Body] = field(default_factory=OrderedDict)
    _open: OrderedDict[object, Opened] = field(default_factory=OrderedDict)
    _asked: dict[object, Asked] = field(default_factory=dict)  # what is being worked out
    _shelf: Shelf = field(default_factory=lambda: Shelf(KEPT_PACKED))  # of the worker
    _earlier: dict[object, Earlier] = field(default_factory=dict)  # of the worker, by the day of knowledge
    _since: float | None = None  # when the worker began what it is at
    _is_outdated: bool = False  # what the worker has open
    _is_redacted: bool = False  # something that the worker has at hand, perhaps
    _old: dict[object, tuple[float, Body]] = field(default_factory=dict)  # until when it was right at least, and what
    _withheld: Withholding | None = None
    _size: int = 0
    _stamp: object = None
    _seen: float = 0.0  # when the file was last looked at
    _forgot: float = 0.0  # when what was kept was last let go
    _blanked: int = 0  # redactions in the record
    _turns: int = 0  # times from which on nothing of before may be given

    def stamp(self) -> tuple[object, ...]:
        """Another one once the file has changed, or the day where something is held back by the day."""
        files = [self.path, self.path.with_name(self.path.name + "-wal")]
        times = [(file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists()]
        return (*times, self.today() if self.public else None)

    async def answer(self, address: Hashable, make: Callable[[Opened], object], known_by: date | None) -> Body:
        """The kept answer under that address, or the one that `make` gives for the record as known by that day.

        Where another program has changed the record, and the new answer is not there at once, the one of some seconds ago; never after what
        was decided here, and never what was redacted.
        """
        self._keep_up()
        key = address, known_by
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        asked = self._asked.get(key)
        if asked is None or asked.stamp not in (None, self._stamp):
            asked = self._asked[key] = Asked()
            asked.task = asyncio.ensure_future(self._worked_out(key, asked, make))
        right, old = self._old.get(key, (0.0, None))
        if old and time.monotonic() - right < self.late:
            done, _ = await asyncio.wait([asked.task], timeout=PATIENCE / max(1, len(self._line)))
            if not done:
                return old
        asked.is_awaited = True
        return await asyncio.shield(asked.task)

    async def _worked_out(self, key: Asking, asked: Asked, make: Callable[[Opened], object]) -> Body:
        turn = self._turns
        try:
            begun, value = await self._work(lambda: self._make(key, asked, make), is_awaited=lambda: asked.is_awaited)
            body = await self._packed(value)
        finally:
            if self._asked.get(key) is asked:
                del self._asked[key]
        if asked.stamp == self._stamp:  # what was asked of the record as it was is not kept for the record as it is
            self._keep(key, body)
        elif turn == self._turns:
            self._old[key] = begun, body
        return body

    async def write(self, act: Callable[[Opened, Record], Json]) -> Json:
        """What `act` makes of the record as it stands today, open for writing beside it."""
        self._keep_up()
        made = await self._work(lambda: self._write(act))
        self._forget(self.stamp())
        self._turn()
        return made

    async def _work(self, act: Callable[[], Made], *, is_awaited: Callable[[], bool] = lambda: True) -> Made:
        self._worker = self._worker or ThreadPoolExecutor(1, "record")
        async with self._line.turn(is_awaited):
            return await asyncio.get_running_loop().run_in_executor(self._worker, act)

    async def _packed(self, value: bytes | Packed) -> Body:
        """Packing needs no record, and the next question can be worked out meanwhile."""
        self._packer = self._packer or ThreadPoolExecutor(1, "packing")
        return await asyncio.get_running_loop().run_in_executor(self._packer, Body.of, value)

    def _keep_up(self) -> None:
        if (stamp := self.stamp()) != self._stamp:
            self._forget(stamp)
        self._seen = time.monotonic()
        if self._old and self._seen - self._forgot > self.late:
            self._old.clear()

    def close(self) -> None:
        """Let the record go; the next question opens it again."""
        if self.elsewhere:
            self.elsewhere.end()
        if self._worker:
            self._worker.submit(self._close_views)
            self._worker.shutdown()
            self._worker, self._line = None, Turns()
        if self._packer:
            self._packer.shutdown()
            self._packer = None

    def progress(self) -> Json:
        """For how long it has been at an answer, and what is left of the histories of places (see `api.Progress`)."""
        since = self._since
        left, places = (beside.progress(self.path) if since else None) or (None, None)
        return {"seconds": time.monotonic() - since if since else None, "left": left, "places": places}

    def _make(self, key: Asking, asked: Asked, make: Callable[[Opened], object]) -> tuple[float, bytes | Packed]:
        asked.stamp, begun = self._stamp, time.monotonic()  # before what is outdated is let go: what follows is not older than that
        self._let_go()
        self._since = begun
        (address, known_by) = key
        try:
            if self.elsewhere and isinstance(address, tuple):
                answer = self.elsewhere.answer(*address)
                return begun, Packed(answer.content) if answer.is_packed else answer.content
            value = self._made(make, known_by)
        except (OutdatedError, sqlite3.OperationalError):  # another program, or another day, has made the file beside the record anew
            self._close_views()
            value = self._made(make, known_by)
        finally:
            self._since = None
        return begun, value if isinstance(value, bytes | Packed) else line(value).encode("utf-8", "replace")

    def _made(self, make: Callable[[Opened], object], known_by: date | None) -> object:
        held = self._held()
        opened = self._ready(min((d for d in (known_by, held.known_by) if d), default=None), held)
        return _coarse(make(opened), held, opened.recent)

    def _write(self, act: Callable[[Opened, Record], Json]) -> Json:
        self._let_go()
        with Record.create(self.path) as record:
            return act(self._ready(None, NOTHING), record)

    def _ready(self, day: date | None, held: Withholding) -> Opened:
        if day not in self._open:
            self._open[day] = self._opened(day, held)
        self._open.move_to_end(day)
        return self._open[day]

    def _opened(self, day: date | None, held: Withholding) -> Opened:
        while len(self._open) >= KEPT_VIEWS:
            self._open.popitem(last=False)[1].view.record.connection.close()
        record = Record.open(self.path)
        earlier = self._earlier.pop(day, None) or Earlier()
        view = View(record, registry_for(record.connection), day, ids_called, most_lines=KEPT_LINES, shared=earlier.shared)
        return Opened(view, _recent(view, held), held, self._shelf, earlier)

    def _held(self) -> Withholding:
        if not self.public:
            return NOTHING
        if self._withheld is None:
            with Record.open(self.path) as record:
                days = [row[0] for row in record.connection.execute("SELECT published FROM reports")]
            self._withheld = withholding([date.fromisoformat(day) if day else None for day in days], self.today())
        return self._withheld

    def _keep(self, key: object, body: Body) -> None:
        if key in self._kept:
            self._size -= _room(self._kept.pop(key))
        self._kept[key] = body
        self._size += _room(body)
        while self._size > self.most and len(self._kept) > 1:
            self._size -= _room(self._kept.popitem(last=False)[1])

    def _forget(self, stamp: object) -> None:
        recent = {key: (right, body) for key, (right, body) in self._old.items() if time.monotonic() - right < self.late}
        self._old = recent | {key: (self._seen, body) for key, body in self._kept.items()}
        self._forgot = time.monotonic()
        self._is_outdated = True  # before the stamp: the worker reads them the other way round
        self._stamp, self._size = stamp, 0
        self._kept.clear()
        if (blanked := redacted(self.path)) != self._blanked:
            self._blanked, self._is_redacted = blanked, True
            self._turn()
        if self._worker:
            self._worker.submit(self._let_go)

    def _let_go(self) -> None:
        if self._is_outdated:
            self._is_outdated = False
            self._close_views()
        if self._is_redacted:
            self._is_redacted = False
            self._shelf.clear()
            self._earlier.clear()

    def _turn(self) -> None:
        self._turns += 1
        self._old.clear()

    def _close_views(self) -> None:
        self._withheld = None
        if self._open:
            self._earlier = {day: opened.earlier for day, opened in self._open.items()}
        while self._open:
            self._open.popitem()[1].view.record.connection.close()


def _room(body: Body) -> int:
    """Bytes that an answer takes in memory."""
    return len(body.content) + KEPT_BESIDE


def redacted(path: Path) -> int:
    """How many redactions a record holds, asked without waiting."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{quoted(path)}?mode=ro", uri=True, timeout=0)) as connection:
        return int(connection.execute("SELECT count(*) FROM redactions").fetchone()[0])
    return 0  # the table is made with the first of them


def _recent(view: View, held: Withholding) -> frozenset[Point]:
    """The points of places told of since the day from which they are coarsened."""
    if held.coarse_since is None:
        return frozenset()
    places = (item.claim.place for item in view.record.told() if item.known is None or item.known >= held.coarse_since)
    return frozenset((p.latitude, p.longitude) for p in places if p and p.latitude is not None and p.longitude is not None)


def _coarse(value: Any, held: Withholding, recent: frozenset[Point]) -> Any:
    """The answer with those points on the grid, wherever they stand in it."""
    if not recent:
        return value
    if isinstance(value, list):
        if len(value) == 2 and isinstance(value[0], float) and (value[1], value[0]) in recent:
            return [held.grid(degrees) for degrees in value]
        return [_coarse(item, held, recent) for item in value]
    if isinstance(value, dict):
        made = {name: _coarse(item, held, recent) for name, item in value.items()}
        if (made.get("latitude"), made.get("longitude")) in recent:
            made |= {name: held.grid(made[name]) for name in ("latitude", "longitude")}
        return made
    return value
