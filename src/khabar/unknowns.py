"""A time and an area → what is not known of them, each told with the last sentence before the silence.

Silence has no sentence of its own: what is quoted is what was said before it, or after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from khabar.areas import Area
from khabar.lexicon import table
from khabar.prose import Line, line
from khabar.record import Told
from khabar.window import Window, is_town
from khabar.wording import counted, day_words, joined, place_words, when

SILENT = timedelta(days=30)  # a place not told of for so long is listed as silent; not measured
QUIET = 3  # days in a row on which nothing was published that are a gap
GAPS = 3  # the longest


def unknowns(window: Window, most: int) -> Iterator[Line]:
    """What a reader would ask next; `most` places of a kind, the others counted."""
    yield from contested(window, most)
    yield from without_first_day(window)
    yield from silent(window, most)
    yield from gaps(window)
    yield from undated(window)


def contested(window: Window, most: int) -> Iterator[Line]:
    """Places that were fought over to no known end, the most told of first."""
    periods = [(place, window.view.line(place).at(window.until)) for place in window.places if is_town(place)]
    found = [(place, [piece.told for piece in period.fighting]) for place, period in periods if period.fighting]
    for place, told in sorted(found, key=lambda pair: (-len(pair[1]), pair[0].key))[:most]:
        yield line(
            f"{place_words(place)} was contested on {day_words(window.until)}: there was fighting, and nobody tells how it ended", told
        )


def without_first_day(window: Window) -> Iterator[Line]:
    """Changes of hands of which only the last possible day is told."""
    found = [(place, change) for place, change in window.changes if change.first is None]
    if found:
        told = [piece.told for _, change in found for piece in change.backing[:1]]
        names = joined((place_words(place) for place, _ in found), most=8)
        yield line(f"No report tells the first day on which these may have changed hands: {names}", told)


def silent(window: Window, most: int) -> Iterator[Line]:
    """Places once told of and not for long; the most told of are named, each with its last day."""
    rows = _silent_places(window)
    last = [(place, told) for place in rows[:most] if (told := _last_told(window, place))]
    if last:
        named = joined((f"{place_words(place)} ({day_words(told.known or window.until)})" for place, told in last), most=most)
        more = f"; and {counted(len(rows) - most, 'more place')}" if len(rows) > most else ""
        words = f"For more than {SILENT.days} days nobody had told who holds these, last told of on the day in brackets: {named}{more}"
        yield line(words, [told for _, told in last], most=most)


def _silent_places(window: Window) -> list[Area]:
    """The most told of first."""
    kinds = tuple(table("control")["roles"])
    query = (
        "SELECT place_id, count(*) AS number, max(published) AS latest FROM current_claims "
        f"WHERE published <= ? AND place_id IS NOT NULL AND kind IN ({', '.join('?' * len(kinds))}) GROUP BY place_id HAVING latest < ?"
    )
    before = (window.until - SILENT).isoformat()
    rows = window.view.record.connection.execute(query, (window.until.isoformat(), *kinds, before)).fetchall()
    places = {place.id: place for place in window.view.areas.values() if place.id and is_town(place) and window.inside(place)}
    found = sorted((row for row in rows if row["place_id"] in places), key=lambda row: (-row["number"], row["place_id"]))
    return [places[row["place_id"]] for row in found]


def _last_told(window: Window, place: Area) -> Told | None:
    kinds = tuple(table("control")["roles"])
    where = f"place_id = ? AND published <= ? AND kind IN ({', '.join('?' * len(kinds))})"
    return next(reversed(window.told(where, (place.id, window.until.isoformat(), *kinds))), None)


def gaps(window: Window) -> Iterator[Line]:
    """Runs of days on which no report was published, the longest; the footnotes are the last claim before and the first after."""
    by_day: dict[date, Told] = {}
    for item in window.happened.claims.values():
        if item.known and window.holds(item):
            by_day.setdefault(item.known, item)
    found = [(start, end) for start, end in _empty_runs(sorted(by_day), window.first, window.until) if (end - start).days + 1 >= QUIET]
    for start, end in sorted(found, key=lambda run: (run[0] - run[1], run[0]))[:GAPS]:
        told = [by_day[day] for day in _neighbours(sorted(by_day), start, end)]
        if told:
            yield line(f"No report in the record was published {when(start, end)}", told)


def _empty_runs(days: Sequence[date], first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last days of the runs between `first` and `last` that hold none of the days."""
    one = timedelta(days=1)
    start = first
    for day in [*(day for day in days if first <= day <= last), last + one]:
        if start < day:
            yield start, day - one
        start = day + one


def _neighbours(days: Sequence[date], start: date, end: date) -> list[date]:
    before, after = [day for day in days if day < start], [day for day in days if day > end]
    return [*before[-1:], *after[:1]]


def undated(window: Window) -> Iterator[Line]:
    """Reports without a day of publication. They are never "known by" a day, so a brief known by one knows nothing of them."""
    if window.view.known_by is not None or not window.view.record.undated():
        return
    reports = {item.version: item for item in reversed(window.told("published IS NULL", ()))}
    if reports:
        yield line(f"{counted(len(reports), 'report')} {'has' if len(reports) == 1 else 'have'} no day of publication", reports.values())
