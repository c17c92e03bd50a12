"""The word that makes a claim → the words that make it: with the verb that merely carries it, tells that it came about, or says how.

"launched a new offensive", "a bomb exploded", "shot and killed": a claim is shown, and compared with other coders' events, by all of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.carriers import light_verb
from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token
    from khabar.model import Span

NEAR = 6  # words; the longest noun phrase between verb and trigger that a reader still takes in as one, and 96 of 100 of them


def span_of(trigger: Token) -> Span:
    """Offsets of the first and past the last of the words that make a claim."""
    first, last = sorted([trigger, _beside(trigger)], key=lambda token: token.i)
    return first.idx, last.idx + len(last)


def _beside(trigger: Token) -> Token:
    """The verb that makes one claim with a trigger, itself where there is none near."""
    verb = trigger.head
    if abs(trigger.i - verb.i) > NEAR or verb.pos_ != "VERB":
        return trigger
    carried = trigger.dep_ == "obj" and verb.i < trigger.i and light_verb(trigger) == [verb]
    told = trigger.dep_ == "nsubj" and trigger.i < verb.i and verb.lemma_ in words("clauses.yaml")["come_about"]
    done = trigger.dep_ == "conj" and trigger.i == verb.i + 2 and verb.lemma_ in words("clauses.yaml")["manner"]
    return verb if carried or told or done else trigger
