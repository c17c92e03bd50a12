"""What leaves the record: every format opens where it should, says what it lost, and holds back what is recent."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import invented
from khabar import cli
from khabar.exports import FORMATS
from khabar.exports.content import Content, content
from khabar.exports.maps import edtf
from khabar.publication import withholding
from khabar.record import Record
from khabar.view import View

WORLD = {
    "red-army": {"name": "Red Army", "kind": "state forces", "side": "red"},
    "green-front": {"name": "Green Front", "kind": "rebel group", "side": "green"},
    "wire": {"name": "Wire Agency", "kind": "agency"},
}
REPORTS = {"old": ["Harbour Post", date(2031, 5, 5)], "new": ["Harbour Post", date(2031, 9, 1)], "red": ["State Voice", date(2031, 5, 6)]}
PLACES = {
    "Oakford": {"latitude": 10.123, "longitude": 20.456, "precision": "town", "id": "x:oakford"},
    "Pinewell": {"latitude": 11.234, "longitude": 21.567, "precision": "town", "id": "x:pinewell"},
}
DEAD = {
    "quantity": {"low": 12, "high": 12, "unit": "killed"},
    "sentence": "=Twelve soldiers of the Red Army died; the Green Front attacked.",
}
ROWS: list[list[Any]] = [
    ["old", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency"]],
    ["old", "casualties", "Green Front", "Red Army", "Oakford", "2031-05-05", [], DEAD],
    ["red", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["new", "capture", "Red Army", None, "Pinewell", "2031-09-01", []],
]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(ROWS, world=WORLD, reports=REPORTS, places=PLACES):
            kept.add(reading)
    return path


def opened(record: Path, **asked: Any) -> Content:
    registry = invented.registry(WORLD)
    return content(
        lambda day: View(Record.open(record), registry, day), **({"known_by": None, "first": None, "last": None, "today": None} | asked)
    )


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_the_same_bytes_twice_and_says_what_it_wrote(name: str, record: Path, tmp_path: Path) -> None:
    first, second = (tmp_path / f"{letter}{FORMATS[name].suffix}" for letter in "ab")
    losses = FORMATS[name].written(opened(record), first)
    FORMATS[name].written(opened(record), second)
    assert losses.kept
    if name not in ("excel", "geopackage"):  # they hold the time of writing
        assert _bytes(first) == _bytes(second)


def _bytes(path: Path) -> list[bytes]:
    return [path.read_bytes()] if path.is_file() else [one.read_bytes() for one in sorted(path.iterdir())]


def test_tables_hold_every_claim_with_its_sentence_and_speaker(record: Path, tmp_path: Path) -> None:
    FORMATS["csv"].write(opened(record), tmp_path / "out")
    rows = rows_of(tmp_path / "out/claims.csv")
    assert len(rows) == len(ROWS)
    assert {row["attribution"] for row in rows} == {"", "Wire Agency"}
    assert all(row["sentence"] for row in rows)


def test_the_original_stands_beside_a_translation_and_where_it_cannot_that_is_told(record: Path, tmp_path: Path) -> None:
    row = ["old", "capture", "Green Front", None, "Elmhurst", "2031-05-05", [], {"sentence": "The Green Front took Elmhurst."}]
    [reading] = invented.readings([row], world=WORLD, reports={"old": ["Al-Marsa", date(2031, 5, 5)]}, places=PLACES)
    report = replace(reading.report, original_text="سيطرت الجبهة الخضراء على إلمهرست.\n", translated_by="A. Translator")
    with Record.create(record) as kept:
        kept.add(replace(reading, report=report))
    told = {}
    for name, way in FORMATS.items():
        losses = way.written(opened(record), tmp_path / f"out-{name}{way.suffix}")
        told[name] = [ids for (what, _), ids in losses.lost.items() if "original" in what]
    rows = [row for row in rows_of(tmp_path / "out-csv/claims.csv") if row["original"]]
    assert [(row["original"], row["translated_by"]) for row in rows] == [("سيطرت الجبهة الخضراء على إلمهرست.", "A. Translator")]
    assert [name for name, ids in told.items() if not ids] == ["csv", "parquet", "excel"]
    assert all(ids == [[rows[0]["claim_id"]]] for name, ids in told.items() if ids)


def test_a_sentence_is_no_formula_for_a_spreadsheet(record: Path, tmp_path: Path) -> None:
    FORMATS["csv"].write(opened(record), tmp_path / "out")
    assert not [cell for row in rows_of(tmp_path / "out/claims.csv") for cell in row.values() if cell.startswith("=")]


@pytest.mark.parametrize(("name", "columns", "first", "last"), [("acled", 31, "event_id_cnty", "timestamp"), ("ged", 49, "id", "gwnob")])
def test_layouts_have_the_columns_of_their_dataset_and_own_up(
    name: str, columns: int, first: str, last: str, record: Path, tmp_path: Path
) -> None:
    FORMATS[name].write(opened(record), tmp_path / "out.csv")
    rows = rows_of(tmp_path / "out.csv")
    heading = list(rows[0])
    assert (len(heading), heading[0], heading[-1]) == (columns, first, last)
    assert all("Khabar record, not" in "".join(row.values()) for row in rows)


def test_the_dead_of_the_sides_add_up_in_ged(record: Path, tmp_path: Path) -> None:
    FORMATS["ged"].write(opened(record), tmp_path / "out.csv")
    (row,) = rows_of(tmp_path / "out.csv")
    parts = [int(row[name]) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")]
    assert sum(parts) == int(row["best"]) == 12
    assert (row["side_a"], row["side_b"], row["type_of_violence"]) == ("Green Front", "Red Army", "1")
    assert int(row["deaths_b"]) == 12


def test_what_a_layout_cannot_carry_is_told(record: Path, tmp_path: Path) -> None:
    lost = FORMATS["acled"].write(opened(record), tmp_path / "out.csv").json()["lost"]
    told = {row["what"]: row for row in lost}
    assert told["claims that are denied"]["count"] == 1
    assert told["the chain of speakers"]["count"] == 1
    with Record.open(record) as kept:
        ids = {item.claim.claim_id for item in kept.told()}
    assert set(told["claims that are denied"]["examples"]) <= ids


def test_stix_parses_strictly_and_says_who_controls_what(record: Path, tmp_path: Path) -> None:
    stix2 = pytest.importorskip("stix2")
    FORMATS["stix"].write(opened(record), tmp_path / "out.json")
    bundle = stix2.parse((tmp_path / "out.json").read_text("utf-8"))
    names = {one.id: one.name for one in bundle.objects if "name" in one}
    held = [one for one in bundle.objects if one.type == "relationship"]
    assert {(names[one.source_ref], names[one.target_ref]) for one in held} >= {("Green Front", "Oakford"), ("Red Army", "Pinewell")}
    assert {one.content for one in bundle.objects if one.type == "note"} >= {DEAD["sentence"]}


def test_a_geopackage_opens_with_its_layers_and_styles(record: Path, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    path = tmp_path / "out.gpkg"
    FORMATS["geopackage"].write(opened(record), path)
    assert {name for name, _ in pyogrio.list_layers(path)} >= {"holdings", "incidents"}
    assert pyogrio.read_info(path, layer="holdings")["features"] > 0
    styles = sqlite3.connect(path).execute("SELECT f_table_name, useAsDefault FROM layer_styles").fetchall()
    assert sorted(styles) == [("holdings", 1), ("incidents", 1)]


def test_geojson_features_say_when_and_on_whose_word(record: Path, tmp_path: Path) -> None:
    FORMATS["geojson"].write(opened(record), tmp_path / "out.geojson")
    features = json.loads((tmp_path / "out.geojson").read_text("utf-8"))["features"]
    assert all(feature["properties"]["evidence"] for feature in features)
    assert {feature["properties"]["type"] for feature in features} == {"incident", "holding"}


def test_ftm_links_lead_to_entities_of_the_file(record: Path, tmp_path: Path) -> None:
    FORMATS["ftm"].write(opened(record), tmp_path / "out.json")
    entities = [json.loads(line) for line in (tmp_path / "out.json").read_text("utf-8").splitlines()]
    ids = {entity["id"] for entity in entities}
    links = [entity["properties"] for entity in entities if entity["schema"] == "UnknownLink"]
    assert links
    assert {link[end][0] for link in links for end in ("subject", "object")} <= ids


# --- what is held back


def test_a_record_of_an_old_war_is_written_whole(record: Path) -> None:
    assert opened(record, today=date(2040, 1, 1)).withheld.words is None


def test_what_was_published_in_the_last_two_weeks_is_held_back(record: Path) -> None:
    found = opened(record, today=date(2031, 9, 5))
    assert {item.claim.report_id for item in found.told} == {"old", "red"}
    assert "1 reports published after 2031-08-22" in str(found.withheld.words)


def test_a_place_told_of_in_the_last_three_months_is_coarse_in_every_part(record: Path) -> None:
    found = opened(record, today=date(2031, 9, 20))
    points = {item.claim.place.name: item.claim.place.latitude for item in found.told if item.claim.place}
    assert points == {"Oakford": 10.123, "Pinewell": 11.2}
    assert {one.place.name: one.place.latitude for one in found.incidents if one.place}["Pinewell"] == 11.2
    assert {row["place"]["name"]: row["place"]["latitude"] for row in found.holdings}["Pinewell"] == 11.2


def test_known_by_is_kept_where_it_is_earlier(record: Path) -> None:
    found = opened(record, today=date(2031, 9, 5), known_by=date(2031, 5, 5))
    assert {item.claim.report_id for item in found.told} == {"old"}


def test_only_what_lies_in_the_window_is_written(record: Path) -> None:
    found = opened(record, first=date(2031, 8, 1))
    assert {item.claim.report_id for item in found.told} == {"new"}


def test_undated_reports_are_held_back_only_beside_recent_ones() -> None:
    assert withholding([None], date(2031, 9, 5)).words is None
    assert withholding([None, date(2031, 9, 1)], date(2031, 9, 5)).reports == 2


def test_the_command_names_the_formats_when_asked_for_another(record: Path) -> None:
    result = CliRunner().invoke(cli.app, ["export", str(record), "--format", "shapefile"])
    assert result.exit_code == 2
    assert "geopackage" in result.output


def test_the_command_writes_beside_the_record_and_reports_losses(record: Path) -> None:
    result = CliRunner().invoke(cli.app, ["export", str(record), "--format", "plover", "--full", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert Path(told["output"]) == record.with_name("war-plover.jsonl")
    assert told["withheld"] is None
    assert Path(told["output"]).exists()


def test_an_open_interval_reads_as_such() -> None:
    assert edtf(None, None) == ".."
