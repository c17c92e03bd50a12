"""Doc → actor mentions.

Four sources, in this order where they overlap: names of the registry; names of groups that no list has, known by their form ("… Brigade",
"Liwa …") or by the model's organisations; noun phrases about those who fight, govern or suffer ("Syrian troops", "forces loyal to X",
"rebels"); countries and capitals that act. A mention is the noun phrase without article, number and relative clause. What points back
("the group") is not here: see `references`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from khabar.actorfiles import SPEAKERS, Actor
from khabar.gazetteer import Gazetteer, load_gazetteer
from khabar.model import ActorMention, Claim, Failure, Participant, Report, Span
from khabar.names import building_words, is_common_name, is_demonym, match_names, report_countries, text_of
from khabar.registry import Registry
from khabar.spellings import normal

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_FORMS = Path(__file__).parent / "knowledge" / "actor_forms.yaml"
Form = Literal["name", "generic", "reference"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What resolving needs to know of a report: its day, its countries, the main one first, and who published it."""

    registry: Registry
    on: date | None
    countries: tuple[str, ...]
    outlet: str | None = None

    @property
    def country(self) -> str | None:
        return self.countries[0] if self.countries else None


def find_actors(doc: Doc, report: Report, registry: Registry, gazetteer: Gazetteer | None = None) -> tuple[ActorMention, ...]:
    """Actors that a parsed report names or describes, in order. `id` is None for those that the registry does not know."""
    gazetteer = gazetteer or load_gazetteer()
    scene = _scene(report, registry, gazetteer)
    names = list(_names(doc, scene, gazetteer))
    phrases = [phrase for token in doc if (phrase := _phrase(doc, token, scene, names))]
    kept = [n for n in names if not any(_swallows(phrase, n) for phrase in phrases)]
    mentions = _longest([*phrases, *kept])
    for more in (_acting_states(doc, scene), _describing(doc, scene), _peoples(doc, scene)):
        mentions += [m for m in more if not any(m.start < o.end and o.start < m.end for o in mentions)]
    return tuple(sorted(mentions, key=lambda m: (m.start, -m.end)))


_WORD = re.compile(r"[^\W\d_][^\W\d_A-Z]{2,}")


def early_names(mentions: Sequence[ActorMention], report: Report, registry: Registry) -> tuple[Failure, ...]:
    """A warning for each name that the report uses before anyone bore it: its date may be wrong, or its text was changed later."""
    found: dict[str, Failure] = {}
    for mention in mentions:
        sure = mention.form == "name" and len(_WORD.findall(mention.text)) > 1  # "PLC", "Greens", "Baghdad" mean something else before
        since = registry.known_from(mention.text, mention.id) if mention.id and sure else None
        if since and report.published and report.published < since:
            told = f"{mention.text!r} in a report of {report.published}: {mention.id} is so called from {since}; is the date right?"
            found.setdefault(mention.id or "", Failure(report.id, "early-name", told, report.url, warning=True))
    return tuple(found.values())


def identified(claims: Sequence[Claim], report: Report, registry: Registry, gazetteer: Gazetteer) -> tuple[Claim, ...]:
    """The claims with the ids of actors and recipients whose words name one, where no mention was at hand to give it: "the SDF's fight"."""
    scene = _scene(report, registry, gazetteer)
    return tuple(replace(c, actor=_identified(c.actor, scene), recipient=_identified(c.recipient, scene)) for c in claims)


def _identified(participant: Participant | None, scene: Scene) -> Participant | None:
    if participant is None or participant.id or participant.text.islower():
        return participant
    words = _HEDGED.sub("", _AND_OTHERS.sub("", participant.text))
    actor = _state(words, scene) or _known(words, scene) or _common(words, scene)
    return replace(participant, id=actor.id, name=actor.name) if actor else participant


_HEDGED = re.compile(r"^(?:.*\)\s*|(?:(?:suspected|alleged|presumed|apparent|so-called|called)\s+)+)(?=\S)", re.DOTALL)
"""Words in front that say no more of who is meant: "suspected Russian", and the end of a bracket that the tree took along."""

_AND_OTHERS = re.compile(r",?\s+(?:and|&)\s+(?:its|their|his|other|others|allied)\b.*", re.DOTALL)
"""What a joint party is more than the one it names: "Jabhat al-Zahr and other groups"."""


def _common(words: str, scene: Scene) -> Actor | None:
    """Common nouns: "Army spokesman X said his forces …" is of the army of the report's country, "Syrian rebel" shells of its rebels."""
    last = words.split()[-1].lower()
    if " " not in words and is_demonym(words, scene.registry):
        code = scene.registry.country_of(words)  # "Russian | and allied forces", and no people: "Russians"
        return scene.registry.state_actor(code, "army", scene.on) if code and not last.endswith("s") else None
    if any(last in nouns for nouns in _forms()["factions"].values()):
        return _faction(words, scene)
    if last in _forms()["members"]:
        return _named_before(words.rpartition(" ")[0], "rebels", scene)
    return _of_the_state(words, scene) if words.lower() in _BODIES else None


def _of_the_state(word: str, scene: Scene) -> Actor | None:
    role = _ROLE.get(_head_class(word) or "")
    return scene.registry.state_actor(scene.country, role, scene.on) if role and scene.country else None


def _state(words: str, scene: Scene) -> Actor | None:
    """The government of the country that the words name: "backed by Turkey"."""
    code = None if _only_demonym(words, scene.registry) else scene.registry.country_of(words)
    return scene.registry.state_actor(code, "government", scene.on) if code else None


def _scene(report: Report, registry: Registry, gazetteer: Gazetteer) -> Scene:
    outlet = registry.resolve(report.outlet, on=report.published) if report.outlet else None
    return Scene(registry, report.published, report_countries(report, registry, gazetteer), outlet.id if outlet else None)


def _swallows(phrase: ActorMention, name: ActorMention) -> bool:
    """Is the name only a part of the phrase: "al-Nusra" in "al-Nusra fighters"? A backer or leader in it stays a mention of its own."""
    inside = phrase.start <= name.start and name.end <= phrase.end
    return inside and (phrase.id == name.id or (phrase.start, phrase.end) == (name.start, name.end))


def _longest(mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Without mentions that cross a longer one, or cover the same words; one inside another may stay."""
    kept: list[ActorMention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if not any(_crosses(mention, other) for other in kept):
            kept.append(mention)
    return kept


def _crosses(one: ActorMention, other: ActorMention) -> bool:
    if (one.start, one.end) == (other.start, other.end):
        return True
    overlap = one.start < other.end and other.start < one.end
    return overlap and not (other.start <= one.start and one.end <= other.end)


# --- names


def _names(doc: Doc, scene: Scene, gazetteer: Gazetteer) -> Iterator[ActorMention]:
    taken: list[Span] = []
    places: list[Span] = []
    for match in match_names(text_of(doc), scene.registry, gazetteer):
        span = match.start, match.end
        if match.kind == "place" or _is_rather_a_place(doc, span, gazetteer):
            places.append(span)
        elif (not match.ordinary or _is_organisation(doc, span)) and not _is_part_of_person(doc, span):
            taken.append(span)
            yield _named(doc, span, scene)
    for span in _new_names(doc, taken, places, scene):
        taken.append(span)
        yield _named(doc, span, scene)


def _new_names(doc: Doc, taken: Sequence[Span], places: Sequence[Span], scene: Scene) -> Iterator[Span]:
    forms = _by_form(text_of(doc), scene.registry)
    bodies = [span for ent in doc.ents if ent.label_ == "ORG" and (span := _body(doc, ent.start_char, ent.end_char)) and span not in places]
    persons = [span for ent in doc.ents if ent.label_ == "PERSON" and (span := _commander(doc, ent.start_char, ent.end_char))]
    seen = list(taken)
    for span in [*sorted(forms, key=lambda s: s[0] - s[1]), *bodies, *persons]:
        longer = [t for t in seen if t[0] < span[1] and span[0] < t[1]]
        if any(t not in taken or not _extends(span, t) for t in longer):
            continue
        if re.search(r"\w", text_of(doc)[span[0] : span[1]]) and not is_demonym(text_of(doc)[span[0] : span[1]], scene.registry):
            seen.append(span)
            yield span


def _body(doc: Doc, start: int, end: int) -> Span | None:
    """The organisation that the model saw, None where it is a building, a common noun, or cut off in the middle of a name."""
    span = _trim(text_of(doc), start, end)
    if (
        span is None
        or _is_designation(text_of(doc), span[0])
        or not re.search(r"[A-Z\d]", text_of(doc)[span[0] : span[1]])
        or text_of(doc)[span[1] : span[1] + 1] == "-"
    ):
        return None
    words = {word.casefold() for word in text_of(doc)[span[0] : span[1]].split()}
    common = len(words) == 1 and _head_class(next(iter(words))) is not None  # "Forces" at the head of a sentence
    return None if common or words & building_words() else span


_DESIGNATION = re.compile(r"[A-Z][A-Za-z]{0,3}-\d{1,3}[A-Za-z]{0,3}\b")


def _is_designation(text: str, start: int) -> bool:
    """Of a weapon, or its nickname: "S-300PMU", "BM-27 Uragan"."""
    before = text[max(0, start - 10) : start].split()
    return bool(_DESIGNATION.match(text, start)) or (bool(before) and bool(_DESIGNATION.fullmatch(before[-1])))


def _extends(span: Span, known: Span) -> bool:
    return span[0] <= known[0] and known[1] <= span[1] and span != known


def _named(doc: Doc, span: Span, scene: Scene) -> ActorMention:
    text = text_of(doc)[span[0] : span[1]]
    actor = _known(text, scene)
    if actor is None and " " not in text:
        # A ruler's name alone stands for the state: "the offensive against X".
        actor = next(iter(scene.registry.candidates(f"{text} regime") or scene.registry.candidates(f"{text} government")), None)
    if actor is None:
        actor = _national(text, scene)
    lower = text.split()[-1].islower() and _head_class(text.split()[-1]) is not None
    form: Form = "generic" if lower and is_demonym(text.split()[0], scene.registry) else "name"
    person = actor is None and any(e.label_ == "PERSON" and e.start_char <= span[0] and span[1] <= e.end_char for e in doc.ents)
    return ActorMention(*span, text, actor.id if actor else None, actor.name if actor else None, form, person=person)


def _is_rather_a_place(doc: Doc, span: Span, gazetteer: Gazetteer) -> bool:
    """A name that a town and a broadcaster share, where the model sees a place."""
    place = any(ent.label_ == "PLACE" and (ent.start_char, ent.end_char) == span for ent in doc.ents)
    return place and bool(gazetteer.exact(text_of(doc)[span[0] : span[1]]))


def _is_part_of_person(doc: Doc, span: Span) -> bool:
    """One word of a person's name that is also a group's: "Rahman"."""
    longer = [ent for ent in doc.ents if ent.label_ == "PERSON" and ent.start_char <= span[0] and span[1] <= ent.end_char]
    return any(ent.end_char - ent.start_char > span[1] - span[0] for ent in longer) and " " not in text_of(doc)[span[0] : span[1]]


def _national(text: str, scene: Scene) -> Actor | None:
    """ "Syrian Forces" in a headline: a nation's army, though no list has the words."""
    nation, _, noun = text.partition(" ")
    code = scene.registry.country_of(nation) if is_demonym(nation, scene.registry) else None
    role = _ROLE.get(_head_class(noun) or "")
    return scene.registry.state_actor(code, role, scene.on) if code and role else None


def _is_organisation(doc: Doc, span: Span) -> bool:
    return any(ent.label_ == "ORG" and ent.start_char <= span[0] and span[1] <= ent.end_char for ent in doc.ents)


def _trim(text: str, start: int, end: int) -> Span | None:
    """Offsets without an article before, or a possessive or quotation mark around."""
    while match := re.match(r"(?:[Tt]he|[Aa]n?)\s+|[\s“\"‘'(]+", text[start:end]):
        start += match.end()
    while match := re.search(r"(?:[’'][sS]\b|[’'”\")\s,/]|(?<![A-Z])\.|\s(?:of|the|and|in|by))+$", text[start:end]):
        end = start + match.start()
    return (start, end) if start < end else None


def _by_form(text: str, registry: Registry) -> list[Span]:
    """Spans that look like the name of a group, the longest where they overlap, in order.

    >>> text = "The Sons of Kalam Brigade and Liwa al-Zahr fought the 14th Rifle Division."
    >>> [text[a:b] for a, b in _by_form(text, Registry({}, (), {}, ()))]
    ['Sons of Kalam Brigade', 'Liwa al-Zahr', '14th Rifle Division']
    """
    spans = {span for pattern in _patterns() for match in pattern.finditer(text) if (span := _without_openers(text, *match.span()))}
    taken: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if not any(span[0] < end and start < span[1] for start, end in taken) and not registry.country_of(text[span[0] : span[1]]):
            taken.append(span)
    return sorted(taken)


_DESCRIBED = re.compile(r"-(?:based|led|backed|held|run|controlled|linked|aligned|allied|affiliated)$")
"""How a word ends that only describes the next: "Forces of the Kalam-based | government"."""


def _without_openers(text: str, start: int, end: int) -> Span | None:
    """The name without capitalised words at its front that are no part of names ("On Monday Free Brigade"); None where nothing is left."""
    words = list(re.finditer(r"\S+", text[start:end]))
    while words and (words[0][0] in _forms()["not_names"] or words[0][0] in {"of", "the", "and", "for"}):
        words.pop(0)
    if (len(words) < 2 and not (words and "-" in words[0][0])) or _DESCRIBED.search(words[-1][0]):
        return None
    return start + words[0].start(), end


@lru_cache(maxsize=1)
def _forms() -> dict[str, Any]:
    forms: dict[str, Any] = yaml.safe_load(_FORMS.read_text(encoding="utf-8"))
    forms["not_names"] = frozenset(forms["not_names"])
    return forms


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    forms = _forms()
    name = r"(?:[A-Z][\w’'`‘-]*\w|\d+(?:st|nd|rd|th)|[A-Z])"
    linked = r"(?:[ -](?:al|el|as|ash|an|ar|at|ad|az|es|de|del|la|of)){0,2}[ -]"
    plain = r" "
    prefixes, suffixes, of_names = (
        "|".join(map(re.escape, sorted(forms[key], key=len, reverse=True))) for key in ("prefixes", "suffixes", "of_names")
    )
    tail = rf"(?:(?:{plain}|(?<! and) of (?:the )?|[ -](?:al|el|as|ash|an|ar|at|ad|az|ul|e)[ -]){name})"
    return (
        re.compile(rf"\b(?:al-)?(?:{prefixes})(?:(?:[ -](?:al|el|as|ash|an|ar|at|ad|az|ul|e|wal|wa)[ -]| ){name}){{1,4}}"),
        re.compile(rf"\b(?:al-|{name}(?:{linked}){name} )?(?:{name} ){{0,4}}{name} (?:{suffixes})\b"),
        re.compile(rf"\b(?:{name} ){{0,2}}(?:{of_names}) (?:of|for) (?:the )?{name}{tail}{{0,4}}"),
    )


def _commander(doc: Doc, start: int, end: int) -> Span | None:
    """The name of a person whom the text gives a title or rank; None for the others, who are not kept."""
    before = text_of(doc)[max(0, start - 40) : start]
    titles = "|".join(map(re.escape, sorted(_forms()["titles"], key=len, reverse=True)))
    within = re.match(rf"(?:{titles})\s", text_of(doc)[start:end])
    return _trim(text_of(doc), start, end) if within or re.search(rf"\b(?:{titles})\s+$", before, re.IGNORECASE) else None


# --- noun phrases


@lru_cache(maxsize=20_000)
def _head_class(word: str) -> str | None:
    """What sort of actor a common noun heads: army, air, rebels … None for other words."""
    lower = word.lower()
    singular = [
        lower,
        lower[:-1] if lower.endswith("s") else lower,
        re.sub(r"ies$", "y", lower),
        re.sub(r"men$", "man", lower),
        lower.replace("children", "child"),
        "person" if lower == "persons" else lower,
        re.sub(r"(sh|s|ch|x)es$", r"\1", lower),
    ]
    return next((kind for kind, heads in _forms()["heads"].items() if any(form in heads for form in singular)), None)


def _phrase(doc: Doc, token: Token, scene: Scene, names: Sequence[ActorMention]) -> ActorMention | None:
    """The mention that a head noun makes, None where the word is no such head or stands in a name or in another phrase's front."""
    kind = _head_class(token.text)
    if kind is None or token.pos_ not in {"NOUN", "PROPN", "ADJ"} or (token.pos_ == "ADJ" and token.dep_ in {"amod", "compound"}):
        return None
    if _is_modifier(token) or _in_name(token, names):
        return None
    start, end = _left(doc, token), token.i + 1
    bare = start == token.i
    if bare and (_is_singular(token, kind) or _points_back(token)):
        return None
    end = _right(doc, end)
    span = _trim(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
    if span is None:
        return None
    actor = _resolve_phrase(doc, start, token, end, kind, scene)
    if actor and actor.id.endswith("-jihadists-generic") and start and doc[start - 1].lower_ == "the":
        actor = _named_jihadists(span[0], names, scene.registry) or actor
    return ActorMention(*span, text_of(doc)[span[0] : span[1]], actor.id if actor else None, actor.name if actor else None, "generic")


def _named_jihadists(before: int, names: Sequence[ActorMention], registry: Registry) -> Actor | None:
    """ "the jihadists": those whom the report named last, if it named any before."""
    told = [name.id for name in sorted(names, key=lambda name: name.start) if name.id and name.end <= before]
    found = next((id for id in reversed(told) if registry.is_jihadist(id)), None)
    return registry.actor(found) if found else None


def _is_modifier(token: Token) -> bool:
    """ "rebel" in "rebel groups", "army" in "army bases": a part of another noun's phrase."""
    return (
        token.dep_ in {"compound", "amod", "nmod:poss"}
        and token.head.i > token.i
        and (token.dep_ == "compound" or _head_class(token.head.text) is not None)
    )


def _in_name(token: Token, names: Sequence[ActorMention]) -> bool:
    return any(name.form == "name" and name.start <= token.idx and token.idx + len(token.text) <= name.end for name in names)


def _is_singular(token: Token, kind: str) -> bool:
    """A bare singular that is no body: "fighter", "plane". "army", "police", "regime" are bodies."""
    return token.text.lower() not in _BODIES and not token.text.lower().endswith(
        ("s", "men", "people", "mujahideen", "mujahidin", "police", "children", "women")
    )


_BODIES = frozenset(
    [
        "army",
        "military",
        "police",
        "government",
        "regime",
        "opposition",
        "authorities",
        "insurgency",
        "resistance",
        "junta",
        "navy",
        "infantry",
        "artillery",
        "gendarmerie",
    ]
)


def _points_back(token: Token) -> bool:
    lower = token.text.lower()
    if any(form in _forms()["need_modifier"] for form in (lower, lower.removesuffix("s"), re.sub(r"ies$", "y", lower))):
        return True
    return any(child.dep_ == "det" and child.text.lower() in {"these", "those", "this", "that"} for child in token.children)


_FRONT = {"ADJ", "NOUN", "PROPN", "PUNCT", "PART", "VERB", "ADV", "CCONJ", "X", "NUM", "ADP", "SYM"}


def _left(doc: Doc, head: Token) -> int:
    """Index of the first token of the words before a head that describe it."""
    start = head.i
    while start > head.sent.start and _belongs(doc[start - 1], head):
        start -= 1
    while start < head.i and _is_outside(doc[start]):
        start += 1
    return start


def _belongs(token: Token, head: Token) -> bool:
    if token.pos_ not in _FRONT or token.is_space or token.text in {",", ";", ":", "(", ")", "—"}:
        return False
    return token.text == "-" or (any(ancestor.i == head.i for ancestor in token.ancestors) and not _is_count(token, head))


def _is_count(token: Token, head: Token) -> bool:
    return token.dep_ in {"case", "cc", "punct", "mark"} and token.head.i == head.i and token.text != "-"


def _is_outside(token: Token) -> bool:
    """Words at the front that are no part of the mention: articles, numbers, quantities, marks."""
    quantity = token.text.lower() in _QUANTITIES
    return token.pos_ in {"NUM", "PUNCT", "PART", "CCONJ", "ADV", "ADP", "SYM", "DET"} or quantity


_QUANTITIES = frozenset(
    [
        "several",
        "many",
        "some",
        "other",
        "few",
        "fewer",
        "less",
        "than",
        "most",
        "more",
        "dozens",
        "hundreds",
        "scores",
        "thousands",
        "of",
        "all",
        "both",
        "such",
        "enough",
        "least",
        "nearly",
        "about",
    ]
)


def _right(doc: Doc, end: int) -> int:
    """Index after the words behind a head that say whose it is: "loyal to …", "of the … army"."""
    for words in _forms()["followed_by"]:
        size = len(words.split())
        if doc[end : end + size].text.lower() == words:
            after = _noun_phrase_end(doc, end + size)
            if after > end + size and (words not in _GENITIVE or _is_actor_phrase(doc, end + size, after)):
                return _joined_end(doc, end + size, after)
    return end


_GENITIVE = frozenset({"of the", "from the", "from", "of"})


def _joined_end(doc: Doc, start: int, end: int) -> int:
    """Where a list goes on that begins with the owner: "troops from Rwanda and Mozambique"."""
    while end + 1 < len(doc) and doc[end].lower_ in {"and", "or"} and doc[end + 1].pos_ == "PROPN":
        first = doc[end + 1].head
        if doc[end + 1].dep_ != "conj" or not start <= first.i < end or doc[end - 1].pos_ != "PROPN":
            break
        end += 2
    return end


def _noun_phrase_end(doc: Doc, start: int) -> int:
    end = start
    while (
        end < len(doc)
        and (
            doc[end].pos_ in {"ADJ", "NOUN", "PROPN", "DET", "X"}
            or doc[end].text in {"-", "’s", "'s"}
            or (doc[end].pos_ == "VERB" and (doc[end - 1].text == "-" or doc[end].dep_ == "amod"))  # "the Tripoli-based government"
            or (
                doc[end].pos_ == "ADV" and doc[end].head.dep_ == "amod" and doc[end].i < doc[end].head.i
            )  # "the internationally recognised …"
        )
        and not doc[end].is_space
    ):
        end += 1
    return end


def _is_actor_phrase(doc: Doc, start: int, end: int) -> bool:
    """Do the words name a body, as in "soldiers of the Syrian army", and not a place or a time?"""
    last = doc[end - 1]
    return _head_class(last.text) not in (None, "civilians") or any(
        ent.label_ in ("ORG", "PERSON") and ent.end >= end and ent.start <= end - 1 for ent in doc.ents
    )


# --- what a phrase means


def _resolve_phrase(doc: Doc, start: int, head: Token, end: int, kind: str, scene: Scene) -> Actor | None:
    words = doc[start : head.i + 1].text
    owner = doc[head.i + 1 : end].text
    if kind == "civilians":
        return None
    if owner and not _ALLIED.match(owner):
        return None if " and " in owner else _owner(owner, kind, scene)
    known = _known(words, scene)
    if known or _BACKED.match(words):
        return known
    return _by_modifiers(doc, start, head, kind, scene) or _faction(words, scene)


_BACKED = re.compile(
    r".*-\s*(?:backed|supported|linked|allied|led|aligned|armed|trained|funded|affiliated|dominated|sponsored|based|supplied|made|built"
    r"|manufactured|designed|donated)\b\s*",
    re.IGNORECASE,
)


_ALLIED = re.compile(r"(?:backed|supported|led|linked|close|aligned|allied)\b")
"""How words behind a head begin that name another than who is meant: "Russian forces | allied with the regime"."""


def _faction(words: str, scene: Scene) -> Actor | None:
    """Rebels, jihadists or the opposition of the war at hand: "moderate rebel groups"; not those of another people: "Kurdish rebels"."""
    found = {word.lower() for word in re.findall(r"[\w'’-]+", words)} | {word.lower().removesuffix("s") for word in words.split()}
    nations = {code for word in words.split() if (code := scene.registry.country_of(word))}
    strange = [w for w in words.split()[1:] if w[0].isupper() and not scene.registry.country_of(w) and w.lower() not in _forms()["creeds"]]
    peoples = {normal(word) for word in _forms()["peoples"]} - set(_forms()["creeds"])
    if strange or found & peoples or len(nations) > 1:
        return None
    for faction, nouns in _forms()["factions"].items():
        if found & set(nouns):
            return scene.registry.faction(faction, on=scene.on, countries=tuple(nations) or scene.countries[:1])
    return None


def _known(words: str, scene: Scene) -> Actor | None:
    """Whom the words mean in the report's country, or anywhere; of "US-backed Free Syrian Army" not the backer but who is backed."""
    words = words[:-1] if re.fullmatch(r"[A-Z]{2,}s", words) else words  # "the SDFs fighters", an apostrophe lost
    here = next(filter(None, (_generic(spelling, scene) for spelling in _bare(words))), None)
    found = here or scene.registry.resolve(words, on=scene.on, countries=scene.countries)
    if found is None and " " in words and words.endswith("s"):
        found = scene.registry.resolve(words[:-1], on=scene.on, countries=scene.countries)  # a possessive without its apostrophe
    if found is None and (backed := _BACKED.match(words)) and words[backed.end() : backed.end() + 1].isupper():
        return _known(words[backed.end() :], scene)
    return None if found and _is_foreign(found, words, scene) else found


def _generic(words: str, scene: Scene) -> Actor | None:
    return scene.registry.resolve_generic(words, on=scene.on, countries=scene.countries[:1], outlet=scene.outlet)


def _bare(words: str) -> Iterator[str]:
    """The words, then without the common words and creeds in front: "foreign Takfiri terrorist organizations" → terrorist organizations."""
    rest = words.split()
    yield words
    while len(rest) > 2 and (rest[0].islower() or rest[0].lower() in _forms()["creeds"]) and not _BACKED.match(rest[0]):
        rest = rest[1:]
        yield " ".join(rest)


def _is_foreign(actor: Actor, words: str, scene: Scene) -> bool:
    """A name of common words, "National Army", of another war; a body of many wars (the Islamic State) is at home in all."""
    homes = ({actor.country} | scene.registry.war_countries(actor)) - {None}
    elsewhere = len(actor.conflicts) <= 3 and bool(scene.countries and homes) and not homes & set(scene.countries)
    return elsewhere and actor.kind not in SPEAKERS and is_common_name(words, scene.registry)


def _owner(words: str, kind: str, scene: Scene) -> Actor | None:
    """ "loyal to Syrian President Bashar al-Assad", "of the Russian army"."""
    if kind in {"group", "body"} and re.match(r"affiliated\b", words):
        return None  # "groups affiliated to X" are others than X
    name = re.sub(r"^(?:(?:loyal|affiliated|belonging|faithful) (?:to|with)|of|from)(?: the)?\s+", "", words)
    last = name.split()[-1]
    army = [f"{last.split('-')[-1]} forces"] if kind in {"army", "rebels"} else []
    for spelling in (name, last, *army):
        if actor := scene.registry.resolve(spelling, on=scene.on, countries=scene.countries):
            return _armed_hand(actor, kind, scene)
    code = _capital(name, scene.registry) or scene.registry.country_of(name.split()[0])
    return scene.registry.state_actor(code, _ROLE.get(kind, "army"), scene.on) if code else None


_ROLE = {"army": "army", "air": "air force", "navy": "navy", "police": "police", "government": "government"}


def _armed_hand(actor: Actor, kind: str, scene: Scene) -> Actor:
    """Who flies the regime's jets is its air force, who are its soldiers its army."""
    if kind not in {"army", "air", "navy", "police"} or actor.country is None:
        return actor
    if scene.registry.state_actor(actor.country, "government", scene.on) != actor:
        return actor  # no government, or that of rebels
    return scene.registry.state_actor(actor.country, _ROLE[kind], scene.on) or actor


def _by_modifiers(doc: Doc, start: int, head: Token, kind: str, scene: Scene) -> Actor | None:
    """By the words before the head: a name ("al-Nusra fighters"), a nation ("Russian jets"), a word for the state ("regime troops")."""
    registry = scene.registry
    before = doc[start : head.i].text
    if " and " in before or " or " in before:
        return None
    if named := _named_before(before, kind, scene):
        return _armed_hand(named, kind, scene)
    ruler = re.sub(r"[’']s?$", "", before)
    if kind in {"army", "rebels"} and not is_demonym(before, registry):
        # "Assad's forces", and where the apostrophe was lost "President Bashar al-Assads forces"
        for name in (ruler, re.sub(r"^(?:al|el)-", "", ruler.rpartition(" ")[2]).removesuffix("s")):
            if not is_demonym(name, registry) and (own := registry.candidates(f"{name} forces")):
                return own[0]
    word = head.text.lower()
    role = "army" if word in _forms()["units"] else None if word in {"ministry", "presidency"} else _ROLE.get(kind)
    nations = {code for word in re.findall(r"[^\s-]+", before) if (code := registry.country_of(word) or _capital(before, registry))}
    if len(nations) > 1 or (kind != "air" and any(_head_class(word) == "rebels" for word in before.split())):
        return None
    if head.text[0].isupper() and any(w[0].isupper() and not registry.country_of(w) for w in before.split()[1:]):
        return None  # a name of its own: "Democratic Kalam Forces"
    words = {normal(word) for word in re.findall(r"[^\s]+", before)}
    if kind == "government" and words & set(_forms()["not_of_state"]):
        return None
    of_state = kind == "government" or bool(words & set(_forms()["state_words"])) or word in {"army", "military"}
    if role is None or not (nations or of_state):
        return None
    code = nations.pop() if nations else scene.country
    return registry.state_actor(code, role, scene.on) if code else None


def _named_before(before: str, kind: str, scene: Scene) -> Actor | None:
    """The body whose name stands before a head, with at most a people or creed in front and common words after: "Kurdish YPG | militia"."""
    words = before.split()
    for first in range(len(words)):
        if first and not (words[first - 1].islower() or is_demonym(words[first - 1], scene.registry)):
            break
        for last in range(len(words), first, -1):
            spelling = re.sub(r"[’']s?$", "", " ".join(words[first:last]))
            if spelling.islower() or is_demonym(spelling, scene.registry) or not all(word.islower() for word in words[last:]):
                continue
            if actor := _name_or_generic(spelling, first, scene):
                return actor
    return _coalition(words, kind, scene)


def _name_or_generic(spelling: str, first: int, scene: Scene) -> Actor | None:
    actor = scene.registry.resolve(spelling, on=scene.on, countries=scene.countries)
    return None if actor is None or _is_foreign(actor, spelling, scene) or (first and scene.registry.country_of(spelling)) else actor


def _coalition(words: Sequence[str], kind: str, scene: Scene) -> Actor | None:
    """ "coalition warplanes": of the foreign armies at war here, if there are such."""
    if kind not in {"army", "air", "navy"} or not words or words[0].lower() != "coalition":
        return None
    return scene.registry.resolve_generic("coalition forces", on=scene.on, countries=scene.countries[:1])


def _capital(word: str, registry: Registry) -> str | None:
    return next((c.code for c in registry.countries.values() if c.capital and normal(c.capital) == normal(word)), None)


def _acting_states(doc: Doc, scene: Scene) -> Iterator[ActorMention]:
    """Countries and capitals in the place of an actor: "Moscow denied", "a base taken by Turkey"."""
    for start, end in _state_names(doc, scene.registry):
        words = text_of(doc)[start:end]
        found = doc.char_span(start, end, alignment_mode="expand")
        code = scene.registry.country_of(words) or _capital_codes(scene.registry).get(normal(words))
        if code and found is not None and _acts(found.root) and (actor := scene.registry.state_actor(code, "government", scene.on)):
            yield ActorMention(start, end, words, actor.id, actor.name, "name")


def _state_names(doc: Doc, registry: Registry) -> list[Span]:
    """Spans of names of countries and capitals."""
    tokens = [_trim(text_of(doc), t.idx, t.idx + len(t.text)) for t in doc if t.pos_ == "PROPN" and not _only_demonym(t.text, registry)]
    bodies = [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in {"PLACE", "ORG"} and " " in ent.text]
    countries = [
        span for start, end in bodies if (span := _trim(text_of(doc), start, end)) and registry.country_of(text_of(doc)[span[0] : span[1]])
    ]
    covered = [span for span in tokens if span and not any(start <= span[0] and span[1] <= end for start, end in countries)]
    return sorted([*countries, *covered])


def _only_demonym(word: str, registry: Registry) -> bool:
    return is_demonym(word, registry) and word not in {"US", "UK", "U.S.", "U.K.", "USA"}


@lru_cache(maxsize=4)
def _capital_codes(registry: Registry) -> dict[str, str]:
    return {normal(country.capital): country.code for country in registry.countries.values() if country.capital}


def _acts(token: Token) -> bool:
    """Is the name in a place where only one who acts or is dealt with can stand?"""
    if token.dep_ == "conj" and token.head.pos_ == "PROPN":
        return _acts(token.head)
    cases = {child.lower_ for child in token.children if child.dep_ == "case"}
    if token.dep_ in {"nsubj", "nsubj:pass", "obl:agent", "iobj"}:
        return not any(child.dep_ == "cop" for child in token.head.children)
    if token.dep_ == "obj":
        return token.head.lemma_ in _forms()["dealt_with"]
    if token.dep_ == "nmod:poss":
        return _head_class(token.head.text) is not None or _nominal(token.head) in {"person", "organization", "event"}
    return token.dep_ in {"nmod", "obl"} and bool(cases & {"by", "with", "against"})


def _nominal(token: Token) -> str:
    """What sort of thing a noun names, as the model says: person, organization, event …; empty where it does not."""
    kinds = token.doc.user_data.get("nominals")
    return str(kinds[token.i]) if kinds is not None else ""


def _describing(doc: Doc, scene: Scene) -> Iterator[ActorMention]:
    """Words that name an actor by describing something else: "rebel-held", "Kurdish-controlled", "Russian strikes", "regime shelling"."""
    for token in doc:
        if token.pos_ not in {"ADJ", "NOUN", "PROPN", "VERB"} or not (_holds(token) or _does(token)):
            continue
        if _leads(token):
            yield _led(token, scene)
        if _points_back(token):
            continue
        nation = scene.registry.country_of(token.text) if is_demonym(token.text, scene.registry) else None
        kind = _head_class(token.text)
        if nation is None and kind in {None, "civilians"} and not is_demonym(token.text, scene.registry):
            continue
        actor = _described(token, nation, kind, scene)
        yield ActorMention(
            token.idx, token.idx + len(token.text), token.text, actor.id if actor else None, actor.name if actor else None, "generic"
        )


def _holds(token: Token) -> bool:
    after = token.doc[token.i + 1 : token.i + 3]
    return len(after) == 2 and after[0].text == "-" and after[1].lower_ in _forms()["held"]


def _leads(token: Token) -> bool:
    """ "US-led strikes": does a party lead those who do this?"""
    after = token.doc[token.i + 1 : token.i + 3]
    return len(after) == 2 and after[1].lower_ == "led" and _does(after[1])


def _led(token: Token, scene: Scene) -> ActorMention:
    start, end = token.idx, token.doc[token.i + 2].idx + len("led")
    text = text_of(token.doc)[start:end]
    actor = scene.registry.resolve(f"{text} coalition", on=scene.on, countries=scene.countries)
    return ActorMention(start, end, text, actor.id if actor else None, actor.name if actor else None, "generic")


def _does(token: Token) -> bool:
    modifies = token.dep_ in {"amod", "compound", "nmod:poss", "nmod"} and token.head.i > token.i
    if token.lower_ in _forms()["sorts"] and token.head.lemma_.lower() in _forms()["sorted"]:
        return False
    if token.head.lower_.removesuffix("s") in _forms()["no_deeds"]:
        return False
    nouns = {token.head.lower_.removesuffix("s"), token.head.lemma_.lower()}
    return modifies and (_nominal(token.head) == "event" or bool(nouns & set(_forms()["deeds"])))


def _described(token: Token, nation: str | None, kind: str | None, scene: Scene) -> Actor | None:
    if nation:
        return scene.registry.state_actor(nation, "army", scene.on)
    spellings = (token.text, f"{token.text}s")
    found = (scene.registry.resolve_generic(s, on=scene.on, countries=scene.countries[:1], outlet=scene.outlet) for s in spellings)
    known = next(filter(None, found), None)
    if known is None and kind in {"rebels"}:
        known = _faction(token.text, scene)
    if known is None and kind in {"army", "government"} and scene.country:
        known = scene.registry.state_actor(scene.country, _ROLE[kind], scene.on)
    return known


def _peoples(doc: Doc, scene: Scene) -> Iterator[ActorMention]:
    """ "the Russians", "Kurds": plural peoples that stand as nouns. Who of them is meant stays open."""
    for token in doc:
        noun = token.pos_ in {"NOUN", "PROPN"} and token.dep_ not in {"amod", "compound", "flat"}
        if noun and token.text[0].isupper() and token.lower_.endswith("s") and is_demonym(token.text, scene.registry):
            yield ActorMention(token.idx, token.idx + len(token.text), token.text, None, None, "generic")
