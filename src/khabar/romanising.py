"""a name in any script → how it sounds, alike across romanisations.

`word_sounds` writes a word in signs for sounds; `skeleton` keeps its consonants, the key under which spellings of one name meet; an
unresolved place gets `name:` and such a key. Letters, and the sounds that are written for each other: `knowledge/places/sounds.yaml`.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache, lru_cache

from anyascii import anyascii

from khabar.lexicon import FOLDER, load
from khabar.spellings import normal, plain

VOWELS = frozenset("aeiouEOAWY")


@dataclass(frozen=True, slots=True)
class Sounds:
    """A name as it sounds: its words, and the meanings that other words of it carry in any language ("west", "castle")."""

    words: tuple[str, ...]
    meanings: frozenset[str]


@dataclass(frozen=True)
class _Letters:
    latin: dict[str, str]
    graphemes: re.Pattern[str]
    arabic: dict[str, str]
    exchanged: dict[tuple[str, str], float]
    left_out: dict[str, float]
    meanings: re.Pattern[str]
    sorts: frozenset[str]


@cache
def _letters() -> _Letters:
    raw = load(FOLDER / "places" / "sounds.yaml")
    latin = {str(letters): str(sound) for letters, sound in raw["latin"].items()} | raw["before_e_i"]
    plain_letters = "|".join(sorted(map(re.escape, raw["latin"]), key=len, reverse=True))
    soft_letters = "|".join(f"{letter}(?=[ei])" for letter in raw["before_e_i"])
    exchanged = {pair: float(cost) for cost, pairs in raw["exchanged"].items() for a, b in pairs for pair in ((a, b), (b, a))}
    meanings = re.compile("|".join(f"(?P<{meaning}>{'|'.join(map(str, forms))})" for meaning, forms in raw["meanings"].items()))
    return _Letters(
        latin,
        re.compile(f"{plain_letters}|{soft_letters}"),
        raw["arabic"],
        exchanged,
        {str(sound): float(cost) for sounds, cost in raw["left_out"].items() for sound in sounds},
        meanings,
        frozenset(raw["sorts"]),
    )


@lru_cache(maxsize=100_000)
def sounds(text: str) -> Sounds:
    """How a name sounds. Words for the sort of place are left out ("village"), those with a meaning kept apart.

    >>> sounds("Western Tell Ward"), sounds("تل ورد الغربي").meanings
    (Sounds(words=('tel', 'ward'), meanings=frozenset({'west'})), frozenset({'west'}))
    """
    words = normal(text).split()
    if len(words) == 1:
        heard_word = word_sounds(words[0])
        return Sounds((heard_word,) if heard_word else (), _NONE)
    meanings = {word: meaning_of(word) for word in words}
    bare = [word for word in words if not meanings[word] and word not in _letters().sorts]
    if not bare:
        return Sounds(tuple(filter(None, map(word_sounds, words))), frozenset())
    heard = [word_sounds(word) if word is words[-1] else _without_final_t(word_sounds(word)) for word in bare]
    return Sounds(tuple(filter(None, heard)), frozenset(filter(None, meanings.values())))


def _without_final_t(heard: str) -> str:
    """ "Samuqat Manbij" and "Samuqa": a feminine noun is written with t before another word."""
    return heard[:-1] if heard[-2:] in ("at", "et") and heard[-3:-2] not in _VOWELS_BEFORE else heard


@lru_cache(maxsize=50_000)
def meaning_of(word: str) -> str | None:
    """What a word means in a place's name, in any of the languages that we know: "east", "great", "castle"."""
    found = _letters().meanings.fullmatch(word)
    return found.lastgroup if found else None


@lru_cache(maxsize=200_000)
def word_sounds(word: str) -> str:
    """A word (lower case, without marks) in signs for sounds.

    >>> word_sounds("sheikh"), word_sounds("shaykh"), word_sounds("cheikh")
    ('SEx', 'SEx', 'CEx')
    """
    letters = _letters()
    if "\u0600" <= word[0] <= "\u06ff":
        heard = "".join(letters.arabic.get(letter, "") for letter in word)
        return re.sub(r"([^aAWY])\1+|(?<=.)h$", lambda found: found[1] or "a", heard)
    word = word if word.isascii() else anyascii(word).lower()
    if word[:2] in ("el", "al"):
        word = _JOINED_ARTICLE.sub("", word)
    heard = _DOUBLED.sub(_once, letters.graphemes.sub(lambda found: letters.latin[found[0]], _DOUBLED.sub(_once, word)))
    heard = heard if heard.isalpha() else _NO_LETTER.sub("", heard)
    return heard[:-1] if heard[-2:] in ("ah", "eh", "ih") else heard


@lru_cache(maxsize=200_000)
def bones(heard: str) -> str:
    """The consonants of a word given in signs for sounds, with "a" for a vowel at its beginning."""
    first = "a" if heard[:1] in VOWELS - {"W", "Y"} else heard[:1].replace("y", "").replace("Y", "").replace("W", "w")
    rest = heard[1:].removesuffix("h").translate(_NO_VOWELS)
    return _DOUBLED.sub(_once, (first + rest).translate(_MERGED))


def _once(doubled: re.Match[str]) -> str:
    return doubled[0][0]


_NONE: frozenset[str] = frozenset()
_VOWELS_BEFORE = ("", *"aeiouEO")
_JOINED_ARTICLE = re.compile(r"^(?:el|al)(?=[^aeiouyl]\w{2})")
_DOUBLED = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^a-zA-Z]")
_NO_VOWELS = str.maketrans("", "", "aeiouEOAWYwy")
_MERGED = str.maketrans({"p": "b", "v": "f", "q": "k", "G": "g", "D": "d", "T": "t", "S": "$", "C": "$"})
_ROUGH = _MERGED | str.maketrans(dict.fromkeys("aeiouEOAWYwy", "a"))


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
