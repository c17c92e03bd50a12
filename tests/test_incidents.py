"""Which claims tell of one happening, in stories labelled by hand (tests/stories/incidents.yaml), and what must hold of any claims."""

from __future__ import annotations

import json
import random
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import invented
from khabar import cli
from khabar.accounts import Places
from khabar.areas import Area
from khabar.incidents import Incident, _place, incidents
from khabar.record import Record, Told
from khabar.ties import Ties

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/incidents.yaml").read_text("utf-8"))
SETTING = {name: BOOK[name] for name in ("world", "reports", "places")}
STORIES = [pytest.param(story, id=story["name"].replace(" ", "-")) for story in BOOK["stories"]]


def told(story: dict[str, Any]) -> list[Told]:
    return invented.told(invented.readings(story["claims"], **SETTING))


def grouped(found: list[Told]) -> list[Incident]:
    return incidents(found, Ties(invented.registry(BOOK["world"]), found))


def numbers(story: dict[str, Any]) -> dict[str, int]:
    """Claim id → the number of its row."""
    rows: dict[str, list[int]] = {}
    for number, row in enumerate(story["claims"]):
        rows.setdefault(row[0], []).append(number)
    return {
        claim.claim_id: rows[reading.report.id][i]
        for reading in invented.readings(story["claims"], **SETTING)
        for i, claim in enumerate(reading.claims)
    }


@pytest.mark.parametrize("story", STORIES)
def test_a_story_is_grouped(story: dict[str, Any]) -> None:
    number = numbers(story)
    found = {min(group): (group, one) for one in grouped(told(story)) for group in [sorted(number[claim.claim_id] for claim in one.claims)]}
    why = [(sorted(number[claim.claim_id] for claim in one.claims), one.why) for one in grouped(told(story))]
    assert sorted(group for group, _ in found.values()) == sorted(story["groups"]), why
    for group, wanted in zip(story["groups"], story.get("is", []), strict=False):
        assert shown(found[min(group)][1], wanted) == wanted


def shown(one: Incident, wanted: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {
        "kind": one.kind,
        "title": one.title,
        "informants": one.informants,
        "place": one.place.name if one.place else None,
    }
    seen["days"] = one.date_start if one.date_start == one.date_end else (one.date_start, one.date_end)
    seen["actors"] = sorted(party.name for party in one.actors)
    seen["recipients"] = sorted(party.name for party in one.recipients)
    seen["figures"] = [[figure.unit, figure.low, figure.best, figure.high] for figure in one.figures]
    seen["because"] = wanted.get("because") if wanted.get("because", "") in " ".join(one.because) else list(one.because)
    return {name: seen[name] for name in wanted}


# As a record: a claim that two stories share, once.
ALL = list({item.claim.claim_id: item for story in BOOK["stories"] for item in told(story)}.values())


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_claims_changes_nothing(seed: int) -> None:
    shuffled = list(ALL)
    random.Random(seed).shuffle(shuffled)
    ties = Ties(invented.registry(BOOK["world"]), ALL)
    assert incidents(shuffled, ties) == incidents(ALL, ties)


def test_a_place_that_reports_describe_differently_gives_the_same_incidents_in_every_process() -> None:
    """Sets have another order in each process: of two descriptions under one key and name always the same one is taken."""
    for number in range(20):
        name = f"Oakford {number}"
        quarter = Area("name:oakford", "name:oakford", name, precision="district", parent="name:pinewell")
        town = Area("name:oakford", "name:oakford", name, precision="town")
        yard = Area("name:yard", "name:yard", "Yard", precision="district", parent="name:oakford")
        assert len({Places(areas).root(yard) for areas in permutations([quarter, town, yard])}) == 1
        told: Any = [SimpleNamespace(kind="attack", area=area) for area in (town, quarter)]
        assert _place(told, "attack") == quarter


def test_what_is_told_elsewhere_or_later_changes_no_byte_of_an_incident() -> None:
    ties = Ties(invented.registry(BOOK["world"]), ALL)
    far = {"Faraway": {"id": "g:99", "latitude": 50.0, "longitude": 50.0, "precision": "town", "admin1": "Eastmark", "country": "YY"}}
    rows = [["post-9", "airstrike", "Red Air Force", None, "Faraway", "2031-05-08", []]]
    more = invented.told(invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=far))
    before, after = incidents(ALL, ties), incidents([*ALL, *more], ties)
    assert [one for one in after if one in before] == before
    assert len(after) == len(before) + 1


def test_a_further_report_does_not_rename_an_incident() -> None:
    story = next(story for story in BOOK["stories"] if story["name"].startswith("clash, advance and capture"))
    first = grouped(told(story)[:2])
    assert [one.id for one in grouped(told(story))] == [one.id for one in first]


def test_no_claim_is_lost_or_told_twice() -> None:
    story = next(story for story in BOOK["stories"] if story["name"].startswith("a denial"))
    kept = sorted(claim.claim_id for one in grouped(told(story)) for claim in one.claims)
    assert kept == sorted(item.claim.claim_id for item in told(story))


def test_plans_forecasts_and_readers_comments_are_no_incidents() -> None:
    rows = [
        ["post-5", "attack", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "planned"}],
        ["post-5", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "predicted"}],
        ["post-5", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"section": "comment"}],
        ["post-5", "control_state", "Green Front", None, "Oakford", "2031-05-05", []],
    ]
    assert grouped(told({"claims": rows})) == []


def test_days_that_run_backwards_and_places_without_a_point_are_taken_as_unknown() -> None:
    rows = [
        ["post-5", "attack", None, None, "Nowhere", "2031-05-05..2031-05-01", []],
        ["letter-1", "attack", None, None, "Nowhere", None, []],
    ]
    assert {(one.date_start, one.date_end) for one in grouped(told({"claims": rows}))} == {(None, None)}


# --- the command


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("record") / "war.khabar"
    chosen = ("a toll that grows", "attacks in one town on two days", "what is only possible")
    rows = [row for story in BOOK["stories"] if story["name"].startswith(chosen) for row in story["claims"]]
    with Record.create(path) as kept:
        for reading in invented.readings(rows, **SETTING):
            kept.add(reading)
    return str(path)


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == status, (result.output, result.exception)
    return result.output + (result.stderr if status else "")


def rows(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("events", *words, "--json").splitlines()]


def test_an_incident_a_line_has_the_fields_of_the_contract(record: str) -> None:
    bomb = rows(record, "--kind", "bombing")[0]
    fields = ["id", "title", "kind", "date_start", "date_end", "place", "actors", "recipients", "figures", "informants", "claims"]
    assert list(bomb)[: len(fields)] == fields
    assert {name: bomb["figures"][0][name] for name in ("unit", "low", "best", "high")} == {
        "unit": "killed",
        "low": 9,
        "best": 14,
        "high": 40,
    }
    assert {"claim_id", "report_id", "start", "end", "trigger"} <= set(bomb["claims"][0])


def test_events_are_chosen_by_place_actor_kind_day_and_informants(record: str) -> None:
    everything = len(rows(record))
    assert len(rows(record, "--place", "Oakford")) == everything
    assert len(rows(record, "--place", "Westmark", "--min-informants", "0")) == everything + 1
    assert all("attack" in {claim["kind"] for claim in row["claims"]} for row in rows(record, "--kind", "attack"))
    assert [row["date_start"] for row in rows(record, "--from", "2031-05-06")] == ["2031-05-06"]
    assert all(row["informants"] >= 2 for row in rows(record, "--min-informants", "2"))
    assert {row["kind"] for row in rows(record, "--actor", "green front")} <= {"attack", "bombing"}
    assert rows(record, "--actor", "green front")


def test_nothing_is_known_before_it_is_published(record: str) -> None:
    early = rows(record, "--known-by", "2031-05-05", "--kind", "bombing")[0]
    late = rows(record, "--kind", "bombing")[0]
    assert early["id"] == late["id"]
    assert (early["informants"], late["informants"]) == (2, 4)
    assert early["figures"][0]["high"] == 9


def test_a_wrong_question_says_what_to_mend(record: str) -> None:
    assert "no kind of incident" in run("events", record, "--kind", "control_state", status=1)
    assert "Nowhere" in run("events", record, "--place", "Nowhere", status=1)
    assert "is after" in run("events", record, "--from", "2031-05-06", "--to", "2031-05-01", status=1)
    assert "no incident 'i-0'" in run("explain", record, "i-0", status=1)


def test_the_table_fits_a_terminal_and_explain_gives_the_sentences(record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run("events", record).splitlines())) <= 80
    told_of = run("explain", record, rows(record, "--kind", "bombing")[0]["id"])
    for words in ("low 9, best 14, high 40", "joined: same day", "bombing", "watch"):
        assert words in told_of


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("Nine villagers, four of them children, were killed in Karsa on Monday.", 9),
        ("Nine villagers, among them four children, were killed in Karsa on Monday.", 9),
        ("Nine villagers were killed in Karsa on Monday, with three women among them.", 9),
        ("Fourteen soldiers and two rebels were killed in Karsa on Monday.", 16),
        ("Five women and three children were killed in Karsa on Monday.", 8),
        ("Fourteen soldiers, including two officers, and twelve rebels were killed in Karsa on Monday.", 26),
    ],
)
def test_who_is_a_part_of_a_toll_is_not_counted_twice(tmp_path: Path, text: str, killed: int) -> None:
    (tmp_path / "r.txt").write_text(text, "utf-8")
    run("build", str(tmp_path / "r.txt"), "--record", str(tmp_path / "r.khabar"), "--published", "2020-06-05")
    found = [json.loads(line) for line in run("events", str(tmp_path / "r.khabar"), "--json").splitlines()]
    assert [figure["best"] for one in found for figure in one["figures"]] == [killed]
