"""a word as written → its sub-word ids and its shape, the two things the language model sees of it.

Training and reading share this file: a word must look the same in both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from tokenizers import Tokenizer

CLS, SEP, UNKNOWN = 101, 102, 100
MOST_PIECES = 16  # of one word; a web address or a joined name beyond it says nothing more
STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "…": "."})


SPELT = {"``": '"', "''": '"', "IS": "ISIS"}


def plain(word: str) -> str:
    """Curly quotes and long dashes made straight: the treebanks hardly have them. "IS" is a name: in lower case it would read as a verb.

    >>> plain("Raqqa’s"), plain("``")
    ("Raqqa's", '"')
    """
    return SPELT.get(word) or word.translate(STRAIGHT)


@lru_cache(maxsize=100_000)
def shape(word: str) -> int:
    """Letter case as a class, since the encoder reads lower case only.

    >>> [shape(w) for w in ("army", "Army", "YPG", "A", "al-Qaida", "42", ".")]
    [1, 2, 3, 4, 5, 6, 7]
    """
    if not any(c.isalpha() for c in word):
        return 6 if any(c.isdigit() for c in word) else 7
    if word.islower():
        return 1
    if len(word) == 1:
        return 4
    if word.isupper():
        return 3
    return 2 if word[0].isupper() else 5


def word_pieces(tokenizer: Tokenizer) -> Callable[[str], tuple[int, ...]]:
    """A cached word → sub-word ids; never empty, never longer than MOST_PIECES."""

    @lru_cache(maxsize=100_000)
    def pieces(word: str) -> tuple[int, ...]:
        return tuple(tokenizer.encode(plain(word), add_special_tokens=False).ids[:MOST_PIECES]) or (UNKNOWN,)

    return pieces
