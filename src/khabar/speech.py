"""Doc → voices: in one sentence, the words of a source, of its cue, and of what it says.

A grammar over Universal Dependencies; the cues stand in knowledge/speech.yaml. A voice knows tokens only: who the source is, how voices
nest and how far a quotation runs is for `khabar.speakers` and `khabar.attribution`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from khabar.closings import closing_speaker, head_of, is_inserted, joined_name, nouns_before
from khabar.cues import Cue, lexicon
from khabar.dependencies import (
    FINITE,
    MODALS,
    NOMINAL,
    NOTHING,
    TELLING,
    Tokens,
    absolute,
    agent_of,
    antecedent,
    case_of,
    case_token,
    case_tokens,
    is_passive,
    mark_of,
    noun_from,
    object_of,
    owner,
    owner_here,
    quoted_by,
    subject,
    subject_of,
    subtree,
    word_of,
)
from khabar.model import Modality

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


@dataclass(frozen=True, slots=True)
class Voice:
    """One cue at work: token numbers of cue, source and content. `speaker` is the noun of the source, `hearers` are those to whom it was
    said ("told AFP"), `cited` is whom the source cites for all of it; `hearsay`: nobody is named ("reportedly"); `adjunct`: "according to";
    `quoting`: "quoted X as saying"; `impersonal`: "is expected to"; `hedge`: hearsay that adds nobody to a speaker ("allegedly")."""

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
    adjunct: bool = False
    quoting: bool = False
    impersonal: bool = False
    hedge: bool = False


def voices(doc: Doc) -> tuple[Voice, ...]:
    """Every voice of a parsed text, in order of its cue; what a speaker says that others want or expect is no voice of theirs."""
    found = [voice for token in doc for voice in _voices_at(token) if voice.cue]
    said = [voice for voice in found if voice.link]
    found = [v for v in found if v.link or v.hearsay or v.stance == "possible" or not any(v.cue <= outer.content for outer in said)]
    rivals = [doc[i] for voice in found if voice.link for i in voice.cue if _is_set_against(doc[i])]
    found = [_without_rivals(voice, rivals) for voice in found] if rivals else found
    return tuple(sorted((_within(voice, found) for voice in found), key=lambda voice: (min(voice.cue), max(voice.cue))))


def _without_rivals(voice: Voice, rivals: Iterable[Token]) -> Voice:
    """ "Officials put the toll at 45, while rebels said …", "…, state TV said, but activists said …": who is set against a speaker is not
    quoted by him."""
    apart = (cue for cue in rivals if cue.i not in voice.cue and cue.head.i in voice.content | voice.cue)
    return replace(voice, content=voice.content.difference(*map(subtree, apart)))


def _is_set_against(verb: Token) -> bool:
    if verb.dep_ == "conj":
        return any(child.lower_ in ("but", "yet") for child in verb.lefts)
    return verb.dep_ == "advcl" and mark_of(verb) in ("while", "whereas", "although", "though") and subject_of(verb) is not None


def _within(voice: Voice, others: Iterable[Voice]) -> Voice:
    """ "X said that …, according to Y": the words of Y as a speaker are no part of what X says, if X's words are of what Y says."""
    outer = (other.cue | other.source for other in others if other.adjunct and voice.cue <= other.content and other.cue <= voice.content)
    return replace(voice, content=voice.content.difference(*outer))


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
    elif word_of(token) in words["quoting"] and (voice := _quoting_voice(token)):
        yield voice
    elif word_of(token) in ("claim", "blame") and (owned := list(_owned_up(token))):
        yield from owned
    elif is_passive(token):
        yield from _passive_voices(token)
    elif word_of(token) in words["posting"] and (medium := object_of(token)) and word_of(medium) in words["media"]:
        showing = Cue(frozenset({"whole"}), "asserted")
        yield _active_voice(token, showing, _content(token, showing) or subtree(medium))
    else:
        yield from _active_voices(token)


def _active_voices(token: Token) -> Iterator[Voice]:
    cues = lexicon().verbs.get(word_of(token), ())
    if cues and cues[0].stance == "denied" and (pointer := _commented(token)):
        yield _active_voice(token, cues[0], frozenset({pointer.i}))
        return
    if cues and _quotes(cues[0]) and not _comments_on(token) and (noun := closing_speaker(token)):
        yield _closing_voice(token, cues[0], noun)
        return
    for cue in cues:
        if content := _content(token, cue):
            yield _active_voice(token, cue, content)
            return
    if cues and any({"clause", "quote"} & cue.takes for cue in cues) and subject(token):
        yield replace(_active_voice(token, cues[0], NOTHING), link=True, direct=True)


def _comments_on(token: Token) -> bool:
    """ "…, a claim the rebels denied", "…, which the ministry confirmed": what stands before was said without them."""
    before = [child for child in token.lefts if child.dep_ in ("nsubj", "obj", "dislocated")]
    if len(before) > 1 and word_of(before[0]) in lexicon().nouns and before[0].right_edge.i + 1 == before[1].left_edge.i:
        return True  # with the noun as a second subject
    which = any(child.lower_ == "which" and child.dep_ == "obj" for child in token.lefts)
    return token.dep_ == "acl:relcl" and (which or word_of(token.head) in lexicon().nouns) and token.head.i < token.i


def _commented(token: Token) -> Token | None:
    """In "…, which the ministry denied", "…, a claim the rebels denied": the word that stands for what was said before, if any."""
    source = subject(token)
    start = min((t.i for t in source.subtree if t.lower_ != "which"), default=0) if source else 0
    if start < token.sent.start + 3:
        return None
    before = token.doc[start - 1]
    opens = token.doc[before.i - (2 if before.pos_ == "NOUN" else 1)]
    pointing = before.lower_ == "which" or (before.pos_ == "NOUN" and before.lower_ in lexicon().words["sayings"])
    return before if pointing and opens.text in (",", "–", "—") else None


def _quotes(cue: Cue) -> bool:
    """May a sentence stand before this cue as what it says ("…, X said")?"""
    return cue.link and "clause" in cue.takes and cue.stance != "planned"


def _active_voice(token: Token, cue: Cue, content: Tokens) -> Voice:
    source, words = _source(token, cue, content)
    return Voice(
        cue=_cue_tokens(token, cue) - content - words,
        source=words,
        content=content,
        speaker=antecedent(source).i if source else None,
        stance=_stance(token, cue, content),
        link=cue.link and not _is_unsaid(token) and not _is_negated(token) and (not cue.of_media or _is_of_media(source)),
        hearers=_hearers(token, content),
        cited=_cited(token) or (_cited(source) if source else None) or _cites(token),
        direct=cue.link and "clause" in cue.takes,
    )


def _source(token: Token, cue: Cue, content: Tokens) -> tuple[Token | None, Tokens]:
    """The noun that speaks and all its words; read from tags where the tree lost it or took a dateline into it."""
    doc, source = token.doc, subject(token)
    words = _source_tokens(source, token) - content if source else NOTHING
    dash = _dateline_end(token, words)
    if dash is not None and dash < max(words):
        after = range(dash + 1, max(words) + 1)
        return head_of(doc, after), frozenset(after)
    if source is None and content and cue.link and token.tag_ in FINITE:
        before = nouns_before(token)
        if before is not None and not content & set(before):
            return head_of(doc, before), frozenset(before)
    return source, words


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
    if "figure" in cue.takes and ((thing := object_of(token)) is None or word_of(thing) not in lexicon().words["figures"]):
        return NOTHING
    if cue.takes & {"whole", "figure"} and (thing := object_of(token) or next((c for c in token.rights if c.dep_ == "iobj"), None)):
        rest = [child for child in token.rights if child.i > thing.i and child.dep_ in _COMPLEMENTS and not _is_setting(child)]
        return subtree(thing).union(*map(subtree, rest)) - _told_besides(thing)
    if "object" in cue.takes and (thing := object_of(token)):
        reasons = (c for c in token.rights if c.i > thing.i and (case_of(c) in ("for", "against") or c.dep_ == "advcl:relcl"))
        return _without_afterthought(thing).union(*map(subtree, reasons))
    return _prepositional(token, cue.prepositions)


def _told_besides(thing: Token) -> Tokens:
    """ "claimed responsibility for the bombing, which killed nine": that it killed nine is the outlet's word."""
    if word_of(thing) != "responsibility":
        return NOTHING
    claimed = [child for around in (thing, thing.head) for child in around.rights if case_of(child) == "for"]
    return frozenset().union(*(subtree(c) for deed in claimed for c in deed.subtree if c.dep_ == "acl:relcl"))


def _without_afterthought(thing: Token) -> Tokens:
    """ "admit defeat, conducting …": what follows a comma as a participle is not part of the thing said, nor is the medium."""
    loose = [c for c in thing.rights if c.dep_ == "acl" and c.tag_ == "VBG" and c.nbor(-1).text == ","]
    loose += [c for c in thing.rights if c.dep_ == "nmod" and case_of(c) in ("on", "via") and word_of(c) in lexicon().words["media"]]
    return subtree(thing).difference(*map(subtree, loose))


_COMPLEMENTS = frozenset({"obl", "advcl", "xcomp", "ccomp", "obl:arg"})


def _clause(token: Token, cue: Cue) -> Tokens:
    """The clause said: a complement, a sentence set beside ("…, he said, …"), or the one that "as he said" comments on."""
    own = [child for child in token.children if _is_said(child, token)]
    if not own and cue.link and cue.stance == "asserted" and (that := _that_after(token)) is not None:
        return frozenset(range(that.i, token.sent.end))
    after = [child for child in own if child.i > token.i]
    if after and not _is_quoted(own[0]):  # of two clauses without quotation marks, the one after the cue is what it says
        own = after
    if own:
        said = frozenset().union(*map(subtree, own), *map(subtree, _strayed(token, own[0]))) - _told_by_others(own)
        return said if own[0].i < token.i else frozenset(i for i in said if i > token.i)
    if not cue.link or cue.stance == "planned":
        return NOTHING
    if token.dep_ == "parataxis" and not any(c.dep_ == "obj" for c in token.children) and subject_of(token):
        return subtree(token.head) - subtree(token)
    if token.dep_ == "advcl" and mark_of(token) == "as" and not any(child.dep_ in ("obj", "xcomp") for child in token.children):
        return subtree(token.head) - subtree(token)
    return NOTHING


def _that_after(token: Token) -> Token | None:
    """The "that" of what is said, where the tree lost its verb or hung it on the hearer: "told a briefing on Friday that …"."""
    for after in token.doc[token.i + 1 : min(token.i + 10, token.sent.end)]:
        if after.lower_ == "that" and after.tag_ == "IN":
            return after if word_of(after.nbor(-1)) not in lexicon().nouns else None
        if after.pos_ in ("VERB", "AUX") or after.text == ",":
            return None
    return None


def _told_by_others(clauses: Iterable[Token]) -> Tokens:
    """ "…, while the rebels said …": a speaker set against the first speaks beside him, not through him."""
    beside = (
        child
        for clause in clauses
        for child in clause.rights
        if child.dep_ == "advcl" and mark_of(child) in CONTRASTS and subject_of(child)
    )
    return frozenset().union(*(subtree(child) for child in beside if any(_quotes(cue) for cue in lexicon().verbs.get(word_of(child), ()))))


CONTRASTS = frozenset({"while", "whereas", "although", "though"})


def _is_quoted(clause: Token) -> bool:
    before = clause.doc[max(clause.left_edge.i - 1, 0) : clause.left_edge.i + 1]
    return any(t.text in ('"', "“", "”", "''", "``", "«") for t in (*before, clause.right_edge))


def _strayed(token: Token, clause: Token) -> list[Token]:
    """The subject of what is said where the tree made it the object of saying: "confirmed the dead included"."""
    own = subject_of(clause)
    joined = own is not None and own.left_edge.dep_ == "cc"  # "said two posts and three depots were hit"
    if clause.i < token.i or (own and not joined) or word_of(token) in TELLING or clause.dep_ != "ccomp":
        return []
    return [child for child in token.rights if child.dep_ == "obj" and child.i < clause.i]


def _is_said(child: Token, cue: Token) -> bool:
    if child.tag_ == "VBG" and child.i > cue.i and (child.nbor(-1).text == "," or word_of(child) in lexicon().words["quoting"]):
        return False
    if child.dep_ == "ccomp":
        return True
    if child.dep_ == "xcomp":
        return mark_of(child) != "to" and child.pos_ == "VERB"
    if child.dep_ != "parataxis" or word_of(child) in lexicon().verbs:
        return False
    between = cue.doc[min(child.i, cue.i) : max(child.i, cue.i)].text
    return ":" in between or any(mark in between for mark in '“”"')


def _infinitive(token: Token) -> Tokens:
    clauses = [child for child in token.children if child.dep_ in ("xcomp", "ccomp") and (mark_of(child) == "to" or child.tag_ == "VBG")]
    if not clauses:
        return NOTHING
    things = [child for child in token.rights if child.dep_ in ("obj", "iobj") and child.i < clauses[0].i]
    return frozenset().union(*map(subtree, [*things, clauses[0]]))


def _prepositional(token: Token, prepositions: frozenset[str]) -> Tokens:
    for child in token.rights:
        if child.dep_ in ("obl", "advcl", "nmod", "obl:arg", "acl") and (mark := case_token(child)) and mark.lower_ in prepositions:
            return subtree(child) - subtree(mark)
    return NOTHING


def _stance(token: Token, cue: Cue, content: Tokens) -> Modality:
    """A cue that is itself negated or asks leaves its content open."""
    if _is_negated(token):
        return "possible"
    if any(mark_of(token.doc[i]) in ("whether", "if") for i in content if token.doc[i].head == token):
        return "possible"
    modal = cue.with_modal and any(token.doc[i].lower_ in MODALS for i in content)
    return cue.with_modal if modal and cue.with_modal else cue.stance


def _is_negated(token: Token) -> bool:
    """ "did not confirm", "neither denied nor …": nobody has said it."""
    return any(child.lower_ in ("not", "never", "n't", "n’t", "neither", "nor") for child in token.lefts)


def _is_idiom(token: Token) -> bool:
    thing = object_of(token)
    return thing is not None and bool({word_of(thing), thing.lower_} & lexicon().idioms.get(word_of(token), frozenset()))


def _is_of_media(source: Token | None) -> bool:
    return source is not None and word_of(source) in lexicon().words["media"]


def _is_unsaid(token: Token) -> bool:
    """ "will deny", "could say": nothing has been said yet."""
    return any(child.dep_ == "aux" and child.lower_ in MODALS | {"should", "must"} for child in token.children)


def _is_refusal(token: Token) -> bool:
    """The "comment" in "declined to comment"."""
    words = lexicon().words
    return word_of(token) in words["refusals"] and token.dep_ == "xcomp" and word_of(token.head) in words["refusing"]


def _closing_voice(token: Token, cue: Cue, noun: range) -> Voice:
    """The whole sentence before "X said", and after it too between commas: where a comma is missing, trees are not to be trusted."""
    doc, sentence = token.doc, token.sent
    verb = _cue_tokens(token, cue)
    head = head_of(doc, noun)
    behind = frozenset(range(sentence.start, min(noun[0], min(verb))))
    if is_inserted(token, noun):
        behind |= frozenset(range(max(noun[-1], *verb) + 1, sentence.end))
    hearers = _hearers(token, behind) or _hearer_after(token, noun)
    return Voice(verb - set(noun), frozenset(noun), behind, head.i, cue.stance, True, hearers, _cited(token), direct=True)


def _hearer_after(token: Token, noun: range) -> tuple[int, ...]:
    """ "… a source told the agency": whoever stands right behind a verb of telling."""
    after = token.i + 1
    if (
        word_of(token) not in TELLING
        or noun[-1] > token.i
        or after >= token.sent.end
        or token.doc[after].pos_ not in ("DET", "PROPN", "NOUN")
    ):
        return ()
    return ((joined_name(token.doc, after) or noun_from(token.doc[after])).i,)


# --- passives and hearsay


def _passive_voices(token: Token) -> Iterator[Voice]:
    cues = [cue for cue in lexicon().verbs.get(word_of(token), ()) if cue.takes & {"clause", "object", "whole"}]
    agent, content = agent_of(token), _passive_content(token)
    words = lexicon().words
    hearsay = agent is None and word_of(token) in words["hearsay_passives"] and not any(t.lower_ == "according" for t in token.subtree)
    posted = word_of(token) in words["posting"] and token.dep_ == "acl" and word_of(token.head) in words["media"]
    if posted and any(t.tag_ in FINITE for t in token.sent):
        return  # only the line "Photos posted by X" shows by itself; elsewhere X is the owner of the medium
    cue = cues[0] if cues else Cue(frozenset({"object"}), "asserted")
    clausal = _has_clause(token)
    if (
        not content
        or not (agent or hearsay or clausal)
        or not (cues or posted)
        or not (clausal or posted or cue.takes & {"object", "whole"})
    ):
        return
    yield Voice(
        cue=_cue_tokens(token, cue) | ({agent_case.i} if agent and (agent_case := case_token(agent)) else NOTHING),
        source=subtree(agent) - case_tokens(agent) if agent else NOTHING,
        content=content,
        speaker=agent.i if agent else None,
        stance=_stance(token, cue, content),
        link=cue.link,
        hearers=_hearers(token, content),
        hearsay=hearsay,
        impersonal=clausal,
        hedge=hearsay,
    )


def _owned_up(token: Token) -> Iterator[Voice]:
    """ "a blast claimed by X", "the raid, which X blames on Y": that it is X's, or Y's, is the word of X; what the act cost is not."""
    deed = token.head
    if token.dep_ not in ("acl", "acl:relcl") or deed.pos_ not in NOMINAL or deed.i > token.i:
        return
    agent = agent_of(token) if is_passive(token) else subject_of(token) if word_of(token) == "blame" else None
    if agent is None or agent.lower_ in ("which", "that", "who"):
        return
    told = [child for child in deed.children if child.i < deed.i]
    content = frozenset({deed.i}).union(*map(subtree, told))
    yield Voice(frozenset({token.i}), subtree(agent) - case_tokens(agent), content, agent.i, "asserted")


def _passive_content(token: Token) -> Tokens:
    """What was said of, and what was said: "X was reported to have fled", "it was said that …", "photos posted by …"."""
    own = [child for child in token.children if child.dep_ in ("nsubj:pass", "nsubj", "csubj:pass", "csubj", "ccomp", "xcomp")]
    if token.dep_ in ("acl", "acl:relcl") and token.head.pos_ in NOMINAL:
        return subtree(token.head) - subtree(token)
    if token.dep_ == "advcl" and mark_of(token) == "as":  # "as reported by X, …"
        return subtree(token.head) - subtree(token)
    if (noun := absolute(token)) is not None:
        return subtree(noun) - subtree(token)
    if any(t.dep_ == "expl" for t in token.subtree):  # "there were reported attacks on the town"
        own += [child for child in token.rights if child.dep_ == "obj"]
    if any("whole" in cue.takes for cue in lexicon().verbs.get(word_of(token), ())):
        own += [child for child in token.rights if child.dep_ in _COMPLEMENTS and not _is_setting(child) and child != agent_of(token)]
    told = [child for child in own if not (child.dep_.startswith("nsubj") and (child.lower_ == "it" or word_of(token) in TELLING))]
    if not own:  # "between nine and twelve deaths were reported"
        told = [c for c in token.lefts if c.dep_ == "obl" and case_of(c) in ("between", "over", "around", "about", "under")]
    if not told and token.dep_ == "conj" and (shared := subject_of(token.head)):
        told = [shared]
    return frozenset().union(*map(subtree, told))


def _has_clause(token: Token) -> bool:
    return any(child.dep_ in ("ccomp", "xcomp", "csubj:pass", "csubj") for child in token.children)


def _hearsay_voices(token: Token) -> Iterator[Voice]:
    """ "reportedly fled", "the alleged attack"."""
    words = lexicon().words
    if token.lower_ in words["hearsay_adverbs"] and token.dep_ in ("advmod", "obl", "discourse"):
        content = _aside(token) or _own_clause(token.head)
    elif token.lower_ in words["hearsay_adjectives"] and token.dep_ == "amod":
        apart = [child for child in token.head.children if child.dep_ in ("det", "acl:relcl")]  # "…, which killed nine", is told as a fact
        content = subtree(token.head).difference(*map(subtree, apart))
    else:
        return
    yield Voice(frozenset({token.i}), NOTHING, content - {token.i}, None, "asserted", hearsay=True, hedge=True)


def _aside(adverb: Token) -> Tokens:
    """ "Soldiers, reportedly a battalion, entered": only what stands between the commas is hearsay."""
    doc, at = adverb.doc, adverb.i + 1
    if adverb.i == adverb.sent.start or adverb.nbor(-1).text not in (",", "(", "-", "–", "—"):
        return NOTHING
    while at < adverb.sent.end and doc[at].text not in (",", ")", "-", "–", "—"):
        if doc[at].pos_ in ("VERB", "AUX"):
            return NOTHING
        at += 1
    return frozenset(range(adverb.i + 1, at)) if at < adverb.sent.end else NOTHING


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
    quoted = quoted_by(token)
    source = agent_of(token) if is_passive(token) else subject(token)
    if source is None or quoted is None:
        return None
    words = _source_tokens(source, token) - case_tokens(source)
    content = (subtree(quoted) - subtree(token)) | subtree(saying) if token.dep_ == "acl" else subtree(quoted) | subtree(saying)
    cue = _cue_tokens(token, Cue(frozenset({"whole"}), "asserted")) - content
    return Voice(cue, words, content - words, antecedent(source).i, "asserted", quoting=True)


def _saying(token: Token) -> Token | None:
    """The "saying" in "as saying", under the quoting verb or under its object."""
    for child in token.subtree:
        if child.i > token.i and child.pos_ == "VERB" and (child.tag_ == "VBG" or child.text.endswith("ing")):
            before = child.nbor(-1) if child.i > 0 else child
            if before.lower_ == "as" and word_of(child) in lexicon().verbs:
                return child
    return None


def _cited(token: Token) -> int | None:
    """Number of the noun that "…, citing X" names as where the speaker has it from."""
    after = token.doc[token.i + 1 : min(token.i + 3, token.sent.end)]
    beside = [after[1]] if len(after) == 2 and after[0].text == "," else []  # "…, X said, citing Y", wherever the tree hung it
    for child in (*token.children, *beside):
        if (
            child.dep_ in ("advcl", "xcomp", "ccomp", "parataxis", "acl", "case")
            and word_of(child) in lexicon().words["quoting"]
            and child.text.lower().endswith("ing")
        ):
            thing = object_of(child)
            return thing.i if thing is not None and _saying(child) is None else None
    return None


def _cites(token: Token) -> int | None:
    """In "citing doctors who saw it" what follows is the doctors' too."""
    thing = object_of(token)
    return thing.i if thing is not None and token.tag_ == "VBG" and word_of(token) in lexicon().words["quoting"] else None


# --- nouns


def _noun_voices(token: Token) -> Iterator[Voice]:
    if any(child.dep_ == "det" and child.lower_ in ("no", "any", "neither") for child in token.children) or _is_denied(token):
        return
    for cue in lexicon().nouns.get(word_of(token), ()):
        content = _noun_content(token, cue)
        source = owner_here(token) or _giver(token)
        hearsay = source is None and word_of(token) in lexicon().words["reports"]
        if not content or not (source or hearsay) or (source and source.i in content):
            continue
        words = (subtree(source) - subtree(token.head) if token in source.subtree else subtree(source)) if source else NOTHING
        words -= content | {token.i} | (case_tokens(source) if source else NOTHING)
        yield Voice(frozenset({token.i}), words, content, source.i if source else None, cue.stance, cue.link, hearsay=hearsay)
        return


def _noun_content(token: Token, cue: Cue) -> Tokens:
    for child in token.rights:
        finite = child.dep_ in ("acl", "ccomp") and (mark_of(child) == "that" or (child.dep_ == "ccomp" and mark_of(child) != "to"))
        if "clause" in cue.takes and finite:
            return subtree(child)
        if "infinitive" in cue.takes and child.dep_ == "acl" and mark_of(child) == "to":
            return subtree(child)
        if child.dep_ in ("nmod", "acl") and (mark := case_token(child)) and mark.lower_ in cue.prepositions:
            return subtree(child) - {mark.i}
    return NOTHING


def _is_denied(noun: Token) -> bool:
    """ "denied reports that …": the denial is the voice."""
    head = noun.head
    return noun.dep_ in ("obj", "nsubj:pass") and any(cue.stance == "denied" for cue in lexicon().verbs.get(word_of(head), ()))


def _giver(noun: Token) -> Token | None:
    """Who makes the claim in "X made the claim that"."""
    verb = word_of(noun.head)
    gives = verb in lexicon().words["giving"] or any(cue.link for cue in lexicon().verbs.get(verb, ()))
    return subject(noun.head) if noun.dep_ == "obj" and gives and not is_passive(noun.head) else None


# --- adjuncts


def _adjunct_voices(token: Token) -> Iterator[Voice]:
    """ "according to X": X speaks the clause that the words modify."""
    for phrase in lexicon().prepositions:
        end = token.i + len(phrase)
        if end >= len(token.doc) or token.lower_ != phrase[0] or tuple(t.lower_ for t in token.doc[token.i : end]) != phrase:
            continue
        source = joined_name(token.doc, end) or noun_from(token.doc[end])
        if source.pos_ not in NOMINAL or source.sent != token.sent or (phrase == ("per",) and source.pos_ != "PROPN"):
            continue
        if phrase == ("based", "on") and (token.i > token.sent.start or word_of(source) not in lexicon().words["reports"]):
            continue
        cue = frozenset(range(token.i, end))
        words = frozenset(i for i in subtree(source) if i >= end) - cue | frozenset(range(end, source.i))
        if (name := _name_beside(source)) is not None:  # "according to the mayor, Omar Daher, …"
            source, words = name, words | {source.i + 1} | subtree(name)
        governor = _governor(source, token)
        content = subtree(governor) - words - cue
        cited = _cited(source) or _cited(governor)
        yield Voice(cue, words, content, source.i, "asserted", cited=cited, hearsay=_is_reports(source), direct=True, adjunct=True)
        return


def _name_beside(noun: Token) -> Token | None:
    """The person named between commas after a noun, where the tree made it a subject."""
    doc, at = noun.doc, noun.i + 2
    if at + 1 >= len(doc) or doc[noun.i + 1].text != "," or doc[at].ent_type_ != "PERSON" or doc[at].dep_ == "appos":
        return None
    return doc[at] if doc[min(doc[at].right_edge.i, len(doc) - 1)].text == "," else None


def _governor(source: Token, phrase: Token) -> Token:
    """The clause that an adjunct modifies; from the first word of a sentence it is the whole sentence."""
    token = source.head
    if phrase.i <= phrase.sent.start + 1 or _is_last(source):
        return phrase.sent.root
    while token.head != token and (
        not _is_clause(token) or token.dep_ in ("acl:relcl", "acl") or (token.i < phrase.i and (_trails(token) or _shares_subject(token)))
    ):
        token = token.head
    return token


def _is_last(source: Token) -> bool:
    """Do these words end their sentence? Then all of it is theirs, but for the half before "but" of which another may speak."""
    halves = (t for t in source.ancestors if t.dep_ == "conj" and subject_of(t))
    apart = any(word_of(t.head) in lexicon().verbs or any(c.lower_ == "but" for c in t.lefts) for t in halves)
    rest = source.doc[source.right_edge.i + 1 : source.sent.end]
    described = len(rest) > 2 and rest[0].text == "," and rest[1].pos_ == "DET" and not any(t.pos_ in ("VERB", "AUX", "PRON") for t in rest)
    return not apart and (described or all(t.is_punct or t.is_space for t in rest))  # "Y, a monitor": the tree need not have seen it


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
    return word_of(token) in lexicon().words["reports"] and token.lower_ != word_of(token) and owner(token) is None


def _source_tokens(source: Token, cue: Token) -> Tokens:
    aside = (c for c in source.rights if c.dep_ == "acl" and c.tag_ == "VBG" and c.left_edge.nbor(-1).text == ",")
    words = (subtree(source) - case_tokens(source)).difference(*map(subtree, aside))  # "N, speaking in the town, said"
    return words - subtree(cue) if cue.i in words else words


def _hearers(token: Token, content: Tokens) -> tuple[int, ...]:
    """Nouns of those to whom a thing was said: "told X", "in a statement to X", "speaking to X", "a statement carried by X"."""
    found: list[int] = []
    for child in token.children:
        if child.i in content:
            continue
        if child.dep_ in ("obj", "iobj", "obl", "obl:arg"):
            found += [child.i, *_carried_by(child)]
        elif child.dep_ == "advcl" and word_of(child) in ("speak", "talk", "write"):
            found += [grandchild.i for grandchild in child.children if grandchild.dep_.startswith("obl")]
    return tuple(found)


def _carried_by(noun: Token) -> list[int]:
    """In "a statement to X", "an interview with X", "a statement carried by X": X."""
    nouns = [child.i for child in noun.rights if child.dep_ == "nmod" and case_of(child) in ("to", "with", "on", "by", "from", "for")]
    agents = [agent_of(child) for child in noun.rights if child.dep_.startswith("acl")]
    return nouns + [agent.i for agent in agents if agent is not None]


def _is_setting(child: Token) -> bool:
    """Where and when a thing was said, not what was said: "in a statement", "on Sunday"."""
    return child.dep_.startswith("obl") and (
        word_of(child) in lexicon().words["media"] or child.ent_type_ in ("DATE", "TIME") or _is_day(child)
    )


def _is_day(token: Token) -> bool:
    return token.lower_.rstrip("s") in _DAYS


_DAYS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tomorrow",
        "week",
        "month",
        "year",
    ]
)


# --- the words of a cue


def _cue_tokens(token: Token, cue: Cue) -> Tokens:
    """The verb with its auxiliaries, adverbs and particle, and the preposition that its content hangs on, where they touch."""
    kept = {token.i}
    for child in token.children:
        hearsay = child.lower_ in lexicon().words["hearsay_adverbs"]  # a voice of its own
        if child.dep_ in ("aux", "aux:pass", "advmod", "cop", "compound:prt") and not hearsay:
            kept |= subtree(child)
    if mark_of(token) == "to":
        kept |= {child.i for child in token.lefts if child.dep_ in ("mark", "advmod")}
        kept |= _prelude(token.head) if token.dep_ == "xcomp" else NOTHING
    if cue.prepositions:
        kept |= {
            child.i
            for grandchild in token.rights
            for child in grandchild.children
            if child.dep_ in ("case", "mark") and child.lower_ in cue.prepositions
        }
    run = touching(kept, token.i)
    return run | _setting(token, max(run) + 1)


def _prelude(head: Token) -> Tokens:
    """ "Went on to say": a verb that lends its subject to the cue and tells nothing by itself, as "gathered to demand" does."""
    if word_of(head) not in lexicon().words["preludes"]:
        return NOTHING
    return frozenset([head.i, *(child.i for child in head.children if child.dep_ in ("aux", "advmod", "compound:prt"))])


def _setting(verb: Token, at: int) -> Tokens:
    """Where it was said, right behind the verb: "said in a statement", "said Friday"."""
    if at >= verb.sent.end or at <= verb.i:
        return NOTHING
    for child in verb.rights:
        near = child.left_edge.i == at and child.dep_.startswith("obl")
        if near and _is_setting(child) and child.right_edge.i - at <= 3 and not any(c.dep_ == "acl" for c in child.subtree):
            return frozenset(range(at, child.right_edge.i + 1))
    return NOTHING


def touching(numbers: Iterable[int], middle: int) -> Tokens:
    """The unbroken run of numbers around the middle one."""
    kept, run = set(numbers), {middle}
    for step in (-1, 1):
        at = middle + step
        while at in kept:
            run.add(at)
            at += step
    return frozenset(run)
