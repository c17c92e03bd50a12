"""What a person decides about a claim outranks the program, is signed and dated, and can be taken back: in a record, by command."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import invented
from khabar import awaiting, deciding, holdings, searching
from khabar.cli import app
from khabar.errors import KhabarError
from khabar.record import Record
from khabar.reviews import in_force, signed
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
REGISTRY = invented.registry(BOOK["world"])
ROWS = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Green Front"]],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["green-6", "capture", "Green Front", None, "Pinewell", "2031-05-06", []],
    ["post-8", "capture", "Grey Host", None, "Elmhurst", "2031-05-20", []],
    ["post-8", "control_state", "Grey Host", None, "Bald Hill", "2031-05-08", []],
]
FIFTH = date(2031, 5, 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "war.khabar"
    with Record.create(path) as record:
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            record.add(reading)
    return path


def claim_of(path: Path, place: str) -> str:
    with Record.open(path) as record:
        return next(item.claim.claim_id for item in record.told() if item.claim.kind == "capture" and item.claim.place.text == place)  # type: ignore[union-attr]


def khabar(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_what_awaits_a_review_comes_with_its_reason_and_the_most_consequential_first(path: Path) -> None:
    with Record.open(path) as record:
        rows = awaiting.awaiting(View(record, REGISTRY))
    assert [(row["name"], row["why"]) for row in rows] == [
        ("Oakford", "disputed"),
        ("Oakford", "disputed"),
        ("Pinewell", "claimed by its own side only"),
        ("Elmhurst", "its days cannot be"),
        ("Oakford", "the place is on no map"),
        ("Bald Hill", "the place is on no map"),
        ("Pinewell", "the place is on no map"),
    ]
    assert all(row["claim"]["sentence"] for row in rows)
    assert [row["subject"] for row in rows] == ["claim"] * 4 + ["place"] * 3


def test_what_is_decided_awaits_no_more(path: Path) -> None:
    claim = claim_of(path, "Pinewell")
    assert khabar("review", path, claim[:8], "--verdict", "accept", "--by", "J. Doe", "--reason", "seen").exit_code == 0
    listed = khabar("review", path, "--json").stdout.splitlines()
    assert claim not in [json.loads(line)["id"] for line in listed]
    assert len(listed) == 4


def test_a_rejected_claim_decides_nothing_until_the_review_is_taken_back(path: Path) -> None:
    claim = claim_of(path, "Oakford")
    made = json.loads(
        khabar("review", path, claim, "--verdict", "reject", "--by", "J. Doe", "--reason", "another Oakford", "--json").stdout
    )
    with Record.open(path) as record:
        got = holdings.control(View(record, REGISTRY), "Oakford", FIFTH)
    assert got["holder"]["name"] == "Red Army"
    assert got["left_out"][0]["claim_id"] == claim
    assert "J. Doe" in got["left_out"][0]["reason"]
    taken_back = khabar("review", path, claim, "--withdraw", made["decision"][:6], "--by", "J. Doe", "--reason", "it was this one")
    assert taken_back.exit_code == 0, taken_back.output
    with Record.open(path) as record:
        assert holdings.control(View(record, REGISTRY), "Oakford", FIFTH)["holder"]["name"] == "Green Front"
        assert [row["decides"] for row in deciding.reviews(View(record, REGISTRY), claim)] == [False, False]


def test_a_corrected_claim_shows_both_its_words_and_what_was_put_there(path: Path) -> None:
    claim = claim_of(path, "Pinewell")
    words = [
        "--verdict",
        "correct",
        "--set",
        "date_start=2031-05-04",
        "--set",
        "date_end=2031-05-04",
        "--by",
        "J. Doe",
        "--reason",
        "video",
    ]
    assert khabar("review", path, claim, *words).exit_code == 0
    with Record.open(path) as record:
        view = View(record, REGISTRY)
        assert holdings.control(view, "Pinewell", FIFTH)["since"] == {"date_start": "2031-05-04", "date_end": "2031-05-04"}
        shown = next(row for row in searching.claims(view, searching.Sought(place="Pinewell")))
    assert shown["review"] == shown["review"] | {"signed_by": "J. Doe", "verdict": "correct", "reason": "video"}
    assert "2031-05-06" in shown["sentence"]


def test_a_review_outlives_the_reading_and_is_in_the_dump(path: Path) -> None:
    claim = claim_of(path, "Pinewell")
    khabar("review", path, claim, "--verdict", "reject", "--by", "J. Doe", "--reason", "seen")
    emptied = [row for row in ROWS if row[4] != "Pinewell"]
    with Record.create(path) as record:
        for reading in invented.readings([*emptied, ["green-6", "clash", "Green Front", None, "Oakford", None, []]], **setting()):
            record.add(reading)
        rows = deciding.reviews(View(record, REGISTRY))
        assert [row["claim_id"] for row in rows] == [claim]
        assert any('"review"' in line and claim in line for line in record.dump())


def setting() -> dict[str, Any]:
    return {name: BOOK[name] for name in ("world", "reports", "places")}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--verdict", "reject", "--by", "J. Doe"], "--reason"),
        (["--verdict", "perhaps", "--by", "J. Doe", "--reason", "seen"], "accept, reject, correct"),
        (["--verdict", "correct", "--by", "J. Doe", "--reason", "seen"], "correct needs fields"),
        (["--verdict", "correct", "--set", "kind=clash", "--by", "J. Doe", "--reason", "seen"], "cannot be corrected"),
        (["--verdict", "correct", "--set", "date_end=May", "--by", "J. Doe", "--reason", "seen"], "is not a day"),
        (["--verdict", "correct", "--set", "date_end", "--by", "J. Doe", "--reason", "seen"], "FIELD=VALUE"),
        (["--verdict", "correct", "--set", "modality=maybe", "--by", "J. Doe", "--reason", "seen"], "expected one of asserted"),
        (["--verdict", "reject", "--by", " ", "--reason", "seen"], "a name and a reason"),
        (["--withdraw", "nothing", "--by", "J. Doe", "--reason", "seen"], "not the id of one decision in force"),
        (["--by", "J. Doe"], "--verdict"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else value,
)
def test_a_review_that_cannot_be_is_refused_with_what_to_mend(path: Path, words: list[str], told: str) -> None:
    got = khabar("review", path, claim_of(path, "Oakford"), *words)
    assert got.exit_code in (1, 2)
    assert told in " ".join(got.output.split())
    with Record.open(path) as record:
        assert record.reviews() == []


@pytest.mark.parametrize("claim", ["nothing", "0"])
def test_a_claim_that_is_not_there_is_said_to_be_unknown(path: Path, claim: str) -> None:
    got = khabar("review", path, claim, "--verdict", "reject", "--by", "J. Doe", "--reason", "seen")
    assert got.exit_code == 1
    assert "is no claim of this record" in got.output


def test_the_last_review_that_is_known_decides() -> None:
    first = signed("c", "accept", by="J. Doe", reason="seen", at=datetime(2031, 5, 1, 9, tzinfo=UTC))
    second = signed("c", "reject", by="R. Roe", reason="forged", at=datetime(2031, 5, 2, 9, tzinfo=UTC))
    assert in_force([first, second])["c"] is second
    assert in_force([second, first], date(2031, 5, 1))["c"] is first
    assert in_force([first], date(2031, 4, 30)) == {}


def test_reviews_signed_within_one_moment_withdraw_each_other_all_the_same() -> None:
    at = datetime(2031, 5, 1, 9, tzinfo=UTC)
    for reason in map(str, range(8)):
        first = signed("c", "accept", by="J. Doe", reason=reason, at=at)
        second = signed("c", "withdraw", by="J. Doe", reason=reason, withdraws=first.review_id, at=at)
        third = signed("c", "withdraw", by="J. Doe", reason=reason, withdraws=second.review_id, at=at)
        assert in_force([first, second]) == {}
        assert in_force([third, second, first]) == {"c": first}


def test_a_review_of_no_claim_cannot_be_kept(path: Path) -> None:
    with Record.create(path) as record, pytest.raises(KhabarError, match="no claim"):
        record.add_review(signed("0" * 16, "accept", by="J. Doe", reason="seen"))
