"""Answers → tables and paragraphs that fit a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from khabar.contract import Json

STATUS_STYLE = {"held": "bold green", "contested": "bold yellow", "besieged": "bold magenta", "unknown": "dim"}
SHOWN = 8  # of a long list


class _Trimmed(Console):
    """Into a file or a pipe no line ends in spaces: tables and indented lines are filled up to the width of a screen."""

    def print(self, *objects: Any, **options: Any) -> None:
        if self.is_terminal:
            return super().print(*objects, **options)
        with self.capture() as held:
            super().print(*objects, **options)
        try:
            self.file.write(re.sub(r" +$", "", held.get(), flags=re.MULTILINE))
            self.file.flush()
        except BrokenPipeError:
            self.on_broken_pipe()


def console() -> Console:
    """Standard output; nothing of a report is taken for markup or coloured by guess."""
    return _Trimmed(highlight=False, markup=False, emoji=False, soft_wrap=False)


def claim_line(claim: Json) -> Text:
    """One claim: kind, who, whom, where, when, how many, in what mode; who says so."""
    line = Text()
    line.append(claim["kind"], style="bold cyan")
    if claim["modality"] != "asserted":
        line.append(f" ({claim['modality']})", style="yellow")
    for label, part in (("", claim["actor"]), (" → ", claim["recipient"]), (" @ ", claim["place"])):
        if part:
            line.append(f"{label or '  '}{named(part)}")
    line.append(f"  {days(claim)}", style="green")
    if claim["quantity"]:
        line.append(f"  {quantity(claim['quantity'])}")
    line.append(f"  — {chain(claim)}", style="magenta")
    if claim["section"] not in ("body", "headline"):
        line.append(f"  [{claim['section']}]", style="red")
    if claim.get("confidence") is not None:
        line.append(f"  learnt, {claim['confidence']:.2f}", style="yellow")
    if "grade" in claim:
        line.append(f"  {claim['grade']}", style="bold")
    line.append(f"  {claim['claim_id']}", style="dim")
    return line


def rule(claim: Json) -> str:
    """The rule that made a claim, and where none did how likely the model holds it.

    >>> rule({"rule": "attack.learnt", "confidence": 0.9})
    'attack.learnt, confidence 0.90'
    """
    sure = f", confidence {claim['confidence']:.2f}" if "confidence" in claim else ""
    return f"{claim['rule']}{sure}"


def days(row: Mapping[str, Any], *, empty: str = "no date") -> str:
    """The days of a claim or a change: one, an interval, or an open one."""
    first, last = row["date_start"], row["date_end"]
    if first == last:
        return first or empty
    return f"from {first}" if last is None else f"by {last}" if first is None else f"{first} to {last}"


def quantity(row: Json) -> str:
    """ "about 2000 fighters", "at least 5 killed"."""
    low, high, unit = row["low"], row["high"], row["unit"]
    number = f"at least {low}" if high is None else f"up to {high}" if low is None else str(low) if low == high else f"{low} to {high}"
    return f"{'about ' if row['approximate'] else ''}{number} {unit}"


def chain(claim: Json) -> str:
    """The speakers from the outermost to the innermost."""
    return " → ".join(speaker["text"] for speaker in claim["attribution"]) or "own voice"


def source(claim: Json) -> str:
    """The chain with its outlet and day."""
    told = [claim["outlet"] or f"report {claim['report_id'][:12]}", *(speaker["text"] for speaker in claim["attribution"])]
    return f"{' → '.join(told)}, {claim['published'] or 'no date'}"


def named(part: Json) -> str:
    """The words of a party or place, and its name where that is another."""
    name = part["name"]
    return f"{part['text']} [{name}]" if name and name != part["text"] else str(part["text"])


def party(known: Json | None) -> str:
    """Its name, if it is known."""
    return known["name"] if known else ""


def wide(name: str, precision: str | None) -> str:
    """The name of a place; of an area, with its sort."""
    return f"{name} ({precision})" if precision in ("district", "province", "country", "region") else name


def flat(text: str) -> str:
    """Without line breaks."""
    return " ".join(text.split())


def count(number: int, noun: str) -> str:
    """ "1 claim", "2 claims"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def table_of(*headings: str, headed: bool = True) -> Table:
    table = Table(box=box.SIMPLE_HEAD if headed else None, show_header=headed, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), overflow="fold")
    return table
