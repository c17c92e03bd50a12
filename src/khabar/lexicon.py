"""A file's name → the YAML knowledge that ships with the program, read once."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

FOLDER = files("khabar") / "knowledge"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(source: Traversable) -> Any:
    """The value of one YAML file."""
    with source.open(encoding="utf-8") as lines:
        return yaml.load(lines, Loader=LOADER)


@lru_cache(maxsize=None)
def words(name: str) -> dict[str, frozenset[str]]:
    """A file of `khabar/knowledge` that maps a class to its words: {class: words}."""
    return {key: frozenset(values) for key, values in load(FOLDER / name).items()}
