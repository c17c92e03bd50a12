"""Words and digits of a number → its value.

Used by times ("three days ago") and by quantities ("two thousand fighters"), so that both read a number in one way.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml


@cache
def _words() -> dict[str, dict[str, int]]:
    text = resources.files("khabar").joinpath("knowledge/numbers.yaml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, int]] = yaml.safe_load(text)
    return tables


@cache
def number_pattern() -> str:
    """A regular expression, without groups, for one definite number in digits or words: "2,000", "1.5 million", "twenty-four", "3 1/2"."""
    tables = _words()
    units, tens, scales = ("|".join(sorted(tables[name], key=len, reverse=True)) for name in ("units", "tens", "scales"))
    small = rf"(?:(?:{tens})(?:[\s-](?:{units}))?|(?:{units}))"
    abbreviated = "|".join(tables["abbreviated_scales"])
    digits = rf"\d{{1,3}}(?:[,\u00a0]\d{{3}})+|(?!0\d{{3}})\d+(?:\.\d+)?(?:\s1/2)?(?:\s?(?:{abbreviated})(?![\w-]))?"
    spelled = (
        rf"(?:{small}|(?:an?|half\sa))\s(?:{scales})(?:(?:\s(?:and\s)?{small})?(?:\s(?:{scales}))?)*(?:\sand\s{small}(?!\s(?:{scales})))?"
    )
    return rf"(?:(?:{digits})(?:[\s-](?:{scales}))*|{spelled}|{small})"


def parse_number(text: str) -> float | None:
    """The value of a definite number, None where the words are no such number.

    >>> [parse_number(words) for words in ("2,000", "1.5 million", "two hundred and six", "a thousand", "twenty-four", "rebels")]
    [2000.0, 1500000.0, 206.0, 1000.0, 24.0, None]
    """
    total = current = 0.0
    words = re.findall(r"\d[\d,\u00a0.]*|1/2|[a-z]+", text.lower().replace("1/2", "half"))
    if not words:
        return None
    for word in words:
        value = _value(word)
        if word == "and":
            continue
        if word in ("a", "an"):
            current += 1
        elif word == "half":
            current = current + 0.5
        elif value is None:
            return None
        elif _scale(word) is None:
            current += value
        elif value == 100:
            current = (current or 1) * value
        else:
            total, current = total + (current or 1) * value, 0.0
    return total + current


def _scale(word: str) -> int | None:
    tables = _words()
    return tables["scales"].get(word) or tables["abbreviated_scales"].get(word)


def _value(word: str) -> float | None:
    if word[0].isdigit():
        digits = re.sub(r"[,\u00a0]", "", word).rstrip(".")
        return float(digits) if digits.count(".") < 2 else None
    tables = _words()
    known = {**tables["units"], **tables["tens"]}
    return known[word] if word in known else _scale(word)
