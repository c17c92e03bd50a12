"""A file of ACLED, UCDP GED or another coder's claims, and a record → what was taken in, and what was refused and why.

Taken in whole or not at all: one transaction. The same file twice is there once; files in any order give the same record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import get_args

from khabar.coders import Source, checked, claim_rows
from khabar.contract import Json, canonical, claim_id
from khabar.dataset_files import SUFFIXES, keeps_bytes, rows_of, sha256_of_file
from khabar.dataset_readings import Work, coded
from khabar.datasets import NAMES, headed, known
from khabar.errors import InputError, RecordError
from khabar.feeds.encodings import whole_characters
from khabar.gazetteer import Gazetteer
from khabar.imports import BY_CODER, Import, Withdrawal, install, keep_import, keep_rows, keep_withdrawal, kept, settle, signed
from khabar.model import Claim, Failure, Modality, Participant, Reading, Report, SectionKind, Speaker
from khabar.record import Record
from khabar.registry import Registry
from khabar.rows import Rows, as_rows

CACHE = 256 * 1024  # kB: rows go to the tables in the order of their hashes, which is none


@dataclass
class Taken:
    """What one file brought. `rows`: read, `new`: not in the record before, `claims`: in all rows, `silent`: rows that make no claim,
    `undated`: rows without a day of publication, `refused`: (which, why), `known`: the import was there before."""

    id: str
    layout: str
    speaker: str
    rows: int = 0
    new: int = 0
    claims: int = 0
    silent: int = 0
    undated: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    known: bool = False


def take_in(
    record: Record,
    path: Path,
    registry: Registry,
    gazetteer: Gazetteer,
    *,
    layout: str | None = None,
    speaker: str | None = None,
    published: date | None = None,
) -> Taken:
    """Import one file. InputError where it is not what it is said to be; RecordError where this import was withdrawn."""
    is_table = path.suffix.lower() in SUFFIXES
    if layout == "claims" or (layout is None and not is_table):
        if speaker is None:
            raise InputError(f"{path}: who made these claims? name the coder with --speaker", code="speaker")
        return _take_claims(record, path, registry, speaker)
    return _take_dataset(record, path, registry, gazetteer, layout, speaker, published)


def withdraw(record: Record, id: str, *, by: str, reason: str) -> tuple[Withdrawal, int]:
    """Take back an import, or an earlier withdrawal; the decision, and how many readings changed by it."""
    with record.together():
        decision = signed(record.connection, id, by=by, reason=reason)
        keep_withdrawal(record.connection, decision)
        return decision, settle(record.connection)


def _begin(record: Record, one: Import) -> Taken:
    """Refuse what was withdrawn; keep the rest. Within the transaction."""
    if withdrawal := kept(record.connection).withdrawal(one.id):
        decision, why = withdrawal
        raise RecordError(f"{one.name} was withdrawn by {why.signed_by}: {why.reason}; to undo that, withdraw decision {decision}")
    return Taken(one.id, one.layout, one.speaker, known=not keep_import(record.connection, one))


# --- datasets


def _take_dataset(
    record: Record, path: Path, registry: Registry, gazetteer: Gazetteer, layout: str | None, speaker: str | None, published: date | None
) -> Taken:
    rows = rows_of(path)
    columns, found = headed(rows, path)
    if layout not in (None, found):
        raise InputError(f"{path} has the columns of {NAMES[found]}, not those of {NAMES.get(layout or '', layout)}", code="columns")
    one = Import(
        sha256_of_file(path), found, speaker or NAMES[found], published.isoformat() if published else None, keeps_bytes(path), path.name
    )
    install(record.connection)
    record.connection.execute(f"PRAGMA cache_size = -{CACHE}")
    work = Work(columns, found, one.speaker, published, registry, gazetteer)
    with record.together(), record.searched_at_once():
        taken = _begin(record, one)
        for row in coded(rows_of(path), work, size=path.stat().st_size):
            version, why = None, row.why
            try:
                version = _keep(record, row.rows, taken) if row.rows else None
            except (ValueError, OverflowError) as error:
                why = str(error) or repr(error)
            if why:
                _refuse(record, taken, f"row {row.number}", why, path)
            if version is None:
                record.connection.execute("INSERT OR IGNORE INTO originals VALUES (?, ?)", (row.digest, row.original))
            keep_rows(record.connection, one.id, [(row.number, row.digest, version)])
    return taken


def _keep(record: Record, rows: Rows, taken: Taken) -> str:
    taken.rows += 1
    taken.new += record.write(rows)
    taken.claims += len(rows.claims)
    taken.silent += not rows.claims
    taken.undated += rows.report.published is None
    return rows.version


def _refuse(record: Record, taken: Taken, which: str, why: str, path: Path) -> None:
    which, why = whole_characters(which), whole_characters(why)  # both may quote the row
    taken.refused.append((which, why))
    record.add_failure(Failure(f"{taken.id} {which}", "import", why, path.name))


# --- another coder's claims


def _take_claims(record: Record, path: Path, registry: Registry, coder: str) -> Taken:
    source, texts = Source.of(record), dict(record.versions())
    one = Import(sha256_of_file(path), "claims", coder, None, False, path.name)
    cited: dict[str, list[tuple[Claim, Json]]] = defaultdict(list)
    refused = []
    for number, row in enumerate(claim_rows(path), 1):
        try:
            version, claim = checked(row, source)
            _check_words(claim)
            cited[version].append((_resolved(claim, row, texts.get(version), registry, coder), row))
        except InputError as error:
            refused.append((str(row.get("claim_id") or f"claim {number}"), str(error)))
    install(record.connection)
    with record.together():
        taken = _begin(record, one)
        for which, why in refused:
            _refuse(record, taken, which, why, path)
        for number, version in enumerate(sorted(cited), 1):
            report = _as_coded(texts[version], coder, [row for _, row in cited[version]])
            reading = Reading(report, claims=tuple(claim for claim, _ in cited[version]))
            kept_as = _keep(record, as_rows(reading, ()), taken)
            keep_rows(record.connection, one.id, [(number, report.sha256, kept_as)])
    return taken


def _as_coded(report: Report, coder: str, rows: list[Json]) -> Report:
    """The same report as somebody else has coded it: its original are the claims as they came."""
    original = canonical({"coder": coder, "claims": rows}).encode("utf-8", "surrogatepass")
    return replace(report, sha256=sha256(original).hexdigest(), original=original)


def _check_words(claim: Claim) -> None:
    """Words of the contract that the record holds claims to."""
    for name, value, expected in (
        ("kind", claim.kind, known("codebooks")["kinds"]),
        ("modality", claim.modality, get_args(Modality)),
        ("section", claim.section, get_args(SectionKind)),
    ):
        if value not in expected:
            raise InputError(f"its {name} is {value!r}; expected one of {', '.join(sorted(expected))}", code="json")
    if claim.trigger[0] == claim.trigger[1]:
        raise InputError("its trigger is empty", code="quotation")


def _resolved(claim: Claim, row: Json, report: Report | None, registry: Registry, coder: str) -> Claim:
    """Under the id that its words give it, its actors as the registry has them; an id that nobody knows is none."""
    on = claim.date_end or (report.published if report else None)
    here = [s.kind for s in (report.sections if report else ()) if s.start <= claim.start < s.end and not row.get("section")]

    def actor(part: Participant | None) -> Participant | None:
        found = part and ((registry.actor(part.id) if part.id else None) or registry.resolve(part.text, on=on))
        return part and replace(part, id=found.id if found else None, name=found.name if found else None)

    def speaker(link: Speaker) -> Speaker:
        found = (registry.actor(link.id) if link.id else None) or registry.resolve(link.text, on=on)
        return Speaker(link.text, found.id if found else None)

    who, whom, where = (part.text if part else None for part in (claim.actor, claim.recipient, claim.place))
    chain = tuple(map(speaker, claim.attribution))
    id = claim_id(claim.report_id, claim.kind, (claim.start, claim.end), claim.trigger, who, whom, where, [link.text for link in chain])
    return replace(
        claim,
        claim_id=id,
        section=here[0] if here else claim.section,
        actor=actor(claim.actor),
        recipient=actor(claim.recipient),
        attribution=chain,
        rule=f"{BY_CODER}{coder}",
    )


# --- what is there


def imports_json(record: Record) -> Iterator[Json]:
    """The imports of a record, and what was decided on them."""
    held = kept(record.connection)
    for id, one in held.imports.items():
        rows = record.connection.execute("SELECT count(*), count(version) FROM imported WHERE import = ?", (id,)).fetchone()
        facts = {name: getattr(one, name) for name in ("name", "layout", "speaker", "published", "sha256")}
        decisions = [
            {"decision": key, "withdraws": decision.withdraws, "reason": decision.reason, "signed_by": decision.signed_by}
            | {"signed_at": decision.signed_at}
            for key, decision in held.decisions.items()
            if _leads_to(held.decisions, decision.withdraws) == id
        ]
        yield {"import": id, **facts, "rows": rows[1], "stands": held.stands(id), "decisions": decisions}


def _leads_to(decisions: Mapping[str, Withdrawal], id: str) -> str:
    """The import that a line of decisions is about."""
    while id in decisions:
        id = decisions[id].withdraws
    return id
