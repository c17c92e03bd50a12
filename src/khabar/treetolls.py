"""A word of a parsed Doc → tolls and their numbers, hung where English has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.lemmas import lemma
from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

COUNTING = ("NUM", "NOUN")
HURTS = frozenset({"wounds", "injuries", "burns"})
BEFELL = frozenset({"killed", "wounded", "injured", "hurt", "arrested", "detained", "captured", "abducted", "kidnapped", "displaced"})
VAGUE = frozenset({"several", "many", "dozens", "scores", "hundreds", "others"})


def hang_tolls(token: Token) -> None:
    """Mends how the words of a toll, and what counts them, hang."""
    _wound_as_well(token)
    _leave_both(token)
    _leave_dead(token)
    _leave_all(token)
    _count_lot(token)
    _number_to(token)
    _deed_of_last(token)
    _people_of_both(token)
    _number_first(token)
    _some_more(token)
    _number_acts(token)
    _listed_subject(token)
    _by_account(token)
    _act_by(token)
    _dismissed_as(token)
    _laid_to(token)
    _some_of(token)
    _name_before_number(token)
    _list_buildings(token)


def _wound_as_well(deed: Token) -> None:
    """ "killing three | and wounding at least 87": what was done to others is told beside what was done to the first, and has its own
    number."""
    if deed.tag_ != "VBG" or deed.dep_ != "conj" or deed.lemma_ not in words("clauses.yaml")["toll"]:
        return
    first = deed.head if deed.head.tag_ == "VBG" else deed.head.head
    if first.lemma_ not in words("clauses.yaml")["toll"] or first.tag_ != "VBG" or first.i > deed.i:
        return
    if deed.head != first and (deed.head.dep_ != "obj" or deed.head.pos_ not in COUNTING):
        return
    counted = deed.head
    deed.head = first
    if any(child.dep_ == "obj" for child in deed.children):
        return
    told = (first, counted, *(w for w in first.rights if w.dep_ == "obj"))
    behind = (w for above in told for w in above.rights if w.i > deed.i and w.dep_ in ("obj", "conj", "nmod"))
    other = next((w for w in behind if w.pos_ in COUNTING), None)
    if other is None or other.i - deed.i > 4:
        return
    for word in (w for w in counted.rights if deed.i < w.i < other.i and w.dep_ in ("nmod", "advmod", "case")):
        word.head = other  # "at | least"
    other.head, other.dep_ = deed, "obj"


def _leave_both(other: Token) -> None:
    """ "leaving two officers dead and | a child wounded": who is left wounded stands beside who is left dead, and not beside "dead"."""
    dead = other.head
    if other.dep_ != "conj" or dead.dep_ not in ("ccomp", "xcomp", "amod") or not _is_lot(dead) or dead.head.i > dead.i:
        return
    leave = next((word for word in dead.ancestors if word.pos_ == "VERB"), dead)
    left = [child for child in leave.rights if child.dep_ == "obj" and child.i < dead.i]
    lot = next((w for w in (other, *other.children) if _is_lot(w) or w.lower_ in HURTS), None)
    people = other if other.pos_ in ("NOUN", "PROPN", "NUM") else next((w for w in other.lefts if w.dep_ == "nsubj"), None)
    if not left or lot is None or people is None or lot.i < people.i or (people.pos_ == "NUM" and lot.i == people.i + 1):
        return
    people.head, people.dep_ = left[0], "conj"
    for word in [child for child in other.lefts if child.dep_ == "cc"]:
        word.head = people
    if lot.head != people and lot.lower_ not in HURTS:
        lot.head, lot.dep_ = people, "amod"


def _leave_dead(dead: Token) -> None:
    """ "the push has left 500 people | dead": what they were left, whoever left them so."""
    people = dead.head
    if dead.dep_ in ("amod", "acl") and _is_lot(dead) and people.dep_ == "obj" and people.head.lemma_ == "leave" and people.i < dead.i:
        dead.head, dead.dep_ = people.head, "xcomp"


def _leave_all(dead: Token) -> None:
    """ "left 35 people including 22 children | dead", "left 13 rebels and five of their opponents | dead": all of them, not the last."""
    if dead.lower_ not in ("dead", "wounded", "injured") or dead.i < dead.sent.start + 4:
        return
    last = dead.head
    if dead.dep_ == "amod" and last.dep_ == "nmod" and any(c.lower_ in ("including", "among") for c in last.lefts if c.dep_ == "case"):
        if last.i == dead.i - 1 and last.head.dep_ == "obj" and last.head.head.lemma_ == "leave":
            dead.head = last.head
    elif dead.dep_ == "conj" and last.lemma_ == "leave" and dead.nbor(-1).pos_ in ("NOUN", "PROPN"):
        left = next((w for w in last.rights if w.dep_ == "obj" and w.i < dead.i), None)
        if left is not None and left.right_edge.i == dead.i - 1:
            dead.head, dead.dep_, dead.pos_, dead.tag_ = left, "amod", "ADJ", "JJ"


def _count_lot(lot: Token) -> None:
    """ "45 dead and 80 | injured", "71 dead, 12 | wounded and several | missing": each number counts the lot right behind it."""
    if not _is_lot(lot) or lot.i == lot.sent.start or _is_lot(lot.sent.root):
        return
    number = lot.nbor(-1)
    if (number.pos_ != "NUM" and number.lower_ not in VAGUE) or any(child.dep_.startswith("aux") for child in lot.children):
        return
    if any(child.dep_ == "nummod" for child in number.lefts):  # "and two others injured"
        return
    if number.dep_ == "conj" and lot.head == number and _is_lot(number.head):
        lot.head, lot.dep_ = number.head, "conj"
        for word in [w for w in number.children if w != lot and w.dep_ in ("cc", "punct")]:
            word.head = lot
    elif lot.dep_ != "conj" or not _is_lot(lot.head) or (number.dep_, number.head) not in (("conj", lot.head), ("nsubj", lot)):
        return
    number.head, number.dep_ = lot, "nummod"
    lot.pos_, lot.tag_, lot.lemma_ = "ADJ", "JJ", lot.lower_


def _is_lot(word: Token) -> bool:
    return word.lower_ in words("clauses.yaml")["lots"]


def _number_to(number: Token) -> None:
    """ "rose | to 31 from 24": a preposition goes with the number right behind it."""
    if number.pos_ != "NUM" or number.dep_ not in ("obl", "nmod") or number.i == number.sent.start or list(number.lefts):
        return
    case = number.nbor(-1)
    if case.dep_ == "case" and case.head.i > number.i and case.head.pos_ == "NUM" and case.head.head == number.head:
        case.head = number


def _deed_of_last(deed: Token) -> None:
    """ "The crowd threw stones, and police opened fire, | killing three": of two who act, the last did what is told behind him."""
    if deed.tag_ != "VBG" or deed.dep_ != "advcl" or deed.lemma_ not in words("clauses.yaml")["toll"] or deed.i == deed.sent.start:
        return
    first = deed.head
    if first.pos_ != "VERB" or first.i > deed.i or deed.left_edge.i == deed.sent.start:
        return
    before = deed.left_edge if deed.left_edge.text == "," else deed.left_edge.nbor(-1)
    later = [
        w for w in first.rights if w.dep_ == "conj" and w.pos_ == "VERB" and w.i < deed.i and w.right_edge.i in (before.i, before.i - 1)
    ]
    if before.text == "," and later and any(child.dep_ in ("nsubj", "nsubj:pass") for child in later[-1].lefts):
        deed.head = later[-1]


def _people_of_both(people: Token) -> None:
    """ "clashes between Dinka and Nuer | fighters": the noun behind two names goes with the second, and with the first in thought."""
    fight = people.head
    if people.dep_ != "nmod" or people.tag_ != "NNS" or people.i < 3 or any(child.dep_ == "case" for child in people.lefts):
        return
    last = people.nbor(-1)
    if last.dep_ != "conj" or last.pos_ not in ("PROPN", "ADJ") or last.head.head != fight or last.head.dep_ != "nmod":
        return
    if any(child.lower_ == "between" for child in last.head.lefts):
        first = last.head
        people.head, people.dep_ = first, "conj"
        for word in [child for child in last.lefts if child.dep_ == "cc"]:
            word.head = people
        last.head, last.dep_ = people, "compound"


def _number_first(number: Token) -> None:
    """ "six were killed and | 14 wounded when …", "three died and | 20 were missing": nothing is joined to what stands behind it; a number
    before its predicate is its subject."""
    told = number.head
    if number.pos_ != "NUM" or number.dep_ != "conj" or told.i < number.i:
        return
    helped = [child for child in told.lefts if child.dep_ in ("cop", "aux:pass") and child.i > number.i]
    if helped:
        number.dep_ = "nsubj:pass" if helped[-1].dep_ == "aux:pass" else "nsubj"
    elif told.i == number.i + 1 and told.dep_ == "conj" and told.head.tag_ == "VBN" and told.lower_ in BEFELL:
        number.dep_ = "nsubj:pass"
        told.pos_, told.tag_, told.lemma_ = "VERB", "VBN", lemma(told.lower_, "VERB")


def _some_more(deed: Token) -> None:
    """ "20 were killed and dozens | more wounded", "13 were killed and 40 | hurt": the second number is of the second deed."""
    if deed.lower_ not in BEFELL or deed.dep_ != "conj" or deed.head.lower_ not in BEFELL or deed.head.i > deed.i - 3:
        return
    more = deed.nbor(-1) if deed.nbor(-1).lower_ in ("more", "others") else None
    number = (more or deed).nbor(-1)
    if (number.pos_ != "NUM" and number.lower_ not in VAGUE) or number.head not in (deed, more):
        return
    if not any(child.dep_ == "aux:pass" for child in deed.head.lefts) or (more is not None and more.lower_ == "others"):
        return
    number.head, number.dep_ = deed, "nsubj:pass"
    deed.pos_, deed.tag_, deed.lemma_ = "VERB", "VBN", lemma(deed.lower_, "VERB")
    if more is not None:
        more.head, more.dep_ = number, "amod"


def _number_acts(number: Token) -> None:
    """ "205 died, including 18 civilians, and | 25,000 have fled": a number right before a verb that has no subject is its subject."""
    if number.pos_ != "NUM" or number.dep_ != "conj" or number.head.i > number.i or number.i + 2 >= number.sent.end:
        return
    following = number.nbor()
    verb = following.head
    if following.dep_ not in ("aux", "aux:pass") or verb.dep_ != "conj" or verb.i < number.i or verb.head.i > number.i:
        return
    if any(child.dep_.startswith("nsubj") for child in verb.lefts) or number.is_ancestor(verb):
        return
    for word in [child for child in number.lefts if child.dep_ == "cc"]:
        word.head = verb
    number.head, number.dep_ = verb, "nsubj"


def _listed_subject(second: Token) -> None:
    """ "strikes on a depot in A | and an airfield near B caused fires": what "and" begins is joined to what stands before it."""
    verb = second.head
    if not second.dep_.startswith("nsubj") or verb.i < second.i or not any(child.dep_ == "cc" for child in second.lefts):
        return
    first = next((w for w in verb.lefts if w.dep_ == second.dep_ and w.i < second.i), None)
    if first is None or second.pos_ not in ("NOUN", "PROPN") or any(w.pos_ == "VERB" and first.i < w.i < second.i for w in verb.lefts):
        return
    hit = [w for w in first.rights if w.dep_ == "nmod" and any(case.lower_ in ("on", "against") for case in w.lefts)]
    second.head, second.dep_ = hit[0] if hit and first.lemma_ in words("nouns.yaml")["violence"] else first, "conj"


def _by_account(teller: Token) -> None:
    """ "killed 87, according to A, | making it the worst": by whose account it is belongs to what is told, and not to what follows."""
    clause = teller.head
    told = teller.dep_ in ("obl", "nmod") and clause.tag_ == "VBG" and clause.dep_ == "advcl" and teller.i < clause.i
    if told and clause.head.i < teller.i and any(child.lower_ == "according" for child in teller.lefts):
        teller.head = clause.head


def _act_by(doer: Token) -> None:
    """ "the shooting of two boys | by soldiers": who did it belongs to the act, and not to whom it was done to."""
    victim = doer.head
    act = victim.head
    if doer.dep_ != "nmod" or victim.dep_ != "nmod" or act.pos_ != "NOUN" or not act.i < victim.i < doer.i:
        return
    done = act.lemma_ in words("nouns.yaml")["violence"] or act.lower_ in words("nouns.yaml")["deed"]
    by = any(case.lower_ == "by" for case in doer.lefts if case.dep_ == "case")
    if done and by and any(case.lower_ == "of" for case in victim.lefts if case.dep_ == "case"):
        doer.head = act


def _dismissed_as(reports: Token) -> None:
    """ "dismissed as propaganda | reports that A had fallen": the reports are what is dismissed, and propaganda what they are called."""
    verb = reports.head
    if reports.dep_ != "obl" or reports.lemma_.lower() not in words("modality.yaml")["told"] or verb.pos_ != "VERB":
        return
    case, called = reports.left_edge, reports.nbor(-1)
    if case.lower_ != "as" or called.head != reports or called.dep_ != "compound" or called.i != case.i + 1:
        return
    if any(child.dep_ in ("acl", "ccomp", "acl:relcl", "nmod") for child in reports.rights):
        called.head, called.dep_, case.head = verb, "obl", called
        reports.dep_ = "obj"


def _laid_to(blamed: Token) -> None:
    """ "killed in two bombings in A | blamed on the militia": the bombings are blamed on it."""
    if blamed.tag_ != "VBN" or blamed.lemma_ not in ("blame", "claim") or blamed.dep_ not in ("advcl", "acl") or list(blamed.lefts):
        return
    noun = blamed.nbor(-1) if blamed.i > blamed.sent.start else blamed
    while noun.dep_ in ("nmod", "flat", "compound") and noun.head != noun:
        noun = noun.head
    if noun.pos_ == "NOUN" and noun.lemma_ in words("nouns.yaml")["violence"] and noun.i < blamed.i:
        blamed.head, blamed.dep_ = noun, "acl"


def _some_of(number: Token) -> None:
    """ "killed 132, | 80 of them civilians": they are part of the 132, and the civilians are the 80."""
    if number.pos_ != "NUM" or number.dep_ not in ("conj", "appos") or number.head.i > number.i or number.i + 3 >= number.sent.end:
        return
    of, them, noun = number.nbor(), number.nbor(2), number.nbor(3)
    whole = number.head
    if of.lower_ != "of" or them.lower_ != "them" or whole.pos_ != "NUM" or noun.head not in (whole, number) or noun.pos_ != "NOUN":
        return
    noun.head, noun.dep_, of.head, of.dep_, them.head, them.dep_ = whole, "appos", them, "case", number, "nmod"
    number.head, number.dep_ = noun, "nummod"


def _name_before_number(name: Token) -> None:
    """ "in neighbouring A | four soldiers died": where they died, and no part of what they are called."""
    people = name.head
    if name.pos_ != "PROPN" or name.dep_ not in ("nmod", "compound") or not people.dep_.startswith("nsubj") or people.tag_ != "NNS":
        return
    number = name.nbor() if name.i < people.i else name
    case = next((child for child in name.lefts if child.dep_ == "case" and child.lower_ in ("in", "at", "near")), None)
    if number.pos_ == "NUM" and number.head == people and case is not None and people.head.i > people.i:
        name.head, name.dep_ = people.head, "obl"


def _list_buildings(second: Token) -> None:
    """ "looted the market, | the hospital and hundreds of homes": a list, and not another name of the market."""
    first = second.head
    if second.dep_ != "appos" or second.tag_ != "NN" or first.tag_ != "NN" or first.dep_ not in ("obj", "nsubj:pass"):
        return
    buildings = words("nouns.yaml")["building"]
    goes_on = any(child.dep_ == "conj" and any(cc.dep_ == "cc" for cc in child.lefts) for child in second.rights)
    pointed = all(any(child.lower_ in ("the", "a", "an") for child in noun.lefts) for noun in (first, second))
    if goes_on and pointed and first.lemma_ in buildings and second.lemma_ in buildings:
        second.dep_ = "conj"
