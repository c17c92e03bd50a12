"""A person's decision → the record: review."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, KnownBy, RecordFile, print_json, print_rows, view_of


@app.command()
def review(
    record: RecordFile,
    id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="A claim (or the beginning of its id), place, group or incident; without it, what awaits one."),
    ] = None,
    verdict: Annotated[
        str | None,
        typer.Option(
            metavar="VERDICT",
            help="A claim: accept, reject, or correct with --set. A group: name with --as. A place: place with --at or --as. "
            "A group or place: leave. An incident: merge or split with --with.",
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides and signs.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why: it is quoted wherever the review decides.")] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="actor, recipient, date_start, date_end, modality, published; may be repeated."),
    ] = None,
    becomes: Annotated[str | None, typer.Option("--as", metavar="ID", help="The actor or the place that it is.")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Of a new actor: rebel group, political militia …")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of a new actor, or of a place that is put at a point.")] = None,
    at: Annotated[str | None, typer.Option(metavar="LAT,LON", help="Where a place is, in degrees.")] = None,
    others: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="ID", help="An incident to merge with, or a claim to split off; may be repeated."),
    ] = None,
    withdraw: Annotated[str | None, typer.Option(metavar="DECISION", help="Take back a decision: its id, or the beginning of it.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="List what was decided, the last first.")] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many rows of a list.")] = 20,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Decide on a claim, a place, a group or an incident; without any of them, list what awaits a decision.

    A decision outranks the machine, is signed and dated, and can be taken back.

    \b
    khabar review war.khabar
    khabar review war.khabar 811b50227f9d15c3
    khabar review war.khabar 811b50227f9d15c3 --verdict reject --by "J. Doe" --reason "another Oakford"
    khabar review war.khabar 811b50227f9d15c3 --verdict correct --set date_end=2031-05-04 --by "J. Doe" --reason "saw the video"
    khabar review war.khabar "bald hill" --verdict place --at 10.25,20.5 --by "J. Doe" --reason "on the survey map"
    khabar review war.khabar i-811b50 --verdict merge --with i-2f0c41 --by "J. Doe" --reason "one raid"
    khabar review war.khabar --decided
    khabar review war.khabar --withdraw 1f0c --by "J. Doe" --reason "the video is older"
    """
    from dataclasses import replace

    from khabar import awaiting, deciding, events
    from khabar.printing import console
    from khabar.printing import reviews as printing
    from khabar.record import Record

    decides = verdict is not None or withdraw is not None
    if decides and ((id is None and withdraw is None) or by is None or reason is None):
        raise typer.BadParameter("a decision needs ID, --by and --reason")
    if not decides and (by or reason or fields or becomes or at or others):
        raise typer.BadParameter("give --verdict accept, reject, correct, name, place, merge, split or leave, or --withdraw DECISION")
    with view_of(record, known_by) as view:
        if decides:
            assert by is not None
            assert reason is not None
            with Record.create(record) as kept:
                if withdraw:
                    made = deciding.withdraw(view, kept, withdraw, reason=reason, by=by)
                else:
                    assert id is not None
                    assert verdict is not None
                    asked = deciding.Asked(deciding.subject_of(verdict, id), id, verdict, reason, _fields(fields), becomes, name, kind)
                    asked = replace(asked, point=_point(at), others=tuple(others or ()))
                    made = deciding.decide(view, kept, asked, by=by, incidents=lambda: events.events(view, min_informants=0))
            rows, shown = [made], printing.decisions([made])
        elif decided:
            rows = deciding.decisions(view)[:limit]
            shown = printing.decisions(rows)
        elif id:
            rows = deciding.reviews(view, id)
            shown = printing.reviews(rows)
        else:
            rows = awaiting.awaiting(view, limit=limit)
            shown = printing.awaiting(rows)
    if json:
        print_json(rows[0]) if decides else print_rows(rows)
    else:
        console().print(shown)


def _fields(given: list[str] | None) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given or ()]
    if any(not sign for _, sign, _ in pairs):
        raise typer.BadParameter("--set needs FIELD=VALUE, like date_end=2031-05-04")
    return {name: value for name, _, value in pairs}


def _point(at: str | None) -> tuple[float, float] | None:
    if at is None:
        return None
    try:
        latitude, longitude = map(float, at.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"--at {at!r}: expected latitude,longitude in degrees, like 35.93,36.63") from error
    return latitude, longitude
