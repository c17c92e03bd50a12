"""The word of an event → what only nearly happened, was done instead of it, or is asked: "came close to taking A", "almost lost A",
"stopped short of A", "rather than attack A", "Was A captured?"

None of these claims anything; whoever matches words alone takes them for captures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import ancestors, case_of, children
from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

REMAINS = ("remain", "become", "stay", "constitute")
SHORT = 2  # words between a verb and what is said of it


def is_near_miss(event: Token) -> bool:
    """Is a verb or event noun told as what did not come about?"""
    return _almost(event) or _short_of(event) or _instead_of(event) or _would_have(event)


def _would_have(verb: Token) -> bool:
    """ "Had the marines not come, A would have fallen", "without them, A would have fallen": it did not."""
    helpers = {w.lower_ for w in verb.lefts if w.dep_ in ("aux", "aux:pass")}
    if verb.tag_ != "VBN" or "have" not in helpers or not helpers & {"would", "could", "might", "'d", "’d"}:
        return False
    return any(_is_unreal(w) for w in (*verb.lefts, *verb.rights))


def _is_unreal(beside: Token) -> bool:
    """ "if it had not come", "had it not come", "were it not for them", "without them", "but for them", "otherwise"."""
    if beside.lower_ == "otherwise":
        return True
    if beside.dep_ in ("obl", "conj", "nmod") and any(w.lower_ in ("without", "but") for w in children(beside, "case", "cc")):
        return "without" in case_of(beside) or any(w.lower_ == "for" for w in children(beside, "case"))
    if beside.dep_ not in ("advcl", "conj", "parataxis"):
        return False
    past = [w for w in beside.lefts if w.lower_ in ("had", "were") and w.dep_ in ("aux", "aux:pass", "cop")]
    marked = any(w.lower_ in ("if", "unless") for w in children(beside, "mark"))
    subject = next((w for w in beside.lefts if w.dep_.startswith(("nsubj", "expl"))), None)
    return bool(past) and (marked or (subject is not None and past[0].i < subject.i))


def _almost(verb: Token) -> bool:
    """ "almost took A", "nearly lost A"; not "nearly surrounded A", which says how far it has gone, nor "killed nearly 20"."""
    before = [w for w in verb.lefts if w.dep_ == "advmod" and w.lower_ in words("modality.yaml")["almost"] and verb.i - w.i <= SHORT]
    return bool(before) and verb.pos_ == "VERB" and verb.lemma_ not in words("modality.yaml")["by_degrees"]


def _short_of(event: Token) -> bool:
    """ "came close to taking A", "came within hours of taking A", "stopped short of taking A", "far from losing A"."""
    mark = next((w for w in event.lefts if w.dep_ in ("mark", "case") and w.lower_ in ("to", "of", "from")), None)
    if mark is None or mark.i <= event.sent.start or (event.tag_ != "VBG" and event.pos_ != "NOUN"):
        return False
    before = mark.nbor(-1)
    if mark.lower_ == "to":
        came = before.head if before.head.pos_ == "VERB" else event.head
        return before.lower_ in ("close", "near") and came.lemma_ == "come"
    if mark.lower_ == "of":
        return before.lower_ == "short" or (
            before in (event.head, *ancestors(event)) and case_of(before) == "within" and before.pos_ == "NOUN"
        )
    return before.lower_ == "far"


def _instead_of(verb: Token) -> bool:
    """ "instead of attacking A", "rather than attack A"."""
    return any(
        w.lower_ in ("instead", "rather") for w in children(verb, "mark", "case", "cc", "advmod") if w.i < verb.i and children(w, "fixed")
    )


def is_goal(event: Token) -> bool:
    """ "the planned attack on A", "the capture of A remains the goal", "their objective was the capture of A"."""
    if event.pos_ not in ("NOUN", "PROPN"):
        return False
    if any(w.lower_ in words("modality.yaml")["to_come"] for w in children(event, "amod")):
        return True
    verb = event.head
    said = [verb, *children(verb, "xcomp", "obj")] if event.dep_ == "nsubj" and (children(verb, "cop") or verb.lemma_ in REMAINS) else []
    of_it = children(event, "nsubj", "nsubj:outer") if children(event, "cop") else []
    return any(w.pos_ == "NOUN" and w.lemma_ in words("modality.yaml")["goal"] for w in (*said, *of_it))


def is_of_all_such(event: Token) -> bool:
    """ "Shelling of civilians is a war crime": told of none."""
    bare = event.pos_ in ("NOUN", "PROPN") and not children(event, "det", "nmod:poss", "amod", "compound", "nummod")
    return (
        bare
        and event.dep_ == "nsubj"
        and event.head.lemma_ in ("crime", "violation", "offence", "offense", "sin")
        and bool(children(event.head, "cop"))
    )


def is_asked(event: Token) -> bool:
    """ "Was A captured?", "Who bombed the hospital?": is the clause that tells it a question?"""
    last = next((w for w in reversed(list(event.sent)) if not (w.is_quote or w.is_space)), None)
    if last is None or last.text != "?":
        return False
    clause = next((w for w in (event, *ancestors(event)) if w.pos_ in ("VERB", "AUX") or children(w, "cop")), event)
    while clause.dep_ in ("xcomp", "conj"):
        clause = clause.head
    subjects = children(clause, "nsubj", "nsubj:pass")
    turned = any(aux.i < subject.i for subject in subjects[:1] for aux in children(clause, "aux", "aux:pass", "cop"))
    first = clause.left_edge
    return turned or first.lower_ in words("modality.yaml")["question"]
