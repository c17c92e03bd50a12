"""checkpoints → graphs in int8, tokenizer.json and labels.json, as the reading program loads them.

    python export.py --runs RUNS --data DATA --out ../src/khabar/models/english
    KHABAR_MODEL=OUT python export.py --runs RUNS --data DATA --out OUT --windows windows.pt
    KHABAR_MODEL=OUT python export.py --runs RUNS --data DATA --out OUT --together

The second makes pointers.onnx, which is learnt on what the graphs of the first give; the third that and claims.onnx, of `together.pt`.
With `--keep` those that read claims stay as they are
in OUT, and so, to the bit, does what they share with the others, which `train_bare.py` leaves alone.

Weights are int8 with a scale for each output, activations 8 bits with a scale that a few training sentences fixed. The usual dynamic int8
has a scale for a whole batch: its scores are further off, and a sentence changes with its neighbours.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from annotated import Story, annotated
from claimreader import ClaimReader
from corpora import Sentence
from khabar import encoder
from khabar.encoder import claims_feed
from khabar.subwords import word_pieces
from network import LABEL, SHARED, WIDTH, Encoder, Reader, Sizes, of_words
from packed import packed
from train import Batches, Classes, bare_tokenizer, batched, gum_part, package_folder
from train_windows import Window, variants
from windowreader import WindowReader

OPSET = 17
OUTLYING, KEPT = (
    4.2,
    3.4,
)  # times the median row's largest value; KEPT on EWT and GUM dev from 2.2, 2.8, 3.4: LAS 0.4, 0.4, 0.0 below float on GUM
CALIBRATION, REPORTS = 400, 60  # sentences, and annotated reports, that set the fixed scales
INPUTS = ["ids", "shapes", "first"]
PARTS = ["children", "parents"]  # of the labels
OUTPUTS = ["upos", "xpos", "arcs", "heads", *PARTS, "entities", "nominals", "starts", "facts", "below"]
CLAIM_INPUTS, CLAIM_OUTPUTS = ["below", "grid", "places", "first"], ["claims", "vectors"]
POINTER_INPUTS, POINTER_OUTPUTS = ["words", "told", "of_words", "asked"], ["roles", "story", "times"]


class ByteEmbedding(nn.Module):
    """An embedding table in int8 with one scale a row: 12 MB for 46, and no figure moves."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("bytes", torch.round(table / scale).to(torch.int8))

    def forward(self, ids: Tensor) -> Tensor:
        return self.bytes[ids].float() * self.scale[ids]


class Graph(nn.Module):
    """What model.onnx computes: the reader's scores, its arg-maxes where nothing else is asked, and what labels are told from."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        reader = self.reader
        outputs = reader.encoder(ids, shapes)
        vectors = of_words(outputs, reader.mix, first)
        words = vectors[:, 1:]
        arcs = reader.arcs(vectors, first)
        tags = (reader.upos(words).argmax(-1), reader.xpos(words).argmax(-1))
        names = (reader.entities(words), reader.nominals(words).argmax(-1))
        tree = (arcs, arcs.argmax(-1), *reader.label_parts(vectors))
        return (*tags, *tree, *names, reader.starts(words)[:, :, 0], reader.fact(words)[:, :, 0], outputs[SHARED - 1])


class Claims(nn.Module):
    """What claims.onnx computes for some sentences: how likely their words are to make claims, and the words' vectors."""

    def __init__(self, reader: ClaimReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, below: Tensor, grid: Tensor, places: Tensor, first: Tensor) -> tuple[Tensor, ...]:
        words = self.reader.vectors(below, grid, places, first)
        return torch.sigmoid(self.reader.triggers(words)), words


class Pointers(nn.Module):
    """What pointers.onnx computes for a window of a report: who, where and when, seen from the words that are asked."""

    def __init__(self, reader: WindowReader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, words: Tensor, told: Tensor, of_words: Tensor, asked: Tensor) -> tuple[Tensor, ...]:
        roles, story, times = self.reader(words, told, of_words, asked)
        return torch.sigmoid(roles), torch.softmax(story, -1), torch.softmax(times, -1)


class ArcLabels(nn.Module):
    """What arclabels.onnx computes, once the tree is known: the label of each word under its head."""

    def __init__(self, reader: Reader, root: int) -> None:
        super().__init__()
        self.reader = reader
        self.register_buffer("root", torch.arange(reader.sizes.labels) == root)

    def only_root(self, heads: Tensor) -> Tensor:
        """A penalty that leaves `root` to the words whose head is the root, and nothing else to them."""
        return ((heads == 0)[:, :, None] ^ self.root).float() * -1e4

    def forward(self, children: Tensor, parents: Tensor, heads: Tensor) -> Tensor:
        return (self.reader.label_scores(children, parents, heads) + self.only_root(heads)).argmax(-1)


def load_readers(folder: Path, *, keep: bool) -> tuple[Reader, ClaimReader | None, dict[str, list[str]]]:
    """Of a folder of checkpoints, `bare.pt` and, but where claims keep their files, `claims.pt`, with `labels.json`."""
    classes = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    reader = Reader(Sizes(*(len(classes[name]) for name in Sizes.__annotations__)))
    reader.load_state_dict(torch.load(folder / "bare.pt", weights_only=True)["reader"])
    if keep:
        return reader.eval(), None, classes
    claims = ClaimReader(len(classes["claims"]), len(classes["roles"]))
    claims.load_state_dict(torch.load(folder / "claims.pt", weights_only=True)["reader"])
    return reader.eval(), claims.eval(), classes


def to_float_files(reader: Reader, claims: ClaimReader | None, folder: Path, *, root: int) -> None:
    """The exporter traces a batch of two sentences of unlike length; every axis but the last stays free."""
    ids = torch.tensor([[101, 2023, 2003, 102], [101, 2023, 102, 0]])
    first = torch.tensor([[1, 2], [1, 0]])
    wide, long, headed = ({0: "sentences", 1: axis} for axis in ("pieces", "words", "heads"))
    axes = {"ids": wide, "shapes": wide, "first": long, **{name: dict(long) for name in OUTPUTS}, "below": wide}
    axes["arcs"][2] = "heads"
    to_file(Graph(reader), (ids, torch.zeros_like(ids), first), folder / "model.onnx", INPUTS, OUTPUTS, axes | {"parents": headed})
    parts = (torch.zeros(2, 2, LABEL), torch.zeros(2, 3, LABEL), torch.zeros_like(first))
    axes = {"children": long, "parents": headed, "heads": long, "labels": long}
    to_file(ArcLabels(reader, root), parts, folder / "arclabels.onnx", [*PARTS, "heads"], ["labels"], axes)
    if claims is not None:
        to_claims_file(claims, folder / "claims.onnx")


def to_claims_file(claims: ClaimReader, path: Path) -> None:
    """claims.onnx in float."""
    grid, places = torch.tensor([[0, 1, 2], [3, 4, -1]]), torch.tensor([0, 1, 2, 3, 4])
    wide = {0: "sentences", 1: "longest"}
    axes = {"below": {0: "pieces"}, "grid": wide, "places": {0: "pieces"}} | {name: {0: "words"} for name in ("first", *CLAIM_OUTPUTS)}
    rows = (torch.zeros(5, WIDTH), grid, places, torch.tensor([1, 2, 4]))
    to_file(Claims(claims), rows, path, CLAIM_INPUTS, CLAIM_OUTPUTS, axes)


def to_file(graph: nn.Module, inputs: tuple[Tensor, ...], path: Path, given: list[str], found: list[str], axes: dict) -> None:
    torch.onnx.export(graph, inputs, str(path), input_names=given, output_names=found, dynamic_axes=axes, opset_version=OPSET, dynamo=False)


def to_bytes_file(float_path: Path, path: Path, limits: dict[str, float]) -> None:
    """Every product with constant weights becomes one of bytes, its bias within; the rest of the graph stays as it is."""
    model = onnx.load(str(float_path))
    tables = {table.name: table for table in model.graph.initializer}
    biases = {node.input[1]: node for node in model.graph.node if node.op_type == "Add" and node.input[0] in tables}
    bytes_, merged = Bytes(limits), set()
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[0] in limits and node.input[1] in tables:
            bias = biases.get(node.output[0])
            bytes_.product(node, numpy_helper.to_array(tables[node.input[1]]), bias)
            merged |= {bias.output[0]} if bias else set()
        elif not merged.intersection(node.output):
            bytes_.nodes.append(node)
    used = {name for node in bytes_.nodes for name in node.input}
    kept = [table for name, table in tables.items() if name in used] + list(bytes_.tables.values())
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(bytes_.nodes)
    model.graph.initializer.extend(kept)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(path))


def to_bytes_files(
    reader: Reader,
    claims: ClaimReader | None,
    out: Path,
    batches: Batches,
    sentences: list[Sentence],
    reports: Sequence[Sequence[Sentence]],
    *,
    root: int,
) -> None:
    """The graphs in a folder; the sentences set the scales of model.onnx and arclabels.onnx, the reports those of claims.onnx."""
    middle = out / "float"
    middle.mkdir(exist_ok=True)
    to_float_files(reader, claims, middle, root=root)
    feeds = {
        "model.onnx": feeds_of(batches, sentences),
        "arclabels.onnx": label_feeds(middle / "model.onnx", feeds_of(batches, sentences)),
    }
    before = onnx.load(str(out / "model.onnx")) if claims is None else None
    if claims is not None:
        feeds["claims.onnx"] = claim_feeds(middle / "model.onnx", batches, reports)
    for name, own in feeds.items():
        to_bytes_file(middle / name, out / name, limits_of(middle / name, own))
    model = packed(onnx.load(str(out / "model.onnx")))
    onnx.save(with_shared(model, before) if before else model, str(out / "model.onnx"))
    shutil.rmtree(middle)


def with_shared(model: onnx.ModelProto, before: onnx.ModelProto) -> onnx.ModelProto:
    """The model, with the tables and scales of what claims share as they were before."""
    old = {table.name: table for table in before.graph.initializer}
    layers = tuple(f"reader.encoder.{part}." for part in ("words", "positions", "shapes", "norm", *(f"layers.{k}" for k in range(SHARED))))
    named = {table.name for table in model.graph.initializer if table.name.startswith(layers)}
    products = [node for node in model.graph.node if node.op_type == "MatMulIntegerToFloat" and named.intersection(node.input)]
    shared = named.union(*(node.input for node in products))
    for table in model.graph.initializer:
        if table.name in shared:
            table.CopyFrom(old[table.name])
    return model


class Bytes:
    """The nodes and tables of the quantised graph as they are made; `limits` has the largest value that each input is to keep."""

    def __init__(self, limits: dict[str, float]) -> None:
        self.limits = limits
        self.nodes: list[NodeProto] = []
        self.tables: dict[str, TensorProto] = {}
        self.rows: dict[str, str] = {}

    def product(self, node: NodeProto, weights: NDArray[np.float32], bias: NodeProto | None) -> None:
        name = node.input[1]
        steps = np.maximum(np.abs(weights).max(0), 1e-8).astype(np.float32) / 127
        table, middle = self.table(name + "_bytes", np.round(weights / steps).astype(np.int8)), self.table("middle", np.uint8(128))
        rows, scale = self.quantised(node.input[0])
        inputs = [rows, table, scale, self.table(name + "_steps", steps), middle, *(["", bias.input[0]] if bias else [])]
        self.add("MatMulIntegerToFloat", inputs, (bias or node).output[0], domain="com.microsoft")

    def quantised(self, name: str) -> tuple[str, str]:
        """(bytes, scale) of a tensor. The bytes are unsigned: with signed ones onnxruntime's product is eight times slower."""
        scale = self.table(name + "_scale", np.float32(self.limits[name] / 127))
        if name not in self.rows:
            self.rows[name] = self.add("QuantizeLinear", [name, scale, self.table("middle", np.uint8(128))], name + "_rows")
        return self.rows[name], scale

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def table(self, name: str, values: NDArray | np.generic) -> str:
        self.tables.setdefault(name, numpy_helper.from_array(np.asarray(values), name))
        return name


def limits_of(float_path: Path, feeds: Iterator[dict[str, NDArray]]) -> dict[str, float]:
    """The largest value that each product's input is to keep, seen on these inputs of the graph."""
    model = onnx.load(str(float_path))
    tables = {table.name for table in model.graph.initializer if len(table.dims) == 2}
    names = list(dict.fromkeys(node.input[0] for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in tables))
    inside = [name for name in names if name not in {value.name for value in model.graph.input}]
    model.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in inside)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
    for feed in feeds:
        values = feed | dict(zip(inside, session.run(inside, feed), strict=True))
        for name in names:
            rows[name].append(np.abs(values[name]).max(-1).ravel())
    return {name: limit(np.concatenate(values)) for name, values in rows.items()}


def feeds_of(batches: Batches, sentences: list[Sentence]) -> Iterator[dict[str, NDArray]]:
    """The inputs of model.onnx for these sentences."""
    for group in batched(sentences, batches, random.Random(1)):
        yield {name: tensor.numpy() for name, tensor in batches.tensors(group).items() if name in INPUTS}


def label_feeds(float_path: Path, feeds: Iterator[dict[str, NDArray]]) -> Iterator[dict[str, NDArray]]:
    """The inputs of arclabels.onnx that model.onnx makes of its own."""
    session = onnxruntime.InferenceSession(str(float_path), providers=["CPUExecutionProvider"])
    for feed in feeds:
        yield dict(zip([*PARTS, "heads"], session.run([*PARTS, "heads"], feed), strict=True))


def claim_feeds(float_path: Path, batches: Batches, reports: Sequence[Sequence[Sentence]]) -> Iterator[dict[str, NDArray]]:
    """The inputs of claims.onnx that model.onnx makes of the sentences of these reports, a report at a time."""
    session = onnxruntime.InferenceSession(str(float_path), providers=["CPUExecutionProvider"])
    for sentences in reports:
        own = [batches.tensors([sentence]) for sentence in sentences]
        below = [session.run(["below"], {name: row[name].numpy() for name in INPUTS})[0][0] for row in own]
        yield claims_feed(np.concatenate(below), [{name: row[name][0].tolist() for name in INPUTS} for row in own])


def to_pointers_file(reader: WindowReader, out: Path, windows: Sequence[Window]) -> None:
    """pointers.onnx; these windows set its scales."""
    axes = {"words": {0: "words"}, "told": {0: "words"}, "of_words": {0: "words"}, "asked": {0: "asked"}}
    axes |= {name: {0: "asked", last: f"{name}_words"} for name, last in zip(POINTER_OUTPUTS, (2, 2, 1), strict=True)}
    seen = (torch.zeros(3, WIDTH), torch.zeros(3, reader.kind.in_features), torch.tensor([0, 0, 1]), torch.tensor([0, 2]))
    middle = out / "float.onnx"
    to_file(Pointers(reader), seen, middle, POINTER_INPUTS, POINTER_OUTPUTS, axes)
    to_bytes_file(middle, out / "pointers.onnx", limits_of(middle, pointer_feeds(windows)))
    middle.unlink()


def pointer_feeds(windows: Sequence[Window]) -> Iterator[dict[str, NDArray]]:
    for one in windows:
        numbers = one.lesson.numbers().numpy()
        for own in (own for own in one.lesson.looks if own.asked):
            tables = [table[own.words].astype(np.float32) for table in (one.vectors, one.told)]
            asked = np.array([own.words.index(word) for word in own.asked])
            yield dict(zip(POINTER_INPUTS, [*tables, numbers[own.words], asked], strict=True))


def limit(sizes: NDArray[np.float32]) -> float:
    """From the largest value of each row: the largest of all with ten per cent of room, unless [SEP] holds ten times what words do."""
    median, most = float(np.median(sizes)), float(sizes.max())
    return 1.1 * most if most <= OUTLYING * median else KEPT * median


def with_byte_table(encoder: Encoder) -> None:
    encoder.words = ByteEmbedding(encoder.words.weight.detach())


def export_windows(saved: Mapping[str, Tensor], stories: Sequence[Story], data: Path, out: Path) -> None:
    classes = json.loads((out / "labels.json").read_text(encoding="utf-8"))
    reader = WindowReader(len(classes["claims"]), len(classes["roles"]))
    reader.load_state_dict(saved)
    to_pointers_file(reader.eval(), out, [one for n, story in enumerate(stories) for one in variants((story, data, n))])


def export_claims(saved: Mapping[str, Tensor], stories: Sequence[Story], out: Path) -> None:
    """claims.onnx on the model.onnx that is there; these reports set its scales."""
    classes = json.loads((out / "labels.json").read_text(encoding="utf-8"))
    claims = ClaimReader(len(classes["claims"]), len(classes["roles"]))
    claims.load_state_dict(saved)
    middle = out / "float.onnx"
    to_claims_file(claims.eval(), middle)
    to_bytes_file(middle, out / "claims.onnx", limits_of(middle, shared_feeds(stories)))
    middle.unlink()
    encoder.model.cache_clear()  # what follows reads with the new file


def shared_feeds(stories: Sequence[Story]) -> Iterator[dict[str, NDArray]]:
    for story in stories:
        sentences = [sentence.words for sentence in story.sentences]
        for numbers in encoder.batches([encoder.size(words) for words in sentences]):
            rows = [encoder.row(sentences[i]) for i in numbers]
            yield claims_feed(encoder.run(rows, ["below"])["below"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, required=True, help="folder with bare.pt, claims.pt and labels.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="the data folder: a few training sentences and reports set the scales")
    parser.add_argument("--float", type=Path, default=None, help="also keep the float graphs in this folder, for comparison")
    parser.add_argument("--encoder", type=Path, default=None, help="folder with tokenizer.json (default: the package's)")
    parser.add_argument("--keep", action="store_true", help="leave claims.onnx as it is in OUT")
    parser.add_argument("--windows", default=None, help="pointers.onnx alone, from this checkpoint in RUNS")
    parser.add_argument("--together", action="store_true", help="claims.onnx and pointers.onnx alone, from together.pt (KHABAR_MODEL=OUT)")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.windows or args.together:
        saved = torch.load(args.runs / ("together.pt" if args.together else args.windows), weights_only=True)
        stories = list(islice(annotated(args.data), REPORTS))
        if args.together:
            export_claims(saved["reader"], stories, args.out)
        return export_windows(saved["windows" if args.together else "reader"], stories, args.data, args.out)
    reader, claims, classes = load_readers(args.runs, keep=args.keep)
    root = classes["labels"].index("root")
    if args.float:
        to_float_files(reader, claims, args.float, root=root)
    with_byte_table(reader.encoder)
    batches = Batches(Classes(**classes), word_pieces(bare_tokenizer(args.encoder or package_folder())))
    sentences, reports = gum_part(args.data, "train"), [] if args.keep else [story.sentences for story in annotated(args.data)]
    for group in (sentences, reports):
        random.Random(0).shuffle(group)
    to_bytes_files(reader, claims, args.out, batches, sentences[:CALIBRATION], reports[:REPORTS], root=root)
    (args.out / "labels.json").write_text(json.dumps(classes, indent=0) + "\n", encoding="utf-8")
    shutil.copy((args.encoder or package_folder()) / "tokenizer.json", args.out / "tokenizer.json")


if __name__ == "__main__":
    main()
