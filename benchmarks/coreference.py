"""Who "they", "it" and "the group" stand for, measured on its own.

    python benchmarks/coreference.py [--data FOLDER] [--scorers FOLDER]

Two figures. On the free genres of GUM (development and test part; nothing of ours was learnt from its coreference) each word that the
reading says points back is right where the words that it stands for are of the same gold cluster; and of GUM's third-person pronouns for a
person, body or place that was named before, how many are resolved right. On `claims_train`, of the matched claims whose gold actor (or
place) is not in the words of their sentence, how many have the right one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
POINTING = {"he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs", "it", "its"}
TOLD_OF = {"person", "organization", "place"}


class Mention(NamedTuple):
    start: int
    end: int
    cluster: str
    sort: str
    named: bool


class Document(NamedTuple):
    id: str
    text: str
    mentions: list[Mention]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE.parent.parent / "shared" / "data")
    parser.add_argument("--scorers", type=Path, default=HERE.parent.parent / "shared" / "eval")
    args = parser.parse_args()
    for name, right in {**on_gum(args.data / "training" / "gum"), **on_claims(args.data / "claims_train", args.scorers)}.items():
        print(f"{name:68} {sum(right) / len(right):.3f}  n = {len(right)}" if right else f"{name:68} -")
    return 0


def on_gum(folder: Path) -> dict[str, list[bool]]:
    """Precision of what we say points back, recall of the pronouns that have a name before them."""
    said: list[bool] = []
    found: list[bool] = []
    for file in sorted([*folder.glob("dev/*.conllu"), *folder.glob("test/*.conllu")]):
        document = _document(file)
        ours = _references(document.text)
        said += [right for start, antecedent in ours if (right := _agrees(document, start, antecedent)) is not None]
        told = {start: _agrees(document, start, antecedent) for start, antecedent in ours}
        found += [told.get(start) is True for start in _pronouns(document)]
    return {"gum: words that point back, resolved right": said, "gum: pronouns with a name before them, resolved right": found}


def _references(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    from khabar.model import ActorMention, PlaceMention, Report
    from khabar.reading import load_knowledge, read
    from khabar.sections import split

    reading = read(Report("gum", text, sections=split(text)), load_knowledge())
    pointing = [m for m in reading.mentions if isinstance(m, ActorMention | PlaceMention) and m.form == "reference" and m.antecedent]
    return [((m.start, m.end), m.antecedent) for m in pointing if m.antecedent]


def _agrees(document: Document, words: tuple[int, int], antecedent: tuple[int, int]) -> bool | None:
    """Are both of one gold cluster? None where GUM has no mention at the words that point back."""
    here = [m for m in document.mentions if m.start <= words[0] and words[1] <= m.end]
    there = [m for m in document.mentions if m.start < antecedent[1] and antecedent[0] < m.end]
    narrow = min(here, key=lambda m: m.end - m.start, default=None)
    meant = max(there, key=lambda m: _shared(m, antecedent), default=None)
    return None if narrow is None else meant is not None and narrow.cluster == meant.cluster


def _shared(mention: Mention, span: tuple[int, int]) -> float:
    """The part of two spans that is common to both, of all that they cover."""
    return (min(mention.end, span[1]) - max(mention.start, span[0])) / (max(mention.end, span[1]) - min(mention.start, span[0]))


def _pronouns(document: Document) -> Iterator[tuple[int, int]]:
    for m in document.mentions:
        before = [o for o in document.mentions if o.cluster == m.cluster and o.end <= m.start and o.named]
        if document.text[m.start : m.end].lower() in POINTING and m.sort in TOLD_OF and before:
            yield m.start, m.end


def _document(file: Path) -> Document:
    text, tokens = "", []
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newpar") and text and not text.endswith("\n\n"):
            text = text.rstrip(" ") + "\n\n"
        columns = line.split("\t")
        if len(columns) == 10 and columns[0].isdigit():
            notes = dict(note.split("=", 1) for note in columns[9].split("|") if "=" in note)
            tokens.append((len(text), len(text) + len(columns[1]), columns[3], notes.get("Entity", "")))
            text += columns[1] + ("" if notes.get("SpaceAfter") == "No" else " ")
    return Document(file.stem, text, list(_mentions(tokens)))


def _mentions(tokens: list[tuple[int, int, str, str]]) -> Iterator[Mention]:
    """The spans of the column "Entity": "(1-person-…" opens one, "1)" closes it, "(1-person-…)" is one of a single word."""
    opened: dict[str, list[tuple[int, str]]] = {}
    for i, (_, _, _, notes) in enumerate(tokens):
        for part in re.findall(r"\(\d+-[^()]*\)?|\d+\)", notes):
            cluster, _, rest = part.strip("()").partition("-")
            if part.startswith("("):
                opened.setdefault(cluster, []).append((i, rest.partition("-")[0]))
            if part.endswith(")") and opened.get(cluster):
                first, sort = opened[cluster].pop()
                named = any(tag == "PROPN" for _, _, tag, _ in tokens[first : i + 1]) and i - first < 6
                yield Mention(tokens[first][0], tokens[i][1], cluster, sort, named)


def on_claims(folder: Path, scorers: Path) -> dict[str, list[bool]]:
    """Of the matched claims whose gold actor or place stands outside their sentence, which have it."""
    sys.path.insert(0, str(scorers))
    from tasks import claims as task  # type: ignore[import-not-found]

    from measure import read_map, same  # type: ignore[import-not-found]

    kind_of = {row["kind"]: row["gold_kind"] for row in read_map("claim_kinds.tsv")}
    right: dict[str, list[bool]] = {f"claims_train: {part} outside the sentence, found right": [] for part in ("actor", "place")}
    inputs = [json.loads(line) for line in (folder / "inputs.jsonl").read_text(encoding="utf-8").splitlines()]
    gold = {row["id"]: row for row in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines())}
    for row in inputs:
        coded = [c for c in gold[row["id"]]["claims"] if c["kind"] not in task.NOT_SCORED]
        ours = [task.from_contract(c, kind_of) for c in _claims(row)]
        for wanted, claim in task.match(task.merged([task.from_gold(c) for c in coded]), task.merged(ours)):
            start, end = wanted["spans"][0]
            for part in ("actor", "place"):
                if wanted[part] and wanted[part].lower() not in row["text"][start:end].lower():
                    right[f"claims_train: {part} outside the sentence, found right"].append(same(wanted[part], claim[part]))
    return right


def _claims(row: dict[str, Any]) -> list[dict[str, Any]]:
    from datetime import date

    from khabar.contract import reading_json
    from khabar.model import Report
    from khabar.reading import load_knowledge, read
    from khabar.sections import split

    published = date.fromisoformat(row["published"][:10]) if row.get("published") else None
    sections = split(row["text"], title=row.get("title"))
    report = Report(row["id"], row["text"], title=row.get("title"), outlet=row.get("outlet"), published=published, sections=sections)
    return [claim for claim in reading_json(read(report, load_knowledge()))["claims"] if claim["section"] != "comment"]


if __name__ == "__main__":
    raise SystemExit(main())
