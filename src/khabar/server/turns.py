"""Who is to be next → one at a time: first those for whom somebody waits, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Turns:
    """A door that lets one in at a time."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._is_taken = False

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, is_awaited: Callable[[], bool]) -> AsyncIterator[None]:
        """Within, nobody else is. `is_awaited`: does anybody wait for what is done there? Asked whenever the next one is chosen."""
        await self._come(is_awaited)
        try:
            yield
        finally:
            self._next()

    async def _come(self, is_awaited: Callable[[], bool]) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        place = is_awaited, asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place[1]
        except asyncio.CancelledError:
            with suppress(ValueError):  # its turn had come
                self._waiting.remove(place)
                raise
            self._next()
            raise

    def _next(self) -> None:
        while self._waiting:
            found = next((place for place in self._waiting if place[0]()), self._waiting[0])
            self._waiting.remove(found)
            if not found[1].done():
                found[1].set_result(None)
                return
        self._is_taken = False
