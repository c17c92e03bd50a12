"""A report → all that is read in it: sentences, mentions, speakers, claims.

The main job is the tuple STEPS, read top to bottom. Each step takes a Reading and the Knowledge and returns a fuller Reading. A step
touches nothing outside its arguments, so a report gives the same reading alone, in any batch and on any worker.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from khabar.actorids import setting_of
from khabar.actors import early_names, find_actors
from khabar.apostrophes import lost_apostrophes
from khabar.attribution import find_attributions
from khabar.blocks import paragraphs
from khabar.gazetteer import Gazetteer, load_gazetteer
from khabar.grammar import code_claims
from khabar.identities import identified
from khabar.language import parse
from khabar.matching import Grammar
from khabar.model import ActorMention, Predicate, Reading, Report
from khabar.names import find_names
from khabar.people import find_people
from khabar.places import find_places
from khabar.printed_days import day_told
from khabar.quantities import find_quantities
from khabar.references import find_references
from khabar.registry import Registry, load_registry
from khabar.rules import load_rules
from khabar.times import find_times
from khabar.trace import Trace

TELLERS = ("media", "agency", "monitor")


@dataclass(frozen=True)
class Knowledge:
    """What the program knows before it reads: actors, places, rules."""

    registry: Registry
    gazetteer: Gazetteer
    grammar: Grammar


@lru_cache(maxsize=2)
def load_knowledge(rules: Path | None = None, actors: Path | None = None) -> Knowledge:
    """The shipped knowledge with the user's own (`rules`, `actors`: a file of rules or of the registry, or a folder of them)."""
    knowledge = Knowledge(load_registry(actors), load_gazetteer(), Grammar(load_rules(rules)))
    gc.freeze()  # it stays: the collector need not go over it again with every few reports
    return knowledge


def read(report: Report, knowledge: Knowledge, *, trace: Trace | None = None) -> Reading:
    """Everything read in one report. `trace`: an empty one, to be told which rules were tried and what came of them."""
    day, doubts = day_told(report)
    reading = Reading(replace(report, published=day), trace=trace)  # the steps read it as the readers of the printed day did
    for step in STEPS:
        reading = step(reading, knowledge)
    told_on = day if day != report.published else None
    return replace(reading, report=report, doubts=(*doubts, *reading.doubts), told_on=told_on)


def parsed(reading: Reading, knowledge: Knowledge) -> Reading:
    """Sentences with tags and dependencies; names that are known are joined into one word before parsing."""
    text = reading.report.text
    names = find_names(text, knowledge.registry, knowledge.gazetteer)
    lost = lost_apostrophes(text, knowledge.registry)
    return replace(reading, doc=parse(text, blocks=paragraphs(text, reading.report.sections), names=names, lost=lost))


def named(reading: Reading, knowledge: Knowledge) -> Reading:
    """Mentions of actors, places, times and quantities."""
    doc, report = reading.tree, reading.report
    actors = find_actors(doc, report, knowledge.registry, knowledge.gazetteer)
    places = find_places(doc, report, knowledge.gazetteer, knowledge.registry)
    times = find_times(doc, report)
    doubts = early_names(actors, report, knowledge.registry)
    return replace(reading, mentions=(*actors, *places, *times, *find_quantities(doc, report, times=times)), doubts=doubts)


def referred(reading: Reading, knowledge: Knowledge) -> Reading:
    """Mentions that point back: "the group", "the city", "they"."""
    found = find_references(reading.tree, reading.report, reading.mentions, knowledge.registry)
    return replace(reading, mentions=tuple(sorted((*reading.mentions, *found), key=lambda m: (m.start, -m.end))))


def attributed(reading: Reading, knowledge: Knowledge) -> Reading:
    """Who says what."""
    return replace(reading, attributions=find_attributions(reading.tree, reading.report, reading.mentions, knowledge.registry))


def judged(reading: Reading, knowledge: Knowledge) -> Reading:
    """Verbs and event nouns with their factuality."""
    doc = reading.tree
    values = doc.user_data["factuality"]
    found = [Predicate(t.idx, t.idx + len(t), round(float(values[t.i]), 2)) for t in doc if values[t.i] == values[t.i]]
    return replace(reading, predicates=tuple(found))


def coded(reading: Reading, knowledge: Knowledge) -> Reading:
    """The claims. Media and monitors tell and do not act, so their mentions are no actors of claims."""
    kind = knowledge.registry.kind
    acting = tuple(m for m in reading.mentions if not (isinstance(m, ActorMention) and m.id and (kind(m.id) or "") in TELLERS))
    ids = {m.id for m in acting if isinstance(m, ActorMention) and m.id}
    jihadist = frozenset(id for id in ids if knowledge.registry.is_jihadist(id))
    claims = code_claims(replace(reading, mentions=acting), knowledge.grammar, jihadist=jihadist)
    claims = identified(claims, reading, setting_of(reading.report, knowledge.registry, knowledge.gazetteer))
    return replace(reading, claims=claims, rules=knowledge.grammar.sha256)


def peopled(reading: Reading, knowledge: Knowledge) -> Reading:
    """The persons named besides; last, since they play no part in any claim."""
    found = find_people(reading.tree, reading.mentions)
    return replace(reading, mentions=tuple(sorted((*reading.mentions, *found), key=lambda m: (m.start, -m.end))))


STEPS: tuple[Callable[[Reading, Knowledge], Reading], ...] = (parsed, named, referred, attributed, judged, coded, peopled)
