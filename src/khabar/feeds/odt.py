"""The parts of an OpenDocument text (.odt) → its paragraphs, as it would be printed once all changes in it were accepted.

What is left out, and where footnotes stand, is as in documents of Word. OASIS OpenDocument 1.3, part 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from khabar.errors import InputError
from khabar.feeds.docx import Words
from khabar.feeds.package import Package, child, children, counted, named, said
from khabar.feeds.paragraphs import Cell, Paragraph, again, paragraph, told_by

_GONE = frozenset(
    name
    for names in (
        "tracked-changes annotation note-citation ruby-text title desc script hidden-text forms",
        "table-of-content illustration-index table-index object-index alphabetical-index user-index",
    )
    for name in names.split()
)
_MARKS = {"tab": " ", "line-break": "\n"}
_BLOCKS = frozenset({"p", "h", "list", "table", "numbered-paragraph", "section"})
_CAPTIONS = frozenset({"Caption", "Illustration", "Figure", "Drawing", "Table"})


@dataclass(slots=True)
class _Line:
    """What stands in a paragraph: words, and the boxes and notes that hang on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)


def words_of(package: Package) -> Words:
    """Everything that a document says; InputError for one with a password."""
    locks = _all("encryption-data", package.tree_if_any("META-INF/manifest.xml"))
    if "encrypted-package" in package.names or next(locks, None) is not None:
        raise InputError("is encrypted; open it with its password and save it without one", code="encrypted")
    root = package.tree("content.xml")
    reader = _Reader(package.tree_if_any("styles.xml"), root)
    text = child(root, "body", "text")
    found = list(reader.blocks(text)) if text is not None else []
    found += [one for note in reader.notes for one in reader.blocks(note)]
    title = child(package.tree_if_any("meta.xml"), "meta", "title")
    changes = _all("changed-region", root)
    return Words(found, title.text if title is not None else None, next(changes, None) is not None)


def _all(name: str, *roots: Any) -> Iterator[Any]:
    """The elements of that name, at any depth."""
    return (found for root in roots if root is not None for found in root.iter(f"{{*}}{name}"))


class _Reader:
    """The walk through a document. `notes`: the bodies of the notes that were met."""

    def __init__(self, *roots: Any) -> None:
        styles = {said(one, "name"): one for one in _all("style", *roots)}
        self._parents = {name: said(style, "parent-style-name") for name, style in styles.items()}
        self._hidden = {name for name, style in styles.items() if name and _is_hidden(child(style, "text-properties"))}
        self._bullets = {
            (said(one, "name"), said(level, "level"))
            for one in _all("list-style", *roots)
            for level in children(one, "list-level-style-bullet")
        }
        self.notes: list[Any] = []

    def blocks(self, parent: Any, *, lists: tuple[str | None, int] = (None, 0)) -> Iterator[Paragraph]:
        """The paragraphs and rows under an element, in order; boxes after the paragraph that they hang on. `lists`: the style of the list
        that it stands in, and how deep."""
        for element in parent:
            name = named(element)
            if name in _GONE or _is_hidden(element):
                continue
            if name in ("p", "h"):
                yield from self._finished(element, lists, is_item=named(parent) == "list-item" and element is parent[0])
            elif name == "list":
                yield from self.blocks(element, lists=(said(element, "style-name") or lists[0], lists[1] + 1))
            elif name == "table":
                above: dict[int, tuple[int, Cell]] = {}
                yield from told_by([list(self._cells(row, above)) for row in _rows(element)])
            else:
                yield from self.blocks(element, lists=lists)

    def _finished(self, element: Any, lists: tuple[str | None, int], *, is_item: bool) -> Iterator[Paragraph]:
        if said(element, "style-name") in self._hidden:
            return
        line = _Line()
        self._collect(element, line)
        is_listed = is_item and (lists[0], str(lists[1])) in self._bullets
        role = "heading" if named(element) == "h" else "bullet" if is_listed else self._role(said(element, "style-name"))
        yield paragraph(line.pieces, role)
        for box in line.boxes:
            yield from self.blocks(box)

    def _cells(self, row: Any, above: dict[int, tuple[int, Cell]]) -> Iterator[Cell]:
        """`above`: of each column, over how many more rows the cell goes on that began last in it, and its words."""
        for column, cell in enumerate(element for element in row if named(element) in ("table-cell", "covered-table-cell")):
            left, words = above.get(column, (0, []))
            if named(cell) == "table-cell":
                left, words = counted(said(cell, "number-rows-spanned"), 1), list(self.blocks(cell))
                yield words
            elif left > 0:  # else a cell to its left covers it
                yield again(words)
            above[column] = left - 1, words

    def _role(self, style: str | None) -> str:
        seen: set[str | None] = set()
        while style is not None and style not in seen:
            if style == "Title" or style in _CAPTIONS:
                return "title" if style == "Title" else "caption"
            seen.add(style)
            style = self._parents.get(style)
        return "body"

    def _collect(self, element: Any, line: _Line) -> None:
        line.pieces.append(element.text or "")
        for inner in element:
            name = named(inner)
            if name in _MARKS:
                line.pieces.append(_MARKS[name])
            elif name == "s":
                line.pieces.append(" ")
            elif name == "note":
                self.notes += children(inner, "note-body")
            elif name not in _GONE and said(inner, "style-name") not in self._hidden:
                if any(named(below) in _BLOCKS for below in inner):
                    line.boxes.append(inner)
                else:
                    self._collect(inner, line)
            line.pieces.append(inner.tail or "")


def _rows(table: Any) -> Iterator[Any]:
    """The rows, those of its head among them."""
    for element in table:
        if named(element) == "table-row":
            yield element
        elif named(element) in ("table-rows", "table-header-rows", "table-row-group"):
            yield from _rows(element)


def _is_hidden(element: Any) -> bool:
    """Not shown, without a condition."""
    return element is not None and said(element, "display") in ("none", "false")
