"""Words of the command line → one command, or one line on standard error that says what to mend."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import typer
from typer.core import TyperGroup

from khabar.errors import KhabarError

REMEDY = "Is the disk full, another program at work on it, or the file damaged? khabar verify RECORD tells"


GROUPS = {
    "Read": ("demo", "read", "build", "import", "failures", "versions", "lint"),
    "Ask": ("control", "changes", "events", "claims", "actor", "disputes", "sources", "explain", "brief"),
    "Look, and carry away": ("serve", "map", "export", "dump"),
    "Decide and compare": ("review", "actors", "places", "compare", "token"),
    "Keep": ("verify", "bundle", "merge", "redact", "migrate"),
}


class Commands(TyperGroup):
    """Lists the commands by what they are for. Turns what a user can mend into one line on standard error and the exit status 1."""

    def list_commands(self, ctx: Any) -> list[str]:
        there = super().list_commands(ctx)
        known = [name for names in GROUPS.values() for name in names]
        return [*(name for name in known if name in there), *(name for name in there if name not in known)]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        there = self.list_commands(ctx)
        known = {name for names in GROUPS.values() for name in names}
        for title, names in {**GROUPS, "Other": [name for name in there if name not in known]}.items():
            rows = [(name, _gist(self.commands[name])) for name in names if name in there]
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
        ctx.exit(1)


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
