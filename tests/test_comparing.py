"""How far a record agrees with a dataset or another coder: what differs is named, and what is made up is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import invented
from khabar import cli
from khabar.agreement import alpha, per_cent
from khabar.comparing import compare
from khabar.contract import Json, claim_json
from khabar.datasets import NEEDED, read_dataset
from khabar.errors import InputError
from khabar.events import events
from khabar.exports import FORMATS
from khabar.exports.content import content
from khabar.lexicon import table
from khabar.model import Place
from khabar.record import Record
from khabar.registry import load_registry
from khabar.view import View

WORLD = {
    "red-army": {"name": "Red Army", "kind": "state forces", "side": "red"},
    "green-front": {"name": "Green Front", "kind": "rebel group", "side": "green"},
}
REPORTS = {"one": ["Harbour Post", date(2031, 5, 6)], "two": ["State Voice", date(2031, 5, 20)]}
PLACES = {
    "Oakford": {"latitude": 10.1, "longitude": 20.4, "precision": "town", "id": "x:oakford"},
    "Pinewell": {"latitude": 11.2, "longitude": 21.5, "precision": "town", "id": "x:pinewell"},
}


def dead(number: int) -> Json:
    return {"quantity": {"low": number, "high": number, "unit": "killed"}}


ROWS: list[list[Any]] = [
    ["one", "airstrike", "Red Army", "Green Front", "Oakford", "2031-05-05", [], dead(12)],
    ["one", "clash", "Green Front", "Red Army", "Pinewell", "2031-05-05", [], dead(3)],
    ["two", "shelling", "Red Army", None, "Pinewell", "2031-05-18", [], dead(4)],
    ["two", "capture", "Green Front", "Red Army", "Oakford", "2031-05-19", []],
]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(ROWS, world=WORLD, reports=REPORTS, places=PLACES):
            kept.add(replace(reading, claims=tuple(replace(claim, place=_unspanned(claim.place)) for claim in reading.claims)))
    return path


def _unspanned(place: Place | None) -> Place | None:
    """As from context: invented claims have the span of their sentence for that of the place."""
    return replace(place, start=None, end=None) if place else None


def view(record: Path) -> View:
    return View(Record.open(record), invented.registry(WORLD))


def written(path: Path, layout: str, *rows: Json) -> Path:
    """A file of invented rows, in the columns of the dataset."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table_ = csv.DictWriter(file, table("columns")[layout])
        table_.writeheader()
        table_.writerows(rows)
    return path


def ged(id: str, on: str, place: str, best: int, **more: Any) -> Json:
    point = {"latitude": PLACES[place]["latitude"], "longitude": PLACES[place]["longitude"]}
    return {
        "id": id,
        "date_start": on,
        "date_end": on,
        "where_coordinates": place,
        "best": best,
        "low": best,
        "high": best,
        **point,
        **more,
    }


def acled(id: str, on: str, place: str, sub: str, **more: Any) -> Json:
    point = {"latitude": PLACES[place]["latitude"], "longitude": PLACES[place]["longitude"]}
    kind, _, sub_type = sub.partition(" / ")
    return {"event_id_cnty": id, "event_date": on, "event_type": kind, "sub_event_type": sub_type, "location": place, **point, **more}


Compare = Callable[..., Json]


@pytest.fixture
def compared(record: Path, tmp_path: Path) -> Compare:
    def run(layout: str, *rows: Json, **limits: Any) -> Json:
        seen = view(record)
        return compare(seen, events(seen), read_dataset(written(tmp_path / "them.csv", layout, *rows)), **limits)

    return run


def ids(rows: list[Json]) -> set[str]:
    return {row["id"] for row in rows}


# --- datasets


@pytest.mark.parametrize("layout", ["acled", "ged"])
def test_a_record_agrees_in_full_with_its_own_export(layout: str, record: Path, tmp_path: Path) -> None:
    seen = view(record)
    whole = content(lambda day: seen, known_by=None, first=None, last=None, today=None)
    exported = FORMATS[layout].write(whole, tmp_path / "out.csv").kept["events"]
    answer = compare(seen, events(seen), read_dataset(tmp_path / "out.csv"))
    assert answer["counts"] == {"dataset": exported, "record": exported, "matched": exported, "dataset_only": 0, "record_only": 0}
    assert all(row["event"]["id"].endswith(row["incident"]["id"]) for row in answer["matched"])
    assert {row["killed_difference"] for row in answer["matched"] if row["event"]["killed"]} == {0}


def test_tolls_of_matched_events_differ_by_what_the_dataset_has_more(compared: Compare) -> None:
    answer = compared("ged", ged("1", "2031-05-06", "Oakford", 15), ged("2", "2031-05-18", "Pinewell", 4))
    assert [(row["event"]["id"], row["killed_difference"], row["days_apart"]) for row in answer["matched"]] == [("1", 3, 1), ("2", 0, 0)]
    assert answer["tolls"] == {"both": 2, "same": 1, "overlap": 1, "median_difference": 1.5, "dataset_sum": 19, "record_sum": 16}


def test_what_one_side_lacks_is_listed(compared: Compare) -> None:
    answer = compared(
        "ged", ged("1", "2031-05-05", "Oakford", 12), ged("9", "2031-05-12", "Oakford", 7), ged("3", "2031-05-18", "Pinewell", 4)
    )
    assert ids(answer["dataset_only"]) == {"9"}
    assert [row["kind"] for row in answer["record_only"]] == ["clash"]


def test_days_and_distance_are_those_that_are_asked_for(compared: Compare) -> None:
    row = ged("1", "2031-05-08", "Oakford", 12, latitude=10.4)  # three days and 33 km away
    assert compared("ged", row)["counts"]["matched"] == 0
    assert compared("ged", row, days=3)["counts"]["matched"] == 0
    assert compared("ged", row, days=3, km=35)["counts"]["matched"] == 1


def test_an_air_strike_is_no_clash_in_acled(compared: Compare) -> None:
    assert compared("acled", acled("A", "2031-05-05", "Oakford", "Battles / Armed clash"))["counts"]["matched"] == 0
    answer = compared("acled", acled("A", "2031-05-05", "Oakford", "Explosions/Remote violence / Air/drone strike", fatalities=10))
    assert [(row["incident"]["kind"], row["killed_difference"]) for row in answer["matched"]] == [("airstrike", -2)]


def test_actors_that_are_known_to_be_others_are_no_match(compared: Compare) -> None:
    strike = "Explosions/Remote violence / Shelling/artillery/missile attack"
    ours = acled("A", "2031-05-18", "Pinewell", strike, actor1="Red Army (2020-)")
    assert [row["actors"] for row in compared("acled", ours)["matched"]] == ["same"]
    assert compared("acled", ours | {"actor1": "Green Front"})["counts"]["matched"] == 0
    assert [row["actors"] for row in compared("acled", ours | {"actor1": "Who Knows"})["matched"]] == ["unknown"]


@pytest.mark.parametrize("name", ["Military Forces of Syria (2000-2024)", "Government of Syria"])
def test_the_forces_of_a_state_are_known_by_its_country(name: str, tmp_path: Path) -> None:
    registry = load_registry()
    army = registry.resolve("Syrian Arab Army", on=date(2015, 5, 5))
    assert army
    world = {army.id: {"name": army.name, "kind": army.kind}}
    rows = [["one", "shelling", army.name, None, "Oakford", "2015-05-05", [], dead(2)]]
    with Record.create(tmp_path / "war.khabar") as kept:
        for reading in invented.readings(rows, world=world, reports={"one": ["Post", date(2015, 5, 6)]}, places=PLACES):
            kept.add(reading)
    seen = View(Record.open(tmp_path / "war.khabar"), registry)
    path = written(tmp_path / "them.csv", "ged", ged("1", "2015-05-05", "Oakford", 2, side_a=name))
    assert [row["actors"] for row in compare(seen, events(seen), read_dataset(path))["matched"]] == ["same"]


def test_an_event_that_shares_its_incident_is_beside_it(compared: Compare) -> None:
    answer = compared("ged", ged("1", "2031-05-05", "Oakford", 12), ged("2", "2031-05-06", "Oakford", 1))
    assert ids([row["event"] for row in answer["matched"]]) == {"1"}
    assert [(row["id"], row["beside"]) for row in answer["dataset_only"]] == [("2", True)]


def test_what_lies_outside_the_other_side_is_counted_and_not_lacking(compared: Compare) -> None:
    answer = compared("ged", ged("1", "2031-05-05", "Oakford", 12), ged("far", "2031-05-05", "Oakford", 1, latitude=50))
    assert answer["counts"]["dataset"] == 1
    assert answer["left_out"]["events outside the area of the other side"] == 1
    assert answer["left_out"]["incidents outside the days of the other side"] == 1
    assert answer["left_out"]["incidents without a count of the dead"] == 1


def test_a_bad_row_is_told_by_its_number_and_the_others_are_compared(compared: Compare) -> None:
    good = ged("1", "2031-05-05", "Oakford", 12)
    answer = compared("ged", good | {"date_start": "May"}, good, good | {"latitude": "north"}, good | {"best": "many"})
    assert [row["row"] for row in answer["refused"]] == [2, 4, 5]
    assert "'May' is not a day" in answer["refused"][0]["reason"]
    assert answer["counts"]["matched"] == 1


def test_columns_that_can_be_missed_may_be_missing_and_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "them.csv"
    path.write_text(";".join(NEEDED["acled"]) + "\nA;05 May 2031;Battles;10.1;20.4\n", encoding="utf-8")
    (event,) = read_dataset(path).events
    assert (event.date_end, event.killed, "clash" in event.kinds) == (date(2031, 5, 5), None, True)
    path.write_text("id,date_start,latitude,longitude,best\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the UCDP column date_end"):
        read_dataset(path)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="neither ACLED"):
        read_dataset(path)


# --- coders


def test_alpha_is_krippendorffs() -> None:
    """Both examples of Krippendorff (2011), of two values and of five."""
    assert alpha(list(zip("0100000010", "1110010000", strict=True))) == 0.095
    five = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
    assert (alpha(five), per_cent(five)) == (0.692, 75.0)
    assert alpha([("a", "a")]) is None


@pytest.fixture
def claims(record: Path) -> list[Json]:
    with Record.open(record) as kept:
        return [json.loads(json.dumps(claim_json(item.claim) | {"sentence": item.sentence}, default=str)) for item in kept.told()]


def run(record: Path, rows: list[Json], *, status: int = 0) -> tuple[Json, str]:
    path = record.with_name("student.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["compare", str(record), str(path), "--json"])
    assert result.exit_code == status, result.output
    return json.loads(result.stdout), result.stderr


def test_a_record_agrees_in_full_with_its_own_claims(record: Path, claims: list[Json]) -> None:
    answer, _ = run(record, claims)
    assert answer["counts"] == {"reports": 2, "record": 4, "coder": 4, "paired": 4, "record_only": 0, "coder_only": 0}
    assert {field["per_cent"] for field in answer["fields"].values()} == {100.0}


def test_a_student_who_differs_in_one_field_is_told_where(record: Path, claims: list[Json]) -> None:
    claims[0]["kind"] = "shelling"
    answer, _ = run(record, claims)
    assert answer["fields"]["kind"]["per_cent"] == 75.0
    assert answer["fields"]["place"]["per_cent"] == 100.0
    (difference,) = answer["differences"]
    assert difference["record"] == claims[0]["claim_id"]
    assert difference["fields"] == {"kind": ["airstrike", "shelling"]}


def test_a_sentence_is_enough_to_find_the_place_in_the_text(record: Path, claims: list[Json]) -> None:
    rows = [{name: row[name] for name in ("report_id", "sentence", "kind")} for row in claims]
    answer, _ = run(record, rows)
    assert answer["counts"]["paired"] == 4


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"sentence": "They never said so."}, "but at"),
        ({"start": None, "sentence": "They never said so."}, "does not stand in the report"),
        ({"report_id": "elsewhere"}, "does not have"),
        ({"end": 100_000}, "letters"),
        ({"actor": {"text": "Blue Guard"}}, "'Blue Guard' does not stand in the report"),
        ({"attribution": [{"text": "a made-up witness"}]}, "does not stand in the report"),
        ({"trigger": [0, 100_000]}, "not within its sentence"),
        ({"date_end": "soon"}, "not a day"),
    ],
)
def test_what_does_not_stand_in_the_report_is_refused_with_a_reason(change: Json, reason: str, record: Path, claims: list[Json]) -> None:
    answer, told = run(record, [claims[0] | change, claims[1]], status=1)
    assert [row["claim"] for row in answer["refused"]] == [claims[0]["claim_id"]]
    assert reason in answer["refused"][0]["reason"]
    assert reason in told
    assert answer["counts"]["coder"] == 1


def test_two_records_are_compared_and_neither_is_written(record: Path) -> None:
    other = record.with_name("other.khabar")
    other.write_bytes(record.read_bytes())
    before = record.read_bytes()
    result = CliRunner().invoke(cli.app, ["compare", str(record), str(other)])
    assert result.exit_code == 0, result.output
    assert "4 claims paired" in result.stdout
    assert record.read_bytes() == before


@pytest.mark.parametrize("row", [{"report": {"id": "one"}, "claims": 0}, {"report": 5, "claims": []}])
def test_claims_of_a_report_that_are_no_list_are_told_in_one_line(row: Json, record: Path) -> None:
    path = record.with_name("coded.jsonl")
    path.write_text(json.dumps(row), encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["compare", str(record), str(path)])
    assert result.exit_code == 1
    assert "row 1: expected a report as a JSON object and a list of claims, found report" in result.stderr


def test_a_file_of_another_kind_is_told_in_one_line(record: Path) -> None:
    path = record.with_name("notes.txt")
    path.write_text("nothing of the kind", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["compare", str(record), str(path)])
    assert result.exit_code == 1
    assert "nor claims in JSON" in result.stderr
