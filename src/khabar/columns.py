"""Words, their readings, sentences → the `Doc`, with white space as spaCy keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from khabar.doc import Doc
from khabar.encoder import LEAST_TOLD, Reading, WordAt, model
from khabar.lemmas import lemma, verb_tag
from khabar.nametags import mended
from khabar.tokens import Span, Words


@dataclass(frozen=True)
class Told:
    """What the model takes a word to tell: kind of claim → how likely ("any": of whatever kind), and role → word number → how likely.

    `fillers` are words of its sentence, each by itself; `story` those of the whole report, or nobody (None), which exclude each other;
    `times` the words of times, taken in a way of `storywindows.BY_TIME`, or none in one of UNTIMED, which exclude each other too.
    """

    kinds: dict[str, float]
    fillers: dict[str, dict[int, float]]
    story: dict[str, dict[int | None, float]] = field(default_factory=dict)
    times: dict[tuple[str, int | None], float] = field(default_factory=dict)


MORPH = {
    "VBD": "Tense=Past|VerbForm=Fin",
    "VBN": "Tense=Past|VerbForm=Part",
    "VBG": "VerbForm=Ger",
    "VB": "VerbForm=Inf",
    "VBP": "Tense=Pres|VerbForm=Fin",
    "VBZ": "Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
    "MD": "VerbForm=Fin",
    "NN": "Number=Sing",
    "NNP": "Number=Sing",
    "NNS": "Number=Plur",
    "NNPS": "Number=Plur",
    "JJR": "Degree=Cmp",
    "JJS": "Degree=Sup",
}


def document(text: str, words: Words, readings: list[Reading], sentences: list[Span]) -> Doc:
    """The `Doc`: the words with their readings, and the white space between them as spaCy keeps it."""
    classes = model().classes
    columns = Columns(classes)
    end = 0
    for (first, last), found in zip(sentences, readings, strict=True):
        classed = [*zip(*(c.tolist() for c in (found.upos, found.xpos, found.labels, found.entities, found.nominals)), strict=True)]
        for k, (start, stop) in enumerate(words.spans[first:last]):
            columns.gap(text[end:start])
            columns.word(text[start:stop], *classed[k])
            end = stop
        columns.close(found)
    columns.gap(text[end:])
    return columns.doc()


class Columns:
    """The columns of a `Doc` as they grow; heads are kept as (sentence's own word numbers) until the sentence is closed."""

    def __init__(self, classes: dict[str, list[str]]) -> None:
        self.classes = classes
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.pos: list[str] = []
        self.tags: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.ents: list[str] = []
        self.nominals: list[str] = []
        self.facts: list[float] = []
        self.open: list[int] = []
        self.closed: list[list[int]] = []  # the numbers of each sentence's words
        self.readings: list[Reading] = []

    def gap(self, white: str) -> None:
        """One blank belongs to the word before it; anything more is a token of its own."""
        if white.startswith(" ") and self.words and not self.spaces[-1]:
            self.spaces[-1] = True
            white = white[1:]
        if white:
            inside = bool(self.open)
            before = self.ents[-1] if inside and self.ents[-1] != "O" else "O"
            self.add(
                white, pos="SPACE", tag="_SP", dep="dep", head=len(self.words) - 1, ent=before.replace("B-", "I-") if before != "O" else "O"
            )

    def word(self, word: str, upos: int, xpos: int, label: int, entity: int, nominal: int) -> None:
        classes = self.classes
        pos, kind = classes["upos"][upos], classes["nominals"][nominal]
        self.open.append(len(self.words))
        tag, dep, ent = verb_tag(word, pos, classes["xpos"][xpos]), classes["labels"][label], classes["entities"][entity]
        self.add(word, pos=pos, tag=tag, dep=dep, head=0, ent=ent, nominal="" if kind == "O" else kind)

    def add(self, word: str, *, pos: str, tag: str, dep: str, head: int, ent: str, nominal: str = "") -> None:
        self.words.append(word)
        self.spaces.append(False)
        for column, value in ((self.pos, pos), (self.tags, tag), (self.deps, dep), (self.ents, ent), (self.nominals, nominal)):
            column.append(value)
        self.heads.append(head)
        self.facts.append(float("nan"))

    def close(self, found: Reading) -> None:
        for k, (i, head) in enumerate(zip(self.open, found.heads.tolist(), strict=True)):
            self.heads[i] = self.open[head - 1] if head else i
            if self.pos[i] == "VERB" or (self.pos[i] == "AUX" and self.deps[i] in ("cop", "root")):
                self.facts[i] = float(found.facts[k])
        self.closed.append(self.open)
        self.readings.append(found)
        self.open = []

    def tell(self) -> Iterator[tuple[int, Told]]:
        """What each word that may make a claim tells, once all sentences have their place."""
        for own, found in zip(self.closed, self.readings, strict=True):
            for k in np.flatnonzero(found.claims.max(-1, initial=0) >= LEAST_TOLD):
                yield own[k], self.told_by(own, found, int(k))

    def told_by(self, own: list[int], found: Reading, k: int) -> Told:
        kinds = {self.classes["claims"][i]: float(found.claims[k, i]) for i in np.flatnonzero(found.claims[k] >= LEAST_TOLD).tolist()}
        roles, likely = self.classes["roles"], found.roles[k]
        fillers: dict[str, dict[int, float]] = {name: {} for name in roles}
        for role, j in np.argwhere(likely >= LEAST_TOLD).tolist():
            fillers[roles[role]][own[j]] = float(likely[role, j])
        story = {role: {self.at(word): p for word, p in likely.items()} for role, likely in found.story.get(k, {}).items()}
        times = {(way, self.at(word)): p for (way, word), p in found.times.get(k, {}).items()}
        return Told(kinds, fillers, story, times)

    def at(self, word: WordAt | None) -> int | None:
        """The number of a word in the `Doc`."""
        return word and self.closed[word[0]][word[1]]

    def doc(self) -> Doc:
        if self.heads and self.pos[0] == "SPACE":
            self.heads[0] = min(1, len(self.words) - 1)
        doc = Doc(
            words=self.words,
            spaces=self.spaces,
            pos=self.pos,
            tags=self.tags,
            deps=self.deps,
            heads=self.heads,
            lemmas=[lemma(w, p) for w, p in zip(self.words, self.pos, strict=True)],
            morphs=[MORPH.get(tag, "") for tag in self.tags],
            ents=mended(self.ents, self.words, self.tags, self.deps),
        )
        doc.user_data["factuality"] = np.array(self.facts, np.float32)
        doc.user_data["nominals"] = self.nominals
        doc.user_data["told"], doc.user_data["told_kinds"] = dict(self.tell()), frozenset(self.classes.get("claims", ()))
        return doc
