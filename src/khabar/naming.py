"""What a user decided about actors and places → claims, a registry and a dump that follow it (tables: decisions.sql, rulings.sql).

An actor that no registry has goes by a provisional id, made from its spelling. A decision says who it is: an actor of the registry, or a
new one with a name and a kind. Claims are never altered; the decision is replayed whenever they are read.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files

from khabar.actorfiles import Actor, Name, read_war
from khabar.compiled import compiled_registry
from khabar.contract import digest
from khabar.journal import enter
from khabar.model import Claim, Participant, Speaker
from khabar.registry import Registry
from khabar.rulings import Placed, rulings_of
from khabar.spellings import normal


@dataclass(frozen=True, slots=True)
class Decision:
    """`actor` is `becomes`, says `signed_by`. `name`, `kind`: of a new actor; `withdraws`: the decision that this takes back."""

    actor: str
    becomes: str
    name: str | None
    kind: str | None
    reason: str
    signed_by: str
    signed_at: str
    withdraws: str | None = None

    @property
    def id(self) -> str:
        return digest(list(asdict(self).values()))[:16]


def provisional_id(text: str) -> str:
    """The id of an actor that no registry has, the same for every trivial variant of its spelling.

    >>> provisional_id("the Kalam Valley Brigade") == provisional_id("Kalam-Valley Brigade’s") == "name:kalam-valley-brigade"
    True
    """
    return "name:" + "-".join(normal(text).split())


class Names:
    """The decisions of a record that are in force; `placed`: those on where places are."""

    def __init__(self, decisions: Iterable[Decision], placed: Placed | None = None) -> None:
        self.placed = placed or Placed()
        self.decisions = sorted(decisions, key=lambda decision: (decision.signed_at, decision.id))
        withdrawn = {decision.withdraws for decision in self.decisions}
        self.in_force = [d for d in self.decisions if d.withdraws is None and d.id not in withdrawn]
        self._becomes = {decision.actor: decision for decision in self.in_force}
        self._named = {d.becomes: d.name for d in self.in_force if d.name}

    def __bool__(self) -> bool:
        return bool(self._becomes or self.placed)

    @property
    def ids(self) -> list[str]:
        """Of all that was decided: whoever has others answers otherwise."""
        return [*(one.id for one in self.decisions), *(one.id for one in self.placed.rulings)]

    def id(self, id: str | None, text: str) -> str | None:
        """Who is meant by words that were read with that id, or with none."""
        decision = self._becomes.get(id or provisional_id(text))
        return decision.becomes if decision else id

    def applied(self, claim: Claim) -> Claim:
        """The claim under the names that were decided, at the place where it was put."""
        chain = tuple(Speaker(link.text, self.id(link.id, _body(link.text))) for link in claim.attribution)
        actor, recipient = self.participant(claim.actor), self.participant(claim.recipient)
        return replace(claim, actor=actor, recipient=recipient, place=self.placed.applied(claim.place), attribution=chain)

    def participant(self, named: Participant | None) -> Participant | None:
        """It under the name that was decided."""
        if named is None or (id := self.id(named.id, named.text)) == named.id:
            return named
        return replace(named, id=id, name=self._named.get(id or "", named.text))

    def new_actors(self, registry: Registry) -> list[Actor]:
        """Those that were decided on and that the registry does not have, called as the decisions and the reports call them."""
        found: dict[str, Actor] = {}
        for decision in self.in_force:
            if registry.actor(decision.becomes) is None and decision.name and decision.kind:
                source = f"decision {decision.id} by {decision.signed_by}, {decision.signed_at[:10]}: {decision.reason}"
                names = (Name(decision.name),)
                found[decision.becomes] = Actor(decision.becomes, decision.name, decision.kind, names=names, sources=(source,))
            if actor := found.get(decision.becomes):
                spelling = Name(decision.actor.removeprefix("name:").replace("-", " "), verified=False)
                known = {normal(name.text) for name in actor.names}
                found[actor.id] = actor if spelling.text in known else replace(actor, names=(*actor.names, spelling))
        return list(found.values())


def _body(text: str) -> str:
    """The body in "Name [Body]", or all of it."""
    found = re.search(r"\[([^\]]+)\]\s*$", text)
    return found[1] if found else text


# --- the tables


def names_of(connection: sqlite3.Connection) -> Names:
    """The decisions that a record keeps; none where it has no such table."""
    placed = Placed(rulings_of(connection))
    if not _has(connection, "actor_decisions"):
        return Names((), placed)
    columns = ", ".join(Decision.__dataclass_fields__)
    return Names((Decision(*row) for row in connection.execute(f"SELECT {columns} FROM actor_decisions")), placed)


def decisions_kept(connection: sqlite3.Connection) -> list[tuple[str, Decision]]:
    """All decisions, each with the id under which it is kept."""
    if not _has(connection, "actor_decisions"):
        return []
    columns = ", ".join(Decision.__dataclass_fields__)
    return [(row[0], Decision(*tuple(row)[1:])) for row in connection.execute(f"SELECT decision, {columns} FROM actor_decisions")]


def decide(connection: sqlite3.Connection, decision: Decision) -> None:
    """Keep a decision, for ever; once, however often it is handed over."""
    _install(connection)
    row = {"decision": decision.id, **asdict(decision)}
    marks = ", ".join(f":{column}" for column in row)
    with _whole(connection):
        if connection.execute(f"INSERT OR IGNORE INTO actor_decisions ({', '.join(row)}) VALUES ({marks})", row).rowcount:
            enter(connection, "decision", decision.id)


def keep_files(connection: sqlite3.Connection, texts: Iterable[tuple[str, str]]) -> None:
    """Keep the user's registry files, by name and text, with the record that is built with them."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    for name, text in texts:
        _install(connection)
        row = (sha256(text.encode()).hexdigest(), name.rsplit("/", 1)[-1], text, now)
        with _whole(connection):
            if connection.execute("INSERT OR IGNORE INTO actor_files VALUES (?, ?, ?, ?)", row).rowcount:
                enter(connection, "actors", row[0])


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """A row and its entry in the journal, both or neither."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def own_files_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Names and texts of the registry files that a record keeps, the last kept last."""
    if not _has(connection, "actor_files"):
        return []
    return [tuple(row) for row in connection.execute("SELECT name, text FROM actor_files ORDER BY kept_at, name, sha256")]


def registry_for(connection: sqlite3.Connection) -> Registry:
    """The shipped registry with the files and the decisions of a record: what every question to it is answered with."""
    registry = compiled_registry()
    if own := own_files_of(connection):
        registry = registry.extended([read_war(text, name) for name, text in own])
    more = names_of(connection).new_actors(registry)
    return registry.extended(actors=more) if more else registry


def dumped(connection: sqlite3.Connection) -> Sequence[Mapping[str, object]]:
    """Decisions, rulings and files for `khabar dump`, sorted."""
    decisions = [{"actor_decision": {"decision": d.id, **asdict(d)}} for d in names_of(connection).decisions]
    own = [
        {"actor_file": {"name": name, "sha256": sha256(text.encode()).hexdigest(), "text": text}} for name, text in own_files_of(connection)
    ]
    ruled = [{"ruling": {"ruling": one.id, **asdict(one)}} for one in rulings_of(connection)]
    return sorted((*decisions, *own, *ruled), key=lambda row: json.dumps(row, sort_keys=True))


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone() is not None


def _install(connection: sqlite3.Connection) -> None:
    if not _has(connection, "actor_decisions"):
        script = files("khabar").joinpath("decisions.sql").read_text("utf-8")
        connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nCOMMIT;")  # at once: one table tells that both are there
