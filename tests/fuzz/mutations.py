"""A seed and chance → another input: bytes cut, doubled, swapped, replaced by what formats stumble over; parts of two seeds joined."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

ODD = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\r", b"\n\n", b"\t", b"<", b">", b"&#0;", b"&#x110000;", b"]]>",
    b'"', b"'", b"\\", b"\\ud800", b"\\u0000", b"{", b"}", b"[", b"]", b"null", b"NaN", b"1e999", b"-1", b"0", b"9" * 5000, b"2031-13-99",
    b"0001-01-01", b"9999-12-31", b"2031-05-05T25:61:61Z", b"\xe2\x80\xae", b"\xd8\xa7", b"\xf0\x9f\x92\xa3", b"%s%n", b"../../x", b"..\\x",
    b"file:///etc/passwd", b"http://127.0.0.1/", b"=?utf-8?b?////?=", b"<!DOCTYPE x [<!ENTITY a 'aa'>]>", b"<![CDATA[", b"<!--", b"--x\n",
    b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n", b"Content-Encoding: gzip\r\n", b"Content-Transfer-Encoding: base64\n",
    b"charset=utf-7", b"charset=nonsense", b"- ", b"&a ", b"*a ", b"!!python/object:os.system ", b"? ", b"|", b": ", b"\x1f\x8b\x08",
    b"PK\x03\x04", b"%PDF-1.7", b"endobj", b"stream", b"<<", b"/Length 99999999", b"SQLite format 3\0",
)  # fmt: skip

Change = Callable[[bytearray, random.Random, Sequence[bytes]], bytearray]


def mutated(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of the seeds with one to eight changes; a few inputs are nothing but noise."""
    if chance.random() < 0.02:
        return chance.randbytes(chance.randrange(400))
    raw = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        raw = chance.choice(CHANGES)(raw, chance, seeds)
    return bytes(raw)


def _cut(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + raw[at + chance.choice((1, 4, 40, 400)) :]


def _end(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    return raw[: chance.randrange(len(raw) + 1)]


def _put(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(ODD) * chance.choice((1, 1, 1, 2, 50)) + raw[at:]


def _over(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    at, words = chance.randrange(len(raw) + 1), chance.choice(ODD)
    return raw[:at] + words + raw[at + len(words) :]


def _bit(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    for _ in range(chance.choice((1, 3, 12))):
        if raw:
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return raw


def _again(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    """A stretch stands many times, or elsewhere."""
    at, length = chance.randrange(len(raw) + 1), chance.choice((1, 8, 60, 600))
    to = chance.choice((at, chance.randrange(len(raw) + 1)))
    return raw[:to] + raw[at : at + length] * chance.choice((1, 2, 30, 300)) + raw[to:]


def _joined(raw: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> bytearray:
    other = chance.choice(seeds)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def _line(raw: bytearray, chance: random.Random, _: Sequence[bytes]) -> bytearray:
    lines = raw.split(b"\n")
    one = lines.pop(chance.randrange(len(lines)))
    lines.insert(chance.randrange(len(lines) + 1), chance.choice((one, one.upper(), one[::-1], one + one, b" " + one)))
    return bytearray(b"\n".join(lines))


CHANGES: tuple[Change, ...] = (_cut, _end, _put, _put, _over, _bit, _again, _joined, _line)
