"""The tables of knowledge/actor_forms.yaml → what sort of actor a common noun heads, and words trimmed to a name."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from khabar.lexicon import words
from khabar.model import Span

if TYPE_CHECKING:
    from khabar.doc import Token

_FORMS = Path(__file__).parent / "knowledge" / "actor_forms.yaml"


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Offsets without an article before, or a possessive or quotation mark around."""
    while match := re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s“\"‘'(]+", text[start:end]):
        start += match.end()
    while match := re.search(r"(?:[’'][sS]\b|[’'”\")\s,/]|(?<![A-Z])\.|\s(?:of|the|and|in|by))+$", text[start:end]):
        end = start + match.start()
    return (start, end) if start < end else None


@lru_cache(maxsize=1)
def actor_forms() -> dict[str, Any]:
    forms: dict[str, Any] = yaml.safe_load(_FORMS.read_text(encoding="utf-8"))
    for kind in ("not_names", "deeds", "no_deeds", "sorts", "sorted", "held", "need_modifier"):
        forms[kind] = frozenset(forms[kind])
    forms["heads"] = {kind: frozenset(heads) for kind, heads in forms["heads"].items()}
    return forms


@lru_cache(maxsize=20_000)
def head_class(word: str) -> str | None:
    """What sort of actor a common noun heads: army, air, rebels … None for other words."""
    lower = word.lower()
    if re.search(r"\d[a-z]{0,3}\d?$", lower):  # "F-16s", "TB2", "Su-24M"
        return "air" if re.sub(r"(?<=\d)[a-z]{1,3}\d?$", "", lower) in words("nouns.yaml")["aircraft"] else None
    singular = [
        lower,
        lower[:-1] if lower.endswith("s") else lower,
        re.sub(r"ies$", "y", lower),
        re.sub(r"men$", "man", lower),
        lower.replace("children", "child"),
        "person" if lower == "persons" else lower,
        re.sub(r"(sh|s|ch|x)es$", r"\1", lower),
    ]
    return next((kind for kind, heads in actor_forms()["heads"].items() if any(form in heads for form in singular)), None)


BODIES = frozenset(
    [
        "army",
        "military",
        "police",
        "government",
        "regime",
        "opposition",
        "authorities",
        "insurgency",
        "resistance",
        "junta",
        "navy",
        "infantry",
        "artillery",
        "gendarmerie",
    ]
)


def points_back(token: Token) -> bool:
    lower = token.text.lower()
    if any(form in actor_forms()["need_modifier"] for form in (lower, lower.removesuffix("s"), re.sub(r"ies$", "y", lower))):
        return True
    return any(child.dep_ == "det" and child.text.lower() in {"these", "those", "this", "that"} for child in token.children)


def nominal(token: Token) -> str:
    """What sort of thing a noun names, as the model says: person, organization, event …; empty where it does not."""
    kinds = token.doc.user_data.get("nominals")
    return str(kinds[token.i]) if kinds is not None else ""
