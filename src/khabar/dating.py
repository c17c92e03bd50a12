"""An event word, the sentence's times and the story's date → the interval in which the event took place.

The guideline's rules (docs/reference/output.md, dates): a time in the event's own clause dates it; a time with the verb of saying dates the
saying, so the event lies before or on it; without either the story's last date goes on, as far as the tense of the event lets it
(tenses.py); without any the event lies before or on publication. Without publication there is no date: inventing one would be an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from khabar.clauses import ancestors, case_of, is_passive
from khabar.intervals import RECENT, Interval, dates_the_page
from khabar.lexicon import words
from khabar.model import Attribution, TimeMention
from khabar.names import text_of
from khabar.periods import units_before
from khabar.tenses import Tense, finite_verb, tense_of
from khabar.timeclauses import (
    after_of,
    begins,
    cased,
    clause_head,
    dates_saying,
    in_clause,
    is_main,
    is_since,
    measures,
    only_ranks,
    root_of,
    steps,
)
from khabar.timecontext import knowledge, month_end

if TYPE_CHECKING:
    from khabar.doc import Doc, Token

NARROW = timedelta(days=3)  # a longer time dates its own event only: best dates on claims_train, flat from 2 to 7
DAY = timedelta(days=1)
LONG = ("days", "weeks", "months", "years")
TERRITORY = ("capture", "withdrawal", "transfer")  # untimed, they are told again or led to the news: open in 8 of 10 on claims_train
MOVES = ("displacement", "redeployment")  # untimed, they go on for days: open in 6 of 10 on claims_train and the written reports
ONE_MORE = ("another", "further", "second", "third", "separate", "additional")  # acts of those told before
COUNTED = ("casualties", "displacement")  # what is counted from the beginning of a war


@dataclass(frozen=True)
class _Event:
    """An event word with all that bears on its date."""

    trigger: Token
    times: Sequence[TimeMention]
    told_by: Attribution | None
    story: Interval | None
    published: date | None
    kind: str = ""
    elsewhere: bool = False

    @property
    def doc(self) -> Doc:
        return self.trigger.doc

    @property
    def cue(self) -> tuple[int, int] | None:
        return self.told_by.cue if self.told_by else None

    @cached_property
    def tense(self) -> Tense:
        return tense_of(self.trigger, self.cue)

    def own(self) -> Iterator[TimeMention]:
        """The times that bear on the event and not on what is said of it."""
        return (
            t for t in self.times if not self.dates_saying(t) and not self.is_ahead(t) and in_clause(self.trigger, root_of(self.doc, t))
        )

    def is_ahead(self, time: TimeMention) -> bool:
        """What has happened did not happen on a day to come ("bombed a rally for the election of 3 June")."""
        told = self.tense in ("past", "perfect", "pluperfect")
        return told and bool(self.published and time.date_start and time.date_start > self.published)

    def dates_saying(self, time: TimeMention) -> bool:
        return self.dates_talk(time) or self.dates_words(time)

    def dates_talk(self, time: TimeMention) -> bool:
        """ "claimed on Monday responsibility for the bombing": the day on which somebody spoke of an event."""
        day, path = root_of(self.doc, time), [self.trigger, *ancestors(self.trigger)]
        said = day.head
        if said.lemma_ not in words("modality.yaml")["spoken_of"] or said not in path[1:] or time.start > self.trigger.idx:
            return False
        about = path[path.index(said) - 1]
        named = day.dep_ in ("obl", "obl:unmarked") and not time.text.lower().endswith("today")
        done = about.dep_ == "xcomp" and any(c.lower_ == "have" for c in about.children)  # "was reported on 8 July to have been killed"
        return named and (done or about.dep_ in ("obj", "obl")) and time.date_start is not None and time.date_start == time.date_end

    def dates_words(self, time: TimeMention) -> bool:
        return self.told_by is not None and time.timex != "DURATION" and dates_saying(self.doc, time, self.told_by)

    def said_on(self) -> date | None:
        """The day on which it is said, where the sentence names one."""
        return next((t.date_end for t in self.times if t.date_end and t.timex != "DURATION" and self.dates_saying(t)), None)

    def now(self, time: TimeMention) -> date | None:
        """The day from which a time is counted back: that of the saying; "the past 48 hours" goes on with the speech begun before."""
        going_on = self.told_by and self.story and self.story.rule == "said" and time.timex == "DURATION"
        return self.said_on() or (self.story.end if going_on and self.story else self.published)


def date_event(
    trigger: Token,
    times: Sequence[TimeMention],
    told_by: Attribution | None,
    story: Interval | None,
    published: date | None,
    *,
    kind: str = "",
    elsewhere: bool = False,
) -> Interval:
    """The interval of the event of a kind that `trigger` tells. `times`: of its sentence; `told_by`: who says it; `story`: the last date
    told; `elsewhere`: does the sentence go to other places than the one that told it?"""
    own = [t for t in times if not (dates_the_page(t, trigger.doc, published) or only_ranks(trigger.doc, t, trigger))]
    event = _Event(trigger, own, told_by, story, published, kind, elsewhere)
    found = (rule(event) for rule in (_lasting, _own_time, _since_then, _gap, _saying, _untimed))
    return next((interval for interval in found if interval is not None), Interval())


def date_state(
    trigger: Token,
    times: Sequence[TimeMention],
    told_by: Attribution | None,
    story: Interval | None,
    published: date | None,
    *,
    history: bool = False,
) -> Interval:
    """The days on which a state held: those its clause names, else the day it is told of, else publication (guideline, dates).

    "the rebel-held town" is held as the report is written, whatever the day of the clause, unless all of it is long past. `history`: is the
    report as a whole about days long past? Then the story's day stands for publication.
    """
    event = _Event(trigger, [t for t in times if not dates_the_page(t, trigger.doc, published)], told_by, None, published)
    then = story.end if story else None
    now = (history and then) or published
    if (ended := _until(event)) is not None:
        return ended
    found = _own_time(event)
    if trigger.dep_ in ("amod", "compound", "acl", "nmod", "appos"):
        over = bool(found and published and found.end and published - found.end > RECENT)
        long_past = found and over and any(t.text == found.text and is_main(trigger.doc, t) for t in times)
        return found if found and long_past else Interval(now, now, None, "now")
    said = next((t for t in event.times if t.date_end and event.dates_saying(t)), None)
    if found is not None and found.end != now and event.tense == "present":
        return Interval(now, now, None, "now")  # "the caliphate declared a year ago in territory it controls"
    if found is not None:
        return found
    if said is not None:
        return Interval(said.date_start, said.date_end, said.text, "own")
    # in the news a state lasts to publication, whoever told of it the day before
    still = any(w.lower_ in _STILL for w in (*trigger.lefts, *finite_verb(trigger).children))
    told_then = not still and event.tense in ("past", "pluperfect") and then and (told_by or (published and published - then > DAY))
    return Interval(then, then, None, "story") if told_then else Interval(now, now, None, "now")


_STILL = ("still", "now", "currently", "remain", "remained")


def _until(event: _Event) -> Interval | None:
    """ "the town, which the rebels held until last week, is now …": it ended then."""
    past = (t for t in event.times if t.date_end and event.published and t.date_end < event.published)
    roots = ((t, root_of(event.doc, t)) for t in past)
    ended = (t for t, word in roots if word.head == event.trigger and case_of(word) in ("until", "till"))
    return next((Interval(t.date_start, t.date_end, t.text, "own") for t in ended), None)


def is_own(trigger: Token, times: Sequence[TimeMention], interval: Interval) -> bool:
    """Does the time that dates an event hang on its own word?"""
    return any(t.text == interval.text and clause_head(root_of(trigger.doc, t)) == trigger for t in times)


def _own_time(event: _Event) -> Interval | None:
    """ "were killed on Sunday"."""
    own = [t for t in event.own() if (t.date_start or t.date_end) and not _is_made_precise(t, event)]
    if not own:
        return None
    trigger = event.trigger
    nearest = min(own, key=lambda t: (t.date_start is None, steps(trigger, root_of(event.doc, t)), abs(t.start - trigger.idx)))
    start, end = _point(nearest) if _tells_of(trigger, nearest) else _seen_from(nearest, event)
    word = root_of(event.doc, nearest)
    if event.tense in ("perfect", "pluperfect", "") and start and (is_since(word, trigger) or _has_begun(event, word)):
        return Interval(start, event.said_on() or event.published, nearest.text, "since")
    under = after_of(trigger, word)
    if under is None or under.i < trigger.i < word.i:  # "after the fall of the town a week ago"
        return Interval(start, end, nearest.text, "own")
    return _some_time_before(under, end, nearest.text, event)


def _has_begun(event: _Event, time: Token) -> bool:
    """ "The offensive, launched on 3 May, has cost 40 lives": from its beginning on."""
    clause = clause_head(time)
    begun = clause.lemma_ in words("modality.yaml")["begins"] | {"launch"} and clause.dep_ in ("acl", "acl:relcl")
    return event.tense == "perfect" and begun and clause != event.trigger and clause.head in event.trigger.subtree


def _is_made_precise(time: TimeMention, event: _Event) -> bool:
    """ "recently, on 13 October", "two weeks later on 7 May": the day that follows is what is meant."""
    if any(c.isdigit() for c in time.text):
        return False
    after = (t for t in event.times if t.start >= time.end and t.date_start == t.date_end and any(c.isdigit() for c in t.text))
    return any(re.fullmatch(r",?\s*(?:on|of)?\s*(?:the)?\s*", text_of(event.doc)[time.end : t.start]) for t in after)


def _tells_of(trigger: Token, time: TimeMention) -> bool:
    """Does an event stand in a clause that says more of a time: "since July, when B took the road"?"""
    verb = finite_verb(trigger)
    between = text_of(trigger.doc)[time.end : verb.left_edge.idx]
    return root_of(trigger.doc, time) in ancestors(trigger) or (begins(verb, "when") and not between.strip(" ,"))


def _point(time: TimeMention) -> tuple[date | None, date | None]:
    """ "besieged since July, when B took the road": the road was taken in July itself, not from July on."""
    start, end = time.date_start, time.date_end
    if start is None or not re.fullmatch(r"\d{4}(-\d\d){0,2}", time.value or ""):
        return start, end
    after = {4: date(start.year + 1, 1, 1), 7: date(start.year + start.month // 12, start.month % 12 + 1, 1)}
    return start, after.get(len(time.value or ""), start + DAY) - DAY


def _seen_from(time: TimeMention, event: _Event) -> tuple[date | None, date | None]:
    """ "in the past two days", "since Wednesday", told on Friday and printed on Saturday, run to Friday."""
    now, start, end = event.now(time), time.date_start, time.date_end
    if now is None or start is None or end is None or end != event.published or now >= end or start > now or start == end:
        return start, end
    return (start - (end - now) if time.timex == "DURATION" else start), now


def _some_time_before(after: Token, end: date | None, text: str, event: _Event) -> Interval:
    """ "a day after the strikes", "hours after …", "after the strikes": how long before the time of the main clause?"""
    earlier = (t for t in event.times if t.timex == "DURATION" and t.end <= after.idx)
    gap = next((t for t in earlier if not text_of(event.doc)[t.end : after.idx].strip()), None)
    before = text_of(event.doc)[: after.idx].rstrip().lower()
    days = _days(gap) if gap else 0
    if days and end:
        return Interval(end - timedelta(days=days), end - timedelta(days=days), text, "after")
    if gap and end and (long_before := _months_gone(gap, end)):
        return Interval(*long_before, text, "after")
    if before.endswith(LONG):
        return Interval(None, end, text, "after")
    return Interval(end if before.endswith(("hours", "minutes")) else None, end, text, "earlier")


def _gap(event: _Event) -> Interval | None:
    """ "The strikes came a day after ten were killed", "took it back two days after it was seized": so long before the day of the story.
    "Two days after A fell, B was taken": so long after the day on which the story tells that A fell."""
    now = (event.story.end if event.story else None) or event.published
    for time in event.times:
        days, after = timedelta(days=_days(time)), _next_word(event.doc, time)
        if not now or after.lower_ != "after":
            continue
        under, told = after.head in (event.trigger, *ancestors(event.trigger)), _told_before(event, time, after, days)
        if under and not told and (long_before := _months_gone(time, now)):
            return Interval(*long_before, time.text, "after")
        if not days:
            continue
        day = told if told and under else now - days if under else told + days if told else None
        if day and (under or clause_head(after.head) in (event.trigger, *ancestors(event.trigger))):
            return Interval(day, day, time.text, "after")
    if now and any(_is_long_after(word, event) for word in event.trigger.sent):
        return Interval(None, event.published, None, "after")
    return None


def _is_long_after(word: Token, event: _Event) -> bool:
    """ "The advance came | days after air strikes killed ten": of the strikes no day is told, and they are not of that of the story."""
    told = word.lower_ == "after" and word.i > word.sent.start and word.nbor(-1).lower_ in LONG
    return told and word.head in (event.trigger, *ancestors(event.trigger)) and word.nbor(-1).i < event.trigger.i


def _months_gone(lapse: TimeMention, now: date) -> tuple[date, date] | None:
    """ "nine months after it was driven out", "a year after B took it": the month, or the year, so long before; None for other times."""
    found = re.fullmatch(r"P(\d+)([MY])", lapse.value or "")
    day = units_before({"M": "month", "Y": "year"}[found[2]], int(found[1]), now) if found else None
    if found is None or day is None:
        return None
    first = day.replace(day=1) if found[2] == "M" else day.replace(month=1, day=1)
    return first, month_end(first.year, first.month if found[2] == "M" else 12)


def _told_before(event: _Event, lapse: TimeMention, after: Token, days: timedelta) -> date | None:
    """The day of what stands under "after": as told there, or the day of the story where the sentence opens with the lapse."""
    below = {word.i for word in after.head.subtree}
    own = next((t for t in event.times if t.start > after.idx and t.date_end and root_of(event.doc, t).i in below), None)
    if own is not None:
        return own.date_end if own.date_start == own.date_end else None
    story, published = event.story, event.published
    opens = lapse.start <= event.trigger.sent.start_char + 6
    if not opens or story is None or story.end is None or story.start != story.end or published is None or story.end + days > published:
        return None
    return story.end


def _next_word(doc: Doc, time: TimeMention) -> Token:
    span = doc.char_span(time.start, time.end, alignment_mode="expand")
    last = span[-1] if span is not None else doc[0]
    return last.nbor() if last.i + 1 < len(doc) else last


def _since_then(event: _Event) -> Interval | None:
    """ "have intensified since rebels launched a campaign on 31 July", "the war, which began in 2011, has killed …": from then on."""
    if event.tense not in ("perfect", "pluperfect"):
        return None
    verb = finite_verb(event.trigger, event.cue)
    alone = next((c for c in verb.children if c.lower_ == "since" and c.dep_ == "advmod"), None)
    if alone is not None and not event.times and event.story and event.story.start:  # "have since arrived in Dovo"
        return Interval(event.story.start, event.published, None, "since")
    for time in event.times:
        if alone is not None and time.end <= alone.idx and time.date_start:  # "began in May, and has since taken A"
            return Interval(time.date_start, event.said_on() or event.published, time.text, "since")
        clause = clause_head(root_of(event.doc, time))
        joined = verb in (clause.head, clause.head.head) or (verb.dep_ == "conj" and verb.head == clause.head)
        war = event.kind in COUNTED and clause.lemma_ in words("modality.yaml")["begins"] and clause not in (event.trigger, verb)
        if (war or (begins(clause, "since") and joined)) and time.date_start and time.timex != "DURATION":
            return Interval(time.date_start, event.said_on() or event.published, time.text, "since")
    return None


def _saying(event: _Event) -> Interval | None:
    """ "said on Sunday that A had fallen": on that day or before."""
    said = next((t for t in event.times if (t.date_start or t.date_end) and event.dates_saying(t) and not _is_made_precise(t, event)), None)
    if said is None:
        return None
    if _is_news(event, said):
        return Interval(said.date_start, said.date_end, said.text, "own")
    so_then = event.tense in ("going on", "was going on") and said.date_start == said.date_end
    return Interval(said.date_start if so_then else None, said.date_end, said.text, "said")


def _is_news(event: _Event, said: TimeMention) -> bool:
    """ "On Sunday the group said 14 were killed", printed on Monday, "said today that 14 were killed": the news of that day."""
    if event.dates_talk(said):
        return False
    if event.cue is None or event.trigger.idx == event.cue[0] or (event.tense == "past" and said.text.lower().endswith("today")):
        return True
    framed = (
        event.tense == "past"
        and not re.search(r"\d", said.text)
        and said.start - event.trigger.sent.start_char < event.cue[0] - event.trigger.sent.start_char
    )
    fresh = event.published is not None and said.date_end is not None and event.published - said.date_end <= DAY
    return fresh and framed


def _lasting(event: _Event) -> Interval | None:
    """ "in just five days", "for nearly a week", "a three-week assault", "six days of shelling": up to the day of the telling."""
    own = list(event.own())
    for time in event.times:
        if time.timex != "DURATION" or time.date_end or _next_word(event.doc, time).lower_ == "after":
            continue
        word, days = root_of(event.doc, time), _days(time)
        if (first := _months_before(event, time, word)) is not None:
            return Interval(first, _end_of_lasting(event), time.text, "lasted")
        if days and (measures(word, event.trigger) or (in_clause(event.trigger, word) and cased(word, ("in", "within", "over", "for")))):
            if any(t.date_start and t.date_end and t.date_end - t.date_start >= max(RECENT, timedelta(days=days)) for t in own):
                return None  # "took it last month in four days": some time in that month
            if days == 1 or _counts_along(word):
                continue
            end = _last_day(event)
            if event.kind == "agreement" and event.trigger.dep_ != "nsubj":  # a truce of two days has them before it, until it "ended"
                return Interval(end, end and end + timedelta(days=days if "H" in (time.value or "") else days - 1), time.text, "lasted")
            return Interval(end and end - timedelta(days=days), end, time.text, "lasted")
    return None


def _counts_along(time: Token) -> bool:
    """ "the third bombing within a week", "the second aircraft in two days": one of several, which did not last so long."""
    return any(c.lower_ in words("numbers.yaml")["ordinals"] for c in time.head.children)


def _months_before(event: _Event, time: TimeMention, word: Token) -> date | None:
    """ "has besieged the town for six months": the day on which that began, None where it is no such time. "The first raid in two years"
    did not last so long, "for more than two years" names no day."""
    found, end = re.fullmatch(r"P(\d+)([MY])", time.value or ""), _end_of_lasting(event)
    unfinished = event.tense in ("perfect", "pluperfect", "going on", "was going on")
    vague = re.match(knowledge()["expressions"]["approximately"], time.text, re.IGNORECASE)
    ranks = any(
        t.lower_ in words("numbers.yaml")["ordinals"] or t.tag_ == "JJS"
        for t in event.doc[min(event.trigger.i, finite_verb(event.trigger).i) : word.i]
    )
    done = ("in", "within") if event.tense in ("perfect", "pluperfect") and not ranks else ()  # "have killed 300 in six months"
    if not found or vague or end is None or not unfinished or not (in_clause(event.trigger, word) and cased(word, ("for", "over", *done))):
        return None
    return units_before({"M": "month", "Y": "year"}[found[2]], int(found[1]), end)


def _end_of_lasting(event: _Event) -> date | None:
    """What "has" lasted does so as the report is written."""
    return (event.said_on() or event.published) if event.tense in ("perfect", "going on") else _last_day(event)


def _last_day(event: _Event) -> date | None:
    own = next((t.date_end for t in event.own() if t.date_end and t.timex != "DURATION"), None)
    story = event.story.end if event.story else None
    going_on = story is None or (event.published is not None and event.published - story <= RECENT)
    return own or event.said_on() or (event.published if going_on else story)


def _untimed(event: _Event) -> Interval:
    """The story's date goes on, where the tense lets it."""
    story, tense, published = event.story, event.tense, event.published
    if story is None or story.end is None:
        return Interval(None, published, None, "nothing told")
    if tense in ("present", "going on", "perfect"):
        return _now_told(event, story, story.end)
    past, one_day = story.end != published, story.start == story.end and story.rule != "heading"
    if event.told_by and past and tense == "pluperfect" and not _is_of_the_week(story):
        return Interval(None, story.end, None, tense)
    if _is_in_passing(event, tense):
        return Interval(None, published, None, "in passing")
    if _is_another_story(event, story, tense):
        return Interval(None, published, None, "elsewhere")
    if story.start and story.end - story.start > (RECENT if event.told_by and not past else NARROW):
        return Interval(None, published, None, "wide")
    if one_day and (event.kind in TERRITORY or (event.kind == "advance" and event.trigger.pos_ == "NOUN")):
        return Interval(None, story.end, None, "story")
    so_then = tense == "was going on" or (story.rule == "said" and event.told_by is None)  # not what was said before or on that day
    return Interval(story.end if so_then and past else story.start, story.end, None, "story")


def _is_another_story(event: _Event, story: Interval, tense: Tense) -> bool:
    """ "Two villages of the plain were shelled", after a raid on the capital on Monday: told of other places, an event has no day, but in
    the past tense of what is told today; nor have people on the move."""
    if event.kind in MOVES:
        return True
    if not event.elsewhere or (tense == "past" and story.end == event.published):
        return False
    told = finite_verb(event.trigger, event.cue).subtree
    return not any(t.lower_ in ONE_MORE and t.pos_ in ("ADJ", "DET") for t in told)  # "a further five died in Dovo": that day too


def _is_of_the_week(story: Interval) -> bool:
    """Is the story's day a day of the news, told by its weekday? A chronicle goes on from "3 June", and tells what had happened by then."""
    return story.rule == "own" and story.text is not None and not re.search(r"\d", story.text)


def _is_in_passing(event: _Event, tense: Tense) -> bool:
    """ "arms which they had seized", "families displaced by the war": what a noun is known by happened some time before."""
    known_by = finite_verb(event.trigger, event.cue).dep_ == "acl:relcl" and tense == "pluperfect"
    return known_by or (event.kind == "displacement" and event.trigger.dep_ in ("acl", "amod"))


def _now_told(event: _Event, story: Interval, end: date) -> Interval:
    """What is told in the present or the perfect, of the day of the telling: publication, or the day on which a speaker is quoted."""
    tense, today, one_day = event.tense, end == event.published, story.start == story.end
    if today and one_day and (tense == "going on" or (event.told_by and (tense == "present" or _is_suffered(event)))):
        return Interval(end, end, None, "story")
    if tense == "going on" and event.told_by and not today:
        return Interval(end, end, None, "story")
    quoted = event.told_by and one_day and event.published and event.published - end > DAY
    return Interval(None, end if quoted else event.published, None, tense)


def _is_suffered(event: _Event) -> bool:
    """ "have been killed"."""
    return is_passive(finite_verb(event.trigger, event.cue))


def day_told(
    sentence: Sequence[Token], times: Sequence[TimeMention], attributions: Sequence[Attribution], published: date | None
) -> Interval | None:
    """The day that the main clause of a sentence names, None where it names none: the story goes on from it, whatever was told of it."""
    for time in times:
        if time.date_end is None or not re.match(rf"{time.date_end}(?:T|$)", time.value or ""):
            continue
        word = root_of(sentence[0].doc, time)
        clause = clause_head(word)
        if clause.dep_ in ("root", "ROOT") and finite_verb(clause).tag_ == "VBD" and not dates_the_page(time, word.doc, published):
            said = any(a.cue and a.cue[0] <= clause.idx < a.cue[1] for a in attributions)
            return Interval(None if said else time.date_end, time.date_end, time.text, "said" if said else "told")
    return None


def _days(mention: TimeMention) -> int:
    """The days of a duration of hours, days or weeks, 0 for others."""
    found = re.fullmatch(r"PT?(\d+)([HDW])", mention.value or "")
    if not found:
        return 0
    count = int(found[1])
    return {"H": count // 24, "D": count, "W": count * 7}[found[2]]
