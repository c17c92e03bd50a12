"""A record and a time → what speakers disagree on, and a situation report: disputes, brief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, From, KnownBy, RecordFile, To, day, print_json, print_rows, view_of

if TYPE_CHECKING:
    from khabar.brief import Brief


@app.command("disputes")
def list_disputes(
    record: RecordFile,
    place: Annotated[str | None, typer.Option(metavar="NAME", help="Over this place.")] = None,
    actor: Annotated[str | None, typer.Option(metavar="NAME", help="That this actor has a part in, or speaks to.")] = None,
    first: From = None,
    last: To = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """What speakers disagree on: who held a place, who did it, how many, on which day; each side's claims, and what the rules made of it.

    \b
    khabar disputes war.khabar
    khabar disputes war.khabar --place Oakford --from 2031-05-01 --to 2031-05-31
    """
    from khabar.disputes import dispute_json, disputes
    from khabar.printing import console
    from khabar.printing import disputes as printing

    with view_of(record, known_by) as view:
        found = disputes(view, place=place, actor=actor, first=first, last=last)
        _warn(view.warnings)
    if json:
        print_rows([dispute_json(one) for one in found])
    else:
        console().print(printing.disputes(found))


def written_to(text: str) -> Path:
    """A path that ends in one of the formats a brief can be written in, in a folder that is there."""
    path = Path(text)
    if path.suffix.lower() not in (".md", ".html"):
        raise typer.BadParameter(f"{text!r} ends neither in .md nor in .html, and the ending decides the format")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {str(path.parent)!r}")
    return path


@app.command("brief")
def write_brief(
    record: RecordFile,
    first: Annotated[date, typer.Option("--from", parser=day, metavar="DATE", help="The first day.")],
    last: Annotated[date, typer.Option("--to", parser=day, metavar="DATE", help="The last day.")],
    area: Annotated[str | None, typer.Option(metavar="PLACE", help="Only what lies in this place: a town, a province, a country.")] = None,
    known_by: KnownBy = None,
    most: Annotated[int, typer.Option(min=1, metavar="N", help="Paragraphs for each area in each part; the rest are counted.")] = 6,
    output: Annotated[
        Path | None, typer.Option(parser=written_to, metavar="FILE", help="A file to write, .md or .html; without it, the screen.")
    ] = None,
    json: AsJson = False,
) -> None:
    """A situation report of those days; every sentence has a footnote with the sentence of the report that says so.

    \b
    khabar brief war.khabar --from 2031-05-01 --to 2031-05-31
    khabar brief war.khabar --from 2031-05-01 --to 2031-05-31 --area Westmark --known-by 2031-06-01 --output may.html
    """
    from khabar.brief import brief, brief_json
    from khabar.printing import brief as printing
    from khabar.printing import console

    with view_of(record, known_by) as view:
        made = brief(view, first, last, area=area, most=most)
        _warn(view.warnings)
    if output:
        output.write_text(_renderer(output)(made), encoding="utf-8", errors="replace")
        typer.echo(f"wrote {output}", err=True)
    if json:
        print_json(brief_json(made))
    elif not output:
        console().print(printing.brief(made))


def _renderer(output: Path) -> Callable[[Brief], str]:
    from khabar import markdown
    from khabar.page import brief as page

    return page.render if output.suffix.lower() == ".html" else markdown.render


def _warn(warnings: list[str]) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
