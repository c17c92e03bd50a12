"""Reading → the contract's JSON, and back (docs/reference/output.md)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from typing import Any, cast

from khabar.errors import InputError
from khabar.model import (
    ActorMention,
    Attribution,
    Claim,
    Failure,
    Mention,
    Participant,
    Place,
    PlaceMention,
    Quantity,
    QuantityMention,
    Reading,
    Report,
    Section,
    Span,
    Speaker,
    TimeMention,
)
from khabar.placewords import is_institution

Json = dict[str, Any]

_MENTION_TYPES: Mapping[str, type[Mention]] = {
    "actor": ActorMention,
    "place": PlaceMention,
    "time": TimeMention,
    "quantity": QuantityMention,
}
_MENTION_KINDS = {made: kind for kind, made in _MENTION_TYPES.items()}


def canonical(value: object) -> str:
    """JSON that is the same bytes for the same value: sorted keys, no spaces, letters as they are."""
    return _CANONICAL.encode(value)


def line(value: object) -> str:
    """One line of JSON for people and pipes: keys in the order of the contract."""
    return _LINE.encode(value)


def digest(value: object) -> str:
    """SHA-256, in hex, of the canonical JSON."""
    # A text may hold half a surrogate pair, which UTF-8 refuses; the hash must not.
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def claim_id(
    report_id: str,
    kind: str,
    sentence: Span,
    trigger: Span,
    actor_text: str | None,
    recipient_text: str | None,
    place_text: str | None,
    chain_texts: Sequence[str],
) -> str:
    """Sixteen hex digits that stay the same when rules, versions or resolutions change, so that reviews survive a better reading.

    >>> claim_id("r1", "capture", (0, 20), (5, 10), "Red Brigade", None, "Oakford", [])
    '811b50227f9d15c3'
    """
    parts = [report_id, kind, list(sentence), list(trigger), actor_text, recipient_text, place_text, list(chain_texts)]
    return digest(parts)[:16]


def reading_json(reading: Reading) -> Json:
    """One line of `khabar read --json`."""
    phrases = _phrases(reading.mentions) | _untold(reading)
    shapes = _shapes(reading.mentions)
    rows = [(mention, mention_json(mention) | shapes.get(id(mention), {})) for mention in reading.mentions]
    told_on = {"told_on": _day(reading.told_on)} if reading.told_on else {}
    warned = {"warnings": [{"code": doubt.code, "message": doubt.message} for doubt in reading.doubts]} if reading.doubts else {}
    return {
        "report": report_json(reading.report) | told_on | warned,
        "mentions": [row for mention, row in rows if id(mention) not in phrases],
        "phrases": [row for mention, row in rows if id(mention) in phrases],
        "attributions": [attribution_json(attribution) for attribution in reading.attributions],
        "predicates": [asdict(predicate) for predicate in reading.predicates],
        "claims": [claim_json(claim) for claim in reading.claims],
        "rules": reading.rules or None,
    }


def _phrases(mentions: Sequence[Mention]) -> set[int]:
    """Which mentions only point to another, by `id()`: "its", "the city", "outskirts of A", and "A" within the longer name "A County"."""
    places = [m for m in mentions if isinstance(m, PlaceMention)]
    phrases = {id(m) for m in places if m.form == "reference" or m.near or (m.form == "name" and _is_described(m.text))}
    names = [m for m in places if id(m) not in phrases]
    inner = {id(m) for m in names for o in names if _is_within(m, o) and m.id in (o.id, None)}
    return phrases | inner | {id(m) for m in mentions if isinstance(m, ActorMention) and m.text.lower() in _POSSESSIVES}


_POSSESSIVES = frozenset({"its", "their", "his", "her", "our", "my", "your", "whose"})


def _untold(reading: Reading) -> set[int]:
    """Places that are mere words, since no claim is about them, by `id()`: those without a name ("rural areas"), those that are rather a
    body ("Oakford High School"), and those in no gazetteer and nowhere in the report told as where something is: a brand, a club or a
    person as likely as a place."""
    from khabar.namesakes import is_located  # only where reports are read: a question does without

    places = [m for m in reading.mentions if isinstance(m, PlaceMention) and m.latitude is None]
    located = {m.text.casefold() for m in places if is_located(reading.report.text, m.start)}
    meant = [(who.start, who.end) for c in reading.claims if c.kind != "statement" for who in (c.place, c.recipient) if who]
    about = [(start, end) for start, end in meant if start is not None and end is not None]
    idle = [
        m
        for m in places
        if (m.form == "generic" and not m.id)
        or is_institution(m.text, m.head_noun)
        or (m.form == "name" and " " not in m.text and m.text.casefold() not in located)
    ]
    return {id(m) for m in idle if not any(start < m.end and m.start < end for start, end in about)}


def _shapes(mentions: Sequence[Mention]) -> dict[int, Json]:
    """`geometry` of the places that are no points, by the `id()` of the mention."""
    from khabar.geometry import shape

    places = [m for m in mentions if isinstance(m, PlaceMention)]
    found = [(m, (m.latitude, m.longitude)) for m in places if m.latitude is not None and m.longitude is not None]
    points = {m.id: point for m, point in found if m.id}
    pointless = [m for m in places if m.latitude is None and m.form != "reference"]
    drawn = {id(m): shape(m, points, [point for inner, point in found if _is_within(inner, m)]) for m in pointless}
    return {key: {"geometry": geometry} for key, geometry in drawn.items() if geometry}


def _is_described(words: str) -> bool:
    """Has it words that are no part of a name: "Idlib province", "northern Idlib", and not "Gulf of Aden", "Province du Nord"?"""
    return any(word not in _INNER_WORDS and not word[:1].isdigit() for word in re.findall(r"(?<![\w’'-])[a-z]\w*(?![\w’'-])", words))


_INNER_WORDS = frozenset(
    [
        "of",
        "the",
        "and",
        "de",
        "la",
        "del",
        "du",
        "des",
        "al",
        "el",
        "upon",
        "le",
        "les",
        "di",
        "da",
        "do",
        "dos",
        "y",
        "e",
        "am",
        "an",
        "der",
    ]
)


def _is_within(inner: Mention, outer: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and (outer.start, outer.end) != (inner.start, inner.end)


def report_json(report: Report) -> Json:
    """`report` of the contract, with the hash of the original bytes as `sha256`."""
    names = ("id", "title", "url", "outlet", "author", "published", "language", "text", "sections", "sha256")
    fields = {name: getattr(report, name) for name in names} | particulars_json(report)
    return {**fields, "published": _day(report.published), "sections": [asdict(section) for section in report.sections]}


def particulars_json(report: Report) -> Json:
    """What few reports have, where this one has it: the original of a translation and who made it, the day of a later version."""
    fields = {"original_text": report.original_text, "translated_by": report.translated_by, "revised": _day(report.revised)}
    return {name: value for name, value in fields.items() if value is not None}


def report_from_json(row: Mapping[str, Any]) -> Report:
    """The report of `report_json`."""
    sections = tuple(Section(**section) for section in row.get("sections") or ())
    return Report(**{**row, "published": day(row.get("published")), "revised": day(row.get("revised")), "sections": sections})


def failure_json(failure: Failure) -> Json:
    """What stands in the place of a report that cannot be read."""
    report = {"id": failure.id} | ({"source": failure.source} if failure.source else {})
    return {"report": report, "error": {"code": failure.code, "message": failure.message}}


def mention_json(mention: Mention) -> Json:
    """A mention with its kind: actor, place, time or quantity."""
    fields = {name: _day(value) if isinstance(value, date) else value for name, value in asdict(mention).items()}
    kind = _MENTION_KINDS[type(mention)]
    # The contract gives every mention an `id` and a `name`; times and quantities resolve to neither.
    return {"kind": kind, "id": None, "name": None, **fields}


def mention_from_json(row: Mapping[str, Any]) -> Mention:
    """The mention of `mention_json`."""
    made = _MENTION_TYPES[row["kind"]]
    fields = {name: value for name, value in row.items() if name in made.__dataclass_fields__}
    for name in ("date_start", "date_end"):
        if name in fields:
            fields[name] = day(fields[name])
    for name in ("antecedent", "noun"):
        if fields.get(name) is not None:
            fields[name] = tuple(fields[name])
    return made(**fields)


def claim_json(claim: Claim) -> Json:
    """A claim as in section 2 of the contract; `place` also carries country, admin1, near and parent. A learnt claim has its `confidence`,
    the others have no such field: so what was read before there was one keeps its hash."""
    sure = {"confidence": claim.confidence} if claim.confidence is not None else {}
    return {
        "claim_id": claim.claim_id,
        "report_id": claim.report_id,
        "start": claim.start,
        "end": claim.end,
        "section": claim.section,
        "kind": claim.kind,
        "trigger": list(claim.trigger),
        "actor": _flat(claim.actor) if claim.actor else None,
        "recipient": _flat(claim.recipient) if claim.recipient else None,
        "place": _flat(claim.place) if claim.place else None,
        "date_start": _day(claim.date_start),
        "date_end": _day(claim.date_end),
        "date_text": claim.date_text,
        "quantity": _flat(claim.quantity) if claim.quantity else None,
        "modality": claim.modality,
        "attribution": [_flat(speaker) for speaker in claim.attribution],
        "rule": claim.rule,
        **sure,
    }


def _flat(part: Participant | Place | Quantity | Speaker) -> Json:
    """As `asdict`, of a part whose fields hold no others: a tenth of the time, and it is asked for every claim."""
    return {name: getattr(part, name) for name in part.__slots__}


def claim_from_json(row: Mapping[str, Any]) -> Claim:
    """The claim of `claim_json`; a missing field is unknown, a malformed one an InputError that names the claim."""
    try:
        return _claim(row)
    except (KeyError, TypeError, ValueError) as error:
        known = row.get("claim_id", "without claim_id")
        raise InputError(f"claim {known}: {type(error).__name__} {error}; see the contract, section 2", code="json") from error


def iso(value: date | None) -> str | None:
    """As `day` reads it."""
    return value.isoformat() if value else None


@lru_cache(maxsize=20_000)
def day(text: str | None) -> date | None:
    """An ISO day, and nothing else: `2015-06-08`.

    >>> day("2015-06-08")
    datetime.date(2015, 6, 8)
    """
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):  # fromisoformat also takes 20150608 and 2015-W23-1
        raise ValueError(f"{text!r} is not a day of the form 2015-06-08")
    return date.fromisoformat(text)


def _claim(row: Mapping[str, Any]) -> Claim:
    start, end = row["trigger"]
    return Claim(
        claim_id=row["claim_id"],
        report_id=row["report_id"],
        start=row["start"],
        end=row["end"],
        section=row["section"],
        kind=row["kind"],
        trigger=(start, end),
        actor=Participant(**row["actor"]) if row.get("actor") else None,
        recipient=Participant(**row["recipient"]) if row.get("recipient") else None,
        place=Place(**row["place"]) if row.get("place") else None,
        date_start=day(row.get("date_start")),
        date_end=day(row.get("date_end")),
        date_text=row.get("date_text"),
        quantity=Quantity(**row["quantity"]) if row.get("quantity") else None,
        modality=row.get("modality", "asserted"),
        attribution=tuple(Speaker(**speaker) for speaker in row["attribution"]),
        rule=row.get("rule", ""),
        confidence=row.get("confidence"),
    )


def attribution_json(attribution: Attribution) -> Json:
    """Who says what: the spans of source, cue and content, and the chain of speakers."""
    innermost = attribution.chain[-1].text if attribution.chain else None
    return {
        "source": list(attribution.source) if attribution.source else None,
        "cue": list(attribution.cue) if attribution.cue else None,
        "content": [list(span) for span in attribution.content],
        "speaker": innermost,
        "chain": [asdict(speaker) for speaker in attribution.chain],
        "stance": attribution.stance,
    }


def _day(value: object) -> str | None:
    return cast(date, value).isoformat() if value is not None else None


_LINE = json.JSONEncoder(ensure_ascii=False, default=_day)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_day, check_circular=False)


def changed(claim: Claim, *, actor: Participant | None = None, place: Place | None = None) -> Claim:
    """The claim with another actor or place, and the id that it has with them."""
    return _renamed(replace(claim, actor=actor or claim.actor, place=place or claim.place))


def with_parties(claim: Claim, actor: Participant | None, recipient: Participant | None) -> Claim:
    """The claim with this actor and recipient, or none, and the id that it has with them."""
    return _renamed(replace(claim, actor=actor, recipient=recipient))


def with_place(claim: Claim, place: Place | None) -> Claim:
    """The claim with this place, or none, and the id that it has with it."""
    return _renamed(replace(claim, place=place))


def _renamed(claim: Claim) -> Claim:
    who, whom, where = (part.text if part else None for part in (claim.actor, claim.recipient, claim.place))
    span, chain = (claim.start, claim.end), [link.text for link in claim.attribution]
    return replace(claim, claim_id=claim_id(claim.report_id, claim.kind, span, claim.trigger, who, whom, where, chain))
