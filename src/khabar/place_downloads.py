"""a country → GeoNames' files of it, downloaded.

The only module of the gazetteer that uses the network, and only when it is asked to.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from khabar import __version__
from khabar.errors import InputError

GEONAMES = "https://download.geonames.org/export/dump/"
LARGEST = 200_000_000
"""Bytes of one download; the largest country's file has some 70 million."""
PATIENCE = 30
"""Seconds without a byte before a download is given up."""


@contextmanager
def downloaded(country: str, *, base: str = GEONAMES) -> Iterator[list[Path]]:
    """The dump of a country, and the file of its alternate names where there is one, as long as the context lasts.

    Raises InputError where there is no network, no such country, or more than a country can have.
    """
    with tempfile.TemporaryDirectory(prefix="khabar-") as folder:
        code = country.upper()
        names = Path(folder) / f"{code}-names.zip"
        found = [_fetch(f"{base.rstrip('/')}/{code}.zip", Path(folder) / f"{code}.zip")]
        try:
            found.append(_fetch(f"{base.rstrip('/')}/alternatenames/{code}.zip", names))
        except InputError as error:
            if error.code != "missing":
                raise
        yield found


def _fetch(url: str, path: Path) -> Path:
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{url}: not an address of the web", code="url")
    try:
        with urlopen(Request(url, headers={"User-Agent": f"khabar/{__version__}"}), timeout=PATIENCE) as response, path.open("wb") as out:
            _refuse_large(url, int(response.headers.get("Content-Length") or 0))
            while some := response.read(1 << 20):
                out.write(some)
                _refuse_large(url, out.tell())
            _refuse_short(url, out.tell(), int(response.headers.get("Content-Length") or 0))
    except HTTPError as error:
        if error.code == 404:
            raise InputError(f"{url}: no such file; a country is two letters, like SY", code="missing") from error
        raise InputError(f"{url}: the server says {error.code} {error.reason}; try again later", code="server") from error
    except (URLError, TimeoutError, ConnectionError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise InputError(_offline(url, reason), code="network") from error
    return path


def _offline(url: str, reason: object) -> str:
    file = url.rsplit("/", 1)[1]
    return f"{url}: cannot be reached ({reason}). Fetch it where there is a network, then: khabar places import {file}"


def _refuse_large(url: str, size: int) -> None:
    if size > LARGEST:
        raise InputError(f"{url}: more than {LARGEST // 1_000_000} MB: not the file of a country", code="size")


def _refuse_short(url: str, size: int, expected: int) -> None:
    if size < expected:
        raise InputError(f"{url}: broke off after {size} of {expected} bytes; try again", code="network")
