"""Answers about who holds what → a paragraph for a place, a table for a day, a list of what changed hands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khabar.contract import Json
from khabar.printing import SHOWN, STATUS_STYLE, count, days, flat, party, source, table_of, wide
from khabar.spellings import loose


def control(answer: Json, asked: str) -> RenderableType:
    """Who held a place that day, and why. `asked`: the name it was asked for by, which may not be the gazetteer's."""
    name = answer["place"]["name"]
    called = name if asked == answer["place"]["id"] or loose(asked) == loose(name) else f"{asked} ({name})"
    line = Text(f"{called} on {answer['on']}", style="bold")
    if answer["known_by"]:
        line.append(f", as known by {answer['known_by']}", style="not bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in _control_rows(answer):
        grid.add_row(label, value)
    return Group(line, grid)


def _control_rows(answer: Json) -> Iterable[tuple[str, RenderableType]]:
    yield "status", Text(answer["status"], style=STATUS_STYLE[answer["status"]])
    if answer["holder"]:
        sure = f"{answer['standing']}, probability {answer['probability']} (uncalibrated)"
        yield "holder", Text.assemble((answer["holder"]["name"], "bold"), f"  {sure}")
    yield "last report", Text(_age(answer["last_report"], answer["on"]))
    for label, key in (("since", "since"), ("until", "until")):
        if answer[key]:
            yield label, Text(days(answer[key]))
    for label, key in (("before", "previous"), ("besieged by", "besieged_by")):
        if answer[key]:
            yield label, Text(answer[key]["name"])
    for label, key in (("disputed by", "disputed_by"), ("members", "members")):
        if answer[key]:
            yield label, Text(", ".join(party["name"] for party in answer[key]))
    counted = (("for", answer["for"]), ("against", answer["against"]), ("listed", answer["listed"]))
    yield "claims", Text(" · ".join(f"{label}: {_ids(ids)}" for label, ids in counted if ids) or "none")
    yield "informants", Text(str(answer["informants"]))
    yield "because", Text("\n".join(answer["because"]))
    for row in answer["left_out"]:
        yield "left out", Text(f"{row['claim_id']}: {row['reason']}", style="yellow")
    for warning in answer.get("warnings", ()):
        yield "warning", Text(warning, style="yellow")


def _age(last: str | None, on: str) -> str:
    """How old the news was on that day: who held a place a year ago need not hold it now."""
    if last is None:
        return "none that bears on this day"
    before = (date.fromisoformat(on) - date.fromisoformat(last)).days
    if before > 0:
        return f"{last}, {count(before, 'day')} before"
    return last if before == 0 else f"{last}, after that day"


def _ids(ids: Sequence[str]) -> str:
    more = len(ids) - SHOWN
    return " ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def states(collection: Json) -> RenderableType:
    """Every place whose state that day is known, by name, one to a row; then the names of the others."""
    table, unknown = table_of("place", "status", "holder", "standing", "last report"), list[str]()
    for state in sorted((feature["properties"] for feature in collection["features"]), key=lambda state: state["place"]["name"].casefold()):
        name = wide(state["place"]["name"], state["precision"])
        if state["status"] == "unknown" and not state["holder"]:
            unknown.append(name)
            continue
        status = Text(state["status"], style=STATUS_STYLE[state["status"]])
        table.add_row(name, status, party(state["holder"]), state["standing"] or "", state["last_report"] or "")
    rest = Text(f"unknown that day, {len(unknown)}: {', '.join(unknown)}", style=STATUS_STYLE["unknown"])
    return Group(*([table] if table.row_count else []), *([rest] if unknown else []))


def changes(rows: Sequence[Json]) -> RenderableType:
    """What changed hands, each with the sentences that say so."""
    if not rows:
        return Text("nothing is known to have changed hands in that time")
    return Group(*(part for row in rows for part in _change(row)))


def _change(row: Json) -> Iterable[RenderableType]:
    head = Text.assemble((days(row), "green"), "  ", (wide(row["place"]["name"], row["place"]["precision"]), "bold"))
    head.append(f": {party(row['from']) or 'unknown'} → {party(row['to']) or 'nobody named'}")
    sure = row["standing"] + (f", probability {row['probability']}" if row["probability"] is not None else "")
    head.append(f"  ({sure}; {count(row['informants'], 'informant')})", style="dim")
    if row["disputed_by"]:
        head.append(f"  disputed by {', '.join(party['name'] for party in row['disputed_by'])}", style="yellow")
    yield head
    for label, key in (("", "evidence"), ("against: ", "evidence_against")):
        for claim in row[key]:
            yield Padding(_evidence(claim, label), (0, 0, 0, 4))
    yield Text()


def _evidence(claim: Json, label: str) -> Text:
    line = Text(label, style="yellow")
    line.append(f"“{flat(claim['sentence'])}”", style="default")
    line.append(f" — {source(claim)}", style="magenta")
    line.append(f"  {claim['claim_id']}", style="dim")
    return line
