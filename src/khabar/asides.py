"""Sentences → a reading of each, an aside between dashes read by itself and hung on the word before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from khabar.encoder import Reading, WordAt, model, read
from khabar.tokens import Span

DASHES = frozenset({"–", "—", "--", "-"})


def aside(text: str, spans: Sequence[Span]) -> Span | None:
    """The words that are the two dashes around an aside, None where a sentence has not just two, or little between and after them.

    >>> spans = [(0, 3), (4, 9), (10, 11), (12, 14), (15, 35), (36, 37), (38, 42), (43, 48), (48, 49)]
    >>> aside("The Front – an alliance of brigades – took Karsa.", spans)
    (2, 5)
    """
    dashes = [i for i, span in enumerate(spans) if i and stands_free(text, *span)]
    if len(dashes) != 2 or dashes[1] - dashes[0] < 3 or dashes[1] > len(spans) - 3:
        return None
    return dashes[0], dashes[1]


def stands_free(text: str, start: int, end: int) -> bool:
    """A dash, and not the hyphen of "rebel-held"."""
    return text[start:end] in DASHES and (text[start:end] == "—" or (text[start - 1].isspace() and text[end : end + 1].isspace()))


def read_apart(text: str, sentences: list[list[Span]], lost: Collection[int] = ()) -> list[Reading]:
    """A reading of each sentence; an aside between dashes is read by itself and hung on the word before it. `lost`: where an "s" stands
    for a possessive's.

    Read through, it would leave the main verb without its subject.
    """
    gaps = [aside(text, spans) for spans in sentences]
    parts: list[list[str]] = []
    stands: list[list[WordAt]] = []  # where each word of a part stands
    for n, (spans, gap) in enumerate(zip(sentences, gaps, strict=True)):
        words = ["'s" if start in lost else text[start:end] for start, end in spans]
        for numbers in _parts(len(spans), gap):
            parts.append([words[i] for i in numbers])
            stands.append([(n, i) for i in numbers])
    if not any(gaps):
        return read(parts)
    found = iter([_moved(reading, own, stands) for reading, own in zip(read(parts), stands, strict=True)])
    return [grafted(next(found), next(found), gap) if gap else next(found) for gap in gaps]


def _parts(words: int, gap: Span | None) -> Iterator[list[int]]:
    """Numbers of the words that are read together: of a sentence, or of what is around an aside and of the aside."""
    yield [i for i in range(words) if gap is None or not gap[0] <= i <= gap[1]]
    if gap:
        yield list(range(gap[0] + 1, gap[1]))


def _moved(reading: Reading, own: Sequence[WordAt], stands: Sequence[Sequence[WordAt]]) -> Reading:
    """The reading of a part, who fills its roles and what dates it told by sentence and word, no longer by part."""

    def moved(at: WordAt | None) -> WordAt | None:
        return at and stands[at[0]][at[1]]

    story = {
        own[i][1]: {role: {moved(at): p for at, p in likely.items()} for role, likely in told.items()} for i, told in reading.story.items()
    }
    times = {own[i][1]: {(way, moved(at)): p for (way, at), p in likely.items()} for i, likely in reading.times.items()}
    return replace(reading, story=story, times=times)


def grafted(outer: Reading, inner: Reading, gap: Span) -> Reading:
    """One reading of a sentence and its aside, with the dashes as marks on the aside's root."""
    classes = model().classes
    first, last = gap
    host = first - 1
    while classes["labels"][outer.labels[host]] in ("flat", "compound", "punct") and 0 < outer.heads[host] <= first:
        host = int(outer.heads[host]) - 1
    root = first + 2 + int((inner.heads == 0).argmax())
    around = np.where(outer.heads > first, outer.heads + last - first + 1, outer.heads)
    within = np.where(inner.heads == 0, host + 1, inner.heads + first + 1)
    labels = np.where(inner.heads == 0, classes["labels"].index(aside_label(inner)), inner.labels)
    dash = {"upos": classes["upos"].index("PUNCT"), "xpos": classes["xpos"].index(":"), "labels": classes["labels"].index("punct")}
    dash |= {"heads": root, "entities": 0, "nominals": 0, "facts": 0}
    inner_columns = {"heads": within, "labels": labels}
    outer_columns = {"heads": around}

    def column(name: str) -> NDArray[Any]:
        own, other = outer_columns.get(name, getattr(outer, name)), inner_columns.get(name, getattr(inner, name))
        mark = np.array([dash[name]], own.dtype)
        return np.concatenate([own[:first], mark, other, mark, own[first:]]).astype(own.dtype)

    claims = np.insert(outer.claims, [first] * (len(inner.claims) + 2), 0, axis=0)
    claims[first + 1 : last] = inner.claims
    columns = {name: column(name) for name in dash}
    roles = roles_apart(outer.roles, inner.roles, gap)
    return Reading(**columns, claims=claims, roles=roles, story={**outer.story, **inner.story}, times={**outer.times, **inner.times})


def roles_apart(outer: NDArray[np.float32], inner: NDArray[np.float32], gap: Span) -> NDArray[np.float32]:
    """The roles of a sentence and its aside in one table; nothing in the one fills a role of the other."""
    first, last = gap
    size, kinds = len(outer) + len(inner) + 2, outer.shape[1]
    table = np.zeros((size, kinds, size), np.float32)
    outside = np.r_[0:first, last + 1 : size]
    table[np.ix_(outside, range(kinds), outside)] = outer
    table[first + 1 : last, :, first + 1 : last] = inner
    return table


def aside_label(inner: Reading) -> str:
    """How an aside hangs on what it speaks of: "X – an alliance –", "X – which is home to A –", "X – seized in May –"."""
    classes = model().classes
    root = int((inner.heads == 0).argmax())
    if classes["xpos"][inner.xpos[0]] in ("WDT", "WP"):
        return "acl:relcl"
    pos = classes["upos"][inner.upos[root]]
    finite = any(
        classes["labels"][label].startswith("nsubj") for label, head in zip(inner.labels, inner.heads, strict=True) if head == root + 1
    )
    if finite or pos not in ("NOUN", "PROPN", "VERB"):
        return "parataxis"
    cased = any(classes["labels"][label] == "case" and head == root + 1 for label, head in zip(inner.labels, inner.heads, strict=True))
    return "acl" if pos == "VERB" else "nmod" if cased else "appos"
