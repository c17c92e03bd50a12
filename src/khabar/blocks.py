"""Text → its blocks, the paragraphs that a line break parts, and the spans that hold whole sentences, which the parser must not join.

Nothing but the text to go by: the length of lines, whether they end like sentences, and bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from khabar.model import Section, SectionKind, Span
from khabar.openings import dateline, run_in_datelines
from khabar.pagecues import BULLET, LONGEST_CUE, comment_author, is_unfinished, within
from khabar.tablerows import rows_of

_LINE = re.compile(r"[^\r\n\f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\f\x85\u2028\u2029]")
_ENDS_SENTENCE = re.compile(r"[.!?…;:][\s\"'`”’»)\]]*$")
SENTENCE_BORDER = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: `start`–`end` without the space around it, `gap` the line breaks before it."""

    start: int
    end: int
    text: str
    gap: int
    bullet: str | None

    @property
    def words(self) -> int:
        return len(WORD.findall(self.text)) if len(self.text) < LONGEST_CUE else LONGEST_CUE

    @property
    def finished(self) -> bool:
        """Ends as sentences do."""
        return _ENDS_SENTENCE.search(self.text) is not None

    @property
    def prose(self) -> bool:
        return self.words > 25 or (self.finished and not self.text.endswith(":") and self.words > 4)

    @property
    def short(self) -> bool:
        return not self.finished and self.bullet is None and self.words <= 14


@dataclass(frozen=True, slots=True)
class Label:
    """What a block is; `opens`: a section of its own begins with it."""

    kind: SectionKind
    author: str | None = None
    opens: bool = False


Labels = dict[int, Label]
BOILERPLATE = Label("boilerplate")
CAPTION = Label("caption", opens=True)
HEADLINE = Label("headline", opens=True)


def paragraphs(text: str, sections: Sequence[Section] = ()) -> list[Span]:
    """The spans that hold whole sentences, without the space around them: no sentence runs over their border.

    A blank line is a border. A single line break is one too, except where the text is wrapped at a width or the sentence plainly runs on.
    `sections`, where given, are borders as well, and so are both ends of a dateline, a full stop that was lost before a date, and the
    beginning of a table's cell.
    """
    blocks = blocks_of(text, None)
    datelines = {block.start + found.end for block in blocks if (found := dateline(block.text))}
    lost = {found.end() for found in within("lost_stop", text) if _is_over(text, found)}
    run_in = {border for start, found in run_in_datelines(text) for border in (start, start + found.end)}
    cells = {start for row in rows_of(text) for start, _ in row.cells[1:]}
    borders = sorted({section.start for section in sections} | datelines | lost | run_in | cells)
    return [span for block in blocks for span in _cut(text, block, borders)]


def _cut(text: str, block: Block, borders: Sequence[int]) -> Iterator[Span]:
    start = block.start
    for end in [*(border for border in borders if block.start < border < block.end), block.end]:
        if piece := text[start:end].strip():
            first = text.index(piece, start)
            yield first, first + len(piece)
        start = end


def blocks_of(text: str, title_end: int | None) -> list[Block]:
    lines = [match for match in _LINE.finditer(text) if match.group().strip()]
    width = _wrap_width(lines, text)
    spans: list[list[int]] = []
    for index, line in enumerate(lines):
        if index and _runs_on(lines[index - 1], line, text, width):
            spans[-1][1] = line.end()
        else:
            spans.append([line.start(), line.end()])
    if title_end is not None and spans and spans[0][0] <= title_end < spans[0][1]:
        spans[0:1] = [[spans[0][0], title_end], [title_end, spans[0][1]]]
    return list(_measured(text, spans))


def _measured(text: str, spans: Iterable[Sequence[int]]) -> Iterator[Block]:
    before = 0
    for start, end in spans:
        raw = text[start:end]
        words = raw.strip()
        if not words:
            continue
        first = start + raw.index(words)
        bullet = BULLET.match(raw)
        gap = len(_BREAK.findall(text, before, first)) if before else 2
        yield Block(first, first + len(words), words, gap, bullet["bullet"] if bullet else None)
        before = first + len(words)


def _wrap_width(lines: Sequence[re.Match[str]], text: str) -> int | None:
    """The width at which an editor broke the lines, None where line breaks mean something."""
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(a, b, text)]
    if len(pairs) < 3:
        return None
    width = max(len(a.group().rstrip()) for a, _ in pairs)
    if not 40 <= width <= 130:
        return None
    full = sum(_had_no_room(a, b, width) for a, b in pairs)
    # Nine in ten: an editor's last lines of a paragraph are not followed by a line, so almost every pair in a wrapped text is full.
    return width if full >= 0.9 * len(pairs) else None


def _had_no_room(line: re.Match[str], following: re.Match[str], width: int) -> bool:
    """The first word of the next line would not have fitted: what an editor's wrapping leaves behind."""
    first_word = following.group().split(maxsplit=1)[0]
    return len(line.group().rstrip()) + 1 + len(first_word) > width - 3


def _adjacent(line: re.Match[str], following: re.Match[str], text: str) -> bool:
    return len(_BREAK.findall(text, line.end(), following.start())) == 1


def _runs_on(line: re.Match[str], following: re.Match[str], text: str, width: int | None) -> bool:
    if not _adjacent(line, following, text) or BULLET.match(following.group()):
        return False
    if width is not None and _had_no_room(line, following, width):
        return True
    words, next_words = line.group().strip(), following.group().strip()
    if _ENDS_SENTENCE.search(words) or comment_author(words, bulleted=True):
        return False
    return next_words[0].islower() or words.endswith(",") or is_unfinished(words)


def _is_over(text: str, found: re.Match[str]) -> bool:
    """Can a sentence end where a full stop may have been lost: not after "into", nor after a title that ran into its story?"""
    before = text[max(found.start() - 40, 0) : found.start()]
    words = re.findall(r"[^\W\d_]{4,}", before)
    titled = text.startswith("The", found.end()) and 2 * sum(word[0].isupper() for word in words) > len(words) > 2
    return not titled and not is_unfinished(before)
