"""A change, an incident, a dispute, a tie → the sentences that tell it, each with the claims that it rests on.

Every sentence is put together from fields of the record; none says more than its claims do. Who says so stands in the sentence unless the
rules call it assessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from khabar.areas import Area
from khabar.chains import chain
from khabar.control_changes import Change
from khabar.evidence import Evidence
from khabar.figures import Count, Figure
from khabar.incidents import Incident
from khabar.lexicon import table
from khabar.parties import Party
from khabar.positions import Dispute
from khabar.record import Told
from khabar.roles import is_coded
from khabar.tellings import Telling
from khabar.ties import Ties
from khabar.wording import (
    AROUND,
    NAME,
    capital,
    counted,
    day_words,
    joined,
    listed,
    place_words,
    plain,
    quantity_words,
    speaker_words,
    when,
)

NOTED = 4  # footnotes to one sentence: who settles it, who else says so; the others are in `explain`


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and the claims under it, the strongest first. Never without one."""

    words: str
    by: tuple[Told, ...]


@cache
def forms() -> Mapping[str, Any]:
    """The tables of brief.yaml."""
    return table("brief")


def line(words: str, by: Iterable[Told], *, most: int = NOTED) -> Line:
    """A sentence with a capital and a full stop, and its first few claims: one for each sentence of a report."""
    once = {(item.version, item.claim.start, item.claim.end, item.claim.attribution): item for item in reversed(list(by))}
    return Line(capital(words).rstrip(".") + ".", tuple(once.values())[::-1][:most])


# --- what changed hands


def of_change(area: Area, change: Change) -> list[Line]:
    """A change of holder: what, then on whose word, then who denies it."""
    pieces = _one_each(piece for piece in change.backing if piece.settles and not piece.implied) or _one_each(change.backing)
    told = [piece.told for piece in pieces]
    if change.is_assessed:
        lines = [line(f"{_change_clause(area, change)} (assessed: {_on_whose_word(pieces, _loser(change))})", told, most=2 * NOTED)]
    else:
        lines = [line(f"{_sayers(told)} claimed that {_change_clause(area, change)}; nobody else says so", told)]
    if change.denials:
        denied = [piece.told for piece in _one_each(change.denials)]
        ending = ", and nothing in these reports settles it" if change.is_disputed else ""
        lines.append(line(f"{_sayers(denied)} denied it{ending}", denied))
    return lines


def _change_clause(area: Area, change: Change) -> str:
    place, days = place_words(area), when(change.first, change.last)
    loser = _loser(change)
    if change.holder is None:
        return f"{loser} left {place} {days}, to nobody named" if loser else f"{place} changed hands {days}, to nobody named"
    holder = party_words(change.holder)
    if any(piece.role == "gain" for piece in change.backing):
        return f"{holder} took {place}{f' from {loser}' if loser else ''} {days}"
    return f"{holder} held {place} by {day_words(change.last)}{f', where {loser} had been before' if loser else ''}"


def _loser(change: Change) -> str | None:
    return party_words(change.loser) if change.loser else None


def _on_whose_word(pieces: Sequence[Evidence], loser: str | None) -> str:
    """ "War Watch said so; Harbour Post said that Red Army left; Green Front claimed it for its own side"."""
    said: dict[tuple[str, bool], list[Told]] = {}
    for piece in pieces:
        said.setdefault((piece.standing, piece.role == "loss"), []).append(piece.told)
    words = forms()["standings"]
    left = f"that {loser} left" if loser else "that it was lost"
    return "; ".join(
        words[how].format(who=_sayers(said[how, loss]), what=left if loss else words["what"][how], review=_reviewed(said[how, loss]))
        for how, loss in sorted(said, key=lambda one: (one[0] == "coded", *one))
    )


def _one_each(pieces: Iterable[Evidence]) -> list[Evidence]:
    """The strongest word of each informant."""
    order = {"analyst": 0, "admission": 1, "independent": 2, "coded": 3, "own": 4, "hearsay": 5}
    best: dict[str, Evidence] = {}
    for piece in sorted(pieces, key=lambda piece: (not piece.settles, order[piece.standing])):
        best.setdefault(piece.informant, piece)
    return list(best.values())


def _reviewed(told: Iterable[Told]) -> str:
    """ "J. Doe accepted it": who reviewed these claims, with what verdict; empty where nobody did."""
    return joined(dict.fromkeys(f"{item.review.signed_by} {item.review.verdict}ed it" for item in told if item.review))


def _sayers(told: Iterable[Told]) -> str:
    return joined(speaker_words(item) for item in told)


# --- incidents


def of_incident(incident: Incident, claims: Mapping[str, Told], ties: Ties) -> list[Line]:
    """An incident as most informants tell it, in a sentence that names only those who say all of it; then who tells it otherwise, and who
    denies it."""
    agreeing, others = _versions(incident, claims)
    told = [claims[_fullest(version).claim_id] for version in agreeing]
    actors = {one.actor for one in agreeing[0] if one.actor}
    recipients = {one.recipient for one in agreeing[0] if one.recipient} - actors  # who is named on both sides fought
    clause = f"{_clause(incident, _sides(actors), _sides(recipients), told)} {when(incident.date_start, incident.date_end)}"
    lines = [line(f"{clause}, {_sayers(told)} {_verb(told, ties)}", told)]
    if otherwise := [claims[_fullest(version).claim_id] for version in others]:
        lines.append(line(f"{_sayers(otherwise)} told of it in other words", otherwise))
    if denying := [claims[one.claim_id] for one in incident.claims if one.modality == "denied" and one.claim_id in claims]:
        lines.append(line(f"{_sayers(denying)} denied it", denying))
    return lines


def _versions(incident: Incident, claims: Mapping[str, Told]) -> tuple[list[list[Telling]], list[list[Telling]]]:
    """What each informant says of the deed, one list each: those who name the same sides and place as most do, and the others."""
    said: dict[str, list[Telling]] = {}
    for telling in incident.claims:
        if telling.counts and telling.kind == incident.kind and telling.claim_id in claims:
            said.setdefault(telling.informant, []).append(telling)
    alike: dict[tuple[object, ...], list[list[Telling]]] = {}
    for version in said.values():
        alike.setdefault(_named_in(version), []).append(version)
    agreeing = max(alike.values(), key=lambda versions: (len(versions), len({p for t in versions[0] for p in (t.actor, t.recipient) if p})))
    return agreeing, [version for version in said.values() if version not in agreeing]


def _named_in(version: Sequence[Telling]) -> tuple[object, ...]:
    parts = ("actor", "recipient", "area")
    return tuple(frozenset(found.key for one in version if (found := getattr(one, part))) for part in parts)


def _fullest(version: Sequence[Telling]) -> Telling:
    return max(version, key=lambda one: (one.actor is not None) + (one.recipient is not None))


def _sides(parties: Iterable[Party]) -> str:
    ranked = sorted(parties, key=lambda party: (party.is_generic, party.name))
    named = [party for party in ranked if not party.is_generic] or ranked
    return joined(map(party_words, named), most=3)


def party_words(party: Party) -> str:
    """Its name; in quotation marks where it is no name but the speaker's verdict."""
    name = plain(party.name)
    loaded = not party.id and set(name.casefold().split()) & set(forms()["loaded"])
    return f"“{name}”" if loaded else name


def _clause(incident: Incident, actor: str, recipient: str, told: Sequence[Told]) -> str:
    form = "both" if actor and recipient else "actor" if actor else "recipient" if recipient else "none"
    where = "" if incident.place and plain(incident.place.name) in (actor, recipient) else where_words(incident.place, told)
    bound = f", in or for {where.partition(' ')[2]}" if where else ""
    words = forms()["kinds"][incident.kind][form].format(actor=actor, recipient=recipient, where=where, bound=bound)
    return " ".join(words.split())


def where_words(area: Area | None, told: Sequence[Told]) -> str:
    """ "in Oakford", "near Oakford", "at “the mill”": as close as the claims say; in their words where the place has no name."""
    if area is None:
        return ""
    places = [item.claim.place for item in told if item.claim.place]
    if AROUND.match(area.name):
        return plain(area.name)
    if not NAME.match(area.name):
        return f"at {place_words(area)}"
    if places and all(place.near for place in places):
        return f"near {plain(area.name)}"
    return f"{'at' if area.precision in ('exact', 'road') else 'in'} {place_words(area)}"


def _verb(told: Sequence[Told], ties: Ties) -> str:
    """Outlets report; datasets code what was reported; parties to the war claim; all others say."""
    if all(is_coded(item.claim) for item in told):
        return "coded from reports"
    if all(not item.claim.attribution for item in told):
        return "reported"
    return "claimed" if all(_takes_part(item, ties) for item in told) else "said"


def _takes_part(item: Told, ties: Ties) -> bool:
    parties = [party for party in (ties.party(item.claim.actor), ties.party(item.claim.recipient)) if party]
    speaker = chain(item, parties, ties)[0]
    return bool(speaker and ties.takes_part(speaker, item.known))


def of_tolls(incident: Incident, claims: Mapping[str, Told], units: Sequence[str]) -> list[Line]:
    """Its figures, one sentence for each unit: the incident's low, best and high, and what each informant last said."""
    lines: list[Line] = []
    for figure in sorted((one for one in incident.figures if one.unit in units), key=lambda one: units.index(one.unit)):
        counts = [(count, _parts(count, figure.unit, claims)) for count in _bounds_first(figure)]
        if by := _one_of_each([parts for _, parts in counts]):
            said = [_count_words(parts) for _, parts in counts[:NOTED] if parts]
            more = [f"{counted(len(counts) - NOTED, 'more informant')} gave a number"] if len(counts) > NOTED else []
            place_and_days = f"{where_words(incident.place, by)} {when(incident.date_start, incident.date_end)}".strip()
            lines.append(line(f"{'there' if lines else place_and_days}, {figure_words(figure)}: {listed([*said, *more])}", by))
    return lines


def _bounds_first(figure: Figure) -> list[Count]:
    """The counts that the best, the lowest and the highest are taken from before the others."""
    bounds = (figure.low, figure.high)
    return sorted(figure.said, key=lambda count: (count is not figure.said[0], count.least not in bounds and count.most not in bounds))


def _parts(count: Count, unit: str, claims: Mapping[str, Told]) -> list[Told]:
    """The claims of an informant's last word on it, one for each number."""
    told = [claims[id] for id in count.claims if id in claims and claims[id].known == count.known]
    numbers = {(_whom(item), q.low, q.high): item for item in reversed(told) if (q := item.claim.quantity) and q.unit == unit}
    return sorted(numbers.values(), key=lambda item: item.claim.start)


def _count_words(parts: Sequence[Told]) -> str:
    """ "War Watch said 24 soldiers and 3 civilians"."""
    numbers = joined(f"{quantity_words(item.claim.quantity)}{_whom(item)}" for item in parts if item.claim.quantity)
    return f"{speaker_words(parts[0])} said {numbers}"


def _one_of_each(rows: Sequence[Sequence[Told]]) -> list[Told]:
    """The first of each row, then their second: everyone named gets a footnote before anyone gets two."""
    return [row[i] for i in range(max(map(len, rows), default=0)) for row in rows if i < len(row)]


def figure_words(figure: Figure) -> str:
    """ "19 to 60 people were reported killed (best estimate 24)"; "at least", where nobody who told the highest set a bound to it."""
    one, many = forms()["tolls"][figure.unit]
    is_open = all(count.high is None for count in figure.said if count.most == figure.high)
    low, high = f"{figure.low:,}", f"{figure.high:,}{' or more' if is_open else ''}"
    if figure.low != figure.high:
        return f"{low} to {high} {many} (best estimate {figure.best:,})"
    return f"{'at least ' if is_open else ''}{low} {one if figure.high == 1 else many}"


def _whom(item: Told) -> str:
    whom = item.claim.recipient
    return f" {party_words(Party('', whom.id, whom.text))}" if whom else " people"


# --- disputes, ties, rest


def of_dispute(dispute: Dispute) -> list[Line]:
    """Each side with its speakers, then what the rules made of it."""
    sides = [
        f"{position.says}, according to {joined(speaker_words(word.told) for word in position.words)}" for position in dispute.positions
    ]
    by = _one_of_each([[word.told for word in position.words] for position in dispute.positions])
    ending = f"by the rules of the record, {dispute.settled}" if dispute.settled else "nothing in these reports settles it"
    return [line(f"{dispute.matter}: {listed(sides)} ({ending})", by, most=max(NOTED, 2 * len(dispute.positions)))]


def of_ties(type: str, of: Party, members: Sequence[Party], told: Sequence[Told]) -> Line:
    """ "A, B and C were named as members of D by E"."""
    names = list(dict.fromkeys(map(party_words, members)))
    words = forms()["ties"][type][len(names) > 1]
    dated = {(item.claim.date_start, item.claim.date_end) for item in told if item.claim.date_start}
    days = f" {when(*next(iter(dated)))}" if len(dated) == 1 else ""
    return line(f"{joined(names, most=8)} {words} {party_words(of)}{days} by {_sayers(told)}", told)


def of_rest(kinds: Iterable[str], by: Sequence[Told]) -> Line:
    """What a list leaves out, counted by kind: "Not told here: 5 air strikes and 4 clashes"."""
    nouns = [str(forms()["kinds"][kind]["noun"]) if kind in forms()["kinds"] else kind for kind in kinds]
    tally = {noun: nouns.count(noun) for noun in nouns}
    told = joined((_plural(n, noun) for noun, n in sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))), most=6)
    return line(f"Not told here, but in the record: {told}", by)


def _plural(number: int, noun: str) -> str:
    """The noun may be followed by "of …": "2 seizures of equipment"."""
    head, *rest = re.split(r"(?= of | over )", noun, maxsplit=1)
    return "".join([counted(number, head), *rest])
