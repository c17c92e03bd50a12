"""the reading model → one that reads sentences without commas and quotation marks as it reads them with.

    python train_bare.py --data DATA --out RUNS --epochs 4

Many archives and scrapers lose these marks. A teacher, the model as it is (`RUNS/all.pt`), reads our own reports as they are written; the
learner reads most of them without the marks, and learns what the teacher holds of the words that are left. Sentences on which rules were
written, those of the rules and of the tests, it learns to read as the teacher does, and treebanks and names, half of them bare, go on
beside. The layer that claims share stays as it is. Ends in `RUNS/bare.pt`.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import written
from augment import MARKS, load_names, recase, unmarked
from corpora import Sentence
from khabar.model import Reading, Report
from khabar.reading import load_knowledge, parsed
from khabar.rules import load_rules
from khabar.sections import split
from khabar.subwords import word_pieces
from network import SHARED, Reader
from train import WEIGHT, Batches, Classes, bare_tokenizer, batched, check, epoch_of, load_corpus, loss_of, package_folder, rate

ENCODER_RATE, HEAD_RATE = 5e-5, 5e-4
BARE = 0.7  # of the sentences of reports
SHORT = 12  # words; a longer sentence without any mark may have lost them already
LONGEST = 120
EXAMPLES = 2  # times in an epoch that the sentences of rules and tests are read
TESTS = Path(__file__).parent.parent / "tests"
HEADS = ("upos", "xpos", "entities", "nominals")


def sentences_of(texts: Sequence[str]) -> Iterator[list[str]]:
    """The words of each sentence, as the reading program cuts them."""
    knowledge = load_knowledge()
    for text in texts:
        reading = parsed(Reading(Report("", text, sections=split(text))), knowledge)
        yield from ([t.text for t in sentence if not t.is_space] for sentence in reading.tree.sents)


def told() -> list[Sentence]:
    """Sentences of our own reports whose marks are there, as far as that can be seen."""
    texts = [str(written.rows(report)[0]["text"]) for report in written.part("learnt")]
    sentences = [words for words in sentences_of(texts) if 3 < len(words) <= LONGEST]
    return [Sentence(words) for words in sentences if MARKS.intersection(words) or len(words) <= SHORT]


def examples() -> list[Sentence]:
    """Sentences of the rules and of the tests."""
    texts = {example.text for kind in load_rules() for rule in kind.rules for example in rule.examples}
    for path in TESTS.glob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_prose(node.value)}
    return [Sentence(words) for words in sentences_of(sorted(texts)) if 2 < len(words) <= LONGEST]


def is_prose(text: str) -> bool:
    return 3 < len(text.split()) <= LONGEST and "{" not in text and text.isprintable()


def kept_words(group: Sequence[Sentence], dice: random.Random, likely: float) -> list[list[int]]:
    return [unmarked(s.words) if dice.random() < likely else list(range(len(s.words))) for s in group]


def taught(reader: Reader, teacher: Reader, group: Sequence[Sentence], kept: Sequence[Sequence[int]], batches: Batches) -> Tensor:
    """How far the learner, which sees the words that are kept, is from what the teacher, which sees all, holds of them."""
    whole = batches.tensors(list(group))
    part = batches.tensors([Sentence([s.words[i] for i in own]) for s, own in zip(group, kept, strict=True)])
    words = part["first"].shape[1]
    known = torch.tensor([[k < len(own) for k in range(words)] for own in kept])
    at = torch.tensor([[*own, *[0] * (words - len(own))] for own in kept])
    with torch.no_grad():
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = teacher.vectors(whole["ids"], whole["shapes"], whole["first"]).float()
        arcs, columns = teacher.arcs(vectors, whole["first"]), F.pad(at + 1, (1, 0))
        arcs = torch.gather(arcs, 1, at[:, :, None].expand(-1, -1, arcs.shape[2]))
        arcs = torch.gather(arcs, 2, columns[:, None].expand(-1, words, -1))
        arcs = arcs.masked_fill(~F.pad(known, (1, 0), value=True)[:, None], -1e4)
        heads = arcs.argmax(-1)
        own = torch.gather(vectors[:, 1:], 1, at[:, :, None].expand(-1, -1, vectors.shape[2]))
        labels = teacher.label_scores(teacher.label_child(own), teacher.label_head(vectors), torch.gather(columns, 1, heads))
        wanted = {name: getattr(teacher, name)(own) for name in HEADS}
        facts = teacher.fact(own)[:, :, 0][known]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = reader.vectors(part["ids"], part["shapes"], part["first"])
    vectors = reader.dropout(vectors.float())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = reader.labels(vectors, heads)
    parts = {name: crossed(getattr(reader, name)(vectors[:, 1:]), scores)[known].mean() for name, scores in wanted.items()}
    parts["arc"] = crossed(reader.arcs(vectors, part["first"]), arcs)[known].mean()
    parts["label"] = crossed(found.float(), labels)[known].mean()
    parts["facts"] = F.smooth_l1_loss(reader.fact(vectors[:, 1:])[:, :, 0][known], facts)
    return sum(WEIGHT[name] * loss for name, loss in parts.items())


def crossed(found: Tensor, wanted: Tensor) -> Tensor:
    return -(torch.softmax(wanted, -1) * F.log_softmax(found, -1)).sum(-1)


def freeze(reader: Reader) -> None:
    """What claims share: the words' own vectors and the lowest layers."""
    encoder = reader.encoder
    for part in (encoder.words, encoder.positions, encoder.kinds, encoder.shapes, encoder.norm, *encoder.layers[:SHARED]):
        part.requires_grad_(False)


def train(reader: Reader, teacher: Reader, args: argparse.Namespace, batches: Batches) -> None:
    corpus, reports, own = load_corpus(args.data), told(), examples()
    print(f"{len(reports)} sentences of reports, {len(own)} of rules and tests", flush=True)
    freeze(reader)
    inside = {id(p) for p in reader.encoder.parameters()}
    encoder = [p for p in reader.encoder.parameters() if p.requires_grad]
    heads = [p for p in reader.parameters() if id(p) not in inside]
    groups = [{"params": p, "lr": r, "initial_lr": r} for p, r in ((encoder, ENCODER_RATE), (heads, HEAD_RATE))]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    names = load_names(args.data, random.Random(args.seed))
    dice, steps = names.dice, []
    for _ in range(args.epochs):
        epoch = [(None, group) for group in epoch_of(corpus, "all", batches, names)]
        epoch += [(BARE, group) for group in batched([recase(s, dice) for s in reports], batches, dice)]
        epoch += [(0.0, group) for _ in range(EXAMPLES) for group in batched(own, batches, dice)]
        steps += dice.sample(epoch, len(epoch))
    began = time.time()
    reader.train()
    for number, (likely, group) in enumerate(steps, 1):
        for place in optimizer.param_groups:
            place["lr"] = place["initial_lr"] * rate(number, len(steps))
        if likely is None:
            loss = loss_of(reader, batches.tensors(group))[0]
        else:
            loss = taught(reader, teacher, group, kept_words(group, dice, likely), batches)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimizer.step()
        if number % 300 == 0 or number == len(steps):
            torch.save({"reader": reader.state_dict()}, args.out / "bare.pt")
            print(f"{number}/{len(steps)} {time.time() - began:.0f}s {check(reader, args.data, batches)}", flush=True)
            reader.train()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/, factuality/, gazetteer/ and actors/")
    parser.add_argument("--out", type=Path, required=True, help="where all.pt and labels.json are, and the checkpoint goes")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    classes = Classes(**json.loads((args.out / "labels.json").read_text(encoding="utf-8")))
    reader = Reader(classes.sizes())
    reader.load_state_dict(torch.load(args.out / "all.pt", weights_only=True)["reader"])
    teacher = copy.deepcopy(reader).eval().requires_grad_(False)
    train(reader, teacher, args, Batches(classes, word_pieces(bare_tokenizer(package_folder()))))


if __name__ == "__main__":
    main()
