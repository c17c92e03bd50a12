"""Mentions of places and actors judged by hand → ids right, wrong and rightly left open, and which ids a reading of today changes.

    python benchmarks/check_names.py [places|actors …] [--data FOLDER] [--draw SEED]

`checks/places*.csv` and `checks/actors*.csv` hold one draw each, at random from what was read: named places of reports, and actors and
recipients of claims, each with the id it got and a verdict of one reader. The sentences are not kept.

places: `right`; `wrong` (another place of a list is meant) and `wrong, none has it` (no place of a list is); `rightly abstained` (in no
list, or no place) and `wrongly abstained` (it is in one); `nameless` ("two villages"). The settlements of gazetteer/syria_places.csv
are imported. actors: `right`, `wrong`, `missed` (the registry has who is meant), `rightly none` (nobody in the registry, or two parties at
once, which have no id).

`--draw SEED` draws 150 new mentions of each and prints them, with their sentences, for somebody to judge. A row whose id a reading of
today changes must be judged again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
DRAWN = 150
REPORTS = 100
SETS = {"places": ("raw/fakes",), "actors": ("raw/fakes", "re3d/centcom", "re3d/uk_gov", "re3d/us_state")}
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", nargs="*", default=list(SETS), metavar="places|actors")
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--draw", type=int, metavar="SEED")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        if options.data.is_dir():
            import_settlements(Path(home), options.data)
        for what in options.what:
            if options.draw is not None:
                draw(what, options.data, options.draw)
            else:
                for path in sorted((HERE / "checks").glob(f"{what}*.csv")):
                    tell(what, path, options.data)


def import_settlements(home: Path, data: Path) -> None:
    """The user's own gazetteer for this run."""
    os.environ["KHABAR_HOME"] = str(home)
    from khabar.place_imports import import_places

    import_places(data / "gazetteer" / "syria_places.csv")


def tell(what: str, path: Path, data: Path) -> None:
    """The figures of one list, and what reads otherwise today."""
    rows = list(csv.DictReader(line for line in path.open(encoding="utf-8") if not line.startswith("#")))
    verdicts = Counter(row["verdict"].removesuffix(", joint") for row in rows)
    print(f"{path.name}: judged {len(rows)}: {dict(sorted(verdicts.items()))}")
    known = verdicts["right"] + verdicts["wrong"] + verdicts["missed"] + verdicts["wrongly abstained"]
    print(f"  id right among those that the lists have  {verdicts['right'] / known:.3f}  n={known}")
    if what == "places":
        unknown = verdicts["rightly abstained"] + verdicts["wrong, none has it"]
        print(f"  no id among those that none has           {verdicts['rightly abstained'] / unknown:.3f}  n={unknown}")
    wrong = verdicts["wrong"] + verdicts["wrong, none has it"]
    print(f"  wrong among the ids given                 {wrong / (verdicts['right'] + wrong):.3f}  n={verdicts['right'] + wrong}")
    if not data.is_dir():
        print(f"  no development data at {data}: today's ids are not compared")
        return
    now = {key: found["id"] for name in sorted({row["set"] for row in rows}) for key, found in read_of(what, data, name, rows).items()}
    for row in rows:
        id = now.get((row["report"], row["start"], row["end"]), "not read any more")
        if id != row["id"]:
            print(f"  judge again: {row['text']!r} in {row['report']}, was {row['id'] or 'none'} ({row['verdict']}), is {id or 'none'}")


def read_of(what: str, data: Path, name: str, rows: list[Row]) -> dict[tuple[str, str, str], Row]:
    judged = {row["report"] for row in rows if row["set"] == name}
    return {
        (found["report"], found["start"], found["end"]): found
        for report in inputs(data, name)
        if report["id"] in judged
        for found in mentions(what, name, report)
    }


def draw(what: str, data: Path, seed: int) -> None:
    """150 mentions of 100 reports of raw/fakes, and of all of re3d, none of them in `claims`, in `claims_train`, whose errors are worked
    from, or in a list that was judged before."""
    chance = random.Random(seed)
    seen = {number(json.loads(line)["id"]) for name in ("claims", "claims_train") for line in (data / name / "inputs.jsonl").open("rb")}
    for path in (HERE / "checks").glob(f"{what}*.csv"):
        seen |= {number(row["report"]) for row in csv.DictReader(line for line in path.open(encoding="utf-8") if line[0] != "#")}
    found: list[tuple[Row, str]] = []
    for name in SETS[what]:
        unseen = [report for report in inputs(data, name) if number(report["id"]) not in seen]
        for report in chance.sample(unseen, min(REPORTS, len(unseen))):
            found += [(row, report["text"]) for row in mentions(what, name, report)]
    print("set,report,start,end,text,id,verdict")
    for row, text in chance.sample(found, DRAWN):
        start, end = int(row["start"]), int(row["end"])
        beside = f"{text[max(0, start - 160) : start]}[[{text[start:end]}]]{text[end : end + 120]}".replace("\n", " ")
        print(*row.values(), row["name"], beside, sep="\t")


def number(report: str) -> str:
    """What a report is called in every set that has it: "fk_1914947536" is "fakes-003-1914947536"."""
    return re.split(r"[-_]", report)[-1]


def inputs(data: Path, name: str) -> Iterator[Row]:
    return map(json.loads, (data / name / "inputs.jsonl").open(encoding="utf-8"))


def mentions(what: str, name: str, row: Row) -> Iterator[Row]:
    """The named places of a report, or the actors and recipients of its claims."""
    from khabar.contract import reading_json
    from khabar.model import Report
    from khabar.reading import load_knowledge, read
    from khabar.sections import split

    published = date.fromisoformat(row["published"][:10]) if row.get("published") else None
    sections = split(row["text"], title=row.get("title"))
    report = Report(row["id"], row["text"], title=row.get("title"), outlet=row.get("outlet"), published=published, sections=sections)
    reading = reading_json(read(report, load_knowledge()))
    if what == "places":
        named = [m for m in reading["mentions"] if m["kind"] == "place"]
    else:
        named = [who for claim in reading["claims"] for who in (claim["actor"], claim["recipient"]) if who and who["start"] is not None]
    for who in sorted({(m["start"], m["end"]): m for m in named}.values(), key=lambda m: (m["start"], m["end"])):
        id = who["id"] or ""
        yield {"set": name, "report": row["id"], "start": str(who["start"]), "end": str(who["end"]), "text": who["text"], "id": id} | {
            "name": who["name"] or ""
        }


if __name__ == "__main__":
    main()
