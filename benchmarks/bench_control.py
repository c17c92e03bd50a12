"""Invented records, shaped like real ones → seconds and memory of the questions about who held what.

    python benchmarks/bench_control.py [--claims 10000 100000] [--folder FOLDER] [--aims]

A report has ten claims. Of the claims, as counted in 163 real reports, a quarter speak of holding a place, a hundredth of membership, and
one in a thousand of a whole province; places and actors are named as unevenly as there (the first place by one claim in twelve). One place
for every hundred claims. For each size the record is made, then timed: copies, the index, and all histories with all incidents, as a build
works them out, from nothing; one place, as a call and as a command, now and as known by a day; the map of a day; events; sources; a
hundred reports more. `--aims`: only what has an aim. Memory is that of all processes together; at the sizes measured, asking for it takes
no time that matters.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from threading import Thread

from bench_scale import watch

from khabar import holdings, profiles
from khabar.alliances import alliances
from khabar.brief import brief
from khabar.build import prepare
from khabar.compiled import compiled_registry
from khabar.contract import claim_id
from khabar.copies import bring_up_to_date
from khabar.disputes import disputes
from khabar.events import events
from khabar.histories import Histories
from khabar.informants import informants
from khabar.model import Claim, Participant, Place, Reading, Report, Speaker
from khabar.record import Record
from khabar.rows import as_rows
from khabar.view import View

FIRST, YEARS = date(2014, 1, 1), 4
KINDS = {
    **{"casualties": 30, "airstrike": 12, "shelling": 9, "control_state": 8, "attack": 6, "clash": 6, "capture": 7, "advance": 3},
    **{"looting_destruction": 3, "bombing": 2, "siege": 2, "allied_with": 2, "withdrawal": 2, "membership": 1, "redeployment": 1},
    "agreement": 6,
}
OUTLETS = ["AFP", "Reuters", "SANA", "Enab Baladi", *(f"Paper {n}" for n in range(200))]
ACTORS = [
    ("syrian-arab-army", "Syrian Arab Army"),
    ("jabhat-al-nusra", "al-Nusra Front"),
    ("ahrar-al-sham", "Ahrar al-Sham"),
    ("jaysh-al-fatah", "Jaysh al-Fatah"),
    ("islamic-state", "Islamic State"),
    (None, "rebels"),
    *((None, f"Brigade {n}") for n in range(300)),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--claims", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=None, help="where to leave the records")
    parser.add_argument("--aims", action="store_true", help="only what has an aim: no events, sources, alliances, briefs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.claims:
            folder = options.folder or Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            measure(size, folder, all_questions=not options.aims)
    return 0


def measure(size: int, folder: Path, *, all_questions: bool) -> None:
    """Make a record of that many claims and time its questions."""
    path, world = folder / f"{size}.khabar", World(size)
    if not path.exists():
        timed(f"{size:,} claims: record made", lambda: make(path, world, size // 10))
    Path(f"{path}-derived").unlink(missing_ok=True)
    most = [0.0]
    Thread(target=watch, args=(os.getpid(), most), daemon=True).start()
    registry, on = compiled_registry(), FIRST + timedelta(days=900)
    with Record.create(path) as record:
        timed("  copies", lambda: bring_up_to_date(record.connection))
    with Record.open(path) as record:
        timed("  index of all claims", lambda: Histories(record, registry))
        timed("  all histories and all incidents", lambda: [*prepare(record)])
        print(f"  peak memory of all processes {most[0] / 1024:.2f} GB", flush=True)
        for name in (world.place(rank).text for rank in (0, 30, world.places // 2)):
            timed(f"  control {name}", partial(ask, record, name, on), times=5)
            timed(f"  … known by {on}", partial(ask, record, name, on, on), times=2)
        timed("  map of a day, states", lambda: holdings.control_map(View(record, registry), on, reasons=False), times=3)
        timed("  map of a day, with reasons", lambda: holdings.control_map(View(record, registry), on))
    if all_questions:
        ask_more(path, world, on)
    command = [sys.executable, "-m", "khabar", "control", str(path), world.place(30).text, "--on", str(on), "--json"]
    timed("  khabar control, as a command", lambda: subprocess.run(command, check=True, capture_output=True), times=3)
    with Record.create(path) as record:
        seed = record.connection.execute("SELECT count(*) FROM reports").fetchone()[0]
        timed("  100 reports more: kept", lambda: [record.add(world.reading(seed + n)) for n in range(100)])
        timed("  … index brought up to date", lambda: Histories(record, registry))
        stale = record.connection.execute("SELECT count(*) FROM derived.stale").fetchone()[0]
        timed(f"  … {stale} histories that they touch, and incidents", lambda: [*prepare(record)])


def ask_more(path: Path, world: World, on: date) -> None:
    """Time the questions that have no aim."""
    registry = compiled_registry()
    with Record.open(path) as record:
        timed("  events, all", lambda: events(View(record, registry)))
        timed("  events of a place", lambda: events(View(record, registry), place=world.place(30).text))
        timed("  events of a month", lambda: events(View(record, registry), first=on, last=on + timedelta(days=30)))
        timed("  sources", lambda: informants(View(record, registry)))
        timed("  … again", lambda: informants(View(record, registry)))
        timed("  actor", lambda: profiles.actor(View(record, registry), "jaysh-al-fatah", on))
        timed("  alliances", lambda: alliances(View(record, registry), on))
        timed("  … again", lambda: alliances(View(record, registry), on))
        timed("  brief of a month", lambda: brief(View(record, registry), on, on + timedelta(days=30)))
        timed("  disputes of a month", lambda: disputes(View(record, registry), first=on, last=on + timedelta(days=30)))
        timed("  changes of a month", lambda: holdings.changes(View(record, registry), on, on + timedelta(days=30)))


def ask(record: Record, place: str, on: date, known_by: date | None = None) -> None:
    """Who held the place?"""
    holdings.control(View(record, compiled_registry(), known_by), place, on)


def timed(what: str, do: Callable[[], object], *, times: int = 1) -> None:
    """Print the shortest of some runs, and the processors' share, of all and of this process: on a busy machine the honest figures."""
    spent = []
    for _ in range(times):
        begun, before = time.perf_counter(), os.times()
        do()
        wall, after = time.perf_counter() - begun, os.times()
        spent.append((wall, sum(after[:4]) - sum(before[:4]), sum(after[:2]) - sum(before[:2])))
    wall, work, own = map(min, zip(*spent, strict=True))
    print(f"{what:44} {wall:9.3f} s {work:9.2f} s of work, {own:.2f} s here", flush=True)


def make(path: Path, world: World, reports: int) -> None:
    """A record of invented reports, written in one go."""
    with Record.create(path) as record:
        record.connection.execute("PRAGMA synchronous = OFF")
        record.connection.execute("BEGIN")
        for number in range(reports):
            rows = as_rows(world.reading(number), ())
            record._insert_report(rows)
            record._insert_reading(rows, current=True)
            record.connection.execute("INSERT INTO arrivals (reading, arrived_at) VALUES (?, ?)", (rows.key, "2026-01-01T00:00:00"))
        record.connection.execute("COMMIT")
        record.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a log of gigabytes is slow to read


class World:
    """A war of places and actors, the same for the same size."""

    def __init__(self, size: int) -> None:
        self.places = max(size // 100, 50)
        self.weights = list(accumulate(1 / (rank + 1) ** 0.9 for rank in range(self.places)))
        self.actor_weights = list(accumulate(1 / (rank + 1) for rank in range(len(ACTORS))))

    def place(self, rank: int) -> Place:
        name = f"Tell {'abcdefghij'[rank % 10]}{rank}"
        return Place(
            name,
            0,
            len(name),
            f"geonames:{rank}",
            name,
            33 + rank % 300 / 100,
            36 + rank % 500 / 100,
            "town",
            "SY",
            f"Province {rank % 14}",
        )

    def reading(self, number: int) -> Reading:
        """Report `number` and its ten claims."""
        chance = random.Random(number)
        published = FIRST + timedelta(days=chance.randrange(365 * YEARS))
        outlet, text, claims = chance.choice(OUTLETS), "", []
        for claim, sentence in self._claims(chance, number, published):
            start = len(text)
            text += sentence + "\n"
            claims.append(_placed(claim, start, len(sentence)))
        report = Report(f"r{number}", text, url=f"https://example.org/{number}", outlet=outlet, published=published)
        return Reading(report, claims=tuple(claims))

    def _claims(self, chance: random.Random, number: int, published: date) -> Iterator[tuple[Claim, str]]:
        for kind in chance.choices(list(KINDS), list(KINDS.values()), k=10):
            (actor_id, actor), (other_id, other) = chance.choices(ACTORS, cum_weights=self.actor_weights, k=2)
            if kind == "membership":  # of a small body in one of the large ones
                actor_id, actor, (other_id, other) = None, f"Brigade {chance.randrange(300)}", ACTORS[chance.randrange(1, 4)]
            rank = chance.choices(range(self.places), cum_weights=self.weights)[0]
            place = self.place(rank)
            if kind == "capture" and chance.random() < 0.015:
                place = Place(f"Province {rank % 14}", 0, 4, f"adm:{rank % 14}", f"Province {rank % 14}", 34.0, 36.0, "province", "SY")
            elif chance.random() < 0.1:
                place = Place(place.text, 0, 4, None, place.text)
            day = published - timedelta(days=chance.choice([0, 0, 1, 1, 2, 5, 30]))
            chain = tuple(
                chance.choices(
                    [(), (Speaker(actor, actor_id),), (Speaker("SOHR", "sohr"),), (Speaker("a military source"),)], [5, 2, 2, 1]
                )[0]
            )
            words = " ".join(f"word{chance.randrange(9000)}" for _ in range(14))  # no sentence is like another
            sentence = f"{actor} and {other} at {place.text}: {kind} {words}"
            first = None if chance.random() < 0.3 or kind in ("membership", "allied_with") else day
            last = None if kind in ("membership", "allied_with") else day
            modality = chance.choices(["asserted", "background", "denied", "planned"], [90, 4, 1, 5])[0]
            yield Claim(
                "", f"r{number}", 0, 0, "body", kind, (0, 1), Participant(actor, id=actor_id, name=actor),
                Participant(other, id=other_id, name=other), place, first, last, None, None, modality, chain, "invented",
            ), sentence  # fmt: skip


def _placed(claim: Claim, start: int, length: int) -> Claim:
    span, trigger = (start, start + length), (start, start + 1)
    texts = [part.text if part else None for part in (claim.actor, claim.recipient, claim.place)]
    id = claim_id(claim.report_id, claim.kind, span, trigger, *texts, [speaker.text for speaker in claim.attribution])
    place = replace(claim.place, start=start + 1, end=start + 2) if claim.place else None
    return replace(claim, claim_id=id, start=span[0], end=span[1], trigger=trigger, place=place)


if __name__ == "__main__":
    sys.exit(main())
