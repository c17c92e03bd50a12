"""What speakers disagree on: each side opposite the other, copies once, the rules' verdict beside them, the weightiest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import invented
from khabar.cli import app
from khabar.disputes import dispute_json, disputes
from khabar.errors import QuestionError
from khabar.positions import Dispute
from khabar.record import Record
from khabar.reviews import signed
from khabar.view import View

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "stories/control.yaml").read_text("utf-8"))
WORLD = invented.registry(BOOK["world"])

BOAST = ["green-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", []]
DENIAL = ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}]
WORD = ["post-8", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", [], {"sentence": "Green Front has Oakford."}]


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., list[Dispute]]:
    def of(*rows: Sequence[Any], known_by: str | None = None, **asked: Any) -> list[Dispute]:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.khabar"
        with Record.create(path) as kept:
            for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
                kept.add(reading)
        with Record.open(path) as kept:
            return disputes(View(kept, WORLD, date.fromisoformat(known_by) if known_by else None), **asked)

    return of


Found = Callable[..., list[Dispute]]


def sides(dispute: Dispute) -> list[tuple[str, list[str]]]:
    return [(position.says, [word.informant for word in position.words]) for position in dispute.positions]


def toll(
    report: str, low: int, high: int | None, *, chain: Sequence[str] = (), approximate: bool = False, whom: str = "Red Army"
) -> list[Any]:
    quantity = {"low": low, "high": high, "unit": "killed", "approximate": approximate}
    return [report, "casualties", None, whom, "Oakford", "2031-05-04", list(chain), {"quantity": quantity}]


# --- over control


def test_a_claim_that_an_analyst_accepted_is_said_to_be_and_settles_it(tmp_path: Path) -> None:
    with Record.create(tmp_path / "war.khabar") as record:
        for reading in invented.readings([BOAST, DENIAL], world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            record.add(reading)
        (one,) = [item.claim.claim_id for item in record.told() if item.claim.modality == "asserted"]
        record.add_review(signed(one, "accept", by="J. Doe", reason="seen"))
        (dispute,) = disputes(View(record, WORLD))
    words = [word for position in dispute.positions for word in position.words]
    assert [word.told.claim.claim_id for word in words if word.interest == "analyst"] == [one]
    assert dispute.settled is not None


def test_a_boast_and_its_denial_stand_opposite_each_other_and_nothing_settles_them(found: Found) -> None:
    [one] = found(BOAST, DENIAL)
    assert one.about == "control"
    assert one.matter == "Who held Oakford on 5 May 2031"
    assert sides(one) == [("Green Front took it", ["green-radio"]), ("Green Front did not take it", ["state-voice"])]
    assert [word.interest for position in one.positions for word in position.words] == ["own", "own"]
    assert one.settled is None
    assert any(reason.startswith("denial:") for reason in one.because)


def test_an_independent_word_settles_it_and_says_so(found: Found) -> None:
    [one] = found(BOAST, DENIAL, WORD)
    assert one.settled == "assessed as held by Green Front on 5 May 2031"
    assert sides(one)[0] == ("Green Front took it", ["harbour post", "green-radio"])


def test_a_boast_that_an_independent_denial_undid_is_still_listed(found: Found) -> None:
    """The time line shows nothing of it: who held the place is clear. That somebody said otherwise is not to be lost."""
    [one] = found(BOAST, ["post-8", *DENIAL[1:]])
    assert sides(one) == [("Green Front took it", ["green-radio"]), ("Green Front did not take it", ["harbour post"])]


def test_a_boast_against_what_an_independent_speaker_saw(found: Found) -> None:
    [one] = found(BOAST, ["post-8", "control_state", "Red Army", None, "Oakford", "2031-05-06", []])
    assert [says for says, _ in sides(one)] == ["Red Army held it", "Green Front took it"]
    assert one.settled is not None


def test_two_parties_who_each_say_that_they_hold_it(found: Found) -> None:
    [one] = found(BOAST, ["red-6", "control_state", "Red Army", None, "Oakford", "2031-05-06", []])
    assert [says for says, _ in sides(one)] == ["Green Front took it", "Red Army held it"]
    assert one.settled is None


@pytest.mark.parametrize(
    "rows",
    [
        [BOAST],
        [BOAST, WORD],
        [WORD, ["red-6", "capture", "Red Army", "Green Front", "Oakford", "2031-05-06", []]],
        [["post-8", "clash", "Green Front", "Red Army", "Oakford", "2031-05-05", []]],
    ],
    ids=["one side alone", "all agree", "retaken later", "a fight"],
)
def test_where_all_can_be_right_there_is_no_dispute(found: Found, rows: Sequence[Any]) -> None:
    assert found(*rows) == []


def test_copies_count_once_and_are_named(found: Found) -> None:
    said = {"sentence": "Green Front fighters took Oakford from the Red Army on Monday, 5 May, after a week."}
    first = ["post-5", *BOAST[1:6], ["Green Front"], said]
    copy = ["gazette-9", *BOAST[1:6], ["Green Front"], said]
    [one] = found(first, copy, DENIAL)
    [word] = one.positions[0].words
    assert word.informant == "green-front"
    assert [item.outlet for item in (word.told, *word.copies)] == ["Harbour Post", "Hill Gazette"]
    assert dispute_json(one)["positions"][0]["informants"] == 1


# --- over dates, tolls, responsibility


@pytest.mark.parametrize("loser", [None, "Red Army"])
def test_one_change_told_of_two_days(found: Found, loser: str | None) -> None:
    [one] = found(WORD, ["gazette-9", "capture", "Green Front", loser, "Oakford", "2031-05-07", []])
    assert one.about == "date"
    assert one.matter == "When Oakford was taken by Green Front from Red Army"
    assert [says for says, _ in sides(one)] == ["on 5 May 2031", "on 7 May 2031"]


def test_an_open_date_disagrees_with_no_day(found: Found) -> None:
    assert found(WORD, ["gazette-9", *WORD[1:5], "..2031-05-07", []]) == []


def test_tolls_whose_ranges_do_not_meet(found: Found) -> None:
    [one] = found(toll("post-5", 3, 3), toll("gazette-5", 40, 60))
    assert one.about == "toll"
    assert one.matter == "How many were killed at Oakford on 4 May 2031"
    assert sides(one) == [("3 killed", ["harbour post"]), ("40 to 60 killed", ["hill gazette"])]


@pytest.mark.parametrize(
    "rows",
    [
        [toll("post-5", 24, None), toll("gazette-5", 60, None)],
        [toll("post-5", 30, 30, approximate=True), toll("gazette-5", 33, 33)],
        [toll("post-5", 3, 3), toll("post-8", 40, 40)],
        [toll("post-5", 3, 3), toll("gazette-5", 40, 40, whom="Green Front")],
    ],
    ids=["both at least", "about", "one informant corrects itself", "of two sides"],
)
def test_tolls_that_can_both_be_right_are_no_dispute(found: Found, rows: Sequence[Any]) -> None:
    assert found(*rows) == []


def test_a_toll_that_grew_is_said_to_have_grown(found: Found) -> None:
    [one] = found(toll("post-5", 3, 3), toll("gazette-9", 40, 60))
    assert any("bring the earlier up to date" in reason for reason in one.because)


def blame(report: str, actor: str, **more: Any) -> list[Any]:
    return [report, "chemical_attack", actor, "villagers", "Oakford", "2031-05-04", [], more]


def test_two_sides_blame_each_other_for_one_attack(found: Found) -> None:
    [one] = found(blame("red-5", "Green Front"), blame("green-5", "Red Army"))
    assert one.about == "responsibility"
    assert {(says, word) for says, [word] in sides(one)} == {("Green Front did it", "state-voice"), ("Red Army did it", "green-radio")}
    assert {word.interest for position in one.positions for word in position.words} == {"own"}


def test_a_denial_of_responsibility(found: Found) -> None:
    [one] = found(blame("post-5", "Red Army"), blame("red-6", "Red Army", modality="denied"))
    assert [says for says, _ in sides(one)] == ["Red Army did it", "Red Army did not do it"]


def test_who_denies_what_he_told_himself_denies_something_else(found: Found) -> None:
    assert found(blame("post-5", "Red Army"), blame("post-8", "Red Army", modality="denied")) == []


def test_two_shellings_by_two_sides_are_two(found: Found) -> None:
    assert found(*([row[0], "shelling", *row[2:]] for row in (blame("red-5", "Green Front"), blame("green-5", "Red Army")))) == []


def test_coalition_and_member_are_one_doer(found: Found) -> None:
    assert found(blame("post-5", "Green Front"), blame("gazette-5", "Dawn Coalition")) == []


# --- what is asked, and in which order


def test_the_weightiest_come_first(found: Found) -> None:
    rows = [BOAST, DENIAL, toll("post-5", 3, 3), toll("gazette-5", 40, 60), blame("red-5", "Green Front"), blame("green-5", "Red Army")]
    pinewell = [[*row[:4], "Pinewell", *row[5:]] for row in (BOAST, DENIAL, WORD)]
    assert [(one.about, one.settled is None) for one in found(*rows, *pinewell)] == [
        ("control", True),
        ("control", False),
        ("responsibility", True),
        ("toll", True),
    ]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"place": "oakford"}, 1),
        ({"place": "Pinewell"}, 0),
        ({"actor": "Red Army"}, 1),
        ({"actor": "Grey Host"}, 0),
        ({"first": date(2031, 5, 5), "last": date(2031, 5, 5)}, 1),
        ({"first": date(2031, 5, 9)}, 0),
        ({"known_by": "2031-05-05"}, 0),
    ],
    ids=str,
)
def test_only_what_is_asked(found: Found, asked: dict[str, Any], number: int) -> None:
    pinewell = ["post-1", "control_state", "Grey Host", None, "Pinewell", "2031-05-01", []]
    assert len(found(BOAST, DENIAL, pinewell, **asked)) == number


def test_days_that_run_backwards(found: Found) -> None:
    with pytest.raises(QuestionError, match="after --to"):
        found(BOAST, first=date(2031, 5, 9), last=date(2031, 5, 1))


# --- as a command


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("disputes") / "war.khabar"
    rows = [BOAST, DENIAL, toll("post-5", 3, 3), toll("gazette-5", 40, 60)]
    with Record.create(path) as kept:
        for reading in invented.readings(rows, world=BOOK["world"], reports=BOOK["reports"], places=BOOK["places"]):
            kept.add(reading)
    return str(path)


def test_the_command_prints_for_people_within_80_columns(record: str) -> None:
    shown = CliRunner().invoke(app, ["disputes", record], env={"COLUMNS": "80"}).output
    assert max(map(len, shown.splitlines())) <= 80
    assert "Who held Oakford on 5 May 2031" in shown
    assert "not settled" in shown


def test_the_command_prints_json_with_every_sentence(record: str) -> None:
    rows = [json.loads(row) for row in CliRunner().invoke(app, ["disputes", record, "--json"]).output.splitlines()]
    assert [row["about"] for row in rows] == ["control", "toll"]
    assert len({row["id"] for row in rows}) == 2
    claims = [claim for row in rows for position in row["positions"] for claim in position["claims"]]
    assert all(claim["sentence"] and claim["said_by"] and claim["interest"] for claim in claims)


def test_a_place_that_the_record_does_not_know(record: str) -> None:
    result = CliRunner().invoke(app, ["disputes", record, "--place", "Oakfrod"])
    assert result.exit_code == 1
    assert "did you mean Oakford" in result.stderr
