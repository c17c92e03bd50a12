"""The registry and claims → who belonged to whom, and on whose side each was, on any day."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from khabar.actorfiles import SPEAKERS, Actor, Relation
from khabar.lexicon import table
from khabar.model import Claim, Participant
from khabar.parties import Names, Party
from khabar.record import Told
from khabar.spellings import normal


class Registry(Protocol):
    """What is asked of `khabar.registry.Registry`."""

    @property
    def fingerprint(self) -> str: ...
    def __hash__(self) -> int: ...
    def actor(self, id: str) -> Actor | None: ...
    def resolve(self, text: str, *, on: date | None = None) -> Actor | None: ...
    def sides(self, id: str, on: date | None = None) -> tuple[str, ...]: ...
    def country_of(self, word: str) -> str | None: ...
    def state_actor(self, country: str, role: str = "army", on: date | None = None) -> Actor | None: ...
    def relations(self, id: str, on: date | None = None) -> tuple[Relation, ...]: ...


TIES: Mapping[str, str] = {
    "membership": "member_of",
    "branch_of": "branch_of",
    "allied_with": "allied_with",
    "commands": "commands",
    "split": "split_from",
}

BELONGING = frozenset({"member_of", "branch_of", "part_of"})


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


Binding = tuple[str, str, date | None, date | None]
"""Keys of a member and of the body, and the days."""


class Ties:
    """Who belonged to whom and on whose side: the registry's facts, and those that the claims of a record add.

    What follows from them is remembered: the same pair is asked about once for every claim. Who is unknown (None) is nobody's kin,
    on nobody's side and against nobody.
    """

    def __init__(self, registry: Registry, told: Sequence[Told], *, names: Names | None = None, said: Iterable[Tie] = ()) -> None:
        self.registry = registry
        self.names = names or Names.of(told)
        self._parties: dict[tuple[str, str | None, str | None], Party | None] = {}
        self.said = (*self._said(told), *said)
        self._bound: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {}
        self._turns: dict[str, list[date]] = {}
        self._above: dict[tuple[str, int], frozenset[str]] = {}  # by stretch of days, as the next two
        self._bonds: dict[str, tuple[str, ...]] = {}
        self._own_sides: dict[str, tuple[tuple[str, date | None, date | None], ...]] = {}
        self._sided: dict[tuple[str, int], frozenset[str]] = {}
        self._together: dict[tuple[frozenset[str], frozenset[str]], bool | None] = {}
        self._trades: dict[Party, str | None] = {}
        self._listed: dict[Party, frozenset[str]] = {}
        bound = [tie for tie in self.said if tie.type not in BELONGING or self._may_be(tie)]
        self._of_actor, self._of_body = _by(bound, lambda tie: tie.actor.key), _by(bound, lambda tie: tie.of.key)

    def belongs(self, first: Party, second: Party, on: date | None) -> bool:
        """Is the first the second, or a member or branch of it, at any depth? Of "A and B" both A and B are."""
        if second.key == first.key or second.key in self.above(first, on):
            return True
        joint = self._joint(second) if second.id is None and " and " in second.name else frozenset()
        return bool(joint) and (first.key in joint or not joint.isdisjoint(self.above(first, on)))

    def _joint(self, party: Party) -> frozenset[str]:
        """The keys of those whom the registry knows of a list like "French and Malian troops"; none of other names."""
        if party not in self._listed:
            named = (self.registry.resolve(part) for part in re.split(r",\s*(?:and\s+)?|\s+and\s+", party.name))
            self._listed[party] = frozenset(actor.id for actor in named if actor)
        return self._listed[party]

    def kin(self, first: Party | None, second: Party | None, on: date | None) -> bool:
        """One and the same, or coalition and member, or as far as the words go: "jihadists" may be any armed group, but no army."""
        if first is None or second is None:
            return False
        if first.key == second.key:
            return True
        if first.is_generic or second.is_generic:
            trade = self.trade(first)
            alike = trade is not None and trade == self.trade(second)
            return alike and self._same_side(first, second, on) is not False
        return self.belongs(first, second, on) or self.belongs(second, first, on)

    def aligned(self, first: Party | None, second: Party | None, on: date | None) -> bool:
        """Kin, or on one side in some war."""
        if first is None or second is None:
            return False
        return self.kin(first, second, on) or self._same_side(first, second, on) is True

    def opposed(self, first: Party | None, second: Party | None, on: date | None) -> bool:
        """Both take a side, and not the same one."""
        if first is None or second is None:
            return False
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
        return self._belonged(party.key, on)

    def behind(self, voice: Party, on: date | None) -> Party:
        """Whom an outlet speaks for: the state, of its agency; anyone else speaks for himself."""
        if self.kind(voice) not in SPEAKERS:
            return voice
        above = sorted(self.above(voice, on))
        owner = next((actor for key in above if (actor := self.registry.actor(key)) and actor.kind not in SPEAKERS), None)
        return Party(owner.id, owner.id, owner.name) if owner else voice

    def _belonged(self, key: str, on: date | None) -> frozenset[str]:
        at = (key, self._stretch(key, on))
        if at not in self._above:
            self._above[at] = frozenset(self._bodies_above(key, on))
        return self._above[at]

    def _bodies_above(self, key: str, on: date | None) -> set[str]:
        seen: set[str] = set()
        waiting = [key]
        while waiting:
            for body, first, last in self._belongs_to(waiting.pop()):
                if _within(on, first, last) and body not in seen and body != key:
                    seen.add(body)
                    waiting.append(body)
        return seen

    def _stretch(self, key: str, on: date | None) -> int:
        """The number of the stretch of days, within which nothing about it changes; −1 for any day."""
        return -1 if on is None else bisect_right(self.turns(key), on)

    def turns(self, key: str) -> list[date]:
        """Days on which something begins to hold, or no longer holds, of it or of a body that it ever belonged to."""
        if key not in self._turns:
            bodies = (key, *self._bodies_above(key, None))
            spans = [span for body in bodies for span in (*self._belongs_to(body), *self._sides_of(body))]
            starts = {first for _, first, _ in spans if first}
            self._turns[key] = sorted(starts | {last + timedelta(days=1) for *_, last in spans if last and last < date.max})
        return self._turns[key]

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

    @property
    def bindings(self) -> frozenset[Binding]:
        """All that the claims tell of belonging, as far as it counts: nothing else in them decides how two parties stand to each other."""
        bound = (tie for ties in self._of_actor.values() for tie in ties)
        return frozenset((tie.actor.key, tie.of.key, tie.first, tie.last) for tie in bound if tie.type in BELONGING)

    def bound_by(self, bindings: Iterable[Binding]) -> Ties:
        """The same, but that the claims tell no more than this, and that of belonging."""
        made = Ties(self.registry, (), names=self.names)
        ties = (Tie("member_of", Party(who, None, who), Party(whom, None, whom), first, last) for who, whom, first, last in bindings)
        made._of_actor = _by(ties, lambda tie: tie.actor.key)
        return made

    def bound_otherwise(self, later: Ties) -> set[str]:
        """Keys of the parties of which claims told, or tell now, that they belong to another body, or to one of which they do."""
        changed = {key for key, *_ in self.bindings ^ later.bindings}
        return changed | {key for ties in (self, later) for key in ties._of_actor if changed & ties._belonged(key, None)}

    def knows(self, key: str) -> bool:
        """Do the reports tell of whom it belongs to?"""
        return any(tie.type in BELONGING for tie in self._of_actor.get(key, ()))

    def named(self, id: str, name: str) -> Party:
        actor = self.registry.actor(id)
        return Party(id, id, actor.name if actor else name)

    def party(self, participant: Participant | None) -> Party | None:
        """As `Names.party`, under the registry's name where it has one."""
        if participant is None:
            return None
        spelt = (participant.text, participant.id, participant.name)
        if spelt not in self._parties:
            party = self.names.party(participant)
            self._parties[spelt] = self.named(party.id, party.name) if party and party.id else party
        return self._parties[spelt]

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
        kind, lists = self.kind(party), table("control")
        said = set(normal(party.name).split())
        for trade, kinds in lists["kinds"].items():
            if kind in kinds or (kind is None and said & set(lists["speakers"][trade])):
                return str(trade)
        return None

    def _belongs_to(self, key: str) -> tuple[tuple[str, date | None, date | None], ...]:
        """What it ever directly belonged to, with the days."""
        if key not in self._bound:
            known = [relation for relation in self.registry.relations(key) if relation.actor == key and relation.type in BELONGING]
            said = [(tie.of.key, tie.first, tie.last) for tie in self._of_actor.get(key, ()) if tie.type in BELONGING]
            bound = dict.fromkeys((*((r.of, r.period.start, r.period.end) for r in known if self.registry.actor(r.of)), *said))
            self._bound[key] = tuple(bound)
        return self._bound[key]

    def _same_side(self, first: Party, second: Party, on: date | None) -> bool | None:
        """Do they, or any that they belong to, share a side in some war? None where no war has both."""
        pair = left, right = self._sides(first, on), self._sides(second, on)
        if pair not in self._together:
            wars = {label.split("/")[0] for label in left} & {label.split("/")[0] for label in right}
            self._together[pair] = bool(left & right) if wars else None
        return self._together[pair]

    def _sides(self, party: Party, on: date | None) -> frozenset[str]:
        at = (party.key, self._stretch(party.key, on))
        if at not in self._sided:
            sides = (side for body in (party.key, *self.above(party, on)) for side in self._sides_of(body))
            self._sided[at] = frozenset(label for label, first, last in sides if _within(on, first, last))
        return self._sided[at]

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
    return claim.kind in TIES and claim.modality in ("asserted", "background") and claim.section in table("control")["sections"]


def _by(ties: Iterable[Tie], key_of: Callable[[Tie], str]) -> dict[str, list[Tie]]:
    found: dict[str, list[Tie]] = {}
    for tie in ties:
        found.setdefault(key_of(tie), []).append(tie)
    return found


def _within(on: date | None, first: date | None, last: date | None) -> bool:
    return on is None or ((first is None or first <= on) and (last is None or on <= last))
