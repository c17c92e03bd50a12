"""Groups that no registry has: what a user decides about them holds for every later answer, and can be taken back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from khabar import cli
from khabar.model import ActorMention, Claim, Participant, Place, Reading, Report, Speaker
from khabar.naming import Decision, Names, provisional_id
from khabar.record import Record

TEXT = "The Dera Valley Brigade took Oakford. Zahr Front denied it."
SIGNED = ("--reason", "seen in two reports", "--by", "A. Analyst")


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "war.khabar"
    with Record.create(path) as kept:
        kept.add(_reading("r1", TEXT, "Dera Valley Brigade"), sentences=((0, 37), (38, 58)))
        kept.add(_reading("r2", TEXT.replace("Dera Valley", "Dera-Valley"), "Dera-Valley Brigade"), sentences=((0, 37), (38, 58)))
    return str(path)


def _reading(id: str, text: str, name: str) -> Reading:
    report = Report(id, text, outlet="Harbour Post", sha256="")
    actor = Participant(name, 4, 23)
    claim = Claim(
        f"claim-{id}", id, 0, 37, "body", "capture", (24, 28), actor, None, Place("Oakford", 29, 36), attribution=(Speaker("Zahr Front"),)
    )
    return Reading(report, mentions=(ActorMention(4, 23, name), ActorMention(38, 48, "Zahr Front")), claims=(claim,))


def run(*words: str, status: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, ["actors", *words])
    assert result.exit_code == status, (result.output, result.exception)
    return result


def rows(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in CliRunner().invoke(cli.app, words).stdout.splitlines()]


def test_a_provisional_id_is_the_same_for_every_trivial_variant() -> None:
    assert provisional_id("the Dera-Valley Brigade’s") == provisional_id("Dera Valley Brigade") == "name:dera-valley-brigade"


def test_new_groups_are_listed_with_counts_spellings_and_sentences(record: str) -> None:
    first, second = rows("actors", "new", record, "--json")
    assert (first["id"], first["claims"], first["mentions"], first["reports"]) == ("name:dera-valley-brigade", 2, 2, 2)
    assert first["spellings"] == {"Dera Valley Brigade": 1, "Dera-Valley Brigade": 1}
    assert [told["sentence"] for told in first["sentences"]] == [TEXT[:37], TEXT[:37].replace("Dera Valley", "Dera-Valley")]
    assert second["id"] == "name:zahr-front", "a speaker is a group too"


def test_every_answer_follows_a_name_and_the_dump_has_it(record: str) -> None:
    run("name", record, "name:dera-valley-brigade", "--as", "dera-brigade", "--kind", "rebel group", *SIGNED)
    assert [row["id"] for row in rows("actors", "new", record, "--json")] == ["name:zahr-front"]
    (answer,) = rows("actor", record, "Dera Valley Brigade", "--json")
    assert (answer["id"], answer["kind"], len(answer["gains"])) == ("dera-brigade", "rebel group", 2)
    assert {row["actor"]["id"] for row in rows("claims", record, "--actor", "dera-brigade", "--json")} == {"dera-brigade"}
    dumped = rows("dump", record)
    assert [row["actor_decision"]["becomes"] for row in dumped if "actor_decision" in row] == ["dera-brigade"]
    assert {row["claim"]["actor"]["id"] for row in dumped if "claim" in row} == {None}, "the claims stay as they were read"


def test_a_group_named_after_a_build_can_be_asked_for(tmp_path: Path) -> None:
    """The index that the build began is made anew within the question."""
    file, path = tmp_path / "report.txt", str(tmp_path / "war.khabar")
    file.write_text("Aleppo, Syria. The Red Valley Brigade took Kafr Zita from the army on Tuesday. Rebels shelled Hama.", encoding="utf-8")
    CliRunner().invoke(cli.app, ["build", str(file), "--published", "2016-07-12", "--record", path])
    run("name", path, "name:red-valley-brigade", "--as", "red-valley", "--kind", "rebel group", *SIGNED)
    (answer,) = rows("actor", path, "Red Valley Brigade", "--json")
    assert answer["id"] == "red-valley"


def test_a_group_can_be_merged_into_an_actor_of_the_registry(record: str) -> None:
    run("name", record, "name:dera-valley-brigade", "--as", "ahrar-al-sham", *SIGNED)
    (answer,) = rows("actor", record, "Ahrar al-Sham", "--json")
    assert "Dera Valley Brigade" in answer["names"]
    assert len(answer["gains"]) == 2


def test_a_speaker_is_renamed_too(record: str) -> None:
    run("name", record, "name:zahr-front", "--as", "zahr-front", "--kind", "rebel group", *SIGNED)
    assert len(rows("claims", record, "--speaker", "zahr-front", "--json")) == 2


def test_a_decision_can_be_taken_back_and_both_stay(record: str) -> None:
    run("name", record, "name:zahr-front", "--as", "zahr-front", "--kind", "rebel group", *SIGNED)
    (decision,) = rows("actors", "decisions", record, "--json")
    run("withdraw", record, decision["decision"][:6], "--reason", "another front", "--by", "B. Analyst")
    assert len(rows("actors", "new", record, "--json")) == 2
    first, second = rows("actors", "decisions", record, "--json")
    assert first["withdrawn_by"] == second["decision"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["name:nobody", "--as", "ahrar-al-sham"], "is no new group"),
        (["name:zahr-front", "--as", "ahrar-al-shm"], "did you mean ahrar-al-sham"),
        (["name:zahr-front", "--as", "zahr", "--kind", "gang"], "is no kind of actor"),
        (["name:zahr-front", "--as", "Zahr Front", "--kind", "rebel group"], "lower-case"),
        (["name:zahr-front", "--as", "ahrar-al-sham", "--kind", "rebel group"], "is there already"),
    ],
)
def test_a_name_that_cannot_be_given_is_refused_with_what_to_do(record: str, words: list[str], told: str) -> None:
    assert told in run("name", record, *words, *SIGNED, status=1).output
    assert rows("actors", "decisions", record, "--json") == []


def test_a_decision_needs_a_reason_and_a_hand(record: str) -> None:
    assert "--reason" in run("name", record, "name:zahr-front", "--as", "ahrar-al-sham", "--reason", " ", "--by", "A", status=1).output


def test_decisions_are_append_only(record: str) -> None:
    run("name", record, "name:zahr-front", "--as", "zahr", "--kind", "rebel group", *SIGNED)
    connection = sqlite3.connect(record)
    for change in ("DELETE FROM actor_decisions", "UPDATE actor_decisions SET becomes = 'x'"):
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(change)


def test_a_record_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    run("name", str(tmp_path / "none.khabar"), "name:x", "--as", "y", *SIGNED, status=1)
    assert not (tmp_path / "none.khabar").exists()


def test_the_later_of_two_decisions_counts() -> None:
    first, second = (
        Decision("name:x", becomes, "X", "rebel group", "because", "A", day) for becomes, day in (("a", "2031-05-01"), ("b", "2031-05-02"))
    )
    assert Names([second, first]).id(None, "X") == "b"


OWN = """
conflict: dera
countries: [SY]
actors:
- {id: dera-brigade, name: Dera Brigade, kind: rebel group, country: SY, names: [Dera Valley Brigade], unverified: true}
"""


def test_actors_of_ones_own_are_read_with_and_kept_with_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, reports = tmp_path / "own.yaml", tmp_path / "r.jsonl"
    own.write_text(OWN, "utf-8")
    text = "The Dera Valley Brigade captured the town of Ariha in Syria on Monday, officials said."
    reports.write_text(json.dumps({"id": "r", "text": text, "published": "2015-05-05", "outlet": "Post"}), "utf-8")
    record = str(tmp_path / "war.khabar")
    assert CliRunner().invoke(cli.app, ["build", str(reports), "--record", record, "--actors", str(own)]).exit_code == 0
    own.unlink()
    (answer,) = rows("actor", record, "Dera Brigade", "--json")
    assert (answer["id"], answer["kind"]) == ("dera-brigade", "rebel group")
    assert answer["gains"]
    assert [row["actor_file"]["name"] for row in rows("dump", record) if "actor_file" in row] == ["own.yaml"]


def test_a_file_of_actors_with_a_fault_stops_before_anything_is_written(tmp_path: Path) -> None:
    own, record = tmp_path / "own.yaml", tmp_path / "war.khabar"
    own.write_text("actors:\n- {id: dera}\n", "utf-8")
    result = CliRunner().invoke(cli.app, ["build", str(tmp_path), "--record", str(record), "--actors", str(own)])
    assert result.exit_code == 1
    assert "dera" in result.output
    assert not record.exists()
