"""Claims → the same with the ids of actors and recipients whose words name one, where no mention gave it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import (
    Setting,
    capital_of,
    coalition_of,
    faction_of,
    known_actor,
    named_before,
    of_the_state,
    only_demonym,
    ruled_by,
    side_called,
)
from khabar.model import ActorMention, Claim, Participant, Reading, Speaker
from khabar.names import is_demonym
from khabar.ownforces import body_of, with_own_forces
from khabar.storyparties import army_meant, party_meant

DEALINGS = ("statement", "agreement", "allied_with")  # with whom they are, a capital stands for its state


def identified(claims: Sequence[Claim], reading: Reading, setting: Setting) -> tuple[Claim, ...]:
    """The claims with the ids of speakers, actors and recipients whose words name one, where no mention was at hand to give it: "the SDF's
    fight"; with the speaker's own body for "our troops"."""
    spoken = [replace(claim, attribution=tuple(_spoken_for(one, claim, reading, setting) for one in claim.attribution)) for claim in claims]
    own = with_own_forces(spoken, reading, setting)

    def found(participant: Participant | None, claim: Claim) -> Participant | None:
        return _identified(participant, claim.kind, reading.report.text, setting)

    named = [_between(claim, found(claim.actor, claim), found(claim.recipient, claim)) for claim in own]

    def meant(participant: Participant | None, claim: Claim) -> Participant | None:
        if participant is None or (participant.id and not participant.id.endswith("-generic")):
            return participant
        actor = _named_beside(participant, reading, setting) or party_meant(participant, claim, reading, setting)
        actor = actor or army_meant(participant, claim, reading, setting)
        return replace(participant, id=actor.id, name=actor.name) if actor else participant

    return tuple(_between(claim, meant(claim.actor, claim), meant(claim.recipient, claim)) for claim in named)


def _between(claim: Claim, actor: Participant | None, recipient: Participant | None) -> Claim:
    same = actor is claim.actor and recipient is claim.recipient
    return claim if same else replace(claim, actor=actor, recipient=recipient)


def _named_beside(part: Participant, reading: Reading, setting: Setting) -> Actor | None:
    """Whose name stands beside common words: "the Takfiri group | Ansar al-Zahr", "members | of the Zahr Front", "(Zahr Front) | men"."""
    if part.start is None or part.end is None or not part.text.split()[-1].islower():
        return None
    if within := _named_within(part, part.start, part.end, reading, setting):
        return within
    text, last = reading.report.text, part.text.split()[-1]
    before = re.search(r"\(([^()]{2,40})\)\s$", text[max(0, part.start - 45) : part.start])
    if before and part.text.islower() and (bracketed := known_actor(before[1], setting)):
        return bracketed
    kind = head_class(last)
    if last in ("group", "organisation", "organization", "movement", "faction"):
        beside = re.compile(r"\s(?:(?:known as|called|named|calling itself)\s)?(?:the\s)?")
    elif last in actor_forms()["members"] or kind in ("army", "rebels"):
        beside = re.compile(r"\s(?:of|from)\s(?:the\s)?(?:\w[\w.-]*\w\s){0,3}?")
    else:
        return None
    names = [
        m
        for m in reading.mentions
        if isinstance(m, ActorMention) and m.id and m.form == "name" and m.start > part.end and text[m.end : m.end + 1] != "-"
    ]
    named = next((m for m in names if beside.fullmatch(text, part.end, m.start)), None)
    return setting.registry.actor(named.id) if named and named.id else None


def _named_within(part: Participant, start: int, end: int, reading: Reading, setting: Setting) -> Actor | None:
    """Whose name stands in a phrase for them: "militants from the al-Qaeda-linked Zahr Front group", "Zahr Front al-Qaeda's branch"."""
    text = reading.report.text
    names = [m for m in reading.mentions if isinstance(m, ActorMention) and m.id and m.form == "name" and start <= m.start < m.end <= end]
    called = names and names[0].start == start and text[names[0].end] == " " and " and " not in part.text
    if called and part.text.split()[-1] in ("affiliate", "branch", "offshoot", "arm", "wing"):
        return setting.registry.actor(names[0].id or "")
    whole = {m.id for m in names if text[m.end : m.end + 1] != "-"}
    first, _, rest = part.text.partition(" ")
    theirs = head_class(first) in ("army", "rebels") or first.lower() in actor_forms()["members"]
    return setting.registry.actor(whole.pop() or "") if theirs and len(whole) == 1 and re.match(r"(?:of|from)\s", rest) else None


def _spoken_for(speaker: Speaker, claim: Claim, reading: Reading, setting: Setting) -> Speaker:
    """Who speaks for a body speaks as it: "Omar Hadid [army]", "an RSF spokesman", "the group's spokesman"."""
    named = speaker.text.endswith("]")
    if speaker.id or not (named or "spokes" in speaker.text):
        return speaker
    body = speaker.text.rpartition("[")[2].removesuffix("]") if named else _SPOKESMAN.sub("", speaker.text)
    if body.lower() in BODIES:
        actor = of_the_state(body, setting, at=claim.place.country if claim.place else None)
        return replace(speaker, id=actor.id) if actor else speaker
    known = known_actor(body, setting) if body != speaker.text else None
    spoken = known or body_of(speaker, reading, setting)
    return replace(speaker, id=spoken.id) if spoken else speaker


_SPOKESMAN = re.compile(r"(?:[’']s?)?\s+(?:chief |military |official )?spokes(?:man|woman|person)$", re.IGNORECASE)
"""What follows the body in "RSF spokesman", "the army's military spokesman"."""


def _identified(participant: Participant | None, kind: str, text: str, setting: Setting) -> Participant | None:
    if participant is None or participant.id:
        return participant
    if participant.text.islower():
        actor = _common_side(participant, text, setting)
        return replace(participant, id=actor.id, name=actor.name) if actor else participant
    words = _HEDGED.sub("", _AND_OTHERS.sub("", _GATHERED_OF.sub(r"\1", _BRACKET.sub(" ", participant.text))))
    actor = _behind(words, participant.end, text, setting) or (capital_of(words, setting) if kind in DEALINGS else None)
    actor = actor or _state(words, setting) or known_actor(words, setting) or _common(words, setting)
    if actor is None and (ruled := _RULED.match(words)):
        actor = ruled_by(ruled[1], setting)
    return replace(participant, id=actor.id, name=actor.name) if actor else participant


def _common_side(part: Participant, text: str, setting: Setting) -> Actor | None:
    """Which side of the war common words before a noun mean: "coalition | airstrikes", "terrorist | attacks", "opposition | bastions"."""
    if part.text == "coalition" and part.end:
        deed = re.match(r"s?\s+(?:air\s)?(\w+)", text[part.end :])
        return coalition_of(deed[1], setting) if deed else None
    singular = " " not in part.text and not part.text.endswith("s") and head_class(part.text) == "rebels"
    return side_called(f"{part.text}s", setting) or faction_of(part.text, setting) if singular else None


_BRACKET = re.compile(r"\s\([^()]*\)\s")
"""Within a name: "Islamic State (IS) group"."""
_HEDGED = re.compile(r"^(?:.*\)\s*|(?:(?:suspected|alleged|presumed|apparent|so-called|called)\s+)+)(?=\S)", re.DOTALL)
"""Words in front that say no more of who is meant: "suspected Russian", and the end of a bracket that the tree took along."""

_GATHERED_OF = re.compile(
    rf"^(?:\w+ and )?(?:{'|'.join(actor_forms()['members'])})(?: and \w+)? of (?:the )?([\w' -]+?)(?: (?:in|on|at|near|around)\b.*)?$"
)
""" "gatherings and movements of al-Kara men in the town": whose they are."""

_RULED = re.compile(r"(?:\w+\s)?(?:government|regime)\sof\s.*?([A-Z][\w-]+)$")
""" "government of President Omar Hadid"."""

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
    if last in actor_forms()["envoys"] and (sender := known_actor(words.rpartition(" ")[0], setting)):
        return sender if sender.kind == "international organisation" else None
    if last in actor_forms()["members"]:
        return named_before(words.rpartition(" ")[0], "rebels", setting)
    return of_the_state(words, setting) if words.lower() in BODIES else None


def _behind(words: str, end: int | None, text: str, setting: Setting) -> Actor | None:
    """Whose help a party has is the state's, and no army's: "Iranian | -backed"."""
    what = re.match(r"-(\w+)", text[end:]) if end and is_demonym(words, setting.registry) else None
    code = setting.registry.country_of(words) if what and what[1] in actor_forms()["by_state"] else None
    return setting.registry.state_actor(code, "government", setting.on) if code else None


def _state(words: str, setting: Setting) -> Actor | None:
    """The government of the country that the words name: "backed by Turkey"."""
    code = None if only_demonym(words, setting.registry) else setting.registry.country_of(words)
    return setting.registry.state_actor(code, "government", setting.on) if code else None
