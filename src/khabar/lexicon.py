"""A file's name → the YAML knowledge that ships with the program, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

FOLDER = files("khabar") / "knowledge"


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which only true and false are truth values: "on", "off", "no" are prepositions and words here."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in Loader.yaml_implicit_resolvers.items()
}


def load(source: Traversable) -> Any:
    """The value of one YAML file."""
    with source.open(encoding="utf-8") as lines:
        return yaml.load(lines, Loader=Loader)


@cache
def table(name: str) -> Mapping[str, Any]:
    """A file of `khabar/knowledge`, whatever it holds."""
    rows: Mapping[str, Any] = load(FOLDER / f"{name}.yaml")
    return rows


@cache
def words(name: str) -> dict[str, frozenset[str]]:
    """A file of `khabar/knowledge` that maps a class to its words: {class: words}."""
    return {key: frozenset(values) for key, values in load(FOLDER / name).items()}
