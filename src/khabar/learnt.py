"""Matches of a sentence's rules, and what the model takes its words to tell → matches of both together.

The grammar is precise where a rule names the word and the construction; the model (`Told` of columns.py) was shown annotated reports and
finds what no rule names. A match that only the model makes has a rule called `KIND.learnt` and says how likely the model holds it, its
`confidence`. A match of the grammar keeps its rule; the model fills a role that the rule left empty, and takes back a match that it
holds for next to impossible. `knowledge/learnt.yaml` has the bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from khabar.clauses import ancestors, case_of, children, first_of_list, is_apart, only_backs
from khabar.counts import is_one, quantity_of
from khabar.cuewords import is_negated
from khabar.lexicon import FOLDER, load, words
from khabar.lists import company, coordinated, is_left_out
from khabar.matching import MUTUAL, TOLLS, VIOLENCE, Grammar, Match, is_own
from khabar.placing import JOINT, is_left, is_where_teller_is
from khabar.rules import Rule
from khabar.scene import Scene
from khabar.slots import follow
from khabar.subjects import surface_subject
from khabar.tellers import SAYING
from khabar.timeclauses import steps
from khabar.trace import Candidate, Trace

if TYPE_CHECKING:
    from khabar.columns import Told
    from khabar.doc import Span, Token


ANY = "any"  # a claim of whatever kind
SHOWN = 0.1  # proposals less likely than this are not listed
NEVER = 2.0  # more than any probability
CALLED = ("by", "poss", "blamed", "claimant")  # "shelling by A", "A's shelling", "a strike blamed on A", "A claimed the attack"
# a protest that turns violent, a bomb that is found, men who are "taken | prisoner"
ALIKE = (
    VIOLENCE,
    ("protest", "riot"),
    ("bombing", "equipment_captured"),
    ("arrest", "abduction"),
    ("allied_with", "branch_of"),
    ("capture", "control_state"),
)
GOALS = ("to", "into", "toward", "towards", "onto", "for")  # where a withdrawal leads
AMONG = ("including", "among")  # "wounding seven, including two children": some of those, and not all
TAKER = "taker"  # the role of who took a toll by the model alone: of whom the act that took it comes first
FREEING = ("free", "release", "rescue", "liberate")
NEAR = 2  # steps in the tree within which two triggers may tell the same


@lru_cache(maxsize=1)
def bounds() -> Any:
    """knowledge/learnt.yaml."""
    return load(FOLDER / "learnt.yaml")


def with_learnt(matched: Sequence[Match], sentence: Span, scene: Scene, grammar: Grammar, trace: Trace | None = None) -> list[Match]:
    """The matches of a sentence by rule and by model, in the order of their triggers. `trace` is told what the model proposed."""
    told: dict[int, Told] = sentence.doc.user_data.get("told", {})
    if not sentence.doc.user_data.get("told_kinds"):
        return list(matched)
    # the kind of a rule that may go on with what was told before is known later (claiming.py)
    kept = [_filled(m, told, scene) for m in matched if m.rule.echoes or not is_doubted(m, m.rule.kind)]
    found = [m for token in sentence if token.i in told for m in _found(token, told[token.i], scene, grammar)]
    new = _new(found, kept)
    if trace is not None:
        proposed = ((token, kind, p) for token in sentence if token.i in told for kind, p in told[token.i].kinds.items() if p >= SHOWN)
        trace.learnt += [_candidate(token, kind, p, found, new) for token, kind, p in proposed]
    both = [_with_others_hit(m, told, scene, (other for other in (*kept, *new) if other is not m)) for m in (*kept, *new)]
    return sorted(both, key=lambda m: m.trigger.i)


def confidence(match: Match) -> float | None:
    """How likely the model holds what only it tells, to two places; None for the match of a rule."""
    told = match.trigger.doc.user_data.get("told", {}).get(match.trigger.i)
    alone = match.rule.name == f"{match.rule.kind}.learnt" and told is not None
    return round(float(told.kinds[match.rule.kind]), 2) if alone else None


def _candidate(token: Token, kind: str, likely: float, found: Sequence[Match], new: Sequence[Match]) -> Candidate:
    """What the model proposed at a word, and why no claim came of it."""
    bound = bounds()["find"].get(kind, bounds()["find"]["else"])
    made, fits = (any(m.trigger == token and m.rule.kind == kind for m in matches) for matches in (new, found))
    why = f"less likely than {bound}, the bound of its kind"
    if kind == ANY:
        why = "something is told there, of whatever kind; that alone makes no claim"
    if likely >= bound and kind != ANY:
        why = "a rule, or another word, tells the same" if fits else "a party or place that it needs was not found"
    return Candidate(kind, token.idx, token.idx + len(token), float(likely), "" if made else why)


def is_doubted(match: Match, kind: str) -> bool:
    """Does the model hold that neither the trigger nor a word beside it tells anything of the kind? Of kinds that it has seen often, and of
    what it can tell of."""
    told: Mapping[int, Told] = match.trigger.doc.user_data.get("told", {})
    if kind not in bounds()["judged"] or not match.trigger.doc.user_data.get("told_kinds") or _is_unasked(match):
        return False
    near = (t for t in match.trigger.sent if t.i in told and steps(t, match.trigger) <= NEAR)
    return bool(max((told[t.i].kinds.get(kind, 0.0) for t in near), default=0.0) < bounds()["never"])


def _is_unasked(match: Match) -> bool:
    """What a user's own rule or word says, and rules whose words can mean nothing else; of what is denied, and of lines that are no
    sentences, as in lists of towns, the model says little."""
    denied = any(map(is_negated, (match.trigger, match.trigger.head)))
    return is_own(match.rule, match.trigger) or match.rule.name in bounds()["unasked"] or denied or not _has_subject(match.trigger)


def _has_subject(trigger: Token) -> bool:
    """Does a word stand in a clause with a subject?"""
    return any(word.dep_.startswith(("nsubj", "csubj")) for above in (trigger, *ancestors(trigger)) for word in (above, *above.children))


def _filled(match: Match, told: Mapping[int, Told], scene: Scene) -> Match:
    """A match with the roles that its rule left empty, or filled against the model's firm belief, filled by the model's best words."""
    sure = told.get(match.trigger.i)
    if sure is None or match.rule.kind not in bounds()["known"]:
        return match
    least = {role: _least(role, match) for role in _told_roles(match.rule) if _is_open(role, match, sure)}
    found = {role: _fillers(role, sure, match.trigger, scene, least=bound) for role, bound in least.items()}
    found = {role: [word for word in words if not _says_whose(word, match.fillers.get(role, ()))] for role, words in found.items()}
    if match.rule.kind != "statement":
        found["actor"] = [word for word in found.get("actor", ()) if not is_accuser(word)]
    taken = {t for words in match.fillers.values() for t in words}
    does = follow(match.trigger, "subject")  # "a package exploded"
    if match.rule.kind in MUTUAL:  # "contested between the militia and the army": both are told
        does = [*does, *(end for word in match.fillers.get("actor", ()) for end in coordinated(first_of_list(word)))]
    others = [w for word in match.fillers.get("recipient", ()) for w in company(word)]  # "a man was killed together with his son"
    hurt = [word for word in found.get("recipient", ()) if word not in (*does, *others) and not _is_part_of_number(word)]
    hurt = [word for word in hurt if not _tells_last(word, match.trigger)]
    found["recipient"] = [word for word in hurt if not is_helped(word) and not scene.is_class(word, "violence")]
    if match.rule.kind == "withdrawal":  # "B came back to A after they had pulled out": where B came
        found["recipient"] = [
            word for word in found["recipient"] if not match.trigger.head.is_ancestor(word) or match.trigger.is_ancestor(word)
        ]
    found["place"] = [word for word in found.get("place", ()) if word not in taken and not _is_other_end(match.rule.kind, word)]
    if match.rule.kind not in MUTUAL:
        doers = [word for word in found.get("actor", ()) if case_of(word) != "against" and word not in taken]
        joined = doers if match.rule.kind in TOLLS else [w for doer in doers for w in coordinated(doer)]  # "the army and its allies"
        hit = match.fillers.get("recipient", ())
        found["actor"] = [word for word in joined if scene.is_class(word, "people") and not (word.head in hit and word.i < word.head.i)]
    if match.rule.kind in TOLLS:
        losers = surface_subject(match.trigger)  # "the army lost five tanks"
        takers = (word for word in found.pop("actor", ()) if word not in losers)
        found[TAKER] = [word for word in takers if not any(is_apart(w) for w in (word, *ancestors(word)))]
    one, other = (match.fillers.get(role, []) for role in JOINT)
    if set(found.get("actor", ())) & set(other):  # the two sides of a fight may change places, each with all that is joined to it
        swapped = {"actor": other, "recipient": one} if one else {"actor": []}  # of one side told, the other is not the same
        found |= swapped if match.rule.kind in MUTUAL else {}
    return replace(match, fillers=match.fillers | {role: words for role, words in found.items() if words})


def _with_others_hit(match: Match, told: Mapping[int, Told], scene: Scene, beside: Iterable[Match]) -> Match:
    """A toll with those whom the model holds for its victims too, where each lot is counted: "61 gunmen have been killed as well as 20
    soldiers", "28 fighters 18 guards and five civilians had lost their lives"."""
    sure, hit = told.get(match.trigger.i), match.fillers.get("recipient", ())
    if sure is None or match.rule.kind not in TOLLS or not hit or any(word.pos_ in ("NUM", "PRON") for word in hit):
        return match
    taken = {word for role, words in match.fillers.items() if role != "recipient" for word in words}
    taken |= {
        word
        for other in beside
        if other.rule.kind in TOLLS
        for victim in other.fillers.get("recipient", ())
        for word in coordinated(victim)
    }
    lots = [word for victim in hit for word in coordinated(victim)]
    likely = _fillers("recipient", sure, match.trigger, scene, least=bounds()["hit_too"], several=True)
    new = [word for word in likely if word not in taken and not any(_is_of(word, lot) or _is_of(lot, word) for lot in lots)]
    new = [word for word in new if word.pos_ in ("NOUN", "PROPN") and (is_one(scene, word) or quantity_of(scene, word, "") is not None)]
    return replace(match, fillers=match.fillers | {"recipient": [*hit, *new]}) if new else match


def _is_of(word: Token, phrase: Token) -> bool:
    """Is a word part of a noun phrase, and no item of a list?"""
    while word != phrase and word.dep_.partition(":")[0] in ("nmod", "compound", "amod", "flat", "appos", "acl"):
        word = word.head
    return word == phrase


def is_helped(word: Token) -> bool:
    """ "strikes in A to support B": whom an act is to help does not suffer it."""
    return word.dep_ == "obj" and word.head.lemma_ in words("clauses.yaml")["help"] and word.head.dep_ in ("advcl", "xcomp", "acl")


def is_accuser(word: Token) -> bool:
    """ "it is accused by A of killing nine": not by A."""
    return word.dep_ == "obl:agent" and word.head.lemma_ in words("clauses.yaml")["blame"]


def _is_part_of_number(word: Token) -> bool:
    """ "killed 132, 80 of them civilians": the civilians are not the 132."""
    return word.dep_ == "appos" and word.head.pos_ == "NUM" and any(child.pos_ == "NUM" for child in word.lefts)


def _tells_last(word: Token, trigger: Token) -> bool:
    """ "shelled Karsa | residents said": they only tell it."""
    return word.dep_ == "nsubj" and word.i > trigger.i and word.head.lemma_ in SAYING and word.head.is_ancestor(trigger)


def _says_whose(word: Token, fillers: Sequence[Token]) -> bool:
    """ "an army drone": the rule has whose it is."""
    return any(filler.head == word for filler in fillers)


def _is_other_end(kind: str, word: Token) -> bool:
    """ "pulled back to the hills", "sent tanks from Karsa": where a withdrawal leads, and where those who are sent come from."""
    return (kind == "withdrawal" and case_of(first_of_list(word)) in GOALS) or is_left(kind, word)


def _told_roles(rule: Rule) -> dict[str, None]:
    """The roles that the model may fill: those of the rule; of violence both parties, and of a toll who suffered it, of whom a rule may say
    nothing. Where a toll was taken and how many it took is left to the rule, and to what is told of its act."""
    if rule.kind in TOLLS:
        return dict.fromkeys(role for role in JOINT if role == "recipient" or role in rule.roles)
    return dict.fromkeys((*rule.roles, *JOINT) if rule.kind in VIOLENCE else rule.roles)


def _least(role: str, match: Match) -> float:
    """How likely a word must be to fill a role: one left empty, or one filled, of kinds that the model has seen often."""
    part = TAKER if role == "actor" and match.rule.kind in TOLLS else role
    if match.fillers.get(role):
        return float(bounds()["firm"].get(part, NEVER)) if match.rule.kind in bounds()["often"] else NEVER
    return float(bounds()["fill"].get(part, NEVER))


def _is_open(role: str, match: Match, told: Told) -> bool:
    """Did the rule leave a role empty, or fill it with words that the model holds for unlikely, and that the sentence does not call the
    doer in so many words?"""
    if role == "actor" and match.rule.again and match.fillers.get(role):
        return False  # "A blamed B", "A denied it": the rule says which of the two
    called = {t.i for path in CALLED if role == "actor" for t in follow(match.trigger, path)}
    if any(t.i in called for t in match.fillers.get(role, ())):
        return False
    likely = told.fillers.get(role, {})
    return bool(max((likely.get(t.i, 0.0) for t in match.fillers.get(role, ())), default=0.0) < bounds()["unlikely"])


def _found(token: Token, told: Told, scene: Scene, grammar: Grammar) -> Iterator[Match]:
    find = bounds()["find"]
    kinds = [kind for kind, likely in told.kinds.items() if kind != ANY and likely >= find.get(kind, find["else"])]
    if not kinds:
        return
    by = follow(token, "by")
    if any(scene.is_class(doer, "nature") for doer in (*follow(token, "subject"), *by)) or any(_lies_there(word, scene) for word in by):
        return
    for kind in kinds:
        unlike = token.lemma_.lower() in bounds()["unlike"].get(kind, ())
        if kind == "equipment_destroyed":  # "shot down five of the six missiles": they were spent
            unlike = unlike or any(scene.is_class(hit, "projectile") for hit in (*follow(token, "object"), *follow(token, "object.of")))
        if not unlike:
            rule = _rule(kind, token, grammar)
            if rule:
                fillers = {role: _fillers(role, told, token, scene, least=bounds()["role"]) for role in rule.roles}
                fillers["place"] = [word for word in fillers.get("place", ()) if not _is_other_end(kind, word)]
                fillers["actor"] = [
                    word for doer in fillers.get("actor", ()) for word in coordinated(doer) if scene.is_class(word, "people")
                ]
                if all(fillers.get(role) for role in rule.needs) and not _is_idiom(kind, token, fillers):
                    yield Match(rule, token, fillers)


def _is_idiom(kind: str, token: Token, fillers: Mapping[str, Sequence[Token]]) -> bool:
    """ "helped topple A" allies nobody with A; "controls nine seats" holds no place; "switched sides" says not whose; "an attack on
    the bill" is of words."""
    if kind == "arrest" and token.pos_ == "NOUN":
        return token.dep_ == "obj" and token.head.lemma_ in bounds()["let_go"]
    if kind == "attack" and token.pos_ == "NOUN":
        return any(other.lemma_.lower() in words("nouns.yaml")["paper"] for other in follow(token, "on|against"))
    if kind == "clash" and token.pos_ == "NOUN":
        ends = [(other, "prize") for other in follow(token, "for")] + [(other, "ill") for other in follow(token, "against|with")]
        glad = any(child.lower_ == "celebratory" for child in children(token, "amod"))  # "celebratory gunfire"
        return glad or any(other.lemma_.lower() in words("nouns.yaml")[sort] for other, sort in ends)
    if kind == "split":
        return any(other.lemma_ == "side" for other in fillers.get("recipient", ()))
    if kind == "allied_with":
        deeds = [child for child in token.children if child.dep_ in ("xcomp", "ccomp")]
        return any(other.head in deeds and other.dep_ == "obj" for other in fillers.get("recipient", ()))
    return kind == "control_state" and any(held.lemma_.lower() in bounds()["not_held"] for held in follow(token, "object"))


def _lies_there(word: Token, scene: Scene) -> bool:
    """ "surrounded by hills": a place that does nothing."""
    return scene.is_place(word) and scene.actor_at(word) is None and word.tag_ in ("NN", "NNS")


def _rule(kind: str, token: Token, grammar: Grammar) -> Rule | None:
    """What a learnt claim of a kind is like: as the kind's first rule says, without its words and slots."""
    units = bounds()["units"] if kind == "casualties" else {}
    return _learnt_rule(kind, next((unit for unit, lemmas in units.items() if token.lemma_.lower() in lemmas), None), grammar)


@lru_cache(maxsize=1024)
def _learnt_rule(kind: str, unit: str | None, grammar: Grammar) -> Rule | None:
    first = next((k.rules[0] for k in grammar.kinds if k.name == kind), None)
    if first is None:
        return None
    needs = frozenset(bounds()["needs"].get(kind, ()))
    return replace(
        first,
        name=f"{kind}.learnt",
        words={},
        roles=dict.fromkeys(first.roles, ()),
        when={},
        without={},
        needs=needs,
        unit=unit or first.unit,
        echoes=frozenset(),
        examples=(),
    )


def _fillers(role: str, told: Told, trigger: Token, scene: Scene, *, least: float, several: bool = False) -> list[Token]:
    """The words that fill a role: of all likely ones places, and others only where `several` do."""
    doc = trigger.doc
    likely = [doc[i] for i, p in told.fillers.get(role, {}).items() if p >= least and doc[i] != trigger]
    likely = [t for t in likely if role != "recipient" or case_of(first_of_list(t)) not in AMONG]
    if role != "place" and likely and not several:
        likely = [max(likely, key=lambda t: told.fillers[role][t.i])]
    if role == "place":
        likely = [t for t in likely if scene.here is None or not is_where_teller_is(t, trigger, scene)]
        likely = [t for t in likely if not is_left_out(t)]
        return [t for t in likely if scene.is_place(t) and not (t.dep_.startswith("nmod") and t.head in likely)]  # "an area near A"
    if role == "quantity":
        likely = [t for t in likely if not (case_of(t) == "of" and is_one(scene, t.head))]  # "a mother of four"
        return [t for t in likely if quantity_of(scene, t, "") is not None]
    if role == "actor":
        return [
            t
            for t in likely
            if not _is_left_out(t)
            and scene.is_class(t, "people")
            and not scene.is_class(t, "bystander")
            and not _only_tells(t, trigger, scene)
            and not _is_told_of_it(t, trigger)
            and not _frees(t, trigger)
            and not only_backs(t)
            and not (case_of(t) == "from" and children(t, "cop"))  # "those killed were from the militia"
        ]
    return [t for t in likely if scene.is_class(t, "") and not _is_left_out(t)]


def _is_left_out(party: Token) -> bool:
    """ "the truce excludes A": A is no party to it."""
    first = first_of_list(party.head if party.dep_ == "compound" else party)
    left_out = first.dep_ in ("obj", "nsubj:pass") and first.head.lemma_ == "exclude"
    return left_out or case_of(first) in ("excluding", "except", "except for")


def _only_tells(man: Token, trigger: Token, scene: Scene) -> bool:
    """ "Shells hit A, said Omar Haddad": one man of whose saying the act is the content is its teller, and not its doer."""
    return man.dep_ == "nsubj" and is_one(scene, man) and man.head != trigger and man.head.is_ancestor(trigger)


def _frees(man: Token, trigger: Token) -> bool:
    """ "The rebels freed nine villagers held hostage": not by them."""
    return man.dep_ == "nsubj" and man.head.lemma_ in FREEING and man.head.is_ancestor(trigger)


def _is_told_of_it(man: Token, trigger: Token) -> bool:
    """ "The town, captured by rebels in May, was shelled": what is told beside of who suffers an act has doers of its own."""
    sufferers = (child for child in trigger.children if child.dep_ in ("obj", "nsubj:pass"))
    return man.dep_ in ("nsubj", "obl:agent", "obl") and any(s.is_ancestor(man) for s in sufferers)


def _new(found: Sequence[Match], kept: Sequence[Match]) -> list[Match]:
    """The learnt matches that tell what no other does: of two of one kind near each other a rule's comes first, then the earlier."""
    new: list[Match] = []
    for match in found:
        if not any(_is_same(match, other) or _is_beaten_off(match, other) for other in (*kept, *new)):
            new.append(match)
    return new


def _is_beaten_off(attack: Match, other: Match) -> bool:
    """ "pushed back an assault": one claim, of those who did so."""
    return other.rule.kind == "repelled_attack" and attack.trigger.dep_ == "obj" and attack.trigger.head == other.trigger


def _is_same(one: Match, other: Match) -> bool:
    if one.trigger == other.trigger:
        return True
    kinds = {one.rule.kind, other.rule.kind}
    if kinds == {"killing", "casualties"}:  # "was shot | dead"
        shared = set(one.fillers.get("recipient", ())) & set(other.fillers.get("recipient", ()))
        return bool(shared) and steps(one.trigger, other.trigger) <= NEAR
    if one.rule.kind in TOLLS and len(kinds) == 1 and _counts_whom(one, other):
        return True
    alike = len(kinds) == 1 or any(kinds <= set(group) for group in ALIKE)
    return alike and steps(one.trigger, other.trigger) <= NEAR and not _have_doers_apart(one, other)


def _counts_whom(one: Match, other: Match) -> bool:
    """ "Most of the deaths were in A, where 17 people were killed": the seventeen are told once."""
    numbers, hit = one.fillers.get("quantity", ()), other.fillers.get("recipient", ())
    victims = one.fillers.get("recipient", ())
    if one.trigger.pos_ == "NUM" and victims and all(word.dep_ == "appos" and word.head in hit for word in victims):
        return True  # "wounded two people, one of them a woman"
    return bool(numbers) and all(number.head in hit for number in numbers)


def _have_doers_apart(one: Match, other: Match) -> bool:
    """ "The army took A days after the rebels had seized it": two clauses, each with a doer of its own."""
    doers = [[word for word in match.fillers.get("actor", ()) if word.dep_ == "nsubj"] for match in (one, other)]
    apart = all(words and words[0].head == match.trigger for words, match in zip(doers, (one, other), strict=True))
    return apart and all(word.pos_ in ("NOUN", "PROPN") for words in doers for word in words)
