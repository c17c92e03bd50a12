"""An event word, the sentence's times and the story's date → the interval in which the event took place.

The guideline's rules (docs/reference/output.md, dates): a time in the event's own clause dates it; a time with the verb of saying dates the
saying, so the event lies before or on it; without either the story's last date goes on; without any the event lies before or on
publication. Without publication there is no date: inventing one would be an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from khabar.clauses import ancestors
from khabar.model import Attribution, TimeMention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

NARROW = timedelta(days=3)  # a longer time dates its own event only: best dates on claims_train, flat from 2 to 7
RECENT = timedelta(days=7)  # "as a rule more than a week before publication" is background (guideline, modality)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, inclusive, None for open; `text`: the words that say so, None where the story's date goes on.
    `source`: what dated it, for the reader who asks: "clause", "saying", "duration", "story" or "publication"."""

    start: date | None = None
    end: date | None = None
    text: str | None = None
    source: str = field(default="", compare=False)


def date_event(
    trigger: Token, times: Sequence[TimeMention], told_by: Attribution | None, story: Interval | None, published: date | None
) -> Interval:
    """The interval of the event that `trigger` tells. `times`: of its sentence; `told_by`: who says it; `story`: the last date told."""
    dated = [t for t in times if (t.date_start or t.date_end) and not is_dateline(t, published)]
    saying = [t for t in dated if told_by and _dates_saying(trigger.doc, t, told_by) and not _is_news(trigger, t, told_by, published)]
    own = [t for t in dated if t not in saying and _in_clause(trigger, root_of(trigger.doc, t))]
    if own:
        nearest = min(own, key=lambda t: (steps(trigger, root_of(trigger.doc, t)), abs(t.start - trigger.idx)))
        before = _lies_before(trigger, root_of(trigger.doc, nearest))
        return Interval(None if before else nearest.date_start, nearest.date_end, nearest.text, "clause")
    if saying:
        return Interval(None, saying[0].date_end, saying[0].text, "saying")
    took = next(
        (t for t in times if t.timex == "DURATION" and _in_clause(trigger, root_of(trigger.doc, t)) and _within(root_of(trigger.doc, t))),
        None,
    )
    if took is not None and _days(took):
        end = story.end if story and story.end else published
        return Interval(end and end - timedelta(days=_days(took) - 1), end, took.text, "duration")
    if story is None or is_ongoing(trigger) or (story.start and story.end and story.end - story.start > NARROW):
        return Interval(None, published, source="publication")
    return Interval(story.start, story.end, source="story")


def is_ongoing(trigger: Token) -> bool:
    """Is an event told in the present or the perfect ("clashes have rocked A", "rebels often fire rockets")? It has no day of its own."""
    verb = trigger if trigger.pos_ == "VERB" else next((a for a in ancestors(trigger) if a.pos_ in ("VERB", "AUX")), trigger)
    helpers = {child.lower_ for child in verb.children if child.dep_ in ("aux", "aux:pass")}
    return bool(helpers & {"has", "have", "is", "are", "'ve", "’ve"}) or (not helpers and verb.tag_ in ("VBZ", "VBP"))


def _is_news(trigger: Token, mention: TimeMention, told_by: Attribution, published: date | None) -> bool:
    """ "announced the fall of A on Sunday", printed on Monday: what is announced by its name is the news of the day."""
    if told_by.cue is None or trigger.idx == told_by.cue[0]:
        return True
    announced = trigger.pos_ == "NOUN" and trigger.dep_ == "obj" and trigger.head.idx == told_by.cue[0]
    return announced and published is not None and mention.date_end is not None and published - mention.date_end <= timedelta(days=1)


def _within(time: Token) -> bool:
    """ "in just five days", "within a week": how long it took, and not how long it has lasted."""
    return any(case.lower_ in ("in", "within", "over") for case in time.children if case.dep_ == "case")


def _days(mention: TimeMention) -> int:
    """The days of a duration of days or weeks, 0 for others."""
    found = re.fullmatch(r"P(\d+)([DW])", mention.value or "")
    return int(found[1]) * (7 if found[2] == "W" else 1) if found else 0


def root_of(doc: Doc, mention: TimeMention) -> Token:
    """The head word of a time expression."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span.root if span is not None else doc[0]


def _dates_saying(doc: Doc, mention: TimeMention, told_by: Attribution) -> bool:
    """Does the time hang on the words of saying, outside what is said?"""
    inside = any(start <= mention.start < end for start, end in told_by.content)
    return told_by.cue is not None and not inside and told_by.cue[0] <= _clause_head(root_of(doc, mention)).idx < told_by.cue[1]


def _clause_head(word: Token) -> Token:
    """The verb, or the event noun without one, that a word belongs to."""
    return next((above for above in ancestors(word) if above.pos_ in ("VERB", "AUX") or above.dep_ == "root"), word)


def _in_clause(trigger: Token, time: Token) -> bool:
    """Does a time bear on an event? It does from the event's own clause or one above it, and from one joined to it by "and"; not from a
    clause that hangs under it ("in the city, which fell in 2012, …")."""
    clause = _clause_head(time)
    above = {trigger.i, *(a.i for a in ancestors(trigger))}
    while clause.i not in above and clause.dep_ in ("conj", "xcomp", "advcl") and not _subordinated(clause):
        clause = clause.head
    return clause.i in above and not _parted(trigger, clause)


def _lies_before(trigger: Token, time: Token) -> bool:
    """ "A took the town on Monday after weeks of clashes": is the event under the "after" of a clause that the time dates?"""
    clause, path = _clause_head(time), [trigger, *ancestors(trigger)]
    under = path[: path.index(clause)] if clause in path else []
    return any(child.lower_ in ("after", "following") for word in under for child in word.children if child.dep_ in ("case", "mark"))


def _subordinated(clause: Token) -> bool:
    return any(child.dep_ == "mark" and child.lower_ != "to" for child in clause.children)


def _parted(trigger: Token, clause: Token) -> bool:
    """Is the event in a clause of its own time: a pluperfect or a relative clause in another tense than the time's clause?"""
    return any(child.lower_ == "had" and child.dep_ == "aux" for child in trigger.children) and clause != trigger


def steps(a: Token, b: Token) -> int:
    """How far apart two words of a sentence are in the tree."""
    above_a = [a.i, *(t.i for t in ancestors(a))]
    for far, word in enumerate((b, *ancestors(b))):
        if word.i in above_a:
            return far + above_a.index(word.i)
    return len(above_a) + 50


def is_dateline(mention: TimeMention, published: date | None) -> bool:
    """Is a time the report's own date, "Monday 21 November 2016", printed on it? It dates the page and no event."""
    return published is not None and mention.date_start == mention.date_end == published and str(published.year) in mention.text


def is_background(interval: Interval, published: date | None) -> bool:
    """Did the event end more than a week before publication?"""
    return bool(published and interval.end and published - interval.end > RECENT)
