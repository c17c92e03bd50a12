"""Inputs → readings in input order, on any number of processes; and into a record.

A report is read alone, whatever the number of workers, so the result is the same bytes. A report that breaks a step becomes a Failure.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from khabar.actorfiles import own_files
from khabar.contract import Json
from khabar.copies import bring_up_to_date
from khabar.derivation import Derivation, derivation
from khabar.errors import KhabarError
from khabar.model import Failure, Reading, Report, Span
from khabar.naming import keep_files
from khabar.record import Record
from khabar.shipped_places import sample_places
from khabar.workers import end_with_parent

Reader = Callable[[Report], Reading]
Outcome = tuple[Reading, tuple[Span, ...]] | Failure
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Own:
    """What a user adds to the knowledge of the package: a file, or a folder, of rules and of actors."""

    rules: Path | None = None
    actors: Path | None = None


NOTHING_OWN = Own()

# What a fault in a rule or a model raises on one odd text.
FAULTS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError, RuntimeError, StopIteration)


@dataclass(slots=True)
class Tally:
    """How a build went."""

    read: int = 0
    new: int = 0
    claims: int = 0
    failed: int = 0
    warnings: int = 0


def build(
    record: Record,
    inputs: Iterable[Report | Failure],
    *,
    reader: Reader | None = None,
    own: Own = NOTHING_OWN,
    workers: int = 1,
    tally: Tally | None = None,
) -> Iterator[Tally]:
    """Read and keep each input; yields the tally so far after each. What this very program has read for the record is not read again.

    `reader`: reads one report, by default with all that is shipped and the user's `own`, whose actors the record keeps."""
    tally, derived = tally or Tally(), None if reader else derivation(own.rules, own.actors)
    fresh = _unread(record, inputs, derived, tally) if derived else inputs
    yield from keep(record, outcomes(fresh, reader=reader, own=own, workers=workers), own=own, derived=derived, tally=tally)


def keep(
    record: Record, found: Iterable[Outcome], *, own: Own = NOTHING_OWN, derived: Derivation | None = None, tally: Tally | None = None
) -> Iterator[Tally]:
    """Keep what was read; yields the tally so far after each, and at the end. `derived`: what it was read with."""
    tally = tally or Tally()
    keep_files(record.connection, own_files(own.actors))
    for outcome in found:
        if isinstance(outcome, Failure):
            _fail(record, outcome, tally)
        else:
            _keep(record, *outcome, derived, tally)
        yield tally
    yield tally
    bring_up_to_date(record.connection)


def prepare(record: Record) -> Iterator[str]:
    """Work out, beside the record, what questions are answered from, so that the first one is quick; yields what it turns to. What is
    there already is not worked out again."""
    from khabar.chronicle import Chronicle
    from khabar.histories import Histories
    from khabar.naming import registry_for

    yield "what bears on each place"
    histories = Histories(record, registry_for(record.connection))
    yield "who held each place, and what happened"
    with histories.refreshing() as refresh:
        Chronicle(histories.index, meanwhile=refresh)


def _unread(record: Record, inputs: Iterable[Report | Failure], derived: Derivation, tally: Tally) -> Iterator[Report | Failure]:
    for item in inputs:
        if isinstance(item, Failure) or not is_kept(record, item, derived, tally):
            yield item


def is_kept(record: Record, report: Report, derived: Derivation, tally: Tally) -> bool:
    """Whether what is read with `derived` in the report is in the record already; then it is counted."""
    if (claims := record.claims_read(report, derived)) is None:
        return False
    tally.read += 1
    tally.claims += claims
    return True


def _keep(record: Record, reading: Reading, sentences: tuple[Span, ...], derived: Derivation | None, tally: Tally) -> None:
    try:
        tally.new += record.add(reading, sentences=sentences, derived=derived)
    except (sqlite3.IntegrityError, LookupError) as error:
        _fail(record, Failure(reading.report.id, "record", f"what was read does not fit the record: {error}"), tally)
        return
    tally.warnings += len(reading.doubts)
    tally.read += 1
    tally.claims += len({claim.claim_id for claim in reading.claims})


def _fail(record: Record, failure: Failure, tally: Tally) -> None:
    record.add_failure(failure)
    tally.warnings += failure.warning
    tally.failed += not failure.warning


def outcomes(
    inputs: Iterable[Report | Failure], *, reader: Reader | None = None, own: Own = NOTHING_OWN, workers: int = 1
) -> Iterator[Outcome]:
    """A reading and the spans of its sentences for each report, in input order; failures in their places."""
    if workers > 1:
        yield from _in_processes(inputs, workers, own)
        return
    for item in inputs:
        reader = reader or shipped_reader(own)
        yield item if isinstance(item, Failure) else read_one(item, reader)


def explanations(inputs: Iterable[Report | Failure], *, own: Own = NOTHING_OWN) -> Iterator[Json | Failure]:
    """For each report what was read in it and why, as in `explaining.explain`; failures in their places."""
    from khabar.explaining import explain
    from khabar.reading import load_knowledge

    knowledge = load_knowledge(own.rules, own.actors)
    for item in inputs:
        yield item if isinstance(item, Failure) else guarded(item, lambda report: explain(report, knowledge))


def read_one(report: Report, reader: Reader) -> Outcome:
    """The reading without its parse, which is large and is not kept, or a Failure with the reason."""
    reading = guarded(report, reader)
    return reading if isinstance(reading, Failure) else (replace(reading, doc=None), sentences_of(reading))


def guarded(report: Report, make: Callable[[Report], Made]) -> Made | Failure:
    """What is made of a report, or a Failure with the reason: one bad report never stops a run."""
    try:
        return make(report)
    except KhabarError as error:
        return Failure(report.id, error.code, str(error))
    except FAULTS as error:
        return Failure(
            report.id, "reading", f"a step of the reading broke: {type(error).__name__}: {error}; please report it with the text"
        )


def sentences_of(reading: Reading) -> tuple[Span, ...]:
    """Spans of the report's sentences without the space around them; a claim's own span where it cuts the sentence otherwise."""
    if reading.doc is None:
        return ()
    claimed = {(claim.start, claim.end) for claim in reading.claims}
    spans = [_trimmed(reading.report.text, sentence.start_char, sentence.end_char) for sentence in reading.doc.sents]
    free = [span for span in spans if span[0] < span[1] and not any(span[0] < end and start < span[1] for start, end in claimed)]
    return tuple(sorted({*free, *claimed}))


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def shipped_reader(own: Own = NOTHING_OWN) -> Reader:
    """The reader with the model, registry, gazetteer and rules of the package, and the user's `own`; the heavy imports happen here."""
    from khabar.reading import load_knowledge, read

    knowledge = load_knowledge(own.rules, own.actors)
    return lambda report: read(report, knowledge)


_AHEAD = 4  # reports handed out per worker: enough to keep all busy, few enough to hold in memory


def _in_processes(inputs: Iterable[Report | Failure], workers: int, own: Own) -> Iterator[Outcome]:
    waiting: deque[Future[Outcome] | Failure] = deque()
    sample_places()  # all that is laid out once for an installation, before each worker begins to do so
    # Spawned, not forked: the model's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(own,)) as pool:
        try:
            for item in inputs:
                waiting.append(item if isinstance(item, Failure) else pool.submit(_read_in_worker, item))
                if len(waiting) >= workers * _AHEAD:
                    yield _done(waiting.popleft())
            while waiting:
                yield _done(waiting.popleft())
        except BrokenProcessPool as error:
            raise KhabarError(
                "a worker process died, perhaps for want of memory; run again with fewer --workers: what is read is kept"
            ) from error
        finally:
            if waiting:  # told to stop: the reports handed out are not waited for
                pool.shutdown(wait=False, cancel_futures=True)


def _done(item: Future[Outcome] | Failure) -> Outcome:
    return item if isinstance(item, Failure) else item.result()


_reader: Reader | None = None


def _start_worker(own: Own) -> None:
    global _reader
    end_with_parent()
    _reader = shipped_reader(own)


def _read_in_worker(report: Report) -> Outcome:
    assert _reader is not None
    return read_one(report, _reader)
