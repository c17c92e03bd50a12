"""Tables in a report: each row is told with its own day and place. The rows are invented."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.model import Claim, Report
from khabar.printed_days import day_told
from khabar.reading import load_knowledge, read
from khabar.sections import split
from khabar.tablerows import day_first, rows_of

INCIDENTS = """Security incidents, Tarm province, 1-7 June 2021

No | Date | Location | Description | Casualties
1 | 01/06/2021 | Arta | IED detonated against an army convoy | 2 killed, 3 wounded
2 | 02/06/2021 | Karsa village | Armed group attacked a police checkpoint; police repelled the attack | 1 policeman killed
3 | 06/06/2021 | Sabra | Militia took control of the village after clashes with the army | -
"""


def claims_of(text: str, published: date = date(2021, 6, 8)) -> tuple[Claim, ...]:
    return read(Report("example", text, published=published, sections=split(text)), load_knowledge()).claims


def told(text: str) -> list[tuple[str, str | None, str, int | None]]:
    return [(c.kind, c.place and c.place.text, f"{c.date_start} {c.date_end}", c.quantity and c.quantity.low) for c in claims_of(text)]


def test_a_row_is_told_with_the_day_and_the_place_that_its_cells_name() -> None:
    first, second, third = "2021-06-01 2021-06-01", "2021-06-02 2021-06-02", "2021-06-06 2021-06-06"
    assert told(INCIDENTS) == [
        ("bombing", "Arta", first, None),
        ("casualties", "Arta", first, 2),
        ("casualties", "Arta", first, 3),
        ("attack", "Karsa village", second, None),
        ("repelled_attack", "police checkpoint", second, None),
        ("casualties", "Karsa village", second, 1),
        ("capture", "Sabra", third, None),
        ("clash", "Sabra", third, None),
    ]


def test_what_a_row_does_not_place_the_row_above_does_not() -> None:
    table = "Day | Place | Incident\n4 June 2021 | Karsa | Gunmen attacked a convoy.\n5 June 2021 | - | Shells killed three civilians.\n"
    assert [place for _, place, *_ in told(table)] == ["Karsa", None, None]


def test_the_sentence_of_a_claim_is_its_cell() -> None:
    cells = [INCIDENTS[c.start : c.end] for c in claims_of(INCIDENTS)]
    assert cells[:2] == ["IED detonated against an army convoy", "2 killed, 3 wounded"]


def test_the_day_and_the_place_may_stand_after_what_happened() -> None:
    table = "Incident | Place | Day\nGunmen attacked a convoy. | Karsa | 4 June 2021\nShells killed three civilians. | Dera | 5 June 2021\n"
    assert {(place, day) for _, place, day, _ in told(table)} == {("Karsa", "2021-06-04 2021-06-04"), ("Dera", "2021-06-05 2021-06-05")}


def test_a_table_of_a_web_page_has_a_line_under_its_names() -> None:
    table = "| Date | Place | Incident |\n|---|---|---|\n| 4 June 2021 | Karsa | Gunmen attacked a convoy |\n"
    assert told(table) == [("attack", "Karsa", "2021-06-04 2021-06-04", None)]


def test_no_day_of_a_row_is_the_day_of_the_page() -> None:
    table = "Incidents\n\n3 May 2021 | Karsa | Gunmen attacked a convoy.\n4 May 2021 | Dera | Shells killed three civilians.\n"
    assert day_told(Report("example", table, published=date(2021, 6, 8))) == (date(2021, 6, 8), ())


def test_the_line_of_a_writer_under_the_links_of_a_page_is_no_row() -> None:
    page = "Home | World | Africa\n\nBy Omar Haddad | Harbour Post | 5 June 2021\n\nSoldiers left Karsa on Tuesday, residents said.\n"
    assert day_told(Report("example", page))[0] == date(2021, 6, 5)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("01/06/2021", "04/06/2021"), {0: True}),
        (("06/01/2021", "06/04/2021"), {0: False}),
        (("01/06/2021", "25/06/2021"), {0: True}),
        (("06.06.2021", "06.06.2021"), {}),
        (("30/30/2021", "31/31/2021"), {}),
    ],
)
def test_the_rows_of_a_table_tell_whether_its_days_or_its_months_come_first(days: tuple[str, str], expected: dict[int, bool]) -> None:
    assert day_first("\n".join(f"{day} | Karsa | Shells killed three civilians." for day in days)) == expected


@pytest.mark.parametrize("text", ["By Omar Haddad | Harbour Post | 4 June 2021\nShells killed three.", "Home | News\nWar | Sport", ""])
def test_a_line_alone_and_a_line_with_one_stroke_are_no_table(text: str) -> None:
    assert rows_of(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 killed, 3 wounded", [("killed", 2), ("injured", 3)]),
        ("5 killed and 10 injured", [("killed", 5), ("injured", 10)]),
        ("2 soldiers killed; 4 wounded", [("killed", 2), ("injured", 4)]),
        ("Three soldiers WIA in Karsa.", [("injured", 3)]),
    ],
)
def test_a_toll_in_few_words_counts_each_of_its_numbers_once(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(c.quantity.unit, c.quantity.low) for c in claims_of(text) if c.quantity] == expected
