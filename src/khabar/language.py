"""text → `Doc`: words, sentences, tags, trees, names and factuality.

One small model (see `docs/reference/model-card.md`) is run by onnxruntime; no trained spaCy pipeline is needed. The steps are words
(`tokens`), sentences (`sentences`), reading (`encoder`, `asides`), and the writing of the `Doc` (`columns`). A sentence is read alone and
always at the same padded width, so its tags, tree, names and kinds of claims depend on its own words and on nothing beside it; whom, where
and when a claim tells of, on those of the sentences around it too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from khabar.asides import read_apart
from khabar.capitals import is_shouting, spoken
from khabar.columns import document
from khabar.doc import Doc
from khabar.sentences import sentences_of
from khabar.tokens import Span, paragraphs, words_of
from khabar.trees import straightened


def parse(text: str, *, blocks: Sequence[Span] | None = None, names: Sequence[Span] = (), lost: Collection[int] = ()) -> Doc:
    """The `Doc` of a whole report; `doc.text == text`, so that token offsets are offsets into the report.

    `blocks` are the offsets of paragraphs, which no sentence crosses (default: `paragraphs(text)`). `names` are offsets of known names;
    each becomes one token, widened to whole tokens, and is skipped where it crosses a block or another name. `lost` are the offsets of
    the "s" of possessives without their apostrophe ("Syrias capital"), which becomes a token of its own and is read as "'s".

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
    words = words_of(text, paragraphs(text) if blocks is None else blocks, names, lost)
    told = MISPRINTED.sub("In", spoken(text, names) if is_shouting(text) else text)
    sentences = sentences_of(text, words)
    readings = read_apart(told, [words.spans[first:last] for first, last in sentences], lost)
    return straightened(document(text, words, readings, sentences))


MISPRINTED = re.compile(r"(?:(?<![^\n])|(?<=[.!?] ))ln(?= )")  # "ln May": a scanned "In" at the start of a sentence
