"""Doc and mentions → a Doc of the same words in which the names of speakers are labelled and hung as names.

The tagger sees a name joined into one word as the adjective that it begins with ("Syrian …") or ends a person's name early, and the tree
gives a verb of telling two subjects ("N told AFP") or makes the body in "spokesman of the Service said" the subject. Spans, mentions and
the order of words are surer than single labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.closings import head_of, nouns_before
from khabar.cues import Cue, lexicon
from khabar.dependencies import FINITE, TELLING, is_joined, word_of
from khabar.doc import Doc
from khabar.model import ActorMention, Mention
from khabar.phrases import is_class_name, name_by_class

if TYPE_CHECKING:
    from khabar.doc import Token

OWNING = frozenset({"of", "for", "from", "at", "with"})


def mended(doc: Doc, mentions: Sequence[Mention] = ()) -> Doc:
    """The new Doc; the old one stays as it was read."""
    columns = _Columns(doc)
    _label_bodies(doc, mentions, columns)
    _label_persons(doc, columns)
    for token in doc:
        if is_joined(token):
            _hang_on_role(token, columns)
        elif token.tag_ in FINITE and word_of(token) in lexicon().verbs:
            _seat_name(token, columns)
            _seat_person(token, columns)
            _part_subjects(token, columns)
            _part_clauses(token, columns)
    return columns.doc()


class _Columns:
    """What of a Doc is mended: tags, tree and names, as lists over its tokens."""

    def __init__(self, doc: Doc) -> None:
        self.old = doc
        self.pos, self.tags, self.deps = [t.pos_ for t in doc], [t.tag_ for t in doc], [t.dep_ for t in doc]
        self.heads = [t.head.i for t in doc]
        self.ents = [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc]

    def label(self, i: int) -> str:
        return self.ents[i][2:]

    def name(self, tokens: Sequence[Token], label: str) -> None:
        for k, token in enumerate(tokens):
            self.ents[token.i] = f"{'I' if k else 'B'}-{label}"
        after = tokens[-1].i + 1
        if after < len(self.ents) and self.ents[after].startswith("I-"):  # what is left of the name that was cut
            self.ents[after] = f"B-{self.label(after)}"

    def subjects(self, verb: Token) -> list[Token]:
        return [t for t in verb.sent if self.heads[t.i] == verb.i and t.i != verb.i and self.deps[t.i] == "nsubj"]

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
            words=[t.text for t in old],
            spaces=[bool(t.whitespace_) for t in old],
            pos=self.pos,
            tags=self.tags,
            deps=self.deps,
            heads=self.heads,
            lemmas=[t.lemma_ for t in old],
            morphs=[t.morph for t in old],
            ents=self.ents,
        )
        new.user_data = dict(old.user_data)
        return new


# --- labels


def _label_bodies(doc: Doc, mentions: Sequence[Mention], columns: _Columns) -> None:
    """A joined name is a body's where it names an actor or holds a word like "Observatory"."""
    names = {(m.start, m.end) for m in mentions if isinstance(m, ActorMention) and m.form == "name"}
    for token in doc:
        if is_joined(token) and token.ent_type_ in ("", "NORP", "PLACE"):
            classed = set(token.lower_.split()) & (lexicon().bodies.keys() | lexicon().words["outlets"])  # "Highland City Times"
            if classed or (token.ent_type_ != "PLACE" and (token.idx, token.idx + len(token)) in names):
                columns.name([token], "ORG")
                columns.pos[token.i], columns.tags[token.i] = "PROPN", "NNP"
        elif is_class_name(token) and token.ent_type_ != "ORG":
            columns.name(list(name_by_class(token)), "ORG")


def _label_persons(doc: Doc, columns: _Columns) -> None:
    """A person's name goes on over what hangs flat on it, and its last words name the person wherever they stand."""
    names: set[tuple[str, ...]] = set()
    for token in doc:
        run = [token, *_flat_after(token)]
        if len(run) > 1 and any(t.ent_type_ == "PERSON" for t in run) and not any(is_joined(t) for t in run):
            columns.name(run, "PERSON")
            names.add(tuple(t.text for t in run if t.is_alpha))
    surnames = {name[k:] for name in names for k in range(1, len(name)) if len(name) - k > 1}
    words = [t.text for t in doc] if surnames else []
    for i in range(len(words)):
        for end in (i + 3, i + 2):
            last = tuple(words[i:end])
            if last in surnames and all(columns.label(i + k) != "PERSON" for k in range(1, len(last))):
                columns.name(list(doc[i:end]), "PERSON")


def _flat_after(token: Token) -> list[Token]:
    """The unbroken run of capitals, "al" and hyphens that hang flat on a name."""
    run: list[Token] = []
    if token.pos_ != "PROPN" or token.dep_ == "flat":
        return run
    for after in token.doc[token.i + 1 : token.sent.end]:
        glued = after.text in ("-", "–") and not after.whitespace_ and not after.nbor(-1).whitespace_  # "Omar al-Khan"
        within = glued or token.i <= after.head.i < after.i
        if not within or (after.dep_ != "flat" and after.text not in ("-", "–")):
            break
        run.append(after)
    while run and not run[-1].is_alpha:
        run.pop()
    return run


# --- trees


def _hang_on_role(name: Token, columns: _Columns) -> None:
    """ "spokesman of the Service said": the body after a noun and "of" belongs to the noun, not to the verb."""
    doc, at = name.doc, name.i - 1
    while at > name.sent.start and (doc[at].pos_ in ("DET", "PART") or doc[at].dep_ == "nmod:poss"):
        at -= 1
    noun, case = doc[at - 1] if at > name.sent.start else name, doc[at]
    if case.lower_ not in OWNING or noun.pos_ not in ("NOUN", "PROPN") or name.dep_ == "nmod" or name.head.i in range(at, name.i):
        return
    if (name.dep_.startswith("nsubj") or name.dep_ in ("amod", "compound")) and columns.hang(name, noun, "nmod"):
        for word in doc[at : name.i]:
            if word.head.i not in range(at, name.i):
                columns.hang(word, name, "case" if word.i == at else word.dep_)


def _seat_name(verb: Token, columns: _Columns) -> None:
    """The joined name right before a verb of saying is its subject: not the article or the "based" before it, nor the noun after it."""
    doc, at = verb.doc, verb.i - 1
    while at > verb.sent.start and (
        doc[at].pos_ in ("ADV", "AUX") or doc[at].text == ")" or doc[at + 1].text == ")" or doc[at].text == "("
    ):
        at -= 1
    name = doc[at]
    if at < verb.sent.start or not is_joined(name) or columns.label(at) != "ORG" or _is_owned(name):
        return
    rivals = [s for s in columns.subjects(verb) if s.i != name.i]
    if any(s.i < at and s.pos_ not in ("DET", "VERB") for s in rivals) or not columns.hang(name, verb, "nsubj"):
        return
    said = next((c for c in verb.rights if c.dep_ == "ccomp"), None)
    for rival in rivals:
        if rival.i < at:
            columns.hang(rival, name, "det" if rival.pos_ == "DET" else "amod")
        elif said is not None and rival.i < said.i:
            columns.hang(rival, said, "nsubj")


def _seat_person(verb: Token, columns: _Columns) -> None:
    """ "Commander of the Northern Front General N said": the person right before the verb says it, and the role before him is his."""
    doc, last = verb.doc, verb.i - 1
    role = next((s for s in columns.subjects(verb) if s.i < last and word_of(s) in lexicon().words["roles"]), None)
    first = last
    while first > verb.sent.start and columns.label(first) == "PERSON" and columns.ents[first].startswith("I-"):
        first -= 1
    if role is None or columns.label(first) != "PERSON" or first <= role.i + 1 or columns.heads[role.i] == role.i:
        return
    before = first - 1
    while before > role.i and columns.label(before) != "ORG" and doc[before].pos_ in ("ADJ", "PROPN"):
        before -= 1
    name = doc[first]
    if doc[before].pos_ not in ("NOUN", "PROPN") or before == role.i or not columns.hang(name, verb, "nsubj"):
        return
    columns.hang(role, name, "nmod:desc")
    for word in doc[role.i + 1 : before + 1]:  # "of the Northern Front" is the role's, not the name's
        if columns.heads[word.i] == name.i:
            columns.hang(word, role if word.i == before else doc[before], "nmod" if word.i == before else word.dep_)


def _part_clauses(verb: Token, columns: _Columns) -> None:
    """ "The raid, which activists say killed nine": the tree makes the verb of saying an auxiliary of the other, or its neighbour."""
    doc, nouns = verb.doc, nouns_before(verb)
    said = verb.i + 1
    while said < verb.sent.end and doc[said].pos_ in ("AUX", "ADV"):
        said += 1
    if nouns is None or said >= verb.sent.end or doc[said].pos_ != "VERB" or doc[said].tag_ not in FINITE | {"VBN"}:
        return
    which = doc[nouns[0] - 1] if nouns[0] > verb.sent.start else verb
    clause, lost = doc[said], columns.heads[said] != verb.i and columns.deps[said] == "acl:relcl"
    if which.lower_ not in ("which", "that", "who") or not lost or not any(c.link and "clause" in c.takes for c in _cues(verb)):
        return
    subject, noun = head_of(doc, nouns), doc[columns.heads[said]]
    if columns.hang(verb, noun, "acl:relcl") and columns.hang(clause, verb, "ccomp"):
        columns.pos[verb.i] = "VERB"
        columns.hang(subject, verb, "nsubj")
        columns.hang(which, clause, "nsubj")


def _cues(verb: Token) -> tuple[Cue, ...]:
    return lexicon().verbs.get(word_of(verb), ())


def _is_owned(name: Token) -> bool:
    """Does a preposition stand before the noun phrase of a name?"""
    at = name.i - 1
    while at > name.sent.start and (name.doc[at].pos_ in ("DET", "ADJ", "PROPN", "VERB", "PART") or name.doc[at].text == "-"):
        at -= 1
    return name.doc[at].pos_ == "ADP"


def _part_subjects(verb: Token, columns: _Columns) -> None:
    """Of two subjects, the one after a verb of telling is told; a role before a name describes it."""
    said = next((c for c in verb.lefts if c.dep_ == "ccomp"), None)
    strayed = [s for s in columns.subjects(said) if said.i < s.i < verb.i] if said is not None else []
    if strayed and not columns.subjects(verb):  # "“They bombed the town,” the mayor, N, told …"
        columns.hang(strayed[-1], verb, "nsubj")
    subjects = columns.subjects(verb)
    if said is not None and len(subjects) > 1 and subjects[0].i < said.i < subjects[1].i:  # "CITY (Agency) Six were killed, doctors said"
        columns.deps[subjects.pop(0).i] = "dep"
    before, after = [s for s in subjects if s.i < verb.i], [s for s in subjects if s.i > verb.i]
    if after and word_of(verb) in TELLING:  # whom it was told to, whether or not the tree has who told it
        columns.deps[after[0].i] = "iobj"
    words = lexicon().words
    described = {"PERSON": words["roles"], "ORG": words["outlets"] | words["contextual"]}
    if len(before) > 1 and word_of(before[-2]) in described.get(columns.label(before[-1].i), ()):
        columns.hang(before[-2], before[-1], "nmod:desc")
    passive = [c for c in verb.lefts if c.dep_ == "nsubj:pass" and word_of(c) in lexicon().words["outlets"] | lexicon().words["informants"]]
    bare = verb.tag_ == "VBD" and not any(c.dep_ == "aux:pass" for c in verb.children)
    if passive and bare and verb.i + 3 >= verb.sent.end:  # "…, local media reported."
        columns.deps[passive[-1].i] = "nsubj"
