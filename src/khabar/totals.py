"""A record and a day → how many reports and claims it held by then, and over which days, without reading them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from khabar.contract import day, iso
from khabar.record import Record, Told


@dataclass(frozen=True)
class Totals:
    """`published`, `events`: the first and the last day, None where no day is known."""

    reports: int
    claims: int
    published: tuple[date | None, date | None]
    events: tuple[date | None, date | None]


@dataclass(frozen=True)
class Parts:
    """The claims of `told_by` in two parts, so that few are read: what REPORTS and CLAIMS need to find those of which a row says all that
    is asked; and the others, read: those that several versions have, and those on which an analyst ruled."""

    values: Mapping[str, Any]
    apart: Sequence[Told]
    ids: frozenset[str]  # of the others


def totals(record: Record, known_by: date | None = None, parts: Parts | None = None) -> Totals:
    """Of what `Record.reports` and `Record.told_by` give. `parts`: of them, where they are at hand."""
    parts = parts or counted(record, known_by)
    values, apart = parts.values, parts.apart
    run = record.connection
    reports, *days = run.execute(f"SELECT count(*), min(published), max(published) {REPORTS}", values).fetchone()
    claims, *ends = run.execute(f"WITH {STOOD} SELECT count(*), min(date_end), max(date_end) {CLAIMS}", values).fetchone()
    found = [end for end in (*map(day, ends), *(item.claim.date_end for item in apart)) if end]
    return Totals(reports, claims + len(apart), (day(days[0]), day(days[1])), (min(found, default=None), max(found, default=None)))


def counted(record: Record, known_by: date | None) -> Parts:
    """What was known by a day, in its two parts."""
    rulings = record.rulings(known_by)
    stood = [[version, iso(one.known), iso(one.outdated)] for version, one in record.standings().items()]
    ruled, dated = json.dumps([*rulings.claims]), json.dumps([*rulings.dated])
    ids = frozenset(row[0] for row in record.connection.execute(_APART, (ruled, dated)))
    values = {"on": iso(known_by), "stood": json.dumps(stood), "apart": json.dumps(sorted(ids))}
    return Parts(values, record.told_by(known_by, IS_APART, (values["apart"],)) if ids else [], ids)


REPORTS = "FROM reports JOIN readings USING (version) WHERE current = 1 AND (:on IS NULL OR published <= :on)"
STOOD = "stood (version, known, outdated) AS (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(:stood))"
KNOWN = "iif(stood.version IS NULL, published, known)"
IS_APART = "claim_id IN (SELECT value FROM json_each(?))"
_CURRENT = "(SELECT count(*) FROM claims AS one JOIN readings USING (reading) WHERE one.claim_id = several.claim_id AND current = 1)"
_APART = f"""
    SELECT claim_id FROM (SELECT claim_id FROM claims GROUP BY claim_id HAVING count(*) > 1) AS several WHERE {_CURRENT} > 1
    UNION SELECT value FROM json_each(?)
    UNION SELECT claim_id FROM claims JOIN readings USING (reading) WHERE version IN (SELECT value FROM json_each(?))
"""
OF_CLAIMS = "FROM claims JOIN readings USING (reading) JOIN reports USING (version) LEFT JOIN stood USING (version)"
STANDS = f"CASE WHEN :on IS NULL THEN outdated IS NULL ELSE {KNOWN} <= :on AND (outdated IS NULL OR outdated > :on) END"
CLAIMS = f"{OF_CLAIMS} WHERE current = 1 AND claim_id NOT IN (SELECT value FROM json_each(:apart)) AND {STANDS}"
