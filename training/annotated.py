"""annotated reports → their sentences with the triggers of claims, and the words that fill each trigger's roles or date it, there or
elsewhere.

The annotators gave strings ("Syrian government"), a sentence and the words that make the claim; here they are found again among the words
as the reading program cuts them. In our own reports (written.py) they say where the words stand. Of words that stand in another sentence
every mention will do. A role whose words stand nowhere in the report is unknown and left out of the loss; a role that the annotators left
empty is known to be empty. The annotators gave days; the times of the report from which they follow, in whichever way, are all right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import written
from augment import MARKS, Names, recase
from corpora import Role, Sentence, rows_of
from khabar.model import ActorMention, PlaceMention, QuantityMention, Reading, Report, TimeMention
from khabar.pointing import days_meant
from khabar.reading import load_knowledge, named, parsed
from khabar.sections import split
from khabar.storywindows import BY_TIME, STORY, UNTIMED

if TYPE_CHECKING:
    from khabar.doc import Span, Token

ROLES = ("actor", "recipient", "place", "quantity")
GOLD = {"actor": "actor", "recipient": "target", "place": "place"}
UNTAUGHT = frozenset({"none", "denial", "release"})  # no kinds of the contract: unknown, not absent
STEM = 4  # letters that two words of one stem have in common
ALIKE = 0.6  # of the words shared, for a string to stand in a sentence


@dataclass(frozen=True)
class Link:
    """Who fills a role of the claim at a word, in the whole report: words as (sentence, word), none where it is known to be empty.

    `alike`: words that may name the same, and are neither right nor wrong.
    """

    trigger: tuple[int, int]
    role: str
    fillers: tuple[tuple[int, int], ...]
    alike: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Dating:
    """From what the days of the claim at a word follow: ways without a time, and times with the way in which each is taken."""

    trigger: tuple[int, int]
    untimed: tuple[str, ...]
    timed: tuple[tuple[str, tuple[int, int]], ...]


@dataclass(frozen=True)
class Story:
    """The sentences of a report, in their order, but for those that the annotators left out."""

    id: str
    sentences: list[Sentence]
    links: list[Link]
    datings: list[Dating]


def annotated(data: Path) -> Iterator[Story]:
    """The annotated reports, each claim at its trigger."""
    inputs = {str(row["id"]): row for row in rows_of(data / "claims_train/inputs.jsonl")}
    pairs = [(inputs[str(gold["id"])], gold) for gold in rows_of(data / "claims_train/gold.jsonl")]
    knowledge = load_knowledge()
    for row, gold in (*pairs, *map(written.rows, written.part("learnt"))):
        text = str(row["text"])
        published = gold["anchor"] and date.fromisoformat(gold["anchor"])
        reading = Reading(Report(str(gold["id"]), text, published=published, sections=split(text, title=row.get("title"))))
        for step in (parsed, named):
            reading = step(reading, knowledge)
        yield of_report(reading, gold)


def of_report(reading: Reading, gold: Mapping) -> Story:
    left_out = [s["span"][0] for s in gold["ignore"]]
    spans = [s for s in reading.tree.sents if not any(at in range(s.start_char, s.end_char) for at in left_out)]
    claims = [[c for c in gold["claims"] if c["trigger_span"][0] in range(s.start_char, s.end_char)] for s in spans]
    sentences = [of_sentence(span, own, reading) for span, own in zip(spans, claims, strict=True)]
    mentions = Mentions(spans)
    pairs = [(k, claim) for k, own in enumerate(claims) for claim in own if claim["contract_kind"] not in UNTAUGHT]
    links = [link for k, claim in pairs for role in STORY if (link := link_of(k, claim, role, mentions, reading))]
    return Story(reading.report.id, sentences, links, [d for k, claim in pairs if (d := dating_of(k, claim, spans, reading))])


class Mentions:
    """Where strings stand in the sentences of a report."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self.words = [{word[:STEM] for word in words_of(span.text)} for span in spans]
        self.found: dict[str, list[tuple[float, tuple[int, int]]]] = {}

    def of(self, text: str) -> list[tuple[float, tuple[int, int]]]:
        """How alike the best run of words of each sentence is, and its head; sentences without any such are left out."""
        if text not in self.found:
            wanted = words_of(text)
            likely = [k for k, own in enumerate(self.words) if own & {word[:STEM] for word in wanted}]
            runs = [(k, run) for k in likely if (run := best_run(wanted, self.spans[k])) is not None]
            self.found[text] = [(alike(wanted, words_of(run.text)), (k, self.head(run, k))) for k, run in runs]
        return self.found[text]

    def head(self, run: Span, k: int) -> int:
        root = run.root if run.root in self.spans[k] else run[0]
        return root.i - self.spans[k].start


def link_of(k: int, claim: Mapping, role: str, mentions: Mentions, reading: Reading) -> Link | None:
    """None where a claim's words are lost, or those of the role stand nowhere."""
    sentence = mentions.spans[k]
    head = head_of(claim, sentence)
    if head is None:
        return None
    trigger, text = (k, head.i - sentence.start), claim.get(GOLD[role])
    if not text:
        return Link(trigger, role, ())
    named, here = mentions.of(text), fillers(role, claim, sentence, reading)
    if here:
        return Link(trigger, role, tuple((k, i) for i in sorted(here)), tuple(at for _, at in named if at[0] != k))
    most = max((likeness for likeness, _ in named), default=0.0)
    right = tuple(at for likeness, at in named if likeness == most)
    return Link(trigger, role, right, tuple(at for likeness, at in named if likeness < most)) if right else None


def dating_of(k: int, claim: Mapping, spans: Sequence[Span], reading: Reading) -> Dating | None:
    """None where the claim's words are lost, or its days follow from nothing that the report tells."""
    head, published = head_of(claim, spans[k]), reading.report.published
    days = tuple(day and date.fromisoformat(day) for day in (claim["date_start"], claim["date_end"]))
    if head is None:
        return None
    untimed = tuple(way for way in UNTIMED if days_meant(way, None, published) == days)
    times = [m for m in reading.mentions if isinstance(m, TimeMention) and days != (None, None)]
    right = [(way, time) for way in BY_TIME for time in times if days_meant(way, time, published) == days]
    timed = tuple((way, (j, t.i - span.start)) for way, time in right for j, span in enumerate(spans) for t in words_in(time, span))
    return Dating((k, head.i - spans[k].start), untimed, timed) if untimed or timed else None


def words_in(time: TimeMention, sentence: Span) -> list[Token]:
    if not sentence.start_char <= time.start < sentence.end_char:
        return []
    return [t for t in sentence if t.idx < time.end and time.start < t.idx + len(t)]


def head_of(claim: Mapping, sentence: Span) -> Token | None:
    """The head of the words that make a claim."""
    words = [t for t in sentence if t.idx < claim["trigger_span"][1] and claim["trigger_span"][0] < t.idx + len(t)]
    return next((t for t in words if t.head == t or t.head not in words), words[0] if words else None)


def of_sentence(sentence: Span, claims: list[Mapping], reading: Reading) -> Sentence:
    triggers: list[frozenset[str] | None] = [frozenset()] * len(sentence)
    roles: dict[tuple[int, str], set[int] | None] = {}
    for claim in claims:
        head = head_of(claim, sentence)
        if head is None:
            continue
        for word in sentence:
            outside = word.idx >= claim["trigger_span"][1] or claim["trigger_span"][0] >= word.idx + len(word)
            if not outside and not triggers[word.i - sentence.start]:
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


LOST = MARKS | {"'s"}
BARE = 0.25  # of the sentences lose their commas and quotation marks, as scraped texts do


def bared(story: Story) -> Story:
    """The report without commas and quotation marks, its triggers and roles at the words where they now stand."""
    now = [{old: new for new, old in enumerate(kept_words(s))} for s in story.sentences]

    def moved(words: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        return tuple((k, now[k][i]) for k, i in words if i in now[k])

    links = [Link(moved([at.trigger])[0], at.role, moved(at.fillers), moved(at.alike)) for at in story.links if moved([at.trigger])]
    lost = [bool(old.fillers) for old in story.links if moved([old.trigger])]
    links = [link for link, had in zip(links, lost, strict=True) if link.fillers or not had]
    timed = [tuple((way, at) for way, word in old.timed for at in moved([word])) for old in story.datings]
    datings = [Dating(at, old.untimed, own) for old, own in zip(story.datings, timed, strict=True) for at in moved([old.trigger])]
    datings = [dating for dating in datings if dating.untimed or dating.timed]
    return replace(story, sentences=[bare(s, own) for s, own in zip(story.sentences, now, strict=True)], links=links, datings=datings)


def kept_words(sentence: Sentence) -> list[int]:
    return [i for i, word in enumerate(sentence.words) if word not in LOST] or list(range(len(sentence.words)))


def bare(sentence: Sentence, now: Mapping[int, int]) -> Sentence:
    roles = [Role(now[r.trigger], r.name, tuple(now[f] for f in r.fillers if f in now)) for r in sentence.roles if r.trigger in now]
    words, triggers, kinds = ([items[i] for i in now] for items in (sentence.words, sentence.triggers, sentence.kinds))
    return replace(sentence, words=words, triggers=triggers, kinds=kinds, roles=roles)


def renamed(story: Story, names: Names) -> Story:
    """One random variant: some names of parties and places become others of their kind, the same throughout; commas and the case of
    letters may be lost."""
    story = bared(story) if names.dice.random() < BARE else story
    makers, others = {"party": names.party, "place": names.place}, {}
    some = names.dice.random() < 0.5
    for word, kind in sorted({pair for s in story.sentences for pair in zip(s.words, s.kinds, strict=True)}):
        if some and kind and names.dice.random() < 0.6:
            others[word, kind] = makers[kind]()
    told = [[others.get(pair, pair[0]) for pair in zip(s.words, s.kinds, strict=True)] for s in story.sentences]
    recased = names.dice.random() < 0.5
    sentences = [replace(s, words=words) for s, words in zip(story.sentences, told, strict=True)]
    return replace(story, sentences=[recase(s, names.dice) for s in sentences] if recased else sentences)
