"""YAML files → who is called what, since when, on whose side.

One file per war in `actors/`, and one for actors of more than one war. Each entry:

    - id: al-nusra-front                  # stable, lower case, hyphens
      name: Jabhat al-Nusra               # the name used in answers
      kind: rebel group                   # one of KINDS
      country: SY                         # ISO 3166-1 alpha-2, absent where there is none
      active: {from: '2012-01-23', to: '2017-01-28'}
      names: [al-Nusra, {text: Nusra Front, from: '2012-01-23', to: '2016-07-28', unverified: true}]
      sides: [{of: opposition, from: …, to: …, conflict: syria}]
      relations: [{type: member_of, of: jaysh-al-fatah, from: '2015-03-24', to: '2017-01', source: …}]
      source: [https://…]                 # or `unverified: true`: known to the writer, not seen in a source
    ambiguous: [AA]                       # spellings that two actors of the war shared on one day; `resolve` gives None for them
    generic: [{text: the army, actor: fama, countries: [ML], from: …, to: …, used_by: sana}]

Dates may be a year or a month: the first day of it for `from`, the last for `to`, both inclusive.
Files of the user's own have the same form.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from khabar.errors import KnowledgeError

KINDS = frozenset(
    {
        "state forces",
        "police",
        "rebel group",
        "political militia",
        "identity militia",
        "external forces",
        "private military company",
        "peacekeepers",
        "coalition",
        "political body",
        "government",
        "civilians",
        "monitor",
        "media",
        "agency",
        "aid organisation",
        "international organisation",
    }
)
SPEAKERS = frozenset({"monitor", "media", "agency"})
"""Kinds that speak about a war and take no part in it."""

RELATIONS = frozenset(
    {
        "part_of",
        "member_of",
        "branch_of",
        "allied_with",
        "opposed_to",
        "commands",
        "led_by",
        "split_from",
        "merged_into",
        "successor_of",
        "renamed_to",
    }
)
BELONGING = ("part_of", "member_of", "branch_of")

_HERE = Path(__file__).parent
_ARTICLE = r"(?:al|el|ul)"
_SUN = r"(?:an|ar|as|ash|at|ath|ad|adh|az|en|er|es|esh|et|ed|ez)"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both inclusive, None for an open end."""

    start: date | None = None
    end: date | None = None

    def holds(self, on: date | None) -> bool:
        """Does the period hold on that day? An unknown day is held by every period."""
        return on is None or ((self.start is None or self.start <= on) and (self.end is None or on <= self.end))

    def meets(self, other: Period) -> bool:
        """Do the two periods share a day?"""
        return (self.end is None or other.start is None or other.start <= self.end) and (
            other.end is None or self.start is None or self.start <= other.end
        )


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of an actor's name and when it was in use."""

    text: str
    period: Period = Period()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """`actor` is in this `type` of relation with `of`, in that period, as `source` says (None: not seen in a source)."""

    actor: str
    type: str
    of: str
    period: Period = Period()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """The side that an actor takes in one war: "syria/opposition"."""

    label: str
    period: Period = Period()


@dataclass(frozen=True, slots=True)
class Actor:
    """A body that fights, governs, watches or reports. `country` and `conflicts` are where it is at home; `outlet` its sort of medium."""

    id: str
    name: str
    kind: str
    country: str | None = None
    conflicts: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    active: Period = Period()
    sides: tuple[Side, ...] = ()
    relations: tuple[Relation, ...] = ()
    sources: tuple[str, ...] = ()
    verified: bool = True
    outlet: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Generic:
    """A common noun that in one war, or in some countries of it, means one actor: "the regime"."""

    text: str
    actor: str
    conflict: str
    countries: tuple[str, ...]
    period: Period = Period()
    used_by: str | None = None


@dataclass(frozen=True, slots=True)
class Country:
    """A country's code, names, the words for its people and things, and its capital."""

    code: str
    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capital: str | None


# --- spellings


def plain(text: str) -> str:
    """Lower case without marks; hyphens are spaces, apostrophes gone: the first step of every comparison of names.

    >>> plain("Jaysh al-Fatāḥ’s")
    "jaysh al-fatah's"
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", re.sub(r"[’‘`´ʼʿʾ]", "'", bare).replace("‐", "-").replace("–", "-").replace("ـ", "")).casefold().strip()


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """One key for the trivial variants of a spelling: case, marks, apostrophes, hyphens, Arabic and English articles, the possessive.

    >>> normal("the Jabhat an-Nusra’s") == normal("Jabhat Al Nusra") == "jabhat nusra"
    True
    """
    key = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", plain(text))
    key = re.sub(r"\([^)]*\)", " ", key) if not key.startswith("(") else key
    key = re.sub(rf"\b{_SUN}-(?=\w)", "", key).replace("'", "")
    words = re.findall(r"[^\W_]+", key.replace(".", ""))
    kept = [word for i, word in enumerate(words) if not _is_article(word, words[i + 1] if i + 1 < len(words) else None)]
    return " ".join(_arabic(word) for word in (kept or words))


def _is_article(word: str, following: str | None) -> bool:
    if following is None:
        return False
    if word == "the" or re.fullmatch(_ARTICLE, word):
        return True
    return bool(re.fullmatch(_SUN, word)) and following.startswith(word[1:]) and len(following) > 2


def _arabic(word: str) -> str:
    if not ("\u0600" <= word[0] <= "\u06ff"):
        return word
    word = word.translate(_ARABIC_LETTERS)
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


_ARABIC_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"})

_LOOSE = (
    (r"ai|ei|ey|ay", "ay"),
    (r"ou|oo|u|o", "u"),
    (r"ee|iy+|ii|y(?!\w)|ie", "i"),
    (r"e", "a"),
    (r"(?<=\w)ah\b", "a"),
    (r"q", "k"),
    (r"dh|th", "d"),
    (r"([a-z])\1", r"\1"),
)


@lru_cache(maxsize=50_000)
def loose(text: str) -> str:
    """A key that also forgets how an Arabic vowel or final h was written in Latin letters: "Nusrah" and "Nusra", "Jaish" and "Jaysh"."""
    key = normal(text)
    for pattern, letter in _LOOSE:
        key = re.sub(pattern, letter, key)
    return key


# --- reading the files


def parse_day(text: object, *, last: bool = False) -> date | None:
    """An ISO day, month or year as a day: the first of it, or the `last`. None stays None.

    >>> parse_day("2015-02", last=True)
    datetime.date(2015, 2, 28)
    """
    if text is None:
        return None
    parts = [int(part) for part in str(text).split("-")]
    year, month, day = parts[0], *(parts[1:] + [None] * 2)[:2]
    if month is None:
        return date(year, 12, 31) if last else date(year, 1, 1)
    return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))


def _period(row: Mapping[str, Any]) -> Period:
    return Period(parse_day(row.get("from")), parse_day(row.get("to"), last=True))


def _name(row: str | Mapping[str, Any]) -> Name:
    return Name(row) if isinstance(row, str) else Name(str(row["text"]), _period(row), not row.get("unverified"))


def _relation(actor: str, row: Mapping[str, Any]) -> Relation:
    return Relation(actor, row["type"], row["of"], _period(row), row.get("source"))


def _side(conflict: str, row: Mapping[str, Any]) -> Side:
    return Side(f"{row.get('conflict', conflict)}/{row['of']}", _period(row))


def _actor(conflict: str, row: Mapping[str, Any]) -> Actor:
    conflicts = tuple(row.get("conflicts", [conflict]))
    names = dict.fromkeys([Name(row["name"]), *(_name(n) for n in row.get("names", []))])
    return Actor(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=row.get("country"),
        conflicts=conflicts,
        names=tuple(names),
        active=_period(row.get("active", {})),
        sides=tuple(_side(conflict, side) for side in row.get("sides", [])),
        relations=tuple(_relation(row["id"], relation) for relation in row.get("relations", [])),
        sources=tuple(row.get("source", [])),
        verified=not row.get("unverified"),
        outlet=row.get("outlet"),
        note=row.get("note"),
    )


def _load_yaml(path: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{path}: not YAML: {error}") from error


@dataclass(frozen=True, slots=True)
class War:
    """What one file tells."""

    conflict: str
    countries: tuple[str, ...]
    ambiguous: tuple[str, ...]
    actors: tuple[Actor, ...]
    generic: tuple[Generic, ...]


def _read(path: Path) -> War:
    rows = _load_yaml(path) or {}
    conflict, countries = rows.get("conflict", path.stem), tuple(rows.get("countries", []))
    try:
        actors = tuple(_actor(conflict, row) for row in rows.get("actors", []))
        generic = tuple(
            Generic(row["text"], row["actor"], conflict, tuple(row.get("countries", countries)), _period(row), row.get("used_by"))
            for row in rows.get("generic", [])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{path}: an entry is not of the form in the reference (found {error!r})") from error
    return War(conflict, countries, tuple(rows.get("ambiguous", [])), actors, generic)


@lru_cache(maxsize=8)
def load_registry(extra: Path | None = None) -> Registry:
    """The shipped registry, with the YAML files of the folder `extra` added; an entry there replaces the shipped one of the same id."""
    paths = sorted((_HERE / "actors").glob("*.yaml")) + (sorted(extra.glob("*.yaml")) if extra else [])
    wars = [_read(path) for path in paths]
    return Registry(
        {actor.id: actor for war in wars for actor in war.actors},
        [word for war in wars for word in war.generic],
        {war.conflict: war.countries for war in wars},
        load_countries(),
        ambiguous=[name for war in wars for name in war.ambiguous],
    )


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """Names and demonyms of the world's countries."""
    rows = _load_yaml(_HERE / "knowledge" / "countries.yaml")
    return tuple(
        Country(str(code), row["names"][0], tuple(row["names"]), tuple(row.get("demonyms", [])), row.get("capital"))
        for code, row in rows.items()
    )


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
    ) -> None:
        self.actors = dict(actors)
        self.generic = tuple(generic)
        self.wars = dict(wars)
        self.ambiguous = frozenset(normal(name) for name in ambiguous)
        self.countries = {country.code: country for country in countries}

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
        for index, key in self._keys(text):
            if found := index.get(key):
                return self._choose(found, on=on, countries=countries)
        return None

    def resolve_generic(self, text: str, *, on: date | None = None, countries: Collection[str] = ()) -> Actor | None:
        """The actor that a common noun means in a report on those countries: "the regime" in one on Syria. None without a country."""
        found = {
            word.actor
            for word in self._generic_index.get(normal(text), ())
            if word.used_by is None and word.period.holds(on) and set(word.countries) & set(countries)
        }
        return self.actor(found.pop()) if len(found) == 1 else None

    def knows(self, key: str) -> bool:
        """Is a normal spelling (of five letters or more also with its vowels forgotten) that of some actor?"""
        return key in self.name_index or (len(key) > 4 and loose(key) in self._loose_index and not is_single_english(key))

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
            if actor and (labels := [side.label for side in actor.sides if side.period.holds(on)]):
                return tuple(dict.fromkeys(labels))
        return ()

    def same_side(self, first: str, second: str, on: date | None = None) -> bool | None:
        """Do the two share a side in some war? None where either has no side."""
        left, right = set(self.sides(first, on)), set(self.sides(second, on))
        return bool(left & right) if left and right else None

    def relations(self, id: str, on: date | None = None) -> tuple[Relation, ...]:
        """All that the registry says of it and others on that day, whichever of the two it was written under."""
        actor = self.actor(id)
        own = actor.relations if actor else ()
        return tuple(r for r in (*own, *self._relations_of.get(id, ())) if r.period.holds(on))

    def memberships(self, id: str, on: date | None = None) -> tuple[Actor, ...]:
        """The bodies that it directly belonged to."""
        found = [r.of for r in self.relations(id, on) if r.actor == id and r.type in BELONGING]
        return tuple(self.actors[of] for of in dict.fromkeys(found) if of in self.actors)

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
        active.sort(key=lambda actor: not any(self.country_of(word) == country for word in actor.name.split()))
        return active[0] if active else self._by_rule.get(f"{country.lower()}-{role.replace(' ', '-')}")

    # --- indexes, built once

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
        return made

    @cached_property
    def _country_words(self) -> dict[str, str]:
        return {normal(word): country.code for country in self.countries.values() for word in (*country.demonyms, *country.names)}

    @cached_property
    def _demonyms(self) -> frozenset[str]:
        return frozenset(normal(word) for country in self.countries.values() for word in country.demonyms)

    def _keys(self, text: str) -> Iterator[tuple[Mapping[str, list[tuple[str, Period]]], str]]:
        bare = _HEAD.sub("", text)
        yield self.name_index, normal(text)
        yield self.name_index, normal(bare)
        for spelling in (text, bare):
            if len(normal(spelling)) > 4:
                yield self._loose_index, loose(spelling)

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


def is_single_english(key: str) -> bool:
    """One Latin word without the marks of a foreign name, which a forgotten vowel would turn into another: "barrack", "Barak"."""
    return " " not in key and not re.search(r"ah\b|q(?!u)|aa|ay|sh", key)


def _narrowings(
    found: list[tuple[str, Period]], registry: Registry, on: date | None, countries: Collection[str]
) -> Iterator[list[tuple[str, Period]]]:
    """The candidates as they are, then those of the countries' wars, then of the day, then those at home in the countries."""
    yield found
    here = set(countries)
    local = [
        (id, p) for id, p in found if registry.actors[id].country in here or registry.war_countries(registry.actors[id]) & here
    ] or found
    yield local
    dated = [(id, p) for id, p in local if p.holds(on) and registry.actors[id].active.holds(on)] or local
    yield dated
    yield [(id, p) for id, p in dated if registry.actors[id].country in here]


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
