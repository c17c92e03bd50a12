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
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from khabar import beside
from khabar.contract import Json, line
from khabar.errors import OutdatedError
from khabar.gazetteer import ids_called
from khabar.naming import registry_for
from khabar.publication import NOTHING, Withholding, withholding
from khabar.record import Record, quoted
from khabar.server.elsewhere import Elsewhere
from khabar.server.opened import Earlier, Opened, points_since
from khabar.server.packing import Packed, Shelf, packed
from khabar.server.states import KEPT_PACKED
from khabar.server.turns import Turns
from khabar.view import View

KEPT_BYTES = 32_000_000  # of answers in memory: fifty maps of a day of 10,000 places
KEPT_BESIDE = 1_000  # bytes of memory that an answer takes beside its own: who asks for a million short ones must not fill it
KEPT_VIEWS = 4  # days of knowledge that stay derived; each of a record of 10⁵ claims takes some 300 MB
KEPT_LINES = 2_000  # places of a view whose evidence stays weighed
SMALL = 1_000  # bytes below which compression costs more than it saves

Asking = tuple[Hashable, date | None]
"""The address of an answer, and the day by which what it tells was known."""
Made = TypeVar("Made")

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
        return opened.coarse(make(opened))

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
        return Opened(view, points_since(view, held), held, self._shelf, earlier)

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
