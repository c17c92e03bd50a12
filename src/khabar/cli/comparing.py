"""A record, and a dataset or another coder's claims → where they agree, and what each lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, From, KnownBy, RecordFile, To, print_json, view_of


@app.command()
def compare(
    record: RecordFile,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A CSV, XLSX or Parquet of ACLED or UCDP GED; claims in JSON; or another record.",
            exists=True,
            dir_okay=False,
        ),
    ],
    days: Annotated[int, typer.Option(min=0, metavar="N", help="Days that may lie between an event and an incident.")] = 2,
    km: Annotated[float, typer.Option(min=0.0, metavar="KM", help="Kilometres that may lie between them.")] = 25.0,
    first: From = None,
    last: To = None,
    known_by: KnownBy = None,
    coder: Annotated[str | None, typer.Option(metavar="NAME", help="Who made the claims; else the file's name.")] = None,
    json: AsJson = False,
) -> None:
    """How far the record agrees with a dataset that you hold, or with another coder's claims. Nothing is written.

    An event of ACLED or UCDP GED is matched with the closest incident. Another coder's claims are checked against the text that they cite,
    and compared field by field with the record's own: per cent, and Krippendorff's alpha. Rows that are refused give the status 1.

    \b
    khabar compare war.khabar ged.csv --days 2 --km 25
    khabar compare war.khabar acled.csv --from 2031-05-01 --to 2031-05-31 --json
    khabar compare war.khabar claims-of-a-student.jsonl --coder "Jo Smith"
    """
    from khabar import printing
    from khabar.dataset_files import SUFFIXES
    from khabar.printing import comparing as tables

    with view_of(record, known_by) as view:
        if file.suffix.lower() in SUFFIXES:
            from khabar.comparing import compare as compared
            from khabar.datasets import read_dataset
            from khabar.events import events

            dataset = read_dataset(file, first=first, last=last)
            answer, shown = compared(view, events(view, first=first, last=last, reported=True), dataset, days=days, km=km), tables.dataset
        else:
            from khabar.coders import Source, compare_coding, read_coding
            from khabar.imports import BY_CODER

            coding = read_coding(file, Source.of(view.record), coder=coder or file.stem)
            own = [item.claim for item in view.record.told_by(known_by, "rule NOT LIKE ?", (f"{BY_CODER}%",))]
            answer, shown = compare_coding(view, own, coding), tables.coder
    if json:
        print_json(answer)
    else:
        printing.console().print(shown(answer))
    for row in answer["refused"]:
        which = f"row {row['row']}" if "row" in row else row["claim"]
        typer.echo(f"refused: {which}: {row['reason']}", err=True)
    if answer["refused"]:
        raise typer.Exit(1)
