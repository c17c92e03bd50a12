"""What a dataset or another coder says stands in the record as their word: quoted, proven, never counted with what it was made from."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import invented
from khabar import cli, gazetteer
from khabar.contract import Json, claim_json
from khabar.importing import Taken, take_in, withdraw
from khabar.record import Record
from test_comparing import PLACES, REPORTS, WORLD, acled, ged, record, written

__all__ = ["record"]

STRIKE = "Explosions/Remote violence / Air/drone strike"
TAKEN = "Battles / Non-state actor overtakes territory"
SIDES = {"actor1": "Red Army (2020-)", "inter1": "State forces", "actor2": "GF: Green Front", "inter2": "Rebel group"}
STAMP = {"timestamp": 1938124800}  # 2 June 2031


class NoPlaces(gazetteer.Gazetteer):
    """The gazetteer of an invented country."""

    def __init__(self) -> None:
        super().__init__([])

    def exact(self, text: str) -> tuple[gazetteer.Entry, ...]:
        facts = PLACES.get(text.removesuffix(" town"))
        if facts is None:
            return ()
        return (gazetteer.Entry(facts["id"], text.removesuffix(" town"), facts["latitude"], facts["longitude"], None, None, "town"),)

    def similar(self, *_: Any, **__: Any) -> tuple[gazetteer.Entry, ...]:
        return ()


@pytest.fixture(autouse=True)
def invented_world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khabar.naming.registry_for", lambda connection: invented.registry(WORLD))
    monkeypatch.setattr("khabar.gazetteer.load_gazetteer", NoPlaces)


def run(*words: object, status: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, list(map(str, words)))
    assert result.exit_code == status, (result.output, result.exception)
    return result


def asked(*words: object) -> Any:
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


def imported(path: Path, file: Path, **more: Any) -> Taken:
    with Record.create(path) as kept:
        return take_in(kept, file, invented.registry(WORLD), NoPlaces(), **more)


def dump(path: Path) -> list[str]:
    with Record.open(path) as kept:
        return list(kept.dump())


def holds(path: Path) -> Json:
    found: Json = asked("verify", path)[0]
    assert found["holds"], found
    return found


# --- rows


def test_a_row_is_quoted_as_it_stands_and_says_what_it_says(tmp_path: Path) -> None:
    row = acled(
        "INV7", "2031-05-05", "Oakford", TAKEN, **SIDES, **STAMP, fatalities=4, notes="Said to have\nfallen at dawn.", source="A; B"
    )
    imported(tmp_path / "r.khabar", written(tmp_path / "a.csv", "acled", row))
    (capture, toll) = sorted(asked("claims", tmp_path / "r.khabar"), key=lambda one: one["kind"])
    assert capture["sentence"] == (
        "event_id_cnty: INV7 | event_date: 2031-05-05 | event_type: Battles | sub_event_type: Non-state actor overtakes territory | "
        "actor1: Red Army (2020-) | inter1: State forces | actor2: GF: Green Front | inter2: Rebel group | location: Oakford | "
        "latitude: 10.1 | longitude: 20.4 | fatalities: 4"
    )
    start = capture["start"]
    words = [
        capture["sentence"][one["start"] - start : one["end"] - start] for one in (capture["actor"], capture["recipient"], capture["place"])
    ]
    assert words == ["GF: Green Front", "Red Army (2020-)", "Oakford"]
    assert [capture["actor"]["id"], capture["recipient"]["id"], capture["place"]["id"]] == ["green-front", "red-army", "x:oakford"]
    assert (capture["outlet"], capture["attribution"], capture["published"]) == ("ACLED", [], "2031-06-02")
    assert (toll["kind"], toll["quantity"]["low"], toll["trigger"]) == (
        "casualties",
        4,
        [len(capture["sentence"]) - 1, len(capture["sentence"])],
    )
    with Record.open(tmp_path / "r.khabar") as kept:
        assert kept.reports()[0].text.endswith("\nsource: A; B | notes: Said to have fallen at dawn. | timestamp: 1938124800")


@pytest.mark.parametrize(
    ("sub", "more", "winner"),
    [
        (TAKEN, {}, "green-front"),
        ("Battles / Government regains territory", {}, "red-army"),
        (
            "Battles / Government regains territory",
            {"inter1": "", "inter2": "", "actor1": "Green Front", "actor2": "Military Forces of X"},
            None,
        ),
        (TAKEN, {"inter1": "Rebel group"}, "red-army"),  # both are none of the state: the first
    ],
)
def test_of_two_actors_the_one_that_the_type_names_has_won(sub: str, more: Json, winner: str | None, tmp_path: Path) -> None:
    imported(tmp_path / "r.khabar", written(tmp_path / "a.csv", "acled", acled("1", "2031-05-05", "Oakford", sub, **SIDES | more)))
    (claim,) = asked("claims", tmp_path / "r.khabar")
    assert claim["actor"]["id"] == winner


def test_a_row_without_a_kind_of_ours_is_kept_and_claims_nothing(tmp_path: Path) -> None:
    row = acled("1", "2031-05-05", "Oakford", "Strategic developments / Change to group/activity", notes="They renamed themselves.")
    assert imported(tmp_path / "r.khabar", written(tmp_path / "a.csv", "acled", row)).silent == 1
    assert asked("claims", tmp_path / "r.khabar") == []
    with Record.open(tmp_path / "r.khabar") as kept:
        assert "They renamed themselves." in kept.reports()[0].text


def test_ged_gives_its_best_estimate_and_who_killed_whom(tmp_path: Path) -> None:
    row = ged("42", "2031-05-05", "Oakford", 9, low=7, high=14, type_of_violence=3, side_a="Government of Redland", side_b="Civilians")
    imported(tmp_path / "r.khabar", written(tmp_path / "g.csv", "ged", row), published=date(2032, 6, 1))
    killing, toll = sorted(asked("claims", tmp_path / "r.khabar"), key=lambda one: one["kind"], reverse=True)
    assert (killing["kind"], killing["recipient"]["name"], killing["outlet"]) == ("killing", "civilians", "UCDP")
    assert (toll["quantity"]["low"], toll["quantity"]["high"], toll["published"]) == (9, 9, "2032-06-01")
    assert "low: 7 | high: 14" in toll["sentence"]


def test_where_a_row_knows_only_the_neighbourhood_its_place_is_not_settled(tmp_path: Path) -> None:
    rows = [acled(str(n), "2031-05-05", "Oakford", TAKEN, **SIDES, geo_precision=n) for n in (1, 2)]
    imported(tmp_path / "r.khabar", written(tmp_path / "a.csv", "acled", *rows))
    assert [one["place"]["near"] for one in sorted(asked("claims", tmp_path / "r.khabar"), key=lambda one: one["report_id"])] == [
        False,
        True,
    ]


def test_a_place_that_no_gazetteer_has_is_its_point(tmp_path: Path) -> None:
    row = acled("1", "2031-05-05", "Oakford", STRIKE) | {"location": "Nowhere village"}
    imported(tmp_path / "r.khabar", written(tmp_path / "a.csv", "acled", row))
    (claim,) = asked("claims", tmp_path / "r.khabar")
    assert (claim["place"]["id"], claim["place"]["latitude"]) == ("point:10.100,20.400", 10.1)
    assert (claim["place"]["text"], claim["place"]["name"]) == ("Nowhere village", "Nowhere"), "as reports call it"


def test_a_row_elsewhere_does_not_move_what_reports_call_so(record: Path, tmp_path: Path) -> None:
    """A second Oakford, in no gazetteer: a report's Oakford goes on to be the one that reports resolve."""
    before = asked("control", record, "Oakford", "--on", "2031-06-01")
    row = acled("1", "2031-05-25", "Oakford", "Battles / Government regains territory", **SIDES, **STAMP)
    file = written(tmp_path / "a.csv", "acled", row | {"latitude": 40.0, "longitude": 50.0})
    with Record.create(record) as kept, pytest.MonkeyPatch.context() as patch:
        patch.setattr(NoPlaces, "exact", lambda self, text: ())
        take_in(kept, file, invented.registry(WORLD), NoPlaces())
    assert {one["place"]["id"] for one in asked("claims", record, "--speaker", "ACLED")} == {"point:40.000,50.000"}
    assert asked("control", record, "x:oakford", "--on", "2031-06-01") == before


def test_bad_rows_are_named_and_the_others_are_kept(record: Path, tmp_path: Path) -> None:
    good = ged("1", "2031-05-05", "Oakford", 12)
    path = written(tmp_path / "g.csv", "ged", good | {"date_start": "May"}, good, good | {"id": "3", "latitude": "north"})
    told = run("import", record, path, status=1)
    assert "row 2: date_start 'May' is not a day" in told.stderr
    assert "row 4: latitude 'north'" in told.stderr
    assert "1 events by UCDP, 1 of them new" in told.stdout
    assert holds(record)["checked"]["imported files"] == 1, "the refused rows' bytes are kept too, so that the file is whole"


def test_a_long_file_that_several_processes_read_gives_the_same_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ged(str(n), "2031-05-05", "Oakford", n % 3, **({"latitude": "north"} if n == 7 else {})) for n in range(20)]
    file = written(tmp_path / "g.csv", "ged", *rows)
    places, dumps = gazetteer.Gazetteer([]), []
    for many in (10**9, 0):
        monkeypatch.setattr("khabar.dataset_readings.MANY", many)
        with Record.create(tmp_path / f"{many}.khabar") as kept:
            taken = take_in(kept, file, invented.registry(WORLD), places)
            assert (taken.rows, [which for which, _ in taken.refused]) == (19, ["row 9"])
            dumps.append(list(kept.dump()))
    assert dumps[0] == dumps[1]


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_workbooks_and_parquet_say_the_same_as_csv(suffix: str, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("openpyxl" if suffix == "xlsx" else "pyarrow")
    path = written(
        tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 12, side_a="Red Army"), ged("2", "2031-05-06", "Pinewell", 3)
    )
    frame = pandas.read_csv(path)
    frame["date_start"] = pandas.to_datetime(frame["date_start"])
    getattr(frame, {"xlsx": "to_excel", "parquet": "to_parquet"}[suffix])(tmp_path / f"g.{suffix}", index=False)
    for name in ("g.csv", f"g.{suffix}"):
        imported(tmp_path / f"{name}.khabar", tmp_path / name)
    told = [
        [
            (one["kind"], one["date_start"], one["actor"] and one["actor"]["id"], one["quantity"])
            for one in asked("claims", tmp_path / f"{name}.khabar")
        ]
        for name in ("g.csv", f"g.{suffix}")
    ]
    assert told[0] == told[1] != []
    assert holds(tmp_path / f"g.{suffix}.khabar")


# --- what it counts for


@pytest.fixture
def beside(record: Path, tmp_path: Path) -> Path:
    """The record, with ACLED's and UCDP's rows on the same air strike and the same capture."""
    rows = [
        acled("1", "2031-05-05", "Oakford", STRIKE, actor1="Red Army (2020-)", actor2="Green Front", **STAMP, fatalities=20),
        acled("2", "2031-05-19", "Oakford", TAKEN, **SIDES, **STAMP),
        acled("3", "2031-05-25", "Pinewell", TAKEN, **SIDES, **STAMP),
    ]
    run("import", record, written(tmp_path / "a.csv", "acled", *rows))
    strike = ged("9", "2031-05-05", "Oakford", 15, type_of_violence=1, side_a="Red Army", side_b="Green Front")
    run("import", record, written(tmp_path / "g.csv", "ged", strike), "--published", "2032-06-01")
    return record


def test_a_row_joins_the_incident_that_reports_tell_and_adds_no_informant(beside: Path) -> None:
    strike = next(one for one in asked("events", beside) if one["kind"] == "airstrike")
    assert strike["informants"] == 1
    assert {claim["informant"] for claim in strike["claims"]} == {"harbour post", "acled", "ucdp"}
    (figure,) = strike["figures"]
    assert (figure["low"], figure["best"], figure["high"]) == (12, 12, 20)
    assert any(why.startswith("dataset:") for why in strike["because"])


def test_all_datasets_together_are_one_informant_where_no_report_tells_it(tmp_path: Path) -> None:
    path = tmp_path / "r.khabar"
    run(
        "import",
        path,
        written(tmp_path / "a.csv", "acled", acled("1", "2031-05-05", "Oakford", "Battles / Armed clash", **SIDES, fatalities=2)),
    )
    run(
        "import",
        path,
        written(
            tmp_path / "g.csv", "ged", ged("9", "2031-05-05", "Oakford", 3, type_of_violence=1, side_a="Red Army", side_b="Green Front")
        ),
    )
    (event,) = asked("events", path)
    assert event["informants"] == 1
    assert len({claim["informant"] for claim in event["claims"]}) == 2


def test_what_only_a_dataset_says_is_claimed_and_says_why(beside: Path) -> None:
    (answer,) = asked("control", beside, "Pinewell", "--on", "2031-06-10")
    assert (answer["holder"]["id"], answer["standing"], answer["informants"]) == ("green-front", "claimed", 1)
    assert "dataset: ACLED codes it from reports that it does not quote: claimed, not assessed" in "\n".join(answer["because"])


def test_what_only_a_dataset_says_waits_last_for_a_review(beside: Path) -> None:
    *_, last = asked("review", beside)
    assert (last["why"], last["name"], last["claim"]["outlet"]) == ("only a dataset says so", "Pinewell", "ACLED")


def test_a_dataset_does_not_make_a_boast_assessed(tmp_path: Path) -> None:
    """ACLED may have read the boast itself."""
    world = WORLD | {"green-post": {"name": "Green Post", "kind": "media", "side": "green"}}
    rows = [["one", "capture", "Green Front", "Red Army", "Oakford", "2031-05-19", []]]
    path = tmp_path / "r.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=world, reports={"one": ["Green Post", date(2031, 5, 20)]}, places=PLACES):
            kept.add(
                replace(
                    reading,
                    claims=tuple(replace(one, place=replace(one.place, start=None, end=None)) for one in reading.claims if one.place),
                )
            )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("khabar.naming.registry_for", lambda connection: invented.registry(world))
        before = asked("control", path, "Oakford", "--on", "2031-06-10")[0]
        run("import", path, written(tmp_path / "a.csv", "acled", acled("2", "2031-05-19", "Oakford", TAKEN, **SIDES, **STAMP)))
        (answer,) = asked("control", path, "Oakford", "--on", "2031-06-10")
    assert (before["standing"], answer["standing"], answer["informants"]) == ("claimed", "claimed", 1)
    assert answer["probability"] == before["probability"], "and adds nothing to how sure it is"
    assert any("counted for nobody beside the reports" in why for why in answer["because"])


def test_a_dataset_bears_out_nobody_and_is_borne_out_by_reports(beside: Path) -> None:
    rows = {row["informant"]: row for row in asked("sources", beside)}
    assert rows["harbour post"]["borne_out"] == 0
    assert rows["acled"]["reliability"] == "B"
    assert "coded by hand from reports" in rows["acled"]["because"]


def test_rows_are_no_copies_of_each_other(tmp_path: Path) -> None:
    rows = [ged(str(n), "2031-05-05", "Oakford", 12, side_a="Red Army", side_b="Green Front") for n in range(9)]
    imported(tmp_path / "r.khabar", written(tmp_path / "g.csv", "ged", *rows))
    assert asked("sources", tmp_path / "r.khabar", "--copies") == []


def test_a_comparison_with_the_dataset_looks_at_reports_alone(beside: Path, tmp_path: Path) -> None:
    (answer,) = asked("compare", beside, tmp_path / "g.csv")
    assert answer["counts"]["matched"] == 1
    assert [row["killed_difference"] for row in answer["matched"]] == [3]


def test_an_answer_as_known_by_a_day_waits_for_the_release(beside: Path) -> None:
    outlets = {one["outlet"] for one in asked("claims", beside, "--known-by", "2031-12-31")}
    assert "ACLED" in outlets
    assert "UCDP" not in outlets


def test_the_next_release_of_a_row_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "r.khabar"
    for best, on in ((5, "2031-12-01"), (8, "2032-06-01")):
        run("import", path, written(tmp_path / f"{on}.csv", "ged", ged("1", "2031-05-05", "Oakford", best)), "--published", on)
    tolls = {
        day: [one["quantity"]["low"] for one in asked("claims", path, "--kind", "casualties", *day)]
        for day in ((), ("--known-by", "2032-01-01"))
    }
    assert tolls == {(): [8], ("--known-by", "2032-01-01"): [5]}


def test_brief_page_and_exports_tell_it_as_the_datasets_word(beside: Path, tmp_path: Path) -> None:
    told = run("brief", beside, "--from", "2031-05-01", "--to", "2031-06-30").stdout
    assert "ACLED" in told
    assert "event_id_cnty: 3" in told
    done = run("export", beside, "--format", "geojson", "--full", "--output", tmp_path / "out.geojson")
    assert "claims are rows of ACLED: mind its terms" in done.stderr
    assert "ACLED" in (tmp_path / "out.geojson").read_text("utf-8")


@pytest.mark.parametrize("layout", ["acled", "ged", "plover"])
def test_what_calls_itself_our_own_data_has_no_row_of_a_dataset(layout: str, beside: Path, record: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run("export", beside, "--format", layout, "--full", "--output", out)
    assert "because they are not our own data" in told.stderr
    words = out.read_text("utf-8")
    assert "event_id_cnty: 3" not in words
    assert "date_prec" not in words.partition("\n")[2]
    if layout == "ged":
        assert [row["best"] for row in csv.DictReader(words.splitlines())] == ["12", "3", "4"], "the tolls are those of reports"


def test_explain_leads_to_the_row_of_the_file(beside: Path) -> None:
    claim = next(one for one in asked("claims", beside) if one["report_id"] == "acled:3")
    (answer,) = asked("explain", beside, claim["claim_id"])
    assert [(one["name"], one["row"], one["speaker"]) for one in answer["imports"]] == [("a.csv", 4, "ACLED")]
    assert "imported: a.csv, row 4 (ACLED)" in run("explain", beside, claim["claim_id"]).stdout


# --- custody


def test_the_same_file_twice_is_there_once_and_the_order_changes_nothing(record: Path, tmp_path: Path) -> None:
    files = [
        written(tmp_path / "a.csv", "acled", acled("1", "2031-05-05", "Oakford", STRIKE, **STAMP)),
        written(tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 3), ged("2", "2031-05-06", "Pinewell", 3) | {"best": "?"}),
        written(tmp_path / "h.csv", "ged", ged("1", "2031-05-05", "Oakford", 3)),
    ]
    dumps = set()
    for number in range(4):
        path = tmp_path / f"{number}.khabar"
        path.write_bytes(record.read_bytes())
        order = random.Random(number).sample(files, 3)
        for file in (*order, order[0]):
            imported(path, file)
        dumps.add("\n".join(dump(path)))
    assert len(dumps) == 1


def test_a_later_download_brings_only_what_changed(tmp_path: Path) -> None:
    first, second = ged("1", "2031-05-05", "Oakford", 3), ged("2", "2031-05-06", "Pinewell", 3)
    imported(tmp_path / "r.khabar", written(tmp_path / "1.csv", "ged", first, second))
    taken = imported(tmp_path / "r.khabar", written(tmp_path / "2.csv", "ged", first, second | {"best": 4}))
    assert (taken.rows, taken.new) == (2, 1)


def test_the_file_can_be_proven_byte_for_byte(tmp_path: Path) -> None:
    path = written(
        tmp_path / "g.csv",
        "ged",
        ged("1", "2031-05-05", "Oakford", 3, source_headline='He said: "no,\nnever"'),
        ged("2", "2031-05-06", "Pinewell", 3),
    )
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n")
    imported(tmp_path / "r.khabar", path)
    assert holds(tmp_path / "r.khabar")["checked"]["imported files"] == 1
    with closing(sqlite3.connect(tmp_path / "r.khabar")) as file:
        rows = file.execute("SELECT bytes FROM imported JOIN originals USING (sha256) ORDER BY number").fetchall()
    assert b"".join(row[0] for row in rows) == path.read_bytes()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE imports SET speaker = 'Someone'", "an import was altered"),
        ("DELETE FROM imported WHERE number = 2", "no longer the file"),
        ("UPDATE import_decisions SET signed_by = 'Someone'", "a decision on an import was altered"),
        ("DELETE FROM import_decisions", "a withdrawal is gone"),
        ("UPDATE reports SET text = replace(text, 'best: 3', 'best: 9')", "was altered"),
    ],
)
def test_what_was_tampered_with_is_named(statement: str, what: str, tmp_path: Path) -> None:
    from test_custody import tamper

    path = tmp_path / "r.khabar"
    taken = imported(path, written(tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 3)))
    with Record.create(path) as kept:
        withdraw(kept, taken.id, by="J. Doe", reason="wrong file")
    holds(path)
    with closing(sqlite3.connect(path)) as file, pytest.raises(sqlite3.IntegrityError):
        file.execute(statement)
    tamper(path, statement)
    assert what in json.loads(run("verify", path, "--json", status=1).stdout)["fault"]["what"]


def test_an_import_is_withdrawn_by_a_signed_decision_and_brought_back_by_another(beside: Path) -> None:
    before = dump(beside)
    control = asked("control", beside, "Pinewell", "--on", "2031-06-10")[0]["holder"]
    one = next(row for row in asked("import", beside) if row["speaker"] == "ACLED")
    signed = ("--by", "J. Doe", "--reason", "an old download")
    (told,) = asked("import", beside, "--withdraw", one["import"][:8], *signed)
    assert told["readings"] == 3
    assert {claim["outlet"] for claim in asked("claims", beside)} == {"Harbour Post", "State Voice", "UCDP"}
    assert asked("control", beside, "Pinewell", "--on", "2031-06-10")[0]["holder"] is None
    holds(beside)
    assert "was withdrawn by J. Doe: an old download" in run("import", beside, beside.with_name("a.csv"), status=1).stderr
    assert "was withdrawn already" in run("import", beside, "--withdraw", one["import"], *signed, status=1).stderr
    run("import", beside, "--withdraw", told["decision"], *signed)
    assert asked("control", beside, "Pinewell", "--on", "2031-06-10")[0]["holder"] == control
    assert [line for line in dump(beside) if '"import_decision"' not in line] == before
    holds(beside)
    assert [row["stands"] for row in asked("import", beside)] == [True, True]


def test_what_two_files_have_stands_while_one_of_them_does(tmp_path: Path) -> None:
    path, row = tmp_path / "r.khabar", ged("1", "2031-05-05", "Oakford", 3)
    first = imported(path, written(tmp_path / "1.csv", "ged", row))
    second = imported(path, written(tmp_path / "2.csv", "ged", row, ged("2", "2031-05-06", "Pinewell", 3)))
    for taken, left in ((second, {"ucdp:1"}), (first, set())):
        with Record.create(path) as kept:
            withdraw(kept, taken.id, by="J. Doe", reason="no")
        assert {one["report_id"] for one in asked("claims", path)} == left


def test_a_withdrawn_release_gives_the_earlier_one_back(tmp_path: Path) -> None:
    path = tmp_path / "r.khabar"
    for best, on in ((5, date(2031, 12, 1)), (8, date(2032, 6, 1))):
        taken = imported(path, written(tmp_path / f"{on}.csv", "ged", ged("1", "2031-05-05", "Oakford", best)), published=on)
    with Record.create(path) as kept:
        withdraw(kept, taken.id, by="J. Doe", reason="recalled by its makers")
    assert [one["quantity"]["low"] for one in asked("claims", path, "--kind", "casualties")] == [5]


def test_a_withdrawal_needs_a_name_a_reason_and_an_import(beside: Path) -> None:
    one = asked("import", beside)[0]["import"]
    assert "--by" in run("import", beside, "--withdraw", one, "--reason", "so", status=1).stderr
    assert "no such import" in run("import", beside, "--withdraw", "ffff", "--by", "A", "--reason", "so", status=1).stderr


def test_merge_and_bundle_carry_imports_and_withdrawals(beside: Path, record: Path, tmp_path: Path) -> None:
    one = next(row for row in asked("import", beside) if row["speaker"] == "ACLED")
    run("import", beside, "--withdraw", one["import"], "--by", "J. Doe", "--reason", "an old download")
    other = tmp_path / "other.khabar"
    with Record.create(other):
        pass
    run("bundle", beside, "--output", tmp_path / "b.zip")
    run("verify", tmp_path / "b.zip")
    run("merge", other, tmp_path / "b.zip")
    assert dump(other) == dump(beside)
    holds(other)
    run("merge", other, tmp_path / "b.zip")
    assert dump(other) == dump(beside)


def test_a_redacted_row_is_gone_with_its_bytes_and_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "r.khabar"
    rows = [ged("1", "2031-05-05", "Oakford", 3, source_headline="Jo Quillfeather shot"), ged("2", "2031-05-06", "Pinewell", 3)]
    file = written(tmp_path / "g.csv", "ged", *rows)
    imported(path, file)
    run("redact", path, "ucdp:1", "--reason", "in danger", "--by", "J. Doe", "--yes")
    assert b"Quillfeather" not in path.read_bytes()
    assert holds(path)["checked"].get("imported files") is None
    imported(path, file)
    assert b"Quillfeather" not in path.read_bytes()
    assert {one["report_id"] for one in asked("claims", path)} >= {"ucdp:2"}


def test_a_journal_that_was_begun_by_an_older_program_takes_imports(record: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(record)) as file:
        rows = file.execute("SELECT * FROM journal").fetchall()
        file.executescript(
            "DROP TABLE journal; CREATE TABLE journal (number INTEGER PRIMARY KEY, "
            "kind TEXT NOT NULL CHECK (kind IN ('reading', 'review', 'decision', 'actors', 'redaction')), key TEXT NOT NULL, "
            "at TEXT NOT NULL, hash TEXT NOT NULL CHECK (length(hash) = 64));"
        )
        file.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", rows)
        file.commit()
    imported(record, written(tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 3)))
    assert holds(record)["checked"]["journal"] == len(rows) + 2
    with closing(sqlite3.connect(record)) as file, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        file.execute("DELETE FROM journal")


def test_an_import_that_fails_leaves_nothing(record: Path, tmp_path: Path) -> None:
    before = dump(record)
    path = written(tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 3))
    path.write_bytes(path.read_bytes() + b"2,\xff\xff\r\n")
    assert "not in UTF-8" in run("import", record, path, status=1).stderr
    assert dump(record) == before
    assert asked("import", record) == []


ODD = [
    "",
    "0",
    "-1",
    "nan",
    "1e400",
    "9" * 400,
    "0001-01-01",
    "9999-12-31",
    "31/12/2031",
    "\x00",
    "a\nb",
    '"',
    "=1+1",
    "§" * 9,
    "\u202e",
    " | ",
    "١٢",
]


@pytest.mark.parametrize("layout", ["acled", "ged"])
def test_no_cell_can_break_an_import(layout: str, tmp_path: Path) -> None:
    """A hundred rows with a few odd cells each: kept or refused, and the record holds."""
    chance = random.Random(7)
    good = {
        "acled": acled("1", "2031-05-05", "Oakford", TAKEN, **SIDES, **STAMP, fatalities=3, time_precision=3),
        "ged": ged("1", "2031-05-05", "Oakford", 12, type_of_violence=3, side_a="Red Army", side_b="Civilians"),
    }[layout]
    rows = [{name: chance.choice(ODD) if chance.random() < 0.1 else value for name, value in good.items()} for _ in range(100)]
    taken = imported(tmp_path / "r.khabar", written(tmp_path / "odd.csv", layout, *rows))
    assert taken.rows + len(taken.refused) == 100
    assert taken.refused
    holds(tmp_path / "r.khabar")
    asked("claims", tmp_path / "r.khabar")


def test_what_a_file_is_not_is_told(record: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "g.csv", "ged", ged("1", "2031-05-05", "Oakford", 3))
    assert "columns of UCDP, not those of ACLED" in run("import", record, path, "--layout", "acled", status=1).stderr
    bad = tmp_path / "b.xlsx"
    bad.write_bytes(b"PK\x03\x04 no")
    assert "no workbook" in run("import", record, bad, status=1).stderr
    bad.with_suffix(".parquet").write_bytes(b"PAR1 no")
    assert "no Parquet" in run("import", record, bad.with_suffix(".parquet"), status=1).stderr


# --- another coder's claims


@pytest.fixture
def coded(record: Path) -> list[Json]:
    with Record.open(record) as kept:
        return [json.loads(json.dumps(claim_json(item.claim) | {"sentence": item.sentence}, default=str)) for item in kept.told()]


def handed_in(record: Path, rows: list[Json], *, coder: str = "Jo Smith", status: int = 0) -> Any:
    path = record.with_name("student.jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return run("import", record, path, "--speaker", coder, status=status)


def test_what_another_coder_found_is_a_claim_of_the_reports_own_speaker(record: Path, coded: list[Json]) -> None:
    row = {"report_id": "two", "sentence": coded[2]["sentence"], "kind": "killing", "actor": {"text": "Red Army"}}
    assert "1 reports coded by Jo Smith, 1 of them new, 1 claims" in handed_in(record, [row]).stdout
    claim = next(one for one in asked("claims", record) if one["rule"] == "coder Jo Smith")
    assert (claim["outlet"], claim["kind"], claim["actor"]["id"], claim["published"]) == (
        "State Voice",
        "killing",
        "red-army",
        "2031-05-20",
    )
    assert claim["claim_id"] not in {one["claim_id"] for one in coded}
    holds(record)


def test_a_claim_that_both_found_is_one_claim_of_one_informant(record: Path, coded: list[Json]) -> None:
    before = asked("events", record)
    handed_in(record, coded)
    assert [one["claim_id"] for one in asked("claims", record)] == [row["claim_id"] for row in coded]
    assert asked("events", record) == before
    assert {row["informant"]: row["claims"] for row in asked("sources", record)} == {"harbour post": 2, "state voice": 2}
    (answer,) = asked("explain", record, coded[0]["claim_id"])
    assert [one["speaker"] for one in answer["imports"]] == ["Jo Smith"]
    (again,) = asked("compare", record, record.with_name("student.jsonl"))
    assert again["counts"]["record"] == 4, "what was imported is not compared with itself"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"start": None, "sentence": "They never said so."}, "does not stand in the report"),
        ({"actor": {"text": "Blue Guard"}}, "'Blue Guard' does not stand in the report"),
        ({"report_id": "elsewhere"}, "does not have"),
        ({"kind": "victory"}, "its kind is 'victory'; expected one of"),
        ({"modality": "perhaps"}, "its modality is 'perhaps'"),
        ({"section": "footer"}, "its section is 'footer'"),
        ({"trigger": [3, 3]}, "its trigger is empty"),
        ({"place": {"text": "Oakford", "latitude": "north"}}, "its latitude is 'north'"),
        ({"actor": {"text": "Red Army", "start": "0", "end": "8"}}, "its start is '0'"),
        ({"actor": {"text": ["Red Army"]}}, "its text is"),
        ({"attribution": "Red Army"}, "see the contract"),
        ({"date_text": 5}, "its date_text is '5'"),
        ({"date_text": "\ud800"}, "its date_text is"),
        ({"actor": {"text": "Red Army", "\ud800end": 4}}, "\ufffdend"),
        ({"place": {"text": "Oakford", "latitude": float("nan")}}, "its latitude is 'nan'"),
        ({"report_id": ["one"]}, "does not have"),
    ],
)
def test_what_does_not_stand_in_the_report_is_refused_line_by_line(change: Json, reason: str, record: Path, coded: list[Json]) -> None:
    told = handed_in(record, [coded[0] | change, coded[1]], status=1)
    assert next(line for line in told.stderr.splitlines() if line.startswith("refused: ")).count(reason) == 1
    assert "1 claims" in told.stdout
    holds(record)


def test_two_coders_stand_beside_each_other(record: Path, coded: list[Json]) -> None:
    row = {name: coded[2][name] for name in ("report_id", "sentence")}
    handed_in(record, [row | {"kind": "killing"}], coder="Jo Smith")
    handed_in(record, [row | {"kind": "killing"}, row | {"kind": "bombing"}], coder="A Model")
    assert {one["kind"] for one in asked("claims", record)} >= {"killing", "bombing"}
    assert [row["speaker"] for row in sorted(asked("import", record), key=lambda one: one["speaker"])] == ["A Model", "Jo Smith"]


def test_a_report_that_was_coded_is_no_copy_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "r.khabar"
    long = (
        "Fighters of the Green Front entered the town of Oakford before dawn on Monday after the Red Army had left its posts by the river."
    )
    reports = REPORTS | {"print": ["Evening Paper", date(2031, 5, 7)]}
    rows = [[name, "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", [], {"sentence": long}] for name in ("one", "print")]
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=WORLD, reports=reports, places=PLACES):
            kept.add(replace(reading, claims=tuple(replace(one, place=None) for one in reading.claims)))
    for number in range(6):
        handed_in(path, [{"report_id": "one", "sentence": long, "kind": "clash"}], coder=f"Coder {number}")
    (printed,) = asked("sources", path, "--copies")
    assert (printed["origin"]["outlet"], [one["outlet"] for one in printed["copies"]]) == ("Harbour Post", ["Evening Paper"])
    assert [(row["informant"], row["claims"]) for row in asked("sources", path)] == [("harbour post", 3)]


def test_claims_need_a_coder(record: Path, coded: list[Json]) -> None:
    path = record.with_name("student.jsonl")
    path.write_text(json.dumps(coded), encoding="utf-8")
    assert "--speaker" in run("import", record, path, status=1).stderr


def test_a_redaction_of_the_report_reaches_what_others_coded_of_it(record: Path, coded: list[Json]) -> None:
    handed_in(record, coded)
    run("redact", record, "two", "--reason", "in danger", "--by", "J. Doe", "--yes")
    assert coded[2]["sentence"].encode() not in record.read_bytes()
    holds(record)


def test_the_words_of_rows_are_found_as_those_of_reports_are_and_not_where_an_import_fails(
    record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = "SELECT count(*) FROM search WHERE search MATCH 'zeppelin'"
    guarded = "SELECT sql FROM sqlite_schema WHERE name = 'sentences_are_searched'"
    file = written(tmp_path / "a.csv", "acled", acled("AAA1", "2031-05-09", "Oakford", STRIKE, notes="A zeppelin was seen.", **SIDES))
    with Record.create(record) as kept:
        trigger = kept.connection.execute(guarded).fetchone()[0]
        monkeypatch.setattr(Record, "write", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            take_in(kept, file, invented.registry(WORLD), NoPlaces())
        assert kept.connection.execute(guarded).fetchone()[0] == trigger
        monkeypatch.undo()
        take_in(kept, file, invented.registry(WORLD), NoPlaces())
        assert kept.connection.execute(found).fetchone()[0] == 1
        assert kept.connection.execute(guarded).fetchone()[0] == trigger
        kept.connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
