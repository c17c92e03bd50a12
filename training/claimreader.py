"""The encoder's lower vectors of sentences → scores for the words that make claims, and for those that say who, where and when.

The layers are the encoder's upper ones again, with weights of their own; each sentence is read by itself. From each word that makes a claim
the words of its sentence are scored as fillers of roles, each by itself; a softmax over all words of a window of the report, and nobody,
points at the doer, the sufferer and the place; and one over the words of times, taken in three ways, and three ways without any, dates it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from khabar.storywindows import BY_TIME, STORY, UNTIMED
from network import LAYERS, MIXED_LAYERS, SHARED, WIDTH, Layer, Reader, attend, projection, split_heads

TRIGGER, ROLE = 192, 96
FAR = [-2.0, 0.0, 0.0, 0.0]  # what the marks of another sentence weigh at first


class Pointer(nn.Module):
    """(asked, of) and (words, of) → (asked, ways, words): how well a word is what is asked for in each of so many ways."""

    def __init__(self, ways: int, *, of: int = WIDTH, width: int = ROLE) -> None:
        super().__init__()
        self.asker, self.word = projection(width, of=of), projection(width, of=of)
        self.cross, self.bias = nn.Linear(width, ways * width), nn.Linear(width, ways)

    def forward(self, asked: Tensor, words: Tensor) -> Tensor:
        return self.scores(self.asker(asked[None]), words)

    def scores(self, asker: Tensor, words: Tensor) -> Tensor:
        word = self.word(words[None])
        width = word.shape[-1]
        scores = self.cross(asker).reshape(asker.shape[1], -1, width) @ word[0].T * width**-0.5
        return scores + self.bias(word)[0].T[None]


class StoryPointer(Pointer):
    """The same for words of a whole report, and first what is asked for in ways that no word is told of: (asked, alone + ways x words)."""

    def __init__(self, ways: int, alone: int, *, of: int = WIDTH, width: int = ROLE) -> None:
        super().__init__(ways, of=of, width=width)
        self.alone = nn.Linear(width, alone)
        self.far = nn.Parameter(torch.tensor(FAR).repeat(ways, 1))
        nn.init.zeros_(self.alone.weight)
        nn.init.zeros_(self.alone.bias)

    def forward(self, asked: Tensor, words: Tensor, marks: Tensor) -> tuple[Tensor, Tensor]:
        """`marks` (asked, 4, words), as `pair_marks` gives them → (asked, alone), (asked, ways, words)."""
        asker = self.asker(asked[None])
        away = self.far @ marks  # in this order the export leaves it in float: marks lose too much in bytes
        return self.alone(asker)[0], self.scores(asker, words) + away


class ClaimReader(nn.Module):
    def __init__(self, claims: int, roles: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS - SHARED))
        self.mix = nn.Parameter(torch.zeros(MIXED_LAYERS))
        self.dropout = nn.Dropout(0.1)
        self.trigger = nn.Sequential(nn.Linear(WIDTH, TRIGGER), nn.GELU(), nn.Dropout(0.33), nn.Linear(TRIGGER, claims))
        self.role = Pointer(roles)
        self.story = StoryPointer(len(STORY), len(STORY))
        self.time = StoryPointer(len(BY_TIME), len(UNTIMED))
        nn.init.constant_(self.trigger[-1].bias, -4.0)  # most words tell nothing
        nn.init.constant_(self.role.bias.bias, -3.0)

    def start_from(self, reader: Reader) -> None:
        """Begin as the encoder's upper layers."""
        self.layers.load_state_dict(reader.encoder.layers[SHARED:].state_dict())
        self.mix.data.copy_(reader.mix.data)

    def vectors(self, below: Tensor, grid: Tensor, places: Tensor, first: Tensor) -> Tensor:
        """(words, width) of some sentences; `below` (sub-words, width). `grid` (sentences, longest): which row each place of a padded table
        is of, -1 for padding; `places` (sub-words): the place of each row, counted through the table; `first` (words): the row of each
        word's first sub-word."""
        mask = ((grid < 0).to(below.dtype) * -1e4)[:, None, None, :]
        rows = torch.clamp(grid, min=0)
        x = below[None]  # a batch of one: of rows alone the exporter makes products that have another name
        outputs = [x[0, first]]
        for layer in self.layers[:-1]:
            x = read_rows(layer, x, rows, places, mask)
            outputs.append(x[0, first])
        outputs.append(read_rows(self.layers[-1], x, rows, places, mask, first)[0])
        mix, kept = torch.softmax(self.mix, 0), outputs[-MIXED_LAYERS:]
        return sum((kept[i] * mix[i] for i in range(1, MIXED_LAYERS)), kept[0] * mix[0])

    def triggers(self, words: Tensor) -> Tensor:
        """(words, kinds)"""
        return self.trigger(words[None])[0]

    def pointed(self, asked: Tensor, words: Tensor, marks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits: roles (asked, roles, words), each by itself; story (asked, STORY, 1 + words), the first for nobody; times (asked,
        UNTIMED + BY_TIME x words)."""
        nobody, somebody = self.story(asked, words, marks)
        untimed, timed = self.time(asked, words, marks)
        return (
            self.role(asked, words),
            torch.cat([nobody[:, :, None], somebody], -1),
            torch.cat([untimed, timed.reshape(asked.shape[0], -1)], -1),
        )


def read_rows(layer: Layer, x: Tensor, rows: Tensor, places: Tensor, mask: Tensor, wanted: Tensor | None = None) -> Tensor:
    """What `Layer` gives, on one row for each sub-word outside attention: (1, sub-words, width) → the same, or of the rows wanted."""
    query, key, value = (split_heads(part[0][rows]) for part in layer.inputs(x).chunk(3, -1))
    x, places = (x, places) if wanted is None else (x[:, wanted], places[wanted])
    joined = attend(query, key, value, mask).transpose(1, 2).reshape(-1, WIDTH)[places]
    x = layer.attention_norm(x + layer.out(joined[None]))
    return layer.norm(x + layer.dropout(layer.down(F.gelu(layer.up(x)))))


def pair_marks(asked: Tensor, words: Tensor) -> Tensor:
    """(asked, 4, words) of the numbers of their sentences: are they two; how far back the word's is, and how far ahead; does the report
    begin there?"""
    ahead = words[None, :] - asked[:, None]
    two = (ahead != 0).float()
    begins = (words == 0).float()[None, :] * two
    return torch.stack([two, torch.log1p((-ahead).clamp(min=0).float()), torch.log1p(ahead.clamp(min=0).float()), begins], 1)
