"""A brief → a page for the terminal: sentences with numbers, and the footnotes under them."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.brief import Brief, Note, Paragraph
from khabar.wording import day_words, plain


def brief(made: Brief) -> RenderableType:
    """The whole brief."""
    return Group(*_rows(made))


def _rows(made: Brief) -> Iterator[RenderableType]:
    yield Text(made.title, style="bold")
    yield Text(made.basis, style="dim")
    for part in made.parts:
        yield Text(f"\n{part.title}", style="bold cyan")
        if part.remark:
            yield Text(part.remark, style="dim")
        for group in part.groups:
            if group.area:
                yield Text(f"\n  {group.area}", style="bold")
            yield from (Padding(_paragraph(one), (0, 0, 0, 2)) for one in group.paragraphs)
        if part.command:
            yield Text(f"  all of it: {part.command}", style="dim")
    yield Text("\nLimits", style="bold cyan")
    yield from (Padding(Text(f"· {limit}"), (0, 0, 0, 2)) for limit in made.limits)
    yield Text("\nFootnotes", style="bold cyan")
    yield from (Padding(_note(note), (0, 0, 0, 2)) for note in made.notes)


def _paragraph(paragraph: Paragraph) -> Text:
    line = Text(style="dim" if paragraph.kind == "rest" else "")
    for sentence in paragraph.sentences:
        line.append(f"{sentence.words} ")
        line.append(f"[{' '.join(map(str, sentence.notes))}] ", style="cyan")
    return line


def _note(note: Note) -> Text:
    line = Text(f"{note.number}  ", style="cyan")
    line.append(f"“{plain(note.sentence)}”", style="default")
    told = [plain(note.outlet or f"report {note.report_id[:12]}"), *map(plain, note.chain)]
    line.append(f" — {' → '.join(told)}, {day_words(note.published) if note.published else 'no date'}", style="magenta")
    line.append(f"  {note.claim_ids[0]}", style="dim")
    return line
