"""A report that was read, or was not → its sentences with their claims; why not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json, claim_json
from khabar.model import Failure, Reading, Span
from khabar.printing import claim_line, count, flat


def reading(found: Reading, sentences: Sequence[Span]) -> RenderableType:
    """Each sentence with its claims, speakers and dates under it."""
    report = found.report
    told_on = f"read as of {found.told_on}" if found.told_on else None
    head = " · ".join(filter(None, (report.outlet, report.published.isoformat() if report.published else None, told_on, report.url)))
    title = Text(report.title or report.source or f"report {report.id[:12]}", style="bold")
    parts: list[RenderableType] = [title, Text(head or "no outlet, no date", style="dim"), Text()]
    claims: dict[Span, list[Json]] = {}
    for claim in found.claims:
        claims.setdefault((claim.start, claim.end), []).append(claim_json(claim) | {"confidence": claim.confidence})
    for span in sorted({*sentences, *claims}):
        told = claims.get(span, [])
        parts.append(Text(flat(report.text[span[0] : span[1]]), style="" if told else "dim"))
        parts += [Padding(claim_line(claim), (0, 0, 0, 4)) for claim in told]
    parts.append(Text(f"\n{count(len(found.claims), 'claim')} in {count(len(sentences) or len(claims), 'sentence')}", style="dim"))
    return Group(*parts)


def failure(found: Failure) -> Text:
    """Why an input was not read, or with what doubt."""
    words = f"{'warning' if found.warning else 'not read'}: {_placed(found)} [{found.code}]"
    return Text(words, style="yellow" if found.warning else "red")


def failures(found: Sequence[Failure]) -> RenderableType:
    """What was not read, and what was read with a doubt, in the order of the inputs; a reason that several share is told once."""
    if not found:
        return Text("every input was read")
    shared: dict[tuple[str, str], list[Failure]] = {}
    for one in sorted(found, key=lambda one: (_in_order(_where(one)), one.code)):
        shared.setdefault((one.code, one.message.removeprefix(f"{_where(one)}: ")), []).append(one)
    parts: list[RenderableType] = []
    for (code, why), among in shared.items():
        if len(among) == 1:
            parts.append(Text(f"{_placed(among[0])} [{code}]"))
        else:
            parts += [Text(f"{len(among)} inputs: {why} [{code}]"), *(Padding(Text(_where(one)), (0, 0, 0, 4)) for one in among)]
    return Group(*parts)


def _in_order(where: str) -> list[tuple[int, str]]:
    """Line 9 of a file before line 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", where)]


def _where(found: Failure) -> str:
    return found.source or found.id


def _placed(found: Failure) -> str:
    """The message, with where it was met before it."""
    return found.message if found.message.startswith(_where(found)) else f"{_where(found)}: {found.message}"
