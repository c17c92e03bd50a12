"""A report and the knowledge → sentence by sentence its parse, mentions, speakers, claims with their grounds, and what nearly was one.

What is said of the rules comes from the trace that the engine kept (trace.py); here it is only put into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from khabar.clauses import is_passive
from khabar.contract import Json, attribution_json, claim_json, mention_json
from khabar.lexicon import words
from khabar.matching import Grammar, is_one_of, words_at
from khabar.model import ActorMention, Attribution, Claim, Mention, PlaceMention, Reading, Report, Section, Span
from khabar.names import report_countries
from khabar.reading import Knowledge, read
from khabar.rules import Slot
from khabar.signs import signs_of, unsaid_because
from khabar.trace import BY_MODEL, Attempt, Look, Trace

if TYPE_CHECKING:
    from khabar.doc import Span as Sentence
    from khabar.doc import Token

REFUSED = {
    "bystander": "does no violence",
    "time": "is a time",
    "weapon": "is a weapon, with which it was done",
    "no act": "stands before no act of violence",
    "deed": "is a deed and suffers nothing",
    "flees": "is for people who flee, not for forces",
    "people": "is no known actor, and not a word for people",
    "place": "is no known place",
    "number": "has no number",
    "noun": "is no noun",
}
NOTHING_TOLD = "nothing told"
DATED = {  # by the rules of dating.py
    "own": "a time in its clause",
    "told": "the day that the sentence names",
    "after": "a time before which, or after which, it took place",
    "earlier": "a time before which the sentence tells it",
    "since": "since a time, to the day of the telling",
    "said": "the day on which it was said: it lies on or before it",
    "lasted": "how long it took",
    "story": "the date told last goes on",
    "told twice": "the same event is told elsewhere with its date",
    NOTHING_TOLD: "nothing dates it: it lies on or before publication",
    "wide": "the date told last is too wide to go on: it lies on or before publication",
    "in passing": "it is told in passing of an earlier time: it lies on or before publication",
    "present": "it is told in the present: it lies on or before the day of the telling",
    "perfect": "it is told in the perfect: it lies on or before the day of the telling",
    "going on": "it goes on as it is told: it lies on or before the day of the telling",
    "pluperfect": "it is told as done before: it lies on or before the day of the telling",
    "standing": "a lasting fact has no date",
    "now": "it holds on the day of publication",
    "pictured": "a picture shows what was so some time before publication",
    "to come": "it has still to come",
}
CONTENT = ("VERB", "NOUN", "PROPN", "ADJ")
REPLACING = ("named further", BY_MODEL)  # these stand instead of the words that a rule took
OTHERS = 3  # that are called so, too; how many there are is told beside
NEAR = ("dropped", "needs", "without", "behind", "when", "part")  # how far from a claim an attempt ended, the nearest first


def explain(report: Report, knowledge: Knowledge) -> Json:
    """A report read with a trace, sentence by sentence; the reading is the same as without."""
    trace = Trace()
    reading = read(report, knowledge, trace=trace)
    sentences = [_sentence(sentence, reading, trace, knowledge) for sentence in reading.tree.sents if sentence.text.strip()]
    names = ("id", "title", "outlet", "url")
    head = {name: getattr(report, name) for name in names} | {"published": report.published.isoformat() if report.published else None}
    head |= {"told_on": reading.told_on.isoformat() if reading.told_on else None, "warnings": [doubt.message for doubt in reading.doubts]}
    head["countries"] = list(report_countries(report, knowledge.registry, knowledge.gazetteer))
    return {"report": head, "rules": reading.rules, "sentences": sentences}


def _sentence(sentence: Sentence, reading: Reading, trace: Trace, knowledge: Knowledge) -> Json:
    start, end = sentence.start_char, sentence.end_char
    attempts = [a for a in trace.attempts if start <= a.trigger.idx < end]
    claims = [c for c in reading.claims if start <= c.trigger[0] < end]
    said = [a for a in reading.attributions if any(_meets((start, end), span) for span in (*a.content, a.source or (0, 0)))]
    return {
        "start": start,
        "end": end,
        "text": sentence.text,
        "section": _section(reading.report.sections, start),
        "words": [_word(token, sentence) for token in sentence if not token.is_space],
        "mentions": [_mention(m, reading.report.text, knowledge) for m in reading.mentions if start <= m.start < end],
        "attributions": [attribution_json(a) for a in said],
        "claims": [{**claim_json(c), "grounds": _grounds(c, trace)} for c in claims],
        "near": sorted(map(_near, _missed(attempts)), key=lambda near: (near["at"], NEAR.index(near["ended"]), near["rule"])),
        "unknown": _unknown(sentence, said, knowledge.grammar),
        "learnt": [asdict(c) for c in trace.learnt if start <= c.start < end],
    }


def _mention(mention: Mention, text: str, knowledge: Knowledge) -> Json:
    """A mention, with the words that it stands for where it points back, and who or what else is called so."""
    found = mention_json(mention)
    behind = found.get("antecedent")
    others = [] if behind else _others(mention, knowledge)
    return {**found, "stands_for": text[behind[0] : behind[1]] if behind else None, "so_called": len(others), "others": others[:OTHERS]}


def _others(mention: Mention, knowledge: Knowledge) -> list[Json]:
    """What else the words of a name may mean: places, the larger first, and actors."""
    if isinstance(mention, PlaceMention):
        places = {place.id: place for place in knowledge.gazetteer.exact(mention.text) if place.id != mention.id}
        return [{"id": p.id, "name": p.name, "admin1": p.admin1, "country": p.country} for p in places.values()]
    if isinstance(mention, ActorMention) and mention.form == "name":
        return [{"id": a.id, "name": a.name} for a in knowledge.registry.candidates(mention.text) if a.id != mention.id]
    return []


def _unknown(sentence: Sentence, said: Sequence[Attribution], grammar: Grammar) -> list[str]:
    """The verbs of a sentence that no rule names and that neither tell speech nor colour another verb: candidates for a new word."""
    cues = [attribution.cue for attribution in said if attribution.cue]
    colouring = frozenset[str]().union(*words("modality.yaml").values())
    verbs = [token for token in sentence if token.pos_ == "VERB" and not grammar.knows(token) and token.lemma_ not in colouring]
    return list(dict.fromkeys(v.lemma_ for v in verbs if not any(_meets((v.idx, v.idx + len(v)), cue) for cue in cues)))


def _meets(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _section(sections: Sequence[Section], at: int) -> str:
    return next((s.kind for s in sections if s.start <= at < s.end), "body")


def _word(token: Token, sentence: Sentence) -> Json:
    """A word of the tree; `head` is the place of its head among the words of the sentence, its own for the root."""
    above, depth = token, 0
    while above.head != above and depth < len(sentence):
        above, depth = above.head, depth + 1
    facts = {"text": token.text, "lemma": token.lemma_, "pos": token.pos_, "tag": token.tag_, "label": token.dep_}
    return {**facts, "head": token.head.i - sentence.start, "head_text": token.head.text, "depth": depth}


# --- how a claim was filled


def _grounds(claim: Claim, trace: Trace) -> Json:
    """For each field of a claim, in words, what filled it."""
    attempt = trace.of(claim.rule, claim.trigger)
    if attempt is None:
        return {}
    learnt = (
        {} if claim.confidence is None else {"learnt": f"no rule tells it: the model alone does, with confidence {claim.confidence:.2f}"}
    )
    parts = learnt | {"trigger": f"{quoted(attempt.trigger)}, {_part(attempt)} {attempt.trigger.lemma_.lower()}"}
    for role in ("actor", "recipient", "place", "quantity"):
        told = getattr(claim, role) is not None
        if told or role in attempt.rule.roles:
            parts[role] = _role(role, attempt, claim, told=told)
    parts["dates"] = _dated(attempt, claim)
    parts["modality"] = attempt.filled.get("modality") or _judged(attempt) or "nothing in its clause says otherwise"
    if "speakers" in attempt.filled:
        parts["speakers"] = attempt.filled["speakers"]
    return parts


def _dated(attempt: Attempt, claim: Claim) -> str:
    source = attempt.filled.get("dates", "")
    if source == NOTHING_TOLD and claim.date_end is None:
        return "nothing dates it, and the day of publication is unknown (--published)"
    return DATED.get(source, source or "nothing dates it") + (f": “{claim.date_text}”" if claim.date_text else "")


def _role(role: str, attempt: Attempt, claim: Claim, *, told: bool) -> str:
    looks = [look for look in attempt.looks if look.role == role]
    taken = [look for look in looks if look.taken]
    note = attempt.filled.get(role)
    if note and (not taken or not told or note.startswith(REPLACING)):
        if taken and not told and note == BY_MODEL:
            return f"{', '.join(map(quoted, taken[-1].taken))}, taken back by {note}"
        return note if told or taken else f"{_looked(looks)}, and nothing else tells it"
    if taken:
        means = _meant(taken[-1].taken, getattr(claim, role)) if told else ", which points at nothing known"
        return f"{written(taken[-1].slot)}: {', '.join(map(quoted, taken[-1].taken))}{means}"
    if told:
        return "told with the recipient" if role == "quantity" else "from the sentences before"
    return _looked(looks)


def _meant(taken: Sequence[Token], filled: Any) -> str:
    """Whom or what the words that filled a field stand for, where the claim has others: "they", "its fighters", "there"."""
    words = getattr(filled, "text", None)
    return f", which means “{words}”" if words and not any(word.text in words for word in taken) else ""


def _looked(looks: Sequence[Look]) -> str:
    """What the slots of a role held, each in its order; the empty ones together."""
    refused = [f"{written(look.slot)} held {_refusals(look)}" for look in looks if look.found]
    empty = [written(look.slot) for look in looks if not look.found]
    return "; ".join([*refused, *([f"{', '.join(empty)} held nothing"] if empty else [])]) or "no word was found for it"


def _refusals(look: Look) -> str:
    return ", ".join(f"{quoted(word)}, which {_refused(why, look.slot)}" for word, why in look.found if why)


def _refused(why: str, slot: Slot) -> str:
    if why != "class":
        return REFUSED[why]
    return REFUSED["place"] if slot.of_class in ("place", "named") else f"is not of the class {slot.of_class.replace('|', ' or ')}"


def _judged(attempt: Attempt) -> str:
    """The words that bear on its modality, with what they make of it."""
    told = [
        (" ".join(map(quoted, signs_of(word, made))), "leaves it unsaid" if made == "none" else f"makes it {made}")
        for word, made in attempt.judged
    ]
    return ", ".join(dict.fromkeys(f"{signs} {makes}" for signs, makes in told))


# --- what nearly was a claim


def _missed(attempts: Iterable[Attempt]) -> Iterator[Attempt]:
    """The attempts that made no claim, or fewer than they might; a helping verb or preposition that looks like a rule's verb is none."""
    return (a for a in attempts if (not a.claims or a.dropped) and (a.failed[:1] != [("part", "")] or a.trigger.pos_ in CONTENT))


def _near(attempt: Attempt) -> Json:
    """An attempt that made no claim: the rule, its word, where it ended and why."""
    ended = attempt.failed[0][0] if attempt.failed else "behind" if attempt.behind else "dropped"
    return {
        "rule": attempt.rule.name,
        "trigger": attempt.trigger.text,
        "pos": attempt.trigger.pos_,
        "at": attempt.trigger.idx,
        "ended": ended,
        "close": _is_close(attempt, ended),
        "why": list(dict.fromkeys(reasons(attempt))),
    }


def _is_close(attempt: Attempt, ended: str) -> bool:
    """Does an attempt deserve its reason told? A noun or preposition that knows a rule of which nothing else is there does not."""
    if ended in ("needs", "without") and attempt.trigger.pos_ == "VERB":
        return True
    lacked = {where for failed, where in attempt.failed if failed == "needs"}
    if attempt.trigger.pos_ == "ADP" and len(lacked) > 1:
        return False  # every "of" stands between two nouns
    return ended in ("dropped", "behind") or any(look.found for look in attempt.looks if look.role in lacked)


def reasons(attempt: Attempt) -> Iterator[str]:
    """Why a rule that knows the word made no claim of it."""
    for failed, where in attempt.failed:
        yield _failure(attempt, failed, where)
    if attempt.behind:
        yield f"it fits as well; {attempt.behind} came first, having more conditions or the same number"
    for why in attempt.dropped:
        judged = (_judged(attempt) or unsaid_because(attempt.trigger)) if "claims nothing" in why else ""
        yield f"it fits; {why}{f' ({judged})' if judged else ''}"


def _failure(attempt: Attempt, failed: str, where: str) -> str:
    if failed == "part":
        return f"{quoted(attempt.trigger)} is tagged {attempt.trigger.pos_}; the rule takes it as {_part(attempt)}"
    if failed == "needs":
        return _needed(attempt, where)
    looked_at = list(dict.fromkeys(words_at(attempt.trigger, where)))
    if failed == "without":
        barred = [word for word in looked_at if is_one_of(word, attempt.rule.without[where])]
        return f"{where} held {', '.join(map(quoted, barred))}, which the rule rules out"
    held = ", ".join(map(quoted, looked_at)) or "nothing"
    wanted = attempt.rule.when[where]
    return f"{where} held {held}; the rule wants {'any word there' if '*' in wanted else _few(sorted(wanted))}"


def _needed(attempt: Attempt, role: str) -> str:
    looks = [look for look in attempt.looks if look.role == role]
    passive = role == "actor" and any(look.slot.path == "subject" for look in looks) and is_passive(attempt.trigger)
    return f"it needs {role}: {_looked(looks)}{'; it is passive, and no “by …” names the doer' if passive else ''}"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" … ({len(names)} words)" if len(names) > 6 else "")


def _part(attempt: Attempt) -> str:
    """The part of speech that the rule takes the word as."""
    written = {attempt.trigger.lemma_.lower(), attempt.trigger.lower_}
    parts = [part for part, known in attempt.rule.words.items() if written & known]
    return " or ".join(parts or attempt.rule.words or [attempt.trigger.pos_.lower()])


def quoted(word: Token) -> str:
    return f"“{word.text}”"


def written(slot: Slot) -> str:
    """A slot as it stands in a rule file."""
    return f"{slot.path}{'!' if slot.alone else ''}{f':{slot.of_class}' if slot.of_class else ''}"
