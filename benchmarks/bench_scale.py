"""Real articles → reports/s of `khabar read --output` on 1, 2, 4 processes and on the engine with as many workers; memory; a curve.

    python benchmarks/bench_scale.py [INPUTS.jsonl] [--n N] [--workers 1 2 4] [--engines serial daft] [--runs FILE] [--docs]

Each run is a program of its own. Seconds by the clock depend on what else the computer does, seconds of its processors hardly: both
are told, and the efficiency in both. Loading the model is told apart, as the time of a run over one report. `--runs`: keep the runs in this
file, beside those of before, so that a long measurement can be made in parts. `--docs`: write table and curve into docs/how-to/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

HERE = Path(__file__).parent
ARTICLES = HERE.parent.parent / "shared" / "data" / "raw" / "fakes" / "inputs.jsonl"
DOCS = HERE.parent / "docs"
CURVE, PAGE = DOCS / "pictures" / "scale.svg", DOCS / "how-to" / "scale.md"
BEGIN, END = "<!-- written by benchmarks/bench_scale.py --docs -->", "<!-- so far -->"
PETRARCH = 2500 / 3600  # stories/s, end to end with two parsers: its published pace


@dataclass
class Run:
    """One run. `wall`, `cpu`: seconds of the reading, without loading; `memory`: MB of all its processes at their most."""

    engine: str
    workers: int
    reports: int
    claims: int
    loading: float
    wall: float
    cpu: float
    memory: float
    load: float = 0.0  # of the computer as it began

    @property
    def pace(self) -> float:
        return self.reports / self.wall


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("inputs", nargs="?", type=Path, default=ARTICLES)
    parser.add_argument("--n", type=int, default=580, help="580 of the articles make 20 parts: as many for each worker")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--engines", nargs="*", default=["serial", "daft"])
    parser.add_argument("--runs", type=Path)
    parser.add_argument("--docs", action="store_true")
    given = parser.parse_args()
    if not given.inputs.exists():
        print(f"bench_scale: {given.inputs} is not there; give a file of JSON lines")
        return 0
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {given.n} reports")
    print(" | ".join(COLUMNS))
    runs = [Run(**row) for row in json.loads(given.runs.read_text())] if given.runs and given.runs.exists() else []
    with tempfile.TemporaryDirectory() as name:
        for engine in given.engines:
            for workers in given.workers:
                one = measured(Path(name), given.inputs, given.n, engine, workers)
                runs = [old for old in runs if (old.engine, old.workers) != (engine, workers)] + [one]
                print(" | ".join(row_of(one, runs)), flush=True)
                if given.runs:
                    given.runs.write_text(json.dumps([asdict(one) for one in runs], indent=1))
    print(told(runs))
    if given.docs:
        write(runs)
    return 0


def measured(folder: Path, inputs: Path, n: int, engine: str, workers: int) -> Run:
    lines = islice(inputs.open("rb"), n)
    many, single = folder / "many.jsonl", folder / "single.jsonl"
    many.write_bytes(b"".join(lines))
    single.write_bytes(many.read_bytes().split(b"\n", 1)[0] + b"\n")
    loading, loading_cpu, _ = ran(single, folder / f"{engine}-{workers}-1", engine, workers)
    wall, cpu, memory = ran(many, folder / f"{engine}-{workers}", engine, workers)
    load = os.getloadavg()[0]
    done = [json.loads(path.read_text()) for path in (folder / f"{engine}-{workers}" / "done").iterdir()]
    # Every worker loads its model, at the same time as the others.
    return Run(
        engine, workers, sum(one["read"] for one in done), sum(one["claims"] for one in done), loading, max(0.01, wall - loading),
        max(0.01, cpu - loading_cpu * workers), memory, load,
    )  # fmt: skip


def ran(inputs: Path, output: Path, engine: str, workers: int) -> tuple[float, float, float]:
    """Seconds by the clock, of the processors, and MB."""
    begun, most = time.perf_counter(), [0.0]
    words = [sys.executable, "-m", "khabar", "read", inputs, "--output", output, "--engine", engine, "--workers", str(workers)]
    with subprocess.Popen(list(map(str, words)), stderr=subprocess.DEVNULL) as process:
        watching = threading.Thread(target=watch, args=(process.pid, most), daemon=True)
        watching.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"khabar read --engine {engine} --workers {workers} ended with {process.returncode}")
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, most[0]


def watch(pid: int, most: list[float]) -> None:
    """Memory that the processes have for themselves, with their shares of what they have together."""
    while Path(f"/proc/{pid}").exists():
        most[0] = max(most[0], sum(share(one) for one in family(pid)))
        time.sleep(0.5)


def share(pid: int) -> float:
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [task.name for task in Path(f"/proc/{pid}/task").iterdir() if task.name != str(pid)]
        children += [child for task in threads for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in map(int, children) for one in family(child))]


COLUMNS = (
    "engine",
    "workers",
    "reports/s",
    "claims/s",
    "efficiency by the clock",
    "by processor time",
    "s for one report",
    "memory, MB",
    "load",
)


def row_of(one: Run, runs: list[Run]) -> list[str]:
    wall, cpu = efficiency(one, first_of(runs))
    paces = [one.engine, str(one.workers), f"{one.pace:.1f}", f"{one.claims / one.wall:.0f}"]
    return [*paces, f"{wall:.0%}", f"{cpu:.0%}", f"{one.loading:.1f}", f"{one.memory:.0f}", f"{one.load:.1f}"]


def first_of(runs: list[Run]) -> Run:
    """What all are compared with: the fewest workers, on processes of our own where they were run."""
    return min(runs, key=lambda one: (one.engine != "serial", one.workers))


def efficiency(one: Run, first: Run) -> tuple[float, float]:
    """What a worker reads against what one alone reads: in a second by the clock, in a second of a processor."""
    return one.pace / one.workers / (first.pace / first.workers), (one.reports / one.cpu) / (first.reports / first.cpu)


def told(runs: list[Run]) -> str:
    """What the issue asks: times the published pace, and the engine against processes of our own."""
    best = max(runs, key=lambda one: one.pace)
    said = [f"{best.pace / PETRARCH:.0f} times PETRARCH2's published 2,500 stories an hour with {best.workers} workers ({best.engine})"]
    serial = {one.workers: one.pace for one in runs if one.engine == "serial"}
    both = [one for one in runs if one.engine != "serial" and one.workers in serial]
    said += [f"{one.engine} with {one.workers}: {one.pace / serial[one.workers]:.0%} of as many processes of our own" for one in both]
    return "; ".join(said)


def write(runs: list[Run]) -> None:
    """Table and curve into the documentation."""
    ordered = sorted(runs, key=lambda one: (one.engine != "serial", one.engine, one.workers))
    CURVE.write_text(plotted(ordered), "utf-8")
    lines = ["| " + " | ".join(row) + " |" for row in (COLUMNS, ["---"] * len(COLUMNS), *(row_of(one, runs) for one in ordered))]
    counts = sorted({f"{one.reports:,}" for one in runs})
    head = f"{' and '.join(counts)} reports a run, {os.cpu_count()} cores; load: of the computer, with this, at the end of the run."
    text = "\n".join(
        [BEGIN, "", head, "", *lines, "", f"{told(runs)}.", "", "![Reports a second over workers](../pictures/scale.svg)", "", END]
    )
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(before + text + rest.partition(END)[2], "utf-8")


def plotted(runs: list[Run]) -> str:
    """Reports/s over workers, a line for each engine, and what no loss at all would give."""
    most, top = max(one.workers for one in runs), max(max(one.pace for one in runs), runs[0].pace * max(one.workers for one in runs))
    colours = {"serial": "#1b6ca8", "daft": "#c4572b"}

    def at(workers: float, pace: float) -> str:
        return f"{60 + 480 * workers / most:.1f},{300 - 260 * pace / top:.1f}"

    def line(points: list[str], colour: str, more: str = "") -> str:
        return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2" {more}/>'

    parts = [
        line([at(0, 0), at(most, runs[0].pace * most)], "#999", 'stroke-dasharray="4 4"'),
        line([at(0, top), at(0, 0), at(most, 0)], "#333"),
    ]
    for row, engine in enumerate(dict.fromkeys(one.engine for one in runs)):
        own = [one for one in runs if one.engine == engine]
        parts.append(line([at(one.workers, one.pace) for one in own], colours.get(engine, "#555")))
        for one in own:
            x, y = at(one.workers, one.pace).split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="{colours.get(engine, "#555")}"/>')
            parts.append(f'<text x="{x}" y="{float(y) - 10 + 26 * row}" text-anchor="middle">{one.pace:.1f}</text>')
        parts.append(f'<text x="80" y="{40 + 20 * row}" fill="{colours.get(engine, "#555")}">{engine}</text>')
    parts += [f'<text x="{at(w, 0).split(",")[0]}" y="320" text-anchor="middle">{w}</text>' for w in sorted({one.workers for one in runs})]
    parts.append('<text x="300" y="340" text-anchor="middle">workers (reports a second; dashed: no loss)</text>')
    style = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 350" font-family="sans-serif" font-size="13" role="img"'
    return f"<svg {style}><title>Reports a second over workers</title>\n" + "\n".join(parts) + "\n</svg>\n"


if __name__ == "__main__":
    sys.exit(main())
