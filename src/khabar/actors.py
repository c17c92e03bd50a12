"""Doc → actor mentions.

Four sources, in this order where they overlap: names of the registry; names of groups that no list has, known by their form ("… Brigade",
"Liwa …") or by the model's organisations (both in `actornames`); noun phrases about those who fight, govern or suffer ("Syrian troops",
"forces loyal to X", "rebels": `actorphrases`); countries and capitals that act, and words that say whose a thing is (`actorwords`). Whom
the words mean is for `parties`. A mention is the noun phrase without article, number and relative clause. What points back ("the group")
is not here: see `references`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.actorids import Setting, is_armed_hand, setting_of
from khabar.actornames import named_actors
from khabar.actorphrases import actor_phrase
from khabar.actorwords import acting_states, describing_actors, named_peoples
from khabar.gazetteer import Gazetteer, load_gazetteer
from khabar.model import ActorMention, Failure, Report
from khabar.registry import Registry

if TYPE_CHECKING:
    from khabar.doc import Doc


def find_actors(doc: Doc, report: Report, registry: Registry, gazetteer: Gazetteer | None = None) -> tuple[ActorMention, ...]:
    """Actors that a parsed report names or describes, in order. `id` is None for those that the registry does not know."""
    gazetteer = gazetteer or load_gazetteer()
    setting = setting_of(report, registry, gazetteer)
    names = list(named_actors(doc, setting, gazetteer))
    phrases = [phrase for token in doc if (phrase := actor_phrase(doc, token, setting, names))]
    kept = [n for n in names if not any(_swallows(phrase, n, setting) for phrase in phrases)]
    mentions = _longest([*phrases, *kept])
    for more in (acting_states(doc, setting), describing_actors(doc, setting), named_peoples(doc, setting)):
        mentions += [m for m in more if not any(m.start < o.end and o.start < m.end for o in mentions)]
    return tuple(sorted(mentions, key=lambda m: (m.start, -m.end)))


_COMMON = re.compile(r"^(?:[a-z]+\s+)+|(?:\s+[a-z]+)+$")
"""Words beside a name: "extremist Islamic State group"."""
_WORD = re.compile(r"[^\W\d_][^\W\d_A-Z]{2,}")


def early_names(mentions: Sequence[ActorMention], report: Report, registry: Registry) -> tuple[Failure, ...]:
    """A warning for each name that the report uses before anyone bore it: its date may be wrong, or its text was changed later."""
    found: dict[str, Failure] = {}
    for mention in mentions:
        name = _COMMON.sub("", mention.text)
        sure = mention.form in ("name", "generic") and len(_WORD.findall(name)) > 1  # "PLC", "Greens", "Baghdad" mean something else before
        since = registry.known_from(name, mention.id) if mention.id and sure else None
        if since and report.published and report.published < since:
            told = f"{name!r} in a report of {report.published}: {mention.id} is so called from {since}; is the date right?"
            found.setdefault(mention.id or "", Failure(report.id, "early-name", told, report.source or report.url, warning=True))
    return tuple(found.values())


def _swallows(phrase: ActorMention, name: ActorMention, setting: Setting) -> bool:
    """Is the name only a part of the phrase: "al-Nusra" in "al-Nusra fighters", the government in "Syrian government troops"? A backer or
    leader in it stays a mention of its own."""
    inside = phrase.start <= name.start and name.end <= phrase.end
    same = phrase.id == name.id or (phrase.start, phrase.end) == (name.start, name.end)
    return inside and (same or (phrase.id is not None and name.id is not None and is_armed_hand(phrase.id, name.id, setting)))


def _longest(mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Without mentions that cross a longer one, or cover the same words; one inside another may stay."""
    kept: list[ActorMention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if not any(_crosses(mention, other) for other in kept):
            kept.append(mention)
    return kept


def _crosses(one: ActorMention, other: ActorMention) -> bool:
    if (one.start, one.end) == (other.start, other.end):
        return True
    overlap = one.start < other.end and other.start < one.end
    return overlap and not (other.start <= one.start and one.end <= other.end)
