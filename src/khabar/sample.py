"""The installed package or a checkout of it → the sample reports that `khabar demo` reads, and how they were coded by hand.

Why two places: in a wheel the folder lies inside the package (pyproject, `force-include`), in an editable install beside `src`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khabar.errors import KhabarError
from khabar.model import Claim, Report, Span

NAME = "idlib-2015"
NOT_COMPARED = {"none", "statement"}  # the coder's notes on sentences that are no claim of the contract, or hardly one

Coded = dict[str, Any]


def folder() -> Path:
    """The sample: `reports/` to read, `gold.jsonl` with its hand coding, `README.md` on what is real in it and what is not."""
    package = Path(__file__).resolve().parent
    candidates = (package / "examples" / NAME, package.parent.parent / "examples" / NAME)
    for candidate in candidates:
        if (candidate / "reports").is_dir():
            return candidate
    raise KhabarError(f"the sample reports are missing: neither {candidates[0]} nor {candidates[1]} is there; install khabar again")


def reports() -> Path:
    """The folder to hand to `build`: the reports alone, without their README and coding."""
    return folder() / "reports"


def coding(read: Iterable[Report]) -> dict[str, list[Coded]]:
    """The hand-coded claims of each report, by its id, with spans that are offsets into its text as it was read."""
    lines = (folder() / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {key: row for row in map(json.loads, lines) for key in (row["id"], row["url"]) if key}
    known = [(report, rows.get(report.id) or rows.get(report.url)) for report in read]
    return {report.id: [_placed(claim, report) for claim in row["claims"]] for report, row in known if row}


def _placed(claim: Coded, report: Report) -> Coded:
    """A page's text depends on what is taken out of its HTML, so there the coding goes by the quoted sentence."""
    quote = claim.get("quote")
    if quote is None:
        return claim
    start = report.text.find(quote)
    return {**claim, "span": [start, start + len(quote)] if start >= 0 else [0, 0]}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hits and misses beside each other: what both have, what only the coder has, what only the program has."""

    found: tuple[tuple[Coded, Claim], ...]
    missed: tuple[Coded, ...]
    extra: tuple[Claim, ...]


def compare(coded: Sequence[Coded], claims: Sequence[Claim]) -> Comparison:
    """One-to-one pairs of one kind in overlapping sentences, those first whose places and actors share the most words.

    Rougher than the scorer of the development sets: for the demo and for a first look, not for figures to publish.
    """
    wanted = [claim for claim in coded if claim["contract_kind"] not in NOT_COMPARED]
    alike = [(_likeness(mine, claim), i, j) for i, mine in enumerate(wanted) for j, claim in enumerate(claims) if _same(mine, claim)]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(alike, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return Comparison(
        found=tuple((wanted[i], claims[j]) for i, j in sorted(pairs.items())),
        missed=tuple(claim for i, claim in enumerate(wanted) if i not in pairs),
        extra=tuple(claim for j, claim in enumerate(claims) if j not in pairs.values()),
    )


def _same(mine: Coded, claim: Claim) -> bool:
    return mine["contract_kind"] == claim.kind and _overlap(tuple(mine["span"]), (claim.start, claim.end))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _likeness(mine: Coded, claim: Claim) -> float:
    return 2 * _shared(mine["place"], claim.place.text if claim.place else None) + _shared(
        mine["actor"], claim.actor.text if claim.actor else None
    )


def _shared(one: str | None, other: str | None) -> float:
    left, right = (set(re.findall(r"\w+", (words or "").casefold())) for words in (one, other))
    return len(left & right) / len(left | right) if left | right else 1.0
