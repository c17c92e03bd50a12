"""A word of a sentence and the rules → the rule that fits it, with the words that fill its roles.

Here stands what it means for a rule to fit: its trigger, its conditions, its slots. What a fitting rule claims is told in grammar.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from khabar.clauses import children, coordinated, counted, first_of_list, follow, instances, is_verbal_noun
from khabar.rules import PARTS, Kind, Rule, Slot
from khabar.scene import Scene

if TYPE_CHECKING:
    from spacy.tokens import Token


VIOLENCE = ("airstrike", "shelling", "bombing", "suicide_bombing", "chemical_attack", "attack", "clash")
MOVES = ("advance", "withdrawal", "redeployment")  # of forces, not of people who flee
TOLLS = ("casualties", "equipment_destroyed", "looting_destruction", "displacement")  # what violence costs

ATTRIBUTES = ("amod", "compound")
ELIDED = Slot("elided", "actor", alone=True)
DOERS = tuple(Slot(path, "actor|people") for path in ("means.subject", "carried.subject", "beside", "blamed", "claimant", "light.subject"))
SUFFERERS = (
    Slot("undergone", "actor|people|building"),
    Slot("suffering.subject", "actor|people|building"),
    Slot("light.against", "actor|people|building"),
    *(Slot(path, "target") for path in ("on", "hits.object", "struck.object")),
)


class Grammar:
    """Rules by the lemma of their trigger, those with most conditions first."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = tuple(kinds)
        self._by_lemma: dict[str, list[Rule]] = {}
        for rule in (r for kind in kinds for r in kind.rules):
            for lemma in {lemma for lemmas in rule.words.values() for lemma in lemmas}:
                self._by_lemma.setdefault(lemma, []).append(rule)
        for rules in self._by_lemma.values():
            rules.sort(key=lambda r: (-_conditions(r), r.name))

    def rules_for(self, token: Token) -> list[Rule]:
        """The rules that a word may trigger, by lemma and part of speech."""
        lemma = token.lower_ if is_verbal_noun(token) else lemma_of(token)
        return [r for r in self._by_lemma.get(lemma, ()) if any(lemma in w and _is_a(token, part) for part, w in r.words.items())]


def _conditions(rule: Rule) -> int:
    classed = any(slot.of_class for role in rule.needs for slot in rule.roles.get(role, ()))
    return 3 * sum("*" not in lemmas for lemmas in rule.when.values()) + len(rule.needs) + classed


def _is_a(token: Token, part: str) -> bool:
    if part == "suffix":
        before = token.nbor(-1) if token.i > token.sent.start else None
        return token.pos_ in ("VERB", "ADJ") and before is not None and (before.text in "-–‑" or before.pos_ in ("NOUN", "PROPN", "ADJ"))
    return ("NOUN" if is_verbal_noun(token) else token.pos_) in PARTS[part]


@dataclass(frozen=True)
class Match:
    """A rule, its trigger and the words that fill its roles."""

    rule: Rule
    trigger: Token
    fillers: dict[str, list[Token]]


def matches(token: Token, scene: Scene, grammar: Grammar) -> Iterator[Match]:
    """The rules that fit a word, best first."""
    for rule in grammar.rules_for(token):
        fillers = _fits(rule, token, scene)
        if fillers is not None:
            yield Match(rule, token, fillers)


def _roles(rule: Rule, token: Token) -> Mapping[str, tuple[Slot, ...]]:
    """The slots of a rule's roles; who does what a noun tells may also stand where no single rule says."""
    if rule.kind not in VIOLENCE or not _is_a(token, "noun"):
        return rule.roles
    doers, sufferers = rule.roles.get("actor", ()), rule.roles.get("recipient", ())
    return {**rule.roles, "actor": (ELIDED, *doers, *DOERS), "recipient": sufferers if rule.kind == "clash" else (*sufferers, *SUFFERERS)}


def _fits(rule: Rule, token: Token, scene: Scene) -> dict[str, list[Token]] | None:
    """The fillers of a rule's roles at a trigger, None where a condition or a needed role fails."""
    if not all(_stands(token, path, lemmas) for path, lemmas in rule.when.items()):
        return None
    if any(_stands(token, path, lemmas) for path, lemmas in rule.without.items()):
        return None
    fillers = {role: _fill(role, slots, token, scene, rule) for role, slots in _roles(rule, token).items()}
    return None if any(not fillers.get(role) for role in rule.needs) else fillers


def _stands(token: Token, path: str, lemmas: frozenset[str]) -> bool:
    found = [word for end in follow(token, path) for c in coordinated(end) for word in (c, counted(c))]
    return any("*" in lemmas or lemma_of(end) in lemmas or end.lower_ in lemmas or _ends_in(end, lemmas) for end in found)


def lemma_of(token: Token) -> str:
    """The lemma in lower case; of a plural that opens a sentence the singular, though its capital makes it a name to the tagger."""
    if token.pos_ == "PROPN" and token.i == token.sent.start and token.lower_.endswith("s"):
        return token.lower_.removesuffix("s")
    return token.lemma_.lower()


def _ends_in(name: Token, lemmas: frozenset[str]) -> bool:
    """Does a name that is one word to the parser ("Northern Air Force") end in one of these words?"""
    return " " in name.text and any(name.lower_.endswith(f" {lemma}") for lemma in lemmas)


def _fill(role: str, slots: Iterable[Slot], token: Token, scene: Scene, rule: Rule) -> list[Token]:
    for slot in slots:
        found = [
            end for start in follow(token, slot.path) for end in ([start] if slot.alone and start.pos_ != "ADJ" else coordinated(start))
        ]
        if role != "quantity":
            found = [end if scene.is_class(end, "place") else counted(end) for end in found]
        found = listed_instead(found, role, scene)
        kept = [end for end in found if _accepts(role, end, slot.of_class, scene, rule)]
        if kept and role == "actor" and not rule.standing:  # "the army and its allies": one who is named and one who is not
            kept = [end for end in found if end in kept or (scene.is_class(end, "affiliate") and first_of_list(end) in kept)]
        if kept:
            return list(dict.fromkeys(kept))
    return []


def listed_instead(found: list[Token], role: str, scene: Scene) -> list[Token]:
    """A general noun gives way to what it is said to be: "several villages, among them A" → A, for places."""
    if role != "place":
        return found
    return [end for word in found for end in (_named_instances(word, scene) or [word])]


def _named_instances(word: Token, scene: Scene) -> list[Token]:
    if word.pos_ == "PROPN":
        return []
    told = coordinated(first_of_list(word.head)) if word.dep_ == "appos" and word.tag_ == "NNS" else []
    return [i for i in instances(word) if scene.is_place(i)] or [i for i in told if scene.place_at(i) and i.pos_ == "PROPN"]


def _accepts(role: str, token: Token, of_class: str, scene: Scene, rule: Rule) -> bool:
    if of_class and not any(scene.is_class(token, one) for one in of_class.split("|")):
        return False
    if role == "actor" and rule.kind in {*VIOLENCE, *TOLLS} - {"suicide_bombing"} and scene.is_class(token, "bystander"):
        return False
    if role in ("actor", "recipient") and scene.is_time(token):
        return False
    if role == "actor" and rule.kind in (*VIOLENCE, *TOLLS) and scene.points_at(token, "bystander"):
        return False  # "residents said they shot at anyone"
    if role == "actor" and token.dep_ in ATTRIBUTES and scene.is_class(token, "weapon") and not children(token, "compound", "amod"):
        return False  # "a drone strike": with what, not by whom
    if role == "actor" and rule.kind in TOLLS and token.dep_ in ATTRIBUTES and not _modifies_act(token, scene):
        return False
    if role == "recipient" and rule.kind == "casualties" and any(scene.is_class(token, deed) for deed in ("violence", "projectile", "war")):
        return False
    if role == "actor" and rule.kind in MOVES and scene.stands_for(token, "bystander"):
        return False
    if role == "actor":
        return bool(of_class) or token.pos_ == "PRON" or scene.is_class(token, "people")
    if role == "place":
        return of_class == "place" or scene.place_at(token) is not None
    if role == "quantity":
        return scene.quantity(token, rule.unit or "") is not None
    return scene.is_class(token, "")


def _modifies_act(word: Token, scene: Scene) -> bool:
    """ "killed in Russian strikes", and not "in the Armenian quarter" or "the Syrian war": does an act's noun follow?"""
    noun = word
    while noun.dep_ in ATTRIBUTES:
        noun = noun.head
    return scene.is_class(noun, "violence") or noun.pos_ == "VERB" or scene.is_class(noun, "aircraft")
