"""How often the holder is right when `khabar control` says that he is with probability p; and what a calibration would make of it.

    python benchmarks/bench_probability.py [SHARED] [--readings FILE]

One record for each town of the control sets of the development data, one story in each: so the speaker is one, and the probabilities
have few values. Answers without a holder have no probability and are counted apart. Expected calibration error (Naeini et al. 2015) over
tenths; its interval from 2,000 bootstraps over towns, for the questions on one town hang together. A calibration, a temperature (one
factor on the log-odds) or an isotonic regression, is fitted on all other towns.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from khabar import holdings
from khabar.build import read_one, shipped_reader
from khabar.compiled import compiled_registry
from khabar.errors import QuestionError
from khabar.feeds import read_inputs
from khabar.model import Failure, Report
from khabar.record import Record
from khabar.view import View

SETS = ("ukraine", "syria")


@dataclass(frozen=True)
class Case:
    """One question: who held a town on a day. `sure`: the probability of the holder that was named, None where nobody was."""

    town: str
    sure: float | None
    right: bool


def outcomes(shared: Path, kept: Path | None) -> dict[str, list[Any]]:
    """What is read in each set; kept in a file between runs, for reading takes a minute."""
    if kept and kept.exists():
        found: dict[str, list[Any]] = pickle.loads(kept.read_bytes())
        return found
    reader = shipped_reader()
    found = {
        name: [read_one(item, reader) for item in read_inputs([shared / f"data/control/{name}/inputs.jsonl"]) if isinstance(item, Report)]
        for name in SETS
    }
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def cases(shared: Path, name: str, read: Iterable[Any]) -> list[Case]:
    sys.path.insert(0, str(shared / "eval"))
    from tasks.control import side  # type: ignore[import-not-found]

    from measure import read_map  # type: ignore[import-not-found]

    gold = [json.loads(line) for line in (shared / f"data/control/{name}/gold.jsonl").open(encoding="utf-8")]
    # Only the sides of this war: "Government of Ukraine" is no "government" of Syria.
    asked = {holder for row in gold for question in row["questions"] for holder in question["holders"]}
    sides, registry = [row for row in read_map("sides.tsv") if row["side"] in asked], compiled_registry()
    by_id = {outcome[0].report.id: outcome for outcome in read if not isinstance(outcome, Failure)}
    found = []
    for row in gold:
        with Record.scratch() as record:
            if row["id"] in by_id:
                reading, sentences = by_id[row["id"]]
                record.add(reading, sentences=sentences)
            view = View(record, registry)
            for question in row["questions"]:
                status, holder, sure = _asked(view, row["place"], date.fromisoformat(question["on"]))
                said = "contested" if status == "contested" else side(holder, sides)
                town = row["place"]
                found.append(Case(f"{name}/{town}", sure if status != "contested" else None, said in question["holders"]))
    return found


def _asked(view: View, place: str, on: date) -> tuple[str, str | None, float | None]:
    try:
        got = holdings.control(view, place, on)
    except QuestionError:
        return "unknown", None, None
    return got["status"], got["holder"]["name"] if got["holder"] else None, got["probability"]


# --- measures


def error(found: Sequence[Case], bins: int = 10) -> float:
    """Expected calibration error: how far from the truth a probability is, on average over the answers."""
    rows = table(found, bins)
    return sum(n * abs(sure - right) for _, n, sure, right in rows) / max(1, sum(n for _, n, *_ in rows))


def table(found: Sequence[Case], bins: int = 10) -> list[tuple[int, int, float, float]]:
    """For each tenth: how many, the mean probability, the share that is right."""
    rows = []
    for tenth in range(bins):
        inside = [case for case in found if case.sure is not None and min(int(case.sure * bins), bins - 1) == tenth]
        if inside:
            rows.append((tenth, len(inside), sum(c.sure or 0 for c in inside) / len(inside), sum(c.right for c in inside) / len(inside)))
    return rows


def brier(found: Sequence[Case]) -> float:
    told = [case for case in found if case.sure is not None]
    return sum(((case.sure or 0) - case.right) ** 2 for case in told) / len(told)


def interval(found: Sequence[Case], measure: Callable[[Sequence[Case]], float], times: int = 2000) -> tuple[float, float]:
    """95 % of bootstraps over towns."""
    towns: dict[str, list[Case]] = {}
    for case in found:
        towns.setdefault(case.town, []).append(case)
    groups, chance = list(towns.values()), random.Random(1)
    values = sorted(measure([case for group in chance.choices(groups, k=len(groups)) for case in group]) for _ in range(times))
    return values[int(0.025 * times)], values[int(0.975 * times)]


# --- calibrations, fitted on other towns


def left_out(found: Sequence[Case], fit: Callable[[Sequence[Case]], Callable[[float], float]]) -> list[Case]:
    fitted: dict[str, Callable[[float], float]] = {}
    for town in {case.town for case in found}:
        fitted[town] = fit([case for case in found if case.town != town and case.sure is not None])
    return [replace(case, sure=fitted[case.town](case.sure)) if case.sure is not None else case for case in found]


def temperature(found: Sequence[Case]) -> Callable[[float], float]:
    def scaled(sure: float, factor: float) -> float:
        odds = math.log(sure / (1 - sure)) * factor
        return 1 / (1 + math.exp(-odds))

    def loss(factor: float) -> float:
        return -sum(math.log(max(1e-9, scaled(c.sure or 0.5, factor) if c.right else 1 - scaled(c.sure or 0.5, factor))) for c in found)

    best = min((step / 20 for step in range(1, 61)), key=loss)
    return lambda sure: scaled(sure, best)


def isotonic(found: Sequence[Case]) -> Callable[[float], float]:
    """Pool adjacent violators."""
    blocks: list[list[float]] = []  # lowest probability, how many, how many right
    for case in sorted(found, key=lambda case: case.sure or 0):
        blocks.append([case.sure or 0, 1, float(case.right)])
        while len(blocks) > 1 and (blocks[-2][2] / blocks[-2][1] >= blocks[-1][2] / blocks[-1][1] or blocks[-2][0] == blocks[-1][0]):
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0], blocks[-1][1] + last[1], blocks[-1][2] + last[2]]
    return lambda sure: next((block[2] / block[1] for block in reversed(blocks) if block[0] <= sure), blocks[0][2] / blocks[0][1])


def shown(label: str, found: Sequence[Case]) -> None:
    told = [case for case in found if case.sure is not None]
    low, high = interval(found, error)
    print(
        f"{label}: {len(found)} questions on {len({c.town for c in found})} towns, right {sum(c.right for c in found) / len(found):.3f}; "
        f"with a probability {len(told)}, right {sum(c.right for c in told) / len(told):.3f}; "
        f"ECE {error(found):.3f} [{low:.3f}, {high:.3f}], Brier {brier(found):.3f}"
    )
    for tenth, number, sure, right in table(found):
        print(f"  {tenth / 10:.1f}–{tenth / 10 + 0.1:.1f}  n {number:3}  said {sure:.2f}  right {right:.2f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=Path(__file__).parent.parent.parent / "shared")
    parser.add_argument("--readings", type=Path)
    options = parser.parse_args()
    read = outcomes(options.shared, options.readings)
    found = {name: cases(options.shared, name, read[name]) for name in SETS}
    both = [case for one in found.values() for case in one]
    for name, one in found.items():
        shown(name, one)
    shown("both", both)
    shown("both, temperature from the other towns", left_out(both, temperature))
    shown("both, isotonic from the other towns", left_out(both, isotonic))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
