"""The page of a town tells the story of that town: "the suburb", "this town" and what has no place are about it."""

from datetime import date

import pytest

from khabar.model import Claim, Report, Section
from khabar.reading import load_knowledge, read

TOLD_IN = date(2023, 10, 9)


def claims_of(title: str, body: str) -> tuple[Claim, ...]:
    text = f"{title}\n\n{body}"
    sections = (Section("headline", 0, len(title)), Section("body", len(title) + 2, len(text)))
    return read(Report("r", text, title=title, published=TOLD_IN, sections=sections), load_knowledge()).claims


def held(title: str, body: str) -> list[tuple[str, str | None, str | None]]:
    found = [c for c in claims_of(title, body) if c.kind in ("capture", "control_state")]
    return [(c.actor.text if c.actor else "-", c.place.text if c.place else None, str(c.date_end)) for c in found]


PAGES = [
    (
        "Karsa",
        "Shells fell on the capital Damascus in May 2012. On 4 June, the rebels took control of the suburb.",
        [("rebels", "Karsa", "2012-06-04")],
    ),
    (
        "Karsa",
        "In July 2012, the army entered this suburb of Damascus. The government has maintained control.",
        [("government", "Karsa", "2012-07-31")],
    ),
    ("Homs – Old Karsa", "On 3 May 2013 the militia captured the district.", [("militia", "Old Karsa", "2013-05-03")]),
    (
        "Karsa",
        "On 2 July, the rebels captured the town. In November 2012, the army recaptured the town. It was quiet in May 2013.",
        [("rebels", "Karsa", "2012-07-02"), ("army", "Karsa", "2012-11-30")],
    ),
    (
        "Karsa",
        "In October 2012 the rebels seized the town as part of a large push On 17 March 2018, the army recaptured the town.",
        [("rebels", "Karsa", "2012-10-31"), ("army", "Karsa", "2018-03-17")],
    ),
]


@pytest.mark.parametrize(
    ("title", "body", "wanted"), PAGES, ids=["after another town", "no object", "part of a city", "years left out", "lost stop"]
)
def test_a_page_about_a_place_speaks_of_that_place(title: str, body: str, wanted: list[tuple[str, str, str]]) -> None:
    assert held(title, body) == wanted


def test_a_headline_that_tells_something_names_no_page() -> None:
    told = held("Rebels seize Karsa", "The rebels seized the village of Marou on 3 May 2023. The army then took the village of Dera.")
    assert [place for _, place, _ in told] == ["Marou", "Dera"]


NUMBERS = [
    ("Rebels control more than 60 percent of the town of Karsa.", "control_state", (60, None, "percent")),
    ("Forces controlled between 70 and 80 percent of the province.", "control_state", (70, 80, "percent")),
    ("Rebels hold the town of Karsa.", "control_state", None),
    ("The militia fired a rocket shell on the village of Marou.", "shelling", (1, 1, "weapons")),
    ("The militia fired the rocket shell that landed in Marou.", "shelling", None),
    ("The army killed 28 and wounded 30 militants in Karsa.", "casualties", (28, 28, "killed")),
    ("In addition to the one death, 11 people were injured in Karsa.", "casualties", (1, 1, "killed")),
    ("The strike on Karsa killed at least three women and up to six children.", "casualties", (3, None, "killed")),
]


@pytest.mark.parametrize(("text", "kind", "wanted"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_the_number_of_a_claim_is_that_of_its_own_words(text: str, kind: str, wanted: tuple[int | None, int | None, str] | None) -> None:
    first = next(c for c in claims_of("News of the day", text) if c.kind == kind)
    number = first.quantity
    assert (number and (number.low, number.high, number.unit)) == wanted
