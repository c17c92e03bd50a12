"""Millions of reports → a folder of Parquet, here or in s3://, on one computer or many; and from it the record that reading them one by
one gives.

    FOLDER/job.json        what is read with what, and the parts
    FOLDER/readings/PART/  a row for each report, with all that a record keeps
    FOLDER/claims/PART/    a row for each claim, for DuckDB, pandas, Spark
    FOLDER/done/           how each part went
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace

from khabar import build
from khabar.build import Own, Tally
from khabar.bulk import engines, shards
from khabar.bulk.engines import Engine, WorkerDied
from khabar.bulk.parts import Part, parts_of
from khabar.bulk.storage import Folder, told
from khabar.bulk.work import Job
from khabar.derivation import Derivation, derivation
from khabar.errors import RecordError
from khabar.exports.extras import needed
from khabar.model import Report
from khabar.record import Record

TRIES = 3
SHARES = 16  # parts to a worker at least
JOB = "job.json"


@dataclass
class Progress:
    """How a bulk reading goes: in bytes of its inputs, and what was read in this run. `lost`: parts that could not be read, and why."""

    total: int
    passed: int = 0
    read: int = 0
    claims: int = 0
    failed: int = 0
    retried: int = 0
    lost: dict[int, str] = field(default_factory=dict)


def read_all(inputs: Sequence[str], job: Job, *, engine: str = "serial", workers: int = 1) -> Iterator[Progress]:
    """Read all inputs into the folder of the job; yields how far it is, first of all what an earlier run has done.

    A part whose worker dies, or that storage fails, is tried again, three times in all. InputError before anything is read or written
    where Parquet cannot be written.
    """
    needed("pyarrow.parquet", "scale")
    run = engines.engine(engine)
    try:
        folder = Folder(job.output)
        left = _parts(folder, inputs, job, shares=workers * SHARES)
        progress = Progress(sum(part.size for part in left.values()))
        for name in folder.names("done"):
            progress.passed += left.pop(int(name.removesuffix(".json"))).size
        yield progress
        for _ in range(TRIES):
            yield from _tried(run, job, left, workers, progress)
    except OSError as error:
        raise told(error) from error


def _tried(run: Engine, job: Job, left: dict[int, Part], workers: int, progress: Progress) -> Iterator[Progress]:
    progress.retried += len(progress.lost)
    try:
        for done in run(job, list(left.values()), workers) if left else ():
            if done.error:
                progress.lost[done.number] = f"{left[done.number]}: {done.error}"
            else:
                progress.lost.pop(done.number, None)
                progress.passed += left.pop(done.number).size
                progress.read += done.read
                progress.claims += done.claims
                progress.failed += done.failed
            yield progress
    except WorkerDied as error:
        progress.lost |= {number: f"{part}: a worker died: {error}" for number, part in left.items()}


def _parts(folder: Folder, inputs: Sequence[str], job: Job, *, shares: int) -> dict[int, Part]:
    """The parts, cut when the folder was begun; RecordError where it was begun with something else."""
    asked = {**asdict(replace(job, output="")), "inputs": list(inputs)}
    begun = folder.json(JOB)
    if begun is None:
        begun = {"form": 1, "asked": asked, "derivation": derivation(job.own.rules, job.own.actors)}
        begun |= {"parts": [part.json() for part in parts_of(inputs, shares=shares)]}
        folder.write_json(JOB, begun)
    elif begun["asked"] != asked:
        other = next(name for name, value in asked.items() if begun["asked"].get(name) != value)
        other = "version of khabar, its libraries or places" if other == "derived" else other
        raise RecordError(f"{job.output} was begun with another {other}; give another folder, or what was given then")
    return {part.number: part for part in map(Part.of, begun["parts"])}


# -- from the folder into a record ---------------------------------------------------------------------------------------------------


def is_read(address: str) -> bool:
    """Whether it is a folder that `read_all` has written."""
    if address == "-" or address.startswith(("http://", "https://")):
        return False
    try:
        job = Folder(address).json(JOB)
    except OSError:  # words that are no path; whoever reads them says so
        return False
    return isinstance(job, dict) and "form" in job


@dataclass(frozen=True)
class Kept:
    """What a folder holds: `parts` of `total`."""

    derived: Derivation
    parts: int
    total: int
    folder: Folder

    @classmethod
    def of(cls, address: str) -> Kept:
        folder = Folder(address)
        job = folder.json(JOB)
        if job.get("form") != 1:
            raise RecordError(f"{address} was written by a newer program, in form {job.get('form')}; install a newer khabar")
        return cls(job["derivation"], len(folder.names("done")), len(job["parts"]), folder)

    def outcomes(self, skip: Callable[[Report], bool]) -> Iterator[shards.Outcome]:
        """What was read, in the order of the inputs; nothing for the reports to skip."""
        names = (f"readings/{part:07}" for part in range(1, self.total + 1))
        addresses = (self.folder.at(part, name) for part in names for name in self.folder.names(part))
        return shards.outcomes((row for address in addresses for row in shards.rows_of(address)), skip)


def keep(record: Record, read: Kept, *, own: Own, tally: Tally) -> Iterator[Tally]:
    """Keep what a folder holds, and nothing of it twice; yields the tally so far."""
    found = read.outcomes(lambda report: build.is_kept(record, report, read.derived, tally))
    return build.keep(record, found, own=own, derived=read.derived, tally=tally)
