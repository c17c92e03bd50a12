"""A record and a time → a situation report: parts, areas, paragraphs, sentences, each with footnotes to the reports' own sentences.

Content only: `markdown`, `page.brief` and `printing.brief` draw it. Nothing is said that no claim says: a sentence without a footnote
cannot be made (`Draft.sentence`). What is known by a day is all that is looked at, so a brief of that day never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import cached_property

from khabar import prose
from khabar.actorfiles import load_countries
from khabar.answers import View, find_place, steps
from khabar.contract import Json
from khabar.control import Change
from khabar.disputes import disputes
from khabar.errors import QuestionError
from khabar.evidence import WIDE, Area, Party, Tie, lies_in, words
from khabar.happenings import MARGIN, Happenings, happenings, is_total, told_of
from khabar.incidents import Incident
from khabar.model import Span
from khabar.prose import Line, forms, line
from khabar.record import Told
from khabar.wording import counted, day_words, joined, place_words, plain, speaker_words, when

MOST = 6  # paragraphs for one area in one part; the rest are counted, with the command that lists them
AREAS = 4  # times so many in the whole of a part
SILENT = timedelta(days=30)  # a place not told of for so long is listed as silent; not measured
QUIET = 3  # days in a row on which nothing was published that are a gap


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: the sentence as the report has it, `marks` on the words that make the claims, and who says it to whom."""

    number: int
    outlet: str | None
    published: date | None
    chain: tuple[str, ...]
    sentence: str
    marks: tuple[Span, ...]
    url: str | None
    report_id: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of ours and the numbers of the notes under them, at least one."""

    words: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one happening, change, dispute or gap comes to. `kind`: change, incident, toll, tie, dispute, unknown, rest. `id`: of the
    incident or place, None where there is none. `standing`: "assessed" or "claimed", of a change."""

    kind: str
    sentences: tuple[Sentence, ...]
    id: str | None = None
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The paragraphs of one province or country; `area` None where a part is not told by area."""

    area: str | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part. `remark`: how to read it. `command`: what lists all that it condenses, None where it condenses nothing."""

    key: str
    title: str
    groups: tuple[AreaGroup, ...]
    remark: str | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A situation report. `as_of`: the day that its figures are known by."""

    title: str
    first: date
    last: date
    area: str | None
    known_by: date | None
    as_of: date | None
    basis: str
    parts: tuple[Part, ...]
    limits: tuple[str, ...]
    notes: tuple[Note, ...]

    @property
    def sentences(self) -> list[Sentence]:
        return [s for part in self.parts for group in part.groups for paragraph in group.paragraphs for s in paragraph.sentences]


def brief(view: View, first: date, last: date, *, area: str | None = None, most: int = MOST) -> Brief:
    """The situation report of those days, both ends included; of what lies in `area` where one is named. QuestionError for days that run
    backwards or a place that the record does not name."""
    if first > last:
        raise QuestionError(f"--from {first} is after --to {last}")
    return Draft(view, first, last, find_place(view, area) if area else None, most).brief()


@dataclass(frozen=True)
class Item:
    """Something to tell, before it is put into words. `weight`: the larger, the sooner told; `day` orders what is told."""

    kind: str
    noun: str
    place: Area | None
    weight: tuple[float, ...]
    day: date
    tell: Callable[[], Sequence[Line]]
    sample: Callable[[], Sequence[Told]]
    id: str | None = None
    standing: str | None = None


@dataclass
class Draft:
    """A brief in the making: what it looks at, and the footnotes so far."""

    view: View
    first: date
    last: date
    scope: Area | None
    most: int
    notes: dict[tuple[object, ...], Note] = field(default_factory=dict)

    def brief(self) -> Brief:
        parts = [part for part in self._parts() if part.groups]
        name = place_words(self.scope) if self.scope else None
        days = when(self.first, self.last).partition(" ")[2]
        return Brief(
            f"Situation report{f', {name}' if name else ''}: {days.replace(' and ', ' to ')}",
            self.first,
            self.last,
            name,
            self.view.known_by,
            self.as_of,
            self._basis(),
            tuple(parts),
            tuple(self._limits()),
            tuple(self.notes.values()),
        )

    def _parts(self) -> Iterator[Part]:
        span = f"--from {self.first} --to {self.last}"
        yield self._part("territory", self._changes(), f"khabar changes RECORD {span}")
        for key, items in (("fighting", self._incidents("fighting")), ("casualties", self._tolls())):
            yield self._part(key, items, f"khabar events RECORD {span}")
        for key in ("displacement", "agreements"):
            yield self._part(key, self._incidents(key), f"khabar events RECORD {span}")
        yield self._part("ties", self._ties(), f"khabar claims RECORD --kind membership {span}", by_area=False)
        yield self._part("disputes", self._disputes(), f"khabar disputes RECORD {span}", by_area=False)
        yield self._part("unknown", self._unknown(), None, by_area=False)

    # What it looks at.

    @cached_property
    def happened(self) -> Happenings:
        return happenings(self.view, self.first, self.last)

    @cached_property
    def incidents(self) -> list[Incident]:
        """Incidents of the time and the area, but for those that only count over years."""
        return [one for one in self.happened.incidents if self._inside(one.place) and self._ends(one) and not is_total(one)]

    @cached_property
    def as_of(self) -> date | None:
        """The last day of publication that was looked at."""
        return max((item.known for item in self.view.told if item.known), default=None)

    @cached_property
    def until(self) -> date:
        """The last day of the time on which something could be known."""
        return min(self.last, self.view.known_by or self.last)

    def _ends(self, incident: Incident) -> bool:
        end = incident.date_end or max((telling.known for telling in incident.claims if telling.known), default=None)
        return end is not None and self.first <= end <= self.last

    def _inside(self, place: Area | None) -> bool:
        if self.scope is None:
            return True
        return place is not None and any(_lies_in(one, self.scope) for one in self._up(place))

    def _up(self, place: Area) -> Iterator[Area]:
        """The place and what it is a part of."""
        yield place
        parent = self.view.areas.get(place.parent or "")
        if parent and parent.key != place.key:
            yield parent

    def _home(self, place: Area | None) -> str | None:
        """The name of the province, or else of the country, that a place lies in; None where neither is known."""
        ups = list(self._up(place)) if place else []
        country = next((_country(one.country) for one in ups if one.country), None)
        own = [plain(one.name) for one in ups if one.precision == "province"]
        province = next((plain(one.admin1) for one in ups if one.admin1), own[0] if own else None)
        return ", ".join(part for part in (province, country) if part) or None

    # The parts: what there is to tell.

    def _changes(self) -> Iterator[Item]:
        for place in told_of(self.view, self.first, self.last):
            if not self._inside(place):
                continue
            for _, change in steps(self.view.line(place)):
                if self.first <= change.last <= self.last:
                    yield self._change(place, change)

    def _change(self, place: Area, change: Change) -> Item:
        standing = "assessed" if change.is_assessed else "claimed"
        informants = len({piece.informant for piece in change.backing})
        weight = (place.precision not in ("exact", "near_town", None), place.parent is None, change.is_assessed, informants)
        told = [piece.told for piece in change.backing]
        tell = lambda: prose.of_change(place, change)  # noqa: E731
        return Item("change", "change", place, weight, change.last, tell, lambda: told[:1], place.key, standing)

    def _incidents(self, part: str) -> Iterator[Item]:
        claims, ties = self.happened.claims, self.view.ties
        for one in self.incidents:
            if one.kind in forms()["parts"][part] and one.informants:
                yield self._incident(one, lambda one=one: prose.of_incident(one, claims, ties))  # type: ignore[misc]

    def _tolls(self) -> Iterator[Item]:
        claims, units = self.happened.claims, forms()["casualties"]
        for one in self.incidents:
            if any(figure.unit in units for figure in one.figures):
                yield self._incident(one, lambda one=one: prose.of_tolls(one, claims, units), kind="toll")  # type: ignore[misc]

    def _incident(self, one: Incident, tell: Callable[[], Sequence[Line]], kind: str = "incident") -> Item:
        dead = max((figure.best or figure.low or 0 for figure in one.figures if figure.unit == "killed"), default=0)
        hurt = max((figure.best or figure.low or 0 for figure in one.figures), default=0)
        day = one.date_end or max((telling.known for telling in one.claims if telling.known), default=self.last)
        told = [self.happened.claims[telling.claim_id] for telling in one.claims[:1] if telling.claim_id in self.happened.claims]
        noun = "casualties" if kind == "toll" else one.kind
        return Item(kind, noun, one.place, (dead, one.informants, hurt, len(one.claims)), day, tell, lambda: told, one.id)

    def _ties(self) -> Iterator[Item]:
        """Ties told in the time by claims; those told before are no news."""
        told = {item.claim.claim_id: item for item in self.view.told}
        days = {id: item.claim.date_start or item.known for id, item in told.items()}
        before = {_bond(tie) for tie in self.view.ties.said if (day := days.get(tie.claim_id or "")) and day < self.first}
        bonds: dict[tuple[str, str, str], list[Tie]] = {}
        for tie in self.view.ties.said:
            day = days.get(tie.claim_id or "")
            news = day is not None and self.first <= day <= self.last and _bond(tie) not in before and not self._old_friends(tie)
            if news and not tie.actor.is_generic and not tie.of.is_generic and self._inside_told(told[str(tie.claim_id)]):
                bonds.setdefault(_bond(tie), []).append(tie)
        # One sentence for those whom the same speakers name: nobody is quoted for a member whom another named.
        groups: dict[tuple[str, str, tuple[str, ...]], list[Tie]] = {}
        for (type, _, of), ties in bonds.items():
            speakers = tuple(dict.fromkeys(speaker_words(told[str(tie.claim_id)]) for tie in ties))
            groups.setdefault((type, of, speakers), []).extend(ties)
        for (type, _, _), ties in groups.items():
            by = list({id: told[id] for tie in ties if (id := tie.claim_id)}.values())
            yield self._tie(type, ties[0].of, list({tie.actor.key: tie.actor for tie in ties}.values()), by)

    def _old_friends(self, tie: Tie) -> bool:
        """Allies whom the registry has on one side anyhow."""
        both = tie.actor.id, tie.of.id
        return tie.type == "allied_with" and None not in both and bool(self.view.ties.aligned(tie.actor, tie.of, self.first))

    def _tie(self, type: str, of: Party, members: Sequence[Party], by: Sequence[Told]) -> Item:
        day = min(item.known for item in by if item.known) if any(item.known for item in by) else self.last
        weight = (type == "split_from", type == "member_of", len(by))
        return Item("tie", "tie", None, weight, day, lambda: [prose.of_ties(type, of, members, by)], lambda: by[:1], of.id)

    def _inside_told(self, item: Told) -> bool:
        return self.scope is None or (item.claim.place is not None and self._inside(self.view.ties.names.area(item.claim.place)))

    def _disputes(self) -> Iterator[Item]:
        found = disputes(self.view, first=self.first, last=self.last, happened=self.happened)
        for rank, one in enumerate(one for one in found if self._inside(one.place)):
            tell = lambda one=one: prose.of_dispute(one)  # noqa: E731
            yield Item("dispute", f"dispute over {one.about}", one.place, (-rank,), one.last, tell, lambda one=one: one.told[:1])  # type: ignore[misc]

    # What is not known: each told by the last sentence before the silence.

    def _unknown(self) -> Iterator[Item]:
        lines = [*self._contested(), *self._undated_changes(), *self._silent(), *self._gaps(), *self._undated_reports()]
        for rank, one in enumerate(lines):
            yield Item("unknown", "gap", None, (-rank,), self.first + timedelta(days=rank), lambda one=one: [one], lambda: [])  # type: ignore[misc]

    def _contested(self) -> Iterator[Line]:
        found = []
        for place in told_of(self.view, self.first, self.last):
            period = self.view.line(place).at(self.until)
            if period.status == "contested" and period.fighting and _is_town(place) and self._inside(place):
                found.append((place, [piece.told for piece in period.fighting]))
        for place, told in sorted(found, key=lambda pair: (-len(pair[1]), pair[0].key))[: self.most]:
            yield line(
                f"{place_words(place)} was contested on {day_words(self.until)}: there was fighting, and nobody tells how it ended", told
            )

    def _undated_changes(self) -> Iterator[Line]:
        found = [item for item in self._changes() if item.place]
        steps_of = [
            (place, change)
            for item in found
            if (place := item.place)
            for _, change in steps(self.view.line(place))
            if self.first <= change.last <= self.last and change.first is None
        ]
        if steps_of:
            names = joined((place_words(place) for place, _ in steps_of), most=8)
            told = [piece.told for _, change in steps_of for piece in change.backing[:1]]
            yield line(f"No report tells the first day on which these may have changed hands: {names}", told)

    def _silent(self) -> Iterator[Line]:
        """Places with a holder told once and nothing for long; the most told-of first."""
        last: dict[str, Told] = {}
        tally: Counter[str] = Counter()
        for item in self.view.told:
            if item.claim.place and item.claim.kind in words()["roles"] and item.known and item.known <= self.until:
                key = self.view.ties.names.area(item.claim.place).key
                tally[key] += 1
                last[key] = item  # claims come in the order of publication
        towns = [(place, last[place.key]) for place in self.view.areas.values() if place.key in last and _is_town(place)]
        silent = [(place, told, day) for place, told in towns if (day := told.known) and self.until - day > SILENT and self._inside(place)]
        silent.sort(key=lambda row: (-tally[row[0].key], row[0].key))
        for place, told, day in silent[: self.most]:
            age = counted((self.until - day).days, "day")
            yield line(f"Who holds {place_words(place)} was last told of on {day_words(day)}, {age} before the end of this time", [told])
        if rest := [told for _, told, _ in silent[self.most :]]:
            yield line(f"{counted(len(rest), 'more place')} had not been told of for more than {SILENT.days} days", rest)

    def _gaps(self) -> Iterator[Line]:
        """Runs of days on which no report was published; its footnotes are the last claim before and the first after."""
        by_day: dict[date, Told] = {}
        for item in self.happened.claims.values():
            if item.known and self._inside_told(item):
                by_day.setdefault(item.known, item)
        days = sorted(by_day)
        edges = [*(day for day in days if self.first <= day <= self.until), self.until + timedelta(days=1)]
        before = max((day for day in days if day < self.first), default=None)
        gaps = []
        for day in edges:
            start = max(before, self.first - timedelta(days=1)) if before else self.first - timedelta(days=1)
            empty = (day - start).days - 1
            if empty >= QUIET:
                gaps.append((empty, start + timedelta(days=1), day - timedelta(days=1), [by_day[d] for d in (before, day) if d in by_day]))
            before = day
        for _, start, end, told in sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:3]:
            if told:
                yield line(f"No report in the record was published {when(start, end)}", told)

    def _undated_reports(self) -> Iterator[Line]:
        undated = {item.version: item for item in reversed(self.view.told) if item.known is None and self._inside_told(item)}
        if undated:
            yield line(
                f"{counted(len(undated), 'report')} {'has' if len(undated) == 1 else 'have'} no day of publication", undated.values()
            )

    # Putting into words.

    def _part(self, key: str, found: Iterable[Item], command: str | None, *, by_area: bool = True) -> Part:
        """The weightiest by area, each area in the order of days, and one count of the rest."""
        told, rest = self._chosen([(self._home(item.place) if by_area else None, item) for item in found])
        groups: dict[str | None, list[Item]] = {}
        for home, item in told:
            groups.setdefault(home, []).append(item)
        ordered = sorted(groups.items(), key=lambda pair: (pair[0] is None, -len(pair[1]), pair[0] or ""))
        areas = [
            AreaGroup((home or "Not placed") if by_area else None, tuple(map(self._paragraph, sorted(items, key=lambda item: item.day))))
            for home, items in ordered
        ]
        if rest:
            samples = [sample for item in rest for sample in item.sample()]
            left = Paragraph("rest", (self.sentence(prose.of_rest([item.noun for item in rest], samples)),))
            areas.append(AreaGroup(None, (left,)))
        return Part(key, forms()["titles"][key], tuple(areas), self._remark(key), command if rest else None)

    def _chosen(self, found: Sequence[tuple[str | None, Item]]) -> tuple[list[tuple[str | None, Item]], list[Item]]:
        """The weightiest: `most` of one area, and of all areas four times as many."""
        told: list[tuple[str | None, Item]] = []
        rest: list[Item] = []
        tally: Counter[str | None] = Counter()
        for home, item in sorted(found, key=lambda pair: (*(-float(n) for n in pair[1].weight), pair[1].day, pair[1].id or "")):
            if item.kind != "unknown" and (tally[home] >= self.most or len(told) >= AREAS * self.most):
                rest.append(item)
            else:
                tally[home] += 1
                told.append((home, item))
        return told, rest

    def _paragraph(self, item: Item) -> Paragraph:
        return Paragraph(item.kind, tuple(map(self.sentence, item.tell())), item.id, item.standing)

    def _remark(self, key: str) -> str | None:
        as_of = self.view.known_by or self.as_of
        if key != "casualties" or as_of is None:
            return None
        return f"Figures as known by {day_words(as_of)}: the lowest and the highest that was told of one incident, and the best estimate."

    def sentence(self, one: Line) -> Sentence:
        """A sentence of the brief, its claims made into footnotes; a sentence that rests on none is a mistake in the program."""
        if not one.by:
            raise ValueError(f"a sentence that no claim says: {one.words!r}")
        return Sentence(one.words, tuple(dict.fromkeys(self._note(item) for item in one.by)))

    def _note(self, item: Told) -> int:
        claim = item.claim
        key = (item.version, claim.start, claim.end, tuple(link.text for link in claim.attribution))
        held = self.notes.get(key)
        marks, ids = [*(held.marks if held else ()), *_marks(item)], [*(held.claim_ids if held else ()), claim.claim_id]
        self.notes[key] = Note(
            held.number if held else len(self.notes) + 1,
            item.outlet,
            item.known,
            tuple(link.text for link in claim.attribution),
            item.sentence,
            _merged(marks),
            item.url,
            claim.report_id,
            tuple(dict.fromkeys(ids)),
        )
        return self.notes[key].number

    # What stands around it.

    def _basis(self) -> str:
        told = [item for item in self.happened.claims.values() if item.known and self.first <= item.known <= self.last]
        reports, outlets = len({item.version for item in told}), len({item.outlet for item in told})
        known = f"As known by {day_words(self.view.known_by)}" if self.view.known_by else "As known by all reports of the record"
        last = f", the last of {day_words(self.as_of)}" if self.as_of and not self.view.known_by else ""
        return f"{known}{last}. {counted(reports, 'report')} of {counted(outlets, 'outlet')} with claims were published in these days."

    def _limits(self) -> Iterator[str]:
        modalities = Counter(item.claim.modality for item in self.happened.claims.values() if self._in_time(item))
        unsure = modalities["planned"] + modalities["predicted"] + modalities["possible"]
        totals = sum(1 for one in self.happened.incidents if is_total(one) and self._inside(one.place) and self._ends(one))
        for words_of in forms()["limits"]:
            yield words_of.format(unsure=counted(unsure, "claim"), totals=counted(totals, "incident"), days=MARGIN.days)

    def _in_time(self, item: Told) -> bool:
        day = item.claim.date_end or item.known
        return day is not None and self.first <= day <= self.last


def _bond(tie: Tie) -> tuple[str, str, str]:
    return (tie.type, tie.actor.key, tie.of.key)


def _is_town(place: Area) -> bool:
    """Is it a place whose holder somebody would ask about: no quarter, no checkpoint, no province?"""
    return place.precision not in WIDE and place.parent is None and place.latitude is not None


def _lies_in(place: Area, scope: Area) -> bool:
    if place.key == scope.key or (place.parent is not None and place.parent in (scope.key, scope.id)):
        return True
    if scope.precision == "country":
        return place.country is not None and place.country == scope.country
    return lies_in(place, scope)


def _country(code: str | None) -> str | None:
    return next((country.name for country in load_countries() if country.code == code), code)


def _marks(item: Told) -> list[Span]:
    """Where in the sentence stand the trigger, the doer, the sufferer and the place."""
    claim = item.claim
    named = [(part.start, part.end) for part in (claim.actor, claim.recipient, claim.place) if part]
    spans = [claim.trigger, *((start, end) for start, end in named if start is not None and end is not None)]
    return [(start - claim.start, end - claim.start) for start, end in spans if claim.start <= start < end <= claim.end]


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch made one.

    >>> _merged([(5, 9), (0, 2), (8, 12)])
    ((0, 2), (5, 12))
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def brief_json(made: Brief) -> Json:
    """The brief as plain values; the notes of a sentence are numbers in `notes`."""
    return asdict(made)
