"""Made files of each format → reports/s from the bytes to the report, without the reading of it.

python benchmarks/bench_feeds.py [--reports 300]
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from khabar.feeds import read_inputs
from khabar.model import Report

FILES = Path(__file__).parent.parent / "tests" / "feeds"
SENTENCE = "Fighters of the Northern Front captured the town of Oakford on Thursday, residents and a military source said on day {}. "


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--reports", type=int, default=300)
    number = parser.parse_args().reports
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; reports of some 2,400 characters, {number} of each format")
    list(read_inputs([FILES / "pages", FILES / "two-columns.pdf", FILES / "archive.warc.gz", FILES / "feed.rss"]))  # imports
    for name, make in FORMATS.items():
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), number)
            begun = time.perf_counter()
            found = sum(isinstance(item, Report) or item.code == "duplicate" for item in read_inputs(sorted(Path(folder).iterdir())))
            spent = time.perf_counter() - begun
        print(f"{name:12} {found:5} reports in {spent:6.2f} s: {found / spent:7.0f} reports/s")
    return 0


def texts(number: int) -> Iterator[str]:
    return ("\n\n".join(SENTENCE.format(f"{n} {line}") * 2 for line in range(10)) for n in range(number))


def page(text: str) -> str:
    """A page with menus, a comment and links around the text."""
    whole = (FILES / "pages/wordpress.html").read_text("utf-8")
    story = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return whole.replace('<div class="entry-content">', f'<div class="entry-content">{story}')


def each(suffix: str, made: Callable[[str], str]) -> Callable[[Path, int], None]:
    def make(folder: Path, number: int) -> None:
        for n, text in enumerate(texts(number)):
            (folder / f"{n:05}{suffix}").write_text(made(text), "utf-8")

    return make


def letter(text: str) -> str:
    return f"From: Harbour Post <a@harbour.example>\nSubject: Oakford\nDate: Thu, 9 May 2019 10:00:00 +0000\n\n{text}\n"


def pdfs(folder: Path, number: int) -> None:
    """One file many times under other names: the same text is read each time, and passed over as read before."""
    raw = (FILES / "two-columns.pdf").read_bytes()
    for n in range(min(number, 60)):
        (folder / f"{n:05}.pdf").write_bytes(raw)


def rows(folder: Path, number: int) -> None:
    (folder / "rows.jsonl").write_text("".join(json.dumps({"text": text, "published": "2019-05-09"}) + "\n" for text in texts(number)))


def box(folder: Path, number: int) -> None:
    (folder / "box.mbox").write_text("".join(f"From a Tue May  7 10:00:00 2019\n{letter(text)}\n" for text in texts(number)))


def archive(folder: Path, number: int) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with (folder / "crawl.warc.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for n, text in enumerate(texts(number)):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            body = io.BytesIO(page(text).encode())
            writer.write_record(writer.create_warc_record(f"https://harbour.example/{n}", "response", payload=body, http_headers=headers))


def feed(folder: Path, number: int) -> None:
    items = "".join(
        f"<item><title>T{n}</title><link>https://h.example/{n}</link><description>{t}</description></item>"
        for n, t in enumerate(texts(number))
    )
    (folder / "feed.rss").write_text(f'<rss version="2.0"><channel><title>H</title>{items}</channel></rss>')


def sheet(folder: Path, number: int) -> None:
    (folder / "sheet.csv").write_text("date,text\n" + "".join(f'2019-05-09,"{text}"\n' for text in texts(number)))


def channel(folder: Path, number: int) -> None:
    messages = [{"id": n, "type": "message", "date": "2019-05-09T10:00:00", "text": text} for n, text in enumerate(texts(number))]
    (folder / "result.json").write_text(json.dumps({"name": "N", "type": "public_channel", "id": 1, "messages": messages}, indent=1))


FORMATS: dict[str, Callable[[Path, int], None]] = {
    ".txt": each(".txt", str),
    ".jsonl": rows,
    ".html": each(".html", page),
    ".pdf": pdfs,
    ".eml": each(".eml", letter),
    ".mbox": box,
    ".warc.gz": archive,
    ".rss": feed,
    ".csv": sheet,
    "Telegram": channel,
}

if __name__ == "__main__":
    sys.exit(main())
