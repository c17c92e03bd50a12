"""a model folder → its figures: trees and tags on gold words, names on re3d, factuality, sentence boundaries, speed, load and memory.

    PYTHONPATH=../src KHABAR_MODEL=FOLDER python measure.py --data DATA [--scorers EVAL]

`--scorers` names the folder of the project's scorers; without it the re3d figures are left out. Test parts of the treebanks are read here
and nowhere else. re3d is never trained on.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from math import isnan
from pathlib import Path

import numpy as np

from corpora import Sentence, facts_by_text, rows_of, treebank, with_facts
from khabar.doc import Doc, Token
from khabar.encoder import model, read
from khabar.language import parse

STRONG = {"acl:relcl", "acl", "advcl", "appos", "parataxis", "advcl:relcl", "conj", "cc", "dep", "list"}
NOMINAL_KINDS = {"person": "actor", "organization": "actor", "place": "place"}
NAMED_KINDS = {"PERSON": "actor", "ORG": "actor", "PLACE": "place", "FACILITY": "place"}


def tree_figures(sentences: list[Sentence]) -> dict[str, float]:
    """Per cent over all words, punctuation included; LAS with subtypes, and with the universal part of the label alone."""
    classes = model().classes
    counts = dict.fromkeys(("words", "UPOS", "XPOS", "UAS", "LAS", "LAS, universal labels"), 0)
    for sentence, found in zip(sentences, read([s.words for s in sentences]), strict=True):
        heads = found.heads == np.array(sentence.heads)
        labels = [classes["labels"][i] for i in found.labels]
        exact = np.array([a == b for a, b in zip(labels, sentence.labels, strict=True)])
        broad = np.array([a.split(":")[0] == b.split(":")[0] for a, b in zip(labels, sentence.labels, strict=True)])
        counts["words"] += len(heads)
        counts["UPOS"] += sum(classes["upos"][i] == tag for i, tag in zip(found.upos, sentence.upos, strict=True))
        counts["XPOS"] += sum(classes["xpos"][i] == tag for i, tag in zip(found.xpos, sentence.xpos, strict=True))
        counts["UAS"] += int(heads.sum())
        counts["LAS"] += int((heads & exact).sum())
        counts["LAS, universal labels"] += int((heads & broad).sum())
    words = counts.pop("words")
    return {"words": words} | {name: round(100 * count / words, 2) for name, count in counts.items()}


def fact_figures(data: Path) -> dict[str, float]:
    facts = facts_by_text(data / "factuality/uds_dev")
    sentences = [with_facts(s, facts[s.text]) for s in treebank(data / "training/ewt/en_ewt-ud-dev.conllu") if s.text in facts]
    pairs = [
        (w, f)
        for s, r in zip(sentences, read([s.words for s in sentences]), strict=True)
        for w, f in zip(s.facts, r.facts, strict=True)
        if not isnan(w)
    ]
    return {"verbs": len(pairs), "r": round(float(np.corrcoef(np.array(pairs).T)[0, 1]), 3)}


def boundary_figures(documents: Iterable[list[Sentence]]) -> dict[str, float]:
    """F1 of sentence starts in documents joined by blanks, their first sentence left out; joined with gold words' own spacing."""
    right = found = wanted = 0
    for document in documents:
        text, starts = joined(document)
        own = {sent.start_char for sent in parse(text, blocks=[(0, len(text))]).sents}
        right, found, wanted = right + len(own & starts) - 1, found + len(own) - 1, wanted + len(starts) - 1
    return {"starts": wanted, "F1": round(2 * right / max(1, found + wanted), 3)}


def joined(document: list[Sentence]) -> tuple[str, set[int]]:
    text, starts = "", set()
    for sentence in document:
        starts.add(len(text))
        text += sentence.text + " "
    return text.rstrip(), starts


def by_document(sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
    group: list[Sentence] = []
    for sentence in sentences:
        if group and sentence.document != group[-1].document:
            yield group
            group = []
        group.append(sentence)
    yield group


def speed_figures(data: Path) -> dict[str, float]:
    """Sentences from raw text, one report after the other, on the threads that KHABAR_THREADS says (default one). Where other work runs
    the rate by processor time is the fairer one."""
    reports = [row["text"] for part in ("centcom", "us_state", "uk_gov") for row in rows_of(data / f"re3d/{part}/inputs.jsonl")]
    reports += [
        joined(document)[0] for path in sorted((data / "training/gum/test").glob("*.conllu")) for document in by_document(treebank(path))
    ]
    parse(reports[0])
    began, used = time.perf_counter(), time.process_time()
    docs = [parse(text) for text in reports]
    took, used = time.perf_counter() - began, time.process_time() - used
    sentences = sum(len(list(doc.sents)) for doc in docs)
    return {
        "sentences": sentences,
        "a second": round(sentences / took),
        "a processor second": round(sentences / used),
        "words": sum(map(len, docs)),
    }


def mentions(doc: Doc, *, nominal: bool) -> list[dict[str, object]]:
    """Mentions as re3d counts them: names alone, or every noun phrase that the model takes for a party, a place or a time."""
    if not nominal:
        return [{"start": e.start_char, "end": e.end_char, "kind": NAMED_KINDS[e.label_]} for e in doc.ents if e.label_ in NAMED_KINDS]
    found = []
    for token, kind in zip(doc, doc.user_data["nominals"], strict=True):
        kind = (
            {"time": "time"}.get(kind)
            or NOMINAL_KINDS.get(kind)
            or ("quantity" if token.dep_ == "nummod" and token.pos_ == "NUM" else None)
        )
        if kind:
            start, end = (token.idx, token.idx + len(token)) if kind == "quantity" else phrase(token)
            found.append({"start": start, "end": end, "kind": kind})
    return found


def phrase(head: Token) -> tuple[int, int]:
    """The noun phrase without its preposition, clauses, appositions and conjuncts."""
    inside = [head]
    for child in head.children:
        if child.dep_ not in STRONG | {"case", "punct", "cop", "nsubj", "mark", "advmod"} and not (
            child.dep_ == "nmod" and child.i > head.i and child.pos_ != "PROPN"
        ):
            inside += [t for t in child.subtree if not t.is_space]
    return min(t.idx for t in inside), max(t.idx + len(t) for t in inside)


def re3d_figures(data: Path, scorers: Path, *, nominal: bool) -> dict[str, float]:
    sys.path[:0] = [str(scorers), str(scorers / "tasks")]
    from re3d import entity_figures  # type: ignore[import-not-found]

    gold, predicted = {}, {}
    for part in ("centcom", "us_state", "uk_gov"):
        gold |= {row["id"]: row for row in rows_of(data / f"re3d/{part}/gold.jsonl")}
        for row in rows_of(data / f"re3d/{part}/inputs.jsonl"):
            predicted[row["id"]] = {"mentions": mentions(parse(str(row["text"])), nominal=nominal)}
    return entity_figures(gold, predicted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scorers", type=Path, default=None)
    parser.add_argument("--only", nargs="*", default=["load", "trees", "facts", "boundaries", "speed", "re3d"])
    args = parser.parse_args()
    for name, figures in figures_of(args):
        print(name, json.dumps(figures, ensure_ascii=False), flush=True)


def figures_of(args: argparse.Namespace) -> Iterator[tuple[str, object]]:
    data = args.data
    began = time.perf_counter()
    model()
    if "load" in args.only:
        yield "load", {"seconds": round(time.perf_counter() - began, 2)}
    if "speed" in args.only:
        yield "speed", speed_figures(data)
        yield "memory", {"peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}
    ewt = list(treebank(data / "training/ewt/en_ewt-ud-test.conllu"))
    gum = [s for path in sorted((data / "training/gum/test").glob("*.conllu")) for s in treebank(path)]
    if "trees" in args.only:
        yield "EWT test", tree_figures(ewt)
        yield "GUM test", tree_figures(gum)
    if "facts" in args.only:
        yield "UDS dev", fact_figures(data)
    if "boundaries" in args.only:
        yield "sentence starts, GUM test", boundary_figures(by_document(gum))
        yield "sentence starts, EWT test", boundary_figures(by_document(ewt))
    if "re3d" in args.only and args.scorers:
        yield "re3d, names", re3d_figures(data, args.scorers, nominal=False)
        yield "re3d, noun phrases", re3d_figures(data, args.scorers, nominal=True)


if __name__ == "__main__":
    main()
