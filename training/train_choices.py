"""reports that the model has not seen → the network that chooses who, to whom and where (`khabar/choosing.py`).

    python train_choices.py --models FOLD0 FOLD1 --out ../src/khabar/models/english

Reads each part of the written reports with the model of which the windows' layers have not learnt it (`train_windows.py --fold`), and
learns of all options for a role of a claim which one the reports' own claims have there: a softmax over the options, of which several may
be right. Writes `choices.onnx`, which carries the names of its marks.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from math import log
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
import torch
from torch import Tensor, nn

import written
from annotated import GOLD, alike, words_of
from khabar import choosing, grammar
from khabar.model import Claim, Report
from khabar.reading import load_knowledge, read
from khabar.sections import split
from khabar.storywindows import STORY
from train_windows import FOLDS, fold_of

if TYPE_CHECKING:
    from khabar.choosing import Part
    from khabar.scene import Scene

SHIPPED = Path(__file__).parent.parent / "src/khabar/models/english"
HIDDEN, PASSES, BATCH, RATE, FADING, DECAY = 64, 12, 256, 4e-3, 0.88, 0.1
SELDOM = 300  # options that have a mark; what fewer have is left out
ALIKE = 0.5  # of the words shared, for two strings to name the same
OPSET = 17


@dataclass(frozen=True)
class Question:
    """A role of a claim: the marks of each option, whether it is right, and which one the rules took."""

    role: str
    options: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    own: int


def questions(pair: tuple[Mapping, Mapping]) -> list[Question]:
    """Of the claims of one report that its annotator has too: of one kind, at the same words."""
    row, gold = pair
    found: list[Question] = []

    def asked(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
        chooser = choosing.Chooser(claims, scene)
        for n, claim in enumerate(claims):
            golden = [c for c in gold["claims"] if c["contract_kind"] == claim.kind and is_at(c, claim)]
            for role in (role for role in STORY if golden and not chooser.is_settled(n, role)):
                options = chooser.options(n, role)
                right = [any(is_right(c, role, option.part) for c in golden) for option in options.values()]
                found.append(Question(role, chooser.rows(n, role, options), right, [*options].index(chooser.keys[role][n])))
        return list(claims)

    text, published = str(row["text"]), gold["anchor"] and date.fromisoformat(gold["anchor"])
    before, grammar.with_parts_chosen = grammar.with_parts_chosen, asked
    try:
        read(
            Report(str(row["id"]), text, title=row.get("title"), published=published, sections=split(text, title=row.get("title"))),
            load_knowledge(),
        )
    finally:
        grammar.with_parts_chosen = before
    return found


def is_at(gold: Mapping, claim: Claim) -> bool:
    """Do the words that make the two claims overlap?"""
    return gold["trigger_span"][0] < claim.trigger[1] and claim.trigger[0] < gold["trigger_span"][1]


def is_right(gold: Mapping, role: str, part: Part | None) -> bool:
    wanted = gold[GOLD[role]]
    if not wanted or part is None:
        return not wanted and part is None
    return alike(words_of(wanted), words_of(part.text)) >= ALIKE


class Chooser(nn.Module):
    """(options, marks) → (options, roles): how well each fits, by a sum of its marks and by a small hidden layer of each role."""

    def __init__(self, marks: int, roles: int) -> None:
        super().__init__()
        self.plain = nn.ModuleList(nn.Linear(marks, 1) for _ in range(roles))
        self.deep = nn.ModuleList(
            nn.Sequential(nn.Linear(marks, HIDDEN), nn.ReLU(), nn.Dropout(0.3), nn.Linear(HIDDEN, 1)) for _ in range(roles)
        )

    def role(self, n: int, marks: Tensor) -> Tensor:
        return (self.plain[n](marks) + self.deep[n](marks))[..., 0]

    def forward(self, marks: Tensor) -> Tensor:
        return torch.stack([self.role(n, marks) for n in range(len(self.plain))], -1)


def tables(asked: Sequence[Question], names: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
    """(questions, most options, marks); (questions, most options): is there such an option; is it right."""
    most, number = max(len(q.options) for q in asked), {name: n for n, name in enumerate(names)}
    marks, real, right = np.zeros((len(asked), most, len(names)), np.float32), *np.zeros((2, len(asked), most), bool)
    for k, question in enumerate(asked):
        for j, option in enumerate(question.options):
            real[k, j], right[k, j] = True, question.right[j]
            for name, value in option.items():
                if name in number:
                    marks[k, j, number[name]] = value
    return torch.from_numpy(marks), torch.from_numpy(real), torch.from_numpy(right)


def train(chooser: Chooser, role: int, asked: Sequence[Question], names: Sequence[str]) -> None:
    """Of questions that no option answers nothing is learnt."""
    marks, real, right = tables([q for q in asked if any(q.right)], names)
    optimizer = torch.optim.AdamW(chooser.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(PASSES):
        for part in torch.randperm(len(marks)).split(BATCH):
            scores = chooser.role(role, marks[part]).masked_fill(~real[part], -1e4)
            missed = torch.logsumexp(scores, -1) - torch.logsumexp(scores.masked_fill(~right[part], -1e4), -1)
            optimizer.zero_grad()
            missed.mean().backward()
            optimizer.step()
        for place in optimizer.param_groups:
            place["lr"] *= FADING


@torch.no_grad()
def check(chooser: Chooser, role: int, asked: Sequence[Question], names: Sequence[str]) -> str:
    """How often the rules' own is right, the likeliest, and what is taken where it must fit so many times as well."""
    marks, real, right = tables(asked, names)
    scores = chooser.eval().role(role, marks).masked_fill(~real, -1e4)
    rows, own = torch.arange(len(asked)), torch.tensor([q.own for q in asked])
    best = scores.argmax(-1)
    shown = [f"{STORY[role]} n {len(asked)} own {right[rows, own].float().mean():.4f}"]
    for times in (1, 2, 3, 5):
        taken = torch.where(scores[rows, best] > scores[rows, own] + log(times), best, own)
        shown.append(f"{times} times {right[rows, taken].float().mean():.4f}")
    return " ".join(shown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, nargs=FOLDS, required=True, help="model folders, the first for the reports of fold 0")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where choices.onnx goes")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--folds", type=int, default=1, help="leave out each of so many parts of the reports in turn, and only tell figures"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    found: list[list[Question]] = []
    for fold, folder in enumerate(args.models):
        os.environ["KHABAR_MODEL"] = str(folder)
        pairs = [written.rows(report) for report in written.part("learnt") if fold_of(report.id) == fold]
        with ProcessPoolExecutor(args.threads) as pool:
            found += pool.map(questions, pairs, chunksize=8)
    order = random.Random(args.seed).sample(range(len(found)), len(found))
    for fold in range(args.folds):
        left_out = {n for n in order if n % args.folds == fold} if args.folds > 1 else set()
        learnt, kept = ([q for n in order if (n in left_out) is out for q in found[n]] for out in (False, True))
        count = Counter(name for q in learnt for option in q.options for name, value in option.items() if value)
        names = sorted(name for name, options in count.items() if options >= SELDOM)
        torch.manual_seed(args.seed)
        chooser = Chooser(len(names), len(STORY))
        for n, role in enumerate(STORY):
            train(chooser.train(), n, [q for q in learnt if q.role == role], names)
            print(check(chooser, n, [q for q in (kept or learnt) if q.role == role], names), flush=True)
    if args.folds == 1:
        export(chooser.eval(), names, args.out)


def export(chooser: Chooser, names: Sequence[str], out: Path) -> None:
    marks, axes = torch.zeros(2, len(names)), {"marks": {0: "options"}, "fits": {0: "options"}}
    torch.onnx.export(
        chooser,
        (marks,),
        str(out / "choices.onnx"),
        input_names=["marks"],
        output_names=["fits"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    model = onnx.load(str(out / "choices.onnx"))
    onnx.helper.set_model_props(model, {"marks": json.dumps(names)})
    onnx.save(model, str(out / "choices.onnx"))


if __name__ == "__main__":
    main()
