"""Disks that are full, files that may not be written to, power cuts, two writers, clocks that were set back."""

from __future__ import annotations

import os
import random
import resource
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from torture import desk, kills

NOBODY = 65534


def full(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """No file may grow beyond a random size: what SQLite sees is a disk that is full."""
    chance, works = random.Random(seed), kills.works(folder)
    work = folder / "work.khabar"
    for name, (start, commands) in works.items():
        desk.copied(start or folder / "none", work)
        desk.done(*commands)
        whole, most, failed = desk.dump(work), work.stat().st_size, 0
        for _ in range(max(1, n // 4)):
            desk.copied(start or folder / "none", work)
            found = desk.run(*commands, before=_limited(chance.randrange(1000, int(most * 1.2))))
            assert found.status == 0 or found.said_clearly, found
            failed += found.status != 0
            if desk.is_begun(work):
                desk.holds(work)
            desk.done(*commands)
            desk.holds(work)
            assert desk.dump(work) == whole, f"{name}: after a full disk the record is another; it lies in {work}"
        yield f"{name}: n={max(1, n // 4)}, stopped with one clear line {failed}; nothing lost, and equal after running again"


def _limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def power(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """The log of a build is cut at a random byte: what stands before the cut is whole reports. Then the tail of the file itself is cut."""
    chance, cut = random.Random(seed), folder / "cut.khabar"
    path = desk.reports(folder, "a", range(desk.TOWNS))
    whole, log = folder / "whole.khabar", folder / "log.khabar"
    build = ("build", path, "--record", cut)
    desk.done(("build", path, "--record", whole))
    dumped = desk.dump(whole)
    _with_log(path, log)
    length, parts = Path(f"{log}-wal").stat().st_size, 0
    for _ in range(n):
        desk.copied(log, cut)
        os.truncate(f"{cut}-wal", chance.randrange(length))
        if desk.run(("failures", cut)).status == 0:  # else not even the tables had reached the disk
            desk.holds(cut)
            parts += 1
        desk.done(build)
        desk.holds(cut)
        assert desk.dump(cut) == dumped
    yield f"log cut: n={n}, {parts} with a record in it, each verified; all equal after building again"
    noticed = 0
    for _ in range(n):
        desk.copied(whole, cut)
        os.truncate(cut, chance.randrange(1, whole.stat().st_size))
        for command in (("verify", cut), ("dump", cut), build):
            found = desk.run(command)
            assert found.status == 0 or "DOES NOT HOLD" in found.output or found.said_clearly, (command, found)
            noticed += command[0] == "verify" and found.status == 1
    assert noticed == n, f"{n - noticed} cut files passed for whole"
    yield f"tail of the file cut: n={n}, noticed by verify {noticed}; every command ended with one clear line"


def _with_log(path: Path, log: Path) -> None:
    """A build whose writer is gone before its log went into the file."""
    desk.done(("build", path, "--record", log))
    made = log.with_name("held.khabar")
    with desk.Record.create(made), desk.Record.open(made):
        desk.done(("build", path, "--record", made))
        desk.copied(made, log)


def writers(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """Two builds begin one record at the same moment, a third process signs reviews, a fourth asks."""
    whole, both = folder / "whole.khabar", folder / "both.khabar"
    first, second = desk.reports(folder, "a", range(16)), desk.reports(folder, "b", range(8, desk.TOWNS))
    desk.done(("build", first, second, "--record", whole))
    dumped = desk.dump(whole)
    claims = desk.claims_of(whole)
    times = max(1, n // 4)
    for _ in range(times):
        desk.copied(folder / "none", both)
        _together(folder, [("build", first, "--record", both)], [("build", second, first, "--record", both)])
        desk.holds(both)
        assert desk.dump(both) == dumped
        reviews = [[("review", both, claim, "--verdict", "accept", "--by", by, "--reason", "so")] for claim in claims[:2] for by in "AB"]
        _together(
            folder,
            *reviews,
            [("redact", both, "a3", "--reason", "so", "--by", "C", "--yes")],
            [("control", both, "TownB", "--on", "2031-05-05")],
        )
        desk.holds(both)
        with desk.Record.open(both) as kept:
            assert len(kept.reviews()) == len(reviews)
    yield f"n={times}: two builds at once equal one; {len(reviews)} reviews, a redaction and a question at once: none lost"


def _together(folder: Path, *works: list[tuple[object, ...]]) -> None:
    logs = [folder / f"log{number}" for number in range(len(works))]
    begun = [desk.begin(*commands, log=log) for commands, log in zip(works, logs, strict=True)]
    for pid, log in [*zip(begun, logs, strict=True)]:
        found = desk.ended(pid, log)
        busy = found.said_clearly and "holds the record open" in found.output  # a redaction: its words are blanked, and it says what to do
        assert found.status == 0 or busy, found


def refused(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """A file, or a folder, that may not be written to: questions are answered, what writes says so."""
    path, place = desk.reports(folder, "a", range(4)), folder / "shelf"
    more = desk.reports(folder, "b", range(4, 8))
    place.mkdir()
    record = place / "kept.khabar"
    desk.done(("build", path, "--record", record))
    dumped, claim = desk.dump(record), desk.claims_of(record)[0]
    writing = [
        ("build", more, "--record", record),
        ("review", record, claim, "--verdict", "accept", "--by", "A", "--reason", "so"),
        ("redact", record, "a1", "--reason", "so", "--by", "A", "--yes"),
        ("merge", record, record),
    ]
    for what, file_mode, folder_mode in (("file", 0o444, 0o755), ("file and folder", 0o444, 0o555)):
        record.chmod(file_mode)
        place.chmod(folder_mode)
        for command in writing:
            found = desk.run(command, before=_as_nobody)
            assert found.said_clearly, (what, command, found)
        for command in (("verify", record), ("control", record, "TownB", "--on", "2031-05-05"), ("dump", record)):
            assert desk.run(command, before=_as_nobody).status == 0, (what, command)
        record.chmod(0o644)
        place.chmod(0o755)
        assert desk.dump(record) == dumped
        yield f"read-only {what}: {len(writing)} commands that write refused with one clear line, 3 questions answered"


def _as_nobody() -> None:
    os.environ["XDG_CACHE_HOME"] = tempfile.gettempdir() + "/khabar-nobody"
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def clock(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """A clock set back: what arrives is kept in its order and verifies; a review that an earlier one would outrank is refused."""
    record = folder / "clock.khabar"
    desk.done(("build", desk.reports(folder, "a", range(4)), "--record", record))
    claim = desk.claims_of(record)[0]
    review = ("review", record, claim, "--by", "A", "--reason", "so", "--verdict")
    desk.done((*review, "accept"))
    found = desk.run((*review, "reject"), before=_set_back)
    assert found.said_clearly, found
    assert "clock" in found.output
    import khabar.journal
    import khabar.record

    khabar.journal.datetime = khabar.record.datetime = desk.Clock  # type: ignore[attr-defined]
    found = desk.run(("build", desk.reports(folder, "b", range(4, 8)), "--record", record), before=_set_back)
    assert found.status == 0, found
    desk.holds(record)
    with desk.Record.open(record) as kept:
        assert [review.verdict for review in kept.reviews()] == ["accept"]
        assert len(kept.reports()) == 8
    yield "set back by ten years: reports kept and verified, a review that would not decide refused with one clear line"


def _set_back() -> None:
    desk.Clock.at -= timedelta(days=3650)
