"""Incidents → a table of 80 columns; one incident → its claims, who said what, and why they were joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khabar.contract import Json
from khabar.incidents import Incident
from khabar.printing import count, days, quantity


def events(found: Sequence[Incident], *, of_a_time: bool = False) -> RenderableType:
    """One incident to a row: days, what happened, how many independent informants and claims, its id. `of_a_time`: days were asked for, and
    those on no day may be of them."""
    if not found:
        return Text("no incident matches")
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1))
    for heading, width in (("days", 11), ("what happened", None), ("said by", 7), ("id", 18)):
        table.add_column(Text(heading, style="bold"), width=width, overflow="fold", justify="right" if heading == "said by" else "left")
    for one in found:
        table.add_row(Text(_days(one), style="green"), one.title, str(one.informants), Text(one.id, style="dim"))
    claims = sum(len(one.claims) for one in found)
    undated = sum(one.date_start is None and one.date_end is None for one in found) if of_a_time else 0
    more = f"; {undated} of them on no day that is told, which may have been then" if undated else ""
    return Group(table, Text(f"\n{count(len(found), 'incident')}, {count(claims, 'claim')}{more}", style="dim"))


def _days(one: Incident) -> str:
    """As `days`, folded to the width of one day."""
    first, last = (day.isoformat() if day else None for day in (one.date_start, one.date_end))
    if first == last or not first or not last:
        return days({"date_start": first, "date_end": last})
    return f"{first}\n–{last[5:] if last[:4] == first[:4] else last}"


def incident(answer: Json) -> RenderableType:
    """One incident with all its claims."""
    parts: list[RenderableType] = [Text(answer["title"], style="bold")]
    place = answer["place"]["name"] if answer["place"] else "no place named"
    days_told = days({name: day.isoformat() if day else None for name, day in ((end, answer[end]) for end in ("date_start", "date_end"))})
    parts.append(Text(f"{answer['kind']} · {days_told} · {place} · {count(answer['informants'], 'informant')}", style="dim"))
    parts += [line for figure in answer["figures"] for line in _figure(figure)]
    parts += [Text(reason) for reason in answer["because"]]
    parts.append(Text())
    for claim in answer["claims"]:
        parts += _claim(claim)
    return Group(*parts)


def _figure(figure: Json) -> Iterable[RenderableType]:
    yield Text(f"{figure['unit']}: low {figure['low']}, best {figure['best']}, high {figure['high']}")
    for said in figure["said"]:
        number = quantity({**said, "unit": figure["unit"], "approximate": False})
        yield Padding(Text(f"{number} — {said['informant']}, {said['published'] or 'no date'}", style="magenta"), (0, 0, 0, 4))


def _claim(claim: Json) -> Iterable[RenderableType]:
    yield Text.assemble(
        f"“{' '.join(claim['sentence'].split())}”",
        (f" — {claim['outlet'] or claim['report_id'][:12]}, {claim['published'] or 'no date'}", "dim"),
    )
    line = Text.assemble((claim["kind"], "bold cyan"), (f" ({claim['modality']})" if claim["modality"] != "asserted" else "", "yellow"))
    line.append(f"  counted for {claim['informant']}", style="magenta")
    line.append(f"  {claim['claim_id']}", style="dim")
    yield Padding(line, (0, 0, 0, 4))
    yield Padding(Text(f"joined: {', '.join(claim['why'])}" if claim["why"] else "tells of it first", style="dim"), (0, 0, 0, 4))
