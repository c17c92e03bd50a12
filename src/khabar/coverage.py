"""A record → how many reports and claims tell of which area on which day, and who published them: silence is not calm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from khabar.contract import Json
from khabar.view import View

By = Literal["day", "outlet", "area"]


def days(view: View) -> list[Json]:
    """Claims by the day on which they were published, as a chart of time needs them: of each `day` how many `claims`."""
    query = "SELECT published AS day, count(*) AS claims FROM current_claims WHERE published <= ? GROUP BY published ORDER BY published"
    return [dict(row) for row in view.record.connection.execute(query, ((view.known_by or date.max).isoformat(),))]


def coverage(view: View, *, first: date | None = None, last: date | None = None) -> list[Json]:
    """Rows {day, outlet, country, admin1, reports, claims}, by day of publication.

    The row without an area counts all reports of the outlet."""
    claims: Counter[tuple[date, str, str, str]] = Counter()
    reports: dict[tuple[date, str, str, str], set[str]] = {}
    for report in view.record.reports():
        if report.published and _in(report.published, first, last) and (view.known_by is None or report.published <= view.known_by):
            reports.setdefault((report.published, report.outlet or "", "", ""), set()).add(report.id)
    for item in view.record.told_by(view.known_by):
        if item.known and _in(item.known, first, last):
            place = item.claim.place
            key = (item.known, item.outlet or "", (place.country if place else None) or "", (place.admin1 if place else None) or "")
            claims[key] += 1
            reports.setdefault(key, set()).add(item.claim.report_id)
    return [
        {
            "day": key[0],
            "outlet": key[1] or None,
            "country": key[2] or None,
            "admin1": key[3] or None,
            "reports": len(ids),
            "claims": claims[key],
        }
        for key, ids in sorted(reports.items())
    ]


def summed(rows: Sequence[Json], by: By) -> list[Json]:
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


def _in(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
