"""A record → a server on this machine that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import RecordFile, tell_if_long


@app.command()
def serve(
    record: RecordFile,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="0 takes any that is free.")] = 8765,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on; 0.0.0.0 lets others in.")] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option(metavar="HOST", help="A host name that it answers to, beside localhost.")] = None,
    desk: Annotated[bool, typer.Option("--desk", help="Hold nothing back of what was published of late: for your own desk.")] = False,
    basemap: Annotated[Path | None, typer.Option(metavar="FILE", help="Your own GeoJSON or PMTiles, laid under the map.")] = None,
    tokens: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", help="Who may decide in the page, with --desk: see khabar token.")
    ] = None,
) -> None:
    """Serve a record to browsers and scripts on this machine: the API stands under /api/v1.

    What was published in the last two weeks is held back, and places told of in the last 90 days are coarsened, unless --desk.

    \b
    khabar serve war.khabar
    khabar serve war.khabar --desk --port 9000
    khabar serve war.khabar --desk --token-file desk.tokens
    khabar serve war.khabar --basemap rivers.geojson
    """
    import socket

    import uvicorn

    from khabar.errors import RecordError
    from khabar.gazetteer import load_gazetteer
    from khabar.naming import registry_for
    from khabar.record import Record
    from khabar.server import HERE, application
    from khabar.server.slowness import MOST, Hurried

    if tokens and not desk:
        raise typer.BadParameter("what is served to the public takes no decisions: --token-file goes with --desk")
    made = application(record, public=not desk, hosts=[*HERE, host, *(name or ())], tokens=tokens, basemap=basemap, elsewhere=True)
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise RecordError(
            f"cannot listen on {host} port {port}: {error.strerror}; give another with --port, or 0 for any that is free"
        ) from error
    with Record.open(record) as kept:
        tell_if_long(kept, registry_for(kept.connection))
    load_gazetteer()  # laid out the first time: nobody who asks shall wait for that
    typer.echo(f"http://{host}:{listening.getsockname()[1]}/   (the API is under /api/v1; Ctrl-C ends it)", err=True)
    config = uvicorn.Config(made, log_level="warning", server_header=False, http=Hurried, limit_concurrency=MOST)
    uvicorn.Server(config).run([listening])


@app.command()
def token(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of tokens; it is made where it is not there.")],
    person: Annotated[str | None, typer.Option("--for", metavar="NAME", help="Whose it is: decisions are signed so.")] = None,
    withdraw: Annotated[str | None, typer.Option(metavar="NAME", help="Shut this person out, also from a server that runs.")] = None,
) -> None:
    """Make a token for a person who may decide in the page and through the API, take one back, or list who has one.

    The token is printed once; the file keeps its hash only.

    \b
    khabar token desk.tokens --for "A. Analyst"
    khabar token desk.tokens
    khabar token desk.tokens --withdraw "A. Analyst"
    """
    from khabar.server import tokens

    if person and withdraw:
        raise typer.BadParameter("either --for or --withdraw")
    if person:
        typer.echo(tokens.make(file, person))
        typer.echo(f"this is shown once; decisions under it are signed {person.strip()}", err=True)
    elif withdraw:
        tokens.withdraw(file, withdraw)
    else:
        for name in tokens.people(file).values():
            typer.echo(name)
