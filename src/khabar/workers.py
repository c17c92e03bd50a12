"""Batches of work → what is made of each, in their order, by several processes that each open the record for themselves."""

from __future__ import annotations

import gc
import os
import pickle
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from khabar.errors import KhabarError, RecordError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Context = TypeVar("Context")
Batch = TypeVar("Batch")
Made = TypeVar("Made")

WORKERS = 4
AHEAD = 3  # batches for each process that are at work or made before their turn: what is made must not pile up
GARBAGE = 100_000  # new objects after which a process looks for circles of references: there are few, and looking took a tenth of its time


class Crew(Generic[Context]):
    """Processes for several steps, started when the first step has work for them. `opened`: what each process works with; it and what is to
    be done must be found by their names in any process.

    Whoever hands work out does so between two things of his own, and has no thread for it: a thread would take the interpreter from him at
    each row that he writes into SQLite, and writing took six times as long beside one."""

    def __init__(self, opened: Callable[[], Context]) -> None:
        self._opened = opened
        self._at: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Crew[Context]:
        return self

    def __exit__(self, *_: object) -> None:
        for connection, process in self._at.items():
            connection.close()
            process.terminate()  # it has written nothing
            process.join()
        self._at.clear()

    def made(self, do: Callable[[Context, Batch], Made], batches: Iterable[Batch]) -> Iterator[Made]:
        """What is made of each batch, in their order; an error of a user's in the place of what it kept from being made."""
        from multiprocessing.connection import wait

        numbered, due = enumerate(batches), 0
        idle: list[Connection] = list(self._started())
        at_work: dict[Connection, int] = {}
        done: dict[int, bytes] = {}

        def hand_out() -> None:
            while idle and len(at_work) + len(done) < AHEAD * len(self._at) and (following := next(numbered, None)):
                number, batch = following
                idle[-1].send_bytes(pickle.dumps((do, batch), pickle.HIGHEST_PROTOCOL))
                at_work[idle.pop()] = number

        hand_out()
        while at_work or done:
            for one in cast("list[Connection]", wait(list(at_work), timeout=0 if due in done else None)):
                done[at_work.pop(one)] = _received(one)
                idle.append(one)
            hand_out()
            if due in done:
                made = pickle.loads(done.pop(due))
                if isinstance(made, _Failure):
                    raise made.error
                due += 1
                yield made

    def _started(self) -> Iterable[Connection]:
        from multiprocessing import get_context  # only where there is much to do: a question is asked without them

        context = get_context("spawn")
        while len(self._at) < at_hand():
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, self._opened), daemon=True)
            with _as_nobody():
                process.start()
            theirs.close()
            self._at[ours] = process
        return self._at


def at_hand() -> int:
    """How many processes can work at once; with one, none need be started."""
    return min(os.cpu_count() or 1, WORKERS)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """A process that is started here does not run the caller's script again, which may ask its questions without a guard for that."""
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = caller


class _Failure:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _received(connection: Connection) -> bytes:
    try:
        return connection.recv_bytes()
    except (EOFError, OSError) as error:
        raise RecordError("a process at work on the record ended before its time; was it killed, or is memory short? ask again") from error


def _work(connection: Connection, opened: Callable[[], Context]) -> None:
    """What a process does: what it is sent, until nobody sends more."""
    gc.set_threshold(GARBAGE)
    context: list[Context] = []
    while True:
        try:
            do, batch = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            context = context or [opened()]
            made = do(context[0], batch)
        except (KhabarError, sqlite3.Error, OSError) as error:
            made = _Failure(error)
        connection.send_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
