"""kill -9 of a worker in the middle of a bulk reading, on our own processes and on Daft: others read its parts, nothing is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

REPORTS = 64


def run(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """With the shipped model: a worker is another program, and no toy of ours is in it."""
    chance, path = random.Random(seed), folder / "in.jsonl"
    text = "Rebels took Town{} on Monday, the agency said. The army left the village of Oakford{}."
    rows = [{"id": f"r{i}", "text": text.format(i, i), "published": "2031-05-06", "padding": "x" * 8000} for i in range(REPORTS)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")  # the padding makes parts of 8 reports
    whole = _record(folder / "whole", _read(path, folder / "whole", "serial", None))
    times = max(1, n // 50)
    for engine in ("serial", "daft"):
        retried = 0
        for turn in range(times):
            out = folder / f"{engine}{turn}"
            said = _read(path, out, engine, chance)
            retried += ", 0 parts retried" not in said
            assert _record(out, said) == whole, f"{engine}: after a worker died the record is another; it was read into {out}"
        yield f"{engine}: n={times}, a worker killed, parts read again in {retried}; each record is the undisturbed one"


def _read(path: Path, out: Path, engine: str, chance: random.Random | None) -> str:
    """What `khabar read` says at its end, with a worker killed once something is written, if by chance."""
    words = [sys.executable, "-m", "khabar", "read", path, "--output", out, "--engine", engine, "--workers", "2"]
    log = out.with_name(f"{out.name}.log")
    with log.open("w") as said, subprocess.Popen(list(map(str, words)), env=_env(), stdout=said, stderr=said) as process:
        if chance:
            while process.poll() is None and not any(out.glob("readings/*/*")):
                time.sleep(0.02)
            if workers := [pid for pid in _children(process.pid) if "resource_tracker" not in _words(pid)]:
                os.kill(chance.choice(workers), signal.SIGKILL)
    assert process.returncode == 0, log.read_text()
    return log.read_text()


def _record(out: Path, said: str) -> bytes:
    """The dump of the record that the folder gives."""
    record = out.with_suffix(".khabar")
    khabar = [sys.executable, "-m", "khabar"]
    subprocess.run([*khabar, "build", out, "--record", record], env=_env(), capture_output=True, check=True)
    dump = subprocess.run([*khabar, "dump", record], env=_env(), capture_output=True, check=True).stdout
    assert dump.count(b'"report"') >= REPORTS, said
    return dump


def _children(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return sorted(int(child) for some in found for child in some)


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return "resource_tracker"  # gone


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
