"""Bytes of a letter or of a saved page → its parts, within bounds that the standard library does not set."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import cast

from khabar.errors import InputError

MAX_PARTS = 5_000
MAX_HEADER = 4_000  # characters: a name of a sender or a subject that is longer is none


class _Bounded(EmailPolicy):
    """A header of a million encoded words would take minutes, and then the stack."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name[:100], value[:MAX_HEADER]


_POLICY = _Bounded()


def parsed(raw: bytes) -> EmailMessage:
    """The message of the bytes; InputError where it has more parts than people make."""
    if (parts := raw.count(b"\n--")) > MAX_PARTS:
        raise InputError(f"a message of {parts:,} parts; save its text as .txt", code="size")
    return cast(EmailMessage, message_from_bytes(raw, policy=_POLICY))
