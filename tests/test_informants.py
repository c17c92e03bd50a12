"""Each informant once, with a grade that says why, and the copies that were joined: what a user of `sources` must be able to rely on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from khabar import informants, searching
from khabar.cli import app
from khabar.lexicon import table
from khabar.model import Reading
from khabar.record import Record
from khabar.ties import Ties
from khabar.view import View
from khabar.weighing import grade, reliability
from test_copies import BRIDGE, FALL, MILLS, OWN, REGISTRY, REWORDED, SCHOOL, kept, report


def rows(*readings: Reading, **asked: Any) -> dict[str, dict[str, Any]]:
    with kept(*readings) as record:
        return {row["name"]: row for row in informants.informants(View(record, REGISTRY), **asked)}


def grades(*readings: Reading) -> dict[str, dict[str, Any]]:
    with kept(*readings) as record:
        view = View(record, REGISTRY)
        return {row["claim_id"]: row for row in informants.graded(view, searching.claims(view, searching.Sought()))}


def test_five_papers_with_one_agency_s_text_are_one_informant() -> None:
    found = rows(report("agency", "Wire Agency", 5, FALL), *(report(f"p{i}", f"Paper {i}", 6, REWORDED) for i in range(4)))
    assert list(found) == ["Wire Agency"]
    assert (found["Wire Agency"]["claims"], found["Wire Agency"]["reports"]) == (5, 5)


def test_copies_bear_nobody_out_and_another_desk_does() -> None:
    copied = rows(report("agency", "Wire Agency", 5, FALL), report("paper", "Harbour Post", 6, FALL))
    assert copied["Wire Agency"]["borne_out"] == 0
    told = rows(report("agency", "Wire Agency", 5, FALL), report("paper", "Harbour Post", 6, OWN))
    assert told["Wire Agency"]["borne_out"] == told["harbour post" if "harbour post" in told else "Harbour Post"]["borne_out"] == 1


def test_who_has_no_name_is_told_apart_by_an_outlet_as_it_writes_itself_or_the_beginning_of_a_report_s_id() -> None:
    long = "ba909ca99cdf8d60a6dee5bb759ec65ffb8883294bba1d270f33d70731eac9e8"
    found = rows(
        report("p", "Nile Ledger", 5, FALL, chains={0: ["military source"]}),
        report(long, None, 5, BRIDGE, chains={0: ["residents"]}),
        report(f"{long}2", None, 5, MILLS),
    )
    assert set(found) == {"military source (Nile Ledger)", "residents (report ba909ca99cdf)", "report ba909ca99cdf"}


@pytest.mark.parametrize(
    ("outlet", "chain", "letter", "why"),
    [
        ("War Watch", [], "B", "watches the war and takes no side"),
        ("Harbour Post", ["War Watch"], "B", "watches the war"),
        ("Wire Agency", [], "B", "a news agency"),
        ("State Voice", [], "D", "speaks for a side"),
        ("Harbour Post", ["Green Front"], "D", "takes part in the war"),
        ("Harbour Post", [], "F", "the registry does not know"),
        ("Wire Agency", ["military source"], "E", "has no name"),
        ("Wire Agency", ["Tomas Reed"], "C", "a person with a name"),
        ("Wire Agency", ["unnamed reports"], "F", "nobody in particular"),
    ],
)
def test_a_source_is_relied_on_as_its_sort_is(outlet: str, chain: list[str], letter: str, why: str) -> None:
    with kept(report("r", outlet, 5, FALL, chains={0: chain})) as record:
        told = record.told()
    found = reliability(told[0], Ties(REGISTRY, told))
    assert found[0] == letter
    assert why in found[1]


@pytest.mark.parametrize(
    ("outlet", "shown", "why"),
    [
        ("Green Radio", "D4", "in the speaker's own interest"),
        ("State Voice", "D2", "against the speaker's own interest"),
        ("War Watch", "B3", "gains nothing"),
    ],
)
def test_a_boast_is_doubted_and_an_admission_believed(outlet: str, shown: str, why: str) -> None:
    found = grades(report("r", outlet, 5, FALL))["r-0"]
    assert found["grade"] == shown
    assert any(why in because for because in found["grade_because"])


def test_what_two_others_say_too_is_confirmed_and_a_boast_told_again_is_not() -> None:
    alone = grades(report("a", "War Watch", 5, FALL))["a-0"]["grade"]
    two = grades(report("a", "War Watch", 5, FALL), report("b", "Harbour Post", 6, OWN))["a-0"]["grade"]
    three = grades(report("a", "War Watch", 5, FALL), report("b", "Harbour Post", 6, OWN), report("c", "Hill Gazette", 6, MILLS))["a-0"]
    assert (alone, two, three["grade"]) == ("B3", "B2", "B1")
    boasts = grades(report("a", "Green Radio", 5, FALL), *(report(f"p{i}", f"Paper {i}", 6, FALL) for i in range(9)))
    assert {row["grade"] for row in boasts.values()} == {"D4"}


def test_others_are_named_in_the_reason() -> None:
    with kept(report("a", "War Watch", 5, FALL)) as record:
        told = record.told()
    found = grade(told[0], Ties(REGISTRY, told), others=["wire", "harbour post"], deniers=["red-army"])
    assert str(found) == "B3"
    assert "harbour post, wire" in found.because[1]
    assert "denied by red-army" in found.because[1]


def test_every_grade_of_the_table_has_its_odds_and_its_because() -> None:
    known = table("weights")
    for rows_of, odds in ((known["sources"], known["odds"]["reliability"]), (known["credibility"], None)):
        for row in rows_of.values():
            assert row["because"]
            assert odds is None or row["grade"] in odds
    assert set(known["credibility"]) == set(known["odds"]["interest"])


def test_an_admission_outweighs_a_boast_whoever_makes_it() -> None:
    odds = table("weights")["odds"]
    lowest = min(odds["reliability"].values()) + odds["interest"]["admission"]
    assert lowest > 2 * (max(odds["reliability"].values()) + odds["interest"]["own"]) - lowest


def test_outcomes_change_a_letter_only_where_they_are_asked_for_and_many() -> None:
    few = rows(report("a", "War Watch", 5, FALL), report("b", "Harbour Post", 6, OWN), learnt=True)["War Watch"]
    assert few["learnt"]["reliability"] == few["reliability"] == "B"
    assert "5 are needed" in few["learnt"]["because"]
    assert informants.corrected("D", 9, 10)["reliability"] == "C"
    assert informants.corrected("B", 2, 10)["reliability"] == "C"
    assert "learnt" not in rows(report("a", "War Watch", 5, FALL))["War Watch"]


def test_copies_are_shown_with_what_was_copied_and_how_much() -> None:
    with kept(report("agency", "Wire Agency", 5, FALL, BRIDGE), report("paper", "Harbour Post", 6, REWORDED, BRIDGE, SCHOOL)) as record:
        found = informants.copies(View(record, REGISTRY))
        before = informants.copies(View(record, REGISTRY, date(2031, 5, 5)))
    assert [row["origin"]["outlet"] for row in found] == ["Wire Agency"]
    copy = found[0]["copies"][0]
    assert (copy["outlet"], copy["sentences"], copy["verbatim"], copy["of"]) == ("Harbour Post", 2, 1, 3)
    assert "2 of 3 sentences, 1 of them word for word" in copy["because"]
    assert copy["example"] == {"printed": REWORDED, "original": FALL}
    assert before == []


def test_the_command_shows_informants_and_copies(tmp_path: Path) -> None:
    path = tmp_path / "war.khabar"
    with Record.create(path) as record:
        record.add(report("agency", "Reuters", 5, FALL))
        record.add(report("paper", "Harbour Post", 6, FALL))
    run = CliRunner().invoke
    shown = run(app, ["sources", str(path)])
    assert shown.exit_code == 0
    assert "Reuters" in shown.stdout
    assert "1 informant, 2 claims" in shown.stdout
    rows = [json.loads(line) for line in run(app, ["sources", str(path), "--json"]).stdout.splitlines()]
    assert [(row["name"], row["kind"], row["reliability"], row["claims"]) for row in rows] == [("Reuters", "agency", "B", 2)]
    assert "1 of 1 sentences" in run(app, ["sources", str(path), "--copies"]).stdout
    assert run(app, ["sources", str(path), "--copies", "--learnt"]).exit_code == 2
    graded = json.loads(run(app, ["claims", str(path), "--grades", "--json"]).stdout.splitlines()[0])
    assert graded["grade"] == "B3"


def test_who_says_what_is_kept_until_something_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Record.create(tmp_path / "war.khabar") as record:
        record.add(report("agency", "Wire Agency", 5, FALL))
        once = informants.informants(View(record, REGISTRY))
        monkeypatch.setattr(informants, "heard", lambda _: pytest.fail("worked out again"))
        assert informants.informants(View(record, REGISTRY)) == once
        monkeypatch.undo()
        record.add(report("paper", "Harbour Post", 6, OWN))
        assert len(informants.informants(View(record, REGISTRY))) == len(once) + 1
