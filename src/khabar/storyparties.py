"""A participant whose words only describe it ("terrorists", "the militants") → the party of the report that they mean, or None.

A report goes on to call so the body of holy warriors that it named in this sentence or the one before: the only rebels named there, not on
the side of the other party, the speaker or the outlet, and not of a place that the report has left. Whom "rebels" and "gunmen" mean is not
to be told so: they are many, or somebody new.
"""

from __future__ import annotations

from khabar.actorfiles import Actor
from khabar.actorforms import actor_forms
from khabar.actorids import Setting
from khabar.model import ActorMention, Claim, Participant, PlaceMention, Reading, Span

REBELS = ("rebel group", "political militia", "identity militia", "coalition")
WIDE = ("country", "province", "region")


def party_meant(part: Participant, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """Whom "terrorists" means in a claim."""
    if part.start is None or not _only_describes(part):
        return None
    here, before = _sentences(part.start, reading)
    told = [actor for actor in _rebels((before[0], part.start), reading, setting) if not _is_friend(actor, part, claim, setting)]
    if len({actor.id for actor in told}) != 1 or not setting.registry.is_jihadist(told[0].id):
        return None
    named_here = bool(_rebels((here[0], part.start), reading, setting))
    places, old = _places(here, reading), _places(before, reading)
    return told[0] if named_here or not places or not old or places & old else None


def _only_describes(part: Participant) -> bool:
    """Do its words name nobody: "Takfiri terrorists"?"""
    words, forms = part.text.split(), actor_forms()
    bare = all(word.lower() in forms["creeds"] or (word.islower() and word not in forms["others"]) for word in words)
    return bare and words[-1] in forms["described"]


def _rebels(span: Span, reading: Reading, setting: Setting) -> list[Actor]:
    """The bodies of rebels that are named there."""
    ids = [m.id for m in reading.mentions if isinstance(m, ActorMention) and m.id and span[0] <= m.start < span[1]]
    actors = [actor for id in ids if not id.endswith("-generic") and (actor := setting.registry.actor(id))]
    return [actor for actor in actors if actor.kind in REBELS]


def _sentences(at: int, reading: Reading) -> tuple[Span, Span]:
    """The sentence of an offset, and the one before it (or the same again)."""
    spans = [(s.start_char, s.end_char) for s in reading.tree.sents if s.start_char <= at]
    return spans[-1], spans[-2:][0]


def _places(span: Span, reading: Reading) -> set[str]:
    """The towns and smaller places that are named there."""
    named = (m for m in reading.mentions if isinstance(m, PlaceMention) and span[0] <= m.start < span[1] and m.precision not in WIDE)
    return {m.id or m.text for m in named}


def _is_friend(actor: Actor, part: Participant, claim: Claim, setting: Setting) -> bool:
    """Is it on the side of the other party, of who speaks or of who publishes?"""
    other = claim.recipient if part == claim.actor else claim.actor
    ids = [other.id if other else None, *(speaker.id for speaker in claim.attribution), setting.outlet]
    return any(id == actor.id or setting.registry.same_side(id, actor.id, setting.on) for id in ids if id)
