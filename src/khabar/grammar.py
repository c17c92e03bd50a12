"""Parsed sentences, mentions and attributions → claims, by the rules of `khabar/rules`.

Here a sentence becomes a claim. `code_claims` goes through the words of a report in order; each word that a rule names as its trigger is
tried with the rules of most conditions first (matching.py), and the first that finds all it needs gives one claim per place (`_claims`).
What a sentence leaves out, the story supplies: the place and the date last told (`Story`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

from khabar.attribution import attribution_at
from khabar.clauses import children, first_of_list, is_apart, is_passive, is_verbal_noun
from khabar.contract import changed, claim_id
from khabar.dating import Interval, date_event, date_state, day_told, is_background, is_dateline, is_own
from khabar.denials import with_denials
from khabar.learnt import confidence, with_learnt
from khabar.lexicon import words
from khabar.lists import company, counted, instances
from khabar.matching import MUTUAL, TOLLS, VIOLENCE, Grammar, Match, best_match
from khabar.modality import WEIGHT, is_conditional, is_over, modality_of, only_mentioned, stands_apart
from khabar.model import (
    ActorMention,
    Attribution,
    Claim,
    Modality,
    Participant,
    Place,
    Quantity,
    Reading,
    Section,
    Span,
    Speaker,
)
from khabar.placing import JOINT, country_of_war, headline_place, is_building, is_of_whole_war, places_of, stage_of, with_places_told_later
from khabar.retelling import dated_together
from khabar.rules import Rule, Slot
from khabar.scene import Scene
from khabar.slots import follow
from khabar.subjects import surface_subject
from khabar.timeclauses import steps
from khabar.trace import Look, Trace
from khabar.triggers import span_of

if TYPE_CHECKING:
    from spacy.tokens import Span as Sentence
    from spacy.tokens import Token

SILENT = ("headline", "boilerplate")  # sections in which nothing is claimed (guideline, "the unit")
DEFINITE = ("the", "these", "those", "this", "that", "such")
MORE = ("other", "another", "further", "additional")  # "another shell": of the same one's
LASTING = ("allied_with", "membership", "branch_of", "commands", "control_state", "strength", "statement")  # told after what happened
PEOPLED = ("residential", "civilian", "inhabited", "populated")
STATES = ("control_state",)  # "control_state 'now': publication day" (guideline, dates)
NO_ACTS = ("statement", "control_state", "strength")
MODIFIERS = ("siege",)  # "the besieged town": besieged as the report is written
TOLD_ONCE = ("capture", "withdrawal", "advance", "siege", "control_state", "transfer")
BONDS = ("membership", "allied_with", "branch_of", "commands", "split")  # nothing where one of the two is unknown
MOVES = ("redeployment",)  # where somebody goes is not where the story stands
LONG = timedelta(days=90)  # modality on claims_train is flat from 70 to 120
SPOKEN = ("statement", "agreement", "allied_with")
Day = date  # by another name: Story has a date of its own
GOES_ON = ("own", "said", "told")  # what dated an event from whose days the story goes on
TAKERS = ("capture", "siege")
SAME = timedelta(days=7)
VAST = {"killed": 20_000, "displaced": 1_000_000}  # on claims_train and four fresh draws no toll of one event was half as high
FROM_HOLDER = ("capture", "advance", "transfer")


@dataclass
class Story:
    """What has been told so far: place and days of the last event, the coalition spoken of, the last act of violence, and the doer of
    the last act of each kind (None where the last one was told without)."""

    place: Place | None = None
    date: Interval | None = None
    body: Participant | None = None
    violence: str | None = None
    doers: dict[str, Participant | None] = field(default_factory=dict)
    section: Section | None = None
    opening: bool = True
    news: Day | None = None  # the day of the news: publication, or that of a lead which tells of a day long before it
    basis: dict[str, str] = field(default_factory=dict)  # what dated each claim
    seen: set[tuple[object, ...]] = field(default_factory=set)
    tellers: set[tuple[Speaker, ...]] = field(default_factory=set)  # the chains by which violence was told


def code_claims(reading: Reading, grammar: Grammar) -> tuple[Claim, ...]:
    """The claims of a report, sentence by sentence; of a sentence first what happened, then what lasts or is said, in the order of their
    triggers. None from headlines and boilerplate."""
    scene = Scene(reading.report, reading.tree, reading.mentions)
    story = Story(place=scene.topic or headline_place(scene))
    claims: list[Claim] = []
    for sentence in reading.tree.sents:
        before, story.opening = story.date, not claims
        section = _section_of(reading.report.sections, sentence.start_char)
        if section.kind in SILENT:
            story.date = _heading_days(section, scene) or story.date
            continue
        if section is not story.section and section.kind == "comment":
            story = Story(basis=story.basis, news=story.news)
        story.section, scene.here = section, story.place
        told = sorted(_sentence_claims(sentence, section, scene, reading, grammar, story), key=lambda c: c.kind in LASTING)
        claims += [claim for claim in told if _is_new(claim, story, reading.trace)]
        if story.opening and claims and section.kind == "body":
            story.news = _day_of_news(claims, reading.report.published)
        if story.date is before or story.date is None or story.date.start != story.date.end:
            story.date = _goes_on_from(sentence, scene, reading.attributions, story) or story.date
    dated = _noted(dated_together(claims, story.basis), claims, reading.trace, "dates", "told twice")
    placed = _noted(with_places_told_later(dated, scene), dated, reading.trace, "place", "named further on in the report")
    full = _noted(_with_doers_told_elsewhere(placed), placed, reading.trace, "actor", "named elsewhere in the report")
    return with_denials(_with_background(full, story.news, reading, grammar), reading)


def _heading_days(section: Section, scene: Scene) -> Interval | None:
    """ "23–24 August" on a line of its own: the days of what stands under it, until the next such line."""
    heading = scene.report.text[section.start : section.end].strip(" \n:–—-")
    time = next((t for t in scene.times if t.start >= section.start and t.text == heading), None)
    if time is None or time.start >= section.end or is_dateline(time, scene.doc, scene.report.published):
        return None
    days = Interval(time.date_start, time.date_end, time.text, "heading")
    return days if time.date_start and time.date_end and _is_day(days) else None


def _day_of_news(lead: Sequence[Claim], published: date | None) -> date | None:
    """ "On 12 August the army crossed the river", printed on the 29th: what goes on from there is the news, and no background to it."""
    last = max((c.date_end for c in lead if c.date_end), default=published)
    return last if last and published and is_background(Interval(None, last), published) else published


def _is_new(claim: Claim, story: Story, trace: Trace | None) -> bool:
    """Is a claim the first of its sentence that says this?"""
    texts = (part and part.text for part in (claim.actor, claim.place, claim.recipient))
    key = (claim.kind, *texts, claim.start, claim.attribution, claim.quantity)
    new = key not in story.seen
    story.seen.add(key)
    if not new:
        _unsay(claim, trace, "the sentence says the same in other words")
    return new


def _goes_on_from(sentence: Sentence, scene: Scene, attributions: Sequence[Attribution], story: Story) -> Interval | None:
    """The day that a sentence names for what no rule tells: the story goes on from it, unless it looks back."""
    times = [t for t in scene.times if sentence.start_char <= t.start < sentence.end_char]
    day = day_told(list(sentence), times, attributions, scene.report.published) if times else None
    return day if day and _leads_on(day, scene, story) else None


def _leads_on(when: Interval, scene: Scene, story: Story) -> bool:
    """Does a story go on from these days: not long ones, nor, in the news, those of more than a week ago?"""
    return _is_day(when) and when.rule in GOES_ON and (scene.history or story.opening or not is_background(when, story.news))


def _with_doers_told_elsewhere(claims: Sequence[Claim]) -> list[Claim]:
    """Who took a place or besieges it, where a sentence leaves it out and all others of the report that tell it name one party."""
    return [changed(c, actor=_taker(c, claims)) if c.actor is None and c.kind in TAKERS else c for c in claims]


def _taker(claim: Claim, claims: Sequence[Claim]) -> Participant | None:
    told = [c for c in claims if c.kind == claim.kind and c.actor and c.modality in ("asserted", "background")]
    told = [c for c in told if not _is_same_party(c.actor, claim.recipient)]  # "took A before losing it again": not to itself
    here = [c for c in told if claim.place and c.place and _same_place(c.place, claim.place) and _near_in_time(c, claim)]
    takers = {(c.actor.id or c.actor.text.lower()): c.actor for c in reversed(here or (told if claim.kind == "siege" else ())) if c.actor}
    return next(iter(takers.values())) if len(takers) == 1 else None


def _near_in_time(one: Claim, other: Claim) -> bool:
    """Can two claims tell of one event? A town that changes hands twice has two takers."""
    return one.date_end is None or other.date_end is None or abs(one.date_end - other.date_end) <= SAME


def _same_place(one: Place, other: Place) -> bool:
    return one.text == other.text or (one.id is not None and one.id == other.id)


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
    found = [c for m in matched for c in _claims(m, _cause(m, matched), sentence, section, scene, reading.attributions, story)]
    kept = _told_once(found)
    for claim in found if reading.trace is not None else ():
        if claim not in kept:
            _unsay(claim, reading.trace, "another claim of the sentence says the same and more")
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


def _unsay(claim: Claim, trace: Trace | None, why: str) -> None:
    attempt = trace.of(claim.rule, claim.trigger) if trace is not None else None
    if attempt is not None:
        attempt.claims.remove(claim.claim_id)
        attempt.dropped.append(why)


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


def _told_once(claims: Sequence[Claim]) -> list[Claim]:
    """The claims of a sentence, without those that say less of the same: "overran A, seizing the capital from B" is one capture."""
    return [c for i, c in enumerate(claims) if not any(_says_less(c, o, later=i > j) for j, o in enumerate(claims) if i != j)]


def _says_less(one: Claim, other: Claim, *, later: bool) -> bool:
    """Is `one` the same event as `other`, with no more parties than it (and after it, where both say as much)?"""
    if (one.kind, one.place and one.place.text, one.attribution) != (other.kind, other.place and other.place.text, other.attribution):
        return False
    if one.kind not in TOLD_ONCE or one.modality != other.modality or one.place is None:
        return False
    pairs = [(one.actor, other.actor), (one.recipient, other.recipient), (one.quantity, other.quantity)]
    if any(a is not None and (b is None or _words(a) != _words(b)) for a, b in pairs):
        return False
    return later or any(a is None and b is not None for a, b in pairs)


def _words(part: Participant | Quantity) -> object:
    return part.text if isinstance(part, Participant) else part


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
    in_passing = _is_in_passing(rule, token) and section.kind == "body"
    told_by = None if in_passing else attribution_at(_others(attributions, match), token.idx, token.idx + len(token))
    if _is_known(match, story) and (told_by.chain if told_by else ()) in story.tellers:
        match.drop("an act told before, of which nothing more is said")
        return
    if rule.again and story.violence not in rule.echoes:
        match.drop("it tells of an act told before, and none was")
        return
    kind = _kind(match, scene, story)
    modality = _modality(match, told_by) if not _is_described(match) else "asserted"
    if modality is None:
        match.drop("its clause claims nothing")
        return
    if modality == "asserted" and rule.kind in STATES and is_over(token, *match.fillers.get("place", ())):
        modality = "background"
        match.note("modality", "the words say that it has ended")
    if modality == "asserted" and _of_nobody(match):
        modality = "denied"
        match.note("modality", "it is said of nobody")
    when, whole_war = _when(rule, token, sentence, scene, told_by, story, modality), is_of_whole_war(match, scene)
    if whole_war and scene.war_began and (when.start is None or _is_day(when)):
        when = Interval(scene.war_began, scene.report.published, None, "whole war")
    match.note("dates", when.rule)
    long_ago = rule.kind in (*TOLLS, *VIOLENCE) and is_long_ago(when.start, scene)
    if modality == "asserted" and (long_ago or whole_war):
        modality = "background"
        match.note("modality", "a toll of a whole war, or of more than three months")
    actors, recipients = (_without_tellers(_groups(role, match), match, told_by) for role in JOINT)
    recipients = [to for to in recipients if not any(scene.is_number_of(to, other) for other in recipients if other != to)] or [[]]
    if cause and not actors[0] and not _moves_itself(match):
        actors = [_other_side(cause, match)]
        match.note("actor", "whoever did what took the toll")
    before = None if actors[0] else _doer_before(match, cause, scene, story)
    doer = before or _liberator(match, told_by, scene)
    if doer and not actors[0]:
        match.note("actor", "whoever did the violence told before" if before else "the speaker, who is a party")
    places = places_of(match, cause, scene, country_of_war(scene) if long_ago and not _is_day(when) else story.place, told_by)
    for place, by, to in product(places, actors, recipients):
        by = by or (_opponent(cause, to) if cause else [])
        if _is_uncounted_part(match, to, scene):
            match.drop("a part of the victims without a number of its own")
            continue
        actor, recipient = scene.doer(by) or doer, scene.doer(to) if kind in MUTUAL else scene.participant(to, suffers=True)
        if kind in MOVES and to and recipient == actor:  # "moved its warships"
            recipient = scene.thing(to[0])
        actor = None if kind in TOLLS and _is_same_party(actor, recipient) else actor
        same = recipient is not None and (recipient.start, recipient.end) in [
            (p.start, p.end) for p in (actor, place) if p and p.start is not None
        ]
        if (same and not _is_object(match, to, scene)) or _is_settlement(match, to, scene):
            recipient = None
            match.note("recipient", "left out: the words are those of the place or the actor")
        if recipient is None and kind in FROM_HOLDER:
            recipient = _holder(match, scene)
            match.note("recipient", "the holder that the words of the place name")
        if rule.focus and not to:
            recipient = story.body
            match.note("recipient", "the coalition spoken of last")
        if rule.kind in BONDS and not (actor and recipient):
            match.drop("one of the two that the bond joins is unknown")
            continue
        chain = told_by.chain if told_by else ()
        if rule.shown and actor and not chain:
            chain = (Speaker(actor.text, actor.id),)
            match.note("speakers", "whoever shows it")
        quantity = _quantity(match, scene, to)
        of_war = modality == "asserted" and kind in TOLLS and not scene.history and _is_vast(quantity)
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
        if when.text and rule.scene and rule.kind not in STATES and _leads_on(when, scene, story):
            story.date = when
        if kind in VIOLENCE:
            story.violence = kind
            story.tellers.add(told_by.chain if told_by else ())
            story.doers[_sort(kind)] = None if follow(token, "blamed") else scene.doer(actors[0]) or doer


def _without_tellers(groups: list[list[Token]], match: Match, told_by: Attribution | None) -> list[list[Token]]:
    """ "killed 21 soldiers, the army and an official said": who says so is not one of those it is said of."""
    source = told_by.source if told_by else None
    if match.rule.kind in SPOKEN or source is None or not match.trigger.idx < source[0]:
        return groups
    others = [[t for t in group if not source[0] <= t.idx < source[1]] for group in groups]
    return [group for group in others if group] or groups


def _is_same_party(one: Participant | None, other: Participant | None) -> bool:
    """ "ten soldiers were killed when they attacked A": nobody is told to have killed them."""
    return bool(one and other and (one.text.lower() == other.text.lower() or (one.id is not None and one.id == other.id)))


def _holder(match: Match, scene: Scene) -> Participant | None:
    """From whom a place is taken: from the militants, in "the militant-held town"."""
    places = (token for role in ("place", "recipient") for token in match.fillers.get(role, ()))
    found = (scene.holder(place, told=first_of_list(match.trigger)) for place in places)
    return next((holder for holder in found if holder), None)


def _others(attributions: Sequence[Attribution], match: Match) -> Sequence[Attribution]:
    """ "A rejected the offer" is an act of A's, told by the outlet: its own word of saying is no speaker's for what is itself said."""
    if match.rule.kind not in SPOKEN:
        return attributions
    return [a for a in attributions if a.cue is None or not a.cue[0] <= match.trigger.idx < a.cue[1]]


def _is_known(match: Match, story: Story) -> bool:
    """ "condemned the strikes", "the attack was an answer to …": an act of violence that was told before, and of which nothing more is said
    than that it was."""
    token = match.trigger
    if match.rule.kind not in VIOLENCE or token.pos_ != "NOUN" or not story.violence or any(match.fillers.values()):
        return False
    return any(c.lower_ in DEFINITE for c in children(token, "det")) and only_mentioned(token)


def _is_uncounted_part(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """ "30 people, including women": what is told to be among the victims without a number of its own adds no toll."""
    if match.rule.kind not in TOLLS or not recipient or recipient[0] in match.fillers.get("recipient", ()):
        return False
    return scene.quantity(recipient[0], "") is None and not scene.is_one(recipient[0])


def _is_in_passing(rule: Rule, token: Token) -> bool:
    """A lasting fact in a modifier ("the rebel-held town", "X, a branch of Y") is the outlet's own word, whoever speaks the sentence;
    where men stand as they act ("rebels positioned in A fired") is the speaker's."""
    if (
        rule.kind in ("allied_with", "branch_of") and token.pos_ == "NOUN" and token.lemma_.lower() in words("nouns.yaml")["affiliate"]
    ):  # "the army and its ally, X"
        return True
    standing_somewhere = token.dep_ == "acl" and bool(children(token, "obl"))
    return (
        (rule.standing or rule.kind in (*STATES, *MODIFIERS))
        and token.dep_ in ("amod", "compound", "acl", "appos", "nmod")
        and not standing_somewhere
        and not _is_of_none(token)
    )


def _is_of_none(noun: Token) -> bool:
    """ "no question of army control of A": what there is no question of is denied by whoever says so."""
    return noun.dep_ == "nmod" and any(w.lower_ == "no" for w in noun.head.lefts)


def _is_vast(toll: Quantity | None) -> bool:
    """ "A quarter of a million people have been killed since then": a toll that only a whole war takes."""
    least = VAST.get(toll.unit) if toll else None
    return bool(least and toll and toll.low and toll.low >= least)


def _is_described(match: Match) -> bool:
    """ "vowed to fight the army and its allies", "an offensive aimed at the bastion of A": a lasting fact in a noun that is no predicate is
    so, whatever becomes of what is said about it."""
    token = match.trigger
    noun = first_of_list(token)
    lasting = match.rule.standing or match.rule.kind in STATES
    beside = noun.dep_ in ("obj", "nmod", "obl", "appos", "compound", "nsubj", "obl:agent") and token.pos_ in ("NOUN", "PROPN")
    unsure = any(w.lower_ in words("modality.yaml")["perhaps"] or w.lower_ in ("no", "not", "former") for w in token.lefts)
    unsure = unsure or _is_of_none(noun) or any(is_conditional(word) for word in noun.ancestors if word.pos_ in ("VERB", "AUX"))
    return lasting and (beside or token.dep_ == "amod") and not unsure and not children(token, "cop")


def _is_day(when: Interval) -> bool:
    """Can a story go on from these days? From a month, not from "since 2011"."""
    return when.start is None or when.end is None or when.end - when.start <= timedelta(days=31)


def _is_object(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A building that is hit is both the place and the object of violence."""
    return match.rule.kind in VIOLENCE and any(is_building(token, scene) for token in recipient)


def _is_settlement(match: Match, recipient: Sequence[Token], scene: Scene) -> bool:
    """A town that is hit or besieged is the place of it, its object is not told."""
    peopled = [token for token in recipient if any(c.lower_ in PEOPLED for c in children(token, "amod"))]  # "hit residential areas"
    named = [t for t in recipient if t not in peopled and (scene.is_class(t, "settlement") or scene.is_class(t, "named"))]
    return match.rule.kind in (*VIOLENCE, "siege") and bool(named) and not any(is_building(token, scene) for token in recipient)


def _kind(match: Match, scene: Scene, story: Story) -> str:
    """The rule's kind; of an act of open manner ("the strikes", "raids", "hit a market") that of aircraft where aircraft did it, else that
    of the violence told last, where the rule allows it and nobody else is its doer."""
    rule, token = match.rule, match.trigger
    doers = match.fillers.get("actor", ())
    if "airstrike" in rule.echoes and any(scene.is_class(d, "aircraft") and not scene.is_class(d, "person") for d in doers):
        return "airstrike"
    if rule.kind == "bombing" and token.lemma_ == "bombing" and any(scene.is_class(d, "flier") for d in doers):
        return "airstrike"
    if not story.violence or story.violence not in rule.echoes:
        return rule.kind
    if rule.again:
        return story.violence
    if token.pos_ == "VERB":
        return story.violence if _is_told_on(match, scene, story) else rule.kind
    open_manner = token.lemma_ in words("nouns.yaml")["open_manner"]
    if not (_is_definite(token) or open_manner):
        return rule.kind
    return rule.kind if rule.kind != "attack" and _sort(rule.kind) in story.doers else story.violence


def _is_told_on(match: Match, scene: Scene, story: Story) -> bool:
    """ "Another hit a checkpoint", "the coalition also struck a depot": does a verb that leaves the manner open go on with what was told,
    by the same doer?"""
    doers = match.fillers.get("actor", ())
    known = story.doers.get(_sort(story.violence or ""))
    if not doers:
        return True
    return known is not None and _is_same_party(scene.doer(doers), known)


def _doer_before(match: Match, cause: Match | None, scene: Scene, story: Story) -> Participant | None:
    """Who did what is told without a doer, where its noun or the noun of its cause points back at an act told before."""
    acts = [act for act in (match, cause) if act is not None and act.rule.kind in VIOLENCE and act.rule.kind not in MUTUAL]
    for act in acts:
        if _points_back(act.trigger):
            return story.doers.get(_sort(_kind(act, scene, story)))
    return story.doers.get(_sort(story.violence or "")) if not cause and _by_known_violence(match) else None


def _sort(kind: str) -> str:
    """Kinds that are one act to those who tell of it again: "the blast" of a suicide bomber."""
    return "bombing" if kind == "suicide_bombing" else kind


def _moves_itself(match: Match) -> bool:
    """ "hundreds fled when the army shelled A": their flight is their own."""
    movers = match.fillers.get("recipient", ())
    return (
        match.rule.kind == "displacement" and not is_passive(match.trigger) and set(surface_subject(match.trigger)) & set(movers) != set()
    )


def _points_back(noun: Token) -> bool:
    """ "the strikes", "Tuesday's attack", "another shell": is it an act of those told before?"""
    if noun.pos_ not in ("NOUN", "PROPN") and not is_verbal_noun(noun):
        return False
    return _is_definite(noun) or any(c.lower_ in MORE for c in children(noun, "det", "amod"))


def _is_definite(noun: Token) -> bool:
    return any(c.lower_ in DEFINITE for c in children(noun, "det")) or bool(children(noun, "nmod:poss"))


def _other_side(cause: Match, toll: Match) -> list[Token]:
    """Who did what took a toll: the doer of the act; in a fight the side that did not suffer."""
    doers, others = ([*cause.fillers.get(role, ())] for role in JOINT)
    if cause.rule.kind not in MUTUAL:
        return doers
    sides = [side for side in (doers, others) if side and not _is_among(side, toll.fillers.get("recipient", ()))]
    return sides[0] if len(sides) == 1 and others else []


def _opponent(cause: Match, sufferers: Sequence[Token]) -> list[Token]:
    """ "30 soldiers and 39 rebels were killed in battles between them": of two sides that both suffered, the other."""
    sides = [[*cause.fillers.get(role, ())] for role in JOINT] if cause.rule.kind in MUTUAL and sufferers else []
    others = [side for side in sides if not _is_among(side, sufferers)]
    return others[0] if len(others) == 1 and all(sides) else []


def _is_among(side: Sequence[Token], sufferers: Sequence[Token]) -> bool:
    """Is a side of a fight told to have suffered, by its own word or the noun that it describes ("39 rebel fighters")?"""
    return any(word in sufferers or word.head in sufferers for word in side)


def _by_known_violence(match: Match) -> bool:
    """ "killed in the strikes": is the doer that of an event noun with "the", told before? A battle has two."""
    paths = [slot.path[: -len(".bearer")] for slot in match.rule.roles.get("actor", ()) if slot.path.endswith(".bearer")]
    nouns = [end for path in paths for end in follow(match.trigger, path)]
    return any(noun.pos_ == "NOUN" and _is_definite(noun) and noun.lemma_.lower() in words("nouns.yaml")["act"] for noun in nouns)


def _of_nobody(match: Match) -> bool:
    """ "saw no soldier in A", "no civilians were killed": is it said of none?"""
    told = [token for role in JOINT for token in match.fillers.get(role, ())]
    places = match.fillers.get("place", ())
    return any(token.lower_ in ("nobody", "none") for token in told) or any(
        child.lower_ in ("no", "neither") and child.dep_ == "det" and child.nbor().lower_ not in ("fewer", "less")
        for token in (*told, *places)
        for child in token.children
    )


def _liberator(match: Match, told_by: Attribution | None, scene: Scene) -> Participant | None:
    """ "A has been liberated", with nobody named as taker: in the mouth of a party to the war, by that party (guideline, capture)."""
    if match.trigger.lemma_.lower() not in words("nouns.yaml")["liberation"] or not told_by or not told_by.chain:
        return None
    speaker = told_by.chain[-1]
    named = [m for m in scene.mentions if isinstance(m, ActorMention) and m.id is not None and m.id == speaker.id]
    return Participant(speaker.text, None, None, named[0].id, named[0].name) if named else None


def _modality(match: Match, told_by: Attribution | None) -> Modality | None:
    own = modality_of(match.trigger, judged_by=match.attempt.judged if match.attempt else None)
    stance: Modality = told_by.stance if told_by else "asserted"
    if own is None:
        return None
    if told_by and stands_apart(match.trigger, told_by.content):
        stance = "asserted"
    of_kind: Modality = match.rule.modality or "asserted"  # type: ignore[assignment]
    modality = max((own, stance, of_kind), key=lambda m: WEIGHT[m])
    if modality != own:
        match.note("modality", "the speaker's verb says so" if modality == stance else "the rule says so")
    return modality


def _when(
    rule: Rule, token: Token, sentence: Sentence, scene: Scene, told_by: Attribution | None, story: Story, modality: Modality
) -> Interval:
    """The days of a claim. A standing fact has none unless the text dates it; a state holds on the day of publication."""
    published = scene.report.published
    times = [t for t in scene.times if sentence.start_char <= t.start < sentence.end_char]
    if rule.standing and token.pos_ != "VERB":
        return Interval(rule="standing")
    if rule.standing:  # "Standing facts have null dates unless the text dates them" (guideline, dates)
        dated = date_event(token, times, told_by, None, published, kind=rule.kind)
        return dated if dated.text and dated.rule == "own" and is_own(token, times, dated) else Interval(rule="standing")
    if rule.kind in STATES or (rule.kind in MODIFIERS and token.dep_ in ("amod", "acl")):
        if modality == "background":
            return Interval(None, published, rule="over")
        held = date_state(token, times, told_by, story.date, published, history=scene.history)
        pictured = story.section is not None and story.section.kind == "caption" and not held.text
        return Interval(None, held.end, rule="pictured") if pictured else held  # a picture shows what was so some time before
    found = date_event(token, times, told_by, story.date, published, kind=rule.kind)
    # a noun that is called for or aimed at is more often an event under way ("an end to the fighting": 17 of 23 on claims_train)
    to_come = modality == "predicted" or (modality == "planned" and (token.pos_ == "VERB" or found.rule == "said"))
    if to_come and not (found.text and is_own(token, times, found)):
        return Interval(rule="to come")
    return found


def _groups(role: str, match: Match) -> list[list[Token]]:
    """The words that fill a role together: all, or each by itself with what it is said to include ("14 people, including 3 children")."""
    tokens = match.fillers.get(role) or []
    paired = "pair" in match.rule.each and len(match.fillers.get("recipient") or []) > 1
    if role not in match.rule.each and not paired:
        return [tokens]
    told = dict.fromkeys(t for token in tokens for t in _with_instances(token))
    if role == "recipient" and match.rule.kind in (*TOLLS, "killing"):
        told |= dict.fromkeys(counted(end) for token in tokens for end in company(token))
    vague = () if match.rule.kind in TOLLS else ("other", "group")
    return [[token] for token in told if token.lemma_ not in vague or len(told) == 1] or [[]]


def _with_instances(token: Token) -> list[Token]:
    """A word with what it is said to include; the name alone where one person is told by calling and name: "the judge, Omar Hadid"."""
    if token.pos_ == "PROPN":
        return [token]
    named = [w for w in children(token, "appos") if w.pos_ == "PROPN" and token.tag_ == "NN"]
    return named or [token, *map(counted, instances(token))]


def is_long_ago(start: date | None, scene: Scene) -> bool:
    """Is a toll counted from long before publication: "since 2011"?"""
    return bool(start and scene.report.published and not scene.history and scene.report.published - start > LONG)


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


def _quantity(match: Match, scene: Scene, recipients: Sequence[Token]) -> Quantity | None:
    """The number of a claim: of this recipient where several are told apart, else of the rule's own slots."""
    if "quantity" not in match.rule.roles:
        return None
    unit = match.rule.unit or "people"
    if unit in ("killed", "injured"):
        own_number = scene.number_of(match.trigger, unit)
        if own_number is not None and len(recipients) < 2:
            return own_number
    if recipients and (bare := _bare_number(match, recipients)) is not None:
        return scene.quantity(bare, unit)
    own = [q for q in (scene.quantity(token, unit) for token in recipients) if q] if "recipient" in match.rule.each else []
    if not own and len(recipients) == 1 and unit in ("killed", "injured") and scene.is_one(recipients[0]):
        return Quantity(1, 1, unit)
    if own or ("recipient" in match.rule.each and recipients and recipients[0] not in match.fillers["recipient"][:1]):
        return own[0] if own else None
    others = [t for t in match.fillers.get("recipient", ()) if t not in recipients]
    tokens = [t for t in match.fillers.get("quantity") or () if t not in others]
    return scene.quantity(tokens[0], unit) if tokens else None


def _bare_number(match: Match, recipients: Sequence[Token]) -> Token | None:
    """ "killed four people and wounded 27": the number stands by itself, and whom it counts is said with another verb."""
    numbers = [t for t in match.fillers.get("quantity", ()) if t.pos_ == "NUM" and t.dep_ != "nummod"]
    return numbers[0] if numbers and not any(match.trigger.is_ancestor(t) for t in recipients) else None


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _with_background(claims: list[Claim], news: date | None, reading: Reading, grammar: Grammar) -> tuple[Claim, ...]:
    """Events of more than a week before the news are background, unless the report as a whole tells of such a time."""
    standing = {r.name for kind in grammar.kinds for r in kind.rules if r.standing}
    if Scene(reading.report, reading.tree, reading.mentions).history:
        return tuple(claims)
    old = [is_background(Interval(c.date_start, c.date_end, c.date_text), news) for c in claims]
    past = [o and c.modality == "asserted" and c.rule not in standing for c, o in zip(claims, old, strict=True)]
    full = [replace(c, modality="background") if p else c for c, p in zip(claims, past, strict=True)]
    return tuple(_noted(full, claims, reading.trace, "modality", "dated more than a week before the news"))


def _noted(now: list[Claim], before: Sequence[Claim], trace: Trace | None, part: str, how: str) -> list[Claim]:
    """The claims as they now are; of those told before whose field was filled after all, the trace is told how."""
    for claim, old in zip(now, before, strict=True) if trace is not None else ():
        if trace is not None and claim != old and (attempt := trace.of(claim.rule, claim.trigger)):
            attempt.filled[part] = how
    return now
