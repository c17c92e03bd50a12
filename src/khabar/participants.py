"""Words of a parsed report → the actor or recipient that they stand for, in the words an annotator would give."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.clauses import bound, case_of, children, modifiers
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.model import ActorMention, Participant, Span
from khabar.phrases import body_beside, roles
from khabar.scene import BRACKETS, WE, Scene, noun_phrase
from khabar.slots import follow

if TYPE_CHECKING:
    from khabar.doc import Span as SentenceSpan
    from khabar.doc import Token

THEIR_OWN = re.compile(r"\b(?:and|&)\s+(?:its|their|his)\b")
GONE = ("lose", "fall")  # whoever did this to a place has it no more
TIES = re.compile(r" (?:led by|together with|along with|alongside)(?: (?:the|a|an|its|their))? ")
APART = 8  # words: a list of names has no more between its members


def participant(scene: Scene, tokens: Sequence[Token], *, suffers: bool = False) -> Participant | None:
    """The actor or recipient that one word, or several joined by "and", stand for; None for a pronoun that points at nothing known.
    `suffers`: the recipient, which may be a mere weapon."""
    return _joined(scene, tokens, [p for p in (_one(scene, token, suffers=suffers) for token in tokens) if p])


def _joined(scene: Scene, tokens: Sequence[Token], parts: Sequence[Participant]) -> Participant | None:
    """All as one, in the words from the first to the last; of a list of which some are named in another sentence the first, and of two the
    first by its name there with the other beside it."""
    if len(parts) < 2 or not all(_stands_in(p, tokens[0].sent) for p in parts):
        return _named_elsewhere(scene, tokens, parts) if parts else None
    start, end = min(p.start or 0 for p in parts), max(p.end or 0 for p in parts)
    whole = Participant(scene.report.text[start:end], start, end)
    if any(t.tag_ in ("VBD", "VBZ", "VBP") and start <= t.idx < end for t in tokens[0].sent):  # one of them stands for who is named before
        return parts[0]
    # "government troops and their Chadian allies": a party with its own, held to be that party where a holder is asked for
    return replace(whole, id=parts[0].id, name=parts[0].name) if THEIR_OWN.search(whole.text) else whole


def _named_elsewhere(scene: Scene, tokens: Sequence[Token], parts: Sequence[Participant]) -> Participant:
    """ "The group and the army took A", of a group named before: "the Sabra Front | and the army"."""
    first, other = parts[0], parts[-1]
    if not len(tokens) == len(parts) == 2 or not _stands_in(other, tokens[0].sent) or other.start is None or other.end is None:
        return first
    between = scene.report.text[tokens[0].idx + len(tokens[0]) : other.start]
    if not re.fullmatch(r" and (?:the |its |their )?", between):
        return first
    return Participant(first.text + between + other.text, None, None)


def _stands_in(part: Participant, sentence: SentenceSpan) -> bool:
    return part.start is not None and part.end is not None and sentence.start_char <= part.start < sentence.end_char


def doer_of(scene: Scene, tokens: Sequence[Token]) -> Participant | None:
    """As `participant`, for those who act: men who are told by their body stand for it, "fighters from the Sabra Front" → Sabra
    Front."""
    return _joined(scene, tokens, [p for token in tokens for p in _acting(scene, token)])


def _acting(scene: Scene, token: Token) -> list[Participant]:
    one = _one(scene, token)
    return _sent_by(scene, token) or ([_with_companions(scene, one)] if one else [])


def _with_companions(scene: Scene, one: Participant) -> Participant:
    """ "rebels led by A", "the army together with B": with those who lead them or act with them, told right behind."""
    tie = TIES.match(scene.report.text, one.end) if one.start is not None and one.end is not None else None
    if tie is None:
        return one
    others = (m for m in scene.mentions if isinstance(m, ActorMention) and m.start == tie.end() and m.form != "reference")
    end = max((m.end for m in others if not _is_person(scene, m)), default=None)
    return one if end is None else replace(one, text=scene.report.text[one.start : end], end=end)


def _is_person(scene: Scene, actor: ActorMention) -> bool:
    """ "a unit led by Brigadier Omar Sala": who commands it, and no body that acts with it."""
    root = scene.root(actor.start, actor.end)
    return actor.id is None and (actor.person or (root is not None and root.ent_type_ == "PERSON"))


def _sent_by(scene: Scene, token: Token) -> list[Participant]:
    if token.lemma_.lower() not in words("nouns.yaml")["follower"]:
        return []
    whole = scene.actor_at(token)
    heads = [end for start in follow(token, "of|from") for end in (scene.named_after(start) or [start])]
    named = [name for end in heads for name in coordinated(end) if name.pos_ == "PROPN" and name.i - end.i < APART]
    named = [name for name in named if not _is_town(scene, name)]
    return [p for p in (_name_in(scene, name, whole) for name in named) if p]


def _is_town(scene: Scene, name: Token) -> bool:
    """ "fighters from Karsa" are people of a town; "troops from Chad" may stand for the state."""
    own, place = scene.actor_at(name), scene.place_at(name)
    return place is not None and place.form == "name" and place.precision != "country" and (own is None or own.form != "name")


def _name_in(scene: Scene, token: Token, whole: ActorMention | None) -> Participant | None:
    """A name that is an actor by itself, or the part of an actor's phrase that says whose men they are."""
    own = scene.actor_at(token)
    if own is not None and own.form == "name":
        return Participant(scene.report.text[own.start : own.end], own.start, own.end, own.id, own.name)
    if whole is None or not whole.start < token.idx < whole.end:
        return None
    first, last = token, token
    while first.i and token.is_ancestor(before := first.nbor(-1)) and (before.pos_ in ("PROPN", "PART") or before.tag_ == "NNP"):
        first = before  # "rebels of the Northern Shield"
    while last.i + 1 < len(scene.doc) and last.nbor().pos_ == "PROPN" and token.is_ancestor(last.nbor()):
        last = last.nbor()
    beyond = [w for w in token.rights if w.pos_ == "PROPN" and case_of(w) in ("for", "of") and w.right_edge.idx < whole.end]
    last = max([last, *(w.right_edge for w in beyond)], key=lambda w: w.i)  # "fighters from the Patriotic Forces | for Peace"
    start, end = first.idx, last.idx + len(last)
    return Participant(scene.report.text[start:end], start, end, whole.id, whole.name)


def thing(scene: Scene, token: Token) -> Participant:
    """The words of a noun, whoever has it: "its warships" → warships."""
    start, end = noun_phrase(token)
    return Participant(scene.report.text[start:end], start, end)


def _one(scene: Scene, token: Token, *, suffers: bool = False) -> Participant | None:
    if token.text in WE:  # whom it stands for is told with its speaker
        return Participant(token.text, token.idx, token.idx + len(token))
    token = _named_beside(scene, token)
    named = scene.named_after(token)
    if named:
        return _joined(scene, named, [p for p in (_one(scene, name) for name in named) if p])
    actor = scene.actor_at(token)
    if actor is not None and actor.form == "reference":
        return _antecedent(scene, actor) or (thing(scene, token) if token.pos_ == "NOUN" else None)
    owner = None if suffers and scene.is_class(token, "weapon") else _owner(scene, token)  # "destroyed their vehicles": the vehicles
    if owner is not None:
        return owner
    body = _body_of(scene, token) if actor is None or actor.form == "generic" else None
    if body is not None:
        start = _after_number(scene, actor.start if actor else token.idx, body.end)
        return Participant(scene.report.text[start : body.end], start, body.end, body.id, body.name)
    if actor is not None and not _bare_weapon(scene, token, actor):
        whole = _in_full(scene, actor)
        start, end = _after_number(scene, whole.start, whole.end), _before_possessive(scene, whole.start, whole.end)
        return Participant(scene.report.text[start:end], start, end, whole.id, whole.name)
    if (
        token.pos_ in ("PRON", "NUM")
        or token.lower_ in ("who", "which", "that", "more", "dozens", "scores", "hundreds", "thousands", "millions")
        or (actor is not None and not suffers)
    ):
        return None
    persons = scene.doc.ents if token.ent_type_ == "PERSON" else ()
    person = next((e for e in persons if e.start <= token.i < e.end), None)
    start, end = (person.start_char, person.end_char) if person is not None else noun_phrase(token)
    end = _before_possessive(scene, start, end)
    return Participant(scene.report.text[start:end], start, end)


def two_sides(scene: Scene, tokens: Sequence[Token]) -> tuple[Participant, Participant] | None:
    """ "A and B … clashes between | the two sides": the one and the other."""
    pointing = scene.actor_at(tokens[0]) if len(tokens) == 1 else None
    if pointing is None or pointing.form != "reference" or not pointing.antecedent:
        return None
    first, last = pointing.antecedent
    within = [m for m in scene.mentions if isinstance(m, ActorMention) and first <= m.start and m.end <= last and m.form != "reference"]
    one, other = next((m for m in within if m.start == first), None), next((m for m in within if m.end == last), None)
    if one is None or other is None or one.end > other.start:
        return None
    return Participant(one.text, one.start, one.end, one.id, one.name), Participant(
        other.text, other.start, other.end, other.id, other.name
    )


def _in_full(scene: Scene, actor: ActorMention) -> ActorMention:
    """The name that an abbreviation stands behind in brackets: "the Northern Defence Forces (NDF), which …"."""
    if not actor.text.isupper() or scene.report.text[actor.start - 1 : actor.start] not in BRACKETS:
        return actor
    named = (m for m in scene.mentions if isinstance(m, ActorMention) and m.form == "name" and m.end + 2 == actor.start)
    return max(named, key=lambda m: m.end - m.start, default=actor)


def _before_possessive(scene: Scene, start: int, end: int) -> int:
    """Where a body's name ends in text that has lost its apostrophes: "the regimes shelling", in a report that tells of the regime."""
    name = scene.report.text[start:end].lower()
    last = scene.root(end - 1, end) if name.endswith("s") else None
    if last is None or not (last.pos_ == "PROPN" or last.lemma_ in words("nouns.yaml")["single"]):
        return end
    follows = last.nbor() if last.i + 1 < last.sent.end else last
    noun = follows.pos_ in ("NOUN", "ADJ", "PROPN") or (follows.tag_ == "VBG" and last.pos_ != "PROPN")
    owns = follows != last and noun and not scene.is_time(follows)
    return end - 1 if owns and name[:-1] in scene.told_of else end


def _body_of(scene: Scene, token: Token) -> ActorMention | None:
    """ "fighters of the Sabra Front", "units of the army": the body whose people they are."""
    if not (scene.is_class(token, "force") or token.lemma_.lower() == "member"):
        return None
    bodies = [scene.actor_at(end) for end in follow(token, "of")]
    body = next((m for m in bodies if m is not None and m.form != "reference" and m.end > token.idx), None)
    joined = [scene.actor_at(end) for of in follow(token, "of") for end in coordinated(of)[1:]] if body is not None else []
    last = max((m.end for m in joined if m is not None), default=0)  # "units of the army and armed forces"
    return replace(body, text=scene.report.text[body.start : last], end=last) if body is not None and last > body.end else body


def _owner(scene: Scene, token: Token) -> Participant | None:
    """ "its forces", "the group's fighters", "said its planes had struck": the body whose they are."""
    owner = scene.owner_of(token)
    if owner is None:
        return _whose(scene, token)
    return (_led_by(scene, owner.antecedent) if owner.antecedent else None) or _antecedent(scene, owner)


def _whose(scene: Scene, token: Token) -> Participant | None:
    """ "the front | whose fighters hold A": the front's."""
    whose = [word for word in children(token, "nmod:poss") if word.lower_ == "whose"]
    clause = next((verb for verb in token.ancestors if verb.dep_ == "acl:relcl"), None) if whose else None
    if clause is None or not scene.is_class(token, "force"):
        return None
    actor = scene.actor_at(clause.head)
    named = actor is not None and actor.form != "reference"
    return _one(scene, clause.head) if named or scene.is_class(clause.head, "body") else None


def _led_by(scene: Scene, person: Span) -> Participant | None:
    """ "his forces" of "Omar Sala, leader of the Sabra Front": the body that a person is told to lead."""
    name = scene.doc.char_span(*person, alignment_mode="expand")
    if name is None or name.root.ent_type_ != "PERSON":
        return None
    bodies = [body for role in roles(name) if (body := body_beside(role, name)) is not None]
    return next((_one(scene, body) for body in bodies if scene.is_class(body, "body") or scene.is_class(body, "force")), None)


def _named_beside(scene: Scene, token: Token) -> Token:
    """The name that a common noun only describes: "X, an alliance that was announced", "X is a group that was formed" → X."""
    head = token.head if token.dep_ == "appos" else next(iter(children(token, "nsubj") if children(token, "cop") else ()), None)
    if head is None or token.tag_ != "NN" or not (scene.is_class(token, "body") or token.lemma_ in ("body", "grouping", "outfit")):
        return token
    named, own = scene.actor_at(head), scene.actor_at(token)
    return head if named and named.form == "name" and not (own and own.form == "name") else token


def without_the_other(whole: Participant | None, other: Participant | None, tie: Token) -> Participant | None:
    """ "Chad-backed rebels", "fighters loyal to Chad", "the militia of Omar Hadid": a party without the words that tie it to another."""
    if whole is None or other is None or whole.start is None or whole.end is None or other.start is None:
        return whole
    if not (whole.start <= other.start < whole.end and whole.start <= tie.idx < whole.end):
        return whole
    joined = TIES.search(whole.text)
    start, end = (
        (tie.idx + len(tie), whole.end) if other.start < tie.idx else (whole.start, whole.start + joined.start() if joined else tie.idx)
    )
    kept = whole.text[start - whole.start : end - whole.start]
    start += len(kept) - len(kept.lstrip())
    return replace(whole, text=kept.strip(), start=start, end=start + len(kept.strip())) if kept.strip() else whole


def holder_by_words(scene: Scene, place: Token, *, told: Token | None = None) -> Participant | None:
    """Who holds a place by the words beside its noun: "the rebel-held town", "an army stronghold", "the town held by rebels", "the town,
    which rebels have held since May".

    `told`: the word that tells of the place itself, and not of who held it before ("the town, captured by rebels in May").
    """
    for word in modifiers(place):
        owner = bound(word) if word.lemma_ in words("nouns.yaml")["held"] else [word] * scene.is_class(place, "held_place")
        if owner and scene.actor_at(owner[0]) is not None:
            return participant(scene, owner)
    clauses = [verb for noun in _with_sort(place) for verb in children(noun, "acl", "acl:relcl")]
    held = [verb for verb in clauses if verb != told and verb.lemma_ in words("nouns.yaml")["holding"]]
    by = [end for verb in held for end in (follow(verb, "by") or follow(verb, "to") * (verb.lemma_ in GONE))]
    held_it = [end for verb in held if verb.lemma_ not in GONE and not _has_object(verb) for end in follow(verb, "subject")]
    return doer_of(scene, [end for end in by or held_it if end not in _with_sort(place) and scene.is_class(end, "people")])


def _with_sort(place: Token) -> list[Token]:
    """ "the town of Karsa": the name, and the noun that says what it is, whichever of them is meant."""
    sort = [place.head] if place.dep_ == "nmod" and case_of(place) == "of" and place.head.pos_ == "NOUN" else []
    return [place, *sort, *(c for c in children(place, "nmod") if case_of(c) == "of" and c.pos_ == "PROPN")]


def _has_object(verb: Token) -> bool:
    """Has a verb another object than the "which" that stands for its place?"""
    return any(c.tag_ != "WDT" for c in children(verb, "obj"))


def _after_number(scene: Scene, start: int, end: int) -> int:
    """Where the words begin that follow a leading number: "at least 14 people" → people."""
    text = scene.report.text
    number = next((q for q in scene.quantities if q.start <= start < q.end < end and text[q.end] not in "-‑"), None)
    if (
        number and number.low != 1 and re.search(r"\b[A-Z]\w*[^\Ws]$", text[start:end])
    ):  # "the 444 Brigade", "the Three Brotherhood Alliance"
        return start
    after = number.end if number else start
    while after < end and scene.report.text[after].isspace():
        after += 1
    return after


def _bare_weapon(scene: Scene, token: Token, actor: ActorMention) -> bool:
    """ "artillery", "rockets": arms say how it was done, not who did it; "army tanks" say who, and so do "helicopters", which are flown."""
    return " " not in actor.text and scene.is_class(token, "weapon") and not scene.is_class(token, "aircraft")


def _forces_of(scene: Scene, desk: str) -> Participant | None:
    """ "The ministry said it had taken A": its country's forces, where the report names them."""
    if not words("nouns.yaml")["desk"] & {word.lower() for word in desk.split()}:
        return None
    nations = {word[:5] for word in desk.split() if word[:1].isupper() and word.lower() not in words("nouns.yaml")["desk"]}
    named = (m for m in scene.mentions if isinstance(m, ActorMention) and m.form == "generic" and " " in m.text)
    own = (m for m in named if m.text[:5] in nations and m.text.split()[-1].lower() in ("forces", "troops", "soldiers"))
    first = next(own, None)
    return Participant(first.text, first.start, first.end, first.id, first.name) if first else None


def _antecedent(scene: Scene, mention: ActorMention) -> Participant | None:
    if mention.antecedent is None:
        return None
    start, end = mention.antecedent
    forces = _forces_of(scene, scene.report.text[start:end])
    if forces is not None:
        return forces
    return Participant(scene.report.text[start:end], start, end, mention.id, mention.name)
