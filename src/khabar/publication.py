"""Days of publication and today → what is held back of a war that goes on (knowledge/publication.yaml)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from khabar.lexicon import table


@dataclass(frozen=True)
class Withholding:
    """What is held back: reports after `known_by`, and the true points of places told of since `coarse_since`. None: nothing."""

    known_by: date | None = None
    coarse_since: date | None = None
    degrees: float = 0.0
    reports: int = 0

    def grid(self, degrees: float) -> float:
        """A latitude or longitude on the grid."""
        return round(round(degrees / self.degrees) * self.degrees, 6) if self.degrees else degrees

    @property
    def words(self) -> str | None:
        """What a reader of the file must be told."""
        if self.coarse_since is None:
            return None
        held = f"{self.reports} reports published after {self.known_by}, or on no known day, are held back"
        return f"{held}; places told of since {self.coarse_since} are given to {self.degrees}°"


NOTHING = Withholding()


def withholding(published: Collection[date | None], today: date) -> Withholding:
    """What the rules of publication.yaml hold back of reports published on these days.

    >>> withholding([date(2015, 6, 8)], date(2026, 1, 1)).words is None
    True
    """
    rules = table("publication")
    since, until = today - timedelta(days=rules["current_days"]), today - timedelta(days=rules["delay_days"])
    if not any(day and day >= since for day in published):
        return NOTHING
    return Withholding(until, since, rules["coarsen_degrees"], sum(day is None or day > until for day in published))
