"""What awaits an analyst, and what was decided → lists that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json
from khabar.printing import claim_line, count


def awaiting(rows: Sequence[Json]) -> RenderableType:
    """Each with why it awaits a decision, its sentence and its source."""
    if not rows:
        return Text("nothing awaits a review")
    return Group(*(part for row in rows for part in _awaiting(row)), Text(f"{count(len(rows), 'row')}", style="dim"))


def _awaiting(row: Json) -> Iterable[RenderableType]:
    id = f"  {row['id']}" if row["subject"] != "claim" else ""
    yield Text.assemble((row["name"], "bold"), (f": {row['why']}", "yellow"), (id, "dim"))
    claim = row["claim"]
    told = [claim] if claim else row["sentences"]
    for one in told:
        yield Padding(Text(f"“{' '.join((one['sentence'] or '').split())}”"), (0, 0, 0, 4))
        if claim:
            yield Padding(claim_line(claim), (0, 0, 0, 4))
        yield Padding(Text(f"{one['outlet'] or 'no outlet'}, {one['published'] or 'no date'}", style="dim"), (0, 0, 0, 4))
    for one in row["near"]:
        yield Padding(Text(f"called much alike: {one['name']} ({one['id']})", style="dim"), (0, 0, 0, 4))
    yield Text()


def reviews(rows: Sequence[Json]) -> RenderableType:
    """Who decided what, when and why; what no longer decides is dim."""
    if not rows:
        return Text("nobody has reviewed it; khabar explain RECORD ID shows what it says")
    return Group(*(Text(_review(row), style="" if row["decides"] else "dim") for row in rows))


def _review(row: Json) -> str:
    fields = ", ".join(f"{name} = {value.rpartition('|')[2] or 'unknown'}" for name, value in row["fields"].items())
    notes = [fields, f"withdraws {row['withdraws']}" if row["withdraws"] else "", "" if row["stands"] else "its claim is read no more"]
    more = "; ".join(note for note in notes if note)
    return (
        f"{row['signed_at'][:10]}  {row['review_id']}  {row['signed_by']}: {row['verdict']}{f' ({more})' if more else ''}: {row['reason']}"
    )


def decisions(rows: Sequence[Json]) -> RenderableType:
    """Decisions on whatever; those that are not in force are dim."""
    if not rows:
        return Text("nothing was decided")
    return Group(*(Text(_decision(row), style="" if row["in_force"] else "dim") for row in rows))


def _decision(row: Json) -> str:
    what = f"{row['verdict']} {row['subject']} {row['id']}"
    more = f" (withdraws {row['withdraws']})" if row["withdraws"] else ""
    return f"{row['signed_at'][:10]}  {row['decision']}  {row['signed_by']}: {what}{more}: {row['reason']}"
