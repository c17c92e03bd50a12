"""A word of a parsed Doc → who is told of, and what befell whom, hung where English has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
TOLD = frozenset({"killed", "wounded", "injured", "hurt", "abducted", "kidnapped", "arrested", "detained", "displaced"})
DEADLY = frozenset({"kill", "massacre", "execute", "slaughter", "murder", "behead", "shoot", "wound", "injure", "free", "release"})
ON_THE_WAY = frozenset(
    {
        "leave",
        "flee",
        "return",
        "wait",
        "queue",
        "gather",
        "attend",
        "enter",
        "travel",
        "pray",
        "shelter",
        "mourn",
        "protest",
        "sleep",
        "cross",
    }
)


def hang_people(token: Token) -> None:
    """Mends how persons and bodies hang, and what is told of them."""
    _shoot_dead(token)
    _who_acts(token)
    _take_prisoner(token)
    _held_hostage(token)
    _name_claims(token)
    _subject_beside(token)
    _name_leader(token)
    _take_along(token)
    _list_people(token)
    _tell_of_thing(token)
    _do_by(token)
    _do_against(token)
    _count_toll(token)
    _claim_lives(token)
    _on_the_way(token)
    _befall(token)
    _describe_body(token)
    _taken_for(token)


def _taken_for(believed: Token) -> None:
    """ "Gunmen | believed to belong to A seized B": it is they who seized it, and what is believed of them tells who they are."""
    if believed.dep_ != "root" or believed.lemma_ not in ("believe", "suspect", "think", "presume") or believed.tag_ not in ("VBD", "VBN"):
        return
    who = next((child for child in believed.lefts if child.dep_.startswith("nsubj")), None)
    being = next((child for child in believed.rights if child.dep_ == "xcomp"), None)
    doing = next((child for child in believed.rights if child.dep_ == "ccomp" and child.tag_ == "VBD"), None)
    if who is None or being is None or doing is None or who.right_edge.i + 1 != believed.i or doing.i != being.right_edge.i + 1:
        return
    if any(child.dep_.startswith("nsubj") or child.dep_ == "mark" for child in doing.children):
        return
    for child in believed.rights:
        if child.i > being.i and child != doing:
            child.head = doing
    doing.head, doing.dep_ = doing, "root"
    who.head, who.dep_, believed.head, believed.dep_, believed.tag_ = doing, "nsubj", who, "acl", "VBN"


def _befall(done: Token) -> None:
    """ "massacred 250 soldiers | taken hostage": no clause of its own stands right behind a verb without an object; it is they whom the
    first verb is done to, and the second tells which."""
    verb = done.head
    if done.tag_ != "VBN" or done.dep_ not in ("parataxis", "ccomp", "conj") or verb.pos_ != "VERB" or verb.i > done.i:
        return
    people = next((child for child in done.lefts if child.dep_.startswith("nsubj")), None)
    if people is None or people.left_edge.i != verb.i + 1 or people.right_edge.i + 1 != done.i or len(list(done.lefts)) > 1:
        return
    done_to = not any(child.dep_ in ("obj", "aux:pass", "nsubj:pass", "mark") for child in verb.children)
    if done_to and (verb.lemma_ in words("clauses.yaml")["striking"] or verb.lemma_ in DEADLY):
        people.head, people.dep_ = verb, "obj"
        done.head, done.dep_ = people, "acl"


def _describe_body(body: Token) -> None:
    """ "fighters of the Sabra Front | a coalition backed by Chad": a coalition is the front, and not its fighters."""
    men, first = body.head, body.left_edge
    if (
        body.dep_ != "appos"
        or body.tag_ != "NN"
        or men.tag_ not in ("NNS", "NNPS")
        or first.lower_ not in ("a", "an", "the")
        or first.i < 2
    ):
        return
    name = first.nbor(-1)
    while name.dep_ in ("flat", "compound") and name.head != name:
        name = name.head
    if name.head == men and name.dep_ == "nmod" and name.text[0].isupper() and body.lemma_ in words("nouns.yaml")["body"]:
        body.head = name


def _on_the_way(doing: Token) -> None:
    """ "opened fire on worshippers | leaving a mosque": they leave it, and not who fired."""
    if doing.tag_ != "VBG" or doing.dep_ != "advcl" or doing.lemma_ not in ON_THE_WAY or doing.i == doing.sent.start:
        return
    people, kinds = doing.nbor(-1), doing.doc.user_data.get("nominals")
    hit = people.head == doing.head and people.dep_ in ("obl", "obj") and kinds is not None and kinds[people.i] == "person"
    if hit and not any(w.dep_ == "xcomp" or w.pos_ == "NUM" for w in doing.rights):  # "leaving ten dead"
        doing.head, doing.dep_ = people, "acl"


def _who_acts(people: Token) -> None:
    """ "Government forces and Hezbollah | fighters took A": the noun before the verb is what "and" joins, and the name before it says
    whose they are."""
    verb = people.head
    if not people.dep_.startswith("nsubj") or people.tag_ != "NNS" or people.i > verb.i or people.i < people.sent.start + 3:
        return
    whose = people.nbor(-1)
    first = whose.head
    if whose.dep_ != "conj" or whose.pos_ not in ("PROPN", "ADJ") or first.head != verb or first.dep_ != people.dep_:
        return
    if whose.right_edge != whose or any(child.dep_ not in ("compound", "amod") for child in people.lefts):
        return
    for word in whose.lefts:
        word.head = people
    people.head, people.dep_, whose.head, whose.dep_ = first, "conj", people, "compound"


def _shoot_dead(dead: Token) -> None:
    """ "shot | dead | two teachers", "shot dead nine men": what became of whom somebody shot, and neither the object nor its adjective."""
    shot = dead.nbor(-1) if dead.lower_ == "dead" and dead.i > dead.sent.start else dead
    if shot.lemma_ == "shoot" and shot.pos_ == "VERB" and not list(dead.children) and dead.head != dead:
        dead.head, dead.dep_, dead.pos_, dead.tag_ = shot, "xcomp", "ADJ", "JJ"


def _take_prisoner(captive: Token) -> None:
    """ "took 14 policemen | prisoner": what becomes of them, and no part of what they are called."""
    taken = captive.head
    verb = taken.head
    if captive.lower_ not in ("prisoner", "hostage", "captive"):
        return
    if captive.dep_ in ("obj", "nsubj:pass") and (before := captive.nbor(-1)).tag_ == "NNS" and before.head == captive:
        taken, verb = before, captive.head  # the tree takes the men for its compound
        taken.head, taken.dep_, captive.dep_ = verb, captive.dep_, "compound"
        for word in captive.lefts:
            word.head = taken if word != taken else verb
        captive.head, captive.dep_ = taken, "nmod"
    if captive.dep_ == "obj" and (before := captive.nbor(-1)).dep_ == "obj" and before.head == captive.head:  # two objects side by side
        taken, verb, captive.dep_ = before, captive.head, "nmod"
    if captive.i != taken.i + 1 or taken.tag_ not in ("NNS", "NN", "NNP"):
        return
    if (
        taken.dep_ in ("obj", "nsubj:pass")
        and verb.lemma_ in ("take", "hold", "capture")
        and captive.dep_ in ("amod", "nmod", "flat", "appos")
    ):
        captive.head, captive.dep_ = verb, "xcomp"


def _held_hostage(captive: Token) -> None:
    """ "nine villagers | held hostage": what they are held as, and not whom they hold."""
    held = captive.head
    if captive.dep_ == "obj" and captive.lower_ in ("hostage", "captive", "prisoner") and held.dep_ == "acl" and held.tag_ != "VBG":
        captive.dep_, held.tag_ = "xcomp", "VBN"


def _name_claims(claims: Token) -> None:
    """ "denied Russian | claims | that A had fallen": behind a verb of denial they are what is denied, and nobody claims anything there."""
    if claims.lower_ not in ("claims", "reports") or claims.i < claims.sent.start + 2 or claims.i + 1 >= claims.sent.end:
        return
    whose, verb = claims.nbor(-1), claims.nbor(-2)
    if verb.lemma_ not in words("modality.yaml")["verb_denied"] or list(whose.lefts) or claims.nbor().lower_ != "that":
        return
    if claims.head != verb or claims.dep_ not in ("obj", "ccomp") or whose.head != claims:
        return
    claims.dep_, claims.pos_, claims.tag_, claims.lemma_ = "obj", "NOUN", "NNS", claims.lower_.removesuffix("s")
    whose.dep_ = "amod" if whose.pos_ == "ADJ" else "compound"
    for clause in claims.rights:
        clause.dep_ = "acl" if clause.dep_ == "ccomp" else clause.dep_


def _subject_beside(noun: Token) -> None:
    """ "…; at least 49 guards and four civilians | died": a noun set beside a clause and right before a verb without a subject is its
    subject."""
    if noun.dep_ != "parataxis" or noun.pos_ not in NOMINAL or noun.right_edge.i + 1 >= noun.sent.end:
        return
    verb = noun.right_edge.nbor()
    led = any(child.dep_.startswith(("nsubj", "csubj")) or child.dep_ == "cc" for child in verb.lefts)
    if verb.tag_ == "VBD" and verb.pos_ == "VERB" and verb.head == noun.head and verb.dep_ in ("conj", "parataxis") and not led:
        noun.head, noun.dep_, verb.dep_ = verb, "nsubj", "parataxis"


def _name_leader(name: Token) -> None:
    """ "a leader of the Front, | Omar Sala, | was killed": a man's name says who the man is, and not his body."""
    body, kinds = name.head, name.doc.user_data.get("nominals")
    man = body.head
    if kinds is None or name.dep_ != "appos" or body.dep_ != "nmod" or name.pos_ != "PROPN" or not man.i < body.i < name.i:
        return
    if kinds[name.i] == kinds[man.i] == "person" and kinds[body.i] in ("organization", "place") and man.tag_ == "NN":
        name.head = man


def _take_along(them: Token) -> None:
    """ "took nine men | with them | into the forest": with whom they are taken, and not the men's company."""
    taken = them.head
    with_whom = them.pos_ == "PRON" and them.dep_ == "nmod" and any(case.lower_ == "with" for case in them.lefts)
    if with_whom and taken.dep_ == "obj" and taken.head.lemma_ in ("take", "bring", "carry"):
        them.head, them.dep_ = taken.head, "obl"


def _list_people(people: Token) -> None:
    """ "fighters from the Front and | tribal militiamen": people are listed with people, and not with the body of the first."""
    body = people.head
    first, kinds = body.head, people.doc.user_data.get("nominals")
    if kinds is None or people.dep_ != "conj" or people.tag_ != "NNS" or body.dep_ != "nmod" or first.tag_ != "NNS":
        return
    own = any(child.lower_ in ("of", "from") for child in body.lefts if child.dep_ == "case")
    bare = not any(child.dep_ in ("case", "det", "nmod:poss") for child in people.lefts)
    alone = body.tag_ in ("NN", "NNP") and not any(child.dep_ == "conj" and child != people for child in body.children)
    if own and bare and alone and first.i < body.i < people.i and kinds[people.i] == kinds[first.i] == "person" != kinds[body.i]:
        people.head = first


def _tell_of_thing(clause: Token) -> None:
    """ "killed nine people in an assault, | which many blamed on A": no people are "which"."""
    told, kinds = clause.head, clause.doc.user_data.get("nominals")
    if clause.dep_ != "acl:relcl":
        return
    which = next((child for child in clause.lefts if child.lower_ == "which"), None)
    people = kinds is not None and (kinds[told.i] == "person" or told.lemma_.lower() in words("nouns.yaml")["person"])
    if which is None or kinds is None or not people or which.nbor(-1).text != ",":
        return
    last = which.nbor(-2) if which.i > told.i + 2 else told
    while last.head != last and last.head.i > told.i and last.head.right_edge.i < which.i:
        last = last.head
    if last.pos_ in ("NOUN", "PROPN") and kinds[last.i] not in ("person", "time") and last.i > told.i and not clause.is_ancestor(last):
        clause.head = last


def _do_by(doer: Token) -> None:
    """ "was shot dead | by one of his guards": who did it belongs to the passive verb, and not to what became of its subject."""
    outcome = doer.head
    if doer.dep_ == "obl:agent" and outcome.dep_ == "xcomp" and outcome.pos_ == "ADJ" and outcome.head.tag_ == "VBN":
        doer.head = outcome.head


def _do_against(victim: Token) -> None:
    """ "the massacre carried out by the militia | against villagers": against whom an act is, and not its doer."""
    doer = victim.head
    act = doer.head
    if victim.dep_ != "nmod" or doer.dep_ != "obl:agent" or act.dep_ not in ("acl", "acl:relcl") or act.tag_ != "VBN":
        return
    if any(child.lower_ == "against" for child in victim.lefts if child.dep_ == "case"):
        victim.head, victim.dep_ = act, "obl"


def _claim_lives(clause: Token) -> None:
    """ "clashes with the militia | which claimed nine lives": fighting claims lives, and not one who fights."""
    party = clause.head
    fighting = party.head
    if clause.dep_ != "acl:relcl" or clause.lemma_ != "claim" or party.dep_ != "nmod":
        return
    lives = any(child.dep_ == "obj" and child.lemma_.lower() in ("life", "live") for child in clause.rights)
    sides = any(child.lower_ in ("with", "between", "against") for child in party.lefts if child.dep_ == "case")
    if lives and sides and fighting.lemma_.lower() in words("nouns.yaml")["violence"]:
        clause.head = fighting


def _count_toll(hurt: Token) -> None:
    """ "2 killed, | 3 wounded", "two guards killed; | 4 wounded": in a line without another verb each number suffers what follows it."""
    if hurt.lower_ not in TOLD or hurt.sent.root.lower_ not in TOLD:
        return
    first, counted = hurt.sent.root, hurt.nbor(-1) if hurt.i > hurt.sent.start else hurt
    if any(word.pos_ in ("VERB", "AUX") and word.lower_ not in TOLD for word in hurt.sent):
        return
    before = counted.nbor(-1) if counted.i > hurt.sent.start else counted
    number = counted if counted.pos_ == "NUM" else before
    if (
        number.pos_ != "NUM"
        or (counted != number and counted.pos_ != "NOUN")
        or (number.i > hurt.sent.start and not _parts(number.nbor(-1)))
    ):
        return
    if hurt != first:
        hurt.head, hurt.dep_ = first, "conj"
    hurt.pos_, hurt.tag_ = "VERB", "VBN"
    counted.head, counted.dep_ = hurt, "nsubj:pass"
    if counted != number:
        number.head, number.dep_ = counted, "nummod"


def _parts(token: Token) -> bool:
    return token.is_punct or token.lower_ == "and"
