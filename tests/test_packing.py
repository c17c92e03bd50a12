"""Pieces that were packed apart → one stream of gzip that any reader unpacks."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from khabar.server import packing
from khabar.server.packing import Packed, Piece, Shelf

PARTS = [b'{"features":[', b'{"place":"Oakford"},' * 400, b"", b'{"place":"Pinewell"}' * 3, b"]}"]


def test_pieces_in_a_row_are_one_stream() -> None:
    stream = zlib.decompressobj(31)  # stops at the end of the first stream, as browsers do
    assert stream.decompress(Packed.of(map(Piece.of, PARTS)).content) == b"".join(PARTS)
    assert stream.eof
    assert not stream.unused_data


@pytest.mark.parametrize("combined", [packing._combined, packing.combined], ids=["in Python", "as installed"])
@pytest.mark.parametrize("second", [b"", b"x", b"Oakford" * 1000])
def test_the_checksum_of_two_texts_follows_from_theirs(combined: Callable[[int, int, int], int], second: bytes) -> None:
    first = b"Who held it?"
    assert combined(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


def test_what_was_not_asked_for_lately_leaves_the_shelf_and_is_made_again() -> None:
    shelf, made = Shelf(2 * packing.BESIDE), []

    def asked(key: str) -> bytes:
        piece = shelf.piece(key, lambda: made.append(key) or key.encode())  # type: ignore[func-returns-value]
        return gzip.decompress(Packed.of([piece]).content)

    assert [asked(key) for key in ("one", "one", "two", "one")] == [b"one", b"one", b"two", b"one"]
    assert made == ["one", "two", "one"]
    assert shelf.size <= 2 * packing.BESIDE
