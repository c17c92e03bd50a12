"""A record and a question → an answer, as the contract's JSON. Nothing here decides anything: `control` does."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from itertools import combinations
from typing import Any, NamedTuple

from khabar import beside, imports
from khabar.actorfiles import SPEAKERS, Actor
from khabar.bearings import FIGHTING, Bearings, bearing_kinds
from khabar.chronicle import DAYS, Chronicle
from khabar.contract import Json, claim_json, line, mention_from_json, report_json
from khabar.control import Timeline, timeline
from khabar.errors import QuestionError
from khabar.evidence import BELONGING, TIES, WIDE, Area, Evidence, Party, Registry, Tie, Ties, evidence_on, words
from khabar.geometry import Point, road
from khabar.histories import Histories
from khabar.model import Participant, Place, PlaceMention, Speaker
from khabar.naming import names_of
from khabar.reasons import answer, history, state
from khabar.record import Record, Told, locked_or_full
from khabar.rulings import Ruling, regroupings
from khabar.spellings import loose, normal
from khabar.translations import Translations

Gazetteer = Callable[[str], Iterable[str]]
"""Ids of the places that a name may mean, the likeliest first."""

UNSEEN = "unverified"
"""The source of a fact of the registry that its collectors knew and did not see written."""


@dataclass
class View:
    """A record as known by a day (None: all of it), and what follows from it; each part worked out when it is first asked for."""

    record: Record
    registry: Registry
    known_by: date | None = None
    gazetteer: Gazetteer | None = None
    most_lines: int = 10**9  # time lines that are kept; a server that runs for weeks keeps fewer
    _lines: dict[str, Timeline] = field(default_factory=dict)

    @cached_property
    def histories(self) -> Histories:
        """The histories of places as they are today, and the index of the record's claims."""
        return Histories(self.record, self.registry)

    @cached_property
    def bearing(self) -> Bearings:
        """What bears on each place, as known by that day."""
        return self.histories.index.as_known_by(self.known_by) if self.known_by else self.histories.today

    @cached_property
    def chronicle(self) -> Chronicle:
        """What happened, as known by that day."""
        return Chronicle(self.histories.index, self.known_by)

    @cached_property
    def reported(self) -> Chronicle:
        """What happened by what reports tell alone, without the rows of datasets."""
        return Chronicle(self.histories.index, self.known_by, reported=True)

    @cached_property
    def translations(self) -> Translations:
        return Translations(self.record)

    @cached_property
    def spelt(self) -> dict[str, Party]:
        """The parties of those claims, by each spelling of them: what the claims write, and what the registry calls the party."""
        found: dict[str, Party] = {}
        for role in ("actor", "recipient"):
            for text, id, name in self.record.connection.execute(_SPELT.format(role=role)):
                participant = self.histories.index.decided.participant(Participant(text, id=id, name=name))
                if party := self.ties.party(participant):
                    found.setdefault(text, party)
                    found.setdefault(party.name, party)
        return found

    def told_of(self, party: Party) -> list[Told]:
        """Those of the claims that may name one party, without a look at the others; what a review put there is among them."""
        kinds, texts = json.dumps(bearing_kinds()), json.dumps([text for text, one in self.spelt.items() if one.key == party.key])
        where = (
            "kind IN (SELECT value FROM json_each(?1)) AND (json_extract(actor, '$.text') IN (SELECT value FROM json_each(?2)) OR "
            "json_extract(recipient, '$.text') IN (SELECT value FROM json_each(?2)) OR claim_id IN (SELECT claim_id FROM reviews))"
        )
        return self.record.told_by(self.known_by, where, (kinds, texts))

    @cached_property
    def ties(self) -> Ties:
        """Who belongs to whom, each tie with the claim that says so."""
        told = self.record.told_by(self.known_by, f"kind IN ({', '.join('?' * len(TIES))})", tuple(TIES))
        return Ties(self.registry, told, names=self.bearing.names)

    @cached_property
    def regroupings(self) -> list[Ruling]:
        """What analysts had merged and split by that day."""
        return regroupings(self.record.connection, self.known_by)

    @cached_property
    def areas(self) -> dict[str, Area]:
        """All places that claims on holding name, by key."""
        return self.bearing.areas()

    def line(self, area: Area) -> Timeline:
        """The time line of one place."""
        if area.key not in self._lines:
            while len(self._lines) >= self.most_lines:
                self._lines.pop(next(iter(self._lines)))
            self._lines[area.key] = timeline(area, self.bearing)
        return self._lines[area.key]

    def history(self, area: Area) -> Json:
        """All that can be answered about one place."""
        kept = self.histories.history(area.key) if self.known_by is None else None
        return kept or history(self.line(area))

    def all_histories(self) -> Iterator[Json]:
        """Those of all places, by key."""
        if self.known_by is None:
            yield from (known for _, known in self.histories.histories())
        else:
            yield from (history(timeline(area, self.bearing)) for area in self.areas.values())

    def kept(self, question: str, answer: Callable[[], list[Json]]) -> list[Json]:
        """An answer for which all claims are read: kept beside the record until something arrives."""
        run, journal = self.histories.run, beside.journal(self.histories.run, self.regroupings)
        asked = f"{question} {_iso(self.known_by) or ''}"
        row = run.execute("SELECT answer FROM derived.answers WHERE question = ? AND journal = ?", (asked, journal)).fetchone()
        if row is None:
            row = (line(answer()),)
            with locked_or_full(beside.NAME), run:
                run.execute("BEGIN IMMEDIATE")
                run.execute("DELETE FROM derived.answers WHERE journal <> ?", (journal,))
                earlier = run.execute("SELECT count(*) FROM derived.answers WHERE question GLOB ?", (f"{question} ?*",)).fetchone()[0]
                if earlier >= DAYS:  # whoever asks for day after day of knowledge must not fill the disk
                    run.execute("DELETE FROM derived.answers WHERE question GLOB ?", (f"{question} ?*",))
                run.execute("INSERT OR REPLACE INTO derived.answers VALUES (?, ?, ?)", (asked, journal, row[0]))
        found: list[Json] = json.loads(row[0])
        return found

    def told_by_id(self, ids: Iterable[str]) -> dict[str, Told]:
        """Claims by id, those of them that count."""
        wanted = json.dumps(sorted(set(ids)))
        found = self.record.told_by(self.known_by, "claim_id IN (SELECT value FROM json_each(?))", (wanted,))
        return {item.claim.claim_id: item for item in reversed(found)}

    @cached_property
    def warnings(self) -> list[str]:
        """What the reader of an answer must know: here, reports that are never known by a day."""
        undated = self.record.undated() - len(self.record.rulings(self.known_by).dated) if self.known_by else 0
        return [f"reports without a day of publication, left out of --known-by: {undated}"] if undated > 0 else []


_SPELT = (
    "SELECT DISTINCT json_extract({role}, '$.text'), json_extract({role}, '$.id'), json_extract({role}, '$.name') FROM claims "
    "WHERE {role} IS NOT NULL AND reading IN (SELECT reading FROM readings WHERE current = 1)"
)


# --- control


def control(view: View, name: str, on: date) -> Json:
    """Who held the place that day; QuestionError for a place that the record does not name."""
    known = view.history(find_place(view, name))
    holder = state(known, on)["holder"]
    ties = view.bearing.ties_of(holder["id"] or normal(holder["name"])) if holder else None
    return {**answer(known, on, known_by=view.known_by, ties=ties), "warnings": view.warnings}


def control_map(view: View, on: date, *, reasons: bool = True) -> Json:
    """Every place of the record that day: a GeoJSON FeatureCollection, `geometry` null where no gazetteer has the place. Without
    `reasons` the states alone (see `reasons.state`), which takes a tenth of the time."""
    if reasons:
        states = [
            {"key": known["key"], "precision": known["precision"]} | answer(known, on, known_by=view.known_by, ties=view.bearing.ties)
            for known in view.all_histories()
        ]
    elif view.known_by is None:
        states = [found for _, found in view.histories.states(on)]
    else:
        states = [state(known, on) for known in view.all_histories()]
    day, known_by = on.isoformat(), _iso(view.known_by)
    places = [found["place"] for found in states]
    points = {place["id"]: (place["latitude"], place["longitude"]) for place in places if place["id"] and _has_point(place)}
    features = [_feature(found | {"on": day, "known_by": known_by}, points) for found in states]
    return {"type": "FeatureCollection", "on": day, "known_by": known_by, "features": features, "warnings": view.warnings}


def _has_point(place: Json) -> bool:
    return place["latitude"] is not None and place["longitude"] is not None


def _feature(found: Json, points: Mapping[str, Point]) -> Json:
    """`points`: of the places on the map, between which a road is drawn."""
    place = found["place"]
    point = {"type": "Point", "coordinates": [place["longitude"], place["latitude"]]} if _has_point(place) else None
    geometry = point or road(place["id"] or "", points)
    return {"type": "Feature", "id": found.pop("key"), "geometry": geometry, "properties": found}


def changes(view: View, first: date, last: date) -> list[Json]:
    """What changed hands by a day in that time, from whom to whom, with the sentences that say so; the earliest first."""
    return change_rows(view, turns(view, first, last))


class Turn(NamedTuple):
    """Where a change stands in the history of a place, in the order in which changes are told."""

    date_end: str
    date_start: str
    name: str
    key: str
    at: int


def turns(view: View, first: date, last: date) -> list[Turn]:
    """The changes that `changes` tells of, the earliest first, before anything is said of them: of a large record a page shows a few."""
    if first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    if view.known_by is None:
        histories: Iterable[Json] = (known for _, known in view.histories.histories(view.histories.changed(first, last)))
    else:
        histories = view.all_histories()
    return sorted(
        Turn(change["date_end"], change["date_start"] or "", known["place"]["name"], known["key"], at)
        for known in histories
        for at, (before, change) in enumerate(zip([None, *known["changes"]], known["changes"], strict=False))
        if first.isoformat() <= change["date_end"] <= last.isoformat() and _changes_hands(before, change)
    )


def change_rows(view: View, found: Iterable[Turn]) -> list[Json]:
    """What `changes` says of these."""
    found = list(found)
    known = {key: view.history(view.areas[key]) for key in dict.fromkeys(turn.key for turn in found)}
    told = view.told_by_id(id for turn in found for name in ("for", "against") for id in known[turn.key]["changes"][turn.at][name])
    return [_change(known[turn.key], turn.at, told, view.known_by) for turn in found]


def _changes_hands(before: Json | None, change: Json) -> bool:
    """Did someone tell of it, or do two holders imply it? The first sight of a holder is no change."""
    return bool(change["is_told"] or (before and before["holder"] and change["holder"]))


def _change(known: Json, at: int, told: Mapping[str, Told], known_by: date | None) -> Json:
    before, change = known["changes"][at - 1] if at else None, known["changes"][at]
    got = answer(known, date.fromisoformat(change["date_end"]), known_by=known_by)
    return {
        "place": known["place"] | {"precision": known["precision"]},
        "date_start": change["date_start"],
        "date_end": change["date_end"],
        "from": (before and before["holder"]) or change["loser"],
        "to": change["holder"],
        "standing": "assessed" if change["is_assessed"] else "claimed",
        "probability": change["probability"],
        "disputed_by": change["disputed_by"],
        "for": change["for"],
        "against": change["against"],
        "informants": change["informants"],
        "because": got["because"],
        "evidence": _told_once(told[id] for id in change["for"]),
        "evidence_against": _told_once(told[id] for id in change["against"]),
    }


def _told_once(told: Iterable[Told]) -> list[Json]:
    once = {item.claim.claim_id: item for item in told}
    ordered = sorted(once.values(), key=lambda item: (item.known or date.max, item.claim.report_id, item.claim.start, item.claim.claim_id))
    return [told_json(item) for item in ordered]


# --- places


def find_place(view: View, name: str) -> Area:
    """The place of the record that a name means: its id, any spelling in the reports, or a spelling that the gazetteer knows it by.

    The name may be one that was first reported after `known_by`: the place was there before, and nobody had written of it.
    """
    whole = View(view.record, view.registry, None, view.gazetteer) if view.known_by else view
    for known in (view, whole):
        if area := _area_named(known, name):
            return area
    raise QuestionError(f"no report in this record names a place {name!r}{_near(name, [area.name for area in whole.areas.values()])}")


def _area_named(view: View, name: str) -> Area | None:
    if area := view.bearing.area(name):
        return area
    found = list(view.bearing.areas_called(name).values())
    if not found and view.gazetteer:
        found = [area for id in view.gazetteer(name) if (area := view.bearing.area(id))][:1]
    if not found and view.known_by is None:
        found = _places_mentioned(view, name)
    return min(found, key=lambda area: (area.precision in WIDE, area.parent is not None, area.latitude is None, area.key), default=None)


def _places_mentioned(view: View, name: str) -> list[Area]:
    """Places that reports speak of without claiming anything: their holder is unknown, which is an answer."""
    rows = view.record.connection.execute(
        "SELECT DISTINCT detail FROM mentions JOIN readings USING (reading) "
        "WHERE kind = 'place' AND current = 1 AND (lower(mentions.text) = lower(?1) OR mentions.name = ?1 OR mentions.id = ?1)",
        (name,),
    )
    found = [mention_from_json(json.loads(row["detail"])) for row in rows]
    return [_mentioned(view, place) for place in found if isinstance(place, PlaceMention)]


def _mentioned(view: View, mention: PlaceMention) -> Area:
    names = set(Place.__dataclass_fields__) & set(PlaceMention.__dataclass_fields__)
    area = view.bearing.names.area(Place(**{name: getattr(mention, name) for name in names}))
    return view.bearing.area(area.key) or area


def _near(name: str, spellings: Iterable[str]) -> str:
    """Near alternatives, for the end of a message."""
    from rapidfuzz import fuzz, process  # only where a name was not found

    # 70: below it rapidfuzz offers names that share no more than an article; not measured.
    close = process.extract(name, sorted(set(spellings)), scorer=fuzz.WRatio, limit=3, score_cutoff=70)
    return f"; did you mean {' or '.join(choice for choice, *_ in close)}?" if close else ""


# --- actors


def actor(view: View, name: str, on: date | None = None, *, first: date | None = None, last: date | None = None) -> Json:
    """Names, kind, members and memberships, leaders, branches, allies and enemies on that day; each fact with its source or its claim.

    `sources` are the registry's, `claims` those of reports. `fought`: by the reports, from `first` to `last`.
    """
    if first and last and first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    party = find_actor(view, name, on)
    known = view.registry.actor(party.id) if party.id else None
    named = view.told_of(party)
    told = [tie for tie in (*_registry_ties(view, party, on), *view.ties.said) if tie.holds(on)]
    ties = [tie for tie in told if view.ties.kind(tie.actor) not in SPEAKERS]
    return {
        "id": party.id,
        "name": party.name,
        "kind": known.kind if known else None,
        "on": on.isoformat() if on else None,
        "names": _names(view, party, known),
        "called": _called(known, on),
        "sides": list(view.registry.sides(party.id, on)) if party.id else [],
        "formed": _formed(view, named, party),
        "members": _facts(ties, party, {"member_of", "part_of"}, of=True),
        "member_of": _facts(told, party, {"member_of", "part_of"}),
        "media": _facts([tie for tie in told if tie not in ties], party, {"member_of", "part_of"}, of=True),
        "led_by": _joined(_facts(ties, party, {"commands"}, of=True), _facts(ties, party, {"led_by"})),
        "leads": _joined(_facts(ties, party, {"commands"}), _facts(ties, party, {"led_by"}, of=True)),
        "branch_of": _facts(ties, party, {"branch_of"}),
        "branches": _facts(ties, party, {"branch_of"}, of=True),
        "allies": _joined(_facts(ties, party, {"allied_with"}), _facts(ties, party, {"allied_with"}, of=True)),
        "enemies": _joined(
            _facts(ties, party, {"opposed_to"}), _facts(ties, party, {"opposed_to"}, of=True), _fought(view, named, party, on)
        ),
        "fought": _fought(view, named, party, on, first=first, last=last),
        "split_from": _facts(ties, party, {"split_from"}),
        "gains": _territory(view, named, party, on, gained=True, window=(first, last)),
        "losses": _territory(view, named, party, on, gained=False, window=(first, last)),
        "warnings": [*view.warnings, *_contradictions(view, party, on)],
    }


def _contradictions(view: View, party: Party, on: date | None) -> Iterator[str]:
    """What cannot all be so of what is told of belonging: two hostile sides, a circle. What it does to other answers is said too."""
    bodies = {tie.of.key: tie.of for tie in view.ties.said if tie.type in BELONGING and tie.actor.key == party.key and tie.holds(on)}
    above = [*bodies.values(), *(view.ties.named(key, key) for key in sorted(view.ties.above(party, on) - set(bodies)))]
    for one, other in combinations(above, 2):
        if view.ties.opposed(one, other, on):
            yield f"{party.name} is told to belong to two hostile sides, {one.name} and {other.name}: where it counts, it speaks for both"
    for body in bodies.values():
        if view.ties.belongs(body, party, on):
            yield f"{party.name} and {body.name} are told to belong to each other: the circle ends where it began"


def actors(view: View) -> list[Json]:
    """The actors of the record with the number of claims they take part in, those with most first."""
    return view.kept("actors", partial(_actors, view))


def _actors(view: View) -> list[Json]:
    counts: Counter[str] = Counter()
    parties: dict[str, Party] = {}
    kinds = json.dumps(bearing_kinds())
    for item in view.record.told_by(view.known_by, "kind IN (SELECT value FROM json_each(?))", (kinds,)):
        for party in (view.ties.party(item.claim.actor), view.ties.party(item.claim.recipient)):
            if party:
                counts[party.key] += 1
                parties.setdefault(party.key, party)
    ranked = sorted(parties.values(), key=lambda party: (-counts[party.key], party.key))
    return [{"id": party.id, "name": party.name, "kind": view.ties.kind(party), "claims": counts[party.key]} for party in ranked]


def find_actor(view: View, name: str, on: date | None = None) -> Party:
    """The actor that a name means on that day: an id, a spelling of the registry, or one of the reports."""
    known = view.registry.actor(name) or view.registry.resolve(name, on=on)
    if known:
        return Party(known.id, known.id, known.name)
    parties = view.spelt
    for key_of in (normal, loose):
        for spelling, party in sorted(parties.items()):
            if key_of(spelling) == key_of(name):
                return party
    raise QuestionError(f"neither the registry nor this record names an actor {name!r}{_near(name, parties)}")


def _names(view: View, party: Party, known: Actor | None) -> list[str]:
    """How the reports and the registry spell it."""
    spelt = {party.name, *_spellings(view, party)}
    told = {name.text for name in (known.names if known else ()) if name.verified or normal(name.text) not in map(normal, spelt)}
    return sorted(spelt | told)


def _spellings(view: View, party: Party) -> set[str]:
    """How the reports spell it: names only, not "the group"."""
    rows = view.record.connection.execute(
        "SELECT DISTINCT text FROM mentions JOIN readings USING (reading) "
        "WHERE kind = 'actor' AND current = 1 AND id = ? AND json_extract(detail, '$.form') = 'name'",
        (party.id,),
    )
    names = names_of(view.record.connection)
    decided = view.record.connection.execute(
        "SELECT DISTINCT text FROM mentions JOIN readings USING (reading) WHERE kind = 'actor' AND current = 1 AND mentions.id IS NULL"
    )
    return {row["text"] for row in rows} | {row["text"] for row in decided if names and names.id(None, row["text"]) == party.id}


def _registry_ties(view: View, party: Party, on: date | None) -> Iterator[Tie]:
    for relation in view.registry.relations(party.id, on) if party.id else ():
        first, second = (view.ties.named(id, id) for id in (relation.actor, relation.of))
        yield Tie(relation.type, first, second, relation.period.start, relation.period.end, None, relation.source or UNSEEN)


def _facts(ties: Iterable[Tie], party: Party, types: set[str], *, of: bool = False) -> list[Json]:
    """The other end of each tie; one entry for each of them, with all its sources and claims."""
    found: dict[str, Json] = {}
    for tie in ties:
        mine, other = (tie.of, tie.actor) if of else (tie.actor, tie.of)
        if tie.type in types and mine.key == party.key:
            row = found.setdefault(
                other.key, {"id": other.id, "name": other.name, "date_start": None, "date_end": None, "sources": [], "claims": []}
            )
            _add(row, tie)
    return [found[key] for key in sorted(found)]


def _joined(*lists: list[Json]) -> list[Json]:
    """One entry for each actor."""
    found: dict[str, Json] = {}
    for row in (row for rows in lists for row in rows):
        held = found.setdefault(row["id"] or row["name"], row)
        if held is not row:
            held["sources"] += row["sources"]
            held["claims"] += row["claims"]
    return list(found.values())


def _add(row: Json, tie: Tie) -> None:
    if tie.claim_id:
        row["claims"].append(tie.claim_id)
    else:
        row["sources"].append(tie.source)
    row["date_start"] = row["date_start"] or (tie.first.isoformat() if tie.first else None)
    row["date_end"] = row["date_end"] or (tie.last.isoformat() if tie.last else None)


def _formed(view: View, told: Iterable[Told], party: Party) -> list[Json]:
    found = [item for item in told if item.claim.kind == "coalition_formed" and _counts(item) and _is(view, item.claim.actor, party)]
    return [
        {
            "date_start": _iso(item.claim.date_start),
            "date_end": _iso(item.claim.date_end),
            "claims": [item.claim.claim_id],
            "sentence": item.sentence,
        }
        for item in found
    ]


Window = tuple[date | None, date | None]


def _called(known: Actor | None, on: date | None) -> list[Json]:
    """The names of the registry that were in use on that day, each with its time and where it was seen."""
    if known is None:
        return []
    seen = known.sources[0] if known.sources else UNSEEN
    return [
        {"name": name.text, "source": name.source or (seen if name.verified else UNSEEN)}
        | {"date_start": _iso(name.period.start), "date_end": _iso(name.period.end)}
        for name in known.names
        if name.period.holds(on)
    ]


def _fought(
    view: View, told: Iterable[Told], party: Party, on: date | None, *, first: date | None = None, last: date | None = None
) -> list[Json]:
    """Whom it fought or took places from, by the reports, up to that day and within that time."""
    found: dict[str, Json] = {}
    for item in told:
        claim = item.claim
        sides = (view.ties.party(claim.actor), view.ties.party(claim.recipient))
        if claim.kind not in ("capture", *FIGHTING) or not _counts(item) or not _by(item, on) or None in sides:
            continue
        if not _within(item, first, last):
            continue
        for mine, other in (sides, sides[::-1]):
            if mine and other and mine.key == party.key and other.key != party.key:
                row = found.setdefault(
                    other.key, {"id": other.id, "name": other.name, "date_start": None, "date_end": None, "sources": [], "claims": []}
                )
                row["claims"].append(claim.claim_id)
    return [found[key] for key in sorted(found)]


def _territory(
    view: View, told: Iterable[Told], party: Party, on: date | None, *, gained: bool, window: Window = (None, None)
) -> list[Json]:
    found = []
    for item in told:
        claim = item.claim
        side, other = (claim.actor, claim.recipient) if gained else (claim.recipient, claim.actor)
        timely = _by(item, on) and _within(item, *window)
        if timely and claim.kind in words()["within"] and claim.place and _counts(item) and _is(view, side, party):
            day = {"date_start": _iso(claim.date_start), "date_end": _iso(claim.date_end)}
            found.append(
                {"place": claim.place.name or claim.place.text, "other": _party(view.ties.party(other)), **day, "claims": [claim.claim_id]}
            )
    return found


def _is(view: View, participant: Any, party: Party) -> bool:
    named = view.ties.party(participant)
    return named is not None and named.key == party.key


def _counts(item: Told) -> bool:
    claim = item.claim
    return not item.is_rejected and claim.modality in ("asserted", "background") and claim.section in words()["sections"]


def _within(item: Told, first: date | None, last: date | None) -> bool:
    """Was it so in that time? A claim without a date is placed by its publication."""
    start, end = item.claim.date_start or item.claim.date_end or item.known, item.claim.date_end or item.known
    return (first is None or end is None or end >= first) and (last is None or start is None or start <= last)


def _by(item: Told, on: date | None) -> bool:
    day = item.claim.date_end or item.claim.date_start or item.known
    return on is None or day is None or day <= on


# --- claims


def claims(
    view: View,
    *,
    place: str | None = None,
    actor: str | None = None,
    kind: str | None = None,
    first: date | None = None,
    last: date | None = None,
    speaker: str | None = None,
    modality: str | None = None,
    search: str | None = None,
) -> list[Json]:
    """Claims that match all that is asked, each with its sentence, outlet and day of publication."""
    found = matching(view, place=place, actor=actor, kind=kind, first=first, last=last, speaker=speaker, modality=modality, search=search)
    return [claim_row(view, item) for item in found]


def claim_row(view: View, item: Told) -> Json:
    return told_json(item) | view.translations.beside(item)


def matching(
    view: View,
    *,
    place: str | None = None,
    actor: str | None = None,
    kind: str | None = None,
    first: date | None = None,
    last: date | None = None,
    speaker: str | None = None,
    modality: str | None = None,
    search: str | None = None,
) -> list[Told]:
    """Claims that match all that is asked, in the order of publication."""
    where, values = _condition(kind=kind, modality=modality, search=search)
    by_id = place is not None and ":" in place and not names_of(view.record.connection)
    if place and by_id:  # without reading all claims
        where, values = f"{where} AND {_MAY_BE}", [*values, place, json.dumps(_spelt(view, place))]
    found = view.record.told_by(view.known_by, where, values)
    names = Ties(view.registry, found)
    if place is not None:
        found = [item for item in found if item.claim.place and _same_place(view.bearing if by_id else names, item.claim.place, place)]
    if actor is not None:
        found = [item for item in found if _takes_part(view, names, item, actor)]
    if speaker is not None:
        found = [item for item in found if _says(view, item, speaker)]
    return [item for item in found if _overlaps(item, first, last)]


def _condition(*, kind: str | None, modality: str | None, search: str | None) -> tuple[str, list[object]]:
    parts: list[tuple[str, object]] = [("kind = ?", kind), ("modality = ?", modality)]
    # Each word in quotation marks, or FTS5 would read AND, NOT or a hyphen as its own language.
    quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in search.replace("\0", " ").split()) if search else None
    parts.append(("sentence IN (SELECT rowid FROM search WHERE search MATCH ?)", quoted))
    asked = [(condition, value) for condition, value in parts if value]
    return " AND ".join(condition for condition, _ in asked) or "1", [value for _, value in asked]


# Claims whose place has that id, those of no gazetteer's that are spelt so, and those that somebody corrected.
_UNPLACED = "place IS NOT NULL AND (place_id IS NULL OR place_id BETWEEN 'name:' AND 'name;')"
_MAY_BE = f"""claim_id IN (
    SELECT claim_id FROM claims WHERE place_id = ? UNION SELECT claim_id FROM reviews
    UNION SELECT claim_id FROM claims WHERE {_UNPLACED} AND json_extract(place, '$.text') IN (SELECT value FROM json_each(?)))"""


def _spelt(view: View, id: str) -> list[str]:
    """What reports call that place where no gazetteer's was found for their words."""
    query = f"SELECT DISTINCT json_extract(place, '$.text'), json_extract(place, '$.name') FROM claims WHERE {_UNPLACED}"
    found = view.record.connection.execute(query).fetchall()
    return sorted({text for text, name in found if view.bearing.names.places.get(normal(name or text)) == id})


def _same_place(ties: Ties | Bearings, place: Place, name: str) -> bool:
    area = ties.names.area(place)
    spellings = {area.name, place.text}
    return name in (area.key, area.id) or any(normal(name) == normal(s) or loose(name) == loose(s) for s in spellings)


def _takes_part(view: View, ties: Ties, item: Told, name: str) -> bool:
    known = view.registry.actor(name) or view.registry.resolve(name, on=item.known)
    for participant in (item.claim.actor, item.claim.recipient):
        party = ties.party(participant)
        if participant and party and ((known and known.id == party.id) or normal(name) in (normal(party.name), normal(participant.text))):
            return True
        if (
            participant
            and participant.id is None
            and any(_is_part(view, part, name, known, item) for part in _JOINED.split(participant.text))
        ):
            return True
    return False


_JOINED = re.compile(r",?\s+and\s+(?:the\s+)?|,\s+(?:the\s+)?")


def _is_part(view: View, part: str, name: str, known: Actor | None, item: Told) -> bool:
    """Is it one of the parties of a joint act: "Turkey | and the coalition"?"""
    meant = view.registry.resolve(part, on=item.known)
    return normal(part) == normal(name) or (known is not None and meant is not None and known.id == meant.id)


def _says(view: View, item: Told, name: str) -> bool:
    """Is it a link of the chain, or the outlet where that speaks for itself?"""
    known = view.registry.resolve(name, on=item.known)
    links = item.claim.attribution or ((Speaker(item.outlet),) if item.outlet else ())
    return any((known and known.id == link.id) or normal(name) in normal(link.text) for link in links)


def _overlaps(item: Told, first: date | None, last: date | None) -> bool:
    """Can it have been so in that time? An open end reaches for ever, and what has no date, such as a membership, has two."""
    start, end = item.claim.date_start, item.claim.date_end
    return (first is None or end is None or end >= first) and (last is None or start is None or start <= last)


def told_json(item: Told) -> Json:
    """A claim of the contract with its sentence and where it was published."""
    source = {"sentence": item.sentence, "outlet": item.outlet, "published": _iso(item.known), "url": item.url}
    found = item.review
    ruled = (
        {"review": {"verdict": found.verdict, "signed_by": found.signed_by, "signed_at": found.signed_at, "reason": found.reason}}
        if found
        else {}
    )
    return claim_json(item.claim) | source | ruled


# --- explain


def explain(view: View, id: str, on: date | None = None) -> Json:
    """From any id (claim, report, place, actor) down to the quoted sentences, their speakers and reports."""
    for kind, found in (("claim", _explain_claim), ("report", _explain_report), ("place", _explain_place), ("actor", _explain_actor)):
        got = found(view, id, on)
        if got is not None:
            return {"type": kind, "id": id, **got}
    raise QuestionError(
        f"this record has no claim, report, place or actor {id!r}; ids stand in the answers of claims, changes, control and actor (--json)"
    )


def _explain_claim(view: View, id: str, on: date | None) -> Json | None:
    found = view.record.told("claim_id LIKE ? || '%'", (id.replace("%", "").replace("_", ""),)) if len(id) >= 6 else []
    if len({item.claim.claim_id for item in found}) > 1:
        raise QuestionError(f"{id!r} begins the ids of several claims: {', '.join(sorted({item.claim.claim_id for item in found}))}")
    if not found:
        return None
    item = found[0]
    reports = view.record.reports("version = ?", (item.version,))
    counted = _counted(view, item)
    chain = [speaker.text for speaker in item.claim.attribution] or [f"{item.outlet or 'the outlet'} in its own voice"]
    rules = next(iter(view.record.rules(item.version)), None)
    claim = told_json(item) | Translations(view.record).beside(item)
    return {
        "claim": claim,
        "chain": chain,
        "counted": counted,
        "report": _short(report_json(reports[0])),
        "rules": rules,
        "imports": _imported(view, item),
    }


def _imported(view: View, item: Told) -> list[Json]:
    """The files in which the claim came, each with the row."""
    connection = view.record.connection
    held = imports.kept(connection).imports
    rows = imports.imports_of(connection, item.claim.claim_id)
    return [{"import": id, "name": held[id].name, "speaker": held[id].speaker, "row": number} for id, number in rows]


def _counted(view: View, item: Told) -> Json | None:
    """What control makes of the claim; None where it says nothing about who holds a place, or is never counted."""
    if item.claim.place is None or item.claim.kind not in words()["roles"]:
        return None
    area = view.bearing.names.area(item.claim.place)
    pieces = [piece for piece in evidence_on(area, view.bearing) if piece.claim_id == item.claim.claim_id and not piece.implied]
    return _evidence_json(pieces[0]) if pieces else None


def _evidence_json(piece: Evidence) -> Json:
    days = {"date_start": _iso(piece.first), "date_end": _iso(piece.last)}
    return {
        "role": piece.role,
        "standing": piece.standing,
        "reach": piece.reach,
        "informant": piece.informant,
        "settles": piece.settles,
        **days,
    }


def _explain_report(view: View, id: str, on: date | None) -> Json | None:
    reports = view.record.reports("report_id = ? OR version = ? OR url = ?", (id, id, id))
    if not reports:
        return None
    translations = Translations(view.record)
    found = [told_json(item) | translations.beside(item) for item in view.record.told("report_id = ?", (reports[0].id,))]
    return {"reports": [_short(report_json(report)) for report in reports], "claims": found}


def _short(report: Json) -> Json:
    return {name: report[name] for name in ("id", "title", "url", "outlet", "author", "published", "language", "sha256")}


def _explain_place(view: View, id: str, on: date | None) -> Json | None:
    if not view.bearing.area(id) and not view.bearing.areas_called(id):
        return None
    line = view.line(find_place(view, id))
    day = on or max((piece.last for piece in line.evidence), default=date.today())
    return {"control": answer(history(line), day, known_by=view.known_by), "claims": _told_once(piece.told for piece in line.evidence)}


def _explain_actor(view: View, id: str, on: date | None) -> Json | None:
    try:
        party = find_actor(view, id, on)
    except QuestionError:
        return None
    mine = [item for item in view.told_of(party) if _is(view, item.claim.actor, party) or _is(view, item.claim.recipient, party)]
    return {"actor": actor(view, id, on), "claims": _told_once(mine)}


def _party(party: Party | None) -> Json | None:
    return {"id": party.id, "name": party.name} if party else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
