"""RSS and Atom feeds → Items: a report for each entry, with the text that the feed carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import confined
from khabar.feeds.arrivals import MAX_BYTES, Arrival, Fill, Given, Item, failure, settled, squeezed, whole
from khabar.feeds.days import written_day
from khabar.feeds.pages import SECONDS, visible_text

MAX_ENTRIES = 10_000


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """The entries in the order of the feed."""
    try:
        raw = whole(stream, MAX_BYTES, expected="expected one feed; split it")
    except InputError as error:
        yield failure(source, error.code, str(error))
        return
    yield from read_bytes(raw, source, given)


def read_bytes(raw: bytes, source: str, given: Given) -> Iterator[Item]:
    """The same of a feed that is held already. The bytes of the feed are the original of each entry."""
    try:
        found = confined.parse(__name__, raw, seconds=SECONDS)
    except InputError as error:
        yield failure(source, error.code, str(error))
        return
    for number, entry in enumerate(found["entries"], 1):
        fields = {name: value for name, value in entry["fields"].items() if value}
        yield settled(Arrival(f"{source}#{number}", raw, fields=fields), given, _fill(entry["bodies"]))
    if found["number"] > MAX_ENTRIES:
        yield failure(source, "size", f"has {found['number']:,} entries; only the first {MAX_ENTRIES:,} were read")


def _fill(bodies: list[str]) -> Fill:
    def fill(arrival: Arrival) -> None:
        body = max((visible_text(html) for html in bodies), key=len)
        title = str(arrival.fields.get("title") or "")
        if not body and not title:
            raise InputError("an entry without text", code="empty")
        arrival.text = body if body.startswith(title) else f"{title}\n\n{body}"

    return fill


# -- in a process of its own, for feedparser's regular expressions -------------------------------------------------------------------


def parse(raw: bytes) -> dict[str, Any]:
    """{"number", "entries": [{"fields", "bodies"}]}; InputError where there is none."""
    import feedparser  # 0.1 s

    # Bytes only: of a string that looks like an address or a path, feedparser would go and read that.
    parsed = feedparser.parse(raw, sanitize_html=False)
    if not parsed.entries:
        problem = f": {parsed.bozo_exception}" if parsed.get("bozo") else ""
        raise InputError(f"a feed without an entry{squeezed(problem)[:200]}; expected RSS or Atom", code="empty")
    outlet = _words(parsed.feed.get("title"))
    return {"number": len(parsed.entries), "entries": [_entry(entry, outlet) for entry in parsed.entries[:MAX_ENTRIES]]}


def _entry(entry: Any, outlet: str | None) -> dict[str, Any]:
    own_source = entry.get("source") or {}
    # The plain dictionary: feedparser would give the day of publication where no update is stated, and warn of it.
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    fields = {
        "title": _words(entry.get("title")),
        "url": entry.get("link"),
        # An entry that a feed took over from another names that.
        "outlet": _words(own_source.get("title")) or outlet,
        "author": _words(entry.get("author")),
        "published": written_day(published or updated),
        "revised": written_day(updated),
    }
    bodies = [*(str(content.get("value") or "") for content in entry.get("content") or ()), str(entry.get("summary") or "")]
    return {"fields": fields, "bodies": bodies}


def _words(html: object) -> str | None:
    return squeezed(visible_text(str(html))) or None if html else None
