"""A comparison → tables of 80 columns."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from khabar.contract import Json
from khabar.printing import count

SHOWN = 20


def dataset(answer: Json) -> RenderableType:
    """Counts, tolls, and the first rows of what is matched and of what one side lacks."""
    name, counts, tolls = answer["dataset"], answer["counts"], answer["tolls"]
    parts: list[RenderableType] = [
        Text(f"{counts['matched']} of {count(counts[side], what)} matched{_share(counts['matched'], counts[side])}")
        for side, what in (("dataset", f"{name} event"), ("record", "incident"))
    ]
    if tolls["both"]:
        parts.append(
            Text(
                f"dead counted by both: {tolls['both']}, the same number {tolls['same']}, ranges that overlap {tolls['overlap']}; "
                f"in all {name} {tolls['dataset_sum']}, record {tolls['record_sum']}"
            )
        )
    parts += [Text(f"left out: {number} {reason}", style="dim") for reason, number in answer["left_out"].items()]
    parts += _section(f"matched, with the dead of {name} / record", answer["matched"], _matched)
    parts += _section(f"only in {name}", answer["dataset_only"], _event)
    parts += _section("only in the record", answer["record_only"], _incident)
    if any(row["beside"] for row in (*answer["dataset_only"], *answer["record_only"])):
        parts.append(Text("* beside another that is matched: it may be a part of it", style="dim"))
    return Group(*parts)


def coder(answer: Json) -> RenderableType:
    """Agreement field by field."""
    counts = answer["counts"]
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 2))
    for heading, side in (("field", "left"), ("agree", "right"), ("alpha", "right")):
        table.add_column(Text(heading, style="bold"), justify="right" if side == "right" else "left")
    for name, field in answer["fields"].items():
        table.add_row(name, "–" if field["per_cent"] is None else f"{field['per_cent']:.1f} %", _alpha(field["alpha"]))
    return Group(
        Text(f"{count(counts['reports'], 'report')} coded by both: {counts['paired']} claims paired"),
        Text(f"{counts['record_only']} only in the record, {counts['coder_only']} only of {answer['coder']}"),
        table,
        Text("alpha: Krippendorff's, nominal; – where no value varies", style="dim"),
    )


def _alpha(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(part: int, whole: int) -> str:
    return f" ({100 * part / whole:.0f} %)" if whole else ""


def _section(title: str, rows: list[Json], shown: object) -> Iterable[RenderableType]:
    if not rows or not callable(shown):
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1))
    for width in (11, None, 9):
        table.add_column(width=width, overflow="fold", justify="right" if width == 9 else "left")
    for row in rows[:SHOWN]:
        table.add_row(*shown(row))
    yield Text(f"\n{title}: {len(rows)}", style="bold")
    yield table
    if len(rows) > SHOWN:
        yield Text(f"and {len(rows) - SHOWN} more; --json gives all", style="dim")


def _matched(row: Json) -> tuple[Text, Text, Text]:
    event, incident = row["event"], row["incident"]
    theirs, ours = (str(one["killed"][1]) if one["killed"] else "–" for one in (event, incident))
    told = ", ".join(part for part in (event["id"], event["type"], event["place"]) if part)
    what = Text(incident["title"]).append(f"\n{told}", style="dim")
    return _day(event), what, Text(f"{theirs} / {ours}" if (theirs, ours) != ("–", "–") else "")


def _event(row: Json) -> tuple[Text, Text, Text]:
    what = Text(f"{row['type'] or 'event'} at {row['place']}: {', '.join(row['sides'])}").append(f"\n{row['id']}", style="dim")
    return _day(row), what.append(" *" if row["beside"] else ""), _dead(row)


def _incident(row: Json) -> tuple[Text, Text, Text]:
    what = Text(row["title"]).append(f"\n{row['id']}", style="dim")
    return _day(row), what.append(" *" if row["beside"] else ""), _dead(row)


def _day(row: Json) -> Text:
    first, last = row["date_start"], row["date_end"]
    return Text(str(last) if first in (None, last) else f"{first}\n–{last}", style="green")


def _dead(row: Json) -> Text:
    return Text(f"{row['killed'][1]} dead" if row["killed"] else "")
