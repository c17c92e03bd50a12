"""a word as written → its sub-word ids and its shape, exactly as the reading program does it."""

from __future__ import annotations

from functools import lru_cache

from tokenizers import Tokenizer

CLS, SEP, UNKNOWN = 101, 102, 100
MOST_PIECES = 16
PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "…": "."})


def plain(word: str) -> str:
    """Curly quotes and long dashes made straight: the treebanks hardly have them.

    >>> plain("“Raqqa’s"), plain("``")
    ('"Raqqa\\'s', '"')
    """
    return '"' if word in ("``", "''") else word.translate(PLAIN)


def shape(word: str) -> int:
    """
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


class Pieces:
    """Word → sub-word ids; never empty, never longer than MOST_PIECES."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.of = lru_cache(maxsize=200_000)(lambda word: pieces_of(tokenizer, word))


def pieces_of(tokenizer: Tokenizer, word: str) -> tuple[int, ...]:
    return tuple(tokenizer.encode(plain(word), add_special_tokens=False).ids[:MOST_PIECES]) or (UNKNOWN,)
