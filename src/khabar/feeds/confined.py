"""Bytes → what a parser makes of them, in a process of its own with bounds on its time and memory.

A PDF, a page or a feed can keep a parser busy for hours or make it take all memory, and neither can be stopped from within.
The process stays for the next document; one that breaks its bounds is ended, and the next document gets a fresh one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib import import_module
from threading import Lock, Timer
from typing import Any

from khabar.errors import InputError
from khabar.feeds.arrivals import PARSER_FAULTS, told

SECONDS = 60.0
MEMORY = 2_000_000_000  # bytes of address space

Json = dict[str, Any]


class _Parser:
    """The process that runs `parse` of one module."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.lock = Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, raw: bytes, seconds: float) -> Json:
        with self.lock:
            if self.process is None or self.process.poll() is not None:
                self.process = _started(self.module)
            process = self.process
            timer = Timer(seconds, process.kill)
            timer.start()
            try:
                answer = _exchange(process, raw)
            finally:
                timer.cancel()
            if answer is None:
                self.process = None
                process.kill()
                process.wait()
                raise InputError(
                    f"took more than {seconds:g} seconds or {MEMORY // 10**9} GB to open; save its text as .txt, or split it", code="size"
                )
        return answer


def parse(module: str, raw: bytes, *, seconds: float = SECONDS) -> Json:
    """What `parse` of the module named makes of the bytes; its InputError, or one that says that it took too long or too much."""
    answer = _parser(module).ask(raw, seconds)
    if error := answer.get("error"):
        raise InputError(error["message"], code=error["code"])
    return answer


@cache
def _parser(module: str) -> _Parser:
    return _Parser(module)


def _started(module: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", f"from {__name__} import serve; serve({module!r})"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def _exchange(process: subprocess.Popen[bytes], raw: bytes) -> Json | None:
    """None where the process ended before it answered."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(raw).to_bytes(8) + raw)
        process.stdin.flush()
        line = process.stdout.readline()
        return dict(json.loads(line)) if line.endswith(b"\n") else None
    except (OSError, ValueError):
        return None


# -- in the process ------------------------------------------------------------------------------------------------------------------


def serve(module: str) -> None:
    """Answers until there are no more questions; what the parser prints goes nowhere."""
    made, questions, answers = import_module(module).parse, sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    _bound_memory()
    while size := questions.read(8):
        answers.write(json.dumps(_answer(made, questions.read(int.from_bytes(size)))).encode() + b"\n")
        answers.flush()


def _answer(made: Any, raw: bytes) -> Json:
    try:
        return dict(made(raw))
    except InputError as error:
        return {"error": {"code": error.code, "message": str(error)}}
    except PARSER_FAULTS as error:
        return {"error": {"code": "broken", "message": f"is damaged, or not what its name says: {told(error)}"}}


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is bounded
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
