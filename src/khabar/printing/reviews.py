"""Claims that await an analyst, and reviews → lists that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json
from khabar.printing import claim_line, count


def awaiting(rows: Sequence[Json]) -> RenderableType:
    """Each claim with why it awaits a review, its sentence and its source."""
    if not rows:
        return Text("no claim awaits a review")
    return Group(*(part for row in rows for part in _awaiting(row)), Text(count(len(rows), "claim"), style="dim"))


def _awaiting(row: Json) -> Iterable[RenderableType]:
    yield Text.assemble((row["place"], "bold"), (f": {row['why']}", "yellow"))
    yield Padding(Text(f"“{' '.join(row['claim']['sentence'].split())}”"), (0, 0, 0, 4))
    yield Padding(claim_line(row["claim"]), (0, 0, 0, 4))
    yield Padding(Text(f"{row['claim']['outlet'] or 'no outlet'}, {row['claim']['published'] or 'no date'}", style="dim"), (0, 0, 1, 4))


def reviews(rows: Sequence[Json]) -> RenderableType:
    """Who decided what, when and why; what no longer decides is dim."""
    if not rows:
        return Text("no review")
    return Group(*(Text(_review(row), style="" if row["decides"] else "dim") for row in rows))


def _review(row: Json) -> str:
    fields = ", ".join(f"{name} = {value.rpartition('|')[2] or 'unknown'}" for name, value in row["fields"].items())
    notes = [fields, f"withdraws {row['withdraws']}" if row["withdraws"] else "", "" if row["stands"] else "its claim is read no more"]
    more = "; ".join(note for note in notes if note)
    return (
        f"{row['signed_at'][:10]}  {row['review_id']}  {row['signed_by']}: {row['verdict']}{f' ({more})' if more else ''}: {row['reason']}"
    )
