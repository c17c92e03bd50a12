"""A match of a rule, its clause and its speaker → whether it is asserted, denied, planned, and whose word it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import children, first_of_list
from khabar.lexicon import words
from khabar.matching import Match
from khabar.modality import WEIGHT, is_beyond, is_conditional, modality_of, stands_apart
from khabar.model import Attribution, Modality
from khabar.placing import JOINT
from khabar.rules import Rule
from khabar.story import MODIFIERS, STATES

if TYPE_CHECKING:
    from khabar.doc import Token


def is_in_passing(rule: Rule, token: Token) -> bool:
    """A lasting fact in a modifier ("the rebel-held town", "X, a branch of Y") is the outlet's own word, whoever speaks the sentence;
    where men stand as they act ("rebels positioned in A fired") is the speaker's."""
    if (
        rule.kind in ("allied_with", "branch_of") and token.pos_ == "NOUN" and token.lemma_.lower() in words("nouns.yaml")["affiliate"]
    ):  # "the army and its ally, X"
        return True
    standing_somewhere = token.dep_ == "acl" and bool(children(token, "obl", "nsubj"))  # "accusations that it backs A" is no modifier
    return (
        (rule.standing or rule.kind in (*STATES, *MODIFIERS))
        and token.dep_ in ("amod", "compound", "acl", "appos", "nmod")
        and not standing_somewhere
        and not _is_of_none(token)
    )


def _is_of_none(noun: Token) -> bool:
    """ "no question of army control of A": what there is no question of is denied by whoever says so."""
    return noun.dep_ == "nmod" and any(w.lower_ == "no" for w in noun.head.lefts)


def is_described(match: Match) -> bool:
    """ "vowed to fight the army and its allies", "an offensive aimed at the bastion of A": a lasting fact in a noun that is no predicate is
    so, whatever becomes of what is said about it."""
    token = match.trigger
    noun = first_of_list(token)
    lasting = match.rule.standing or match.rule.kind in STATES
    beside = noun.dep_ in ("obj", "nmod", "obl", "appos", "compound", "nsubj", "obl:agent") and token.pos_ in ("NOUN", "PROPN")
    unsure = any(w.lower_ in words("modality.yaml")["perhaps"] or w.lower_ in ("no", "not", "former") for w in token.lefts)
    unsure = (
        unsure
        or is_beyond(token)
        or _is_of_none(noun)
        or any(is_conditional(word) for word in noun.ancestors if word.pos_ in ("VERB", "AUX"))
    )
    return lasting and (beside or token.dep_ == "amod") and not unsure and not children(token, "cop")


def of_nobody(match: Match) -> bool:
    """ "saw no soldier in A", "no civilians were killed", "none of the guards was hurt": is it said of none?"""
    told = [token for role in JOINT for token in match.fillers.get(role, ())]
    told += [token for token in children(match.trigger, "nsubj", "nsubj:pass", "obj") if token not in told]
    if match.trigger.dep_ == "acl:relcl":  # "no group claimed the raid, which killed five": it is told of the raid
        told = [token for token in told if match.trigger.is_ancestor(token) or token == match.trigger.head]
    places = match.fillers.get("place", ())
    whole = [token.head for token in told if token.dep_ == "nmod"]
    return any(token.lower_ in ("nobody", "none") for token in (*told, *whole)) or any(
        child.lower_ in ("no", "neither") and child.dep_ == "det" and child.nbor().lower_ not in ("fewer", "less")
        for token in (*told, *places)
        for child in token.children
    )


def modality_told(match: Match, told_by: Attribution | None) -> Modality | None:
    own = modality_of(match.trigger, judged_by=match.attempt.judged if match.attempt else None)
    stance: Modality = told_by.stance if told_by else "asserted"
    if own is None:
        return None
    if told_by and stands_apart(match.trigger, told_by.content):
        stance = "asserted"
    of_kind: Modality = match.rule.modality or "asserted"  # type: ignore[assignment]
    modality = max((own, stance, of_kind), key=lambda m: WEIGHT[m])
    if modality != own:
        match.note("modality", "the speaker's verb says so" if modality == stance else "the rule says so")
    return modality
