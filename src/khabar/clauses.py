"""A word of a parsed sentence → the words that fill its places: who, whom, from where, by what verb it is carried.

Everything a rule may ask of a parse stands here, as *slots*: short paths such as ``subject``, ``object``, ``from`` or ``object.of``.
The tree is Universal Dependencies; what differs from a textbook tree (control, participles, relative clauses, light verbs, lists) is undone
here once, so that a rule says ``actor: subject`` and means it in "A seized B", "B was seized by A", "B, seized by A", "A, which seized B",
"A moved in, seizing B" and "A managed to seize B".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from khabar.lexicon import words

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = ("nsubj", "csubj")
PASSIVE_SUBJECTS = ("nsubj:pass", "csubj:pass")
OBLIQUES = ("obl", "obl:agent", "obl:tmod", "obl:unmarked", "nmod", "obl:npmod", "nmod:unmarked")
MODIFIERS = ("amod", "compound", "nmod:poss", "nmod", "nmod:unmarked", "flat", "obl:npmod", "obl:unmarked", "obl")
FRACTIONS = ("half", "third", "quarter")
RELATIVIZERS = {"who", "which", "that", "whom", "whose"}


def _class(name: str) -> frozenset[str]:
    return words("clauses.yaml")[name]


def children(token: Token, *deps: str) -> list[Token]:
    """The dependents of a word with one of these labels, left to right."""
    return [child for child in token.children if child.dep_ in deps]


def case_of(token: Token) -> str:
    """The preposition of a nominal in lower case, "" where it has none; "out of" and "close to" are joined by a space."""
    cases = [c for c in children(token, "case") if c.lower_ not in ("'s", "’s", "'", "’")]
    if len(cases) > 1 and cases[-1].lower_ in ("over", "about", "under") and (children(token, "nummod") or token.lemma_ in FRACTIONS):
        cases = cases[:-1]  # "of over a third", "in about 20 towns"
    return " ".join(part.lower_ for c in cases for part in (c, *children(c, "fixed")))


def direct_objects(verb: Token) -> list[Token]:
    """The objects of a verb, with what the tree takes for an oblique because a bound stands before it: "killed at least 20 soldiers"."""
    beside = [*children(verb, "obl"), *(w for w in children(verb.head, "nmod") if _leftmost(w) == verb.i + 1)]
    late = [w for w in children(verb, "nsubj:pass") if w.i > verb.i and len(children(verb, "nsubj", "nsubj:pass")) > 1]
    bounded = [w for w in beside if w.i > verb.i and _is_bounded(w)]
    plain = children(verb, "obj") or late or _after_particle(verb) or bounded[:1]
    return plain or _second_subject(verb) or _object_of_first(verb) or children(verb, "iobj")


def _after_particle(verb: Token) -> list[Token]:
    """ "won back the village", "handed over the town": the object that the tree hangs on the particle, or calls an oblique."""
    particles = children(verb, "compound:prt", "advmod")
    hung = [word for particle in particles for word in children(particle, "obj")]
    return hung or [
        w for w in children(verb, "obl") if not case_of(w) and any(_leftmost(w) == p.i + 1 for p in particles) and w.tag_ != "CD"
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


def _leftmost(word: Token) -> int:
    return min(w.i for w in word.subtree)


def _is_bounded(noun: Token) -> bool:
    """ "at least 20 soldiers", "over 100": is it counted, with a bound and no other preposition before the number?"""
    numbers = [noun] if noun.pos_ == "NUM" else children(noun, "nummod")
    bounds = {word.lower_ for number in (noun, *numbers) for word in number.subtree if word.i < (numbers or [noun])[0].i}
    counted_off = bool(numbers) or noun.lemma_ in FRACTIONS
    return counted_off and case_of(noun) in ("", *_class("bounds")) and bool(bounds & _class("bounds"))


def is_passive(verb: Token) -> bool:
    """Is the surface subject (or the noun that a participle describes) the one acted upon?"""
    if children(verb, "aux:pass") or (children(verb, "nsubj:pass") and not direct_objects(verb)):
        return True
    if (children(verb, "obl:agent") and not children(verb, "obj")) or (is_past_participle(verb) and _agent_before_date(verb)):
        return True
    if _voice_of_conjunct(verb) or _can_only_suffer(verb):
        return True
    bare = verb.dep_ in ("acl", "amod", "advcl", "dep", "appos", "parataxis") or (verb.dep_ == "root" and not children(verb, *SUBJECTS))
    return bare and is_past_participle(verb) and not children(verb, "aux", *SUBJECTS) and not direct_objects(verb)


def _can_only_suffer(verb: Token) -> bool:
    """ "dozens more injured", "two soldiers killed": verbs that want an object and have none say what was done to their subject."""
    if (
        verb.lemma_ not in _class("transitive_only")
        or not is_past_participle(verb)
        or children(verb, "ccomp", "xcomp")
        or direct_objects(verb)
    ):
        return False
    return (
        not any(word.lower_ in RELATIVIZERS for word in children(verb, *SUBJECTS)) and not _shared_object(verb) and verb.dep_ != "acl:relcl"
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


def surface_subject(verb: Token) -> list[Token]:
    """The words that the verb is said of, found through conjunction, control, participles and relative clauses."""
    own = [verb.head] if verb.dep_ == "orphan" else children(verb, *SUBJECTS, *PASSIVE_SUBJECTS) or _elided(verb)
    if own:
        return [_through_relativizer(word) for word in own[:1]]
    return _borrowed_subject(verb)


def _elided(verb: Token) -> list[Token]:
    """ "six were killed and dozens more wounded": the number before a participle that is joined by "and" is what it is said of."""
    if verb.dep_ != "conj" or not is_past_participle(verb):
        return []
    listed = [w for w in verb.doc[verb.head.i : verb.i] if verb.head.i < w.i and w.dep_ == "conj" and _opens_clause(w)]
    if listed or children(verb, "aux", "aux:pass"):
        return listed[-1:]
    last = next((w for w in reversed(list(verb.lefts)) if w.dep_ != "cc" and not w.lower_.endswith("ly")), None)
    return [last] if last is not None and (last.pos_ == "NUM" or last.lower_ in _class("more")) else []


def _opens_clause(noun: Token) -> bool:
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


def _through_relativizer(word: Token) -> Token:
    clause = first_of_list(word.head)
    if clause.dep_ == "ccomp" and clause.head.dep_ == "acl:relcl" and clause.head.i < clause.i:  # "an attack that activists say killed 12"
        clause = clause.head
    if word.lower_ in RELATIVIZERS and clause.dep_ in ("acl:relcl", "acl"):
        return _name_before(word, clause.head) if word.lower_ == "which" else clause.head
    return word


def _name_before(relativizer: Token, noun: Token) -> Token:
    """ "a defeat for A, which had held B": "which" means the name beside it, wherever the tree hangs the clause."""
    before = relativizer.nbor(-1) if relativizer.i > relativizer.sent.start else relativizer
    before = before.nbor(-1) if before.lower_ == "," and before.i > before.sent.start else before
    beside = before.pos_ == "PROPN" and before.head == noun and before.dep_ == "nmod"
    return before if beside and case_of(before) not in _class("aside") else noun  # "the area near A which they have held"


def _borrowed_subject(verb: Token) -> list[Token]:
    head = verb.head
    if head == verb:
        return []
    if verb.dep_ in ("conj", "parataxis") and head.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
        return surface_subject(head) if verb.dep_ == "conj" else []
    if verb.dep_ in ("xcomp", "ccomp") and head.pos_ in ("VERB", "ADJ", "AUX"):
        controlled = children(head, "obj", "iobj") if head.lemma_ in _class("object_control") else []
        return controlled[:1] or (surface_subject(head) if verb.dep_ == "xcomp" else [])
    if (verb.dep_ == "advcl" or (verb.dep_ == "acl" and children(verb, "mark"))) and _blamed(verb):
        return _blamed(verb)
    if verb.dep_ == "advcl" and head.dep_ == "acl" and bearer(head.head):  # "a campaign aimed at retaking A": whose campaign
        return bearer(head.head)
    if verb.dep_ == "advcl" and head.pos_ in ("VERB", "ADJ", "AUX"):
        return logical_subject(head) or surface_subject(head)
    if verb.dep_ == "acl" and _done_to(verb):
        above = next((word for word in ancestors(head) if word.pos_ == "VERB"), None)
        return logical_subject(above) if above is not None else []
    if verb.dep_ in ("acl", "acl:relcl", "amod"):
        return _subject_of_described(verb)
    return []


def _done_to(verb: Token) -> bool:
    """ "dealt a blow to the soldiers driving them out": a participle whose "them" is the noun beside it is not what they do."""
    noun = verb.head
    pronoun = "them" if noun.tag_ in ("NNS", "NNPS") else "it"
    beside = verb.tag_ == "VBG" and noun.dep_ in ("obj", "obl", "nmod")
    return beside and any(word.lower_ == pronoun for word in children(verb, "obj"))


def _blamed(event: Token) -> list[Token]:
    """Whom a verb of blame above an event names as its doer: "accused A of bombing B", "blamed A for the raid", "blamed the raid on A"."""
    told = [v for v in children(event, "acl", "acl:relcl") if v.lemma_ in _class("blame")]  # "a strike that the army blamed on A"
    if told:
        return obliques(told[0], frozenset({"on"}))
    if after := _blamed_after(event):
        return after
    while event.dep_ == "conj":
        event = event.head
    above = [word for word in ancestors(event) if word.pos_ == "VERB"][:2]
    verb = next((word for word in above if word.lemma_ in _class("blame")), None)
    if verb is None:
        return []
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
    if verb.tag_ == "VBG" and verb.lemma_ in _class("toll") and case_of(noun) in _class("where") and noun.dep_ in ("obl", "nmod"):
        while noun.dep_ in ("obl", "nmod") and case_of(noun) in _class("where"):  # "struck a base near the town killing nine": not the town
            noun = noun.head
        return (logical_subject(noun) or surface_subject(noun)) if noun.pos_ == "VERB" else [noun]
    if verb.tag_ == "VBG" and verb.i > verb.sent.start and verb.nbor(-1).text == "," and noun.head.pos_ == "VERB":
        return surface_subject(noun.head)  # ", conducting raids" after another noun is an adverbial clause
    if verb.dep_ == "acl:relcl" and children(verb, "obj"):
        relative = [word for word in children(verb, "obj", "obl") if word.lower_ in RELATIVIZERS]
        return [] if relative else [noun]
    if any(child.lower_ == "to" or (child.lower_ == "of" and verb.tag_ == "VBG") for child in children(verb, "mark")):
        used = surface_subject(noun.head) if noun.dep_ in ("obj", "obl") and noun.head.lemma_ in _class("use") else []
        found = _first_of(noun, ("helped", "poss", "by", "light.subject", "mod"))
        return found or used  # "used the lull to attack", "asked for leave to attack"
    return [noun]


def bearer(noun: Token) -> list[Token]:
    """Whoever does what an event noun tells: "the army's advance", "an advance by the army", "the army launched an advance"; whoever
    fired what landed."""
    return _first_of(
        noun, ("poss", "by", "beside", "carried.subject", "light.subject", "blamed", "behind", "imposed", "employing", "mod", "firer")
    )


def behind(noun: Token) -> list[Token]:
    """Who is told to have done what a noun tells: "the militia was behind the attack", "is responsible for a series of raids"."""
    while noun.dep_ == "conj" or (noun.dep_ == "nmod" and noun.head.lower_ in _class("carriers")):
        noun = noun.head
    if case_of(noun) == "behind" and children(noun, "cop"):
        return surface_subject(noun)
    answers = case_of(noun) == "for" and noun.head.lower_ == "responsible"
    return surface_subject(noun.head) if answers else []


def employing(noun: Token) -> list[Token]:
    """ "an attack in which the militia used gas": who used what in it."""
    clauses = [verb for verb in children(noun, "acl:relcl", "acl") if verb.lemma_ in _class("employ") and not is_passive(verb)]
    return [who for verb in clauses if any(w.lower_ == "which" for w in children(verb, "obl")) for who in children(verb, *SUBJECTS)]


def imposed(noun: Token) -> list[Token]:
    """ "a government-imposed blockade", "the Saudi-led campaign": whose work an act is, by the word before it."""
    suffixes = [w for w in children(noun, "amod") if w.lower_ in _class("imposed") and w.i > w.sent.start and w.nbor(-1).text in "-–‑"]
    return [word for suffix in suffixes for word in bound(suffix)]


def helped(noun: Token) -> list[Token]:
    """ "supports A in its fight against B", "support for A in the fight": whoever is helped in it fights, not who helps."""
    if case_of(noun) != "in":
        return []
    if noun.head.lemma_ in _class("help"):
        return obliques(noun.head, frozenset({"of", "for", "to"})) if noun.head.pos_ == "NOUN" else direct_objects(noun.head)
    return (
        [noun.head] if noun.head.dep_ in ("obj", "nmod", "obl", "conj") and first_of_list(noun.head).head.lemma_ in _class("help") else []
    )


def _first_of(token: Token, paths: Sequence[str]) -> list[Token]:
    return next((found for found in (follow(token, path) for path in paths) if found), [])


def logical_subject(verb: Token) -> list[Token]:
    """Who does it: the subject of an active verb, the agent of a passive one."""
    if not is_passive(verb):
        return surface_subject(verb)
    beside = [w for noun in children(verb, "obl") if case_of(noun) == "with" for w in children(noun, "nmod")]  # "along with A by B"
    named = [w for w in (*children(verb, "obl", "nmod"), *beside) if case_of(w) == "by"]
    return children(verb, "obl:agent") or _agent_before_date(verb) or named


def _agent_before_date(verb: Token) -> list[Token]:
    """ "taken by A 4 May": where the parser makes A a part of the date, the last name before its number."""
    numbers = [number for number in children(verb, *OBLIQUES) if number.pos_ == "NUM"]
    parts = [part for number in numbers for part in children(number, "compound", "nmod:unmarked") if part.i < number.i]
    return parts[-1:] if any(case_of(word) == "by" for word in (*parts, *numbers)) else []


def logical_object(verb: Token) -> list[Token]:
    """What it is done to: the object of an active verb, the subject of a passive one, the noun that a participle or clause describes."""
    if is_passive(verb):
        return surface_subject(verb)
    own = [_through_relativizer(word) for word in direct_objects(verb)]
    if own:
        return own
    if verb.dep_ == "acl:relcl" and children(verb, *SUBJECTS) and children(verb, *SUBJECTS)[0].lower_ not in RELATIVIZERS:
        return [verb.head]
    return _shared_object(verb)


def _shared_object(verb: Token) -> list[Token]:
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
    return any(word.lemma_.lower() in _class("spans") for word in beside)


def light_verb(noun: Token) -> list[Token]:
    """The verb that merely carries an event noun ("launched an attack", "stopped the raids"), through conjunction and "a series of"."""
    verb = _verb_over(noun)
    return [] if verb is None or (verb.lemma_ in _class("idle") and not is_passive(verb)) else [verb]


def suffering(noun: Token) -> list[Token]:
    """The verb whose subject an act befalls: "came under fire", "suffered an attack"."""
    verb = _verb_over(noun)
    return [verb] if verb is not None and verb.lemma_ in _class("befall") and not is_passive(verb) else []


def _verb_over(noun: Token) -> Token | None:
    while noun.dep_ == "conj" or (noun.dep_ == "nmod" and noun.head.lemma_ in _class("carriers")):
        noun = noun.head
    verb = noun.head
    if verb.pos_ not in ("VERB", "ADJ") or noun.dep_ not in ("obj", "obl", "nsubj:pass", "xcomp"):
        return None
    return verb if verb.lemma_ in _class("light_verbs") else None


def instrument_of(noun: Token) -> list[Token]:
    """The deed that an event noun says the manner of: "killed 50 people in an attack", "targeted the town with rocket fire"."""
    noun = first_of_list(noun)
    if noun.dep_ not in ("obl", "nmod") or case_of(noun) not in _class("means"):
        return []
    verb = noun.head.head if noun.dep_ == "nmod" and noun.head.dep_ == "obj" and noun.i > noun.head.i else noun.head
    return [verb] if verb.pos_ == "VERB" and verb.lemma_ in _class("deeds") else []


def sides(noun: Token) -> list[Token]:
    """Who fights whom, where the tree hangs it elsewhere in the clause: "clashes broke out on Friday between A and B"."""
    verb = first_of_list(noun).head
    marked = [w for w in verb.subtree if w.i > noun.i and case_of(w) == "between"]
    told = [w.head if w.dep_ == "amod" else w for w in marked if w.dep_ in (*OBLIQUES, "amod")]  # "between Russian and Ukrainian forces"
    return [w for w in told if children(w, "conj") or w.tag_ == "NNS"][:1]


def elided(noun: Token) -> list[Token]:
    """The first of two owners that the tree takes for the head of a list: "government or rebel strikes", said of strikes."""
    first = noun.head
    if noun.dep_ != "conj" or noun.i - first.i > 4 or children(first, "case") != children(noun, "case"):
        return []
    return [first, *modifiers(noun)] if modifiers(noun) else []


def agent_beside(noun: Token) -> list[Token]:
    """Who is named by "by" right after an event noun, though the tree hangs it on the verb: "strikes by A have killed …"."""
    near = [w for w in children(noun.head, "obl:agent", "obl", "nmod") if case_of(w) == "by" and _leftmost(w) == noun.i + 1]
    return near if noun.dep_ in (*SUBJECTS, *PASSIVE_SUBJECTS) else []


def pitting(noun: Token) -> list[Token]:
    """The verb that names both sides of a fight: "clashes pitting A against B", "the battle pitted A against B"."""
    return [verb for verb in (*children(noun, "acl", "acl:relcl"), *governor(noun)) if verb.lemma_ in _class("pit")]


def engaged(noun: Token) -> list[Token]:
    """The verb over a fight whose subject takes part in it; who reports on it or suffers from it does not."""
    return [verb for verb in governor(noun) if verb.pos_ == "VERB" and verb.lemma_ not in _class("unengaged") | _class("idle")]


def claimant(noun: Token) -> list[Token]:
    """Who "claimed responsibility for" an act, or "denied a part in" it; nobody where "no group has"."""
    for above in list(ancestors(noun))[:2]:
        if above.lemma_.lower() in _class("part_in") and above.head.lemma_ in _class("claim"):
            claiming = logical_subject(above.head)
            denied = [c for word in (above.head, *claiming) for c in word.children if c.lower_ in _DENYING]
            return [] if denied else claiming
    return []


_DENYING = frozenset({"no", "not", "n't", "n’t", "never", "neither", "nobody"})


def clause_verb(token: Token) -> list[Token]:
    """The verb of the clause that a noun stands in."""
    return [above for above in same_clause(token) if above.pos_ == "VERB"]


def carried_out(noun: Token) -> list[Token]:
    """The light verb of a clause that describes an event noun: "strikes carried out by A", "the attack that A launched"."""
    clauses = [*children(noun, "acl", "acl:relcl"), *_participle_beside(noun)]
    clauses += [verb for belief in clauses for verb in children(belief, "xcomp", "ccomp")]  # "strikes believed to be carried out by A"
    return [verb for verb in clauses if verb.lemma_ in _class("light_verbs") and verb.lemma_ not in _class("blame")]


def _participle_beside(noun: Token) -> list[Token]:
    """ "died in strikes believed to be Russian": a participle right after a noun describes it, though the tree hangs it on the verb."""
    after = noun.right_edge.nbor() if noun.right_edge.i + 1 < noun.sent.end else noun
    return [after] if after.tag_ == "VBN" and after.dep_ == "advcl" and after.head == noun.head else []


def struck(noun: Token) -> list[Token]:
    """The verb of a clause that tells what an act hit: "a mortar attack that hit A", "air strikes targeting B"."""
    return [verb for verb in children(noun, "acl", "acl:relcl") if verb.lemma_ in _class("strike")]


def adverbial(verb: Token) -> list[Token]:
    """The clauses that say when or how: "killed when warplanes struck"."""
    told = [clause for clause in children(verb, "advcl") if clause.lemma_ in _class("strike") | _class("light_verbs")]
    return [clause for clause in told if any(m.lower_ in _class("while") for m in children(clause, "mark", "advmod"))]


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
    owners = children(noun, "nmod:poss")
    clause = next((a for a in ancestors(noun) if a.dep_ == "acl:relcl"), None)  # "militants, whose assault on A …"
    return [clause.head if word.lower_ == "whose" and clause is not None else word for word in owners]


def modifiers(noun: Token) -> list[Token]:
    """The words before an event noun that may say who or whose: "Russian air strikes", "a rebel-held town" (held, then rebel), "a rebel
    rocket attack" however the tree brackets it."""
    own = [child for child in children(noun, *MODIFIERS) if child.i < noun.i]
    return [*own, *(deeper for child in own if child.dep_ == "compound" for deeper in children(child, "compound", "amod"))]


def bound(suffix: Token) -> list[Token]:
    """What stands before the second part of a compound: "rebel-held". By place in the line: no tree has these right."""
    at = suffix.i - (2 if suffix.i > suffix.sent.start and suffix.nbor(-1).is_punct else 1)
    return [suffix.doc[at]] if at >= suffix.sent.start else []


def qualified(suffix: Token) -> list[Token]:
    """The noun that such a compound is said of: "the rebel-held eastern districts of Karsa" → districts."""
    if suffix.head.i > suffix.i and (suffix.head.pos_ in ("NOUN", "PROPN") or suffix.head.lower_ in _class("sides")):
        return [suffix.head]
    after = [t for t in suffix.doc[suffix.i + 1 : suffix.sent.end] if not t.is_quote]
    for word, following in pairwise([*after[:7], None]):
        if word is None or word.pos_ not in ("ADJ", "NUM", "NOUN", "PROPN", "VERB", "PUNCT", "ADV", "CCONJ"):
            return []
        if word.pos_ in ("NOUN", "PROPN") and not (following is not None and following.pos_ in ("NOUN", "PROPN")):
            return [word]
    return []


def compounds_of(noun: Token) -> list[Token]:
    """The second parts of compounds said of a noun: "held" in "the rebel-held east"."""
    return [child for child in children(noun, "amod") if child.pos_ == "VERB" and child.i > noun.sent.start and child.nbor(-1).text == "-"]


def titled(title: Token) -> list[Token]:
    """The name that a title stands before: "al-Qaeda affiliate | Dera Brigade", "Commander | Omar Hadid"."""
    after = [w for w in children(title, "flat", "compound", "appos", "nmod") if w.i > title.i and w.pos_ == "PROPN" and not case_of(w)]
    before = title.dep_ in ("compound", "nmod:desc", "nmod", "amod") and title.head.i > title.i and title.head.pos_ == "PROPN"
    return after[:1] or ([title.head] if before else [])


def firer(projectile: Token) -> list[Token]:
    """Who fired what landed: "the militia fired shells that fell on A", "a rocket fired by the militia hit A"."""
    verbs = [projectile.head] if projectile.dep_ in ("obj", "nsubj:pass") else []
    told = [verb for verb in (*verbs, *children(projectile, "acl", "acl:relcl")) if verb.lemma_ in _class("fire")]
    return [word for verb in told for word in (logical_subject(verb) or obliques(verb, frozenset({"from"})))]


def number_before(participle: Token) -> list[Token]:
    """The number right before a participle: "12 wounded", "dozens more wounded"."""
    before = list(participle.doc[max(participle.i - 2, participle.sent.start) : participle.i])
    return [w for w in before[-2:] if w.pos_ == "NUM" and (w == before[-1] or before[-1].lower_ in _class("more"))]


def undergone(noun: Token) -> list[Token]:
    """Who or what an event noun befell: "the town came under attack", "the base was the target of an attack"."""
    noun = first_of_list(noun)
    above = noun.head if noun.dep_ in ("obj", "obl", "nmod", "xcomp") else noun
    return surface_subject(above) if above.lemma_ in _class("target" if above.pos_ == "NOUN" else "undergo") else []


def where_said(verb: Token) -> list[Token]:
    """The noun of "the only town where the rebels have a foothold"."""
    said = verb.dep_ in ("acl:relcl", "acl") and any(word.lower_ == "where" for word in children(verb, "advmod"))
    return [verb.head] if said else []


def listed(verb: Token) -> list[Token]:
    """The list after a clause, "have joined the room: A, B and C", whether the tree hangs it on the verb or on its last noun."""
    last = [w for noun in children(verb, "obj", *OBLIQUES) for w in children(noun, "appos") if any(c.text == ":" for c in w.children)]
    return children(verb, "parataxis", "appos", "list", "dep") or last


def shared(noun: Token) -> list[Token]:
    """Who does what is joined to an event noun: "the army's shelling and air strikes", "shelling and air strikes by the army"."""
    others = [noun.head] if noun.dep_ == "conj" else children(noun, "conj")
    return [word for other in others for word in _first_of(other, ("poss", "by", "mod"))]


STEPS: dict[str, Callable[[Token], list[Token]]] = {
    "subject": logical_subject,
    "object": logical_object,
    "surface": surface_subject,
    "poss": possessor,
    "mod": modifiers,
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
    "described": lambda token: [token.head] if token.dep_ == "appos" else [],
    "case": lambda token: children(token, "case"),
    "mark": lambda token: children(token, "mark"),
    "bound": bound,
    "qualified": qualified,
    "self": lambda token: [token],
    "fragment": lambda token: [token] if token.text[0].isupper() else [],
    "xcomp": lambda token: children(token, "xcomp"),
    "adverb": lambda token: children(token, "advmod"),
    "bearer": bearer,
    "blamed": _blamed,
    "shared": shared,
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
    "result": lambda token: [*children(token, "xcomp", "advmod"), *(w for noun in direct_objects(token) for w in children(noun, "amod"))],
    "hits": lambda token: [verb for verb in governor(token) if verb.lemma_ in _class("strike")],
    "toll": lambda token: [verb for verb in governor(token) if verb.lemma_ in _class("toll")],
    "firer": firer,
    "behind": behind,
    "imposed": imposed,
    "employing": employing,
    "helped": helped,
    "landing": lambda token: [v for v in (*governor(token), *children(token, "acl", "acl:relcl")) if v.lemma_ in _class("land")],
    "before": number_before,
    "undergone": undergone,
    "suffering": suffering,
    "particle": lambda token: children(token, "compound:prt", "advmod"),
    "content": lambda token: children(token, "ccomp"),
    "aux": lambda token: children(token, "aux"),
    "iobj": lambda token: children(token, "iobj"),
    "complement": lambda token: children(token, "obj", "xcomp", "obl"),
}


def follow(token: Token, path: str) -> list[Token]:
    """The words at the end of a path of slots from a word; a step that is no named slot is a preposition, or several: ``in|at|near``.

    ``where`` stands for all prepositions of place.
    """
    found = [token]
    for step in path.split("."):
        found = [end for start in found for end in _step(start, step)]
    return found


def _step(token: Token, step: str) -> list[Token]:
    if step in STEPS:
        return STEPS[step](token)
    if step == "by":
        return children(token, "obl:agent") or obliques(token, frozenset({"by"}))
    prepositions = _class("where") if step == "where" else frozenset(word.replace("_", " ") for word in step.split("|"))
    return [_through_relativizer(word) for word in obliques(token, prepositions)]  # "an attack in which 12 were killed"


def counted(token: Token) -> Token:
    """The noun behind a number word: "hundreds of families" → families, "a group of gunmen" → gunmen."""
    counts = {token.lemma_.lower(), token.lower_.removesuffix("s")} & _class("counters")
    of = obliques(token, frozenset({"of"})) if counts or token.pos_ == "NUM" else []
    return counted(of[0]) if of else token


def coordinated(token: Token) -> list[Token]:
    """A word and all that is joined to it by "and", commas or "as well as"."""
    joined = (child for child in children(token, "conj") if not _opens_clause(child))
    return [token, *(deeper for child in (*_listed_beside(token), *joined) for deeper in coordinated(child))]


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
        if w not in beside and (w.dep_ == "appos" or case_of(w) in _class("such_as"))
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
    if first.dep_ in SUBJECTS and verb.lemma_ in _class("include"):
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
        listed = [w for w in children(token.head, "obl", "nmod") if w.i > token.i and case_of(w) in _class("such_as") - {"like", "among"}]
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
    verb = token.head
    if verb.pos_ != "VERB":
        return []
    pointers = [w for w in verb.subtree if w.lower_ in ("them", "whom") and case_of(w) == "of" and w.i > max(token.i, verb.i)]
    if not pointers or any(w.lemma_ in _class("transitive_only") for w in verb.doc[max(token.i, verb.i) + 1 : pointers[0].i]):
        return []
    return [w.head.head for w in pointers if w.head.pos_ == "NUM" and w.head.dep_ == "nsubj" and w.head.head.pos_ in ("NOUN", "PROPN")]


def company(token: Token) -> list[Token]:
    """Who shares the lot of a person: "killed a colonel along with two guards", "was killed together with his son"."""
    beside = [token, *([token.head] if token.dep_ in ("obj", "nsubj:pass", "nsubj") else []), *children(token.head, "advmod")]
    found = [w for start in beside for w in children(start, *OBLIQUES) if w.i > token.i and _is_company(w)]
    return [deeper for word in found for deeper in coordinated(word)]


def _is_company(word: Token) -> bool:
    return case_of(word) in _class("besides") or (case_of(word) == "with" and word.head.lower_ in ("together", "along"))


def ancestors(token: Token) -> Iterator[Token]:
    """The words above a word, nearest first."""
    while token.head != token:
        token = token.head
        yield token


def same_clause(token: Token) -> Iterator[Token]:
    """The words above an event word up to and with the verb of its clause: where its place, time and negation may hang."""
    for above in ancestors(token):
        yield above
        if above.pos_ == "VERB":
            return
