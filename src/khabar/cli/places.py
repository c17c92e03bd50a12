"""Gazetteer files and names → the user's own gazetteer, and what it knows: places import, fetch, find, list, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, print_json

if TYPE_CHECKING:
    from khabar.gazetteer import Entry
    from khabar.gazetteer_store import Source
    from khabar.place_imports import ImportResult

places = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The gazetteer: where places are.")
app.add_typer(places, name="places")

SHOWN = 20
"""Rows left out that are told one by one."""
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="CSV, TSV, GeoJSON, shapefile, GeoPackage, or a dump of GeoNames (.txt, .zip)."),
]
Country = Annotated[str | None, typer.Option(metavar="CODE", help="Two letters, like SY.")]
Rejected = Annotated[Path | None, typer.Option(metavar="FILE", help="Write all rows that were left out, with their reasons, to a CSV.")]


@places.command("import")
def import_places(
    files: Files,
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=HEADER",
            help="Which column is name, names, latitude, longitude, code, country, admin1, population; the usual headers are known.",
        ),
    ] = None,
    licence: Annotated[str | None, typer.Option(metavar="TEXT", help="The terms that the file came under, kept with it.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="What to call the source; the file's name where left out.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="The country of rows that do not say theirs, like SY.")] = None,
    encoding: Annotated[str, typer.Option(metavar="NAME", help="Of a file that is not UTF-8, like windows-1256.")] = "utf-8",
    rejected: Rejected = None,
) -> None:
    """Add places to your own gazetteer; every later reading knows them.

    \b
    khabar places import SY.zip alternateNamesV2.zip
    khabar places import settlements.csv --licence "CC BY 4.0"
    khabar places import orte.csv --column name=Ort --column code=Nummer
    """
    from khabar import place_imports

    columns = dict(_pair(text) for text in column or ())
    if name and len(files) > 1:
        raise typer.BadParameter("one name for several files; import them one by one")
    results = [
        (
            str(file),
            place_imports.import_places(
                file, columns=columns, licence=licence, name=name, country=country and country.upper(), encoding=encoding
            ),
        )
        for file in files
    ]
    _report(results, rejected)


@places.command()
def fetch(
    country: Annotated[list[str], typer.Argument(metavar="COUNTRY...", help="Two letters, like SY.")],
    base: Annotated[str | None, typer.Option("--from", metavar="URL", help="A copy of GeoNames' export/dump elsewhere.")] = None,
    rejected: Rejected = None,
) -> None:
    """Download the places of a country from GeoNames, with their names in all languages, and import them. Needs a network.

    \b
    khabar places fetch SY
    khabar places fetch SD SS TD
    """
    from khabar.place_downloads import GEONAMES, downloaded
    from khabar.place_imports import import_places

    results = []
    for code in map(str.upper, country):
        with downloaded(code, base=base or GEONAMES) as files:
            for file, name in zip(files, (f"GeoNames {code}", f"GeoNames {code}, alternate names"), strict=False):
                results.append((name, import_places(file, name=name)))
    _report(results, rejected)


@places.command()
def find(
    name: Annotated[str, typer.Argument(metavar="NAME", help="In any spelling and script.")],
    country: Country = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many places to show.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Show which places a name may mean, the likest first, and how each differs from it.

    \b
    khabar places find Saraqeb --country SY
    khabar places find "تل أبيض"
    """
    from khabar.gazetteer import load_gazetteer

    gazetteer = load_gazetteer()
    found = gazetteer.candidates(name, [country.upper()] if country else [], limit=limit)
    if as_json:
        for entry in found:
            print_json(_entry_json(entry) | {"names": [_name_json(known) for known in gazetteer.names_of(entry)]})
        return
    if not found:
        typer.echo(f"no place sounds like {name!r}{f' in {country.upper()}' if country else ''}; khabar places list shows what is known")
        raise typer.Exit(1)
    from khabar.printing import console
    from khabar.printing.places import candidates

    console().print(candidates(found))


@places.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Show the lists of places that are known, yours first, with their licences.

    \b
    khabar places list
    """
    from khabar.gazetteer_store import sources
    from khabar.place_imports import own_places
    from khabar.shipped_places import embedded_places, sample_places

    own, shipped = sources(own_places()), [*sources(embedded_places()), *sources(sample_places())]
    if as_json:
        for source in own:
            print_json(_source_json(source) | {"imported": source.imported})
        for source in shipped:
            print_json(_source_json(source) | {"imported": None})
        return
    from khabar.printing import console
    from khabar.printing.places import sources as table

    console().print(table(own, shipped))


@places.command()
def remove(source: Annotated[str, typer.Argument(metavar="SOURCE", help="As khabar places list names it.")]) -> None:
    """Take a list out of your own gazetteer. Records keep what was read with it.

    \b
    khabar places remove settlements.csv
    """
    from khabar.gazetteer import forget_lookups
    from khabar.gazetteer_store import remove_source
    from khabar.place_imports import own_places

    count = remove_source(own_places(), source)
    forget_lookups()
    typer.echo(f"{source}: {count} places removed", err=True)


def _report(results: list[tuple[str, ImportResult]], rejected: Path | None) -> None:
    from khabar.printing.places import rejected as told

    for name, result in results:
        if result.rejected:
            typer.echo(told(result.rejected, shown=SHOWN), err=True)
        typer.echo(f"{name}: {result.imported} places imported, {len(result.rejected)} rows left out", err=True)
    if rejected:
        _write_rejected(rejected, results)
    raise typer.Exit(1 if any(result.rejected for _, result in results) else 0)


def _write_rejected(path: Path, results: list[tuple[str, ImportResult]]) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["file", "row", "reason"])
        rows.writerows([name, number, reason] for name, result in results for number, reason in result.rejected)


def _entry_json(entry: Entry) -> dict[str, Any]:
    fields = ("id", "name", "latitude", "longitude", "country", "admin1", "areas", "precision", "feature", "population", "source")
    return {field: getattr(entry, field) for field in fields} | {
        "score": round(entry.score, 3),
        "found_as": entry.found_as,
        "differences": entry.reasons,
    }


def _name_json(name: Any) -> dict[str, Any]:
    return {field: getattr(name, field) for field in ("text", "language", "sort", "source", "licence")}


def _source_json(source: Source) -> dict[str, Any]:
    return {field: getattr(source, field) for field in ("name", "licence", "places", "names")}


def _pair(text: str) -> tuple[str, str]:
    name, sign, header = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not of the form NAME=HEADER")
    return name, header
