"""A verb and its cue → the words of the cue, and whether it asserts what it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from khabar.cues import Cue, lexicon
from khabar.dependencies import MODALS, NOTHING, Tokens, mark_of, subtree, word_of
from khabar.lexicon import words
from khabar.model import Modality
from khabar.saidwords import is_setting

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def stance_of(token: Token, cue: Cue, content: Tokens) -> Modality:
    """A cue that is itself negated or asks leaves its content open."""
    if is_negated(token):
        silent = cue.prepositions and word_of(token) in words("modality.yaml")["silent_on"]  # "did not comment on the loss of A"
        return "asserted" if silent else "possible"
    if any(mark_of(token.doc[i]) in ("whether", "if") for i in content if token.doc[i].head == token):
        return "possible"
    modal = cue.with_modal and any(token.doc[i].lower_ in MODALS for i in content)
    return cue.with_modal if modal and cue.with_modal else cue.stance


def is_negated(token: Token) -> bool:
    """ "did not confirm", "neither denied nor …", "has yet to comment": nobody has said it."""
    return is_yet_to(token) or any(child.lower_ in ("not", "never", "n't", "n’t", "neither", "nor") for child in token.lefts)


def is_yet_to(verb: Token) -> bool:
    """ "The rebels have yet to take A", "A is yet to fall"."""
    if verb.i < 2 or verb.nbor(-1).lower_ not in ("to", "be") or mark_of(verb) != "to":
        return False
    having = [verb.head] if verb.dep_ == "xcomp" and verb.head.lemma_ in ("have", "be") else []
    return any(child.lower_ == "yet" and child.i < verb.i for word in (verb, *having) for child in word.children)


def cue_tokens(token: Token, cue: Cue) -> Tokens:
    """The verb with its auxiliaries, adverbs and particle, and the preposition that its content hangs on, where they touch."""
    kept = {token.i}
    for child in token.children:
        hearsay = child.lower_ in lexicon().words["hearsay_adverbs"]  # a voice of its own
        if child.dep_ in ("aux", "aux:pass", "advmod", "cop", "compound:prt") and not hearsay:
            kept |= subtree(child)
    if mark_of(token) == "to":
        kept |= {child.i for child in token.lefts if child.dep_ in ("mark", "advmod")}
        kept |= _prelude(token.head) if token.dep_ == "xcomp" else NOTHING
    if cue.prepositions:
        kept |= {
            child.i
            for grandchild in token.rights
            for child in grandchild.children
            if child.dep_ in ("case", "mark") and child.lower_ in cue.prepositions
        }
    run = touching(kept, token.i)
    return run | _setting(token, max(run) + 1)


def with_preposition(cue: Tokens, content: Tokens, doc: Doc) -> Tokens:
    """ "Warned of", "a promise about", "was accused of": the preposition between a cue and what it says belongs to the cue."""
    at = max(cue) + 1
    leads = at + 1 < len(doc) and doc[at].lower_ in lexicon().words["leading"] and doc[at].dep_ in ("case", "mark")
    return cue | {at} if leads and at + 1 in content else cue


def _prelude(head: Token) -> Tokens:
    """ "Went on to say": a verb that lends its subject to the cue and tells nothing by itself, as "gathered to demand" does."""
    if word_of(head) not in lexicon().words["preludes"]:
        return NOTHING
    return frozenset([head.i, *(child.i for child in head.children if child.dep_ in ("aux", "advmod", "compound:prt"))])


def _setting(verb: Token, at: int) -> Tokens:
    """Where it was said, right behind the verb: "said in a statement", "said Friday"."""
    if at >= verb.sent.end or at <= verb.i:
        return NOTHING
    for child in verb.rights:
        near = child.left_edge.i == at and child.dep_.startswith("obl")
        if near and is_setting(child) and child.right_edge.i - at <= 3 and not any(c.dep_ == "acl" for c in child.subtree):
            return frozenset(range(at, child.right_edge.i + 1))
    return NOTHING


def touching(numbers: Iterable[int], middle: int) -> Tokens:
    """The unbroken run of numbers around the middle one."""
    kept, run = set(numbers), {middle}
    for step in (-1, 1):
        at = middle + step
        while at in kept:
            run.add(at)
            at += step
    return frozenset(run)
