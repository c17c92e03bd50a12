"""The day that a report prints as its own, beside the day of publication that came with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from khabar.contract import reading_json
from khabar.feeds import read_inputs
from khabar.model import Reading, Report, Section
from khabar.printed_days import day_told
from khabar.printing.reading import failure
from khabar.reading import load_knowledge, read

STORY = "Rebels took the village of Oakford on Thursday."


def told(text: str, published: date | None) -> tuple[date | None, str]:
    day, warnings = day_told(Report("r", text, published=published))
    return day, warnings[0].message if warnings else ""


@pytest.mark.parametrize(
    "line",
    [
        "Published June 5 2015 ",
        "Date of publication: 5 June, 2015\n",
        "Posted on June 5, 2015 by A. Writer\n",
        "Village falls to rebels Date created : 2015-06-05 ",
        "By A. Writer | June 5, 2015 | 7:45 pm\n",
        "Friday 5 Jun 2015 18:41 ",
        "Fri Jun 5 2015 ",
        "05.06.2015(updated 1935 05.06.2015) ",
        "2015-06-05\n",
        "Village falls to rebels Harbour News Friday 5 Jun 2015 ",
        "Village falls to rebels\n\n18:03 | 5 June 2015\n\n",
        "OAKFORD, June 5 (Harbour News) - ",
        "OAKFORD, Fenland, June 5, 2015 — ",
    ],
)
def test_the_day_that_a_report_prints_dates_its_story(line: str) -> None:
    day, warning = told(line + STORY, date(2015, 6, 19))
    assert day == date(2015, 6, 5)
    assert "published is 2015-06-19" in warning
    assert "count from 2015-06-05" in warning
    assert "known from 2015-06-19" in warning


@pytest.mark.parametrize(
    "text",
    [
        "Published June 5 2015 " + STORY,
        "05.06.2015 " + STORY,  # 6 May too, if one did not know
        "06/05/2015\n" + STORY,
        STORY,
    ],
)
def test_a_report_that_prints_the_day_given_or_none_is_read_as_of_that_day(text: str) -> None:
    assert told(text, date(2015, 6, 5)) == (date(2015, 6, 5), "")


@pytest.mark.parametrize(
    "text",
    [
        "On 5 June 2015 rebels took Oakford.",
        "The fall of Oakford on Friday 5 June 2015 was a blow.",
        "A video posted June 5, 2015 shows rebels in Oakford.",
        "A man walks through Oakford Friday 5 June 2015 (Photo Harbour News) Rebels hold it.",
        "5 June 2015\nRebels took Oakford. " + "The fighting went on. " * 30 + "By 9 June 2015 they were gone.",
    ],
    ids=["in a sentence", "its object", "a video's day", "a picture's day", "a chronicle"],
)
def test_a_day_that_a_report_tells_of_is_not_its_own(text: str) -> None:
    assert told(text, date(2015, 6, 19)) == (date(2015, 6, 19), "")


def test_a_day_and_month_in_unknown_order_are_not_guessed_at() -> None:
    day, warning = told("05/06/2015\n" + STORY, date(2015, 8, 19))
    assert day == date(2015, 8, 19)
    assert "2015-06-05 or 2015-05-06" in warning
    assert "is the date right?" in warning


def test_a_weekday_tells_the_order_of_day_and_month() -> None:
    assert told("Friday 05/06/2015\n" + STORY, date(2015, 8, 19))[0] == date(2015, 6, 5)
    day, warning = told("Monday 5 June 2015\n" + STORY, date(2015, 8, 19))
    assert day == date(2015, 8, 19)
    assert "its weekday contradicts" in warning


def test_day_and_month_exchanged_in_the_day_given_are_said_to_be() -> None:
    day, warning = told("Published 5 June 2015\n" + STORY, date(2015, 5, 6))
    assert day == date(2015, 6, 5)
    assert "day and month exchanged" in warning


def test_a_day_of_change_dates_the_story_only_where_its_weekdays_fit() -> None:
    updated = "Last updated 5 June 2015\nOn Friday rebels took Oakford."
    assert told(updated, date(2015, 5, 25))[0] == date(2015, 6, 5)
    assert told(updated.replace("Friday", "Monday"), date(2015, 5, 25))[0] == date(2015, 5, 25)


def test_a_day_at_the_end_counts_where_the_head_has_none() -> None:
    assert told(STORY + " They hold it. " * 60 + "\n\nPublished: 5 June 2015", date(2015, 6, 19))[0] == date(2015, 6, 5)


def test_without_publication_the_printed_day_dates_what_is_told_and_nothing_is_known_by_it() -> None:
    reading = _read("Friday 5 June 2015\n" + STORY, None)
    [claim] = [claim for claim in reading.claims if claim.kind == "capture"]
    assert claim.date_end == date(2015, 6, 4)
    assert reading.report.published is None
    assert told(STORY, None) == (None, "")


def test_a_reading_keeps_the_day_given_beside_the_one_it_used() -> None:
    report = reading_json(_read("Published: 5 June 2015\n" + STORY, date(2015, 6, 19)))["report"]
    assert report["published"] == "2015-06-19"
    assert report["told_on"] == "2015-06-05"
    assert [warning["code"] for warning in report["warnings"]] == ["dateline"]
    assert not {"told_on", "warnings"} & set(reading_json(_read(STORY, date(2015, 6, 19)))["report"])


def test_a_doubt_names_the_file_that_it_is_about(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("Friday 5 June 2015\n" + STORY)
    [report] = [item for item in read_inputs([tmp_path / "story.txt"]) if isinstance(item, Report)]
    _, (doubt,) = day_told(report)
    assert doubt.source == str(tmp_path / "story.txt")
    assert "story.txt: the report prints its day as" in failure(doubt).plain


def _read(text: str, published: date | None) -> Reading:
    return read(Report("r", text, published=published, sections=(Section("body", 0, len(text)),)), load_knowledge())
