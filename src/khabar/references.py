"""Doc and mentions → mentions that point back: "the group", "they", "its fighters", "the city", "there".

Each carries the span of the fullest name in the same report that it stands for. Candidates are the mentions before it in the same voice:
a comment never points into the article, nor an article into a comment. Nearness, subjecthood and how often the report names a body decide;
the sorts of thing that a noun can stand for are in `knowledge/references.yaml`. Where nothing fits, nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import chain, takewhile
from typing import Any

import yaml

from khabar.actorfiles import SPEAKERS
from khabar.actorforms import head_class
from khabar.clauses import first_of_list
from khabar.cues import lexicon
from khabar.doc import Doc, Token
from khabar.doc import Span as SpacySpan
from khabar.model import ActorMention, Mention, PlaceMention, Report, Span
from khabar.openings import is_seat
from khabar.registry import Registry
from khabar.slots import follow

Named = ActorMention | PlaceMention

# How far back, in sentences, a word may point. Pronouns seldom pass the sentence before; nouns reach further.
_PRONOUN_REACH = 2
_NOUN_REACH = 12
_HE = frozenset({"he", "him", "his"})
_SHE = frozenset({"she", "her", "hers"})


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A mention that something later may stand for: its sentence, whether it is a subject, the words that describe it."""

    mention: Named
    sentence: int
    subject: bool
    speaks: bool
    called: frozenset[str]


@dataclass(slots=True)
class _Scene:
    """What the report holds, indexed so that a long one is read in linear time, and what has been read of it so far."""

    doc: Doc
    text: str
    report: Report
    registry: Registry | None
    sentence_of: list[int]
    over: dict[int, list[Named]]
    alike: dict[str, list[Named]]
    people: list[SpacySpan]
    fullest: dict[tuple[str, str, str, str, int], Span] = field(default_factory=dict)
    called: dict[str, set[str]] = field(default_factory=dict)
    candidates: list[_Candidate] = field(default_factory=list)
    rebels: frozenset[str] | None = None  # ids of the bodies of rebels that the report names
    persons: dict[str, str] = field(default_factory=dict)  # by the last word of a name: "he" or "she" stood for it


def find_references(doc: Doc, report: Report, mentions: Sequence[Mention], registry: Registry | None = None) -> tuple[Named, ...]:
    """The words of `doc` that point back to one of `mentions`, in order; `form` is "reference", `antecedent` the fullest name's span.

    `registry`: knows of the bodies named which are rebels, as "the rebels" are.
    """
    named = sorted((m for m in mentions if isinstance(m, ActorMention | PlaceMention)), key=lambda m: (m.start, -m.end))
    scene = _scene(doc, report, named, registry)
    waiting = deque(named)
    found: list[Named] = []
    for token in doc:
        while waiting and waiting[0].start < token.idx:
            _add(scene, waiting.popleft())
        reference = _reference(token, scene)
        if reference:
            found.append(reference)
            _add(scene, reference)
    return tuple(found)


def _scene(doc: Doc, report: Report, mentions: Sequence[Named], registry: Registry | None) -> _Scene:
    over: dict[int, list[Named]] = defaultdict(list)
    alike: dict[str, list[Named]] = defaultdict(list)
    for mention in mentions:
        alike[_key(mention)].append(mention)
        for token in doc.char_span(mention.start, mention.end, alignment_mode="expand") or ():
            over[token.i].append(mention)
    return _Scene(doc, doc.text, report, registry, _sentences(doc), over, alike, [e for e in doc.ents if e.label_ == "PERSON"])


@cache
def _knowledge() -> dict[str, Any]:
    text = resources.files("khabar").joinpath("knowledge/references.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables


def _sentences(doc: Doc) -> list[int]:
    number = [0] * len(doc)
    for i, sentence in enumerate(doc.sents):
        number[sentence.start : sentence.end] = [i] * len(sentence)
    return number


def _key(mention: Named) -> str:
    return mention.id or mention.text.casefold()


def _add(scene: _Scene, mention: Named) -> None:
    words = scene.doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if words is None or (
        isinstance(mention, ActorMention) and mention.form == "generic" and mention.id is None and not _is_plural(words.root)
    ):
        return
    if mention.text.casefold() in lexicon().words["platforms"]:  # "in a statement on Telegram, the group said"
        return
    if isinstance(mention, PlaceMention) and any(_is_name_over(m, mention) for m in scene.over[words.start]):
        return
    root = words.root
    subject = root.dep_.startswith("nsubj")
    teller = root.head.head if root.dep_ in ("obl", "xcomp") and root.head.dep_ == "acl" else root  # "the group known as A"
    speaks = (teller.dep_.startswith("nsubj") or teller.dep_ == "obl:agent") and teller.head.lemma_ in _knowledge()["speech"]
    if mention.form != "reference":
        scene.called.setdefault(_key(mention), set()).update(_called(scene.text, mention, root))
    called = frozenset(scene.called.get(_key(mention), ()))
    scene.candidates.append(_Candidate(mention, scene.sentence_of[root.i], subject, speaks, called))


def _is_plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") or token.lower_.endswith(("s", "men", "people"))


def _called(text: str, mention: Named, root: Token) -> frozenset[str]:
    """Words of the name, and those that describe it: "X, an alliance of rebel groups", "X is a militia", "the jihadist group X"."""
    words = set(re.findall(r"\w+", mention.text.casefold()))
    after = text[mention.end : mention.end + 90]
    described = re.match(r"\W{0,25}(?:\([^)]*\)\W*)?(?:is|was|,|–|—|-|\()\s*(?:an?|the)\s+([^.;:\n]{0,60})", after, re.IGNORECASE)
    if described:
        words |= set(re.findall(r"\w+", re.split(r"\s(?:that|which|who|and|in|on)\s", described[1].casefold())[0]))
    if root.dep_ in ("appos", "flat", "compound") and root.head.pos_ in ("NOUN", "PROPN"):
        words |= {root.head.lower_, *(child.lower_ for child in root.head.children if child.dep_ in ("amod", "compound"))}
    return frozenset(words)


# --- what points back ---


def _reference(token: Token, scene: _Scene) -> Named | None:
    lower = token.lower_
    if lower in ("its", "their") and (token.head.lower_ in _knowledge()["parts"] or _is_parallel(token, scene)):
        return _place_adverb(token, scene)
    if token.pos_ == "PRON" or (lower in ("its", "their", "his") and token.pos_ == "DET"):
        return _pronoun(token, scene)
    if lower == "there" and token.pos_ == "ADV":
        return _place_adverb(token, scene)
    if token.lower_ in _knowledge()["men"] and token.dep_.startswith("nsubj") and not list(token.lefts) and not list(token.rights):
        return _men(token, scene)
    if token.pos_ not in ("NOUN", "PROPN") or not _is_definite(token):
        return None
    tables = _knowledge()
    noun = lower if lower in tables["people"] else _singular(token)
    if noun in tables["places"]:
        return _place_noun(token, noun, scene)
    if noun in tables["actors"]:
        return _actor_noun(token, noun, scene)
    return _people_noun(token, noun, scene) if noun in tables["people"] else None


def _is_parallel(token: Token, scene: _Scene) -> bool:
    """True for "A's school and its bakery" where A is a place."""
    owners = [child for child in token.head.head.children if child.dep_ == "nmod:poss"] if token.head.dep_ == "conj" else []
    return any(_is_covered(owner, scene, PlaceMention) and not _is_covered(owner, scene, ActorMention) for owner in owners)


def _singular(token: Token) -> str:
    """The noun itself where it is singular: "the villages" stand for no single place."""
    return "" if token.tag_ == "NNS" or "Number=Plur" in token.morph else token.lower_


def _is_definite(token: Token) -> bool:
    """True of "the group", "the city's": with an article, and with no name after it that says which ("the city of A", "the group A")."""
    articles = [child for child in token.children if child.dep_.startswith("det") or child.lower_ in ("the", "this", "that")]
    if not any(child.lower_ in _knowledge()["determiners"] for child in articles):
        return False
    if token.dep_ in ("compound", "flat", "amod"):
        return False
    return not any(child.i > token.i and _names_it(child) for child in token.children)


def _names_it(child: Token) -> bool:
    if child.dep_ in ("appos", "flat", "compound") or (child.dep_ == "nmod" and child.pos_ == "PROPN"):
        return True
    return (
        child.dep_.startswith("nmod") and any(c.lower_ == "of" for c in child.children) and child.ent_type_ in ("PLACE", "ORG", "FACILITY")
    )


def _pronoun(token: Token, scene: _Scene) -> Named | None:
    lower = token.lower_
    if lower in ("he", "she", "him", "his", "her"):
        return _person(token, scene)
    if lower not in ("they", "them", "their", "theirs", "it", "its") or (lower == "it" and _is_empty(token)):
        return None
    if lower == "it" and _is_taken(token):
        return _place_adverb(token, scene)
    plural = lower.startswith("the")
    if plural and (own := _who_speak(token, scene)):
        return own
    oblique = lower == "them" or token.dep_.startswith(("obj", "obl")) or (lower == "it" and token.dep_ == "nmod")
    fitting = [c for c in _before(token, scene, reach=_PRONOUN_REACH) if _fits_pronoun(c, token, scene, plural=plural)]
    if oblique:  # "X attacked them": never X itself
        fitting = [c for c in fitting if not (c.subject and c.sentence == scene.sentence_of[token.i])]
    blamed = [c for c in fitting if _is_blamed(c, token, scene)]  # "accused A of shelling B with their guns": A's
    return _pointing(token, token, _best(blamed or fitting, token, scene, plural=plural, subject=0.0 if oblique else 1.0), scene)


def _who_speak(token: Token, scene: _Scene) -> Named | None:
    """ "Rebel commanders said that they had left": the commanders, whose body no mention names."""
    teller = token.head.head
    if not token.dep_.startswith("nsubj") or token.head.dep_ != "ccomp" or teller.lemma_ not in _knowledge()["speech"]:
        return None
    speakers = [c for c in teller.children if c.dep_ == "nsubj" and c.i < token.i and c.lower_ in _knowledge()["voices"]]
    bodies = [(c, s) for s in speakers for c in s.children if c.dep_ in ("compound", "amod") and head_class(c.text)]
    if not bodies or _is_covered(bodies[0][0], scene, ActorMention):
        return None
    body, head = bodies[0]
    known = next((m for m in chain.from_iterable(scene.alike.values()) if isinstance(m, ActorMention) and _is_of(body, m)), None)
    identity = (known.id, known.name) if known else (None, None)
    antecedent = body.idx, head.idx + len(head.text)
    return ActorMention(token.idx, token.idx + len(token.text), token.text, *identity, form="reference", antecedent=antecedent)


def _is_of(body: Token, mention: ActorMention) -> bool:
    """Is "the rebels" the body of "rebel commanders"?"""
    return mention.id is not None and mention.form != "reference" and mention.text.casefold().removesuffix("s") == body.lower_


def _is_blamed(candidate: _Candidate, token: Token, scene: _Scene) -> bool:
    verb = next((above for above in token.ancestors if above.pos_ == "VERB"), None)
    doers = follow(verb, "blamed") if verb is not None else []
    return any(candidate.mention.start <= first_of_list(doer).idx < candidate.mention.end for doer in doers)


def _is_taken(token: Token) -> bool:
    """ "captured it", "took control of it", "denied that it had fallen": it is a place."""
    if token.dep_ == "nmod" and token.head.lemma_ == "control":
        return token.head.head.lemma_ in _knowledge()["taken"]
    falls = token.dep_ == "nsubj" and token.head.lemma_ == "fall" and not any(c.dep_.startswith("obl") for c in token.head.rights)
    return falls or (token.dep_ in ("obj", "nsubj:pass") and token.head.lemma_ in _knowledge()["taken"])


def _fits_pronoun(candidate: _Candidate, token: Token, scene: _Scene, *, plural: bool) -> bool:
    if isinstance(candidate.mention, PlaceMention):  # "The port was quiet. It had …"
        return not plural and candidate.subject and candidate.mention.precision != "country"
    if _is_person(candidate, scene) or (not plural and _is_crowd(candidate.mention)):
        return False
    if _verb(token).lemma_ not in _knowledge()["speech"]:
        return not _is_medium(candidate, scene)
    goes_on = token.lower_ == "it" and token.head.dep_ in ("root", "ROOT")
    return candidate.speaks or not goes_on  # "It said" goes on with who spoke before


def _verb(token: Token) -> Token:
    """The verb that a pronoun is subject or object of; of a possessive, the verb above its noun."""
    head: Token = token.head
    return head.head if token.dep_.startswith("nmod") and head.head.pos_ == "VERB" else head


def _is_empty(token: Token) -> bool:
    head = token.head
    if token.dep_ == "expl" or (token.dep_ == "obj" and head.lemma_ in ("make", "find", "consider")):
        return True
    copula = any(child.dep_ == "cop" for child in head.children)
    clause = any(child.dep_ in ("csubj", "ccomp", "xcomp", "advcl") or (copula and child.dep_ == "acl:relcl") for child in head.children)
    passive_saying = token.dep_ == "nsubj:pass" and clause
    return ((head.lemma_ in _knowledge()["empty_it"] or copula) and (head.pos_ in ("ADJ", "AUX", "ADV") or clause)) or passive_saying


def _is_medium(candidate: _Candidate, scene: _Scene) -> bool:
    id = candidate.mention.id
    if id and isinstance(candidate.mention, ActorMention) and scene.registry and scene.registry.kind(id) in SPEAKERS:
        return True
    words = candidate.mention.text.casefold()
    return _media().search(words) is not None


@cache
def _media() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _knowledge()['media']))})\b")


def _is_crowd(mention: Named) -> bool:
    return bool(re.search(r"\b[a-z]+(?:s|men|people)$", mention.text)) or (
        mention.form == "generic" and mention.text.endswith(("s", "men", "people"))
    )


def _person(token: Token, scene: _Scene) -> Named | None:
    """Whoever was named last is "he", or whom the last "he" stood for; never one whom a "she" stood for. Persons are kept only as those
    who speak or command, mostly without an id."""
    before = [e for e in scene.people if e.end <= token.i and _stands_for_person(e, token, scene)]
    here, other = scene.sentence_of[token.i], "he" if token.lower_ in _SHE else "she"
    near = [e for e in before if here - scene.sentence_of[e.start] <= _PRONOUN_REACH and scene.persons.get(_last_name(e.text)) != other]
    pointed = [c for c in _before(token, scene, reach=_PRONOUN_REACH) if _is_alike(c.mention, token)]
    ranked = [((scene.sentence_of[e.start], e.root.dep_.startswith("nsubj"), e.start_char), e) for e in near]
    same = [((c.sentence, c.subject, c.mention.start), c) for c in pointed]
    if same and max(same, key=_rank)[0] > max(map(_rank, ranked), default=(-1,)):
        return _pointing(token, token, max(same, key=_rank)[1], scene)
    if not near:
        return None
    last_word = _last_name(max(ranked, key=_rank)[1].text)
    scene.persons.setdefault(last_word, "she" if token.lower_ in _SHE else "he")
    fullest = max((e for e in before if e.text.rstrip().endswith(last_word)), key=lambda e: (len(e.text.split()), -e.start))
    span = fullest.start_char, fullest.end_char
    known = next((m for m in scene.over[fullest.start] if isinstance(m, ActorMention) and m.text == fullest.text), None)
    identity = (known.id, known.name) if known else (None, None)
    return ActorMention(token.idx, token.idx + len(token.text), token.text, *identity, form="reference", antecedent=span)


def _rank(ranked: tuple[tuple[int, bool, int], object]) -> tuple[int, bool, int]:
    return ranked[0]


def _last_name(name: str) -> str:
    return name.split()[-1]


def _is_alike(mention: Named, token: Token) -> bool:
    """Is a mention a "he" before a "he", or a "she" before a "she"?"""
    return any(mention.text.lower() in words and token.lower_ in words for words in (_HE, _SHE))


def _stands_for_person(entity: SpacySpan, token: Token, scene: _Scene) -> bool:
    same_voice = _section(scene.report, entity.start_char) == _section(scene.report, token.idx)
    return same_voice and not _is_covered(entity.root, scene, PlaceMention) and not _is_location(entity.root)


def _is_location(root: Token) -> bool:
    """A name after "in", "around", "near" is no person, whatever the model takes it for."""
    return any(
        child.dep_ == "case" and child.lower_ in ("in", "at", "around", "near", "into", "towards", "outside") for child in root.children
    )


def _place_adverb(token: Token, scene: _Scene) -> Named | None:
    candidates = [
        c for c in _before(token, scene, reach=_PRONOUN_REACH) if isinstance(c.mention, PlaceMention) and c.mention.precision != "country"
    ]
    return _pointing(token, token, _best(candidates, token, scene), scene)


def _place_noun(token: Token, noun: str, scene: _Scene) -> Named | None:
    covered = _covering(token, scene, PlaceMention)
    if covered and (covered.form != "generic" or covered.end > token.idx + len(token)):
        return None
    rule = _knowledge()["places"][noun]
    if noun in ("province", "governorate") and not covered:
        return _province(token, scene)
    reach = 0 if _modifiers(token) else _NOUN_REACH  # "the northern city" is the city just named, or another
    fitting = [c for c in _before(token, scene, reach=reach) if isinstance(c.mention, PlaceMention) and _fits_place(c, rule)]
    told_of = [c for c in fitting if not is_seat(scene.text, c.mention.start, c.mention.end)]
    fitting = told_of or fitting  # where the writer sat, only if the story names nothing else
    phrase = scene.doc.char_span(covered.start, covered.end, alignment_mode="expand") if covered else None
    over = covered if phrase is not None and phrase.root == token else None
    return _pointing(token, token, _best(fitting, token, scene, words=frozenset(rule.get("like", ()))), scene, over=over)


def _province(token: Token, scene: _Scene) -> Named | None:
    """ "the province": the one named, else that of the town named last, which is known by its name and by nothing else."""
    near = [c for c in _before(token, scene, reach=_NOUN_REACH) if isinstance(c.mention, PlaceMention)]
    named = _best([c for c in near if isinstance(c.mention, PlaceMention) and c.mention.precision == "province"], token, scene)
    if named is not None:
        return _pointing(token, token, named, scene)
    towns = [m for c in near if isinstance(m := c.mention, PlaceMention) and m.precision == "town" and m.admin1]
    if not towns:
        return None
    town, end = towns[-1], token.idx + len(token.text)
    name = f"{town.admin1} {token.lower_}"
    return PlaceMention(
        token.idx, end, token.text, None, name, precision="province", country=town.country, admin1=town.admin1, form="generic"
    )


def _fits_place(candidate: _Candidate, rule: dict[str, list[str]]) -> bool:
    mention = candidate.mention
    assert isinstance(mention, PlaceMention)
    like = rule.get("like", [])
    if mention.head_noun:
        return mention.head_noun.casefold() in like
    if "precision" not in rule:
        return bool(candidate.called & set(like))
    return mention.precision in rule["precision"] or (mention.precision is None and bool(candidate.called & set(like)))


def _actor_noun(token: Token, noun: str, scene: _Scene) -> Named | None:
    rule = _knowledge()["actors"][noun]
    covered = _covering(token, scene, ActorMention)
    if covered and (covered.id or covered.form == "name" or _holds_name(covered, scene)):
        return None
    before = [c for c in _before(token, scene, reach=_NOUN_REACH) if isinstance(c.mention, ActorMention)]
    candidates = [c for c in before if c.mention.form != "generic" or (c.mention.id and _holds_name(c.mention, scene))]
    if token.dep_.startswith(("obj", "obl", "nmod")):  # "the army took it from the group": not the army
        candidates = [c for c in candidates if not (c.subject and c.sentence == scene.sentence_of[token.i])]
    wanted = frozenset(rule.get("named", (noun,)))
    called = [c for c in candidates if _is_called(c, wanted)]
    described = _modifiers(token)
    if rule.get("fits") == "body":
        called = [c for c in candidates if (described & c.called if described else not _is_state(c) and not _is_person(c, scene))]
        return _pointing(token, token, _best(called, token, scene, words=frozenset({noun})), scene, over=covered)  # any may be "the group"
    very = [c for c in called if noun in c.called]  # "the alliance": what is called an alliance, before a coalition
    return _pointing(token, token, _best(very or called, token, scene, words=wanted | {noun}), scene, over=covered)


def _holds_name(phrase: Named, scene: _Scene) -> bool:
    """Is there a name in the phrase itself: "the Kalam militia"?"""
    if re.search(r"\s[A-Z]|\w\s?[A-Z]{2}", phrase.text):
        return True
    words = scene.doc.char_span(phrase.start, phrase.end, alignment_mode="expand") or ()
    return any(m.form == "name" and phrase.start <= m.start and m.end <= phrase.end for token in words for m in scene.over[token.i])


def _modifiers(token: Token) -> frozenset[str]:
    """Words before the noun that must be true of what it stands for: "the monitoring group"; "latter", "same" and such say nothing."""
    words = {c.lower_ for c in token.children if c.dep_ in ("amod", "compound") and c.i < token.i}
    return frozenset(words - {"same", "latter", "militant", "armed", "whole", "entire", "new", "rebel", "terrorist", "jihadist", "-"})


def _is_called(candidate: _Candidate, wanted: frozenset[str]) -> bool:
    return bool(candidate.called & wanted) or any(" " in w and w in candidate.mention.text.casefold() for w in wanted)


def _is_state(candidate: _Candidate) -> bool:
    """Is it a government or its forces? By the words of its name and of its id."""
    words = f"{candidate.mention.text} {candidate.mention.id or ''}".casefold().replace("-", " ")
    return bool(re.search(rf"\b(?:{'|'.join(_knowledge()['state_words'])})\b", words))


def _is_person(candidate: _Candidate, scene: _Scene) -> bool:
    if candidate.mention.id:  # a body that the registry knows, whatever the model takes its name for
        return False
    start = candidate.mention.antecedent[0] if candidate.mention.antecedent else candidate.mention.start
    words = scene.doc.char_span(start, start + 1, alignment_mode="expand")
    return words is not None and words[0].ent_type_ == "PERSON"


def _men(token: Token, scene: _Scene) -> Named | None:
    """A bare "fighters" that acts, in a report whose fighters are of one body just named: that body."""
    near = [c for c in _before(token, scene, reach=_PRONOUN_REACH) if isinstance(c.mention, ActorMention) and c.mention.id and c.subject]
    bodies = [c for c in near if not _is_state(c) and not _is_person(c, scene) and not _is_medium(c, scene)]
    if len({c.mention.id for c in bodies}) != 1:
        return None
    return _pointing(token, token, bodies[-1], scene, over=_covering(token, scene, ActorMention))


def _people_noun(token: Token, noun: str, scene: _Scene) -> Named | None:
    """For "the jihadists", the body named in this sentence or the one before, where the report calls it so; else the only body of rebels
    that the report has named."""
    if _modifiers(token):
        return None
    wanted = frozenset(_knowledge()["people"][noun])
    before = [c for c in _before(token, scene, reach=1) if isinstance(c.mention, ActorMention) and not _is_state(c)]
    candidates = [c for c in before if c.mention.form == "name" or _holds_name(c.mention, scene)]
    called = {_key(c.mention) for c in scene.candidates if c.called & wanted}
    fitting = [c for c in candidates if _key(c.mention) in called] if len({_key(c.mention) for c in candidates}) <= 2 else []
    return _pointing(token, token, _best(fitting, token, scene, words=wanted) or _only_rebels(token, noun, scene), scene)


def _only_rebels(token: Token, noun: str, scene: _Scene) -> _Candidate | None:
    """Whom "the rebels" are in a report that has named one body of rebels and no other; not those whom that body fights."""
    covered = _covering(token, scene, ActorMention)
    if covered and (covered.text != token.text or _are_many(covered, noun, scene)):  # "the army and the rebels"
        return None
    named = {c.mention.text: c for c in _before(token, scene, reach=len(scene.sentence_of)) if _are_rebels(c, scene)}
    if len({_body(c, scene) for c in named.values()}) != 1 or len(_rebels(scene)) > 1:
        return None
    body = next(iter(named.values()))
    holy = bool(body.mention.id and scene.registry and scene.registry.is_jihadist(body.mention.id))
    itself = token.dep_.startswith(("obj", "obl")) and any(c.subject and c.sentence == scene.sentence_of[token.i] for c in named.values())
    return None if itself or (holy and noun in _knowledge()["mild"]) else body


def _are_many(mention: ActorMention | PlaceMention, noun: str, scene: _Scene) -> bool:
    """Is it a war of many groups of rebels, by its file: "the rebels" of Syria are not the one that was named?"""
    id, registry = mention.id or "", scene.registry
    return noun in _knowledge()["mild"] and id.endswith("-generic") and registry is not None and id in registry.actors


def _are_rebels(candidate: _Candidate, scene: _Scene) -> bool:
    mention = candidate.mention
    if not isinstance(mention, ActorMention) or mention.person or _is_state(candidate):
        return False
    if mention.id:
        return mention.id in _rebels(scene)
    return mention.form == "name" and not _is_person(candidate, scene) and bool(candidate.called & set(_knowledge()["rebellious"]))


def _rebels(scene: _Scene) -> frozenset[str]:
    """Ids of the bodies of rebels that the report names, before or after."""
    if scene.rebels is None:
        ids = {m.id for m in chain.from_iterable(scene.alike.values()) if isinstance(m, ActorMention) and m.id}
        scene.rebels = frozenset(id for id in ids if _is_rebel(id, scene))
    return scene.rebels


def _is_rebel(id: str, scene: _Scene) -> bool:
    registry = scene.registry
    if registry is None or registry.kind(id) not in ("rebel group", "political militia", "identity militia", "coalition"):
        return False
    loyal = any(side.endswith("/government") for side in registry.sides(id, scene.report.published))
    return not loyal and not id.endswith("-generic")


def _body(candidate: _Candidate, scene: _Scene) -> str:
    """One body by whatever name: its id, else the fullest name that holds these words or has these initials."""
    words = candidate.mention.text.split()
    if candidate.mention.id:
        return candidate.mention.id
    fuller = [
        other
        for other in (c.mention.text for c in scene.candidates if c.mention.form == "name" and isinstance(c.mention, ActorMention))
        if set(words) < set(other.split()) or (len(words) == 1 and words[0] == "".join(w[0] for w in other.split() if w[0].isupper()))
    ]
    return max(fuller, key=len, default=candidate.mention.text)


# --- choosing ---


def _section(report: Report, offset: int) -> int:
    """Which voice speaks here: bodies, headlines and captions are the outlet's, each comment its own writer's."""
    for i, section in enumerate(report.sections):
        if section.start <= offset < section.end:
            return i if section.kind in ("comment", "boilerplate") else -1
    return -1


def _before(token: Token, scene: _Scene, *, reach: int) -> list[_Candidate]:
    here = scene.sentence_of[token.i]
    section = _section(scene.report, token.idx)
    near = takewhile(lambda c: here - c.sentence <= reach, reversed(scene.candidates))
    return [c for c in near if c.mention.end <= token.idx and _section(scene.report, c.mention.start) == section]


def _best(
    candidates: Iterable[_Candidate],
    token: Token,
    scene: _Scene,
    *,
    words: frozenset[str] = frozenset(),
    plural: bool | None = None,
    subject: float = 1.0,
) -> _Candidate | None:
    """The most salient candidate: near, a subject, often named, called by the very noun, of the pronoun's number (None: no pronoun)."""

    def salience(c: _Candidate) -> tuple[float, int]:
        distance = scene.sentence_of[token.i] - c.sentence
        often = min(len(scene.alike[_key(c.mention)]), 6) * (0.25 if plural is None else 0.1)
        agrees = 0.5 * (plural is not None and plural == _is_crowd(c.mention))
        return (subject * c.subject - distance + often + 1.5 * bool(words & c.called) + agrees, c.mention.start)

    return max(candidates, key=salience, default=None)


def _covering(token: Token, scene: _Scene, sort: type[Named]) -> ActorMention | PlaceMention | None:
    return next((m for m in scene.over[token.i] if isinstance(m, sort)), None)


def _is_name_over(mention: Named, place: PlaceMention) -> bool:
    """Is a place's name here an actor or a part of one: "Moscow and Kalam say", "the Kalam Division"?"""
    within = isinstance(mention, ActorMention) and mention.start <= place.start and place.end <= mention.end
    return within and (mention.form == "name" or (mention.start, mention.end) == (place.start, place.end))


def _is_covered(token: Token, scene: _Scene, sort: type[Named]) -> bool:
    return _covering(token, scene, sort) is not None


def _pointing(first: Token, last: Token, chosen: _Candidate | None, scene: _Scene, *, over: Named | None = None) -> Named | None:
    """A reference over the words from `first` to `last` (or over a generic mention that it explains) to the fullest name of the chosen."""
    if chosen is None:
        return None
    start, end = (over.start, over.end) if over else (first.idx, last.idx + len(last.text))
    span = chosen.mention.antecedent or _fullest_once(chosen.mention, scene)
    words = scene.text[start:end]
    return replace(chosen.mention, start=start, end=end, text=words, form="reference", antecedent=span)


def _fullest_once(mention: Named, scene: _Scene) -> Span:
    known_as = (type(mention).__name__, _key(mention), mention.text, mention.form, _section(scene.report, mention.start))
    if known_as not in scene.fullest:
        scene.fullest[known_as] = _fullest(mention, scene)
    return scene.fullest[known_as]


def _in_brackets(text: str, mention: Named) -> bool:
    """ "X (also known as Y)": Y is another name for it and not what the report calls it."""
    before = text[max(0, mention.start - 80) : mention.start]
    return before.rfind("(") > before.rfind(")")


def _fullest(mention: Named, scene: _Scene) -> Span:
    """The span of the longest name that the report has for what `mention` names; of several as long, the first.

    A name without other words is preferred: "A", not "the northern district of A"; a phrase is taken where the report has no bare name.
    """
    voice = _section(scene.report, mention.start)
    alike = [m for m in scene.alike[_key(mention)] if type(m) is type(mention)]
    names = [m for m in alike if m.form == "name" and (m.form == mention.form or m.text.casefold() in mention.text.casefold())]
    alike = [m for m in alike if m.form == "name"] if names else [m for m in alike if m.form == mention.form]
    same = [m for m in alike if _section(scene.report, m.start) == voice] or [mention]
    same = [m for m in same if not _in_brackets(scene.text, m)] or same
    bare = [m for m in same if not re.search(r"(?:^|\s)(?!of\b|the\b|and\b|for\b|al\b|de\b)[a-z]+\b(?!-)", m.text)]
    if isinstance(mention, PlaceMention):  # a place's longer name is often a part of it: "A monastery"
        often = Counter(m.text for m in bare)
        most = max(often.values(), default=0)
        bare = [m for m in bare if often[m.text] == most]
    best = max(bare or [mention], key=lambda m: (len(m.text.split()), -m.start))
    inner = None if bare or isinstance(mention, ActorMention) else _name_within(best, scene)
    return (inner.start, inner.end) if inner else (best.start, best.end)


def _name_within(phrase: Named, scene: _Scene) -> Named | None:
    """The place's name in a phrase: "A" in "the western province of A"."""
    words = scene.doc.char_span(phrase.start, phrase.end, alignment_mode="expand") or ()
    places = [m for token in words for m in scene.over[token.i] if isinstance(m, PlaceMention) and m != phrase]
    return next((m for m in places if phrase.start <= m.start and m.end <= phrase.end and m.text[:1].isupper()), None)
