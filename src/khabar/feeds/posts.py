"""Exports of Telegram Desktop (result.json) and X (tweets.js, the interface's JSON), and JSON lists of rows → Items, one a post.

The channel is the outlet; what it forwards speaks for the channel that it came from. Pictures and films are not fetched, and chats between
persons are not read.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import rows
from khabar.feeds.arrivals import MAX_BYTES, PARSER_FAULTS, Arrival, Fill, Given, Item, failure, filled, settled, told
from khabar.feeds.days import written_day
from khabar.feeds.jsonstream import Fields, elements

_LISTS = frozenset({"messages", "data", "tweets", "statuses"})


@dataclass(slots=True)
class _Users:
    """Who wrote: by id where the file lists its users, and the owner of an archive, whose posts do not name him."""

    by_id: dict[str, Fields] = field(default_factory=dict)
    owner: Fields = field(default_factory=dict)


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """Each post with text, in the order of the file; what is passed over is counted, each sort in one warning."""
    passed: Counter[str] = Counter()
    number = 0
    try:
        head = stream.read(MAX_BYTES)
        users = _Users(_listed(head), _owner(source))
        for number, (around, post) in enumerate(elements(_Behind(head, stream), lists=_LISTS), 1):
            found = _arrival(f"{source}#{number}", around, post, users)
            if isinstance(found, str):
                passed[found] += 1
            else:
                yield settled(found[0], given, found[1])
    except (InputError, *PARSER_FAULTS) as error:
        code, why = (error.code, str(error)) if isinstance(error, InputError) else ("broken", told(error))
        yield failure(source, code, f"cannot be read beyond post {number}: {why}")
        return
    if not number:
        yield failure(
            source, "empty", "no posts in it; expected a Telegram export (result.json), an X archive (tweets.js) or a list of rows"
        )
    for reason, count in sorted(passed.items()):
        yield failure(source, "passed", f"{reason}: {count}", warning=True)


class _Behind:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self.head, self.stream = io.BytesIO(head), stream

    def read(self, size: int = -1) -> bytes:
        return self.head.read(size) or self.stream.read(size)


def _arrival(source: str, around: Fields, post: Any, users: _Users) -> tuple[Arrival, Fill] | str:
    """What stands in one element of a list, or the reason why it is passed over."""
    if not isinstance(post, dict):
        raise InputError(f"an element that is no object: {post!r:.60}", code="json")
    original = json.dumps(post, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")
    tweet = post["tweet"] if isinstance(post.get("tweet"), dict) else post
    if "type" in post and "date" in post:
        text, fields = _telegram(around, post)
    elif "full_text" in tweet or {"author_id", "id_str", "edit_history_tweet_ids"} & tweet.keys():
        text, fields = _tweet(tweet, users)
    else:
        return Arrival(source, original), lambda arrival: rows.fill_from(arrival, post)
    if not text.strip():
        return fields.get("passed") or "posts without text, passed over (pictures and films are not fetched)"
    known = {name: value for name, value in fields.items() if value}
    return Arrival(source, original, text, known), filled


# -- Telegram ------------------------------------------------------------------------------------------------------------------------


def _telegram(channel: Fields, message: Fields) -> tuple[str, Fields]:
    kind = str(channel.get("type") or "channel")
    if "channel" not in kind:
        return "", {"passed": f"messages of a {kind.replace('_', ' ')}, not read: only channels are"}
    if message["type"] != "message":
        return "", {}
    link = f"https://t.me/c/{channel['id']}/{message['id']}" if "id" in channel and "id" in message else None
    outlet = message.get("forwarded_from") or channel.get("name")
    fields = {"outlet": outlet, "url": link, "published": written_day(message["date"]), "revised": written_day(message.get("edited"))}
    return _entities(message.get("text")), fields


def _entities(text: Any) -> str:
    """A message in one string: Telegram parts it where a link, a tag or bold words begin."""
    pieces = text if isinstance(text, list) else [text]
    return "".join(str(piece.get("text") or "") if isinstance(piece, dict) else piece for piece in pieces if isinstance(piece, str | dict))


# -- X -------------------------------------------------------------------------------------------------------------------------------


def _tweet(tweet: Fields, users: _Users) -> tuple[str, Fields]:
    passed_on = tweet.get("retweeted_status")
    told = passed_on if isinstance(passed_on, dict) else tweet
    user = told.get("user") or users.by_id.get(str(told.get("author_id"))) or users.owner
    user = user if isinstance(user, dict) else {}
    text = str(told.get("full_text") or told.get("text") or "")
    handle = user.get("screen_name") or user.get("username")
    outlet = user.get("name") or handle
    if told is tweet and (retweet := re.match(r"RT @(\w{1,30}): ", text)):
        # The words of another, whose name the archive does not give in full.
        text, outlet, handle = text[retweet.end() :], f"@{retweet[1]}", handle
    id = tweet.get("id_str") or tweet.get("id")
    link = f"https://x.com/{handle or 'i'}/status/{id}" if id else None
    return _expanded(text, told), {"outlet": outlet, "url": link, "published": written_day(tweet.get("created_at"))}


def _expanded(text: str, tweet: Fields) -> str:
    """Short addresses replaced by those they stand for; those of the post's own pictures left out."""
    entities = tweet.get("entities") if isinstance(tweet.get("entities"), dict) else {}
    for key in ("urls", "media"):
        for link in (entities or {}).get(key) or ():
            if isinstance(link, dict) and isinstance(short := link.get("url"), str) and short:
                text = text.replace(short, "" if key == "media" else str(link.get("expanded_url") or short))
    for written, meant in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text.strip()


def _listed(head: bytes) -> dict[str, Fields]:
    """The users beside the posts of one answer of the interface: they stand behind the posts that name them."""
    if b'"includes"' not in head:
        return {}
    try:
        users = json.loads(head).get("includes", {}).get("users", [])
    except (ValueError, RecursionError, AttributeError):
        return {}
    return {str(user["id"]): user for user in users if isinstance(user, dict) and "id" in user}


def _owner(source: str) -> Fields:
    """Whose archive it is: account.js lies beside tweets.js."""
    path = Path(source).with_name("account.js")
    if Path(source).suffix != ".js" or not path.is_file() or path.stat().st_size > 100_000:
        return {}
    words = path.read_text("utf-8", errors="replace")
    try:
        account = json.loads(words[words.index("[") :])[0]["account"]
        return {"username": account.get("username"), "name": account.get("accountDisplayName")}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
