"""Doc → place mentions.

Names come from the gazetteer and from the model's places and facilities. Around them stand the words that say what sort of place it is
("the village of A", "A's central prison", "the outskirts of A", "near A", "northern A"), and nameless places are given by their words ("two
hamlets east of A"). The mention is the whole phrase without its article; the name inside it is a mention too.

Each name is resolved in the context of the report: its countries, the area that the text puts it in ("A in B province"), the other places
of the report, the sort of place that the words ask for, and size last. Without evidence `id` is None. A name that no gazetteer has gets
the id `name:COUNTRY:KEY` (see `romanising.unresolved_id`) and no point, so that its spellings share a history; what lies around a place
is `near:ID`, a road between two `road:ID+ID`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from khabar.gazetteer import Gazetteer
from khabar.ground import Ground
from khabar.localities import find_phrases
from khabar.model import PlaceMention, Report
from khabar.names import report_countries
from khabar.registry import Registry
from khabar.toponym_meanings import resolve_places
from khabar.toponyms import find_cores

if TYPE_CHECKING:
    from khabar.doc import Doc


def find_places(doc: Doc, report: Report, gazetteer: Gazetteer, registry: Registry) -> tuple[PlaceMention, ...]:
    """Places that a parsed report names or describes, in order, outer phrases before the names within them."""
    countries = report_countries(report, registry, gazetteer)
    ground = Ground(doc, registry, gazetteer, countries)
    named = resolve_places(find_cores(ground), ground)
    phrases = find_phrases(doc, named, countries, gazetteer, registry)
    inner = [mention for mention in named if not any(_is_whole(ground.text, mention, phrase) for phrase in phrases)]
    return tuple(sorted([*phrases, *inner], key=lambda m: (m.start, -m.end)))


def _is_whole(text: str, name: PlaceMention, phrase: PlaceMention) -> bool:
    """Is the phrase the name itself, or a longer one that an unknown name begins: "Karsa Medical" of "Karsa Medical Center"?"""
    if (name.start, name.end) == (phrase.start, phrase.end):
        return True
    goes_on = name.latitude is None and re.match(r"\s[A-Z]", text[name.end : phrase.end])
    return bool(goes_on) and phrase.start <= name.start and name.end < phrase.end
