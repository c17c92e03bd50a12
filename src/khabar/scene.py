"""A parsed report and its mentions → what a word of it names, and the words an annotator would give for it.

Rules speak of words of the tree; claims need spans. This module stands between: which actor, place, number or thing a word is the head of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from khabar.clauses import RELATIVIZERS, ancestors, bound, case_of, children, first_of_list, modifiers
from khabar.dating import Interval, is_background
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.model import (
    ActorMention,
    Mention,
    Participant,
    Place,
    PlaceMention,
    Quantity,
    QuantityMention,
    Report,
    Section,
    Span,
    TimeMention,
)
from khabar.openings import datelines
from khabar.phrases import body_beside, roles
from khabar.slots import follow

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

LEFT = {"compound", "amod", "nmod:poss", "flat", "nmod", "advmod", "punct", "case", "obl", "nmod:unmarked", "obl:npmod", "obl:unmarked"}

BRACKETS = ("(", "[")
BREAKS = (",", "(", "–", "—", "-")
BACK = 3
UNSURE = ("obl:unmarked", "obl", "obj", "dep", "parataxis", "conj", "nmod")  # what the tree makes of an apposition at times
IN_WORDS = 10  # words that tell which nameless place is meant
RUN_IN_DATELINE = re.compile(r"(?:,[^\n()]{1,40}|\s*\([A-Z]\w+\))?\s*(?:\([A-Z][^\n()]{2,30}\)|[-–—]\s)")
DASHLESS = re.compile(r" [A-Z][a-z]")  # "BEIRUT Thirteen civilians": the agency's seat where a page has lost its dash
SPELT_OUT = 5  # letters: "US" and "UAE" are no datelines
THEIR_OWN = re.compile(r"\b(?:and|&)\s+(?:its|their|his)\b")
APART = 8  # words: a list of names has no more between its members


class Scene:
    """Look-ups by word over the mentions of one report. Widest mention first: "the outskirts of Idlib" before "Idlib"."""

    def __init__(self, report: Report, doc: Doc, mentions: Sequence[Mention]) -> None:
        self.report = report
        self.doc = doc
        filed = [(start, start + line.places_end) for start, line in datelines(report.text)]
        self.mentions = [m for m in mentions if not (isinstance(m, PlaceMention) and _is_dateline(m, report.text, filed))]
        self._actors = self._by_word(m for m in self.mentions if isinstance(m, ActorMention))
        self._places = self._by_word(m for m in self.mentions if isinstance(m, PlaceMention))
        self._quantities = [m for m in self.mentions if isinstance(m, QuantityMention)]
        self.here: Place | None = None  # where the story stands, told by the grammar as it goes on

    def _by_word(self, mentions: Iterable[ActorMention | PlaceMention]) -> dict[int, list[ActorMention | PlaceMention]]:
        found: dict[int, list[ActorMention | PlaceMention]] = {}
        for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start, m.form != "reference")):
            for root in self._roots(mention):
                found.setdefault(root.i, []).append(mention)
        return found

    def _roots(self, mention: ActorMention | PlaceMention) -> list[Token]:
        """The head word of a mention; of a name that the tree takes apart ("fought | the Dera | Brigade"), each of its heads."""
        span = self.doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is None or not len(span):
            return []
        whole = mention.form != "name" or isinstance(mention, PlaceMention)
        return [span.root] if whole else [t for t in span if t.head == t or t.head not in span]

    @cached_property
    def times(self) -> list[TimeMention]:
        return [m for m in self.mentions if isinstance(m, TimeMention)]

    @cached_property
    def history(self) -> bool:
        """Does the report tell of days long past as its subject: most of its dates more than a week before publication?"""
        days = [t.date_end for t in self.times if t.date_end and t.timex == "DATE"]
        old = [day for day in days if is_background(Interval(None, day), self.report.published)]
        return len(old) > len(days) / 2

    @cached_property
    def war_began(self) -> date | None:
        """When the war began by the report's own words: "the conflict, which erupted in March 2011", "the five-year-old war"."""
        named = (self._beginning(t) for t in self.times if t.timex == "DATE" and t.date_start)
        return next((day for day in named if day), None) or next((day for t in self.times if (day := self._years_of_war(t))), None)

    def _beginning(self, time: TimeMention) -> date | None:
        word = self.root(time.start, time.end)
        begun = [w for w in (ancestors(word) if word is not None else ()) if w.lemma_ in words("modality.yaml")["begins"] | {"beginning"}]
        about = [w for verb in begun[:1] for w in (verb.head, *children(verb, "nsubj", "nmod"))]
        return time.date_start if any(w.lemma_.lower() in words("nouns.yaml")["war"] for w in about) else None

    def _years_of_war(self, time: TimeMention) -> date | None:
        years, published = re.fullmatch(r"P(\d+)Y", time.value or ""), self.report.published
        of = re.match(r"(?:-old|-long)?\s(?:\w+\s)?(\w+)", self.report.text[time.end : time.end + 40])
        if not years or not published or not of or of[1].lower() not in words("nouns.yaml")["war"]:
            return None
        return date(published.year - int(years[1]), 1, 1)

    @cached_property
    def topic(self) -> Place | None:
        """The place that the whole page is about: its headline is a name and nothing else ("Karsa", "Marou – Old Karsa")."""
        heads = [section for section in self.report.sections if section.kind == "headline"]
        return next((place for place in map(self._name_of_page, heads) if place), None)

    def _name_of_page(self, headline: Section) -> Place | None:
        line = [t for t in self.doc.char_span(headline.start, headline.end, alignment_mode="expand") or () if not t.is_space]
        name = line[max((i + 1 for i, t in enumerate(line) if t.text in ("–", "—", ":")), default=0) :]
        if not name or name[0].text[0].islower() or any(t.pos_ not in ("PROPN", "ADJ", "PUNCT") or t.tag_ == "JJS" for t in name):
            return None
        start, end = name[0].idx, name[-1].idx + len(name[-1])
        if any(isinstance(m, ActorMention) and m.id and m.start <= start and end <= m.end for m in self.mentions):
            return None
        known = next((m for m in self.mentions if isinstance(m, PlaceMention) and (m.start, m.end) == (start, end)), None)
        return self.named(known) if known else Place(self.report.text[start:end], start, end)

    @cached_property
    def main_country(self) -> str | None:
        """The country of most places that the report names, None where it names as many in others."""
        named = Counter(m.country for m in self.mentions if isinstance(m, PlaceMention) and m.country and m.form == "name")
        country, count = next(iter(named.most_common(1)), (None, 0))
        return country if 2 * count > named.total() else None

    def is_time(self, token: Token) -> bool:
        """Does a word tell when: "on Tuesday morning"?"""
        return any(m.start <= token.idx < m.end for m in self.times)

    def root(self, start: int, end: int) -> Token | None:
        """The head word of a span of text."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        return span.root if span is not None and len(span) else None

    def actor_at(self, token: Token) -> ActorMention | None:
        """The actor that a word is the head of, None where it heads none."""
        found = self._actors.get(token.i)
        return found[0] if found else None  # type: ignore[return-value]

    def place_at(self, token: Token) -> PlaceMention | None:
        found = self._places.get(token.i)
        return found[0] if found else None  # type: ignore[return-value]

    def is_class(self, token: Token, of_class: str) -> bool:
        """Is a word of a class: "actor", "place", "person" or a class of knowledge/nouns.yaml? "" is any nominal."""
        if of_class == "actor":
            return self.actor_at(token) is not None or token.ent_type_ == "PERSON" or bool(self._named_after(token))
        if of_class == "pronoun":
            return token.lower_ in ("he", "him", "she", "her", "they", "them", "himself", "herself", "themselves")
        if of_class == "proper":
            return token.pos_ == "PROPN" or (token.pos_ == "ADJ" and token.text[:1].isupper())
        if of_class == "person-name":
            return token.ent_type_ == "PERSON" or (token.pos_ == "PROPN" and bool(children(token, "flat")) and self.actor_at(token) is None)
        if of_class == "place":
            return self.is_place(token)
        if of_class == "named":
            place = self.place_at(token)
            return place is not None and place.form != "generic"
        if of_class == "local":
            return self.is_class(token, "named") and getattr(self.place_at(token), "precision", None) not in ("country", "region")
        if of_class == "people":
            said_of = token.pos_ == "VERB" or (
                token.pos_ == "ADJ" and token.dep_ == "amod"
            )  # "the suspected attack", "the official agency"
            people = not said_of and any(token.lemma_.lower() in words("nouns.yaml")[c] for c in ("person", "body", "force"))
            return (people and token.lemma_.lower() not in ("weapon", "equipment")) or self.is_class(token, "actor")
        if of_class:
            return token.lemma_.lower() in words("nouns.yaml")[of_class]
        return token.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ")

    def is_harmless(self, token: Token) -> bool:
        """Does a word name a body that watches, rescues or reports: "the Northern Observatory for Rights", "the Civil Defence"?"""
        named = self.actor_at(token)
        told = self.report.text[slice(*(named.antecedent or (named.start, named.end)))] if named is not None else token.text
        return any(f" {word} " in f" {told.lower().replace('-', ' ')} " for word in words("nouns.yaml")["harmless"])

    def stands_for(self, token: Token, of_class: str) -> bool:
        """Is a word, or what a pronoun stands for ("they" for "civilians"), of a class of knowledge/nouns.yaml?"""
        meant = self.actor_at(token)
        root = self.root(*meant.antecedent) if meant is not None and meant.antecedent else token
        return root is not None and self.is_class(root, of_class)

    def participant(self, tokens: Sequence[Token], *, suffers: bool = False) -> Participant | None:
        """The actor or recipient that one word, or several joined by "and", stand for; None for a pronoun that points at nothing known.
        `suffers`: the recipient, which may be a mere weapon."""
        return self._joined([p for p in (self._one(token, suffers=suffers) for token in tokens) if p])

    def _joined(self, parts: Sequence[Participant]) -> Participant | None:
        if len(parts) < 2 or any(p.start is None or p.end is None for p in parts):
            return parts[0] if parts else None
        start, end = min(p.start or 0 for p in parts), max(p.end or 0 for p in parts)
        whole = Participant(self.report.text[start:end], start, end)
        # "government troops and their Chadian allies": a party with its own, held to be that party where a holder is asked for
        return replace(whole, id=parts[0].id, name=parts[0].name) if THEIR_OWN.search(whole.text) else whole

    def doer(self, tokens: Sequence[Token]) -> Participant | None:
        """As `participant`, for those who act: men who are told by their body stand for it, "fighters from the Sabra Front" → Sabra
        Front."""
        return self._joined([p for token in tokens for p in self._acting(token)])

    def _acting(self, token: Token) -> list[Participant]:
        one = self._one(token)
        return self._sent_by(token) or ([one] if one else [])

    def _sent_by(self, token: Token) -> list[Participant]:
        if token.lemma_.lower() not in words("nouns.yaml")["follower"]:
            return []
        whole = self.actor_at(token)
        heads = [end for start in follow(token, "of|from") for end in (self._named_after(start) or [start])]
        named = [name for end in heads for name in coordinated(end) if name.pos_ == "PROPN" and name.i - end.i < APART]
        return [p for p in (self._name(name, whole) for name in named) if p]

    def _name(self, token: Token, whole: ActorMention | None) -> Participant | None:
        """A name that is an actor by itself, or the part of an actor's phrase that says whose men they are."""
        own = self.actor_at(token)
        if own is not None and own.form == "name":
            return Participant(self.report.text[own.start : own.end], own.start, own.end, own.id, own.name)
        if whole is None or not whole.start < token.idx < whole.end:
            return None
        first, last = token, token
        while first.i and first.nbor(-1).pos_ in ("PROPN", "PART") and token.is_ancestor(first.nbor(-1)):
            first = first.nbor(-1)
        while last.i + 1 < len(self.doc) and last.nbor().pos_ == "PROPN" and token.is_ancestor(last.nbor()):
            last = last.nbor()
        start, end = first.idx, last.idx + len(last)
        return Participant(self.report.text[start:end], start, end, whole.id, whole.name)

    def thing(self, token: Token) -> Participant:
        """The words of a noun, whoever has it: "its warships" → warships."""
        start, end = self.noun_phrase(token)
        return Participant(self.report.text[start:end], start, end)

    def _one(self, token: Token, *, suffers: bool = False) -> Participant | None:
        token = self._named_beside(token)
        named = self._named_after(token)
        if named:
            return self._joined([p for p in map(self._one, named) if p])
        actor = self.actor_at(token)
        if actor is not None and actor.form == "reference":
            return self._antecedent(actor) or (self.thing(token) if token.pos_ == "NOUN" else None)
        owner = self._owner(token)
        if owner is not None:
            return owner
        body = self._body_of(token) if actor is None or actor.form == "generic" else None
        if body is not None:
            start = self._after_number(actor.start if actor else token.idx, body.end)
            return Participant(self.report.text[start : body.end], start, body.end, body.id, body.name)
        if actor is not None and not self._bare_weapon(token, actor):
            whole = self._in_full(actor)
            start, end = self._after_number(whole.start, whole.end), self._before_possessive(whole.start, whole.end)
            return Participant(self.report.text[start:end], start, end, whole.id, whole.name)
        if (
            token.pos_ in ("PRON", "NUM")
            or token.lower_ in ("who", "which", "that", "dozens", "scores", "hundreds", "thousands")
            or (actor is not None and not suffers)
        ):
            return None
        persons = self.doc.ents if token.ent_type_ == "PERSON" else ()
        person = next((e for e in persons if e.start <= token.i < e.end), None)
        start, end = (person.start_char, person.end_char) if person is not None else self.noun_phrase(token)
        end = self._before_possessive(start, end)
        return Participant(self.report.text[start:end], start, end)

    def _in_full(self, actor: ActorMention) -> ActorMention:
        """The name that an abbreviation stands behind in brackets: "the Northern Defence Forces (NDF), which …"."""
        if not actor.text.isupper() or self.report.text[actor.start - 1 : actor.start] not in BRACKETS:
            return actor
        named = (m for m in self.mentions if isinstance(m, ActorMention) and m.form == "name" and m.end + 2 == actor.start)
        return max(named, key=lambda m: m.end - m.start, default=actor)

    def _before_possessive(self, start: int, end: int) -> int:
        """Where a body's name ends in text that has lost its apostrophes: "the regimes shelling", in a report that tells of the regime."""
        last, name = self.root(end - 1, end), self.report.text[start:end].lower()
        if last is None or not name.endswith("s") or not (last.pos_ == "PROPN" or last.lemma_ in words("nouns.yaml")["single"]):
            return end
        follows = last.nbor() if last.i + 1 < last.sent.end else last
        noun = follows.pos_ in ("NOUN", "ADJ", "PROPN") or (follows.tag_ == "VBG" and last.pos_ != "PROPN")
        owns = follows != last and noun and not self.is_time(follows)
        return end - 1 if owns and name[:-1] in self._told_of else end

    @cached_property
    def _told_of(self) -> set[str]:
        """The actors that the report names, and the last word of each."""
        named = [m.text.lower() for m in self.mentions if isinstance(m, ActorMention)]
        return {*named, *(name.split()[-1] for name in named)}

    def _body_of(self, token: Token) -> ActorMention | None:
        """ "fighters of the Sabra Front", "units of the army": the body whose people they are."""
        if not (self.is_class(token, "force") or token.lemma_.lower() == "member"):
            return None
        bodies = [self.actor_at(end) for end in follow(token, "of")]
        return next((m for m in bodies if m is not None and m.form != "reference" and m.end > token.idx), None)

    def _owner(self, token: Token) -> Participant | None:
        """ "its forces", "the group's fighters": the body whose they are."""
        if not self.is_class(token, "force"):
            return None
        pointing = [self.actor_at(word) for word in children(token, "nmod:poss")]
        led = next((self._led_by(m.antecedent) for m in pointing if m is not None and m.form == "reference" and m.antecedent), None)
        if led is not None:
            return led
        return next((self._antecedent(m) for m in pointing if m is not None and m.form == "reference"), None)

    def points_at(self, token: Token, of_class: str) -> bool:
        """Does a pronoun stand for words whose last is of a class?"""
        own = self.actor_at(token) if token.pos_ == "PRON" else None
        span = self.doc.char_span(*own.antecedent, alignment_mode="expand") if own is not None and own.antecedent else None
        return span is not None and self.is_class(span.root, of_class)

    def _led_by(self, person: Span) -> Participant | None:
        """ "his forces" of "Omar Sala, leader of the Sabra Front": the body that a person is told to lead."""
        name = self.doc.char_span(*person, alignment_mode="expand")
        if name is None or name.root.ent_type_ != "PERSON":
            return None
        bodies = [body for role in roles(name) if (body := body_beside(role, name)) is not None]
        return next((self._one(body) for body in bodies if self.is_class(body, "body") or self.is_class(body, "force")), None)

    def _named_beside(self, token: Token) -> Token:
        """The name that a common noun only describes: "X, an alliance that was announced" → X."""
        head = token.head if token.dep_ == "appos" else None
        if head is None or token.tag_ != "NN" or not self.is_class(token, "body"):
            return token
        named, own = self.actor_at(head), self.actor_at(token)
        return head if named and named.form == "name" and not (own and own.form == "name") else token

    def holder(self, place: Token, *, told: Token | None = None) -> Participant | None:
        """Who holds a place by the words beside its noun: "the rebel-held town", "an army stronghold", "the town held by rebels".

        `told`: the word that tells of the place itself, and not of who held it before ("the town, captured by rebels in May").
        """
        for word in modifiers(place):
            owner = bound(word) if word.lemma_ in words("nouns.yaml")["held"] else [word] * self.is_class(place, "held_place")
            if owner and self.actor_at(owner[0]) is not None:
                return self.participant(owner)
        held = [verb for verb in children(place, "acl") if verb != told and verb.lemma_ in words("nouns.yaml")["holding"]]
        by = [end for verb in held for end in (follow(verb, "by") or follow(verb, "to") * (verb.lemma_ in ("lose", "fall")))]
        return self.doer([end for end in by if self.is_class(end, "people")])

    def _named_after(self, token: Token) -> list[Token]:
        """The names that a common noun for a body introduces: "the militant group X", "their allies X and Y", "the branch of Y, X,"."""
        if token.pos_ != "NOUN":
            return []
        if called := _called(token):
            return called
        body = self.is_class(token, "body") or self.is_class(token, "affiliate")
        beside = [w for w in children(token, "appos", "flat") if w.pos_ == "PROPN" and w.left_edge.i == token.i + 1]
        beside = [w for w in beside if w.left_edge.text not in BRACKETS and (body or self._is_body(w))]
        return [name for w in beside[:1] for name in coordinated(w) if name.pos_ == "PROPN"]

    def _is_body(self, name: Token) -> bool:
        own = self.actor_at(name)
        return own is not None and own.form == "name" and name.ent_type_ != "PERSON" and name.nbor(-1).text != ","

    def _after_number(self, start: int, end: int) -> int:
        """Where the words begin that follow a leading number: "at least 14 people" → people."""
        number = next((q for q in self._quantities if q.start <= start < q.end < end), None)
        after = number.end if number else start
        while after < end and self.report.text[after].isspace():
            after += 1
        return after

    def _bare_weapon(self, token: Token, actor: ActorMention) -> bool:
        """ "artillery", "helicopters": arms say how it was done, not who did it; "army helicopters" say who."""
        return " " not in actor.text and self.is_class(token, "weapon")

    def _forces_of(self, desk: str) -> Participant | None:
        """ "The ministry said it had taken A": its country's forces, where the report names them."""
        if not words("nouns.yaml")["desk"] & {word.lower() for word in desk.split()}:
            return None
        nations = {word[:5] for word in desk.split() if word[:1].isupper() and word.lower() not in words("nouns.yaml")["desk"]}
        named = (m for m in self.mentions if isinstance(m, ActorMention) and m.form == "generic" and " " in m.text)
        own = (m for m in named if m.text[:5] in nations and m.text.split()[-1].lower() in ("forces", "troops", "soldiers"))
        first = next(own, None)
        return Participant(first.text, first.start, first.end, first.id, first.name) if first else None

    def _antecedent(self, mention: ActorMention) -> Participant | None:
        if mention.antecedent is None:
            return None
        start, end = mention.antecedent
        forces = self._forces_of(self.report.text[start:end])
        if forces is not None:
            return forces
        return Participant(self.report.text[start:end], start, end, mention.id, mention.name)

    def place(self, token: Token, *, told_by: Token | None = None) -> Place | None:
        """The place that a word is the head of, its words those of the fullest name where it only points back; a portion of a place
        ("part of the city") is a place within it. "near A" is A for a clause that only describes it ("near A, a town that fell")."""
        around = next((end for end in follow(token, "of") if self.place_at(end)), None) if self.is_class(token, "inside") else None
        if around is not None:
            return self.place(around)
        described = self._described_by(token)
        if described is not None:
            return self.named(described)
        whole = self._whole_of(token)
        if whole is not None:
            start, end = min(token.idx, whole.start), max(token.idx + len(token), whole.end)
            return Place(self.report.text[start:end], start, end, precision="exact", country=whole.country, parent=whole.id)
        if is_the_area(token):
            start = children(token, "det")[0].idx
            return Place(self.report.text[start : token.idx + len(token)], start, token.idx + len(token))
        if self.topic and self._is_the_town(token):
            return self.topic
        if self._points_here(token):
            return self._named_before(token) or self.here
        m = self.place_at(token)
        if m is not None and m.near and told_by is not None and token.is_ancestor(told_by):
            m = next((p for p in self._places[token.i] if isinstance(p, PlaceMention) and not p.near), m)
        if m is not None:
            return self._in_its_words(token, self._named_core(token, m))
        if not self.is_place(token):
            return None
        called = next((n for end in follow(token, "of") if (n := self.place_at(end)) and n.form == "name"), None)
        if called is not None and self._is_called_by(token, called, ()):
            return self.named(called)
        start, end = self.noun_phrase(token)
        return self._in_its_words(token, Place(self.report.text[start:end], start, end))

    def _described_by(self, token: Token) -> PlaceMention | None:
        """The name that a common noun only says more of: "A, a town held by B", "A, one of the last strongholds", "A is the last of the
        strongholds"."""
        if token.pos_ == "PROPN" or not self.is_class(token, "settlement"):
            return None
        beside = self._name_right_before(token)
        if beside is not None:
            return beside
        word = token.head if token.dep_ == "nmod" and token.head.lower_ in ("one", "some", "last", "first") else token
        said_of = children(word, "nsubj") if children(word, "cop") else []
        first = next((w for w in word.subtree if not w.is_punct), word)
        told_of = word.dep_ == "appos" or (
            first.lower_ in ("a", "an", "the", "one") and word.dep_ in UNSURE and not any(follow(token, "of"))
        )
        if told_of and first.i - 1 > token.sent.start and first.nbor(-1).text in BREAKS:
            before = first.nbor(-2)
            said_of = [before, *([before.head] if before.dep_ in ("flat", "compound") else []), word.head]
        named = (self.place_at(w) for w in said_of if w.pos_ == "PROPN")
        return next((m for m in named if m is not None and m.form == "name"), None)

    def _name_right_before(self, noun: Token) -> PlaceMention | None:
        """The name before "a town held by B" where the text has lost its commas: "A a town held by B"."""
        first = noun
        while (
            first.i > noun.sent.start + 1 and first.pos_ in ("NOUN", "ADJ", "ADV", "VERB", "PROPN", "PUNCT") and noun.i - first.i < IN_WORDS
        ):
            first = first.nbor(-1)
        if first.lower_ not in ("a", "an", "another", "one") or first.i == noun.sent.start:
            return None
        name = first.nbor(-1)
        ends = (m for m in self.mentions if isinstance(m, PlaceMention) and m.form == "name" and m.end == name.idx + len(name))
        return next(ends, None) if name.pos_ == "PROPN" else None

    def _in_its_words(self, token: Token, place: Place) -> Place:
        """A nameless place with what follows it and tells which it is: "areas held by B", "a hilltop within range of the road"."""
        if place.start is None or place.end is None or place.id is not None or place.parent is not None:
            return place
        if token.pos_ == "PROPN":  # a name that stays open is a name all the same
            return place
        after = [
            c for c in (*token.rights, *(c for c in token.head.rights if token.dep_ in ("obj", "obl"))) if c.left_edge.idx == place.end + 1
        ]
        described = " " in place.text.strip()
        where = bool(after) and described and self._says_where(after[0])
        last = after[0].right_edge if after and (where or (not described and _tells_which(after[0]))) else None
        if last is None or last.i - token.i > IN_WORDS:
            return place
        end = last.idx + len(last)
        return replace(place, text=self.report.text[place.start : end], end=end)

    def _says_where(self, word: Token) -> bool:
        """ "rebel-held areas | in the province of A", "two villages | just south of the town"."""
        direction = word.dep_ == "advmod" and self.is_class(word, "direction")
        return (direction or case_of(word) in ("in", "near", "around", "outside", "along", "between")) and self.is_place(word)

    def named(self, m: PlaceMention) -> Place:
        """A place mention as the place of a claim."""
        root = self.root(m.start, m.end)
        return self._named_core(root, m) if root is not None else place_of(m, self.report.text)

    def _named_core(self, token: Token, m: PlaceMention) -> Place:
        """The words that name a place, without what is only said of it: "the rebel-held town of Karsa in the north" → Karsa, "the Sabra
        district of the capital" → Sabra district. A place without a name keeps all its words."""
        if m.form == "reference" and m.antecedent:
            meant = next((n for n in self.mentions if isinstance(n, PlaceMention) and (n.start, n.end) == m.antecedent), None)
            return self.named(meant) if meant and meant.form != "reference" else place_of(m, self.report.text)
        if m.near:
            return place_of(m, self.report.text)
        span = [t for t in token.sent if m.start <= t.idx < m.end and t.i <= token.i]
        own_name = any(
            t.pos_ == "PROPN" and t.head == token and t.dep_ in ("compound", "flat", "nmod") and not self.is_holder(t) for t in span
        )
        inner = next((n for n in (self.place_at(end) for end in follow(token, "of")) if n and n.form == "name"), None)
        own_name = own_name and not self._is_called_by(token, inner, span)
        one_of = any(c.lower_ in ("a", "an", "another") for c in children(token, "det"))  # "a district of A" is not A
        some_of = token.tag_ == "NNS" and self.is_class(token, "quarter") and not any(coordinated(end)[1:] for end in follow(token, "of"))
        if inner is not None and not own_name and not one_of and token.lemma_.lower() in words("nouns.yaml")["settlement"]:
            if not some_of and (m.parent is None or m.parent != inner.id):
                return place_of(inner, self.report.text)
            text = self.report.text[token.idx : inner.end]  # "the rebel-held districts of A": a part of the town
            return replace(place_of(m, self.report.text), text=text, start=token.idx, end=inner.end)
        own = [t for t in span if t.pos_ == "PROPN" and not self.is_holder(t)]
        first = next((t for t in span if t in own or t.lower_ in words("nouns.yaml")["direction"]), None)
        if first is None or token.pos_ == "PROPN" or token.lower_ != token.text or not own:
            return place_of(m, self.report.text)
        start, end = max(first.idx, m.start), min(max(_name_end(token), token.idx + len(token)), m.end)
        return replace(place_of(m, self.report.text), text=self.report.text[start:end], start=start, end=end)

    def _is_called_by(self, noun: Token, name: PlaceMention | None, words_before: Sequence[Token]) -> bool:
        """Is a noun called by the name after "of", and not by that before it: "the Karsa suburb of Tina", "the SDF bastion of Tina", and
        "the Karsa district of Tina" where Karsa is known for a town and Tina is not?"""
        if noun.lemma_.lower() in words("nouns.yaml")["called"]:
            return True
        before = [m for t in words_before if t.head == noun and (m := self.place_at(t)) and m.end <= noun.idx]
        return any(m.latitude is not None for m in before) and name is not None and name.latitude is None

    def is_holder(self, name: Token) -> bool:
        """Does a name within the words of a place say whose it is: "Sabra Front-held villages", "an SDF checkpoint"?"""
        after = [t.text for t in name.doc[name.i + 1 : name.i + 3]]
        bound = len(after) == 2 and after[0] in "-–‑" and not after[1][0].isupper()
        return bound or (self.actor_at(name) is not None and self.place_at(name) is None)

    def named_before(self, token: Token) -> Iterator[Token]:
        """Head words of the towns and smaller places named before a word, the last first, in its sentence and the three before it."""
        first = token.sent.start
        for _ in range(BACK):
            first = token.doc[first - 1].sent.start if first else 0
        start = token.doc[first].idx
        for m in reversed(self.mentions):
            named = isinstance(m, PlaceMention) and m.form == "name" and start <= m.start < m.end <= token.idx
            root = self.root(m.start, m.end) if named else None
            if root is not None:
                yield root

    def listed_with(self, token: Token) -> list[Place]:
        """The places that are named in one list with a word."""
        listed = [self.place_at(word) for word in coordinated(first_of_list(token))]
        return [self.named(m) for m in listed if m is not None and m.form == "name"]

    def around(self, token: Token) -> PlaceMention | None:
        """The named place that the words of a place end with: "a school in the town of Karsa" → town of Karsa; none for
        "the port of Karsa", which is its name."""
        m, end = self.place_at(token), token.idx + len(token)
        within = [n for n in self.mentions if isinstance(n, PlaceMention) and m and end < n.start and n.end <= m.end and n.form == "name"]
        if any(self.place_at(named) in within for named in follow(token, "of")):
            return None
        return min(within, key=lambda n: (n.start, -n.end), default=None)

    def _whole_of(self, token: Token) -> PlaceMention | None:
        if token.lemma_.lower() not in words("nouns.yaml")["portion"]:
            return None
        return next((m for m in (self.place_at(end) for end in follow(token, "of")) if m), None)

    def _named_before(self, token: Token) -> Place | None:
        """The place named last before a word in its sentence: "after they left A, the province became …"."""
        start = token.sent.start_char
        named = [m for m in self.mentions if isinstance(m, PlaceMention) and m.form == "name" and start <= m.start < m.end <= token.idx]
        small = [m for m in named if m.precision not in ("country", "region")]  # "took A in the north of the country, and it …"
        return self.named(max(small or named, key=lambda m: m.start)) if named else None

    def _is_the_town(self, token: Token) -> bool:
        """ "the town", "this suburb" on the page of a place: the place itself, whatever was named in between."""
        named = self.topic is not None and self.topic.text.lower().endswith(f" {token.lower_}")
        if token.tag_ != "NN" or not (named or self.is_class(token, "town")):
            return False
        articles = {c.lower_ for c in children(token, "det")}
        bare = not children(token, "compound", "amod", "appos", "flat") and not follow(token, "of")
        return "this" in articles or ("the" in articles and (bare or named))

    def _points_here(self, token: Token) -> bool:
        """ "the town", "this suburb", "it": does a word without a name of its own point at where the story stands?"""
        if self.here is None or any(self.place_at(end) for end in follow(token, "of|in|near|outside")):
            return False
        m = self.place_at(token)
        if token.lower_ == "it":
            return m is None and self.actor_at(token) is None
        article = {c.lower_ for c in children(token, "det")}
        pointed = "this" in article or ("the" in article and not children(token, "compound", "amod"))
        nameless = m is None or (m.form == "generic" and not any(t.pos_ == "PROPN" for t in token.lefts))
        return pointed and nameless and token.tag_ == "NN" and self.is_class(token, "settlement")

    def is_place(self, token: Token) -> bool:
        """Does a word head a place, or a site that the text does not name ("a hilltop", "two checkpoints")?"""
        part = self.is_class(token, "portion") and any(self.is_place(end) for end in follow(token, "of"))
        named = part or self.place_at(token) is not None or self._whole_of(token) is not None or self._points_here(token)
        return named or token.lemma_.lower() in words("nouns.yaml")["site"] | words("nouns.yaml")["inside"]

    def quantity(self, token: Token, unit: str) -> Quantity | None:
        """The number that counts a word (or that the word is), None where it is not counted."""
        numbers = [*children(token, "nummod", "det", "amod", "nmod"), *(n for n in children(token, "nsubj") if n.pos_ == "NUM")]
        for m in self._quantities:
            counted = m.start <= token.idx < m.end or (m.noun is not None and m.noun[0] <= token.idx < m.noun[1])
            if counted or any(m.start <= n.idx < m.end for n in numbers if n.sent == token.sent):
                return Quantity(m.low, m.high, unit, m.approximate)
        return Quantity(1, 1, unit) if unit == "weapons" and self._is_single_shot(token) else None

    def _is_single_shot(self, token: Token) -> bool:
        """ "a rocket shell"."""
        articles = {c.lower_ for c in children(token, "det")}
        return token.tag_ == "NN" and bool(articles & {"a", "an", "another"}) and self.is_class(token, "projectile")

    def is_number_of(self, tokens: Sequence[Token], others: Sequence[Token]) -> bool:
        """ "at least 11 and up to 15 men": does a number that stands alone count what others name?"""
        if len(tokens) != 1 or tokens[0].pos_ != "NUM":
            return False
        mention = next((m for m in self._quantities if m.start <= tokens[0].idx < m.end and m.noun), None)
        return mention is not None and mention.noun is not None and any(mention.noun[0] <= t.idx < mention.noun[1] for t in others)

    def number_of(self, trigger: Token, unit: str) -> Quantity | None:
        """The number that stands with the event word itself: "killed 28 and wounded 30 men", "one death, and 11 people were injured"."""
        if trigger.pos_ == "NOUN" and any(c.pos_ == "NUM" for c in trigger.lefts):
            return self.quantity(trigger, unit)
        mention = next((m for m in self._quantities if m.noun is None and self._follows(m, trigger)), None)
        return Quantity(mention.low, mention.high, unit, mention.approximate) if mention else None

    def _follows(self, number: QuantityMention, verb: Token) -> bool:
        end = verb.idx + len(verb)
        between, after = self.report.text[end : number.start], self.report.text[number.end : number.end + 5]
        return number.start > end and not between.strip() and after == " and " and verb.pos_ == "VERB" and verb.tag_ != "VBN"

    def is_one(self, token: Token) -> bool:
        """Does a word name one person: "a soldier", "its commander", "Omar Hadid"?"""
        if (token.ent_type_ == "PERSON" and token.tag_ != "NNPS") or token.lower_ in ("he", "him", "she", "her", "himself", "herself"):
            return True
        return (
            token.tag_ == "NN"
            and token.lemma_.lower() in words("nouns.yaml")["person"]
            and token.lower_ not in ("people", "personnel", "family", "crew")
        )

    def noun_phrase(self, token: Token) -> Span:
        """The words an annotator would give for a noun: without article, number, relative clause or what follows but "of …"."""
        first, last = token, token
        while first.i and first.dep_ == "compound" and first.nbor(-1).dep_ == "compound" and first.nbor(-1).head == first.head:
            first = first.nbor(-1)  # parts of one name that hang on another word
        after = max((child.i for child in token.lefts if child.pos_ == "NUM"), default=-1)  # "shot dead two men"
        for child in token.lefts:
            if (
                child.i > after
                and child.dep_ in LEFT
                and not child.is_punct
                and child.pos_ not in ("DET", "NUM", "PRON", "ADV")
                and child.dep_ != "case"
            ):
                first = min(first, _leftmost(child), key=lambda t: t.i)
                break
        for child in token.rights:
            if child.dep_ in ("flat", "compound") or (child.dep_ == "nmod" and any(c.lower_ == "of" for c in children(child, "case"))):
                last = max(last, _rightmost(child), key=lambda t: t.i)
        return first.idx, last.idx + len(last)


def is_the_area(token: Token) -> bool:
    """ "they left the area": less than a place, and wider than the town named last."""
    pointed = any(c.lower_ in ("the", "this", "that") for c in children(token, "det"))
    return token.lemma_.lower() == "area" and pointed and not children(token, "amod", "compound", "nmod", "acl", "acl:relcl")


def _is_dateline(m: PlaceMention, text: str, filed: Sequence[Span]) -> bool:
    """ "BEIRUT, 29 May (NWS) -", "MOSCOW (Sputnik)": where the agency sits."""
    if any(start <= m.start and m.end <= end for start, end in filed):
        return True
    dashless = len(m.text) >= SPELT_OUT and DASHLESS.match(text, m.end)
    return m.text.isupper() and bool(dashless or RUN_IN_DATELINE.match(text, m.end))


def _called(noun: Token) -> list[Token]:
    """The name in "its military wing, dubbed the Dera Brigade", "a commander known as Abu Omar"."""
    clauses = [verb for verb in children(noun, "acl") if verb.lemma_ in words("nouns.yaml")["naming"] and verb.i - noun.i < BACK]
    return [w for verb in clauses for w in children(verb, "obj", "xcomp", "obl", "nmod") if w.pos_ == "PROPN" and case_of(w) in ("", "as")][
        :1
    ]


def _tells_which(word: Token) -> bool:
    """ "held by B", "within range of the road": words after a noun that are no news of their own."""
    if word.dep_ in ("acl", "acl:relcl"):
        return (
            word.tag_ in ("VBN", "VBD")
            or word.lemma_ in ("overlook", "border", "adjoin", "surround")
            or (word.dep_ == "acl:relcl" and not any(c.lower_ in RELATIVIZERS for c in word.children))
        )
    return word.dep_ in ("nmod", "obl") and case_of(word) in ("within", "under", "along", "overlooking", "between")


def _name_end(token: Token) -> int:
    """Where a name ends, with the words that follow its head as part of it ("Deir ez-Zor")."""
    return max((t.idx + len(t) for t in token.subtree if t.head == token and t.dep_ in ("flat", "compound", "goeswith")), default=0)


def _leftmost(token: Token) -> Token:
    kept = [t for t in token.subtree if t.pos_ not in ("DET", "NUM", "PUNCT", "ADP") and t.i <= token.i]
    return kept[0] if kept else token


def _rightmost(token: Token) -> Token:
    kept = [t for t in token.subtree if t.i >= token.i and t.dep_ in ("flat", "compound", "case")]
    return max([token, *(t for t in kept if t.head == token)], key=lambda t: t.i)


def place_of(m: PlaceMention, text: str) -> Place:
    """A place mention as the place of a claim."""
    start, end = m.antecedent if m.form == "reference" and m.antecedent else (m.start, m.end)
    return Place(text[start:end], start, end, m.id, m.name, m.latitude, m.longitude, m.precision, m.country, m.admin1, m.near, m.parent)
