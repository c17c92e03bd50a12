"""The noun of a source → the speaker: words of the report for a link in the chain, and the actor they resolve to.

"He", "the group", "the Observatory", "a monitor" stand for the fullest name in the report; a person who speaks for a body is
"Name [Body]"; a statement, a report or a video is no speaker, whoever put it out is. Sources must be asked for in the order of the text: a
pronoun means one who spoke before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from khabar.cues import lexicon
from khabar.dependencies import owner
from khabar.lexicon import words as sets
from khabar.model import ActorMention, Mention, Report, Speaker
from khabar.phrases import (
    acting_before,
    bare,
    body_after,
    body_beside,
    body_led,
    can_speak,
    has_article,
    is_class_name,
    is_definite,
    is_nobody,
    is_place,
    name_by_class,
    named_body,
    namesakes,
    noun_in,
    partitive,
    phrase,
    roles,
    untitled,
    whole_name,
    words_of,
)

if TYPE_CHECKING:
    from khabar.doc import Doc, Span, Token

Kind = Literal["person", "body", "people"]


PLURAL_PRONOUNS = frozenset({"they", "them", "their"})


PERSON_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "who"})


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
        self._names = _names(doc, self._mentions, _read_in(report))
        self._met: list[Known] = []
        self._last: Known | None = None
        self._spoke_in = -1  # where the sentence ends in which the last one, a person, spoke
        self._through: dict[str, tuple[Speaker, ...]] = {}
        self._affiliations: dict[str, str] = {}
        self._roles: dict[str, list[tuple[int, str]]] = {}
        for entity in doc.ents:
            if entity.label_ == "PERSON":
                self._introduce(entity)

    def _introduce(self, person: Span) -> None:
        """Note the body that a person speaks for and the roles by which he goes on to be called ("the governor")."""
        name = self._full_person(untitled(person.text))
        if body := self._body_of(person):
            self._affiliations.setdefault(name, body)
        for role in roles(person):
            self._roles.setdefault(role.lemma_.lower(), []).append((role.i, name))

    # --- links of a chain

    def speaker(self, token: Token, *, within: bool = False) -> Speaker | None:
        """The speaker whom a source noun names; None where it is the outlet itself or a picture that nobody put out.

        `within`: in what another says, so that "it added" does not go on with him.
        """
        known = self._known(token)
        if known is None:
            return None
        self._met.append(known)
        if not within:
            self._last = known
            self._spoke_in = token.sent.end if "person" in (known.kind, _kind(noun_in(token))) else -1
        if self._is_outlet(known.text):
            return None
        return Speaker(known.words, self._id(token, known))

    def outlet(self, token: Token) -> Speaker | None:
        """The medium that a hearer is ("told AFP", "to state television", "an AFP reporter"); None for others and the outlet itself."""
        text = self._medium_name(token)
        if text is None or self._is_outlet(text):
            return None
        return Speaker(text, self._resolve(text))

    def carry(self, speaker: Speaker | None, carriers: tuple[Speaker, ...]) -> None:
        """ "The agency quoted a source as saying …": "the source added" goes on through the agency."""
        if speaker is not None:
            self._through[speaker.text] = carriers

    def passed_on(self, token: Token, speaker: Speaker | None, outlets: tuple[Speaker, ...]) -> tuple[Speaker, ...]:
        """The outlets through which a speaker speaks; "he added" goes on through those to whom he spoke before."""
        if speaker is None:
            return outlets
        if not outlets and (token.pos_ == "PRON" or is_definite(token)):
            return self._through.get(speaker.text, ())
        self._through[speaker.text] = outlets
        return outlets

    def unnamed(self) -> Speaker:
        return Speaker(lexicon().unnamed)

    # --- who a noun stands for

    def _known(self, token: Token) -> Known | None:
        token = noun_in(token)
        if token.lower_ in _FIRST_PERSONS or is_nobody(token):
            return None
        if token.pos_ == "PRON" or token.lower_ in PERSON_PRONOUNS | PLURAL_PRONOUNS | {"it", "its"}:
            return self._goes_on(token) or self._referred(token) or self._pronoun(token)
        if (whole := partitive(token)) is not None:
            return self._known(whole)
        if (person := self._person_in(token)) is not None:
            return person
        if (named := named_body(token)) is not None:
            return Known(self._full(named.text, place=named.label_ != "ORG"), "body")
        if (name := _called(token)) is not None:
            return Known(self._full(phrase(name)), "body")
        if self._is_medium(token) and has_article(token, "this"):
            return None  # "this article": the outlet
        if self._is_medium(token):
            return self._putting_out(token)
        if (referred := self._referred(token)) is not None:
            return referred
        known = self._spoken_for(token) or self._class_body(token) or self._met_before(token)
        return known or (Known(phrase(token), _kind(token)) if can_speak(token) else None)

    def _spoken_for(self, token: Token) -> Known | None:
        """ "A took B, its spokesman said": who speaks for A."""
        owner = next((child for child in token.lefts if child.dep_ == "nmod:poss" and child.lower_ in ("its", "their")), None)
        if owner is None or token.lemma_.lower() not in lexicon().words["roles"]:
            return None
        body = self._referred(owner)
        return Known(phrase(token).removeprefix(owner.text).strip(), "person", body.text) if body and body.kind == "body" else None

    def _goes_on(self, token: Token) -> Known | None:
        """ "It added": who spoke just before, whatever stands nearer; "He said" at the start of the next sentence, too."""
        last = self._last
        if last is None or token.dep_ != "nsubj" or " and " in last.text:
            return None
        if token.lower_ in ("he", "she"):
            return last if token.i == token.sent.start == self._spoke_in else None
        return last if token.lower_ == "it" and last.kind == "body" else None

    def _referred(self, token: Token) -> Known | None:
        """What coreference says that "the group" or "it" stands for."""
        for mention in self._mentions:
            if mention.form == "reference" and mention.antecedent and mention.start <= token.idx < mention.end:
                return self._known_at(*mention.antecedent)
        return None

    def _known_at(self, start: int, end: int) -> Known:
        """Whom the words of an antecedent name: a person by the whole name, another by these words or by the fullest name."""
        span = self._doc.char_span(start, end, alignment_mode="expand")
        named = next((token for token in span or () if token.ent_type_ == "PERSON" and not _is_title(token)), None)
        if named is not None and (person := self._person_in(named)) is not None:
            return person
        text = bare(self._report.text[start:end])
        return next((known for known in reversed(self._met) if known.text == text), Known(self._full(text), "body"))

    def _pronoun(self, token: Token) -> Known | None:
        word = token.lower_
        wanted: tuple[Kind, ...] = ("person",) if word in PERSON_PRONOUNS else ("people", "body") if word in PLURAL_PRONOUNS else ("body",)
        if last := next((known for known in reversed(self._met) if known.kind in wanted), None):
            return last
        if "people" in wanted and (acting := acting_before(token)) is not None:
            return self._known(acting)
        if "person" in wanted and (named := [e for e in self._doc.ents if e.label_ == "PERSON" and e.end <= token.i]):
            return self._person_in(named[-1].root)
        return self._met[-1] if self._met else None

    def _person_in(self, token: Token) -> Known | None:
        """The person whom a noun phrase names: in it, beside it or in apposition."""
        for near in namesakes(token):
            if near.ent_type_ == "PERSON" and not (near == token and _is_before_name(token)):
                name = self._full_person(untitled(whole_name(near).text))
                body = self._affiliations.get(name)
                return Known(name, "person", None if body is None or self._is_outlet(body) else body)
        return None

    def _is_medium(self, token: Token) -> bool:
        return token.lemma_.lower() in lexicon().words["media"] and token.ent_type_ not in ("ORG", "PERSON")

    def _putting_out(self, token: Token) -> Known | None:
        """Whose statement it is: as its words say, or else the body that spoke last. Pictures and reports of nobody are nobody's."""
        plural = token.lower_ != token.lemma_.lower()
        whose = body_after(token) or owner(token)
        picture = token.lemma_.lower() in lexicon().words["pictures"]
        if picture and whose is not None and whose.dep_ == "amod":
            return None  # "Russian drone footage": of whom is not said
        if whose is not None and whose is not token and whose.lemma_.lower() not in lexicon().words["pictures"]:
            return self._known(whose)
        if token.lemma_.lower() in lexicon().words["reports"] and plural:
            return Known(lexicon().unnamed, "people")
        if token.lemma_.lower() in lexicon().words["outlets"]:
            return self._met_before(token) or Known(phrase(token), _kind(token))
        if token.lemma_.lower() in lexicon().words["pictures"] or plural or has_article(token, "a", "an"):
            return None
        return next((known for known in reversed(self._met) if known.kind != "people"), None)

    def _class_body(self, token: Token) -> Known | None:
        """ "A monitor said", "the monitoring group": the monitor that the report names."""
        beside = [child.lower_ for child in token.children if child.dep_ != "conj"]  # "residents and a monitor" are more than it
        if any(child.pos_ == "PROPN" and child.dep_ in ("compound", "nmod:poss", "appos", "flat", "nmod:desc") for child in token.children):
            return None
        for word in (token.lemma_.lower(), *beside):
            for part in lexicon().bodies.get(word, ()):
                if name := next(
                    (name for name in self._names if part in name.lower().split() or (" " in part and part in name.lower())), None
                ):
                    return Known(self._full(name), "body")
        return None

    def _met_before(self, token: Token) -> Known | None:
        """ "The source", "the ministry", "the group" after it was named: one whose words hold the noun, or the last body."""
        if (person := self._in_role(token)) is not None:
            return person
        if not is_definite(token):
            return None
        noun = token.lower_
        if any(child.lower_ == "same" for child in token.lefts) and self._met:
            return self._met[-1]
        spoke = next((known for known in reversed(self._met) if _is_called(known, noun)), None)
        if spoke is None and noun.startswith("spokes") and _kind(token) == "person":
            return next((known for known in reversed(self._met) if known.kind == "person"), None)
        if spoke is not None or noun not in lexicon().words["contextual"]:
            return spoke
        # "The Saudi-led coalition said": a body that the words before the noun name, and not the last that spoke
        named = next((m.text for m in self._mentions if m.id and m.form != "reference" and m.start < token.idx < m.end), None)
        return self._last_body(token) if named is None else Known(self._full(named), "body")

    def _in_role(self, token: Token) -> Known | None:
        """ "The governor", "the mayor of the city" after "Governor N", "Mayor N": the last person whom the report gave that role."""
        named_further = any(t.ent_type_ for t in token.subtree) or any(c.dep_ in ("nmod:poss", "compound") for c in token.children)
        if named_further or not has_article(token, "the"):
            return None
        named = [name for at, name in self._roles.get(token.lemma_.lower(), ()) if at < token.i]
        return Known(named[-1], "person", self._affiliations.get(named[-1])) if named else None

    def _last_body(self, token: Token) -> Known | None:
        """The last organisation that spoke or, where none did, that was named before the noun; a medium only for "the newspaper"."""
        medium = token.lemma_.lower() in lexicon().words["outlets"]
        spoke = (known for known in reversed(self._met) if known.kind == "body" and medium == self._names_medium(known.text))
        if last := next(spoke, None):
            return last
        before = [bare(entity.text) for entity in self._doc.ents if entity.label_ == "ORG" and entity.end <= token.i]
        before = [self._full(name) for name in before if medium == self._names_medium(name)]
        return Known(before[-1], "body") if before else None

    # --- persons and the bodies they speak for

    def _body_of(self, person: Span) -> str | None:
        """ "Jaysh X spokesman N", "N, head of X", "X's envoy N": X, as the report names it in full."""
        for role in roles(person):
            if (body := body_beside(role, person)) is not None and not is_place(body):
                named = named_body(body)
                if named is None and role.lemma_.lower() in ("minister", "secretary"):
                    continue  # "minister of defence": what he is in charge of, no body
                text = named.text if named is not None else phrase(body)
                known = (self._referred(body) or self._class_body(body)) if named is None else None
                return known.text if known else self._full(text)
        led = body_led(person)
        return self._full(led.text) if led is not None else None

    def _full_person(self, name: str) -> str:
        parts = _parts(name)
        fuller = [
            n for n, label in self._names.items() if label == "PERSON" and _parts(n)[-1:] == parts[-1:] and set(parts) <= set(_parts(n))
        ]
        return max(fuller, key=len, default=name)

    def _full(self, name: str, *, place: bool = False) -> str:
        """The fullest name of a body in the report whose words hold these; acronyms and longer names stay as they are."""
        short = bare(name)
        words = set(short.lower().split())
        if place or short.isupper() or len(words) > 2:
            return short
        fuller = [n for n in self._names if words <= _own_words(n) and self._names[n] == "ORG"]
        return max(fuller, key=len, default=short)

    # --- media

    def _medium_name(self, token: Token) -> str | None:
        words = lexicon().words
        if token.lemma_.lower() in words["reporters"]:
            named = next((child for child in token.lefts if child.pos_ == "PROPN"), None)
            return None if named is None else bare(whole_name(named).text if named.ent_type_ else named.text)
        name = named_body(token)
        text = bare(name.text) if name is not None else phrase(token)
        if (
            (token.ent_type_ == "PERSON" and not self._is_registered_medium(text))
            or words_of(text) & words["platforms"]
            or any(child.dep_ == "nmod:poss" and child.pos_ == "PRON" for child in token.children)
        ):
            return None
        if text.lower() in words["wires"] or self._is_registered_medium(text):
            return text
        # "state television", "Orient News": a medium by its last word, unless it is a mere "the media"
        last = text.lower().split()[-1:] if name is not None else [token.lower_]
        return text if {*last, token.lemma_.lower()} & words["outlets"] and (name is not None or len(text.split()) > 1) else None

    def _names_medium(self, text: str) -> bool:
        words = lexicon().words
        return text.lower() in words["wires"] or self._is_registered_medium(text) or bool(words_of(text) & words["outlets"])

    def _is_registered_medium(self, text: str) -> bool:
        named = any(letter.isupper() for letter in text)  # "before dawn" is told by no newspaper
        actor = self._registry.resolve(text, on=self._report.published) if self._registry and named else None
        return actor is not None and actor.kind in ("media", "agency")

    def _is_outlet(self, text: str) -> bool:
        """Is this the publishing outlet, which is no link of its own chain?"""
        if not self._report.outlet:
            return False
        left, right = words_of(text), words_of(self._report.outlet)
        if left & lexicon().words["reporters"] and right and right <= left:
            return True  # its own correspondent
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


def _read_in(report: Report) -> str:
    """A report without its headline and its tags, in which names run into each other."""
    told = [report.text[s.start : s.end] for s in report.sections if s.kind not in ("headline", "boilerplate")]
    return "\n".join(told) if report.sections else report.text


def _names(doc: Doc, mentions: Sequence[ActorMention], story: str) -> dict[str, str]:
    """Names in the report that its sentences hold, in order, each with its label."""
    named = [name for entity in doc.ents if (name := whole_name(doc[entity.start])).text in story]
    names = {(untitled(entity.text) if entity.label_ == "PERSON" else bare(entity.text)): entity.label_ for entity in named}
    names |= {bare(name_by_class(token).text): "ORG" for token in doc if is_class_name(token)}
    persons = [(entity.start_char, entity.end_char) for entity in named if entity.label_ == "PERSON"]
    apart = [m for m in mentions if m.form == "name" and not any(start <= m.start < end for start, end in persons)]
    return names | {bare(mention.text): "ORG" for mention in apart if bare(mention.text) not in names and mention.text in story}


def _is_title(token: Token) -> bool:
    """ "General" in "General Omar Sala", which another tag may hold."""
    return token.lower_ in lexicon().words["titles"] and token.dep_ != "flat"


def _is_before_name(token: Token) -> bool:
    """ "The US Secretary of State, | Omar Sala", which another tag may hold."""
    return _is_title(token) and any(child.dep_ == "appos" and child.ent_type_ == "PERSON" for child in token.children)


def _parts(name: str) -> list[str]:
    """The names in a name: "al-Khan" is also called "Khan"."""
    return [part for part in re.split(r"[\s–-]+", name) if part]


def _own_words(name: str) -> set[str]:
    """The words of a body's name before "of" or "for": "Staff of Lowland" is no fuller name of Lowland."""
    return set(re.split(r"\s(?:of|for)\s", name.lower())[0].split())


def _kind(token: Token) -> Kind:
    lemma = token.lemma_.lower()
    if token.lower_ != lemma or token.tag_ in ("NNS", "NNPS"):
        return "people"
    nominals = token.doc.user_data.get("nominals")
    person = nominals is not None and nominals[token.i] == "person"
    return "person" if person or lemma in lexicon().words["roles"] or lemma in ("witness", "resident", "source") else "body"


_ITS_PLACE = re.compile(r"\s(?:at|of|in|for|from|with|on|near|inside|close)\s")


def _is_called(known: Known, noun: str) -> bool:
    """May a noun stand for who spoke before? "The source" for "source at the command", "the observatory" for "Northern Observatory for
    Rights", and "the police" not for "police union official"."""
    words = known.words.lower()
    return noun in words.split() and (known.kind == "body" or _ITS_PLACE.split(words)[0].split()[-1:] == [noun])


def _called(body: Token) -> Token | None:
    """The name in "the coalition known as A"."""
    told = (clause for clause in body.children if clause.dep_ == "acl" and clause.lemma_ in sets("nouns.yaml")["naming"])
    return next((word for clause in told for word in clause.children if word.pos_ == "PROPN" and word.ent_type_ != "PERSON"), None)
