"""a name in any script → its key by sound, equal across romanisations.

`normal` of the registry forgets case, marks and articles; `skeleton` keeps the consonants as they sound; an unresolved place gets
`name:` and a key made of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import cast

from anyascii import anyascii

from khabar.spellings import normal, plain

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


def without_feature(text: str) -> str:
    kept = [word for word in text.split() if plain(word) not in _FEATURE_WORDS]
    return " ".join(kept) or text
