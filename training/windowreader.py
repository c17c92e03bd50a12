"""Vectors of the words of a window of a report → who, where and when, seen from the words that make claims.

`claimreader.py` reads each sentence by itself, and its vectors know nothing of the sentences beside it. Here the words of a window attend
to one another, in two narrow layers that know of each word which claims it may make and how far off its sentence is; what comes of it
stands beside a word's own vector where it is pointed at.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from claimreader import Pointer, StoryPointer, pair_marks
from khabar.storywindows import BY_TIME, STORY, UNTIMED
from network import WIDTH

SEEN, HEADS, LAYERS = 256, 8, 2
ASIDE = 128  # width of what points through a window
SENTENCES, FAR = 64, 4  # so many sentences have a place of their own, counted from the window's first; further off than FAR is FAR


class Attending(nn.Module):
    """(words, SEEN) → the same, each with what the others say; begins as nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.n1, self.n2 = nn.LayerNorm(SEEN), nn.LayerNorm(SEEN)
        self.qkv, self.out = nn.Linear(SEEN, 3 * SEEN), nn.Linear(SEEN, SEEN)
        self.up, self.down = nn.Linear(SEEN, 4 * SEEN), nn.Linear(4 * SEEN, SEEN)
        self.drop = nn.Dropout(0.15)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor, near: Tensor) -> Tensor:
        """`near` (heads, words, words) is added to the attention."""
        query, key, value = (part[0].reshape(-1, HEADS, SEEN // HEADS).transpose(0, 1) for part in self.qkv(self.n1(x)).chunk(3, -1))
        likely = self.drop(torch.softmax(query @ key.transpose(-1, -2) * (SEEN // HEADS) ** -0.5 + near, -1))
        x = x + self.drop(self.out((likely @ value).transpose(0, 1).reshape(1, -1, SEEN)))
        return x + self.drop(self.down(F.gelu(self.up(self.n2(x)))))


class WindowReader(nn.Module):
    def __init__(self, claims: int, roles: int) -> None:
        super().__init__()
        self.inp, self.kind = nn.Linear(WIDTH, SEEN), nn.Linear(claims, SEEN)
        self.pos, self.lead = nn.Embedding(SENTENCES, SEEN), nn.Embedding(2, SEEN)
        self.norm, self.fin = nn.LayerNorm(SEEN), nn.LayerNorm(SEEN)
        self.layers = nn.ModuleList(Attending() for _ in range(LAYERS))
        self.relb = nn.Parameter(torch.zeros(HEADS, 2 * FAR + 1))
        self.drop = nn.Dropout(0.2)
        self.role = Pointer(roles)  # within a sentence, from the words' own vectors: as it was taught with them
        self.story = StoryPointer(len(STORY), len(STORY), of=WIDTH + SEEN, width=ASIDE)
        self.time = StoryPointer(len(BY_TIME), len(UNTIMED), of=WIDTH + SEEN, width=ASIDE)
        for table in (self.pos, self.lead):
            nn.init.normal_(table.weight, std=0.02)

    def seen(self, words: Tensor, told: Tensor, of_words: Tensor) -> Tensor:
        """(words, WIDTH + SEEN): of the words of a window their vectors and what the window makes of them. `told` (words, claims): how
        likely each makes a claim of a kind; `of_words`: the number of its sentence."""
        words = self.drop(words)
        place = (of_words - of_words.min()).clamp(max=SENTENCES - 1)
        x = self.inp(words[None]) + self.kind(told[None]) + self.pos(place) + self.lead((of_words == 0).long())
        far = (of_words[None, :] - of_words[:, None]).clamp(-FAR, FAR) + FAR
        near = self.relb.T[far].permute(2, 0, 1)  # rows of the table at once: by heads it took a third of the graph's time
        x = self.norm(x)
        for layer in self.layers:
            x = layer(x, near)
        return torch.cat([words, self.drop(self.fin(x))[0]], -1)

    def forward(self, words: Tensor, told: Tensor, of_words: Tensor, asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits as `ClaimReader.pointed` gives them, seen from the words numbered in `asked`."""
        seen = self.seen(words, told, of_words)
        own, marks = seen[asked], pair_marks(of_words[asked], of_words)
        nobody, somebody = self.story(own, seen, marks)
        untimed, timed = self.time(own, seen, marks)
        return (
            self.role(words[asked], words),
            torch.cat([nobody[:, :, None], somebody], -1),
            torch.cat([untimed, timed.reshape(asked.shape[0], -1)], -1),
        )
