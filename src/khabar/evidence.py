"""Claims → evidence: what each says about who held a place, how its speaker stands to that, and how close it is to the place.

The rule containment is decided here, the speakers' rules in `chains`; what follows from the evidence, in `control`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from khabar.areas import Area, is_vague, lies_in
from khabar.chains import ASSESSED, Standing, chain, is_of_speaker, standing
from khabar.drawers import OF_AREAS, Bearing
from khabar.lexicon import table
from khabar.model import Claim
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import Role, counted_role, interval, is_coded, left_out
from khabar.ties import Ties

Reach = Literal["here", "around", "within", "part", "over"]

ONE_DAY = timedelta(days=1)
LEARNT = ".learnt"  # the rule of a claim that no rule of the grammar made


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
        return counts and not self.is_learnt

    @property
    def is_learnt(self) -> bool:
        """Did the model alone find it, and no analyst say so too?"""
        return self.standing != "analyst" and self.told.claim.rule.endswith(LEARNT)

    @property
    def is_assessed(self) -> bool:
        return self.settles and self.standing in ASSESSED

    @property
    def rank(self) -> int:
        """2: an analyst says so; 1: an independent speaker or the losing side does; 0: only who gains by it."""
        return 0 if not self.is_assessed else 2 if self.standing == "analyst" else 1

    @property
    def is_of_one_day(self) -> bool:
        return self.first == self.last

    @property
    def place_in_text(self) -> tuple[date, str, int]:
        """For sorting: the day of publication, the report, the sentence."""
        return self.told.known or date.max, self.told.claim.report_id, self.told.claim.start


def declared_days(name: str) -> timedelta:
    """A time that weights.yaml declares: "contested_days"."""
    return timedelta(days=table("weights")[name])


def informants_among(evidence: Iterable[Evidence]) -> int:
    """How many stand for it: all datasets together for one, and only where no report does."""
    found = {piece.informant: piece.standing != "coded" for piece in sorted(evidence, key=lambda piece: piece.standing != "coded")}
    return sum(found.values()) or min(len(found), 1)


def evidence_on(asked: Area, bearing: Bearing) -> list[Evidence]:
    """All that the claims say about who held one place, in the order of publication and text."""
    reports: dict[str, list[Told]] = {}
    told = [item for item in bearing.on(asked) if not left_out(item)]
    for item in told:
        reports.setdefault(item.version, []).append(item)
    return [piece for item in told for piece in _pieces(item, asked, bearing.ties, reports[item.version])]


def _pieces(item: Told, asked: Area, ties: Ties, report: Sequence[Told]) -> Iterator[Evidence]:
    """`report`: all that the same report tells of the place."""
    claim = item.claim
    role = counted_role(claim, item.sentence)
    if role is None or claim.place is None:
        return
    party, other = ties.party(claim.actor), ties.party(claim.recipient)
    if role == "gain" and party is None:
        party = _whose_word(item, other, ties)
    if role == "gain" and party is None:  # "Oakford fell": a loss with no taker named
        role, party, other = "loss", other, None
    if role == "loss" and claim.kind == "withdrawal":
        other = None  # the recipient of a withdrawal is where they went
    reach = _reach(item, asked, ties, role, party, report)
    days = interval(item)
    if reach is None or days is None:
        return
    first, last = days
    speaker, informant, hearsay = chain(item, [p for p in (party, other) if p], ties)
    if party and speaker and is_of_speaker(party, speaker, ties, last):
        party = speaker
    how: Standing = "hearsay" if hearsay else standing(role, party, other, speaker, ties, last, denied=claim.modality == "denied")
    how = "analyst" if item.review else "coded" if is_coded(claim) else how
    denied = claim.modality == "denied"
    if role == "presence" and party and not denied and (taken := _taken_from_it(item, asked, ties, party, report)):
        eve = min(last, taken) - ONE_DAY
        yield Evidence(item, role, party, other, None, eve, how, reach, informant, speaker, implied=True)
        if first and first < eve:
            yield Evidence(item, role, party, other, None, first, how, reach, informant, speaker)
        return
    piece = Evidence(item, role, party, other, first, last, how, reach, informant, speaker, denied)
    yield from _with_what_follows(piece, ties)


def _whose_word(item: Told, loser: Party | None, ties: Ties) -> Party | None:
    """ "Oakford was liberated", says a side of the war: by its own. Of what the other side took it says "fell"."""
    claim = item.claim
    told = item.sentence[claim.trigger[0] - claim.start : claim.trigger[1] - claim.start].casefold()
    if claim.modality != "asserted" or not set(told.split()) & set(table("control")["freed"]):
        return None
    speaker, _, hearsay = chain(item, [loser] if loser else [], ties)
    own = speaker is not None and not hearsay and ties.takes_part(speaker, item.known) and not ties.aligned(speaker, loser, item.known)
    return ties.behind(speaker, item.known) if speaker and own else None


def _reach(item: Told, asked: Area, ties: Ties, role: Role, party: Party | None, report: Sequence[Told]) -> Reach | None:
    place = item.claim.place
    assert place is not None
    if is_vague(place):
        return "around" if role == "loss" and party and _taken_there(item, asked, ties, party, report) else None
    return containment(item.claim, ties.names.area(place), asked, role, item.sentence)


def containment(claim: Claim, said_of: Area, asked: Area, role: Role, sentence: str = "") -> Reach | None:
    """**containment**: how a claim about one place reaches another; None where it does not.

    A quarter or a building never settles the city, nor what lies around a place the place; a whole province, taken by someone named,
    settles what is in it; lost to nobody named, it does not (`over`: listed, and nothing more).
    """
    if said_of.key == asked.key:
        return "around" if claim.place and claim.place.near else "part" if _is_share(claim, sentence) else "here"
    if said_of.parent and said_of.parent in (asked.key, asked.id):
        ringed = role == "siege" and claim.place is not None and claim.place.text.casefold().startswith("around ")
        return "here" if ringed else "part"  # "tightened the noose around A"
    if role in OF_AREAS and lies_in(asked, said_of) and not _is_partial(said_of, claim, sentence):
        named_taker = role == "gain" and claim.actor is not None and claim.kind in table("control")["within"]
        return "within" if named_taker else "over"
    return None


def _is_share(claim: Claim, sentence: str) -> bool:
    """ "holds about 40 percent of A", "two thirds of the town": is only a share of the place told of, and not nearly all of it?"""
    if claim.rule in table("control")["divided"]:
        return True
    at = claim.place.start if claim.place else None
    here = at is not None and claim.start <= at < claim.end
    told = _SHARE.search(sentence[: at - claim.start]) if here and at is not None else _SHARE_OF_IT.search(sentence)
    return told is not None and (told["percent"] is None or float(told["percent"].replace(",", ".")) < table("control")["nearly_all"])


_PART = r"\b(?:(?P<percent>\d+(?:[.,]\d+)?)\s*(?:percent|per cent|%)|half|(?:a|one|two|three)[- ](?:third|quarter|fifth)s?) of "
_SHARE = re.compile(_PART + r"(?:the )?(?:(?:town|city|village|district|camp|province) of )?$", re.IGNORECASE)
_SHARE_OF_IT = re.compile(_PART + r"(?:it|the (?:town|city|village|capital|district|province))\b", re.IGNORECASE)


def _is_partial(area: Area, claim: Claim, sentence: str) -> bool:
    """Is only some of an area spoken of, by its own words ("parts of A") or because something was done in it ("took hills in A")?"""
    place = claim.place
    said = place.text if place else area.name
    if set(re.findall(r"\w+", said.casefold())) & set(table("control")["partial"]) or (place and place.near):
        return True
    before = sentence[: max(place.start - claim.start, 0)] if place and place.start is not None else ""
    return _IN.search(before) is not None


_IN = re.compile(r"\b(in|inside|within|at|across|throughout|around)\s+(the\s+)?$", re.IGNORECASE)


def _taken_from_it(item: Told, asked: Area, ties: Ties, holder: Party, report: Sequence[Told]) -> date | None:
    """ "seized the jihadist bastion of A", "had been in their hands since May": the day by which the sentence that says whose the place is,
    or the speaker who says since when, also says that somebody else took it. Not where another says so: "the rebels say that they took
    it, but residents that the army is there"."""
    claim, days = item.claim, interval(item)
    since = days[0] if days else None
    for other in report:
        here, alike = other.claim.start == claim.start, other.claim.attribution == claim.attribution
        if not ((alike and since) or (here and (alike or not claim.attribution))) or other.claim.modality != "asserted":
            continue
        if not other.claim.place or counted_role(other.claim) != "gain" or ties.names.area(other.claim.place).key != asked.key:
            continue
        taken = interval(other)
        if taken is None or ties.aligned(ties.party(other.claim.actor), holder, item.known):
            continue
        if here or (since and days and since < (taken[0] or taken[1]) <= taken[1] <= days[1]):
            return taken[1]
    return None


def _taken_there(item: Told, asked: Area, ties: Ties, loser: Party, report: Sequence[Told]) -> bool:
    """Does the same report say that someone else took the place?"""
    for other in report:
        if other.claim.modality == "asserted" and other.claim.place and counted_role(other.claim) == "gain":
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
        eve = piece.first - ONE_DAY
        how: Standing = (
            piece.standing
            if piece.standing in ("hearsay", "coded")
            else standing("presence", piece.other, piece.party, piece.speaker, ties, eve)
        )
        yield replace(piece, role="presence", party=piece.other, other=piece.party, first=None, last=eve, standing=how, implied=True)
