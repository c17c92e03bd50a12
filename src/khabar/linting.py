"""A user's rule files → what should be mended in them, before they are used: form, words, examples, and rules that are there already.

A *finding* is something that is wrong; a *doubt* is something to look at that may be meant so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shlex import quote
from typing import Any

import lemminflect

from khabar.explaining import reasons
from khabar.lemmas import lemma
from khabar.matching import Grammar, precedence
from khabar.model import Claim, Reading, Report, Section
from khabar.reading import Knowledge, load_knowledge, read
from khabar.ruleform import PARTS, Fault, line_of
from khabar.rules import Example, Kind, Rule, checked, known, load_rules, with_own
from khabar.trace import Trace

DAY = date(2020, 6, 5)  # a Friday: examples are read as if published on it
UPOS = {"verb": "VERB", "noun": "NOUN", "adjective": "ADJ", "adverb": "ADV"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be mended in a file, with its line (0: the whole file). `doubt`: it may be meant so."""

    file: str
    line: int
    message: str
    doubt: bool = False


def lint(sources: Sequence[Path]) -> Iterator[Finding]:
    """What is to be mended in rule files that are used together, file by file, in the order of their lines."""
    kinds = {kind.name: kind for kind in load_rules()}
    for source in sources:
        content, faults = checked(source, known(kinds.values()))
        found = [Finding(str(source), fault.line, fault.message) for fault in faults]
        if not faults:
            more = with_own(kinds, content)
            text = source.read_text("utf-8")
            told = [*_word_doubts(content, kinds), *_example_faults(content, more, source), *_repeated(content, more)]
            found = [Finding(str(source), line_of(text, fault.path), fault.message, doubt) for fault, doubt in told]
            kinds = more
        yield from sorted(found, key=lambda f: f.line)


def written_as_example(claim: Claim) -> str:
    """A claim in the form that the examples of rule files have: actor | recipient | place [| number]."""
    parts = [part.text if part else "-" for part in (claim.actor, claim.recipient, claim.place)]
    number = claim.quantity and (claim.quantity.low or claim.quantity.high)
    return " | ".join([*parts, str(number)] if number else parts)


def missing(example: Example, claims: Iterable[Claim], rule: str) -> list[str]:
    """The claims that an example promises of its rule and that were not read; the number may be left out of a promise."""
    found = {written_as_example(claim) for claim in claims if claim.rule == rule}
    found |= {told.rpartition(" | ")[0] for told in found}
    promised = [" | ".join(part.strip() for part in claim.split("|")) for claim in example.claims]
    return [claim for claim in promised if claim not in found]


def read_example(text: str, knowledge: Knowledge, trace: Trace | None = None) -> Reading:
    """An example read as a report of one sentence or a few, published on DAY."""
    return read(Report("example", text, published=DAY, sections=(Section("body", 0, len(text)),)), knowledge, trace=trace)


# --- examples


def _own_rules(content: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[tuple[tuple[str | int, ...], Rule, Mapping[str, Any]]]:
    """The rules of a file, and the shipped ones that it gives words to: where it speaks of them, the rule, what is written."""
    rules = {rule.name: rule for kind in kinds.values() for rule in kind.rules}
    for i, entry in enumerate(content.get("rules", ())):
        yield ("rules", i), rules[f"{content['kind']}.{entry['name']}"], entry
    for name, entry in content.get("words", {}).items():
        yield ("words", name), rules[name], entry if isinstance(entry, dict) else {}


def _example_faults(content: Mapping[str, Any], kinds: Mapping[str, Kind], source: Path) -> Iterator[tuple[Fault, bool]]:
    knowledge = replace(load_knowledge(), grammar=Grammar([kinds[name] for name in sorted(kinds)]))
    for path, rule, entry in _own_rules(content, kinds):
        if "example" not in entry:
            continue
        trace = Trace()
        claims = read_example(entry["example"], knowledge, trace).claims
        lost = missing(rule.examples[-1], claims, rule.name)
        if lost:
            yield Fault((*path, "example"), _unmet(rule, lost, claims, trace, source)), False


def _unmet(rule: Rule, lost: Sequence[str], claims: Sequence[Claim], trace: Trace, source: Path) -> str:
    """What an example did not yield, what it did, and why."""
    told = [f"{claim.rule}: {written_as_example(claim)}" for claim in claims]
    tried = [(a.trigger.text, why) for a in trace.attempts if a.rule.name == rule.name for why in reasons(a)]
    why = [f"at “{word}” {reason}" for word, reason in dict.fromkeys(tried)]
    if not any(attempt.rule.name == rule.name for attempt in trace.attempts):
        why = [f"no word of it sets the rule off, which knows {', '.join(sorted(w for known in rule.words.values() for w in known))}"]
    return "\n".join(
        [
            f"rule {rule.name}: its example does not yield “{'”, “'.join(lost)}”",
            f"it yields: {'; '.join(told) or 'nothing'}",
            *(f"because {reason}" for reason in why),
            "mend the rule, or what the example promises; all that happened is shown by",
            f"khabar read --explain --rules {quote(str(source))} --published {DAY} --sentence {quote(rule.examples[-1].text)}",
        ]
    )


# --- words


def _word_doubts(content: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[tuple[Fault, bool]]:
    """Words in another form than the dictionary's, which never match; words that no dictionary has; words that the rule has already."""
    there = {rule.name: rule for kind in kinds.values() for rule in kind.rules}
    for i, entry in enumerate(content.get("rules", ())):
        for part in (part for part in PARTS if part in entry):
            yield from ((replace(f, path=("rules", i, part)), doubt) for f, doubt in _words(_listed(entry[part]), part, entry["name"]))
        for key in ("when", "without"):
            for slot, lemmas in entry.get(key, {}).items():
                yield from ((replace(f, path=("rules", i, key, slot)), False) for f in _in_capitals(_listed(lemmas), entry["name"]))
    for name, entry in content.get("words", {}).items():
        parts = entry if isinstance(entry, dict) else {next(iter(there[name].words)): entry}
        for part in (part for part in PARTS if part in parts):
            path = ("words", name, part) if isinstance(entry, dict) else ("words", name)
            for word in _listed(parts[part]):
                if word in there[name].words.get(part, ()):
                    yield Fault(path, f"rule {name}: it knows {word} already; take it out"), False
            yield from ((replace(f, path=path), doubt) for f, doubt in _words(_listed(parts[part]), part, name))


def _words(listed: Iterable[str], part: str, rule: str) -> Iterator[tuple[Fault, bool]]:
    listed = list(listed)
    yield from ((fault, False) for fault in _in_capitals(listed, rule))
    for word in listed:
        upos = UPOS.get(part)
        if " " in word:
            first, second = word.split(maxsplit=1)
            instead = f"write {first}, and when: {{particle: [{second}]}} or the slot where it stands"
            yield Fault((), f"rule {rule}: found “{word}”, and one word sets a rule off; {instead}"), False
        if upos is None or not word.isalpha():
            continue
        own = {form for forms in lemminflect.getAllLemmas(word, upos=upos).values() for form in forms}
        if own and word not in own:
            yield Fault((), f"rule {rule}: found {word}, which is a form of {lemma(word, upos)}; write {lemma(word, upos)}"), False
        elif not own:
            yield Fault((), f"rule {rule}: no dictionary has {word} as a {part}; look at its spelling, and leave it if it is right"), True


def _in_capitals(listed: Iterable[str], rule: str) -> Iterator[Fault]:
    """Words are compared in small letters."""
    for word in listed:
        if not word.startswith("@") and word != word.lower():
            yield Fault((), f"rule {rule}: found {word}, which no word is like: they are compared in small letters; write {word.lower()}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# --- rules that are there already


def _repeated(content: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Iterator[tuple[Fault, bool]]:
    """Rules that say what another says, that another never lets have its turn, or that take another's turn."""
    rules = [rule for kind in kinds.values() for rule in kind.rules]
    for path, rule, _ in _own_rules(content, kinds):
        for other in (other for other in rules if rule.own and other.name != rule.name):
            shared = sorted({word for part, words in rule.words.items() for word in words & other.words.get(part, frozenset())})
            told = _relation(rule, other) if shared else ""
            if told:
                words = ", ".join(f"“{word}”" for word in shared)
                yield Fault((*path, "name"), f"rule {rule.name}: for {words} {told.format(other=other.name)}"), told.startswith("it comes")


def _relation(rule: Rule, other: Rule) -> str:
    if rule.kind == other.kind and _covers(other, rule) and _fills(other, rule):
        same = _covers(rule, other) and _fills(rule, other)
        return "it is the same as {other}; leave it out" if same else "{other} says the same, and more; leave it out, or ask for more there"
    if _covers(other, rule) and precedence(other) < precedence(rule):
        return "it never has its turn: {other} fits wherever it fits, and comes first; give it a condition (when, without, needs)"
    if _covers(rule, other) and precedence(rule) < precedence(other):
        return "it comes before {other}, which will not be used for them any more; is that meant?"
    return ""


def _covers(wide: Rule, narrow: Rule) -> bool:
    """Does one rule fit wherever another fits?"""
    when = all("*" in words or words >= narrow.when[path] for path, words in wide.when.items() if path in narrow.when)
    without = all(words <= narrow.without[path] for path, words in wide.without.items() if path in narrow.without)
    asked = set(wide.when) <= set(narrow.when) and set(wide.without) <= set(narrow.without) and wide.needs <= narrow.needs
    return when and without and asked and all(_finds(wide, narrow, role) for role in wide.needs)


def _fills(wide: Rule, narrow: Rule) -> bool:
    """Does one rule fill all the roles that another fills?"""
    return all(_finds(wide, narrow, role) for role in narrow.roles)


def _finds(wide: Rule, narrow: Rule, role: str) -> bool:
    slots = wide.roles.get(role, ())
    return all(any(s.path == slot.path and s.of_class in ("", slot.of_class) for s in slots) for slot in narrow.roles.get(role, ()))
