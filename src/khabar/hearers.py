"""A cue → the words of who speaks, those to whom it was said, and whom the speaker cites for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.closings import joined_name
from khabar.cues import lexicon
from khabar.dependencies import (
    FINITE,
    TELLING,
    Tokens,
    agent_of,
    case_of,
    case_tokens,
    is_passed_on,
    noun_from,
    object_of,
    subtree,
    word_of,
)

if TYPE_CHECKING:
    from khabar.doc import Token


def hearer_after(token: Token, noun: range) -> tuple[int, ...]:
    """ "… a source told the agency": whoever stands right behind a verb of telling."""
    after = token.i + 1
    if (
        word_of(token) not in TELLING
        or noun[-1] > token.i
        or after >= token.sent.end
        or token.doc[after].pos_ not in ("DET", "PROPN", "NOUN")
    ):
        return ()
    return ((joined_name(token.doc, after) or noun_from(token.doc[after])).i,)


def inner_saying(token: Token) -> Token | None:
    """The "saying" in "as saying", under the quoting verb or under its object."""
    for child in token.subtree:
        if child.i > token.i and child.pos_ == "VERB" and (child.tag_ == "VBG" or child.text.endswith("ing")):
            before = child.nbor(-1) if child.i > 0 else child
            if before.lower_ == "as" and word_of(child) in lexicon().verbs:
                return child
    return None


def cited_by(token: Token) -> int | None:
    """Number of the noun that "…, citing X" names as where the speaker has it from."""
    after = token.doc[token.i + 1 : min(token.i + 3, token.sent.end)]
    beside = [after[1]] if len(after) == 2 and after[0].text == "," else []  # "…, X said, citing Y", wherever the tree hung it
    named = (c for what in token.children if what.dep_ == "nmod:desc" for c in what.children if c.dep_ == "acl")
    ends = (c for said in token.rights if said.dep_ == "ccomp" for c in said.rights if c.dep_ == "advcl" and c.nbor(-1).text == ",")
    for child in (
        *token.children,
        *beside,
        *named,
        *ends,
    ):  # "Local news site A, citing residents, said", "said B had fallen, citing residents"
        aside = child.dep_ == "acl:relcl" and child.tag_ in FINITE and any(c.dep_ == "nsubj" and c.i < child.i for c in child.children)
        beside_it = child.dep_ in ("advcl", "xcomp", "ccomp", "parataxis", "acl", "case") and child.text.lower().endswith("ing")
        if (aside or beside_it) and word_of(child) in lexicon().words["quoting"]:  # "the army, which cited residents, said"
            thing = object_of(child)
            return thing.i if thing is not None and inner_saying(child) is None else None
    return None


def cites(token: Token) -> int | None:
    """In "citing doctors who saw it" what follows is the doctors' too."""
    thing = object_of(token)
    return thing.i if thing is not None and token.tag_ == "VBG" and word_of(token) in lexicon().words["quoting"] else None


def source_tokens(source: Token, cue: Token) -> Tokens:
    beside = (c for c in source.rights if c.dep_ == "acl" and c.tag_ == "VBG" and c.left_edge.i > source.i)
    aside = (c for c in beside if "," in (c.left_edge.text, c.left_edge.nbor(-1).text))
    words = (subtree(source) - case_tokens(source)).difference(*map(subtree, aside))  # "N, speaking in the town, said"
    words = words.difference(c.i for c in source.lefts if c.dep_ == "cc:preconj" or c.lower_ in ("even", "only", "not"))  # "Both A and B"
    return words - subtree(cue) if cue.i in words else words


def hearers_of(token: Token, content: Tokens) -> tuple[int, ...]:
    """Nouns of those to whom a thing was said: "told X", "in a statement to X", "speaking to X", "a statement carried by X"."""
    found: list[int] = []
    for child in token.children:
        if child.i in content:
            continue
        if child.dep_ in ("obj", "iobj", "obl", "obl:arg"):
            found += [child.i, *_carried_by(child)]
        elif child.dep_ == "advcl" and word_of(child) in ("speak", "talk", "write"):
            found += [grandchild.i for grandchild in child.children if grandchild.dep_.startswith("obl")]
    return tuple(found)


def passed_on_by(source: Token) -> tuple[int, ...]:
    """X in "residents quoted by X", "a memo seen by X"."""
    agents = (agent_of(child) for child in source.rights if child.dep_.startswith("acl") and is_passed_on(child))
    return tuple(agent.i for agent in agents if agent is not None)


def _carried_by(noun: Token) -> list[int]:
    """In "a statement to X", "an interview with X", "a statement carried by X": X."""
    nouns = [child.i for child in noun.rights if child.dep_ == "nmod" and case_of(child) in ("to", "with", "on", "by", "from", "for")]
    agents = [agent_of(child) for child in noun.rights if child.dep_.startswith("acl")]
    return nouns + [agent.i for agent in agents if agent is not None]
