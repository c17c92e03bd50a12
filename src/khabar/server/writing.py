"""Requests of analysts under /api/v1 → the queue of what awaits them, and their decisions, signed with the name under their token."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from khabar import awaiting, deciding, rolls
from khabar.actorfiles import KINDS
from khabar.contract import Json, line
from khabar.errors import QuestionError
from khabar.gazetteer import Entry, load_gazetteer
from khabar.record import Record
from khabar.server.api import PROBLEMS, After, Limit, Page, Problem, reply
from khabar.server.desk import Desk
from khabar.server.opened import Opened
from khabar.server.tokens import Door, Unknown

router = APIRouter(prefix="/api/v1", tags=["review"])
CLOSED: dict[int | str, dict[str, Any]] = {403: {"model": Problem}, **PROBLEMS}
GUARDED: dict[int | str, dict[str, Any]] = {**CLOSED, **{status: {"model": Problem} for status in (400, 401, 411, 413, 429)}}

Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
Id = Annotated[str, Field(min_length=1, max_length=300)]
Corrected = Literal["actor", "recipient", "date_start", "date_end", "modality", "published"]


class Decided(BaseModel):
    """A decision before it is signed; see `khabar.deciding.Asked`."""

    model_config = ConfigDict(extra="forbid")
    subject: Literal["claim", "actor", "place", "incident"]
    id: Id
    verdict: Literal["accept", "reject", "correct", "name", "place", "leave", "merge", "split"]
    reason: Words
    fields: dict[Corrected, Annotated[str, Field(max_length=200)]] = {}
    becomes: Id | None = None
    name: Id | None = None
    kind: Id | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    others: Annotated[list[Id], Field(max_length=1000)] = []

    @property
    def asked(self) -> deciding.Asked:
        point = None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)
        facts = self.model_dump(include={"subject", "id", "verdict", "reason", "becomes", "name", "kind"})
        return deciding.Asked(
            **facts, fields={str(name): value for name, value in self.fields.items()}, point=point, others=tuple(self.others)
        )


class TakenBack(BaseModel):
    """Why a decision is taken back."""

    model_config = ConfigDict(extra="forbid")
    reason: Words


# --- who asks

Sent = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    if desk.public:
        raise HTTPException(403, "what is served to the public takes no decisions and shows no queue")
    return desk


async def _person(request: Request, desk: Annotated[Desk, Depends(_desk)], sent: Sent) -> str:
    door: Door | None = request.app.state.door
    if door is None:
        raise HTTPException(403, "nothing can be written here: the server was started without --token-file")
    try:
        return door.person(request.headers.get("authorization", ""), request.client.host if request.client else "")
    except Unknown as unknown:
        if unknown.wait:
            raise HTTPException(429, "too many wrong tokens from this address", {"Retry-After": str(unknown.wait)}) from unknown
        raise HTTPException(401, "a token is needed, in the header Authorization: Bearer", {"WWW-Authenticate": "Bearer"}) from unknown


AtDesk = Annotated[Desk, Depends(_desk)]
Person = Annotated[str, Depends(_person)]


@router.get("/person", responses=GUARDED)
async def person(by: Person) -> dict[str, Any]:
    """Whose token it is: the name that decisions are signed with; and the kinds that a new group may be of."""
    return {"name": by, "kinds": sorted(KINDS)}


# --- what awaits, what was decided


@router.get("/queue", responses={200: {"model": Page}, **CLOSED})
async def queue(request: Request, desk: AtDesk, limit: Limit = 50, after: After = 0) -> Response:
    """What awaits an analyst, the most consequential first: the queue of `khabar review`."""

    def make(opened: Opened) -> Json:
        waiting = opened.queue
        found = awaiting.rows(opened.view, waiting[after : after + limit])
        return {"items": found, "total": len(waiting), "next": after + limit if after + limit < len(waiting) else None}

    return await reply(request, make, None)


@router.get("/decisions", responses={200: {"model": Page}, **CLOSED})
async def decisions(request: Request, desk: AtDesk, limit: Limit = 100, after: After = 0) -> Response:
    """What was decided, by whom and why, the last first; each says whether it is in force."""

    def make(opened: Opened) -> Json:
        found = deciding.decisions(opened.view)
        return {"items": found[after : after + limit], "total": len(found), "next": after + limit if after + limit < len(found) else None}

    return await reply(request, make, None)


@router.get("/candidates", responses={200: {"model": Page}, **CLOSED})
async def candidates(
    request: Request, desk: AtDesk, subject: Literal["actor", "place"], name: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """Whom, or which place, a name may mean: what an actor is named or a place is put as."""

    def make(opened: Opened) -> Json:
        found = _actors(opened, name) if subject == "actor" else _places(name)
        return {"items": found, "total": len(found), "next": None}

    return await reply(request, make, None)


def _actors(opened: Opened, name: str) -> list[Json]:
    try:
        rows = rolls.found(opened.registry, name)
    except QuestionError:
        return []
    return [{"id": row["id"], "name": row["name"], "more": row["kind"]} for row in rows[:10]]


def _places(name: str) -> list[Json]:
    found = [one for one in load_gazetteer().candidates(name, [], limit=20) if one.latitude is not None][:10]
    return [{"id": one.id, "name": one.name, "more": ", ".join(filter(None, (one.admin1, one.country))), **_point(one)} for one in found]


def _point(one: Entry) -> Json:
    return {"latitude": one.latitude, "longitude": one.longitude}


# --- deciding


@router.post("/decisions", status_code=201, responses=GUARDED)
async def decide(request: Request, desk: AtDesk, by: Person, decision: Decided) -> Response:
    """Sign a decision and keep it; it is never altered and can be taken back."""

    def act(opened: Opened, record: Record) -> Json:
        return deciding.decide(opened.view, record, decision.asked, by=by, incidents=opened.view.chronicle.all)

    return _kept(await desk.write(act))


@router.post("/decisions/{id}/withdrawal", status_code=201, responses=GUARDED)
async def withdraw(request: Request, desk: AtDesk, by: Person, id: str, why: TakenBack) -> Response:
    """Take a decision back; both stay in the record."""
    return _kept(await desk.write(lambda opened, record: deciding.withdraw(opened.view, record, id, reason=why.reason, by=by)))


def _kept(made: Json) -> Response:
    return Response(line(made), 201, media_type="application/json", headers={"Cache-Control": "no-store"})
