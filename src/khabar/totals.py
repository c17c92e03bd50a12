"""A record and a day → how many reports and claims it held by then, and over which days, without reading them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from khabar.contract import day, iso
from khabar.record import Record


@dataclass(frozen=True)
class Totals:
    """`published`, `events`: the first and the last day, None where no day is known."""

    reports: int
    claims: int
    published: tuple[date | None, date | None]
    events: tuple[date | None, date | None]


def totals(record: Record, known_by: date | None = None) -> Totals:
    """Of what `Record.reports` and `Record.told_by` give."""
    run, on = record.connection, iso(known_by)
    number, *days = run.execute(
        "SELECT count(*), min(published), max(published) FROM reports JOIN readings USING (version) "
        "WHERE current = 1 AND (?1 IS NULL OR published <= ?1)", (on,)
    ).fetchone()  # fmt: skip
    rulings = record.rulings(known_by)
    stood = [[version, iso(one.known), iso(one.outdated)] for version, one in record.standings().items()]
    apart = json.dumps([*rulings.claims]), json.dumps([*rulings.dated])
    plain, *ends = run.execute(_PLAIN, (on, json.dumps(stood), *apart)).fetchone()
    ids = [row[0] for row in run.execute(_APART.replace("?3", "?1").replace("?4", "?2"), apart)]
    others = record.told_by(known_by, "claim_id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)) if ids else []
    found = [end for end in (*map(day, ends), *(item.claim.date_end for item in others)) if end]
    return Totals(number, plain + len(others), (day(days[0]), day(days[1])), (min(found, default=None), max(found, default=None)))


# Claims of which a row does not say it all: those that several versions have, and those on which an analyst ruled.
_APART = """
    SELECT claim_id FROM claims GROUP BY claim_id HAVING count(*) > 1
    UNION SELECT value FROM json_each(?3)
    UNION SELECT claim_id FROM claims JOIN readings USING (reading) WHERE version IN (SELECT value FROM json_each(?4))
"""
_PLAIN = f"""
WITH stood (version, known, outdated) AS (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2))
SELECT count(*), min(date_end), max(date_end)
FROM claims JOIN readings USING (reading) JOIN reports USING (version) LEFT JOIN stood USING (version)
WHERE current = 1 AND claim_id NOT IN ({_APART}) AND CASE
    WHEN ?1 IS NULL THEN outdated IS NULL
    ELSE iif(stood.version IS NULL, published, known) <= ?1 AND (outdated IS NULL OR outdated > ?1)
END
"""
