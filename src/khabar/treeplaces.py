"""A word of a parsed Doc → what says where something is, hung on what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.lexicon import table, words

if TYPE_CHECKING:
    from khabar.doc import Token

MONTHS = "january february march april may june july august september october november december"
LATELY = frozenset({"recently", "newly", "previously", "formerly", "once", "long", "already", "currently", "now", "still", "since"})
DAYS = frozenset(f"{MONTHS} monday tuesday wednesday thursday friday saturday sunday".split())


def hang_places(token: Token) -> None:
    """Mends how places, roads and sides hang."""
    _head_line(token)
    _share_out(token)
    _of_own_accord(token)
    _come_back(token)
    _hand_over(token)
    _once_held(token)
    _own_stronghold(token)
    _once_taken(token)
    _to_prepared(token)
    _join_article(token)
    _open_name(token)
    _name_crossing(token)
    _name_side(token)
    _lie_on_road(token)
    _lead_to(token)
    _lead_on(token)
    _place_by_day(token)
    _list_after_plural(token)
    _list_along(token)
    _tell_of_place(token)


def _head_line(place: Token) -> None:
    """ "30/06 – A: | one farmer shot dead": a place before a colon is where it happened, and not who did it."""
    verb, last = place.head, place.right_edge
    if place.ent_type_ != "PLACE" or last.i + 1 >= last.sent.end or ":" not in (last.text, last.nbor().text):
        return
    if place.dep_ == "parataxis":
        told = (word for word in verb.rights if word.dep_ == "parataxis" and word.i > last.i and word.pos_ == "VERB")
        if (clause := next(told, None)) is not None:
            place.head, place.dep_ = clause, "obl:unmarked"
    elif place.dep_ in ("nsubj", "nsubj:pass") and any(c.dep_.startswith("nsubj") and c.i > last.i for c in verb.lefts):
        place.dep_ = "obl:unmarked"


def _share_out(holder: Token) -> None:
    """ "the north is held by the army | and the south | by the rebels": each half is held by the one who is named behind it."""
    if holder.left_edge.lower_ != "by" or holder.dep_ not in ("conj", "obl", "obl:agent") or holder.left_edge.i < holder.sent.start + 4:
        return
    half = holder.left_edge.nbor(-1)
    first = half.head
    if first.dep_ not in ("obl", "obl:agent") or holder.head not in (first, first.head):
        return
    listed = half.dep_ == "conj" and half.head == first and half.pos_ in ("NOUN", "PROPN") and half.i > first.i
    by = any(child.lower_ == "by" for child in first.lefts if child.dep_ == "case")
    if listed and by and not any(child.dep_ == "case" for child in half.lefts) and any(child.dep_ == "cc" for child in half.lefts):
        holder.head, holder.dep_ = half, "orphan"


def _of_own_accord(accord: Token) -> None:
    """ "left the hill | of their own accord": how they left, and no hill's."""
    left = accord.head.head
    if accord.dep_ == "nmod" and accord.lemma_ in ("accord", "volition") and left.pos_ == "VERB":
        accord.head, accord.dep_ = left, "obl"


def _come_back(back: Token) -> None:
    """ "are back | in Dera", "came back | to Dera": where they are or come, as if "back" were not said."""
    if back.lower_ != "back" or back.pos_ != "ADV":
        return
    are = any(child.dep_ == "cop" for child in back.lefts)
    beside = back.head.children if are and back.dep_ == "advmod" else ()
    place = next((w for w in (*back.rights, *beside) if w.i > back.i and w.dep_ in ("obl", "ccomp") and w.pos_ in ("NOUN", "PROPN")), None)
    if place is None:
        return
    if are or any(child.dep_ == "cop" for child in place.lefts):
        place.head, place.dep_ = (place if back.dep_ == "root" else back.head), back.dep_ if back.dep_ != "advmod" else "ccomp"
        for child in back.children:
            if child != place:
                child.head = place
        back.head, back.dep_ = place, "advmod"
    elif back.dep_ == "advmod":
        place.head = back.head


def _hand_over(over: Token) -> None:
    """ "handed the bridge over | to the army": whom it is handed to, and not what is over."""
    if over.lower_ != "over" or over.dep_ not in ("advmod", "compound:prt") or over.head.pos_ != "VERB":
        return
    for taker in over.rights:
        if taker.dep_ in ("obl", "nmod") and any(case.lower_ == "to" for case in taker.lefts):
            taker.head, taker.dep_ = over.head, "obl"


def _to_prepared(prepared: Token) -> None:
    """ "moved | to | prepared lines": to lines; a participle takes no "to"."""
    if prepared.tag_ != "VBN" or prepared.dep_ not in ("advcl", "xcomp", "acl") or not prepared.head.i < prepared.i:
        return
    to = prepared.nbor(-1)
    lines = next((child for child in prepared.rights if child.dep_ == "obj" and child.i <= prepared.i + 2), None)
    if lines is None or to.lower_ != "to" or to.head not in (prepared, lines):
        return
    verb = next((word for word in (prepared.head, *prepared.head.ancestors) if word.pos_ == "VERB"), prepared.head)
    lines.head, lines.dep_ = verb, "obl"
    to.head, to.dep_ = lines, "case"
    prepared.head, prepared.dep_ = lines, "amod"


def _join_article(name: Token) -> None:
    """ "said | Souk | el-Gharb had fallen": two subjects that are one name."""
    if "-" not in name.text or name.i == name.sent.start:
        return
    first = name.nbor(-1)
    if name.dep_ == first.dep_ == "nsubj" and name.head == first.head and name.pos_ == first.pos_ == "PROPN":
        name.head, name.dep_ = first, "flat"


def _open_name(second: Token) -> None:
    """ "captured Tel | Amara | Marou and Dinsor": with the first word of a list, the second is one name; what it took along comes next."""
    first = second.nbor(-1) if second.dep_ == "conj" and second.i > second.sent.start else second
    if first == second or second.pos_ != "PROPN" or first.text not in table("place_forms")["name_openers"]:
        return
    if (
        second.head not in (first, first.head)
        or first.pos_ != "PROPN"
        or any(child.dep_ in ("cc", "case", "punct") for child in second.lefts)
    ):
        return
    whole = first if second.head == first else first.head
    second.head, second.dep_ = first, "flat"
    for child in second.rights:
        if (
            child.dep_ == "flat"
            and child.pos_ == "PROPN"
            and child.i == second.i + 1
            and any(c.dep_ == "cc" for w in whole.rights for c in w.lefts)
        ):
            child.head, child.dep_ = whole, "conj"
        elif child.dep_ == "conj":
            child.head = whole


def _name_crossing(border: Token) -> None:
    """ "struck the Dera border | crossing": one noun, which is what its second word is."""
    if border.lower_ != "border" or border.i + 1 >= border.sent.end or border.nbor().lower_ not in ("crossing", "crossings"):
        return
    crossing = border.nbor()
    if border.head == crossing or crossing.is_ancestor(border):
        return
    crossing.head, crossing.dep_ = border.head, border.dep_
    for child in border.lefts:
        child.head = crossing
    border.head, border.dep_ = crossing, "compound"
    crossing.pos_, crossing.tag_ = "NOUN", "NNS" if crossing.lower_.endswith("s") else "NN"


def _name_side(side: Token) -> None:
    """ "The rebel-held east | has been under siege": what an article stands before is a noun."""
    below = side.head
    if side.dep_ != "advmod" or side.lower_ not in words("clauses.yaml")["sides"] or side.i > below.i:
        return
    finite = next((w for w in (below, *below.ancestors) if any(c.dep_ in ("cop", "aux") for c in w.children)), None)
    if (
        finite is not None
        and any(child.dep_ == "det" for child in side.lefts)
        and not any(c.dep_.startswith("nsubj") for c in finite.lefts)
    ):
        side.head, side.dep_, side.pos_, side.tag_ = finite, "nsubj", "NOUN", "NN"


def _lie_on_road(token: Token) -> None:
    """ "entered A, a town | on the road to B": the road says where the town lies, and not where who entered it came."""
    if token.dep_ != "obl" or token.lemma_.lower() not in words("nouns.yaml")["road"]:
        return
    case = next((child for child in token.lefts if child.dep_ == "case"), None)
    if case is None or case.i < 1:
        return
    town = case.nbor(-1)
    if town.dep_ == "appos" and town.pos_ == "NOUN":
        token.head, token.dep_ = town, "nmod"


def _lead_to(token: Token) -> None:
    """ "entered A on the road from B | to C": where a road leads belongs to the road."""
    case = next((child for child in token.lefts if child.dep_ == "case"), None) if token.dep_ == "obl" else None
    if case is None or case.lower_ != "to" or case.i < 1:
        return
    road = case.nbor(-1)
    while road.head != road and road.dep_ in ("flat", "compound", "nmod") and road.lemma_.lower() not in words("nouns.yaml")["road"]:
        road = road.head
    if road.lemma_.lower() in words("nouns.yaml")["road"] and any(
        c.lower_ == "from" for child in road.rights for c in child.lefts if c.dep_ == "case"
    ):
        token.head, token.dep_ = road, "nmod"


def _lead_on(verb: Token) -> None:
    """ "shot a judge on the road | leading to A": what leads there is the road."""
    road = verb.nbor(-1) if verb.dep_ == "acl" and verb.i > verb.sent.start else verb
    if road == verb or verb.head == road or verb.lemma_ not in ("lead", "link", "connect", "join") or verb.tag_ != "VBG":
        return
    if road.lemma_.lower() in words("nouns.yaml")["road"]:
        verb.head = road


def _place_by_day(place: Token) -> None:
    """ "attacks were reported on 24 May in A": what lies in A is what happened, not the day."""
    day = place.head
    if place.dep_ != "nmod" or place.ent_type_ != "PLACE" or day.dep_ not in ("obl", "obl:tmod", "obl:unmarked", "nmod", "nmod:unmarked"):
        return
    told = any(w.lower_ in DAYS for w in (day, *day.rights) if w.i < place.i) and day.head.i < day.i and day.head.pos_ in ("VERB", "NOUN")
    if told and any(child.dep_ == "case" and child.lower_ in ("in", "at", "near", "around", "outside") for child in place.lefts):
        place.head, place.dep_ = day.head, "obl" if day.head.pos_ == "VERB" else "nmod"


def _list_after_plural(name: Token) -> None:
    """ "A and the villages of B and C": the plural wants both names, so C is listed with B and not with A."""
    before = [word for word in name.head.children if word.dep_ == "conj" and word.i < name.i] if name.dep_ == "conj" else []
    if name.pos_ != "PROPN" or not before or before[-1].tag_ != "NNS":
        return
    inner = [w for w in before[-1].rights if w.dep_ == "nmod" and w.pos_ == "PROPN" and any(case.lower_ == "of" for case in w.lefts)]
    if inner and inner[-1].right_edge.i + 1 == name.left_edge.i:
        name.head = inner[-1]


def _list_along(word: Token) -> None:
    """ "seized Karsa | along with | Tel and two villages": one list of places."""
    if word.lower_ not in ("along", "together") or word.i == word.sent.start or word.i + 1 >= word.sent.end or word.nbor().lower_ != "with":
        return
    other, before = word.nbor().head, word.nbor(-1)
    before = before.nbor(-1) if before.text == "," and before.i > word.sent.start else before
    listed = before
    while listed.head != listed and listed.head.right_edge.i in (before.i, other.right_edge.i) and listed.head.pos_ in ("NOUN", "PROPN"):
        listed = listed.head
    if other.i < word.i or other.is_ancestor(listed) or listed.dep_ not in ("obj", "obl", "nmod", "nsubj:pass", "conj"):
        return
    if other.dep_ in ("obl", "nmod") and _is_some_place(listed) and _is_some_place(other):
        other.head, other.dep_ = listed, "conj"
        for linking in (word, word.nbor()):
            linking.head, linking.dep_ = other, "cc"


def _is_some_place(noun: Token) -> bool:
    kinds = noun.doc.user_data.get("nominals")
    return noun.ent_type_ in ("PLACE", "FACILITY") or (kinds is not None and kinds[noun.i] == "place")


def _tell_of_place(verb: Token) -> None:
    """ "nine died in a town | recently freed of the militants": what a participle behind a word for time tells of is the noun before."""
    when = verb.left_edge
    if verb.dep_ != "advcl" or verb.tag_ != "VBN" or when.i + 1 != verb.i or when.lower_ not in LATELY or when.i == verb.sent.start:
        return
    noun = when.nbor(-1)
    if noun.pos_ in ("NOUN", "PROPN") and noun.i > verb.head.i:
        verb.head, verb.dep_ = noun, "acl"


def _once_held(name: Token) -> None:
    """ "Once a stronghold of the rebels | Karsa | fell": the name is the subject, which the words before it only describe."""
    if name.dep_ not in BESIDE or name.pos_ != "PROPN" or name.right_edge.i + 1 >= name.sent.end or name.left_edge != name:
        return
    if name.i == name.sent.start:
        return
    holder, after = name.nbor(-1), name.right_edge.nbor()
    hold, verb = holder.head, holder.head.head
    if holder.dep_ != "nmod" or not hold.dep_.startswith("nsubj") or hold.i > holder.i or name.head not in (holder, verb):
        return
    first = hold.left_edge.i - (hold.sent[0].lower_ in ("long", "once", "formerly", "previously", "traditionally"))
    opens = first <= hold.sent.start and any(child.lower_ in ("a", "an") for child in hold.lefts)
    two = holder.pos_ == "NOUN" or (_is_some_place(name) and any(child.dep_ == "det" for child in holder.lefts))
    if opens and two and verb.i > name.i and (after == verb or (after.head == verb and after.pos_ in ("AUX", "ADV"))):
        name.head, name.dep_ = verb, hold.dep_
        hold.head, hold.dep_ = name, "appos"


BESIDE = ("appos", "flat", "nmod", "compound", "nsubj", "nsubj:pass")


def _own_stronghold(hold: Token) -> None:
    """ "The rebels last stronghold | Karsa | fell": an apostrophe is lost, and what fell is the name behind the stronghold, or it."""
    if hold.lemma_ not in HOLDS or hold.pos_ != "NOUN":
        return
    owner = hold.head
    if hold.dep_ == "appos" and owner.tag_ == "NNS" and owner.i < hold.i:
        if any(between.head != hold or between.pos_ != "ADJ" for between in hold.doc[owner.i + 1 : hold.i]):
            return
        hold.head, hold.dep_, owner.head, owner.dep_ = owner.head, owner.dep_, hold, "nmod:poss"
    owned = any(child.dep_ == "nmod:poss" for child in hold.lefts)
    name = next((child for child in hold.rights if child.i == hold.i + 1 and child.pos_ == "PROPN"), None)
    if owned and name is not None and hold.dep_.startswith("nsubj") and name.dep_ in ("appos", "obj", "flat", "nmod"):
        name.head, name.dep_ = hold.head, hold.dep_
        hold.head, hold.dep_ = name, "appos"


HOLDS = ("stronghold", "bastion", "redoubt", "holdout", "enclave")


def _once_taken(name: Token) -> None:
    """ "Formerly held by the rebels | Karsa | was recaptured": of a verb without a subject the name before it is one."""
    holder, verb = name.head, name.head.head.head
    if name.dep_ not in ("flat", "appos") or name.pos_ != "PROPN" or holder.dep_ not in ("obl:agent", "obl") or not _is_some_place(name):
        return
    held, after = holder.head, name.right_edge.nbor() if name.right_edge.i + 1 < name.sent.end else name
    if held.dep_ not in ("advcl", "acl") or held.tag_ != "VBN" or not held.i < name.i < verb.i or held.left_edge.i != name.sent.start:
        return
    alone = not any(child.dep_.startswith(("nsubj", "expl")) for child in verb.lefts)
    if alone and (after == verb or (after.head == verb and after.pos_ == "AUX")):
        passive = any(child.dep_ == "aux:pass" for child in verb.lefts)
        name.head, name.dep_ = verb, "nsubj:pass" if passive else "nsubj"
