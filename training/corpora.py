"""files of the data folder → `Sentence`s with whatever labels their source gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path

IGNORED = None  # a label nobody knows: the loss leaves it out
KINDS = {"person": "PERSON", "organization": "ORG", "place": "PLACE"}
CROSSNER = {
    "person": "PERSON",
    "politician": "PERSON",
    "organisation": "ORG",
    "politicalparty": "ORG",
    "country": "PLACE",
    "location": "PLACE",
}
WNUT = {"person": "PERSON", "location": "PLACE", "group": "ORG", "corporation": "ORG"}
GROUP_ENDINGS = (
    "ian",
    "ean",
    "can",
    "man",
    "ban",
    "ese",
    "ish",
    "qi",
    "mi",
    "ni",
    "li",
    "ti",
    "ri",
    "ite",
    "ench",
    "eek",
    "utch",
    "zech",
    "wiss",
    "Thai",
    "fghan",
)


NO_GROUP = {"Elite", "Definite", "Mini", "White", "Human", "Infinite", "Clean", "Favorite", "Sri"}


@dataclass(frozen=True)
class Role:
    """The words that fill a role of the claim at a trigger; none where it is known to be empty."""

    trigger: int
    name: str
    fillers: tuple[int, ...]


@dataclass(frozen=True)
class Sentence:
    """Words with labels; a list that is empty or an item that is None is unknown."""

    words: list[str]
    upos: list[str] = field(default_factory=list)
    xpos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    entities: list[str | None] = field(default_factory=list)
    nominals: list[str | None] = field(default_factory=list)
    facts: list[float] = field(default_factory=list)
    starts: list[bool] = field(default_factory=list)
    triggers: list[frozenset[str] | None] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    text: str = ""
    document: str = ""


def treebank(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file, multi-word tokens and empty nodes left out.

    >>> next(treebank(Path("nowhere.conllu")))
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'nowhere.conllu'
    """
    document = ""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        comments = dict(re.findall(r"^# (.+?) = (.*)$", block, re.M))
        document = comments.get("newdoc id", document)
        rows = [line.split("\t") for line in block.splitlines() if line and line[0] != "#"]
        rows = [row for row in rows if row[0].isdigit()]
        if rows:
            yield from_rows(rows, text=comments.get("text", ""), document=document)


def from_rows(rows: list[list[str]], *, text: str, document: str) -> Sentence:
    words, upos, xpos = ([row[i] for row in rows] for i in (1, 3, 4))
    heads, labels = [int(row[6]) for row in rows], [row[7] for row in rows]
    sentence = Sentence(words, upos, xpos, heads, labels, text=text, document=document)
    if not document.startswith("GUM"):
        return replace(sentence, entities=unnamed(sentence))
    mentions = list(gum_mentions([row[9] for row in rows]))
    return replace(sentence, nominals=nominals(mentions, heads), entities=named(mentions, sentence))


def in_name(tag: str) -> bool:
    """By the Penn tag: it takes the 'United' of 'United Nations' for a part of the name, the universal tag for an adjective."""
    return tag in ("NNP", "NNPS")


def unnamed(sentence: Sentence) -> list[str | None]:
    """Proper nouns unknown; adjectives with a capital and the ending of a people nationalities or groups (Iraqi, Alawite)."""
    pairs = zip(sentence.words, sentence.xpos, strict=True)
    return [None if in_name(tag) else "B-NORP" if tag == "JJ" and is_group(word) else "O" for word, tag in pairs]


def is_group(word: str) -> bool:
    return word[0].isupper() and word.endswith(GROUP_ENDINGS) and word not in NO_GROUP


def gum_mentions(misc: list[str]) -> Iterator[tuple[int, int, str]]:
    """(first word, last word, type) of the entities in GUM's last column; nested ones too."""
    open_: list[tuple[str, int, str]] = []
    for i, cell in enumerate(misc):
        value = dict(p.split("=", 1) for p in cell.split("|") if "=" in p).get("Entity", "")
        for piece in re.findall(r"\([^()]+\)|\([^()]+|[^()]+\)", value):
            name, _, rest = piece.strip("()").partition("-")
            if piece.startswith("("):
                open_.append((name, i, rest.split("-")[0]))
            if piece.endswith(")"):
                at = next((k for k in range(len(open_) - 1, -1, -1) if open_[k][0] == name), None)
                if at is not None:
                    _, start, kind = open_.pop(at)
                    yield start, i, kind


def head_of(start: int, end: int, heads: list[int]) -> int:
    """The word of the span whose head lies outside it; the first such."""
    return next((i for i in range(start, end + 1) if not start <= heads[i] - 1 <= end), start)


def nominals(mentions: list[tuple[int, int, str]], heads: list[int]) -> list[str | None]:
    found: list[str | None] = ["O"] * len(heads)
    for start, end, kind in sorted(mentions, key=lambda m: m[0] - m[1]):
        found[head_of(start, end, heads)] = kind
    return found


JOINERS = {"of", "and", "for", "the", "-", "al", "de", "in"}


def named(mentions: list[tuple[int, int, str]], sentence: Sentence) -> list[str | None]:
    """Names as BIO: the stretch of proper nouns round the head of a person, organisation or place."""
    words, names = sentence.words, [in_name(tag) for tag in sentence.xpos]
    found = unnamed(sentence)
    for start, end, kind in sorted(mentions, key=lambda m: m[0] - m[1]):
        head = head_of(start, end, sentence.heads)
        if not names[head]:
            continue
        low = high = head
        while low > start and (names[low - 1] or (words[low - 1].lower() in JOINERS and low - 1 > start and names[low - 2])):
            low -= 1
        while high < end and (names[high + 1] or (words[high + 1].lower() in JOINERS and high + 1 < end and names[high + 2])):
            high += 1
        name = KINDS.get(kind)
        found[low : high + 1] = [f"{'BI'[i > 0]}-{name}" if name else "O" for i in range(high - low + 1)]
    return found


def conll_names(path: Path, kinds: dict[str, str]) -> Iterator[Sentence]:
    """word TAB tag files (CrossNER, WNUT); tags that are not ours become O, CrossNER's 'misc' is unknown but for peoples."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split("\t") for line in block.splitlines() if "\t" in line]
        if rows:
            yield Sentence([row[0] for row in rows], entities=[our_tag(row[0], row[1].strip(), kinds) for row in rows])


def our_tag(word: str, tag: str, kinds: dict[str, str]) -> str | None:
    mark, _, kind = tag.partition("-")
    if kind == "misc":
        return "B-NORP" if is_group(word.rstrip("s")) else None
    return f"{mark}-{kinds[kind]}" if kind in kinds else "O"


def facts_by_text(folder: Path) -> dict[str, list[tuple[int, int, float]]]:
    """Sentence text → (start, end, -3..3) of its verbs, from the UDS files."""
    texts = {row["id"]: row["text"] for row in rows_of(folder / "inputs.jsonl")}
    return {texts[row["id"]]: [(p["start"], p["end"], p["value"]) for p in row["predicates"]] for row in rows_of(folder / "gold.jsonl")}


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def with_facts(sentence: Sentence, values: list[tuple[int, int, float]]) -> Sentence:
    facts = [nan] * len(sentence.words)
    starts = {start: i for i, start in enumerate(offsets(sentence))}
    for start, _, value in values:
        if start in starts:
            facts[starts[start]] = value
    return replace(sentence, facts=facts)


def offsets(sentence: Sentence) -> list[int]:
    """Where each word begins in the sentence's text; -1 where it cannot be found."""
    at, found = 0, []
    for word in sentence.words:
        place = sentence.text.find(word, at)
        found.append(place)
        at = place + len(word) if place >= 0 else at
    return found
