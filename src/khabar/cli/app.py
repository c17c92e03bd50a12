"""Words of the command line → one command, or one line on standard error that says what to mend."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from khabar.errors import KhabarError

REMEDY = "Is the disk full, another program at work on it, or the file damaged? khabar verify RECORD tells"


GROUPS = {
    "Read": {
        "demo": "demo", "read": "reports", "build": "reports", "import": "importing", "failures": "questions", "versions": "versions",
        "lint": "reports",
    },
    "Ask": {
        "control": "questions", "changes": "questions", "events": "events", "claims": "questions", "actor": "questions",
        "disputes": "briefing", "sources": "sources", "explain": "questions", "brief": "briefing",
    },
    "Look, and carry away": {"serve": "serve", "map": "questions", "export": "exports", "dump": "questions"},
    "Decide and compare": {"review": "reviewing", "actors": "actors", "places": "places", "compare": "comparing", "token": "serve"},
    "Keep": {"verify": "custody", "bundle": "custody", "merge": "custody", "redact": "versions", "migrate": "custody"},
}  # fmt: skip
"""The commands by what they are for, each with the module that holds it."""
MODULES = {name: module for of_group in GROUPS.values() for name, module in of_group.items()}


class Commands(TyperGroup):
    """Lists the commands by what they are for, and makes the one that is asked for: a question need not wait for the others. Turns what a
    user can mend into one line on standard error and the exit status 1."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in MODULES:
            self.commands.setdefault(cmd_name, _made(cmd_name))
        else:
            self.every()  # whoever mistypes a name is told of those that are near
        return super().get_command(ctx, cmd_name)

    def every(self) -> Mapping[str, Any]:
        """All commands by name."""
        for name in MODULES:
            self.commands.setdefault(name, _made(name))
        return self.commands

    def list_commands(self, ctx: Any) -> list[str]:
        there = self.every()
        return [*MODULES, *(name for name in there if name not in MODULES)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        others = [name for name in self.list_commands(ctx) if name not in MODULES]
        for title, names in {**GROUPS, "Other": others}.items():
            rows = [(name, _gist(self.commands[name])) for name in names]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_max=12)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KhabarError as error:
            typer.echo(f"khabar: {error}", err=True)
        except sqlite3.DatabaseError as error:
            typer.echo(f"khabar: the record could not be read or written: {error}; what was kept before stands. {REMEDY}", err=True)
        except BrokenPipeError:
            raise  # who reads no further is no error of ours
        except OSError as error:
            typer.echo(f"khabar: {error.filename or 'a file'}: {error.strerror or error}", err=True)
        ctx.exit(1)


def _made(name: str) -> Any:
    """The command of that name, from the module that holds it."""
    import_module(f"khabar.cli.{MODULES[name]}")
    alone = typer.Typer(cls=TyperGroup, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.callback()(khabar)  # a group, even of one
    alone.registered_commands = [one for one in app.registered_commands if name in (one.name, one.callback and one.callback.__name__)]
    alone.registered_groups = [one for one in app.registered_groups if one.name == name]
    return get_command(alone).commands[name]  # type: ignore[attr-defined]  # of a group


def _gist(command: Any) -> str:
    """What a command does, as far as the first colon or full stop."""
    return re.split(r"[:;.](?:\s|$)", " ".join((command.help or "").split()), maxsplit=1)[0]


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def khabar() -> None:
    """Reads war reporting and keeps a record in which every fact names its sentence and its speaker.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar build reports/ --record war.khabar
    khabar control war.khabar Oakford --on 2031-05-05
    """
