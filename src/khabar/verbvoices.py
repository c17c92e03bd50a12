"""A verb of saying → its voices: "X said", "it was said that", "…, X said", "cited a source as saying"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.closings import closing_speaker, end_of_clause, goes_on, head_of, is_inserted, nouns_before
from khabar.cues import Cue, lexicon
from khabar.cuewords import cue_tokens, is_negated, stance_of
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
    case_tokens,
    is_passive,
    mark_of,
    object_of,
    quoted_by,
    subject,
    subject_of,
    subtree,
    word_of,
)
from khabar.hearers import cited_by, cites, hearer_after, hearers_of, inner_saying, passed_on_by, source_tokens
from khabar.lexicon import words as sets
from khabar.model import Modality
from khabar.nounvoices import hearsay_voices
from khabar.saidwords import COMPLEMENTS, is_setting, meanwhile, quotes, said_by
from khabar.voice import Voice

if TYPE_CHECKING:
    from khabar.doc import Token


def verb_voices(token: Token) -> Iterator[Voice]:
    if _is_refusal(token) or _is_idiom(token) or _is_naming(token) or _is_commented(token):
        return
    words = lexicon().words
    if token.lower_ in words["hearsay_adjectives"] and token.dep_ == "amod":
        yield from hearsay_voices(token)
    elif word_of(token) in words["quoting"] and (voice := _quoting_voice(token)):
        yield voice
    elif word_of(token) in ("claim", "blame") and (owned := list(_owned_up(token))):
        yield from owned
    elif is_passive(token):
        yield from _passive_voices(token)
    elif word_of(token) in words["posting"] and (medium := object_of(token)) and _puts_out(token, medium):
        showing = Cue(frozenset({"whole"}), "asserted")
        yield _active_voice(token, showing, said_by(token, showing) or subtree(medium))
    else:
        yield from _active_voices(token)


def _active_voices(token: Token) -> Iterator[Voice]:
    cues = lexicon().verbs.get(word_of(token), ())
    if cues and cues[0].stance == "denied" and (pointer := _commented(token)):
        yield _active_voice(token, cues[0], frozenset({pointer.i}))
        return
    if cues and quotes(cues[0]) and not _comments_on(token) and (noun := closing_speaker(token)):
        yield _closing_voice(token, cues[0], noun)
        return
    for cue in cues:
        if content := said_by(token, cue):
            yield _active_voice(token, cue, content)
            return
    if cues and any({"clause", "quote"} & cue.takes for cue in cues) and subject(token):
        yield replace(_active_voice(token, cues[0], NOTHING), link=True, direct=True)


def _puts_out(token: Token, medium: Token) -> bool:
    """ "posted a statement", "took a photograph", and not "took the post", which is a place."""
    words = lexicon().words
    return word_of(medium) in words["pictures"] or (word_of(token) != "take" and word_of(medium) in words["media"])


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
    nouns = lexicon().words["sayings"] | lexicon().words["disputable"]
    if before.lower_ in ("which", "that") and before.nbor(-1).pos_ == "NOUN" and before.nbor(-1).lower_ in nouns:
        before = before.nbor(-1)  # "…, an account that the ministry denied"
    noun = before.lower_ in nouns and (before.pos_ == "NOUN" or before.nbor(-1).text == ",")
    noun = noun or before.lower_ == "something"  # "…, something the army denied"
    opens = token.doc[before.i - (2 if before.nbor(-1).lower_ in ("a", "an", "the") else 1)]
    apart = opens.text in (",", "–", "—")
    behind = opens.pos_ in ("NOUN", "PROPN", "NUM") or opens.lemma_ == "say"
    bare = (
        noun and behind and opens.nbor().lower_ in ("a", "an")
    )  # "looted shops in A | a charge the rebels denied", which has lost its comma
    which = before.lower_ == "which" and opens.pos_ != "ADP" and not any(child.dep_ in COMPLEMENTS for child in token.rights)
    return before if (noun or before.lower_ == "which") and (apart or which or bare) else None


def _is_commented(token: Token) -> bool:
    """ "said it held A, | claims | the army has denied": a noun that the tree takes for a verb."""
    if token.tag_ != "VBZ" or token.lower_ not in lexicon().words["sayings"] or token.i == token.sent.start or token.nbor(-1).text != ",":
        return False
    denials = (t for t in token.sent if t.i > token.i and any(cue.stance == "denied" for cue in lexicon().verbs.get(word_of(t), ())))
    return any(_commented(denial) == token for denial in denials)


def _active_voice(token: Token, cue: Cue, content: Tokens) -> Voice:
    source, words = _source(token, cue, content)
    stance, lied, linked = stance_of(token, cue, content), _is_given_the_lie(token), cue.link or _hears_say(token)
    return Voice(
        cue=cue_tokens(token, cue) - content - words,
        source=words,
        content=content,
        speaker=antecedent(source).i if source else None,
        stance=_AGAINST.get(stance, stance) if lied else stance,
        link=linked and not (lied or _is_unsaid(token) or is_negated(token)) and (not cue.of_media or _is_of_media(source)),
        hearers=(*(passed_on_by(source) if source else ()), *hearers_of(token, content)),
        cited=cited_by(token) or (cited_by(source) if source else None) or cites(token),
        direct=cue.link and "clause" in cue.takes,
    )


_AGAINST: dict[str, Modality] = {"asserted": "denied", "denied": "asserted"}


def _is_given_the_lie(token: Token) -> bool:
    """ "A said B lied when it | claimed …": A's word against it, and nobody tells it."""
    lie = token.head
    wrong = lie.lemma_ in sets("modality.yaml")["untrue"] and any(child.dep_ == "cop" for child in lie.children)
    lies = lie.pos_ == "VERB" and lie.lower_ in ("lie", "lies", "lied", "lying")
    return token.dep_ == "advcl" and token.i > lie.i and (wrong or lies) and (mark_of(token) or "when") in ("when", "in", "by")


def _hears_say(token: Token) -> bool:
    """ "A trader | heard the mayor say …": one who passes on what he heard."""
    return word_of(token) == "hear" and any(c.dep_ == "ccomp" and c.tag_ in ("VB", "VBP") and c.lower_ in _SAY for c in token.rights)


_SAY = frozenset({"say", "claim", "tell", "announce", "declare", "boast", "admit", "confirm"})


def _source(token: Token, cue: Cue, content: Tokens) -> tuple[Token | None, Tokens]:
    """The noun that speaks and all its words; read from tags where the tree lost it."""
    doc, source = token.doc, subject(token)
    words = source_tokens(source, token) - content if source else NOTHING
    if source is None and content and cue.link and token.tag_ in FINITE:
        before = nouns_before(token)
        if before is not None and not content & set(before):
            return head_of(doc, before), frozenset(before)
    return source, words


def _is_idiom(token: Token) -> bool:
    thing = object_of(token)
    return thing is not None and bool({word_of(thing), thing.lower_} & lexicon().idioms.get(word_of(token), frozenset()))


def _is_naming(token: Token) -> bool:
    """ "A militia called the Black Falcons": what a thing is called by nobody in particular is its name."""
    return token.dep_ == "acl" and word_of(token) in lexicon().words["naming"] and is_passive(token) and agent_of(token) is None


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
    verb = cue_tokens(token, cue)
    head = head_of(doc, noun)
    behind = frozenset(range(_opening(token, noun, min(noun[0], min(verb))), min(noun[0], min(verb))))
    after = max(noun[-1], *verb) + 1
    if is_inserted(token, noun):
        behind |= frozenset(range(after, sentence.end))
    elif noun[-1] < token.i and goes_on(token, after):
        behind |= frozenset(range(after, end_of_clause(doc, after, sentence.end)))
    behind |= meanwhile(token)
    hearers = hearers_of(token, behind) or hearer_after(token, noun) or passed_on_by(head)
    return Voice(verb - set(noun), frozenset(noun), behind, head.i, cue.stance, True, hearers, cited_by(token), direct=True)


def _clause_around(token: Token, end: int) -> Token | None:
    """ "The mayor said | the rebels, he thought, had left": the clause of another's words, in which this one's stand."""
    for above in token.ancestors:
        quoting = above.i < end and any(quotes(cue) for cue in lexicon().verbs.get(word_of(above), ()))
        clause = next((c for c in above.rights if c.dep_ == "ccomp" and c.left_edge.i < end < c.right_edge.i), None) if quoting else None
        if clause is not None:
            return clause
    return None


def _opening(token: Token, noun: range, end: int) -> int:
    """Where the words of a closing speaker begin: behind a semicolon before which another speaks, else with the sentence."""
    doc, start = token.doc, token.sent.start
    if is_inserted(token, noun) and (clause := _clause_around(token, end)) is not None:
        return clause.left_edge.i
    semicolon = next((i for i in range(end - 1, start, -1) if doc[i].text == ";"), None)
    if semicolon is None:
        return start
    cues = lexicon().verbs
    spoken = any(any(quotes(cue) for cue in cues.get(word_of(t), ())) for t in doc[start:semicolon] if t.pos_ == "VERB")
    told = any(t.pos_ in ("VERB", "AUX") for t in doc[semicolon:end])  # not "A fell; X said"
    return semicolon + 1 if spoken and told else start


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
        or not (clausal or posted or cue.takes & {"object", "whole"} or _points_at_all(token))
    ):
        return
    yield Voice(
        cue=cue_tokens(token, cue) - (case_tokens(agent) if agent else NOTHING),
        source=subtree(agent) - case_tokens(agent) if agent else NOTHING,
        content=content,
        speaker=agent.i if agent else None,
        stance=stance_of(token, cue, content),
        link=cue.link,
        hearers=hearers_of(token, content),
        cited=cited_by(token) if agent else None,
        hearsay=hearsay,
        impersonal=clausal,
        hedge=hearsay,
    )


def _points_at_all(token: Token) -> bool:
    """ "This was stated by X", "as stated by X": all that was told before."""
    this = any(child.dep_ == "nsubj:pass" and child.lower_ in ("this", "that") for child in token.lefts)
    return this or (token.dep_ == "advcl" and mark_of(token) == "as")


def _owned_up(token: Token) -> Iterator[Voice]:
    """ "a blast claimed by X", "the raid, which X blames on Y": that it is X's, or Y's, is the word of X; what the act cost is not."""
    deed = token.head
    if token.dep_ not in ("acl", "acl:relcl") or deed.pos_ not in NOMINAL or deed.i > token.i:
        return
    if word_of(token) == "blame" and any(case_of(child) == "for" for child in token.rights):  # "A, whom B blames for the raid"
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
        return (subtree(token.head) - subtree(token)) | _laid_to(token)
    if token.dep_ == "advcl" and mark_of(token) == "as":  # "as reported by X, …"
        return subtree(token.head) - subtree(token)
    if (noun := absolute(token)) is not None:
        return subtree(noun) - subtree(token)
    if any(t.dep_ == "expl" for t in token.subtree):  # "there were reported attacks on the town"
        own += [child for child in token.rights if child.dep_ == "obj"]
    if any("whole" in cue.takes for cue in lexicon().verbs.get(word_of(token), ())):
        own += [child for child in token.rights if child.dep_ in COMPLEMENTS and not is_setting(child) and child != agent_of(token)]
    told = [child for child in own if not (child.dep_.startswith("nsubj") and (child.lower_ == "it" or word_of(token) in TELLING))]
    if not own:  # "between nine and twelve deaths were reported"
        told = [c for c in token.lefts if c.dep_ == "obl" and case_of(c) in ("between", "over", "around", "about", "under")]
    if not told and token.dep_ == "conj" and (shared := subject_of(token.head)):
        told = [shared]
    return frozenset().union(*map(subtree, told))


def _laid_to(token: Token) -> Tokens:
    """ "A, accused by B | of arming C": what B lays to it."""
    if not any("whole" in cue.takes for cue in lexicon().verbs.get(word_of(token), ())):
        return NOTHING
    agent = agent_of(token)
    told = [child for child in token.rights if child.dep_ in COMPLEMENTS and not is_setting(child) and child != agent]
    return frozenset().union(*map(subtree, told))


def _has_clause(token: Token) -> bool:
    return any(child.dep_ in ("ccomp", "xcomp", "csubj:pass", "csubj") for child in token.children)


def _quoting_voice(token: Token) -> Voice | None:
    """ "AFP cited a source as saying …": all of it is what AFP passes on; the inner "saying" has its own voice."""
    saying = inner_saying(token)
    if saying is None:
        return None
    quoted = quoted_by(token)
    source = agent_of(token) if is_passive(token) else subject(token)
    if source is None or quoted is None:
        return None
    words = source_tokens(source, token) - case_tokens(source)
    content = (subtree(quoted) - subtree(token)) | subtree(saying) if token.dep_ == "acl" else subtree(quoted) | subtree(saying)
    cue = cue_tokens(token, Cue(frozenset({"whole"}), "asserted")) - content
    return Voice(cue, words, content - words, antecedent(source).i, "asserted", quoting=True)
