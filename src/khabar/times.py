"""Text or Doc, publication day → time mentions: TIMEX3 expressions, each with its value and the days it covers.

Words and patterns stand in `knowledge/times.yaml`; here each pattern's rule works out value and interval. Days count from publication, or,
in a narrative with dates of its own, from the last date named. With neither, the interval is (None, None) and the value has X for what
is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import yaml
from spacy.tokens import Doc

from khabar.model import Report, TimeMention, Timex
from khabar.numerals import number_pattern, parse_number

Groups = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Time:
    """What an expression means. `named`: a day that later expressions ("the next day", "overnight") count from."""

    timex: Timex
    value: str
    start: date | None = None
    end: date | None = None
    named: bool = False


@dataclass(slots=True)
class _Context:
    """What is known at one place of the text: the day of publication, the last date named in this paragraph, the words around."""

    published: date | None
    before: str = ""
    after: str = ""
    last: tuple[date, date] | None = None
    here: date | None = None
    calendar_day: date | None = None
    last_year: date | None = None
    last_year_at: int = 0
    quarter: date | None = None
    future: bool = False
    narrative: date | None = None

    @property
    def day(self) -> date | None:
        """The day that "at dawn" belongs to: the last one named in the paragraph, or else publication."""
        return self.here or self.published

    @property
    def named_day(self) -> date | None:
        """The day that "the same day" and "hours earlier" mean: the last one named at all."""
        return self.last[1] if self.last else self.published


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
    context = _Context(report.published, narrative=_narrative(text, report.published))
    mentions: list[TimeMention] = []
    position = 0
    for found in _leftmost_longest(text):
        if found.start in other_words or _is_other_word(found, text):
            continue
        if "\n" in text[position : found.start]:
            context.here = context.calendar_day = None
        position = found.end
        _look_around(context, text, found)
        time = _RULES[found.rule](found.groups, context)
        if time:
            time = _bounded(time, context)
            _remember(time, found, context)
            mentions.append(_mention(time, found, text))
    return tuple(_joined(mentions, text))


_DATED = re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|November|December),? ([12]\d{3})\b")
_FROM_TODAY = re.compile(r"\b(?:today|yesterday|tomorrow|tonight|(?:on|last|next) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?! \d))\b")


def _narrative(text: str, published: date | None) -> date | None:
    """The first month of a story told long after ("On 2 July … In November 2012 …", written in 2023); None for news."""
    dated = [date(int(year), _knowledge()["months"][month.lower()], 1) for month, year in _DATED.findall(text)]
    if not dated or published is None or _FROM_TODAY.search(text):
        return None
    return dated[0] if max(day.year for day in dated) < published.year - 1 else None


def _mention(time: _Time, found: _Found, text: str) -> TimeMention:
    return TimeMention(found.start, found.end, text[found.start : found.end], time.timex, time.value, time.start, time.end)


def _remember(time: _Time, found: _Found, context: _Context) -> None:
    if time.named and time.start and time.end:
        context.last, context.here = (time.start, time.end), time.end
        context.calendar_day = (
            time.end if found.rule in ("calendar", "numeric") else None if found.rule == "weekday" else context.calendar_day
        )
    if time.start and found.rule == "quarter":
        context.quarter = time.start
    if time.start and found.groups.get("month") and (found.groups.get("year") or context.narrative):
        context.last_year, context.last_year_at = time.start, found.end
    elif context.last_year and time.start and found.rule == "calendar" and time.start.year == context.last_year.year:
        context.last_year_at = found.end


def _look_around(context: _Context, text: str, found: _Found) -> None:
    context.before = text[max(0, found.start - 60) : found.start]
    context.after = text[found.end : found.end + 60]
    if found.start - context.last_year_at > 400 and not context.narrative:  # a year holds for a sentence or two, not for all of the news
        context.last_year = None
    context.future = bool(_AHEAD.search(context.before))


_UNTIL = re.compile(r"\b(?:until|till|as early as|as soon as|postponed to|delayed to)\s+(?:on\s+|at\s+)?$", re.IGNORECASE)
# Words just before an expression that make it look ahead: "as early as Tuesday", "the army will withdraw on 3 June".
_AHEAD = re.compile(
    r"(?:\b(?:until|till|by|as early as|as soon as|payable|effective|starting|beginning)\s+(?:on\s+|at\s+)?|"
    r"\b(?:will|is to|are to|due|scheduled|expected|plan(?:s|ned)? to|set to|planned for|set for|would)\b[^.,;\n]{0,45})$",
    re.IGNORECASE,
)


# --- finding ---


@cache
def _knowledge() -> dict[str, Any]:
    text = resources.files("khabar").joinpath("knowledge/times.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


@cache
def _placeholders() -> dict[str, str]:
    tables = _knowledge()
    number = number_pattern()
    return {
        "weekday": rf"(?P<weekday>{_alternatives(tables['weekdays'])})\b\.?(?<!day\.)",
        "month": rf"(?P<month>{_alternatives(tables['months'])})\b",
        "part": f"(?P<part>{_alternatives(tables['parts'])})",
        "season": f"(?P<season>{_alternatives(tables['seasons'])})",
        "unit": f"(?P<unit>{_alternatives(tables['units'])})s?",
        "count": f"(?P<count>{_alternatives(tables['vague_numbers'] + tables['two'] + tables['one'])}|{number})",
        "relative": "(?P<relative>last|next|this past|this|current|previous|following|coming|past)",
        "stage": f"(?P<stage>{_alternatives(tables['stages'])})",
        "dayword": f"(?P<dayword>{_alternatives(tables['days'])})",
        "reference": f"(?P<reference>{_alternatives(tables['references'])})",
        "setword": f"(?P<setword>{_alternatives(tables['sets'])})",
        **{name: f"(?P<{name}>{tables['expressions'][name]})" for name in ("year", "day", "clock")},
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


@cache
def _patterns() -> tuple[_Pattern, ...]:
    rows = _knowledge()["patterns"]
    return tuple(
        _Pattern(row["rule"], re.compile(rf"(?<![\w$€£])(?:{_expand(row['pattern'])})(?!\w)", re.IGNORECASE), order)
        for order, row in enumerate(rows)
    )


def _leftmost_longest(text: str) -> list[_Found]:
    matches = [(m.start(), -m.end(), p.order, p.rule, m) for p in _patterns() for m in p.regex.finditer(text)]
    found: list[_Found] = []
    for start, negative_end, _, rule, match in sorted(matches, key=lambda row: row[:3]):
        if not found or start >= found[-1].end:
            groups = {name: value.lower() for name, value in match.groupdict().items() if value} | {"text": match[0].lower()}
            found.append(_Found(start, -negative_end, rule, groups))
    return found


def _verbs_and_names(doc: Doc) -> frozenset[int]:
    """Starts of the words that only look like times: "may strike", "they march", "second" as an ordinal of other things."""
    return frozenset(t.idx for t in doc if t.pos_ in ("AUX", "VERB") and t.lower_ in _knowledge()["ambiguous"])


def _is_other_word(found: _Found, text: str) -> bool:
    """True for "may", "march", "sat" … that are no month or weekday: lower case, or bare with no word before them that calls for a time."""
    word = found.groups.get("month") or found.groups.get("weekday") or ""
    numbered = found.groups.get("day") or found.groups.get("year") or found.groups.get("clock")
    if word in _knowledge()["only_beside_a_number"] and not numbered:
        return True
    if word not in _knowledge()["ambiguous"] or numbered:
        return False
    written = re.search(rf"\b{word}\b", text[found.start : found.end], re.IGNORECASE)
    if written and written[0].islower():
        return True
    if found.end - found.start > len(word):
        return False
    before = re.findall(r"[a-z]+", text[max(0, found.start - 20) : found.start].lower())
    return not (before and before[-1] in _knowledge()["before_month"])


# --- intervals that the words around an expression change ---


def _bounded(time: _Time, context: _Context) -> _Time:
    """What stands before: "since X": from X to publication. "by X", "until X": up to X. "before X": up to the day before X."""
    if time.timex == "DURATION" or not time.start or not time.end:
        return time
    before = re.search(
        r"\b(since|ever since|until|till|by|before|prior to)\s+(?:at least\s+|around\s+|about\s+|on\s+|the\s+)?$",
        context.before,
        re.IGNORECASE,
    )
    if not before:
        return time
    word = before[1].lower()
    if word.endswith("since"):
        return replace(time, end=context.published if context.published and context.published >= time.start else None)
    if word in ("before", "prior to"):
        return replace(time, start=None, end=time.start - timedelta(days=1))
    return replace(time, start=None)


def _joined(mentions: list[TimeMention], text: str) -> list[TimeMention]:
    """Gives both ends of "from March to June 2015", "between 3 May and 5 June" the whole interval; the words stay two mentions."""
    for i, (left, right) in enumerate(pairwise(mentions[:])):
        between = text[left.end : right.start].strip().lower()
        opened = re.search(r"\b(from|between)\s+(?:late\s|early\s)?$", text[max(0, left.start - 15) : left.start], re.IGNORECASE)
        dashed = between in ("–", "—", "-")
        if not (dashed or (opened and between in ("to", "until", "till", "and", "through"))):
            continue
        if left.timex not in ("DATE", "TIME") or right.timex not in ("DATE", "TIME") or not right.date_end or not left.date_start:
            continue
        start = _same_year(left, right)
        if start and start <= right.date_end:
            mentions[i] = replace(left, date_start=start, date_end=right.date_end)
            mentions[i + 1] = replace(right, date_start=start, date_end=right.date_end)
    return mentions


def _same_year(left: TimeMention, right: TimeMention) -> date | None:
    """The start of a range whose year stands only at its end: "from March to June 2015"."""
    start, end = left.date_start, right.date_end
    if start and end and not re.search(r"\d{4}", left.text) and re.search(r"\d{4}", right.text):
        start = _day(end.year, start.month, start.day)
        return (
            start if start and start <= end else _day(end.year - 1, left.date_start.month, left.date_start.day) if left.date_start else None
        )
    return start


# --- calendar arithmetic ---


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def _months_back(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _count(words: str) -> float | None:
    """How many units: None where the words do not say ("several")."""
    tables = _knowledge()
    if words in tables["one"]:
        return 1
    if words in tables["two"]:
        return 2
    return None if words in tables["vague_numbers"] else parse_number(words)


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _stage(stage: str | None, start: date, end: date) -> tuple[date, date]:
    """Early, mid and late month: 1–10, 11–20, 21–end; of a longer time its thirds."""
    third: int | None = _knowledge()["stages"].get(stage) if stage else None
    if not third:
        return start, end
    days = (end - start).days + 1
    if days <= 31 and start.day == 1:
        bounds = [(start, start + timedelta(9)), (start + timedelta(10), start + timedelta(19)), (start + timedelta(20), end)]
        return bounds[third - 1]
    if days > 360:
        months = [(1, 4), (5, 8), (9, 12)][third - 1]
        return date(start.year, months[0], 1), _month_end(start.year, months[1])
    return start + timedelta(days * (third - 1) // 3), start + timedelta(days * third // 3 - 1)


# --- rules: one for each kind of expression; None where the words are no time after all ---


def _calendar(g: Groups, c: _Context) -> _Time | None:
    month = _knowledge()["months"][g["month"]]
    if "day" not in g:
        return _calendar_month(g, month, c)
    year = int(g["year"]) if "year" in g else _year_of(month, _number(g["day"]), c)
    if year is None:
        return _Time("DATE", f"XXXX-{month:02}-{_number(g['day']):02}")
    start = _day(year, month, _number(g["day"]))
    if start is None:
        return None
    if "day2" in g:
        end = _day(year, month, _number(g["day2"]))
        return _Time("DATE", f"{start}/{end}", start, end, named=True) if end and end > start else None
    night = "TNI" if g.get("night") else ""
    return _Time("TIME" if night else "DATE", f"{start}{night}", start, start, named=True)


def _calendar_month(g: Groups, month: int, c: _Context) -> _Time:
    year = int(g["year"]) if "year" in g else _year_of_month(g, month, c)
    if year is None:
        return _Time("DATE", f"XXXX-{month:02}")
    start, end = _stage(g.get("stage"), date(year, month, 1), _month_end(year, month))
    return _Time("DATE", f"{year}-{month:02}", start, end)


def _year_of_month(g: Groups, month: int, c: _Context) -> int | None:
    relative, whose = g.get("relative"), g.get("whose")
    if c.published and whose:
        return c.published.year + {"last": -1, "this": 0, "next": 1}[whose]
    if c.published and relative in ("last", "past", "this past", "previous"):
        return c.published.year - (month >= c.published.month)
    if c.published and relative in ("next", "coming"):
        return c.published.year + (month <= c.published.month)
    if c.published and relative == "this":
        return c.published.year
    return _year_of(month, 1, c, exact=False)


def _year_of_story(month: int, last: date | None, first: date) -> int:
    """A story goes on from the month told last; before one is told with its year, it runs up to that."""
    return last.year + (last.month - month > 6) if last else first.year - (month > first.month)


def _year_of(month: int, day: int, c: _Context, *, exact: bool = True) -> int | None:
    """The year of a day that names none: nearest before publication, but of the narrative where its paragraph names one."""
    if c.narrative:
        return _year_of_story(month, c.last_year, c.narrative)
    if c.last_year and (c.published is None or (exact and c.published.year - c.last_year.year > 1)):
        late = (c.last_year.month - month) > 6
        return c.last_year.year + late
    if c.published is None:
        return None
    day_ahead = _day(c.published.year + (month < c.published.month), month, day)
    # Written "Nov. 10" on 27 October: a day of the year before would be given with its year.
    if exact and day_ahead and timedelta(0) < day_ahead - c.published < timedelta(days=45):
        return day_ahead.year
    ahead = (month, day) > (c.published.month, c.published.day)
    months_ahead = (month - c.published.month) % 12
    # "elections on 3 June", told on 23 May: a forecast looks ahead, but not far.
    if c.future and months_ahead <= 6:
        return c.published.year + (0 if (month, day) >= (c.published.month, c.published.day) else (month < c.published.month))
    return c.published.year - ahead


def _numeric(g: Groups, c: _Context) -> _Time | None:
    if "m" in g:
        day = _day(int(g["y"]), int(g["m"]), int(g["d"]))
        return _Time("DATE", str(day), day, day, named=True) if day else None
    a, b, year = int(g["a"]), int(g["b"]), int(g["y"]) + (0 if len(g["y"]) == 4 else 2000 if int(g["y"]) < 50 else 1900)
    if len(g["y"]) == 2 and g["s"] != "/":
        return None
    if a > 12 or a == b:
        day = _day(year, b, a)
    elif b > 12:
        day = _day(year, a, b)
    else:  # day first or month first: the text does not say
        return _Time("DATE", f"{year}-XX-XX")
    return _Time("DATE", str(day), day, day, named=True) if day else None


def _weekday(g: Groups, c: _Context) -> _Time | None:
    number = _knowledge()["weekdays"][g["weekday"]]
    code = _part_code(g.get("part") or g.get("part2") or g.get("part3") or g.get("night"))
    if c.published is None:
        return _Time("TIME" if code else "DATE", f"XXXX-WXX-{number}{code}")
    day = _nearest_weekday(number, g, c)
    return _Time("TIME" if code else "DATE", f"{day}{code}", day, day, named=True)


def _part_code(part: str | None) -> str:
    return f"T{_knowledge()['parts'][part]}" if part else ""


def _nearest_weekday(number: int, g: Groups, c: _Context) -> date:
    """The last such day on or before publication; "last Monday" is before it; the coming one where the words look ahead."""
    assert c.published is not None
    back = (c.published.isoweekday() - number) % 7
    relative = "coming" if g.get("coming") else g.get("relative", "")
    if relative in ("next", "coming", "following") or (c.future and not relative and back >= (1 if _UNTIL.search(c.before) else 3)):
        return c.published + timedelta(days=(number - c.published.isoweekday()) % 7 or 7)
    if relative in ("last", "past", "previous", "this past") and back == 0:
        back = 7
    return c.published - timedelta(days=back)


def _weekdays(g: Groups, c: _Context) -> _Time | None:
    """What "on Fridays" says recurs; "Fridays attack" is "Friday's" with its apostrophe lost, as happens to texts that were scraped."""
    if re.search(r"\b(?:on|every|of)\s+$", c.before) and not re.match(r"\s+[a-z]+(?:\s[a-z]+)?s?\b", c.after):
        return _Time("SET", f"XXXX-WXX-{_knowledge()['weekdays'][g['weekday']]}{_part_code(g.get('part'))}")
    return _weekday(g, c)


def _clock(g: Groups, c: _Context) -> _Time | None:
    hour, minute = _hour(g["clock"])
    if hour is None:
        return None
    day = c.day
    if "weekday" in g:
        of_week = _weekday({"weekday": g["weekday"]}, c)
        day = of_week.start if of_week else day
    elif "month" in g:
        of_month = _calendar({"month": g["month"], "day": g["day"]}, c)
        day = of_month.start if of_month else day
    return _Time("TIME", f"{day or 'XXXX-XX-XX'}T{hour:02}:{minute:02}", day, day)


def _hour(clock: str) -> tuple[int | None, int]:
    digits = re.findall(r"\d+", clock)
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if len(digits[0]) == 4:
        hour, minute = divmod(hour, 100)
    if "p" in clock and hour < 12:
        hour += 12
    return (hour if hour < 25 and minute < 60 else None), minute


def _dayword(g: Groups, c: _Context) -> _Time:
    row = _knowledge()["days"][re.sub(r"\s+", " ", g["dayword"])]
    code = f"T{row['part']}" if row.get("part") else ""
    timex: Timex = "TIME" if code else "DATE"
    if c.published is None:
        return _Time(timex, "PRESENT_REF" if row["offset"] == 0 and not code else f"XXXX-XX-XX{code}")
    day = c.published + timedelta(days=row["offset"])
    return _Time(timex, f"{day}{code}", day, day, named=row["offset"] != 0)


def _reference(g: Groups, c: _Context) -> _Time | None:
    value = _knowledge()["references"][re.sub(r"\s+", " ", g["reference"])]
    if re.match(r"\s+after\b", c.after) or (g["reference"] == "soon" and re.search(r"\b(?:as|too|how)\s+$", c.before)):
        return None
    return _open(value, c)


def _open(value: str, c: _Context) -> _Time:
    start = None if value == "PAST_REF" else c.published
    end = None if value == "FUTURE_REF" else c.published
    return _Time("DATE", value, start, end)


def _overnight(g: Groups, c: _Context) -> _Time:
    """The night before publication; in a narrative with its own dates, the night after the last of them."""
    if c.calendar_day and c.calendar_day != c.published:
        return _Time("TIME", f"{c.calendar_day}TNI", c.calendar_day, c.calendar_day + timedelta(days=1), named=True)
    if c.published is None:
        return _Time("TIME", "XXXX-XX-XXTNI")
    start = c.published - timedelta(days=1)
    return _Time("TIME", f"{start}TNI", start, c.published, named=True)


def _part(g: Groups, c: _Context) -> _Time:
    found = [code for word, code in _knowledge()["parts"].items() if word in g["text"]]
    code = found[0] if found else "NI"
    return _Time("TIME", f"{c.day or 'XXXX-XX-XX'}T{code}", c.day, c.day)


def _same(g: Groups, c: _Context) -> _Time | None:
    unit = g["same"]
    if unit in ("week", "month", "year"):
        return _period_about(unit, c.last[0] if c.last else c.last_year, 0)
    code = _part_code(unit if unit != "day" else None)
    return _Time("TIME" if code else "DATE", f"{c.named_day or 'XXXX-XX-XX'}{code}", c.named_day, c.named_day, named=bool(c.named_day))


def _shifted(g: Groups, c: _Context) -> _Time | None:
    """Expressions like "the next day", "two days later", "a year earlier", "hours earlier": from the last date named."""
    if "yearwise" in g:
        return _year_before(c)
    if c.quarter and g.get("unit") == "year" and g.get("count") == "a":
        return _year_before(c)
    sign = 1 if g["direction"] in ("next", "following", "later", "after") else -1
    if g.get("bare"):
        return _shifted_vaguely(g["bare"], sign, c)
    unit = g.get("same") or g["unit"]
    count = _count(g["count"]) if "count" in g else 1
    if count is None:
        return _open("FUTURE_REF" if sign > 0 else "PAST_REF", c) if sign < 0 else _Time("DATE", "FUTURE_REF")
    return _shift(unit, sign * int(count), c.last[1] if c.last else (c.published if sign < 0 else None))


def _year_before(c: _Context) -> _Time | None:
    """The words "a year ago" after "the third quarter" is the third quarter of the year before."""
    if c.quarter:
        return _period_about("quarter", c.quarter, -4)
    return _period_about("year", c.published, -1)


def _shifted_vaguely(bare: str, sign: int, c: _Context) -> _Time:
    if bare in ("hours", "minutes", "moments"):
        return _Time("TIME", f"{c.named_day or 'XXXX-XX-XX'}", c.named_day, c.named_day)
    if sign < 0:
        return _Time("DATE", "PAST_REF", None, c.named_day)
    return _Time("DATE", "FUTURE_REF", c.last[1] if c.last else None, c.published)


def _shift(unit: str, count: int, origin: date | None) -> _Time | None:
    if unit in ("night", "morning", "evening", "afternoon"):
        day = origin + timedelta(days=count) if origin else None
        return _Time("TIME", f"{day or 'XXXX-XX-XX'}{_part_code(unit)}", day, day, named=bool(day))
    table = _knowledge()["units"][unit]
    if table.get("months"):
        return _period_about(
            "month" if unit == "month" else "year", origin, count * table.get("times", 1) * (3 if unit == "quarter" else 1)
        )
    if table["days"] == 0:
        return _Time("TIME", str(origin or "XXXX-XX-XX"), origin, origin)
    day = origin + timedelta(days=count * table["days"]) if origin else None
    return _Time("DATE", str(day or "XXXX-XX-XX"), day, day, named=bool(day))


def _period_about(unit: str, day: date | None, shift: int) -> _Time | None:
    """The whole week, weekend, month, quarter, year … so many before or after the one that holds `day`."""
    if day is None:
        return _Time("DATE", {"week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "quarter": "XXXX-QX"}.get(unit, "XXXX"))
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        return _Time("DATE", _week(monday) + ("-WE" if unit == "weekend" else ""), first, monday + timedelta(days=6))
    if unit == "month":
        first = _months_back(day, -shift)
        return _Time("DATE", f"{first:%Y-%m}", first, _month_end(first.year, first.month))
    if unit == "quarter":
        first = _months_back(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), -3 * shift)
        return _Time("DATE", f"{first.year}-Q{(first.month + 2) // 3}", first, _month_end(first.year, first.month + 2))
    if unit == "year":
        return _years(day.year + shift, day.year + shift)
    width = 10 if unit == "decade" else 100
    first_year = day.year // width * width + shift * width
    return _years(first_year, first_year + width - 1)


def _years(first: int, last: int) -> _Time | None:
    if not 0 < first <= last < 10000:
        return None
    value = f"{first:04}"[: 4 - len(str(last - first)) + (first == last)]
    return _Time("DATE", value, date(first, 1, 1), date(last, 12, 31))


_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this past": -1, "next": 1, "following": 1, "coming": 1, "this": 0, "current": 0}


def _period(g: Groups, c: _Context) -> _Time | None:
    if "month" in g:
        day = _calendar({"month": g["month"], "day": g["day"]}, c)
        return _period_about("week", day.start if day else None, 0)
    if "season" in g:
        return _season(g, c)
    unit = "quarter" if "accounts" in g else g["period"]
    if unit == "quarter" and c.quarter and "relative" not in g:
        return _period_about("quarter", c.quarter, 0)
    if unit == "quarter" and not ("latest" in g or "accounts" in g or "relative" in g or "stage" in g):
        return None  # "the quarter" of a city, unless a report has spoken of quarters of the year
    shift = _SHIFTS[g.get("relative", "this")]
    origin = (c.last[1] if c.last else c.published) if g.get("relative") in ("following", "previous") else c.published
    if unit == "weekend":  # "the weekend" is the one that began last
        shift += -1 if c.published and not g.get("relative") and c.published.weekday() < 5 else 0
    if unit == "quarter" and "relative" not in g and origin:  # accounts are of the quarter that has ended
        shift = -1
    time = _period_about(unit, origin, shift)
    return _narrowed(time, g, shift, c) if time and time.start and time.end else time


def _narrowed(time: _Time, g: Groups, shift: int, c: _Context) -> _Time:
    """Times like "earlier this year", "this month" end at publication, unless the words look ahead."""
    assert time.start
    assert time.end
    if g.get("relative") == "past" and g["period"] in _knowledge()["units"] and c.published:
        return replace(time, start=_units_before(g["period"], 1, c.published), end=c.published)
    stage = g.get("stage") or (g["within"] if g.get("within") in ("early", "late") else None)
    start, end = _stage(stage, time.start, time.end)
    if shift == 0 and c.published and start <= c.published < end and not (stage or g.get("within") == "later"):
        end = c.published
    return replace(time, start=start, end=end)


def _season(g: Groups, c: _Context) -> _Time | None:
    code = _knowledge()["seasons"][g["season"]]
    if g["text"] == "the fall" and re.match(r"\s+of\b", c.after):
        return None
    first_month, last_month = _knowledge()["season_months"][code]
    year = int(g["year"]) if "year" in g else None
    if year is None:
        if c.published is None:
            return _Time("DATE", f"XXXX-{code}")
        year = c.published.year
        if g.get("relative") in ("last", "past", "this past") or "relative" not in g:
            year -= date(year, first_month, 1) > c.published or (g.get("relative") == "last" and c.published.month <= last_month)
        year += g.get("relative") == "next"
    end_year = year + (last_month < first_month)
    return _Time("DATE", f"{year}-{code}", date(year, first_month, 1), _month_end(end_year, last_month))


def _quarter(g: Groups, c: _Context) -> _Time | None:
    if "q" not in g and "quarterword" not in g:
        return None
    number = int(g["q"]) if "q" in g else {"first": 1, "second": 2, "third": 3, "fourth": 4}[g["quarter"]]
    named = g.get("year") or g.get("before") or g.get("year2") or g.get("year3")
    if not named and c.published is None:
        return _Time("DATE", f"XXXX-Q{number}")
    year = (
        int(named)
        if named
        else c.published.year - (date(c.published.year, number * 3 - 2, 1) > c.published and number == 4)
        if c.published
        else 0
    )
    return _Time("DATE", f"{year}-Q{number}", date(year, number * 3 - 2, 1), _month_end(year, number * 3))


def _year(g: Groups, c: _Context) -> _Time | None:
    if "decade" in g or "short" in g:
        first = int(g["decade"]) if "decade" in g else 1900 + int(g["short"])
        return _years(first, first + 9)
    if "century" in g:
        first = (int(g["century"]) - 1) * 100
        return _years(max(first, 1), first + 99) if first else None
    if not _is_year(g, c):
        return None
    year = int(g["year"])
    start, end = _stage(g.get("stage"), date(year, 1, 1), date(year, 12, 31))
    return _Time("DATE", str(year), start, end)


def _is_year(g: Groups, c: _Context) -> bool:
    """False for a bare number like a year that counts things or is a name: "some 2000 fighters", "Highway 2000"."""
    tables = _knowledge()
    counted = rf"\s*(?:%|[A-Za-z]+\s(?:were|are|have)\b|(?:{_alternatives(tables['counted'])})\b)"
    named = rf"(?:\b(?:{_alternatives(tables['numbered'])})|[$€£#])\s*$"
    return not re.match(counted, c.after) and not re.search(named, c.before, re.IGNORECASE)


def _ago(g: Groups, c: _Context) -> _Time | None:
    if g.get("bare"):
        return _open("PAST_REF", c)
    count = _count(g["count"])
    if count is None:
        return _open("PAST_REF", c)
    unit, whole = g["unit"], int(count)
    if c.published is None:
        return _Time("DATE", "PAST_REF")
    if c.quarter and unit == "year" and whole == 1:
        return _year_before(c)
    if g.get("joinedunit") == "month" and unit in ("year", "decade"):
        return _period_about("month", c.published, -12 * whole * (10 if unit == "decade" else 1))
    if unit == "week" and whole > 1:
        time = _period_about("week", c.published, -whole)
        day = c.published - timedelta(weeks=whole)
        return replace(time, start=day, end=day) if time else None
    return _back(unit, whole, c.published)


def _back(unit: str, count: int, origin: date) -> _Time | None:
    try:
        return _shift(unit, -count, origin)
    except (OverflowError, ValueError):  # "65 million years ago"
        return _Time("DATE", "PAST_REF")


def _duration_value(unit: str, count: float | None) -> str:
    table = _knowledge()["units"][unit]
    if count is None:
        return str(table["form"]).format(n="X")
    if count % 1 and unit == "year":
        return f"P{int(count)}Y{round(count % 1 * 12)}M"
    amount = count * table.get("times", 1)
    return str(table["form"]).format(n=int(amount) if amount % 1 == 0 else amount)


def _units_before(unit: str, count: float, day: date) -> date | None:
    """The day so many units before."""
    table = _knowledge()["units"][unit]
    try:
        if "days" in table:
            days = count * table["days"] if table["days"] else max(1, round(count / 24)) if unit == "hour" else 0
            return day - timedelta(days=int(days))
        first = _months_back(day, int(count * table["months"]))
    except (OverflowError, ValueError):
        return None
    return min(_month_end(first.year, first.month), first + timedelta(days=day.day - 1))


def _span(g: Groups, c: _Context) -> _Time | None:
    """The words "the past four days": from four days before publication to it; "recent weeks": from no one knows when."""
    way = g["way"]
    if g.get("bare"):
        return _vague_span(way, g["bare"].rstrip("s"), c)
    unit, counted = g["unit"], "count" in g
    if not counted and (
        way in ("first", "final", "following", "preceding", "previous", "latest", "recent") or unit in ("night", "summer", "winter")
    ):
        return None
    count = _count(g["count"]) if counted else 1
    if not counted and unit in ("second", "minute"):
        return None
    value = _duration_value(unit, count)
    if way in ("first", "final", "following", "preceding", "previous") or c.published is None:
        return _Time("DURATION", value)
    if way in ("next", "coming"):
        return _Time("DURATION", value, c.published, None)
    start = _units_before(unit, count, c.published) if count is not None else None
    return _Time("DURATION", value, start, c.published)


def _vague_span(way: str, unit: str, c: _Context) -> _Time:
    start, end = (None, c.published) if way in ("recent", "past") else (c.published, None)
    return _Time("DURATION", _duration_value(unit, None), start, end)


def _duration(g: Groups, c: _Context) -> _Time | None:
    if "ordinal" in g:
        return _running(g, c)
    bare = g.get("bare") or g.get("bare2") or (g["text"].split("-")[0] + "s" if g["text"].endswith("-long") and "count" not in g else None)
    if bare:
        whole = None if g.get("bare") or g.get("bare2") else 1
        return _Time("DURATION", _duration_value(bare[:-1], whole), None, c.published if g.get("bare") else None)
    unit, count = g["unit"], _count(g["count"])
    if unit == "second" and g["count"] in ("a", "an", "one", "another"):
        return None
    if _is_age(c) or _is_rate(g, c):
        return None
    value = _duration_value(unit, None if g.get("count2") else count)
    # "for three days": up to publication; a span that is over would name its end
    lasting = re.search(r"\bfor\s+$", c.before, re.IGNORECASE) and (
        not c.here or re.search(r"\b(?:has|have|had)\s+been\b", c.before[-40:] + c.after)
    )
    if count and lasting and c.published and "hour" not in unit:
        return _Time("DURATION", value, _units_before(unit, count, c.published), c.published)
    return _Time("DURATION", value)


def _is_rate(g: Groups, c: _Context) -> bool:
    """True for "40 sorties a day", "a quarter of the town", "three-quarters": no lapse of time."""
    if g["unit"] == "quarter" and not re.match(r"(?:the )?\w+ quarters", g["text"]):
        return True
    free = rf"(?:^|[.,;:(\"“”'\n]|\b(?:{_alternatives(_knowledge()['before_duration'])}))\s*$"
    return g["count"] in ("a", "an") and not re.search(free, c.before, re.IGNORECASE) and g["text"].startswith(("a ", "an "))


def _is_age(c: _Context) -> bool:
    return bool(re.match(r"[\s-]old\b|\sof age\b", c.after)) and not re.match(
        r"[\s-]old\s(?:\w+\s)?(?:war|conflict|siege|truce|ceasefire|uprising|rebellion|insurgency|battle)", c.after
    )


def _running(g: Groups, c: _Context) -> _Time:
    """The words "for the fourth day running": from three days before publication to it."""
    ordinals = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    count = ordinals.index(g["ordinal"]) + 1
    start = _units_before(g["unit"], count - 1, c.published) if c.published else None
    return _Time("DURATION", _duration_value(g["unit"], count), start, c.published)


def _set(g: Groups, c: _Context) -> _Time | None:
    if "setword" in g:
        return _Time("SET", _knowledge()["sets"][re.sub(r"\s+", " ", g["setword"])])
    if "weekday" in g:
        return _Time("SET", f"XXXX-WXX-{_knowledge()['weekdays'][g['weekday']]}{_part_code(g.get('part'))}")
    if "month" in g:
        return _Time("SET", f"XXXX-{_knowledge()['months'][g['month']]:02}")
    if "season" in g:
        return _Time("SET", f"XXXX-{_knowledge()['seasons'][g['season']]}")
    return _Time("SET", _knowledge()["every"][g["period"]]) if "period" in g else None


_RULES: dict[str, Callable[[Groups, _Context], _Time | None]] = {
    "calendar": _calendar, "numeric": _numeric, "weekday": _weekday, "weekdays": _weekdays, "clock": _clock, "day": _dayword,
    "reference": _reference, "overnight": _overnight, "part": _part, "same": _same, "shifted": _shifted, "period": _period,
    "quarter": _quarter, "year": _year, "ago": _ago, "span": _span, "duration": _duration, "set": _set,
}  # fmt: skip
