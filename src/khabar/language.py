"""text → spaCy `Doc`: words, sentences, tags, trees, names and factuality.

One small model (see `docs/reference/model-card.md`) is run by onnxruntime; no trained spaCy pipeline is needed. The steps are words,
sentences, reading, and the writing of the `Doc`. A sentence is read alone and always at the same padded width, so its answer depends on its
own words and on nothing beside it.
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import lemminflect
import numpy as np
import onnxruntime
import spacy
from numpy.typing import NDArray
from spacy.tokens import Doc
from tokenizers import Tokenizer

from khabar.subwords import CLS, SEP, shape, word_pieces
from khabar.trees import straightened

Span = tuple[int, int]

LONGEST_SENTENCE = 160  # words; the longest sentence of the treebanks' tests has 159
MOST_IN_SENTENCE = 500  # sub-words; the encoder has 512 places
WIDTH_STEP = 8  # sentences are padded to a multiple of this, alone or in company; on 1,028 sentences 16 was a tenth slower, 32 a fifth
ROOTS_TRIED = 3  # for each a tree is built, and the best tree stays
BATCH = 2048  # sub-words, padding included: larger batches are no faster and cost memory
LONGEST_WORD = 200  # characters; longer stretches without a blank are cut before the tokenizer sees them


def parse(text: str, *, blocks: Sequence[Span] | None = None, names: Sequence[Span] = ()) -> Doc:
    """The `Doc` of a whole report; `doc.text == text`, so that token offsets are offsets into the report.

    `blocks` are the offsets of paragraphs, which no sentence crosses (default: `paragraphs(text)`). `names` are offsets of known names;
    each becomes one token, widened to whole tokens, and is skipped where it crosses a block or another name.

    `pos_` is the universal tag, `tag_` the Penn tag, `dep_` the Universal Dependencies label with its subtype (`nsubj:pass`, `obl:agent`),
    `morph` tells finite verbs from participles, `ents` are PERSON, ORG, PLACE, FACILITY and NORP. White space has the tag SPACE, hangs on
    a neighbour as `dep` and roots no sentence unless there is nothing else. `doc.user_data["factuality"]` is a float32 array, −3 (did not
    happen) to 3 (happened), NaN for words that are no predicate; `doc.user_data["told"]` holds a `Told` for each word that may make a
    claim; `doc.user_data["nominals"]` says what kind of thing a noun phrase's head
    word names (person, organization, place, object, event, time, abstract, …; '' for the others).

    >>> doc = parse("Rebels stormed Tal Rifaat on Monday.", names=[(15, 25)])
    >>> [(t.text, t.dep_, t.head.text) for t in doc][:3]
    [('Rebels', 'nsubj', 'stormed'), ('stormed', 'root', 'stormed'), ('Tal Rifaat', 'obj', 'stormed')]
    """
    words = words_of(text, paragraphs(text) if blocks is None else blocks, names)
    told = spoken(text, names) if is_shouting(text) else text
    sentences = sentences_of(text, words)
    readings = read_apart(told, [words.spans[first:last] for first, last in sentences])
    return straightened(document(text, words, readings, sentences))


def is_shouting(text: str) -> bool:
    """Is a text all in capitals, as wire copy of the last century is? Its first 4,000 characters tell."""
    letters = [c for c in text[:4000] if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def spoken(text: str, names: Sequence[Span] = ()) -> str:
    """A text in capitals as it would be printed now: small, but for names and what no dictionary holds. The model learnt on such text.

    >>> spoken("THE REBELS IN KARSA ARE READY.")
    'the rebels in Karsa are ready.'
    """
    return re.sub(r"[^\W\d_]+", lambda word: cased(word[0], any(s <= word.start() < e for s, e in names)), text)


def cased(word: str, named: bool) -> str:
    """One word of a text in capitals as it would be printed now."""
    import lemminflect
    from spacy.lang.en.stop_words import STOP_WORDS

    small = word.lower()
    ordinary = small in STOP_WORDS or any(tag != "PROPN" for tag in lemminflect.getAllLemmas(small))
    told = small if ordinary and not named else word.capitalize()
    return told if len(told) == len(word) and (ordinary or named or set(small) & set("aeiou")) else word  # "FMLN" stays as it is


# ---------------------------------------------------------------- words


@dataclass(frozen=True)
class Words:
    """Offsets of the words of a text (no white space), and the index of each block's first word."""

    spans: list[Span]
    block_starts: list[int]


def paragraphs(text: str) -> list[Span]:
    """Offsets of paragraphs: parted by blank lines, and by single line breaks too unless the lines look hard-wrapped.

    >>> paragraphs("Army retakes town\\nRebels fled.\\n\\nMore soon.")
    [(0, 17), (18, 30), (32, 42)]
    """
    found: list[Span] = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = match.start(), match.start() + len(match.group().rstrip())
        lines = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", text[start:end])]
        found += [(start, end)] if hard_wrapped([text[s:e] for s, e in lines]) else lines
    return found


def hard_wrapped(lines: list[str]) -> bool:
    """Lines of much the same length, most of which do not end a sentence."""
    full = lines[:-1]
    if not full:
        return True
    even = sum(45 <= len(line) <= 100 for line in full) >= 0.8 * len(full)
    ended = sum(line.rstrip().endswith((".", "!", "?", '"', "”", ":")) for line in full)
    return even and ended <= 0.5 * len(full)


def words_of(text: str, blocks: Sequence[Span], names: Sequence[Span]) -> Words:
    spans: list[Span] = []
    starts: list[int] = []
    for block in covering(blocks, len(text)):
        own = list(tokens(text, *block))
        if own:
            starts.append(len(spans))
            spans += own
    return joined(spans, starts, names)


def covering(blocks: Sequence[Span], length: int) -> Iterator[Span]:
    """The blocks in order, and what lies between them; overlaps are cut off, so that every character is in exactly one."""
    at = 0
    for start, end in sorted(blocks):
        start, end = max(start, at), min(end, length)
        if start > at:
            yield at, start
        if end > start:
            yield start, end
        at = max(at, end)
    if at < length:
        yield at, length


def tokens(text: str, start: int, end: int) -> Iterator[Span]:
    """Offsets of the block's words by spaCy's English rules."""
    for match in re.finditer(rf"\S{{1,{LONGEST_WORD}}}(?:\s+\S{{1,{LONGEST_WORD}}}){{0,2000}}", text[start:end]):
        for token in tokenizer()(match.group()):
            if not token.is_space:
                at = start + match.start() + token.idx
                yield at, at + len(token)


@cache
def tokenizer() -> Callable[[str], Doc]:
    """spaCy's English rules, which part "rebel-held" but would leave "U.S.-backed" and the first half of "A/ B" whole."""
    english = spacy.blank("en")
    infixes = [*(english.Defaults.infixes or ()), r"(?<=\.)[-–‑](?=[a-z])"]
    rules: Any = english.tokenizer
    rules.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    rules.suffix_search = spacy.util.compile_suffix_regex([*(english.Defaults.suffixes or ()), r"(?<=[a-zA-Z])/"]).search
    typed: Callable[[str], Doc] = rules
    return typed


def joined(spans: list[Span], starts: list[int], names: Sequence[Span]) -> Words:
    """The words with each name of several words made one; longer names first, a name over a block's edge or another name left."""
    begins = np.array([s for s, _ in spans] or [0])
    ends = np.array([e for _, e in spans] or [0])
    taken: dict[int, int] = {}
    inside: set[int] = set()
    edges = set(starts)
    for start, end in sorted(set(names), key=lambda n: (n[0] - n[1], n)):
        first, last = int(np.searchsorted(ends, start, "right")), int(np.searchsorted(begins, end, "left")) - 1
        own = set(range(first, last + 1))
        if first < last < len(spans) and not own & inside and not edges & (own - {first}):
            taken[first] = last
            inside |= own
    return renumbered(spans, edges, taken, inside)


def renumbered(spans: list[Span], edges: set[int], taken: dict[int, int], inside: set[int]) -> Words:
    found: list[Span] = []
    starts: list[int] = []
    for i, (start, end) in enumerate(spans):
        if i in inside and i not in taken:
            continue
        if i in edges:
            starts.append(len(found))
        found.append((start, spans[taken[i]][1] if i in taken else end))
    return Words(found, starts)


# ---------------------------------------------------------------- sentences

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
    for (group, low, high), reading in zip(windows, read([own[low:high] for _, low, high in windows], tree=False), strict=True):
        chances |= {i: float(reading.starts[i - low]) for i in group if low <= i < high}
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


# ---------------------------------------------------------------- reading


@dataclass(frozen=True)
class Model:
    """The session, the word pieces and the names of its classes."""

    session: onnxruntime.InferenceSession
    pieces: Callable[[str], tuple[int, ...]]
    classes: dict[str, list[str]]


@dataclass(frozen=True)
class Reading:
    """What the model says of one sentence; indices of classes, heads counted from 1 with 0 the root.

    `claims` (words, kinds of claim): how likely a word is to make a claim of a kind; `roles` (words, roles, words): how likely the last
    word is to fill a role of the claim that the first one makes. Both are empty of kinds where the model file has no such heads.
    """

    upos: NDArray[np.int64]
    xpos: NDArray[np.int64]
    heads: NDArray[np.int64]
    labels: NDArray[np.int64]
    entities: NDArray[np.int64]
    nominals: NDArray[np.int64]
    starts: NDArray[np.float32]
    facts: NDArray[np.float32]
    claims: NDArray[np.float32]
    roles: NDArray[np.float32]


LEAST_TOLD = 0.05  # below, a kind of claim or a filler is not kept


@dataclass(frozen=True)
class Told:
    """What the model takes a word to tell: kind of claim → how likely ("any": of whatever kind), and role → word number → how likely."""

    kinds: dict[str, float]
    fillers: dict[str, dict[int, float]]


@cache
def model() -> Model:
    """The model of the package, or of the folder that KHABAR_MODEL names; one thread unless KHABAR_THREADS says more."""
    folder = Path(os.environ.get("KHABAR_MODEL") or str(files("khabar") / "models" / "english"))
    if not (folder / "model.onnx").is_file():
        raise FileNotFoundError(
            f"no language model: expected model.onnx, tokenizer.json and labels.json in {folder}; `make model` trains one"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("KHABAR_THREADS", "1"))
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    subwords = Tokenizer.from_file(str(folder / "tokenizer.json"))
    subwords.no_padding()
    subwords.no_truncation()
    return Model(session, word_pieces(subwords), json.loads((folder / "labels.json").read_text(encoding="utf-8")))


def read(sentences: list[list[str]], *, tree: bool = True) -> list[Reading]:
    """A reading of each sentence, which is at most MOST_IN_SENTENCE sub-words long. Without `tree` the heads may hold a cycle."""
    found: list[Reading | None] = [None] * len(sentences)
    for numbers in batches(sentences):
        free = run([sentences[i] for i in numbers])
        for i, outputs in zip(numbers, free, strict=True):
            found[i] = reading(outputs)
        bent = [k for k, i in enumerate(numbers) if tree and not is_tree(found[i].heads)]  # type: ignore[union-attr]
        if bent:
            trees = [best_tree(free[k]["arcs"]) for k in bent]
            for k, outputs in zip(bent, run([sentences[numbers[k]] for k in bent], forced=trees), strict=True):
                found[numbers[k]] = reading(outputs)
    return [r for r in found if r is not None]


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


def read_apart(text: str, sentences: list[list[Span]]) -> list[Reading]:
    """A reading of each sentence; an aside between dashes is read by itself and hung on the word before it.

    Read through, it would leave the main verb without its subject.
    """
    gaps = [aside(text, spans) for spans in sentences]
    parts: list[list[str]] = []
    for spans, gap in zip(sentences, gaps, strict=True):
        words = [text[start:end] for start, end in spans]
        parts += [[*words[: gap[0]], *words[gap[1] + 1 :]], words[gap[0] + 1 : gap[1]]] if gap else [words]
    found = iter(read(parts))
    return [grafted(next(found), next(found), gap) if gap else next(found) for gap in gaps]


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
    dash |= {"heads": root, "entities": 0, "nominals": 0, "starts": 0, "facts": 0}
    inner_columns = {"heads": within, "labels": labels}
    outer_columns = {"heads": around}

    def column(name: str) -> NDArray[Any]:
        own, other = outer_columns.get(name, getattr(outer, name)), inner_columns.get(name, getattr(inner, name))
        mark = np.array([dash[name]], own.dtype)
        return np.concatenate([own[:first], mark, other, mark, own[first:]]).astype(own.dtype)

    claims = np.insert(outer.claims, [first] * (len(inner.claims) + 2), 0, axis=0)
    claims[first + 1 : last] = inner.claims
    return Reading(**{name: column(name) for name in dash}, claims=claims, roles=roles_apart(outer.roles, inner.roles, gap))


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


def batches(sentences: list[list[str]]) -> Iterator[list[int]]:
    """Numbers of sentences of one padded width, as many as a batch holds."""
    pieces = model().pieces
    widths: dict[int, list[int]] = defaultdict(list)
    for i, words in enumerate(sentences):
        widths[-(-(2 + sum(len(pieces(word)) for word in words)) // WIDTH_STEP) * WIDTH_STEP].append(i)
    for width in sorted(widths):
        size = max(1, BATCH // width)
        for at in range(0, len(widths[width]), size):
            yield widths[width][at : at + size]


def run(sentences: list[list[str]], *, forced: list[NDArray[np.int64]] | None = None) -> list[dict[str, NDArray[Any]]]:
    """The graph's outputs for sentences of one padded width, cut to each one's length."""
    rows = [row(words) for words in sentences]
    width = -(-max(len(r["ids"]) for r in rows) // WIDTH_STEP) * WIDTH_STEP
    length = max(len(words) for words in sentences)
    feed = {name: filled([r[name] for r in rows], length if name == "first" else width, 0) for name in ("ids", "shapes", "first")}
    feed["forced"] = filled([list(heads) for heads in forced] if forced else [[] for _ in rows], length, -1)
    names = [output.name for output in model().session.get_outputs()]
    values = dict(zip(names, model().session.run(names, feed), strict=True))
    return [{name: value[i, : len(words)] for name, value in values.items()} for i, words in enumerate(sentences)]


def row(words: list[str]) -> dict[str, list[int]]:
    ids, shapes, first = [CLS], [0], []
    for word in words:
        own = model().pieces(word)
        first.append(len(ids))
        ids.extend(own)
        shapes.extend([shape(word)] * len(own))
    return {"ids": [*ids, SEP], "shapes": [*shapes, 0], "first": first}


def filled(rows: list[list[int]], length: int, filler: int) -> NDArray[np.int64]:
    table = np.full((len(rows), length), filler, np.int64)
    for i, values in enumerate(rows):
        table[i, : len(values)] = values
    return table


def reading(outputs: dict[str, NDArray[Any]]) -> Reading:
    words = len(outputs["upos"])
    return Reading(
        upos=outputs["upos"],
        xpos=outputs["xpos"],
        heads=outputs["heads"],
        labels=outputs["labels"],
        entities=outputs["entities"].argmax(-1),
        nominals=outputs["nominals"],
        starts=1 / (1 + np.exp(-outputs["starts"])),
        facts=outputs["facts"].astype(np.float32),
        claims=outputs.get("claims", np.zeros((words, 0), np.float32)),
        roles=outputs.get("roles", np.zeros((words, 0, words), np.float32))[:, :, :words],
    )


def is_tree(heads: NDArray[np.int64]) -> bool:
    """One root, and every word reaches it.

    >>> is_tree(np.array([2, 0, 2])), is_tree(np.array([2, 1, 0])), is_tree(np.array([0, 0]))
    (True, False, False)
    """
    if int((heads == 0).sum()) != 1:
        return False
    reached = np.concatenate([[0], heads])
    for _ in range(len(heads).bit_length()):
        reached = reached[reached]
    return not reached.any()


def best_tree(arcs: NDArray[np.float32]) -> NDArray[np.int64]:
    """The heads of the highest-scoring tree with one root (Chu-Liu and Edmonds); arcs[i, j]: word i + 1 under j."""
    scores = np.full((len(arcs) + 1, len(arcs) + 1), -1e9)
    scores[1:] = arcs[:, : len(arcs) + 1]
    np.fill_diagonal(scores, -1e9)
    trees = []
    for root in np.argsort(-scores[1:, 0], kind="stable")[:ROOTS_TRIED] + 1:
        single = scores.copy()
        single[1:, 0] = -1e9
        single[root] = -1e9
        single[root, 0] = scores[root, 0]
        trees.append(spanning(single))
    words = np.arange(1, len(scores))
    best: NDArray[np.int64] = max(trees, key=lambda heads: float(scores[words, heads[1:]].sum()))[1:]
    return best


def spanning(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """heads[i] of the maximum spanning arborescence rooted at 0; heads[0] is 0."""
    heads: NDArray[np.int64] = scores.argmax(1)
    heads[0] = 0
    cycle = cycle_in(heads)
    if not cycle:
        return heads
    inside = np.array(cycle)
    outside = np.array([i for i in range(len(heads)) if i not in set(cycle)])
    gain = scores[inside] - scores[inside, heads[inside]][:, None]
    entry = gain[:, outside].argmax(0)  # the word of the cycle through which each outside word would come in
    smaller = np.full((len(outside) + 1, len(outside) + 1), -1e9)
    smaller[:-1, :-1] = scores[np.ix_(outside, outside)]
    smaller[-1, :-1] = gain[entry, outside]
    exit_ = scores[np.ix_(outside, inside)].argmax(1)
    smaller[:-1, -1] = scores[outside, inside[exit_]]
    small = spanning(smaller)
    for k, i in enumerate(outside[1:], 1):
        heads[i] = inside[exit_[k]] if small[k] == len(outside) else outside[small[k]]
    heads[inside[entry[small[-1]]]] = outside[small[-1]]
    return heads


def cycle_in(heads: NDArray[np.int64]) -> list[int]:
    """The words of one cycle, or none.

    >>> cycle_in(np.array([0, 2, 1, 0])), cycle_in(np.array([0, 0, 1]))
    ([2, 1], [])
    """
    done = {0}
    for start in range(1, len(heads)):
        path: list[int] = []
        at = start
        while at not in done and at not in path:
            path.append(at)
            at = int(heads[at])
        if at not in done:
            turn = path[path.index(at) :]
            return turn[1:] + turn[:1]
        done.update(path)
    return []


# ---------------------------------------------------------------- the document

MORPH = {
    "VBD": "Tense=Past|VerbForm=Fin",
    "VBN": "Tense=Past|VerbForm=Part",
    "VBG": "VerbForm=Ger",
    "VB": "VerbForm=Inf",
    "VBP": "Tense=Pres|VerbForm=Fin",
    "VBZ": "Number=Sing|Person=3|Tense=Pres|VerbForm=Fin",
    "MD": "VerbForm=Fin",
    "NN": "Number=Sing",
    "NNP": "Number=Sing",
    "NNS": "Number=Plur",
    "NNPS": "Number=Plur",
    "JJR": "Degree=Cmp",
    "JJS": "Degree=Sup",
}
# lemminflect takes these for the other verb ('to found', 'to fell', 'to wound' …), which war reports hardly use.
VERB_LEMMAS = {
    "found": "find",
    "fell": "fall",
    "left": "leave",
    "shot": "shoot",
    "wound": "wound",
    "wounded": "wound",
    "bound": "bind",
    "lay": "lie",
}
OTHER_LEMMAS = {"'s": "be", "'re": "be", "'m": "be", "n't": "not", "'ve": "have", "'d": "would", "'ll": "will", "ca": "can", "wo": "will"}
AUX_LEMMAS = {
    "has": "have",
    "had": "have",
    "was": "be",
    "were": "be",
    "been": "be",
    "is": "be",
    "are": "be",
    "am": "be",
    "did": "do",
    "does": "do",
}
INFLECTED = frozenset({"VERB", "NOUN", "ADJ", "ADV", "AUX"})


@lru_cache(maxsize=100_000)
def lemma(word: str, upos: str) -> str:
    """
    >>> lemma("fell", "VERB"), lemma("Forces", "NOUN"), lemma("Raqqa", "PROPN"), lemma("n't", "PART"), lemma("’s", "AUX")
    ('fall', 'force', 'Raqqa', 'not', 'be')
    """
    if upos == "PROPN":
        return word
    low = word.lower().replace("’", "'")
    if upos == "AUX" and low in AUX_LEMMAS:
        return AUX_LEMMAS[low]
    if upos in ("AUX", "PART") and low in OTHER_LEMMAS and not (upos == "PART" and low == "'s"):
        return OTHER_LEMMAS[low]
    if upos == "VERB" and low in VERB_LEMMAS:
        return VERB_LEMMAS[low]
    if upos not in INFLECTED or not low.isascii() or len(low) > 40:
        return low
    found = lemminflect.getLemma(low, upos=upos)
    return str(found[0]) if found else low


def verb_tag(word: str, pos: str, tag: str) -> str:
    """A present tense that differs from its lemma is a past ('retook'): rare pasts look like bare verbs to the model.

    >>> verb_tag("retook", "VERB", "VBP"), verb_tag("fight", "VERB", "VBP")
    ('VBD', 'VBP')
    """
    past = tag == "VBP" and pos == "VERB" and word.isalpha() and lemma(word, pos) != word.lower()
    return "VBD" if past else tag


def document(text: str, words: Words, readings: list[Reading], sentences: list[Span]) -> Doc:
    """The `Doc`: the words with their readings, and the white space between them as spaCy keeps it."""
    classes = model().classes
    columns = Columns(classes)
    end = 0
    for (first, last), found in zip(sentences, readings, strict=True):
        base = -1
        for k, (start, stop) in enumerate(words.spans[first:last]):
            columns.gap(text[end:start])
            base = len(columns.words) if base < 0 else base
            columns.word(text[start:stop], found, k)
            end = stop
        columns.close(found)
    columns.gap(text[end:])
    return columns.doc()


class Columns:
    """The columns of a `Doc` as they grow; heads are kept as (sentence's own word numbers) until the sentence is closed."""

    def __init__(self, classes: dict[str, list[str]]) -> None:
        self.classes = classes
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.pos: list[str] = []
        self.tags: list[str] = []
        self.deps: list[str] = []
        self.heads: list[int] = []
        self.ents: list[str] = []
        self.nominals: list[str] = []
        self.facts: list[float] = []
        self.told: dict[int, Told] = {}
        self.open: list[int] = []

    def gap(self, white: str) -> None:
        """One blank belongs to the word before it; anything more is a token of its own."""
        if white.startswith(" ") and self.words and not self.spaces[-1]:
            self.spaces[-1] = True
            white = white[1:]
        if white:
            inside = bool(self.open)
            before = self.ents[-1] if inside and self.ents[-1] != "O" else "O"
            self.add(
                white, pos="SPACE", tag="_SP", dep="dep", head=len(self.words) - 1, ent=before.replace("B-", "I-") if before != "O" else "O"
            )

    def word(self, word: str, found: Reading, k: int) -> None:
        classes = self.classes
        pos = classes["upos"][found.upos[k]]
        kind = classes["nominals"][found.nominals[k]]
        self.open.append(len(self.words))
        tag, dep, ent = (
            verb_tag(word, pos, classes["xpos"][found.xpos[k]]),
            classes["labels"][found.labels[k]],
            classes["entities"][found.entities[k]],
        )
        self.add(word, pos=pos, tag=tag, dep=dep, head=0, ent=ent, nominal="" if kind == "O" else kind)

    def add(self, word: str, *, pos: str, tag: str, dep: str, head: int, ent: str, nominal: str = "") -> None:
        self.words.append(word)
        self.spaces.append(False)
        for column, value in ((self.pos, pos), (self.tags, tag), (self.deps, dep), (self.ents, ent), (self.nominals, nominal)):
            column.append(value)
        self.heads.append(head)
        self.facts.append(float("nan"))

    def close(self, found: Reading) -> None:
        for k, (i, head) in enumerate(zip(self.open, found.heads, strict=True)):
            self.heads[i] = self.open[head - 1] if head else i
            if self.pos[i] == "VERB" or (self.pos[i] == "AUX" and self.deps[i] in ("cop", "root")):
                self.facts[i] = float(found.facts[k])
        self.told |= {self.open[k]: self.told_by(found, int(k)) for k in np.flatnonzero(found.claims.max(-1, initial=0) >= LEAST_TOLD)}
        self.open = []

    def told_by(self, found: Reading, k: int) -> Told:
        kinds = {name: float(p) for name, p in zip(self.classes["claims"], found.claims[k], strict=True) if p >= LEAST_TOLD}
        fillers = {
            name: {self.open[j]: float(row[j]) for j in np.flatnonzero(row >= LEAST_TOLD)}
            for name, row in zip(self.classes["roles"], found.roles[k], strict=True)
        }
        return Told(kinds, fillers)

    def doc(self) -> Doc:
        if self.heads and self.pos[0] == "SPACE":
            self.heads[0] = min(1, len(self.words) - 1)
        doc = Doc(
            tokenizer().vocab,  # type: ignore[attr-defined]
            words=self.words,
            spaces=self.spaces,
            pos=self.pos,
            tags=self.tags,
            deps=self.deps,
            heads=self.heads,
            lemmas=[lemma(w, p) for w, p in zip(self.words, self.pos, strict=True)],
            morphs=[MORPH.get(tag, "") for tag in self.tags],
            ents=mended(self.ents, self.words, self.tags),
        )
        doc.user_data["factuality"] = np.array(self.facts, np.float32)
        doc.user_data["nominals"] = self.nominals
        doc.user_data["told"], doc.user_data["told_kinds"] = self.told, frozenset(self.classes.get("claims", ()))
        return doc


LINKS = frozenset({"of", "for"})
ARTICLES = frozenset({"al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "ed", "es"})
KUNYAS = frozenset({"Abu", "Abd", "Abdul", "Umm", "Ibn"})
NAMED = ("NNP", "NNPS")
DEEDS = frozenset({"Operation", "Operations", "Resolution", "Article", "Protocol", "Exercise"})


def mended(tags: list[str], words: list[str], penn: list[str]) -> list[str]:
    """The name tags made whole: every name begins with B, and names that the tagger cut in two are one again.

    >>> mended(["I-PLACE", "O", "B-PLACE"], ["Jisr", "-", "Shughour"], ["NNP", "HYPH", "NNP"])
    ['B-PLACE', 'I-PLACE', 'I-PLACE']
    >>> mended(["B-NORP", "B-ORG", "O", "B-ORG"], ["Syrian", "Observatory", "for", "Rights"], ["NNP", "NNP", "IN", "NNPS"])
    ['B-ORG', 'I-ORG', 'I-ORG', 'I-ORG']
    >>> mended(["B-PERSON", "O", "O", "B-PLACE"], ["Omar", "al", "-", "Hilu"], ["NNP", "NNP", "HYPH", "NNP"])
    ['B-PERSON', 'I-PERSON', 'I-PERSON', 'I-PERSON']
    """
    found = list(tags)
    for i in range(1, len(found) - 1):
        before, after = found[i - 1][2:], found[i + 1][2:]
        hyphen = words[i] == "-" and before == after != ""
        if found[i] == "O" and (hyphen or (words[i] in LINKS and before == after == "ORG")):
            found[i : i + 2] = [f"I-{before}", f"I-{before}"]
    for i in range(len(found) - 1):
        # "Syrian Army" is one name where the treebanks would tag both words as names; in "Syrian troops" nothing follows.
        if found[i] == "B-NORP" and penn[i] == "NNP" and found[i + 1][2:] == "ORG":
            found[i : i + 2] = ["B-ORG", "I-ORG"]
    for i in range(1, len(found) - 1):
        # a name does not end in "for", and "al-" joins what stands after it to the name before it
        if penn[i] == "IN" and found[i] == "I-ORG" and found[i + 1] == "O" and penn[i + 1] in NAMED:
            found[i + 1] = "I-ORG"
        joins = words[i] == "-" and i > 1 and words[i - 1].lower() in ARTICLES and found[i - 1] == found[i] == "O"
        first = next((j for j in range(i - 2, -1, -1) if not found[j].startswith("I-")), 0) if joins else 0
        open_ended = found[i - 2] in ("B-PERSON", "I-PERSON", "B-ORG") or words[first] in KUNYAS
        if joins and open_ended and found[i - 2] != "O" and penn[i + 1] in NAMED and not words[i - 2].isupper():
            found[i - 1 : i + 2] = [f"I-{found[i - 2][2:]}"] * 3
    for i, tag in enumerate(found):  # "Operation Thunder", "Resolution 2254": what is done or decided is nowhere and nobody
        if words[i] in DEEDS and tag in ("B-PLACE", "B-ORG", "B-FACILITY"):
            end = next((j for j in range(i + 1, len(found)) if not found[j].startswith("I-")), len(found))
            found[i:end] = ["O"] * (end - i)
    for i, tag in enumerate(found):
        if tag.startswith("I-") and (i == 0 or found[i - 1][2:] != tag[2:]):
            found[i] = f"B-{tag[2:]}"
    return found
