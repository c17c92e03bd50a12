"""A parsed Doc → the same Doc with small faults of its tree mended that a parser makes now and then, whichever text it was trained on.

Each mend follows from English alone: the words beside each other leave no other reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.cues import lexicon
from khabar.lemmas import lemma
from khabar.lexicon import words
from khabar.partitives import hang_part
from khabar.tellers import hang_told
from khabar.treebare import hang_bare, seat_last
from khabar.treecases import hang_cases
from khabar.treepeople import hang_people
from khabar.treeplaces import DAYS, hang_places
from khabar.treetellers import hang_tellers
from khabar.treetolls import hang_tolls

if TYPE_CHECKING:
    from khabar.doc import Doc, Token

NOMINAL = ("NOUN", "PROPN", "PRON", "NUM")
ABOUT_PERSONS = frozenset({"who", "whose", "whom"})
COMPASS = frozenset({"north", "south", "east", "west", "central", "northern", "southern", "eastern", "western", "upper", "lower"})
OWNERS = frozenset({"its", "their", "his", "her"})
BARE = frozenset({"obl", "nmod:unmarked", "obl:unmarked", "obl:tmod", "nmod", "acl:relcl"})
AS_NOUN = {
    "advcl": "obl",
    "acl": "nmod",
    "csubj": "nsubj",
    "csubj:pass": "nsubj:pass",
    "ccomp": "obj",
    "xcomp": "obj",
    "obl:agent": "nmod",
    "obl": "nmod",
}
HELD = frozenset({"hold", "control", "besiege", "seize", "occupy", "rule", "call", "know", "locate", "situate", "inhabit", "populate"})
OPENING = frozenset({"since", "after", "before", "until"})


def straightened(doc: Doc) -> Doc:
    """The Doc itself, its tree mended in place."""
    for token in doc:
        _name_gerund(token)
        _lay_siege(token)
        _hang_result(token)
        _name_act(token)
        _describe_act(token)
        _own(token)
        _turn_round(token)
        _one_subject(token)
        _describe_joined(token)
        _tell_participle(token)
        _tell_joined(token)
        _part_among(token)
        _join_name(token)
        _join_words(token)
        _part_number(token)
        _count_before(token)
        _count_of(token)
        hang_cases(token)
        _hang_relative(token)
        _hang_which(token)
        _part_comment(token)
        _list_with_agent(token)
        _second_subject(token)
        _part_day(token)
        _put_off(token)
        _open_clause(token)
        seat_last(token)
        hang_told(token)
        hang_tellers(token)
        hang_bare(token)
        _say_when(token)
        _begin_when(token)
        _open_page(token)
        hang_places(token)
        hang_people(token)
        hang_tolls(token)
        hang_part(token)
    return doc


def _lay_siege(laying: Token) -> None:
    """ "Rebels | lay | siege to the base": what has an object is laid, and lies nowhere."""
    if laying.lemma_ == "lie" and laying.lower_ == "lay" and any(child.dep_ == "obj" for child in laying.children):
        laying.lemma_ = "lay"


def _hang_result(deed: Token) -> None:
    """ "Shells hit a market in the district held by the army | killing three": what a deed led to is not told of the place, nor of who
    holds it."""
    if deed.tag_ != "VBG" or deed.lemma_ not in words("clauses.yaml")["toll"] or deed.dep_ not in ("acl", "advcl", "acl:relcl"):
        return
    above = deed.head
    held = above.dep_ == "acl" and above.lemma_ in HELD and above.i < deed.i
    noun = above.head if held else above
    kinds = deed.doc.user_data.get("nominals")
    place = noun.ent_type_ == "PLACE" or (kinds is not None and kinds[noun.i] == "place")
    if not (held or (deed.dep_ == "acl" and place)) or noun.i > deed.i or noun.dep_.startswith("nsubj"):
        return
    verb = next((w for w in noun.ancestors if w.pos_ == "VERB" and w.lemma_ not in HELD), None)
    if verb is not None and verb.i < noun.i:
        deed.head, deed.dep_ = verb, "advcl"


def _say_when(time: Token) -> None:
    """ "prosecutors in April | charged", "a group of doctors in 2015 called for": persons and bodies have no day; the verb has it."""
    doer = time.head
    if time.dep_ != "nmod" or not doer.dep_.startswith("nsubj") or time.lefts[:1] != time.children[:1] or not time.lefts:
        return
    above, kinds = doer.head, doer.doc.user_data.get("nominals")
    told = above.pos_ == "VERB" and time.right_edge.i + 1 in (above.i, *(child.i for child in above.lefts if child.dep_.startswith("aux")))
    dated = time.lefts[0].lower_ in ("in", "on") and (_is_time(time) or time.text.isdigit())
    if told and dated and (doer.pos_ == "PROPN" or (kinds is not None and kinds[doer.i] in ("person", "organization"))):
        time.head, time.dep_ = above, "obl"


def _begin_when(month: Token) -> None:
    """ "Late March | media reported": when it was, and none of the media."""
    doer = month.head
    if month.lower_ not in DAYS or month.dep_ not in ("compound", "amod", "nmod", "nsubj"):
        return
    part = next((child for child in month.lefts if child.lower_ in ("late", "early", "mid")), None)
    if part is None or part.i != month.sent.start:
        return
    if month.dep_ == "nsubj" and any(child.dep_ == "nsubj" and child.i > month.i for child in doer.lefts):
        month.dep_ = "obl:unmarked"
    elif doer.dep_.startswith("nsubj") and doer.head.i > doer.i > month.i:
        month.head, month.dep_ = doer.head, "obl:unmarked"


def _open_page(agency: Token) -> None:
    """ "AFP | Syrian regime warplanes bombed A": who sent a story is no part of its first words."""
    if (
        agency.i != agency.sent.start
        or agency.lower_ not in lexicon().words["wires"]
        or agency.dep_ not in ("compound", "amod", "nmod", "flat")
    ):
        return
    if agency.head.i > agency.i and agency.nbor().text[:1].isupper():
        agency.head, agency.dep_ = agency.sent.root, "dep"


def _name_gerund(token: Token) -> None:
    """ "Rioting in A went on", "the United Nations": a verb with the tag of a noun or of a name is one."""
    if token.pos_ == "VERB" and token.tag_ == "NN" and (token.lower_.endswith("ing") or any(w.dep_ == "det" for w in token.lefts)):
        token.pos_, token.lemma_ = "NOUN", token.lower_
    elif token.pos_ == "VERB" and token.tag_ in ("NNP", "NNPS"):
        token.pos_ = "PROPN"


def _name_act(token: Token) -> None:
    """ "killed in mortar shelling by A", "Russian shelling destroyed B", "their shelling went on", "shelling hit C": no object stands right
    before a gerund, no adjective is a subject, and what is owned, done by somebody or a subject is a noun, with what follows it."""
    if token.tag_ != "VBG" or token.lower_ not in words("nouns.yaml")["violence"]:
        return
    before = token.nbor(-1) if token.i > token.sent.start else token
    described = before.head == token and (before.dep_ == "obj" or (before.dep_ == "nsubj" and before.pos_ == "ADJ"))
    owners = [child for child in token.lefts if child.dep_ == "nmod:poss" or any(c.tag_ == "POS" for c in child.rights)]
    by = any(case.lower_ == "by" for child in token.rights for case in child.lefts if case.dep_ == "case" and child.dep_.startswith("obl"))
    if not (described or owners or by or token.dep_ in ("nsubj", "nsubj:pass", "obj", "obl", "nmod")):
        return
    if any(child.dep_.startswith("aux") or child.dep_ in ("obj", "ccomp") for child in token.children if child != before):
        return
    token.pos_, token.tag_, token.lemma_, token.dep_ = "NOUN", "NN", token.lower_, AS_NOUN.get(token.dep_, token.dep_)
    before.dep_ = before.dep_ if not described else "amod" if before.pos_ == "ADJ" else "compound"
    for owner in owners:
        owner.dep_ = "nmod:poss"
    for child in token.children:
        marks = child.i < token.i and child.dep_ == "mark"
        child.dep_ = "case" if marks else AS_NOUN.get(child.dep_, child.dep_)


def _describe_act(token: Token) -> None:
    """ "Russian shelling hit A", "the army offensive began": the word before the noun of an act describes it and is no subject of it."""
    act = token.head
    whole = (
        token.dep_ == "nsubj" and act.i == token.i + 1 and act.pos_ == "NOUN" and act.dep_ in ("nsubj", "nsubj:pass", "obj", "obl", "nmod")
    )
    if whole and token.pos_ in ("ADJ", "NOUN", "PROPN") and all(child.dep_ != "cop" for child in act.children):
        token.dep_ = "amod" if token.pos_ == "ADJ" else "compound"


def _own(noun: Token) -> None:
    """ "the regime's shelling": what has a possessive's ending owns the noun behind it, and is no subject of it."""
    if noun.dep_ == "nsubj" and noun.head.i > noun.i and noun.head.pos_ == "NOUN" and any(c.tag_ == "POS" for c in noun.rights):
        noun.dep_ = "nmod:poss"
    title, ending = noun.head, next((c for c in noun.rights if c.tag_ == "POS"), None)
    if ending is None or noun.dep_ != "appos" or noun.i != title.i + 1 or title.dep_ not in ("obj", "nsubj", "nsubj:pass", "obl:agent"):
        return
    owned = ending.nbor() if ending.i + 1 < noun.sent.end else noun
    if owned.pos_ == "NOUN" and owned.dep_ == "appos" and owned.head in (noun, title):
        owned.head, owned.dep_ = title.head, title.dep_  # "accused army chief Omar Sala's | troops of …": the troops are accused
        noun.head, noun.dep_, title.head, title.dep_ = owned, "nmod:poss", noun, "nmod:desc"


def _turn_round(noun: Token) -> None:
    """ "the UK-based Observatory": what is based somewhere describes the noun behind it, and not the noun it."""
    based = noun.head
    if noun.dep_ != "compound" or noun.i != based.i + 1 or based.tag_ != "VBN" or based.i < 2 or based.nbor(-1).text != "-":
        return
    noun.head, noun.dep_ = (based.head, based.dep_) if based.head != based else (noun, based.dep_)
    based.head, based.dep_ = noun, "amod"


def _describe_joined(word: Token) -> None:
    """ "the army and popular committees": an adjective listed before a noun that is listed with the same word describes that noun."""
    noun = word.nbor() if word.dep_ == "conj" and word.pos_ == "ADJ" and word.i + 1 < word.sent.end else word
    if noun != word and noun.dep_ == "conj" and noun.head == word.head and noun.pos_ in NOMINAL and all(c.dep_ == "cc" for c in noun.lefts):
        word.head, word.dep_ = noun, "amod"


def _one_subject(noun: Token) -> None:
    """ "the opposing Syrian Observatory said": of two subjects with nothing between them the first, an adjective, describes the second."""
    verb = noun.head
    if noun.dep_ != "nsubj" or not (noun.pos_ in NOMINAL or noun.tag_ == "NNP") or noun.i > verb.i:
        return
    first = next((w for w in verb.lefts if w.dep_ == "nsubj" and w.right_edge.i + 1 == noun.left_edge.i), None)
    if first is not None and first.pos_ in ("ADJ", "VERB"):
        first.head, first.dep_ = noun, "amod"


def _tell_participle(token: Token) -> None:
    """ "14 were killed and dozens wounded": a participle that has a subject of its own tells what befell it."""
    if token.pos_ == "ADJ" and token.lower_.endswith("ed") and any(_suffers(child) for child in token.lefts):
        token.pos_, token.tag_, token.lemma_ = "VERB", "VBN", lemma(token.lower_, "VERB")
        return
    joined = token.dep_ == "conj" and token.tag_ == "JJ" and token.lemma_ in words("clauses.yaml")["toll"] and token.head.tag_ == "VBN"
    if joined and token.pos_ == "VERB" and not any(child.dep_ in ("cop", "aux", "obj") for child in token.children):
        token.tag_ = "VBN"  # "two were reported killed and two others | injured"
        for child in token.lefts:
            child.dep_ = "nsubj:pass" if child.dep_ == "nsubj" else child.dep_
    number = token.lefts[-1] if token.dep_ == "conj" and token.lower_.endswith("ed") and token.lefts else None
    counts = number is not None and number.dep_ == "nummod" and number.i == token.i - 1 and token.pos_ in ("ADJ", "NOUN")
    if number is not None and counts and token.head.tag_ == "VBN" and any(c.dep_ == "nsubj:pass" for c in token.head.lefts):
        token.pos_, token.tag_, token.lemma_ = "VERB", "VBN", lemma(token.lower_, "VERB")  # "two were killed and five injured"
        number.dep_ = "nsubj:pass"


def _suffers(subject: Token) -> bool:
    """ "40 were killed and scores | wounded": joined to a passive verb, it is passive as well."""
    told = subject.head
    if subject.dep_ == "nsubj" and told.dep_ == "conj" and told.head.tag_ == "VBN" and told.head.i < subject.i:
        finite = any(child.dep_ in ("cop", "aux") for child in told.lefts)
        subject.dep_ = "nsubj" if finite or all(c.dep_ != "nsubj:pass" for c in told.head.lefts) else "nsubj:pass"
    return subject.dep_ == "nsubj:pass"


def _tell_joined(noun: Token) -> None:
    """ "six were killed and 20 others wounded": the participle behind the second noun tells what befell it, as the first verb does."""
    if noun.dep_ != "conj":
        return
    verb = noun.head.head
    if noun.head.tag_ == "VBN" and noun.i < noun.head.i and noun.head.dep_ == "conj" and noun.right_edge.i + 1 == noun.head.i:
        noun.dep_ = "nsubj:pass"
        return
    beside = noun.right_edge.nbor() if noun.right_edge.i + 1 < noun.sent.end else noun
    if beside.tag_ == noun.head.tag_ == "VBN" and beside.dep_ == "conj" and beside.head == noun.head and noun.pos_ in ("NOUN", "NUM"):
        if not any(child.dep_.startswith(("nsubj", "aux")) or child.dep_ == "obj" for child in beside.children):
            for word in [child for child in noun.lefts if child.dep_ == "cc"]:
                word.head = beside
            noun.head, noun.dep_ = beside, "nsubj:pass"  # "40 were killed | and scores | wounded"
        return
    if noun.head.dep_ != "nsubj:pass" or verb.i > noun.i:
        return
    behind = (w for w in noun.rights if w.i == noun.i + 1 and w.dep_ in ("orphan", "acl", "amod"))
    told = next((w for w in behind if w.tag_ == "VBN" or (w.pos_ == "ADJ" and w.lower_.endswith("ed"))), None)
    if told is not None:
        told.pos_, told.tag_, told.lemma_ = "VERB", "VBN", lemma(told.lower_, "VERB")
        told.head, told.dep_ = verb, "conj"
        noun.head, noun.dep_ = told, "nsubj:pass"


def _part_among(noun: Token) -> None:
    """ "three children were among 19 civilians killed in A": the noun is what they were among, and the participle describes it."""
    verb = noun.head
    if noun.dep_ != "nsubj:pass" or verb.tag_ != "VBN" or verb.i < noun.i:
        return
    among = next((child for child in noun.lefts if child.dep_ == "case" and child.lower_ == "among"), None)
    if among is None or any(child.dep_.startswith("aux") for child in verb.lefts if child.i > noun.i):
        return
    for word in [*among.children, *(child for child in verb.lefts if child.i < noun.i)]:
        word.head, word.dep_ = noun, "cop" if word.dep_ == "aux:pass" else word.dep_
    noun.head, noun.dep_ = (verb.head, verb.dep_) if verb.head != verb else (noun, verb.dep_)
    verb.head, verb.dep_ = noun, "acl"


def _put_off(noun: Token) -> None:
    """ "targeted with shells | the town", "struck on Sunday evening | the villages": a noun with nothing to introduce it, behind what says
    when or with what, is what the verb does it to; so the verb is not a passive."""
    above = noun.head if noun.head.pos_ == "VERB" else noun.head.head
    bare = noun.dep_ in BARE and noun.pos_ in ("NOUN", "PROPN")
    if (
        not bare
        or above.lemma_ not in words("clauses.yaml")["striking"]
        or above.tag_ not in ("VBD", "VBN")
        or above.i > noun.i
        or above.i == above.sent.start
    ):
        return
    if any(child.dep_ in ("case", "aux:pass", "obj", "ccomp", "xcomp") for child in (*noun.lefts, *above.children)) or _is_time(noun):
        return
    between = [w for w in above.rights if w.dep_ in ("obl", "obl:unmarked", "obl:tmod") and w.i < noun.i]
    pointed = noun.ent_type_ == "PLACE" or any(child.lower_ in ("the", "a", "an") or child.pos_ == "PROPN" for child in noun.lefts)
    doers = [child for child in above.lefts if child.dep_ in ("nsubj", "nsubj:pass")]
    told = bool(doers) or (
        above.dep_ == "acl" and (above.tag_ == "VBD" or above.head.dep_.lower() == "root")
    )  # "groups targeted on Sunday the town", taken for "groups that …"
    if (
        not between
        or not pointed
        or noun.left_edge.text == ","
        or not told
        or any(_is_bare(w) for w in (*noun.rights, *above.rights) if w.i > noun.i)
    ):
        return  # of a list that has lost its commas the first is not all
    noun.head, noun.dep_, above.tag_ = above, "obj", "VBD"
    for doer in doers:
        doer.dep_ = "nsubj"


def _part_day(noun: Token) -> None:
    """ "targeted on Saturday | residential areas": the day says when, and the areas are what the verb does it to."""
    verb = noun.head
    if noun.dep_ != "obl" or noun.tag_ != "NNS" or verb.lemma_ not in words("clauses.yaml")["striking"]:
        return
    case = next((child for child in noun.lefts if child.dep_ == "case"), None)
    if case is None or case.i != verb.i + 1:
        return
    day = case.nbor()
    told = any(child.dep_.startswith("nsubj") for child in verb.lefts) and not any(c.dep_ in ("aux:pass", "obj") for c in verb.children)
    if case.lower_ != "on" or not day.lower_.endswith("day") or day.lower_ not in DAYS or day.head != noun or not told:
        return
    case.head, day.head, day.dep_ = day, verb, "obl"
    noun.dep_, verb.tag_ = "obj", "VBD"
    for doer in verb.lefts:
        doer.dep_ = doer.dep_.replace("nsubj:pass", "nsubj")


def _open_clause(noun: Token) -> None:
    """ "have left since the war | broke out in 2011", "a day after raids | killed nine": "since" and "after" open the clause whose subject
    the noun is."""
    if noun.dep_ not in ("nsubj", "obl", "nmod"):
        return
    case = next((child for child in noun.lefts if child.dep_ == "case" and child.lower_ in OPENING), None)
    verb = noun.right_edge.nbor() if noun.right_edge.i + 1 < noun.sent.end else noun
    if case is None or verb.tag_ != "VBD" or verb.dep_ not in ("advcl", "conj", "parataxis"):
        return
    if noun.dep_ == "nsubj" and noun.head == verb:
        case.head, case.dep_ = verb, "mark"
        verb.dep_ = "advcl" if verb.dep_ == "parataxis" else verb.dep_
        return
    led = any(child.dep_.startswith(("nsubj", "aux")) or child.dep_ in ("mark", "cc") for child in verb.lefts)
    if noun.dep_ not in ("obl", "nmod") or led:
        return
    if verb.is_ancestor(noun):
        if noun.head != verb or not any(child.dep_ == "obj" for child in verb.rights):
            return
        verb.dep_ = "advcl"
    elif verb.dep_ == "advcl":
        verb.head = noun.head
    else:
        return
    noun.head, case.head = verb, verb
    noun.dep_, case.dep_ = "nsubj", "mark"


def _is_bare(noun: Token) -> bool:
    return (
        noun.pos_ == "NOUN" and noun.dep_ in ("nmod", "obl") and not any(child.dep_ == "case" and child.i < noun.i for child in noun.lefts)
    )


def _is_time(noun: Token) -> bool:
    kinds = noun.doc.user_data.get("nominals")
    return noun.lower_ in DAYS or (kinds is not None and kinds[noun.i] == "time")


def _join_name(token: Token) -> None:
    """ "including the Dera Brigade": of two names with nothing between them the second goes on with the first, and what stands before
    both hangs on the first; so do all words of a long name."""
    name = token.head
    if token.dep_ == name.dep_ == "flat" and name.head != token:
        token.head = name = name.head
    if " " in token.text or " " in name.text:  # known names, each whole
        return
    beside = token.dep_ in ("nmod", "flat", "iobj")  # of two names beside each other none is given to the other
    if not (token.pos_ == name.pos_ == "PROPN" and token.i == name.i + 1 and beside):
        return
    token.dep_ = "flat"
    for before in list(token.lefts):
        before.head = name


def _join_words(token: Token) -> None:
    """ "fled North Kordofan": the second word of a name beside the first, where the tree made both objects of a verb; "commander-in-chief":
    what a hyphen joins is one word."""
    if token.i == token.sent.start:
        return
    before = token.nbor(-1)
    goes_on = token.ent_iob_ == "I" or before.lower_ in COMPASS
    named = token.pos_ == before.pos_ == "PROPN" and goes_on and before.ent_type_ == token.ent_type_
    if named and token.head == before.head and token.dep_ == before.dep_:
        token.head, token.dep_ = before, "flat"
        for child in list(token.children):
            child.head = before
    case = next((child for child in token.lefts if child.dep_ == "case"), None) if token.dep_ == "nmod" else None
    if case is not None and case.i and case.nbor(-1).text == "-" and not case.nbor(-1).whitespace_:
        token.dep_ = "flat"


def _part_number(token: Token) -> None:
    """ "suffered at least 50 dead": the number counts the dead, and is not described by them."""
    number = token.head
    if token.pos_ == "ADJ" and token.dep_ == "amod" and number.pos_ == "NUM" and token.i == number.i + 1 and number.dep_ == "xcomp":
        token.dep_ = "obj"
        after = [child for child in number.rights if child != token]
        token.head = number.head
        for word in (number, *after):
            word.head = token
        number.dep_ = "nummod"


def _count_before(number: Token) -> None:
    """ "killing seven, | civil society groups said", "injured seven | Lowland Governor N said": what a comma parts from a noun does not
    count it, nor does a number count a name of one."""
    if number.pos_ != "NUM" or number.dep_ != "nummod" or number.i == number.sent.start or number.i + 1 == number.sent.end:
        return
    first, noun = number.left_edge, number.head
    verb = first.nbor(-1) if first.i > number.sent.start else first
    parted = number.nbor().text == "," and noun.i > number.i + 1
    named = noun.pos_ == "PROPN" and noun.tag_ != "NNPS" and noun.i == number.i + 1 and noun.dep_ in ("compound", "nmod", "nsubj")
    if (parted or named) and verb.tag_ in ("VBG", "VBD", "VBN") and not any(child.dep_ == "obj" for child in verb.children):
        number.head, number.dep_ = verb, "obj"


def _count_of(token: Token) -> None:
    """ "405 of 430 drones", "12 soldiers and 13 rebels": the second number counts what stands behind it."""
    before = token.nbor(-1) if token.i > token.sent.start else token
    if token.pos_ == "NOUN" and token.dep_ == before.dep_ == "conj" and before.pos_ == "NUM" and before.head == token.head:
        before.head, before.dep_ = token, "nummod"
        return
    if token.pos_ != "NOUN" or token.dep_ != "nmod" or token.head.pos_ != "NUM" or token.i == token.sent.start:
        return
    number = token.nbor(-1)
    if number.pos_ == "NUM" and number.head == token.head and number.dep_ == "nmod":
        number.head, number.dep_ = token, "nummod"
        for case in [child for child in number.lefts if child.dep_ == "case"]:
            case.head = token


def _hang_relative(clause: Token) -> None:
    """ "fought militants, whose assault …": "who" and "whose" mean the noun before them, never the clause before them."""
    if clause.dep_ != "advcl:relcl":
        return
    start = next((w for w in clause.subtree if not w.is_punct), clause)
    if start.lower_ not in ABOUT_PERSONS or start.i - 2 < clause.sent.start:
        return
    noun = start.nbor(-2) if start.nbor(-1).text == "," else start.nbor(-1)
    while noun.dep_ in ("flat", "compound", "nummod") and noun.head.i < start.i:
        noun = noun.head
    if noun.pos_ in NOMINAL and not clause.is_ancestor(noun):
        clause.head, clause.dep_ = noun, "acl:relcl"


def _hang_which(which: Token) -> None:
    """ "they took A, which the army denied": "which" belongs to the verb behind it, never to one before the comma."""
    if which.lower_ != "which" or which.head.i > which.i or which.i == which.sent.start or which.nbor(-1).text != ",":
        return
    behind = (w for w in which.sent if w.i > which.i and w.dep_.endswith(":relcl") and abs(w.left_edge.i - which.i) <= 1)
    verb = next(behind, None)
    if verb is not None:
        which.head = verb
        which.dep_ = "obj" if any(child.dep_.startswith("nsubj") for child in verb.lefts) else "nsubj"


def _part_comment(noun: Token) -> None:
    """ "…, a claim the rebels denied": of two subjects beside each other the first, behind a comma and with "a", is what the clause is
    about, and the clause hangs on it."""
    verb = noun.head
    if noun.dep_ != "nsubj" or verb.dep_ not in ("parataxis", "conj", "ccomp") or noun.i > verb.i or noun.left_edge.i <= noun.sent.start:
        return
    second = next((w for w in verb.lefts if w.dep_ == "nsubj" and w.left_edge.i == noun.right_edge.i + 1), None)
    start = noun.left_edge if noun.left_edge.text != "," else noun.left_edge.nbor()
    if second is None or start.lower_ not in ("a", "an") or "," not in (start.nbor(-1).text, noun.left_edge.text):
        return
    noun.head, noun.dep_ = verb.head, "parataxis"
    verb.head, verb.dep_ = noun, "acl:relcl"


def _list_with_agent(token: Token) -> None:
    """ "shelling by A and its ally": what is A's and follows A is listed with A, not with the shelling."""
    if token.dep_ != "conj" or not any(child.dep_ == "nmod:poss" and child.lower_ in OWNERS for child in token.lefts):
        return
    agents = (w for w in token.head.rights if w.dep_ in ("nmod", "obl", "obl:agent") and w.right_edge.i + 1 == token.left_edge.i)
    agent = next((w for w in agents if any(case.lower_ == "by" for case in w.lefts)), None)
    if agent is not None:
        token.head = agent


def _second_subject(noun: Token) -> None:
    """ "accused its members of …", "put the number at 21": behind a verb that has its subject before it stands its object."""
    verb = noun.head
    if noun.dep_ != "nsubj" or noun.i < verb.i or verb.pos_ != "VERB" or noun.pos_ not in NOMINAL:
        return
    others = [child.dep_ for child in verb.children if child != noun]
    led = any(child.dep_ == "nsubj" and child.i < verb.i for child in verb.children)
    if led and not any(dep in ("obj", "cop", "aux:pass", "expl", "iobj", "ccomp") for dep in others) and noun.left_edge.i <= verb.i + 2:
        noun.dep_ = "obj"
