"""The rules alone, the model's heads alone, and both together, kind by kind, on annotated reports.

    python benchmarks/bench_apart.py --data FOLDER --scorers FOLDER [--set claims]

Rules alone read documents in which the model tells nothing of claims; heads alone find no rule. References, dates, names and speakers are
the same in all three.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from khabar import grammar
from khabar import reading as steps
from khabar.contract import reading_json
from khabar.doc import Doc
from khabar.feeds import read_inputs
from khabar.model import Report

WAYS = ("rules", "heads", "both")
FEWEST = 20  # claims of a kind for a row of its own


def without_heads(doc: Doc) -> Doc:
    doc.user_data.update(told={}, told_kinds={})
    return doc


def rows_read(way: str, path: Path) -> dict[str, Any]:
    """What `khabar read --json` says of each report; in a process of its own, as it takes parts of the program out."""
    parse, knowledge = steps.parse, steps.load_knowledge()
    if way == "rules":
        steps.parse = lambda *args, **known: without_heads(parse(*args, **known))
    if way == "heads":
        grammar.best_match = lambda *args: None
    reports = [report for report in read_inputs([path]) if isinstance(report, Report)]
    return {report.id: reading_json(steps.read(report, knowledge)) for report in reports}


def counted(gold: Mapping[str, Any], predicted: Mapping[str, Any]) -> dict[str, Counter[str]]:
    """By kind: claims of the annotators, of ours, alike in kind, alike in actor and place, too; matched as the project's scorer does."""
    from tasks import claims as task  # type: ignore[import-not-found]

    from measure import read_map, same  # type: ignore[import-not-found]

    kind_of = {row["kind"]: row["gold_kind"] for row in read_map("claim_kinds.tsv")}
    found: dict[str, Counter[str]] = {name: Counter() for name in ("wanted", "ours", "kind", "core")}
    for id_, report in gold.items():
        wanted = task.merged([task.from_gold(c) for c in report["claims"] if c["kind"] not in task.NOT_SCORED])
        ours = task.merged([task.from_contract(c, kind_of) for c in predicted[id_]["claims"] if c.get("section") != "comment"])
        pairs = task.match(wanted, ours)
        paired = {id(c) for _, c in pairs}
        found["wanted"].update(c["kind"] for c in wanted)
        found["ours"].update(c["kind"] for c in ours if id(c) in paired or (c["kind"] and not task.excused(c, report)))
        found["kind"].update(g["kind"] for g, _ in pairs)
        found["core"].update(g["kind"] for g, c in pairs if same(g["actor"], c["actor"]) and same(g["place"], c["place"]))
    return found


def f1(found: Mapping[str, Counter[str]], level: str, kinds: list[str]) -> float:
    right, ours, wanted = (sum(found[name][kind] for kind in kinds) for name in (level, "ours", "wanted"))
    return 2 * right / max(1, ours + wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scorers", type=Path, required=True)
    parser.add_argument("--set", default="claims", help="a folder of the data with inputs.jsonl and gold.jsonl")
    args = parser.parse_args()
    sys.path.insert(0, str(args.scorers))
    folder = args.data / args.set
    gold = {row["id"]: row for row in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines())}
    with ProcessPoolExecutor(max_tasks_per_child=1) as pool:
        read = dict(zip(WAYS, pool.map(rows_read, WAYS, [folder / "inputs.jsonl"] * len(WAYS)), strict=True))
    figures = {way: counted(gold, read[way]) for way in WAYS}
    wanted = figures["both"]["wanted"]
    print("| kind | n | kind F1: rules, heads, both | core F1: rules, heads, both |\n|---|---|---|---|")
    often = [kind for kind, n in wanted.most_common() if n >= FEWEST]
    every = sorted({kind for found in figures.values() for count in found.values() for kind in count})
    for name, kinds in [*((kind, [kind]) for kind in often), ("all", every)]:
        cells = (", ".join(f"{f1(figures[way], level, kinds):.3f}" for way in WAYS) for level in ("kind", "core"))
        print(f"| {name} | {sum(wanted[kind] for kind in kinds)} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
