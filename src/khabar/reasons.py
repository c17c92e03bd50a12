"""A place's time line and a day → the contract's answer, with the rules that decided it in words.

Nothing is decided here: `evidence` and `control` do. The one figure worked out here, the probability, is a declared and uncalibrated one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from khabar.contract import Json
from khabar.control import Change, Period, Timeline, place_in_text, weights
from khabar.evidence import Evidence, Party


def answer(line: Timeline, on: date, *, known_by: date | None = None) -> Json:
    """The contract's answer to "who held the place that day", with `rules`, `possible_change` and `listed` beside it."""
    period = line.at(on)
    change = period.change
    backing, against = (_claim_ids(change.backing), _claim_ids(change.against)) if change else ([], [])
    listed = [piece.claim_id for piece in line.evidence if piece.last <= on and piece.claim_id not in (*backing, *against)]
    said = [(rule, words) for rule, tell in BECAUSE for words in tell(line, period, on)]
    return {
        "place": {"id": line.area.id, "name": line.area.name, "latitude": line.area.latitude, "longitude": line.area.longitude},
        "on": on.isoformat(),
        "known_by": known_by.isoformat() if known_by else None,
        "status": period.status,
        "holder": _named(period.holder),
        "standing": _standing(period),
        "probability": probability(change) if change and change.holder else None,
        "since": _days(change) if change else None,
        "until": _days(period.coming) if period.coming else None,
        "previous": _named(_previous(period)),
        "besieged_by": _named(period.siege.party) if period.siege else None,
        "disputed_by": _disputed_by(change),
        "members": [_named(member) for member in line.ties.members(period.holder, on)] if period.holder else [],
        "last_report": _iso(_last_report(line, on)),
        "for": backing,
        "against": against,
        "informants": len({piece.informant for piece in change.backing}) if change else 0,
        "because": [f"{rule}: {words}" for rule, words in said],
        "rules": list(dict.fromkeys(rule for rule, _ in said)),
        "possible_change": _possible(period, on),
        "listed": list(dict.fromkeys(listed)),
    }


def probability(change: Change) -> float:
    """That the holder is right, by the uncalibrated table of weights.yaml: log-odds, each informant once, with its best word."""
    odds = math.fsum(_best(change.backing).values()) - math.fsum(_best(change.against).values())
    return round(min(1 / (1 + math.exp(-odds)), SUREST), 2)


SUREST = 0.99  # a table that nobody has calibrated must not say "certain"


def _best(evidence: Iterable[Evidence]) -> dict[str, float]:
    best: dict[str, float] = {}
    for piece in evidence:
        best[piece.informant] = max(best.get(piece.informant, 0.0), _weight(piece))
    return best


def _weight(piece: Evidence) -> float:
    known = weights()
    reliability, credibility = known["grades"][piece.standing]
    return float((known["reliability"][reliability] + known["credibility"][int(credibility)]) * known["reach"][piece.reach])


def _standing(period: Period) -> str | None:
    if period.change is None or period.holder is None:
        return None
    return "assessed" if period.change.is_assessed else "claimed"


def _previous(period: Period) -> Party | None:
    if period.change is None:
        return None
    return (period.before.holder if period.before else None) or period.change.loser


def _disputed_by(change: Change | None) -> list[Json | None]:
    if change is None or not change.is_disputed:
        return []
    speakers = {(speaker.key): _named(speaker) for piece in change.denials if (speaker := piece.speaker or _unnamed(piece))}
    return [speakers[key] for key in sorted(speakers)]


def _unnamed(piece: Evidence) -> Party:
    links = piece.told.claim.attribution
    name = links[-1].text if links else piece.told.outlet or piece.told.claim.report_id
    return Party(piece.informant, None, name)


def _possible(period: Period, on: date) -> Json | None:
    coming = period.coming
    if coming is None or (coming.first and coming.first > on):
        return None
    return {"holder": _named(coming.holder), **_days(coming), "claims": _claim_ids(coming.backing)}


def _last_report(line: Timeline, on: date) -> date | None:
    days = [piece.told.known for piece in line.evidence if piece.told.known and piece.last <= on]
    return max(days, default=None)


def _claim_ids(evidence: Iterable[Evidence]) -> list[str]:
    ordered = sorted(evidence, key=lambda piece: (place_in_text(piece), piece.claim_id))
    return list(dict.fromkeys(piece.claim_id for piece in ordered))


def _days(change: Change) -> Json:
    return {"date_start": _iso(change.first), "date_end": change.last.isoformat()}


def _named(party: Party | None) -> Json | None:
    return {"id": party.id, "name": party.name} if party else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- the reasons, in words

Reason = Callable[[Timeline, Period, date], Iterator[str]]


def _because_chain(line: Timeline, period: Period, on: date) -> Iterator[str]:
    """Who says so; those who settle it before those who add to it."""
    if period.change is None:
        return
    tellers: dict[str, Evidence] = {}
    for piece in sorted(period.change.backing, key=lambda piece: (not piece.settles, place_in_text(piece))):
        tellers.setdefault(piece.informant, piece)
    if tellers:
        yield f"{_and(_tellers(tellers.values()))} {_verb(tellers.values(), 'say')} so; each weighs what its innermost speaker weighs"


def _because_own(line: Timeline, period: Period, on: date) -> Iterator[str]:
    change = period.change
    own = [piece for piece in change.backing if piece.standing == "own" and piece.settles] if change else []
    if change and own and change.is_assessed:
        yield f"{_and(_tellers(own))} claimed it for its own side; independent speakers or the losing side say so too"
    elif change and own:
        yield f"only {_and(_tellers(own))} {_verb(own, 'say')} so, of its own side: claimed, not assessed"
    boasts = [piece for piece in change.against if piece.standing == "own" and not piece.denied] if change else []
    if boasts:
        yield f"{_and(_tellers(boasts))} {_verb(boasts, 'claim')} otherwise for their own side, which outweighs nothing that others say"


def _because_admission(line: Timeline, period: Period, on: date) -> Iterator[str]:
    told = [piece for piece in period.change.backing if piece.standing == "admission" and not piece.implied] if period.change else []
    if told:
        yield f"{_and(_tellers(told))} {_verb(told, 'concede')} it against its own interest: assessed at once"


def _because_copies(line: Timeline, period: Period, on: date) -> Iterator[str]:
    if period.change is None:
        return
    reports = {piece.told.version for piece in period.change.backing}
    informants = {piece.informant for piece in period.change.backing}
    if len(reports) > len(informants):
        yield f"{len(reports)} reports go back to {_count(len(informants), 'informant')}, who count once each"


def _because_denial(line: Timeline, period: Period, on: date) -> Iterator[str]:
    change = period.change
    if change and change.denials:
        ending = "no independent speaker has settled it: disputed" if change.is_disputed else "others settle it against the denial"
        yield f"{_and(_tellers(change.denials))} {'denies' if len(_tellers(change.denials)) == 1 else 'deny'} it; {ending}"


def _because_containment(line: Timeline, period: Period, on: date) -> Iterator[str]:
    within = [piece for piece in line.evidence if piece.reach == "within" and period.change and piece in period.change.backing]
    if within:
        yield f"the whole area it lies in was claimed ({_quoted_places(within)}), and no claim excepts this place"
    over = [piece for piece in line.evidence if piece.reach == "over" and piece.role == "loss" and piece.last <= on]
    if over:
        yield f"{_quoted_places(over)} was lost to nobody named, which sets no holder in the places within"
    around = [
        piece
        for piece in line.evidence
        if piece.reach in ("around", "part") and piece.last <= on and piece.role in ("gain", "presence", "loss")
    ]
    if around:
        yield f"what is told of {_quoted_places(around)} corroborates at most; it does not settle who holds the place itself"


def _because_coalition(line: Timeline, period: Period, on: date) -> Iterator[str]:
    if not period.holder or not period.change:
        return
    members = [
        piece.party
        for piece in period.change.backing
        if piece.party and piece.party.key != period.holder.key and line.ties.belongs(piece.party, period.holder, on)
    ]
    if members:
        names = _and(dict.fromkeys(member.name for member in members))
        yield f"{names} belongs to {period.holder.name}, which holds the place"


def _because_final(line: Timeline, period: Period, on: date) -> Iterator[str]:
    change = period.change
    if change and change.exchanged:
        others = _and(piece.party.name for piece in change.exchanged if piece.party and piece.role in ("gain", "presence"))
        holder = change.holder.name if change.holder else "nobody named"
        yield f"within a day it was in other hands too ({others}); that was fighting, and the last to hold it that day was {holder}"
    for piece in period.fighting:
        yield f"fighting was reported up to {piece.last}, and nobody says how it ended: contested"


def _because_silence(line: Timeline, period: Period, on: date) -> Iterator[str]:
    if period.coming and (period.coming.first is None or period.coming.first <= on):
        taker = period.coming.holder.name if period.coming.holder else "nobody named"
        yield f"it may have changed hands already (to {taker}, by {period.coming.last}), but nobody says that it had on this day"
    if period.change and period.holder is None and period.change.loser:
        yield f"{period.change.loser.name} is said to have left it, to nobody named"
    last = _last_report(line, on)
    if last is None:
        yield "nobody had reported who held it: unknown, not unchanged"
    else:
        yield f"the last report that bears on it is of {last}" + (f", {_count((on - last).days, 'day')} before" if last < on else "")


BECAUSE: tuple[tuple[str, Reason], ...] = (
    ("chain", _because_chain),
    ("own-side", _because_own),
    ("against-interest", _because_admission),
    ("copies", _because_copies),
    ("denial", _because_denial),
    ("containment", _because_containment),
    ("coalition", _because_coalition),
    ("final-acquisition", _because_final),
    ("silence", _because_silence),
)


def _teller(piece: Evidence) -> str:
    outlet = piece.told.outlet or f"report {piece.told.claim.report_id}"
    links = [speaker.text for speaker in piece.told.claim.attribution]
    return f"{links[-1]} (through {', '.join([outlet, *links[:-1]])})" if links else f"{outlet} in its own voice"


def _verb(evidence: Iterable[Evidence], verb: str) -> str:
    return f"{verb}s" if len(_tellers(evidence)) == 1 else verb


def _tellers(evidence: Iterable[Evidence]) -> list[str]:
    return list(dict.fromkeys(_teller(piece) for piece in evidence))


def _quoted_places(evidence: Iterable[Evidence]) -> str:
    named = list(dict.fromkeys(f"“{piece.told.claim.place.text}”" for piece in evidence if piece.told.claim.place))
    return _and(named if len(named) <= NAMED else [*named[: NAMED - 1], f"{len(named) - NAMED + 1} others"])


NAMED = 5  # places in one sentence of a reason; the claims are all listed by id


def _and(parts: Iterable[str]) -> str:
    found = list(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
