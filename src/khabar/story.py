"""A report sentence by sentence → the place, the days and the acts told so far, and the days of a claim that leaves them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from khabar.clauses import ancestors, children
from khabar.dating import date_event, date_state, day_told, is_own
from khabar.intervals import Interval, dates_the_page, is_background
from khabar.lexicon import words
from khabar.model import Attribution, Claim, Modality, Participant, Place, PlaceMention, Section, Speaker, TimeMention
from khabar.rules import Rule
from khabar.scene import Scene
from khabar.tablerows import Row, numeric_day, row_at, rows_of

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence
    from khabar.doc import Token

STATES = ("control_state",)  # "control_state 'now': publication day" (guideline, dates)
MODIFIERS = ("siege",)  # "the besieged town": besieged as the report is written
LONG = timedelta(days=90)  # modality on claims_train is flat from 70 to 120
ENTRIES, LONGEST_ENTRY = 3, 3  # so many dated sentences make a chronology; sentences of an entry
AFTER_DAY = r"[\s.,;:]*(?:(?:at )?\d\d?[:.h]\d\d\W*(?:hrs|hours|[ap]\.?m\.?|GMT|UTC)?)?"  # a clock time after the day in a cell
SEVERAL = 2  # days named: a report of one day tells one story
Day = date  # by another name: Story has a date of its own
GOES_ON = ("own", "said", "told")  # what dated an event from whose days the story goes on


@dataclass
class Story:
    """What has been told so far: place and days of the last event, the coalition spoken of, the last act of violence, and the doer of
    the last act of each kind (None where the last one was told without)."""

    place: Place | None = None
    outside: Place | None = None  # the same, as it was before a table: what a row does not place, the row above does not
    date: Interval | None = None
    dated_in: Sentence | None = None  # the sentence that told the date
    entry: Interval | None = None  # the days of the entry of a chronology
    body: Participant | None = None
    violence: str | None = None
    doers: dict[str, Participant | None] = field(default_factory=dict)
    section: Section | None = None
    opening: bool = True
    news: Day | None = None  # the day of the news: publication, or that of a lead which tells of a day long before it
    basis: dict[str, str] = field(default_factory=dict)  # what dated each claim
    seen: set[tuple[object, ...]] = field(default_factory=set)
    tellers: set[tuple[Speaker, ...]] = field(default_factory=set)  # the chains by which violence was told

    def goes_on(self, when: Interval, sentence: Sentence) -> None:
        """From here on the story is of these days, which this sentence tells."""
        self.date, self.dated_in = when, sentence

    def is_elsewhere(self, sentence: Sentence, scene: Scene) -> bool:
        """Has the report, one of several days, gone to other places than those of the sentence that told the story's date?

        Not in the next sentence, nor where it names none: that tells more of the same.
        """
        if self.dated_in is None or sentence.start <= self.dated_in.end or scene.days_named < SEVERAL:
            return False
        here = scene.places_named(sentence)
        return bool(here) and not here & scene.places_named(self.dated_in)


def heading_days(section: Section, scene: Scene) -> Interval | None:
    """ "23–24 August" on a line of its own: the days of what stands under it, until the next such line."""
    heading = scene.report.text[section.start : section.end].strip(" \n:–—-")
    time = next((t for t in scene.times if t.start >= section.start and t.text == heading), None)
    if time is None or time.start >= section.end or dates_the_page(time, scene.doc, scene.report.published):
        return None
    days = Interval(time.date_start, time.date_end, time.text, "heading")
    return days if time.date_start and time.date_end and is_short(days) else None


def entries(sentences: Iterable[Sentence], scene: Scene) -> dict[int, Interval]:
    """By the first word of each sentence within an entry of a chronology, "March 1 2012 Rebels seize A. Ten men die.", its days; none where
    fewer than three sentences open one. An entry ends with its line, and where lines are lost with its third sentence."""
    found: dict[int, Interval] = {}
    opened, told, last_end, days = 0, 0, 0, None
    for sentence in sentences:
        if opens := _entry_days(sentence, scene):
            opened, told, days = opened + 1, 0, opens
        elif told >= LONGEST_ENTRY or "\n" in scene.report.text[last_end : sentence.start_char]:
            days = None
        if days:
            found[sentence.start] = days
        told, last_end = told + 1, sentence.start_char + len(sentence.text.rstrip())
    return found if opened >= ENTRIES else {}


def row_days(sentences: Iterable[Sentence], scene: Scene) -> dict[int, Interval]:
    """By the first word of each sentence within a row of a table, the days that a cell of the row tells alone."""
    text, times = scene.report.text, {time.start: time for time in scene.times}
    days = {row.start: day for row in rows_of(text) if (day := _day_alone(row, times, text))}
    rows = ((sentence, row_at(text, sentence.start_char)) for sentence in (sentences if days else ()))
    return {sentence.start: days[row.start] for sentence, row in rows if row is not None and row.start in days}


def _day_alone(row: Row, times: Mapping[int, TimeMention], text: str) -> Interval | None:
    if in_numbers := numeric_day(text, row):  # "01/06/2021", of which the other rows tell the order
        day, words = in_numbers
        return Interval(day, day, words, "entry")
    alone = (t for start, end in row.cells if (t := times.get(start)) and re.fullmatch(AFTER_DAY, text[t.end : end]))
    return next((Interval(t.date_start, t.date_end, t.text, "entry") for t in alone if t.date_start and t.date_end), None)


_AFTER_YEAR = r"[:,]?[ \n]+[A-Z]"
_AFTER_DAY = r"(?::| ?[–—-])[ \n]+[A-Z]"


def _entry_days(sentence: Sentence, scene: Scene) -> Interval | None:
    first = sentence.start_char
    time = next((t for t in scene.times if t.start == first and re.search(r"\d", t.text)), None)
    if time is None or not re.match(_AFTER_YEAR if re.search(r"[12]\d{3}$", time.text) else _AFTER_DAY, scene.report.text[time.end :]):
        return None
    if time.date_start is None or time.date_end is None or dates_the_page(time, scene.doc, scene.report.published):
        return None
    return Interval(time.date_start, time.date_end, time.text, "entry")


def day_of_news(lead: Sequence[Claim], published: date | None) -> date | None:
    """ "On 12 August the army crossed the river", printed on the 29th: what goes on from there is the news, and no background to it."""
    last = max((c.date_end for c in lead if c.date_end), default=published)
    return last if last and published and is_background(Interval(None, last), published) else published


def goes_on_from(sentence: Sentence, scene: Scene, attributions: Sequence[Attribution], story: Story) -> Interval | None:
    """The day that a sentence names for what no rule tells: the story goes on from it, unless it looks back."""
    times = [t for t in scene.times if sentence.start_char <= t.start < sentence.end_char]
    day = day_told(list(sentence), times, attributions, scene.report.published) if times else None
    return day if day and leads_on(day, scene, story) else None


def leads_on(when: Interval, scene: Scene, story: Story) -> bool:
    """Does a story go on from these days: not long ones, nor, in the news, those of more than a week ago?"""
    return is_short(when) and when.rule in GOES_ON and (scene.history or story.opening or not is_background(when, story.news))


def is_short(when: Interval) -> bool:
    """Can a story go on from these days? From a month, not from "since 2011"."""
    return when.start is None or when.end is None or when.end - when.start <= timedelta(days=31)


def days_of(
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
    elsewhere = story.is_elsewhere(sentence, scene)
    found = date_event(token, times, told_by, story.date, published, kind=rule.kind, elsewhere=elsewhere)
    if (not found.text or found.rule == "since") and is_of_beginning(token):
        own = next((t for t in times if t.text == found.text), None)  # "killed since the war began in 2011 with protests"
        first, last = (own.date_start, own.date_end) if own else (scene.war_began, scene.war_began or published)
        return Interval(first, last, found.text, "war began")
    # a noun that is called for or aimed at is more often an event under way ("an end to the fighting": 17 of 23 on claims_train)
    to_come = modality == "predicted" or (modality == "planned" and (token.pos_ == "VERB" or found.rule == "said"))
    if to_come and not (found.text and found.rule != "lasted" and is_own(token, times, found)):
        return Interval(rule="to come")
    return _within_entry(found, story.entry)


def _within_entry(found: Interval, entry: Interval | None) -> Interval:
    """ "12 May 2012: Rebels take A. Ten men die": what an entry of a chronology does not date otherwise was so on its days."""
    if entry is None or found.text not in (None, entry.text):
        return found
    return replace(found, rule="entry") if found.text else Interval(entry.start, entry.end, None, "entry")


def is_of_beginning(trigger: Token) -> bool:
    """ "The war began when the army fired on marchers", "the conflict, which began with protests": is it told of how a war began?"""
    for verb in ancestors(trigger):
        begun = verb.lemma_ in words("modality.yaml")["begins"] and verb.tag_ in ("VBD", "VBN")
        about = [*children(verb, "nsubj"), *([verb.head] if verb.dep_ in ("acl", "acl:relcl") else [])]
        if begun and any(w.lemma_.lower() in words("nouns.yaml")["war"] and w != trigger for w in about):
            return True
    return False


def is_of_other_days(rule: Rule, when: Interval, scene: Scene, sentence: Sentence) -> bool:
    """ "The war began in 2011 with protests", told after a raid of yesterday: an event that its own sentence dates long before the news did
    not happen where the story stands, unless the sentence points there ("the town was shelled in 2013")."""
    dated = when.text is not None and when.end is not None and is_long_ago(when.end, scene)
    if rule.kind in STATES or not (dated or when.rule == "war began"):
        return False
    pointing = (m for m in scene.mentions if isinstance(m, PlaceMention) and m.form == "reference")
    return not (any(sentence.start_char <= m.start < sentence.end_char for m in pointing) or any(scene.points_here(t) for t in sentence))


def is_long_ago(start: date | None, scene: Scene) -> bool:
    """Is a toll counted from long before publication: "since 2011"?"""
    return bool(start and scene.report.published and not scene.history and scene.report.published - start > LONG)
