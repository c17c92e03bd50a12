"""Invented events in the layouts of UCDP GED and ACLED → rows a second, processor time and memory of importing them and taking them back.

    python benchmarks/bench_imports.py [--rows 10000]

The rows are as long as those of the released files, of 5,000 places and 40 actors; one place in four is in no gazetteer.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from khabar.gazetteer import load_gazetteer
from khabar.importing import take_in, withdraw
from khabar.lexicon import table
from khabar.naming import registry_for
from khabar.record import Record

TOWNS = ["Idlib town", "Aleppo city", "Ariha town", "Homs city", "Kafr Nabl town", "Saraqib town"]
ACTORS = ["Government of Syria", "IS", "Syrian insurgents", "Ahrar al-Sham", *(f"Brigade {n}" for n in range(36))]
TYPES = [
    ("Battles", "Armed clash"),
    ("Battles", "Government regains territory"),
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Violence against civilians", "Attack"),
    ("Strategic developments", "Other"),
]


def spot(chance: random.Random) -> tuple[str, float, float]:
    number = chance.randrange(5000)
    name = TOWNS[number % len(TOWNS)] if number % 4 else f"Hill {number} village"
    return name, round(34 + number % 97 / 40, 4), round(36 + number % 89 / 30, 4)


def ged(number: int, chance: random.Random) -> dict[str, Any]:
    on, (place, latitude, longitude), dead = (
        date(2012, 1, 1) + timedelta(chance.randrange(3000)),
        spot(chance),
        chance.choice([0, 1, 1, 2, 5, 9]),
    )
    article = f'"An Agency","{on}","Regime forces shelled {place} and killed {dead} people, a monitor says, in report {number}"'
    return {
        **{"id": number, "relid": f"SYR-{on.year}-1-{number}", "year": on.year, "type_of_violence": chance.choice("1123")},
        **{"conflict_name": "Syria: Government", "dyad_name": "Government of Syria - Syrian insurgents", "side_a": chance.choice(ACTORS)},
        **{"side_b": chance.choice(ACTORS), "number_of_sources": 2, "source_article": article, "source_office": "An Agency; A Monitor"},
        **{"source_headline": f"Fighting near {place}", "where_prec": chance.choice("11123"), "where_coordinates": place},
        **{"adm_1": "Idlib governorate", "latitude": latitude, "longitude": longitude, "geom_wkt": f"POINT ({longitude} {latitude})"},
        **{"priogrid_gid": 180000, "country": "Syria", "region": "Middle East", "event_clarity": 1, "date_prec": 1, "date_start": on},
        **{"date_end": on, "deaths_b": dead, "best": dead, "high": dead + 1, "low": dead},
    }


def acled(number: int, chance: random.Random) -> dict[str, Any]:
    on, (place, latitude, longitude), (kind, sub) = date(2017, 1, 1) + timedelta(chance.randrange(2500)), spot(chance), chance.choice(TYPES)
    notes = (
        f"On {on}, regime forces clashed with rebels in {place} in the Ariha district. {number % 5} fighters were killed, report {number}."
    )
    return {
        **{
            "event_id_cnty": f"INV{number}",
            "event_date": on,
            "year": on.year,
            "time_precision": 1,
            "event_type": kind,
            "sub_event_type": sub,
        },
        **{
            "actor1": "Military Forces of Syria (2000-2024)",
            "inter1": "State forces",
            "actor2": chance.choice(ACTORS),
            "inter2": "Rebel group",
        },
        **{"country": "Syria", "admin1": "Idleb", "location": place, "latitude": latitude, "longitude": longitude, "geo_precision": 1},
        **{"source": "A Monitor; An Agency", "notes": notes, "fatalities": number % 5, "timestamp": 1700000000 + number},
    }


def measured(name: str, work: Callable[[], object], rows: int) -> None:
    began, used = time.monotonic(), time.process_time()
    work()
    seconds, processor = time.monotonic() - began, time.process_time() - used
    print(f"  {name}: {seconds:.1f} s, of the processor {processor:.1f} s; {rows / seconds:,.0f} rows a second", flush=True)


def write(path: Path, layout: str, make: Callable[[int, random.Random], dict[str, Any]], rows: int) -> None:
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, table("columns")[layout])
        out.writeheader()
        out.writerows(make(number, chance) for number in range(rows))
    print(f"{layout}: {rows:,} rows, {path.stat().st_size / rows:.0f} bytes each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    rows = parser.parse_args().rows
    for layout, make in (("ged", ged), ("acled", acled)):
        with tempfile.TemporaryDirectory(prefix="khabar-bench-") as folder:
            path, record = Path(folder) / f"{layout}.csv", Path(folder) / "bench.khabar"
            write(path, layout, make, rows)
            with Record.create(record) as kept:
                work = partial(take_in, kept, path, registry_for(kept.connection), load_gazetteer(), published=date(2024, 6, 1))
                measured("import", work, rows)
                measured("the same again", work, rows)
                id = kept.connection.execute("SELECT import FROM imports").fetchone()[0]
                measured("taken back", partial(withdraw, kept, id, by="A", reason="so"), rows)
            print(f"  {record.stat().st_size / rows / 1000:.1f} kB of record a row")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
