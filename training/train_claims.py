"""annotated reports, and the reading model → the model that reads claims.

    python train_claims.py --data DATA --out RUNS --epochs 8

Goes on from `RUNS/all.pt`, of which it takes the lower layers as they are, and its own last checkpoint, `RUNS/claims.pt`. Words learn to
be triggers of claims, and to fill roles, each by itself; and from every trigger one softmax over the words of a window of the report, and
nobody, learns who does it, who suffers it, and where.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from annotated import Link, Story, annotated, renamed
from augment import load_names
from claimreader import ClaimReader
from khabar.storywindows import STORY, Window, inputs, windows
from khabar.subwords import word_pieces
from network import SHARED, Encoder, Reader
from train import Batches, Classes, bare_tokenizer, package_folder, rate

LAYER_RATE, HEAD_RATE, FAR_RATE = 1e-4, 1e-3, 1e-2
BATCH = 3000  # sub-words of the windows of a step
WEIGHTS = {"triggers": 12.0, "roles": 6.0, "story": 0.6}
WRITTEN = re.compile(r"w[a-z]-")  # ids of the reports written for this project; the real ones, which are few, are gone over twice
ONE_IN = 6  # reports that one fold leaves out


@dataclass(frozen=True)
class Lesson:
    """One window: the sub-words of its sentences, what the graph is told of them, and what is known of its words."""

    ids: list[list[int]]
    shapes: list[list[int]]
    inputs: dict[str, Tensor]
    triggers: Tensor  # (asked, kinds): 1, 0, and -1 for what is unknown
    roles: list[tuple[int, int, range, list[int]]]  # asked word, role, the words of its sentence, those of them that fill it
    links: list[tuple[int, int, list[int], list[int]]]  # asked word, role, words that fill it (none: nobody), words that may as well

    def __len__(self) -> int:
        return sum(map(len, self.ids))


def lessons(story: Story, batches: Batches) -> Iterator[Lesson]:
    rows = [batches.row(sentence) for sentence in story.sentences]
    for window in windows([len(row["ids"]) for row in rows]):
        told = inputs(window, {k: len(rows[k]["ids"]) for k in window.all}, {k: rows[k]["first"] for k in window.all})
        if len(told["asked"]):
            yield lesson(story, window, rows, {name: torch.from_numpy(values) for name, values in told.items()}, batches)


def lesson(story: Story, window: Window, rows: Sequence[dict], told: dict[str, Tensor], batches: Batches) -> Lesson:
    words = {(k, i): n for n, (k, i) in enumerate((k, i) for k in window.all for i in range(len(story.sentences[k].words)))}
    asked = {at: n for n, at in enumerate((k, i) for k in window.own for i in range(len(story.sentences[k].words)))}
    kinds, names = batches.numbers["claims"], batches.numbers["roles"]
    triggers, roles = torch.full((len(asked), len(kinds)), -1.0), []
    for k in window.own:
        sentence = story.sentences[k]
        own = range(words[k, 0], words[k, 0] + len(sentence.words))
        for i, found in enumerate(sentence.triggers):
            if found is not None:
                triggers[asked[k, i]] = 0.0
                triggers[asked[k, i], [kinds[kind] for kind in ("any", *found) if found and kind in kinds]] = 1.0
        roles += [(asked[k, r.trigger], names[r.name], own, [own[f] for f in r.fillers]) for r in sentence.roles]
    links = [seen for link in story.links if link.trigger in asked and (seen := in_window(link, asked, words))]
    ids, shapes = ([rows[k][name] for k in window.all] for name in ("ids", "shapes"))
    return Lesson(ids, shapes, told, triggers, roles, links)


def in_window(link: Link, asked: dict, words: dict) -> tuple[int, int, list[int], list[int]] | None:
    """None where whoever fills the role is outside the window."""
    right, alike = ([words[at] for at in group if at in words] for group in (link.fillers, link.alike))
    return (asked[link.trigger], STORY.index(link.role), right, alike) if right or not link.fillers else None


@torch.no_grad()
def below(encoder: Encoder, group: Sequence[Lesson]) -> Tensor:
    """(sub-words of all windows, width): what the layers give that claims and all else have in common."""
    found = []
    for one in group:
        widest = max(map(len, one.ids))
        ids, shapes = (torch.tensor([row + [0] * (widest - len(row)) for row in rows]) for rows in (one.ids, one.shapes))
        found.append(encoder(ids, shapes, layers=SHARED)[-1][ids > 0])
    return torch.cat(found)


def scores(reader: ClaimReader, encoder: Encoder, group: Sequence[Lesson]) -> Iterator[tuple[Lesson, Tensor]]:
    """The vectors of each window's words."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rows = reader.vectors(below(encoder, group), [(one.inputs["sentences"], one.inputs["numbers"]) for one in group])
    for one, own in zip(group, rows.float().split([len(one) for one in group]), strict=True):
        yield one, reader.dropout(own[one.inputs["first"]])


def losses(reader: ClaimReader, encoder: Encoder, group: Sequence[Lesson]) -> dict[str, Tensor]:
    """The mean loss of each part over the words, pairs and claims of some windows."""
    sums: dict[str, list[Tensor]] = {name: [torch.zeros(0)] for name in WEIGHTS}
    for one, words in scores(reader, encoder, group):
        asked = one.inputs["asked"]
        known = one.triggers >= 0
        sums["triggers"].append(
            F.binary_cross_entropy_with_logits(reader.trigger(words[asked])[known], one.triggers[known], reduction="none")
        )
        if one.roles:
            at = sorted({role[0] for role in one.roles})
            found = reader.roles(words, asked[at])
            for trigger, role, own, right in one.roles:
                wanted = torch.zeros(len(own))
                wanted[[i - own.start for i in right]] = 1.0
                row = found[at.index(trigger), role, own.start : own.stop]
                sums["roles"].append(F.binary_cross_entropy_with_logits(row, wanted, reduction="none"))
        if one.links:
            at = sorted({link[0] for link in one.links})
            likely = reader.story(words, one.inputs["numbers"][one.inputs["sentences"][one.inputs["first"]]], asked[at])
            sums["story"] += [missed(likely[at.index(trigger), role], right, alike)[None] for trigger, role, right, alike in one.links]
    return {name: torch.cat(parts).sum() / max(1, sum(map(len, parts))) for name, parts in sums.items()}


def missed(row: Tensor, right: list[int], alike: list[int]) -> Tensor:
    """How little of the softmax, of which what is `alike` has no part, lies on the right words, or on nobody where there are none."""
    wanted = [1 + i for i in right] or [0]
    kept = torch.ones(len(row), dtype=torch.bool)
    kept[[1 + i for i in alike if 1 + i not in wanted]] = False
    return torch.logsumexp(row[kept], 0) - torch.logsumexp(row[wanted], 0)


@torch.no_grad()
def check(reader: ClaimReader, encoder: Encoder, stories: Sequence[Story], batches: Batches) -> str:
    """Of reports left out: triggers at even odds; of each role in how many claims the likeliest is right, by where the right one stands."""
    reader.eval()
    hits = wanted = found = 0
    right: dict[str, list[bool]] = {}
    for one in (one for story in stories for one in lessons(story, batches)):
        (_, words), asked = next(scores(reader, encoder, [one])), one.inputs["asked"]
        likely, labels = reader.trigger(words[asked])[:, 1:], one.triggers[:, 1:]
        hits, wanted = hits + int(((likely > 0) & (labels == 1)).sum()), wanted + int((labels == 1).sum())
        found += int(((likely > 0) & (labels >= 0)).sum())
        sentence = one.inputs["numbers"][one.inputs["sentences"][one.inputs["first"]]]
        pointed = reader.story(words, sentence, asked).argmax(-1)
        for trigger, role, fillers, _ in one.links:
            here = any(sentence[i] == sentence[asked[trigger]] for i in fillers)
            name = f"{STORY[role]} {'here' if here else 'elsewhere' if fillers else 'nobody'}"
            right.setdefault(name, []).append(int(pointed[trigger, role]) - 1 in (fillers or [-1]))
    reader.train()
    told = "; ".join(f"{name} {sum(flags) / len(flags):.2f} n {len(flags)}" for name, flags in sorted(right.items()))
    return f"triggers P {hits / max(1, found):.3f} R {hits / max(1, wanted):.3f} n {wanted}; {told}"


def train(
    reader: ClaimReader, encoder: Encoder, stories: list[Story], left_out: list[Story], batches: Batches, args: argparse.Namespace
) -> None:
    path, first, step = args.out / "claims.pt", 0, 0
    layers = [*reader.layers.parameters(), reader.mix]
    far = [reader.far, reader.st_far]
    slow = {id(p) for p in (*layers, *far)}
    heads = [p for p in reader.parameters() if id(p) not in slow]
    groups = [{"params": p, "lr": r, "initial_lr": r} for p, r in ((layers, LAYER_RATE), (heads, HEAD_RATE), (far, FAR_RATE))]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    if path.exists():
        saved = torch.load(path, weights_only=True)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        first, step = saved["epoch"], saved["step"]
    stories = stories + [story for story in stories if not WRITTEN.match(story.id)]
    for epoch in range(first, args.epochs):
        names = load_names(args.data, random.Random(args.seed * 1000 + epoch))
        batched = batches_of([one for story in stories for one in lessons(renamed(story, names), batches)], names.dice)
        began, sums = time.time(), dict.fromkeys(WEIGHTS, 0.0)
        for number, group in enumerate(batched, 1):
            for place in optimizer.param_groups:
                place["lr"] = place["initial_lr"] * rate(min(step, len(batched) * args.epochs - 1), len(batched) * args.epochs)
            parts = losses(reader, encoder, group)
            optimizer.zero_grad()
            sum(WEIGHTS[name] * part for name, part in parts.items()).backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            step += 1
            sums = {name: value + float(parts[name].detach()) for name, value in sums.items()}
            if number % 25 == 0:
                shown = " ".join(f"{name} {value / number:.4f}" for name, value in sums.items())
                print(f"  {number}/{len(batched)} {time.time() - began:.0f}s {shown}", flush=True)
        torch.save({"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1, "step": step}, path)
        print(f"epoch {epoch + 1}: {check(reader, encoder, left_out, batches) if left_out else 'no report left out'}", flush=True)


def batches_of(found: list[Lesson], dice: random.Random) -> list[list[Lesson]]:
    """Windows of like size together, in random order."""
    groups: list[list[Lesson]] = [[]]
    for one in sorted(found, key=lambda one: len(one) + dice.uniform(0, 40)):
        if groups[-1] and sum(map(len, groups[-1])) + len(one) > BATCH:
            groups.append([])
        groups[-1].append(one)
    dice.shuffle(groups)
    return groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with claims_train/, gazetteer/ and actors/")
    parser.add_argument("--out", type=Path, required=True, help="where all.pt and labels.json are, and checkpoints go")
    parser.add_argument("--fold", type=int, default=None, help=f"leave out this part of the reports, 0 to {ONE_IN - 1}")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    classes = Classes(**json.loads((args.out / "labels.json").read_text(encoding="utf-8")))
    base = Reader(classes.sizes())
    base.load_state_dict(torch.load(args.out / "all.pt", weights_only=True)["reader"])
    reader = ClaimReader(len(classes.claims), len(classes.roles))
    reader.start_from(base)
    stories = list(annotated(args.data))
    left_out = [s for n, s in enumerate(stories) if args.fold is not None and n % ONE_IN == args.fold]
    learnt = [s for s in stories if s not in left_out]
    train(reader.train(), base.encoder.eval(), learnt, left_out, Batches(classes, word_pieces(bare_tokenizer(package_folder()))), args)


if __name__ == "__main__":
    main()
