"""A stream of JSON that may be larger than memory → the elements of its lists, one at a time, with the plain fields around them."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from typing import Any, Protocol

from khabar.errors import InputError
from khabar.feeds.arrivals import MAX_BYTES

_CHUNK = 262_144
_SPACE = re.compile(r"[\s,]*")
_decoder = json.JSONDecoder()

Fields = dict[str, Any]


class Stream(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


class _Text:
    """The characters ahead; what was taken is dropped."""

    def __init__(self, stream: Stream) -> None:
        self.stream, self.ahead, self.at, self.ended = stream, "", 0, False
        self.decoder = getincrementaldecoder("utf-8-sig")("replace")

    def more(self) -> None:
        raw = self.stream.read(max(_CHUNK, len(self.ahead) - self.at))
        self.ended = not raw
        self.ahead, self.at = self.ahead[self.at :] + self.decoder.decode(raw, final=self.ended), 0

    def peek(self) -> str:
        """The next character that is no space or comma; "" at the end."""
        while True:
            found = _SPACE.match(self.ahead, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.ahead):
                return self.ahead[self.at]
            if self.ended:
                return ""
            self.more()

    def take(self, wanted: str) -> None:
        if (found := self.peek()) != wanted:
            raise InputError(f"no valid JSON: {found or 'the end'!r} where {wanted!r} was expected", code="json")
        self.at += 1

    def value(self) -> Any:
        """One whole value; InputError where it is none, or larger than a report can be."""
        self.peek()
        while True:
            try:
                found, end = _decoder.raw_decode(self.ahead, self.at)
                # A number at the very end may go on.
                if end < len(self.ahead) or self.ended:
                    self.at = end
                    return found
            except json.JSONDecodeError as error:
                if self.ended:
                    raise InputError(f"no valid JSON: {error.msg}", code="json") from error
            except RecursionError as error:
                raise InputError("no valid JSON: lists within lists, too deep", code="json") from error
            if len(self.ahead) - self.at > MAX_BYTES:
                raise InputError(f"no valid JSON, or one value of more than {MAX_BYTES:,} characters", code="size")
            self.more()


def elements(stream: Stream, *, lists: frozenset[str]) -> Iterator[tuple[Fields, Any]]:
    """Each element of a list at the top, or of the lists of those names in an object, with the plain fields that stood before the list.

    Words before the first bracket (`window.YTD.tweets.part0 = `) are passed over. Objects in a list named "list" are opened in turn.
    """
    text = _Text(stream)
    while (first := text.peek()) not in "[{":
        text.at += 1
    if first == "[":
        yield from _list(text, {})
    elif first == "{":
        yield from _object(text, {}, lists)


def _list(text: _Text, fields: Fields) -> Iterator[tuple[Fields, Any]]:
    text.take("[")
    while text.peek() != "]":
        yield fields, text.value()
    text.take("]")


def _object(text: _Text, around: Fields, lists: frozenset[str]) -> Iterator[tuple[Fields, Any]]:
    """`list` holds objects that are opened like this one: the chats of a whole account."""
    fields = dict(around)
    text.take("{")
    while text.peek() != "}":
        key = text.value()
        text.take(":")
        opening = text.peek()
        if key in lists and opening == "[":
            yield from _list(text, fields)
        elif key == "list" and opening == "[":
            text.take("[")
            while text.peek() == "{":
                yield from _object(text, fields, lists)
            text.take("]")
        elif opening == "{" and key in ("chats", "left_chats"):
            yield from _object(text, fields, lists)
        else:
            fields[str(key)] = text.value()
    text.take("}")
