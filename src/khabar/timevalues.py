"""One time expression and what is known around it → its TIMEX3 value and the days it covers.

One function for each kind of expression; the kinds are the rules of `knowledge/times.yaml`. Days count from publication, or, in a narrative
with dates of its own, from the last date named. With neither, the interval is (None, None) and the value has X for what is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from khabar.model import Timex
from khabar.numerals import parse_number

Groups = dict[str, str]


@dataclass(frozen=True, slots=True)
class Time:
    """What an expression means. `named`: a day that later expressions ("the next day", "overnight") count from."""

    timex: Timex
    value: str
    start: date | None = None
    end: date | None = None
    named: bool = False


@dataclass(slots=True)
class Context:
    """What is known at one place of the text: the day of publication, the last date named in this paragraph, the words around."""

    published: date | None
    before: str = ""
    after: str = ""
    last: tuple[date, date] | None = None
    here: date | None = None
    calendar_day: date | None = None
    last_year: date | None = None
    last_year_at: int = 0
    far_from_year: bool = False
    quarter: date | None = None
    future: bool = False
    narrative: date | None = None
    then: date | None = None  # where the last time told of at all began

    @property
    def day(self) -> date | None:
        """The day that "at dawn" belongs to: the last one named in the paragraph, or else publication."""
        return self.here or self.published

    @property
    def named_day(self) -> date | None:
        """The day that "the same day" and "hours earlier" mean: the last one named at all."""
        return self.last[1] if self.last else self.published


_UNTIL = re.compile(r"\b(?:until|till|as early as|as soon as|postponed to|delayed to)\s+(?:on\s+|at\s+)?$", re.IGNORECASE)


@cache
def knowledge() -> dict[str, Any]:
    """The words for time: `knowledge/times.yaml`."""
    text = resources.files("khabar").joinpath("knowledge/times.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def alternatives(words: Any) -> str:
    """A regular expression of any of these words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


# --- calendar arithmetic ---


def valid_day(year: int, month: int, day: int) -> date | None:
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
    tables = knowledge()
    if words in tables["one"]:
        return 1
    if words in tables["two"]:
        return 2
    return None if words in tables["vague_numbers"] else parse_number(words)


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _stage(stage: str | None, start: date, end: date) -> tuple[date, date]:
    """Early, mid and late month: 1–10, 11–20, 21–end; of a longer time its thirds."""
    third: int | None = knowledge()["stages"].get(stage) if stage else None
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


def _calendar(g: Groups, c: Context) -> Time | None:
    month = knowledge()["months"][g["month"]]
    if "day" not in g:
        return _calendar_month(g, month, c)
    year = int(g["year"]) if "year" in g else _year_of(month, _number(g["day"]), c)
    if year is None:
        return Time("DATE", f"XXXX-{month:02}-{_number(g['day']):02}")
    start = valid_day(year, month, _number(g["day"]))
    if start is None:
        return None
    if "day2" in g:
        end = valid_day(year, month, _number(g["day2"]))
        return Time("DATE", f"{start}/{end}", start, end, named=True) if end and end > start else None
    if not g.get("night"):
        return Time("DATE", str(start), start, start, named=True)
    return Time("TIME", f"{start}TNI", start, start + timedelta(days=1), named=True)


def _calendar_month(g: Groups, month: int, c: Context) -> Time:
    year = int(g["year"]) if "year" in g else _year_of_month(g, month, c)
    if year is None:
        return Time("DATE", f"XXXX-{month:02}")
    start, end = _stage(g.get("stage"), date(year, month, 1), _month_end(year, month))
    return Time("DATE", f"{year}-{month:02}", start, end)


def _year_of_month(g: Groups, month: int, c: Context) -> int | None:
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


def _year_of(month: int, day: int, c: Context, *, exact: bool = True) -> int | None:
    """The year of a day that names none: nearest before publication, but of the narrative where its paragraph names one."""
    if c.narrative:
        return _year_of_story(month, c.last_year, c.narrative)
    if c.last_year and (c.published is None or (exact and c.published.year - c.last_year.year > 1 and not _is_news(month, day, c))):
        late = (c.last_year.month - month) > 6
        return c.last_year.year + late
    if c.published is None:
        return None
    day_ahead = valid_day(c.published.year + (month < c.published.month), month, day)
    # Written "Nov. 10" on 27 October: a day of the year before would be given with its year.
    if exact and day_ahead and timedelta(0) < day_ahead - c.published < timedelta(days=45):
        return day_ahead.year
    ahead = (month, day) > (c.published.month, c.published.day)
    months_ahead = (month - c.published.month) % 12
    # The month after this one, written without a year, is to come: all of 10 in TimeBank and AQUAINT.
    if not exact and months_ahead == 1 and not re.search(r"\b(?:since|from)\s+$", c.before):
        return c.published.year + (month < c.published.month)
    # "elections on 3 June", told on 23 May: a forecast looks ahead, but not far.
    if c.future and months_ahead <= 6:
        return c.published.year + (0 if (month, day) >= (c.published.month, c.published.day) else (month < c.published.month))
    return c.published.year - ahead


def _is_news(month: int, day: int, c: Context) -> bool:
    """Is a day without a year of the weeks before publication, or to come, though the report has spoken of another year before?"""
    assert c.published
    last = valid_day(c.published.year - ((month, day) > (c.published.month, c.published.day)), month, day)
    return c.future or (c.far_from_year and last is not None and c.published - last <= timedelta(days=45))


def _holiday(g: Groups, c: Context) -> Time | None:
    if re.match(r"\s[A-Z]", c.after):  # "Christmas Island"
        return None
    month, day, *which = knowledge()["holidays"][re.sub(r"\s+", " ", g["holiday"])]
    about = min(which[0] * 7 if which else day, 28)  # the last day it may fall on decides whether it is still to come
    year = int(g["year"]) if "year" in g else _year_of(month, about, c)
    if year is None:
        return Time("DATE", f"XXXX-{month:02}-{'XX' if which else f'{day:02}'}")
    first = date(year, month, 1)
    found = first + timedelta((day - first.isoweekday()) % 7 + 7 * (which[0] - 1)) if which else date(year, month, day)
    return Time("DATE", str(found), found, found, named=True)


def _numeric(g: Groups, c: Context) -> Time | None:
    if "m" in g:
        day = valid_day(int(g["y"]), int(g["m"]), int(g["d"]))
        return Time("DATE", str(day), day, day, named=True) if day else None
    a, b, year = int(g["a"]), int(g["b"]), int(g["y"]) + (0 if len(g["y"]) == 4 else 2000 if int(g["y"]) < 50 else 1900)
    if len(g["y"]) == 2 and g["s"] != "/":
        return None
    if a > 12 or a == b:
        day = valid_day(year, b, a)
    elif b > 12:
        day = valid_day(year, a, b)
    else:  # day first or month first: the text does not say
        return Time("DATE", f"{year}-XX-XX")
    return Time("DATE", str(day), day, day, named=True) if day else None


def _weekday(g: Groups, c: Context) -> Time | None:
    number = knowledge()["weekdays"][g["weekday"]]
    code = _part_code(g.get("part") or g.get("part2") or g.get("part3") or g.get("night"))
    if c.published is None:
        return Time("TIME" if code else "DATE", f"XXXX-WXX-{number}{code}")
    day = _nearest_weekday(number, g, c)
    return Time("TIME" if code else "DATE", f"{day}{code}", day, day, named=True)


def _part_code(part: str | None) -> str:
    return f"T{knowledge()['parts'][part]}" if part else ""


def _nearest_weekday(number: int, g: Groups, c: Context) -> date:
    """The last such day on or before publication; "last Monday" is before it; the coming one where the words look ahead."""
    assert c.published is not None
    back = (c.published.isoweekday() - number) % 7
    relative = "coming" if g.get("coming") else g.get("relative", "")
    if relative in ("next", "coming", "following") or (c.future and not relative and back >= (1 if _UNTIL.search(c.before) else 3)):
        return c.published + timedelta(days=(number - c.published.isoweekday()) % 7 or 7)
    if relative in ("last", "past", "previous", "this past") and back == 0:
        back = 7
    return c.published - timedelta(days=back)


def _weekdays(g: Groups, c: Context) -> Time | None:
    """What "on Fridays" says recurs; "Fridays attack" is "Friday's" with its apostrophe lost, as happens to texts that were scraped."""
    if re.search(r"\b(?:on|every|of)\s+$", c.before) and not re.match(r"\s+[a-z]+(?:\s[a-z]+)?s?\b", c.after):
        return Time("SET", f"XXXX-WXX-{knowledge()['weekdays'][g['weekday']]}{_part_code(g.get('part'))}")
    return _weekday(g, c)


def _clock(g: Groups, c: Context) -> Time | None:
    hour, minute = _hour(g["clock"])
    if hour is None:
        return None
    day = c.day
    if "weekday" in g:
        of_week = _weekday({"weekday": g["weekday"]}, c)
        day = of_week.start if of_week else day
    elif after := re.match(rf"\s*\([^()]*\),?\s(?:on\s)?({alternatives(knowledge()['weekdays'])})\b", c.after, re.IGNORECASE):
        of_week = _weekday({"weekday": after[1].lower()}, c)  # "at 10:35 a.m. (0735 GMT) Friday"
        day = of_week.start if of_week else day
    elif "month" in g:
        of_month = _calendar({"month": g["month"], "day": g["day"]}, c)
        day = of_month.start if of_month else day
    return Time("TIME", f"{day or 'XXXX-XX-XX'}T{hour:02}:{minute:02}", day, day)


def _hour(clock: str) -> tuple[int | None, int]:
    digits = re.findall(r"\d+", clock)
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if len(digits[0]) == 4:
        hour, minute = divmod(hour, 100)
    if "p" in clock and hour < 12:
        hour += 12
    return (hour if hour < 25 and minute < 60 else None), minute


def _dayword(g: Groups, c: Context) -> Time:
    row = knowledge()["days"][re.sub(r"\s+", " ", g["dayword"])]
    code = f"T{row['part']}" if row.get("part") else ""
    timex: Timex = "TIME" if code else "DATE"
    if c.published is None:
        return Time(timex, "PRESENT_REF" if row["offset"] == 0 and not code else f"XXXX-XX-XX{code}")
    day = c.published + timedelta(days=row["offset"])
    return Time(timex, f"{day}{code}", day, day, named=row["offset"] != 0)


def _reference(g: Groups, c: Context) -> Time | None:
    value = knowledge()["references"][re.sub(r"\s+", " ", g["reference"])]
    if re.match(r"\s+after\b", c.after) or (g["reference"] == "soon" and re.search(r"\b(?:as|too|how)\s+$", c.before)):
        return None
    return _open(value, c)


def _open(value: str, c: Context) -> Time:
    start = None if value == "PAST_REF" else c.published
    end = None if value == "FUTURE_REF" else c.published
    return Time("DATE", value, start, end)


def _overnight(g: Groups, c: Context) -> Time:
    """The night before publication; in a narrative with its own dates, the night after the last of them."""
    if c.calendar_day and c.calendar_day != c.published:
        return Time("TIME", f"{c.calendar_day}TNI", c.calendar_day, c.calendar_day + timedelta(days=1), named=True)
    if c.published is None:
        return Time("TIME", "XXXX-XX-XXTNI")
    start = c.published - timedelta(days=1)
    return Time("TIME", f"{start}TNI", start, c.published, named=True)


def _part(g: Groups, c: Context) -> Time:
    if g["text"] == "the day":
        return Time("DATE", str(c.named_day or "XXXX-XX-XX"), c.named_day, c.named_day)
    if g["text"] == "the night" and c.here in (None, c.published):
        return _overnight(g, c)
    found = [word for word in knowledge()["parts"] if word in g["text"]]
    code = knowledge()["parts"][max(found, key=len)] if found else "NI"  # "afternoon" holds "noon"
    return Time("TIME", f"{c.day or 'XXXX-XX-XX'}T{code}", c.day, c.day)


def _same(g: Groups, c: Context) -> Time | None:
    unit = g["same"]
    if unit == "then":
        return Time("DATE", "PAST_REF", c.then, c.then)
    if unit in ("week", "month", "year"):
        return _period_about(unit, (c.then if unit == "year" else None) or (c.last[0] if c.last else c.last_year), 0)
    code = _part_code(unit if unit != "day" else None)
    return Time("TIME" if code else "DATE", f"{c.named_day or 'XXXX-XX-XX'}{code}", c.named_day, c.named_day, named=bool(c.named_day))


def _shifted(g: Groups, c: Context) -> Time | None:
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
        return _open("FUTURE_REF" if sign > 0 else "PAST_REF", c) if sign < 0 else Time("DATE", "FUTURE_REF")
    return _shift(unit, sign * int(count), c.last[1] if c.last else (c.published if sign < 0 else None))


def _year_before(c: Context) -> Time | None:
    """The words "a year ago" after "the third quarter" is the third quarter of the year before."""
    if c.quarter:
        return _period_about("quarter", c.quarter, -4)
    return _period_about("year", c.published, -1)


def _shifted_vaguely(bare: str, sign: int, c: Context) -> Time:
    if bare in ("hours", "minutes", "moments"):
        return Time("TIME", f"{c.named_day or 'XXXX-XX-XX'}", c.named_day, c.named_day)
    if sign < 0:
        return Time("DATE", "PAST_REF", None, c.named_day)
    return Time("DATE", "FUTURE_REF", c.last[1] if c.last else None, c.published)


def _shift(unit: str, count: int, origin: date | None) -> Time | None:
    if unit in ("night", "morning", "evening", "afternoon"):
        day = origin + timedelta(days=count) if origin else None
        return Time("TIME", f"{day or 'XXXX-XX-XX'}{_part_code(unit)}", day, day, named=bool(day))
    table = knowledge()["units"][unit]
    if table.get("months"):
        return _period_about(
            "month" if unit == "month" else "year", origin, count * table.get("times", 1) * (3 if unit == "quarter" else 1)
        )
    if table["days"] == 0:
        return Time("TIME", str(origin or "XXXX-XX-XX"), origin, origin)
    day = origin + timedelta(days=count * table["days"]) if origin else None
    return Time("DATE", str(day or "XXXX-XX-XX"), day, day, named=bool(day))


def _period_about(unit: str, day: date | None, shift: int) -> Time | None:
    """The whole week, weekend, month, quarter, year … so many before or after the one that holds `day`."""
    if day is None:
        return Time("DATE", {"week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "quarter": "XXXX-QX"}.get(unit, "XXXX"))
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        return Time("DATE", _week(monday) + ("-WE" if unit == "weekend" else ""), first, monday + timedelta(days=6))
    if unit == "month":
        first = _months_back(day, -shift)
        return Time("DATE", f"{first:%Y-%m}", first, _month_end(first.year, first.month))
    if unit == "quarter":
        first = _months_back(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), -3 * shift)
        return Time("DATE", f"{first.year}-Q{(first.month + 2) // 3}", first, _month_end(first.year, first.month + 2))
    if unit == "year":
        return _years(day.year + shift, day.year + shift)
    width = 10 if unit == "decade" else 100
    first_year = day.year // width * width + shift * width
    return _years(first_year, first_year + width - 1)


def _years(first: int, last: int) -> Time | None:
    if not 0 < first <= last < 10000:
        return None
    value = f"{first:04}"[: 4 - len(str(last - first)) + (first == last)]
    return Time("DATE", value, date(first, 1, 1), date(last, 12, 31))


_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this past": -1, "next": 1, "following": 1, "coming": 1, "this": 0, "current": 0}


def _period(g: Groups, c: Context) -> Time | None:
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
    if unit == "decade" and g.get("relative") == "past" and c.published:  # a span, where "the last decade" is that of the calendar
        return Time("DURATION", "P10Y", _units_before("decade", 1, c.published), c.published)
    shift = _SHIFTS[g.get("relative", "this")]
    origin = (c.last[1] if c.last else c.published) if g.get("relative") in ("following", "previous") else c.published
    if unit == "weekend":  # "the weekend" is the one that began last
        shift += -1 if c.published and not g.get("relative") and c.published.weekday() < 5 else 0
    if unit == "quarter" and "relative" not in g and origin:  # accounts are of the quarter that has ended
        shift = -1
    time = _period_about(unit, origin, shift)
    return _narrowed(time, g, shift, c) if time and time.start and time.end else time


def _narrowed(time: Time, g: Groups, shift: int, c: Context) -> Time:
    """Times like "earlier this year", "this month" end at publication, unless the words look ahead."""
    assert time.start
    assert time.end
    if g.get("relative") == "past" and g["period"] in knowledge()["units"] and c.published:
        return replace(time, start=_units_before(g["period"], 1, c.published), end=c.published)
    stage = g.get("stage") or (g["within"] if g.get("within") in ("early", "late") else None)
    start, end = _stage(stage, time.start, time.end)
    if shift == 0 and c.published and start <= c.published < end and not (stage or g.get("within") == "later"):
        end = c.published
    return replace(time, start=start, end=end)


def _season(g: Groups, c: Context) -> Time | None:
    code = knowledge()["seasons"][g["season"]]
    if g["text"] == "the fall" and re.match(r"\s+of\b", c.after):
        return None
    first_month, last_month = knowledge()["season_months"][code]
    year = int(g["year"]) if "year" in g else None
    if year is None:
        if c.published is None:
            return Time("DATE", f"XXXX-{code}")
        year = c.published.year
        if g.get("relative") in ("last", "past", "this past") or "relative" not in g:
            year -= date(year, first_month, 1) > c.published or (g.get("relative") == "last" and c.published.month <= last_month)
        year += g.get("relative") == "next"
    end_year = year + (last_month < first_month)
    return Time("DATE", f"{year}-{code}", date(year, first_month, 1), _month_end(end_year, last_month))


def _quarter(g: Groups, c: Context) -> Time | None:
    if "q" not in g and "quarterword" not in g:
        return None
    number = int(g["q"]) if "q" in g else {"first": 1, "second": 2, "third": 3, "fourth": 4}[g["quarter"]]
    named = g.get("year") or g.get("before") or g.get("year2") or g.get("year3")
    if not named and c.published is None:
        return Time("DATE", f"XXXX-Q{number}")
    year = (
        int(named)
        if named
        else c.published.year - (date(c.published.year, number * 3 - 2, 1) > c.published and number == 4)
        if c.published
        else 0
    )
    return Time("DATE", f"{year}-Q{number}", date(year, number * 3 - 2, 1), _month_end(year, number * 3))


def _year(g: Groups, c: Context) -> Time | None:
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
    return Time("DATE", str(year), start, end)


def _is_year(g: Groups, c: Context) -> bool:
    """False for a bare number like a year that counts things or is a name: "some 2000 fighters", "Highway 2000"."""
    tables = knowledge()
    things = r"[A-Za-z]+\s(?:were|are|have)\b" if g["year"].endswith("0") else "%"  # "2000 guards were killed", "the 1992 protests have"
    counted = rf"\s*(?:%|{things}|(?:{alternatives(tables['counted'])})\b)"
    named = rf"(?:\b(?:{alternatives(tables['numbered'])})|[$€£#])\s*$"
    return not re.match(counted, c.after) and not re.search(named, c.before, re.IGNORECASE)


def _ago(g: Groups, c: Context) -> Time | None:
    if g.get("bare"):
        return _open("PAST_REF", c)
    count = _count(g["count"])
    if count is None:
        return _open("PAST_REF", c)
    unit, whole = g["unit"], int(count)
    if c.published is None:
        return Time("DATE", "PAST_REF")
    if c.quarter and unit == "year" and whole == 1:
        return _year_before(c)
    if g.get("joinedunit") == "month" and unit in ("year", "decade"):
        return _period_about("month", c.published, -12 * whole * (10 if unit == "decade" else 1))
    if unit == "week" and whole > 1:
        time = _period_about("week", c.published, -whole)
        day = c.published - timedelta(weeks=whole)
        return replace(time, start=day, end=day) if time else None
    return _back(unit, whole, c.published)


def _back(unit: str, count: int, origin: date) -> Time | None:
    try:
        return _shift(unit, -count, origin)
    except (OverflowError, ValueError):  # "65 million years ago"
        return Time("DATE", "PAST_REF")


def _duration_value(unit: str, count: float | None) -> str:
    table = knowledge()["units"][unit]
    if count is None:
        return str(table["form"]).format(n="X")
    if count % 1 and unit == "year":
        return f"P{int(count)}Y{round(count % 1 * 12)}M"
    if count % 1 and unit == "hour":
        return f"PT{int(count)}H{round(count % 1 * 60)}M"
    amount = count * table.get("times", 1)
    return str(table["form"]).format(n=int(amount) if amount % 1 == 0 else amount)


def _units_before(unit: str, count: float, day: date) -> date | None:
    """The day so many units before."""
    table = knowledge()["units"][unit]
    try:
        if "days" in table:
            days = count * table["days"] if table["days"] else max(1, round(count / 24)) if unit == "hour" else 0
            return day - timedelta(days=int(days))
        first = _months_back(day, int(count * table["months"]))
    except (OverflowError, ValueError):
        return None
    return min(_month_end(first.year, first.month), first + timedelta(days=day.day - 1))


def _span(g: Groups, c: Context) -> Time | None:
    """The words "the past four days": from four days before publication to it; "recent weeks": from no one knows when."""
    way = g["way"]
    if g.get("bare"):
        return _vague_span(way, g["bare"].rstrip("s"), c)
    unit, counted = g["unit"], "count" in g
    if (
        not counted
        and re.fullmatch(r"last (?:week|month|year)s", g["text"])
        and not re.search(r"\b(?:in|over|for|during)\s+(?:the\s+)?$", c.before)
    ):
        return _period({"relative": "last", "period": unit, "text": g["text"]}, c)  # "last month's", its apostrophe lost by a scraper
    if not counted and (
        way in ("first", "final", "following", "preceding", "previous", "latest", "recent") or unit in ("night", "summer", "winter")
    ):
        return None
    count = _count(g["count"]) if counted else 1
    if not counted and unit in ("second", "minute"):
        return None
    value = _duration_value(unit, count)
    if way in ("first", "final", "following", "preceding", "previous") or c.published is None:
        return Time("DURATION", value)
    if way in ("next", "coming"):
        return Time("DURATION", value, c.published, None)
    start = _units_before(unit, count, c.published) if count is not None else None
    return Time("DURATION", value, start, c.published)


def _vague_span(way: str, unit: str, c: Context) -> Time:
    start, end = (None, c.published) if way in ("recent", "past") else (c.published, None)
    return Time("DURATION", _duration_value(unit, None), start, end)


def _duration(g: Groups, c: Context) -> Time | None:
    if "ordinal" in g:
        return _running(g, c)
    bare = g.get("bare") or g.get("bare2") or (g["text"].split("-")[0] + "s" if g["text"].endswith("-long") and "count" not in g else None)
    if bare:
        whole = None if g.get("bare") or g.get("bare2") else 1
        return Time("DURATION", _duration_value(bare[:-1], whole), None, c.published if g.get("bare") else None)
    unit, count = g["unit"], _count(g["count"])
    if unit == "second" and g["count"] in ("a", "an", "one", "another"):
        return None
    if _is_age(c) or _is_rate(g, c) or re.match(r"\s+(?:a|per)\s+(?:day|week|month|year)\b", c.after):
        return None
    value = _duration_value(unit, None if g.get("count2") else count)
    # "for three days": up to publication; a span that is over would name its end
    lasting = re.search(r"\bfor\s+$", c.before, re.IGNORECASE) and (
        not c.here or re.search(r"\b(?:has|have|had)\s+been\b", c.before[-40:] + c.after)
    )
    if count and lasting and c.published and "hour" not in unit:
        return Time("DURATION", value, _units_before(unit, count, c.published), c.published)
    return Time("DURATION", value)


def _is_rate(g: Groups, c: Context) -> bool:
    """True for "40 sorties a day", "a quarter of the town", "three-quarters": no lapse of time."""
    if g["unit"] == "quarter" and not re.match(r"(?:the )?\w+ quarters", g["text"]):
        return True
    free = rf"(?:^|[.,;:(\"“”'\n]|\b(?:{alternatives(knowledge()['before_duration'])}))\s*$"
    return g["count"] in ("a", "an") and not re.search(free, c.before, re.IGNORECASE) and g["text"].startswith(("a ", "an "))


def _is_age(c: Context) -> bool:
    return bool(re.match(r"[\s-]old\b|\sof age\b", c.after)) and not re.match(
        r"[\s-]old\s(?:\w+\s)?(?:war|conflict|siege|truce|ceasefire|uprising|rebellion|insurgency|battle)", c.after
    )


def _running(g: Groups, c: Context) -> Time:
    """The words "for the fourth day running": from three days before publication to it."""
    ordinals = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    count = ordinals.index(g["ordinal"]) + 1
    start = _units_before(g["unit"], count - 1, c.published) if c.published else None
    return Time("DURATION", _duration_value(g["unit"], count), start, c.published)


def _set(g: Groups, c: Context) -> Time | None:
    if "setword" in g:
        if re.match(r"\s+[A-Z][a-z]", c.after) or re.search(r"[A-Z]\w*\s+$", c.before):
            return None  # "the Daily Herald", "the daily Novosti"
        return Time("SET", knowledge()["sets"][re.sub(r"\s+", " ", g["setword"])])
    if "weekday" in g:
        return Time("SET", f"XXXX-WXX-{knowledge()['weekdays'][g['weekday']]}{_part_code(g.get('part'))}")
    if "month" in g:
        return Time("SET", f"XXXX-{knowledge()['months'][g['month']]:02}")
    if "season" in g:
        return Time("SET", f"XXXX-{knowledge()['seasons'][g['season']]}")
    return Time("SET", knowledge()["every"][g["period"]]) if "period" in g else None


_RULES: dict[str, Callable[[Groups, Context], Time | None]] = {
    "calendar": _calendar, "holiday": _holiday,
    "numeric": _numeric, "weekday": _weekday, "weekdays": _weekdays, "clock": _clock, "day": _dayword,
    "reference": _reference, "overnight": _overnight, "part": _part, "same": _same, "shifted": _shifted, "period": _period,
    "quarter": _quarter, "year": _year, "ago": _ago, "span": _span, "duration": _duration, "set": _set,
}  # fmt: skip


def resolve(rule: str, groups: Groups, context: Context) -> Time | None:
    """The meaning of an expression of one kind; None where the words are no time after all. `groups`: the parts of its pattern."""
    return _RULES[rule](groups, context)
