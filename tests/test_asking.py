"""Khabar in Python: the same answers as the command line, tables where they are analysed, a map in a notebook, and a tutorial that runs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import invented
import khabar
from khabar import cli, sample
from khabar.asking import KEPT_VIEWS, OpenRecord
from khabar.errors import InputError, QuestionError, RecordError
from khabar.exports.tables import ROWS, Table
from khabar.record import Record
from test_exports import PLACES, REPORTS, WORLD
from test_exports import ROWS as STORY

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = "<script>alert(1)</script> The Green Front took Oakford."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "<b>war.khabar"
    rows = [*STORY, ["red", "capture", "Green Front", None, "Oakford", "2031-05-06", [], {"sentence": HOSTILE}]]
    with Record.create(found) as kept:
        for reading in invented.readings(rows, world=WORLD, reports=REPORTS, places=PLACES):
            kept.add(reading)
    return found


def printed(*words: object) -> Any:
    """What a command prints with --json: one object a line."""
    result = CliRunner().invoke(cli.app, [*map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("command", "ask"),
    [
        (["control", "Oakford", "--on", "2031-05-07"], lambda record: [record.control("Oakford", "2031-05-07")]),
        (
            ["control", "Oakford", "--on", "2031-05-07", "--known-by", "2031-05-05"],
            lambda record: [record.control("Oakford", date(2031, 5, 7), known_by="2031-05-05")],
        ),
        (["control", "--on", "2031-05-07"], lambda record: [record.control_map("2031-05-07")]),
        (["changes"], lambda record: record.changes()),
        (["changes", "--from", "2031-05-01", "--to", "2031-05-31"], lambda record: record.changes("2031-05-01", "2031-05-31")),
        (["claims"], lambda record: record.claims()),
        (["claims", "--kind", "capture", "--grades"], lambda record: record.claims(kind="capture", grades=True)),
        (["claims", "--place", "Oakford", "--modality", "denied"], lambda record: record.claims(place="Oakford", modality="denied")),
        (["events"], lambda record: record.events()),
        (["events", "--place", "Oakford", "--min-informants", "0"], lambda record: record.events(place="Oakford", min_informants=0)),
        (["actor", "Green Front", "--on", "2031-05-07"], lambda record: [record.actor("Green Front", "2031-05-07")]),
        (["disputes"], lambda record: record.disputes()),
        (["brief", "--from", "2031-05-01", "--to", "2031-05-31"], lambda record: [record.brief("2031-05-01", "2031-05-31")]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_python_answers_what_the_command_prints(command: list[str], ask: Any, path: Path) -> None:
    expected = printed(command[0], path, *command[1:])
    assert expected
    with khabar.open(path) as record:
        assert ask(record) == expected


def test_every_id_leads_down_to_its_sentence_as_in_the_terminal(path: Path) -> None:
    with khabar.open(path) as record:
        claim, incident = record.claims()[0], record.events()[0]
        for id in (claim["claim_id"], incident["id"], claim["report_id"]):
            assert [record.explain(id)] == printed("explain", path, id)
        assert record.explain(claim["claim_id"])["claim"]["sentence"] == claim["sentence"]


def test_reading_a_text_gives_what_the_command_reads_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("Rebels took the town of Ariha on Monday, residents said.", encoding="utf-8")
    (expected,) = printed("read", file, "--outlet", "Harbour Post", "--published", "2031-05-05")
    found = khabar.read(file.read_text(encoding="utf-8"), outlet="Harbour Post", published="2031-05-05")
    assert expected["claims"]
    assert found == expected


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("\0\1\2" * 50, "binary")])
def test_a_text_that_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        khabar.read(text)
    assert caught.value.code == code


def test_a_page_as_text_keeps_its_letters_whatever_charset_it_names() -> None:
    page = "<html><head><meta charset='iso-8859-1'></head><body><article><p>Rebels took the town of Águeda on Monday, residents said. They held it through the night.</p></article></body></html>"  # noqa: E501
    assert "Águeda" in khabar.read(page)["report"]["text"]


def test_a_text_of_addresses_fetches_nothing() -> None:
    assert khabar.read("https://example.org/a\nhttps://example.org/b\n")["report"]["text"].startswith("https://example.org/a")


def test_importing_khabar_loads_nothing_and_opening_a_record_no_language_model(path: Path) -> None:
    script = f"""
import sys, khabar
print([name for name in sys.modules if name.startswith("khabar.")])
khabar.open({str(path)!r}).control("Oakford", "2031-05-07")
print([name for name in ("spacy", "onnxruntime", "pandas") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "[]"]


# --- days, names, and what goes wrong


def test_a_day_may_be_text_a_date_or_the_instant_of_a_table(path: Path) -> None:
    with khabar.open(path) as record:
        answers = [record.control("Oakford", on) for on in ("2031-05-07", date(2031, 5, 7), datetime(2031, 5, 7, 12))]  # type: ignore[arg-type]
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda record: record.control("Oakford", "7 May"), "'7 May' is not a day; expected a date, or a text like '2015-06-08'"),
        (lambda record: record.control("Oakford", None), "the day is missing"),
        (lambda record: record.control("Atlantis", "2031-05-07"), "no report in this record names a place 'Atlantis'"),
        (lambda record: record.actor("Nobody at all"), "Nobody at all"),
        (lambda record: record.changes("2031-05-31", "2031-05-01"), "2031-05-31 is after"),
        (lambda record: record.map("2031-05-01", before="2031-05-31"), "2031-05-31 is after"),
        (lambda record: record.events(kind="picnic"), "'picnic' is no kind of incident"),
        (lambda record: record.table("people"), "there is no table 'people'; the tables are claims, incidents, holdings, reports"),
    ],
)
def test_a_question_that_makes_no_sense_says_what_would(ask: Any, says: str, path: Path) -> None:
    with khabar.open(path) as record, pytest.raises(QuestionError, match=re.escape(says)):
        ask(record)


def test_a_record_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="khabar build"):
        khabar.open(tmp_path / "none.khabar")


def test_a_closed_record_says_so(path: Path) -> None:
    with khabar.open(path) as record:
        pass
    assert repr(record) == "<a closed record>"
    with pytest.raises(RecordError, match="closed"):
        record.claims()


def test_what_is_built_while_a_record_is_open_is_in_the_next_answer(path: Path) -> None:
    late: dict[str, Any] = {"late": ["Wire Agency", date(2031, 10, 2)]}
    row = ["late", "capture", "Red Army", None, "Oakford", "2031-10-01", []]
    (more,) = invented.readings([row], world=WORLD, reports=late, places=PLACES)
    with khabar.open(path) as record:
        assert record.control("Oakford", "2031-10-03")["holder"]["name"] == "Green Front"
        with Record.create(path) as kept:
            kept.add(more)
        assert "Red Army" in json.dumps(record.control("Oakford", "2031-10-03"))


def test_a_walk_over_many_days_of_knowledge_does_not_fill_the_memory(path: Path) -> None:
    with khabar.open(path) as record:
        first = record.claims(known_by="2031-05-05")
        for day in range(6, 20):
            record.claims(known_by=date(2031, 5, day))
        assert len(record._views) <= KEPT_VIEWS
        assert record.claims(known_by="2031-05-05") == first


def test_what_khabar_offers_is_named_where_it_is_misspelt() -> None:
    with pytest.raises(AttributeError, match=r"khabar\.open"):
        khabar.opne  # noqa: B018


# --- tables


@pytest.mark.parametrize("name", ROWS)
def test_a_table_is_the_same_in_rows_in_pandas_and_in_arrow(name: str, path: Path) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    with khabar.open(path) as record:
        table = record.table(name)
    frame, arrow = table.to_pandas(), table.to_arrow()
    assert len(table) == len(frame) == arrow.num_rows > 0
    assert list(frame.columns) == arrow.column_names == list(table.columns)
    assert [dict(row) for row in table] == arrow.to_pylist()


def test_a_table_says_what_it_is_and_does_not_print_itself_whole(path: Path) -> None:
    with khabar.open(path) as record:
        assert repr(record.table("reports")) == "<reports: 3 rows of 8 columns; .rows, .to_pandas(), .to_arrow()>"


def test_days_and_numbers_are_days_and_numbers_in_pandas(path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with khabar.open(path) as record:
        frame = record.table("claims").to_pandas()
        assert len(frame) == len(record.claims())
    assert (frame["published"] < pandas.Timestamp("2031-06-01")).sum() == 4
    assert frame["quantity_low"].sum() == 12
    assert frame["quantity_low"].isna().sum() == len(frame) - 1


def test_a_day_far_away_is_still_a_day_in_pandas() -> None:
    pytest.importorskip("pandas")
    frame = Table("t", ("published",), [{"published": date(9999, 12, 31)}, {"published": None}]).to_pandas()
    assert [str(day) for day in frame["published"]] == ["9999-12-31 00:00:00", "NaT"]


def test_an_empty_table_still_has_its_columns(path: Path) -> None:
    pytest.importorskip("pandas")
    with khabar.open(path) as record:
        table = record.table("claims", known_by="2030-01-01")
    assert len(table) == 0
    assert list(table.to_pandas().columns) == list(table.columns)


@pytest.mark.parametrize(("library", "method", "extra"), [("pandas", "to_pandas", "pandas"), ("pyarrow", "to_arrow", "parquet")])
def test_without_the_library_the_error_names_what_to_install(
    library: str, method: str, extra: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with khabar.open(path) as record, pytest.raises(InputError, match=re.escape(f"pip install 'khabar[{extra}]'")):
        getattr(record.table("claims"), method)()


# --- in a notebook


def test_a_record_shows_what_it_holds_and_its_name_is_no_markup(path: Path) -> None:
    with khabar.open(path) as record:
        shown, claims = record._repr_html_(), len(record.claims())
    assert "&lt;b&gt;war.khabar" in shown
    assert "<b>" not in shown
    assert re.findall(r"<td>(.*?)</td>", shown)[1:] == ["3", str(claims), "2031-05-05 to 2031-09-01"]


def test_a_map_stands_in_a_sandbox_that_its_evidence_cannot_leave(path: Path) -> None:
    with khabar.open(path) as record:
        page = record.map("2031-06-01", before="2031-05-01")
    shown = page._repr_html_()
    assert shown.count("<") == 2, "the frame alone is markup of the notebook"
    (inside,) = re.findall(r'srcdoc="([^"]*)"', shown)
    assert unescape(inside) == page.html
    assert "allow-same-origin" not in shown
    assert HOSTILE not in page.html


def test_a_map_of_one_day_names_one_day(path: Path, tmp_path: Path) -> None:
    with khabar.open(path) as record:
        saved = record.map("2031-06-01").save(tmp_path / "map.html").read_text(encoding="utf-8")
    assert re.findall(r"<title>.*?: (.*)</title>", saved) == ["2031-06-01"]


# --- the pages that teach it


def cells() -> list[str]:
    notebook = json.loads((ROOT / "docs/tutorial/khabar-in-python.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_the_tutorial_notebook_runs_from_its_first_cell_to_its_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown = [_run(cell, names) for cell in cells()]
    assert "<iframe" in "".join(shown)
    assert "Jaysh al-Fatah" in shown[1]


def _run(cell: str, names: dict[str, Any]) -> str:
    """What a notebook shows of the last line of a cell."""
    body = ast.parse(cell).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None
    return str(value._repr_html_() if hasattr(value, "_repr_html_") else value)


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = json.loads((ROOT / "docs/tutorial/khabar-in-python.ipynb").read_text(encoding="utf-8"))
    assert [cell["outputs"] for cell in notebook["cells"] if cell.get("outputs")] == []


def test_the_reference_has_every_method_and_no_other() -> None:
    text = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")
    methods = {name for name in vars(OpenRecord) if not name.startswith("_")}
    assert methods == set(re.findall(r"record\.(\w+)\(", text))
    assert {"open", "read", "demo"} == set(re.findall(r"khabar\.(\w+)\(", text))


def test_the_sample_is_the_one_that_the_demo_reads(tmp_path: Path) -> None:
    with Record.create(tmp_path / f"{sample.NAME}.khabar"):
        pass
    with khabar.demo(tmp_path) as record:
        assert record.claims() == [], "a record that is there is opened, not built again"
