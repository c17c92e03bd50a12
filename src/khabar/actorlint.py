"""A registry → what is wrong with it, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from khabar.actorfiles import KINDS, RELATIONS
from khabar.registry import Registry


def lint(registry: Registry) -> tuple[str, ...]:
    """What is wrong with a registry, one sentence each: shared spellings not listed, unknown kinds and relations, missing sources."""
    return (*_unlisted(registry), *_untyped(registry), *_dangling(registry))


def _unlisted(registry: Registry) -> Iterator[str]:
    for key, found in sorted(registry.name_index.items()):
        if key in registry.ambiguous:
            continue
        for (one, first), (other, second) in combinations(dict.fromkeys(found), 2):
            left, right = registry.actors[one], registry.actors[other]
            at_once = first.meets(second) and left.active.meets(right.active)
            if one != other and at_once and left.country == right.country and set(left.conflicts) & set(right.conflicts):
                yield f"{key!r} is {one} and {other} at one time: give each its dates, or list it under `ambiguous`"


def _untyped(registry: Registry) -> Iterator[str]:
    for actor in registry.actors.values():
        if actor.kind not in KINDS:
            yield f"{actor.id}: kind {actor.kind!r} is none of {', '.join(sorted(KINDS))}"
        if not actor.sources and actor.verified:
            yield f"{actor.id}: neither `source` nor `unverified: true`"


def _dangling(registry: Registry) -> Iterator[str]:
    for actor in registry.actors.values():
        for relation in actor.relations:
            if relation.type not in RELATIONS:
                yield f"{actor.id}: relation {relation.type!r} is none of {', '.join(sorted(RELATIONS))}"
            if relation.of not in registry.actors:
                yield f"{actor.id}: {relation.type} {relation.of!r}, who is not in the registry"
    for word in registry.generic:
        if word.actor not in registry.actors:
            yield f"generic {word.text!r} of {word.conflict}: {word.actor!r} is not in the registry"
