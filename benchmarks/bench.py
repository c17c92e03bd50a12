"""Real articles → reports/s, sentences/s, peak memory and the share of time per step.

    python benchmarks/bench.py [INPUTS.jsonl] [--limit N] [--workers N]

One process by default, the steps of `reading.STEPS` timed one by one; then, with --workers, the same reports through `khabar read`.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path

HERE = Path(__file__).parent
ARTICLES = HERE.parent.parent / "shared" / "data" / "raw" / "fakes" / "inputs.jsonl"
SAMPLE = HERE.parent / "examples" / "idlib-2015" / "reports"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="?", type=Path, default=ARTICLES if ARTICLES.exists() else SAMPLE)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--workers", type=int, default=4)
    options = parser.parse_args()
    alone(options.inputs, options.limit)
    together(options.inputs, options.workers)
    return 0


def alone(inputs: Path, limit: int | None) -> None:
    """One process, step by step."""
    started = time.perf_counter()
    from khabar.feeds import read_inputs
    from khabar.model import Reading, Report
    from khabar.reading import STEPS, load_knowledge

    knowledge = load_knowledge()
    first = next(r for r in read_inputs([inputs]) if isinstance(r, Report))
    reading = Reading(first)
    for step in STEPS:
        reading = step(reading, knowledge)
    print(f"ready after {time.perf_counter() - started:.2f} s (imports, model, registry, gazetteer, first report)")
    spent: Counter[str] = Counter()
    reports = sentences = claims = 0
    for report in islice((r for r in read_inputs([inputs]) if isinstance(r, Report)), limit):
        reading = Reading(report)
        for step in STEPS:
            begun = time.perf_counter()
            reading = step(reading, knowledge)
            spent[step.__name__] += time.perf_counter() - begun
        reports += 1
        sentences += sum(1 for _ in reading.doc.sents)
        claims += len(reading.claims)
    total = sum(spent.values())
    print(f"{reports} reports, {sentences} sentences, {claims} claims in {total:.1f} s on one process")
    print(f"{reports / total:.1f} reports/s, {sentences / total:.0f} sentences/s, peak memory {peak():.0f} MB")
    for name, seconds in spent.most_common():
        print(f"  {name:12} {seconds / total:6.1%}  {1000 * seconds / reports:7.1f} ms a report")


def together(inputs: Path, workers: int) -> None:
    """The command as a user runs it, on several processes."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "khabar", "read", str(inputs), "--json", "--workers", str(workers)], stdout=subprocess.DEVNULL, check=False
    )
    print(f"khabar read --workers {workers}: {time.perf_counter() - begun:.1f} s in all")


def peak() -> float:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
