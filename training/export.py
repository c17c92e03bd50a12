"""a checkpoint → model.onnx (int8), tokenizer.json and labels.json, as the reading program loads them.

    python export.py --checkpoint RUNS/all.pt --labels RUNS/labels.json --out ../src/khabar/models/english

Weights are int8 with a scale for each output; activations become 8 bits word by word, each word with a scale of its own. The usual dynamic
int8 has one scale for a whole batch: its scores are twice as far off, and a sentence changes with its neighbours.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from network import Encoder, Reader, Sizes
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn
from train import package_folder

OPSET = 17
INPUTS = ["ids", "shapes", "first", "forced"]
OUTPUTS = ["upos", "xpos", "arcs", "heads", "labels", "entities", "nominals", "starts", "facts"]


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
    """What the file computes: the reader with its arg-maxes; `forced` heads (−1: free) get their labels where a tree had to be mended."""

    def __init__(self, reader: Reader, root: int) -> None:
        super().__init__()
        self.reader = reader
        self.register_buffer("root", torch.arange(reader.sizes.labels) == root)

    def only_root(self, heads: Tensor) -> Tensor:
        """A penalty that leaves `root` to the words whose head is the root, and nothing else to them."""
        return ((heads == 0)[:, :, None] ^ self.root).float() * -1e4

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor, forced: Tensor) -> tuple[Tensor, ...]:
        reader = self.reader
        vectors = reader.vectors(ids, shapes, first)
        words = vectors[:, 1:]
        arcs = reader.arcs(vectors, first)
        free = arcs.argmax(-1)
        heads = torch.where(forced < 0, free, forced)
        labels = (reader.labels(vectors, heads) + self.only_root(heads)).argmax(-1)
        tags = (reader.upos(words).argmax(-1), reader.xpos(words).argmax(-1))
        names = (reader.entities(words), reader.nominals(words).argmax(-1))
        return (*tags, arcs, heads, labels, *names, reader.starts(words)[:, :, 0], reader.fact(words)[:, :, 0])


def load_reader(checkpoint: Path, labels: Path) -> tuple[Reader, dict[str, list[str]]]:
    classes = json.loads(labels.read_text(encoding="utf-8"))
    reader = Reader(Sizes(*(len(names) for names in classes.values())))
    reader.load_state_dict(torch.load(checkpoint, weights_only=True)["reader"])
    return reader.eval(), classes


def to_float_file(reader: Reader, path: Path, *, root: int) -> None:
    """The exporter traces a batch of two sentences of unlike length; every axis but the last stays free."""
    ids = torch.tensor([[101, 2023, 2003, 102], [101, 2023, 102, 0]])
    first = torch.tensor([[1, 2], [1, 0]])
    wide, long = {0: "sentences", 1: "pieces"}, {0: "sentences", 1: "words"}
    axes = {"ids": wide, "shapes": wide, "first": long, "forced": long} | {name: dict(long) for name in OUTPUTS}
    axes["arcs"][2] = "heads"
    inputs = (ids, torch.zeros_like(ids), first, torch.full_like(first, -1))
    torch.onnx.export(Graph(reader, root), inputs, str(path), input_names=INPUTS, output_names=OUTPUTS, dynamic_axes=axes, opset_version=OPSET, dynamo=False)


def to_bytes_file(float_path: Path, path: Path) -> None:
    """Every product with constant weights becomes one of bytes; the rest of the graph stays as it is."""
    model = onnx.load(str(float_path))
    tables = {table.name: table for table in model.graph.initializer}
    bytes_ = Bytes()
    for node in model.graph.node:
        weights = tables.get(node.input[1]) if node.op_type == "MatMul" else None
        if weights is not None and len(weights.dims) == 2:
            bytes_.product(node, numpy_helper.to_array(weights))
        else:
            bytes_.nodes.append(node)
    used = {name for node in bytes_.nodes for name in node.input}
    kept = [table for name, table in tables.items() if name in used] + list(bytes_.tables.values())
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(bytes_.nodes)
    model.graph.initializer.extend(kept)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(path))


class Bytes:
    """The nodes and tables of the quantised graph as they are made."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.tables: dict[str, TensorProto] = {}
        self.rows: dict[str, tuple[str, str]] = {}

    def product(self, node: NodeProto, weights: NDArray[np.float32]) -> None:
        rows, scale = self.quantised(node.input[0])
        name, out = node.input[1] + "_bytes", node.output[0]
        steps = np.maximum(np.abs(weights).max(0), 1e-8).astype(np.float32) / 127
        one, middle = self.table("one", np.float32(1)), self.table("middle", np.uint8(128))
        inputs = [rows, self.table(name, np.round(weights / steps).astype(np.int8)), one, self.table(name + "_steps", steps), middle]
        self.add("MatMulIntegerToFloat", inputs, out + "_unscaled", domain="com.microsoft")
        self.add("Mul", [out + "_unscaled", scale], out)

    def quantised(self, name: str) -> tuple[str, str]:
        """(bytes, scale) of a tensor, one scale a row; made once for each tensor. Signed bytes would be eight times slower in onnxruntime."""
        if name not in self.rows:
            size = self.add("ReduceMax", [self.add("Abs", [name], name + "_size")], name + "_most", axes=[-1], keepdims=1)
            scale = self.add("Add", [self.add("Mul", [size, self.table("step", np.float32(1 / 127))], name + "_step"), self.table("least", np.float32(1e-9))], name + "_scale")
            unit = self.add("Div", [name, scale], name + "_unit")
            rows = self.add("QuantizeLinear", [unit, self.table("one", np.float32(1)), self.table("middle", np.uint8(128))], name + "_rows")
            self.rows[name] = rows, scale
        return self.rows[name]

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def table(self, name: str, values: NDArray | np.generic) -> str:
        self.tables.setdefault(name, numpy_helper.from_array(np.asarray(values), name))
        return name


def with_byte_table(encoder: Encoder) -> None:
    encoder.words = ByteEmbedding(encoder.words.weight.detach())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", type=Path, default=None, help="also keep the float graph here, for comparison")
    parser.add_argument("--encoder", type=Path, default=None, help="folder with tokenizer.json (default: the package's)")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    reader, classes = load_reader(args.checkpoint, args.labels)
    root = classes["labels"].index("root")
    if args.float:
        to_float_file(reader, args.float, root=root)
    with_byte_table(reader.encoder)
    middle = args.out / "middle.onnx"
    to_float_file(reader, middle, root=root)
    to_bytes_file(middle, args.out / "model.onnx")
    middle.unlink()
    (args.out / "labels.json").write_text(json.dumps(classes, indent=0) + "\n", encoding="utf-8")
    shutil.copy((args.encoder or package_folder()) / "tokenizer.json", args.out / "tokenizer.json")


if __name__ == "__main__":
    main()
