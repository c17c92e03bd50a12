"""A record → incidents: the claims of all reports, grouped by the happening that they tell of."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, From, KnownBy, RecordFile, To, print_json, view_of


@app.command()
def events(
    record: RecordFile,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="There, in a part of it, or within it where it is an area.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="With this actor, or a member of it, on any side.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="With a claim of this kind: capture, airstrike, killing …")] = None,
    first: From = None,
    last: To = None,
    known_by: KnownBy = None,
    min_informants: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Said by at least so many independent informants; 0 adds what is only denied or possible."),
    ] = 1,
    json: AsJson = False,
) -> None:
    """Incidents: what happened, as all reports together tell it, with the lowest, best and highest toll.

    \b
    khabar events war.khabar --place Oakford --from 2031-05-01 --to 2031-05-31
    khabar events war.khabar --kind airstrike --min-informants 2 --json
    khabar explain war.khabar i-811b50227f9d15c3
    """
    from khabar.events import events as asked
    from khabar.incidents import incident_json

    with view_of(record, known_by) as view:
        found = asked(view, place=place, actor=actor, kind=kind, first=first, last=last, min_informants=min_informants)
    if json:
        for one in found:
            print_json(incident_json(one))
        return
    from khabar import printing
    from khabar.printing import events as tables

    printing.console().print(tables.events(found, of_a_time=bool(first or last)))
