"""A parsed report and what is known of places → what is asked again and again of the names in it: is there such a place, and is it here?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from khabar.gazetteer import Gazetteer
from khabar.model import Span
from khabar.registry import Registry

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


@dataclass(frozen=True)
class Ground:
    """`countries`: those of the report, the likeliest first."""

    doc: Doc
    registry: Registry
    gazetteer: Gazetteer
    countries: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        return self.doc.text

    def words(self, span: Span) -> str:
        return self.text[slice(*span)]

    def is_known(self, words: str) -> bool:
        """Is a place called so, anywhere?"""
        return bool(self.gazetteer.exact(words))

    def is_here(self, words: str, *, above: int = -1) -> bool:
        """Is a place called so in the report's countries, with more people than `above`?"""
        return any(entry.country in self.countries and entry.population > above for entry in self.gazetteer.exact(words))

    def is_country(self, words: str) -> bool:
        return self.registry.country_of(words) is not None

    @cached_property
    def family_names(self) -> frozenset[str]:
        """What people are called by whom a report introduces with more names: "Bob Franklin … Franklin said"."""
        return frozenset(ent[-1].text for ent in self.doc.ents if ent.label_ == "PERSON" and len(ent) > 1)


def tokens_of(doc: Doc, span: Span) -> list[Token]:
    """The tokens that a stretch of text touches."""
    found = doc.char_span(*span, alignment_mode="expand")
    return list(found) if found is not None else []


def touches(span: Span, others: Iterable[Span]) -> bool:
    """Does it share words with one of the others?"""
    return any(span[0] < end and start < span[1] for start, end in others)
