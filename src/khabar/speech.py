"""Doc → voices: in one sentence, the words of a source, of its cue, and of what it says.

A grammar over Universal Dependencies; the cues stand in knowledge/speech.yaml. A voice is heard in a verb (`verbvoices`), or in a noun, an
adjunct or an adverb (`nounvoices`); how far its words run is for `saidwords`. A voice knows tokens only: who the source is, how voices nest
and how far a quotation runs is for `khabar.speakers` and `khabar.attribution`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from khabar.cuewords import with_preposition
from khabar.dependencies import mark_of, subject_of, subtree
from khabar.nounvoices import adjunct_voices, hearsay_voices, noun_voices
from khabar.saidwords import CONTRASTS
from khabar.verbvoices import verb_voices
from khabar.voice import Voice

if TYPE_CHECKING:
    from khabar.doc import Doc, Token


def voices(doc: Doc) -> tuple[Voice, ...]:
    """Every voice of a parsed text, in order of its cue; what a speaker says that others want or expect is no voice of theirs."""
    found = [replace(v, cue=with_preposition(v.cue, v.content, doc)) for token in doc for v in _voices_at(token) if v.cue]
    said = [voice for voice in found if voice.link]
    found = [
        v for v in found if v.link or v.hearsay or v.stance in ("possible", "denied") or not any(v.cue <= outer.content for outer in said)
    ]
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
    return verb.dep_ == "advcl" and mark_of(verb) in CONTRASTS and subject_of(verb) is not None


def _within(voice: Voice, others: Iterable[Voice]) -> Voice:
    """ "X said that …, according to Y": the words of Y as a speaker are no part of what X says, if X's words are of what Y says."""
    outer = (other.cue | other.source for other in others if other.adjunct and voice.cue <= other.content and other.cue <= voice.content)
    return replace(voice, content=voice.content.difference(*outer))


def _voices_at(token: Token) -> Iterator[Voice]:
    match token.pos_:
        case "VERB":
            yield from verb_voices(token)
        case "NOUN":
            yield from noun_voices(token)
        case "ADV" | "ADJ":
            yield from hearsay_voices(token)
    yield from adjunct_voices(token)
