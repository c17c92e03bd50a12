"""Claims and the rest of a reading → the same claims with "our troops", "his men" as the body of whoever speaks.

Said by "an RSF spokesman", "our troops" are the RSF's and never the army's of the country (guideline, fields: a pronoun resolves to the
fullest name). Where nobody says for whom the speaker speaks, the words stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from khabar.actorfiles import SPEAKERS
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import Setting, known_actor, of_the_state
from khabar.contract import with_parties
from khabar.matching import BONDS, VIOLENCE
from khabar.model import ActorMention, Claim, Participant, Reading, Speaker
from khabar.scene import WE

ASSAULTS = (*VIOLENCE, "repelled_attack", "siege")
_OWNED = re.compile(r"(our|my|his|her|its|their)\s+(?:own\s+)?", re.IGNORECASE)
_OWNER = re.compile(rf"\b{_OWNED.pattern}$", re.IGNORECASE)


def with_own_forces(claims: Sequence[Claim], reading: Reading, setting: Setting) -> tuple[Claim, ...]:
    """Each claim with the speaker's body for "we", and for those of whom he says "our" or "his"; nobody for a "we" that has no body."""
    told = (_with_own(claim, reading, setting) for claim in claims)
    return tuple(claim for claim in told if claim.kind not in BONDS or (claim.actor and claim.recipient))


def _with_own(claim: Claim, reading: Reading, setting: Setting) -> Claim:
    whole = [_owned(part, claim, reading, setting) or part for part in (claim.actor, claim.recipient)]
    if claim.kind == "redeployment" and claim.recipient and claim.recipient.text not in WE:
        whole[1] = claim.recipient  # "the army moved its forces": the forces
    actor, recipient = (None if part and part.text in WE else part for part in whole)
    return claim if (actor, recipient) == (claim.actor, claim.recipient) else with_parties(claim, actor, recipient)


def _owned(part: Participant | None, claim: Claim, reading: Reading, setting: Setting) -> Participant | None:
    owner = _owner(part, reading)
    if owner is None or (claim.kind not in ASSAULTS and part and part.text.split()[-1].lower() in actor_forms()["lines"]):
        return None
    if isinstance(owner, ActorMention):
        return _participant(owner, reading) if _is_body(owner, reading) else None
    return body_of(claim.attribution[-1], reading, setting) if claim.attribution else _publisher(reading, setting)


def _owner(part: Participant | None, reading: Reading) -> ActorMention | str | None:
    """Whose men or lines they are: "his", whom the report says that is, or "" for whoever speaks; None where no such word tells."""
    if part is None or part.start is None:
        return None
    if part.text in WE:
        return ""
    start = part.start + (inside.end() if (inside := _OWNED.match(part.text)) else 0)
    before = _OWNER.search(reading.report.text[max(0, start - 20) : start])
    last = part.text.split()[-1].lower()
    if before is None or not (head_class(last) in ("army", "rebels") or last in (*actor_forms()["own"], *actor_forms()["lines"])):
        return None
    if before[1].lower() in ("our", "my"):
        return ""
    at = max(0, start - 20) + before.start()
    if _is_quoted(at, reading):  # of himself a speaker says "our"
        return None
    pointing = next((m for m in reading.mentions if isinstance(m, ActorMention) and m.form == "reference" and m.start == at), None)
    if pointing is not None and pointing.id:
        return pointing if part.id is None else None
    return "" if part.id is None else None


def _is_quoted(at: int, reading: Reading) -> bool:
    """Is it in words that are told as they were said?"""
    before = reading.report.text[max(0, at - 400) : at].rpartition("\n")[2]
    return before.rfind("“") > before.rfind("”") or before.count('"') % 2 == 1


def body_of(speaker: Speaker, reading: Reading, setting: Setting) -> Participant | None:
    """The body for which a speaker speaks, in the report's words: the RSF, of "an RSF spokesman", "a spokesman for the group"."""
    known = setting.registry.actor(speaker.id) if speaker.id else None
    if known and known.kind in SPEAKERS:
        return None
    bracket = speaker.text.rpartition("[")[2].removesuffix("]") if speaker.text.endswith("]") else ""
    named = [] if bracket else list(_in_source(speaker, reading))
    if known:
        own = next((body for body in named if body.id == known.id), None)
        return own or Participant(bracket or speaker.text, None, None, known.id, known.name)
    return _called(bracket, reading, setting) if bracket else next(iter(named), None) or _of_trade(speaker, reading, setting)


def _called(body: str, reading: Reading, setting: Setting) -> Participant | None:
    same = [m for m in reading.mentions if isinstance(m, ActorMention) and m.text.lower() == body.lower()]
    if same:
        return _participant(same[0], reading)
    actor = of_the_state(body, setting) if body.lower() in BODIES else known_actor(body, setting)
    return Participant(body, None, None, actor.id, actor.name) if actor else None


def _of_trade(speaker: Speaker, reading: Reading, setting: Setting) -> Participant | None:
    """The rebels for "a rebel commander", the army for "an army officer"."""
    words = speaker.text.lower().split()
    trade = next((word for word in words[:-1] if word in BODIES or head_class(word) == "rebels"), None)
    return (_called(trade, reading, setting) or Participant(trade, None, None, None, None)) if trade else None


def _in_source(speaker: Speaker, reading: Reading) -> Iterator[Participant]:
    """Bodies that are named in the words of the source: "commander of a Lowland battalion"."""
    sources = [a.source for a in reading.attributions if a.chain and a.chain[-1].text == speaker.text and a.source]
    for start, end in sources:
        for mention in reading.mentions:
            if isinstance(mention, ActorMention) and start <= mention.start < mention.end <= end and _is_body(mention, reading):
                yield _participant(mention, reading)


def _participant(mention: ActorMention, reading: Reading) -> Participant:
    start, end = mention.antecedent or (mention.start, mention.end)
    return Participant(reading.report.text[start:end], start, end, mention.id, mention.name)


def _is_body(mention: ActorMention, reading: Reading) -> bool:
    """Neither a person nor people without a body."""
    start, end = mention.antecedent or (mention.start, mention.end)
    words = reading.tree.char_span(start, end, alignment_mode="expand")
    person = mention.person or (words is not None and any(word.ent_type_ == "PERSON" for word in words))
    return not person and head_class(mention.text.split()[-1]) != "civilians"


def _publisher(reading: Reading, setting: Setting) -> Participant | None:
    """Who puts the text out, where that is a party to the war."""
    actor = setting.registry.actor(setting.outlet) if setting.outlet else None
    outlet = reading.report.outlet
    return Participant(outlet, None, None, actor.id, actor.name) if actor and outlet and actor.kind not in SPEAKERS else None
