"""An address, of this computer or s3://… → its files, opened, listed and written whole.

S3 is spoken by pyarrow, with the keys, region and AWS_ENDPOINT_URL of the environment: any object storage that speaks it will do.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from khabar.contract import Json
from khabar.errors import InputError, RecordError

CLOUD = "s3://"


@dataclass(frozen=True)
class Folder:
    """A folder that files are written to and read from. Each file appears whole or not at all."""

    address: str

    def at(self, *names: str) -> str:
        return "/".join([self.address.rstrip("/"), *names])

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder within this one, sorted; none where there is no such folder."""
        if self.address.startswith(CLOUD):
            return [address.rpartition("/")[2] for address, _ in listed(self.at(folder))]
        path = self.at(folder)
        return sorted(name for name in os.listdir(path) if not name.endswith(".half")) if os.path.isdir(path) else []

    def read(self, name: str) -> str | None:
        """A small file of text; None where there is none."""
        try:
            with opened(self.at(name)) as stream:
                return stream.read().decode()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def json(self, name: str) -> Any:
        """A small file of JSON; None where there is none."""
        words = self.read(name)
        return None if words is None else json.loads(words)

    def write(self, name: str, content: bytes) -> None:
        if self.address.startswith(CLOUD):  # an object is there once its last part is
            files, path = _system(self.at(name))
            with files.open_output_stream(path) as stream:
                stream.write(content)
            return
        path = self.at(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        half = f"{path}.{os.getpid()}.half"
        with open(half, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, path)

    def write_json(self, name: str, content: Json) -> None:
        self.write(name, json.dumps(content, ensure_ascii=False).encode())


def opened(address: str) -> IO[bytes]:
    """A file for reading that can be wound back."""
    if not address.startswith(CLOUD):
        return open(address, "rb")
    files, path = _system(address)
    return io.BufferedReader(_Raw(files.open_input_file(path)), 1 << 20)


def listed(address: str) -> Iterator[tuple[str, int]]:
    """The files under an s3:// address, or the file itself, with their sizes, by name; none where there is nothing."""
    from pyarrow import fs

    files, path = _system(address)
    (found,) = files.get_file_info([path])
    if found.type == fs.FileType.File:
        yield address, found.size
        return
    under = files.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
    for one in sorted((one for one in under if one.type == fs.FileType.File), key=lambda one: one.path):
        yield CLOUD + one.path, one.size


class _Raw(io.RawIOBase):
    """A file of pyarrow's as Python reads files."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._file.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._file.seek(offset, whence)
        return self.tell()

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


def _system(address: str) -> tuple[Any, str]:
    return _cloud(os.environ.get("AWS_ENDPOINT_URL")), address.removeprefix(CLOUD)


@lru_cache(maxsize=4)
def _cloud(endpoint: str | None) -> Any:
    try:
        from pyarrow import fs
    except ImportError as error:
        raise InputError("s3:// needs pyarrow; get it with: pip install 'khabar[scale]'", code="extra") from error

    return fs.S3FileSystem(endpoint_override=endpoint, allow_bucket_creation=False)


def told(error: OSError) -> RecordError:
    """What storage says, in one line."""
    return RecordError(f"the storage cannot be read or written: {str(error).splitlines()[0][:300]}")
