"""A claim of a translated report → the words of the original that stand beside its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from khabar.contract import Json
from khabar.model import Claim, Report, Span
from khabar.record import Record, Told
from khabar.versions import has

_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r".+?(?:[.!?…؟۔。！？।]+[\"'”’»)]*(?=\s|$)|$)", re.S)


class Translations:
    """The translated reports of a record, read when first asked for."""

    def __init__(self, record: Record) -> None:
        self.record = record
        query = "SELECT version FROM particulars WHERE name = 'original_text'"
        self.versions = {row[0] for row in record.connection.execute(query)} if has(record.connection, "particulars") else set()
        self.report = cache(lambda version: record.reports("version = ?", (version,))[0])

    def beside(self, item: Told) -> Json:
        """`original` and `translated_by` of a claim; nothing for a report that is no translation."""
        if item.version not in self.versions:
            return {}
        return beside(self.report(item.version), item.claim)


def beside(report: Report, claim: Claim) -> Json:
    """`original` and `translated_by` of a claim of that report; nothing where it is no translation."""
    if not report.original_text:
        return {}
    return {"original": original_of(report, (claim.start, claim.end)), "translated_by": report.translated_by}


def original_of(report: Report, span: Span) -> str:
    """The sentence, else the paragraph of the original that stands where the span stands in the translation; else all of the original.

    Translators keep paragraphs and mostly sentences: where a text and its original have as many, they are taken to be in one order.
    """
    theirs = report.original_text or ""
    paragraphs, originals = (list(_spans(_PARAGRAPH, text, (0, len(text)))) for text in (report.text, theirs))
    at = _index(paragraphs, span[0])
    if at is None or len(paragraphs) != len(originals):
        return theirs
    sentences, original = list(_spans(_SENTENCE, report.text, paragraphs[at])), list(_spans(_SENTENCE, theirs, originals[at]))
    inner = _index(sentences, span[0])
    if inner is None or len(sentences) != len(original) or span[1] > sentences[inner][1] + 1:
        return theirs[slice(*originals[at])].strip()
    return theirs[slice(*original[inner])].strip()


def _spans(pattern: re.Pattern[str], text: str, within: Span) -> Iterator[Span]:
    return (found.span() for found in pattern.finditer(text, *within) if found[0].strip())


def _index(spans: list[Span], at: int) -> int | None:
    return next((number for number, (start, end) in enumerate(spans) if start <= at < end), None)
