"""A record → what its speakers disagree on, each side's claims opposite the other's, with what the rules made of it.

    over control           who held a place, or whether it changed hands
    over responsibility    two doers named for one attack, or one who denies it
    over a toll            numbers of one incident that cannot both be right
    over a date            one change or incident, told of different days

Nothing is decided here: `control` did, and `reasons` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Literal

from khabar.answers import View, find_actor, find_place, told_json
from khabar.contract import Json, digest
from khabar.control import Change, Timeline, weights
from khabar.errors import QuestionError
from khabar.evidence import WIDE, Area, Evidence, Party, Ties, chain, containment, counted_role, interval
from khabar.incidents import Incident, incidents
from khabar.reasons import answer
from khabar.record import Told
from khabar.wording import day_words, joined, number_words, plain, speaker_words, when

About = Literal["control", "responsibility", "toll", "date"]
ORDER: tuple[About, ...] = ("control", "responsibility", "toll", "date")  # the most consequential first


@dataclass(frozen=True, slots=True)
class Word:
    """One informant's word for a side: the claim that is shown, and the claims that repeat it, which count no more.

    `speaker`: the party that speaks, None for one that takes no part. `interest`: "own", "against", "independent", "hearsay".
    """

    told: Told
    informant: str
    speaker: Party | None
    interest: str
    copies: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """What one side of a dispute says, in words, and who says it."""

    says: str
    words: tuple[Word, ...]

    @property
    def informants(self) -> frozenset[str]:
        return frozenset(word.informant for word in self.words)


@dataclass(frozen=True, slots=True)
class Dispute:
    """Speakers who cannot all be right. `first`, `last`: the days in dispute. `settled`: how the rules settled it, None where they did not;
    `because`: their reasons."""

    about: About
    matter: str
    place: Area | None
    first: date | None
    last: date
    positions: tuple[Position, ...]
    because: tuple[str, ...]
    settled: str | None
    gap: float = 0.0

    @property
    def told(self) -> list[Told]:
        return [item for position in self.positions for word in position.words for item in (word.told, *word.copies)]

    @property
    def parties(self) -> set[str]:
        """Keys of the speakers who take part."""
        return {word.speaker.key for position in self.positions for word in position.words if word.speaker}


@dataclass(frozen=True)
class Happenings:
    """The incidents of a time, and the claims in them by id."""

    incidents: tuple[Incident, ...]
    claims: Mapping[str, Told]


MARGIN = timedelta(days=31)  # claims dated so long before and after a time are grouped with those in it: an incident may begin before it


def happenings(view: View, first: date | None, last: date | None) -> Happenings:
    """What happened in those days, as the claims known by the view's day tell it."""
    start, end = (first or date.min + MARGIN) - MARGIN, (last or date.max - MARGIN) + MARGIN
    days = "coalesce(date_end, published, date_start) BETWEEN ? AND ?"
    told = [item for item in view.record.told(days, (start.isoformat(), end.isoformat())) if item.is_known_by(view.known_by)]
    found = [one for one in incidents(told, view.ties) if _overlaps(one.date_start, one.date_end, first, last)]
    return Happenings(tuple(found), {item.claim.claim_id: item for item in reversed(told)})


def _overlaps(start: date | None, end: date | None, first: date | None, last: date | None) -> bool:
    return (first is None or end is None or end >= first) and (last is None or (start or end or last) <= last)


def disputes(
    view: View,
    *,
    place: str | None = None,
    actor: str | None = None,
    first: date | None = None,
    last: date | None = None,
    happened: Happenings | None = None,
) -> list[Dispute]:
    """What speakers disagree on, of those days, that place and that actor; the most consequential first (`consequence`)."""
    if first and last and first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    area = find_place(view, place) if place else None
    happened = happened or happenings(view, first, last)
    over = [*_over_places(view, [area] if area else told_of(view, first, last))]
    for incident in happened.incidents:
        if area is None or (incident.place and area.key in (incident.place.key, incident.place.parent)):
            over += _over_incident(incident, happened.claims, view.ties)
    found = [dispute for dispute in over if _overlaps(dispute.first, dispute.last, first, last)]
    if actor:
        party = find_actor(view, actor)
        found = [dispute for dispute in found if party.key in dispute.parties or any(_names(view, item, party) for item in dispute.told)]
    return sorted(found, key=consequence)


def consequence(dispute: Dispute) -> tuple[object, ...]:
    """The order of a list: by what it is about, what is settled after what is not, then by how many speak and how far they differ."""
    informants = len({informant for position in dispute.positions for informant in position.informants})
    ranks = (ORDER.index(dispute.about), dispute.settled is not None, -informants, -dispute.gap)
    return (*ranks, -dispute.last.toordinal(), dispute.matter)


def told_of(view: View, first: date | None, last: date | None) -> list[Area]:
    """Places on whose holder some claim tells of those days: their time lines are worth a look, the others need not be drawn."""
    keys: set[str] = set()
    wide: dict[str, Told] = {}
    for item in view.told:
        days, role = interval(item), counted_role(item.claim)
        if item.claim.place is None or role is None or days is None or not _overlaps(*days, first, last):
            continue
        area = view.ties.names.area(item.claim.place)
        keys |= {area.key, area.parent or area.key}
        if area.precision in WIDE and role == "gain" and item.claim.actor:
            wide.setdefault(area.key, item)
    outer = [(item, view.ties.names.area(item.claim.place)) for item in wide.values() if item.claim.place]
    return [
        area
        for area in view.areas.values()
        if area.key in keys or any(containment(item.claim, one, area, "gain") == "within" for item, one in outer)
    ]


def _over_places(view: View, areas: Iterable[Area]) -> Iterator[Dispute]:
    for area in areas:
        line = view.line(area)
        yield from _over_control(line)
        yield from _over_dates(line)


def _names(view: View, item: Told, party: Party) -> bool:
    named = (view.ties.party(item.claim.actor), view.ties.party(item.claim.recipient))
    return any(one is not None and one.key == party.key for one in named)


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
    positions = [_position(_says(backing, line), [*backing, *refuting])]
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
    soon = timedelta(days=weights()["restated_days"])
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
    soon = denial.last - piece.last <= timedelta(days=weights()["restated_days"])
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
    return first == second or bool(first and second and line.ties.kin(first, second, on))


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
    got = answer(line, last)
    because = tuple(reason for reason in got["because"] if not reason.startswith("silence"))
    matter = f"Who held {place_words(line.area)} {when(first, last)}"
    settled = None
    if got["holder"] and got["standing"] == "assessed" and got["status"] != "contested":
        settled = f"assessed as held by {plain(got['holder']['name'])} on {day_words(last)}"
    return Dispute("control", matter, line.area, first, last, tuple(positions), because, settled)


def _position(says: str, pieces: Iterable[Evidence]) -> Position:
    """One word for each informant: the one that settles most, of those the earliest."""
    order = {"admission": 0, "independent": 1, "own": 2, "hearsay": 3}
    by_informant: dict[str, list[Evidence]] = {}
    for piece in sorted(pieces, key=lambda piece: (not piece.settles, order[piece.standing], _order(piece.told))):
        by_informant.setdefault(piece.informant, []).append(piece)
    return Position(says, tuple(_word(found) for found in by_informant.values()))


def _word(found: Sequence[Evidence]) -> Word:
    lead = found[0]
    others = {piece.claim_id: piece.told for piece in found[1:] if piece.claim_id != lead.claim_id}
    return Word(lead.told, lead.informant, lead.speaker, interest(lead), tuple(others.values()))


def interest(piece: Evidence) -> str:
    """How the speaker stands to what it says. To deny what would be an admission serves its own side."""
    names = {"admission": "against", "own": "own", "independent": "independent", "hearsay": "hearsay"}
    if piece.denied:
        names |= {"admission": "own", "own": "against"}
    return names[piece.standing]


def _order(item: Told) -> tuple[date, str, int, str]:
    return (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id)


# --- over dates


def _over_dates(line: Timeline) -> Iterator[Dispute]:
    """One change, told of days that do not meet by speakers who are not one."""
    for change in line.changes:
        told = [
            piece
            for piece in change.backing
            if piece.role in ("gain", "loss") and piece.reach == "here" and piece.settles and not piece.implied and piece.first
        ]
        groups = apart([((piece.first, piece.last), piece) for piece in told if piece.first])
        if len(groups) > 1 and len({piece.informant for _, group in groups for piece in group}) > 1:
            positions = tuple(_position(when(*days), group) for days, group in groups)
            got = answer(line, change.last)
            matter = f"When {place_words(line.area)} {_passed(change)}"
            settled = f"dated {when(change.first, change.last)}" if change.is_assessed else None
            first, last = min(piece.first for piece in told if piece.first), max(piece.last for piece in told)
            because = tuple(reason for reason in got["because"] if not reason.startswith("silence"))
            yield Dispute("date", matter, line.area, first, last, positions, because, settled, float((last - first).days))


def _passed(change: Change) -> str:
    if change.holder is None:
        return f"was left by {plain(change.loser.name)}" if change.loser else "changed hands"
    return f"was taken by {plain(change.holder.name)}" + (f" from {plain(change.loser.name)}" if change.loser else "")


def apart(told: Sequence[tuple[tuple[Any, Any], Any]]) -> list[tuple[tuple[Any, Any], list[Any]]]:
    """Intervals with what they carry → groups whose intervals do not meet, each with what its members share; fewest groups first fit.

    >>> apart([((1, 2), "a"), ((2, 3), "b"), ((5, 5), "c")])
    [((2, 2), ['a', 'b']), ((5, 5), ['c'])]
    """
    groups: list[tuple[tuple[Any, Any], list[Any]]] = []
    for (low, high), carried in sorted(told, key=lambda pair: (pair[0][1], pair[0][0])):
        for i, ((first, last), members) in enumerate(groups):
            if low <= last and first <= high:
                groups[i] = ((max(first, low), min(last, high)), [*members, carried])
                break
        else:
            groups.append(((low, high), [carried]))
    return groups


# --- over an incident


def _over_incident(incident: Incident, claims: Mapping[str, Told], ties: Ties) -> Iterator[Dispute]:
    words = [(telling, claims[telling.claim_id]) for telling in incident.claims if telling.claim_id in claims]
    counting = [_heard(item, telling.informant, ties) for telling, item in words if telling.counts]
    denying = [_heard(item, telling.informant, ties) for telling, item in words if telling.modality == "denied"]
    if not is_total(incident):
        yield from _over_tolls(incident, counting, ties)
    if incident.kind in BLAMED:
        yield from _over_blame(incident, counting, denying, ties)


def is_total(incident: Incident) -> bool:
    """A count over a long time or a whole country, "280,000 since 2011", and no happening of its days."""
    start, end = incident.date_start, incident.date_end
    wide = incident.place is not None and incident.place.precision in WIDE - {"district"}
    return end - start > MARGIN if start and end else wide or incident.place is None


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
    how = "independent"
    if speaker and actor and ties.aligned(speaker, actor, item.known):
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


def _over_blame(incident: Incident, counting: Sequence[Word], denying: Sequence[Word], ties: Ties) -> Iterator[Dispute]:
    """Doers of opposed sides, named by informants who are not one for what was done to the same; or a doer whose side denies it."""
    blaming = [word for word in counting if word.told.claim.actor and word.told.claim.kind in BLAMED]
    for i, word in enumerate(blaming):
        others = [other for other in blaming[i + 1 :] if other.informant != word.informant and _blames_the_enemy(word, other, ties)]
        denials = [other for other in denying if other.told.claim.kind in BLAMED and _clears(other, word, ties)]
        if not others and not denials:
            continue
        groups = [[other for other in blaming if _one_doer(lead, other, ties)] for lead in (word, *others[:1])]
        positions = [Position(f"{_doer(group)} did it", _each_once(group)) for group in groups]
        if denials:
            positions.append(Position(f"{_doer(groups[0])} did not do it", _each_once(denials)))
        matter = f"Who was responsible for the {incident.kind.replace('_', ' ')} {_there(incident)}"
        yield _of_incident("responsibility", matter, incident, tuple(positions), [], 0.0)
        return


def _blames_the_enemy(first: Word, second: Word, ties: Ties) -> bool:
    one, other = ties.party(first.told.claim.actor), ties.party(second.told.claim.actor)
    same = _same_people(ties.party(first.told.claim.recipient), ties.party(second.told.claim.recipient), ties, second.told.known)
    return first.told.claim.kind == second.told.claim.kind and same and bool(one and other and ties.opposed(one, other, second.told.known))


def _clears(denial: Word, blame: Word, ties: Ties) -> bool:
    """Does it deny that this doer did it? Where it names none, the speaker speaks for its own side."""
    blamed, cleared = ties.party(blame.told.claim.actor), ties.party(denial.told.claim.actor) or denial.speaker
    return bool(blamed and cleared and ties.aligned(blamed, cleared, denial.told.known))


def _one_doer(first: Word, second: Word, ties: Ties) -> bool:
    one, other = ties.party(first.told.claim.actor), ties.party(second.told.claim.actor)
    return bool(one and other and ties.aligned(one, other, second.told.known))


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
    return Dispute(about, matter, incident.place, incident.date_start, last, positions, tuple(because), None, gap)


# --- as JSON


def place_words(area: Area) -> str:
    """The name, with what it is where that is wider than a town."""
    return f"{plain(area.name)} ({area.precision})" if area.precision in WIDE else plain(area.name)


def dispute_json(dispute: Dispute) -> Json:
    """A dispute as the command prints it; `id` is a hash of its matter and claims."""
    area = dispute.place
    ids = sorted({item.claim.claim_id for item in dispute.told})
    return {
        "id": digest([dispute.about, *ids])[:16],
        "about": dispute.about,
        "matter": dispute.matter,
        "place": {"id": area.id, "name": area.name, "latitude": area.latitude, "longitude": area.longitude} if area else None,
        "date_start": dispute.first.isoformat() if dispute.first else None,
        "date_end": dispute.last.isoformat(),
        "positions": [_position_json(position) for position in dispute.positions],
        "settled": dispute.settled,
        "because": list(dispute.because),
    }


def _position_json(position: Position) -> Json:
    return {
        "says": position.says,
        "informants": len(position.informants),
        "claims": [
            told_json(word.told)
            | {
                "said_by": speaker_words(word.told),
                "side": {"id": word.speaker.id, "name": word.speaker.name} if word.speaker else None,
                "interest": word.interest,
                "informant": word.informant,
                "copies": [item.claim.claim_id for item in word.copies],
            }
            for word in position.words
        ],
    }
