"""A file of tokens → who may write: one line for each person, the SHA-256 of a token and never the token itself.

A token is 256 random bits: it cannot be guessed, so a plain hash keeps it as well as a slow one. It comes in the header `Authorization:
Bearer …`, which no browser sends of its own accord: a page elsewhere cannot decide anything in an analyst's name.
"""

from __future__ import annotations

import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from khabar.errors import QuestionError, RecordError

FAILURES, WINDOW = 10, 60.0  # wrong tokens that one address may send in so many seconds; declared, not measured
ADDRESSES = 10_000  # remembered at most
HEAD = "# Who may write through khabar serve: the SHA-256 of a token, the day it was made, the person.\n"


def people(path: Path) -> dict[str, str]:
    """Names by the hash of their token; RecordError for a file that is not one of tokens."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"no tokens in {path}: {error}; make one with: khabar token {path} --for NAME") from error
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(maxsplit=2)
        if len(parts) != 3 or len(parts[0]) != 64:
            raise RecordError(f"{path}, line {number}: expected a hash, a day and a name; khabar token {path} --for NAME writes such lines")
        found[parts[0]] = parts[2].strip()
    return found


def make(path: Path, name: str) -> str:
    """A new token for a person; its hash is added to the file, which only its owner may read."""
    if not name.strip() or "\n" in name:
        raise QuestionError("a token is a person's: give a name")
    known = people(path) if path.exists() else {}
    if name.strip() in known.values():
        raise QuestionError(f"{name.strip()} has a token in {path}; take it back first with --withdraw")
    token = secrets.token_urlsafe(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(("" if known else HEAD) + f"{hash_of(token)} {datetime.now(UTC).date()} {name.strip()}\n")
    return token


def withdraw(path: Path, name: str) -> None:
    """Shut a person out, at once also from a server that runs."""
    known = people(path)
    if name not in known.values():
        raise QuestionError(f"{path} has no token of {name!r}; it has those of {', '.join(known.values()) or 'nobody'}")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if known.get(line.split(maxsplit=1)[0] if line.strip() else "") != name), "utf-8")


def hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Unknown(Exception):
    """No token, or one that nobody has; `wait`: seconds until the next try, 0 where it may come at once."""

    def __init__(self, wait: int = 0) -> None:
        super().__init__()
        self.wait = wait


@dataclass
class Door:
    """Who a request is from. A right token always opens; who sent too many wrong ones is told to wait."""

    path: Path
    clock: Callable[[], float] = time.monotonic
    _failed: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def person(self, authorization: str, address: str) -> str:
        """The name under the token; Unknown where there is none."""
        scheme, _, token = authorization.partition(" ")
        name = people(self.path).get(hash_of(token.strip())) if scheme.lower() == "bearer" and token.strip() else None
        if name is None:
            raise Unknown(self._failure(address) if token else 0)
        return name

    def _failure(self, address: str) -> int:
        now = self.clock()
        recent = [at for at in self._failed.pop(address, ()) if now - at < WINDOW][-FAILURES:]
        self._failed[address] = [*recent, now]
        while len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)
        return int(WINDOW - (now - recent[0])) + 1 if len(recent) >= FAILURES else 0
