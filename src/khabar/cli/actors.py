"""The registry, and a record → its actors, and the groups that are new: actors list, find, lint, new, name, withdraw, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from khabar.cli.app import app
from khabar.cli.options import Actors, AsJson, MaybeOn, RecordFile, print_rows

if TYPE_CHECKING:
    from khabar.record import Record
    from khabar.registry import Registry

actors = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The registry of actors: who is called what, and on whose side.")
app.add_typer(actors, name="actors")

Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the decision.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who decides; kept with the decision.")]


def registry(own: Path | None) -> Registry:
    """The shipped registry, compiled, with files of the user's own."""
    from khabar.actorfiles import own_files, read_war
    from khabar.compiled import compiled_registry

    files = own_files(own)
    return compiled_registry().extended([read_war(text, name) for name, text in files]) if files else compiled_registry()


@contextmanager
def to_write(record: Path) -> Iterator[tuple[Record, Registry]]:
    """A record that is there, open for a decision, and the registry with what it keeps."""
    from khabar.naming import registry_for
    from khabar.record import Record

    with Record.open(record):
        pass  # a record that is not there is not made
    with Record.create(record) as kept:
        yield kept, registry_for(kept.connection)


@actors.command("list")
def list_actors(
    conflict: Annotated[str | None, typer.Option(metavar="NAME", help="Of this war: syria, ukraine, sahel …")] = None,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="rebel group, state forces, coalition, agency …")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="At home in this country: SY, CD …")] = None,
    on: MaybeOn = None,
    own: Actors = None,
    json: AsJson = False,
) -> None:
    """The actors of the registry, with their kinds and the sides they take; no record is needed.

    \b
    khabar actors list --conflict syria --kind coalition --on 2015-06-08
    """
    from khabar import rolls
    from khabar.printing import actors as printing
    from khabar.printing import console

    rows = rolls.listed(registry(own), conflict=conflict, kind=kind, country=country, on=on)
    if json:
        print_rows(rows)
    else:
        console().print(printing.listed(rows))


@actors.command()
def find(
    name: Annotated[str, typer.Argument(help="A name in any spelling and script, or an id.")],
    country: Annotated[str | None, typer.Option(metavar="CODE", help="What a report on this country means by it: SY, CD …")] = None,
    on: MaybeOn = None,
    own: Actors = None,
    json: AsJson = False,
) -> None:
    """Whom a name may mean, when each is called so, and who is meant in a report on a country and a day; no record is needed.

    \b
    khabar actors find "Army of Conquest"
    khabar actors find AA --country MM --on 2023-11-01
    """
    from khabar import rolls
    from khabar.printing import actors as printing
    from khabar.printing import console

    rows = rolls.found(registry(own), name, country=country, on=on)
    if json:
        print_rows(rows)
    else:
        console().print(printing.listed(rows))


@actors.command()
def lint(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Registry files of your own, or folders of them; nothing: the shipped.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check a registry: every spelling one actor's on one day, every actor typed and cited, no circles, no members of two enemies.

    \b
    khabar actors lint
    khabar actors lint my-actors.yaml
    """
    from khabar.actorfiles import own_files, read_war
    from khabar.actorlint import lint as faults_of
    from khabar.actorlint import unknown_keys
    from khabar.compiled import compiled_registry
    from khabar.printing import actors as printing
    from khabar.printing import console

    own = [found for path in files or () for found in own_files(path)]
    wars = [read_war(text, name) for name, text in own]
    ids = [actor.id for war in wars for actor in war.actors] + [word.actor for war in wars for word in war.generic]
    checked = compiled_registry().extended(wars) if wars else compiled_registry()
    unknown = [fault for name, text in own for fault in unknown_keys(text, name)]
    faults = (*unknown, *faults_of(checked, only=ids if wars else None))
    if json:
        print_rows([{"fault": fault} for fault in faults])
    else:
        console().print(printing.findings(faults, len(set(ids)) if wars else len(checked.actors)))
    raise typer.Exit(1 if faults else 0)


@actors.command()
def new(record: RecordFile, json: AsJson = False) -> None:
    """Groups of a record that no registry has, with their provisional ids, counts and sentences; those with most claims first.

    \b
    khabar actors new war.khabar
    """
    from khabar.groups import new_groups
    from khabar.naming import registry_for
    from khabar.printing import actors as printing
    from khabar.printing import console
    from khabar.record import Record

    with Record.open(record) as kept:
        rows = new_groups(kept, registry_for(kept.connection))
    if json:
        print_rows(rows)
    else:
        console().print(printing.groups(rows))


@actors.command("name")
def name_actor(
    record: RecordFile,
    id: Annotated[str, typer.Argument(metavar="ID", help="The provisional id of a group, as khabar actors new prints it.")],
    becomes: Annotated[str, typer.Option("--as", metavar="ID", help="The actor that it is: an id of the registry, or a new one.")],
    reason: Reason,
    by: By,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="Of a new actor: rebel group, political militia …")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Of a new actor, where the reports' own spelling will not do.")] = None,
) -> None:
    """Say who a new group is: an actor of the registry, or a new one. Every answer follows from then on; the decision can be withdrawn.

    \b
    khabar actors name war.khabar name:army-fateh --as jaysh-al-fatah \\
        --reason "a misspelling" --by "A. Analyst"
    khabar actors name war.khabar name:dera-brigade --as dera-brigade \\
        --kind "rebel group" --reason "in three reports" --by "A. Analyst"
    """
    from khabar.groups import name_group

    with to_write(record) as (kept, known):
        decision = name_group(kept, known, id, becomes=becomes, name=name, kind=kind, reason=reason, by=by)
    typer.echo(f"{id} is {becomes} from now on; to take it back: khabar actors withdraw {record} {decision.id}", err=True)


@actors.command()
def withdraw(
    record: RecordFile,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="The id of a decision, or its beginning.")],
    reason: Reason,
    by: By,
) -> None:
    """Take back a decision on an actor; both stay in the record.

    \b
    khabar actors withdraw war.khabar 3f0c2a \\
        --reason "another brigade of that name" --by "A. Analyst"
    """
    from khabar import groups

    with to_write(record) as (kept, _):
        taken_back = groups.withdraw(kept, decision, reason=reason, by=by)
    typer.echo(f"{taken_back.actor} is no longer {taken_back.becomes}", err=True)


@actors.command()
def decisions(record: RecordFile, json: AsJson = False) -> None:
    """What was decided about the actors of a record, by whom and why.

    \b
    khabar actors decisions war.khabar
    """
    from khabar import groups
    from khabar.printing import actors as printing
    from khabar.printing import console
    from khabar.record import Record

    with Record.open(record) as kept:
        rows = groups.decisions(kept)
    if json:
        print_rows(rows)
    else:
        console().print(printing.decisions(rows))
