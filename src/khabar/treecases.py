"""A word of a parsed Doc → prepositions and particles hung on the word that they belong to, and what stands behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

STRANDED = frozenset({"upon", "on", "at", "for", "into"})
PARTED = frozenset({"cut", "seal", "close", "block", "call", "break", "fend", "fence", "wall", "ward", "fight", "finish", "stave"})
CHARGING = frozenset({"accuse", "acquit", "convict", "suspect", "clear", "absolve", "exonerate", "blame"})


def hang_cases(token: Token) -> None:
    """Mends what prepositions and particles belong to."""
    _share_of(token)
    _strand(token)
    _tell_oblique(token)
    _take_as(token)
    _cut_off(token)
    _say_of_verb(token)
    _clear_of(token)
    _or_rather(token)


def _or_rather(slash: Token) -> None:
    """ "captured by Russia/ | the DPR": what stands behind a slash says the first over again, or whom it stands for."""
    other = slash.head
    if slash.text == "/" and slash.dep_ == "cc" and other.dep_ == "conj" and other.head.i < slash.i < other.i and other.pos_ == "PROPN":
        other.dep_, slash.dep_ = "appos", "punct"


def _share_of(token: Token) -> None:
    """ "hold most | of the roads": a part is of something."""
    of = token.left_edge
    if token.dep_ != "obl" or of.lower_ != "of" or of.i == token.sent.start:
        return
    share = of.nbor(-1)
    if token.head in (share, share.head) and share.lower_ in words("nouns.yaml")["portion"]:
        token.head, token.dep_ = share, "nmod"


def _strand(case: Token) -> None:
    """ "was fired upon in A": of two prepositions behind a passive verb the first belongs to the verb."""
    alone = case.dep_ in ("obl", "advmod") and case.pos_ == "ADP" and not list(case.children)
    verb = case.head if alone else case.head.head
    if not (alone or case.dep_ == "case") or case.lower_ not in STRANDED or case.i + 1 >= case.sent.end or verb.i + 1 != case.i:
        return
    second = case.nbor()
    if alone and any(child.dep_ in ("aux:pass", "nsubj:pass") for child in verb.lefts):
        case.dep_ = "compound:prt"
        return
    if second.dep_ == "case" and second.head == case.head and any(child.dep_ in ("aux:pass", "nsubj:pass") for child in verb.lefts):
        case.head, case.dep_ = verb, "compound:prt"


def _tell_oblique(noun: Token) -> None:
    """ "brought under control the towns of A": of two objects, the one with a preposition before the other is none."""
    if noun.dep_ != "obj" or all(child.dep_ != "case" for child in noun.lefts):
        return
    others = [other for other in noun.head.rights if other.dep_ == "obj" and other != noun]
    if any(other.i > noun.i or all(child.dep_ != "case" for child in other.lefts) for other in others):
        noun.dep_ = "obl"


def _take_as(what: Token) -> None:
    """ "were taken | as | booty", "used as | bait": what something is taken as stands behind a preposition, and no adverb."""
    before = what.nbor(-1) if what.dep_ == "obl" and what.i > what.sent.start else what
    if before.lower_ == "as" and before.dep_ == "advmod" and before.head == what and what.head.i < before.i:
        before.dep_, before.pos_, before.tag_ = "case", "ADP", "IN"


def _cut_off(off: Token) -> None:
    """ "cut | off | the base": what stands behind such a verb is its own, and the noun what it is done to."""
    noun = off.head
    verb = off.nbor(-1) if off.lower_ == "off" and off.dep_ == "case" and off.i > off.sent.start else off
    if verb.lemma_ not in PARTED or verb.pos_ != "VERB" or noun.head != verb or noun.dep_ not in ("obl", "obj") or noun.i < off.i:
        return
    if any(child.dep_ in ("obj", "aux:pass") and child != noun for child in verb.children):
        return
    off.head, off.dep_, off.tag_, noun.dep_ = verb, "compound:prt", "RP", "obj"


def _say_of_verb(noun: Token) -> None:
    """ "blamed the army | for the shelling": what a preposition adds to a finite verb tells how, where or for what it was done."""
    if noun.dep_ == "nmod" and noun.head.pos_ == "VERB" and noun.head.tag_ in ("VBD", "VBZ", "VBP") and noun.i > noun.head.i:
        noun.dep_ = "obl" if any(child.dep_ == "case" for child in noun.lefts) else "nmod"


def _clear_of(deed: Token) -> None:
    """ "acquitted the captain | of murdering two": of what somebody is accused or cleared says no more of who he is."""
    accused = deed.head
    if deed.dep_ != "acl" or deed.tag_ != "VBG" or accused.dep_ not in ("obj", "nsubj:pass") or accused.head.pos_ != "VERB":
        return
    of = any(child.dep_ == "mark" and child.lower_ in ("of", "for") for child in deed.lefts)
    if of and accused.head.lemma_ in CHARGING:
        deed.head, deed.dep_ = accused.head, "advcl"
