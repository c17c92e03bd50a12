"""The path of a record → an object that answers in Python: `record = khabar.open("war.khabar")`.

Each method is a command of the same name, and returns what the command prints with `--json`, as dictionaries and lists. Days are
`datetime.date` or text like "2015-06-08".
"""

from __future__ import annotations

import json
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from khabar import contract, events, holdings, informants, profiles, searching
from khabar.brief import MOST, brief, brief_json
from khabar.contract import Json
from khabar.disputes import dispute_json, disputes
from khabar.errors import QuestionError, RecordError
from khabar.gazetteer import ids_called
from khabar.incidents import incident_json
from khabar.naming import registry_for
from khabar.page.frame import Page
from khabar.record import Record
from khabar.view import View

if TYPE_CHECKING:
    from khabar.exports.tables import Table

Day = date | str

KEPT_VIEWS = 4  # days of knowledge that stay worked out: each of a record of 10⁵ claims takes some 300 MB


def open(path: str | Path) -> OpenRecord:
    """The record at that path, for questions only; RecordError where there is none.

    Close it with `close`, or use it as a context: `with khabar.open("war.khabar") as record`.
    """
    return OpenRecord(Record.open(Path(path)))


def demo(folder: str | Path = ".") -> OpenRecord:
    """The record of the sample reports, `idlib-2015.khabar` in that folder: built there the first time, which takes some seconds."""
    from khabar import sample
    from khabar.build import build
    from khabar.feeds import read_inputs

    path = Path(folder) / f"{sample.NAME}.khabar"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with Record.create(path) as record:
            for _ in build(record, read_inputs([sample.reports()])):
                pass
    return open(path)


def read(text: str, *, outlet: str | None = None, published: Day | None = None, url: str | None = None) -> Json:
    """What one report says, as `khabar read --json` prints it: its claims, mentions, attributions. No record is needed or made.

    `outlet`, `published`, `url` fill what the text does not say of itself. InputError where the text cannot be read. The first call loads
    the language model, which takes seconds.
    """
    from khabar.build import read_one, shipped_reader
    from khabar.errors import InputError
    from khabar.feeds import document
    from khabar.model import Failure

    found = read_one(document(text, outlet=outlet, published=_day(published), url=url), shipped_reader())
    if isinstance(found, Failure):
        raise InputError(found.message, code=found.code)
    return contract.reading_json(found[0])


class OpenRecord:
    """An open record. `known_by`, everywhere: only what was published by that day; without it, all of it.

    QuestionError where a question names a place, an actor or a day that makes no sense here; its message says what would.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._views: dict[date | None, View] = {}
        self._seen: object = None
        self._is_closed = False

    # Who held what.

    def control(self, place: str, on: Day, known_by: Day | None = None) -> Json:
        """Who held the place that day, since when, on whose word, and why."""
        return holdings.control(self._view(known_by), place, _on(on))

    def control_map(self, on: Day, known_by: Day | None = None) -> Json:
        """Every place of the record that day, a GeoJSON FeatureCollection: `khabar control --geojson`."""
        return holdings.control_map(self._view(known_by), _on(on))

    def changes(self, first: Day | None = None, last: Day | None = None, known_by: Day | None = None) -> list[Json]:
        """What changed hands in a time, from whom to whom, each with the sentences that say so."""
        return holdings.changes(self._view(known_by), _day(first) or date.min, _day(last) or date.max)

    def map(self, on: Day, before: Day | None = None, known_by: Day | None = None) -> Page:
        """The map of that day, or with `before` of both days side by side: a notebook shows it, `.save(path)` writes it as one file."""
        from khabar.page import map_of

        return Page(map_of(self._view(known_by), _on(before or on), _on(on)))

    # Who did and said what.

    def claims(
        self,
        *,
        place: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        first: Day | None = None,
        last: Day | None = None,
        speaker: str | None = None,
        modality: str | None = None,
        search: str | None = None,
        grades: bool = False,
        known_by: Day | None = None,
    ) -> list[Json]:
        """Claims that match all that is asked, each with its sentence and its speakers; with `grades`, the Admiralty grade of each."""
        view = self._view(known_by)
        found = searching.claims(view, searching.Sought(place, actor, kind, _day(first), _day(last), speaker, modality, search))
        return informants.graded(view, found) if grades else found

    def events(
        self,
        *,
        place: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        first: Day | None = None,
        last: Day | None = None,
        min_informants: int = 1,
        known_by: Day | None = None,
    ) -> list[Json]:
        """Incidents: what happened, as all reports together tell it. `min_informants` 0 adds what is only denied or possible."""
        found = events.events(
            self._view(known_by),
            place=place,
            actor=actor,
            kind=kind,
            first=_day(first),
            last=_day(last),
            min_informants=min_informants,
        )
        return [_plain(incident_json(one)) for one in found]

    def actor(
        self, name: str, on: Day | None = None, *, first: Day | None = None, last: Day | None = None, known_by: Day | None = None
    ) -> Json:
        """An actor that day: names, members and memberships, allies, enemies; whom it fought from `first` to `last`."""
        return profiles.actor(self._view(known_by), name, _day(on), first=_day(first), last=_day(last))

    def disputes(
        self,
        *,
        place: str | None = None,
        actor: str | None = None,
        first: Day | None = None,
        last: Day | None = None,
        known_by: Day | None = None,
    ) -> list[Json]:
        """What speakers disagree on, each side with its claims, and what the rules made of it."""
        found = disputes(self._view(known_by), place=place, actor=actor, first=_day(first), last=_day(last))
        return [dispute_json(one) for one in found]

    def brief(self, first: Day, last: Day, *, area: str | None = None, most: int = MOST, known_by: Day | None = None) -> Json:
        """A situation report of those days; each sentence has a footnote with the sentence of the report that says so."""
        return _plain(brief_json(brief(self._view(known_by), _on(first), _on(last), area=area, most=most)))

    def explain(self, id: str, on: Day | None = None, known_by: Day | None = None) -> Json:
        """From the id of a claim, an incident, a report, a place or an actor down to the quoted sentences."""
        return _plain(informants.explain(self._view(known_by), id, _day(on)))

    # All of it.

    def table(self, name: str, *, first: Day | None = None, last: Day | None = None, known_by: Day | None = None) -> Table:
        """The claims, incidents, holdings or reports as flat rows, with `.to_pandas()` and `.to_arrow()`; `first`, `last`: days of the
        events. Nothing is held back or coarsened, unlike in `khabar export`, which is for publishing."""
        from khabar.exports.content import Content
        from khabar.exports.tables import ROWS, table

        if name not in ROWS:
            raise QuestionError(f"there is no table {name!r}; the tables are {', '.join(ROWS)}")
        return table(Content(self._view(known_by), _day(first), _day(last)), name)

    # As an object.

    def close(self) -> None:
        """Let the file go; a closed record answers no more."""
        self._views.clear()
        self._record.connection.close()
        self._is_closed = True

    def __enter__(self) -> OpenRecord:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._is_closed:
            return "<a closed record>"
        return f"<{', '.join(f'{name} {value}' for name, value in self._counts().items())}>"

    def _repr_html_(self) -> str:
        if self._is_closed:
            return escape(repr(self))
        rows = (f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>" for name, value in self._counts().items())
        return f"<table>{''.join(rows)}</table>"

    def _counts(self) -> dict[str, str | int]:
        """Counted in SQL: a record of a million claims must not be read to be shown."""
        outdated = [version for version, stood in self._record.standings().items() if stood.outdated]
        reports, claims, first, last = self._record.connection.execute(_COUNTS, (json.dumps(outdated),)).fetchone()
        days = f"{first} to {last}" if first else "no report has a day"
        return {"record": self._record.name, "reports": reports, "claims": claims, "published": days}

    def _view(self, known_by: Day | None) -> View:
        """What was worked out for that day, until the file changes."""
        if self._is_closed:
            raise RecordError("this record is closed; open it again with khabar.open")
        (stamp,) = self._record.connection.execute("PRAGMA data_version").fetchone()
        if stamp != self._seen:
            self._views, self._seen = {}, stamp
        day = _day(known_by)
        if day not in self._views:
            while len(self._views) >= KEPT_VIEWS:
                del self._views[next(iter(self._views))]
            self._views[day] = View(self._record, registry_for(self._record.connection), day, ids_called)
        return self._views[day]


_COUNTS = """
WITH counted AS (SELECT reading, published FROM readings JOIN reports USING (version)
                 WHERE current = 1 AND version NOT IN (SELECT value FROM json_each(?)))
SELECT count(*), (SELECT count(DISTINCT claim_id) FROM claims JOIN counted USING (reading)), min(published), max(published) FROM counted
"""


def _plain(answer: Json) -> Json:
    """As it is printed: days as text."""
    found: Json = json.loads(contract.line(answer))
    return found


def _on(value: Day) -> date:
    if (found := _day(value)) is None:
        raise QuestionError("the day is missing; expected a date, or a text like '2015-06-08'")
    return found


def _day(value: Day | None) -> date | None:
    """The day that is meant; that of an instant, such as a pandas.Timestamp, is its own."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return contract.day(value)
    except (TypeError, ValueError) as error:
        raise QuestionError(f"{value!r} is not a day; expected a date, or a text like '2015-06-08'") from error
