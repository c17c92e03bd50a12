"""Rows of a dataset → the rows of their readings, in their order; of a long file by several processes, while the caller writes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context

from khabar.dataset_claims import Coder
from khabar.dataset_files import Row
from khabar.datasets import named
from khabar.gazetteer import Gazetteer
from khabar.registry import Registry
from khabar.rows import Rows, as_rows

MANY = 4_000_000  # bytes of a file for which it pays to start processes: they begin within two seconds
BATCH, AHEAD = 200, 6  # rows in a batch; batches that are read before they are asked for
WORKERS = 2  # one writer is as fast as two readers


@dataclass(frozen=True, slots=True)
class Coded:
    """A row with the hash of its original; its reading as a record keeps it, or `why` it is no event. None for a blank row and for the
    heading."""

    number: int
    original: bytes
    digest: str
    rows: Rows | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What makes readings: the columns of the file, its layout, whose word it is, and what names are looked up in."""

    columns: list[str]
    layout: str
    speaker: str
    published: date | None
    registry: Registry
    gazetteer: Gazetteer

    def coder(self) -> Coder:
        return Coder(self.layout, self.speaker, self.published, self.registry, self.gazetteer)


def coded(rows: Iterator[Row], work: Work, *, size: int) -> Iterator[Coded]:
    """The rows of a file of that size."""
    if size < MANY or (os.cpu_count() or 1) < 2:
        yield from _coded(rows, work, work.coder())
        return
    waiting: deque[Future[list[Coded]]] = deque()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_start, initargs=(work,)) as pool:
        while True:
            while len(waiting) < AHEAD and (batch := list(islice(rows, BATCH))):
                waiting.append(pool.submit(_batch, batch))
            if not waiting:
                return
            yield from waiting.popleft().result()


def _coded(rows: Iterable[Row], work: Work, coder: Coder) -> Iterator[Coded]:
    for row in rows:
        digest = sha256(row.original).hexdigest()
        if row.number == 1 or not any(row.cells):
            yield Coded(row.number, row.original, digest)
            continue
        try:
            rows_kept = as_rows(*coder.reading(row, named(work.columns, row)))
        except (ValueError, OverflowError) as error:
            yield Coded(row.number, row.original, digest, why=str(error) or repr(error))
        else:
            yield Coded(row.number, row.original, digest, rows_kept)


_here: tuple[Work, Coder] | None = None


def _start(work: Work) -> None:
    global _here
    _here = work, work.coder()


def _batch(rows: list[Row]) -> list[Coded]:
    assert _here is not None
    return list(_coded(rows, *_here))
