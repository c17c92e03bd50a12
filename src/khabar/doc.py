"""Words with their tags, heads and names → `Doc`, its `Token`s and `Span`s, under spaCy's names and with spaCy's meaning.

The reading asks the tree some thousand questions a sentence. spaCy makes a new object for each word it gives and looks each string up;
here the words are made once and what hangs on them is kept, so that a question is an attribute.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

MOST_SWEEPS = 11
QUOTES = frozenset("\"'`«»‘’‚‛“”„‟‹›❮❯") | {"''", "``"}


class Token:
    """A word of a Doc. `lefts`, `rights` and `children` are the words that hang on it, in the order of the text; the edges are the first
    and last word of its subtree. `head` is the word itself at a root; set anew, it moves the word with all that hangs on it."""

    __slots__ = (
        "_head",
        "children",
        "dep_",
        "doc",
        "ent_iob_",
        "ent_type_",
        "i",
        "idx",
        "left_edge",
        "lefts",
        "lemma_",
        "lower_",
        "morph",
        "pos_",
        "right_edge",
        "rights",
        "sent",
        "tag_",
        "text",
        "whitespace_",
    )

    doc: Doc
    sent: Span
    children: list[Token]
    lefts: list[Token]
    rights: list[Token]
    left_edge: Token
    right_edge: Token
    _head: Token

    def __init__(self, doc: Doc, i: int, idx: int, text: str, whitespace: str) -> None:
        self.doc, self.i, self.idx, self.text, self.whitespace_ = doc, i, idx, text, whitespace
        self.lower_ = text.lower()
        self.pos_ = self.tag_ = self.dep_ = self.lemma_ = self.morph = self.ent_type_ = ""
        self.ent_iob_ = "O"

    @property
    def head(self) -> Token:
        return self._head

    @head.setter
    def head(self, head: Token) -> None:
        if head is self._head or self.is_ancestor(head):
            return  # nothing hangs on what hangs on it
        tops = [([token, *token.ancestors])[-1] for token in (self, head)]
        self._head = head
        self.doc.join(min(top.left_edge.i for top in tops), max(top.right_edge.i for top in tops) + 1)

    def __len__(self) -> int:
        return len(self.text)

    def __lt__(self, other: Token) -> bool:
        return self.i < other.i

    def __repr__(self) -> str:
        return self.text

    def nbor(self, step: int = 1) -> Token:
        """The word so many places on; IndexError beyond the Doc."""
        if self.i + step < 0:
            raise IndexError(f"no word {-step} before {self.text!r}, which is word {self.i}")
        return self.doc.words[self.i + step]

    @property
    def ancestors(self) -> Iterator[Token]:
        """The words above, nearest first."""
        token = self
        while token._head is not token:
            token = token._head
            yield token

    def is_ancestor(self, descendant: Token) -> bool:
        while descendant._head is not descendant:
            descendant = descendant._head
            if descendant is self:
                return True
        return False

    @property
    def subtree(self) -> list[Token]:
        """The word and all below it; in the order of the text unless arcs cross."""
        found: list[Token] = []
        for child in self.lefts:
            found += child.subtree if child.children else (child,)
        found.append(self)
        for child in self.rights:
            found += child.subtree if child.children else (child,)
        return found

    @property
    def is_sent_start(self) -> bool:
        return self.i == self.sent.start

    @property
    def is_alpha(self) -> bool:
        return self.text.isalpha()

    @property
    def is_lower(self) -> bool:
        return self.text.islower()

    @property
    def is_upper(self) -> bool:
        return self.text.isupper()

    @property
    def is_title(self) -> bool:
        return self.text.istitle()

    @property
    def is_space(self) -> bool:
        return self.text.isspace()

    @property
    def is_quote(self) -> bool:
        return self.text in QUOTES

    @property
    def is_punct(self) -> bool:
        return all(unicodedata.category(char).startswith("P") for char in self.text)


class Span:
    """Words of a Doc from `start` up to, not with, `end`; equal to another over the same words with the same label."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.words[self.start : self.end])

    def __len__(self) -> int:
        return self.end - self.start

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self))
            return Span(self.doc, self.start + start, self.start + max(start, end))
        return self.doc.words[range(self.start, self.end)[at]]

    def __contains__(self, token: object) -> bool:
        return isinstance(token, Token) and token.doc is self.doc and self.start <= token.i < self.end

    def __eq__(self, other: object) -> bool:
        return other is self or (isinstance(other, Span) and self._key() == other._key())

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return self.text

    def _key(self) -> tuple[int, int, str, int]:
        return self.start, self.end, self.label_, id(self.doc)

    @property
    def start_char(self) -> int:
        words = self.doc.words
        return words[self.start].idx if self.start < len(words) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        if self.end <= self.start:
            return self.start_char
        last = self.doc.words[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        return self.doc.text[self.start_char : self.end_char]

    @property
    def sent(self) -> Span:
        """The sentence of the first word."""
        return self.doc.words[self.start].sent

    @property
    def root(self) -> Token:
        """The word nearest to the root of the sentence, of several the first; a mark or white space on which nothing hangs comes last."""
        for word in self:
            if word._head is word:
                return word
        outer = [word for word in self if not self.start <= word._head.i < self.end]
        if len(outer) > 1:
            return min(outer, key=_depth)
        return outer[0] if outer else self.doc.words[self.start]


def _depth(word: Token) -> int:
    bare = not word.children and (word.is_space or word.is_punct)
    return len(word.doc) - 1 if bare else sum(1 for _ in word.ancestors)


class Doc:
    """The words of a report. `heads` are word numbers, `ents` IOB tags; a sentence is what a root reaches."""

    def __init__(
        self,
        *,
        words: Sequence[str],
        heads: Sequence[int],
        deps: Sequence[str],
        spaces: Sequence[bool] | None = None,
        pos: Sequence[str] = (),
        tags: Sequence[str] = (),
        lemmas: Sequence[str] = (),
        morphs: Sequence[str] = (),
        ents: Sequence[str] = (),
    ) -> None:
        self.user_data: dict[str, Any] = {}
        self.words: list[Token] = []
        at = 0
        for i, text in enumerate(words):
            token = Token(self, i, at, text, " " if spaces is None or spaces[i] else "")
            self.words.append(token)
            at += len(text) + len(token.whitespace_)
        self.text = "".join(token.text + token.whitespace_ for token in self.words)
        self._offsets = [token.idx for token in self.words]
        self._spans: dict[tuple[int, int, str, str], Span | None] = {}  # asked for again and again
        for token, head, dep in zip(self.words, heads, deps, strict=True):
            token._head, token.dep_ = self.words[head], dep
        for name, values in (("pos_", pos), ("tag_", tags), ("lemma_", lemmas), ("morph", morphs)):
            for token, value in zip(self.words, values, strict=bool(values)):
                setattr(token, name, value)
        self._name(ents)
        self.join(0, len(self.words))
        starts = sorted({token.left_edge.i for token in self.words if token._head is token} | {0})
        self.sents = [Span(self, start, end) for start, end in zip(starts, [*starts[1:], len(self.words)], strict=True) if end > start]
        for sentence in self.sents:
            for token in sentence:
                token.sent = sentence

    def _name(self, ents: Sequence[str]) -> None:
        """A tag that goes on with no name, or with one of another kind, begins one."""
        before = "O"
        for token, tag in zip(self.words, ents, strict=bool(ents)):
            token.ent_iob_, _, token.ent_type_ = tag.partition("-")
            if token.ent_iob_ == "I" and before != token.ent_type_:
                token.ent_iob_ = "B"
            before = token.ent_type_

    def join(self, start: int, end: int) -> None:
        """Tell the words of whole sentences what hangs on them and how far they reach.

        A sweep to the right and one to the left tell the edges, and more where a sentence is not whole by then. So where arcs cross, a word
        may reach less far than what hangs on it, which is what the rules were written on: a crossing arc is most often a wrong one.
        """
        words = self.words[start:end]
        hung: dict[int, list[Token]] = {}
        for word in words:
            word.left_edge = word.right_edge = word
            if word._head is not word:
                hung.setdefault(word._head.i, []).append(word)
        for word in words:
            word.children = word.lefts = word.rights = hung.get(word.i, [])
            if word.children:
                word.lefts = [child for child in word.children if child.i < word.i]
                word.rights = word.children[len(word.lefts) :]
        for _ in range(MOST_SWEEPS):
            for word in (*words, *reversed(words)):
                head = word._head
                if word.left_edge.i < head.left_edge.i:
                    head.left_edge = word.left_edge
                if word.right_edge.i > head.right_edge.i:
                    head.right_edge = word.right_edge
            if self._is_whole(words):
                break

    def _is_whole(self, words: Sequence[Token]) -> bool:
        """Does no arc leave its sentence?"""
        starts = sorted({word.left_edge.i for word in words if word._head is word})
        ends = [*starts[1:], *(word.i for word in words[-1:])]
        return all(start <= word._head.i <= end for start, end in zip(starts, ends, strict=True) for word in self.words[start:end])

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.words)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, slice):
            start, end, _ = at.indices(len(self.words))
            return Span(self, start, max(start, end))
        return self.words[at]

    @cached_property
    def ents(self) -> tuple[Span, ...]:
        """The names that the model found, labelled with their kind."""
        starts = [token.i for token in self.words if token.ent_iob_ == "B"]
        return tuple(self._entity(start) for start in starts)

    def _entity(self, start: int) -> Span:
        end = start + 1
        while end < len(self.words) and self.words[end].ent_iob_ == "I":
            end += 1
        return Span(self, start, end, self.words[start].ent_type_)

    def char_span(self, start: int, end: int, label: str = "", alignment_mode: str = "strict") -> Span | None:
        """The words that characters fall into ("expand"), that lie wholly in them ("contract"), or that they are ("strict"); else None.
        A blank belongs to the word before it, but words are not widened by it."""
        asked = start, end, label, alignment_mode
        if asked not in self._spans:
            self._spans[asked] = self._char_span(*asked)
        return self._spans[asked]

    def _char_span(self, start: int, end: int, label: str, alignment_mode: str) -> Span | None:
        first, last = self._word_at(start), self._word_at(end - 1)
        if first is None or last is None:
            return None
        begin, stop = first.i, last.i + 1
        if alignment_mode == "strict" and (start != first.idx or end != last.idx + len(last.text)):
            return None
        if alignment_mode == "expand":
            begin += start == first.idx + len(first.text)
        if alignment_mode == "contract":
            begin += first.idx < start
            stop -= end < last.idx + len(last.text)
            return Span(self, begin, stop, label) if begin < stop else None
        return Span(self, begin, stop, label)

    def _word_at(self, offset: int) -> Token | None:
        if not 0 <= offset < len(self.text):
            return None
        return self.words[bisect_right(self._offsets, offset) - 1]
