"""Doc and mentions → a Doc of the same words in which the names of speakers are labelled and hung as names.

The tagger sees a name joined into one word as the adjective that it begins with ("Syrian …") or ends a person's name early, and the tree
gives a verb of telling two subjects ("N told AFP") or makes the body in "spokesman of the Service said" the subject. Spans, mentions and
the order of words are surer than single labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from khabar.cues import lexicon
from khabar.dependencies import FINITE, TELLING, is_joined, word_of
from khabar.model import ActorMention, Mention

if TYPE_CHECKING:
    from spacy.tokens import Token

OWNING = frozenset({"of", "for", "from", "at", "with"})


def mended(doc: Doc, mentions: Sequence[Mention] = ()) -> Doc:
    """The new Doc; the old one stays as it was read."""
    names = {(m.start, m.end) for m in mentions if isinstance(m, ActorMention) and m.form == "name"}
    columns = _Columns(doc)
    for token in doc:
        if is_joined(token) and token.ent_type_ in ("", "NORP") and ((token.idx, token.idx + len(token)) in names or _is_body(token)):
            columns.name(token, "ORG")
        elif token.dep_ == "flat" and token.ent_type_ != "PERSON" and _is_surname(token, columns):
            columns.ents[token.i] = "I-PERSON"
    for token in doc:
        if is_joined(token):
            _hang_on_role(token, columns)
        elif token.tag_ in FINITE and word_of(token) in lexicon().verbs:
            _part_subjects(token, columns)
    return columns.doc()


class _Columns:
    """What of a Doc is mended: tags, tree and names, as lists over its tokens."""

    def __init__(self, doc: Doc) -> None:
        self.old = doc
        self.pos, self.tags, self.deps = [t.pos_ for t in doc], [t.tag_ for t in doc], [t.dep_ for t in doc]
        self.heads = [t.head.i for t in doc]
        self.ents = [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc]

    def name(self, token: Token, label: str) -> None:
        self.pos[token.i], self.tags[token.i], self.ents[token.i] = "PROPN", "NNP", f"B-{label}"

    def hang(self, token: Token, head: Token, dep: str) -> bool:
        """Hang a token elsewhere in its sentence; not under itself, and no root."""
        at = head.i
        while self.heads[at] != at and at != token.i:
            at = self.heads[at]
        if at == token.i or self.heads[token.i] == token.i:
            return False
        self.heads[token.i], self.deps[token.i] = head.i, dep
        return True

    def doc(self) -> Doc:
        old = self.old
        new = Doc(
            old.vocab,
            words=[t.text for t in old],
            spaces=[bool(t.whitespace_) for t in old],
            pos=self.pos,
            tags=self.tags,
            deps=self.deps,
            heads=self.heads,
            lemmas=[t.lemma_ for t in old],
            morphs=[str(t.morph) for t in old],
            ents=self.ents,
        )
        new.user_data = dict(old.user_data)
        return new


def _is_body(token: Token) -> bool:
    return bool(set(token.lower_.split()) & lexicon().bodies.keys())


def _is_surname(token: Token, columns: _Columns) -> bool:
    """A capital that hangs flat on a person's name right before it."""
    before = columns.ents[token.i - 1] if token.i else ""
    within = token.head.i < token.i and token.pos_ == "PROPN" and token.text[:1].isupper() and not is_joined(token)
    return within and before.endswith("-PERSON") and columns.ents[token.head.i].endswith("-PERSON")


def _hang_on_role(name: Token, columns: _Columns) -> None:
    """ "spokesman of the Service said": the body after a noun and "of" belongs to the noun, not to the verb."""
    doc, at = name.doc, name.i - 1
    while at > name.sent.start and (doc[at].pos_ in ("DET", "PART") or doc[at].dep_ == "nmod:poss"):
        at -= 1
    noun, case = doc[at - 1] if at > name.sent.start else name, doc[at]
    if (
        case.lower_ not in OWNING
        or noun.pos_ not in ("NOUN", "PROPN")
        or columns.deps[name.i] == "nmod"
        or name.head.i in range(at, name.i)
    ):
        return
    if (name.dep_.startswith("nsubj") or name.dep_ in ("amod", "compound")) and columns.hang(name, noun, "nmod"):
        for word in doc[at : name.i]:
            if word.head.i not in range(at, name.i):
                columns.hang(word, name, "case" if word.i == at else word.dep_)


def _part_subjects(verb: Token, columns: _Columns) -> None:
    """Of two subjects, the one after a verb of telling is told; a role before a name describes it."""
    subjects = [child for child in verb.children if columns.deps[child.i] == "nsubj" and columns.heads[child.i] == verb.i]
    before, after = [s for s in subjects if s.i < verb.i], [s for s in subjects if s.i > verb.i]
    if before and after and word_of(verb) in TELLING:
        columns.deps[after[0].i] = "iobj"
    if len(before) > 1 and before[-1].ent_type_ == "PERSON" and word_of(before[-2]) in lexicon().words["roles"]:
        columns.hang(before[-2], before[-1], "nmod:desc")
