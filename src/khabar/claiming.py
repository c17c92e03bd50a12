"""A matched rule in its sentence → its claims: how it is told, who did what to whom, where; and what the story goes on from.

What the sentence leaves out, the story supplies: the place and the date last told (`story`), the act and its doer (`acts`). Who does and
suffers what is for `sides`, the number for `tolls`, whether it is said to be so for `assurance`, where it happened for `placing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from khabar.acts import doer_before, is_backdrop, is_known, kind_of, sort_of
from khabar.assurance import is_described, is_in_passing, modality_told, of_nobody
from khabar.attribution import attribution_at
from khabar.clauses import ancestors, children
from khabar.contract import claim_id
from khabar.counts import is_number_of
from khabar.intervals import Interval
from khabar.learnt import TAKER, confidence, is_doubted
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.matching import BONDS, MUTUAL, TOLLS, TOWARDS, VIOLENCE, Match
from khabar.modality import is_over
from khabar.model import Attribution, Claim, Modality, Participant, Place, Section, Span, Speaker
from khabar.participants import doer_of, participant, thing, two_sides, without_the_other
from khabar.placing import JOINT, is_building, places_of
from khabar.scene import Scene
from khabar.sides import (
    body_of_teller,
    groups_of,
    holder_of,
    is_left_so,
    is_mere_arm,
    is_same_party,
    is_sufferer,
    liberator,
    moves_itself,
    opponent,
    other_side,
    spoken_of,
    those_at,
    without_finders,
    without_own_word,
    without_tellers,
)
from khabar.slots import follow
from khabar.stages import stage_of
from khabar.story import STATES, Story, days_of, is_long_ago, is_of_other_days, is_short, leads_on
from khabar.tolls import is_of_no_fight, is_uncounted_part, is_vast, toll_number
from khabar.triggers import span_of
from khabar.wartolls import country_of_war, is_laid_to_war, is_of_whole_war

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence
    from khabar.doc import Token

PEOPLED = ("residential", "civilian", "inhabited", "populated")
MOVES = ("redeployment",)  # where somebody goes is not where the story stands
FROM_HOLDER = ("capture", "advance", "transfer")


@dataclass(frozen=True)
class Here:
    """Where a match stands: its sentence, and what has been told so far."""

    sentence: Sentence
    section: Section
    scene: Scene
    attributions: Sequence[Attribution]
    story: Story


@dataclass(frozen=True)
class Telling:
    """How a match is told. `in_passing`: not for its own sake."""

    kind: str
    modality: Modality
    when: Interval
    told_by: Attribution | None
    in_passing: bool
    is_long_ago: bool
    of_whole_war: bool

    @property
    def chain(self) -> tuple[Speaker, ...]:
        return self.told_by.chain if self.told_by else ()


@dataclass(frozen=True)
class Sides:
    """The words for who did it and who suffered it, those of one claim together; `doer`: who else did it, where no words of the rule say;
    `taker`: words of the sentence that the model takes for the doer's. `of_war`: a whole war took the toll, and not one side."""

    actors: list[list[Token]]
    recipients: list[list[Token]]
    doer: Participant | None
    taker: list[Token]
    of_war: bool


def claims_of(match: Match, cause: Match | None, here: Here) -> Iterator[Claim]:
    """One claim per place (and per member of the roles that the rule tells apart); none where the clause claims nothing. `cause`: the act
    that took the toll of which the match tells."""
    if cause is None and is_of_no_fight(match, here.scene):
        match.drop("nature, illness or a mishap took the toll")
        return
    told = _telling(match, here)
    if told is None:
        return
    sides = _sides(match, cause, told, here)
    places = _places(match, cause, told, here)
    for place, by, to in product(places, sides.actors, sides.recipients):
        to = those_at(to, place, len(places))
        by = by or (opponent(cause, to) if cause and not sides.of_war else []) or sides.taker
        claim = _claim(match, told, sides.doer, place, by, to, here)
        if claim is None:
            continue
        here.story.basis[claim.claim_id] = told.when.rule
        if match.attempt:
            match.attempt.claims.append(claim.claim_id)
        yield claim
        body = {"coalition_formed": claim.actor, "membership": claim.recipient, "commands": claim.recipient}.get(told.kind)
        here.story.body = body or here.story.body
    if told.modality == "asserted" and not match.rule.standing:
        _go_on(match, told, sides, places, here)


# --- how it is told


def _telling(match: Match, here: Here) -> Telling | None:
    """None where nothing is claimed."""
    rule, token, scene = match.rule, match.trigger, here.scene
    in_passing = is_in_passing(rule, token) and here.section.kind == "body"
    told_by = None if in_passing else attribution_at(without_own_word(here.attributions, match), token.idx, token.idx + len(token))
    if is_known(match, here.story) and (told_by.chain if told_by else ()) in here.story.tellers:
        match.drop("an act told before, of which nothing more is said")
        return None
    if is_backdrop(match):
        match.drop("a fight that only says when something else happened")
        return None
    if rule.again and here.story.violence not in rule.echoes:
        match.drop("it tells of an act told before, and none was")
        return None
    kind, modality = kind_of(match, scene, here.story), _modality(match, told_by)
    if modality is None:
        match.drop("its clause claims nothing")
        return None
    if rule.echoes and modality != "denied" and is_doubted(match, kind):
        if kind == rule.kind or is_doubted(match, rule.kind):
            match.drop("the model holds that nothing of its kind is told there")
            return None
        kind = rule.kind  # "Jets bombed A. A convoy was ambushed near B.": no more of the air strikes
    when, of_whole_war = days_of(rule, token, here.sentence, scene, told_by, here.story, modality), is_of_whole_war(match, scene)
    if of_whole_war and scene.war_began and (when.start is None or is_short(when)):
        when = Interval(scene.war_began, scene.report.published, None, "whole war")
    match.note("dates", when.rule)
    begun = when.end if when.rule == "lasted" else when.start  # what went on until now is no story of long ago
    long_ago = rule.kind in (*TOLLS, *VIOLENCE) and is_long_ago(begun, scene)
    if modality == "asserted" and (when.rule == "war began" or long_ago or of_whole_war):
        modality = "background"
        began = when.rule == "war began"
        match.note("modality", "told of how the war began" if began else "a toll of a whole war, or of more than three months")
    return Telling(kind, modality, when, told_by, in_passing, long_ago, of_whole_war)


def _modality(match: Match, told_by: Attribution | None) -> Modality | None:
    """As the words have it, whenever it was."""
    modality = "asserted" if is_described(match) else modality_told(match, told_by)
    if modality == "denied" and match.trigger.lemma_ == "toll":  # "gave no death toll": there may be dead all the same
        return None
    if modality == "asserted" and match.rule.kind in (*STATES, *BONDS) and is_over(match.trigger, *match.fillers.get("place", ())):
        match.note("modality", "the words say that it has ended")
        return "background"
    if modality == "asserted" and of_nobody(match):
        match.note("modality", "it is said of nobody")
        return "denied"
    return modality


# --- who and where


def _sides(match: Match, cause: Match | None, told: Telling, here: Here) -> Sides:
    scene = here.scene
    actors, recipients = (without_tellers(groups_of(role, match), match, told.told_by) for role in JOINT)
    actors = without_finders(actors, match)
    recipients = [to for to in recipients if not any(is_number_of(scene, to, other) for other in recipients if other != to)] or [[]]
    of_war = told.of_whole_war and is_laid_to_war(match)
    if of_war:  # "has killed 300,000 since it began with a crackdown by the army": not all of them the army
        named = {w for path in ("by", "surface") for t in follow(match.trigger, path) for w in coordinated(t)}
        actors = [[t for t in group if t in named] for group in actors]
    elif is_left_so(match, cause):
        return Sides([[]], recipients, None, [], of_war)
    elif cause and not actors[0] and not moves_itself(match):
        actors = [[t for t in other_side(cause, match) if t not in match.fillers.get("recipient", ())]]
        match.note("actor", "whoever did what took the toll")
    before = None if actors[0] or of_war else doer_before(match, cause, scene, here.story)
    doer = before or liberator(match, told.told_by, scene)
    if doer and not actors[0]:
        match.note("actor", "whoever did the violence told before" if before else "the speaker, who is a party")
    taken = doer or of_war or (cause and cause.rule.kind in MUTUAL)
    return Sides(actors, recipients, doer, [] if taken else match.fillers.get(TAKER, []), of_war)


def _places(match: Match, cause: Match | None, told: Telling, here: Here) -> list[Place | None]:
    far_back = told.is_long_ago and not is_short(told.when)
    elsewhere = far_back or is_of_other_days(match.rule, told.when, here.scene, here.sentence)
    stage = country_of_war(here.scene) if elsewhere else here.story.place
    return places_of(match, cause, here.scene, stage, told.told_by)


def _parties(
    match: Match, kind: str, doer: Participant | None, by: Sequence[Token], to: Sequence[Token], scene: Scene
) -> tuple[Participant | None, Participant | None]:
    """Who did it and who suffered it, by the words for them."""
    if kind in MUTUAL and (sides := two_sides(scene, by)):
        return sides
    actor = doer_of(scene, by) or doer
    recipient = doer_of(scene, to) if kind in MUTUAL else participant(scene, to, suffers=True)
    if (kind in MOVES or match.rule.kind in VIOLENCE) and to and recipient == actor:  # "moved its warships", "ambushed their patrol"
        return actor, thing(scene, to[0])
    if kind == "allied_with":
        return without_the_other(actor, recipient, match.trigger), recipient
    if kind == "commands":
        return actor, without_the_other(recipient, actor, match.trigger)
    return None if kind in TOLLS and is_sufferer((actor, by), recipient, match, scene) else actor, recipient


def _sufferer(
    match: Match, kind: str, parties: tuple[Participant | None, Participant | None], place: Place | None, to: Sequence[Token], here: Here
) -> Participant | None:
    """The recipient, where its words are not those of the place or the actor; else whom the place, or the story, tells."""
    actor, recipient = parties
    others = [(part.start, part.end) for part in (actor, place) if part and part.start is not None]
    same = recipient is not None and (recipient.start, recipient.end) in others
    town = kind == "capture" and bool(to) and all(here.scene.is_class(word, "local") for word in to)  # "captured a post on the road from A"
    if (same and not _is_object(match, to, here.scene)) or _is_settlement(match, to, here.scene) or town:
        recipient = None
        match.note("recipient", "left out: the words are those of the place or the actor")
    if recipient is None and kind in FROM_HOLDER:
        holder = holder_of(match, here.scene)
        recipient = None if is_same_party(actor, holder) else holder
        match.note("recipient", "the holder that the words of the place name")
    if kind in TOWARDS and (recipient is None or is_same_party(actor, recipient) or any(_is_ones_own(token) for token in to)):
        recipient = spoken_of(match.trigger, actor, here.scene)
        match.note("recipient", "the first party or country that it is about")
    if match.rule.focus and not to:
        recipient = here.story.body
        match.note("recipient", "the coalition spoken of last")
    return recipient


def _is_ones_own(state: Token) -> bool:
    """ "warned that | his country | could attack": himself."""
    return state.lower_ in ("country", "nation", "government") and any(c.pos_ == "PRON" for c in children(state, "nmod:poss"))


def _is_object(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A building that is hit is both the place and the object of violence."""
    return match.rule.kind in VIOLENCE and any(is_building(token, scene) for token in recipient)


def _is_settlement(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A town that is hit or besieged is the place of it, its object is not told."""
    peopled = [token for token in recipient if any(c.lower_ in PEOPLED for c in children(token, "amod"))]  # "hit residential areas"
    named = [t for t in recipient if t not in peopled and (scene.is_class(t, "settlement") or scene.is_class(t, "named"))]
    return match.rule.kind in (*VIOLENCE, "siege") and bool(named) and not any(is_building(token, scene) for token in recipient)


# --- the claim


def _claim(
    match: Match, told: Telling, doer: Participant | None, place: Place | None, by: Sequence[Token], to: Sequence[Token], here: Here
) -> Claim | None:
    """None where too little of it is known, or another claim tells it."""
    scene, kind = here.scene, told.kind
    if is_uncounted_part(match, to, scene):
        match.drop("a part of the victims without a number of its own")
        return None
    actor, recipient = parties = _parties(match, kind, doer, by, to, scene)
    actor = body_of_teller(actor, told.chain, scene) if kind in ("capture", "control_state", "withdrawal", "advance") else actor
    recipient = _sufferer(match, kind, parties, place, to, here)
    if match.rule.kind in BONDS and not (actor and recipient):
        match.drop("one of the two that the bond joins is unknown")
        return None
    undertaken = words("nouns.yaml")["undertaking"]
    if kind == "allied_with" and recipient and (recipient.text.lower().split()[0] in undertaken or any(w.lemma_ in undertaken for w in by)):
        match.drop("an operation, and no body, is supported")
        return None
    if kind == "allied_with" and recipient and is_mere_arm(to, scene):
        match.drop("its own arms support it")
        return None
    chain = told.chain
    if match.rule.shown and actor and not chain:
        chain = (Speaker(actor.text, actor.id),)
        match.note("speakers", "whoever shows it")
    quantity = toll_number(match, scene, to)
    vast = told.modality == "asserted" and kind in TOLLS and not scene.history and is_vast(quantity)
    span, trigger = _trimmed(scene.report.text, here.sentence.start_char, here.sentence.end_char), span_of(match.trigger)
    who, whom, where = (part.text if part else None for part in (actor, recipient, place))
    return Claim(
        claim_id=claim_id(scene.report.id, kind, span, trigger, who, whom, where, [link.text for link in chain]),
        report_id=scene.report.id,
        start=span[0],
        end=span[1],
        section=here.section.kind,
        kind=kind,
        trigger=trigger,
        actor=actor,
        recipient=recipient,
        place=place,
        date_start=told.when.start,
        date_end=told.when.end,
        date_text=told.when.text,
        quantity=quantity,
        modality="background" if vast else told.modality,
        attribution=chain,
        rule=match.rule.name,
        confidence=confidence(match),
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "|"):  # a stroke parts the cells of a table
        end -= 1
    return start, end


# --- what the story goes on from


def _looks_back(trigger: Token, here: Here) -> bool:
    """ "attacked A, days after they took B": the story stays in A, which this sentence has told before."""
    place = here.story.place
    clauses = (word for word in (trigger, *ancestors(trigger)) if word.dep_ == "advcl" and word.head.i < word.i)
    back = any(mark.lower_ in ("after", "before", "since") for clause in clauses for mark in children(clause, "mark"))
    return back and place is not None and place.start is not None and here.sentence.start_char <= place.start < trigger.idx


def _go_on(match: Match, told: Telling, sides: Sides, places: Sequence[Place | None], here: Here) -> None:
    """The place, the day and the act that what is told next goes on from."""
    rule, scene, story = match.rule, here.scene, here.story
    if told.kind not in MOVES and not scene.topic and not told.in_passing and not _looks_back(match.trigger, here):
        story.place = next((stage for place in places if place and (stage := stage_of(place, scene))), story.place)
    if told.when.text and rule.scene and rule.kind not in STATES and leads_on(told.when, scene, story):
        story.goes_on(told.when, here.sentence)
    if told.kind in VIOLENCE:
        story.violence = told.kind
        story.tellers.add(told.chain)
        story.doers[sort_of(told.kind)] = None if follow(match.trigger, "blamed") else doer_of(scene, sides.actors[0]) or sides.doer
