"""Towns' stories → who held them on a day, by the answers of `khabar control`, one record for each story.

    python benchmarks/control_answers.py [syria ukraine] [--data FOLDER] [--scorers FOLDER]

Each row of control/SET is read into a record of its own, so that no other version of the town can tell it anything, and its questions are
put to `holdings.control`. Three figures: the holder is right; the holder, or who *may* hold it by then (inside a long interval the answer
keeps the holder of before, and shows the change that may have come), is right; of the days that the text gives for a capture, how many
are within a day of a change that is answered.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from khabar import holdings
from khabar.build import build, shipped_reader
from khabar.compiled import compiled_registry
from khabar.errors import QuestionError
from khabar.feeds import read_inputs
from khabar.record import Record
from khabar.view import View

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
TAKEN = re.compile(rf"\b(?:[Rr]e)?(?:captured|taken|took)\b[^.]{{0,60}}?\b(\d{{1,2}} (?:{MONTHS}) \d{{4}})")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["syria", "ukraine"])
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--scorers", type=Path, default=SHARED / "eval")
    parser.add_argument("--output", type=Path, default=HERE.parent / "runs")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    sys.path.insert(0, str(options.scorers))
    for name in options.sets:
        folder = options.data / "control" / name
        predicted = answer_set(folder / "inputs.jsonl", options.output / f"control_{name}_answers.jsonl", options.workers)
        for figure, value, n in figures(folder / "gold.jsonl", predicted):
            print(f"control/{name:8} {figure:50} {value:6.3f} {n:5}", flush=True)
    return 0


def answer_set(inputs: Path, output: Path, workers: int = 2) -> Path:
    """The answers to all questions of a set, in the form that the scorer reads, with `changes` and `possible` beside them."""
    gold = {row["id"]: row for row in rows_of(inputs.with_name("gold.jsonl"))}
    jobs = [(row, gold[row["id"]]) for row in rows_of(inputs)]
    output.parent.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool, output.open("w", encoding="utf-8") as out:
        for row in pool.map(answered, jobs, chunksize=4):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return output


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@lru_cache(maxsize=1)
def reader() -> Any:
    return shipped_reader()


def answered(job: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """One story in a record of its own, and the answers to its questions."""
    row, gold = job
    with tempfile.TemporaryDirectory() as folder:
        story = Path(folder) / "story.jsonl"
        story.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
        with Record.create(Path(folder) / "story.khabar") as record:
            list(build(record, read_inputs([story]), reader=reader()))
            view = View(record, compiled_registry())
            found = [{"on": question["on"], **asked(view, gold["place"], question["on"])} for question in gold["questions"]]
            days = [change["date_end"] for change in holdings.changes(view, date.min, date.max)]
    return {"id": row["id"], "answers": found, "days": days, "told": days_in(row["text"])}


def asked(view: View, place: str, on: str) -> dict[str, Any]:
    """Status, holder and possible holder; unknown where the record has no such place. "Homs – Old City" is also asked for as "Old City"."""
    for name in (place, place.split(" – ")[-1]):
        try:
            got = holdings.control(view, name, date.fromisoformat(on))
        except QuestionError:
            continue
        return {
            "status": got["status"],
            "holder": by_country(got["holder"]),
            "possible": by_country((got["possible_change"] or {}).get("holder")),
        }
    return {"status": "unknown", "holder": None, "possible": None}


def by_country(holder: dict[str, Any] | None) -> dict[str, Any] | None:
    """The scorer's table of sides takes any "government" for Syria's; of the two in the other war it knows the countries."""
    return holder and {**holder, "name": re.sub(r"^Government of (?=Russia|Ukraine)", "", holder["name"])}


def days_in(text: str) -> list[str]:
    """The days that the text itself gives for a capture."""
    return [datetime.strptime(day, "%d %B %Y").date().isoformat() for day in TAKEN.findall(text)]


def figures(gold: Path, predicted: Path) -> list[tuple[str, float, int]]:
    """(name, value, n)."""
    score, control = importlib.import_module("score"), importlib.import_module("tasks.control")
    sides = importlib.import_module("measure").read_map("sides.tsv")
    right = next(figure for figure in score.evaluate("control", gold, predicted) if figure.name == "holder right")
    truth = {row["id"]: row for row in rows_of(gold)}
    rows, may, near = list(rows_of(predicted)), [], []
    for row in rows:
        for question, got in zip(truth[row["id"]]["questions"], row["answers"], strict=True):
            names = {
                "contested" if got["status"] == "contested" else (got["holder"] or {}).get("name"),
                (got["possible"] or {}).get("name"),
            }
            may.append(any(control.side(name, sides) in question["holders"] for name in names))
        near += [any(abs((date.fromisoformat(day) - date.fromisoformat(told)).days) <= 1 for day in row["days"]) for told in row["told"]]
    shares = [("holder or possible holder right", may), ("day of capture within a day", near)]
    return [("holder right", right.value, right.n), *((name, sum(found) / max(len(found), 1), len(found)) for name, found in shares)]


if __name__ == "__main__":
    sys.exit(main())
