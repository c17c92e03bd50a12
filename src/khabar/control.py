"""Evidence on a place → who held it, since when, disputed by whom: periods that tile its time line (`reasons` puts them into words).

    evidence ─► changes (`control_order`, `control_changes`) ─► weighed against what denies and supports them ─► periods (`control_periods`)

Ten rules decide; each answer lists those that did. `chain`, `own-side`, `against-interest`, `copies` and `containment` weigh a claim and
stand in `evidence`; `coalition` and `final_acquisition` in `control_changes`, `denial` here, `silence` in `control_periods`, and `analyst`
in `reviews`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from khabar.areas import Area
from khabar.chains import standing
from khabar.control_changes import Change, changes_of
from khabar.control_periods import Period, least_from, periods_of, silence
from khabar.drawers import Bearing
from khabar.evidence import ONE_DAY, Evidence, declared_days, evidence_on
from khabar.record import Told
from khabar.roles import counted_role, left_out
from khabar.ties import Ties


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
    changes = changes_of(evidence, ties)
    for weigh in (entered, denial, _corroborated, _bounded):
        changes = weigh(changes, evidence, ties)
    dropped = tuple((item, why) for item in bearing.on(area) if counted_role(item.claim, item.sentence) and (why := left_out(item)))
    return Timeline(area, tuple(evidence), tuple(changes), tuple(periods_of(changes, evidence, ties)), ties, dropped)


def entered(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """Who comes into what its holder has left has it: "the army pulled out of A; rebels rolled into A", were it only into its centre."""
    comers = [piece for piece in evidence if piece.role == "entry" and piece.party and not (piece.denied or piece.is_learnt)]
    comers = [piece for piece in comers if piece.reach in ("here", "part")]

    def taken(change: Change, following: Change | None) -> Change:
        if change.holder is not None or change.loser is None:
            return change
        until = min(change.last + declared_days("entered_days"), following.last if following else date.max)
        since = (change.first or change.last) - ONE_DAY
        came = [p for p in comers if since <= p.last <= until and not ties.aligned(p.party, change.loser, p.last)]
        first = min(came, key=lambda piece: piece.last, default=None)
        if first is None or any(ties.opposed(piece.party, first.party, piece.last) for piece in came):
            return change
        return replace(change.backed(*came), holder=first.party, last=max(change.last, first.last))

    return [taken(change, following) for change, following in pairwise([*changes, None]) if change]


def denial(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """**denial**: a party's denial makes a change disputed; an independent one undoes a change that only its winner claims."""
    kept = list(changes)
    for piece in (piece for piece in evidence if piece.denied and piece.reach == "here"):
        found = next((i for i in reversed(range(len(kept))) if _denies(piece, kept[i], ties)), None)
        if found is None:
            kept = _stayed(kept, piece, ties)
            continue
        change = _retracted(kept[found], piece)
        is_undone = change.rank < {"analyst": 2, "independent": 1}.get(piece.standing, 0)
        if is_undone or not any(other.settles for other in change.backing):
            kept.pop(found)
        else:
            kept[found] = change.contradicted(piece)
    return kept


def _stayed(changes: list[Change], denied: Evidence, ties: Ties) -> list[Change]:
    """ "The army never lost the bridge": where nothing else is told of a place, whoever is said not to have lost it has it."""
    party, on = (denied.party if denied.role == "loss" else denied.other), denied.told.known or denied.last
    if party is None or denied.is_learnt or silence(changes, on) >= 0:
        return changes
    how = standing("presence", party, None, denied.speaker, ties, on) if denied.standing != "hearsay" else "hearsay"
    stays = replace(denied, role="presence", party=party, other=None, first=None, last=on, standing=how, denied=False, implied=True)
    return [Change(party, None, None, on, (stays,)), *changes]


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
    if piece.role == "loss" and piece.party is None:  # "it never fell": to him who was only seen in it
        return change.holder is None or any(other.role == "gain" for other in change.backing)
    if piece.role == "loss" and change.loser is None:  # "we never left it": to him who is said to have it
        return change.holder is not None and not ties.aligned(change.holder, piece.party, piece.last)
    if piece.role == "loss":
        return ties.aligned(change.loser, piece.party, piece.last)
    return ties.aligned(change.holder, piece.party, piece.last)


def _corroborated(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """The changes with what happened around the place, in its parts or its province, where that points the same way."""
    more: dict[int, list[Evidence]] = {}
    ends = [change.last for change in changes]
    earliest = least_from([change.first or date.min for change in changes])
    for piece in evidence:
        if piece.settles or piece.reach == "over" or piece.denied or piece.role not in ("gain", "presence", "loss") or piece.party is None:
            continue
        # From the change in whose time it began to the last that could have begun by then.
        for i in range(max(bisect_right(ends, piece.first or piece.last) - 1, 0), len(changes)):
            if earliest[i] > piece.last:
                break
            if _supports(piece, changes[i], changes[i + 1].last if i + 1 < len(changes) else None, ties):
                more.setdefault(i, []).append(piece)
    return [change.backed(*more.get(i, ())) for i, change in enumerate(changes)]


def _supports(piece: Evidence, change: Change, until: date | None, ties: Ties) -> bool:
    """`until`: when the place changed hands again."""
    if (change.first and piece.last < change.first) or (until and (piece.first or piece.last) >= until):
        return False
    if piece.role == "loss":
        return not ties.aligned(piece.party, change.holder, piece.last)
    return ties.kin(piece.party, change.holder, piece.last)


def _bounded(changes: Sequence[Change], evidence: Sequence[Evidence], ties: Ties) -> list[Change]:
    """A change of open date came after the day on which its loser's side was still moving things there."""
    moves = [piece for piece in evidence if piece.role == "movement" and not piece.denied and piece.reach == "here"]

    def bounded(change: Change) -> Change:
        if change.first is not None:
            return change
        days = [m.last for m in moves if m.last < change.last and ties.opposed(m.party, change.holder, m.last)]
        return replace(change, first=max(days)) if days else change

    return [bounded(change) for change in changes]
