"""Who writes an annotated report for training is told of the line that is wrong, and what is right comes out as it was written."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parent.parent / "training" / "written.py"


@pytest.fixture(scope="module")
def written() -> ModuleType:
    spec = importlib.util.spec_from_file_location("written", SOURCE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["written"] = module
    spec.loader.exec_module(module)
    return module


REPORT = """## x-005 | 2024-05-15 | Mozambique | agency
= Army retakes town
Soldiers drove the rebels out of Macomia on Monday, the army said.
> capture | drove | actor=Soldiers | recipient=rebels | place=Macomia | on=2024-05-13 | by=the army
They killed at least three there.
> casualties | killed | actor=They^Soldiers | place=^Macomia | number=3../at least three | unit=killed

It rained.
"""


def test_a_report_becomes_an_input_and_its_gold(written: ModuleType) -> None:
    [report] = written.parsed(REPORT)
    row, gold = written.rows(report)
    said = "Soldiers drove the rebels out of Macomia on Monday, the army said. They killed at least three there."
    assert row["text"] == f"Army retakes town\n\n{said}\n\nIt rained."
    took, killed = gold["claims"]
    assert row["text"][slice(*took["trigger_span"])] == "drove"
    assert row["text"][slice(*took["fillers"]["place"])] == took["place"] == "Macomia"
    assert (took["date_start"], took["date_end"], took["attribution"]) == ("2024-05-13", "2024-05-13", ["the army"])
    assert (killed["actor"], killed["place"], killed["fillers"]["place"]) == ("Soldiers", "Macomia", None)
    assert killed["number"] == {"low": 3, "high": None, "unit": "killed"}
    assert [row["text"][slice(*s["span"])] for s in gold["not_claims"]] == ["It rained."]
    assert [row["text"][slice(*s["span"])] for s in gold["ignore"]] == ["Army retakes town"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("> capture |", "> conquest |", "no such kind, 'conquest'"),
        ("| drove |", "| chased |", "'chased' does not stand in the sentence"),
        ("place=Macomia", "place=Pemba", "'Pemba' does not stand in the sentence"),
        ("on=2024-05-13", "on=Monday", "expected days as 2024-02-10"),
        ("by=the army", "speaker=the army", "no such field"),
        ("2024-05-15 |", "in May |", "expected ## ID"),
    ],
)
def test_a_wrong_line_is_named(written: ModuleType, old: str, new: str, why: str) -> None:
    with pytest.raises(written.Wrong, match=why) as error:
        list(written.parsed(REPORT.replace(old, new), name="mine.txt"))
    assert "mine.txt, line " in str(error.value)


def test_every_shipped_report_follows_the_format(written: ModuleType) -> None:
    reports = written.reports()
    assert len({report.id for report in reports}) == len(reports) > 400
    for report in reports:
        row, gold = written.rows(report)
        for claim in gold["claims"]:
            assert row["text"][slice(*claim["trigger_span"])] == claim["trigger"], report.id
