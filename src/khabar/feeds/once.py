"""Items → items in which no report stands twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from khabar.feeds.arrivals import Item, Read
from khabar.model import Failure, Report


def once_each(items: Iterable[Item]) -> Iterator[Report | Failure]:
    """A report read twice in one run is skipped with a warning; another text under the same id is a failure."""
    seen: dict[bytes, tuple[bytes, str]] = {}
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        # Half a digest each, some 300 bytes a report: a run of millions holds its ids and not its texts.
        key, content = (hashlib.sha256(words.encode()).digest()[:16] for words in (item.report.id, item.report.text))
        first_content, first_source = seen.setdefault(key, (content, item.source))
        if first_source == item.source:
            yield from item.warnings
            yield item.report
        else:
            yield _duplicate(item, first_source, same=content == first_content)


def _duplicate(item: Read, first_source: str, *, same: bool) -> Failure:
    name = item.report.id
    if same:
        message = f"{item.source}: the same report as {first_source} (id {name}); skipped"
        return Failure(name, "duplicate", message, item.source, warning=True)
    message = f"{item.source}: id {name} stands at {first_source} with another text; expected one id for one report; not read"
    return Failure(name, "duplicate", message, item.source)
