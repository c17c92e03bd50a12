"""One invented war → a record with all that a page shows: towns, a road, a stretch of land, a place on no map, a dispute, hostile words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import invented
from khabar.naming import keep_files
from khabar.record import Record

BOOK: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "stories/control.yaml").read_text("utf-8"))
PLACES = {
    "Oakford": {"latitude": 10.1, "longitude": 20.4, "id": "x:oakford", "precision": "town", "country": "SY"},
    "Pinewell": {"latitude": 10.3, "longitude": 20.7, "id": "x:pinewell", "precision": "town", "country": "SY"},
    "the Oakford–Pinewell road": {"id": "road:x:oakford+x:pinewell", "precision": "road"},
    "the hills north of Oakford": {"parent": "x:oakford", "near": True, "precision": "near_town"},
}
HOSTILE = '<img src=x onerror="alert(1)"> Green Front took Oakford </script><script>alert(2)</script>'
ROWS: list[list[Any]] = [
    ["post-1", "control_state", "Red Army", None, "Oakford", "2031-05-01", []],
    ["post-1", "control_state", "Red Army", None, "Pinewell", "2031-05-01", []],
    ["post-5", "capture", "Green Front", "Red Army", "Oakford", "2031-05-05", ["Wire Agency", "[a] source"], {"sentence": HOSTILE}],
    ["red-6", "capture", "Green Front", None, "Oakford", "2031-05-05", [], {"modality": "denied"}],
    ["post-5", "control_state", "Green Front", None, "the Oakford–Pinewell road", "2031-05-05", []],
    ["post-5", "control_state", "Green Front", None, "the hills north of Oakford", "2031-05-05", []],
    ["post-8", "clash", "Red Army", "Green Front", "Pinewell", "2031-05-08", []],
    ["green-6", "capture", "Green Front", None, "Elmhurst", "2031-05-06", []],
    ["red-6", "capture", "Green Front", None, "Elmhurst", "2031-05-06", [], {"modality": "denied"}],
    ["green-6", "capture", "Green Front", None, "Mill Bridge", "2031-05-06", []],
    ["green-6", "capture", "Green Front", None, "Stone Ford", "2031-05-06", []],
    ["post-8", "control_state", "Green Front", None, "Bald Hill", "2031-05-08", []],
]


def actors() -> str:
    """The registry file of the invented war: who is who, and on whose side."""
    rows = [
        {"id": id, "name": one["name"], "kind": one["kind"], "names": [one["name"]], "unverified": True}
        | ({"sides": [{"of": one["side"], "conflict": "invented"}]} if "side" in one else {})
        for id, one in BOOK["world"].items()
    ]
    return yaml.safe_dump({"conflict": "invented", "countries": ["SY"], "actors": rows})


def war(path: Path) -> Path:
    with Record.create(path) as kept:
        keep_files(kept.connection, [("invented.yaml", actors())])
        for reading in invented.readings(ROWS, world=BOOK["world"], reports=BOOK["reports"], places=PLACES):
            kept.add(reading)
    return path
