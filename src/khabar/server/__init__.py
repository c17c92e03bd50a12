"""A record file → a web application: the API under /api/v1 and the page above it.

Nothing is fetched from outside and nothing outside may frame it. It answers to the names it is told only, so that a page elsewhere cannot
reach a desk's record through the desk's own browser.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from khabar.errors import KhabarError, QuestionError
from khabar.record import Record
from khabar.server.api import router
from khabar.server.desk import Desk
from khabar.server.pages import add_pages

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


def application(record: Path, *, public: bool = True, hosts: Sequence[str] = HERE) -> FastAPI:
    """The application for one record; RecordError where there is none. `hosts`: names it answers to, "*" for any."""
    with Record.open(record):
        pass
    desk = Desk(record, public)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(title="Khabar", version="1", lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.state.desk = desk
    app.include_router(router)
    add_pages(app)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.middleware("http")(_guarded)
    app.add_exception_handler(KhabarError, _told)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _broken)
    return app


async def _guarded(request: Request, following: Callable[[Request], Awaitable[Response]]) -> Response:
    if len(str(request.url)) > LONGEST_ADDRESS:
        response: Response = _problem(414, "address", f"the address is longer than {LONGEST_ADDRESS} characters", "ask for less at once")
    elif "\0" in request.scope["path"]:
        response = _problem(404, "address", "there is nothing at this address", "see /api/v1/openapi.json for what can be asked")
    else:
        response = await following(request)
    response.headers.update(HEADERS)
    return response


def _told(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KhabarError)
    status = 404 if isinstance(error, QuestionError) else 400
    message, _, hint = str(error).partition("; ")
    return _problem(status, error.code, message, hint or "see /api/v1/openapi.json for what can be asked")


def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = "; ".join(f"{'.'.join(map(str, row['loc'][1:]))}: {row['msg']}" for row in error.errors())
    return _problem(422, "query", found, "see /api/v1/openapi.json; days are written like 2015-06-08")


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, "http", f"{request.url.path}: {error.detail}", "see /api/v1/openapi.json for what can be asked")


def _broken(request: Request, error: Exception) -> JSONResponse:
    response = _problem(500, "fault", "something broke that should not have", "please report it with the address that was asked")
    response.headers.update(HEADERS)
    return response


def _problem(status: int, code: str, message: str, hint: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status)
