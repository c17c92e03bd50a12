"""The API: the contract's answers over HTTP, safe to leave open, and nothing recent told by default."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient
from typer.testing import CliRunner

import invented
from khabar import cli, holdings, profiles
from khabar.beside import DAYS
from khabar.errors import RecordError
from khabar.histories import Histories
from khabar.naming import registry_for
from khabar.record import Record
from khabar.reviews import signed
from khabar.server import application
from khabar.server.desk import KEPT_BESIDE, LATE, Desk
from khabar.server.opened import Opened
from khabar.server.packing import Shelf
from khabar.server.pages import world
from khabar.server.states import PIECE, States
from khabar.server.turns import PAUSE, Turns
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
PLACES = BOOK["places"] | {"Oakford": {"latitude": 10.123, "longitude": 20.456, "id": "x:oakford", "precision": "town", "country": "SY"}}
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "[a] source"]],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("record") / "war.khabar"
    with Record.create(path) as kept:
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            kept.add(reading)
    return path


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[TestClient]:
    app = application(path, public=False)
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def ask(client: TestClient, address: str, status: int = 200, **query: str) -> Any:
    response = client.get(f"/api/v1/{address}", params=query)
    assert response.status_code == status, response.text
    return response.json()


def test_the_record_says_how_much_it_holds(client: TestClient) -> None:
    told = ask(client, "record")
    assert (told["reports"], told["claims"], told["published"]["last"]) == (3, 3, "2031-05-06")


def test_the_short_answer_leaves_out_what_takes_long(client: TestClient) -> None:
    told, short = ask(client, "record"), ask(client, "record", short="true")
    assert told.pop("places") == 1
    assert short == told


def test_who_waits_is_told_how_far_the_server_is(desk: Desk) -> None:
    app = application(desk.path, public=False)
    with Record.open(desk.path) as record:
        Histories(record, registry_for(record.connection))  # what is to be worked out is noted, and no more

    def slow(opened: Opened) -> bytes:
        told.append(asyncio.run_coroutine_threadsafe(asked(), loop).result())
        return b""

    async def asked() -> Any:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
            return (await client.get("/api/v1/progress")).json()

    async def both() -> None:
        await app.state.desk.answer("slow", slow, None)
        told.append(await asked())

    told: list[Any] = []
    loop = asyncio.new_event_loop()
    loop.run_until_complete(both())
    loop.close()
    app.state.desk.close()
    during, after = told
    assert during["seconds"] >= 0
    assert (during["left"], during["places"]) == (1, 1)
    assert after == {"seconds": None, "left": None, "places": None}


def test_a_map_of_many_places_is_that_of_each_of_them(tmp_path: Path) -> None:
    """More places than are packed together, asked for more days than are kept."""
    sides = ["Red Army", "Green Front"]
    towns = {f"Town {n}": {"latitude": n / 8, "longitude": 20.0, "id": f"x:{n}", "precision": "town"} for n in range(2 * PIECE + 1)}
    rows = [
        [report, "control_state", sides[(n + turn) % 2], None, town, BOOK["reports"][report][1].isoformat(), []]
        for turn, report in enumerate(("post-1", "post-5", "post-8"))
        for n, town in enumerate(towns)
    ]
    with Record.create(tmp_path / "war.khabar") as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=towns):
            kept.add(reading)
    with Record.open(tmp_path / "war.khabar") as kept:
        view = View(kept, registry_for(kept.connection))
        states, small = States.of(view), States.of(view, Shelf(1000))
        for day in [date(2031, 4, 30) + timedelta(days=n) for n in (0, 1, 9, 4, 6, 5, 0)]:
            found = json.loads(gzip.decompress(states.on(day).content))
            assert json.loads(gzip.decompress(small.on(day).content)) == found
            assert [one["id"] for one in found["features"]] == sorted(view.areas)
            for one in found["features"][:: PIECE // 2]:
                state = holdings.control(view, one["properties"]["place"]["id"], day)
                assert one["properties"]["holder"] == state["holder"]


def test_control_of_a_place_is_the_contracts_answer(client: TestClient) -> None:
    told = ask(client, "control", place="Oakford", on="2031-05-05")
    assert (told["holder"]["name"], told["previous"]["name"]) == ("Green Front", "Red Army")
    assert any(reason.startswith("chain:") for reason in told["because"])


def test_the_map_agrees_with_the_answer_for_each_place_on_each_day(client: TestClient) -> None:
    for day in ("2031-04-30", "2031-05-01", "2031-05-04", "2031-05-05", "2031-05-20"):
        for feature in ask(client, "control", on=day)["features"]:
            alone = ask(client, "control", place=feature["properties"]["place"]["id"] or feature["id"], on=day)
            for name in ("status", "holder", "standing", "since", "until", "disputed_by", "last_report", "informants"):
                assert feature["properties"][name] == alone[name], (day, name)


def test_known_by_takes_knowledge_back(client: TestClient) -> None:
    assert ask(client, "control", place="Oakford", on="2031-05-05", known_by="2031-05-04")["holder"]["name"] == "Red Army"


def test_claims_come_in_pages_that_join_to_the_whole(client: TestClient) -> None:
    first = ask(client, "claims", limit="2")
    second = ask(client, "claims", limit="2", after=str(first["next"]))
    assert (first["total"], len(first["items"]), len(second["items"]), second["next"]) == (3, 2, 1, None)
    assert len({row["claim_id"] for row in first["items"] + second["items"]}) == 3


@pytest.mark.parametrize("question", ["changes", "incidents"])
def test_changes_and_incidents_come_in_pages_that_join_to_the_whole(tmp_path: Path, question: str) -> None:
    path = tmp_path / "two.khabar"
    again = ["red-6", "capture", "Red Army", "Green Front", "Oakford", "2031-05-06", []]
    with Record.create(path) as kept:
        for reading in invented.readings([*ROWS, again], world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            kept.add(reading)
    with TestClient(application(path, public=False), base_url="http://localhost") as client:
        whole = ask(client, question)
        pages = [ask(client, question, limit="1", after=str(number)) for number in range(whole["total"])]
    assert whole["total"] > 1
    assert [row for page in pages for row in page["items"]] == whole["items"]


def test_changes_are_those_of_the_command(client: TestClient, path: Path) -> None:
    told = ask(client, "changes", **{"from": "2031-05-02", "to": "2031-05-05"})["items"]
    found = CliRunner().invoke(cli.app, ["changes", str(path), "--from", "2031-05-02", "--to", "2031-05-05", "--json"])
    assert told == json.loads(f"[{','.join(found.stdout.splitlines())}]" if found.stdout.startswith("{") else found.stdout)


def test_incidents_are_asked_for_as_by_the_command(client: TestClient) -> None:
    assert ask(client, "incidents", kind="nonsense", status=404)["error"]["message"].startswith("'nonsense' is no kind of incident")
    [only] = {row["kind"] for row in ask(client, "incidents", kind="capture")["items"]}
    assert only == "capture"


def test_a_reader_who_asks_for_day_after_day_of_knowledge_does_not_fill_the_disk(client: TestClient, path: Path) -> None:
    for number in range(1, 25):
        ask(client, "alliances", on="2031-05-06", known_by=f"2031-05-{number:02}")
    with closing(sqlite3.connect(f"{path}-derived")) as kept:
        questions = [row[0] for row in kept.execute("SELECT question FROM answers WHERE question LIKE 'fought %'")]
    assert 1 <= len(questions) <= DAYS + 1


def test_incidents_of_a_day_are_there_when_other_days_were_asked_for_meanwhile(client: TestClient) -> None:
    whole = ask(client, "incidents", known_by="2031-05-06")["items"]
    assert whole
    for n in range(1, DAYS + 3):
        ask(client, "incidents", known_by=f"2031-06-{n:02}")
        assert ask(client, "incidents", known_by="2031-05-06", to=f"2032-01-{n:02}")["items"] == whole


def test_each_claim_cites_itself(client: TestClient) -> None:
    claim = next(row for row in ask(client, "claims")["items"] if row["attribution"])
    assert claim["citation"] == "Harbour Post, 2031-05-05, https://example.org/post-5 (said by Wire Agency citing [a] source)"
    entry = client.get(f"/api/v1/claims/{claim['claim_id']}/citation.bib").text
    assert entry.startswith("@misc{khabar-")
    assert entry.count("{") == entry.count("}")
    (item,) = ask(client, f"claims/{claim['claim_id']}/citation.json")
    assert (item["container-title"], item["issued"]) == ("Harbour Post", {"date-parts": [[2031, 5, 5]]})


def test_an_incident_holds_the_sentences_of_its_claims(client: TestClient) -> None:
    found = ask(client, "incidents", kind="capture")["items"]
    told = ask(client, f"incidents/{found[0]['id']}")
    assert {row["claim_id"] for row in told["evidence"]} == {row["claim_id"] for row in told["claims"]}
    assert all(row["sentence"] for row in told["evidence"])


def test_coverage_counts_reports_by_day_and_outlet(client: TestClient) -> None:
    rows = ask(client, "coverage")["items"]
    assert sum(row["reports"] for row in rows if row["country"] is None) == 3


def test_coverage_is_summed_by_outlet_and_by_area_week_by_week(client: TestClient) -> None:
    outlets = ask(client, "coverage", by="outlet")["items"]
    assert sum(one["reports"] for one in outlets) == 3
    assert all(sum(one["weeks"].values()) == one["reports"] and one["first"] <= one["last"] for one in outlets)
    days = ask(client, "coverage")["items"]
    for one in ask(client, "coverage", by="area")["items"]:
        alike = [row for row in days if (row["country"], row["admin1"]) == (one["country"], one["admin1"])]
        assert (one["claims"], one["last"]) == (sum(row["claims"] for row in alike), max(row["day"] for row in alike))


def test_sources_tell_how_often_others_bore_them_out(client: TestClient) -> None:
    found = ask(client, "sources")["items"]
    assert sum(one["claims"] for one in found) == 3
    assert all(
        one["reliability"] in "ABCDEF" and one["because"] and one["borne_out"] + one["contradicted"] <= one["claims"] for one in found
    )


def test_the_map_of_a_record_without_places_is_an_empty_collection(tmp_path: Path) -> None:
    with Record.create(tmp_path / "empty.khabar"):
        pass
    with TestClient(application(tmp_path / "empty.khabar"), base_url="http://localhost") as client:
        assert ask(client, "control", on="2031-05-05") == {"type": "FeatureCollection", "on": "2031-05-05", "features": []}


def test_an_answer_that_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/record")
    again = client.get("/api/v1/record", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_new_report_is_seen_by_a_running_server(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.khabar"
    copy.write_bytes(path.read_bytes())
    with TestClient(application(copy, public=False), base_url="http://localhost") as client:
        before = client.get("/api/v1/record")
        with Record.create(copy) as kept:
            for reading in invented.readings(
                [["post-8", "capture", "Red Army", None, "Pinewell", "2031-05-08", []]],
                world=BOOK["world"],
                reports=BOOK["reports"],
                places=PLACES,
            ):
                kept.add(reading)
        until = time.monotonic() + LATE
        while (after := client.get("/api/v1/record", headers={"If-None-Match": before.headers["etag"]})).status_code == 304:
            assert time.monotonic() < until
        assert (before.json()["reports"], after.status_code, after.json()["reports"]) == (3, 200, 4)


def answered(desk: Desk, *asked: Callable[[Desk], Awaitable[Any]]) -> list[Any]:
    """What each of these finds, one after the other."""

    async def one_by_one() -> list[Any]:
        found = [await one(desk) for one in asked]
        await asyncio.gather(*(one.task for one in desk._asked.values()))
        return found

    try:
        return asyncio.run(one_by_one())
    finally:
        desk.close()


def slow(words: bytes) -> Callable[[Desk], Awaitable[bytes]]:
    """An answer that takes a while."""

    def make(_: object) -> bytes:
        time.sleep(0.3)
        return words

    async def ask(desk: Desk) -> bytes:
        return (await desk.answer("a question", make, None)).plain

    return ask


async def touched(desk: Desk) -> None:
    """As if another program had written to the record."""
    os.utime(desk.path, ns=(1, desk.path.stat().st_mtime_ns + 1000))


@pytest.fixture
def desk(path: Path, tmp_path: Path) -> Desk:
    copy = tmp_path / "copy.khabar"
    copy.write_bytes(path.read_bytes())
    return Desk(copy, public=False)


def test_many_who_ask_the_same_wait_for_one_working_out(desk: Desk) -> None:
    made: list[int] = []

    async def many(desk: Desk) -> None:
        await asyncio.gather(*(desk.answer("a", lambda _: made.append(1) or b"", None) for _ in range(50)))

    answered(desk, many)
    assert len(made) == 1


def test_many_short_answers_do_not_fill_the_memory(desk: Desk) -> None:
    desk.most = 20 * KEPT_BESIDE

    async def many(desk: Desk) -> int:
        for number in range(60):
            await desk.answer(number, lambda _: b"short", None)
        return len(desk._kept)

    async def later(desk: Desk) -> int:
        await touched(desk)
        await desk.answer("again", lambda _: b"short", None)
        desk._forgot -= LATE + 1
        await desk.answer("at last", lambda _: b"short", None)
        return len(desk._kept) + len(desk._old)

    assert answered(desk, many, later) == [19, 2]


def test_while_another_program_writes_slow_answers_are_given_for_some_seconds_as_they_were(desk: Desk) -> None:
    found = answered(desk, slow(b"old"), touched, slow(b"new"), lambda _: asyncio.sleep(0.5), slow(b"newer"))
    assert [one for one in found if one] == [b"old", b"old", b"new"]


def test_an_answer_that_was_right_long_ago_is_not_given(desk: Desk) -> None:
    desk.late = 0.0
    assert answered(desk, slow(b"old"), touched, slow(b"new")) == [b"old", None, b"new"]


def test_after_a_decision_in_the_page_every_answer_is_new(desk: Desk) -> None:
    async def decided(desk: Desk) -> None:
        await desk.write(lambda opened, record: {})
        await touched(desk)

    assert answered(desk, slow(b"old"), decided, slow(b"new")) == [b"old", None, b"new"]


def test_what_was_redacted_is_not_given_for_another_moment(desk: Desk) -> None:
    async def blanked(desk: Desk) -> None:
        words = ["redact", str(desk.path), "post-1", "--by", "A", "--reason", "so", "--yes"]
        assert CliRunner().invoke(cli.app, words).exit_code == 0

    assert answered(desk, slow(b"old"), blanked, slow(b"new")) == [b"old", None, b"new"]


def test_what_a_reader_waits_for_is_worked_out_first_and_the_rest_in_a_pause() -> None:
    turns, done = Turns(), list[str]()

    async def one(name: str, is_awaited: bool) -> None:
        async with turns.turn(lambda: is_awaited):
            done.append(name)
            await asyncio.sleep(0.01)

    async def several() -> None:
        names = ("awaited 1", "first", "given up", "awaited 2", "late")
        tasks = [asyncio.ensure_future(one(name, name.startswith("awaited"))) for name in names]
        await asyncio.sleep(0)
        tasks[2].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one("afterwards", is_awaited=False)

    begun = time.monotonic()
    asyncio.run(several())
    assert time.monotonic() - begun > PAUSE
    assert done == ["awaited 1", "awaited 2", "first", "late", "afterwards"]
    assert not len(turns)


# --- another process


ADDRESSES = [
    "record",
    "control?on=2031-05-05",
    "control?on=2031-05-05&place=Oakford",
    "periods",
    "changes?from=2031-05-01",
    "claims?place=Oakford&limit=1",
    "disputes",
    "control?on=2031-05-05&place=Nowhere",
    "claims?from=2031-02-30",
]


def test_another_process_works_out_the_same_answers(path: Path, client: TestClient) -> None:
    app = application(path, public=False, elsewhere=True)
    with TestClient(app, base_url="http://localhost") as asking:
        for address in ADDRESSES:
            ours, theirs = client.get(f"/api/v1/{address}"), asking.get(f"/api/v1/{address}")
            assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content), address
        process = app.state.desk.elsewhere._held[0]
        process.kill()
        process.join()
        assert ask(asking, "claims", limit="2") == ask(client, "claims", limit="2")
        other = app.state.desk.elsewhere._held[0]
    other.join(10)
    assert process.pid != other.pid
    assert other.exitcode is not None


# --- a review costs what it touches


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    rows = [
        ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
        ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []],
        ["post-8", "control_state", "Grey Host", None, "Pinewell", "2031-05-08", []],
    ]
    with Record.create(tmp_path / "war.khabar") as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            kept.add(reading)
    return tmp_path / "war.khabar"


def review(path: Path, kind: str) -> None:
    with Record.create(path) as kept:
        found = next(item.claim.claim_id for item in kept.told() if item.claim.kind == kind)
        kept.add_review(signed(found, "reject", by="J. Doe", reason="another Oakford"))


def test_of_a_place_that_a_review_does_not_touch_nothing_is_made_again(reviewed: Path) -> None:
    with Record.open(reviewed) as kept:
        before = States.of(View(kept, registry_for(kept.connection)))
    review(reviewed, "capture")
    with Record.open(reviewed) as kept:
        view = View(kept, registry_for(kept.connection))
        after, anew = States.of(view, before=before), States.of(view)
    same = {one.place["name"]: one is other for one, other in zip(before.lines, after.lines, strict=True)}
    assert same == {"Oakford": False, "Pinewell": True}
    days = [date(2031, 5, day) for day in (1, 5, 8)]
    assert [gzip.decompress(after.on(day).content) for day in days] == [gzip.decompress(anew.on(day).content) for day in days]
    assert gzip.decompress(after.periods().content) == gzip.decompress(anew.periods().content)
    assert gzip.decompress(after.on(days[1]).content) != gzip.decompress(before.on(days[1]).content)


@pytest.mark.parametrize("address", ["claims", "claims?place=Oakford", "changes", "actors", "disputes", "incidents", "periods"])
def test_after_reviews_every_answer_is_that_of_a_server_that_has_just_begun(reviewed: Path, address: str) -> None:
    with TestClient(application(reviewed, public=False), base_url="http://localhost") as old:
        old.app.state.desk.late = 0.0  # type: ignore[attr-defined]  # none of some seconds ago
        first = ask(old, address)
        for kind in ("capture", "control_state"):
            review(reviewed, kind)
            with TestClient(application(reviewed, public=False), base_url="http://localhost") as new:
                assert ask(old, address) == ask(new, address)
        assert (ask(old, address) != first) == address.startswith(("claims", "changes", "periods", "incidents"))


def test_the_actors_of_a_record_are_counted_again_where_one_was_put_right_and_not_otherwise(
    reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[View] = []
    count = profiles._actors
    monkeypatch.setattr(profiles, "_actors", lambda view: counted.append(view) or count(view))

    def names() -> set[str]:
        with Record.open(reviewed) as kept:
            return {row["name"] for row in profiles.actors(View(kept, registry_for(kept.connection)))}

    before = names()
    review(reviewed, "capture")
    assert (names(), len(counted)) == (before, 1)
    with Record.create(reviewed) as kept:
        found = kept.told()[-1].claim.claim_id
        kept.add_review(signed(found, "correct", by="J. Doe", reason="their own word", fields={"actor": "|Blue Brigade"}))
    assert (names() ^ before, len(counted)) == ({"Blue Brigade", "Grey Host"}, 2)


# --- what is refused, and how


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("control", 422),
        ("control?on=0", 422),
        ("control?on=2031-02-30", 422),
        ("control?on=20310505", 422),
        ("control?on=2031-05-05&place=Nowhere", 404),
        ("claims/none", 404),
        ("claims?limit=100000", 422),
        ("incidents/none", 404),
        ("actors/Nobody%20Here", 404),
        ("nothing", 404),
        ("claims?search=%22%22%22", 200),
    ],
)
def test_a_wrong_question_gets_an_error_with_a_hint(client: TestClient, address: str, status: int) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.text
    if status != 200:
        assert all(response.json()["error"][name] for name in ("code", "message", "hint"))


def test_a_host_name_that_is_not_ours_is_refused(client: TestClient) -> None:
    assert client.get("/api/v1/record", headers={"Host": "evil.example"}).status_code == 400


def test_every_answer_forbids_framing_and_foreign_content(client: TestClient) -> None:
    for address in ("record", "nothing"):
        policy = client.get(f"/api/v1/{address}").headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


def test_nothing_can_be_written(client: TestClient) -> None:
    assert {client.request(method, "/api/v1/claims").status_code for method in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_a_record_that_is_not_there_is_told_before_the_server_starts(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no record"):
        application(tmp_path / "none.khabar")


# --- what is held back from the public


def at(path: Path, today: date) -> TestClient:
    app = application(path)
    app.state.desk.today = lambda: today
    return TestClient(app, base_url="http://localhost")


def test_the_public_is_told_of_an_old_war_in_full(path: Path) -> None:
    with at(path, date(2035, 1, 1)) as client:
        assert ask(client, "record")["reports"] == 3


def test_what_is_recent_is_held_back_and_coarse_wherever_it_stands(path: Path) -> None:
    with at(path, date(2031, 5, 19)) as client:
        assert ask(client, "record")["reports"] == 2
        exact = ("10.123", "20.456")
        for address in (
            "control?on=2031-05-05",
            "control?on=2031-05-05&place=Oakford",
            "claims",
            "incidents",
            "places",
            "periods",
            "changes",
        ):
            text = client.get(f"/api/v1/{address}").text
            assert not any(number in text for number in exact), address


def test_a_report_that_is_held_back_cannot_be_asked_for(path: Path) -> None:
    with at(path, date(2031, 5, 19)) as client:
        claim = next(item for item in Record.open(path).told() if item.claim.report_id == "red-6").claim
        assert ask(client, "reports/post-5")["claims"]
        assert client.get("/api/v1/reports/red-6").status_code == 404
        assert client.get(f"/api/v1/claims/{claim.claim_id}").status_code == 404
        assert client.get(f"/api/v1/claims/{claim.claim_id}/citation.bib").status_code == 404


# --- the whole description, tried at random


def test_the_description_is_true(path: Path) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application(path, public=False, hosts=["*"]))
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 10
    for operation in operations:

        @settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def tried(case: Any) -> None:
            case.call_and_validate()

        tried()


def test_each_country_is_named_once_within_its_largest_part() -> None:
    found = json.loads(world().plain)["features"]
    names = {one["properties"]["name"]: one["geometry"]["coordinates"] for one in found if one["properties"]["type"] == "country"}
    assert len([one for one in found if one["properties"]["type"] == "country"]) == len(names)
    assert names.keys() == {one["properties"]["name"] for one in found if one["properties"]["type"] == "land"}
    longitude, latitude = names["Greece"]
    assert 20 < longitude < 25
    assert 38 < latitude < 42
