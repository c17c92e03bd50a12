"""Doc → quantity mentions: numbers in digits and words, with what they count.

Bounds follow the annotation guideline ("at least 5": 5 to open; "dozens": 24 to 99); the words stand in `knowledge/quantities.yaml`.
Dates, ages, ordinals, clock times and the numbers of names ("Brigade 52") are not quantities; money and percentages are, with unit None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from khabar.doc import Doc, Token
from khabar.model import QuantityMention, Report, Span, TimeMention
from khabar.numerals import number_pattern, parse_number
from khabar.times import find_times, in_small_letters

_CHANGE = 8  # tokens between a number that was and the verb that says it is no more
_FAR = 7  # tokens between a number and its noun: "twelve heavily armed foreign fighters", seldom more


@dataclass(frozen=True, slots=True)
class _Bounds:
    low: int | None
    high: int | None
    approximate: bool = False


def find_quantities(doc: Doc, report: Report, *, times: tuple[TimeMention, ...] | None = None) -> tuple[QuantityMention, ...]:
    """The quantities of a text in its order. `times`: what `find_times` gave for this text, when it is at hand.

    The span is that of the number with the words that bound it ("at least 5"), without the noun.
    """
    dated = times if times is not None else find_times(doc, report)
    ends = {offset: time.end for time in dated for offset in range(time.start, time.end)}
    found: list[QuantityMention] = []
    at = 0
    text = in_small_letters(doc.text)
    while match := _quantity().search(text, at):
        at = ends.get(match.start(), match.end())  # "4 October 2021 - Nine people": behind the day something else is counted
        if match.start() in ends or match.end() - 1 in ends:
            continue
        mention = _mention(match, doc)
        if mention:
            found.append(mention)
    return tuple(found)


@cache
def _knowledge() -> dict[str, Any]:
    text = resources.files("khabar").joinpath("knowledge/quantities.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))


@cache
def _quantity() -> re.Pattern[str]:
    """For a text in small letters: half the time of one that ignores case."""
    tables = _knowledge()
    modifiers = _alternatives([word for words in tables["modifiers"].values() for word in words])
    least, hedge = _alternatives(tables["modifiers"]["least"]), f"(?:{_alternatives(tables['hedges'])})"
    number = f"(?:{_alternatives(list(tables['definite']))}|{number_pattern()})"
    vague = _alternatives(list(tables["vague"]))
    return re.compile(
        rf"(?<![\w/.,:'’-])(?<!\d[-–])(?:(?P<modifier>{modifiers})\s+(?:the\s+)?)?"
        rf"(?:between\s+(?P<from>{number})\s+(?:and|to)\s+(?:(?P<over>{least})\s+)?(?P<until>{number})"
        rf"|(?P<floor>{number})\s+(?:and|to|or)(?:\s+{hedge})?\s+(?:up\s+to|as\s+many\s+as|(?P<above>{least}))\s+(?P<ceiling>{number})"
        rf"|(?P<low>{number})(?:\s*[-–]\s*|\s+to\s+|\s+or\s+)(?P<high>{number})"
        rf"|(?P<vague>{vague})|(?P<money>(?:us)?[$€£])?(?P<number>{number})(?P<percent>\s?%|\s?per\s?cent|\s?percent)?(?P<odd>[\s-]odd\b)?)"
        rf"(?P<more>\s+or\s+more|\+)?(?![\w/]|-\s(?:or|to)\s|-(?:year|month|day|week|hour|minute|third|half|halves|quarter|fifth|way\b|sided|time\b)"
        rf"|\s(?:year|month)\sold\b|[.,:]\d|'s\b)"
    )


def _mention(match: re.Match[str], doc: Doc) -> QuantityMention | None:
    bounds = _bounds(match)
    tokens = doc.char_span(match.start(), match.end(), alignment_mode="expand")
    if bounds is None or tokens is None or _is_name(match, tokens[0]) or _is_age(tokens[0], tokens[-1]):
        return None
    bounds = _Bounds(bounds.high, bounds.high) if match["low"] and _has_changed(tokens[0]) else bounds
    head = None if match["money"] or match["percent"] else _counted(tokens[-1])
    if _is_pronoun(match, tokens[-1], head):
        return None
    noun = _noun_span(tokens[-1], head)
    unit = _unit(head, doc, noun)
    return QuantityMention(
        match.start(), match.end(), doc.text[match.start() : match.end()], bounds.low, bounds.high, unit, bounds.approximate, noun
    )


def _is_pronoun(match: re.Match[str], last: Token, head: Token | None) -> bool:
    """True for "one of them", "one said", "a few left": words that count nothing here. "Dozens died" counts people all the same."""
    word = match["number"] or ""
    if word == "one":
        after = last.nbor().lower_
        alone = after not in _struck() and (head is None or head.i - last.i > 3 or after == "of")
        return alone and match["modifier"] != "at least"
    return bool(match["vague"]) and head is None and match["vague"].split()[0] in ("a", "multiple")


def _has_changed(first: Token) -> bool:
    """ "The toll rose from 20 to 31": from a number that is no more."""
    before = list(first.doc[max(first.i - _CHANGE, first.sent.start) : first.i])
    return bool(before) and before[-1].lower_ == "from" and any(word.lemma_ in _knowledge()["changed"] for word in before)


# --- the number ---


def _bounds(match: re.Match[str]) -> _Bounds | None:
    modifier = re.sub(r"\s+", " ", match["modifier"] or "")
    if match["vague"]:
        low, high = _knowledge()["vague"][re.sub(r"\s+", " ", match["vague"])]
        return _Bounds(low, None if modifier in _knowledge()["modifiers"]["least"] else high)
    ends = next((pair for pair in (("from", "until"), ("floor", "ceiling"), ("low", "high")) if match[pair[0]]), None)
    bounds = _range(match[ends[0]], match[ends[1]]) if ends else None
    if bounds and (match["over"] or match["above"]):  # "between 8 and more than 30"
        return _Bounds(bounds.low, None)
    if bounds or match["from"] or match["floor"]:
        return bounds
    value = _value(match["number"] or f"{match['low']}-{match['high']}")  # "seventy-six" is no range
    if value is None or value > 10**12:
        return None
    if match["more"]:
        return _Bounds(value, None)
    bounds = _modified(modifier, value)
    return _Bounds(value, value, approximate=True) if match["odd"] and bounds.low == bounds.high else bounds  # "20-odd men"


def _range(low_words: str, high_words: str) -> _Bounds | None:
    low, high = _value(low_words), _value(high_words)
    if low is None or high is None:
        return None
    if re.search(r"\b(thousand|hundred|million)\b", high_words) and low < 100 <= high:
        scale = int(parse_number(re.findall(r"thousand|hundred|million", high_words)[-1]) or 1)
        low *= scale if low < high // scale else 1  # "two to three thousand", but not "thirty to two hundred"
    return _Bounds(low, high) if low < high else None


def _modified(modifier: str, value: int) -> _Bounds:
    kinds = _knowledge()["modifiers"]
    if modifier in kinds["least"]:
        return _Bounds(value, None)
    if modifier in kinds["most"]:
        return _Bounds(None, value)
    return _Bounds(value, value, modifier in kinds["about"])


def _value(words: str) -> int | None:
    plain = re.sub(r"\s+", " ", words.lower())
    definite = _knowledge()["definite"]
    value = definite.get(plain, parse_number(plain))
    return None if value is None or value % 1 else int(value)


def _is_name(match: re.Match[str], first: Token) -> bool:
    """True where the number belongs to a name: after "Brigade", or a figure right after a capitalised name ("Resolution 2254")."""
    if first.i == 0 or match["modifier"]:
        return False
    before = first.nbor(-1)
    if before.lower_ in _knowledge()["numbered"] or before.text in ("#", "No", "№"):
        return not before.is_sent_start or before.lower_ != "no"
    if before.lower_ in ("scores", "score") and before.pos_ == "VERB":
        return True
    return (
        (match["number"] or "").isdigit()
        and before.pos_ == "PROPN"
        and first.head == before
        and first.dep_ in ("nummod", "flat", "nmod", "compound", "appos")
    )


def _is_age(first: Token, last: Token) -> bool:
    """ "aged 35", "Omar Hadid, 35, was killed"."""
    if not first.i or last.i + 1 >= len(last.doc):
        return False
    before = first.nbor(-1)
    beside_name = before.text == "," and first.i > 1 and before.nbor(-1).pos_ == "PROPN" and last.nbor().text in (",", ".", ";")
    return before.lower_ in ("aged", "age") or (beside_name and first.text.isdigit() and first.head.pos_ == "PROPN")


# --- what is counted ---


def _counted(last: Token) -> Token | None:
    """The noun that a number counts: its head, or else the end of the noun phrase that follows."""
    if (
        last.dep_ == "nummod"
        and last.head.i > last.i
        and last.head.i - last.i <= _FAR
        and last.head.pos_ in ("NOUN", "PROPN", "ADJ", "PRON", "SYM")
    ):
        return last.head
    head = None
    for token in last.doc[last.i + 1 : last.i + 1 + _FAR]:
        if token.pos_ in ("NOUN", "PROPN") or (token.pos_ == "ADJ" and token.lower_ in _people_adjectives()):
            head = token
        elif (
            head is not None
            or token.pos_ not in ("ADJ", "ADV", "DET", "NUM", "PUNCT", "VERB")
            or token.text in (".", ",", ";", ":", "(", ")", "\n")
            or token.tag_ == "WRB"  # "dozens wounded when shells fell"
        ):
            if token.lower_ == "of" and head is None:
                continue
            break
        elif token.pos_ == "VERB" and token.tag_ not in ("VBN", "VBG"):
            break
    return head


@cache
def _people_adjectives() -> frozenset[str]:
    return frozenset({"dead", "wounded", "injured", "other", "displaced"})


@cache
def _struck() -> frozenset[str]:
    """ "One killed and two injured": a number that counts people by what befell them."""
    return frozenset({"killed", "dead", "wounded", "injured", "missing"})


def _noun_span(last: Token, head: Token | None) -> Span | None:
    if head is None:
        return None
    words = [t for t in last.doc[last.i + 1 : head.i + 1] if t.lower_ not in ("of", "the", "its", "their")]
    first = words[0] if words else head
    return first.idx, head.idx + len(head.text)


def _unit(head: Token | None, doc: Doc, noun: Span | None) -> str | None:
    if head is None or noun is None:
        return None
    table = _unit_of_noun()
    lemma = (head.lemma_ or head.text).lower()
    before = doc[head.i - 1].text.lower() if head.i else ""
    return table.get(f"{before} {lemma}") or table.get(lemma) or table.get(head.lower_) or table.get(head.lower_.removesuffix("s"))


@cache
def _unit_of_noun() -> dict[str, str]:
    return {noun: unit for unit, nouns in _knowledge()["units"].items() for noun in nouns}
