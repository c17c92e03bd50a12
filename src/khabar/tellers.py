"""A word of a parsed Doc → who says something, and what is said, hung on the verb that says it.

Wire copy puts the speaker last, often without its comma; the tree then gives him to the noun before, or takes what follows for his words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.closings import closing_speaker, head_of, nouns_before
from khabar.cues import lexicon
from khabar.lexicon import table, words

if TYPE_CHECKING:
    from khabar.doc import Token

SAYING = frozenset(
    {"say", "add", "write", "state", "announce", "claim", "warn", "declare", "confirm", "report", "insist", "acknowledge", "admit", "deny"}
)
TOLD = ("VBD", "VBN", "VBZ", "VBP")
NAMING = ("NOUN", "PROPN")
CONTENT = ("ccomp", "xcomp", "parataxis")
REFERRING = frozenset({"quote", "cite", "refer", "speak", "use", "call", "describe", "vow", "put", "note", "urge"})
MEANWHILE = frozenset({"after", "before", "as", "while", "since", "when"})


def hang_told(token: Token) -> None:
    """Mends what hangs on a verb of saying, or should."""
    _hang_content(token)
    _go_on_saying(token)
    _only_reported(token)
    _say_after(token)
    _report_last(token)
    _say_there(token)
    _say_again(token)
    _teller_there(token)
    _blame_too(token)
    _part_speaker(token)
    _part_holder(token)
    _tell_first(token)
    _seat_closing(token)
    _based_in(token)
    _name_role(token)
    _name_body(token)
    _name_outlet(token)
    _name_also(token)
    _end_with_speaker(token)
    _say_all(token)
    _open_with_speaker(token)
    _tell_meanwhile(token)
    _act_on(token)
    _say_besides(token)
    _tell_counted(token)
    _say_themselves(token)
    _part_speakers(token)
    _accuse(token)
    _call_untrue(token)
    _comment_on(token)
    _answer_this(token)
    _blame_for(token)


def _answer_this(clause: Token) -> None:
    """ "denied this: | soldiers entered A": what was denied is "this", and what stands behind the colon is told."""
    verb = clause.head
    if clause.dep_ != "ccomp" or clause.i < verb.i or clause.left_edge.text != ":" or verb.i == verb.sent.end - 1:
        return
    if any(child.dep_ == "obj" and child.i == verb.i + 1 and child.lower_ in ("this", "that", "it", "both") for child in verb.rights):
        clause.dep_ = "parataxis"


def _blame_for(blaming: Token) -> None:
    """ "the use of gas in A | which B blames on C": nobody is blamed for a place, but for what was done there."""
    where = blaming.head
    if blaming.dep_ != "acl:relcl" or blaming.lemma_ != "blame" or not _is_mute(where):
        return
    which = any(child.dep_ == "obj" and child.lower_ == "which" for child in blaming.lefts)
    done = next((noun for noun in where.ancestors if noun.pos_ == "NOUN"), None) if where.ent_type_ == "PLACE" else None
    if which and done is not None:
        blaming.head = done


def _comment_on(remark: Token) -> None:
    """ "killed 20 rebels, | a figure that could not be confirmed": said of all that is told, and no more rebels."""
    if remark.lower_ not in REMARKS or remark.dep_ not in ("appos", "conj", "obj", "obl:unmarked"):
        return
    article = next((w for w in remark.lefts if w.lower_ in ("a", "an")), None)
    if article is None or article.i == article.sent.start:
        return
    second = any(w.dep_ == "obj" and w != remark and w.i < remark.i for w in remark.head.rights)  # with its comma lost
    apart = (
        article.nbor(-1).text in (",", "–", "—", "-") if remark.dep_ in ("appos", "conj") else second and article.nbor(-1).pos_ == "PROPN"
    )
    if apart and any(w.dep_ in ("acl:relcl", "acl") for w in remark.rights):
        verb = next((w for w in remark.ancestors if w.pos_ in ("VERB", "AUX")), None)
        if verb is not None:
            remark.head, remark.dep_ = verb, "parataxis"


REMARKS = frozenset(
    {"figure", "toll", "number", "version", "account", "accusation", "allegation", "assertion", "charge", "claim", "report"}
)


def _call_untrue(reports: Token) -> None:
    """ "Reports that A had fallen | were premature": the second verb is said of the reports, and the first is what they tell."""
    if reports.dep_ != "root" or reports.i != reports.sent.start or reports.i + 2 >= reports.sent.end or reports.nbor().lower_ != "that":
        return
    verdict = next((w for w in reports.rights if w.dep_ == "ccomp" and any(c.dep_ in ("cop", "aux:pass") for c in w.lefts)), None)
    beside = () if verdict is None else (*verdict.lefts, *reports.rights)
    told = next((w for w in beside if w.pos_ == "VERB" and verdict is not None and reports.i < w.i < verdict.i), None)
    if verdict is None or told is None or reports.lower_.removesuffix("s") not in words("modality.yaml")["told"]:
        return
    reports.pos_, reports.tag_ = "NOUN", "NNS"
    for word in list(verdict.lefts):
        if word.i < told.i:
            word.head = told
    verdict.head, verdict.dep_ = verdict, "root"
    told.head, told.dep_ = reports, "acl"
    reports.head, reports.dep_ = verdict, "nsubj"


def _hang_content(clause: Token) -> None:
    """ "said in a message posted online that A had fallen": what a verb of saying says is its own, not the message's."""
    medium = clause.head
    verb = medium.head
    if clause.dep_ != "acl" or medium.dep_ != "obl" or verb.lemma_ not in SAYING or clause.i < medium.i:
        return
    marked = any(child.dep_ == "mark" and child.lower_ == "that" for child in clause.lefts)
    if marked and not any(child.dep_ in ("ccomp", "obj") for child in verb.children):
        clause.head, clause.dep_ = verb, "ccomp"


def _go_on_saying(verb: Token) -> None:
    """ "the monitor said | adding that a man died", which has lost its comma: no word that marks a clause, but what who said so adds."""
    said = verb.head
    if verb.tag_ == "VBG" and verb.dep_ in ("mark", "case") and {verb.lemma_, said.lemma_} <= SAYING and said.i < verb.i:
        verb.pos_, verb.dep_ = "VERB", "advcl"


def _only_reported(verb: Token) -> None:
    """ "following | reported rebel fire": what is said to have been, which nobody in the sentence reports."""
    if verb.lower_ not in lexicon().words["hearsay_adjectives"] or verb.dep_ != "advcl" or verb.i == verb.sent.start or has_subject(verb):
        return
    mark = verb.nbor(-1)
    fact = next((child for child in verb.rights if child.dep_ == "obj" and child.pos_ in NAMING), None)
    if fact is None or mark.head != verb or mark.lower_ not in ("following", "after", "amid", "despite"):
        return
    if any(child.i < fact.i and child not in (mark, fact) for child in verb.children):
        return
    fact.head, fact.dep_ = verb.head, "obl"
    for child in [child for child in verb.children if child != fact]:
        child.head = fact
    mark.dep_ = "case"
    verb.head, verb.dep_, verb.pos_ = fact, "amod", "ADJ"


def _report_last(token: Token) -> None:
    """ "Nine men were killed in the raid | AFP reports.": the verb at the end of a sentence that has lost its comma."""
    doc, at = token.doc, token.i
    if token.lower_ not in ("reports", "says", "claims") or token.pos_ != "NOUN":
        return
    if any(not after.is_punct for after in doc[at + 1 : token.sent.end]):
        return
    noun, last = nouns_before(token), doc[at - 1]
    if noun is None or noun[0] < token.sent.start + 3:
        return
    before = doc[noun[0] - 1]
    done = before.tag_ == "VBN" and any(child.dep_ == "aux:pass" for child in before.lefts)  # "have been burned | AFP reports"
    if not done and before.pos_ not in ("NOUN", "PROPN", "NUM", "ADV"):
        return
    agency = last.pos_ == "PROPN" and (last.is_upper or last.ent_type_ == "ORG")
    if not agency and last.lemma_.lower() not in lexicon().words["outlets"]:
        return
    token.pos_, token.tag_ = "VERB", "VBZ"
    above, how = token.head, token.dep_
    if how == "root" or not _part_run(token, noun):
        return
    strays = [child for child in token.lefts if child.i < noun[0]]
    if stray := next((child for child in reversed(strays) if child.pos_ in NAMING), None):  # "by the group | AFP reports"
        stray.head, stray.dep_ = above, how
        for child in strays:
            child.head = stray if child != stray else above
    token.head, token.dep_ = token.sent.root, "parataxis"


def _say_after(verb: Token) -> None:
    """ "called for a meeting | after claiming that A fell": no meeting claims it, but who called for it."""
    noun = verb.head
    if verb.dep_ != "acl" or verb.tag_ != "VBG" or verb.lemma_ not in SAYING or noun.dep_ not in ("obl", "obj") or noun.i > verb.i:
        return
    if any(child.dep_ == "mark" and child.lower_ in ("after", "before", "while", "despite") for child in verb.lefts):
        verb.head, verb.dep_ = noun.head, "advcl"


def _based_in(verb: Token) -> None:
    """ "the UK-based | Northern Observatory said": the body, and not the country that it sits in."""
    seat = next((child for child in verb.lefts if child.dep_ == "nsubj"), None) if verb.lemma_ in SAYING else None
    name = next((child for child in seat.rights if child.dep_ == "amod" and " " in child.text), None) if seat is not None else None
    if seat is None or name is None or name.i != seat.i + 3 or name.nbor(-1).lower_ != "based":
        return
    based = name.nbor(-1)
    name.head, name.dep_, name.pos_ = verb, "nsubj", "PROPN"
    for child in [child for child in seat.children if child != name]:
        child.head = name
    seat.head, seat.dep_, based.head, based.dep_ = based, "compound", name, "amod"


def _say_there(medium: Token) -> None:
    """ "confirmed the attack | on social media", "on its Telegram channel": where somebody says so, and nothing that was attacked."""
    told = medium.head
    if medium.dep_ != "nmod" or told.dep_ != "obj" or told.head.lemma_ not in SAYING:
        return
    by_way = any(case.lower_ in ("on", "via", "through") for case in medium.lefts if case.dep_ == "case")
    if by_way and any(word.lower_ in table("speech")["platforms"] for word in (medium, *medium.lefts)):
        medium.head, medium.dep_ = told.head, "obl"


def _say_again(verb: Token) -> None:
    """ "denied that the town had fallen and said …": a town, an event or a thing says nothing, so who denied it says it; "denied that the
    army had struck A and accused the rebels": so does who denied it accuse them."""
    told, blames = verb.head, verb.lemma_ in words("clauses.yaml")["blame"]
    if verb.dep_ != "conj" or not (blames or verb.lemma_ in SAYING) or told.dep_ != "ccomp" or told.head.lemma_ not in SAYING:
        return
    subjects = [w for w in told.children if w.dep_ in ("nsubj", "nsubj:pass")]
    own = any(w.dep_ in ("nsubj", "nsubj:pass") for w in verb.children)
    if not own and subjects and (blames or all(_is_mute(word) for word in subjects)):
        verb.head = told.head


def _blame_too(verb: Token) -> None:
    """ "said that nine were killed in a raid, | blaming the army": who says so blames it, and not who suffered it."""
    if verb.tag_ != "VBG" or verb.lemma_ not in words("clauses.yaml")["blame"] or verb.dep_ not in ("advcl", "acl"):
        return
    said = next((w for w in verb.ancestors if w.dep_ == "ccomp" and w.head.lemma_ in SAYING), None)
    if said is not None and said.head.i < said.i < verb.i and any(child.dep_ == "nsubj" for child in said.head.lefts):
        verb.head, verb.dep_ = said.head, "advcl"


def _teller_there(where: Token) -> None:
    """ "…, a resident | there said": who says so is there, and "there" says nothing."""
    verb = where.head
    if where.lower_ not in ("there", "here", "nearby") or where.dep_ != "nsubj" or verb.lemma_ not in SAYING or where.i == where.sent.start:
        return
    teller = where.nbor(-1)
    if verb.i != where.i + 1 or teller.pos_ != "NOUN" or teller.is_ancestor(where) or verb == teller.head:
        return
    teller.head, teller.dep_ = verb, "nsubj"
    where.head, where.dep_, where.pos_ = teller, "advmod", "ADV"


def _is_mute(noun: Token) -> bool:
    kinds = noun.doc.user_data.get("nominals")
    return noun.ent_type_ == "PLACE" or (kinds is not None and kinds[noun.i] in ("place", "object", "event", "time"))


def _part_speaker(noun: Token) -> None:
    """ "the town held by the Front activists said", "nine died in Karsa residents said", which have lost their comma: who says it does not
    belong to those who hold the town, nor to its name."""
    if (
        noun.dep_ not in ("obl:agent", "obl", "nmod", "obj")
        or noun.lemma_.lower() not in words("clauses.yaml")["tellers"]
        or noun.tag_ != "NNS"
        or noun.i + 1 >= noun.sent.end
    ):
        return
    said = noun.nbor()
    holder = next((child for child in noun.lefts if child.dep_ in ("compound", "nmod") and child.pos_ in ("PROPN", "NOUN")), noun)
    if said.lemma_ not in SAYING or said.tag_ != "VBD" or holder.right_edge.i + 1 != noun.i:
        return
    if any(child.dep_.startswith("nsubj") for child in said.lefts):
        return
    for child in [child for child in noun.lefts if child != holder]:
        child.head = holder
    holder.head, holder.dep_ = noun.head, noun.dep_
    noun.head, noun.dep_ = said, "nsubj"


def _part_holder(noun: Token) -> None:
    """ "the town held by the Front | residents said", which has lost its comma: what stands behind "by" or "in" is no part of the name of
    who says it."""
    said = noun.head
    if noun.dep_ != "nsubj" or said.i != noun.i + 1 or said.lemma_ not in SAYING or noun.tag_ != "NNS":
        return
    holder = next(
        (child for child in noun.lefts if child.dep_ in ("compound", "nmod", "amod") and (child.pos_ in NAMING or child.tag_ == "NNP")),
        noun,
    )
    case = next((child for child in (*holder.lefts, *noun.lefts) if child.dep_ == "case"), None)
    if case is None or holder == noun or holder.right_edge.i + 1 != noun.i or case.i < noun.sent.start + 3:
        return
    before = case.nbor(-1)
    if noun.is_ancestor(before) or before.pos_ not in ("VERB", *NAMING):
        return
    for child in [child for child in noun.lefts if child != holder]:
        child.head = holder
    agent = case.lower_ == "by" and before.tag_ == "VBN"
    holder.head, holder.dep_ = before, "obl:agent" if agent else "obl" if before.pos_ == "VERB" else "nmod"


def _tell_first(noun: Token) -> None:
    """ "An air raid | hit A, officials said", "Nine people | died in the town of A local residents said": what stands before a clause that
    others say is the subject of that clause."""
    verb = noun.head
    if noun.dep_ not in ("nsubj", "nsubj:pass") or verb.lemma_ not in SAYING or verb.tag_ not in TOLD or noun.i > verb.i:
        return
    told = next((child for child in verb.lefts if child.dep_ in ("ccomp", "parataxis") and child.i > noun.i), None)
    if told is None or told.tag_ not in TOLD or has_subject(told) or told.left_edge.i != noun.right_edge.i + 1:
        return
    others = any(child.dep_ == "nsubj" and child.i > told.i for child in verb.children)
    if others or (told.i + 1 < verb.i and verb.nbor(-1).pos_ in NAMING):
        passive = any(child.dep_ == "aux:pass" for child in told.lefts)
        noun.head, noun.dep_ = told, "nsubj:pass" if passive else "nsubj"


def _seat_closing(verb: Token) -> None:
    """ "positions held by the Front | a monitor said", "in a district of Dovo city | state media reported", which have lost their comma:
    what stands before the speaker goes on without him."""
    if verb.lemma_ not in SAYING or verb.tag_ not in TOLD:
        return
    seated = {child: child.dep_ for child in verb.lefts if child.dep_.startswith("nsubj")}
    if not all(_led(child) for child in seated):
        return
    for child in seated:  # what a preposition stands before is no subject
        child.dep_ = "obl"
    noun = closing_speaker(verb)
    if noun is None or noun[-1] > verb.i or noun[0] <= verb.sent.start or not _part_run(verb, noun):
        for child, dep in seated.items():
            child.dep_ = dep
        return
    verb.tag_ = verb.tag_.replace("VBN", "VBD")
    if verb.dep_ in ("acl:relcl", "acl", "advcl", "conj", "ccomp"):  # all of the sentence is said
        verb.head, verb.dep_ = verb.sent.root, "parataxis"


def _led(noun: Token) -> bool:
    """Does a preposition stand before it, or before a noun that the tree takes for its compound?"""
    return any(word.dep_ == "case" or (word.dep_ == "compound" and any(w.dep_ == "case" for w in word.lefts)) for word in noun.lefts)


def _part_run(verb: Token, noun: range) -> bool:
    """Hangs the words of a speaker on the verb of saying behind them, and what hung on them on what stands before; False where he cannot
    be parted from that."""
    doc = verb.doc
    head, run = head_of(doc, noun), [doc[i] for i in noun]
    top = next((w for w in run if w.head not in run), head)
    strays = [w for w in verb.sent if w.i < noun[0] and w.head in run]
    last = next((w for w in reversed(strays) if w.pos_ in NAMING), None)
    bound = last is None and any(w.dep_ in ("cc", "case") for w in strays)  # "the provinces of A and | B agency reported"
    needed = top.dep_ == "obj" and not strays and not any(child.dep_ == "aux:pass" for child in top.head.children)
    only = needed and sum(child.dep_ == "obj" for child in top.head.children) == 1
    if bound or only or head.ent_type_ == "PLACE" or top.dep_ == "root" or any(w.is_ancestor(verb) for w in run):
        return False
    above, how = top.head, top.dep_
    head.head, head.dep_ = verb, "nsubj"
    if (
        last is not None
        and above == verb
        and (case := next((w for w in last.lefts if w.dep_ == "case"), None))
        and case.i > verb.sent.start
    ):
        before = case.nbor(-1)  # "buildings | in the western neighbourhood | activists said"
        above, how = (before, "nmod" if before.pos_ in NAMING else "obl") if before.pos_ in (*NAMING, "VERB") else (verb.sent.root, "obl")
    for word in strays:
        between = last or (verb if word.is_punct else above)
        word.head, word.dep_ = (above, how) if word == last else (between, word.dep_)
    for word in run:
        if word.head not in run and word != head:
            word.head, word.dep_ = head, word.dep_ if word.dep_ in ("det", "amod", "nummod", "conj", "case") else "compound"
    return True


def _name_role(role: Token) -> None:
    """ "said N | director of the Centre", which has lost its comma: what somebody is, and no part of his name."""
    if role.lower_ not in lexicon().words["roles"] or role.pos_ not in ("NOUN", "ADJ"):
        return
    if role.dep_ == "amod" and role.head.ent_type_ == "PERSON" and role.head.i == role.i + 1:  # "the Service's chief N"
        role.pos_, role.tag_, role.dep_ = "NOUN", "NN", "nmod:desc"
        for owner in [child for child in role.head.lefts if child.dep_ in ("nmod:poss", "compound") and child.i < role.i]:
            owner.head = role
    name, owned = role.head, any(child.dep_ == "nmod" and child.i > role.i for child in role.children)
    if role.dep_ == "flat" and name.pos_ == "PROPN" and name.i < role.i:
        role.dep_ = "appos"
        return
    name = next((child for child in role.lefts if child.dep_ == "compound" and child.ent_type_ == "PERSON"), role)
    if name != role and owned and name.right_edge.i + 1 == role.i and role.dep_.startswith("nsubj"):
        name.head, name.dep_ = role.head, role.dep_
        role.head, role.dep_ = name, "appos"


def _name_body(role: Token) -> None:
    """ "said | Observatory head N": whose head he is, and no speaker of its own."""
    name, at = role.head, role.i
    if role.dep_ != "nmod:desc" or role.lower_ not in lexicon().words["roles"] or name.dep_ != "nsubj" or at == role.sent.start:
        return
    body = role.nbor(-1)
    if body.dep_ == "nsubj" and body.head == name.head and body.head.lemma_ in SAYING and body.i < at < name.i:
        body.head, body.dep_ = role, "compound"


def _name_outlet(name: Token) -> None:
    """ "the TV channel | N reported": the name is the outlet's, which is no second subject, nor what he says it to."""
    if name.pos_ != "PROPN" or name.dep_ not in ("nsubj", "appos") or name.left_edge.i == name.sent.start:
        return
    outlet = name.left_edge.nbor(-1)
    if outlet.dep_ != "nsubj" or outlet.lemma_.lower() not in lexicon().words["outlets"] or outlet.head.lemma_ not in SAYING:
        return
    if (name.dep_ == "nsubj" and outlet.head == name.head) or (name.dep_ == "appos" and name.head == outlet):
        name.head, name.dep_ = outlet.head, "nsubj"
        outlet.head, outlet.dep_ = name, "nmod:desc"


def _name_also(noun: Token) -> None:
    """ "said the Northern Observatory | a monitor in Karsa", which has lost its comma: what the speaker is, and nothing that he says."""
    verb, start = noun.head, noun.left_edge
    if noun.dep_ not in ("ccomp", "obj") or noun.pos_ not in NAMING or verb.lemma_ not in SAYING or start.lower_ not in ("a", "an"):
        return
    speaker = next((child for child in verb.rights if child.dep_ == "nsubj" and child.i < start.i), None)
    if speaker is None or speaker.right_edge.i + 1 != start.i or any(child.dep_ in ("cop", "nsubj", "aux") for child in noun.children):
        return
    if any(child.dep_ in ("ccomp", "parataxis") for child in verb.lefts) or verb.head != verb:
        noun.head, noun.dep_ = speaker, "appos"


def _end_with_speaker(verb: Token) -> None:
    """ "killing seven pupils, a resident who asked not to be named | said": behind a comma and before the verb he says it, and is no other
    name of the pupils."""
    if verb.lemma_ not in SAYING or verb.tag_ not in ("VBD", "VBN") or verb.i < verb.sent.start + 4 or verb.lefts:
        return
    last = verb.nbor(-1)
    for noun in last.ancestors:
        if noun.right_edge != last:
            return
        if noun.dep_ in ("appos", "nsubj") and noun.head.i < noun.i < last.i and not verb.is_ancestor(noun) and noun.left_edge.text == ",":
            noun.head, noun.dep_, verb.tag_ = verb, "nsubj", "VBD"
            return


def _say_all(verb: Token) -> None:
    """ "Nine died when a jet bombed A on Monday, a resident | said": behind a comma, at the end, and with no word that binds it to the
    clause before; all of the sentence is said."""
    if verb.dep_ != "advcl" or verb.lemma_ not in SAYING or verb.tag_ not in ("VBD", "VBN") or verb.head.dep_ not in ("advcl", "acl:relcl"):
        return
    first, rest = verb.lefts[:1], [child for child in verb.lefts if not child.is_punct]
    last = verb.sent[len(verb.sent) - 1]
    ends = verb.i == last.i or (verb.i == last.i - 1 and last.is_punct)
    if ends and first and first[0].text == "," and len(rest) == 1 and rest[0].dep_.startswith("nsubj"):
        verb.head, verb.dep_, verb.tag_ = verb.sent.root, "parataxis", "VBD"
        rest[0].dep_ = "nsubj"


def _open_with_speaker(noun: Token) -> None:
    """ "The Front accused | government forces of …", "The Front, an alliance, said | it had …": nothing before a finite verb describes a
    noun behind it, nor is it a second subject of what is said; it is the verb's own subject."""
    above = noun.head
    names = noun.pos_ in NAMING or " " in noun.text  # a known name is one, whatever its first word is
    if not names or above.i < noun.i + 2 or noun.dep_ not in ("compound", "amod", "nsubj"):
        return
    verb = next((word for word in above.ancestors if noun.i < word.i < above.i), None)
    if verb is None or verb.tag_ not in ("VBD", "VBZ", "VBP") or verb.pos_ != "VERB" or has_subject(verb) or not _opens(noun):
        return
    for aside in [child for child in above.lefts if child.dep_ == "acl:relcl" and noun.i < child.i < verb.i]:
        aside.head = noun  # "The Front, which holds A, said …"
    if noun.dep_ in ("compound", "amod") or (above.dep_ == "ccomp" and sum(child.dep_.startswith("nsubj") for child in above.lefts) > 1):
        noun.head, noun.dep_ = verb, "nsubj"
        noun.pos_ = "PROPN" if " " in noun.text else noun.pos_


def _opens(noun: Token) -> bool:
    start = noun.left_edge
    start = start.nbor(-1) if start.i > start.sent.start and start.nbor(-1).pos_ == "DET" else start
    return start.i == start.sent.start or start.nbor(-1).is_punct


def _tell_meanwhile(clause: Token) -> None:
    """ "…, activists said | as the army fought for A", "… | a day after it fell": what went on meanwhile is not what is said."""
    if clause.dep_ != "ccomp" or clause.head.lemma_ not in SAYING or clause.i < clause.head.i:
        return
    marks = {child.lower_ for child in clause.lefts if child.dep_ == "mark" or child.lower_ == "when"}
    if marks & MEANWHILE and "that" not in marks:
        clause.dep_ = "advcl"


def _act_on(clause: Token) -> None:
    """ "Rebels took A, two residents said, | driving the army from its base": what they did, and nothing that is said or that who says it
    did."""
    verb = clause.head
    if clause.dep_ not in ("ccomp", "advcl") or clause.tag_ != "VBG" or verb.lemma_ not in SAYING or clause.i < verb.i:
        return
    said = verb.head if verb.dep_ == "parataxis" else next((child for child in verb.lefts if child.dep_ == "ccomp"), None)
    speaks = clause.dep_ == "advcl" and clause.lemma_ in SAYING | words("clauses.yaml")["blame"] | REFERRING
    start = clause.left_edge
    if said is not None and "," in (start.text, start.nbor(-1).text) and not has_subject(clause) and not speaks:
        clause.head, clause.dep_ = said, "advcl"


def _say_besides(clause: Token) -> None:
    """ "said that A fell and | that B held out": what is said besides."""
    verb = clause.head
    if clause.dep_ != "conj" or verb.lemma_ not in SAYING or clause.i < verb.i:
        return
    said = next((child for child in verb.rights if child.dep_ == "ccomp" and child.i < clause.i), None)
    if said is not None and any(child.dep_ == "mark" and child.lower_ == "that" for child in clause.lefts):
        clause.head = said


def _tell_counted(noun: Token) -> None:
    """ "said 25 civilians | died": two clauses are not said side by side; the noun is what the verb tells of."""
    verb = noun.head
    if noun.dep_ != "ccomp" or noun.pos_ not in NAMING or verb.lemma_ not in SAYING or noun.i < verb.i:
        return
    told = next((child for child in verb.rights if child.dep_ == "ccomp" and child.i > noun.i), None)
    if told is not None and told.tag_ in ("VBD", "VBP", "VBZ") and not has_subject(told) and told.left_edge.i == noun.right_edge.i + 1:
        noun.head, noun.dep_ = told, "nsubj"


def _say_themselves(verb: Token) -> None:
    """ "writes that both A and B | say they control C": of two subjects of what is said the one before the verb of saying says it."""
    if verb.lemma_ not in SAYING or verb.tag_ not in TOLD or has_subject(verb):
        return
    said = next((child for child in verb.rights if child.dep_ == "ccomp"), None)
    seated = [child for child in said.lefts if child.dep_ == "nsubj"] if said is not None else []
    if said is None or len(seated) < 2 or seated[0].i > verb.i or seated[1].i < verb.i:
        return
    for word in [child for child in said.lefts if child.i < verb.i]:
        word.head = verb


def _part_speakers(clause: Token) -> None:
    """ "A fell, an official told the paper; | a rebel said …": behind a semicolon another speaks, and is not told by the first."""
    verb = clause.head
    if clause.dep_ != "ccomp" or clause.i < verb.i or verb.lemma_ not in SAYING | {"tell"} or not has_subject(clause):
        return
    if verb.dep_ != "parataxis" and not any(child.dep_ in ("ccomp", "parataxis") and child.i < verb.i for child in verb.children):
        return
    start = clause.left_edge
    if ";" in (start.text, start.nbor(-1).text):
        clause.dep_ = "parataxis"


def _accuse(noun: Token) -> None:
    """ "accused the army | of bombing A": whom a verb accuses is its object; no clause with "of" has a subject of its own."""
    deed = noun.head
    verb = deed.head
    if noun.dep_ != "nsubj" or deed.dep_ != "ccomp" or deed.tag_ != "VBG" or verb.lemma_ not in words("clauses.yaml")["blame"]:
        return
    if verb.i < noun.i < deed.i and any(child.dep_ == "mark" and child.lower_ in ("of", "for") for child in deed.lefts):
        noun.head, noun.dep_, deed.dep_ = verb, "obj", "xcomp"


def has_subject(verb: Token) -> bool:
    return any(child.dep_.startswith(("nsubj", "csubj")) for child in verb.children)
