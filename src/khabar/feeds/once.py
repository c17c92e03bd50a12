"""Items → items in which no report stands twice."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from khabar.feeds.arrivals import Item
from khabar.model import Failure, Report


def once_each(items: Iterable[Item]) -> Iterator[Report | Failure]:
    """A report read twice in one run is skipped with a warning; another text under the same id is a failure."""
    with closing(Seen()) as seen:
        for item in items:
            if isinstance(item, Failure):
                yield item
            elif again := seen.before(item.report.id, item.report.text, item.source):
                yield again
            else:
                yield from item.warnings
                yield item.report


class Seen:
    """The ids of a run, in a file of SQLite's that goes away with it: a run of millions holds none of them in memory."""

    def __init__(self) -> None:
        self._held = sqlite3.connect("", isolation_level=None)
        self._held.execute("PRAGMA synchronous = OFF")
        self._held.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, content BLOB, source TEXT) WITHOUT ROWID")
        self._held.execute("BEGIN")

    def before(self, id: str, text: str, source: str) -> Failure | None:
        """The warning that this report stood elsewhere, or the failure that another did under its id; None where it is the first."""
        key, content = (hashlib.sha256(words.encode()).digest()[:16] for words in (id, text))
        row = self._held.execute("SELECT content, source FROM seen WHERE id = ?", (key,)).fetchone()
        if row is None:
            self._held.execute("INSERT INTO seen VALUES (?, ?, ?)", (key, content, source))
        if row is None or row[1] == source:
            return None
        if row[0] == content:
            return Failure(id, "duplicate", f"{source}: the same report as {row[1]} (id {id}); skipped", source, warning=True)
        message = f"{source}: id {id} stands at {row[1]} with another text; expected one id for one report; not read"
        return Failure(id, "duplicate", message, source)

    def close(self) -> None:
        self._held.close()
