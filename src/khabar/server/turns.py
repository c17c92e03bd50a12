"""Who is to be next → one at a time: first those for whom somebody waits, in the order in which they came.

The others have to wait for a pause, for what they do may take long and cannot be broken off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

PAUSE = 0.05  # seconds without anybody who waits; of 50 such a second, one comes within it eleven times out of twelve


class Turns:
    """A door that lets one in at a time."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []
        self._is_taken = False
        self._paused_at = 0.0  # by the clock of the loop: from then on it is a pause
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, is_awaited: Callable[[], bool]) -> AsyncIterator[None]:
        """Within, nobody else is. `is_awaited`: does anybody wait for what is done there? Asked whenever the next one is chosen."""
        place = is_awaited, asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._choose()
        try:
            await place[1]
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._waiting.remove(place)
                raise
            self._leave()  # its turn had come
            raise
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self._is_taken = False
        self._choose()

    def _choose(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._is_taken or not self._waiting:
            return
        found = next((place for place in self._waiting if place[0]()), None)
        if found:
            self._paused_at = loop.time() + PAUSE
        elif loop.time() < self._paused_at:
            self._timer = loop.call_at(self._paused_at, self._choose)
            return
        found = found or self._waiting[0]
        self._waiting.remove(found)
        self._is_taken = True
        found[1].set_result(None)
