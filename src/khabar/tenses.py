"""An event word → the tense in which its clause tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from khabar.clauses import ancestors
from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

Tense = Literal["past", "present", "going on", "was going on", "perfect", "pluperfect", ""]
HAVE = ("has", "have", "'ve", "’ve", "'s", "’s")
BE = ("is", "are", "am", "'re", "’re")


def tense_of(trigger: Token, cue: tuple[int, int] | None) -> Tense:
    """The tense of an event, "" where its clause has none. `cue`: the words of saying, whose tense is not its.

    "have been fighting" is perfect, "had fled" pluperfect, "is advancing" going on, "was being shelled" was going on.
    """
    verb = finite_verb(trigger, cue)
    helpers = {c.lower_ for c in verb.children if c.dep_ in ("aux", "aux:pass", "cop")}
    if "had" in helpers:
        return "pluperfect"
    if (helpers.intersection(HAVE) and verb.tag_ != "VBG") or helpers.intersection(("has", "have")):
        return "perfect"
    if verb.tag_ == "VBG" or "being" in helpers:
        return "going on" if helpers.intersection(BE) else "was going on" if helpers.intersection(("was", "were")) else ""
    if helpers.intersection(BE) or (not helpers and verb.tag_ in ("VBZ", "VBP") and verb.lower_ not in words("modality.yaml")["unchanged"]):
        return "present"
    if helpers.intersection(("was", "were", "did")) or verb.tag_ == "VBD":
        return "past"
    return "perfect" if cue and _said_in_perfect(verb, cue) else ""


def _said_in_perfect(verb: Token, cue: tuple[int, int]) -> bool:
    """ "has accused B of shelling A": is what has no tense of its own said in the perfect?"""
    said = (word for word in ancestors(verb) if cue[0] <= word.idx < cue[1])
    return any(c.dep_ == "aux" and c.lower_ in HAVE for word in said for c in word.children)


def finite_verb(trigger: Token, cue: tuple[int, int] | None = None) -> Token:
    """The verb that gives an event its tense: its own, or, of a noun or a participle, that of the clause it stands in."""
    verb = trigger
    for word in (trigger, *ancestors(trigger)):
        if cue and cue[0] <= word.idx < cue[1]:
            return verb
        helped = any(c.dep_ in ("aux", "aux:pass", "cop") for c in word.children)
        if word.pos_ not in ("VERB", "AUX") and not helped:
            continue
        verb = word
        if _shares_helper(word):
            continue
        if helped or word.tag_ in ("VBD", "VBZ", "VBP"):
            return verb
        if word.dep_ not in ("advcl", "xcomp", "conj", "ccomp"):
            return verb
    return verb


def _shares_helper(verb: Token) -> bool:
    """ "has killed 300,000 and displaced millions": a second verb without subject or helper of its own."""
    own = ("nsubj", "nsubj:pass", "aux", "aux:pass", "cop")
    return (
        verb.dep_ == "conj"
        and verb.tag_ in ("VBD", "VBN")
        and not any(c.dep_ in own for c in verb.children)
        and any(c.lower_ in (*HAVE, "had") and c.dep_ == "aux" for c in verb.head.children)
    )
