"""A verb and its cue → the words of what it says, by the first of the forms that it takes and that stands in the sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from khabar.cues import Cue, lexicon
from khabar.dependencies import NOTHING, TELLING, TIMES, Tokens, case_of, case_token, mark_of, object_of, subject_of, subtree, word_of

if TYPE_CHECKING:
    from khabar.doc import Token


def quotes(cue: Cue) -> bool:
    """May a sentence stand before this cue as what it says ("…, X said")?"""
    return cue.link and "clause" in cue.takes and cue.stance != "planned"


def said_by(token: Token, cue: Cue) -> Tokens:
    """Tokens of what a verb says, by the first of the forms that it takes and that stands in the sentence."""
    if "clause" in cue.takes and (clause := _clause(token, cue)):
        return clause
    if "quote" in cue.takes:
        return NOTHING
    if "infinitive" in cue.takes and (infinitive := _infinitive(token)):
        return infinitive
    if "figure" in cue.takes and ((thing := object_of(token)) is None or word_of(thing) not in lexicon().words["figures"]):
        return NOTHING
    if "figure" in cue.takes and word_of(token) in ("raise", "lower") and token.dep_ == "advcl" and token.tag_ == "VBG":
        return NOTHING  # "two soldiers died, raising the toll to 12": the toll rose, and it is not they who say so
    if cue.takes & {"whole", "figure"} and (thing := object_of(token) or next((c for c in token.rights if c.dep_ == "iobj"), None)):
        rest = [child for child in token.rights if child.i > thing.i and child.dep_ in COMPLEMENTS and not is_setting(child)]
        return subtree(thing).union(*map(subtree, rest)) - _told_besides(thing)
    if "whole" in cue.takes and any(c.dep_ == "obj" and c.lower_ in ("which", "whom", "that") for c in token.lefts):
        laid = [child for child in token.rights if child.dep_ in COMPLEMENTS and case_of(child) in ("of", "for")]
        return frozenset().union(*map(subtree, laid))  # "A, which B accuses | of arming C"
    if "object" in cue.takes and (thing := object_of(token)):
        reasons = (c for c in token.rights if c.i > thing.i and (case_of(c) in ("for", "against") or c.dep_ == "advcl:relcl"))
        return _without_afterthought(thing).union(*map(subtree, reasons), _state_of(thing)) - _told_besides(thing)
    return _prepositional(token, cue.prepositions)


def _told_besides(thing: Token) -> Tokens:
    """ "claimed responsibility for the bombing, which killed nine": that it killed nine is the outlet's word."""
    if word_of(thing) != "responsibility":
        return NOTHING
    claimed = [child for around in (thing, thing.head) for child in around.rights if case_of(child) == "for"]
    return frozenset().union(*(subtree(c) for deed in claimed for c in deed.subtree if c.dep_ == "acl:relcl"))


def _without_afterthought(thing: Token) -> Tokens:
    """ "admit defeat, conducting …": what follows a comma as a participle is not part of the thing said, nor is the medium."""
    loose = [c for c in thing.rights if c.dep_ == "acl" and c.tag_ == "VBG" and c.nbor(-1).text == ","]
    loose += [c for c in thing.rights if c.dep_ == "nmod" and case_of(c) in ("on", "via") and word_of(c) in lexicon().words["media"]]
    return subtree(thing).difference(*map(subtree, loose))


def _state_of(thing: Token) -> Tokens:
    """ "counted 37 dead": what befell those counted, where the tree hung it on the verb."""
    after = thing.right_edge.i + 1
    if thing.pos_ not in ("NUM", "NOUN") or after >= thing.sent.end:
        return NOTHING
    state = thing.doc[after]
    return subtree(state) if state.head == thing.head and (state.pos_ == "ADJ" or state.tag_ == "VBN") else NOTHING


COMPLEMENTS = frozenset({"obl", "advcl", "xcomp", "ccomp", "obl:arg"})


def _clause(token: Token, cue: Cue) -> Tokens:
    """The clause said: a complement, a sentence set beside ("…, he said, …"), or the one that "as he said" comments on."""
    own = [child for child in token.children if _is_said(child, token)]
    if not own and cue.link and cue.stance == "asserted" and (that := _that_after(token)) is not None:
        return frozenset(range(that.i, token.sent.end))
    after = [child for child in own if child.i > token.i]
    if after and not _is_quoted(own[0]):  # of two clauses without quotation marks, the one after the cue is what it says
        own = after
    if own:
        said = frozenset().union(*map(subtree, own), *map(subtree, _strayed(token, own[0]))) - _told_by_others(own)
        return said | meanwhile(token) if own[0].i < token.i else frozenset(i for i in said if i > token.i)
    if not cue.link or cue.stance == "planned":
        return NOTHING
    if token.dep_ == "parataxis" and not any(c.dep_ == "obj" for c in token.children) and subject_of(token):
        return subtree(_told_around(token)) - subtree(token)
    if token.dep_ == "advcl" and mark_of(token) == "as" and not any(child.dep_ in ("obj", "xcomp") for child in token.children):
        return subtree(token.head) - subtree(token)
    return NOTHING


def _told_around(token: Token) -> Token:
    """ "The mayor said | the rebels, he thought, had left": what the mayor said, of which he thinks so, and not that he said it."""
    above = token.head
    if above.i > token.i or not any(quotes(cue) for cue in lexicon().verbs.get(word_of(above), ())):
        return above
    return next((c for c in above.rights if c.dep_ == "ccomp" and c.left_edge.i < token.i < c.right_edge.i), above)


def meanwhile(cue: Token) -> Tokens:
    """ "A fell, X said | as rebels fought on": what went on is X's word too, unless another says it."""
    clauses = (child for child in cue.rights if child.dep_ == "advcl" and mark_of(child) == "as")
    return frozenset().union(*(subtree(c) for c in clauses if subject_of(c) and word_of(c) not in lexicon().verbs))


def _that_after(token: Token) -> Token | None:
    """The "that" of what is said, where the tree lost its verb or hung it on the hearer: "told a briefing on Friday that …"."""
    for after in token.doc[token.i + 1 : min(token.i + 10, token.sent.end)]:
        if after.lower_ == "that" and after.tag_ == "IN":
            return after if word_of(after.nbor(-1)) not in lexicon().nouns else None
        if after.pos_ in ("VERB", "AUX") or after.text == ",":
            return None
    return None


def _told_by_others(clauses: Iterable[Token]) -> Tokens:
    """ "…, while the rebels said …": a speaker set against the first speaks beside him, not through him."""
    beside = (
        child
        for clause in clauses
        for child in clause.rights
        if child.dep_ == "advcl" and mark_of(child) in CONTRASTS and subject_of(child)
    )
    return frozenset().union(*(subtree(child) for child in beside if any(quotes(cue) for cue in lexicon().verbs.get(word_of(child), ()))))


CONTRASTS = frozenset({"while", "whereas", "although", "though"})


def _is_quoted(clause: Token) -> bool:
    before = clause.doc[max(clause.left_edge.i - 1, 0) : clause.left_edge.i + 1]
    return any(t.text in ('"', "“", "”", "''", "``", "«") for t in (*before, clause.right_edge))


def _strayed(token: Token, clause: Token) -> list[Token]:
    """The subject of what is said where the tree made it the object of saying: "confirmed the dead included"."""
    own = subject_of(clause)
    joined = own is not None and own.left_edge.dep_ == "cc"  # "said two posts and three depots were hit"
    if clause.i < token.i or (own and not joined) or word_of(token) in TELLING or clause.dep_ != "ccomp":
        return []
    return [child for child in token.rights if child.dep_ == "obj" and child.i < clause.i]


def _is_said(child: Token, cue: Token) -> bool:
    if child.tag_ == "VBG" and child.i > cue.i and (child.nbor(-1).text == "," or word_of(child) in lexicon().words["quoting"]):
        return False
    if child.dep_ == "ccomp":
        return True
    if child.dep_ == "xcomp":
        return mark_of(child) != "to" and child.pos_ == "VERB"
    if child.dep_ != "parataxis" or word_of(child) in lexicon().verbs or _denies_this(cue):
        return False
    between = cue.doc[min(child.i, cue.i) : max(child.i, cue.i)].text
    return (":" in between and child.i > cue.i) or any(mark in between for mark in '“”"')


def _denies_this(cue: Token) -> bool:
    """ "denied this: soldiers had entered A": what follows is how it was instead."""
    pointed = any(child.dep_ == "obj" and child.lower_ in ("this", "it", "that") for child in cue.rights)
    return pointed and any(own.stance == "denied" for own in lexicon().verbs.get(word_of(cue), ()))


def _infinitive(token: Token) -> Tokens:
    clauses = [child for child in token.children if child.dep_ in ("xcomp", "ccomp") and (mark_of(child) == "to" or child.tag_ == "VBG")]
    if not clauses:
        return NOTHING
    things = [child for child in token.rights if child.dep_ in ("obj", "iobj") and child.i < clauses[0].i]
    return frozenset().union(*map(subtree, [*things, clauses[0]]))


def _prepositional(token: Token, prepositions: frozenset[str]) -> Tokens:
    for child in token.rights:
        if child.dep_ in ("obl", "advcl", "nmod", "obl:arg", "acl") and (mark := case_token(child)) and mark.lower_ in prepositions:
            return subtree(child) - subtree(mark)
    return NOTHING


def is_setting(child: Token) -> bool:
    """Where and when a thing was said, not what was said: "in a statement", "on Sunday"."""
    return child.dep_.startswith("obl") and (
        word_of(child) in lexicon().words["media"] or child.ent_type_ in ("DATE", "TIME") or _is_day(child)
    )


def _is_day(token: Token) -> bool:
    return token.lower_.rstrip("s") in _DAYS


_DAYS = TIMES | {"tomorrow", "week", "month", "year"}
