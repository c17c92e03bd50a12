"""The situation report: every sentence has a footnote that stands in the record, and a brief known by a day never changes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import invented
from khabar import markdown, prose
from khabar.brief import Brief, Draft, brief, brief_json
from khabar.cli import app
from khabar.errors import QuestionError
from khabar.happenings import happenings
from khabar.page import brief as page
from khabar.prose import Line
from khabar.record import Record
from khabar.view import View
from khabar.window import Window

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
WORLD = invented.registry(BOOK["world"])
MAY = (date(2031, 5, 1), date(2031, 5, 31))


def count(low: int, high: int | None, unit: str = "killed") -> dict[str, Any]:
    return {"quantity": {"low": low, "high": high, "unit": unit, "approximate": False}}


ROWS: list[list[Any]] = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["green-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-8", "capture", "Green Front", "Red Army", "Pinewell", "2031-05-07", ["War Watch"]],
    ["post-5", "airstrike", "Red Army", "villagers", "Oakford", "2031-05-04", ["War Watch"]],
    ["post-5", "casualties", None, "villagers", "Oakford", "2031-05-04", ["War Watch"], count(24, None)],
    ["red-5", "casualties", None, "terrorists", "Oakford", "2031-05-04", [], count(60, 60)],
    ["post-8", "displacement", None, "families", "Oakford", "2031-05-06", ["War Watch"], count(300, 300, "displaced")],
    ["post-8", "agreement", "Red Army", "Grey Host", "Pinewell", "2031-05-08", []],
    ["gazette-5", "membership", "Grey Host", "Dawn Coalition", None, None, []],
    ["post-20", "clash", "Green Front", "Red Army", "Pinewell", "2031-05-19", []],
    ["gazette-9", "attack", "Red Army", None, "Oakford", None, [], {"modality": "planned"}],
]


def write(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            kept.add(reading)
    return path


def made(path: Path, first: date = MAY[0], last: date = MAY[1], known_by: date | None = None, **options: Any) -> Brief:
    with Record.open(path) as kept:
        return brief(View(kept, WORLD, known_by), first, last, **options)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("brief") / "war.khabar", ROWS)


def part(found: Brief, key: str) -> str:
    return " ".join(s.words for p in found.parts if p.key == key for g in p.groups for q in g.paragraphs for s in q.sentences)


# --- what it says


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("territory", "Green Radio claimed that Green Front took Oakford from Red Army on 5 May 2031; nobody else says so."),
        ("territory", "State Voice denied it, and nothing in these reports settles it."),
        ("territory", "Green Front took Pinewell from Red Army on 7 May 2031 (assessed: War Watch said so)."),
        ("fighting", "Red Army carried out air strikes on villagers in Oakford on 4 May 2031, War Watch said."),
        ("casualties", "people were reported killed"),
        ("casualties", "War Watch said at least 24 villagers"),
        ("displacement", "Families left their homes, in or for Oakford on 6 May 2031, War Watch said."),
        ("agreements", "Red Army and Grey Host had an agreement in Pinewell on 8 May 2031, Harbour Post reported."),
        ("ties", "Grey Host was named as a member of Dawn Coalition by Hill Gazette."),
        ("disputes", "Who held Oakford on 5 May 2031: Green Front took it, according to Green Radio; and Green Front did not take it"),
        ("unknown", "No report in the record was published between 10 and 19 May 2031."),
    ],
)
def test_each_part_tells_what_the_claims_tell(record: Path, key: str, said: str) -> None:
    assert said in part(made(record), key)


def test_what_is_only_planned_is_left_out_and_counted(record: Path) -> None:
    found = made(record)
    assert "made an attack" not in part(found, "fighting")
    assert any("1 claim of plans" in limit for limit in found.limits)


def test_who_was_only_seen_in_a_place_held_it_by_that_day(tmp_path: Path) -> None:
    path = write(
        tmp_path / "war.khabar", [["post-8", *ROWS[1][1:]], ["gazette-9", "control_state", "Red Army", None, "Oakford", "2031-05-09", []]]
    )
    assert "Red Army held Oakford by 9 May 2031, where Green Front had been before" in part(made(path), "territory")


@pytest.mark.parametrize(
    ("place", "said"), [("northern gate", "took “northern gate” from"), ("near Oakford", "took ground near Oakford from")]
)
def test_a_place_without_a_name_is_told_in_the_words_of_the_report(tmp_path: Path, place: str, said: str) -> None:
    path = write(tmp_path / "war.khabar", [["post-8", "capture", "Green Front", "Red Army", place, "2031-05-07", []]])
    assert said in part(made(path), "territory")


def test_everyone_who_is_named_in_a_dispute_has_a_footnote(tmp_path: Path) -> None:
    tolls = [
        [report, "casualties", None, "villagers", "Oakford", "2031-05-04", chain, count(n, n)]
        for report, chain, n in (
            ("post-5", [], 1),
            ("gazette-5", [], 20),
            ("post-8", ["War Watch"], 300),
            ("gazette-9", ["Wire Agency"], 4000),
        )
    ]
    found = made(write(tmp_path / "war.khabar", tolls))
    [notes] = [s.notes for p in found.parts if p.key == "disputes" for g in p.groups for q in g.paragraphs for s in q.sentences]
    assert len(notes) == 4


def test_the_dead_of_a_war_are_no_toll_of_a_day(tmp_path: Path) -> None:
    found = made(
        write(tmp_path / "war.khabar", [["post-5", "casualties", None, "people", "Oakford", "2031-05-04", [], count(280000, None)]])
    )
    assert part(found, "casualties") == ""
    assert any("1 incident told of whole countries" in limit for limit in found.limits)


def test_a_speakers_verdict_stands_in_quotation_marks(record: Path) -> None:
    assert "“terrorists”" in part(made(record), "casualties")


def test_figures_agree_with_those_of_the_incidents(record: Path) -> None:
    told = part(made(record), "casualties")
    with Record.open(record) as kept:
        figures = [figure for one in happenings(View(kept, WORLD), *MAY).incidents for figure in one.figures if figure.unit == "killed"]
    assert figures
    assert all(prose.figure_words(figure) in told for figure in figures)


def test_only_the_days_and_the_area_that_are_asked(record: Path) -> None:
    early = made(record, MAY[0], date(2031, 5, 6))
    assert "Pinewell" not in part(early, "territory")
    assert "Oakford" in part(early, "territory")
    there = made(record, area="Pinewell")
    assert "Oakford" not in "".join(s.words for s in there.sentences)
    assert there.title == "Situation report, Pinewell: 1 to 31 May 2031"


@pytest.mark.parametrize("area", ["Westmark", "Westmark province", "Westmark, Somewhere"])
def test_a_province_may_be_asked_for_that_no_claim_names(record: Path, area: str) -> None:
    found = made(record, area=area)
    assert "Oakford" in part(found, "territory")
    assert "Pinewell" in part(found, "territory")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("capture", "Green Radio said so, and J. Doe accepted it in a review"),
        ("withdrawal", "State Voice said that Red Army left, and J. Doe accepted it in a review"),
    ],
)
def test_a_change_that_an_analyst_accepted_is_told_with_the_review(tmp_path: Path, kind: str, said: str) -> None:
    path = write(tmp_path / "war.khabar", [ROWS[0], ROWS[1], ["red-6", "withdrawal", "Red Army", None, "Oakford", "2031-05-05", []]])
    with Record.open(path) as kept:
        (claim,) = [told.claim.claim_id for told in kept.told() if told.claim.kind == kind]
    run("review", str(path), claim, "--verdict", "accept", "--by", "J. Doe", "--reason", "two videos show it")
    assert said in part(made(path), "territory")


def test_a_place_long_not_told_of_is_named_with_its_last_report(tmp_path: Path) -> None:
    rows = [["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []], ["post-20", *ROWS[10][1:]]]
    place = {"latitude": 1.5, "longitude": 2.5, "id": "oak"}
    path = tmp_path / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places={**BOOK["places"], "Oakford": place}):
            kept.add(reading)
    found = made(path, date(2031, 6, 1), date(2031, 6, 30))
    assert "nobody had told who holds these, last told of on the day in brackets: Oakford (1 May 2031)." in part(found, "unknown")


def test_reports_without_a_day_are_said(tmp_path: Path) -> None:
    path = write(tmp_path / "war.khabar", [*ROWS, ["undated", "control_state", "Red Army", None, "Oakford", None, []]])
    assert "1 report has no day of publication." in part(made(path), "unknown")
    assert "no day of publication" not in part(made(path, known_by=date(2031, 5, 31)), "unknown")


def test_a_long_list_is_cut_to_the_weightiest_and_the_rest_counted(tmp_path: Path) -> None:
    tolls = [
        ["post-20", "airstrike", "Red Army", "villagers", "Oakford", f"2031-05-{day:02}", [], count(day, day)] for day in range(1, 19, 2)
    ]
    found = made(write(tmp_path / "war.khabar", tolls), most=3)
    [fighting] = [one for one in found.parts if one.key == "fighting"]
    kinds = [paragraph.kind for group in fighting.groups for paragraph in group.paragraphs]
    assert kinds == ["incident"] * 3 + ["rest"]
    assert "6 air strikes" in part(found, "fighting")
    assert "17 May" in part(found, "fighting")
    assert fighting.command == "khabar events RECORD --from 2031-05-01 --to 2031-05-31"


def test_days_that_run_backwards_and_places_nobody_named(record: Path) -> None:
    with pytest.raises(QuestionError, match="after --to"):
        made(record, MAY[1], MAY[0])
    with pytest.raises(QuestionError, match="did you mean Oakford"):
        made(record, area="Oakfrod")


def test_an_empty_time_is_said_in_full(record: Path) -> None:
    found = made(record, date(2040, 1, 1), date(2040, 1, 31))
    assert found.limits
    assert all(markdown.render(found) and page.render(found) for _ in (1,))


# --- what must always hold


def holds(found: Brief, path: Path) -> None:
    with Record.open(path) as kept:
        texts = {report.id: report.text for report in kept.reports()}
    numbers = [note.number for note in found.notes]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(sentence.notes and set(sentence.notes) <= set(numbers) for sentence in found.sentences)
    assert {number for sentence in found.sentences for number in sentence.notes} == set(numbers)
    for note in found.notes:
        assert note.sentence in texts[note.report_id]
        assert note.claim_ids
        assert all(note.sentence[start:end].strip() for start, end in note.marks)


def test_every_sentence_has_a_footnote_and_every_quotation_stands_in_the_record(record: Path) -> None:
    found = made(record)
    assert len(found.sentences) >= 10
    holds(found, record)


def test_a_sentence_that_no_claim_says_cannot_be_made(record: Path) -> None:
    with Record.open(record) as kept, pytest.raises(ValueError, match="no claim says"):
        Draft(Window(View(kept, WORLD), *MAY, None), 6).sentence(Line("All was quiet.", ()))


def up_to(rows: Sequence[Sequence[Any]], day: date) -> list[Sequence[Any]]:
    known = {key: published for key, (_, published) in BOOK["reports"].items()}
    return [row for row in rows if known[row[0]] and date.fromisoformat(str(known[row[0]])) <= day]


@pytest.mark.parametrize("day", [date(2031, 5, day) for day in (1, 5, 6, 8, 9, 20)], ids=str)
def test_a_brief_known_by_a_day_is_that_of_the_reports_up_to_it(record: Path, tmp_path: Path, day: date) -> None:
    so_far = write(tmp_path / "part.khabar", up_to(ROWS, day))
    assert brief_json(made(record, known_by=day)) == brief_json(made(so_far, known_by=day))


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from([key for key in BOOK["reports"] if key != "undated"]),
        st.sampled_from(["capture", "control_state", "withdrawal", "clash", "airstrike", "casualties", "membership", "agreement", "siege"]),
        st.sampled_from(["Red Army", "Green Front", "Grey Host", "terrorists", None]),
        st.sampled_from(["Red Army", "Green Front", "villagers", None]),
        st.sampled_from(["Oakford", "Pinewell", "Westmark", "Oakford mill", None]),
        st.sampled_from(["2031-05-03", "2031-05-05", "2031-05-02..2031-05-07", "..2031-05-06", None]),
        st.sampled_from([[], ["War Watch"], ["Wire Agency", "military source"], ["Green Front"]]),
        st.sampled_from([{}, {"modality": "denied"}, {"modality": "background"}, count(3, 3), count(40, None)]),
    ),
    min_size=1,
    max_size=12,
    unique_by=str,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=CLAIMS, day=st.sampled_from([date(2031, 5, day) for day in (5, 6, 8, 20)]))
def test_any_record_gives_a_brief_that_keeps_its_promises(rows: list[Any], day: date, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    whole = write(tmp_path / "whole.khabar", rows)
    holds(made(whole), whole)
    so_far = write(tmp_path / "part.khabar", up_to(rows, day))
    assert brief_json(made(whole, known_by=day)) == brief_json(made(so_far, known_by=day))
    assert page.render(made(whole)).count("popovertarget=") >= len(made(whole).notes)


# --- as files


HOSTILE = "Green Front took Oakford.<script>alert(1)</script> *bold* [x](javascript:alert(2)) \u202eevil & “قرية”"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    row = ["post-8", "capture", "<b>Green</b>", None, "قرية", "2031-05-07", ["</style>Watch"], {"sentence": HOSTILE}]
    [reading] = invented.readings([row], world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"])
    path = tmp_path_factory.mktemp("hostile") / "war.khabar"
    with Record.create(path) as kept:
        kept.add(replace(reading, report=replace(reading.report, url="javascript:alert(3)", outlet="<img src=x>")))
    return made(path)


def test_a_report_cannot_put_markup_into_the_page(hostile: Brief) -> None:
    text = page.render(hostile)
    assert "&lt;script&gt;alert(1)" in text
    assert not re.search(r"<script|<img|<b>Green|javascript:alert\(3\)|</style>Watch", text)
    assert "default-src 'none'" in text
    assert '<blockquote dir="auto">' in text
    assert "<bdi>قرية</bdi>" in text


def test_a_report_cannot_put_markup_into_markdown(hostile: Brief) -> None:
    text = markdown.render(hostile)
    assert "\\<script\\>" in text
    assert "\\*bold\\*" in text
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert "(<javascript" not in text


def test_a_name_of_a_report_cannot_turn_our_words_around(hostile: Brief) -> None:
    assert all("\u202e" not in sentence.words for sentence in hostile.sentences)
    assert "\u202e" in hostile.notes[0].sentence  # the quotation stays as it was


def test_markdown_has_each_footnote_once_and_no_other(record: Path) -> None:
    found = made(record)
    text = markdown.render(found)
    assert re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE) == [str(note.number) for note in found.notes]
    assert set(re.findall(r"\[\^(\d+)\](?!:)", text)) == {str(note.number) for note in found.notes}


def run(*words: str, status: int = 0) -> Any:
    result = CliRunner().invoke(app, words, env={"COLUMNS": "80"})
    assert result.exit_code == status, (result.output, result.exception)
    return result


SPAN = ("--from", "2031-05-01", "--to", "2031-05-31")


def test_the_command_prints_writes_and_gives_json(record: Path, tmp_path: Path) -> None:
    shown = run("brief", str(record), *SPAN).output
    assert max(map(len, shown.splitlines())) <= 80
    assert "What changed hands" in shown
    for name in ("may.md", "may.html"):
        run("brief", str(record), *SPAN, "--output", str(tmp_path / name))
        assert "Green Front took Pinewell" in (tmp_path / name).read_text("utf-8")
    row = json.loads(run("brief", str(record), *SPAN, "--json").output)
    assert row["first"] == "2031-05-01"
    assert {
        number for p in row["parts"] for g in p["groups"] for q in g["paragraphs"] for s in q["sentences"] for number in s["notes"]
    } == {note["number"] for note in row["notes"]}


@pytest.mark.parametrize("name", ["may.pdf", "may", "no/such/folder/may.md"])
def test_a_file_that_cannot_be_written_is_a_wrong_command_line(record: Path, tmp_path: Path, name: str) -> None:
    assert "--output" in run("brief", str(record), *SPAN, "--output", str(tmp_path / name), status=2).stderr


def test_reports_left_out_of_known_by_are_warned_of(tmp_path: Path) -> None:
    path = write(tmp_path / "war.khabar", [*ROWS, ["undated", "control_state", "Red Army", None, "Oakford", None, []]])
    assert "left out of --known-by: 1" in run("brief", str(path), *SPAN, "--known-by", "2031-05-20").stderr


@pytest.mark.parametrize("command", ["brief", "disputes"])
def test_help_has_an_example(command: str) -> None:
    assert f"khabar {command} war.khabar" in run(command, "--help").output
