"""Reports → claims on the screen or in a record: read, build, lint."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from khabar.cli.app import app
from khabar.cli.options import (
    Actors,
    AllowPrivate,
    AsJson,
    Attachments,
    Inputs,
    MaybeInputs,
    Outlet,
    Published,
    Rules,
    Url,
    Workers,
    print_json,
    print_rows,
    progress,
)

if TYPE_CHECKING:
    from khabar.build import Tally


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
    attachments: Attachments = False,
    allow_private: AllowPrivate = False,
    rules: Rules = None,
    actors: Actors = None,
    workers: Workers = 1,
    output: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER", help="Write Parquet into this folder, here or in s3://, in place of printing; goes on where it was."
        ),
    ] = None,
    engine: Annotated[str, typer.Option(metavar="NAME", help="With --output: serial, daft, or ray://HOST:PORT of a cluster.")] = "serial",
    json: AsJson = False,
) -> None:
    """Read reports and print their claims; no record is needed or made.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar read reports.jsonl --json > claims.jsonl
    khabar read --explain --sentence "Rebels took Oakford on Monday."
    khabar read reports/ --output read/ --workers 4
    """
    from khabar import contract
    from khabar.build import Own, explanations, outcomes
    from khabar.feeds import read_inputs, typed
    from khabar.model import Failure, Report
    from khabar.printing import console
    from khabar.printing import reading as printing
    from khabar.printing.grounds import explained

    if inputs and sentence is not None:
        raise typer.BadParameter("--sentence stands in place of a file; give the one or the other")
    if sentence is not None and not sentence.strip():
        raise typer.BadParameter("--sentence holds no words; give the sentence between quotation marks")
    if output is not None:
        if not inputs or explain or json:
            raise typer.BadParameter("--output takes files, folders or s3:// addresses, and neither --explain nor --json")
        _read_all(inputs, output, engine, workers, outlet, published, url, attachments, rules, actors)
    if engine != "serial":
        raise typer.BadParameter("--engine goes with --output")
    if not inputs and sentence is None and sys.stdin.isatty():
        raise typer.BadParameter("nothing to read; give a file, a folder, - for standard input, or --sentence TEXT")
    reports: Iterable[Report | Failure] = read_inputs(
        inputs or ["-"], outlet=outlet, published=published, url=url, attachments=attachments, allow_private=allow_private
    )
    if sentence is not None:
        reports = [typed(sentence, outlet=outlet, published=published, url=url)]
    out, failed, shown, own = console(), False, False, Own(rules, actors)
    for outcome in explanations(reports, own=own) if explain else outcomes(reports, own=own, workers=workers):
        if isinstance(outcome, Failure):
            failed = failed or not outcome.warning
            if json and not outcome.warning:
                print_json(contract.failure_json(outcome))
            else:
                typer.echo(printing.failure(outcome).plain, err=True)
            continue
        for doubt in () if isinstance(outcome, dict) else outcome[0].doubts:
            typer.echo(printing.failure(doubt).plain, err=True)
        if json:
            print_json(outcome if isinstance(outcome, dict) else contract.reading_json(outcome[0]))
        else:
            if shown:
                out.print()
            out.print(explained(outcome) if isinstance(outcome, dict) else printing.reading(*outcome))
            shown = True
    _tell_passed_over(inputs or [])
    raise typer.Exit(1 if failed else 0)


def _tell_passed_over(inputs: list[str]) -> None:
    """What a folder holds and is not read in it is said: nothing is left out in silence."""
    from khabar.feeds import passed_over

    if found := passed_over(inputs):
        names = ", ".join(map(str, found[:5])) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
        typer.echo(f"passed over in folders, {len(found)} (name a file, and it is read): {names}", err=True)


def _read_all(
    inputs: list[str], output: str, engine: str, workers: int, outlet: str | None, published: date | None, url: str | None,
    attachments: bool, rules: Path | None, actors: Path | None,
) -> NoReturn:  # fmt: skip
    from khabar.build import Own
    from khabar.bulk import read_all
    from khabar.bulk.work import Job, derivation_name

    own = [str(path.absolute()) if path else None for path in (rules, actors)]
    name = derivation_name(Own(rules, actors))
    job = Job(output, name, outlet, published.isoformat() if published else None, url, attachments, *own)
    steps = read_all(inputs, job, engine=engine, workers=workers)
    done = next(steps)
    if done.passed:
        typer.echo(f"{output}: {done.passed / done.total:.0%} was read before", err=True)
    with progress(done.total, lambda: done.passed) as show:
        for done in steps:
            show(done)
    typer.echo(
        f"{output}: {done.read} reports read now, {done.claims} claims, {done.failed} not read, {done.retried} parts retried", err=True
    )
    _tell_passed_over(inputs)
    for lost in done.lost.values():
        typer.echo(f"not read: {lost}", err=True)
    if done.lost:
        typer.echo("run the same command again to try these again", err=True)
    status = 1 if done.lost or done.failed else 0
    if engine != "serial":  # all is written; Daft's threads broke the end of one process in six (0.7.26)
        sys.stderr.flush()
        os._exit(status)
    raise typer.Exit(status)


@app.command()
def build(
    inputs: Inputs,
    record: Annotated[Path, typer.Option(metavar="FILE", help="The record; made if absent, added to if there.")],
    outlet: Outlet = None,
    published: Published = None,
    url: Url = None,
    attachments: Attachments = False,
    allow_private: AllowPrivate = False,
    rules: Rules = None,
    actors: Actors = None,
    workers: Workers = 1,
    ahead: Annotated[
        bool,
        typer.Option("--ahead/--no-ahead", help="Work out now what questions are answered from, or at the first of them."),
    ] = True,
) -> None:
    """Read reports into a record. Reading the same report twice changes nothing; a build that was stopped goes on when it is run again.

    \b
    khabar build reports/ --record war.khabar
    khabar build reports.jsonl more/*.html --record war.khabar --workers 4
    khabar read reports/ --output read/ && khabar build read/ --record war.khabar
    """
    from khabar import bulk
    from khabar.build import Own, Tally, prepare
    from khabar.build import build as build_record
    from khabar.feeds import Gauge, read_inputs
    from khabar.printing import count
    from khabar.record import Record

    tally, gauge, own, missing = Tally(), Gauge(), Own(rules, actors), 0
    folders = [entry for entry in inputs if bulk.is_read(entry)]
    rest = [entry for entry in inputs if entry not in folders]
    found = read_inputs(
        rest, outlet=outlet, published=published, url=url, attachments=attachments, allow_private=allow_private, gauge=gauge
    )
    with Record.create(record) as kept, progress(Gauge.size(rest), lambda: gauge.passed) as show:
        for entry in folders:
            read = bulk.Kept.of(entry)
            missing += read.total - read.parts
            for _ in bulk.keep(kept, read, own=own, tally=tally):
                show(tally)
        for _ in build_record(kept, found, own=own, workers=workers, tally=tally) if rest else ():
            show(tally)
        for what in prepare(kept) if ahead else ():
            show(f"working out {what} …")
        undated, ahead_of_time, in_force = kept.undated(), kept.published_after(date.today()), kept.rules()
    if missing:
        typer.echo(f"{missing} parts are not read yet: run khabar read --output again, then this command", err=True)
    _print_tally(tally, record, undated)
    if ahead_of_time:
        told = "; ".join(f"{one.published} {one.outlet or ''} {one.title or one.id[:12]}" for one in ahead_of_time[:3])
        typer.echo(f"warning: reports published after today: {len(ahead_of_time)}; is the day right? {told}", err=True)
    _tell_passed_over(rest)
    if rules is not None or len(in_force) > 1:
        told = ", ".join(f"{sha256[:12]} ({count(number, 'report')})" for sha256, number in in_force.items())
        typer.echo(f"read with the rules {told}", err=True)
    raise typer.Exit(1 if tally.failed or missing else 0)


def _print_tally(tally: Tally, record: Path, undated: int) -> None:
    from khabar.printing import count

    typer.echo(
        f"{record}: {count(tally.read, 'report')} read ({tally.new} new), {count(tally.claims, 'claim')}, {tally.failed} not read, "
        f"{count(tally.warnings, 'warning')}",
        err=True,
    )
    if undated:
        typer.echo(
            f"warning: reports without a day of publication, which --known-by leaves out: {undated}; give it with --published", err=True
        )
    if tally.failed or tally.warnings:
        typer.echo(f"the reasons: khabar failures {record}", err=True)


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files of your own, or folders of them.")],
    json: AsJson = False,
) -> None:
    """Check rules of your own before you use them: form, words, examples, and what the shipped rules say already.

    \b
    khabar lint my-rules.yaml
    """

    from khabar.linting import lint as findings_of
    from khabar.printing import console
    from khabar.printing import linting as printing
    from khabar.rules import own_files

    sources = [file for path in files for file in own_files(path)]
    findings = list(findings_of(sources))
    if json:
        print_rows([asdict(finding) for finding in findings])
    else:
        console().print(printing.findings(findings, len(sources)))
    raise typer.Exit(1 if any(not finding.doubt for finding in findings) else 0)
