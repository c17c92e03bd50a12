"""Places of a record → what a map draws of each: a point, the line of a road, or the area in which it lies; and its name in a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from khabar.areas import Area
from khabar.errors import QuestionError
from khabar.gazetteer import PlaceName, load_gazetteer
from khabar.geometry import Point, Shape, shape
from khabar.model import Place

SCRIPTS = {
    "arabic": r"[\u0600-\u06ff\u0750-\u077f]",
    "cyrillic": r"[\u0400-\u04ff]",
    "hebrew": r"[\u0590-\u05ff]",
    "greek": r"[\u0370-\u03ff]",
    "devanagari": r"[\u0900-\u097f]",
    "ethiopic": r"[\u1200-\u137f]",
    "burmese": r"[\u1000-\u109f]",
    "georgian": r"[\u10a0-\u10ff]",
    "armenian": r"[\u0530-\u058f]",
    "han": r"[\u4e00-\u9fff]",
}


def shapes(areas: Iterable[Area], seen: Callable[[Point], Point] = lambda point: point) -> dict[str, Shape]:
    """What is drawn of each place that is no point, by key; those of which nothing is known are left out. `seen`: a point as it may be
    told, so that what lies around a place does not tell where the place is."""
    known = list(areas)
    points = _points(known, seen)
    found = {area.key: shape(_place(area), points) for area in known if area.latitude is None or _is_near(area)}
    return {key: drawn for key, drawn in found.items() if drawn and drawn["type"] != "Point"}


def _place(area: Area) -> Place:
    near = _is_near(area)
    return Place(area.name, id=area.id, latitude=area.latitude, longitude=area.longitude, near=near, parent=area.parent)


def _is_near(area: Area) -> bool:
    return area.precision == "near_town" or (area.id or "").startswith("near:")


def _points(areas: Iterable[Area], seen: Callable[[Point], Point]) -> Mapping[str, Point]:
    """The points that shapes are drawn from: of places of the record, and of the gazetteer where the record does not name them."""
    found: dict[str, Point] = {}
    wanted: set[str] = set()
    for area in areas:
        if area.latitude is not None and area.longitude is not None:
            found[area.key] = seen((area.latitude, area.longitude))
        else:
            wanted |= {area.parent or "", *_ends(area.id or "")}
        if _is_near(area):
            wanted.add(area.parent or "")
    for id in wanted - set(found) - {""}:
        entry = load_gazetteer().by_id(id)
        if entry and entry.latitude is not None and entry.longitude is not None:
            found[id] = seen((entry.latitude, entry.longitude))
    return found


def _ends(id: str) -> list[str]:
    return id.removeprefix("road:").split("+") if id.startswith("road:") else []


def names_in(script: str, areas: Iterable[Area]) -> dict[str, str]:
    """What the gazetteer calls the places in a script, by key: a current name whose language is told, else the plainest."""
    if script not in SCRIPTS:
        raise QuestionError(f"no script {script!r}; there are {', '.join(SCRIPTS)}")
    letters, gazetteer, found = re.compile(SCRIPTS[script]), load_gazetteer(), dict[str, str]()
    for area in areas:
        entry = gazetteer.by_id(area.id) if area.id else None
        names = [one for one in gazetteer.names_of(entry) if letters.search(one.text)] if entry else []
        if names:
            found[area.key] = min(names, key=_plain).text
    return found


def _plain(name: PlaceName) -> tuple[bool, bool, int, int, str]:
    """Of untagged names, those with a space too many are misspelt: the plainest comes first."""
    return (name.sort is not None, name.language is None, name.text.count(" "), len(name.text), name.text)
