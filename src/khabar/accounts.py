"""Tellings → accounts: what one report, or several, tell of one happening, and where."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Literal

from khabar.areas import Area
from khabar.lexicon import table
from khabar.parties import Party
from khabar.spellings import normal
from khabar.tellings import Shape, Telling, words

Level = Literal["place", "province", "country", "vague", "none"]
Reasons = tuple[str, ...]

# Of a million accounts, most hold one thing of each sort, and many the same: these are made once, and never altered.
NOTHING: frozenset[Any] = frozenset()


@lru_cache(maxsize=50_000)
def _only(thing: Hashable) -> frozenset[Any]:
    return frozenset((thing,))


@lru_cache(maxsize=50_000)
def _by_key(party: Party | None) -> Mapping[str, Party]:
    return {party.key: party} if party else {}


@lru_cache(maxsize=1_000)
def _told_by(version: str, kinds: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """The reports of an account, in the order in which they joined, and the kinds that each tells of."""
    return {version: kinds}


class Account:
    """What one report, or several, tell of one happening. Once anyone asserts it, what others deny or hold possible adds nothing to it.

    `size`: its number of tellings; `counts`: is any of them counted; `is_on_map`: has any a place on the map; `told_first`: day, report,
    place in the text, claim and version of the one that came first. Whoever joins accounts asks for these and not for the tellings, which
    therefore stay behind when an account goes to another process."""

    __slots__ = (
        "actors", "areas", "counts", "families", "first", "is_background", "is_on_map", "kinds", "last", "letters", "level", "numbers",
        "recipients", "root", "shape", "size", "tellings", "told_first", "versions", "victims", "whole", "why", "within",
    )  # fmt: skip

    def __init__(self, telling: Telling, root: str, level: Level, within: tuple[str, ...]) -> None:
        self.tellings = [telling]
        self.why: list[Reasons] = [()]
        self.size, self.counts = 1, telling.counts
        self.is_on_map = telling.area is not None and telling.area.latitude is not None
        self.told_first = (telling.known or date.max, telling.report_id, telling.start, telling.claim_id, telling.version)
        self.root, self.level, self.within = root, level, within
        self.first, self.last, self.shape = telling.days
        self.families = telling.families
        self.kinds = _only(telling.kind)
        self.is_background = telling.modality == "background"
        self.areas = _only(telling.area.key) if telling.area else NOTHING
        self.whole = _only((telling.kind, telling.area.key)) if telling.area and telling.kind in words()["whole"] else NOTHING
        self.actors, self.recipients = _by_key(telling.actor), _by_key(telling.recipient)
        self.numbers = frozenset(_numbers(telling)) if telling.quantity else NOTHING
        self.victims = _by_key(telling.recipient) if _befell_one(telling) else _by_key(None)
        self.letters: tuple[int, ...] = (telling.letters,) if telling.letters is not None else ()
        self.versions = _told_by(telling.version, self.kinds)

    def copy(self) -> Account:
        """One that may absorb others while this stays as it is."""
        made = _without_tellings(*_profile(self))
        made.tellings, made.why = [*self.tellings], [*self.why]
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _without_tellings, _profile(self)

    @property
    def version(self) -> str:
        """The report that told it first."""
        return self.told_first[-1]

    @property
    def stricken(self) -> frozenset[str]:
        """The last names of its victims, where the full name is told."""
        return frozenset(normal(party.name).rpartition(" ")[2] for party in self.victims.values() if is_full(party.name))

    @property
    def head(self) -> Telling:
        return self.tellings[0]

    def absorb(self, other: Account, why: Reasons) -> None:
        """Take the other's tellings in, and what they say of days, place, sides and numbers."""
        heard, asserted = self.counts, other.counts
        if self.tellings:
            self.tellings += other.tellings
            self.why += [why, *other.why[1:]]
        self.size += other.size
        self.counts = heard or asserted
        self.is_on_map = self.is_on_map or other.is_on_map
        told = {version: kinds | self.versions.get(version, NOTHING) for version, kinds in other.versions.items()}
        self.versions = {**self.versions, **told}
        self.letters += tuple(letters for letters in other.letters if letters not in self.letters)
        if heard and not asserted:
            return
        if asserted and not heard:
            self._take_over(other)
            return
        self._narrow(other)
        self.families = self.families & other.families or self.families
        self.kinds = self.kinds | other.kinds
        self.is_background = self.is_background and other.is_background
        self.areas = self.areas | other.areas
        self.whole = self.whole | other.whole
        self.actors = {**self.actors, **other.actors}
        self.recipients = {**self.recipients, **other.recipients}
        self.numbers = self.numbers | other.numbers
        self.victims = {**self.victims, **other.victims}
        if _LEVELS.index(other.level) < _LEVELS.index(self.level):
            self.root, self.level, self.within = other.root, other.level, other.within

    def _take_over(self, other: Account) -> None:
        for name in _PROFILE:
            setattr(self, name, getattr(other, name))

    def _narrow(self, other: Account) -> None:
        """The days that both leave open; the whole time where they tell of a length of time."""
        if other.shape == "lasting" and self.shape == "lasting":
            self.first, self.last = _least(self.first, other.first), _most(self.last, other.last)
        elif SHAPES.index(other.shape) < SHAPES.index(self.shape):
            self.first, self.last, self.shape = other.first, other.last, other.shape
        elif (
            self.shape == other.shape
            and other.first is not None
            and other.last is not None
            and self.first is not None
            and self.last is not None
        ):
            first, last = max(self.first, other.first), min(self.last, other.last)
            if first <= last:
                self.first, self.last = first, last


_PROFILE = (
    "actors",
    "areas",
    "families",
    "first",
    "is_background",
    "kinds",
    "last",
    "level",
    "numbers",
    "recipients",
    "root",
    "shape",
    "victims",
    "whole",
)
_ALL = tuple(name for name in Account.__slots__ if name not in ("tellings", "why"))
_profile = attrgetter(*_ALL)


def _without_tellings(*profile: Any) -> Account:
    made = Account.__new__(Account)
    for name, value in zip(_ALL, profile, strict=True):
        setattr(made, name, value)
    made.tellings, made.why = STAYED, STAYED
    return made


STAYED: list[Any] = []
"""The tellings of accounts without them: one for a million."""


_LEVELS: tuple[Level, ...] = ("place", "province", "country", "vague", "none")
SHAPES: tuple[Shape, ...] = ("day", "lasting", "within", "past", "unknown")


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _most(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _befell_one(telling: Telling) -> bool:
    """Is it told what befell one person who is named? Nobody dies twice, nor is he arrested again within the week; hurt he may be."""
    number, who = telling.quantity, telling.recipient
    if telling.kind not in words()["personal"] or who is None or who.id is not None or who.is_generic:
        return False
    if number is None:
        return _is_a_person(who.name)
    return number.unit != "injured" and (number.low, number.high) == (1, 1)


def _is_a_person(name: str) -> bool:
    """Not a body's, nor people's in a headline: they suffer day after day.

    >>> names = ["Mary Hale", "Hill Front", "Hill Militants", "Hill Child", "Red Crescent", "Sons of Hale", "Hill men"]
    >>> [name for name in names if _is_a_person(name)]
    ['Mary Hale']
    """
    words_of = name.split() or [""]
    begin, end = _of_bodies()
    return not words_of[-1].islower() and words_of[0].casefold() not in begin and words_of[-1].casefold() not in end


@lru_cache(maxsize=50_000)
def is_full(name: str) -> bool:
    """Is it one person's among many?

    >>> [name for name in ("Mary Hale", "Hale", "Mr. Hale", "Abdul Karim", "Abdul Karim Hale") if is_full(name)]
    ['Mary Hale', 'Abdul Karim Hale']
    """
    first, _, rest = name.partition(" ")
    part = first.removesuffix(".").casefold() in _half_names()
    return " " in rest if part else bool(rest)


@cache
def _half_names() -> frozenset[str]:
    return frozenset(str(name).casefold() for name in (*table("actor_forms")["servants"], *words()["half_names"]))


@cache
def _of_bodies() -> tuple[frozenset[str], frozenset[str]]:
    """The words that names of bodies and descriptions of people begin with, and end with."""
    forms = table("actor_forms")
    begin = (str(name).split()[0].casefold() for key in ("prefixes", "of_names") for name in forms[key])
    nouns = {str(noun).split()[-1] for several in forms["heads"].values() for noun in several}
    end = (str(name).split()[-1].casefold() for name in forms["suffixes"])
    return frozenset(begin), frozenset({*end, *words()["bodies"], *nouns, *map(_plural, nouns)})


def _plural(noun: str) -> str:
    """
    >>> [_plural(noun) for noun in ("soldier", "gunman", "family", "child")]
    ['soldiers', 'gunmen', 'families', 'children']
    """
    for ending, many in (("man", "men"), ("child", "children"), ("y", "ies")):
        if noun.endswith(ending):
            return noun.removesuffix(ending) + many
    return f"{noun}s"


def _numbers(telling: Telling) -> Iterator[tuple[str, int]]:
    """What is counted, where it is counted above two: one or two dead are the toll of many a day."""
    number = telling.quantity
    if number and telling.counts:
        for bound in {number.low, number.high}:
            if bound is not None and bound > 2:
                yield number.unit, bound


# --- where


class Places:
    """The place that stands for a place: the town for its quarter, one of two entries of the gazetteer for one village."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._by_key: dict[str, Area] = {}
        self._by_name: dict[str, str] = {}
        for area in sorted(areas, key=lambda area: (area.key, area.latitude is None, area.name, repr(area))):  # sets have no order
            self._by_key.setdefault(area.key, area)
            if area.latitude is not None and area.precision == "town":
                self._by_name.setdefault(normal(area.name), area.key)
            if area.id:
                self._by_key.setdefault(area.id, area)
        self._twins = dict(_twins(self._by_key.values()))
        self._roots: dict[Area, str] = {}

    def root(self, area: Area) -> str:
        """Key of the place that it is a part of, at any depth; a town is no part of its province here."""
        if area not in self._roots:
            self._roots[area] = self._root(area)
        return self._roots[area]

    def _root(self, area: Area) -> str:
        key, seen = area.key, {area.key}
        parent = area.parent or self._named(area)
        while parent and parent not in seen and not self._is_wide(parent):
            seen.add(parent)
            key = parent
            parent = self._by_key[parent].parent if parent in self._by_key else None
        return self._twins.get(key, key)

    def _is_wide(self, key: str) -> bool:
        known = self._by_key.get(key)
        return known.precision in ("province", "region", "country") if known else key.startswith(("country:", "ne:", "region:"))

    def _named(self, area: Area) -> str | None:
        """The town that a description ends with: "positions in Oakford"."""
        told = re.search(r"\b(?:in|of|near|around|outside|at) (.+)$", area.name) if area.latitude is None else None
        return self._by_name.get(normal(told[1])) if told else None


def _twins(areas: Iterable[Area]) -> Iterator[tuple[str, str]]:
    """Pairs of places with one name within a few kilometres: the second is the first, entered twice."""
    found: dict[tuple[str, int, int], str] = {}
    for area in areas:
        if area.latitude is None or area.longitude is None or area.precision in ("district", "province", "country", "region"):
            continue
        name, row, column = normal(area.name), round(area.latitude / TWIN_DEGREES), round(area.longitude / TWIN_DEGREES)
        near = [found.get((name, row + down, column + right)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        first = next((key for key in near if key and key != area.key), None)
        if first:
            yield area.key, first
        else:
            found.setdefault((name, row, column), area.key)


TWIN_DEGREES = 0.04  # about four kilometres
