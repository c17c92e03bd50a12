"""An event noun → the verb that merely carries it: "launched an attack", "came under fire", "strikes carried out by A"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import case_of, children, class_of, is_passive

if TYPE_CHECKING:
    from khabar.doc import Token


THEREUPON = ("after", "before", "since", "until", "despite", "following", "because of", "due to")


def light_verb(noun: Token) -> list[Token]:
    """The verb that merely carries an event noun ("launched an attack", "stopped the raids"), through conjunction and "a series of"."""
    verb = verb_over(noun)
    return [] if verb is None or (verb.lemma_ in class_of("idle") and not is_passive(verb)) else [verb]


def verb_over(noun: Token) -> Token | None:
    while noun.dep_ == "conj" or (noun.dep_ == "nmod" and noun.head.lemma_ in class_of("carriers")):
        noun = noun.head
    verb = noun.head
    if verb.pos_ not in ("VERB", "ADJ") or noun.dep_ not in ("obj", "obl", "nsubj:pass", "xcomp"):
        return None
    if noun.dep_ == "obl" and noun.i > verb.i and case_of(noun) in THEREUPON:
        return None  # "launched a search after the attack"
    return verb if verb.lemma_ in class_of("light_verbs") else None


def carried_out(noun: Token) -> list[Token]:
    """The light verb of a clause that describes an event noun: "strikes carried out by A", "the attack that A launched"."""
    clauses = [*children(noun, "acl", "acl:relcl"), *_participle_beside(noun)]
    clauses += [verb for belief in clauses for verb in children(belief, "xcomp", "ccomp")]  # "strikes believed to be carried out by A"
    return [verb for verb in clauses if verb.lemma_ in class_of("light_verbs") and verb.lemma_ not in class_of("blame")]


def _participle_beside(noun: Token) -> list[Token]:
    """ "died in strikes believed to be Russian": a participle right after a noun describes it, though the tree hangs it on the verb, or
    takes it for the verb: strikes believe nothing."""
    after = noun.right_edge.nbor() if noun.right_edge.i + 1 < noun.sent.end else noun
    beside = after.tag_ == "VBN" and after.dep_ == "advcl" and after.head == noun.head
    return [after] if beside or (noun.dep_ == "nsubj" and noun.head == after and after.lemma_ in ("believe", "think", "suspect")) else []
