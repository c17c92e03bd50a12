"""An address or an id → the versions of the report there, and what each changed: sentences, and the claims gained and lost with them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from khabar.contract import Json, canonical, claim_json
from khabar.errors import QuestionError
from khabar.model import Report
from khabar.record import Record, Told
from khabar.versions import Standing

# What two claims share that say the same: not where in the text they stand, which every change of a text moves.
_SAME = ("kind", "modality", "date_start", "date_end")


def versions(record: Record, id: str) -> Json:
    """`versions` by outlet and the day from which they are known, and `differences` between each and the next of its outlet; QuestionError
    where there is none.

    `id`: an address, or the id or version of a report, which stands for all that was published under its address by its outlet.
    """
    found = dict(record.versions("? IN (reports.version, report_id, url)", (id,)))
    if not found:
        raise QuestionError(f"this record has no report {id!r}; addresses and ids stand in the answers of claims and explain (--json)")
    for url, outlet in {(report.url, report.outlet) for report in found.values() if report.url}:
        found |= dict(record.versions("url = ? AND outlet IS ?", (url, outlet)))
    stood = record.standings()
    rows = [_version(version, stood.get(version) or Standing(report.published, None), report) for version, report in found.items()]
    rows.sort(key=lambda row: (row["outlet"] or "", row["known"] is None, row["known"] or "", row["version"]))
    # Two files with one text, say a page and its print view, are one version.
    texts = list({(row["outlet"], found[row["version"]].text): row for row in reversed(rows)}.values())[::-1]
    return {
        "versions": texts,
        "differences": [
            _difference(record, before["version"], after["version"])
            for before, after in pairwise(texts)
            if before["outlet"] == after["outlet"]
        ],
    }


def _version(version: str, standing: Standing, report: Report) -> Json:
    fields = {name: getattr(report, name) for name in ("id", "title", "url", "outlet", "sha256")}
    days = {"published": report.published, "known": standing.known, "outdated": standing.outdated}
    return {"version": version, **fields, **{name: day.isoformat() if day else None for name, day in days.items()}}


def _difference(record: Record, before: str, after: str) -> Json:
    old, new = (record.told("version = ?", (version,)) for version in (before, after))
    kept_before, kept_after = ({_said(item) for item in told} for told in (old, new))
    return {
        "from": before,
        "to": after,
        "sentences": unified(*(_sentences(record, version) for version in (before, after))),
        "claims_lost": [_claim(item) for item in old if _said(item) not in kept_after],
        "claims_gained": [_claim(item) for item in new if _said(item) not in kept_before],
    }


def _sentences(record: Record, version: str) -> list[str]:
    query = "SELECT sentences.text FROM sentences JOIN readings USING (reading) WHERE version = ? AND current = 1 ORDER BY start"
    return [" ".join(row["text"].split()) for row in record.connection.execute(query, (version,))]


def unified(before: Sequence[str], after: Sequence[str]) -> list[Json]:
    """Every sentence of both in order: `sign` "-" for one that went, "+" for one that came, " " for one that stayed.

    >>> [(row["sign"], row["text"]) for row in unified(["A fell.", "Two died."], ["A fell.", "Three died."])]
    [(' ', 'A fell.'), ('-', 'Two died.'), ('+', 'Three died.')]
    """
    rows: list[Json] = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = ([], after[k:m]) if kind == "equal" else (before[i:j], after[k:m])
        rows += [{"sign": "-", "text": text} for text in gone]
        rows += [{"sign": " " if kind == "equal" else "+", "text": text} for text in come]
    return rows


def _said(item: Told) -> str:
    row = claim_json(item.claim)
    parts = [part and (part["id"] or part["text"]) for part in (row["actor"], row["recipient"], row["place"])]
    quantity = row["quantity"] and list(row["quantity"].values())
    return canonical([*(row[name] for name in _SAME), *parts, quantity, [link["text"] for link in row["attribution"]]])


def _claim(item: Told) -> Json:
    return claim_json(item.claim) | {"sentence": item.sentence}
