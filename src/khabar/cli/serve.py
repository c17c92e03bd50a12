"""A record → a server on this machine that shows it."""

from __future__ import annotations

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
) -> None:
    """Serve a record to browsers and scripts on this machine: the API stands under /api/v1.

    What was published in the last two weeks is held back, and places told of in the last 90 days are coarsened, unless --desk.

    \b
    khabar serve war.khabar
    khabar serve war.khabar --desk --port 9000
    """
    import socket

    import uvicorn

    from khabar.errors import RecordError
    from khabar.naming import registry_for
    from khabar.record import Record
    from khabar.server import HERE, application
    from khabar.server.slowness import MOST, Hurried

    made = application(record, public=not desk, hosts=[*HERE, host, *(name or ())])
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
    typer.echo(f"http://{host}:{listening.getsockname()[1]}/   (the API is under /api/v1; Ctrl-C ends it)", err=True)
    config = uvicorn.Config(made, log_level="warning", server_header=False, http=Hurried, limit_concurrency=MOST)
    uvicorn.Server(config).run([listening])
