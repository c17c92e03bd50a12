"""A matched rule and what has been told so far → the places at which its event happened.

The place stands in the rule's own slots, or with the act that caused a toll, or in the clause, or in the sentence, or where the story
stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from khabar.clauses import OBLIQUES, ancestors, case_of, children, first_of_list, same_clause
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.matching import TOLLS, VIOLENCE, Match, listed_instead
from khabar.model import Attribution, Place, PlaceMention
from khabar.placelists import joined, together
from khabar.scene import Scene
from khabar.sites import is_holder, is_the_area, named_place, place_around, place_at_word
from khabar.slots import follow
from khabar.tenses import HAVE
from khabar.wartolls import country_of_war, is_of_whole_war

if TYPE_CHECKING:
    from khabar.doc import Token

JOINT = ("actor", "recipient")
WIDE = ("country", "region")
BROAD = (*WIDE, "province")
HOLDING = ("capture", "withdrawal", "transfer", "control_state")
OF_NO_SCENE = ("agreement",)  # a truce holds wherever it is said to, and not where the story stands
ELSEWHERE = ("redeployment",)  # who moves leaves where the story stands
GOING = ("displacement", "withdrawal", "redeployment")
LYING = ("in", "on", "at", "near")
NO_SITES = ("ground", "country", "land", "region")  # "on the ground", "across the country"
BESIDE = ("near", "outside", "around", "in front of", "behind", "next to", "close to", "opposite")
TAKES_IN = ("receive", "admit", "treat", "count", "visit", "reach", "take", "have", "report", "say", "bring")
WAYS = ("to", "toward", "towards", "into", "onto", "for", "from")


def headline_place(scene: Scene) -> Place | None:
    """Where the story begins: the first town of its headline, or of a title that stands outside the text."""
    heads = [s for s in scene.report.sections if s.kind == "headline"]
    named = [m for m in scene.place_names if m.precision != "country"]
    told = [m for m in named if any(s.start <= m.start < s.end for s in heads)]
    title = scene.report.title or ""
    told = told or [m for m in named if m.precision not in WIDE and m.text in title and re.search(rf"\b{re.escape(m.text)}\b", title)]
    return named_place(scene, told[0]) if told else None


def places_of(match: Match, cause: Match | None, scene: Scene, here: Place | None, told_by: Attribution | None) -> list[Place | None]:
    """The places of the rule's own slots, else those of the act that caused it, of the clause, of the sentence, of the story (the last
    three for what happens at a place)."""
    own = _told_within(match, _own(match, scene), scene)
    if aimed := _aims(match, own, scene):
        match.note("place", "what it is told to aim at")
        return list(aimed)
    framed = bool(own) and all(_is_frame(token, match) for token in match.fillers["place"])
    if framed and (finer := _within_frame(match, cause, own, scene)):
        match.note("place", "told within the place that the sentence opens with")
        return list(finer)
    if own and not all(_is_only_hit(match, token, scene) for token in match.fillers["place"]):
        return [p for i, p in enumerate(own) if not (any(_inside(p, wider) for wider in own[:i]) or _is_its_end(p, own))]
    if "place" not in match.rule.roles or not match.rule.scene:
        return [None]
    return _left_out(match, cause, own, scene, here, told_by)


def _is_its_end(place: Place, told: Sequence[Place]) -> bool:
    """ "a checkpoint near Karsa", told beside "Karsa": the name is a part of the words for the place, and no second one."""
    if place.start is None or place.end is None:
        return False
    others = [(p.start, p.end) for p in told if p is not place and p.start is not None and p.end is not None]
    wider = [(start, end) for start, end in others if start < place.start <= place.end <= end]
    return any(not any(start <= at < end for at, to in others if (at, to) != (start, end)) for start, end in wider)


def _left_out(
    match: Match, cause: Match | None, own: Sequence[Place], scene: Scene, here: Place | None, told_by: Attribution | None
) -> list[Place | None]:
    """The places of what happens at a place that the rule's own slots do not tell, or tell only as what was hit (`own`)."""
    if is_of_whole_war(match, scene):
        match.note("place", "the country of the war")
        return [_country_of(match, scene) or country_of_war(scene)]
    if cause and (site := _own_site(match, scene)):
        match.note("place", "told with the clause")
        return [site]
    if cause:
        match.note("place", "where the act that took the toll took place")
        return [joined(places_of(cause, None, scene, here, told_by), scene) or here]
    near = _finest([p for p in _clause_places(match, scene) if p not in own])
    if near:
        match.note("place", "told with the clause")
        return [place for place in near if not _is_its_end(place, near)]
    if match.rule.kind in OF_NO_SCENE:
        return [_beside(match, scene)]
    habit = _is_habit(match) or _is_own_deed(match, here)
    told = scene.topic or _sentence_place(match, scene, here, told_by) or (None if told_by or habit else _named_before(match, scene))
    here = None if match.rule.kind in ELSEWHERE or habit else here
    match.note("place", "what the page is about" if scene.topic else "named nearest in the sentence" if told else "where the story stands")
    return [told or here or (None if habit else next(iter(own), None))]


def _own(match: Match, scene: Scene) -> list[Place]:
    """The places of the rule's own slots, each once."""
    told = [word for word in match.fillers.get("place", ()) if not (_points_at_area(match, word) or _looks_after(match, word, scene))]
    told = [word for word in told if not _is_their_home(match, word, scene) and not _says_where_they_lie(word, told)]
    listed = (together(match, word, scene) or [_place(match, word, scene), *_others_in(match, word, scene)] for word in told)
    found = (place for places in listed for place in places)
    return list(dict.fromkeys(place for place in found if place))


def _says_where_they_lie(word: Token, told: Sequence[Token]) -> bool:
    """ "in A and B | in the countryside of C": where the tree has hung the wider place beside those that lie in it."""
    before = [other for other in told if other.i < word.i and coordinated(other)[-1].right_edge.i == word.left_edge.i - 1]
    return case_of(word) == "in" and bool(before)


def _others_in(match: Match, site: Token, scene: Scene) -> list[Place]:
    """ "struck positions in A and B": B, where A is told by the words of the site."""
    if match.rule.kind not in (*VIOLENCE, "capture") or site.pos_ != "NOUN":
        return []
    around = place_around(scene, site)
    first = scene.root(around.start, around.end) if around else None
    listed = coordinated(first)[1:] if first is not None and first.i > site.i and case_of(first) != "between" else []
    return [place for end in listed if scene.is_class(end, "named") and (place := place_at_word(scene, end))]


def _aims(match: Match, own: Sequence[Place], scene: Scene) -> list[Place]:
    """ "fighting in B to recapture A", "a battle for control of A": the places that fighting is about, where its own are none, or wide."""
    if match.rule.kind not in ("clash", "attack", "advance") or any(p.precision not in BROAD for p in own):
        return []
    verbs = [c for c in children(match.trigger, "advcl", "xcomp", "acl") if c.tag_ == "VB" and c.lemma_ in words("nouns.yaml")["taking"]]
    found = [end for verb in verbs for end in follow(verb, "object")] or follow(match.trigger, "for.of")
    aimed = [_place(match, end, scene) for start in found for end in coordinated(start) if scene.place_at(end)]
    return [p for p in aimed if p and p.precision not in WIDE]


def _parties(match: Match) -> set[int]:
    """Numbers of the words for who did it and who suffered it."""
    return {token.i for role in JOINT for token in match.fillers.get(role, ())}


def _is_frame(word: Token, match: Match) -> bool:
    """ "In A, …", "Elsewhere in A …", "Outside A …": does a word say where all that its sentence tells took place?"""
    before = word.doc[word.sent.start : word.left_edge.i]
    return (
        word.i < match.trigger.i and case_of(word) in ("in", *BESIDE) and all(t.pos_ in ("ADV", "PUNCT", "CCONJ", "SPACE") for t in before)
    )


def _told_within(match: Match, own: Sequence[Place], scene: Scene) -> list[Place]:
    """ "In A province, a man was shot in B": of the places of one clause not the one that it opens with, within which the others lie."""
    told = match.fillers.get("place", ())
    outer = [place_at_word(scene, t) for t in told if _is_frame(t, match) or scene.is_class(t, "portion") or t.lemma_ == "front"]
    finer = [p for p in own if p not in outer and _is_fine(p)] if any(_is_frame(t, match) for t in told) else []
    return finer or list(own)


def _within_frame(match: Match, cause: Match | None, frame: Sequence[Place], scene: Scene) -> list[Place]:
    """ "In A three men were killed when a shell hit B", "In A, troops raided hideouts in B": the finer places of the act that took the
    toll, or of the clause."""
    known = {p.id or p.text for p in frame}
    told = [_place(cause, t, scene) for t in cause.fillers.get("place", ())] if cause else []
    told += _clause_places(match, scene) if match.rule.kind not in HOLDING else []
    found = [p for p in told if p and (p.id or p.text) not in known and _is_fine(p)]
    if found:
        return [p for p in found if not p.near and p.parent not in known] or found  # "in B, | 4 km east of A"
    sites = [end for verb in (match.trigger, *same_clause(match.trigger)) for end in follow(verb, "where") if end.i > verb.i]
    sites = [end for end in sites if _is_site(match, end, scene) and not scene.is_class(end, "portion")]
    site = place_at_word(scene, sites[0]) if sites else None
    town = any(_is_fine(p) for p in frame)  # "In A, a judge was shot on the road to B", and not "at a checkpoint"
    return [site] if site and not (town and site.text.islower()) else []


def _is_fine(place: Place) -> bool:
    return place.precision not in BROAD and not (place.parent or "").startswith("country:")


def _finest(places: Sequence[Place]) -> list[Place]:
    """ "seized A in B province after clashes": the clashes are told of A, and B says where that is."""
    return [p for p in places if p.precision not in BROAD] or list(places)


def _points_at_area(match: Match, word: Token) -> bool:
    """ "clashes in the area": where the story stands; but who leaves "the area", or takes it, has less than the town named last."""
    return match.rule.kind not in HOLDING and is_the_area(word)


def _is_habit(match: Match) -> bool:
    """ "has used chemical weapons", "to attack its neighbours", "they bomb civilians": an act that is told of no single time, and
    of none of those that the story tells."""
    verb = match.trigger
    if match.rule.kind not in (*VIOLENCE, "advance") or verb.pos_ != "VERB":
        return False
    return verb.tag_ in ("VB", "VBP", "VBZ") or bool({c.lower_ for c in children(verb, "aux")} & set(HAVE))


def _is_own_deed(match: Match, here: Place | None) -> bool:
    """ "the group has killed dozens of soldiers": what is told with its doer and no act that took the toll. It goes on from no place told
    before its sentence: of 45 such on claims_train and the written reports 16 had none, 3 that where the story stood."""
    same = here is not None and here.start is not None and match.trigger.sent.start_char <= here.start < match.trigger.sent.end_char
    return match.rule.kind in TOLLS and bool(match.fillers.get("actor")) and not same and not _goes_on(match, here)


def _goes_on(match: Match, here: Place | None) -> bool:
    """ "The gunmen raided A. | They burned houses": where the sentence before stood."""
    verb, start = match.trigger, match.trigger.sent.start
    main = first_of_list(verb)
    main = main.head if main.dep_ == "advcl" and main.tag_ == "VBG" and main.i > main.head.i else main  # "raided A, killing nine"
    said = main.dep_ == "ccomp" and main.head.dep_ == "root" and main.head.i > main.i  # "They killed nine, police said"
    told = main.tag_ == "VBD" and (main.dep_ == "root" or said) and not children(main, "aux") and verb.tag_ in ("VBD", "VBG")
    if here is None or here.start is None or not start or not told:
        return False
    before = verb.doc[start - 1].sent
    doers = (word for word in match.fillers["actor"] if word.sent == verb.sent)
    known = any(word.pos_ == "PRON" or (word.tag_ == "NNS" and any(c.lower_ == "the" for c in word.lefts)) for word in doers)
    return known and before.start_char <= here.start < before.end_char


def _place(match: Match, token: Token, scene: Scene) -> Place | None:
    """The place of a word; for violence at a building without a name ("a school in Karsa") the named place that it stands in."""
    token = token.head if token.head.lemma_ == "bridge" and case_of(token) in ("across", "over") else token  # "a bridge across the Sunzha"
    token = _first_told(match, token, scene)
    if span := _between(token, scene):
        return span
    own = place_at_word(scene, token, told_by=match.trigger)
    if own is None or not is_building(token, scene) or match.rule.kind not in (*VIOLENCE, *TOLLS, "repelled_attack"):
        return own
    if case_of(token) in BESIDE:  # "near a police station in Karsa": not what was hit
        return own
    if " between " in own.text or (own.precision == "road" and token.tag_ == "NN"):  # "a convoy on the road between A and B"
        return own
    named = token.text[0].isupper() or any(t.pos_ == "PROPN" and not is_holder(scene, t) for t in token.lefts)
    around = None if named else place_around(scene, token)
    if around and own.near and not re.match(r" in(?:side)? ", scene.report.text[token.idx + len(token) : around.start]):
        return own  # "a school near Karsa"; in "a school in Karsa, west of Tina" only Karsa is near
    return named_place(scene, around) if around and around.precision not in WIDE else own


def _between(word: Token, scene: Scene) -> Place | None:
    """ "between A and B": what lies between two places is neither of them."""
    first = first_of_list(word)
    named = [m for end in coordinated(first) if (m := scene.place_at(end)) and m.form == "name" and m.precision not in WIDE]
    if case_of(first) != "between" or len(named) != 2 or named[0].start >= named[1].start:
        return None
    start, end = children(first, "case")[0].idx, named[1].end
    return Place(scene.report.text[start:end], start, end, country=named[0].country)


def _first_told(match: Match, token: Token, scene: Scene) -> Token:
    """ "in Karsa | on the outskirts of Tina", "at Karsa, in the north of Tarva": of places told in one breath the first, of which the
    others say where it lies."""
    taken = _parties(match)
    opening = next(iter(children(token, "case")), token)
    if match.rule.kind in HOLDING or case_of(token) not in LYING or opening.lower_ not in LYING or opening.i == token.sent.start:
        return token
    before = opening.nbor(-1)
    before = before.nbor(-1) if before.text == "," and before.i > token.sent.start else before
    named = (m for m in scene.place_names if m.end == before.idx + len(before) and m.precision not in ("country", "province"))
    finer = (m for m in named if m.text.split()[0].lower() not in words("nouns.yaml")["direction"])
    roots = [root for m in finer if (root := scene.root(m.start, m.end)) is not None]
    told = [root for root in roots if case_of(root) in LYING and root.i not in taken and root.sent == token.sent]
    return _first_told(match, told[0], scene) if told and told[0].i < token.i else token


def _is_only_hit(match: Match, token: Token, scene: Scene) -> bool:
    """Is a building or position without a name told as what violence hit, and not where: "fired on a depot", "strikes on the position"?"""
    if match.rule.kind not in VIOLENCE or not is_building(token, scene) or token.text[0].isupper():
        return False
    if case_of(token) in (*LYING, *BESIDE, "inside") and not (case_of(token) == "on" and scene.is_class(token, "fortification")):
        return False  # "a bomb at the school", "shells fell on a market"; a depot that is fired on is an enemy's
    place = _place(match, token, scene)
    if place is None or place.id is not None or place.precision == "road" or place.start is None or place.end is None:
        return False
    told = scene.doc.char_span(place.start, place.end, alignment_mode="expand") or ()
    return not any(t.pos_ == "PROPN" and not is_holder(scene, t) for t in (*told, *token.subtree))


def is_building(token: Token, scene: Scene) -> bool:
    if token.lemma_ in ("stronghold", "bastion") and token.tag_ == "NNS":  # "ISIL strongholds", and not "the ISIL stronghold of Karsa"
        return not follow(token, "of")
    if not scene.is_class(token, "building") or scene.is_class(token, "settlement"):
        return False
    inner = any(scene.is_class(word, "settlement") for word in children(token, "compound"))  # "city centre", and not "health centre"
    return not scene.is_class(token, "portion") or (bool(children(token, "compound", "amod")) and not inner and not follow(token, "of"))


def _country_of(match: Match, scene: Scene) -> Place | None:
    start, end = match.trigger.sent.start_char, match.trigger.sent.end_char
    places = (m for m in scene.mentions if isinstance(m, PlaceMention) and start <= m.start < end)
    return next((named_place(scene, m) for m in places if m.precision in WIDE), None)


def _inside(place: Place, wider: Place) -> bool:
    """ "towns and villages in A": nouns without a name, joined by "and", are one place."""
    if place.start is None or place.end is None or wider.start is None or wider.end is None:
        return False
    return place.text.islower() and wider.start <= place.start and place.end <= wider.end


def _clause_places(match: Match, scene: Scene) -> list[Place]:
    """Places that hang on the trigger or on the words of its clause by a preposition of place."""
    taken = _parties(match)
    hit = [t for t in match.fillers.get("place", ()) if is_building(t, scene)]
    parties = [t for role in JOINT for t in match.fillers.get(role, ()) if t.i > match.trigger.i]  # "clashes between A and B | in Karsa"
    for word in (*hit, match.trigger, *parties, *same_clause(match.trigger)):
        borrowed = word.dep_ in ("acl", "advcl", "xcomp")  # its object is what another verb does something to
        struck = follow(word, "object") if word != match.trigger and word.pos_ == "VERB" and not borrowed else []
        bearings = [c for c in children(word, "advmod") if scene.place_at(c)]  # "killed 12 men | south of Karsa"
        found = [end for start in (*struck, *follow(word, "where"), *bearings) for end in coordinated(start)]
        found = [
            end
            for end in listed_instead(found, "place", scene)
            if end.i not in taken and not _is_agent(end, scene) and not _points_at_area(match, end) and not _looks_after(match, end, scene)
            if not is_left(match.rule.kind, end)
        ]
        places = [p for p in (place_at_word(scene, end) for end in found if scene.place_at(end)) if p]
        if not places and (word == match.trigger or word.pos_ == "VERB") and match.rule.kind in (*VIOLENCE, *TOLLS):
            places = [p for p in (place_at_word(scene, end) for end in found if _is_site(match, end, scene)) if p]
        if places:
            return places
    return []


def _own_site(match: Match, scene: Scene) -> Place | None:
    """ "a shell killed eight people in a church": the place without a name that a toll's own verb tells."""
    found = follow(match.trigger, "where") if match.trigger.pos_ == "VERB" else []
    found = [end for end in found if end.i > match.trigger.i and _is_site(match, end, scene)]
    return place_at_word(scene, found[0]) if found else None


def _is_site(match: Match, word: Token, scene: Scene) -> bool:
    """ "bodies lay at the gate": a place without a name, and no words that only say where a named one lies, or point at the one where
    the story stands."""
    another = any(c.lower_ in ("a", "an", "another") for c in children(word, "det"))  # "in a village held by A": none of those named
    vague = word.lemma_ in NO_SITES or (scene.is_class(word, "called") and not another) or (word.lemma_ == "street" and word.tag_ == "NNS")
    if match.rule.kind == "displacement" or not scene.is_place(word) or vague:
        return False
    named = any(
        scene.place_at(w) for w in children(word, *OBLIQUES) if w.i > word.i and not (case_of(w) in WAYS and scene.is_class(word, "road"))
    )
    same = scene.here is not None and word.lemma_.lower() in scene.here.text.lower().split()
    return case_of(first_of_list(word)) in (*LYING, *BESIDE, "inside", "along", "under", "across") and not named and not same


def _is_agent(word: Token, scene: Scene) -> bool:
    """ "by Russia" is a doer, "by the river" a place."""
    return case_of(word) == "by" and scene.actor_at(word) is not None


def _sentence_place(match: Match, scene: Scene, here: Place | None, told_by: Attribution | None) -> Place | None:
    """The place told last before the trigger in its sentence, else the first after it; rather one that is told than one in the words for
    who tells it; countries only where nothing smaller is; none in another country than the report is about ("allies in Moscow")."""
    usable = [(m, root) for m, root in _standing_places(match, scene) if not _is_way(match, root, scene)]
    usable = [(m, root) for m, root in usable if not any(_holds(other, m, root) for other in usable if other[0] != m)]
    usable = [(m, root) for m, root in usable if m.precision not in WIDE] or ([] if here else usable)
    usable = [(m, root) for m, root in usable if not m.country or scene.main_country in (None, m.country)]
    content = told_by.content if told_by else ()
    told = [(m, root) for m, root in usable if any(start <= m.start < end for start, end in content)]
    usable = told or [(m, root) for m, root in usable if not (here and is_where_teller_is(root, match.trigger, scene))]
    before = [(m, root) for m, root in usable if m.start < match.trigger.idx]
    chosen = before[-1:] or usable[:1]
    if chosen and (first := _first_in_breath(chosen[0][0], scene)) != chosen[0][0]:
        return named_place(scene, first)
    return _all_joined(match, chosen[0][1], scene) if chosen else None


def _first_in_breath(told: PlaceMention, scene: Scene) -> PlaceMention:
    """ "in San Isidro, Baganga, Dera": of names parted by commas alone the first, of which the others say where it lies."""
    text = scene.report.text
    joint = re.search(r", (?:(?:in|of) (?:the )?)?$", text[max(0, told.start - 10) : told.start])
    if joint is None or text[told.end : told.end + 5] == " and " or (joint[0] != ", " and told.precision not in (*BROAD, "district")):
        return told
    end = told.start - len(joint[0])
    before = next((m for m in scene.place_names if m.end == end and m.precision not in BROAD), None)
    return _first_in_breath(before, scene) if before else told


def is_left(kind: str, word: Token) -> bool:
    """ "sent tanks from Karsa": whoever is sent is no longer there."""
    return kind in ELSEWHERE and case_of(first_of_list(word)) in ("from", "out of", "off")


def is_where_teller_is(word: Token, trigger: Token, scene: Scene) -> bool:
    """ "an officer in A put the toll at nine": where he speaks, and not where it happened if the story stands elsewhere."""
    teller = first_of_list(word).head
    tells = teller.dep_ == "nsubj" and teller.head != trigger and teller.head.is_ancestor(trigger)
    return tells and teller.tag_ == "NN" and scene.is_class(teller, "office_holder")


def _named_before(match: Match, scene: Scene) -> Place | None:
    """The place that the outlet names last before the trigger in its sentence, in whatever part of it: "Karsa saw two blasts"."""
    start, end = match.trigger.sent.start_char, match.trigger.idx
    taken = _parties(match)
    named = [m for m in scene.place_names if start <= m.start < m.end <= end]
    rooted = [(m, root) for m in named if m.precision not in WIDE and (root := scene.root(m.start, m.end)) is not None]
    rooted = [(m, root) for m, root in rooted if not (_is_way(match, root, scene) or _looks_after(match, root, scene))]
    usable = [root for m, root in rooted if root.i not in taken and not scene.actor_at(root)]
    return place_at_word(scene, usable[-1]) if usable else None


def _is_way(match: Match, word: Token, scene: Scene) -> bool:
    """ "who fled to A", "the wounded were taken to A", "a man from A": where somebody goes or comes from, and no place of an act."""
    first, verb = first_of_list(word), first_of_list(match.trigger)
    if _is_their_home(match, first, scene):
        return True
    if match.rule.kind not in (*VIOLENCE, *TOLLS, "withdrawal") or match.rule.kind == "displacement" or case_of(first) not in WAYS:
        return False
    if case_of(first) == "from" and first.head.pos_ == "VERB":  # "before the army withdrew from A"
        return False
    return first.head not in (match.trigger, verb, *same_clause(match.trigger)) and not scene.is_place(first.head)


def _is_their_home(match: Match, word: Token, scene: Scene) -> bool:
    """ "was repulsed by brigades from A": where those who did it come from."""
    if case_of(word) != "from" or match.rule.kind in GOING or word.head not in match.fillers.get("actor", ()):
        return False
    return any(scene.is_class(word.head, sort) for sort in ("people", "force", "body"))


def _all_joined(match: Match, word: Token, scene: Scene) -> Place | None:
    """The place of a word; of an act in several that are named in one list ("in A, B and C") all of them."""
    listed = [end for end in coordinated(first_of_list(word)) if scene.place_at(end)]
    if word not in listed or match.rule.kind not in (*VIOLENCE, *TOLLS) or match.rule.kind == "displacement":
        listed = [word]
    return joined([_place(match, end, scene) for end in listed], scene)


def _beside(match: Match, scene: Scene) -> Place | None:
    """The first place after the trigger, before the next verb: "a pause in the fighting in A"."""
    after = [(m, root) for m, root in _standing_places(match, scene) if root.i > match.trigger.i and m.precision not in WIDE]
    near = [root for _, root in after if all(t.pos_ != "VERB" for t in root.doc[match.trigger.i + 1 : root.i])]
    return place_at_word(scene, near[0]) if near else None


def _standing_places(match: Match, scene: Scene) -> list[tuple[PlaceMention, Token]]:
    """The named places of the trigger's sentence with their head words, where they stand as places and are not parties to the act."""
    sentence = match.trigger.sent
    taken = _parties(match)
    named = [
        m for m in scene.mentions if isinstance(m, PlaceMention) and sentence.start_char <= m.start < sentence.end_char and _is_told(m)
    ]
    rooted = [(m, root) for m in named if (root := scene.root(m.start, m.end)) is not None and root.i not in taken]
    standing = [(m, root) for m, root in rooted if root.dep_ in ("obl", "nmod", "obj", "conj", "appos")]
    standing = [(m, root) for m, root in standing if not (_looks_after(match, root, scene) or is_left(match.rule.kind, root))]
    return [(m, root) for m, root in standing if not (_aside(root, match.trigger) or _is_office(root, scene))]


def _looks_after(match: Match, word: Token, scene: Scene) -> bool:
    """ "doctors at A hospital counted nine dead", "were taken to A hospital": where the hurt are looked after, not where they were hurt."""
    if match.rule.kind not in (*VIOLENCE, *TOLLS) or not scene.is_class(word, "care"):
        return False
    first = first_of_list(word)
    told_by = first.head.lemma_.lower() in words("nouns.yaml")["carer"]
    received = match.rule.kind in TOLLS and first.head.lemma_ in TAKES_IN and (first.head != match.trigger or first.dep_ == "nsubj")
    return told_by or received or (match.rule.kind in TOLLS and case_of(first) in ("to", "into") and first.head.pos_ == "VERB")


def _is_office(word: Token, scene: Scene) -> bool:
    """ "the governor of A": where somebody has his office, and no place of an event."""
    return case_of(word) == "of" and scene.is_class(word.head, "seat")


def _is_told(m: PlaceMention) -> bool:
    """Does a mention add to what the story says of the place: a name, or words that point at one but for "the area"?"""
    return m.form == "name" or (m.form == "reference" and m.text.lower() != "area")


def _holds(outer: tuple[PlaceMention, Token], inner: PlaceMention, root: Token) -> bool:
    """Does the smaller place, or the longer name, say where the other is told: "outskirts of A", "A in B province"?"""
    mention, head = outer
    within = mention.start <= inner.start and inner.end <= mention.end and (mention.start, mention.end) != (inner.start, inner.end)
    return within or (root.dep_ == "nmod" and root.head == head and mention.precision not in WIDE)


def _aside(word: Token, trigger: Token) -> bool:
    """Does a word stand in a relative clause after a comma or dash, and the event outside? "A, which lies near B, was shelled"."""
    clauses = [a for a in (word, *ancestors(word)) if a.dep_ == "acl:relcl" and not a.is_ancestor(trigger) and a != trigger]
    return any(edge.is_punct for a in clauses for edge in (a.left_edge, a.left_edge.nbor(-1) if a.left_edge.i else a.left_edge))
