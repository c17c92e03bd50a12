"""A noun, adjunct or adverb → its voice: "the claim that", "according to X", "reportedly"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from khabar.closings import joined_name
from khabar.cues import Cue, lexicon
from khabar.dependencies import (
    NOMINAL,
    NOTHING,
    Tokens,
    case_token,
    case_tokens,
    is_passive,
    mark_of,
    noun_from,
    owner,
    owner_here,
    subject,
    subject_of,
    subtree,
    word_of,
)
from khabar.hearers import cited_by, passed_on_by
from khabar.voice import Voice

if TYPE_CHECKING:
    from khabar.doc import Token


def hearsay_voices(token: Token) -> Iterator[Voice]:
    """ "reportedly fled", "the alleged attack"."""
    words = lexicon().words
    if token.lower_ in words["hearsay_adverbs"] and token.dep_ in ("advmod", "obl", "discourse"):
        content = _aside(token) or _own_clause(token.head)
    elif token.lower_ in words["hearsay_adjectives"] and token.dep_ == "amod":
        apart = [child for child in token.head.children if child.dep_ in ("det", "acl:relcl")]  # "…, which killed nine", is told as a fact
        content = subtree(token.head).difference(*map(subtree, apart))
    else:
        return
    yield Voice(frozenset({token.i}), NOTHING, content - {token.i}, None, "asserted", hearsay=True, hedge=True)


def _aside(adverb: Token) -> Tokens:
    """ "Soldiers, reportedly a battalion, entered": only what stands between the commas is hearsay."""
    doc, at = adverb.doc, adverb.i + 1
    if adverb.i == adverb.sent.start or adverb.nbor(-1).text not in (",", "(", "-", "–", "—"):
        return NOTHING
    while at < adverb.sent.end and doc[at].text not in (",", ")", "-", "–", "—"):
        if doc[at].pos_ in ("VERB", "AUX"):
            return NOTHING
        at += 1
    return frozenset(range(adverb.i + 1, at)) if at < adverb.sent.end else NOTHING


def _own_clause(head: Token) -> Tokens:
    """A clause without those set beside it that have a subject of their own."""
    apart = [child for child in head.rights if child.dep_ in ("conj", "parataxis") and subject_of(child)]
    return subtree(head).difference(*map(subtree, apart))


def noun_voices(token: Token) -> Iterator[Voice]:
    if any(child.dep_ == "det" and child.lower_ in ("no", "any", "neither") for child in token.children) or _is_denied(token):
        return
    yield from count_voices(token)
    if word_of(token) in lexicon().words["counts"] and (whose := owner_here(token)) is not None and (content := _is_version(token)):
        yield Voice(frozenset({token.i}), subtree(whose) - case_tokens(whose), content, whose.i, "asserted")
        return
    for cue in lexicon().nouns.get(word_of(token), ()):
        content = _noun_content(token, cue)
        source = owner_here(token) or _giver(token)
        hearsay = source is None and word_of(token) in lexicon().words["reports"]
        if not content or not (source or hearsay) or (source and source.i in content):
            continue
        words = (subtree(source) - subtree(token.head) if token in source.subtree else subtree(source)) if source else NOTHING
        words -= content | {token.i} | (case_tokens(source) if source else NOTHING)
        yield Voice(frozenset({token.i}), words, content, source.i if source else None, cue.stance, cue.link, hearsay=hearsay)
        return


def _noun_content(token: Token, cue: Cue) -> Tokens:
    for child in token.rights:
        finite = child.dep_ in ("acl", "ccomp") and (mark_of(child) == "that" or (child.dep_ == "ccomp" and mark_of(child) != "to"))
        if "clause" in cue.takes and finite:
            return subtree(child)
        if "infinitive" in cue.takes and child.dep_ == "acl" and mark_of(child) == "to":
            return subtree(child)
        if child.dep_ in ("nmod", "acl") and (mark := case_token(child)) and mark.lower_ in cue.prepositions:
            return subtree(child) - {mark.i}
    return NOTHING


def _is_denied(noun: Token) -> bool:
    """ "denied reports that …": the denial is the voice."""
    head = noun.head
    return noun.dep_ in ("obj", "nsubj:pass") and any(cue.stance == "denied" for cue in lexicon().verbs.get(word_of(head), ()))


def _giver(noun: Token) -> Token | None:
    """Who makes the claim in "X made the claim that"."""
    verb = word_of(noun.head)
    gives = verb in lexicon().words["giving"] or any(cue.link for cue in lexicon().verbs.get(verb, ()))
    return subject(noun.head) if noun.dep_ == "obj" and gives and not is_passive(noun.head) else None


def adjunct_voices(token: Token) -> Iterator[Voice]:
    """ "according to X": X speaks the clause that the words modify."""
    for phrase in lexicon().prepositions:
        if token.lower_ != phrase[0]:
            continue
        end = token.i + len(phrase)
        if end >= len(token.doc) or tuple(t.lower_ for t in token.doc[token.i : end]) != phrase:
            continue
        source = joined_name(token.doc, end) or noun_from(token.doc[end])
        if source.pos_ not in NOMINAL or source.sent != token.sent or (phrase == ("per",) and source.pos_ != "PROPN"):
            continue
        if phrase == ("based", "on") and (token.i > token.sent.start or word_of(source) not in lexicon().words["reports"]):
            continue
        cue = frozenset(range(token.i, end))
        words = frozenset(i for i in subtree(source) if i >= end) - cue | frozenset(range(end, source.i))
        if (name := _name_beside(source)) is not None:  # "according to the mayor, Omar Daher, …"
            source, words = name, words | {source.i + 1} | subtree(name)
        governor = _governor(source, token)
        content = subtree(governor) - words - cue
        cited = cited_by(source) or cited_by(governor)
        hearers = passed_on_by(source)
        reports = _is_reports(source)
        yield Voice(cue, words, content, source.i, "asserted", True, hearers, cited, hearsay=reports, direct=True, adjunct=True)
        return


def count_voices(token: Token) -> Iterator[Voice]:
    """ "by the army's count", "by the count of the mission", "by its own admission": the words of whose count it is."""
    words = lexicon().words
    if word_of(token) not in words["counts"] or token.dep_ not in ("obl", "nmod", "obl:agent") or "by" not in _cases(token):
        return
    whose = owner_here(token) or next((child for child in token.rights if "of" in _cases(child)), None)
    official = any(child.lower_ == "official" for child in token.lefts)
    if whose is None and not official:
        return
    source = subtree(token) - case_tokens(token)
    yield Voice(case_tokens(token), source, _counted(token.head) - subtree(token), (whose or token).i, "asserted", adjunct=True)


def _counted(head: Token) -> Tokens:
    """What a count counts: the clause or the noun that it stands in, without the clauses beside and around it."""
    apart = (c for c in head.children if c.dep_ in ("advcl", "acl:relcl", "parataxis", "ccomp") or (c.dep_ == "conj" and subject_of(c)))
    return subtree(head).difference(*map(subtree, apart))


def _cases(token: Token) -> set[str]:
    return {child.lower_ for child in token.lefts if child.dep_ == "case"}


def _is_version(token: Token) -> Tokens:
    """ "SANA's version is that …", "the ministry's toll was 44 dead": what a version or a toll is said to be."""
    told = token.head
    if token.dep_ != "nsubj" or token.i > told.i:
        return NOTHING
    copula = next((child for child in told.lefts if child.dep_ == "cop"), None)
    if copula is not None:
        return frozenset(i for i in _counted(told) if i > copula.i)
    if word_of(told) == "be" or told.pos_ == "AUX":
        return frozenset(i for i in subtree(told) if i > told.i)
    return NOTHING


def _name_beside(noun: Token) -> Token | None:
    """The person named between commas after a noun, where the tree made it a subject."""
    doc, at = noun.doc, noun.i + 2
    if at + 1 >= len(doc) or doc[noun.i + 1].text != "," or doc[at].ent_type_ != "PERSON" or doc[at].dep_ == "appos":
        return None
    return doc[at] if doc[min(doc[at].right_edge.i, len(doc) - 1)].text == "," else None


def _governor(source: Token, phrase: Token) -> Token:
    """The clause that an adjunct modifies; from the first word of a sentence it is the whole sentence."""
    token = source.head
    if phrase.i <= phrase.sent.start + 1 or _is_last(source):
        return phrase.sent.root
    while token.head != token and (
        not _is_clause(token) or token.dep_ in ("acl:relcl", "acl") or (token.i < phrase.i and (_trails(token) or _shares_subject(token)))
    ):
        token = token.head
    return token


def _is_last(source: Token) -> bool:
    """Do these words end their sentence? Then all of it is theirs, but for the half before "but" of which another may speak."""
    halves = (t for t in source.ancestors if t.dep_ == "conj" and subject_of(t))
    apart = any(word_of(t.head) in lexicon().verbs or any(c.lower_ == "but" for c in t.lefts) for t in halves)
    rest = source.doc[source.right_edge.i + 1 : source.sent.end]
    described = len(rest) > 2 and rest[0].text == "," and rest[1].pos_ == "DET" and not any(t.pos_ in ("VERB", "AUX", "PRON") for t in rest)
    return not apart and (described or all(t.is_punct or t.is_space for t in rest))  # "Y, a monitor": the tree need not have seen it


def _shares_subject(token: Token) -> bool:
    """The second half of "made advances, but were repelled": what is said of it is said of both."""
    return token.dep_ == "conj" and subject_of(token) is None and token.pos_ == "VERB"


def _trails(token: Token) -> bool:
    """A participle clause with no comma before it shares the adjunct of its main clause."""
    between = token.doc[min(token.head.i, token.i) : max(token.head.i, token.i)]
    return token.dep_ == "advcl" and token.tag_ == "VBG" and not any(t.text == "," for t in between)


def _is_clause(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX") or any(child.dep_.startswith("nsubj") or child.dep_ == "cop" for child in token.children)


def _is_reports(token: Token) -> bool:
    """Bare "reports" without anybody whose reports they are."""
    return word_of(token) in lexicon().words["reports"] and token.lower_ != word_of(token) and owner(token) is None
