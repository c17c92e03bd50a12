"""kill -9 at random moments of a build, of reviews, of a redaction and of a merge."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from torture import desk

Command = tuple[object, ...]


def works(folder: Path) -> dict[str, tuple[Path | None, list[Command]]]:
    """The record that each work begins with, and its commands on `work.khabar`."""
    work, ours, theirs, all_of_it = folder / "work.khabar", folder / "ours.khabar", folder / "theirs.khabar", folder / "all.khabar"
    first, second = desk.reports(folder, "a", range(desk.TOWNS // 2)), desk.reports(folder, "b", range(desk.TOWNS // 2, desk.TOWNS))
    desk.done(("build", first, "--record", ours), ("build", second, "--record", theirs), ("build", first, second, "--record", all_of_it))
    signed = ["--by", "J. Doe", "--reason", "saw it"]
    reviews: list[Command] = [("review", work, claim, "--verdict", "accept", *signed) for claim in desk.claims_of(all_of_it)[:8]]
    desk.done(*(("review", theirs, claim, "--verdict", "reject", *signed) for claim in desk.claims_of(theirs)[:6]))
    desk.done(("redact", theirs, f"b{desk.TOWNS - 1}", *signed, "--yes"))
    return {
        "build": (None, [("build", first, second, "--record", work)]),
        "review": (all_of_it, reviews),
        "redact": (all_of_it, [("redact", work, "all", "--name", desk.WITNESS, "--reason", "in danger", "--by", "J. Doe", "--yes")]),
        "merge": (ours, [("merge", work, theirs)]),
    }


def run(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    chance = random.Random(seed)
    for name, (start, commands) in works(folder).items():
        yield f"{name}: {_killed(folder, name, start, commands, n, chance)}"


def _killed(folder: Path, name: str, start: Path | None, commands: list[Command], n: int, chance: random.Random) -> str:
    work = folder / "work.khabar"
    whole, took = _undisturbed(work, start, commands)
    began = desk.checked(start) if start else ""
    killed = midway = 0
    for number in range(n):
        desk.copied(start or folder / "none", work)
        writing = bool(number % 2)  # every other kill falls while it writes
        found = desk.run(*commands, kill_after=chance.uniform(0, took / (4 if writing else 1)), once=work if writing else None)
        killed += found.status == -9
        if desk.is_begun(work):
            midway += desk.checked(work) not in (whole, began)
        assert desk.checked(work, *commands) == whole, f"{name}: killed and run again, the record is another; it lies in {work}"
        if name == "redact":
            _is_gone(work)
    return f"n={n}, killed {killed}, with part of the work kept {midway}; each opened, verified, and equals the undisturbed one"


def _undisturbed(work: Path, start: Path | None, commands: list[Command]) -> tuple[str, float]:
    times = []
    for _ in range(3):
        desk.copied(start or work.with_name("none"), work)
        begun = time.monotonic()
        desk.done(*commands)
        times.append(time.monotonic() - begun)
    return desk.checked(work), max(times)


def _is_gone(work: Path) -> None:
    """The words that were blanked stand in no byte of the record and of what lies beside it."""
    for path in work.parent.glob("work.khabar*"):
        assert desk.WITNESS.encode() not in path.read_bytes(), path
