"""A parsed report and its mentions → what a word of it names, and of what class it is.

Rules speak of words of the tree; claims need spans. This module stands between: which actor, place or thing a word is the head of. What a
claim says of it is for `participants` (who), `sites` (where) and `counts` (how many).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from khabar.clauses import ancestors, begins_compound, case_of, children, is_explosive
from khabar.intervals import Interval, is_background
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.model import ActorMention, Mention, Place, PlaceMention, QuantityMention, Report, Span, TimeMention
from khabar.openings import is_seat
from khabar.slots import follow
from khabar.timeclauses import only_ranks

if TYPE_CHECKING:
    from khabar.doc import Doc, Token
    from khabar.doc import Span as SentenceSpan

LEFT = {"compound", "amod", "nmod:poss", "flat", "nmod", "advmod", "punct", "case", "obl", "nmod:unmarked", "obl:npmod", "obl:unmarked"}

DOES = ("nsubj", "obl:agent")
BRACKETS = ("(", "[")
WE = ("we", "We", "us", "our", "Our", "ours", "Ours", "theirs")  # not "US"; "theirs" is a place that whoever speaks says they have
BACK = 3


class Scene:
    """Look-ups by word over the mentions of one report. Widest mention first: "the outskirts of Idlib" before "Idlib"."""

    def __init__(self, report: Report, doc: Doc, mentions: Sequence[Mention]) -> None:
        self.report = report
        self.doc = doc
        self.mentions = [m for m in mentions if not (isinstance(m, PlaceMention) and is_seat(report.text, m.start, m.end))]
        self.actors = self._by_word(m for m in self.mentions if isinstance(m, ActorMention))
        self.places = self._by_word(m for m in self.mentions if isinstance(m, PlaceMention))
        self.quantities = [m for m in self.mentions if isinstance(m, QuantityMention)]
        self.jihadist: frozenset[str] = frozenset()  # ids of bodies that have no aircraft, told by the grammar
        self.topic: Place | None = None  # the place that the whole page is about, told by the grammar
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
    def place_names(self) -> list[PlaceMention]:
        return [m for m in self.mentions if isinstance(m, PlaceMention) and m.form == "name"]

    @cached_property
    def times(self) -> list[TimeMention]:
        return [m for m in self.mentions if isinstance(m, TimeMention)]

    @cached_property
    def words_of_times(self) -> frozenset[int]:
        """The numbers of the words that tell a time."""
        spans = (self.doc.char_span(m.start, m.end, alignment_mode="expand") for m in self.times)
        return frozenset(word.i for span in spans if span is not None for word in span)

    @cached_property
    def days_named(self) -> int:
        """How many single days the report names."""
        return len({t.date_start for t in self.times if t.date_start and t.date_start == t.date_end})

    def places_named(self, span: SentenceSpan) -> set[str]:
        """The places smaller than a country that a stretch of text names."""
        start, end = span.start_char, span.end_char
        inside = (m for m in self.mentions if isinstance(m, PlaceMention) and start <= m.start < end)
        return {m.text for m in inside if m.form not in ("generic", "reference") and m.precision not in ("country", "region")}

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
        of_war = any(w.lemma_.lower() in words("nouns.yaml")["war"] for w in about)
        return time.date_start if of_war and not only_ranks(self.doc, time, begun[0]) else None

    def _years_of_war(self, time: TimeMention) -> date | None:
        years, published = re.fullmatch(r"P(\d+)Y", time.value or ""), self.report.published
        of = re.match(r"(?:-old|-long)?\s(?:\w+\s)?(\w+)", self.report.text[time.end : time.end + 40])
        if not years or not published or not of or of[1].lower() not in words("nouns.yaml")["war"]:
            return None
        return date(published.year - int(years[1]), 1, 1)

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
        found = self.actors.get(token.i)
        return found[0] if found else None  # type: ignore[return-value]

    def place_at(self, token: Token) -> PlaceMention | None:
        found = self.places.get(token.i)
        return found[0] if found else None  # type: ignore[return-value]

    def is_class(self, token: Token, of_class: str) -> bool:
        """Is a word of a class: "actor", "place", "person" or a class of knowledge/nouns.yaml? "" is any nominal."""
        if of_class == "actor":
            person = token.ent_type_ == "PERSON" and self.place_at(token) is None
            return person or self.actor_at(token) is not None or bool(self.named_after(token))
        if of_class == "pronoun":
            return token.lower_ in ("he", "him", "she", "her", "they", "them", "himself", "herself", "themselves")
        if of_class == "proper":
            return token.pos_ == "PROPN" or (token.pos_ == "ADJ" and token.text[:1].isupper())
        if of_class == "person-name":
            named = token.pos_ == "PROPN" and bool(children(token, "flat")) and self.actor_at(token) is None
            return self.place_at(token) is None and (named or token.ent_type_ == "PERSON")
        if of_class == "place":
            return self.is_place(token)
        if of_class == "named":
            place = self.place_at(token)
            return place is not None and place.form != "generic"
        if of_class == "local":
            return self.is_class(token, "named") and getattr(self.place_at(token), "precision", None) not in ("country", "region")
        if of_class == "people":
            if token.text in WE:
                return True
            said_of = token.pos_ == "VERB" or (
                token.pos_ == "ADJ" and token.dep_ == "amod"
            )  # "the suspected attack", "the official agency"
            people = not said_of and any(token.lemma_.lower() in words("nouns.yaml")[c] for c in ("person", "body", "force"))
            people = people and token.lemma_.lower() not in ("weapon", "equipment") and not self._is_base(token)
            return people or self.is_class(token, "actor") or (token.dep_ in DOES and self.owner_of(token) is not None)
        if of_class in ("weapon", "fortification") and token.lemma_ in words("nouns.yaml")["of_arms"]:  # "artillery pieces", "a fuel store"
            arms = words("nouns.yaml")["weapon"]
            return any(child.dep_ == "compound" and child.lemma_.lower() in arms for child in token.lefts)
        if of_class:
            return token.lemma_.lower() in words("nouns.yaml")[of_class]
        return token.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ")

    def _is_base(self, token: Token) -> bool:
        """ "captured Brigade 52": what a unit had, and not its men."""
        place = self.place_at(token)
        return place is not None and place.head_noun == "base" and place.form == "name" and token.pos_ == "PROPN"

    def owner_of(self, token: Token) -> ActorMention | None:
        """ "its forces", "said its planes had struck": the pronoun that stands for the party whose men or arms they are."""
        if not any(self.is_class(token, name) for name in ("force", "weapon", "aircraft")):
            return None
        owners = (self.actor_at(word) for word in children(token, "nmod:poss"))
        return next((m for m in owners if m is not None and m.form == "reference" and not self._is_some_man(m)), None)

    def _is_some_man(self, pointing: ActorMention) -> bool:
        """ "a hostage was shot by one of | his | guards": of a man without a name they are no forces."""
        meant = self.root(*pointing.antecedent) if pointing.antecedent and pointing.text.lower() in ("his", "her") else None
        return meant is not None and meant.tag_ == "NN" and pointing.id is None

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

    @cached_property
    def told_of(self) -> set[str]:
        """The actors that the report names, and the last word of each."""
        named = [m.text.lower() for m in self.mentions if isinstance(m, ActorMention)]
        return {*named, *(name.split()[-1] for name in named)}

    def points_at(self, token: Token, of_class: str) -> bool:
        """Does a pronoun stand for words whose last is of a class?"""
        own = self.actor_at(token) if token.pos_ == "PRON" else None
        span = self.doc.char_span(*own.antecedent, alignment_mode="expand") if own is not None and own.antecedent else None
        return span is not None and self.is_class(span.root, of_class)

    def named_after(self, token: Token) -> list[Token]:
        """The names that a common noun for a body introduces: "the militant group X", "their allies X and Y", "the branch of Y, X,"."""
        if token.pos_ != "NOUN":
            return []
        if names := called(token):
            return names
        body = self.is_class(token, "body") or self.is_class(token, "affiliate")
        beside = [w for w in children(token, "appos", "flat") if w.pos_ == "PROPN" and (w.left_edge.i == token.i + 1 or self._lists(w))]
        beside = [w for w in beside if w.left_edge.text not in BRACKETS and (body or self._is_body(w))]
        return [name for w in beside[:1] for name in coordinated(w) if name.pos_ == "PROPN" or self._is_force(name)]

    def _lists(self, name: Token) -> bool:
        """ "the main groups in the suburb, | A and B, …": names of those whom a plural tells, told after where they are."""
        named = [self.actor_at(one) for one in coordinated(name)]
        return name.head.tag_ == "NNS" and len(named) > 1 and all(one is not None and one.form == "name" for one in named)

    def _is_force(self, noun: Token) -> bool:
        """ "the group A and | the army | took Karsa": another party beside the name, told by what it is."""
        own = self.actor_at(noun)
        return own is not None and own.form == "generic" and (self.is_class(noun, "body") or self.is_class(noun, "force"))

    def _is_body(self, name: Token) -> bool:
        own = self.actor_at(name)
        return own is not None and own.form == "name" and name.ent_type_ != "PERSON" and name.nbor(-1).text != ","

    def whole_of(self, token: Token) -> PlaceMention | None:
        named = any(w.text[0].isupper() for w in children(token, "compound", "amod") if w.i < token.i)  # "the Sabra quarter of Karsa"
        if named or token.lemma_.lower() not in words("nouns.yaml")["portion"]:
            return None
        whole = next((m for m in (self.place_at(end) or self.whole_of(end) for end in follow(token, "of")) if m), None)
        own = self.place_at(token)
        return None if whole and own and own.id and own.id == whole.id else whole  # "the quarter of Baba Sabr": that is its name

    def points_here(self, token: Token) -> bool:
        """ "the town", "this suburb", "it": does a word without a name of its own point at where the story stands?"""
        if token.tag_ != "NN" and token.lower_ != "it":
            return False
        if self.here is None or any(self.place_at(end) for end in follow(token, "of|in|near|outside")):
            return False
        m = self.place_at(token)
        if token.lower_ == "it":
            return m is None and self.actor_at(token) is None
        article = {c.lower_ for c in children(token, "det")}
        pointed = "this" in article or ("the" in article and not children(token, "compound", "amod"))
        nameless = m is None or (m.form == "generic" and not any(t.pos_ == "PROPN" for t in token.lefts))
        return pointed and nameless and self.is_class(token, "settlement")

    def is_place(self, token: Token) -> bool:
        """Does a word head a place, or a site that the text does not name ("a hilltop", "two checkpoints")?"""
        part = self.is_class(token, "portion") and any(self.is_place(end) for end in follow(token, "of"))
        named = part or self.place_at(token) is not None or self.whole_of(token) is not None or self.points_here(token)
        return named or (any(token.lemma_.lower() in words("nouns.yaml")[sort] for sort in ("site", "inside")) and not is_explosive(token))


def called(noun: Token) -> list[Token]:
    """The name in "its military wing, dubbed the Dera Brigade", "a commander known as Abu Omar"."""
    clauses = [verb for verb in children(noun, "acl") if verb.lemma_ in words("nouns.yaml")["naming"] and verb.i - noun.i < BACK]
    return [w for verb in clauses for w in children(verb, "obj", "xcomp", "obl", "nmod") if w.pos_ == "PROPN" and case_of(w) in ("", "as")][
        :1
    ]


def _leftmost(token: Token) -> Token:
    kept = [t for t in token.subtree if (t.pos_ not in ("DET", "NUM", "PUNCT", "ADP") or begins_compound(t)) and t.i <= token.i]
    return kept[0] if kept else token


def _rightmost(token: Token) -> Token:
    kept = [t for t in token.subtree if t.i >= token.i and t.dep_ in ("flat", "compound", "case")]
    return max([token, *(t for t in kept if t.head == token)], key=lambda t: t.i)


def noun_phrase(token: Token) -> Span:
    """The words an annotator would give for a noun: without article, number, relative clause or what follows but "of …"."""
    first, last = token, token
    while first.i and first.dep_ == "compound" and first.nbor(-1).dep_ == "compound" and first.nbor(-1).head == first.head:
        first = first.nbor(-1)  # parts of one name that hang on another word
    counts = (child.i for child in token.lefts if child.pos_ == "NUM" and not begins_compound(child))
    after = max(counts, default=-1)  # "shot dead two men"
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
