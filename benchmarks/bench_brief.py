"""Invented records, shaped like real ones → seconds for a brief of a month, and for the disputes of that month and of all days.

    python benchmarks/bench_brief.py [--claims 10000 100000] [--folder FOLDER]

The records are those of bench_control.py: the index that all questions share is made first and not timed here.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from bench_control import FIRST, World, make, timed

from khabar import markdown
from khabar.brief import brief
from khabar.compiled import compiled_registry
from khabar.disputes import disputes
from khabar.histories import Histories
from khabar.page import brief as page
from khabar.record import Record
from khabar.view import View


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=None, help="where to leave the records")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.claims:
            measure(size, options.folder or Path(scratch))
    return 0


def measure(size: int, folder: Path) -> None:
    """Make a record of that many claims and time what is asked of a month of it."""
    path, registry = folder / f"{size}.khabar", compiled_registry()
    if not path.exists():
        timed(f"{size:,} claims: record made", lambda: make(path, World(size), size // 10))
    first = FIRST + timedelta(days=900)
    last = first + timedelta(days=30)
    with Record.open(path) as record:
        Histories(record, registry)
        timed("  brief of a month", lambda: brief(View(record, registry), first, last), times=2)
        timed("  … as known by its last day", lambda: brief(View(record, registry, last), first, last))
        made = brief(View(record, registry), first, last)
        timed(f"  … as a page and as Markdown, {len(made.notes)} footnotes", lambda: (page.render(made), markdown.render(made)))
        timed("  disputes of a month", lambda: disputes(View(record, registry), first=first, last=last))
        timed("  all disputes", lambda: disputes(View(record, registry)))
        print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB", flush=True)


if __name__ == "__main__":
    sys.exit(main())
