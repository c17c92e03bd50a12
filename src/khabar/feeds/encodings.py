"""Bytes → characters, and the doubt with which they were decoded."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable

from khabar.errors import InputError

# UTF-32 before UTF-16: its mark begins with the other's.
_MARKS = (
    (BOM_UTF8, "utf-8"),
    (BOM_UTF32_LE, "utf-32-le"),
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
)
SAVE_AS = "save it as .docx, PDF, HTML or plain text"
_PICTURE = "a picture; make its text readable first (for example with ocrmypdf)"
_OTHER_FORMATS = {
    b"%PDF-": "a PDF under another name; let its name end in .pdf",
    b"PK\x03\x04": "a zip archive, or a document of Word or OpenOffice; unpack it, or let its name end in .docx or .odt",
    b"\x1f\x8b": "compressed; unpack it",
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"SQLite format 3\0": "a database; expected reports",
    b"\xd0\xcf\x11\xe0": f"a document, sheet or letter of old Office (.doc, .xls, .msg); {SAVE_AS}",
    b"{\\rtf": f"a document in RTF; {SAVE_AS}",
}
"""How files begin that are no text, and what to do with them."""
# What pages are written in. Python knows more codecs, some of them slow or no encodings of text at all.
_CHARSET = re.compile(r"utf-?8|utf-?16(le|be)?|(us-)?ascii|(iso|windows|cp|koi8|gb|big5|euc|shift|sjis|mac|x-mac|tis|latin)[\w-]*", re.I)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{2,30})", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

Warn = Callable[[str, str], None]


def decoded(raw: bytes, warn: Warn) -> str:
    """Text of the bytes: by their mark, as UTF-8, as UTF-16 without a mark, else as Windows-1252, which is a guess and said so."""
    if (text := _marked(raw)) is not None:
        return text
    if name := _unmarked_utf16(raw):
        return raw.decode(name, "replace")
    if is_binary(raw):
        why = f"is {what}" if (what := foreign(raw)) else f"{len(raw):,} bytes that are no text; expected plain text, HTML or JSON lines"
        raise InputError(why, code="binary")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return _guessed(raw, error, warn)


def decoded_page(raw: bytes, charset: str | None, warn: Warn) -> str:
    """Text of an HTML page: by its mark, by what the server said, by what the page says; as UTF-8 wherever it is good UTF-8."""
    if (text := _marked(raw)) is not None:
        return text
    if name := _unmarked_utf16(raw):
        return raw.decode(name, "replace")
    if is_binary(raw):
        raise InputError(f"{len(raw):,} bytes that are no HTML", code="binary")
    try:
        # A page that says Latin-1 and is good UTF-8 was saved by a browser, which changes the bytes and not always the words.
        return raw.decode()
    except UnicodeDecodeError as error:
        said = _META.search(raw[:4000])
        stated = [charset, *((name.decode() for name in said.groups() if name) if said else ())]
        known = next((found for name in stated if name and (found := _by_charset(raw, name)) is not None), None)
        return known if known is not None else _guessed(raw, error, warn)


def _marked(raw: bytes) -> str | None:
    return next((raw[len(mark) :].decode(encoding, "replace") for mark, encoding in _MARKS if raw.startswith(mark)), None)


def _by_charset(raw: bytes, name: str) -> str | None:
    """None where the name is none of a text, or is a wrong one: a tenth of a thousandth of the characters may be damaged."""
    if not _CHARSET.fullmatch(name):
        return None
    # Pages that say Latin-1 mean Windows-1252 (WHATWG).
    name = "cp1252" if name.lower() in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
    try:
        text = raw.decode(name, "replace")
    except LookupError:
        return None
    return text if text.count("\ufffd") <= 1 + len(text) // 10_000 else None


def _guessed(raw: bytes, error: UnicodeDecodeError, warn: Warn) -> str:
    """UTF-8 with damage where most of what is not ASCII is good UTF-8, else Windows-1252."""
    mended = raw.decode(errors="replace")
    bad = mended.count("\ufffd")
    good = sum(character > "\x7f" for character in mended) - bad
    name = "UTF-8 with damaged characters replaced" if good > bad else "Windows-1252"
    warn("encoding", f"byte {error.start} is no UTF-8; read as {name}: check accented letters and quotation marks")
    return mended if good > bad else raw.decode("cp1252", "replace")


def _unmarked_utf16(raw: bytes) -> str | None:
    """Text in Latin letters has a zero in every second byte."""
    even, odd = raw[:4000:2], raw[1:4000:2]
    if len(odd) < 8:
        return None
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if max(zeros) < 0.7 or min(zeros) > 0.1:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"


def foreign(raw: bytes) -> str | None:
    """What bytes of another format are, and what to do with them; None where they may be text."""
    return next((what for mark, what in _OTHER_FORMATS.items() if raw.startswith(mark)), None)


def is_binary(raw: bytes) -> bool:
    """Bytes of another format, or with more control characters than any text has."""
    if raw.startswith(tuple(_OTHER_FORMATS)):
        return True
    sample = raw[:65_536]
    control = sum(sample.count(bytes([value])) for value in range(32) if value not in (9, 10, 12, 13))
    # 2 %: text has none; compressed or compiled bytes have ten and more in a hundred.
    return control > 0.02 * len(sample) if sample else False


def clean(text: str, warn: Warn) -> str:
    """Characters that no text has, replaced one for one, so that offsets hold."""
    if _SURROGATE.search(text):
        warn("encoding", "half characters (lone surrogates) are replaced by U+FFFD")
        text = whole_characters(text)
    return _CONTROL.sub(" ", text)


def whole_characters(text: str) -> str:
    """Text that can be written out as UTF-8."""
    return _SURROGATE.sub("\ufffd", text)
