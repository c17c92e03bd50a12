"""The scores of all heads of a sentence → the best tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROOTS_TRIED = 3  # for each a tree is built, and the best tree stays


def is_tree(heads: NDArray[np.int64]) -> bool:
    """One root, and every word reaches it.

    >>> is_tree(np.array([2, 0, 2])), is_tree(np.array([2, 1, 0])), is_tree(np.array([0, 0]))
    (True, False, False)
    """
    if int((heads == 0).sum()) != 1:
        return False
    reached = np.concatenate([[0], heads])
    for _ in range(len(heads).bit_length()):
        reached = reached[reached]
    return not reached.any()


def best_tree(arcs: NDArray[np.float32]) -> NDArray[np.int64]:
    """The heads of the highest-scoring tree with one root (Chu-Liu and Edmonds); arcs[i, j]: word i + 1 under j."""
    scores = np.full((len(arcs) + 1, len(arcs) + 1), -1e9)
    scores[1:] = arcs[:, : len(arcs) + 1]
    np.fill_diagonal(scores, -1e9)
    trees = []
    for root in np.argsort(-scores[1:, 0], kind="stable")[:ROOTS_TRIED] + 1:
        single = scores.copy()
        single[1:, 0] = -1e9
        single[root] = -1e9
        single[root, 0] = scores[root, 0]
        trees.append(spanning(single))
    words = np.arange(1, len(scores))
    best: NDArray[np.int64] = max(trees, key=lambda heads: float(scores[words, heads[1:]].sum()))[1:]
    return best


def spanning(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """heads[i] of the maximum spanning arborescence rooted at 0; heads[0] is 0."""
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    cycle = cycle_in(heads)
    if not cycle:
        return heads
    inside = np.array(cycle)
    outside = np.array([i for i in range(len(heads)) if i not in set(cycle)])
    gain = scores[inside] - scores[inside, heads[inside]][:, None]
    entry = gain[:, outside].argmax(0)  # the word of the cycle through which each outside word would come in
    smaller = np.full((len(outside) + 1, len(outside) + 1), -1e9)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    smaller[-1, :-1] = gain[entry, outside]
    exit_ = scores[np.ix_(outside, inside)].argmax(1)
    smaller[:-1, -1] = scores[outside, inside[exit_]]
    small = spanning(smaller)
    for k, i in enumerate(outside[1:], 1):
        heads[i] = inside[exit_[k]] if small[k] == len(outside) else outside[small[k]]
    heads[inside[entry[small[-1]]]] = outside[small[-1]]
    return heads


def cycle_in(heads: NDArray[np.int64]) -> list[int]:
    """The words of one cycle, or none.

    >>> cycle_in(np.array([0, 2, 1, 0])), cycle_in(np.array([0, 0, 1]))
    ([2, 1], [])
    """
    done = {0}
    for start in range(1, len(heads)):
        path: list[int] = []
        at = start
        while at not in done and at not in path:
            path.append(at)
            at = int(heads[at])
        if at not in done:
            turn = path[path.index(at) :]
            return turn[1:] + turn[:1]
        done.update(path)
    return []
