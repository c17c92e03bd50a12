"""What stands around a time expression → the days that it counts from; calendar arithmetic and the words for time."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    future: bool = False  # do words before it look ahead?
    to_come: bool = False  # is what it tells the day of to come, by the tense of its verb?
    narrative: date | None = None
    part_of: date | None = None  # the day that stands right behind: "dawn on 3 May"
    placed: bool = False  # does the time that a lapse was in stand right behind it: "three weeks in March"?
    then: date | None = None  # where the last time told of at all began

    @property
    def day(self) -> date | None:
        """The day that "at dawn" belongs to: the one right behind it, the last one named in the paragraph, or else publication."""
        return self.part_of or self.here or self.published

    @property
    def named_day(self) -> date | None:
        """The day that "the same day" and "hours earlier" mean: the last one named at all."""
        return self.last[1] if self.last else self.published


@cache
def knowledge() -> dict[str, Any]:
    """The words for time: `knowledge/times.yaml`."""
    text = resources.files("khabar").joinpath("knowledge/times.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def alternatives(words: Any) -> str:
    """A regular expression of any of these words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


def valid_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def months_back(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def week_of(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def count_of(words: str) -> float | None:
    """How many units: None where the words do not say ("several")."""
    tables = knowledge()
    if words in tables["one"]:
        return 1
    if words in tables["two"]:
        return 2
    return None if words in tables["vague_numbers"] else parse_number(words)


def digits_of(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def stage_of(stage: str | None, start: date, end: date) -> tuple[date, date]:
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
        return date(start.year, months[0], 1), month_end(start.year, months[1])
    return start + timedelta(days * (third - 1) // 3), start + timedelta(days * third // 3 - 1)


def part_code(part: str | None) -> str:
    return f"T{knowledge()['parts'][part]}" if part else ""
