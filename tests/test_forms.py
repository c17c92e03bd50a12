"""A record that an older program made goes on: brought forward whole, with the old file kept, and never by surprise."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from khabar import cli, forms
from khabar.errors import RecordError
from khabar.forms import migrate
from khabar.record import FORM, Record, kept_reading

OLD = Path(__file__).parent / "forms"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return made(tmp_path / "old.khabar")


def made(path: Path, form: int = 1) -> Path:
    with closing(sqlite3.connect(path)) as file:
        file.executescript((OLD / f"form-{form}.sql").read_text("utf-8"))
        file.execute("PRAGMA journal_mode = WAL")
    return path


def run(*words: object, status: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, list(map(str, words)))
    assert result.exit_code == status, (result.output, result.exception)
    return result


def form(path: Path) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize(
    "words", [("claims",), ("verify",), ("dump",), ("redact", "one", "--by", "A", "--reason", "so", "--yes"), ("import",)]
)
def test_an_older_record_is_told_how_to_go_on_and_is_not_touched(words: tuple[str, ...], old: Path) -> None:
    before = old.read_bytes()
    told = run(words[0], old, *words[1:], status=1)
    assert f"khabar migrate {old}" in told.stderr
    assert old.read_bytes() == before


def test_it_is_brought_forward_whole_and_the_old_file_is_kept(old: Path) -> None:
    assert f"from form 1 to form {FORM}" in run("migrate", old).stdout
    told = json.loads(run("verify", old, "--json").stdout)
    assert told["holds"], told
    assert {name: told["checked"][name] for name in ("originals", "reports", "readings", "sentences", "claims")} == {
        "originals": 3,
        "reports": 3,
        "readings": 3,
        "sentences": 6,
        "claims": 3,
    }
    assert "3 readings came before the record had a journal" in told["notes"][0]
    with Record.open(old) as kept:
        assert [item.claim.kind for item in kept.told()] == ["capture", "withdrawal", "capture"]
        assert [failure.id for failure in kept.failures()] == ["four"]
    backup = old.with_name("old.khabar.form1")
    assert form(backup) == 1
    with closing(sqlite3.connect(backup)) as file:
        assert file.execute("SELECT count(*) FROM claims").fetchone()[0] == 3


def test_what_is_migrated_can_be_built_on_and_proven(old: Path, tmp_path: Path) -> None:
    run("migrate", old)
    with Record.open(old) as kept:
        claim = kept.told()[0].claim.claim_id
    run("review", old, claim, "--verdict", "accept", "--by", "J. Doe", "--reason", "seen on video")
    run("redact", old, "three", "--by", "J. Doe", "--reason", "in danger", "--yes")
    run("bundle", old, "--output", tmp_path / "b.zip")
    run("verify", tmp_path / "b.zip")
    with closing(sqlite3.connect(old)) as file:
        assert [row[0] for row in file.execute("SELECT kind FROM journal ORDER BY number")] == ["migration", "review", "redaction"]


def test_what_was_read_before_claims_had_a_confidence_keeps_its_names_and_gains_it_when_it_is_read_again(tmp_path: Path) -> None:
    path = made(tmp_path / "old.khabar", 2)
    migrate(path)
    assert json.loads(run("verify", path, "--json").stdout)["holds"]
    with Record.create(path) as kept:
        before = {item.claim.claim_id: item.claim for item in kept.told()}
        assert {claim.rule: claim.confidence for claim in before.values()} == {"capture.take": None, "withdrawal.learnt": None}
        names = [row[0] for row in kept.connection.execute("SELECT reading FROM readings ORDER BY reading")]
        for name in names:
            reading, sentences = kept_reading(kept, name)
            sure = tuple(replace(one, confidence=0.82) if one.rule.endswith(".learnt") else one for one in reading.claims)
            kept.add(replace(reading, claims=sure), sentences=sentences)
        again = {item.claim.claim_id: item.claim.confidence for item in kept.told()}
        assert again == {id: 0.82 if claim.rule == "withdrawal.learnt" else None for id, claim in before.items()}
        assert kept.connection.execute("SELECT count(*) FROM readings").fetchone()[0] == len(names) + 1
    assert json.loads(run("verify", path, "--json").stdout)["holds"]


def test_a_second_time_changes_nothing(old: Path) -> None:
    run("migrate", old)
    before = old.read_bytes()
    assert "nothing to do" in run("migrate", old).stdout
    assert old.read_bytes() == before


def test_a_step_that_fails_leaves_the_old_record(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "STEPS", {1: (*forms.STEPS[1], "INSERT INTO nowhere VALUES (1)")})
    with pytest.raises(RecordError):
        migrate(old)
    assert form(old) == 1
    monkeypatch.undo()
    assert migrate(old).new == FORM


@pytest.mark.parametrize(("number", "words"), [(99, "newer program"), (0, "no record")])
def test_what_is_newer_or_no_record_is_refused_and_not_touched(number: int, words: str, old: Path) -> None:
    with closing(sqlite3.connect(old)) as file:
        file.execute(f"PRAGMA user_version = {number}")
    before = old.read_bytes()
    assert words in run("migrate", old, status=1).stderr
    assert old.read_bytes() == before
    assert not list(old.parent.glob("*.form*"))


def test_every_form_has_a_way_forward() -> None:
    assert set(forms.STEPS) == set(range(1, FORM)), "whoever raises FORM writes the step to it"
