"""What a user must be able to rely on when a place is looked up, and when a gazetteer is imported."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from khabar.errors import InputError
from khabar.gazetteer import Context, Entry, Gazetteer, Row, import_places, load_gazetteer, skeleton, unresolved_id, write_places


def village(
    id: str, name: str, latitude: float, longitude: float, *names: str, country: str = "SY", admin1: str = "North", population: int = 0
) -> Row:
    return Row(f"test:{id}", name, latitude, longitude, country, admin1, "town", population, list(names))


@pytest.fixture
def invented(tmp_path: Path) -> Gazetteer:
    """Two villages of one name 300 km apart, a town, and a namesake abroad."""
    rows = [
        village("1", "Tell al-Ward", 35.0, 36.0, "تل الورد", admin1="North"),
        village("2", "Tal Ward", 32.5, 36.5, admin1="South"),
        village("3", "Qal'at Zarqa", 35.1, 36.1, population=40_000),
        village("4", "Qasr", 35.2, 36.2),
        village("5", "Zarzur", 30.0, 20.0, country="LY", population=90_000),
        village("6", "Zarzur", 35.3, 36.3, country="SY"),
    ]
    write_places(tmp_path / "places.sqlite", rows, source="invented", licence="none")
    return Gazetteer([tmp_path / "places.sqlite"])


def ids(*entries: Entry | None) -> list[str | None]:
    return [entry.id if entry else None for entry in entries]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Muhambel", "Mhambal"),
        ("A’yn al Hamra", "Ein Elhamra"),
        ("Ash-Shaykh", "Sheikh"),
        ("Qaryat Jdid", "Karyat Djedid"),
        ("Ward al-Gharbiyeh", "Western Ward"),
    ],
)
def test_romanisations_of_one_name_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_names_of_other_consonants_do_not() -> None:
    assert len({skeleton(name) for name in ("Saraqib", "Sarmin", "Salqin", "Ariha")}) == 4


def test_an_exact_spelling_in_any_script_finds_the_place(invented: Gazetteer) -> None:
    assert ids(*invented.exact("تل الورد")) == ["test:1"]
    assert ids(*invented.exact("tell AL WARD")) == ["test:1"]


def test_a_spelling_that_no_list_has_finds_the_place_near_the_reports_other_places(invented: Gazetteer) -> None:
    context = Context(("SY",), points=((35.05, 36.05),))
    assert ids(invented.resolve("Kalaat al-Zarqa", context)) == ["test:3"]


def test_a_look_alike_far_from_everything_is_not_taken(invented: Gazetteer) -> None:
    assert invented.resolve("Qalat Zurayq", Context(("SY",), points=((32.0, 40.0),))) is None


def test_of_two_villages_of_one_name_the_text_decides(tmp_path: Path) -> None:
    rows = [village("1", "Ward", 35.0, 36.0, admin1="North"), village("2", "Ward", 32.5, 36.5, admin1="South")]
    write_places(tmp_path / "p.sqlite", rows, source="invented", licence="none")
    gazetteer = Gazetteer([tmp_path / "p.sqlite"])
    assert gazetteer.resolve("Ward", Context(("SY",))) is None, "nothing tells which: no guess"
    assert ids(gazetteer.resolve("Ward", Context(("SY",), within=("South",)))) == ["test:2"]
    assert ids(gazetteer.resolve("Ward", Context(("SY",), points=((35.1, 36.1),)))) == ["test:1"]


def test_the_reports_country_outweighs_a_larger_town_abroad(invented: Gazetteer) -> None:
    assert ids(invented.resolve("Zarzur", Context(("SY",)))) == ["test:6"]
    assert ids(invented.resolve("Zarzur", Context(("LY",)))) == ["test:5"]


def test_a_small_place_abroad_is_left_open(invented: Gazetteer) -> None:
    assert invented.resolve("Qasr", Context(("UA",))) is None


def test_the_users_gazetteer_comes_first(tmp_path: Path) -> None:
    write_places(tmp_path / "own.sqlite", [village("own", "Mhambal", 35.787, 36.471)], source="own", licence="none")
    write_places(tmp_path / "other.sqlite", [village("other", "Muhambal", 35.787, 36.472, "Muhambel")], source="other", licence="none")
    gazetteer = Gazetteer([tmp_path / "own.sqlite", tmp_path / "other.sqlite"])
    assert ids(*gazetteer.exact("Muhambel")) == ["test:own"], "spelled as in the second, it is the place of the first"


def test_the_users_gazetteer_places_what_another_only_names(tmp_path: Path) -> None:
    write_places(tmp_path / "own.sqlite", [village("own", "Mhambal", 35.787, 36.471)], source="own", licence="none")
    write_places(
        tmp_path / "other.sqlite",
        [replace(village("other", "Muhambel", 0.0, 0.0), latitude=None, longitude=None)],
        source="Khabar sample",
        licence="none",
    )
    gazetteer = Gazetteer([tmp_path / "own.sqlite", tmp_path / "other.sqlite"])
    found = gazetteer.resolve("Muhambel", Context(("SY",), points=((35.8, 36.5),)))
    assert ids(*[found] if found else []) == ["test:own"]


def test_provinces_countries_and_cities_come_without_any_import() -> None:
    gazetteer = load_gazetteer(Path("/nonexistent"))
    province = gazetteer.resolve("Idlib", Context(("SY",), precision="province"))
    city = gazetteer.resolve("Idlib", Context(("SY",), precision="town"))
    country = gazetteer.resolve("Syria", Context())
    assert province is not None
    assert city is not None
    assert country is not None
    assert (province.id, province.precision) == ("ne:SYR-140", "province")
    assert (city.id, city.admin1) == ("geonames:169389", "Idlib")
    assert (country.id, country.precision) == ("country:SY", "country")


def test_spellings_of_an_unlisted_place_share_an_id_within_a_country() -> None:
    assert unresolved_id("Kafr Zanbur", "SY") == unresolved_id("Kafar al-Zanbour", "SY") != unresolved_id("Kafr Zanbur", "IQ")


# --- import


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
