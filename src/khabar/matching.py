"""A word of a sentence and the rules → the rule that fits it, with the words that fill its roles.

Here stands what it means for a rule to fit: its trigger, its conditions, its slots. What a fitting rule claims is told in grammar.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lemminflect

from khabar.clauses import case_of, children, compounds_of, first_of_list, is_verbal_noun, only_backs
from khabar.contract import digest
from khabar.counts import quantity_of
from khabar.lemmas import lemma as base_form
from khabar.lexicon import words
from khabar.lists import coordinated, counted, instances, without_anothers
from khabar.ruleform import PARTS, ROLES
from khabar.rules import Kind, Rule, Slot
from khabar.scene import Scene
from khabar.slots import ends, follow
from khabar.trace import Attempt, Look, Trace

if TYPE_CHECKING:
    from khabar.doc import Token


VIOLENCE = ("airstrike", "shelling", "bombing", "suicide_bombing", "chemical_attack", "attack", "clash")
HELD = ("capture", "transfer", "control_state", "siege")
MUTUAL = ("clash",)
MOVES = ("advance", "withdrawal", "redeployment")  # of forces, not of people who flee
# what else may be told of a list of objects by the same verb
BESIDE = {
    "equipment_captured": ("arrest", "abduction"),
    "arrest": ("equipment_captured",),
    "equipment_destroyed": ("looting_destruction", "casualties"),
    "looting_destruction": ("equipment_destroyed",),
}
OBJECTS = ("building", "vehicle", "weapon", "fortification", "person")
TOLLS = ("casualties", "equipment_destroyed", "looting_destruction", "displacement")  # what violence costs
TOWARDS = ("statement", "protest", "riot")  # acts that are about somebody, whether he is there or not
BONDS = ("membership", "allied_with", "branch_of", "commands", "split")  # nothing where one of the two is unknown

ATTRIBUTES = ("amod", "compound")
ELIDED = Slot("elided", "actor", alone=True)
DOERS = tuple(
    Slot(path, "actor|people")
    for path in ("means.subject", "carried.subject", "beside", "blamed", "claimant", "light.subject", "behind", "imposed", "employing")
)
IMPOSERS = tuple(Slot(path, "actor|people") for path in ("carried.subject", "imposed"))
SUFFERERS = (
    Slot("undergone", "actor|people|building"),
    Slot("suffering.subject", "actor|people|building"),
    Slot("light.against", "actor|people|building"),
    *(Slot(path, "target") for path in ("on", "hits.object", "struck.object")),
)


class Grammar:
    """Rules by the lemma of their trigger, those with most conditions first. `sha256`: of all that the rules say."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self.kinds = tuple(kinds)
        self.sha256 = digest([_content(rule) for kind in self.kinds for rule in kind.rules])
        self._by_lemma: dict[str, list[tuple[Rule, tuple[str, ...]]]] = {}  # each rule with the parts of speech it takes the word as
        for rule in (r for kind in kinds for r in kind.rules):
            parts: dict[str, tuple[str, ...]] = {}
            for part, lemmas in rule.words.items():
                for lemma in {read for written in lemmas for read in (written, *read_as(written, part))}:
                    parts[lemma] = (*parts.get(lemma, ()), part)
            for lemma, known in parts.items():
                self._by_lemma.setdefault(lemma, []).append((rule, known))
        for rules in self._by_lemma.values():
            rules.sort(key=lambda known: precedence(known[0]))

    def knows(self, token: Token) -> bool:
        """Does any rule name a word, as whatever part of speech?"""
        return lemma_of(token) in self._by_lemma or token.lower_ in self._by_lemma

    def rules_for(self, token: Token, trace: Trace | None = None) -> list[Rule]:
        """The rules that a word may trigger, by lemma and part of speech."""
        lemma = token.lower_ if is_verbal_noun(token) else lemma_of(token)
        known = self._by_lemma.get(lemma, ())
        read = {part for part in PARTS if known and _is_a(token, part)}
        found = [rule for rule, parts in known if not read.isdisjoint(parts)]
        if trace is not None:
            trace.not_its_part([rule for rule, _ in known if rule not in found], token)
        return found


def read_as(lemma: str, part: str) -> set[str]:
    """What the reading makes of the forms of a word that no dictionary has: "steamrolled" is read as a form of "steamrol"."""
    upos = {"verb": "VERB", "noun": "NOUN"}.get(part)
    if upos is None or not lemma.isalpha() or lemminflect.getAllLemmas(lemma, upos=upos):
        return set()
    forms = {form for found in lemminflect.getAllInflectionsOOV(lemma, upos=upos).values() for form in found}
    return {base_form(form, upos) for form in forms}


def is_own(rule: Rule, trigger: Token) -> bool:
    """Is a rule the user's, or the word that sets it off one that the user gave to it?"""
    written = {lemma_of(trigger), trigger.lower_}
    return rule.own or any(written & {word, *read_as(word, part)} for part, words in rule.added.items() for word in words)


def _content(rule: Rule) -> list[object]:
    """All that a rule does, and nothing of how its file is written."""
    lemmas = [{key: sorted(words) for key, words in part.items()} for part in (rule.words, rule.when, rule.without)]
    slots = {role: [[slot.path, slot.of_class, slot.alone] for slot in listed] for role, listed in rule.roles.items()}
    sets = [sorted(listed) for listed in (rule.needs, rule.each, rule.echoes)]
    return [
        rule.name,
        *lemmas,
        slots,
        *sets,
        rule.unit,
        rule.modality,
        rule.standing,
        rule.scene,
        rule.shown,
        rule.focus,
        rule.again,
        rule.own,
        *([{part: sorted(words) for part, words in rule.added.items()}] if rule.added else []),
    ]


def precedence(rule: Rule) -> tuple[int, bool, str]:
    """Of two rules that fit a word the lesser one here is taken: that of more conditions, then the user's own, then by name."""
    return -_conditions(rule), not rule.own, rule.name


def _conditions(rule: Rule) -> int:
    classed = any(slot.of_class for role in rule.needs for slot in rule.roles.get(role, ()))
    return 3 * sum("*" not in lemmas for lemmas in rule.when.values()) + len(rule.needs) + classed


def _is_a(token: Token, part: str) -> bool:
    if part == "suffix":
        before = token.nbor(-1) if token.i > token.sent.start else None
        whole = token.tag_ in ("VB", "VBP", "VBZ")  # "its allies hold A"
        return (
            token.pos_ in ("VERB", "ADJ")
            and not whole
            and before is not None
            and (before.text in "-–‑" or before.pos_ in ("NOUN", "PROPN", "ADJ"))
        )
    return ("NOUN" if is_verbal_noun(token) else token.pos_) in PARTS[part]


@dataclass(frozen=True)
class Match:
    """A rule, its trigger and the words that fill its roles."""

    rule: Rule
    trigger: Token
    fillers: dict[str, list[Token]]
    attempt: Attempt | None = None

    def note(self, part: str, how: str) -> None:
        """How a field was filled that no slot filled, for the reader who asks."""
        if self.attempt is not None:
            self.attempt.filled[part] = how

    def drop(self, why: str) -> None:
        """Why the match makes no claim, or one claim less."""
        if self.attempt is not None:
            self.attempt.dropped.append(why)


def best_match(token: Token, scene: Scene, grammar: Grammar, trace: Trace | None = None) -> Match | None:
    """The rule that fits a word best. Where a trace is kept the others are tried too, to tell which would have fitted."""
    fitting = matches(token, scene, grammar, trace)
    best = next(fitting, None)
    for other in fitting if trace is not None else ():
        if best and other.attempt:
            other.attempt.behind = best.rule.name
    return best


def matches_beside(best: Match, scene: Scene, grammar: Grammar) -> list[Match]:
    """ "captured 43 soldiers and two lorries", "destroyed three tanks, a mortar position and a school": what a rule of another kind tells
    of the rest of the objects."""
    kinds, told = BESIDE.get(best.rule.kind, ()), best.fillers.get("recipient", [])
    if not kinds or not told or not (children(told[0], "conj") or told[0].dep_ == "conj"):
        return []
    rest = (m for m in matches(best.trigger, scene, grammar) if m.rule.kind in kinds)
    others = (m for m in rest if (found := m.fillers.get("recipient")) and first_of_list(found[0]) == first_of_list(told[0]))
    apart = ((m, _rest_of(m.fillers["recipient"], told, scene)) for m in others)
    return [replace(m, fillers=m.fillers | {"recipient": left}) for m, left in apart if left][:1]


def match_by_other_means(best: Match, scene: Scene, grammar: Grammar) -> list[Match]:
    """ "hit by air strikes and artillery", "aerial and artillery bombardment": what was done from the air, and what was done by guns."""
    other = {"airstrike": "shelling", "shelling": "airstrike"}.get(best.rule.kind)
    if other is None:
        return []
    told = [word for path in ("subject", "by", "with", "mod") for start in follow(best.trigger, path) for word in coordinated(start)]
    flown, fired = ([word for word in told if is_means(word, scene)] for is_means in (_is_flown, _is_fired))
    found = next((m for m in matches(best.trigger, scene, grammar) if m.rule.kind == other), None) if flown and fired else None
    if found is None:
        return []
    theirs = flown if other == "shelling" else fired
    return [replace(found, fillers={role: [w for w in told if w not in theirs] for role, told in found.fillers.items()})]


def _is_flown(word: Token, scene: Scene) -> bool:
    air = [w for w in (word, *children(word, "compound", "amod")) if w.lower_ in ("air", "aerial", "airstrike", "airstrikes")]
    return bool(air) or scene.is_class(word, "aircraft")


def _is_fired(word: Token, scene: Scene) -> bool:
    return scene.is_class(word, "projectile") and not _is_flown(word, scene)


def _rest_of(found: Sequence[Token], told: Sequence[Token], scene: Scene) -> list[Token]:
    """What is not told yet, of objects of which none is; of others only those who are people, or what is held, used or lived in."""
    if not {*found} & {*told}:
        return [*found]
    return [word for word in found if word not in told and any(scene.is_class(word, name) for name in OBJECTS)]


def matches(token: Token, scene: Scene, grammar: Grammar, trace: Trace | None = None) -> Iterator[Match]:
    """The rules that fit a word, best first."""
    if token.pos_ == "PROPN" and token.i in scene.words_of_times:
        return  # "from March to May": no march
    seen: dict[str, list[Token]] = {}
    for rule in grammar.rules_for(token, trace):
        attempt = trace.attempt(rule, token) if trace is not None else None
        fillers = _fits(rule, token, scene, seen, attempt)
        if fillers is not None:
            yield Match(rule, token, fillers, attempt)


def _roles(rule: Rule, token: Token) -> Mapping[str, tuple[Slot, ...]]:
    """The slots of a rule's roles; who does what a noun tells may also stand where no single rule says."""
    if rule.kind == "siege" and _is_a(token, "noun"):
        return {**rule.roles, "actor": (*rule.roles.get("actor", ()), *IMPOSERS)}
    if rule.kind not in (*VIOLENCE, "killing") or not _is_a(token, "noun"):
        return rule.roles
    doers, sufferers = rule.roles.get("actor", ()), rule.roles.get("recipient", ())
    return {**rule.roles, "actor": (ELIDED, *doers, *DOERS), "recipient": sufferers if rule.kind == "clash" else (*sufferers, *SUFFERERS)}


def _fits(
    rule: Rule, token: Token, scene: Scene, seen: dict[str, list[Token]], attempt: Attempt | None = None
) -> dict[str, list[Token]] | None:
    """The fillers of a rule's roles at a trigger, None where a condition or a needed role fails. `seen`: what rules before it saw from
    there, by path."""
    failed: list[tuple[str, str]] = []
    for path, lemmas in rule.when.items():
        if not _stands(token, path, lemmas, seen, scene):
            if attempt is None:
                return None
            failed.append(("when", path))
    failed = failed or [("without", path) for path, lemmas in rule.without.items() if _stands(token, path, lemmas, seen, scene)]
    roles = {} if failed else _roles(rule, token)
    needed: dict[str, list[Token]] = {}
    for role in rule.needs & roles.keys() if attempt is None else ():  # where one is empty nobody asks for the others
        needed[role] = _fill(role, roles[role], token, scene, rule)
        if not needed[role]:
            return None
    fillers = {role: needed.get(role) or _fill(role, slots, token, scene, rule, attempt) for role, slots in roles.items()}
    failed = failed or [("needs", role) for role in ROLES if role in rule.needs and not fillers.get(role)]
    if attempt is not None:
        attempt.failed = failed
    return None if failed else fillers


def _stands(token: Token, path: str, lemmas: frozenset[str], seen: dict[str, list[Token]], scene: Scene) -> bool:
    """Whatever "*" names, "on Friday" is not it."""
    if path not in seen:
        seen[path] = words_at(token, path)
    return any(is_one_of(end, lemmas) and not ("*" in lemmas and end.i in scene.words_of_times) for end in seen[path])


def words_at(token: Token, path: str) -> list[Token]:
    """The words that a condition looks at: at the end of a path, with what is joined to them and what they only count."""
    return [word for end in ends(token, path) for c in coordinated(end) for word in (c, counted(c))]


def is_one_of(word: Token, lemmas: frozenset[str]) -> bool:
    """Is a word one that a condition names? "*" names all."""
    return "*" in lemmas or lemma_of(word) in lemmas or word.lower_ in lemmas or _ends_in(word, lemmas)


def lemma_of(token: Token) -> str:
    """The lemma in lower case; of a plural that opens a sentence the singular, though its capital makes it a name to the tagger."""
    if token.pos_ == "PROPN" and token.i == token.sent.start and token.lower_.endswith("s"):
        return token.lower_.removesuffix("s")
    return token.lemma_.lower()


def _ends_in(name: Token, lemmas: frozenset[str]) -> bool:
    """Does a name that is one word to the parser ("Northern Air Force") end in one of these words?"""
    return " " in name.text and any(name.lower_.endswith(f" {lemma}") for lemma in lemmas)


def _fill(role: str, slots: Iterable[Slot], token: Token, scene: Scene, rule: Rule, attempt: Attempt | None = None) -> list[Token]:
    for slot in slots:
        alone = slot.alone or (role == "quantity" and slot.path == "self")  # "deaths and dozens of injuries" counts no deaths
        found = [end for start in ends(token, slot.path) for end in ([start] if alone and start.pos_ != "ADJ" else coordinated(start))]
        if slot.path == "qualified":  # "the army-held west and the rebel-held east"
            found = [end for end in found if end == found[0] or not (compounds_of(end) or _is_set_apart(end, found[0], scene))]
        if token.dep_ in ("acl", "acl:relcl"):  # "Chad, which backs A, and Mali, which backs B": not Mali too
            found = [end for end in found if end.i < token.i or first_of_list(end) != token.head]
        found = without_anothers(found, token)
        if role != "quantity":
            found = [end if scene.is_class(end, "place") else counted(end) for end in found]
        found = listed_instead(found, role, scene)
        if role == "recipient" and rule.kind == "casualties" and slot.path != "self":  # "counted 60 | bodies": whose is not told
            found = [end for end in found if end != token]
        kept = [end for end in found if not _refusal(role, end, slot.of_class, scene, rule)]
        if attempt is not None:
            attempt.looks.append(Look(role, slot, tuple((end, _refusal(role, end, slot.of_class, scene, rule)) for end in found)))
        if kept and role == "actor" and not rule.standing:  # "the army and its allies": one who is named and one who is not
            kept = [end for end in found if end in kept or (scene.is_class(end, "affiliate") and first_of_list(end) in kept)]
        if kept:
            return list(dict.fromkeys(kept))
    return []


def _is_set_apart(other: Token, first: Token, scene: Scene) -> bool:
    """ "clashes between Chad-backed rebels and | the army", "Chad-backed rebels and government | forces": not so called itself."""
    between = any(case_of(noun) == "between" for noun in (first, first.head))
    own = (child for child in children(other, "compound", "amod", "nmod:poss") if child.i < other.i)
    return between or any(scene.is_class(child, "actor") or child.text[:1].isupper() for child in own)


def listed_instead(found: list[Token], role: str, scene: Scene) -> list[Token]:
    """A general noun gives way to what it is said to be: "several villages, among them A" → A, for places."""
    if role != "place":
        return found
    return [end for word in found for end in (_named_instances(word, scene) or [word])]


def _named_instances(word: Token, scene: Scene) -> list[Token]:
    if word.pos_ == "PROPN":
        return []
    told = coordinated(first_of_list(word.head)) if word.dep_ == "appos" and word.tag_ == "NNS" else []
    beside = [i for i in instances(word) if scene.is_place(i) and not children(i, "nsubj")]  # "three of them hamlets" are not all
    if scene.is_class(word, "named") and word.tag_ == "NN":  # "the Karsa road, a supply route out of Tina": described, not listed
        beside = [i for i in beside if i.dep_ != "appos" or i.pos_ == "PROPN"]
    return beside or [i for i in told if scene.place_at(i) and i.pos_ == "PROPN"]


def _refusal(role: str, token: Token, of_class: str, scene: Scene, rule: Rule) -> str:
    """Why a word cannot fill a role, "" where it can."""
    if of_class and not any(scene.is_class(token, one) for one in of_class.split("|")):
        return "class"
    if role == "actor" and rule.kind in MUTUAL and case_of(first_of_list(token)) == "between":  # "clashes between refugees and police"
        return "" if scene.is_class(token, "people") else "people"
    if role == "actor" and rule.kind in {*VIOLENCE, *TOLLS} - {"suicide_bombing"} and scene.is_class(token, "bystander"):
        return "bystander"
    if role == "actor" and rule.kind in (*VIOLENCE, *TOLLS) and scene.is_harmless(token):
        return "bystander"
    if role == "actor" and rule.kind in TOLLS and _has_mishap(token):
        return "no act"
    if role == "actor" and rule.kind not in BONDS and only_backs(token):
        return "backer"
    if role in ("actor", "recipient") and scene.is_time(token):
        return "time"
    if role == "actor" and rule.kind in (*VIOLENCE, *TOLLS) and scene.points_at(token, "bystander"):
        return "bystander"  # "residents said they shot at anyone"
    if role == "actor" and token.dep_ in ATTRIBUTES and token.ent_type_ == "PERSON" and getattr(scene.actor_at(token), "person", True):
        return "person"  # a photographer's name run into a headline
    if role == "actor" and token.dep_ in ATTRIBUTES and scene.is_class(token, "weapon") and not children(token, "compound", "amod"):
        return "weapon"  # "a drone strike": with what, not by whom
    if role == "actor" and rule.kind in TOLLS and token.dep_ in ATTRIBUTES and not _modifies_act(token, scene):
        return "no act"
    if role == "recipient" and rule.kind == "casualties" and any(scene.is_class(token, deed) for deed in ("violence", "projectile", "war")):
        return "deed"
    if role == "recipient" and rule.kind == "casualties" and token.lower_ in ("number", "total", "toll", "tally"):
        return "deed"  # "the number killed": how many, and not who
    if role == "actor" and rule.kind in HELD and scene.is_class(token, "act") and scene.actor_at(token) is None:
        return "act"  # "the operation has captured A": whose it is may be told elsewhere
    if role == "actor" and rule.kind in MOVES and scene.stands_for(token, "bystander"):
        return "flees"
    if role == "actor":
        return "" if of_class or token.pos_ == "PRON" or scene.is_class(token, "people") else "people"
    if role == "place":
        return "" if of_class == "place" or scene.place_at(token) is not None else "place"
    if role == "quantity":
        return "" if quantity_of(scene, token, rule.unit or "") is not None else "number"
    return "" if scene.is_class(token, "") else "noun"


def _has_mishap(word: Token) -> bool:
    """ "an army helicopter crashed, killing its crew": what it does to nobody, and on nobody's behalf."""
    vessel = word.head if word.dep_ in ATTRIBUTES else word
    mishap = vessel.head.lemma_ in words("clauses.yaml")["mishap"] and vessel.dep_ == "nsubj"
    return mishap and not children(vessel.head, "obj") and not follow(vessel.head, "into|with|against")


def _modifies_act(word: Token, scene: Scene) -> bool:
    """ "killed in Russian strikes", and not "in the Armenian quarter" or "the Syrian war": does an act's noun follow?"""
    noun = word
    while noun.dep_ in ATTRIBUTES:
        noun = noun.head
    return scene.is_class(noun, "violence") or noun.pos_ == "VERB" or scene.is_class(noun, "aircraft")
