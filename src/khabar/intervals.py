"""The days of an event, the day of publication → is it background, and is a time the page's own?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from khabar.model import TimeMention
from khabar.names import text_of

if TYPE_CHECKING:
    from khabar.doc import Doc

RECENT = timedelta(days=7)  # "as a rule more than a week before publication" is background (guideline, modality)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, inclusive, None for open; `text`: the words that say so, None where the story's date goes on.

    `rule`: what dated it, "" where nothing did.
    """

    start: date | None = None
    end: date | None = None
    text: str | None = None
    rule: str = ""


def dates_the_page(mention: TimeMention, doc: Doc, published: date | None) -> bool:
    """Is a time the report's own date, "Monday 21 November 2016", printed on it? It dates the page and no event."""
    if published is None or mention.date_start != mention.date_end or mention.date_start != published:
        return False
    if str(published.year) not in mention.text:
        return False
    before = text_of(doc)[: mention.start].lower()
    return not re.search(r"\b(?<!posted )(?<!published )(?<!updated )on\s+$", before)


_EARLIER = re.compile(r"(earlier|in the course of) this (month|year)$", re.I)


def is_background(interval: Interval, published: date | None) -> bool:
    """Did the event end more than a week before publication, or is it told of a month or longer that was over by then ("last month")?"""
    if not published or not interval.end:
        return False
    if interval.text and _EARLIER.match(interval.text):
        return interval.text.lower().endswith("year") or published.day > RECENT.days
    bygone = interval.text and interval.start and interval.end < published and interval.end - interval.start > RECENT
    return published - (interval.start if bygone and interval.start else interval.end) > RECENT
