"""Claims and attributions → the claims that "the army denied this" makes: what was said before, denied by another speaker.

The attribution has found who denies what. Where its content is no more than words that point back ("that", "the accusation"), or calls
them false ("this was a lie"), what is denied are the claims of the sentence told last, of all its kinds, unless the denier told them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from khabar.contract import claim_id
from khabar.cues import lexicon
from khabar.model import Attribution, Claim, Participant, Reading
from khabar.trace import Attempt

WITHIN = 3  # sentences back
TOLD = ("asserted", "background")
UNDENIED = ("statement", "agreement", "allied_with", "membership", "branch_of", "commands")  # who said so, or whose they are, is not denied
POINTING = re.compile(
    r"(?:(?:the|this|that|these|those|such|any such|his|her|its|their|both|all|[\w -]{1,40}['’]s?)\s+)?(?:\w+\s+)?(\w+)", re.I
)


def with_denials(claims: Sequence[Claim], reading: Reading) -> tuple[Claim, ...]:
    """All claims, those of each such denial behind the others of its sentence."""
    sentences = [sentence.start_char for sentence in reading.tree.sents]
    pointing = ((a, words) for a in reading.attributions if (words := _pointed_at(a, reading)))
    added = [denied for a, words in pointing for denied in _denied(a, words, claims, sentences, reading)]
    known = {claim.claim_id for claim in claims}
    new = {claim.claim_id: claim for claim in added if claim.claim_id not in known}
    return tuple(sorted((*claims, *new.values()), key=lambda claim: bisect_right(sentences, claim.start))) if new else tuple(claims)


def _pointed_at(a: Attribution, reading: Reading) -> str | None:
    """The words that only point at what is denied: "this", "the claim", of "denied this" and of "said the claim was false"."""
    if a.cue is None or not a.chain or len(a.content) != 1:
        return None
    text = reading.report.text
    content = text[slice(*a.content[0])].strip(" ,.;\"“”'‘’")
    if a.stance == "denied":
        return content if _points(content) else None
    if a.chain[-1].text == lexicon().unnamed:
        return None
    if _bare_falsehood().fullmatch(content):
        return "it"
    found = _falsehood().match(content + _AS_WHAT.match(text, a.content[0][1])[0])  # type: ignore[index]
    return found[1] if found and _points(found[1]) else None


def _points(words: str) -> bool:
    nouns = lexicon().words
    if words.lower() in nouns["said_before"]:
        return True
    found = POINTING.fullmatch(words)
    return bool(found and found[1].lower() in nouns["sayings"] | nouns["disputable"])


_AS_WHAT = re.compile(r"(?:\s+[^.;,]{1,60})?")  # "described the report | as false", "called the report | a lie and said …"


@cache
def _falsehood() -> re.Pattern[str]:
    """ "this was a lie", "the report as pure invention", "it is not true"."""
    before, sayings, false, true = ("|".join(lexicon().words[name]) for name in ("said_before", "sayings", "falsehoods", "truths"))
    pointed = rf"({before}|(?:[\w'’-]+\s+){{0,4}}?(?:{sayings}))"
    return re.compile(
        rf"{pointed}\s+[\"“'‘]?(?:(?:(?!of\b)[\w'’]+\s+){{0,4}}?(?:{false})|(?:\w+\s+)?not\s+(?:{true}))(?=\W*(?:$|[.,;:]|and\b|but\b))",
        re.IGNORECASE,
    )


@cache
def _bare_falsehood() -> re.Pattern[str]:
    """ "Lies", "not so": all that somebody says."""
    words = lexicon().words
    return re.compile(rf"(?:(?:\w+\s)?(?:{'|'.join(words['falsehoods'])})|not\s(?:{'|'.join(words['truths'])}))", re.IGNORECASE)


def _denied(a: Attribution, pointer: str, claims: Sequence[Claim], sentences: Sequence[int], reading: Reading) -> Iterator[Claim]:
    cue = a.cue or (0, 0)
    here = bisect_right(sentences, cue[0])
    if any(c.modality == "denied" and bisect_right(sentences, c.start) == here for c in claims):
        return  # the sentence says itself what is denied
    sentence = next(s for s in reading.tree.sents if s.start_char <= cue[0] < s.end_char)
    for claim in _told_last(a, pointer, here, claims, sentences, reading):
        yield _denial(claim, a, (sentence.start_char, sentence.start_char + len(sentence.text.rstrip())), reading)


def _told_last(a: Attribution, pointer: str, here: int, claims: Sequence[Claim], sentences: Sequence[int], reading: Reading) -> list[Claim]:
    """The claims of this sentence before the denial, else of the last one before it in which somebody says or does something."""
    cue = a.cue or (0, 0)
    bare = pointer.lower() == "which" and reading.report.text[: a.content[0][0]].rstrip()[-1:] not in (",", "–", "—")
    back = 0 if bare else 1 if pointer.lower() in lexicon().words["said_before"] else WITHIN
    for number in range(here, here - back - 1, -1):
        told = [
            c for c in claims if bisect_right(sentences, c.start) == number and c.trigger[1] <= cue[0] and not _of_denier(c, a, reading)
        ]
        others = [b for b in reading.attributions if b.content and bisect_right(sentences, b.content[0][0]) == number and b is not a]
        if bare and told:  # "said it hit A and took B | which C denied": of what stands before "which" the last
            told = [c for c in told if c.trigger == max(other.trigger for other in told)]
        if told or (others and number < here):
            number_only = pointer.lower().split()[-1] in lexicon().words["disputable"]
            told = [c for c in told if c.quantity is not None or not number_only]
            if pointer.lower() not in lexicon().words["said_before"] and number == here:
                told = [c for c in told if c.attribution] or told  # "X, which was founded in 2006, said it took A, a claim that B denied"
            return [c for c in told if c.modality in TOLD and c.kind not in UNDENIED and not _says(a, c)]
    return []


def _of_denier(claim: Claim, a: Attribution, reading: Reading) -> bool:
    """ "The rebels, who have held it since March, denied it": what the sentence adds of who denies."""
    if a.source is None or claim.trigger[0] < a.source[0]:
        return False
    told = reading.tree.char_span(*claim.trigger, alignment_mode="expand")
    return told is not None and any(a.source[0] <= above.idx < a.source[1] for above in told.root.ancestors)


def _says(a: Attribution, claim: Claim) -> bool:
    """Did the denier tell it?"""
    denier = a.chain[-1]
    return any((link.id or link.text) == (denier.id or denier.text) for link in claim.attribution)


def _denial(claim: Claim, a: Attribution, span: tuple[int, int], reading: Reading) -> Claim:
    actor, recipient = _from_before(claim.actor), _from_before(claim.recipient)
    place = replace(claim.place, start=None, end=None) if claim.place else None
    who, whom, where = (part.text if part else None for part in (actor, recipient, place))
    cue = a.cue or span
    chain = tuple(link for link in a.chain if link not in claim.attribution)  # "rebels said …, a claim denied by the army"
    rule = f"{claim.kind}.denial"
    found = replace(
        claim,
        claim_id=claim_id(claim.report_id, claim.kind, span, cue, who, whom, where, [link.text for link in a.chain]),
        start=span[0],
        end=span[1],
        trigger=cue,
        actor=actor,
        recipient=recipient,
        place=place,
        modality="denied",
        attribution=chain,
        rule=rule,
        confidence=None,
    )
    if reading.trace is not None and (made := reading.trace.of(claim.rule, claim.trigger)):
        word = next(t for t in reading.tree if t.idx + len(t) > cue[0])
        filled = dict.fromkeys(("actor", "recipient", "place", "dates"), "as told before, in what is denied")
        filled["modality"] = "the speaker's verb says so"
        reading.trace.attempts.append(Attempt(replace(made.rule, name=rule), word, filled=filled, claims=[found.claim_id]))
    return found


def _from_before(part: Participant | None) -> Participant | None:
    """Words that stand in the sentence before are no words of this one."""
    return replace(part, start=None, end=None) if part else None
