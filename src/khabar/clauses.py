"""A word of a parsed sentence → the words that hang on it: its children by kind, its objects, its voice, its clause.

The tree is Universal Dependencies. What differs from a textbook tree is undone here and in the modules above, once for all rules: who does
what (`subjects`), the verbs that merely carry an event noun (`carriers`), lists and what a general noun includes (`lists`). What a rule may
ask for is in `slots`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

SUBJECTS = ("nsubj", "csubj")
PASSIVE_SUBJECTS = ("nsubj:pass", "csubj:pass")
OBLIQUES = ("obl", "obl:agent", "obl:tmod", "obl:unmarked", "nmod", "obl:npmod", "nmod:unmarked")
MODIFIERS = ("amod", "compound", "nmod:poss", "nmod", "nmod:unmarked", "flat", "obl:npmod", "obl:unmarked", "obl")
FRACTIONS = ("half", "third", "quarter")
RELATIVIZERS = {"who", "which", "that", "whom", "whose"}


def class_of(name: str) -> frozenset[str]:
    return words("clauses.yaml")[name]


def children(token: Token, *deps: str) -> list[Token]:
    """The dependents of a word with one of these labels, left to right."""
    return [child for child in token.children if child.dep_ in deps] if token.children else []


def begins_compound(token: Token) -> bool:
    """Is a number none of its own, as that of "a 16-year-old boy", though the page has lost its hyphens?"""
    after = token.doc[token.i + 1 : min(token.i + 3, token.sent.end)]
    aged = len(after) == 2 and after[0].lower_ in ("year", "month") and after[1].lower_ == "old"
    return token.pos_ == "NUM" and len(after) > 0 and (after[0].text == "-" or aged)


def case_of(token: Token) -> str:
    """The preposition of a nominal in lower case, "" where it has none; "out of" and "close to" are joined by a space."""
    cases = [c for c in children(token, "case") if c.lower_ not in ("'s", "’s", "'", "’")]
    if len(cases) > 1 and cases[-1].lower_ in ("over", "about", "under") and (children(token, "nummod") or token.lemma_ in FRACTIONS):
        cases = cases[:-1]  # "of over a third", "in about 20 towns"
    return " ".join(part.lower_ for c in cases for part in (c, *children(c, "fixed")))


def direct_objects(verb: Token) -> list[Token]:
    """The objects of a verb, with what the tree takes for an oblique because a bound stands before it: "killed at least 20 soldiers"."""
    beside = [*children(verb, "obl"), *(w for w in children(verb.head, "nmod") if leftmost(w) == verb.i + 1)]
    late = [w for w in children(verb, "nsubj:pass") if w.i > verb.i and len(children(verb, "nsubj", "nsubj:pass")) > 1]
    bounded = [w for w in beside if w.i > verb.i and _is_bounded(w)]
    plain = children(verb, "obj") or late or _after_particle(verb) or bounded[:1]
    return plain or _second_subject(verb) or _object_of_first(verb) or children(verb, "iobj")


def _after_particle(verb: Token) -> list[Token]:
    """ "won back the village", "handed over the town": the object that the tree hangs on the particle, or calls an oblique."""
    particles = children(verb, "compound:prt", "advmod")
    hung = [word for particle in particles for word in children(particle, "obj")]
    return hung or [
        w for w in children(verb, "obl") if not case_of(w) and any(leftmost(w) == p.i + 1 for p in particles) and w.tag_ != "CD"
    ]


def _object_of_first(verb: Token) -> list[Token]:
    """ "shot and wounded a guard": the object that the tree hangs on the first of two verbs, though it follows the second."""
    taken = children(verb, *SUBJECTS, *PASSIVE_SUBJECTS, "aux:pass", "ccomp", "xcomp")
    shares = verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not taken
    return [word for word in children(verb.head, "obj") if shares and word.i > verb.i][:1]


def _second_subject(verb: Token) -> list[Token]:
    """ "air strikes killed at least 20 civilians": of two subjects, one on each side, the one after the verb is its object."""
    subjects = children(verb, *SUBJECTS, *PASSIVE_SUBJECTS)
    return subjects[1:2] if len(subjects) > 1 and subjects[0].i < verb.i < subjects[1].i else []


def leftmost(word: Token) -> int:
    return min(w.i for w in word.subtree)


def _is_bounded(noun: Token) -> bool:
    """ "at least 20 soldiers", "over 100": is it counted, with a bound and no other preposition before the number?"""
    numbers = [noun] if noun.pos_ == "NUM" else children(noun, "nummod")
    bounds = {word.lower_ for number in (noun, *numbers) for word in number.subtree if word.i < (numbers or [noun])[0].i}
    counted_off = bool(numbers) or noun.lemma_ in FRACTIONS
    return counted_off and case_of(noun) in ("", *class_of("bounds")) and bool(bounds & class_of("bounds"))


def is_passive(verb: Token) -> bool:
    """Is the surface subject (or the noun that a participle describes) the one acted upon?"""
    if children(verb, "aux:pass") or (children(verb, "nsubj:pass") and not direct_objects(verb)):
        return True
    if (children(verb, "obl:agent") and not children(verb, "obj")) or (is_past_participle(verb) and agent_before_date(verb)):
        return True
    if _voice_of_conjunct(verb) or _can_only_suffer(verb):
        return True
    bare = verb.dep_ in ("acl", "amod", "advcl", "dep", "appos", "parataxis") or (verb.dep_ == "root" and not children(verb, *SUBJECTS))
    return bare and is_past_participle(verb) and not children(verb, "aux", *SUBJECTS) and not direct_objects(verb)


def _can_only_suffer(verb: Token) -> bool:
    """ "dozens more injured", "two soldiers killed": verbs that want an object and have none say what was done to their subject."""
    if (
        verb.lemma_ not in class_of("transitive_only")
        or not is_past_participle(verb)
        or children(verb, "ccomp", "xcomp")
        or direct_objects(verb)
    ):
        return False
    return (
        not any(word.lower_ in RELATIVIZERS for word in children(verb, *SUBJECTS)) and not shared_object(verb) and verb.dep_ != "acl:relcl"
    )


def _voice_of_conjunct(verb: Token) -> bool:
    """ "were shelled and [were] driven out": a conjoined participle without a subject and object of its own shares the voice."""
    if verb.dep_ != "conj" or children(verb, *SUBJECTS, "obj", "aux") or not is_past_participle(verb):
        return False
    return verb.head.pos_ == "VERB" and is_passive(verb.head) and is_past_participle(verb.head)


def is_past_participle(verb: Token) -> bool:
    """ "seized", "taken", and not "seizing" or "seize". A past tense looks the same to the tagger at times: its subject tells it."""
    return verb.tag_ in ("VBN", "VBD")


def is_verbal_noun(token: Token) -> bool:
    """ "the fighting in A", "weeks of shelling": a gerund that stands as a noun, though it is tagged as a verb."""
    if token.tag_ != "VBG" or token.pos_ != "VERB" or children(token, "obj", "aux", *SUBJECTS):
        return False
    if children(token, "mark"):
        return any(mark.lower_ in ("in", "during", "of", "from", "amid", "despite") for mark in children(token, "mark"))
    if token.dep_ == "conj" and token.head.pos_ == "NOUN" and not list(token.rights):  # "years of siege and shelling"
        return True
    return token.dep_ in ("nsubj", "nsubj:pass", "csubj", "obj") or bool(children(token, "det", "amod", "case", "compound", "nmod:poss"))


def agent_before_date(verb: Token) -> list[Token]:
    """ "taken by A 4 May": where the parser makes A a part of the date, the last name before its number."""
    numbers = [number for number in children(verb, *OBLIQUES) if number.pos_ == "NUM"]
    parts = [part for number in numbers for part in children(number, "compound", "nmod:unmarked") if part.i < number.i]
    return parts[-1:] if any(case_of(word) == "by" for word in (*parts, *numbers)) else []


def shared_object(verb: Token) -> list[Token]:
    """ "stormed and captured the base": both verbs share the object, whichever of them the tree hangs it on."""
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not children(verb, *SUBJECTS):
        shared_after = [noun for noun in children(verb.head, "obj") if noun.i > verb.i]
        if shared_after:
            return shared_after
    for other in children(verb, "conj"):
        if other.pos_ == "VERB" and not children(other, *SUBJECTS, "mark") and other.i - verb.i <= 3:
            return children(other, "obj")
    return []


def obliques(token: Token, prepositions: frozenset[str]) -> list[Token]:
    """Nominals that hang on a word by one of these prepositions. Where a verb has none, its object's: "seized the hill from the army"
    is parsed either way."""
    own = [child for child in children(token, *OBLIQUES) if case_of(child) in prepositions and not is_apart(child)]
    if own or token.pos_ != "VERB" or prepositions == {"of"}:
        return own
    nouns = [inner for noun in children(token, "obj") for inner in (noun.subtree if prepositions <= {"from", "off"} else (noun,))]
    return [child for noun in nouns for child in children(noun, *OBLIQUES) if case_of(child) in prepositions]


def is_apart(noun: Token) -> bool:
    """ "two days after an attack": is it told as another event, at a distance in time?"""
    if case_of(noun) != "after":
        return False
    beside = [word for case in children(noun, "case") for word in (*case.children, *noun.children) if word.i < case.i]
    return any(word.lemma_.lower() in class_of("spans") for word in beside)


def governor(token: Token) -> list[Token]:
    """The verb or noun above a word, through conjunction."""
    first = first_of_list(token)
    return [first.head] if first.head != first else []


def first_of_list(token: Token) -> Token:
    """The first of the words that are joined by "and"."""
    while token.dep_ == "conj":
        token = token.head
    return token


def possessor(noun: Token) -> list[Token]:
    owners = children(noun, "nmod:poss") if noun.lemma_ not in words("nouns.yaml")["war"] else []  # "Syria's conflict" says where, not who
    clause = next((a for a in ancestors(noun) if a.dep_ == "acl:relcl"), None)  # "militants, whose assault on A …"
    return [clause.head if word.lower_ == "whose" and clause is not None else word for word in owners]


def modifiers(noun: Token) -> list[Token]:
    """The words before an event noun that may say who or whose: "Russian air strikes", "a rebel-held town" (held, then rebel), "a rebel
    rocket attack" however the tree brackets it."""
    own = [child for child in children(noun, *MODIFIERS) if child.i < noun.i and child not in opposed(noun)]
    if noun.lemma_ in words("nouns.yaml")["war"]:  # "Syria's conflict" says where, not who
        own = [child for child in own if child.dep_ != "nmod:poss"]
    return [*own, *(deeper for child in own if child.dep_ == "compound" for deeper in children(child, "compound", "amod"))]


def opposed(noun: Token) -> list[Token]:
    """Whom an event noun is against by a prefix: "anti-ISIS operations"."""
    before = [child for child in children(noun, *MODIFIERS) if child.i > noun.sent.start + 1 and child.nbor(-1).text == "-"]
    return [child for child in before if child.nbor(-2).lower_ in ("anti", "counter")]


def is_explosive(mine: Token) -> bool:
    """ "homemade land mines", "mines planted by A", "killed by mines": what blows up, and no pit."""
    told = mine.dep_ == "obl:agent" or any(child.lower_ in words("nouns.yaml")["of_mines"] for child in mine.children)
    return told and mine.lemma_.lower() == "mine"


def only_backs(party: Token) -> bool:
    """ "a US-backed offensive": it is led by others."""
    after = party.doc[party.i + 1 : party.i + 3]
    return (
        len(after) == 2
        and after[0].text in ("-", "–", "‑")
        and after[1].lower_ in ("backed", "supported", "sponsored", "brokered", "funded")
    )


def bound(suffix: Token) -> list[Token]:
    """What stands before the second part of a compound: "rebel-held". By place in the line: no tree has these right."""
    at = suffix.i - (2 if suffix.i > suffix.sent.start and suffix.nbor(-1).is_punct else 1)
    if at > suffix.sent.start and suffix.doc[at].lower_ == "group" and suffix.doc[at - 1].pos_ == "PROPN":
        at -= 1  # "the Black Banner group-held town"
    return [suffix.doc[at]] if at >= suffix.sent.start else []


def compounds_of(noun: Token) -> list[Token]:
    """The second parts of compounds said of a noun: "held" in "the rebel-held east"."""
    return [child for child in children(noun, "amod") if child.pos_ == "VERB" and child.i > noun.sent.start and child.nbor(-1).text == "-"]


def ancestors(token: Token) -> Iterator[Token]:
    """The words above a word, nearest first."""
    return token.ancestors


def same_clause(token: Token) -> Iterator[Token]:
    """The words above an event word up to and with the verb of its clause: where its place, time and negation may hang."""
    for above in ancestors(token):
        yield above
        if above.pos_ == "VERB":
            return
