"""The sample → what changed hands, with its evidence, and a map."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import Actors, Rules, day, progress
from khabar.cli.questions import changes, control, write_map
from khabar.errors import QuestionError


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to leave the record and the map.")] = Path(),
    rules: Rules = None,
    actors: Actors = None,
) -> None:
    """Read the sample reports, print what changed hands with its evidence, and write a map to open in a browser.

    \b
    khabar demo
    khabar demo --folder /tmp
    """
    from khabar import sample
    from khabar.build import Own
    from khabar.build import build as build_record
    from khabar.feeds import read_inputs
    from khabar.record import Record

    folder.mkdir(parents=True, exist_ok=True)
    record, output = folder / "idlib-2015.khabar", folder / "map.html"
    with Record.create(record) as kept, progress() as show:
        for tally in build_record(kept, read_inputs([sample.reports()]), own=Own(rules, actors)):
            show(tally)
    changes(record, day("2015-03-01"), day("2015-06-30"))
    for place, on in DEMO_QUESTIONS:
        typer.echo(f"\n$ khabar control {record} {place} --on {on} --known-by {on}")
        try:
            control(record, day(on), place, day(on))
        except QuestionError as error:  # the reading missed it: a demo shows its misses too
            typer.echo(error)
    _print_hits_and_misses(record)
    write_map(record, before=day("2015-03-23"), after=day("2015-06-08"), output=output)
    typer.echo(f"the record is {record}; open {output} in a browser", err=True)


# A boast that the other side denies, and an evacuation that the loser admits.
DEMO_QUESTIONS = (("Idlib", "2015-03-26"), ("Ariha", "2015-05-29"))


def _print_hits_and_misses(record: Path) -> None:
    """The sample was coded by hand before anything could read it: what was found of that, and what not."""
    from khabar import sample
    from khabar.printing import console
    from khabar.printing import sample as printing
    from khabar.record import Record

    with Record.open(record) as kept:
        coded = sample.coding(kept.reports())
        compared = {id: sample.compare(rows, [item.claim for item in kept.told("report_id = ?", (id,))]) for id, rows in coded.items()}
    console().print(printing.comparison(compared))
