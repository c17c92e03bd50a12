"""Doc → voices: in one sentence, the words of a source, of its cue, and of what it says.

A grammar over Universal Dependencies; the cues stand in knowledge/speech.yaml. A voice knows tokens only: who the source is, how voices nest
and how far a quotation runs is for `khabar.speakers` and `khabar.attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from khabar.errors import KnowledgeError
from khabar.model import Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Tokens = frozenset[int]
NOTHING: Tokens = frozenset()
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "SYM", "X"})
MODALS = frozenset({"will", "would", "could", "may", "might", "shall", "can", "’ll", "'ll"})
FORMS = frozenset({"clause", "infinitive", "object", "whole", "quote", "figure"})


@dataclass(frozen=True, slots=True)
class Cue:
    """What a word of saying takes as its content, and what it does to it (see the head of speech.yaml)."""

    takes: frozenset[str]
    stance: Modality
    link: bool = True
    with_modal: Modality | None = None
    of_media: bool = False

    @property
    def prepositions(self) -> frozenset[str]:
        return self.takes - FORMS


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists of speech.yaml by the name of their block."""

    verbs: Mapping[str, tuple[Cue, ...]]
    nouns: Mapping[str, tuple[Cue, ...]]
    words: Mapping[str, frozenset[str]]
    prepositions: tuple[tuple[str, ...], ...]
    bodies: Mapping[str, tuple[str, ...]]
    idioms: Mapping[str, frozenset[str]]
    continuing: re.Pattern[str]
    unnamed: str
    commenter: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One cue at work: token numbers of cue, source and content. `speaker` is the noun of the source, `hearers` are those to whom it was
    said ("told AFP"), `cited` is whom the source cites for all of it; `hearsay`: nobody is named ("reportedly")."""

    cue: Tokens
    source: Tokens
    content: Tokens
    speaker: int | None
    stance: Modality
    link: bool = True
    hearers: tuple[int, ...] = ()
    cited: int | None = None
    hearsay: bool = False
    direct: bool = False


@cache
def lexicon() -> Lexicon:
    """The lists of speech.yaml. KnowledgeError where a block is missing or not of its form."""
    raw = yaml.safe_load(files("khabar").joinpath("knowledge/speech.yaml").read_text(encoding="utf-8"))
    try:
        hearsay = {f"hearsay_{name}": words for name, words in raw["hearsay"].items()}
        lists = {name: words for name, words in raw.items() if isinstance(words, list) and name not in ("verbs", "nouns")} | hearsay
        return Lexicon(
            verbs=_cues(raw["verbs"]),
            nouns=_cues(raw["nouns"]),
            words={name: frozenset(str(word).lower() for word in words) for name, words in lists.items()},
            prepositions=tuple(tuple(phrase.split()) for phrase in raw["prepositions"]),
            bodies={noun: tuple(names) for noun, names in raw["bodies"].items()},
            idioms={verb: frozenset(nouns) for verb, nouns in raw["idioms"].items()},
            continuing=re.compile(raw["continuing"], re.IGNORECASE),
            unnamed=raw["unnamed"],
            commenter=raw["commenter"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"knowledge/speech.yaml: {error!r}; expected the blocks that its first lines describe") from error


def _cues(blocks: list[dict[str, Any]]) -> dict[str, tuple[Cue, ...]]:
    """word → its cues, in the order of the file: the first whose content is found in the sentence holds."""
    cues: dict[str, tuple[Cue, ...]] = {}
    for block in blocks:
        cue = Cue(frozenset(block["takes"]), block["stance"], block.get("link", True), block.get("with_modal"), block.get("of_media", False))
        for word in dict.fromkeys(block["words"]):
            cues[word] = (*cues.get(word, ()), cue)
    return cues


def voices(doc: Doc) -> tuple[Voice, ...]:
    """Every voice of a parsed text, in order of its cue."""
    found = (voice for token in doc for voice in _voices_at(token) if voice.cue)
    return tuple(sorted(found, key=lambda voice: (min(voice.cue), max(voice.cue))))


def _voices_at(token: Token) -> Iterator[Voice]:
    match token.pos_:
        case "VERB":
            yield from _verb_voices(token)
        case "NOUN":
            yield from _noun_voices(token)
        case "ADV" | "ADJ":
            yield from _hearsay_voices(token)
    yield from _adjunct_voices(token)


# --- verbs


def _verb_voices(token: Token) -> Iterator[Voice]:
    if _is_refusal(token) or _is_idiom(token):
        return
    words = lexicon().words
    if token.lower_ in words["hearsay_adjectives"] and token.dep_ == "amod":
        yield from _hearsay_voices(token)
    elif _word(token) in words["quoting"] and (voice := _quoting_voice(token)):
        yield voice
    elif _is_passive(token):
        yield from _passive_voices(token)
    elif _word(token) in words["posting"] and (medium := _object(token)) and _word(medium) in words["media"]:
        showing = Cue(frozenset({"whole"}), "asserted")
        yield _active_voice(token, showing, _content(token, showing) or subtree(medium))
    else:
        yield from _active_voices(token)


def _active_voices(token: Token) -> Iterator[Voice]:
    cues = lexicon().verbs.get(_word(token), ())
    if cues and cues[0].link and "clause" in cues[0].takes and (noun := _closing_speaker(token)):
        yield _closing_voice(token, cues[0], noun)
        return
    for cue in cues:
        if content := _content(token, cue):
            yield _active_voice(token, cue, content)
            return
    if cues and any({"clause", "quote"} & cue.takes for cue in cues) and subject(token):
        yield replace(_active_voice(token, cues[0], NOTHING), link=True, direct=True)


def _active_voice(token: Token, cue: Cue, content: Tokens) -> Voice:
    source = subject(token)
    words = _source_tokens(source, token) - content if source else NOTHING
    if source is not None and (dash := _dateline_end(token, words)) is not None:
        noun = range(dash + 1, max(words) + 1)
        source, words = (_head_of(token.doc, noun), frozenset(noun)) if noun else (source, words)
    if source is None and content and cue.link and token.tag_ in _FINITE and (noun := _nouns_before(token)) and not content & set(noun):
        source, words = _head_of(token.doc, noun), frozenset(noun)  # the tree lost the subject
    return Voice(
        cue=_cue_tokens(token, cue) - content - words,
        source=words,
        content=content,
        speaker=_antecedent(source).i if source else None,
        stance=_stance(token, cue, content),
        link=cue.link and not _is_unsaid(token) and not _is_negated(token) and (not cue.of_media or _is_of_media(source)),
        hearers=_hearers(token, content),
        cited=_cited(token) or _cites(token),
        direct=cue.link and "clause" in cue.takes,
    )


def _dateline_end(token: Token, words: Tokens) -> int | None:
    """The dash of "CITY (Agency) — X said" where the tree took the dateline into the subject."""
    if not words or min(words) > token.sent.start + 1:
        return None
    dashes = [i for i in words if token.doc[i].text in ("-", "--", "—", "–") and token.doc[i - 1].whitespace_]
    return max(dashes, default=None) if any(token.doc[i].text == ")" for i in words) else None


def _content(token: Token, cue: Cue) -> Tokens:
    """Tokens of what a verb says, by the first of the forms that it takes and that stands in the sentence."""
    if "clause" in cue.takes and (clause := _clause(token, cue)):
        return clause
    if "quote" in cue.takes:
        return NOTHING
    if "infinitive" in cue.takes and (infinitive := _infinitive(token)):
        return infinitive
    if "figure" in cue.takes and ((thing := _object(token)) is None or _word(thing) not in lexicon().words["figures"]):
        return NOTHING
    if cue.takes & {"whole", "figure"} and (thing := _object(token)):
        rest = [child for child in token.rights if child.i > thing.i and child.dep_ in _COMPLEMENTS and not _is_setting(child)]
        return subtree(thing).union(*map(subtree, rest))
    if "object" in cue.takes and (thing := _object(token)):
        reasons = (c for c in token.rights if c.i > thing.i and (_case(c) in ("for", "against") or c.dep_ == "advcl:relcl"))
        return _without_afterthought(thing).union(*map(subtree, reasons))
    return _prepositional(token, cue.prepositions)


def _without_afterthought(thing: Token) -> Tokens:
    """ "admit defeat, conducting …": what follows a comma as a participle is not part of the thing said."""
    loose = [c for c in thing.rights if c.dep_ == "acl" and c.tag_ == "VBG" and c.nbor(-1).text == ","]
    return subtree(thing).difference(*map(subtree, loose))


_COMPLEMENTS = frozenset({"obl", "advcl", "xcomp", "ccomp", "obl:arg"})


def _clause(token: Token, cue: Cue) -> Tokens:
    """The clause said: a complement, a sentence set beside ("…, he said, …"), or the one that "as he said" comments on."""
    own = [child for child in token.children if _is_said(child, token)]
    if own:
        said = frozenset().union(*map(subtree, own), *map(subtree, _strayed(token, own[0])))
        return said if own[0].i < token.i else frozenset(i for i in said if i > token.i)
    if not cue.link or cue.stance == "planned":
        return NOTHING
    if token.dep_ == "parataxis" and not _object(token) and subject_of(token):
        return subtree(token.head) - subtree(token)
    if token.dep_ == "advcl" and _mark(token) == "as" and not any(child.dep_ in ("obj", "xcomp") for child in token.children):
        return subtree(token.head) - subtree(token)
    return NOTHING


def _strayed(token: Token, clause: Token) -> list[Token]:
    """The subject of what is said where the tree made it the object of saying: "confirmed the dead included"."""
    if clause.i < token.i or subject_of(clause) or _word(token) in _TELLING or clause.dep_ != "ccomp":
        return []
    return [child for child in token.rights if child.dep_ == "obj" and child.i < clause.i]


def _is_said(child: Token, cue: Token) -> bool:
    if child.tag_ == "VBG" and child.i > cue.i and (child.nbor(-1).text == "," or _word(child) in lexicon().words["quoting"]):
        return False
    if child.dep_ == "ccomp":
        return True
    if child.dep_ == "xcomp":
        return _mark(child) != "to" and child.pos_ == "VERB"
    if child.dep_ != "parataxis" or _word(child) in lexicon().verbs:
        return False
    between = cue.doc[min(child.i, cue.i) : max(child.i, cue.i)].text
    return ":" in between or any(mark in between for mark in '“”"')


def _infinitive(token: Token) -> Tokens:
    clauses = [child for child in token.children if child.dep_ in ("xcomp", "ccomp") and (_mark(child) == "to" or child.tag_ == "VBG")]
    if not clauses:
        return NOTHING
    things = [child for child in token.rights if child.dep_ in ("obj", "iobj") and child.i < clauses[0].i]
    return frozenset().union(*map(subtree, [*things, clauses[0]]))


def _prepositional(token: Token, prepositions: frozenset[str]) -> Tokens:
    for child in token.rights:
        if child.dep_ in ("obl", "advcl", "nmod", "obl:arg", "acl") and (mark := _case_token(child)) and mark.lower_ in prepositions:
            return subtree(child) - subtree(mark)
    return NOTHING


def _stance(token: Token, cue: Cue, content: Tokens) -> Modality:
    """A cue that is itself negated or asks leaves its content open."""
    if _is_negated(token):
        return "possible"
    if any(_mark(token.doc[i]) in ("whether", "if") for i in content if token.doc[i].head == token):
        return "possible"
    modal = cue.with_modal and any(token.doc[i].lower_ in MODALS for i in content)
    return cue.with_modal if modal and cue.with_modal else cue.stance


def _is_negated(token: Token) -> bool:
    """ "did not confirm", "neither denied nor …": nobody has said it."""
    return any(child.lower_ in ("not", "never", "n't", "n’t", "neither", "nor") for child in token.lefts)


def _is_idiom(token: Token) -> bool:
    thing = _object(token)
    return thing is not None and bool({_word(thing), thing.lower_} & lexicon().idioms.get(_word(token), frozenset()))


def _is_of_media(source: Token | None) -> bool:
    return source is not None and _word(source) in lexicon().words["media"]


def _is_unsaid(token: Token) -> bool:
    """ "will deny", "could say": nothing has been said yet."""
    return any(child.dep_ == "aux" and child.lower_ in MODALS | {"should", "must"} for child in token.children)


def _is_refusal(token: Token) -> bool:
    """ "declined to comment" and the "comment" in it."""
    words = lexicon().words
    if _word(token) in words["refusing"]:
        return any(child.dep_ == "xcomp" and _word(child) in words["refusals"] for child in token.children)
    return _word(token) in words["refusals"] and token.dep_ == "xcomp" and _word(token.head) in words["refusing"]


# --- "…, X said."


def _closing_voice(token: Token, cue: Cue, noun: range) -> Voice:
    """The whole sentence before "X said", and after it too between commas: where a comma is missing, trees are not to be trusted."""
    doc, sentence = token.doc, token.sent
    verb = _cue_tokens(token, cue)
    head = _head_of(doc, noun)
    behind = frozenset(range(sentence.start, min(noun[0], min(verb))))
    if _is_inserted(token, noun):
        behind |= frozenset(range(max(noun[-1], *verb) + 1, sentence.end))
    return Voice(verb - set(noun), frozenset(noun), behind, head.i, cue.stance, True, _hearers(token, behind), _cited(token), direct=True)


def _closing_speaker(token: Token) -> range | None:
    """Token numbers of X, where "X said" or "said X" ends a sentence that has a clause before it and the tree gives the cue neither."""
    if token.tag_ not in _FINITE | {"VBN"} or any(_speaks_to_cue(child, token) for child in token.children):
        return None
    noun = _nouns_after(token) or _own_nouns(token) or _nouns_before(token)
    if noun is not None and _is_inserted(token, noun):
        return noun
    if noun is None or not any(t.tag_ in _FINITE for t in token.doc[token.sent.start : min(noun[0], token.i)]):
        return None
    rest = [t for t in token.doc[max(token.i, noun[-1]) + 1 : token.sent.end] if not t.is_punct and not t.is_space]
    short = len(rest) <= 8 and not any(t.tag_ in _FINITE for t in rest)
    return noun if short or rest[0].lower_ in _AFTERTHOUGHTS | _TIMES or rest[0].tag_ == "VBG" else None


_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_AFTERTHOUGHTS = frozenset({"on", "in", "at", "late", "early", "as", "while", "after", "by"})


def _speaks_to_cue(child: Token, cue: Token) -> bool:
    """Does the tree give the cue a content after it, or both a subject and a content before it? Then it is to be trusted."""
    if child.dep_ == "mark":
        return True
    if child.dep_ in ("obj", "xcomp") and child.i > cue.i and _word(cue) not in _TELLING:
        return (own := subject_of(cue)) is not None and own.i < cue.i
    if child.i > cue.i and child.tag_ == "VBG":
        return False
    return child.dep_ == "ccomp" and (child.i > cue.i or subject_of(cue) is not None)


def _head_of(doc: Doc, noun: range) -> Token:
    """The noun that a run of tokens is about: the first that hangs outside of it, or else the last name or noun."""
    joined = [doc[i] for i in noun if is_joined(doc[i]) and doc[i].ent_type_ == "ORG"]
    if joined and joined[-1].i == noun[-1]:
        return joined[-1]
    nominal = [doc[i] for i in noun if doc[i].pos_ in ("NOUN", "PROPN", "PRON") or doc[i].ent_type_]
    outside = (t for t in nominal if t.head.i not in noun and not t.ent_type_ == "NORP")
    return next(outside, nominal[-1] if nominal else doc[noun[-1]])


def _is_inserted(token: Token, noun: range) -> bool:
    """ "The bridge, the mayor said, was hit"."""
    first, last, sentence = min(token.i, noun[0]), max(token.i, noun[-1]), token.sent
    if first - 1 <= sentence.start or last + 2 >= sentence.end or token.doc[first - 1].text != "," or token.doc[last + 1].text != ",":
        return False
    return token.doc[last + 2].tag_ in _FINITE | {"VBN", "RB", "IN", "TO"} and token.doc[last + 2].lower_ not in _AFTERTHOUGHTS


def _own_nouns(token: Token) -> range | None:
    """What stands between the last comma or quotation mark and the cue, where it is no clause: "…, a doctor in the town said"."""
    end = token.i
    while end > token.sent.start and token.doc[end - 1].pos_ in ("ADV", "AUX"):
        end -= 1
    start = end
    while start > token.sent.start and token.doc[start - 1].text not in (",", "”", '"', "''"):
        start -= 1
    between = token.doc[start:end]
    if start in (token.sent.start, end) or len(between) > 15 or any(t.pos_ in ("VERB", "AUX", "CCONJ", "SCONJ") for t in between):
        return None
    return range(start, end) if between[0].pos_ in ("DET", "PROPN", "NOUN", "ADJ", "PRON", "NUM") else None


def _nouns_after(token: Token) -> range | None:
    """X in "…, said X": a verb of telling has its hearer there instead."""
    doc, first = token.doc, token.i + 1
    own = subject_of(token)
    taken = own is not None and own.i < token.i and not (_word(token) in ("say", "add") and _opens_with_role(token.doc, first))
    if (
        first >= token.sent.end
        or _word(token) in _TELLING
        or taken
        or doc[first].pos_ not in ("DET", "PROPN", "NOUN", "ADJ")
        or doc[first].lower_ in _TIMES
    ):
        return None
    noun = _joined_name(doc, first) or noun_from(doc[first])
    end = max(i for i in subtree(noun) if i < token.sent.end) + 1 if not is_joined(noun) else noun.i + 1
    while end > first and doc[end - 1].is_punct:
        end -= 1
    return range(first, max(end, noun.i + 1))


def _opens_with_role(doc: Doc, first: int) -> bool:
    """ "said observatory director N": a role, a person or a body right after "said" can only be who said it."""
    run = doc[first : min(first + 5, len(doc))]
    return any(_word(t) in lexicon().words["roles"] or t.ent_type_ in ("PERSON", "ORG") for t in run) and run[0].pos_ != "ADP"


def _nouns_before(token: Token) -> range | None:
    """The noun phrase that ends right before a verb, read from its tags; with the one that "and" joins to it."""
    doc, first = token.doc, token.sent.start
    end = token.i
    while end > first and doc[end - 1].pos_ in ("ADV", "AUX"):
        end -= 1
    if end > first + 3 and doc[end - 1].text == ")" and doc[end - 3].text == "(":  # "the Northern Observatory (NO) said"
        end -= 3
    if end > first and doc[end - 1].pos_ == "PRON":
        return range(end - 1, end)
    start = _start_of_nouns(doc, end, first)
    if start < end and start > first + 1 and doc[start - 1].lower_ == "and" and _names_speaker(doc[start - 2]):
        start = _start_of_nouns(doc, start - 1, first)
    return range(start, end) if any(doc[i].pos_ in ("NOUN", "PROPN") or doc[i].ent_type_ for i in range(start, end)) else None


def _start_of_nouns(doc: Doc, end: int, first: int) -> int:
    start = end
    while start > first and _may_stand_in_name(doc[start - 1], doc[start] if start < end else None):
        start -= 1
        if doc[start].pos_ == "DET" and not (start > first and doc[start - 1].lemma_.lower() in _CLASSES):
            break
    return start


def is_joined(token: Token) -> bool:
    """A name of many words read as one, whose tag and place in the tree are less sure than that it is a name."""
    return " " in token.text


def _joined_name(doc: Doc, start: int) -> Token | None:
    """The joined name that a noun phrase consists of: "the Northern Observatory for Rights", not "… spokesman"."""
    at = start + 1 if doc[start].pos_ == "DET" else start
    while at < len(doc) and (doc[at].pos_ in ("PROPN", "ADJ") or doc[at].tag_ in ("HYPH", "VBN")) and not is_joined(doc[at]):
        at += 1
    if at >= len(doc) or not is_joined(doc[at]) or (at + 1 < len(doc) and doc[at + 1].pos_ in ("NOUN", "PROPN", "PART")):
        return None
    return doc[at]


def _names_speaker(token: Token) -> bool:
    nominals = token.doc.user_data.get("nominals")
    return token.ent_type_ in ("ORG", "PERSON") or (
        nominals is not None and nominals[token.i] in ("person", "organization") and token.tag_ == "NNS"
    )


def _may_stand_in_name(token: Token, following: Token | None) -> bool:
    if is_joined(token) or token.pos_ in ("NOUN", "PROPN", "ADJ", "DET", "PART") or token.tag_ in ("VBN", "VBG", "HYPH"):
        return token.tag_ not in ("VBD", "TO") and token.lower_ not in _TIMES
    return token.lower_ in ("for", "of") and following is not None and following.text[:1].isupper()


_CLASSES = frozenset("group agency network organization organisation charity monitor watchdog observatory spokesman spokeswoman".split())


# --- passives and hearsay


def _passive_voices(token: Token) -> Iterator[Voice]:
    cues = [cue for cue in lexicon().verbs.get(_word(token), ()) if cue.takes & {"clause", "object", "whole"}]
    agent, content = _agent(token), _passive_content(token)
    words = lexicon().words
    hearsay = agent is None and _word(token) in words["hearsay_passives"]
    posted = _word(token) in words["posting"] and token.dep_ == "acl" and _word(token.head) in words["media"]
    if posted and any(t.tag_ in _FINITE for t in token.sent):
        return  # only the line "Photos posted by X" shows by itself; elsewhere X is the owner of the medium
    if not content or not (agent or hearsay or _has_clause(token)) or not (cues or posted):
        return
    cue = cues[0] if cues else Cue(frozenset({"object"}), "asserted")
    yield Voice(
        cue=_cue_tokens(token, cue) | ({agent_case.i} if agent and (agent_case := _case_token(agent)) else NOTHING),
        source=subtree(agent) - _case_tokens(agent) if agent else NOTHING,
        content=content,
        speaker=agent.i if agent else None,
        stance=_stance(token, cue, content),
        link=cue.link,
        hearers=_hearers(token, content),
        hearsay=hearsay,
    )


def _passive_content(token: Token) -> Tokens:
    """What was said of, and what was said: "X was reported to have fled", "it was said that …", "photos posted by …"."""
    own = [child for child in token.children if child.dep_ in ("nsubj:pass", "nsubj", "csubj:pass", "csubj", "ccomp", "xcomp")]
    if token.dep_ in ("acl", "acl:relcl") and token.head.pos_ in NOMINAL:
        return subtree(token.head) - subtree(token)
    told = [child for child in own if not (child.dep_.startswith("nsubj") and (child.lower_ == "it" or _word(token) in _TELLING))]
    if not told and token.dep_ == "conj" and (shared := subject_of(token.head)):
        told = [shared]
    return frozenset().union(*map(subtree, told))


_TELLING = frozenset({"tell", "inform", "brief", "notify", "remind", "assure", "warn", "advise", "ask"})


def _has_clause(token: Token) -> bool:
    return any(child.dep_ in ("ccomp", "xcomp", "csubj:pass", "csubj") for child in token.children)


def _hearsay_voices(token: Token) -> Iterator[Voice]:
    """ "reportedly fled", "the alleged attack"."""
    words = lexicon().words
    if token.lower_ in words["hearsay_adverbs"] and token.dep_ in ("advmod", "obl", "discourse"):
        content = _own_clause(token.head)
    elif token.lower_ in words["hearsay_adjectives"] and token.dep_ == "amod":
        content = subtree(token.head) - frozenset(child.i for child in token.head.children if child.dep_ == "det")
    else:
        return
    yield Voice(frozenset({token.i}), NOTHING, content - {token.i}, None, "asserted", hearsay=True)


def _own_clause(head: Token) -> Tokens:
    """A clause without those set beside it that have a subject of their own."""
    apart = [child for child in head.rights if child.dep_ in ("conj", "parataxis") and subject_of(child)]
    return subtree(head).difference(*map(subtree, apart))


# --- quoting


def _quoting_voice(token: Token) -> Voice | None:
    """ "AFP cited a source as saying …": all of it is what AFP passes on; the inner "saying" has its own voice."""
    saying = _saying(token)
    if saying is None:
        return None
    quoted = _quoted(token)
    source = _agent(token) if _is_passive(token) else subject(token)
    if source is None or quoted is None:
        return None
    words = _source_tokens(source, token) - _case_tokens(source)
    content = (subtree(quoted) - subtree(token)) | subtree(saying) if token.dep_ == "acl" else subtree(quoted) | subtree(saying)
    cue = _cue_tokens(token, Cue(frozenset({"whole"}), "asserted")) - content
    return Voice(cue, words, content - words, _antecedent(source).i, "asserted")


def _saying(token: Token) -> Token | None:
    """The "saying" in "as saying", under the quoting verb or under its object."""
    for child in token.subtree:
        if child.i > token.i and child.pos_ == "VERB" and (child.tag_ == "VBG" or child.text.endswith("ing")):
            before = child.nbor(-1) if child.i > 0 else child
            if before.lower_ == "as" and _word(child) in lexicon().verbs:
                return child
    return None


def _quoted(token: Token) -> Token | None:
    if not _is_passive(token):
        return _object(token)
    if token.dep_ in ("acl", "acl:relcl"):
        return token.head
    return subject_of(token)


def _cited(token: Token) -> int | None:
    """Number of the noun that "…, citing X" names as where the speaker has it from."""
    for child in token.children:
        if (
            child.dep_ in ("advcl", "xcomp", "ccomp", "parataxis", "acl")
            and _word(child) in lexicon().words["quoting"]
            and child.text.lower().endswith("ing")
        ):
            thing = _object(child)
            return thing.i if thing is not None and _saying(child) is None else None
    return None


def _cites(token: Token) -> int | None:
    """In "citing doctors who saw it" what follows is the doctors' too."""
    thing = _object(token)
    return thing.i if thing is not None and token.tag_ == "VBG" and _word(token) in lexicon().words["quoting"] else None


# --- nouns


def _noun_voices(token: Token) -> Iterator[Voice]:
    if any(child.dep_ == "det" and child.lower_ in ("no", "any", "neither") for child in token.children) or _is_denied(token):
        return
    for cue in lexicon().nouns.get(_word(token), ()):
        content = _noun_content(token, cue)
        source = _owner_here(token) or _giver(token)
        hearsay = source is None and _word(token) in lexicon().words["reports"]
        if not content or not (source or hearsay):
            continue
        words = (subtree(source) - subtree(token.head) if token in source.subtree else subtree(source)) if source else NOTHING
        words -= content | {token.i} | (_case_tokens(source) if source else NOTHING)
        yield Voice(frozenset({token.i}), words, content, source.i if source else None, cue.stance, cue.link, hearsay=hearsay)
        return


def _noun_content(token: Token, cue: Cue) -> Tokens:
    for child in token.rights:
        finite = _mark(child) == "that" or (child.dep_ == "ccomp")
        if "clause" in cue.takes and child.dep_ in ("acl", "ccomp", "acl:relcl") and finite and _mark(child) not in ("to",):
            if child.dep_ != "acl:relcl":
                return subtree(child)
        if "infinitive" in cue.takes and child.dep_ == "acl" and _mark(child) == "to":
            return subtree(child)
        if child.dep_ in ("nmod", "acl") and (mark := _case_token(child)) and mark.lower_ in cue.prepositions:
            return subtree(child) - {mark.i}
    return NOTHING


def _is_denied(noun: Token) -> bool:
    """ "denied reports that …": the denial is the voice."""
    head = noun.head
    return noun.dep_ in ("obj", "nsubj:pass") and any(cue.stance == "denied" for cue in lexicon().verbs.get(_word(head), ()))


def _giver(noun: Token) -> Token | None:
    """Who makes the claim in "X made the claim that"."""
    return subject(noun.head) if noun.dep_ == "obj" and noun.head.pos_ == "VERB" and not _is_passive(noun.head) else None


# --- adjuncts


def _adjunct_voices(token: Token) -> Iterator[Voice]:
    """ "according to X": X speaks the clause that the words modify."""
    for phrase in lexicon().prepositions:
        end = token.i + len(phrase)
        if end >= len(token.doc) or token.lower_ != phrase[0] or tuple(t.lower_ for t in token.doc[token.i : end]) != phrase:
            continue
        source = _joined_name(token.doc, end) or noun_from(token.doc[end])
        if source.pos_ not in NOMINAL or source.sent != token.sent or (phrase == ("per",) and source.pos_ != "PROPN"):
            continue
        cue = frozenset(range(token.i, end))
        words = frozenset(i for i in subtree(source) if i >= end) - cue | frozenset(range(end, source.i))
        if (name := _name_beside(source)) is not None:  # "according to the mayor, Omar Daher, …"
            source, words = name, words | {source.i + 1} | subtree(name)
        governor = _governor(source, token)
        content = subtree(governor) - words - cue
        yield Voice(cue, words, content, source.i, "asserted", cited=_cited(governor), hearsay=_is_reports(source))
        return


def _name_beside(noun: Token) -> Token | None:
    """The person named between commas after a noun, where the tree made it a subject."""
    doc, at = noun.doc, noun.i + 2
    if at + 1 >= len(doc) or doc[noun.i + 1].text != "," or doc[at].ent_type_ != "PERSON" or doc[at].dep_ == "appos":
        return None
    return doc[at] if doc[min(doc[at].right_edge.i, len(doc) - 1)].text == "," else None


def noun_from(token: Token) -> Token:
    """The head of the noun phrase that begins with a token."""
    while token.head is not token and token.head.i > token.i and token.dep_ in _WITHIN:
        token = token.head
    return token


_WITHIN = frozenset(
    {
        "det",
        "amod",
        "compound",
        "nummod",
        "nmod:poss",
        "flat",
        "advmod",
        "nmod",
        "det:predet",
        "case",
        "punct",
        "appos",
        "nmod:desc",
        "compound:prt",
    }
)


def _governor(source: Token, phrase: Token) -> Token:
    """The clause that an adjunct modifies; from the first word of a sentence it is the whole sentence."""
    token = source.head
    if phrase.i <= phrase.sent.start + 1:
        return phrase.sent.root
    while token.head != token and (not _is_clause(token) or token.dep_ in ("acl:relcl", "acl") or (token.i < phrase.i and (_trails(token) or _shares_subject(token)))):
        token = token.head
    return token


def _shares_subject(token: Token) -> bool:
    """The second half of "made advances, but were repelled": what is said of it is said of both."""
    return token.dep_ == "conj" and subject_of(token) is None and token.pos_ == "VERB"


def _trails(token: Token) -> bool:
    """A participle clause with no comma before it shares the adjunct of its main clause."""
    between = token.doc[min(token.head.i, token.i) : max(token.head.i, token.i)]
    return token.dep_ == "advcl" and token.tag_ == "VBG" and not any(t.text == "," for t in between)


def _is_clause(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX") or any(child.dep_.startswith("nsubj") or child.dep_ == "cop" for child in token.children)


def _is_reports(token: Token) -> bool:
    """Bare "reports" without anybody whose reports they are."""
    return _word(token) in lexicon().words["reports"] and token.lower_ != _word(token) and owner(token) is None


# --- the dependencies that a cue needs


def subject_of(token: Token) -> Token | None:
    """The subject that a predicate has of its own."""
    return next((child for child in token.children if child.dep_.startswith("nsubj")), None)


def _speaking_above(token: Token) -> Token | None:
    """The verb that "adding that …" goes on, where the tree hung it on what was said: "said the raid had ended, adding …"."""
    for ancestor in token.ancestors:
        if ancestor.pos_ == "VERB" and any(cue.link and "clause" in cue.takes for cue in lexicon().verbs.get(_word(ancestor), ())):
            return ancestor
    return None


def _name_before(token: Token) -> Token | None:
    """The joined name right before a finite verb: its subject, wherever the tree hung it."""
    at = token.i - 1
    while at > token.sent.start and (token.doc[at].pos_ in ("ADV", "AUX") or token.doc[at].text in ("(", ")")):
        at -= 1
    name = token.doc[at]
    return name if token.tag_ in _FINITE and at >= token.sent.start and is_joined(name) and name.ent_type_ in ("ORG", "PERSON", "NORP") else None


def subject(token: Token) -> Token | None:
    """Who does a verb: its own subject, the one it shares, or the noun that it modifies."""
    seen = {token.i}
    while True:
        if (own := subject_of(token) or _name_before(token)) is not None:
            return own
        if token.tag_ == "VBG" and token.dep_ == "advcl" and _mark(token) != "as" and (speaking := _speaking_above(token)) is not None:
            return subject(speaking)
        if token.dep_ in ("acl", "amod"):
            return token.head
        if token.dep_ in ("xcomp", "advcl", "ccomp") and (controller := _controller(token)) is not None:
            return controller
        if token.dep_ not in ("conj", "xcomp", "advcl", "parataxis", "ccomp") or token.head.i in seen:
            return None
        token = token.head
        seen.add(token.i)


def _controller(token: Token) -> Token | None:
    """The object that does the infinitive ("ordered them to say") or the saying ("quoted him as saying")."""
    head = token.head
    if head.pos_ != "VERB" or (token.dep_ == "ccomp" and _mark(token) == "that"):
        return None
    quoting = _word(head) in lexicon().words["quoting"]
    if quoting and _mark(token) == "as":
        return _quoted(head)
    return _object(head) if token.dep_ == "xcomp" and _word(head) not in ("promise", "vow", "use", "take") else None


def _source_tokens(source: Token, cue: Token) -> Tokens:
    words = subtree(source) - _case_tokens(source)
    return words - subtree(cue) if cue.i in words else words


def _antecedent(source: Token) -> Token:
    """The noun behind a relative pronoun."""
    if source.lower_ in ("who", "which", "that") and source.pos_ in ("PRON", "DET", "SCONJ"):
        for ancestor in source.ancestors:
            if ancestor.dep_ == "acl:relcl":
                return ancestor.head
    return source


def owner(noun: Token) -> Token | None:
    """Whose statement, figures or pictures they are: "X's …", "… of X", "… by X", "X …"; or who puts them out, as subject."""
    if (here := _owner_here(noun)) is not None:
        return here
    if noun.dep_ in ("obj", "obl") and noun.head.pos_ == "VERB" and not _is_passive(noun.head):
        return subject(noun.head)
    return None


def _owner_here(noun: Token) -> Token | None:
    for child in noun.children:
        if child.dep_ == "nmod:poss" and child.i < noun.i:
            return child
    for child in noun.rights:
        if child.dep_ == "nmod" and _case(child) in ("by", "from") and child.ent_type_ not in ("PLACE", "FACILITY"):
            return child
        if child.dep_ in ("acl", "acl:relcl") and (agent := _agent(child)) is not None:
            return agent
        if child.dep_ == "acl" and (site := next((c for c in child.children if _case(c) == "on"), None)) is not None:
            return _owner_here(site)
    for child in noun.lefts:
        adjective = child.dep_ == "amod" and _word(noun) not in lexicon().words["outlets"]  # "Ukrainian toll", but "Russian channels"
        if (adjective or child.dep_ in ("compound", "nmod", "nmod:desc")) and _may_own(child):
            return child
    return next((c for c in noun.rights if c.dep_ == "nmod" and _case(c) == "of" and c.ent_type_ in ("ORG", "PERSON", "NORP")), None)


def _may_own(token: Token) -> bool:
    """A name or a person before a medium: "army statement", "Ukrainian toll"; not "death toll", "Telegram channel"."""
    words = lexicon().words
    if token.lower_ in words["media"] | words["platforms"] | words["outlets"]:
        return False
    nominals = token.doc.user_data.get("nominals")
    return token.pos_ == "PROPN" or bool(token.ent_type_) or (nominals is not None and nominals[token.i] in ("person", "organization"))


def _hearers(token: Token, content: Tokens) -> tuple[int, ...]:
    """Nouns of those to whom a thing was said: "told X", "in a statement to X", "speaking to X", "a statement carried by X"."""
    found: list[int] = []
    for child in token.children:
        if child.i in content:
            continue
        if child.dep_ in ("obj", "iobj", "obl", "obl:arg"):
            found += [child.i, *_carried_by(child)]
        elif child.dep_ == "advcl" and _word(child) in ("speak", "talk", "write"):
            found += [grandchild.i for grandchild in child.children if grandchild.dep_.startswith("obl")]
    return tuple(found)


def _carried_by(noun: Token) -> list[int]:
    """In "a statement to X", "an interview with X", "a statement carried by X": X."""
    nouns = [child.i for child in noun.rights if child.dep_ == "nmod" and _case(child) in ("to", "with", "on", "by", "from", "for")]
    agents = [_agent(child) for child in noun.rights if child.dep_.startswith("acl")]
    return nouns + [agent.i for agent in agents if agent is not None]


def _agent(token: Token) -> Token | None:
    for child in token.children:
        if (child.dep_ == "obl:agent" and _case(child) in ("by", "")) or (child.dep_ in ("obl", "nmod") and _case(child) == "by" and token.tag_ in ("VBN", "VBD")):
            return child
    return None


def _is_passive(token: Token) -> bool:
    if any(child.dep_ in ("aux:pass", "nsubj:pass", "obl:agent", "csubj:pass") for child in token.children):
        return True
    return (
        token.tag_ == "VBN" and token.dep_ in ("acl", "amod") or (token.dep_ == "conj" and token.tag_ == "VBN" and _shares_passive(token))
    )


def _shares_passive(token: Token) -> bool:
    return not any(child.dep_ == "aux" for child in token.children) and token.head.pos_ == "VERB" and _is_passive(token.head)


def _object(token: Token) -> Token | None:
    return next((child for child in token.rights if child.dep_ == "obj"), None)


def _is_setting(child: Token) -> bool:
    """Where and when a thing was said, not what was said: "in a statement", "on Sunday"."""
    return child.dep_.startswith("obl") and (
        _word(child) in lexicon().words["media"] or child.ent_type_ in ("DATE", "TIME") or _is_day(child)
    )


def _is_day(token: Token) -> bool:
    return token.lower_.rstrip("s") in _DAYS


_TIMES = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week month year".split())


def _cue_tokens(token: Token, cue: Cue) -> Tokens:
    """The verb with its auxiliaries, adverbs and particle, and the preposition that its content hangs on, where they touch."""
    kept = {token.i}
    for child in token.children:
        hearsay = child.lower_ in lexicon().words["hearsay_adverbs"]  # a voice of its own
        if child.dep_ in ("aux", "aux:pass", "advmod", "cop", "compound:prt") and not hearsay:
            kept |= subtree(child)
    if token.dep_ == "xcomp" and _word(token.head) in lexicon().words["preludes"] and _mark(token) == "to":
        kept |= {
            token.head.i,
            *(child.i for child in token.lefts),
            *(c.i for c in token.head.children if c.dep_ in ("aux", "advmod", "compound:prt")),
        }
    if cue.prepositions and not cue.takes & FORMS:
        kept |= {
            child.i
            for grandchild in token.rights
            for child in grandchild.children
            if child.dep_ in ("case", "mark") and child.lower_ in cue.prepositions
        }
    return _touching(kept, token.i)


def _touching(numbers: Iterable[int], middle: int) -> Tokens:
    """The unbroken run of numbers around the middle one."""
    kept, run = set(numbers), {middle}
    for step in (-1, 1):
        at = middle + step
        while at in kept:
            run.add(at)
            at += step
    return frozenset(run)


def subtree(token: Token) -> Tokens:
    return frozenset(t.i for t in token.subtree)


def _word(token: Token) -> str:
    return token.lemma_.lower()


def _mark(token: Token) -> str:
    return next((child.lower_ for child in token.lefts if child.dep_ == "mark"), "")


def _case_token(token: Token) -> Token | None:
    return next((child for child in token.lefts if child.dep_ in ("case", "mark")), None)


def _case_tokens(token: Token) -> Tokens:
    return frozenset(i for child in token.lefts if child.dep_ == "case" for i in subtree(child))


def _case(token: Token) -> str:
    return case.lower_ if (case := _case_token(token)) is not None else ""
