"""A text → its datelines: "GOMA, Congo, May 3 (NWS) — " before a story's first words.

A dateline says where and when a story was filed and by whom. It is no part of the first sentence, and the place is where the writer sat.
Whoever asks for one asks here: the paragraphs, the countries of a report, the printed day, the scene, the credits of copies.
"""

from __future__ import annotations

import re
from calendar import day_name, month_abbr, month_name
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 120
_WORD = r"(?:[a-z]{1,3}-)?[A-ZÀ-ÞŠŽ][\w'’.-]*"
_NAME = rf"{_WORD}(?: (?:(?:of|the|and|de|du|da|do|la|le|el|al|sur|upon) ){{0,2}}{_WORD}){{0,5}}"
_MONTH = "|".join(sorted((re.escape(name) for name in (*month_name[1:], *month_abbr[1:], "Sept")), key=len, reverse=True))
_DAY = (
    rf"(?:(?:{'|'.join(day_name)}),? )?"
    rf"(?:(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\.?(?:,? \d{{4}})?)"
)
_FORM = re.compile(
    rf"(?P<places>{_NAME}(?:(?:, ?| ?/ ?){_NAME}){{0,3}}?)??(?: \({_NAME}\)(?= \())?"
    rf"(?:,? ?(?P<day>(?i:{_DAY})))?"
    r"(?:,? ?[(\[](?P<agency>[A-ZÀ-ÞŠŽ][^()\[\]\n]{1,40})[)\]]|, (?P<initials>[A-Z]{2,8}))?"
    r"(?:\s?(?P<dash>--|[–—])\s?|\s?-{1,2}\s|\s?:\s|(?P<bare>(?<=[)\]])\s))"
    r"(?=[\"“”‘'’(\[]*[A-ZÀ-ÞŠŽ\d])"
)
_TITLED = re.compile(r"(?:[A-ZÀ-ÞŠŽ][\w.&’'-]* ?)+")
_RUN_IN = re.compile(r"(?<=\S )(?<![A-Z] )(?=[A-Z][A-Z'’-]{2,}[ ,/])")
_SEAT = re.compile(r"(?:,[^\n()]{1,40}|\s*\([A-Z]\w+\))?\s*(?:\([A-Z][^\n()]{2,30}\)|[-–—]\s)")
_DASHLESS = re.compile(r" [A-Z][a-z]")  # "BEIRUT Thirteen civilians": the agency's seat where a page has lost its dash
_SPELT_OUT = 5  # letters: "US" and "UAE" are no datelines
_OPENERS = re.compile(
    r"(?:the|an?|it|he|she|they|we|i|you|this|that|these|those|there|in|on|at|by|for|from|with|as|but|and|or|so|if|when|while|after|before"
    r"|since|although|however|meanwhile|also|not|no|yes|what|who|why|how|where|which|according|update|breaking|video|watch|note|analysis"
    r"|opinion|photos?|live|exclusive|read|editor)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """`end`: where the story's first words begin; `places_end`: where the places end, 0 where there are none. Day and agency as written."""

    end: int
    places_end: int
    day: str | None
    agency: str | None
    certain: bool
    """Is there more to it than names and a dash: capital letters, a day, an agency? "Port Ash — The" alone may be a thought cut short."""


def dateline(text: str) -> Dateline | None:
    """The dateline that a paragraph begins with.

    >>> dateline("PORT ASH, May 3 (NWS) - The bridge fell.")
    Dateline(end=24, places_end=8, day='May 3', agency='NWS', certain=True)
    >>> dateline("Port Ash, Republic of Oakland — The bridge fell.").certain
    False
    >>> dateline("The bridge — The old one — fell.") is None
    True
    """
    found = _FORM.match(text[:LONGEST])
    if not found or not found.group().strip(" -–—:"):
        return None
    places, day = found["places"] or "", found["day"]
    agency = found["agency"] or found["initials"]
    first = re.split(r"[,/]", places)[0]
    capitals = sum(map(str.isalpha, first)) >= 3 and first.isupper()
    certain = bool(day or agency or capitals)
    if found["bare"] is not None and not (capitals and _TITLED.fullmatch(agency or "")):
        return None
    if _OPENERS.match(places) or not (certain or (places and found["dash"])):
        return None
    return Dateline(found.end(), found.end("places") if places else 0, day, agency, certain)


@lru_cache(maxsize=8)
def datelines(text: str) -> tuple[tuple[int, Dateline], ...]:
    """The certain datelines of a text, each with its start: those at the beginning of a line, and those that a page ran into one.

    >>> [(start, line.agency) for start, line in datelines("Bridge falls PORT ASH, May 3 (NWS) - The army left.")]
    [(13, 'NWS')]
    """
    lines = (line.start() for line in re.finditer(r"^(?=\S)", text, re.MULTILINE))
    found = ((start, dateline(text[start : start + LONGEST])) for start in lines)
    certain = {start: line for start, line in found if line and line.certain}
    return tuple(sorted((certain | dict(run_in_datelines(text))).items()))


@lru_cache(maxsize=8)
def run_in_datelines(text: str) -> tuple[tuple[int, Dateline], ...]:
    """Where a page lost its lines, between the words over a story and its first sentence: "Bridge Falls MORTAY (Nws) The army …"."""
    places = (place.start() for place in _RUN_IN.finditer(text))
    found = ((start, dateline(text[start : start + LONGEST])) for start in places)
    return tuple((start, line) for start, line in found if line and line.agency and line.places_end)


@lru_cache(maxsize=8)
def item_heads(text: str) -> frozenset[int]:
    """Where the items of a digest begin that the place they tell of heads: several lines such as "KARSA - ", without a day or an agency.

    >>> sorted(item_heads("KARSA - Rebels took the post.\\nDOVO - Two people died."))
    [0, 30]
    >>> item_heads("KARSA - Rebels took the post.\\nTwo people died.")
    frozenset()
    """
    bare = {start: text[start : start + line.places_end] for start, line in datelines(text) if not (line.day or line.agency)}
    return frozenset(bare) if len(set(bare.values())) > 1 else frozenset()


def is_seat(text: str, start: int, end: int) -> bool:
    """Does a place named there say where the agency sits, or who it is: "BEIRUT, 29 May (NWS) -", "MOSCOW (Sputnik)"?"""
    lines = (first for first, line in datelines(text) if first <= start and end <= first + (line.end if line.agency else line.places_end))
    if (first := next(lines, None)) is not None:
        return first not in item_heads(text)
    dashless = end - start >= _SPELT_OUT and _DASHLESS.match(text, end)
    return text[start:end].isupper() and bool(dashless or _SEAT.match(text, end))
