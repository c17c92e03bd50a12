"""Claims → tellings: what grouping needs of each claim, its parties and place resolved, its days bounded, its informant named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any, Literal
from zlib import crc32

from khabar.areas import Area, is_vague
from khabar.chains import chain
from khabar.lexicon import table
from khabar.model import Claim, Modality, Quantity, Span
from khabar.numerals import number_pattern
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import interval, is_coded, left_out
from khabar.ties import Ties

Shape = Literal["day", "lasting", "within", "past", "unknown"]
"""A day (or a night between two), a length of time, a day somewhere within a time, one at some time before, or nothing known."""

COUNTED = frozenset({"asserted", "background"})
NAMELESS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim of an incident. `first`, `last`: the days as told; `informant`: who counts; `independent`: takes no part in it;
    `is_coded`: a row of a dataset, which is never independent of the reports; `is_part`: a toll that is a part of another."""

    claim_id: str
    report_id: str
    version: str
    start: int
    end: int
    trigger: Span
    kind: str
    modality: Modality
    known: date | None
    first: date | None
    last: date | None
    actor: Party | None
    recipient: Party | None
    area: Area | None
    quantity: Quantity | None
    informant: str
    independent: bool
    letters: int | None = None
    is_apart: bool = False
    is_vague: bool = False
    names: frozenset[str] = NAMELESS
    is_rejected: bool = False
    is_coded: bool = False
    is_part: bool = False

    def __reduce__(self) -> tuple[type[Telling], tuple[Any, ...]]:
        return Telling, _fields(self)  # what dataclasses write for it takes ten times as long

    @property
    def counts(self) -> bool:
        """Does it say that it happened? A denial, "may have" and what an analyst rejected are kept with the incident and not counted."""
        return self.modality in COUNTED and not self.is_rejected

    @property
    def families(self) -> frozenset[str]:
        number = self.quantity
        of_a_war = self.kind == "casualties" and number and (number.low or number.high or 0) >= words()["war_toll"]
        return families()[WAR_TOLL if of_a_war else self.kind]

    @property
    def days(self) -> tuple[int | None, int | None, Shape]:
        """First and last day on which it can have happened, as ordinals, and what the time between them means."""
        if self.last is None:
            return None, None, "unknown"
        last = self.last.toordinal()
        if self.first is None:
            if self.modality == "background":
                return None, last, "past"
            return last - words()["news_days"], last, "within"
        first = self.first.toordinal()
        if last - first <= 1:
            return first, last, "day"
        is_long = last - first >= words()["news_days"]
        return first, last, "lasting" if self.kind in words()["lasting"] and not (is_long and self._is_of_a_day) else "within"

    @property
    def _is_of_a_day(self) -> bool:
        """A month has a toll, which is a number. Who died "in March" did so on one day of it."""
        number = self.quantity
        return self.kind == "casualties" and (number is None or (number.low, number.high) == (1, 1))


_fields = attrgetter(*Telling.__dataclass_fields__)


@cache
def words() -> Mapping[str, Any]:
    """The lists of incidents.yaml; those that are only asked for their members are sets."""
    lists = dict(table("incidents"))
    asked = ("two_sided", "whole", "lasting", "placeless", "personal", "repeatable", "momentary", "frequent", "apart")
    return lists | {name: frozenset(lists[name]) for name in asked}


@cache
def families() -> Mapping[str, frozenset[str]]:
    """For each kind, the families that it may be a part of."""
    return {kind: frozenset(names) for kind, names in words()["families"].items()}


@cache
def akin(names: frozenset[str]) -> frozenset[str]:
    """The kinds that may be a part of one of these families."""
    kinds = {kind for kind, may_be in families().items() if may_be & names}
    return frozenset(kinds - {WAR_TOLL} | ({"casualties"} if WAR_TOLL in kinds else set()))


WAR_TOLL = "war toll"


def tellings(told: Iterable[Told], ties: Ties) -> Iterator[Telling]:
    """Claims that say or deny that something happened: no plans, no forecasts, nothing that readers or the page around a report say."""
    teller = Teller(ties)
    for item in told:
        if is_told(item.claim):
            yield teller.telling(item)


def is_told(claim: Claim) -> bool:
    """Does it say or deny that something happened?"""
    return claim.kind in families() and claim.modality in TOLD and claim.section in SECTIONS


TOLD = frozenset({"asserted", "background", "denied", "possible"})
SECTIONS = frozenset({"headline", "body", "caption"})


class Teller:
    """Makes tellings. What many claims share, such as a place, is resolved once and kept once."""

    def __init__(self, ties: Ties) -> None:
        self.ties = ties
        self._areas: dict[object, Area] = {}
        self._strings: dict[str, str] = {}

    def telling(self, item: Told) -> Telling:
        claim = item.claim
        days = interval(item) if item.is_rejected or not left_out(item) else None
        actor, recipient = self.ties.party(claim.actor), self.ties.party(claim.recipient)
        name, independent = informant(item, [party for party in (actor, recipient) if party], self.ties)
        return Telling(
            claim.claim_id,
            self._strings.setdefault(claim.report_id, claim.report_id),
            self._strings.setdefault(item.version, item.version),
            claim.start,
            claim.end,
            claim.trigger,
            claim.kind,
            claim.modality,
            item.known,
            days[0] if days else None,
            days[1] if days else None,
            actor,
            recipient,
            self._area(claim),
            claim.quantity,
            self._strings.setdefault(name, name),
            independent,
            letters_of(item.sentence),
            is_apart(item),
            claim.place is not None and is_vague(claim.place),
            self._names(item.sentence) if days is None or claim.place is None or claim.place.latitude is None else NAMELESS,
            item.is_rejected,
            is_coded(claim),
            is_part(item),
        )

    def _names(self, sentence: str) -> frozenset[str]:
        return frozenset(self._strings.setdefault(name, name) for name in names_in(sentence))

    def _area(self, claim: Claim) -> Area | None:
        place = claim.place
        if place is None:
            return None
        key = (place.text, place.id, place.name, place.parent, place.precision)
        if key not in self._areas:
            self._areas[key] = self.ties.names.area(place)
        return self._areas[key]


def informant(item: Told, parties: list[Party], ties: Ties) -> tuple[str, bool]:
    """Who is counted for a claim, and whether he takes no side in it: the one place that says so for incidents."""
    speaker, name, hearsay = chain(item, parties, ties)
    return name, not hearsay and not is_coded(item.claim) and not (speaker and ties.takes_part(speaker, item.known))


def letters_of(sentence: str) -> int | None:
    """A number for the words of a sentence, the same in every run; None where they are too few to show that one was copied from another."""
    found = re.findall(r"\w+", sentence.casefold())
    return crc32(" ".join(found).encode("utf-8", "surrogatepass")) if len(found) >= COPIED_WORDS else None


COPIED_WORDS = 8  # not measured: agency sentences run longer, chance repeats shorter


def is_apart(item: Told) -> bool:
    """Do words near the trigger, within it, or at the head of the sentence, set it apart: "a second bomb", "launched another attack",
    "Elsewhere, …"?"""
    start, end = (max(at - item.claim.start, 0) for at in item.claim.trigger)
    said = re.findall(r"\w+", item.sentence[:start].casefold())
    return bool(words()["apart"] & {*said[:2], *said[-3:], *re.findall(r"\w+", item.sentence[start:end].casefold())})


def is_part(item: Told) -> bool:
    """Is it said of some of those who were told of: "nine villagers, four of them children", "including two soldiers", "three women among
    them"? Whoever adds such a number to the whole counts them twice."""
    whom = item.claim.recipient
    if item.claim.quantity is None or whom is None or whom.start is None or whom.end is None:
        return False
    before, after = item.sentence[: max(whom.start - item.claim.start, 0)], item.sentence[max(whom.end - item.claim.start, 0) :]
    return bool(_PART_BEFORE.search(before) or _PART_AFTER.match(after))


_PART_BEFORE = re.compile(r"\b(?:including|of (?:them|whom)|among (?:them|whom))\b(?:(?!,\s+and\b)[^.;]){0,60}$", re.IGNORECASE)
_COUNTED = rf"\s+(?:an?\b|at least\b|several\b|some\b|many\b|{number_pattern()})"
_PART_AFTER = re.compile(
    rf"[\s,]*(?:were |was )?among (?:(?:them|whom)\b(?!{_COUNTED})|those\b|the (?:dead|victims|wounded|injured|killed)\b)", re.IGNORECASE
)


def names_in(sentence: str) -> frozenset[str]:
    """Words with a capital, but for the first: names of people, places, bodies and things, without a list of them.

    >>> sorted(names_in("Guards of Oakford Mill met General Hale on Sunday."))
    ['general', 'hale', 'mill', 'oakford', 'sunday']
    """
    found = re.finditer(r"\b[^\W\d_]\w+", sentence)
    return frozenset(word[0].casefold() for word in islice(found, 1, None) if word[0][0].isupper())
