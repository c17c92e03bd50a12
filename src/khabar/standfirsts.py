"""The text of a page → the standfirst over its story: the sentence under a headline that the story's first sentences tell again.

Nothing is claimed in one (guideline, "the unit"): it says of the story what the story says itself. Where the line breaks of a page are
lost, it stands between the printed day and the story, often before the page's tags.
"""

from __future__ import annotations

import re
from calendar import day_name
from functools import cache

from khabar.lexicon import words
from khabar.printed_days import stamp_end

LONGEST = 400  # characters: a longer sentence is no standfirst
LONGEST_TAGS = 300
# Of 714 first sentences behind a printed day in which annotators coded nothing 568 are such headlines, and so is one of the 466 in
# which they did.
FEWEST_OF_HEADLINE, MOST_OF_HEADLINE = 4, 20  # words
TITLED = 0.75  # of its words of four letters and more have capitals
FEW_PLAIN, TOLD_IN_PART = 2, 0.2
FEWEST = 6  # content words: of fewer, half are told again by chance
# In 163 annotated reports the first sentences in which annotators coded nothing share up to 0.78 of their words with the next; of the
# others hardly one more than 0.5.
TOLD_AGAIN = 0.6
AMONG_TWO = 0.7
WORD_FOR_WORD = 0.9  # whatever stands before it

_TAGS = re.compile(r"\s*Tags:? (?=[A-Z])")
_FILED = re.compile(r"[A-Z][\w' ]{2,30}?,? \(?[A-Z]{2,}[a-z]*\)?\s?[-–—]")  # "Aleppo SANA-": a story's own first words
_BORDER = re.compile(r"[.!?…][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")


@cache
def _word_of(name: str) -> str:
    return rf"(?:{'|'.join(sorted(map(re.escape, words('standfirsts.yaml')[name])))})\b"


@cache
def _opening() -> re.Pattern[str]:
    """A sentence: by its first word, by a verb behind a name, or by what is told of common nouns ("Rebel units of two towns shelled")."""
    nouns = r"(?:[A-Z][a-z]+(?:ic|an|ese|ish) )?(?:[A-Z][\w'-]*(?: [a-z][\w'-]*){1,6}?|[A-Z][a-z]+s)"
    told = rf"{nouns} (?:[a-z-]+ed\b|{_word_of('told')}|(?:in|on|at|of) (?:a|the)\b)"
    return re.compile(rf"(?<=\s)(?:{_word_of('first')}|[A-Z]\S* {_word_of('behind_name')}|{told})")


@cache
def _binding() -> re.Pattern[str]:
    return re.compile(rf"\b{_word_of('binding')}")


@cache
def _telling() -> re.Pattern[str]:
    """What no tags hold before the story: it has begun already."""
    return re.compile(r", [a-z]|\b(?:was|were|has|have|had|is|are)\b")


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
    if stamp is not None and _is_headline(text, begin, end):
        return end, end
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


def _is_headline(text: str, begin: int, end: int) -> bool:
    """Is what follows a printed day written as headlines are: in capitals throughout, without articles and auxiliaries ("Six killed as
    rockets hit Karsa"), or with few where the story tells it again?"""
    line = text[begin:end]
    counted, long_words = len(line.split()), re.findall(r"[^\W\d_]{4,}", line)
    if not FEWEST_OF_HEADLINE <= counted <= MOST_OF_HEADLINE or not long_words or _day().search(line):
        return False
    plain = len(_plain().findall(line))
    if not plain or sum(word[0].isupper() for word in long_words) >= TITLED * len(long_words):
        return True
    second = _next_border(text, end)
    own, following = _content(line), _content(text[end : _next_border(text, second)])
    return plain <= FEW_PLAIN and len(own & following) >= TOLD_IN_PART * len(own)


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(rf"\b{_word_of('plain')}", re.IGNORECASE)


@cache
def _day() -> re.Pattern[str]:
    """ "on Friday": stories say it, headlines do not."""
    return re.compile(rf"\b(?:{'|'.join(day_name)})\b")


def _after_tags(text: str, start: int, above: str) -> int:
    """Where a story begins behind tags without a full stop: where the standfirst's first words come again, or a sentence plainly opens."""
    part = text[start : min(start + LONGEST_TAGS, _next_border(text, start))]
    again = re.search(r"\s+".join(map(re.escape, above.split()[:2])), part)
    begins = [found.start() for found in (again, _opening().search(part)) if found]
    if begins and not _telling().search(part, 0, min(begins)):
        return start + min(begins)
    return start if _binding().search(part) else start + len(part)  # names and nouns, down to the full stop


def _next_border(text: str, start: int) -> int:
    found = _BORDER.search(text, start)
    return found.end() if found else len(text)


def _content(sentence: str) -> set[str]:
    """What a sentence tells of: its longer words, without endings, and its numbers."""
    return {word[:6] for word in re.findall(r"[^\W\d_]{4,}|\d+", sentence.lower()) if word not in words("standfirsts.yaml")["empty"]}
