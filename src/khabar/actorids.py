"""The words of a name or phrase, the report's day and country → the actor of the registry that they mean, or None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from khabar.actorfiles import SPEAKERS, Actor
from khabar.actorforms import actor_forms, head_class
from khabar.gazetteer import Gazetteer
from khabar.model import Report
from khabar.names import is_common_name, is_demonym, report_countries
from khabar.registry import Registry
from khabar.spellings import normal

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


@dataclass(frozen=True, slots=True)
class Setting:
    """What resolving needs to know of a report: its day, its countries, the main one first, and who published it."""

    registry: Registry
    on: date | None
    countries: tuple[str, ...]
    outlet: str | None = None

    @property
    def country(self) -> str | None:
        return self.countries[0] if self.countries else None


def setting_of(report: Report, registry: Registry, gazetteer: Gazetteer) -> Setting:
    outlet = registry.resolve(report.outlet, on=report.published) if report.outlet else None
    return Setting(registry, report.published, report_countries(report, registry, gazetteer), outlet.id if outlet else None)


def national(text: str, setting: Setting) -> Actor | None:
    """ "Syrian Forces" in a headline: a nation's army, though no list has the words."""
    nation, _, noun = text.partition(" ")
    code = setting.registry.country_of(nation) if is_demonym(nation, setting.registry) else None
    role = ROLE.get(head_class(noun) or "")
    return setting.registry.state_actor(code, role, setting.on) if code and role else None


def resolve_phrase(doc: Doc, start: int, head: Token, end: int, kind: str, setting: Setting) -> Actor | None:
    words = doc[start : head.i + 1].text
    owner = doc[head.i + 1 : end].text
    kind = "air" if words.lower().endswith("air force") else kind
    if kind == "civilians":
        return None
    if owner and not _ALLIED.match(owner):
        return None if " and " in owner else _owner(owner, kind, setting)
    known = known_actor(words, setting)
    if known is None and kind in {"army", "air", "navy"} and _BACKED.match(words):  # "US-led coalition | aircraft"
        known = known_actor(doc[start : head.i].text, setting)
    if known or _BACKED.match(words):
        return _armed_hand(known, kind, setting) if known else None
    return _by_modifiers(doc, start, head, kind, setting) or faction_of(words, setting)


_BACKED = re.compile(
    r".*-\s*(?:backed|supported|linked|allied|led|aligned|armed|trained|funded|affiliated|dominated|sponsored|based|supplied|made|built"
    r"|manufactured|designed|donated)\b\s*",
    re.IGNORECASE,
)


_ALLIED = re.compile(r"(?:backed|supported|led|linked|close|aligned|allied)\b")
"""How words behind a head begin that name another than who is meant: "Russian forces | allied with the regime"."""


def faction_of(words: str, setting: Setting) -> Actor | None:
    """Rebels, jihadists or the opposition of the war at hand: "moderate rebel groups"; not those of another people: "Kurdish rebels"."""
    found = {word.lower() for word in re.findall(r"[\w'’-]+", words)} | {word.lower().removesuffix("s") for word in words.split()}
    nations = nations_in(words, setting.registry)
    strange = [
        w for w in words.split()[1:] if w[0].isupper() and not setting.registry.country_of(w) and w.lower() not in actor_forms()["creeds"]
    ]
    peoples = {normal(word) for word in actor_forms()["peoples"]} - set(actor_forms()["creeds"])
    if strange or found & peoples or len(nations) > 1:
        return None
    for faction, nouns in actor_forms()["factions"].items():
        if found & set(nouns):
            return setting.registry.faction(faction, on=setting.on, countries=tuple(nations) or setting.countries[:1])
    return None


def of_the_state(word: str, setting: Setting, *, at: str | None = None) -> Actor | None:
    """ "the army", "the police": of the report's country. `at`: code of the country told of, which goes first where a war of its own is
    fought there, since a report may tell of two."""
    role = ROLE.get(head_class(word) or "")
    homes = {countries[0] for countries in setting.registry.wars.values() if countries}
    code = at if at in setting.countries and at in homes else setting.country
    return setting.registry.state_actor(code, role, setting.on) if role and code else None


def known_actor(words: str, setting: Setting) -> Actor | None:
    """Whom the words mean in the report's country, or anywhere; of "US-backed Free Syrian Army" not the backer but who is backed."""
    words = words[:-1] if re.fullmatch(r"[A-Z]{2,}s", words) else words  # "the SDFs fighters", an apostrophe lost
    owner, _, rest = words.partition(" ")
    if rest and owner.endswith("s") and not setting.registry.country_of(owner) and setting.registry.country_of(owner[:-1]):
        words = f"{owner[:-1]} {rest}"  # "Syrias government"
    here = next(filter(None, (side_called(spelling, setting) for spelling in _bare(words))), None)
    found = here or setting.registry.resolve(words, on=setting.on, countries=setting.countries)
    if found is None and " " in words and words.endswith("s"):
        found = setting.registry.resolve(words[:-1], on=setting.on, countries=setting.countries)  # a possessive without its apostrophe
    if found is None and (backed := _BACKED.match(words)) and words[backed.end() : backed.end() + 1].isupper():
        return known_actor(words[backed.end() :], setting)
    people, _, rest = words.partition(" ")
    if found is None and people in actor_forms()["peoples"] and rest.istitle() and " " in rest:  # "Kurdish People's Protection Units"
        return known_actor(rest, setting)
    return None if found and _is_foreign(found, words, setting) else found


def side_called(words: str, setting: Setting) -> Actor | None:
    """The side of the war at hand that the outlet means by common words: "terrorists"."""
    return setting.registry.resolve_generic(words, on=setting.on, countries=setting.countries[:1], outlet=setting.outlet)


def _bare(words: str) -> Iterator[str]:
    """The words, then without the common words and creeds in front: "foreign Takfiri terrorist organizations" → terrorist organizations."""
    rest = words.split()
    yield words
    while len(rest) > 2 and (rest[0].islower() or rest[0].lower() in actor_forms()["creeds"]) and not _BACKED.match(rest[0]):
        rest = rest[1:]
        yield " ".join(rest)


def _is_foreign(actor: Actor, words: str, setting: Setting) -> bool:
    """A name of common words, "National Army", of another war; a body of many wars (the Islamic State) is at home in all."""
    homes = ({actor.country} | setting.registry.war_countries(actor)) - {None}
    elsewhere = len(actor.conflicts) <= 3 and bool(setting.countries and homes) and not homes & set(setting.countries)
    return elsewhere and actor.kind not in SPEAKERS and is_common_name(words, setting.registry)


def _owner(words: str, kind: str, setting: Setting) -> Actor | None:
    """ "loyal to Syrian President Bashar al-Assad", "of the Russian army"."""
    if kind in {"group", "body"} and re.match(r"affiliated\b", words):
        return None  # "groups affiliated to X" are others than X
    name = re.sub(r"^(?:(?:loyal|affiliated|belonging|faithful) (?:to|with)|of|from)(?: the)?\s+", "", words)
    last = name.split()[-1]
    army = [f"{last.split('-')[-1]} forces"] if kind in {"army", "rebels"} else []
    for spelling in (name, last, *army):
        if actor := setting.registry.resolve(spelling, on=setting.on, countries=setting.countries):
            return _armed_hand(actor, kind, setting)
    code = setting.registry.capitals.get(normal(name)) or setting.registry.country_of(name.split()[0])
    return setting.registry.state_actor(code, ROLE.get(kind, "army"), setting.on) if code else None


ROLE = {"army": "army", "air": "air force", "navy": "navy", "police": "police", "government": "government"}


def _armed_hand(actor: Actor, kind: str, setting: Setting) -> Actor:
    """Who flies the regime's jets is its air force, who are its soldiers its army."""
    if kind not in {"army", "air", "navy", "police"} or actor.country is None:
        return actor
    if setting.registry.state_actor(actor.country, "government", setting.on) != actor:
        return actor  # no government, or that of rebels
    return setting.registry.state_actor(actor.country, ROLE[kind], setting.on) or actor


def is_armed_hand(id: str, of: str, setting: Setting) -> bool:
    """Is it the army, air force, navy or police of that government?"""
    state = setting.registry.actor(of)
    code = state.country if state and state.kind == "government" else None
    hands = (setting.registry.state_actor(code, role, setting.on) for role in ("army", "air force", "navy", "police")) if code else ()
    return any(hand is not None and hand.id == id for hand in hands)


LONGEST_NATION = 4  # words: "Central African Republic's"


def nations_in(words: str, registry: Registry) -> set[str]:
    """Codes of the countries that words name, the longest name at each point: "South Sudan's" is not Sudan's."""
    parts, found, at = re.findall(r"[^\s-]+", words), set(), 0
    while at < len(parts):
        told = ((size, registry.country_of(" ".join(parts[at : at + size]))) for size in range(min(LONGEST_NATION, len(parts) - at), 0, -1))
        size, code = next(((size, code) for size, code in told if code), (1, None))
        found |= {code} if code else set()
        at += size
    return found


def _by_modifiers(doc: Doc, start: int, head: Token, kind: str, setting: Setting) -> Actor | None:
    """By the words before the head: a name ("al-Nusra fighters"), a nation ("Russian jets"), a word for the state ("regime troops")."""
    registry = setting.registry
    before = doc[start : head.i].text
    before = re.sub(r"\s[Aa]ir$", "", before) if head.lower_ == "force" else before
    if " and " in before or " or " in before:
        return None
    if named := named_before(before, kind, setting):
        return _armed_hand(named, kind, setting)
    ruler = re.sub(r"[’']s?$", "", before)
    if kind in {"army", "rebels"} and not is_demonym(before, registry):
        # "Assad's forces", and where the apostrophe was lost "President Bashar al-Assads forces"
        for name in (ruler, re.sub(r"^(?:al|el)-", "", ruler.rpartition(" ")[2]).removesuffix("s")):
            if not is_demonym(name, registry) and (own := registry.candidates(f"{name} forces")):
                return own[0]
    if kind == "air" and (state := ruled_by(ruler.removesuffix("s").rpartition(" ")[2], setting)):
        return _armed_hand(state, kind, setting)
    word = head.text.lower()
    role = "army" if word in actor_forms()["units"] else None if word in {"ministry", "presidency"} else ROLE.get(kind)
    nations = nations_in(before, registry) or {registry.capitals[name] for name in [normal(before)] if name in registry.capitals}
    if len(nations) > 1 or (kind != "air" and any(head_class(word) == "rebels" for word in before.split())):
        return None
    described = before.split()[doc[start].tag_.startswith("V") or " " not in before :]
    if head.text[0].isupper() and any(w[0].isupper() and not registry.country_of(w) for w in described):
        return None  # a name of its own: "Democratic Kalam Forces"
    words = {normal(word) for word in re.findall(r"[^\s]+", before)}
    words |= {word.removesuffix("s") for word in words}  # "the armys air force", an apostrophe lost
    if kind == "government" and words & set(actor_forms()["not_of_state"]):
        return None
    whole = before.lower() == "armed" and word == "forces"  # "the armed forces"
    of_state = kind == "government" or bool(words & set(actor_forms()["state_words"])) or word in {"army", "military"} or whole
    if role is None or not (nations or of_state):
        return None
    code = nations.pop() if nations else setting.country
    return registry.state_actor(code, role, setting.on) if code else None


def ruled_by(name: str, setting: Setting) -> Actor | None:
    """The government whose ruler is so called: "Hadid", of "Hadid's air force"."""
    registry = setting.registry
    return next(iter(registry.candidates(f"{name} government") or registry.candidates(f"{name} regime")), None)


def named_before(before: str, kind: str, setting: Setting) -> Actor | None:
    """The body whose name stands before a head, with at most a people or creed in front and common words after: "Kurdish YPG | militia"."""
    words = before.split()
    for first in range(len(words)):
        if first and not (words[first - 1].islower() or is_demonym(words[first - 1], setting.registry)):
            break
        for last in range(len(words), first, -1):
            spelling = re.sub(r"[’']s?$", "", " ".join(words[first:last]))
            if spelling.islower() or is_demonym(spelling, setting.registry) or not all(word.islower() for word in words[last:]):
                continue
            if actor := _name_or_generic(spelling, first, setting):
                return actor
    return _coalition(words, kind, setting)


def _name_or_generic(spelling: str, first: int, setting: Setting) -> Actor | None:
    actor = setting.registry.resolve(spelling, on=setting.on, countries=setting.countries) or side_called(spelling, setting)
    return None if actor is None or _is_foreign(actor, spelling, setting) or (first and setting.registry.country_of(spelling)) else actor


def coalition_of(deed: str, setting: Setting) -> Actor | None:
    """ "coalition | campaign", "coalition | airstrikes": of the foreign armies at war here, if there are such."""
    noun = deed.lower()
    return _coalition(["coalition"], "army", setting) if {noun, noun.removesuffix("s")} & actor_forms()["deeds"] else None


def _coalition(words: Sequence[str], kind: str, setting: Setting) -> Actor | None:
    """ "coalition warplanes": of the foreign armies at war here, if there are such."""
    if kind not in {"army", "air", "navy"} or not words or words[0].lower() != "coalition":
        return None
    return setting.registry.resolve_generic("coalition forces", on=setting.on, countries=setting.countries[:1])


def capital_of(word: str, setting: Setting) -> Actor | None:
    """The government that a capital stands for: "called on Damascus"."""
    code = setting.registry.capitals.get(normal(word))
    return setting.registry.state_actor(code, "government", setting.on) if code else None


def only_demonym(word: str, registry: Registry) -> bool:
    return is_demonym(word, registry) and word not in {"US", "UK", "U.S.", "U.K.", "USA"}
