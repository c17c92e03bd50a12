"""A verb or an event noun → who does what it tells, and to whom or what it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from khabar.carriers import carried_out, light_verb
from khabar.clauses import (
    PASSIVE_SUBJECTS,
    RELATIVIZERS,
    SUBJECTS,
    agent_before_date,
    ancestors,
    bound,
    case_of,
    children,
    class_of,
    direct_objects,
    first_of_list,
    is_passive,
    is_past_participle,
    leftmost,
    modifiers,
    obliques,
    possessor,
    shared_object,
)
from khabar.lexicon import words
from khabar.lists import is_left_out, opens_clause

if TYPE_CHECKING:
    from khabar.doc import Token


def surface_subject(verb: Token) -> list[Token]:
    """The words that the verb is said of, found through conjunction, control, participles and relative clauses."""
    own = [verb.head] if verb.dep_ == "orphan" else children(verb, *SUBJECTS, *PASSIVE_SUBJECTS) or _elided(verb)
    if own:
        return [through_relativizer(word) for word in own[:1]]
    return _borrowed_subject(verb)


def _elided(verb: Token) -> list[Token]:
    """ "six were killed and dozens more wounded": the number before a participle that is joined by "and" is what it is said of."""
    if verb.dep_ != "conj" or not is_past_participle(verb):
        return []
    listed = [w for w in verb.doc[verb.head.i : verb.i] if verb.head.i < w.i and w.dep_ == "conj" and opens_clause(w)]
    if listed or children(verb, "aux", "aux:pass"):
        return listed[-1:]
    last = next((w for w in reversed(list(verb.lefts)) if w.dep_ != "cc" and not w.lower_.endswith("ly")), None)
    return [last] if last is not None and (last.pos_ == "NUM" or last.lower_ in class_of("more")) else []


def through_relativizer(word: Token) -> Token:
    clause = first_of_list(word.head)
    if clause.dep_ == "ccomp" and clause.head.dep_ == "acl:relcl" and clause.head.i < clause.i:  # "an attack that activists say killed 12"
        clause = clause.head
    if word.lower_ in RELATIVIZERS and clause.dep_ in ("acl:relcl", "acl"):
        noun = clause.head.head if is_left_out(clause.head) else clause.head  # "it was A and not B that took Karsa"
        return _name_before(word, noun) if word.lower_ == "which" else _told_among(noun)
    return word


def _told_among(noun: Token) -> Token:
    """ "Three women were among those | who died": the women."""
    told = children(noun, "nsubj") if noun.lower_ == "those" and case_of(noun) == "among" else []
    return told[0] if told else noun


def _name_before(relativizer: Token, noun: Token) -> Token:
    """ "a defeat for A, which had held B": "which" means the name beside it, wherever the tree hangs the clause."""
    before = relativizer.nbor(-1) if relativizer.i > relativizer.sent.start else relativizer
    before = before.nbor(-1) if before.lower_ == "," and before.i > before.sent.start else before
    beside = before.pos_ == "PROPN" and before.head == noun and before.dep_ == "nmod"
    return before if beside and case_of(before) not in class_of("aside") else noun  # "the area near A which they have held"


def _borrowed_subject(verb: Token) -> list[Token]:
    head = verb.head
    if head == verb:
        return []
    if verb.dep_ in ("conj", "parataxis") and head.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
        return surface_subject(head) if verb.dep_ == "conj" else []
    given = children(head, "iobj") if verb.dep_ in ("advcl", "xcomp") and head.lemma_ in class_of("granting") else []
    if given and any(c.lower_ == "to" for c in children(verb, "mark")):  # "gave the army two days to leave A"
        return given
    if verb.dep_ in ("xcomp", "ccomp") and head.pos_ in ("VERB", "ADJ", "AUX"):
        controlled = children(head, "obj", "iobj") if head.lemma_ in class_of("object_control") else []
        own = verb.dep_ == "xcomp" or (verb.tag_ == "VBG" and verb.i > head.i and not children(verb, "mark"))  # "denies arming the rebels"
        return controlled[:1] or (surface_subject(head) if own else [])
    if (
        verb.dep_ in ("advcl", "xcomp")
        and head.lemma_ in class_of("oblique_control")
        and any(c.lower_ == "to" for c in children(verb, "mark"))
    ):
        asked = [noun for noun in obliques(head, frozenset({"on", "upon", "to", "for"})) if noun.i < verb.i]
        if asked:  # "called on both sides to respect the truce"
            return asked[-1:]
    if verb.dep_ == "advcl" and verb.tag_ == "VBG" and any(c.lower_ == "of" for c in children(verb, "mark")):
        charged = children(head, "obj", "nsubj:pass")  # "convicted the captain of murdering two"
        if charged:
            return charged[:1]
    if (verb.dep_ == "advcl" or (verb.dep_ == "acl" and children(verb, "mark"))) and blamed(verb):
        return blamed(verb)
    if verb.dep_ == "advcl" and head.dep_ == "acl" and bearer(head.head):  # "a campaign aimed at retaking A": whose campaign
        return bearer(head.head)
    if verb.dep_ == "advcl" and verb.tag_ == "VBG" and _is_befallen(head):
        return []  # "came under attack, leaving a guard dead"
    if verb.dep_ == "advcl" and head.pos_ in ("VERB", "ADJ", "AUX"):
        return logical_subject(head) or surface_subject(head)
    if verb.dep_ == "acl" and _done_to(verb):
        above = next((word for word in ancestors(head) if word.pos_ == "VERB"), None)
        return logical_subject(above) if above is not None else []
    if verb.dep_ in ("acl", "acl:relcl", "amod"):
        return _subject_of_described(verb)
    return []


def _is_befallen(verb: Token) -> bool:
    suffers = verb.lemma_ in class_of("befall") or verb.lemma_ == "be"
    return suffers and any(
        noun.lower_ in ("attack", "fire", "bombardment", "shelling") and case_of(noun) == "under" for noun in children(verb, "obl")
    )


def _done_to(verb: Token) -> bool:
    """ "dealt a blow to the soldiers driving them out": a participle whose "them" is the noun beside it is not what they do."""
    noun = verb.head
    pronoun = "them" if noun.tag_ in ("NNS", "NNPS") else "it"
    beside = verb.tag_ == "VBG" and noun.dep_ in ("obj", "obl", "nmod")
    return beside and any(word.lower_ == pronoun for word in children(verb, "obj"))


def blamed(event: Token) -> list[Token]:
    """Whom a verb of blame above an event names as its doer: "accused A of bombing B", "blamed A for the raid", "blamed the raid on A"."""
    # "a strike that the army blamed on A", "an attack attributed to A"
    told = [v for v in children(event, "acl", "acl:relcl") if v.lemma_ in class_of("blame") | class_of("credit")]
    if told:
        return obliques(told[0], frozenset({"on"} if told[0].lemma_ in class_of("blame") else {"to"}))
    if after := _blamed_after(event):
        return after
    while event.dep_ == "conj":
        event = event.head
    above = [word for word in ancestors(event) if word.pos_ == "VERB"][:2]
    verb = next((word for word in above if word.lemma_ in class_of("blame")), None)
    if verb is None:
        return []
    if verb.dep_ == "acl" and is_past_participle(verb) and event.dep_ in ("advcl", "xcomp", "ccomp") and event.head == verb:
        return [verb.head]  # "A, accused by B of bombing C"
    named = [word for word in (*direct_objects(verb), *children(verb, "nsubj:pass")) if word != event]
    if not named and verb.head.pos_ == "VERB":  # "in an attack blamed on A"
        return obliques(verb, frozenset({"on"}))
    return named[:1] if event not in children(verb, "obj", "nsubj:pass") else obliques(verb, frozenset({"on"}))


def _blamed_after(event: Token) -> list[Token]:
    """ "Nine were killed in an attack, activists said, blaming the army for it": who is blamed in the same sentence for what it told."""
    if event.pos_ not in ("NOUN", "PROPN"):
        return []
    for verb in (w for w in event.sent if w.i > event.i and w.lemma_ == "blame" and w.tag_ == "VBG"):
        told = [
            w
            for w in obliques(verb, frozenset({"for"}))
            if any(c.lower_ in ("the", "this") for c in children(w, "det")) or w.lower_ == "it"
        ]
        if told and told[0].lemma_ in ("it", "incident", "attack", "strike", "blast", "death", event.lemma_):
            return direct_objects(verb)
    return []


def _subject_of_described(verb: Token) -> list[Token]:
    """ "the fighters holding A": the noun; "an attempt to take A", "his goal of taking A": whoever attempts."""
    noun = verb.head
    if verb.dep_ == "amod" and verb.i > noun.i:
        return [first_of_list(noun)]  # "left four soldiers and ten rebels dead"
    if (
        verb.tag_ == "VBG"
        and verb.lemma_ in class_of("toll")
        and not _goes_away(verb)
        and case_of(noun) in class_of("where")
        and noun.dep_ in ("obl", "nmod")
    ):
        while noun.dep_ in ("obl", "nmod") and case_of(noun) in class_of(
            "where"
        ):  # "struck a base near the town killing nine": not the town
            noun = noun.head
        return (logical_subject(noun) or surface_subject(noun)) if noun.pos_ == "VERB" else [noun]
    if verb.tag_ == "VBG" and verb.i > verb.sent.start and verb.nbor(-1).text == "," and noun.head.pos_ == "VERB":
        return surface_subject(noun.head)  # ", conducting raids" after another noun is an adverbial clause
    if verb.dep_ == "acl:relcl" and children(verb, "obj"):
        relative = [word for word in children(verb, "obj", "obl") if word.lower_ in RELATIVIZERS]
        return [] if relative else [noun]
    if any(child.lower_ == "to" or (child.lower_ == "of" and verb.tag_ == "VBG") for child in children(verb, "mark")):
        if is_passive(verb) or any(w.lower_ in words("modality.yaml")["one_of_several"] for w in (noun, *children(noun, "amod"))):
            return [noun]  # "the first hospital to be hit", "the third to hit it"
        if noun.dep_ == "obj" and noun.head.lemma_ in class_of("granting") and (given := children(noun.head, "iobj")):
            return given
        effort = noun.dep_ == "obj" and noun.lemma_ in words("modality.yaml")["noun_under_way"]  # "renewed a push to take A"
        uses = noun.dep_ in ("obj", "obl") and noun.head.lemma_ in class_of("use")
        used = surface_subject(noun.head) if effort or uses else []
        found = first_of(noun, (helped, possessor, agents, _subjects_of_light, modifiers))
        return found or used  # "used the lull to attack", "asked for leave to attack"
    return [noun]


def _goes_away(leaving: Token) -> bool:
    """ "worshippers leaving a mosque", and not "leaving ten dead"."""
    left = children(leaving, "obj") if leaving.lemma_ == "leave" else []
    return bool(left) and not children(leaving, "xcomp") and left[0].tag_ in ("NN", "NNP") and not children(left[0], "amod", "acl")


def bearer(noun: Token) -> list[Token]:
    """Whoever does what an event noun tells: "the army's advance", "an advance by the army", "the army launched an advance"; whoever
    fired what landed."""
    found = first_of(noun, BEARERS)
    unclaimed = case_of(noun) == "for" and any(word.lower_ == "no" for who in found for word in children(who, "det"))
    return [] if unclaimed else found  # "no group claimed responsibility for the raid, which killed five"


def behind(noun: Token) -> list[Token]:
    """Who is told to have done what a noun tells: "the militia was behind the attack", "is responsible for a series of raids"."""
    while noun.dep_ == "conj" or (noun.dep_ == "nmod" and noun.head.lower_ in class_of("carriers")):
        noun = noun.head
    if case_of(noun) == "behind" and children(noun, "cop"):
        return surface_subject(noun)
    answers = case_of(noun) == "for" and noun.head.lower_ == "responsible"
    return surface_subject(noun.head) if answers else []


def employing(noun: Token) -> list[Token]:
    """ "an attack in which the militia used gas": who used what in it."""
    clauses = [verb for verb in children(noun, "acl:relcl", "acl") if verb.lemma_ in class_of("employ") and not is_passive(verb)]
    return [who for verb in clauses if any(w.lower_ == "which" for w in children(verb, "obl")) for who in children(verb, *SUBJECTS)]


def imposed(noun: Token) -> list[Token]:
    """ "a government-imposed blockade", "the Saudi-led campaign": whose work an act is, by the word before it."""
    suffixes = [w for w in children(noun, "amod") if w.lower_ in class_of("imposed") and w.i > w.sent.start and w.nbor(-1).text in "-–‑"]
    return [word for suffix in suffixes for word in bound(suffix)]


def helped(noun: Token) -> list[Token]:
    """ "supports A in its fight against B", "support for A in the fight": whoever is helped in it fights, not who helps."""
    if case_of(noun) != "in":
        return []
    if noun.head.lemma_ in class_of("help"):
        return obliques(noun.head, frozenset({"of", "for", "to"})) if noun.head.pos_ == "NOUN" else direct_objects(noun.head)
    return (
        [noun.head] if noun.head.dep_ in ("obj", "nmod", "obl", "conj") and first_of_list(noun.head).head.lemma_ in class_of("help") else []
    )


def first_of(noun: Token, steps: Sequence[Callable[[Token], list[Token]]]) -> list[Token]:
    return next((found for step in steps if (found := step(noun))), [])


def agents(token: Token) -> list[Token]:
    """Whom "by" names: "taken by A", "an advance by A"."""
    return children(token, "obl:agent") or obliques(token, frozenset({"by"}))


def _subjects_of_light(noun: Token) -> list[Token]:
    return [who for verb in light_verb(noun) for who in logical_subject(verb)]


def _subjects_of_carrying(noun: Token) -> list[Token]:
    return [who for verb in carried_out(noun) for who in logical_subject(verb)]


def logical_subject(verb: Token) -> list[Token]:
    """Who does it: the subject of an active verb, the agent of a passive one; of "a helicopter belonging to the army" the army."""
    return [_belonging_to(word) for word in _doers(verb)]


def _belonging_to(word: Token) -> Token:
    owners = (noun for verb in children(word, "acl") if verb.lemma_ == "belong" for noun in obliques(verb, frozenset({"to"})))
    return next(owners, word)


def _doers(verb: Token) -> list[Token]:
    if not is_passive(verb):
        return surface_subject(verb)
    beside = [w for noun in children(verb, "obl") if case_of(noun) == "with" for w in children(noun, "nmod")]  # "along with A by B"
    named = [w for w in (*children(verb, "obl", "nmod"), *beside) if case_of(w) == "by"]
    return children(verb, "obl:agent") or agent_before_date(verb) or named or at_hands(verb)


def at_hands(verb: Token) -> list[Token]:
    """ "died in March at the hands of the militia", "were shot at its hands": whose deed it was."""
    hands = [noun for noun in children(verb, "obl") if noun.lemma_ == "hand" and case_of(noun) == "at"]
    return [who for noun in hands for who in (obliques(noun, frozenset({"of"})) or possessor(noun))]


def logical_object(verb: Token) -> list[Token]:
    """What it is done to: the object of an active verb, the subject of a passive one, the noun that a participle or clause describes."""
    if is_passive(verb):
        return surface_subject(verb)
    own = [through_relativizer(word) for word in direct_objects(verb)]
    if own:
        return own
    if verb.dep_ == "acl:relcl" and children(verb, *SUBJECTS) and children(verb, *SUBJECTS)[0].lower_ not in RELATIVIZERS:
        stranded = [w for w in children(verb, "advmod", "obl", "case") if w.i > verb.i and w.pos_ == "ADP"]
        return [] if stranded else [verb.head]  # "the houses they landed in"
    return shared_object(verb)


def agent_beside(noun: Token) -> list[Token]:
    """Who is named by "by" right after an event noun, though the tree hangs it on the verb: "strikes by A have killed …"."""
    near = [w for w in children(noun.head, "obl:agent", "obl", "nmod") if case_of(w) == "by" and leftmost(w) == noun.i + 1]
    return near if noun.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) else []


def firer(projectile: Token) -> list[Token]:
    """Who fired what landed: "the militia fired shells that fell on A", "a rocket fired by the militia hit A"."""
    verbs = [projectile.head] if projectile.dep_ in ("obj", "nsubj:pass") else []
    told = [verb for verb in (*verbs, *children(projectile, "acl", "acl:relcl")) if verb.lemma_ in class_of("fire")]
    return [word for verb in told for word in (logical_subject(verb) or obliques(verb, frozenset({"from"})))]


def setter(device: Token) -> list[Token]:
    """Who set off or laid a bomb: "blew up a car bomb", "a car bomb was planted by the militia", "a bomb planted by the militia"."""
    verbs = [device.head] if device.dep_ in ("obj", "nsubj:pass") else []
    laid = [verb for verb in (*verbs, *children(device, "acl")) if verb.lemma_ in class_of("set_off")]
    return [word for verb in laid for word in logical_subject(verb)]


BEARERS = (
    possessor,
    agents,
    agent_beside,
    _subjects_of_carrying,
    _subjects_of_light,
    blamed,
    behind,
    imposed,
    employing,
    modifiers,
    firer,
)
