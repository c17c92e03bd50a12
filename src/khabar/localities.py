"""Doc and the names of places in it → the places told by a phrase: around a name, or without one.

"The outskirts of A", "A's central prison", "near A", "northern A", "the A–B highway"; "two hamlets". The mention is the whole phrase
without its article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from khabar.clauses import compounds_of, first_of_list, is_explosive
from khabar.gazetteer import Gazetteer
from khabar.ground import tokens_of
from khabar.lexicon import table
from khabar.localitynouns import are_some, ends_a_name, is_agency, is_numbered, is_repeated
from khabar.model import PlaceMention, Precision, Span
from khabar.names import text_of
from khabar.namesakes import is_command
from khabar.placewords import forms, kind_of, own_words, same_words, singular
from khabar.registry import Registry
from khabar.resolving import Context, resolve
from khabar.romanising import unresolved_id
from khabar.shares import with_other_shares
from khabar.toponym_extents import trimmed
from khabar.toponym_meanings import Core, mention_of

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def find_phrases(
    doc: Doc, named: Sequence[PlaceMention], countries: tuple[str, ...], gazetteer: Gazetteer, registry: Registry
) -> list[PlaceMention]:
    """Mentions larger than a name: noun phrases on feature words, directions and "near"."""
    bodies = {t.i for t in doc if t.pos_ == "PROPN" and _is_body(t, registry)}
    nouns = [mention for token in doc if (mention := _noun_phrase(doc, token, named, countries, gazetteer, bodies))]
    found = _of_its_own(doc, _outermost([*nouns, *_numbered_bases(doc, countries)]))
    parts = [m for m in (_direction(doc, mention) for mention in [*named, *found]) if m and not _inside(m, found)]
    parts = [m for m in parts if not any(o.start == m.start and o.end > m.end for o in parts)]
    whole = [*found, *parts]
    near = [m for m in (_near(doc, mention, countries) for mention in [*named, *whole]) if m and not _inside(m, whole)]
    return [*with_other_shares(text_of(doc), whole), *near]


def _numbered_bases(doc: Doc, countries: tuple[str, ...]) -> list[PlaceMention]:
    """ "captured Brigade 52", "Division 17 fell": a base, called by the unit that had it."""
    found = [token for token in doc if token.text in _UNITS and token.i + 1 < token.sent.end and token.nbor().text.isdigit()]
    text = text_of(doc)
    spans = [(token.idx, token.nbor().idx + len(token.nbor())) for token in found if _is_taken(token)]
    named = (text[start:end] for start, end in spans)
    return [
        PlaceMention(start, end, name, _base_id(name, countries), name, precision="exact", head_noun="base", form="name")
        for (start, end), name in zip(spans, named, strict=True)
    ]


_UNITS = ("Brigade", "Regiment", "Division", "Battalion")


def _base_id(name: str, countries: tuple[str, ...]) -> str | None:
    unit, number = name.split()
    key = unresolved_id(unit, countries[0]) if countries else None
    return f"{key}-{number}" if key else None


def _is_taken(unit: Token) -> bool:
    first = first_of_list(unit)
    taken = first.dep_ in ("obj", "nsubj:pass") and first.head.lemma_ in _TAKING
    return taken or (first.dep_ == "nsubj" and first.head.lemma_ == "fall")


_TAKING = table("references")["taken"]


def _is_body(name: Token, registry: Registry) -> bool:
    """Does a name say whose a place is: "NDF positions"? Many a text has lost its apostrophes: "NDFs positions"."""
    return any(len(word) > 1 and registry.resolve(word) is not None for word in (name.text, name.text.removesuffix("s")))


def _inside(mention: PlaceMention, others: Sequence[PlaceMention]) -> bool:
    return any(o.start <= mention.start and mention.end <= o.end for o in others)


def _outermost(mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Without those that cross a longer one; one within another stays ("city of A" in "outskirts of the city of A")."""
    kept: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        crossing = [o for o in kept if mention.start < o.end and o.start < mention.end]
        if all(o.start <= mention.start and mention.end <= o.end and (o.start, o.end) != (mention.start, mention.end) for o in crossing):
            kept.append(mention)
    return kept


def _of_its_own(doc: Doc, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """ "A's school and its hospital": the second is a part of A too."""
    out: list[PlaceMention] = []
    for mention in sorted(mentions, key=lambda m: m.start):
        before = next((m for m in reversed(out) if m.end <= mention.start), None)
        if mention.parent is None and before and re.fullmatch(r"[\s,]*(?:and|or|,)?\s*its\s+", text_of(doc)[before.end : mention.start]):
            mention = replace(mention, parent=before.parent)
        out.append(mention)
    return out


def _noun_phrase(
    doc: Doc, token: Token, named: Sequence[PlaceMention], countries: tuple[str, ...], gazetteer: Gazetteer, bodies: Collection[int]
) -> PlaceMention | None:
    """The mention on a feature noun: "village of A", "A province", "A's central prison", "two hamlets east of A"."""
    noun = singular(token.text)
    kind = kind_of(noun) if token.pos_ in {"NOUN", "PROPN", "ADJ"} else None
    if kind is None or any(m.start <= token.idx < m.end for m in named if m.latitude is not None):
        return None
    if token.dep_ in {"compound", "amod", "nmod:poss"} and token.head.i > token.i and token.head.pos_ != "VERB":
        return None
    if _follows_its_like(token) or any(child.lower_ in _NO_PLACES for child in token.children):
        return None
    if is_explosive(token) or is_repeated(token) or ends_a_name(token):
        return None
    start, end = _front(doc, token), _back(doc, _last_like(token), named)
    end = _course(doc, end, named) if kind == "road" else end
    if doc[end - 1].text in forms()["not_places"]["calendar"]:  # "the first half of June"
        return None
    span = trimmed(text_of(doc), doc[start].idx, doc[end - 1].idx + len(doc[end - 1].text))
    told = r"\d+\s+(?=[A-Z])" if kind == "road" else r"[\d.,]+-[a-z]+\s+(?=[A-Z])"
    house = re.match(told, text_of(doc)[span[0] : span[1]]) if span else None  # "9025 Oak Road", "the 700-acre Oak Forest"
    if span and house:
        span = span[0] + house.end(), span[1]
    if span is None or is_command(text_of(doc)[span[0] : span[1]]):
        return None
    if noun == "department" and token.text[0].isupper() and is_agency(text_of(doc)[span[0] : span[1]]):
        return None
    inside = [m for m in named if span[0] <= m.start and m.end <= span[1]]
    described = start < token.i or end > token.i + 1
    if (
        not inside
        and not is_numbered(token, noun)
        and ((noun in forms()["need_name"] and not _is_described(doc, start, token, end, noun)) or (not described and noun not in _ALONE))
    ):
        return None
    if not inside and not described and any(child.lower_ in _POINTING for child in token.children):
        return None
    if noun in same_words() and _plural(token, noun) and any(_follows_of(doc, token, m) for m in inside) and not are_some(token, inside):
        return None
    if noun in {"state", "country", "republic", "kingdom"} and {m.precision for m in inside} == {"country"}:
        return None  # "the state of Israel"; in "Mexico's Guerrero state" the state is a province
    return _build(doc, span, token, noun, kind, inside, countries, gazetteer, bodies)


_ALONE = frozenset(
    [
        "airport",
        "airbase",
        "highway",
        "hospital",
        "prison",
        "mosque",
        "checkpoint",
        "outskirts",
        "countryside",
        "suburb",
        "border",
        "frontline",
    ]
)
_NO_PLACES = frozenset(
    [
        "social",
        "media",
        "web",
        "news",
        "internet",
        "best",
        "political",
        "key",
        "strong",
        "bargaining",
        "twitter",
        "facebook",
        "blog",
        "youtube",
    ]
)


def _follows_its_like(token: Token) -> bool:
    """ "villages" in "towns and villages": one phrase, made on the first."""
    return (
        token.dep_ == "conj"
        and token.head.i in {token.i - 2, token.i - 3}
        and kind_of(singular(token.head.text)) is not None
        and _plain_plural(token)
    )


def _last_like(token: Token) -> Token:
    """The last noun of "towns and villages"."""
    return next((child for child in token.children if kind_of(singular(child.text)) is not None and _follows_its_like(child)), token)


def _plain_plural(token: Token) -> bool:
    return token.lower_ != singular(token.text) and not any(child.dep_ in {"det", "nmod:poss", "nummod"} for child in token.children)


def _is_described(doc: Doc, start: int, token: Token, end: int, noun: str) -> bool:
    """Nameless and yet a place of its own: "two villages", "several rebel-held areas", "an army base"."""
    words = {t.lower_ for t in doc[start:end]} | {child.lower_ for child in token.children}
    plural = token.lower_ != noun
    counted = any(
        child.dep_ in {"nummod", "det"} and child.pos_ in {"NUM", "DET"} and child.lower_ not in _POINTING for child in token.children
    )
    modified = any(t.pos_ in {"ADJ", "PROPN", "NOUN", "VERB"} for t in doc[start : token.i])
    if noun in forms()["countable"]:
        return plural or modified or counted
    return modified and (bool(words & set(forms()["directions"])) or plural or end > token.i + 1)


_POINTING = frozenset(["the", "this", "that", "these", "those", "its", "their", "his", "her", "our", "such", "same"])


def _front(doc: Doc, head: Token) -> int:
    start = head.i
    while start > head.sent.start and _describes(doc[start - 1], head):
        start -= 1
    while (
        start < head.i and (doc[start].pos_ in _BEFORE_NAME or doc[start].lower_ in {"least", "most"}) and doc[start].lower_ not in {"al"}
    ):
        start += 1
    return start


_BEFORE_NAME = frozenset(["DET", "PUNCT", "PART", "CCONJ", "ADP", "ADV", "PRON"])


def _describes(token: Token, head: Token) -> bool:
    if token.pos_ in {"PRON", "SCONJ", "AUX", "DET"} or token.is_space or token.text in {",", ";", ":", "(", ")", "—", "“"}:
        return False
    if token.dep_ in {"case", "cc", "mark"} and token.head.i == head.i:
        return False
    return token.text == "-" or any(ancestor.i == head.i for ancestor in token.ancestors)


def _back(doc: Doc, head: Token, named: Sequence[PlaceMention]) -> int:
    """Index after the words behind the noun that place it: "of A", "in the province of A", "near A", "between A and B"."""
    end = head.i + 1
    while end < len(doc) and (after := _placed(doc, end, named)):
        if doc[end].lower_ == "in" and _holds_name(doc, head.i - 3, end, named):
            break
        if _preposition(doc, end) == 2 and doc[end].lower_ in forms()["directions"] and _holds_name(doc, head.i + 1, end, named):
            break  # "a police station in A | north of B": where A lies
        end = after
    return end


def _course(doc: Doc, at: int, named: Sequence[PlaceMention]) -> int:
    """Index after the words that tell from where to where a road leads, `at` where none follow: "from A to B", "that links A with B"."""
    text, start = text_of(doc), doc[at - 1].idx + len(doc[at - 1].text)
    ends = [m for m in named if m.start >= start][:2]
    if len(ends) < 2:
        return at
    one, other = ends
    leads = _LEADS.fullmatch(text[start : one.start]) and _ON_TO.fullmatch(text[one.end : other.start])
    return next((t.i + 1 for t in doc[at:] if t.idx + len(t.text) >= other.end), at) if leads else at


_LEADS = re.compile(
    r"\s+(?:from|(?:(?:that|which)\s+)?(?:link|connect|join)(?:s|ed|ing)?|(?:(?:that|which)\s+)?(?:lead|run)(?:s|ing)? from)\s+(?:the\s+)?"
)
_ON_TO = re.compile(r"\s+(?:to|with|and)\s+(?:the\s+)?(?:city\s+of\s+|town\s+of\s+)?")


def _holds_name(doc: Doc, start: int, end: int, named: Sequence[PlaceMention]) -> bool:
    """Has the phrase a name already? Then "in B" says where it is and is no part of it."""
    first, last = doc[max(start, 0)].idx, doc[end - 1].idx + len(doc[end - 1].text)
    return any(first <= m.start and m.end <= last for m in named)


def _placed(doc: Doc, at: int, named: Sequence[PlaceMention]) -> int | None:
    word = doc[at].lower_
    if word == "-" and at + 1 < len(doc) and doc[at + 1].pos_ in {"PROPN", "NUM"}:
        return at + 2
    if doc[at].pos_ == "NUM" and doc[at].text.isdigit() and doc[at - 1].text[0].isupper():
        return at + 1
    size = _preposition(doc, at)
    if not size:
        return None
    end = at + size
    limit = min(end + 8, len(doc))
    while (
        end < limit
        and doc[end].pos_ in {"DET", "ADJ", "NOUN", "PROPN", "NUM", "X", "PART"}
        and not (doc[end].pos_ == "DET" and end > at + size)
        and not doc[end].is_space
        and doc[end].text not in {",", "."}
        and not _goes_on(doc, end)
        and not (end > at + size and _begins_subject(doc[end]))
    ):
        end += 1
    if end == at + size:
        return None
    if word == "between" and end + 1 < len(doc) and doc[end].lower_ == "and":
        end += 1
        while end < limit + 6 and end < len(doc) and doc[end].pos_ in {"DET", "ADJ", "NOUN", "PROPN", "X"}:
            end += 1
    inside = any(m.start >= doc[at].idx and m.end <= doc[end - 1].idx + len(doc[end - 1].text) for m in named)
    place = inside or kind_of(singular(doc[end - 1].text)) is not None or (word == "of" and doc[end - 1].pos_ == "PROPN")
    return end if place else None


def _begins_subject(word: Token) -> bool:
    """ "a palace in A | government officials said", "once a stronghold of the rebels | Karsa fell": who does what comes next."""
    noun = word
    while noun.dep_ in ("compound", "amod", "det") and noun.head.i > noun.i:
        noun = noun.head
    return noun.dep_.startswith("nsubj") and noun.head.i > noun.i


def _goes_on(doc: Doc, at: int) -> bool:
    """ "hit a street in A | killing at least seven": a participle that the tagger took for a noun."""
    after = doc[at + 1] if at + 1 < len(doc) else None
    return (
        doc[at].text.endswith("ing")
        and after is not None
        and (after.pos_ in {"NUM", "DET"} or after.lower_ in {"at", "several", "dozens", "more"})
    )


def _preposition(doc: Doc, at: int) -> int:
    """How many tokens from here place a noun: 1 for "of", 2 for "east of", 0 for none."""
    word = doc[at].lower_
    following = doc[at + 1].lower_ if at + 1 < len(doc) else ""
    if word == "in" and following == "and" and at + 2 < len(doc) and doc[at + 2].lower_ in {"around", "near", "outside"}:
        return 3
    if word in {"of", "in", "at", "near", "around", "between", "outside", "inside", "along"}:
        return 1
    if word == "to" and doc[at - 1].lower_ in ("approach", "approaches"):  # "the southern approaches to A"
        return 1
    return 2 if following in {"of", "to"} and word in {*forms()["directions"], "close", "next"} else 0


def _build(
    doc: Doc,
    span: Span,
    token: Token,
    noun: str,
    kind: Precision,
    inside: Sequence[PlaceMention],
    countries: tuple[str, ...],
    gazetteer: Gazetteer,
    bodies: Collection[int],
) -> PlaceMention:
    text = text_of(doc)[span[0] : span[1]]
    listed = resolve(text, Context(countries), gazetteer, fuzzy=False) if noun in own_words() else None
    if listed and listed.country in countries:
        found = mention_of(text_of(doc), Core(*span), listed, countries, gazetteer)
        return replace(found, precision=kind, head_noun=noun, parent=inside[0].id if inside and inside[0].id != listed.id else None)
    base = PlaceMention(
        span[0],
        span[1],
        text,
        precision=kind,
        head_noun=noun,
        form="name" if inside else "generic",
        country=inside[0].country if inside else None,
    )
    if not inside:
        words = [t for t in tokens_of(doc, span) if t.i not in bodies]
        name = [t for t in words if t.pos_ == "PROPN" and t.i != token.i and not t.lower_.endswith("s")]
        id = unresolved_id(text, countries[0]) if name and countries else None
        return replace(base, id=id, name=text if id else None, form="name" if name else "generic", near=_is_near(text))
    main = _named_by(doc, token, inside)
    named = main and (_only_name(text, main, noun) or (noun == "capital" and main.precision == "town"))
    same = noun in same_words() and named and not _plural(token, noun)
    if main and same and not (_is_one_of_several(token, main, noun) or _has_it_for_capital(main, noun)):
        return replace(main, start=span[0], end=span[1], text=text, head_noun=noun, precision=_finer(main, noun))
    if main and len(inside) == 1 and noun in forms()["quarters"] and _is_quarter(doc, token, main, text):
        return replace(main, start=span[0], end=span[1], text=text, head_noun=noun, precision=kind)
    parent = inside[0].id
    if noun in forms()["around"] or _is_near(text):
        return replace(
            base,
            id=f"near:{parent}" if noun in forms()["around"] and parent else None,
            parent=parent,
            near=True,
            precision="near_town",
            name=text,
        )
    if kind == "road" and len(inside) > 1 and inside[0].id and inside[1].id:
        return replace(base, id="road:" + "+".join(sorted((inside[0].id, inside[1].id))), name=text, parent=None)
    id = (
        unresolved_id(text, inside[0].country or (countries[0] if countries else None))
        if _has_own_name(doc, span, token, noun, main, inside)
        else None
    )
    parent = None if main and not main.latitude else parent
    return replace(base, id=id, name=text if id else None, parent=parent, form="name")


def _has_own_name(doc: Doc, span: Span, token: Token, noun: str, main: PlaceMention | None, inside: Sequence[PlaceMention]) -> bool:
    """ "A airbase", "A's Faculty of Arts", not "A's central prison" or "bases in A": then another spelling of it is the same place."""
    if noun not in own_words() or token.lower_ != noun:
        return False
    if main and main.end <= token.idx and (token.nbor(-1).idx >= main.start or main.latitude is None):
        return True
    names = [t for t in tokens_of(doc, span) if t.pos_ == "PROPN" and t.i != token.i]
    return any(not any(m.start <= t.idx < m.end for m in inside) for t in names)


def _finer(main: PlaceMention, noun: str) -> Precision | None:
    return main.precision if main.latitude is not None else same_words()[noun]


def _plural(token: Token, noun: str) -> bool:
    return token.lower_ != noun


def _named_by(doc: Doc, token: Token, inside: Sequence[PlaceMention]) -> PlaceMention | None:
    """The name that the noun names: before it ("A province") or after "of" ("the village of A")."""
    towns = [mention for mention in inside if token.lower_ != "capital" or mention.precision == "town"]  # "the A capital of B" is B
    for mention in towns or inside:
        if text_of(doc)[mention.end : token.idx].strip() == "" and mention.end <= token.idx:
            return mention
        between = text_of(doc)[token.idx + len(token.text) : mention.start] if mention.start > token.idx else "?"
        if re.fullmatch(r"\s+(?:of\s+)?(?:the\s+)?", between):
            return mention
    return None


def _follows_of(doc: Doc, token: Token, mention: PlaceMention) -> bool:
    """ "the villages of A and B": each name is a place of its own, the phrase is none."""
    return (
        bool(re.fullmatch(r"\s+of\s+(?:the\s+)?", text_of(doc)[token.idx + len(token.text) : mention.start]))
        if mention.start > token.idx
        else False
    )


def _only_name(text: str, main: PlaceMention, noun: str) -> bool:
    """Nothing but the name and its noun, maybe with plain adjectives: not "eastern A province"."""
    directions = set(forms()["directions"])
    rest = re.sub(re.escape(main.text), " ", text, count=1).casefold()
    return not any(word in directions for word in re.findall(r"\w+", rest.split(" of ")[0]))


def _is_one_of_several(token: Token, main: PlaceMention, noun: str) -> bool:
    """ "a district of A", "the last rebel-held district of A": a part of the town A, and not the district that is called A."""
    told = {child.lower_ for child in token.children}
    return (
        same_words()[noun] == "district"
        and main.precision == "town"
        and main.start > token.idx
        and (bool(told & {"a", "an", "another", "last", "remaining"}) or bool(compounds_of(token)))
    )


def _has_it_for_capital(main: PlaceMention, noun: str) -> bool:
    """ "the capital of A province", "the A capital": a town in A."""
    return noun == "capital" and main.precision in ("province", "region", "country")


def _is_quarter(doc: Doc, token: Token, main: PlaceMention, text: str) -> bool:
    """ "the quarter of A", "A neighbourhood": the quarter A itself, where no list has a town A, and nothing more is said of it."""
    words = {main.text.casefold(), token.lower_, "of", "the"}
    only = not re.sub("|".join(rf"\b{re.escape(word)}\b" for word in sorted(words, key=len, reverse=True)), "", text.casefold()).strip()
    definite = main.end <= token.idx or any(child.lower_ == "the" for child in token.children)
    return main.latitude is None and main.id is not None and only and definite and token.lower_ in forms()["quarters"]


def _is_near(text: str) -> bool:
    return bool(_beside()[0].search(text))


@cache
def _beside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words for what lies beside a place: anywhere in a text, and right before a name, with how far off."""
    near = "|".join(map(re.escape, forms()["near"]))
    far = r"(?:\b\d[\d.,]*\s*(?:km|kilomet(?:er|re)s?|miles?|met(?:er|re)s?)\s+)?"
    return re.compile(rf"\b(?:{near})\b", re.IGNORECASE), re.compile(rf"{far}(?:to the )?\b(?:{near})\s+(?:the\s+)?$")


@cache
def _part_before() -> re.Pattern[str]:
    directions = "|".join(sorted(forms()["directions"], key=len, reverse=True))
    return re.compile(rf"\b(?:{directions})(?:\s+{_NATION})?\s+$", re.IGNORECASE)


def _direction(doc: Doc, mention: PlaceMention) -> PlaceMention | None:
    """ "northern A", "the north of A": a part of A; "to the north of A" is not."""
    before = text_of(doc)[max(0, mention.start - 60) : mention.start]
    match = _part_before().search(before) or _SIDE_OF.search(before)
    if not match or mention.text.lower().startswith(match[0].strip().lower()):
        return None
    start = mention.start - len(match[0])
    if _ELSEWHERE.search(text_of(doc)[:start]) and any(t.dep_.startswith("nsubj") for t in tokens_of(doc, (mention.start, mention.end))):
        return None
    large = mention.precision in {"country", "province", "region"}
    text = text_of(doc)[start : mention.end]
    return PlaceMention(
        start,
        mention.end,
        text,
        precision="region" if large else "district",
        country=mention.country,
        admin1=mention.admin1,
        parent=mention.id,
        head_noun=None,
    )


_ELSEWHERE = re.compile(r"\b(?:(?:in|to) the|further|farther)\s$", re.IGNORECASE)  # "in the west | Misrata was shelled"
_SIDE_OF = re.compile(r"(?<!to the )(?<=\bthe )(?:north|south|east|west|north-?(?:east|west)|south-?(?:east|west)) of (?:the )?$")
_NATION = r"[A-Z]\w+(?:n|ese|i|ish)"


IN_AND = "in and "  # "in and around A"


def _near(doc: Doc, mention: PlaceMention, countries: tuple[str, ...]) -> PlaceMention | None:
    """ "near A", "15 km north of A", "outside A"."""
    match = _beside()[1].search(text_of(doc)[max(0, mention.start - 70) : mention.start])
    if not match or mention.near or match[0].strip() == "by":
        return None
    start = mention.start - len(match[0])
    start -= len(IN_AND) if text_of(doc)[max(0, start - len(IN_AND)) : start].lower() == IN_AND else 0
    text = text_of(doc)[start : mention.end]
    parent = mention.id
    return PlaceMention(
        start,
        mention.end,
        text,
        f"near:{parent}" if parent else None,
        text if parent else None,
        precision="near_town",
        country=mention.country,
        admin1=mention.admin1,
        near=True,
        parent=parent,
        head_noun=mention.head_noun,
    )
