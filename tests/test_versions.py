"""A changed text is another version, with its own day, and the difference can be seen. A translation stands beside its original."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import test_record
from khabar.cli import app
from khabar.differences import versions
from khabar.errors import QuestionError
from khabar.model import Reading, Report
from khabar.record import Record
from khabar.translations import Translations, original_of

FIRST = test_record.READINGS[0]
URL = "https://example.org/post-5"


def later(text: str, *, published: date | None = FIRST.report.published, revised: date | None = None, claims: int = 2) -> Reading:
    return replace(FIRST, report=replace(FIRST.report, text=text, published=published, revised=revised), claims=FIRST.claims[:claims])


CHANGED = FIRST.report.text.replace("(1)", "(x)")


def record_of(path: Path, *readings: Reading) -> Path:
    with Record.create(path / "war.khabar") as record:
        for reading in readings:
            record.add(reading)
    return path / "war.khabar"


def known(path: Path, on: date | None) -> set[str]:
    with Record.open(path) as record:
        return {"new" if "(x)" in item.sentence else "old" for item in record.told() if item.is_known_by(on) and item.claim.kind == "clash"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_page_changed_without_a_new_day_of_publication_is_known_from_the_day_of_the_change(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    both = (FIRST, later(CHANGED, revised=date(2031, 5, 8)))
    path = record_of(tmp_path, *(both[number] for number in order))
    assert known(path, date(2031, 5, 7)) == {"old"}
    assert known(path, date(2031, 5, 8)) == {"new"}
    assert known(path, None) == {"new"}


def test_a_page_seen_only_once_is_known_from_its_publication(tmp_path: Path) -> None:
    path = record_of(tmp_path, later(CHANGED, revised=date(2031, 5, 8)))
    assert known(path, FIRST.report.published) == {"new"}


def test_the_same_text_fetched_again_is_no_other_version(tmp_path: Path) -> None:
    again = replace(FIRST, report=replace(FIRST.report, sha256="b" * 64, revised=date(2031, 5, 9)))
    path = record_of(tmp_path, FIRST, again)
    assert known(path, date(2031, 5, 30)) == {"old"}
    with Record.open(path) as record:
        assert len(versions(record, URL)["versions"]) == 1
        assert len(record.told()) == len(FIRST.claims)


def test_the_difference_is_sentences_and_claims(tmp_path: Path) -> None:
    path = record_of(tmp_path, FIRST, later(CHANGED, published=date(2031, 5, 8), claims=1))
    with Record.open(path) as record:
        for id in (URL, "post-5"):
            answer = versions(record, id)
            assert [(one["known"], one["outdated"]) for one in answer["versions"]] == [("2031-05-05", "2031-05-08"), ("2031-05-08", None)]
            [difference] = answer["differences"]
            assert [row["sign"] for row in difference["sentences"]] == [" ", "-"]
            assert [claim["kind"] for claim in difference["claims_lost"]] == ["clash"]
            assert difference["claims_gained"] == []
        with pytest.raises(QuestionError, match="no report"):
            versions(record, "https://nowhere.example")


def test_a_claim_that_only_moved_is_neither_lost_nor_gained(tmp_path: Path) -> None:
    moved = [
        replace(claim, claim_id=f"{n}" * 16, start=claim.start + 7, end=claim.end + 7, trigger=(claim.trigger[0] + 7, claim.trigger[1] + 7))
        for n, claim in enumerate(FIRST.claims)
    ]
    report = replace(FIRST.report, text="A word.\n"[:7] + FIRST.report.text, published=date(2031, 5, 8))
    path = record_of(tmp_path, FIRST, replace(FIRST, report=report, claims=tuple(moved)))
    with Record.open(path) as record:
        [difference] = versions(record, URL)["differences"]
    assert (difference["claims_lost"], difference["claims_gained"]) == ([], [])


def test_the_command_shows_it(tmp_path: Path) -> None:
    path = record_of(tmp_path, FIRST, later(CHANGED, published=date(2031, 5, 8), claims=1))
    shown = CliRunner().invoke(app, ["versions", str(path), URL])
    assert shown.exit_code == 0
    assert "- claim  clash" in shown.stdout
    assert "2 versions" in shown.stdout


def test_a_record_made_before_opens_and_answers(tmp_path: Path) -> None:
    path = record_of(tmp_path, FIRST)
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TABLE particulars; DROP TABLE redactions;")
    with Record.open(path) as record:
        assert len(record.told()) == len(record.reports()) + 1 == 2
        assert list(record.dump())
        assert Translations(record).beside(record.told()[0]) == {}


# -- translations --------------------------------------------------------------------------------------------------------------------

TEXT = "Talks fail\n\nFighters entered Oakford. The army left.\n\nThree died."
ORIGINAL = "فشلت المحادثات\n\nدخل المقاتلون أوكفورد. وغادر الجيش.\n\nقتل ثلاثة."


@pytest.mark.parametrize(
    ("original", "words", "beside"),
    [
        (ORIGINAL, "The army left.", "وغادر الجيش."),
        (ORIGINAL, "Three died.", "قتل ثلاثة."),
        (ORIGINAL, "Talks fail", "فشلت المحادثات"),
        (ORIGINAL.replace("أوكفورد. و", "أوكفورد و"), "The army left.", "دخل المقاتلون أوكفورد وغادر الجيش."),
        (ORIGINAL, "Fighters entered Oakford. The army left.", "دخل المقاتلون أوكفورد. وغادر الجيش."),
        ("Tout en un.", "The army left.", "Tout en un."),
    ],
    ids=["sentence", "paragraph", "headline", "fewer sentences", "two sentences", "fewer paragraphs"],
)
def test_the_original_stands_beside_sentence_by_sentence_where_it_can(original: str, words: str, beside: str) -> None:
    start = TEXT.index(words)
    assert original_of(Report("r", TEXT, original_text=original), (start, start + len(words))) == beside


def test_answers_quote_the_original_and_name_the_translator(tmp_path: Path) -> None:
    report = replace(FIRST.report, original_text="الأول\nالثاني", translated_by="Jo Smith")
    path = record_of(tmp_path, replace(FIRST, report=report))
    found = CliRunner().invoke(app, ["claims", str(path), "--kind", "clash"])
    assert "“الثاني” (translated by Jo Smith)" in found.stdout
    with Record.open(path) as record:
        assert record.reports() == [report]
        id = record.told()[0].claim.claim_id
        assert '"original_text":"الأول' in "".join(record.dump())
    assert "الأول" in CliRunner().invoke(app, ["explain", str(path), id]).stdout


def test_what_two_outlets_publish_at_one_address_is_not_compared(tmp_path: Path) -> None:
    other = replace(FIRST, report=replace(FIRST.report, text=CHANGED, outlet="Another"), claims=())
    path = record_of(tmp_path, FIRST, other)
    with Record.open(path) as record:
        answer = versions(record, URL)
    assert ([row["outlet"] for row in answer["versions"]], answer["differences"]) == (["Another", FIRST.report.outlet], [])
