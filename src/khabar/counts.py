"""A word of a parsed report → the number that counts it, and whether it is one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.clauses import children
from khabar.lexicon import words
from khabar.model import Quantity, QuantityMention
from khabar.scene import Scene

if TYPE_CHECKING:
    from khabar.doc import Token


def quantity_of(scene: Scene, token: Token, unit: str) -> Quantity | None:
    """The number that counts a word (or that the word is), None where it is not counted."""
    aged = token.tag_ == "NN" and is_one(scene, token)  # "a girl of nine"
    numbers = [
        *children(token, "nummod", "det", "amod", *(() if aged else ("nmod",))),
        *(n for n in children(token, "nsubj") if n.pos_ == "NUM"),
    ]
    if token.pos_ == "NUM" and (own := next((m for m in scene.quantities if m.start <= token.idx < m.end), None)):
        return Quantity(own.low, own.high, unit, own.approximate)
    for m in scene.quantities:
        counted = m.start <= token.idx < m.end or (m.noun is not None and m.noun[0] <= token.idx < m.noun[1])
        if counted or any(m.start <= n.idx < m.end for n in numbers if n.sent == token.sent):
            return Quantity(m.low, m.high, unit, m.approximate)
    if unit in ("killed", "injured", "missing", "detained") and _is_somebody(token):
        return Quantity(1, 1, unit)
    return Quantity(1, 1, unit) if unit == "weapons" and _is_single_shot(scene, token) else None


def _is_somebody(token: Token) -> bool:
    """ "killing one and wounding four", "killing three brothers and injuring | a fourth"; not "no one"."""
    if token.lower_ in ("second", "third", "fourth", "fifth", "sixth") and token.dep_ in ("obj", "nsubj:pass", "nsubj"):
        return any(child.lower_ == "a" for child in token.lefts)
    alone = token.lower_ == "one" and token.dep_ in ("obj", "nsubj:pass", "nsubj") and not any(c.dep_ == "det" for c in token.lefts)
    return alone and token.pos_ in ("NUM", "PRON")


def _is_single_shot(scene: Scene, token: Token) -> bool:
    """ "a rocket shell"."""
    articles = {c.lower_ for c in children(token, "det")}
    return token.tag_ == "NN" and bool(articles & {"a", "an", "another"}) and scene.is_class(token, "projectile")


def is_number_of(scene: Scene, tokens: Sequence[Token], others: Sequence[Token]) -> bool:
    """ "at least 11 and up to 15 men": does a number that stands alone count what others name?"""
    if len(tokens) != 1 or tokens[0].pos_ != "NUM":
        return False
    mention = next((m for m in scene.quantities if m.start <= tokens[0].idx < m.end and m.noun), None)
    return mention is not None and mention.noun is not None and any(mention.noun[0] <= t.idx < mention.noun[1] for t in others)


def number_of(scene: Scene, trigger: Token, unit: str) -> Quantity | None:
    """The number that stands with the event word itself: "killed 28 and wounded 30 men", "one death, and 11 people were injured"."""
    if trigger.pos_ == "NOUN" and any(c.pos_ == "NUM" for c in trigger.lefts):
        return quantity_of(scene, trigger, unit)
    mention = next((m for m in scene.quantities if m.noun is None and _follows(scene, m, trigger)), None)
    return Quantity(mention.low, mention.high, unit, mention.approximate) if mention else None


def _follows(scene: Scene, number: QuantityMention, verb: Token) -> bool:
    end = verb.idx + len(verb)
    between, after = scene.report.text[end : number.start], scene.report.text[number.end : number.end + 5]
    return number.start > end and not between.strip() and after == " and " and verb.pos_ == "VERB" and verb.tag_ != "VBN"


def is_one(scene: Scene, token: Token) -> bool:
    """Does a word name one person: "a soldier", "its commander", "Omar Hadid"?"""
    if (token.ent_type_ == "PERSON" and token.tag_ != "NNPS") or token.lower_ in ("he", "him", "she", "her", "himself", "herself"):
        return True
    if any(word.lower_ == "old" and word.nbor(-1).text in ("-", "year", "month") for word in (token, *token.lefts) if word.i):
        return token.tag_ in ("NN", "NNP", "JJ")  # "a 16-year-old", "a 16-year-old Ghanaian"
    return (
        token.tag_ == "NN"
        and token.lemma_.lower() in words("nouns.yaml")["person"]
        and token.lower_ not in ("people", "personnel", "family", "crew", "staff")
    )
