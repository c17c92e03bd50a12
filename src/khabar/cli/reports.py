"""Reports → claims on the screen or in a record: read, build, lint."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    counted,
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
    json: AsJson = False,
) -> None:
    """Read reports and print their claims; no record is needed or made.

    \b
    khabar read report.txt --outlet "Harbour Post" --published 2031-05-05
    khabar read reports.jsonl --json > claims.jsonl
    khabar read --explain --sentence "Rebels took Oakford on Monday."
    """
    from khabar import contract, printing
    from khabar.build import Own, explanations, outcomes
    from khabar.feeds import read_inputs, typed
    from khabar.model import Failure, Report

    if inputs and sentence is not None:
        raise typer.BadParameter("--sentence stands in place of a file; give the one or the other")
    if not inputs and sentence is None and sys.stdin.isatty():
        raise typer.BadParameter("nothing to read; give a file, a folder, - for standard input, or --sentence TEXT")
    reports: Iterable[Report | Failure] = read_inputs(
        inputs or ["-"], outlet=outlet, published=published, url=url, attachments=attachments, allow_private=allow_private
    )
    if sentence is not None:
        reports = [typed(sentence, outlet=outlet, published=published, url=url)]
    out, failed, own = printing.console(), False, Own(rules, actors)
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
            out.print(printing.explained(outcome) if isinstance(outcome, dict) else printing.reading(*outcome))
    raise typer.Exit(1 if failed else 0)


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
    """Read reports into a record. Reading the same report twice changes nothing; a build that was stopped can be run again.

    \b
    khabar build reports/ --record war.khabar
    khabar build reports.jsonl more/*.html --record war.khabar --workers 4
    """
    from khabar.build import Own, Tally, prepare
    from khabar.build import build as build_record
    from khabar.feeds import read_inputs
    from khabar.record import Record

    found = read_inputs(inputs, outlet=outlet, published=published, url=url, attachments=attachments, allow_private=allow_private)
    tally = Tally()
    with Record.create(record) as kept, progress() as show:
        for tally in build_record(kept, found, own=Own(rules, actors), workers=workers):
            show(counted(tally))
        for what in prepare(kept) if ahead else ():
            show(f"working out {what} …")
        undated, in_force = kept.undated(), kept.rules()
    _print_tally(tally, record, undated)
    if rules is not None or len(in_force) > 1:
        told = ", ".join(f"{sha256[:12]} ({number} reports)" for sha256, number in in_force.items())
        typer.echo(f"read with the rules {told}", err=True)
    raise typer.Exit(1 if tally.failed else 0)


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
def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rule files of your own, or folders of them.")],
    json: AsJson = False,
) -> None:
    """Check rules of your own before you use them: form, words, examples, and what the shipped rules say already.

    \b
    khabar lint my-rules.yaml
    """

    from khabar import printing
    from khabar.linting import lint as findings_of
    from khabar.rules import own_files

    sources = [file for path in files for file in own_files(path)]
    findings = list(findings_of(sources))
    if json:
        print_rows([asdict(finding) for finding in findings])
    else:
        printing.console().print(printing.findings(findings, len(sources)))
    raise typer.Exit(1 if any(not finding.doubt for finding in findings) else 0)
