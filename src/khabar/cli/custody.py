"""A record → proof that it is whole; one file to hand over; two records made one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, RecordFile, print_json


@app.command()
def verify(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A record made by khabar build, or a bundle of khabar bundle.")],
    quick: Annotated[bool, typer.Option("--quick", help="Do not make again what is kept beside the record.")] = False,
    json: AsJson = False,
) -> None:
    """Prove that a record is whole: every quoted word stands where it is said to stand in a text with that hash, nothing was altered, added
    or removed since its journal began, and what is derived is what the claims give. Names the first thing that does not hold.

    \b
    khabar verify war.khabar
    khabar verify war-bundle.zip --json
    """
    from khabar.bundling import unpacked
    from khabar.naming import registry_for
    from khabar.record import Record
    from khabar.verifying import verdict_json
    from khabar.verifying import verify as verified

    with unpacked(record) as path, Record.open(path) as kept:
        verdict = verified(kept, registry_for(kept.connection), derived=not quick)
    if json:
        print_json(verdict_json(verdict))
    else:
        typer.echo(", ".join(_checked(what, number) for what, number in verdict.checked.items()))
        for note in verdict.notes:
            typer.echo(f"note: {note}")
        if verdict.fault:
            typer.echo(f"DOES NOT HOLD: {verdict.fault.what}: {verdict.fault.where}: {verdict.fault.found}")
        else:
            typer.echo("all hold" + (f"; the journal ends with {verdict.head}" if verdict.head else ""))
    raise typer.Exit(1 if verdict.fault else 0)


@app.command()
def migrate(record: RecordFile, json: AsJson = False) -> None:
    """Bring a record that an older program made into the form of this one. The old file is kept beside it, as RECORD.form2.

    \b
    khabar migrate war.khabar
    """
    from khabar.forms import migrate as brought_forward

    done = brought_forward(record)
    if json:
        print_json({"from": done.old, "to": done.new, "backup": str(done.backup) if done.backup else None})
    elif done.backup:
        typer.echo(f"{record}: from form {done.old} to form {done.new}; the old file is kept as {done.backup}")
    else:
        typer.echo(f"{record} has form {done.new} already: nothing to do")


@app.command()
def bundle(
    record: RecordFile,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="The zip file; else beside the record, under its name.")] = None,
    json: AsJson = False,
) -> None:
    """Write the record with its originals into one file, which another desk can verify without you.

    \b
    khabar bundle war.khabar --output war-bundle.zip
    """
    from khabar.bundling import bundle as write_bundle
    from khabar.record import Record

    path = output or record.with_name(f"{record.stem}-bundle.zip")
    with Record.open(record) as kept:
        manifest = write_bundle(kept, path)
    if json:
        print_json(manifest | {"output": str(path)})
    else:
        typer.echo(f"wrote {path}: {manifest['reports']} reports; the journal ends with {manifest['journal']}", err=True)


@app.command()
def merge(
    record: RecordFile,
    others: Annotated[list[Path], typer.Argument(metavar="OTHER...", help="Records or bundles to take in.")],
    json: AsJson = False,
) -> None:
    """Take other desks' records into this one, with their originals, reviews, decisions, imports and redactions.

    The others stay as they are.

    \b
    khabar merge war.khabar colleague.khabar
    """
    from khabar.bundling import merge as take_in
    from khabar.bundling import same_file, unpacked
    from khabar.errors import RecordError
    from khabar.record import Record

    with Record.open(record):
        pass
    with Record.create(record) as kept:
        for other in others:
            with unpacked(other) as path, Record.open(path) as theirs:
                if same_file(kept, theirs):
                    raise RecordError(f"{other} is {record} itself; name another record")
                found = take_in(kept, theirs)
            if json:
                print_json({"other": str(other), **asdict(found)})
            else:
                told = f"{found.reports} readings, {found.reviews} reviews, {found.decisions} decisions, {found.redactions} redactions"
                told += f", {found.imports} imports"
                typer.echo(f"{other}: {told} taken in", err=True)
                for note in found.notes:
                    typer.echo(f"note: {note}", err=True)


def _checked(what: str, number: int) -> str:
    """
    >>> _checked("reviews", 1), _checked("reviews", 2), _checked("journal", 50)
    ('1 review', '2 reviews', '50 entries of the journal')
    """
    what = "entries of the journal" if what == "journal" else what
    return f"{number} {what.removesuffix('s') if number == 1 and what != 'entries of the journal' else what}"
