"""The mentions of a report, taken in one after another → those that a later word may stand for, the likeliest, its fullest name.

Candidates are the mentions before the word in the same voice: a comment never points into the article, nor an article into a comment.
Nearness, subjecthood and how often the report names a body decide.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import takewhile
from typing import Any, Generic, TypeVar, cast

from khabar.actorfiles import SPEAKERS
from khabar.cues import lexicon
from khabar.doc import Doc, Token
from khabar.doc import Span as Words
from khabar.lexicon import table
from khabar.model import ActorMention, PlaceMention, Report, Span
from khabar.placewords import own_words
from khabar.registry import Registry

Named = ActorMention | PlaceMention
M = TypeVar("M", bound=Named)

# How far back, in sentences, a word may point. Pronouns seldom pass the sentence before; nouns reach further.
PRONOUN_REACH = 2
NOUN_REACH = 12
_OF_PERSONS = frozenset({"he", "him", "his", "she", "her"})
_OF_REBELS = frozenset({"rebel group", "political militia", "identity militia", "coalition"})


@dataclass(frozen=True, slots=True)
class Candidate(Generic[M]):
    """A mention that something later may stand for: its sentence, whether it is a subject or speaks, the words that describe it."""

    mention: M
    sentence: int
    subject: bool
    speaks: bool
    called: frozenset[str]


@cache
def knowledge() -> Mapping[str, Any]:
    """The tables of references.yaml, its lists of words as sets."""
    return {name: frozenset(rows) if isinstance(rows, list) else rows for name, rows in table("references").items()}


def key(mention: Named) -> str:
    """The same for all mentions of one thing."""
    return mention.id or mention.text.casefold()


class Antecedents:
    """What a report has named, indexed so that a long one is read in linear time; `candidates`: those that have been taken in so far."""

    def __init__(self, doc: Doc, report: Report, mentions: Sequence[Named], registry: Registry | None = None) -> None:
        self.doc, self.text, self.report, self.registry = doc, doc.text, report, registry
        self.people = [entity for entity in doc.ents if entity.label_ == "PERSON"]
        self.persons: dict[str, str] = {}  # by the last word of a name: "he" or "she" stood for it
        self.sentence_of = [0] * len(doc)
        for i, sentence in enumerate(doc.sents):
            self.sentence_of[sentence.start : sentence.end] = [i] * len(sentence)
        self.candidates: list[Candidate[Named]] = []
        self.over: dict[int, list[Named]] = defaultdict(list)
        self._alike: dict[str, list[Named]] = defaultdict(list)
        self._called: dict[str, set[str]] = {}
        self._fullest: dict[tuple[str, str, str, str, int], Span] = {}
        self.actors = [mention for mention in mentions if isinstance(mention, ActorMention)]  # before or after
        for mention in mentions:
            self._alike[key(mention)].append(mention)
            for token in self.words(mention) or ():
                self.over[token.i].append(mention)

    def words(self, mention: Named) -> Words | None:
        """The words of a mention, whole."""
        return self.doc.char_span(mention.start, mention.end, alignment_mode="expand")

    def take_in(self, mention: Named) -> None:
        """From now on, something may stand for it."""
        words = self.words(mention)
        if words is None or (_is_anybody(mention) and not _is_plural(words.root) and not _is_the_body(words.root)):
            return
        if mention.text.casefold() in lexicon().words["platforms"]:  # "in a statement on Telegram, the group said"
            return
        if isinstance(mention, PlaceMention) and any(_is_name_over(other, mention) for other in self.over[words.start]):
            return
        root = words.root
        if isinstance(mention, PlaceMention) and root.head.lemma_ == "base" and any(c.lower_ == "in" for c in root.lefts):
            return  # "which is based in Britain"
        teller = root.head.head if root.dep_ in ("obl", "xcomp") and root.head.dep_ == "acl" else root  # "the group known as A"
        speaks = (teller.dep_.startswith("nsubj") or teller.dep_ == "obl:agent") and teller.head.lemma_ in knowledge()["speech"]
        if mention.form != "reference":
            self._called.setdefault(key(mention), set()).update(_describing(self.text, mention, root))
        called = frozenset(self._called.get(key(mention), ()))
        self.candidates.append(Candidate(mention, self.sentence_of[root.i], root.dep_.startswith("nsubj"), speaks, called))

    def before(self, token: Token, *, reach: int) -> list[Candidate[Named]]:
        """The candidates in the same voice, at most `reach` sentences back; the nearest first."""
        here, voice = self.sentence_of[token.i], self.voice(token.idx)
        near = takewhile(lambda c: here - c.sentence <= reach, reversed(self.candidates))
        return [c for c in near if c.mention.end <= token.idx and self.voice(c.mention.start) == voice]

    def actors_before(self, token: Token, *, reach: int) -> list[Candidate[ActorMention]]:
        found = [c for c in self.before(token, reach=reach) if isinstance(c.mention, ActorMention)]
        return cast("list[Candidate[ActorMention]]", found)

    def places_before(self, token: Token, *, reach: int) -> list[Candidate[PlaceMention]]:
        found = [c for c in self.before(token, reach=reach) if isinstance(c.mention, PlaceMention)]
        return cast("list[Candidate[PlaceMention]]", found)

    def acts_here(self, candidate: Candidate[M], token: Token) -> bool:
        """ "X attacked them", "the army took it from the group": never X itself, nor the army."""
        return candidate.subject and candidate.sentence == self.sentence_of[token.i]

    def best(
        self,
        candidates: Iterable[Candidate[M]],
        token: Token,
        *,
        words: frozenset[str] = frozenset(),
        plural: bool | None = None,
        subject: float = 1.0,
    ) -> Candidate[M] | None:
        """The most salient candidate: near, a subject, often named, called by the very noun, of the pronoun's number (None: no pronoun)."""

        def salience(c: Candidate[M]) -> tuple[float, int]:
            distance = self.sentence_of[token.i] - c.sentence
            often = min(len(self._alike[key(c.mention)]), 6) * (0.25 if plural is None else 0.1)
            agrees = 0.5 * (plural is not None and plural == is_crowd(c.mention))
            return (subject * c.subject - distance + often + 1.5 * bool(words & c.called) + agrees, c.mention.start)

        return max(candidates, key=salience, default=None)

    def covering(self, token: Token, sort: type[M]) -> M | None:
        """The mention of this sort that a word belongs to."""
        return next((mention for mention in self.over[token.i] if isinstance(mention, sort)), None)

    def reference(self, token: Token, chosen: Candidate[M] | None, *, over: Named | None = None) -> Named | None:
        """A reference over the token (or over a generic mention that it explains) to the fullest name of the chosen."""
        if chosen is None:
            return None
        start, end = (over.start, over.end) if over else (token.idx, token.idx + len(token.text))
        antecedent = chosen.mention.antecedent or self._fullest_once(chosen.mention)
        return replace(chosen.mention, start=start, end=end, text=self.text[start:end], form="reference", antecedent=antecedent)

    def voice(self, offset: int) -> int:
        """Which voice speaks here: bodies, headlines and captions are the outlet's, each comment its own writer's."""
        for i, section in enumerate(self.report.sections):
            if section.start <= offset < section.end:
                return i if section.kind in ("comment", "boilerplate") else -1
        return -1

    @cached_property
    def rebels(self) -> frozenset[str]:
        """Ids of the bodies of rebels that the report names, before or after."""
        return frozenset(mention.id for mention in self.actors if mention.id and self._is_rebel(mention.id))

    def _is_rebel(self, id: str) -> bool:
        if self.registry is None or self.registry.kind(id) not in _OF_REBELS or id.endswith("-generic"):
            return False
        actor = self.registry.actor(id)
        of_states = actor is not None and actor.kind == "coalition" and actor.country is None  # NATO
        return not (of_states or any(side.endswith("/government") for side in self.registry.sides(id, self.report.published)))

    # --- what a candidate is

    def is_person(self, candidate: Candidate[M]) -> bool:
        if candidate.mention.id:  # a body that the registry knows, whatever the model takes its name for
            return False
        if candidate.mention.text.lower() in _OF_PERSONS:
            return True
        start = candidate.mention.antecedent[0] if candidate.mention.antecedent else candidate.mention.start
        words = self.doc.char_span(start, start + 1, alignment_mode="expand")
        return words is not None and words[0].ent_type_ == "PERSON"

    def is_medium(self, candidate: Candidate[M]) -> bool:
        """Does it speak and not fight?"""
        mention = candidate.mention
        if mention.id and isinstance(mention, ActorMention) and self.registry and self.registry.kind(mention.id) in SPEAKERS:
            return True
        return _any_of("media").search(mention.text.casefold()) is not None

    def is_of_states(self, candidate: Candidate[M]) -> bool:
        """Is it the United Nations or its like, which nobody calls "the group"?"""
        mention = candidate.mention
        if not isinstance(mention, ActorMention) or mention.id is None or self.registry is None:
            return False
        return self.registry.kind(mention.id) in ("international organisation", "peacekeepers")

    def holds_name(self, phrase: Named) -> bool:
        """Is there a name in the phrase itself: "the Kalam militia"?"""
        if _known_name(phrase) or re.search(r"\s[A-Z]|\w\s?[A-Z]{2}|[A-Z]\d", phrase.text):
            return True
        return any(mention.form == "name" for mention in self._within(phrase))

    def _within(self, phrase: Named) -> list[Named]:
        over = (mention for token in self.words(phrase) or () for mention in self.over[token.i])
        return [mention for mention in over if phrase.start <= mention.start and mention.end <= phrase.end]

    # --- its fullest name

    def _fullest_once(self, mention: Named) -> Span:
        known_as = (type(mention).__name__, key(mention), mention.text, mention.form, self.voice(mention.start))
        if known_as not in self._fullest:
            self._fullest[known_as] = self._fullest_name(mention)
        return self._fullest[known_as]

    def _fullest_name(self, mention: Named) -> Span:
        """The span of the longest name that the report has for what `mention` names; of several as long, the first.

        A name without other words is preferred: "A", not "the northern district of A"; a phrase is taken where the report has no bare name.
        """
        voice = self.voice(mention.start)
        alike = [m for m in self._alike[key(mention)] if type(m) is type(mention)]
        names = [m for m in alike if m.form == "name" and (m.form == mention.form or m.text.casefold() in mention.text.casefold())]
        alike = [m for m in alike if m.form == ("name" if names else mention.form)]
        same = [m for m in alike if self.voice(m.start) == voice] or [mention]
        same = [m for m in same if not _in_brackets(self.text, m)] or same
        if isinstance(mention, PlaceMention) and _has_own_name(mention):
            same = [m for m in same if isinstance(m, PlaceMention) and m.head_noun == mention.head_noun] or [mention]
        bare = [m for m in same if not re.search(r"(?:^|\s)(?!of\b|the\b|and\b|for\b|al\b|de\b)[a-z]+\b(?!-)", m.text)]
        if isinstance(mention, PlaceMention):  # a place's longer name is often a part of it: "A monastery"
            often = Counter(m.text for m in bare)
            most = max(often.values(), default=0)
            bare = [m for m in bare if often[m.text] == most]
        best = max(bare or [mention], key=lambda m: (len(m.text.split()), -m.start))
        if isinstance(mention, ActorMention):
            length = len(_known_name(best)) or len(best.text)
            return (best.start, best.start + length)
        own = isinstance(best, PlaceMention) and _has_own_name(best)
        inner = None if bare or own else self._name_within(best)
        return (inner.start, inner.end) if inner else (best.start, best.end)

    def _name_within(self, phrase: Named) -> Named | None:
        """The place's name in a phrase: "A" in "the western province of A"."""
        places = (mention for mention in self._within(phrase) if isinstance(mention, PlaceMention) and mention != phrase)
        return next((mention for mention in places if mention.text[:1].isupper()), None)


def not_beside(places: list[Candidate[PlaceMention]], text: str) -> list[Candidate[PlaceMention]]:
    """ "a post near A", "B, 40 km south of A": without A where its sentence names another, which lies there."""
    beside = [c for c in places if c.mention.near or _NEAR.search(text[max(0, c.mention.start - 30) : c.mention.start])]
    told = {c.sentence for c in places if c not in beside}
    return [c for c in places if c not in beside or c.sentence not in told]


_NEAR = re.compile(r"\b(?:near|outside|beyond|close to|(?:north|south|east|west)(?:east|west)? of)\s(?:the\s\w+\sof\s)?$", re.IGNORECASE)


def _has_own_name(place: PlaceMention) -> bool:
    """ "the hill of A", "the A bridge", "the base at A", "the 9th Division base in A": a place of its own, and not the town A."""
    noun = place.head_noun or ""
    if own_words().get(noun) != "exact":
        return False
    led = "of|at|near|outside" if noun in _HELD else "of"
    return place.id is not None or re.fullmatch(rf"(?:{noun} (?:{led}) (?:the )?)?{_NAME}(?: {noun})?", place.text) is not None


_NAME = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*"
_HELD = frozenset(
    ("base", "airbase", "airport", "airfield", "barracks", "garrison", "outpost", "fort", "fortress", "bridge", "dam", "crossing", "port")
)


def _known_name(phrase: Named) -> str:
    """The registry's name of a body that opens a phrase for its men: "Al-Shabaab" of "Al-Shabaab fighters"; "" of others."""
    name = (phrase.name or "").removesuffix("s")
    words = phrase.text[: len(name) + 1].split()
    named = bool(name) and phrase.form == "generic" and phrase.text.casefold().startswith(name.casefold())
    return " ".join(words) if named and phrase.text[len(" ".join(words)) :][:1] == " " else ""


def is_crowd(mention: Named) -> bool:
    """Are they many, by the word: "fighters", "policemen"?"""
    generic = mention.form == "generic" and mention.text.endswith(("s", "men", "people"))
    return generic or re.search(r"\b[a-z]+(?:s|men|people)$", mention.text) is not None


def is_state(mention: Named) -> bool:
    """Is it a government or its forces? By the words of its name and of its id."""
    return _any_of("state_words").search(f"{mention.text} {mention.id or ''}".casefold().replace("-", " ")) is not None


@cache
def _any_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('references')[name])})\b")


def _is_the_body(noun: Token) -> bool:
    """ "The army", "the militia", whichever it is."""
    return noun.lemma_.lower() in knowledge()["single_bodies"] and any(child.lower_ == "the" for child in noun.lefts)


def _is_anybody(mention: Named) -> bool:
    return isinstance(mention, ActorMention) and mention.form == "generic" and mention.id is None


def _is_plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or token.lower_.endswith(("s", "men", "people"))


def _describing(text: str, mention: Named, root: Token) -> frozenset[str]:
    """Words of the name, and those that describe it: "X, an alliance of rebel groups", "X is a militia", "the jihadist group X"."""
    words = set(re.findall(r"\w+", mention.text.casefold()))
    after = text[mention.end : mention.end + 90]
    described = re.match(r"\W{0,25}(?:\([^)]*\)\W*)?(?:is|was|,|–|—|-|\()\s*(?:an?|the)\s+([^.;:\n]{0,60})", after, re.IGNORECASE)
    if (
        described and not _in_brackets(text, mention) and not _OPENING.search(text[max(0, mention.start - 40) : mention.start])
    ):  # "KARSA (AP) — A coalition raid …"
        ends = "that|which|who|and|in|on" + "|of|near|north|south|east|west|outside" * isinstance(mention, PlaceMention)
        words |= set(re.findall(r"\w+", re.split(rf"\s(?:{ends})\s", described[1].casefold())[0]))
    before = text[max(0, mention.start - 60) : mention.start]
    if before.rstrip().endswith(("call", "called", "known as", "named")) and (
        said := re.search(r"(\w+)\s+(?:(?:that\s+)?(?:they|locals|residents|soldiers)\s+call|called|known as|named)\s+$", before)
    ):
        words.add(said[1].casefold())
    if root.dep_ in ("appos", "flat", "compound") and root.head.pos_ in ("NOUN", "PROPN"):
        words |= {root.head.lower_, *(child.lower_ for child in root.head.children if child.dep_ in ("amod", "compound"))}
    return frozenset(words)


_OPENING = re.compile(r"(?:^|[.!?:;\n”\"]\s+|[.!?:;\n]|\b(?:And|But)\s)(?:In|At|Near|Around|Outside|Inside|From)\s(?:the\s\w+\sof\s)?$")
""" "In A, the airport …": where something is, and not what A is."""


def _is_name_over(mention: Named, place: PlaceMention) -> bool:
    """Is a place's name here an actor or a part of one: "Moscow and Kalam say", "the Kalam Division"?"""
    within = isinstance(mention, ActorMention) and mention.start <= place.start and place.end <= mention.end
    return within and (mention.form == "name" or (mention.start, mention.end) == (place.start, place.end))


def _in_brackets(text: str, mention: Named) -> bool:
    """ "X (also known as Y)": Y is another name for it and not what the report calls it."""
    before = text[max(0, mention.start - 80) : mention.start]
    return before.rfind("(") > before.rfind(")")
