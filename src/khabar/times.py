"""Text or Doc, publication day → time mentions: TIMEX3 expressions, each with its value and the days it covers.

Here expressions are found, by the patterns of `knowledge/times.yaml`, and what is known at their place of the text goes along; what each
means is worked out in timevalues.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise, zip_longest

from khabar.doc import Doc, Token
from khabar.model import Report, TimeMention
from khabar.numerals import number_pattern
from khabar.timecontext import Context, Groups, Time, alternatives, knowledge, valid_day
from khabar.timevalues import resolve


@dataclass(frozen=True, slots=True)
class _Pattern:
    rule: str
    regex: re.Pattern[str]
    order: int


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rule: str
    groups: Groups = field(compare=False)


def find_times(source: Doc | str, report: Report) -> tuple[TimeMention, ...]:
    """The time expressions of a text in its order, resolved against `report.published`.

    >>> from datetime import date
    >>> [m] = find_times("They shelled the bridge on Sunday.", Report("r", "", published=date(2003, 3, 25)))
    >>> m.text, m.timex, m.value, m.date_start == m.date_end == date(2003, 3, 23)
    ('Sunday', 'DATE', '2003-03-23', True)
    """
    text = source.text if isinstance(source, Doc) else source
    other_words = _verbs_and_names(source) if isinstance(source, Doc) else frozenset()
    context = Context(report.published, narrative=_narrative(text, report.published))
    mentions: list[TimeMention] = []
    position, expressions = 0, _leftmost_longest(text)
    for found, following in zip_longest(expressions, expressions[1:]):
        if found.start in other_words or _is_other_word(found, text) or _is_title(found, text):
            continue
        if "\n" in text[position : found.start]:
            context.here = context.calendar_day = None
        position = found.end
        if following:
            _look_beside(context, text, found, following, source)
        _look_around(context, text, found, source)
        if following and _counts_from(found, text[found.end : following.start]):  # "the day before last Tuesday"
            origin = resolve(following.rule, following.groups, context)
            context.last = (origin.start, origin.end) if origin and origin.start and origin.end else context.last
        time = resolve(found.rule, found.groups, context)
        if time:
            time = time if found.rule == "part" else _bounded(time, context)
            _remember(time, found, context)
            mentions.append(_mention(time, found, text))
    return tuple(_joined(mentions, text))


_ON = re.compile(r"(?:\s?\([^()]*\))?,?\s*(?:on|of)\s+(?:the\s+)?|,?\s+")
_IN = re.compile(r",?\s+(?:in|on|from|between|during|throughout|over|until|till|to|ending|through)\s+(?:the\s+)?")
_APPOSED = re.compile(r",?\s+(?:(?:on|in|exactly|just)\s+)?")
_DAYS = ("calendar", "numeric", "ordinal", "weekday", "holiday")


def _look_beside(context: Context, text: str, found: _Found, following: _Found, source: Doc | str) -> None:
    """What the next expression tells of this one: of which day "dawn" is in "dawn on 3 May", of which year 3 May is in "a year ago, on 3
    May"; "three weeks in March" are not those before publication."""
    between = text[found.end : following.start]
    context.part_of = None
    context.placed = found.rule == "duration" and following.rule in (*_DAYS, "period", "year") and bool(_IN.fullmatch(between))
    if found.rule in ("part", "clock") and following.rule in _DAYS and _ON.fullmatch(between):
        _look_around(context, text, following, source)
        day = resolve(following.rule, following.groups, context)
        context.part_of = day.start if day and day.start == day.end else None
    yearless = [pair for pair in ((found, following), (following, found)) if _is_yearless(pair[0]) and pair[1].groups.get("unit") == "year"]
    if yearless and yearless[0][1].rule == "ago" and context.published and _APPOSED.fullmatch(between):
        ago = resolve("ago", yearless[0][1].groups, context)
        if ago and ago.start:
            yearless[0][0].groups["year"] = str(ago.start.year)


def _is_yearless(found: _Found) -> bool:
    return found.rule == "calendar" and not {"year", "whose", "relative"} & found.groups.keys()


def _counts_from(found: _Found, between: str) -> bool:
    return found.rule == "shifted" and found.groups.get("direction") in ("before", "after") and between.strip() in ("", "the")


_DATED = re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|November|December),? ([12]\d{3})\b")
_FROM_TODAY = re.compile(r"\b(?:today|yesterday|tomorrow|tonight|(?:on|last|next) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?! \d))\b")


def _narrative(text: str, published: date | None) -> date | None:
    """The first month of a story told long after ("On 2 July … In November 2012 …", written in 2023); None for news."""
    dated = [date(int(year), knowledge()["months"][month.lower()], 1) for month, year in _DATED.findall(text)]
    if len(dated) < 2 or published is None or _FROM_TODAY.search(text):  # one old month in the news is no story
        return None
    return dated[0] if max(day.year for day in dated) < published.year - 1 else None


def _mention(time: Time, found: _Found, text: str) -> TimeMention:
    return TimeMention(found.start, found.end, text[found.start : found.end], time.timex, time.value, time.start, time.end)


def _remember(time: Time, found: _Found, context: Context) -> None:
    if time.start and time.timex != "DURATION" and time.value[:1].isdigit():
        context.then = time.start
    if time.named and time.start and time.end:
        context.last, context.here = (time.start, time.end), time.end
        context.calendar_day = (
            time.end if found.rule in ("calendar", "numeric", "ordinal") else None if found.rule == "weekday" else context.calendar_day
        )
    if found.rule in ("weekday", "calendar") and time.end and not time.start and not context.future:  # "went on until Friday. That night …"
        context.last = time.end, time.end
    if time.start and found.rule == "quarter":
        context.quarter = time.start
    if time.start and found.groups.get("month") and (found.groups.get("year") or context.narrative):
        context.last_year, context.last_year_at = time.start, found.end
    elif context.last_year and time.start and found.rule in ("calendar", "shifted") and time.start.year == context.last_year.year:
        context.last_year_at = found.end


def _look_around(context: Context, text: str, found: _Found, source: Doc | str) -> None:
    context.before = text[max(0, found.start - 100) : found.start]
    context.after = text[found.end : found.end + 60]
    if found.start - context.last_year_at > 400 and not context.narrative:  # a year holds for a sentence or two, not for all of the news
        context.last_year = None
    context.far_from_year = found.start - context.last_year_at > 120
    ahead, above = _AHEAD.search(context.before), _above(found.start, source)
    verb = next((word for word in above if word.pos_ == "VERB"), None)
    bound = re.match("by|until|till", ahead[0].lower()) if ahead else None
    was = any(c.dep_ == "cop" and c.tag_ == "VBD" for word in above[:2] for c in word.children)  # "by Sunday they were gone"
    context.future = ahead is not None and not (bound and (was or (verb and _was_over(verb, bound[0]))))
    context.to_come = verb is not None and verb is above[0] and (_is_to_come(verb) or (bound is not None and _tells_ahead(verb)))


def _above(start: int, source: Doc | str) -> list[Token]:
    """The words that a time hangs on, the nearest first; without a parse nobody knows."""
    span = source.char_span(start, start + 1, alignment_mode="expand") if isinstance(source, Doc) else None
    return [*span.root.ancestors] if span is not None else []


def _was_over(verb: Token, bound: str) -> bool:
    """Had it happened "by Saturday", or gone on "until Saturday"? What was put off until a day is still to come."""
    helpers = [t for t in verb.children if t.dep_ in ("aux", "aux:pass")]
    if bound != "by":
        return any(t.lower_ == "had" for t in helpers) or (verb.tag_ == "VBD" and verb.lemma_ in knowledge()["lasting"])
    if _tells_ahead(verb):
        return False
    return verb.tag_ == "VBD" or (verb.tag_ == "VBN" and any(t.tag_ == "VBD" or t.lemma_ == "have" for t in helpers))


def _tells_ahead(verb: Token) -> bool:
    """ "By Friday, it said, it will shell the town"."""
    return any(c.dep_ == "ccomp" and any(t.lower_ in ("will", "would", "shall") for t in c.lefts) for c in verb.rights)


def _is_to_come(verb: Token) -> bool:
    """ "On Tuesday the army will withdraw", "plans to", "when the talks begin on Tuesday"."""
    helpers = [t for t in verb.children if t.dep_ in ("aux", "aux:pass", "cop")]
    if any(t.lower_ in ("will", "'ll", "’ll", "shall") for t in helpers):
        return True
    now = verb.tag_ in ("VBZ", "VBP") or (verb.tag_ in ("VBN", "VBG") and any(t.lower_ in ("is", "are") for t in helpers))
    awaited = verb.dep_ == "advcl" and any(t.lower_ in ("when", "once", "until", "before") for t in verb.lefts)
    return now and (awaited or verb.lemma_ in ("plan", "intend"))


# Words just before an expression that make it look ahead: "as early as Tuesday", "the army will withdraw on 3 June".
_AHEAD = re.compile(
    r"(?:\b(?:until|till|by|through|as early as|as soon as|payable|effective|starting|beginning)\s+(?:on\s+|at\s+)?|"
    r"\b(?:will|is to|are to|to be|due|scheduled|expected|plan(?:s|ned|ning)?|set to|set for|would)\b[^.,;\n]{0,100})$",
    re.IGNORECASE,
)


# --- finding ---


@cache
def _placeholders() -> dict[str, str]:
    tables = knowledge()
    number = number_pattern()
    return {
        "weekday": rf"(?P<weekday>{alternatives(tables['weekdays'])})\b\.?(?<!day\.)",
        "month": rf"(?P<month>{alternatives(tables['months'])})\b",
        "part": f"(?P<part>{alternatives(tables['parts'])})",
        "season": f"(?P<season>{alternatives(tables['seasons'])})",
        "unit": f"(?P<unit>{alternatives(tables['units'])})s?",
        "count": f"(?P<count>{alternatives(tables['vague_numbers'] + tables['two'] + tables['one'])}|{number})",
        "relative": "(?P<relative>last|next|this past|this|current|previous|following|coming|past)",
        "stage": f"(?P<stage>{alternatives(tables['stages'])})",
        "dayword": f"(?P<dayword>{alternatives(tables['days'])})",
        "reference": f"(?P<reference>{alternatives(tables['references'])})",
        "setword": f"(?P<setword>{alternatives(tables['sets'])})",
        "holiday": f"(?P<holiday>{alternatives(tables['holidays'])})",
        "feast": f"(?P<feast>{alternatives(tables['feasts'])})",
        **{name: f"(?P<{name}>{tables['expressions'][name]})" for name in ("year", "day", "clock", "spelt")},
        "dash": tables["expressions"]["dash"],
        "approximately": tables["expressions"]["approximately"],
    }


def _expand(pattern: str) -> str:
    """A pattern with its {lists} filled in; {day2} is {day} under the name day2."""

    def fill(match: re.Match[str]) -> str:
        name, digit = match[1], match[2]
        body = _placeholders()[name]
        return body.replace(f"(?P<{name}>", f"(?P<{name}{digit}>") if digit else body

    filled = re.sub(r"\{([a-z]+)(\d?)\}", fill, pattern)
    return filled.replace(" ", r"\s+").replace(r"\s+?", r"\s*").replace("~", r"[\s-]+").replace(r"[\s+", r"[\s")


_NO_WORD = r"(?<![\w$€£])"  # before a time


@cache
def _patterns() -> tuple[_Pattern, ...]:
    rows = knowledge()["patterns"]
    return tuple(
        _Pattern(row["rule"], re.compile(rf"{_NO_WORD}(?:{_small(_expand(row['pattern']))})(?!\w)"), order)
        for order, row in enumerate(rows)
    )


@cache
def _openings() -> re.Pattern[str]:
    """Where one of the patterns may fit: one look at each word instead of one for each pattern. What a group has again is any mark."""
    bodies = (re.sub(r"\(\?P<\w+>", "(?:", re.sub(r"\(\?P=\w+\)", r"\\W", p.regex.pattern.removeprefix(_NO_WORD))) for p in _patterns())
    return re.compile(f"{_NO_WORD}(?={'|'.join(bodies)})")


def _matches(text: str) -> Iterator[tuple[_Pattern, re.Match[str]]]:
    """What `finditer` gives for each pattern, all together."""
    ends = [0] * len(_patterns())
    for opening in _openings().finditer(text):
        for pattern in _patterns():
            if opening.start() >= ends[pattern.order] and (match := pattern.regex.match(text, opening.start())):
                ends[pattern.order] = match.end()
                yield pattern, match


def _small(pattern: str) -> str:
    """A pattern for small letters: half the time of one that ignores case. Escapes and names of groups stay as they are."""
    return re.sub(r"(\\.|\(\?P[<=]\w+)|([A-Z])", lambda part: part[1] or part[2].lower(), pattern)


def in_small_letters(text: str) -> str:
    """A text for patterns of small letters, each letter where it was: the one whose small form is two would move offsets."""
    return text.replace("İ", "i").lower()


def _leftmost_longest(text: str) -> list[_Found]:
    text = in_small_letters(text)
    matches = [(m.start(), -m.end(), p.order, p, m) for p, m in _matches(text)]
    found: list[_Found] = []
    for start, _, _, pattern, overlapping in sorted(matches, key=lambda row: row[:3]):
        free = found[-1].end if found else 0
        match = overlapping if start >= free else pattern.regex.search(text, free, overlapping.end())  # "two weeks | later on 7 May"
        if match and match.end() == overlapping.end():
            groups = {name: value for name, value in match.groupdict().items() if value} | {"text": match[0]}
            found.append(_Found(match.start(), match.end(), pattern.rule, groups))
    return found


def _verbs_and_names(doc: Doc) -> frozenset[int]:
    """Starts of the words that only look like times: "may strike", "they march"; "soon" of what is over, which is no time to come."""
    verbs = (t.idx for t in doc if t.pos_ in ("AUX", "VERB") and t.lower_ in knowledge()["ambiguous"])
    return frozenset((*verbs, *(t.idx for t in doc if t.lower_ == "soon" and _is_over(t.head))))


def _is_over(verb: Token) -> bool:
    """ "was soon released", "soon became"."""
    return verb.tag_ == "VBD" or any(c.dep_ in ("aux", "aux:pass", "cop") and c.lower_ in ("was", "were", "had") for c in verb.children)


def _is_title(found: _Found, text: str) -> bool:
    """ "This Week", "60 Minutes" in quotes: what a programme is called."""
    words = text[found.start : found.end]
    quoted = text[: found.start].endswith(("“", '"', "``", "''")) and re.match(r"[.,]?(?:”|\"|'')", text[found.end : found.end + 3])
    return bool(quoted) and " " in words and words.istitle()


def _is_other_word(found: _Found, text: str) -> bool:
    """True for "may", "march", "sat" … that are no month or weekday: lower case, or bare with no word before them that calls for a time."""
    word = found.groups.get("month") or found.groups.get("weekday") or ""
    numbered = found.groups.get("day") or found.groups.get("year") or found.groups.get("clock")
    if word in knowledge()["only_beside_a_number"] and not numbered:
        return True
    if word not in knowledge()["ambiguous"] or numbered:
        return False
    written = re.search(rf"\b{word}\b", text[found.start : found.end], re.IGNORECASE)
    if written and written[0].islower():
        return True
    if found.end - found.start > len(word):
        return False
    if re.match(r" of (?:the )?[A-Z]", text[found.end :]):  # "the Great March of Return"
        return True
    before = re.findall(r"[a-z]+", text[max(0, found.start - 20) : found.start].lower())
    return not (before and before[-1] in knowledge()["before_month"])


# --- intervals that the words around an expression change ---


def _bounded(time: Time, context: Context) -> Time:
    """What stands before: "since X": from X to publication. "by X", "until X": up to X. "before X": up to the day before X; but "before
    dawn on Friday", "by Monday night" are of that day."""
    if time.timex == "DURATION" or not time.start or not time.end:
        return time
    before = re.search(
        r"\b(since|ever since|until|till|by|no later than|not later than|(?<!day )before|prior to)\s+"
        r"(?:at least\s+|around\s+|about\s+|on\s+|the\s+)?$",
        context.before,
        re.IGNORECASE,
    )
    if not before:
        return time
    word = before[1].lower()
    if word.endswith("since"):
        return replace(time, end=context.published if context.published and context.published >= time.start else None)
    if re.search(r"\dT" if word in ("before", "by") else r"T\d", time.value):
        return time
    return replace(time, start=None, end=time.start - timedelta(days=1) if word in ("before", "prior to") else time.end)


def _joined(mentions: list[TimeMention], text: str) -> list[TimeMention]:
    """Gives both ends of "from March to June 2015", "between 3 May and 5 June" the whole interval; the words stay two mentions."""
    for i, (left, right) in enumerate(pairwise(mentions[:])):
        between = text[left.end : right.start].strip().lower()
        opened = re.search(r"\b(from|between)\s+(?:late\s|early\s)?$", text[max(0, left.start - 15) : left.start], re.IGNORECASE)
        dashed = between in ("–", "—", "-")
        if not (dashed or (opened and between in ("to", "until", "till", "and", "through")) or _goes_on(left, right, between)):
            continue
        if left.timex not in ("DATE", "TIME") or right.timex not in ("DATE", "TIME") or not right.date_end or not left.date_start:
            continue
        start = _same_year(left, right)
        if start and opened and start > right.date_end and re.search(r"day\b", left.text, re.IGNORECASE):
            start -= timedelta(days=7)  # "between Friday and Monday", printed on a Friday
        if start and start <= right.date_end:
            mentions[i] = replace(left, date_start=start, date_end=right.date_end)
            mentions[i + 1] = replace(right, date_start=start, date_end=right.date_end)
    return mentions


def _goes_on(left: TimeMention, right: TimeMention, between: str) -> bool:
    """ "on Thursday and Friday", "which began on Saturday and went on into Sunday", "in 2013 and 2014": with nothing between the two."""
    joined = re.fullmatch(r"(?:and|and (?:continued|lasted|went on)(?: (?:to|on|into|through|until))?)(?: on)?", between)
    days = (left.date_start, left.date_end, right.date_start)
    if not joined or None in days or not (left.date_end and right.date_start):
        return False
    if left.date_start != left.date_end and not _is_alike(left.value, right.value):
        return False
    return timedelta(0) < right.date_start - left.date_end <= timedelta(days=1)


def _is_alike(left: str | None, right: str | None) -> bool:
    """Are both years, or both months?"""
    return bool(left and right and len(left) == len(right) and re.fullmatch(r"\d{4}(-\d\d)?", left))


def _same_year(left: TimeMention, right: TimeMention) -> date | None:
    """The start of a range whose year stands only at its end: "from March to June 2015"."""
    start, end = left.date_start, right.date_end
    if not (start and end and not re.search(r"\d{4}", left.text) and re.search(r"\d{4}", right.text)):
        return start
    in_year = valid_day(end.year, start.month, start.day)
    return in_year if in_year and in_year <= end else valid_day(end.year - 1, start.month, start.day)
