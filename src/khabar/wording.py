"""Days, names and speakers → the words in which answers say them: plain English, no adjective that a record cannot answer for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from khabar.areas import WIDE, Area
from khabar.model import Quantity
from khabar.record import Told

# Not strftime: its names of months are those of the reader's locale.
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
NAMED = 4  # names in one sentence; the rest are counted
DIRECTING = re.compile(
    "[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]"
)  # turn the text after them around, or a terminal's colours


def day_words(day: date) -> str:
    """
    >>> day_words(date(2031, 5, 4))
    '4 May 2031'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def when(first: date | None, last: date | None) -> str:
    """
    >>> when(date(2031, 5, 4), date(2031, 5, 6)), when(None, date(2031, 5, 6)), when(date(2031, 4, 30), date(2031, 5, 6))
    ('between 4 and 6 May 2031', 'by 6 May 2031', 'between 30 April and 6 May 2031')
    """
    if first is None or last is None:
        return f"by {day_words(last)}" if last else f"from {day_words(first)}" if first else "on a day that is not told"
    if first == last:
        return f"on {day_words(last)}"
    start = day_words(first).split()
    same = 0 if first.year != last.year else 1 if first.month != last.month else 2
    return f"between {' '.join(start[: len(start) - same])} and {day_words(last)}"


def joined(parts: Iterable[str], *, most: int = NAMED) -> str:
    """
    >>> joined(["A", "B", "A", "C"]), joined("ABCDEF", most=3)
    ('A, B and C', 'A, B, C and 3 others')
    """
    found = list(dict.fromkeys(parts))
    more = len(found) - most
    if more > 0:
        return f"{', '.join(found[:most])} and {more} other{'' if more == 1 else 's'}"
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "report"), counted(2, "air strike"), counted(3, "clash")
    ('1 report', '2 air strikes', '3 clashes')
    """
    return f"{number:,} {noun}{'' if number == 1 else 'es' if noun.endswith(('s', 'sh', 'ch')) else 's'}"


def capital(words: str) -> str:
    """
    >>> capital("there was fighting"), capital("“a source” said so")
    ('There was fighting', '“A source” said so')
    """
    at = 1 if words.startswith("“") else 0
    return words[:at] + words[at : at + 1].upper() + words[at + 1 :]


def plain(words: str) -> str:
    """The words of a report for use in a sentence of ours: one line, no characters that direct the display."""
    return " ".join(DIRECTING.sub("", words).split())


def speaker_words(item: Told) -> str:
    """Who says so, innermost. Words that are no name stand in quotation marks, with who quotes them.

    "Wire Agency"; "“military source”, quoted by Harbour Post"
    """
    outlet = plain(item.outlet or f"report {item.claim.report_id[:12]}")
    if not item.claim.attribution:
        return outlet
    said = re.sub(r" \[(.*)\]$", r" of \1", plain(item.claim.attribution[-1].text))  # "a colonel [Red Army]"
    if item.claim.attribution[-1].id or said[:1].isupper():
        return said
    quoted_by = [plain(link.text) for link in item.claim.attribution[:-1] if link.id or link.text[:1].isupper()]
    return f"“{said}” quoted by {(quoted_by or [outlet])[-1]}"


def number_words(low: int | None, high: int | None, *, approximate: bool = False) -> str:
    """
    >>> number_words(24, None), number_words(3, 9), number_words(30, 30, approximate=True), number_words(None, 2000)
    ('at least 24', '3 to 9', 'about 30', 'up to 2,000')
    """
    if low is None or high is None:
        return f"at least {low:,}" if low is not None else f"up to {high:,}" if high is not None else "an untold number of"
    return f"{'about ' if approximate else ''}{low:,}" + (f" to {high:,}" if high != low else "")


def quantity_words(quantity: Quantity) -> str:
    """As `number_words`."""
    return number_words(quantity.low, quantity.high, approximate=quantity.approximate)


def listed(parts: Sequence[str]) -> str:
    """Clauses that hold commas themselves: "a; b; and c"."""
    return "; ".join(parts[:-1]) + ("; and " if len(parts) > 1 else "") + parts[-1] if parts else ""


NAME = re.compile(r"(\w{1,3}['’-])?[^\W\d_a-z]")  # "Oakford", "al-Bab"; "northern entrance" is none
AROUND = re.compile(r"(near|around|outside|in|at|on|between)\b")


def place_words(area: Area) -> str:
    """The name, with what it is where that is wider than a town; the report's own words where it has none.

    >>> place_words(Area("w", None, "Westmark", precision="province")), place_words(Area("m", None, "old mill"))
    ('Westmark (province)', '“old mill”')
    """
    name = plain(area.name)
    if AROUND.match(name):
        return f"ground {name}"
    if not NAME.match(name):
        return f"“{name}”"
    return f"{name} ({area.precision})" if area.precision in WIDE else name
