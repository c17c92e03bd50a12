"""What a report tells → where its story stands: what a bulletin names before its colon, and what an event leaves for the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from khabar.model import Place, PlaceMention
from khabar.placing import BROAD, WIDE
from khabar.scene import Scene
from khabar.sites import named_place
from khabar.tablerows import Row, row_at, rows_of

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence

OWN_CLAUSE = re.compile(r" (?:\w+ed|\w+ing|held|within|under|they) ")  # "areas | held by A": words that name another
# what a line of a bulletin begins with: "30/06 – Karsa (North):"
# … or all of it: "KARSA – "
HEADING = re.compile(r"[^A-Za-z]{0,6}([A-Z][^:.,;\n]{1,40}?)\s*[.:–—-]{0,2}\s*")
OPENING = re.compile(r"(?:\d+ [A-Z]\w+,? )?[^A-Za-z]{0,16}([A-Z][^:.,;\n]{1,40}?)(?: \([^)\n]*\))?:\s")


def place_opening(sentence: Sentence, scene: Scene) -> Place | None:
    """ "Karsa: two killed", "30/06 – Karsa province: …": the place that a bulletin names for all that it tells after the colon."""
    text, start, end = scene.report.text, sentence.start_char, sentence.end_char
    if (heading := _heading(sentence, scene)) is not None:
        return heading
    opening = re.match(OPENING, text[start:end])
    if opening is None:
        return None
    first, last = start + opening.start(1), start + opening.end(1)
    named = (m for m in scene.place_names if first <= m.start < m.end <= last)
    found = min(named, key=lambda m: (m.start, -m.end), default=None)
    return named_place(scene, found) if found and found.start == first else None


def _heading(sentence: Sentence, scene: Scene) -> Place | None:
    """ "KARSA – ", "Karsa.": a line that begins with no more than a place has it over what follows."""
    text, start = scene.report.text, sentence.start_char
    alone = re.fullmatch(HEADING, sentence.text)
    if alone is None or text[:start].rstrip(" •*·")[-1:] not in ("", "\n"):
        return None
    first, last = start + alone.start(1), start + alone.end(1)
    return next((named_place(scene, m) for m in scene.place_names if (m.start, m.end) == (first, last)), None)


def row_places(sentences: Iterable[Sentence], scene: Scene) -> dict[int, Place | None]:
    """By the first word of each sentence within a row of a table, the finest place that a cell of the row names alone: "North | Karsa";
    None at the first of a row that has none."""
    text, named = scene.report.text, {mention.start: mention for mention in sorted(scene.place_names, key=lambda m: m.end)}
    places = {row.start: _place_alone(row, named, scene) for row in rows_of(text)}
    rows = ((sentence, row_at(text, sentence.start_char)) for sentence in (sentences if places else ()))
    return {s.start: places[row.start] for s, row in rows if row is not None and (places[row.start] or s.start_char == row.start)}


def _place_alone(row: Row, named: Mapping[int, PlaceMention], scene: Scene) -> Place | None:
    alone = [m for start, end in row.cells if (m := named.get(start)) and not scene.report.text[m.end : end].strip(" .,;")]
    fine = [m for m in alone if m.precision not in BROAD] or alone
    return named_place(scene, fine[-1]) if fine else None


def stage_of(place: Place, scene: Scene) -> Place | None:
    """Where the story goes on after an event at a place: there, or in the place whose part it is ("parts of A" → A); None where neither
    has a name."""
    if OWN_CLAUSE.split(place.text)[0].islower():
        return None
    start, end = place.start, place.end
    named = place.near or not place.text[0].islower() or re.match(r"[a-z]{2,3}[-’']", place.text)  # "al-Karsa"
    if named or place.precision == "road" or start is None or end is None:
        return place
    inner = [m for m in scene.place_names if start < m.start < m.end <= end and not m.near and m.precision not in WIDE]
    return named_place(scene, inner[0]) if inner else place
