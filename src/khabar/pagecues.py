"""knowledge/sections.yaml → what a line of a page says of itself: an appeal, a caption, the head of a reader's comment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from khabar.lexicon import table

# Longer blocks are never cues: it also keeps the cost of the patterns linear in a text without line breaks.
LONGEST_CUE = 900
BULLET = re.compile(r"\A\s*(?P<bullet>[•‣◦▪●∙*·–—-]|\d{1,2}[.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Cue:
    """`strong`, `bulleted`: see the caption_start and comment_start of sections.yaml."""

    pattern: re.Pattern[str]
    strong: bool = False
    bulleted: bool = False


@cache
def _cues(name: str) -> tuple[_Cue, ...]:
    rows = table("sections")[name]
    return tuple(_Cue(re.compile(row["pattern"], re.I), row.get("strong", False), row.get("bulleted", False)) for row in rows)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("sections")[name])


def whole(name: str, text: str) -> bool:
    """Is all of the line such a cue?"""
    return len(text) <= LONGEST_CUE and any(cue.pattern.fullmatch(text) for cue in _cues(name))


def begins(name: str, text: str) -> re.Match[str] | None:
    """The cue that the line begins with."""
    if len(text) > LONGEST_CUE:
        return None
    return next((found for cue in _cues(name) if (found := cue.pattern.match(text))), None)


def within(name: str, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """All such cues in a text."""
    for cue in _cues(name):
        yield from cue.pattern.finditer(text, start, len(text) if end is None else end)


def opens_caption(text: str) -> Literal["strong", "weak"] | None:
    """Does a caption begin so, or what may be one?"""
    if len(text) > LONGEST_CUE:
        return None
    return next(("strong" if cue.strong else "weak" for cue in _cues("caption_start") if cue.pattern.match(text)), None)


def comment_author(text: str, *, bulleted: bool) -> str | None:
    """The reader whose comment this line opens. `bulleted`: the forms that only count among comments are tried as well."""
    words = BULLET.sub("", text, count=1).strip()
    if len(words) > 120:
        return None
    for cue in _cues("comment_start"):
        if cue.bulleted and not bulleted:
            continue
        if (found := cue.pattern.fullmatch(words)) and _is_name(found["author"]):
            return found["author"].strip()
    return None


def _is_name(words: str) -> bool:
    parts = words.split()
    return 0 < len(parts) <= 5 and parts[0].lower() not in _words("not_a_name") and not words.startswith(('"', "“", "‘"))


def is_unfinished(words: str) -> bool:
    """Do words end with one that needs another: "into the", "near"?"""
    return words.rsplit(maxsplit=1)[-1].lower() in _words("unfinished")
