"""A word of time and an event word of one sentence → does the one date the other, by the clauses in which they stand?

dating.py asks this of each time of a sentence before it says what the days mean for the event.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from khabar.clauses import ancestors, case_of, children, first_of_list
from khabar.lexicon import words
from khabar.names import text_of
from khabar.tenses import finite_verb, tense_of

if TYPE_CHECKING:
    from khabar.doc import Doc, Token
    from khabar.model import Attribution, TimeMention

BESIDE_CUE = r"\s+(?:(?:late|early|earlier|later)\s+)?(?:(?:on|in)\s+)?(?:the\s+)?"  # "said late on" Monday
MEANWHILE = ("as", "when")  # what is told after these is of the same day


def root_of(doc: Doc, mention: TimeMention) -> Token:
    """The head word of a time expression."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span.root if span is not None else doc[0]


def clause_head(word: Token) -> Token:
    """The verb, or the event noun without one, that a word belongs to."""
    return next((above for above in ancestors(word) if above.pos_ in ("VERB", "AUX") or above.dep_ == "root" or _is_said_of(above)), word)


def _is_said_of(noun: Token) -> bool:
    """ "was the scene of the attack": does a noun make a clause, with "was"?"""
    return any(child.dep_ == "cop" for child in noun.children)


def dates_saying(doc: Doc, mention: TimeMention, told_by: Attribution) -> bool:
    """Does the time hang on the words of saying, outside what is said? It does where it stands right after them, whatever the tree says."""
    if told_by.cue is not None and re.fullmatch(BESIDE_CUE, text_of(doc)[told_by.cue[1] : mention.start]):
        return True
    inside = any(start <= mention.start < end for start, end in told_by.content)
    return told_by.cue is not None and not inside and told_by.cue[0] <= clause_head(root_of(doc, mention)).idx < told_by.cue[1]


def in_clause(trigger: Token, time: Token) -> bool:
    """Does a time bear on an event? It does from the event's own clause or one above it, and from one joined to it by "and"; not from a
    clause that hangs under it ("in the city, which fell in 2012, …"), nor from one in another tense ("fell in May and is held by B")."""
    clause = clause_head(time)
    path = [trigger, *ancestors(trigger)]
    if _is_of_another_noun(time, trigger):
        return False
    while clause not in path and clause.dep_ in ("conj", "xcomp", "advcl", "parataxis") and not _subordinated(clause):
        clause = clause.head
    if clause.dep_ in ("acl", "acl:relcl") and ((clause.head == trigger and trigger.pos_ == "NOUN") or _brings(clause.head, trigger)):
        return True  # "strikes that hit the town on Monday"
    besides = _is_told_besides(trigger, clause) and not cased(time, ("since",))
    if clause not in path or _parted(trigger, clause) or besides:
        return False
    joined = [w for w in path[: path.index(clause)] if w.dep_ == "conj" and finite_verb(w.head) == w.head]
    return not any(_other_tense(w, w.head) for w in joined)


def only_ranks(doc: Doc, time: TimeMention, trigger: Token) -> bool:
    """ "the heaviest raids in more than a week", "the first strike since January", "the worst since the truce began in May": does a time
    say only among what an event is the first or worst, or "in power since 1963" for how long somebody has been in a state?"""
    word = root_of(doc, time)
    start = word.left_edge
    if start.i > start.sent.start and start.nbor(-1).lower_ in words("numbers.yaml")["ordinals"] and not children(word, "case"):
        return True  # "shot down a drone, the third | this month"
    clause = clause_head(word)
    if clause.dep_ == "advcl" and begins(clause, "since") and trigger not in clause.subtree:
        word = clause
    elif not cased(word, ("since",) if time.timex != "DURATION" else ("in", "for", "since")):
        return False
    beside = [case.nbor(-1) for case in children(word, "case")[:1] if case.i > case.sent.start]  # "in power | since 1963", however it hangs
    above = next((noun for noun in beside if noun.lemma_ in words("clauses.yaml")["states"]), word.head)
    state = case_of(above) in ("in", "at", "under") and above.lemma_ in words("clauses.yaml")["states"] and not _is_said_of(above)
    ranked = any(t.tag_ in ("JJS", "RBS") or t.lower_ in ("first", "only") for t in (above, *above.children) if t.i < word.i)
    return (ranked or state) and above != trigger


def _subordinated(clause: Token) -> bool:
    return (
        begins(clause, "since")
        or begins(clause, "where")
        or any(child.dep_ == "mark" and child.lower_ not in ("to", *MEANWHILE) for child in clause.children)
    )


def begins(clause: Token, word: str) -> bool:
    """Does a clause begin with this word ("since the war broke out"), whatever the tree hangs it on?"""
    first = next((t for t in clause.subtree if not t.is_punct), clause)
    return first.lower_ == word or (first.i > 0 and first.nbor(-1).lower_ == word)


def _brings(noun: Token, trigger: Token) -> bool:
    """ "struck by shells that were fired on Monday", "raids carried out on Monday killed ten": is a noun what brings an event about?"""
    violent = noun.lemma_.lower() in words("nouns.yaml")["violence"] | words("nouns.yaml")["projectile"]
    return violent and noun.head == trigger and noun.dep_ in ("nsubj", "obl", "obl:agent")


def _is_of_another_noun(time: Token, trigger: Token) -> bool:
    """ "bombarded a rally ahead of the June 3 election": the day of a noun that is no part of the event."""
    noun = time.head
    if time.dep_ not in ("compound", "nmod:poss", "nmod:unmarked") or noun.pos_ not in ("NOUN", "PROPN") or noun.i < time.i:
        return False
    return noun != trigger and noun.head != trigger and noun not in ancestors(trigger) and trigger not in noun.subtree


def _other_tense(one: Token, other: Token) -> bool:
    """ "fell in May and is held by B", "has been besieged since May and is shelled daily": is each of two verbs told in its own time?"""
    times = {"past": 1, "pluperfect": 1, "was going on": 1, "present": 2, "going on": 2, "perfect": 3}
    pair = [times.get(tense_of(verb, None), 0) for verb in (one, other)]
    return 0 not in pair and pair[0] != pair[1]


def _parted(trigger: Token, clause: Token) -> bool:
    """Is the event in a clause of its own time: a pluperfect or a relative clause in another tense than the time's clause?"""
    return any(child.lower_ == "had" and child.dep_ == "aux" for child in trigger.children) and clause != trigger


def _is_told_besides(trigger: Token, clause: Token) -> bool:
    """ "The militia, which has captured three villages, freed a driver on Monday": done before, on no day told."""
    verb = first_of_list(trigger) if trigger.pos_ == "VERB" else finite_verb(trigger)
    before = any(c.lower_ in ("has", "have", "had") and c.dep_ == "aux" for c in verb.children) and verb.tag_ == "VBN"
    besides = before and verb.dep_ == "acl:relcl" and verb.head.lemma_ not in ("time", "day") and clause.is_ancestor(verb)
    return besides and tense_of(clause, None) == "past"


def is_of_another_day(trigger: Token, time: Token, *, begins_open: bool) -> bool:
    """Does the tree forbid that a time of its sentence is the day of an event, or its last: told besides in the perfect, or in "had been
    retaken on Sunday" of a place that it only passes?"""
    clause = clause_head(time)
    if trigger.sent != time.sent or clause == trigger or cased(time, ("since",)):
        return False
    if _is_told_besides(trigger, clause):
        return not begins_open
    had = any(c.lower_ == "had" and c.dep_ == "aux" for c in clause.children)
    return had and clause.dep_ == "acl:relcl" and clause.head != trigger and not clause.is_ancestor(trigger)


def after_of(trigger: Token, time: Token) -> Token | None:
    """ "A took the town on Monday after weeks of clashes": the "after" that the event stands under and the time does not."""
    path, above_time = [trigger, *ancestors(trigger)], {time.i, *(a.i for a in ancestors(time))}
    under = [word for word in path if word.i not in above_time]
    return next((c for word in under for c in word.children if c.lower_ in ("after", "following") and c.dep_ in ("case", "mark")), None)


def is_since(time: Token, trigger: Token) -> bool:
    """ "killed since the end of a truce last month": does a time tell when that began since which …?"""
    path = [word for word in ancestors(time) if word != trigger and trigger in ancestors(word)]
    return any(c.lower_ == "since" and c.dep_ == "case" for word in path for c in word.children)


def measures(word: Token, trigger: Token) -> bool:
    """Is a lapse of time said of the event itself ("a week-long truce", "six days of bombing") or of what did it?"""
    doer = [c for verb in (trigger, finite_verb(trigger)) for c in verb.children if c.dep_ in ("nsubj", "nsubj:pass", "obl:agent")]
    return any(
        word.head == e and word.dep_ in ("amod", "compound", "nummod", "nmod", "nmod:unmarked") and not cased(word, ())
        for e in (trigger, *doer)
    ) or (trigger.head == word and trigger.dep_ == "nmod")


def cased(word: Token, prepositions: tuple[str, ...]) -> bool:
    """Does a time stand after one of these prepositions (after any, if none are given)?"""
    return any(c.dep_ == "case" and (not prepositions or c.lower_ in prepositions) for c in word.children)


def is_main(doc: Doc, time: TimeMention) -> bool:
    """Does a time hang on the main clause of its sentence?"""
    return clause_head(root_of(doc, time)).dep_ not in ("advcl", "acl", "acl:relcl")


def steps(a: Token, b: Token) -> int:
    """How far apart two words of a sentence are in the tree."""
    above_a = [a.i, *(t.i for t in ancestors(a))]
    for far, word in enumerate((b, *ancestors(b))):
        if word.i in above_a:
            return far + above_a.index(word.i)
    return len(above_a) + 50
