"""What is known of an actor → its names, members, allies, gains and losses."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from khabar.contract import Json
from khabar.printing import days, flat, table_of


def actor(answer: Json) -> RenderableType:
    """Who an actor is on that day, each fact with its source or its claims."""
    title = Text.assemble(
        (answer["name"], "bold"), f"  {answer['kind'] or 'kind unknown'}", (f"  on {answer['on']}" if answer["on"] else "", "dim")
    )
    table = table_of("", "who", "days", "source", headed=False)
    table.columns[3].overflow = "fold"
    for label in ("members", "member_of", "media", "led_by", "leads", "branch_of", "branches", "allies", "enemies", "fought", "split_from"):
        for i, fact in enumerate(answer[label]):
            table.add_row("" if i else label.replace("_", " "), fact["name"], days(fact, empty=""), _sources(fact))
    parts: list[RenderableType] = [title, Text(f"names: {'; '.join(answer['names'])}", style="dim")]
    if answer["on"] and answer["called"]:
        parts.append(Text(f"called that day: {'; '.join(name['name'] for name in answer['called'])}"))
    if answer["sides"]:
        parts.append(Text(f"side: {', '.join(answer['sides'])}", style="green"))
    parts += [Text(f"formed {days(fact)}: “{flat(fact['sentence'])}”  {' '.join(fact['claims'])}") for fact in answer["formed"]]
    if table.row_count:
        parts.append(table)
    for label, verb in (("gains", "took"), ("losses", "lost")):
        parts += [Text(f"{verb} {fact['place']}  {days(fact)}{_other(fact, label)}  {' '.join(fact['claims'])}") for fact in answer[label]]
    parts += [Text(warning, style="yellow") for warning in answer["warnings"]]
    return Group(*parts)


def _other(fact: Json, label: str) -> str:
    if not fact["other"]:
        return ""
    return f"  {'from' if label == 'gains' else 'to'} {fact['other']['name']}"


def _sources(fact: Json) -> str:
    said = [f"claim {id}" for id in dict.fromkeys(fact["claims"])]
    known = ["registry, unverified" if set(fact["sources"]) == {"unverified"} else "registry"] if fact["sources"] else []
    return ", ".join([*said, *known])
