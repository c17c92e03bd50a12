"""A record → proof that it is what it was: each quoted word stands where it is said to stand, and nothing was altered, added or removed.

Names of versions, readings, reviews, decisions and redactions are hashes of their content, so each is checked by making it again.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from khabar import beside, derivation, imports, journal
from khabar.contract import Json, canonical, digest
from khabar.control import timeline
from khabar.hearing import of_incidents
from khabar.incidents import incidents
from khabar.naming import decisions_kept
from khabar.reasons import history
from khabar.record import Record, kept_key
from khabar.registry import Registry
from khabar.rows import version_of
from khabar.rulings import rulings_kept
from khabar.tombstones import redactions
from khabar.view import View

HEADER = 32  # bytes of it that tell the size of a page, and how many there are


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that does not hold."""

    what: str
    where: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of what were checked, the journal's last hash, and the first fault, None where all holds."""

    checked: dict[str, int]
    head: str | None
    fault: Fault | None
    notes: tuple[str, ...] = ()


def verify(record: Record, registry: Registry, *, derived: bool = True) -> Verdict:
    """Check everything, and stop at the first fault. Without `derived` what is kept beside the record is not made again. Another program
    may write meanwhile: the record is looked at as it was at one moment, and so is what is kept beside it."""
    checked: Counter[str] = Counter()
    try:
        with _standing_still(record):
            fault, head = _first(_own(record, registry), checked), journal.head(record.connection)
            notes = () if fault else tuple(_notes(record))
        if derived and not fault:
            fault = _first(kept_beside(record, registry), checked)
    except sqlite3.DatabaseError as error:
        return Verdict(dict(checked), None, Fault("the file is damaged", record.name, str(error)))
    return Verdict(dict(checked), head, fault, () if fault else notes)


@contextmanager
def _standing_still(record: Record) -> Iterator[None]:
    """All is read as it is now."""
    record.connection.execute("BEGIN")
    try:
        yield
    finally:
        if record.connection.in_transaction:  # SQLite itself ends it where the file is damaged
            record.connection.execute("ROLLBACK")


def _first(found: Checked, checked: Counter[str]) -> Fault | None:
    """The first fault; `checked`: counted until then."""
    with closing(found):
        for what, fault in found:
            if fault:
                return fault
            checked[what] += 1
    return None


def _own(record: Record, registry: Registry) -> Checked:
    for check in (_file, _originals, _versions, _readings, _quotations, _decisions, _imports, _chain):
        yield from check(record, registry)


Checked = Generator[tuple[str, Fault | None]]


def _file(record: Record, _: Registry) -> Checked:
    """The file as SQLite sees it, that its end is there, and that every row leads to the rows it names."""
    yield "file", _cut_short(Path(record.connection.execute("PRAGMA database_list").fetchone()["file"]))
    for (found,) in record.connection.execute("PRAGMA integrity_check"):
        yield "file", None if found == "ok" else Fault("the file is damaged", record.name, str(found))
    for row in record.connection.execute("PRAGMA foreign_key_check"):
        yield "file", Fault("a row leads nowhere", f"table {row[0]}, row {row[1]}", f"no such row in {row[2]}")


def _cut_short(path: Path) -> Fault | None:
    """SQLite takes what is missing of a last page that holds nothing for zeros; the header says how many pages there were. While changes
    wait in the log the two may differ."""
    log = path.with_name(f"{path.name}-wal")
    if not path.is_file() or (log.is_file() and log.stat().st_size):
        return None
    with path.open("rb") as file:
        header = file.read(HEADER)
    page, pages = int.from_bytes(header[16:18], "big"), int.from_bytes(header[28:32], "big")
    whole, found = (65536 if page == 1 else page) * pages, path.stat().st_size
    return Fault("the end of the file is missing", path.name, f"{found:,} bytes of {whole:,}") if found < whole else None


def _originals(record: Record, _: Registry) -> Checked:
    blanked = {one.sha256 for one in redactions(record.connection)}
    for name, content in record.connection.execute("SELECT sha256, bytes FROM originals"):
        gone = not content and name in blanked
        yield "originals", None if gone else _unlike("the bytes of an original were altered", name, sha256(content).hexdigest())


def _versions(record: Record, _: Registry) -> Checked:
    blanked = _blanked(record)
    for version, report in record.every_version():
        yield "reports", None if version in blanked else _unlike(f"report {report.id} was altered", version, version_of(report))


def _readings(record: Record, _: Registry) -> Checked:
    blanked = _blanked(record)
    for reading, version in record.connection.execute("SELECT reading, version FROM readings ORDER BY reading").fetchall():
        if version not in blanked:
            yield "readings", _unlike(f"what was read in version {version} was altered", reading, kept_key(record, reading))


def _quotations(record: Record, _: Registry) -> Checked:
    """Each sentence, trigger and participant stands in the text where it is said to stand."""
    for start, end, words, text, version in record.connection.execute(_QUOTED):
        where = f"version {version}, {start} to {end}"
        yield "sentences", None if text[start:end] == words else Fault("a sentence does not stand there", where, repr(text[start:end])[:80])
    for row in record.connection.execute(_CLAIMED):
        parts = [json.loads(row[name]) for name in ("actor", "recipient", "place") if row[name]]
        loose = next((p for p in parts if p.get("start") is not None and row["words"][p["start"] : p["end"]] != p["text"]), None)
        inside = 0 <= row["trigger_start"] < row["trigger_end"] <= len(row["words"])
        where = f"claim {row['claim_id']} of report {row['report_id']}"
        found = str(loose["text"]) if loose else "its trigger"
        yield "claims", None if inside and not loose else Fault("a claim quotes words that are not there", where, found)


_QUOTED = (
    'SELECT sentences.start, sentences."end", sentences.text, reports.text, version FROM sentences '
    "JOIN readings USING (reading) JOIN reports USING (version)"
)
_CLAIMED = (
    "SELECT claim_id, actor, recipient, place, trigger_start, trigger_end, reports.text AS words, report_id FROM claims "
    "JOIN readings USING (reading) JOIN reports USING (version)"
)


def _decisions(record: Record, _: Registry) -> Checked:
    for r in record.reviews():
        parts = [r.claim_id, r.verdict, r.reason, r.signed_by, r.signed_at, list(map(list, r.fields)), r.withdraws]
        yield "reviews", _unlike("a review was altered", r.review_id, digest(parts)[:16])
    for held, ruling in rulings_kept(record.connection):
        yield "decisions", _unlike("a ruling was altered", held, ruling.id)
    for held, decision in decisions_kept(record.connection):
        yield "decisions", _unlike("a decision on an actor was altered", held, decision.id)
    for name, detail in derivation.kept(record.connection):
        yield "derivations", _unlike("what readings were made with was altered", name, digest(detail)[:32])
    for one in redactions(record.connection):
        hashes = [one.version, one.extent, one.text_sha256, one.sha256, one.reason, one.signed_by, one.signed_at]
        yield "redactions", _unlike("a tombstone was altered", one.redaction_id, digest(hashes)[:16])


def _imports(record: Record, _: Registry) -> Checked:
    """Imports and what was decided on them; the rows of a file, one after the other, are still the file."""
    held = imports.kept(record.connection)
    for id, one in held.imports.items():
        yield "imports", _unlike("an import was altered", id, one.id)
        if one.is_whole and (found := _joined(record.connection, id)):
            yield "imported files", _unlike(f"the rows of {one.name} are no longer the file", one.sha256, found)
    for id, decision in held.decisions.items():
        yield "decisions", _unlike("a decision on an import was altered", id, decision.id)


def _joined(connection: sqlite3.Connection, id: str) -> str | None:
    """SHA-256 of the rows of an import; None where one of them was redacted."""
    found = sha256()
    query = "SELECT bytes FROM imported JOIN originals USING (sha256) WHERE import = ? ORDER BY number"
    for (content,) in connection.execute(query, (id,)):
        if not content:
            return None
        found.update(content)
    return found.hexdigest()


def _unlike(what: str, name: str, found: str) -> Fault | None:
    """A name is a hash of what it names."""
    return None if found == name else Fault(what, name, f"what is there now would be {found}")


_ENTERED = {
    "reading": ("SELECT reading FROM readings",),
    "review": ("SELECT review_id FROM reviews",),
    "decision": ("SELECT decision FROM actor_decisions", "SELECT ruling FROM rulings"),
    "import": ("SELECT import FROM imports",),
    "withdrawal": ("SELECT decision FROM import_decisions",),
    "actors": ("SELECT sha256 FROM actor_files",),
    "redaction": ("SELECT redaction_id FROM redactions",),
}


def _chain(record: Record, _: Registry) -> Checked:
    """The journal is unbroken, what it names is there, and all that is there since it began is named in it."""
    before, named = journal.START, Counter[tuple[str, str]]()
    for number, entry in enumerate(journal.entries(record.connection), 1):
        whole = entry.number == number and entry.follows(before)
        yield (
            "journal",
            None if whole else Fault("the journal is broken", f"entry {entry.number}", f"it does not follow entry {number - 1}"),
        )
        before = entry.hash
        named[entry.kind, entry.key] += 1
    if not named:
        return
    for kind, queries in _ENTERED.items():
        there = _keys(record.connection, *queries)
        for key in sorted({key for of, key in named if of == kind} - there):
            yield "journal", Fault(f"a {kind} is gone", key, "the journal says that it entered, and no row has it")
        since = _keys(record.connection, f"{queries[0]} {_SINCE}") if kind == "reading" else there
        for key in sorted(since - {key for of, key in named if of == kind}):
            yield "journal", Fault(f"a {kind} was put in", key, "it is in the record, and the journal does not know of it")


_SINCE = (  # by the numbers of arrivals: a clock may have been set back
    "WHERE reading IN (SELECT reading FROM arrivals GROUP BY reading HAVING min(arrival) >= "
    "(SELECT min(arrival) FROM arrivals JOIN journal ON kind = 'reading' AND key = reading))"
)


def _keys(connection: sqlite3.Connection, *queries: str) -> set[str]:
    found: set[str] = set()
    for query in queries:
        with suppress(sqlite3.OperationalError):  # a table that is made on demand, and was not
            found |= {str(row[0]) for row in connection.execute(query)}
    return found


def kept_beside(record: Record, registry: Registry) -> Checked:
    """What is kept beside the record is what the record gives when it is worked out again."""
    for _ in beside.tries():
        view = View(record, registry)
        view.histories.refresh()
        view.chronicle.update()
        with _standing_still(record):
            if view.is_at_rest():
                yield from _as_made_again(record, view)
                return


def _as_made_again(record: Record, view: View) -> Checked:
    kept = dict(view.histories.histories())
    for key, area in view.areas.items():
        again = json.loads(canonical(history(timeline(area, view.bearing))))
        yield "places", None if again == kept.pop(key, None) else Fault(STALE, f"place {key}", "the histories differ")
    for key in kept:
        yield "places", Fault(STALE, f"place {key}", "no claim names it")
    anew = incidents(record.told_by(None, *of_incidents()), view.bearing.ties, view.regroupings)
    for one, other in zip_longest(anew, view.chronicle.all()):
        named = next(found.id for found in (one, other) if found)
        yield "incidents", None if one == other else Fault(STALE, f"incident {named}", "the incidents differ")


STALE = "what is kept beside the record is not what the record gives; delete RECORD-derived, it is made again"


def _blanked(record: Record) -> set[str]:
    return {one.version for one in redactions(record.connection)}


def _notes(record: Record) -> Iterator[str]:
    run = record.connection.execute
    without = run("SELECT count(*) FROM reports WHERE sha256 = '' OR sha256 NOT IN (SELECT sha256 FROM originals)").fetchone()[0]
    if without:
        yield f"reports that came without the bytes of an original: {without}"
    if blanked := len(_blanked(record)):
        yield f"reports redacted: {blanked}; their tombstones hold, their words are gone"
    if journal.head(record.connection) is None:
        yield "the record was made before records had a journal: what was removed from it cannot be told"
    elif before := run(_BEFORE).fetchone()[0]:
        yield f"{before} readings came before the record had a journal: whether others were removed before it cannot be told"


_BEFORE = "SELECT count(*) FROM readings WHERE reading NOT IN (SELECT key FROM journal WHERE kind = 'reading')"


def verdict_json(verdict: Verdict) -> Json:
    """As `khabar verify --json` prints it."""
    return {"holds": verdict.fault is None, **asdict(verdict)}
