"""What the files tell of actors → who a name means, on whose side, who belonged to whom: on a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from khabar.actorfiles import (
    BELONGING,
    SPEAKERS,
    Actor,
    Country,
    Generic,
    Period,
    Relation,
    Side,
    War,
    load_countries,
    own_files,
    read_war,
    shipped_wars,
)
from khabar.spellings import is_single_english, loose, normal


class Registry:
    """Actors by id and by spelling. Days are optional everywhere: without one, what held at any time counts."""

    def __init__(
        self,
        actors: Mapping[str, Actor],
        generic: Iterable[Generic],
        wars: Mapping[str, tuple[str, ...]],
        countries: Iterable[Country],
        *,
        ambiguous: Iterable[str] = (),
        two_sided: Iterable[str] = (),
    ) -> None:
        self.actors = dict(actors)
        self.generic = tuple(generic)
        self.wars = dict(wars)
        self.ambiguous = frozenset(normal(name) for name in ambiguous)
        self.two_sided = frozenset(two_sided)
        self.countries = {country.code: country for country in countries}

    def extended(self, wars: Sequence[War] = (), *, actors: Iterable[Actor] = ()) -> Registry:
        """This registry with more files, or more actors; of two entries with one id the later counts."""
        more = [*(actor for war in wars for actor in war.actors), *actors]
        return Registry(
            {**self.actors, **{actor.id: actor for actor in more}},
            [*self.generic, *(word for war in wars for word in war.generic)],
            {**{war.conflict: war.countries for war in wars}, **self.wars},
            self.countries.values(),
            ambiguous=[*self.ambiguous, *(name for war in wars for name in war.ambiguous)],
            two_sided=[*self.two_sided, *(id for war in wars for id in war.two_sided)],
        )

    def actor(self, id: str) -> Actor | None:
        return self.actors.get(id) or self._by_rule.get(id)

    def kind(self, id: str) -> str | None:
        """One of KINDS, None for an id that is not here."""
        actor = self.actor(id)
        return actor.kind if actor else None

    def resolve(self, text: str, *, on: date | None = None, countries: Collection[str] = ()) -> Actor | None:
        """The actor that a name means on that day in a report on those countries, None where it is unknown or stays ambiguous.

        The spelling as it stands is tried first, then without a head noun ("al-Nusra fighters"), then with vowels and final h forgotten.
        """
        found = _bearers(self, text)
        return self._choose(found, on=on, countries=countries) if found else None

    def resolve_generic(
        self, text: str, *, on: date | None = None, countries: Collection[str] = (), outlet: str | None = None
    ) -> Actor | None:
        """The actor that a common noun means in a report on those countries: "the regime" in one on Syria. None without a country.

        `outlet`: id of who published it; a party's own media call its enemies by words that mean nobody elsewhere.
        """
        words = [w for w in self._generic_index.get(normal(text), ()) if w.period.holds(on) and set(w.countries) & set(countries)]
        words = [w for w in words if w.used_by == outlet] or [w for w in words if w.used_by is None]
        lasting = [] if on else [w for w in words if w.period.end is None]  # without a day, what is still said
        found = {w.actor for w in lasting or words}
        return self.actor(found.pop()) if len(found) == 1 else None

    def faction(self, faction: str, *, on: date | None = None, countries: Collection[str] = ()) -> Actor | None:
        """The "rebels", "jihadists" or "opposition" of the war in a country, by its file or else by rule. None where there is no war."""
        if told := self.resolve_generic(faction, on=on, countries=countries):
            return told
        war = next((war for war, at in self.wars.items() for code in countries if code in at[:1]), None)
        return self._by_rule.get(f"{war}-{faction}-generic") if war else None

    def knows(self, key: str) -> bool:
        """Is a normal spelling (of five letters or more also with its vowels forgotten) that of some actor?"""
        return key in self.name_index or (len(key) > 4 and not is_single_english(key) and loose(key) in self._loose_index)

    def known_from(self, text: str, id: str) -> date | None:
        """The day from which an actor is known by that name, or at all; None where that is open."""
        actor = self.actor(id)
        starts = [name.period.start for name in actor.names if normal(name.text) == normal(_HEAD.sub("", text))] if actor else []
        if actor is None or not starts:
            return None
        return max(filter(None, (actor.active.start, min(starts) if all(starts) else None)), default=None)  # type: ignore[type-var]

    def candidates(self, text: str) -> tuple[Actor, ...]:
        """All actors that have been called so, on any day."""
        return tuple(dict.fromkeys(self.actors[id] for id, _ in self.name_index.get(normal(text), ())))

    def side(self, id: str, on: date | None = None, *, conflict: str | None = None) -> str | None:
        """Label of the side it took ("syria/opposition"), its own or that of the body it belonged to. None: no side."""
        labels = self.sides(id, on)
        return next((label for label in labels if conflict is None or label.split("/")[0] == conflict), None)

    def sides(self, id: str, on: date | None = None) -> tuple[str, ...]:
        """One label for each war in which it took a side."""
        for belongs in (id, *self._above(id, on)):
            actor = self.actor(belongs)
            if actor and (labels := [side.label for side in self._sides_of(actor, on) if side.period.holds(on)]):
                return tuple(dict.fromkeys(labels))
        return ()

    def _sides_of(self, actor: Actor, on: date | None) -> tuple[Side, ...]:
        """A government that only a rule knows has the sides of its army: Ankara those of the Turkish Armed Forces."""
        if actor.id in self.actors or actor.kind != "government" or actor.country is None:
            return actor.sides
        army = self.state_actor(actor.country, "army", on)
        return army.sides if army else ()

    def same_side(self, first: str, second: str, on: date | None = None) -> bool | None:
        """Do the two share a side in some war? None where no war has both."""
        left, right = set(self.sides(first, on)), set(self.sides(second, on))
        wars = {label.split("/")[0] for label in left} & {label.split("/")[0] for label in right}
        return bool(left & right) if wars else None

    def relations(self, id: str, on: date | None = None) -> tuple[Relation, ...]:
        """All that the registry says of it and others on that day, whichever of the two it was written under."""
        actor = self.actor(id)
        own = actor.relations if actor else ()
        return tuple(r for r in (*own, *self._relations_of.get(id, ())) if r.period.holds(on))

    def is_jihadist(self, id: str) -> bool:
        """Was it ever of al-Qaeda or the Islamic State, or split from them?"""
        own = {relation.of for relation in self.relations(id) if relation.actor == id and relation.type in (*BELONGING, "split_from")}
        return bool({id, *own} & {"al-qaeda", "islamic-state"})

    def memberships(self, id: str, on: date | None = None) -> tuple[Actor, ...]:
        """The bodies that it directly belonged to."""
        found = [r.of for r in self.relations(id, on) if r.actor == id and r.type in BELONGING]
        return tuple(body for of in dict.fromkeys(found) if (body := self.actor(of)))

    def members(self, id: str, on: date | None = None) -> tuple[Actor, ...]:
        """The bodies that directly belonged to it, without its media."""
        found = [self.actors[r.actor] for r in self.relations(id, on) if r.of == id and r.type in BELONGING]
        return tuple(member for member in dict.fromkeys(found) if member.kind not in SPEAKERS)

    def country_of(self, word: str) -> str | None:
        """Code of the country that a name or demonym means: "Syrian", "Syria", "Syria's"."""
        return self._country_words.get(normal(word))

    def is_demonym(self, word: str) -> bool:
        """Is it a word for a people or its things, not the country's name?"""
        return normal(word) in self._demonyms

    def war_countries(self, actor: Actor) -> frozenset[str]:
        """The countries at war in the files that tell of the actor."""
        return frozenset(code for conflict in actor.conflicts for code in self.wars.get(conflict, ()))

    def state_actor(self, country: str, role: str = "army", on: date | None = None) -> Actor | None:
        """The army, air force, police or government of a country: the registry's own where it has one that day, else one made by rule."""
        own = [a for a in self._by_country.get(country, ()) if a.kind in _ROLE_KINDS[role] and re.search(_ROLE_NAMES[role], a.name)]
        active = [a for a in own if a.active.holds(on) and not _UNIT.search(a.name)]

        # "Houthi Armed Forces" and "Donetsk People's Republic" are at home in the country too: the one that bears its name goes first.
        # Of two governments that claim a country the one on the side of the state that day: the Taliban's was one from 2021 on.
        def rank(actor: Actor) -> tuple[bool, bool]:
            rules = any(side.label.endswith("government") and side.period.holds(on) for side in actor.sides)
            return not rules, not any(self.country_of(word) == country for word in actor.name.split())

        active.sort(key=rank)
        return active[0] if active else self._by_rule.get(f"{country.lower()}-{role.replace(' ', '-')}")

    # --- indexes, built once

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that is known of actors: what was worked out with another registry is out of date."""
        told = (sorted(self.actors.items()), sorted(self.countries.items()), self.generic)
        return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def name_index(self) -> dict[str, list[tuple[str, Period]]]:
        """Normal spelling → actors called so, and when."""
        return self._index(normal)

    @cached_property
    def _loose_index(self) -> dict[str, list[tuple[str, Period]]]:
        return self._index(loose)

    def _index(self, key_of: Any) -> dict[str, list[tuple[str, Period]]]:
        index: dict[str, list[tuple[str, Period]]] = defaultdict(list)
        for actor in self.actors.values():
            for name in actor.names:
                if key := key_of(name.text):
                    index[key].append((actor.id, name.period))
        return dict(index)

    @cached_property
    def _generic_index(self) -> dict[str, list[Generic]]:
        index: dict[str, list[Generic]] = defaultdict(list)
        for word in self.generic:
            index[normal(word.text)].append(word)
        return dict(index)

    @cached_property
    def _relations_of(self) -> dict[str, list[Relation]]:
        index: dict[str, list[Relation]] = defaultdict(list)
        for actor in self.actors.values():
            for relation in actor.relations:
                index[relation.of].append(relation)
        return dict(index)

    @cached_property
    def _by_country(self) -> dict[str, list[Actor]]:
        index: dict[str, list[Actor]] = defaultdict(list)
        for actor in self.actors.values():
            if actor.country:
                index[actor.country].append(actor)
        return dict(index)

    @cached_property
    def _by_rule(self) -> dict[str, Actor]:
        made = {}
        for country in self.countries.values():
            for role, (kind, form) in _ROLES.items():
                id = f"{country.code.lower()}-{role.replace(' ', '-')}"
                made[id] = Actor(id, form.format(country.name), kind, country.code)
        for war, at in self.wars.items():
            for faction, (kind, form) in _FACTIONS.items():
                for code in at[:1]:
                    id = f"{war}-{faction}-generic"
                    made[id] = Actor(id, form.format(self.countries[code].name if code in self.countries else code), kind, code, (war,))
        return made

    @cached_property
    def _country_words(self) -> dict[str, str]:
        return {normal(word): country.code for country in self.countries.values() for word in (*country.demonyms, *country.names)}

    @cached_property
    def capitals(self) -> dict[str, str]:
        """Codes of countries by the normal spelling of their capital."""
        found: dict[str, str] = {}
        for country in self.countries.values():
            if country.capital:
                found.setdefault(normal(country.capital), country.code)
        return found

    @cached_property
    def _demonyms(self) -> frozenset[str]:
        return frozenset(normal(word) for country in self.countries.values() for word in country.demonyms)

    def _keys(self, text: str) -> Iterator[tuple[Mapping[str, list[tuple[str, Period]]], str]]:
        bare = _HEAD.sub("", text)
        yield self.name_index, normal(text)
        yield self.name_index, normal(bare)
        if (of_people := self._of_people(text)) != text:
            yield self.name_index, normal(of_people)
        for spelling in (text, bare):
            if len(normal(spelling)) > 4:
                yield self._loose_index, loose(spelling)

    def _of_people(self, text: str) -> str:
        """ "Syria Democratic Forces" → Syrian Democratic Forces."""
        words = text.split()
        codes = [None if self.is_demonym(word) else self.country_of(word) for word in words]
        peoples = [self.countries[code].demonyms[:1] if code else () for code in codes]
        return " ".join(people[0] if people and len(words) > 1 else word for word, people in zip(words, peoples, strict=True))

    def _choose(self, found: list[tuple[str, Period]], *, on: date | None, countries: Collection[str]) -> Actor | None:
        for narrowed in _narrowings(found, self, on, countries):
            ids = dict.fromkeys(id for id, _ in narrowed)
            if len(ids) == 1:
                return self.actors[next(iter(ids))]
        return None

    def _above(self, id: str, on: date | None) -> Iterator[str]:
        seen, waiting = {id}, [id]
        while waiting:
            for actor in self.memberships(waiting.pop(0), on):
                if actor.id not in seen:
                    seen.add(actor.id)
                    waiting.append(actor.id)
                    yield actor.id


@lru_cache(maxsize=20_000)
def _bearers(registry: Registry, text: str) -> list[tuple[str, Period]]:
    """The ids of those that have a name, each with the days on which it is theirs."""
    return next((found for index, key in registry._keys(text) if (found := index.get(key))), [])


def _narrowings(
    found: list[tuple[str, Period]], registry: Registry, on: date | None, countries: Collection[str]
) -> Iterator[list[tuple[str, Period]]]:
    """The candidates as they are, then those of the countries' wars, then of the day, then of the first country that any is of."""

    def is_of(id: str, codes: Collection[str]) -> bool:
        return registry.actors[id].country in codes or bool(registry.war_countries(registry.actors[id]) & set(codes))

    def holds(id: str, period: Period) -> bool:
        active = registry.actors[id].active
        # Without a day, what is still so goes before what has ended.
        return period.holds(on) and active.holds(on) if on else period.end is None and active.end is None

    yield found
    local = [(id, p) for id, p in found if is_of(id, countries)] or found
    yield local
    dated = [(id, p) for id, p in local if holds(id, p)] or local
    yield dated
    for code in countries:
        yield [(id, p) for id, p in dated if is_of(id, {code})]
        yield [(id, p) for id, p in dated if registry.actors[id].country == code]


@lru_cache(maxsize=4)
def load_registry(own: Path | None = None) -> Registry:
    """The shipped registry with the user's `own`, a YAML file or a folder of them; an entry there replaces the one of the same id."""
    wars = [*shipped_wars(), *(read_war(text, name) for name, text in own_files(own))]
    return Registry({}, (), {}, load_countries()).extended(wars)


_HEAD = re.compile(
    r"\s+(?:fighters?|forces?|militants?|groups?|movement|jihadists?|militia(?:men)?|troops|soldiers|rebels?|gunmen|insurgents?|terrorists?"
    r"|network|news agency|agency|organi[sz]ation|coalition|alliance)$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"Guard|Navy|Naval|Division|Brigade|Battalion|Intelligence|Corps|Regiment|Border|Coast|Special|Ministry|\bGID\b|Directorate|Commission|\bUnits?\b",
    re.IGNORECASE,
)
_ROLES = {
    "army": ("state forces", "Armed forces of {}"),
    "air force": ("state forces", "Air force of {}"),
    "navy": ("state forces", "Navy of {}"),
    "police": ("police", "Police of {}"),
    "government": ("government", "Government of {}"),
}
_FACTIONS = {
    "rebels": ("rebel group", "rebels in {} (unspecified)"),
    "jihadists": ("rebel group", "jihadists in {} (unspecified)"),
    "opposition": ("political body", "opposition in {} (unspecified)"),
}
_ROLE_KINDS = {
    "army": {"state forces", "external forces"},
    "air force": {"state forces", "external forces"},
    "navy": {"state forces", "external forces"},
    "police": {"police"},
    "government": {"government"},
}
_ROLE_NAMES = {
    "army": r"(?i)armed forces|army|military|defen[cs]e forces?|tatmadaw|\bforces\b(?!.*(air|naval))",
    "air force": r"(?i)\bair forces?\b|aerospace",
    "navy": r"(?i)\bnavy\b|naval",
    "police": r"(?i)police",
    "government": r"(?i)government|state|emirate|junta|republic|authority|council",
}
