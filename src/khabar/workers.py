"""Batches of work → what is made of each, in their order, by several processes that each open the record for themselves."""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Context = TypeVar("Context")
Batch = TypeVar("Batch")
Made = TypeVar("Made")

Meanwhile = Callable[[], Callable[[], None]]
"""Begins what can be done while others work; what it gives, called when there is nothing else to do, waits for its end."""

WORKERS = 4
AHEAD = 3  # batches for each process that are handed out before the first is taken back: what is made must not pile up


class Crew(Generic[Context]):
    """Processes for several steps, started when the first step has work for them. `opened`: what each process works with; it and what is to
    be done must be found by their names in any process. `spared`: how many cores are left to the caller, if there are more."""

    def __init__(self, opened: Callable[[], Context], *, spared: int = 0) -> None:
        self._opened, self._spared = opened, spared
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew[Context]:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """End the processes; the next step that has work for them starts others."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
            give_back()

    def made(self, do: Callable[[Context, Batch], Made], batches: Iterable[Batch], *, ahead: int = AHEAD) -> Iterator[Made]:
        """What is made of each batch, in their order. The first, `ahead` for each process, are handed out before any is asked for."""
        batches = iter(batches)
        return self._taken_back(do, batches, deque(self._handed_out(do, batch) for batch in islice(batches, ahead * at_hand())))

    def _taken_back(self, do: Callable[[Context, Batch], Made], batches: Iterable[Batch], waiting: deque[Future[Made]]) -> Iterator[Made]:
        for batch in batches:
            waiting.append(self._handed_out(do, batch))
            yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _handed_out(self, do: Callable[[Context, Batch], Made], batch: Batch) -> Future[Made]:
        with as_nobody():
            return self._started().submit(partial(_done, do), batch)

    def _started(self) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor  # only where there is much to do: a question is asked without them
        from multiprocessing import get_context

        if self._pool is None:
            # As bytes: what is begun has read all of it before it imports anything, and only then the next is begun.
            opened = pickle.dumps(self._opened)
            self._pool = ProcessPoolExecutor(
                max(1, at_hand() - self._spared), mp_context=get_context("spawn"), initializer=_open, initargs=(opened,)
            )
        return self._pool


def at_hand() -> int:
    """How many processes can work at once; with one, none need be started."""
    return min(os.cpu_count() or 1, WORKERS)


@contextmanager
def as_nobody() -> Iterator[None]:
    """A process that is started here does not run the caller's script again, which may ask its questions without a guard for that."""
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = caller


@contextmanager
def no_collection() -> Iterator[None]:
    """Millions of rows and claims come and go, none in a circle of references: looking for circles takes up to a fifth of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def give_back() -> None:
    """Have the C library let go of memory that is free: what a thread took in from other processes glibc keeps when it is let go, 430 MB
    after all histories of a million claims."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def end_with_parent() -> None:
    """From now on, end once the process that began this one has. A program that is killed cannot end those that it began, and they would
    wait for ever for more to do."""
    Thread(target=_ended_with_parent, daemon=True).start()


def _ended_with_parent() -> None:
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)


YOUNG = 100_000  # objects, more than went, after which new ones are looked through: with Python's 700, accounts take a fifth longer to make

_context: list[object] = []


def _open(opened: bytes) -> None:
    end_with_parent()
    atexit.register(os._exit, 0)  # what it holds need not be taken apart, for which whoever began it would wait
    _context[:] = [pickle.loads(opened)()]
    gc.freeze()
    gc.set_threshold(YOUNG)


def _done(do: Callable[[Context, Batch], Made], batch: Batch) -> Made:
    return do(_context[0], batch)  # type: ignore[arg-type]  # what `opened` gave
