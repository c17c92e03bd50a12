"""The same reports in other orders, with other numbers of workers, hash seeds, locales and time zones: the same dump and answers.

Each record is proven in a process with another hash seed: what is kept beside it must not hang on the one that made it.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from khabar import sample

ORDERS, WORKERS, SEEDS = (0, 1, 2), (1, 2, 4), ("0", "4242")
LOCALES = (
    {"LC_ALL": "C.UTF-8"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
)  # in the second, files are ASCII by default
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")  # 25 hours apart: never on the same day

Cell = tuple[int, int, str, dict[str, str], str]


def run(folder: Path, *, n: int, seed: int, small: bool) -> Iterator[str]:
    """All cells; n: only so many of them beside the first, the part of that number where `seed` counts the parts."""
    first, *cells = itertools.product(ORDERS, WORKERS, SEEDS, LOCALES, ZONES)
    cells = [first, *cells[(seed - 1) * n : seed * n]]
    paths = sorted(sample.reports().iterdir())
    if small:
        cells, paths = [first, (2, 2, SEEDS[1], LOCALES[1], ZONES[1])], paths[:2]
    found = {}
    for number, cell in enumerate(cells):
        found[number] = _dumped(folder / f"{number}.khabar", paths, cell)
        assert found[number] == found[0], f"{cell} gives another dump, other incidents or disputes than {cells[0]}"
    told = f"{len(paths)} files, {len(cells)} cells of order, workers, hash seed, locale and zone"
    yield f"{told}: one dump, the same incidents and disputes, all proven, SHA-256 {found[0][:16]}…"


def _dumped(record: Path, paths: list[Path], cell: Cell) -> str:
    order, workers, hash_seed, places, zone = cell
    ordered = [paths, paths[::-1], random.Random(7).sample(paths, len(paths))][order]
    env = {**os.environ, **places, "PYTHONHASHSEED": hash_seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    khabar = [sys.executable, "-m", "khabar"]
    made = subprocess.run(
        [*khabar, "build", *ordered, "--record", record, "--workers", str(workers)], env=env, capture_output=True, check=False
    )
    assert record.exists(), made.stderr.decode()
    subprocess.run([*khabar, "verify", record], env={**env, "PYTHONHASHSEED": "7"}, capture_output=True, check=True)
    asked = (["dump", record], ["events", record, "--json"], ["disputes", record, "--json"])
    said = [subprocess.run([*khabar, *words], env=env, capture_output=True, check=True).stdout for words in asked]
    for ending in ("", "-derived"):
        record.with_name(record.name + ending).unlink()
    return hashlib.sha256(b"".join(said)).hexdigest()
