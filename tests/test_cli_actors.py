"""The commands on actors as a user types them, without a record and with one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from khabar import cli
from khabar.model import Reading, Report
from khabar.record import Record

COMMANDS = ("list", "find", "lint", "new", "name", "withdraw", "decisions")


def run(*words: str, status: int = 0) -> Any:
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == status, (result.output, result.exception)
    return result


def rows(*words: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*words, "--json").stdout.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_that_fits_the_terminal(command: str) -> None:
    shown = run("actors", command, "--help").output
    assert f"khabar actors {command}" in shown.replace("Usage: ", "").split("Options")[0]
    assert max(map(len, shown.splitlines())) <= 80


def test_the_coalitions_of_a_war_on_a_day() -> None:
    found = {row["id"] for row in rows("actors", "list", "--conflict", "syria", "--kind", "coalition", "--on", "2015-06-08")}
    assert "jaysh-al-fatah" in found
    assert "syrian-democratic-forces" not in found, "not there yet"


@pytest.mark.parametrize("words", [["--conflict", "atlantis"], ["--kind", "gang"]])
def test_what_the_registry_has_not_is_refused_with_what_it_has(words: list[str]) -> None:
    assert "it has" in run("actors", "list", *words, status=1).output


def test_whom_a_name_means_here_and_then() -> None:
    found = {row["id"]: row["meant"] for row in rows("actors", "find", "AA", "--country", "MM", "--on", "2023-11-01")}
    assert found == {"aa": True, "anadolu": False}


def test_when_an_actor_is_called_so() -> None:
    (row,) = rows("actors", "find", "Jabhat Fatah al-Sham")
    assert "Jabhat Fatah al-Sham, from 2016-07-28 to 2017-01-28" in row["called"]


def test_a_name_that_nobody_bears_is_told_with_near_ones() -> None:
    assert "did you mean" in run("actors", "find", "Ahrar al-Shamm Movemen", status=1).output


def test_the_shipped_registry_has_no_fault() -> None:
    assert "0 faults" in run("actors", "lint").output


def test_a_file_of_ones_own_is_checked_with_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "conflict: syria\ncountries: [SY]\nactors:\n"
        "- {id: zahr, name: Liwa al-Zahr, kind: rebel group, country: SY, names: [SOHR, Ahrar al-Sham], unverified: true}\n",
        "utf-8",
    )
    (fault,) = [row["fault"] for row in map(json.loads, run("actors", "lint", str(own), "--json", status=1).stdout.splitlines())]
    assert "ahrar-al-sham and zahr" in fault
    assert [row["id"] for row in rows("actors", "find", "Liwa al-Zahr", "--actors", str(own))] == ["zahr"]


def test_whom_an_actor_fought_in_a_time(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    with Record.create(path) as kept:
        kept.add(Reading(Report("r", "Nothing here.")))
    (answer,) = rows("actor", str(path), "Ahrar al-Sham", "--from", "2015-01-01", "--to", "2015-12-31")
    assert answer["fought"] == [], "the registry's enemies are not the reports' fights"
    assert answer["enemies"][0]["sources"]
    assert "is after" in run("actor", str(path), "Ahrar al-Sham", "--from", "2016-01-01", "--to", "2015-01-01", status=1).output


def test_what_an_actor_was_called_on_a_day_with_the_source(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    Record.create(path).connection.close()
    names = {
        day: {row["name"]: row["source"] for row in rows("actor", str(path), "al-nusra-front", "--on", day)[0]["called"]}
        for day in ("2015-06-08", "2016-12-01")
    }
    assert "Jabhat Fatah al-Sham" not in names["2015-06-08"]
    assert names["2016-12-01"]["Jabhat Fatah al-Sham"].startswith("http")
