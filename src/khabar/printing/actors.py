"""Answers about actors → tables that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json
from khabar.printing import count


def listed(rows: Sequence[Json]) -> RenderableType:
    """Actors of the registry, each with its id, kind and sides."""
    parts: list[RenderableType] = []
    for row in rows:
        line = Text.assemble((row["name"], "bold"), f"  {row['kind']}", (f"  {', '.join(row['sides'])}" if row["sides"] else "", "green"))
        line.append(f"  {row['id']}", style="dim")
        parts.append(line)
        parts += [Padding(Text(f"called {called}", style="dim"), (0, 0, 0, 4)) for called in row.get("called", ())]
        if row.get("meant"):
            parts.append(Padding(Text("this one is meant", style="yellow"), (0, 0, 0, 4)))
    return Group(*parts, Text(count(len(rows), "actor"), style="dim"))


def groups(rows: Sequence[Json]) -> RenderableType:
    """New groups, each with its counts and sentences."""
    parts: list[RenderableType] = []
    for row in rows:
        told = f"{count(row['claims'], 'claim')}, {count(row['mentions'], 'mention')} in {count(row['reports'], 'report')}"
        parts.append(Text.assemble((row["name"], "bold"), f"  {told}", (f"  {row['id']}", "dim")))
        others = [spelling for spelling in row["spellings"] if spelling != row["name"]]
        if others:
            parts.append(Padding(Text(f"also {'; '.join(others)}", style="dim"), (0, 0, 0, 4)))
        parts += [Padding(Text(f"like {near['name']} ({near['id']})?", style="yellow"), (0, 0, 0, 4)) for near in row["near"]]
        for told in row["sentences"]:
            source = f" — {told['outlet'] or told['report_id'][:12]}, {told['published'] or 'no date'}"
            sentence = " ".join((told["sentence"] or "").split())
            parts.append(Padding(Text.assemble(f"“{sentence}”", (source, "dim")), (0, 0, 0, 4)))
    return Group(*parts, Text(count(len(rows), "new group"), style="dim"))


def decisions(rows: Sequence[Json]) -> RenderableType:
    """Decisions on actors, each with its reason and who signed it."""
    parts: list[RenderableType] = []
    for row in rows:
        said = f"withdraws {row['withdraws']}" if row["withdraws"] else f"{row['actor']} is {row['becomes']}"
        if row["kind"]:
            said += f" ({row['name']}, {row['kind']})"
        signed = f": {row['reason']} — {row['signed_by']}, {row['signed_at'][:10]}"
        line = Text.assemble((row["decision"], "dim"), f"  {said}", (signed, "dim"))
        if row["withdrawn_by"]:
            line.append(f"  withdrawn by {row['withdrawn_by']}", style="yellow")
        parts.append(line)
    return Group(*parts, Text(count(len(rows), "decision"), style="dim"))


def findings(sentences: Sequence[str], number: int) -> RenderableType:
    """What is wrong with registry files."""
    told = [Text(sentence, style="red") for sentence in sentences]
    return Group(*told, Text(f"{count(number, 'actor')} checked: {count(len(sentences), 'fault')}", style="dim"))
