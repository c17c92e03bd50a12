"""Sizes of a report's sentences → the windows in which the model reads them for claims.

Who took a toll, and where, often stands in another sentence than the toll. So claims are read from many sentences at once: those of a
window, and before them the first of the report and the last few. Each sentence is read for claims in one window; the rest is company.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OWN, BEFORE, LEAD = 330, 140, 120  # sub-words: of the sentences read, of those before them, and of a first sentence that comes along
STORY = ("actor", "recipient", "place")  # roles that words of other sentences may fill


@dataclass(frozen=True)
class Window:
    """Numbers of sentences: all, in their order, and those that are read for claims."""

    all: tuple[int, ...]
    own: tuple[int, ...]


def windows(sizes: Sequence[int]) -> Iterator[Window]:
    """The windows of a report whose sentences have so many sub-words each.

    >>> [(w.all, w.own) for w in windows([20, 300, 40, 100])]
    [((0, 1), (0, 1)), ((0, 2, 3), (2, 3))]
    """
    own: list[int] = []
    for k, size in enumerate(sizes):
        if own and sum(sizes[i] for i in own) + size > OWN:
            yield _window(own, sizes)
            own = []
        own.append(k)
    if own:
        yield _window(own, sizes)


def _window(own: Sequence[int], sizes: Sequence[int]) -> Window:
    before: list[int] = []
    for k in reversed(range(own[0])):
        if sum(sizes[i] for i in before) + sizes[k] > BEFORE:
            break
        before.insert(0, k)
    lead = [0] if own[0] and 0 not in before and sizes[0] <= LEAD else []
    return Window((*lead, *before, *own), tuple(own))


def inputs(window: Window, sizes: Mapping[int, int], firsts: Mapping[int, Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    """What the model is told of a window beside its vectors. `sizes` and `firsts` are of its sentences: how many sub-words, and
    the first one of each word.

    `sentences`: which sentence of the window each sub-word is of; `numbers`: which of the report each of these is; `first`: the first
    sub-word of each word of the window; `asked`: the words that are read for claims.
    """
    lengths = [sizes[k] for k in window.all]
    begins = np.cumsum([0, *lengths[:-1]])
    of_own = np.repeat([k in window.own for k in window.all], [len(firsts[k]) for k in window.all])
    return {
        "sentences": np.repeat(np.arange(len(lengths)), lengths),
        "numbers": np.array(window.all, np.int64),
        "first": np.concatenate([begin + np.array(firsts[k], np.int64) for begin, k in zip(begins, window.all, strict=True)]),
        "asked": np.flatnonzero(of_own),
    }
