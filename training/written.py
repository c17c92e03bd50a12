"""reports written for this project, with their claims beside the sentences (reports/*.txt) → rows as an annotated set has them.

    python training/written.py --out FOLDER [--part measured|learnt]

writes inputs.jsonl and gold.jsonl. Every fifth report of a file is kept for measuring; the model learns from the others. The format is that
of reports/README.md; a line that does not follow it is an error that names the line, what was found and what was expected.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "reports"
EVERY = 5  # of so many reports one is measured
KINDS = frozenset(
    (
        *("capture", "control_state", "withdrawal", "advance", "repelled_attack", "transfer", "siege", "redeployment", "base_established"),
        *("clash", "attack", "shelling", "airstrike", "bombing", "suicide_bombing", "chemical_attack", "killing", "casualties"),
        *("equipment_destroyed", "equipment_captured", "looting_destruction", "abduction", "arrest", "release", "displacement"),
        *("allied_with", "branch_of", "membership", "split", "coalition_formed", "commands", "strength", "agreement", "protest"),
        *("statement", "denial"),
    )
)
MODALITIES = frozenset(["asserted", "denied", "possible", "planned", "predicted", "background"])
ROLES = ("actor", "recipient", "place")
FIELDS = frozenset((*ROLES, "number", "unit", "on", "mod", "by"))
# Contract kinds → the coarser ones that the annotated sets score; a kind that is not named here stands for itself.
COARSE = {
    "transfer": "capture",
    "suicide_bombing": "bombing",
    "chemical_attack": "attack",
    "killing": "casualties",
    "equipment_destroyed": "casualties",
    "agreement": "ceasefire_or_agreement",
    **dict.fromkeys(("abduction", "arrest", "release", "looting_destruction", "base_established", "strength"), "other"),
    **dict.fromkeys(("protest", "statement", "denial"), "other"),
}

Row = dict[str, Any]


class Wrong(ValueError):
    """A line that does not follow the format."""


@dataclass
class Sentence:
    text: str
    line: int
    claims: list[Row] = field(default_factory=list)


@dataclass
class Written:
    id: str
    published: str | None
    country: str
    style: str
    title: str | None = None
    paragraphs: list[list[Sentence]] = field(default_factory=lambda: [[]])

    @property
    def sentences(self) -> list[Sentence]:
        return [s for paragraph in self.paragraphs for s in paragraph]


def reports(folder: Path = FOLDER) -> list[Written]:
    return [report for path in sorted(folder.glob("*.txt")) for report in parsed(path.read_text(encoding="utf-8"), name=path.name)]


def part(which: str, folder: Path = FOLDER) -> list[Written]:
    """Those that are `measured`, or `learnt`."""
    measured = [r for r in reports(folder) if int(r.id.rsplit("-", 1)[1]) % EVERY == 0]
    return measured if which == "measured" else [r for r in reports(folder) if r not in measured]


def parsed(text: str, *, name: str = "text") -> Iterator[Written]:
    """The reports of one file.

    >>> [r] = parsed("## x-001 | 2024-05-15 | Mozambique | agency\\nRebels took Macomia.\\n> capture | took | actor=Rebels | place=Macomia")
    >>> r.sentences[0].claims[0]["place"], r.sentences[0].claims[0]["trigger_span"]
    ({'text': 'Macomia', 'span': [12, 19]}, [7, 11])
    """
    report: Written | None = None
    for number, line in enumerate(map(str.rstrip, text.split("\n")), 1):
        try:
            if line.startswith("## "):
                if report:
                    yield report
                report = head(line)
            elif report is None:
                if line:
                    raise Wrong("expected a head, ## ID | PUBLISHED | COUNTRY | STYLE")
            elif line.startswith("> "):
                if not report.sentences:
                    raise Wrong("a claim stands under its sentence, and here is none")
                report.sentences[-1].claims.append(claim(line[2:], report.sentences[-1].text))
            elif line.startswith("= "):
                report.title = line[2:]
                report.paragraphs[-1:] = [[Sentence(line[2:], number)], []]
            elif line:
                report.paragraphs[-1].append(Sentence(line, number))
            elif report.paragraphs[-1]:
                report.paragraphs.append([])
        except Wrong as error:
            raise Wrong(f"{name}, line {number}: {error}: {line[:120]}") from None
    if report:
        yield report


def head(line: str) -> Written:
    cells = [cell.strip() for cell in line[3:].split("|")]
    if len(cells) != 4 or not re.fullmatch(r"\d{4}-\d\d-\d\d|-", cells[1]):
        raise Wrong("expected ## ID | PUBLISHED (a day, or -) | COUNTRY | STYLE")
    return Written(cells[0], None if cells[1] == "-" else cells[1], cells[2], cells[3])


def claim(line: str, sentence: str) -> Row:
    kind, trigger, *rest = [cell.strip() for cell in line.split(" | ")]
    if kind not in KINDS:
        raise Wrong(f"no such kind, {kind!r}")
    found: Row = {"kind": kind, "trigger": bare(trigger), "trigger_span": span_of(trigger, sentence), "modality": "asserted", "by": []}
    for cell in rest:
        name, _, value = cell.partition("=")
        if name not in FIELDS:
            raise Wrong(f"no such field, {cell!r}")
        if name in ROLES:
            here, _, full = (v.strip() for v in value.partition("^"))
            found[name] = {"text": full or bare(here), "span": span_of(here, sentence) if here else None}
        elif name == "number":
            found["number"] = quantity(value)
        elif name == "by":
            found["by"] = [link.strip() for link in value.split(" < ")]
        elif name == "mod":
            if value not in MODALITIES:
                raise Wrong(f"no such modality, {value!r}")
            found["modality"] = value
        elif name == "on":
            found["on"] = days(value)
        else:
            found[name] = value
    return found


def bare(words: str) -> str:
    return re.sub(r"#\d$", "", words)


def span_of(words: str, sentence: str) -> list[int]:
    """Where the words stand; `x#2` is their second occurrence."""
    which = int(words[-1]) if re.search(r"#\d$", words) else 1
    found = list(re.finditer(rf"(?<!\w){re.escape(bare(words))}(?!\w)", sentence))
    if len(found) < which:
        raise Wrong(f"{words!r} does not stand in the sentence")
    return list(found[which - 1].span())


def quantity(value: str) -> Row:
    number, _, words = value.partition("/")
    match = re.fullmatch(r"(~?)(\d*)(\.\.)?(\d*)", number)
    if not match or not re.search(r"\d", number):
        raise Wrong(f"expected a number as 5, 3.., ..10, 20..30 or ~40, not {number!r}")
    low, high = (int(end) if end else None for end in (match[2], match[4]))
    return {"low": low, "high": high if match[3] else low, "words": words}


def days(value: str) -> tuple[str | None, str | None]:
    start, dots, end = value.partition("..")
    try:
        for day in filter(None, (start, end)):
            date.fromisoformat(day)
    except ValueError as error:
        raise Wrong(f"expected days as 2024-02-10, or 2024-02-08..2024-02-10, not {value!r} ({error})") from None
    return start or None, (end or None) if dots else start


def rows(report: Written) -> tuple[Row, Row]:
    """The report as an input, and its gold: spans are offsets into the text."""
    text, starts = joined(report)
    gold: Row = {"id": report.id, "anchor": report.published, "claims": [], "not_claims": [], "ignore": []}
    for sentence, start in zip(report.sentences, starts, strict=True):
        span = [start, start + len(sentence.text)]
        if sentence.text == report.title and not sentence.claims:
            gold["ignore"].append({"span": span, "why": "headline"})
        elif not sentence.claims:
            gold["not_claims"].append({"span": span})
        gold["claims"] += [gold_claim(c, start, span, n) for n, c in enumerate(sentence.claims, len(gold["claims"]) + 1)]
    published = report.published and f"{report.published}T00:00:00+00:00"
    return {"id": report.id, "text": text, "title": report.title, "published": published, "language": "en"}, gold


def joined(report: Written) -> tuple[str, list[int]]:
    """The text and where each sentence begins; a line that ends like no sentence keeps a line of its own."""
    text, starts = "", []
    for paragraph in filter(None, report.paragraphs):
        for at, sentence in enumerate(paragraph):
            if text:
                text += "\n\n" if at == 0 else " " if re.search(r"[.!?…:;][\"'”’)\]]*$", text) else "\n"
            starts.append(len(text))
            text += sentence.text
    return text, starts


def gold_claim(claim: Mapping[str, Any], start: int, span: list[int], n: int) -> Row:
    def moved(own: list[int] | None) -> list[int] | None:
        return own and [start + own[0], start + own[1]]

    number = claim.get("number")
    fields = {role: claim.get(role) or {"text": None, "span": None} for role in ROLES}
    first, last = claim.get("on", (None, None))
    return {
        "n": n,
        "kind": COARSE.get(claim["kind"], claim["kind"]),
        "contract_kind": claim["kind"],
        "trigger": claim["trigger"],
        "trigger_span": moved(claim["trigger_span"]),
        "span": span,
        "actor": fields["actor"]["text"],
        "target": fields["recipient"]["text"],
        "place": fields["place"]["text"],
        "fillers": {role: moved(fields[role]["span"]) for role in ROLES if role in claim},
        "number": number and {"low": number["low"], "high": number["high"], "unit": claim.get("unit")},
        "date_start": first,
        "date_end": last,
        "modality": claim["modality"],
        "attribution": claim["by"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", choices=("measured", "learnt"), default="measured")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    inputs, gold = zip(*map(rows, part(args.part)), strict=True)
    for name, found in (("inputs", inputs), ("gold", gold)):
        (args.out / f"{name}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    print(f"{len(inputs)} reports, {sum(len(g['claims']) for g in gold)} claims → {args.out}")


if __name__ == "__main__":
    main()
