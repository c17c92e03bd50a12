"""Synthetic claims, shaped like a real record's → processor seconds and memory to group them into incidents.

    python benchmarks/bench_incidents.py [--sizes 10000 100000] [--seed N]

The war that is made up: places with unequal shares of the news (Zipf), two sides and a third, happenings that one to twelve reports tell,
each in one to six claims, with generic actors, missing places, open days, tolls that differ, copies, denials and background.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from khabar.compiled import compiled_registry
from khabar.incidents import incidents
from khabar.model import Claim, Participant, Place, Quantity, Speaker
from khabar.record import Told
from khabar.ties import Ties

START = date(2015, 1, 1)
SIDES = (
    (("syrian-arab-army", "Syrian Arab Army"), ("syrian-government", "government forces"), ("hezbollah", "Hezbollah"), (None, "soldiers")),
    (("jaysh-al-fatah", "Jaysh al-Fatah"), ("al-nusra-front", "al-Nusra"), ("ahrar-al-sham", "Ahrar al-Sham"), (None, "rebels")),
    (("islamic-state", "Islamic State"), ("islamic-state", "ISIS"), (None, "jihadists"), (None, "militants")),
)
SCENES = (
    ("clash", "attack", "casualties", "advance"),
    ("capture", "clash", "withdrawal", "casualties"),
    ("airstrike", "casualties", "casualties"),
    ("shelling", "casualties"),
    ("bombing", "attack", "casualties"),
    ("suicide_bombing", "casualties", "attack"),
    ("abduction",),
    ("displacement",),
    ("agreement",),
    ("statement",),
)
OUTLETS = [f"Outlet {number}" for number in range(60)]
SPEAKERS: tuple[tuple[Speaker, ...], ...] = (
    (),
    (),
    (),
    (Speaker("Syrian Observatory for Human Rights", "sohr"),),
    (Speaker("SANA", "sana"),),
    (Speaker("AFP", "afp"), Speaker("military source")),
    (Speaker("residents"),),
)


def war(size: int, seed: int) -> Iterator[Told]:
    """About so many claims, in reports of some twenty claims on a handful of happenings each."""
    draw = random.Random(seed)
    days = max(365, size // 3000)
    places = [_place(draw, number) for number in range(max(200, size // 150))]
    shares = list(accumulate(1 / (rank + 5) for rank in range(len(places))))
    made = report = 0
    while made < size:
        happened = START + timedelta(days=draw.randrange(days))
        place = draw.choices(places, cum_weights=shares)[0]
        kinds, (first, second) = draw.choice(SCENES), draw.sample(SIDES, 2)
        dead = int(draw.paretovariate(1.2) * 2)
        sentence = f"The fighting that day left {dead} dead near {place.name} as {first[0][1]} met {second[0][1]}"
        for number in range(min(12, int(draw.paretovariate(1.1)))):
            report += 1
            outlet, published = draw.choice(OUTLETS), happened + timedelta(days=draw.choice((0, 1, 1, 1, 2, 5)))
            told = sentence if draw.random() < 0.2 else f"{sentence}, report {report} said"
            for order in range(draw.randint(1, 6)):
                claim = _claim(
                    draw, f"report-{report}", order, draw.choice(kinds), place, first, second, happened, published, dead + number
                )
                yield Told(claim, told, f"version-{report}", outlet, published, None)
                made += 1


def _place(draw: random.Random, number: int) -> Place:
    name, admin = f"Place {number}", f"Province {number % 14}"
    where = {"latitude": 33 + draw.random() * 4, "longitude": 36 + draw.random() * 5}
    return Place(name, None, None, f"geonames:{number}", name, precision="town", country="SY", admin1=admin, **where)


def _claim(
    draw: random.Random, report: str, order: int, kind: str, place: Place, first: tuple, second: tuple, on: date, known: date, dead: int
) -> Claim:
    start, chance = order * 150, draw.random()
    day = (on, on) if chance < 0.7 else (None, known) if chance < 0.85 else (on - timedelta(days=draw.randint(2, 6)), on)
    where = draw.choices((place, None, Place(place.admin1 or "", name=place.admin1, precision="province", country="SY")), (80, 15, 5))[0]
    actor, recipient = (draw.choice((*side, None, None)) for side in (first, second))
    number = Quantity(dead, dead, draw.choice(("killed", "injured"))) if kind == "casualties" else None
    modality = draw.choices(("asserted", "background", "denied", "possible"), (82, 10, 4, 4))[0]
    return Claim(
        f"{hash_of(report, order):016x}",
        report,
        start,
        start + 140,
        "body",
        kind,
        (start + 20, start + 28),
        _participant(actor),
        _participant(recipient),
        where,
        *day,
        None,
        number,
        modality,
        draw.choice(SPEAKERS),
    )


def hash_of(report: str, order: int) -> int:
    return int(report.split("-")[1]) * 16 + order


def _participant(named: tuple[str | None, str] | None) -> Participant | None:
    return Participant(named[1], id=named[0], name=named[1]) if named else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    registry = compiled_registry()
    for size in options.sizes:
        begun = time.process_time()
        made = sum(1 for _ in war(size, options.seed))
        making = time.process_time() - begun
        begun = time.process_time()
        found = incidents(war(size, options.seed), Ties(registry, []))
        spent = time.process_time() - begun - making
        largest = max(len(one.claims) for one in found)
        print(
            f"{made:>9} claims → {len(found):>8} incidents, the largest of {largest} claims, in {spent:6.1f} s "
            f"({1e6 * spent / made:5.1f} µs a claim); peak memory {peak():.0f} MB"
        )
    return 0


def peak() -> float:
    """Peak resident memory of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
