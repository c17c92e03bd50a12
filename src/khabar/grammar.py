"""Parsed sentences, mentions and attributions → claims, by the rules of `khabar/rules`.

Here a sentence becomes a claim. `code_claims` goes through the words of a report in order; each word that a rule names as its trigger is
tried with the rules of most conditions first (`matching`), and the first that finds all it needs gives one claim per place (`claiming`).
What only the whole report tells comes last (`hindsight`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.choosing import with_parts_chosen
from khabar.claiming import Here, claims_of
from khabar.clauses import ancestors, children, is_apart
from khabar.denials import with_denials
from khabar.gappeddays import with_days_of_others
from khabar.gapping import with_shares
from khabar.hindsight import noted, with_background, with_doers_told_elsewhere, with_parties_told_before
from khabar.learnt import with_learnt
from khabar.lexicon import words
from khabar.matching import TOLLS, VIOLENCE, Grammar, Match, best_match, match_by_other_means, matches, matches_beside
from khabar.modality import modality_of
from khabar.model import Claim, Reading, Section
from khabar.naming_places import with_places_told_later
from khabar.placing import headline_place
from khabar.pointing import with_days_pointed_at
from khabar.repeats import is_new, told_once, unsay
from khabar.retelling import dated_together
from khabar.rules import Slot
from khabar.scene import Scene
from khabar.severally import told_by_each
from khabar.sides import parted
from khabar.sites import topic_of
from khabar.stages import place_opening, row_places
from khabar.story import Story, day_of_news, entries, goes_on_from, heading_days, row_days
from khabar.storywindows import STORY
from khabar.tablerows import row_at
from khabar.timeclauses import steps
from khabar.trace import BY_MODEL, Look, Trace

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence

SILENT = ("headline", "boilerplate")  # sections in which nothing is claimed (guideline, "the unit")
LASTING = ("allied_with", "membership", "branch_of", "commands", "control_state", "strength", "statement")  # told after what happened
NO_ACTS = ("statement", "control_state", "strength")


def code_claims(reading: Reading, grammar: Grammar, *, jihadist: frozenset[str] = frozenset()) -> tuple[Claim, ...]:
    """The claims of a report, sentence by sentence; of a sentence first what happened, then what lasts or is said, in the order of their
    triggers. None from headlines and boilerplate. `jihadist`: the ids of bodies of al-Qaeda or the Islamic State."""
    scene = Scene(reading.report, reading.tree, reading.mentions)
    scene.jihadist = jihadist
    scene.topic = topic_of(scene)
    stage = scene.topic or headline_place(scene)
    story = Story(place=stage, outside=stage)
    claims: list[Claim] = []
    chronology = entries(reading.tree.sents, scene) | row_days(reading.tree.sents, scene)
    rows = row_places(reading.tree.sents, scene)
    for sentence in reading.tree.sents:
        before, story.opening = story.date, not claims
        section = _section_of(reading.report.sections, sentence.start_char)
        if section.kind in SILENT:
            if days := heading_days(section, scene):
                story.goes_on(days, sentence)
            continue
        if section is not story.section and section.kind == "comment":
            story = Story(basis=story.basis, news=story.news)
        if sentence.start in rows:
            story.place = rows[sentence.start] or story.outside
        else:
            story.place = place_opening(sentence, scene) or story.place
        story.section, scene.here = section, story.place
        story.entry = chronology.get(sentence.start)
        told = sorted(_sentence_claims(sentence, section, scene, reading, grammar, story), key=lambda c: c.kind in LASTING)
        claims += [claim for claim in told if is_new(claim, story, reading.trace)]
        story.outside = story.outside if row_at(reading.report.text, sentence.start_char) else story.place
        if story.opening and claims and section.kind == "body":
            story.news = day_of_news(claims, reading.report.published)
        if story.date is before or story.date is None or story.date.start != story.date.end:
            day = goes_on_from(sentence, scene, reading.attributions, story)
            if day:
                story.goes_on(day, sentence)
    dated = noted(dated_together(claims, story.basis), claims, reading.trace, "dates", "told twice")
    told = noted(with_days_pointed_at(dated, scene, story.basis), dated, reading.trace, "dates", BY_MODEL)
    placed = noted(with_places_told_later(told, scene), told, reading.trace, "place", "named further on in the report")
    chosen = with_parts_chosen(placed, scene)
    for role in STORY:
        noted(chosen, placed, reading.trace, role, BY_MODEL)
    full = noted(with_doers_told_elsewhere(chosen), chosen, reading.trace, "actor", "named elsewhere in the report")
    full = noted(with_parties_told_before(full, scene), full, reading.trace, "actor", "told in full before")
    return with_denials(with_background(full, story.news, reading, grammar), reading)


def _section_of(sections: Sequence[Section], at: int) -> Section:
    return next((s for s in sections if s.start <= at < s.end), Section("body", 0, at + 1))


def _sentence_claims(
    sentence: Sentence, section: Section, scene: Scene, reading: Reading, grammar: Grammar, story: Story
) -> Iterator[Claim]:
    best = _with_results([best_match(token, scene, grammar, reading.trace) for token in sentence], scene, grammar)
    both = (one for match in best if match is not None for one in _all_told_by(match, scene, grammar))
    ruled = [match for match in both if not _only_shown(match, section)]
    matched = with_learnt(ruled, sentence, scene, grammar, reading.trace)
    if reading.trace is not None:
        matched = _traced(matched, ruled, reading.trace)
    own = (m for m in matched if not (_is_about_another(m, matched) or _is_brought_about(m, matched) or _tells_where_from(m)))
    matched = [parted(m) for m in own]
    here = Here(sentence, section, scene, reading.attributions, story)
    told = ((m, [*claims_of(m, _cause(m, matched), here)]) for m in matched)
    full = [(m, with_days_of_others(m, with_shares(m, claims, scene), scene, story.basis)) for m, claims in told]
    found = [claim for m, claims in full for claim in told_by_each(m, claims, scene)]
    charges = {claim.claim_id for m, claims in full for claim in claims if _is_the_charge(m, full)}
    kept = [claim for claim in told_once(found) if claim.claim_id not in charges]
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


def _is_brought_about(match: Match, matched: Sequence[Match]) -> bool:
    """ "forced 3,000 families | to flee": whoever is forced to flee is displaced once."""
    above = match.trigger.head if match.trigger.dep_ in ("xcomp", "advcl") and match.trigger.tag_ == "VB" else None
    if match.rule.kind != "displacement" or not any(m.trigger == above and m.rule.kind == "displacement" for m in matched):
        return False
    match.drop("the verb above it tells the same")
    return True


def _all_told_by(match: Match, scene: Scene, grammar: Grammar) -> list[Match]:
    return [match, *matches_beside(match, scene, grammar), *match_by_other_means(match, scene, grammar)]


def _with_results(best: Sequence[Match | None], scene: Scene, grammar: Grammar) -> list[Match | None]:
    """ "Jets bombed the airport, | destroying the runway": what an attack did is no attack of its own, but what it cost."""
    acts = {match.trigger.i: match.rule.kind for match in best if match is not None and match.rule.kind in VIOLENCE}
    return [
        next((m for m in matches(match.trigger, scene, grammar) if m.rule.kind in TOLLS), None)
        if match is not None and _is_result(match, acts)
        else match
        for match in best
    ]


def _is_result(match: Match, acts: Mapping[int, str]) -> bool:
    deed = match.trigger
    spoils = match.rule.kind in VIOLENCE and deed.tag_ == "VBG" and deed.lemma_ in words("clauses.yaml")["spoil"]
    above = deed.head.head if deed.dep_ == "conj" and deed.head.tag_ == "VBG" else deed.head
    return spoils and deed.dep_ in ("advcl", "conj") and acts.get(above.i) == match.rule.kind


def _tells_where_from(match: Match) -> bool:
    """ "struck the sites from which the shells were | fired": what is told of a place, and by whom is not said."""
    clause = match.trigger
    if match.rule.kind not in VIOLENCE or clause.dep_ != "acl:relcl":
        return False
    led = any(
        child.lower_ in ("which", "where") and child.nbor(-1).lower_ == "from" for child in clause.lefts if child.i > clause.sent.start
    )
    if led:
        match.drop("it only tells where shots came from")
    return led


def _is_the_charge(match: Match, told: Sequence[tuple[Match, Sequence[Claim]]]) -> bool:
    """ "Chad accused Sudan of shelling A": told as the act it charges, by the word of who charges it."""
    accuses = match.rule.kind == "statement" and match.trigger.lemma_ == "accuse"
    return accuses and any(claims and m.rule.kind != "statement" and _is_charged(match, m) for m, claims in told)


def _is_charged(charge: Match, act: Match) -> bool:
    """Does an act stand in the clause with "of" behind a verb of accusing?"""
    path = [act.trigger, *ancestors(act.trigger)]
    below = path[: path.index(charge.trigger)] if charge.trigger in path else []
    deeds = [word for word in below if word.tag_ in ("VBG", "VBN") and any(mark.lower_ == "of" for mark in children(word, "mark"))]
    return any(children(deed, "obj", "obl") for deed in deeds)  # "accused the militia of looting" says that it did


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
