"""A participant whose words only describe it ("terrorists", "the militants") → the party of the report that they mean, or None.

A report goes on to call so the body of holy warriors that it named in this sentence or the one before: the only rebels named there, not on
the side of the other party, the speaker or the outlet, and not of a place that the report has left. Further off they are that body where
the whole report names no other rebels, and names it where they are. Whom "rebels" and "gunmen" mean is not to be told so: they are many,
or somebody new.
"""

from __future__ import annotations

import re

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import ROLE, Setting
from khabar.model import ActorMention, Claim, Participant, PlaceMention, Reading, Span

REBELS = ("rebel group", "political militia", "identity militia", "coalition")
WIDE = ("country", "province", "region")


def party_meant(part: Participant, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """Whom "terrorists" means in a claim."""
    if part.start is None or not _only_describes(part) or _LINKED.search(reading.report.text, max(0, part.start - 12), part.start):
        return None
    return _just_named(part, part.start, claim, reading, setting) or _only_one(part, part.start, claim, reading, setting)


_LINKED = re.compile(r"-(?:linked|affiliated|allied|aligned|backed|inspired)\s$")
""" "al-Qaeda-linked | militants" are others than al-Qaeda."""


def _just_named(part: Participant, at: int, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    here, before = _sentences(at, reading)
    told = _enemies((before[0], here[1]), part, claim, reading, setting)
    if len({actor.id for actor in told}) != 1 or not setting.registry.is_jihadist(told[0].id):
        return None
    if not _rebels((before[0], at), reading, setting) or _OTHERS.search(reading.report.text, before[0], here[1]):
        return None
    named_here = bool(_rebels((here[0], at), reading, setting))
    places, old = _places(here, reading), _places(before, reading)
    return told[0] if named_here or not places or not old or places & old else None


def _only_one(part: Participant, at: int, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """The only rebels that the report names, more than once, where it tells of none that are not named."""
    whole = (0, len(reading.report.text))
    told = _enemies(whole, part, claim, reading, setting)
    if len(told) < 2 or len({actor.id for actor in told}) > 1 or not setting.registry.is_jihadist(told[0].id) or _unnamed_rebels(reading):
        return None
    here, _ = _sentences(at, reading)
    if _OTHERS.search(reading.report.text, *here):
        return None
    named = [_sentences(m.start, reading)[0] for m in reading.mentions if isinstance(m, ActorMention) and m.id == told[0].id]
    areas = _areas(here, reading)
    return told[0] if not areas or any(areas & _areas(sentence, reading) for sentence in named) else None


_GROUPS = re.compile(r"\b(?i:terrorist|armed|takfiri|extremist|jihadist)\s(?:groups\b(?![’'])|organi[sz]ations\b)")
_OTHERS = re.compile(
    r"\b(?:other|various|several|different|all)\s(?:[\w-]+\s){0,3}(?:groups|factions|organi[sz]ations|parties)\b"
    r"|\b(?:across|around|throughout) the (?:country|world)\b"
)
"""What tells that more than one body is spoken of."""


def _unnamed_rebels(reading: Reading) -> bool:
    """Does the report tell of rebels, an opposition or groups without a name, other than of "opposition-linked" monitors?"""
    if _GROUPS.search(reading.report.text):
        return True
    factions = actor_forms()["factions"]
    words = {*factions["rebels"], *factions["opposition"]}
    return any(token.lower_ in words and reading.tree[token.i + 1 : token.i + 2].text != "-" for token in reading.tree)


def _only_describes(part: Participant) -> bool:
    """Do its words name nobody: "Takfiri terrorists", "jihadist fighters", "the terrorist group"?"""
    words, forms = part.text.split(), actor_forms()
    *before, last = [word.lower() for word in words]
    for word, lower in zip(words, [*before, last], strict=True):
        if lower not in forms["creeds"] and ((not word.islower() and before) or lower in forms["others"]):
            return False
    described = {*forms["described"], *forms["creeds"]}
    return f"{last.removesuffix('s')}s" in forms["described"] or (
        last in ("fighters", "group") and any({word, f"{word}s"} & described for word in before)
    )


def _enemies(span: Span, part: Participant, claim: Claim, reading: Reading, setting: Setting) -> list[Actor]:
    """The bodies of rebels that are named there, of whom the words may speak; where they say "extremists", not those of another side."""
    registry, on = setting.registry, setting.on
    rebels = [actor for actor in _rebels(span, reading, setting) if not _is_friend(actor, part, claim, setting)]
    above = {body.id for actor in rebels for body in registry.memberships(actor.id, on)}  # "al-Qaeda's branch, al-Nusra"
    own = registry.faction("rebels", on=on, countries=setting.countries[:1])
    if own and f"{part.text.split()[-1].lower().removesuffix('s')}s" in actor_forms()["holy"]:
        rebels = [actor for actor in rebels if registry.is_jihadist(actor.id) or registry.same_side(actor.id, own.id, on)]
    return [actor for actor in rebels if actor.id not in above]


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
    return {m.id or m.text for m in _named_places(span, reading) if m.precision not in WIDE}


def _areas(span: Span, reading: Reading) -> set[str]:
    """The places that are named there, and the first-level areas that these lie in."""
    named = [m for m in _named_places(span, reading) if m.precision != "country"]
    return {area for m in named for area in (m.id or m.text, m.name if m.precision == "province" else m.admin1) if area}


def _named_places(span: Span, reading: Reading) -> list[PlaceMention]:
    return [m for m in reading.mentions if isinstance(m, PlaceMention) and span[0] <= m.start < span[1]]


def _is_friend(actor: Actor, part: Participant, claim: Claim, setting: Setting) -> bool:
    """Is it on the side of the other party, of who speaks or of who publishes?"""
    other = claim.recipient if part == claim.actor else claim.actor
    ids = [other.id if other else None, *(speaker.id for speaker in claim.attribution), setting.outlet]
    return any(id == actor.id or setting.registry.same_side(id, actor.id, setting.on) for id in ids if id)


STATE = ("state forces", "government", "external forces")


def army_meant(part: Participant, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """Whose "soldiers" or "helicopters" they are: those of the report's country, where the report names its forces or government and no
    other state's. Not where they act against them, nor is "the bomber" an aircraft; and drones fly for rebels too."""
    words = part.text[:1].lower() + part.text[1:]
    kind = head_class(words)
    several = words.islower() and words != "forces" and (words.endswith("s") or words == "air force" or words in BODIES)
    if kind not in ("army", "air") or not several or setting.country is None or claim.kind == "suicide_bombing":
        return None
    if words.removesuffix("s") in actor_forms()["of_any_side"] and not _is_owned(part, reading):
        return None
    named = {m.id for m in reading.mentions if isinstance(m, ActorMention) and m.id}
    states = {actor.country or actor.id for id in named if (actor := setting.registry.actor(id)) and actor.kind in STATE}
    other = claim.recipient if part == claim.actor else claim.actor
    known = setting.registry.actor(other.id) if other and other.id else None
    if states != {setting.country} or (known and known.country == setting.country and known.kind in STATE):
        return None
    return setting.registry.state_actor(setting.country, ROLE[kind], setting.on)


def _is_owned(part: Participant, reading: Reading) -> bool:
    """ "its drones": whose they are is said."""
    before = reading.report.text[: part.start or 0].split()[-1:]
    return before == ["its"]
