"""Evidence on a place → what settles who held it, day by day in the order in which it happened.

What is told is not always told in order, nor with its last word: a day is corrected, "early in the year" came before what the report tells
next, and who took a place and lost it within a day did not hold it the day before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from khabar.evidence import ONE_DAY, Evidence, declared_days
from khabar.parties import Party
from khabar.ties import Ties

_FIRST = {"presence": 0, "gain": 1, "loss": 2}  # of one day: who was there, who took it, and last who is said to have left


def days_in_order(evidence: Iterable[Evidence], ties: Ties) -> Iterator[list[Evidence]]:
    """The evidence that can set a holder, that of each day together."""
    settling = _without_noon([piece for piece in evidence if piece.settles], ties)
    settling = _in_order_of_text(_as_last_told(settling, ties), ties)
    settling.sort(key=lambda piece: (piece.last, _FIRST[piece.role], piece.place_in_text))
    for _, day in groupby(settling, key=lambda piece: piece.last):
        yield list(day)


def in_order_of_day(day: Sequence[Evidence], morning: Party | None, ties: Ties) -> Sequence[Evidence]:
    """Where several reports tell of one day, the holder of the morning took the place again after others took it from him."""
    taken = [piece for piece in day if piece.role == "gain" and piece.is_of_one_day]
    if morning is None or len({piece.told.version for piece in taken}) < 2:
        return day
    return sorted(day, key=lambda piece: (_FIRST[piece.role], piece in taken and ties.kin(piece.party, morning, piece.last)))


def _without_noon(settling: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """Without the holders of noon: who lost a place on the day on which he took it did not hold it the day before; nor did he who had
    lost it to the same taker close before, if the days of that are told differently."""
    gains: dict[date, list[Evidence]] = {}
    for piece in settling:
        if piece.role == "gain":
            gains.setdefault(piece.last, []).append(piece)
    days = sorted(gains)

    def came_and_went(piece: Evidence) -> bool:
        day = gains.get(piece.last + ONE_DAY, ()) if piece.last < date.max else ()
        loser = piece.other or piece.party
        came = any(ties.kin(gain.party, piece.party, gain.last) for gain in day)
        return came and any(ties.kin(gain.other, loser, gain.last) for gain in day)

    def told_before(piece: Evidence) -> bool:
        """Was the same capture told with an earlier day, close before?"""
        if piece.role != "presence":
            return False
        number = bisect_right(days, piece.last) - 1
        if number < 0 or piece.last - days[number] >= declared_days("restated_days"):
            return False
        return ties.kin(gains[days[number]][-1].party, piece.other, piece.last)

    return [piece for piece in settling if not (piece.implied and (came_and_went(piece) or told_before(piece)))]


def _as_last_told(settling: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """Who corrects the day of a capture is taken at his last word, unless someone else took the place in between."""
    dated = (piece for piece in settling if piece.role == "gain" and piece.is_of_one_day and piece.standing != "coded")
    gains = [piece for piece in dated if piece.party and piece.told.known]
    if len({(piece.informant, piece.told.known) for piece in gains}) < 2:
        return list(settling)
    taken: dict[str, list[Evidence]] = {}
    for piece in sorted(gains, key=lambda piece: piece.told.known or date.min):
        taken.setdefault(piece.informant, []).append(piece)

    moved: dict[str, Evidence] = {}
    for piece in gains:
        for other in reversed(taken[piece.informant]):
            if other.told.known != piece.told.known and _corrects(other, piece, gains, ties):
                moved[piece.claim_id] = other
                break

    def last_told(piece: Evidence) -> Evidence:
        other = moved.get(piece.claim_id)
        if other is None or other.first is None:
            return piece
        return replace(piece, last=other.first - ONE_DAY) if piece.implied else replace(piece, first=other.first, last=other.last)

    return [last_told(piece) for piece in settling]


def _corrects(later: Evidence, piece: Evidence, gains: Sequence[Evidence], ties: Ties) -> bool:
    """Does he tell the same capture again with an earlier day, not long before?"""
    if later.party is None or piece.party is None or later.party.key != piece.party.key or later.told.claim.modality != "asserted":
        return False
    if not timedelta(0) < piece.last - later.last <= declared_days("restated_days"):
        return False
    between = (gain for gain in gains if gain.party and later.last <= gain.last <= piece.last)
    return all(ties.kin(gain.party, piece.party, gain.last) for gain in between)


def _in_order_of_text(settling: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """ "A took it early in the year. B took it back on 5 April": a report tells in order, so what has no exact day came before what it
    tells next of another's."""
    ordered = list(settling)
    gains: dict[str, list[int]] = {}
    for i, piece in enumerate(settling):
        if piece.role == "gain" and not piece.implied and piece.reach == "here":
            gains.setdefault(piece.told.version, []).append(i)
    for told in gains.values():
        for i, following in pairwise(sorted(told, key=lambda i: (settling[i].told.claim.start, settling[i].told.claim.trigger))):
            piece, after = settling[i], settling[following]
            eve = (after.first or after.last) - ONE_DAY
            loose = not piece.is_of_one_day and (piece.first is None or piece.first <= eve) and eve < piece.last
            if loose and ties.opposed(piece.party, after.party, after.last):
                ordered[i] = replace(piece, last=eve)
    return ordered
