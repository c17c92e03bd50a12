"""A word of a parsed report → the place that it heads or points at, in the words an annotator would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.clauses import RELATIVIZERS, case_of, children, first_of_list
from khabar.lexicon import words
from khabar.lists import coordinated
from khabar.model import ActorMention, Place, PlaceMention, Section, TimeMention
from khabar.scene import BACK, Scene, called, noun_phrase
from khabar.slots import follow

if TYPE_CHECKING:
    from khabar.doc import Token

BREAKS = (",", "(", "–", "—", "-")
UNSURE = ("obl:unmarked", "obl", "obj", "dep", "parataxis", "conj", "nmod")  # what the tree makes of an apposition at times
AROUND = ("in", "at", "near", "around", "outside", "along", "between", "above", "overlooking", "close to")
WHITHER = ("to", "from", "into", "toward", "towards", "between", "through", "out of", "via")
HOLDS = ("hold", "control", "occupy", "run", "contest", "share")
LEADS = ("lead", "link", "connect", "join", "run", "supply", "go", "pass", "wind")
IN_WORDS = 10  # words that tell which nameless place is meant


def place_at_word(scene: Scene, token: Token, *, told_by: Token | None = None) -> Place | None:
    """The place that a word is the head of, its words those of the fullest name where it only points back; a portion of a place
    ("part of the city") is a place within it. "near A" is A for a clause that only describes it ("near A, a town that fell")."""
    around = next((end for end in follow(token, "of") if scene.place_at(end)), None) if scene.is_class(token, "inside") else None
    if around is not None:
        return place_at_word(scene, around)
    described = _described_by(scene, token)
    if described is not None:
        return named_place(scene, described)
    if _is_bare_ground(token):
        beside = (token, token.head, *children(token.head, "obl"))
        found = (place_at_word(scene, end) for noun in beside for end in follow(noun, "in") if scene.is_place(end))
        return next(found, None)
    named = called(token) if token.pos_ == "NOUN" and scene.is_place(token) else []  # "the base, known as Hill 20"
    if named:
        start, end = noun_phrase(named[0])
        return place_at_word(scene, named[0]) or Place(scene.report.text[start:end], start, end)
    whole = scene.whole_of(token)
    if whole is not None and scene.is_class(token, "fraction"):  # "held 80 percent of Karsa", "two thirds of the town"
        of = next(word for word in follow(token, "of") if whole in (scene.place_at(word), scene.whole_of(word)))
        return place_at_word(scene, of, told_by=told_by)
    if whole is not None:
        side = next((w.idx for w in children(token, "amod") if w.i == token.i - 1 and scene.is_class(w, "direction")), token.idx)
        start, end = min(side, whole.start), max(token.idx + len(token), whole.end)  # "the western half of A"
        return Place(scene.report.text[start:end], start, end, precision="exact", country=whole.country, parent=whole.id)
    if is_the_area(token):
        start = children(token, "det")[0].idx
        return Place(scene.report.text[start : token.idx + len(token)], start, token.idx + len(token))
    if scene.topic and _is_the_town(scene, token):
        return scene.topic
    if scene.points_here(token):
        return _named_last_before(scene, token) or scene.here
    m = scene.place_at(token)
    if m is not None and m.near and told_by is not None and token.is_ancestor(told_by):
        m = next((p for p in scene.places[token.i] if isinstance(p, PlaceMention) and not p.near), m)
    if m is not None:
        return _in_its_words(scene, token, _core_of_name(scene, token, m))
    if not scene.is_place(token):
        return None
    inner = next((n for end in follow(token, "of") if (n := scene.place_at(end)) and n.form == "name"), None)
    if inner is not None and _is_called_by(scene, token, inner, ()):
        return named_place(scene, inner)
    start, end = noun_phrase(token)
    return _in_its_words(scene, token, Place(scene.report.text[start:end], start, end))


def topic_of(scene: Scene) -> Place | None:
    """The place that the whole page is about: its headline is a name and nothing else ("Karsa", "Marou – Old Karsa")."""
    heads = [section for section in scene.report.sections if section.kind == "headline"]
    return next((place for place in (_name_of_page(scene, head) for head in heads) if place), None)


def _name_of_page(scene: Scene, headline: Section) -> Place | None:
    line = [t for t in scene.doc.char_span(headline.start, headline.end, alignment_mode="expand") or () if not t.is_space]
    name = line[max((i + 1 for i, t in enumerate(line) if t.text in ("–", "—", ":")), default=0) :]
    if not name or name[0].text[0].islower() or any(t.pos_ not in ("PROPN", "ADJ", "PUNCT") or t.tag_ == "JJS" for t in name):
        return None
    start, end = name[0].idx, name[-1].idx + len(name[-1])
    if any(isinstance(m, ActorMention) and m.id and m.start <= start and end <= m.end for m in scene.mentions):
        return None
    same = [m for m in scene.mentions if isinstance(m, PlaceMention) and m.form == "name" and m.text == scene.report.text[start:end]]
    known = min(same, key=lambda m: (m.start != start, m.start), default=None)
    return named_place(scene, known) if known else Place(scene.report.text[start:end], start, end)


def _described_by(scene: Scene, token: Token) -> PlaceMention | None:
    """The name that a common noun only says more of: "A, a town held by B", "A, one of the last strongholds", "A is the last of the
    strongholds"."""
    if token.pos_ == "PROPN" or not scene.is_class(token, "settlement"):
        return None
    beside = _name_right_before(scene, token)
    if beside is not None:
        return beside
    word = token.head if token.dep_ == "nmod" and token.head.lower_ in ("one", "some", "last", "first") else token
    said_of = children(word, "nsubj") if children(word, "cop") else []
    first = next((w for w in word.subtree if not w.is_punct), word)
    told_of = word.dep_ == "appos" or (first.lower_ in ("a", "an", "the", "one") and word.dep_ in UNSURE and not any(follow(token, "of")))
    if told_of and first.i - 1 > token.sent.start and first.nbor(-1).text in BREAKS:
        before = first.nbor(-2)
        said_of = [before, *([before.head] if before.dep_ in ("flat", "compound") else []), word.head]
    named = (scene.place_at(w) for w in said_of if w.pos_ == "PROPN")
    return next((m for m in named if m is not None and m.form == "name"), None)


def _name_right_before(scene: Scene, noun: Token) -> PlaceMention | None:
    """The name before "a town held by B" where the text has lost its commas: "A a town held by B"."""
    first = noun
    while first.i > noun.sent.start + 1 and first.pos_ in ("NOUN", "ADJ", "ADV", "VERB", "PROPN", "PUNCT") and noun.i - first.i < IN_WORDS:
        first = first.nbor(-1)
    only_one = first.lower_ == "the" and (first.nbor().tag_ == "JJS" or first.nbor().lower_ in ("last", "only", "main"))
    if not (only_one or first.lower_ in ("a", "an", "another", "one")) or first.i == noun.sent.start:
        return None
    name = first.nbor(-1)
    ends = (m for m in scene.mentions if isinstance(m, PlaceMention) and m.form == "name" and m.end == name.idx + len(name))
    return next(ends, None) if name.pos_ == "PROPN" else None


def _in_its_words(scene: Scene, token: Token, place: Place) -> Place:
    """A nameless place with what follows it and tells which it is: "areas held by B", "a string of hilltops within range of the road"."""
    if place.start is None or place.end is None or place.id is not None or place.parent is not None:
        return place
    if token.pos_ == "PROPN":  # a name that stays open is a name all the same
        return place
    counted = token.head if token.dep_ == "nmod" and token.head.lemma_ in words("clauses.yaml")["counters"] else token
    beside = counted.head.rights if counted.dep_ in ("obj", "obl") else ()
    end = place.end
    for after in (*token.rights, *beside):  # "the road | from A | to B"
        last = _end_of_words(scene, token, after) if after.left_edge.idx == end + 1 and _tells_more(scene, token, after, place) else None
        end = end if last is None else last.idx + len(last)
    return replace(place, text=scene.report.text[place.start : end], end=end)


def _tells_more(scene: Scene, noun: Token, word: Token, place: Place) -> bool:
    if _is_aside(word) and (children(noun, "compound") or not scene.is_class(noun, "road")):
        return False
    whither = scene.is_class(noun, "road") and _says_whither(word)
    return whither or _says_where(scene, word) or (not _is_described(noun, place) and _tells_which(word))


def _is_aside(clause: Token) -> bool:
    """ "the dam | which was taken by B": more news of a place, and no part of what it is called, comma or none; "a dam that B holds" is."""
    return clause.dep_ == "acl:relcl" and any(c.lower_ == "which" for c in children(clause, "nsubj", "nsubj:pass", "obj"))


def _is_described(noun: Token, place: Place) -> bool:
    """ "rebel-held towns", "a town of 4,000", and not "two towns"."""
    own = (
        t
        for t in noun.lefts
        if t.idx >= (place.start or 0) and t.pos_ not in ("NUM", "DET") and t.lower_ not in words("clauses.yaml")["counters"]
    )
    return any(own) or noun.idx + len(noun) < (place.end or 0)


def _end_of_words(scene: Scene, noun: Token, words_after: Token) -> Token | None:
    """The last of the words that tell which place it is, or of those that fit, without what is said of one of them: "a camp near the border
    | housing civilians who fled the war"."""
    last = _before_time(scene, words_after)
    if last.i - noun.i <= IN_WORDS:
        return last
    fit = [t for t in words_after.subtree if t.i - noun.i <= IN_WORDS and t.i <= last.i]
    if not fit:
        return None
    beyond = next(
        (t.i for t in fit if t.i > words_after.i and t.dep_ in ("acl", "acl:relcl", "advcl", "appos", "parataxis", "conj")), fit[-1].i + 1
    )
    ends = [t for t in fit if t.i < beyond and t.pos_ in ("NOUN", "PROPN") and (t.right_edge.i < beyond or _may_end(t))]
    return ends[-1] if ends else None


def _may_end(noun: Token) -> bool:
    """ "forces | in the city of Karsa", and neither "Kurdish | forces" nor "the city | of Karsa"."""
    after = noun.nbor()
    return after not in (noun.head, noun.head.head) and not (after.lower_ == "of" and after.head.head == noun)


def _before_time(scene: Scene, words_after: Token) -> Token:
    """The last word that tells which place it is: "areas held by B | on Sunday"."""
    last = words_after.right_edge
    told = next((m for m in scene.mentions if isinstance(m, TimeMention) and m.start < last.idx + len(last) <= m.end), None)
    first = next((t for t in words_after.subtree if told is not None and t.idx >= told.start), None)
    if first is None or first.i - 2 <= words_after.i:
        return last
    return first.nbor(-2) if first.nbor(-1).pos_ == "ADP" else first.nbor(-1)


def _says_where(scene: Scene, word: Token) -> bool:
    """ "rebel-held areas | in the province of A", "two villages | just south of the town", "the airstrip | at A"."""
    direction = word.dep_ == "advmod" and scene.is_class(word, "direction") and word.nbor(-1).pos_ != "PROPN"  # "in A | north of B"
    edge = case_of(word) == "on" and (
        scene.is_class(word, "portion") or scene.is_class(word, "road")
    )  # "three streets | on the eastern edge of A"
    return (direction or edge or case_of(word) in AROUND) and scene.is_place(word)


def _says_whither(word: Token) -> bool:
    """ "the road | to A", "a track | that leads down to the valley", "the only road | by which the town is supplied"."""
    return word.lemma_ in LEADS if word.dep_ in ("acl", "acl:relcl") else word.dep_ in ("nmod", "obl") and case_of(word) in WHITHER


def named_place(scene: Scene, m: PlaceMention) -> Place:
    """A place mention as the place of a claim."""
    root = scene.root(m.start, m.end)
    return _core_of_name(scene, root, m) if root is not None else place_of(m, scene.report.text)


def _core_of_name(scene: Scene, token: Token, m: PlaceMention) -> Place:
    """The words that name a place, without what is only said of it: "the rebel-held town of Karsa in the north" → Karsa, "the Sabra
    district of the capital" → Sabra district. A place without a name keeps all its words."""
    if m.form == "reference" and m.antecedent:
        meant = next((n for n in scene.mentions if isinstance(n, PlaceMention) and (n.start, n.end) == m.antecedent), None)
        return named_place(scene, meant) if meant and meant.form != "reference" else place_of(m, scene.report.text)
    if m.near:
        return place_of(m, scene.report.text)
    span = [t for t in token.sent if m.start <= t.idx < m.end and t.i <= token.i]
    own_name = any(
        (t.pos_ == "PROPN" or t.text[0].isupper())
        and t.head == token
        and t.dep_ in ("compound", "flat", "nmod")
        and not is_holder(scene, t)
        for t in span
    )
    inner = next((n for n in (scene.place_at(end) for end in follow(token, "of")) if n and n.form == "name"), None)
    own_name = own_name and not _is_called_by(scene, token, inner, span)
    own_name = own_name or (token.text[0].isupper() and token.i + 1 < token.sent.end and token.nbor().text.isdigit())  # "Ward 12 of A"
    one_of = any(c.lower_ in ("a", "an", "another") for c in children(token, "det"))  # "a district of A" is not A
    old = any(c.lower_ in ("old", "inner", "walled") for c in children(token, "amod"))  # "the old city of A"
    some_of = (old or (token.tag_ == "NNS" and scene.is_class(token, "quarter"))) and not any(
        coordinated(end)[1:] for end in follow(token, "of")
    )
    if one_of and m.id is not None and m.head_noun and token.lower_ == token.text and m.end > token.right_edge.idx > token.idx:
        return place_of(m, scene.report.text)  # "a Sea Wolves base at Karsa": whose base it is, and not its name
    if inner is not None and not own_name and not one_of and token.lemma_.lower() in words("nouns.yaml")["settlement"]:
        if not some_of and (m.parent is None or m.parent != inner.id):
            return place_of(inner, scene.report.text)
        text = scene.report.text[token.idx : inner.end]  # "the rebel-held districts of A": a part of the town
        return replace(place_of(m, scene.report.text), text=text, start=token.idx, end=inner.end)
    own = [t for t in span if t.pos_ == "PROPN" and not is_holder(scene, t) and not (t.dep_ == "compound" and t.text.islower())]
    first = next((t for t in span if t in own or t.lower_ in words("nouns.yaml")["direction"]), None)
    if first is not None and first.i > first.sent.start and _is_ordinal(first.nbor(-1)):
        first = first.nbor(-1)
    if first is None or token.pos_ == "PROPN" or token.lower_ != token.text or not own:
        return place_of(m, scene.report.text)
    start, end = max(first.idx, m.start), min(max(_name_end(token), token.idx + len(token)), m.end)
    return replace(place_of(m, scene.report.text), text=scene.report.text[start:end], start=start, end=end)


def _is_ordinal(word: Token) -> bool:
    """ "the 17th Division base": a number that is a part of the name."""
    return word.text[0].isdigit() and word.text.endswith(("st", "nd", "rd", "th"))


def _is_called_by(scene: Scene, noun: Token, name: PlaceMention | None, words_before: Sequence[Token]) -> bool:
    """Is a noun called by the name after "of", and not by that before it: "the Karsa suburb of Tina", "the SDF bastion of Tina", and
    "the Karsa district of Tina" where Karsa is known for a town and Tina is not?"""
    before = [m for t in words_before if t.head == noun and (m := scene.place_at(t)) and m.end <= noun.idx]
    told = any(t.head == noun and t.pos_ == "PROPN" for t in words_before)
    if noun.lower_ == "suburb" and told and all(m.latitude is None for m in before) and name is not None and name.latitude is not None:
        return False  # "the Butmir suburb of Sarajevo", and not "the Damascus suburb of Douma"
    if noun.lemma_.lower() in words("nouns.yaml")["called"]:
        return True
    return any(m.latitude is not None for m in before) and name is not None and name.latitude is None


def is_holder(scene: Scene, name: Token) -> bool:
    """Does a name within the words of a place say whose it is: "Sabra Front-held villages", "an SDF checkpoint"?"""
    after = [t.text for t in name.doc[name.i + 1 : name.i + 3]]
    bound = len(after) == 2 and after[0] in "-–‑" and not after[1][0].isupper() and len(after[1]) > len("e")  # "Dand-e-Ghori"
    return bound or (scene.actor_at(name) is not None and scene.place_at(name) is None)


def named_before(scene: Scene, token: Token) -> Iterator[Token]:
    """Head words of the towns and smaller places named before a word, the last first, in its sentence and the three before it."""
    first = token.sent.start
    for _ in range(BACK):
        first = token.doc[first - 1].sent.start if first else 0
    start = token.doc[first].idx
    for m in reversed(scene.mentions):
        named = isinstance(m, PlaceMention) and m.form == "name" and start <= m.start < m.end <= token.idx
        root = scene.root(m.start, m.end) if named else None
        if root is not None:
            yield root


def listed_with(scene: Scene, token: Token) -> list[Place]:
    """The places that are named in one list with a word."""
    listed = [scene.place_at(word) for word in coordinated(first_of_list(token))]
    return [named_place(scene, m) for m in listed if m is not None and m.form == "name"]


def place_around(scene: Scene, token: Token) -> PlaceMention | None:
    """The named place that the words of a place end with: "a school in the town of Karsa" → town of Karsa; none for
    "the port of Karsa", which is its name."""
    m, end = scene.place_at(token), token.idx + len(token)
    within = [n for n in scene.mentions if isinstance(n, PlaceMention) and m and end < n.start and n.end <= m.end and n.form == "name"]
    if any(scene.place_at(named) in within for named in follow(token, "of")):
        return None
    if not within:  # "a post | held by the police in Karsa"
        described = [t for clause in children(token, "acl") if clause.tag_ == "VBN" for t in clause.subtree if case_of(t) in ("in", "at")]
        within = [n for t in described for end in (t, *follow(t, "of")) if (n := scene.place_at(end)) and n.form == "name" and not n.near]
    return min(within, key=lambda n: (n.start, -n.end), default=None)


def _named_last_before(scene: Scene, token: Token) -> Place | None:
    """The place named last before a word in its sentence: "after they left A, the province became …"."""
    start = token.sent.start_char
    named = [m for m in scene.mentions if isinstance(m, PlaceMention) and m.form == "name" and start <= m.start < m.end <= token.idx]
    small = [m for m in named if m.precision not in ("country", "region")]  # "took A in the north of the country, and it …"
    return named_place(scene, max(small or named, key=lambda m: m.start)) if named else None


def _is_the_town(scene: Scene, token: Token) -> bool:
    """ "the town", "this suburb" on the page of a place: the place itself, whatever was named in between."""
    named = scene.topic is not None and scene.topic.text.lower().endswith(f" {token.lower_}")
    if token.tag_ != "NN" or not (named or scene.is_class(token, "town")):
        return False
    articles = {c.lower_ for c in children(token, "det")}
    bare = not children(token, "compound", "amod", "appos", "flat") and not follow(token, "of")
    return "this" in articles or ("the" in articles and (bare or named))


def is_the_area(token: Token) -> bool:
    """ "they left the area": less than a place, and wider than the town named last."""
    pointed = any(c.lower_ in ("the", "this", "that") for c in children(token, "det"))
    return token.lemma_.lower() == "area" and pointed and not children(token, "amod", "compound", "nmod", "acl", "acl:relcl")


def _tells_which(word: Token) -> bool:
    """ "held by B", "within range of the road": words after a noun that are no news of their own."""
    if word.dep_ in ("acl", "acl:relcl"):
        return all(c.lower_ != "who" for c in word.children) and (
            (word.tag_ in ("VBN", "VBD") and not (word.dep_ == "acl:relcl" and children(word, "obj")))
            or word.lemma_ in ("overlook", "border", "adjoin", "surround")
            or (word.lemma_ in HOLDS and any(c.lower_ not in RELATIVIZERS for c in children(word, "nsubj")))
            or (word.dep_ == "acl:relcl" and not any(c.lower_ in RELATIVIZERS for c in word.children))
        )
    if case_of(word) == "for" and word.head.lemma_ in ("camp", "site", "shelter"):  # "a camp for displaced people"
        return word.tag_ == "NNS"
    if case_of(word) == "under" and word.lemma_.lower() in ("deal", "agreement", "accord", "pact", "truce", "ceasefire", "plan", "treaty"):
        return False  # "left the enclave | under a deal"
    return word.dep_ in ("nmod", "obl") and case_of(word) in ("within", "under", "along", "overlooking", "between")


def _is_bare_ground(noun: Token) -> bool:
    """ "lost territory in A", "gained more ground": no place of its own; "the territory it held", "rebel territory" is."""
    told = [c for c in noun.children if c.i < noun.i and c.lower_ not in ("more", "some", "further", "new", "much", "any")]
    told += [c for c in children(noun, "acl", "acl:relcl", "nmod") if case_of(c) not in ("in", "from", "to")]
    return noun.lower_ in ("territory", "ground", "land") and not told and noun.dep_ == "obj"


def _name_end(token: Token) -> int:
    """Where a name ends, with the words that follow its head as part of it ("Deir ez-Zor")."""
    return max((t.idx + len(t) for t in token.subtree if t.head == token and t.dep_ in ("flat", "compound", "goeswith")), default=0)


def place_of(m: PlaceMention, text: str) -> Place:
    """A place mention as the place of a claim."""
    start, end = m.antecedent if m.form == "reference" and m.antecedent else (m.start, m.end)
    return Place(text[start:end], start, end, m.id, m.name, m.latitude, m.longitude, m.precision, m.country, m.admin1, m.near, m.parent)
