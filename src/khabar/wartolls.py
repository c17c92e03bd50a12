"""A toll → is it that of a whole war, which no single place has seen? And which country's war that is."""

from __future__ import annotations

from collections import Counter

from khabar.clauses import SUBJECTS
from khabar.counts import quantity_of
from khabar.lexicon import words
from khabar.matching import TOLLS, Match
from khabar.model import Place, Quantity
from khabar.scene import Scene
from khabar.sites import place_of
from khabar.slots import follow

OF_A_WAR = (500_000, 100_000)  # displaced, killed: what no single place has seen


def is_of_whole_war(match: Match, scene: Scene) -> bool:
    """ "the war has killed 300,000 people", "millions have fled since the war began": a toll of no single place."""
    if match.rule.kind not in TOLLS:
        return False
    vast = any(q.low is not None and q.low >= OF_A_WAR[match.rule.unit == "killed"] for q in _counts(match, scene))
    return vast or is_laid_to_war(match)


def is_laid_to_war(match: Match) -> bool:
    """Is a toll told to be that of a war, or of the time since it began?"""
    paths = ("subject", "in|during|of|since|from", "head")
    told = [w for path in paths for w in follow(match.trigger, path)]
    told += [w for beginning in follow(match.trigger, "since") for w in follow(beginning, "of")]
    since = [c for verb in (match.trigger, match.trigger.head) for c in verb.children if any(m.lower_ == "since" for m in c.children)]
    told += [w for clause in since for w in clause.children if w.dep_ in SUBJECTS]
    return match.rule.kind in TOLLS and any(w.lemma_.lower() in words("nouns.yaml")["war"] for w in told)


def _counts(match: Match, scene: Scene) -> list[Quantity]:
    """The numbers of a toll."""
    counted = [t for role in ("quantity", "recipient") for t in match.fillers.get(role, ())]
    return [q for q in (quantity_of(scene, t, match.rule.unit or "people") for t in counted) if q]


def country_of_war(scene: Scene) -> Place | None:
    """The country of most places that a report names, None where it does not name the country itself."""
    places = [m for m in scene.place_names if m.country]
    whole = [m for m in places if m.precision == "country" and m.near is False]
    named = {m.country: m for m in sorted(whole, key=lambda m: (-len(m.text), -m.start))}  # "Syria", and not "the capital of Syria"
    main = Counter(m.country for m in places).most_common(1)
    return place_of(named[main[0][0]], scene.report.text) if main and main[0][0] in named else None
