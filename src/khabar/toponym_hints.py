"""A place's name in the text → what the words say of it: of which sort it is, in which area it lies."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from khabar.abbreviations import Area
from khabar.ground import Ground
from khabar.model import Span
from khabar.placewords import forms, same_words, singular
from khabar.toponym_meanings import Core

_WITHIN = re.compile(r"(?:\s+[a-z]+)?\s*(?:,|\(|\bin\b|\bof\b)\s+(?:the\s+)?(?:(?!and\b)[\w-]+\s+){0,3}")
_LIST_ENDS = re.compile(r",?\s+(?:and|or)\s+(?:the\s+)?[A-Z]")
""" "A, B and C" are peers: B contains nothing."""
_LISTED = re.compile(r"((?:(?:,|,?\s+and)\s+[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)?)*)\s+(\w+)")


def with_hints(spans: Sequence[Span], short: Mapping[Span, Area], ground: Ground) -> list[Core]:
    """`spans`: in order. `short`: those that are abbreviations of an area."""
    return [_with_hints(span, _areas(ground.text, spans[at : at + 3], short), short, ground) for at, span in enumerate(spans)]


def _with_hints(span: Span, within: Sequence[Span], short: Mapping[Span, Area], ground: Ground) -> Core:
    if span in short:
        return Core(*span, "province", area=short[span])
    areas = tuple(short[area].name if area in short else ground.words(area) for area in within)
    before, after = ground.text[max(0, span[0] - 40) : span[0]], ground.text[span[1] : span[1] + 120]
    beside = (re.search(r"\b(\w+)\s+of\s+(?:the\s+)?$", before), _noun_after(before, after), re.search(r"\b(\w+)\s+$", before))
    nouns = [singular(noun[1]) for noun in beside if noun]
    own = same_words().get(singular(ground.words(span).split()[-1]))
    hint = own or next((kind for noun in nouns if (kind := same_words().get(noun))), None)
    return Core(*span, hint, areas, quarter=hint is None and any(noun in forms()["quarters"] for noun in nouns))


def _areas(text: str, spans: Sequence[Span], short: Collection[Span]) -> list[Span]:
    """What the text puts the first of some names in: "B" and "C" for "A village, B, C", "A in the province of B" and "A Va."."""
    areas = []
    for (_, end), (start, last) in pairwise(spans):
        if not (_WITHIN.fullmatch(text, end, start) or ((start, last) in short and text[end:start].isspace())):
            break
        if _LIST_ENDS.match(text, last) and (start, last) not in short:
            break
        areas.append((start, last))
    return areas


def _noun_after(before: str, after: str) -> re.Match[str] | None:
    """The noun that says what a name is: "A village", "A and B counties"; the cities of "Texas cities" only lie there."""
    noun = re.match(r"\s+(\w+)", after)
    if noun and singular(noun[1]) == noun[1].lower():
        return noun
    listed = _LISTED.match(after)
    several = listed is not None and (bool(listed[1]) or bool(re.search(r"\b(?:and|&)\s+$", before)))
    return re.match(r".*?\s(\w+)$", listed[0]) if listed and several and singular(listed[2]) != listed[2].lower() else None
