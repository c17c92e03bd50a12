"""model.onnx on padded sentences → model.onnx that does all but attention on one row for each sub-word, to the same bits.

    python packed.py MODEL.onnx

Each row of a product, a norm or a GELU depends on that row alone, so padding is left out of them. Of the last layers, which are read at
words only, what stands behind attention is done on words only. It is the last step of an export: the scales are those of padded rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper

from network import LAYERS, WIDTH

STACKS = {"/encoder/layers": LAYERS}
EMBEDDED = "/encoder/norm/LayerNormalization_output_0"
PADDING = "/encoder/Equal_output_0"
WORDS = "/Concat_output_0"  # of each sentence 0, and the first sub-word of each word
THIRDS = {"Slice_output_0": "query", "Slice_1_output_0": "key", "Slice_2_output_0": "value"}
BELOW = "below"  # an output: of all sub-words, no more of each sentence apart
CONSTANTS = {"wide": [-1, WIDTH], "flat": [-1], "axis": [1], "zero": 0, "one": 1, "two": 2, "three": 3}


def packed(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model itself, its graph rewritten; what nothing asks for any more is left out."""
    graph = model.graph
    graph.initializer.extend(numpy_helper.from_array(np.array(value, np.int64), name) for name, value in CONSTANTS.items())
    makers = {output: node for node in graph.node for output in node.output}
    early = sources(WORDS, makers)
    nodes: list[NodeProto] = []
    for node in graph.node:
        if not any(node is other for other in early):
            nodes += rewritten(node)
        if node.output[0] == PADDING:
            nodes += [*early, *numbers()]
    wanted = {output.name for output in graph.output}
    kept = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            wanted.update(node.input)
            kept.append(node)
    tables = [table for table in graph.initializer if table.name in wanted]
    for output in graph.output:
        if output.name == BELOW:
            output.CopyFrom(helper.make_tensor_value_info(BELOW, onnx.TensorProto.FLOAT, ["pieces", WIDTH]))
    del graph.node[:], graph.initializer[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(tables)
    return model


def sources(name: str, makers: dict[str, NodeProto]) -> list[NodeProto]:
    """The nodes that a value is made by, in their order."""
    node = makers.get(name)
    if node is None:
        return []
    before = [maker for given in node.input for maker in sources(given, makers)]
    return [*before, node]


def made(kind: str, inputs: list[str], output: str, **attributes: int) -> NodeProto:
    return helper.make_node(kind, inputs, [output], name=f"packed/{output}", **attributes)


def numbers() -> list[NodeProto]:
    """`real`: places of all sub-words that are no padding; `query`, `key`, `value` (sentences, pieces): rows of thirds, at padding those of
    the sub-word before it; `places`, `rows` (sentences, 1 + words): of words among all places, and among all sub-words."""
    return [
        made("Not", [PADDING], "is_real"),
        made("Cast", ["is_real"], "counted", to=onnx.TensorProto.INT64),
        made("Reshape", ["counted", "flat"], "in_a_row"),
        made("NonZero", ["in_a_row"], "found"),
        made("Reshape", ["found", "flat"], "real"),
        made("CumSum", ["in_a_row", "zero"], "so_far"),
        made("Sub", ["so_far", "one"], "numbered"),
        made("Shape", ["ids"], "size"),
        made("Reshape", ["numbered", "size"], "spread"),
        made("Mul", ["spread", "three"], "query"),
        made("Add", ["query", "one"], "key"),
        made("Add", ["query", "two"], "value"),
        made("Gather", ["size", "zero"], "sentences_in_all"),
        made("Gather", ["size", "one"], "pieces_in_each"),
        made("Range", ["zero", "sentences_in_all", "one"], "sentence"),
        made("Mul", ["sentence", "pieces_in_each"], "begins"),
        made("Unsqueeze", ["begins", "axis"], "offset"),
        made("Add", [WORDS, "offset"], "places"),
        made("Gather", ["numbered", "places"], "rows"),
    ]


def rewritten(node: NodeProto) -> Iterator[NodeProto]:
    """The nodes in place of one; behind the last layers rows are those of words, elsewhere those of sub-words."""
    output = node.output[0]
    stack = next((name for name in STACKS if output.startswith(f"{name}.")), "")
    number, _, part = output[len(stack) + 1 :].partition("/")
    last = bool(stack) and int(number) == STACKS[stack] - 1
    if output == EMBEDDED:
        node.output[0] = "embedded"
        yield node
        yield made("Reshape", ["embedded", "wide"], "embedded_rows")
        yield made("Gather", ["embedded_rows", "real"], output)
    elif stack and part in THIRDS:
        if part == "Slice_output_0":
            yield made("Reshape", [node.input[0], "wide"], f"{stack}.{number}/thirds")
        yield made("Gather", [f"{stack}.{number}/thirds", THIRDS[part]], output)
    elif stack and part == "Reshape_3_output_0":  # the heads joined
        yield made("Reshape", [node.input[0], "wide"], f"{output}_wide")
        yield made("Gather", [f"{output}_wide", "places" if last else "real"], output)
    elif node.op_type == "GatherElements":  # the words, which are all that is there by now
        yield made("Identity", [node.input[0]], output)
    else:
        if (last and part == "Add_2_output_0") or (not stack and node.op_type == "Mul" and is_below_last(node.input[0])):
            yield made("Gather", [node.input[0], "rows"], f"{output}_words")
            node.input[0] = f"{output}_words"
        yield node


def is_below_last(name: str) -> bool:
    """Is it what a layer gives that another one of its stack follows?"""
    outputs = {f"{stack}.{k}/norm/LayerNormalization_output_0" for stack, size in STACKS.items() for k in range(size - 1)}
    return name in outputs


def unlike(one: onnx.ModelProto, other: onnx.ModelProto) -> list[str]:
    """Outputs that differ in any bit for words of invented sentences of unlike length."""
    sessions = [onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]) for model in (one, other)]
    names = [output.name for output in one.graph.output]
    chance = np.random.default_rng(1)
    found: set[str] = set()
    for width in (8, 24, 56):
        lengths = np.array([width, width - 1, width - 3, width - 7])
        ids = np.where(np.arange(width) < lengths[:, None], chance.integers(1000, 30000, (4, width)), 0)
        words = np.maximum(lengths - 2, 0)[:, None]
        numbers = np.arange(1, words.max() + 1)
        feed = {"ids": ids, "shapes": chance.integers(0, 8, ids.shape), "first": np.where(numbers <= words, numbers, 0)}
        answers = [dict(zip(names, session.run(names, feed), strict=True)) for session in sessions]
        for name in names:
            pairs = (
                [(answers[0][name][ids > 0], answers[1][name])]
                if name == BELOW
                else [
                    (of_words(name, a, int(n)), of_words(name, b, int(n)))
                    for a, b, n in zip(answers[0][name], answers[1][name], words[:, 0], strict=True)
                ]
            )
            found |= {name for a, b in pairs if not np.array_equal(a, b)}
    return sorted(found)


def of_words(name: str, values: NDArray, words: int) -> NDArray:
    """What an output says of the words of a sentence; of padding it may say anything."""
    return values[:words, : words + 1] if name == "arcs" else values[: words + (name == "parents")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    path = parser.parse_args().model
    new = packed(onnx.load(str(path)))
    if differing := unlike(onnx.load(str(path)), new):
        raise SystemExit(
            f"{path}: {', '.join(differing)} would differ; the graph is not as network.py and export.py make it; left as it was"
        )
    onnx.save(new, str(path))


if __name__ == "__main__":
    main()
