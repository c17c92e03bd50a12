"""Processes that work for another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORK = """
import os, sys, time
from khabar.workers import in_processes

def opened():
    print(os.getpid(), flush=True)

def do(_, batch):
    time.sleep(60)

if __name__ == "__main__":
    import work
    list(in_processes(work.opened, work.do, [1]))
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
