"""annotated reports, the layers that read claims and those that look through windows → both, taught together (`together.pt`).

    python train_together.py --data DATA --out RUNS --epochs 3

Goes on from `RUNS/claims.pt` and `RUNS/windows.pt` on what `RUNS/bare.pt` has below them. The stages before taught the windows on vectors
that stayed as they were; here what a window has to tell changes the vectors too. That learns much of the reports by heart, and what comes
out is no better on others than what went in: the mean of the weights before and after is, and that is what is kept.
"""

from __future__ import annotations

import argparse
import json
import math
import pickle
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from annotated import Story, annotated
from claimreader import ClaimReader
from network import Encoder, Reader
from train import Classes
from train_claims import WRITTEN, Lesson, lesson, missed, role_loss, trigger_loss, vectors
from train_windows import batches, looked, of_all, retold
from windowreader import WindowReader

LAYER_RATE, HEAD_RATE, LEAST, WARM, DECAY = 8e-5, 3e-4, 0.03, 100, 0.01
GROUP = 6  # reports of a step, each in one of its variants
REAL = 2  # reports that were not written for this project are gone over so many times
MASKED, OF_REPORTS, MASK = 0.06, 0.6, 103  # of the sub-words of so many of the reports; MiniLM's number for [MASK]
WEIGHTS = {"triggers": 12.0, "roles": 3.0, "story": 1.0, "times": 0.4}
KEPT = 0.5  # of the weights before, in what is kept
SHOWN = 50  # steps from one line of figures to the next


def packed(job: tuple[Story, Path, int]) -> bytes:
    """The lessons of a report's variants (bytes: see train_windows)."""
    return pickle.dumps([lesson(story, batches()) for story in retold(*job)])


def masked(one: Lesson, dice: random.Random) -> Lesson:
    ids = [[MASK if 0 < k < len(own) - 1 and dice.random() < MASKED else id for k, id in enumerate(own)] for own in one.ids]
    return replace(one, ids=ids)


def losses(reader: ClaimReader, windows: WindowReader, encoder: Encoder, group: Sequence[Lesson]) -> dict[str, Tensor]:
    """The mean loss of each part over the words, pairs and claims of some reports."""
    sums: dict[str, list[Tensor]] = {name: [torch.zeros(0)] for name in WEIGHTS}
    whole = nn.Sequential(*(part for part in reader.trigger if not isinstance(part, nn.Dropout)))
    for one, found in zip(group, vectors(reader, encoder, group), strict=True):
        sums["triggers"].append(trigger_loss(reader, one, reader.dropout(found)))
        if one.asked:
            sums["roles"].append(role_loss(windows.role, one, reader.dropout(found)))
        for name, choices, likely in looked(windows, one, found, torch.sigmoid(whole(found))):
            sums[name].append(missed(likely, choices))
    return {name: torch.cat(parts).sum() / max(1, sum(map(len, parts))) for name, parts in sums.items()}


def train(
    reader: ClaimReader, windows: WindowReader, encoder: Encoder, reports: Mapping[str, Sequence[Lesson]], args: argparse.Namespace
) -> None:
    dice = random.Random(args.seed)
    layers, heads = [*reader.layers.parameters(), reader.mix], [*reader.trigger.parameters(), *windows.parameters()]
    rates = [{"params": layers, "initial_lr": LAYER_RATE}, {"params": heads, "initial_lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(rates, lr=LAYER_RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    passed = [own for id, own in reports.items() for _ in range(1 if WRITTEN.match(id) else REAL)]
    steps, step, began = args.epochs * (len(passed) // GROUP), 0, time.time()
    for _ in range(args.epochs):
        order = dice.sample(passed, len(passed))
        for at in range(0, len(order) - GROUP + 1, GROUP):
            for place in optimizer.param_groups:
                falling = LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * step / steps))
                place["lr"] = place["initial_lr"] * min(1.0, (step + 1) / WARM) * falling
            group = [dice.choice(own) for own in order[at : at + GROUP]]
            parts = losses(reader, windows, encoder, [masked(one, dice) if dice.random() < OF_REPORTS else one for one in group])
            optimizer.zero_grad()
            sum(WEIGHTS[name] * part for name, part in parts.items()).backward()
            nn.utils.clip_grad_norm_([*reader.parameters(), *windows.parameters()], 1.0)
            optimizer.step()
            step += 1
            if step % SHOWN == 0:
                shown = " ".join(f"{name} {float(part.detach()):.4f}" for name, part in parts.items())
                print(f"  {step}/{steps} {time.time() - began:.0f}s {shown}", flush=True)


def mean(before: Mapping[str, Tensor], after: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: KEPT * table + (1 - KEPT) * after[name] for name, table in before.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with claims_train/, gazetteer/ and actors/")
    parser.add_argument("--out", type=Path, required=True, help="folder with bare.pt, claims.pt, windows.pt and labels.json")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    stories = list(annotated(args.data))
    lessons = of_all(packed, stories, args)
    torch.set_num_threads(args.threads)
    classes = Classes(**json.loads((args.out / "labels.json").read_text(encoding="utf-8")))
    base = Reader(classes.sizes())
    sizes = len(classes.claims), len(classes.roles)
    reader, windows = ClaimReader(*sizes), WindowReader(*sizes)
    taught = {name: torch.load(args.out / f"{name}.pt", weights_only=True)["reader"] for name in ("bare", "claims", "windows")}
    for part, name in ((base, "bare"), (reader, "claims"), (windows, "windows")):
        part.load_state_dict(taught[name])
    told = {story.id: own for story, own in zip(stories, lessons, strict=True)}
    train(reader.train(), windows.train(), base.encoder.eval(), told, args)
    kept = {"reader": mean(taught["claims"], reader.state_dict()), "windows": mean(taught["windows"], windows.state_dict())}
    torch.save(kept, args.out / "together.pt")


if __name__ == "__main__":
    main()
