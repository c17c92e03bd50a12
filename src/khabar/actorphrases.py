"""A parsed report → noun phrases for actors: "government forces", "fighters loyal to X", "troops from A and B"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class, points_back, trimmed
from khabar.actorids import Setting, resolve_phrase
from khabar.clauses import begins_compound
from khabar.model import ActorMention
from khabar.names import text_of
from khabar.registry import Registry

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def actor_phrase(doc: Doc, token: Token, setting: Setting, names: Sequence[ActorMention]) -> ActorMention | None:
    """The mention that a head noun makes, None where the word is no such head or stands in a name or in another phrase's front."""
    kind = (head_class(token.text) or _class_of_two(token)) if token.pos_ in {"NOUN", "PROPN", "ADJ"} else None
    on_foot = kind == "air" and token.i > 0 and token.nbor(-1).lower_ == "suicide"  # "a suicide bomber" flies nothing
    if kind is None or (token.pos_ == "ADJ" and token.dep_ in {"amod", "compound"}):
        return None
    if _is_modifier(token) or _in_name(token, names):
        return None
    start, end = _left(doc, token), token.i + 1
    bare = start == token.i
    if bare and (_is_singular(token, kind) or points_back(token)):
        return None
    end = _right(doc, end, names)
    span = trimmed(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
    if span is None:
        return None
    actor = None if on_foot else resolve_phrase(doc, start, token, end, kind, setting)
    if actor and actor.id.endswith("-jihadists-generic") and start and doc[start - 1].lower_ == "the":
        actor = _named_jihadists(span[0], names, setting.registry) or actor
    return ActorMention(*span, text_of(doc)[span[0] : span[1]], actor.id if actor else None, actor.name if actor else None, "generic")


def _class_of_two(token: Token) -> str | None:
    """ "popular committees", "navy vessels": what two words say together."""
    before = token.nbor(-1) if token.i > token.sent.start else token
    beside = before.head == token and before.dep_ in ("amod", "compound")
    return head_class(f"{before.text} {token.text}") if beside else None


def _named_jihadists(before: int, names: Sequence[ActorMention], registry: Registry) -> Actor | None:
    """ "the jihadists": those whom the report named last, if it named any before."""
    told = [name.id for name in sorted(names, key=lambda name: name.start) if name.id and name.end <= before]
    found = next((id for id in reversed(told) if registry.is_jihadist(id)), None)
    return registry.actor(found) if found else None


def _is_modifier(token: Token) -> bool:
    """ "rebel" in "rebel groups", "army" in "army bases": a part of another noun's phrase."""
    return (
        token.dep_ in {"compound", "amod", "nmod:poss"}
        and token.head.i > token.i
        and (token.dep_ == "compound" or head_class(token.head.text) is not None)
    )


def _in_name(token: Token, names: Sequence[ActorMention]) -> bool:
    return any(name.form == "name" and name.start <= token.idx and token.idx + len(token.text) <= name.end for name in names)


def _is_singular(token: Token, kind: str) -> bool:
    """A bare singular that is no body: "fighter", "plane". "army", "police", "regime" are bodies."""
    return token.text.lower() not in BODIES and not token.text.lower().endswith(
        ("s", "men", "people", "mujahideen", "mujahidin", "police", "children", "women")
    )


_FRONT = {"ADJ", "NOUN", "PROPN", "PUNCT", "PART", "VERB", "ADV", "CCONJ", "X", "NUM", "ADP", "SYM"}


def _left(doc: Doc, head: Token) -> int:
    """Index of the first token of the words before a head that describe it."""
    start = head.i
    while start > head.sent.start and _belongs(doc[start - 1], head):
        start -= 1
    while start < head.i and (_is_outside(doc[start]) or _is_seat(doc[start])):
        start += 1
    return start


def _is_seat(token: Token) -> bool:
    """ "BEIRUT Syrian warplanes have bombed …": where an agency sat, on a page that has lost its dash."""
    after = token.nbor().text
    return token.pos_ == "PROPN" and token.text.isupper() and len(token.text) >= SPELT_OUT and after[:1].isupper() and not after.isupper()


SPELT_OUT = 5
"""Letters of a word in capitals that is no short form: "US" and "UAE" are whose the planes are."""


def _belongs(token: Token, head: Token) -> bool:
    if token.pos_ not in _FRONT or token.is_space or token.text in {",", ";", ":", "(", ")", "[", "]", "—"}:
        return False
    if token.dep_ == "acl" and token.tag_ == "VBG" and token.head.i == head.i and token.nbor().text != "-":
        return False  # "in answer to the shelling | rebels fired": a comma is lost
    return token.text == "-" or (any(ancestor.i == head.i for ancestor in token.ancestors) and not _is_count(token, head))


def _is_count(token: Token, head: Token) -> bool:
    return token.dep_ in {"case", "cc", "punct", "mark"} and token.head.i == head.i and token.text != "-"


def _is_outside(token: Token) -> bool:
    """Words at the front that are no part of the mention: articles, numbers, quantities, marks."""
    quantity = token.text.lower() in _QUANTITIES
    if begins_compound(token):
        return False
    return token.pos_ in {"NUM", "PUNCT", "PART", "CCONJ", "ADV", "ADP", "SYM", "DET"} or quantity


_QUANTITIES = frozenset(
    [
        "several",
        "many",
        "some",
        "other",
        "few",
        "fewer",
        "less",
        "than",
        "most",
        "more",
        "dozens",
        "hundreds",
        "scores",
        "thousands",
        "of",
        "all",
        "both",
        "such",
        "enough",
        "least",
        "nearly",
        "about",
    ]
)


def _right(doc: Doc, end: int, names: Sequence[ActorMention]) -> int:
    """Index after the words behind a head that say whose it is: "loyal to …", "of the … army"."""
    first = doc[end].lower_ if end < len(doc) else ""
    for words in actor_forms()["followed_by"]:
        if not words.startswith(first):
            continue
        size = len(words.split())
        if doc[end : end + size].text.lower() == words:
            after = _whole_name(doc, _noun_phrase_end(doc, end + size), names)
            if after > end + size and (words not in _GENITIVE or _is_actor_phrase(doc, end + size, after)):
                return _joined_end(doc, end + size, after)
    return end


def _whole_name(doc: Doc, end: int, names: Sequence[ActorMention]) -> int:
    """The end of a name that these words only begin: "fighters from the Patriotic Forces | for Peace"."""
    last = doc[end - 1].idx
    reaching = (doc.char_span(name.start, name.end, alignment_mode="expand") for name in names if name.start <= last < name.end)
    return max((span.end for span in reaching if span is not None), default=end)


_GENITIVE = frozenset({"of the", "from the", "from", "of"})


def _joined_end(doc: Doc, start: int, end: int) -> int:
    """Where a list goes on that begins with the owner: "troops from Rwanda and Mozambique"."""
    while end + 1 < len(doc) and doc[end].lower_ in {"and", "or"} and doc[end + 1].pos_ == "PROPN":
        first = doc[end + 1].head
        if doc[end + 1].dep_ != "conj" or not start <= first.i < end or doc[end - 1].pos_ != "PROPN":
            break
        end += 2
    return end


def _noun_phrase_end(doc: Doc, start: int) -> int:
    end = start
    while (
        end < len(doc)
        and (
            doc[end].pos_ in {"ADJ", "NOUN", "PROPN", "X"}
            or (doc[end].pos_ == "DET" and end == start)  # "fighters of the Sabra Front | a splinter group": an aside without its comma
            or doc[end].text in {"-", "’s", "'s"}
            or (doc[end].pos_ == "VERB" and (doc[end - 1].text == "-" or doc[end].dep_ == "amod"))  # "the Tripoli-based government"
            or (
                doc[end].pos_ == "ADV" and doc[end].head.dep_ == "amod" and doc[end].i < doc[end].head.i
            )  # "the internationally recognised …"
        )
        and not doc[end].is_space
        and not (end > start and doc[end].lower_ in ("a", "an"))  # "fighters of the Dawn coalition | an alliance of factions"
    ):
        end += 1
    return end


def _is_actor_phrase(doc: Doc, start: int, end: int) -> bool:
    """Do the words name a body, as in "soldiers of the Syrian army", and not a place or a time?"""
    last = doc[end - 2] if doc[end - 1].text.isdigit() else doc[end - 1]  # "Infantry Division 33"
    return head_class(last.text) not in (None, "civilians") or any(
        ent.label_ in ("ORG", "PERSON") and ent.end >= end and ent.start <= end - 1 for ent in doc.ents
    )
