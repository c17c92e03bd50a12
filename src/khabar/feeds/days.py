"""Words of a date in a header or an export → the day as its writer's clock had it."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_WRITTEN = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?P<day>\d{1,2})\.?[ -](?P<month>[a-z]{3})[a-z]*\.?,?[ -](?P<year>\d{4})\b",  # Mon, 04 Mar 2019 10:00:00 +0100
        r"\b(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2}),? (?P<year>\d{4})\b",  # Mon, Mar 4, 2019 at 10:00 AM
        r"^\w{3} (?P<month>[a-z]{3}) (?P<day>\d{1,2}) [\d:]+ [+-]\d{4} (?P<year>\d{4})$",  # Mon Mar 04 10:00:00 +0000 2019
    )
)


def day_of(value: object) -> date | None:
    """The day as written; an hour and its zone are left aside, None where it is no ISO date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.match(r"\s*\d{4}-\d{2}-\d{2}(?!\d)", value):
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None


def written_day(words: object) -> str | None:
    """The same, as an ISO day, of the forms that letters, feeds and exports use; months in English.

    >>> written_day("Monday, 4 March 2019 23:30"), written_day("Mon Mar 04 10:00:00 +0000 2019"), written_day("4/3/2019")
    ('2019-03-04', '2019-03-04', None)
    """
    if day := day_of(words):
        return day.isoformat()
    for pattern in _WRITTEN:
        if (found := pattern.search(str(words)[:200])) and found["month"].lower() in _MONTHS:
            iso = f"{found['year']}-{_MONTHS.index(found['month'].lower()) + 1:02}-{int(found['day']):02}"
            return iso if day_of(iso) else None
    return None
