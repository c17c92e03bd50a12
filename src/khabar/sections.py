"""Text → sections (headline, body, caption, comment, boilerplate), and the paragraphs that the parser must not join.

Nothing but the text to go by: the length of lines, whether they end like sentences, bullets, what stands beside them, and the cue words in
`knowledge/sections.yaml`. In doubt a line is body: a claim lost is as bad as a false one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from khabar.footers import footer
from khabar.model import Section, SectionKind, Span
from khabar.openings import dateline, run_in_datelines
from khabar.standfirsts import standfirst

# Longer blocks are never cues: it also keeps the cost of the patterns linear in a text without line breaks.
LONGEST_CUE = 900
LONGEST_CAPTION = 400
LONGEST_HEADLINE = 200

_LINE = re.compile(r"[^\r\n\f\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\r\n\f\x85\u2028\u2029]")
_BULLET = re.compile(r"\A\s*(?P<bullet>[•‣◦▪●∙*·–—-]|\d{1,2}[.)])\s+(?=\S)")
_ENDS_SENTENCE = re.compile(r"[.!?…;:][\s\"'`”’»)\]]*$")
_SENTENCE_BORDER = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph: `start`–`end` without the space around it, `gap` the line breaks before it."""

    start: int
    end: int
    text: str
    gap: int
    indent: int
    bullet: str | None

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text)) if len(self.text) < LONGEST_CUE else LONGEST_CUE

    @property
    def finished(self) -> bool:
        """Ends as sentences do."""
        return _ENDS_SENTENCE.search(self.text) is not None

    @property
    def prose(self) -> bool:
        return self.words > 25 or (self.finished and not self.text.endswith(":") and self.words > 4)

    @property
    def short(self) -> bool:
        return not self.finished and self.bullet is None and self.words <= 14


@dataclass(frozen=True, slots=True)
class _Label:
    """What a block is; `opens`: a section of its own begins with it."""

    kind: SectionKind
    author: str | None = None
    opens: bool = False


_Labels = dict[int, _Label]
_BOILERPLATE = _Label("boilerplate")
_CAPTION = _Label("caption", opens=True)
_HEADLINE = _Label("headline", opens=True)


def split(text: str, *, title: str | None = None, captions: Collection[str] = ()) -> tuple[Section, ...]:
    """The sections of a text, in order, without gap or overlap: the first starts at 0, the last ends at `len(text)`.

    `title`: where known, the words at the head that repeat it are the headline even in a text without line breaks. Each comment is a
    section of its own with its author, None where nobody is named. Sub-headings are headlines. `captions`: lines that are known to be some.

    >>> [(s.kind, s.author) for s in split("Talks fail\\n\\nBoth sides left.\\n\\nPlease donate today!\\n\\n• Jo says:\\n\\nBad news.")]
    [('headline', None), ('body', None), ('boilerplate', None), ('comment', 'Jo')]
    """
    title_end = _title_end(text, title)
    blocks = _blocks(text, title_end)
    labels: _Labels = {0: _HEADLINE} if title_end is not None else {}
    labels.update((index, _CAPTION) for index, block in enumerate(blocks) if block.text in captions and index not in labels)
    for label_some in (_pictures, _appeals, _comments, _endings, _captions, _headlines):
        label_some(blocks, labels)
    parts = [part for section in _tiles(text, blocks, labels) for part in _with_run_in_titles(text, section)]
    return tuple(_without_footer(text, _with_standfirst(text, parts)))


_LOST_STOP = re.compile(
    r"(?<=[a-z0-9)\"”]) (?=(?:On|In|By|Since) (?:\d{1,2} )?"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"|(?:(?<=\b[12]\d{3})|(?<=[a-z\d]\))) (?=[A-Z][a-z]+(?:ed|en) by\b)"
    r"|(?<=[a-z)])(?<!\b[Ss]aid)(?<!\b[Ss]ays) (?=The [a-z]+ )"
)
"""Where a full stop was lost: "… into the capital On 17 March 2018, the army …", "… in June 2015 Retaken by rebels …", "… in Karsa The
town was …"."""


def _with_run_in_titles(text: str, section: Section) -> Iterator[Section]:
    """A body with the titles that ran into its sentences, before a dateline, as headlines."""
    start = section.start
    for line, _ in run_in_datelines(text) if section.kind == "body" else ():
        if not section.start < line < section.end:
            continue
        borders = [found.end() for found in _SENTENCE_BORDER.finditer(text, start, line)]
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


def paragraphs(text: str, sections: Sequence[Section] = ()) -> list[Span]:
    """The spans that hold whole sentences, without the space around them: no sentence runs over their border.

    A blank line is a border. A single line break is one too, except where the text is wrapped at a width or the sentence plainly runs on.
    `sections`, where given, are borders as well, and so are both ends of a dateline and a full stop that was lost before a date.
    """
    blocks = _blocks(text, None)
    datelines = {block.start + found.end for block in blocks if (found := dateline(block.text))}
    lost = {found.end() for found in _LOST_STOP.finditer(text) if _is_over(text, found)}
    run_in = {border for start, found in run_in_datelines(text) for border in (start, start + found.end)}
    borders = sorted({section.start for section in sections} | datelines | lost | run_in)
    return [span for block in blocks for span in _cut(text, block, borders)]


def _cut(text: str, block: _Block, borders: Sequence[int]) -> Iterator[Span]:
    start = block.start
    for end in [*(border for border in borders if block.start < border < block.end), block.end]:
        if piece := text[start:end].strip():
            first = text.index(piece, start)
            yield first, first + len(piece)
        start = end


# -- blocks --------------------------------------------------------------------------------------------------------------------------


def _blocks(text: str, title_end: int | None) -> list[_Block]:
    lines = [match for match in _LINE.finditer(text) if match.group().strip()]
    width = _wrap_width(lines, text)
    spans: list[list[int]] = []
    for index, line in enumerate(lines):
        if index and _runs_on(lines[index - 1], line, text, width):
            spans[-1][1] = line.end()
        else:
            spans.append([line.start(), line.end()])
    if title_end is not None and spans and spans[0][0] <= title_end < spans[0][1]:
        spans[0:1] = [[spans[0][0], title_end], [title_end, spans[0][1]]]
    return list(_measured(text, spans))


def _measured(text: str, spans: Iterable[Sequence[int]]) -> Iterator[_Block]:
    before = 0
    for start, end in spans:
        raw = text[start:end]
        words = raw.strip()
        if not words:
            continue
        first = start + raw.index(words)
        bullet = _BULLET.match(raw)
        gap = len(_BREAK.findall(text, before, first)) if before else 2
        yield _Block(first, first + len(words), words, gap, first - start, bullet["bullet"] if bullet else None)
        before = first + len(words)


def _wrap_width(lines: Sequence[re.Match[str]], text: str) -> int | None:
    """The width at which an editor broke the lines, None where line breaks mean something."""
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(a, b, text)]
    if len(pairs) < 3:
        return None
    width = max(len(a.group().rstrip()) for a, _ in pairs)
    if not 40 <= width <= 130:
        return None
    full = sum(_had_no_room(a, b, width) for a, b in pairs)
    # Nine in ten: an editor's last lines of a paragraph are not followed by a line, so almost every pair in a wrapped text is full.
    return width if full >= 0.9 * len(pairs) else None


def _had_no_room(line: re.Match[str], following: re.Match[str], width: int) -> bool:
    """The first word of the next line would not have fitted: what an editor's wrapping leaves behind."""
    first_word = following.group().split(maxsplit=1)[0]
    return len(line.group().rstrip()) + 1 + len(first_word) > width - 3


def _adjacent(line: re.Match[str], following: re.Match[str], text: str) -> bool:
    return len(_BREAK.findall(text, line.end(), following.start())) == 1


def _runs_on(line: re.Match[str], following: re.Match[str], text: str, width: int | None) -> bool:
    if not _adjacent(line, following, text) or _BULLET.match(following.group()):
        return False
    if width is not None and _had_no_room(line, following, width):
        return True
    words, next_words = line.group().strip(), following.group().strip()
    if _ENDS_SENTENCE.search(words) or _comment_author(words, bulleted=True):
        return False
    return next_words[0].islower() or words.endswith(",") or _is_unfinished(words)


def _is_over(text: str, found: re.Match[str]) -> bool:
    """Can a sentence end where a full stop may have been lost: not after "into", nor after a title that ran into its story?"""
    before = text[max(found.start() - 40, 0) : found.start()]
    words = re.findall(r"[^\W\d_]{4,}", before)
    titled = text.startswith("The", found.end()) and 2 * sum(word[0].isupper() for word in words) > len(words) > 2
    return not titled and not _is_unfinished(before)


def _is_unfinished(words: str) -> bool:
    """Do words end with one that needs another: "into the", "near"?"""
    return words.rsplit(maxsplit=1)[-1].lower() in _knowledge().unfinished


def _title_end(text: str, title: str | None) -> int | None:
    """Where the title at the head of a text ends, None where it is no line or sentence of its own there.

    Texts that lost their line breaks run on without a full stop ("Rebels take the town of A 3 May 2014 AFP Rebels took"): six words said
    again exactly, before a capital or a figure, are the title all the same.
    """
    words = [word for word in (found.strip("'’-") for found in _WORD.findall(title or "")) if word]
    if not words or len(words) > 60:
        return None
    # 45 characters: a weekday, a date and an hour may stand before it.
    found = re.compile(r"[^\r\n]{0,45}?\b" + r"\W++".join(map(re.escape, words)) + r"[\"'”’)]*([.!?…]|(?=[\r\n])|(?= +[A-Z\d]))", re.I)
    match = found.match(text)
    if match is None or (len(words) < 6 and not match[1] and text[match.end()] not in "\r\n"):
        return None
    return match.end()


# -- what a block is -----------------------------------------------------------------------------------------------------------------


def _pictures(blocks: Sequence[_Block], labels: _Labels) -> None:
    for index, block in enumerate(blocks):
        if _whole("picture_name", block.text):
            labels[index] = _CAPTION


def _appeals(blocks: Sequence[_Block], labels: _Labels) -> None:
    other_stories = False
    for index, block in enumerate(blocks):
        if index in labels:
            continue
        header = _whole("other_stories", block.text)
        if header or _whole("line", block.text) or _appeals_to_reader(block) or (other_stories and _is_link(block)):
            labels[index] = _BOILERPLATE
        other_stories = header is not None or (other_stories and index in labels)


def _is_link(block: _Block) -> bool:
    """May be the headline of another story."""
    return block.words <= 14 and (not block.finished or block.text.endswith("?"))


def _appeals_to_reader(block: _Block) -> bool:
    """Half of its sentences, the first among them, turn to the visitor of the site."""
    if len(block.text) > LONGEST_CUE:
        return False
    text = _BULLET.sub("", block.text)
    hits = [_begins("appeal", sentence) is not None for sentence in _SENTENCE_BORDER.split(text)]
    return _begins("appeal", text) is not None and sum(hits) * 2 >= len(hits)


def _comments(blocks: Sequence[_Block], labels: _Labels) -> None:
    header = next((i for i, block in enumerate(blocks) if _opens_comments(blocks, i, block)), None)
    starts = _comment_starts(blocks, labels, header)
    if header is None and not starts:
        return
    if header is not None:
        labels[header] = _BOILERPLATE
    first = min(starts, default=len(blocks)) if header is None else header + 1
    bullet = next((blocks[i].bullet for i in starts if blocks[i].bullet), None)
    first = _unnamed_before(blocks, labels, first, bullet)
    _fill_comments(blocks, labels, first, starts, bullet)
    _navigation(blocks, labels, first + 1)


def _opens_comments(blocks: Sequence[_Block], index: int, block: _Block) -> bool:
    # Two paragraphs of story: "Comments" at the head of a page is a link.
    return (
        _whole("comments_header", block.text) is not None
        and index + 1 < len(blocks)
        and sum(earlier.prose for earlier in blocks[:index]) >= 2
    )


def _comment_starts(blocks: Sequence[_Block], labels: _Labels, header: int | None) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for index, block in enumerate(blocks):
        if index < 2 or (header is not None and index < header):
            continue
        bulleted = block.bullet is not None or header is not None
        if author := _comment_author(block.text, bulleted=bulleted):
            found[index] = author
    if header is not None:
        # Without any form, all that follows is one comment whose author nobody knows.
        return {header + 1: None} | (found or _named_lines(blocks, header))
    if not found or _spoken_of(blocks, found) or not (len(found) > 1 or _late(blocks, labels, min(found))):
        return {}
    return found


def _late(blocks: Sequence[_Block], labels: _Labels, index: int) -> bool:
    """The story has ended before this block: boilerplate or a wide gap stands between."""
    return blocks[index].gap > 2 or any(labels.get(i) == _BOILERPLATE for i in range(max(1, index - 3), index))


def _spoken_of(blocks: Sequence[_Block], starts: dict[int, str | None]) -> bool:
    """Half of the names are in the story: then these are its sources ("• The minister says:"), not its readers."""
    story = " ".join(block.text for block in blocks[: min(starts)])
    names = [author for author in starts.values() if author]
    return sum(re.search(rf"\b{re.escape(name)}\b", story) is not None for name in names) * 2 >= max(1, len(names))


def _named_lines(blocks: Sequence[_Block], header: int) -> dict[int, str | None]:
    """Names in comments that have no form of their own: a few words before a date or after "Reply"; failing these, before a long line."""
    few = [i for i in range(header + 1, len(blocks) - 1) if blocks[i].words <= 4 and not _known_line(blocks[i].text)]
    marked = [i for i in few if _whole("comment_date", blocks[i + 1].text) or _whole("comment_mark", blocks[i - 1].text)]
    named = marked or [i for i in few if not blocks[i].finished and blocks[i + 1].words > 5]
    return {i: blocks[i].text for i in named}


def _known_line(text: str) -> bool:
    return any(_whole(name, text) for name in ("comment_mark", "comment_date", "line"))


def _unnamed_before(blocks: Sequence[_Block], labels: _Labels, first: int, bullet: str | None) -> int:
    """Bulleted comments without a name that stand before the first named one."""
    index = first
    while bullet and index > 1 and blocks[index - 1].bullet == bullet and index - 1 not in labels:
        index -= 1
    return index if index < first and _late(blocks, labels, index) else first


def _fill_comments(blocks: Sequence[_Block], labels: _Labels, first: int, starts: dict[int, str | None], bullet: str | None) -> None:
    current: _Label | None = None
    for index in range(first, len(blocks)):
        block = blocks[index]
        if index in starts or (bullet and block.bullet == bullet and labels.get(index) != _BOILERPLATE):
            author = starts.get(index)
            labels[index] = _Label("comment", author, opens=True)
            current = _Label("comment", author)
        elif _whole("comment_mark", block.text) or _whole("comment_date", block.text):
            labels[index] = current or _BOILERPLATE
        elif labels.get(index) == _BOILERPLATE or current is None:
            # What follows the comment form is another part of the page: the story never goes on behind its readers.
            labels[index], current = _BOILERPLATE, None
        else:
            labels[index] = current


def _navigation(blocks: Sequence[_Block], labels: _Labels, first: int) -> None:
    """The links at the end of a page: short lines that are no sentences, after a wide gap or after boilerplate."""
    start = len(blocks)
    while start > first and blocks[start - 1].short and blocks[start - 1].words <= 5 and not _own_label(labels.get(start - 1)):
        start -= 1
    for index in range(start, len(blocks)):
        if blocks[index].gap > 2 or labels.get(index - 1) == _BOILERPLATE:
            labels.update((i, _BOILERPLATE) for i in range(index, len(blocks)))
            return


def is_comments_header(line: str) -> bool:
    """A line that only says that readers' comments follow."""
    return _whole("comments_header", line.strip()) is not None


def _own_label(label: _Label | None) -> bool:
    return label is not None and label.opens


def _endings(blocks: Sequence[_Block], labels: _Labels) -> None:
    """Who wrote it, and links, where the story ends."""
    end = next((i for i in range(len(blocks)) if labels.get(i, _HEADLINE).kind == "comment"), len(blocks))
    if end == len(blocks):
        _footer(blocks, labels)
    # Three: seldom do more than three people sign a report.
    last = [i for i in range(1, end) if i not in labels][-3:]
    for index in reversed(last):
        if not _is_biography(blocks, labels, index):
            return
        labels[index] = _BOILERPLATE


def _footer(blocks: Sequence[_Block], labels: _Labels) -> None:
    last_prose = max((i for i, block in enumerate(blocks) if i not in labels and block.prose), default=len(blocks))
    _navigation(blocks, labels, last_prose + 1)


def _is_biography(blocks: Sequence[_Block], labels: _Labels, index: int) -> bool:
    text = blocks[index].text
    if len(text) > LONGEST_CAPTION or not (match := _begins("biography", text)) or _search("no_biography", text):
        return False
    surname = match["name"].replace(",", "").split()[-1]
    # The first two blocks may hold the byline.
    story = (block.text for i, block in enumerate(blocks[:index]) if i > 1 and i not in labels)
    return not any(re.search(rf"\b{re.escape(surname)}\b", words) for words in story)


# -- captions and headlines ----------------------------------------------------------------------------------------------------------


def _captions(blocks: Sequence[_Block], labels: _Labels) -> None:
    about_pictures = any(_begins("caption_start", block.text) or labels.get(i) == _CAPTION for i, block in enumerate(blocks))
    for index, block in enumerate(blocks):
        if index not in labels and _is_caption(blocks, labels, index):
            labels[index] = _CAPTION
            _picture_beside(blocks, labels, index)
        elif index not in labels and about_pictures and _introduces_alt_text(blocks, labels, index):
            labels[index] = labels[index + 1] = _CAPTION
        elif index and index not in labels and block.text == blocks[index - 1].text and not block.finished:
            labels[index] = _CAPTION


def _is_caption(blocks: Sequence[_Block], labels: _Labels, index: int) -> bool:
    block = blocks[index]
    if len(block.text) > LONGEST_CAPTION or len(blocks) == 1:
        return False
    if _search("credit", block.text):
        return True
    before_picture = index + 1 < len(blocks) and labels.get(index + 1) == _CAPTION
    if block.text.endswith(":") and before_picture:
        return True
    found = _begins("caption_start", block.text)
    strong = found is not None and found.re in _knowledge().strong
    return found is not None and (strong or before_picture or block.text.endswith(":") or not block.finished)


def _picture_beside(blocks: Sequence[_Block], labels: _Labels, index: int) -> None:
    """The alternative text of the picture that a caption stands with: the line before that it repeats, the short line after its colon."""
    block = blocks[index]
    before = index - 1
    if before >= 0 and before not in labels and len(blocks[before].text) <= LONGEST_CAPTION:
        credit_alone = block.words <= 6 and block.gap == 1 and _search("credit", block.text) is not None and before > 0
        if block.text.startswith(blocks[before].text) or credit_alone:
            labels[before] = _CAPTION
    after = index + 1
    if block.text.endswith(":") and after < len(blocks) and after not in labels and _alone(blocks, after):
        labels[after] = _CAPTION


def _alone(blocks: Sequence[_Block], index: int) -> bool:
    """A short line that is no item of a list: no other short line follows it."""
    return blocks[index].short and not (index + 1 < len(blocks) and blocks[index + 1].short)


def _introduces_alt_text(blocks: Sequence[_Block], labels: _Labels, index: int) -> bool:
    """Among pictures: "Fighters in the village of A:" and then "Fighters inside A"."""
    block = blocks[index]
    if not block.text.endswith(":") or block.words > 25 or index + 1 >= len(blocks) or index + 1 in labels:
        return False
    shared = set(_WORD.findall(block.text.lower())) & set(_WORD.findall(blocks[index + 1].text.lower()))
    return blocks[index + 1].short and sum(len(word) > 3 for word in shared) >= 2


def _headlines(blocks: Sequence[_Block], labels: _Labels) -> None:
    if not blocks:
        return
    first = next((index for index in range(len(blocks)) if labels.get(index) != _BOILERPLATE), 0)
    if first not in labels and _is_headline(blocks[first:]):
        labels[first] = _HEADLINE
    for index in range(first + 1, len(blocks) - 1):
        if index not in labels and _is_heading(blocks, labels, index):
            labels[index] = _HEADLINE


def _is_headline(blocks: Sequence[_Block]) -> bool:
    """A first line that ends like no sentence, or whose words have capitals like a title's, with something after it."""
    first = blocks[0]
    if len(blocks) == 1 or len(first.text) > LONGEST_HEADLINE or first.bullet or first.text.endswith(":"):
        return False
    long_words = [word for word in _WORD.findall(first.text) if len(word) > 3]
    titled = len(long_words) >= 5 and not first.text.isupper() and sum(word[0].isupper() for word in long_words) >= 0.9 * len(long_words)
    one_question = first.text.endswith("?") and _SENTENCE_BORDER.search(first.text) is None
    return not first.finished or one_question or titled


def _is_heading(blocks: Sequence[_Block], labels: _Labels, index: int) -> bool:
    """A short line between paragraphs. Several in a row are a list, which may hold claims: body."""
    block, before, after = blocks[index], blocks[index - 1], blocks[index + 1]
    if not block.short or block.words > 12 or re.match(r"[a-z\[(]|\d{1,2}[:.]\d{2}\b", block.text):
        return False
    if block.words > 6 and block.text[0] in '"“”':  # a quotation set off, not a heading
        return False
    return after.prose and index + 1 not in labels and (before.prose or index - 1 in labels)


# -- tiling --------------------------------------------------------------------------------------------------------------------------


def _tiles(text: str, blocks: Sequence[_Block], labels: _Labels) -> Iterator[Section]:
    if not text:
        return
    body = _Label("body")
    current, start = labels.get(0, body), 0
    for index, block in enumerate(blocks[1:], 1):
        label = labels.get(index, body)
        if label.opens or (label.kind, label.author) != (current.kind, current.author):
            yield Section(current.kind, start, block.start, current.author)
            current, start = label, block.start
    yield Section(current.kind, start, len(text), current.author)


# -- knowledge -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Knowledge:
    patterns: dict[str, tuple[re.Pattern[str], ...]]
    strong: frozenset[re.Pattern[str]]
    bulleted: frozenset[re.Pattern[str]]
    unfinished: frozenset[str]
    not_a_name: frozenset[str]


@cache
def _knowledge() -> _Knowledge:
    raw: dict[str, Any] = yaml.safe_load(files("khabar").joinpath("knowledge/sections.yaml").read_text("utf-8"))
    words = {name: frozenset(word.lower() for word in raw.pop(name)) for name in ("unfinished", "not_a_name")}
    compiled = {name: tuple(re.compile(entry["pattern"], re.I) for entry in entries) for name, entries in raw.items()}
    flagged = {
        flag: frozenset(pattern for name in raw for pattern, entry in zip(compiled[name], raw[name], strict=True) if entry.get(flag))
        for flag in ("strong", "bulleted")
    }
    return _Knowledge(compiled, flagged["strong"], flagged["bulleted"], words["unfinished"], words["not_a_name"])


def _whole(name: str, text: str) -> re.Match[str] | None:
    if len(text) > LONGEST_CUE:
        return None
    return next((m for p in _knowledge().patterns[name] if (m := p.fullmatch(text))), None)


def _begins(name: str, text: str) -> re.Match[str] | None:
    if len(text) > LONGEST_CUE:
        return None
    return next((m for p in _knowledge().patterns[name] if (m := p.match(text))), None)


def _search(name: str, text: str) -> re.Match[str] | None:
    return next((m for p in _knowledge().patterns[name] if (m := p.search(text))), None)


def _comment_author(text: str, *, bulleted: bool) -> str | None:
    """The reader whose comment this line opens. `bulleted`: the forms that only count among comments are tried as well."""
    words = _BULLET.sub("", text, count=1).strip()
    if len(words) > 120:
        return None
    for pattern in _knowledge().patterns["comment_start"]:
        if pattern in _knowledge().bulleted and not bulleted:
            continue
        if (match := pattern.fullmatch(words)) and _is_name(match["author"]):
            return match["author"].strip()
    return None


def _is_name(words: str) -> bool:
    parts = words.split()
    return 0 < len(parts) <= 5 and parts[0].lower() not in _knowledge().not_a_name and not words.startswith(('"', "“", "‘"))
