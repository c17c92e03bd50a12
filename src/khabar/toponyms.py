"""Doc → the names of places in it, each with the place that it means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from khabar.abbreviations import Area, find_abbreviations
from khabar.capitals import is_shouting
from khabar.gazetteer import Entry, Gazetteer
from khabar.model import PlaceMention, Precision, Span
from khabar.names import Match, is_common_name, is_demonym, match_names, text_of, traps
from khabar.namesakes import has_body, homes, is_initials, is_part, people_of, whole_names, without_body
from khabar.placewords import forms, is_institution, kind_of, same_words, singular
from khabar.registry import Registry
from khabar.resolving import Name, resolve_all
from khabar.romanising import unresolved_id
from khabar.spellings import normal

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


@dataclass(frozen=True, slots=True)
class Core:
    """A place's name in the text, before it is resolved. `sure`: the gazetteer or the model says that it is a place."""

    start: int
    end: int
    hint: Precision | None = None
    within: tuple[str, ...] = ()
    area: Area | None = None
    quarter: bool = False


def find_cores(doc: Doc, registry: Registry, gazetteer: Gazetteer, countries: tuple[str, ...]) -> list[Core]:
    text = text_of(doc)
    lost = {t.idx for t in doc if t.text == "s" and t.tag_ == "POS"}  # "Syrias" without its apostrophe: "Syria" and "s"
    matches = [replace(m, end=m.end - 1) if m.end - 1 in lost else m for m in match_names(text, registry, gazetteer)]
    seen = {(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == "PLACE"}
    shared = {(m.start, m.end) for m in matches if (m.start, m.end) in seen and gazetteer.exact(text[m.start : m.end])}
    if not is_shouting(text):  # "SANA" is the agency, whatever the model makes of it
        shared = {span for span in shared if not (text[slice(*span)].isupper() and span[1] - span[0] < 5)}
    actors = [(m.start, m.end) for m in matches if m.kind == "actor" and not m.ordinary and (m.start, m.end) not in shared]
    local = {m for m in matches if m.kind == "place" and any(e.country in countries for e in gazetteer.exact(text[m.start : m.end]))}
    found = [(m.start, m.end) for m in matches if m.kind == "place" and _is_place(doc, m, local=m in local)]
    for ent in doc.ents:
        span = trimmed(text, ent.start_char, ent.end_char)
        whole = _whole_name(text, span) if span else None
        span = _without_genitive(text, whole, registry, gazetteer) if whole else None
        if span and (span != whole or span[1] in lost):
            shared.add(span)
        if ent.label_ in {"PLACE", "FACILITY"} and span and _can_be_place(text, span, shared, registry) and not _touches(span, actors):
            found = (
                [f for f in found if not (span[0] <= f[0] and f[1] <= span[1] and _joined(text, f, span))]
                if ent.label_ == "PLACE"
                else found
            )
            if not _touches(span, found):
                found.append(span)
    found += [span for span in _introduced(doc, registry) if not _touches(span, [*found, *actors])]
    found += [span for span in homes(text) if not _touches(span, found)]
    found += [span for span in _forts(text) if not _touches(span, [*found, *actors])]
    found += [span for span in _countries_in_letters(doc, registry) if not _touches(span, found)]
    short = {span: area for span, area in find_abbreviations(text).items() if not is_initials(text, span)}
    found += [span for span in _before_areas(text, short) if not _touches(span, found)]
    found = [_cut(text, span, countries, gazetteer) for span in found]
    found = [part for span in found for cut in _alike(text, span) for part in _ends(text, cut, gazetteer)]
    found = [_bare(text, part, gazetteer) for span in found for part in _owned(text, span, countries, gazetteer, registry)]
    found = _made_whole(text, found, short, countries, gazetteer, registry)
    people = people_of(text) | _persons(doc, countries, gazetteer)
    found = [span for span in found if _is_country_in_letters(text[slice(*span)], registry) or not is_part(text, span, people)]
    found = [span for span in found if not _is_cut(text, span, countries, registry, gazetteer)]
    found = [span for span in found if not _is_feature(text[span[0] : span[1]])]
    found = [span for span in found if not _is_in_firm(text, span, found)]
    found = [span for span in found if gazetteer.exact(text[span[0] : span[1]]) or not _is_piece(doc, span, short, registry)]
    found = [span for span in found if not _is_who(doc, span)]
    spans = sorted({cut for span in found if (cut := _before(text, span, short))} | set(short))
    return [_with_hints(doc, span, _areas(text, spans[at : at + 3], short), short) for at, span in enumerate(spans)]


def _persons(doc: Doc, countries: tuple[str, ...], gazetteer: Gazetteer) -> frozenset[str]:
    """Single names, in small letters, that the model takes for a person's at least twice, and no less often than for a place's: the
    "Amina" who "said", "had left" and "was besieged" in one report. No place of the report's countries is called so."""
    seen = [(ent.text.casefold(), ent.label_) for ent in doc.ents if " " not in ent.text]
    persons = Counter(name for name, label in seen if label == "PERSON")
    places = Counter(name for name, label in seen if label in {"PLACE", "FACILITY"})
    often = (name for name, times in persons.items() if times > 1 and times >= places[name])
    return frozenset(name for name in often if not any(e.country in countries for e in gazetteer.exact(name)))


def _is_who(doc: Doc, span: Span) -> bool:
    """ "a commander, Munir al-Yafei": a name that says who somebody is."""
    name = doc.char_span(*span, alignment_mode="expand")
    root = name.root if name is not None else None
    kinds = doc.user_data.get("nominals")
    if root is None or kinds is None or root.dep_ != "appos" or root.pos_ != "PROPN" or root.head.i > root.i:
        return False
    return bool(kinds[root.head.i] == "person" and root.head.tag_ == "NN")


def _made_whole(
    text: str, spans: Sequence[Span], short: Collection[Span], countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry
) -> list[Span]:
    """Longer names in the place of their pieces: "Morton's Ford"; not "Aleppo's Hill", whose possessor is a place that is known here."""
    whole = []
    for before, after in zip(spans, whole_names(text, spans), strict=True):
        owner = re.match(r"(.+?)\s?(?:[’']s|s[’'])\s", text[slice(*after)])
        whole.append(before if owner and _is_owner(owner[1], countries, gazetteer, registry) else after)
    return sorted(set(whole))


def _is_owner(words: str, countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry) -> bool:
    """Is it a country, an area or a large town that something belongs to, rather than a person whom it is called after?"""
    if registry.country_of(words):
        return True
    return any(e.country in countries and (e.precision == "province" or e.population > OWNER) for e in gazetteer.exact(words))


OWNER = 50_000
"""People of a town whose name before "'s Ford" is that of the town."""


def _cut(text: str, span: Span, countries: tuple[str, ...], gazetteer: Gazetteer) -> Span:
    """The place in a longer name that no gazetteer has: "Oakford" of "Oakford City [Council]" and of "Oakford Regional"."""
    short = without_body(text, span)
    words = text[slice(*span)]
    if short != span:
        return short if gazetteer.exact(text[slice(*short)]) and not _is_named(words, gazetteer) else span
    first, _, rest = words.rpartition(" ")
    local = any(e.country in countries and e.population > KNOWN for e in gazetteer.exact(first))
    if local and rest in forms()["namesakes"]["body_words"] and not gazetteer.exact(words):
        return span[0], span[0] + len(first)
    return span


KNOWN = 5_000
"""People of a town that a longer name is taken to begin with."""


def _is_named(words: str, gazetteer: Gazetteer) -> bool:
    """Has a place just this name, as Kansas City has?"""
    return any(normal(entry.name) == normal(words) for entry in gazetteer.exact(words))


def _alike(text: str, span: Span) -> list[Span]:
    """A name in capitals and one that is not, which the model takes for one: "FORT BARRETT Pima Villages"."""
    words = list(re.finditer(r"\S+", text[span[0] : span[1]]))
    for one, other in pairwise(words):
        if one[0].isupper() != other[0].isupper() and min(len(one[0]), len(other[0])) > 3:
            return [(span[0], span[0] + one.end()), *_alike(text, (span[0] + other.start(), span[1]))]
    return [span]


def _ends(text: str, span: Span, gazetteer: Gazetteer) -> list[Span]:
    """Both names of "the Homs-Hama highway", which the model takes for one; other names stay whole."""
    words = text[span[0] : span[1]]
    first, dash, second = words.partition("-") if words.count("-") == 1 else words.partition("–")
    if not (dash and second[:1].isupper() and len(first) > 3 and gazetteer.exact(first) and gazetteer.exact(second)) or gazetteer.exact(
        words
    ):
        return [span]
    middle = span[0] + len(first)
    return [(span[0], middle), (middle + 1, span[1])]


def _owned(text: str, span: Span, countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry) -> list[Span]:
    """Both places of "Oakford's Mill Airport", which the model takes for one: the owner, a place that is known here, and what it has."""
    words = text[slice(*span)]
    owner = re.match(r"(.+?)[’']s?\s(?=[A-Z])", words)
    if not owner or gazetteer.exact(words) or not _is_owner(owner[1], countries, gazetteer, registry):
        return [span]
    return [(span[0], span[0] + owner.end(1)), (span[0] + owner.end(), span[1])]


_SIDE = re.compile(r"(?:(?:(?:North|South)(?:east|west)?|East|West|Central)(?:ern)?|Metro|Greater)\s+(?=[A-Z])")


def _bare(text: str, span: Span, gazetteer: Gazetteer) -> Span:
    """ "Oakford" of "South Oakford", where no other place has the longer name."""
    words = text[slice(*span)]
    side = _SIDE.match(words) if not re.match(r"\s[A-Z]", text[span[1] : span[1] + 2]) else None
    called = gazetteer.exact(words[side.end() :]) if side else ()
    if not side or not called or {entry.id for entry in gazetteer.exact(words)} - {entry.id for entry in called}:
        return span
    return span[0] + side.end(), span[1]


_BEFORE_AREA = re.compile(r"[A-Z][\w’'-]*(?:[ -][A-Z][\w’'-]*){0,2}(?=,?\s$)")


def _before_areas(text: str, short: Collection[Span]) -> list[Span]:
    """ "Dalton, Ga.": whatever the model makes of a name, before the abbreviation of an area it is a place there."""
    found = [(start, _BEFORE_AREA.search(text[max(0, start - 40) : start])) for start, _ in short]
    return [(max(0, start - 40) + name.start(), max(0, start - 40) + name.end()) for start, name in found if name]


def _is_cut(text: str, span: Span, countries: tuple[str, ...], registry: Registry, gazetteer: Gazetteer) -> bool:
    """Is it half of a people's name ("[Sri] Lankan"), or of one with a hyphen that no two places make ("[Wal]-Mart")?"""
    words = text[slice(*span)]
    if registry.country_of(words):
        return False
    before = re.search(r"[A-Z]\w+\s$", text[max(0, span[0] - 20) : span[0]])
    after = re.match(r"\s[A-Z]\w+", text[span[1] : span[1] + 20])
    if (before and is_demonym(before[0] + words, registry)) or (after and is_demonym(words + after[0], registry)):
        return True
    other = re.match(r"[-/]([A-Z][a-z]+)", text[span[1] : span[1] + 20])
    if other is None or any(entry.country in countries for entry in gazetteer.exact(words)):
        return False
    return not gazetteer.exact(other[1]) and not is_demonym(other[1], registry)


def _is_in_firm(text: str, span: Span, found: Collection[Span]) -> bool:
    """Is it joined by "&" to a name that is no place: "Stevens & Vargason"? "Homs & Aleppo" are two places."""
    before, after = re.search(r"\w\s?&\s?$", text[: span[0]][-5:]), re.match(r"\s?&\s?(?=[A-Z])", text[span[1] : span[1] + 4])
    beside = {end for _, end in found} if before else {start for start, _ in found}
    joined = span[0] - len(before[0]) + 1 if before else span[1] + after.end() if after else None
    return joined is not None and joined not in beside


def _is_piece(doc: Doc, span: Span, short: Collection[Span], registry: Registry) -> bool:
    """Of a name that no gazetteer has: is it letters, the family name of somebody, or a piece of a longer name that is no place's ("the
    [Karsa Valley] Community Choir", "the Karsa [Community] Hospital")?"""
    text = text_of(doc)
    words = text[span[0] : span[1]]
    if text[span[1] : span[1] + 1] == "." and len(words) < 6 and tokens_of(doc, span)[-1].sent.end_char > span[1] + 2:
        return True  # "Vols.", "Actg.": an abbreviation
    if re.search(r"\b(?:Co|Inc|Corp|Ltd|LLC|Bros|plc|PLC)$", words):
        return True
    if words in _family_names(doc) or (words.isupper() and len(words) < 6 and not is_shouting(text)):
        return True
    last = tokens_of(doc, span)[-1]
    whole = last.head if last.dep_ in ("compound", "flat", "nmod:desc") and last.head.i > last.i else last
    if whole.text[:1].isupper() and whole.idx >= span[1] and kind_of(singular(whole.text)) is None:
        return True
    if _goes_on(doc, span, short):
        return True
    beside = re.search(r"[A-Z][\w’'.-]*\s$", text[max(0, span[0] - 30) : span[0]]) or re.match(r"\s[A-Z]", text[span[1] : span[1] + 2])
    return bool(beside) and is_common_name(words, registry)


def _goes_on(doc: Doc, span: Span, short: Collection[Span]) -> bool:
    """Do more words of a longer name follow, none of them for a sort of place, and no new sentence whose full stop was lost ("Fort Karsa
    The men")?"""
    after = re.match(r"(?:\s[A-Z][a-z]+)*", text_of(doc)[span[1] :])
    words = after[0].split() if after else []
    if not words or any(start == span[1] + 1 for start, _ in short):
        return False
    first = tokens_of(doc, (span[1] + 1, span[1] + 2))[0]
    if first.is_sent_start or first.pos_ not in ("PROPN", "NOUN", "ADJ"):
        return False
    return all(kind_of(singular(word)) is None and normal(word) not in traps() for word in words)


def _is_feature(word: str) -> bool:
    """ "County", "City Hall", "City Park", "Southwestern", "District A": a piece of a longer name, no name."""
    parts = word.lower().split()
    if len(parts) == 1:
        return kind_of(singular(word)) is not None or word.lower() in forms()["directions"]
    kinds = all(kind_of(singular(part)) or (len(part) == 1 and part.isalpha()) for part in parts)
    if parts[0] in ("city", "town", "village", "county") and (kind_of(parts[-1]) == "exact" or is_institution(word)):
        return True
    return kinds and (len(parts[-1]) == 1 or is_institution(word))


def _before(text: str, span: Span, short: Collection[Span]) -> Span | None:
    """The part of a name before an abbreviation that the model took in: "San Francisco" of "San Francisco Cal."."""
    starts = [start for start, end in short if span[0] < end and start < span[1]]
    return trimmed(text, span[0], min(starts)) if starts else span


def _introduced(doc: Doc, registry: Registry) -> list[Span]:
    """Names that only the noun beside them shows to be places: "Zarqa town", "the village of Zarqa"."""
    found = []
    for token in doc:
        if singular(token.text) not in _INTRODUCING or token.pos_ not in {"NOUN", "PROPN"} or token.i + 2 >= len(doc):
            continue
        before = _proper_run(doc, token.i - 1, -1)
        after = _proper_run(doc, token.i + 2, 1) if doc[token.i + 1].lower_ == "of" else None
        for run in (after, before):
            span = trimmed(text_of(doc), doc[run[0]].idx, doc[run[1] - 1].idx + len(doc[run[1] - 1].text)) if run else None
            if span and _can_be_place(text_of(doc), span, (), registry):
                found.append(span)
                break
    return found


def _forts(text: str) -> list[Span]:
    """ "Fort Humboldt", "CAMP LINCOLN": the first word says what it is, whatever the model makes of the name."""
    return [found.span() for found in _FORT.finditer(text)]


_FORT = re.compile(r"\b(?:(?:Fort|Camp) [A-Z][a-z’'-]+[a-z]\b|(?:FORT|CAMP) [A-Z]{3,}\b)")

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


_LIST_ENDS = re.compile(r",?\s+(?:and|or)\s+(?:the\s+)?[A-Z]")
""" "A, B and C" are peers: B contains nothing."""


def _whole_name(text: str, span: Span) -> Span:
    """With the Arabic article, and what follows it, that the model cut off: "al-" before, "Jub al" of "Jub al-Jarah"."""
    before = re.search(r"\b(?:[AaEe]l|[Aa][sdnrtz]h?)-$", text[max(0, span[0] - 6) : span[0]])
    after = re.match(r"[- ][A-Z][\w’']+", text[span[1] :]) if re.search(r"(?:^|[\s-])[AaEe]l$", text[span[0] : span[1]]) else None
    return span[0] - (len(before[0]) if before else 0), span[1] + (after.end() if after else 0)


def _without_genitive(text: str, span: Span, registry: Registry, gazetteer: Gazetteer) -> Span:
    """ "Syria" of "Syrias war": many a text has lost its apostrophes."""
    words = text[span[0] : span[1]]
    bare = words.removesuffix("s")
    if bare == words or gazetteer.exact(words) or registry.country_of(words):
        return span
    return (span[0], span[1] - 1) if gazetteer.exact(bare) or registry.country_of(bare) else span


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
    if not match.ordinary and has_body(text_of(doc), span[1]) and not any(ent.label_ == "PERSON" for ent in ents):
        return True
    if any(ent.label_ in {"PERSON", "ORG"} and (ent.start_char < span[0] or ent.end_char > span[1]) for ent in ents):
        return False
    tokens = tokens_of(doc, span)
    cased = any(_is_cased(t) for t in tokens)
    if not cased and text_of(doc)[span[0] : span[1]] in _family_names(doc):
        return False
    if match.ordinary:
        return cased and local and any(t.pos_ == "PROPN" for t in tokens)
    if not cased and (any(ent.label_ == "PERSON" for ent in ents) or not any(t.pos_ == "PROPN" for t in tokens)):
        return any(t.dep_ == "compound" for t in tokens) and local
    if not ents and not cased and any(t.dep_ in {"compound", "flat", "nmod:desc"} for t in tokens):
        return False
    return local or (cased if ents else any(t.pos_ == "PROPN" for t in tokens))


def _is_cased(token: Token) -> bool:
    return any(child.dep_ == "case" and child.lower_ in _LOCATIVE for child in token.children)


@lru_cache(maxsize=2)
def _family_names(doc: Doc) -> frozenset[str]:
    """What people are called by whom a report introduces with more names: "Bob Franklin … Franklin said"."""
    return frozenset(ent[-1].text for ent in doc.ents if ent.label_ == "PERSON" and len(ent) > 1)


def _is_country_in_letters(words: str, registry: Registry) -> bool:
    """ "U.S.": no initials of a person."""
    return words.isupper() and registry.country_of(words) is not None


def _countries_in_letters(doc: Doc, registry: Registry) -> list[Span]:
    """ "in the US", "from the U.K.", "a U.S. company": letters that may stand for a government too."""
    found = [t for t in doc if t.text.isupper() and t.pos_ == "PROPN" and (t.dep_ in ("compound", "nsubj") or _is_cased(t))]
    return [(t.idx, t.idx + len(t)) for t in found if len(t.text.replace(".", "")) < 4 and registry.country_of(t.text)]


def tokens_of(doc: Doc, span: Span) -> list[Token]:
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
    known = span not in shared and any(registry.resolve(form) is not None for form in (words, words.removesuffix("s")))
    return bool(letters) and not lower and not known and not is_demonym(words, registry) and normal(words) not in traps()


def trimmed(text: str, start: int, end: int) -> Span | None:
    while match := re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s“\"‘'(,]+", text[start:end]):
        start += match.end()
    if (quote := text.find("”", start, end)) >= 0 and "“" not in text[start:quote]:
        start = quote + 1
        return trimmed(text, start, end)
    while match := re.search(r"(?:[’'][sS]\b|[’'”\")\s,]|(?<![A-Z])\.)+$", text[start:end]):
        end = start + match.start()
    if start < end and text[end - 1] == "-":  # "Nozhai-", the first part of a name
        end += len(re.match(r"\w*", text[end:])[0])  # type: ignore[index]
    return (start, end) if start < end and text[end - 1] != "-" else None


def _with_hints(doc: Doc, span: Span, within: Sequence[Span], short: Mapping[Span, Area]) -> Core:
    """The sort of place that the words ask for, and the area that they put it in."""
    if span in short:
        return Core(*span, "province", area=short[span])
    areas = tuple(short[area].name if area in short else text_of(doc)[area[0] : area[1]] for area in within)
    before, after = text_of(doc)[max(0, span[0] - 40) : span[0]], text_of(doc)[span[1] : span[1] + 120]
    nouns = (re.search(r"(\w+)\s+of\s+(?:the\s+)?$", before), _noun_after(before, after), re.search(r"(\w+)\s+$", before))
    own = same_words().get(singular(text_of(doc)[span[0] : span[1]].split()[-1]))
    hint = own or next((kind for noun in nouns if noun and (kind := same_words().get(singular(noun[1])))), None)
    return Core(*span, hint, areas, quarter=hint is None and any(noun and singular(noun[1]) in _QUARTERS for noun in nouns))


_LISTED = re.compile(r"((?:(?:,|,?\s+and)\s+[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)?)*)\s+(\w+)")


def _noun_after(before: str, after: str) -> re.Match[str] | None:
    """The noun that says what a name is: "A village", "A and B counties"; the cities of "Texas cities" only lie there."""
    noun = re.match(r"\s+(\w+)", after)
    if noun and singular(noun[1]) == noun[1].lower():
        return noun
    listed = _LISTED.match(after)
    several = listed is not None and (bool(listed[1]) or bool(re.search(r"\b(?:and|&)\s+$", before)))
    return re.match(r".*?\s(\w+)$", listed[0]) if listed and several and singular(listed[2]) != listed[2].lower() else None


_QUARTERS = frozenset({"neighborhood", "neighbourhood", "quarter", "suburb"})


def resolve_places(
    doc: Doc, cores: Sequence[Core], countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry
) -> list[PlaceMention]:
    """Each name with the entry that it means."""
    text = text_of(doc)
    names = [_name(text, core, registry) for core in cores]
    entries, countries = resolve_all(names, countries, gazetteer)
    mentions = [mention_of(text, core, entries[name], countries, gazetteer) for core, name in zip(cores, names, strict=True)]
    return _one_sense(mentions)


def _name(text: str, core: Core, registry: Registry) -> Name:
    if core.area:
        return Name(core.area.name, (core.area.name,), "province", inside=(core.area.country,))
    words = text[core.start : core.end]
    inside = tuple(code for area in core.within if (code := registry.country_of(area)))
    country = registry.country_of(words) or registry.country_of(words.removesuffix("s"))  # many a text has lost its apostrophes
    return Name(words, core.within, core.hint, country if core.hint in {None, "country"} else None, inside, core.quarter)


def mention_of(text: str, core: Core, entry: Entry | None, countries: tuple[str, ...], gazetteer: Gazetteer) -> PlaceMention:
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
    open_here = any(place.country in countries for place in gazetteer.exact(words))
    id = unresolved_id(words, countries[0]) if countries and not open_here else None
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
