"""Text → sections: headline, body, caption, comment, boilerplate.

Each sort of section has its module, which knows its blocks by what they look like, what stands beside them and the cue words in
`knowledge/sections.yaml`. In doubt a block is body: a claim lost is as bad as a false one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from khabar.blocks import CAPTION, HEADLINE, SENTENCE_BORDER, Block, Label, Labels, blocks_of
from khabar.boilerplate import label_appeals, label_endings
from khabar.captions import label_captions, label_pictures
from khabar.comments import label_comments
from khabar.footers import footer
from khabar.headlines import label_headlines, title_end
from khabar.model import Section
from khabar.openings import run_in_datelines
from khabar.standfirsts import standfirst
from khabar.tablerows import row_at


def split(text: str, *, title: str | None = None, captions: Collection[str] = (), headings: Collection[str] = ()) -> tuple[Section, ...]:
    """The sections of a text, in order, without gap or overlap: the first starts at 0, the last ends at `len(text)`.

    `title`: where known, the words at the head that repeat it are the headline even in a text without line breaks. Each comment is a
    section of its own with its author, None where nobody is named. Sub-headings are headlines. `captions`, `headings`: lines that are known
    to be some.

    >>> [(s.kind, s.author) for s in split("Talks fail\\n\\nBoth sides left.\\n\\nPlease donate today!\\n\\n• Jo says:\\n\\nBad news.")]
    [('headline', None), ('body', None), ('boilerplate', None), ('comment', 'Jo')]
    """
    title_ends = title_end(text, title)
    blocks = blocks_of(text, title_ends)
    labels: Labels = {0: HEADLINE} if title_ends is not None else {}
    for label, lines in ((CAPTION, captions), (HEADLINE, headings)):
        labels.update((index, label) for index, block in enumerate(blocks) if block.text in lines and index not in labels)
    for label_some in (label_pictures, label_appeals, label_comments, label_endings, label_captions, label_headlines):
        label_some(blocks, labels)
    for index in [index for index in labels if (row := row_at(text, blocks[index].start)) and not row.first]:
        del labels[index]  # the first row of a table names its columns; the others tell something
    parts = [part for section in _tiles(text, blocks, labels) for part in _with_run_in_titles(text, section)]
    return tuple(_without_footer(text, _with_standfirst(text, parts)))


def _tiles(text: str, blocks: Sequence[Block], labels: Labels) -> Iterator[Section]:
    if not text:
        return
    body = Label("body")
    current, start = labels.get(0, body), 0
    for index, block in enumerate(blocks[1:], 1):
        label = labels.get(index, body)
        if label.opens or (label.kind, label.author) != (current.kind, current.author):
            yield Section(current.kind, start, block.start, current.author)
            current, start = label, block.start
    yield Section(current.kind, start, len(text), current.author)


def _with_run_in_titles(text: str, section: Section) -> Iterator[Section]:
    """A body with the titles that ran into its sentences, before a dateline, as headlines."""
    start = section.start
    for line, _ in run_in_datelines(text) if section.kind == "body" else ():
        if not section.start < line < section.end:
            continue
        borders = [found.end() for found in SENTENCE_BORDER.finditer(text, start, line)]
        title = max([start, *borders])
        words = re.findall(r"[^\W\d_]{4,}", text[title:line])
        if len(words) > 4 and sum(word[0].isupper() for word in words) > 0.8 * len(words):
            if start < title:
                yield Section("body", start, title)
            yield Section("headline", title, line)
            start = line
    yield Section(section.kind, start, section.end, section.author)


def _with_standfirst(text: str, sections: Sequence[Section]) -> Iterator[Section]:
    """The sections with the standfirst over the story as a headline, and the tags after it as boilerplate."""
    first = next((i for i, section in enumerate(sections) if section.kind == "body"), None)
    for index, section in enumerate(sections):
        start = section.start
        found = standfirst(text, start, under_headline=index > 0 and sections[index - 1].kind == "headline") if index == first else None
        if found is not None and found[1] < section.end:
            end, story = found
            yield Section("headline", start, end)
            if end < story:
                yield Section("boilerplate", end, story)
            start = story
        yield Section(section.kind, start, section.end, section.author)


def _without_footer(text: str, sections: Iterable[Section]) -> Iterator[Section]:
    """The sections, with a footer that ran into the story as boilerplate."""
    end = footer(text)
    for section in sections:
        if section.kind == "body" and section.start < end < section.end:
            yield Section("body", section.start, end)
            yield Section("boilerplate", end, section.end)
        else:
            yield section
