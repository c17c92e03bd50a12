"""Sizes of a report's sentences → the windows in which the model looks for who, where and when.

Who took a toll, where and when, often stands in another sentence than the toll. So from each word that makes a claim the model looks at
many sentences: those of a window, and before them the first of the report and the last few. Each sentence is asked about in one window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OWN, BEFORE, LEAD = 330, 240, 120  # sub-words: of the sentences asked about, of those before them, of a first sentence that comes along
STORY = ("actor", "recipient", "place")  # roles that words of other sentences may fill
UNTIMED = ("never", "before", "today")  # no days; days up to publication; the day of publication
BY_TIME = ("on", "till", "since")  # the days of a time; days up to its last; from its first to publication


@dataclass(frozen=True)
class Window:
    """Numbers of sentences: all, in their order, and those that are asked about."""

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
