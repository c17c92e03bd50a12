"""A record and a report → what its versions changed; its words, or a name in them, blanked for good: versions, redact."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, RecordFile, print_json, print_rows

ReportId = Annotated[str, typer.Argument(metavar="ID", help="The address, the id or the version of a report.")]


@app.command()
def versions(record: RecordFile, id: ReportId, json: AsJson = False) -> None:
    """What an outlet changed under one address: sentences that came and went, claims gained and lost.

    \b
    khabar versions war.khabar https://harbour.example/oakford
    """
    from khabar import differences, printing
    from khabar.printing import versions as shown
    from khabar.record import Record

    with Record.open(record) as kept:
        answer = differences.versions(kept, id)
    if json:
        print_json(answer)
    else:
        printing.console().print(shown.versions(answer))


@app.command()
def redact(
    record: RecordFile,
    id: Annotated[str, typer.Argument(metavar="ID", help="The address, the id or the version of a report; all, with --name.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it stays in the record.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who signs it; it stays in the record.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Blank only this name, wherever it stands in the report.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Blank a text, or a name in it, for good. Its hash and a signed tombstone stay; the claims keep what they were coded as.

    \b
    khabar redact war.khabar https://harbour.example/oakford --reason "taken down by its author" --by "Jo Smith"
    khabar redact war.khabar all --name "Ana Roe" --reason "a witness in danger" --by "Jo Smith"
    """
    from khabar import printing, redaction
    from khabar.printing import versions as shown
    from khabar.record import Record

    if not record.is_file():
        raise typer.BadParameter(f"no record at {record}")
    if not yes:
        typer.confirm(f"blank {'a name' if name else 'the text'} in {record} for good? There is no way back", abort=True, err=True)
    with Record.create(record) as kept:
        made = redaction.redact(kept, id, reason=reason, by=by, name=name)
    if json:
        print_rows([asdict(one) for one in made])
    else:
        printing.console().print(shown.redactions(made))
