"""text and spans of place names → those that are only part of another name, and longer names that they belong to.

"The First Ohio Cavalry", "Department of the Gulf" and "Colonel Hudson" name troops, an army's command and a person; "Morton's Ford" is one
name, and Morton no place in it; "Highway 19" needs its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from khabar.model import Span
from khabar.placewords import forms, kind_of, singular


def is_part(text: str, span: Span, people: frozenset[str]) -> bool:
    """Does the name stand in that of troops, of a command or of a person? `people`: family names of persons of the report.

    >>> text = "The First Ohio Cavalry left Ohio under Captain Hudson."
    >>> [is_part(text, (at, at + len(word)), frozenset()) for word, at in (("Ohio", 10), ("Ohio", 28), ("Hudson", 47))]
    [True, False, True]
    """
    patterns = _patterns()
    before, words = text[max(0, span[0] - 60) : span[0]], text[span[0] : span[1]]
    if patterns["ship before"].search(before) or is_initials(text, span):
        return True
    if patterns["ordinal"].match(words) and not any(kind_of(singular(word)) for word in words.split()):
        return True
    if patterns["troops after"].match(text, span[1]) or patterns["troops before"].search(before):
        return True
    if patterns["command before"].search(before) or patterns["command"].match(words) or patterns["title before"].search(before):
        return True
    return words.casefold() in people and not _LOCATED.search(before)


def whole_names(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Each span made as long as the name it belongs to: "Morton" of "Morton's Ford", "Highway" of "Highway 19"."""
    longer = _longer(text)
    for start, end in spans:
        yield max(
            [name for name in longer if name[0] <= start and end <= name[1]], key=lambda name: name[1] - name[0], default=(start, end)
        )


def is_located(text: str, start: int) -> bool:
    """Do the words before a name tell of a place, or list it with others, or is it that of a dateline?

    >>> is_located("Shells hit Oakford.", 11), is_located("Shells fell on the town of Oakford.", 27), is_located("OAKFORD -- Fire.", 0)
    (False, True, True)
    """
    return _TOLD.search(text[max(0, start - 25) : start]) is not None or _DATELINE.match(text, start) is not None


_DATELINE = re.compile(r"[A-Z][A-Z’' -]{2,}(?:,\s[A-Z][\w. ]+)?\s?(?:--|—|–)\s")


_TOLD = re.compile(
    r"(?:\b(?:in|at|near|into|towards?|around|outside|from|to|of|between|through|across|over|via|and|or|leaving|left|reach(?:ed)?|enter(?:ed)?)|,)"
    r"\s(?:the\s|nearby\s)?$"
)


def people_of(text: str) -> frozenset[str]:
    """Family names, in small letters, of those whom a report calls by a title ("Major General Hudson"), lets sign ("HUDSON, Colonel") or
    gives an age ("James Hudson, 40,"), unless it also tells of a place of that name.

    >>> sorted(people_of("Colonel James Hudson met Mr. Lawrence. FRANKLIN, Major-General. Ann Clayton, 31, of Perry; Jo Perry, 9, too."))
    ['clayton', 'franklin', 'hudson', 'lawrence', 'perry']
    >>> sorted(people_of("Ann Clayton, 31, lives in Clayton."))
    []
    """
    patterns = _patterns()
    people = {found["last"].casefold() for name in ("titled", "signed") for found in patterns[name].finditer(text)}
    aged = {found["last"] for found in _AGED.finditer(text)}
    return frozenset(people | {name.casefold() for name in aged if not re.search(rf"{_LOCATED.pattern[:-1]}{re.escape(name)}\b", text)})


_AGED = re.compile(r"\b[A-Z][a-z]+\s(?:[A-Z]\.\s)?(?P<last>[A-Z][a-z][\w’'-]+),\s\d{1,2}(?:,|\s(?:was|and|is|years))")


_INITIALS = re.compile(r"(?:[A-Z]\.\s?){2,}")


def is_initials(text: str, span: Span) -> bool:
    """Are they a person's letters ("Lieutenant S. C. Boylston", "S. D. STURGIS, Colonel"), and no area's ("Hilton Head S. C.")?

    >>> [is_initials(text, (at, at + 5)) for text, at in (("Lieutenant S. C. Oakley left.", 11), ("From Beaufort S. C. Oakley left.", 14))]
    [True, False]
    """
    if not _INITIALS.fullmatch(text, *span):
        return False
    before = text[max(0, span[0] - 30) : span[0]]
    named = re.match(r"\s?([A-Z][\w.’'-]+)", text[span[1] : span[1] + 30])
    signs = not before.strip() or re.search(r"(?:[.;:!?&]|\b(?:and|by|of|to|with))\s+$", before)
    return named is not None and bool(_patterns()["titles"].search(before) or (signs and named[1][1:2].isupper()))


def is_command(words: str) -> bool:
    """Is it an army's area, and who commands it: "District of Arizona", not "district of Nairobi"?"""
    return _patterns()["command"].match(words) is not None


_LOCATED = re.compile(r"\b(?:in|at|near|into|toward|towards|around|outside)\s+$")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = forms()["namesakes"]
    troops, among, commands, seats, titles, ships = (
        "|".join(sorted((re.escape(word).replace(r"\ ", r"\s+").replace(r"\-", r"[-\s]") for word in words[kind]), key=len, reverse=True))
        for kind in ("troops", "among_troops", "commands", "seats", "titles", "ships")
    )
    ordinal = rf"(?:{_ORDINAL}|\d+(?:st|nd|rd|th|d))"
    return {
        "ordinal": re.compile(rf"{ordinal}\s+(?=[A-Z])"),
        "troops after": re.compile(rf"\s+(?i:{troops})\b(?!\s(?i:school|college|academy|base|station|barracks|road|street))"),
        "troops before": re.compile(rf"\b{ordinal}\s+(?:(?i:{among})\s+)*$|\b(?:Infantry|Cavalry|Artillery|Regiment|Battery)\s+$"),
        "command before": re.compile(
            rf"(?<!Police )(?<!Fire )(?<!Health )\b(?:{commands}|{commands.upper()})\.?\s+(?:of|OF)\s+(?:(?:the|THE)\s+)?{_SIDE}$"
        ),
        "command": re.compile(
            rf"(?:(?i:{seats})[.,]?\s+)*{_SIDE}(?:{commands}|{commands.upper()})\.?\s+(?:of|OF)\b(?!\s+(?i:columbia))"
            rf"|(?i:{seats})\b|.*\b(?i:military (?:district|department|division))$"
        ),
        "titles": re.compile(rf"\b(?:{titles})\s+$"),
        "ship before": re.compile(rf"\b(?i:{ships})\s+[“\"‘']?$"),
        "title before": re.compile(rf"\b(?:{titles})\s+(?:[A-Z](?:\.|[\w’'-]*)\s+){{0,2}}$"),
        "titled": re.compile(rf"\b(?:{titles})\s+(?:[A-Z](?:\.|[a-z]+)\s+){{0,3}}(?P<last>[A-Z][\w’'-]+)(?!\s+[A-Z][a-z])"),
        "signed": re.compile(rf"\b(?P<last>(?:Mc|Mac|O[’'])?[A-Z][A-Z’'-]{{2,}}),\s+(?:{titles})(?!\w)"),
    }


_SIDE = r"(?:\w+(?:ern|ERN)\s+|(?:(?:South|North)\w*|Central|CENTRAL|(?:SOUTH|NORTH)\w*)\s+)?"
_ORDINAL = (
    r"(?=[A-Z\d])(?i:(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|one hundred and \w+)[-\s])?"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|\w+tieth|hundredth))"
)


@lru_cache(maxsize=2)
def _longer(text: str) -> tuple[Span, ...]:
    """Names with a genitive before a feature, and roads with their number."""
    return tuple(sorted({found.span() for pattern in (_owned(), street(), _ROAD, _RAILROAD) for found in pattern.finditer(text)}))


@lru_cache(maxsize=1)
def _owned() -> re.Pattern[str]:
    features = "|".join(sorted(map(re.escape, forms()["namesakes"]["features"]), key=len, reverse=True))
    return re.compile(rf"\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)?\s?(?:[’']s|s[’'])\s(?:[A-Z][\w-]+\s)?(?:{features})\b")


@lru_cache(maxsize=1)
def street() -> re.Pattern[str]:
    """ "Main Street", "Clinton St." """
    full, short = ("|".join(forms()["namesakes"][kind]) for kind in ("streets", "street_shorts"))
    name = r"(?:(?:North|South|East|West|[NSEW]\.|[NS][EW]?)\s)?(?:[A-Z][a-z-]+[a-z](?:\s[A-Z][a-z-]+[a-z])?|\d+(?:st|nd|rd|th))"
    other = r"School|High|Elementary|Middle|Church|Hospital|Of|[A-Z][a-z]+\s(?:School|Church)"
    side = r"(?:\s(?:North|South)?(?:[Ee]ast|[Ww]est|North|South)\b)?"
    return re.compile(rf"\b{name}\s(?:(?:{full})\b{side}|(?:{short})(?:\.|\b))(?!\s(?:{other}))")


def homes(text: str) -> list[Span]:
    """Where members of parliament come from.

    >>> text = "Sen. Tom Oak, D-Elbow Lake, agreed."
    >>> [text[slice(*home)] for home in homes(text)]
    ['Elbow Lake']
    """
    pattern = rf"(?<=, )(?:{'|'.join(forms()['namesakes']['parties'])})-(?P<home>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\b"
    return [found.span("home") for found in re.finditer(pattern, text)]


def has_body(text: str, end: int) -> bool:
    """Does the name of a body of the place follow: "Oakford Police Department", "Oakford police"?"""
    words = forms()["namesakes"]
    bodies, forces = "|".join(words["local_bodies"]), "|".join(words["local_forces"])
    return re.match(rf"\s(?:(?:{bodies})(?:[’']s?)?\s[A-Z]|(?:{forces})\b)", text[end : end + 40]) is not None


def without_body(text: str, span: Span) -> Span:
    """ "Oakford" of "Oakford City" before "Council"."""
    words = forms()["namesakes"]
    town = re.search(rf"\s(?:{'|'.join(words['municipal'])})$", text[slice(*span)])
    bodies = "|".join((*words["local_bodies"], *words["offices"]))
    return (span[0], span[0] + town.start()) if town and re.match(rf"\s(?:{bodies})\b", text[span[1] : span[1] + 30]) else span


_NAMED = r"(?!The\b)[A-Z][\w-]+(?:\s[A-Z][\w-]+)?"
_RAILROAD = re.compile(rf"\b{_NAMED}(?:,\s{_NAMED})*\s(?:and|&)\s{_NAMED}\s(?:Railroad|Railway|Canal)\b")
_ROAD = re.compile(
    r"(?:(?:\b(?:County|State|U\.?\s?S\.?|Farm-to-Market|Ranch|Forest|Provincial|Federal|National|[A-Z]\w+)\s)?"
    r"\b(?:Highway|Hwy\.?|Route|Rte\.?|Interstate|Loop)|\b(?:County|State|Township|Farm|Ranch|Forest)\s(?:Road|Rd\.?)|\b(?:US|SR|CR|FM))"
    r"(?:\s(?:No\.?|Number)\s?)?[\s-]\d+[A-Z]?\b"
)
