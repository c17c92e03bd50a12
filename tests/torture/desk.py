"""A desk of an invented war: its reports, its records, and `khabar` run in a process of its own that can be killed at any moment.

The process is forked from one that has loaded everything, so that a run costs milliseconds; the reader is a toy, the clock stands still.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from typer.testing import CliRunner

import khabar.build
import khabar.redaction
import khabar.reviews
from khabar import cli
from khabar.errors import RecordError
from khabar.record import Record
from test_cli import toy_reader

TOWNS = 24
Command = tuple[object, ...]
WITNESS = "Quillfeather"


class Clock(datetime):
    """Stands still, so that what is signed again after a kill is the same; `at` can be moved."""

    at = datetime.fromisoformat("2031-07-01T12:00:00+00:00")

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return cls.at


khabar.build.shipped_reader = lambda own=None: toy_reader  # type: ignore[assignment]
khabar.reviews.datetime = khabar.redaction.datetime = Clock  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Run:
    """How a run of `khabar` ended. `status` -9: killed."""

    status: int
    output: str

    @property
    def said_clearly(self) -> bool:
        """One line that says what to mend, and no traceback."""
        return self.status == 1 and "Traceback" not in self.output and "khabar: " in self.output


def begin(*commands: Command, log: Path, before: Callable[[], None] = lambda: None) -> int:
    """Run the commands one after the other in another process; its number."""
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    status = 70
    try:
        out = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o666)
        os.dup2(out, 1)
        os.dup2(out, 2)
        before()
        for command in commands:
            try:
                cli.app(list(map(str, command)))
            except SystemExit as end:
                status = int(end.code or 0)
            if status:
                break
    except BaseException:
        status = 70
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def ended(pid: int, log: Path) -> Run:
    _, status = os.waitpid(pid, 0)
    return Run(os.waitstatus_to_exitcode(status), log.read_text("utf-8", "replace") if log.exists() else "")


def run(*commands: Command, before: Callable[[], None] = lambda: None, kill_after: float | None = None, once: Path | None = None) -> Run:
    """Run the commands and wait, or kill them (-9) after so many seconds, counted from when the log of `once` is written to."""
    with tempfile.NamedTemporaryFile(prefix="khabar-log-") as file:
        os.chmod(file.name, 0o666)
        pid = begin(*commands, log=Path(file.name), before=before)
        if kill_after is not None:
            while once and not is_written(once) and not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                time.sleep(0.0002)
            time.sleep(kill_after)
            os.kill(pid, signal.SIGKILL)
        return ended(pid, Path(file.name))


def is_written(record: Path) -> bool:
    """Whether SQLite's log of it has begun."""
    log = Path(f"{record}-wal")
    return log.exists() and log.stat().st_size > 0


def done(*commands: Command) -> str:
    """Run them; all must succeed."""
    found = run(*commands)
    assert found.status == 0, found
    return found.output


def reports(folder: Path, name: str, towns: range) -> Path:
    """A file of reports; each names a witness, whom a redaction takes out."""
    path = folder / f"{name}.jsonl"
    rows = [
        {
            "id": f"{name}{i}",
            "text": f"A person called {WITNESS} spoke of it to us on the hill for an hour, in the {i}th week. Reds took Town{chr(65 + i)}.",
            "outlet": "Post",
            "published": f"2031-05-{i + 1:02}",
        }
        for i in towns
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def claims_of(record: Path) -> list[str]:
    with Record.open(record) as kept:
        return [item.claim.claim_id for item in kept.told()]


def copied(record: Path, to: Path) -> Path:
    """A copy of a closed record, with its log where it has one, and nothing of what lay beside the target."""
    for ending in ("", "-wal", "-shm", "-derived", "-derived-wal", "-derived-shm"):
        Path(f"{to}{ending}").unlink(missing_ok=True)
    for ending in ("", "-wal"):
        if Path(f"{record}{ending}").exists():
            shutil.copyfile(f"{record}{ending}", f"{to}{ending}")
    return to


def dump(record: Path) -> str:
    return done(("dump", record))


def warm_up() -> None:
    """Load all that the commands load when they first run, before anything is forked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, record = reports(folder, "w", range(2)), folder / "w.khabar"
        build: Command = ("build", path, "--record", record)
        _here(build)
        copied(record, folder / "other.khabar")
        signed = ("--by", "A", "--reason", "so")
        review = ("review", record, claims_of(record)[0], "--verdict", "accept", *signed)
        asked = (("control", record, "TownB", "--on", "2031-05-05"), ("claims", record), ("failures", record), ("dump", record))
        for command in (review, *asked, ("merge", record, folder / "other.khabar"), ("redact", record, "w1", *signed, "--yes")):
            _here(command)
        _here(("verify", record))
        _here(("import", record))
        _here(("migrate", record))
    gc.freeze()


def _here(command: Command) -> None:
    found = CliRunner().invoke(cli.app, list(map(str, command)))
    assert found.exit_code == 0, (command, found.output, found.exception)


def checked(record: Path, *commands: Command) -> str:
    """The dump of a record that verifies, after the commands, all in one process."""
    lines = done(*commands, ("verify", record), ("dump", record)).splitlines()
    return "\n".join(line for line in lines if line.startswith("{"))


def is_begun(record: Path) -> bool:
    """Whether there is a record at all: a build killed in its first moments leaves none, or an empty file."""
    try:
        with Record.open(record):
            return True
    except RecordError as error:
        if "no record at" not in str(error):
            raise
        return False


def holds(record: Path) -> None:
    found = run(("verify", record))
    assert found.status == 0, found
