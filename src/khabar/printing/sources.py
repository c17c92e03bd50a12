"""Informants and copies → tables that fit a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khabar.contract import Json
from khabar.printing import count


def sources(rows: Sequence[Json]) -> RenderableType:
    """One informant to a row, and under it why it is graded so."""
    if not rows:
        return Text("no claim, no informant")
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1))
    for heading, width in (("informant", None), ("grade", 6)):
        table.add_column(Text(heading, style="bold"), width=width, overflow="fold")
    for heading, width in (("claims", 6), ("borne out", 9), ("against", 7)):
        table.add_column(Text(heading, style="bold"), width=width, justify="right")
    for row in rows:
        table.add_row(_who(row), _letter(row), str(row["claims"]), str(row["borne_out"]), str(row["contradicted"]))
    return Group(table, Text(f"\n{count(len(rows), 'informant')}, {count(sum(row['claims'] for row in rows), 'claim')}", style="dim"))


def _who(row: Json) -> Text:
    facts = "; ".join([row["kind"] or "not in the registry", *row["sides"]])
    kinds = ", ".join(f"{kind} {number}" for kind, number in list(row["kinds"].items())[:SHOWN])
    more = " …" if len(row["kinds"]) > SHOWN else ""
    return Text.assemble((row["name"], "bold"), (f"  {facts}\n", "dim"), f"{row['because'].rpartition(': ')[2]}; {kinds}{more}")


SHOWN = 3  # kinds of claims in a row


def _letter(row: Json) -> str:
    declared, learnt = str(row["reliability"]), row.get("learnt", {}).get("reliability")
    return f"{declared} → {learnt}" if learnt and learnt != declared else declared


def copies(rows: Sequence[Json]) -> RenderableType:
    """Each original with those who print it, how much, and one sentence of each."""
    if not rows:
        return Text("no report prints another's sentences")
    parts: list[RenderableType] = []
    for row in rows:
        parts.append(Text.assemble((_name(row["origin"]), "bold")))
        for copy in row["copies"]:
            parts.append(Padding(Text.assemble(_name(copy), (f"\n{copy['because']}", "dim")), (0, 0, 0, 2)))
            if copy["verbatim"] < copy["sentences"]:
                said = copy["example"]
                parts.append(Padding(Text(f"“{said['printed']}”\nfor “{said['original']}”", style="dim"), (0, 0, 0, 4)))
        parts.append(Text())
    printed = sum(len(row["copies"]) for row in rows)
    return Group(*parts, Text(f"{count(printed, 'copying report')} of {count(len(rows), 'original')}", style="dim"))


def _name(report: Json) -> str:
    facts = (report["outlet"] or "no outlet", report["published"] or "no day", report["title"] or report["report_id"])
    return " · ".join(facts)
