"""A record of 10,000 places, invented → how fast `khabar serve` answers and its page draws, and what they hold in memory.

    python benchmarks/bench_page.py [--places 10000] [--minutes 1] [--rate 0] [--folder FOLDER] [--only api|page|memory]

Measured: the first answer for the map of a day; the same under 20 concurrent readers, each day asked for the first time by somebody and in
random order, and the processor time that each took; the first paint of the page and the moment at which its map stands, a step of the
slider to the frame that shows it (Chromium, software GL; left out where there is no Playwright); the memory of the server and of the page
before and after some minutes of use. Times are of the wall: look at the load of the machine before you compare.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench_control import FIRST, YEARS, World, make

READERS, ASKED = 20, 30
GL = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--places", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--rate", type=float, default=0, help="questions a second while the memory is measured; 0: as many as can be")
    parser.add_argument("--only", choices=["api", "page", "memory"])
    parser.add_argument("--folder", type=Path, default=None, help="where to leave the record")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        record = (options.folder or Path(scratch)) / f"page-{options.places}.khabar"
        if not record.exists():
            make(record, Spread(options.places), options.places * 6 // 10)
        with serving(record) as (process, port):
            if options.only in (None, "api"):
                measure_api(process.pid, port)
            if options.only in (None, "page"):
                measure_page(port)
            if options.only in (None, "memory"):
                measure_memory(process.pid, port, options.minutes, options.rate)
    return 0


class Spread(World):
    """A war in which every place is told of about as often as any other."""

    def __init__(self, places: int) -> None:
        super().__init__(places * 100)
        self.places = places * 13 // 10  # of some nobody says who holds them
        self.weights = [1.0] * self.places


@contextmanager
def serving(record: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = [sys.executable, "-m", "khabar", "serve", str(record), "--desk", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            line = next(line for line in process.stderr if line.startswith("http://"))
            port = int(re.findall(r":(\d+)/", line)[0])
            while socket.socket().connect_ex(("127.0.0.1", port)):
                time.sleep(0.1)
            yield process, port
        finally:
            process.terminate()


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, int]:
    """Seconds until the last byte, and their number, packed as a browser takes it."""
    begun = time.perf_counter()
    connection.request("GET", f"/api/v1/{path}", headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    size = len(response.read())
    assert response.status == 200, (path, response.status)
    return time.perf_counter() - begun, size


def measure_api(pid: int, port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    held = places(connection)
    told(f"first answer of all ({held} places), from nothing or from what is kept", [ask(connection, f"control?on={day(0)}")[0]])
    told("map of a day, alone, first asked for", [ask(connection, f"control?on={day(n)}")[0] for n in range(1, 11)])
    told("map of a day, alone, asked for again", [ask(connection, f"control?on={day(n)}")[0] for n in range(1, 11)])
    print(f"  {ask(connection, f'control?on={day(1)}')[1] / 1e3:.0f} kB packed")
    spent: list[float] = []
    used = processor(pid)
    with ThreadPoolExecutor(READERS) as readers:
        for found in readers.map(lambda reader: reads(port, reader), range(READERS)):
            spent += found
    told(f"map of a day, {READERS} readers at once", spent)
    print(f"  {(processor(pid) - used) / len(spent) * 1e3:.1f} ms of the server's processor time each; load {os.getloadavg()[0]:.1f}")


def places(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/api/v1/record")
    return int(json.loads(connection.getresponse().read())["places"])


def reads(port: int, reader: int) -> list[float]:
    connection, chance = http.client.HTTPConnection("127.0.0.1", port), random.Random(reader)
    return [ask(connection, f"control?on={day(chance.randrange(365 * YEARS))}")[0] for _ in range(ASKED)]


def processor(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def told(what: str, seconds: list[float]) -> None:
    ranked = sorted(seconds)
    worst = ranked[min(len(ranked) - 1, int(0.99 * len(ranked)))]
    print(f"{what:76} n={len(ranked):4}  median {statistics.median(ranked) * 1e3:7.0f} ms   p99 {worst * 1e3:7.0f} ms", flush=True)


# --- the page

STEP = """async () => {
  const slider = document.querySelector('input[type=range][aria-label=Day]'), spent = [];
  for (let n = 0; n < 40; n++) {
    const begun = performance.now();
    slider.value = Number(slider.min) + Math.round((slider.max - slider.min) * (0.2 + 0.6 * n / 40));
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    spent.push((performance.now() - begun) / 1000);
  }
  return spent;
}"""


def measure_page(port: int) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return print("no Playwright here: the page is not measured (pip install --group browser)")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=GL)
        painted, stands, kept = [], [], []
        for _ in range(5):
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            begun = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/#on={day(900)}")
            page.wait_for_selector("body[data-ready]", timeout=60_000)
            stands.append(time.perf_counter() - begun)
            painted.append(page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"))
            kept.append(page)
        told("first paint of the page", painted)
        told("… its map drawn with every place", stands)
        told("a step of the slider, to the frame that shows it", page.evaluate(STEP))
        before = heap(page)
        for n in range(200):
            page.evaluate("place => { location.hash = place }", f"on={day(300 + n)}&place=geonames:{n}")
            page.wait_for_timeout(25)
        page.evaluate(STEP)
        print(f"memory of the page: {before:.0f} MB, after 200 places and 40 steps {heap(page):.0f} MB", flush=True)
        browser.close()


def heap(page: Any) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    return float(next(one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "JSHeapUsedSize")) / 1e6


# --- use


def measure_memory(pid: int, port: int, minutes: float, rate: float) -> None:
    """Readers who look around: what the server holds after each tenth of the time."""
    connection, chance, held, number = http.client.HTTPConnection("127.0.0.1", port), random.Random(1), [], 0
    for _ in range(10):
        until = time.perf_counter() + minutes * 6
        while time.perf_counter() < until:
            number += 1
            connection.request("GET", f"/api/v1/{question(chance)}", headers={"Accept-Encoding": "gzip"})
            assert connection.getresponse().read()
            time.sleep(1 / rate if rate else 0)
        held.append(resident(pid))
        print(f"  {number} questions, {held[-1]:.0f} MB", flush=True)
    print(f"memory of the server over {minutes:g} minutes and {number} questions: {' '.join(f'{one:.0f}' for one in held)} MB", flush=True)


def question(chance: random.Random) -> str:
    """What a reader may ask next. One in some hundred goes back to an earlier day of knowledge."""
    on, place, word = day(chance.randrange(365 * YEARS)), chance.randrange(10_000), chance.randrange(9000)
    back = f"&known_by={day(365 * chance.randrange(1, YEARS))}" if chance.random() < 0.003 else ""
    asked = [
        "control?on={on}",
        "control?on={on}",
        "changes?from={on}&limit=50",
        "claims?search=word{word}",
        "control?on={on}&place=geonames:{place}",
    ]
    asked += [
        "claims?place=geonames:{place}&limit=50",
        "incidents?from={on}&limit=50",
        "coverage?from={on}",
        "alliances?on={on}",
        "days?limit=10",
    ]
    return chance.choice(asked).format(on=on, place=place, word=word) + back


def resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
