"""Plain text, with or without front matter → Arrival."""

from __future__ import annotations

import re
from typing import Any

import yaml

from khabar import plainyaml
from khabar.feeds.arrivals import Arrival
from khabar.feeds.encodings import decoded

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<fields>.*?)^---[ \t]*(?:\r?\n|\Z)\s*", re.S | re.M)
_OPEN_MATTER = re.compile(r"---[ \t]*\r?\n(\w+:.*\r?\n){0,6}?(title|outlet|published|url|author|language|id): ")
_FRONT_FIELDS = frozenset({"title", "outlet", "published", "url", "author", "language", "id"})


def fill(arrival: Arrival) -> None:
    """The text, without the lines between two --- at its head where these are fields."""
    text = decoded(arrival.original, arrival.warn)
    text = text if "\n" in text else text.replace("\r", "\n")  # as old Macs ended their lines
    if match := _FRONT_MATTER.match(text):
        fields = _front_matter(match["fields"], arrival)
        if fields is not None:
            arrival.fields, text = {**fields, **arrival.fields}, text[match.end() :]
    elif _OPEN_MATTER.match(text):
        arrival.warn("type", "the lines after --- at its top are read as text, because no line of --- ends them")
    arrival.text = text


def _front_matter(words: str, arrival: Arrival) -> dict[str, Any] | None:
    """The fields at the head of a text, None where the dashes are only dashes."""
    try:
        # Everything is a string there: the day is checked once, where all days are, and an id may look like a number.
        fields = plainyaml.load(words, yaml.BaseLoader)
    except yaml.YAMLError as error:
        arrival.warn("type", f"the block between --- lines is read as text, because it is no YAML: {str(error).splitlines()[0]}")
        return None
    if not isinstance(fields, dict) or not fields.keys() & _FRONT_FIELDS:
        return None
    return {key: None if value in ("null", "~", "") else value for key, value in fields.items()}
