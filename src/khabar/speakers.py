"""The noun of a source → the speaker: words of the report for a link in the chain, and the actor they resolve to.

"He", "the group", "the Observatory", "a monitor" stand for the fullest name in the report; a person who speaks for a body is "Name [Body]";
a statement, a report or a video is no speaker, whoever put it out is. Sources must be asked for in the order of the text: a pronoun means one
who spoke before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from khabar.model import ActorMention, Mention, Report, Speaker
from khabar.speech import is_joined, lexicon, owner

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Kind = Literal["person", "body", "people"]
ARTICLES = frozenset({"the", "a", "an"})
PLURAL_PRONOUNS, PERSON_PRONOUNS = frozenset({"they", "them", "their"}), frozenset({"he", "she", "him", "her", "his", "who"})


_FIRST_PERSONS = frozenset({"i", "we", "me", "us", "my", "our"})  # in a quotation: whoever is quoted


class Resolved(Protocol):
    """An actor of the registry, as far as a speaker needs it."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Resolver(Protocol):
    """What resolves a name on a date (khabar.registry)."""

    def resolve(self, text: str, *, on: date | None = None) -> Resolved | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A speaker already met: its words, what it is, and the body a person speaks for."""

    text: str
    kind: Kind
    body: str | None = None

    @property
    def words(self) -> str:
        return f"{self.text} [{self.body}]" if self.body else self.text


class Cast:
    """The speakers of one report, filled as its sources are met."""

    def __init__(self, doc: Doc, report: Report, mentions: Sequence[Mention] = (), registry: Resolver | None = None) -> None:
        self._doc, self._report, self._registry = doc, report, registry
        self._mentions = [mention for mention in mentions if isinstance(mention, ActorMention)]
        self._names = _names(doc, self._mentions)
        self._met: list[Known] = []
        self._through: dict[str, tuple[Speaker, ...]] = {}
        self._affiliations: dict[str, str] = {}
        for entity in doc.ents:
            if entity.label_ == "PERSON" and (body := self._body_of(entity)):
                self._affiliations.setdefault(self._full_person(_untitled(entity.text)), body)

    # --- links of a chain

    def speaker(self, token: Token) -> Speaker | None:
        """The speaker whom a source noun names; None where it is the outlet itself or a picture that nobody put out."""
        known = self._known(token)
        if known is None:
            return None
        self._met.append(known)
        if self._is_outlet(known.text):
            return None
        return Speaker(known.words, self._id(token, known))

    def outlet(self, token: Token) -> Speaker | None:
        """The medium that a hearer is ("told AFP", "to state television", "an AFP reporter"); None for other hearers and for the outlet itself."""
        text = self._medium_name(token)
        if text is None or self._is_outlet(text):
            return None
        return Speaker(text, self._resolve(text))

    def passed_on(self, token: Token, speaker: Speaker | None, outlets: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
        """The outlets through which a speaker speaks; "he added" goes on through those to whom he spoke before."""
        if speaker is None:
            return outlets
        if not outlets and (token.pos_ == "PRON" or _is_definite(token)):
            return self._through.get(speaker.text, ())
        self._through[speaker.text] = outlets
        return outlets

    def unnamed(self) -> Speaker:
        return Speaker(lexicon().unnamed)

    # --- who a noun stands for

    def _known(self, token: Token) -> Known | None:
        token = _noun_in(token)
        if token.lower_ in _FIRST_PERSONS or _is_nobody(token):
            return None
        if token.pos_ == "PRON" or token.lower_ in PERSON_PRONOUNS | PLURAL_PRONOUNS | {"it", "its"}:
            return self._referred(token) or self._pronoun(token)
        if (whole := _partitive(token)) is not None:
            return self._known(whole)
        if (person := self._person_in(token)) is not None:
            return person
        if (named := _named(token)) is not None:
            return Known(self._full(named.text, place=named.label_ != "ORG"), "body")
        if self._is_medium(token):
            return self._putting_out(token)
        if (referred := self._referred(token)) is not None:
            return referred
        known = self._class_body(token) or self._met_before(token)
        return known or (Known(phrase(token), _kind(token)) if _can_speak(token) else None)

    def _referred(self, token: Token) -> Known | None:
        """What coreference says that "the group" or "it" stands for."""
        for mention in self._mentions:
            if mention.form == "reference" and mention.antecedent and mention.start <= token.idx < mention.end:
                text = _bare(self._report.text[slice(*mention.antecedent)])
                return next((known for known in reversed(self._met) if known.text == text), Known(text, "body"))
        return None

    def _pronoun(self, token: Token) -> Known | None:
        word = token.lower_
        wanted: tuple[Kind, ...] = ("person",) if word in PERSON_PRONOUNS else ("people", "body") if word in PLURAL_PRONOUNS else ("body",)
        if last := next((known for known in reversed(self._met) if known.kind in wanted), None):
            return last
        if "people" in wanted and (acting := _acting_before(token)) is not None:
            return self._known(acting)
        if "person" in wanted and (named := [e for e in self._doc.ents if e.label_ == "PERSON" and e.end <= token.i]):
            return self._person_in(named[-1].root)
        return self._met[-1] if self._met else None

    def _person_in(self, token: Token) -> Known | None:
        """The person whom a noun phrase names: in it, beside it or in apposition."""
        for near in _core(token):
            if near.ent_type_ == "PERSON":
                name = self._full_person(_untitled(_entity(near).text))
                body = self._affiliations.get(name)
                return Known(name, "person", None if body is None or self._is_outlet(body) else body)
        return None

    def _is_medium(self, token: Token) -> bool:
        return token.lemma_.lower() in lexicon().words["media"] and token.ent_type_ not in ("ORG", "PERSON")

    def _putting_out(self, token: Token) -> Known | None:
        """Whose statement it is: as its words say, or else the body that spoke last. Pictures and reports of nobody are nobody's."""
        plural = token.lower_ != token.lemma_.lower()
        whose = owner(token)
        if whose is not None and whose is not token and whose.lemma_.lower() not in lexicon().words["pictures"]:
            return self._known(whose)
        if token.lemma_.lower() in lexicon().words["reports"] and plural:
            return Known(lexicon().unnamed, "people")
        if token.lemma_.lower() in lexicon().words["outlets"]:
            return self._met_before(token) or Known(phrase(token), _kind(token))
        if token.lemma_.lower() in lexicon().words["pictures"] or plural or _has_article(token, "a", "an"):
            return None
        return next((known for known in reversed(self._met) if known.kind != "people"), None)

    def _class_body(self, token: Token) -> Known | None:
        """ "A monitor said", "the monitoring group": the monitor that the report names."""
        lefts = [child.lower_ for child in token.lefts]
        if any(child.pos_ == "PROPN" and child.dep_ in ("compound", "nmod:poss", "appos", "flat", "nmod:desc") for child in token.children):
            return None
        for word in (token.lemma_.lower(), *lefts):
            for part in lexicon().bodies.get(word, ()):
                if name := next(
                    (name for name in self._names if part in name.lower().split() or (" " in part and part in name.lower())), None
                ):
                    return Known(self._full(name), "body")
        return None

    def _met_before(self, token: Token) -> Known | None:
        """ "The source", "the ministry", "the group" after it was named: one whose words hold the noun, or the last body."""
        if not _is_definite(token):
            return None
        noun = token.lower_
        if any(child.lower_ == "same" for child in token.lefts) and self._met:
            return self._met[-1]
        spoke = next((known for known in reversed(self._met) if noun in known.words.lower().split()), None)
        if spoke is None and noun in lexicon().words["roles"] and _kind(token) == "person":
            return next((known for known in reversed(self._met) if known.kind == "person"), None)
        if spoke is not None or noun not in lexicon().words["contextual"]:
            return spoke
        return self._last_body(token)

    def _last_body(self, token: Token) -> Known | None:
        """The last organisation that spoke or, where none did, that was named before the noun."""
        if last := next((known for known in reversed(self._met) if known.kind == "body"), None):
            return last
        before = [entity for entity in self._doc.ents if entity.label_ == "ORG" and entity.end <= token.i]
        return Known(self._full(_bare(before[-1].text)), "body") if before else None

    # --- persons and the bodies they speak for

    def _body_of(self, person: Span) -> str | None:
        """ "Jaysh X spokesman N", "N, head of X", "X's envoy N": X, as the report names it in full."""
        for role in _roles(person):
            if (body := _body_beside(role, person)) is not None and not _is_place(body):
                named = _named(body)
                text = named.text if named is not None else phrase(body)
                known = self._class_body(body) if named is None else None
                return known.text if known else self._full(text)
        return None

    def _full_person(self, name: str) -> str:
        last = name.split()[-1:] or [name]
        fuller = [n for n in self._names if n.split()[-1:] == last and set(name.split()) <= set(n.split()) and self._names[n] == "PERSON"]
        return max(fuller, key=len, default=name)

    def _full(self, name: str, *, place: bool = False) -> str:
        """The fullest name of a body in the report whose words hold these."""
        bare = _bare(name)
        if place or bare.isupper():
            return bare
        words = set(bare.lower().split())
        fuller = [n for n in self._names if words <= set(n.lower().split()) and self._names[n] == "ORG"]
        return max(fuller, key=len, default=bare) if len(words) < 3 else bare

    # --- media

    def _medium_name(self, token: Token) -> str | None:
        words = lexicon().words
        if token.lemma_.lower() in words["reporters"]:
            named = next((child for child in token.lefts if child.pos_ == "PROPN"), None)
            return None if named is None else _bare(_entity(named).text if named.ent_type_ else named.text)
        named = _named(token)
        text = _bare(named.text) if named is not None else phrase(token)
        if token.ent_type_ == "PERSON" or any(child.dep_ == "nmod:poss" and child.pos_ == "PRON" for child in token.children):
            return None
        if text.lower() in words["wires"] or self._is_registered_medium(text):
            return text
        # "state television", "Orient News": a medium by its last word, unless it is a mere "the media"
        last = text.lower().split()[-1:] or [""]
        return text if {last[0], token.lemma_.lower()} & words["outlets"] and (named is not None or len(text.split()) > 1) else None

    def _is_registered_medium(self, text: str) -> bool:
        actor = self._registry.resolve(text, on=self._report.published) if self._registry else None
        return actor is not None and actor.kind in ("media", "agency")

    def _is_outlet(self, text: str) -> bool:
        """Is this the publishing outlet, which is no link of its own chain?"""
        if not self._report.outlet:
            return False
        left, right = _words(text) - lexicon().words["reporters"], _words(self._report.outlet)
        return left == right or (self._resolve(text) is not None and self._resolve(text) == self._resolve(self._report.outlet))

    # --- resolution

    def _id(self, token: Token, known: Known) -> str | None:
        for text in (known.text, known.body):
            if text and (found := self._resolve(text)):
                return found
        covering = (
            mention.id for mention in self._mentions if mention.id and mention.start <= token.idx < mention.end and mention.form == "name"
        )
        return next(covering, None) if known.kind != "person" else None

    def _resolve(self, text: str) -> str | None:
        actor = self._registry.resolve(text, on=self._report.published) if self._registry else None
        return actor.id if actor is not None else None


# --- the words of a noun phrase


def phrase(token: Token) -> str:
    """A noun with what names it, without article, relative clause or apposition: "source at the city's police command"."""
    kept = [token]
    for child in token.children:
        if child.dep_ in (
            "det",
            "punct",
            "appos",
            "conj",
            "cc",
            "case",
            "parataxis",
            "advmod",
            "dep",
            "det:predet",
        ) or child.dep_.startswith("acl"):
            if not (child.dep_ in ("conj", "cc") and child.i - token.i <= 6):
                continue
        kept += list(child.subtree)
    start = min(t.i for t in kept)
    if token.lemma_.lower() in lexicon().words["outlets"]:  # "the official X news agency": X news agency
        start = next((t.i for t in sorted(kept, key=lambda t: t.i) if t.pos_ == "PROPN"), start)
    return _bare(token.doc[start : _unbroken_end([t for t in kept if t.i >= start])].text)


def _unbroken_end(kept: list[Token]) -> int:
    """End of the run of tokens from the first: a comma or a bracket ends a name."""
    numbers = {token.i for token in kept}
    end = min(numbers)
    while end in numbers:
        end += 1
    return end


def _bare(text: str) -> str:
    """Without article, possessive and quotation marks."""
    text = re.sub(r"\s+", " ", text).strip(" “”\"'‘’,.;:()[]")
    text = re.sub(r"(?:['’]s)$", "", text)
    text = re.sub(r"^(?:the |a |an )?[\w.]+-(?:based|linked|affiliated|run|owned|backed|led)\s+(?=\S)", "", text, flags=re.IGNORECASE)
    first, _, rest = text.partition(" ")
    return rest if rest and first.lower() in ARTICLES else text


def _untitled(name: str) -> str:
    words = _bare(name).split()
    while len(words) > 1 and words[0].lower() in lexicon().words["titles"]:
        words = words[1:]
    return " ".join(words)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower())) - ARTICLES


def _names(doc: Doc, mentions: Sequence[ActorMention]) -> dict[str, str]:
    """Names in the report, in order, each with its label."""
    entities = [_entity(doc[entity.start]) for entity in doc.ents]
    names = {(_untitled(entity.text) if entity.label_ == "PERSON" else _bare(entity.text)): entity.label_ for entity in entities}
    return names | {_bare(mention.text): "ORG" for mention in mentions if mention.form == "name" and _bare(mention.text) not in names}


def _entity(token: Token) -> Span:
    """The name that a token stands in, grown over what the tagger of names cuts off: "al-" parts, capitals before it, "for Human Rights"."""
    doc = token.doc
    entity = next((entity for entity in doc.ents if entity.start <= token.i < entity.end), doc[token.i : token.i + 1])
    start, end = entity.start, entity.end
    while end < len(doc) and (step := _name_goes_on(doc, end)):
        end += step
    while end < len(doc) and doc[end].pos_ == "PROPN" and doc[end].dep_ in ("flat", "compound") and start <= doc[end].head.i < end:
        end += 1
    while start > entity.sent.start and _name_begins_before(doc, start, entity.label_):
        start -= 1
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


def _name_begins_before(doc: Doc, at: int, label: str) -> bool:
    before = doc[at - 1]
    if doc[at].text in ("-", "–") or (before.text in ("-", "–") and before.whitespace_ == ""):
        return before.whitespace_ == ""
    return (
        label == "ORG"
        and before.text[:1].isupper()
        and before.pos_ in ("PROPN", "ADJ")
        and before.head.i >= at
        and before.ent_type_ in ("ORG", "", "NORP")
    )


def _core(token: Token) -> Iterator[Token]:
    """A noun and those that name the same: in apposition, flat or before it."""
    yield token
    for child in token.children:
        if child.dep_ in ("flat", "appos", "compound", "flat:name", "nmod:desc"):
            yield from _core(child)


def _named(token: Token) -> Span | None:
    """The organisation, people or place that a noun phrase names in its head or, with a common noun for head, in apposition to it."""
    if token.ent_type_ in ("ORG", "NORP", "PLACE", "FACILITY") and any(c.isupper() for c in token.text):
        return _entity(token)
    for child in token.children:
        if is_joined(child) and 0 < child.i - token.i <= 2:
            return _entity(child)
        if child.dep_ in ("appos", "flat", "nmod:desc", "dep") or (child.dep_ in ("compound", "nmod") and child.i == token.i + 1):
            for near in _core(child):
                if near.ent_type_ == "ORG":
                    return _entity(near)
        if child.dep_ in ("appos", "flat") and child.pos_ == "PROPN" and child.left_edge.i == token.i + 1 and child.ent_type_ != "PERSON":
            return token.doc[child.left_edge.i : child.i + 1]
    before = token.nbor(-1) if token.i > 0 else token
    if token.lemma_.lower() in lexicon().bodies and before.ent_type_ == "ORG":
        return _entity(before)
    if token.lemma_.lower() in lexicon().words["outlets"] and before.ent_type_ == "ORG" and before.head in (token, *token.children):
        return token.doc[_entity(before).start : token.i + 1]
    return None


def _roles(person: Span) -> Iterator[Token]:
    """Role nouns in the noun phrase of a person: "spokesman N", "N, head of …"."""
    head = person.root
    while head.dep_ in ("flat", "appos", "compound", "nmod:desc", "flat:name") and head.head.pos_ in ("NOUN", "PROPN"):
        head = head.head
    for near in _core(head):
        if near.lemma_.lower() in lexicon().words["roles"] and not (person.start <= near.i < person.end and near.ent_type_ == "PERSON"):
            yield near


def _body_beside(role: Token, person: Span) -> Token | None:
    """Whom a role noun serves: "of X" after it, or "X" before it."""
    for child in role.children:
        after = child.dep_ in ("nmod", "obl") and child.i > role.i
        if (after or child.dep_ == "nmod:poss") and not person.start <= child.i < person.end:
            if after and not any(c.dep_ == "case" and c.lower_ in ("of", "for", "with", "at", "to") for c in child.children):
                continue
            return _nested_body(child)
    before = person.doc[role.i - 1] if role.i > role.sent.start else None
    if (
        before is not None
        and before.ent_type_ == "ORG"
        or (before is not None and before.lower_ in ("observatory", "ministry", "army", "police"))
    ):
        return before
    return None


def _nested_body(noun: Token) -> Token:
    """ "head of mission of X", "X's foreign minister": the outermost named body under a noun."""
    if noun.ent_type_ in ("ORG", "PLACE", "NORP"):
        return noun
    inner = [child for child in noun.children if child.dep_ in ("nmod", "nmod:poss") and child.ent_type_ in ("ORG",)]
    return inner[0] if inner else noun


def _noun_in(token: Token) -> Token:
    """The name under a word that is none: the tree may hang "Observatory" on "based" in "the Britain-based Observatory"."""
    if token.pos_ in ("NOUN", "PROPN", "PRON") or token.ent_type_:
        return token
    named = [t for t in token.subtree if t.ent_type_ in ("ORG", "PERSON")]
    nouns = [t for t in token.subtree if t.pos_ in ("NOUN", "PROPN")]
    return (named or nouns or [token])[-1]


def _is_nobody(token: Token) -> bool:
    return token.lower_ in ("nobody", "none", "neither") or any(
        c.lower_ in ("no", "neither") and c.dep_ in ("det", "advmod", "cc:preconj") for c in token.lefts
    )


def _partitive(token: Token) -> Token | None:
    """The fighters in "some of the fighters"."""
    if token.lemma_.lower() not in lexicon().words["parts"]:
        return None
    return next(
        (c for c in token.rights if c.dep_ == "nmod" and any(g.lower_ == "of" for g in c.lefts) and c.pos_ in ("NOUN", "PROPN")), None
    )


def _acting_before(token: Token) -> Token | None:
    """The last plural or named subject before "they", within two sentences."""
    first = max(0, token.sent.start - 60)
    for before in reversed(token.doc[first : token.i]):
        if (
            before.dep_.startswith("nsubj")
            and before.pos_ in ("NOUN", "PROPN")
            and (before.tag_ == "NNS" or before.ent_type_ == "ORG")
            and _can_speak(before)
        ):
            return before
    return None


def _can_speak(token: Token) -> bool:
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
    return nominals is None or nominals[token.i] in ("", "person", "organization", "place")


_UNSPEAKING = frozenset({"this", "that", "which", "these", "those", "something", "nothing", "everything", "there", "what"})


def _is_place(token: Token) -> bool:
    nominals = token.doc.user_data.get("nominals")
    return token.ent_type_ == "PLACE" or (nominals is not None and nominals[token.i] == "place")


def _has_article(token: Token, *articles: str) -> bool:
    return any(child.dep_ == "det" and child.lower_ in articles for child in token.children)


def _is_definite(token: Token) -> bool:
    """ "the group", "the Britain-based monitor", "the same source"; a noun that names itself further is no reference."""
    named = any(child.dep_ in ("nmod", "compound", "nmod:poss", "appos") for child in token.children)
    return _has_article(token, "the", "this", "that", "these", "those", "both") and not named


def _kind(token: Token) -> Kind:
    lemma = token.lemma_.lower()
    if token.lower_ != lemma or token.tag_ in ("NNS", "NNPS"):
        return "people"
    return "person" if lemma in lexicon().words["roles"] | {"witness", "resident", "man", "woman", "source"} else "body"
