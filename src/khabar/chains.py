"""A claim and its chain of speakers → whose word it is, and how that speaker stands to what it says.

The rules chain, copies, own-side and against-interest are decided here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from typing import Literal

from khabar.actorfiles import SPEAKERS, Actor
from khabar.lexicon import table
from khabar.model import Speaker
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import Role
from khabar.spellings import normal
from khabar.ties import Registry, Ties

Standing = Literal["analyst", "admission", "independent", "coded", "own", "hearsay"]

ASSESSED: frozenset[Standing] = frozenset({"analyst", "admission", "independent"})


def chain(told: Told, parties: Sequence[Party], ties: Ties) -> tuple[Party | None, str, bool]:
    """**chain**: a claim weighs what its innermost speaker weighs. → the party it belongs to, the informant, whether it is hearsay.

    The outlet speaks for itself where the chain is empty, and otherwise only vouches that it was said.
    """
    links = told.claim.attribution
    if not links:
        return outlet_of(told, ties)
    speaker = links[-1]
    hearsay = normal(speaker.text) in _hearsay()
    party = _speaker_party(speaker, parties, told, ties)
    if speaker.id:
        return party, speaker.id, hearsay
    body = _body(speaker)
    if body and party:
        return party, party.key, hearsay
    if is_name(speaker.text):
        return party, normal(speaker.text), hearsay
    # An unnamed source is told apart by who quotes it: AFP's military source is one man in however many papers.
    quoted_by = next((link.id or normal(link.text) for link in reversed(links[:-1])), None) or outlet_of(told, ties)[1]
    return party, f"{quoted_by}/{normal(speaker.text)}", hearsay


@cache
def _hearsay() -> frozenset[str]:
    return frozenset(normal(phrase) for phrase in table("control")["hearsay"])


def outlet_of(told: Told, ties: Ties) -> tuple[Party | None, str, bool]:
    """The outlet where it speaks for itself, or the one whose text it prints.

    **copies**: the origin speaks, with whatever name over it: whom a report credits; of those who told it on the first day an agency or a
    monitor, or else a party, before the others; in the end whoever comes first.
    """
    tellers = told.tellers or ((told.outlet, None),)
    actor = _who_speaks(tellers, told.known, ties.registry)
    if actor:
        return Party(actor.id, actor.id, actor.name), actor.id, False
    outlet = tellers[0][0]
    return None, normal(outlet) if outlet else f"report {told.claim.report_id}", False


@lru_cache(maxsize=50_000)  # asked for every claim of a report
def _who_speaks(tellers: tuple[tuple[str | None, str | None], ...], on: date | None, registry: Registry) -> Actor | None:
    """Of outlets, each with whom its report credits."""
    called = partial(_called, on=on, registry=registry)
    credited = [actor for _, credit in tellers if (actor := called(credit)) and actor.kind in SPEAKERS]
    outlets = [actor for outlet, _ in tellers if (actor := called(outlet))]
    for actors in (
        credited,
        [actor for actor in outlets if actor.kind == "agency"],
        [actor for actor in outlets if actor.kind == "monitor"],
        [actor for actor in outlets if registry.sides(actor.id, on)],
    ):
        if actors:
            return actors[0]
    return called(tellers[0][0])


@lru_cache(maxsize=50_000)
def _called(name: str | None, on: date | None, registry: Registry) -> Actor | None:
    return registry.resolve(name, on=on) if name else None


def is_of_speaker(party: Party, speaker: Party, ties: Ties, on: date | None) -> bool:
    """Does he speak of his own: "denied that his men had left"?"""
    people = set(normal(party.name).split()) <= set(table("control")["own_people"])
    return people and party.id is None and ties.takes_part(speaker, on) and ties.trade(party) in (None, ties.trade(speaker))


def is_name(text: str) -> bool:
    """Is it one man's name, the same in whatever report: "Abu Omar", not "Syrian security official"?"""
    found = [word for word in re.findall(r"[^\W\d]+", text) if word.lower() not in ("al", "el", "bin", "ibn", "abu", "de", "van", "von")]
    return len(found) > 1 and all(word[0].isupper() for word in found)


def _body(speaker: Speaker) -> str | None:
    """The body in "Name [Body]"."""
    found = re.search(r"\[([^\]]+)\]\s*$", speaker.text)
    return found[1] if found else None


def _speaker_party(speaker: Speaker, parties: Sequence[Party], told: Told, ties: Ties) -> Party | None:
    if speaker.id:
        return ties.named(speaker.id, speaker.text)
    spelling = _body(speaker) or speaker.text
    for party in parties:
        if normal(spelling) == normal(party.name):
            return party
    actor = _called(spelling, told.known, ties.registry) or _body_of(spelling, told.known, ties.registry)
    actor = actor or _owner_of(spelling, told.known, ties)
    if actor is None and ties.knows(normal(spelling)):
        return Party(normal(spelling), None, spelling)
    if actor:
        return Party(actor.id, actor.id, actor.name)
    name = speaker.text.partition(" [")[0]
    office = _office(name, told.sentence) if is_name(name) else None
    if office is None and name == speaker.text and is_name(name) and not _is_of_a_trade(name):
        return None
    return _by_trade(office or speaker.text, parties, ties, told)


@lru_cache(maxsize=50_000)
def _body_of(speaker: str, on: date | None, registry: Registry) -> Actor | None:
    """The body that a speaker of a trade is of: the Red Army, of a "Red Army commander"."""
    words, trades = speaker.split(), {word for of_trade in table("control")["speakers"].values() for word in of_trade}
    while words and words[-1].casefold() in trades:
        words.pop()
        if found := _called(" ".join(words), on, registry):
            return found
    return None


def _owner_of(speaker: str, on: date | None, ties: Ties) -> Actor | None:
    """The side of a war whose voice it is: the Northern Front, of "the Northern Front's radio", "Northern Front-run television"."""
    owner = _OWNER.match(speaker)
    found = _called(owner[1], on, ties.registry) if owner and not ties.registry.country_of(owner[1]) else None
    return found if found and ties.registry.sides(found.id, on) else None


_OWNER = re.compile(r"(?:the )?(.+?)(?:[’']s? |-(?:run|owned|controlled)\b)")


def _is_of_a_trade(name: str) -> bool:
    """ "Defence Ministry" is no man's name."""
    return any(normal(name).split()[-1] in of_trade for of_trade in table("control")["speakers"].values())


def _by_trade(words: str, parties: Sequence[Party], ties: Ties, told: Told) -> Party | None:
    """A "military source" speaks for the army that the claim is about; None where the claim has two, or others said it too. Whose country
    is named speaks for that: a foreign official for no army of the claim, a minister for his own government. Where the claim has none of
    their trade, officials speak for the state of the place, and rebels for rebels: their denial is no bystander's."""
    said = normal(words).split()
    if set(said) & set(table("control")["independent"]):
        return None
    country = next(filter(None, map(ties.registry.country_of, words.split())), None)
    trades: Mapping[str, Sequence[str]] = table("control")["speakers"]
    for trade in (trade for trade, trade_words in trades.items() if set(said) & set(trade_words)):
        found = [party for party in parties if ties.trade(party) == trade or (trade == "state" and _is_army_abroad(party, ties))]
        if trade == "state" and country:
            found = [party for party in found if _country(party, ties) in (country, None)]
        if found:
            return found[0] if len(found) == 1 else None
    if of_side := next((word for word in said if word in table("control")["sides"]), None):
        many = f"{of_side.removesuffix('s')}s" if of_side not in ("opposition", "mujahideen") else of_side
        return Party(many, None, many) if of_side in words[:1].lower() + words[1:] else None  # "Islamist Front" is a name
    return _state(country, told, ties) if set(said) & set(trades["state"]) else None


def _state(country: str | None, told: Told, ties: Ties) -> Party | None:
    """The government of a country, or else of that of the place."""
    place = told.claim.place
    at = country or (place.country if place else None)
    actor = ties.registry.state_actor(at, "government", told.known) if at else None
    return Party(actor.id, actor.id, actor.name) if actor else None if country else Party("government", None, "government")


def _is_army_abroad(party: Party, ties: Ties) -> bool:
    """A state's forces in a war elsewhere: its ministry's own, though no kin of the army there."""
    return ties.kind(party) == "external forces" and _country(party, ties) is not None


def _country(party: Party, ties: Ties) -> str | None:
    actor = ties.registry.actor(party.id) if party.id else None
    return actor.country if actor else None


@lru_cache(maxsize=50_000)
def _office(name: str, sentence: str) -> str | None:
    """The office of state that a sentence gives to the one of whom it speaks by name.

    >>> _office("Ana Roe", "Rebels left, Moldova's defence minister, Ana Roe, said.")
    "Moldova's defence minister"
    >>> _office("Ana Roe", "Rebels left, said Ana Roe, the interior minister of Moldova, on Sunday.")
    'the interior minister of Moldova'
    >>> _office("Ana Roe", "’ Ana Roe said so.")
    """
    at = sentence.find(name)
    if at < 0:
        return None
    before = _WORDS_BEFORE.search(sentence[:at])
    after = _WORDS_AFTER.match(sentence[at + len(name) :])
    for words in (found[1] for found in (before, after) if found):
        said = normal(words).split()
        of = said.index("of") if "of" in said else len(said)  # "the governor of Karsa, Ana Roe"
        holds = set(table("control")["offices"]) & set(said if after and words == after[1] else (*said[-1:], *said[:of][-1:]))
        if holds and not set(said) & set(table("control")["former"]):
            return words
    return None


_WORDS_BEFORE = re.compile(r"((?:[\w'’-]+ ){0,4}[\w'’-]+),? $")
_WORDS_AFTER = re.compile(r", ((?:[\w'’-]+ ){0,8}[\w'’-]+)")


def standing(
    role: Role, party: Party | None, other: Party | None, speaker: Party | None, ties: Ties, on: date | None, *, denied: bool = False
) -> Standing:
    """How the speaker stands to what it says. `denied`: to its not being so, which is in the loser's interest."""
    if denied:
        how = standing(role, party, other, speaker, ties, on)
        return _REVERSED.get(how, how) if party or other else how  # "denied that the town had fallen": to whom is not told
    winner, loser = (other, party) if role == "loss" else (party, other)
    if own_side(speaker, winner, ties, on):
        return "own"
    if against_interest(speaker, winner, loser, ties, on):
        return "admission"
    if role == "loss" and ties.opposed(speaker, loser, on):
        return "own"  # an enemy's "they fled"
    if speaker and not winner and not loser and ties.takes_part(speaker, on):
        return "own"  # "the town is liberated": a boast that names nobody
    return "independent"


_REVERSED: dict[Standing, Standing] = {"own": "admission", "admission": "own"}


def own_side(speaker: Party | None, winner: Party | None, ties: Ties, on: date | None) -> bool:
    """**own-side**: does the speaker gain by what it says?"""
    return ties.aligned(speaker, winner, on)


def against_interest(speaker: Party | None, winner: Party | None, loser: Party | None, ties: Ties, on: date | None) -> bool:
    """**against-interest**: does the speaker concede something to an enemy, or admit a loss of its own?"""
    return ties.aligned(speaker, loser, on) or ties.opposed(speaker, winner, on)
