"""Input made to do harm, or broken by chance: a clear failure, in bounded time and memory, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import random
import time
import zipfile
from pathlib import Path
from signal import SIGSTOP

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khabar.errors import InputError
from khabar.feeds import READERS, read_inputs
from khabar.feeds.confined import _parser, parse
from khabar.model import Failure, Report

FILES = Path(__file__).parent / "feeds"
TEXT = "Fighters of the Northern Front took the town of Qalam on Monday, and the army left for the harbour."
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10))


def one(tmp_path: Path, name: str, content: bytes) -> list[Report | Failure]:
    """What comes of a file and of the good one after it; the good one is always read."""
    (tmp_path / name).write_bytes(content)
    good = tmp_path / "good.txt"
    good.write_text(TEXT)
    *found, _warning, last = read_inputs([tmp_path / name, good])
    assert isinstance(last, Report)
    return found


def part(name: str, part: str, content: bytes) -> bytes:
    """A zipped document with other bytes in one of its parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(FILES / name) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return held.getvalue()


def workbook(sheet: bytes) -> bytes:
    return part("links.xlsx", "xl/worksheets/sheet1.xml", sheet)


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
TABLES = b"<w:tbl><w:tr><w:tc>" * 80 + b"</w:tc></w:tr></w:tbl>" * 80


HOSTILE: dict[str, bytes] = {
    "one-line.txt": b"a" * 100_000_000,
    "one-line.jsonl": b'{"text": "' + b"a" * 30_000_000,
    "one-line.json": b'[{"text": "' + b"a" * 30_000_000,
    "deep.json": b"[" * 1_000_000,
    "deep-object.json": b'{"chats": {"list": [' * 100_000,
    "deep.html": b"<div>" * 200_000,
    "deep.eml": b"From: a@b.example\nContent-Type: text/html\n\n" + b"<b>" * 200_000,
    "parts.eml": b'From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n' + b"--x\n\n" * 100_000,
    "headers.eml": b"Subject: " + b"=?utf-8?q?x?= " * 200_000,
    "bomb.warc.gz": gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 90000000\r\n\r\n" + b"\0" * 90_000_000, 1),
    "no-length.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\n",
    "laughs.xlsx": workbook(LAUGHS.encode() + b"]><worksheet>&k;</worksheet>"),
    "bomb.xlsx": workbook(b"\0" * 510_000_000),
    "not.xlsx": b"PK\x03\x04" + b"\0" * 1000,
    "wide.csv": b"url," * 100_000 + b"\n" + b"x," * 100_000,
    "quote.csv": b'text,url\n"' + b"a" * 20_000_000,
    "not.pdf": b"%PDF-1.7\n" + b"\0" * 100_000,
    "entities.html": b"<p>" + b"&lt;" * 1_500_000,
    "bomb.docx": part("sitrep.docx", "word/document.xml", b"\0" * 510_000_000),
    "paragraphs.docx": part("sitrep.docx", "word/document.xml", WORD + b"<w:p/>" * 8_000_000 + b"</w:body></w:document>"),
    "fewer-paragraphs.docx": part("sitrep.docx", "word/document.xml", WORD + b"<w:p/>" * 1_900_000 + b"</w:body></w:document>"),
    "deep.docx": part("sitrep.docx", "word/document.xml", WORD + b"<w:tbl><w:tr><w:tc>" * 100_000),
    "nearly-deep.docx": part("sitrep.docx", "word/document.xml", WORD + TABLES + b"</w:body></w:document>"),
    "laughs.docx": part("sitrep.docx", "word/document.xml", LAUGHS.encode() + b"]><document>&k;</document>"),
    "styles.docx": part("sitrep.docx", "word/styles.xml", b"\0" * 60_000_000),
    "laughs.odt": part("sitrep.odt", "content.xml", LAUGHS.encode() + b"]><document>&k;</document>"),
    "not.odt": b"PK\x03\x04" + b"\0" * 1000,
    "many.docx": b"PK\x05\x06" + b"\xff" * 18,
    "not.mht": b"From: x\nMIME-Version: 1.0\nContent-Type: multipart/related\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_input_made_to_do_harm_is_a_clear_failure_in_bounded_time(tmp_path: Path, name: str) -> None:
    begun = time.monotonic()
    found = [item for item in one(tmp_path, name, HOSTILE[name]) if not (isinstance(item, Failure) and item.warning)]
    assert len(found) == 1
    assert isinstance(found[0], Failure)
    assert name in found[0].message
    assert len(found[0].message) < 1000
    assert time.monotonic() - begun < 10


def test_entities_of_a_feed_are_not_multiplied(tmp_path: Path) -> None:
    [found] = one(tmp_path, "laughs.rss", LAUGHS.encode() + b"]><rss><channel><item><title>&k;</title></item></channel></rss>")[1:]
    assert isinstance(found, Report)
    assert len(found.text) < 100


def test_a_pdf_that_unpacks_to_gigabytes_is_stopped(tmp_path: Path) -> None:
    import zlib

    packed = zlib.compress(zlib.compress(b"(x) Tj " * 60_000_000, 1), 1)
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj 4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length "
    body += str(len(packed)).encode() + b">>stream\n" + packed + b"\nendstream endobj trailer<</Root 1 0 R>>\n%%EOF"
    [found] = one(tmp_path, "bomb.pdf", body)
    assert isinstance(found, Failure)
    assert found.code in ("broken", "size")


def test_a_parser_that_takes_too_long_is_ended_and_the_next_document_read() -> None:
    pdf = (FILES / "two-columns.pdf").read_bytes()
    parse("khabar.feeds.pdf", pdf)
    process = _parser("khabar.feeds.pdf").process
    assert process is not None
    process.send_signal(SIGSTOP)
    with pytest.raises(InputError, match="seconds"):
        parse("khabar.feeds.pdf", pdf, seconds=0.1)
    assert "Oakford" in parse("khabar.feeds.pdf", pdf)["text"]


SEEDS = {
    suffix: (FILES / name).read_bytes()
    for suffix, name in {
        ".pdf": "two-columns.pdf", ".eml": "press-release.eml", ".mbox": "box.mbox", ".warc.gz": "archive.warc.gz", ".rss": "feed.rss",
        ".atom": "feed.atom", ".csv": "texts.csv", ".xlsx": "links.xlsx", ".mht": "saved.mht", ".json": "telegram/result.json",
        ".js": "x/tweets.js", ".jsonl": "translated.jsonl", ".docx": "sitrep.docx", ".odt": "sitrep.odt",
    }.items()
}  # fmt: skip
SEEDS[".warc"] = gzip.decompress(SEEDS[".warc.gz"])


@pytest.mark.parametrize("suffix", sorted(SEEDS))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_never_stops_a_run(tmp_path: Path, suffix: str, seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(SEEDS[suffix])
    for _ in range(chance.randint(1, 12)):
        at, length = chance.randrange(len(raw)), chance.choice((1, 1, 4, 60))
        raw[at : at + length] = chance.choice((b"", b"\0", b"\xff\xfe", bytes(raw[:length]), chance.randbytes(length), b"<", b'"', b"\n\n"))
    for item in one(tmp_path, f"damaged{suffix}", bytes(raw)):
        json.dumps([item.id, getattr(item, "message", ""), getattr(item, "text", "")], ensure_ascii=False).encode()


@pytest.mark.parametrize("suffix", sorted({*READERS, ""}))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300))
def test_any_bytes_under_any_name_are_answered_for(tmp_path: Path, suffix: str, raw: bytes) -> None:
    assert one(tmp_path, f"any{suffix}", raw)
