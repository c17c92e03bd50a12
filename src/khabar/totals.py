"""A record and a day → how many reports and claims it held by then, and over which days, without reading them."""

from __future__ import annotations

import json
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


def totals(record: Record, known_by: date | None = None) -> Totals:
    """Of what `Record.reports` and `Record.told_by` give."""
    values, apart = counted(record, known_by)
    run = record.connection
    reports, *days = run.execute(f"SELECT count(*), min(published), max(published) {REPORTS}", values).fetchone()
    claims, *ends = run.execute(f"WITH {STOOD} SELECT count(*), min(date_end), max(date_end) {CLAIMS}", values).fetchone()
    found = [end for end in (*map(day, ends), *(item.claim.date_end for item in apart)) if end]
    return Totals(reports, claims + len(apart), (day(days[0]), day(days[1])), (min(found, default=None), max(found, default=None)))


def counted(record: Record, known_by: date | None) -> tuple[dict[str, Any], list[Told]]:
    """The claims of `told_by` in two parts, so that few are read: what REPORTS and CLAIMS need to find those of which a row says all
    that is counted, and the others: those that several versions have, and those on which an analyst ruled."""
    rulings = record.rulings(known_by)
    stood = [[version, iso(one.known), iso(one.outdated)] for version, one in record.standings().items()]
    values = {
        "on": iso(known_by),
        "stood": json.dumps(stood),
        "ruled": json.dumps([*rulings.claims]),
        "dated": json.dumps([*rulings.dated]),
    }
    ids = [row[0] for row in record.connection.execute(_APART, values)]
    return values, record.told_by(known_by, "claim_id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)) if ids else []


REPORTS = "FROM reports JOIN readings USING (version) WHERE current = 1 AND (:on IS NULL OR published <= :on)"
STOOD = "stood (version, known, outdated) AS (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(:stood))"
KNOWN = "iif(stood.version IS NULL, published, known)"
_APART = """
    SELECT claim_id FROM claims GROUP BY claim_id HAVING count(*) > 1
    UNION SELECT value FROM json_each(:ruled)
    UNION SELECT claim_id FROM claims JOIN readings USING (reading) WHERE version IN (SELECT value FROM json_each(:dated))
"""
CLAIMS = f"""
FROM claims JOIN readings USING (reading) JOIN reports USING (version) LEFT JOIN stood USING (version)
WHERE current = 1 AND claim_id NOT IN ({_APART})
AND CASE WHEN :on IS NULL THEN outdated IS NULL ELSE {KNOWN} <= :on AND (outdated IS NULL OR outdated > :on) END
"""
