"""An expression for a week, season, quarter or year → its value: "last week", "in early 2013", "the third quarter"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from khabar.calendardays import calendar
from khabar.numerals import parse_number
from khabar.timecontext import Context, Groups, Time, alternatives, count_of, knowledge, month_end, months_back, stage_of, week_of


def year_before(c: Context) -> Time | None:
    """The words "a year ago" after "the third quarter" is the third quarter of the year before."""
    if c.quarter:
        return period_about("quarter", c.quarter, -4)
    return period_about("year", c.published, -1)


def period_about(unit: str, day: date | None, shift: int) -> Time | None:
    """The whole week, weekend, month, quarter, year … so many before or after the one that holds `day`."""
    if day is None:
        return Time("DATE", {"week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX", "quarter": "XXXX-QX"}.get(unit, "XXXX"))
    if unit in ("week", "weekend"):
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
        first = monday + timedelta(days=5) if unit == "weekend" else monday
        return Time("DATE", week_of(monday) + ("-WE" if unit == "weekend" else ""), first, monday + timedelta(days=6))
    if unit == "month":
        first = months_back(day, -shift)
        return Time("DATE", f"{first:%Y-%m}", first, month_end(first.year, first.month))
    if unit == "quarter":
        first = months_back(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), -3 * shift)
        return Time("DATE", f"{first.year}-Q{(first.month + 2) // 3}", first, month_end(first.year, first.month + 2))
    if unit == "year":
        return years_of(day.year + shift, day.year + shift)
    width = 10 if unit == "decade" else 100
    first_year = day.year // width * width + shift * width
    return years_of(first_year, first_year + width - 1)


def years_of(first: int, last: int) -> Time | None:
    if not 0 < first <= last < 10000:
        return None
    value = f"{first:04}"[: 4 - len(str(last - first)) + (first == last)]
    return Time("DATE", value, date(first, 1, 1), date(last, 12, 31))


_SHIFTS = {"last": -1, "past": -1, "previous": -1, "this past": -1, "next": 1, "following": 1, "coming": 1, "this": 0, "current": 0}


def period(g: Groups, c: Context) -> Time | None:
    if "half" in g or "firstdays" in g:
        return _part_of_month(g, calendar({name: g[name] for name in ("month", "year") if name in g}, c))
    if "nth" in g:
        return _week_of_month(g, calendar({name: g[name] for name in ("month", "year") if name in g}, c))
    if "month" in g:
        day = calendar({"month": g["month"], "day": g["day"]}, c)
        return period_about("week", day.start if day else None, 0)
    if "season" in g:
        return _season(g, c)
    unit = "quarter" if "accounts" in g else g["period"]
    if unit == "quarter" and c.quarter and "relative" not in g:
        return period_about("quarter", c.quarter, 0)
    if unit == "quarter" and not ("latest" in g or "accounts" in g or "relative" in g or "stage" in g):
        return None  # "the quarter" of a city, unless a report has spoken of quarters of the year
    if unit == "decade" and g.get("relative") == "past" and c.published:  # a span, where "the last decade" is that of the calendar
        return Time("DURATION", "P10Y", units_before("decade", 1, c.published), c.published)
    shift = _SHIFTS[g.get("relative", "this")]
    origin = (c.last[1] if c.last else c.published) if g.get("relative") in ("following", "previous") else c.published
    if "stage" in g and "relative" not in g and not c.future:
        origin = _told_lately(c) or origin
    if unit == "weekend":  # "the weekend" is the one that began last
        shift += -1 if c.published and not g.get("relative") and c.published.weekday() < 5 else 0
    if unit == "quarter" and "relative" not in g and origin:  # accounts are of the quarter that has ended
        shift = -1
    time = period_about(unit, origin, shift)
    return _narrowed(time, g, shift, c) if time and time.start and time.end else time


def _told_lately(c: Context) -> date | None:
    """ "By the end of the month", after "on 3 May": of May; "since the beginning of the month" counts from now."""
    far = c.published and c.then and c.published - c.then > timedelta(days=92) and not c.narrative
    return None if far or re.search(r"\bsince\s$", c.before) else c.then


def _part_of_month(g: Groups, month: Time | None) -> Time | None:
    """ "the second half of March": from its 16th day on; "the first ten days of March"."""
    count = 15 if "half" in g else int(count_of(g["count"]) or 0)
    if month is None or month.start is None or month.end is None or not 0 < count < 28:
        return month
    if g.get("half", g.get("firstdays")) == "first":
        return replace(month, end=month.start + timedelta(days=count - 1))
    start = month.start + timedelta(days=15) if "half" in g else month.end - timedelta(days=count - 1)
    return replace(month, start=start)


def _week_of_month(g: Groups, month: Time | None) -> Time | None:
    """ "the first week of March": its first seven days."""
    if month is None or month.start is None or month.end is None:
        return month
    last = g["nth"] == "last"
    start = month.end - timedelta(days=6) if last else month.start + timedelta(weeks=["first", "second", "third"].index(g["nth"]))
    return replace(month, start=start, end=start + timedelta(days=6))


def _narrowed(time: Time, g: Groups, shift: int, c: Context) -> Time:
    """Times like "earlier this year", "this month" end at publication, unless the words look ahead."""
    assert time.start
    assert time.end
    if g.get("relative") == "past" and g["period"] in knowledge()["units"] and c.published:
        return replace(time, start=units_before(g["period"], 1, c.published), end=c.published)
    stage = g.get("stage") or (g["within"] if g.get("within") in ("early", "late") else None)
    start, end = stage_of(stage, time.start, time.end)
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
    return Time("DATE", f"{year}-{code}", date(year, first_month, 1), month_end(end_year, last_month))


def quarter(g: Groups, c: Context) -> Time | None:
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
    return Time("DATE", f"{year}-Q{number}", date(year, number * 3 - 2, 1), month_end(year, number * 3))


def year_of(g: Groups, c: Context) -> Time | None:
    if "hundreds" in g:
        first = int((parse_number(g["hundreds"]) or 0) * (1 if " " in g["hundreds"] else 100) + (parse_number(g.get("spelt", "")) or 0))
        return years_of(first, first)
    if "decade" in g or "short" in g:
        first = int(g["decade"]) if "decade" in g else 1900 + int(g["short"])
        return years_of(first, first + 9)
    if "century" in g:
        first = (int(g["century"]) - 1) * 100
        return years_of(max(first, 1), first + 99) if first else None
    if not _is_year(g, c):
        return None
    year = int(g["year"])
    start, end = stage_of(g.get("stage"), date(year, 1, 1), date(year, 12, 31))
    return Time("DATE", str(year), start, end)


def _is_year(g: Groups, c: Context) -> bool:
    """False for a bare number like a year that counts things or is a name: "some 2000 fighters", "Highway 2000"."""
    tables = knowledge()
    if re.search(r"\b(?:days|weeks|months)\s+in\s+$", c.before):
        return True  # "for two months in 2012 rebels held the town"
    things = r"[A-Za-z]+\s(?:were|are|have)\b" if g["year"].endswith("0") else "%"  # "2000 guards were killed", "the 1992 protests have"
    described = r"(?:(?:[A-Z][a-z]+|other|more|armed|local)\s)?"  # "2000 Sunni residents"
    counted = rf"\s*(?:%|{things}|{described}(?:{alternatives(tables['counted'])})\b)"
    named = rf"(?:\b(?:{alternatives(tables['numbered'])})|[$€£#])\s*$"
    return not re.match(counted, c.after) and not re.search(named, c.before, re.IGNORECASE)


def units_before(unit: str, count: float, day: date) -> date | None:
    """The day so many units before."""
    table = knowledge()["units"][unit]
    try:
        if "days" in table:
            days = count * table["days"] if table["days"] else max(1, round(count / 24)) if unit == "hour" else 0
            return day - timedelta(days=int(days))
        first = months_back(day, int(count * table["months"]))
    except (OverflowError, ValueError):
        return None
    return min(month_end(first.year, first.month), first + timedelta(days=day.day - 1))
