"""The commands as a user types them: what they print, how they fail, and that a stopped build can be run again."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import yaml
from rich.console import Console
from typer.main import get_command
from typer.testing import CliRunner

import invented
from khabar import cli
from khabar.cli.app import MODULES
from khabar.contract import claim_id
from khabar.copies import bring_up_to_date
from khabar.errors import InputError, RecordError
from khabar.model import Claim, Failure, Participant, Place, Reading, Report, Speaker
from khabar.printing.reading import failures
from khabar.record import Record

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "[a] source"]],
]
COMMANDS = ("read", "build", "control", "changes", "actor", "claims", "explain", "map", "dump", "failures", "lint", "demo", "places import")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("record") / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            kept.add(reading)
    return str(path)


def run(*words: str, status: int = 0, stdin: str | None = None) -> Any:
    result = CliRunner().invoke(cli.app, words, input=stdin)
    assert result.exit_code == status, (result.output, result.exception)
    return result


def toy_reader(report: Report) -> Reading:
    """Reads "A took B." and breaks on "broken"; no model."""
    if "unreadable" in report.text:
        raise InputError("nothing to read here", code="empty")
    if "broken" in report.text:
        raise ValueError("a rule broke")
    claims = [toy_claim(report, match) for match in re.finditer(r"([A-Z]\w+) took ([A-Z]\w+)\.", report.text)]
    return Reading(report, claims=tuple(claims))


def toy_claim(report: Report, match: re.Match[str]) -> Claim:
    span, trigger = match.span(), (match.end(1) + 1, match.end(1) + 5)
    id = claim_id(report.id, "capture", span, trigger, match[1], None, match[2], ["Wire"])
    participant, place = Participant(match[1], *match.span(1)), Place(match[2], *match.span(2))
    day = report.published
    said_by = (Speaker("Wire"),)
    return Claim(id, report.id, *span, "body", "capture", trigger, participant, None, place, day, day, attribution=said_by, rule="toy")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.build.shipped_reader", lambda rules=None: toy_reader)


def reports(folder: Path, *texts: str) -> Path:
    path = folder / "reports.jsonl"
    rows = [{"id": f"r{i}", "text": text, "outlet": "Post", "published": f"2031-05-{i + 1:02}"} for i, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


GOOD = "The rebels spoke to the press on the hill for an hour. Reds took Oakford."
OTHER = "It was a quiet day in the valley, people said to us. Greens took Pinewell."


# --- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = run(*command.split(), "--help").output
    assert f"khabar {command} " in shown or f"khabar {command}\n" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"build", "map", "dump", "demo", "places import"}))
def test_every_command_that_prints_data_prints_json(command: str) -> None:
    assert "--json" in run(*command.split(), "--help").output


def test_a_question_never_loads_the_language_model(record: str) -> None:
    with Record.create(Path(record)) as kept:
        bring_up_to_date(kept.connection)  # as every build leaves it
    code = (
        "import sys; from khabar.cli import app\n"
        f"try: app(['control', {record!r}, 'Oakford', '--on', '2031-05-05'])\n"
        "except SystemExit: pass\n"
        "heavy = ('spacy', 'onnxruntime', 'trafilatura', 'numpy', 'khabar.chronicle', 'khabar.gazetteer')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "[]"


def test_every_command_of_a_module_is_listed_there() -> None:
    modules = {module.name for module in iter_modules(cli.__path__)} - {"app", "options", "reference"}
    assert modules == set(MODULES.values())
    get_command(cli.app).every()
    registered = {one.name or one.callback.__name__ for one in cli.app.registered_commands}
    assert registered | {one.name for one in cli.app.registered_groups} == set(MODULES)


def test_a_question_makes_no_other_command(record: str) -> None:
    code = (
        "import sys; from khabar.cli import app\n"
        f"try: app(['control', {record!r}, 'Oakford', '--on', '2031-05-05', '--json'])\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('khabar.cli.')))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "['khabar.cli.app', 'khabar.cli.options', 'khabar.cli.questions']"


def test_a_mistyped_command_is_told_those_that_are_near() -> None:
    assert "'control'" in CliRunner().invoke(cli.app, ["contorl"]).stderr


# --- questions


def test_control_prints_for_people_and_as_json(record: str) -> None:
    shown = run("control", record, "oakford", "--on", "2031-05-05").output
    assert "Green Front" in shown
    assert "[a] source" in shown
    got = json.loads(run("control", record, "Oakford", "--on", "2031-05-05", "--known-by", "2031-05-05", "--json").output)
    contract = "place on known_by status holder standing probability since until previous besieged_by disputed_by members last_report"
    assert list(got)[:18] == [*contract.split(), "for", "against", "informants", "because"]
    assert (got["holder"], got["standing"]) == ({"id": "green-front", "name": "Green Front"}, "assessed")
    earlier = json.loads(run("control", record, "Oakford", "--on", "2031-05-05", "--known-by", "2031-05-02", "--json").output)
    assert earlier["holder"]["id"] == "red-army"


def test_the_whole_map_is_geojson(record: str) -> None:
    got = json.loads(run("control", record, "--on", "2031-05-05", "--geojson").output)
    assert got["type"] == "FeatureCollection"
    assert got["features"][0]["geometry"] is None
    assert got["features"][0]["properties"]["status"] == "held"
    assert "Oakford" in run("control", record, "--on", "2031-05-05").output


def test_changes_actor_claims_and_explain_print_their_sentences(record: str) -> None:
    assert "Red Army → Green Front" in run("changes", record, "--from", "2031-05-02", "--to", "2031-05-05").output
    row = json.loads(run("changes", record, "--from", "2031-05-02", "--to", "2031-05-05", "--json").output)
    assert (row["from"]["name"], row["to"]["name"]) == ("Red Army", "Green Front")
    assert "took Oakford" in run("actor", record, "Green Front", "--on", "2031-05-05").output
    claim = json.loads(run("claims", record, "--kind", "capture", "--json").output)
    assert claim["sentence"] in " ".join(run("claims", record, "--kind", "capture").output.split())
    explained = run("explain", record, claim["claim_id"]).output
    assert "Wire Agency → [a] source" in explained
    assert "Harbour Post" in explained


def test_tables_fit_a_terminal_and_no_line_of_a_file_ends_in_spaces(record: str) -> None:
    for words in (["control", record, "Oakford", "--on", "2031-05-05"], ["changes", record], ["actor", record, "Green Front"]):
        lines = run(*words).output.splitlines()
        assert max(map(len, lines)) <= 80
        assert [line for line in lines if line != line.rstrip()] == []


def test_places_of_which_nothing_is_known_that_day_are_only_named(record: str) -> None:
    assert "unknown that day" not in run("control", record, "--on", "2031-05-05").output
    assert run("control", record, "--on", "2030-05-05").output.splitlines()[0].startswith("unknown that day, 1: Oakford")


def test_what_has_no_day_is_counted_where_days_are_asked_for(tmp_path: Path) -> None:
    path, rows = tmp_path / "war.khabar", [
        ["undated", "clash", "Green Front", None, "Oakford", None, []],
        ["post-8", "clash", "Red Army", None, "Elmhurst", "2031-05-08", []],
    ]  # fmt: skip
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            kept.add(reading)
    for command in ("claims", "events"):
        assert "1 of them o" in run(command, str(path), "--to", "2031-05-31").output
        assert "of them o" not in run(command, str(path)).output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["control", "RECORD", "Oakfrod", "--on", "2031-05-05"], "did you mean Oakford"),
        (["actor", "RECORD", "Green Frond"], "did you mean Green Front"),
        (["explain", "RECORD", "no-such-id"], "no claim, report, place or actor"),
        (["control", "none.khabar", "Oakford", "--on", "2031-05-05"], "khabar build"),
    ],
    ids=["place", "actor", "id", "record"],
)
def test_a_question_without_an_answer_is_one_clear_line(record: str, words: list[str], said: str) -> None:
    result = run(*(record if word == "RECORD" else word for word in words), status=1)
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("on", ["yesterday", "20310505", "2031-02-30", "2031-5-5", ""])
def test_a_day_is_an_iso_day_or_a_wrong_command_line(record: str, on: str) -> None:
    assert "2015-06-08" in run("control", record, "Oakford", "--on", on, status=2).stderr


def test_a_wrong_command_line_is_exit_2(record: str) -> None:
    run("control", record, "Oakford", status=2)
    run("conquer", record, status=2)
    run("control", record, "Oakford", "--on", "2031-05-05", "--geojson", status=2)


def test_the_map_is_one_file(record: str, tmp_path: Path) -> None:
    output = tmp_path / "map.html"
    run("map", record, "--before", "2031-05-01", "--after", "2031-05-05", "--output", str(output))
    assert "Green Front" in output.read_text("utf-8")
    assert "exchange them" in run("map", record, "--before", "2031-05-05", "--after", "2031-05-01", status=1).stderr


@pytest.mark.usefixtures("toy")
def test_the_demo_leaves_a_record_and_a_map_and_shows_what_was_missed(tmp_path: Path) -> None:
    result = run("demo", "--folder", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} >= {"idlib-2015.khabar", "map.html"}
    assert "coded by hand" in result.stdout
    assert "missed: capture" in result.stdout


# --- read and build


@pytest.mark.usefixtures("toy")
def test_read_prints_sentences_for_people_and_json_lines_for_programs(tmp_path: Path) -> None:
    path = reports(tmp_path, GOOD, OTHER)
    shown = run("read", str(path)).output
    assert "capture  Reds @ Oakford  2031-05-01  — Wire" in shown
    assert shown.count("\n\n\n") == 0
    assert shown.count("sentence\n\n") == 1, "an empty line between two reports, none behind the last"
    rows = [json.loads(line) for line in run("read", str(path), "--json").output.splitlines()]
    assert [row["report"]["id"] for row in rows] == ["r0", "r1"]
    assert rows[0]["report"]["text"][rows[0]["claims"][0]["start"] : rows[0]["claims"][0]["end"]] == "Reds took Oakford."


@pytest.mark.usefixtures("toy")
def test_read_takes_what_a_bare_text_lacks_from_the_options() -> None:
    result = run("read", "-", "--json", "--outlet", "Post", "--published", "2031-05-05", "--url", "https://example.org", stdin=GOOD)
    report = json.loads(result.stdout)["report"]
    assert (report["outlet"], report["published"], report["url"]) == ("Post", "2031-05-05", "https://example.org")


@pytest.mark.usefixtures("toy")
def test_a_report_that_cannot_be_read_takes_its_place_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = reports(tmp_path, GOOD, f"{OTHER} This one is broken by a rule.", f"{OTHER} This one is unreadable.", OTHER)
    with path.open("a") as file:
        file.write("{not json\n")
    result = run("read", str(path), "--json", status=1)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row.get("error", {}).get("code") for row in rows] == [None, "reading", "empty", None, "json"]
    assert [row["report"]["id"] for row in rows][:4] == ["r0", "r1", "r2", "r3"]
    record = str(tmp_path / "war.khabar")
    assert "2 reports read (2 new), 2 claims, 3 not read" in run("build", str(path), "--record", record, status=1).stderr
    assert "a rule broke" in " ".join(run("failures", record).output.split())
    assert len(run("failures", record, "--json").output.splitlines()) == 3


@pytest.mark.usefixtures("toy")
def test_a_reason_that_several_inputs_share_is_told_once(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").touch()
    run("build", str(tmp_path), "--record", record := str(tmp_path / "war.khabar"), status=1)
    lines = [line.rstrip() for line in run("failures", record).output.splitlines()]
    assert lines[0] == "2 inputs: no text in it; expected at least a sentence [empty]"
    assert "".join(line.strip() for line in lines[1:]) == f"{tmp_path}/a.txt{tmp_path}/b.txt"


def test_what_was_not_read_is_told_in_the_order_of_its_lines() -> None:
    found = [Failure(f"rows.jsonl:{n}", "json", f"rows.jsonl:{n}: fault {n}", f"rows.jsonl:{n}") for n in (10, 2, 1)]
    told = Console(width=80, file=io.StringIO())
    told.print(failures(found))
    assert re.findall(r"fault (\d+)", told.file.getvalue()) == ["1", "2", "10"]  # type: ignore[attr-defined]


def test_a_sentence_without_words_is_a_wrong_command_line() -> None:
    assert "--sentence holds no words" in run("read", "--sentence", " ", status=2).stderr


def test_words_given_for_a_file_are_no_path_however_long(tmp_path: Path) -> None:
    words = "Reds took Oakford on Monday. " * 20
    for command in (["read", words], ["build", words, "--record", str(tmp_path / "war.khabar")]):
        result = run(*command, status=1)
        assert "--sentence" in result.stderr or "not read" in result.stderr


def test_a_file_that_cannot_be_written_is_one_line(record: str) -> None:
    result = run("map", record, "--before", "2031-05-01", "--after", "2031-05-05", "--output", "/no-such-folder/map.html", status=1)
    assert result.stderr == "khabar: /no-such-folder/map.html: No such file or directory\n"


@pytest.mark.usefixtures("toy")
def test_what_a_folder_is_not_read_for_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "sitrep.doc").write_text("Word")
    told = f"passed over in folders, 1 (name a file, and it is read): {tmp_path}/sitrep.doc"
    assert told in run("build", str(tmp_path), "--record", str(tmp_path / "war.khabar")).stderr
    assert told in run("read", str(tmp_path)).stderr


@pytest.mark.usefixtures("toy")
def test_a_day_of_publication_that_is_still_to_come_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    told = [
        run("build", str(tmp_path / "a.txt"), "--record", str(tmp_path / f"{day}.khabar"), "--outlet", "Post", "--published", day).stderr
        for day in ("2999-05-02", "2019-05-02")
    ]
    assert "reports published after today: 1; is the day right? 2999-05-02 Post" in told[0]
    assert "after today" not in told[1]


@pytest.mark.usefixtures("toy")
def test_building_twice_changes_nothing(tmp_path: Path) -> None:
    path, record = str(reports(tmp_path, GOOD, OTHER)), str(tmp_path / "war.khabar")
    assert "2 reports read (2 new)" in run("build", path, "--record", record).stderr
    once = run("dump", record).output
    assert "2 reports read (0 new)" in run("build", path, "--record", record).stderr
    assert run("dump", record).output == once
    assert json.loads(once.splitlines()[0])["report"]["id"] == "r0"


@pytest.mark.usefixtures("toy")
def test_a_build_works_ahead_of_the_questions_unless_told_not_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, ready, bare = str(reports(tmp_path, GOOD, OTHER)), str(tmp_path / "ready.khabar"), str(tmp_path / "bare.khabar")
    run("build", path, "--record", ready)
    run("build", path, "--record", bare, "--no-ahead")
    assert Path(f"{ready}-derived").exists()
    assert not Path(f"{bare}-derived").exists()
    events = run("events", bare, "--json").stdout
    monkeypatch.setattr(Record, "every_told", lambda *_, **__: pytest.fail("worked out again"))
    assert run("events", ready, "--json").stdout == events


def test_a_build_that_is_killed_and_run_again_gives_the_record_of_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = reports(tmp_path, *(f"{GOOD} Blues took Town{i}." for i in range(25)))
    killed, whole = tmp_path / "killed.khabar", tmp_path / "whole.khabar"
    command = [sys.executable, str(Path(__file__).parent / "slow_build.py"), str(path), str(killed)]
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    wait_for(lambda: killed.exists() and count(killed) >= 3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 3 <= count(killed) < 25
    monkeypatch.setattr("khabar.build.shipped_reader", lambda rules=None: toy_reader)
    run("build", str(path), "--record", str(killed))
    run("build", str(path), "--record", str(whole))
    assert run("dump", str(killed)).output == run("dump", str(whole)).output


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def count(path: Path) -> int:
    """How many reports there are; none while the file is half made."""
    with suppress(RecordError, sqlite3.OperationalError), Record.open(path) as record:
        return int(record.connection.execute("SELECT count(*) FROM reports").fetchone()[0])
    return 0


def test_the_day_of_publication_may_be_missing_and_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.build.shipped_reader", lambda rules=None: toy_reader)
    path, record = tmp_path / "one.txt", str(tmp_path / "war.khabar")
    path.write_text(GOOD)
    assert "which --known-by leaves out: 1" in run("build", str(path), "--record", record).stderr
    assert date.today().isoformat() not in run("dump", record).output


def test_places_are_imported_with_the_users_own_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_HOME", str(tmp_path))
    path = tmp_path / "orte.csv"
    path.write_text("Ort,Breite,Länge\nOakford,1.5,2.5\nNowhere,999,2.5\n", "utf-8")
    words = ["places", "import", str(path), "--column", "name=Ort", "--column", "latitude=Breite", "--column", "longitude=Länge"]
    result = run(*words, status=1)
    assert "1 places" in result.stderr
    assert "row " in result.stderr


def test_the_help_lists_every_command_once_under_what_it_is_for() -> None:
    shown = CliRunner().invoke(cli.app, ["--help"], env={"COLUMNS": "80"}).output
    listed = re.findall(r"^  (\w+)  ", shown.split("Options:")[1], re.MULTILINE)
    assert sorted(listed) == sorted(get_command(cli.app).every())
    assert "Other:" not in shown
    assert shown.index("Read:") < shown.index("\n  control  ") < shown.index("Keep:")
