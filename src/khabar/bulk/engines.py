"""Parts → how each went, as they are done: here, one after the other or on several processes, or on Daft, natively or on a Ray cluster.

An engine hands out parts and hands back what workers say. It may break off when a worker dies; who calls tries the rest again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from typing import Any

from khabar.bulk.parts import Part
from khabar.bulk.work import Done, Job, Worker
from khabar.errors import InputError
from khabar.exports.extras import needed
from khabar.shipped_places import sample_places
from khabar.workers import end_with_parent

Engine = Callable[[Job, Sequence[Part], int], Iterator[Done]]


class WorkerDied(Exception):
    """With what the engine says."""


def engine(name: str) -> Engine:
    """serial, daft, or ray://HOST:PORT, the address of a cluster."""
    if name == "serial":
        return serial
    if name == "daft" or name.startswith("ray://"):
        return lambda job, parts, workers: _daft(job, parts, workers, address=name if name != "daft" else None)
    raise InputError(f"{name!r} is no engine; expected serial, daft or ray://HOST:PORT", code="engine")


def serial(job: Job, parts: Sequence[Part], workers: int) -> Iterator[Done]:
    """This process, or several of this computer."""
    if workers == 1:
        worker = Worker(job)
        yield from map(worker.do, parts)
        return
    sample_places()  # all that is laid out once for an installation, before each worker begins to do so
    # Spawned, not forked: the model's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(job,)) as pool:
        try:
            yield from (future.result() for future in as_completed([pool.submit(_do, part) for part in parts]))
        except BrokenProcessPool as error:
            raise WorkerDied(str(error)) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_worker: Worker | None = None


def _start(job: Job) -> None:
    global _worker
    end_with_parent()
    _worker = Worker(job)


def _do(part: Part) -> Done:
    assert _worker is not None
    return _worker.do(part)


def _daft(job: Job, parts: Sequence[Part], workers: int, *, address: str | None) -> Iterator[Done]:
    daft = _started(address)
    table = daft.from_pydict({"part": [json.dumps(part.json()) for part in parts]})
    if address:
        table = table.into_partitions(len(parts))
    try:
        for row in _read(daft, table, job, workers).iter_rows():
            yield Done.of(row["done"])
    except RuntimeError as error:  # all that Daft says when one of its processes is gone
        raise WorkerDied(str(error).splitlines()[0]) from error


@cache
def _started(address: str | None) -> Any:
    """Daft with its runner, which can be set once in a process."""
    # Both tell their makers what they are used for, unless they are told not to before they are imported.
    os.environ.update(DO_NOT_TRACK="true", DAFT_ANALYTICS_ENABLED="0", RAY_USAGE_STATS_ENABLED="0", DAFT_PROGRESS_BAR="0")
    daft = needed("daft", "scale")
    if address:
        needed("ray", "ray")
        try:
            daft.set_runner_ray(address=address)
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(
                f"the cluster at {address} cannot be reached: {str(error).strip().splitlines()[0][:200]}", code="engine"
            ) from error
    else:
        daft.set_runner_native()
    return daft


def _read(daft: Any, table: Any, job: Job, workers: int) -> Any:
    """The table of what workers say, each a process of its own that loads the model once."""

    class Reads:
        def __init__(self, job: Job) -> None:
            self.worker = Worker(job)

        @daft.method.batch(return_dtype=daft.DataType.string(), batch_size=1)  # type: ignore[untyped-decorator]
        def do(self, parts: Any) -> list[str]:
            return [self.worker.do(Part.of(json.loads(part))).line() for part in parts.to_pylist()]

    workers_of = daft.cls(Reads, max_concurrency=workers, use_process=True)
    return table.select(workers_of(job).do(table["part"]).alias("done"))
