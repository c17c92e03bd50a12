"""Spellings of places and names → how often the right one comes first, with a list imported or among 10,000 names.

Used by evaluate.py; nothing of the sets is kept.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from rapidfuzz import fuzz, process

AMONG = 10_000
COMPARED = 150
"""Names, likest by a rough measure, that are compared in full."""
_PLACED = re.compile(r"(?P<name>.*?), (?P<area>.*) Governorate, Syria\.")


def rank_places(inputs: Path, output: Path, places: Path) -> Path:
    """For each spelling the settlements of an imported list, the likest first, given the governorate that the text names."""
    from khabar.gazetteer import Gazetteer
    from khabar.place_imports import import_places
    from khabar.resolving import Context, evidence

    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, output.open("w", encoding="utf-8") as out:
        store = Path(folder) / "places.sqlite"
        import_places(places, store=store)
        gazetteer = Gazetteer([store])
        for row in map(json.loads, inputs.read_text(encoding="utf-8").splitlines()):
            placed = _PLACED.match(row["text"])
            assert placed
            context = Context(("SY",), within=(placed["area"],))
            found = gazetteer.candidates(placed["name"], ["SY"], limit=30, cutoff=0.4)
            ranked = sorted(found, key=lambda entry: -evidence(entry, context))
            points = [{"id": e.id.partition(":")[2], "latitude": e.latitude, "longitude": e.longitude} for e in ranked]
            out.write(json.dumps({"id": row["id"], "ranked": points}) + "\n")
    return output


def rank_names(folder: Path) -> dict[str, list[bool]]:
    """Names in Arabic script against the Latin spellings of `ar2en`: is the right one first, among the first five?"""
    from khabar.likeness import likeness
    from khabar.romanising import roughly, sounds

    asked = [line.split("\t") for line in (folder / "ar2en-eval.tsv").read_text(encoding="utf-8").splitlines()]
    others = [line.split("\t")[1] for line in (folder / "ar2en-train.tsv").read_text(encoding="utf-8").splitlines()]
    latin = list(dict.fromkeys([*(english for _, english in asked), *others]))[:AMONG]
    heard = [sounds(name) for name in latin]
    rough = [roughly("".join(one.words)) for one in heard]
    right: dict[str, set[str]] = {}
    for arabic, english in asked:
        right.setdefault(arabic, set()).add(english)
    figures: dict[str, list[bool]] = {"top-1": [], "top-5": []}
    for arabic, meant in right.items():
        query = sounds(arabic)
        near = process.extract(roughly("".join(query.words)), rough, scorer=fuzz.ratio, limit=COMPARED)
        ranked = sorted((index for _, _, index in near), key=lambda index: -likeness(query, heard[index]))
        figures["top-1"].append(latin[ranked[0]] in meant)
        figures["top-5"].append(any(latin[index] in meant for index in ranked[:5]))
    return figures
