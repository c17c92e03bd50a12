"""Claims of another coder, and a record → those whose quotations stand in the reports, and how far they agree with the record's own.

A coder is anyone who writes the contract's JSON: a student, a language model, another record. Nothing is written.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from khabar.agreement import alpha, per_cent
from khabar.contract import Json, claim_from_json, claim_json
from khabar.errors import InputError
from khabar.model import Claim, Participant
from khabar.record import Record
from khabar.spellings import normal
from khabar.view import View


@dataclass(frozen=True)
class Coding:
    """`claims` as they are in the file; `reports`: ids of all that were coded, also where nothing was found; `refused`: (which, why)."""

    coder: str
    claims: tuple[Claim, ...]
    reports: frozenset[str]
    refused: tuple[tuple[str, str], ...] = ()


def read_coding(path: Path, source: Source, *, coder: str) -> Coding:
    """The claims of a file, JSON or a JSON object a line, or of another record.

    What cites a report that the record does not have, or words that do not stand there, is refused with the reason.
    """
    rows, reports = _from_record(path) if _is_record(path) else _from_json(path)
    claims, refused = [], []
    for number, row in enumerate(rows, 1):
        try:
            claims.append(checked(row, source)[1])
        except InputError as error:
            refused.append((str(row.get("claim_id") or f"claim {number}"), str(error)))
    coded = {report for report in reports if report in source.texts} | {claim.report_id for claim in claims}
    return Coding(coder, tuple(claims), frozenset(coded), tuple(refused))


@dataclass(frozen=True)
class Source:
    """What a claim can cite. `texts`: report id → its versions, by name; `speakers`: words for speakers that stand beside a text, not
    in it: the author of a comment, "unnamed reports"."""

    texts: Mapping[str, Mapping[str, str]]
    speakers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, record: Record) -> Source:
        texts: dict[str, dict[str, str]] = defaultdict(dict)
        for version, report in record.every_version(imported=False):
            texts[report.id][version] = report.text
        return cls(texts, frozenset(row["text"] for row in record.connection.execute("SELECT DISTINCT text FROM speakers")))


def claim_rows(path: Path) -> list[Json]:
    """The claims of a file as they stand in it, whether they can be kept or not."""
    return (_from_record(path) if _is_record(path) else _from_json(path))[0]


def _is_record(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"


def _from_record(path: Path) -> tuple[list[Json], list[str]]:
    with Record.open(path) as other:
        return [claim_json(item.claim) for item in other.told()], [report.id for report in other.reports()]


def _from_json(path: Path) -> tuple[list[Json], list[str]]:
    """A list of claims, a claim a line, or what `khabar read --json` prints."""
    claims: list[Json] = []
    reports: list[str] = []
    for number, row in enumerate(_objects(path), 1):
        if "claims" not in row:
            claims.append(row)
            continue
        of, told = row.get("report") or {}, row["claims"]
        if not isinstance(of, dict) or not isinstance(told, list):
            found = f"report {str(of)[:40]!r} and claims {str(told)[:40]!r}"
            raise InputError(f"{path}, row {number}: expected a report as a JSON object and a list of claims, found {found}", code="json")
        claims += [one for one in told if isinstance(one, dict)]
        reports.append(str(of.get("id")))
    return claims, reports


def _objects(path: Path) -> Iterator[Json]:
    try:
        text = path.read_text("utf-8-sig")
        whole = text.lstrip().startswith("[")
        rows = json.loads(text) if whole else [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is neither a CSV of ACLED or UCDP GED, nor claims in JSON, nor a record: {error}", code="json") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise InputError(f"{path}, row {number}: expected a claim as a JSON object, found {str(row)[:40]!r}", code="json")
        yield row


# --- does the quotation stand there?


def checked(row: Json, source: Source) -> tuple[str, Claim]:
    """The version that a claim cites, and the claim, its offsets found where only its sentence is given; InputError where its words do not
    stand in the report."""
    report = row.get("report_id")
    if not isinstance(report, str) or report not in source.texts:
        raise InputError(f"cites report {report!r}, which this record does not have", code="report")
    reasons = []
    for version, text in source.texts[str(report)].items():
        try:
            return version, _checked_in(text, row, source.speakers)
        except InputError as error:
            reasons.append(error)
    raise reasons[-1]


def _checked_in(text: str, row: Json, speakers: frozenset[str]) -> Claim:
    start, end = _sentence(text, row)
    known = {name: row.get(name) for name in claim_json(_EMPTY)}
    claim = claim_from_json(
        known
        | {"claim_id": str(row.get("claim_id") or ""), "start": start, "end": end, "section": row.get("section") or "body"}
        | {"trigger": row.get("trigger") or [start, end], "attribution": row.get("attribution") or []}
        | {"modality": row.get("modality") or "asserted", "rule": row.get("rule") or ""}
    )
    _check_fields(claim)
    if not all(isinstance(at, int) for at in claim.trigger) or not start <= claim.trigger[0] <= claim.trigger[1] <= end:
        raise InputError(f"its trigger {list(claim.trigger)} is not within its sentence {[start, end]}", code="quotation")
    for name in ("actor", "recipient", "place"):
        if part := getattr(claim, name):
            _stands(text, name, part.text, part.start, part.end)
    for speaker in claim.attribution:
        if speaker.text not in speakers:
            _stands(text, "speaker", speaker.text, None, None)
    return claim


def _check_fields(claim: Claim) -> None:
    """Words where the contract has words, numbers where it has numbers."""
    if not isinstance(claim.kind, str) or not claim.kind:
        raise InputError("has no kind", code="json")
    parts = [part for part in (claim.actor, claim.recipient, claim.place, claim.quantity, *claim.attribution) if part]
    fields = [(name, getattr(part, name)) for part in parts for name in part.__slots__] + [("date_text", claim.date_text)]
    for name, value in fields:
        expected = _NUMBERS.get(name, str)
        odd = not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool)
        if value is not None and (odd or not _can_be_kept(value)):
            raise InputError(f"its {name} is {str(value)[:40]!r}", code="json")


def _can_be_kept(value: object) -> bool:
    """Not half a letter, not an infinite number."""
    return not re.search("[\ud800-\udfff]", value) if isinstance(value, str) else not isinstance(value, float) or math.isfinite(value)


_NUMBERS: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("start", "end", "low", "high"), int),
    **dict.fromkeys(("latitude", "longitude"), (int, float)),
    **dict.fromkeys(("near", "approximate"), bool),
}


def _sentence(text: str, row: Json) -> tuple[int, int]:
    start, end, quoted = row.get("start"), row.get("end"), row.get("sentence")
    if isinstance(start, int) and isinstance(end, int):
        if not 0 <= start < end <= len(text):
            raise InputError(f"cites {start} to {end} of a report of {len(text)} letters", code="quotation")
        if isinstance(quoted, str) and text[start:end] != quoted:
            raise InputError(f"quotes {quoted[:60]!r}, but at {start} the report has {text[start:end][:60]!r}", code="quotation")
        return start, end
    if not isinstance(quoted, str) or not quoted.strip():
        raise InputError("has neither start and end nor the sentence that it cites", code="quotation")
    if text.count(quoted) != 1:
        where = "does not stand in the report" if quoted not in text else "stands there more than once: give start and end"
        raise InputError(f"quotes {quoted[:60]!r}, which {where}", code="quotation")
    return text.index(quoted), text.index(quoted) + len(quoted)


def _stands(text: str, name: str, words: object, start: int | None, end: int | None) -> None:
    """Words from context have no offsets, but they are words of the report."""
    if not isinstance(words, str) or not words:
        raise InputError(f"its {name} has no text", code="json")
    if start is not None and end is not None and text[start:end] != words:
        raise InputError(f"its {name} is {words!r}, but at {start} the report has {text[start:end][:40]!r}", code="quotation")
    if " ".join(words.split()) not in " ".join(text.split()):
        raise InputError(f"its {name} {words!r} does not stand in the report", code="quotation")


_EMPTY = Claim("", "", 0, 0, "body", "", (0, 0))


# --- agreement


def compare_coding(view: View, own: Sequence[Claim], coding: Coding) -> Json:
    """Field by field, over the claims that both made of one sentence."""
    ours = [claim for claim in own if claim.report_id in coding.reports]
    pairs = list(paired([(c, values(view, c)) for c in ours], [(c, values(view, c)) for c in coding.claims]))
    paired_ours, paired_theirs = {id(one) for one, _, _ in pairs}, {id(other) for _, other, _ in pairs}
    return {
        "coder": coding.coder,
        "counts": {
            "reports": len(coding.reports),
            "record": len(ours),
            "coder": len(coding.claims),
            "paired": len(pairs),
            "record_only": len(ours) - len(pairs),
            "coder_only": len(coding.claims) - len(pairs),
        },
        "fields": {
            name: {"per_cent": per_cent(found), "alpha": alpha(found)}
            for name in FIELDS
            for found in [[(mine[name], theirs[name]) for _, _, (mine, theirs) in pairs]]
        },
        "record_only": [claim.claim_id for claim in ours if id(claim) not in paired_ours],
        "coder_only": [claim_json(claim) for claim in coding.claims if id(claim) not in paired_theirs],
        "differences": [
            {"record": one.claim_id, "coder": other.claim_id, "fields": {n: [mine[n], theirs[n]] for n in FIELDS if mine[n] != theirs[n]}}
            for one, other, (mine, theirs) in pairs
            if mine != theirs
        ],
        "refused": [{"claim": which, "reason": reason} for which, reason in coding.refused],
    }


FIELDS = ("kind", "actor", "recipient", "place", "dates", "modality", "speaker")
Coded = Mapping[str, str | None]


def values(view: View, claim: Claim) -> Coded:
    """What is compared: actors and places by what they are resolved to, else by their spelling; of the chain, the innermost speaker."""
    dates = f"{claim.date_start or ''}..{claim.date_end or ''}"
    speaker = claim.attribution[-1] if claim.attribution else None
    return {
        "kind": claim.kind,
        "actor": _party(view, claim.actor, claim),
        "recipient": _party(view, claim.recipient, claim),
        "place": view.ties.names.area(claim.place).key if claim.place else None,
        "dates": dates if dates != ".." else None,
        "modality": claim.modality,
        "speaker": (speaker.id or normal(speaker.text)) if speaker else None,
    }


def _party(view: View, part: Participant | None, claim: Claim) -> str | None:
    if part and not part.id and (known := view.registry.resolve(part.text, on=claim.date_end)):
        return known.id
    party = view.ties.names.party(part)
    return party.key if party else None


Valued = tuple[Claim, Coded]


def paired(ours: Iterable[Valued], theirs: Iterable[Valued]) -> Iterator[tuple[Claim, Claim, tuple[Coded, Coded]]]:
    """Claims of one sentence, those first that share their trigger, then those that share most; each in one pair."""
    by_report: dict[str, list[Valued]] = defaultdict(list)
    for valued in ours:
        by_report[valued[0].report_id].append(valued)
    found = [
        (_apart(one, other), at, number, one, other)
        for number, other in enumerate(theirs)
        for at, one in enumerate(by_report[other[0].report_id])
        if _meet((one[0].start, one[0].end), (other[0].start, other[0].end))
    ]
    taken: tuple[set[int], set[int]] = set(), set()
    for _, _, _, one, other in sorted(found, key=lambda row: row[:3]):
        if id(one[0]) not in taken[0] and id(other[0]) not in taken[1]:
            taken[0].add(id(one[0]))
            taken[1].add(id(other[0]))
            yield one[0], other[0], (one[1], other[1])


def _apart(one: Valued, other: Valued) -> tuple[bool, int]:
    return not _meet(one[0].trigger, other[0].trigger), sum(one[1][name] != other[1][name] for name in FIELDS)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
