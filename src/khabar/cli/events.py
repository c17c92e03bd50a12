"""A record → incidents: the claims of all reports, grouped by the happening that they tell of."""

from __future__ import annotations

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, KnownBy, RecordFile, print_json, view_of


@app.command()
def events(record: RecordFile, known_by: KnownBy = None, json: AsJson = False) -> None:
    """Incidents: what happened, as all reports together tell it.

    \b
    khabar events war.khabar --json
    """
    from khabar.incidents import incident_json, incidents

    with view_of(record, known_by) as view:
        told = [item for item in view.record.told() if item.is_known_by(known_by)]
        for incident in incidents(told, view.ties):
            if json:
                print_json(incident_json(incident))
            else:
                typer.echo(f"{incident.date_end}  {incident.title}")
