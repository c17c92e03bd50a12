"""Requests under /api/v1 → the record's answers, in the contract's names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from khabar import citing, contract, holdings, profiles, provenance
from khabar.alliances import alliances
from khabar.contract import Json
from khabar.coverage import By, days
from khabar.divisions import divisions
from khabar.drawing import SCRIPTS, names_in
from khabar.errors import QuestionError
from khabar.events import numbers
from khabar.gazetteer import load_gazetteer
from khabar.incidents import incident_json
from khabar.model import Report
from khabar.record import Told
from khabar.searching import Sought
from khabar.server.desk import Body, Desk
from khabar.server.opened import Opened
from khabar.server.rows import page as page_of_rows
from khabar.totals import totals
from khabar.view import View

router = APIRouter(prefix="/api/v1")


class Page(BaseModel):
    """Items of a list, in a fixed order. `next`: the `after` of the page that follows this one, null on the last."""

    items: list[dict[str, Any]]
    total: int
    next: int | None


class Progress(BaseModel):
    """`seconds`: for how long the server has been at one answer, null where it is at none. `left` of `places`: whose histories are still to
    be worked out, null where that is not known."""

    seconds: float | None
    left: int | None
    places: int | None


class Problem(BaseModel):
    """What was wrong with a request, and what to do."""

    error: dict[str, str]


PROBLEMS: dict[int | str, dict[str, Any]] = {404: {"model": Problem}, 422: {"model": Problem}}

CSL, BIBTEX = "application/vnd.citationstyles.csl+json", "application/x-bibtex"


def written(*media: str) -> dict[str, Any]:
    """The description of an answer in these types of media."""
    return {"description": "The answer.", "content": {name: {} for name in media}}


# --- what a query may hold; `async`, since another thread would be asked for what is not

DAY: dict[str, Any] = {"format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
DayText = Annotated[str | None, Query(json_schema_extra=DAY, max_length=10)]
Short = Annotated[bool, Query(description="As rows with numbered parties, as the page takes it.")]
Script = Annotated[str, Query(json_schema_extra={"enum": [*SCRIPTS]}, max_length=20)]
Name = Annotated[str | None, Query(min_length=1, max_length=200)]
Ids = Annotated[str | None, Query(min_length=1, max_length=3500, description="Ids of claims, between commas.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Items on a page.")]
After = Annotated[int, Query(ge=0, le=100_000_000, description="Items to leave out: the `next` of the page before.")]


def day(name: str, text: str | None) -> date | None:
    """A day, year-month-day and nothing else: `0` is not a day in 1970."""
    try:
        return contract.day(text)
    except ValueError as error:
        raise RequestValidationError([{"loc": ("query", name), "msg": str(error), "type": "date"}]) from error


async def _known_by(known_by: DayText = None) -> date | None:
    return day("known_by", known_by)


async def _first(first: Annotated[str | None, Query(alias="from", json_schema_extra=DAY, max_length=10)] = None) -> date | None:
    return day("from", first)


async def _last(last: Annotated[str | None, Query(alias="to", json_schema_extra=DAY, max_length=10)] = None) -> date | None:
    return day("to", last)


async def _on(on: Annotated[str, Query(json_schema_extra=DAY, max_length=10)]) -> date:
    found = day("on", on)
    assert found is not None
    return found


async def _maybe_on(on: DayText = None) -> date | None:
    return day("on", on)


KnownBy = Annotated[date | None, Depends(_known_by)]
First = Annotated[date | None, Depends(_first)]
Last = Annotated[date | None, Depends(_last)]
On = Annotated[date, Depends(_on)]
MaybeOn = Annotated[date | None, Depends(_maybe_on)]

# --- sending


def sent(request: Request, body: Body, media: str = "application/json") -> Response:
    """The answer, packed where the reader takes it so, or 304 where the reader has it already."""
    headers = {"ETag": f'"{body.tag}"', "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if f'"{body.tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if body.is_packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(body.content, media_type=media, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body.plain, media_type=media, headers=headers)


async def reply(request: Request, make: Callable[[Opened], object], known_by: date | None, media: str = "application/json") -> Response:
    """What `make` gives for this record and this address, kept under the address."""
    desk: Desk = request.app.state.desk
    key = request.url.path, tuple(sorted(request.query_params.multi_items()))
    return sent(request, await desk.answer(key, make, known_by), media)


def page(rows: Sequence[Any], limit: int, after: int, told: Callable[[Sequence[Any]], Sequence[Json]] = lambda rows: rows) -> Json:
    """A page of rows; only those on it are told."""
    return {"items": told(rows[after : after + limit]), "total": len(rows), "next": following(rows, limit, after)}


def following(rows: Sequence[Any], limit: int, after: int) -> int | None:
    """Where the next page begins."""
    return after + limit if after + limit < len(rows) else None


# --- the record


@router.get("/record", responses=PROBLEMS)
async def record(
    request: Request,
    known_by: KnownBy,
    short: Annotated[bool, Query(description="Without the number of places, which takes long where much has arrived.")] = False,
) -> Response:
    """How much the record holds, over which days, and what is held back."""

    def make(opened: Opened) -> Json:
        told = totals(opened.view.record, opened.view.known_by, opened.view.parts)
        return {
            "name": opened.view.record.name,
            "reports": told.reports,
            "claims": told.claims,
            **({} if short else {"places": len(opened.view.areas)}),
            "published": dict(zip(("first", "last"), told.published, strict=True)),
            "events": dict(zip(("first", "last"), told.events, strict=True)),
            "known_by": opened.view.known_by,
            "public": request.app.state.desk.public,
            "basemap": request.app.state.basemap,
            "takes_decisions": request.app.state.door is not None,
            "warnings": opened.view.warnings,
        }

    return await reply(request, make, known_by)


@router.get("/progress")
async def progress(request: Request) -> Progress:
    """What the server is at. What follows from a record is worked out when it is first asked for, and kept beside it: of a large record,
    that takes minutes."""
    desk: Desk = request.app.state.desk
    return Progress(**desk.progress())


def _is_known(report: Report, known_by: date | None) -> bool:
    return known_by is None or (report.published is not None and report.published <= known_by)


@router.get("/coverage", responses={200: {"model": Page}, **PROBLEMS})
async def covered(
    request: Request, first: First, last: Last, known_by: KnownBy, by: By = "day", limit: Limit = 1000, after: After = 0
) -> Response:
    """Reports and claims by day, outlet and area, so that silence is not read as calm; or summed by outlet or by area, week by week."""

    def make(opened: Opened) -> Json:
        return page(opened.coverage(by, first, last), limit, after)

    return await reply(request, make, known_by)


@router.get("/days", responses={200: {"model": Page}, **PROBLEMS})
async def published(request: Request, known_by: KnownBy, limit: Limit = 1000, after: After = 0) -> Response:
    """How many claims were published on each day."""
    return await reply(request, lambda opened: page(days(opened.view), limit, after), known_by)


# --- who held what


@router.get("/control", responses={200: written("application/json", "application/geo+json"), **PROBLEMS})
async def control(request: Request, on: On, known_by: KnownBy, place: Name = None) -> Response:
    """Who held a place that day, since when, on whose word and why; without a place the whole map, a FeatureCollection."""
    if place is not None:
        return await reply(request, lambda opened: holdings.control(opened.view, place, on), known_by)
    return await reply(request, lambda opened: opened.states.on(on), known_by, "application/geo+json")


@router.get("/periods", responses=PROBLEMS)
async def periods(request: Request, known_by: KnownBy, short: Short = False) -> Response:
    """Every place with all its states over time: what a page needs to move through time without asking again."""
    return await reply(request, lambda opened: opened.states.short() if short else opened.states.periods(), known_by)


@router.get("/divisions", responses={200: written("application/geo+json"), **PROBLEMS})
async def first_level(request: Request, known_by: KnownBy) -> Response:
    """The first-level areas of the countries that the record tells of, by name, and outlined where the gazetteer has an outline."""

    def make(opened: Opened) -> Json:
        return divisions(load_gazetteer(), {area.country for area in opened.view.areas.values() if area.country})

    return await reply(request, make, known_by, "application/geo+json")


@router.get("/labels", responses=PROBLEMS)
async def labels(request: Request, script: Script, known_by: KnownBy) -> Response:
    """The names of places in a script, by key, where the gazetteer has one."""
    return await reply(request, lambda opened: names_in(script, opened.view.areas.values()), known_by)


@router.get("/changes", responses={200: {"model": Page}, **PROBLEMS})
async def changes(request: Request, first: First, last: Last, known_by: KnownBy, limit: Limit = 100, after: After = 0) -> Response:
    """What changed hands in a time, from whom to whom, with the sentences that say so."""

    def make(opened: Opened) -> bytes:
        found = opened.changes(first or date.min, last or date.max)
        return page_of_rows(opened.changed(found[after : after + limit]), len(found), following(found, limit, after))

    return await reply(request, make, known_by)


# --- claims


@router.get("/claims", responses={200: {"model": Page}, **PROBLEMS})
async def claims(
    request: Request,
    first: First,
    last: Last,
    known_by: KnownBy,
    place: Name = None,
    actor: Name = None,
    kind: Name = None,
    speaker: Name = None,
    modality: Name = None,
    search: Name = None,
    ids: Ids = None,
    limit: Limit = 100,
    after: After = 0,
) -> Response:
    """Claims that match all that is asked, each with its sentence, its speakers and a citation."""
    sought = Sought(place, actor, kind, first, last, speaker, modality, search, tuple(ids.split(",")) if ids else ())

    def make(opened: Opened) -> bytes:
        found = opened.claims(sought)
        return page_of_rows(opened.cited(found[after : after + limit]), len(found), following(found, limit, after))

    return await reply(request, make, known_by)


@router.get("/claims/{claim_id}", responses=PROBLEMS)
async def claim(request: Request, claim_id: str, known_by: KnownBy) -> Response:
    """A claim down to its report, with what it counts for."""
    return await reply(request, lambda opened: _explained(opened.view, _told(opened.view, claim_id)[0].claim.claim_id, "claim"), known_by)


@router.get("/claims/{claim_id}/citation.json", response_class=Response, responses={200: written(CSL), **PROBLEMS})
async def citation_csl(request: Request, claim_id: str, known_by: KnownBy) -> Response:
    """The claim's report as an item of CSL-JSON."""
    return await reply(request, lambda opened: [citing.csl(*_told(opened.view, claim_id))], known_by, CSL)


@router.get("/claims/{claim_id}/citation.bib", response_class=Response, responses={200: written(BIBTEX), **PROBLEMS})
async def citation_bibtex(request: Request, claim_id: str, known_by: KnownBy) -> Response:
    """The claim's report as an entry of BibTeX."""
    return await reply(request, lambda opened: citing.bibtex(*_told(opened.view, claim_id)).encode(), known_by, BIBTEX)


def _told(view: View, claim_id: str) -> tuple[Told, Report]:
    found = view.record.told_by(view.known_by, "claim_id = ?", (claim_id,))
    if not found:
        raise QuestionError(f"this record has no claim {claim_id!r}; ids stand in the answers of /claims")
    report = next(report for report in view.record.reports("report_id = ?", (found[0].claim.report_id,)))
    return found[0], report


# --- incidents


@router.get("/incidents", responses={200: {"model": Page}, **PROBLEMS})
async def events(
    request: Request,
    first: First,
    last: Last,
    known_by: KnownBy,
    kind: Name = None,
    place: Name = None,
    actor: Name = None,
    informants: Annotated[int, Query(ge=0, le=1000, description="At least so many independent informants.")] = 0,
    limit: Limit = 100,
    after: After = 0,
) -> Response:
    """What happened, as all reports together tell it."""

    def make(opened: Opened) -> Json:
        found = numbers(
            opened.view, opened.outlines, place=place, actor=actor, kind=kind, first=first, last=last, min_informants=informants
        )
        return page(found, limit, after, lambda rows: list(map(incident_json, opened.view.chronicle.read(rows))))

    return await reply(request, make, known_by)


@router.get("/incidents/{id}", responses=PROBLEMS)
async def event(request: Request, id: str, known_by: KnownBy) -> Response:
    """An incident with the sentences of its claims."""

    def make(opened: Opened) -> Json:
        one = opened.view.chronicle.called(id)
        if one is None:
            raise QuestionError(f"this record has no incident {id!r}; ids stand in the answers of /incidents")
        marks = ", ".join("?" * len(one.claims))
        ids = [telling.claim_id for telling in one.claims]
        told = opened.view.record.told_by(opened.view.known_by, f"claim_id IN ({marks})", ids)
        return {
            **incident_json(one),
            "evidence": [citing.cited(opened.view, item) for item in told],
        }

    return await reply(request, make, known_by)


@router.get("/disputes", responses={200: {"model": Page}, **PROBLEMS})
async def disagreements(request: Request, known_by: KnownBy, limit: Limit = 100, after: After = 0) -> Response:
    """Places, dates, numbers and deeds on which speakers disagree, the most consequential first."""

    def make(opened: Opened) -> bytes:
        found = opened.disputes
        return page_of_rows(opened.contested(slice(after, after + limit)), len(found), following(found, limit, after))

    return await reply(request, make, known_by)


@router.get("/sources", responses={200: {"model": Page}, **PROBLEMS})
async def informants(request: Request, known_by: KnownBy, limit: Limit = 100, after: After = 0) -> Response:
    """Who says what: each informant with kind, sides and grade, and how often others bore it out or contradicted it; most claims first."""
    return await reply(request, lambda opened: page(opened.informants, limit, after), known_by)


# --- actors, places, reports


@router.get("/actors", responses={200: {"model": Page}, **PROBLEMS})
async def actors(request: Request, known_by: KnownBy, limit: Limit = 100, after: After = 0) -> Response:
    """The actors of the record, those with most claims first."""
    return await reply(request, lambda opened: page(profiles.actors(opened.view), limit, after), known_by)


@router.get("/alliances", responses=PROBLEMS)
async def bonds(request: Request, on: On, known_by: KnownBy) -> Response:
    """Who belonged to whom that day, who was allied, and who had fought whom in the three months before: nodes and edges."""
    return await reply(request, lambda opened: alliances(opened.view, on), known_by)


@router.get("/actors/{name}", responses=PROBLEMS)
async def actor(request: Request, name: str, on: MaybeOn, known_by: KnownBy) -> Response:
    """Names, kind, members and memberships, leaders, allies and enemies on that day, each with its source or its claims."""
    return await reply(request, lambda opened: profiles.actor(opened.view, name, on), known_by)


@router.get("/places", responses={200: {"model": Page}, **PROBLEMS})
async def places(request: Request, known_by: KnownBy, limit: Limit = 100, after: After = 0) -> Response:
    """The places of the record that claims say something about."""

    def make(opened: Opened) -> Json:
        names = ("key", "id", "name", "latitude", "longitude", "precision", "country", "admin1", "parent")
        return page(
            list(opened.view.areas.values()), limit, after, lambda areas: [{name: getattr(area, name) for name in names} for area in areas]
        )

    return await reply(request, make, known_by)


@router.get("/reports/{id}", responses=PROBLEMS)
async def report(request: Request, id: str, known_by: KnownBy) -> Response:
    """What is known of a report, and its claims; not its text, which is its outlet's."""

    def make(opened: Opened) -> Json:
        view = opened.view
        if not any(
            _is_known(report, view.known_by) for report in view.record.reports("report_id = ? OR version = ? OR url = ?", (id,) * 3)
        ):
            raise QuestionError(f"this record has no report {id!r}; ids stand in the answers of /claims, as report_id")
        return _explained(view, id, "report")

    return await reply(request, make, known_by)


def _explained(view: View, id: str, kind: str) -> Json:
    got = provenance.explain(view, id)
    if got["type"] != kind:
        raise QuestionError(f"{id!r} is a {got['type']}, not a {kind}")
    return got
