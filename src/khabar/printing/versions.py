"""Versions of a report, and tombstones → paragraphs for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from khabar.contract import Json
from khabar.printing import claim_line, count
from khabar.tombstones import Redaction

_STYLE = {"-": "red", "+": "green", " ": "dim"}


def versions(answer: Json) -> RenderableType:
    """Each version with its day, and under it what changed from the one before."""
    changes = {difference["to"]: difference for difference in answer["differences"]}
    parts: list[RenderableType] = []
    for version in answer["versions"]:
        head = Text.assemble((version["known"] or "no date", "green"), f"  {version['outlet'] or 'no outlet'}")
        head.append(f" · {version['title'] or version['id'][:12]}  ").append(version["version"][:12], style="dim")
        parts += [head, *(_difference(changes[version["version"]]) if version["version"] in changes else ())]
    return Group(*parts, Text(count(len(answer["versions"]), "version"), style="dim"))


def _difference(difference: Json) -> Iterable[RenderableType]:
    for row in difference["sentences"]:
        if row["sign"] != " ":
            yield Padding(Text(f"{row['sign']} {row['text']}", style=_STYLE[row["sign"]]), (0, 0, 0, 4))
    unchanged = sum(row["sign"] == " " for row in difference["sentences"])
    yield Padding(Text(f"{count(unchanged, 'sentence')} unchanged", style="dim"), (0, 0, 0, 4))
    for sign, word in (("-", "lost"), ("+", "gained")):
        for claim in difference[f"claims_{word}"]:
            yield Padding(Text.assemble((f"{sign} claim  ", _STYLE[sign]), claim_line(claim)), (0, 0, 0, 4))


def redactions(made: Sequence[Redaction]) -> RenderableType:
    """Each tombstone in two lines."""
    if not made:
        return Text("nothing was left to blank; the file was written anew")
    return Group(*(line for one in made for line in _redaction(asdict(one))))


def _redaction(one: Json) -> Iterable[RenderableType]:
    what = "the text" if one["extent"] == "text" else "a name in the text"
    yield Text.assemble(
        (one["redaction_id"], "bold"), f"  {what} of version {one['version'][:12]}, by {one['signed_by']}, {one['signed_at']}"
    )
    yield Padding(Text(f"{one['reason']}; SHA-256 of the text before: {one['text_sha256']}", style="dim"), (0, 0, 0, 4))
