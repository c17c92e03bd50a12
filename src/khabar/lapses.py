"""An expression that counts from another time, or tells how long → its value: "two days later", "years ago", "for three days"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from khabar.calendardays import open_time
from khabar.periods import period, period_about, units_before, year_before
from khabar.timecontext import Context, Groups, Time, alternatives, count_of, knowledge, part_code


def same(g: Groups, c: Context) -> Time | None:
    unit = g["same"]
    if unit == "then":
        return Time("DATE", "PAST_REF", c.then, c.then)
    if unit in ("week", "month", "year"):
        return period_about(unit, (c.then if unit == "year" else None) or (c.last[0] if c.last else c.last_year), 0)
    code = part_code(unit if unit != "day" else None)
    return Time("TIME" if code else "DATE", f"{c.named_day or 'XXXX-XX-XX'}{code}", c.named_day, c.named_day, named=bool(c.named_day))


def shifted(g: Groups, c: Context) -> Time | None:
    """Expressions like "the next day", "two days later", "a year earlier", "hours earlier": from the last date named."""
    if "yearwise" in g:
        return year_before(c)
    if c.quarter and g.get("unit") == "year" and g.get("count") == "a":
        return year_before(c)
    sign = 1 if g["direction"] in ("next", "following", "later", "after") else -1
    if g.get("bare"):
        return _shifted_vaguely(g["bare"], sign, c)
    unit = g.get("same") or g["unit"]
    count = count_of(g["count"]) if "count" in g else 1
    if count is None:
        return open_time("FUTURE_REF" if sign > 0 else "PAST_REF", c) if sign < 0 else Time("DATE", "FUTURE_REF")
    long = bool(knowledge()["units"].get(unit, {}).get("months"))  # "the following month" counts from a month too
    last = c.then if long and c.then else c.last[1] if c.last else None
    return _shift(unit, sign * int(count), last or (c.published if sign < 0 else None))


def _shifted_vaguely(bare: str, sign: int, c: Context) -> Time:
    if bare in ("hours", "minutes", "moments"):
        return Time("TIME", f"{c.named_day or 'XXXX-XX-XX'}", c.named_day, c.named_day)
    if sign < 0:
        return Time("DATE", "PAST_REF", None, c.named_day)
    return Time("DATE", "FUTURE_REF", c.last[1] if c.last else None, c.published)


def _shift(unit: str, count: int, origin: date | None) -> Time | None:
    if unit in ("night", "morning", "evening", "afternoon"):
        day = origin + timedelta(days=count) if origin else None
        return Time("TIME", f"{day or 'XXXX-XX-XX'}{part_code(unit)}", day, day, named=bool(day))
    table = knowledge()["units"][unit]
    if table.get("months"):
        return period_about("month" if unit == "month" else "year", origin, count * table.get("times", 1) * (3 if unit == "quarter" else 1))
    if unit == "hour" and abs(count) >= 24:  # "48 hours later"
        table, count = knowledge()["units"]["day"], count // 24 if count > 0 else -(-count // 24)
    if table["days"] == 0:
        return Time("TIME", str(origin or "XXXX-XX-XX"), origin, origin)
    day = origin + timedelta(days=count * table["days"]) if origin else None
    return Time("DATE", str(day or "XXXX-XX-XX"), day, day, named=bool(day))


def ago(g: Groups, c: Context) -> Time | None:
    if g.get("bare"):
        return open_time("PAST_REF", c)
    count = count_of(g["count"])
    if count is None:
        return open_time("PAST_REF", c)
    unit, whole = g["unit"], int(count)
    if c.published is None:
        return Time("DATE", "PAST_REF")
    if c.quarter and unit == "year" and whole == 1:
        return year_before(c)
    if g.get("today") and unit == "year":
        day = _same_day(c.published, whole)
        return Time("DATE", str(day), day, day, named=True)
    if g.get("joinedunit") == "month" and unit in ("year", "decade"):
        return period_about("month", c.published, -12 * whole * (10 if unit == "decade" else 1))
    if unit == "week" and whole > 1:
        time = period_about("week", c.published, -whole)
        day = c.published - timedelta(weeks=whole)
        return replace(time, start=day, end=day) if time else None
    return _back(unit, whole, c.published)


def _same_day(day: date, years: int) -> date:
    """ "a year ago today"; of 29 February the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28) if day.year > years else day


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


def span_of_time(g: Groups, c: Context) -> Time | None:
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
        return period({"relative": "last", "period": unit, "text": g["text"]}, c)  # "last month's", its apostrophe lost by a scraper
    if not counted and (
        way in ("first", "final", "following", "preceding", "previous", "latest", "recent") or unit in ("night", "summer", "winter")
    ):
        return None
    count = count_of(g["count"]) if counted else 1
    if not counted and unit in ("second", "minute"):
        return None
    value = _duration_value(unit, count)
    if way in ("first", "final", "following", "preceding", "previous") or c.published is None:
        return Time("DURATION", value)
    if way in ("next", "coming"):
        return Time("DURATION", value, c.published, None)
    start = units_before(unit, count, c.published) if count is not None else None
    return Time("DURATION", value, start, c.published)


def _vague_span(way: str, unit: str, c: Context) -> Time:
    start, end = (None, c.published) if way in ("recent", "past") else (c.published, None)
    return Time("DURATION", _duration_value(unit, None), start, end)


def duration(g: Groups, c: Context) -> Time | None:
    if "ordinal" in g:
        return _running(g, c)
    bare = g.get("bare") or g.get("bare2") or (g["text"].split("-")[0] + "s" if g["text"].endswith("-long") and "count" not in g else None)
    if bare:
        whole = None if g.get("bare") or g.get("bare2") else 1
        return Time("DURATION", _duration_value(bare[:-1], whole), None, c.published if g.get("bare") else None)
    unit, count = g["unit"], count_of(g["count"])
    if unit == "second" and g["count"] in ("a", "an", "one", "another"):
        return None
    if _is_age(c) or _is_rate(g, c) or re.match(r"\s+(?:a|per)\s+(?:day|week|month|year)\b", c.after):
        return None
    value = _duration_value(unit, None if g.get("count2") else count)
    # "for three days": up to publication; a span that is over would name its end
    lasting = re.search(r"\bfor\s+$", c.before, re.IGNORECASE) and (
        not (c.here or c.placed) or re.search(r"\b(?:has|have|had)\s+been\b", c.before[-40:] + c.after)
    )
    if count and lasting and c.published and "hour" not in unit:
        return Time("DURATION", value, units_before(unit, count, c.published), c.published)
    return Time("DURATION", value)


def _is_rate(g: Groups, c: Context) -> bool:
    """True for "40 sorties a day", "a quarter of the town", "three-quarters": no lapse of time."""
    if g["unit"] == "quarter" and not re.match(r"(?:the )?\w+ quarters", g["text"]):
        return True
    if re.match(r"\s+(?:after|before)\b", c.after):  # "on Friday a day after the town fell"
        return False
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
    start = units_before(g["unit"], count - 1, c.published) if c.published else None
    return Time("DURATION", _duration_value(g["unit"], count), start, c.published)
