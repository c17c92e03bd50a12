"""A reader of the record relies on the days that a report's words stand for. Publication is Tuesday 25 March 2003 unless said otherwise."""

from datetime import date

import pytest

from khabar.language import parse
from khabar.model import Report, TimeMention
from khabar.times import find_times

PUBLISHED = date(2003, 3, 25)


def read(text: str, published: date | None = PUBLISHED) -> tuple[TimeMention, ...]:
    return find_times(text, Report("r", text, published=published))


def days(iso: str) -> tuple[date | None, date | None]:
    """ "2003-03-01..2003-03-31", "..2003-03-25" (open start) → the two ends."""
    start, _, end = iso.partition("..") if ".." in iso else (iso, "", iso)
    return (date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)


ONE_TIME = [
    ("They shelled the bridge on Sunday.", "Sunday", "DATE", "2003-03-23", "2003-03-23"),
    ("On Tuesday the column left.", "Tuesday", "DATE", "2003-03-25", "2003-03-25"),
    ("Last Tuesday the column left.", "Last Tuesday", "DATE", "2003-03-18", "2003-03-18"),
    ("Talks will resume on Friday.", "Friday", "DATE", "2003-03-28", "2003-03-28"),
    ("The village fell late on Monday.", "late on Monday", "DATE", "2003-03-24", "2003-03-24"),
    ("Shells fell on Monday night.", "Monday night", "TIME", "2003-03-24TNI", "2003-03-24"),
    ("Mondays attack killed three.", "Mondays", "DATE", "2003-03-24", "2003-03-24"),
    ("The town fell yesterday.", "yesterday", "DATE", "2003-03-24", "2003-03-24"),
    ("The army left at 4 in the afternoon.", "4 in the afternoon", "TIME", "2003-03-25T16:00", "2003-03-25"),
    ("The army left at 4 in the morning.", "4 in the morning", "TIME", "2003-03-25T04:00", "2003-03-25"),
    ("In nineteen ninety-six a bomb shook the games.", "nineteen ninety-six", "DATE", "1996", "1996-01-01..1996-12-31"),
    ("It fell in the year two thousand two.", "the year two thousand two", "DATE", "2002", "2002-01-01..2002-12-31"),
    ("Two days ago the army left.", "Two days ago", "DATE", "2003-03-23", "2003-03-23"),
    ("Villages were shelled overnight.", "overnight", "TIME", "2003-03-24TNI", "2003-03-24..2003-03-25"),
    ("They attacked at dawn.", "dawn", "TIME", "2003-03-25TMO", "2003-03-25"),
    ("This morning a convoy left.", "This morning", "TIME", "2003-03-25TMO", "2003-03-25"),
    ("Raids hit the port in the past four days.", "the past four days", "DURATION", "P4D", "2003-03-21..2003-03-25"),
    ("He spoke of the past 48 hours.", "the past 48 hours", "DURATION", "PT48H", "2003-03-23..2003-03-25"),
    ("Shells fell on Tuesday of last week.", "Tuesday of last week", "DATE", "2003-03-18", "2003-03-18"),
    ("Nine have died since Monday last week.", "Monday last week", "DATE", "2003-03-17", "2003-03-17..2003-03-25"),
    ("The bridge fell on October 8 last year.", "October 8 last year", "DATE", "2002-10-08", "2002-10-08"),
    ("The bridge fell on 3 February of last year.", "3 February of last year", "DATE", "2002-02-03", "2002-02-03"),
    ("Shells fell overnight on Sunday.", "overnight on Sunday", "TIME", "2003-03-23TNI", "2003-03-23"),
    ("Shells fell overnight into Monday.", "overnight into Monday", "TIME", "2003-03-23TNI", "2003-03-23..2003-03-24"),
    ("Since midnight nobody has slept.", "midnight", "TIME", "2003-03-25TNI", "2003-03-25"),
    ("They held out for the first week of February.", "the first week of February", "DATE", "2003-02", "2003-02-01..2003-02-07"),
    ("It fell in the last week of February 2001.", "the last week of February 2001", "DATE", "2001-02", "2001-02-22..2001-02-28"),
    ("It has grown over the past year.", "the past year", "DATE", "2002", "2002-03-25..2003-03-25"),
    ("In recent weeks they advanced.", "recent weeks", "DURATION", "PXW", "..2003-03-25"),
    ("The army recently left.", "recently", "DATE", "PAST_REF", "..2003-03-25"),
    ("It holds the city now.", "now", "DATE", "PRESENT_REF", "2003-03-25"),
    ("Fighting has gone on since Thursday.", "Thursday", "DATE", "2003-03-20", "2003-03-20..2003-03-25"),
    ("The siege has lasted since 1999.", "1999", "DATE", "1999", "1999-01-01..2003-03-25"),
    ("The fort was lost last month.", "last month", "DATE", "2003-02", "2003-02-01..2003-02-28"),
    ("The fort was lost in early February.", "early February", "DATE", "2003-02", "2003-02-01..2003-02-10"),
    ("The fort was lost in mid-February.", "mid-February", "DATE", "2003-02", "2003-02-11..2003-02-20"),
    ("The fort was lost in late February.", "late February", "DATE", "2003-02", "2003-02-21..2003-02-28"),
    ("They rose in mid-2001.", "mid-2001", "DATE", "2001", "2001-05-01..2001-08-31"),
    ("War broke out four years ago this month.", "four years ago this month", "DATE", "1999-03", "1999-03-01..1999-03-31"),
    ("War broke out four years ago.", "four years ago", "DATE", "1999", "1999-01-01..1999-12-31"),
    ("They met in November.", "November", "DATE", "2002-11", "2002-11-01..2002-11-30"),
    ("They meet in April.", "April", "DATE", "2003-04", "2003-04-01..2003-04-30"),
    ("The base was shelled last Oct. 23.", "last Oct. 23", "DATE", "2002-10-23", "2002-10-23"),
    ("They met at noon on Monday.", "noon on Monday", "TIME", "2003-03-24T12:00", "2003-03-24"),
    ("The offer stands until 5 p.m. EST, Apr. 6.", "5 p.m. EST, Apr. 6", "TIME", "2003-04-06T17:00", "2003-04-06"),
    ("The town was shelled on Christmas Day.", "Christmas Day", "DATE", "2002-12-25", "2002-12-25"),
    ("They left on Thanksgiving.", "Thanksgiving", "DATE", "2002-11-28", "2002-11-28"),
    ("Prices doubled over the past decade.", "the past decade", "DURATION", "P10Y", "1993-03-25..2003-03-25"),
    ("Leaders of the 1992 protests have fled.", "1992", "DATE", "1992", "1992-01-01..1992-12-31"),
    ("The March accession is near.", "March", "DATE", "2003-03", "2003-03-01..2003-03-31"),
    ("They met on November 27.", "November 27", "DATE", "2002-11-27", "2002-11-27"),
    ("They met on 27 November 1998.", "27 November 1998", "DATE", "1998-11-27", "1998-11-27"),
    ("They met on November 27, 1998.", "November 27, 1998", "DATE", "1998-11-27", "1998-11-27"),
    ("They met in March 1998.", "March 1998", "DATE", "1998-03", "1998-03-01..1998-03-31"),
    ("It was signed on 1998-11-27.", "1998-11-27", "DATE", "1998-11-27", "1998-11-27"),
    ("It was signed on 27/11/1998.", "27/11/1998", "DATE", "1998-11-27", "1998-11-27"),
    ("It was signed on 11/27/1998.", "11/27/1998", "DATE", "1998-11-27", "1998-11-27"),
    (
        "In the night of 28–29 January the quarter fell.",
        "the night of 28–29 January",
        "DATE",
        "2003-01-28/2003-01-29",
        "2003-01-28..2003-01-29",
    ),
    ("It rained between 3 and 5 January.", "3 and 5 January", "DATE", "2003-01-03/2003-01-05", "2003-01-03..2003-01-05"),
    ("Rebels took it in their spring offensive in 2001.", "spring offensive in 2001", "DATE", "2001-SP", "2001-03-01..2001-05-31"),
    ("It fell in the winter campaign of 2001.", "the winter campaign of 2001", "DATE", "2001-WI", "2001-12-01..2002-02-28"),
    ("The army came in its summer push of 2001.", "summer push of 2001", "DATE", "2001-SU", "2001-06-01..2001-08-31"),
    ("The front froze in the 1990s.", "the 1990s", "DATE", "199", "1990-01-01..1999-12-31"),
    ("Losses rose in Q3 2001.", "Q3 2001", "DATE", "2001-Q3", "2001-07-01..2001-09-30"),
    ("They fought for the fourth day running.", "fourth day running", "DURATION", "P4D", "2003-03-22..2003-03-25"),
    ("The army will leave by Friday.", "Friday", "DATE", "2003-03-28", "..2003-03-28"),
    ("Nine had died by 6 p.m.", "6 p.m.", "TIME", "2003-03-25T18:00", "2003-03-25"),
    ("They fought during the night.", "the night", "TIME", "2003-03-24TNI", "2003-03-24..2003-03-25"),
    ("The town reels from last months loss.", "last months", "DATE", "2003-02", "2003-02-01..2003-02-28"),
    ("It took about 5 1/2 hours.", "about 5 1/2 hours", "DURATION", "PT5H30M", ".."),
    ("They came before 2001.", "2001", "DATE", "2001", "..2000-12-31"),
    ("They came before Monday.", "Monday", "DATE", "2003-03-24", "..2003-03-23"),
    ("They came before dawn on Monday.", "dawn on Monday", "TIME", "2003-03-24TMO", "2003-03-24"),
    ("Nine had died by Monday night.", "Monday night", "TIME", "2003-03-24TNI", "2003-03-24"),
    ("It had gone by now.", "now", "DATE", "PRESENT_REF", "..2003-03-25"),
    ("The quarter fell in the night of 28 January.", "the night of 28 January", "TIME", "2003-01-28TNI", "2003-01-28"),
]


@pytest.mark.parametrize(("text", "words", "timex", "value", "interval"), ONE_TIME, ids=[row[0] for row in ONE_TIME])
def test_one_expression_has_its_span_value_and_days(text: str, words: str, timex: str, value: str, interval: str) -> None:
    [mention] = read(text)
    assert (mention.text, mention.timex, mention.value) == (words, timex, value)
    assert (mention.date_start, mention.date_end) == days(interval)
    assert text[mention.start : mention.end] == mention.text


NARRATIVES = [
    ("On January 28 they filmed the school. Overnight they took the prison.", "Overnight", "2003-01-28..2003-01-29"),
    ("On January 29 the group announced it. Hours earlier, a source had denied it.", "Hours earlier", "2003-01-29"),
    ("The bridge fell on 3 February. The next day the army returned.", "The next day", "2003-02-04"),
    ("The bridge fell on 3 February. The army had left it the evening before.", "the evening before", "2003-02-02"),
    ("The bridge fell on 3 February. The army had left it five days before.", "five days before", "2003-01-29"),
    ("The bridge fell in February. The following month the army returned.", "The following month", "2003-03-01..2003-03-31"),
    ("In 1998 they met on 4 May. The bridge fell on October 8 last year.", "October 8 last year", "2002-10-08"),
    ("The bridge fell on 3 February. Two days later the army returned.", "Two days later", "2003-02-05"),
    ("The bridge fell on 3 February. The same day the army left.", "The same day", "2003-02-03"),
    ("The bridge fell on 3 February.\nOvernight, shells hit the port.", "Overnight", "2003-03-24..2003-03-25"),
]


@pytest.mark.parametrize(("text", "words", "interval"), NARRATIVES, ids=[row[0] for row in NARRATIVES])
def test_a_narrative_with_its_own_dates_counts_from_the_last_one_of_its_paragraph(text: str, words: str, interval: str) -> None:
    mention = next(m for m in read(text) if m.text == words)
    assert (mention.date_start, mention.date_end) == days(interval)


def test_both_ends_of_a_range_cover_the_whole_of_it() -> None:
    start, end = read("He ruled from March to June 1998.")
    assert (start.text, end.text) == ("March", "June 1998")
    assert (start.date_start, start.date_end) == (end.date_start, end.date_end) == (date(1998, 3, 1), date(1998, 6, 30))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("They shelled it in 2001 and 2002.", date(2001, 1, 1), date(2002, 12, 31)),
        ("They shelled it in January and February.", date(2003, 1, 1), date(2003, 2, 28)),
        ("Between Tuesday and Saturday nine died.", date(2003, 3, 18), date(2003, 3, 22)),
    ],
)
def test_two_times_without_a_gap_are_one(text: str, start: date, end: date) -> None:
    assert [(time.date_start, time.date_end) for time in read(text)] == [(start, end)] * 2


def test_two_years_with_others_between_them_stay_two() -> None:
    assert [time.date_end for time in read("They shelled it in 1998 and 2001.")] == [date(1998, 12, 31), date(2001, 12, 31)]


def test_a_day_before_another_counts_from_it() -> None:
    before, tuesday = read("The raid came the day before last Tuesday.")
    assert (before.date_start, tuesday.date_start) == (date(2003, 3, 17), date(2003, 3, 18))


def test_a_day_without_a_year_takes_it_from_the_narrative_of_long_ago() -> None:
    _, second = read("The town fell on 3 May 1991. On 7 May the governor fled.")
    assert second.date_start == date(1991, 5, 7)


NO_TIME = [
    "They fired on the Great March of Return.",
    "Some nineteen fighters and twenty twenty-kilo shells were found.",
    "The army may march on the town.",
    "MPs said they sat down with a second man.",
    "He is a 35-year-old teacher.",
    "In exchange 2000 Sunni residents and their families left the town.",
    "They held 1500 detainees.",
    "About 2000 fighters crossed Highway 2000.",
    "They fly 40 sorties a day.",
    "Jets flew 24 hours a day.",
    "The daily Novosti and the Daily Herald said so.",
    'He was on "This Week" with her.',
    "The ship lay off Christmas Island.",
    "Jan Berg and Captain Mar met.",
    "A quarter of the town is gone.",
    "The quarter fell to the rebels.",
]


@pytest.mark.parametrize("text", NO_TIME)
def test_words_that_only_look_like_times_are_none(text: str) -> None:
    assert read(text) == ()


UNDATED = [
    ("They shelled the bridge on Sunday.", "XXXX-WXX-7"),
    ("The town fell yesterday.", "XXXX-XX-XX"),
    ("They met on November 27.", "XXXX-11-27"),
    ("They met in November.", "XXXX-11"),
    ("Villages were shelled overnight.", "XXXX-XX-XXTNI"),
    ("The army recently left.", "PAST_REF"),
    ("It holds the city now.", "PRESENT_REF"),
    ("The army left last month.", "XXXX-XX"),
]


@pytest.mark.parametrize(("text", "value"), UNDATED, ids=[row[0] for row in UNDATED])
def test_without_a_day_of_publication_no_day_is_invented(text: str, value: str) -> None:
    [mention] = read(text, None)
    assert (mention.value, mention.date_start, mention.date_end) == (value, None, None)


def test_without_a_day_of_publication_a_full_date_still_resolves() -> None:
    [mention] = read("They met on 27 November 1998.", None)
    assert (mention.date_start, mention.date_end) == (date(1998, 11, 27), date(1998, 11, 27))


def test_a_date_that_may_be_read_day_first_or_month_first_stays_unknown() -> None:
    [mention] = read("It was signed on 05/11/1998.")
    assert (mention.date_start, mention.date_end) == (None, None)


SETS = [
    ("Shells fall every day.", "every day", "P1D"),
    ("They meet every Friday.", "every Friday", "XXXX-WXX-5"),
    ("They print daily lists.", "daily", "P1D"),
]


@pytest.mark.parametrize(("text", "words", "value"), SETS)
def test_repeated_times_are_sets(text: str, words: str, value: str) -> None:
    [mention] = read(text)
    assert (mention.text, mention.timex, mention.value) == (words, "SET", value)


def test_a_story_told_years_later_gives_its_dates_the_year_of_their_neighbours() -> None:
    text = "On 2 July rebels took the bridge. In November 2012 they lost it. On 1 February the army left. In April 2013 it came."
    assert [m.date_start for m in read(text, date(2023, 10, 9))] == [
        date(2012, 7, 2),
        date(2012, 11, 1),
        date(2013, 2, 1),
        date(2013, 4, 1),
    ]


def test_news_that_names_an_old_year_keeps_its_own() -> None:
    between = "Nobody had thought that it would last. " * 12
    text = f"The war began in March 2001. {between}Rebels took the bridge on Monday and the port on 2 March."
    assert [m.date_start for m in read(text)][1:] == [date(2003, 3, 24), date(2003, 3, 2)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Soldiers drove the attackers out by Friday evening.", date(2003, 3, 21)),
        ("The town had been captured by Friday.", date(2003, 3, 21)),
        ("The troops must leave the town by Friday.", date(2003, 3, 28)),
        ("They agreed to withdraw by Friday.", date(2003, 3, 28)),
        ("Until Friday they had not left the town.", date(2003, 3, 21)),
        ("The truce was extended until Friday.", date(2003, 3, 28)),
    ],
)
def test_by_a_day_looks_ahead_unless_it_has_happened(text: str, day: date) -> None:
    assert [m.date_end for m in find_times(parse(text), Report("r", text, published=PUBLISHED))] == [day]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("On Monday the army will withdraw from the town.", date(2003, 3, 31)),
        ("On Monday the council plans to hold a vote.", date(2003, 3, 31)),
        ("Both sides will be there when the talks begin on Monday.", date(2003, 3, 31)),
        ("On Monday the army said it will attack the town.", date(2003, 3, 24)),
        ("When he is told of Monday's raid, he weeps.", date(2003, 3, 24)),
    ],
)
def test_a_day_is_to_come_where_its_verb_says_so(text: str, day: date) -> None:
    assert [m.date_end for m in find_times(parse(text), Report("r", text, published=PUBLISHED))] == [day]


def test_what_was_done_overnight_is_not_of_the_day_on_which_it_is_told() -> None:
    found = read("Officials said Monday overnight shelling killed ten people.")
    assert [(m.text, m.date_start) for m in found] == [("Monday", date(2003, 3, 24)), ("overnight", date(2003, 3, 24))]


def day_of(text: str, words: str) -> tuple[str | None, date | None, date | None]:
    [found] = [m for m in find_times(parse(text), Report("r", text, published=PUBLISHED)) if m.text.lower() == words.lower()]
    return found.value, found.date_start, found.date_end


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The gunmen came at dawn on 3 March.", "dawn", "2003-03-03TMO"),
        ("Shelling began at 0430 GMT on 3 March.", "0430 GMT", "2003-03-03T04:30"),
        ("At dusk on 20 March the convoy left.", "dusk", "2003-03-20TEV"),
        ("The convoy left at noon on 3 March and came back at dusk.", "dusk", "2003-03-03TEV"),
        ("By nightfall the rebels had gone.", "nightfall", "2003-03-25TEV"),
        ("Soldiers entered Oakford after dusk.", "dusk", "2003-03-25TEV"),
    ],
)
def test_an_hour_is_of_the_day_that_stands_behind_it(text: str, words: str, value: str) -> None:
    found, start, end = day_of(text, words)
    assert found == value
    assert start == end == date.fromisoformat(value[:10])


@pytest.mark.parametrize(
    "text",
    ["Two years ago to the day, on 3 March, gunmen came.", "A year ago, on 3 March, gunmen came.", "They came on 3 March two years ago."],
)
def test_a_day_beside_so_many_years_ago_is_of_that_year(text: str) -> None:
    year = 2002 if "A year" in text else 2001
    assert day_of(text, "3 March")[1] == date(year, 3, 3)


@pytest.mark.parametrize("text", ["For three weeks in early March Oakford was shelled.", "They held it for three weeks in February."])
def test_a_lapse_within_a_month_is_not_counted_from_publication(text: str) -> None:
    assert day_of(text, "three weeks") == ("P3W", None, None)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("During Ramadan the raids went on.", "Ramadan", "XXXX-XX"),
        ("Gunmen came on the eve of Eid.", "the eve of Eid", "XXXX-XX-XX"),
        ("The raids stopped for Eid al-Fitr.", "Eid al-Fitr", "XXXX-XX-XX"),
        ("Shells fall on Oakford twice a day.", "twice a day", "P1D"),
        ("Jets bomb it three times a week.", "three times a week", "P1W"),
    ],
)
def test_feasts_of_the_moon_and_rates_have_a_span_and_no_day(text: str, words: str, value: str) -> None:
    assert day_of(text, words) == (value, None, None)


def test_a_commander_named_after_a_feast_is_no_time() -> None:
    assert read("Commander Ramadan and Eid Sala met.") == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("By Friday, it said, it will shell the bridge.", date(2003, 3, 28)),
        ("By Sunday the general said his men would storm the town.", date(2003, 3, 30)),
        ("By Sunday, the general said, his men had stormed the town.", date(2003, 3, 23)),
    ],
)
def test_by_a_day_before_who_speaks_looks_where_his_words_look(text: str, day: date) -> None:
    assert day_of(text, "Friday" if "Friday" in text else "Sunday")[2] == day


def test_a_year_that_lasted_is_no_number_of_rebels() -> None:
    assert day_of("For two months in 2001 rebels besieged Oakford.", "2001")[0] == "2001"
