"""Gazetteer files → the user's own gazetteer: places import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app

places = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The gazetteer: where places are.")
app.add_typer(places, name="places")


@places.command("import")
def import_places(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or GeoJSON file, or a GeoNames dump.")],
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=HEADER",
            help="Which column of a CSV is name, names, latitude, longitude, code, country, admin1; guessed where left out.",
        ),
    ] = None,
    licence: Annotated[str, typer.Option(metavar="TEXT", help="The terms that the file came under, kept with it.")] = "unknown",
) -> None:
    """Add places to your own gazetteer; every later reading knows them.

    \b
    khabar places import settlements.csv --licence "CC BY 4.0"
    khabar places import orte.csv --column name=Ort --column code=Nummer
    """
    from khabar.place_imports import import_places as read_places

    columns = dict(_pair(text) for text in column or ())
    result = read_places(file, columns=columns, licence=licence)
    for number, reason in result.rejected:
        typer.echo(f"row {number} left out: {reason}", err=True)
    typer.echo(f"{result.imported} places of {file} imported, {len(result.rejected)} rows left out", err=True)
    raise typer.Exit(1 if result.rejected else 0)


def _pair(text: str) -> tuple[str, str]:
    name, sign, header = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not of the form NAME=HEADER")
    return name, header
