"""Claims → the same with the ids of actors and recipients whose words name one, where no mention gave it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import ROLE, Setting, coalition_of, faction_of, known_actor, named_before, only_demonym, setting_of
from khabar.gazetteer import Gazetteer
from khabar.model import Claim, Participant, Report, Speaker
from khabar.names import is_demonym
from khabar.registry import Registry


def identified(claims: Sequence[Claim], report: Report, registry: Registry, gazetteer: Gazetteer) -> tuple[Claim, ...]:
    """The claims with the ids of actors and recipients whose words name one, where no mention was at hand to give it: "the SDF's fight"."""
    setting = setting_of(report, registry, gazetteer)

    def found(participant: Participant | None, claim: Claim) -> Participant | None:
        return _own(_identified(participant, report.text, setting), claim.attribution, report.text, registry)

    spoken = (replace(claim, attribution=tuple(_spoken_for(one, setting) for one in claim.attribution)) for claim in claims)
    return tuple(replace(claim, actor=found(claim.actor, claim), recipient=found(claim.recipient, claim)) for claim in spoken)


def _spoken_for(speaker: Speaker, setting: Setting) -> Speaker:
    """Who speaks for "the army" or "the police" of the report's country speaks for those: "Omar Hadid [army]"."""
    body = speaker.text.rpartition("[")[2].removesuffix("]") if speaker.text.endswith("]") and not speaker.id else ""
    actor = _of_the_state(body, setting) if body.lower() in BODIES else None
    return replace(speaker, id=actor.id) if actor else speaker


def _own(participant: Participant | None, chain: Sequence[Speaker], text: str, registry: Registry) -> Participant | None:
    """ "Our forces hold the town", said by a body, or by who speaks for one: they are its own."""
    speaker = chain[-1].id if chain else None
    if not (participant and participant.id is None and participant.start and speaker):
        return participant
    actor = registry.actor(speaker) if re.search(r"\bour\s+$", text[: participant.start][-10:], re.IGNORECASE) else None
    return replace(participant, id=actor.id, name=actor.name) if actor else participant


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
