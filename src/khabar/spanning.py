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
    return int(np.count_nonzero(heads)) == len(heads) - 1 and not cycle_in(np.concatenate([[0], heads]))


def best_tree(arcs: NDArray[np.float32]) -> NDArray[np.int64]:
    """The heads of the highest-scoring tree with one root (Chu-Liu and Edmonds); arcs[i, j]: word i + 1 under j."""
    scores = np.full((len(arcs) + 1, len(arcs) + 1), -1e9)
    scores[1:] = arcs[:, : len(arcs) + 1]
    np.fill_diagonal(scores, -1e9)
    words = np.arange(1, len(scores))
    best, most = words, -np.inf
    for root in np.argsort(-scores[1:, 0], kind="stable")[:ROOTS_TRIED] + 1:
        single = scores.copy()
        single[1:, 0] = -1e9
        single[root] = -1e9
        single[root, 0] = scores[root, 0]
        if single[1:].max(1).sum() > most:  # the heads that score best, be they a tree or not
            heads = spanning(single)[1:]
            if (score := scores[words, heads].sum()) > most:
                best, most = heads, score
    return best


def spanning(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """heads[i] of the maximum spanning arborescence rooted at 0; heads[0] is 0."""
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    cycle = cycle_in(heads)
    if not cycle:
        return heads
    inside, outside = np.array(cycle), np.delete(np.arange(len(heads)), cycle)
    gain = scores[inside] - scores[inside, heads[inside]][:, None]
    entry = gain[:, outside].argmax(0)  # the word of the cycle through which each outside word would come in
    smaller = np.full((len(outside) + 1, len(outside) + 1), -1e9)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    smaller[-1, :-1] = gain[entry, outside]
    exit_ = scores[np.ix_(outside, inside)].argmax(1)
    smaller[:-1, -1] = scores[outside, inside[exit_]]
    small = spanning(smaller)
    heads[outside[1:]] = np.where(small[1:-1] == len(outside), inside[exit_[1:]], np.append(outside, 0)[small[1:-1]])
    heads[inside[entry[small[-1]]]] = outside[small[-1]]
    return heads


def cycle_in(heads: NDArray[np.int64]) -> list[int]:
    """The words of one cycle, or none.

    >>> cycle_in(np.array([0, 2, 1, 0])), cycle_in(np.array([0, 0, 1]))
    ([2, 1], [])
    """
    above = heads.tolist()
    done = {0}
    for start in range(1, len(above)):
        path: list[int] = []
        at = start
        while at not in done and at not in path:
            path.append(at)
            at = above[at]
        if at not in done:
            turn = path[path.index(at) :]
            return turn[1:] + turn[:1]
        done.update(path)
    return []
