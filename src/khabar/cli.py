"""The command line → reports read, records built, questions answered.

Nothing heavy is imported before it is needed: a question to a record never loads the language model.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from khabar.errors import KhabarError, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from khabar.answers import View
    from khabar.build import Tally


class Commands(TyperGroup):
    """Turns what a user can mend into one line on standard error and the exit status 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KhabarError as error:
            typer.echo(f"khabar: {error}", err=True)
            ctx.exit(1)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
places = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The gazetteer: where places are.")
app.add_typer(places, name="places")


@app.callback()
def khabar() -> None:
    """Reads war reporting and keeps a record in which every fact names its sentence and its speaker.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar build reports/ --record war.khabar
    khabar control war.khabar Oakford --on 2031-05-05
    """


def _day(text: str) -> date:
    from khabar.contract import day

    try:
        found = day(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day; expected year-month-day, like 2015-06-08") from error
    assert found is not None
    return found


def _rules(text: str) -> Path:
    """The path of rule files that can be used; a fault in them is told before anything is read or written."""
    from khabar.rules import load_rules

    load_rules(Path(text))
    return Path(text)


Inputs = Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files (.txt .html .jsonl), folders, or - for standard input.")]
RecordFile = Annotated[Path, typer.Argument(metavar="RECORD", help="A record made by khabar build.")]
MaybeInputs = Annotated[
    list[str] | None,
    typer.Argument(metavar="INPUT...", help="Files (.txt .html .jsonl), folders, or - for standard input; nothing: standard input."),
]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="Who published, where the text does not say.")]
Published = Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="Day of publication, where the text does not say.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="Where it was published, where the text does not say.")]
Workers = Annotated[int, typer.Option(min=1, metavar="N", help="Processes to read with; the result is the same for any number.")]
Rules = Annotated[Path | None, typer.Option(parser=_rules, metavar="PATH", help="Rules of your own: a YAML file or a folder of them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, as in the contract.")]
KnownBy = Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="Only what was published by that day.")]
On = Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The day asked about.")]
From = Annotated[date | None, typer.Option("--from", parser=_day, metavar="DATE", help="The first day.")]
To = Annotated[date | None, typer.Option("--to", parser=_day, metavar="DATE", help="The last day.")]
MaybeOn = Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="The day asked about.")]


@app.command()
def read(
    inputs: MaybeInputs = None,
    outlet: Outlet = None,
    published: Published = None,
    url: Url = None,
    sentence: Annotated[str | None, typer.Option(metavar="TEXT", help="Words to read, in place of a file.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the parse, the mentions, the rules that fired and those that nearly did, and why.")
    ] = False,
    rules: Rules = None,
    workers: Workers = 1,
    json: AsJson = False,
) -> None:
    """Read reports and print their claims; no record is needed or made.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar read reports.jsonl --json > claims.jsonl
    khabar read --explain --sentence "Rebels took Oakford on Monday."
    """
    from khabar import contract, printing
    from khabar.build import explanations, outcomes
    from khabar.feeds import read_inputs, typed
    from khabar.model import Failure, Report

    if inputs and sentence is not None:
        raise typer.BadParameter("--sentence stands in place of a file; give the one or the other")
    if not inputs and sentence is None and sys.stdin.isatty():
        raise typer.BadParameter("nothing to read; give a file, a folder, - for standard input, or --sentence TEXT")
    reports: Iterable[Report | Failure] = read_inputs(inputs or ["-"], outlet=outlet, published=published, url=url)
    if sentence is not None:
        reports = [typed(sentence, outlet=outlet, published=published, url=url)]
    out, failed = printing.console(), False
    for outcome in explanations(reports, rules=rules) if explain else outcomes(reports, rules=rules, workers=workers):
        if isinstance(outcome, Failure):
            failed = failed or not outcome.warning
            if json and not outcome.warning:
                _print_json(contract.failure_json(outcome))
            else:
                typer.echo(printing.failure(outcome).plain, err=True)
        elif json:
            _print_json(outcome if isinstance(outcome, dict) else contract.reading_json(outcome[0]))
        else:
            out.print(printing.explained(outcome) if isinstance(outcome, dict) else printing.reading(*outcome))
    raise typer.Exit(1 if failed else 0)


@app.command()
def build(
    inputs: Inputs,
    record: Annotated[Path, typer.Option(metavar="FILE", help="The record; made if absent, added to if there.")],
    outlet: Outlet = None,
    published: Published = None,
    url: Url = None,
    rules: Rules = None,
    workers: Workers = 1,
) -> None:
    """Read reports into a record. Reading the same report twice changes nothing; a build that was stopped can be run again.

    \b
    khabar build reports/ --record war.khabar
    khabar build reports.jsonl more/*.html --record war.khabar --workers 4
    """
    from khabar.build import Tally
    from khabar.build import build as build_record
    from khabar.feeds import read_inputs
    from khabar.record import Record

    tally = Tally()
    with Record.create(record) as kept, _progress() as show:
        for tally in build_record(kept, read_inputs(inputs, outlet=outlet, published=published, url=url), rules=rules, workers=workers):
            show(tally)
        undated, in_force = kept.undated(), kept.rules()
    _print_tally(tally, record, undated)
    if rules is not None or len(in_force) > 1:
        told = ", ".join(f"{sha256[:12]} ({number} reports)" for sha256, number in in_force.items())
        typer.echo(f"read with the rules {told}", err=True)
    raise typer.Exit(1 if tally.failed else 0)


@contextmanager
def _progress() -> Iterator[Any]:
    """A line on standard error that counts, where a person looks at it."""
    shown = sys.stderr.isatty()

    def show(tally: Tally) -> None:
        if shown:
            typer.echo(f"\r{tally.read} reports, {tally.claims} claims, {tally.failed} not read ", err=True, nl=False)

    yield show
    if shown:
        typer.echo("\r\x1b[K", err=True, nl=False)


def _print_tally(tally: Tally, record: Path, undated: int) -> None:
    typer.echo(
        f"{record}: {tally.read} reports read ({tally.new} new), {tally.claims} claims, {tally.failed} not read, {tally.warnings} warnings",
        err=True,
    )
    if undated:
        typer.echo(
            f"warning: reports without a day of publication, which --known-by leaves out: {undated}; give it with --published", err=True
        )
    if tally.failed or tally.warnings:
        typer.echo(f"the reasons: khabar failures {record}", err=True)


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
    from khabar import answers, printing

    if place is not None and geojson:
        raise typer.BadParameter("--geojson is for the whole map; leave the place out")
    with _view(record, known_by) as view:
        answer = answers.control(view, place, on) if place is not None else answers.control_map(view, on)
    if json or geojson:
        _print_json(answer)
    else:
        printing.console().print(printing.control(answer) if place is not None else printing.states(answer))


@app.command()
def changes(record: RecordFile, first: From = None, last: To = None, known_by: KnownBy = None, json: AsJson = False) -> None:
    """What changed hands in a time, from whom to whom, with the sentences that say so.

    \b
    khabar changes war.khabar --from 2031-03-01 --to 2031-06-08
    """
    from khabar import answers, printing

    with _view(record, known_by) as view:
        rows = answers.changes(view, first or date.min, last or date.max)
    if json:
        _print_rows(rows)
    else:
        printing.console().print(printing.changes(rows))


@app.command()
def actor(
    record: RecordFile,
    name: Annotated[str, typer.Argument(help="A name in any spelling, or an id.")],
    on: MaybeOn = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Names, kind, members and memberships, leaders, allies and enemies on that day, each with its source or its claims.

    \b
    khabar actor war.khabar "Army of Conquest" --on 2015-06-08
    """
    from khabar import answers, printing

    with _view(record, known_by) as view:
        answer = answers.actor(view, name, on)
    if json:
        _print_json(answer)
    else:
        printing.console().print(printing.actor(answer))


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
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Claims that match all that is asked, each with its sentence and its speakers.

    \b
    khabar claims war.khabar --place Oakford
    khabar claims war.khabar --kind capture --speaker AFP --json
    khabar claims war.khabar --search "military source"
    """
    from khabar import answers, printing

    with _view(record, known_by) as view:
        found = answers.claims(
            view, place=place, actor=actor, kind=kind, first=first, last=last, speaker=speaker, modality=modality, search=search
        )
    if json:
        _print_rows(found)
    else:
        printing.console().print(printing.claims(found))


@app.command()
def explain(
    record: RecordFile,
    id: Annotated[str, typer.Argument(metavar="ID", help="Of a claim (or the beginning of one), a report, a place or an actor.")],
    on: MaybeOn = None,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """From any id down to the quoted sentences, their speakers and reports.

    \b
    khabar explain war.khabar 811b50227f9d15c3
    """
    from khabar import answers, printing

    with _view(record, known_by) as view:
        answer = answers.explain(view, id, on)
    if json:
        _print_json(answer)
    else:
        printing.console().print(printing.explanation(answer))


@app.command("map")
def write_map(
    record: RecordFile,
    before: Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The day of the first map.")],
    after: Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The day of the second map.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The HTML file to write.")] = Path("map.html"),
    known_by: KnownBy = None,
) -> None:
    """Write one HTML file that shows who held what before and after, with the sentences under each place. It needs no network.

    \b
    khabar map war.khabar --before 2031-03-23 --after 2031-06-08 --output map.html
    """
    from khabar import page
    from khabar.compiled import compiled_registry
    from khabar.record import Record

    with Record.open(record) as kept:
        page.write_map(kept, before=before, after=after, output=output, known_by=known_by, registry=compiled_registry())
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
    from khabar import printing
    from khabar.contract import failure_json
    from khabar.record import Record

    with Record.open(record) as kept:
        found = kept.failures()
    if json:
        _print_rows([failure_json(failure) for failure in found])
    else:
        printing.console().print(printing.failures(found))


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files of your own, or folders of them.")],
    json: AsJson = False,
) -> None:
    """Check rules of your own before you use them: form, words, examples, and what the shipped rules say already.

    \b
    khabar lint my-rules.yaml
    """
    from dataclasses import asdict

    from khabar import printing
    from khabar.linting import lint as findings_of
    from khabar.rules import own_files

    sources = [file for path in files for file in own_files(path)]
    findings = list(findings_of(sources))
    if json:
        _print_rows([asdict(finding) for finding in findings])
    else:
        printing.console().print(printing.findings(findings, len(sources)))
    raise typer.Exit(1 if any(not finding.doubt for finding in findings) else 0)


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
    from khabar import gazetteer

    columns = dict(_pair(text) for text in column or ())
    result = gazetteer.import_places(file, columns=columns, licence=licence)
    for number, reason in result.rejected:
        typer.echo(f"row {number} left out: {reason}", err=True)
    typer.echo(f"{result.imported} places of {file} imported, {len(result.rejected)} rows left out", err=True)
    raise typer.Exit(1 if result.rejected else 0)


def _pair(text: str) -> tuple[str, str]:
    name, sign, header = text.partition("=")
    if not sign:
        raise typer.BadParameter(f"{text!r} is not of the form NAME=HEADER")
    return name, header


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to leave the record and the map.")] = Path(),
    rules: Rules = None,
) -> None:
    """Read the sample reports, print what changed hands with its evidence, and write a map to open in a browser.

    \b
    khabar demo
    khabar demo --folder /tmp
    """
    from khabar import sample
    from khabar.build import build as build_record
    from khabar.feeds import read_inputs
    from khabar.record import Record

    folder.mkdir(parents=True, exist_ok=True)
    record, output = folder / "idlib-2015.khabar", folder / "map.html"
    with Record.create(record) as kept, _progress() as show:
        for tally in build_record(kept, read_inputs([sample.reports()]), rules=rules):
            show(tally)
    changes(record, _day("2015-03-01"), _day("2015-06-30"))
    for place, on in DEMO_QUESTIONS:
        typer.echo(f"\n$ khabar control {record} {place} --on {on} --known-by {on}")
        try:
            control(record, _day(on), place, _day(on))
        except QuestionError as error:  # the reading missed it: a demo shows its misses too
            typer.echo(error)
    _print_hits_and_misses(record)
    write_map(record, before=_day("2015-03-23"), after=_day("2015-06-08"), output=output)
    typer.echo(f"the record is {record}; open {output} in a browser", err=True)


# A boast that the other side denies, and an evacuation that the loser admits.
DEMO_QUESTIONS = (("Idlib", "2015-03-26"), ("Ariha", "2015-05-29"))


def _print_hits_and_misses(record: Path) -> None:
    """The sample was coded by hand before anything could read it: what was found of that, and what not."""
    from khabar import printing, sample
    from khabar.record import Record

    with Record.open(record) as kept:
        coded = sample.coding(kept.reports())
        compared = {id: sample.compare(rows, [item.claim for item in kept.told("report_id = ?", (id,))]) for id, rows in coded.items()}
    printing.console().print(printing.comparison(compared))


@contextmanager
def _view(record: Path, known_by: date | None) -> Iterator[View]:
    from khabar.answers import View
    from khabar.compiled import compiled_registry
    from khabar.record import Record

    with Record.open(record) as kept:
        yield View(kept, compiled_registry(), known_by, _called_so)


def _called_so(name: str) -> list[str]:
    """Ids of the places that the gazetteer knows by a name that no report uses, in any script."""
    from khabar.gazetteer import load_gazetteer

    return [entry.id for entry in load_gazetteer().exact(name)]


def _print_json(row: object) -> None:
    from khabar.contract import line

    typer.echo(line(row))


def _print_rows(rows: Iterable[object] | Sequence[object]) -> None:
    for row in rows:
        _print_json(row)


if __name__ == "__main__":
    app()
