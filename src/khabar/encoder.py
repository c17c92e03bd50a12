"""The words of sentences → what the model says of them: tags, heads, names, factuality, claims.

Sentences of one padded width are read together. Heads that hold a cycle give way to the best tree; the labels of the arcs are told last, by
a small graph of their own, once the tree is known. Claims are told by a graph of their own too, which goes on from the vectors of the
encoder's first layer and reads a window of the report at once (`storywindows`).
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from khabar.spanning import best_tree, is_tree
from khabar.storywindows import STORY, Window, inputs, windows
from khabar.subwords import CLS, SEP, shape, word_pieces

MOST_IN_SENTENCE = 500  # sub-words; the encoder has 512 places
WIDTH_STEP = 8  # sentences are padded to a multiple of this, alone or in company; on 1,028 sentences 16 was a tenth slower, 32 a fifth
FILES = ("model.onnx", "arclabels.onnx", "claims.onnx", "tokenizer.json", "labels.json")
BATCH = 2048  # sub-words, padding included: larger batches are no faster and cost memory
LEAST_TOLD = 0.05  # how likely something must be for it to be kept: a claim at a word, a word in a role
WordAt = tuple[int, int]  # number of a sentence, and of a word in it


@dataclass(frozen=True)
class Model:
    """The sessions, the word pieces and the names of the classes."""

    session: onnxruntime.InferenceSession
    labels: onnxruntime.InferenceSession  # of arcs
    claims: onnxruntime.InferenceSession
    pieces: Callable[[str], tuple[int, ...]]
    classes: dict[str, list[str]]


@dataclass(frozen=True)
class Reading:
    """What the model says of one sentence; indices of classes, heads counted from 1 with 0 the root.

    `claims` (words, kinds of claim): how likely a word is to make a claim of a kind; `roles` (words, roles, words): how likely the last
    word is to fill a role of the claim that the first one makes. `story`: for a word that may make a claim, and a role, how likely each
    word of the whole report is to fill it, or nobody (None); together they make up one.
    """

    upos: NDArray[np.int64]
    xpos: NDArray[np.int64]
    heads: NDArray[np.int64]
    labels: NDArray[np.int64]
    entities: NDArray[np.int64]
    nominals: NDArray[np.int64]
    facts: NDArray[np.float32]
    claims: NDArray[np.float32]
    roles: NDArray[np.float32]
    story: Mapping[int, Mapping[str, Mapping[WordAt | None, float]]] = field(default_factory=dict)


@cache
def model() -> Model:
    """The model of the package, or of the folder that KHABAR_MODEL names; one thread unless KHABAR_THREADS says more."""
    folder = Path(os.environ.get("KHABAR_MODEL") or str(files("khabar") / "models" / "english"))
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        wanted = ", ".join(FILES)
        raise FileNotFoundError(f"no language model: expected {wanted} in {folder}, found no {missing[0]}; `make model` trains one")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("KHABAR_THREADS", "1"))
    options.inter_op_num_threads = 1
    session, labels, claims = (
        onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"]) for name in FILES[:3]
    )
    subwords = Tokenizer.from_file(str(folder / "tokenizer.json"))
    subwords.no_padding()
    subwords.no_truncation()
    return Model(session, labels, claims, word_pieces(subwords), json.loads((folder / "labels.json").read_text(encoding="utf-8")))


def read(sentences: list[list[str]]) -> list[Reading]:
    """A reading of each sentence of a report, in their order; each is at most MOST_IN_SENTENCE sub-words long."""
    found: dict[int, Reading] = {}
    below: dict[int, NDArray[np.float32]] = {}
    for numbers in batches(sentences):
        outputs = run([sentences[i] for i in numbers])
        for k, i in enumerate(numbers):
            words = len(sentences[i])
            heads = outputs["heads"][k, :words]
            if not is_tree(heads):
                outputs["heads"][k, :words] = best_tree(outputs["arcs"][k, :words])
        parts = {name: outputs[name] for name in ("children", "parents", "heads")}
        outputs["labels"] = model().labels.run(["labels"], parts)[0]
        below |= zip(numbers, rows_of(outputs.pop("below"), [size(sentences[i]) for i in numbers]), strict=True)
        for k, i in enumerate(numbers):
            found[i] = reading({name: values[k, : len(sentences[i])] for name, values in outputs.items()})
    for window in windows([size(words) for words in sentences]):
        found |= told(window, sentences, found, below)
    return [found[i] for i in range(len(sentences))]


def size(words: list[str]) -> int:
    """Sub-words of a sentence, with those that open and close it."""
    return 2 + sum(len(model().pieces(word)) for word in words)


def rows_of(below: NDArray[np.float32], sizes: Sequence[int]) -> list[NDArray[np.float32]]:
    """The vectors of each sentence's sub-words; a graph that was not packed gives them with padding."""
    if below.ndim == 3:
        return [rows[:size] for rows, size in zip(below, sizes, strict=True)]
    return np.split(below, np.cumsum(sizes)[:-1])


def told(
    window: Window, sentences: list[list[str]], found: Mapping[int, Reading], below: Mapping[int, NDArray[np.float32]]
) -> dict[int, Reading]:
    """The readings of a window's own sentences, with their claims."""
    rows = {k: row(sentences[k]) for k in window.all}
    feed = inputs(window, {k: len(r["ids"]) for k, r in rows.items()}, {k: r["first"] for k, r in rows.items()})
    vectors = np.concatenate([below[k] for k in window.all])
    claims, roles, story = model().claims.run(["claims", "roles", "story"], {"below": vectors, **feed})
    words = [(k, i) for k in window.all for i in range(len(sentences[k]))]
    beside = {k: words.index((k, 0)) for k in window.own}
    full, asked = {}, 0
    for k in window.own:
        own, asked = slice(asked, asked + len(sentences[k])), asked + len(sentences[k])
        full[k] = replace(
            found[k],
            claims=claims[own],
            roles=roles[own, :, beside[k] : beside[k] + len(sentences[k])],
            story={
                int(i): dict(zip(STORY, (pointed(p, words) for p in story[own][i]), strict=True))
                for i in np.flatnonzero(claims[own].max(-1) >= LEAST_TOLD)
            },
        )
    return full


def pointed(likely: NDArray[np.float32], words: Sequence[WordAt]) -> dict[WordAt | None, float]:
    """The words that are likely enough, and nobody, whom the first number tells of."""
    return {None: float(likely[0])} | {words[int(i)]: float(likely[1 + i]) for i in np.flatnonzero(likely[1:] >= LEAST_TOLD)}


def starts(windows: list[list[str]]) -> list[NDArray[np.float32]]:
    """How likely each word of some running text begins a sentence."""
    found: dict[int, NDArray[np.float32]] = {}
    for numbers in batches(windows):
        rows = run([windows[i] for i in numbers], ["starts"])["starts"]
        found |= {i: 1 / (1 + np.exp(-rows[k, : len(windows[i])])) for k, i in enumerate(numbers)}
    return [found[i] for i in range(len(windows))]


def batches(sentences: list[list[str]]) -> Iterator[list[int]]:
    """Numbers of sentences of one padded width, as many as a batch holds."""
    widths: dict[int, list[int]] = defaultdict(list)
    for i, words in enumerate(sentences):
        widths[-(-size(words) // WIDTH_STEP) * WIDTH_STEP].append(i)
    for width in sorted(widths):
        most = max(1, BATCH // width)
        for at in range(0, len(widths[width]), most):
            yield widths[width][at : at + most]


def run(sentences: list[list[str]], names: list[str] | None = None) -> dict[str, NDArray[Any]]:
    """The graph's outputs, or those named, for sentences of one padded width."""
    rows = [row(words) for words in sentences]
    width = -(-max(len(r["ids"]) for r in rows) // WIDTH_STEP) * WIDTH_STEP
    length = max(len(words) for words in sentences)
    feed = {name: filled([r[name] for r in rows], length if name == "first" else width, 0) for name in ("ids", "shapes", "first")}
    names = names or [output.name for output in model().session.get_outputs()]
    return dict(zip(names, model().session.run(names, feed), strict=True))


def row(words: list[str]) -> dict[str, list[int]]:
    ids, shapes, first = [CLS], [0], []
    for word in words:
        own = model().pieces(word)
        first.append(len(ids))
        ids.extend(own)
        shapes.extend([shape(word)] * len(own))
    return {"ids": [*ids, SEP], "shapes": [*shapes, 0], "first": first}


def filled(rows: list[list[int]], length: int, filler: int) -> NDArray[np.int64]:
    table = np.full((len(rows), length), filler, np.int64)
    for i, values in enumerate(rows):
        table[i, : len(values)] = values
    return table


def reading(outputs: dict[str, NDArray[Any]]) -> Reading:
    words = len(outputs["upos"])
    return Reading(
        upos=outputs["upos"],
        xpos=outputs["xpos"],
        heads=outputs["heads"],
        labels=outputs["labels"],
        entities=outputs["entities"].argmax(-1),
        nominals=outputs["nominals"],
        facts=outputs["facts"].astype(np.float32),
        claims=np.zeros((words, 0), np.float32),
        roles=np.zeros((words, 0, words), np.float32),
    )
