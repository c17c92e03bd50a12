"""annotated reports, and the reading model → the model that reads claims.

    python train_claims.py --data DATA --out RUNS --epochs 8

Goes on from `RUNS/bare.pt`, of which it takes the lower layers as they are, and its own last checkpoint, `RUNS/claims.pt`. Words learn to
be triggers of claims, and to fill roles, each by itself; and from every trigger one softmax over the words of a window of the report, and
nobody, learns who does it, who suffers it, and where, and another over words and ways when.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from annotated import Story, annotated, renamed
from augment import load_names
from claimreader import ClaimReader, Pointer, pair_marks
from khabar.storywindows import BY_TIME, STORY, UNTIMED, windows
from khabar.subwords import word_pieces
from network import SHARED, Encoder, Reader
from train import Batches, Classes, bare_tokenizer, package_folder, rate

LAYER_RATE, HEAD_RATE, FAR_RATE = 1e-4, 1e-3, 1e-2
BATCH = 3000  # sub-words of a step
WEIGHTS = {"triggers": 12.0, "roles": 6.0, "story": 0.6, "times": 0.2}
WRITTEN = re.compile(r"[wx][a-z]-")  # ids of the reports written for this project; the real ones, which are few, are gone over twice
ONE_IN = 6  # reports that one fold leaves out
LONGEST = 300  # sub-words; a longer sentence is none, as a rule, and is left out
At = tuple[int, int]  # sentence, word


@dataclass(frozen=True)
class Choices:
    """What is to be chosen from words of a window among its words, and what is told of no word. Numbers are of `Look.asked`, of STORY (of
    times 0), of choices and options."""

    asked: list[int]
    role: list[int]
    right: list[tuple[int, int]]  # choice, option
    alike: list[tuple[int, int]]  # as good: neither right nor wrong


@dataclass(frozen=True)
class Look:
    """One window: its words, those of them from which it is asked, and what is chosen."""

    words: list[int]
    asked: list[int]
    story: Choices
    times: Choices


@dataclass(frozen=True)
class Lesson:
    """One report: the sub-words of its sentences, and what is known of its words, which are counted through the report."""

    ids: list[list[int]]
    shapes: list[list[int]]
    first: list[list[int]]  # each word's first sub-word, in its sentence
    triggers: Tensor  # (words, kinds): 1, 0, and -1 for what is unknown
    asked: list[int]  # words whose roles are known
    pairs: Tensor  # (pairs, 3): which of `asked`, role, a word of its sentence
    filled: Tensor  # (pairs): does the word fill the role?
    looks: list[Look]

    def __len__(self) -> int:
        return sum(map(len, self.ids))

    def numbers(self) -> Tensor:
        """Of each word's sentence."""
        return torch.tensor([k for k, own in enumerate(self.first) for _ in own])


def lesson(story: Story, batches: Batches) -> Lesson:
    kept = [k for k, sentence in enumerate(story.sentences) if batches.length(sentence) <= LONGEST]
    rows = [batches.row(story.sentences[k]) for k in kept]
    words = {(k, i): n for n, (k, i) in enumerate((k, i) for k in kept for i in range(len(story.sentences[k].words)))}
    kinds, names = batches.numbers["claims"], batches.numbers["roles"]
    triggers = torch.full((len(words), len(kinds)), -1.0)
    for k in kept:
        for i, found in enumerate(story.sentences[k].triggers):
            if found is not None:
                triggers[words[k, i]] = 0.0
                triggers[words[k, i], [kinds[kind] for kind in ("any", *found) if found and kind in kinds]] = 1.0
    roles = [(k, role) for k in kept for role in story.sentences[k].roles]
    asked = sorted({words[k, role.trigger] for k, role in roles})
    place = {word: n for n, word in enumerate(asked)}
    pairs = [
        (place[words[k, role.trigger]], names[role.name], words[k, i], i in role.fillers)
        for k, role in roles
        for i in range(len(story.sentences[k].words))
    ]
    table = torch.tensor(pairs, dtype=torch.int64).reshape(-1, 4)
    looks = []
    for window in windows([len(row["ids"]) for row in rows]):
        own, seen = ([(kept[n], i) for n in group for i in range(len(rows[n]["first"]))] for group in (window.own, window.all))
        looks.append(look(story, set(own), seen, words))
    ids, shapes, first = ([row[name] for row in rows] for name in ("ids", "shapes", "first"))
    return Lesson(ids, shapes, first, triggers, asked, table[:, :3], table[:, 3].float(), looks)


def look(story: Story, own: set[At], seen: list[At], words: dict[At, int]) -> Look:
    """Choices of which the right one is outside the window are left out."""
    place = {at: n for n, at in enumerate(seen)}
    links = [link for link in story.links if link.trigger in own and (not link.fillers or any(at in place for at in link.fillers))]
    people = [[1 + place[at] for at in link.fillers if at in place] or [0] for link in links]
    alike = [[1 + place[at] for at in link.alike if at in place] for link in links]
    datings = [dating for dating in story.datings if dating.trigger in own]
    times = [
        [UNTIMED.index(way) for way in dating.untimed]
        + [len(UNTIMED) + BY_TIME.index(way) * len(seen) + place[at] for way, at in dating.timed if at in place]
        for dating in datings
    ]
    datings, times = [dating for dating, right in zip(datings, times, strict=True) if right], [right for right in times if right]
    asked = sorted({words[told.trigger] for told in (*links, *datings)})
    number = {word: n for n, word in enumerate(asked)}
    return Look(
        [words[at] for at in seen],
        asked,
        Choices([number[words[link.trigger]] for link in links], [STORY.index(link.role) for link in links], flat(people), flat(alike)),
        Choices([number[words[dating.trigger]] for dating in datings], [0] * len(datings), flat(times), []),
    )


def flat(options: list[list[int]]) -> list[tuple[int, int]]:
    return [(choice, option) for choice, own in enumerate(options) for option in own]


@torch.no_grad()
def below(encoder: Encoder, ids: Tensor, shapes: Tensor) -> Tensor:
    """(sub-words, width): what the layers give that claims and all else have in common."""
    return encoder(ids, shapes, layers=SHARED)[-1][ids > 0]


def vectors(reader: ClaimReader, encoder: Encoder, group: Sequence[Lesson]) -> list[Tensor]:
    """Of each report the (words, width)."""
    sentences = [pair for one in group for pair in zip(one.ids, one.shapes, one.first, strict=True)]
    ids, shapes = (padded([sentence[n] for sentence in sentences]) for n in (0, 1))
    sizes = torch.tensor([len(own) for own, _, _ in sentences])
    begins = torch.cumsum(sizes, 0) - sizes
    real = ids > 0
    grid = torch.where(real, begins[:, None] + torch.arange(ids.shape[1])[None], -1)
    words = torch.tensor([int(begin) + at for begin, (_, _, first) in zip(begins, sentences, strict=True) for at in first])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = reader.vectors(below(encoder, ids, shapes), grid, real.flatten().nonzero()[:, 0], words).float()
    return list(found.split([sum(map(len, one.first)) for one in group]))


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    widest = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (widest - len(row))] for row in rows])


def losses(reader: ClaimReader, encoder: Encoder, group: Sequence[Lesson]) -> dict[str, Tensor]:
    """The mean loss of each part over the words, pairs and claims of some reports."""
    sums: dict[str, list[Tensor]] = {name: [torch.zeros(0)] for name in WEIGHTS}
    for one, found in zip(group, vectors(reader, encoder, group), strict=True):
        words = reader.dropout(found)
        sums["triggers"].append(trigger_loss(reader, one, words))
        if one.asked:
            sums["roles"].append(role_loss(reader.role, one, words))
        for seen, choices, likely in looked(reader, one, words):
            sums[seen].append(missed(likely, choices))
    return {name: torch.cat(parts).sum() / max(1, sum(map(len, parts))) for name, parts in sums.items()}


def trigger_loss(reader: ClaimReader, one: Lesson, words: Tensor) -> Tensor:
    known = one.triggers >= 0
    return F.binary_cross_entropy_with_logits(reader.triggers(words)[known], one.triggers[known], reduction="none")


def role_loss(role: Pointer, one: Lesson, words: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(role(words[one.asked], words)[tuple(one.pairs.T)], one.filled, reduction="none")


def looked(reader: ClaimReader, one: Lesson, words: Tensor) -> Iterator[tuple[str, Choices, Tensor]]:
    """The choices of each window, of who and where and of when, with the scores (choices, options)."""
    numbers = one.numbers()
    for own in (own for own in one.looks if own.asked):
        _, story, times = reader.pointed(words[own.asked], words[own.words], pair_marks(numbers[own.asked], numbers[own.words]))
        yield "story", own.story, story[own.story.asked, own.story.role]
        yield "times", own.times, times[own.times.asked]


def missed(scores: Tensor, choices: Choices) -> Tensor:
    """(choices): how little of the softmax, of which what is as good has no part, lies on what is right."""
    right, kept = (marked(scores, options) for options in (choices.right, choices.alike))
    kept = ~kept | right
    return torch.logsumexp(scores.masked_fill(~kept, -1e4), -1) - torch.logsumexp(scores.masked_fill(~right, -1e4), -1)


def marked(scores: Tensor, options: list[tuple[int, int]]) -> Tensor:
    marks = torch.zeros(scores.shape, dtype=torch.bool)
    if options:
        marks[tuple(torch.tensor(options).T)] = True
    return marks


@torch.no_grad()
def check(reader: ClaimReader, encoder: Encoder, stories: Sequence[Story], batches: Batches) -> str:
    """Of reports left out: triggers at even odds; in how many claims the likeliest is right, by where the right one stands."""
    reader.eval()
    hits = wanted = found = 0
    choices: list[tuple[str, Choices, Tensor]] = []
    for one in (lesson(story, batches) for story in stories):
        [words] = vectors(reader, encoder, [one])
        likely, labels = reader.triggers(words)[:, 1:], one.triggers[:, 1:]
        hits, wanted = hits + int(((likely > 0) & (labels == 1)).sum()), wanted + int((labels == 1).sum())
        found += int(((likely > 0) & (labels >= 0)).sum())
        choices += looked(reader, one, words)
    reader.train()
    return f"triggers P {hits / max(1, found):.3f} R {hits / max(1, wanted):.3f} n {wanted}; {check_choices(choices)}"


def check_choices(looked: Iterable[tuple[str, Choices, Tensor]]) -> str:
    """In how many choices the likeliest is right, by role, and by whether the right one is told."""
    flags: dict[str, list[bool]] = {}
    for seen, choices, likely in looked:
        right = marked(likely, choices.right)
        untold = right[:, : 1 if seen == "story" else len(UNTIMED)].any(-1).tolist()
        hit = right[torch.arange(len(right)), likely.argmax(-1)].tolist()
        for role, nobody, is_hit in zip(choices.role, untold, hit, strict=True):
            name = f"{STORY[role] if seen == 'story' else 'times'} {'untold' if nobody else 'told'}"
            flags.setdefault(name, []).append(is_hit)
    return "; ".join(f"{name} {sum(own) / len(own):.2f} n {len(own)}" for name, own in sorted(flags.items()))


def train(
    reader: ClaimReader, encoder: Encoder, stories: list[Story], left_out: list[Story], batches: Batches, args: argparse.Namespace
) -> None:
    path, first, step = args.out / "claims.pt", 0, 0
    layers = [*reader.layers.parameters(), reader.mix]
    far = [reader.story.far, reader.time.far]
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
        batched = batches_of([lesson(renamed(story, names), batches) for story in stories], names.dice)
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
    """As many reports as a step takes, in random order."""
    groups: list[list[Lesson]] = [[]]
    for one in dice.sample(found, len(found)):
        if groups[-1] and sum(map(len, groups[-1])) + len(one) > BATCH:
            groups.append([])
        groups[-1].append(one)
    return groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with claims_train/, gazetteer/ and actors/")
    parser.add_argument("--out", type=Path, required=True, help="where bare.pt and labels.json are, and checkpoints go")
    parser.add_argument("--fold", type=int, default=None, help=f"leave out this part of the reports, 0 to {ONE_IN - 1}")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    classes = Classes(**json.loads((args.out / "labels.json").read_text(encoding="utf-8")))
    base = Reader(classes.sizes())
    base.load_state_dict(torch.load(args.out / "bare.pt", weights_only=True)["reader"])
    reader = ClaimReader(len(classes.claims), len(classes.roles))
    reader.start_from(base)
    stories = list(annotated(args.data))
    left_out = [s for n, s in enumerate(stories) if args.fold is not None and n % ONE_IN == args.fold]
    learnt = [s for s in stories if s not in left_out]
    train(reader.train(), base.encoder.eval(), learnt, left_out, Batches(classes, word_pieces(bare_tokenizer(package_folder()))), args)


if __name__ == "__main__":
    main()
