"""The words of the field → frozen values that every other module speaks in.

Offsets count Unicode code points in `Report.text`; `text[start:end]` is the span. Days are `datetime.date`, both ends inclusive, None for
an open end. None always means *unknown*. Names and meanings are those of the contract (docs/reference/output.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from khabar.doc import Doc
    from khabar.trace import Trace

Span = tuple[int, int]

SectionKind = Literal["headline", "body", "caption", "comment", "boilerplate"]
Modality = Literal["asserted", "denied", "possible", "planned", "predicted", "background"]
Precision = Literal["exact", "town", "near_town", "road", "district", "province", "country", "region"]
Timex = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a report that speaks in one voice. `author`: the reader who wrote a comment, None where nobody is named."""

    kind: SectionKind
    start: int
    end: int
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One text as one outlet published it. `sha256` is of `original`, the bytes as they arrived; `id` as in the contract, section 1.

    `original_text`: what `text` is a translation of, and `translated_by` whose. `revised`: the day of this very text, where the page or
    the archive gives a later one than that of publication. `source`: the file, row or address where it was met, for messages; None where
    it comes out of a record.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    language: str | None = None
    sections: tuple[Section, ...] = ()
    sha256: str = ""
    original: bytes = field(default=b"", repr=False, compare=False)
    original_text: str | None = None
    translated_by: str | None = None
    revised: date | None = None
    source: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read: it takes its report's place and the run goes on. `warning`: it was read, with a doubt."""

    id: str
    code: str
    message: str
    source: str | None = None
    warning: bool = False


@dataclass(frozen=True, slots=True)
class ActorMention:
    """Words that name, describe or point back to an actor.

    `id`, `name`: the actor resolved to, None where unknown. `form`: "name" (a proper name), "generic" ("rebels", "the army"),
    "reference" ("the group", "they"): then `antecedent` is the span of the fullest name in the report that it stands for. `person`: the
    words name a person of no body that the registry has.
    """

    start: int
    end: int
    text: str
    id: str | None = None
    name: str | None = None
    form: Literal["name", "generic", "reference"] = "name"
    antecedent: Span | None = None
    person: bool = False


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Words that name, describe or point back to a place; coordinates WGS 84 degrees, None where no gazetteer has it.

    `head_noun`: the feature word ("village", "highway", "airbase") where the text gives one. `near`: the mention speaks of what lies
    around, near, outside or between ("the outskirts of A", "near A"). `parent`: id of the place it is a part of ("A's central prison").
    """

    start: int
    end: int
    text: str
    id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: Precision | None = None
    country: str | None = None
    admin1: str | None = None
    form: Literal["name", "generic", "reference"] = "name"
    antecedent: Span | None = None
    head_noun: str | None = None
    near: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A TIMEX3 expression; `value` as TIMEX3, the interval resolved against publication (None, None where it cannot be)."""

    start: int
    end: int
    text: str
    timex: Timex
    value: str | None = None
    date_start: date | None = None
    date_end: date | None = None


@dataclass(frozen=True, slots=True)
class QuantityMention:
    """A number with what it counts. "at least 5": low 5, high None; "some 2,000": low = high = 2000, approximate.

    `unit`: people, fighters, strikes, attacks, places, vehicles, weapons, or None where the noun is none of these; killed, injured … are
    decided by the claim's rule. `noun`: span of the words that are counted ("jihadists"), None for a bare number.
    """

    start: int
    end: int
    text: str
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    approximate: bool = False
    noun: Span | None = None


Mention = ActorMention | PlaceMention | TimeMention | QuantityMention


@dataclass(frozen=True, slots=True)
class Speaker:
    """One link in a chain of speakers: the words of the text, and the actor or medium they resolve to (None: unnamed, unknown)."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: PolNeAR's source, cue and content. `chain` runs from the outermost reporter to the innermost speaker, without the
    publishing outlet. `stance`: what the cue does to its content ("denied", "vowed to" → planned, "warned of" → predicted …)."""

    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    chain: tuple[Speaker, ...]
    stance: Modality = "asserted"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A verb or event noun and its factuality, −3 (did not happen) to 3 (happened)."""

    start: int
    end: int
    value: float


@dataclass(frozen=True, slots=True)
class Participant:
    """The actor or recipient of a claim: words as in the report, offsets of those words (None: supplied from context), resolution."""

    text: str
    start: int | None = None
    end: int | None = None
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a claim: words, offsets, resolution; `near`, `parent` and `country` as in PlaceMention."""

    text: str
    start: int | None = None
    end: int | None = None
    id: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    precision: Precision | None = None
    country: str | None = None
    admin1: str | None = None
    near: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many: killed, injured, missing, detained, displaced, people, fighters, strikes, attacks, places, vehicles, weapons."""

    low: int | None
    high: int | None
    unit: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What one speaker says happened or is so: one kind, one actor, one place, one chain of speakers (contract, section 2).

    `confidence`: how likely the model holds a claim that no rule made, 0 to 1; None for the claims of rules, which are exact or wrong, and
    for those that a record of form 1 or 2 brought.
    """

    claim_id: str
    report_id: str
    start: int
    end: int
    section: SectionKind
    kind: str
    trigger: Span
    actor: Participant | None = None
    recipient: Participant | None = None
    place: Place | None = None
    date_start: date | None = None
    date_end: date | None = None
    date_text: str | None = None
    quantity: Quantity | None = None
    modality: Modality = "asserted"
    attribution: tuple[Speaker, ...] = ()
    rule: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class Reading:
    """A report and all that was read in it. Each step of `reading.STEPS` returns a fuller one; `doc` is None only before parsing.

    `rules`: SHA-256 of the rules in force. `trace`: filled by the steps where a reader asks why, else None. `doubts`: warnings about what
    was read. `told_on`: the day from which the report's times count, where that is not its day of publication.
    """

    report: Report
    doc: Doc | None = field(default=None, compare=False, repr=False)
    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    predicates: tuple[Predicate, ...] = ()
    claims: tuple[Claim, ...] = ()
    rules: str = ""
    trace: Trace | None = field(default=None, compare=False, repr=False)
    doubts: tuple[Failure, ...] = ()
    told_on: date | None = None

    @property
    def tree(self) -> Doc:
        """The parsed text. Asking before it is parsed is a mistake in the program."""
        if self.doc is None:
            raise ValueError(f"report {self.report.id} is not parsed yet")
        return self.doc


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided about a claim: signed, dated, and known from the day on which it was signed (`signed_at`, a UTC instant).

    `verdict`: accept, reject, correct (with the `fields` of the claim as they should be) or withdraw (the review `withdraws`).
    """

    review_id: str
    claim_id: str
    verdict: str
    reason: str
    signed_by: str
    signed_at: str
    fields: tuple[tuple[str, str], ...] = ()
    withdraws: str | None = None

    @property
    def known(self) -> date:
        return date.fromisoformat(self.signed_at[:10])
