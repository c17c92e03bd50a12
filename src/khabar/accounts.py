"""Tellings → accounts, and two accounts → how much speaks for their telling of one happening, in named reasons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Literal

from khabar.evidence import Area, Party, Ties
from khabar.matters import Matters
from khabar.spellings import normal
from khabar.tellings import Shape, Telling, words

Level = Literal["place", "province", "country", "vague", "none"]
Relation = Literal["same", "may be", "opposed", "unclear", "other"]
Reasons = tuple[str, ...]


class Account:
    """What one report, or several, tell of one happening. Once anyone asserts it, what others deny or hold possible adds nothing to it."""

    __slots__ = (
        "actors", "areas", "families", "first", "is_background", "kinds", "last", "letters", "level", "numbers", "recipients", "root",
        "shape", "tellings", "versions", "whole", "why", "within",
    )  # fmt: skip

    def __init__(self, telling: Telling, root: str, level: Level, within: tuple[str, ...]) -> None:
        self.tellings = [telling]
        self.why: list[Reasons] = [()]
        self.root, self.level, self.within = root, level, within
        self.first, self.last, self.shape = telling.days
        self.families = telling.families
        self.kinds = {telling.kind}
        self.is_background = telling.modality == "background"
        self.areas = {telling.area.key} if telling.area else set()
        self.whole = {(telling.kind, telling.area.key)} if telling.area and telling.kind in words()["whole"] else set()
        self.actors = {telling.actor.key: telling.actor} if telling.actor else {}
        self.recipients = {telling.recipient.key: telling.recipient} if telling.recipient else {}
        self.numbers: set[tuple[str, int]] = set(_numbers(telling))
        self.letters = {telling.letters} if telling.letters is not None else set()
        self.versions = {telling.version: None}  # in the order in which they joined

    @property
    def counts(self) -> bool:
        return any(telling.counts for telling in self.tellings)

    @property
    def head(self) -> Telling:
        return self.tellings[0]

    def absorb(self, other: Account, why: Reasons) -> None:
        """Take the other's tellings in, and what they say of days, place, sides and numbers."""
        fuller = other.counts or not self.counts
        self.tellings += other.tellings
        self.why += [why, *other.why[1:]]
        self.versions |= other.versions
        self.letters |= other.letters
        if not fuller:
            return
        self._narrow(other)
        self.families = self.families & other.families or self.families
        self.kinds |= other.kinds
        self.is_background = self.is_background and other.is_background
        self.areas = self.areas | other.areas
        self.whole = self.whole | other.whole
        self.actors = {**self.actors, **other.actors}
        self.recipients = {**self.recipients, **other.recipients}
        self.numbers |= other.numbers
        if _LEVELS.index(other.level) < _LEVELS.index(self.level):
            self.root, self.level, self.within = other.root, other.level, other.within

    def _narrow(self, other: Account) -> None:
        """The days that both leave open; the whole time where they tell of a length of time."""
        if other.shape == "lasting" and self.shape == "lasting":
            self.first, self.last = _least(self.first, other.first), _most(self.last, other.last)
        elif _SHAPES.index(other.shape) < _SHAPES.index(self.shape):
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


_LEVELS: tuple[Level, ...] = ("place", "province", "country", "vague", "none")
_SHAPES: tuple[Shape, ...] = ("day", "lasting", "within", "past", "unknown")


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _most(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _numbers(telling: Telling) -> Iterator[tuple[str, int]]:
    """What is counted, where it is counted above two: one or two dead are the toll of many a day."""
    number = telling.quantity
    if number and telling.counts:
        for bound in {number.low, number.high}:
            if bound is not None and bound > 2:
                yield number.unit, bound


class Judge:
    """Weighs what speaks for two accounts' telling of one happening. Who belongs to whom is asked for the day in question, and kept."""

    def __init__(self, ties: Ties, matters: Matters) -> None:
        self.ties, self.matters = ties, matters
        self.enough: float = words()["enough"]
        self._weights: Mapping[str, float] = words()["weights"]
        self._relations: dict[tuple[str, str, int | None], Relation] = {}

    def weigh(self, one: Account, other: Account, *, in_report: bool = False) -> tuple[float, Reasons] | None:
        """The sum and its reasons; None where something excludes it."""
        shared = one.families & other.families
        if not shared or (not in_report and one.versions.keys() & other.versions.keys()):
            return None
        copied = bool(one.letters & other.letters) and bool(one.kinds & other.kinds) and not in_report
        days, place = _days(one, other, in_report=in_report, copied=copied), _place(one, other, shared, in_report=in_report)
        if days is None or place is None or (days == ["days apart"] and self.are_opposed(one, other)):
            return None
        reasons = [*days, *place, _kind(one, other)]
        reasons += [reason for reason in (*self._sides(one, other, shared), _number(one, other)) if reason]
        if copied:
            reasons.append("same sentence")
        if in_report:
            reasons.append("same report")
            if abs(one.tellings[-1].start - other.head.start) < BESIDE:
                reasons.append("beside it")
        elif {"no place", "other place", "within the days", "days unknown"} & {*place, *days}:
            reasons += self._matter(one, other, shared)
        return sum(self._weights[reason] for reason in reasons), tuple(reasons)

    def _matter(self, one: Account, other: Account, shared: frozenset[str]) -> list[str]:
        """What is told without a day, or without a place, is known by the names around it; else, what happens often is not known again."""
        found = [self.matters.are_one(ours, theirs) for ours in islice(one.versions, FIRST) for theirs in islice(other.versions, FIRST)]
        if True in found:
            return ["same matter"]
        other_matter = ["other matter"] if False in found else []
        return other_matter + (["frequent"] if (one.kinds & other.kinds or one.kinds) <= words()["frequent"] else [])

    def _sides(self, one: Account, other: Account, shared: frozenset[str]) -> tuple[str | None, str | None]:
        on = other.last if other.last is not None else one.last
        if shared <= words()["two_sided"]:
            return self._opponents(one, other, on), None
        actor = self._best(one.actors, other.actors, on)
        recipient = self._best(one.recipients, other.recipients, on)
        said = {"same": "same actor", "may be": "actor may be the same", "opposed": "other actor", "other": "other actor"}
        suffered = {"same": "same recipient", "opposed": "other recipient"}
        return said.get(actor or ""), suffered.get(recipient or "")

    def _opponents(self, one: Account, other: Account, on: int | None) -> str | None:
        """Either side may be named first, and a report may name only one: an opponent of the known side is the other side."""
        ours, theirs = {**one.actors, **one.recipients}, {**other.actors, **other.recipients}
        found = {self.relation(mine, his, on) for mine in ours.values() for his in theirs.values()}
        if self._third(ours, theirs, on) or self._third(theirs, ours, on):
            return "other actor"
        if "same" in found:
            return "same actor"
        if found & {"may be", "opposed"}:
            return "actor may be the same"
        return "other actor" if found == {"other"} else None

    def _third(self, ours: Mapping[str, Party], theirs: Mapping[str, Party], on: int | None) -> bool:
        """Where both sides are named: is one of the others a party that is neither?"""
        both = any(self.relation(one, other, on) in ("opposed", "other") for one in ours.values() for other in ours.values())
        return both and any(all(self.relation(mine, his, on) in ("opposed", "other") for mine in ours.values()) for his in theirs.values())

    def are_opposed(self, one: Account, other: Account) -> bool:
        """Are the two told of doers who are none of each other's?"""
        found = {self.relation(mine, his, other.last) for mine in one.actors.values() for his in other.actors.values()}
        return bool(found) and found <= {"opposed", "other"}

    def _best(self, ours: Mapping[str, Party], theirs: Mapping[str, Party], on: int | None) -> Relation | None:
        found = {self.relation(mine, his, on) for mine in ours.values() for his in theirs.values()}
        return next((relation for relation in _RELATIONS if relation in found), None)

    def relation(self, one: Party, other: Party, on: int | None) -> Relation:
        """How two parties stand to each other on a day."""
        if one.key == other.key:
            return "may be" if one.is_generic else "same"
        key = (one.key, other.key, on) if one.key < other.key else (other.key, one.key, on)
        if key not in self._relations:
            self._relations[key] = self._related(one, other, date.fromordinal(on) if on is not None else None)
        return self._relations[key]

    def _related(self, one: Party, other: Party, on: date | None) -> Relation:
        generic = one.is_generic or other.is_generic
        if self.ties.kin(one, other, on):
            return "may be" if generic else "same"
        if self.ties.aligned(one, other, on):
            return "may be"
        if self.ties.opposed(one, other, on):
            return "opposed"
        if generic:
            return "unclear"
        return "same" if _short_form(one, other) else "other"


_RELATIONS: tuple[Relation, ...] = ("same", "may be", "unclear", "opposed", "other")
FIRST = 5  # reports of an incident, by which its matter is known
BESIDE = 400  # characters: about two sentences


def _short_form(one: Party, other: Party) -> bool:
    """ "Oakley" for "Mary Oakley", where the registry knows neither."""
    if one.id and other.id:
        return False
    ours, theirs = set(normal(one.name).split()), set(normal(other.name).split())
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _days(one: Account, other: Account, *, in_report: bool, copied: bool) -> list[str] | None:
    """How the days agree: nothing to say, a reason, or None where they exclude each other."""
    shapes = {one.shape, other.shape}
    if in_report and one.is_background != other.is_background and shapes != {"day"}:
        return None  # a new attack, and the old one that it recalls
    if "unknown" in shapes:
        return [] if in_report else ["days unknown"]
    if "past" in shapes:
        return _past(one, other)
    common, whole = _overlap(one, other)
    if common <= 0:
        if copied and -common < words()["copied_days"]:
            return ["within the days"]
        return ["days apart"] if one.whole & other.whole and -common < words()["restated_days"] else None
    if shapes == {"day"}:
        return ["same day"]
    if "lasting" not in shapes:
        return ["within the days"]
    alike = shapes == {"lasting"} and (one.first == other.first or 2 * common > whole)
    return ["same days"] if alike or copied else None


def _overlap(one: Account, other: Account) -> tuple[int, int]:
    """Days that both may mean, below one where none is; days that either may."""
    firsts = [account.first for account in (one, other) if account.first is not None]
    lasts = [account.last for account in (one, other) if account.last is not None]
    return min(lasts) - max(firsts) + 1, max(lasts) - min(firsts) + 1


def _past(one: Account, other: Account) -> list[str] | None:
    """Background without a day: it was before the other report, if that is the one with the day."""
    past, dated = (one, other) if one.shape == "past" else (other, one)
    before = dated.first is not None and past.last is not None and dated.first < past.last
    return ["days unknown"] if dated.shape == "past" or before else None


def _place(one: Account, other: Account, shared: frozenset[str], *, in_report: bool) -> list[str] | None:
    """How the places agree: nothing to say, a reason, or None where they exclude each other."""
    if {kind for kind, _ in one.whole} & {kind for kind, _ in other.whole} and not one.whole & other.whole:
        return None  # a building in a town is taken, and the town
    levels = {one.level, other.level}
    if "vague" in levels and in_report:
        apart = levels == {"vague"} and not one.areas & other.areas
        return None if apart or abs(one.tellings[-1].start - other.head.start) > BESIDE else []
    if levels & {"none", "vague"}:
        return [] if in_report or shared & words()["placeless"] else ["no place"]
    if one.root == other.root:
        return _within_place(one, other)
    if one.whole and other.whole:
        return None
    if one.root in other.within or other.root in one.within:
        return ["place within"]
    return ["other place"] if {one.shape, other.shape} == {"unknown"} and not in_report else None


def _within_place(one: Account, other: Account) -> list[str] | None:
    if one.level != "place":
        return [f"same {one.level}"]
    ours, theirs = one.areas - {one.root}, other.areas - {other.root}
    if ours and theirs and not ours & theirs:
        return None  # two quarters of one city
    return ["same place" if one.areas & other.areas else "part of the place"]


def _kind(one: Account, other: Account) -> str:
    if one.kinds & other.kinds:
        return "same kind"
    return "same family" if one.families == other.families else "may be the same"


def _number(one: Account, other: Account) -> str | None:
    if one.numbers & other.numbers:
        return "same number"
    if len(one.numbers) == len(other.numbers) == 1:
        (unit, number), (unit_there, there) = *one.numbers, *other.numbers
        if unit == unit_there and max(number, there) > MUCH * min(number, there):
            return "other number"
    return None


MUCH = 5  # times: tolls of one happening grow and differ, seldom by more; not measured


# --- where


class Places:
    """The place that stands for a place: the town for its quarter, one of two entries of the gazetteer for one village."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._by_key: dict[str, Area] = {}
        self._by_name: dict[str, str] = {}
        for area in sorted(areas, key=lambda area: (area.key, area.latitude is None, area.name)):
            self._by_key.setdefault(area.key, area)
            if area.latitude is not None and area.precision == "town":
                self._by_name.setdefault(normal(area.name), area.key)
            if area.id:
                self._by_key.setdefault(area.id, area)
        self._twins = dict(_twins(self._by_key.values()))

    def root(self, area: Area) -> str:
        """Key of the place that it is a part of, at any depth."""
        key, seen = area.key, {area.key}
        parent = area.parent or self._named(area)
        while parent and parent not in seen:
            seen.add(parent)
            key = parent
            parent = self._by_key[parent].parent if parent in self._by_key else None
        return self._twins.get(key, key)

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
