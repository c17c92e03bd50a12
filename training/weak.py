"""lists of names, and the annotators' strings of the training reports → entity labels for sentences that have none.

What a list does not know stays unknown (None) and out of the loss; a lower-case word is no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from augment import WAR, Names
from corpora import Sentence, rows_of
from khabar.tokens import tokenizer


def countries(data: Path) -> set[str]:
    features = json.loads((data / "gazetteer/world_countries.geojson").read_text(encoding="utf-8"))["features"]
    return {
        str(value) for f in features for key, value in f["properties"].items() if key.upper() in ("NAME", "NAME_LONG", "ADMIN") and value
    }


def with_listed(sentence: Sentence, lists: dict[str, str]) -> Sentence:
    """Unknown stretches of proper nouns that a list knows get its kind; names that end in 'Hospital' and the like become facilities."""
    tags = list(sentence.entities)
    start = 0
    for end in range(1, len(tags) + 1):
        if end < len(tags) and unknown(tags[end]) == unknown(tags[start]):
            continue
        kind = lists.get(" ".join(sentence.words[start:end])) if unknown(tags[start]) else None
        if kind:
            tags[start:end] = bio(kind, end - start)
        start = end
    return replace(sentence, entities=tags)


def unknown(tag: str | None) -> bool:
    return tag is None


def bio(kind: str, length: int) -> list[str | None]:
    return [f"{'BI'[i > 0]}-{kind}" for i in range(length)]


def with_facilities(sentence: Sentence) -> Sentence:
    """
    >>> with_facilities(Sentence(["Kuweires", "Airbase"], entities=["B-PLACE", "I-PLACE"])).entities
    ['B-FACILITY', 'I-FACILITY']
    """
    tags = list(sentence.entities)
    for i, tag in enumerate(tags):
        ends = i + 1 == len(tags) or not (tags[i + 1] or "").startswith("I-")
        if tag in ("I-PLACE", "I-ORG") and ends and sentence.words[i].lower() in WAR["facilities"]:
            start = max((k for k in range(i) if (tags[k] or "").startswith("B-")), default=i)
            tags[start : i + 1] = bio("FACILITY", i + 1 - start)
    return replace(sentence, entities=tags)


def reports(data: Path, names: Names) -> Iterator[Sentence]:
    """The sentences of the training reports, labelled by the strings that the annotators gave as actor, target, speaker and place."""
    parties = set(names.parties)
    texts = {row["id"]: row["text"] for row in rows_of(data / "claims_train/inputs.jsonl")}
    for row in rows_of(data / "claims_train/gold.jsonl"):
        known = named_strings(row["claims"], parties)
        for words in sentences([t.text for t in tokenizer()(str(texts[row["id"]])) if not t.is_space]):
            yield Sentence(words, entities=labelled(words, known))


def named_strings(claims: list[dict], parties: set[str]) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for claim in claims:
        for field in ("actor", "target", "place"):
            kind = "PLACE" if field == "place" else "ORG"
            for words in capital_runs(claim.get(field) or ""):
                if kind == "PLACE" or is_party(words, parties):
                    found[words] = kind
        for speaker in claim.get("attribution") or ():
            for words in capital_runs(speaker):
                if is_party(words, parties):
                    found[words] = "ORG"
    return found


def capital_runs(text: str) -> Iterator[tuple[str, ...]]:
    run: list[str] = []
    for word in [*(t.text for t in tokenizer()(text)), ""]:
        if word and (word[0].isupper() or (run and word in ("al", "-", "of"))):
            run.append(word)
            continue
        while run and not run[-1][0].isupper():
            run.pop()
        if run and run[0] not in WAR["peoples"]:
            yield tuple(run)
        run = []


def is_party(words: tuple[str, ...], parties: set[str]) -> bool:
    joined = " ".join(words)
    acronym = len(words) == 1 and 2 < len(joined) < 7 and joined.isupper()
    return acronym or words[-1] in WAR["bodies"] or joined in parties or joined.replace(" - ", "-") in parties


def sentences(words: list[str]) -> Iterator[list[str]]:
    start = 0
    for i, word in enumerate(words):
        if (word in ".!?" and i + 1 < len(words) and words[i + 1][0].isupper()) or i + 1 == len(words) or i - start > 100:
            yield words[start : i + 1]
            start = i + 1


def labelled(words: list[str], known: dict[tuple[str, ...], str]) -> list[str | None]:
    tags: list[str | None] = [
        ("B-NORP" if w in WAR["peoples"] or w.rstrip("s") in WAR["peoples"] else None) if w[0].isupper() and i else "O"
        for i, w in enumerate(words)
    ]
    tags[0] = None if words[0][0].isupper() else "O"
    tags = ["O" if word in WAR["no_names"] else tag for word, tag in zip(words, tags, strict=True)]
    for i in range(len(words)):
        for length in range(min(7, len(words) - i), 0, -1):
            kind = known.get(tuple(words[i : i + length]))
            if kind and not (tags[i] or "O").startswith(("B-ORG", "I-")):
                tags[i : i + length] = bio(kind, length)
                break
    return tags
