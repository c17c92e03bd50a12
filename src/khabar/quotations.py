"""Text → the stretches between quotation marks, joined where one speech runs over paragraphs.

Newspapers open every paragraph of a long speech with a mark and close only the last; web pages lose marks. So an opening mark without its
closing one runs to the end of its paragraph if the next paragraph opens with a mark, and otherwise to the end of its sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from khabar.model import Span

# '' and `` are what some feeds make of the double marks. Single marks are apostrophes too often to be trusted.
MARK = re.compile(r"[“”„«»\"]|''|``")
OPENING, CLOSING = frozenset("“„«") | {"``"}, frozenset("”»")
PARAGRAPH = re.compile(r"[^\n]+")
SENTENCE_END = re.compile(r"[.?!](?=\s|$)")


class Quotation(NamedTuple):
    """One speech: a span for each paragraph that it runs over, marks included."""

    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """
    >>> text = 'He said: “We left the hill.\\n“We shall not return.” The “hill” is bare.'
    >>> [[text[slice(*span)] for span in quotation.spans] for quotation in find_quotations(text)]
    [['“We left the hill.', '“We shall not return.”'], ['“hill”']]
    """
    found: list[Quotation] = []
    running = False
    paragraphs = [match.span() for match in PARAGRAPH.finditer(text) if match.group().strip()]
    for index, paragraph in enumerate(paragraphs):
        follows = index + 1 < len(paragraphs) and _opens_with_mark(text, paragraphs[index + 1])
        spans, runs_on = _in_paragraph(text, paragraph, next_opens=follows)
        if running and spans and text[paragraph[0] : spans[0][0]].strip() == "":
            found[-1] = Quotation((*found[-1].spans, spans[0]))
            spans = spans[1:]
        found += [Quotation((span,)) for span in spans]
        running = runs_on
    return tuple(found)


def _in_paragraph(text: str, paragraph: Span, *, next_opens: bool) -> tuple[list[Span], bool]:
    """The quoted spans of one paragraph, and whether the last of them runs on into the next."""
    spans: list[Span] = []
    opened: int | None = None
    for mark in MARK.finditer(text, *paragraph):
        if opened is None:
            opened = mark.start() if _may_open(text, mark) else None
        elif _may_close(text, mark):
            spans.append((opened, mark.end()))
            opened = None
        elif _may_open(text, mark):
            spans.append((opened, _trimmed(text, opened, mark.start())))
            opened = mark.start()
    if opened is None:
        return spans, False
    end = paragraph[1] if next_opens else _sentence_end(text, opened, paragraph[1])
    spans.append((opened, _trimmed(text, opened, end)))
    return spans, next_opens


def _opens_with_mark(text: str, paragraph: Span) -> bool:
    mark = MARK.search(text, *paragraph)
    return mark is not None and text[paragraph[0] : mark.start()].strip() == "" and _may_open(text, mark)


def _may_open(text: str, mark: re.Match[str]) -> bool:
    """Straight marks open before a word; a foot or an inch ('5"') has its digit before it."""
    if mark.group() in OPENING:
        return True
    before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
    return mark.group() not in CLOSING and not after.isspace() and after != "" and (before == "" or not before.isalnum())


def _may_close(text: str, mark: re.Match[str]) -> bool:
    if mark.group() in CLOSING:
        return True
    before = text[mark.start() - 1 : mark.start()]
    return mark.group() not in OPENING and not before.isspace()


def _sentence_end(text: str, start: int, limit: int) -> int:
    match = SENTENCE_END.search(text, start, limit)
    return match.end() if match else limit


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
