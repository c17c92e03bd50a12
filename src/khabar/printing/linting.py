"""What is to be mended in rule files → a line for each, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.printing import count

if TYPE_CHECKING:
    from khabar.linting import Finding


def findings(found: Sequence[Finding], files: int) -> RenderableType:
    """What is to be mended in rule files, each with its file and line."""
    rows: list[RenderableType] = []
    for one in found:
        first, *more = one.message.split("\n")
        where = f"{one.file}:{one.line}: " if one.line else f"{one.file}: "
        rows.append(Text.assemble((where, "dim"), ("doubt: " if one.doubt else "", "yellow"), first))
        rows += [Padding(Text(line), (0, 0, 0, 4)) for line in more]
    wrong = sum(not one.doubt for one in found)
    tally = [f"{wrong} to mend" if wrong else "", count(len(found) - wrong, "doubt") if len(found) > wrong else ""]
    rows.append(Text(f"{count(files, 'file')}: {', '.join(part for part in tally if part) or 'in order'}", style="bold"))
    return Group(*rows)
