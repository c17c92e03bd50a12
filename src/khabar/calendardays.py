"""An expression for a day or a part of one → its value: "12 May", "on Friday", "at 5 p.m.", "overnight", "today"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from khabar.model import Timex
from khabar.timecontext import Context, Groups, Time, alternatives, digits_of, knowledge, month_end, part_code, stage_of, valid_day

_UNTIL = re.compile(r"\b(?:until|till|as early as|as soon as|postponed to|delayed to)\s+(?:on\s+|at\s+)?$", re.IGNORECASE)
_AWAY = {"last": -1, "this": 0, "next": 1}


def calendar(g: Groups, c: Context) -> Time | None:
    month = knowledge()["months"][g["month"]]
    if "day" not in g:
        return _calendar_month(g, month, c)
    year = int(g["year"]) if "year" in g else _year_told(g, c) or _year_of(month, digits_of(g["day"]), c)
    if year is None:
        return Time("DATE", f"XXXX-{month:02}-{digits_of(g['day']):02}")
    start = valid_day(year, month, digits_of(g["day"]))
    if start is None:
        return None
    if "day2" in g:
        end = valid_day(year, month, digits_of(g["day2"]))
        return Time("DATE", f"{start}/{end}", start, end, named=True) if end and end > start else None
    if not g.get("night"):
        return Time("DATE", str(start), start, start, named=True)
    return Time("TIME", f"{start}TNI", start, start, named=True)  # "the night of 28 April": of that day


def ordinal(g: Groups, c: Context) -> Time | None:
    """ "The 14th" of the month of the day named last, or of the next if that day is over; the last one before publication in news."""
    near = c.last[1] if c.last else c.published
    if near is None:
        return None
    day, month = int(g["nth"]), int(g["m"]) if "m" in g else near.month
    found = valid_day(near.year, month, day)
    if found and c.published and found > c.published:
        back = c.published.replace(day=1) - timedelta(days=1)
        found = valid_day(back.year, back.month, day) if "m" not in g else valid_day(near.year - 1, month, day)
    if found is None:
        return None
    if g.get("night"):
        return Time("TIME", f"{found}TNI", found, found, named=True)
    return Time("DATE", str(found), found, found, named=True)


def _calendar_month(g: Groups, month: int, c: Context) -> Time:
    year = int(g["year"]) if "year" in g else _year_of_month(g, month, c)
    if year is None:
        return Time("DATE", f"XXXX-{month:02}")
    start, end = stage_of(g.get("stage"), date(year, month, 1), month_end(year, month))
    return Time("DATE", f"{year}-{month:02}", start, end)


def _year_told(g: Groups, c: Context) -> int | None:
    """ "March last year", "8 October of last year"."""
    return c.published.year + _AWAY[g["whose"]] if c.published and "whose" in g else None


def _year_of_month(g: Groups, month: int, c: Context) -> int | None:
    relative = g.get("relative")
    if year := _year_told(g, c):
        return year
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
    if not exact and c.last_year and not c.far_from_year and c.published.year - c.last_year.year > 1:
        return _year_of_story(month, c.last_year, c.last_year)  # "in August 2010 and lost it in September"
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
    if (c.future or c.to_come) and months_ahead <= 6:
        return c.published.year + (0 if (month, day) >= (c.published.month, c.published.day) else (month < c.published.month))
    return c.published.year - ahead


def _is_news(month: int, day: int, c: Context) -> bool:
    """Is a day without a year of the weeks before publication, or to come, though the report has spoken of another year before?"""
    assert c.published
    last = valid_day(c.published.year - ((month, day) > (c.published.month, c.published.day)), month, day)
    return c.future or (c.far_from_year and last is not None and c.published - last <= timedelta(days=45))


def holiday(g: Groups, c: Context) -> Time | None:
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


def feast(g: Groups, c: Context) -> Time | None:
    """ "During Ramadan", "the eve of Eid": of which days a calendar tells to a day or two only. Not "Commander Ramadan"."""
    named = re.match(r"\s[A-Z]", c.after) or not re.search(
        r"(?:^|\b(?:in|on|of|for|before|after|until|since|during|throughout|through|by|this|last|the))\s+$", c.before, re.IGNORECASE
    )
    eve = g["text"].startswith("the eve")
    return None if named and not eve else Time("DATE", "XXXX-XX-XX" if eve else knowledge()["feasts"][re.sub(r"\s+", " ", g["feast"])])


def numeric(g: Groups, c: Context) -> Time | None:
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


def weekday(g: Groups, c: Context) -> Time | None:
    number = knowledge()["weekdays"][g["weekday"]]
    code = part_code(g.get("part") or g.get("part2") or g.get("part3") or g.get("night") or g.get("into"))
    if c.published is None:
        return Time("TIME" if code else "DATE", f"XXXX-WXX-{number}{code}")
    day = _nearest_weekday(number, g, c)
    if "into" in g:  # "overnight into Monday"
        day -= timedelta(days=1)
    end = day + timedelta(days=1) if "weekday2" in g or "into" in g else day  # "the night of Saturday to Sunday"
    return Time("TIME" if code else "DATE", f"{day}{code}", day, end, named=True)


def _nearest_weekday(number: int, g: Groups, c: Context) -> date:
    """The last such day on or before publication; "last Monday" is before it; the coming one where the words look ahead."""
    assert c.published is not None
    if "ofweek" in g:  # "Monday last week"
        return c.published + timedelta(days=number - c.published.isoweekday(), weeks=_AWAY[g["ofweek"]])
    back = (c.published.isoweekday() - number) % 7
    relative = "coming" if g.get("coming") else g.get("relative", "")
    least = 1 if c.to_come or _UNTIL.search(c.before) else 3
    if relative == "following" and c.last and c.last[1] < c.published:
        return c.last[1] + timedelta(days=(number - c.last[1].isoweekday()) % 7 or 7)
    if relative in ("next", "coming", "following") or ((c.future or c.to_come) and not relative and back >= least):
        return c.published + timedelta(days=(number - c.published.isoweekday()) % 7 or 7)
    if relative in ("last", "past", "previous", "this past") and back == 0:
        back = 7
    return c.published - timedelta(days=back)


def weekdays(g: Groups, c: Context) -> Time | None:
    """What "on Fridays" says recurs; "Fridays attack" is "Friday's" with its apostrophe lost, as happens to texts that were scraped."""
    if re.search(r"\b(?:on|every|of)\s+$", c.before) and not re.match(r"\s+[a-z]+(?:\s[a-z]+)?s?\b", c.after):
        return Time("SET", f"XXXX-WXX-{knowledge()['weekdays'][g['weekday']]}{part_code(g.get('part'))}")
    return weekday(g, c)


def clock(g: Groups, c: Context) -> Time | None:
    hour, minute = _hour(g["clock"])
    if hour is None:
        return None
    day = c.day
    if "weekday" in g:
        of_week = weekday({"weekday": g["weekday"]}, c)
        day = of_week.start if of_week else day
    elif after := re.match(rf"\s*\([^()]*\),?\s(?:on\s)?({alternatives(knowledge()['weekdays'])})\b", c.after, re.IGNORECASE):
        of_week = weekday({"weekday": after[1].lower()}, c)  # "at 10:35 a.m. (0735 GMT) Friday"
        day = of_week.start if of_week else day
    elif "month" in g:
        of_month = calendar({"month": g["month"], "day": g["day"]}, c)
        day = of_month.start if of_month else day
    return Time("TIME", f"{day or 'XXXX-XX-XX'}T{hour:02}:{minute:02}", day, day)


def _hour(clock: str) -> tuple[int | None, int]:
    digits = re.findall(r"\d+", clock)
    hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if len(digits[0]) == 4:
        hour, minute = divmod(hour, 100)
    if re.search("p|afternoon|evening", clock) and hour < 12:
        hour += 12
    return (hour if hour < 25 and minute < 60 else None), minute


def dayword(g: Groups, c: Context) -> Time:
    row = knowledge()["days"][re.sub(r"\s+", " ", g["dayword"])]
    code = f"T{row['part']}" if row.get("part") else ""
    timex: Timex = "TIME" if code else "DATE"
    if c.published is None:
        return Time(timex, "PRESENT_REF" if row["offset"] == 0 and not code else f"XXXX-XX-XX{code}")
    day = c.published + timedelta(days=row["offset"])
    return Time(timex, f"{day}{code}", day, day, named=row["offset"] != 0)


def reference(g: Groups, c: Context) -> Time | None:
    value = knowledge()["references"][re.sub(r"\s+", " ", g["reference"])]
    if re.match(r"\s+after\b", c.after) or (g["reference"] == "soon" and re.search(r"\b(?:as|too|how)\s+$", c.before)):
        return None
    return open_time(value, c)


def open_time(value: str, c: Context) -> Time:
    start = None if value == "PAST_REF" else c.published
    end = None if value == "FUTURE_REF" else c.published
    return Time("DATE", value, start, end)


def overnight(g: Groups, c: Context) -> Time:
    """The night before publication; in a narrative with its own dates, the night after the last of them."""
    if c.calendar_day and c.calendar_day != c.published:
        return Time("TIME", f"{c.calendar_day}TNI", c.calendar_day, c.calendar_day + timedelta(days=1), named=True)
    if c.published is None:
        return Time("TIME", "XXXX-XX-XXTNI")
    start = c.published - timedelta(days=1)
    return Time("TIME", f"{start}TNI", start, c.published, named=True)


def part_of_day(g: Groups, c: Context) -> Time:
    if g["text"] == "the day":
        return Time("DATE", str(c.named_day or "XXXX-XX-XX"), c.named_day, c.named_day)
    if g["text"] == "the night" and c.here in (None, c.published):
        return overnight(g, c)
    found = [word for word in knowledge()["parts"] if word in g["text"]]
    code = knowledge()["parts"][max(found, key=len)] if found else "NI"  # "afternoon" holds "noon"
    return Time("TIME", f"{c.day or 'XXXX-XX-XX'}T{code}", c.day, c.day)
