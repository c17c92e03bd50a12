"""Doc and its mentions → the persons named in it whom nothing else made an actor: no title, no body.

They act in no claim and resolve to nobody; they are told so that who stands in a report can be found in what was read of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.model import ActorMention, Mention

if TYPE_CHECKING:
    from khabar.doc import Doc


def find_people(doc: Doc, mentions: Sequence[Mention]) -> tuple[ActorMention, ...]:
    """Names of persons that no mention touches, in order; "the minister" of "the minister Omar Hadid" tells of him already."""
    names = [ent for ent in doc.ents if ent.label_ == "PERSON" and any(token.pos_ == "PROPN" for token in ent)]
    taken = [(m.start, m.end + isinstance(m, ActorMention)) for m in mentions]  # and the blank behind it
    free = [n for n in names if not any(start < n.end_char and n.start_char <= end for start, end in taken)]
    return tuple(ActorMention(n.start_char, n.end_char, n.text, None, None, "name", person=True) for n in free)
