"""A parsed report → words that stand for a state or say whose a thing is: "Moscow denied", "rebel-held", "Russian strikes"."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from khabar.actorfiles import Actor
from khabar.actorforms import actor_forms, head_class, nominal, points_back, trimmed
from khabar.actorids import ROLE, Setting, faction_of, only_demonym
from khabar.clauses import class_of
from khabar.model import ActorMention, Span
from khabar.names import is_demonym, text_of
from khabar.registry import Registry
from khabar.spellings import normal

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def acting_states(doc: Doc, setting: Setting) -> Iterator[ActorMention]:
    """Countries and capitals in the place of an actor: "Moscow denied", "a base taken by Turkey"."""
    for start, end in _state_names(doc, setting.registry):
        words = text_of(doc)[start:end]
        found = doc.char_span(start, end, alignment_mode="expand")
        code = setting.registry.country_of(words) or _capital_codes(setting.registry).get(normal(words))
        if code and found is not None and _acts(found.root) and (actor := setting.registry.state_actor(code, "government", setting.on)):
            yield ActorMention(start, end, words, actor.id, actor.name, "name")


def _state_names(doc: Doc, registry: Registry) -> list[Span]:
    """Spans of names of countries and capitals."""
    tokens = [trimmed(text_of(doc), t.idx, t.idx + len(t.text)) for t in doc if t.pos_ == "PROPN" and not only_demonym(t.text, registry)]
    bodies = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in {"PLACE", "ORG"} and " " in ent.text]
    countries = [
        span
        for start, end in bodies
        if (span := trimmed(text_of(doc), start, end)) and registry.country_of(text_of(doc)[span[0] : span[1]])
    ]
    covered = [span for span in tokens if span and not any(start <= span[0] and span[1] <= end for start, end in countries)]
    return sorted([*countries, *covered])


@lru_cache(maxsize=4)
def _capital_codes(registry: Registry) -> dict[str, str]:
    return {normal(country.capital): country.code for country in registry.countries.values() if country.capital}


def _acts(token: Token) -> bool:
    """Is the name in a place where only one who acts or is dealt with can stand?"""
    if token.dep_ == "conj" and token.head.pos_ == "PROPN":
        return _acts(token.head)
    cases = {child.lower_ for child in token.children if child.dep_ == "case"}
    if token.dep_ in {"nsubj", "nsubj:pass", "obl:agent", "iobj"}:
        below = {child.dep_ for child in token.head.children}
        # "Chad is willing to send soldiers", "Chad was deeply troubled by the fall of A"
        return "cop" not in below or "xcomp" in below or token.head.lower_ in actor_forms()["minded"]
    if token.dep_ == "obj":
        return token.head.lemma_ in actor_forms()["dealt_with"]
    if token.dep_ == "nmod:poss":
        return head_class(token.head.text) is not None or nominal(token.head) in {"person", "organization", "event"}
    if "between" in cases:  # "a truce between A and B", not "the border between A and B"
        return nominal(token.head) == "event"
    blaming = class_of("blame") | class_of("credit")
    blamed = token.dep_ == "obl" and cases & {"to", "on"} and token.head.lemma_ in blaming
    return bool(blamed) or (token.dep_ in {"nmod", "obl"} and bool(cases & {"by", "with", "against"}))


def describing_actors(doc: Doc, setting: Setting) -> Iterator[ActorMention]:
    """Words that name an actor by describing something else: "rebel-held", "Kurdish-controlled", "Russian strikes", "regime shelling"."""
    for token in doc:
        if token.pos_ not in {"ADJ", "NOUN", "PROPN", "VERB"}:
            continue
        if led := _leads(token):
            yield _led(token, led, setting)
        if not (_holds(token) or _does(token)):
            continue
        if points_back(token):
            continue
        nation = setting.registry.country_of(token.text) if is_demonym(token.text, setting.registry) else None
        kind = head_class(token.text)
        if nation is None and kind in {None, "civilians"} and not is_demonym(token.text, setting.registry):
            continue
        actor = _described(token, nation, kind, setting)
        yield ActorMention(
            token.idx, token.idx + len(token.text), token.text, actor.id if actor else None, actor.name if actor else None, "generic"
        )


def _holds(token: Token) -> bool:
    doc, at = token.doc, token.i + 2
    return at < len(doc) and doc[at - 1].text == "-" and doc[at].lower_ in actor_forms()["held"]


def _leads(token: Token) -> Token | None:
    """ "US-led strikes", "US led strikes" on a page that has lost its hyphens: the word that says that a party leads those who do this."""
    after = token.doc[token.i + 1 : token.i + 3]
    led = after[-1] if len(after) == 2 and after[0].text == "-" else token.nbor() if len(after) and token.pos_ == "PROPN" else None
    return led if led is not None and led.lower_ == "led" and _does(led) else None


def _led(token: Token, led: Token, setting: Setting) -> ActorMention:
    start, end = token.idx, led.idx + len(led)
    text = text_of(token.doc)[start:end]
    actor = setting.registry.resolve(f"{text} coalition", on=setting.on, countries=setting.countries)
    return ActorMention(start, end, text, actor.id if actor else None, actor.name if actor else None, "generic")


def _does(token: Token) -> bool:
    if token.dep_ not in {"amod", "compound", "nmod:poss", "nmod"} or token.head.i <= token.i:
        return False
    if token.lower_ in actor_forms()["sorts"] and token.head.lemma_.lower() in actor_forms()["sorted"]:
        return False
    if token.head.lower_.removesuffix("s") in actor_forms()["no_deeds"]:
        return False
    nouns = {token.head.lower_.removesuffix("s"), token.head.lemma_.lower()}
    return nominal(token.head) == "event" or bool(nouns & actor_forms()["deeds"])


def _described(token: Token, nation: str | None, kind: str | None, setting: Setting) -> Actor | None:
    if nation:
        after = token.doc[token.i + 2 : token.i + 3].text.lower() if _holds(token) else ""
        return setting.registry.state_actor(nation, "government" if after in actor_forms()["by_state"] else "army", setting.on)
    spellings = (token.text, f"{token.text}s")
    found = (setting.registry.resolve_generic(s, on=setting.on, countries=setting.countries[:1], outlet=setting.outlet) for s in spellings)
    known = next(filter(None, found), None)
    if known is None and kind in {"rebels"}:
        known = faction_of(token.text, setting)
    if known is None and kind in {"army", "government"} and setting.country:
        known = setting.registry.state_actor(setting.country, ROLE[kind], setting.on)
    return known


def named_peoples(doc: Doc, setting: Setting) -> Iterator[ActorMention]:
    """ "the Russians", "Kurds", "the French": peoples that stand as nouns. Who of them is meant stays open."""
    for token in doc:
        stands = token.dep_ not in {"amod", "compound", "flat", "det"} and token.text[0].isupper()
        plural = token.pos_ in {"NOUN", "PROPN"} and token.lower_.endswith("s")
        if stands and (plural or _is_whole_people(token, setting)) and is_demonym(token.text, setting.registry):
            yield ActorMention(token.idx, token.idx + len(token.text), token.text, None, None, "generic")


def _is_whole_people(token: Token, setting: Setting) -> bool:
    """ "the French", "the Sudanese": a word that has no plural, with an article and without a noun."""
    alone = token.i + 1 == token.sent.end or token.nbor().pos_ not in {"NOUN", "PROPN", "ADJ", "NUM"}
    the = token.i > token.sent.start and token.nbor(-1).lower_ == "the"
    return the and alone and token.pos_ in {"ADJ", "PROPN"} and not is_demonym(f"{token.text}s", setting.registry)
