"""The text of a page → the standfirst over its story: the sentence under a headline that the story's first sentences tell again.

Nothing is claimed in one (guideline, "the unit"): it says of the story what the story says itself. Where the line breaks of a page are
lost, it stands between the printed day and the story, often before the page's tags.
"""

from __future__ import annotations

import re

from khabar.printed_days import stamp_end

LONGEST = 400  # characters: a longer sentence is no standfirst
LONGEST_TAGS = 300
FEWEST = 6  # content words: of fewer, half are told again by chance
# In 163 annotated reports the first sentences in which annotators coded nothing share up to 0.78 of their words with the next; of the
# others hardly one more than 0.5.
TOLD_AGAIN = 0.6
AMONG_TWO = 0.7
WORD_FOR_WORD = 0.9  # whatever stands before it
_LITTLE = "that this with from have been were which after said says least more than their they when where while into over"
EMPTY = frozenset(re.findall(r"\w+", _LITTLE))

_TAGS = re.compile(r"\s*Tags:? (?=[A-Z])")
_FILED = re.compile(r"[A-Z][\w' ]{2,30}?,? \(?[A-Z]{2,}[a-z]*\)?\s?[-–—]")  # "Aleppo SANA-": a story's own first words
_BORDER = re.compile(r"[.!?…][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
_NUMBERS = "Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten"
_OPENS = re.compile(rf"(?<=\s)(?:A|An|The|At|In|On|It|This|More|Some|Several|Dozens|Hundreds|{_NUMBERS})\b")
_BINDS = re.compile(r"\b(?:the|an?|of|in|on|at|by|and|to|for|was|were|has|have|had|is|are|after|from|with)\b")
_FINITE = re.compile(r"(?<=\s)[A-Z]\S* (?:have|has|had|is|are|was|were|will|said|says|of)\b")


def standfirst(text: str, start: int, *, under_headline: bool) -> tuple[int, int] | None:
    """Where the standfirst of a page ends, and where the story begins after its tags (the same place where there are none).

    `start`: of the page's first words that are no headline. `under_headline`: a headline stands before it.

    >>> page = "3 May 2014 Shells hit Karsa on Monday. Tags Karsa shelling At least ten people were killed by shells. The town burnt."
    >>> end, story = standfirst(page, 0, under_headline=False)
    >>> page[story:]
    'At least ten people were killed by shells. The town burnt.'
    """
    stamp = stamp_end(text, start)
    begin = start if stamp is None else stamp
    end = _next_border(text, begin)
    if _FILED.match(text, begin) or end - begin > LONGEST or end == len(text):
        return None
    over = stamp is not None or (under_headline and "\n" in text[end - 2 : end])
    if over and (tags := _TAGS.match(text, end)):
        return end, _after_tags(text, tags.end(), text[begin:end])
    return (end, end) if _is_told_again(text, begin, end, over=over) else None


def _is_told_again(text: str, begin: int, end: int, *, over: bool) -> bool:
    """Do the next two sentences tell what this one tells, one of its numbers among it? `over`: it plainly stands over the story."""
    own = _content(text[begin:end])
    second = _next_border(text, end)
    following = _content(text[end:second])
    after_two = following | _content(text[second : _next_border(text, second)])
    numbers = {word for word in own if word.isdigit()}
    if len(own) < FEWEST or (numbers and not numbers & after_two):
        return False
    again, among_two = len(own & following) / len(own), len(own & after_two) / len(own)
    return again >= WORD_FOR_WORD or (over and (again >= TOLD_AGAIN or among_two >= AMONG_TWO))


def _after_tags(text: str, start: int, above: str) -> int:
    """Where a story begins behind tags without a full stop: where the standfirst's first words come again, or a sentence plainly opens."""
    part = text[start : min(start + LONGEST_TAGS, _next_border(text, start))]
    again = re.search(r"\s+".join(map(re.escape, above.split()[:2])), part)
    if again:
        return start + again.start()
    opened = [found.start() for found in (_OPENS.search(part), _FINITE.search(part)) if found]
    if not opened and not _BINDS.search(part):  # names and nouns, down to the full stop
        return start + len(part)
    return start + min(opened, default=0)


def _next_border(text: str, start: int) -> int:
    found = _BORDER.search(text, start)
    return found.end() if found else len(text)


def _content(words: str) -> set[str]:
    """What a sentence tells of: its longer words, without endings, and its numbers."""
    return {word[:6] for word in re.findall(r"[^\W\d_]{4,}|\d+", words.lower()) if word not in EMPTY}
