"""A record, and files of ACLED, UCDP GED or another coder → their claims in the record, or taken back from it."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, day, print_json, print_rows

if TYPE_CHECKING:
    from khabar.importing import Taken


class Layout(StrEnum):
    """How a file is laid out."""

    acled = "acled"
    ged = "ged"
    claims = "claims"


@app.command("import")
def import_(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="A record; made if absent, where files are given.")],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...", help="CSV, XLSX or Parquet of ACLED or UCDP GED; or claims in JSON.", exists=True, dir_okay=False
        ),
    ] = None,
    layout: Annotated[Layout | None, typer.Option(help="How the files are laid out; else by their columns.")] = None,
    speaker: Annotated[
        str | None, typer.Option("--speaker", "--coder", metavar="NAME", help="Whose word it is; needed for claims. Else ACLED or UCDP.")
    ] = None,
    published: Annotated[
        date | None, typer.Option(parser=day, metavar="DATE", help="Day of release, for rows that do not say when they were published.")
    ] = None,
    withdraw: Annotated[
        str | None, typer.Option(metavar="ID", help="Take back an import, or a withdrawal; needs --by and --reason.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who signs the withdrawal.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    json: AsJson = False,
) -> None:
    """Take events of ACLED or UCDP GED, or another coder's claims, into the record, each as the word of who made it.

    A row is quoted as it stands, and settles nothing that reports tell. A coder's claim is refused where its words do not stand in the
    report that it cites: one line each, and status 1. Without files: what was imported. Mind the terms of those who made the data.

    \b
    khabar import war.khabar ged.csv --published 2031-06-30
    khabar import war.khabar acled-export.csv
    khabar import war.khabar student.jsonl --speaker "Jo Smith"
    khabar import war.khabar --withdraw 3f2a91c4 --by "Jo Smith" --reason "superseded by the June release"
    """
    if withdraw is not None:
        _withdraw(record, withdraw, by or "", reason or "", json)
    elif files:
        _take_in(record, files, layout, speaker, published, json)
    else:
        _list(record, json)


def _take_in(record: Path, files: list[Path], layout: Layout | None, speaker: str | None, published: date | None, json: bool) -> None:
    from khabar.gazetteer import load_gazetteer
    from khabar.importing import take_in
    from khabar.naming import registry_for
    from khabar.record import Record

    refused = 0
    with Record.create(record) as kept:
        registry, gazetteer = registry_for(kept.connection), load_gazetteer()
        for file in files:
            if sys.stderr.isatty():
                typer.echo(f"\r{file} …", err=True, nl=False)
            taken = take_in(kept, file, registry, gazetteer, layout=layout, speaker=speaker, published=published)
            if sys.stderr.isatty():
                typer.echo("\r\x1b[K", err=True, nl=False)
            _tell(file, taken, json)
            refused += len(taken.refused)
    if refused:
        raise typer.Exit(1)


def _tell(file: Path, taken: Taken, json: bool) -> None:
    for which, why in taken.refused:
        typer.echo(f"refused: {file}, {which}: {why}", err=True)
    if json:
        row = {
            "file": str(file),
            "import": taken.id,
            "layout": taken.layout,
            "speaker": taken.speaker,
            "rows": taken.rows,
            "new": taken.new,
        }
        print_json(row | {"claims": taken.claims, "silent": taken.silent, "undated": taken.undated, "refused": _refusals(taken)})
        return
    what = "reports coded" if taken.layout == "claims" else "events"
    told = [f"{taken.rows} {what} by {taken.speaker}, {taken.new} of them new", f"{taken.claims} claims"]
    told += [f"{taken.silent} that make no claim"] if taken.silent else []
    typer.echo(f"{file}: {', '.join(told)}; import {taken.id}")
    if taken.undated and taken.layout != "claims":
        why = "have no day of publication and are never “known by” a day: give that of the release with --published"
        typer.echo(f"note: {taken.undated} rows {why}", err=True)


def _refusals(taken: Taken) -> list[dict[str, str]]:
    return [{"which": which, "reason": why} for which, why in taken.refused]


def _withdraw(record: Path, id: str, by: str, reason: str, json: bool) -> None:
    from khabar.importing import withdraw
    from khabar.record import Record

    with Record.open(record):
        pass
    with Record.create(record) as kept:
        decision, changed = withdraw(kept, id, by=by, reason=reason)
    if json:
        print_json({"decision": decision.id, "withdraws": decision.withdraws, "readings": changed})
    else:
        typer.echo(f"withdrawn: {decision.withdraws}; {changed} readings changed; decision {decision.id}")


def _list(record: Path, json: bool) -> None:
    from khabar.importing import imports_json
    from khabar.record import Record

    with Record.open(record) as kept:
        rows = list(imports_json(kept))
    if json:
        print_rows(rows)
    elif not rows:
        typer.echo("nothing was imported into this record")
    for row in () if json else rows:
        state = "stands" if row["stands"] else "withdrawn"
        typer.echo(f"{row['import']}  {row['name']}, {row['speaker']} ({row['layout']}), {row['rows']} kept, {state}")
        for one in row["decisions"]:
            typer.echo(f"    {one['decision']} withdraws {one['withdraws']}: {one['reason']} ({one['signed_by']}, {one['signed_at'][:10]})")
