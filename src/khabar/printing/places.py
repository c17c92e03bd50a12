"""Places and their sources → tables of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from khabar.gazetteer import Entry
from khabar.gazetteer_store import Source
from khabar.printing import count


def candidates(found: Sequence[Entry]) -> RenderableType:
    """One place to a row: how alike its name is and why, where it is, its id and source."""
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1))
    for heading, width in (("", 4), ("place", None), ("where", None), ("id", None)):
        table.add_column(Text(heading, style="bold"), width=width, overflow="fold")
    for entry in found:
        name = Text(entry.name, style="bold cyan")
        spelled = entry.found_as if entry.found_as.casefold() != entry.name.casefold() else ""
        why = [*([f"as {spelled}"] if spelled else []), *entry.reasons] if entry.score < 1 else ([f"as {spelled}"] if spelled else [])
        name.append("\n" + ("; ".join(why) or "so spelled"), style="not bold dim")
        table.add_row(Text(f"{entry.score:.2f}", style="green"), name, _where(entry), Text(f"{entry.id}\n{entry.source}", style="dim"))
    return table


def _where(entry: Entry) -> str:
    areas = ", ".join(area for area in (*reversed(entry.areas), entry.admin1, entry.country) if area)
    point = "no point" if entry.latitude is None else f"{entry.latitude:.3f}, {entry.longitude:.3f}"
    people = f", {entry.population:,} people" if entry.population else ""
    return f"{areas}\n{entry.precision}, {point}{people}"


def sources(own: Sequence[Source], shipped: Sequence[Source]) -> RenderableType:
    """The lists in the order in which they answer, with what they hold and their terms."""
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1))
    for heading in ("source", "places", "names", "licence", "imported"):
        table.add_column(Text(heading, style="bold"), overflow="fold", justify="right" if heading in ("places", "names") else "left")
    for source in own:
        table.add_row(source.name, f"{source.places:,}", f"{source.names:,}", source.licence, source.imported.isoformat())
    for source in shipped:
        table.add_row(Text(source.name, style="dim"), f"{source.places:,}", f"{source.names:,}", source.licence, "shipped")
    hint = Text("\nnothing imported yet: khabar places import FILE, or khabar places fetch SY", style="dim")
    return table if own else Group(table, hint)


def rejected(reasons: Sequence[tuple[int, str]], *, shown: int) -> str:
    """The first rows that were left out, each with its number, and how many more."""
    lines = [f"row {number} left out: {reason}" for number, reason in reasons[:shown]]
    if len(reasons) > shown:
        lines.append(f"and {count(len(reasons) - shown, 'row')} more; --rejected FILE writes them all")
    return "\n".join(lines)
