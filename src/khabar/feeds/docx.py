"""The parts of a document of Word (.docx) → its paragraphs, as it would be printed once all changes in it were accepted.

Left out: what was deleted, hidden, or only stands in for words to come; heads and feet of pages; tables of contents; comments in the
margin; numbers that Word counts, and the marks of footnotes, which would part words from their full stop. Footnotes stand at the end.
ECMA-376, part 1, chapter 17.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from khabar.feeds.package import Package, child, children, counted, named, said
from khabar.feeds.paragraphs import Cell, Paragraph, again, paragraph, told_by

# "rt": how a word is spoken, set above it; "Fallback": the same box again, for older programs.
_GONE = frozenset({"del", "moveFrom", "rt", "Fallback"})
_MARKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ROLES = {
    "contents": re.compile("toc .*"),
    "heading": re.compile(r"heading \d"),
    "title": re.compile("title"),
    "caption": re.compile("caption"),
}
_CHANGES = ("ins", "del", "moveFrom", "moveTo")


@dataclass(frozen=True, slots=True)
class Words:
    """What a document says. `changed`: it holds changes that nobody has accepted or refused."""

    paragraphs: list[Paragraph]
    title: str | None
    changed: bool


@dataclass(slots=True)
class _Line:
    """What stands in a paragraph: words, and the boxes and notes that hang on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def words_of(package: Package) -> Words:
    """Everything that a document says; InputError where it has no body."""
    whole = _linked(package, "")
    main = whole.get("officeDocument", "word/document.xml")
    links = _linked(package, main)
    styles = _Styles(package.tree_if_any(links.get("styles")), package.tree_if_any(links.get("numbering")))
    body = child(root := package.tree(main), "body")
    reader = _Reader(styles)
    found = list(reader.blocks(body)) if body is not None else []
    for kind, noted in (("footnote", "footnotes"), ("endnote", "endnotes")):
        notes = {said(note, "id"): note for note in children(package.tree_if_any(links.get(noted)), kind)}
        wanted = dict.fromkeys(number for name, number in reader.notes if name == kind)
        found += [one for number in wanted if number in notes for one in reader.blocks(notes[number])]
    title = child(package.tree_if_any(whole.get("core-properties")), "title")
    changes = root.iter(*(f"{{*}}{name}" for name in _CHANGES))
    return Words(found, title.text if title is not None else None, next(changes, None) is not None)


def _linked(package: Package, part: str) -> Mapping[str, str]:
    """The parts that a part (or, for "", the whole) names as its own, by the last word of their type."""
    folder, name = posixpath.split(part)
    links = package.tree_if_any(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, str] = {}
    for link in links if links is not None else ():
        target = posixpath.normpath(posixpath.join("/", folder, said(link, "Target") or ""))
        found.setdefault((said(link, "Type") or "").rpartition("/")[2], target.lstrip("/"))
    return found


# -- styles and lists ----------------------------------------------------------------------------------------------------------------


class _Styles:
    """What the styles and lists of a document make of its paragraphs."""

    def __init__(self, styles: Any, numbering: Any) -> None:
        self._styles = {said(style, "styleId"): style for style in children(styles, "style")}
        abstract = {said(one, "abstractNumId"): one for one in children(numbering, "abstractNum")}
        self._bullets = {
            (said(number, "numId"), said(level, "ilvl"))
            for number in children(numbering, "num")
            for level in children(abstract.get(_value(number, "abstractNumId")), "lvl")
            if _value(level, "numFmt") == "bullet"
        }

    def role(self, one: Any) -> str:
        """ "contents" for a line of a table of contents; "heading", "title", "caption", "bullet" or "body"."""
        properties = child(one, "pPr")
        styles = list(self._line_of(_value(properties, "pStyle")))
        # What comes with Word is called by its English name here, whatever the language of the menus.
        names = [(_value(style, "name") or "").lower() for style in styles]
        for role, called in _ROLES.items():
            if any(called.fullmatch(name) for name in names):
                return role
        listed = [child(part, "numPr") for part in (properties, *(child(style, "pPr") for style in styles))]
        number, level = (next(filter(None, (_value(one, name) for one in listed)), "0") for name in ("numId", "ilvl"))
        return "bullet" if (number, level) in self._bullets else "body"

    def _line_of(self, name: str | None) -> Iterator[Any]:
        """A style, and those on which it is based."""
        seen = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = _value(self._styles[name], "basedOn")


def _value(element: Any, name: str) -> str | None:
    found = child(element, name)
    return said(found, "val") if found is not None else None


# -- body ----------------------------------------------------------------------------------------------------------------------------


class _Reader:
    """The walk through a document. `notes`: the marks of notes that were met, ("footnote" or "endnote", its number)."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self.notes: list[tuple[str, str]] = []

    def blocks(self, parent: Any) -> Iterator[Paragraph]:
        """The paragraphs and rows under an element, in order; boxes after the paragraph that they hang on."""
        pending = _Line()
        for element in _inner(parent, "p", "tbl"):
            is_table, role = named(element) == "tbl", "body"
            if not is_table:
                self._collect(element, pending)
                if _is_on(child(element, "pPr", "rPr"), "del", "moveFrom"):  # the end of the paragraph is deleted: it runs on
                    continue
                role = self._styles.role(element) if pending.pieces else role
            yield from self._finished(pending, role)
            pending = _Line()
            if is_table:
                yield from self._table(element)
        yield from self._finished(pending, "body")

    def _finished(self, line: _Line, role: str) -> Iterator[Paragraph]:
        if line.pieces and role != "contents":
            yield paragraph(line.pieces, role)
        self.notes += line.notes
        for box in line.boxes:
            yield from self.blocks(box)

    def _table(self, table: Any) -> Iterator[Paragraph]:
        above: dict[int, Cell] = {}
        return told_by([list(self._cells(row, above)) for row in _inner(table, "tr") if not _is_on(child(row, "trPr"), "del")])

    def _cells(self, row: Any, above: dict[int, Cell]) -> Iterator[Cell]:
        """`above`: the cells that go on in this row, by their column."""
        column = counted(_value(child(row, "trPr"), "gridBefore"), 0)
        for cell in _inner(row, "tc"):
            merged = child(cell, "tcPr", "vMerge")
            goes_on = merged is not None and said(merged, "val") != "restart"
            words = again(above.get(column, [])) if goes_on else list(self.blocks(cell))
            above[column] = words if merged is not None else []
            column += counted(_value(child(cell, "tcPr"), "gridSpan"), 1)
            yield words

    def _collect(self, element: Any, line: _Line) -> None:
        for inner in element:
            name = named(inner)
            if name in _GONE or _is_unseen(inner, name):
                continue
            if name == "t":
                line.pieces.append(inner.text or "")
            elif name in _MARKS:
                line.pieces.append(_MARKS[name])
            elif name in ("footnoteReference", "endnoteReference"):
                line.notes.append((name.removesuffix("Reference"), said(inner, "id") or ""))
            elif name == "txbxContent":
                line.boxes.append(inner)
            elif name != "pPr":
                self._collect(inner, line)


def _inner(parent: Any, *names: str) -> Iterator[Any]:
    """The elements of these names under one, through whatever only wraps them (fields to fill in, changes, tags)."""
    for element in parent:
        name = named(element)
        if name in names:
            yield element
        elif name not in ("p", "tbl", "tr", "tc", *_GONE) and not _is_unseen(element, name):
            yield from _inner(element, *names)


def _is_unseen(element: Any, name: str) -> bool:
    """Hidden words, and those of a form that say what to write there."""
    if name == "r":
        return _is_on(child(element, "rPr"), "vanish")
    return name == "sdt" and _is_on(child(element, "sdtPr"), "showingPlcHdr")


def _is_on(properties: Any, *names: str) -> bool:
    """Is one of these stated, and not with the word that takes it back?"""
    found: Iterable[Any] = properties if properties is not None else ()
    return any(named(one) in names and said(one, "val") not in ("0", "false", "off") for one in found)
