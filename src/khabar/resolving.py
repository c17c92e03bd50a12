"""the names of places in a report, what the words tell of each → the place that each means, or None.

All names of a report are decided together: what each may mean votes for countries and first-level areas, and those it is likely to mean
draw the others to them. So "Springfield" is the one of the state that the rest of the report is about. The evidence for each candidate is
a sum of the weights below; where it is too little, or two candidates far apart have as much, the name stays open.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from khabar.gazetteer import Entry, Gazetteer, Point, distance, km
from khabar.model import Precision
from khabar.romanising import skeleton, without_feature
from khabar.shipped_places import SHIPPED, area_key, capitals
from khabar.spellings import loose, normal

SIZES: Mapping[str, float] = {"country": 1.2, "region": 1.2, "province": 0.8}
"""What a country, region or first-level area weighs; a town has `POPULATION` times the logarithm of its people."""
UNASKED = 0.3
"""What a first-level area of a country weighs that nothing else in the report speaks for: Portland is no parish of Jamaica."""
POPULATION = 0.07
CAPITAL = 0.6
"""For the capital of a country; below 0.5 "Washington" alone stays open between the city and the state."""
FOREIGN = -0.15
"""The share of a country that nothing else in the report speaks for, where a town is asked for there."""
OTHER_NAME = 0.2
"""Taken off where the name is only another name of the place, which nothing in the report speaks for."""
LIKENESS = 3.0
"""Weight of a likeness below 1: one better by 0.1 outweighs most sizes; top-1 on variants/syria is 0.830 at 2.5 and 4, 0.825 at 6."""
COUNTRY, AREA, NEAR, WITHIN, SORT = 0.6, 0.3, 0.35, 1.2, 0.3
"""Weights of the report's country and first-level area, of nearness to its other places, of the area that the text puts the place in
("A in B province"), and of the sort of place that the words ask for."""
ENOUGH = 0.30
"""Evidence below which a place is left unresolved; a town of 20,000 people alone in its name, in no country of the report, has 0.31."""
MARGIN = 0.02
QUARTER = 0.86
"""Nearness to another place of the report that a town needs to be called a quarter: 15 km."""
HAMLET, LONELY, ALONE = 20_000, 0.37, 0.35
"""What is taken off a place of so few people (or of whom no list tells) that lies more than 100 km from all others of the report."""
SIMILAR, SIMILAR_ALONE = 0.82, 0.95
"""Likeness from which a spelling that no gazetteer has is taken for a place of the report's country: where the place also lies in the area
that the text names or within 60 km of another place of the report; and where nothing but the spelling speaks for it. On variants/syria
with the governorate, 0.82 is right for 397 of 548, wrong for 31, silent for 120; without SHORT for 477, 27 and 44."""
SHORT = 3
"""Consonants of a name that too many others are like, where no more than nearness speaks for it."""
SHARPNESS = 20.0
"""How steeply better evidence takes a name's votes from its other candidates."""
ROUNDS = 2
CANDIDATES = 12

Votes = dict[object, float]


@dataclass(frozen=True, slots=True)
class Context:
    """What a report tells of where it is: its countries, the likeliest first; areas that contain the place; points of places near it;
    the precision that the words ask for ("the province of" → province); countries that the text puts the place in ("A, Iraq"); is it called
    a quarter of a town? `votes`: how much the report speaks for a country or an area of one, the most that any has being 1."""

    countries: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    precision: Precision | None = None
    inside: tuple[str, ...] = ()
    quarter: bool = False
    votes: Mapping[object, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """A place's name as it stands in a report, with the areas that the text puts it in, the sort of place that the words ask for, the
    country that it is a name of, and codes of the countries that the text puts it in; is it called a quarter of a town?"""

    text: str
    within: tuple[str, ...] = ()
    precision: Precision | None = None
    country: str | None = None
    inside: tuple[str, ...] = ()
    quarter: bool = False


def resolve_all(
    names: Sequence[Name], countries: tuple[str, ...], gazetteer: Gazetteer
) -> tuple[dict[Name, Entry | None], tuple[str, ...]]:
    """The place that each name of a report means, None where the evidence does not say; and the report's countries, as they look then, the
    likeliest first. `countries`: as they looked before."""
    candidates = {name: _candidates(name, gazetteer) for name in dict.fromkeys(names)}
    contexts = {name: _context_of(name, countries) for name in candidates}
    for _ in range(ROUNDS):
        shares = {name: _shares(found, contexts[name], name.text) for name, found in candidates.items()}
        contexts = _contexts(shares, countries)
    countries = _ranked(shares, countries)
    contexts = {name: replace(context, countries=countries) for name, context in contexts.items()}
    chosen = {name: _resolve(name.text, found, contexts[name], gazetteer, fuzzy=True) for name, found in candidates.items()}
    told = {entry.id for entry in chosen.values() if entry}
    return {name: entry or _told_elsewhere(name, told, countries, gazetteer) for name, entry in chosen.items()}, countries


def _told_elsewhere(name: Name, told: Collection[str], countries: tuple[str, ...], gazetteer: Gazetteer) -> Entry | None:
    """The place that the report names otherwise: "Kesab … the town of Kasab"."""
    alike = gazetteer.similar(name.text, countries) if countries and not name.within else ()
    return next((entry for entry in alike if entry.id in told and entry.precision == "town" and entry.score >= SIMILAR_ALONE), None)


def _ranked(shares: Mapping[Name, list[Share]], countries: tuple[str, ...]) -> tuple[str, ...]:
    """A report's countries by the number of names that lie in each, those it speaks of otherwise among them."""
    votes = {code: 1.5 if rank == 0 else 0.75 for rank, code in enumerate(countries)}
    for found in shares.values():
        for code in {entry.country for entry, share in found if share > 0.5 and entry.country and entry.precision != "country"}:
            votes[code] = votes.get(code, 0.0) + 1.0
    return tuple(sorted((code for code in votes if code in countries or votes[code] > 2.0), key=lambda code: -votes[code]))


def resolve(text: str, context: Context, gazetteer: Gazetteer, *, fuzzy: bool = True) -> Entry | None:
    """The place that one name means in that context, None where the evidence does not say."""
    return _resolve(text, gazetteer.exact(text), context, gazetteer, fuzzy=fuzzy)


def _candidates(name: Name, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    found = gazetteer.exact(name.text)
    if name.precision == "district":  # "Sarpy and Lancaster counties"
        found = tuple({entry.id: entry for entry in (*found, *gazetteer.exact(f"{name.text} County"))}.values())
    country = gazetteer.country(name.country) if name.country else None
    if country and all(entry.id != country.id for entry in found):
        found = (country, *found)
    return found if name.precision == "province" else tuple(e for e in found if not _has_seat(e, name.text, found))


def _has_seat(area: Entry, text: str, candidates: Sequence[Entry]) -> bool:
    """ "Homs" is the town, not the province of its name, unless the words ask for a province; "Texas" is not Texas City."""
    return area.precision == "province" and any(
        e.precision == "town"
        and e.country == area.country
        and _is_own_name(e, text)
        and e.admin1
        and area_key(e.admin1) == area_key(area.admin1 or area.name)
        for e in candidates
    )


def _is_own_name(entry: Entry, text: str) -> bool:
    """In another romanisation too ("Idlib", "Idleb"); "Kansas" is not Kansas City."""
    if not text.isascii() or loose(entry.name) == loose(text):
        return True
    return without_feature(entry.name) == entry.name and _consonants(entry.name) == _consonants(text)


def _consonants(name: str) -> str:
    return re.sub(r"(.)\1+", r"\1", skeleton(name).replace(" ", ""))


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
    return replace(_context_of(name, countries), points=near, votes=shares)


def _context_of(name: Name, countries: tuple[str, ...]) -> Context:
    return Context(countries, name.within, precision=name.precision, inside=name.inside, quarter=name.quarter)


def _areas_of(entry: Entry) -> list[object]:
    if not entry.country:
        return []
    return [entry.country, (entry.country, area_key(entry.admin1))] if entry.admin1 else [entry.country]


def _resolve(text: str, exact: Sequence[Entry], context: Context, gazetteer: Gazetteer, *, fuzzy: bool) -> Entry | None:
    local = any(entry.country in context.countries for entry in exact)
    chosen = _choose(exact, context, text)
    pointless = chosen is not None and chosen.latitude is None
    if not fuzzy or not context.countries or (local and not pointless) or (chosen is not None and chosen.precision != "town"):
        return chosen
    alike = [e for e in gazetteer.similar(text, context.countries) if e.score >= _likeness_needed(e, context)]
    if pointless:  # the user's own gazetteer may know where it lies, under another spelling
        return _choose([e for e in alike if e.source not in SHIPPED and _is_own_name(e, text)], context) or chosen
    return _choose([*exact, *(e for e in alike if not _has_seat(e, text, alike))], context, text)


def _likeness_needed(entry: Entry, context: Context) -> float:
    near = _nearness(entry, context.points) > math.exp(-0.6)
    if _is_within(entry, context):
        return SIMILAR
    if len(skeleton(entry.name)) > SHORT:
        return SIMILAR if near else SIMILAR_ALONE
    return SIMILAR_ALONE if near else math.inf  # "Mallah" is no "Milh" at the other end of the country


def _is_within(entry: Entry, context: Context) -> bool:
    if entry.country in context.inside and entry.precision != "country":
        return True
    return entry.admin1 is not None and area_key(entry.admin1) in {area_key(area) for area in context.within}


def _is_elsewhere(entry: Entry, context: Context) -> bool:
    """Is it in another area than the text says outright: "A, B province"?"""
    told = [area for area in context.within if without_feature(area) != area]
    return bool(told) and entry.precision == "town" and entry.admin1 is not None


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
    other = bool(text) and text.isascii() and loose(entry.name) != loose(text)
    size = SIZES.get(entry.precision) or (POPULATION * math.log10(entry.population + 1) if entry.population else 0.0)
    if entry.precision == "province" and context.precision is None and _country_share(entry, context) <= 0.0:
        size = UNASKED
    size += CAPITAL * is_capital(entry)
    total = size - OTHER_NAME * other + LIKENESS * (entry.score - 1.0) + COUNTRY * _country_share(entry, context)
    if context.votes and entry.admin1 and entry.precision != "province":
        total += AREA * context.votes.get((entry.country, area_key(entry.admin1)), 0.0)
    if _is_within(entry, context):
        total += WITHIN
    elif _is_elsewhere(entry, context):
        total -= WITHIN
    near = _nearness(entry, context.points)
    total += NEAR * near
    if context.quarter and entry.precision == "town" and near < QUARTER:
        return -1.0
    if near < LONELY and context.points and entry.precision == "town" and entry.population < HAMLET and entry.latitude is not None:
        total -= ALONE
    if context.precision is not None:
        total += SORT if entry.precision == context.precision else -0.2
    return total


def is_capital(entry: Entry) -> bool:
    return entry.precision == "town" and entry.population > 100_000 and (entry.country, normal(entry.name)) in capitals()


def _country_share(entry: Entry, context: Context) -> float:
    if context.votes:
        share = context.votes.get(entry.country, 0.0) if entry.country else 0.0
        return share if share > 0.05 or entry.precision != "town" else FOREIGN
    if entry.country in context.countries:
        return 1.0 if entry.country == context.countries[0] else 0.67
    return -0.15 if context.countries and entry.population < 100_000 else 0.0


def _nearness(entry: Entry, points: Sequence[Point]) -> float:
    """1 on one of the points, 0.37 at 100 km from the nearest."""
    if entry.latitude is None or entry.longitude is None or not points:
        return 0.0
    nearby = [point for point in points if abs(point[0] - entry.latitude) < 4]  # degrees: farther is next to nothing
    return math.exp(-min((distance((entry.latitude, entry.longitude), point) for point in nearby), default=math.inf) / 100)
