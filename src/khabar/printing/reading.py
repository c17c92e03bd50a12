"""A report that was read, or was not → its sentences with their claims; why not."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json, claim_json
from khabar.model import Failure, Reading, Span
from khabar.printing import claim_line, count, flat, table_of


def reading(found: Reading, sentences: Sequence[Span]) -> RenderableType:
    """Each sentence with its claims, speakers and dates under it."""
    report = found.report
    told_on = f"read as of {found.told_on}" if found.told_on else None
    head = " · ".join(filter(None, (report.outlet, report.published.isoformat() if report.published else None, told_on, report.url)))
    title = Text(report.title or f"report {report.id[:12]}", style="bold")
    parts: list[RenderableType] = [title, Text(head or "no outlet, no date", style="dim"), Text()]
    claims: dict[Span, list[Json]] = {}
    for claim in found.claims:
        claims.setdefault((claim.start, claim.end), []).append(claim_json(claim))
    for span in sorted({*sentences, *claims}):
        told = claims.get(span, [])
        parts.append(Text(flat(report.text[span[0] : span[1]]), style="" if told else "dim"))
        parts += [Padding(claim_line(claim), (0, 0, 0, 4)) for claim in told]
    parts.append(Text(f"\n{count(len(found.claims), 'claim')} in {count(len(sentences) or len(claims), 'sentence')}", style="dim"))
    return Group(*parts)


def failure(found: Failure) -> Text:
    """Why an input was not read, or with what doubt."""
    return Text(f"{'warning' if found.warning else 'not read'}: {found.message} [{found.code}]", style="yellow" if found.warning else "red")


def failures(found: Sequence[Failure]) -> RenderableType:
    """What was not read, and why."""
    if not found:
        return Text("every input was read")
    table = table_of("code", "input", "reason")
    table.columns[1].overflow = "fold"
    for one in found:
        table.add_row(one.code, one.source or one.id, one.message)
    return table
