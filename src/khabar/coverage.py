"""A record → how many reports and claims tell of which area on which day, and who published them: silence is not calm."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from khabar.contract import Json, iso
from khabar.naming import names_of
from khabar.totals import CLAIMS, KNOWN, REPORTS, STOOD
from khabar.view import View

By = Literal["day", "outlet", "area"]


def days(view: View) -> list[Json]:
    """Claims by the day on which they were published, as a chart of time needs them: of each `day` how many `claims`."""
    query = "SELECT published AS day, count(*) AS claims FROM current_claims WHERE published <= ? GROUP BY published ORDER BY published"
    return [dict(row) for row in view.record.connection.execute(query, ((view.known_by or date.max).isoformat(),))]


def coverage(view: View, *, first: date | None = None, last: date | None = None) -> Iterator[Json]:
    """Rows {day, outlet, country, admin1, reports, claims}, by day of publication.

    The row without an area counts all reports of the outlet."""
    values, apart = view.parts.values, view.parts.apart
    if names_of(view.record.connection):  # an analyst has put a place elsewhere: its claims' rows do not say where
        values, apart = {**values, "read": True}, view.record.told_by(view.known_by)
    placed = [(one.claim.place, one) for one in apart]
    others = [[iso(one.known), one.outlet, place and place.country, place and place.admin1, one.claim.report_id] for place, one in placed]
    days = {"first": iso(first or date.min), "last": iso(last or date.max)}
    rows = view.record.connection.execute(_COVERAGE, {"read": False, **values, **days, "others": json.dumps(others)})
    for day, outlet, country, admin1, reports, claims in rows:
        found = {"day": date.fromisoformat(day), "outlet": outlet or None, "country": country or None, "admin1": admin1 or None}
        yield {**found, "reports": reports, "claims": claims}


_COVERAGE = f"""
WITH {STOOD}, told (day, outlet, country, admin1, report, claims) AS (
    SELECT published, outlet, NULL, NULL, report_id, 0 {REPORTS}
    UNION ALL SELECT {KNOWN}, outlet, place ->> 'country', place ->> 'admin1', report_id, 1 {CLAIMS} AND NOT :read
    UNION ALL SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 1 FROM json_each(:others)
)
SELECT day, ifnull(outlet, ''), ifnull(country, ''), ifnull(admin1, ''), count(DISTINCT report), sum(claims)
FROM told WHERE day BETWEEN :first AND :last GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


def summed(rows: Iterable[Json], by: By) -> list[Json]:
    """The same without its days: for each outlet {outlet}, or each area {country, admin1}, how many `reports` and `claims`, the `first` and
    the `last` day, and the reports of each of the `weeks` that had any, by its Monday; most claims first."""
    named = ("outlet",) if by == "outlet" else ("country", "admin1")
    found: dict[tuple[str | None, ...], Json] = {}
    for row in rows:
        if by == "area" and row["country"] is None:
            continue
        key = tuple(row[name] for name in named)
        one = found.setdefault(
            key, {**dict(zip(named, key, strict=True)), "reports": 0, "claims": 0, "first": row["day"], "weeks": Counter()}
        )
        one["claims"] += row["claims"]
        one["last"] = row["day"]
        if by == "area" or row["country"] is None:  # the row without an area counts all reports of the outlet
            one["reports"] += row["reports"]
            one["weeks"][(row["day"] - timedelta(row["day"].weekday())).isoformat()] += row["reports"]
    return sorted(found.values(), key=lambda one: (-one["claims"], [one[name] or "" for name in named]))
