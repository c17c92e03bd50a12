"""Parsed sentences, mentions and attributions → claims, by the rules of `khabar/rules`.

Here a sentence becomes a claim. `code_claims` goes through the words of a report in order; each word that a rule names as its trigger is
tried with the rules of most conditions first (matching.py), and the first that finds all it needs gives one claim per place (`_claims`).
What a sentence leaves out, the story supplies: the place and the date last told (`story`), the act and its doer (`acts`). Who does and
suffers what is for `sides`, the number for `tolls`, whether it is said to be so for `assurance`; what only the whole report tells comes
last (`hindsight`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from khabar.acts import doer_before, is_known, kind_of, sort_of
from khabar.assurance import is_described, is_in_passing, modality_told, of_nobody
from khabar.attribution import attribution_at
from khabar.clauses import children, is_apart
from khabar.contract import claim_id
from khabar.counts import is_number_of
from khabar.denials import with_denials
from khabar.gapping import with_shares
from khabar.hindsight import noted, with_background, with_doers_told_elsewhere, with_parties_told_before
from khabar.intervals import Interval
from khabar.learnt import TAKER, confidence, with_learnt
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.matching import BONDS, MUTUAL, TOLLS, VIOLENCE, Grammar, Match, best_match
from khabar.modality import is_over, modality_of
from khabar.model import Attribution, Claim, Modality, Participant, Place, Quantity, Reading, Section, Span, Speaker
from khabar.naming_places import with_places_told_later
from khabar.participants import doer_of, participant, thing, without_the_other
from khabar.placing import (
    JOINT,
    country_of_war,
    headline_place,
    is_building,
    is_laid_to_war,
    is_of_whole_war,
    place_opening,
    places_of,
    stage_of,
)
from khabar.pointing import with_days_pointed_at, with_doers_pointed_at, with_places_pointed_at
from khabar.repeats import is_new, told_once, unsay
from khabar.retelling import dated_together
from khabar.rules import Slot
from khabar.scene import Scene
from khabar.sides import (
    groups_of,
    holder_of,
    is_same_party,
    liberator,
    moves_itself,
    opponent,
    other_side,
    without_finders,
    without_own_word,
    without_tellers,
)
from khabar.sites import topic_of
from khabar.slots import follow
from khabar.story import STATES, Story, day_of_news, days_of, goes_on_from, heading_days, is_long_ago, is_of_other_days, is_short, leads_on
from khabar.timeclauses import steps
from khabar.tolls import is_uncounted_part, is_vast, toll_number
from khabar.trace import Look, Trace
from khabar.triggers import span_of

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence
    from khabar.doc import Token

SILENT = ("headline", "boilerplate")  # sections in which nothing is claimed (guideline, "the unit")
LASTING = ("allied_with", "membership", "branch_of", "commands", "control_state", "strength", "statement")  # told after what happened
PEOPLED = ("residential", "civilian", "inhabited", "populated")
NO_ACTS = ("statement", "control_state", "strength")
MOVES = ("redeployment",)  # where somebody goes is not where the story stands
FROM_HOLDER = ("capture", "advance", "transfer")


def code_claims(reading: Reading, grammar: Grammar) -> tuple[Claim, ...]:
    """The claims of a report, sentence by sentence; of a sentence first what happened, then what lasts or is said, in the order of their
    triggers. None from headlines and boilerplate."""
    scene = Scene(reading.report, reading.tree, reading.mentions)
    scene.topic = topic_of(scene)
    story = Story(place=scene.topic or headline_place(scene))
    claims: list[Claim] = []
    for sentence in reading.tree.sents:
        before, story.opening = story.date, not claims
        section = _section_of(reading.report.sections, sentence.start_char)
        if section.kind in SILENT:
            if days := heading_days(section, scene):
                story.goes_on(days, sentence)
            continue
        if section is not story.section and section.kind == "comment":
            story = Story(basis=story.basis, news=story.news)
        story.place = place_opening(sentence, scene) or story.place
        story.section, scene.here = section, story.place
        told = sorted(_sentence_claims(sentence, section, scene, reading, grammar, story), key=lambda c: c.kind in LASTING)
        claims += [claim for claim in told if is_new(claim, story, reading.trace)]
        if story.opening and claims and section.kind == "body":
            story.news = day_of_news(claims, reading.report.published)
        if story.date is before or story.date is None or story.date.start != story.date.end:
            day = goes_on_from(sentence, scene, reading.attributions, story)
            if day:
                story.goes_on(day, sentence)
    dated = noted(dated_together(claims, story.basis), claims, reading.trace, "dates", "told twice")
    told = noted(with_days_pointed_at(dated, scene, story.basis), dated, reading.trace, "dates", "the model, which read the whole report")
    placed = noted(with_places_told_later(told, scene), told, reading.trace, "place", "named further on in the report")
    full = noted(with_doers_told_elsewhere(placed), placed, reading.trace, "actor", "named elsewhere in the report")
    full = noted(with_parties_told_before(full, scene), full, reading.trace, "actor", "told in full before")
    full = noted(with_doers_pointed_at(full, scene), full, reading.trace, "actor", "the model, which read the whole report")
    full = noted(with_places_pointed_at(full, scene), full, reading.trace, "place", "the model, which read the whole report")
    return with_denials(with_background(full, story.news, reading, grammar), reading)


def _section_of(sections: Sequence[Section], at: int) -> Section:
    return next((s for s in sections if s.start <= at < s.end), Section("body", 0, at + 1))


def _sentence_claims(
    sentence: Sentence, section: Section, scene: Scene, reading: Reading, grammar: Grammar, story: Story
) -> Iterator[Claim]:
    best = (best_match(token, scene, grammar, reading.trace) for token in sentence)
    ruled = [match for match in best if match is not None and not _only_shown(match, section)]
    matched = with_learnt(ruled, sentence, scene, grammar, reading.trace)
    if reading.trace is not None:
        matched = _traced(matched, ruled, reading.trace)
    matched = [m for m in matched if not _is_about_another(m, matched)]
    told = ((m, [*_claims(m, _cause(m, matched), sentence, section, scene, reading.attributions, story)]) for m in matched)
    found = [claim for m, claims in told for claim in with_shares(m, claims, scene)]
    kept = told_once(found)
    for claim in found if reading.trace is not None else ():
        if claim not in kept:
            unsay(claim, reading.trace, "another claim of the sentence says the same and more")
    yield from kept


def _is_about_another(match: Match, matched: Sequence[Match]) -> bool:
    """ "accused A of sending tanks, a charge that A denied": the sentence itself tells what is denied, and it is no act of violence."""
    told = [m for m in matched if m.trigger.i < match.trigger.i and not m.rule.again and m.rule.kind not in NO_ACTS]
    if not match.rule.again or not told or told[-1].rule.kind in (*match.rule.echoes, *TOLLS):
        return False
    match.drop("the sentence tells of another act")
    return True


def _traced(matched: Sequence[Match], ruled: Sequence[Match], trace: Trace) -> list[Match]:
    """The matches with what the model made of those of the rules told: taken back, filled, or found by it alone."""
    kept = {id(match.attempt) for match in matched}
    for match in ruled:
        if match.attempt and id(match.attempt) not in kept:
            if modality_of(match.trigger, judged_by=match.attempt.judged) is None:
                match.drop("its clause claims nothing")
            match.drop("the model holds that nothing is told there")
    before = {id(match.attempt): match.fillers for match in ruled}
    traced = [match if match.attempt else replace(match, attempt=trace.attempt(match.rule, match.trigger)) for match in matched]
    for match in traced:
        for role, found in match.fillers.items():
            if match.attempt and found and found != before.get(id(match.attempt), {}).get(role):
                match.attempt.looks.append(Look(role, Slot("the model"), tuple((word, "") for word in found)))
    return traced


def _only_shown(match: Match, section: Section) -> bool:
    """A caption's "fighting" or "raid" says what the picture is of, and no more."""
    if section.kind != "caption" or match.trigger.pos_ not in ("NOUN", "PROPN") or match.rule.kind not in VIOLENCE:
        return False
    match.drop("a noun in a caption says what the picture is of")
    return True


def _cause(match: Match, others: Sequence[Match]) -> Match | None:
    """The act of violence that a toll is the toll of: of those told in its sentence the nearest in the tree."""
    if match.rule.kind not in TOLLS:
        return None
    acts = [m for m in others if m.rule.kind in VIOLENCE and m.trigger != match.trigger and modality_of(m.trigger) is not None]
    acts = [m for m in acts if not is_apart(m.trigger)]
    return min(acts, key=lambda m: (steps(match.trigger, m.trigger), abs(m.trigger.i - match.trigger.i)), default=None)


def _claims(
    match: Match,
    cause: Match | None,
    sentence: Sentence,
    section: Section,
    scene: Scene,
    attributions: Sequence[Attribution],
    story: Story,
) -> Iterator[Claim]:
    """One claim per place (and per member of the roles that the rule tells apart); none where the clause claims nothing."""
    rule, token = match.rule, match.trigger
    in_passing = is_in_passing(rule, token) and section.kind == "body"
    told_by = None if in_passing else attribution_at(without_own_word(attributions, match), token.idx, token.idx + len(token))
    if is_known(match, story) and (told_by.chain if told_by else ()) in story.tellers:
        match.drop("an act told before, of which nothing more is said")
        return
    if rule.again and story.violence not in rule.echoes:
        match.drop("it tells of an act told before, and none was")
        return
    kind = kind_of(match, scene, story)
    modality = modality_told(match, told_by) if not is_described(match) else "asserted"
    if modality is None or (modality == "denied" and token.lemma_ == "toll"):  # "gave no death toll": there may be dead all the same
        match.drop("its clause claims nothing")
        return
    if modality == "asserted" and rule.kind in (*STATES, *BONDS) and is_over(token, *match.fillers.get("place", ())):
        modality = "background"
        match.note("modality", "the words say that it has ended")
    if modality == "asserted" and of_nobody(match):
        modality = "denied"
        match.note("modality", "it is said of nobody")
    when, whole_war = days_of(rule, token, sentence, scene, told_by, story, modality), is_of_whole_war(match, scene)
    if whole_war and scene.war_began and (when.start is None or is_short(when)):
        when = Interval(scene.war_began, scene.report.published, None, "whole war")
    match.note("dates", when.rule)
    if modality == "asserted" and when.rule == "war began":
        modality = "background"
        match.note("modality", "told of how the war began")
    long_ago = rule.kind in (*TOLLS, *VIOLENCE) and is_long_ago(when.start, scene)
    if modality == "asserted" and (long_ago or whole_war):
        modality = "background"
        match.note("modality", "a toll of a whole war, or of more than three months")
    actors, recipients = (without_tellers(groups_of(role, match), match, told_by) for role in JOINT)
    actors = without_finders(actors, match)
    recipients = [to for to in recipients if not any(is_number_of(scene, to, other) for other in recipients if other != to)] or [[]]
    of_war = whole_war and is_laid_to_war(match)
    if of_war:  # "has killed 300,000 since it began with a crackdown by the army": not all of them the army
        named = {w for path in ("by", "surface") for t in follow(token, path) for w in coordinated(t)}
        actors = [[t for t in group if t in named] for group in actors]
    elif cause and not actors[0] and not moves_itself(match):
        actors = [[t for t in other_side(cause, match) if t not in match.fillers.get("recipient", ())]]
        match.note("actor", "whoever did what took the toll")
    before = None if actors[0] or of_war else doer_before(match, cause, scene, story)
    doer = before or liberator(match, told_by, scene)
    if doer and not actors[0]:
        match.note("actor", "whoever did the violence told before" if before else "the speaker, who is a party")
    taker = [] if doer or of_war or (cause and cause.rule.kind in MUTUAL) else match.fillers.get(TAKER, [])
    far_back = (long_ago and not is_short(when)) or is_of_other_days(rule, when, scene, sentence)
    places = places_of(match, cause, scene, country_of_war(scene) if far_back else story.place, told_by)
    for place, by, to in product(places, actors, recipients):
        by = by or (opponent(cause, to) if cause and not of_war else []) or taker
        if is_uncounted_part(match, to, scene):
            match.drop("a part of the victims without a number of its own")
            continue
        actor, recipient = doer_of(scene, by) or doer, doer_of(scene, to) if kind in MUTUAL else participant(scene, to, suffers=True)
        if kind in MOVES and to and recipient == actor:  # "moved its warships"
            recipient = thing(scene, to[0])
        if kind == "allied_with":
            actor = without_the_other(actor, recipient, token)
        if kind == "commands":
            recipient = without_the_other(recipient, actor, token)
        actor = None if kind in TOLLS and is_same_party(actor, recipient) else actor
        same = recipient is not None and (recipient.start, recipient.end) in [
            (p.start, p.end) for p in (actor, place) if p and p.start is not None
        ]
        if (same and not _is_object(match, to, scene)) or _is_settlement(match, to, scene):
            recipient = None
            match.note("recipient", "left out: the words are those of the place or the actor")
        if recipient is None and kind in FROM_HOLDER:
            holder = holder_of(match, scene)
            recipient = None if is_same_party(actor, holder) else holder
            match.note("recipient", "the holder that the words of the place name")
        if rule.focus and not to:
            recipient = story.body
            match.note("recipient", "the coalition spoken of last")
        if rule.kind in BONDS and not (actor and recipient):
            match.drop("one of the two that the bond joins is unknown")
            continue
        if kind == "allied_with" and recipient and recipient.text.lower().split()[0] in words("nouns.yaml")["undertaking"]:
            match.drop("an operation, and no body, is supported")
            continue
        chain = told_by.chain if told_by else ()
        if rule.shown and actor and not chain:
            chain = (Speaker(actor.text, actor.id),)
            match.note("speakers", "whoever shows it")
        quantity = toll_number(match, scene, to)
        of_war = modality == "asserted" and kind in TOLLS and not scene.history and is_vast(quantity)
        parts = Parts(actor, recipient, place, quantity, when, "background" if of_war else modality, chain)
        claim = _claim(match, kind, sentence, section, scene, parts)
        story.basis[claim.claim_id] = when.rule
        if match.attempt:
            match.attempt.claims.append(claim.claim_id)
        yield claim
        story.body = {"coalition_formed": actor, "membership": recipient, "commands": recipient}.get(kind) or story.body
    if not rule.standing and modality == "asserted":
        if kind not in MOVES and not scene.topic and not in_passing:
            story.place = next((stage for p in places if p and (stage := stage_of(p, scene))), story.place)
        if when.text and rule.scene and rule.kind not in STATES and leads_on(when, scene, story):
            story.goes_on(when, sentence)
        if kind in VIOLENCE:
            story.violence = kind
            story.tellers.add(told_by.chain if told_by else ())
            story.doers[sort_of(kind)] = None if follow(token, "blamed") else doer_of(scene, actors[0]) or doer


def _is_object(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A building that is hit is both the place and the object of violence."""
    return match.rule.kind in VIOLENCE and any(is_building(token, scene) for token in recipient)


def _is_settlement(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A town that is hit or besieged is the place of it, its object is not told."""
    peopled = [token for token in recipient if any(c.lower_ in PEOPLED for c in children(token, "amod"))]  # "hit residential areas"
    named = [t for t in recipient if t not in peopled and (scene.is_class(t, "settlement") or scene.is_class(t, "named"))]
    return match.rule.kind in (*VIOLENCE, "siege") and bool(named) and not any(is_building(token, scene) for token in recipient)


@dataclass(frozen=True)
class Parts:
    """What a claim says, apart from where it stands."""

    actor: Participant | None
    recipient: Participant | None
    place: Place | None
    quantity: Quantity | None
    when: Interval
    modality: Modality
    chain: tuple[Speaker, ...]


def _claim(match: Match, kind: str, sentence: Sentence, section: Section, scene: Scene, parts: Parts) -> Claim:
    span = _trimmed(scene.report.text, sentence.start_char, sentence.end_char)
    trigger = span_of(match.trigger)
    actor, recipient, place = (part.text if part else None for part in (parts.actor, parts.recipient, parts.place))
    return Claim(
        claim_id=claim_id(scene.report.id, kind, span, trigger, actor, recipient, place, [link.text for link in parts.chain]),
        report_id=scene.report.id,
        start=span[0],
        end=span[1],
        section=section.kind,
        kind=kind,
        trigger=trigger,
        actor=parts.actor,
        recipient=parts.recipient,
        place=parts.place,
        date_start=parts.when.start,
        date_end=parts.when.end,
        date_text=parts.when.text,
        quantity=parts.quantity,
        modality=parts.modality,
        attribution=parts.chain,
        rule=match.rule.name,
        confidence=confidence(match),
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
