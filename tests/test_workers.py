"""What several processes make comes back in the order of the work, what went wrong in one of them goes to whoever asked, and they end with
who began them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from operator import floordiv, mul
from pathlib import Path

import pytest

from khabar import workers
from khabar.workers import Crew

pytestmark = pytest.mark.usefixtures("two_processes")


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "at_hand", lambda: 2)


def test_what_is_made_comes_in_the_order_of_the_work_step_after_step() -> None:
    with Crew(partial(int, "3")) as crew:
        assert list(crew.made(mul, range(40))) == [3 * n for n in range(40)]
        assert list(crew.made(mul, ["a", "b"])) == ["aaa", "bbb"], "by the same processes"
        assert list(crew.made(mul, [])) == []


def test_processes_that_were_let_go_are_started_again_where_there_is_work() -> None:
    with Crew(partial(int, "3")) as crew:
        assert list(crew.made(mul, [1])) == [3]
        crew.rest()
        assert not multiprocessing.active_children()
        assert list(crew.made(mul, [2])) == [6]


def test_no_more_is_handed_out_than_is_taken_back() -> None:
    handed: list[int] = []
    with Crew(partial(int, "1")) as crew:
        made = crew.made(mul, (handed.append(n) or n for n in range(100)))
        assert [next(made), next(made)] == [0, 1]
    assert len(handed) <= 3 + 2 * workers.AHEAD


def test_an_error_is_the_one_that_is_got_without_processes() -> None:
    with Crew(partial(int, "3")) as crew, pytest.raises(ZeroDivisionError):
        list(crew.made(floordiv, [1, 0]))


WORK = """
import os, sys, time
from khabar.workers import Crew

def opened():
    print(os.getpid(), flush=True)

def do(_, batch):
    time.sleep(60)

if __name__ == "__main__":
    import work
    with Crew(work.opened) as crew:
        list(crew.made(work.do, [1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_those_who_were_begun_end_with_who_began_them(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(WORK, "utf-8")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)])}
    with subprocess.Popen([sys.executable, tmp_path / "work.py"], env=env, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout
        begun = int(caller.stdout.readline())
        caller.send_signal(signal.SIGKILL)
        caller.wait()
        until = time.monotonic() + 20
        while is_alive(begun):
            assert time.monotonic() < until
            time.sleep(0.05)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
