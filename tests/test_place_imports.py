"""What a user must be able to rely on when a gazetteer is imported."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from khabar.errors import InputError
from khabar.gazetteer import Gazetteer
from khabar.place_imports import import_places
from villages import ids


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_with_the_usual_headers_needs_no_mapping(tmp_path: Path) -> None:
    table = write(
        tmp_path / "ocha.csv", "pcode,name_en,name_ar,admin1_code,admin1_en,longitude,latitude\nC1,Tell Ward,تل ورد,SY07,North,36.5,35.5\n"
    )
    store = tmp_path / "store.sqlite"
    assert import_places(table, store=store).imported == 1
    (entry,) = Gazetteer([store]).exact("تل ورد")
    assert (entry.id, entry.name, entry.latitude, entry.longitude, entry.country, entry.admin1) == (
        "sy:C1",
        "Tell Ward",
        35.5,
        36.5,
        "SY",
        "North",
    )


def test_a_bad_row_is_named_and_the_rest_imported(tmp_path: Path) -> None:
    table = write(
        tmp_path / "t.csv",
        "name,lat,lon,id,country\nA,35,36,1,SY\n,35,36,2,SY\nC,north,36,3,SY\nD,136,35,4,SY\nE,35,36,1,SY\nF,35,36,5,SY\n",
    )
    result = import_places(table, store=tmp_path / "s.sqlite")
    assert result.imported == 2
    assert [number for number, _ in result.rejected] == [3, 4, 5, 6]
    reasons = " ".join(reason for _, reason in result.rejected)
    assert "name is empty" in reasons
    assert "not decimal degrees" in reasons
    assert "swapped" in reasons
    assert "stands on row 2 already" in reasons


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    table, store = write(tmp_path / "t.csv", "name,lat,lon,id,country\nTell Ward,35,36,1,SY\n"), tmp_path / "s.sqlite"
    import_places(table, store=store)
    import_places(table, store=store)
    assert ids(*Gazetteer([store]).exact("Tell Ward")) == ["sy:1"]


def test_a_column_of_another_name_can_be_mapped(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "toponym;breite;laenge\nTell Ward;35,5;36,5\n")
    with pytest.raises(InputError, match=r"no column for name, latitude, longitude; found toponym, breite, laenge"):
        import_places(table, store=tmp_path / "s.sqlite")
    columns = {"name": "toponym", "latitude": "breite", "longitude": "laenge"}
    assert import_places(table, store=tmp_path / "s.sqlite", columns=columns).imported == 1


def test_geojson_points_and_polygons_are_read(tmp_path: Path) -> None:
    square = [[[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]]
    features = [
        {
            "type": "Feature",
            "properties": {"NAME_EN": "Tell Ward", "PCODE": "P1"},
            "geometry": {"type": "Point", "coordinates": [36.5, 35.5]},
        },
        {"type": "Feature", "properties": {"NAME_EN": "North", "PCODE": "SY07"}, "geometry": {"type": "Polygon", "coordinates": square}},
        {
            "type": "Feature",
            "properties": {"NAME_EN": "Line", "PCODE": "L"},
            "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        },
    ]
    file = write(tmp_path / "areas.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    result = import_places(file, store=tmp_path / "s.sqlite")
    assert (result.imported, [number for number, _ in result.rejected]) == (2, [3])
    (area,) = Gazetteer([tmp_path / "s.sqlite"]).exact("North")
    assert (area.latitude, area.longitude, area.precision) == (35.5, 36.5, "province")


GEONAMES = "169389\tIdlib\tIdlib\tIdleb,إدلب\t35.93062\t36.63393\tP\tPPLA\tSY\t\t12\t\t\t\t128840\t\t451\tAsia/Damascus\t2020-01-01\n"


def test_a_geonames_dump_is_read_plain_or_zipped(tmp_path: Path) -> None:
    write(tmp_path / "SY.txt", GEONAMES + "broken line\n")
    with zipfile.ZipFile(tmp_path / "SY.zip", "w") as archive:
        archive.write(tmp_path / "SY.txt", "SY.txt")
    for name in ("SY.txt", "SY.zip"):
        store = tmp_path / f"{name}.sqlite"
        result = import_places(tmp_path / name, store=store)
        assert (result.imported, [number for number, _ in result.rejected]) == (1, [2])
        assert ids(*Gazetteer([store]).exact("إدلب")) == ["geonames:169389"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", "name,lat,lon\nAlépo,1,2\n".encode("latin-1"), "line 2 is not UTF-8"),
        ("t.geojson", b"{", "not JSON"),
        ("t.geojson", b"[]", "not a GeoJSON FeatureCollection"),
        ("t.zip", b"no zip", "not a ZIP file"),
        ("t.doc", b"", "is not a gazetteer format"),
        ("t.csv", b"name,lat,lon\nA,x,y\n", "no row could be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        import_places(tmp_path / name, store=tmp_path / "s.sqlite")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        import_places(tmp_path / "none.csv", store=tmp_path / "s.sqlite")
