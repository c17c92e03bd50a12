"""Text of YAML that somebody handed us → its values, or a YAMLError; in bounded time, however it is written.

A few lines with names that stand for names (&a, *a) can mean gigabytes, and a thousand brackets break the parser in C: no file of ours
needs either.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

DEEPEST = 50  # collections within one another; the rules, the deepest files here, have seven

FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast


def load(text: str, loader: Any = FAST) -> Any:
    """The values of a document."""
    deep = 0
    events: Iterable[Any] = yaml.parse(text, Loader=loader)
    for event in events:
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or deep > DEEPEST:
            found = f"more than {DEEPEST} levels" if deep > DEEPEST else f"*{event.anchor}, which stands for something else"
            raise yaml.MarkedYAMLError(problem=f"found {found}; write it out", problem_mark=event.start_mark)
    try:
        return yaml.load(text, Loader=loader)
    except (ValueError, TypeError, RecursionError) as error:  # a 13th month, a number of 5,000 digits, a list as a key
        raise yaml.MarkedYAMLError(problem=f"found a value that cannot be: {error}") from error
