"""A word of a parsed sentence, a path → the words at its end: ``subject``, ``object.of``, ``from``, as rules ask for them.

Every step that a rule may take stands here, so that it says ``actor: subject`` and means it in "A seized B", "B was seized by A", "B,
seized by A", "A, which seized B", "A moved in, seizing B" and "A managed to seize B".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from khabar.carriers import carried_out, light_verb, verb_over
from khabar.clauses import (
    OBLIQUES,
    ancestors,
    bound,
    case_of,
    children,
    class_of,
    direct_objects,
    first_of_list,
    governor,
    is_passive,
    modifiers,
    obliques,
    opposed,
    possessor,
    same_clause,
)
from khabar.lists import coordinated, counted
from khabar.subjects import (
    agent_beside,
    agents,
    at_hands,
    bearer,
    behind,
    blamed,
    employing,
    firer,
    first_of,
    helped,
    imposed,
    logical_object,
    logical_subject,
    setter,
    surface_subject,
    through_relativizer,
)

if TYPE_CHECKING:
    from khabar.doc import Token


def suffering(noun: Token) -> list[Token]:
    """The verb whose subject an act befalls: "came under fire", "suffered an attack"."""
    verb = verb_over(noun)
    return [verb] if verb is not None and verb.lemma_ in class_of("befall") and not is_passive(verb) else []


def instrument_of(noun: Token) -> list[Token]:
    """The deed that an event noun says the manner of: "killed 50 people in an attack", "targeted the town with rocket fire"."""
    noun = first_of_list(noun)
    if noun.dep_ not in ("obl", "nmod") or case_of(noun) not in class_of("means"):
        return []
    verb = noun.head.head if noun.dep_ == "nmod" and noun.head.dep_ == "obj" and noun.i > noun.head.i else noun.head
    return [verb] if verb.pos_ == "VERB" and verb.lemma_ in class_of("deeds") else []


def sides(noun: Token) -> list[Token]:
    """Who fights whom, where the tree hangs it elsewhere in the clause: "clashes broke out on Friday between A and B"."""
    verb = first_of_list(noun).head
    marked = [w for w in verb.subtree if w.i > noun.i and case_of(w) == "between"]
    told = [w.head if w.dep_ == "amod" else w for w in marked if w.dep_ in (*OBLIQUES, "amod")]  # "between Russian and Ukrainian forces"
    sent = [inner for w in told if not children(w, "conj") for inner in children(w, "nmod") if case_of(inner) in ("from", "of")]
    inner = [w for w in sent if any(c.pos_ in ("PROPN", "NOUN") for c in children(w, "conj"))]  # "between men from A and B"
    return inner[:1] or [w for w in told if children(w, "conj") or w.tag_ == "NNS"][:1]


def elided(noun: Token) -> list[Token]:
    """The first of two owners that the tree takes for the head of a list: "government or rebel strikes", said of strikes."""
    first = noun.head
    if noun.dep_ != "conj" or noun.i - first.i > 4 or children(first, "case") != children(noun, "case"):
        return []
    return [first, *modifiers(noun)] if modifiers(noun) else []


def pitting(noun: Token) -> list[Token]:
    """The verb that names both sides of a fight: "clashes pitting A against B", "the battle pitted A against B"."""
    return [verb for verb in (*children(noun, "acl", "acl:relcl"), *governor(noun)) if verb.lemma_ in class_of("pit")]


def engaged(noun: Token) -> list[Token]:
    """The verb over a fight whose subject takes part in it; who reports on it or suffers from it does not."""
    return [verb for verb in governor(noun) if verb.pos_ == "VERB" and verb.lemma_ not in class_of("unengaged") | class_of("idle")]


def claimant(noun: Token) -> list[Token]:
    """Who "claimed responsibility for" an act, or "denied a part in" it; nobody where "no group has"."""
    for above in list(ancestors(noun))[:2]:
        if above.lemma_.lower() in class_of("part_in") and above.head.lemma_ in class_of("claim"):
            claiming = logical_subject(above.head)
            denied = [c for word in (above.head, *claiming) for c in word.children if c.lower_ in _DENYING]
            return [] if denied else claiming
    return []


_DENYING = frozenset({"no", "not", "n't", "n’t", "never", "neither", "nobody"})


def clause_verb(token: Token) -> list[Token]:
    """The verb of the clause that a noun stands in."""
    return [above for above in same_clause(token) if above.pos_ == "VERB"]


def met(device: Token) -> list[Token]:
    """ "a patrol hit a roadside bomb", "a bus ran over a mine": the verb of those who set it off against their will."""
    onto = device.dep_ == "obj" or (device.dep_ == "obl" and case_of(device) in ("on", "over", "into", "onto"))
    return [device.head] if onto and device.head.lemma_ in class_of("meet") else []


def struck(noun: Token) -> list[Token]:
    """The verb of a clause that tells what an act hit: "a mortar attack that hit A", "air strikes targeting B"."""
    return [verb for verb in children(noun, "acl", "acl:relcl") if verb.lemma_ in class_of("strike")]


def adverbial(verb: Token) -> list[Token]:
    """The clauses that say when or how: "killed when warplanes struck"."""
    told = [clause for clause in children(verb, "advcl") if clause.lemma_ in class_of("strike") | class_of("light_verbs")]
    return [clause for clause in told if any(m.lower_ in class_of("while") for m in children(clause, "mark", "advmod"))]


def qualified(suffix: Token) -> list[Token]:
    """The noun that such a compound is said of: "the rebel-held eastern districts of Karsa" → districts."""
    if suffix.head.i > suffix.i and (suffix.head.pos_ in ("NOUN", "PROPN") or suffix.head.lower_ in class_of("sides")):
        return [suffix.head]
    after = [t for t in suffix.doc[suffix.i + 1 : suffix.sent.end] if not t.is_quote]
    for word, following in pairwise([*after[:7], None]):
        if word is None or word.pos_ not in ("ADJ", "NUM", "NOUN", "PROPN", "VERB", "PUNCT", "ADV", "CCONJ"):
            return []
        if word.pos_ in ("NOUN", "PROPN") and not (following is not None and following.pos_ in ("NOUN", "PROPN")):
            return [word]
    return []


def titled(title: Token) -> list[Token]:
    """The name that a title stands before: "al-Qaeda affiliate | Dera Brigade", "Commander | Omar Hadid"."""
    after = [w for w in children(title, "flat", "compound", "appos", "nmod") if w.i > title.i and w.pos_ == "PROPN" and not case_of(w)]
    before = title.dep_ in ("compound", "nmod:desc", "nmod", "amod") and title.head.i > title.i and title.head.pos_ == "PROPN"
    return after[:1] or ([title.head] if before else [])


def number_before(participle: Token) -> list[Token]:
    """The number right before a participle: "12 wounded", "dozens more wounded"."""
    before = list(participle.doc[max(participle.i - 2, participle.sent.start) : participle.i])
    numbers = [w for w in before[-2:] if w.pos_ == "NUM" or w.lower_ in _ROUND]
    return [w for w in numbers if w == before[-1] or before[-1].lower_ in class_of("more")]


_ROUND = frozenset({"dozen", "dozens", "scores", "hundreds", "thousands"})


def undergone(noun: Token) -> list[Token]:
    """Who or what an event noun befell: "the town came under attack", "the base was the target of an attack"."""
    noun = first_of_list(noun)
    above = noun.head if noun.dep_ in ("obj", "obl", "nmod", "xcomp") else noun
    return surface_subject(above) if above.lemma_ in class_of("target" if above.pos_ == "NOUN" else "undergo") else []


def where_said(verb: Token) -> list[Token]:
    """The noun of "the only town where the rebels have a foothold"."""
    said = verb.dep_ in ("acl:relcl", "acl") and any(word.lower_ == "where" for word in children(verb, "advmod"))
    return [verb.head] if said else []


def described(noun: Token) -> list[Token]:
    """What a noun beside it tells of: "X, an alliance"; not "12 rebels, among them a commander", who is one of them."""
    first = next((w.left_edge for w in noun.lefts if not w.is_punct), noun)
    beside = {first.nbor(-1).lower_ if first.i > noun.sent.start else "", *(w.lower_ for w in noun.children)}
    return [noun.head] if noun.dep_ == "appos" and not beside & {"them", "whom"} else []


def listed(verb: Token) -> list[Token]:
    """The list after a clause, "have joined the room: A, B and C", whether the tree hangs it on the verb or on its last noun."""
    last = [w for noun in children(verb, "obj", *OBLIQUES) for w in children(noun, "appos") if any(c.text == ":" for c in w.children)]
    return children(verb, "parataxis", "appos", "list", "dep") or last


def shared(noun: Token) -> list[Token]:
    """Who does what is joined to an event noun: "the army's shelling and air strikes", "shelling and air strikes by the army"."""
    others = [noun.head] if noun.dep_ == "conj" else children(noun, "conj")
    return [word for other in others for word in first_of(other, (possessor, agents, modifiers))]


def _state_after(verb: Token) -> list[Token]:
    """ "set four tents alight", "declared it free of mines": the adjective for what becomes of the object, which the tree takes for a
    clause of its own."""
    bare = [word for word in children(verb, "advcl") if not list(word.children)]
    said = [word for word in children(verb, "ccomp") if word.i > verb.i and not children(word, "nsubj", "cop", "mark")]
    return [word for word in (*bare, *said) if word.pos_ == "ADJ"]


STEPS: dict[str, Callable[[Token], list[Token]]] = {
    "subject": logical_subject,
    "object": logical_object,
    "by": agents,
    "surface": surface_subject,
    "poss": possessor,
    "mod": lambda token: modifiers(token) or modifiers(counted(token)),
    "light": light_verb,
    "carried": carried_out,
    "joint": lambda token: [w for w in coordinated(first_of_list(token)) if w != token],
    "joined": lambda token: coordinated(token)[1:],
    "when": adverbial,
    "head": governor,
    "appos": lambda token: children(token, "appos"),
    "modifies": lambda token: [token.head] if token.dep_ == "compound" else [],
    "whence": where_said,
    "reduced": lambda token: [token] if token.dep_ == "acl" else [],
    "attributive": lambda token: [token] if token.dep_ == "amod" else [],
    "quoted": lambda token: [token] if token.i > token.sent.start and token.nbor(-1).is_quote and token.nbor().is_quote else [],
    "purpose": lambda token: [c for c in children(token, "advcl", "xcomp", "acl") if any(m.lower_ == "to" for m in children(c, "mark"))],
    "listed": listed,
    "doing": lambda token: children(token, "ccomp", "xcomp", "acl", "advcl"),
    "described": described,
    "case": lambda token: children(token, "case"),
    "mark": lambda token: children(token, "mark"),
    "bound": bound,
    "qualified": qualified,
    "self": lambda token: [token],
    "fragment": lambda token: [token] if token.text[0].isupper() else [],
    "xcomp": lambda token: children(token, "xcomp"),
    "adverb": lambda token: children(token, "advmod"),
    "bearer": bearer,
    "hands": at_hands,
    "blamed": blamed,
    "shared": shared,
    "met": met,
    "titled": titled,
    "struck": struck,
    "means": instrument_of,
    "beside": agent_beside,
    "claimant": claimant,
    "engaged": engaged,
    "pitting": pitting,
    "clause": clause_verb,
    "sides": sides,
    "elided": elided,
    "result": lambda token: [
        *children(token, "xcomp", "advmod"),
        *_state_after(token),
        *(w for noun in direct_objects(token) for w in children(noun, "amod")),
    ],
    "hits": lambda token: [verb for verb in governor(token) if verb.lemma_ in class_of("strike")],
    "toll": lambda token: [verb for verb in governor(token) if verb.lemma_ in class_of("toll")],
    "firer": firer,
    "setter": setter,
    "behind": behind,
    "imposed": imposed,
    "employing": employing,
    "helped": helped,
    "landing": lambda token: [v for v in (*governor(token), *children(token, "acl", "acl:relcl")) if v.lemma_ in class_of("land")],
    "before": number_before,
    "undergone": undergone,
    "suffering": suffering,
    "particle": lambda token: children(token, "compound:prt", "advmod"),
    "content": lambda token: children(token, "ccomp"),
    "aux": lambda token: children(token, "aux"),
    "det": lambda token: children(token, "det"),
    "iobj": lambda token: children(token, "iobj"),
    "complement": lambda token: children(token, "obj", "xcomp", "obl"),
}


def follow(token: Token, path: str) -> list[Token]:
    """The words at the end of a path of slots from a word; a step that is no named slot is a preposition, or several: ``in|at|near``.

    ``where`` stands for all prepositions of place.
    """
    return list(ends(token, path))


@lru_cache(maxsize=256)  # rule after rule asks the same of a word; with 4096 a third was found too
def ends(token: Token, path: str) -> tuple[Token, ...]:
    """The same, kept."""
    first, _, rest = path.partition(".")
    return tuple(end for start in ends(token, first) for end in ends(start, rest)) if rest else tuple(_step(token, path))


def _step(token: Token, step: str) -> list[Token]:
    if step in STEPS:
        return STEPS[step](token)
    prepositions = _prepositions(step)
    prefixed = opposed(token) if "against" in prepositions and token.pos_ == "NOUN" else []
    return prefixed + [through_relativizer(word) for word in obliques(token, prepositions)]  # "an attack in which 12 were killed"


@cache
def _prepositions(step: str) -> frozenset[str]:
    return class_of("where") if step == "where" else frozenset(word.replace("_", " ") for word in step.split("|"))
