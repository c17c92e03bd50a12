"""A parsed report → the names of actors in it: those that the registry knows, and new ones by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from khabar.actorforms import actor_forms, head_class, trimmed
from khabar.actorids import Setting, known_actor, national
from khabar.clauses import case_of
from khabar.gazetteer import Gazetteer
from khabar.model import ActorMention, Span
from khabar.names import borne_by_persons, building_words, is_demonym, is_part_of_another, match_names, text_of
from khabar.registry import Registry

if TYPE_CHECKING:
    from khabar.doc import Doc

Form = Literal["name", "generic", "reference"]


def named_actors(doc: Doc, setting: Setting, gazetteer: Gazetteer) -> Iterator[ActorMention]:
    taken: list[Span] = []
    places: list[Span] = []
    for match in match_names(text_of(doc), setting.registry, gazetteer):
        span = match.start, match.end
        if match.kind == "place" or _is_rather_a_place(doc, span, gazetteer):
            places.append(span)
        elif (not match.ordinary or _is_organisation(doc, span)) and not is_part_of_another(doc, span):
            taken.append(span)
            yield _named(doc, span, setting)
    for span in _new_names(doc, taken, places, setting):
        taken.append(span)
        yield _named(doc, span, setting)


def _new_names(doc: Doc, taken: Sequence[Span], places: Sequence[Span], setting: Setting) -> Iterator[Span]:
    forms = _by_form(text_of(doc), setting.registry)
    bodies = [span for ent in doc.ents if ent.label_ == "ORG" and (span := _body(doc, ent.start_char, ent.end_char)) and span not in places]
    persons = [span for ent in doc.ents if ent.label_ == "PERSON" and (span := _commander(doc, ent.start_char, ent.end_char))]
    seen = list(taken)
    for span in [*sorted(forms, key=lambda s: s[0] - s[1]), *bodies, *persons]:
        longer = [t for t in seen if t[0] < span[1] and span[0] < t[1]]
        if any(t not in taken or not _extends(span, t) for t in longer):
            continue
        if re.search(r"\w", text_of(doc)[span[0] : span[1]]) and not is_demonym(text_of(doc)[span[0] : span[1]], setting.registry):
            seen.append(span)
            yield span


def _body(doc: Doc, start: int, end: int) -> Span | None:
    """The organisation that the model saw, None where it is a building, a common noun, or cut off in the middle of a name."""
    span = trimmed(text_of(doc), start, end)
    if (
        span is None
        or _is_designation(text_of(doc), span[0])
        or not re.search(r"[A-Z\d]", text_of(doc)[span[0] : span[1]])
        or text_of(doc)[span[1] : span[1] + 1] == "-"
    ):
        return None
    words = {word.casefold() for word in text_of(doc)[span[0] : span[1]].split()}
    common = len(words) == 1 and head_class(next(iter(words))) is not None  # "Forces" at the head of a sentence
    return None if common or words & building_words() else span


_DESIGNATION = re.compile(r"[A-Z][A-Za-z]{0,3}-\d{1,3}[A-Za-z]{0,3}\b")


def _is_designation(text: str, start: int) -> bool:
    """Of a weapon, or its nickname: "S-300PMU", "BM-27 Uragan"."""
    before = text[max(0, start - 10) : start].split()
    return bool(_DESIGNATION.match(text, start)) or (bool(before) and bool(_DESIGNATION.fullmatch(before[-1])))


def _extends(span: Span, known: Span) -> bool:
    return span[0] <= known[0] and known[1] <= span[1] and span != known


def _named(doc: Doc, span: Span, setting: Setting) -> ActorMention:
    text = text_of(doc)[span[0] : span[1]]
    actor = None if text in borne_by_persons(text_of(doc)) else known_actor(text, setting)
    if actor is None and " " not in text:
        # A ruler's name alone stands for the state: "the offensive against X".
        actor = next(iter(setting.registry.candidates(f"{text} regime") or setting.registry.candidates(f"{text} government")), None)
    if actor is None:
        actor = national(text, setting)
    lower = text.split()[-1].islower() and head_class(text.split()[-1]) is not None
    form: Form = "generic" if lower and is_demonym(text.split()[0], setting.registry) else "name"
    person = actor is None and any(e.label_ == "PERSON" and e.start_char <= span[0] and span[1] <= e.end_char for e in doc.ents)
    return ActorMention(*span, text, actor.id if actor else None, actor.name if actor else None, form, person=person)


def _is_rather_a_place(doc: Doc, span: Span, gazetteer: Gazetteer) -> bool:
    """A name that a town and a broadcaster share, where the model sees a place; a seat of government that something happened in."""
    place = any(ent.label_ == "PLACE" and (ent.start_char, ent.end_char) == span for ent in doc.ents)
    return (place or stands_within(doc, span)) and bool(gazetteer.exact(text_of(doc)[span[0] : span[1]]))


def stands_within(doc: Doc, span: Span) -> bool:
    """ "killed eleven people in Baghdad": does a name of one word, in small letters but for the first, stand where only a place can?"""
    words = doc.char_span(*span, alignment_mode="expand")
    if words is None or len(words) != 1 or not words[0].text.istitle() or (words.start_char, words.end_char) != span:
        return False
    return words[0].dep_ in ("obl", "nmod") and case_of(words[0]) in _WITHIN


_WITHIN = ("in", "near", "outside", "inside", "around")


def _is_organisation(doc: Doc, span: Span) -> bool:
    return any(ent.label_ == "ORG" and ent.start_char <= span[0] and span[1] <= ent.end_char for ent in doc.ents)


def _by_form(text: str, registry: Registry) -> list[Span]:
    """Spans that look like the name of a group, the longest where they overlap, in order.

    >>> text = "The Sons of Kalam Brigade and Liwa al-Zahr fought the 14th Rifle Division."
    >>> [text[a:b] for a, b in _by_form(text, Registry({}, (), {}, ()))]
    ['Sons of Kalam Brigade', 'Liwa al-Zahr', '14th Rifle Division']
    """
    spans = {span for pattern in _patterns() for match in pattern.finditer(text) if (span := _without_openers(text, *match.span()))}
    taken: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if not any(span[0] < end and start < span[1] for start, end in taken) and not registry.country_of(text[span[0] : span[1]]):
            taken.append(span)
    return sorted(taken)


_DESCRIBED = re.compile(r"-(?:based|led|backed|held|run|controlled|linked|aligned|allied|affiliated)$")
"""How a word ends that only describes the next: "Forces of the Kalam-based | government"."""


def _without_openers(text: str, start: int, end: int) -> Span | None:
    """The name without capitalised words at its front that are no part of names ("On Monday Free Brigade"); None where nothing is left."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and (words[0][0] in actor_forms()["not_names"] or words[0][0] in {"of", "the", "and", "for"}):
        words.pop(0)
    if (len(words) < 2 and not (words and "-" in words[0][0])) or _DESCRIBED.search(words[-1][0]):
        return None
    return start + words[0].start(), end


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    forms = actor_forms()
    name = r"(?:[A-Z][\w’'`‘-]*\w|\d+(?:st|nd|rd|th)|[A-Z])"
    linked = r"(?:[ -](?:al|el|as|ash|an|ar|at|ad|az|es|de|del|la|of)){0,2}[ -]"
    plain = r" "
    prefixes, suffixes, of_names = (
        "|".join(map(re.escape, sorted(forms[key], key=len, reverse=True))) for key in ("prefixes", "suffixes", "of_names")
    )
    tail = rf"(?:(?:{plain}|(?<! and) of (?:the )?|[ -](?:al|el|as|ash|an|ar|at|ad|az|ul|e)[ -]){name})"
    return (
        re.compile(rf"\b(?:al-)?(?:{prefixes})(?:(?:[ -](?:al|el|as|ash|an|ar|at|ad|az|ul|e|wal|wa)[ -]| ){name}){{1,4}}"),
        re.compile(rf"\b(?:al-|{name}(?:{linked}){name} )?(?:{name} ){{0,4}}{name} (?:{suffixes})\b"),
        re.compile(rf"\b(?:{name} ){{1,4}}(?:Brigade|Battalion|Division|Regiment|Squadron) \d{{1,3}}\b(?![,.-]\w)"),
        re.compile(rf"\b(?:{name} ){{0,2}}(?:{of_names}) (?:of|for) (?:the )?{name}{tail}{{0,4}}"),
    )


def _commander(doc: Doc, start: int, end: int) -> Span | None:
    """The name of a person whom the text gives a title or rank; None for the others, who are not kept."""
    before = text_of(doc)[max(0, start - 40) : start]
    titles = "|".join(map(re.escape, sorted(actor_forms()["titles"], key=len, reverse=True)))
    within = re.match(rf"(?:{titles})\s", text_of(doc)[start:end])
    return trimmed(text_of(doc), start, end) if within or re.search(rf"\b(?:{titles})\s+$", before, re.IGNORECASE) else None
