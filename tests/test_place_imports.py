"""What a user must be able to rely on when a gazetteer is imported."""

from __future__ import annotations

import csv
import json
import sqlite3
import struct
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from khabar.divisions import divisions
from khabar.errors import InputError, KnowledgeError
from khabar.gazetteer import Gazetteer
from khabar.gazetteer_store import remove_source, sources
from khabar.place_imports import import_places
from khabar.shipped_places import embedded_places
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


def test_first_level_areas_keep_their_outline_without_needless_corners_until_they_are_taken_out(tmp_path: Path) -> None:
    edge = [[36.0 + n / 100, 35.0 + (n % 2) / 1000] for n in range(101)]  # a side that wavers by a hundred metres
    ring = [*edge, [37.0, 36.0], [36.0, 36.0], edge[0]]
    feature = {
        "type": "Feature",
        "properties": {"ADM1_EN": "North", "ADM0_PCODE": "SY"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file, store = write(tmp_path / "areas.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]})), tmp_path / "s.sqlite"
    import_places(file, store=store, country="SY")
    point, area = divisions(Gazetteer([store, embedded_places()]), {"SY"})["features"]
    assert (point["properties"], point["geometry"]["type"]) == ({"name": "North", "country": "SY"}, "Point")
    assert area["geometry"]["coordinates"] == [[[[36.0, 35.0], [37.0, 35.0], [37.0, 36.0], [36.0, 36.0], [36.0, 35.0]]]]
    remove_source(store, "areas.geojson")
    without = divisions(Gazetteer([store, embedded_places()]), {"SY"})["features"]
    assert {one["geometry"]["type"] for one in without} == {"Point"}  # the names of the list that comes with the program


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
        ("t.csv", "name,lat,lon\nAlépo,1,2\n".encode("latin-1"), "row 2: not of the file's encoding"),
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


def names(store: Path, text: str) -> dict[str, tuple[str | None, str | None]]:
    gazetteer = Gazetteer([store])
    (entry,) = gazetteer.exact(text)
    return {name.text: (name.language, name.sort) for name in gazetteer.names_of(entry)}


# --- rows that are wrong


def test_coordinates_that_are_swapped_are_told_by_the_country(tmp_path: Path) -> None:
    table = write(
        tmp_path / "t.csv", "name,lat,lon,country\nTell Ward,35.5,36.5,SY\nSwapped,46.4,30.7,UA\nTurned,30.7,46.4,UA\nFar,-10,36,SY\n"
    )
    result = import_places(table, store=tmp_path / "s.sqlite")
    assert result.imported == 2
    assert [number for number, _ in result.rejected] == [4, 5]
    assert "swapped" in result.rejected[0][1]
    assert "not in SY" in result.rejected[1][1]


def test_a_header_in_another_encoding_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "orte.csv"
    path.write_bytes("Ort;Breite;Länge\nOakford;1;2\n".encode("windows-1252"))
    with pytest.raises(InputError, match=r"found Ort, Breite, L\?nge. It is not UTF-8: give its --encoding"):
        import_places(path, store=tmp_path / "own.sqlite", columns={"name": "Ort", "latitude": "Breite", "longitude": "Länge"})


def test_a_row_in_another_encoding_is_named_and_the_rest_imported(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"name,lat,lon\nZwolle,1,2\n" + "Alépo,1,2\n".encode("latin-1") + b"Ward,1,2\n")
    result = import_places(tmp_path / "t.csv", store=tmp_path / "s.sqlite")
    assert (result.imported, [number for number, _ in result.rejected]) == (2, [3])
    assert "--encoding" in result.rejected[0][1]


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16"])
def test_a_named_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "t.csv").write_bytes("name,name_ar,lat,lon\nTell Ward,تل الورد,35,36\n".encode(encoding))
    import_places(tmp_path / "t.csv", store=tmp_path / "s.sqlite", encoding="utf-8" if encoding == "utf-16" else encoding)
    assert ids(*Gazetteer([tmp_path / "s.sqlite"]).exact("تل الورد")), "UTF-16 tells itself by its first two bytes"


def test_utf16_that_breaks_off_in_a_letter_is_read_up_to_it(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("name,lat,lon\nTell Ward,35,36\nTell".encode("utf-16") + b"x")
    result = import_places(tmp_path / "t.csv", store=tmp_path / "s.sqlite")
    assert (result.imported, [number for number, _ in result.rejected]) == (1, [3])


def test_half_a_letter_in_a_feature_costs_only_its_place(tmp_path: Path) -> None:
    point = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [36, 35]}, "properties": {"name": "%s"}}'
    features = ", ".join(point % name for name in ("Tell\\ud800", "Tell Ward"))
    (tmp_path / "t.geojson").write_text('{"type": "FeatureCollection", "features": [' + features + "]}", encoding="utf-8")
    result = import_places(tmp_path / "t.geojson", store=tmp_path / "s.sqlite")
    assert (result.imported, len(result.rejected)) == (1, 1)


def test_an_open_quotation_mark_costs_only_its_row(tmp_path: Path) -> None:
    many = "".join(f"Place {n},1,2\n" for n in range(200))
    table = write(tmp_path / "t.csv", f'name,lat,lon\n"Ward,1,2\n{many}"Tell, the",1,2\n')
    result = import_places(table, store=tmp_path / "s.sqlite")
    assert (result.imported, [number for number, _ in result.rejected]) == (201, [2])


def test_a_file_that_breaks_off_leaves_the_gazetteer_as_it_was(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    import_places(write(tmp_path / "t.csv", "name,lat,lon\nWard,1,2\n"), store=store)
    with pytest.raises(InputError, match="no row could be read"):
        import_places(write(tmp_path / "t.csv", "name,lat,lon\nWard,x,2\n"), store=store)
    assert len(Gazetteer([store]).exact("Ward")) == 1


def test_a_gazetteer_of_another_form_is_refused_with_what_to_do(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    store.write_bytes(b"no database" * 100)
    with pytest.raises(KnowledgeError, match="not a gazetteer"):
        import_places(write(tmp_path / "t.csv", "name,lat,lon\nWard,1,2\n"), store=store)
    store.unlink()
    sqlite3.connect(store).execute("CREATE TABLE place (id TEXT)")
    with pytest.raises(KnowledgeError, match="import the lists again"):
        import_places(tmp_path / "t.csv", store=store)


# --- sources


def test_a_list_read_again_replaces_what_it_brought(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    import_places(write(tmp_path / "t.csv", "name,lat,lon\nWard,1,2\nZahra,3,4\n"), store=store)
    import_places(write(tmp_path / "t.csv", "name,lat,lon\nWard,1,2\n"), store=store)
    assert not Gazetteer([store]).exact("Zahra")
    assert [(source.name, source.places) for source in sources(store)] == [("t.csv", 1)]


def test_a_list_can_be_removed_without_harm_to_the_others(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    import_places(write(tmp_path / "one.csv", "name,lat,lon\nWard,1,2\n"), store=store)
    import_places(write(tmp_path / "two.csv", "name,lat,lon\nZahra,3,4\n"), store=store)
    assert remove_source(store, "one.csv") == 1
    gazetteer = Gazetteer([store])
    assert not gazetteer.exact("Ward")
    assert not gazetteer.similar("Wardah")
    assert gazetteer.exact("Zahra")
    with pytest.raises(InputError, match=r"no source 'one.csv'.*two.csv"):
        remove_source(store, "one.csv")


def test_a_place_of_two_lists_is_one_place_with_the_names_of_both(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    own = write(tmp_path / "own.csv", "pcode,name_en,name_ar,country,lat,lon\nC1,Tell Warda,تل وردة,SY,35.50,36.50\n")
    import_places(own, store=store, licence="CC BY-IGO")
    other = write(tmp_path / "other.csv", "name,names,country,lat,lon\nTall Wardah,Tel Uarda,SY,35.51,36.51\nTall Wardah,,SY,33.0,36.5\n")
    import_places(other, store=store, licence="ODbL")
    gazetteer = Gazetteer([store])
    assert ids(*gazetteer.exact("Tel Uarda")) == ["sy:C1"], "a name of the second list, the place of the first"
    (entry,) = gazetteer.exact("تل وردة")
    assert {(name.text, name.source, name.licence) for name in gazetteer.names_of(entry)} >= {
        ("تل وردة", "own.csv", "CC BY-IGO"),
        ("Tel Uarda", "other.csv", "ODbL"),
    }
    assert len(gazetteer.exact("Tall Wardah")) == 2, "a namesake far away is another place"


# --- the forms of others


def test_levels_of_an_administrative_table_become_areas(tmp_path: Path) -> None:
    table = write(
        tmp_path / "adm.csv",
        "ADM0_EN,ADM0_PCODE,ADM1_EN,ADM1_PCODE,ADM2_EN,ADM2_AR,ADM2_PCODE,lat,lon\nSyria,SY,North,SY99,Wardiya,الوردية,SY9901,35.5,36.5\n",
    )
    import_places(table, store=tmp_path / "s.sqlite")
    (entry,) = Gazetteer([tmp_path / "s.sqlite"]).exact("الوردية")
    assert (entry.id, entry.name, entry.country, entry.admin1, entry.precision) == ("sy:SY9901", "Wardiya", "SY", "North", "district")


def test_a_settlement_keeps_the_districts_that_contain_it(tmp_path: Path) -> None:
    table = write(
        tmp_path / "s.csv",
        "admin1Name_en,admin1Pcode,admin2Name_en,admin3Name_en,popPlaceName_en,popPlaceName_ar,popPlacePcode,Latitude_y,Longitude_x\n"
        "North,SY99,Warda,Warda Centre,Tell Ward,تل الورد,C1,35.5,36.5\n",
    )
    import_places(table, store=tmp_path / "s.sqlite")
    (entry,) = Gazetteer([tmp_path / "s.sqlite"]).exact("تل الورد")
    assert (entry.id, entry.name, entry.admin1, entry.areas, entry.precision) == (
        "sy:C1", "Tell Ward", "North", ("Warda", "Warda Centre"), "town",
    )  # fmt: skip
    assert names(tmp_path / "s.sqlite", "Tell Ward")["تل الورد"] == ("ar", None)


def test_natural_earths_places_have_geonames_ids_where_it_gives_them(tmp_path: Path) -> None:
    properties = {
        "name": "Wardiya",
        "name_ar": "الوردية",
        "iso_a2": "SY",
        "adm1name": "North",
        "geonameid": 99.0,
        "featurecla": "Populated place",
    }
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [36.5, 35.5]}}
    file = write(tmp_path / "ne.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    import_places(file, store=tmp_path / "s.sqlite")
    assert ids(*Gazetteer([tmp_path / "s.sqlite"]).exact("الوردية")) == ["geonames:99"]


def geonames(id: int, name: str, latitude: float, longitude: float, feature: str, *codes: str, names: str = "", country: str = "SY") -> str:
    kind, code = feature.split(".")
    admin = [*codes, "", "", "", ""][:4]
    cells = [str(id), name, name, names, str(latitude), str(longitude), kind, code, country, "", *admin, "0", "", "0", "UTC", "2026-01-01"]
    return "\t".join(cells) + "\n"


def test_a_geonames_place_knows_its_district_and_what_it_is(tmp_path: Path) -> None:
    dump = geonames(1, "Warda District", 35.5, 36.5, "A.ADM2", "99", "9901") + geonames(2, "Tell Ward", 35.5, 36.5, "P.PPL", "99", "9901")
    dump += geonames(3, "Ward Air Base", 35.6, 36.6, "S.AIRB", "99", "9901")
    import_places(write(tmp_path / "SY.txt", dump), store=tmp_path / "s.sqlite")
    gazetteer = Gazetteer([tmp_path / "s.sqlite"])
    (town,), (base,), (district,) = (gazetteer.exact(name) for name in ("Tell Ward", "Ward Air Base", "Warda District"))
    assert (town.areas, town.precision, town.feature) == (("Warda District",), "town", "P.PPL")
    assert (base.precision, base.feature) == ("exact", "S.AIRB")
    assert (district.precision, district.areas) == ("district", ())


def test_alternate_names_keep_their_language_and_say_which_are_of_old(tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    alternates = (
        "1\t7\tar\tتل الورد\t1\t\t\t\t\t\n2\t7\ten\tRosehill\t\t\t\t1\t\t\n3\t7\ten\tThe Hill\t\t\t1\t\t\t\n"
        "4\t7\tlink\thttps://example.org\t\t\t\t\t\t\n5\t8\tar\tغير معروف\t\t\t\t\t\t\nbroken\n"
    )
    names_file = write(tmp_path / "alternateNamesV2.txt", alternates)
    with pytest.raises(InputError, match="import the dump of the country first"):
        import_places(names_file, store=store)
    import_places(write(tmp_path / "SY.txt", geonames(7, "Tell Ward", 35.5, 36.5, "P.PPL")), store=store)
    result = import_places(names_file, store=store)
    assert (result.imported, [number for number, _ in result.rejected]) == (1, [6])
    assert ids(*Gazetteer([store]).exact("Rosehill")) == ["geonames:7"]
    assert names(store, "Tell Ward") == {
        "Tell Ward": (None, None), "تل الورد": ("ar", None), "Rosehill": ("en", "historic"), "The Hill": ("en", "colloquial"),
    }  # fmt: skip
    assert {source.licence for source in sources(store)} == {"CC BY 4.0"}


def test_a_zip_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "SY.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SY.txt", b"\0" * 30_000_000)
    with pytest.raises(InputError, match="not a gazetteer"):
        import_places(tmp_path / "SY.zip", store=tmp_path / "s.sqlite")


POINT = struct.pack("<BIdd", 1, 1, 36.5, 35.5)
SQUARE = struct.pack("<BIII10d", 1, 3, 1, 5, 36, 35, 37, 35, 37, 36, 36, 36, 36, 35)


def test_a_geopackage_needs_nothing_installed(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "p.gpkg")) as package, package:
        package.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id)")
        package.execute("INSERT INTO gpkg_geometry_columns VALUES ('adm', 'geom', 4326)")
        package.execute("CREATE TABLE adm (fid INTEGER, geom BLOB, ADM1_EN TEXT, ADM1_PCODE TEXT)")
        head = b"GP\0\1" + struct.pack("<i", 4326)
        package.execute("INSERT INTO adm VALUES (1, ?, 'Wardiya', 'SY99')", (head + SQUARE,))
        package.execute("INSERT INTO adm VALUES (2, ?, 'Broken', 'SY98')", (head + SQUARE[:40],))
    result = import_places(tmp_path / "p.gpkg", store=tmp_path / "s.sqlite")
    assert (result.imported, [number for number, _ in result.rejected]) == (1, [2])
    (entry,) = Gazetteer([tmp_path / "s.sqlite"]).exact("Wardiya")
    assert (entry.id, entry.latitude, entry.longitude, entry.precision) == ("sy:SY99", 35.5, 36.5, "province")


def test_a_shapefile_is_read_and_another_projection_refused(tmp_path: Path) -> None:
    raw = pytest.importorskip("pyogrio.raw")
    fields, values = ["NAME_EN", "PCODE"], [np.array(["Tell Ward"], dtype=object), np.array(["SY1"], dtype=object)]
    for name, crs in (("wgs.shp", "EPSG:4326"), ("utm.shp", "EPSG:32637")):
        raw.write(tmp_path / name, np.array([POINT], dtype=object), values, fields, geometry_type="Point", crs=crs, driver="ESRI Shapefile")
    assert import_places(tmp_path / "wgs.shp", store=tmp_path / "s.sqlite", country="SY").imported == 1
    assert ids(*Gazetteer([tmp_path / "s.sqlite"]).exact("Tell Ward")) == ["sy:SY1"]
    with pytest.raises(InputError, match="convert it to WGS 84"):
        import_places(tmp_path / "utm.shp", store=tmp_path / "s.sqlite")


def test_without_the_extra_a_shapefile_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyogrio.raw", None)
    (tmp_path / "p.shp").write_bytes(b"")
    with pytest.raises(InputError, match=r"khabar\[gis\]"):
        import_places(tmp_path / "p.shp", store=tmp_path / "s.sqlite")


def test_headers_that_no_table_has_are_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name,lat," + "x" * 200 + "\nTina,1,2\n", encoding="utf-8")
    limit = csv.field_size_limit(100)
    try:
        with pytest.raises(InputError, match="cannot be read as a row of headers"):
            import_places(tmp_path / "t.csv", store=tmp_path / "s.sqlite")
    finally:
        csv.field_size_limit(limit)


def test_a_feature_without_a_name_is_one_bad_row(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [36.1, 35.5]}
    features = [{"type": "Feature", "properties": told, "geometry": point} for told in ({}, {"name": "Beechton"}, {"height": 4})]
    file = tmp_path / "some.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    result = import_places(file, store=tmp_path / "store.sqlite")
    assert result.imported == 1
    assert [(row, "no column for name" in why) for row, why in result.rejected] == [(1, True), (3, True)]
