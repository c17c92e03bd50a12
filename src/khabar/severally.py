"""The claims of one match → the same, where two parties are told of at once and each of them says or holds something of its own.

"Both the army and the rebels said they held Karsa" are two accounts that exclude each other, and none of the two as one. "The army holds
the north of the town, the rebels the south" leaves a verb out, and parsers hang its words on one place or the other; but the line always
runs place, joint, who, place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.clauses import children, first_of_list
from khabar.contract import changed
from khabar.cues import lexicon
from khabar.lists import coordinated
from khabar.matching import Match
from khabar.model import ActorMention, Claim, Participant, Place, Speaker
from khabar.participants import participant
from khabar.scene import Scene

if TYPE_CHECKING:
    from khabar.doc import Token

HELD = ("capture", "control_state", "advance")
HOLDS = ("hold", "control", "keep", "occupy", "rule", "run", "have")
JOINTS = (",", ";", "and", "while", "with", "but")
OPENING = ("the", "a", "an")


def told_by_each(match: Match, claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """With one claim for each of two speakers who say the same of themselves, and one for whom a verb that is left out tells of."""
    told = [one for claim in claims for one in _each(match, claim, scene)]
    shares = [share for claim in told if (share := _share(match, claim, scene) or _share_by(match, claim, scene))]
    taken = {share.place.start for share in shares if share.place}
    return [*(claim for claim in told if not claim.place or claim.place.start not in taken), *shares]


def _each(match: Match, claim: Claim, scene: Scene) -> list[Claim]:
    """ "Both A and B said they had taken Karsa": one claim in the words of A, and one in those of B."""
    by = claim.actor
    root = scene.root(by.start, by.end) if by and by.start is not None and by.end is not None else None
    if claim.kind not in HELD or root is None or not claim.attribution or root.sent != match.trigger.sent:
        return [claim]
    first = first_of_list(root)
    verb, listed = first.head, coordinated(first)
    says = first.dep_ == "nsubj" and verb.lemma_ in lexicon().verbs and (verb == match.trigger or verb.is_ancestor(match.trigger))
    if len(listed) < 2 or not says or not _are_told_apart(first):
        return [claim]
    parties = [party for noun in listed if (party := participant(scene, [noun]))]
    if len(parties) < len(listed):
        return [claim]
    return [changed(replace(claim, attribution=(*claim.attribution[:-1], Speaker(p.text, p.id))), actor=p) for p in parties]


def _are_told_apart(first: Token) -> bool:
    """ "both A and B", "A and B each"."""
    both = [c for c in first.lefts if c.lower_ == "both"]
    return bool(both) or any(c.lower_ in ("both", "each") for c in children(first.head, "advmod", "det"))


def _share(match: Match, claim: Claim, scene: Scene) -> Claim | None:
    """ "A holds the north of the town, | B the south": what B holds."""
    where = claim.place
    if claim.kind != "control_state" or match.trigger.lemma_ not in HOLDS or where is None or where.start is None or where.end is None:
        return None
    after = scene.doc.char_span(where.end - 1, where.end, alignment_mode="expand")
    if after is None or where.start < match.trigger.idx or after.end + 2 >= match.trigger.sent.end:
        return None
    word = _after_aside(after[-1].nbor())
    if word.lower_ not in JOINTS:
        return None
    while word.lower_ in (*JOINTS, *OPENING) and word.i + 1 < word.sent.end:
        word = word.nbor()
    party = _party_at(scene, word)
    part = _part_after(scene, party.end, match.trigger) if party else None
    return _shared(claim, party, part) if party and part else None


def _share_by(match: Match, claim: Claim, scene: Scene) -> Claim | None:
    """ "Half of the town is held by A, | the rest by B": what B holds."""
    by = claim.actor
    if claim.kind != "control_state" or match.trigger.lemma_ not in HOLDS or claim.place is None or by is None or by.end is None:
        return None
    if by.end < match.trigger.idx or (last := scene.doc.char_span(by.end - 1, by.end, alignment_mode="expand")) is None:
        return None
    words = [word for word in match.trigger.sent if word.i > last[-1].i and word.lower_ not in (*JOINTS, *OPENING, "other")][:3]
    if len(words) < 3 or words[0].i > last[-1].i + 5 or words[1].lower_ != "by" or words[1].i != words[0].i + 1:
        return None
    party = _party_at(scene, words[2])
    return _shared(claim, party, words[0]) if party and _is_share(scene, words[0]) else None


def _party_at(scene: Scene, word: Token) -> ActorMention | None:
    """The longest mention of an actor that begins with a word."""
    named = (m for m in scene.mentions if isinstance(m, ActorMention) and m.start == word.idx and m.form != "reference")
    return max(named, key=lambda m: m.end, default=None)


def _shared(claim: Claim, party: ActorMention, part: Token) -> Claim:
    """The claim as told of another holder and another part of the town."""
    where = claim.place
    assert where is not None
    whole = where.parent or where.id
    place = Place(part.text, part.idx, part.idx + len(part), precision="district", country=where.country, admin1=where.admin1, parent=whole)
    return changed(claim, actor=Participant(party.text, party.start, party.end, party.id, party.name), place=place)


def _is_share(scene: Scene, word: Token) -> bool:
    return scene.is_class(word, "direction") or scene.is_class(word, "portion")


def _after_aside(word: Token) -> Token:
    """The comma behind ", in Sudan," after a place; the word itself where no such words follow."""
    run = list(word.doc[word.i : min(word.i + 6, word.sent.end)])
    if len(run) < 4 or run[0].text != "," or run[1].lower_ not in ("in", "near"):
        return word
    return next((t for t in run[2:] if t.text in (",", ";")), word)


def _part_after(scene: Scene, at: int, trigger: Token) -> Token | None:
    """The "south" of "| the south", which ends a clause."""
    run = [t for t in trigger.sent if t.idx >= at and t.lower_ != "other"][:3]
    if len(run) < 3 or run[0].lower_ != "the" or not _is_share(scene, run[1]):
        return None
    return run[1] if run[2].is_punct or run[2].lower_ in ("and", "of", "while") else None
