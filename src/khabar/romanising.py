"""a name in any script → how it sounds, alike across romanisations.

`word_sounds` writes a word in signs for sounds; `skeleton` keeps its consonants, the key under which spellings of one name meet; an
unresolved place gets `name:` and such a key. Letters, and the sounds that are written for each other: `knowledge/places/sounds.yaml`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from anyascii import anyascii

from khabar.burmese import latin_of_burmese
from khabar.lexicon import FOLDER, load
from khabar.spellings import normal, plain

VOWELS = frozenset("aeiouEOAWY")


class Sounds(NamedTuple):
    """A name as it sounds: its words, and the meanings that other words of it carry in any language ("west", "castle")."""

    words: tuple[str, ...]
    meanings: frozenset[str]


@dataclass(frozen=True)
class _Letters:
    latin: dict[str, str]
    graphemes: re.Pattern[str]
    soft: dict[str, str]
    arabic: dict[str, str]
    other: dict[str, str]
    exchanged: dict[tuple[str, str], float]
    left_out: dict[str, float]
    meanings: re.Pattern[str]
    sorts: frozenset[str]

    def heard(self, found: re.Match[str]) -> str:
        """Letters that stand together as a sound."""
        letters = found[0]
        if letters in self.soft and found.string[found.end() : found.end() + 1] in ("e", "i"):
            return self.soft[letters]
        return self.latin[letters]


@cache
def _letters() -> _Letters:
    raw = load(FOLDER / "places" / "sounds.yaml")
    latin = {str(letters): str(sound) for letters, sound in raw["latin"].items()}
    exchanged = {pair: float(cost) for cost, pairs in raw["exchanged"].items() for a, b in pairs for pair in ((a, b), (b, a))}
    meanings = re.compile("|".join(f"(?P<{meaning}>{'|'.join(map(str, forms))})" for meaning, forms in raw["meanings"].items()))
    return _Letters(
        latin,
        _one_of(latin),
        raw["before_e_i"],
        raw["arabic"],
        raw["letters"],
        exchanged,
        {str(sound): float(cost) for sounds, cost in raw["left_out"].items() for sound in sounds},
        meanings,
        frozenset(raw["sorts"]),
    )


def _one_of(letters: Collection[str]) -> re.Pattern[str]:
    """The longest of some letters that stand together, by their first: which alternatives there are is looked at once a letter."""
    firsts: dict[str, list[str]] = {}
    for one in sorted(letters, key=len, reverse=True):
        firsts.setdefault(one[0], []).append(re.escape(one[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in firsts.items()))


def sounds(text: str) -> Sounds:
    """How a name sounds. Words for the sort of place are left out ("village"), those with a meaning kept apart.

    >>> sounds("Western Tell Ward"), sounds("تل ورد الغربي").meanings
    (Sounds(words=('tel', 'ward'), meanings=frozenset({'west'})), frozenset({'west'}))
    """
    return sounds_of(normal(text))


@lru_cache(maxsize=50_000)
def sounds_of(key: str) -> Sounds:
    """`sounds` of a normal spelling."""
    words = [word if word.isascii() or _is_consonantal(word) else in_latin(word) for word in key.split()]
    words = [word for word in words if word]
    if len(words) == 1:
        return Sounds((heard,), NO_MEANING) if (heard := word_sounds(words[0])) else Sounds((), NO_MEANING)
    bare = [word for word in words if not meaning_of(word) and word not in _letters().sorts]
    if not bare:
        return Sounds(tuple(filter(None, map(word_sounds, words))), NO_MEANING)
    heard_words = [word_sounds(word) if word == words[-1] else _without_final_t(word_sounds(word)) for word in bare]
    meanings = frozenset(filter(None, map(meaning_of, words))) if len(bare) < len(words) else NO_MEANING
    return Sounds(tuple(filter(None, heard_words)), meanings)


def _is_consonantal(word: str) -> bool:
    """Is it in Arabic or Hebrew letters, which leave most vowels out?"""
    return "\u0590" <= word[0] <= "\u06ff"


@lru_cache(maxsize=50_000)
def in_latin(word: str) -> str:
    """A word (lower case, without marks) of a script that writes vowels in Latin letters; Burmese as names of Myanmar are.

    >>> in_latin("мост"), in_latin("မန္တလေး")
    ('most', 'mantale')
    """
    if "\u1000" <= word[0] <= "\u109f":
        return latin_of_burmese(word)
    return "".join(_letters().other.get(letter) or anyascii(letter).lower() for letter in word)


def _without_final_t(heard: str) -> str:
    """ "Samuqat Manbij" and "Samuqa": a feminine noun is written with t before another word."""
    return heard[:-1] if heard[-2:] in ("at", "et") and heard[-3:-2] not in _VOWELS_BEFORE else heard


@lru_cache(maxsize=50_000)
def meaning_of(word: str) -> str | None:
    """What a word means in a place's name, in any of the languages that we know: "east", "great", "castle"."""
    found = _letters().meanings.fullmatch(word)
    return found.lastgroup if found else None


@lru_cache(maxsize=50_000)
def word_sounds(word: str) -> str:
    """A word (lower case, without marks) in signs for sounds.

    >>> word_sounds("sheikh"), word_sounds("shaykh"), word_sounds("cheikh")
    ('SEx', 'SEx', 'CEx')
    """
    letters = _letters()
    if _is_consonantal(word):
        heard = "".join(letters.arabic.get(letter, "") for letter in word)
        return re.sub(r"([^aAWY])\1+|(?<=.)h$", lambda found: found[1] or "a", heard)
    word = word if word.isascii() else in_latin(word)
    if word[:2] in ("el", "al"):
        word = _JOINED_ARTICLE.sub("", word)
    heard = _DOUBLED.sub(_once, letters.graphemes.sub(letters.heard, _DOUBLED.sub(_once, word)))
    heard = heard if heard.isalpha() else _NO_LETTER.sub("", heard)
    return heard[:-1] if heard[-2:] in ("ah", "eh", "ih") else heard


@lru_cache(maxsize=50_000)
def bones(heard: str) -> str:
    """The consonants of a word given in signs for sounds, with "a" for a vowel at its beginning."""
    first = heard[:1]
    return _DOUBLED.sub(_once, _FIRST.get(first, first) + heard[1:].removesuffix("h").translate(_BONES))


def _once(doubled: re.Match[str]) -> str:
    return doubled[0][0]


NO_MEANING: frozenset[str] = frozenset()
_VOWELS_BEFORE = ("", *"aeiouEO")
_JOINED_ARTICLE = re.compile(r"^(?:el|al)(?=[^aeiouyl]\w{2})")
_DOUBLED = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^a-zA-Z]")
_SAME = {"p": "b", "v": "f", "q": "k", "G": "g", "D": "d", "T": "t", "S": "$", "C": "$", "c": "s", "H": "g"}
_FIRST = _SAME | dict.fromkeys(VOWELS, "a") | {"y": "", "Y": "", "W": "w"}
_BONES = str.maketrans(_SAME | dict.fromkeys("aeiouEOAWYwy"))
_ROUGH = str.maketrans(_SAME) | str.maketrans(dict.fromkeys("aeiouEOAWYwy", "a"))


def roughly(heard: str) -> str:
    """Sounds with all vowels and glides alike, and consonants as in a skeleton."""
    return heard.translate(_ROUGH)


_SIDES = ("east", "west", "north", "south", "great", "little", "upper", "lower")


@lru_cache(maxsize=100_000)
def skeleton(text: str) -> str:
    """The consonants of a name as they sound, then a number for each word such as east, big or new.

    >>> skeleton("Muhambel") == skeleton("Mhambal"), skeleton("A’yn al Hamra") == skeleton("Ein Elhamra")
    (True, True)
    """
    heard = sounds(text)
    order = sorted(heard.meanings, key=lambda meaning: (_SIDES.index(meaning) if meaning in _SIDES else len(_SIDES), meaning))
    numbers = [str(_SIDES.index(meaning) + 1) if meaning in _SIDES else meaning for meaning in order]
    return " ".join([*filter(None, map(bones, heard.words)), *numbers])


@cache
def sound_costs() -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """What it costs to write one sound for another, 0 to 1; and to leave a sound out, or to add it."""
    letters = _letters()
    signs = string.ascii_letters
    exchanged = {
        a: {b: letters.exchanged.get((a, b), float(a != b) if (a in VOWELS) == (b in VOWELS) else 9.0) for b in signs} for a in signs
    }
    return exchanged, {a: letters.left_out.get(a, 0.8) for a in signs}


@cache
def near_bones() -> dict[str, str]:
    """Consonant of a skeleton → those that are written for it."""
    near: dict[str, set[str]] = {}
    for one, other in _letters().exchanged:
        a, b = bones("a" + one)[1:], bones("a" + other)[1:]
        if a and b and a != b:
            near.setdefault(a, set()).add(b)
    return {sound: "".join(sorted(others)) for sound, others in near.items()}


def unresolved_id(text: str, country: str | None = None) -> str:
    """A stable id for a place that no gazetteer has: spellings that differ by romanisation alone share it within a country.

    >>> unresolved_id("Sanqara", "SY") == unresolved_id("Sanqarah", "SY")
    True
    """
    key = skeleton(text).replace(" ", "-").replace("$", "sh")
    return f"name:{(country or 'xx').lower()}:{key if len(key) > 2 else normal(text).replace(' ', '-')}"


def without_feature(text: str) -> str:
    """The name without the words for the sort of place: "Idlib city" → "Idlib"."""
    kept = [word for word in text.split() if plain(word) not in _letters().sorts]
    return " ".join(kept) or text
