"""A place's time line → its history as JSON; a history and a day → the contract's answer, with the rules that decided it in words.

Nothing is decided here: `evidence` and `control` do. The probability is put together here, from the declared odds of `weighing`.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from khabar.contract import Json, iso
from khabar.control import Timeline
from khabar.control_changes import Change
from khabar.evidence import Evidence, informants_among
from khabar.parties import Party
from khabar.ties import Ties
from khabar.weighing import odds


def history(line: Timeline) -> Json:
    """All that can be answered about one place on any day, as plain JSON: what `answer` and `state` read, and what a record keeps.

    `periods`: [first day, number of the change, who besieges, last days of fights]; `pieces`: [day, claim] in the order of publication;
    `heard`: [day, latest publication that bears on what was so by that day]; `over`, `around`: [first day, words of a place].
    """
    numbers = {id(change): number for number, change in enumerate(line.changes)}
    return {
        "key": line.area.key,
        "place": {"id": line.area.id, "name": line.area.name, "latitude": line.area.latitude, "longitude": line.area.longitude},
        "precision": line.area.precision,
        "changes": [_change_json(change, line) for change in line.changes],
        "periods": [
            [
                iso(period.first),
                numbers[id(period.change)] if period.change else -1,
                _named(period.siege.party) if period.siege else None,
                sorted({piece.last.isoformat() for piece in period.fighting}),
                period.siege is not None,
            ]
            for period in line.periods
        ],
        "pieces": list(dict.fromkeys((piece.last.isoformat(), piece.claim_id) for piece in line.evidence)),
        "heard": _heard(line),
        "over": _first_named(piece for piece in line.evidence if piece.reach == "over" and piece.role == "loss"),
        "around": _first_named(
            piece for piece in line.evidence if piece.reach in ("around", "part") and piece.role in ("gain", "presence", "loss")
        ),
        "left_out": [{"claim_id": item.claim.claim_id, "reason": why, "rejected": item.is_rejected} for item, why in line.left_out],
    }


def _change_json(change: Change, line: Timeline) -> Json:
    weighed = _weighed(change, line.ties)
    because = [(rule, list(tell(change, line))) for rule, tell in OF_CHANGES] + [("weights", list(_because_weights(change, weighed)))]
    return {
        "date_start": iso(change.first),
        "date_end": change.last.isoformat(),
        "key": change.holder.key if change.holder else None,
        "holder": _named(change.holder),
        "loser": _named(change.loser),
        "standing": ("assessed" if change.is_assessed else "claimed") if change.holder else None,
        "probability": _probability(weighed) if change.holder else None,
        "disputed_by": _disputed_by(change),
        "is_disputed": change.is_disputed,
        "is_assessed": change.is_assessed,
        "is_told": any(piece.role in ("gain", "loss") and piece.settles for piece in change.backing),
        "for": _claim_ids(change.backing),
        "against": _claim_ids(change.against),
        "informants": informants_among(change.backing),
        "because": {rule: words for rule, words in because if words},
    }


def _heard(line: Timeline) -> list[list[str]]:
    found: list[list[str]] = []
    for day, known in sorted((piece.last.isoformat(), piece.told.known.isoformat()) for piece in line.evidence if piece.told.known):
        if not found or known > found[-1][1]:
            found.append([day, known])
    return found


def _first_named(evidence: Iterable[Evidence]) -> list[list[str]]:
    """The words of each place, with the first day of which it is told."""
    found: dict[str, str] = {}
    for piece in evidence:
        if piece.told.claim.place:
            words, day = piece.told.claim.place.text, piece.last.isoformat()
            found[words] = min(found.get(words, day), day)
    return sorted([day, words] for words, day in found.items())


def state(known: Json, on: date) -> Json:
    """Who held the place that day and how well that is known: the contract's answer without its claims and its reasons."""
    day = on.isoformat()
    number, besieged_by, fights, is_besieged = _period(known, day)
    changes = known["changes"]
    change, before, coming = _at(changes, number), _at(changes, number - 1), _at(changes, number + 1)
    return {
        "key": known["key"],
        "place": known["place"],
        "precision": known["precision"],
        "status": _status(change, fights, is_besieged),
        "holder": change and change["holder"],
        "standing": change and change["standing"],
        "probability": change and change["probability"],
        "since": _days(change) if change else None,
        "until": _days(coming) if coming else None,
        "previous": ((before and before["holder"]) or change["loser"]) if change else None,
        "besieged_by": besieged_by,
        "disputed_by": change["disputed_by"] if change else [],
        "last_report": _last_report(known, day),
        "informants": change["informants"] if change else 0,
        "possible_change": _possible(coming, day),
    }


def turns(known: Json) -> list[str | None]:
    """The days on which the state of a place may change, None for the beginning of time."""
    starts = {period[0] for period in known["periods"]} | {day for day, _ in known["heard"]} | {c["date_start"] for c in known["changes"]}
    return [None, *sorted(starts - {None})]


def answer(line: Timeline | Json, on: date, *, known_by: date | None = None, ties: Ties | None = None) -> Json:
    """The contract's answer to "who held the place that day", with `rules`, `possible_change`, `listed` and `left_out` beside it. Of a
    time line, or sooner of its history and the `ties` that tell of the holder's members."""
    if isinstance(line, Timeline):
        return answer(history(line), on, known_by=known_by, ties=line.ties)
    known = line
    day = on.isoformat()
    got = state(known, on)
    del got["precision"], got["key"]
    number, _, fights, _ = _period(known, day)
    change = _at(known["changes"], number)
    backing, against = (change["for"], change["against"]) if change else ([], [])
    decided = {*backing, *against}
    listed = [claim for last, claim in known["pieces"] if last <= day and claim not in decided]
    said = [(rule, words) for rule in RULES for words in _because(rule, known, change, fights, got, on)]
    whole = got | {
        "on": day,
        "known_by": known_by.isoformat() if known_by else None,
        "members": [_named(member) for member in ties.members(party, on)] if ties and (party := _holder(change)) else [],
        "for": backing,
        "against": against,
        "because": [f"{rule}: {words}" for rule, words in said],
        "rules": list(dict.fromkeys(rule for rule, _ in said)),
        "listed": list(dict.fromkeys(listed)),
        "left_out": [{"claim_id": row["claim_id"], "reason": row["reason"]} for row in known["left_out"]],
    }
    return {name: whole[name] for name in IN_ORDER} | whole


# Of the contract, for those who read it as it comes.
CLAIMED = ("for", "against", "informants", "because")
HELD = ("status", "holder", "standing", "probability", "since", "until", "previous", "besieged_by", "disputed_by", "members", "last_report")
IN_ORDER = ("place", "on", "known_by", *HELD, *CLAIMED)


def _period(known: Json, day: str) -> tuple[int, Json | None, list[str], bool]:
    _, number, besieged_by, fights, is_besieged = known["periods"][
        bisect_right(known["periods"], day, key=lambda period: period[0] or "") - 1
    ]
    return number, besieged_by, fights, is_besieged


def _at(changes: list[Json], number: int) -> Json | None:
    return changes[number] if 0 <= number < len(changes) else None


def _status(change: Json | None, fights: list[str], is_besieged: bool) -> str:
    if fights or (change and change["is_disputed"]):
        return "contested"
    if is_besieged:
        return "besieged"
    return "held" if change and change["holder"] else "unknown"


def _last_report(known: Json, day: str) -> str | None:
    number = bisect_right(known["heard"], day, key=lambda heard: heard[0])
    return known["heard"][number - 1][1] if number else None


def _possible(coming: Json | None, day: str) -> Json | None:
    if coming is None or (coming["date_start"] and coming["date_start"] > day):
        return None
    return {"holder": coming["holder"], **_days(coming), "claims": coming["for"]}


def _holder(change: Json | None) -> Party | None:
    return Party(change["key"], change["holder"]["id"], change["holder"]["name"]) if change and change["key"] is not None else None


def _days(change: Json) -> Json:
    return {"date_start": change["date_start"], "date_end": change["date_end"]}


Weighed = list[tuple[Evidence, float]]  # the weightiest word of each informant, and its weight


def _weighed(change: Change, ties: Ties) -> tuple[Weighed, Weighed]:
    """What speaks for a change, and against it."""
    return _best(change.backing, ties), _best(change.against, ties)


def _probability(weighed: tuple[Weighed, Weighed]) -> float:
    """That the holder is right, by the declared table of weights.yaml: log-odds, each informant once, with its best word."""
    backing, against = weighed
    total = math.fsum(weight for _, weight in backing) - math.fsum(weight for _, weight in against)
    return round(min(1 / (1 + math.exp(-total)), SUREST), 2)


SUREST = 0.99  # a table that was not fitted to any outcome must not say "certain"


def _best(evidence: Iterable[Evidence], ties: Ties) -> Weighed:
    """A word of no weight counts for none."""
    best: dict[str, tuple[Evidence, float]] = {}
    for piece in _counted(evidence):
        weight = max(odds(piece, ties), 0.0)
        if piece.informant not in best or weight > best[piece.informant][1]:
            best[piece.informant] = (piece, weight)
    return list(best.values())


def _counted(evidence: Iterable[Evidence]) -> list[Evidence]:
    """**dataset**: what reports say, or where none does the first row of the datasets, which read the same press."""
    pieces = list(evidence)
    coded = sorted((piece for piece in pieces if piece.standing == "coded"), key=lambda piece: piece.place_in_text)
    return [piece for piece in pieces if piece.standing != "coded"] or coded[:1]


def _disputed_by(change: Change) -> list[Json | None]:
    if not change.is_disputed:
        return []
    speakers = {(speaker.key): _named(speaker) for piece in change.denials if (speaker := piece.speaker or _unnamed(piece))}
    return [speakers[key] for key in sorted(speakers)]


def _unnamed(piece: Evidence) -> Party:
    links = piece.told.claim.attribution
    name = links[-1].text if links else piece.told.outlet or piece.told.claim.report_id
    return Party(piece.informant, None, name)


def _claim_ids(evidence: Iterable[Evidence]) -> list[str]:
    ordered = sorted(evidence, key=lambda piece: (piece.place_in_text, piece.claim_id))
    return list(dict.fromkeys(piece.claim_id for piece in ordered))


def _named(party: Party | None) -> Json | None:
    return {"id": party.id, "name": party.name} if party else None


# --- the reasons, in words

RULES = (
    "analyst",
    "chain",
    "own-side",
    "against-interest",
    "copies",
    "dataset",
    "denial",
    "containment",
    "coalition",
    "final-acquisition",
    "weights",
    "silence",
)


def _because(rule: str, known: Json, change: Json | None, fights: list[str], got: Json, on: date) -> Iterator[str]:
    """What a rule has to say: of the change by which the holder came, and of the day."""
    yield from change["because"].get(rule, ()) if change else ()
    if rule == "analyst":
        yield from (row["reason"] for row in known["left_out"] if row["rejected"])
    if rule == "containment":
        yield from _because_elsewhere(known, on.isoformat())
    if rule == "final-acquisition":
        yield from (
            f"fighting, or hostile sides in parts of it, were reported up to {day}, and nobody says how it ended: contested"
            for day in fights
        )
    if rule == "silence":
        yield from _because_silence(got, change, on)


def _because_elsewhere(known: Json, day: str) -> Iterator[str]:
    over, around = ([words for first, words in known[name] if first <= day] for name in ("over", "around"))
    if over:
        yield f"{_quoted(over)} was lost to nobody named, which sets no holder in the places within"
    if around:
        yield f"what is told of {_quoted(around)} corroborates at most; it does not settle who holds the place itself"


def _because_silence(got: Json, change: Json | None, on: date) -> Iterator[str]:
    if coming := got["possible_change"]:
        taker = coming["holder"]["name"] if coming["holder"] else "nobody named"
        maybe = f"it may have changed hands already (to {taker}, by {coming['date_end']}), but nobody says that it had on this day"
        yield maybe + _gone(coming, on)
    if change and change["holder"] is None and change["loser"]:
        yield f"{change['loser']['name']} is said to have left it, to nobody named"
    if got["last_report"] is None:
        yield "nobody had reported who held it: unknown, not unchanged"
    else:
        last = date.fromisoformat(got["last_report"])
        yield f"the last report that bears on it is of {last}" + (f", {_count((on - last).days, 'day')} before" if last < on else "")


def _gone(coming: Json, on: date) -> str:
    """How much of the time within which it came had gone: where that is told, the reader can judge how likely it is."""
    if coming["date_start"] is None or coming["date_start"] == coming["date_end"]:
        return ""
    first, last = date.fromisoformat(coming["date_start"]), date.fromisoformat(coming["date_end"])
    return f"; of the {_count((last - first).days, 'day')} from {first} in which it came, {(on - first).days} had gone"


def _because_analyst(change: Change, line: Timeline) -> Iterator[str]:
    for review in dict.fromkeys(piece.told.review for piece in change.backing if piece.standing == "analyst"):
        if review:
            yield f"{review.signed_by} {review.verdict}ed it on {review.known}: {review.reason}"


def _because_chain(change: Change, line: Timeline) -> Iterator[str]:
    """Who says so; those who settle it before those who add to it."""
    tellers: dict[str, Evidence] = {}
    for piece in sorted(change.backing, key=lambda piece: (not piece.settles, piece.place_in_text)):
        if piece.standing != "coded":
            tellers.setdefault(piece.informant, piece)
    if tellers:
        names = _tellers(tellers.values())
        yield f"{_some(names)} {_verb(names, 'say')} so; each weighs what its innermost speaker weighs"


def _because_own(change: Change, line: Timeline) -> Iterator[str]:
    own = _tellers(piece for piece in change.backing if piece.standing == "own" and piece.settles)
    if own and change.is_assessed:
        yield f"{_some(own)} claimed it for its own side; independent speakers or the losing side say so too"
    elif own:
        yield f"only {_some(own)} {_verb(own, 'say')} so, of its own side: claimed, not assessed"
    boasts = _tellers(piece for piece in change.against if piece.standing == "own" and not piece.denied)
    if boasts:
        yield f"{_some(boasts)} {_verb(boasts, 'claim')} otherwise for their own side, which outweighs nothing that others say"


def _because_admission(change: Change, line: Timeline) -> Iterator[str]:
    told = _tellers(piece for piece in change.backing if piece.standing == "admission" and not piece.implied)
    if told:
        yield f"{_some(told)} {_verb(told, 'concede')} it against its own interest: assessed at once"


def _because_copies(change: Change, line: Timeline) -> Iterator[str]:
    """Who is counted once, and in which outlets."""
    reports: dict[str, dict[str, Evidence]] = {}
    for piece in sorted((piece for piece in change.backing if piece.standing != "coded"), key=lambda piece: piece.place_in_text):
        reports.setdefault(piece.informant, {}).setdefault(piece.told.version, piece)
    total = len({version for told in reports.values() for version in told})
    if total > len(reports):
        several = [list(told.values()) for told in reports.values() if len(told) > 1]
        named = (f"{_voice(told[0])} in {len(told)} reports ({_some(map(_outlet, told))})" for told in several)
        yield f"{total} reports go back to {_count(len(reports), 'informant')}, who count once each: {'; '.join(named)}"


def _because_dataset(change: Change, line: Timeline) -> Iterator[str]:
    coded = [piece for piece in change.backing if piece.standing == "coded"]
    if names := list(dict.fromkeys(map(_voice, coded))):
        others = len(coded) < len(change.backing)
        counts = "counted for nobody beside the reports" if others else "claimed, not assessed; datasets count for one informant together"
        yield f"{_some(names)} {_verb(names, 'code')} it from reports that {'they do' if len(names) > 1 else 'it does'} not quote: {counts}"


def _because_weights(change: Change, weighed: tuple[Weighed, Weighed]) -> Iterator[str]:
    """What the probability is made of."""
    if change.holder:
        parts = [
            f"{_voice(piece)} {sign}{weight:.1f} ({piece.standing})"
            for sign, words in zip("+−", weighed, strict=True)
            for piece, weight in words
        ]
        shown = parts if len(parts) <= NAMED else [*parts[:NAMED], f"{len(parts) - NAMED} more"]
        yield f"declared log-odds make it {_probability(weighed)}: {', '.join(shown)}"


def _because_denial(change: Change, line: Timeline) -> Iterator[str]:
    if change.denials:
        ending = "no independent speaker has settled it: disputed" if change.is_disputed else "others settle it against the denial"
        names = _tellers(change.denials)
        yield f"{_some(names)} {'denies' if len(names) == 1 else 'deny'} it; {ending}"


def _because_within(change: Change, line: Timeline) -> Iterator[str]:
    within = [piece.told.claim.place.text for piece in change.backing if piece.reach == "within" and piece.told.claim.place]
    if within:
        yield f"the whole area it lies in was claimed ({_quoted(within)}), and no claim excepts this place"


def _because_coalition(change: Change, line: Timeline) -> Iterator[str]:
    if not (holder := change.holder):
        return
    names = [
        piece.party.name
        for piece in change.backing
        if piece.party and piece.party.key != holder.key and line.ties.belongs(piece.party, holder, piece.last)
    ]
    if names:
        yield f"{_some(names)} belongs to {holder.name}, which holds the place"


def _because_final(change: Change, line: Timeline) -> Iterator[str]:
    if change.holder and change.loser and any(piece.role == "entry" for piece in change.backing):
        yield f"{change.loser.name} left it and {change.holder.name} came into it"
    if change.exchanged:
        others = _and(piece.party.name for piece in change.exchanged if piece.party and piece.role in ("gain", "presence"))
        holder = change.holder.name if change.holder else "nobody named"
        yield f"within a day it was in other hands too ({others}); that was fighting, and the last to hold it that day was {holder}"


OF_CHANGES: tuple[tuple[str, Callable[[Change, Timeline], Iterator[str]]], ...] = (
    ("analyst", _because_analyst),
    ("chain", _because_chain),
    ("own-side", _because_own),
    ("against-interest", _because_admission),
    ("copies", _because_copies),
    ("dataset", _because_dataset),
    ("denial", _because_denial),
    ("containment", _because_within),
    ("coalition", _because_coalition),
    ("final-acquisition", _because_final),
)


def _teller(piece: Evidence) -> str:
    links = [speaker.text for speaker in piece.told.claim.attribution]
    if links:
        return f"{links[-1]} (through {', '.join([_outlet(piece), *links[:-1]])})"
    voice = _voice(piece)
    return f"{voice} in its own voice" if voice == _outlet(piece) else f"{voice} (printed by {_outlet(piece)})"


def _voice(piece: Evidence) -> str:
    """Who speaks: the innermost speaker, or the outlet, or the one whose text it prints."""
    links, tellers = piece.told.claim.attribution, piece.told.tellers
    if links:
        return links[-1].text
    if {outlet for outlet, _ in tellers} <= {piece.told.outlet} and not any(credit for _, credit in tellers):
        return _outlet(piece)
    return piece.speaker.name if piece.speaker else tellers[0][0] or _outlet(piece)


def _outlet(piece: Evidence) -> str:
    return piece.told.outlet or f"report {piece.told.claim.report_id[:12]}"


def _verb(names: Sequence[str], verb: str) -> str:
    return f"{verb}s" if len(names) == 1 else verb


def _tellers(evidence: Iterable[Evidence]) -> list[str]:
    return list(dict.fromkeys(_teller(piece) for piece in evidence))


def _quoted(words: Iterable[str]) -> str:
    return _some(f"“{word}”" for word in words)


def _some(names: Iterable[str]) -> str:
    named = list(dict.fromkeys(names))
    return _and(named if len(named) <= NAMED else [*named[: NAMED - 1], f"{len(named) - NAMED + 1} others"])


NAMED = 5  # names in one sentence of a reason; the claims are all listed by id


def _and(parts: Iterable[str]) -> str:
    found = list(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
