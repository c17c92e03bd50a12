"""A few words of a story → the claims of a record: invented wars for the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from khabar.actorfiles import Actor, Name, Period, Relation, Side
from khabar.contract import claim_id
from khabar.model import Claim, Participant, Place, Quantity, Reading, Report, Review, Speaker
from khabar.record import Record, Rulings, Told
from khabar.registry import Registry
from khabar.reviews import in_force, published, signed
from khabar.spellings import normal

Row = Sequence[Any]


def registry(world: Mapping[str, Mapping[str, str]]) -> Registry:
    """A registry of invented actors: name, kind, side, member_of."""
    return Registry({id: _actor(id, **facts) for id, facts in world.items()}, [], {}, [])


def _actor(id: str, name: str, kind: str, side: str | None = None, member_of: str | None = None) -> Actor:
    relations = (Relation(id, "member_of", member_of, Period(), "invented"),) if member_of else ()
    sides = (Side(f"invented/{side}"),) if side else ()
    return Actor(id=id, name=name, kind=kind, names=(Name(name),), sides=sides, relations=relations)


def readings(rows: Sequence[Row], *, world: Mapping[str, Any], reports: Mapping[str, Row], places: Mapping[str, Any]) -> list[Reading]:
    """One reading for each report that the rows name, its text made of their sentences."""
    found = []
    for key in dict.fromkeys(row[0] for row in rows):
        text, claims = "", []
        for row in (row for row in rows if row[0] == key):
            more = row[7] if len(row) > 7 else {}
            sentence = more.get("sentence") or f"({len(claims)}) {row[2]} {row[1]} {row[3]} {row[4]} {row[5]} ({key.title()})"
            start = len(text)
            text += f"{sentence}\n"
            claims.append(_claim(key, row, more, (start, start + len(sentence)), world, places))
        outlet, published = reports[key]
        found.append(Reading(Report(key, text, outlet=outlet, published=published, url=f"https://example.org/{key}"), claims=tuple(claims)))
    return found


def told(found: Sequence[Reading]) -> list[Told]:
    """What a record makes of them, a version by the name of its report. Only a sentence of the story's own can be a copy: those that are
    made here are all alike."""
    with Record.scratch() as record:
        for reading in found:
            record.add(reading)
        items = [replace(item, version=item.claim.report_id) for item in record.told()]
    return [replace(item, tellers=()) if item.sentence.startswith("(") else item for item in items]


def ruled(items: Sequence[Told], rows: Sequence[Row], known_by: date | None) -> list[Told]:
    """As `Record.told_by`: the claims with what analysts ruled on them. A row: number of the claim (or "withdraw", with the number of the
    review before it), verdict, by, day, more (fields)."""
    reviews: list[Review] = []
    for number, verdict, by, day, *fields in rows:
        claim = reviews[number].claim_id if verdict == "withdraw" else items[number].claim.claim_id
        withdraws = reviews[number].review_id if verdict == "withdraw" else None
        at = datetime.combine(day, time(12), UTC)
        more = fields[0] if fields else None
        reviews.append(signed(claim, verdict, by=by, reason="seen on the spot", fields=more, withdraws=withdraws, at=at))
    decided = in_force(reviews, known_by)
    versions = {item.claim.claim_id: item.version for item in items}
    dated = {versions[id]: day for id, review in decided.items() if (day := published(review))}
    return [item for item in map(Rulings(decided, dated).applied, items) if item.is_known_by(known_by)]


def _claim(
    report: str, row: Row, more: Mapping[str, Any], sentence: tuple[int, int], world: Mapping[str, Any], places: Mapping[str, Any]
) -> Claim:
    _, kind, actor, recipient, place, dates, chain = row[:7]
    first, last = days(dates)
    at = sentence[0] + (more["sentence"].index(more["at"]) if "at" in more else 0)
    trigger = (at, at + len(more.get("at", "(")))
    return Claim(
        claim_id=claim_id(report, kind, sentence, trigger, actor, recipient, place, chain),
        report_id=report,
        start=sentence[0],
        end=sentence[1],
        section=more.get("section", "body"),
        kind=kind,
        trigger=trigger,
        actor=participant(actor, world),
        recipient=participant(recipient, world),
        place=_place(place, more, places, sentence),
        date_start=first,
        date_end=last,
        quantity=Quantity(**more["quantity"]) if "quantity" in more else None,
        modality=more.get("modality", "asserted"),
        attribution=tuple(Speaker(text, id_of(text, world)) for text in chain),
        rule=more.get("rule", "by hand"),
        confidence=more.get("confidence"),
    )


def participant(text: str | None, world: Mapping[str, Any]) -> Participant | None:
    return Participant(text, id=id_of(text, world), name=text) if text else None


def id_of(text: str, world: Mapping[str, Any]) -> str | None:
    return next((id for id, facts in world.items() if facts["name"] == text), None)


def _place(text: str | None, more: Mapping[str, Any], places: Mapping[str, Any], sentence: tuple[int, int]) -> Place | None:
    if text is None:
        return None
    name = more.get("name", text)
    facts = {**places.get(name, {}), **{key: more[key] for key in ("near", "precision") if key in more}}
    at = more.get("sentence", "").find(text)  # where the sentence spells it out; else anywhere in it
    span = (sentence[0] + at, sentence[0] + at + len(text)) if at >= 0 else sentence
    return Place(text, *span, name=name, **facts)


def days(dates: str | date | None) -> tuple[date | None, date | None]:
    """ "A..B", "..B" or one day."""
    if dates is None:
        return None, None
    first, last = str(dates).split("..") if ".." in str(dates) else (str(dates), str(dates))
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


def key_of(place: str, places: Mapping[str, Any]) -> str:
    facts = places.get(place, {})
    key = normal(place)
    if facts.get("parent"):
        return f"{facts['parent']}/{key}"
    return f"{key} ({facts['precision']})" if facts.get("precision") == "province" else key
