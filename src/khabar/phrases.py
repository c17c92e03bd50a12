"""A noun → the words that name it, and those beside it that say who or what it is.

"the British-based monitor", "state news agency X", "spokesman of Y": names are grown from what the tagger found, and roles lead to bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from khabar.cues import lexicon
from khabar.dependencies import TIMES, is_joined

if TYPE_CHECKING:
    from khabar.doc import Doc, Span, Token

ARTICLES = frozenset({"the", "a", "an"})


_NO_NAME = frozenset({"det", "det:predet", "punct", "appos", "case", "parataxis", "advmod", "dep", "acl", "acl:relcl"})


def phrase(token: Token) -> str:
    """A noun with what names it, without article, relative clause or apposition: "source at the city's police command", "AFP reporter"."""
    kept = [token]
    for child in token.children:
        far = child.dep_ in ("conj", "cc") and child.i - token.i > 6 and not _speaks_too(child)
        site = child.dep_ == "nmod" and token.lemma_.lower() in lexicon().words["reporters"] and child.i > token.i
        joins = child.dep_.startswith("cc") and child.dep_ != "ccomp" and child.i < token.i
        kept += [] if far or site or joins or child.dep_ in _NO_NAME or child.lower_ in TIMES else list(child.subtree)
    start = min(t.i for t in kept)
    if token.lemma_.lower() in lexicon().words["outlets"]:  # "the official X news agency": X news agency
        start = next((t.i for t in sorted(kept, key=lambda t: t.i) if t.pos_ == "PROPN" and t != token), start)
    return bare(token.doc[start : _unbroken_end([t for t in kept if t.i >= start])].text)


def _speaks_too(other: Token) -> bool:
    """ "two residents of the town of A | and a military source": another who says so, told by his trade."""
    words = lexicon().words
    joined = other.dep_ == "conj" and any(child.dep_ == "cc" for child in other.lefts)
    return joined and other.tag_ in ("NN", "NNS") and other.lemma_.lower() in words["informants"] | words["roles"]


def _unbroken_end(kept: list[Token]) -> int:
    """End of the run of tokens from the first: a comma or a bracket ends a name."""
    numbers = {token.i for token in kept}
    end = min(numbers)
    while end in numbers:
        end += 1
    return end


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """Without article, possessive and quotation marks."""
    text = re.sub(r"\s+", " ", text).strip(" “”\"'‘’,.;:()[]")
    text = re.sub(r"(?:['’]s)$", "", text)
    text = re.sub(r"\b((?:[A-Z]\.)+[A-Z])$", r"\1.", text)  # "U.N."
    text = re.sub(r"^(?:the |a |an )?[\w.]+-(?:based|linked|affiliated|run|owned|backed|led)\s+(?=\S)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^and | and$", "", text)
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ARTICLES else text


def untitled(name: str) -> str:
    words = bare(name).split()
    while len(words) > 1 and words[0].lower() in lexicon().words["titles"]:
        words = words[1:]
    return " ".join(words)


def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower())) - ARTICLES


def whole_name(token: Token) -> Span:
    """The name that a token stands in, grown over what the tagger cuts off: "al-" parts, capitals before it, "for Human Rights"."""
    doc = token.doc
    entity = next((entity for entity in doc.ents if entity.start <= token.i < entity.end), doc[token.i : token.i + 1])
    start, end = entity.start, entity.end
    if end - start > 1 and doc[end - 1].lower_ in ("of", "for"):  # "Military Council of | A": what follows is told by another tag
        end -= 1
    while end < len(doc) and (step := _name_goes_on(doc, end)):
        end += step
    while end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].dep_ in ("flat", "compound") and start <= doc[end].head.i < end:
        end += 1
    while start > entity.sent.start and (step := _name_begins_before(doc, start, entity.label_)):
        start -= step
    return doc.char_span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]), label=entity.label_ or token.ent_type_) or entity


def _name_goes_on(doc: Doc, at: int) -> int:
    """How many tokens more belong to a name that ends before this one."""
    glued = doc[at - 1].whitespace_ == "" and doc[at].text in ("-", "–") and at + 1 < len(doc) and doc[at].whitespace_ == ""
    if glued:
        return 2
    if doc[at].pos_ == "PROPN" and doc[at].ent_type_ and doc[at].ent_iob_ == "I":
        return 1
    if doc[at].lower_ in ("for", "of") and at + 2 < len(doc) and doc[at - 1].ent_type_ == "ORG":
        step = 2 if doc[at + 1].lower_ != "the" else 3
        if not doc[at + step - 1].text[:1].isupper():
            return 0
        while at + step < len(doc) and doc[at + step].text[:1].isupper() and doc[at + step].pos_ in ("PROPN", "ADJ", "NOUN") and step < 5:
            step += 1
        return step
    return 0


def _name_begins_before(doc: Doc, at: int, label: str) -> int:
    """How many tokens more belong to a name that begins with this one: "Ombudsman's | Office", and not "Oakland's | Ministry"."""
    before = doc[at - 1]
    if doc[at].text in ("-", "–") or (before.text in ("-", "–") and before.whitespace_ == ""):
        return int(before.whitespace_ == "")
    if label != "ORG":
        return 0
    if before.tag_ == "POS" and at > doc[at].sent.start + 1:
        owner = doc[at - 2]
        return 2 * (
            owner.text[:1].isupper() and owner.pos_ in ("NOUN", "PROPN") and owner.ent_type_ in ("", "ORG") and owner.i > doc[at].sent.start
        )
    if before.lower_ in TIMES:  # "on Sunday | Defence Ministry spokesman N said"
        return 0
    opens = before.i == before.sent.start or before.nbor(-1).pos_ == "DET"  # "the Idlib | Media Center", not "in Idlib | Media Center"
    labels = ("ORG", "", "NORP", "PLACE") if opens and before.dep_ == "compound" else ("ORG", "", "NORP")
    return int(before.text[:1].isupper() and before.pos_ in ("PROPN", "ADJ") and before.head.i >= at and before.ent_type_ in labels)


def namesakes(token: Token) -> Iterator[Token]:
    """A noun and those that name the same: in apposition, flat or before it."""
    yield token
    for child in token.children:
        if child.dep_ in ("flat", "appos", "compound", "flat:name", "nmod:desc"):
            yield from namesakes(child)


def named_body(token: Token) -> Span | None:
    """The organisation, people or place that a noun phrase names in its head or, with a common noun for head, in apposition to it."""
    if is_class_name(token) and token.ent_type_ != "ORG":
        return name_by_class(token)
    if token.ent_type_ in ("ORG", "NORP", "PLACE", "FACILITY") and any(c.isupper() for c in token.text):
        return whole_name(token)
    for child in token.children:
        if is_joined(child) and (child.is_space or child.text.partition(" ")[0].lower() in ARTICLES):
            continue  # "the Center for Research, an NGO": what it is, and no name
        if is_joined(child) and 0 < child.i - token.i <= 2:
            return whole_name(child)
        if child.dep_ in ("appos", "flat", "nmod:desc", "dep") or (child.dep_ in ("compound", "nmod") and child.i == token.i + 1):
            for near in namesakes(child):
                if near.ent_type_ == "ORG":
                    return whole_name(near)
        beside = child.dep_ in ("appos", "flat") and child.pos_ == "PROPN" and child.left_edge.i == token.i + 1
        if beside and token.pos_ != "PROPN" and child.ent_type_ != "PERSON":
            return token.doc[child.left_edge.i : child.i + 1]
    before = token.nbor(-1) if token.i > 0 else token
    if token.lemma_.lower() in lexicon().bodies and before.ent_type_ == "ORG":
        return whole_name(before)
    if token.lemma_.lower() in lexicon().words["outlets"] and before.ent_type_ == "ORG" and before.head in (token, *token.children):
        return token.doc[whole_name(before).start : token.i + 1]
    return None


def is_class_name(token: Token) -> bool:
    """The head of a name by its form ("… Observatory"), whatever the tagger of names made of it."""
    return token.pos_ == "PROPN" and token.lower_ in lexicon().bodies


def name_by_class(token: Token) -> Span:
    """ "Northern Observatory for Human Rights" around its "Observatory"."""
    doc, start, end = token.doc, token.i, token.i + 1
    while start > token.sent.start and doc[start - 1].text[:1].isupper() and doc[start - 1].pos_ in ("PROPN", "ADJ"):
        start -= 1
    if end < len(doc) and doc[end].lower_ in ("for", "of"):
        ahead = end + 1
        while ahead < len(doc) and doc[ahead].text[:1].isupper() and doc[ahead].pos_ in ("PROPN", "ADJ", "NOUN"):
            ahead += 1
        end = ahead if ahead > end + 1 else end
    return doc.char_span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]), label="ORG") or doc[start:end]


def noun_in(token: Token) -> Token:
    """The name under a word that is none: the tree may hang "Observatory" on "based" in "the Britain-based Observatory"."""
    if token.pos_ in ("NOUN", "PROPN", "PRON") or token.ent_type_:
        return token
    named = [t for t in token.subtree if t.ent_type_ in ("ORG", "PERSON")]
    nouns = [t for t in token.subtree if t.pos_ in ("NOUN", "PROPN")]
    return (named or nouns or [token])[-1]


def partitive(token: Token) -> Token | None:
    """The fighters in "some of the fighters"."""
    if token.lemma_.lower() not in lexicon().words["parts"]:
        return None
    return next(
        (c for c in token.rights if c.dep_ == "nmod" and any(g.lower_ == "of" for g in c.lefts) and c.pos_ in ("NOUN", "PROPN")), None
    )


def body_after(medium: Token) -> Token | None:
    """The body named after a medium, wherever the tree hung it: "figures from the Northern Observatory"."""
    after = (t for t in medium.doc[medium.i + 1 : medium.i + 6] if t.ent_type_ == "ORG")
    named = next(after, None)
    between = medium.doc[medium.i + 1 : named.i] if named is not None else ()
    return named if between and between[0].lower_ in ("from", "by", "of") and len(between) <= 3 else None


def can_speak(token: Token) -> bool:
    """Persons, bodies and places speak; "the attack", "a view" and "Friday" do not."""
    lemma, words = token.lemma_.lower(), lexicon().words
    nominals = token.doc.user_data.get("nominals")
    if nominals is not None and nominals[token.i] == "time":
        return False
    if (
        token.pos_ in ("PROPN", "PRON")
        or token.ent_type_
        or lemma in lexicon().bodies
        or lemma in words["outlets"] | words["contextual"] | words["informants"] | words["roles"]
    ):
        return token.lower_ not in _UNSPEAKING
    if any(child.pos_ == "PROPN" and child.dep_ == "compound" for child in token.children):  # "the Lowland project"
        return True
    return nominals is None or nominals[token.i] in ("", "person", "organization", "place")


_UNSPEAKING = frozenset({"this", "that", "which", "these", "those", "something", "nothing", "everything", "there", "what"})


def is_place(token: Token) -> bool:
    nominals = token.doc.user_data.get("nominals")
    return token.ent_type_ == "PLACE" or (nominals is not None and nominals[token.i] == "place")


def has_article(token: Token, *articles: str) -> bool:
    return any(child.dep_ == "det" and child.lower_ in articles for child in token.children)


def is_definite(token: Token) -> bool:
    """ "the group", "the Britain-based monitor", "the same source"; a noun that names itself further is no reference."""
    named = any(child.dep_ in ("nmod", "compound", "nmod:poss", "appos") for child in token.children)
    return has_article(token, "the", "this", "that", "these", "those", "both") and not named


def roles(person: Span) -> Iterator[Token]:
    """Role nouns in the noun phrase of a person: "spokesman N", "N, head of …"."""
    head = person.root
    while head.dep_ in ("flat", "appos", "compound", "nmod:desc", "flat:name") and head.head.pos_ in ("NOUN", "PROPN"):
        head = head.head
    for near in namesakes(head):
        if near.lemma_.lower() in lexicon().words["roles"] and not (person.start <= near.i < person.end and near.ent_type_ == "PERSON"):
            yield near


def body_beside(role: Token, person: Span) -> Token | None:
    """Whom a role noun serves: "of X" after it, or "X" before it."""
    for child in role.children:
        after = child.dep_ in ("nmod", "obl") and child.i > role.i
        if (after or child.dep_ == "nmod:poss") and not person.start <= child.i < person.end:
            cases = ("of", "for", "with", "at", "to", "in") if child.ent_type_ == "ORG" else ("of", "for", "with", "at", "to")
            if after and not any(c.dep_ == "case" and c.lower_ in cases for c in child.children):
                continue
            if after and (role.lower_, child.lower_) == ("chief", "staff"):  # "army chief of staff": he leads the army
                continue
            return _nested_body(child)
    before = person.doc[role.i - 1] if role.i > role.sent.start else None
    if (before is not None and before.ent_type_ == "ORG") or (
        before is not None and before.lower_ in ("observatory", "ministry", "army", "police")
    ):
        return before
    return None


def body_led(person: Span) -> Span | None:
    """ "N of X", "N, who heads X", "N, who speaks for X": the organisation X."""
    for child in person.root.rights:
        if child.dep_ == "nmod" and child.ent_type_ == "ORG" and any(c.lower_ in ("of", "from", "with") for c in child.lefts):
            return whole_name(child)
        if child.dep_ == "acl:relcl" and child.lemma_.lower() in _LEADING:
            led = next((c for c in child.rights if c.dep_ == "obj" and c.ent_type_ == "ORG"), None)
            return whole_name(led) if led is not None else None
        if child.dep_ == "acl:relcl" and child.lemma_ == "speak":
            return next((whole_name(c) for c in child.rights if c.dep_ == "obl" and c.ent_type_ == "ORG"), None)
    return None


_LEADING = frozenset({"run", "head", "lead", "direct", "command", "chair", "found"})


def _nested_body(noun: Token) -> Token:
    """ "head of mission of X", "X's foreign minister": the outermost named body under a noun."""
    if noun.ent_type_ in ("ORG", "PLACE", "NORP"):
        return noun
    if noun.lower_ == "staff" and (of := [child for child in noun.rights if child.dep_ == "nmod"]):  # "chief of staff of X"
        return _nested_body(of[0])
    inner = [child for child in noun.children if child.dep_ in ("nmod", "nmod:poss") and child.ent_type_ in ("ORG",)]
    return inner[0] if inner else noun


def acting_before(token: Token) -> Token | None:
    """The last plural or named subject before "they", within two sentences."""
    first = max(0, token.sent.start - 60)
    for before in reversed(token.doc[first : token.i]):
        if (
            before.dep_.startswith("nsubj")
            and before.pos_ in ("NOUN", "PROPN")
            and (before.tag_ == "NNS" or before.ent_type_ == "ORG")
            and can_speak(before)
        ):
            return before
    return None


def is_nobody(token: Token) -> bool:
    return token.lower_ in ("nobody", "none", "neither") or any(
        c.lower_ in ("no", "neither") and c.dep_ in ("det", "advmod", "cc:preconj") for c in token.lefts
    )
