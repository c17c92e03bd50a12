"""A reading → the rows under which a record keeps it (schema.sql), and the names that are hashes of them.

Apart from the record, so that they can be made in another process than the one that writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from khabar.contract import Json, canonical, claim_json, digest, iso, mention_json
from khabar.model import Claim, Failure, Reading, Report, Span

Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """`version` and `key` name the report and the reading; a row has the columns of its table in their order. Of `sentences`: start, end,
    text; of `claims`: their columns but the reading and the sentence, whose number among the sentences stands last."""

    report: Report
    version: str
    key: str
    reading: Row
    sentences: Sequence[Row]
    mentions: Sequence[Row]
    claims: Sequence[Row]
    doubts: Sequence[Failure]


def as_rows(reading: Reading, sentences: Sequence[Span]) -> Rows:
    """`sentences`: spans of all sentences of the report; those of the claims are always among them."""
    report, text = reading.report, reading.report.text
    spans, claims = all_sentences(reading, sentences), _claims_by_id(reading)
    mentions = [mention_json(mention) for mention in reading.mentions]
    told = {id: claim_json(claim) for id, claim in claims.items()}
    version = version_of(report)
    key = key_of(version, report, spans, mentions, [told[id] for id in sorted(told)])
    at = {span: number for number, span in enumerate(spans)}
    return Rows(
        report,
        version,
        key,
        (report.title, report.author, report.language, canonical(sections_json(report)), reading.rules),
        [(start, end, text[start:end]) for start, end in spans],
        [(*(one[name] for name in _MENTION), canonical(one)) for one in mentions],
        [(*_claim_row(told[id]), at[claim.start, claim.end]) for id, claim in claims.items()],
        reading.doubts,
    )


_MENTION = ("start", "end", "kind", "text", "id", "name")
_PLAIN = ("claim_id", "section", "kind", "modality", "date_start", "date_end", "date_text", "rule", "confidence")
_PACKED = ("actor", "recipient", "place", "quantity")
CLAIM = (*_PLAIN, *_PACKED, "attribution", "trigger_start", "trigger_end")
"""The columns of a row of `claims`."""


def _claim_row(one: Json) -> Row:
    packed = [canonical(one[name]) if one[name] is not None else None for name in _PACKED]
    return (*(one.get(name) for name in _PLAIN), *packed, canonical(one["attribution"]), *one["trigger"])


def version_of(report: Report) -> str:
    """The name of this text as published: the same id or address with another text, or on another day, is another version."""
    return digest([report.id, report.sha256, report.outlet, iso(report.published), report.url, report.text])[:32]


def key_of(version: str, report: Report, sentences: Sequence[Span], mentions: Sequence[object], claims: Sequence[object]) -> str:
    """The name of what was read: a hash of all of it. `claims`: in the order of their ids."""
    return digest([version, report.title, report.author, report.language, sections_json(report), sentences, mentions, claims])[:32]


def all_sentences(reading: Reading, sentences: Sequence[Span]) -> list[Span]:
    """Those spans and those of the claims that have words in them."""
    text = reading.report.text
    spans = {*sentences, *((claim.start, claim.end) for claim in reading.claims)}
    return sorted(span for span in spans if text[span[0] : span[1]].strip())


def _claims_by_id(reading: Reading) -> dict[str, Claim]:
    """Two claims with one id say the same words of the same sentence: one claim, the first."""
    return {claim.claim_id: claim for claim in reversed(reading.claims)}


def sections_json(report: Report) -> list[list[str | int | None]]:
    return [[section.kind, section.start, section.end, section.author] for section in report.sections]
