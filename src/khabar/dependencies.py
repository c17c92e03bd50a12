"""A word of a parsed sentence → the words that its clause gives it: subject, object, agent, owner.

Universal Dependencies as `khabar.language` writes them, read with the traps of news: shared subjects, relative pronouns, names joined into
one word that the tree hangs wrongly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.cues import lexicon

if TYPE_CHECKING:
    from khabar.doc import Token

Tokens = frozenset[int]
NOTHING: Tokens = frozenset()
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "SYM", "X"})
MODALS = frozenset({"will", "would", "could", "may", "might", "shall", "can", "’ll", "'ll"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
TELLING = frozenset({"tell", "inform", "brief", "notify", "remind", "assure", "warn", "advise", "ask"})
TIMES = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday"])


def subtree(token: Token) -> Tokens:
    return frozenset(t.i for t in token.subtree)


def word_of(token: Token) -> str:
    return token.lemma_.lower()


def mark_of(token: Token) -> str:
    return next((child.lower_ for child in token.lefts if child.dep_ == "mark"), "")


def case_token(token: Token) -> Token | None:
    return next((child for child in token.lefts if child.dep_ in ("case", "mark")), None)


def case_tokens(token: Token) -> Tokens:
    return frozenset(i for child in token.lefts if child.dep_ == "case" for i in subtree(child))


def case_of(token: Token) -> str:
    return case.lower_ if (case := case_token(token)) is not None else ""


def subject_of(token: Token) -> Token | None:
    """The subject that a predicate has of its own."""
    return next((child for child in token.children if child.dep_.startswith("nsubj")), None)


def subject(token: Token) -> Token | None:
    """Who does a verb: its own subject, the one it shares, or the noun that it modifies."""
    seen = {token.i}
    while True:
        if (own := subject_of(token) or _name_before(token)) is not None:
            return own
        if token.tag_ == "VBG" and token.dep_ == "advcl" and mark_of(token) != "as" and (speaking := _speaking_above(token)) is not None:
            return subject(speaking)
        if token.dep_ in ("acl", "amod"):
            return subject(token.head.head) if _is_put_out(token) else token.head
        if token.dep_ in ("xcomp", "advcl", "ccomp") and (controller := _controller(token)) is not None:
            return controller
        if token.dep_ not in ("conj", "xcomp", "advcl", "parataxis", "ccomp") or token.head.i in seen:
            return None
        token = token.head
        seen.add(token.i)


def _is_put_out(token: Token) -> bool:
    """Is it a thing put out that "stating" hangs on, and no medium: "issued an ultimatum, stating …"?"""
    thing, nominals = token.head, token.doc.user_data.get("nominals")
    abstract = nominals is not None and nominals[thing.i] in ("abstract", "event")
    put_out = thing.dep_ == "obj" and thing.head.pos_ == "VERB" and not is_passive(thing.head)
    stating = token.tag_ == "VBG" and mark_of(token) != "as"
    return stating and abstract and put_out and word_of(thing) not in lexicon().words["media"]


def _speaking_above(token: Token) -> Token | None:
    """The verb that "adding that …" goes on, where the tree hung it on what was said: "said the raid had ended, adding …"."""
    for ancestor in token.ancestors:
        if ancestor.pos_ == "VERB" and any(cue.link and "clause" in cue.takes for cue in lexicon().verbs.get(word_of(ancestor), ())):
            return ancestor
    return None


def _name_before(token: Token) -> Token | None:
    """The joined name right before a finite verb: its subject, wherever the tree hung it."""
    at = token.i - 1
    while at > token.sent.start and (token.doc[at].pos_ in ("ADV", "AUX") or token.doc[at].text in ("(", ")")):
        at -= 1
    name = token.doc[at]
    return (
        name
        if token.tag_ in FINITE and at >= token.sent.start and is_joined(name) and name.ent_type_ in ("ORG", "PERSON", "NORP")
        else None
    )


def _controller(token: Token) -> Token | None:
    """The object that does the infinitive ("ordered them to say") or the saying ("quoted him as saying")."""
    head = token.head
    if head.pos_ != "VERB" or (token.dep_ == "ccomp" and mark_of(token) == "that"):
        return None
    quoting = word_of(head) in lexicon().words["quoting"]
    if quoting and mark_of(token) == "as":
        return quoted_by(head)
    return object_of(head) if token.dep_ == "xcomp" and word_of(head) not in ("promise", "vow", "use", "take") else None


def antecedent(source: Token) -> Token:
    """The noun behind a relative pronoun."""
    if source.lower_ in ("who", "which", "that") and source.pos_ in ("PRON", "DET", "SCONJ"):
        for ancestor in source.ancestors:
            if ancestor.dep_ == "acl:relcl":
                return ancestor.head
    return source


def object_of(token: Token) -> Token | None:
    return next((child for child in token.rights if child.dep_ == "obj"), None)


def agent_of(token: Token) -> Token | None:
    for child in token.children:
        if (child.dep_ == "obl:agent" and case_of(child) in ("by", "")) or (
            child.dep_ in ("obl", "nmod") and case_of(child) == "by" and token.tag_ in ("VBN", "VBD")
        ):
            return child
    return None


def is_passive(token: Token) -> bool:
    if any(child.dep_ in ("aux:pass", "nsubj:pass", "obl:agent", "csubj:pass") for child in token.children):
        return True
    if token.tag_ != "VBN":
        return False
    return token.dep_ in ("acl", "amod") or absolute(token) is not None or (token.dep_ == "conj" and _shares_passive(token))


def absolute(token: Token) -> Token | None:
    """The noun of "with fighting reported in the town", where the tree made the participle a verb of its own."""
    before = token.doc[token.i - 1] if token.i > token.sent.start else token
    bare = not any(child.dep_.startswith(("aux", "nsubj")) for child in token.children)
    return before if before.pos_ == "NOUN" and bare and case_of(before) == "with" and token.dep_ != "acl" else None


def _shares_passive(token: Token) -> bool:
    return not any(child.dep_ == "aux" for child in token.children) and token.head.pos_ == "VERB" and is_passive(token.head)


def quoted_by(token: Token) -> Token | None:
    if not is_passive(token):
        return object_of(token)
    if token.dep_ in ("acl", "acl:relcl"):
        return token.head
    return subject_of(token)


def owner(noun: Token) -> Token | None:
    """Whose statement, figures or pictures they are: "X's …", "… of X", "… by X", "X …"; or who puts them out, as subject."""
    if (here := owner_here(noun)) is not None:
        return here
    put_out = noun.dep_ == "obj" or (noun.dep_ == "obl" and case_of(noun) == "in")
    if put_out and noun.head.pos_ == "VERB" and not is_passive(noun.head):
        return subject(noun.head)
    return None


def owner_here(noun: Token) -> Token | None:
    for child in noun.children:
        if child.dep_ == "nmod:poss" and child.i < noun.i:
            return child
    for child in noun.rights:
        if child.dep_ == "nmod" and case_of(child) in ("by", "from") and child.ent_type_ not in ("PLACE", "FACILITY"):
            return child
        if child.dep_ in ("acl", "acl:relcl") and (agent := agent_of(child)) is not None and not is_passed_on(child):
            return agent
        if child.dep_ == "acl" and (site := next((c for c in child.children if case_of(c) == "on"), None)) is not None:
            return owner_here(site)
    for child in noun.lefts:
        adjective = child.dep_ == "amod" and word_of(noun) not in lexicon().words["outlets"]  # "Ukrainian toll", but "Russian channels"
        if (adjective or child.dep_ in ("compound", "nmod", "nmod:desc")) and _may_own(child):
            return child
    return next((c for c in noun.rights if c.dep_ == "nmod" and case_of(c) == "of" and _is_body(c)), None)


def is_passed_on(clause: Token) -> bool:
    """ "a memo | seen by A": whose it is is not said."""
    return word_of(clause) in lexicon().words["passing_on"]


def _is_body(noun: Token) -> bool:
    nominals = noun.doc.user_data.get("nominals")
    return noun.ent_type_ in ("ORG", "PERSON", "NORP") or (nominals is not None and nominals[noun.i] == "organization")


def _may_own(token: Token) -> bool:
    """A name or a person before a medium: "army statement", "Ukrainian toll"; not "death toll", "Telegram channel"."""
    words = lexicon().words
    if token.lower_ in words["media"] | words["platforms"] | words["outlets"]:
        return False
    nominals = token.doc.user_data.get("nominals")
    return token.pos_ == "PROPN" or bool(token.ent_type_) or (nominals is not None and nominals[token.i] in ("person", "organization"))


def is_joined(token: Token) -> bool:
    """A name of many words read as one, whose tag and place in the tree are less sure than that it is a name."""
    return " " in token.text


def noun_from(token: Token) -> Token:
    """The head of the noun phrase that begins with a token."""
    while token.head is not token and token.head.i > token.i and token.dep_ in _WITHIN:
        token = token.head
    return token


_WITHIN = frozenset(
    {
        "det",
        "amod",
        "compound",
        "nummod",
        "nmod:poss",
        "flat",
        "advmod",
        "nmod",
        "det:predet",
        "case",
        "punct",
        "appos",
        "nmod:desc",
        "compound:prt",
    }
)
