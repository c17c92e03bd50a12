"""A registry, or a file of one → what is wrong with it, a sentence each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from itertools import combinations, product

import yaml

from khabar.actorfiles import BELONGING, KINDS, RELATIONS, SPEAKERS, Actor, Period, Relation, Side
from khabar.registry import Registry


def lint(registry: Registry, only: Collection[str] | None = None) -> tuple[str, ...]:
    """What is wrong with a registry; of the entries `only`, where ids are given, together with what they clash with."""
    found = (*_shared(registry), *_untyped(registry), *_dangling(registry), *_circles(registry), *_two_sided(registry))
    told = [(ids, sentence) for ids, sentence in found if only is None or set(ids) & set(only)]
    return tuple(dict.fromkeys(sentence for _, sentence in told))


DATED = ("from", "to", "unverified", "source")
KEYS: Mapping[str, tuple[str, ...]] = {
    "a file": ("conflict", "countries", "ambiguous", "two_sided", "actors", "generic"),
    "actors": (
        *("id", "name", "kind", "outlet", "country", "conflicts", "active", "names", "sides", "relations"),
        *("source", "unverified", "note"),
    ),
    "active": ("from", "to"),
    "names": ("text", *DATED),
    "sides": ("of", "conflict", *DATED),
    "relations": ("type", "of", *DATED),
    "generic": ("text", "actor", "countries", "used_by", *DATED),
}
"""What may stand where in a file of the registry."""


def unknown_keys(text: str, name: str) -> Iterator[str]:
    """What a sound file holds that nothing reads, such as a misspelt `from`, each with its line; `name` is that of the file."""
    for part, key, line in _keys(yaml.compose(text, Loader=yaml.SafeLoader), "a file"):
        if key not in KEYS[part]:
            near = get_close_matches(key, KEYS[part], n=1)
            instead = f"did you mean {near[0]}?" if near else f"expected {', '.join(KEYS[part])}"
            yield f"{name}:{line}: found {key} in {part}; {instead}"


def _keys(node: yaml.Node | None, part: str) -> Iterator[tuple[str, str, int]]:
    """Each key with the part of the file that it stands in and its line."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _keys(one, part)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield part, str(key.value), key.start_mark.line + 1
            if key.value in KEYS:
                yield from _keys(value, key.value)


Finding = tuple[tuple[str, ...], str]
"""The ids that a fault is about, and its sentence."""


def _shared(registry: Registry) -> Iterator[Finding]:
    """Every spelling means one actor on one day in one war, unless the file says that it does not."""
    for key, found in sorted(registry.name_index.items()):
        if key in registry.ambiguous:
            continue
        for (one, first), (other, second) in combinations(dict.fromkeys(found), 2):
            left, right = registry.actors[one], registry.actors[other]
            at_once = first.meets(second) and left.active.meets(right.active)
            if one != other and at_once and left.country == right.country and set(left.conflicts) & set(right.conflicts):
                yield (one, other), f"{key!r} is {one} and {other} at one time: give each its dates, or list it under `ambiguous`"


def _untyped(registry: Registry) -> Iterator[Finding]:
    for actor in registry.actors.values():
        if actor.kind not in KINDS:
            yield (actor.id,), f"{actor.id}: kind {actor.kind!r} is none of {', '.join(sorted(KINDS))}"
        if not actor.sources and actor.verified:
            yield (actor.id,), f"{actor.id}: neither `source` nor `unverified: true`"
        for name in actor.names:
            if not name.period.meets(Period()) or _is_backwards(name.period):
                yield (actor.id,), f"{actor.id}: the name {name.text!r} ends before it begins"


def _is_backwards(period: Period) -> bool:
    return period.start is not None and period.end is not None and period.end < period.start


def _dangling(registry: Registry) -> Iterator[Finding]:
    for actor in registry.actors.values():
        for relation in actor.relations:
            if relation.type not in RELATIONS:
                yield (actor.id,), f"{actor.id}: relation {relation.type!r} is none of {', '.join(sorted(RELATIONS))}"
            if registry.actor(relation.of) is None:
                near = get_close_matches(relation.of, registry.actors, n=1)
                instead = f"; did you mean {near[0]}?" if near else ""
                yield (actor.id,), f"{actor.id}: {relation.type} {relation.of!r}, who is not in the registry{instead}"
            if _is_backwards(relation.period):
                yield (actor.id,), f"{actor.id}: {relation.type} {relation.of} ends before it begins"
    for word in registry.generic:
        if registry.actor(word.actor) is None:
            yield (word.actor,), f"generic {word.text!r} of {word.conflict}: {word.actor!r} is not in the registry"


def _circles(registry: Registry) -> Iterator[Finding]:
    """Nobody belongs to himself, at whatever remove, on any day."""
    for actor in registry.actors.values():
        for path in _upwards(registry, (actor.id,), Period()):
            if path[-1] == actor.id and actor.id == min(path):
                yield path[:-1], f"{' belongs to '.join(path)}: a circle of memberships; give them dates, or take one away"


def _upwards(registry: Registry, path: tuple[str, ...], period: Period) -> Iterator[tuple[str, ...]]:
    for relation in _belongings(registry, path[-1]):
        shared = period.shared(relation.period)
        if shared is None or relation.of in path[1:]:
            continue
        further = (*path, relation.of)
        yield further
        if relation.of != path[0]:
            yield from _upwards(registry, further, shared)


def _belongings(registry: Registry, id: str) -> list[Relation]:
    actor = registry.actor(id)
    return [relation for relation in (actor.relations if actor else ()) if relation.type in BELONGING]


def _two_sided(registry: Registry) -> Iterator[Finding]:
    """A fighter does not belong to two enemies at once, nor to an enemy of his own side."""
    hostile = _hostile(registry)
    for actor in registry.actors.values():
        if actor.kind in SPEAKERS or actor.id in registry.two_sided:
            continue
        bodies = [(r.period, body) for r in _belongings(registry, actor.id) if (body := registry.actor(r.of))]
        for (first, one), (second, other) in combinations([(Period(), actor), *bodies], 2):
            shared = first.shared(second)
            if shared is not None and one.id != other.id and (at := _at_odds(one, other, shared, hostile)):
                who = f"belongs to {other.id}" if one is actor else f"belongs to {one.id} and {other.id}"
                yield (actor.id,), f"{actor.id} {who} {at}, enemies in one war: date them, or list it under `two_sided`"


Hostile = Mapping[frozenset[str], list[Period]]


def _hostile(registry: Registry) -> Hostile:
    """Which two actors are enemies, and when: those with an `opposed_to` between them; and which two sides: those with several such
    pairs, since one pair may have its own quarrel."""
    found: dict[frozenset[str], list[Period]] = defaultdict(list)
    sides: dict[frozenset[str], dict[frozenset[str], Period]] = defaultdict(dict)
    for relation in (r for actor in registry.actors.values() for r in actor.relations if r.type == "opposed_to"):
        one, other = registry.actor(relation.actor), registry.actor(relation.of)
        if one and other:
            pair = frozenset({one.id, other.id})
            found[pair].append(relation.period)
            for left, right in product(one.sides, other.sides):
                both = left.period.shared(right.period) if _is_one_war(left, right) else None
                if both and (at := both.shared(relation.period)) and not _is_brief(at):
                    sides[frozenset({left.label, right.label})][pair] = at
    return {**found, **{labels: list(pairs.values()) for labels, pairs in sides.items() if len(pairs) > 1}}


def _at_odds(one: Actor, other: Actor, shared: Period, hostile: Hostile) -> Period | None:
    """In which time the two bodies are enemies, or on sides that are; None where they are not."""
    pairs: list[tuple[frozenset[str], Period | None]] = [(frozenset({one.id, other.id}), Period())]
    pairs += [(frozenset({a.label, b.label}), a.period.shared(b.period)) for a, b in product(one.sides, other.sides) if _is_one_war(a, b)]
    for names, both in pairs:
        for period in hostile.get(names, ()) if both else ():
            if both and (at := both.shared(period)) and (at := at.shared(shared)) and not _is_brief(at):
                return at
    return None


def _is_brief(period: Period) -> bool:
    """A month or less: who goes over is told of both in the month in which he went."""
    return period.start is not None and period.end is not None and period.end - period.start <= timedelta(days=31)


def _is_one_war(one: Side, other: Side) -> bool:
    return one.label != other.label and one.label.split("/")[0] == other.label.split("/")[0]
