"""A record → who says what in it, how far each is relied on, and who prints whose text."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, KnownBy, MaybeOn, RecordFile, print_rows, view_of


@app.command()
def sources(
    record: RecordFile,
    copies: Annotated[bool, typer.Option("--copies", help="Which reports print another's sentences, and how that is known.")] = False,
    learnt: Annotated[bool, typer.Option("--learnt", help="Beside each letter the one that outcomes in the record speak for.")] = False,
    on: MaybeOn = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Who says what: each informant once, with kind, side, grade, and how often others bore it out or contradicted it.

    \b
    khabar sources war.khabar
    khabar sources war.khabar --copies
    khabar sources war.khabar --known-by 2031-05-05 --json
    """
    from khabar import informants, printing
    from khabar.printing import sources as tables

    if copies and learnt:
        raise typer.BadParameter("--learnt is about informants; leave --copies out")
    with view_of(record, known_by) as view:
        rows = informants.copies(view) if copies else informants.informants(view, on=on, learnt=learnt)
    if json:
        print_rows(rows)
    else:
        printing.console().print(tables.copies(rows) if copies else tables.sources(rows))
