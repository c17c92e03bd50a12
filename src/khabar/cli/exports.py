"""A record → files in the formats that other people's tools open, each with its losses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, From, KnownBy, RecordFile, To, print_json, view_of


@app.command()
def export(
    record: RecordFile,
    format: Annotated[
        str,
        typer.Option(
            metavar="FORMAT", help="csv, parquet, excel, geojson, geopackage, html, acled, ged, plover, stix, ftm, timemap, wikipedia."
        ),
    ],
    output: Annotated[Path | None, typer.Option(metavar="PATH", help="Where to write; else beside the record, under its name.")] = None,
    first: From = None,
    last: To = None,
    known_by: KnownBy = None,
    full: Annotated[bool, typer.Option("--full", help="Hold nothing back of what was published of late: for your own desk.")] = False,
    json: AsJson = False,
) -> None:
    """Write the record in a format of the field, and say what the format could not carry.

    What was published in the last two weeks is held back, and places told of in the last 90 days are coarsened, unless --full.

    \b
    khabar export war.khabar --format csv
    khabar export war.khabar --format acled --from 2031-03-01 --output events.csv
    khabar export war.khabar --format geopackage --known-by 2031-04-01
    """
    from collections import Counter
    from contextlib import ExitStack

    from khabar.exports import FORMATS
    from khabar.exports.content import content
    from khabar.roles import is_coded

    if format not in FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(FORMATS)}")
    way = FORMATS[format]
    path = output or record.with_name(f"{record.stem}-{format}{way.suffix}")
    with ExitStack() as stack:
        found = content(
            lambda day: stack.enter_context(view_of(record, day)),
            known_by=known_by,
            first=first,
            last=last,
            today=None if full else date.today(),
        )
        losses = way.written(found, path)
    if json:
        print_json(losses.json() | {"output": str(path), "withheld": found.withheld.words})
        return
    typer.echo(f"wrote {path}", err=True)
    for words in (*losses.lines(), *([f"withheld: {found.withheld.words}; --full writes all"] if found.withheld.words else [])):
        typer.echo(words, err=True)
    for name, number in Counter(item.outlet for item in found.told if is_coded(item.claim)).items():
        typer.echo(f"note: {number} claims are rows of {name}: mind its terms before you pass them on", err=True)
