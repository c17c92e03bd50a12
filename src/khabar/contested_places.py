"""The time line of a place → what speakers disagree on: who held it, and on which day it changed hands.

Nothing is decided here: `control` did, and `reasons` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import pairwise

from khabar.contract import Json
from khabar.control import Timeline
from khabar.control_changes import Change
from khabar.evidence import Evidence, declared_days
from khabar.parties import Party
from khabar.positions import Dispute, Position, Word, apart
from khabar.reasons import answer, history
from khabar.record import Told
from khabar.wording import day_words, joined, place_words, plain, when

Days = Callable[[date | None, date], bool]


def over_place(line: Timeline, *, asked: Days = lambda first, last: True) -> Iterator[Dispute]:
    """What is disputed of one place. `asked`: whether some days, from the first (None: open) to the last, matter to the question."""
    known = cache(partial(history, line))
    for dispute in (*_over_control(line), *_over_dates(line)):
        if asked(dispute.first, dispute.last):
            yield _with_reasons(dispute, known())


def _with_reasons(dispute: Dispute, known: Json) -> Dispute:
    """The dispute with what the rules made of it; how old the last report is says nothing of a dispute."""
    got = answer(known, dispute.last)
    because = tuple(reason for reason in got["because"] if not reason.startswith("silence"))
    settled = dispute.settled
    if dispute.about == "control" and got["holder"] and got["standing"] == "assessed" and got["status"] != "contested":
        settled = f"assessed as held by {plain(got['holder']['name'])} on {day_words(dispute.last)}"
    return replace(dispute, because=because, settled=settled)


# --- over control


def _over_control(line: Timeline) -> Iterator[Dispute]:
    loose = [piece for piece in line.evidence if piece.denied and piece.reach == "here"]  # denials of what the rules never took for true
    for change in line.changes:
        against = [piece for piece in change.against if not piece.implied]
        loose = [piece for piece in loose if piece not in against]
        if against:
            against += [piece for piece in loose if _denies_change(piece, change, line)]
            loose = [piece for piece in loose if piece not in against]
            boasts = [piece for piece in against if not piece.denied]
            refuting = [piece for piece in loose if any(_is_denied_by(boast, piece, line) for boast in boasts)]
            loose = [piece for piece in loose if piece not in refuting]
            yield _of_change(line, change, against, refuting)
    yield from _refuted(line, loose)
    yield from _answered(line)


def _of_change(line: Timeline, change: Change, against: Sequence[Evidence], refuting: Sequence[Evidence]) -> Dispute:
    backing = [piece for piece in change.backing if piece.settles and piece.reach == "here" and not piece.implied] or list(change.backing)
    # "He took it" and "the other left" agree, and are not the same words.
    losses = [piece for piece in backing if piece.role == "loss"]
    told = [group for group in ([piece for piece in backing if piece not in losses], losses) if group]
    positions = [_position(_says(group, line), group) for group in told]
    if refuting:
        positions.append(_position(_says(refuting, line), refuting))
    for group in _by_party([piece for piece in against if not piece.denied], line):
        positions.append(_position(_says(group, line), group))
    if denials := [piece for piece in against if piece.denied]:
        positions.append(_position(_says(denials, line), denials))
    return _dispute(line, change, positions, against)


def _refuted(line: Timeline, denials: Sequence[Evidence]) -> Iterator[Dispute]:
    """Claims that an independent denial undid: the time line shows nothing of them."""
    for denial in denials:
        boasts = [piece for piece in line.evidence if piece.settles and not piece.implied and _is_denied_by(piece, denial, line)]
        boasts = [piece for piece in boasts if not any(piece in change.backing for change in line.changes)]
        if boasts:
            change = next((change for change in reversed(line.changes) if change.last <= denial.last), None)
            yield _dispute(line, change, [_position(_says(boasts, line), boasts), _position(_says([denial], line), [denial])], [denial])


def _answered(line: Timeline) -> Iterator[Dispute]:
    """One side says that it took the place, the other, soon after, that it is there; nobody tells that it came back."""
    soon = declared_days("restated_days")
    for before, change in pairwise(line.changes):
        if before.is_assessed or change.is_assessed or before.holder is None or change.holder is None or change.last - before.last > soon:
            continue
        told = [piece for piece in change.backing if piece.settles and not piece.implied]
        if told and all(piece.role == "presence" for piece in told):
            positions = [_position(_says(group, line), group) for group in (before.backing, told)]
            yield _dispute(line, change, positions, [*before.backing, *told])


def _is_denied_by(piece: Evidence, denial: Evidence, line: Timeline) -> bool:
    if (piece.role == "loss") != (denial.role == "loss") or (piece.first or piece.last) > denial.last or piece.denied:
        return False
    soon = denial.last - piece.last <= declared_days("restated_days")
    return soon and (not (piece.party and denial.party) or line.ties.kin(piece.party, denial.party, piece.last))


def _denies_change(denial: Evidence, change: Change, line: Timeline) -> bool:
    """ "We have not left the town", said about the days on which someone is said to have taken it: that change and no other."""
    nearest = min(line.changes, key=lambda one: abs((one.last - denial.last).days))
    return denial.role == "loss" and change is nearest and denial.last >= (change.first or change.last)


def _by_party(pieces: Sequence[Evidence], line: Timeline) -> list[list[Evidence]]:
    """Those that speak of one party, or of a coalition and its member, together."""
    groups: list[list[Evidence]] = []
    for piece in pieces:
        for group in groups:
            if group[0].role == piece.role and _one_party(group[0].party, piece.party, line, piece.last):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def _one_party(first: Party | None, second: Party | None, line: Timeline, on: date) -> bool:
    return first == second or line.ties.kin(first, second, on)


def _says(pieces: Sequence[Evidence], line: Timeline) -> str:
    """What these say of the place, in words: "Green Front took it"."""
    lead = min(pieces, key=lambda piece: (piece.role not in ("gain", "presence"), piece.role, piece.party is None))
    parties = list(dict.fromkeys(piece.party for piece in pieces if piece.party and piece.role == lead.role))
    named = [party for party in parties if not party.is_generic] or parties
    who = joined(plain(party.name) for party in named)
    verbs = {"gain": ("took it", "did not take it"), "presence": ("held it", "did not hold it"), "loss": ("left it", "did not leave it")}
    said, denied = verbs.get(lead.role, ("was there", "was not there"))
    if not who:
        return "it did not change hands" if lead.denied else "it changed hands"
    return f"{who} {denied if lead.denied else said}"


def _dispute(line: Timeline, change: Change | None, positions: Sequence[Position], pieces: Sequence[Evidence]) -> Dispute:
    last = max(piece.last for piece in pieces)
    first = min((piece.first for piece in pieces if piece.first), default=None)
    if change:
        last = max(last, change.last)
        first = min(first, change.first) if first and change.first else first or change.first
    first = min(first, last) if first else None
    matter = f"Who held {place_words(line.area)} {when(first, last)}"
    return Dispute("control", matter, line.area, first, last, tuple(positions))


def _position(says: str, pieces: Iterable[Evidence]) -> Position:
    """One word for each informant: the one that settles most, of those the earliest."""
    order = {"analyst": -1, "admission": 0, "independent": 1, "coded": 2, "own": 3, "hearsay": 4}
    by_informant: dict[str, list[Evidence]] = {}
    for piece in sorted(pieces, key=lambda piece: (not piece.settles, order[piece.standing], _order(piece.told))):
        by_informant.setdefault(piece.informant, []).append(piece)
    return Position(says, tuple(_word(found) for found in by_informant.values()))


def _word(found: Sequence[Evidence]) -> Word:
    lead = found[0]
    others = {piece.claim_id: piece.told for piece in found[1:] if piece.claim_id != lead.claim_id}
    return Word(lead.told, lead.informant, lead.speaker, interest(lead), tuple(others.values()))


def interest(piece: Evidence) -> str:
    """How the speaker stands to what it says."""
    return "against" if piece.standing == "admission" else piece.standing


def _order(item: Told) -> tuple[date, str, int, str]:
    return (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id)


# --- over dates


def _over_dates(line: Timeline) -> Iterator[Dispute]:
    """One change, told of days that do not meet by speakers who are not one."""
    for run in _told_again(line.changes):
        told = [
            piece for change in run for piece in change.backing if piece.role in ("gain", "loss") and piece.settles and not piece.implied
        ]
        dated = [((piece.first, piece.last), piece) for piece in told if piece.first and piece.reach == "here"]
        groups = apart(dated)
        if len(groups) > 1 and len({piece.informant for _, piece in dated}) > 1:
            positions = tuple(_position(when(*days), group) for days, group in groups)
            change, first, last = run[-1], min(days[0] for days, _ in dated), max(days[1] for days, _ in dated)
            settled = f"dated {when(change.first, change.last)}" if change.is_assessed and len(run) == 1 else None
            matter = f"When {place_words(line.area)} {_passed(change)}"
            yield Dispute("date", matter, line.area, first, last, positions, settled=settled, gap=float((last - first).days))


def _told_again(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Each change, with a next one to the same holder between which nobody tells that he lost it: only "from B" implies that B was back."""
    soon = declared_days("restated_days")
    taken: set[int] = set()
    for i, change in enumerate(changes):
        if i in taken:
            continue
        again = [j for j in (i + 2,) if j < len(changes) and all(piece.implied for piece in changes[i + 1].backing)]
        again = [j for j in again if changes[j].holder == change.holder and changes[j].last - change.last <= soon]
        taken |= {i + 1, *again} if again else set()
        yield [change, *(changes[j] for j in again)]


def _passed(change: Change) -> str:
    if change.holder is None:
        return f"was left by {plain(change.loser.name)}" if change.loser else "changed hands"
    return f"was taken by {plain(change.holder.name)}" + (f" from {plain(change.loser.name)}" if change.loser else "")
