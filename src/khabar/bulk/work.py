"""A part → its files of Parquet in the output folder: what one worker does, on whatever machine.

A part is written in files of some hundred reports, each whole or not there; what is there is not read again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from khabar.build import FAULTS, Own, Reader, read_one, shipped_reader
from khabar.bulk import shards
from khabar.bulk.parts import Part, items
from khabar.bulk.storage import Folder
from khabar.contract import digest
from khabar.derivation import derivation
from khabar.errors import KhabarError
from khabar.feeds import given_by
from khabar.feeds.arrivals import Item

AT_ONCE = 256  # reports to a file, some 20 seconds of one core: what a kill can cost


@dataclass(frozen=True)
class Job:
    """What is to be done with every part. `derived`: the name of what readings are made with, the same on every machine."""

    output: str
    derived: str
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    attachments: bool = False
    rules: str | None = None
    actors: str | None = None

    @property
    def own(self) -> Own:
        return Own(*(Path(path) if path else None for path in (self.rules, self.actors)))


@dataclass(frozen=True)
class Done:
    """How a part went. `read`: reports read now; `kept`: items that were there already. `error`: why it is not done, None where it is."""

    number: int
    read: int = 0
    claims: int = 0
    failed: int = 0
    kept: int = 0
    seconds: float = 0.0
    error: str | None = None

    def line(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, line: str) -> Done:
        return cls(**json.loads(line))


class Worker:
    """Reads parts; the model is loaded with the first."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._reader: Reader | None = None

    def do(self, part: Part) -> Done:
        """Read the part, or the rest of it, and say how it went; what another try may mend, such as storage out of reach, is its error."""
        try:
            return self._done(part)
        except (OSError, KhabarError, MemoryError, *FAULTS) as error:
            return Done(part.number, error=f"{type(error).__name__}: {str(error)[:300]}")

    def _done(self, part: Part) -> Done:
        begun, folder = time.monotonic(), Folder(self.job.output)
        written = folder.names(f"readings/{part.name}")
        kept = sum(shards.length(folder.at("readings", part.name, name)) for name in written)
        given = given_by(self.job.outlet, self.job.published, self.job.url, self.job.attachments)
        rest, read, claims, failed = islice(items(part, given), kept, None), 0, 0, 0
        for number, rows in enumerate(self._read(rest), len(written) + 1):
            name = f"{part.name}/{number:04}.parquet"
            folder.write(f"claims/{name}", shards.claims_file(rows))
            folder.write(f"readings/{name}", shards.readings_file(rows))  # last: it says that both are there
            read += sum(row.reading is not None for row in rows)
            claims += sum(len({claim.claim_id for claim in row.reading.claims}) for row in rows if row.reading)
            failed += sum(not failure.warning for row in rows for failure in row.failures)
        done = Done(part.number, read, claims, failed, kept, round(time.monotonic() - begun, 3))
        folder.write(f"done/{part.name}.json", done.line().encode())
        return done

    def _read(self, rest: Iterator[Item]) -> Iterator[list[shards.Row]]:
        while some := list(islice(rest, AT_ONCE)):
            read = partial(read_one, reader=self._ready())
            yield [shards.row_of(item, read) for item in some]

    def _ready(self) -> Reader:
        if self._reader is None:
            own = self.job.own
            if derivation_name(own) != self.job.derived:
                raise KhabarError("this worker has another version of khabar, of its model or of its libraries than the one that asks it")
            self._reader = shipped_reader(own)
        return self._reader


def derivation_name(own: Own) -> str:
    """Of what readings are made with here."""
    return digest(derivation(own.rules, own.actors))
