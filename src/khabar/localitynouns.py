"""A noun in its sentence → what it is other than the name or the kind of a place: a number for a name, a body's last word, an agency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.model import PlaceMention
from khabar.names import is_ordinary, text_of
from khabar.placewords import same_words

if TYPE_CHECKING:
    from khabar.doc import Token

_NUMBERED = frozenset(["sector", "zone", "area", "district", "block", "ward", "quarter", "kebele", "arrondissement"])


def is_repeated(token: Token) -> bool:
    """ "street by street", "from house to house": how it is done, not where."""
    before = token.doc[max(0, token.i - 2) : token.i]
    return len(before) == 2 and before[1].lower_ in ("by", "to") and before[0].lower_ == token.lower_


def ends_a_name(token: Token) -> bool:
    """ "the Sabra Front in Karsa": the last word of a body's name, and no front."""
    return token.text == "Front" and token.dep_ in ("flat", "compound") and token.head.i < token.i


def is_numbered(token: Token, noun: str) -> bool:
    """ "Sector 7", "Zone 4": a number for a name."""
    return noun in _NUMBERED and token.text[0].isupper() and token.i + 1 < token.sent.end and token.nbor().text.isdigit()


def are_some(token: Token, inside: Sequence[PlaceMention]) -> bool:
    """ "three villages of Sangin district": without names of their own, and not "the villages of A and B"."""
    counted = any(child.dep_ == "nummod" or child.lower_ in ("several", "some", "many") for child in token.children)
    after = text_of(token.doc)[inside[0].end : inside[0].end + 20].split()
    wider = inside[0].precision in ("district", "province", "region") or (
        after and same_words().get(after[0].strip(".,")) in ("district", "province")
    )
    return counted and len(inside) == 1 and bool(wider) and after[:1] != ["and"]


def is_agency(words: str) -> bool:
    """ "Oak County Health Department", "Department of Transportation", not "Cauca Department"."""
    beside = re.findall(r"([A-Z]\w+)(?:[’']s?)?\s+Department\b", words) + re.findall(r"\bDepartment\s+of\s+(?:the\s+)?([A-Z]\w+)", words)
    return any(is_ordinary(word) for word in beside)
