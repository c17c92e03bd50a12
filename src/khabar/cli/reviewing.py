"""A person's decision → the record: review."""

from __future__ import annotations

from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import AsJson, KnownBy, RecordFile, print_json, print_rows, view_of


@app.command()
def review(
    record: RecordFile,
    claim: Annotated[str | None, typer.Argument(metavar="[CLAIM_ID]", help="Or its beginning; without it, what awaits a review.")] = None,
    verdict: Annotated[str | None, typer.Option(metavar="VERDICT", help="accept, reject, or correct with --set.")] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who decides and signs.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why: it is quoted wherever the review decides.")] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="actor, recipient, date_start, date_end, modality, published; may be repeated."),
    ] = None,
    withdraw: Annotated[str | None, typer.Option(metavar="REVIEW_ID", help="Take back a review of this claim.")] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many of the claims that await a review.")] = 20,
    known_by: KnownBy = None,
    json: AsJson = False,
) -> None:
    """Decide on a claim: a review outranks the machine, is signed and dated, and can be taken back. Without a claim, list what awaits one.

    \b
    khabar review war.khabar
    khabar review war.khabar 811b50227f9d15c3
    khabar review war.khabar 811b50227f9d15c3 --verdict reject --by "J. Doe" --reason "another Oakford"
    khabar review war.khabar 811b50227f9d15c3 --verdict correct --set date_end=2031-05-04 --by "J. Doe" --reason "saw the video"
    khabar review war.khabar 811b50227f9d15c3 --withdraw 1f0c --by "J. Doe" --reason "the video is older"
    """
    from khabar import awaiting
    from khabar.printing import console
    from khabar.printing import reviews as printing
    from khabar.record import Record

    decides = verdict is not None or withdraw is not None
    if decides and (claim is None or by is None or reason is None):
        raise typer.BadParameter("a review needs CLAIM_ID, --by and --reason")
    if not decides and (by or reason or fields):
        raise typer.BadParameter("give --verdict accept, reject or correct, or --withdraw REVIEW_ID")
    with view_of(record, known_by) as view:
        if claim is None:
            rows = awaiting.awaiting(view, limit=limit)
        elif not decides:
            rows = awaiting.reviews(view, claim)
        else:
            assert by is not None
            assert reason is not None
            with Record.create(record) as kept:
                made = awaiting.review(
                    view, kept, claim, verdict or "withdraw", by=by, reason=reason, fields=_fields(fields), withdraws=withdraw
                )
            rows = [row for row in awaiting.reviews(view, made.claim_id) if row["review_id"] == made.review_id]
    if json:
        print_json(rows[0]) if decides else print_rows(rows)
    else:
        console().print(printing.awaiting(rows) if claim is None else printing.reviews(rows))


def _fields(given: list[str] | None) -> dict[str, str] | None:
    pairs = [pair.partition("=") for pair in given or ()]
    if any(not sign for _, sign, _ in pairs):
        raise typer.BadParameter("--set needs FIELD=VALUE, like date_end=2031-05-04")
    return {name: value for name, _, value in pairs} or None
