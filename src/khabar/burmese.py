"""a word in Burmese writing → Latin letters, as names of Myanmar are romanised.

Syllable by syllable, after BGN/PCGN: a consonant with what stands below it, a vowel, and the consonant that closes the syllable, which is
marked with the asat or stands above the next one. Tones are left out. The tables: `knowledge/places/sounds.yaml`.
"""

from __future__ import annotations

import re
from functools import cache

from khabar.lexicon import FOLDER, load

_SYLLABLE = re.compile(r"([\u1000-\u102a\u103f])([\u103b-\u103e]*)([\u102b-\u1036]*)\u103a?(?:([\u1000-\u1021])\u103a)?")
_TONES = str.maketrans("", "", "\u1037\u1038\u200b\u200c\u200d")
_ASAT, _STACKED = "\u103a", "\u1039"
_OPEN = "ဣဤဥဦဧဩဪ"
"""Vowels that stand alone."""


def latin_of_burmese(word: str) -> str:
    """The name without the word for a town at its end.

    >>> [latin_of_burmese(name) for name in ("မန္တလေး", "တောင်ကြီးမြို့", "ကျောက်")]
    ['mantale', 'taungkyi', 'kyauk']
    """
    for other in _table()["left_out"]:
        word = word.removesuffix(other) or word
    bare = word.translate(_TONES).replace(_ASAT + _STACKED, _ASAT).replace(_STACKED, _ASAT)
    return "".join(_syllable(*found.groups(default="")) for found in _SYLLABLE.finditer(bare))


def _syllable(first: str, below: str, vowel: str, last: str) -> str:
    begins, signs, ends = (_table()[part] for part in ("begins", "below", "ends"))
    known = next((size for size in range(len(below), 0, -1) if first + below[:size] in begins), 0)
    start = begins.get(first + below[:known], "") + "".join(signs[sign] for sign in below[known:])
    if first in _OPEN and not vowel + last:
        return start
    return start + (ends.get(vowel + last) or ends.get(vowel, "") + ends.get(last, "")[1:])


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = load(FOLDER / "places" / "sounds.yaml")["burmese"]
    return found
