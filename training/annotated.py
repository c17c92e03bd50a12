"""annotated reports → sentences with the triggers of their claims, and the words that fill each trigger's roles.

The annotators gave strings ("Syrian government"), a sentence and the words that make the claim; here they are found again among the words
as the reading program cuts them. In our own reports (written.py) they say where the words stand. A role whose words stand elsewhere in the
report is unknown and left out of the loss; a role that the annotators left empty is known to be empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import written
from augment import Names, recase
from corpora import Role, Sentence, rows_of
from khabar.model import ActorMention, PlaceMention, QuantityMention, Reading, Report
from khabar.reading import load_knowledge, named, parsed
from khabar.sections import split

if TYPE_CHECKING:
    from khabar.doc import Span

ROLES = ("actor", "recipient", "place", "quantity")
GOLD = {"actor": "actor", "recipient": "target", "place": "place"}
UNTAUGHT = frozenset({"none", "denial", "release"})  # no kinds of the contract: unknown, not absent
ALIKE = 0.6  # of the words shared, for a string to stand in a sentence


def annotated(data: Path, *, only: frozenset[str] | None = None) -> Iterator[Sentence]:
    """The sentences of the annotated reports (of those named in `only`), each claim at its trigger."""
    inputs = {str(row["id"]): row for row in rows_of(data / "claims_train/inputs.jsonl")}
    pairs = [(inputs[str(gold["id"])], gold) for gold in rows_of(data / "claims_train/gold.jsonl")]
    knowledge = load_knowledge()
    for row, gold in (*pairs, *map(written.rows, written.part("learnt"))):
        if only is None or gold["id"] in only:
            text = str(row["text"])
            report = Report(str(gold["id"]), text, sections=split(text, title=row.get("title")))
            reading = Reading(report)
            for step in (parsed, named):
                reading = step(reading, knowledge)
            yield from of_report(reading, gold)


def of_report(reading: Reading, gold: Mapping) -> Iterator[Sentence]:
    for sentence in reading.tree.sents:
        inside = range(sentence.start_char, sentence.end_char)
        if not any(s["span"][0] in inside for s in gold["ignore"]):
            own = [c for c in gold["claims"] if c["trigger_span"][0] in inside]
            yield of_sentence(sentence, own, reading)


def of_sentence(sentence: Span, claims: list[Mapping], reading: Reading) -> Sentence:
    triggers: list[frozenset[str] | None] = [frozenset()] * len(sentence)
    roles: dict[tuple[int, str], set[int] | None] = {}
    for claim in claims:
        words = [t for t in sentence if t.idx < claim["trigger_span"][1] and claim["trigger_span"][0] < t.idx + len(t)]
        if not words:
            continue
        head = next((t for t in words if t.head == t or t.head not in words), words[0])
        for word in words:
            if not triggers[word.i - sentence.start]:
                triggers[word.i - sentence.start] = None
        at = head.i - sentence.start
        if claim["contract_kind"] in UNTAUGHT:
            triggers[at] = triggers[at] or None
            continue
        triggers[at] = (triggers[at] or frozenset()) | {claim["contract_kind"]}
        for role in ROLES:
            found, before = fillers(role, claim, sentence, reading), roles.get((at, role), set())
            roles[at, role] = None if found is None or before is None else before | found
    known = [Role(at, role, tuple(sorted(found))) for (at, role), found in roles.items() if found is not None]
    return Sentence(
        [t.text for t in sentence], triggers=triggers, roles=known, kinds=kinds_of(sentence, reading), document=reading.report.id
    )


def fillers(role: str, claim: Mapping, sentence: Span, reading: Reading) -> set[int] | None:
    """The heads of the words that fill a role: none where the annotators left it empty, None where they stand elsewhere."""
    if role == "quantity":
        return numbers(claim.get("number"), sentence, reading)
    text = claim.get(GOLD[role])
    if not text:
        return set()
    if "fillers" in claim:
        span = claim["fillers"][role]
        found = span and sentence.doc.char_span(*span, alignment_mode="expand")
    else:
        found = best_run(words_of(text), sentence)
    inside = found is not None and sentence.start <= found.root.i < sentence.end  # the parser may end the sentence before it
    return {found.root.i - sentence.start} if found is not None and inside else None


def numbers(number: Mapping | None, sentence: Span, reading: Reading) -> set[int] | None:
    if not number:
        return set()
    for m in reading.mentions:
        if (
            isinstance(m, QuantityMention)
            and sentence.start_char <= m.start < sentence.end_char
            and (m.low, m.high) == (number["low"], number["high"])
        ):
            span = reading.tree.char_span(m.start, m.end, alignment_mode="expand")
            return {span.root.i - sentence.start} if span is not None else None
    return None


LITTLE = frozenset({"the", "a", "of", "in", "and", "-", ",", "'s"})


def words_of(text: str) -> list[str]:
    return [w for w in text.lower().replace("-", " ").split() if w not in LITTLE]


def best_run(wanted: list[str], sentence: Span) -> Span | None:
    """The shortest run of words that shares most with the wanted ones."""
    best, most = None, ALIKE
    for start in range(len(sentence)):
        for end in range(start + 1, min(start + len(wanted) + 4, len(sentence)) + 1):
            if sentence[start].lower_ in LITTLE or sentence[end - 1].lower_ in LITTLE:
                continue
            score = alike(wanted, words_of(sentence[start:end].text))
            if score > most or (score == most and best is None):
                best, most = sentence[start:end], score
    return best


def alike(one: list[str], other: list[str]) -> float:
    """Twice the shared words over all; words of one stem (Russia, Russian) count as shared."""
    shared = sum(any(same_stem(a, b) for b in other) for a in one)
    return 2 * shared / (len(one) + len(other)) if other else 0.0


def same_stem(one: str, other: str) -> bool:
    """
    >>> same_stem("russia", "russian"), same_stem("army", "arm")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > 3 and len(long) - len(short) < 4 and long.startswith(short))


def kinds_of(sentence: Span, reading: Reading) -> list[str]:
    """ "party" and "place" for words that are a whole name of one, "" for the rest."""
    found = dict.fromkeys(range(len(sentence)), "")
    for m in reading.mentions:
        if isinstance(m, ActorMention | PlaceMention) and sentence.start_char <= m.start < sentence.end_char:
            for t in sentence:
                if t.idx == m.start and t.idx + len(t) == m.end and t.pos_ == "PROPN":
                    found[t.i - sentence.start] = "party" if isinstance(m, ActorMention) else "place"
    return list(found.values())


MARKS = frozenset([",", "'", '"', "“", "”", "‘", "’", "'s"])
BARE = 0.25  # of the sentences lose their commas and quotation marks, as scraped texts do


def bared(sentence: Sentence) -> Sentence:
    """The sentence without commas and quotation marks, its triggers and roles at the words where they now stand."""
    kept = [i for i, word in enumerate(sentence.words) if word not in MARKS]
    now = {old: new for new, old in enumerate(kept)}
    roles = [Role(now[r.trigger], r.name, tuple(now[f] for f in r.fillers if f in now)) for r in sentence.roles if r.trigger in now]
    words, triggers, kinds = ([items[i] for i in kept] for items in (sentence.words, sentence.triggers, sentence.kinds))
    return replace(sentence, words=words, triggers=triggers, kinds=kinds, roles=roles) if words else sentence


def renamed(sentence: Sentence, names: Names) -> Sentence:
    """One random variant: some names of parties and places become others of their kind, commas and the case of letters may be lost."""
    sentence = bared(sentence) if names.dice.random() < BARE else sentence
    makers = {"party": names.party, "place": names.place}
    words = list(sentence.words)
    if names.dice.random() < 0.5:
        for i, kind in enumerate(sentence.kinds):
            if kind and names.dice.random() < 0.6:
                words[i] = makers[kind]()
    return recase(replace(sentence, words=words), names.dice)
