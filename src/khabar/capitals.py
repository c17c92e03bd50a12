"""A text in capitals, as wire copy of the last century is → the text as it would be printed now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from khabar.tokens import Span


@lru_cache(maxsize=4)
def is_shouting(text: str) -> bool:
    """Is a text all in capitals, as wire copy of the last century is? Its first 4,000 characters tell."""
    letters = [c for c in text[:4000] if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def spoken(text: str, names: Sequence[Span] = ()) -> str:
    """A text in capitals as it would be printed now: small, but for names and what no dictionary holds. The model learnt on such text.

    >>> spoken("THE REBELS IN KARSA ARE READY.")
    'the rebels in Karsa are ready.'
    """
    return re.sub(r"[^\W\d_]+", lambda word: cased(word[0], any(s <= word.start() < e for s, e in names)), text)


def cased(word: str, named: bool) -> str:
    """One word of a text in capitals as it would be printed now."""
    import lemminflect
    from spacy.lang.en.stop_words import STOP_WORDS

    small = word.lower()
    ordinary = small in STOP_WORDS or any(tag != "PROPN" for tag in lemminflect.getAllLemmas(small))
    told = small if ordinary and not named else word.capitalize()
    return told if len(told) == len(word) and (ordinary or named or set(small) & set("aeiou")) else word  # "FMLN" stays as it is
