"""Files and folders, here or in s3:// → parts, each read by one worker in one go, in the order of a run with one worker.

Of JSON lines and Parquet a part is a stretch; small files go together; an archive, a mailbox or a sheet is a part by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from khabar import feeds
from khabar.bulk.storage import CLOUD, listed, opened
from khabar.errors import InputError
from khabar.feeds import documents, parquet, rows
from khabar.feeds.arrivals import MAX_BYTES, Given, Item, failure

LEAST, MOST = 1 << 16, 1 << 23  # bytes of a part: some 30 reports in JSON lines, some 4,000
FILES = 200  # small files to a part
LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True)
class Part:
    """`files`: addresses. `start`, `stop`: of JSON lines bytes, of Parquet rows counted from one; None: to the end. `first`: number of the
    first line. `size`: bytes, about."""

    number: int
    files: tuple[str, ...]
    size: int
    start: int = 0
    stop: int | None = None
    first: int = 1

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Part:
        return cls(**{**row, "files": tuple(row["files"])})

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def name(self) -> str:
        return f"{self.number:07}"

    def __str__(self) -> str:
        more = f" and {len(self.files) - 1} more" if len(self.files) > 1 else f" from {self.start}" if self.start else ""
        return f"part {self.number} ({self.files[0]}{more})"


def parts_of(inputs: Sequence[str], *, shares: int) -> list[Part]:
    """All parts of the inputs. `shares`: how many there should be at least, so that no worker waits for another at the end."""
    files = [(address, size) for entry in inputs for address, size in _files(entry)]
    most = min(MOST, max(LEAST, sum(size for _, size in files) // shares))
    return [Part(number, *rest) for number, rest in enumerate(_cut(files, most), 1)]


_Rest = tuple[tuple[str, ...], int, int, int | None, int]


def _cut(files: Iterable[tuple[str, int]], most: int) -> Iterator[_Rest]:
    group: list[tuple[str, int]] = []
    for address, size in files:
        single = feeds.suffix_of(PurePath(address)) in documents.NAMES
        if group and (not single or len(group) == FILES or sum(held for _, held in group) + size > most):
            yield tuple(name for name, _ in group), sum(held for _, held in group), 0, None, 1
            group = []
        if single:
            group.append((address, size))
        else:
            yield from _of_one(address, size, most)
    if group:
        yield tuple(name for name, _ in group), sum(held for _, held in group), 0, None, 1


def _of_one(address: str, size: int, most: int) -> Iterator[_Rest]:
    kind = feeds.suffix_of(PurePath(address))
    if size > most and kind in LINES:
        yield from (((address,), stop - start, start, stop, first) for start, stop, first in _stretches(address, most))
    elif size > most and kind == ".parquet":
        yield from _row_stretches(address, size, most)
    else:
        yield (address,), size, 0, None, 1


def _stretches(address: str, most: int) -> Iterator[tuple[int, int, int]]:
    """Whole lines of about so many bytes: first byte, byte after the last, number of the first line."""
    start = at = 0
    first = number = 1
    with opened(address) as stream:
        while line := stream.readline(MAX_BYTES):
            at += len(line)
            if not line.endswith(b"\n"):
                continue  # the rest of a line that is too long
            number += 1
            if at - start >= most:
                yield start, at, first
                start, first = at, number
    if at > start:
        yield start, at, first


def _row_stretches(address: str, size: int, most: int) -> Iterator[_Rest]:
    with opened(address) as stream:
        total = int(parquet.opened(stream).metadata.num_rows)
    step = max(1, total * most // size)
    for start in range(1, total + 1, step):
        stop = min(start + step - 1, total)
        yield (address,), size * (stop - start + 1) // total, start, stop, 1


def _files(entry: str) -> Iterator[tuple[str, int]]:
    """The files that an input means, with their sizes; of a folder those that `khabar read` would read in it."""
    if entry == "-" or entry.startswith(("http://", "https://")):
        raise InputError(f"{entry}: with --output only files, folders and s3:// addresses are read; save it first", code="unsupported")
    if entry.startswith(CLOUD):
        under = entry.rstrip("/") + "/"
        found = [one for one in listed(entry) if one[0] == entry or feeds.is_report(PurePath(one[0].removeprefix(under)))]
    else:
        paths = feeds.walk(Path(entry)) if Path(entry).is_dir() else [path for path in [Path(entry)] if path.is_file()]
        found = [(str(path), path.stat().st_size) for path in paths]
    if not found:
        raise InputError(f"{entry}: there is no such file, or no report in the folder", code="missing")
    yield from found


def items(part: Part, given: Given) -> Iterator[Item]:
    """What stands in a part."""
    for address in part.files:
        try:
            with opened(address) as stream:
                yield from _of(stream, address, part, given)
        except FileNotFoundError:
            yield failure(address, "missing", "there is no such file any more")


def _of(stream: IO[bytes], address: str, part: Part, given: Given) -> Iterator[Item]:
    kind = feeds.suffix_of(PurePath(address))
    if kind in LINES:
        stream.seek(part.start)
        yield from rows.read(_Stretch(stream, part), address, given, first=part.first)  # type: ignore[arg-type]
    elif kind == ".parquet":
        yield from parquet.read(stream, address, given, first=part.start or 1, last=part.stop)
    else:
        yield from feeds.read_stream(stream, address, given, suffix=kind)  # type: ignore[arg-type]


class _Stretch:
    """The lines of a part."""

    def __init__(self, stream: IO[bytes], part: Part) -> None:
        self._stream, self._left = stream, part.stop - part.start if part.stop is not None else None

    def readline(self, limit: int) -> bytes:
        if self._left is None:
            return self._stream.readline(limit)
        line = self._stream.readline(min(limit, self._left))
        self._left -= len(line)
        return line
