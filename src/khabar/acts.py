"""A word that tells of an act, the story so far → the act's kind, and its doer where an act told before is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import case_of, children, first_of_list, is_verbal_noun
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.matching import MUTUAL, VIOLENCE, Match
from khabar.modality import only_mentioned
from khabar.model import Participant
from khabar.participants import doer_of
from khabar.scene import Scene
from khabar.sides import is_same_party
from khabar.slots import follow
from khabar.story import Story

if TYPE_CHECKING:
    from khabar.doc import Token

DEFINITE = ("the", "these", "those", "this", "that", "such")
MORE = ("other", "another", "further", "additional")  # "another shell": of the same one's


def is_known(match: Match, story: Story) -> bool:
    """ "condemned the strikes", "the attack was an answer to …": an act of violence that was told before, and of which nothing more is said
    than that it was."""
    token = match.trigger
    if match.rule.kind not in VIOLENCE or token.pos_ != "NOUN" or not story.violence or any(match.fillers.values()):
        return False
    return any(c.lower_ in DEFINITE for c in children(token, "det")) and only_mentioned(token)


def is_backdrop(match: Match) -> bool:
    """ "Since the fighting began", "since the start of the battle", "lost nine men during the battle": what is told is something else."""
    fight = match.trigger
    if match.rule.kind != "clash" or fight.pos_ not in ("NOUN", "PROPN") or not any(c.lower_ in DEFINITE for c in children(fight, "det")):
        return False
    if fight.dep_ == "nsubj" and fight.head.dep_ == "advcl" and any(c.lower_ == "since" for c in children(fight.head, "mark")):
        return True
    if fight.dep_ == "nmod" and fight.head.lemma_ in ("start", "beginning", "outbreak", "course"):
        return case_of(fight.head) in ("since", "during", "over")
    told = any(fight.is_ancestor(word) for words in match.fillers.values() for word in words)  # "during the clashes between A and B"
    return fight.dep_ == "obl" and case_of(fight) in ("since", "during", "throughout", "over") and not told


def kind_of(match: Match, scene: Scene, story: Story) -> str:
    """The rule's kind; of an act of open manner ("the strikes", "raids", "hit a market") that of aircraft where aircraft did it, else that
    of the violence told last, where the rule allows it and nobody else is its doer."""
    rule, token = match.rule, match.trigger
    doers = match.fillers.get("actor", ())
    if "airstrike" in rule.echoes and any(_flies(word, scene) for word in doers):
        return "airstrike"
    if "airstrike" in rule.echoes and any(end.lower_ == "air" for end in follow(token, "from")):  # "hit from the air"
        return "airstrike"
    if rule.kind == "bombing" and token.lemma_ == "bombing" and any(scene.is_class(d, "flier") for d in doers):
        return "airstrike"
    if rule.kind == "airstrike" and token.lemma_ == "bomb" and token.pos_ == "VERB" and any(_has_no_wings(word, scene) for word in doers):
        return rule.kind if any(scene.is_class(t, "aircraft") for t in children(token, "obl", "obl:agent")) else "bombing"
    if not story.violence or story.violence not in rule.echoes:
        return rule.kind
    if rule.again:
        return story.violence
    if _is_second_of_two(token, scene):
        return rule.kind
    if token.pos_ == "VERB":
        return story.violence if _is_told_on(match, scene, story) else rule.kind
    open_manner = token.lemma_ in words("nouns.yaml")["open_manner"]
    if not (_is_definite(token) or open_manner):
        return rule.kind
    return rule.kind if rule.kind != "attack" and sort_of(rule.kind) in story.doers else story.violence


def _is_second_of_two(noun: Token, scene: Scene) -> bool:
    """ "air strikes and | shelling": what is told beside another act is another."""
    beside = (word for word in coordinated(first_of_list(noun)) if word.i < noun.i and word.pos_ in ("NOUN", "PROPN"))
    return not _is_definite(noun) and any(scene.is_class(word, "violence") for word in beside)


def _has_no_wings(word: Token, scene: Scene) -> bool:
    """ "Militants bombed a convoy": with a charge that they laid, for they have no aircraft."""
    actor = scene.actor_at(word)
    return (actor is not None and actor.id in scene.jihadist) or word.lemma_.lower() in words("nouns.yaml")["wingless"]


def _flies(word: Token, scene: Scene) -> bool:
    """ "warplanes", and "their" where it stands for warplanes."""
    actor = scene.actor_at(word) if word.pos_ in ("PRON", "DET") else None
    meant = scene.root(*actor.antecedent) if actor is not None and actor.antecedent else None
    told = word if meant is None else meant
    return scene.is_class(told, "aircraft") and not scene.is_class(told, "person")


def _is_told_on(match: Match, scene: Scene, story: Story) -> bool:
    """ "Another hit a checkpoint", "the coalition also struck a depot": does a verb that leaves the manner open go on with what was told,
    by the same doer?"""
    doers = match.fillers.get("actor", ())
    known = story.doers.get(sort_of(story.violence or ""))
    if not doers:
        return True
    return known is not None and is_same_party(doer_of(scene, doers), known)


def doer_before(match: Match, cause: Match | None, scene: Scene, story: Story) -> Participant | None:
    """Who did what is told without a doer, where its noun or the noun of its cause points back at an act told before."""
    acts = [act for act in (match, cause) if act is not None and act.rule.kind in VIOLENCE and act.rule.kind not in MUTUAL]
    for act in acts:
        if _points_back(act.trigger):
            return story.doers.get(sort_of(kind_of(act, scene, story)))
    return story.doers.get(sort_of(story.violence or "")) if not cause and _by_known_violence(match) else None


def sort_of(kind: str) -> str:
    """Kinds that are one act to those who tell of it again: "the blast" of a suicide bomber."""
    return "bombing" if kind == "suicide_bombing" else kind


def _points_back(noun: Token) -> bool:
    """ "the strikes", "Tuesday's attack", "another shell": is it an act of those told before?"""
    if (noun.pos_ not in ("NOUN", "PROPN") and not is_verbal_noun(noun)) or _is_answer(noun):
        return False
    return _is_definite(noun) or any(c.lower_ in MORE for c in children(noun, "det", "amod"))


def _is_answer(noun: Token) -> bool:
    """ "the counter-offensive": is it by the other side?"""
    return noun.lemma_.lower().startswith("counter") or (noun.i > 1 and noun.doc[noun.i - 2 : noun.i].text.lower() == "counter-")


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ in DEFINITE for c in children(noun, "det")) or bool(children(noun, "nmod:poss"))


def _by_known_violence(match: Match) -> bool:
    """ "killed in the strikes": is the doer that of an event noun with "the", told before? A battle has two."""
    paths = [slot.path[: -len(".bearer")] for slot in match.rule.roles.get("actor", ()) if slot.path.endswith(".bearer")]
    nouns = [end for path in paths for end in follow(match.trigger, path)]
    nouns = [noun for noun in nouns if noun.pos_ == "NOUN" and _is_definite(noun) and not _is_answer(noun)]
    return any(noun.lemma_.lower() in words("nouns.yaml")["act"] for noun in nouns)
