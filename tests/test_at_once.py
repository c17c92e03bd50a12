"""Two programs work on one record at once: whatever the one does between any two steps of the other, what is kept beside the record is what
the record gives."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from khabar.contested import all_disputes
from khabar.copies import bring_up_to_date
from khabar.errors import OutdatedError
from khabar.record import Record
from khabar.reviews import signed
from khabar.verifying import kept_beside
from khabar.view import View
from test_histories import REGISTRY, START, contested, kept, readings_of

STRIDE = 1 if "KHABAR_EXAMPLES" in os.environ else 3  # before each of 90 statements; the moments at which it went wrong were 7 long and 8
SAID = {"sentence": "Green Front fighters took Oakford from the Red Army on Sunday, as all who saw it say."}


def row(holder: str, loser: str | None, place: str, days: int, more: dict[str, str] | None = None) -> tuple[object, ...]:
    return "capture", holder, loser, place, str(START + timedelta(days)), [], more or {}


READINGS = readings_of(
    [
        ("Harbour Post", START + timedelta(2), 1, [row("Green Front", "Red Army", "Oakford", 1, SAID)]),
        ("Hill Gazette", START + timedelta(2), 2, [row("Blue Brigade", None, "Pinewell", 1)]),
        ("State Voice", START + timedelta(4), 3, [row("Red Army", "Blue Brigade", "Pinewell", 3)]),
        ("Green Radio", START + timedelta(1), 4, [row("Green Front", "Red Army", "Oakford", 1, SAID)]),  # earlier: the first is its copy
        ("State Voice", START + timedelta(5), 5, [row("Red Army", "Green Front", "Oakford", 4), row("Red Army", None, "Pinewell", 4)]),
    ]
)


@contextmanager
def between(connection: sqlite3.Connection, step: int, act: Callable[[], None]) -> Iterator[list[int]]:
    """Before the statement of that number which `connection` begins outside a transaction, `act`. → the statements that were met."""
    met: list[int] = []
    errors: list[Exception] = []

    def traced(_: str) -> None:
        if connection.in_transaction:
            return
        met.append(len(met))
        if met[-1] == step:
            try:
                act()
            except Exception as error:  # SQLite would swallow it
                errors.append(error)

    connection.set_trace_callback(traced)
    yield met
    connection.set_trace_callback(None)
    assert not errors, errors


def begun(folder: Path) -> Path:
    """A record of three reports, of which what was asked after two is kept beside it."""
    path = folder / "begun.khabar"
    with kept(path, READINGS[:2]) as record:
        everything_of(record)
        record.add(READINGS[2])
    return path


def everything_of(record: Record) -> None:
    view = View(record, REGISTRY)
    all_disputes(view)
    view.kept("a question", lambda: [{"incidents": [one.id for one in view.chronicle.all()]}])


def adds(path: Path) -> None:
    """A build that was told to work nothing out."""
    with Record.create(path) as record:
        record.add(READINGS[3])
        record.add(READINGS[4])
        bring_up_to_date(record.connection)


def adds_and_asks(path: Path) -> None:
    """A build, and the question after it."""
    adds(path)
    with Record.open(path) as record:
        everything_of(record)


def is_interrupted(path: Path) -> None:
    """A build that is killed before what it copied from is worked out; questions work that out aside."""
    with Record.create(path) as record:
        record.add(READINGS[3])
    with Record.open(path) as record:
        everything_of(record)


def reviews(path: Path) -> None:
    """An analyst, who then asks."""
    with Record.create(path) as record:
        record.add_review(signed(READINGS[0].claims[0].claim_id, "reject", by="J. Doe", reason="not so"))
        everything_of(record)


@pytest.mark.parametrize("act", [adds, adds_and_asks, is_interrupted, reviews], ids=lambda act: act.__name__)
@pytest.mark.parametrize("opened", [Record.open, Record.create], ids=["a question", "a build"])
def test_whenever_another_program_writes_nothing_outdated_is_kept(
    opened: Callable[[Path], Record], act: Callable[[Path], None], tmp_path: Path
) -> None:
    start, path = begun(tmp_path), tmp_path / "war.khabar"
    step, last = 0, 1
    while step < last:
        for ending in ("", "-derived"):
            shutil.copy(f"{start}{ending}", f"{path}{ending}")
        with opened(path) as record, between(record.connection, step, lambda: act(path)) as met, suppress(OutdatedError):
            everything_of(record)
        with Record.open(path) as record:
            assert not [fault for _, fault in kept_beside(record, REGISTRY) if fault], step
            contested(View(record, REGISTRY))
        for ending in ("-wal", "-shm", "-derived-wal", "-derived-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        step, last = step + STRIDE, max(last, len(met))
    assert last > 10
