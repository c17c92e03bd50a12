"""Paragraphs of a document, those in the cells of its tables among them → its running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from khabar.feeds.arrivals import squeezed

Role = str
"""What a document says that a paragraph is: "body", "bullet", "heading", "title" or "caption"."""

LONGEST_AGAIN = 6  # words of a day or a place
LONGEST_HEADING = 30  # words: longer ones are stories that somebody set in the type of a heading
_STOPPED = re.compile(r"[.!?…:;,][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words in one line, or more where its writer broke them."""

    text: str
    role: Role = "body"


def paragraph(pieces: Iterable[str], role: Role = "body") -> Paragraph:
    """What the pieces come to: space as in print, "\\n" only where a piece is nothing else."""
    joined = "".join(piece if piece == "\n" else re.sub(r"\s", " ", piece) for piece in pieces).replace("\u00ad", "")
    lines = filter(None, map(squeezed, joined.split("\n")))
    return Paragraph("\n".join(lines), role)


Cell = Sequence[Paragraph]


def again(cell: Cell) -> Cell:
    """What a cell that spans several rows says in those below: a day or a place, which is said of each; longer words are told once."""
    return cell if sum(len(found.text.split()) for found in cell) <= LONGEST_AGAIN else []


def told_by(rows: Iterable[Sequence[Cell]]) -> Iterator[Paragraph]:
    """The rows of a table, each a list of cells: a line a row, its cells between bars.

    A table that only places the parts of a page (it has one row or one column, or a cell with two paragraphs of twenty words) gives its
    paragraphs.

    >>> head, cells = [[Paragraph("Day")], [Paragraph("What")]], [[Paragraph("4 May")], [Paragraph("Shelling"), Paragraph("Two killed.")]]
    >>> [row.text for row in told_by([head, cells])]
    ['Day | What', '4 May | Shelling; Two killed.']
    """
    cells = [[[found for found in cell if found.text] for cell in row] for row in rows]
    filled = [row for row in cells if any(row)]
    if len(filled) < 2 or all(sum(map(bool, row)) < 2 for row in filled) or any(_is_prose(cell) for row in filled for cell in row):
        yield from (found for row in filled for cell in row for found in cell)
    else:
        yield from (Paragraph(" | ".join(map(_in_line, row)).strip(" |")) for row in filled)


def _is_prose(cell: Cell) -> bool:
    return sum(len(found.text.split()) >= 20 for found in cell) >= 2


def _in_line(cell: Cell) -> str:
    lines = [line for found in cell for line in found.text.split("\n")]
    return " ".join(line if _STOPPED.search(line) or line is lines[-1] else f"{line};" for line in lines)


def running_text(found: Iterable[Paragraph]) -> tuple[str, list[Paragraph]]:
    """The text, paragraphs between blank lines and bullets before what is listed, and the paragraphs that have any words."""
    kept = [_marked(one) for one in found if one.text]
    return "\n\n".join(one.text for one in kept), kept


def _marked(one: Paragraph) -> Paragraph:
    if one.role == "bullet":
        return replace(one, text=f"• {one.text}")
    too_long = one.role in ("heading", "title") and len(one.text.split()) > LONGEST_HEADING
    return replace(one, role="body") if too_long else one
