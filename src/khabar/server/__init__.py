"""A record file → a web application: the API under /api/v1 and the page above it.

Nothing is fetched from outside and nothing outside may frame it. It answers to the names it is told only, so that a page elsewhere cannot
reach a desk's record through the desk's own browser.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from khabar.errors import KhabarError, QuestionError
from khabar.record import Record
from khabar.server.api import router
from khabar.server.desk import Desk
from khabar.server.elsewhere import Elsewhere, Refused
from khabar.server.pages import add_pages, kind_of
from khabar.server.tokens import Door, people
from khabar.server.writing import router as writing

HERE = ("localhost", "127.0.0.1", "[::1]")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
LONGEST_ADDRESS = 4096
LARGEST_BODY = 64_000  # bytes of a decision


def application(
    record: Path,
    *,
    public: bool = True,
    hosts: Sequence[str] = HERE,
    tokens: Path | None = None,
    basemap: Path | None = None,
    elsewhere: bool = False,
) -> FastAPI:
    """The application for one record; RecordError where there is none. `hosts`: names it answers to, "*" for any. `tokens`: the file of
    those who may write; without it, or in public, nobody can. `basemap`: GeoJSON or PMTiles to lay under the map. `elsewhere`: another
    process works out the answers."""
    with Record.open(record):
        pass
    if tokens:
        people(tokens)
    desk = Desk(record, public)
    if elsewhere:
        desk.elsewhere = Elsewhere(partial(_working, record, public=public, tokens=tokens, basemap=basemap))

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(title="Khabar", version="1", lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.desk = desk
    app.state.basemap = kind_of(basemap) if basemap else None
    app.state.door = Door(tokens) if tokens and not public else None
    app.include_router(router)
    app.include_router(writing)
    add_pages(app, basemap)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(Guarded)
    app.add_middleware(Headed)
    app.add_exception_handler(Refused, _refused_elsewhere)
    app.add_exception_handler(KhabarError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)
    return app


def _working(record: Path, *, public: bool, tokens: Path | None, basemap: Path | None) -> FastAPI:
    """The same application where it only works answers out: whoever asks keeps them, and knows whether an earlier one will do."""
    app = application(record, public=public, tokens=tokens, basemap=basemap)
    app.state.desk.late, app.state.desk.most = 0.0, 0
    return app


class Guarded:
    """Refuses what is too long, and sends all headers with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await (_unfit(scope) or self.app)(scope, receive, with_headers)


def _unfit(scope: Scope) -> JSONResponse | None:
    """Why a request is not looked at."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "" if "transfer-encoding" in headers else "0")
    if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return _problem(414, "address", f"the address is longer than {LONGEST_ADDRESS} characters", "ask for less at once")
    if not length.isdecimal():
        return _problem(411, "length", "a request that writes must say how long it is", "send the header Content-Length")
    if int(length) > LARGEST_BODY:
        return _problem(413, "length", f"the request is longer than {LARGEST_BODY} bytes", "a decision is short")
    if "\0" in scope["path"]:
        return _problem(404, "address", "there is nothing at this address", "see /api/v1/openapi.json for what can be asked")
    return None


class Headed:
    """Answers HEAD as GET, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self.app(scope, receive, send)

        async def headers_only(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, headers_only)


def _refused_elsewhere(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return Response(error.answer.content, error.answer.status, media_type="application/json")


def _told(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KhabarError)
    asked = request.method in ("GET", "HEAD")
    status = (404 if asked else 422) if isinstance(error, QuestionError) else 400
    message, _, hint = str(error).partition("; ")
    return _problem(status, error.code, message, hint or "see /api/v1/openapi.json for what can be asked")


def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = "; ".join(f"{'.'.join(map(str, row['loc'][1:]))}: {row['msg']}" for row in error.errors())
    return _problem(422, "query", found, "see /api/v1/openapi.json; days are written like 2015-06-08")


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    said = _problem(error.status_code, "http", f"{request.url.path}: {error.detail}", "see /api/v1/openapi.json for what can be asked")
    said.headers.update(error.headers or {})
    return said


def _broken(request: Request, error: Exception) -> JSONResponse:
    response = _problem(500, "fault", "something broke that should not have", "please report it with the address that was asked")
    response.headers.update(HEADERS)
    return response


def _problem(status: int, code: str, message: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status)
