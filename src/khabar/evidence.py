"""Claims → evidence: what each says about who held a place, how its speaker stands to that, and how close it is to the place.

The rules chain, own-side, against-interest, copies and containment are decided here; what follows from the evidence, in `control`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal, Protocol

import yaml

from khabar.actorfiles import SPEAKERS, Actor, Relation
from khabar.model import Claim, Participant, Place, Speaker
from khabar.record import Told
from khabar.rulings import WIDE as WIDE
from khabar.rulings import key_of
from khabar.spellings import normal

Role = Literal["gain", "presence", "loss", "siege", "fighting", "movement"]
Standing = Literal["analyst", "admission", "independent", "coded", "own", "hearsay"]
Reach = Literal["here", "around", "within", "part", "over"]

ASSESSED: frozenset[Standing] = frozenset({"analyst", "admission", "independent"})
LEARNT = ".learnt"  # the rule of a claim that no rule of the grammar made
CODED = "dataset."
"""What the rules begin with that make claims of rows of ACLED or UCDP GED."""


class Registry(Protocol):
    """What is asked of `khabar.registry.Registry`."""

    @property
    def fingerprint(self) -> str: ...
    def actor(self, id: str) -> Actor | None: ...
    def resolve(self, text: str, *, on: date | None = None) -> Actor | None: ...
    def sides(self, id: str, on: date | None = None) -> tuple[str, ...]: ...
    def relations(self, id: str, on: date | None = None) -> tuple[Relation, ...]: ...


@dataclass(frozen=True, slots=True)
class Party:
    """An actor in the record: `key` is its id, or its normal spelling where the registry does not know it."""

    key: str
    id: str | None
    name: str

    @property
    def is_generic(self) -> bool:
        """Fighters of nobody in particular: "jihadists", "Islamist insurgents", or the registry's "rebels"."""
        if self.id is not None:
            return self.id.endswith("-generic")
        first, _, rest = self.name.partition(" ")
        return first[:1].islower() or bool(rest and rest == rest.lower())


@dataclass(frozen=True, slots=True)
class Area:
    """A place in the record: `key` is its id, or its normal spelling where no gazetteer has it."""

    key: str
    id: str | None
    name: str
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None
    country: str | None = None
    admin1: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one claim says about who held one place.

    `party` gains, is present, loses, besieges; `other` is whom it took the place from or fights. `speaker`: the party that the
    innermost speaker belongs to, None for one that takes no part. `informant`: what is counted, so that copies count
    once. `implied`: follows from the claim ("A took it from B": B held it the day before).
    """

    told: Told
    role: Role
    party: Party | None
    other: Party | None
    first: date | None
    last: date
    standing: Standing
    reach: Reach
    informant: str
    speaker: Party | None = None
    denied: bool = False
    implied: bool = False

    @property
    def claim_id(self) -> str:
        return self.told.claim.claim_id

    @property
    def settles(self) -> bool:
        """Only what is said of the place itself, or of a whole area with its taker, can set a holder; what the model alone found cannot."""
        counts = self.reach in ("here", "within") and not self.denied and self.role in ("gain", "presence", "loss")
        return counts and (self.standing == "analyst" or not self.told.claim.rule.endswith(LEARNT))

    @property
    def is_assessed(self) -> bool:
        return self.settles and self.standing in ASSESSED


@cache
def words() -> Mapping[str, Any]:
    """The lists of control.yaml."""
    return table("control")


@cache
def table(name: str) -> Mapping[str, Any]:
    """A YAML file of the package's knowledge."""
    text = files("khabar").joinpath(f"knowledge/{name}.yaml").read_text("utf-8")
    rows: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # the C one is ten times as fast
    return rows


# --- who and where


class Lookup(Protocol):
    """What is asked of a mapping from spellings to ids: a dict, or an index in a file."""

    def get(self, spelling: str, /) -> str | None: ...


@dataclass(frozen=True)
class Names:
    """Keys for the actors and places of a set of claims: an unresolved spelling joins the one resolved actor or place that is spelt so."""

    actors: Lookup
    places: Lookup

    @classmethod
    def of(cls, told: Iterable[Told]) -> Names:
        found: dict[str, dict[str, set[str]]] = {"actor": {}, "place": {}}
        for item in told:
            for kind, spelling, id in spellings_in(item.claim):
                found[kind].setdefault(spelling, set()).add(id)
        single = ({spelling: one for spelling, ids in found[kind].items() if (one := the_one(ids))} for kind in ("actor", "place"))
        return cls(*single)

    def party(self, participant: Participant | None) -> Party | None:
        """The actor that a participant is."""
        if participant is None:
            return None
        name = participant.name or participant.text
        id = participant.id or self.actors.get(normal(name)) or self.actors.get(normal(participant.text))
        return Party(id or normal(name) or name, id, name)

    def area(self, place: Place) -> Area:
        """The place that a claim's place is. A part of a city has a key of its own, and so has a province that is named like its city."""
        name = place.name or place.text
        id = place.id
        if _may_be_another(place):
            id = self.places.get(normal(name)) or id
        key = id or key_of(place)
        return Area(key, id, name, place.latitude, place.longitude, place.precision, place.country, place.admin1, place.parent)


def _may_be_another(place: Place) -> bool:
    """Has it no place of a gazetteer of its own, so that a place which other claims resolve under this spelling may be meant?"""
    return _is_made_up(place.id) and not place.parent and place.precision not in WIDE


def spellings_in(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """What a claim shows of names: ("actor" or "place", a spelling, the id that it was resolved to)."""
    place = claim.place if claim.place and claim.place.precision not in WIDE else None
    for kind, named in (("actor", claim.actor), ("actor", claim.recipient), ("place", place)):
        if named and named.id:
            for spelling in {normal(named.text), normal(named.name or named.text)}:
                yield kind, spelling, named.id


def the_one(ids: Iterable[str]) -> str | None:
    """The one id of a spelling, None where it has several; what was made from the spelling, or from the point in a row of a dataset, gives
    way to what a gazetteer has.

    >>> the_one(["geonames:172994", "point:40.000,50.000", "name:sy:rh"])
    'geonames:172994'
    """
    found = set(ids)
    known = {id for id in found if not _is_made_up(id) and not id.startswith("point:")} or found
    return known.pop() if len(known) == 1 else None


def _is_made_up(id: str | None) -> bool:
    """No id, or one like "name:sy:snkr", which `romanising.unresolved_id` makes for a place that no gazetteer has."""
    return id is None or id.startswith("name:")


@dataclass(frozen=True, slots=True)
class Tie:
    """One body belongs to another, leads it, is its ally or enemy: said by the registry (with its `source`) or by a claim."""

    type: str
    actor: Party
    of: Party
    first: date | None = None
    last: date | None = None
    claim_id: str | None = None
    source: str | None = None

    def holds(self, on: date | None) -> bool:
        return _within(on, self.first, self.last)


TIES: Mapping[str, str] = {
    "membership": "member_of",
    "branch_of": "branch_of",
    "allied_with": "allied_with",
    "commands": "commands",
    "split": "split_from",
}
BELONGING = frozenset({"member_of", "branch_of", "part_of"})


class Ties:
    """Who belonged to whom and on whose side: the registry's facts, and those that the claims of a record add.

    What follows from them is remembered: the same pair is asked about once for every claim.
    """

    def __init__(self, registry: Registry, told: Sequence[Told], *, names: Names | None = None, said: Iterable[Tie] = ()) -> None:
        self.registry = registry
        self.names = names or Names.of(told)
        self.said = (*self._said(told), *said)
        self._bound: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {}
        self._dated: set[str] = set()  # those that belonged to something for a time
        self._above: dict[tuple[str, date | None], frozenset[str]] = {}
        self._bonds: dict[str, tuple[str, ...]] = {}
        self._own_sides: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {}
        self._sided: dict[tuple[tuple[str, ...], date | None], frozenset[str]] = {}
        self._trades: dict[Party, str | None] = {}
        bound = [tie for tie in self.said if tie.type not in BELONGING or self._may_be(tie)]
        self._of_actor, self._of_body = _by(bound, lambda tie: tie.actor.key), _by(bound, lambda tie: tie.of.key)

    def belongs(self, first: Party, second: Party, on: date | None) -> bool:
        """Is the first the second, or a member or branch of it, at any depth?"""
        return second.key == first.key or second.key in self.above(first, on)

    def kin(self, first: Party, second: Party, on: date | None) -> bool:
        """One and the same, or coalition and member, or as far as the words go: "jihadists" may be any armed group, but no army."""
        if first.key == second.key:
            return True
        if first.is_generic or second.is_generic:
            trade = self.trade(first)
            alike = trade is not None and trade == self.trade(second)
            return alike and self._same_side(first, second, on) is not False
        return self.belongs(first, second, on) or self.belongs(second, first, on)

    def aligned(self, first: Party, second: Party, on: date | None) -> bool:
        """Kin, or on one side in some war."""
        return self.kin(first, second, on) or self._same_side(first, second, on) is True

    def opposed(self, first: Party, second: Party, on: date | None) -> bool:
        """Both take a side, and not the same one."""
        if first.is_generic or second.is_generic:
            return {self.trade(first), self.trade(second)} == {"state", "armed"}
        return not self.kin(first, second, on) and self._same_side(first, second, on) is False

    def stand(self, first: Party, second: Party, on: date | None) -> Literal["kin", "aligned", "opposed"] | None:
        """The first of the three that holds, asked once."""
        if self.kin(first, second, on):
            return "kin"
        together = self._same_side(first, second, on)
        if together:
            return "aligned"
        generic = first.is_generic or second.is_generic
        apart = {self.trade(first), self.trade(second)} == {"state", "armed"} if generic else together is False
        return "opposed" if apart else None

    def above(self, party: Party, on: date | None) -> frozenset[str]:
        """Keys of all that it belongs to on that day (None: ever); a circle of memberships ends where it began."""
        ever = self._belonged(party.key, None)
        if not ever or on is None or (party.key not in self._dated and not self._dated & ever):
            return ever
        return self._belonged(party.key, on)

    def _belonged(self, key: str, on: date | None) -> frozenset[str]:
        if (key, on) not in self._above:
            seen: set[str] = set()
            waiting = [key]
            while waiting:
                for body in self._bodies(waiting.pop(), on):
                    if body not in seen and body != key:
                        seen.add(body)
                        waiting.append(body)
            self._above[key, on] = frozenset(seen)
        return self._above[key, on]

    def bonds(self, key: str) -> tuple[str, ...]:
        """All that decides to whom it belongs on any day, in words."""
        if key not in self._bonds:
            bodies = sorted({key, *self._belonged(key, None)})
            self._bonds[key] = (key, *(f"{body}: {sorted(map(str, self._belongs_to(body)))}" for body in bodies))
        return self._bonds[key]

    def members(self, party: Party, on: date | None) -> list[Party]:
        """Those who directly belong to it on that day and take part: not its news channel."""
        found = [member for member, first, last in self.member_days(party) if _within(on, first, last)]
        return list({member.key: member for member in found}.values())

    def member_days(self, party: Party) -> list[tuple[Party, date | None, date | None]]:
        """Those who ever directly belonged to it and take part, each with the days."""
        said = [(tie.actor, tie.first, tie.last) for tie in self._of_body.get(party.key, ()) if tie.type in BELONGING]
        known = [
            (self.named(relation.actor, relation.actor), relation.period.start, relation.period.end)
            for relation in (self.registry.relations(party.id) if party.id else ())
            if relation.of == party.id and relation.type in BELONGING and self.registry.actor(relation.actor)
        ]
        found = {one for one in (*said, *known) if self.kind(one[0]) not in SPEAKERS}
        return sorted(found, key=lambda one: (one[0].key, one[0].name, one[1] or date.min, one[2] or date.max))

    def knows(self, key: str) -> bool:
        """Do the reports tell of whom it belongs to?"""
        return any(tie.type in BELONGING for tie in self._of_actor.get(key, ()))

    def named(self, id: str, name: str) -> Party:
        actor = self.registry.actor(id)
        return Party(id, id, actor.name if actor else name)

    def party(self, participant: Participant | None) -> Party | None:
        """As `Names.party`, under the registry's name where it has one."""
        party = self.names.party(participant)
        return self.named(party.id, party.name) if party and party.id else party

    def _may_be(self, tie: Tie) -> bool:
        """Does what somebody says of belonging count for who holds what? Not of nobody in particular ("rebels of the Front"), nor of two
        whom the registry has on different sides, or as army and rebel group: such a claim is shown, and binds nobody."""
        if tie.actor.is_generic or tie.of.is_generic:
            return False
        ours, theirs = (self.registry.sides(party.id, tie.first) if party.id else () for party in (tie.actor, tie.of))
        wars = {side.split("/")[0] for side in ours} & {side.split("/")[0] for side in theirs}
        if wars:
            return bool(set(ours) & set(theirs))
        known = tie.actor.id and tie.of.id
        return not known or {self.trade(tie.actor), self.trade(tie.of)} != {"state", "armed"}

    def kind(self, party: Party) -> str | None:
        actor = self.registry.actor(party.id) if party.id else None
        return actor.kind if actor else None

    def takes_part(self, party: Party, on: date | None) -> bool:
        """Is it on a side, and not only a voice?"""
        return bool(party.id and self.registry.sides(party.id, on)) or self.trade(party) is not None

    def trade(self, party: Party) -> str | None:
        """ "state" or "armed", by its kind in the registry or else by its words; None for others."""
        if party not in self._trades:
            self._trades[party] = self._trade(party)
        return self._trades[party]

    def _trade(self, party: Party) -> str | None:
        kind, lists = self.kind(party), words()
        said = set(normal(party.name).split())
        for trade, kinds in lists["kinds"].items():
            if kind in kinds or (kind is None and said & set(lists["speakers"][trade])):
                return str(trade)
        return None

    def _bodies(self, key: str, on: date | None) -> Iterator[str]:
        return (of for of, first, last in self._belongs_to(key) if _within(on, first, last))

    def _belongs_to(self, key: str) -> tuple[tuple[str, date | None, date | None], ...]:
        """What it ever directly belonged to, with the days."""
        if key not in self._bound:
            known = [relation for relation in self.registry.relations(key) if relation.actor == key and relation.type in BELONGING]
            said = [(tie.of.key, tie.first, tie.last) for tie in self._of_actor.get(key, ()) if tie.type in BELONGING]
            bound = dict.fromkeys((*((r.of, r.period.start, r.period.end) for r in known if self.registry.actor(r.of)), *said))
            self._bound[key] = tuple(bound)
            if any(first or last for _, first, last in bound):
                self._dated.add(key)
        return self._bound[key]

    def _same_side(self, first: Party, second: Party, on: date | None) -> bool | None:
        """Do they, or any that they belong to, share a side in some war? None where no war has both."""
        left, right = self._sides(first, on), self._sides(second, on)
        wars = {label.split("/")[0] for label in left} & {label.split("/")[0] for label in right}
        return bool(left & right) if wars else None

    def _sides(self, party: Party, on: date | None) -> frozenset[str]:
        bodies = (party.key, *self.above(party, on))
        sides = [side for body in bodies for side in self._sides_of(body)]
        when = on if any(first or last for _, first, last in sides) else None
        if (bodies, when) not in self._sided:
            self._sided[bodies, when] = frozenset(label for label, first, last in sides if _within(on, first, last))
        return self._sided[bodies, when]

    def _sides_of(self, key: str) -> tuple[tuple[str, date | None, date | None], ...]:
        """The sides that it ever took itself, with the days."""
        if key not in self._own_sides:
            actor = self.registry.actor(key)
            self._own_sides[key] = tuple((side.label, side.period.start, side.period.end) for side in (actor.sides if actor else ()))
        return self._own_sides[key]

    def _said(self, told: Sequence[Told]) -> Iterator[Tie]:
        for item in told:
            if not item.is_rejected and (tie := self.tie(item.claim)):
                yield tie

    def tie(self, claim: Claim) -> Tie | None:
        """What a claim says of membership, alliance or leading."""
        actor, of = self.party(claim.actor), self.party(claim.recipient)
        if not speaks_of_ties(claim) or actor is None or of is None or actor.key == of.key:
            return None
        return Tie(TIES[claim.kind], actor, of, claim.date_start, None, claim.claim_id or None)


def speaks_of_ties(claim: Claim) -> bool:
    """Is it one of the kinds that join two actors, and told as so?"""
    return claim.kind in TIES and claim.modality in ("asserted", "background") and claim.section in words()["sections"]


def _by(ties: Iterable[Tie], key_of: Callable[[Tie], str]) -> dict[str, list[Tie]]:
    found: dict[str, list[Tie]] = {}
    for tie in ties:
        found.setdefault(key_of(tie), []).append(tie)
    return found


def _within(on: date | None, first: date | None, last: date | None) -> bool:
    return on is None or ((first is None or first <= on) and (last is None or on <= last))


# --- the rules


def is_coded(claim: Claim) -> bool:
    """**dataset**: is it a row of a dataset? Whoever coded it read the same press, and does not say which sentence: it is shown beside what
    reports say and bears none of it out."""
    return claim.rule.startswith(CODED)


def informants_among(evidence: Iterable[Evidence]) -> int:
    """How many stand for it: all datasets together for one, and only where no report does."""
    found = {piece.informant: piece.standing != "coded" for piece in sorted(evidence, key=lambda piece: piece.standing != "coded")}
    return sum(found.values()) or min(len(found), 1)


def chain(told: Told, parties: Sequence[Party], ties: Ties) -> tuple[Party | None, str, bool]:
    """**chain**: a claim weighs what its innermost speaker weighs. → the party it belongs to, the informant, whether it is hearsay.

    The outlet speaks for itself where the chain is empty, and otherwise only vouches that it was said.
    """
    links = told.claim.attribution
    if not links:
        return outlet_of(told, ties.registry)
    speaker = links[-1]
    hearsay = normal(speaker.text) in {normal(phrase) for phrase in words()["hearsay"]}
    party = _speaker_party(speaker, parties, told, ties)
    if speaker.id:
        return party, speaker.id, hearsay
    body = _body(speaker)
    if body and party:
        return party, party.key, hearsay
    if is_name(speaker.text):
        return party, normal(speaker.text), hearsay
    # An unnamed source is told apart by who quotes it: AFP's military source is one man in however many papers.
    quoted_by = next((link.id or normal(link.text) for link in reversed(links[:-1])), None) or outlet_of(told, ties.registry)[1]
    return party, f"{quoted_by}/{normal(speaker.text)}", hearsay


def outlet_of(told: Told, registry: Registry) -> tuple[Party | None, str, bool]:
    """The outlet where it speaks for itself, or the one whose text it prints.

    **copies**: the origin speaks, with whatever name over it: whom a report credits; of those who told it on the first day an agency or a
    monitor, or else a party, before the others; in the end whoever comes first.
    """
    tellers = told.tellers or ((told.outlet, None),)
    credited = [actor for _, credit in tellers if (actor := _actor(credit, told, registry)) and actor.kind in SPEAKERS]
    outlets = [actor for outlet, _ in tellers if (actor := _actor(outlet, told, registry))]
    for actors in (
        credited,
        [actor for actor in outlets if actor.kind == "agency"],
        [actor for actor in outlets if actor.kind == "monitor"],
        [actor for actor in outlets if registry.sides(actor.id, told.known)],
    ):
        if actors:
            return Party(actors[0].id, actors[0].id, actors[0].name), actors[0].id, False
    outlet = tellers[0][0]
    if not outlet:
        return None, f"report {told.claim.report_id}", False
    actor = _actor(outlet, told, registry)
    return (Party(actor.id, actor.id, actor.name), actor.id, False) if actor else (None, normal(outlet), False)


def _actor(name: str | None, told: Told, registry: Registry) -> Actor | None:
    return registry.resolve(name, on=told.known) if name else None


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
    actor = ties.registry.resolve(spelling, on=told.known)
    if actor is None and ties.knows(normal(spelling)):
        return Party(normal(spelling), None, spelling)
    return Party(actor.id, actor.id, actor.name) if actor else _by_trade(speaker, parties, ties)


def _by_trade(speaker: Speaker, parties: Sequence[Party], ties: Ties) -> Party | None:
    """A "military source" speaks for the army that the claim is about; None where the claim has none, or two, or others said it too."""
    said = set(normal(speaker.text).split())
    if said & set(words()["independent"]):
        return None
    for trade, trade_words in words()["speakers"].items():
        if said & set(trade_words):
            found = [party for party in parties if ties.trade(party) == trade]
            if len(found) == 1:
                return found[0]
    return None


def own_side(speaker: Party | None, winner: Party | None, ties: Ties, on: date | None) -> bool:
    """**own-side**: does the speaker gain by what it says?"""
    return bool(speaker and winner and ties.aligned(speaker, winner, on))


def against_interest(speaker: Party | None, winner: Party | None, loser: Party | None, ties: Ties, on: date | None) -> bool:
    """**against-interest**: does the speaker concede something to an enemy, or admit a loss of its own?"""
    if not speaker:
        return False
    if loser and ties.aligned(speaker, loser, on):
        return True
    return bool(winner and ties.opposed(speaker, winner, on))


def standing(role: Role, party: Party | None, other: Party | None, speaker: Party | None, ties: Ties, on: date | None) -> Standing:
    """How the speaker stands to what it says."""
    winner, loser = (other, party) if role == "loss" else (party, other)
    if own_side(speaker, winner, ties, on):
        return "own"
    if against_interest(speaker, winner, loser, ties, on):
        return "admission"
    if role == "loss" and speaker and loser and ties.opposed(speaker, loser, on):
        return "own"  # an enemy's "they fled"
    if speaker and not winner and not loser and ties.takes_part(speaker, on):
        return "own"  # "the town is liberated": a boast that names nobody
    return "independent"


def containment(claim: Claim, said_of: Area, asked: Area, role: Role, sentence: str = "") -> Reach | None:
    """**containment**: how a claim about one place reaches another; None where it does not.

    A quarter or a building never settles the city, nor what lies around a place the place; a whole province, taken by someone named,
    settles what is in it; lost to nobody named, it does not (`over`: listed, and nothing more).
    """
    if said_of.key == asked.key:
        return "around" if claim.place and claim.place.near else "here"
    if said_of.parent and said_of.parent in (asked.key, asked.id):
        return "part"
    if role in OF_AREAS and lies_in(asked, said_of) and not _is_partial(said_of, claim, sentence):
        named_taker = role == "gain" and claim.actor is not None and claim.kind in words()["within"]
        return "within" if named_taker else "over"
    return None


HOLDINGS = ("control_state",)
OF_AREAS: frozenset[Role] = frozenset({"gain", "loss"})  # a clash in a province is no report on each of its villages


def lies_in(inner: Area, outer: Area) -> bool:
    if outer.precision not in WIDE:
        return False
    if outer.id and inner.parent == outer.id:
        return True
    if not inner.admin1 or outer.precision != "province" or (inner.country and outer.country and inner.country != outer.country):
        return False
    province = {normal(name) for name in (outer.name, outer.admin1 or outer.name)} | {outer.id}
    return inner.admin1 == outer.id or bare(inner.admin1) in {bare(name) for name in province if name}


def bare(name: str) -> str:
    """A province's name without the word for what it is."""
    return re.sub(r" (province|governorate|region|oblast|state|district)$", "", normal(name))


def _is_partial(area: Area, claim: Claim, sentence: str) -> bool:
    """Is only some of an area spoken of, by its own words ("parts of A") or because something was done in it ("took hills in A")?"""
    place = claim.place
    said = place.text if place else area.name
    if set(re.findall(r"\w+", said.casefold())) & set(words()["partial"]) or (place and place.near):
        return True
    before = sentence[: max(place.start - claim.start, 0)] if place and place.start is not None else ""
    return _IN.search(before) is not None


_IN = re.compile(r"\b(in|inside|within|at|across|throughout|around)\s+(the\s+)?$", re.IGNORECASE)


# --- all of it


def areas(told: Iterable[Told], ties: Ties) -> dict[str, Area]:
    """All places that claims name, by key; the fullest description of each."""
    return described((item.claim.place for item in told if item.claim.place), ties.names)


def described(places: Iterable[Place], names: Names) -> dict[str, Area]:
    """As `areas`, of places. What is told of the surroundings of a place describes it only where nothing else does; what one
    description leaves open, another fills."""
    found: dict[str, set[tuple[bool, Area]]] = {}
    for place in places:
        if not is_vague(place):
            area = names.area(place)
            found.setdefault(area.key, set()).add((place.near, area))
    return {key: _fullest(found[key]) for key in sorted(found)}


def _fullest(described: Iterable[tuple[bool, Area]]) -> Area:
    ranked = sorted(described, key=lambda one: (one[0], one[1].latitude is None, one[1].name, repr(one[1])))
    filled: dict[str, Any] = {
        name: next((value for _, area in ranked if (value := getattr(area, name)) is not None), None)
        for name in ("precision", "country", "admin1", "parent")
    }
    return replace(ranked[0][1], **filled)


def is_vague(place: Place) -> bool:
    """Is a place only pointed at or counted ("the area", "eleven villages")? Nobody can ask who holds it: the villages of two reports may
    be others."""
    if not _is_made_up(place.id):
        return False
    said = place.text.casefold()
    counted = place.text == said and set(re.findall(r"\w+", said)) & set(words()["counted"])
    return said in words()["vague"] or bool(counted)


class Bearing(Protocol):
    """What a time line is made from: the claims that may bear on a place, and what all claims together show of names and sides."""

    @property
    def ties(self) -> Ties: ...
    def on(self, area: Area, /) -> Sequence[Told]: ...


@dataclass(frozen=True)
class Gathered:
    """Claims by the place they may bear on, in memory."""

    ties: Ties
    told: Sequence[Told]
    filed: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, told: Sequence[Told], ties: Ties) -> Gathered:
        filed: dict[str, list[int]] = {}
        for number, drawer in drawers(told):
            filed.setdefault(drawer, []).append(number)
        return cls(ties, told, filed)

    def on(self, area: Area) -> list[Told]:
        """Those that may say something about one place, in their order."""
        found = {number for drawer in drawers_of(area, self.spellings.get(area.key, ())) for number in self.filed.get(drawer, ())}
        return [self.told[number] for number in sorted(found)]

    @cached_property
    def spellings(self) -> Mapping[str, set[str]]:
        """How each place is spelt where it is resolved."""
        found: dict[str, set[str]] = {}
        for kind, spelling, id in (shown for item in self.told for shown in spellings_in(item.claim)):
            if kind == "place":
                found.setdefault(id, set()).add(spelling)
        return found


def drawers(told: Sequence[Told]) -> Iterator[tuple[int, str]]:
    """Where to file each claim so that it is found again for every place on which it may bear: (number of the claim, drawer).

    No drawer depends on any other report. A place without an id goes under its spelling, a whole area under what its places name as their
    area, and what left "the area" under the places that the same report tells were taken.
    """
    taken: dict[str, set[str]] = {}
    for item in told:
        if item.claim.place and words()["roles"].get(item.claim.kind) == "gain":
            taken.setdefault(item.version, set()).add(drawer_of(item.claim.place))
    for number, item in enumerate(told):
        place, role = item.claim.place, words()["roles"].get(item.claim.kind)
        if place is None or role is None:
            continue
        filed = taken.get(item.version, set()) if is_vague(place) else {drawer_of(place)}
        filed = filed | ({place.parent} if place.parent else set())
        for drawer in sorted(filed | (_as_area(place) if role in OF_AREAS else set())):
            yield number, drawer


def drawers_of(area: Area, spellings: Iterable[str]) -> set[str]:
    """The drawers in which to look for what bears on a place that is spelt so."""
    own = {area.key, area.id or area.key, f"~{area.key}", *(f"~{spelling}" for spelling in spellings)}
    around = {part for name in (area.parent, area.admin1) if name for part in (f"in {name}", f"in {bare(name)}")}
    return own | around


def drawer_of(place: Place) -> str:
    """The drawer of what is told of the place itself."""
    if _may_be_another(place):
        return f"~{normal(place.name or place.text) or place.name or place.text}"
    return place.id or key_of(place)


def _as_area(place: Place) -> set[str]:
    if place.precision not in WIDE:
        return set()
    names = (place.name or place.text, place.admin1, place.id) if place.precision == "province" else ()
    return {f"in {name}" for name in (place.id, *(bare(name) for name in names if name)) if name}


def evidence_on(asked: Area, bearing: Bearing) -> list[Evidence]:
    """All that the claims say about who held one place, in the order of publication and text."""
    told = [item for item in bearing.on(asked) if not left_out(item)]
    return [piece for item in told for piece in _pieces(item, asked, bearing.ties, told)]


def left_out(item: Told) -> str | None:
    """Why a claim decides nothing although it speaks of holding a place; None where it may.

    Rejected by an analyst, or of days that cannot be: they run backwards, or an event told as past lies after the report.
    """
    claim = item.claim
    if item.review and item.is_rejected:
        return f"rejected by {item.review.signed_by} on {item.review.known}: {item.review.reason}"
    if claim.date_start and claim.date_end and claim.date_start > claim.date_end:
        return f"its days run backwards, from {claim.date_start} to {claim.date_end}"
    if item.known and claim.date_start and (claim.date_start - item.known).days > 1 and claim.modality != "denied":  # 1: time zones
        return f"it is told as past and dated {claim.date_start}, after its report of {item.known}"
    if claim.kind in HOLDINGS and claim.modality == "background" and claim.date_start is None and claim.date_end == item.known:
        return "it tells that it was so before, and of no day on which it was"
    if any(found and not _is_of_this_age(found) for found in (claim.date_start, claim.date_end)):
        return f"its days cannot be: {claim.date_start or 'open'} to {claim.date_end or 'open'}"
    return None


def _is_of_this_age(day: date) -> bool:
    return 1000 <= day.year <= 3000  # news of wars; beyond it lie slips of the reading, and days on which a calendar ends


def _pieces(item: Told, asked: Area, ties: Ties, told: Sequence[Told]) -> Iterator[Evidence]:
    claim = item.claim
    role = counted_role(claim)
    if role is None or claim.place is None:
        return
    party, other = ties.party(claim.actor), ties.party(claim.recipient)
    if role == "gain" and party is None:  # "Oakford fell": a loss with no taker named
        role, party, other = "loss", other, None
    if role == "loss" and claim.kind == "withdrawal":
        other = None  # the recipient of a withdrawal is where they went
    reach = _reach(item, asked, ties, role, party, told)
    days = interval(item)
    if reach is None or days is None:
        return
    first, last = days
    speaker, informant, hearsay = chain(item, [p for p in (party, other) if p], ties)
    how: Standing = "hearsay" if hearsay else standing(role, party, other, speaker, ties, last)
    how = "analyst" if item.review else "coded" if is_coded(claim) else how
    denied = claim.modality == "denied"
    if role == "presence" and party and not denied and _taken_from_it(item, asked, ties, party, told):
        yield Evidence(item, role, party, other, None, last - timedelta(days=1), how, reach, informant, speaker, implied=True)
        return
    piece = Evidence(item, role, party, other, first, last, how, reach, informant, speaker, denied)
    yield from _with_what_follows(piece, ties)


def counted_role(claim: Claim) -> Role | None:
    """What the claim says of its place; None for forecasts, comments and kinds that say nothing of holding it."""
    if claim.modality not in words()["modalities"] or claim.section not in words()["sections"]:
        return None
    role: Role | None = words()["roles"].get(claim.kind)
    return None if role == "fighting" and not _says_where(claim) else role


def _says_where(claim: Claim) -> bool:
    """Are the words of the place in the claim's own sentence? Fighting placed only by the story does not make a town contested; but "the
    town was contested" is about a place."""
    if claim.rule in words()["about_places"]:
        return True
    return claim.place is not None and claim.place.start is not None and claim.start <= claim.place.start < claim.end


def interval(item: Told) -> tuple[date | None, date] | None:
    """The days between which it happened; what has no date at all happened before it was published. None if that is unknown too."""
    claim = item.claim
    last = claim.date_end or item.known or claim.date_start
    if last and item.known and claim.date_start and claim.date_start <= item.known < last:
        last = item.known  # "in 2022", written in July
    return (claim.date_start, last) if last and (claim.date_start is None or claim.date_start <= last) else None


def _reach(item: Told, asked: Area, ties: Ties, role: Role, party: Party | None, told: Sequence[Told]) -> Reach | None:
    place = item.claim.place
    assert place is not None
    if is_vague(place):
        return "around" if role == "loss" and party and _taken_there(item, asked, ties, party, told) else None
    return containment(item.claim, ties.names.area(place), asked, role, item.sentence)


def _taken_from_it(item: Told, asked: Area, ties: Ties, holder: Party, told: Sequence[Told]) -> bool:
    """ "seized the jihadist bastion of A": does the sentence that says whose the place is also say that somebody else took it?"""
    same = (other for other in told if other.version == item.version and other.claim.start == item.claim.start)
    gains = (
        other.claim for other in same if other.claim.modality == "asserted" and counted_role(other.claim) == "gain" and other.claim.place
    )
    for claim in gains:
        taker = ties.party(claim.actor)
        if claim.place and ties.names.area(claim.place).key == asked.key and (taker is None or not ties.aligned(taker, holder, item.known)):
            return True
    return False


def _taken_there(item: Told, asked: Area, ties: Ties, loser: Party, told: Sequence[Told]) -> bool:
    """Does the same report say that someone else took the place?"""
    for other in told:
        news = other.version == item.version and other.claim.modality == "asserted"
        if news and other.claim.place and counted_role(other.claim) == "gain":
            taker = ties.party(other.claim.actor)
            if taker and ties.names.area(other.claim.place).key == asked.key and not ties.aligned(taker, loser, item.known):
                return True
    return False


def _with_what_follows(piece: Evidence, ties: Ties) -> Iterator[Evidence]:
    """The evidence, and what it implies: "held since 2011" was held in 2011 and after; what A took from B, B held the day before."""
    if piece.role == "presence" and piece.first and piece.first < piece.last and not piece.denied:
        yield replace(piece, first=None, last=piece.first)
        if piece.told.claim.modality != "background":  # told with its end
            yield replace(piece, first=None, implied=True)
        return
    yield piece
    if piece.role == "gain" and not piece.denied and piece.reach == "here" and piece.other and not piece.other.is_generic and piece.first:
        eve = piece.first - timedelta(days=1)
        how: Standing = (
            piece.standing
            if piece.standing in ("hearsay", "coded")
            else standing("presence", piece.other, piece.party, piece.speaker, ties, eve)
        )
        yield replace(piece, role="presence", party=piece.other, other=piece.party, first=None, last=eve, standing=how, implied=True)
