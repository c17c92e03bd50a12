"""Versions of a report → what more each brought, and from which day to which it stood under its address."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from itertools import groupby

from khabar.model import Report

NAMES = ("original_text", "translated_by", "revised")


@dataclass(frozen=True, slots=True)
class Standing:
    """`known`: the day from which this text is known, None where it has none. `outdated`: the day from which a later one stands there."""

    known: date | None
    outdated: date | None


def install(connection: sqlite3.Connection) -> None:
    """The tables of later.sql, where they are not there yet."""
    connection.executescript(files("khabar").joinpath("later.sql").read_text("utf-8"))


def has(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a record, perhaps an older one, has the table."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()[0])


def keep(connection: sqlite3.Connection, version: str, report: Report) -> bool:
    """Write what more a report brought; of the days on which one text was seen, the first. Whether that is new."""
    brought = {name: getattr(report, name) for name in NAMES}
    rows = [(version, name, value.isoformat() if isinstance(value, date) else value) for name, value in brought.items() if value]
    written = connection.executemany(
        "INSERT INTO particulars VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value "
        "WHERE excluded.name = 'revised' AND excluded.value < value",
        rows,
    )
    return written.rowcount > 0


def with_particulars(connection: sqlite3.Connection, version: str, report: Report) -> Report:
    """The report with what more it brought."""
    rows = connection.execute("SELECT name, value FROM particulars WHERE version = ?", (version,))
    found = {row["name"]: row["value"] for row in rows}
    return replace(report, **{**found, **({"revised": date.fromisoformat(found["revised"])} if "revised" in found else {})})


_SEVERAL = """
SELECT version, url, outlet, published, text, {revised} AS revised
FROM reports WHERE (url, ifnull(outlet, '')) IN (
    SELECT url, ifnull(outlet, '') FROM reports WHERE url IS NOT NULL GROUP BY url, outlet HAVING count(*) > 1
) AND EXISTS (SELECT 1 FROM readings WHERE readings.version = reports.version AND current = 1)
ORDER BY url, outlet, published IS NULL, published, revised IS NOT NULL, revised, version
"""
_REVISED = "(SELECT value FROM particulars WHERE version = reports.version AND name = 'revised')"


def standings(connection: sqlite3.Connection) -> Mapping[str, Standing]:
    """Of each version that shares its address and outlet with another.

    A page that was changed keeps its day of publication: its later text is known from the day of the change.
    """
    query = _SEVERAL.format(revised=_REVISED if has(connection, "particulars") else "NULL")
    rows = connection.execute(query).fetchall()
    return {
        version: standing
        for _, group in groupby(rows, key=lambda row: (row["url"], row["outlet"]))
        for version, standing in _standings(list(group))
    }


def _standings(rows: list[sqlite3.Row]) -> Iterator[tuple[str, Standing]]:
    """`rows`: the versions of one address in the order of their days."""
    known: dict[str, date | None] = {}
    first: dict[tuple[str, str], date | None] = {}
    for row in rows:
        published = date.fromisoformat(row["published"]) if row["published"] else None
        day = published
        if published and row["revised"] and any(said == row["published"] for _, said in first):
            day = date.fromisoformat(row["revised"])
        known[row["version"]] = first.setdefault((row["text"], row["published"] or ""), day)
    days = sorted({day for day in known.values() if day})
    for version, own in known.items():
        yield version, Standing(own, next((day for day in days if own and day > own), None))
