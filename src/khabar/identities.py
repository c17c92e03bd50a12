"""Claims → the same with the ids of actors and recipients whose words name one, where no mention gave it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import ROLE, Setting, coalition_of, faction_of, known_actor, named_before, only_demonym, setting_of
from khabar.gazetteer import Gazetteer
from khabar.model import Claim, Participant, Report
from khabar.names import is_demonym
from khabar.registry import Registry


def identified(claims: Sequence[Claim], report: Report, registry: Registry, gazetteer: Gazetteer) -> tuple[Claim, ...]:
    """The claims with the ids of actors and recipients whose words name one, where no mention was at hand to give it: "the SDF's fight"."""
    setting = setting_of(report, registry, gazetteer)

    def found(participant: Participant | None) -> Participant | None:
        return _identified(participant, report.text, setting)

    return tuple(replace(claim, actor=found(claim.actor), recipient=found(claim.recipient)) for claim in claims)


def _identified(participant: Participant | None, text: str, setting: Setting) -> Participant | None:
    if participant is None or participant.id:
        return participant
    if participant.text.islower():
        deed = re.match(r"\s+(\w+)", text[participant.end :]) if participant.text == "coalition" and participant.end else None
        actor = coalition_of(deed[1], setting) if deed else None
        return replace(participant, id=actor.id, name=actor.name) if actor else participant
    words = _HEDGED.sub("", _AND_OTHERS.sub("", participant.text))
    actor = _state(words, setting) or known_actor(words, setting) or _common(words, setting)
    return replace(participant, id=actor.id, name=actor.name) if actor else participant


_HEDGED = re.compile(r"^(?:.*\)\s*|(?:(?:suspected|alleged|presumed|apparent|so-called|called)\s+)+)(?=\S)", re.DOTALL)
"""Words in front that say no more of who is meant: "suspected Russian", and the end of a bracket that the tree took along."""

_AND_OTHERS = re.compile(r",?\s+(?:and|&)\s+(?:its|their|his|other|others|allied)\b.*", re.DOTALL)
"""What a joint party is more than the one it names: "Jabhat al-Zahr and other groups"."""


def _common(words: str, setting: Setting) -> Actor | None:
    """Common nouns: "Army spokesman X said his forces …" is of the army of the report's country, "Syrian rebel" shells of its rebels."""
    last = words.split()[-1].lower()
    if " " not in words and is_demonym(words, setting.registry):
        code = setting.registry.country_of(words)  # "Russian | and allied forces", and no people: "Russians"
        return setting.registry.state_actor(code, "army", setting.on) if code and not last.endswith("s") else None
    if any(last in nouns for nouns in actor_forms()["factions"].values()):
        return faction_of(words, setting)
    if last in actor_forms()["members"]:
        return named_before(words.rpartition(" ")[0], "rebels", setting)
    return _of_the_state(words, setting) if words.lower() in BODIES else None


def _of_the_state(word: str, setting: Setting) -> Actor | None:
    role = ROLE.get(head_class(word) or "")
    return setting.registry.state_actor(setting.country, role, setting.on) if role and setting.country else None


def _state(words: str, setting: Setting) -> Actor | None:
    """The government of the country that the words name: "backed by Turkey"."""
    code = None if only_demonym(words, setting.registry) else setting.registry.country_of(words)
    return setting.registry.state_actor(code, "government", setting.on) if code else None
