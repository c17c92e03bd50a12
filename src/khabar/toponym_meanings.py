"""Names of places in a report → mentions, each with the place that it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from khabar.abbreviations import Area
from khabar.gazetteer import Entry, Gazetteer
from khabar.ground import Ground
from khabar.model import PlaceMention, Precision
from khabar.resolving import Name, resolve_all
from khabar.romanising import unresolved_id
from khabar.spellings import normal


@dataclass(frozen=True, slots=True)
class Core:
    """A place's name in the text, before it is resolved: what sort of place the words ask for, the areas that they put it in, the area
    that it abbreviates. `quarter`: they call it a quarter."""

    start: int
    end: int
    hint: Precision | None = None
    within: tuple[str, ...] = ()
    area: Area | None = None
    quarter: bool = False


def resolve_places(cores: Sequence[Core], ground: Ground) -> list[PlaceMention]:
    """Each name with the entry that it means."""
    names = [_name(core, ground) for core in cores]
    entries, countries = resolve_all(names, ground.countries, ground.gazetteer)
    mentions = [mention_of(ground.text, core, entries[name], countries, ground.gazetteer) for core, name in zip(cores, names, strict=True)]
    return _one_sense(mentions)


def _name(core: Core, ground: Ground) -> Name:
    if core.area:
        return Name(core.area.name, (core.area.name,), "province", inside=(core.area.country,))
    words, registry = ground.words((core.start, core.end)), ground.registry
    inside = tuple(code for area in core.within if (code := registry.country_of(area)))
    country = registry.country_of(words) or registry.country_of(words.removesuffix("s"))  # many a text has lost its apostrophes
    return Name(words, core.within, core.hint, country if core.hint in {None, "country"} else None, inside, core.quarter)


def mention_of(text: str, core: Core, entry: Entry | None, countries: tuple[str, ...], gazetteer: Gazetteer) -> PlaceMention:
    words = text[core.start : core.end]
    if entry:
        known = (entry.id, entry.name, entry.latitude, entry.longitude, entry.precision, entry.country, entry.admin1)
        return PlaceMention(core.start, core.end, words, *known)
    open_here = any(place.country in countries for place in gazetteer.exact(words))
    id = unresolved_id(words, countries[0]) if countries and not open_here else None
    return PlaceMention(
        core.start, core.end, words, id, words if id else None, precision=core.hint or "town", country=countries[0] if id else None
    )


def _one_sense(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """One spelling means one place throughout a report, unless the words ask for another sort of place."""
    senses: dict[str, PlaceMention] = {}
    for mention in mentions:
        if mention.latitude is not None:
            senses.setdefault(normal(mention.text), mention)
    out = []
    for mention in mentions:
        sense = senses.get(normal(mention.text))
        if mention.latitude is None and sense:
            mention = replace(sense, start=mention.start, end=mention.end, text=mention.text)
        out.append(mention)
    return out
