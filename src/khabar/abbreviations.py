"""text → the abbreviated names of first-level areas in it: "Springfield, Ill.", "the Fla. coast".

An abbreviation that is an English word or a person's initials too counts only after the name of a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from khabar.model import Span

_LISTS = Path(__file__).parent / "knowledge" / "places" / "abbreviations.yaml"


@dataclass(frozen=True, slots=True)
class Area:
    """What an abbreviation stands for: the full name of a first-level area, and the country it is in."""

    name: str
    country: str


def find_abbreviations(text: str) -> dict[Span, Area]:
    """Spans of abbreviations with their full stop ("W.Va.", "N. Mex.", "Wash. Ter."), and the areas that they stand for."""
    areas, patterns = _known()
    found = sorted((*match.span("all"), _key(match["short"])) for pattern in patterns for match in pattern.finditer(text))
    longest = {start: (end, key) for start, end, key in found}
    return {(start, end): areas[key] for start, (end, key) in longest.items()}


def _key(short: str) -> str:
    return re.sub(r"[.\s]", "", short).upper()


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, Area], tuple[re.Pattern[str], ...]]:
    areas: dict[str, Area] = {}
    shorts: dict[str, list[str]] = {"plain": [], "after": [], "letters": []}
    for country, lists in yaml.safe_load(_LISTS.read_text(encoding="utf-8")).items():
        for kind, names in lists.items():
            areas |= {_key(short): Area(name, country) for short, name in names.items()}
            shorts[kind] += names
    dotted = _either(short for short in shorts["plain"] if "." in short or short.isupper())
    plain = _either(short for short in shorts["plain"] if "." not in short)
    after, letters = _either(shorts["after"]), "|".join(shorts["letters"])
    ends = r"(?:\.(?: Ter\b\.?)?|(?![\w’'-]))"
    town = r"(?<=[a-zA-Z’'][a-zA-Z])"
    return areas, (
        re.compile(rf"(?<![\w.-])(?P<all>(?P<short>{dotted}){ends})"),
        re.compile(rf"(?<![\w.-])(?P<all>(?P<short>{plain})\.(?: Ter\b\.?)?)"),
        re.compile(rf"\b[A-Z][\w’'-]+{town},?\s(?P<all>(?P<short>{after})\.(?: Ter\b\.?)?)"),
        re.compile(rf"\b[A-Z][\w’'-]+{town},\s(?P<all>(?P<short>{letters}))(?=[,.;)\s]|$)"),
    )


def _either(shorts: Iterable[str]) -> str:
    """A pattern for abbreviations: an inner full stop may have a space after it, and all may be in capitals."""
    spelled = {form for short in shorts for form in (short, short.upper())}
    return "|".join(r"\.\s?".join(map(re.escape, form.split("."))) for form in sorted(spelled, key=len, reverse=True))
