"""A record and a question → the answer: control, changes, actor, claims, explain, map, dump, failures."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, From, KnownBy, MaybeOn, On, RecordFile, To, day, print_json, print_rows, view_of


@app.command()
def control(
    record: RecordFile,
    on: On,
    place: Annotated[
        str | None, typer.Argument(metavar="[PLACE]", help="A name in any spelling, or an id; without it, all places.")
    ] = None,
    known_by: KnownBy = None,
    geojson: Annotated[bool, typer.Option("--geojson", help="Every place, as a FeatureCollection.")] = False,
    json: AsJson = False,
) -> None:
    """Who held a place that day, since when, on whose word, and why.

    \b
    khabar control war.khabar Oakford --on 2031-05-05
    khabar control war.khabar Oakford --on 2031-05-05 --known-by 2031-05-01
    khabar control war.khabar --on 2031-05-05 --geojson > map.geojson
    """
    from khabar import holdings

    if place is not None and geojson:
        raise typer.BadParameter("--geojson is for the whole map; leave the place out")
    with view_of(record, known_by) as view:
        answer = holdings.control(view, place, on) if place is not None else holdings.control_map(view, on, reasons=json or geojson)
    if json or geojson:
        print_json(answer)
    else:
        from khabar.printing import console
        from khabar.printing import control as printing

        console().print(printing.control(answer, place) if place is not None else printing.states(answer))


@app.command()
def changes(record: RecordFile, first: From = None, last: To = None, known_by: KnownBy = None, json: AsJson = False) -> None:
    """What changed hands in a time, from whom to whom, with the sentences that say so.

    \b
    khabar changes war.khabar --from 2031-03-01 --to 2031-06-08
    """
    from khabar import holdings
    from khabar.printing import console
    from khabar.printing import control as printing

    with view_of(record, known_by) as view:
        rows = holdings.changes(view, first or date.min, last or date.max)
    if json:
        print_rows(rows)
    else:
        console().print(printing.changes(rows))


@app.command()
def actor(
    record: RecordFile,
    name: Annotated[str, typer.Argument(help="A name in any spelling, or an id.")],
    on: MaybeOn = None,
    first: From = None,
    last: To = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Who belonged to an actor that day, what it was called, its allies and enemies, and whom it fought in a time (--from, --to).

    Each fact has its citation: the registry's, or the claims of reports.

    \b
    khabar actor war.khabar "Army of Conquest" --on 2015-06-08
    khabar actor war.khabar "Army of Conquest" --from 2015-05-01 --to 2015-05-31
    """
    from khabar import profiles
    from khabar.printing import console
    from khabar.printing import profiles as printing

    with view_of(record, known_by) as view:
        answer = profiles.actor(view, name, on, first=first, last=last)
    if json:
        print_json(answer)
    else:
        console().print(printing.actor(answer))


@app.command()
def claims(
    record: RecordFile,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Said of this place.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="Done or suffered by this actor.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="capture, withdrawal, clash, membership …")] = None,
    first: From = None,
    last: To = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Said by, or through, this speaker or outlet.")] = None,
    modality: Annotated[
        str | None, typer.Option(metavar="MODALITY", help="asserted, denied, possible, planned, predicted, background.")
    ] = None,
    search: Annotated[str | None, typer.Option(metavar="WORDS", help="Sentences with these words, accents or not.")] = None,
    grades: Annotated[bool, typer.Option("--grades", help="With the Admiralty grade of each, and why.")] = False,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Claims that match all that is asked, each with its sentence and its speakers.

    \b
    khabar claims war.khabar --place Oakford
    khabar claims war.khabar --kind capture --speaker AFP --json
    khabar claims war.khabar --search "military source"
    """
    from khabar import informants, searching
    from khabar.printing import claims as printing
    from khabar.printing import console

    with view_of(record, known_by) as view:
        found = searching.claims(view, searching.Sought(place, actor, kind, first, last, speaker, modality, search))
        if grades:
            found = informants.graded(view, found)
    if json:
        print_rows(found)
    else:
        console().print(printing.claims(found, of_a_time=bool(first or last)))


@app.command()
def explain(
    record: RecordFile,
    id: Annotated[
        str, typer.Argument(metavar="ID", help="Of a claim (or the beginning of one), an incident, a report, a place or an actor.")
    ],
    on: MaybeOn = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """From any id down to the quoted sentences, their speakers and reports.

    \b
    khabar explain war.khabar 811b50227f9d15c3
    """
    from khabar import informants
    from khabar.printing import claims as printing
    from khabar.printing import console
    from khabar.printing.events import incident

    with view_of(record, known_by) as view:
        answer = informants.explain(view, id, on)
    if json:
        print_json(answer)
    else:
        console().print(incident(answer) if answer["type"] == "incident" else printing.explanation(answer))


@app.command("map")
def write_map(
    record: RecordFile,
    before: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day of the first map.")],
    after: Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day of the second map.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")] = Path("map.html"),
    known_by: KnownBy = None,
) -> None:
    """Write one HTML file that shows who held what before and after, with the sentences under each place. It needs no network.

    \b
    khabar map war.khabar --before 2031-03-23 --after 2031-06-08 --output map.html
    """
    from khabar import page
    from khabar.naming import registry_for
    from khabar.record import Record

    with Record.open(record) as kept:
        page.write_map(kept, before=before, after=after, output=output, known_by=known_by, registry=registry_for(kept.connection))
    typer.echo(f"wrote {output}", err=True)


@app.command()
def dump(record: RecordFile) -> None:
    """The record as canonical JSON lines: the same bytes for the same reports, in whatever order they came.

    \b
    khabar dump war.khabar | sha256sum
    """
    from khabar.record import Record

    with Record.open(record) as kept:
        for line in kept.dump():
            typer.echo(line)


@app.command()
def failures(record: RecordFile, json: AsJson = False) -> None:
    """What could not be read, or only with a doubt, and why.

    \b
    khabar failures war.khabar
    """
    from khabar.contract import failure_json
    from khabar.printing import console
    from khabar.printing import reading as printing
    from khabar.record import Record

    with Record.open(record) as kept:
        found = kept.failures()
    if json:
        print_rows([failure_json(failure) for failure in found])
    else:
        console().print(printing.failures(found))
