"""A row of ACLED or UCDP GED → a reading: the row as its text, the columns that a claim rests on as its sentence, and its claims.

A row has no sentence of anybody's. What is quoted is the row itself: "column: value", first the columns that the claims are made from, then
all others. Its actors and its place are looked up as those of reports are, so that both are found under one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from khabar.actorfiles import Actor
from khabar.contract import claim_id
from khabar.dataset_files import Row
from khabar.datasets import Cells, Event, event_of, known
from khabar.gazetteer import Entry, Gazetteer, distance
from khabar.model import Claim, Participant, Place, Precision, Quantity, Reading, Report, Span
from khabar.registry import Registry
from khabar.roles import CODED
from khabar.romanising import without_feature

MARK = " | "
"""Between two columns of a row as text."""
NO_LANGUAGE = "zxx"
"""ISO 639: no linguistic content. Rows are alike without being copied: `copies` leaves them out."""


@dataclass(frozen=True)
class Text:
    """A row as text. `where`: the span of each value; `sentence`: the columns that claims rest on; `rest`: all others, None without."""

    words: str
    where: Mapping[str, Span]
    sentence: Span
    rest: Span | None

    @classmethod
    def of(cls, cells: Cells, layout: str) -> Text:
        quoted = [name for name in known("imports")["quoted"][layout] if cells.get(name)]
        others = [name for name, value in cells.items() if value and name not in quoted]
        where: dict[str, Span] = {}
        first = _line(cells, quoted, 0, where)
        more = _line(cells, others, len(first) + 1, where)
        words = f"{first}\n{more}" if more else first
        return cls(words, where, (0, len(first)), (len(first) + 1, len(words)) if more else None)


def _line(cells: Cells, names: list[str], at: int, where: dict[str, Span]) -> str:
    parts = []
    for name in names:
        value = " ".join(cells[name].split())
        start = at + len(name) + 2
        where[name] = start, start + len(value)
        parts.append(f"{name}: {value}")
        at = start + len(value) + len(MARK)
    return MARK.join(parts)


class Coder:
    """Makes readings of rows. `published`: the day of a row that names none of its own."""

    def __init__(self, layout: str, speaker: str, published: date | None, registry: Registry, gazetteer: Gazetteer) -> None:
        self.layout, self.speaker, self.published = layout, speaker, published
        self.names, self.spots = Actors(registry), Spots(registry, gazetteer)
        self.slug = "-".join(re.findall(r"\w+", speaker.casefold())) or "dataset"

    def reading(self, row: Row, cells: Cells) -> tuple[Reading, list[Span]]:
        """The reading of a row, and the spans of its sentences; ValueError where it is no event."""
        event = event_of(cells, self.layout, row.number)
        text, report_id = Text.of(cells, self.layout), f"{self.slug}:{event.id}"
        report = Report(
            id=report_id,
            text=text.words,
            title=f"{self.speaker}, event {event.id}",
            url=report_id,  # where another version of the same row will be found
            outlet=self.speaker,
            published=self._known(cells),
            language=NO_LANGUAGE,
            sha256=sha256(row.original).hexdigest(),
            original=row.original,
        )
        claims = tuple(self._claims(event, cells, text, report_id))
        return Reading(report, claims=claims), [text.sentence, *([text.rest] if text.rest else [])]

    def _known(self, cells: Cells) -> date | None:
        """ACLED's rows say when they were published, in seconds since 1970; GED's do not."""
        stamp = cells.get("timestamp", "") if self.layout == "acled" else ""
        return datetime.fromtimestamp(int(stamp), UTC).date() if re.fullmatch(r"\d{9,10}", stamp) else self.published

    def _claims(self, event: Event, cells: Cells, text: Text, report_id: str) -> Iterator[Claim]:
        kind, told_in = self._kind(cells)
        columns, country = self._sides(cells, kind), self.spots.country(cells.get("country", ""))
        actor, recipient = (self.names.participant(cells, column, text, event.date_end, country) for column in columns)
        place = self.spots.place(cells, self.layout, text, event, country)
        shared = _Shared(report_id, text, event, place, cells.get("event_date") or cells["date_start"], self.layout)
        if kind:
            yield shared.claim(kind, text.where[told_in], actor, recipient)
        deadly = event.killed[1] if event.killed else 0
        if deadly:
            one_sided = {cells.get("type_of_violence"), cells.get("event_type")} & set(known("imports")["one_sided"])
            count = text.where["fatalities" if self.layout == "acled" else "best"]
            yield shared.claim("casualties", count, *((actor, recipient) if one_sided else (None, None)), dead=deadly)

    def _kind(self, cells: Cells) -> tuple[str | None, str]:
        """Our kind, and the column that says so."""
        if self.layout == "ged":
            return known("imports")["ged"].get(cells.get("type_of_violence", "")), "type_of_violence"
        kinds = known("imports")["acled"]
        for column in ("sub_event_type", "event_type"):
            if found := kinds.get(cells.get(column, "")):
                return str(found), column
        return None, "event_type"

    def _sides(self, cells: Cells, kind: str | None) -> tuple[str, str]:
        """The columns of who did it and who suffered it. Of ACLED's two actors either may have won."""
        if self.layout == "ged":
            return "side_a", "side_b"
        by_state = known("imports")["won_by_state"].get(cells.get("sub_event_type", "")) if kind == "capture" else None
        if by_state is not None and _is_state(cells, "1") != by_state and _is_state(cells, "2") == by_state:
            return "actor2", "actor1"
        return "actor1", "actor2"


def _is_state(cells: Cells, number: str) -> bool:
    code, name = cells.get(f"inter{number}", ""), cells.get(f"actor{number}", "")
    if code:
        return code in known("imports")["state_codes"]
    return name.startswith(tuple(known("imports")["state_names"]))


@dataclass(frozen=True)
class _Shared:
    """What the claims of one row have in common."""

    report_id: str
    text: Text
    event: Event
    place: Place | None
    date_text: str
    layout: str

    def claim(self, kind: str, trigger: Span, actor: Participant | None, recipient: Participant | None, *, dead: int = 0) -> Claim:
        names = [part.text if part else None for part in (actor, recipient, self.place)]
        return Claim(
            claim_id=claim_id(self.report_id, kind, self.text.sentence, trigger, names[0], names[1], names[2], []),
            report_id=self.report_id,
            start=self.text.sentence[0],
            end=self.text.sentence[1],
            section="body",
            kind=kind,
            trigger=trigger,
            actor=actor,
            recipient=recipient,
            place=self.place,
            date_start=self.event.date_start,
            date_end=self.event.date_end,
            date_text=self.date_text,
            quantity=Quantity(dead, dead, "killed") if dead else None,
            rule=f"{CODED}{self.layout}",
        )


# --- who


class Actors:
    """Names as a dataset writes them → participants, under the registry's names."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known = lru_cache(maxsize=50_000)(self._look_up)

    def participant(self, cells: Cells, column: str, text: Text, on: date, country: str | None) -> Participant | None:
        """None where the column is empty, or names nobody: "Unidentified Armed Group (Syria)"."""
        if column not in text.where:
            return None
        start, end = text.where[column]
        id, name = self._known(words := text.words[start:end], on, country)
        return Participant(words, start, end, id, name) if name else None

    def _look_up(self, words: str, on: date, country: str | None) -> tuple[str | None, str | None]:
        bare, lists = bare_name(words), known("imports")
        if bare.partition(" ")[0].casefold() in lists["nobody"]:
            return None, None
        if bare.casefold() in lists["common"]:
            return None, bare.casefold()
        actor = actor_called(self._registry, bare, on, country)
        return (actor.id, actor.name) if actor else (None, bare)


def bare_name(words: str) -> str:
    """ "HTS: Hayat Tahrir al-Sham (2017-)" without its years and its short form.

    >>> bare_name("HTS: Hayat Tahrir al-Sham (2017-)"), bare_name("Civilians (Syria)")
    ('Hayat Tahrir al-Sham', 'Civilians')
    """
    return words.partition(" (")[0].rpartition(": ")[2].strip() or words


def actor_called(registry: Any, bare: str, on: date, country: str | None = None) -> Actor | None:
    """The actor of the registry; the forces of a state by the state: "Military Forces of Syria" (ACLED), "Government of Syria" (UCDP)."""
    if not isinstance(registry, Registry):
        return None
    if actor := registry.resolve(bare, on=on, countries=(country,) if country else ()):
        return actor
    found = re.fullmatch(r"(?:Military Forces|Government) of (?:the )?(.+)", bare)
    state = registry.country_of(found[1]) if found else None
    return registry.state_actor(state, on=on) if state else None


# --- where

Point = tuple[float, float]


class Spots:
    """The place of a row: the gazetteer's of that name near the row's point, or else the point itself."""

    def __init__(self, registry: Registry, gazetteer: Gazetteer) -> None:
        self._registry, self._gazetteer = registry, gazetteer
        self._named = lru_cache(maxsize=50_000)(self._look_up)

    def place(self, cells: Cells, layout: str, text: Text, event: Event, country: str | None) -> Place | None:
        """None where the row has no words for it."""
        precision = self._precision(cells, layout)
        column = self._column(cells, layout, precision)
        if column is None:
            return None
        start, end = text.where[column]
        words = text.words[start:end]
        at = event.latitude, event.longitude
        entry = self._named(words, at, precision, country)
        near = precision in ("near_town", "road")
        if entry:
            admin1 = entry.admin1 or cells.get("admin1") or cells.get("adm_1") or None
            return Place(words, start, end, entry.id, entry.name, *self._point(entry, at), precision, entry.country, admin1, near)
        id = f"point:{at[0]:.3f},{at[1]:.3f}" if precision in ("town", "near_town") else None
        return Place(
            words,
            start,
            end,
            id,
            without_feature(words) if id else None,
            *at,
            precision,
            country,
            cells.get("admin1") or cells.get("adm_1") or None,
            near,
        )

    @staticmethod
    def _point(entry: Entry, at: Point) -> Point:
        """The gazetteer's, so that one place has one point."""
        return (entry.latitude, entry.longitude) if entry.latitude is not None and entry.longitude is not None else at

    @staticmethod
    def _precision(cells: Cells, layout: str) -> Precision:
        code = cells.get("geo_precision" if layout == "acled" else "where_prec", "")
        found: Precision = known("imports")["precision"][layout].get(code, "town")
        return found

    @staticmethod
    def _column(cells: Cells, layout: str, precision: Precision) -> str | None:
        """Where the row names the place as precisely as it knows it."""
        own = ["location"] if layout == "acled" else ["where_coordinates"]
        wide = ["admin1", "adm_1"] if precision == "province" else ["country"] if precision == "country" else []
        return next((name for name in (*wide, *own, "admin1", "adm_1", "country") if cells.get(name)), None)

    def country(self, words: str) -> str | None:
        return self._registry.country_of(words) or self._registry.country_of(words.partition(" (")[0])

    def _look_up(self, words: str, at: Point, precision: Precision, country: str | None) -> Entry | None:
        wide = precision in ("district", "province", "country", "region")
        for found in (self._gazetteer.exact(words), self._gazetteer.similar(words, (country,)) if country and not wide else ()):
            near = [(self._apart(entry, at), entry) for entry in found if self._fits(entry, precision, country)]
            if wide and near:
                return near[0][1]
            near = [pair for pair in near if pair[0] <= known("imports")["same_place_km"]]
            if near:
                return min(near, key=lambda pair: pair[0])[1]
        return None

    @staticmethod
    def _fits(entry: Entry, precision: Precision, country: str | None) -> bool:
        if precision in ("district", "province", "country", "region"):
            return entry.precision == precision and country in (None, entry.country)
        return entry.precision in ("town", "exact")

    @staticmethod
    def _apart(entry: Entry, at: Point) -> float:
        return distance((entry.latitude, entry.longitude), at) if entry.latitude is not None and entry.longitude is not None else 1e9
