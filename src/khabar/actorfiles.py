"""YAML files → what each tells of actors: names, days, sides, relations, as values.

One file per war in `actors/`, and one for actors of more than one war. Each entry:

    - id: al-nusra-front                  # stable, lower case, hyphens
      name: Jabhat al-Nusra               # the name used in answers
      kind: rebel group                   # one of KINDS
      country: SY                         # ISO 3166-1 alpha-2, absent where there is none
      active: {from: '2012-01-23', to: '2017-01-28'}
      names: [al-Nusra, {text: Nusra Front, from: '2012-01-23', to: '2016-07-28', unverified: true}]
      sides: [{of: opposition, from: …, to: …, conflict: syria}]
      relations: [{type: member_of, of: jaysh-al-fatah, from: '2015-03-24', to: '2017-01', source: …}]
      source: [https://…]                 # or `unverified: true`: known to the writer, not seen in a source
    ambiguous: [AA]                       # spellings that two actors of the war shared on one day; `resolve` gives None for them
    two_sided: [gatia]                  # members of two hostile sides at once, and truly so; `khabar actors lint` reports all others
    generic: [{text: the army, actor: fama, countries: [ML], from: …, to: …, used_by: sana}]

Dates may be a year or a month: the first day of it for `from`, the last for `to`, both inclusive.
Files of the user's own have the same form.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import yaml

from khabar import plainyaml
from khabar.errors import KnowledgeError

KINDS = frozenset(
    {
        "state forces",
        "police",
        "rebel group",
        "political militia",
        "identity militia",
        "external forces",
        "private military company",
        "peacekeepers",
        "coalition",
        "political body",
        "government",
        "civilians",
        "monitor",
        "media",
        "agency",
        "aid organisation",
        "international organisation",
    }
)
SPEAKERS = frozenset({"monitor", "media", "agency"})
"""Kinds that speak about a war and take no part in it."""

RELATIONS = frozenset(
    {
        "part_of",
        "member_of",
        "branch_of",
        "allied_with",
        "opposed_to",
        "commands",
        "led_by",
        "split_from",
        "merged_into",
        "successor_of",
        "renamed_to",
    }
)
BELONGING = ("part_of", "member_of", "branch_of")

_HERE = Path(__file__).parent
Made = TypeVar("Made")
Value = TypeVar("Value")


def _pickled_by_fields(cls: type[Value]) -> type[Value]:
    """What dataclasses write for this is read in twice the time, and every question reads the registry."""
    fields = attrgetter(*cls.__dataclass_fields__)  # type: ignore[attr-defined]
    cls.__reduce__ = lambda self: (cls, fields(self))  # type: ignore[method-assign]
    return cls


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both inclusive, None for an open end."""

    start: date | None = None
    end: date | None = None

    def holds(self, on: date | None) -> bool:
        """Does the period hold on that day? An unknown day is held by every period."""
        return on is None or ((self.start is None or self.start <= on) and (self.end is None or on <= self.end))

    def meets(self, other: Period) -> bool:
        """Do the two periods share a day?"""
        return (self.end is None or other.start is None or other.start <= self.end) and (
            other.end is None or self.start is None or self.start <= other.end
        )

    def shared(self, other: Period) -> Period | None:
        """The days that both have, None where there is none."""
        starts, ends = [d for d in (self.start, other.start) if d], [d for d in (self.end, other.end) if d]
        return Period(max(starts, default=None), min(ends, default=None)) if self.meets(other) else None

    def __str__(self) -> str:
        """ "from 2015-03-24 to 2017-01-31", "at any time"."""
        told = [f"{word} {day}" for word, day in (("from", self.start), ("to", self.end)) if day]
        return " ".join(told) or "at any time"


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an actor's name and when it was in use."""

    text: str
    period: Period = Period()
    verified: bool = True
    source: str | None = None


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Relation:
    """`actor` is in this `type` of relation with `of`, in that period, as `source` says (None: not seen in a source)."""

    actor: str
    type: str
    of: str
    period: Period = Period()
    source: str | None = None


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Side:
    """The side that an actor takes in one war: "syria/opposition"."""

    label: str
    period: Period = Period()


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Actor:
    """A body that fights, governs, watches or reports. `country` and `conflicts` are where it is at home; `outlet` its sort of medium."""

    id: str
    name: str
    kind: str
    country: str | None = None
    conflicts: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    active: Period = Period()
    sides: tuple[Side, ...] = ()
    relations: tuple[Relation, ...] = ()
    sources: tuple[str, ...] = ()
    verified: bool = True
    outlet: str | None = None
    note: str | None = None


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Generic:
    """A common noun that in one war, or in some countries of it, means one actor: "the regime"."""

    text: str
    actor: str
    conflict: str
    countries: tuple[str, ...]
    period: Period = Period()
    used_by: str | None = None


@_pickled_by_fields
@dataclass(frozen=True, slots=True)
class Country:
    """A country's code, names, the words for its people and things, and its capital."""

    code: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str | None


# --- reading the files


def parse_day(text: object, *, last: bool = False) -> date | None:
    """An ISO day, month or year as a day: the first of it, or the `last`. None stays None.

    >>> parse_day("2015-02", last=True)
    datetime.date(2015, 2, 28)
    """
    if text is None:
        return None
    parts = [int(part) for part in str(text).split("-")]
    year, month, day = parts[0], *(parts[1:] + [None] * 2)[:2]
    if month is None:
        return date(year, 12, 31) if last else date(year, 1, 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def _period(row: Mapping[str, Any]) -> Period:
    return Period(parse_day(row.get("from")), parse_day(row.get("to"), last=True))


def _name(row: str | Mapping[str, Any]) -> Name:
    return Name(row) if isinstance(row, str) else Name(str(row["text"]), _period(row), not row.get("unverified"), row.get("source"))


def _relation(actor: str, row: Mapping[str, Any]) -> Relation:
    return Relation(actor, row["type"], row["of"], _period(row), row.get("source"))


def _side(conflict: str, row: Mapping[str, Any]) -> Side:
    return Side(f"{row.get('conflict', conflict)}/{row['of']}", _period(row))


def _actor(conflict: str, row: Mapping[str, Any]) -> Actor:
    conflicts = tuple(row.get("conflicts", [conflict]))
    names = dict.fromkeys([Name(row["name"]), *(_name(n) for n in row.get("names", []))])
    return Actor(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=row.get("country"),
        conflicts=conflicts,
        names=tuple(names),
        active=_period(row.get("active", {})),
        sides=tuple(_side(conflict, side) for side in row.get("sides", [])),
        relations=tuple(_relation(row["id"], relation) for relation in row.get("relations", [])),
        sources=tuple(row.get("source", [])),
        verified=not row.get("unverified"),
        outlet=row.get("outlet"),
        note=row.get("note"),
    )


def _generic(conflict: str, countries: tuple[str, ...], row: Mapping[str, Any]) -> Generic:
    return Generic(row["text"], row["actor"], conflict, tuple(row.get("countries", countries)), _period(row), row.get("used_by"))


def _load_yaml(text: str, name: str) -> Any:
    try:
        return plainyaml.load(text)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{name}: not YAML: {error}") from error


@dataclass(frozen=True, slots=True)
class War:
    """What one file tells."""

    conflict: str
    countries: tuple[str, ...]
    ambiguous: tuple[str, ...]
    actors: tuple[Actor, ...]
    generic: tuple[Generic, ...]
    two_sided: tuple[str, ...] = ()


def read_war(text: str, name: str) -> War:
    """The values of one file; `name` is for the message of a KnowledgeError."""
    rows = _load_yaml(text, name) or {}
    if not isinstance(rows, dict):
        raise KnowledgeError(f"{name}: found a {type(rows).__name__}, expected `conflict`, `countries`, `actors`, `generic`")
    listed = {key: rows.get(key) or [] for key in ("countries", "ambiguous", "actors", "generic", "two_sided")}
    if odd := [key for key, value in listed.items() if not isinstance(value, list)]:
        raise KnowledgeError(f"{name}: {odd[0]} is a {type(listed[odd[0]]).__name__}, expected a list")
    conflict, countries = str(rows.get("conflict", Path(name).stem)), tuple(listed["countries"])
    actors = tuple(_entry(name, row, lambda row: _actor(conflict, row)) for row in listed["actors"])
    generic = tuple(_entry(name, row, lambda row: _generic(conflict, countries, row)) for row in listed["generic"])
    return War(conflict, countries, tuple(listed["ambiguous"]), actors, generic, tuple(listed["two_sided"]))


def _entry(name: str, row: Any, make: Callable[[Any], Made]) -> Made:
    try:
        return make(row)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        told = row.get("id", row) if isinstance(row, dict) else row
        raise KnowledgeError(f"{name}: the entry {told!r:.300} is not of the form in the reference: {error!r}") from error


def own_files(path: Path | None) -> list[tuple[str, str]]:
    """Names and texts of the YAML files that a user's path means: itself, or those of the folder."""
    if path is None:
        return []
    found = [path] if path.is_file() else sorted(f for f in path.glob("*") if f.suffix in (".yaml", ".yml"))
    if not found:
        told = "is a folder without any .yaml file" if path.is_dir() else "is not there"
        raise KnowledgeError(f"{path} {told}; give a file of actors, or a folder of them")
    try:
        return [(str(file), file.read_text(encoding="utf-8")) for file in found]
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path} cannot be read as text in UTF-8: {error}") from error


@lru_cache(maxsize=1)
def shipped_wars() -> tuple[War, ...]:
    """The files of the package."""
    return tuple(read_war(path.read_text(encoding="utf-8"), path.name) for path in sorted((_HERE / "actors").glob("*.yaml")))


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """Names and demonyms of the world's countries."""
    rows = _load_yaml((_HERE / "knowledge" / "countries.yaml").read_text(encoding="utf-8"), "countries.yaml")
    return tuple(
        Country(str(code), row["names"][0], tuple(row["names"]), tuple(row.get("demonyms", [])), row.get("capital"))
        for code, row in rows.items()
    )
