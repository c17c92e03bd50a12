"""sub-word ids, word shapes, word positions → scores for tags, heads, labels, entities, sentence starts and factuality.

The encoder is BERT as MiniLM-L6 uses it; it is written out here so that the exported graph stays small and plain. The parser is the
biaffine one of Dozat and Manning (2017). MiniLM reads lower case only, so a small embedding of each word's shape gives the case back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH, LAYERS, HEADS, INNER, VOCABULARY, POSITIONS = 384, 6, 12, 1536, 30522, 512
SHAPES = 8
ARC, LABEL, FACT = 256, 128, 128
MIXED_LAYERS = 4
SHARED = 1  # layers that claims and all else have in common; above, claims have layers of their own


@dataclass(frozen=True)
class Sizes:
    """How many classes each head has."""

    upos: int
    xpos: int
    labels: int
    entities: int
    nominals: int


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inputs, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)  # inputs: query, key and value in one
        self.attention_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (split_heads(part) for part in self.inputs(x).chunk(3, -1))
        joined = attend(query, key, value, mask).transpose(1, 2).reshape(x.shape[0], -1, WIDTH)
        x = self.attention_norm(x + self.out(joined))
        return self.norm(x + self.dropout(self.down(F.gelu(self.up(x)))))


def split_heads(x: Tensor) -> Tensor:
    return x.reshape(x.shape[0], -1, HEADS, WIDTH // HEADS).transpose(1, 2)


def attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Attention spelled out: the fused one is five times slower backwards on a CPU, and exports to a graph of odd shape arithmetic."""
    scores = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask
    return torch.softmax(scores, -1) @ value


def padding_mask(ids: Tensor, like: Tensor) -> Tensor:
    """What is added to the attention of each sub-word: nothing, or next to ruled out where the id is 0."""
    return ((ids == 0).to(like.dtype) * -1e4)[:, None, None, :]


def of_words(outputs: list[Tensor], mix: Tensor, first: Tensor) -> Tensor:
    """The last layers' outputs mixed, at [CLS] and at each word's first sub-word."""
    weights = torch.softmax(mix, 0)
    last = outputs[-MIXED_LAYERS:]
    mixed = sum((last[i] * weights[i] for i in range(1, MIXED_LAYERS)), last[0] * weights[0])
    index = torch.cat([torch.zeros_like(first[:, :1]), first], 1)
    return torch.gather(mixed, 1, index[:, :, None].expand(-1, -1, WIDTH))


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kinds = nn.Embedding(2, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(0.1)
        nn.init.zeros_(self.shapes.weight)  # the pre-trained encoder starts out untouched

    def forward(self, ids: Tensor, shapes: Tensor, *, layers: int = LAYERS) -> list[Tensor]:
        """The output of every layer, or of the lowest ones; sub-words with id 0 are padding."""
        mask = padding_mask(ids, self.norm.weight)
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.kinds.weight[0] + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        outputs = []
        for layer in self.layers[:layers]:
            x = layer(x, mask)
            outputs.append(x)
        return outputs

    def load_pretrained(self, path: Path) -> None:
        """Take the weights of a Hugging Face BERT file; the shape embedding stays zero."""
        theirs = load_file(path)
        ours = {name: torch.cat([theirs[n] for n in their_names(name)]) for name in self.state_dict() if name != "shapes.weight"}
        self.load_state_dict(ours, strict=False)


EMBEDDINGS = {"words": "word_embeddings", "positions": "position_embeddings", "kinds": "token_type_embeddings", "norm": "LayerNorm"}
PARTS = {
    "out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}


def their_names(name: str) -> list[str]:
    """Our parameter → theirs, three for the joined query, key and value.

    >>> their_names("layers.0.up.weight")
    ['encoder.layer.0.intermediate.dense.weight']
    >>> their_names("words.weight")
    ['embeddings.word_embeddings.weight']
    """
    parts = name.split(".")
    if parts[0] != "layers":
        return [f"embeddings.{EMBEDDINGS[parts[0]]}.{parts[1]}"]
    _, number, part, kind = parts
    theirs = [f"attention.self.{p}" for p in ("query", "key", "value")] if part == "inputs" else [PARTS[part]]
    return [f"encoder.layer.{number}.{p}.{kind}" for p in theirs]


def projection(width: int, *, of: int = WIDTH) -> nn.Sequential:
    return nn.Sequential(nn.Linear(of, width), nn.GELU(), nn.Dropout(0.33))


class Reader(nn.Module):
    """Encoder and heads. Words are their first sub-word's vector; vector 0 of a sentence, [CLS], is the root.

    Claims are read by a network of their own (claimreader.py), which goes on from the encoder's lowest layers: few sentences have claims,
    and what they ask of the encoder costs the trees.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.mix = nn.Parameter(torch.zeros(MIXED_LAYERS))
        self.dropout = nn.Dropout(0.1)
        self.upos, self.xpos = nn.Linear(WIDTH, sizes.upos), nn.Linear(WIDTH, sizes.xpos)
        self.entities, self.nominals = nn.Linear(WIDTH, sizes.entities), nn.Linear(WIDTH, sizes.nominals)
        self.starts = nn.Linear(WIDTH, 1)
        self.fact = nn.Sequential(nn.Linear(WIDTH, FACT), nn.GELU(), nn.Dropout(0.2), nn.Linear(FACT, 1))
        self.arc_child, self.arc_head = projection(ARC), projection(ARC)
        self.label_child, self.label_head = projection(LABEL), projection(LABEL)
        self.arc = nn.Parameter(torch.zeros(ARC, ARC))
        self.arc_bias = nn.Linear(ARC, 1)
        self.label = nn.Linear(LABEL, sizes.labels * LABEL)
        self.label_child_bias, self.label_head_bias = nn.Linear(LABEL, sizes.labels), nn.Linear(LABEL, sizes.labels)
        self.sizes = sizes
        nn.init.normal_(self.arc, std=ARC**-0.5)

    def vectors(self, ids: Tensor, shapes: Tensor, first: Tensor) -> Tensor:
        """(sentences, 1 + words, width); `first` holds each word's first sub-word, 0 for padding."""
        return of_words(self.encoder(ids, shapes), self.mix, first)

    def arcs(self, vectors: Tensor, first: Tensor) -> Tensor:
        """(sentences, words, 1 + words): how good each head is, 0 being the root; padding and the word itself are ruled out."""
        child, head = self.arc_child(vectors[:, 1:]), self.arc_head(vectors)
        scores = child @ self.arc @ head.transpose(1, 2) + self.arc_bias(head).transpose(1, 2)
        padding = F.pad((first == 0).to(scores.dtype), (1, 0)) * -1e4
        places = torch.arange(first.shape[1] + 1, device=first.device)
        itself = (places[1:, None] == places[None, :]).to(scores.dtype) * -1e4
        return scores + padding[:, None, :] + itself

    def labels(self, vectors: Tensor, heads: Tensor) -> Tensor:
        """(sentences, words, labels) for the given heads."""
        return self.label_scores(*self.label_parts(vectors), heads)

    def label_parts(self, vectors: Tensor) -> tuple[Tensor, Tensor]:
        """What the labels are told from: each word as a child, and the root and each word as a head."""
        return self.label_child(vectors[:, 1:]), self.label_head(vectors)

    def label_scores(self, child: Tensor, above: Tensor, heads: Tensor) -> Tensor:
        head = torch.gather(above, 1, heads[:, :, None].expand(-1, -1, LABEL))
        crossed = self.label(child).reshape(child.shape[0], -1, self.sizes.labels, LABEL)
        scores = (crossed @ head[:, :, :, None])[:, :, :, 0]
        return scores + self.label_child_bias(child) + self.label_head_bias(head)
