"""When an event took place: what dates it in its sentence, what the story supplies, and what stays open."""

from __future__ import annotations

from datetime import date

import pytest

from khabar import grammar
from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read
from khabar.sections import split

FRIDAY = date(2020, 6, 5)
TWO_DAYS = "The talks ended on Monday. Rebels shelled the town of Karsa on Wednesday. Children were in the streets."


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the rules make of a sentence; the model, which may hold other days for likelier, has tests of its own (test_pointing)."""
    monkeypatch.setattr(grammar, "with_days_pointed_at", lambda claims, *_: list(claims))


def claims_of(text: str, published: date | None = FRIDAY) -> tuple[Claim, ...]:
    report = Report("example", text, published=published, sections=(Section("body", 0, len(text)),))
    return read(report, load_knowledge()).claims


def days(text: str, kind: str, published: date | None = FRIDAY) -> tuple[str | None, str | None]:
    """The days of the last claim of a kind."""
    claim = [c for c in claims_of(text, published) if c.kind == kind][-1]
    start, end = (day and day.isoformat() for day in (claim.date_start, claim.date_end))
    return start, end


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param("Rebels shelled the town of Karsa on Monday.", "shelling", ("2020-06-01", "2020-06-01"), id="own time"),
        pytest.param(
            "The militia shot down a drone over Karsa, the third this week.",
            "equipment_destroyed",
            (None, "2020-06-05"),
            id="among which it is the third",
        ),
        pytest.param(
            "Karsa, which was held by the rebels until last month, is now calm.", "control_state", (None, "2020-05-31"), id="until"
        ),
        pytest.param(
            "Officials condemned the air strikes, which hit the town of Karsa on Sunday.",
            "airstrike",
            ("2020-05-31", "2020-05-31"),
            id="time of a clause that tells of the event",
        ),
        pytest.param(
            "Rebels shelled a rally in Karsa on Monday ahead of the 3 July election.",
            "shelling",
            ("2020-06-01", "2020-06-01"),
            id="not the time of another noun, nor a day to come",
        ),
        pytest.param(
            "Rebels captured the town of Karsa in March and are fighting the army near Dovo.",
            "clash",
            (None, "2020-06-05"),
            id="not the time of a verb in another tense",
        ),
        pytest.param(
            "Rebels captured Karsa on 2 June, two weeks later than planned.", "capture", ("2020-06-02", "2020-06-02"), id="day named"
        ),
        pytest.param(
            "A monitor said on Thursday that rebels had captured Karsa.",
            "capture",
            (None, "2020-06-04"),
            id="time of the saying: before it",
        ),
        pytest.param(
            "Officials said on Thursday that fighters were advancing on Marib.",
            "advance",
            ("2020-06-04", "2020-06-04"),
            id="time of the saying: what is going on",
        ),
        pytest.param(
            "The army entered Karsa on Monday after rebels withdrew from the town.",
            "withdrawal",
            (None, "2020-06-01"),
            id="some time before",
        ),
        pytest.param(
            "Rockets landed in Dovo on Friday morning, a day after the army bombed Karsa.",
            "airstrike",
            ("2020-06-04", "2020-06-04"),
            id="a day before",
        ),
        pytest.param(
            "Air strikes on Karsa have intensified since rebels launched an offensive on 20 May.",
            "airstrike",
            ("2020-05-20", "2020-06-05"),
            id="since a clause",
        ),
        pytest.param(
            "The town of Karsa has been besieged since March 2019, when rebels captured the main road.",
            "capture",
            ("2019-03-01", "2019-03-31"),
            id="what happened in the time named by since",
        ),
        pytest.param("The army has been shelling Karsa for nearly a week.", "shelling", ("2020-05-29", "2020-06-05"), id="lasting"),
        pytest.param(
            "Over 100 militants were killed in the past 48 hours, the ministry said on Thursday.",
            "casualties",
            ("2020-06-02", "2020-06-04"),
            id="counted back from the saying",
        ),
        pytest.param(
            "The conflict, which began in March 2011, has killed 300,000 people.",
            "casualties",
            ("2011-03-01", "2020-06-05"),
            id="toll of a war",
        ),
        pytest.param("The army vowed on Monday to capture Karsa.", "capture", (None, None), id="a plan has no date"),
        pytest.param(
            "Rebels killed 40 soldiers in Karsa in four days.", "casualties", ("2020-06-01", "2020-06-05"), id="so many days back"
        ),
        pytest.param("It was the third bombing in Karsa within a week.", "bombing", (None, "2020-06-05"), id="one of several did not last"),
        pytest.param("The army has killed 30 rebels in two months.", "casualties", ("2020-04-05", "2020-06-05"), id="in so many months"),
        pytest.param("The army has carried out its first raid on Karsa in two years.", "attack", (None, "2020-06-05"), id="only ranks"),
        pytest.param(
            "The army entered Karsa on Wednesday a day after rebels shelled the town.",
            "shelling",
            ("2020-06-02", "2020-06-02"),
            id="a day after, without a comma",
        ),
        pytest.param(
            "The army entered Dovo on Wednesday, a day after raids killed nine people.",
            "casualties",
            ("2020-06-02", "2020-06-02"),
            id="what raids did",
        ),
    ],
)
def test_the_sentence_dates_its_event(text: str, kind: str, expected: tuple[str | None, str | None]) -> None:
    assert days(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        pytest.param(
            "Rebels shelled the town of Karsa on Monday. Four people were killed.", "casualties", ("2020-06-01", "2020-06-01"), id="goes on"
        ),
        pytest.param(
            "Rebels shelled the town of Karsa on Monday. Clashes have rocked the province.",
            "clash",
            (None, "2020-06-05"),
            id="perfect: open",
        ),
        pytest.param(
            "On 25 May, the mayor said that rebels had entered Karsa. Rebels shelled the town.",
            "shelling",
            ("2020-05-25", "2020-05-25"),
            id="from the day of a saying, in the outlet's own voice",
        ),
        pytest.param(
            "The council met on Monday in Karsa. Rebels shelled the town.",
            "shelling",
            ("2020-06-01", "2020-06-01"),
            id="from a day of which no rule tells",
        ),
        pytest.param(
            "Rebels shelled the town of Karsa on Monday. Rebels captured the village of Dovo.",
            "capture",
            (None, "2020-06-01"),
            id="a capture without a time led to the news",
        ),
        pytest.param(
            "Rebels shelled the town of Karsa on Monday. A camp near Dovo shelters families displaced by the war.",
            "displacement",
            (None, "2020-06-05"),
            id="what somebody is known by happened some time before",
        ),
        pytest.param(
            "Rebels shelled the town of Karsa in 2013. Government forces bombed the village of Dovo on Thursday. Rebels shelled the camp.",
            "shelling",
            ("2020-06-04", "2020-06-04"),
            id="not from long ago",
        ),
        pytest.param(
            "Rebels shelled the town of Karsa on Monday. Ten thousand people fled the town.",
            "displacement",
            (None, "2020-06-05"),
            id="people on the move have no day of their own",
        ),
        pytest.param(
            f"{TWO_DAYS} Warplanes bombed the village of Dovo.",
            "airstrike",
            (None, "2020-06-05"),
            id="another place, in a report of several days",
        ),
        pytest.param(
            f"{TWO_DAYS} Warplanes bombed a bridge in Karsa.",
            "airstrike",
            ("2020-06-03", "2020-06-03"),
            id="the same place",
        ),
        pytest.param(
            f"{TWO_DAYS} Warplanes bombed a bridge.",
            "airstrike",
            ("2020-06-03", "2020-06-03"),
            id="no place named",
        ),
        pytest.param(
            "Rebels shelled the town of Karsa on Wednesday. Children were in the streets. Warplanes bombed the village of Dovo.",
            "airstrike",
            ("2020-06-03", "2020-06-03"),
            id="another place, in a report of one day",
        ),
        pytest.param(
            f"{TWO_DAYS} Warplanes bombed the village of Dovo and a further five people died in the village.",
            "casualties",
            ("2020-06-03", "2020-06-03"),
            id="another place, one more of the same",
        ),
        pytest.param(
            "The talks ended on Monday. Rebels shelled the town of Karsa on Friday. Children were in the streets. "
            "Warplanes bombed the village of Dovo.",
            "airstrike",
            ("2020-06-05", "2020-06-05"),
            id="another place, in the past tense of what is told today",
        ),
    ],
)
def test_the_story_dates_what_has_no_time_of_its_own(text: str, kind: str, expected: tuple[str | None, str | None]) -> None:
    assert days(text, kind) == expected


def test_a_toll_and_the_act_that_took_it_share_their_date() -> None:
    claims = claims_of("Officials condemned the air strikes, which killed eight people in Karsa on Sunday.")
    assert {(c.kind, c.date_end) for c in claims if c.kind != "statement"} == {
        ("airstrike", date(2020, 5, 31)),
        ("casualties", date(2020, 5, 31)),
    }


def test_a_lead_is_dated_by_the_sentence_that_tells_it_in_full() -> None:
    claims = claims_of("Air strikes killed nine people in Karsa, a monitor said on Friday. The air strikes hit the town on Wednesday.")
    assert {c.date_start for c in claims} == {date(2020, 6, 3)}


def test_what_is_held_is_held_as_the_report_is_written_or_as_long_ago_as_its_clause() -> None:
    assert days("Rebels shelled the government-held town of Karsa on Monday.", "control_state") == ("2020-06-05", "2020-06-05")
    assert days("Troops retook the rebel-held town of Karsa in 2012.", "control_state") == ("2012-01-01", "2012-12-31")
    told = "The militia, which controls most of the town of Karsa, captured the road to Dovo last year."
    assert days(told, "control_state") == ("2020-06-05", "2020-06-05")


def test_a_truce_runs_from_its_day_on_and_one_that_ended_had_run_by_then() -> None:
    assert days("The army announced a three-day truce in Karsa on Monday.", "agreement") == ("2020-06-01", "2020-06-03")
    assert days("A three-day truce in Karsa ended on Thursday.", "agreement")[1] == "2020-06-04"


def test_without_publication_and_without_a_date_there_is_none() -> None:
    assert days("Rebels shelled the town of Karsa on Monday.", "shelling", None) == (None, None)
    assert days("Rebels shelled the town of Karsa on 3 May 2016. Four people were killed.", "casualties", None) == (
        "2016-05-03",
        "2016-05-03",
    )


def test_a_lead_of_long_before_publication_is_the_news_and_no_background_to_it() -> None:
    told = claims_of("On 12 May, the army crossed the river near Dovo. On 13 May, rebels shelled the town of Karsa.")
    assert {c.modality for c in told if c.kind == "shelling"} == {"asserted"}
    recalled = claims_of("Rebels shelled the town of Karsa on Thursday. On 13 May, the army shelled the village of Dovo.")
    assert [c.modality for c in recalled if c.kind == "shelling"] == ["asserted", "background"]


RECENT_FORMS = [
    ("At least ten soldiers were killed on Wednesday and Thursday as rebels stormed Karsa.", "casualties", "2020-06-03", "2020-06-04"),
    (
        "The air strikes, which began on Wednesday and continued on Thursday, hit the town of Karsa.",
        "airstrike",
        "2020-06-03",
        "2020-06-04",
    ),
    ("The house in Karsa was struck by shells that were fired by rebels on Monday.", "shelling", "2020-06-01", "2020-06-01"),
    (
        "The monitor reported that 12 civilians were killed as they fled the town of Karsa on 28 May.",
        "casualties",
        "2020-05-28",
        "2020-05-28",
    ),
    ("Karsa is a mill town and was the scene of the 2 June car bombing near a school.", "bombing", "2020-06-02", "2020-06-02"),
    (
        "Troops took the town of Karsa on Thursday. They had lost it two days after rebels stormed Dovo.",
        "attack",
        "2020-06-02",
        "2020-06-02",
    ),
    ("The militia claimed on 3 June that it had taken the town of Karsa.", "capture", None, "2020-06-03"),
    ("Rebels killed nine people in Karsa, a monitor said Thursday.", "casualties", None, "2020-06-04"),
    ("The monitor said today that warplanes bombed the town of Karsa.", "airstrike", "2020-06-05", "2020-06-05"),
    (
        "The militia began its campaign for Karsa in March and has since captured most of the province.",
        "capture",
        "2020-03-01",
        "2020-06-05",
    ),
    ("The ministry has accused the militia of shelling Karsa. It spoke on Thursday.", "shelling", None, "2020-06-05"),
    ("Two weeks later, on 3 June, rebels stormed the town of Karsa.", "attack", "2020-06-03", "2020-06-03"),
    ("Rebels captured the town of Karsa last month in four days.", "capture", "2020-05-01", "2020-05-31"),
    ("The council met after the shelling of the town of Karsa on Wednesday.", "shelling", "2020-06-03", "2020-06-03"),
    ("The army has besieged the town of Karsa for six months.", "siege", "2019-12-05", "2020-06-05"),
    (
        "On Monday a convoy entered Dovo. The army, which has besieged the town of Karsa for six months, held its fire.",
        "siege",
        "2019-12-05",
        "2020-06-05",
    ),
    (
        "Rebels captured the town of Karsa on Wednesday, one day after the withdrawal of the army from Dovo.",
        "withdrawal",
        "2020-06-02",
        "2020-06-02",
    ),
    ("The offensive, launched on 3 May, has killed 40 people in the town of Karsa.", "casualties", "2020-05-03", "2020-06-05"),
    ("Shells fell on the town of Karsa in the early morning of this Thursday.", "shelling", "2020-06-04", "2020-06-04"),
    ("Shells fell on the town of Karsa in the night of Wednesday to Thursday.", "shelling", "2020-06-03", "2020-06-04"),
    ("The colonel promised that the army will retake the town of Karsa in a week.", "capture", None, None),
]


@pytest.mark.parametrize(("text", "kind", "start", "end"), RECENT_FORMS, ids=[row[0] for row in RECENT_FORMS])
def test_the_words_of_a_sentence_that_date_its_event(text: str, kind: str, start: str | None, end: str | None) -> None:
    assert days(text, kind) == (start, end)


def test_a_toll_of_the_war_runs_from_the_day_on_which_the_report_says_that_it_began() -> None:
    text = "Rebels shelled Karsa on Thursday. More than 9,000 people have been killed since the war began.{}"
    assert days(text.format(" The conflict erupted in March 2014."), "casualties") == ("2014-03-01", "2020-06-05")
    assert days(text.format(" It is a six-year-old war."), "casualties") == ("2014-01-01", "2020-06-05")
    assert days(text.format(""), "casualties") == (None, "2020-06-05")


def test_what_has_since_come_of_an_act_lasts_to_publication() -> None:
    text = "Rebels shelled the town of Karsa on Monday. Ten thousand people have since arrived in Dovo."
    assert days(text, "displacement") == ("2020-06-01", "2020-06-05")


def test_since_then_is_since_what_was_told_before_it() -> None:
    text = "The war broke out in 2014. Since then, 9,000 people have been killed in the province."
    assert days(text, "casualties") == ("2014-01-01", "2020-06-05")


def test_a_day_on_a_line_of_its_own_dates_what_is_told_under_it() -> None:
    text = "The war for Karsa\n\n3 May\n\nRebels captured the village of Dovo.\n\n4 May\n\nThe army shelled the town of Marou."
    told = read(Report("example", text, published=FRIDAY, sections=split(text)), load_knowledge()).claims
    assert [(c.kind, c.date_start, c.date_end) for c in told] == [
        ("capture", date(2020, 5, 3), date(2020, 5, 3)),
        ("shelling", date(2020, 5, 4), date(2020, 5, 4)),
    ]


def test_a_lead_without_a_day_is_no_older_event_than_the_news() -> None:
    lead = "Warplanes have bombed the town of Karsa. The air strikes, which hit a market on {}, followed weeks of calm."
    assert {c.date_start for c in claims_of(lead.format("Wednesday")) if c.kind == "airstrike"} == {date(2020, 6, 3)}
    assert None in {c.date_start for c in claims_of(lead.format("3 May")) if c.kind == "airstrike"}
