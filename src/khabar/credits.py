"""The head and the tail of a report → whom it credits: its dateline, its last line, its author."""

from __future__ import annotations

import re
from functools import cache

from khabar.lexicon import FOLDER, load
from khabar.openings import dateline, run_in_datelines


def credited(head: str, tail: str, author: str | None = None) -> str | None:
    """Whom a report names as the one whose text it prints: in its dateline, its last line, or as its author. Whether that is an agency, the
    registry knows.

    >>> credited("PORT ASH, May 3 (Reuters) - Rebels left.", "")
    'Reuters'
    >>> credited("Rebels left.", "It was quiet again. — AFP")
    'AFP'
    """
    for line in head.splitlines():
        if who := _filed_by(line.strip()):
            return who
    for line in reversed(tail.strip().splitlines()[-3:]):
        for form in _endings():
            if found := form.search(line):
                return found["who"]
    return author


def _filed_by(line: str) -> str | None:
    """The agency of a line's dateline; of "Reuters — " the name before the dash, which may be one."""
    found = dateline(line)
    if found and (found.agency or not found.certain):
        return found.agency or line[: found.places_end]
    return next((run_in.agency for _, run_in in run_in_datelines(line)), None)


@cache
def _endings() -> list[re.Pattern[str]]:
    return [re.compile(row["pattern"]) for row in load(FOLDER / "copies.yaml")["ending"]]
