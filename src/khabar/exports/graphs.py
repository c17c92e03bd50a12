"""Content → graphs of who, where and what: a STIX 2.1 bundle, FollowTheMoney entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from khabar.areas import Area
from khabar.contract import Json, digest, line
from khabar.exports.content import Content
from khabar.exports.extras import needed
from khabar.exports.losses import Losses
from khabar.exports.maps import edtf
from khabar.model import Report
from khabar.parties import Party
from khabar.record import Told

SPACE = UUID("6f1c7c1e-6a3e-5d7c-9d1b-4b0d7a1f2c11")  # of our STIX ids, so that one record gives one bundle
WARNING = "Made from what reports say. For research and documentation; never for targeting or operations."
KINDS = {"government": "Organization", "state forces": "PublicBody", "police": "PublicBody"}


# --- STIX


def write_stix(content: Content, path: Path) -> Losses:
    """One bundle: parties are identities, places locations, claims notes on incidents, and who held what a relationship `controls` from an
    identity to a location."""
    stix = needed("stix2", "stix")
    losses = Losses("stix")
    objects = list({one["id"]: one for one in _stix(stix, content, losses)}.values())
    path.write_text(
        stix.Bundle(objects=objects, id=_id("bundle", sorted(o["id"] for o in objects))).serialize() + "\n",
        encoding="utf-8",
    )
    for one in objects:
        losses.kept[one["type"]] = losses.kept.get(one["type"], 0) + 1
    return losses


def _stix(stix: Any, content: Content, losses: Losses) -> Iterator[Any]:
    at = _at(max((item.known for item in content.told if item.known), default=date(1970, 1, 1)))
    maker = stix.Identity(id=_id("identity", "khabar"), name="Khabar record", identity_class="system", created=at, modified=at)
    marking = stix.MarkingDefinition(
        id=_id("marking-definition", WARNING), created=_at(date(2026, 1, 1)), definition_type="statement", definition={"statement": WARNING}
    )
    common = {"created": at, "modified": at, "created_by_ref": maker.id, "object_marking_refs": [marking.id]}
    yield from (maker, marking)
    parties = {party.key: party for one in content.incidents for party in (*one.actors, *one.recipients)}
    parties |= {party.key: party for area in content.view.areas.values() for p in content.view.line(area).periods if (party := p.holder)}
    for party in parties.values():
        yield stix.Identity(id=_id("identity", party.key), name=party.name, identity_class="organization", **common)
    for area in _areas(content):
        yield from _location(stix, content.area(area), common, losses)
    notes: dict[str, list[str]] = {}
    for one in content.incidents:
        told = content.tellings(one)
        words = " ".join(dict.fromkeys(item.sentence for _, item in told))
        labels = [one.kind, edtf(one.date_start, one.date_end)]
        incident = stix.Incident(id=_id("incident", one.id), name=one.title, description=words, labels=labels, **common)
        yield incident
        losses.lose("the days of incidents as a field", "STIX 2.1 gives an incident none; they stand in its labels", one.id)
        for telling, item in told:
            speakers = [speaker.text for speaker in item.claim.attribution] or [item.outlet or "unnamed outlet"]
            abstract = f"{item.claim.kind}, {telling.modality}"
            note = _id("note", telling.claim_id)
            yield stix.Note(id=note, abstract=abstract, content=item.sentence, authors=speakers, object_refs=[incident.id], **common)
            notes.setdefault(item.claim.report_id, []).extend([note, incident.id])
    yield from _controls(stix, content, common, losses)
    yield from (
        _stix_report(stix, report, notes[report.id], common) for report in content.reports if report.id in notes and _dated(report, losses)
    )


def _areas(content: Content) -> Iterable[Area]:
    found = {one.place.key: one.place for one in content.incidents if one.place}
    return {**found, **content.view.areas}.values()


def _location(stix: Any, area: Area, common: Json, losses: Losses) -> Iterator[Any]:
    where: Json = {}
    if area.latitude is not None and area.longitude is not None:
        where |= {"latitude": area.latitude, "longitude": area.longitude}
    if area.country:
        where["country"] = area.country
    if not where:
        return losses.lose("places without a point or a country", "a location needs one", area.key)
    yield stix.Location(
        id=_id("location", area.key), name=area.name, **where, **({"administrative_area": area.admin1} if area.admin1 else {}), **common
    )


def _controls(stix: Any, content: Content, common: Json, losses: Losses) -> Iterator[Any]:
    located = {area.key for area in content.view.areas.values() if area.country or area.latitude is not None}
    for area in content.view.areas.values():
        for period in content.view.line(area).periods:
            if period.holder is None or period.first is None or area.key not in located:
                continue
            stop = {"stop_time": _at(period.last + timedelta(days=1))} if period.last else {}  # the instant at which it ends
            said = "assessed" if period.change and period.change.is_assessed else "claimed"
            if period.status != "held":
                losses.lose(f"that a place is {period.status}", "a relationship has one kind; it stands in the labels", area.key)
            yield stix.Relationship(
                id=_id("relationship", f"{area.key} {period.first}"),
                relationship_type="controls",
                source_ref=_id("identity", period.holder.key),
                target_ref=_id("location", area.key),
                start_time=_at(period.first),
                labels=[said, period.status],
                **stop,
                **common,
            )


def _stix_report(stix: Any, report: Report, refs: list[str], common: Json) -> Any:
    links: list[Json] = [{"source_name": report.outlet or "unnamed outlet", "url": report.url}] if report.url else []
    links = [{**link, "hashes": {"SHA-256": report.sha256}} if report.sha256 else link for link in links]
    more = {"external_references": links} if links else {}
    name = report.title or f"{report.outlet or 'report'} {report.published}"
    return stix.Report(
        id=_id("report", report.id), name=name, published=_at(report.published or date.min), object_refs=sorted(set(refs)), **more, **common
    )


def _dated(report: Report, losses: Losses) -> bool:
    if report.published is None:
        losses.lose("reports without a day", "STIX requires one", report.id)
    return report.published is not None


def _id(kind: str, of: object) -> str:
    return f"{kind}--{uuid5(SPACE, f'{kind} {digest(of)}')}"


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


# --- FollowTheMoney


def write_ftm(content: Content, path: Path) -> Losses:
    """Entities, one a line: parties, places as addresses, incidents as events, reports as articles, memberships, and who held what as a
    link with the role `controls`: the library's own Control is of companies."""
    losses = Losses("ftm")
    entities = list({entity["id"]: entity for entity in _ftm(content, losses)}.values())
    path.write_text("".join(line(entity) + "\n" for entity in entities), encoding="utf-8")
    for entity in entities:
        losses.kept[entity["schema"]] = losses.kept.get(entity["schema"], 0) + 1
    return losses


def _ftm(content: Content, losses: Losses) -> Iterator[Json]:
    for report in content.reports:
        yield _entity(
            "Article",
            f"report {report.id}",
            title=report.title or report.outlet or report.id,
            publishedAt=report.published,
            sourceUrl=report.url,
            publisher=report.outlet,
            contentHash=None,
        )
    for area in _areas(content):
        place = content.area(area)
        yield _entity(
            "Address",
            f"place {area.key}",
            full=place.name,
            latitude=place.latitude,
            longitude=place.longitude,
            country=_lower(place.country),
            state=place.admin1,
        )
    for one in content.incidents:
        parties = [*one.actors, *one.recipients]
        yield from (_ftm_party(content, party) for party in parties)
        yield _entity(
            "Event",
            f"incident {one.id}",
            name=one.title,
            startDate=one.date_start,
            endDate=one.date_end,
            location=one.place.name if one.place else None,
            addressEntity=_ftm_id(f"place {one.place.key}") if one.place else None,
            country=_lower(one.place.country) if one.place else None,
            involved=[_ftm_id(party.key) for party in parties],
            notes=list(dict.fromkeys(_quoted(item) for _, item in content.tellings(one))),
            proof=sorted({_ftm_id(f"report {item.claim.report_id}") for _, item in content.tellings(one)}),
        )
        for telling, _ in content.tellings(one):
            if not telling.counts:
                losses.lose(
                    f"claims that are {telling.modality}", "an event's notes hold the words, not that they are denied", telling.claim_id
                )
    yield from _ftm_holdings(content, losses)
    for tie in content.ties.said:
        if tie.type in ("member_of", "branch_of"):
            yield from (_ftm_party(content, party) for party in (tie.actor, tie.of))
            link = {"member": _ftm_id(tie.actor.key), "organization": _ftm_id(tie.of.key), "role": tie.type, "startDate": tie.first}
            yield _entity("Membership", f"{tie.actor.key} {tie.type} {tie.of.key}", **link)


def _quoted(item: Told) -> str:
    who = ", ".join([item.outlet or "unnamed outlet", *(speaker.text for speaker in item.claim.attribution)])
    return f"“{item.sentence}” ({who})"


def _ftm_holdings(content: Content, losses: Losses) -> Iterator[Json]:
    for area in content.view.areas.values():
        for period in content.view.line(area).periods:
            if period.holder is None:
                continue
            yield _ftm_party(content, period.holder)
            if period.status != "held":
                losses.lose(f"that a place is {period.status}", "a link has one role", area.key)
            ends = {"subject": _ftm_id(period.holder.key), "object": _ftm_id(f"place {area.key}"), "role": "controls"}
            yield _entity("UnknownLink", f"{area.key} {period.first}", **ends, startDate=period.first, endDate=period.last)


def _ftm_party(content: Content, party: Party) -> Json:
    actor = content.view.registry.actor(party.id) if party.id else None
    schema = KINDS.get(actor.kind, "Organization") if actor else "Organization"
    return _entity(schema, party.key, name=party.name, country=_lower(actor.country) if actor else None)


def _entity(schema: str, key: str, **properties: Any) -> Json:
    kept = {
        name: [str(item) for item in (value if isinstance(value, list) else [value])]
        for name, value in properties.items()
        if value not in (None, [])
    }
    return {"id": _ftm_id(key), "schema": schema, "properties": kept}


def _ftm_id(key: str) -> str:
    return f"khabar-{digest(key)[:20]}"


def _lower(country: str | None) -> str | None:
    return country.lower() if country else None
