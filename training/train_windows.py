"""annotated reports, and the exported model → what looks through a window of a report (`windows.pt`).

    KHABAR_MODEL=FOLDER python train_windows.py --data DATA --out RUNS --epochs 7 [--fold 0]

Reads the reports with model.onnx and claims.onnx as they are shipped, keeps the vectors of their words, and teaches the layers of
`windowreader.py` on them: as the reports are, without commas and quotation marks, and with other names. With `--fold` it leaves out that
part of the written reports and writes `windows0.pt`: `train_choices.py` must see reports read by what has not learnt to point in them.
"""

from __future__ import annotations

import argparse
import math
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from annotated import Story, annotated, bared, renamed
from augment import Names, load_names
from khabar import encoder
from khabar.subwords import word_pieces
from train import Batches, Classes, bare_tokenizer, package_folder
from train_claims import LONGEST, WRITTEN, Choices, Lesson, check_choices, lesson, missed
from windowreader import WindowReader

FOLDS = 2
RATE, LEAST, WARM, DECAY = 8e-4, 0.03, 200, 0.02
GROUP = 6  # reports of a step
VARIANTS = 3  # of each report: as it is, bare, with other names
REAL = 2  # reports that were not written for this project are gone over so many times
WEIGHTS = {"story": 1.0, "times": 0.4}
SHOWN = 200  # steps from one line of figures to the next


def fold_of(report: str) -> int:
    """Of a report, by its id."""
    return crc32(report.encode()) % FOLDS


def is_left_out(report: str, fold: int | None) -> bool:
    return bool(WRITTEN.match(report)) and fold_of(report) == fold


@dataclass(frozen=True)
class Window:
    """A lesson with the vectors of its words, and how likely each makes a claim of a kind; both (words, …), in half precision."""

    report: str
    lesson: Lesson
    vectors: NDArray[np.float16]
    told: NDArray[np.float16]


def variants(job: tuple[Story, Path, int]) -> list[Window]:
    """A report in its variants, as the model of KHABAR_MODEL reads it."""
    return [found for one in retold(*job) if (found := window(one)) is not None]


def retold(story: Story, data: Path, seed: int) -> tuple[Story, ...]:
    """A report as it is, bare, and with other names."""
    names = names_of(data)
    names.dice.seed(seed)
    return story, bared(story), *(renamed(story, names) for _ in range(VARIANTS - 2))


def packed(job: tuple[Story, Path, int]) -> bytes:
    """Tensors of so many reports need more open files than a process may have, were they handed over as such."""
    return pickle.dumps(variants(job))


def of_all(job: Callable[[tuple[Story, Path, int]], bytes], stories: Sequence[Story], args: argparse.Namespace) -> list[Any]:
    """What a job makes of each report, by as many processes as there are threads."""
    with ProcessPoolExecutor(args.threads) as pool:
        jobs = [(story, args.data, n) for n, story in enumerate(stories)]
        return [pickle.loads(own) for own in pool.map(job, jobs, chunksize=8)]


@cache
def names_of(data: Path) -> Names:
    return load_names(data, random.Random(0))


@cache
def batches() -> Batches:
    return Batches(Classes(**encoder.model().classes), word_pieces(bare_tokenizer(package_folder())))


def window(story: Story) -> Window | None:
    sentences = [s.words for s in story.sentences if batches().length(s) <= LONGEST]
    found: dict[int, tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
    for numbers in encoder.batches([encoder.size(words) for words in sentences]):
        rows = [encoder.row(sentences[i]) for i in numbers]
        found |= dict(zip(numbers, encoder.told(encoder.run(rows, ["below"])["below"], rows), strict=True))
    if not found:
        return None
    told, vectors = (np.concatenate([found[i][part] for i in range(len(sentences))]).astype(np.float16) for part in (0, 1))
    return Window(story.id, lesson(story, batches()), vectors, told)


def looked(reader: WindowReader, one: Lesson, vectors: Tensor, told: Tensor) -> Iterator[tuple[str, Choices, Tensor]]:
    """The choices of each window, of who and where and of when, with the scores (choices, options). `vectors` and `told` are of the words
    of the report."""
    numbers = one.numbers()
    for own in (own for own in one.looks if own.asked):
        place = {word: n for n, word in enumerate(own.words)}
        asked = torch.tensor([place[word] for word in own.asked])
        _, story, times = reader(vectors[own.words], told[own.words], numbers[own.words], asked)
        yield "story", own.story, story[own.story.asked, own.story.role]
        yield "times", own.times, times[own.times.asked]


def looked_at(reader: WindowReader, one: Window) -> Iterator[tuple[str, Choices, Tensor]]:
    return looked(reader, one.lesson, torch.from_numpy(one.vectors).float(), torch.from_numpy(one.told).float())


def losses(reader: WindowReader, group: Sequence[Window]) -> dict[str, Tensor]:
    """The mean loss of each part over the claims of some reports."""
    parts: dict[str, list[Tensor]] = {name: [torch.zeros(0)] for name in WEIGHTS}
    for one in group:
        for name, choices, likely in looked_at(reader, one):
            parts[name].append(missed(likely, choices))
    return {name: torch.cat(own).sum() / max(1, sum(map(len, own))) for name, own in parts.items()}


def train(reader: WindowReader, reports: Sequence[Sequence[Window]], left_out: Sequence[Window], args: argparse.Namespace) -> None:
    dice = random.Random(args.seed)
    optimizer = torch.optim.AdamW([p for p in reader.parameters() if p.requires_grad], lr=RATE, weight_decay=DECAY, betas=(0.9, 0.98))
    passed = [own for own in reports for _ in range(1 if WRITTEN.match(own[0].report) else REAL)]
    steps, step, began = args.epochs * (len(passed) // GROUP), 0, time.time()
    for epoch in range(args.epochs):
        order = dice.sample(passed, len(passed))
        sums = dict.fromkeys(WEIGHTS, 0.0)
        for at in range(0, len(order) - GROUP + 1, GROUP):
            for place in optimizer.param_groups:
                place["lr"] = RATE * min(1.0, (step + 1) / WARM) * (LEAST + (1 - LEAST) * 0.5 * (1 + math.cos(math.pi * step / steps)))
            parts = losses(reader, [dice.choice(own) for own in order[at : at + GROUP]])
            optimizer.zero_grad()
            sum(WEIGHTS[name] * part for name, part in parts.items()).backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            step += 1
            sums = {name: value + float(parts[name].detach()) for name, value in sums.items()}
            if step % SHOWN == 0:
                shown = " ".join(f"{name} {value / (at // GROUP + 1):.4f}" for name, value in sums.items())
                print(f"  {step}/{steps} {time.time() - began:.0f}s {shown}", flush=True)
        torch.save({"reader": reader.state_dict()}, args.out / f"windows{'' if args.fold is None else args.fold}.pt")
        reader.eval()
        with torch.no_grad():
            told = check_choices(choice for one in left_out for choice in looked_at(reader, one)) if left_out else "no report left out"
        print(f"epoch {epoch + 1}: {told}", flush=True)
        reader.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with claims_train/, gazetteer/ and actors/")
    parser.add_argument("--out", type=Path, required=True, help="folder with claims.pt, and where windows.pt goes")
    parser.add_argument("--fold", type=int, default=None, help=f"leave out this part of the written reports, 0 to {FOLDS - 1}")
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    stories = list(annotated(args.data))
    found = of_all(packed, stories, args)
    torch.set_num_threads(args.threads)
    classes = encoder.model().classes
    reader = WindowReader(len(classes["claims"]), len(classes["roles"]))
    taught = torch.load(args.out / "claims.pt", weights_only=True)["reader"]
    reader.role.load_state_dict({name.removeprefix("role."): table for name, table in taught.items() if name.startswith("role.")})
    reader.role.requires_grad_(False)
    learnt, left_out = ([own for own in found if own and is_left_out(own[0].report, args.fold) is out] for out in (False, True))
    train(reader.train(), learnt, [own[0] for own in left_out], args)


if __name__ == "__main__":
    main()
