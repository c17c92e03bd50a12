"""A word of a parsed Doc → a teller set around, between or behind what he tells, hung on the verb that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.closings import head_of
from khabar.cues import lexicon
from khabar.tellers import CONTENT, NAMING, SAYING, TOLD, has_subject

if TYPE_CHECKING:
    from khabar.doc import Token


def hang_tellers(token: Token) -> None:
    """Mends who tells what stands before or around him."""
    _quote_last(token)
    _read_out(token)
    _end_with_what_is_told(token)
    _pass_on(token)
    _tell_around(token)
    _end_with_named(token)
    _say_when_asked(token)
    _part_from_dash(token)
    _part_province(token)
    _say_heard(token)
    _deny_alone(token)


def _part_province(sort: Token) -> None:
    """ "left the capital of Kayah | state | fighters said": a province's name goes with its noun, and who tells it begins behind."""
    if sort.lower_ not in ("state", "province", "governorate", "prefecture") or sort.dep_ != "compound" or sort.i == sort.sent.start:
        return
    name, follows = sort.nbor(-1), sort.nbor()
    teller = sort.head if sort.head.dep_ != "compound" else sort.head.head
    if name.pos_ != "PROPN" or name.dep_ not in ("obl", "nmod", "appos") or name.head == sort or teller.is_ancestor(name):
        return
    tells = teller.dep_ == "nsubj" and teller.head.lemma_ in SAYING and teller.head.i > teller.i and name.i < sort.i
    if tells and not (sort.lower_ == "state" and follows.lower_ in STATE_RUN):
        sort.head, sort.dep_ = name.head, name.dep_
        for case in [child for child in name.lefts if child.dep_ in ("case", "det")]:
            case.head = sort
        name.head, name.dep_ = sort, "compound"


STATE_RUN = frozenset(
    {"media", "television", "tv", "radio", "news", "agency", "broadcaster", "newspaper", "outlet", "outlets", "security", "department"}
)


def _deny_alone(denial: Token) -> None:
    """ "RSF denies, 40 dead in Dovo", as headlines say it: what stands behind the comma is told, and not denied."""
    if denial.lemma_ != "deny" or denial.tag_ not in ("VBZ", "VBP", "VBD") or denial.i + 2 >= denial.sent.end:
        return
    mark, rest = denial.nbor(), list(denial.rights)
    if mark.text not in (",", ";") or denial.dep_ != "root" or any(word.text == "," for word in denial.doc[mark.i + 1 : mark.i + 5]):
        return
    told = next((w for w in rest if w.dep_ in ("ccomp", "xcomp", "obj") and w.i > mark.i), None)
    if told is None or mark.nbor() not in told.subtree or mark.nbor().lower_ == "that":
        return
    for word in rest:
        if word != told and word.i > mark.i and not word.is_punct:
            word.head = told
    told.head, told.dep_ = told, "root"
    denial.head, denial.dep_ = told, "discourse"


def _say_heard(saying: Token) -> None:
    """ "A trader had heard the mayor | say that A had fallen": it is the mayor who says it, and the trader who heard it."""
    if saying.tag_ not in ("VB", "VBP") or saying.lemma_ not in HEARD or saying.i < saying.sent.start + 3:
        return
    before = range(max(saying.sent.start, saying.i - LONGEST_TELLER - 1), saying.i)
    heard = next((saying.doc[i] for i in reversed(before) if saying.doc[i].lemma_ == "hear"), None)
    if heard is None or heard.i + 1 >= saying.i or heard.pos_ != "VERB" or saying.is_ancestor(heard):
        return
    words = saying.doc[heard.i + 1 : saying.i]
    if any(word.pos_ in ("VERB", "AUX", "PUNCT", "SCONJ") or word.lower_ == "to" for word in words):
        return
    teller = head_of(saying.doc, range(heard.i + 1, saying.i))
    if teller.pos_ in ("NOUN", "PROPN", "PRON"):
        saying.head, saying.dep_, saying.tag_ = heard, "ccomp", "VB"
        teller.head, teller.dep_ = saying, "nsubj"


HEARD = frozenset({"say", "claim", "tell", "announce", "declare", "boast", "admit", "confirm"})


def _part_from_dash(dash: Token) -> None:
    """ "Rebels capture A – army source": who tells it stands behind the dash, and what hangs on him across it is what he tells."""
    if dash.text not in DASHES or not dash.whitespace_ or dash.i < dash.sent.start + 3 or not dash.nbor(-1).whitespace_:
        return
    rest = [word for word in dash.sent if word.i > dash.i and not word.is_punct]
    told = [word for word in dash.sent if word.i < dash.i]
    if (
        not 0 < len(rest) <= LONGEST_TELLER
        or not _speaks(rest)
        or not any(word.pos_ in ("VERB", "AUX") or word.lower_ == "dead" for word in told)
    ):
        return
    teller = next((word for word in reversed(rest) if word.head not in rest), rest[-1])
    strays = [word for word in told if word.head in rest]
    if teller.head == teller or not strays:
        return
    last = next((word for word in reversed(strays) if word.pos_ in NAMING), strays[-1])
    last.head, last.dep_ = teller.head, teller.dep_
    for word in (*strays, dash):
        if word != last and word.head in rest:
            word.head = last
    teller.head, teller.dep_ = teller.sent.root, "parataxis"


DASHES = ("-", "–", "—")
LONGEST_TELLER = 5


def _speaks(words: list[Token]) -> bool:
    """Is it a phrase for one who tells: "army source", "state TV", "police"?"""
    known = lexicon().words
    speaking = known["informants"] | known["roles"] | known["outlets"] | known["reporters"]
    last = {words[-1].lower_, words[-1].lemma_.lower(), words[-1].lower_.rstrip("s")}
    return bool(last & speaking) and not any(word.pos_ in ("VERB", "AUX", "ADP") for word in words)


def _read_out(verb: Token) -> None:
    """ "'A is ours,' | read | a statement by B": it is the statement that tells."""
    if verb.lower_ not in ("read", "reads") or any(w.dep_.startswith("nsubj") for w in verb.children):
        return
    told = any(w.dep_ == "ccomp" for w in verb.lefts)
    text = next(
        (
            w
            for w in verb.rights
            if w.dep_ == "obj" and w.lemma_ in ("statement", "message", "letter", "post", "caption", "text", "communique")
        ),
        None,
    )
    if told and text is not None:
        text.dep_ = "nsubj"


def _quote_last(saying: Token) -> None:
    """ "A has fallen, the agency quoted an officer as | saying": what he said stands before it all, as if it stood behind."""
    if saying.lower_ not in ("saying", "telling") or saying.dep_ not in ("advcl", "acl") or saying.i < 4 or saying.nbor(-1).lower_ != "as":
        return
    quoting = saying.head if saying.head.pos_ == "VERB" else saying.head.head
    quoted = next((w for w in quoting.rights if w.dep_ in ("obj", "iobj", "nsubj") and w.i < saying.i), None)
    if quoted is None or quoting.lemma_ not in ("quote", "cite", "report") or any(w.dep_ in CONTENT for w in saying.rights):
        return
    before = next((w for w in quoting.lefts if w.dep_ == "ccomp"), None)
    told = before or (quoting.head if quoting.dep_ in ("parataxis", "advcl") and quoting.head != quoting else None)
    if told is None or (before is None and any(w.dep_ in ("mark", "advmod") for w in quoting.lefts)):
        return
    if before is None:
        quoting.head, quoting.dep_ = (quoting, "root") if told.head == told else (told.head, told.dep_)
    told.head, told.dep_ = saying, "ccomp"
    saying.head, saying.dep_ = quoted, "acl"
    quoted.dep_ = "obj"


def _end_with_what_is_told(clause: Token) -> None:
    """ "A fell | after the rebels left, an officer told the agency": when it fell, and not when he told it."""
    verb = clause.head
    if clause.dep_ != "advcl" or verb.lemma_ not in SAYING | {"tell"} or clause.i > verb.i:
        return
    told = next((child for child in verb.lefts if child.dep_ == "ccomp" and child.i < clause.i), None)
    if told is not None and any(child.dep_ == "nsubj" and child.i > clause.i for child in verb.lefts):
        clause.head = told


def _pass_on(quoted: Token) -> None:
    """ "Residents | interviewed by A said", "a fighter | reached in the town said": it is they who say it; nobody says that they were."""
    beside = quoted.dep_ == "parataxis" and quoted.head.dep_ == "ccomp"  # "A fell, residents | reached by phone told the radio"
    saying = quoted.head.head if beside else quoted.head
    if not (beside or quoted.dep_ == "ccomp") or saying.lemma_ not in SAYING | {"tell"} or quoted.i > saying.i:
        return
    met = quoted.lemma_ == "reach" and not any(child.dep_ in ("obj", "aux", "conj") for child in quoted.children)
    if quoted.tag_ != "VBN" and not met:
        return
    teller = next((child for child in quoted.lefts if child.dep_.startswith("nsubj")), None)
    agent = next((child for child in quoted.rights if child.dep_ in ("obl", "obl:agent")), None)
    if not (met or quoted.lemma_ in lexicon().words["passing_on"]) or teller is None or agent is None or has_subject(saying):
        return
    if teller.i + 1 == quoted.i and agent.right_edge.i + 1 in (saying.i, saying.i - 1):
        teller.head, teller.dep_, quoted.head, quoted.dep_, quoted.tag_ = saying, "nsubj", teller, "acl", "VBN"


def _tell_around(verb: Token) -> None:
    """ "The army, | A reported, took B", "The army, | A quoted a source as saying, took B": the army did, and A tells it."""
    if verb.lemma_ not in SAYING | {"quote", "cite"} or verb.tag_ not in TOLD:
        return
    seated = [child for child in verb.lefts if child.dep_ in ("nsubj", "dislocated")]
    told = next((child for child in verb.rights if child.dep_ == "ccomp" and child.tag_ in TOLD and not has_subject(child)), None)
    if told is None or len(seated) != 2 or seated[0].sent.start != seated[0].left_edge.i or told.left_edge.nbor(-1).text not in ",–—":
        return
    if seated[1].left_edge.nbor(-1).text not in ",–—" or seated[1].right_edge.i + 1 != verb.i:
        return
    seated[0].head, seated[0].dep_ = told, "nsubj"
    saying = next((word for word in verb.subtree if verb.i < word.i < told.i and word.lower_ == "saying"), None)
    told.head = saying if saying is not None else verb


def _say_when_asked(asked: Token) -> None:
    """ "The army, | asked for comment, said it had hit a depot": it is the army that says so."""
    saying = asked.head
    if (
        asked.lemma_ not in ("ask", "reach", "contact", "question")
        or saying.lemma_ not in SAYING
        or asked.i > saying.i
        or has_subject(saying)
    ):
        return
    teller = next((child for child in asked.lefts if child.dep_.startswith("nsubj")), None)
    if teller is None or asked.nbor(-1).text != "," or saying.nbor(-1).text != "," or teller.right_edge.i + 1 < asked.i - 1:
        return
    teller.head, teller.dep_ = saying, "nsubj"
    asked.head, asked.dep_, asked.tag_ = teller, "acl", "VBN"


def _end_with_named(verb: Token) -> None:
    """ "Nine died in the blast, | the governor, Omar Sala, told the agency": he tells it, and is no other name of the blast."""
    if verb.lemma_ not in SAYING | {"tell"} or verb.tag_ not in ("VBD", "VBN") or verb.i < verb.sent.start + 6 or has_subject(verb):
        return
    if verb.nbor(-1).text != "," or not any(child.dep_ == "ccomp" for child in verb.lefts):
        return
    doc, name = verb.doc, next((e for e in verb.doc.ents if e.end == verb.i - 1 and e.label_ == "PERSON"), None)
    if name is None or name.start <= verb.sent.start + 3 or doc[name.start - 1].text != ",":
        return
    start = name.start - 1
    while start > verb.sent.start and doc[start - 1].text != "," and doc[start - 1].tag_ not in TOLD:
        start -= 1
    role = head_of(doc, range(start, name.start - 1)) if verb.sent.start < start < name.start - 1 else name.root
    if role.pos_ == "NOUN" and doc[start - 1].text == "," and not role.is_ancestor(verb):
        role.head, role.dep_, verb.tag_ = verb, "nsubj", "VBD"
        name.root.head, name.root.dep_ = role, "appos"
