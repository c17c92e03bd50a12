"""Doc and mentions → mentions that point back: "the group", "they", "its fighters", "the city", "there".

Each carries the span of the fullest name in the same report that it stands for (`antecedents`). Where nothing fits, nothing is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from khabar.antecedents import Antecedents, Named
from khabar.definite_nouns import definite_noun
from khabar.doc import Doc
from khabar.model import ActorMention, Mention, PlaceMention, Report
from khabar.pairs import of_pair
from khabar.pronouns import pronoun
from khabar.registry import Registry


def find_references(doc: Doc, report: Report, mentions: Sequence[Mention], registry: Registry | None = None) -> tuple[Named, ...]:
    """The words of `doc` that point back to one of `mentions`, in order; `form` is "reference", `antecedent` the fullest name's span.

    `registry`: knows of the bodies named which are rebels, as "the rebels" are.
    """
    named = sorted((m for m in mentions if isinstance(m, ActorMention | PlaceMention)), key=lambda m: (m.start, -m.end))
    told, waiting = Antecedents(doc, report, named, registry), deque(named)
    found: list[Named] = []
    for token in doc:
        while waiting and waiting[0].start < token.idx:
            told.take_in(waiting.popleft())
        reference = pronoun(token, told) or of_pair(token, told) or definite_noun(token, told)
        if reference:
            found.append(reference)
            told.take_in(reference)
    return tuple(found)
