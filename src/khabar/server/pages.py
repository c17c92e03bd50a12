"""Requests for the page → its files, the library that draws its map, and the outlines of the world below it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from khabar.errors import RecordError
from khabar.page.outlines import Box, outlines_in, towns_in
from khabar.server.api import sent
from khabar.server.desk import Body

WORLD = Box(-180, -85, 180, 85)
TOWNS = 2000
VENDOR = Path(str(files("khabar.server"))) / "vendor"


def add_pages(app: FastAPI, basemap: Path | None = None) -> None:
    """Serve the page at /, its modules under /page, third parties' under /vendor (missing where the program was built without npm)."""
    folder = Path(str(files("khabar.server")))

    @app.get("/", include_in_schema=False)
    async def index(request: Request) -> Response:
        return sent(request, Body.of((folder / "page/index.html").read_bytes()), "text/html")

    @app.get("/world.json", include_in_schema=False)
    async def base(request: Request) -> Response:
        return sent(request, world())

    if basemap:
        media = {"geojson": "application/geo+json", "pmtiles": "application/vnd.pmtiles"}[kind_of(basemap)]

        @app.get("/basemap", include_in_schema=False)
        async def own(request: Request) -> Response:
            return FileResponse(basemap, media_type=media)  # in parts, where the reader asks for parts

    app.mount("/page", StaticFiles(directory=folder / "page"))
    if VENDOR.is_dir():
        app.mount("/vendor", StaticFiles(directory=VENDOR))


def kind_of(basemap: Path) -> str:
    """geojson or pmtiles; RecordError for a file that is neither."""
    try:
        with basemap.open("rb") as file:
            begin = file.read(1024)
    except OSError as error:
        raise RecordError(f"{basemap} cannot be read: {error.strerror}") from error
    if begin.startswith(b"PMTiles"):
        return "pmtiles"
    if begin.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b'"type"' in begin:
        return "geojson"
    raise RecordError(f"{basemap} is neither GeoJSON nor PMTiles; QGIS and ogr2ogr write GeoJSON, the program pmtiles writes PMTiles")


@cache
def world() -> Body:
    """The outlines of countries, a point for the name of each, and the larger towns of Natural Earth (public domain), as GeoJSON."""
    countries = [
        _feature({"type": "MultiPolygon", "coordinates": [[_pairs(ring)] for ring in one["rings"]]}, {"type": "land", "name": one["name"]})
        for one in outlines_in(WORLD)
    ]
    # A map writes the name of an area of many parts into each part: GREECE on every island.
    names = [
        _feature({"type": "Point", "coordinates": _middle(one["rings"])}, {"type": "country", "name": one["name"]})
        for one in outlines_in(WORLD)
    ]
    towns = [
        _feature(
            {"type": "Point", "coordinates": [one["longitude"], one["latitude"]]},
            {"type": "town", "name": one["name"], "rank": one["rank"]},
        )
        for one in towns_in(WORLD, at_most=TOWNS)
    ]
    return Body.of({"type": "FeatureCollection", "features": [*countries, *names, *towns]})


def _middle(rings: list[list[float]]) -> list[float]:
    """The centre of gravity of the largest part."""
    largest = max(map(_gravity, rings), key=lambda found: found[0])
    return [round(value, 2) for value in largest[1]]


def _gravity(ring: list[float]) -> tuple[float, list[float]]:
    """The size of a ring, and its centre of gravity (the shoelace formula)."""
    points = _pairs(ring)
    crossed = [(x * v - u * y, x + u, y + v) for (x, y), (u, v) in pairwise(points)]
    size = sum(cross for cross, _, _ in crossed) / 2
    if not size:
        return 0.0, points[0]
    return abs(size), [sum(cross * x for cross, x, _ in crossed) / (6 * size), sum(cross * y for cross, _, y in crossed) / (6 * size)]


def _pairs(ring: list[float]) -> list[list[float]]:
    points = [list(pair) for pair in zip(ring[::2], ring[1::2], strict=True)]
    return [*points, points[0]]


def _feature(geometry: dict[str, object], properties: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
