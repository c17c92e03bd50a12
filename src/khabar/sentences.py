"""Words → sentences: by rules where a full stop and a capital leave no doubt, by the model elsewhere."""

from __future__ import annotations

from itertools import pairwise

from khabar.encoder import MOST_IN_SENTENCE, model, starts
from khabar.tokens import Span, Words

LONGEST_SENTENCE = 160  # words; the longest sentence of the treebanks' tests has 159
ENDS = frozenset({".", "!", "?", "…", "...", "?!", "!?", "!!", "??", "!!!", "???", "....", "؟"})
CLOSERS = frozenset("\"'”’»)]}")
# Never the end of a sentence, since what they announce follows.
TITLES = frozenset({
    "mr.", "mrs.", "ms.", "dr.", "gen.", "lt.", "col.", "maj.", "capt.", "cpl.", "sgt.", "brig.", "adm.", "cmdr.", "rep.", "sen.",
    "gov.", "pres.", "prof.", "rev.", "hon.", "st.", "mt.", "ft.", "no.", "nos.", "vs.", "fig.", "pvt.", "cdr.", "sec.", "amb.",
    "supt.", "insp.", "e.g.", "i.e.", "cf.", "al.", "approx.", "ca.",
})  # fmt: skip
SURE, HALF = 0.9, 0.5  # probability of a new sentence: without any full stop; after one that may be an abbreviation's


def sentences_of(text: str, words: Words) -> list[Span]:
    """(first, last + 1) word of each sentence. Rules where a full stop and a capital leave no doubt, the model elsewhere."""
    found: list[Span] = []
    for start, end in pairwise([*words.block_starts, len(words.spans)]):
        cuts = block_cuts(text, words.spans[start:end])
        edges = [0, *cuts, end - start]
        for first, last in pairwise(edges):
            found += short_enough(text, words.spans, start + first, start + last)
    return found


def block_cuts(text: str, spans: list[Span]) -> list[int]:
    """Where sentences begin inside a block, its first word left out."""
    own = [text[s:e] for s, e in spans]
    glued = [spans[i][1] == spans[i + 1][0] for i in range(len(spans) - 1)]
    sure, doubtful = ruled_cuts(own, glued)
    free = long_stretches(sure | doubtful, len(own))
    if not doubtful and not free:
        return sorted(sure)
    chance = start_chances(own, sorted(doubtful | set(free)))
    asked = {i for i in doubtful if chance[i] > HALF} | {i for i in free if chance[i] > SURE}
    return sorted(sure | asked)


def ruled_cuts(own: list[str], glued: list[bool]) -> tuple[set[int], set[int]]:
    """Indices of words that surely, and that perhaps, begin a sentence."""
    sure: set[int] = set()
    doubtful: set[int] = set()
    for i, word in enumerate(own):
        if word not in ENDS and not abbreviated(word):
            continue
        after = after_closers(own, glued, i)
        if after >= len(own) or (word not in ENDS and word.lower() in TITLES):
            continue
        if abbreviated(word) and own[after][0].islower():  # "U.S. warplanes"
            continue
        (sure if plain_end(own, glued, i, after) else doubtful).add(after)
    return sure, doubtful


def abbreviated(word: str) -> bool:
    return len(word) > 1 and word[-1] == "." and word[-2].isalnum()


def after_closers(own: list[str], glued: list[bool], i: int) -> int:
    """The word after a full stop and the quotes and brackets that close with it: those with no blank before them.

    >>> after_closers(["Go", ".", '"', "He", "left"], [True, True, False, False], 1)
    3
    """
    after = i + 1
    while after < len(own) and glued[after - 1] and (own[after] in CLOSERS or own[after] in ENDS):
        after += 1
    return after


def plain_end(own: list[str], glued: list[bool], i: int, after: int) -> bool:
    """Is it a full stop after a real word, then a blank, then a capital? ('J.' and 'No.' are not.)"""
    if own[i] not in ENDS or glued[after - 1] or i == 0:
        return False
    opener = after
    while opener < len(own) - 1 and not own[opener][0].isalnum():
        opener += 1
    before = own[i - 1]
    real = len(before) > 1 or not before.isalpha()
    first = own[opener][0]
    begins = first.isupper() or (first.isalpha() and first.lower() == first.upper())  # Arabic has no capitals
    return begins and real and not (own[i] == "." and before.lower() + "." in TITLES)


def long_stretches(cuts: set[int], length: int) -> list[int]:
    """Every place inside a stretch of more than 60 words without a full stop: it may be several sentences run together."""
    edges = [0, *sorted(cuts), length]
    return [i for a, b in pairwise(edges) if b - a > 60 for i in range(a + 3, b - 2)]


def start_chances(own: list[str], places: list[int]) -> dict[int, float]:
    """How likely a sentence begins at each of the places, read in windows with 24 words before and after."""
    groups = neighbours(places)
    windows = [(g, *half) for g in groups for half in small_enough(own, max(0, g[0] - 24), min(len(own), g[-1] + 25))]
    chances: dict[int, float] = {}
    for (group, low, high), likely in zip(windows, starts([own[low:high] for _, low, high in windows]), strict=True):
        chances |= {i: float(likely[i - low]) for i in group if low <= i < high}
    return chances


def neighbours(places: list[int]) -> list[list[int]]:
    """The places in groups that one window takes.

    >>> neighbours([3, 40, 80, 300])
    [[3, 40, 80], [300]]
    """
    groups: list[list[int]] = []
    for place in places:
        if groups and place - groups[-1][0] <= 80:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def small_enough(own: list[str], low: int, high: int) -> list[Span]:
    """The window, or its halves where its sub-words are too many."""
    pieces = model().pieces
    if high - low > 1 and sum(len(pieces(word)) for word in own[low:high]) > MOST_IN_SENTENCE:
        middle = (low + high) // 2
        return small_enough(own, low, middle) + small_enough(own, middle, high)
    return [(low, high)]


def short_enough(text: str, spans: list[Span], first: int, last: int) -> list[Span]:
    """The sentence, or its parts where it is too long for the encoder: cut after the last ; : or , that fits."""
    found: list[Span] = []
    pieces = model().pieces
    while last > first:
        end, total = first, 2
        while (
            end < last and end - first < LONGEST_SENTENCE and (total := total + len(pieces(text[slice(*spans[end])]))) <= MOST_IN_SENTENCE
        ):
            end += 1
        if end < last:
            stops = [i + 1 for i in range(first + 20, end) if text[slice(*spans[i])] in {";", ":", ",", ".", "•", "|"}]
            end = stops[-1] if stops else max(end, first + 1)
        found.append((first, end))
        first = end
    return found
