"""the names of places in a report, what the words tell of each → the place that each means, or None.

All names of a report are decided together: what each may mean votes for countries and first-level areas, and those it is likely to mean
draw the others to them. So "Springfield" is the one of the state that the rest of the report is about. The evidence for each candidate is
a sum of the weights below; where it is too little, or two candidates far apart have as much, the name stays open.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from khabar.gazetteer import Entry, Gazetteer, Point, distance, km
from khabar.model import Precision
from khabar.shipped_places import SHIPPED, area_key, capitals
from khabar.spellings import loose, normal

SIZES: Mapping[str, float] = {"country": 1.2, "region": 1.2, "province": 0.8}
"""What a country, region or first-level area weighs; a town has `POPULATION` times the logarithm of its people."""
POPULATION = 0.07
CAPITAL = 0.5
OTHER_NAME = 0.2
"""Taken off where the name is only another name of the place, which nothing in the report speaks for."""
LIKENESS = 3.0
"""Weight of a likeness below 1: one better by 0.1 outweighs most sizes; top-1 on variants/syria is 0.830 at 2.5 and 4, 0.825 at 6."""
COUNTRY, AREA, NEAR, WITHIN, SORT = 0.6, 0.3, 0.35, 0.6, 0.3
"""Weights of the report's country and first-level area, of nearness to its other places, of the area that the text puts the place in
("A in B province"), and of the sort of place that the words ask for."""
ENOUGH = 0.30
"""Evidence below which a place is left unresolved; a town of 20,000 people alone in its name, in no country of the report, has 0.31."""
MARGIN = 0.02
SIMILAR, SIMILAR_ALONE = 0.82, 0.95
"""Likeness from which a spelling that no gazetteer has is taken for a place of the report's country: where the place also lies in the area
that the text names or within 60 km of another place of the report; and where nothing but the spelling speaks for it. On variants/syria
with the governorate, 0.82 is right for 477 of 548, wrong for 27, silent for 44; from 0.78 to 0.85 nothing much changes."""
SHARPNESS = 20.0
"""How steeply better evidence takes a name's votes from its other candidates."""
ROUNDS = 2
CANDIDATES = 12

Votes = dict[object, float]


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells of where it is: its countries, the likeliest first; areas that contain the place; points of places near it;
    the precision that the words ask for ("the province of" → province); countries that the text puts the place in ("A, Iraq"). `votes`:
    how much the report speaks for a country or an area of one, the most that any has being 1."""

    countries: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    precision: Precision | None = None
    inside: tuple[str, ...] = ()
    votes: Mapping[object, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """A place's name as it stands in a report, with the areas that the text puts it in, the sort of place that the words ask for, the
    country that it is a name of, and codes of the countries that the text puts it in."""

    text: str
    within: tuple[str, ...] = ()
    precision: Precision | None = None
    country: str | None = None
    inside: tuple[str, ...] = ()


def resolve_all(names: Sequence[Name], countries: tuple[str, ...], gazetteer: Gazetteer) -> dict[Name, Entry | None]:
    """The place that each name of a report means, None where the evidence does not say."""
    candidates = {name: _candidates(name, gazetteer) for name in dict.fromkeys(names)}
    contexts = {name: Context(countries, name.within, (), name.precision, name.inside) for name in candidates}
    for _ in range(ROUNDS):
        shares = {name: _shares(found, contexts[name], name.text) for name, found in candidates.items()}
        contexts = _contexts(shares, countries)
    return {name: _resolve(name.text, found, contexts[name], gazetteer, fuzzy=True) for name, found in candidates.items()}


def resolve(text: str, context: Context, gazetteer: Gazetteer, *, fuzzy: bool = True) -> Entry | None:
    """The place that one name means in that context, None where the evidence does not say."""
    return _resolve(text, gazetteer.exact(text), context, gazetteer, fuzzy=fuzzy)


def _candidates(name: Name, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    found = gazetteer.exact(name.text)
    country = gazetteer.country(name.country) if name.country else None
    if country and all(entry.id != country.id for entry in found):
        found = (country, *found)
    return found if name.precision == "province" else tuple(e for e in found if not _has_seat(e, name.text, found))


def _has_seat(area: Entry, text: str, candidates: Sequence[Entry]) -> bool:
    """ "Homs" is the town, not the province of its name, unless the words ask for a province; "Texas" is not Texas City."""
    return area.precision == "province" and any(
        e.precision == "town" and _is_own_name(e, text) and e.admin1 and area_key(e.admin1) == area_key(area.admin1 or area.name)
        for e in candidates
    )


def _is_own_name(entry: Entry, text: str) -> bool:
    return not text.isascii() or loose(entry.name) == loose(text)


Share = tuple[Entry, float]


def _shares(candidates: Sequence[Entry], context: Context, text: str) -> list[Share]:
    """How likely each candidate is; together at most 1, less where even the best has little evidence."""
    if not candidates:
        return []
    scored = sorted(((evidence(entry, context, text), entry) for entry in candidates), key=lambda pair: -pair[0])[:CANDIDATES]
    best = max(scored[0][0], ENOUGH)
    weights = [math.exp(SHARPNESS * (score - best)) for score, _ in scored]
    total = max(sum(weights), 1.0)
    return [(entry, weight / total) for (_, entry), weight in zip(scored, weights, strict=True)]


def _contexts(shares: Mapping[Name, list[Share]], countries: tuple[str, ...]) -> dict[Name, Context]:
    """What the other names of the report tell of each."""
    spellings: dict[str, Votes] = defaultdict(lambda: defaultdict(float))
    points: list[tuple[str, Point]] = []
    for name, found in shares.items():
        votes = spellings[normal(name.text)]
        for entry, share in found:
            for key in _areas_of(entry):
                votes[key] = max(votes[key], share)
            if (
                share > 0.5
                and entry.precision in ("town", "district", "exact")
                and entry.latitude is not None
                and entry.longitude is not None
            ):
                points.append((normal(name.text), (entry.latitude, entry.longitude)))
    total: Votes = defaultdict(float)
    for rank, code in enumerate(countries):
        total[code] += 1.0 if rank == 0 else 0.5
    for votes in spellings.values():
        for key, share in votes.items():
            total[key] += share
    return {name: _context(name, total, spellings[normal(name.text)], points, countries) for name in shares}


def _context(
    name: Name, total: Mapping[object, float], own: Mapping[object, float], points: Sequence[tuple[str, Point]], countries: tuple[str, ...]
) -> Context:
    """A name does not speak for itself."""
    others = {key: votes - own.get(key, 0.0) for key, votes in total.items()}
    most_country = max((votes for key, votes in others.items() if isinstance(key, str)), default=0.0)
    most_area = max((votes for key, votes in others.items() if not isinstance(key, str)), default=0.0)
    shares = {key: votes / max(most_country if isinstance(key, str) else most_area, 1.0) for key, votes in others.items()}
    key = normal(name.text)
    near = tuple(dict.fromkeys(point for spelling, point in points if spelling != key))
    return Context(countries, name.within, near, name.precision, name.inside, shares)


def _areas_of(entry: Entry) -> list[object]:
    if not entry.country:
        return []
    return [entry.country, (entry.country, area_key(entry.admin1))] if entry.admin1 else [entry.country]


def _resolve(text: str, exact: Sequence[Entry], context: Context, gazetteer: Gazetteer, *, fuzzy: bool) -> Entry | None:
    chosen = _choose(exact, context, text)
    pointless = chosen is not None and chosen.latitude is None
    if (chosen is not None and not pointless) or not fuzzy or not context.countries:
        return chosen
    if chosen is None and any(entry.country in context.countries for entry in exact):
        return None
    alike = [e for e in gazetteer.similar(text, context.countries) if e.score >= _likeness_needed(e, context)]
    if pointless:  # the user's own gazetteer may know where it lies, under another spelling
        alike = [e for e in alike if e.source not in SHIPPED]
    return _choose(alike, context) or chosen


def _likeness_needed(entry: Entry, context: Context) -> float:
    backed = _is_within(entry, context) or _nearness(entry, context.points) > math.exp(-0.6)
    return SIMILAR if backed else SIMILAR_ALONE


def _is_within(entry: Entry, context: Context) -> bool:
    if entry.country in context.inside and entry.precision != "country":
        return True
    return entry.admin1 is not None and area_key(entry.admin1) in {area_key(area) for area in context.within}


def _choose(candidates: Sequence[Entry], context: Context, text: str = "") -> Entry | None:
    """The candidate with the most evidence, if that is enough and no other far from it has as much."""
    if not candidates:
        return None
    scored = sorted(((evidence(entry, context, text), entry) for entry in candidates), key=lambda pair: -pair[0])
    best, entry = scored[0]
    if len(scored) > 1 and best - scored[1][0] < MARGIN and km(entry, scored[1][1]) > 25:
        return None
    return entry if best >= ENOUGH else None


def evidence(entry: Entry, context: Context, text: str = "") -> float:
    """How much speaks for a candidate: size, likeness, the report's country and area, what contains it, nearness, the sort asked for."""
    other = bool(text) and not _is_own_name(entry, text)
    size = SIZES.get(entry.precision) or (POPULATION * math.log10(entry.population + 1) if entry.population else 0.0)
    size += CAPITAL * is_capital(entry)
    total = size - OTHER_NAME * other + LIKENESS * (entry.score - 1.0) + COUNTRY * _country_share(entry, context)
    if context.votes and entry.admin1 and entry.precision != "province":
        total += AREA * context.votes.get((entry.country, area_key(entry.admin1)), 0.0)
    if _is_within(entry, context):
        total += WITHIN
    total += NEAR * _nearness(entry, context.points)
    if context.precision is not None:
        total += SORT if entry.precision == context.precision else -0.2
    return total


def is_capital(entry: Entry) -> bool:
    return entry.precision == "town" and entry.population > 100_000 and (entry.country, normal(entry.name)) in capitals()


def _country_share(entry: Entry, context: Context) -> float:
    if context.votes:
        return context.votes.get(entry.country, 0.0) if entry.country else 0.0
    if entry.country in context.countries:
        return 1.0 if entry.country == context.countries[0] else 0.67
    return -0.15 if context.countries and entry.population < 100_000 else 0.0


def _nearness(entry: Entry, points: Sequence[Point]) -> float:
    """1 on one of the points, 0.37 at 100 km from the nearest."""
    if entry.latitude is None or entry.longitude is None or not points:
        return 0.0
    nearby = [point for point in points if abs(point[0] - entry.latitude) < 4]  # degrees: farther is next to nothing
    return math.exp(-min((distance((entry.latitude, entry.longitude), point) for point in nearby), default=math.inf) / 100)
