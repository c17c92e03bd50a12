"""What an analyst decides about places, groups and incidents outlives the reading, is signed, can be taken back: by command, by API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient
from typer.testing import CliRunner

import invented
from khabar import events, holdings
from khabar.cli import app
from khabar.errors import RecordError
from khabar.journal import entries
from khabar.naming import registry_for
from khabar.record import Record
from khabar.server import application
from khabar.server.tokens import FAILURES, Door, Unknown, make, people
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
ROWS: list[list[Any]] = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Green Front"]],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-8", "control_state", "Grey Host", None, "Bald Hill", "2031-05-08", []],
    ["post-8", "airstrike", "Red Army", None, "Pinewell", "2031-05-08", []],
    ["green-6", "airstrike", "Red Army", None, "Elmhurst", "2031-05-06", []],
]
SIGNED = ["--by", "J. Doe", "--reason", "seen on the spot"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    read_into(path)
    return path


def read_into(path: Path, rows: list[list[Any]] = ROWS) -> None:
    with Record.create(path) as record:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            record.add(reading)


def khabar(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def asked(path: Path, ask: Any) -> Any:
    with Record.open(path) as record:
        return ask(View(record, registry_for(record.connection)))


def point(path: Path, name: str) -> tuple[float | None, float | None]:
    found = next(one for one in answers_on_the_map(path) if one["properties"]["place"]["name"] == name)
    place = found["properties"]["place"]
    return place["latitude"], place["longitude"]


def answers_on_the_map(path: Path) -> list[Any]:
    return list(asked(path, lambda view: holdings.control_map(view, date(2031, 5, 9))["features"]))


def strikes(path: Path) -> list[list[str]]:
    found = asked(path, lambda view: events.events(view, kind="airstrike"))
    return sorted(sorted(str(telling.area.name) for telling in one.claims if telling.area) for one in found)


def incident(path: Path, place: str) -> Any:
    return next(one for one in asked(path, lambda view: events.events(view, kind="airstrike")) if one.place and one.place.name == place)


# --- places


def test_a_place_that_was_put_on_the_map_stays_there_when_its_reports_are_read_again(path: Path) -> None:
    assert point(path, "Bald Hill") == (None, None)
    assert khabar("review", path, "bald hill", "--verdict", "place", "--at", "10.25,20.5", *SIGNED).exit_code == 0
    assert point(path, "Bald Hill") == (10.25, 20.5)
    more = [[*ROWS[3][:5], "2031-05-08", [], {"sentence": "Another sentence of Grey Host control_state Bald Hill."}]]
    read_into(path, more)
    assert point(path, "Bald Hill") == (10.25, 20.5)


def test_a_place_that_is_another_one_is_answered_for_under_its_name(path: Path) -> None:
    known = asked(
        path, lambda view: view.areas["oakford"] if "oakford" in view.areas else next(a for a in view.areas.values() if a.name == "Oakford")
    )
    assert khabar("review", path, "bald hill", "--verdict", "place", "--as", known.key, *SIGNED).exit_code == 0
    names = {one["properties"]["place"]["name"] for one in answers_on_the_map(path)}
    assert "Oakford" in names
    assert "Bald Hill" not in names
    assert asked(path, lambda view: holdings.control(view, "Oakford", date(2031, 5, 9)))["holder"]["name"] == "Grey Host"


def test_what_is_left_as_it_is_awaits_no_more(path: Path) -> None:
    assert khabar("review", path, "bald hill", "--verdict", "leave", *SIGNED).exit_code == 0
    assert "bald hill" not in [json.loads(line)["id"] for line in khabar("review", path, "--json").stdout.splitlines()]


# --- incidents


def test_two_incidents_that_are_one_are_told_as_one_and_come_apart_again(path: Path) -> None:
    one, other = incident(path, "Pinewell"), incident(path, "Elmhurst")
    assert strikes(path) == [["Elmhurst"], ["Pinewell"]]
    merged = khabar("review", path, one.id, "--verdict", "merge", "--with", other.id, *SIGNED, "--json")
    assert strikes(path) == [["Elmhurst", "Pinewell"]]
    assert any("analyst" in reason for why in incident(path, "Elmhurst").why for reason in why)
    assert khabar("review", path, "--withdraw", json.loads(merged.stdout)["decision"][:8], *SIGNED).exit_code == 0
    assert strikes(path) == [["Elmhurst"], ["Pinewell"]]


def test_the_beginning_of_an_id_is_enough(path: Path) -> None:
    one, other = incident(path, "Pinewell"), incident(path, "Elmhurst")
    assert khabar("explain", path, one.id[:8]).exit_code == 0
    assert "is no incident" in khabar("review", path, one.id[:7], "--verdict", "merge", "--with", other.id, *SIGNED).output
    assert khabar("review", path, one.id[:8], "--verdict", "merge", "--with", other.id[:8], *SIGNED).exit_code == 0
    assert strikes(path) == [["Elmhurst", "Pinewell"]]
    both = next(found for name in ("Elmhurst", "Pinewell") for found in [incident(path, name)] if len(found.claims) > 1)
    assert khabar("review", path, both.id[:8], "--verdict", "split", "--with", other.claims[0].claim_id[:6], *SIGNED).exit_code == 0
    assert strikes(path) == [["Elmhurst"], ["Pinewell"]]


def test_a_claim_that_tells_of_another_happening_is_split_off(path: Path) -> None:
    one, other = incident(path, "Pinewell"), incident(path, "Elmhurst")
    khabar("review", path, one.id, "--verdict", "merge", "--with", other.id, *SIGNED)
    both = incident(path, "Elmhurst") if strikes(path) == [["Elmhurst", "Pinewell"]] else incident(path, "Pinewell")
    apart = other.claims[0].claim_id
    assert khabar("review", path, both.id, "--verdict", "split", "--with", apart, *SIGNED).exit_code == 0
    assert strikes(path) == [["Elmhurst"], ["Pinewell"]]


# --- all of them


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["bald hill", "--verdict", "place", "--at", "200,20"], "no point on earth"),
        (["bald hill", "--verdict", "place", "--at", "here"], "latitude,longitude"),
        (["bald hill", "--verdict", "place"], "give latitude and longitude"),
        (["bald hill", "--verdict", "place", "--as", "geonames:none"], "no place has the id"),
        (["nowhere", "--verdict", "place", "--at", "1,2"], "no claim on holding names a place"),
        (["i-none", "--verdict", "merge", "--with", "i-other"], "no incident"),
        (["name:nobody", "--verdict", "name", "--as", "red"], "no new group"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else value,
)
def test_a_decision_that_cannot_be_is_refused_with_what_to_mend(path: Path, words: list[str], told: str) -> None:
    got = khabar("review", path, *words, *SIGNED)
    assert got.exit_code in (1, 2)
    assert told in " ".join(got.output.split())
    assert khabar("review", path, "--decided", "--json").stdout == ""


def test_an_incident_is_never_split_into_nothing(path: Path) -> None:
    one = incident(path, "Pinewell")
    got = khabar("review", path, one.id, "--verdict", "split", "--with", one.claims[0].claim_id, *SIGNED)
    assert got.exit_code == 1
    assert "some must stay" in got.output or "some stay" in " ".join(got.output.split())


def test_decisions_travel_with_the_record_and_its_journal(path: Path, tmp_path: Path) -> None:
    khabar("review", path, "bald hill", "--verdict", "place", "--at", "10.25,20.5", *SIGNED)
    other = tmp_path / "other.khabar"
    read_into(other)
    assert khabar("merge", other, path).exit_code == 0
    assert point(other, "Bald Hill") == (10.25, 20.5)
    with Record.open(other) as record:
        assert any('"ruling"' in line and "J. Doe" in line for line in record.dump())
        assert [one.kind for one in entries(record.connection)].count("decision") == 1


# --- the same through the API


@pytest.fixture
def tokens(tmp_path: Path) -> tuple[Path, str]:
    file = tmp_path / "desk.tokens"
    return file, make(file, "A. Analyst")


@pytest.fixture
def desk(path: Path, tokens: tuple[Path, str]) -> Iterator[TestClient]:
    with TestClient(application(path, public=False, tokens=tokens[0]), base_url="http://localhost") as client:
        client.headers["Authorization"] = f"Bearer {tokens[1]}"
        yield client


def place_it(**more: Any) -> dict[str, Any]:
    asked = {"subject": "place", "id": "bald hill", "verdict": "place", "reason": "on the survey map"}
    return {**asked, "latitude": 10.25, "longitude": 20.5, **more}


def test_the_page_and_the_terminal_have_one_queue_and_one_list_of_decisions(path: Path, desk: TestClient) -> None:
    assert desk.get("/api/v1/queue").json()["items"] == [json.loads(line) for line in khabar("review", path, "--json").stdout.splitlines()]
    made = desk.post("/api/v1/decisions", json=place_it())
    assert (made.status_code, made.json()["signed_by"]) == (201, "A. Analyst")
    assert point(path, "Bald Hill") == (10.25, 20.5)
    listed = [json.loads(line) for line in khabar("review", path, "--decided", "--json").stdout.splitlines()]
    assert desk.get("/api/v1/decisions").json()["items"] == listed == [made.json()]
    assert "bald hill" not in [row["id"] for row in desk.get("/api/v1/queue").json()["items"]]


def test_a_decision_is_taken_back_under_the_name_of_whoever_does_so(desk: TestClient) -> None:
    made = desk.post("/api/v1/decisions", json=place_it()).json()
    back = desk.post(f"/api/v1/decisions/{made['decision']}/withdrawal", json={"reason": "another hill"})
    assert (back.status_code, back.json()["withdraws"]) == (201, made["decision"])
    assert not next(row for row in desk.get("/api/v1/decisions").json()["items"] if row["decision"] == made["decision"])["in_force"]
    assert desk.post(f"/api/v1/decisions/{made['decision']}/withdrawal", json={"reason": "again"}).status_code == 422


def test_a_review_through_the_api_changes_the_answer_at_once(desk: TestClient) -> None:
    def holder() -> str:
        return str(desk.get("/api/v1/control", params={"place": "Oakford", "on": "2031-05-05"}).json()["holder"]["name"])

    assert holder() == "Red Army"
    row = desk.get("/api/v1/claims", params={"place": "Oakford", "kind": "capture", "modality": "asserted"}).json()["items"][0]
    asked = {"subject": "claim", "id": row["claim_id"], "verdict": "accept", "reason": "two videos"}
    assert desk.post("/api/v1/decisions", json=asked).status_code == 201
    assert holder() == "Green Front"


@pytest.mark.parametrize(
    ("header", "status"),
    [({"Authorization": ""}, 401), ({"Authorization": "Bearer wrong"}, 401), ({"Authorization": "Basic d3Jvbmc="}, 401)],
    ids=["none", "wrong", "basic"],
)
def test_nothing_is_written_without_a_token(path: Path, desk: TestClient, header: dict[str, str], status: int) -> None:
    before = path.read_bytes()
    response = desk.post("/api/v1/decisions", json=place_it(), headers=header)
    assert response.status_code == status
    assert response.json()["error"]["hint"]
    assert path.read_bytes() == before


def test_the_public_sees_no_queue_and_decides_nothing(path: Path, tokens: tuple[Path, str]) -> None:
    with TestClient(application(path, tokens=tokens[0]), base_url="http://localhost") as client:
        client.headers["Authorization"] = f"Bearer {tokens[1]}"
        assert [client.get(f"/api/v1/{name}").status_code for name in ("queue", "decisions")] == [403, 403]
        assert client.post("/api/v1/decisions", json=place_it()).status_code == 403
        assert client.get("/api/v1/record").json()["takes_decisions"] is False


def test_a_desk_without_tokens_shows_its_queue_and_takes_nothing(path: Path) -> None:
    with TestClient(application(path, public=False), base_url="http://localhost") as client:
        assert client.get("/api/v1/queue").status_code == 200
        assert client.post("/api/v1/decisions", json=place_it()).status_code == 403


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"content": b"x" * 70_000, "headers": {"Content-Type": "application/json"}}, 413),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422),
        ({"content": iter([b"{}"]), "headers": {"Content-Type": "application/json"}}, 411),
        ({"json": place_it(reason=" ")}, 422),
        ({"json": place_it(latitude=91)}, 422),
        ({"json": place_it(verdict="merge")}, 422),
        ({"json": place_it(signed_by="Somebody Else")}, 422),
    ],
    ids=["huge", "cut off", "endless", "no reason", "off the earth", "not of a place", "signs for another"],
)
def test_a_malformed_decision_is_refused_and_nothing_is_kept(desk: TestClient, sent: dict[str, Any], status: int) -> None:
    response = desk.post("/api/v1/decisions", **sent)
    assert response.status_code == status
    assert response.json()["error"]["message"]
    assert desk.get("/api/v1/decisions").json()["total"] == 0


# --- tokens


def test_a_token_file_holds_names_and_no_token(tokens: tuple[Path, str]) -> None:
    file, token = tokens
    assert token not in file.read_text()
    assert list(people(file).values()) == ["A. Analyst"]
    assert file.stat().st_mode & 0o077 == 0


def test_whoever_is_shut_out_is_so_at_once(desk: TestClient, tokens: tuple[Path, str]) -> None:
    assert desk.get("/api/v1/person").json()["name"] == "A. Analyst"
    assert khabar("token", tokens[0], "--withdraw", "A. Analyst").exit_code == 0
    assert desk.get("/api/v1/person").status_code == 401


def test_who_tries_many_tokens_must_wait_and_who_has_one_need_not(tokens: tuple[Path, str]) -> None:
    now = [0.0]
    door = Door(tokens[0], clock=lambda: now[0])

    def wait(token: str) -> int:
        with pytest.raises(Unknown) as refused:
            door.person(f"Bearer {token}", "10.0.0.9")
        return refused.value.wait

    assert [wait(f"wrong-{n}") for n in range(FAILURES)] == [0] * FAILURES
    assert wait("one more") > 0
    assert door.person(f"Bearer {tokens[1]}", "10.0.0.9") == "A. Analyst"
    now[0] = 120
    assert wait("later") == 0


@pytest.mark.parametrize("text", ["not a token file", "\xff\xfe", "deadbeef 2031-05-01 Short Hash"])
def test_a_file_that_is_not_one_of_tokens_is_told_before_the_server_starts(path: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "tokens"
    file.write_text(text, "latin-1")
    with pytest.raises(RecordError, match="khabar token"):
        application(path, public=False, tokens=file)


def test_tokens_and_the_public_do_not_go_together(path: Path, tokens: tuple[Path, str]) -> None:
    got = khabar("serve", path, "--token-file", tokens[0])
    assert got.exit_code == 2
    assert "--desk" in got.output


def test_head_tells_what_get_would_send_and_sends_nothing(desk: TestClient) -> None:
    for address in ("/", "/api/v1/record", "/page/main.js", "/api/v1/nothing"):
        got, headed = desk.get(address), desk.head(address)
        assert (headed.status_code, headed.content) == (got.status_code, b"")
        assert headed.headers["content-length"] == got.headers["content-length"]
