"""knowledge/place_forms.yaml → the words that tell of places."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from khabar.model import Precision

_FORMS = Path(__file__).parent / "knowledge" / "place_forms.yaml"


@lru_cache(maxsize=1)
def forms() -> dict[str, Any]:
    forms: dict[str, Any] = yaml.safe_load(_FORMS.read_text(encoding="utf-8"))
    return forms


@lru_cache(maxsize=1)
def same_words() -> dict[str, Precision]:
    return {word: cast(Precision, kind) for kind, words in forms()["same"].items() for word in words}


@lru_cache(maxsize=1)
def own_words() -> dict[str, Precision]:
    return {word: cast(Precision, kind) for kind, words in forms()["own"].items() for word in words}


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    lower = word.lower()
    endings = [lower, re.sub(r"ies$", "y", lower), re.sub(r"(s|sh|ch|x)es$", r"\1", lower), lower.removesuffix("s")]
    nouns = {*same_words(), *own_words(), *forms()["around"]}
    return next((form for form in endings if form in nouns), lower)


def kind_of(noun: str) -> Precision | None:
    if noun in forms()["around"]:
        return "near_town"
    return own_words().get(noun) or same_words().get(noun)


def is_institution(words: str, head_noun: str | None = None) -> bool:
    """Does a name's last word say that it is a body as well as a building: "Oakford High School"?"""
    return (head_noun or singular(words.split()[-1])) in forms()["institutions"]
