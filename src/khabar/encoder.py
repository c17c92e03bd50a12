"""The words of sentences → what the model says of them: tags, heads, names, factuality, claims.

Sentences of one padded width are read together. Heads that hold a cycle give way to the best tree; the labels of the arcs are told last, by
a small graph of their own, once the tree is known. Claims are told by graphs of their own too: one goes on from the vectors of the
encoder's first layer, sentence by sentence; one reads the words of a window of the report together (`storywindows`) and looks from those
that may make a claim at all. What comes into question as a party or place of a claim is weighed by a last one, once there are claims.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from khabar.spanning import best_tree, is_tree
from khabar.storywindows import BY_TIME, STORY, UNTIMED, Window, windows
from khabar.subwords import CLS, SEP, shape, word_pieces

MOST_IN_SENTENCE = 500  # sub-words; the encoder has 512 places
WIDTH_STEP = 8  # sentences are padded to a multiple of this, alone or in company; on 1,028 sentences 16 was a tenth slower, 32 a fifth
FILES = ("model.onnx", "arclabels.onnx", "claims.onnx", "pointers.onnx", "choices.onnx", "tokenizer.json", "labels.json")
SLOW = ["SkipLayerNormFusion"]  # of onnxruntime: a sum and its norm as one take four times as long as each by itself
BATCH = 2048  # sub-words, padding included: larger batches are no faster and cost memory
LEAST_TOLD = 0.05  # how likely something must be for it to be kept: a claim at a word, a word in a role
LEAST_DATED = 0.01  # the same of words of a time, which are several as a rule
WordAt = tuple[int, int]  # number of a sentence, and of a word in it
Row = Mapping[str, list[int]]  # ids, shapes, first


@dataclass(frozen=True)
class Model:
    """The sessions, the word pieces and the names of the classes."""

    session: onnxruntime.InferenceSession
    labels: onnxruntime.InferenceSession  # of arcs
    claims: onnxruntime.InferenceSession
    pointers: onnxruntime.InferenceSession
    choices: onnxruntime.InferenceSession
    marks: dict[str, int]  # of choices.onnx: names and columns
    pieces: Callable[[str], tuple[int, ...]]
    classes: dict[str, list[str]]


@dataclass(frozen=True)
class Reading:
    """What the model says of one sentence; indices of classes, heads counted from 1 with 0 the root.

    `claims` (words, kinds of claim): how likely a word is to make a claim of a kind; `roles` (words, roles, words): how likely the last
    word is to fill a role of the claim that the first one makes. Of a word that may make a claim, `story` has for each role how likely
    each word of the report is to fill it, or nobody (None), and `times` how likely each word is to be of the time that dates it, taken in
    a way of BY_TIME, or none (None) in one of UNTIMED; each together make up one.
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
    times: Mapping[int, Mapping[tuple[str, WordAt | None], float]] = field(default_factory=dict)


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
    session, labels, claims, pointers, choices = (
        onnxruntime.InferenceSession(str(folder / name), options, ["CPUExecutionProvider"], disabled_optimizers=SLOW) for name in FILES[:5]
    )
    subwords = Tokenizer.from_file(str(folder / "tokenizer.json"))
    subwords.no_padding()
    subwords.no_truncation()
    marks = json.loads(choices.get_modelmeta().custom_metadata_map["marks"])
    numbers = {name: n for n, name in enumerate(marks)}
    classes = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return Model(session, labels, claims, pointers, choices, numbers, word_pieces(subwords), classes)


def read(sentences: list[list[str]]) -> list[Reading]:
    """A reading of each sentence of a report, in their order; each is at most MOST_IN_SENTENCE sub-words long."""
    found: dict[int, Reading] = {}
    vectors: dict[int, NDArray[np.float32]] = {}
    sizes = [size(words) for words in sentences]
    for numbers in batches(sizes):
        rows = [row(sentences[i]) for i in numbers]
        outputs = run(rows)
        for k, i in enumerate(numbers):
            words = len(sentences[i])
            heads = outputs["heads"][k, :words]
            if not is_tree(heads):
                outputs["heads"][k, :words] = best_tree(outputs["arcs"][k, :words])
        parts = {name: outputs[name] for name in ("children", "parents", "heads")}
        outputs["labels"] = model().labels.run(["labels"], parts)[0]
        claims = told(outputs.pop("below"), rows)
        for k, (i, (kinds, own)) in enumerate(zip(numbers, claims, strict=True)):
            vectors[i] = own
            found[i] = reading({name: values[k, : len(sentences[i])] for name, values in outputs.items()}, kinds)
    for window in windows(sizes):
        found |= looked(window, found, vectors)
    return [found[i] for i in range(len(sentences))]


def size(words: list[str]) -> int:
    """Sub-words of a sentence, with those that open and close it."""
    return 2 + sum(map(len, map(model().pieces, words)))


def told(below: NDArray[np.float32], rows: Sequence[Row]) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Of each sentence how likely its words are to make a claim of each kind, and their vectors, which tell what the claims are of."""
    kinds, vectors = model().claims.run(["claims", "vectors"], claims_feed(below, rows))
    at = 0
    for own in rows:
        end = at + len(own["first"])
        yield kinds[at:end], vectors[at:end]
        at = end


def claims_feed(below: NDArray[np.float32], rows: Sequence[Row]) -> dict[str, NDArray[Any]]:
    """The inputs of claims.onnx. `below`: vectors of the sub-words of some sentences, one after another, or in a padded table as a graph
    that was not packed gives them. `grid`: the row of each place of a padded table, -1 for padding; `places`: the place of each row;
    `first`: the row of each word's first sub-word."""
    sizes = np.array([len(own["ids"]) for own in rows])
    begins = np.cumsum(sizes) - sizes
    place = np.arange(sizes.max())[None]
    real = place < sizes[:, None]
    below = below[:, : sizes.max()][real] if below.ndim == 3 else below
    first = np.concatenate([begin + np.array(own["first"], np.int64) for begin, own in zip(begins, rows, strict=True)])
    return {"below": below, "grid": np.where(real, begins[:, None] + place, -1), "places": np.flatnonzero(real), "first": first}


def looked(window: Window, found: Mapping[int, Reading], vectors: Mapping[int, NDArray[np.float32]]) -> dict[int, Reading]:
    """The readings of a window's own sentences, with who, where and when of what their words may claim."""
    asked = [(k, int(i)) for k in window.own for i in np.flatnonzero(found[k].claims.max(-1) >= LEAST_TOLD)]
    if not asked:
        return {}
    words = [(k, i) for k in window.all for i in range(len(vectors[k]))]
    told = {k: found[k].claims for k in window.all}
    outputs = model().pointers.run(["roles", "story", "times"], pointers_feed(asked, words, vectors, told))
    story: dict[int, dict[int, dict[str, dict[WordAt | None, float]]]] = {k: {} for k, _ in asked}
    times: dict[int, dict[int, dict[tuple[str, WordAt | None], float]]] = {k: {} for k, _ in asked}
    beside = {k: words.index((k, 0)) for k in story}
    for (k, i), roles, who, when in zip(asked, *outputs, strict=True):
        found[k].roles[i] = roles[:, beside[k] : beside[k] + len(vectors[k])]
        story[k][i] = pointed(who, words)
        times[k][i] = dated(when, words)
    return {k: replace(found[k], story=story[k], times=times[k]) for k in story}


def pointers_feed(
    asked: Sequence[WordAt], words: Sequence[WordAt], vectors: Mapping[int, NDArray[np.float32]], told: Mapping[int, NDArray[np.float32]]
) -> dict[str, NDArray[Any]]:
    """The inputs of pointers.onnx, of the words of a window, which are all those of their sentences: their vectors, how likely they make
    claims, and the number of the sentence of each; and which of them are asked about."""
    sentences = [*dict.fromkeys(k for k, _ in words)]
    place = {word: n for n, word in enumerate(words)}
    return {
        "words": np.concatenate([vectors[k] for k in sentences]),
        "told": np.concatenate([told[k] for k in sentences]),
        "of_words": np.array([k for k, _ in words], np.int64),
        "asked": np.array([place[word] for word in asked], np.int64),
    }


def pointed(likely: NDArray[np.float32], words: Sequence[WordAt]) -> dict[str, dict[WordAt | None, float]]:
    """For each role of STORY the words that are likely enough, and nobody, whom the first number tells of."""
    found: dict[str, dict[WordAt | None, float]] = {role: {None: float(own[0])} for role, own in zip(STORY, likely, strict=True)}
    for role, i in np.argwhere(likely[:, 1:] >= LEAST_TOLD).tolist():
        found[STORY[role]][words[i]] = float(likely[role, 1 + i])
    return found


def dated(likely: NDArray[np.float32], words: Sequence[WordAt]) -> dict[tuple[str, WordAt | None], float]:
    """The same of times: ways without a time, then each word in each way."""
    found: dict[tuple[str, WordAt | None], float] = {(way, None): float(p) for way, p in zip(UNTIMED, likely, strict=False)}
    timed = likely[len(UNTIMED) :]  # all words in the first way, then all in the next
    for at in np.flatnonzero(timed >= LEAST_DATED).tolist():
        way, i = divmod(at, len(words))
        found[BY_TIME[way], words[i]] = float(timed[at])
    return found


def fits(rows: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
    """(rows, roles of STORY): how well what has these marks fits a role of a claim, as logits among what else comes into question; marks
    that the network does not know are passed over."""
    number = model().marks
    table = np.zeros((len(rows), len(number)), np.float32)
    for row, marks in zip(table, rows, strict=True):
        for name, value in marks.items():
            if name in number:
                row[number[name]] = value
    found: NDArray[np.float32] = model().choices.run(["fits"], {"marks": table})[0]
    return found


def starts(windows: list[list[str]]) -> list[NDArray[np.float32]]:
    """How likely each word of some running text begins a sentence."""
    found: dict[int, NDArray[np.float32]] = {}
    for numbers in batches([size(words) for words in windows]):
        scores = run([row(windows[i]) for i in numbers], ["starts"])["starts"]
        found |= {i: 1 / (1 + np.exp(-scores[k, : len(windows[i])])) for k, i in enumerate(numbers)}
    return [found[i] for i in range(len(windows))]


def batches(sizes: list[int]) -> Iterator[list[int]]:
    """Numbers of sentences of one padded width, as many as a batch holds; `sizes`: their sub-words."""
    widths: dict[int, list[int]] = defaultdict(list)
    for i, own in enumerate(sizes):
        widths[-(-own // WIDTH_STEP) * WIDTH_STEP].append(i)
    for width in sorted(widths):
        most = max(1, BATCH // width)
        for at in range(0, len(widths[width]), most):
            yield widths[width][at : at + most]


def run(rows: Sequence[Row], names: list[str] | None = None) -> dict[str, NDArray[Any]]:
    """The graph's outputs, or those named, for sentences of one padded width."""
    width = -(-max(len(r["ids"]) for r in rows) // WIDTH_STEP) * WIDTH_STEP
    length = max(len(r["first"]) for r in rows)
    feed = {name: filled([r[name] for r in rows], length if name == "first" else width, 0) for name in ("ids", "shapes", "first")}
    names = names or [output.name for output in model().session.get_outputs()]
    return dict(zip(names, model().session.run(names, feed), strict=True))


def row(words: list[str]) -> Row:
    """A sentence as its graph takes it: sub-words, their shapes, and where among them each word begins."""
    pieces = [*map(model().pieces, words)]
    lengths = [*map(len, pieces)]
    shapes = chain.from_iterable(map(repeat, map(shape, words), lengths))
    first = [*accumulate(lengths, initial=1)][:-1]
    return {"ids": [CLS, *chain.from_iterable(pieces), SEP], "shapes": [0, *shapes, 0], "first": first}


def filled(rows: list[list[int]], length: int, filler: int) -> NDArray[np.int64]:
    table = np.full((len(rows), length), filler, np.int64)
    for i, values in enumerate(rows):
        table[i, : len(values)] = values
    return table


def reading(outputs: dict[str, NDArray[Any]], claims: NDArray[np.float32]) -> Reading:
    words = len(outputs["upos"])
    return Reading(
        upos=outputs["upos"],
        xpos=outputs["xpos"],
        heads=outputs["heads"],
        labels=outputs["labels"],
        entities=outputs["entities"].argmax(-1),
        nominals=outputs["nominals"],
        facts=outputs["facts"].astype(np.float32),
        claims=claims,
        roles=np.zeros((words, len(model().classes["roles"]), words), np.float32),
    )
