"""A word of a parsed sentence → those listed with it, and what it counts or is said to include."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import OBLIQUES, PASSIVE_SUBJECTS, SUBJECTS, case_of, children, class_of, first_of_list, is_past_participle, obliques

if TYPE_CHECKING:
    from khabar.doc import Token


def opens_clause(noun: Token) -> bool:
    """ "five were killed and 77 others [were] wounded": listed with the five in the tree, though the next participle is said of it."""
    if children(noun, "orphan"):
        return True
    if noun.right_edge.i + 2 >= noun.sent.end or noun.pos_ not in ("NOUN", "NUM", "PRON", "ADJ"):
        return False
    after = noun.right_edge.nbor()
    after = after.nbor() if after.lower_ == "," else after
    verb = after.head if after.dep_ in ("aux", "aux:pass", "advmod") else after
    bare = verb.pos_ == "VERB" and verb.dep_ == "conj" and is_past_participle(verb)
    return bare and not children(verb, "obj", *SUBJECTS, *PASSIVE_SUBJECTS) and verb.head.i < noun.i < verb.i


def counted(token: Token) -> Token:
    """The noun behind a number word: "hundreds of families" → families, "a group of gunmen" → gunmen."""
    counts = {token.lemma_.lower(), token.lower_.removesuffix("s")} & class_of("counters")
    of = obliques(token, frozenset({"of"})) if counts or token.pos_ == "NUM" else []
    return counted(of[0]) if of else token


def coordinated(token: Token) -> list[Token]:
    """A word and all that is joined to it by "and", commas or "as well as"; "23 people and themselves" are 23 people."""
    joined = (c for c in children(token, "conj") if not (opens_clause(c) or is_left_out(c) or c.lower_.endswith(("self", "selves"))))
    return [token, *(deeper for child in (*_listed_beside(token), *joined) for deeper in coordinated(child))]


def is_left_out(other: Token) -> bool:
    """ "A and not B", "everything but B": joined to the first only to say that it is not so of it."""
    if other.dep_ != "conj":
        return False
    beside = (other.head, other.head.head, *children(other.head.head, "obj"))  # "everything in A but the airfield"
    whole = {word.lower_ for word in beside} & class_of("everything")
    but = bool(whole) and any(word.lower_ in ("but", "except") for word in children(other, "cc", "case"))
    return but or any(word.lower_ == "not" for word in other.lefts)


def without_anothers(listed: list[Token], participle: Token) -> list[Token]:
    """ "40 civilians killed and 150 soldiers injured": of a list of which two words have a participle of their own behind them, those that
    are this participle's."""
    listed = _with_own_lot(listed, participle)
    if not is_past_participle(participle):
        return listed
    told = participle.head if participle.dep_ in ("acl", "amod") and participle.head.i < participle.i else None
    before = any(noun.i < participle.i for noun in listed)

    def is_anothers(noun: Token) -> bool:
        joined = told is not None and noun != told and first_of_list(noun) == first_of_list(told)
        return (joined or (before and noun.i > participle.i)) and _has_other_participle(noun, participle)

    return [noun for noun in listed if not is_anothers(noun)]


def _with_own_lot(listed: list[Token], told: Token) -> list[Token]:
    """ "left two guards dead and nine villagers wounded": of each what stands right behind."""
    lots = class_of("lots")
    if told.lower_ not in lots or told.i == told.sent.start:
        return listed
    own = [
        n for n in listed if told.i - 1 in (n.i, *(c.right_edge.i for c in children(n, "nmod") if n.pos_ == "NUM"))
    ]  # "six of its men dead"
    others = [n for n in listed if own and n not in own and n.i + 1 < n.sent.end]
    apart = [n for n in others if n.nbor().lower_ in lots or (n.pos_ == "NUM" and n.nbor().lower_ == "with")]  # "and 13 with burns"
    return [n for n in listed if n not in apart]


def _has_other_participle(noun: Token, than: Token) -> bool:
    return any(c != than and is_past_participle(c) and c.nbor(-1) == noun for c in children(noun, "acl", "amod") if c.i > noun.i)


def _listed_beside(token: Token) -> list[Token]:
    """ "the airport, two bases and the town": the middle of a list, which the tree takes for another name of its first."""
    return [w for w in children(token, "appos") if token.tag_ == "NN" and w.tag_ == "NNS"] if children(token, "conj") else []


def instances(token: Token) -> list[Token]:
    """What a general noun is said to be: "four villages: A, B and C", "the towns of A and B", "towns, including A", "the
    seized towns include A and B"."""
    beside = _listed_beside(token)
    named = [
        w
        for w in children(token, "nmod", "acl", "appos", "obl")
        if w not in beside and (w.dep_ == "appos" or case_of(w) in class_of("such_as"))
    ]
    if not named and token.tag_ == "NNS":  # "suburbs north of A, including B": hung on whatever stands before the comma
        named = [w for w in token.subtree if w.dep_ in ("nmod", "obl") and case_of(w) == "including" and w.i > token.i]
    named += [w for clause in children(token, "acl", "advcl") if clause.lower_ == "including" for w in children(clause, "obj", "obl")]
    several = obliques(token, frozenset({"of"}))
    if several and len(coordinated(several[0])) > 1:
        named += several
    named += _among_them(token)
    first = first_of_list(token)
    verb = first.head
    if first.dep_ in SUBJECTS and verb.lemma_ in class_of("include"):
        named += children(verb, "obj")
    elif (
        first.dep_ in SUBJECTS
        and (verb.pos_ == "PROPN" or (verb.pos_ == "NOUN" and token.tag_ == "NNS"))
        and children(verb, "cop")
        and not children(verb, "case")
    ):
        named.append(verb)
    return [deeper for word in named for deeper in coordinated(word)]


def _among_them(token: Token) -> list[Token]:
    """ "five were killed, among them a child", "three of them women": told beside the noun, under the same verb."""
    if token.dep_ in ("obj", "nsubj:pass", "nsubj", "obl"):
        listed = [w for w in children(token.head, "obl", "nmod") if w.i > token.i and case_of(w) in class_of("such_as") - {"like", "among"}]
        if listed:
            return listed
    pronouns = [w for w in token.head.children if w.lower_ in ("them", "whom") and case_of(w) == "among" and w.i > token.i]
    if not pronouns and token.tag_ == "NNS":
        among = [w for w in token.sent if w.i > token.i and w.lower_ in ("them", "which") and w.nbor(-1).lower_ == "among"]
        named = [w.nbor() for w in among[:1] if w.i + 1 < w.sent.end and w.nbor().pos_ == "PROPN"]
        if named:
            return named
    after = [
        w for p in pronouns[:1] for w in children(token.head, *OBLIQUES, *SUBJECTS, *PASSIVE_SUBJECTS, "obj", "dep", "parataxis", "appos")
    ]
    return [w for w in after if w.i > pronouns[0].i and not case_of(w)][:1] or _some_of_them(token)


def _some_of_them(token: Token) -> list[Token]:
    """ "killed 12 people, three of them women", "of whom four were soldiers": the part that is told of those counted last."""
    verb = token.head.head if token.dep_ == "nmod" and counted(token.head) == token else token.head
    if verb.pos_ != "VERB":
        return []
    pointers = [w for w in verb.subtree if w.lower_ in ("them", "whom") and case_of(w) == "of" and w.i > max(token.i, verb.i)]
    if not pointers or any(w.pos_ == "VERB" and w.dep_ != "amod" for w in verb.doc[max(token.i, verb.i) + 1 : pointers[0].i]):
        return []
    numbers = [w.head for w in pointers if w.head.pos_ == "NUM"]
    listed = [c for n in numbers for c in children(n, "appos", "nmod") if c.tag_ == "NNS" and c.left_edge.nbor(-1) in pointers]
    listed += [n.head for n in numbers if n.dep_ == "nummod" and n.head.tag_ == "NNS" and n.head.nbor(-1) in pointers]
    return listed + [n.head for n in numbers if n.dep_ == "nsubj" and n.head.pos_ in ("NOUN", "PROPN")]


def company(token: Token) -> list[Token]:
    """Who shares the lot of a person: "killed a colonel along with two guards", "was killed together with his son"."""
    beside = [token, *([token.head] if token.dep_ in ("obj", "nsubj:pass", "nsubj") else []), *children(token.head, "advmod")]
    found = [w for start in beside for w in children(start, *OBLIQUES) if w.i > token.i and _is_company(w)]
    return [deeper for word in found for deeper in coordinated(word)]


def _is_company(word: Token) -> bool:
    before = word.left_edge.nbor(-1) if word.left_edge.i > word.sent.start else word
    return case_of(word) in class_of("besides") or (
        case_of(word) == "with" and {word.head.lower_, before.lower_} & {"together", "along"} != set()
    )
