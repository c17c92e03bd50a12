"""What the map draws of places that are no points, under a user's own map, and how a server meets what stands in its way."""

from __future__ import annotations

import json
import math
import socket
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient
from typer.testing import CliRunner

import invented
from khabar.areas import Area
from khabar.cli import app
from khabar.drawing import names_in, shapes
from khabar.errors import QuestionError, RecordError
from khabar.record import FORM, Record
from khabar.server import application

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
PLACES = {
    "Oakford": {"latitude": 10.123, "longitude": 20.456, "id": "x:oakford", "precision": "town"},
    "Pinewell": {"latitude": 10.3, "longitude": 20.7, "id": "x:pinewell", "precision": "town"},
    "the Oakford road": {"id": "road:x:oakford+x:pinewell", "precision": "road"},
    "around Oakford": {"id": "near:x:oakford", "near": True, "precision": "near_town", "parent": "x:oakford"},
}
ROWS: list[list[Any]] = [["post-5", "control_state", "Red Army", None, place, "2031-05-01", []] for place in PLACES]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    add(path, ROWS)
    return path


def add(path: Path, rows: list[list[Any]]) -> None:
    with Record.create(path) as record:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            record.add(reading)


def drawn(client: TestClient) -> dict[str, Any]:
    features = client.get("/api/v1/control", params={"on": "2031-05-06"}).json()["features"]
    return {one["properties"]["place"]["name"]: one["geometry"] for one in features}


def at_desk(path: Path, **more: Any) -> TestClient:
    return TestClient(application(path, public=False, **more), base_url="http://localhost")


# --- shapes


def test_a_road_is_a_line_between_its_towns_and_what_lies_around_one_an_area(path: Path) -> None:
    with at_desk(path) as client:
        found = drawn(client)
    assert found["Oakford"] == {"type": "Point", "coordinates": [20.456, 10.123]}
    assert found["the Oakford road"]["type"] == "LineString"
    assert found["around Oakford"]["type"] == "Polygon"
    longitudes = [corner[0] for corner in found["around Oakford"]["coordinates"][0]]
    assert min(longitudes) < 20.456 < max(longitudes)


def test_a_place_is_drawn_only_where_something_is_known_of_it() -> None:
    areas = [
        Area("a", "a", "A"),
        Area("near:b", "near:b", "near B", precision="near_town", parent="b"),
        Area("road:c+d", "road:c+d", "the road"),
    ]
    assert shapes(areas) == {}


def test_what_lies_around_a_recent_place_does_not_tell_where_the_place_is(path: Path) -> None:
    made = application(path)
    made.state.desk.today = lambda: date(2031, 5, 25)
    with TestClient(made, base_url="http://localhost") as client:
        for query in ("control?on=2031-05-06", "periods", "periods?short=true"):
            text = client.get(f"/api/v1/{query}").text
            assert "10.123" not in text
            assert "20.456" not in text
        ring = drawn(client)["around Oakford"]["coordinates"][0]
    centre = [(min(axis) + max(axis)) / 2 for axis in zip(*ring, strict=True)]
    assert math.dist(centre, (20.456, 10.123)) > 0.02


def test_the_page_gets_the_states_that_the_api_tells(path: Path) -> None:
    add(path, [["post-8", "capture", "Green Front", None, "Oakford", "2031-05-05", []]])
    with at_desk(path) as client:
        whole, short = (client.get("/api/v1/periods", params={"short": flag}).json() for flag in ("false", "true"))
    for long, brief in zip(whole["places"], short["places"], strict=True):
        columns = [dict(zip(short["columns"], row, strict=True)) for row in brief["periods"]]
        told = {row["date_start"]: (row["status"], row["holder"], row["last_report"]) for row in long["periods"]}
        for row in columns:
            holder = None if row["holder"] is None else short["parties"][row["holder"]]
            assert told[row["date_start"]] == (row["status"], holder, row["last_report"])


def test_a_place_is_named_in_the_script_of_its_reader() -> None:
    damascus = Area("geonames:170654", "geonames:170654", "Damascus")
    assert names_in("arabic", [damascus, Area("nowhere", None, "Nowhere")]) == {"geonames:170654": "دمشق"}
    with pytest.raises(QuestionError, match="cyrillic"):
        names_in("runes", [damascus])


# --- a map of one's own


def test_ones_own_map_is_served_whole_and_in_parts(path: Path, tmp_path: Path) -> None:
    own = tmp_path / "rivers.geojson"
    own.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    with at_desk(path, basemap=own) as client:
        assert client.get("/api/v1/record").json()["basemap"] == "geojson"
        assert client.get("/basemap").content == own.read_bytes()
        part = client.get("/basemap", headers={"Range": "bytes=0-6"})
        assert (part.status_code, part.content) == (206, own.read_bytes()[:7])
    with at_desk(path) as client:
        assert client.get("/basemap").status_code == 404


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<kml>", None])
def test_a_map_that_cannot_be_laid_under_is_told_before_the_server_starts(path: Path, tmp_path: Path, content: bytes | None) -> None:
    own = tmp_path / "own"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(RecordError, match="own"):
        application(path, basemap=own)


# --- what stands in the way


def test_two_servers_on_one_record_tell_the_same_and_lose_nothing(path: Path, tmp_path: Path) -> None:
    from khabar.server.tokens import make

    token = make(tmp_path / "tokens", "A. Analyst")
    with at_desk(path, tokens=tmp_path / "tokens") as one, at_desk(path, tokens=tmp_path / "tokens") as other:
        assert drawn(one) == drawn(other)
        claims = [row["claim_id"] for row in one.get("/api/v1/claims").json()["items"]]
        for number, claim in enumerate(claims):
            asked = {"subject": "claim", "id": claim, "verdict": "accept", "reason": f"seen {number}"}
            sent = (one, other)[number % 2].post("/api/v1/decisions", json=asked, headers={"Authorization": f"Bearer {token}"})
            assert sent.status_code == 201
        add(path, [["post-8", "capture", "Green Front", None, "Oakford", "2031-05-05", []]])
        for server in (one, other):
            assert server.get("/api/v1/decisions").json()["total"] == len(claims)
            assert server.get("/api/v1/record").json()["claims"] == len(claims) + 1
        assert drawn(one) == drawn(other)


def test_a_port_that_is_taken_is_told_with_what_to_do(path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        got = CliRunner().invoke(app, ["serve", str(path), "--port", str(taken.getsockname()[1])])
    assert got.exit_code == 1
    assert "--port" in got.output


@pytest.mark.parametrize(("form", "told"), [(FORM - 1, "khabar migrate"), (FORM + 1, "newer khabar")])
def test_a_record_of_another_form_is_told_and_not_touched(path: Path, form: int, told: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {form}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    got = CliRunner().invoke(app, ["serve", str(path), "--port", "0"])
    assert got.exit_code == 1
    assert told in " ".join(got.output.split())
    assert path.read_bytes() == before
