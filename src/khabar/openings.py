"""The beginning of a paragraph → its dateline, None where it has none: "GOMA, Congo, May 3 (NWS) — " before a story's first words.

A dateline says where and when a story was filed and by whom. It is no part of the first sentence, and the place is where the writer sat.
"""

from __future__ import annotations

import re
from calendar import day_name, month_abbr, month_name
from dataclasses import dataclass

LONGEST = 120
_WORD = r"(?:[a-z]{1,3}-)?[A-ZÀ-ÞŠŽ][\w'’.-]*"
_NAME = rf"{_WORD}(?: (?:(?:of|the|and|de|du|da|do|la|le|el|al|sur|upon) ){{0,2}}{_WORD}){{0,5}}"
_MONTH = "|".join(sorted((re.escape(name) for name in (*month_name[1:], *month_abbr[1:], "Sept")), key=len, reverse=True))
_DAY = (
    rf"(?:(?:{'|'.join(day_name)}),? )?"
    rf"(?:(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\.?(?:,? \d{{4}})?)"
)
_FORM = re.compile(
    rf"(?P<places>{_NAME}(?:(?:, ?| ?/ ?){_NAME}){{0,3}}?)??"
    rf"(?:,? ?(?P<day>(?i:{_DAY})))?"
    r"(?:,? ?[(\[](?P<agency>[A-ZÀ-ÞŠŽ][^()\[\]\n]{1,40})[)\]]|, (?P<initials>[A-Z]{2,8}))?"
    r"(?:\s?(?P<dash>--|[–—])\s?|\s?-{1,2}\s|\s?(?P<colon>:)\s|(?P<bare>(?<=[)\]])\s))"
    r"(?=[\"“”‘'’(\[]*[A-ZÀ-ÞŠŽ\d])"
)
_OPENERS = re.compile(
    r"(?:the|an?|it|he|she|they|we|i|you|this|that|these|those|there|in|on|at|by|for|from|with|as|but|and|or|so|if|when|while|after|before"
    r"|since|although|however|meanwhile|also|not|no|yes|what|who|why|how|where|which|according|update|breaking|video|watch|note|analysis"
    r"|opinion|photos?|live|exclusive|read|editor)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """`end`: where the story's first words begin. `places_end`: where the places end, 0 where there are none. `agency`: as written."""

    end: int
    places_end: int
    agency: str | None
    certain: bool
    """Is there more to it than names and a dash: capital letters, a day, an agency? "Port Ash — The" alone may be a thought cut short."""


def dateline(text: str) -> Dateline | None:
    """The dateline that a paragraph begins with.

    >>> dateline("PORT ASH, May 3 (NWS) - The bridge fell.")
    Dateline(end=24, places_end=8, agency='NWS', certain=True)
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
    if found["bare"] is not None and not capitals:
        return None
    if _OPENERS.match(places) or not (certain or (places and found["dash"])):
        return None
    return Dateline(found.end(), found.end("places") if places else 0, agency, certain)


def datelines(text: str) -> list[tuple[int, Dateline]]:
    """The certain datelines of a text that stand at the beginning of a line, each with its start."""
    lines = (line.start() for line in re.finditer(r"^(?=\S)", text, re.MULTILINE))
    return [(start, found) for start in lines if (found := dateline(text[start : start + LONGEST])) and found.certain]
