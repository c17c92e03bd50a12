"""A participant whose words only describe it ("terrorists", "the militants", "soldiers") → the party of the report that they mean, or None.

A report goes on to call so the body of holy warriors that it named in this sentence or the one before: the only rebels named there, not on
the side of the other party, the speaker or the outlet, and not of a place that the report has left. Further off they are that body where
the whole report names no other rebels, and names it where they are. Whom "rebels" and "gunmen" mean is not to be told so: they are many,
or somebody new. Soldiers are those of the report's country, where it names no other state's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from khabar.actorfiles import Actor
from khabar.actorforms import BODIES, actor_forms, head_class
from khabar.actorids import ROLE, Setting
from khabar.model import ActorMention, Claim, Participant, PlaceMention, Reading, Span

REBELS = ("rebel group", "political militia", "identity militia", "coalition")
STATE = ("state forces", "government", "external forces")
WIDE = ("country", "province", "region")


@dataclass(frozen=True)
class _Part:
    """A participant in its claim and report."""

    participant: Participant
    claim: Claim
    reading: Reading
    setting: Setting

    @property
    def text(self) -> str:
        """Of the report."""
        return self.reading.report.text

    @property
    def other(self) -> Participant | None:
        """The other party of the claim."""
        return self.claim.recipient if self.participant == self.claim.actor else self.claim.actor

    def sentences(self, at: int) -> tuple[Span, Span]:
        """The sentence of an offset, and the one before it (or the same again)."""
        spans = [(s.start_char, s.end_char) for s in self.reading.tree.sents if s.start_char <= at]
        return spans[-1], spans[-2:][0]

    def actors(self, start: int, end: int) -> list[Actor]:
        """Those that are named there, once for each name."""
        ids = [m.id for m in self.reading.mentions if isinstance(m, ActorMention) and m.id and start <= m.start < end]
        return [actor for id in ids if (actor := self.setting.registry.actor(id))]

    def rebels(self, start: int, end: int) -> list[Actor]:
        """The bodies of rebels that are named there."""
        return [actor for actor in self.actors(start, end) if actor.kind in REBELS and not actor.id.endswith("-generic")]

    def enemies(self, start: int, end: int) -> list[Actor]:
        """The rebels there of whom the words may speak; where they say "extremists", not those of another side."""
        registry, on = self.setting.registry, self.setting.on
        rebels = [actor for actor in self.rebels(start, end) if not self._is_friend(actor)]
        above = {body.id for actor in rebels for body in registry.memberships(actor.id, on)}  # "al-Qaeda's branch, al-Nusra"
        own = registry.faction("rebels", on=on, countries=self.setting.countries[:1])
        if own and f"{self.participant.text.split()[-1].lower().removesuffix('s')}s" in actor_forms()["holy"]:
            rebels = [actor for actor in rebels if registry.is_jihadist(actor.id) or registry.same_side(actor.id, own.id, on)]
        return [actor for actor in rebels if actor.id not in above]

    def _is_friend(self, actor: Actor) -> bool:
        """Is it on the side of the other party, of who speaks or of who publishes?"""
        ids = [self.other.id if self.other else None, *(speaker.id for speaker in self.claim.attribution), self.setting.outlet]
        return any(id == actor.id or self.setting.registry.same_side(id, actor.id, self.setting.on) for id in ids if id)

    def places(self, span: Span) -> list[PlaceMention]:
        return [m for m in self.reading.mentions if isinstance(m, PlaceMention) and span[0] <= m.start < span[1]]

    def towns(self, span: Span) -> set[str]:
        """The towns and smaller places that are named there."""
        return {m.id or m.text for m in self.places(span) if m.precision not in WIDE}

    def areas(self, span: Span) -> set[str]:
        """The places that are named there, and the first-level areas that these lie in."""
        named = [m for m in self.places(span) if m.precision != "country"]
        return {area for m in named for area in (m.id or m.text, m.name if m.precision == "province" else m.admin1) if area}


# --- "terrorists"


def party_meant(participant: Participant, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """Whom "terrorists" means in a claim."""
    part, at = _Part(participant, claim, reading, setting), participant.start
    if at is None or not _only_describes(participant) or _linked().search(part.text, max(0, at - 12), at):
        return None
    here, before = part.sentences(at)
    return _just_named(part, at, here, before) or _only_one(part, here)


def _just_named(part: _Part, at: int, here: Span, before: Span) -> Actor | None:
    body = _holy_one(part.enemies(before[0], here[1]), part)
    if body is None or not part.rebels(before[0], at) or _many().search(part.text, before[0], here[1]):
        return None
    towns, old = part.towns(here), part.towns(before)
    goes_on = not towns or not old or bool(towns & old)
    return body if goes_on or part.rebels(here[0], at) else None


def _only_one(part: _Part, here: Span) -> Actor | None:
    """The only rebels that the report names, more than once, where it tells of none that are not named."""
    told = part.enemies(0, len(part.text))
    body = _holy_one(told, part)
    if body is None or len(told) < 2 or _unnamed_rebels(part.reading) or _many().search(part.text, *here):
        return None
    named = [part.sentences(m.start)[0] for m in part.reading.mentions if isinstance(m, ActorMention) and m.id == body.id]
    areas = part.areas(here)
    return body if not areas or any(areas & part.areas(sentence) for sentence in named) else None


def _holy_one(told: list[Actor], part: _Part) -> Actor | None:
    """The one body that is told of, if it is one of holy warriors."""
    return told[0] if len({actor.id for actor in told}) == 1 and part.setting.registry.is_jihadist(told[0].id) else None


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


def _unnamed_rebels(reading: Reading) -> bool:
    """Does the report tell of rebels, an opposition or groups without a name, other than of "opposition-linked" monitors?"""
    if _groups().search(reading.report.text):
        return True
    factions = actor_forms()["factions"]
    words = {*factions["rebels"], *factions["opposition"]}
    return any(token.lower_ in words and reading.tree[token.i + 1 : token.i + 2].text != "-" for token in reading.tree)


@cache
def _linked() -> re.Pattern[str]:
    """ "al-Qaeda-linked | militants" are others than al-Qaeda."""
    return re.compile(rf"-(?:{'|'.join(actor_forms()['linked'])})\s$")


@cache
def _groups() -> re.Pattern[str]:
    return re.compile(rf"\b(?i:{'|'.join(actor_forms()['of_groups'])})\s(?:groups\b(?![’'])|organi[sz]ations\b)")


@cache
def _many() -> re.Pattern[str]:
    """What tells that more than one body is spoken of."""
    some, bodies, wide = ("|".join(actor_forms()[name]) for name in ("several", "group_words", "everywhere"))
    return re.compile(rf"\b(?:{some})\s(?:[\w-]+\s){{0,3}}(?:{bodies})\b|\b(?:{wide})\b")


# --- "soldiers"


def army_meant(participant: Participant, claim: Claim, reading: Reading, setting: Setting) -> Actor | None:
    """Whose "soldiers" or "helicopters" they are: those of the report's country, where the report names its forces or government and no
    other state's. Not where they act against them, nor is "the bomber" an aircraft; and drones fly for rebels too."""
    part, words = _Part(participant, claim, reading, setting), participant.text[:1].lower() + participant.text[1:]
    kind = head_class(words)
    if kind not in ("army", "air") or setting.country is None or claim.kind == "suicide_bombing" or not _are_several(words):
        return None
    if words.removesuffix("s") in actor_forms()["of_any_side"] and not _is_owned(part):
        return None
    states = {actor.country or actor.id for actor in part.actors(0, len(part.text)) if actor.kind in STATE}
    other = setting.registry.actor(part.other.id) if part.other and part.other.id else None
    if states != {setting.country} or (other and other.country == setting.country and other.kind in STATE):
        return None
    return setting.registry.state_actor(setting.country, ROLE[kind], setting.on)


def _are_several(words: str) -> bool:
    """ "soldiers", "the air force", and not "the soldier"; "forces" are anybody's."""
    return words.islower() and words != "forces" and (words.endswith("s") or words == "air force" or words in BODIES)


def _is_owned(part: _Part) -> bool:
    """ "its drones": whose they are is said."""
    return part.text[: part.participant.start or 0].split()[-1:] == ["its"]
