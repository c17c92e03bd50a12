"""Claims → each under its sentence; an id → its way down to the quoted sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json
from khabar.printing import claim_line, count, flat, rule
from khabar.printing.control import control
from khabar.printing.profiles import actor


def claims(rows: Sequence[Json], *, of_a_time: bool = False) -> RenderableType:
    """Claims under their sentences and reports. `of_a_time`: days were asked for, and those without a day may be of them."""
    parts: list[RenderableType] = []
    shown = None
    for row in rows:
        if (row["report_id"], row["start"], row["end"]) != shown:
            shown = (row["report_id"], row["start"], row["end"])
            line = Text(f"“{flat(row['sentence'])}”")
            line.append(f" — {row['outlet'] or row['report_id'][:12]}, {row['published'] or 'no date'}", style="dim")
            parts += [line, *original(row)]
        parts.append(Padding(claim_line(row), (0, 0, 0, 4)))
    undated = sum(row["date_start"] is None and row["date_end"] is None for row in rows) if of_a_time else 0
    more = f"; {undated} of them of no day that is told, which may have been then" if undated else ""
    parts.append(Text(count(len(rows), "claim") + more, style="dim"))
    return Group(*parts)


def original(row: Json) -> Iterable[RenderableType]:
    """What stands beside a sentence in the language that it was translated from."""
    if row.get("original"):
        yield Padding(
            Text(f"“{flat(row['original'])}” (translated by {row['translated_by'] or 'nobody named'})", style="blue"), (0, 0, 0, 2)
        )


def explanation(answer: Json) -> RenderableType:
    """From any id down to the quoted sentences."""
    parts: list[RenderableType] = []
    if answer["type"] == "claim":
        claim = answer["claim"]
        parts += [
            Text(f"“{flat(claim['sentence'])}”"),
            *original(claim),
            claim_line(claim),
            Text(f"said by: {' → '.join(answer['chain'])}", style="magenta"),
        ]
        parts.append(_report(answer["report"]))
        if counted := answer["counted"]:
            reach = "settles who holds it" if counted["settles"] else "corroborates at most"
            parts.append(Text(f"counted for its place as {counted['role']} ({counted['standing']}, {counted['reach']}): {reach}"))
        if "grade" in claim:
            parts += [Text(f"grade {claim['grade']}"), *(Text(f"  {why}") for why in claim["grade_because"])]
        rules = f" (rules {answer['rules'][:12]})" if answer["rules"] else ""
        parts.append(Text(f"rule: {rule(claim)}{rules}", style="dim"))
        parts += [Text(f"imported: {one['name']}, row {one['row']} ({one['speaker']})", style="dim") for one in answer.get("imports", ())]
        return Group(*parts)
    if answer["type"] == "report":
        parts += [_report(report) for report in answer["reports"]]
    if answer["type"] == "place":
        parts.append(control(answer["control"], answer["control"]["place"]["name"]))
    if answer["type"] == "actor":
        parts.append(actor(answer["actor"]))
    return Group(*parts, Text(), claims(answer["claims"]))


def _report(report: Json) -> Text:
    fields = (report["outlet"], report["published"], report["title"], report["url"], f"report {report['id']}")
    return Text(" · ".join(field for field in fields if field), style="dim")
