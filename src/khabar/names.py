"""text → spans of known names.

Run before parsing, so that "Jisr al-Shughour" reaches the tagger as one word; actors and places take the same matches up again afterwards.
The longest name wins, and a registry name before a place of the same length. Only capitalised words can be names. One that is an ordinary
English word too ("Hit", "Mare") is marked so, and the parse must confirm it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import month_name as _month_names
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import yaml

from khabar.actorfiles import SPEAKERS, Actor
from khabar.capitals import is_shouting
from khabar.gazetteer import Entry, Gazetteer
from khabar.model import Report, Span
from khabar.openings import datelines
from khabar.registry import Registry
from khabar.spellings import loose, normal

if TYPE_CHECKING:
    from khabar.doc import Doc

_KNOWLEDGE = Path(__file__).parent / "knowledge"
LONGEST = 9
"""Words of the longest name that is looked for: "Syrian Observatory for Human Rights" has five."""

_WORD = re.compile(r"\b[A-Z](?:\.[A-Z])+\b\.?|[^\W_]+(?:[’'‘`ʿʾ]+(?!s\b|S\b)[^\W_]+)*")
_GAP = re.compile(r"[ \u00a0]?(?:[-–‐/.’‘'`]|[’']s)?[ \u00a0]?")
_INNER = re.compile(
    r"(?:al|el|ul|an|ar|as|ash|at|ath|ad|az|ez|de|del|la|le|les|du|des|of|for|and|the|in|to|on|ibn|bin|wa|fi|li|e|y|s|sur|upon|i)", re.I
)
_ARTICLE = re.compile(r"(?:al|el|ul|an|ar|as|ash|at|ath|ad|adh|az|ez|the)", re.I)

_PREPOSITIONS = frozenset({"at", "as", "an"})  # "the garrison at Torit": no article of "Torit"


class Word(NamedTuple):
    """A word of a text; `opens`: the first of a sentence or line."""

    start: int
    end: int
    text: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in a text; `kind`: of whom. `ordinary`: it is also an English word, so that the parse must confirm it."""

    start: int
    end: int
    kind: Literal["actor", "place"]
    ordinary: bool = False


def find_names(text: str, registry: Registry, gazetteer: Gazetteer) -> tuple[Span, ...]:
    """Spans of names of more than one token, in order, none overlapping: those that are known, and unknown ones with an Arabic article."""
    matches = [m for m in match_names(text, registry, gazetteer) if not m.ordinary]
    spans = [(m.start + _backer(text[m.start : m.end]), m.end) for m in matches]
    known = [(s, e) for s, e in spans if _is_one_token(text[s:e]) and not registry.country_of(text[s:e])]
    starts = [start for start, _ in known]
    unknown = [
        span for m in _WITH_ARTICLE.finditer(text) if not _is_taken(span := m.span(), known, starts) and not _follows_name(text, m.start())
    ]
    return tuple(sorted([*known, *unknown]))


def _backer(name: str) -> int:
    """How much of a known name tells only who stands behind it: "US-backed Northern Forces".

    >>> _backer("US-backed Northern Forces"), _backer("Northern Forces")
    (10, 0)
    """
    behind = re.match(r"\S+-(?:backed|supported|linked|allied|aligned)\s+", name)
    return behind.end() if behind else 0


_WITH_ARTICLE = re.compile(
    r"(?<![\w-])(?:(?:[AaEeUu]l|[Aa][nrdtz]|[Aa]sh?|[Ee][nrdtzs]|[Ee]sh)-[A-Z][^\W\d_]+(?:[’'‘`][^\W\d_]{2,})?"
    r"|[A-Z][^\W\d_]+(?:-(?:e|i|y[ei]|[ae]l|ul|ur|e[stz]|a[dstz]|de|du|des|la|les?|sur|sous|upon|on|bin|ibn)-[A-Z][^\W\d_]+)+(?![\w-]))"
)
"""A word with the Arabic article, or with a small word between hyphens, which a tokenizer would cut up: "al-Maleh", "Darra-e-Suf"."""


def _follows_name(text: str, at: int) -> bool:
    """Is it the family name of the person named before it? The parse keeps these together better in pieces."""
    before = re.search(r"([A-Z][a-z]+) $", text[max(0, at - 25) : at])
    return before is not None and not is_ordinary(before[1])


def _is_taken(span: Span, known: Sequence[Span], starts: Sequence[int]) -> bool:
    at = bisect_right(starts, span[1] - 1)
    return at > 0 and known[at - 1][1] > span[0]


def _is_one_token(spelling: str) -> bool:
    """Worth joining: "Jisr al-Shughour", and not "Idlib" (one token already) nor "Assad's forces" (a phrase with a head of its own)."""
    words = re.split(r"[\s-]+", spelling)
    return not spelling.isalnum() and not words[-1].islower() and not re.search(r"[’']s\s", spelling)


@lru_cache(maxsize=2)
def text_of(doc: Doc) -> str:
    """The text of a Doc, put together once: spaCy joins all tokens at every `doc.text`."""
    return doc.text


@lru_cache(maxsize=4)
def match_names(text: str, registry: Registry, gazetteer: Gazetteer) -> tuple[Match, ...]:
    """Known names of one word or more, the longest at each point, in order, none overlapping."""
    words = split_words(text)
    shouting = is_shouting(text)
    english = {i for i, word in enumerate(words) if word.text in _PREPOSITIONS and text[word.end : word.end + 1] == " "}
    ends = [[] if i in english else [*_ends(text, words, i)] for i in range(len(words))]
    keys = {(i, j): normal(text[words[i].start : words[j].end]) for i, own in enumerate(ends) for j in own}
    places = gazetteer.known([key for key in keys.values() if key])
    lower = {word.text for word in words if word.text.islower()}
    found: list[Match] = []
    borne = borne_by_persons(text)
    free = 0
    for i, own in enumerate(ends):
        if i < free:
            continue
        for j in reversed(own):
            if words[j].text in borne and all(_ARTICLE.fullmatch(word.text) for word in words[i:j]):
                continue
            match = None if _ends_in_day(words, j) else _match(words, (i, j), keys[i, j], registry, places, shouting, lower)
            if match:
                found.append(match)
                free = j + 1
                break
    return tuple(found)


def is_part_of_another(doc: Doc, span: tuple[int, int]) -> bool:
    """One word of a person's name that is also a group's: "Rahman"; of a place's, "Bir" in "Bir Mirgi", unless it is in capitals."""
    labels = ("PERSON",) if text_of(doc)[span[0] : span[1]].isupper() else ("PERSON", "PLACE")
    longer = [ent for ent in doc.ents if ent.label_ in labels and ent.start_char <= span[0] and span[1] <= ent.end_char]
    return any(ent.end_char - ent.start_char > span[1] - span[0] for ent in longer) and " " not in text_of(doc)[span[0] : span[1]]


@lru_cache(maxsize=4)
def borne_by_persons(text: str) -> frozenset[str]:
    """Last parts of names that say whose servant a person is: in a report on one "Abdel Rahman", "Rahman" alone is he and no legion."""
    words, servants = split_words(text), set(_forms("actor_forms.yaml")["servants"])
    after = {i: words[i + 1 + bool(_ARTICLE.fullmatch(words[i + 1].text))] for i in range(len(words) - 2) if words[i].text in servants}
    return frozenset(word.text for word in after.values())


_MONTHS = frozenset(_month_names)


def _ends_in_day(words: Sequence[Word], j: int) -> bool:
    """ "taken by Russia 24 February": the number is the day's, though there is a channel of that name."""
    return words[j].text.isdigit() and j + 1 < len(words) and words[j + 1].text in _MONTHS


_OPENING = re.compile(r"[.!?:;\n•“\"”(—]")


@lru_cache(maxsize=4)
def split_words(text: str) -> tuple[Word, ...]:
    """Words with their offsets; hyphens part words, inner apostrophes do not, the possessive is left out."""
    words: list[Word] = []
    last = 0
    for found in _WORD.finditer(text):
        between = text[last : found.start()]
        opens = not words or (between != " " and _OPENING.search(between) is not None)
        words.append(Word(found.start(), found.end(), found[0], opens))
        last = found.end()
    return tuple(words)


def _ends(text: str, words: Sequence[Word], i: int) -> Iterator[int]:
    """Numbers of the words that a name which begins with word i may end with."""
    if not _may_begin(text, words, i):
        return
    for j in range(i, min(i + LONGEST, len(words))):
        gap = text[words[j - 1].end : words[j].start] if j > i else ""
        if not _GAP.fullmatch(gap) or (gap == ". " and words[j - 1].end - words[j - 1].start > len("Gen")):
            return  # "handed the post to the Taliban. Militants took it", and not "St. Petersburg"
        word = words[j].text
        if _bears_name(word) and not (j == i and _ARTICLE.fullmatch(word)):
            yield j
        elif j > i and not _INNER.fullmatch(word) and not (word.islower() and j == i + 1):
            # One lower-case word may stand within or at the end: "Syrian army", "Free Syrian army".
            yield j
            return
        elif word.islower() and not _INNER.fullmatch(word):
            yield j


def _may_begin(text: str, words: Sequence[Word], i: int) -> bool:
    word = words[i].text
    if i and text[words[i].start - 1] in "-’'‘" and words[i - 1].end == words[i].start - 1 and _ARTICLE.fullmatch(words[i - 1].text):
        return False
    if _bears_name(word):
        return (
            word.casefold() not in {"as", "at", "an", "the", "in", "on", "and", "of", "to", "for"}
            or text[words[i].end : words[i].end + 1] == "-"
        )
    return bool(_ARTICLE.fullmatch(word)) and word != "the" and i + 1 < len(words) and words[i + 1].text[0].isupper()


def _bears_name(word: str) -> bool:
    return not word[0].islower() and (word[0].isdigit() or word[0].isalpha())


def _match(
    words: Sequence[Word],
    span: tuple[int, int],
    key: str,
    registry: Registry,
    places: Collection[str],
    shouting: bool,
    lower: Collection[str],
) -> Match | None:
    first, last = words[span[0]], words[span[1]]
    single = span[0] == span[1]
    if single and (first.text.isdigit() or len(key) < 2 or (shouting and _is_small_word(first.text))):
        return None
    ordinary = single and (is_ordinary(first.text) or first.text.casefold() in lower) and (shouting or not first.text.isupper())
    country = single and registry.country_of(first.text) is not None
    if country and not is_demonym(first.text, registry):
        return Match(first.start, last.end, "place")
    if not country and registry.knows(key) and not (single and is_demonym(first.text, registry)):
        return Match(first.start, last.end, "actor", ordinary)
    if key in places and last.text[0].isupper() and not last.text[0].isdigit() and not _trap(first.text, single, registry):
        return Match(first.start, last.end, "place", ordinary)
    return None


def is_demonym(word: str, registry: Registry) -> bool:
    """ "Syrian", "Turks", "Kurdish": a people, not by itself the name of a body."""
    return registry.is_demonym(word) or normal(word) in peoples()


def _trap(word: str, single: bool, registry: Registry) -> bool:
    return single and (len(word) < 3 or normal(word) in traps() or is_demonym(word, registry))


@lru_cache(maxsize=1)
def traps() -> frozenset[str]:
    """Words that are places too and in news are nearly always something else: months, titles, given names."""
    return frozenset(normal(word) for words in _forms("place_forms.yaml")["not_places"].values() for word in words)


@lru_cache(maxsize=1)
def peoples() -> frozenset[str]:
    """Peoples and creeds without a country of their name."""
    return frozenset(normal(word) for word in _forms("actor_forms.yaml")["peoples"])


@lru_cache(maxsize=1)
def building_words() -> frozenset[str]:
    """Nouns for buildings and sites: an organisation named with one is where it sits."""
    return frozenset(_forms("place_forms.yaml")["own"]["exact"]) - {
        "bank",
        "ministry",
        "institute",
        "academy",
        "university",
        "party",
        "command",
    }


@lru_cache(maxsize=4)
def _forms(name: str) -> Any:
    return yaml.safe_load((_KNOWLEDGE / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=20_000)
def _is_small_word(word: str) -> bool:
    """In a text all in capitals "IS" and "US" are the verb and the pronoun, no names."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return word.lower() in STOP_WORDS


@lru_cache(maxsize=20_000)
def is_ordinary(word: str) -> bool:
    """Is it an English dictionary word apart from names?

    >>> is_ordinary("Hit"), is_ordinary("Idlib")
    (True, False)
    """
    import lemminflect
    from spacy.lang.en.stop_words import STOP_WORDS

    lemmas = lemminflect.getAllLemmas(word.lower())
    return word.lower() in STOP_WORDS or any(tag != "PROPN" for tag in lemmas)


SMALL = 0.3
"""The vote of a small town whose name no other country has; of several that agree, as much as that of a large one."""


@lru_cache(maxsize=4)
def report_countries(report: Report, registry: Registry, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Codes of the countries that a report is about, the main one first: by countries, peoples, armed groups and large places named.

    Small towns bear out a country that something else tells of. The lead counts double, and so does a country at war, since great powers
    are named in every report. A dateline counts half: it says where the agency sits ("BEIRUT, May 29 (NWS) -").
    """
    text = report.text
    votes: Counter[str] = Counter()
    lead = (report.sections[0].start if report.sections else 0) + 600
    filed = [(start, start + found.end) for start, found in datelines(text)]
    cast = list(_country_votes(text, registry, gazetteer, report.published))
    sure = {code for _, code, weight in cast if weight > SMALL}
    for start, code, weight in cast:
        in_dateline = any(first <= start < last for first, last in filed)
        if code in sure:
            votes[code] += weight * (0.5 if in_dateline else 2 if start < lead else 1)  # type: ignore[assignment]
    wars = {code for countries in registry.wars.values() for code in countries}
    weighted = {code: votes[code] * (2 if code in wars else 1) for code in votes}
    top = max(weighted.values(), default=0)
    ranked = sorted(weighted, key=lambda code: (-weighted[code], code))
    return tuple(code for code in ranked if weighted[code] >= 0.15 * top)


def _country_votes(text: str, registry: Registry, gazetteer: Gazetteer, on: date | None) -> Iterator[tuple[int, str, float]]:
    matches = match_names(text, registry, gazetteer)
    actors = [m for m in matches if m.kind == "actor"]
    starts = [m.start for m in actors]
    for word in split_words(text):
        inside = actors[at - 1].end if (at := bisect_right(starts, word.start)) else 0
        if word.text[0].isupper() and word.start >= inside and (code := registry.country_of(word.text)):
            yield word.start, code, 0.7 if registry.is_demonym(word.text) else 1.0
    for match in matches:
        spelling = text[match.start : match.end]
        if match.kind == "actor" and (actor := registry.resolve(spelling, on=on)) and _tells_country(actor, spelling, registry):
            yield from ((match.start, code, surely / len(actor.conflicts)) for code, surely in _theatres(actor, registry))
        elif match.kind == "place" and not match.ordinary and (entries := _called(spelling, gazetteer)):
            # Countries were counted as words above; a small town is often a namesake of one elsewhere.
            homes: dict[str, float] = {}
            for entry in entries:
                if entry.country:
                    homes[entry.country] = max(homes.get(entry.country, 0.0), _size(entry))
            size = {"country": 0.0}.get(entries[0].precision, _size(entries[0]))
            if size > (SMALL if len(homes) > 1 else 0.0) and len(homes) < 4:
                yield from ((match.start, code, size * own / sum(homes.values())) for code, own in sorted(homes.items()))


def _size(entry: Entry) -> float:
    """How much a place of its size tells of the country that a report is about."""
    if entry.precision in ("country", "region", "province") or entry.population > 100_000:
        return 1.0
    return 0.5 if entry.population > 10_000 else SMALL


def _called(spelling: str, gazetteer: Gazetteer) -> list[Entry]:
    """The places of that name; one that only has it among its other names tells nothing of where a report is."""
    found = gazetteer.exact(spelling)
    return [e for e in found if e.precision not in ("town", "province") or not spelling.isascii() or loose(e.name) == loose(spelling)]


def _tells_country(actor: Actor, spelling: str, registry: Registry) -> bool:
    """Not so an outlet, which reports from anywhere, and a name of common words ("National Army"), which may be another's here."""
    return actor.kind not in SPEAKERS and not is_common_name(spelling, registry)


def is_common_name(words: str, registry: Registry) -> bool:
    """Is a name made of ordinary words alone, none of them a country's or people's?"""
    return all(is_ordinary(word) and not registry.country_of(word) for word in words.split())


def _theatres(actor: Actor, registry: Registry) -> Iterator[tuple[str, float]]:
    """Where the actor's wars are fought, and how surely there: the first country of each, since an invader's forces speak for the country
    that they are in; in a war of several countries its own, of which one that is no state's is half as sure, as it fights in all."""
    for at in (registry.wars[conflict] for conflict in actor.conflicts if registry.wars.get(conflict)):
        if actor.country not in at or len(at) < 3:
            yield at[0], 1.0
        elif actor.kind in ("state forces", "government", "police"):
            yield actor.country, 1.0
        else:
            yield from ((code, 0.5 if code == actor.country else 0.5 / (len(at) - 1)) for code in at)
