"""An event word, the sentence's times and the story's date → the interval in which the event took place.

The guideline's rules (docs/reference/output.md, dates): a time in the event's own clause dates it; a time with the verb of saying dates the
saying, so the event lies before or on it; without either the story's last date goes on; without any the event lies before or on
publication. Without publication there is no date: inventing one would be an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from khabar.clauses import ancestors
from khabar.model import Span, TimeMention

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

RECENT = timedelta(days=7)  # "as a rule more than a week before publication" is background (guideline, modality)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, inclusive, None for open; `text`: the words that say so, None where the story's date goes on."""

    start: date | None = None
    end: date | None = None
    text: str | None = None


def date_event(trigger: Token, times: Sequence[TimeMention], cues: Sequence[Span], story: Interval | None, published: date | None) -> Interval:
    """The interval of the event that `trigger` tells. `cues`: spans of the words of saying in the sentence; `story`: the last date told."""
    dated = [t for t in times if t.date_start or t.date_end]
    own = [t for t in dated if not _at_cue(trigger.doc, t, trigger, cues)]
    if own:
        nearest = min(own, key=lambda t: (_steps(trigger, _root(trigger.doc, t)), abs(t.start - trigger.idx)))
        return Interval(nearest.date_start, nearest.date_end, nearest.text)
    if dated:
        return Interval(None, dated[0].date_end, dated[0].text)
    if story:
        return Interval(story.start, story.end)
    return Interval(None, published)


def _root(doc: Doc, mention: TimeMention) -> Token:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span.root


def _at_cue(doc: Doc, mention: TimeMention, trigger: Token, cues: Sequence[Span]) -> bool:
    """Does the time hang on a verb of saying that is not itself the event?"""
    above = next(ancestors(_root(doc, mention)), None)
    if above is None or above.i == trigger.i:
        return False
    return any(start <= above.idx < end for start, end in cues)


def _steps(a: Token, b: Token) -> int:
    """How far apart two words of a sentence are in the tree."""
    above_a = [a.i, *(t.i for t in ancestors(a))]
    for far, word in enumerate((b, *ancestors(b))):
        if word.i in above_a:
            return far + above_a.index(word.i)
    return len(above_a) + 50


def is_background(interval: Interval, published: date | None) -> bool:
    """Did the event end more than a week before publication?"""
    return bool(published and interval.end and published - interval.end > RECENT)
