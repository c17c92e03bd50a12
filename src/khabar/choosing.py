"""The claims of a report → the same, with who did it, who suffered it and where chosen among all whom and what the report names.

A rule takes the words that its sentence gives; who killed the fourteen of whom it tells may stand two sentences before, beside other
parties, and the town of which a lead says the most may not be the one of a line further on. There the model points at words of the report,
or at nobody (`Told.story`). Neither is always right, so the choice is learnt: each party or place that comes into question is described in
numbers (`rows`: how likely the model holds it, what the rules took, where it stands, what it is, what else is told of it), and a small
network, shown reports that the model had not seen, says how well each fits (`encoder.fits`, `training/train_choices.py`). What the rules
took stays where nothing fits much better.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from khabar.clauses import case_of, is_explosive, only_backs
from khabar.contract import with_parties, with_place
from khabar.encoder import fits
from khabar.learnt import bounds, is_accuser, is_helped
from khabar.matching import MUTUAL
from khabar.model import Claim, Participant, Place, Span, Speaker
from khabar.participants import doer_of, participant
from khabar.placing import HOLDING, headline_place, is_building
from khabar.scene import Scene
from khabar.sides import is_same_party
from khabar.sites import place_at_word
from khabar.storywindows import STORY
from khabar.tablerows import row_at
from khabar.timeclauses import steps

if TYPE_CHECKING:
    from khabar.columns import Told
    from khabar.doc import Token

Part = Participant | Place
Marks = dict[str, float]
LIKELY, FILLS = 0.05, 0.1  # how likely the model must hold a word for it to come into question: of the report, of the sentence
BEFORE, AFTER = 2, 1  # sentences whose parties and places come into question
CLAIMS_BEFORE, CLAIMS_AFTER = 4, 2  # claims whose parties and places do
AROUND = 8  # claims before and after that say how much else is told of somebody
SLIGHT = 0.01  # probability that is as good as none
DOERS = ("people", "aircraft", "weapon")  # what may do an act
CLASSES = ("people", "person", "force", "aircraft", "weapon", "bystander")


@dataclass
class Option:
    """A party or place that comes into question, None for nobody, with the numbers of the words that name it."""

    part: Part | None
    words: list[int] = field(default_factory=list)


class Chooser:
    """Look-ups over the claims of one report, which are made once."""

    def __init__(self, claims: Sequence[Claim], scene: Scene) -> None:
        self.claims, self.scene = claims, scene
        self.told: Mapping[int, Told] = scene.doc.user_data.get("told", {})
        self.sentences = [s.start_char for s in scene.doc.sents]
        self.triggers = [scene.root(*c.trigger) if c.trigger else None for c in claims]
        self.at = [self.sentence(c.start) for c in claims]
        self.keys = {role: [key(getattr(c, role)) for c in claims] for role in STORY}
        self.parts: dict[tuple[str, int], Part | None] = {}
        self.words: dict[tuple[str, int], Marks] = {}

    def sentence(self, at: int) -> int:
        """The number of the sentence of an offset."""
        return bisect_right(self.sentences, at) - 1

    def part(self, role: str, i: int) -> Part | None:
        """Whom or what a word stands for in a role."""
        if (role, i) not in self.parts:
            self.parts[role, i] = self._part(role, self.scene.doc[i])
        return self.parts[role, i]

    def _part(self, role: str, word: Token) -> Part | None:
        if role == "place":
            return None if is_explosive(word) else place_at_word(self.scene, word)
        if role == "actor":
            return None if is_accuser(word) or only_backs(word) else doer_of(self.scene, [word])
        return None if is_helped(word) else participant(self.scene, [word], suffers=True)

    @cached_property
    def named(self) -> dict[str, list[tuple[int, int]]]:
        """By role the numbers of the words that head names, and of their sentences."""
        words = {role: sorted(self.scene.places if role == "place" else self.scene.actors) for role in STORY}
        return {role: [(i, self.sentence(self.scene.doc[i].idx)) for i in own] for role, own in words.items()}

    @cached_property
    def often(self) -> dict[str, Counter[str]]:
        """By role how often the report names each."""
        return {role: Counter(key(part) for i, _ in own if (part := self.part(role, i))) for role, own in self.named.items()}

    @cached_property
    def titled(self) -> Place | None:
        return headline_place(self.scene)

    def likely(self, n: int, role: str) -> dict[str, float]:
        """How likely the model holds each, by any of the words that name it, and nobody ("")."""
        found: dict[str, float] = {}
        for i, p in self._story(n, role).items():
            part = None if i is None else self.part(role, i)
            if i is None or part is not None:
                found[key(part)] = found.get(key(part), 0.0) + p
        own = getattr(self.claims[n], role)
        if own is not None and own.start is not None:
            within = sum(p for i, p in self._story(n, role).items() if i is not None and _covers(own, self.scene.doc[i]))
            found[key(own)] = max(found.get(key(own), 0.0), within)
        return found

    def _told(self, n: int) -> Told | None:
        trigger = self.triggers[n]
        return self.told.get(trigger.i) if trigger is not None else None

    def _story(self, n: int, role: str) -> Mapping[int | None, float]:
        told = self._told(n)
        return told.story.get(role, {}) if told else {}

    def _fills(self, n: int, role: str) -> Mapping[int, float]:
        told = self._told(n)
        return told.fillers.get(role, {}) if told else {}

    def is_settled(self, n: int, role: str) -> bool:
        """Is it left to the rules? Where the model is certain of the same; where several tell the same, who each says it was; whom a toll
        counts; where a place is held or taken, and what one word tells of several places, in a building, or in another cell of a table's
        row."""
        claim = self.claims[n]
        if claim.kind not in bounds()["chosen"] or self.likely(n, role).get(self.keys[role][n], 0.0) >= bounds()["certain"]:
            return True
        if role != "place" and (part := getattr(claim, role)) is not None and part.start is None:
            return True  # two parties of which one is named in another sentence
        if role == "actor":
            return len(self.tellers[claim.trigger]) > 1
        if role == "recipient":
            return claim.quantity is not None and claim.recipient is not None
        place = claim.place
        if claim.kind in HOLDING or self.places[claim.trigger] > 1:
            return True
        root = self.scene.root(place.start, place.end) if place and place.start is not None and place.end is not None else None
        return place is not None and (root is None or is_building(root, self.scene) or self._is_of_row(claim, place))

    def _is_of_row(self, claim: Claim, place: Place) -> bool:
        row = row_at(self.scene.report.text, claim.start)
        return row is not None and place.start is not None and row.start <= place.start < row.end

    @cached_property
    def tellers(self) -> dict[Span, set[tuple[Speaker, ...]]]:
        """By trigger the chains of speakers by which it is told."""
        found: dict[Span, set[tuple[Speaker, ...]]] = defaultdict(set)
        for claim in self.claims:
            found[claim.trigger].add(claim.attribution)
        return found

    @cached_property
    def places(self) -> Counter[Span]:
        """By trigger how many places it is told of."""
        return Counter(trigger for trigger, _ in {(c.trigger, c.place) for c in self.claims})

    def best(self, n: int, role: str, options: Mapping[str, Option], scores: Mapping[str, float]) -> Part | None:
        """The best of the options, where it fits much better than what the claim has."""
        own = self.keys[role][n]
        name = max(options, key=lambda option: (scores[option], option == own))
        gone = not name and own and any(self.sentence(self.scene.doc[i].idx) == self.at[n] for i in options[own].words)
        least = bounds()["surer"]["gone" if gone else "else"]
        kept = name == own or (role == "recipient" and not name and self.claims[n].kind in MUTUAL)  # a fight has two sides
        return getattr(self.claims[n], role) if kept or scores[name] < scores[own] + log(least) else options[name].part

    def open(self, n: int, role: str) -> dict[str, Option]:
        """The options without those that cannot be."""
        own, claim = self.keys[role][n], self.claims[n]
        return {name: option for name, option in self.options(n, role).items() if name == own or not self._is_amiss(role, option, claim)}

    def _is_amiss(self, role: str, option: Option, claim: Claim) -> bool:
        """Can it not be? Whom the rules have for the other side; the same party in more or fewer words; what is no party at all; who had
        or left a place before as its taker, "A captured Karsa in March. It was retaken in June"."""
        part = option.part
        if role == "place" or not isinstance(part, Participant):
            return False
        other = claim.recipient if role == "actor" else claim.actor
        if is_same_party(part, other) or is_same_party(other, part) or _overlap(part, getattr(claim, role)):
            return True
        if role == "recipient":
            return False
        if option.words and not any(self.scene.is_class(self.scene.doc[i], name) for i in option.words for name in DOERS):
            return True
        if claim.kind != "capture":
            return False
        before = [c for c in self.claims if c.trigger < claim.trigger and c.place and key(c.place) == key(claim.place)]
        takers = [c for c in before if c.kind == "capture"]
        had = bool(takers) and is_same_party(part, takers[-1].actor)
        return had or any(c.kind == "withdrawal" and is_same_party(part, c.actor) for c in before)

    def options(self, n: int, role: str) -> dict[str, Option]:
        """What comes into question, by its key: nobody first, then what the claim has."""
        claim, here, root = self.claims[n], self.at[n], self.scene.root
        found: dict[str, Option] = {"": Option(None)}

        def add(part: Part | None, i: int | None = None) -> None:
            if part is not None:
                option = found.setdefault(key(part), Option(part))
                if i is not None and i not in option.words:
                    option.words.append(i)

        def add_told(part: Part | None) -> None:
            head = root(part.start, part.end) if part is not None and part.start is not None and part.end is not None else None
            add(part, None if head is None else head.i)

        add_told(getattr(claim, role))
        for told, least in ((self._story(n, role), LIKELY), (self._fills(n, role), FILLS)):
            for _, i in sorted((-p, i) for i, p in told.items() if i is not None and p >= least):
                add(self.part(role, i), i)
        for i, k in self.named[role]:
            if here - BEFORE <= k <= here + AFTER:
                add(self.part(role, i), i)
        for other in (*self.claims[max(0, n - CLAIMS_BEFORE) : n], *self.claims[n + 1 : n + 1 + CLAIMS_AFTER]):
            add_told(getattr(other, role))
        if role == "place":
            add(self.titled)
        return found

    def rows(self, n: int, role: str, options: Mapping[str, Option]) -> list[Marks]:
        """What is known of each option, as numbers; what is left out is 0."""
        likely, own = self.likely(n, role), self.keys[role][n]
        near = [m for m in range(max(0, n - AROUND), min(len(self.claims), n + AROUND + 1)) if m != n]
        told = {other: Counter(self.keys[other][m] for m in near) for other in STORY}
        last = next((m for m in reversed(near) if m < n and self.claims[m].kind == self.claims[n].kind), None)
        frame = _Frame(n, role, own, likely, near, told, last)
        return [self._marks(frame, name, option) for name, option in options.items()]

    def _marks(self, frame: _Frame, name: str, option: Option) -> Marks:
        marks: Marks = {}
        self._by_model(frame, name, option, marks)
        self._of_claim(frame, name, marks)
        self._elsewhere(frame, name, marks)
        if option.part is not None:
            self._standing(frame, name, option, option.part, marks)
        return marks

    def _by_model(self, frame: _Frame, name: str, option: Option, marks: Marks) -> None:
        """How likely the model holds it, by itself and beside the others."""
        p, of_own = frame.likely.get(name, 0.0), frame.likely.get(frame.own, 0.0)
        others = max((q for other, q in frame.likely.items() if other != name), default=0.0)
        logarithm = log(p + SLIGHT)
        which = frame.which(name)
        marks[which] = 1.0
        marks["likely"] = marks[f"likely {which}"] = p
        marks["log likely"] = marks[f"log likely {which}"] = logarithm
        marks["beside own"], marks["beside others"] = logarithm - log(of_own + SLIGHT), p - others
        marks["likeliest"] = float(p >= others)
        fills = self._fills(frame.n, frame.role)
        marks["fills"] = max((fills.get(i, 0.0) for i in option.words), default=0.0)

    def _of_claim(self, frame: _Frame, name: str, marks: Marks) -> None:
        """Of what kind the claim is, and how it is told; told of its own and of nobody, as all options share it."""
        which, claim, trigger = frame.which(name), self.claims[frame.n], self.triggers[frame.n]
        marks[f"log likely {claim.kind}"] = log(frame.likely.get(name, 0.0) + SLIGHT)
        if which == "other":
            return
        marks[f"{which} {claim.kind}"] = 1.0
        if not frame.likely:
            marks[f"{which} unread"] = 1.0
        if claim.rule.endswith(".learnt"):
            marks[f"{which} learnt"] = 1.0
        if claim.attribution:
            marks[f"{which} said"] = 1.0
        if claim.modality == "background":
            marks[f"{which} background"] = 1.0
        if claim.quantity is not None:
            marks[f"{which} counted"] = 1.0
        if not frame.own:
            marks[f"{which} empty"] = 1.0
        if trigger is not None:
            marks[f"{which} {trigger.pos_}"] = 1.0
            if any(child.dep_ in ("nsubj:pass", "aux:pass") for child in trigger.children):
                marks[f"{which} passive"] = 1.0
        marks[f"{which} position"] = self.at[frame.n] / len(self.sentences)

    def _elsewhere(self, frame: _Frame, name: str, marks: Marks) -> None:
        """What the claims around tell of it in the same role, and in the others."""
        n, role, claim, keys = frame.n, frame.role, self.claims[frame.n], self.keys
        if frame.told[role][name]:
            same = [m for m in frame.near if keys[role][m] == name]
            marks["told"] = len(same) / 3
            marks["told of kind"] = sum(self.claims[m].kind == claim.kind for m in same) / 3
            marks["told here"] = sum(self.at[m] == self.at[n] for m in same) / 3
            marks["told by the same words"] = float(any(self.claims[m].trigger == claim.trigger for m in same))
            marks["told last"] = float(n - 1 in same)
            marks["told next"] = float(n + 1 in same)
            marks["last of kind"] = float(frame.last in same)
            for other in STORY:
                mine = keys[other][n]
                if other != role and mine:
                    marks[f"with {other}"] = sum(keys[other][m] == mine for m in same) / 3
        if name:
            marks["another part"] = float(any(keys[other][n] == name for other in STORY if other != role))
            for other in ("actor", "recipient"):
                marks[f"{other} elsewhere"] = frame.told[other][name] / 3
            marks["speaks"] = float(any(name in (link.id, link.text.lower()) for link in claim.attribution))

    def _standing(self, frame: _Frame, name: str, option: Option, part: Part, marks: Marks) -> None:
        """What it is, and where its words stand."""
        which, trigger, here = frame.which(name), self.triggers[frame.n], self.at[frame.n]
        marks["words"] = len(part.text.split()) / 3
        marks["known"] = float(part.id is not None)
        marks["often"] = log(1 + self.often[frame.role][name])
        marks["in title"] = float(bool(self.scene.report.title) and part.text.lower() in (self.scene.report.title or "").lower())
        starts = [self.scene.doc[i].idx for i in option.words] or ([part.start] if part.start is not None else [])
        away = [self.sentence(start) - here for start in starts]
        if away:
            nearest = min(away, key=lambda far: (abs(far), far > 0))
            marks[f"sentence {max(-3, min(2, nearest))}"] = 1.0
            marks["in lead"] = float(any(far + here == 0 for far in away))
            if nearest == 0:
                marks[f"{which} here"] = 1.0
        if option.words:
            word = min((self.scene.doc[i] for i in option.words), key=lambda w: abs(w.i - (trigger.i if trigger is not None else w.i)))
            self._worded(frame, which, word, marks)
        if isinstance(part, Place):
            self._placed(frame, which, part, marks)

    def _worded(self, frame: _Frame, which: str, word: Token, marks: Marks) -> None:
        trigger = self.triggers[frame.n]
        if (frame.role, word.i) not in self.words:
            self.words[frame.role, word.i] = self._word(frame.role, word)
        marks.update(self.words[frame.role, word.i])
        if which == "own":
            marks[f"own as {word.dep_}"] = 1.0
            marks[f"own case {case_of(word)}"] = 1.0
            marks[f"own form {self._form(frame.role, word)}"] = 1.0
        if trigger is not None:
            marks["before"] = float(word.i < trigger.i)
            marks["apart"] = min(30, abs(word.i - trigger.i)) / 10
            if word.sent.start == trigger.sent.start:
                marks["steps"] = min(9, steps(word, trigger)) / 4
                marks["below"] = float(word.head == trigger)
                marks["above"] = float(trigger.is_ancestor(word))

    def _form(self, role: str, word: Token) -> str:
        mention = self.scene.place_at(word) if role == "place" else self.scene.actor_at(word)
        return mention.form if mention else "none"

    def _word(self, role: str, word: Token) -> Marks:
        """What a word is, whatever the claim."""
        marks = {f"as {word.dep_}": 1.0, f"tag {word.tag_}": 1.0, f"form {self._form(role, word)}": 1.0}
        if case := case_of(word):
            marks[f"case {case}"] = 1.0
        if role == "place":
            return marks | {"building": float(is_building(word, self.scene))}
        for name in CLASSES:
            if self.scene.is_class(word, name):
                marks[f"class {name}"] = 1.0
        if word.ent_type_:
            marks[f"named {word.ent_type_}"] = 1.0
        return marks

    def _placed(self, frame: _Frame, which: str, place: Place, marks: Marks) -> None:
        marks[f"size {place.precision}"] = 1.0
        if which == "own":
            marks[f"own size {place.precision}"] = 1.0
        marks["near"] = float(place.near)
        marks["of the country"] = float(place.country is not None and place.country == self.scene.main_country)
        marks["the title's"] = float(self.titled is not None and key(self.titled) == key(place))
        own = self.claims[frame.n].place
        if own is not None:
            marks["within own"] = float(_lies_in(place, own))
            marks["around own"] = float(_lies_in(own, place))
            marks["of own area"] = float(place.admin1 is not None and place.admin1 == own.admin1)
            if place.start is not None and own.start is not None:
                marks["of own words"] = float(place.start < (own.end or 0) and own.start < (place.end or 0))


@dataclass(frozen=True)
class _Frame:
    """A role of a claim: the key of what the claim has there, what the model holds for likely, the claims around, how often they tell of
    each in each role, and which of them, before it, is the last of its kind."""

    n: int
    role: str
    own: str
    likely: Mapping[str, float]
    near: Sequence[int]
    told: Mapping[str, Counter[str]]
    last: int | None

    def which(self, name: str) -> str:
        return "own" if name == self.own else "other" if name else "nobody"


def key(part: Part | None) -> str:
    """By what two mentions are known for one; "" for nobody."""
    return "" if part is None else part.id or part.text.lower()


def _covers(part: Part, word: Token) -> bool:
    return (part.start or 0) < word.idx + len(word) and word.idx < (part.end or 0)


def _overlap(one: Part | None, other: Part | None) -> bool:
    """ "members of A" and "A": how many words are told is the rules' to say."""
    if one is None or other is None or one.start is None or other.start is None:
        return False
    return one.start < (other.end or 0) and other.start < (one.end or 0)


def _lies_in(place: Place, whole: Place) -> bool:
    if place.parent is not None and place.parent == whole.id:
        return True
    if whole.precision == "country":
        return place.precision != "country" and place.country == whole.country
    return place.admin1 is not None and place.admin1 == whole.name


def with_parts_chosen(claims: Sequence[Claim], scene: Scene) -> list[Claim]:
    """The claims, each with the doer, the sufferer and the place that fit it best; as they are where the model tells nothing of claims."""
    if not scene.doc.user_data.get("told_kinds"):
        return list(claims)
    chooser = Chooser(claims, scene)
    asked = [(n, role) for n in range(len(claims)) for role in STORY if not chooser.is_settled(n, role)]
    options = [chooser.open(n, role) for n, role in asked]
    rows = [row for (n, role), own in zip(asked, options, strict=True) for row in chooser.rows(n, role, own)]
    likely = iter(fits(rows).tolist())
    found = {}
    for (n, role), own in zip(asked, options, strict=True):
        scores = {name: next(likely)[STORY.index(role)] for name in own}
        found[n, role] = chooser.best(n, role, own, scores)
    now, told = list(claims), Counter(map(_said, claims))
    for n, claim in enumerate(claims):
        chosen = _chosen(claim, *(found.get((n, role), getattr(claim, role)) for role in STORY))
        if not told[_said(chosen)]:  # else it would be as another, or it is as it was
            told[_said(claim)] -= 1
            told[_said(chosen)] += 1
            now[n] = chosen
    return now


def _said(claim: Claim) -> tuple[object, ...]:
    """What tells a claim from others: what the rules told apart stays apart."""
    return (claim.kind, claim.attribution, *(key(getattr(claim, role)) for role in STORY))


def _chosen(claim: Claim, does: Part | None, to: Part | None, where: Part | None) -> Claim:
    """The claim with these parts; who does it and who suffers it stay as they were where they would be one."""
    assert not isinstance(does, Place)
    assert not isinstance(to, Place)
    assert not isinstance(where, Participant)
    if is_same_party(does, to) or is_same_party(to, does):
        does, to = claim.actor, claim.recipient
    claim = claim if (does, to) == (claim.actor, claim.recipient) else with_parties(claim, does, to)
    return claim if where == claim.place else with_place(claim, where)
