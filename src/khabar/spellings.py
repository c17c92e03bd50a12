"""Spelling → keys under which the variants of one name meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_SUN = r"(?:an|ar|as|ash|at|ath|ad|adh|az|en|er|es|esh|et|ed|ez)"
_SUN_WORD = re.compile(_SUN)
_SUN_ARTICLE = re.compile(rf"\b{_SUN}-(?=\w)")
_WORDS = re.compile(r"[^\W_\u1000-\u109f]+|[\u1000-\u1049\u1050-\u109f]+")
"""In Burmese writing vowels are marks, which elsewhere end a word."""


def plain(text: str) -> str:
    """Lower case without marks; hyphens are spaces, apostrophes gone: the first step of every comparison of names.

    >>> plain("Jaysh al-Fatāḥ’s")
    "jaysh al-fatah's"
    """
    if text.isascii() and text.isalpha():
        return text.lower()
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) or "\u1000" <= c <= "\u109f").translate(
        _ONE_SIGN
    )
    return " ".join(bare.casefold().split())


_ONE_SIGN = str.maketrans(dict.fromkeys("’‘`´ʼʿʾ", "'") | dict.fromkeys("‐–", "-") | {"ـ": None})


@lru_cache(maxsize=100_000)
def normal(text: str) -> str:
    """One key for the trivial variants of a spelling: case, marks, apostrophes, hyphens, Arabic and English articles, the possessive.

    >>> normal("the Jabhat an-Nusra’s") == normal("Jabhat Al Nusra") == "jabhat nusra"
    True
    """
    key = plain(text)
    if key.isalpha():
        return _arabic(key)
    key = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", key) if "'" in key else key
    key = re.sub(r"\([^)]*\)", " ", key) if "(" in key[1:] and not key.startswith("(") else key
    key = _SUN_ARTICLE.sub("", key) if "-" in key else key
    words = _WORDS.findall(key.replace("'", "").replace(".", ""))
    kept = [word for word, following in pairwise([*words, ""]) if len(word) > 3 or not _is_article(word, following)]
    return " ".join(map(_arabic, kept or words)) if not key.isascii() else " ".join(kept or words)


def _is_article(word: str, following: str) -> bool:
    if not following:
        return False
    if word in ("the", "al", "el", "ul"):
        return True
    return _SUN_WORD.fullmatch(word) is not None and following.startswith(word[1:]) and len(following) > 2


def _arabic(word: str) -> str:
    if not ("\u0600" <= word[0] <= "\u06ff"):
        return word
    word = word.translate(_ARABIC_LETTERS)
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"})

_LOOSE = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"ai|ei|ey|ay", "ay"),
        (r"ou|oo|u|o", "u"),
        (r"ee|iy+|ii|y(?!\w)|ie", "i"),
        (r"e", "a"),
        (r"(?<=\w)ah\b", "a"),
        (r"q", "k"),
        (r"dh|th", "d"),
        (r"([a-z])\1", r"\1"),
    )
]


@lru_cache(maxsize=50_000)
def loose(text: str) -> str:
    """A key that also forgets how an Arabic vowel or final h was written in Latin letters: "Nusrah" and "Nusra", "Jaish" and "Jaysh"."""
    key = normal(text)
    for pattern, letter in _LOOSE:
        key = pattern.sub(letter, key)
    return key


def is_single_english(key: str) -> bool:
    """One Latin word without the marks of a foreign name, which a forgotten vowel would turn into another: "barrack", "Barak"."""
    return " " not in key and not re.search(r"ah\b|q(?!u)|aa|ay|sh", key)
