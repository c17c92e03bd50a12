"""Evidence on a place → changes: who came to hold it, or left it, between which days, and who says so.

One piece after another is taken in, in the order of `control_order`: it confirms the holder, moves the days of a change, is overruled, or
makes a change. Then `final_acquisition` leaves one holder to each day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from khabar.chains import ASSESSED
from khabar.control_order import days_in_order, in_order_of_day
from khabar.evidence import Evidence, declared_days
from khabar.parties import Party
from khabar.ties import Ties


@dataclass(frozen=True, slots=True)
class Change:
    """Someone came to hold the place (`holder`), or left it with no taker named (None), between `first` and `last`.

    `backing` says so, `against` says otherwise, `exchanged` tells of fights within the day that did not decide it.
    """

    holder: Party | None
    loser: Party | None
    first: date | None
    last: date
    backing: tuple[Evidence, ...]
    against: tuple[Evidence, ...] = ()
    exchanged: tuple[Evidence, ...] = ()

    @property
    def is_assessed(self) -> bool:
        return any(piece.is_assessed for piece in self.backing)

    @property
    def rank(self) -> int:
        """That of the weightiest evidence for it."""
        return max((piece.rank for piece in self.backing), default=0)

    @property
    def is_of_area_only(self) -> bool:
        return all(piece.reach == "within" for piece in self.backing if piece.settles)

    @property
    def denials(self) -> tuple[Evidence, ...]:
        """Those who deny it, and the other side where it says that it is there itself."""
        return tuple(piece for piece in self.against if piece.denied or (piece.role == "presence" and piece.standing == "own"))

    @property
    def is_disputed(self) -> bool:
        """**denial**: until an independent speaker, or the loser's admission, settles it."""
        return bool(self.denials) and not self.is_assessed

    def backed(self, *pieces: Evidence) -> Change:
        return replace(self, backing=(*self.backing, *pieces))

    def contradicted(self, *pieces: Evidence) -> Change:
        return replace(self, against=(*self.against, *pieces))

    def meets(self, piece: Evidence) -> bool:
        """May both be of the same days?"""
        return (piece.first is None or piece.first <= self.last) and (self.first is None or self.first <= piece.last)


def changes_of(evidence: Iterable[Evidence], ties: Ties) -> list[Change]:
    """In the order of their last days."""
    changes: list[Change] = []
    for day in days_in_order(evidence, ties):
        for piece in in_order_of_day(day, changes[-1].holder if changes else None, ties):
            (_lost if piece.role == "loss" else _held)(changes, piece, ties)
    return final_acquisition(changes, ties)


def _held(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """Take in a gain or a presence: it confirms the holder, is told again of an earlier one, is overruled, or makes a change."""
    if piece.party is None:
        return
    _drop_refuted(changes, piece, ties)
    current = changes[-1] if changes else None
    if current and (still_there := _still_there(current, piece)):
        changes.append(replace(_change_to(piece, current, ties), loser=piece.other or still_there))
    elif current and ties.kin(current.holder, piece.party, piece.last) and not _takes_from_own(current.holder, piece):
        changes[-1] = _confirmed(current, piece, ties)
    elif (told_again := _told_again(changes, piece, ties)) is not None:
        changes[told_again] = _confirmed(changes[told_again], piece, ties)
    elif current and (_overruled(current, piece) or _both_say_so(current, piece, ties)):
        changes[-1] = current.contradicted(piece)
    else:
        changes.append(_change_to(piece, current, ties))


def _still_there(current: Change, piece: Evidence) -> Party | None:
    """Who said, after the holder's boast, that he was still there, where others now say that the holder took it: that is another day's
    capture, and the boast stays in dispute."""
    if current.is_assessed or piece.role != "gain" or not piece.is_assessed or current.meets(piece):
        return None
    said = (b.party for b in current.against if b.role == "presence" and current.last < b.last < (piece.first or piece.last))
    return next(said, None)


def _takes_from_own(holder: Party | None, piece: Evidence) -> bool:
    """A member takes the place from its own coalition, or the coalition from a member: they have fallen out."""
    if holder is None or piece.role != "gain" or piece.party is None or piece.other is None:
        return False
    return piece.party.key != holder.key == piece.other.key


def _change_to(piece: Evidence, current: Change | None, ties: Ties) -> Change:
    first, last = piece.first if piece.role == "gain" else None, piece.last  # who is seen in a place came to hold it at some time before
    backing: tuple[Evidence, ...] = (piece,)
    loser = piece.other if piece.role == "gain" else None
    if current:
        first = max(first or date.min, _last_seen(current, piece))
        last = max(last, first)
        loser = loser or current.holder or current.loser
        if current.holder is None and current.loser and not ties.kin(current.loser, piece.party, piece.last):
            backing = (*current.backing, piece)  # "the army left" backs whoever comes next
    return Change(piece.party, loser, first, last, backing)


def _last_seen(current: Change, piece: Evidence) -> date:
    """The last day before it on which the holder is told to have had the place, by others than himself: what comes next came after."""
    days = (b.last for b in current.backing if b.role != "loss" and b.is_assessed and not b.implied and b.last < piece.last)
    return max([current.last, *days])


def _lost(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """Take in a loss with no taker: it backs the one who took the place from that party, or leaves the place to nobody known."""
    current = changes[-1] if changes else None
    if piece.party is None:
        _taken_by_someone(changes, piece)
    elif current is None or _lost_by_holder(current, piece, ties):
        if current and current.is_assessed and piece.standing == "own":
            changes[-1] = current.contradicted(piece)
            return
        first = max(piece.first or date.min, _last_seen(current, piece)) if current else piece.first
        changes.append(Change(None, piece.party, first, max(piece.last, first or piece.last), (piece,)))
    elif current.loser is None or piece.party.is_generic or ties.aligned(current.loser, piece.party, piece.last) or current.holder is None:
        changes[-1] = replace(current.backed(piece), loser=current.loser or piece.party)


def _taken_by_someone(changes: list[Change], piece: Evidence) -> None:
    """ "The town was captured": of the days on which the holder took it, or told soon after, that confirms him; later, he lost it to nobody
    named."""
    current = changes[-1] if changes else None
    if current is None:
        return
    taken = current.holder is None or any(other.role == "gain" for other in current.backing)
    soon = piece.last - current.last <= declared_days("retold_days")
    if taken and (current.meets(piece) or (soon and current.holder is not None and piece.last >= current.last)):
        changes[-1] = current.backed(piece)
    elif current.holder and piece.last > current.last and piece.is_assessed and piece.told.claim.modality == "asserted":
        first = max(piece.first or current.last, current.last)
        changes.append(Change(None, current.holder, first, piece.last, (piece,)))


def _lost_by_holder(current: Change, piece: Evidence, ties: Ties) -> bool:
    """Was it the holder who left? "The militias fled", said of the days on which he came, or by his own side, is said of others."""
    if piece.party is None or not ties.kin(current.holder, piece.party, piece.last):
        return False
    told_with = any(other.party == piece.party and other.told.version == piece.told.version for other in current.backing)
    if told_with and piece.last > current.last:  # "the rebels who had seized it two weeks ago withdrew"
        return True
    return not (piece.party.is_generic and (current.meets(piece) or ties.aligned(piece.speaker, current.holder, piece.last)))


def _confirmed(change: Change, piece: Evidence, ties: Ties) -> Change:
    holder = coalition(change.holder, piece.party, ties, piece.last)
    fuller = replace(change.backed(piece), holder=holder)
    if piece.role != "gain":
        return fuller
    fuller = replace(fuller, loser=change.loser or piece.other)
    if piece.is_assessed and not change.is_assessed and piece.first and not change.meets(piece):
        return replace(fuller, first=piece.first, last=piece.last)  # a boast dates nothing once someone else has
    if piece.standing not in ASSESSED and change.is_assessed:
        return fuller
    if change.meets(piece):
        starts = [day for day in (change.first, piece.first) if day]
        return replace(fuller, first=max(starts) if starts else None, last=min(change.last, piece.last))
    restated = piece.first is not None and piece.first - change.last <= declared_days("restated_days")
    return replace(fuller, last=piece.last) if restated and piece.told.claim.modality != "background" else fuller


def _told_again(changes: Sequence[Change], piece: Evidence, ties: Ties) -> int | None:
    """The earlier change that background tells of once more."""
    if piece.told.claim.modality != "background" or piece.role != "gain":
        return None
    return next(
        (i for i in reversed(range(len(changes))) if changes[i].meets(piece) and ties.kin(changes[i].holder, piece.party, piece.last)), None
    )


def _overruled(current: Change, piece: Evidence) -> bool:
    """A boast does not move what is assessed: neither presence at any time (hearsay, not for long), nor a gain of the same days. Nothing
    that was only read moves so what an analyst accepted."""
    if current.rank <= piece.rank:
        return False
    return piece.last <= current.last or (piece.role == "presence" and (piece.standing == "own" or not _long_after(current, piece)))


def _both_say_so(current: Change, piece: Evidence, ties: Ties) -> bool:
    """ "We hold it", say both sides within a week: that is no change of hands, but a dispute."""
    boasts = piece.role == "presence" and piece.standing == "own" and not current.is_assessed and not piece.implied
    soon = piece.last - current.last <= declared_days("contested_days")
    return boasts and soon and ties.opposed(current.holder, piece.party, piece.last)


def _long_after(change: Change, piece: Evidence) -> bool:
    """Is it told of a time so long after the change that who had lost the place may have come back?"""
    return piece.last - change.last > declared_days("refuted_days")


def _drop_refuted(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """The old holder is still there: then a boast about this place was false, and a claim about the whole area excepts this place."""
    if piece.role != "presence" or piece.implied or piece.reach != "here" or not changes:
        return
    current, before = changes[-1], changes[-2] if len(changes) > 1 else None
    if current.holder is None or current.rank == 2 or ties.kin(current.holder, piece.party, piece.last) or _long_after(current, piece):
        return
    was_there = before is not None and ties.kin(before.holder, piece.party, piece.last)
    if current.is_of_area_only or (was_there and not current.is_assessed and piece.is_assessed):
        changes.pop()
        if before:
            changes[-1] = before.contradicted(*current.backing)


def coalition(holder: Party | None, told: Party | None, ties: Ties, on: date) -> Party | None:
    """**coalition**: what a coalition and its member both took, the coalition holds; and a name says more than "jihadists"."""
    if holder and told and told.key != holder.key and (holder.is_generic or (ties.belongs(holder, told, on) and not told.is_generic)):
        return told
    return holder


def final_acquisition(changes: Sequence[Change], ties: Ties) -> list[Change]:
    """**final-acquisition**: exchanges within a day are fighting; the last holder of the day holds.

    Who came last is told by the order of the text where one report tells of all; otherwise the holder of the morning, who is said to have
    taken the place again, came after those who took it from him.
    """
    kept: list[Change] = []
    for _, group in groupby(changes, key=lambda change: (change.last, change.first == change.last or change.first)):
        day = list(group)
        if len(day) > 1:
            day = [_last_of_day(day, kept[-1] if kept else None, ties)]
        for change in day:
            _keep(kept, change, ties)
    return kept


def _keep(kept: list[Change], change: Change, ties: Ties) -> None:
    before = kept[-1] if kept else None
    if before and change.exchanged and ties.kin(before.holder, change.holder, change.last):
        # He held it in the morning and in the evening: nothing changed hands.
        exchanged = (*before.exchanged, *change.exchanged, *change.backing)
        kept[-1] = replace(before.contradicted(*change.against), exchanged=exchanged)
    elif before and before.last == change.last and before.first == before.last:
        merged = replace(change, exchanged=(*before.backing, *before.exchanged, *change.exchanged), loser=before.loser or change.loser)
        kept.pop()
        _keep(kept, merged, ties)
    else:
        kept.append(change)


def _last_of_day(day: Sequence[Change], before: Change | None, ties: Ties) -> Change:
    morning = before.holder if before else None

    def rank(change: Change) -> tuple[int, bool, tuple[date, str, int]]:
        returned = ties.kin(morning, change.holder, change.last) and not _one_report(day)
        return change.rank, returned, max(piece.place_in_text for piece in change.backing)

    evening = max(day, key=rank)
    exchanged = tuple(piece for change in day if change is not evening for piece in (*change.backing, *change.exchanged))
    return replace(evening, exchanged=(*evening.exchanged, *exchanged))


def _one_report(day: Sequence[Change]) -> bool:
    return len({piece.told.version for change in day for piece in change.backing}) == 1
