"""Evidence on a place → who held it, since when, disputed by whom: periods that tile its time line (`reasons` puts them into words).

    evidence ─► changes (who came to hold it, or left it) ─► periods

Ten rules decide; each answer lists those that did. `chain`, `own-side`, `against-interest`, `copies` and `containment` weigh a claim and
stand in `evidence`; `final_acquisition`, `denial`, `coalition` and `silence` stand here, and `analyst` in `reviews`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import accumulate, groupby, pairwise
from typing import Any

from khabar.areas import Area
from khabar.chains import ASSESSED
from khabar.drawers import Bearing
from khabar.evidence import Evidence, evidence_on
from khabar.lexicon import table
from khabar.parties import Party
from khabar.record import Told
from khabar.roles import counted_role, left_out
from khabar.ties import Ties

ONE_DAY = timedelta(days=1)


@cache
def weights() -> Mapping[str, Any]:
    """The table of weights.yaml."""
    return table("weights")


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
        """2: an analyst says so; 1: an independent speaker or the losing side does; 0: only who gains by it."""
        return max((_rank(piece) for piece in self.backing), default=0)

    @property
    def is_of_area_only(self) -> bool:
        return all(piece.reach == "within" for piece in self.backing if piece.settles)

    @property
    def denials(self) -> tuple[Evidence, ...]:
        return tuple(piece for piece in self.against if piece.denied)

    @property
    def is_disputed(self) -> bool:
        """**denial**: until an independent speaker, or the loser's admission, settles it."""
        return bool(self.denials) and not self.is_assessed


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends inclusive and None for for ever, on which the answer is the same."""

    first: date | None
    last: date | None
    change: Change | None
    before: Change | None
    coming: Change | None
    siege: Evidence | None = None
    fighting: tuple[Evidence, ...] = ()

    def holds(self, on: date) -> bool:
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)

    @property
    def holder(self) -> Party | None:
        return self.change.holder if self.change else None

    @property
    def status(self) -> str:
        if self.fighting or (self.change and self.change.is_disputed):
            return "contested"
        if self.siege:
            return "besieged"
        return "held" if self.holder else "unknown"


@dataclass(frozen=True)
class Timeline:
    """All that is known of one place: its periods tile the time line. `left_out`: claims on it that decide nothing, with the reason."""

    area: Area
    evidence: tuple[Evidence, ...]
    changes: tuple[Change, ...]
    periods: tuple[Period, ...]
    ties: Ties
    left_out: tuple[tuple[Told, str], ...] = ()

    def at(self, on: date) -> Period:
        """The period that a day lies in."""
        return self.periods[bisect_right(self.periods, on, key=lambda period: period.first or date.min) - 1]


def timeline(area: Area, bearing: Bearing) -> Timeline:
    """What these claims make of one place. Give it the claims known by a day, and it is what an analyst knew by that day."""
    ties, evidence = bearing.ties, evidence_on(area, bearing)
    changes = denial(final_acquisition(_changes(evidence, ties), ties), evidence, ties)
    changes = _bounded(_corroborated(changes, evidence, ties), evidence, ties)
    dropped = tuple((item, why) for item in bearing.on(area) if counted_role(item.claim) and (why := left_out(item)))
    return Timeline(area, tuple(evidence), tuple(changes), tuple(_periods(changes, evidence, ties)), ties, dropped)


# --- evidence → changes

_FIRST = {"presence": 0, "gain": 1, "loss": 2}  # of one day: who was there, who took it, and last who is said to have left


def _changes(evidence: Iterable[Evidence], ties: Ties) -> list[Change]:
    deciding = _without_noon([piece for piece in evidence if piece.settles], ties)
    deciding = _in_order_of_text(_as_last_told(deciding, ties), ties)
    deciding.sort(
        key=lambda piece: (piece.last, _FIRST[piece.role], piece.told.known or date.max, piece.told.claim.report_id, piece.told.claim.start)
    )
    changes: list[Change] = []
    for _, day in groupby(deciding, key=lambda piece: piece.last):
        for piece in _in_order_of_day(list(day), changes[-1].holder if changes else None, ties):
            (_lost if piece.role == "loss" else _held)(changes, piece, ties)
    return changes


def _in_order_of_day(day: Sequence[Evidence], morning: Party | None, ties: Ties) -> Sequence[Evidence]:
    """Where several reports tell of one day, the holder of the morning took the place again after others took it from him."""
    taken = [piece for piece in day if piece.role == "gain" and piece.first == piece.last]
    if morning is None or len({piece.told.version for piece in taken}) < 2:
        return day

    def returns(piece: Evidence) -> bool:
        return piece in taken and bool(piece.party and ties.kin(piece.party, morning, piece.last))

    return sorted(day, key=lambda piece: (_FIRST[piece.role], returns(piece)))


def _as_last_told(deciding: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """Who corrects the day of a capture is taken at his last word, unless someone else took the place in between."""
    dated = (piece for piece in deciding if piece.role == "gain" and piece.first == piece.last and piece.standing != "coded")
    gains = [piece for piece in dated if piece.party and piece.told.known]
    if len({(piece.informant, piece.told.known) for piece in gains}) < 2:
        return list(deciding)
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

    return [last_told(piece) for piece in deciding]


def _corrects(later: Evidence, piece: Evidence, gains: Sequence[Evidence], ties: Ties) -> bool:
    """Does he tell the same capture again with another day, and not as long past?"""
    days = sorted((piece.last, later.last))
    if later.party is None or piece.party is None or later.party.key != piece.party.key or days[0] == days[1]:
        return False
    if days[1] - days[0] > timedelta(days=weights()["restated_days"]) or later.told.claim.modality != "asserted":
        return False
    between = [
        gain for gain in gains if days[0] <= gain.last <= days[1] and gain.party and not ties.kin(gain.party, piece.party, gain.last)
    ]
    return later.last < piece.last and not between


def _in_order_of_text(deciding: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """ "A took it early in the year. B took it back on 5 April": a report tells in order, so what has no exact day came before what it
    tells next of another's."""
    ordered = list(deciding)
    gains: dict[str, list[int]] = {}
    for i, piece in enumerate(deciding):
        if piece.role == "gain" and not piece.implied and piece.reach == "here":
            gains.setdefault(piece.told.version, []).append(i)
    for told in gains.values():
        for i, following in pairwise(sorted(told, key=lambda i: (deciding[i].told.claim.start, deciding[i].told.claim.trigger))):
            piece, after = deciding[i], deciding[following]
            eve = (after.first or after.last) - ONE_DAY
            loose = piece.first != piece.last and (piece.first is None or piece.first <= eve) and eve < piece.last
            if loose and piece.party and after.party and ties.opposed(piece.party, after.party, after.last):
                ordered[i] = replace(piece, last=eve)
    return ordered


def _without_noon(deciding: Sequence[Evidence], ties: Ties) -> list[Evidence]:
    """Without the holders of noon: who lost a place on the day on which he took it did not hold it the day before; nor did he who had
    lost it to the same taker close before, if the days of that are told differently."""
    gains: dict[date, list[Evidence]] = {}
    for piece in deciding:
        if piece.role == "gain":
            gains.setdefault(piece.last, []).append(piece)
    days = sorted(gains)

    def of_noon(piece: Evidence) -> bool:
        day = gains.get(piece.last + ONE_DAY, ()) if piece.implied and piece.last < date.max else ()
        loser = piece.other or piece.party
        came = any(gain.party and piece.party and ties.kin(gain.party, piece.party, gain.last) for gain in day)
        return (came and any(gain.other and loser and ties.kin(gain.other, loser, gain.last) for gain in day)) or told_before(piece)

    def told_before(piece: Evidence) -> bool:
        """Was the same capture told with an earlier day, close before?"""
        if not piece.implied or piece.role != "presence":
            return False
        number = bisect_right(days, piece.last) - 1
        if number < 0 or piece.last - days[number] >= timedelta(days=weights()["restated_days"]):
            return False
        taker = gains[days[number]][-1].party
        return bool(piece.other and taker and ties.kin(taker, piece.other, piece.last))

    return [piece for piece in deciding if not of_noon(piece)]


def _held(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """Take in a gain or a presence: it confirms the holder, is told again of an earlier one, is overruled, or makes a change."""
    assert piece.party is not None or piece.role == "presence"
    if piece.party is None:
        return
    _drop_refuted(changes, piece, ties)
    current = changes[-1] if changes else None
    if current and current.holder and ties.kin(current.holder, piece.party, piece.last) and not _takes_from_own(current.holder, piece):
        changes[-1] = _confirmed(current, piece, ties)
    elif (told_again := _told_again(changes, piece, ties)) is not None:
        changes[told_again] = _confirmed(changes[told_again], piece, ties)
    elif current and _overruled(current, piece):
        changes[-1] = replace(current, against=(*current.against, piece))
    else:
        changes.append(_change_to(piece, current, ties))


def _takes_from_own(holder: Party, piece: Evidence) -> bool:
    """A member takes the place from its own coalition, or the coalition from a member: they have fallen out."""
    taken = piece.role == "gain" and piece.party and piece.party.key != holder.key
    return bool(taken and piece.other and piece.other.key == holder.key)


def _change_to(piece: Evidence, current: Change | None, ties: Ties) -> Change:
    first, last = piece.first if piece.role == "gain" else None, piece.last  # who is seen in a place came to hold it at some time before
    backing: tuple[Evidence, ...] = (piece,)
    loser = piece.other if piece.role == "gain" else None
    if current:
        first = max(first, current.last) if first else current.last
        last = max(last, first)
        loser = loser or current.holder or current.loser
        if current.holder is None and current.loser and piece.party and not ties.kin(current.loser, piece.party, piece.last):
            backing = (*current.backing, piece)  # "the army left" backs whoever comes next
    return Change(piece.party, loser, first, last, backing)


def _lost(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """Take in a loss with no taker: it backs the one who took the place from that party, or leaves the place to nobody known."""
    current = changes[-1] if changes else None
    if piece.party is None:
        _taken_by_someone(changes, piece)
    elif current is None or _lost_by_holder(current, piece, ties):
        if current and current.is_assessed and piece.standing == "own":
            changes[-1] = replace(current, against=(*current.against, piece))
            return
        first = max(piece.first or current.last, current.last) if current else piece.first
        changes.append(Change(None, piece.party, first, max(piece.last, first or piece.last), (piece,)))
    elif current.loser is None or piece.party.is_generic or ties.aligned(current.loser, piece.party, piece.last) or current.holder is None:
        changes[-1] = replace(current, backing=(*current.backing, piece), loser=current.loser or piece.party)


def _taken_by_someone(changes: list[Change], piece: Evidence) -> None:
    """ "The town was captured": of the days on which the holder took it, or told soon after, that confirms him; later, he lost it to nobody
    named."""
    current = changes[-1] if changes else None
    if current is None:
        return
    taken = current.holder is None or any(other.role == "gain" for other in current.backing)
    soon = piece.last - current.last <= timedelta(days=weights()["retold_days"])
    if taken and (_meet(current, piece) or (soon and current.holder is not None and piece.last >= current.last)):
        changes[-1] = replace(current, backing=(*current.backing, piece))
    elif current.holder and piece.last > current.last and piece.is_assessed and piece.told.claim.modality == "asserted":
        first = max(piece.first or current.last, current.last)
        changes.append(Change(None, current.holder, first, piece.last, (piece,)))


def _lost_by_holder(current: Change, piece: Evidence, ties: Ties) -> bool:
    """Was it the holder who left? "The militias fled", said of the days on which he came, or by his own side, is said of others."""
    if current.holder is None or piece.party is None or not ties.kin(current.holder, piece.party, piece.last):
        return False
    said_by_his_side = bool(piece.speaker and ties.aligned(piece.speaker, current.holder, piece.last))
    return not (piece.party.is_generic and (_meet(current, piece) or said_by_his_side))


def _confirmed(change: Change, piece: Evidence, ties: Ties) -> Change:
    holder = coalition(change.holder, piece.party, ties, piece.last)
    fuller = replace(
        change, holder=holder, backing=(*change.backing, piece), loser=change.loser or (piece.other if piece.role == "gain" else None)
    )
    if piece.role != "gain":
        return fuller
    if piece.is_assessed and not change.is_assessed and piece.first and not _meet(change, piece):
        return replace(fuller, first=piece.first, last=piece.last)  # a boast dates nothing once someone else has
    if piece.standing not in ASSESSED and change.is_assessed:
        return fuller
    if _meet(change, piece):
        starts = [day for day in (change.first, piece.first) if day]
        return replace(fuller, first=max(starts) if starts else None, last=min(change.last, piece.last))
    restated = piece.first is not None and piece.first - change.last <= timedelta(days=weights()["restated_days"])
    return replace(fuller, last=piece.last) if restated and piece.told.claim.modality != "background" else fuller


def _meet(change: Change, piece: Evidence) -> bool:
    return (piece.first is None or piece.first <= change.last) and (change.first is None or change.first <= piece.last)


def _told_again(changes: Sequence[Change], piece: Evidence, ties: Ties) -> int | None:
    """The earlier change that background tells of once more."""
    if piece.told.claim.modality != "background" or piece.party is None or piece.role != "gain":
        return None
    for i in range(len(changes) - 1, -1, -1):
        change = changes[i]
        if change.holder and _meet(change, piece) and ties.kin(change.holder, piece.party, piece.last):
            return i
    return None


def _overruled(current: Change, piece: Evidence) -> bool:
    """A boast does not move what is assessed: neither presence at any time (hearsay, not for long), nor a gain of the same days. Nothing
    that was only read moves so what an analyst accepted."""
    if current.rank <= _rank(piece):
        return False
    return piece.last <= current.last or (piece.role == "presence" and (piece.standing == "own" or not _long_after(current, piece)))


def _rank(piece: Evidence) -> int:
    return 0 if not piece.is_assessed else 2 if piece.standing == "analyst" else 1


def _long_after(change: Change, piece: Evidence) -> bool:
    """Is it told of a time so long after the change that who had lost the place may have come back?"""
    return piece.last - change.last > timedelta(days=weights()["refuted_days"])


def _drop_refuted(changes: list[Change], piece: Evidence, ties: Ties) -> None:
    """The old holder is still there: then a boast about this place was false, and a claim about the whole area excepts this place."""
    if piece.role != "presence" or piece.implied or piece.party is None or piece.reach != "here" or not changes:
        return
    current, before = changes[-1], changes[-2] if len(changes) > 1 else None
    if current.holder is None or ties.kin(current.holder, piece.party, piece.last):
        return
    if _long_after(current, piece):
        return
    pocket = current.is_of_area_only
    was_there = before and before.holder and ties.kin(before.holder, piece.party, piece.last)
    if current.rank < 2 and (pocket or (was_there and not current.is_assessed and piece.is_assessed)):
        changes.pop()
        if changes:
            changes[-1] = replace(changes[-1], against=(*changes[-1].against, *current.backing))


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
    if before and before.holder and change.exchanged and change.holder and ties.kin(before.holder, change.holder, change.last):
        # He held it in the morning and in the evening: nothing changed hands.
        exchanged = (*before.exchanged, *change.exchanged, *change.backing)
        kept[-1] = replace(before, exchanged=exchanged, against=(*before.against, *change.against))
    elif before and before.last == change.last and before.first == before.last:
        merged = replace(change, exchanged=(*before.backing, *before.exchanged, *change.exchanged), loser=before.loser or change.loser)
        kept.pop()
        _keep(kept, merged, ties)
    else:
        kept.append(change)


def _last_of_day(day: Sequence[Change], before: Change | None, ties: Ties) -> Change:
    morning = before.holder if before else None

    def rank(change: Change) -> tuple[int, bool, date, str, int]:
        last = max(change.backing, key=place_in_text).told
        returned = bool(morning and change.holder and ties.kin(morning, change.holder, change.last))
        return (change.rank, returned and not _one_report(day), last.known or date.max, last.claim.report_id, last.claim.start)

    evening = max(day, key=rank)
    exchanged = tuple(piece for change in day if change is not evening for piece in (*change.backing, *change.exchanged))
    return replace(evening, exchanged=(*evening.exchanged, *exchanged))


def _one_report(day: Sequence[Change]) -> bool:
    return len({piece.told.version for change in day for piece in change.backing}) == 1


def place_in_text(piece: Evidence) -> tuple[date, str, int]:
    return (piece.told.known or date.max, piece.told.claim.report_id, piece.told.claim.start)


def denial(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """**denial**: a party's denial makes a change disputed; an independent one undoes a change that only its winner claims."""
    kept = list(changes)
    for piece in (piece for piece in evidence if piece.denied and piece.reach == "here"):
        found = next((i for i in range(len(kept) - 1, -1, -1) if _denies(piece, kept[i], ties)), None)
        if found is None:
            continue
        change = _retracted(kept[found], piece)
        is_undone = change.rank < {"analyst": 2, "independent": 1}.get(piece.standing, 0)
        if is_undone or not any(other.settles for other in change.backing):
            kept.pop(found)
        else:
            kept[found] = replace(change, against=(*change.against, piece))
    return kept


def _retracted(change: Change, denied: Evidence) -> Change:
    """The change without what the denying informant had said before: he takes it back."""
    day = denied.told.known
    backing = tuple(
        piece
        for piece in change.backing
        if piece.informant != denied.informant or piece.standing == "analyst" or not day or not piece.told.known or piece.told.known >= day
    )
    return replace(change, backing=backing)


def _denies(piece: Evidence, change: Change, ties: Ties) -> bool:
    if (change.first or change.last) > max(piece.last, piece.told.known or piece.last):
        return False
    if piece.role == "loss":
        return bool(piece.party is None or (change.loser and ties.aligned(change.loser, piece.party, piece.last)))
    return bool(piece.party and change.holder and ties.aligned(change.holder, piece.party, piece.last))


def _corroborated(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """The changes with what happened around the place, in its parts or its province, where that points the same way."""
    more: dict[int, list[Evidence]] = {}
    ends = [change.last for change in changes]
    earliest = _least_from([change.first or date.min for change in changes])
    for piece in evidence:
        if piece.settles or piece.reach == "over" or piece.denied or piece.role not in ("gain", "presence", "loss") or piece.party is None:
            continue
        # From the change in whose time it began to the last that could have begun by then.
        for i in range(max(bisect_right(ends, piece.first or piece.last) - 1, 0), len(changes)):
            if earliest[i] > piece.last:
                break
            if _supports(piece, changes[i], changes[i + 1].last if i + 1 < len(changes) else None, ties):
                more.setdefault(i, []).append(piece)
    return [replace(change, backing=(*change.backing, *more[i])) if i in more else change for i, change in enumerate(changes)]


def _least_from(days: Sequence[date]) -> list[date]:
    """The least of each day and all that follow it in the list."""
    return list(accumulate(reversed(days), min))[::-1]


def _supports(piece: Evidence, change: Change, until: date | None, ties: Ties) -> bool:
    if piece.party is None or (change.first and piece.last < change.first) or (until and (piece.first or piece.last) >= until):
        return False
    if piece.role == "loss":
        return not change.holder or not ties.aligned(piece.party, change.holder, piece.last)
    return bool(change.holder and ties.kin(piece.party, change.holder, piece.last))


def _bounded(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """A change of open date came after the day on which its loser's side was still moving things there."""
    moves = [piece for piece in evidence if piece.role == "movement" and not piece.denied and piece.reach == "here" and piece.party]

    def bounded(change: Change) -> Change:
        if change.first is not None or change.holder is None:
            return change
        days = [m.last for m in moves if m.last < change.last and m.party and ties.opposed(m.party, change.holder, m.last)]
        return replace(change, first=max(days)) if days else change

    return [bounded(change) for change in changes]


# --- changes → periods


def _periods(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> Iterator[Period]:
    here = [piece for piece in evidence if not piece.denied and piece.reach == "here"]
    sieges = list(
        _days_of([piece for piece in here if piece.role == "siege"], partial(_siege_days, ends=_Ends.of(changes, evidence, ties)))
    )
    fights = list(_days_of([piece for piece in here if piece.role == "fighting"], partial(_fight_days, quiet=_Quiet.of(changes, evidence))))
    cuts = {change.last for change in changes}
    for _, first, last in (*sieges, *fights):
        cuts |= {first} | ({last + ONE_DAY} if last and last < date.max else set())
    starts: list[date | None] = [None, *sorted(cuts)]
    besieged, fought = _Running(sieges), _Running(fights)
    for start, following in pairwise([*starts, None]):
        index = silence(changes, start) if start else -1
        siege = besieged.on(start) if start else ()
        yield Period(
            start,
            following - ONE_DAY if following else None,
            changes[index] if index >= 0 else None,
            changes[index - 1] if index > 0 else None,
            changes[index + 1] if index + 1 < len(changes) else None,
            siege[0] if siege else None,
            fought.on(start) if start else (),
        )


def silence(changes: Sequence[Change], on: date) -> int:
    """**silence**: → the number of the change that the day comes after, −1 before the first: unknown then, not unchanged since for ever."""
    return bisect_right(changes, on, key=lambda change: change.last) - 1


Lasting = tuple[Evidence, date, date | None]  # evidence that holds from a day to a day, None for for ever


def _days_of(pieces: Iterable[Evidence], days: Callable[[Evidence], tuple[date, date | None]]) -> Iterator[Lasting]:
    for piece in pieces:
        first, last = days(piece)
        if last is None or first <= last:
            yield piece, first, last


class _Running:
    """What lasts on a day, asked for one day after another."""

    def __init__(self, lasting: Sequence[Lasting]) -> None:
        self.coming = sorted(enumerate(lasting), key=lambda one: one[1][1], reverse=True)
        self.running: list[tuple[int, Lasting]] = []

    def on(self, day: date) -> tuple[Evidence, ...]:
        """In the order of the evidence."""
        while self.coming and self.coming[-1][1][1] <= day:
            insort(self.running, self.coming.pop(), key=lambda one: one[0])
        self.running = [one for one in self.running if one[1][2] is None or day <= one[1][2]]
        return tuple(piece for _, (piece, _, _) in self.running)


@dataclass(frozen=True)
class _Ends:
    """What ends a siege: the place changes hands, the besieger leaves, or someone says that it is over."""

    changed: Sequence[date]
    others: Sequence[Evidence]
    ties: Ties

    @classmethod
    def of(cls, changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> _Ends:
        lifting = [piece for piece in evidence if piece.reach in ("here", "around") and piece.denied == (piece.role == "siege")]
        others = sorted((piece for piece in lifting if piece.role in ("siege", "loss")), key=lambda piece: piece.last)
        return cls([change.last for change in changes], others, ties)

    def after(self, piece: Evidence, start: date) -> Iterator[date]:
        number = bisect_right(self.changed, start)
        yield from self.changed[number : number + 1]
        for other in self.others[bisect_right(self.others, start, key=lambda other: other.last) :]:
            if other.role == "siege" or (other.party and piece.party and self.ties.kin(other.party, piece.party, other.last)):
                yield other.last
                return


def _siege_days(piece: Evidence, ends: _Ends) -> tuple[date, date | None]:
    start = piece.first or piece.last
    found = list(ends.after(piece, start))
    if piece.first and piece.told.known and piece.last < piece.told.known - ONE_DAY:
        found.append(piece.last + ONE_DAY)  # told with its end
    return start, min(found) - ONE_DAY if found else None


@dataclass(frozen=True)
class _Quiet:
    """What settles a fight: the changes that it was part of, and the days on which someone says who has the place."""

    changes: Sequence[Change]
    ends: Sequence[date]
    earliest: Sequence[date]
    settled: Sequence[date]

    @classmethod
    def of(cls, changes: Sequence[Change], evidence: Sequence[Evidence]) -> _Quiet:
        earliest = _least_from([_started(change) for change in changes])
        settled = sorted(piece.last for piece in evidence if piece.settles and not piece.implied)
        return cls(changes, [change.last for change in changes], earliest, settled)

    def during(self, piece: Evidence, start: date) -> date | None:
        """The last day of the last change that the fight was part of."""
        found = None
        for i in range(bisect_left(self.ends, start), len(self.changes)):
            if self.earliest[i] > piece.last:
                break
            if _started(self.changes[i]) <= piece.last:
                found = self.ends[i]
        return found


def _started(change: Change) -> date:
    """A change of open date is taken to have begun a week before its last day."""
    return change.first or change.last - min(timedelta(days=weights()["contested_days"]), change.last - date.min)


def _fight_days(piece: Evidence, quiet: _Quiet) -> tuple[date, date]:
    """A clash leaves a place contested until someone says who has it, for a week at most. On the days of a change it is part of that."""
    start = piece.first or piece.last
    during = quiet.during(piece, start)
    if during and piece.last <= during:
        return start, start - ONE_DAY if start > date.min else start
    start = max(start, during + ONE_DAY) if during else start
    next_settled = bisect_right(quiet.settled, piece.last)
    week = min(timedelta(days=weights()["contested_days"]), date.max - piece.last)
    last = min([piece.last + week, *(day - ONE_DAY for day in quiet.settled[next_settled : next_settled + 1])])
    return start, last
