"""The encoder's lower vectors of a report's sentences → scores for the words that make claims, and for those that fill their roles.

The layers are the encoder's upper ones again, with weights of their own. Here a word looks at all words of a window of the report; how
much at those of other sentences, four numbers of each head say (`far`). Besides the roles filled by words of the claim's sentence, each
word by itself, a softmax over all words of the window and nobody points at the doer, the sufferer and the place.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from khabar.storywindows import STORY
from network import HEADS, LAYERS, MIXED_LAYERS, SHARED, WIDTH, Layer, Reader, projection

TRIGGER, ROLE = 192, 96
FAR = [-4.0, -0.5, -1.5, 0.5]  # what `marks` weigh at first: next to nothing is seen of other sentences


class ClaimReader(nn.Module):
    def __init__(self, claims: int, roles: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - SHARED))
        self.mix = nn.Parameter(torch.zeros(MIXED_LAYERS))
        self.far = nn.Parameter(torch.tensor(FAR).repeat(LAYERS - SHARED, HEADS, 1))
        self.dropout = nn.Dropout(0.1)
        self.trigger = nn.Sequential(nn.Linear(WIDTH, TRIGGER), nn.GELU(), nn.Dropout(0.33), nn.Linear(TRIGGER, claims))
        self.role_trigger, self.role_filler = projection(ROLE), projection(ROLE)
        self.role, self.role_bias = nn.Linear(ROLE, roles * ROLE), nn.Linear(ROLE, roles)
        self.st_trigger, self.st_filler = projection(ROLE), projection(ROLE)
        self.st, self.st_bias = nn.Linear(ROLE, len(STORY) * ROLE), nn.Linear(ROLE, len(STORY))
        self.st_none = nn.Linear(ROLE, len(STORY))
        self.st_far = nn.Parameter(torch.tensor([-2.0, 0.0, 0.0, 0.0]).repeat(len(STORY), 1))
        nn.init.constant_(self.trigger[-1].bias, -4.0)  # most words tell nothing
        nn.init.constant_(self.role_bias.bias, -3.0)
        nn.init.zeros_(self.st_none.weight)
        nn.init.zeros_(self.st_none.bias)

    def start_from(self, reader: Reader) -> None:
        """Begin as the encoder's upper layers."""
        self.layers.load_state_dict(reader.encoder.layers[SHARED:].state_dict())
        self.mix.data.copy_(reader.mix.data)

    def forward(self, below: Tensor, sentences: Tensor, numbers: Tensor, first: Tensor, asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One window. `below` (sub-words, width); `sentences` (sub-words): which of the window's sentences each one is of; `numbers`
        (sentences): which of the report's each of these is; `first` (words): each word's first sub-word; `asked`: numbers of the words
        that are read for claims → logits: claims (asked, kinds), roles (asked, roles, words), story (asked, STORY, 1 + words), of which
        the first is for nobody."""
        words = self.vectors(below, [(sentences, numbers)])[first]
        return self.trigger(words[None, asked])[0], self.roles(words, asked), self.story(words, numbers[sentences[first]], asked)

    def vectors(self, below: Tensor, windows: list[tuple[Tensor, Tensor]]) -> Tensor:
        """(sub-words, width) of one window after another; `windows` has the `sentences` and `numbers` of each."""
        companies = [(marks(numbers), which(sentences, numbers).to(below.dtype), sentences) for sentences, numbers in windows]
        outputs = [below[None]]  # a batch of one: of rows alone the exporter makes products that have another name
        for layer, far in zip(self.layers, self.far, strict=True):
            outputs.append(company_read(layer, outputs[-1], far, companies))
        mix, kept = torch.softmax(self.mix, 0), outputs[-MIXED_LAYERS:]
        return sum((kept[i] * mix[i] for i in range(1, MIXED_LAYERS)), kept[0] * mix[0])[0]

    def roles(self, words: Tensor, asked: Tensor) -> Tensor:
        """(asked, roles, words): how well a word fills a role; of other sentences' words it was taught nothing."""
        return pointing(self.role(self.role_trigger(words[None, asked])), self.role_filler(words[None]), self.role_bias)

    def story(self, words: Tensor, numbers: Tensor, asked: Tensor) -> Tensor:
        """(asked, STORY, 1 + words); `numbers`: of each word's sentence."""
        trigger = self.st_trigger(words[None, asked])
        scores = pointing(self.st(trigger), self.st_filler(words[None]), self.st_bias)
        away = (pair_marks(numbers[asked], numbers).permute(1, 2, 0) @ self.st_far.T).transpose(1, 2)
        return torch.cat([self.st_none(trigger)[0, :, :, None], scores + away], -1)


def pointing(wanted: Tensor, fillers: Tensor, bias: nn.Linear) -> Tensor:
    """(1, asked, roles x ROLE), (1, words, ROLE) → (asked, roles, words)."""
    scores = wanted.reshape(wanted.shape[1], -1, ROLE) @ fillers[0].T * ROLE**-0.5
    return scores + bias(fillers)[0].T[None]


def which(sentences: Tensor, numbers: Tensor) -> Tensor:
    """(sub-words, sentences): 1 at each one's sentence."""
    places = torch.cumsum(torch.ones_like(numbers), 0) - 1
    return sentences[:, None] == places[None, :]


def marks(numbers: Tensor) -> Tensor:
    return pair_marks(numbers, numbers)


def pair_marks(one: Tensor, other: Tensor) -> Tensor:
    """(4, one, other) of the numbers of sentences: are they two; how far back the other one is, and how far ahead; does the report begin
    there?"""
    ahead = other[None, :] - one[:, None]
    two = (ahead != 0).float()
    begins = (other == 0).float()[None, :] * two
    return torch.stack([two, torch.log1p((-ahead).clamp(min=0).float()), torch.log1p(ahead.clamp(min=0).float()), begins])


def company_read(layer: Layer, rows: Tensor, far: Tensor, companies: list[tuple[Tensor, Tensor, Tensor]]) -> Tensor:
    """What `Layer` gives of (1, sub-words, width), where each word sees its whole window; `far` (heads, 4) weighs the marks of two
    sentences.

    That weight is a part of the product of query and key: to the query belong the weights of its sentence with all, to the key which one
    it is.
    """
    joined, begins = [], 0
    thirds = layer.inputs(rows)[0]
    for between, of_sentence, sentences in companies:
        own = thirds if len(companies) == 1 else thirds[begins : begins + len(sentences)]
        begins += len(sentences)
        query, key, value = (part.reshape(-1, HEADS, WIDTH // HEADS).transpose(0, 1) for part in own.chunk(3, -1))
        weights = (far @ between.flatten(1)).reshape(HEADS, between.shape[1], between.shape[2])[:, sentences]
        query = torch.cat([query * (WIDTH // HEADS) ** -0.5, weights.to(query.dtype)], -1)
        key = torch.cat([key, of_sentence.to(key.dtype).expand(HEADS, -1, -1)], -1)
        seen = torch.softmax((query @ key.transpose(1, 2)).float(), -1).to(value.dtype)
        joined.append((seen @ value).transpose(0, 1).reshape(-1, WIDTH))
    rows = layer.attention_norm(rows + layer.out(torch.cat(joined)[None]))
    return layer.norm(rows + layer.dropout(layer.down(F.gelu(layer.up(rows)))))
