"""A match of a rule → who does and who suffers what its claims tell, apart from who tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.clauses import case_of, children, first_of_list, is_passive
from khabar.lexicon import words
from khabar.lists import company, counted, instances
from khabar.matching import MUTUAL, TOLLS, Match
from khabar.model import ActorMention, Attribution, Participant, Place, Speaker
from khabar.participants import holder_by_words, participant
from khabar.placing import JOINT
from khabar.scene import Scene
from khabar.subjects import surface_subject
from khabar.tolls import parts_of

if TYPE_CHECKING:
    from khabar.doc import Token

SPOKEN = ("statement", "agreement", "allied_with")


def parted(match: Match) -> Match:
    """ "clashes between A and B on one hand, and C on the other": those told before the words that part them fight those told behind."""
    told = [word for role in JOINT for word in match.fillers.get(role, ())]
    if match.rule.kind not in MUTUAL or len(told) < 2:
        return match
    edges = [w.i for w in match.trigger.sent if w.lower_ in ("hand", "side") and w.i > match.trigger.i + 2 and _is_one_of_two(w)]
    first, last = ([w for w in told if (w.i < edges[0]) == before] if edges else [] for before in (True, False))
    return replace(match, fillers=match.fillers | {"actor": first, "recipient": last}) if first and last else match


def _is_one_of_two(side: Token) -> bool:
    """ "on one hand", "from one side"."""
    one, case = side.nbor(-1), side.nbor(-2)
    return one.lower_ == "one" and case.lower_ in ("on", "from", "at")


def without_tellers(groups: list[list[Token]], match: Match, told_by: Attribution | None) -> list[list[Token]]:
    """ "killed 21 soldiers, the army and an official said": who says so is not one of those it is said of."""
    source = told_by.source if told_by else None
    if match.rule.kind in SPOKEN or source is None or not match.trigger.idx < source[0]:
        return groups
    others = [[t for t in group if not source[0] <= t.idx < source[1]] for group in groups]
    return [other for other, group in zip(others, groups, strict=True) if other or not group] or groups


def without_finders(groups: list[list[Token]], match: Match) -> list[list[Token]]:
    """ "its men found 30 bodies", "freed six abducted women": who finds, counts or buries the dead has not killed them, nor has who frees
    captives taken them."""
    if match.rule.kind == "abduction" and _are_freed(match.trigger):
        freer = match.trigger.head.head
        return [[t for t in group if t.head != freer or t == match.trigger.head] for group in groups]
    if match.rule.kind not in TOLLS:
        return groups
    return [[t for t in group if t.dep_ != "nsubj" or t.head.lemma_ not in words("clauses.yaml")["finding"]] for group in groups]


def _are_freed(participle: Token) -> bool:
    captives = participle.head
    return participle.dep_ == "amod" and captives.dep_ in ("obj", "nsubj:pass") and captives.head.lemma_ in words("clauses.yaml")["freeing"]


def is_same_party(one: Participant | None, other: Participant | None) -> bool:
    """ "ten soldiers were killed when they attacked A": nobody is told to have killed them; "a commander | Omar Hadid" is one man."""
    if one is None or other is None:
        return False
    within = one.start is not None and one.end is not None and other.start is not None and one.start <= other.start < one.end
    called = (
        one.text.islower()
        and one.text[-1] != "s"
        and other.text[:1].isupper()
        and one.end is not None
        and other.start in (one.end + 1, one.end + 2)
    )
    plain = {p.text.lower().removeprefix("the ").rstrip("s") for p in (one, other)}
    if len(plain) == 2 and plain <= words("nouns.yaml")["same_army"]:  # "14 soldiers were killed when the army tried to storm A"
        return True
    return within or called or one.text.lower() == other.text.lower() or (one.id is not None and one.id == other.id)


def is_sufferer(doer: tuple[Participant | None, Sequence[Token]], recipient: Participant | None, match: Match, scene: Scene) -> bool:
    """ "three soldiers and a guide were killed when their convoy hit a mine": the soldiers killed neither themselves nor the guide."""
    actor, by = doer
    if is_same_party(actor, recipient):
        return True
    others = match.fillers.get("recipient", ()) if actor is not None else ()
    if len(others) < 2 or any(word in others or word.head in others for word in by):  # of two sides that both suffered, the other
        return False
    return any(is_same_party(actor, participant(scene, [other], suffers=True)) for other in others)


def is_mere_arm(told: Sequence[Token], scene: Scene) -> bool:
    """ "troops backed by | jets", "by tanks and heavy artillery", "by the air force": whose they are is not told, and it is nobody else."""
    theirs = any(t.text[:1].isupper() and t.pos_ in ("PROPN", "ADJ", "NOUN") for one in told for t in one.lefts)
    return bool(told) and not theirs and all(_is_arm(one, scene) for one in told)


def _is_arm(one: Token, scene: Scene) -> bool:
    flies = one.lemma_ in ("force", "power") and any(c.lower_ == "air" for c in one.lefts)
    return flies or one.lemma_ == "navy" or any(scene.is_class(one, arm) for arm in ("aircraft", "vehicle", "weapon", "projectile"))


def those_at(hit: list[Token], place: Place | None, places: int) -> list[Token]:
    """ "struck a plant in A and a depot in B": of what was hit in several places that which lies in this one."""
    if len(hit) < 2 or len(hit) != places or place is None or place.start is None:
        return hit
    ends = [following.left_edge.idx for following in hit[1:]]
    here = [
        thing
        for thing, end in zip(hit, [*ends, hit[-1].right_edge.idx + 1], strict=True)
        if thing.left_edge.idx <= place.start < end and place.end is not None and place.end <= end + len(hit[-1].right_edge)
    ]
    return here if len(here) == 1 else hit


def spoken_of(act: Token, doer: Participant | None, scene: Scene) -> Participant | None:
    """The first party or country in what is threatened, refused or demanded: "will withdraw from Chad", "a riot over Chad's new law"."""
    verb = act.head if act.pos_ == "NOUN" else act
    apart = {word for child in verb.children if child.dep_ == "parataxis" for word in child.subtree}
    for word in (word for word in sorted(verb.subtree) if word.i > act.i and word not in apart):
        party, country = scene.actor_at(word), scene.place_at(word)
        here = word.head in (act, verb) and case_of(word) in ("in", "at", "outside", "across")
        named = (party is not None and (party.id is not None or party.form == "name")) or (country and country.precision == "country")
        one = participant(scene, [word]) if named and not here else None
        if one is not None and not is_same_party(doer, one):
            return one
    return None


def holder_of(match: Match, scene: Scene) -> Participant | None:
    """From whom a place is taken: from the militants, in "the militant-held town"."""
    places = (token for role in ("place", "recipient") for token in match.fillers.get(role, ()))
    found = (holder_by_words(scene, place, told=first_of_list(match.trigger)) for place in places)
    return next((holder for holder in found if holder), None)


def without_own_word(attributions: Sequence[Attribution], match: Match) -> Sequence[Attribution]:
    """ "A rejected the offer" is an act of A's, told by the outlet: its own word of saying is no speaker's for what is itself said."""
    if match.rule.kind not in SPOKEN:
        return attributions
    return [a for a in attributions if a.cue is None or not a.cue[0] <= match.trigger.idx < a.cue[1]]


def moves_itself(match: Match) -> bool:
    """ "hundreds fled when the army shelled A": their flight is their own."""
    movers = match.fillers.get("recipient", ())
    return (
        match.rule.kind == "displacement" and not is_passive(match.trigger) and set(surface_subject(match.trigger)) & set(movers) != set()
    )


def is_left_so(toll: Match, cause: Match | None) -> bool:
    """ "A clashed with B, leaving five dead": what a fight left is told of neither side's doing."""
    if cause is None or cause.rule.kind not in MUTUAL or toll.trigger.pos_ == "VERB":
        return False
    return any(word.lemma_ == "leave" and word.dep_ in ("advcl", "acl") for word in (toll.trigger.head, toll.trigger.head.head))


def other_side(cause: Match, toll: Match) -> list[Token]:
    """Who did what took a toll: the doer of the act; in a fight the side that did not suffer."""
    doers, others = ([*cause.fillers.get(role, ())] for role in JOINT)
    if cause.rule.kind not in MUTUAL:
        return doers
    sides = [side for side in (doers, others) if side and not _is_among(side, toll.fillers.get("recipient", ()))]
    return sides[0] if len(sides) == 1 and others else []


def opponent(cause: Match, sufferers: Sequence[Token]) -> list[Token]:
    """ "30 soldiers and 39 rebels were killed in battles between them": of two sides that both suffered, the other."""
    sides = [[*cause.fillers.get(role, ())] for role in JOINT] if cause.rule.kind in MUTUAL and sufferers else []
    others = [side for side in sides if not _is_among(side, sufferers)]
    return others[0] if len(others) == 1 and all(sides) else []


def _is_among(side: Sequence[Token], sufferers: Sequence[Token]) -> bool:
    """Is a side of a fight told to have suffered, by its own word or the noun that it describes ("39 rebel fighters")?"""
    return any(word in sufferers or word.head in sufferers for word in side)


def liberator(match: Match, told_by: Attribution | None, scene: Scene) -> Participant | None:
    """ "A has been liberated", with nobody named as taker: in the mouth of a party to the war, by that party (guideline, capture)."""
    if match.trigger.lemma_.lower() not in words("nouns.yaml")["liberation"] or not told_by or not told_by.chain:
        return None
    speaker = told_by.chain[-1]
    named = [m for m in scene.mentions if isinstance(m, ActorMention) and m.id is not None and m.id == speaker.id]
    return Participant(speaker.text, None, None, named[0].id, named[0].name) if named else None


def body_of_teller(who: Participant | None, chain: Sequence[Speaker], scene: Scene) -> Participant | None:
    """Of a spokesman who "said the town was under control" the body for which he speaks; anybody else as he is."""
    said = chain[-1].text.partition(" [") if who is not None and chain else None
    if who is None or said is None or said[0] != who.text or not said[2]:
        return who
    body = said[2].removesuffix("]")
    named = next((m for m in scene.mentions if isinstance(m, ActorMention) and m.text == body), None)
    return Participant(body, named.start, named.end, named.id, named.name) if named else who


def groups_of(role: str, match: Match) -> list[list[Token]]:
    """The words that fill a role together: all, or each by itself with what it is said to include ("14 people, including 3 children")."""
    tokens = match.fillers.get(role) or []
    groups = _told_apart(role, match, tokens)
    named = {word for group in groups for word in group}
    return [*groups, *([part] for part in parts_of(match) if part not in named)] if role == "recipient" else groups


def _told_apart(role: str, match: Match, tokens: list[Token]) -> list[list[Token]]:
    paired = "pair" in match.rule.each and len(match.fillers.get("recipient") or []) > 1
    if role not in match.rule.each and not paired:
        return [tokens]
    told = dict.fromkeys(t for token in tokens for t in _with_instances(token))
    if role == "recipient" and match.rule.kind in (*TOLLS, "killing"):
        told |= dict.fromkeys(counted(end) for token in tokens for end in company(token))
    vague = () if match.rule.kind in TOLLS else ("other", "group")
    groups = [[token] for token in told if (token.lemma_ not in vague and not _is_corrected(token)) or len(told) == 1] or [[]]
    return _counted_as_one(groups) if role == "recipient" and match.rule.kind in TOLLS else groups


def _is_corrected(number: Token) -> bool:
    """ "nine officers, | not twelve": a number that is taken back."""
    return number.pos_ == "NUM" and number.i > number.sent.start and number.nbor(-1).lower_ == "not"


def _counted_as_one(groups: Sequence[list[Token]]) -> list[list[Token]]:
    """ "14 soldiers and allied tribesmen": the number counts both."""
    found: list[list[Token]] = []
    for group in groups:
        if found and any(_shares_number(word, found[-1]) for word in group):
            found[-1] += group
        else:
            found.append(list(group))
    return found


def _shares_number(word: Token, before: Sequence[Token]) -> bool:
    first = first_of_list(word)
    several = word.tag_ == "NNS" or word.lemma_ in ("staff", "personnel", "crew")
    bare = several and word.lemma_ != "other" and not any(c.dep_ in ("nummod", "det", "nmod:poss", "case") for c in word.lefts)
    return bare and word != first and first in before and first.pos_ != "PROPN" and bool(children(first, "nummod"))


def _with_instances(token: Token) -> list[Token]:
    """A word with what it is said to include; the name alone where one person is told by calling and name: "the judge, Omar Hadid"."""
    if token.pos_ == "PROPN":
        return [token]
    named = [w for w in children(token, "appos") if w.pos_ == "PROPN" and token.tag_ == "NN"]
    others = [
        w for w in instances(token) if not (w.dep_ == "appos" and w.tag_ == token.tag_ == "NN" and w.head == token)
    ]  # "the man, a clerk,"
    among = children(token, "nsubj") if case_of(token) == "among" else []  # "two girls were | among five people killed"
    return named or [token, *map(counted, others), *(w for w in among if w.pos_ == "NOUN")]
