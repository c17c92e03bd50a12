"""the shipped files → a checkpoint of the reading model, to go on from where there is none.

    python shipped.py --out RUNS

Products come out of their 8 bits as they are used, so the checkpoint reads as the files do, but for the rounding of what is multiplied.
Writes `RUNS/all.pt` and `RUNS/labels.json`; what reads claims stays in its files (`export.py --keep`).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from network import MIXED_LAYERS, Reader, Sizes

SHIPPED = Path(__file__).parent.parent / "src/khabar/models/english"
PREFIX = "reader."
KIND, MIX = "onnx::Add_", "onnx::Mul_"  # the tables that the exporter names itself, but for those of products


def reader_of(folder: Path) -> Reader:
    classes = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    reader = Reader(Sizes(*(len(classes[name]) for name in Sizes.__annotations__)))
    found: dict[str, np.ndarray] = {}
    for name in ("model.onnx", "arclabels.onnx"):
        graph = onnx.load(str(folder / name)).graph
        tables = {table.name: numpy_helper.to_array(table) for table in graph.initializer}
        found |= {name.removeprefix(PREFIX): table for name, table in tables.items() if name.startswith(PREFIX)}
        for node in (node for node in graph.node if node.op_type == "MatMulIntegerToFloat"):
            weights = tables[node.input[1]].astype(np.float32) * tables[node.input[3]]
            bias = node.input[6] if len(node.input) > 6 else ""
            found |= {bias.removeprefix(PREFIX).removesuffix("bias") + "weight": weights.T} if bias else {"arc": weights}
        if name == "model.onnx":
            kind = next(table for name, table in tables.items() if name.startswith(KIND))
            mix = [table for name, table in sorted(tables.items()) if name.startswith(MIX)]
            assert len(mix) == MIXED_LAYERS, f"{folder / name}: {len(mix)} weights of layers found, {MIXED_LAYERS} expected"
            found |= {"encoder.kinds.weight": np.stack([kind, kind]), "mix": np.log(np.array(mix, np.float32))}
    found["encoder.words.weight"] = found["encoder.words.bytes"].astype(np.float32) * found["encoder.words.scale"]
    reader.load_state_dict({name: torch.tensor(found[name]) for name in reader.state_dict()})
    return reader.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="folder with the files (default: those of the package)")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save({"reader": reader_of(args.model).state_dict()}, args.out / "all.pt")
    shutil.copy(args.model / "labels.json", args.out / "labels.json")


if __name__ == "__main__":
    main()
