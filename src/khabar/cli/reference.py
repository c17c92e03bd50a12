"""The commands → docs/reference/cli.md (`make reference`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from khabar.cli import app

HEAD = """# Commands

Every command has `--help` with an example, and `--json` where it prints data. Exit status: 0 done, 1 something could not be read or found,
2 a wrong command line. This page is written from the program: `make reference`.

| command | what it does |
|---|---|
"""


def reference() -> str:
    """The page: a table of all commands, then the help of each, at 80 columns."""
    commands = sorted(_commands(get_command(app).every(), ()))  # type: ignore[attr-defined]  # app.Commands
    rows = [f"| [`khabar {' '.join(words)}`](#khabar-{'-'.join(words)}) | {first} |" for words, first in commands]
    return HEAD + "\n".join(rows) + "\n" + "".join(_section(words) for words, _ in commands)


def _commands(group: Mapping[str, Any], words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The words of each command of a group, and below it, with the first sentence of its help."""
    for name, command in group.items():
        if hasattr(command, "commands"):
            yield from _commands(command.commands, (*words, name))
        else:
            yield (*words, name), " ".join(str(command.help).split("\n\n")[0].split())


def _section(words: tuple[str, ...]) -> str:
    shown = CliRunner().invoke(app, [*words, "--help"], prog_name="khabar", env={"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1"})
    text = "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())
    return f"\n## khabar {' '.join(words)}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    print(reference(), end="")
