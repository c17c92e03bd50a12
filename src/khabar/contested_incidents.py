"""Incidents → what speakers disagree on: numbers of one incident that cannot both be right, and who did it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from khabar.chains import chain
from khabar.happenings import is_total
from khabar.incidents import Incident
from khabar.parties import Party
from khabar.positions import About, Dispute, Position, Word, apart
from khabar.record import Told
from khabar.roles import CODED, is_coded
from khabar.tellings import COUNTED, words
from khabar.ties import Ties
from khabar.wording import joined, number_words, place_words, plain, when


def over_incidents(found: Iterable[Incident], claims: Mapping[str, Told], ties: Ties) -> Iterator[Dispute]:
    deeds: dict[tuple[str, str, date | None], list[Deed]] = {}
    for incident in found:
        heard = [
            (telling, _heard(claims[telling.claim_id], telling.informant, ties))
            for telling in incident.claims
            if telling.claim_id in claims
        ]
        if not is_total(incident):
            yield from _over_tolls(incident, [word for telling, word in heard if telling.counts], ties)
        if incident.kind in BLAMED and incident.place:
            deeds.setdefault((incident.place.key, incident.kind, incident.date_end), []).extend((incident, word) for _, word in heard)
    for of_one_day in deeds.values():
        yield from _over_blame(of_one_day, ties)


BLAMED = frozenset(
    [
        "attack",
        "airstrike",
        "shelling",
        "bombing",
        "suicide_bombing",
        "chemical_attack",
        "abduction",
        "killing",
        "casualties",
        "sexual_violence",
        "looting_destruction",
    ]
)
TOLLS = frozenset({"killed", "injured", "missing", "detained", "displaced"})


def _heard(item: Told, informant: str, ties: Ties) -> Word:
    """A claim with how its speaker stands to it: who blames an enemy or clears itself speaks for its own side."""
    actor = ties.party(item.claim.actor)
    speaker = chain(item, [party for party in (actor, ties.party(item.claim.recipient)) if party], ties)[0]
    how = "coded" if is_coded(item.claim) else "independent"
    if ties.aligned(speaker, actor, item.known):
        how = "own" if item.claim.modality == "denied" else "against"
    elif speaker and ties.takes_part(speaker, item.known):
        how = "own"
    return Word(item, informant, speaker, how)


def _over_tolls(incident: Incident, words: Sequence[Word], ties: Ties) -> Iterator[Dispute]:
    """Numbers of the same people whose ranges do not meet, by informants who are not one; of each informant the last word."""
    for unit in sorted({word.told.claim.quantity.unit for word in words if word.told.claim.quantity} & TOLLS):
        for group in _of_same_people([w for w in words if w.told.claim.quantity and w.told.claim.quantity.unit == unit], ties):
            latest = {word.informant: word for word in group}  # claims come in the order of publication
            ranges = apart([(_range(word.told), word) for word in latest.values()])
            if len(ranges) > 1:
                yield _of_toll(incident, unit, ranges)


def _of_same_people(words: Sequence[Word], ties: Ties) -> list[list[Word]]:
    groups: list[list[Word]] = []
    for word in words:
        whom = ties.party(word.told.claim.recipient)
        same = [group for group in groups if _same_people(ties.party(group[0].told.claim.recipient), whom, ties, word.told.known)]
        if same:
            same[0].append(word)
        else:
            groups.append([word])
    return groups


def _same_people(first: Party | None, second: Party | None, ties: Ties, on: date | None) -> bool:
    """ "People", "civilians" and nobody named may be the same; fighters of two sides are not."""
    if first is None or second is None:
        return first == second or not (first or second).id  # type: ignore[union-attr]
    civilian = first.is_generic and second.is_generic and ties.trade(first) is None and ties.trade(second) is None
    return civilian or ties.kin(first, second, on)


def _range(item: Told) -> tuple[float, float]:
    """The numbers that a claim allows. "About 30" allows a fifth less and a quarter more; not measured."""
    quantity = item.claim.quantity
    assert quantity is not None
    low, high = quantity.low or 0, quantity.high if quantity.high is not None else float("inf")
    return (low * 0.8, high * 1.25) if quantity.approximate else (low, high)


def _of_toll(incident: Incident, unit: str, ranges: Sequence[tuple[tuple[float, float], list[Word]]]) -> Dispute:
    positions = tuple(Position(_numbers(words, unit), tuple(words)) for _, words in ranges)
    figures = [figure for figure in incident.figures if figure.unit == unit]
    because = [f"figures: the incident keeps {number_words(f.low, f.high)} {unit}, best estimate {f.best}" for f in figures]
    if _grows([words for _, words in ranges]):
        because.append("figures: the later reports have the higher number, which may bring the earlier up to date")
    matter = f"How many were {unit} {_there(incident)}"
    gap = ranges[-1][0][0] - ranges[0][0][1]
    return _of_incident("toll", matter, incident, positions, because, gap)


def _numbers(words: Sequence[Word], unit: str) -> str:
    told = [word.told.claim.quantity for word in words if word.told.claim.quantity]
    return f"{joined(number_words(q.low, q.high, approximate=q.approximate) for q in told)} {unit}"


def _grows(groups: Sequence[Sequence[Word]]) -> bool:
    days = [[word.told.known or date.max for word in group] for group in groups]
    return all(max(before) < min(after) for before, after in pairwise(days))


Deed = tuple[Incident, Word]
SIDES_ONLY = f"{CODED}ged"
"""Rows that name two sides in a fixed order, whoever did it."""


def _over_blame(deeds: Sequence[Deed], ties: Ties) -> Iterator[Dispute]:
    """Doers of opposed sides, named by informants who are not one for what was done to the same; or a doer whose side denies it."""
    mode = {id(word): word.told.claim.modality for _, word in deeds}
    blaming = [
        (incident, word)
        for incident, word in deeds
        if word.told.claim.actor and mode[id(word)] in COUNTED and word.told.claim.rule != SIDES_ONLY
    ]
    denying = [word for _, word in deeds if mode[id(word)] == "denied"]
    for i, (incident, word) in enumerate(blaming):
        others = [other for other in blaming[i + 1 :] if _blames_the_enemy((incident, word), other, ties)]
        denials = [other for other in denying if _clears(other, word, ties)]
        if others or denials:
            groups = [
                [other for _, other in blaming if _one_doer(lead, other, ties)] for lead in (word, *(other for _, other in others[:1]))
            ]
            positions = [Position(f"{_doer(group)} did it", _each_once(group)) for group in groups]
            if denials:
                positions.append(Position(f"{_doer(groups[0])} did not do it", _each_once(denials)))
            matter = f"Who was responsible for the {incident.kind.replace('_', ' ')} {_there(incident)}"
            yield _of_incident("responsibility", matter, incident, tuple(positions), [], 0.0)
            return


def _blames_the_enemy(first: Deed, second: Deed, ties: Ties) -> bool:
    """Are the two doers enemies, and is it one deed? Two shellings of one town by both sides in one day are likely two, unless something
    speaks for one: the same number, or that they were taken for one incident."""
    (incident, one), (its_incident, other) = first, second
    doers = ties.party(one.told.claim.actor), ties.party(other.told.claim.actor)
    if one.informant == other.informant or not ties.opposed(doers[0], doers[1], other.told.known):
        return False
    if one.told.claim.kind != other.told.claim.kind or not _same_people(
        ties.party(one.told.claim.recipient), ties.party(other.told.claim.recipient), ties, other.told.known
    ):
        return False
    same_number = one.told.claim.quantity is not None and one.told.claim.quantity == other.told.claim.quantity
    return incident is its_incident or same_number or incident.kind not in words()["frequent"]


def _clears(denial: Word, blame: Word, ties: Ties) -> bool:
    """Does another informant deny that this doer did this? Where the denial names none, the speaker speaks for its own side."""
    blamed, cleared = ties.party(blame.told.claim.actor), ties.party(denial.told.claim.actor) or denial.speaker
    same_deed = denial.informant != blame.informant and denial.told.claim.kind == blame.told.claim.kind
    return same_deed and ties.aligned(blamed, cleared, denial.told.known)


def _one_doer(first: Word, second: Word, ties: Ties) -> bool:
    one, other = ties.party(first.told.claim.actor), ties.party(second.told.claim.actor)
    return ties.aligned(one, other, second.told.known)


def _doer(words: Sequence[Word]) -> str:
    return joined(plain(word.told.claim.actor.name or word.told.claim.actor.text) for word in words if word.told.claim.actor)


def _each_once(words: Iterable[Word]) -> tuple[Word, ...]:
    """One word for each informant, with its repetitions under it."""
    found: dict[str, list[Word]] = {}
    for word in words:
        found.setdefault(word.informant, []).append(word)
    return tuple(replace(first, copies=tuple(word.told for word in more)) for first, *more in found.values())


def _there(incident: Incident) -> str:
    return f"{f'at {place_words(incident.place)} ' if incident.place else ''}{when(incident.date_start, incident.date_end)}"


def _of_incident(
    about: About, matter: str, incident: Incident, positions: tuple[Position, ...], because: Iterable[str], gap: float
) -> Dispute:
    last = incident.date_end or max((telling.known for telling in incident.claims if telling.known), default=date.max)
    return Dispute(about, matter, incident.place, incident.date_start, last, positions, tuple(because), gap=gap)
