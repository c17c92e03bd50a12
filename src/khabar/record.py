"""Readings → one SQLite file, and the claims in it back as values (tables: schema.sql)."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from pathlib import Path
from typing import Any

from khabar import derivation, imports
from khabar.contract import (
    canonical,
    claim_from_json,
    claim_json,
    day,
    failure_json,
    iso,
    mention_from_json,
    particulars_json,
)
from khabar.copies import TOLD_FIRST, Teller, Tellers, bring_up_to_date
from khabar.derivation import Derivation
from khabar.errors import InputError, RecordError
from khabar.journal import enter
from khabar.model import Claim, Failure, Participant, Place, Quantity, Reading, Report, Review, Section, Span, Speaker
from khabar.naming import Names, dumped, names_of
from khabar.reviews import corrected, in_force, published
from khabar.rows import CLAIM, Rows, all_sentences, as_rows, key_of, sections_json, version_of
from khabar.tombstones import is_redacted, redactions
from khabar.versions import Standing, has, install, keep, standings, with_particulars

FORM = 3  # PRAGMA user_version; raised with every change of schema.sql


@dataclass(frozen=True, slots=True)
class Told:
    """A claim with what a question needs of its report. `known`: the day of publication, None where the report has none.
    `outdated`: the day from which another version under the same address stands in its place. `review`: what a person decided about it.
    `tellers`: who told the sentence first, as `copies.Tellers` has it."""

    claim: Claim
    sentence: str
    version: str
    outlet: str | None
    known: date | None
    url: str | None = None
    outdated: date | None = None
    review: Review | None = None
    tellers: tuple[Teller, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return self.review is not None and self.review.verdict == "reject"

    def is_known_by(self, on: date | None) -> bool:
        """Whether an analyst had it on that day; without a day, whether it stands today."""
        if on is None:
            return self.outdated is None
        return self.known is not None and self.known <= on and (self.outdated is None or self.outdated > on)


@dataclass(frozen=True)
class Rulings:
    """What analysts decided: on claims, by id, and on the day on which a version was published."""

    claims: Mapping[str, Review]
    dated: Mapping[str, date]

    def applied(self, item: Told) -> Told:
        """The claim with what was decided about it; a corrected one keeps its id and says what the analyst put there."""
        review, known = self.claims.get(item.claim.claim_id), self.dated.get(item.version, item.known)
        if review is None:
            return item if known == item.known else replace(item, known=known, tellers=())
        tellers = item.tellers if known == item.known else ()  # who told it first, by the day that was wrong
        return replace(item, review=review, claim=corrected(item.claim, review), known=known, tellers=tellers)


class Record:
    """An open record. Use as a context: `with Record.open(path) as record`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @classmethod
    def create(cls, path: Path) -> Record:
        """The record at that path, made if absent, open for writing."""
        connection = connect(f"file:{quoted(path)}", path)
        with locked_or_full(str(path)):
            if not (blank := _is_blank(connection)):
                _check_form(connection, path)  # before anything is written to what may be another program's file
            keep_log(connection)
            connection.execute("PRAGMA synchronous = FULL")  # what was said to be kept is on the disk, even where the power fails
            if blank:
                _install(connection)
            install(connection)
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Record:
        """The record at that path, for questions only; RecordError where there is none."""
        if not path.is_file():
            raise RecordError(f"no record at {path}; make one with: khabar build REPORTS --record {path}")
        # A write-ahead log cannot be opened in a folder that may not be written to, unless SQLite is told that nobody else writes.
        mode = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
        if Path(f"{path}-journal").exists() and os.access(path, os.W_OK):  # a build was killed in its first moment: SQLite takes that back
            connect(f"file:{quoted(path)}", path).close()
        connection = connect(f"file:{quoted(path)}?{mode}", path)
        if _is_blank(connection):
            raise RecordError(f"no record at {path}: the file is empty; a build that was stopped as it began can be run again")
        _check_form(connection, path)
        return cls(connection)

    @classmethod
    def scratch(cls) -> Record:
        """An empty record in memory."""
        connection = connect("file::memory:", Path(":memory:"))
        _install(connection)
        install(connection)
        return cls(connection)

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    # Writing. Each report is one transaction: a build that is killed leaves whole reports only, and the next run adds the rest.

    @contextmanager
    def together(self) -> Iterator[None]:
        """One transaction for all that is written within, all of it or nothing; part of the caller's where there is one."""
        if self.connection.in_transaction:
            yield
            return
        with locked_or_full("the record"), self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            yield

    def add(self, reading: Reading, *, sentences: Sequence[Span] = (), beside: bool = False, derived: Derivation | None = None) -> bool:
        """Keep a reading with its doubts; False where the very same one is kept already, or its report was redacted.

        `sentences`: spans of all sentences of the report, for search; those of the claims are always kept. `beside`: a reading that is the
        current one stays so. `derived`: what it was made with.
        """
        return self.write(as_rows(reading, sentences), beside=beside, derived=derived)

    def write(self, rows: Rows, *, beside: bool = False, derived: Derivation | None = None) -> bool:
        """As `add`, of a reading whose rows are made."""
        report, version, key = rows.report, rows.version, rows.key
        with self.together():
            if is_redacted(self.connection, report):
                return False
            if report.original:
                self.connection.execute("INSERT OR IGNORE INTO originals VALUES (?, ?)", (report.sha256, report.original))
            held, current = self._supersede(version, key, beside=beside)
            if held == "new":
                self._insert_report(rows)
            brought = keep(self.connection, version, report)
            if held == "new":
                self._insert_reading(rows, current=current)
            if derived is not None:
                derivation.keep(self.connection, derived, derivation.arrived(version, report), key)
            for doubt in rows.doubts:
                self._insert_failure(doubt)
            if held == "kept" and not brought:
                return False
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self.connection.execute("INSERT INTO arrivals (reading, arrived_at) VALUES (?, ?)", (key, now))
            if held == "new":
                enter(self.connection, "reading", key)
        return held == "new"

    @contextmanager
    def searched_at_once(self) -> Iterator[None]:
        """Within a transaction of many readings: their sentences enter the full text together at its end. One by one, each is written to
        that index by itself, which takes longer than all else."""
        run = self.connection.execute
        [trigger] = run("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'sentences_are_searched'").fetchone()
        last = run("SELECT ifnull(max(sentence), 0) FROM sentences").fetchone()[0]
        run("DROP TRIGGER sentences_are_searched")
        yield
        run("INSERT INTO search (rowid, text) SELECT sentence, text FROM sentences WHERE sentence > ?", (last,))
        run(trigger)

    def add_failure(self, failure: Failure) -> None:
        """Keep what could not be read, with its reason; once, however often it is met."""
        with self.together():
            self._insert_failure(failure)

    def _insert_failure(self, failure: Failure) -> None:
        row = (failure.id, failure.code, failure.message, failure.source or "")
        self.connection.execute("INSERT OR IGNORE INTO failures VALUES (?, ?, ?, ?)", row)

    def claims_read(self, report: Report, derived: Derivation) -> int | None:
        """How many claims this very program has read in the report, where that stands in the record; None where it must be read."""
        return derivation.claims_read(self.connection, derived, derivation.arrived(version_of(report), report))

    def add_review(self, review: Review) -> None:
        """Keep a review. RecordError where no claim has its id, or no review the id that it withdraws."""
        if not self.connection.execute("SELECT 1 FROM claims WHERE claim_id = ?", (review.claim_id,)).fetchone():
            raise RecordError(f"no claim {review.claim_id} in this record; khabar claims RECORD --json lists ids")
        if review.withdraws and review.withdraws not in {held.review_id for held in self.reviews(review.claim_id)}:
            raise RecordError(f"no review {review.withdraws} of claim {review.claim_id}; khabar review RECORD {review.claim_id} lists them")
        note = canonical({"reason": review.reason, "fields": dict(review.fields)})
        row = (review.review_id, review.claim_id, review.verdict, note, review.signed_by, review.signed_at, review.withdraws)
        with locked_or_full("the record"), self.connection:
            self.connection.execute("BEGIN IMMEDIATE")
            if self.connection.execute("INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?)", row).rowcount:
                enter(self.connection, "review", review.review_id)

    def reviews(self, claim_id: str | None = None) -> list[Review]:
        """All reviews, or those of one claim, in the order in which they were signed."""
        query = "SELECT * FROM reviews WHERE claim_id = ifnull(?, claim_id) ORDER BY signed_at, review_id"
        return [_review(row) for row in self.connection.execute(query, (claim_id,))]

    def _supersede(self, version: str, key: str, *, beside: bool) -> tuple[str, bool]:
        """Make `key` the current reading, and whether it is: it was "kept" as it is to be, "old", or is "new" and must be written."""
        rows = self.connection.execute("SELECT reading, current FROM readings WHERE version = ?", (version,)).fetchall()
        held = {row["reading"]: row["current"] for row in rows}
        stays = beside and 1 in held.values()
        if held.get(key) == 1 or (stays and key in held):
            return "kept", held[key] == 1
        if stays:
            return "new", False
        if held:
            self.connection.execute("UPDATE readings SET current = 0 WHERE version = ? AND current = 1", (version,))
        if key in held:
            self.connection.execute("UPDATE readings SET current = 1 WHERE reading = ?", (key,))
        return "old" if key in held else "new", True

    def _insert_report(self, rows: Rows) -> None:
        report = rows.report
        row = (rows.version, report.id, report.sha256, report.url, report.outlet, iso(report.published), report.text)
        self.connection.execute("INSERT OR IGNORE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _insert_reading(self, rows: Rows, *, current: bool) -> None:
        run, many, key = self.connection.execute, self.connection.executemany, rows.key
        run("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (key, rows.version, current, *rows.reading))
        first = run("SELECT ifnull(max(sentence), 0) + 1 FROM sentences").fetchone()[0]
        sentences = [(number, key, *row) for number, row in enumerate(rows.sentences, first)]
        many('INSERT INTO sentences (sentence, reading, start, "end", text) VALUES (?, ?, ?, ?, ?)', sentences)
        if rows.mentions:
            many("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [(key, *row) for row in rows.mentions])
        if rows.claims:
            many(_INSERT_CLAIM, [(key, *row, first + at) for *row, at in rows.claims])

    # Reading back.

    def told(self, where: str = "1", values: Sequence[object] = (), *, as_read: bool = False) -> list[Told]:
        """Current claims that match an SQL condition over `current_claims`, in the order of publication, report and text; under the names
        that were decided on for their actors, or `as_read`."""
        return once(self.every_told(where, values, as_read=as_read))

    def told_by(self, known_by: date | None, where: str = "1", values: Sequence[object] = ()) -> list[Told]:
        """As `told`, of what was known by a day (None: today), with what the analysts had decided by then."""
        rulings = self.rulings(known_by)
        return once(item for item in map(rulings.applied, self.every_told(where, values)) if item.is_known_by(known_by))

    def rulings(self, known_by: date | None = None) -> Rulings:
        """What the analysts had decided by a day (None: today)."""
        decided = in_force(self.reviews(), known_by)
        dated: dict[str, date] = {}
        query = "SELECT version FROM claims JOIN readings USING (reading) WHERE claim_id = ?"
        for claim, review in decided.items():
            if on := published(review):
                dated |= {row["version"]: on for row in self.connection.execute(query, (claim,))}
        return Rulings(decided, dated)

    def every_told(
        self, where: str = "1", values: Sequence[object] = (), *, as_read: bool = False, stood: Mapping[str, Standing] | None = None
    ) -> list[Told]:
        """As `told`, with what several files say in the same words once for each. `stood`: what `standings` gives, where it is at hand."""
        bring_up_to_date(self.connection)
        stood = self.standings() if stood is None else stood
        names = NOBODY if as_read else names_of(self.connection)
        rows = self.connection.execute(
            f"SELECT {_CURRENT} FROM current_claims AS claims LEFT JOIN sketched USING (reading) WHERE {where} "
            "ORDER BY published IS NULL, published, report_id, version, start, trigger_start, claim_id",
            tuple(values),
        )
        tellers = Tellers(self.connection)
        return [told_of(row, stood, tellers, names) for row in rows.fetchall()]

    def reports(self, where: str = "1", values: Sequence[object] = ()) -> list[Report]:
        """Reports with the sections of their current reading, in the order of publication."""
        return [report for _, report in self.versions(where, values)]

    def versions(self, where: str = "1", values: Sequence[object] = ()) -> list[tuple[str, Report]]:
        """The same, each with the name of its version."""
        rows = self.connection.execute(
            "SELECT reports.*, title, author, language, sections FROM reports JOIN readings USING (version) "
            f"WHERE readings.current = 1 AND {where} ORDER BY published IS NULL, published, report_id, version",
            tuple(values),
        ).fetchall()
        more = with_particulars if has(self.connection, "particulars") else lambda connection, version, report: report
        return [(row["version"], more(self.connection, row["version"], _report(row))) for row in rows]

    def every_version(self, *, imported: bool = True) -> Iterator[tuple[str, Report]]:
        """All versions, whether they have a current reading or not, or without those that were imported; what a reading brought, such as
        sections, left out."""
        others = " WHERE version NOT IN (SELECT version FROM imported WHERE version IS NOT NULL)"
        where = others if not imported and imports.has_imports(self.connection) else ""
        for row in self.connection.execute(f"SELECT * FROM reports{where} ORDER BY version").fetchall():
            names = ("url", "outlet", "sha256", "text")
            yield row["version"], Report(id=row["report_id"], published=day(row["published"]), **{name: row[name] for name in names})

    def standings(self) -> Mapping[str, Standing]:
        """From which day to which each version stood that shares its address and outlet with another."""
        return standings(self.connection)

    def failures(self) -> list[Failure]:
        """What could not be read, by id."""
        rows = self.connection.execute("SELECT * FROM failures ORDER BY id, code, message, source")
        return [Failure(row["id"], row["code"], row["message"], row["source"] or None) for row in rows]

    def rules(self, version: str | None = None) -> dict[str, int]:
        """SHA-256 of the rules that the current readings were made with, each with their number; of one version of a report, or of all."""
        query = "SELECT rules, count(*) FROM readings WHERE current = 1 AND rules <> '' AND version = ifnull(?, version) GROUP BY rules"
        return {str(rules): int(number) for rules, number in sorted(map(tuple, self.connection.execute(query, (version,))))}

    @property
    def name(self) -> str:
        """The name of its file."""
        return Path(self.connection.execute("PRAGMA database_list").fetchone()["file"]).name

    def undated(self) -> int:
        """How many reports have no day of publication: they are never known by a day."""
        return int(self.connection.execute("SELECT count(*) FROM reports WHERE published IS NULL").fetchone()[0])

    def published_after(self, on: date) -> list[Report]:
        """Reports that say they appeared after a day, the last first."""
        return [report for _, report in self.versions("published > ?", (on.isoformat(),))][::-1]

    def dump(self) -> Iterator[str]:
        """Canonical JSON lines, sorted: the same reports give the same bytes, whatever the order, batch or number of arrivals."""
        stood = self.standings()
        for version, report in self.versions():
            yield from self._dump_report(version, report, stood)
        for failure in self.failures():
            yield canonical({"failure": failure_json(failure)})
        for row in self.connection.execute("SELECT * FROM reviews ORDER BY review_id"):
            yield canonical({"review": dict(row)})
        for redaction in redactions(self.connection):
            yield canonical({"redaction": asdict(redaction)})
        yield from map(canonical, dumped(self.connection))
        yield from map(canonical, imports.dumped(self.connection))

    def _dump_report(self, version: str, report: Report, stood: Mapping[str, Standing]) -> Iterator[str]:
        fields = {name: getattr(report, name) for name in ("id", "title", "url", "outlet", "author", "language", "sha256", "text")}
        yield canonical(
            {
                "report": {
                    **fields,
                    "published": iso(report.published),
                    "sections": sections_json(report),
                    "version": version,
                    **particulars_json(report),
                }
            }
        )
        query = "SELECT detail FROM mentions JOIN readings USING (reading) WHERE version = ? AND current = 1 ORDER BY start, detail"
        for row in self.connection.execute(query, (version,)):
            yield canonical({"mention": json.loads(row["detail"]), "version": version})
        for told in once(self.every_told("version = ?", (version,), as_read=True, stood=stood)):
            yield canonical({"claim": claim_json(told.claim), "version": version})


def once(told: Iterable[Told]) -> list[Told]:
    """Two files with the same text, say a page and its print view, say it once; what another coder found too stays as it was read here."""
    kept: dict[object, Told] = {}
    for item in told:
        held = kept.setdefault((item.claim.claim_id, item.known, item.sentence), item)
        if held.claim.rule.startswith(imports.BY_CODER):
            kept[item.claim.claim_id, item.known, item.sentence] = item
    return list(kept.values())


_INSERT_CLAIM = f"INSERT INTO claims (reading, {', '.join(CLAIM)}, sentence) VALUES ({', '.join('?' * (len(CLAIM) + 2))})"


def kept_reading(record: Record, reading: str) -> tuple[Reading, list[Span]]:
    """What a record keeps of a reading, whether it is current or not, as it was added; without the bytes of the original."""
    run = record.connection.execute
    row = run(
        "SELECT reports.*, title, author, language, sections, rules FROM readings JOIN reports USING (version) WHERE reading = ?",
        (reading,),
    ).fetchone()
    report = with_particulars(record.connection, row["version"], _report(row)) if has(record.connection, "particulars") else _report(row)
    spans = [(one["start"], one["end"]) for one in run('SELECT start, "end" FROM sentences WHERE reading = ?', (reading,))]
    details = [one["detail"] for one in run("SELECT detail FROM mentions WHERE reading = ? ORDER BY rowid", (reading,))]
    mentions = tuple(mention_from_json(json.loads(detail)) for detail in details)
    claims = tuple(_claim_of(one) for one in run(_CLAIMS_OF, (reading,)))
    return Reading(report, mentions=mentions, claims=claims, rules=row["rules"]), sorted(spans)


def kept_key(record: Record, reading: str) -> str:
    """The name that a reading would have if what is kept of it were added now: made from the very rows, so that a field which words have
    since been given does not count as an alteration."""
    found, sentences = kept_reading(record, reading)
    run = record.connection.execute
    details = [json.loads(row["detail"]) for row in run("SELECT detail FROM mentions WHERE reading = ? ORDER BY rowid", (reading,))]
    claims = []
    for row, claim in zip(run(_CLAIMS_OF, (reading,)), found.claims, strict=True):
        parts = {name: json.loads(row[name]) if row[name] is not None else None for name in _PARTS}
        claims.append(claim_json(claim) | parts)
    return key_of(version_of(found.report), found.report, all_sentences(found, sentences), details, claims)


_PARTS = ("actor", "recipient", "place", "quantity", "attribution")
_CLAIMS_OF = """
SELECT claims.*, report_id, sentences.start, sentences."end" FROM claims JOIN sentences USING (sentence)
JOIN readings ON readings.reading = claims.reading JOIN reports USING (version) WHERE claims.reading = ? ORDER BY claim_id
"""


def _claim_of(row: sqlite3.Row) -> Claim:
    parts: dict[str, Any] = dict(row)
    texts = [parts[name] or "null" for name in _PARTS]
    parts.update(zip(_PARTS, json.loads(f"[{','.join(texts)}]"), strict=True))  # at once: each call costs more than what it reads
    parts["trigger"] = (parts["trigger_start"], parts["trigger_end"])
    return claim_from_json(parts)


def connect(address: str, path: Path) -> sqlite3.Connection:
    """A connection to a record; RecordError where the file is no database."""
    try:
        # isolation_level None: transactions are begun by hand, so that one report is exactly one of them.
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.DatabaseError as error:
        raise RecordError(f"{path} cannot be opened as a record: {error}") from error
    return connection


@contextmanager
def locked_or_full(name: str) -> Iterator[None]:
    """Tells what to do where SQLite can only say that it cannot write."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise RecordError(f"{name} cannot be written to: {error}; is another build at work on it, or the disk full?") from error


def keep_log(connection: sqlite3.Connection, schema: str = "main") -> None:
    """Keep a write-ahead log beside the file. Of two programs that begin a file at one moment SQLite turns one away without waiting."""
    for wait in (*repeat(0.05, 200), None):
        try:
            connection.execute(f"PRAGMA {schema}.journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if wait is None or "locked" not in str(error):
                raise
            time.sleep(wait)


def _is_blank(connection: sqlite3.Connection) -> bool:
    """A file that a build killed at its very start left behind."""
    return not connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]


def _install(connection: sqlite3.Connection) -> None:
    """All tables or none; two builds may begin one record at the same moment."""
    schema = files("khabar").joinpath("schema.sql").read_text("utf-8")
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{schema}\nPRAGMA user_version = {FORM};\nCOMMIT;")
    except sqlite3.OperationalError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if _is_blank(connection):
            raise


def _check_form(connection: sqlite3.Connection, path: Path) -> None:
    form = connection.execute("PRAGMA user_version").fetchone()[0]
    if form > FORM:
        raise RecordError(f"{path} has form {form}, made by a newer program; this one reads form {FORM}: install a newer khabar")
    if 0 < form < FORM:
        raise RecordError(
            f"{path} has form {form}, this program reads form {FORM}; bring it forward, with a copy kept as it is: khabar migrate {path}"
        )
    if form != FORM:
        raise RecordError(
            f"{path} has form {form}, this program reads form {FORM}; build it again with this program, or use the one that made it"
        )


def quoted(path: Path) -> str:
    """The path as it stands in an address that SQLite opens."""
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


NOBODY = Names(())  # the names of a record in which nothing was decided


TOLD = (
    f'{", ".join(f"claims.{name}" for name in CLAIM)}, reports.report_id, sentences.start, sentences."end", sentences.text, '
    f"reports.version, reports.published, reports.outlet, reports.url, {TOLD_FIRST}"
)
"""The columns that `told_of` reads."""
_REST = ("report_id", "start", '"end"', "sentence_text", "version", "published", "outlet", "url")
_CURRENT = f"{', '.join(f'claims.{name}' for name in (*CLAIM, *_REST))}, {TOLD_FIRST}"  # the same, of the view


def told_of(row: Sequence[Any], stood: Mapping[str, Standing], tellers: Tellers, names: Names = NOBODY) -> Told:
    """The claim of a row that begins with the columns TOLD, under the names that were decided on."""
    version, published, outlet, url, is_sketched, credit, origin = row[20:27]
    claim = names.applied(_told_claim(row)) if names else _told_claim(row)
    standing = stood.get(version) or Standing(day(published), None)
    first = tellers.of(origin, outlet, credit) if is_sketched else ()
    return Told(claim, row[19], version, outlet, standing.known, url, standing.outdated, tellers=first)


def _told_claim(row: Sequence[Any]) -> Claim:
    (
        id, section, kind, modality, first, last, dated, rule, confidence, actor, recipient, place, quantity, attribution, begins, ends,
        report, start, end,
    ) = row[:19]  # fmt: skip
    try:  # all parts at once: each call costs more than what it reads
        who, whom, where, number = json.loads(f"[{actor or 'null'},{recipient or 'null'},{place or 'null'},{quantity or 'null'}]")
        return Claim(
            id, report, start, end, section, kind, (begins, ends),
            Participant(**who) if who else None, Participant(**whom) if whom else None, Place(**where) if where else None,
            day(first), day(last), dated, Quantity(**number) if number else None, modality, _links(attribution), rule, confidence,
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise InputError(f"claim {id}: {type(error).__name__} {error}; see the contract, section 2", code="json") from error


@lru_cache(maxsize=10_000)
def _links(attribution: str) -> tuple[Speaker, ...]:
    return tuple(Speaker(**speaker) for speaker in json.loads(attribution))


def _review(row: sqlite3.Row) -> Review:
    note = json.loads(row["note"] or "{}")
    facts = {name: row[name] for name in ("review_id", "claim_id", "verdict", "signed_by", "signed_at", "withdraws")}
    return Review(**facts, reason=note.get("reason", ""), fields=tuple(sorted(note.get("fields", {}).items())))


def _report(row: sqlite3.Row) -> Report:
    sections = tuple(Section(*section) for section in json.loads(row["sections"]))
    names = ("title", "url", "outlet", "author", "language", "sha256", "text")
    return Report(id=row["report_id"], published=day(row["published"]), sections=sections, **{name: row[name] for name in names})
