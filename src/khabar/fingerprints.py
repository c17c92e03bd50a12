"""Sentences → words, sketches that copies share, and how alike two sentences are.

A sketch is a few MinHashes (Broder 1997): numbers that two sentences share with the more chance the more of their words they share, in
whatever order. It finds what is worth comparing; `is_copy` compares. Thousands of sentences are sketched at once, with numpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Measured with benchmarks/bench_copies.py, three seeds; adjusted Rand index of sentences 0.97 to 0.98 with these.
BANDS, ROWS = 6, 2  # 4 bands lose 0.003 and save a third of the space; 8 gain 0.002; single words find too much that is no copy: −0.05
LEAST = 8  # words; two desks may well both write "Rebels captured Oakford on Sunday"
COPIED = 0.7  # flat from 0.6 to 0.7, −0.01 at 0.8; below 0.7 the true pairs of the articles begin to be the set phrases of one ministry
IN_COMPANY = 0.5  # flat from 0.4 to 0.6
SHORT_IN_COMPANY = 0.6  # flat from 0.5 to 0.7
HALF = 63  # bits that SQLite and numpy keep in one signed number; with one half alone, seven times as many pairs are compared for nothing


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is compared. `letters`: one for each word, the same for the same word within this process; `spread`: a bit for each
    word, in two halves, by which most sentences that share a number of a sketch by chance are told apart; `sketch`: numbers to look for
    copies by, none for a sentence of few words."""

    text: str
    letters: str | tuple[int, ...]
    spread: tuple[int, int]
    sketch: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Sentence:
        return sentences([text])[0]

    @classmethod
    def unsketched(cls, text: str) -> Sentence:
        """One that others are compared with, and nobody looks for."""
        return cls(text, _spelt(re.findall(r"\w+", text)), (0, 0), ())

    @property
    def shape(self) -> tuple[int, int, int]:
        """Both halves of its spread, and its length in words: what is kept of it."""
        return *self.spread, len(self.letters)

    @property
    def firm(self) -> frozenset[str]:
        """Its numbers and names, which rewording leaves alone."""
        found = re.findall(r"\w+", self.text)
        return frozenset(word.casefold() for i, word in enumerate(found) if word[0].isdigit() or (i and word[0].isupper()))


def may_be_like(one: Sequence[int], other: Sequence[int]) -> bool:
    """Can one of two sentences of these shapes be a copy of the other? Each bit that one alone has is a word that the other has not: what
    is refused here `alike` would put below IN_COMPANY."""
    (low, high, length), (other_low, other_high, other_length) = one, other
    only_mine = (low & ~other_low).bit_count() + (high & ~other_high).bit_count()
    only_his = (other_low & ~low).bit_count() + (other_high & ~high).bit_count()
    return 2 * min(length - only_mine, other_length - only_his) >= IN_COMPANY * (length + other_length)


def sentences(texts: Sequence[str]) -> list[Sentence]:
    """Each text as it is compared."""
    letters = [_spelt(re.findall(r"\w+", text)) for text in texts]
    measured = (row for some in _slices(letters) for row in _measured(some))
    return [Sentence(text, spelt, *row) for text, spelt, row in zip(texts, letters, measured, strict=True)]


class _Words:
    """All words that were met, by number. `hashes`: of those met since `arrays` was asked last, the MinHashes of each, signed, as SQLite
    keeps them; `telling`: is it sketched?"""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.hashes: list[tuple[int, ...]] = []
        self.telling: list[bool] = []
        self._arrays: tuple[NDArray[Any], NDArray[Any]] | None = None
        self._held = 0  # words in the arrays

    def number(self, word: str) -> int:
        word = word.casefold()
        if word not in self.numbers:
            self.numbers[word] = len(self.numbers)
            text = word.encode("utf-8", "replace")
            halves = [unpack("<8q", blake2b(text, salt=bytes([start])).digest()) for start in range(0, BANDS * ROWS, 8)]
            self.hashes.append(tuple(number for half in halves for number in half)[: BANDS * ROWS])
            self.telling.append(len(word) > 3 or word.isdigit())
        return self.numbers[word]

    def arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        import numpy as np  # only where reports arrived: a question does without

        if self._arrays is None:
            self._arrays = np.zeros((0, BANDS * ROWS), np.int64), np.zeros(0, bool)
        hashes, telling = self._arrays
        new = len(self.numbers) - self._held
        if new and len(self.numbers) > len(telling):  # twice as many, so that each word is copied a few times at most
            more = len(self.numbers)
            self._arrays = (
                np.concatenate([hashes, np.zeros((more, BANDS * ROWS), np.int64)]),
                np.concatenate([telling, np.zeros(more, bool)]),
            )
            hashes, telling = self._arrays
        if new:
            hashes[self._held : len(self.numbers)], telling[self._held : len(self.numbers)] = self.hashes, self.telling
            self._held = len(self.numbers)
            self.hashes.clear()
            self.telling.clear()
        return hashes, telling


class _Letters(dict[str, str]):
    """The letter of each word, in whatever case it is written."""

    def __missing__(self, word: str) -> str:
        self[word] = letter = chr(_words.number(word))
        return letter


_words, _letters = _Words(), _Letters()


def _spelt(words: Sequence[str]) -> str | tuple[int, ...]:
    try:
        return "".join(map(_letters.__getitem__, words))  # compared in a fifth of the time that numbers take
    except ValueError:  # more words than Unicode has letters
        return tuple(map(_words.number, words))


SLICE = 100_000  # words that are sketched at a time: 10 MB


def _slices(letters: Sequence[str | tuple[int, ...]]) -> Iterator[Sequence[str | tuple[int, ...]]]:
    start = held = 0
    for end, one in enumerate(letters, 1):
        held += len(one)
        if held >= SLICE or end == len(letters):
            yield letters[start:end]
            start, held = end, 0


def _measured(letters: Sequence[str | tuple[int, ...]]) -> Iterator[tuple[tuple[int, int], tuple[int, ...]]]:
    """The spread and the sketch of each."""
    import numpy as np

    hashes, telling = _words.arrays()
    words = np.concatenate([_numbers(one) for one in letters])
    lengths = np.array([len(one) for one in letters])
    some = lengths > 0
    starts = (np.cumsum(lengths) - lengths)[some]
    spreads, sketches = np.zeros((len(letters), 2), np.int64), np.zeros((len(letters), BANDS), np.int64)
    if len(starts):
        own = hashes[words]
        half, bit = np.divmod(own[:, 0] % (2 * HALF), HALF)
        bits = np.where(half[:, None] == (0, 1), np.int64(1) << bit[:, None], 0)
        spreads[some] = np.bitwise_or.reduceat(bits, starts, axis=0)
        counted = telling[words]
        counted |= ~np.repeat(np.logical_or.reduceat(counted, starts), lengths[some])
        own[~counted] = np.iinfo(np.int64).max
        least = np.minimum.reduceat(own, starts, axis=0)
        sketches[some] = np.bitwise_xor.reduce(least.reshape(-1, BANDS, ROWS), axis=2)
    for low, high, length, sketch in zip(*spreads.T.tolist(), lengths.tolist(), sketches.tolist(), strict=True):
        yield (low, high), tuple(sketch) if length >= LEAST else ()


Mark = tuple[int, int, int, int, int, int]
"""A number of a sketch; the rank of the report, the id and the shape of a sentence that has it."""


class Sketches(NamedTuple):
    """Sentences that are looked for, as columns. `shapes`: ranks of their reports, ids, and shapes; `numbers`: those of each
    sketch, in a row."""

    shapes: NDArray[Any]
    numbers: NDArray[Any]

    @classmethod
    def of(cls, told: Iterable[tuple[int, int, Sentence]]) -> Sketches:
        """Of sentences, each with the rank of its report and its id, those that have a sketch."""
        import numpy as np

        some = [(rank, id, one) for rank, id, one in told if one.sketch]
        shapes = np.array([(rank, id, *one.shape) for rank, id, one in some], dtype=np.int64).reshape(-1, 5).T
        return cls(shapes, np.array([one.sketch for *_, one in some], dtype=np.int64).reshape(-1, BANDS))

    @classmethod
    def together(cls, parts: Sequence[Sketches]) -> Sketches:
        import numpy as np

        none = cls.of(())
        shapes, numbers = zip(none, *parts, strict=True)
        return cls(np.concatenate(shapes, axis=1), np.concatenate(numbers))

    def cut(self, size: int) -> Iterator[Sketches]:
        """The same, so many sentences at a time."""
        for at in range(0, len(self.numbers), size):
            yield Sketches(self.shapes[:, at : at + size], self.numbers[at : at + size])


def marks_of(sketches: Sketches) -> NDArray[Any]:
    """All numbers of the sketches, in order: a column of each for every `Mark`."""
    import numpy as np

    return _in_order(np.stack([sketches.numbers.reshape(-1), *(np.repeat(column, BANDS) for column in sketches.shapes)]))


def with_others(marks: NDArray[Any], others: Sequence[Mark]) -> NDArray[Any]:
    """These and others, in order, each once."""
    import numpy as np

    every = _in_order(np.concatenate([marks, np.array(others, dtype=np.int64).reshape(-1, 6).T], axis=1))
    return every[:, np.append(True, (every[:3, 1:] != every[:3, :-1]).any(axis=0))] if every.size else every


def shared(marks: NDArray[Any]) -> NDArray[Any]:
    """Those of numbers that more than one of them has."""
    import numpy as np

    same = marks[0, 1:] == marks[0, :-1]
    return marks[:, np.append(False, same) | np.append(same, False)] if marks.size else marks


def _in_order(marks: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return marks[:, np.lexsort((marks[2], marks[1], marks[0]))]


def may_be_alike(sketches: Sketches, marks: NDArray[Any], most: int) -> NDArray[Any]:
    """Which earlier sentences each may be like (see `may_be_like`). → rows of its rank and id, and the other's; in the order of the
    sketches, and then of the others. `marks`, in their order: of each number of a sketch no more than `most` are looked at."""
    import numpy as np

    if not len(sketches.numbers) or not marks.size:
        return np.zeros((0, 4), np.int64)
    (ranks, own, *spread, lengths), sought = sketches.shapes, sketches.numbers.reshape(-1)
    held, held_ranks, ids, *held_spread, held_lengths = marks
    first = np.searchsorted(held, sought, "left")
    number_of = np.minimum(np.searchsorted(held, sought, "right") - first, most)
    found = []
    for place in range(most):
        asking = np.flatnonzero(number_of > place)
        one, other = asking // BANDS, first[asking] + place
        earlier = held_ranks[other] < ranks[one]
        one, other = one[earlier], other[earlier]
        mine, his = lengths[one], held_lengths[other]
        halves = [(ours[one], theirs[other]) for ours, theirs in zip(spread, held_spread, strict=True)]
        only_mine, only_his = sum(_bits(ours & ~theirs) for ours, theirs in halves), sum(_bits(theirs & ~ours) for ours, theirs in halves)
        likely = 2 * np.minimum(mine - only_mine, his - only_his) >= IN_COMPANY * (mine + his)
        found.append(np.stack([one[likely], other[likely]], axis=1))
    one, other = np.concatenate(found).T
    order = np.lexsort((ids[other], held_ranks[other], one))
    one, other = one[order], other[order]
    new = np.append(True, (one[1:] != one[:-1]) | (ids[other[1:]] != ids[other[:-1]])) if len(one) else np.zeros(0, bool)
    one, other = one[new], other[new]
    return np.stack([ranks[one], own[one], held_ranks[other], ids[other]], axis=1)


def _bits(numbers: NDArray[Any]) -> NDArray[Any]:
    """How many bits each has."""
    import numpy as np

    counts: NDArray[Any] = np.unpackbits(numbers.view(np.uint8).reshape(-1, 8), axis=1).sum(axis=1, dtype=np.int64)
    return counts


def _numbers(letters: str | tuple[int, ...]) -> NDArray[Any]:
    import numpy as np

    if isinstance(letters, str):
        return np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.array(letters, dtype=np.uint32)


def alike(first: Sentence, second: Sentence, *, least: float = 0.0) -> float:
    """Share of the words that both have in the same order, 0 to 1; 0 below `least`."""
    return _similarity()(first.letters, second.letters, score_cutoff=least)


@cache
def _similarity() -> Callable[..., float]:
    from rapidfuzz.distance import Indel  # only where reports arrived

    return Indel.normalized_similarity


def is_copy(first: Sentence, second: Sentence, *, in_company: bool = False) -> float:
    """How alike the two are if one is copied from the other, else 0. `in_company`: their reports share other sentences."""
    return degrees(first, second)[in_company]


def degrees(first: Sentence, second: Sentence) -> tuple[float, float]:
    """The same on its own, and in company.

    Where a number or a name stands in place of another, it takes both: "shelling killed 3 in Oakford" and "shelling killed 5 in Pinewell"
    are two reports, unless all around them is the same.
    """
    found = alike(first, second, least=IN_COMPANY)
    if not found:
        return 0.0, 0.0
    short = min(len(first.letters), len(second.letters)) < LEAST
    exchanged = bool(first.firm - second.firm and second.firm - first.firm)
    alone = found if found >= COPIED and not short and not exchanged else 0.0
    return alone, found if found >= (SHORT_IN_COMPANY if short else COPIED if exchanged else IN_COMPANY) else 0.0
