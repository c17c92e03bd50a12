"""A name that may be a place's → is it one? Not where it is a person's, a people's, a firm's, or a piece of a longer name of such."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

from khabar.capitals import is_shouting
from khabar.ground import Ground, tokens_of
from khabar.model import Span
from khabar.names import Match, is_common_name, is_demonym, traps
from khabar.namesakes import has_body, is_part, people_of
from khabar.placewords import forms, is_institution, kind_of, singular
from khabar.spellings import normal

if TYPE_CHECKING:
    from khabar.doc import Token


def can_be_place(span: Span, shared: Collection[Span], ground: Ground) -> bool:
    """`shared`: names of places that actors bear too."""
    words = ground.words(span)
    letters = re.search(r"[^\W\d_]", words)
    lower = not re.search(r"[A-Z\d\u0590-\u06ff]", words)
    actor = span not in shared and any(ground.registry.resolve(form) is not None for form in (words, words.removesuffix("s")))
    return bool(letters) and not lower and not actor and not is_demonym(words, ground.registry) and normal(words) not in traps()


def is_place(match: Match, ground: Ground) -> bool:
    """Does the parse agree that a name of the gazetteer is a place here? Where there is such a place in the report's countries, the model
    must not only take it for a person but for one with more names than this."""
    span = match.start, match.end
    ents = [ent for ent in ground.doc.ents if ent.start_char < span[1] and span[0] < ent.end_char]
    if any(ent.label_ in {"PLACE", "FACILITY"} for ent in ents):
        return True
    person = any(ent.label_ == "PERSON" for ent in ents)
    if not match.ordinary and has_body(ground.text, span[1]) and not person:
        return True
    if any(ent.label_ in {"PERSON", "ORG"} and (ent.start_char < span[0] or ent.end_char > span[1]) for ent in ents):
        return False
    tokens, local = tokens_of(ground.doc, span), ground.is_here(ground.words(span))
    cased, proper = any(is_cased(t) for t in tokens), any(t.pos_ == "PROPN" for t in tokens)
    if not cased and ground.words(span) in ground.family_names:
        return False
    cased = cased or _is_far(match.end, ground) or any(_is_held(t, here=local) for t in tokens)
    if match.ordinary:
        return cased and local and proper
    if not cased and (person or not proper):
        return any(t.dep_ == "compound" for t in tokens) and local
    if not ents and not cased and any(t.dep_ in {"compound", "flat", "nmod:desc"} for t in tokens):
        return False
    return local or (cased if ents else proper)


def is_cased(token: Token) -> bool:
    """ "in Oakford", "north of Oakford"."""
    return any(child.dep_ == "case" and child.lower_ in forms()["locative"] for child in token.children)


def _is_held(token: Token, *, here: bool) -> bool:
    """ "Oakford was in army hands", "slipped from their grasp", "was retaken"; of a name that is a place's here also "was captured", which
    people are too."""
    if token.dep_ not in ("nsubj", "nsubj:pass"):
        return False
    head = token.head
    if head.pos_ == "NOUN" and head.lemma_ in ("hand", "control"):
        return any(child.dep_ == "case" and child.lower_ in ("in", "under") for child in head.children)
    if any(child.dep_ == "obl" and child.lemma_ in ("hand", "control", "grip", "grasp", "clutch") for child in head.children):
        return True
    if token.dep_ == "nsubj":
        return head.lower_ in ("ours", "theirs") or (here and head.lemma_ in ("fall", "surrender"))
    return head.lemma_ in forms()["taken"] or (here and head.lemma_ in forms()["taken_or_caught"])


def is_taken(name: Token) -> bool:
    """ "overran Oakford", "besieged Oakford": what nobody does to a person."""
    return name.dep_ == "obj" and name.pos_ == "PROPN" and name.head.pos_ == "VERB" and name.head.lemma_ in forms()["taken"]


def _is_far(end: int, ground: Ground) -> bool:
    """ "Oakford, 25 km away", "Oakford, a dozen kilometres from Karsa"."""
    return _FAR.match(ground.text, end) is not None


_FAR = re.compile(r",\s+(?:[a-z]{1,12}\s+){0,2}(?:\d[\d.,]*|[a-z]{1,12})\s+(?:km|kilomet\w+|miles)\b")


def persons(ground: Ground) -> frozenset[str]:
    """Names, in small letters, of the report's persons. Of single names, those that the model takes for a person's at least twice, and no
    less often than for a place's: the "Amina" who "said", "had left" and "was besieged" in one report. No place here is called so."""
    seen = [(ent.text.casefold(), ent.label_) for ent in ground.doc.ents if " " not in ent.text]
    people = Counter(name for name, label in seen if label == "PERSON")
    places = Counter(name for name, label in seen if label in {"PLACE", "FACILITY"})
    often = (name for name, times in people.items() if times > 1 and times >= places[name])
    return people_of(ground.text) | frozenset(name for name in often if not ground.is_here(name))


def is_of_another(span: Span, people: frozenset[str], ground: Ground) -> bool:
    """Is it a piece of the name of troops, a person, a people or a sort of place?"""
    if not is_in_letters(ground.words(span), ground) and is_part(ground.text, span, people):
        return True
    return _is_cut(span, ground) or _is_feature(ground.words(span))


def is_in_letters(words: str, ground: Ground) -> bool:
    """ "U.S.": a country, and no initials of a person."""
    return words.isupper() and ground.is_country(words)


def _is_cut(span: Span, ground: Ground) -> bool:
    """Is it half of a people's name ("[Sri] Lankan"), or of one with a hyphen that no two places make ("[Wal]-Mart")?"""
    text, words = ground.text, ground.words(span)
    if ground.is_country(words):
        return False
    before = re.search(r"[A-Z]\w+\s$", text[max(0, span[0] - 20) : span[0]])
    after = re.match(r"\s[A-Z]\w+", text[span[1] : span[1] + 20])
    if (before and is_demonym(before[0] + words, ground.registry)) or (after and is_demonym(words + after[0], ground.registry)):
        return True
    other = re.match(r"[-/]([A-Z][a-z]+)", text[span[1] : span[1] + 20])
    if other is None or ground.is_here(words):
        return False
    return not ground.is_known(other[1]) and not is_demonym(other[1], ground.registry)


def _is_feature(words: str) -> bool:
    """ "County", "City Hall", "City Park", "Southwestern", "District A": a piece of a longer name, no name."""
    parts = words.lower().split()
    if len(parts) == 1:
        return kind_of(singular(words)) is not None or words.lower() in forms()["directions"]
    kinds = all(kind_of(singular(part)) or (len(part) == 1 and part.isalpha()) for part in parts)
    if parts[0] in ("city", "town", "village", "county") and (kind_of(parts[-1]) == "exact" or is_institution(words)):
        return True
    return kinds and (len(parts[-1]) == 1 or is_institution(words))


def is_in_firm(span: Span, found: Collection[Span], text: str) -> bool:
    """Is it joined by "&" to a name that is no place: "Stevens & Vargason"? "Homs & Aleppo" are two places."""
    before, after = re.search(r"\w\s?&\s?$", text[: span[0]][-5:]), re.match(r"\s?&\s?(?=[A-Z])", text[span[1] : span[1] + 4])
    beside = {end for _, end in found} if before else {start for start, _ in found}
    joined = span[0] - len(before[0]) + 1 if before else span[1] + after.end() if after else None
    return joined is not None and joined not in beside


def is_who(span: Span, ground: Ground) -> bool:
    """ "a commander, Munir al-Yafei": a name that says who somebody is."""
    name = ground.doc.char_span(*span, alignment_mode="expand")
    root = name.root if name is not None else None
    kinds = ground.doc.user_data.get("nominals")
    if root is None or kinds is None or root.dep_ != "appos" or root.pos_ != "PROPN" or root.head.i > root.i:
        return False
    return bool(kinds[root.head.i] == "person" and root.head.tag_ == "NN")


def is_piece(span: Span, short: Collection[Span], ground: Ground) -> bool:
    """Of a name that no gazetteer has: is it letters, the family name of somebody, or a piece of a longer name that is no place's ("the
    [Karsa Valley] Community Choir", "the Karsa [Community] Hospital")?"""
    text, words, last = ground.text, ground.words(span), tokens_of(ground.doc, span)[-1]
    if text[span[1] : span[1] + 1] == "." and len(words) < 6 and last.sent.end_char > span[1] + 2:
        return True  # "Vols.", "Actg.": an abbreviation
    if _firm().search(words) or words in ground.family_names:
        return True
    if words.isupper() and len(words) < 6 and not is_shouting(text):
        return True
    whole = last.head if last.dep_ in ("compound", "flat", "nmod:desc") and last.head.i > last.i else last
    if whole.text[:1].isupper() and whole.idx >= span[1] and kind_of(singular(whole.text)) is None:
        return True
    if _goes_on(span, short, ground):
        return True
    beside = re.search(r"[A-Z][\w’'.-]*\s$", text[max(0, span[0] - 30) : span[0]]) or re.match(r"\s[A-Z]", text[span[1] : span[1] + 2])
    return bool(beside) and is_common_name(words, ground.registry)


@cache
def _firm() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(forms()['firms'])})$")


def is_in_list(span: Span, ground: Ground) -> bool:
    """ "Karsa Tina and Marou": does a list follow that has lost its commas? Not behind "Tel", whose name goes on."""
    if ground.words(span) in forms()["name_openers"]:
        return False
    rest = _LIST.match(ground.text, span[1])
    return rest is not None and kind_of(singular(rest[1])) is None


_LIST = re.compile(r"(?: ([A-Z][\w’'-]+))+ (?:and|or) (?=[A-Z])")


def _goes_on(span: Span, short: Collection[Span], ground: Ground) -> bool:
    """Do more words of a longer name follow, none of them for a sort of place, and no new sentence whose full stop was lost ("Fort Karsa
    The men")?"""
    after = re.match(r"(?:\s[A-Z][a-z]+)*", ground.text[span[1] :])
    words = after[0].split() if after else []
    if not words or any(start == span[1] + 1 for start, _ in short):
        return False
    first = tokens_of(ground.doc, (span[1] + 1, span[1] + 2))[0]
    if first.is_sent_start or first.pos_ not in ("PROPN", "NOUN", "ADJ"):
        return False
    if first.dep_ == "conj" and span[0] <= first.head.idx < span[1] and is_in_list(span, ground):
        return False
    return all(kind_of(singular(word)) is None and normal(word) not in traps() for word in words)
