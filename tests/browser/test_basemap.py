"""A user's own map lies under the places, as GeoJSON and as PMTiles."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from serving import opened, served
from war import war

RIVER = {"type": "LineString", "coordinates": [[20.3, 10.0], [20.8, 10.4]]}


def geojson() -> bytes:
    return json.dumps({"type": "Feature", "properties": {"name": "River"}, "geometry": RIVER}).encode()


def pmtiles() -> bytes:
    """The smallest archive: one vector tile of the whole world, with one area in the layer `floods` (the PMTiles specification, form 3)."""
    around = bytes([9, 0, 0, 26, 0x80, 0x40, 0, 0, 0x80, 0x40, 0xFF, 0x3F, 0, 15])  # to 0,0; lines to three corners; closed
    feature = b"\x18\x03" + b"\x22" + bytes([len(around)]) + around
    layer = b"\x78\x02" + b"\x0a\x06floods" + b"\x12" + bytes([len(feature)]) + feature + b"\x28\x80\x20"
    tile = gzip.compress(b"\x1a" + bytes([len(layer)]) + layer)
    directory = gzip.compress(bytes([1, 0, 1]) + _varint(len(tile)) + bytes([1]))
    metadata = gzip.compress(json.dumps({"vector_layers": [{"id": "floods", "fields": {}}]}).encode())
    after = 127 + len(directory)
    parts = [127, len(directory), after, len(metadata), after + len(metadata), 0, after + len(metadata), len(tile)]
    header = b"PMTiles\x03" + struct.pack("<8Q3Q6B", *parts, 1, 1, 1, 1, 2, 2, 1, 0, 0)
    header += struct.pack("<4iB2i", -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    return header + directory + metadata + tile


def _varint(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])


@pytest.mark.parametrize("make", [geojson, pmtiles])
def test_ones_own_map_lies_under_the_places(browser: Any, tmp_path: Path, make: Any) -> None:
    own = tmp_path / "own"
    own.write_bytes(make())
    with served(war(tmp_path / "war.khabar"), basemap=own) as address, opened(browser, address, "on=2031-05-06") as page:
        page.wait_for_timeout(500)
        before = page.locator("#map .maplibregl-canvas").screenshot()
    with served(tmp_path / "war.khabar") as address, opened(browser, address, "on=2031-05-06") as page:
        page.wait_for_timeout(500)
        assert page.locator("#map .maplibregl-canvas").screenshot() != before
