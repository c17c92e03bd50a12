"""A record and a time → a situation report: parts, areas, paragraphs, sentences, each with footnotes to the reports' own sentences.

Content only: `markdown`, `page.brief` and `printing.brief` draw it. Nothing is said that no claim says: a sentence without a footnote
cannot be made (`Draft.sentence`). What is known by a day is all that is looked at, so a brief of that day never changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import partial

from khabar import prose
from khabar.areas import Area
from khabar.contract import Json
from khabar.disputes import disputes
from khabar.errors import QuestionError
from khabar.evidence import informants_among
from khabar.happenings import MARGIN, is_total
from khabar.incidents import Incident
from khabar.model import Span
from khabar.prose import Line, forms
from khabar.record import Told
from khabar.ties import Tie
from khabar.unknowns import unknowns
from khabar.view import View
from khabar.window import Window, area_called, bond, claims_of, day_of
from khabar.wording import counted, day_words, place_words, speaker_words, when

MOST = 6  # paragraphs for one area in one part; the rest are counted, with the command that lists them
AREAS = 4  # times so many in the whole of a part


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
    return Draft(Window(view, first, last, area_called(view, area) if area else None), most).brief()


@dataclass(frozen=True)
class Item:
    """Something to tell, before it is put into words. `weight`: the larger, the sooner told; `day` orders what is told."""

    kind: str
    noun: str
    place: Area | None
    weight: tuple[float, ...]
    day: date
    tell: Callable[[], Sequence[Line]]
    sample: Sequence[Told]
    id: str | None = None
    standing: str | None = None


@dataclass
class Draft:
    """A brief in the making: what it looks at, and the footnotes so far."""

    window: Window
    most: int
    notes: dict[tuple[object, ...], Note] = field(default_factory=dict)

    def brief(self) -> Brief:
        window = self.window
        parts = [part for part in self._parts() if part.groups]
        name = place_words(window.scope) if window.scope else None
        days = when(window.first, window.last).partition(" ")[2]
        return Brief(
            f"Situation report{f', {name}' if name else ''}: {days.replace(' and ', ' to ')}",
            window.first,
            window.last,
            name,
            window.view.known_by,
            window.as_of,
            self._basis(),
            tuple(parts),
            tuple(self._limits()),
            tuple(self.notes.values()),
        )

    def _parts(self) -> Iterator[Part]:
        span = f"--from {self.window.first} --to {self.window.last}"
        yield self._part("territory", self._changes(), f"khabar changes RECORD {span}")
        for key, items in (("fighting", self._incidents("fighting")), ("casualties", self._tolls())):
            yield self._part(key, items, f"khabar events RECORD {span}")
        for key in ("displacement", "agreements"):
            yield self._part(key, self._incidents(key), f"khabar events RECORD {span}")
        yield self._part("ties", self._ties(), f"khabar claims RECORD --kind membership {span}", by_area=False)
        yield self._part("disputes", self._disputes(), f"khabar disputes RECORD {span}", by_area=False)
        yield self._part("unknown", self._unknown(), None, by_area=False)

    # The parts: what there is to tell.

    def _changes(self) -> Iterator[Item]:
        for place, change in self.window.changes:
            informants = informants_among(change.backing)
            weight = (place.precision not in ("exact", "near_town", None), place.parent is None, change.is_assessed, informants)
            standing = "assessed" if change.is_assessed else "claimed"
            tell = partial(prose.of_change, place, change)
            yield Item("change", "change", place, weight, change.last, tell, [change.backing[0].told], place.key, standing)

    def _incidents(self, part: str) -> Iterator[Item]:
        for one in self.window.incidents:
            if one.kind in forms()["parts"][part] and one.informants:
                tell = partial(prose.of_incident, one, self.window.happened.claims, self.window.ties)
                yield self._incident("incident", one.kind, one, tell)

    def _tolls(self) -> Iterator[Item]:
        units = forms()["casualties"]
        for one in self.window.incidents:
            if any(figure.unit in units for figure in one.figures):
                yield self._incident("toll", "casualties", one, partial(prose.of_tolls, one, self.window.happened.claims, units))

    def _incident(self, kind: str, noun: str, one: Incident, tell: Callable[[], Sequence[Line]]) -> Item:
        dead = max((figure.best for figure in one.figures if figure.unit == "killed"), default=0)
        hurt = max((figure.best for figure in one.figures), default=0)
        claims = self.window.happened.claims
        told = [claims[telling.claim_id] for telling in one.claims if telling.claim_id in claims][:1]
        weight = (dead, one.informants, hurt, len(one.claims))
        return Item(kind, noun, one.place, weight, day_of(one, self.window.last), tell, told, one.id)

    def _ties(self) -> Iterator[Item]:
        """One sentence for those whom the same speakers name: nobody is quoted for a member whom another named."""
        bonds: dict[tuple[str, str, str], list[tuple[Tie, Told]]] = {}
        for tie, item in self.window.new_ties():
            bonds.setdefault(bond(tie), []).append((tie, item))
        groups: dict[tuple[str, str, tuple[str, ...]], list[tuple[Tie, Told]]] = {}
        for (type, _, key), said in bonds.items():
            speakers = tuple(dict.fromkeys(speaker_words(item) for _, item in said))
            groups.setdefault((type, key, speakers), []).extend(said)
        for (type, _, _), said in groups.items():
            by, of = claims_of(item for _, item in said), said[0][0].of
            members = list({tie.actor.key: tie.actor for tie, _ in said}.values())
            day = min((item.known for item in by if item.known), default=self.window.last)
            weight = (type == "split_from", type == "member_of", len(by))
            yield Item("tie", "tie", None, weight, day, partial(_alone, prose.of_ties(type, of, members, by)), by[:1], of.id)

    def _disputes(self) -> Iterator[Item]:
        found = disputes(self.window.view, first=self.window.first, last=self.window.last, happened=self.window.happened)
        for rank, one in enumerate(one for one in found if self.window.inside(one.place)):
            noun = f"dispute over {one.about}"
            yield Item("dispute", noun, one.place, (-rank,), one.last, partial(prose.of_dispute, one), one.told[:1])

    def _unknown(self) -> Iterator[Item]:
        for rank, one in enumerate(unknowns(self.window, self.most)):
            yield Item("unknown", "gap", None, (-rank,), self.window.first + timedelta(days=rank), partial(_alone, one), ())

    # Putting into words.

    def _part(self, key: str, found: Iterable[Item], command: str | None, *, by_area: bool = True) -> Part:
        """The weightiest by area, each area in the order of days, and one count of the rest."""
        told, rest = self._chosen([(self.window.home(item.place) if by_area else None, item) for item in found])
        groups: dict[str | None, list[Item]] = {}
        for home, item in told:
            groups.setdefault(home, []).append(item)
        ordered = sorted(groups.items(), key=lambda pair: (pair[0] is None, -len(pair[1]), pair[0] or ""))
        areas = [
            AreaGroup((home or "Not placed") if by_area else None, tuple(map(self._paragraph, sorted(items, key=lambda item: item.day))))
            for home, items in ordered
        ]
        if rest:
            samples = [sample for item in rest for sample in item.sample]
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
        as_of = self.window.view.known_by or self.window.as_of
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
        told = [item for item in self.window.happened.claims.values() if item.known and self.window.first <= item.known <= self.window.last]
        reports, outlets = len({item.version for item in told}), len({item.outlet for item in told})
        known_by, as_of = self.window.view.known_by, self.window.as_of
        known = f"As known by {day_words(known_by)}" if known_by else "As known by all reports of the record"
        last = f", the last of {day_words(as_of)}" if as_of and not known_by else ""
        return f"{known}{last}. {counted(reports, 'report')} of {counted(outlets, 'outlet')} with claims were published in these days."

    def _limits(self) -> Iterator[str]:
        modalities = Counter(item.claim.modality for item in self.window.happened.claims.values() if self._in_time(item))
        unsure = counted(modalities["planned"] + modalities["predicted"] + modalities["possible"], "claim")
        totals = counted(sum(map(is_total, self.window.of_time)), "incident")
        for words_of in forms()["limits"]:
            yield words_of.format(unsure=unsure, totals=totals, days=MARGIN.days)

    def _in_time(self, item: Told) -> bool:
        day = item.claim.date_end or item.known
        return day is not None and self.window.first <= day <= self.window.last


def _alone(one: Line) -> list[Line]:
    return [one]


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
