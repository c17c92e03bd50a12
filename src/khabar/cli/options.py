"""Words of the command line → values: the options and the ways of printing that commands share.

Nothing heavy is imported before it is needed: a question to a record never loads the language model.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from khabar.record import Record
    from khabar.registry import Registry
    from khabar.view import View


def day(text: str) -> date:
    from khabar import contract

    try:
        found = contract.day(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day; expected year-month-day, like 2015-06-08") from error
    assert found is not None
    return found


def rule_files(text: str) -> Path:
    """The path of rule files that can be used; a fault in them is told before anything is read or written."""
    from khabar.rules import load_rules

    load_rules(Path(text))
    return Path(text)


def actor_files(text: str) -> Path:
    """The path of registry files that can be used; a fault in their form is told before anything is read or written."""
    from khabar.actorfiles import own_files, read_war

    for name, content in own_files(Path(text)):
        read_war(content, name)
    return Path(text)


_INPUTS = "Files (.txt .html .pdf .docx .eml .warc .jsonl .csv …), folders, lists of addresses, addresses, or - for standard input"
Inputs = Annotated[list[str], typer.Argument(metavar="INPUT...", help=f"{_INPUTS}.")]
RecordFile = Annotated[Path, typer.Argument(metavar="RECORD", help="A record made by khabar build.")]
MaybeInputs = Annotated[
    list[str] | None,
    typer.Argument(metavar="INPUT...", help=f"{_INPUTS}; nothing: standard input."),
]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="Who published, where the text does not say.")]
Published = Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="Day of publication, where the text does not say.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="Where it was published, where the text does not say.")]
Attachments = Annotated[bool, typer.Option("--attachments", help="Read the PDF, .docx, .odt, HTML and text files that letters carry.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch addresses in private networks, too.")]
Workers = Annotated[int, typer.Option(min=1, metavar="N", help="Processes to read with; the result is the same for any number.")]
Rules = Annotated[Path | None, typer.Option(parser=rule_files, metavar="PATH", help="Rules of your own: a YAML file or a folder of them.")]
Actors = Annotated[
    Path | None,
    typer.Option("--actors", parser=actor_files, metavar="PATH", help="Actors of your own: a YAML file or a folder of them."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
KnownBy = Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="Only what was published by that day.")]
On = Annotated[date, typer.Option(parser=day, metavar="DATE", help="The day asked about.")]
From = Annotated[date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first day.")]
To = Annotated[date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last day.")]
MaybeOn = Annotated[date | None, typer.Option(parser=day, metavar="DATE", help="The day asked about.")]


@contextmanager
def progress(total: int = 0, passed: Callable[[], int] = lambda: 0) -> Iterator[Any]:
    """A line on standard error that counts, where a person looks at it; elsewhere one a minute. `total`, `passed`: bytes of the inputs."""
    person, begun, told = sys.stderr.isatty(), time.monotonic(), time.monotonic()
    already = passed()

    def show(tally: Any) -> None:
        nonlocal told
        if isinstance(tally, str):  # no count: what it turns to
            if person:
                typer.echo(f"\r\x1b[K{tally} ", err=True, nl=False)
            return
        if (now := time.monotonic()) - told < (0.2 if person else 60):
            return
        told, seconds, behind = now, now - begun, passed()
        line = f"{tally.read} reports read, {tally.claims} claims, {tally.failed} not read, {tally.read / seconds:.1f} reports/s"
        if total and behind > already:
            left = (total - behind) * seconds / (behind - already)
            line += f", {min(behind / total, 1):.0%}, {_lasting(max(left, 0))} left"
        typer.echo(f"\r\x1b[K{line} " if person else line, err=True, nl=not person)

    yield show
    if person:
        typer.echo("\r\x1b[K", err=True, nl=False)


def _lasting(seconds: float) -> str:
    """
    >>> _lasting(59), _lasting(3599), _lasting(200_000)
    ('59 s', '60 min', '2.3 days')
    """
    units = ((86_400, "days", 1), (3600 * 2, "h", 1), (60, "min", 0))
    for least, name, places in units:
        if seconds >= least:
            return f"{seconds / (3600 if name == 'h' else least):.{places}f} {name}"
    return f"{seconds:.0f} s"


@contextmanager
def view_of(record: Path, known_by: date | None) -> Iterator[View]:
    from khabar.naming import registry_for
    from khabar.record import Record
    from khabar.view import View

    with Record.open(record) as kept:
        registry = registry_for(kept.connection)
        tell_if_long(kept, registry)
        yield View(kept, registry, known_by, _ids_called)


def _ids_called(name: str) -> Iterable[str]:
    from khabar.gazetteer import ids_called  # only for a name that no report has

    return ids_called(name)


LARGE = 2_000  # readings from which the index of a record takes more than some seconds to make


def tell_if_long(record: Record, registry: Registry) -> None:
    """Say on standard error that the first answer of a large record, or the first after many reports, takes its time."""
    from khabar.bearings import Index

    readings = record.connection.execute("SELECT ifnull(max(arrival), 0) FROM arrivals").fetchone()[0]
    if readings > LARGE and not Index(record, registry).is_current():
        typer.echo(f"khabar: working out what {readings} readings say of each place, once; this can take minutes …", err=True)


def print_json(row: object) -> None:
    from khabar.contract import line

    typer.echo(line(row))


def print_rows(rows: Iterable[object] | Sequence[object]) -> None:
    for row in rows:
        print_json(row)
