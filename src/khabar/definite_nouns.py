"""A noun with an article, and what the report has named before it → a reference to whom or what it stands for: "the group", "the city".

The sorts of thing that a noun can stand for are in `knowledge/references.yaml`.
"""

from __future__ import annotations

import re
from typing import Any

from khabar.antecedents import NOUN_REACH, PRONOUN_REACH, Antecedents, Candidate, Named, is_state, key, knowledge, not_beside
from khabar.doc import Token
from khabar.lexicon import words
from khabar.model import ActorMention, PlaceMention
from khabar.openings import is_seat
from khabar.placewords import own_words


def definite_noun(token: Token, report: Antecedents) -> Named | None:
    """None for a word that is no such noun, or where nothing fits."""
    if token.lower_ in knowledge()["men"] and token.dep_.startswith("nsubj") and not list(token.lefts) and not list(token.rights):
        return _men(token, report)
    if token.pos_ not in ("NOUN", "PROPN") or not _is_definite(token):
        return None
    if token.lower_ in knowledge()["people"]:
        return _people(token, report)
    if token.lower_ in knowledge()["remainder"]:
        return _remainder(token, report)
    if token.lower_ in knowledge()["places"]:  # "the barracks", and not "the villages", which stand for no single place
        return _place(token, report)
    if token.tag_ == "NNS" or "Number=Plur" in token.morph:
        return None
    return _body(token, report) if token.lower_ in knowledge()["actors"] else None


def _is_definite(token: Token) -> bool:
    """True of "the group", "the city's": with an article, and with no name after it that says which ("the city of A", "the group A")."""
    articles = [child for child in token.children if child.dep_.startswith("det") or child.lower_ in ("the", "this", "that")]
    if not any(child.lower_ in knowledge()["determiners"] for child in articles):
        return False
    if token.dep_ in ("compound", "flat", "amod"):
        return False
    return not any(child.i > token.i and _names_it(child) for child in token.children)


def _names_it(child: Token) -> bool:
    if child.dep_ == "appos" and child.pos_ in ("NUM", "NOUN") and child.lower_ == child.text and not child.ent_type_:
        return any(near.pos_ == "PROPN" for near in child.children if near.dep_ in ("flat", "appos"))  # "the base, one of the largest"
    if child.dep_ == "acl" and child.lemma_ in words("nouns.yaml")["naming"]:  # "the alliance | known as A"
        return any(near.pos_ == "PROPN" for near in child.children)
    if child.dep_ in ("appos", "flat", "compound") or (child.dep_ == "nmod" and child.pos_ == "PROPN"):
        return True
    of_it = child.dep_.startswith("nmod") and any(c.lower_ == "of" for c in child.children)
    return of_it and child.ent_type_ in ("PLACE", "ORG", "FACILITY")


def _modifiers(token: Token) -> frozenset[str]:
    """Words before the noun that must be true of what it stands for: "the monitoring group"."""
    before = (c.lower_ for c in token.children if c.dep_ in ("amod", "compound") and c.i < token.i)
    return frozenset(word for word in before if word not in knowledge()["idle"])


# --- places


def _place(token: Token, report: Antecedents) -> Named | None:
    covered = report.covering(token, PlaceMention)
    if covered and (covered.form != "generic" or covered.end > token.idx + len(token)):
        return None
    if token.lower_ in knowledge()["province"] and not covered:
        return _province(token, report)
    if token.lower_ == "place" and not _is_taken(token):
        return None
    rule = knowledge()["places"][token.lower_]
    reach = 0 if _modifiers(token) else NOUN_REACH  # "the northern city" is the city just named, or another
    fitting = [c for c in report.places_before(token, reach=reach) if _fits_place(c, rule)]
    told_of = [c for c in fitting if not is_seat(report.text, c.mention.start, c.mention.end)]
    fitting = _named_whole(told_of or fitting, report.text)  # where the writer sat, only if the story names nothing else
    fitting = not_beside(fitting, report.text)
    phrase = report.words(covered) if covered else None
    over = covered if phrase is not None and phrase.root == token else None
    return report.reference(token, report.best(fitting, token, words=frozenset(rule.get("like", ()))), over=over)


def _is_taken(token: Token) -> bool:
    """ "retook the place"; not "took the place of A", "the place where"."""
    itself = token.dep_ in ("obj", "nsubj:pass") and token.head.lemma_ in knowledge()["taken"] - {"reach", "leave"}
    return itself and not any(child.dep_ in ("nmod", "acl", "acl:relcl") for child in token.rights)


def _fits_place(candidate: Candidate[PlaceMention], rule: dict[str, list[str]]) -> bool:
    mention, like = candidate.mention, rule.get("like", [])
    if mention.head_noun:
        told = mention.form == "name" and candidate.called & set(like)  # "Gate 27, a checkpoint"
        flown_from = re.search(r"\bair[- ]base$", mention.text, re.IGNORECASE) and "airbase" in like  # "the Tabqa air base … the airport"
        return mention.head_noun.casefold() in like or bool(told or flown_from)
    if mention.precision is not None and "precision" in rule and not _is_hill(candidate):
        return mention.precision in rule["precision"]
    return bool(candidate.called & set(like))


def _named_whole(fitting: list[Candidate[PlaceMention]], text: str) -> list[Candidate[PlaceMention]]:
    """Without the "A" of "the A bridge" where that fits, and without "a post in the hills" right after the name that it tells more of."""
    own = [c.mention for c in fitting if c.mention.head_noun in own_words()]
    named = [c.mention for c in fitting if c.mention.form == "name"]
    beside = [c for c in fitting if not any(m != c.mention and m.start <= c.mention.start and c.mention.end <= m.end for m in own)]
    return [
        c
        for c in beside
        if c.mention.text[:1].isupper() or not any(re.fullmatch(r",? (?:an?|the) ", text[m.end : c.mention.start][:8]) for m in named)
    ]


def _is_hill(candidate: Candidate[PlaceMention]) -> bool:
    """ "Jebel Karsa", "the hill called Karsa": known for a hill by these words, and for no town by a list."""
    return candidate.mention.latitude is None and bool(candidate.called & knowledge()["relief"])


def _province(token: Token, report: Antecedents) -> Named | None:
    """ "the province": the one named, else that of the town named last, which is known by its name and by nothing else."""
    near = report.places_before(token, reach=NOUN_REACH)
    named = report.best([c for c in near if c.mention.precision == "province"], token)
    if named is not None:
        return report.reference(token, named)
    towns = [c.mention for c in near if c.mention.precision == "town" and c.mention.admin1]
    if not towns:
        return None
    town, end = towns[-1], token.idx + len(token.text)
    name = f"{town.admin1} {token.lower_}"
    return PlaceMention(
        token.idx, end, token.text, None, name, precision="province", country=town.country, admin1=town.admin1, form="generic"
    )


def _remainder(token: Token, report: Antecedents) -> Named | None:
    """ "The rest is held by A", after another part of a town: a part of the town named last."""
    held = token.head.lemma_ in knowledge()["held"] and token.dep_ in ("nsubj", "nsubj:pass", "obj")
    if not held or any(child.dep_ == "nmod" for child in token.children):
        return None
    near = [c.mention for c in report.places_before(token, reach=1)]
    told = next((m for m in near if m.precision in ("town", "district", "exact", "province", "region")), None)
    if told is None:
        return None
    whole = told.parent if told.precision != "town" and told.parent else told.id
    end = token.idx + len(token.text)
    return PlaceMention(
        token.idx, end, token.text, None, None, precision="district", country=told.country, admin1=told.admin1, form="generic", parent=whole
    )


# --- bodies


def _body(token: Token, report: Antecedents) -> Named | None:
    rule: dict[str, Any] = knowledge()["actors"][token.lower_]
    covered = report.covering(token, ActorMention)
    if covered and (covered.id or covered.form == "name" or report.holds_name(covered)):
        return None
    before = report.actors_before(token, reach=NOUN_REACH)
    candidates = [c for c in before if c.mention.form != "generic" or (c.mention.id and report.holds_name(c.mention))]
    if token.dep_.startswith(("obj", "obl", "nmod")):
        candidates = [c for c in candidates if not report.acts_here(c, token)]
    if rule.get("fits") == "body":  # any body may be "the group"
        described = _modifiers(token)
        candidates = [c for c in candidates if not report.is_of_states(c)]
        called = [c for c in candidates if (described & c.called if described else not is_state(c.mention) and not report.is_person(c))]
        return report.reference(token, report.best(called, token, words=frozenset({token.lower_})), over=covered)
    wanted = frozenset(rule["named"])
    called = [c for c in candidates if _is_called(c, wanted)]
    very = [c for c in called if token.lower_ in c.called]  # "the alliance": what is called an alliance, before a coalition
    return report.reference(token, report.best(very or called, token, words=wanted | {token.lower_}), over=covered)


def _is_called(candidate: Candidate[ActorMention], wanted: frozenset[str]) -> bool:
    return bool(candidate.called & wanted) or any(" " in w and w in candidate.mention.text.casefold() for w in wanted)


def _men(token: Token, report: Antecedents) -> Named | None:
    """A bare "fighters" that acts, in a report whose fighters are of one body just named: that body."""
    near = [c for c in report.actors_before(token, reach=PRONOUN_REACH) if c.mention.id and c.subject]
    bodies = [c for c in near if not is_state(c.mention) and not report.is_medium(c)]
    if len({c.mention.id for c in bodies}) != 1:
        return None
    return report.reference(token, bodies[-1], over=report.covering(token, ActorMention))


# --- people


def _people(token: Token, report: Antecedents) -> Named | None:
    """For "the jihadists", the body named in this sentence or the one before, where the report calls it so; else the only body of rebels
    that the report has named."""
    if _modifiers(token):
        return None
    wanted = frozenset(knowledge()["people"][token.lower_])
    before = [c for c in report.actors_before(token, reach=1) if not is_state(c.mention)]
    candidates = [c for c in before if c.mention.form == "name" or report.holds_name(c.mention)]
    called = {key(c.mention) for c in report.candidates if c.called & wanted}
    fitting = [c for c in candidates if key(c.mention) in called] if len({key(c.mention) for c in candidates}) <= 2 else []
    return report.reference(token, report.best(fitting, token, words=wanted) or _only_body(token, report))


def _only_body(token: Token, report: Antecedents) -> Candidate[ActorMention] | None:
    """Whom "the rebels" are in a report that has named one body of rebels and no other; not those whom that body fights. "The militants"
    are the one body of holy warriors that the report tells of, whatever other rebels it names."""
    covered = report.covering(token, ActorMention)
    if covered and (covered.text != token.text or _are_many(covered, token, report)):  # "the army and the rebels"
        return None
    before = [c for c in report.actors_before(token, reach=len(report.sentence_of)) if _are_rebels(c, report)]
    holy = [c for c in before if _is_holy(c.mention.id, report) and (c.mention.form != "generic" or report.holds_name(c.mention))]
    of_holy = token.lower_ in knowledge()["holy"] or any(c.subject for c in holy)
    told = holy if holy and of_holy and token.lower_ not in knowledge()["mild"] else before
    rivals = [id for id in report.rebels if told is before or _is_holy(id, report)]
    named = {c.mention.text: c for c in told}
    if len({_one_body(c, report) for c in named.values()}) != 1 or len(rivals) > 1:
        return None
    body = next((c for c in named.values() if c.mention.form == "name"), next(iter(named.values())))
    itself = token.dep_.startswith(("obj", "obl")) and any(report.acts_here(c, token) for c in named.values())
    return None if itself or (_is_holy(body.mention.id, report) and token.lower_ in knowledge()["mild"]) else body


def _is_holy(id: str | None, report: Antecedents) -> bool:
    return bool(id and report.registry and report.registry.is_jihadist(id))


def _are_many(mention: ActorMention, token: Token, report: Antecedents) -> bool:
    """Is it a war of many groups of rebels, by its file: "the rebels" of Syria are not the one that was named?"""
    id, registry = mention.id or "", report.registry
    return token.lower_ in knowledge()["mild"] and id.endswith("-generic") and registry is not None and id in registry.actors


def _are_rebels(candidate: Candidate[ActorMention], report: Antecedents) -> bool:
    mention = candidate.mention
    if mention.person or is_state(mention):
        return False
    if mention.id:
        return mention.id in report.rebels
    return mention.form == "name" and not report.is_person(candidate) and bool(candidate.called & knowledge()["rebellious"])


def _one_body(candidate: Candidate[ActorMention], report: Antecedents) -> str:
    """One body by whatever name: its id, else the fullest name that holds these words or has these initials."""
    words = candidate.mention.text.split()
    if candidate.mention.id:
        return candidate.mention.id
    names = (c.mention.text for c in report.candidates if c.mention.form == "name" and isinstance(c.mention, ActorMention))
    fuller = [name for name in names if set(words) < set(name.split()) or (len(words) == 1 and words[0] == _initials(name))]
    return max(fuller, key=len, default=candidate.mention.text)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper())
