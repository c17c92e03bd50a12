"""An address and a query → the answer, worked out by a process of its own: one that sends answers to many, and works out others between
them in another thread, does both at a crawl.

The process is an application of its own on the same record, asked one question after the other.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message, Scope

from khabar.workers import as_nobody, end_with_parent

Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What was sent for a question; `is_packed`: as gzip."""

    status: int
    content: bytes
    is_packed: bool


class Refused(Exception):
    """A question that cannot be answered, with what is to be said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class Elsewhere:
    """The process; it begins with the first question. `made`: what gives the application there, found by its name in any process."""

    def __init__(self, made: Callable[[], ASGIApp]) -> None:
        self.made = made
        self._held: tuple[SpawnProcess, Connection] | None = None
        self._has_ended = False

    def answer(self, path: str, query: Query) -> Answer:
        """Of a GET of that address; Refused where there is none. A process that died, perhaps for want of memory, is begun again, once."""
        for _ in range(2):
            try:
                answer = self._asked(path, query)
            except (EOFError, OSError):
                self._held = None
            else:
                if answer.status != 200:
                    raise Refused(answer)
                return answer
        raise Refused(Answer(500, b'{"error":{"code":"fault","message":"nothing could be worked out","hint":"ask again"}}', False))

    def end(self) -> None:
        """Let the process go, whatever it is at: what it keeps beside the record it keeps in transactions."""
        self._has_ended = True
        if self._held:
            self._held[0].terminate()

    def _asked(self, path: str, query: Query) -> Answer:
        if self._held is None:
            self._held = self._begun()
        pipe = self._held[1]
        pipe.send((path, tuple(query)))
        answer = pipe.recv()
        assert isinstance(answer, Answer)
        return answer

    def _begun(self) -> tuple[SpawnProcess, Connection]:
        if self._has_ended:
            raise EOFError
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(there, self.made))  # no daemon: it begins others where there is much to do
        atexit.register(self.end)
        with as_nobody():
            process.start()
        there.close()  # so that the end of the one is the end of the other
        return process, here


def _work(pipe: Connection, made: Callable[[], ASGIApp]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server is told, and ends this one
    end_with_parent()
    asyncio.run(_answering(pipe, made()))


async def _answering(pipe: Connection, app: ASGIApp) -> None:
    while True:
        try:
            path, query = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(await _got(app, path, query))


async def _got(app: ASGIApp, path: str, query: Query) -> Answer:
    """What the application answers."""
    sent: list[Message] = []
    headers = [(b"host", b"localhost"), (b"accept-encoding", b"gzip")]
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "root_path": "",
        "path": path, "raw_path": path.encode(), "query_string": urlencode(query).encode(), "headers": headers,
        "client": None, "server": ("localhost", 80),
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    task = asyncio.ensure_future(app(scope, receive, send))
    await asyncio.wait([task])
    if error := task.exception():
        logging.getLogger(__name__).error("%s?%s", path, urlencode(query), exc_info=error)
    content = b"".join(message.get("body", b"") for message in sent)
    return Answer(sent[0]["status"], content, (b"content-encoding", b"gzip") in sent[0]["headers"])
