"""Content → files for maps: GeoJSON, GeoPackage, TimeMap, Wikipedia's Lua table, and one HTML page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

from khabar.areas import WIDE
from khabar.contract import Json, line
from khabar.errors import QuestionError
from khabar.exports.content import Content
from khabar.exports.extras import needed
from khabar.exports.losses import Losses
from khabar.exports.tables import Table, cell, point_wkb, tables
from khabar.incidents import incident_json


def write_geojson(content: Content, path: Path) -> Losses:
    """A FeatureCollection of incidents and of holdings; `when` as in Linked Places, `edtf` as the Extended Date/Time Format writes days."""
    losses = Losses("geojson", {"incidents": len(content.incidents), "holdings": len(content.holdings)})
    features = [*(_incident_feature(content, number) for number in range(len(content.incidents))), *map(_holding_feature, content.holdings)]
    for feature in features:
        if feature["geometry"] is None:
            losses.lose("the place on the map", "no gazetteer has a point for it; the feature stands without geometry", feature["id"])
    note = {"withheld": content.withheld.words} if content.withheld.words else {}
    path.write_text(line({"type": "FeatureCollection", **note, "features": features}) + "\n", encoding="utf-8")
    return losses


def _incident_feature(content: Content, number: int) -> Json:
    one = content.incidents[number]
    place = one.place
    quotes = [
        {"claim_id": telling.claim_id, "sentence": item.sentence, "outlet": item.outlet, "published": item.known, "url": item.url}
        for telling, item in content.tellings(one)
    ]
    properties = {"type": "incident", **{k: v for k, v in incident_json(one).items() if k not in ("id", "claims")}, "evidence": quotes}
    point = _point(place.longitude, place.latitude) if place else None
    return _feature(one.id, point, properties | {"precision": place.precision if place else None}, one.date_start, one.date_end)


def _holding_feature(state: Json) -> Json:
    place = state["place"]
    names = ("status", "standing", "probability", "informants", "for", "against", "because")
    properties = {"type": "holding", "place": place, "holder": state["holder"], "precision": place["precision"]}
    properties |= {name: state[name] for name in names} | {"evidence": state["for"]}
    key = f"{place['key']}/{state['date_start'] or '..'}"
    return _feature(key, _point(place["longitude"], place["latitude"]), properties, state["date_start"], state["date_end"])


def _feature(id: str, point: Json | None, properties: Json, start: date | None, end: date | None) -> Json:
    when = {"timespans": [{"start": {"in": start}, "end": {"in": end}}]}
    return {"type": "Feature", "id": id, "geometry": point, "when": when, "properties": properties | {"edtf": edtf(start, end)}}


def edtf(start: date | None, end: date | None) -> str:
    """Days in the Extended Date/Time Format; an open end is "..".

    >>> edtf(date(2015, 3, 28), date(2015, 3, 28)), edtf(None, date(2015, 6, 8))
    ('2015-03-28', '../2015-06-08')
    """
    if start == end:
        return start.isoformat() if start else ".."
    return f"{start or '..'}/{end or '..'}"


def _point(longitude: float | None, latitude: float | None) -> Json | None:
    return None if longitude is None or latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}


# --- GeoPackage

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#000000")  # Okabe and Ito


def write_geopackage(content: Content, path: Path) -> Losses:
    """Layers `holdings` and `incidents`, each with a style that QGIS applies by itself."""
    raw, numpy = needed("pyogrio.raw", "gis"), needed("numpy", "gis")
    path.unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    losses = Losses("geopackage")
    found = {one.name: one for one in tables(content)}
    for name in ("holdings", "incidents"):
        _write_layer(raw, numpy, path, found[name])
        losses.kept[name] = len(found[name].rows)
        for row in found[name].rows:
            if row.get("latitude") is None:
                losses.lose(
                    f"the point of {name}", "no gazetteer has one; the row stands without geometry", str(row.get("id") or row.get("place"))
                )
    for item in content.told:
        losses.lose("the claims themselves", "the layers hold what follows from them; export csv for the claims", item.claim.claim_id)
    _style(path, "holdings", "holder", [str(row.get("holder") or "") for row in found["holdings"].rows])
    _style(path, "incidents", "kind", [str(row["kind"]) for row in found["incidents"].rows])
    return losses


def _write_layer(raw: Any, numpy: Any, path: Path, one: Table) -> None:
    points = numpy.array([point_wkb(row.get("longitude"), row.get("latitude")) for row in one.rows], dtype=object)
    names = [name for name in one.columns if name not in ("latitude", "longitude")]
    columns = [numpy.array([_plain(cell(row.get(name))) for row in one.rows], dtype=object) for name in names]
    raw.write(
        str(path),
        geometry=points,
        field_data=columns,
        fields=names,
        geometry_type="Point",
        crs="EPSG:4326",
        driver="GPKG",
        layer=one.name,
        append=path.exists(),
    )


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)


def _style(path: Path, layer: str, column: str, values: Sequence[str]) -> None:
    """A row of `layer_styles`, where QGIS looks for the style of a layer."""
    common = sorted(set(values), key=lambda value: (-values.count(value), value))
    symbols, categories = [], []
    for number, (value, colour) in enumerate(zip(common, cycle(PALETTE), strict=False)):
        text = _xml(value)
        categories.append(f'<category symbol="{number}" value="{text}" label="{text or "nobody named"}" render="true"/>')
        symbols.append(_symbol(number, colour))
    qml = (
        f'<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis version="3.0">'
        f'<renderer-v2 type="categorizedSymbol" attr="{column}">'
        f"<categories>{''.join(categories)}</categories><symbols>{''.join(symbols)}</symbols></renderer-v2></qgis>"
    )
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(_STYLES)
        connection.execute(
            "INSERT INTO layer_styles (f_table_name, f_geometry_column, styleName, styleQML, useAsDefault) VALUES (?, 'geom', ?, ?, 1)",
            (layer, f"{layer} by {column}", qml),
        )
    connection.close()


def _symbol(number: int, colour: str) -> str:
    rgb = ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    layer = f'<prop k="name" v="circle"/><prop k="color" v="{rgb},255"/><prop k="outline_color" v="255,255,255,255"/><prop k="size" v="3"/>'
    return f'<symbol type="marker" name="{number}" alpha="1"><layer class="SimpleMarker" enabled="1">{layer}</layer></symbol>'


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


_STYLES = """CREATE TABLE IF NOT EXISTS layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT DEFAULT '',
f_table_schema TEXT DEFAULT '', f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
useAsDefault BOOLEAN, description TEXT DEFAULT '', owner TEXT DEFAULT '', ui TEXT, update_time DATETIME DEFAULT '1970-01-01T00:00:00Z')"""


# --- TimeMap, Wikipedia, one page


def write_timemap(content: Content, folder: Path) -> Losses:
    """A folder with events.json and sources.json, in the fields of Bellingcat's TimeMap and of Atlos exports."""
    folder.mkdir(parents=True, exist_ok=True)
    losses, events = Losses("timemap"), []
    for one in content.incidents:
        if one.date_end is None or not one.place or one.place.latitude is None:
            losses.lose("incidents without a day or a point", "each event stands on the map and the time line", one.id)
            continue
        tellings = content.tellings(one)
        denied = [telling.claim_id for telling, _ in tellings if not telling.counts]
        for id in denied:
            losses.lose("that a claim is denied or possible", "an event has a text and its sources only", id)
        events.append(
            {
                "id": one.id,
                "description": one.title,
                "date": one.date_end,
                "time": "",
                "time_precision": "day" if one.date_start == one.date_end else "interval",
                "location": one.place.name,
                "latitude": str(one.place.latitude),
                "longitude": str(one.place.longitude),
                "type": one.kind,
                "category": one.kind,
                "category_full": one.kind,
                "associations": [party.name for party in (*one.actors, *one.recipients)],
                "sources": sorted({item.claim.report_id for _, item in tellings}),
                "comments": "; ".join(f"{figure.unit}: {figure.low} to {figure.high}" for figure in one.figures),
                "time_display": edtf(one.date_start, one.date_end),
            }
        )
    sources = {
        report.id: {
            "id": report.id,
            "title": report.title or report.outlet or report.id,
            "thumbnail": "",
            "paths": [],
            "type": "report",
            "affil_s": [report.outlet] if report.outlet else [],
            "url": report.url or "",
            "description": "",
            "author": report.author or "",
            "date": report.published,
        }
        for report in content.reports
    }
    (folder / "events.json").write_text(line(events) + "\n", encoding="utf-8")
    (folder / "sources.json").write_text(line(sources) + "\n", encoding="utf-8")
    losses.kept = {"events": len(events), "sources": len(sources)}
    return losses


def write_wikipedia(content: Content, path: Path) -> Losses:
    """The rows of a Lua map module: who holds each place on the last day of the window, or on the last day that anyone reported on."""
    losses = Losses("wikipedia")
    day = content.last or max((item.known for item in content.told if item.known), default=None)
    if day is None:
        raise QuestionError("no report of the record has a day: say for which the map is, with --to DATE")
    lines = []
    for state in content.holdings:
        if not ((state["date_start"] is None or state["date_start"] <= day) and (state["date_end"] is None or day <= state["date_end"])):
            continue
        name, holder = state["place"]["name"], (state["holder"] or {}).get("name", "")
        if state["place"]["latitude"] is None or state["place"]["precision"] in WIDE:
            losses.lose("places without a point of their own", "the module draws dots", name)
            continue
        for what in ("disputed_by", "against"):
            if state[what]:
                losses.lose("who disputes it", "a dot has one colour", name)
        lines.append(_lua_row(state, holder))
    words = f"-- {day}, from a Khabar record; colours of holders are the editor's to choose\nreturn {{\n"
    path.write_text(words + "".join(sorted(lines)) + "}\n", encoding="utf-8")
    losses.kept["places"] = len(lines)
    return losses


def _lua_row(state: Json, holder: str) -> str:
    place = state["place"]
    mark = {"contested": "contested", "besieged": f"{holder}, besieged" if holder else "besieged"}.get(state["status"], holder)
    fields: dict[str, Any] = {
        "lat": place["latitude"],
        "long": place["longitude"],
        "mark": mark,
        "marksize": 6,
        "label": place["name"],
        "link": "",
        "label_size": 0,
        "position": "right",
    }
    return "  { " + ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()) + " },\n"


def write_html(content: Content, path: Path) -> Losses:
    """The page of `khabar map`, for the first and the last day of the window."""
    from khabar import page

    days = list(_days(content))
    if not days:
        raise QuestionError("no report of the record has a day: say from when to when, with --from DATE --to DATE")
    first, last = content.first or days[0], content.last or days[-1]
    if content.withheld.coarse_since:
        raise QuestionError("this record holds recent reports, and the page has no coarse form yet: write it for your own desk with --full")
    view = content.view
    page.write_map(view.record, before=first, after=last, output=path, known_by=view.known_by, registry=view.registry)  # type: ignore[arg-type]
    losses = Losses("html", {"places": len(view.areas)})
    for one in content.incidents:
        losses.lose("incidents", "the page shows who held what", one.id)
    return losses


def _days(content: Content) -> Iterator[date]:
    yield from sorted({item.known for item in content.told if item.known})
