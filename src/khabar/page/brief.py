"""A brief → one HTML file: footnotes that open in place without a script, and all of them in a list at the end, for paper.

Every word of a report goes through `escape`; quotations and names in scripts that run from right to left are set apart, so that they cannot
turn the words around them.
"""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from string import Template

from khabar.brief import AreaGroup, Brief, Note, Paragraph, Part, Sentence
from khabar.page import safe_url
from khabar.wording import day_words

RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff](?:[\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])?"
)


def render(made: Brief) -> str:
    """The page."""
    first = _first_uses(made)
    hovered = "".join(f", body:has([popovertarget=n{note.number}]:hover) #n{note.number}" for note in made.notes)
    return Template(_file("brief.html")).substitute(
        title=_words(made.title),
        basis=_words(made.basis),
        style=_file("brief.css").replace("$hovered", hovered),
        contents="".join(f'<li><a href="#{part.key}">{escape(part.title)}</a></li>' for part in made.parts),
        parts="\n".join(map(_part, made.parts)),
        limits="".join(f"<li>{_words(limit)}</li>" for limit in made.limits),
        notes="\n".join(_note(note, first[note.number]) for note in made.notes),
    )


def _first_uses(made: Brief) -> dict[int, str]:
    """For each note, the id of the first paragraph that uses it."""
    used: dict[int, str] = {}
    for part in made.parts:
        for g, group in enumerate(part.groups):
            for p, paragraph in enumerate(group.paragraphs):
                for number in (number for sentence in paragraph.sentences for number in sentence.notes):
                    used.setdefault(number, f"{part.key}-{g}-{p}")
    return used


def _part(part: Part) -> str:
    remark = f'<p class="remark">{_words(part.remark)}</p>' if part.remark else ""
    more = f'<p class="more">All of it: <code>{escape(part.command)}</code></p>' if part.command else ""
    groups = "\n".join(_group(group, f"{part.key}-{g}") for g, group in enumerate(part.groups))
    return f'<section id="{part.key}">\n<h2>{escape(part.title)}</h2>\n{remark}\n{groups}\n{more}\n</section>'


def _group(group: AreaGroup, id: str) -> str:
    heading = f"<h3>{_words(group.area)}</h3>\n" if group.area else ""
    return heading + "\n".join(_paragraph(paragraph, f"{id}-{p}") for p, paragraph in enumerate(group.paragraphs))


def _paragraph(paragraph: Paragraph, id: str) -> str:
    kinds = " ".join(kind for kind in (paragraph.kind, paragraph.standing) if kind)
    return f'<p class="{kinds}" id="{id}">{" ".join(map(_sentence, paragraph.sentences))}</p>'


def _sentence(sentence: Sentence) -> str:
    """The words, the last of them on one line with the numbers."""
    head, space, last = sentence.words.rpartition(" ")
    refs = "".join(
        f'<button type="button" class="ref" popovertarget="n{number}" aria-label="Footnote {number}">{number}</button>'
        for number in sentence.notes
    )
    return f'<span>{_words(head)}{space}<span class="last">{_words(last)}{refs}</span></span>'


def _note(note: Note, used: str) -> str:
    told = [
        f"<b>{_words(note.outlet or 'report ' + note.report_id[:12])}</b>",
        day_words(note.published) if note.published else "no day told",
    ]
    if note.chain:
        told.append(f"quoting <bdi>{'</bdi> → <bdi>'.join(map(escape, note.chain))}</bdi>")
    if url := safe_url(note.url):
        told.append(f'<a href="{escape(url)}" rel="noreferrer">report</a>')
    told.append(f"claim <code>{escape(note.claim_ids[0])}</code>")
    back = f'<a class="back" href="#{used}" aria-label="Back to the text">↩</a>'
    return (
        f'<li id="n{note.number}" popover><span class="number">{note.number}</span><div class="told">'
        f'<blockquote dir="auto">“{_marked(note)}”</blockquote><p class="who">{" · ".join(told)} {back}</p></div></li>'
    )


def _marked(note: Note) -> str:
    """The sentence with the words that make the claim in marks."""
    parts, at = [], 0
    for start, end in note.marks:
        parts += [escape(note.sentence[at:start]), f"<mark>{escape(note.sentence[start:end])}</mark>"]
        at = end
    return "".join([*parts, escape(note.sentence[at:])])


def _words(text: str) -> str:
    return RIGHT_TO_LEFT.sub(lambda found: f"<bdi>{found[0]}</bdi>", escape(text))


def _file(name: str) -> str:
    return files("khabar.page").joinpath(name).read_text(encoding="utf-8")
