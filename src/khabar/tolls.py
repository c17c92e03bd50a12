"""A match of a rule and whom it befell → the number of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.clauses import case_of, children, first_of_list
from khabar.counts import is_one, number_of, quantity_of
from khabar.lexicon import words
from khabar.matching import TOLLS, Match
from khabar.model import Quantity
from khabar.partitives import parts_told
from khabar.scene import Scene
from khabar.slots import follow

if TYPE_CHECKING:
    from khabar.doc import Token

BY_CAUSE = ("in", "by", "during", "of", "from", "after", "to", "due to", "because of")
VAST = {"killed": 20_000, "displaced": 1_000_000}  # on claims_train and four fresh draws no toll of one event was half as high


def parts_of(match: Match) -> list[Token]:
    """The counted parts of those of whom a toll tells."""
    told = [word for role in ("recipient", "quantity") for word in match.fillers.get(role, ())]
    return [*parts_told([match.trigger, *told])] if match.rule.kind in TOLLS else []


def is_uncounted_part(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """ "30 people, including women": what is told to be among the victims without a number of its own adds no toll."""
    if match.rule.kind not in (*TOLLS, "killing") or not recipient or recipient[0] in match.fillers.get("recipient", ()):
        return False
    if match.trigger.dep_ == "conj" and _bare_number(match, recipient) is not None:
        return True  # "60 people, including 20 soldiers, were killed and 150 wounded"
    return _own_number(scene, recipient[0], "") is None and not is_one(scene, recipient[0])


def is_of_no_fight(match: Match, scene: Scene) -> bool:
    """ "Floods killed 62 people", "dying of cholera", "a bus plunged into a ravine, killing 18": a toll of nature, illness or mishap."""
    if match.rule.kind not in TOLLS:
        return False
    verb = match.trigger if match.trigger.pos_ == "VERB" else match.trigger.head
    first = first_of_list(verb)
    joined = (first, *children(first, "conj"))
    causes = [
        *follow(verb, "subject"),
        *(w for told in joined for w in children(told, "obl", "obl:agent", "nmod") if case_of(w) in BY_CAUSE),
    ]
    clauses = [first.head] if first.dep_ == "advcl" else []
    clauses += [
        w
        for above in joined
        for w in children(above, "advcl")
        if any(mark.lower_ in ("when", "as", "after") for mark in children(w, "mark", "advmod"))
    ]
    return any(_is_mishap(word, scene) for word in causes) or any(_comes_to_grief(clause, scene) for clause in clauses)


def _is_mishap(noun: Token, scene: Scene) -> bool:
    """ "an earthquake", "cholera", "a road accident", "a factory fire"; not "a helicopter crash"."""
    if any(scene.is_class(noun, name) for name in ("nature", "illness")):
        return True
    beside = children(noun, "compound", "amod")
    if noun.lemma_.lower() in ("fire", "blaze"):
        return any(scene.is_class(word, "building") or word.lower_ in ("forest", "bush") for word in beside)
    return scene.is_class(noun, "mishap") and not any(scene.is_class(word, "aircraft") for word in beside)


def _comes_to_grief(verb: Token, scene: Scene) -> bool:
    """ "a bus plunged into a ravine", "when their boat capsized"; aircraft that come down may have been brought down."""
    if verb.lemma_ not in words("clauses.yaml")["mishap"] and verb.lemma_ not in ("collide", "sink"):
        return False
    return any(scene.is_class(w, "vehicle") and not scene.is_class(w, "aircraft") for w in children(verb, "nsubj", "nsubj:pass"))


def is_vast(toll: Quantity | None) -> bool:
    """ "A quarter of a million people have been killed since then": a toll that only a whole war takes."""
    least = VAST.get(toll.unit) if toll else None
    return bool(least and toll and toll.low and toll.low >= least)


def toll_number(match: Match, scene: Scene, recipients: Sequence[Token]) -> Quantity | None:
    """The number of a claim: of this recipient where several are told apart, else of the rule's own slots."""
    if "quantity" not in match.rule.roles:
        return None
    unit = match.rule.unit or "people"
    if recipients and recipients[0] in parts_of(match):
        return _own_number(scene, recipients[0], unit) or (Quantity(1, 1, unit) if is_one(scene, recipients[0]) else None)
    if unit in ("killed", "injured"):
        own_number = number_of(scene, match.trigger, unit)
        if own_number is not None and len(recipients) < 2:
            return own_number
    if (counted := _of_this_lot(match.trigger) or _of_whole(match.trigger)) is not None:
        return quantity_of(scene, counted, unit)
    if _has_vague_count(match):
        return None
    if match.trigger.dep_ == "acl:relcl" and (whole := children(match.trigger.head, "nummod")) and match.trigger.head.dep_ == "nmod":
        return quantity_of(scene, whole[-1], unit)  # "killed three of the 16 students they had seized"
    if told := [n for word in recipients if word.dep_ in ("conj", "advcl") for n in children(word, "nsubj") if n.pos_ == "NUM"]:
        return quantity_of(scene, told[0], unit)  # "three of the dead were soldiers and two were policemen"
    if recipients and (bare := _bare_number(match, recipients)) is not None:
        return quantity_of(scene, bare, unit)
    own = [q for q in (_own_number(scene, token, unit) for token in recipients) if q] if "recipient" in match.rule.each else []
    named = len(recipients) == 1 and recipients[0].dep_ != "compound"  # "rebel losses" are not one rebel's
    if not own and named and unit in ("killed", "injured") and is_one(scene, recipients[0]):
        return Quantity(1, 1, unit)
    if own or ("recipient" in match.rule.each and recipients and recipients[0] not in match.fillers["recipient"][:1]):
        return own[0] if own else None
    others = [t for t in match.fillers.get("recipient", ()) if t not in recipients]
    tokens = [t for t in match.fillers.get("quantity") or () if t not in others]
    if recipients and tokens and tokens[0] not in recipients and first_of_list(tokens[0]) == first_of_list(recipients[0]):
        tokens = [recipients[0]] if tokens[0].pos_ == "NOUN" else tokens  # "destroyed 14 stalls and a truck": the truck is not 14
    return quantity_of(scene, tokens[0], unit) if tokens else None


def _of_this_lot(lot: Token) -> Token | None:
    """ "left one soldier dead and four | missing", "left 52 | injured": the number right before."""
    number = lot.nbor(-1) if lot.pos_ == "ADJ" and lot.i > lot.sent.start else lot
    beside = number.head in (lot, lot.head) and number.dep_ in ("nummod", "obj")
    return number if number.pos_ == "NUM" and number != lot and beside else None


def _of_whole(deed: Token) -> Token | None:
    """ "the number of those killed has risen to | 7", "brought to | 49 the number of people killed", "the number killed stands at | 30"."""
    path = [deed.head, deed.head.head] if deed.dep_ in ("acl", "acl:relcl") else []
    whole = next((word for word in path if word.lemma_.lower() in ("number", "toll", "total", "count", "tally")), None)
    if whole is None or whole.dep_ not in ("obj", "nsubj", "nsubj:pass"):
        return None
    numbers = [n for n in children(whole.head, "obl", "obj") if n.pos_ == "NUM" and (case_of(n) or n.nbor(-1).lower_) in ("to", "at")]
    return numbers[0] if numbers else None


def _own_number(scene: Scene, noun: Token, unit: str) -> Quantity | None:
    """ "14 soldiers", "two of its own men", "30 of them soldiers"."""
    of_them = noun.dep_ in ("appos", "nmod") and any(case_of(c) == "of" and c.lower_ == "them" for c in noun.head.children)
    counts = noun.head.pos_ == "NUM" and (of_them or (noun.dep_ == "nmod" and case_of(noun) == "of"))
    return quantity_of(scene, noun, unit) or (quantity_of(scene, noun.head, unit) if counts else None)


def _has_vague_count(match: Match) -> bool:
    """ "17 people were killed and many more injured": the injured are not the 17."""
    more = match.trigger.nbor(-1) if match.trigger.dep_ == "conj" else match.trigger
    return more.lower_ == "more" and more.nbor(-1).lower_ == "many"


def _bare_number(match: Match, recipients: Sequence[Token]) -> Token | None:
    """ "killed four people and wounded 27": the number stands by itself, and whom it counts is said with another verb."""
    alone = [t for t in match.fillers.get("quantity", ()) if t.pos_ == "NUM" and t.dep_ != "nummod"]
    numbers = [t for t in alone if t.dep_ != "conj" or not any(case_of(c) == "of" for c in children(t, "nmod"))]  # "and five of them"
    return numbers[0] if numbers and not any(match.trigger.is_ancestor(t) for t in recipients) else None
