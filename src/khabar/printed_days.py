"""The text of a report and the day of publication given with it → the day from which its times count, and a warning where the two differ.

A report prints its own day: "Published: 5 June 2015", "Friday 5 Jun 2015" under its heading, "OAKFORD, June 5 (Harbour News) -". A day of
publication that came with it may be that of a copy, of an archive, or have day and month exchanged. "On Friday" was written for
readers of the printed day, so that day dates the story (docs/explanation/dates.md has the rules). The day given stays the day on which the
report is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from khabar.model import Failure, Report
from khabar.openings import dateline
from khabar.tablerows import Row, rows_of
from khabar.timecontext import alternatives, valid_day
from khabar.timecontext import knowledge as of_time

HEAD = 600  # characters: a date further down is one that the report tells of
TAIL = 200  # or it is that of a line at its end
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day that a report prints as its own. `readings`: the days that it may be, two where the order of day and month is not told.

    `weekday`: 1 to 7, where one is printed beside it. `updated`: it says when the text was changed last.
    """

    text: str
    readings: tuple[date, ...]
    weekday: int | None = None
    updated: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """The readings that its weekday bears out."""
        return tuple(day for day in self.readings if self.weekday in (None, day.isoweekday()))


def day_told(report: Report) -> tuple[date | None, tuple[Failure, ...]]:
    """The day from which the times of a report count, and a warning where it is not the day of publication given.

    >>> day, [warning] = day_told(Report("r", "Friday 5 June 2015\\nRebels took Oakford on Thursday.", published=date(2015, 6, 12)))
    >>> day
    datetime.date(2015, 6, 5)
    """
    given, found = report.published, printed_days(report.text, report.published)
    if not found or any(given in line.readings for line in found) or _is_of_the_past(found[0], report):
        return given, ()
    line = next((line for line in found if len(line.days) == 1 and _holds(line, report)), None)
    if line is None:
        return given, (_warning(report, found[0], None),)
    return line.days[0], (_warning(report, line, line.days[0]),)


def _holds(line: PrintedDay, report: Report) -> bool:
    """Is a printed day the story's? That of the last change is, where the weekdays that the text names fit it and not the day given."""
    if not line.updated or report.published is None:
        return True
    weekdays = [of_time()["weekdays"][m[1].lower()] for m in re.finditer(rf"\b({_full_weekdays()})\b", report.text)][:3]
    fit, misfit = ([_is_news_on(w, day) for w in weekdays] for day in (line.days[0], report.published))
    return sum(fit) > sum(misfit)


def _is_news_on(weekday: int, day: date) -> bool:
    """Does news of a day speak of this weekday? Of its own and the one before."""
    return weekday in (day.isoweekday(), (day - DAY).isoweekday())


def _is_of_the_past(line: PrintedDay, report: Report) -> bool:
    """Does the text go on to tell of days after a printed one: a chronicle, which begins with a date of its own?"""
    later = (m for m in _written(report.text[HEAD:], report.published) if m.years)
    return any(day > line.readings[-1] + DAY for m in later for day in m.readings if report.published is None or day <= report.published)


def _warning(report: Report, line: PrintedDay, used: date | None) -> Failure:
    given = report.published
    told = f"the report prints its day as {line.text!r}"
    if given is None:
        why = f"{told}: its times count from {used}; it is known by no day until a day of publication is given"
    elif used is None:
        may = " or ".join(map(str, line.readings))
        weekday = ", which its weekday contradicts" if line.weekday and not line.days else ""
        why = f"{told} ({may}{weekday}), and published is {given}: its times count from {given}; is the date right?"
    else:
        why = f"{told}, and published is {given}{_how_apart(given, used)}: its times count from {used}; it is known from {given}"
    return Failure(report.id, "dateline", why, report.source or report.url, warning=True)


def _how_apart(given: date, used: date) -> str:
    if (given.month, given.day) == (used.day, used.month) and given.year == used.year:
        return " (day and month exchanged)"
    return " (before it was written)" if given < used else " (a later copy)"


# --- finding the lines


@dataclass(frozen=True, slots=True)
class _Written:
    """A date as it stands in a text, from `start` to `end`."""

    text: str
    start: int
    end: int
    readings: tuple[date, ...]
    weekday: int | None
    years: bool


@cache
def _knowledge() -> dict[str, Any]:
    tables: dict[str, Any] = yaml.safe_load(resources.files("khabar").joinpath("knowledge/printed_days.yaml").read_text(encoding="utf-8"))
    return tables


@cache
def _full_weekdays() -> str:
    return alternatives(w.capitalize() for w in of_time()["weekdays"] if w.endswith("day"))


def printed_days(text: str, published: date | None) -> list[PrintedDay]:
    """The days that a report prints as its own at its head, the surest kind first; those at its end where its head has none."""
    text = _without_tables(text, published)
    found = list(_kinds(text[:HEAD], published)) or [row for row in _kinds(text[HEAD:][-TAIL:], published) if row[0] in AT_END]
    return [line for _, line in sorted(found, key=lambda row: row[0])]


def _without_tables(text: str, published: date | None) -> str:
    """The text with blanks for the tables of which several rows have a day: it is of what they tell, and not the page's."""
    dated: dict[int, list[Row]] = {}
    for row in rows_of(text):
        if any(_written(text[row.start : row.end], published)):
            dated.setdefault(row.table, []).append(row)
    for row in (row for rows in dated.values() if len(rows) > 1 for row in rows):
        text = text[: row.start] + " " * (row.end - row.start) + text[row.end :]
    return text


def _kinds(part: str, published: date | None) -> Iterator[tuple[int, PrintedDay]]:
    for written in _written(part, published):
        kind = _kind(written, part)
        if kind is not None:
            yield kind, PrintedDay(written.text, written.readings, written.weekday, updated=kind == UPDATED)


def stamp_end(text: str, start: int) -> int | None:
    """Where a printed day ends that opens a text at `start`, with its label and hour, before what begins anew; None where none does.

    >>> stamp_end("Posted on 3 May 2014 10:20 GMT Rebels took Oakford.", 0)
    31
    """
    label = alternatives(word for kind in ("printed", "updated") for word in _knowledge()[kind])
    opening = re.compile(rf"\W*(?:(?:{label})\b(?: (?:on|at))?\W{{0,3}})?", re.IGNORECASE).match(text, start)
    first = opening.end() if opening else start
    hour = re.compile(rf"{CLOCK}\W+").match(text, first)
    tried = (m for at in (first, hour.end() if hour else first) for p in _patterns() if (m := p.match(text, at)))
    found = next((m for m in tried if _readings({k: v for k, v in m.groupdict().items() if v}, None)), None)
    after = found and re.compile(rf"(?:,? (?:at )?{CLOCK})?[).\s]*(?=[A-Z\"“‘']|\d+\s+[A-Z])").match(text, found.end())
    return after.end() if after else None


CLOCK = r"(?:\d\d?[:.h]?\d\d(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:GMT|UTC))?)"
LABELLED, OF_WIRE, ALONE, UNDER_HEADING, UPDATED = range(5)
AT_END = (LABELLED, ALONE)


def _kind(written: _Written, head: str) -> int | None:
    """How a date is printed as that of the report; None for a date that the report tells of."""
    before, after = head[: written.start], head[written.end :]
    for kind, words in ((UPDATED, "updated"), (LABELLED, "printed")):
        label, clock = alternatives(_knowledge()[words]), r"(?:\d\d?[:.]?\d\d\W{0,3})?"
        first = rf"(?:^|[\n|·•(])\W*(?:{label})(?: (?:on|at))?\W{{0,3}}{clock}$"
        if re.search(rf"{first}|\b(?:{label})(?: (?:on|at))?\s?:\W{{0,2}}{clock}$", before, re.IGNORECASE):
            return kind
    line = before.rfind("\n") + 1
    opening = dateline(head[line:])
    if opening and opening.places_end and written.end <= line + opening.end:
        return OF_WIRE
    if not written.years:
        return None
    if _stands_alone(before, after):
        return ALONE
    joined = re.search(rf"(?:\b(?:{alternatives(_knowledge()['joining'])})|[,(])\s*$", before, re.IGNORECASE)
    credited = re.search(r"[A-Z]\w*\W*$", before) and not re.match(r"\s*[,(]", after)
    return UNDER_HEADING if written.weekday and credited and not joined else None


def _stands_alone(before: str, after: str) -> bool:
    """On a line of its own or in a part of one, with a clock time perhaps; first in a text that lost its lines, before what begins anew."""
    clock = r"(?:(?:at )?\d\d?[:.h]?\d\d(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:GMT|UTC|[A-Z]{2,4}))?)"
    alone = re.search(rf"(?:^|\n|[|·•])[^\w\n]*(?:{clock}\W+)?$", before) and re.match(rf"\W*(?:{clock})?[^\w\n]*(?:\n|$|[|·•])", after)
    anew = rf"(?:\W*{clock})?[).\s]*(?:[A-Z\"“‘']|\d+\s+[A-Z]|\w+:)"
    first = re.fullmatch(rf"\W*(?:{clock}\W+)?", before) and re.match(anew, after)
    changed = re.match(r"\s?\((?:last )?(?:updated|modified)\b", after, re.IGNORECASE)
    return bool(alone or first or changed)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    weekday = rf"(?:(?P<weekday>{alternatives(of_time()['weekdays'])})\b[.,]?\s+)?"
    month = rf"(?P<month>{alternatives(of_time()['months'])})\b\.?"
    day, year = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?", r"(?P<year>20\d\d|19\d\d)(?!\d)"
    forms = (
        rf"{weekday}{day}\s+(?:of\s+)?{month}(?:,?\s+{year})?",
        rf"{weekday}{month}\s+{day}(?:(?:,\s*|\s+|(?<=\d\d)){year})?(?!\d)",  # "Jul 282016": a comma was lost
        r"(?P<y>20\d\d|19\d\d)[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)",
        rf"{weekday}(?P<a>\d\d?)(?P<sep>[-/.])(?P<b>\d\d?)(?P=sep){year}",
    )
    return tuple(re.compile(rf"(?<![\w.-]){form}", re.IGNORECASE) for form in forms)


def _written(text: str, published: date | None) -> Iterator[_Written]:
    """The dates of a text in its order; a day without a year is of the year that brings it nearest to publication."""
    found = sorted((m.start(), -m.end(), m) for p in _patterns() for m in p.finditer(text))
    end = 0
    for start, _, match in found:
        groups = {name: value for name, value in match.groupdict().items() if value}
        readings = _readings(groups, published) if start >= end else ()
        if readings:
            end = match.end()
            weekday = of_time()["weekdays"].get(groups.get("weekday", "").lower())
            yield _Written(match[0], start, end, readings, weekday, "year" in groups or "y" in groups)


def _readings(g: dict[str, str], published: date | None) -> tuple[date, ...]:
    if "y" in g:
        return _valid((int(g["y"]), int(g["m"]), int(g["d"])))
    if "a" in g:
        year, a, b = int(g["year"]), int(g["a"]), int(g["b"])
        month_first = () if g["sep"] == "." or a == b else ((year, a, b),)
        return _valid((year, b, a), *month_first)
    month, day = of_time()["months"][g["month"].lower()], int(g["day"])
    if "year" in g:
        return _valid((int(g["year"]), month, day))
    if published is None:
        return ()
    near = _valid(*((published.year + shift, month, day) for shift in (-1, 0, 1)))
    return tuple(sorted(near, key=lambda d: abs(d - published))[:1])


def _valid(*days: tuple[int, int, int]) -> tuple[date, ...]:
    found: Sequence[date | None] = [valid_day(*day) for day in days]
    return tuple(day for day in found if day)
