"""A brief → Markdown with footnotes, for editors, wikis and pull requests: the same words and quotations as the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from khabar.brief import Brief, Note, Paragraph
from khabar.wording import day_words

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&]|^[-+=](?=\s)|^\d+(?=[.)]\s))", re.MULTILINE)


def render(made: Brief) -> str:
    """The file's text."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Brief) -> Iterator[str]:
    yield from (f"# {escaped(made.title)}", "", escaped(made.basis))
    for part in made.parts:
        yield from ("", f"## {escaped(part.title)}")
        if part.remark:
            yield from ("", f"*{escaped(part.remark)}*")
        for group in part.groups:
            if group.area:
                yield from ("", f"### {escaped(group.area)}")
            for paragraph in group.paragraphs:
                yield from ("", _paragraph(paragraph))
        if part.command:
            yield from ("", f"All of it: `{part.command}`")
    yield from ("", "## Limits", "")
    yield from (f"* {escaped(limit)}" for limit in made.limits)
    yield ""
    yield from map(_note, made.notes)


def _paragraph(paragraph: Paragraph) -> str:
    return " ".join(escaped(one.words) + "".join(f"[^{number}]" for number in one.notes) for one in paragraph.sentences)


def _note(note: Note) -> str:
    told = [escaped(note.outlet or f"report {note.report_id[:12]}"), day_words(note.published) if note.published else "no day told"]
    if note.chain:
        told.append(f"quoting {escaped(' → '.join(note.chain))}")
    who = ", ".join(told)
    link = f" [report](<{_address(note.url)}>)," if note.url and note.url.lower().startswith(("http://", "https://")) else ""
    return f"[^{note.number}]: {who}: “{_marked(note)}”{link} claim `{note.claim_ids[0]}`"


def _marked(note: Note) -> str:
    """The sentence on one line, the words that make the claim in bold."""
    parts, at = [], 0
    for start, end in note.marks:
        words = note.sentence[start:end]
        bold = f"**{escaped(words.strip())}**" if words.strip() else ""
        parts += [escaped(note.sentence[at:start]), words[: len(words) - len(words.lstrip())] + bold]
        at = end
    return " ".join("".join([*parts, escaped(note.sentence[at:])]).split())


def escaped(text: str) -> str:
    r"""Text that Markdown prints as it stands.

    >>> print(escaped("<b>*now* [x](y)"))
    \<b\>\*now\* \[x\](y)
    """
    return SPECIAL.sub(r"\\\1", text)


def _address(url: str) -> str:
    return re.sub(r"[<>\s\\]", lambda found: f"%{ord(found[0]):02X}", url)
