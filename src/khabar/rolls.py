"""A registry → rows of its actors: all of a war, or those whom a name may mean."""

from __future__ import annotations

from datetime import date

from rapidfuzz import fuzz, process

from khabar.actorfiles import Actor
from khabar.contract import Json
from khabar.errors import QuestionError
from khabar.registry import Registry
from khabar.spellings import loose, normal


def listed(
    registry: Registry, *, conflict: str | None = None, kind: str | None = None, country: str | None = None, on: date | None = None
) -> list[Json]:
    """Actors that match all that is asked, by name; with a day, those that were there, on the sides that they had then."""
    for asked, known, what in ((conflict, registry.wars, "war"), (kind, {a.kind for a in registry.actors.values()}, "kind of actor")):
        if asked is not None and asked not in known:
            raise QuestionError(f"the registry has no {what} {asked!r}; it has {', '.join(sorted(known))}")
    found = [
        actor
        for actor in registry.actors.values()
        if (conflict is None or conflict in actor.conflicts)
        and (kind is None or kind == actor.kind)
        and (country is None or country.upper() == actor.country)
        and actor.active.holds(on)
    ]
    return [row(registry, actor, on) for actor in sorted(found, key=lambda actor: (actor.name.casefold(), actor.id))]


def found(registry: Registry, name: str, *, country: str | None = None, on: date | None = None) -> list[Json]:
    """All whom a name may mean, on any day, each with when it is called so; `meant`: the one in a report on that country and day."""
    meant = registry.resolve(name, on=on, countries=[country.upper()] if country else ())
    keys = [normal(name), *(key for key in registry.name_index if len(key) > 4 and loose(key) == loose(name))]
    ids = dict.fromkeys([*([meant.id] if meant else []), *(id for key in keys for id, _ in registry.name_index.get(key, ()))])
    if not ids and (actor := registry.actor(name)):
        ids = {actor.id: None}
    if not ids:
        close = process.extract(normal(name), registry.name_index.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=70)
        near = dict.fromkeys(registry.actors[id].name for key, *_ in close for id, _ in registry.name_index[key])
        raise QuestionError(f"the registry has no actor {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
    actors = [actor for id in ids if (actor := registry.actor(id))]
    chosen = meant.id if meant and len(ids) > 1 else None
    return [{**row(registry, actor, on), "called": _called(actor, {*keys}), "meant": actor.id == chosen} for actor in actors]


def row(registry: Registry, actor: Actor, on: date | None = None) -> Json:
    """An actor with the sides of the day, what it belonged to then, and where that was seen."""
    return {
        "id": actor.id,
        "name": actor.name,
        "kind": actor.kind,
        "country": actor.country,
        "conflicts": list(actor.conflicts),
        "active": str(actor.active),
        "sides": list(registry.sides(actor.id, on)),
        "member_of": [body.id for body in registry.memberships(actor.id, on)],
        "sources": list(actor.sources),
        "verified": actor.verified,
    }


def _called(actor: Actor, keys: set[str]) -> list[str]:
    """Spellings under one of the keys, each with its time."""
    return [f"{name.text}, {name.period}" for name in actor.names if normal(name.text) in keys]
