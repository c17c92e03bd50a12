"""A word of a parsed Doc → lists, remarks and speakers of prose that has lost its commas, hung where a comma would have parted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.cues import lexicon
from khabar.lexicon import words
from khabar.tellers import REMARKS, SAYING, has_subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from khabar.doc import Token

COUNTED = ("obj", "obl", "nmod", "nsubj", "nsubj:pass", "conj")
ANSWERS = frozenset({"deny", "reject", "dismiss", "refute", "dispute", "confirm", "contest"})
WHERE = frozenset({"in", "near", "at", "outside", "around", "inside", "off", "from"})
REACHED = frozenset({"reach", "contact", "interview", "question"})
OF_TOLD = frozenset({"tell"}) | SAYING
SORTS = frozenset(
    {
        "aid",
        "health",
        "rescue",
        "relief",
        "security",
        "government",
        "police",
        "army",
        "hospital",
        "military",
        "opposition",
        "rebel",
        "tribal",
    }
)
UNSEATED = ("conj", "obl:agent", "obl", "nmod")
ITEMS = (("person",), ("building",), ("weapon", "vehicle", "fortification", "building"))


def hang_bare(token: Token) -> None:
    """Mends what only a comma told apart."""
    _remark_apart(token)
    _list_on(token)
    _reached(token)
    _goes_on(token)
    _family_of(token)
    _class_behind(token)
    if token.lemma_ in OF_TOLD and token.pos_ == "VERB" and token.i > token.sent.start + 3:
        _name_who_tells(token)
        _titled_who_tells(token)
        _who_tells(token)
        _keep_own(token)
        for noun in [word for word in token.lefts if word.dep_ == "nsubj"]:
            _speak_both(noun)
            _part_singular(noun)
            _part_lot(noun)
            _place_before(noun)


def _remark_apart(remark: Token) -> None:
    """ "shelled A killing a woman | a charge the rebels denied": said of all that is told, and nobody who was killed."""
    if remark.lower_ not in REMARKS or remark.dep_ == "parataxis" or remark.left_edge.i < remark.sent.start + 3:
        return
    article = next((w for w in remark.lefts if w.lower_ in ("a", "an")), None)
    if article is None or article.nbor(-1).pos_ not in ("NOUN", "PROPN", "NUM", "ADV"):
        return
    answer = next((w for w in remark.sent if w.i > remark.i and w.pos_ == "VERB"), None)
    if answer is None or answer.lemma_ not in ANSWERS or answer.tag_ != "VBD" or answer.i > remark.i + 6:
        return
    if not any(w.dep_ == "nsubj" and w.i > remark.i for w in answer.lefts):
        return
    told = next((w for w in answer.lefts if w.dep_ == "ccomp" and w.i < article.i), None)
    if answer.head == answer and told is not None:
        told.head, told.dep_ = told, "root"
    elif answer.head == answer:
        return
    above = told or next((w for w in (*remark.ancestors, *answer.ancestors) if w.i < article.i and w.pos_ == "VERB"), None)
    if above is None or above in (remark, answer) or (told is None and answer.is_ancestor(above)):
        return
    remark.head, remark.dep_ = above, "parataxis"
    answer.head, answer.dep_ = remark, "acl:relcl"


def _list_on(second: Token) -> None:
    """ "shot dead a child | a woman and an old man", "fire to two stations | a courthouse and a shop": of one sort, each with its article
    or number, and "and" before the last: a list, and no other name of the first."""
    first = second.head
    if second.dep_ != "appos" or first.i > second.i or first.dep_ not in COUNTED or not (_is_one(first) and _is_one(second)):
        return
    if not any(_sorts(first, classes) and _sorts(second, classes) for classes in ITEMS):
        return
    if any(w.dep_ not in ("conj", "punct") for w in second.rights):
        return
    last = (w for w in (*second.rights, *first.rights) if w.dep_ == "conj" and w.i > second.i)
    if any(
        any(c.dep_ == "cc" for c in w.lefts) and (_is_one(w) or w.lower_.removesuffix("s") in words("clauses.yaml")["counters"])
        for w in last
    ):
        second.dep_ = "conj"


def _is_one(noun: Token) -> bool:
    return any(w.lower_ in ("a", "an") or w.dep_ == "nummod" for w in noun.lefts)


def _sorts(noun: Token, classes: tuple[str, ...]) -> bool:
    return any(noun.lemma_.lower() in words("nouns.yaml")[name] for name in classes)


def _name_who_tells(verb: Token) -> None:
    """ "killing nine soldiers | Colonel Farah Osman a military officer told the agency": the man named tells it, and what stands behind
    his name says what he is; he is none of those killed."""
    if verb.lemma_ not in OF_TOLD or verb.tag_ not in ("VBD", "VBN") or verb.i < verb.sent.start + 6:
        return
    role = verb.nbor(-1)
    start = role.left_edge if role.pos_ == "NOUN" else verb
    article = next((w for w in verb.doc[max(verb.i - 6, verb.sent.start) : verb.i] if w.lower_ in ("a", "an")), None)
    if role.pos_ != "NOUN" or article is None or any(w.pos_ not in ("NOUN", "ADJ", "PROPN") for w in verb.doc[article.i + 1 : verb.i]):
        return
    last = article.nbor(-1)
    name = next((w for w in (last, *last.ancestors) if w.pos_ == "PROPN" and w.dep_ == "appos" and w.i <= last.i), None)
    if name is None or start.i > verb.i or name.right_edge.i + 1 < article.i or not (_is_titled(name) or name.ent_type_ == "PERSON"):
        return
    if name.head.i > name.i or name.head.pos_ == "PROPN" or name.left_edge.nbor(-1).is_punct or name.head == name:
        return
    if role.head not in (verb, name) or verb.is_ancestor(verb.head) or name.is_ancestor(verb):
        return
    name.head, name.dep_, verb.tag_ = verb, "nsubj", "VBD"
    role.head, role.dep_ = name, "appos"


def _titled_who_tells(verb: Token) -> None:
    """ "wounded 13 in Karsa | Colonel Chai Suwan the district police chief said": a title begins his name, and ends the town's."""
    doc, role = verb.doc, verb.nbor(-1)
    articles = [w for w in doc[max(verb.i - 7, verb.sent.start) : verb.i] if w.lower_ in ("a", "an", "the")]
    if role.pos_ != "NOUN" or verb.tag_ != "VBD" or not articles or role.head != verb or role.dep_ != "nsubj":
        return
    end = articles[-1].i
    if articles[-1].head != role or role.lower_ not in lexicon().words["roles"]:
        return
    start = end
    while start > verb.sent.start + 4 and doc[start - 1].pos_ == "PROPN" and not _opens_name(doc[start]):
        start -= 1
    name = doc[start + 1] if start + 1 < end else verb
    if name == verb or not _opens_name(doc[start]) or name.pos_ != "PROPN" or name.dep_ == "nsubj" or doc[start - 1].is_punct:
        return
    for word in doc[start:end]:
        if word.head.i not in range(start, end) or word.head == name:
            word.head, word.dep_ = name, "nmod:desc" if word.i == start else "flat"
    name.head, name.dep_ = verb, "nsubj"
    role.head, role.dep_ = name, "appos"


def _opens_name(word: Token) -> bool:
    return word.lower_ in lexicon().words["titles"] and word.text[:1].isupper()


def _who_tells(verb: Token) -> None:
    """ "took our goats | a boy who fled Karsa told the agency": behind the object of all that, he is who tells it."""
    if has_subject(verb) or verb.tag_ not in ("VBD", "VBN") or verb.i < verb.sent.start + 6:
        return
    last = verb.nbor(-1)
    for noun in last.ancestors:
        if noun.right_edge != last or noun.is_ancestor(verb):
            return
        relative = any(w.dep_ == "acl:relcl" and any(c.lower_ == "who" for c in w.lefts) for w in noun.rights)
        if relative and noun.dep_ in ("obj", "appos", "conj", "dep") and any(w.lower_ in ("a", "an") for w in noun.lefts):
            one = noun.dep_ != "obj" or any(w.dep_ == "obj" and w.i < noun.i for w in noun.head.children)
            if one and noun.left_edge.nbor(-1).lower_ != "and":
                noun.head, noun.dep_, verb.tag_ = verb, "nsubj", "VBD"
            return


def _is_titled(name: Token) -> bool:
    return any(w.lower_ in lexicon().words["titles"] for w in name.lefts)


def _reached(asked: Token) -> None:
    """ "We lost the school | a fighter reached by phone told the agency": he tells it, and reached no school."""
    if asked.lemma_ not in REACHED or asked.right_edge.i + 1 >= asked.sent.end or asked.dep_ not in ("acl", "acl:relcl", "ccomp"):
        return
    verb = asked.right_edge.nbor()
    teller = next((w for w in asked.lefts if w.dep_.startswith("nsubj")), None)
    if teller is None or verb.lemma_ not in OF_TOLD or has_subject(verb) or teller.i != asked.i - 1 or asked.is_ancestor(verb):
        return
    teller.head, teller.dep_ = verb, "nsubj"
    asked.head, asked.dep_, asked.tag_ = teller, "acl", "VBN"


def _part_singular(noun: Token) -> None:
    """ "among them a lawmaker | Palestinian sources said", "fire to a bus and a bank | witnesses said": "a" goes with no plural, nor does a
    noun stand before an adjective of nation in one phrase."""
    verb = noun.head
    if noun.dep_ != "nsubj" or verb.lemma_ not in OF_TOLD or noun.i > verb.i or noun.tag_ != "NNS":
        return
    article = next((w for w in noun.lefts if w.lower_ in ("a", "an")), None)
    nouns = [w for w in noun.lefts if w.dep_ == "compound" and w.tag_ == "NN" and article is not None and w.i > article.i]
    told = next((w for w in verb.lefts if w.dep_ == "ccomp" and w.i < noun.i), None)
    if article is None or not nouns or told is None or article.i <= verb.sent.start + 2:
        return
    nation = next((w for w in noun.lefts if w.dep_ == "amod" and w.text[:1].isupper() and w.i > nouns[0].i), None)
    first = [w for w in nouns if nation is None or w.i < nation.i][-1]
    helped = first.lower_ in SORTS and len(nouns) > 1  # "a clinic | aid workers said"
    first = nouns[-2] if helped else first
    if nation is None and not (helped or (len(nouns) == 1 and _tells(noun))):
        return
    above, how = _open_end(told, article.nbor(-1))
    for word in [w for w in (*noun.lefts, *verb.lefts) if w.i < first.i and (w.head == noun or (w.dep_ == "cc" and w.i == article.i - 1))]:
        word.head = first
    first.head, first.dep_ = above, how


def _open_end(told: Token, before: Token) -> tuple[Token, str]:
    """What the last noun of a clause hangs on: the item before "and", else the verb that has no object yet."""
    if before.lower_ == "and":
        item = before.nbor(-1)
        while item.dep_ in ("compound", "flat", "nmod") and item.head.i < before.i and item.head != item:
            item = item.head
        return (item, "conj") if item.pos_ in ("NOUN", "PROPN") else (told, "dep")
    verbs = [told, *(w for w in told.subtree if w.pos_ == "VERB" and w.i < before.i)]
    free = next((w for w in verbs if not any(c.dep_ == "obj" for c in w.children)), None)
    return (told, "dep") if free is None else (free, "obj")


def _tells(noun: Token) -> bool:
    known = lexicon().words
    return noun.lemma_.lower() in words("clauses.yaml")["tellers"] or {noun.lower_, noun.lemma_.lower()} & known["informants"] != set()


def seat_last(verb: Token) -> None:
    """ "captured in A | rebels and officials said", "left four dead and seven missing | villagers said": several, right before the verb
    that has no subject, and with no preposition: they say it, and did nothing that is told."""
    if verb.lemma_ not in SAYING or has_subject(verb) or verb.tag_ not in ("VBD", "VBN") or verb.i < verb.sent.start + 4:
        return
    last = verb.nbor(-1)
    noun = next((w for w in (last, last.head) if w.tag_ == "NNS" and w.dep_ in UNSEATED and w.right_edge == last), None)
    noun = noun.head if noun is not None and noun.dep_ == "conj" and noun.head.dep_ in UNSEATED[1:] else noun
    if noun is None or any(w.lower_ == "by" for w in noun.lefts) or noun.is_ancestor(verb):
        return
    lots = words("clauses.yaml")["lots"]
    lot = any(w.dep_ == "amod" and w.lower_ in lots for w in noun.lefts) and (noun.head.pos_ == "VERB" or noun.head.lower_ in lots)
    one = any(w.lower_ in ("a", "an") for w in noun.lefts) and any(w.dep_ == "compound" and w.tag_ == "NN" for w in noun.lefts)
    there = noun.dep_ in ("obl", "nmod") and _tells(noun) and noun.nbor(-1).pos_ == "PROPN"
    if noun.dep_ == "obl:agent" or there or (noun.dep_ == "conj" and (lot or one)):
        noun.head, noun.dep_, verb.tag_ = verb, "nsubj", "VBD"
        _place_before(noun)


def _keep_own(verb: Token) -> None:
    """ "among them a teacher | local media reported": of two subjects side by side the first, with "a", is a part of what is told."""
    seated = [word for word in verb.lefts if word.dep_ == "nsubj"]
    told = next((word for word in verb.lefts if word.dep_ == "ccomp"), None)
    if told is None or len(seated) != 2 or not told.i < seated[0].i < seated[1].i or seated[1].pos_ != "NOUN":
        return
    if seated[0].right_edge.i + 1 == seated[1].left_edge.i and any(word.lower_ in ("a", "an") for word in seated[0].lefts):
        seated[0].head, seated[0].dep_ = told, "dep"


def _part_lot(noun: Token) -> None:
    """ "leaving six dead and ten missing | officials said": a lot with its number, and no officials."""
    verb = noun.head
    if noun.dep_ != "nsubj" or verb.lemma_ not in SAYING or noun.tag_ != "NNS" or not _tells(noun):
        return
    lot = next((w for w in noun.lefts if w.dep_ == "amod" and w.lower_ in words("clauses.yaml")["lots"]), None)
    number = lot.nbor(-1) if lot is not None and lot.i > lot.sent.start + 2 else None
    told = next((w for w in verb.lefts if w.dep_ == "ccomp" and w.i < noun.i), None)
    if lot is None or number is None or told is None or number.head != noun or number.dep_ != "nummod":
        return
    first = next((w for w in told.subtree if w.lower_ in words("clauses.yaml")["lots"] and w.i < number.i), None)
    first = first.head if first is not None and first.dep_ == "amod" else first  # "six soldiers dead | and ten missing"
    above, how = (first, "conj") if first is not None else (told, "dep")
    for word in [w for w in (*noun.lefts, *verb.lefts) if w.dep_ == "cc" and w.i == number.left_edge.i - 1]:
        word.head = number
    number.head, number.dep_, lot.head, lot.dep_ = above, how, number, "amod"


def _speak_both(noun: Token) -> None:
    """ "in A | witnesses and rights groups said": they all say it, and none of them did what they tell of."""
    verb, word = noun.head, noun.nbor(-1) if noun.i > noun.sent.start else noun
    if noun.dep_ != "nsubj" or verb.lemma_ not in SAYING or word.dep_ != "conj" or word.i < noun.sent.start + 4 or list(noun.lefts):
        return
    first, link = word.head, word.nbor(-1)
    if link.lower_ != "and" or link.nbor(-1) != first or first.tag_ != "NNS" or not _tells(first) or first.head.i > first.i:
        return
    if first.is_ancestor(verb):
        return
    first.head, first.dep_ = verb, "nsubj"
    noun.head, noun.dep_, word.head, word.dep_, link.head = first, "conj", noun, "compound", noun


def _goes_on(clause: Token) -> None:
    """ "told it that soldiers went from house to house | looted shops and burned homes": what the same soldiers did next."""
    verb = clause.head
    if (
        clause.dep_ != "ccomp"
        or verb.lemma_ not in OF_TOLD
        or clause.i < verb.i
        or has_subject(clause)
        or clause.tag_ not in ("VBD", "VBN")
    ):
        return
    first = next((w for w in verb.rights if w.dep_ == "ccomp" and w.i < clause.i and has_subject(w) and w.tag_ == "VBD"), None)
    if first is not None and not any(w.dep_ in ("mark", "cc") or w.dep_.startswith("aux") for w in clause.lefts):
        clause.head, clause.dep_, clause.tag_ = first, "conj", "VBD"


def _place_before(noun: Token) -> None:
    """ "a truck near Karsa | rebels said", "in the town of Karsa state | militia members said": no subject stands behind a preposition."""
    verb = noun.head
    if noun.dep_ != "nsubj" or verb.lemma_ not in SAYING or verb.tag_ != "VBD" or noun.right_edge.i + 1 != verb.i or noun.tag_ != "NNS":
        return
    kinds = noun.doc.user_data.get("nominals")
    if not (noun.lemma_.lower() in words("nouns.yaml")["person"] or (kinds is not None and kinds[noun.i] == "person")):
        return
    case = next((w for w in _before(noun) if w.dep_ == "case" and w.lower_ in WHERE), None)
    if case is None or case.i + 1 >= noun.i:
        return
    place = case.nbor() if case.head == noun else case.head
    if place.pos_ != "PROPN" or place == noun or not noun.is_ancestor(place) or place.i >= noun.i:
        return
    last = place
    while last.i + 1 < noun.i and (last.nbor().pos_ == "PROPN" or last.nbor().lemma_ in words("nouns.yaml")["settlement"] | {"state"}):
        last = last.nbor()
    before = case.nbor(-1) if case.i > case.sent.start else verb
    above = before if before.pos_ in ("NOUN", "PROPN") else next((w for w in verb.lefts if w.dep_ == "ccomp" and w.i < case.i), verb)
    for word in noun.doc[place.i + 1 : last.i + 1]:
        word.head, word.dep_, word.pos_ = place, "flat", "PROPN"
    for word in noun.doc[last.i + 1 : noun.i]:
        if word.head.i <= last.i:
            word.head = noun
    place.head, place.dep_, case.head = above, "nmod" if above.pos_ in ("NOUN", "PROPN") else "obl", place


def _before(noun: Token) -> Iterator[Token]:
    """The words before a noun, nearest first, as far as a clause."""
    for i in range(noun.i - 1, max(noun.sent.start, noun.i - 7) - 1, -1):
        word = noun.doc[i]
        if word.pos_ in ("VERB", "AUX"):
            return
        yield word


def _family_of(people: Token) -> None:
    """ "killing a family of four | medics said": the family is of four, and the medics say so."""
    family, verb = people.head, people.nbor() if people.i + 1 < people.sent.end else people
    if people.dep_ != "nmod" or family.lemma_ != "family" or people.lemma_ not in words("clauses.yaml")["tellers"]:
        return
    number, of = people.nbor(-1), people.left_edge
    if number.pos_ != "NUM" or of.lower_ != "of" or of.i + 1 != number.i or verb.lemma_ not in OF_TOLD or has_subject(verb):
        return
    if people.is_ancestor(verb):
        return
    number.head, number.dep_, of.head = family, "nmod", number
    people.head, people.dep_, verb.tag_ = verb, "nsubj", "VBD"


def _class_behind(body: Token) -> None:
    """ "fighters of the Dawn | coalition | an alliance of factions": the noun right behind a name is the last word of the name."""
    above, name = body.head, body.nbor(-1) if body.i > body.sent.start else body
    if body.tag_ != "NN" or body.dep_ not in ("nmod", "appos") or body.lemma_ not in words("nouns.yaml")["body"]:
        return
    if name.pos_ != "PROPN" or name.dep_ != "nmod" or name.head not in (above, above.head) or list(body.lefts) or above.i > name.i:
        return
    if not any(w.lower_ == "the" for w in name.lefts) or any(w.i > name.i for w in name.rights):
        return
    for word in list(name.lefts):
        if word.dep_ in ("case", "det"):
            word.head = body
    body.head, body.dep_ = name.head, "nmod"
    name.head, name.dep_ = body, "compound"
