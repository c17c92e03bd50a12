"""Letters (.eml) and boxes of letters (.mbox) → Items: press releases, newsletters with several items, forwards and replies.

A letter speaks for the one who sent it. What it forwards speaks for the one who wrote that, on the day of that; what it quotes of an
earlier letter is kept as a comment by its author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import PurePath
from typing import IO, Any

from khabar.errors import InputError
from khabar.feeds import pages
from khabar.feeds.arrivals import (
    MAX_BULKY_BYTES,
    MAX_BYTES,
    PARSER_FAULTS,
    Arrival,
    Given,
    Item,
    failure,
    filled,
    settled,
    squeezed,
    told,
    whole,
)
from khabar.feeds.days import written_day
from khabar.feeds.documents import NAMES
from khabar.feeds.encodings import decoded_page
from khabar.feeds.mime import parsed

MAX_FORWARDS = 5

_ADDRESS = r"https?://[^\s<>\"')\]]+"
_REPLY_MARK = re.compile(r"\A\s*((re|fwd?|aw|wg|tr)\s*(\[\d+\])?\s*:\s*)+", re.I)
# Where the letter that was forwarded or answered begins: a line that says so, or the four lines that Outlook puts there.
_EARLIER = re.compile(
    r"^[ \t>]*(-{2,}\s*(forwarded|original) message\s*-{2,}|begin forwarded message:)[ \t]*\n+(?P<head>([ \t>]*\*?[\w-]+:\*?[^\n]*\n\n?)+)"
    r"|^(_{5,}[ \t]*\n+)?(?P<lines>\*?From:[^\n]+\n+\*?(Sent|Date):[^\n]+\n+(\*?(To|Cc):[^\n]*\n+){0,2}\*?Subject:[^\n]*\n)",
    re.I | re.M,
)
_WROTE = re.compile(r"^(?P<line>(on\b.{5,120}?,?\s+)?(?P<who>[^\n<>]{2,80}?)(\s*<[^>\n]+>)?\s+wrote:)[ \t]*\n", re.I | re.M)
_RULE = re.compile(r"^[ \t]*([-=_*~#•]\s?){5,}[ \t]*$", re.M)
_SIGNATURE = re.compile(r"^-- ?\n.*\Z", re.S | re.M)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What one person sent: an item of it each in `items`, (title, address, text)."""

    sender: str | None
    published: str | None
    title: str | None
    items: tuple[tuple[str | None, str | None, str], ...]
    comments: tuple[tuple[str | None, str], ...] = ()


def read(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """The reports of one letter, and what is attached to it."""
    try:
        raw = whole(stream, MAX_BULKY_BYTES, expected="save the text of the letter as .txt")
    except InputError as error:
        yield failure(source, error.code, str(error))
        return
    yield from _read_message(raw, source, given, depth=0)


def read_box(stream: IO[bytes], source: str, given: Given) -> Iterator[Item]:
    """The reports of each letter of a box; a letter that cannot be read costs no other."""
    number = 0
    for number, raw in enumerate(_messages(stream), 1):
        if len(raw) > MAX_BULKY_BYTES:
            yield failure(f"{source}#{number}", "size", f"a letter larger than {MAX_BULKY_BYTES:,} bytes")
        else:
            yield from _read_message(raw, f"{source}#{number}", given, depth=0)
    if not number:
        yield failure(source, "empty", "a box without a letter; expected lines that begin with From")


def _messages(stream: IO[bytes]) -> Iterator[bytes]:
    """A line that begins with "From " after a blank one begins a letter; what is too large is held only as far as its size shows."""
    held, size, blank = bytearray(), 0, True
    while line := stream.readline(1_000_000):
        if blank and line.startswith(b"From "):
            if size:
                yield bytes(held)
            held, size = bytearray(), 0
        else:
            size += len(line)
            if size <= MAX_BULKY_BYTES + 1_000_000:
                held += line.removeprefix(b">") if line.startswith(b">From ") else line
        blank = line in (b"\n", b"\r\n")
    if size:
        yield bytes(held)


def _read_message(raw: bytes, source: str, given: Given, *, depth: int) -> Iterator[Item]:
    try:
        message = parsed(raw)
        arrivals = list(_arrivals(message, raw, source))
    except (InputError, *PARSER_FAULTS) as error:
        code, why = (
            (error.code, str(error)) if isinstance(error, InputError) else ("broken", f"is no letter that can be read: {told(error)}")
        )
        yield failure(source, code, why)
        return
    attached = list(_attachments(message))
    shut = [part for part in attached if not _is_opened(part, given)]
    for arrival in arrivals:
        for part in shut:
            hint = "" if given.attachments else " (--attachments opens PDF, .docx, .odt, HTML and text)"
            arrival.warn("attachment", f"the attachment {_name(part)!r} is not opened{hint}")
        yield settled(arrival, given, filled)
    for number, part in enumerate(attached, 1):
        if part not in shut:
            yield from _read_attachment(part, f"{source}!{number}", message, given, depth=depth)
    if not arrivals and shut == attached:
        hint = "; --attachments opens what is attached to it" if attached else ""
        yield failure(source, "empty", f"a letter without text{hint}")


def _is_opened(part: EmailMessage, given: Given) -> bool:
    return part.get_content_type() == "message/rfc822" or (given.attachments and _fill_of(part) is not None)


# -- attachments ---------------------------------------------------------------------------------------------------------------------


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.iter_attachments() if message.is_multipart() else ():
        # Pictures of the letter itself have no name of their own or stand inline.
        if part.get_content_type() == "message/rfc822" or part.get_content_disposition() == "attachment":
            yield part


def _read_attachment(part: EmailMessage, source: str, message: EmailMessage, given: Given, *, depth: int) -> Iterator[Item]:
    if part.get_content_type() == "message/rfc822":
        if depth >= MAX_FORWARDS:
            yield failure(source, "size", f"letters within letters, more than {MAX_FORWARDS} deep; save the innermost by itself")
            return
        inner = part.get_content()
        yield from _read_message(inner.as_bytes(), source, given, depth=depth + 1)
    elif fill := _fill_of(part):
        raw = part.get_payload(decode=True)
        said = {"outlet": _sender(message), "published": written_day(message.get("Date"))}
        arrival = Arrival(
            source, raw if isinstance(raw, bytes) else b"", fields={k: v for k, v in said.items() if v}, charset=part.get_content_charset()
        )
        yield settled(arrival, given, fill)


def _fill_of(part: EmailMessage) -> Any:
    return NAMES.get(PurePath(_name(part).lower()).suffix)


def _name(part: EmailMessage) -> str:
    return squeezed(part.get_filename() or part.get_content_type())


# -- the letter itself ---------------------------------------------------------------------------------------------------------------


def _arrivals(message: EmailMessage, raw: bytes, source: str) -> Iterator[Arrival]:
    letter = _letter(message)
    said = {"outlet": letter.sender, "published": letter.published, "title": letter.title}
    fields = {name: value for name, value in said.items() if value}
    many = len(letter.items) > 1
    for number, (title, address, text) in enumerate(letter.items, 1):
        own = {name: value for name, value in (("title", title), ("url", address)) if value}
        comments = letter.comments if number == len(letter.items) else ()
        if text.strip():
            yield Arrival(f"{source}/{number}" if many else source, raw, text, {**fields, **own}, comments)


def _letter(message: EmailMessage) -> _Letter:
    title = _REPLY_MARK.sub("", squeezed(str(message.get("Subject") or ""))) or None
    letter = _Letter(_sender(message), written_day(message.get("Date")), title, ())
    plain, html = _bodies(message)
    if html and (items := _linked_items(html)):
        return replace(letter, items=items)
    text = _better(plain, pages.visible_text(html) if html else "")
    if found := _EARLIER.search(text):
        is_answer = re.match(r"\s*(re|aw)\b", str(message.get("Subject") or ""), re.I)
        return (_answered if is_answer else _forwarded)(letter, text, found)
    if len(items := tuple(_parted_items(text))) >= 2:
        return replace(letter, items=items)
    main, quoted = _without_quotes(text)
    return replace(letter, items=((None, None, _SIGNATURE.sub("", main)),), comments=quoted)


def _sender(message: EmailMessage) -> str | None:
    """The name in From, else the name of the address's host."""
    name, address = parseaddr(str(message.get("From") or ""))
    return squeezed(name) or address.rpartition("@")[2] or None


def _bodies(message: EmailMessage) -> tuple[str, str]:
    found: dict[str, str] = {}
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        if part is not None and isinstance(raw := part.get_payload(decode=True), bytes):
            if len(raw) > MAX_BYTES:
                raise InputError(f"a letter whose text has more than {MAX_BYTES:,} bytes; split it", code="size")
            found[kind] = decoded_page(raw, part.get_content_charset(), lambda code, message: None)
    return found.get("plain", "").replace("\r\n", "\n"), found.get("html", "")


def _better(plain: str, html: str) -> str:
    """The plain alternative, unless it is a stub ("view this letter in your browser")."""
    return plain if len(plain.split()) >= 0.5 * len(html.split()) else html


# -- newsletters ---------------------------------------------------------------------------------------------------------------------


def _linked_items(html: str) -> tuple[tuple[str | None, str | None, str], ...]:
    """The items of a newsletter: headings that are links, each with the words up to the next. Headings without links part one report."""
    from lxml import html as parser

    marked = re.sub(r"[\ue000-\ue002]", "", html)
    tree = parser.fromstring(f"<div>{marked}</div>")
    headings = [
        (heading, link[0])
        for heading in tree.iter("h1", "h2", "h3", "h4")
        if (link := heading.xpath(".//a[starts-with(@href, 'http')]/@href | ancestor::a[starts-with(@href, 'http')]/@href"))
        and len(squeezed("".join(heading.itertext())).split()) >= 3
    ]
    if len(headings) < 2:
        return ()
    for heading, _ in headings:
        heading.text = "\ue000" + (heading.text or "")
        heading.insert(len(heading), parser.fromstring("<span>\ue001</span>"))
    _, *parts = pages.visible_text(parser.tostring(tree, encoding="unicode")).split("\ue000")
    items = [(squeezed(part.partition("\ue001")[0]), str(link), part) for part, (_, link) in zip(parts, headings, strict=False)]
    return tuple((title, link, f"{title}\n\n{part.partition(chr(0xE001))[2].strip()}") for title, link, part in items)


def _parted_items(text: str) -> Iterator[tuple[str | None, str | None, str]]:
    """The items of a plain newsletter: parts between lines of dashes, each with an address of its own."""
    parts = _RULE.split(text)[:: _RULE.groups + 1]
    linked = [part for part in parts if re.search(_ADDRESS, part) and len(part.split()) >= 20]
    if len(linked) < 2:
        return
    for part in linked:
        lines = [line.strip() for line in part.strip().splitlines()]
        address = re.findall(_ADDRESS, part)[-1].rstrip(".,;")
        words = "\n".join(
            line for line in lines if not re.fullmatch(rf"((read|full|more|link|source|url)[\w ]*:?\s*)?<?{_ADDRESS}>?", line, re.I)
        )
        title = lines[0] if len(lines[0]) <= 160 and not lines[0].endswith(".") else None
        yield title, address, words.strip()


# -- forwards and replies ------------------------------------------------------------------------------------------------------------


def _forwarded(letter: _Letter, text: str, found: re.Match[str]) -> _Letter:
    """The letter that was forwarded, with the note of the one who did as a comment behind it."""
    sender, head = _written_head(found)
    sender = sender or letter.sender
    published = written_day(head.get("date") or head.get("sent")) or letter.published
    title = _REPLY_MARK.sub("", squeezed(head.get("subject", ""))) or letter.title
    main, quoted = _without_quotes(_unquoted(text[found.end() :]))
    note = _SIGNATURE.sub("", text[: found.start()]).strip()
    comments = ((letter.sender, f"\n\n{note}"),) if note else ()
    return _Letter(sender, published, title, ((None, None, _SIGNATURE.sub("", main).strip()),), (*quoted, *comments))


def _answered(letter: _Letter, text: str, found: re.Match[str]) -> _Letter:
    """The answer, with the letter that it answers as a comment behind it."""
    sender, _ = _written_head(found)
    main, quoted = _without_quotes(text[: found.start()])
    earlier = ((sender, f"\n\n{text[found.end() :].strip()}"),) if text[found.end() :].strip() else ()
    return replace(letter, items=((None, None, _SIGNATURE.sub("", main)),), comments=(*quoted, *earlier))


def _written_head(found: re.Match[str]) -> tuple[str | None, dict[str, str]]:
    """Who sent an earlier letter, and the lines at its head."""
    lines = re.findall(r"^[ \t>]*\*?([\w-]+):\*?([^\n]*)$", found["head"] or found["lines"], re.M)
    head = {name.lower(): words.strip("* ") for name, words in lines}
    name, address = parseaddr(head.get("from", ""))
    return squeezed(name) or address.rpartition("@")[2] or None, head


def _unquoted(text: str) -> str:
    """Text without the marks of quotation, where every line has one."""
    lines = text.strip("\n").split("\n")
    if lines and all(line.startswith(">") or not line.strip() for line in lines):
        return "\n".join(re.sub(r"^> ?", "", line) for line in lines)
    return text


def _without_quotes(text: str) -> tuple[str, tuple[tuple[str | None, str], ...]]:
    """What was written now, and what is quoted of earlier letters, each with its author where a line names him."""
    main: list[str] = []
    quotes: list[tuple[str | None, str]] = []
    author: str | None = None
    quoted: list[str] = []
    text = _WROTE.sub(lambda found: f"\ue000{squeezed(found['who'])}\n", text)
    for line in [*text.split("\n"), ""]:
        if line.startswith(">"):
            quoted.append(line.lstrip("> \t"))
            continue
        if quoted:
            quotes.append((author, "\n\n" + "\n".join(quoted).strip()))
            quoted, author = [], None
        if line.startswith("\ue000"):
            author = re.sub(r"^.*\d{1,2}:\d\d(\s*[ap]m)?,?\s*|^.*\d{4},?\s*", "", line[1:], flags=re.I) or None
        elif main or line.strip():
            main.append(line)
    return "\n".join(main).rstrip() + "\n", tuple((who, words) for who, words in quotes if words.strip())
