"""One time expression and what is known around it → its TIMEX3 value and the days it covers.

One function for each kind of expression; the kinds are the rules of `knowledge/times.yaml`: days and hours in `calendardays`, weeks,
seasons and years in `periods`, what is counted from another time in `lapses`. Days count from publication, or, in a narrative with dates
of its own, from the last date named (`timecontext`). With neither, the interval is (None, None) and the value has X for what is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from khabar.calendardays import (
    calendar,
    clock,
    dayword,
    feast,
    holiday,
    numeric,
    ordinal,
    overnight,
    part_of_day,
    reference,
    weekday,
    weekdays,
)
from khabar.lapses import ago, duration, same, shifted, span_of_time
from khabar.periods import period, quarter, year_of
from khabar.timecontext import Context, Groups, Time, knowledge, part_code


def recurring(g: Groups, c: Context) -> Time | None:
    if "setword" in g:
        if re.match(r"\s+[A-Z][a-z]", c.after) or re.search(r"[A-Z]\w*\s+$", c.before):
            return None  # "the Daily Herald", "the daily Novosti"
        return Time("SET", knowledge()["sets"][re.sub(r"\s+", " ", g["setword"])])
    if "often" in g:
        return Time("SET", f"{'PT' if g['unit'] in ('hour', 'minute') else 'P'}1{g['unit'][0].upper()}")
    if "weekday" in g:
        return Time("SET", f"XXXX-WXX-{knowledge()['weekdays'][g['weekday']]}{part_code(g.get('part'))}")
    if "month" in g:
        return Time("SET", f"XXXX-{knowledge()['months'][g['month']]:02}")
    if "season" in g:
        return Time("SET", f"XXXX-{knowledge()['seasons'][g['season']]}")
    return Time("SET", knowledge()["every"][g["period"]]) if "period" in g else None


_RULES: dict[str, Callable[[Groups, Context], Time | None]] = {
    "calendar": calendar, "ordinal": ordinal, "holiday": holiday, "feast": feast,
    "numeric": numeric, "weekday": weekday, "weekdays": weekdays, "clock": clock, "day": dayword,
    "reference": reference, "overnight": overnight, "part": part_of_day, "same": same, "shifted": shifted, "period": period,
    "quarter": quarter, "year": year_of, "ago": ago, "span": span_of_time, "duration": duration, "set": recurring,
}  # fmt: skip


def resolve(rule: str, groups: Groups, context: Context) -> Time | None:
    """The meaning of an expression of one kind; None where the words are no time after all. `groups`: the parts of its pattern."""
    return _RULES[rule](groups, context)
