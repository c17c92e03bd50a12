"""kill -9 at random moments of a build, of reviews, of a redaction, of a merge, of an import and of a migration."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from khabar.record import FORM
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
        "import": (ours, [("import", work, rows_of_events(folder / "ged.csv"), "--published", "2032-06-01")]),
    }


def run(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    chance = random.Random(seed)
    for name, (start, commands) in works(folder).items():
        yield f"{name}: {_killed(folder, name, start, commands, n, chance)}"
    yield f"migrate: {_migration_killed(folder, n, chance)}"


def rows_of_events(path: Path) -> Path:
    """A file in the layout of UCDP GED, of invented events."""
    heading = "id,date_start,date_end,type_of_violence,side_a,side_b,where_coordinates,latitude,longitude,best"
    rows = [
        f"{n},2031-05-{n % 28 + 1:02},2031-05-{n % 28 + 1:02},1,Reds,Blues,Town{chr(65 + n % 24)},10.{n % 9},20.5,{n % 7}"
        for n in range(200)
    ]
    path.write_text("\n".join([heading, *rows, ""]), "utf-8")
    return path


def _migration_killed(folder: Path, n: int, chance: random.Random) -> str:
    """The record has the one form or the other, the old file is kept whole, and run again it is as if nothing had happened."""
    work, start = folder / "work.khabar", older_record(folder / "form1.khabar")
    desk.copied(start, work)
    begun = time.monotonic()
    desk.done(("migrate", work))
    took, whole, backup = time.monotonic() - begun, desk.checked(work), Path(f"{work}.form1")
    killed = midway = 0
    for number in range(n):
        backup.unlink(missing_ok=True)
        desk.copied(start, work)
        writing = bool(number % 2)
        found = desk.run(("migrate", work), kill_after=chance.uniform(0, took / (4 if writing else 1)), once=work if writing else None)
        killed += found.status == -9
        forms = form(work), form(backup) if backup.exists() else None
        assert forms in ((1, None), (1, 1), (FORM, 1)), forms
        midway += forms == (1, 1)
        assert desk.checked(work, ("migrate", work)) == whole, f"killed and run again, the record is another; it lies in {work}"
        assert form(backup) == 1
        with closing(sqlite3.connect(backup)) as kept, closing(sqlite3.connect(start)) as old:
            assert list(kept.iterdump()) == list(old.iterdump()), "the copy is not the old file"
    return f"n={n}, killed {killed}, with the copy made and the old form left {midway}; each of one form or the other, its copy whole"


def older_record(path: Path) -> Path:
    """A record of form 1, with enough in it that copying takes time."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript((Path(__file__).parents[1] / "forms" / "form-1.sql").read_text("utf-8"))
        for number in range(200):
            content = number.to_bytes(2, "big") * 20_000
            file.execute("INSERT INTO originals VALUES (?, ?)", (sha256(content).hexdigest(), content))
        file.commit()
    return path


def form(record: Path) -> int:
    with closing(sqlite3.connect(record)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


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
