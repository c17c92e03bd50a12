"""A word that bears on the modality of an event, and what it makes of it → the words that say so: "will", "if", "unclear whether".

Nothing is decided here: `modality` judged, and this looks for its reasons among the same words, for `khabar read --explain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khabar.clauses import children
from khabar.lexicon import words
from khabar.nearmisses import is_asked, is_of_all_such

if TYPE_CHECKING:
    from khabar.doc import Token

NEGATING = ("advmod", "det", "neg", "cc", "cc:preconj", "mark", "case")


def signs_of(word: Token, made: str) -> list[Token]:
    """The words beside one on the way up from an event that make of it what was made, in their order; the word itself where there are none.

    `made`: a modality, or "none" for nothing claimed.
    """
    found = {"none": _unsaid, "denied": _denied, "possible": _possible, "predicted": _predicted, "planned": _planned}[made](word)
    return sorted(set(found), key=lambda sign: sign.i) or [word]


def unsaid_because(trigger: Token) -> str:
    """Why an event that no word above it takes back is claimed by nobody all the same; "" where that is not known."""
    if is_asked(trigger):
        return "it is asked"
    return "it is said of all such acts" if is_of_all_such(trigger) else ""


def _class(name: str) -> frozenset[str]:
    return words("modality.yaml")[name]


def _unsaid(word: Token) -> list[Token]:
    """ "If the junta loses A", "Had they taken A", "what they attacked", "Was A captured?"."""
    subjects = children(word, "nsubj", "nsubj:pass")
    marks = [mark for mark in children(word, "mark", "advmod") if mark.lower_ in _class("condition") | {"before"}]
    helpers = [aux for aux in children(word, "aux", "aux:pass") if subjects and aux.i < subjects[0].i and aux.lower_ in _class("inverted")]
    asking = [w for part in (word, *subjects, *children(word, "obj")) for w in (part, *part.children) if w.lower_ in _class("asking")]
    asked = [w for w in word.sent if w.text == "?"][-1:] if is_asked(word) else []
    return marks or helpers or asking[:1] or asked


def _denied(word: Token) -> list[Token]:
    beside = [*word.children, *(deeper for subject in children(word, "nsubj", "nsubj:pass") for deeper in subject.children)]
    no_longer = [w for longer in beside if longer.lower_ == "longer" for w in (*children(longer, "advmod", "det"), longer)]
    told = [w for w in beside if w.lower_ in _class("negation") | {"few", "little"} and w.dep_ in (*NEGATING, "amod")]
    nobody = [w for w in children(word, "nsubj", "nsubj:pass") if w.lower_ in ("nobody", "none", "nothing")]
    yet = [w for near in (word, word.head) for w in children(near, "advmod") if w.lower_ == "yet"]
    return told or no_longer or nobody or yet


def _possible(word: Token) -> list[Token]:
    """ "It is unclear whether A fell", "may have", "possibly"."""
    asked = [w for w in children(word, "mark", "advmod") if w.lower_ in ("if", "whether")]
    if asked and word.head.lemma_.lower() in _class("left_open"):
        return [word.head, *asked]
    perhaps = [w for w in children(word, "advmod", "amod") if w.lower_ in _class("perhaps")]
    return _helpers(word, "possible") or perhaps


def _predicted(word: Token) -> list[Token]:
    return _helpers(word, "predicted")


def _planned(word: Token) -> list[Token]:
    """ "must", "the planned attack", "advanced to seize A"."""
    to_come = [w for w in children(word, "amod") if w.lower_ in _class("to_come")]
    aim = [w for w in children(word, "mark") if w.lower_ == "to"] if word.dep_ in ("advcl", "acl") else []
    return _helpers(word, "planned") or to_come or [*aim, *([word] if aim else [])]


def _helpers(word: Token, modality: str) -> list[Token]:
    return [aux for aux in children(word, "aux", "cop") if aux.lower_ in _class(f"aux_{modality}")]
