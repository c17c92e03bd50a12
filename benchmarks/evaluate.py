"""Development sets → one table of figures beside the best published, checked against floors.

    python benchmarks/evaluate.py [TASK/SET …] [--data FOLDER] [--scorers FOLDER] [--raise-floors]

Reads each set with `khabar read --json` (of variants/imported and names/ar2en only the spellings are looked up), scores it with the
project's scorers, appends to benchmarks/history.csv and fails where a figure falls below its floor in benchmarks/floors.yaml. Floors only
go up: `--raise-floors` writes today's figures where they are higher.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import control_answers
import yaml
from spellings import rank_names, rank_places

HERE = Path(__file__).parent
SETS = {
    "claims/claims": ("claims", "claims"),
    "claims/train": ("claims", "claims_train"),
    "claims/written": ("claims", "written"),  # our own reports, those kept for measuring
    "polnear/dev": ("polnear", "polnear/dev"),
    "re3d/centcom": ("re3d", "re3d/centcom"),
    "re3d/us_state": ("re3d", "re3d/us_state"),
    "re3d/uk_gov": ("re3d", "re3d/uk_gov"),
    "timex/timebank": ("timex", "timex/timebank"),
    "timex/aquaint": ("timex", "timex/aquaint"),
    "control/syria": ("control", "control/syria"),
    "control/ukraine": ("control", "control/ukraine"),
    "control/syria answers": ("control", "control/syria"),
    "control/ukraine answers": ("control", "control/ukraine"),
    "case2021/task2": ("case2021", "case2021/task2"),
    "deaths/airwars": ("deaths", "deaths/airwars"),
    "plover/gsr2016": ("plover", "plover/gsr2016"),
    "petrarch/unit": ("petrarch", "petrarch/unit"),
    "factuality/uds_dev": ("factuality", "factuality/uds_dev"),
    "event_location/train": ("event_location", "event_location/train"),
    "geoparse/geovirus": ("geoparse", "geoparse/geovirus"),
    "geoparse/lgl": ("geoparse", "geoparse/lgl"),
    "geoparse/wotr": ("geoparse", "geoparse/wotr_train"),
    "variants/syria": ("variants", "variants/syria"),
    "variants/imported": ("variants", "variants/syria"),
    "names/ar2en": ("names", "names"),
    "coref/ecb": ("coref", "coref/ecb"),
}
DEFAULT = [name for name in SETS if name not in ("claims/train", "event_location/train", "geoparse/lgl", "geoparse/wotr")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sets", nargs="*", default=DEFAULT, help=f"of {', '.join(SETS)}")
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--scorers", type=Path, default=HERE.parent.parent / "shared" / "eval")
    parser.add_argument("--output", type=Path, default=HERE.parent / "runs")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--raise-floors", action="store_true")
    options = parser.parse_args()
    if unknown := [name for name in options.sets if name not in SETS]:
        parser.error(f"no set is called {', '.join(unknown)}; there are {', '.join(SETS)}")
    if not options.data.is_dir():
        print(f"no development data at {options.data}: nothing to measure; give --data FOLDER")
        return 0
    sys.path.insert(0, str(options.scorers))
    score = importlib.import_module("score")
    figures = {}
    for name in options.sets:
        task, folder = SETS[name]
        for figure in measured(name, options):
            best, source = score.published(task, Path(folder).name, figure.name)
            figures[f"{name}: {figure.name}"] = figure
            print(f"{name:22} {figure.name:58} {score.shown(figure.value):>7} {figure.n:>7}  {best:7} {source[:60]}", flush=True)
    return keep(figures, raise_floors=options.raise_floors)


def measured(name: str, options: argparse.Namespace) -> list:
    """The figures of one set."""
    from score import evaluate

    from measure import share

    task, folder = SETS[name]
    data = written_set(options.output) if name == "claims/written" else options.data / folder
    inputs, gold = (data / file for file in ("inputs.jsonl", "gold.jsonl"))
    output = options.output / f"{name.replace('/', '_')}.jsonl"
    if task == "names":
        return [share(figure, right) for figure, right in rank_names(options.data / folder).items()]
    if name == "variants/imported":
        return evaluate(task, gold, rank_places(inputs, output, options.data / "gazetteer" / "syria_places.csv"))
    if task == "coref":
        predicted = events_of(inputs, output, options.workers)
        return [*evaluate(task, gold, predicted), *beside_same_word(inputs, gold, predicted)]
    if name.endswith(" answers"):
        predicted = control_answers.answer_set(inputs, output, options.workers)
        return [*evaluate(task, gold, predicted), *beside_holder(gold, predicted)]
    return evaluate(task, gold, read_set(inputs, output, options.workers))


def written_set(output: Path) -> Path:
    """The measured part of training/reports as rows."""
    subprocess.run([sys.executable, str(HERE.parent / "training" / "written.py"), "--out", str(output / "written")], check=True)
    return output / "written"


def read_set(inputs: Path, output: Path, workers: int) -> Path:
    """What `khabar read --json` says of a set, in a file."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, "-m", "khabar", "read", str(inputs), "--json", "--workers", str(workers)], stdout=out, check=False)
    return output


def events_of(inputs: Path, output: Path, workers: int) -> Path:
    """What `khabar events --json` says of a record of the whole set, in a file."""
    output.parent.mkdir(parents=True, exist_ok=True)
    record = output.with_suffix(".khabar")
    record.unlink(missing_ok=True)
    khabar = [sys.executable, "-m", "khabar"]
    subprocess.run([*khabar, "build", str(inputs), "--record", str(record), "--workers", str(workers)], check=False)
    with output.open("w", encoding="utf-8") as out:
        subprocess.run([*khabar, "events", str(record), "--min-informants", "0", "--json"], stdout=out, check=False)
    return output


def beside_same_word(inputs: Path, gold: Path, predicted: Path) -> list:
    """CoNLL F1 on the mentions that were found, and that of joining them wherever their words are the same."""
    from tasks import coref

    from measure import Figure

    texts, mentions = ({row["id"]: row for row in map(json.loads, path.open(encoding="utf-8"))} for path in (inputs, gold))
    events = list(map(json.loads, predicted.open(encoding="utf-8")))
    same: dict[str, list] = defaultdict(list)
    for claim in (claim for event in events for claim in event["claims"]):
        start, end = claim["trigger"]
        same[texts[claim["report_id"]]["text"][start:end].casefold()].append(claim)
    figures = []
    for name, rows in (("events", events), ("the same word", [{"claims": claims} for claims in same.values()])):
        response, placed, _ = coref.align(mentions, rows)
        key: dict[str, set] = defaultdict(set)
        for id, row in mentions.items():
            for mention in row["mentions"]:
                key[mention["event"]] |= {(id, mention["start"], mention["end"])} & placed
        conll = coref.figures([cluster for cluster in key.values() if cluster], response)[-1]
        figures.append(Figure(f"CoNLL F1 on the mentions found, {name}", conll.value, len(placed)))
    return figures


def beside_holder(gold: Path, predicted: Path) -> list:
    """What the scorer does not measure of the answers of `khabar control`."""
    from measure import Figure

    return [Figure(*figure) for figure in control_answers.figures(gold, predicted)[1:]]


def keep(figures: dict, *, raise_floors: bool) -> int:
    """Append to the history, compare with the floors; the exit status says whether all stand."""
    with (HERE / "history.csv").open("a", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([date.today(), name, f"{f.value:.4f}", f.n] for name, f in figures.items() if f.value is not None)
    path = HERE / "floors.yaml"
    floors = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    fallen = [
        f"{name}: {figures[name].value:.3f} is below its floor {floor:.3f}"
        for name, floor in floors.items()
        if name in figures and figures[name].value < floor
    ]
    print("\n".join(fallen) or "all floors stand")
    if raise_floors:
        raised = {name: max(floor, round(figures[name].value - 0.0005, 3)) if name in figures else floor for name, floor in floors.items()}
        path.write_text(yaml.safe_dump(raised, sort_keys=True), encoding="utf-8")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
