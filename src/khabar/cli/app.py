"""Words of the command line → one command, or one line on standard error that says what to mend."""

from __future__ import annotations

import sqlite3
from typing import Any

import typer
from typer.core import TyperGroup

from khabar.errors import KhabarError

REMEDY = "Is the disk full, another program at work on it, or the file damaged? khabar verify RECORD tells"


class Commands(TyperGroup):
    """Turns what a user can mend into one line on standard error and the exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KhabarError as error:
            typer.echo(f"khabar: {error}", err=True)
        except sqlite3.DatabaseError as error:
            typer.echo(f"khabar: the record could not be read or written: {error}; what was kept before stands. {REMEDY}", err=True)
        ctx.exit(1)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback()
def khabar() -> None:
    """Reads war reporting and keeps a record in which every fact names its sentence and its speaker.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar build reports/ --record war.khabar
    khabar control war.khabar Oakford --on 2031-05-05
    """
