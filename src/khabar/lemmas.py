"""A word and its tag → its lemma, and a tag that fits it."""

from __future__ import annotations

import re
from functools import lru_cache

import lemminflect

# lemminflect takes these for the other verb ('to found', 'to fell', 'to wound' …), which war reports hardly use.
VERB_LEMMAS = {
    "found": "find",
    "fell": "fall",
    "left": "leave",
    "shot": "shoot",
    "wound": "wound",
    "wounded": "wound",
    "bound": "bind",
    "lay": "lie",
}
OTHER_LEMMAS = {"'s": "be", "'re": "be", "'m": "be", "n't": "not", "'ve": "have", "'d": "would", "'ll": "will", "ca": "can", "wo": "will"}
AUX_LEMMAS = {
    "has": "have",
    "had": "have",
    "was": "be",
    "were": "be",
    "been": "be",
    "is": "be",
    "are": "be",
    "am": "be",
    "did": "do",
    "does": "do",
}
MODEL = re.compile(r"([A-Z][A-Za-z]{0,3}-\d{1,3})[A-Z]{1,3}\d?s?$")  # "Su-24M", "Tu-22M3s"
INFLECTED = frozenset({"VERB", "NOUN", "ADJ", "ADV", "AUX"})


@lru_cache(maxsize=100_000)
def lemma(word: str, upos: str) -> str:
    """
    >>> lemma("fell", "VERB"), lemma("Forces", "NOUN"), lemma("F-16s", "PROPN"), lemma("Su-24M", "PROPN"), lemma("n't", "PART")
    ('fall', 'force', 'F-16', 'Su-24', 'not')
    """
    if upos in ("PROPN", "NOUN") and word[:1].isalpha() and word[-1:] == "s" and word[-2:-1].isdigit():
        return word[:-1]  # "F-16s"
    if upos == "PROPN":
        model = MODEL.match(word)
        return model[1] if model else word
    low = word.lower().replace("’", "'")
    if upos == "AUX" and low in AUX_LEMMAS:
        return AUX_LEMMAS[low]
    if upos in ("AUX", "PART") and low in OTHER_LEMMAS and not (upos == "PART" and low == "'s"):
        return OTHER_LEMMAS[low]
    if upos == "VERB" and low in VERB_LEMMAS:
        return VERB_LEMMAS[low]
    if upos not in INFLECTED or not low.isascii() or len(low) > 40:
        return low
    found = lemminflect.getLemma(low, upos=upos)
    return str(found[0]) if found else low


def verb_tag(word: str, pos: str, tag: str) -> str:
    """A present tense that differs from its lemma is a past ('retook'): rare pasts look like bare verbs to the model.

    >>> verb_tag("retook", "VERB", "VBP"), verb_tag("fight", "VERB", "VBP")
    ('VBD', 'VBP')
    """
    past = tag == "VBP" and pos == "VERB" and word.isalpha() and lemma(word, pos) != word.lower()
    return "VBD" if past else tag
