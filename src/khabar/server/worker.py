"""Tasks → one thread that does them one after the other: first those that somebody waits for, in the order in which they came."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any, TypeVar

Made = TypeVar("Made")


def _always() -> bool:
    return True


@dataclass(eq=False)
class Task:
    """What is to be done. `is_awaited`: does anybody wait for it? Asked when the next task is chosen."""

    act: Callable[[], Any]
    is_awaited: Callable[[], bool]
    future: Future[Any]

    def do(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            made = self.act()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(made)


class Worker:
    """The thread; it begins with the first task."""

    def __init__(self, name: str) -> None:
        self._tasks: deque[Task] = deque()
        self._there = Condition()
        self._has_ended = False
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[], Made], *, is_awaited: Callable[[], bool] = _always) -> Future[Made]:
        """What will have been made."""
        task = Task(act, is_awaited, Future())
        with self._there:
            self._tasks.append(task)
            self._there.notify()
        return task.future

    def end(self, last: Callable[[], object]) -> None:
        """Finish what it is at, drop the rest, do one more thing, and wait for that."""
        with self._there:
            for task in self._tasks:
                task.future.cancel()
            self._tasks = deque([Task(last, _always, Future())])
            self._has_ended = True
            self._there.notify()
        self._thread.join()

    def _work(self) -> None:
        while task := self._next():
            task.do()

    def _next(self) -> Task | None:
        with self._there:
            while not self._tasks and not self._has_ended:
                self._there.wait()
            if not self._tasks:
                return None
            found = next((task for task in self._tasks if task.is_awaited()), self._tasks[0])
            self._tasks.remove(found)
            return found
