"""Doc → place mentions.

Names come from the gazetteer and from the model's places and facilities. Around them stand the words that say what sort of place it is
("the village of A", "A's central prison", "the outskirts of A", "near A", "northern A"), and nameless places are given by their words ("two
hamlets east of A"). The mention is the whole phrase without its article; the name inside it is a mention too.

Each name is resolved in the context of the report: its countries, the area that the text puts it in ("A in B province"), the other places
of the report, the sort of place that the words ask for, and size last. Without evidence `id` is None. A name that no gazetteer has gets
the id `name:COUNTRY:KEY` (see `romanising.unresolved_id`) and no point, so that its spellings share a history; what lies around a place
is `near:ID`, a road between two `road:ID+ID`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from khabar.gazetteer import Entry, Gazetteer, Point
from khabar.model import PlaceMention, Precision, Report, Span
from khabar.names import Match, is_demonym, match_names, report_countries, text_of, traps
from khabar.registry import Registry
from khabar.resolving import Context, resolve
from khabar.romanising import unresolved_id
from khabar.spellings import normal

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_FORMS = Path(__file__).parent / "knowledge" / "place_forms.yaml"


@dataclass(frozen=True, slots=True)
class Core:
    """A place's name in the text, before it is resolved. `sure`: the gazetteer or the model says that it is a place."""

    start: int
    end: int
    hint: Precision | None = None
    within: tuple[str, ...] = ()


def find_places(doc: Doc, report: Report, gazetteer: Gazetteer, registry: Registry) -> tuple[PlaceMention, ...]:
    """Places that a parsed report names or describes, in order, outer phrases before the names within them."""
    countries = report_countries(report, registry, gazetteer)
    cores = _cores(doc, registry, gazetteer, countries)
    named = resolve_places(doc, cores, countries, gazetteer, registry)
    phrases = _phrases(doc, named, countries, gazetteer)
    taken = {(p.start, p.end) for p in phrases}
    inner = [mention for mention in named if (mention.start, mention.end) not in taken]
    return tuple(sorted([*phrases, *inner], key=lambda m: (m.start, -m.end)))


# --- names


def _cores(doc: Doc, registry: Registry, gazetteer: Gazetteer, countries: tuple[str, ...]) -> list[Core]:
    text = text_of(doc)
    matches = match_names(text, registry, gazetteer)
    seen = {(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == "PLACE"}
    shared = {(m.start, m.end) for m in matches if (m.start, m.end) in seen and gazetteer.exact(text[m.start : m.end])}
    actors = [(m.start, m.end) for m in matches if m.kind == "actor" and not m.ordinary and (m.start, m.end) not in shared]
    local = {m for m in matches if m.kind == "place" and any(e.country in countries for e in gazetteer.exact(text[m.start : m.end]))}
    found = [(m.start, m.end) for m in matches if m.kind == "place" and _is_place(doc, m, local=m in local)]
    for ent in doc.ents:
        span = _trim(text, ent.start_char, ent.end_char)
        span = _whole_name(text, span) if span else None
        if ent.label_ in {"PLACE", "FACILITY"} and span and _can_be_place(text, span, shared, registry) and not _touches(span, actors):
            found = (
                [f for f in found if not (span[0] <= f[0] and f[1] <= span[1] and _joined(text, f, span))]
                if ent.label_ == "PLACE"
                else found
            )
            if not _touches(span, found):
                found.append(span)
    found += [span for span in _introduced(doc, registry) if not _touches(span, [*found, *actors])]
    found += [span for span in _countries_in_letters(doc, registry) if not _touches(span, found)]
    spans = sorted(set(found))
    return [_with_hints(doc, span, _areas(text, spans[at : at + 3])) for at, span in enumerate(spans)]


def _introduced(doc: Doc, registry: Registry) -> list[Span]:
    """Names that only the noun beside them shows to be places: "Zarqa town", "the village of Zarqa"."""
    found = []
    for token in doc:
        if _singular(token.text) not in _INTRODUCING or token.pos_ not in {"NOUN", "PROPN"} or token.i + 2 >= len(doc):
            continue
        before = _proper_run(doc, token.i - 1, -1)
        after = _proper_run(doc, token.i + 2, 1) if doc[token.i + 1].lower_ == "of" else None
        for run in (after, before):
            span = _trim(text_of(doc), doc[run[0]].idx, doc[run[1] - 1].idx + len(doc[run[1] - 1].text)) if run else None
            if span and _can_be_place(text_of(doc), span, (), registry):
                found.append(span)
                break
    return found


_INTRODUCING = frozenset(
    {"city", "town", "village", "hamlet", "neighborhood", "neighbourhood", "district", "subdistrict", "province", "governorate"}
)


def _proper_run(doc: Doc, at: int, step: int) -> Span | None:
    """First and last-but-one index of the proper nouns that stand together from there on."""
    end = at
    while 0 <= end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].text[0].isupper() | ("-" in doc[end].text):
        end += step
    if end == at:
        return None
    return (end + 1, at + 1) if step < 0 else (at, end)


_WITHIN = re.compile(r"(?:\s+[a-z]+)?\s*(?:,|\(|\bin\b|\bof\b)\s+(?:the\s+)?(?:(?!and\b)[\w-]+\s+){0,3}")


def _areas(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """What the text puts the first of some names in: "B" and "C" for "A village, B, C" and "A in the province of B"."""
    areas = []
    for (_, end), (start, last) in pairwise(spans):
        if not _WITHIN.fullmatch(text, end, start):
            break
        areas.append(text[start:last])
    return tuple(areas)


def _whole_name(text: str, span: Span) -> Span:
    """With the Arabic article, and what follows it, that the model cut off: "al-" before, "Jub al" of "Jub al-Jarah"."""
    before = re.search(r"\b(?:[AaEe]l|[Aa][sdnrtz]h?)-$", text[max(0, span[0] - 6) : span[0]])
    after = re.match(r"[- ][A-Z][\w’']+", text[span[1] :]) if re.search(r"(?:^|[\s-])[AaEe]l$", text[span[0] : span[1]]) else None
    return span[0] - (len(before[0]) if before else 0), span[1] + (after.end() if after else 0)


def _joined(text: str, part: Span, whole: Span) -> bool:
    """Is a name found in the gazetteer only a piece of the longer name that the model saw: "Tal" in "Tal Zinar"?"""
    rest = text[whole[0] : part[0]] + " " + text[part[1] : whole[1]]
    return part != whole and bool(re.search(r"\b[A-Z]\w+", rest)) and "," not in rest


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _is_place(doc: Doc, match: Match, *, local: bool) -> bool:
    """Does the parse agree that a name of the gazetteer is a place here? `local`: there is such a place in the report's countries, so that
    the model must not only take it for a person but for one with more names than this."""
    span = match.start, match.end
    ents = [ent for ent in doc.ents if ent.start_char < span[1] and span[0] < ent.end_char]
    if any(ent.label_ in {"PLACE", "FACILITY"} for ent in ents):
        return True
    if any(ent.label_ in {"PERSON", "ORG"} and (ent.start_char < span[0] or ent.end_char > span[1]) for ent in ents):
        return False
    tokens = _tokens(doc, span)
    cased = any(_is_cased(t) for t in tokens)
    if not cased and text_of(doc)[span[0] : span[1]] in _family_names(doc):
        return False
    if match.ordinary:
        return cased and local and any(t.pos_ == "PROPN" for t in tokens)
    return local or (cased if ents else any(t.pos_ == "PROPN" for t in tokens))


def _is_cased(token: Token) -> bool:
    return any(child.dep_ == "case" and child.lower_ in _LOCATIVE for child in token.children)


@lru_cache(maxsize=2)
def _family_names(doc: Doc) -> frozenset[str]:
    """What people are called by whom a report introduces with more names: "Bob Franklin … Franklin said"."""
    return frozenset(ent[-1].text for ent in doc.ents if ent.label_ == "PERSON" and len(ent) > 1)


def _countries_in_letters(doc: Doc, registry: Registry) -> list[Span]:
    """ "in the US", "from the U.K.": letters that else stand for a government."""
    cased = [t for t in doc if t.text.isupper() and t.pos_ == "PROPN" and t.dep_ in ("obl", "nmod") and _is_cased(t)]
    return [(t.idx, t.idx + len(t)) for t in cased if len(t.text.replace(".", "")) < 4 and registry.country_of(t.text)]


def _tokens(doc: Doc, span: Span) -> list[Token]:
    """The tokens that a stretch of text touches."""
    found = doc.char_span(*span, alignment_mode="expand")
    return list(found) if found is not None else []


_LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "around",
        "outside",
        "inside",
        "from",
        "to",
        "into",
        "towards",
        "toward",
        "across",
        "through",
        "of",
        "between",
        "above",
        "over",
        "on",
        "for",
        "north",
        "south",
        "east",
        "west",
    ]
)


def _can_be_place(text: str, span: Span, shared: Collection[Span], registry: Registry) -> bool:
    words = text[span[0] : span[1]]
    letters = re.search(r"[^\W\d_]", words)
    lower = not re.search(r"[A-Z\d\u0590-\u06ff]", words)
    known = span not in shared and registry.resolve(words) is not None
    return bool(letters) and not lower and not known and not is_demonym(words, registry) and normal(words) not in traps()


def _trim(text: str, start: int, end: int) -> Span | None:
    while match := re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s“\"‘'(,]+", text[start:end]):
        start += match.end()
    if (quote := text.find("”", start, end)) >= 0 and "“" not in text[start:quote]:
        start = quote + 1
        return _trim(text, start, end)
    while match := re.search(r"(?:[’'][sS]\b|[’'”\")\s,]|(?<![A-Z])\.)+$", text[start:end]):
        end = start + match.start()
    return (start, end) if start < end else None


def _with_hints(doc: Doc, span: Span, within: tuple[str, ...]) -> Core:
    """The sort of place that the words ask for, and the area that they put it in."""
    before, after = text_of(doc)[max(0, span[0] - 40) : span[0]], text_of(doc)[span[1] : span[1] + 60]
    nouns = (re.search(r"(\w+)\s+of\s+(?:the\s+)?$", before), re.match(r"\s+(\w+)", after), re.search(r"(\w+)\s+$", before))
    own = _same_words().get(_singular(text_of(doc)[span[0] : span[1]].split()[-1]))
    hint = own or next((kind for noun in nouns if noun and (kind := _same_words().get(_singular(noun[1])))), None)
    return Core(*span, hint, within)


# --- resolution in context


def resolve_places(
    doc: Doc, cores: Sequence[Core], countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry
) -> list[PlaceMention]:
    """Each name with the entry that it means: first those that are plain, then the others by their nearness to these."""
    text = text_of(doc)
    first = [_resolve(text, core, Context(countries), gazetteer, registry) for core in cores]
    points: tuple[Point, ...] = tuple(
        {(e.latitude, e.longitude) for e in first if e and e.precision == "town" and e.latitude is not None and e.longitude is not None}
    )
    mentions = []
    for core, entry in zip(cores, first, strict=True):
        own = (entry.latitude, entry.longitude) if entry else None
        context = Context(countries, points=tuple(p for p in points if p != own))
        mentions.append(_mention(text, core, _resolve(text, core, context, gazetteer, registry), countries, gazetteer))
    return _one_sense(mentions)


def _resolve(text: str, core: Core, context: Context, gazetteer: Gazetteer, registry: Registry) -> Entry | None:
    code = registry.country_of(text[core.start : core.end])
    if code and core.hint in {None, "country"} and (country := gazetteer.country(code)):
        return country
    return resolve(text[core.start : core.end], replace(context, within=core.within, precision=core.hint), gazetteer)


def _mention(text: str, core: Core, entry: Entry | None, countries: tuple[str, ...], gazetteer: Gazetteer) -> PlaceMention:
    words = text[core.start : core.end]
    if entry:
        return PlaceMention(
            core.start,
            core.end,
            words,
            entry.id,
            entry.name,
            entry.latitude,
            entry.longitude,
            entry.precision,
            entry.country,
            entry.admin1,
        )
    known = bool(gazetteer.exact(words))
    id = unresolved_id(words, countries[0]) if countries and not known else None
    return PlaceMention(
        core.start, core.end, words, id, words if id else None, precision=core.hint or "town", country=countries[0] if id else None
    )


def _one_sense(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """One spelling means one place throughout a report, unless the words ask for another sort of place."""
    senses: dict[str, PlaceMention] = {}
    for mention in mentions:
        if mention.latitude is not None:
            senses.setdefault(normal(mention.text), mention)
    out = []
    for mention in mentions:
        sense = senses.get(normal(mention.text))
        if mention.latitude is None and sense:
            mention = replace(sense, start=mention.start, end=mention.end, text=mention.text)
        out.append(mention)
    return out


# --- phrases


@lru_cache(maxsize=1)
def _forms() -> dict[str, Any]:
    forms: dict[str, Any] = yaml.safe_load(_FORMS.read_text(encoding="utf-8"))
    return forms


@lru_cache(maxsize=1)
def _same_words() -> dict[str, Precision]:
    return {word: cast(Precision, kind) for kind, words in _forms()["same"].items() for word in words}


@lru_cache(maxsize=1)
def _own_words() -> dict[str, Precision]:
    return {word: cast(Precision, kind) for kind, words in _forms()["own"].items() for word in words}


@lru_cache(maxsize=20_000)
def _singular(word: str) -> str:
    lower = word.lower()
    forms = [lower, re.sub(r"ies$", "y", lower), re.sub(r"(s|sh|ch|x)es$", r"\1", lower), lower.removesuffix("s")]
    nouns = {*_same_words(), *_own_words(), *_forms()["around"]}
    return next((form for form in forms if form in nouns), lower)


def _phrases(doc: Doc, named: Sequence[PlaceMention], countries: tuple[str, ...], gazetteer: Gazetteer) -> list[PlaceMention]:
    """Mentions larger than a name: noun phrases on feature words, directions and "near"."""
    nouns = [mention for token in doc if (mention := _noun_phrase(doc, token, named, countries, gazetteer))]
    found = _of_its_own(doc, _outermost(nouns))
    parts = [m for m in (_direction(doc, mention) for mention in named) if m and not _inside(m, found)]
    near = [m for m in (_near(doc, mention, countries) for mention in [*named, *found, *parts]) if m and not _inside(m, found)]
    return [*found, *parts, *near]


def _inside(mention: PlaceMention, others: Sequence[PlaceMention]) -> bool:
    return any(o.start <= mention.start and mention.end <= o.end for o in others)


def _outermost(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Without those that cross a longer one; one within another stays ("city of A" in "outskirts of the city of A")."""
    kept: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        crossing = [o for o in kept if mention.start < o.end and o.start < mention.end]
        if all(o.start <= mention.start and mention.end <= o.end and (o.start, o.end) != (mention.start, mention.end) for o in crossing):
            kept.append(mention)
    return kept


def _of_its_own(doc: Doc, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """ "A's school and its hospital": the second is a part of A too."""
    out: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        before = next((m for m in reversed(out) if m.end <= mention.start), None)
        if mention.parent is None and before and re.fullmatch(r"[\s,]*(?:and|or|,)?\s*its\s+", text_of(doc)[before.end : mention.start]):
            mention = replace(mention, parent=before.parent)
        out.append(mention)
    return out


def _noun_phrase(
    doc: Doc, token: Token, named: Sequence[PlaceMention], countries: tuple[str, ...], gazetteer: Gazetteer
) -> PlaceMention | None:
    """The mention on a feature noun: "village of A", "A province", "A's central prison", "two hamlets east of A"."""
    noun = _singular(token.text)
    kind = _kind(noun)
    if (
        kind is None
        or token.pos_ not in {"NOUN", "PROPN", "ADJ"}
        or any(m.start <= token.idx < m.end for m in named if m.latitude is not None)
    ):
        return None
    if token.dep_ in {"compound", "amod", "nmod:poss"} and token.head.i > token.i and token.head.pos_ != "VERB":
        return None
    if _follows_its_like(token) or any(child.lower_ in _NO_PLACES for child in token.children):
        return None
    start, end = _front(doc, token), _back(doc, _last_like(token), named)
    if doc[end - 1].text in _forms()["not_places"]["calendar"]:  # "the first half of June"
        return None
    span = _trim(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
    if span is None:
        return None
    inside = [m for m in named if span[0] <= m.start and m.end <= span[1]]
    described = start < token.i or end > token.i + 1
    if not inside and (
        (noun in _forms()["need_name"] and not _is_described(doc, start, token, end, noun)) or (not described and noun not in _ALONE)
    ):
        return None
    if not inside and not described and any(child.lower_ in _POINTING for child in token.children):
        return None
    if noun in _same_words() and _plural(token, noun) and any(_follows_of(doc, token, m) for m in inside):
        return None
    if noun in {"state", "country", "republic", "kingdom"} and any(m.precision == "country" for m in inside):
        return None
    return _build(doc, span, token, noun, kind, inside, countries, gazetteer)


_ALONE = frozenset(
    [
        "airport",
        "airbase",
        "highway",
        "hospital",
        "prison",
        "mosque",
        "checkpoint",
        "outskirts",
        "countryside",
        "suburb",
        "border",
        "frontline",
    ]
)
_NO_PLACES = frozenset(
    [
        "social",
        "media",
        "web",
        "news",
        "internet",
        "best",
        "political",
        "key",
        "strong",
        "bargaining",
        "twitter",
        "facebook",
        "blog",
        "youtube",
    ]
)


def _follows_its_like(token: Token) -> bool:
    """ "villages" in "towns and villages": one phrase, made on the first."""
    return (
        token.dep_ == "conj"
        and token.head.i in {token.i - 2, token.i - 3}
        and _kind(_singular(token.head.text)) is not None
        and _plain_plural(token)
    )


def _last_like(token: Token) -> Token:
    """The last noun of "towns and villages"."""
    return next((child for child in token.children if _kind(_singular(child.text)) is not None and _follows_its_like(child)), token)


def _plain_plural(token: Token) -> bool:
    return token.lower_ != _singular(token.text) and not any(child.dep_ in {"det", "nmod:poss", "nummod"} for child in token.children)


def _kind(noun: str) -> Precision | None:
    if noun in _forms()["around"]:
        return "near_town"
    return _own_words().get(noun) or _same_words().get(noun)


def _is_described(doc: Doc, start: int, token: Token, end: int, noun: str) -> bool:
    """Nameless and yet a place of its own: "two villages", "several rebel-held areas", "an army base"."""
    words = {t.lower_ for t in doc[start:end]} | {child.lower_ for child in token.children}
    plural = token.lower_ != noun
    counted = any(
        child.dep_ in {"nummod", "det"} and child.pos_ in {"NUM", "DET"} and child.lower_ not in _POINTING for child in token.children
    )
    modified = any(t.pos_ in {"ADJ", "PROPN", "NOUN", "VERB"} for t in doc[start : token.i])
    if noun in _forms()["countable"]:
        return plural or modified or counted
    return modified and (bool(words & set(_forms()["directions"])) or plural or end > token.i + 1)


_POINTING = frozenset(["the", "this", "that", "these", "those", "its", "their", "his", "her", "our", "such", "same"])


def _front(doc: Doc, head: Token) -> int:
    start = head.i
    while start > head.sent.start and _describes(doc[start - 1], head):
        start -= 1
    while start < head.i and doc[start].pos_ in {"DET", "PUNCT", "PART", "CCONJ", "ADP", "ADV", "PRON"} and doc[start].lower_ not in {"al"}:
        start += 1
    return start


def _describes(token: Token, head: Token) -> bool:
    if token.pos_ in {"PRON", "SCONJ", "AUX", "DET"} or token.is_space or token.text in {",", ";", ":", "(", ")", "—", "“"}:
        return False
    if token.dep_ in {"case", "cc", "mark"} and token.head.i == head.i:
        return False
    return token.text == "-" or any(ancestor.i == head.i for ancestor in token.ancestors)


def _back(doc: Doc, head: Token, named: Sequence[PlaceMention]) -> int:
    """Index after the words behind the noun that place it: "of A", "in the province of A", "near A", "between A and B"."""
    end = head.i + 1
    while end < len(doc) and (after := _placed(doc, end, named)):
        if doc[end].lower_ == "in" and _holds_name(doc, head.i - 3, end, named):
            break
        end = after
    return end


def _holds_name(doc: Doc, start: int, end: int, named: Sequence[PlaceMention]) -> bool:
    """Has the phrase a name already? Then "in B" says where it is and is no part of it."""
    first, last = doc[max(start, 0)].idx, doc[end - 1].idx + len(doc[end - 1].text)
    return any(first <= m.start and m.end <= last for m in named)


def _placed(doc: Doc, at: int, named: Sequence[PlaceMention]) -> int | None:
    word = doc[at].lower_
    if word == "-" and at + 1 < len(doc) and doc[at + 1].pos_ in {"PROPN", "NUM"}:
        return at + 2
    if doc[at].pos_ == "NUM" and doc[at].text.isdigit() and doc[at - 1].text[0].isupper():
        return at + 1
    size = _preposition(doc, at)
    if not size:
        return None
    end = at + size
    limit = min(end + 8, len(doc))
    while (
        end < limit
        and doc[end].pos_ in {"DET", "ADJ", "NOUN", "PROPN", "NUM", "X", "PART"}
        and not (doc[end].pos_ == "DET" and end > at + size)
        and not doc[end].is_space
        and doc[end].text not in {",", "."}
    ):
        end += 1
    if end == at + size:
        return None
    if word == "between" and end + 1 < len(doc) and doc[end].lower_ == "and":
        end += 1
        while end < limit + 6 and end < len(doc) and doc[end].pos_ in {"DET", "ADJ", "NOUN", "PROPN", "X"}:
            end += 1
    inside = any(m.start >= doc[at].idx and m.end <= doc[end - 1].idx + len(doc[end - 1].text) for m in named)
    place = inside or _kind(_singular(doc[end - 1].text)) is not None or (word == "of" and doc[end - 1].pos_ == "PROPN")
    return end if place else None


def _preposition(doc: Doc, at: int) -> int:
    """How many tokens from here place a noun: 1 for "of", 2 for "east of", 0 for none."""
    word = doc[at].lower_
    following = doc[at + 1].lower_ if at + 1 < len(doc) else ""
    if word == "in" and following == "and" and at + 2 < len(doc) and doc[at + 2].lower_ in {"around", "near", "outside"}:
        return 3
    if word in {"of", "in", "at", "near", "around", "between", "outside", "inside", "along"}:
        return 1
    return 2 if following in {"of", "to"} and word in {*_forms()["directions"], "close", "next"} else 0


def _build(
    doc: Doc,
    span: Span,
    token: Token,
    noun: str,
    kind: Precision,
    inside: Sequence[PlaceMention],
    countries: tuple[str, ...],
    gazetteer: Gazetteer,
) -> PlaceMention:
    text = text_of(doc)[span[0] : span[1]]
    listed = resolve(text, Context(countries), gazetteer, fuzzy=False) if noun in _own_words() else None
    if listed and listed.country in countries:
        found = _mention(text_of(doc), Core(*span), listed, countries, gazetteer)
        return replace(found, precision=kind, head_noun=noun, parent=inside[0].id if inside and inside[0].id != listed.id else None)
    base = PlaceMention(
        span[0],
        span[1],
        text,
        precision=kind,
        head_noun=noun,
        form="name" if inside else "generic",
        country=inside[0].country if inside else None,
    )
    if not inside:
        name = [t for t in _tokens(doc, span) if t.pos_ == "PROPN" and t.i != token.i and not t.lower_.endswith("s")]
        id = unresolved_id(text, countries[0]) if name and countries else None
        return replace(base, id=id, name=text if id else None, form="name" if name else "generic", near=_is_near(text))
    main = _named_by(doc, token, inside)
    if noun in _same_words() and main and not _plural(token, noun) and _only_name(text, main, noun):
        return replace(main, start=span[0], end=span[1], text=text, head_noun=noun, precision=_finer(main, noun))
    parent = inside[0].id
    if noun in _forms()["around"] or _is_near(text):
        return replace(
            base,
            id=f"near:{parent}" if noun in _forms()["around"] and parent else None,
            parent=parent,
            near=True,
            precision="near_town",
            name=text,
        )
    if kind == "road" and len(inside) > 1 and inside[0].id and inside[1].id:
        return replace(base, id="road:" + "+".join(sorted((inside[0].id, inside[1].id))), name=text, parent=None)
    id = (
        unresolved_id(text, inside[0].country or (countries[0] if countries else None))
        if _has_own_name(doc, span, token, noun, main, inside)
        else None
    )
    parent = None if main and not main.latitude else parent
    return replace(base, id=id, name=text if id else None, parent=parent, form="name")


def _has_own_name(doc: Doc, span: Span, token: Token, noun: str, main: PlaceMention | None, inside: Sequence[PlaceMention]) -> bool:
    """ "A airbase", "A's Faculty of Arts", not "A's central prison" or "bases in A": then another spelling of it is the same place."""
    if noun not in _own_words() or token.lower_ != noun:
        return False
    if main and main.end <= token.idx and (token.nbor(-1).idx >= main.start or main.latitude is None):
        return True
    names = [t for t in _tokens(doc, span) if t.pos_ == "PROPN" and t.i != token.i]
    return any(not any(m.start <= t.idx < m.end for m in inside) for t in names)


def _finer(main: PlaceMention, noun: str) -> Precision | None:
    return main.precision if main.latitude is not None else _same_words()[noun]


def _plural(token: Token, noun: str) -> bool:
    return token.lower_ != noun


def _named_by(doc: Doc, token: Token, inside: Sequence[PlaceMention]) -> PlaceMention | None:
    """The name that the noun names: before it ("A province") or after "of" ("the village of A")."""
    for mention in inside:
        if text_of(doc)[mention.end : token.idx].strip() == "" and mention.end <= token.idx:
            return mention
        between = text_of(doc)[token.idx + len(token.text) : mention.start] if mention.start > token.idx else "?"
        if re.fullmatch(r"\s+(?:of\s+)?(?:the\s+)?", between):
            return mention
    return None


def _follows_of(doc: Doc, token: Token, mention: PlaceMention) -> bool:
    """ "the villages of A and B": each name is a place of its own, the phrase is none."""
    return (
        bool(re.fullmatch(r"\s+of\s+(?:the\s+)?", text_of(doc)[token.idx + len(token.text) : mention.start]))
        if mention.start > token.idx
        else False
    )


def _only_name(text: str, main: PlaceMention, noun: str) -> bool:
    """Nothing but the name and its noun, maybe with plain adjectives: not "eastern A province"."""
    directions = set(_forms()["directions"])
    rest = re.sub(re.escape(main.text), " ", text, count=1).casefold()
    return not any(word in directions for word in re.findall(r"\w+", rest.split(" of ")[0]))


def _is_near(text: str) -> bool:
    near = "|".join(map(re.escape, _forms()["near"]))
    return bool(re.search(rf"\b(?:{near})\b", text, re.IGNORECASE))


def _direction(doc: Doc, mention: PlaceMention) -> PlaceMention | None:
    """ "northern A", "central A": a part of A."""
    directions = "|".join(sorted(_forms()["directions"], key=len, reverse=True))
    match = re.search(rf"\b(?:{directions})(?:\s+{_NATION})?\s+$", text_of(doc)[: mention.start][-60:], re.IGNORECASE)
    if not match or mention.text.lower().startswith(match[0].strip().lower()):
        return None
    start = mention.start - len(match[0])
    large = mention.precision in {"country", "province", "region"}
    text = text_of(doc)[start : mention.end]
    return PlaceMention(
        start,
        mention.end,
        text,
        precision="region" if large else "district",
        country=mention.country,
        admin1=mention.admin1,
        parent=mention.id,
        head_noun=None,
    )


_NATION = r"[A-Z]\w+(?:n|ese|i|ish)"


def _near(doc: Doc, mention: PlaceMention, countries: tuple[str, ...]) -> PlaceMention | None:
    """ "near A", "15 km north of A", "outside A"."""
    near = "|".join(map(re.escape, _forms()["near"]))
    pattern = rf"(?:\b\d[\d.,]*\s*(?:km|kilomet(?:er|re)s?|miles?|met(?:er|re)s?)\s+)?(?:to the )?\b(?:{near})\s+(?:the\s+)?$"
    match = re.search(pattern, text_of(doc)[: mention.start][-70:])
    if not match or mention.near or match[0].strip() == "by":
        return None
    start = mention.start - len(match[0])
    text = text_of(doc)[start : mention.end]
    parent = mention.id
    return PlaceMention(
        start,
        mention.end,
        text,
        f"near:{parent}" if parent else None,
        text if parent else None,
        precision="near_town",
        country=mention.country,
        admin1=mention.admin1,
        near=True,
        parent=parent,
        head_noun=mention.head_noun,
    )
