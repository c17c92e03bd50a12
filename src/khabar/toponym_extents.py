"""Words taken for a place's name → where the name begins and ends: without what is no part of it, parted where two places stand in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from khabar.gazetteer import Entry
from khabar.ground import Ground, tokens_of
from khabar.model import Span
from khabar.namesakes import whole_names, without_body
from khabar.placewords import forms
from khabar.spellings import normal

OWNER = 50_000
"""People of a town whose name before "'s Ford" is that of the town."""
KNOWN = 5_000
"""People of a town that a longer name is taken to begin with."""

_SIDE = re.compile(r"(?:(?:(?:North|South)(?:east|west)?|East|West|Central)(?:ern)?|Metro|Greater)\s+(?=[A-Z])")


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Without article, quotation marks, commas and genitive around it."""
    while match := re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s“\"‘'(,]+", text[start:end]):
        start += match.end()
    if (quote := text.find("”", start, end)) >= 0 and "“" not in text[start:quote]:
        return trimmed(text, quote + 1, end)
    while match := re.search(r"(?:[’'][sS]\b|[’'”\")\s,]|(?<![A-Z])\.)+$", text[start:end]):
        end = start + match.start()
    if start < end and text[end - 1] == "-":  # "Nozhai-", the first part of a name
        end += len(re.match(r"\w*", text[end:])[0])  # type: ignore[index]
    return (start, end) if start < end and text[end - 1] != "-" else None


def with_article(text: str, span: Span) -> Span:
    """With the Arabic article, and what follows it, that the model cut off: "al-" before, "Jub al" of "Jub al-Jarah"."""
    before = re.search(r"\b(?:[AaEe]l|[Aa][sdnrtz]h?)-$", text[max(0, span[0] - 6) : span[0]])
    after = re.match(r"[- ][A-Z][\w’']+", text[span[1] :]) if re.search(r"(?:^|[\s-])[AaEe]l$", text[span[0] : span[1]]) else None
    return span[0] - (len(before[0]) if before else 0), span[1] + (after.end() if after else 0)


def without_genitive(span: Span, ground: Ground) -> Span:
    """ "Syria" of "Syrias war": many a text has lost its apostrophes."""
    words = ground.words(span)
    bare = words.removesuffix("s")
    if bare == words or ground.is_known(words) or ground.is_country(words):
        return span
    return (span[0], span[1] - 1) if ground.is_known(bare) or ground.is_country(bare) else span


def parted(span: Span, ground: Ground) -> Iterator[Span]:
    """The names in what was taken for one."""
    for cased in _alike(ground.text, _cut(span, ground)):
        for end in _ends(cased, ground):
            for owned in _owned(end, ground):
                for lain in _lain(owned, ground):
                    yield _bare(lain, ground)


def _cut(span: Span, ground: Ground) -> Span:
    """The place in a longer name that no gazetteer has: "Oakford" of "Oakford City [Council]" and of "Oakford Regional"."""
    short, words = without_body(ground.text, span), ground.words(span)
    if short != span:
        return short if ground.is_known(ground.words(short)) and not _is_named(words, ground) else span
    first, _, rest = words.rpartition(" ")
    if ground.is_here(first, above=KNOWN) and rest in forms()["namesakes"]["body_words"] and not ground.is_known(words):
        return span[0], span[0] + len(first)
    return span


def _is_named(words: str, ground: Ground) -> bool:
    """Has a place just this name, as Kansas City has?"""
    return any(normal(entry.name) == normal(words) for entry in ground.gazetteer.exact(words))


def _alike(text: str, span: Span) -> list[Span]:
    """A name in capitals and one that is not, which the model takes for one: "FORT BARRETT Pima Villages"."""
    words = list(re.finditer(r"\S+", text[slice(*span)]))
    for one, other in pairwise(words):
        if one[0].isupper() != other[0].isupper() and min(len(one[0]), len(other[0])) > 3:
            return [(span[0], span[0] + one.end()), *_alike(text, (span[0] + other.start(), span[1]))]
    return [span]


def _ends(span: Span, ground: Ground) -> list[Span]:
    """Both names of "the Homs-Hama highway", which the model takes for one; other names stay whole."""
    words = ground.words(span)
    first, dash, second = words.partition("-") if words.count("-") == 1 else words.partition("–")
    two = dash and second[:1].isupper() and len(first) > 3 and ground.is_known(first) and ground.is_known(second)
    if not two or ground.is_known(words):
        return [span]
    middle = span[0] + len(first)
    return [(span[0], middle), (middle + 1, span[1])]


def _owned(span: Span, ground: Ground) -> list[Span]:
    """Both places of "Oakford's Mill Airport", which the model takes for one: the owner, a place that is known here, and what it has."""
    words = ground.words(span)
    owner = re.match(r"(.+?)[’']s?\s(?=[A-Z])", words)
    if not owner or ground.is_known(words) or not _is_owner(owner[1], ground):
        return [span]
    return [(span[0], span[0] + owner.end(1)), (span[0] + owner.end(), span[1])]


def _lain(span: Span, ground: Ground) -> list[Span]:
    """Both places of "In Helmand Sangin fell", which the model takes for one: an area, and a town that lies in it."""
    words = ground.words(span)
    told = " " in words and _IN.search(ground.text[: span[0]]) and not ground.text.startswith(" and ", span[1])
    if not told or ground.is_known(words):
        return [span]
    for gap in re.finditer(r"\s(?=[A-Z])", words):
        area, town = (span[0], span[0] + gap.start()), (span[0] + gap.end(), span[1])
        if _is_subject(town, area, ground) or any(
            _lies_in(entry, ground.words(area), ground) for entry in ground.gazetteer.exact(ground.words(town))
        ):
            return [area, town]
    return [span]


def _is_subject(name: Span, after: Span, ground: Ground) -> bool:
    """Does the tree have a known name as the subject of what another name, just before it, only says the place of?"""
    one, other = tokens_of(ground.doc, after)[-1:], tokens_of(ground.doc, name)[-1:]
    if not (one and other and one[0].dep_ == "obl" and other[0].dep_.startswith("nsubj")):
        return False
    return one[0].head == other[0].head and ground.is_known(ground.words(name))


def _lies_in(town: Entry, area: str, ground: Ground) -> bool:
    areas = [entry for entry in ground.gazetteer.exact(area) if entry.precision in ("province", "region") and entry.country == town.country]
    return town.precision == "town" and (bool(areas) or normal(area) == normal(town.admin1 or ""))


_IN = re.compile(r"\bin\s$", re.IGNORECASE)


def _bare(span: Span, ground: Ground) -> Span:
    """ "Oakford" of "South Oakford", where no other place has the longer name."""
    words, exact = ground.words(span), ground.gazetteer.exact
    side = _SIDE.match(words) if not re.match(r"\s[A-Z]", ground.text[span[1] : span[1] + 2]) else None
    called = exact(words[side.end() :]) if side else ()
    if not side or not called or {entry.id for entry in exact(words)} - {entry.id for entry in called}:
        return span
    return span[0] + side.end(), span[1]


def made_whole(spans: Sequence[Span], ground: Ground) -> list[Span]:
    """Longer names in the place of their pieces: "Morton's Ford"; not "Aleppo's Hill", whose possessor is a place that is known here."""
    whole = []
    spans = [_with_its_other_half(span, ground) for span in spans]
    for before, after in zip(spans, whole_names(ground.text, spans), strict=True):
        owner = re.match(r"(.+?)\s?(?:[’']s|s[’'])\s", ground.words(after))
        whole.append(before if owner and _is_owner(owner[1], ground) else after)
    return sorted(set(whole))


def _with_its_other_half(span: Span, ground: Ground) -> Span:
    """ "Karsa | Tel": the model saw but one word of a name for a place's, the tree two for one name; neither is a place of size here."""
    words = tokens_of(ground.doc, span)
    if len(words) != 1 or words[0].ent_type_ != "PLACE" or ground.is_here(ground.words(span), above=0):
        return span
    name = [words[0].head, words[0]] if words[0].dep_ == "flat" else [words[0], *(w for w in words[0].rights if w.dep_ == "flat")]
    first, *rest = name
    if len(rest) != 1 or rest[0].i != first.i + 1 or any(w.pos_ != "PROPN" or not w.text[0].isupper() for w in name):
        return span
    other = first if first != words[0] else rest[0]
    return span if ground.is_here(other.text, above=0) else (first.idx, rest[0].idx + len(rest[0]))


def _is_owner(words: str, ground: Ground) -> bool:
    """Is it a country, an area or a large town that something belongs to, rather than a person whom it is called after?"""
    if ground.is_country(words):
        return True
    provinces = (entry.country for entry in ground.gazetteer.exact(words) if entry.precision == "province")
    return ground.is_here(words, above=OWNER) or any(country in ground.countries for country in provinces)


def before_area(text: str, span: Span, short: Collection[Span]) -> Span | None:
    """The part of a name before an abbreviation that the model took in: "San Francisco" of "San Francisco Cal."."""
    starts = [start for start, end in short if span[0] < end and start < span[1]]
    return trimmed(text, span[0], min(starts)) if starts else span
