"""Doc → the names of places in it, with what the words say of each.

what the gazetteer, the model or the words beside it take for a place's name ─► its extent ─► without what is none ─► with hints
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache

from khabar.abbreviations import find_abbreviations
from khabar.actornames import stands_within
from khabar.capitals import is_shouting
from khabar.ground import Ground, touches
from khabar.model import Span
from khabar.names import is_part_of_another, match_names
from khabar.namesakes import homes, is_initials
from khabar.placewords import forms, singular
from khabar.toponym_doubts import (
    can_be_place,
    is_cased,
    is_in_firm,
    is_in_letters,
    is_of_another,
    is_piece,
    is_place,
    is_taken,
    is_who,
    persons,
)
from khabar.toponym_extents import before_area, made_whole, parted, trimmed, with_article, without_genitive
from khabar.toponym_hints import with_hints
from khabar.toponym_lists import listed_apart
from khabar.toponym_meanings import Core


def find_cores(ground: Ground) -> list[Core]:
    """In order."""
    short = {span: area for span, area in find_abbreviations(ground.text).items() if not is_initials(ground.text, span)}
    found = made_whole([part for span in _candidates(ground, short) for part in parted(span, ground)], ground)
    found = listed_apart(found, ground)
    people = persons(ground)
    found = [span for span in found if not is_of_another(span, people, ground)]
    found = [span for span in found if not (is_in_firm(span, found, ground.text) or is_who(span, ground))]
    found = [span for span in found if ground.is_known(ground.words(span)) or not is_piece(span, short, ground)]
    spans = sorted({cut for span in found if (cut := before_area(ground.text, span, short))} | set(short))
    return with_hints(spans, short, ground)


def _candidates(ground: Ground, short: Collection[Span]) -> list[Span]:
    """`short`: abbreviations of areas."""
    found, actors = _known_or_seen(ground)
    found += [span for span in _introduced(ground) if not touches(span, [*found, *actors])]
    found += [span for span in _over_items(ground) if not touches(span, [*found, *actors])]
    found += [span for span in homes(ground.text) if not touches(span, found)]
    forts = _forts(ground.text)
    found = [span for span in found if not any(start <= span[0] and span[1] < end for start, end in forts)]  # "Kilo" of "Kilo 16"
    found += [span for span in forts if not touches(span, [*found, *actors])]
    found += [span for span in _countries_in_letters(ground) if not touches(span, found)]
    return found + [span for span in _before_areas(ground.text, short) if not touches(span, found)]


def _known_or_seen(ground: Ground) -> tuple[list[Span], list[Span]]:
    """Names of places that the gazetteer knows or the model sees; and names of actors, which are none."""
    text, doc = ground.text, ground.doc
    lost = {t.idx for t in doc if t.text == "s" and t.tag_ == "POS"}  # "Syrias" without its apostrophe: "Syria" and "s"
    matches = match_names(text, ground.registry, ground.gazetteer)
    matches = tuple(replace(m, end=m.end - 1) if m.end - 1 in lost else m for m in matches)
    seen = {(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ == "PLACE"}
    shared = {span for m in matches if (span := (m.start, m.end)) in seen and ground.is_known(ground.words(span))}
    within = {
        span for m in matches if m.kind == "actor" and stands_within(doc, span := (m.start, m.end)) and ground.is_known(ground.words(span))
    }
    shared |= within
    if not is_shouting(text):  # "SANA" is the agency, whatever the model makes of it
        shared = {span for span in shared if not (ground.words(span).isupper() and span[1] - span[0] < 5)}
    actors = [(m.start, m.end) for m in matches if m.kind == "actor" and not m.ordinary and (m.start, m.end) not in shared]
    actors = [span for span in actors if not is_part_of_another(ground.doc, span)]  # "Bir" in "Bir Mirgi"
    found = [(m.start, m.end) for m in matches if (m.kind == "place" and is_place(m, ground)) or (m.start, m.end) in within]
    for ent in doc.ents:
        seen_as = trimmed(text, ent.start_char, ent.end_char)
        if seen_as is None:
            continue
        whole = with_article(text, seen_as)
        span = without_genitive(whole, ground)
        if span != whole or span[1] in lost:
            shared.add(span)
        label = "PLACE" if ent.label_ == "PERSON" and is_taken(ent.root) else ent.label_
        if label not in {"PLACE", "FACILITY"} or not can_be_place(span, shared, ground) or touches(span, actors):
            continue
        if label == "PLACE":
            found = [name for name in found if not _is_piece_of(name, span, text)]
        if not touches(span, found):
            found.append(span)
    return found, actors


def _is_piece_of(part: Span, whole: Span, text: str) -> bool:
    """Is a name found in the gazetteer only a piece of the longer name that the model saw: "Tal" in "Tal Zinar"?"""
    if part == whole or not whole[0] <= part[0] <= part[1] <= whole[1]:
        return False
    rest = text[whole[0] : part[0]] + " " + text[part[1] : whole[1]]
    return bool(re.search(r"\b[A-Z]\w+", rest)) and "," not in rest


# --- names that the words beside them show to be places


def _introduced(ground: Ground) -> Iterator[Span]:
    """By a noun: "Zarqa town", "the village of Zarqa"."""
    doc = ground.doc
    for token in doc:
        if token.pos_ not in {"NOUN", "PROPN"} or singular(token.text) not in forms()["introducing"] or token.i + 2 >= len(doc):
            continue
        after = _proper_run(ground, token.i + 2, 1) if doc[token.i + 1].lower_ == "of" else None
        for run in (after, _proper_run(ground, token.i - 1, -1)):
            span = trimmed(ground.text, doc[run[0]].idx, doc[run[1] - 1].idx + len(doc[run[1] - 1].text)) if run else None
            if span and can_be_place(span, (), ground):
                yield span
                break


def _proper_run(ground: Ground, at: int, step: int) -> Span | None:
    """First and last-but-one index of the proper nouns that stand together from there on."""
    doc, end = ground.doc, at
    while 0 <= end < len(doc) and doc[end].pos_ == "PROPN" and (doc[end].text[0].isupper() or "-" in doc[end].text):
        end += step
    if end == at:
        return None
    return (end + 1, at + 1) if step < 0 else (at, end)


def _over_items(ground: Ground) -> list[Span]:
    """The names over the items of a digest, "Karsa: …", "KARSA – …", "Karsa. …", where most of them are known to be places."""
    heads: dict[str, list[Span]] = {}
    for found in _HEAD_OF_ITEM.finditer(ground.text):
        heads.setdefault(found[2].strip(), []).append(found.span(1))
    alike = [spans for spans in heads.values() if len({ground.words(span) for span in spans}) > 2]
    return [span for spans in alike if 2 * sum(ground.is_here(ground.words(span)) for span in spans) > len(spans) for span in spans]


_HEAD_OF_ITEM = re.compile(r"^[•*·\s]{0,4}([A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})(:|\.| ?[–—-])\s+(?=[A-Z\d\"“])", re.MULTILINE)


def _forts(text: str) -> list[Span]:
    """ "Fort Humboldt", "CAMP LINCOLN", "Kilo 16": the first word says what it is, whatever the model makes of the name."""
    return [found.span() for found in _fort().finditer(text)]


@cache
def _fort() -> re.Pattern[str]:
    words = "|".join(forms()["forts"])
    return re.compile(rf"\b(?:(?:{words}) [A-Z][a-z]+(?:[’'-][A-Za-z][a-z]+)*\b|(?:{words.upper()}) [A-Z]{{3,}}\b|(?:Kilo|PK) \d{{1,3}}\b)")


def _countries_in_letters(ground: Ground) -> list[Span]:
    """ "in the US", "from the U.K.", "a U.S. company": letters that may stand for a government too."""
    proper = (t for t in ground.doc if t.pos_ == "PROPN" and len(t.text.replace(".", "")) < 4 and is_in_letters(t.text, ground))
    return [(t.idx, t.idx + len(t)) for t in proper if t.dep_ in ("compound", "nsubj") or is_cased(t)]


_BEFORE_AREA = re.compile(r"[A-Z][\w’'-]*(?:[ -][A-Z][\w’'-]*){0,2}(?=,?\s$)")


def _before_areas(text: str, short: Collection[Span]) -> list[Span]:
    """ "Dalton, Ga.": whatever the model makes of a name, before the abbreviation of an area it is a place there."""
    found = [(start, _BEFORE_AREA.search(text[max(0, start - 40) : start])) for start, _ in short]
    return [(max(0, start - 40) + name.start(), max(0, start - 40) + name.end()) for start, name in found if name]
