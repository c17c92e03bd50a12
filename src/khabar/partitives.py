"""Parts of those told of, "civilians, five of them children", "civilians, among them five women" → hung on those they are parts of.

The tree makes of such parts a second subject, an item of the list or a clause, as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from khabar.lexicon import words

if TYPE_CHECKING:
    from khabar.doc import Token

BEFORE = ("NUM", "DET", "ADJ", "ADV", "SYM")


def hang_part(pronoun: Token) -> None:
    """ "Eight civilians, five of | them | children, were killed"; "among them five children"."""
    if pronoun.lower_ not in ("them", "whom") or pronoun.i < pronoun.sent.start + 3:
        return
    link = pronoun.nbor(-1)
    number = pronoun.nbor(-2) if link.lower_ == "of" else None
    part = _part_after(pronoun) or (_part_before(link) if number is None else None)
    if part is None and number is not None and _is_state(pronoun):
        number.dep_ = "parataxis" if number.dep_ in ("obj", "conj", "appos", "nmod") and number.nbor(-1).text == "," else number.dep_
    if part is None or link.lower_ not in ("of", "among") or (number is not None and not _is_number(number)):
        return
    whole = _whole_before(number or min(link, part.left_edge))
    if (
        whole is None
        or any(word.is_ancestor(whole) for word in (part, number) if word is not None)
        or (number is None and not any(child.dep_ == "nummod" for child in part.lefts))
    ):
        return
    part.head, part.dep_ = whole, "appos"
    lots = words("clauses.yaml")["lots"]
    lot = next((word for word in part.doc[whole.i + 1 : part.i] if word.lower_ in lots), None)
    for word in [
        w for w in part.rights if w.dep_ == "conj" and w.lower_ in lots and lot is not None
    ]:  # "20 dead, most of them …, and 12 injured"
        word.head = lot or word.head
    if number is not None:
        number.head, number.dep_ = part, "nsubj"
        pronoun.head, pronoun.dep_ = number, "nmod"
    else:
        pronoun.head, pronoun.dep_ = part, "nmod"


def _is_state(pronoun: Token) -> bool:
    """ "100 others were injured, 29 of | them in critical condition": how some are, and no others."""
    after = pronoun.nbor() if pronoun.i + 1 < pronoun.sent.end else pronoun
    phrase = [w.lower_ for w in pronoun.doc[after.i : min(after.i + 5, pronoun.sent.end)]]
    return after.lower_ in ("seriously", "critically", "badly", "severely") or (after.lower_ == "in" and "condition" in phrase)


def parts_told(anchors: Sequence[Token]) -> Iterator[Token]:
    """The counted parts of those whom a toll's words tell of, wherever the tree hung them: "has risen to 134 including more than 90 |
    civilians", "brought in with wounds, two of them | policemen", "at 69, of whom 17 were | children". None behind another deed."""
    for word in anchors[0].sent:
        if word.lower_ not in ("them", "whom", "including") or word.i < anchors[0].sent.start + 2:
            continue
        before = word.nbor(-1).lower_
        if word.lower_ != "including" and before not in ("of", "among"):
            continue
        number = word.nbor(-2) if before == "of" and _is_number(word.nbor(-2)) else None
        part = _counted_after(word)
        told = [anchor for anchor in anchors if anchor.i < word.i]
        if part is None or not told or (number is None and not _has_number(part)):
            continue
        between = word.doc[max(anchor.i for anchor in told) + 1 : word.i]
        if not any(w.pos_ == "VERB" and w.dep_ != "amod" for w in between):
            yield part


def _counted_after(word: Token) -> Token | None:
    """The noun behind, "were" between them at most."""
    after = word.nbor() if word.i + 1 < word.sent.end else word
    last = next((w for w in word.doc[after.i : min(word.i + 4, word.sent.end)] if w.lemma_ == "be"), None)
    return _part_after(last or word)


def _has_number(part: Token) -> bool:
    """Is it counted? The years in "a 5 year old child" count none."""
    if part.lemma_ in words("clauses.yaml")["spans"]:
        return False
    return any(child.dep_ in ("nummod", "nsubj") and child.pos_ == "NUM" for child in part.lefts)


def _is_number(word: Token) -> bool:
    return word.pos_ == "NUM" or not {word.lower_, word.lemma_.lower()}.isdisjoint(words("clauses.yaml")["counters"])


def _part_after(pronoun: Token) -> Token | None:
    """The noun right behind, whatever counts or describes it; none where a verb follows: "five of them surrendered"."""
    word = pronoun
    while word.i + 1 < pronoun.sent.end:
        word = word.nbor()
        if word.tag_ in ("NNS", "NN", "NNPS") or (word.pos_ == "NOUN"):
            follows = word.nbor() if word.i + 1 < pronoun.sent.end else None
            if follows is None or follows.pos_ not in ("NOUN", "PROPN"):
                return word
        elif word.pos_ not in BEFORE and word.lower_ not in ("than", "at"):  # "more than nine", "at least nine"
            return None
    return None


def _part_before(link: Token) -> Token | None:
    """ "with three women | among them"."""
    part = next((w for w in (link.nbor(-1), *link.nbor(-1).ancestors) if w.pos_ == "NOUN"), None)
    told = part is not None and part.right_edge.i <= link.i + 1 and any(child.lower_ == "with" for child in part.lefts)
    return part if told else None


def _whole_before(start: Token) -> Token | None:
    """The several who are told of right before: "eight civilians", "were killed" between them and the part at most."""
    word = start
    while word.i > start.sent.start and start.i - word.i < 8:
        word = word.nbor(-1)
        if word.tag_ in ("NNS", "NNPS") and word.pos_ in ("NOUN", "PROPN"):
            return word
        if word.pos_ not in ("PUNCT", "AUX", "VERB", "ADV") and word.lower_ not in words("clauses.yaml")["lots"]:  # "20 people dead"
            return None
    return None
