"""A cue at the end of its sentence → the words of X in "…, X said", "… said X" and "…, X said, …", read from tags.

Where a comma is missing, trees hang X on the clause before it; tags are then the better witness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.cues import lexicon
from khabar.dependencies import FINITE, TELLING, TIMES, is_joined, is_passed_on, noun_from, subject_of, subtree, word_of
from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def closing_speaker(token: Token) -> range | None:
    """Token numbers of X, where "X said" or "said X" ends a sentence that has a clause before it and the tree gives the cue neither."""
    if token.tag_ not in FINITE | {"VBN"}:
        return None
    if (noun := _between_commas(token)) is not None:
        return noun
    if any(_speaks_to_cue(child, token) for child in token.children):
        return None
    if token.i + 1 < token.sent.end and token.nbor().pos_ == "ADJ" and token.nbor().head == token:
        return None  # "left hundreds reported dead"
    noun = _nouns_after(token) or _own_nouns(token) or nouns_before(token)
    if noun is not None and is_inserted(token, noun):
        return noun
    if noun is None or not any(_is_told(t) for t in token.doc[token.sent.start : min(noun[0], token.i)]):
        return None
    rest = _rest(token, max(token.i, noun[-1]) + 1)
    finite = any(t.tag_ in FINITE for t in rest)
    short = not finite and (len(rest) <= 8 or rest[0].pos_ == "DET")  # "…, said X, a monitor based in …"
    return noun if short or _is_aside(rest) else None


def _is_aside(rest: list[Token]) -> bool:
    return rest[0].lower_ in _AFTERTHOUGHTS | _RELATIVES | TIMES or rest[0].tag_ == "VBG" or _is_lapse(rest[:4])


def _is_lapse(rest: list[Token]) -> bool:
    """ "the mayor said | a day after …", "… | two hours before …": when it was said."""
    spans = [i for i, word in enumerate(rest[:-1]) if word_of(word) in words("clauses.yaml")["spans"]]
    return bool(spans) and rest[spans[0] + 1].lower_ in ("after", "before")


def _rest(token: Token, start: int) -> list[Token]:
    """The words between a speaker at the end of a clause and the end of the sentence, or the semicolon with which another begins."""
    end = end_of_clause(token.doc, start, token.sent.end)
    return [t for t in token.doc[start:end] if not t.is_punct and not t.is_space]


def end_of_clause(doc: Doc, start: int, end: int) -> int:
    """The first semicolon from a word on, or the end given."""
    return next((i for i in range(start, end) if doc[i].text == ";"), end)


def goes_on(token: Token, after: int) -> bool:
    """ "A fell, X said, as rebels fled": what hangs on the clause before is X's too; "…, X said, and the town woke" begins another."""
    doc = token.doc
    if after + 1 >= token.sent.end or doc[after].text != ",":
        return False
    return doc[after + 1].tag_ in ("VBG", "IN") and word_of(doc[after + 1]) not in lexicon().verbs and doc[after + 1].lower_ not in _APART


_APART = frozenset({"while", "whereas", "although", "though", "despite", "unlike"})


def _between_commas(token: Token) -> range | None:
    """X in "A fell, X said, in fighting that …" and "A fell, X said; B holds out": marks on both sides, a clause before, whatever the
    tree made of it."""
    after = token.i + 1
    if after >= token.sent.end or token.doc[after].text not in (",", ";"):
        return None
    noun = _own_nouns(token)
    if noun is None or noun[0] <= token.sent.start or token.doc[noun[0] - 1].text != "," or not _may_say(token, noun):
        return None
    before = token.doc[token.sent.start : noun[0]]
    if any(t.text in MARKS for t in before):
        return None
    main = any(_is_told(t) and t.dep_ not in ("acl:relcl", "advcl") for t in before)
    return noun if main else None


MARKS = frozenset({"“", "”", '"', "''", "``"})


def _may_say(token: Token, noun: range) -> bool:
    """Not "the mayor, a doctor, said": what stands between commas is no apposition to the subject before it."""
    own, last = subject_of(token), token.doc[noun[-1]]
    if last.pos_ == "PRON":
        return False
    return own is None or own.i >= noun[0] or own.right_edge.i + 2 < noun[0]


def _is_told(verb: Token) -> bool:
    return verb.tag_ in FINITE or (verb.tag_ == "VBN" and subject_of(verb) is not None)


SAYING = frozenset({"say", "add"})
_RELATIVES = frozenset({"who", "which", "whose", "where"})
_AFTERTHOUGHTS = frozenset({"on", "in", "at", "late", "early", "as", "while", "after", "by"})


def _speaks_to_cue(child: Token, cue: Token) -> bool:
    """Does the tree give the cue a content after it, or both a subject and a content before it? Then it is to be trusted."""
    if child.dep_ == "mark":
        return True
    if child.dep_ in ("obj", "xcomp") and child.i > cue.i and word_of(cue) not in TELLING:
        shared = cue.head if cue.dep_ == "conj" and word_of(cue) not in SAYING else cue  # "it took the town and declared a holiday"
        return (own := subject_of(cue) or subject_of(shared)) is not None and own.i < cue.i
    if child.i > cue.i and (child.tag_ == "VBG" or (word_of(cue) in SAYING and _is_mere_noun(child))):
        return False
    if child.i < cue.i and _is_mere_noun(child) and child.left_edge.i > cue.sent.start:
        return False  # "…, their last road into the city, a reporter said": the clause stands before the noun
    return child.dep_ == "ccomp" and (child.i > cue.i or subject_of(cue) is not None)


def _is_mere_noun(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN") and not any(c.dep_ == "cop" or c.dep_.startswith("nsubj") for c in token.children)


def is_inserted(token: Token, noun: range) -> bool:
    """ "The bridge, the mayor said, was hit"."""
    first, last, sentence = min(token.i, noun[0]), max(token.i, noun[-1]), token.sent
    if first - 1 <= sentence.start or last + 2 >= sentence.end or token.doc[first - 1].text != "," or token.doc[last + 1].text != ",":
        return False
    return token.doc[last + 2].tag_ in FINITE | {"VBN", "RB", "IN", "TO"} and token.doc[last + 2].lower_ not in _AFTERTHOUGHTS


def _own_nouns(token: Token) -> range | None:
    """What stands between the last comma or quotation mark and the cue, where it is no clause: "…, a doctor in the town said"."""
    end = token.i
    while end > token.sent.start and token.doc[end - 1].pos_ in ("ADV", "AUX"):
        end -= 1
    start = end
    while start > token.sent.start and token.doc[start - 1].text not in (",", "”", '"', "''"):
        start -= 1
    between = token.doc[start:end]
    if start in (token.sent.start, end) or len(between) > 15 or any(t.pos_ in ("VERB", "AUX", "SCONJ") for t in between):
        return None
    return range(start, end) if between[0].pos_ in ("DET", "PROPN", "NOUN", "ADJ", "PRON", "NUM") else None


def _nouns_after(token: Token) -> range | None:
    """X in "…, said X": a verb of telling has its hearer there instead."""
    doc, first = token.doc, token.i + 1
    own = subject_of(token)
    verb = word_of(token)
    closing = verb in SAYING and token.i > token.sent.start and token.nbor(-1).text == "," and doc[min(first, len(doc) - 1)].pos_ != "PRON"
    taken = own is not None and own.i < token.i and not (verb in SAYING and _opens_with_role(doc, first)) and not closing
    if (
        first >= token.sent.end
        or taken
        or verb not in lexicon().words["inverting"]
        or doc[first].pos_ not in ("DET", "PROPN", "NOUN", "ADJ", "NUM")
        or doc[first].lower_ in TIMES
        or _is_lapse(list(doc[first : first + 4]))
    ):
        return None
    noun = joined_name(doc, first) or noun_from(doc[first])
    if noun.pos_ == "ADJ":  # "left hundreds reported dead"
        return None
    end = max(i for i in subtree(noun) if i < token.sent.end) + 1 if not is_joined(noun) else noun.i + 1
    while end > first and doc[end - 1].is_punct:
        end -= 1
    return range(first, max(end, noun.i + 1))


def _opens_with_role(doc: Doc, first: int) -> bool:
    """ "said observatory director N": a role, a person or a body right after "said" can only be who said it."""
    run = doc[first : min(first + 5, len(doc))]
    return any(word_of(t) in lexicon().words["roles"] or t.ent_type_ in ("PERSON", "ORG") for t in run) and run[0].pos_ != "ADP"


def nouns_before(token: Token) -> range | None:
    """The noun phrase that ends right before a verb, read from its tags; with the one that "and" joins to it."""
    doc, first = token.doc, token.sent.start
    end = token.i
    while end > first and doc[end - 1].pos_ in ("ADV", "AUX"):
        end -= 1
    if end > first + 3 and doc[end - 1].text == ")" and doc[end - 3].text == "(":  # "the Northern Observatory (NO) said"
        end -= 3
    if end > first and doc[end - 1].pos_ == "PRON":
        return range(end - 1, end)
    start = _start_of_nouns(doc, end, first)
    start = _behind_place(doc, start, end)
    if start > first + 1 and start < end and doc[start - 1].lower_ in ("in", "at", "of", "for", "from") and _speaks_from(doc[start - 2]):
        start = _start_of_nouns(doc, start - 1, first)  # "a journalist in the city"
    if start > first and start < end and doc[start].lower_ in ("a", "an") and doc[start - 1].ent_type_ == "PERSON":
        start = next((entity.start for entity in doc.ents if entity.end == start), start)  # "N a spokesman for A told"
    quoted = doc[start - 2] if start > first + 2 and start < end and doc[start - 1].lower_ == "by" else None
    if quoted is not None and quoted.tag_ == "VBN" and is_passed_on(quoted):  # "residents quoted by the radio"
        start = _start_of_nouns(doc, quoted.i, first)
    if start < end and start > first + 1 and doc[start - 1].lower_ == "and" and _names_speaker(doc[start - 2]):
        start = _start_of_nouns(doc, start - 1, first)
    return range(start, end) if any(doc[i].pos_ in ("NOUN", "PROPN") or doc[i].ent_type_ for i in range(start, end)) else None


def _behind_place(doc: Doc, start: int, end: int) -> int:
    """ "in the western Lowland quarter | activists said", "of Karsa | local residents said": the preposition has a noun of its own, and
    those who say it have no article."""
    if end - start < 2 or start == doc[start].sent.start or doc[start - 1].pos_ != "ADP":
        return start
    named = next((i for i in range(start + 1, end) if doc[i - 1].ent_type_ == "PLACE" and doc[i].ent_type_ in ("ORG", "PERSON")), None)
    if named is not None:  # "in Lowland | SANA reporter said"
        return named
    last = end - 1
    if doc[last].tag_ != "NNS" or word_of(doc[last]) not in words("clauses.yaml")["tellers"]:
        return start
    while last - 1 > start and doc[last - 1].tag_ == "JJ" and doc[last - 1].is_lower:
        last -= 1
    return last if any(t.pos_ in ("NOUN", "PROPN") for t in doc[start:last]) else start


def _start_of_nouns(doc: Doc, end: int, first: int) -> int:
    start = end
    while start > first and _may_stand_in_name(doc[start - 1], doc[start] if start < end else None):
        start -= 1
        named = start > first and doc[start - 1].lemma_.lower() in _CLASSES and doc[start].lower_ not in ("a", "an")
        if doc[start].pos_ in ("DET", "NUM") and not named:  # "the activist group the Local Committees"
            break
    return start


def _may_stand_in_name(token: Token, following: Token | None) -> bool:
    if token.tag_ in ("VBN", "VBG") and following is not None and token.i > token.sent.start and token.nbor(-1).pos_ == "NOUN":
        return False  # "left three others wounded | local media reported"
    if token.tag_ == "VBN" and any(child.dep_.startswith(("aux", "nsubj")) for child in token.children):
        return False  # "nine had been killed | medics said"
    if token.tag_ == "NNS" and following is not None and (following.tag_ == "NNS" or following.pos_ == "ADJ"):
        return False  # "panic among residents | activists said", "wounded ten traders | medical workers said"
    named = following is not None and following.pos_ == "PROPN" and (following.is_upper or following.ent_type_ in ("ORG", "PERSON"))
    if token.tag_ == "NNS" and token.is_lower and named:
        return False  # "took the town from the rebels | MENA reports"
    if following is not None and _begins_outlet(token, following):
        return False
    agent = token.head if token.dep_ == "flat" else token
    if following is not None and agent.dep_ == "obl:agent" and agent.head.i < agent.i and following.dep_ != "flat":
        return False  # "the town held by the Front | activists said"
    if is_joined(token) or token.pos_ in ("NOUN", "PROPN", "ADJ", "DET", "PART", "NUM") or token.tag_ in ("VBN", "VBG", "HYPH"):
        return token.tag_ not in ("VBD", "TO") and token.lower_ not in TIMES
    return token.lower_ in ("for", "of") and following is not None and following.text[:1].isupper()


def _begins_outlet(before: Token, token: Token) -> bool:
    """ "ten children | Lebanese TV reported", "a bomb in Aleppo | Syrian state television said", "divided Lowland city | state media": no
    noun stands before an adjective of nation in one phrase, nor a common one before "state media"."""
    if before.pos_ not in ("NOUN", "PROPN") or is_joined(token) or before.tag_ == "POS":
        return False
    if token.lower_ in _PUBLIC and word_of(token.nbor()) in lexicon().words["outlets"] | {"news"}:
        return before.pos_ == "NOUN" or (not _is_of_nation(before) and _follows_preposition(before))
    return _is_of_nation(token) and token.i + 1 < token.sent.end and token.nbor().is_lower


def _is_of_nation(token: Token) -> bool:
    """ "Syrian", "Lebanese": by its form, where no tag says so."""
    named = token.ent_type_ == "NORP" or token.lower_.endswith(("ian", "ean", "ese", "ish", "aqi", "eni"))
    return named and token.pos_ in ("ADJ", "PROPN") and token.text[:1].isupper()


def _follows_preposition(noun: Token) -> bool:
    """ "in southern Syria | state media said": a preposition has a noun of its own."""
    at = noun.i - 1
    while at > noun.sent.start and (noun.doc[at].pos_ in ("ADJ", "DET", "PROPN") or noun.doc[at].tag_ == "VBN"):
        at -= 1
    return noun.doc[at].pos_ == "ADP"


_PUBLIC = frozenset({"state", "local"})


def _speaks_from(token: Token) -> bool:
    noun, nominals = word_of(token), token.doc.user_data.get("nominals")
    person = nominals is not None and nominals[token.i] == "person" and noun in lexicon().words["informants"]
    return person or noun in lexicon().words["reporters"] or noun in words("clauses.yaml")["tellers"]


_CLASSES = frozenset(
    [
        "group",
        "agency",
        "network",
        "organization",
        "organisation",
        "charity",
        "monitor",
        "watchdog",
        "observatory",
        "spokesman",
        "spokeswoman",
    ]
)


def _names_speaker(token: Token) -> bool:
    nominals = token.doc.user_data.get("nominals")
    one = token.i > token.sent.start and token.nbor(-1).lower_ in ("a", "an")
    if token.ent_type_ in ("ORG", "PERSON") or (one and _speaks_from(token)):
        return True
    return nominals is not None and nominals[token.i] in ("person", "organization") and token.tag_ == "NNS"


def head_of(doc: Doc, noun: range) -> Token:
    """The noun that a run of tokens is about: the first that hangs outside of it, or else the last name or noun."""
    if quoted := next((i for i in noun[1:] if doc[i].tag_ == "VBN" and is_passed_on(doc[i])), None):
        return head_of(doc, range(noun[0], quoted))
    last = doc[noun[-1]]
    whose = last.nbor(-1) if len(noun) > 1 else last
    speaks = whose.ent_type_ in ("ORG", "PERSON") or word_of(whose) in lexicon().words["outlets"] | lexicon().words["informants"]
    if word_of(last) in lexicon().words["reports"] and last.lower_ != word_of(last) and not speaks:
        return last  # "… in the province of A reports indicate"
    joined = [doc[i] for i in noun if is_joined(doc[i]) and doc[i].ent_type_ == "ORG"]
    if joined and joined[-1].i == noun[-1]:
        return joined[-1]
    nominal = [doc[i] for i in noun if doc[i].pos_ in ("NOUN", "PROPN", "PRON") or doc[i].ent_type_]
    nominal = [t for t in nominal if _names_one_who_speaks(t)] or nominal
    outside = [t for t in nominal if t.head.i not in noun and t.ent_type_ != "NORP"]
    if not outside:
        return nominal[-1] if nominal else doc[noun[-1]]
    parted = any(doc[i].pos_ in ("ADP", "CCONJ", "PUNCT") for i in range(outside[0].i, outside[-1].i))
    classed = outside[0].lower_ in lexicon().bodies  # "a monitoring group"
    return outside[0] if parted or classed else outside[-1]  # "the state SANA news agency": what each hangs on is another's


def _names_one_who_speaks(token: Token) -> bool:
    """ "the village west of Lowland local media reported": media, not Lowland."""
    words, nominals = lexicon().words, token.doc.user_data.get("nominals")
    if token.ent_type_ or token.pos_ == "PRON":
        return token.ent_type_ in ("ORG", "PERSON") or token.pos_ == "PRON"
    listed = word_of(token) in words["outlets"] | words["informants"] | words["roles"] | words["reporters"]
    return listed or (nominals is not None and nominals[token.i] in ("person", "organization"))


def joined_name(doc: Doc, start: int) -> Token | None:
    """The joined name that a noun phrase consists of: "the Northern Observatory for Rights", not "… spokesman"."""
    at = start + 1 if doc[start].pos_ == "DET" else start
    while at < len(doc) and (doc[at].pos_ in ("PROPN", "ADJ") or doc[at].tag_ in ("HYPH", "VBN")) and not is_joined(doc[at]):
        at += 1
    if at >= len(doc) or not is_joined(doc[at]) or (at + 1 < len(doc) and doc[at + 1].pos_ in ("NOUN", "PROPN", "PART")):
        return None
    return doc[at]
